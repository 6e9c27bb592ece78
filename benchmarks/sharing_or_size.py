"""Sharing apart from size: AUC of three tasks on the shop, beside what each way costs (lesson 32).

    python benchmarks/sharing_or_size.py

measures what is missing or stale, each part kept in results/sharing_or_size.json: some minutes of
one core. Three networks or one trunk with three towers, small or with four times the widths; three
narrow networks that cost about as much as the one trunk; and a logistic regression and gradient
boosting a task.

Every way has four trials on two shops that do not judge: a network of one task four learning rates;
one trunk two rates with equal weights of the tasks' losses, each a mean over the task's own rows,
and two with equal labels, where the rarer tasks count by their rows; four C; four numbers of trees.
Chosen is the least validation loss, over that of a constant, mean of the network's tasks. A network
keeps, task by task, the epoch of the least validation loss.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from scipy.sparse import csr_matrix, hstack
from shop_rows import CATEGORICAL, NUMERIC, log
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Columns, Split
from course_utils.comparison.judging import measures
from course_utils.models import SharedBottom
from course_utils.shop.tasks import TASKS, sample_spaces, true_chances
from course_utils.training import Trainer

SEEDS, TUNING_SEEDS = range(5), (100, 101)
N_TRAIN, N_VALID, N_TEST = 40_000, 10_000, 30_000
EMBEDDING, TOWER, BATCH, EPOCHS, PATIENCE = 8, (16,), 256, 15, 2

WAYS: dict[str, tuple[tuple[int, ...], bool]] = {
    "three networks, narrow": ((24, 16), False),
    "three networks": ((64, 32), False),
    "one trunk": ((64, 32), True),
    "three networks, wide": ((256, 128), False),
    "one trunk, wide": ((256, 128), True),
}
"""Way -> widths of the trunk, and whether the tasks share it."""

RATES, STRENGTHS, TREES = (3e-4, 1e-3, 3e-3, 1e-2), (0.01, 0.03, 0.1, 1.0), (25, 50, 100, 200)
LABELS = 0.116
"""Of the cart's and the purchase's losses where labels count alike: the clicked share of rows."""

Trial = tuple[float, float]
"""Learning rate, and weight of the losses of cart and purchase."""


@cache
def shop(seed: int) -> tuple[Split, dict[str, np.ndarray]]:
    """The rows of a shop in the order of time, and the true probabilities of the test rows."""
    rows = log(seed, N_TRAIN + N_VALID + N_TEST)
    columns = Columns.fit(rows.head(N_TRAIN), CATEGORICAL, NUMERIC)
    whole = columns.table(rows, list(TASKS), sample_spaces(rows))
    parts = np.split(np.arange(len(rows)), [N_TRAIN, N_TRAIN + N_VALID])
    return Split(*(whole.take(part) for part in parts)), dict(true_chances(rows.tail(N_TEST)))


@cache
def trainer(trunk: tuple[int, ...], tasks: tuple[str, ...]) -> Trainer:
    columns = shop(TUNING_SEEDS[0])[0].train.columns
    return Trainer(
        lambda: SharedBottom(columns, tasks, trunk, TOWER, EMBEDDING),
        Fixed(),
        BATCH,
        weight_decay=1e-4,
    )


def groups(shared: bool) -> list[tuple[str, ...]]:
    """The tasks of each network."""
    return [tuple(TASKS)] if shared else [(task,) for task in TASKS]


def trials(shared: bool) -> list[Trial]:
    """Four settings."""
    if shared:
        return [(rate, weight) for rate in RATES[1:3] for weight in (1.0, LABELS)]
    return [(rate, 1.0) for rate in RATES]


def fitted(
    trunk: tuple[int, ...], tasks: tuple[str, ...], seed: int, trial: Trial
) -> tuple[float, dict[str, float], float]:
    """The mean validation loss over that of a constant, the AUC of each task, CPU seconds."""
    split, truth = shop(seed)
    one, before = trainer(trunk, tasks), time.process_time()
    train, valid = split.train, split.valid
    rate, weight = trial
    assert isinstance(one.balancing, Fixed)
    one.balancing.weights = (1.0, *[weight] * (len(tasks) - 1))
    if len(tasks) == 1:
        train, valid = (table.take(table.mask(tasks[0])) for table in (train, valid))
    history = one.fit(train, valid, seed, rate, EPOCHS, PATIENCE, "each")
    seconds = time.process_time() - before
    best, losses = history.best_epochs(), []
    for k, task in enumerate(tasks):
        base = float(valid.labels[task][valid.mask(task)].mean())
        constant = -base * np.log(base) - (1 - base) * np.log(1 - base)
        losses.append(float(history.valid_task_losses[best[k]][k]) / constant)
    said = one.predict(split.test)
    aucs = {task: judged(truth[task], said[task]) for task in tasks}
    return float(np.mean(losses)), aucs, seconds


def judged(truth: np.ndarray, said: np.ndarray) -> float:
    return round(float(measures(truth, said)["auc"]), 5)


def networks(name: str) -> dict[str, Any]:
    """One way: the trial of each of its networks, and its AUC in five shops."""
    trunk, shared = WAYS[name]
    found: dict[str, Any] = {"chosen": {}, "auc": {task: [] for task in TASKS}, "seconds": []}
    for tasks in groups(shared):
        tried = {
            trial: float(np.mean([fitted(trunk, tasks, seed, trial)[0] for seed in TUNING_SEEDS]))
            for trial in trials(shared)
        }
        found["chosen"]["+".join(tasks)] = min(tried, key=lambda trial: tried[trial])
    for seed in SEEDS:
        spent = 0.0
        for tasks in groups(shared):
            trial = found["chosen"]["+".join(tasks)]
            _, aucs, seconds = fitted(trunk, tasks, seed, trial)
            spent += seconds
            for task, value in aucs.items():
                found["auc"][task].append(value)
        found["seconds"].append(round(spent, 1))
    return found | costs(name)


def costs(name: str) -> dict[str, Any]:
    """Counted on the objects: parameters of tables and of dense layers, multiply-adds a row."""
    trunk, shared = WAYS[name]
    tables = dense = products = 0
    for tasks in groups(shared):
        network = trainer(trunk, tasks).network
        for variable in network.weights:
            size = int(np.prod(variable.shape))
            is_table = variable.name == "table"
            tables += size if is_table else 0
            dense += 0 if is_table else size
        width = len(network.embed.columns.sizes) * EMBEDDING + len(NUMERIC)
        products += by_formula(width, trunk, len(tasks))[1]
    return {"tables": tables, "dense": dense, "multiply_adds": products}


def by_formula(inputs: int, trunk: Sequence[int], tasks: int) -> tuple[int, int]:
    """Parameters of the dense layers, and multiply-adds a row, of one network."""
    body, tower = [inputs, *trunk], [trunk[-1], *TOWER, 1]
    pairs = [*pairwise(body), *tasks * [*pairwise(tower)]]
    return sum(a * b + b for a, b in pairs), sum(a * b for a, b in pairs)


def plain(kind: str) -> dict[str, Any]:
    """A logistic regression or gradient boosting for each task."""
    found: dict[str, Any] = {"chosen": {}, "auc": {task: [] for task in TASKS}}
    grid: tuple[float, ...] = STRENGTHS if kind == "logistic regression" else TREES
    for task in TASKS:
        tried = {
            one: float(np.mean([plainly(kind, task, seed, one)[0] for seed in TUNING_SEEDS]))
            for one in grid
        }
        chosen = min(tried, key=lambda one: tried[one])
        found["chosen"][task] = chosen
        found["auc"][task] = [plainly(kind, task, seed, chosen)[1] for seed in SEEDS]
    return found


def plainly(kind: str, task: str, seed: int, setting: float) -> tuple[float, float]:
    """Validation loss and AUC. Trees read no ids: they have more values than a tree may take."""
    split, truth = shop(seed)
    rows, valid = split.train.mask(task), split.valid.mask(task)
    y, y_valid = split.train.labels[task][rows], split.valid.labels[task][valid]
    if kind == "logistic regression":
        encoder = OneHotEncoder(handle_unknown="ignore").fit(split.train.codes[rows])

        def features(table: Any) -> Any:
            return hstack([encoder.transform(table.codes), csr_matrix(table.numbers)]).tocsr()

        model: Any = LogisticRegression(C=setting, max_iter=1_000)
    else:
        small = [k for k, size in enumerate(split.train.columns.sizes) if size <= 255]

        def features(table: Any) -> Any:
            return np.hstack([table.codes[:, small], table.numbers])

        model = HistGradientBoostingClassifier(
            max_iter=int(setting),
            learning_rate=0.05,
            max_leaf_nodes=15,
            categorical_features=range(len(small)),
            early_stopping=False,
            random_state=seed,
        )
    model.fit(features(split.train)[rows], y)
    p = np.clip(model.predict_proba(features(split.valid)[valid])[:, 1], 1e-7, 1 - 1e-7)
    loss = float(-np.mean(y_valid * np.log(p) + (1 - y_valid) * np.log(1 - p)))
    return loss, judged(truth[task], model.predict_proba(features(split.test))[:, 1])


def latency(calls: int = 200) -> dict[str, Any]:
    """Median CPU milliseconds of one thread for a request of 100 rows, dense layers in NumPy."""
    draw = np.random.default_rng(0)
    width = len(CATEGORICAL) * EMBEDDING + len(NUMERIC)
    x = draw.normal(size=(100, width)).astype("float32")

    def layers(widths: Sequence[int]) -> list[np.ndarray]:
        return [draw.normal(size=pair).astype("float32") / 8 for pair in pairwise(widths)]

    def run(x: np.ndarray, through: list[np.ndarray]) -> np.ndarray:
        for weights in through:
            x = np.maximum(x @ weights, 0)
        return x

    made = {}
    for name, (trunk, shared) in WAYS.items():
        made[name] = [
            (layers([width, *trunk]), [layers([trunk[-1], *TOWER, 1]) for _ in tasks])
            for tasks in groups(shared)
        ]
    times: dict[str, list[float]] = {name: [] for name in made}
    for _ in range(calls):
        for name in draw.permutation(list(made)):
            before = time.process_time_ns()
            for body, towers in made[name]:
                h = run(x, body)
                for tower in towers:
                    run(h, tower)
            times[name].append((time.process_time_ns() - before) / 1e6)
    return {name: round(float(np.median(of)), 4) for name, of in times.items()}


def small() -> float:
    """One setting of the logistic regression in one shop, for the test."""
    return plainly("logistic regression", "click", 0, 0.1)[1]


STORED = Stored(
    paths.RESULTS / "sharing_or_size.json", {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS}
)

PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "latency": latency,
    **{name: partial(networks, name) for name in WAYS},
    **{kind: partial(plain, kind) for kind in ("logistic regression", "gradient boosting")},
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
