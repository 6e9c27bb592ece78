"""When does a student gain from a teacher? Planted cases with known truth, beside plain rivals.

    python benchmarks/distillation.py

makes results/distillation.json, which lesson 23 reads: some six CPU minutes. Each fit is kept
under the hash of the code, so a stopped run goes on where it was.

- ``unlabelled``: 10,000 rows, the purchase is known on 400 of them; three frequent tasks, whose
  labels are on all rows, show what the purchase is made of (regimes/shared_bottom.py, rho = 1).
  ``no better teacher``: the same with rho = 0 and 1,200 labels, where they show nothing of it.
- ``privileged``: the teacher reads one column more. ``visits`` says which.
- ``tasks, width w``: all labels on all rows, and four single-task teachers of one shared trunk.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from machine import described
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.authoring.fingerprint import reach
from course_utils.backend import keras
from course_utils.columns import Split, Table
from course_utils.comparison import (
    SAMPLE_SPACE,
    Case,
    Comparison,
    Contender,
    Rows,
    Trial,
    columns_of,
    compare_all,
    crossed_logistic_regression,
    gradient_boosting,
    logistic_regression,
    network,
    network_per_task,
    stacking,
)
from course_utils.layers import ParallelDense
from course_utils.models import SharedBottom
from course_utils.models.losses import log_losses, masked_mean
from course_utils.regimes import shared_bottom
from course_utils.regimes.draws import chance, happens, starved
from course_utils.regimes.tastes import added_tastes
from course_utils.training import Trainer

ops = keras.ops

RESULTS = paths.ROOT / "results" / "distillation.json"
SEEDS, TUNING_SEEDS = range(6), (100, 101)
PURCHASE = ("purchase",)
FIT = {"epochs": 40, "patience": 6, "keep": "each"}
Said = dict[str, np.ndarray]


# What lesson 23 shows, word for word (tests/test_distillation.py).


def logit(p):
    """ln(p / (1 - p)), with p kept a millionth from 0 and 1."""
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p) - np.log1p(-p)


class Student(SharedBottom):
    """Shared-Bottom that learns from labels and teachers; it reads the columns alone.

    The last K + 2 numbers of a row are for its loss: z_t of each task, then a and T.
    """

    def call(self, inputs, training=False):
        codes, numbers, scenario = inputs
        n = len(self.tasks) + 2
        predicted = super().call((codes, numbers[:, :-n], scenario), training)
        return predicted | {"teaching": numbers[:, -n:]}

    def task_losses(self, predicted, labels, counts):
        *z_t, a, T = ops.unstack(ops.transpose(predicted["teaching"]))
        p = ops.stack([predicted[task] for task in self.tasks])
        p = ops.clip(p, 1e-6, 1 - 1e-6)
        z = ops.log(p) - ops.log(1 - p)
        soft_label = ops.sigmoid(ops.stack(z_t) / T)
        soft = log_losses(soft_label, ops.sigmoid(z / T))
        return masked_mean((1 - a) * log_losses(labels, p) + a * T**2 * soft, counts)


def teaching(table, tasks, p_teacher=0.5, a=0.0, T=1.0, rows=None):
    """The table with what a student's loss needs; a, T and rows may differ from row to row."""
    n = len(table)
    p_teacher = p_teacher if isinstance(p_teacher, dict) else dict.fromkeys(tasks, p_teacher)
    said = {f"z_t of {task}": logit(p_teacher[task]) for task in tasks} | {"a": a, "T": T}
    numbers = np.stack([*table.numbers.T, *(np.full(n, one) for one in said.values())], axis=1)
    return replace(
        table,
        columns=replace(
            table.columns, numbers={**table.columns.numbers, **dict.fromkeys(said, (0, 1))}
        ),
        numbers=numbers.astype("float32"),
        labels={task: table.labels[task] * table.mask(task) for task in tasks},
        masks={task: table.mask(task) if rows is None else rows for task in tasks},
    )


def visits(seed, noise=1.0):
    """Visits to product pages, the purchase known for 500; and privileged columns of training."""
    n, n_train, n_valid, few = 16_000, 8_000, 2_000, 500
    rng = np.random.default_rng(seed)
    codes, (taste,) = added_tastes(rng, tastes=1, columns=3, groups=30, n=n)
    interest = taste + rng.normal(size=n)  # of this visit: half of it stands in no column
    p_purchase = chance(interest - 2)
    mood, weight = np.polynomial.hermite_e.hermegauss(20)
    visible = chance(taste[:, None] + mood - 2) @ weight / weight.sum()  # the mean over moods
    purchase = happens(rng, p_purchase)
    privileged = {
        "dwell": interest + noise * rng.normal(size=n),  # seconds on the page, as a logarithm
        "receipt": purchase + 0.3 * rng.normal(size=n),  # what only a buyer's next page shows
        "noise": rng.normal(size=n),
    }
    longer = privileged["dwell"] > np.median(privileged["dwell"][:n_train])
    case = Rows(
        codes,
        np.zeros((n, 0)),
        {"purchase": p_purchase, "long": p_purchase},
        {"purchase": purchase, "long": longer},
        masks={"purchase": starved(n, n_train, n_valid, few)},
        visible={"purchase": visible, "long": visible},
        judged={"purchase": np.full(n, True), "long": np.full(n, False)},
    ).cut(columns_of(dict.fromkeys(["customer", "category", "brand"], 30)), n_train, n_valid)
    return case, {name: column[:n_train] for name, column in privileged.items()}


def privileged_teacher(train, column):
    """A logistic regression on the columns and one more, by the labelled rows: all rows' p."""
    one_hot = OneHotEncoder().fit_transform(train.codes).toarray()
    x, known = np.column_stack([one_hot, column, column**2]), train.mask("purchase")
    model = LogisticRegression(C=0.1, max_iter=500)
    return model.fit(x[known], train.labels["purchase"][known]).predict_proba(x)[:, 1]


# The contenders.


class Taught(Contender):
    """The student of a teacher; without one, the student alone.

    Args:
        teacher: (split, seed) -> what it says of the training rows, task by task.
        rows: "labelled", or "all".
        width: of the student's trunk.
        hard: the teacher's answers are rounded to 0 and 1 first.
    """

    def __init__(
        self,
        name: str,
        grid: Mapping[str, Sequence[Any]],
        teacher: Callable[[Split, int], Any] = lambda split, seed: 0.5,
        rows: str = "labelled",
        tasks: Sequence[str] = PURCHASE,
        width: int = 16,
        hard: bool = False,
    ) -> None:
        # The store knows a fit by name, trial and data: so the width stands in the trial.
        super().__init__(name, {**grid, "width": (width,)})
        self.teacher, self.rows, self.of, self.width, self.hard = teacher, rows, tasks, width, hard
        self.trainer: Trainer | None = None

    def fit(self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Any) -> Said:
        said = self.teacher(split, seed)
        if self.hard:
            said = {task: (p > 0.5).astype(float) for task, p in said.items()}
        known = split.train.mask(self.of[0])
        every = np.ones(len(known), bool)
        a, T = trial.get("a", 0.0), trial.get("T", 1.0)
        if self.rows == "all":
            rows = teaching(split.train, self.of, said, np.where(known, a, 1.0), T, every)
        else:
            rows = teaching(split.train, self.of, said, a, T).take(known)
        valid, table = (teaching(one, self.of) for one in (split.valid, getattr(split, asked)))
        if self.trainer is None:
            columns = rows.columns
            self.trainer = Trainer(
                lambda: Student(columns, self.of, (self.width,), (), 12), weight_decay=1e-4
            )
        self.trainer.batch_size = trial["batch_size"]
        self.trainer.weight_decay = trial.get("weight_decay", 1e-4)
        self.trainer.fit(rows, valid, seed, trial["learning_rate"], **FIT)
        predicted = self.trainer.predict(table)
        return {task: predicted[task] for task in tasks}


RATES = (3e-3, 1e-2)

ALONE = {"learning_rate": RATES, "batch_size": (32,), "weight_decay": (1e-4, 1e-2)}
"""Of what learns from a few hundred rows; what learns from all has batches of 256."""

SMOOTHED = {"learning_rate": RATES, "batch_size": (32,), "a": (0.05, 0.2)}
ON_LABELLED = {"learning_rate": RATES, "batch_size": (32,), "a": (0.5, 1.0)}
ON_ALL = {"learning_rate": RATES, "batch_size": (256,), "a": (1.0,), "T": (1.0, 3.0)}
TREES = {"max_iter": (50, 100), "max_leaf_nodes": (7, 15), "min_samples_leaf": (20,)}
TRIALS = 4
"""The most that any contender gets; every grid of a network here holds as many."""


def shared_grid(width: int) -> dict[str, Sequence[Any]]:
    return {
        "learning_rate": RATES,
        "batch_size": (256,),
        "trunk": ((width,),),
        "tower": ((),),
        "embedding_dim": (12,),
        "task_weights": (0.5, 1.0),
        "dropout": (0.0,),
        "weight_decay": (1e-4,),
        "embedding_l2": (0.0,),
        "epochs": (40,),
        "patience": (6,),
    }


class Multi:
    """Shared-Bottom of 128 on all tasks: what it says of the training rows' purchases."""

    def __init__(self) -> None:
        grid = {key: values[-1] for key, values in shared_grid(128).items()}
        self.trial = {**grid, "learning_rate": 3e-3, "task_weights": 1.0, "keep": "each"}
        self.contender = network("teacher", SharedBottom, shared_grid(128))
        self.said: dict[int, Said] = {}

    def __call__(self, split: Split, seed: int) -> Said:
        key = id(split)
        if key not in self.said:
            whole = Split(split.train, split.valid, split.train.take(np.arange(len(split.train))))
            self.said[key] = self.contender.fit(whole, seed, self.trial, PURCHASE, "test")
            self.kept = [*getattr(self, "kept", []), split]
        return self.said[key]


class Ensemble(Contender):
    """The mean probability of five students alone, each with weights and order of its own."""

    def __init__(self, name: str = "five students, averaged", width: int = 8) -> None:
        super().__init__(name, {"learning_rate": RATES, "batch_size": (32,)})
        self.member = Taught("member", ALONE, width=width)

    def fit(self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Any) -> Said:
        said = [
            self.member.fit(split, 1_000 * seed + k, trial, PURCHASE, asked)["purchase"]
            for k in range(5)
        ]
        return {"purchase": np.mean(said, axis=0)}

    def __call__(self, split: Split, seed: int) -> Said:
        """As a teacher."""
        whole = Split(split.train, split.valid, split.train.take(np.arange(len(split.train))))
        return self.fit(whole, seed, {"learning_rate": 3e-3, "batch_size": 32}, PURCHASE, "test")


class Skyline(Taught):
    """The student with the true label of every row."""

    def fit(self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Any) -> Said:
        whole = Split(replace(split.train, masks={}), split.valid, split.test)
        return super().fit(whole, seed, trial, tasks, asked)


class Privileged:
    """What a teacher says that reads one more column."""

    def __init__(self, column: str, noise: float = 1.0) -> None:
        self.column, self.noise = column, noise

    def __call__(self, split: Split, seed: int) -> Said:
        _, columns = visits(seed, self.noise)
        return {"purchase": privileged_teacher(split.train, columns[self.column])}


def unlabelled(teacher: Multi, width: int = 8, every: bool = True) -> list[Contender]:
    """The student and what could do without a teacher, of one width."""
    five = Ensemble(width=width)
    found: list[Contender] = [
        Taught("student alone", ALONE, width=width),
        network(f"Shared-Bottom of {width}", SharedBottom, shared_grid(width)),
        Taught("soft labels, all rows", ON_ALL, teacher, "all", width=width),
    ]
    if not every:
        return found
    return [
        *found,
        Taught("label smoothing", SMOOTHED, width=width),
        Taught("soft labels, labelled rows", ON_LABELLED, teacher, width=width),
        Taught("hard labels, all rows", ON_ALL, teacher, "all", width=width, hard=True),
        five,
        Taught("soft labels of the five, all rows", ON_ALL, five, "all", width=width),
        logistic_regression(),
        crossed_logistic_regression(),
        gradient_boosting(TREES),
        stacking(shared_grid(width)),
        network("teacher", SharedBottom, shared_grid(128)),
        Skyline("true labels, all rows", {**ALONE, "batch_size": (256,)}, width=width),
    ]


def privileged() -> list[Contender]:
    dwell, receipt, noise = (Privileged(name) for name in ("dwell", "receipt", "noise"))
    return [
        Taught("student alone", ALONE),
        Taught("label smoothing", SMOOTHED),
        logistic_regression(),
        crossed_logistic_regression(),
        gradient_boosting(TREES),
        network("Shared-Bottom, long visit as a task", SharedBottom, shared_grid(16)),
        Taught("dwell time, labelled rows", ON_LABELLED, dwell),
        Taught("dwell time, all rows", ON_ALL, dwell, "all"),
        Taught("receipt, labelled rows", ON_LABELLED, receipt),
        Taught("noise, labelled rows", ON_LABELLED, noise),
        Taught("noise, all rows", ON_ALL, noise, "all"),
        Skyline("true labels, all rows", {**ALONE, "batch_size": (256,)}),
    ]


def noises() -> list[Contender]:
    """Dwell time that shows the interest ever less; one trial each."""
    once = {name: values[:1] for name, values in ON_ALL.items()} | {"a": (1.0,)}
    return [
        Taught(f"dwell time, noise {noise:g}", once, Privileged("dwell", noise), "all")
        for noise in (0.3, 1.0, 3.0, 10.0)
    ]


# Four teachers, one trunk.

TASKS = (*shared_bottom.FREQUENT, "purchase")
N_TASKS, TEACHER_WIDTH = 10_000, 64


class PerTask:
    """A single-task network of 64 for each task: probabilities and features of training rows."""

    def __init__(self) -> None:
        self.trainer: Trainer | None = None
        self.found: dict[int, tuple[Split, Said, Said]] = {}

    def of(self, split: Split, seed: int) -> tuple[Said, Said]:
        if id(split) not in self.found:
            said, features = {}, {}
            columns = split.train.columns
            if self.trainer is None:
                self.trainer = Trainer(
                    lambda: SharedBottom(columns, ["label"], (TEACHER_WIDTH,), (), 12),
                    weight_decay=1e-4,
                )
            for task in TASKS:
                one = [
                    replace(table, labels={"label": table.labels[task]}, masks={})
                    for table in (split.train, split.valid)
                ]
                self.trainer.fit(*one, seed, 3e-3, **FIT)
                said[task] = self.trainer.predict(one[0])["label"]
                net: Any = self.trainer.network
                read = net.embed(one[0].codes, one[0].numbers)
                features[task] = ops.convert_to_numpy(net.trunk(read)[0])
            self.found[id(split)] = split, said, features
        return self.found[id(split)][1:]

    def __call__(self, split: Split, seed: int) -> Said:
        return self.of(split, seed)[0]


class Aligned(SharedBottom):
    """Shared-Bottom whose trunk, through a linear adaptor A_k a task, gives teacher k's features.

    L_k + lam mean |A_k f / |A_k f| - f_k / |f_k||^2 (Li and Bilen 2020). The last K h + 1 numbers
    of a row are the teachers' features and lam.
    """

    def make_weights(self) -> None:
        if not hasattr(self, "adaptors"):
            self.adaptors = ParallelDense(len(self.tasks), TEACHER_WIDTH, bias=False)
        super().make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        n = len(self.tasks) * TEACHER_WIDTH + 1
        shared = self.trunk(self.embed(codes, numbers[:, :-n]))
        return self.towers(shared) | {"mine": self.adaptors(shared[0]), "theirs": numbers[:, -n:]}

    def task_losses(self, predicted: Any, labels: Any, counts: Any) -> Any:
        k = len(self.tasks)
        theirs, lam = predicted["theirs"][:, :-1], predicted["theirs"][:, -1]
        theirs = ops.transpose(ops.reshape(theirs, (-1, k, TEACHER_WIDTH)), (1, 0, 2))
        gap = ops.normalize(predicted["mine"], axis=-1) - ops.normalize(theirs, axis=-1)
        apart = ops.mean(lam * ops.sum(gap**2, axis=-1), axis=-1)
        return super().task_losses(predicted, labels, counts) + apart


class Aligning(Contender):
    """``Aligned`` as a contender."""

    def __init__(self, name: str, teachers: PerTask, width: int) -> None:
        grid = {"learning_rate": (3e-3, 1e-2), "lam": (0.1, 1.0), "width": (width,)}
        super().__init__(name, grid)
        self.teachers, self.width = teachers, width
        self.trainer: Trainer | None = None

    def fit(self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Any) -> Said:
        _, features = self.teachers.of(split, seed)
        wide = np.concatenate([features[task] for task in TASKS], axis=1)

        def with_features(table: Table, found: np.ndarray, lam: float) -> Table:
            extra = np.column_stack([found, np.full(len(table), lam)]).astype("float32")
            names = dict.fromkeys((f"feature {k}" for k in range(extra.shape[1])), (0.0, 1.0))
            return replace(
                table,
                columns=replace(table.columns, numbers={**table.columns.numbers, **names}),
                numbers=np.concatenate([table.numbers, extra], axis=1),
            )

        train = with_features(split.train, wide, trial["lam"])
        valid, table = (
            with_features(one, np.zeros((len(one), wide.shape[1])), 0.0)
            for one in (split.valid, getattr(split, asked))
        )
        if self.trainer is None:
            columns = train.columns
            self.trainer = Trainer(
                lambda: Aligned(columns, TASKS, (self.width,), (), 12), weight_decay=1e-4
            )
        self.trainer.fit(train, valid, seed, trial["learning_rate"], **FIT)
        said = self.trainer.predict(table)
        return {task: said[task] for task in tasks}


class First(Contender):
    """Another contender, on the first rows of the training table alone."""

    def __init__(self, inner: Contender) -> None:
        super().__init__(inner.name, inner.grid)
        self.inner = inner

    def fit(self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Any) -> Said:
        return self.inner.fit(_first(split), seed, trial, tasks, asked)


@cache
def _first_of(key: int) -> dict[str, Split]:
    return {}


def _first(split: Split) -> Split:
    """One object for each split, so that teachers are trained once."""
    kept = _first_of(id(split))
    if "split" not in kept:
        train = split.train.take(np.arange(N_TASKS))
        kept |= {"split": Split(train, split.valid, split.test), "alive": split}
    return kept["split"]


def tasks(width: int, teachers: PerTask) -> list[Contender]:
    grid = shared_grid(width) | {"task_weights": (0.0,), "weight_decay": (1e-4, 1e-2)}
    soft = {"learning_rate": (3e-3, 1e-2), "batch_size": (256,), "a": (0.5, 1.0)}
    return [
        First(network("labels", SharedBottom, grid)),
        First(Taught("soft labels", soft, teachers, "labelled", TASKS, width)),
        First(Aligning("features", teachers, width)),
        First(network_per_task(grid, name="a network per task")),
        network("labels, twice the rows", SharedBottom, grid),
    ]


def one_trial(teachers: PerTask) -> list[Contender]:
    """What would be seen at width 16 if nobody tuned: one learning rate for both."""
    grid = {
        name: values[:1] for name, values in (shared_grid(16) | {"task_weights": (0.0,)}).items()
    }
    soft = {"learning_rate": (3e-3,), "batch_size": (256,), "a": (0.5,)}
    return [
        First(network("labels", SharedBottom, grid)),
        First(Taught("soft labels", soft, teachers, "labelled", TASKS, 16)),
    ]


# Measuring.


@cache
def cases(name: str) -> Callable[[int], Case]:
    return {
        "unlabelled": cache(shared_bottom.make),
        "no better teacher": cache(partial(shared_bottom.make, rho=0.0, few=1_200)),
        "privileged": cache(lambda seed: visits(seed)[0]),
        "tasks": cache(_all_labels),
    }[name]


def _all_labels(seed: int) -> Case:
    made = shared_bottom.make(seed, few=2 * N_TASKS, n_train=2 * N_TASKS)
    return replace(made, judged={task: np.ones(len(made.split.test), bool) for task in TASKS})


def plan() -> dict[str, tuple[str, list[Contender], int]]:
    """Cell -> its rows, contenders, trials."""
    teacher, teachers = Multi(), PerTask()
    cells: dict[str, tuple[str, list[Contender], int]] = {
        "unlabelled": ("unlabelled", unlabelled(teacher), TRIALS),
        "privileged": ("privileged", privileged(), TRIALS),
        "noise of dwell time": ("privileged", noises(), 1),
        "no better teacher": ("no better teacher", unlabelled(Multi()), TRIALS),
    }
    for width in (4, 16):
        rivals = unlabelled(teacher, width, False)
        cells[f"unlabelled, width {width}"] = "unlabelled", rivals, TRIALS
    cells["tasks, one trial"] = "tasks", one_trial(teachers), 1
    for width in (4, 16, 64):
        cells[f"tasks, width {width}"] = "tasks", tasks(width, teachers), TRIALS
    return cells


def stored(found: Comparison) -> dict[str, Any]:
    """Contender -> metric -> a value a seed: the mean over the tasks that are judged."""
    rows = found.results
    rows = rows[(rows["rows"] == SAMPLE_SPACE) & rows["task"].isin(found.tasks)]
    metrics = ["auc", "log_loss", "calibration"]
    means = rows.groupby(["contender", "seed"], sort=False)[metrics].mean().round(6)
    return {
        name: {metric: means.loc[name][metric].tolist() for metric in metrics}
        | {"trial": next(iter(found.choice[name].values())) if name in found.choice else {}}
        for name in dict.fromkeys(rows["contender"])
    }


def small() -> dict[str, float]:
    """A part that a test makes again: one seed, 2,000 rows, one trial."""
    case = shared_bottom.make(0, few=200, n_train=2_000, n_valid=1_000, n_test=2_000)
    both = [
        Taught("student alone", {"learning_rate": (3e-3,), "batch_size": (32,)}),
        Taught(
            "soft labels, all rows",
            {"learning_rate": (3e-3,), "batch_size": (256,), "a": (1.0,)},
            Multi(),
            "all",
        ),
    ]
    said = {one.name: one.fit(case.split, 0, one.trials(1, 1)[0], PURCHASE, "test") for one in both}
    return {name: float(p["purchase"].mean()) for name, p in said.items()}


def measured(folder: Path) -> dict[str, Any]:
    """Every cell; fits are kept in the folder."""
    found = {}
    for name, (rows, contenders, trials) in plan().items():
        one = compare_all(cases(rows), contenders, SEEDS, TUNING_SEEDS, trials, cache=folder)
        found[name] = stored(one)
        print(name, flush=True)
        for contender, values in found[name].items():
            print(f"  {contender:36} {np.mean(values['auc']):.4f} {values['trial']}", flush=True)
    return found


def code() -> str:
    """The hash of the code that makes the numbers."""
    return reach().of((measured, small))


def main() -> None:
    kept = {
        "code": code(),
        "machine": described("tensorflow-cpu", "keras", "scikit-learn", "numpy"),
        "seeds": list(SEEDS),
        "tuning_seeds": list(TUNING_SEEDS),
        "small": small(),
        "cells": measured(paths.CACHE / "distillation" / code()[:16]),
    }
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
