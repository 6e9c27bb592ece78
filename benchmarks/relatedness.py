"""Which task helps the purchase? Gains of pairs, measures of affinity, groups of tasks (lesson 22).

    python benchmarks/relatedness.py

measures what is missing or stale, each part kept in results/relatedness.json as soon as it is done.
Ten markets judge; three others choose the settings. The truth of a pair is the mean of two
training seeds that no measure of affinity has seen, judged by the true probabilities of the test
rows; a measure sees one training seed, training rows and the labelled validation rows.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.backend import tf
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Table
from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.comparison.judging import measures
from course_utils.models import SharedBottom
from course_utils.training import Trainer
from course_utils.training.adam import FusedAdam

SEEDS, TUNING_SEEDS = range(10), (100, 101, 102)
"""Markets that judge, and markets that choose."""

FRESH = (1_000, 2_000)
"""Added to a market's number: the training seeds of the truth."""

TARGET = "purchase"
HELPERS = ("click", "save", "return", "view", "read", "rate", "random")
TASKS = (TARGET, *HELPERS)
SIZES = {"customer": 15, "category": 15, "brand": 15}
COLUMNS = columns_of(SIZES)

WIDTHS = (64, 4)
WEIGHTS = (0.1, 0.3, 1.0)
"""Of the purchase in a pair; the helper has 1."""

ALONE = ((32, 3e-3), (32, 1e-2), (128, 1e-2))
"""Batch and learning rate of the purchase alone: as many settings as a pair has weights."""

RATE, BATCH, EPOCHS, PATIENCE = 3e-3, 256, 30, 5
EVERY = 10
"""Steps between two looks ahead, as in TAG's code."""

STRENGTHS = (0.03, 0.1, 0.3, 1.0)

GROUPED = ("purchase", "return", "view", "follow", "read")
"""The five tasks of the groups: three of one world, two of the other."""

GROUP_WIDTH = 8
GROUP_FEW = {"purchase": 400, "return": 400, "follow": 400}

RHOS = (-1.0, -0.8, -0.6, -0.3, 0.0, 0.3, 0.6, 0.8, 1.0)
ROWS = (400, 6_000)
"""The dials: relatedness of the save to the purchase, and its labelled training rows."""


def standard(x: np.ndarray) -> np.ndarray:
    return (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True)


def market(
    seed: int,
    few: Mapping[str, int] | None = None,
    rho: float = 0.6,
    n_train: int = 6_000,
    n_valid: int = 2_000,
    n_test: int = 6_000,
) -> Case:
    """Nine tasks whose relatedness to the purchase is known. Lesson 22 has the same lines."""
    draw, n = np.random.default_rng(seed), n_train + n_valid + n_test
    codes = draw.integers(15, size=(3, n))
    effects = draw.normal(size=(10, 3, 15))
    effects -= effects.mean(-1, keepdims=True)
    sums = standard(np.sum([effects[:, column, codes[column]] for column in range(3)], axis=0))
    likes, habits = standard(np.abs(sums[:8])), sums[8:]
    mixture = np.array([1, -1, -1, 1]) / 2
    wish = standard(mixture @ likes[:4] + habits[0])
    other = standard(mixture @ likes[4:] + habits[1])
    scores = {
        "purchase": wish,
        "click": wish,
        "save": rho * wish + np.sqrt(1 - rho**2) * other,
        "return": -wish,
        "view": likes[:4].sum(0) / 2,
        "read": other,
        "rate": wish,
        "random": 0 * wish,
        "follow": -other,
    }
    p = {task: expit(2 * score - 1) for task, score in scores.items()}
    labels = {task: draw.random(n) < of for task, of in p.items()}
    masks = {}
    for task, rows in (few or {"purchase": 400, "rate": 400}).items():
        at = np.arange(n) if task == "purchase" else draw.permutation(n_train)
        masks[task] = np.ones(n, bool)
        masks[task][:n_train] = at[:n_train] < rows
        masks[task][n_train + rows : n_train + n_valid] = False
    return Rows(codes.T, np.zeros((n, 0)), p, labels, masks).cut(COLUMNS, n_train, n_valid)


LASTED = [0]
"""Epochs of the last training."""


@cache
def trainer_of(tasks: tuple[str, ...], width: int, batch: int = BATCH) -> Trainer:
    return Trainer(
        lambda: SharedBottom(COLUMNS, tasks, trunk=(width,), tower=(), embedding_dim=12),
        Fixed(),
        batch,
        weight_decay=1e-4,
    )


def fitted(
    tasks: tuple[str, ...],
    width: int,
    one: Case,
    seed: int,
    weight: float = 1.0,
    batch: int = BATCH,
    rate: float = RATE,
    starved: Sequence[str] = (TARGET,),
) -> Trainer:
    """Trained on this case; a network of one task reads that task's rows alone."""
    trainer = trainer_of(tasks, width, batch)
    weights = tuple(weight if task in starved and len(tasks) > 1 else 1.0 for task in tasks)
    trainer.balancing.weights = weights  # type: ignore[union-attr, method-assign]
    train, valid = one.split.train, one.split.valid
    if len(tasks) == 1:
        train, valid = (table.take(table.mask(tasks[0])) for table in (train, valid))
    history = trainer.fit(train, valid, seed, rate, EPOCHS, PATIENCE, "each")
    LASTED[0] = len(history.valid_loss)
    return trainer


def true_auc(one: Case, task: str, said: np.ndarray) -> float:
    return round(float(measures(one.truth[task], said)["auc"]), 5)


def on_valid(trainer: Trainer, one: Case, task: str, of: str) -> float:
    """A measure on the labelled validation rows of a task."""
    rows = one.split.valid.mask(task)
    p = trainer.predict(one.split.valid)[task][rows]
    return round(float(measures(one.split.valid.labels[task][rows], p)[of]), 5)


def chosen() -> dict[str, Any]:
    """width -> the settings with the least validation loss of the purchase on the tuning seeds.

    One weight for all pairs, and beside it the best weight of each helper.
    """
    result = {}
    for width in WIDTHS:
        alone = dict.fromkeys(ALONE, 0.0)
        pairs = {(helper, weight): 0.0 for helper in HELPERS for weight in WEIGHTS}
        for seed in TUNING_SEEDS:
            one = market(seed)
            for batch, rate in ALONE:
                trainer = fitted((TARGET,), width, one, seed, 1.0, batch, rate)
                alone[batch, rate] += on_valid(trainer, one, TARGET, "log_loss")
            for helper, weight in pairs:
                trainer = fitted((TARGET, helper), width, one, seed, weight)
                pairs[helper, weight] += on_valid(trainer, one, TARGET, "log_loss")
        of_all = {w: sum(pairs[helper, w] for helper in HELPERS) for w in WEIGHTS}
        result[str(width)] = {
            "alone": min(alone, key=lambda setting: alone[setting]),
            "weight": min(of_all, key=lambda w: of_all[w]),
            "weights": {h: min(WEIGHTS, key=lambda w: pairs[h, w]) for h in HELPERS},
        }
    return result


def add(found: dict[str, Any], keys: Sequence[str], value: Any) -> None:
    for key in keys[:-1]:
        found = found.setdefault(key, {})
    found.setdefault(keys[-1], []).append(value)


def pairs(settings: Mapping[str, Any]) -> dict[str, Any]:
    """width -> what -> task -> a number a market.

    "alone", and "pair" at each weight: true AUC of the purchase, mean of the fresh seeds. "theirs"
    and "theirs alone": of the helper. "valid": the loss saved on validation rows, one seed.
    """
    result: dict[str, Any] = {}
    for width in WIDTHS:
        batch, rate = settings[str(width)]["alone"]
        usual = settings[str(width)]["weight"]
        for seed in SEEDS:
            one = market(seed)
            test = one.split.test

            def judged(tasks: tuple[str, ...], *more: Any) -> dict[str, float]:
                said = [
                    fitted(tasks, width, one, seed + fresh, *more).predict(test)  # noqa: B023
                    for fresh in FRESH
                ]
                return {
                    task: float(np.mean([true_auc(one, task, p[task]) for p in said]))  # noqa: B023
                    for task in tasks
                    if task != "random"
                }

            key = str(width)
            add(result, (key, "alone", TARGET), judged((TARGET,), 1.0, batch, rate)[TARGET])
            first = fitted((TARGET,), width, one, seed, 1.0, batch, rate)
            alone = on_valid(first, one, TARGET, "log_loss")
            for helper in HELPERS:
                for weight in WEIGHTS:
                    found = judged((TARGET, helper), weight)
                    add(result, (key, f"pair {weight:g}", helper), found[TARGET])
                    if helper in found and weight == usual:
                        add(result, (key, "theirs", helper), found[helper])
                if helper != "random":
                    more = (1.0, batch, rate) if helper == "rate" else ()
                    add(result, (key, "theirs alone", helper), judged((helper,), *more)[helper])
                trainer = fitted((TARGET, helper), width, one, seed, usual)
                saved = alone - on_valid(trainer, one, TARGET, "log_loss")
                add(result, (key, "valid", helper), round(saved, 5))
    return result


class Watched:
    """Shared-Bottom trained step by step, with the tasks' gradients and looks ahead."""

    def __init__(
        self,
        tasks: Sequence[str],
        width: int,
        weight: float,
        starved: Sequence[str] = (TARGET,),
    ) -> None:
        self.tasks, self.width = tuple(tasks), width
        self.network = self.fresh(0)
        self.shared = [w for part in self.network.shared() for w in part.trainable_variables]
        self.weights = tf.constant([weight if task in starved else 1.0 for task in tasks])
        self.adam = FusedAdam(RATE)
        self.adam.build(self.network.trainable_variables)
        self.look = tf.function(self._look)
        self.step = tf.function(self._step)
        self.losses = tf.function(self._losses)

    def fresh(self, seed: int) -> SharedBottom:
        random.seed(seed)  # Keras draws the weights by it
        return SharedBottom(COLUMNS, self.tasks, trunk=(self.width,), tower=(), embedding_dim=12)

    def tensors(self, table: Table) -> tuple[Any, ...]:
        labels = np.stack([table.labels[task] for task in self.tasks]).astype("float32")
        counts = np.stack([table.mask(task) for task in self.tasks]).astype("float32")
        return (*(tf.constant(x) for x in table.inputs), tf.constant(labels), tf.constant(counts))

    def _losses(self, codes: Any, numbers: Any, scenario: Any, labels: Any, counts: Any) -> Any:
        said = self.network((codes, numbers, scenario))
        return self.network.task_losses(said, labels, counts)

    def _step(self, *batch: Any) -> None:
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(self.weights * self._losses(*batch))
        variables = self.network.trainable_variables
        self.adam.apply(tape.gradient(total, variables), variables)

    def _gradients(self, *batch: Any) -> tuple[Any, list[list[Any]]]:
        with tf.GradientTape(persistent=True) as tape:
            losses = self._losses(*batch)
            each = tf.unstack(losses)
        return losses, [
            [tf.convert_to_tensor(g) for g in tape.gradient(one, self.shared)] for one in each
        ]

    def _look(self, batch: Any, whole: Any, valid: Any) -> tuple[Any, ...]:
        """Cosines on the batch and on all rows; Z_i->j on the batch and on validation rows."""
        before, gradients = self._gradients(*batch)
        before_valid = self._losses(*valid)
        after, after_valid = [], []
        for gradient in gradients:
            for w, g in zip(self.shared, gradient, strict=True):
                w.assign_sub(RATE * g)
            after.append(self._losses(*batch))
            after_valid.append(self._losses(*valid))
            for w, g in zip(self.shared, gradient, strict=True):
                w.assign_add(RATE * g)
        return (
            cosines(gradients),
            cosines(self._gradients(*whole)[1]),
            before,
            tf.stack(after),
            before_valid,
            tf.stack(after_valid),
        )

    def run(self, one: Case, seed: int, epochs: int) -> dict[str, np.ndarray]:
        """T looks in these epochs: ``[T, K, K]`` each."""
        state = random.getstate()
        self.network.set_weights(self.fresh(seed).get_weights())
        random.setstate(state)
        for variable in self.adam.variables:
            variable.assign(tf.zeros_like(variable))
        self.adam.learning_rate.assign(RATE)
        train, valid = self.tensors(one.split.train), self.tensors(one.split.valid)
        order, seen, steps = np.random.default_rng(seed), [], 0
        for _ in range(epochs):
            rows = order.permutation(len(one.split.train))
            for at in range(0, len(rows) - BATCH + 1, BATCH):
                here = rows[at : at + BATCH]
                batch = tuple(
                    tf.gather(x, here, axis=0 if k < 3 else 1) for k, x in enumerate(train)
                )
                if steps % EVERY == 0:
                    seen.append([np.asarray(x) for x in self.look(batch, train, valid)])
                self.step(*batch)
                steps += 1
        names = ("cosine", "whole", "before", "after", "before valid", "after valid")
        return {name: np.stack(x) for name, x in zip(names, zip(*seen, strict=True), strict=True)}


def cosines(gradients: Sequence[Sequence[Any]]) -> Any:
    flat = tf.stack([tf.concat([tf.reshape(g, [-1]) for g in one], 0) for one in gradients])
    norms = tf.maximum(tf.norm(flat, axis=1), 1e-12)
    return flat @ tf.transpose(flat) / norms[:, None] / norms


def affinity(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Z [K, K], mean over the looks: 1 - L_j after a step on i / L_j before (TAG)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        z = 1 - after / before[:, None, :]
    return np.nanmean(np.where(before[:, None, :] > 0, z, np.nan), axis=0)


def outputs(trainer: Trainer, table: Table) -> np.ndarray:
    codes, numbers, _ = table.inputs
    network = trainer.network
    return np.asarray(network.trunk(network.embed(codes, numbers))[0]).reshape(len(table), -1)


def probe(
    helper: str, width: int, one: Case, seed: int, alone: Sequence[Any]
) -> tuple[float, float]:
    """A frozen trunk of the helper, a regression for the purchase: validation loss, true AUC."""
    more = (1.0, *alone) if helper == "rate" else ()
    trainer = fitted((helper,), width, one, seed, *more)
    train, valid, test = one.split.train, one.split.valid, one.split.test
    known, rows = train.mask(TARGET), valid.mask(TARGET)
    x, seen = outputs(trainer, train)[known], outputs(trainer, valid)[rows]
    tried = []
    for strength in STRENGTHS:
        model = LogisticRegression(C=strength, max_iter=3_000).fit(x, train.labels[TARGET][known])
        loss = measures(valid.labels[TARGET][rows], model.predict_proba(seen)[:, 1])["log_loss"]
        tried.append((float(loss), model))
    loss, model = min(tried, key=lambda pair: pair[0])
    return round(loss, 5), true_auc(one, TARGET, model.decision_function(outputs(trainer, test)))


def affinities(settings: Mapping[str, Any]) -> dict[str, Any]:
    """width -> measure -> helper -> a number a market; greater is more related."""
    result: dict[str, Any] = {}
    for width in WIDTHS:
        weight, alone = settings[str(width)]["weight"], settings[str(width)]["alone"]
        watched = Watched(TASKS, width, weight)
        for seed in SEEDS:
            one, key = market(seed), str(width)
            train = one.split.train
            together = fitted(TASKS, width, one, seed, weight)
            epochs = LASTED[0]
            all_loss = on_valid(together, one, TARGET, "log_loss")
            said = together.predict(one.split.test)[TARGET]
            add(result, (key, "all together", TARGET), true_auc(one, TARGET, said))
            run = watched.run(one, seed, epochs)
            on_batch = affinity(run["before"], run["after"])
            on_rest = affinity(run["before valid"], run["after valid"])
            for k, helper in enumerate(HELPERS, start=1):
                rows = train.mask(TARGET) & train.mask(helper)
                both = [train.labels[task][rows] for task in (TARGET, helper)]
                found = {
                    "label correlation": np.corrcoef(both)[0, 1],
                    "cosine, batch": run["cosine"][:, 0, k].mean(),
                    "cosine, all rows": run["whole"][:, 0, k].mean(),
                    "lookahead": on_batch[k, 0],
                    "lookahead, valid": on_rest[k, 0],
                    "lookahead, back": on_batch[0, k],
                }
                rest = tuple(task for task in TASKS if task != helper)
                without = fitted(rest, width, one, seed, weight)
                found["leave one out"] = on_valid(without, one, TARGET, "log_loss") - all_loss
                loss, auc = probe(helper, width, one, seed, alone)
                found["probe"], found["probe, true AUC"] = -loss, auc
                for name, value in found.items():
                    add(result, (key, name, helper), round(float(value), 7))
            if seed < 3:
                path = run["whole"][:, 0, 1:]
                add(result, (key, "path", "cosine, all rows"), np.round(path, 3).tolist())
                path = run["cosine"][:, 0, 1:]
                add(result, (key, "path", "cosine, batch"), np.round(path, 3).tolist())
    return result


def small() -> dict[str, float]:
    """What a test can recompute in seconds."""
    one = market(TUNING_SEEDS[0])
    trainer = fitted((TARGET, "return"), 64, one, 0, 0.1)
    run = Watched((TARGET, "return"), 64, 0.1).run(one, 0, epochs=1)
    z = affinity(run["before"], run["after"])
    return {
        "auc": true_auc(one, TARGET, trainer.predict(one.split.test)[TARGET]),
        "cosine": round(float(run["whole"][-1, 0, 1]), 5),
        "lookahead, ten thousandths": round(float(1e4 * z[1, 0]), 5),
    }


def dial(settings: Mapping[str, Any]) -> dict[str, Any]:
    """rows of the save -> rho -> true AUC of the purchase, a number a market; one fresh seed."""
    result: dict[str, Any] = {}
    for rows in ROWS:
        for rho in RHOS:
            for seed in SEEDS:
                one = market(seed, {"purchase": 400, "save": rows}, rho)
                weight = settings["64"]["weight"]
                trainer = fitted((TARGET, "save"), 64, one, seed + FRESH[0], weight)
                said = trainer.predict(one.split.test)[TARGET]
                add(result, (str(rows), f"{rho:g}"), true_auc(one, TARGET, said))
    return result


def subsets() -> list[tuple[str, ...]]:
    sizes = range(1, len(GROUPED) + 1)
    return [one for size in sizes for one in combinations(GROUPED, size)]


def grouped(one: Case, tasks: tuple[str, ...], seed: int, weight: float, alone: Any) -> Trainer:
    batch, rate = alone if len(tasks) == 1 and tasks[0] in GROUP_FEW else (BATCH, RATE)
    return fitted(tasks, GROUP_WIDTH, one, seed, weight, batch, rate, tuple(GROUP_FEW))


def groups(settings: Mapping[str, Any]) -> dict[str, Any]:
    """For each subset of the five tasks and each of them a number a market.

    "valid": minus the validation loss of the training that chooses; "true": its true AUC;
    "fresh": the true AUC of another training. Beside them each measure's [i, j]: what i does to j.
    """
    alone = settings["4"]["alone"]
    losses = dict.fromkeys(WEIGHTS, 0.0)
    one = market(TUNING_SEEDS[0], GROUP_FEW)
    for weight in WEIGHTS:
        for tasks in subsets():
            trainer = grouped(one, tasks, TUNING_SEEDS[0], weight, alone)
            losses[weight] += sum(on_valid(trainer, one, task, "log_loss") for task in tasks)
    weight = min(WEIGHTS, key=lambda w: losses[w])
    result: dict[str, Any] = {"weight": weight}
    watched = Watched(GROUPED, GROUP_WIDTH, weight, tuple(GROUP_FEW))
    for seed in SEEDS:
        one = market(seed, GROUP_FEW)
        test, train = one.split.test, one.split.train
        for tasks in subsets():
            name = " ".join(tasks)
            trainer = grouped(one, tasks, seed, weight, alone)
            said = trainer.predict(test)
            for task in tasks:
                loss = on_valid(trainer, one, task, "log_loss")
                add(result, ("valid", name, task), -loss)
                add(result, ("true", name, task), true_auc(one, task, said[task]))
            epochs = LASTED[0]
            said = grouped(one, tasks, seed + FRESH[0], weight, alone).predict(test)
            for task in tasks:
                add(result, ("fresh", name, task), true_auc(one, task, said[task]))
        run = watched.run(one, seed, epochs)
        labels = np.full((len(GROUPED), len(GROUPED)), 1.0)
        for i, j in combinations(range(len(GROUPED)), 2):
            rows = train.mask(GROUPED[i]) & train.mask(GROUPED[j])
            both = [train.labels[GROUPED[k]][rows] for k in (i, j)]
            labels[i, j] = labels[j, i] = np.corrcoef(both)[0, 1] if rows.sum() > 2 else 0.0
        found = {
            "lookahead": affinity(run["before"], run["after"]),
            "lookahead, valid": affinity(run["before valid"], run["after valid"]),
            "cosine, all rows": run["whole"].mean(0),
            "cosine, batch": run["cosine"].mean(0),
            "label correlation": labels,
        }
        for name, matrix in found.items():
            add(result, ("affinity", name), np.round(matrix, 8).tolist())
    return result


STORED = Stored(
    paths.RESULTS / "relatedness.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)

CHOSEN = STORED.earlier("chosen")
PARTS: Mapping[str, Callable[[], Any]] = {
    "small": small,
    "chosen": chosen,
    **{part.__name__: partial(part, CHOSEN) for part in (pairs, affinities, dial, groups)},
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
