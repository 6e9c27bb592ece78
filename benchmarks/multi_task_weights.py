"""What lesson 20 shows of the weight where tasks are related and where they are not.

    python benchmarks/multi_task_weights.py

measures what is missing or stale, each part kept in results/multi_task_weights.json as soon as
it is done: the weight of the purchase at rho 1 and 0 under both stopping rules, its losses on the
way, its twins, and the plain rivals that learn the trunk from the frequent tasks, freeze it, and
fit a logistic regression on its outputs, or on these and the row's codes; and four kinds of market,
in which the purchase needs what the frequent tasks need or not, and is hard to learn from its own
labels or easy. One learning rate for all, so nothing here is tuned but those regressions'
penalties, on two other markets. All have ten markets but the partner and the long runs, which have
five.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from multi_task_knobs import TENTH, case
from parts import Stored
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Table
from course_utils.comparison import Case
from course_utils.comparison.judging import measures
from course_utils.models import SharedBottom
from course_utils.regimes import shared_bottom as market
from course_utils.regimes.draws import FAMILIES, centred, chance, happens, stream
from course_utils.training import Trainer
from course_utils.training.history import History

SEEDS, TUNING_SEEDS, FIVE = range(10), (100, 101), range(5)
"""Markets that judge, that choose a penalty, and that judge the partner and the long runs."""

RHOS = (1.0, 0.0)
WEIGHTS = (0.001, 0.01, 0.1, 1.0, 3.0, 10.0)
RATE, EPOCHS, PATIENCE = 3e-3, 40, 6
LONG, LONG_PATIENCE = 400, 30
"""Epochs of the long runs at the greatest weight."""

FEW = 100
"""Labelled rows of the purchase, where they are fewer."""

STRENGTHS = (0.03, 0.1, 0.3, 1.0)
PROBE = 0.3
"""What by_frozen chooses at rho 1, for a regression on a trunk that the purchase has moved, too."""

STARVED = "purchase"
TASKS = (*market.FREQUENT, STARVED)

Numbers = dict[str, list[float]]
"""Task -> the AUC of each market, against its true probabilities."""


def trainer_of(tasks: Sequence[str], batch_size: int = 256) -> Trainer:
    columns = case(SEEDS[0]).split.train.columns
    return Trainer(
        lambda: SharedBottom(columns, tasks, trunk=(64,), tower=(), embedding_dim=12),
        Fixed(),
        batch_size,
        weight_decay=1e-4,
    )


def fit(trainer: Trainer, one: Case, seed: int, keep: str = "sum") -> History:
    """Trained; a network of one task reads that task's rows alone."""
    train, valid = one.split.train, one.split.valid
    if len(trainer.network.tasks) == 1:
        train, valid = (table.take(table.mask(*trainer.network.tasks)) for table in (train, valid))
    return trainer.fit(train, valid, seed, RATE, EPOCHS, PATIENCE, keep)


def judged(one: Case, task: str, said: np.ndarray) -> float:
    return round(measures(one.truth[task], said)["auc"], 5)


def add(found: dict[str, Numbers], name: str, one: Case, said: Mapping[str, np.ndarray]) -> None:
    for task, p in said.items():
        found.setdefault(name, {}).setdefault(task, []).append(judged(one, task, p))


def keep(found: dict[str, Numbers], name: str, values: Mapping[str, float]) -> None:
    for key, value in values.items():
        found.setdefault(name, {}).setdefault(key, []).append(value)


def calibrate(found: dict[str, Numbers], name: str, one: Case, p: np.ndarray) -> None:
    """The purchase's log loss and calibration ratio, against its true probabilities."""
    of = measures(one.truth[STARVED], p)
    keep(found, name, {key: round(of[key], 5) for key in ("log_loss", "calibration")})


def kept_by_sum(losses: Sequence[float]) -> int:
    """The epoch that the rule "sum" keeps, were training ended by it."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch - best >= PATIENCE:
            break
    return best


def both_rules(
    trainer: Trainer, one: Case, seed: int
) -> tuple[dict[str, dict[str, np.ndarray]], History]:
    """What the test rows are given by each stopping rule, and the history of the rule "each".

    The network is left as "sum" keeps it. Two runs of one seed are the same up to where the first
    ends, so one fit mostly gives both.
    """
    history = fit(trainer, one, seed, "each")
    each = trainer.predict(one.split.test)
    if kept_by_sum(history.valid_loss) != int(np.argmin(history.valid_loss)):
        fit(trainer, one, seed)
    return {"sum": trainer.network.predict(one.split.test), "each": each}, history


def outputs(network: SharedBottom, table: Table) -> np.ndarray:
    """``[n, h]``: what the trunk gives."""
    codes, numbers, _ = table.inputs
    return np.asarray(network.trunk(network.embed(codes, numbers))[0]).reshape(len(table), -1)


def with_codes(network: SharedBottom, table: Table) -> np.ndarray:
    """``[n, h + c]``: what the trunk gives, and the row's codes, one-hot."""
    codes = zip(table.columns.sizes, table.inputs[0].T, strict=True)
    return np.hstack([outputs(network, table), *(np.eye(size)[code] for size, code in codes)])


def regression(
    network: SharedBottom,
    one: Case,
    strength: float,
    rows: np.ndarray,
    seen: Callable[[SharedBottom, Table], np.ndarray] = outputs,
) -> LogisticRegression:
    """For the purchase, on what is seen of these training rows."""
    train = one.split.train
    fitted = LogisticRegression(C=strength, max_iter=3000)
    return fitted.fit(seen(network, train)[rows], train.labels[STARVED][rows])


def rows_to_read(one: Case, seed: int) -> dict[str, np.ndarray]:
    """Name -> training rows whose purchase a regression on the trunk's outputs is shown.

    The simulator knows the label of every row: "own" are those that the network has seen, "other"
    as many that it has not.
    """
    own = one.split.train.mask(STARVED)
    other = np.zeros(len(own), dtype=bool)
    unseen = np.flatnonzero(~own)
    other[np.random.default_rng(seed).choice(unseen, own.sum(), replace=False)] = True
    return {"own": own, "other": other}


def read_from(network: SharedBottom, one: Case, strength: float, rows: np.ndarray) -> float:
    """AUC of the purchase, read from the trunk by a regression on these rows."""
    read = regression(network, one, strength, rows)
    return judged(one, STARVED, read.decision_function(outputs(network, one.split.test)))


def course_of(history: History) -> dict[str, float]:
    """The purchase's validation loss: the least, its epoch, how far it rises afterwards, and how
    far the training loss falls meanwhile; and the frequent tasks' mean best epoch."""
    k = history.tasks.index(STARVED)
    valid, train = (
        np.array(each)[:, k] for each in (history.valid_task_losses, history.task_losses)
    )
    best = int(valid.argmin())
    frequent = np.delete(history.best_epochs(), k) + 1
    return {
        "least": round(float(valid[best]), 5),
        "epoch": best + 1,
        "rise": round(float(valid[-1] - valid[best]), 5),
        "fall": round(float(train[best] - train[-1]), 5),
        **({"frequent": round(float(frequent.mean()), 2)} if len(frequent) else {}),
    }


def by_weight() -> dict[str, Any]:
    """rho -> "weight, rule" -> task -> AUC, and how the purchase's probabilities are calibrated.

    "weight, read" has how well the purchase can be read from the trunk by a regression that has
    the labels of all training rows, of the network's own, or of as many others; "weight, course"
    what the purchase's losses do.
    """
    trainer, result = trainer_of(TASKS), {}
    for rho in RHOS:
        found: dict[str, Numbers] = {}
        for seed in SEEDS:
            one = case(seed, rho=rho)
            for weight in WEIGHTS:
                trainer.balancing.weights = (1.0, 1.0, 1.0, weight)
                rules, history = both_rules(trainer, one, seed)
                for rule, said in rules.items():
                    add(found, f"{weight:g}, {rule}", one, said)
                    calibrate(found, f"{weight:g}, {rule}", one, said[STARVED])
                keep(found, f"{weight:g}, course", course_of(history))
                every = np.ones(len(one.split.train), dtype=bool)
                read = {"all": read_from(trainer.network, one, 1.0, every)}
                for name, rows in rows_to_read(one, seed).items():
                    read[name] = read_from(trainer.network, one, PROBE, rows)
                keep(found, f"{weight:g}, read", read)
        result[f"{rho:g}"] = found
    return result


def by_twins() -> dict[str, Any]:
    """rho -> name -> task -> AUC: every task alone, the purchase with two sizes of a batch; and
    its calibration, and what its losses do."""
    small, large = trainer_of((STARVED,), 32), trainer_of((STARVED,))
    rich = [trainer_of((task,)) for task in market.FREQUENT]
    result = {}
    for rho in RHOS:
        found: dict[str, Numbers] = {}
        for seed in SEEDS:
            one = case(seed, rho=rho)
            named = [("batch 32", small), ("batch 256", large)]
            # The frequent tasks' labels do not depend on rho.
            for name, trainer in [*named, *(("batch 256", t) for t in rich if rho == RHOS[0])]:
                history = fit(trainer, one, seed)
                said = trainer.predict(one.split.test)
                add(found, name, one, said)
                if STARVED in said:
                    calibrate(found, name, one, said[STARVED])
                    keep(found, f"{name}, course", course_of(history))
        result[f"{rho:g}"] = found
    return result


def by_frozen() -> dict[str, Any]:
    """rho -> task -> AUC: a trunk of the frequent tasks, frozen; for the purchase a logistic
    regression on its outputs, with its calibration. "other" has as many other labelled rows,
    "codes" sees the row's codes beside the outputs."""
    trainer, result = trainer_of(market.FREQUENT), {}
    for rho in RHOS:

        def trained(seed: int, rho: float = rho) -> Case:
            one = case(seed, rho=rho)
            named = market.FREQUENT
            rich = replace(one.split, train=_of(one.split.train, named),
                           valid=_of(one.split.valid, named))  # fmt: skip
            fit(trainer, replace(one, split=rich), seed)
            return one

        losses = {seen: dict.fromkeys(STRENGTHS, 0.0) for seen in (outputs, with_codes)}
        for seed in TUNING_SEEDS:
            one = trained(seed)
            train, valid = one.split.train, one.split.valid
            rows = valid.mask(STARVED)
            for seen, of in losses.items():
                x = seen(trainer.network, valid)[rows]
                for strength in STRENGTHS:
                    read = regression(trainer.network, one, strength, train.mask(STARVED), seen)
                    p = read.predict_proba(x)[:, 1]
                    of[strength] += measures(valid.labels[STARVED][rows], p)["log_loss"]
        chosen, with_them = (min(of, key=lambda c: of[c]) for of in losses.values())
        found: dict[str, Numbers] = {}
        for seed in SEEDS:
            one = trained(seed)
            add(found, "all", one, trainer.predict(one.split.test))
            rows = rows_to_read(one, seed)
            read = regression(trainer.network, one, chosen, rows["own"])
            said = read.predict_proba(outputs(trainer.network, one.split.test))[:, 1]
            add(found, "all", one, {STARVED: said})
            calibrate(found, "all", one, said)
            other = read_from(trainer.network, one, chosen, rows["other"])
            read = regression(trainer.network, one, with_them, rows["own"], with_codes)
            codes = read.decision_function(with_codes(trainer.network, one.split.test))
            keep(found, "all", {"other": other, "codes": judged(one, STARVED, codes)})
        result[f"{rho:g}"] = {**found["all"], "C": chosen, "C, codes": with_them}
    return result


def _of(table: Table, tasks: Sequence[str]) -> Table:
    masks = {task: mask for task, mask in table.masks.items() if task in tasks}
    return replace(table, labels={task: table.labels[task] for task in tasks}, masks=masks)


def by_partner() -> dict[str, Any]:
    """Task -> AUC: saves learned with the purchase at a tenth, and nothing else."""
    trainer = trainer_of(("save", STARVED))
    trainer.balancing.weights = (1.0, TENTH)
    found: dict[str, Numbers] = {}
    for seed in FIVE:
        one = case(seed, ("save", STARVED))
        fit(trainer, one, seed)
        add(found, "save", one, trainer.predict(one.split.test))
    return found["save"]


def by_long() -> dict[str, Any]:
    """rho -> task -> AUC at the greatest weight with ten times the epochs, an epoch of its own for
    each task; "twins" are the frequent tasks alone with as many, "read" the trunk at the epoch of
    the view, "epochs" the frequent tasks' best."""
    trainer = trainer_of(TASKS)
    trainer.balancing.weights = (1.0, 1.0, 1.0, WEIGHTS[-1])
    rich, result = [trainer_of((task,)) for task in market.FREQUENT], {}

    def long(trainer: Trainer, one: Case, seed: int) -> History:
        split = one.split
        return trainer.fit(split.train, split.valid, seed, RATE, LONG, LONG_PATIENCE, "each")

    for rho in RHOS:
        found: dict[str, Numbers] = {}
        for seed in FIVE:
            one = case(seed, rho=rho)
            history = long(trainer, one, seed)
            add(found, "all", one, trainer.predict(one.split.test))
            keep(found, "all", {"epochs": (history.best_epochs()[:-1] + 1).tolist()})
            every = np.ones(len(one.split.train), dtype=bool)
            trainer.network.set_weights(trainer._kept.own["view"])
            keep(found, "all", {"read": read_from(trainer.network, one, 1.0, every)})
            for twin in rich if rho == RHOS[0] else ():
                long(twin, one, seed)
                add(found, "twins", one, twin.predict(one.split.test))
        result[f"{rho:g}"] = found
    return result


def by_few() -> dict[str, Any]:
    """Name -> task -> AUC with 100 labelled purchases: three weights and the twin."""
    trainer, twin = trainer_of(TASKS), trainer_of((STARVED,), 32)
    found: dict[str, Numbers] = {}
    for seed in SEEDS:
        one = case(seed, few=FEW)
        fit(twin, one, seed)
        add(found, "twin", one, twin.predict(one.split.test))
        for weight in (0.01, TENTH, 1.0):
            trainer.balancing.weights = (1.0, 1.0, 1.0, weight)
            fit(trainer, one, seed)
            add(found, f"{weight:g}", one, trainer.predict(one.split.test))
    return found


def places(codes: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """``[4, n]``: rows' places on four scales, drawn as ``market.make`` draws them; with the
    market's own stream they are the market's own. codes: ``[3, n]``, from 0."""
    scales, values = market.MIXTURES.shape[1] + 1, codes.max() + 1
    effects = centred(draw.normal(size=(scales * len(codes), values)))
    effects = effects.reshape(scales, len(codes), values) / np.sqrt(len(codes))
    return np.array([sum(e[code] for e, code in zip(scale, codes, strict=True))
                     for scale in effects[:-1]])  # fmt: skip


def with_purchase(seed: int, own: bool, plain: bool) -> Case:
    """The related market with another purchase, made of places on four scales.

    own: four scales that no other task reads, in place of the market's. plain: the places
    themselves, so a sum over single columns, in place of their absolute values.
    """
    made, draw = case(seed), np.random.default_rng(seed)
    parts = (made.split.train, made.split.valid, made.split.test)
    codes = np.concatenate([part.inputs[0] for part in parts]).T - 1
    place = places(codes, draw if own else stream(seed, FAMILIES["shared_bottom"]))
    wish = market.MIXTURES[-1] @ centred(place if plain else np.abs(place))
    chances = chance(-1.0 + 2.0 * wish)  # the market's base and strength
    ends = np.cumsum([len(part) for part in parts])[:-1]
    drawn = np.split(happens(draw, chances).astype("float32"), ends)
    train, valid, test = (
        replace(part, labels={**part.labels, STARVED: labels})
        for part, labels in zip(parts, drawn, strict=True)
    )
    truth = {**made.truth, STARVED: np.split(chances, ends)[-1]}
    return Case(replace(made.split, train=train, valid=valid, test=test), truth, truth, made.judged)


KINDS: Mapping[str, Callable[[int], Case]] = {
    "needed, hard": case,
    "needed, easy": partial(with_purchase, own=False, plain=True),
    "own, hard": partial(with_purchase, own=True, plain=False),
    "own, easy": partial(case, rho=0.0),
}
"""What the purchase needs: the places that the frequent tasks need, or places of its own; hard to
learn from its own labels, absolute values, or easy, a sum over columns."""


def by_kind(make: Callable[[int], Case]) -> Numbers:
    """Name -> the purchase's AUC in each market: Shared-Bottom at three weights, the twin with two
    sizes of a batch, and the Bayes limit."""
    trainer = trainer_of(TASKS)
    twins = {f"batch {size}": trainer_of((STARVED,), size) for size in (32, 256)}
    found: Numbers = {}
    for seed in SEEDS:
        one = make(seed)
        found.setdefault("Bayes limit", []).append(judged(one, STARVED, one.truth[STARVED]))
        for name, twin in twins.items():
            fit(twin, one, seed)
            said = twin.predict(one.split.test)[STARVED]
            found.setdefault(name, []).append(judged(one, STARVED, said))
        for weight in (0.01, TENTH, 1.0):
            trainer.balancing.weights = (1.0, 1.0, 1.0, weight)
            fit(trainer, one, seed)
            said = trainer.predict(one.split.test)[STARVED]
            found.setdefault(f"{weight:g}", []).append(judged(one, STARVED, said))
    return found


def small() -> dict[str, float]:
    """What a test can recompute: one market, a run of each stopping rule."""
    one, trainer = case(TUNING_SEEDS[0]), trainer_of(TASKS)
    trainer.balancing.weights = (1.0, 1.0, 1.0, 10.0)
    said, _ = both_rules(trainer, one, TUNING_SEEDS[0])
    return {rule: judged(one, "view", p["view"]) for rule, p in said.items()}


PARTS: Mapping[str, Any] = {
    "small": small,
    "twins": by_twins,
    "frozen": by_frozen,
    "partner": by_partner,
    "weight": by_weight,
    "few": by_few,
    "long": by_long,
    "kinds": {name: partial(by_kind, make) for name, make in KINDS.items()},
}

STORED = Stored(
    paths.RESULTS / "multi_task_weights.json",
    {"seeds": SEEDS, "five": FIVE, "tuning_seeds": TUNING_SEEDS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
