"""A fourth task for a trained network of three: what it reaches, what the old ones lose.

For lesson 33.

    python benchmarks/adding_a_task.py

measures what is missing or stale, each part kept in results/adding_a_task.json as soon as it is
done. The markets are those of ``regimes.shared_bottom``: view, click and save have labels on
10,000 rows and are mixtures of four preferences; the purchase has few labels, and ``rho`` says
how much of it the same preferences make. Five markets judge, two others choose the settings.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Part, Stored
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures

from course_utils import paths
from course_utils.backend import keras
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Table
from course_utils.comparison.case import Case
from course_utils.comparison.judging import measures
from course_utils.models import SharedBottom
from course_utils.models.losses import log_losses, masked_mean
from course_utils.regimes import shared_bottom
from course_utils.training import Trainer

ops = keras.ops

SEEDS, TUNING_SEEDS = range(5), (100, 101)
"""Markets that judge, and markets that choose."""

OLD, NEW = shared_bottom.FREQUENT, "purchase"
TASKS = (*OLD, NEW)
FEW, RHOS, WIDTHS = (400, 4_000), (1.0, 0.5, 0.0), (64, 256)
EPOCHS, PATIENCE = 40, 6
MARGIN = 0.005
"""Of AUC, that an old task may lose."""

RANK, BOTTLENECK = 4, 16
COLUMNS = shared_bottom.make(0, n_train=50, n_valid=50, n_test=50).split.train.columns

Trial = tuple[float, float]
"""Learning rate, and the factor of what a way weighs."""

Trials = tuple[Trial, ...]


@cache
def market(seed: int, rho: float, few: int) -> Case:
    return shared_bottom.make(seed, rho, few)


def plain(tasks: Sequence[str], width: int) -> SharedBottom:
    return SharedBottom(COLUMNS, tasks, trunk=(width,), tower=(), embedding_dim=12)


class Lora(SharedBottom):
    """h = relu(x (W + A B) + b): W and b stand still, A [d, r], B [r, h] learn; B starts at 0."""

    def make_weights(self) -> None:
        self.down = keras.layers.Dense(RANK, use_bias=False)
        self.up = keras.layers.Dense(
            self.settings["trunk"][0], use_bias=False, kernel_initializer="zeros"
        )
        super().make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        x, [layer] = self.embed(codes, numbers), self.trunk.layers
        h = layer(x)  # its weights exist from here on
        h = ops.matmul(x, layer.kernel[0]) + layer.bias[0] + self.up(self.down(x))
        return self.towers(ops.relu(h)[None])


class Adapted(SharedBottom):
    """h + relu(h D + b) U + c behind a trunk that stands still; U starts at 0."""

    def make_weights(self) -> None:
        self.down = keras.layers.Dense(BOTTLENECK, "relu")
        self.up = keras.layers.Dense(self.settings["trunk"][0], kernel_initializer="zeros")
        super().make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        h = self.trunk(self.embed(codes, numbers))[0]
        return self.towers((h + self.up(self.down(h)))[None])


class Remembering(SharedBottom):
    """All four tasks; the old ones learn what the old network says of a row, not its labels.

    Li and Hoiem, Learning without Forgetting: the old heads' outputs on the new task's rows.
    """

    def make_weights(self) -> None:
        self.teacher = plain(OLD, self.settings["trunk"][0])
        self.teacher.trainable = False
        super().make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        said = super().call(inputs, training)
        return said | {f"old {task}": p for task, p in self.teacher(inputs).items()}

    def task_losses(self, predicted: dict[str, Any], labels: Any, counts: Any) -> Any:
        targets = [ops.stop_gradient(predicted[f"old {task}"]) for task in OLD]
        said = ops.stack([predicted[task] for task in TASKS])
        return masked_mean(log_losses(ops.stack([*targets, labels[len(OLD)]]), said), counts)


SOURCE: dict[str, Any] = {"old": None}
"""The trained network from which the next one starts."""


def _started(kind: type[SharedBottom], tasks: Sequence[str], width: int, how: str) -> SharedBottom:
    """A network whose embeddings and trunk are the old network's; maybe they stand still."""
    network = kind(COLUMNS, tasks, trunk=(width,), tower=(), embedding_dim=12)
    old = SOURCE["old"]
    if old is not None:
        network.embed.set_weights(old.embed.get_weights())
        network.trunk.set_weights(old.trunk.get_weights())
        if len(tasks) > 1:
            heads = [
                np.concatenate([theirs, mine[len(OLD) :]])
                for theirs, mine in zip(
                    old.towers.get_weights(), network.towers.get_weights(), strict=True
                )
            ]
            network.towers.set_weights(heads)
        if isinstance(network, Remembering):
            network.teacher.set_weights(old.get_weights())
    if how == "frozen":
        network.embed.trainable = network.trunk.trainable = False
    return network


RATES = (1e-3, 3e-3, 1e-2, 3e-2)
ALONE: Trials = tuple((rate, 1.0) for rate in RATES)
JOINT: Trials = ((1e-3, 1.0), (3e-3, 1.0), (1e-2, 1.0), (3e-3, 5.0))
"""Rate, and the weight of a label of the purchase, in labels of an old task."""

KEPT: Trials = ((1e-3, 1.0), (1e-3, 10.0), (3e-3, 1.0), (3e-3, 10.0))
"""Rate, and the weight of each old task's recorded outputs."""

Way = tuple[type[SharedBottom], str, str, Trials]
"""Network, where its trunk comes from, which rows and losses, four trials."""

WAYS: Mapping[str, Way] = {
    "twin alone": (SharedBottom, "fresh", "new", ALONE),
    "head on the frozen trunk": (SharedBottom, "frozen", "new", ALONE),
    "adapter behind the frozen trunk": (Adapted, "frozen", "new", ALONE),
    "LoRA in the frozen trunk": (Lora, "frozen", "new", ALONE),
    "fine-tuning on the new task": (SharedBottom, "warm", "new", ALONE),
    "LwF": (Remembering, "warm", "kept", KEPT),
    "replay": (SharedBottom, "warm", "joint", JOINT),
    "from scratch, all tasks": (SharedBottom, "fresh", "joint", JOINT),
}


@cache
def trainer_of(way: Way, width: int, batch: int) -> Trainer:
    kind, how, rows, _ = way
    tasks = (NEW,) if rows == "new" else TASKS
    build = (
        partial(kind, COLUMNS, tasks, trunk=(width,), tower=(), embedding_dim=12)
        if how == "fresh"
        else partial(_started, kind, tasks, width, how)
    )
    return Trainer(lambda: build(), Fixed(), batch, weight_decay=1e-4)


@cache
def _old_trainer(width: int) -> Trainer:
    return Trainer(lambda: plain(OLD, width), Fixed(), 256, weight_decay=1e-4)


@cache
def old_network(seed: int, width: int) -> SharedBottom:
    """The network of three tasks, trained in this market; neither rho nor few touches it."""
    one, trainer = market(seed, 1.0, 400), _old_trainer(width)
    trainer.fit(one.split.train, one.split.valid, seed + 500, 3e-3, EPOCHS, PATIENCE)
    kept = plain(OLD, width)
    kept.set_weights(trainer.network.get_weights())
    return kept


def scores(one: Case, said: Mapping[str, np.ndarray]) -> dict[str, dict[str, float]]:
    """Task -> AUC and log loss against the true probabilities of the test rows."""
    found = {task: measures(one.truth[task], p) for task, p in said.items()}
    return {
        task: {of: round(float(one[of]), 5) for of in ("auc", "log_loss")}
        for task, one in found.items()
    }


def labelled(table: Table) -> Table:
    return table.take(table.mask(NEW))


def run(way: Way, trial: Trial, seed: int, rho: float, few: int, width: int) -> dict[str, Any]:
    """One training: validation loss of the purchase, test scores, what the old tasks say now."""
    _, how, rows, _ = way
    one, old = market(seed, rho, few), old_network(seed, width)
    SOURCE["old"] = old
    batch = 256 if rows == "joint" else {400: 32, 4_000: 128}[few]
    trainer = trainer_of(way, width, batch)
    train, valid = one.split.train, one.split.valid
    if rows != "joint":
        train, valid = labelled(train), labelled(valid)
    rate, factor = trial
    weight = few / len(one.split.train) * factor
    trainer.balancing.weights = {  # type: ignore[union-attr]
        "new": (1.0,),
        "joint": (1.0, 1.0, 1.0, weight),
        "kept": (factor, factor, factor, 1.0),
    }[rows]
    before = time.process_time()
    trainer.fit(train, valid, seed, rate, EPOCHS, PATIENCE)
    seconds = time.process_time() - before
    network = trainer.network
    now = network
    if rows == "new":
        now = plain(OLD, width)
        now.set_weights(old.get_weights())
        if how == "warm":
            now.embed.set_weights(network.embed.get_weights())
            now.trunk.set_weights(network.trunk.get_weights())
    test = one.split.test

    def said_of(table: Table) -> dict[str, np.ndarray]:
        of_old = now.predict(table)
        return {task: of_old[task] for task in OLD} | {NEW: network.predict(table)[NEW]}

    checked = labelled(one.split.valid)
    p, on_valid = said_of(test), said_of(one.split.valid)
    first = old.predict(one.split.valid)
    lost = [
        measures(one.split.valid.labels[task], on_valid[task])["auc"]
        - measures(one.split.valid.labels[task], first[task])["auc"]
        for task in OLD
    ]
    return {
        "valid": float(measures(checked.labels[NEW], network.predict(checked)[NEW])["log_loss"]),
        "valid change": float(min(lost)),
        "scores": scores(one, p),
        "seconds": round(seconds, 2),
        "trained": int(sum(np.prod(w.shape) for w in network.trainable_variables)),
    }


def chosen(tried: Sequence[Sequence[Mapping[str, float]]]) -> int:
    """The trial with the least loss of the new task among those that keep the old ones' AUC."""
    loss = [float(np.mean([one["valid"] for one in runs])) for runs in tried]
    kept = [np.mean([one["valid change"] for one in runs]) >= -MARGIN for runs in tried]
    passing = [k for k, ok in enumerate(kept) if ok] or list(range(len(loss)))
    return min(passing, key=lambda k: loss[k])


def of_way(way: Way, rho: float, few: int, width: int) -> dict[str, Any]:
    trials = way[3]
    tried = [[run(way, trial, s, rho, few, width) for s in TUNING_SEEDS] for trial in trials]
    best = chosen(tried)
    runs = [run(way, trials[best], seed, rho, few, width) for seed in SEEDS]
    return {
        "chosen": trials[best],
        "tried": [
            [
                round(float(np.mean([one[of] for one in of_trial])), 5)
                for of in ("valid", "valid change")
            ]
            for of_trial in tried
        ],
        "auc": {task: [one["scores"][task]["auc"] for one in runs] for task in TASKS},
        "log loss": {task: [one["scores"][task]["log_loss"] for one in runs] for task in TASKS},
        "seconds": [one["seconds"] for one in runs],
        "trained": runs[0]["trained"],
    }


def logistic(power: float, crosses: bool) -> Any:
    steps: list[Any] = [OneHotEncoder(handle_unknown="ignore")]
    if crosses:
        steps.append(PolynomialFeatures(2, interaction_only=True, include_bias=False))
    return make_pipeline(*steps, LogisticRegression(C=power, max_iter=300))


def boosting(setting: tuple[float, int]) -> Any:
    return HistGradientBoostingClassifier(
        learning_rate=setting[0], max_leaf_nodes=setting[1], max_iter=100, random_state=0,
        categorical_features=[0, 1, 2],
    )  # fmt: skip


Rival = Sequence[Callable[[], Any]]
"""What makes a rival: a function a trial."""

RIVALS: Mapping[str, Rival] = {
    "logistic regression": [partial(logistic, c, False) for c in (0.01, 0.1, 1.0, 10.0)],
    "logistic regression, pairs": [partial(logistic, c, True) for c in (0.003, 0.01, 0.1, 1.0)],
    "boosting": [partial(boosting, s) for s in ((0.03, 4), (0.1, 4), (0.03, 15), (0.1, 15))],
}
"""Rivals that know the new task alone, four trials each."""


def rival(trials: Rival, rho: float, few: int) -> dict[str, Any]:
    def fitted(make: Callable[[], Any], seed: int) -> tuple[float, dict[str, float]]:
        one = market(seed, rho, few)
        train, valid = labelled(one.split.train), labelled(one.split.valid)
        model = make().fit(train.codes, train.labels[NEW])
        loss = measures(valid.labels[NEW], model.predict_proba(valid.codes)[:, 1])["log_loss"]
        p = model.predict_proba(one.split.test.codes)[:, 1]
        return float(loss), scores(one, {NEW: p})[NEW]

    loss = [float(np.mean([fitted(make, s)[0] for s in TUNING_SEEDS])) for make in trials]
    best = int(np.argmin(loss))
    found = [fitted(trials[best], seed)[1] for seed in SEEDS]
    return {
        "chosen": best,
        "auc": {NEW: [one["auc"] for one in found]},
        "log loss": {NEW: [one["log_loss"] for one in found]},
    }


def limits(rho: float) -> dict[str, list[float]]:
    """The AUC of the truth itself."""
    return {
        task: [
            round(float(measures(p := market(s, rho, 400).truth[task], p)["auc"]), 5) for s in SEEDS
        ]
        for task in TASKS
    }


def before(width: int) -> dict[str, Any]:
    """What the old network of three tasks says of its own."""
    found = [
        scores(market(s, 1.0, 400), old_network(s, width).predict(market(s, 1.0, 400).split.test))
        for s in SEEDS
    ]
    return {
        of: {task: [one[task][of.replace(" ", "_")] for one in found] for task in OLD}
        for of in ("auc", "log loss")
    }


def small() -> dict[str, float]:
    """One way in one market, for the test."""
    found = run(WAYS["head on the frozen trunk"], (1e-2, 1.0), 0, 1.0, 400, 64)["scores"]
    return {task: of["auc"] for task, of in found.items()}


CELLS = [(rho, few, WIDTHS[0]) for few in FEW for rho in RHOS]
"""Those of four times the width that the lesson needs are in ``adding_a_task_wide.py``."""


def named(rho: float, few: int, width: int) -> str:
    return f"rho {rho:g}, {few} labels, width {width}"


PARTS: Mapping[str, Part] = {
    "small": small,
    **{f"before, width {width}": partial(before, width) for width in WIDTHS},
    **{f"limits, rho {rho:g}": partial(limits, rho) for rho in RHOS},
    **{
        f"rivals, rho {rho:g}, {few} labels": {
            name: partial(rival, trials, rho, few) for name, trials in RIVALS.items()
        }
        for few in FEW
        for rho in RHOS
    },
    **{
        named(*one): {name: partial(of_way, way, *one) for name, way in WAYS.items()}
        for one in CELLS
    },
}

STORED = Stored(
    paths.RESULTS / "adding_a_task.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
