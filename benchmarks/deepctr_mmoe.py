"""Training speed of the course's MMoE against DeepCTR 0.9.4's, in one process, one thread.

DeepCTR is in no lock of this course. Make an environment for it, outside the clone's .venv:

    python -m venv deepctr-env
    deepctr-env/bin/pip install -r requirements.lock
    deepctr-env/bin/pip install --no-deps deepctr==0.9.4 tf-keras==2.21.0 requests==2.32.5
    deepctr-env/bin/python benchmarks/deepctr_mmoe.py

Same rows, columns, widths, batch size, optimizer and loss; both are compiled before the clock
starts; epochs of the two alternate. DeepCTR runs on tf-keras, where it is faster than on Keras 3.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["TF_USE_LEGACY_KERAS"] = "1"  # for tf.keras, which DeepCTR imports; ours is keras
# TensorFlow's default, which the lessons switch off so that outputs agree to more digits.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = os.environ.get("ONEDNN", "1")

import numpy as np
from machine import described
from shop_rows import N_TRAIN, log, split

from course_utils.backend import tf
from course_utils.columns import Table
from course_utils.evidence import span_text
from course_utils.metrics import auc, paired_interval
from course_utils.models import MMoE
from course_utils.training import Trainer

with mock.patch("threading.Thread.start"):  # its import asks the network for newer versions
    from deepctr.feature_column import DenseFeat, SparseFeat
    from deepctr.models import MMOE

TASKS = ("click", "purchase")
EXPERTS, EXPERT, TOWER, DIM = 4, (64, 32), (16,), 8
RATE, EPOCHS, RUNS = 1e-3, 3, 7


def whole_space(table: Table) -> Table:
    """Without masks: DeepCTR has none."""
    return Table(table.columns, *table.inputs, table.labels)


def ours(batch: int, xla: bool, seed: int) -> tuple[Callable[[], None], Callable[[Table], dict]]:
    """What trains one epoch, and what predicts."""
    train = whole_space(split(seed).train)
    trainer = Trainer(
        lambda: MMoE(train.columns, TASKS, EXPERTS, EXPERT, TOWER, DIM),
        batch_size=batch,
        jit_compile=xla,
    )
    trainer.network.columns = train.columns
    trainer._start(seed, RATE)
    data = trainer._tensors(train)
    draw = np.random.default_rng(seed)

    def epoch() -> None:
        rows = draw.permutation(len(train))[: len(train) // batch * batch]
        trainer._graph("_one_epoch", (tf.constant(rows.reshape(-1, batch), tf.int32), *data))

    return epoch, trainer.network.predict


def theirs(batch: int, xla: bool, seed: int) -> tuple[Callable[[], None], Callable[[Table], dict]]:
    train = split(seed).train
    names, numbers = list(train.columns.vocabulary), list(train.columns.numbers)
    tf.keras.utils.set_random_seed(seed)
    sizes = zip(names, train.columns.sizes, strict=True)
    features = [SparseFeat(name, size, DIM) for name, size in sizes]
    features += [DenseFeat(name, 1) for name in numbers]
    model = MMOE(features, EXPERTS, EXPERT, TOWER, l2_reg_embedding=0, task_names=TASKS)
    losses = ["binary_crossentropy"] * 2
    model.compile(tf.keras.optimizers.Adam(RATE), loss=losses, jit_compile=xla)

    def inputs(table: Table) -> dict[str, np.ndarray]:
        codes = {name: table.codes[:, place] for place, name in enumerate(names)}
        return codes | {name: table.numbers[:, place] for place, name in enumerate(numbers)}

    x, y = inputs(train), [train.labels[task] for task in TASKS]

    def epoch() -> None:
        model.fit(x, y, batch_size=batch, verbose=0)

    def predict(table: Table) -> dict[str, np.ndarray]:
        chances = model.predict(inputs(table), batch_size=4096, verbose=0)
        return {task: p[:, 0] for task, p in zip(TASKS, chances, strict=True)}

    return epoch, predict


def cpu_seconds(run: Callable[[], None]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def operations(width: int) -> int:
    """Floating-point operations of a row, forward and backward (twice forward)."""
    sizes = (width, *EXPERT)
    forward = EXPERTS * sum(a * b for a, b in pairwise(sizes))
    forward += len(TASKS) * (width * EXPERTS + EXPERTS * EXPERT[-1])
    forward += len(TASKS) * (EXPERT[-1] * TOWER[0] + TOWER[0])
    return 3 * 2 * forward


def product_rate() -> float:
    """Floating-point operations a CPU second of a 1024 x 1024 matrix product."""
    a = tf.random.normal((1024, 1024))
    tf.matmul(a, a)
    return (
        20
        * 2
        * 1024**3
        / min(cpu_seconds(lambda: [tf.matmul(a, a) for _ in range(20)]) for _ in range(5))
    )


def speed(batch: int, xla: bool, xla_theirs: bool) -> None:
    one, other = ours(batch, xla, 0)[0], theirs(batch, xla_theirs, 0)[0]
    for run in (one, other):  # traces, compiles, warms up
        run()
        run()
    pairs = [(cpu_seconds(one), cpu_seconds(other)) for _ in range(RUNS)]
    rates = np.median([(N_TRAIN / a, N_TRAIN / b) for a, b in pairs], axis=0)
    ratios = [b / a for a, b in pairs]
    width = split(0).train.codes.shape[1] * DIM + split(0).train.numbers.shape[1]
    share = rates[0] * operations(width) / product_rate()
    kinds = ["XLA" if one else "plain" for one in (xla, xla_theirs)]
    print(
        f"| {batch} | {kinds[0]} | {kinds[1]} | {rates[0]:,.0f} | {rates[1]:,.0f} | "
        f"{np.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) | {share:.0%} |",
        flush=True,
    )


def quality() -> None:
    """AUC on the test rows of five shops after the same number of epochs."""
    found = {task: [] for task in TASKS}
    for seed in range(5):
        test = split(seed).test
        scores = []
        for make in (ours, theirs):
            epoch, predict = make(256, False, seed)
            for _ in range(EPOCHS):
                epoch()
            scores.append(predict(whole_space(test)))
        for task in TASKS:
            found[task].append([auc(test.labels[task], one[task]) for one in scores])
    print(f"\nAUC on all test rows after {EPOCHS} epochs, five shops:\n")
    print("| task | course | DeepCTR | course - DeepCTR, 95 % interval |")
    print("|---|---|---|---|")
    for task, pairs in found.items():
        mine, its = np.transpose(pairs)
        low, high = paired_interval(mine - its)
        print(f"| {task} | {mine.mean():.3f} | {its.mean():.3f} | {span_text(low, high, 4)} |")


def main() -> None:
    print("| batch | course | DeepCTR | course, rows/CPU s | DeepCTR, rows/CPU s | ratio | share |")
    print("|---|---|---|---|---|---|---|")
    for batch in (256, 1024):
        for xla, xla_theirs in ((False, False), (True, False), (True, True)):
            speed(batch, xla, xla_theirs)
    quality()
    sizes = sum(log(0)[name].nunique() for name in ("user_id", "product_id"))
    print(f"\n{N_TRAIN:,} rows, {sizes:,} customers and products seen.")
    print(described("tensorflow-cpu", "keras", "tf-keras", "deepctr", "numpy"))


if __name__ == "__main__":
    main()
