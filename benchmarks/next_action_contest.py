"""The next action of a visit: what is a past worth, and which model finds it (lesson 52).

    python benchmarks/next_action_contest.py

makes results/next_action_contest.json. Twenty shops judge. Each contender tries six settings on
three other shops and takes the one with the lowest mean log loss of their validation windows; in
every shop these windows also end boosting and the LSTM. The columns of the regressions with a past
were fixed on shops 1 to 5, which do not judge either.

The heads ask for a click, a cart and a purchase within half an hour: logistic regressions beside a
constant, in the same shops.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from copy import copy
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import next_action as whole
import numpy as np
from parts import Stored
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, log_loss

from course_utils import paths
from course_utils.backend import keras
from course_utils.behaviour import features
from course_utils.behaviour.fitting import fit

TUNING = (1, 2, 3)
SHOPS = tuple(range(11, 31))
BINS = 8
"""Of the seconds before the last action, by quantiles of the training windows."""

ROUNDS, EPOCHS, PATIENCE = 200, 40, 4
"""Of boosting and of the LSTM: at most; the validation windows say where each ends."""


class Shown:
    """The windows of one shop as columns: of the last step, and of what was before it.

    codes, numbers: ``[n, steps, 5]``, of all ten steps. last: codes of the last step, ``[n, 5]``.
    seconds: since the action before it, as a bin. before: codes of the two actions before the
    last, 0 where there is none. counts: how often each action stands in the window.
    """

    def __init__(self, seed: int) -> None:
        self.visit = one = whole.Visit(seed)
        self.y, self.parts, self.train = one.y, one.parts, one.parts["train"]
        self.codes, self.numbers = one.inputs(self.train)
        rows, at = np.arange(len(self.y)), one.window.mask.sum(axis=1) - 1
        self.last, self.of_last = self.codes[rows, at], self.numbers[rows, at]
        gap = self.of_last[:, -1]
        edges = np.quantile(gap[self.train], np.arange(1, BINS) / BINS)
        self.seconds = np.digitize(gap, edges)
        action = self.codes[:, :, 0]
        self.before = np.column_stack(
            [np.where(at >= back, action[rows, np.maximum(at - back, 0)], 0) for back in (1, 2)]
        )
        # Codes 0 and 1 are no action and one that training has not seen.
        self.counts = np.column_stack(
            [(action == code).sum(axis=1) for code in range(2, 2 + whole.N)]
        )

    def hot(self, *codes: np.ndarray) -> np.ndarray:
        """One column for each combination of these codes that training has seen."""
        values = np.stack(codes, axis=1)
        _, joint = np.unique(values, axis=0, return_inverse=True)
        return whole.one_hot(joint.reshape(-1, 1), self.train)


Columns = Callable[[Shown], np.ndarray]
Way = Callable[..., np.ndarray]
"""From a shop and a setting to the probabilities of all its windows."""
Judge = Callable[[Shown, np.ndarray, str], dict[str, float]]
"""From a shop, its probabilities and a part to the metrics."""


@cache
def shown(seed: int) -> Shown:
    return Shown(seed)


# The columns of the regressions.


def context(one: Shown) -> np.ndarray:
    """What the article asks for: device, weather, city, hour and weekday, and no action."""
    return np.column_stack([whole.one_hot(one.last[:, 2:], one.train), one.of_last])


def last_step(one: Shown) -> np.ndarray:
    return np.column_stack([whole.one_hot(one.last, one.train), one.of_last])


def crossed(one: Shown) -> np.ndarray:
    """The last step, its action crossed with its seconds."""
    return np.column_stack([last_step(one), one.hot(one.last[:, 0], one.seconds)])


def with_past(one: Shown) -> np.ndarray:
    """The same, log counts of the actions, the two actions before the last and their pair."""
    pair = [one.hot(one.before[:, 0]), one.hot(one.before[:, 1]), one.hot(*one.before.T)]
    return np.column_stack([crossed(one), np.log1p(one.counts), *pair])


def with_counts(one: Shown) -> np.ndarray:
    """Of the past how often each action was done: a bag, without its order."""
    return np.column_stack([crossed(one), np.log1p(one.counts)])


def with_before(one: Shown) -> np.ndarray:
    """Of the past the two actions before the last and their pair."""
    pair = [one.hot(one.before[:, 0]), one.hot(one.before[:, 1]), one.hot(*one.before.T)]
    return np.column_stack([crossed(one), *pair])


# The ways.


def shares(one: Shown) -> np.ndarray:
    rates = np.bincount(one.y[one.train], minlength=whole.N) / len(one.train)
    return np.tile(rates, (len(one.y), 1))


def markov(one: Shown, strength: float) -> np.ndarray:
    last, train = one.visit.last, one.train
    return features.markov_table(last[train], one.y[train], whole.N, strength)[last]


def tables(pair: bool, one: Shown, strength: float) -> np.ndarray:
    """What follows an action after so many seconds: counts, shrunk to the action's Markov row.

    With pair: times a second table, p(next | last, the one before) / p(next | last).
    """
    last, train, y = one.visit.last, one.train, one.y[one.train]
    row = features.markov_table(last[train], y, whole.N, strength)[last]

    def shrunk(other: np.ndarray) -> np.ndarray:
        counts = np.zeros((whole.N, other.max() + 1, whole.N))
        np.add.at(counts, (last[train], other[train], y), 1)
        seen = counts[last, other]
        return (seen + strength * row) / (seen.sum(axis=1, keepdims=True) + strength)

    p = shrunk(one.seconds)
    if pair:
        p = p * shrunk(one.before[:, 0]) / row
    return p / p.sum(axis=1, keepdims=True)


def logistic(columns: Columns, one: Shown, C: float) -> np.ndarray:
    x, train = columns(one), one.train
    model = LogisticRegression(C=C, max_iter=1000).fit(x[train], one.y[train])
    return np.asarray(model.predict_proba(x))


def boosting(past: bool, one: Shown, leaves: int, pull: float) -> np.ndarray:
    """Trees on the last step, or also on the counts and the two actions before it."""
    more = [one.counts, one.before] if past else []
    x = np.column_stack([one.last, one.of_last, *more])
    valid = one.parts["valid"]
    trees = HistGradientBoostingClassifier(
        max_iter=ROUNDS,
        learning_rate=0.08,
        max_leaf_nodes=leaves,
        l2_regularization=pull,
        early_stopping=False,
        random_state=0,
    ).fit(x[one.train], one.y[one.train])
    losses = [
        whole.judged(p, one.y[valid])["log loss"] for p in trees.staged_predict_proba(x[valid])
    ]
    kept = int(np.argmin(losses))
    return next(p for k, p in enumerate(trees.staged_predict_proba(x)) if k == kept)


def reader(units: int, dropout: float) -> Any:
    """The network of ``next_action.py``, its width turned, with dropout before its head."""
    layers = keras.layers
    code = keras.Input((whole.STEPS, len(whole.CODES)), dtype="int64")
    number = keras.Input((whole.STEPS, 5))
    parts = [layers.Embedding(40, 8)(code[:, :, j]) for j in range(len(whole.CODES))]
    x = layers.Dropout(dropout)(layers.Concatenate()([*parts, number]))
    h = layers.LSTM(units)(x, mask=keras.ops.not_equal(code[:, :, 0], 0))
    end = layers.Dense(whole.N, activation="softmax")(layers.Dropout(dropout)(h))
    model = keras.Model([code, number], end)
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy")
    return model


def lstm(one: Shown, units: int, dropout: float) -> np.ndarray:
    keras.utils.set_random_seed(0)
    given, model = [one.codes, one.numbers], reader(units, dropout)  # anew: dropout from its start
    parts = [([x[rows] for x in given], one.y[rows]) for rows in (one.train, one.parts["valid"])]
    fit(model, parts[0], parts[1], 0, EPOCHS, PATIENCE, 256)
    return np.asarray(model(given, training=False))


def lstm_last(one: Shown, units: int, dropout: float) -> np.ndarray:
    """The twin of ``lstm``: the same network, of each window its last step alone."""
    alone = copy(one)
    alone.codes, alone.numbers = np.zeros_like(one.codes), np.zeros_like(one.numbers)
    alone.codes[:, 0], alone.numbers[:, 0] = one.last, one.of_last
    return lstm(alone, units, dropout)


PENALTIES = [{"C": C} for C in (0.01, 0.03, 0.1, 0.3, 1.0, 3.0)]
TREES = [{"leaves": leaves, "pull": pull} for leaves in (4, 8, 16) for pull in (0.0, 10.0)]
NETWORKS = [{"units": units, "dropout": drop} for units in (8, 16, 32) for drop in (0.0, 0.3)]
TABLES = [{"strength": strength} for strength in (1, 5, 20, 50, 100, 200)]
WAYS: dict[str, tuple[Way, list[dict[str, float]]]] = {
    "majority": (shares, [{}]),
    "Markov": (markov, TABLES),
    "table, seconds": (partial(tables, False), TABLES),
    "two tables": (partial(tables, True), TABLES),
    "logistic, context alone": (partial(logistic, context), PENALTIES),
    "logistic": (partial(logistic, last_step), PENALTIES),
    "logistic, crossed": (partial(logistic, crossed), PENALTIES),
    "logistic, past": (partial(logistic, with_past), PENALTIES),
    "boosting": (partial(boosting, False), TREES),
    "boosting, past": (partial(boosting, True), TREES),
    "LSTM": (lstm, NETWORKS),
    "LSTM, last step": (lstm_last, NETWORKS),
    "logistic, counts": (partial(logistic, with_counts), PENALTIES),
    "logistic, before": (partial(logistic, with_before), PENALTIES),
}


# A click, a cart, a purchase within half an hour: one probability a window each.


@cache
def answers(one: Shown) -> np.ndarray:
    """``[n, 3]``, one column for each of ``HEADS`` of ``next_action.py``."""
    return one.visit.within()


def constant(head: int, one: Shown) -> np.ndarray:
    return np.full(len(one.y), answers(one)[one.train, head].mean())


def regression(columns: Columns, head: int, one: Shown, C: float) -> np.ndarray:
    x, y = columns(one), answers(one)[:, head]
    model = LogisticRegression(C=C, max_iter=1000).fit(x[one.train], y[one.train])
    return np.asarray(model.predict_proba(x)[:, 1])


WEAK = [{"C": C} for C in (0.001, 0.003, 0.03, 0.1, 0.3, 1.0)]


def ways_of(head: int) -> dict[str, tuple[Way, list[dict[str, float]]]]:
    return {
        "share": (partial(constant, head), [{}]),
        "logistic": (partial(regression, last_step, head), WEAK),
        "logistic, past": (partial(regression, with_past, head), WEAK),
    }


# The judges.


def of_action(one: Shown, p: np.ndarray, part: str) -> dict[str, float]:
    rows = one.parts[part]
    return whole.judged(p[rows], one.y[rows])


def of_head(head: int, one: Shown, p: np.ndarray, part: str) -> dict[str, float]:
    rows = one.parts[part]
    y, p = answers(one)[rows, head], np.clip(p[rows], 1e-7, 1 - 1e-7)
    return {
        "log loss": round(float(log_loss(y, p)), 5),
        "average precision": round(float(average_precision_score(y, p)), 5),
    }


def chosen(judge: Judge, way: Way, settings: list[dict[str, float]]) -> dict[str, Any]:
    """The setting with the lowest mean log loss on the tuning shops, and what each had."""
    tried = []
    for setting in settings:
        shops = [shown(seed) for seed in TUNING]
        losses = [judge(one, way(one, **setting), "valid")["log loss"] for one in shops]
        tried.append(round(float(np.mean(losses)), 5))
    return {"setting": settings[int(np.argmin(tried))], "tried": tried}


def on_shops(
    judge: Judge, parts: tuple[str, ...], way: Way, setting: dict[str, float]
) -> dict[str, dict[str, list[float]]]:
    """Part -> metric -> one number a shop."""
    result: dict[str, dict[str, list[float]]] = {part: {} for part in parts}
    for seed in SHOPS:
        one = shown(seed)
        p = way(one, **setting)
        for part in parts:
            for metric, value in judge(one, p, part).items():
                result[part].setdefault(metric, []).append(value)
    return result


STORED = Stored(
    paths.RESULTS / "next_action_contest.json",
    {"seeds": SHOPS, "tuning_seeds": TUNING},
)
PARTS: dict[str, Mapping[str, Any]] = {
    "chosen": {name: partial(chosen, of_action, *one) for name, one in WAYS.items()},
    "contest": {
        name: partial(
            on_shops, of_action, ("test", "new"), way, STORED.earlier("chosen", name, "setting")
        )
        for name, (way, _) in WAYS.items()
    },
    "chosen, heads": {
        head: {name: partial(chosen, partial(of_head, k), *one) for name, one in ways_of(k).items()}
        for k, head in enumerate(whole.HEADS)
    },
    "heads": {
        head: {
            name: partial(
                on_shops,
                partial(of_head, k),
                ("test",),
                way,
                STORED.earlier("chosen, heads", head, name, "setting"),
            )
            for name, (way, _) in ways_of(k).items()
        }
        for k, head in enumerate(whole.HEADS)
    },
}

if __name__ == "__main__":
    STORED.measure(PARTS)
