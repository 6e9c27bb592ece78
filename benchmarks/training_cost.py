"""What balancing costs, and what more seeds cost, on one thread.

    python benchmarks/training_cost.py

prints two tables of docs/benchmarks.md. Every balancing method trains the same MMoE, with two
and with four tasks, aggregators also on the shared representation; epochs of all methods and of
the plain sum alternate. Seeds: whole calls of
``run_seeds``, each in a process of its own, building, tracing and training included.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from machine import described
from shop_rows import N_TRAIN, columns, log, split

from course_utils.backend import tf
from course_utils.balancing.aligned_mtl import AlignedMTL
from course_utils.balancing.cagrad import CAGrad
from course_utils.balancing.dwa import DWA
from course_utils.balancing.famo import FAMO
from course_utils.balancing.gradnorm import GradNorm
from course_utils.balancing.imtl_g import IMTLG
from course_utils.balancing.mean import Mean
from course_utils.balancing.mgda import MGDA
from course_utils.balancing.pcgrad import PCGrad
from course_utils.balancing.random_weights import RandomWeights
from course_utils.balancing.uncertainty import Uncertainty
from course_utils.balancing.upgrad import UPGrad
from course_utils.columns import Split, Table
from course_utils.models import MMoE
from course_utils.training import Trainer, run_seeds

BATCH, RUNS = 256, 7
WEIGHTINGS = [Uncertainty, DWA, RandomWeights, GradNorm, FAMO]
AGGREGATORS = [Mean, PCGrad, CAGrad, MGDA, UPGrad, IMTLG, AlignedMTL]


def cpu_seconds(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def four_tasks() -> Table:
    """Click, cart, purchase, and whether the purchase came late: all over all rows."""
    rows = log(0).head(N_TRAIN)
    late = (rows["hours_to_purchase"] > 1).astype(int)
    return columns(0).table(rows.assign(late=late), ["click", "cart", "purchase", "late"])


def epoch_of(
    train: Table, tasks: Sequence[str], balancing: object, on: str = "weights"
) -> Callable[[], None]:
    """What trains one epoch, already traced."""
    trainer = Trainer(lambda: MMoE(train.columns, tasks), balancing, BATCH, on=on)
    trainer._start(0, 1e-3)
    data, draw = trainer._tensors(train), np.random.default_rng(0)

    def epoch() -> None:
        rows = draw.permutation(len(train))[: len(train) // BATCH * BATCH]
        trainer._graph("_one_epoch", (tf.constant(rows.reshape(-1, BATCH), tf.int32), *data))

    epoch()
    return epoch


def multiples(train: Table, tasks: Sequence[str]) -> dict[str, tuple[float, float, float]]:
    """Median, least and greatest CPU time of an epoch, over that of the plain sum."""
    epochs = {"plain sum": epoch_of(train, tasks, None)}
    epochs |= {one.__name__: epoch_of(train, tasks, one()) for one in WEIGHTINGS + AGGREGATORS}
    for one in AGGREGATORS:
        name = f"{one.__name__}, on the representation"
        epochs[name] = epoch_of(train, tasks, one(), "representation")
    spent = {name: [] for name in epochs}
    for _ in range(RUNS):
        for name, epoch in epochs.items():
            spent[name].append(cpu_seconds(epoch))
    ratios = {name: np.divide(each, spent["plain sum"]) for name, each in spent.items()}
    return {name: (np.median(each), each.min(), each.max()) for name, each in ratios.items()}


def balancing() -> None:
    train = four_tasks()
    found = [multiples(train, ("click", "purchase")), multiples(train, tuple(train.labels))]
    print("| balancing | 2 tasks | 4 tasks |\n|---|---|---|")
    for name in found[0]:
        texts = (
            f"{middle:.2f} ({low:.2f} to {high:.2f})"
            for middle, low, high in (one[name] for one in found)
        )
        print(f"| {name} | " + " | ".join(texts) + " |")


def seeds(n: int, rows: int) -> None:
    """One call of ``run_seeds`` on so many training rows a seed; prints its CPU seconds."""

    @cache
    def part(seed: int) -> Split:
        whole = split(seed)
        few = np.arange(min(rows, len(whole.valid)))
        return Split(whole.train.take(np.arange(rows)), whole.valid.take(few), whole.test)

    for seed in range(n):
        part(seed)

    def build() -> MMoE:
        return MMoE(columns(0), ("click", "purchase"))

    spent = cpu_seconds(lambda: run_seeds(build, part, seeds=range(n), learning_rates=(2e-3,)))
    print(spent)


def seeds_table() -> None:
    print("\n| rows a seed | one seed, CPU s | five seeds, CPU s | ratio |\n|---|---|---|---|")
    for rows in (12_000, N_TRAIN):
        pairs = []
        for _ in range(5):
            commands = [[sys.executable, __file__, str(n), str(rows)] for n in (1, 5)]
            done = [subprocess.run(one, capture_output=True, text=True) for one in commands]
            pairs.append([float(one.stdout) for one in done])
        ratios = [five / one for one, five in pairs]
        one, five = np.median(pairs, axis=0)
        print(
            f"| {rows:,} | {one:.1f} | {five:.1f} | "
            f"{np.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |"
        )


def main() -> None:
    balancing()
    seeds_table()
    print()
    print(described("tensorflow-cpu", "keras", "numpy"))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        seeds(int(sys.argv[1]), int(sys.argv[2]))
    else:
        main()
