"""What comes next? Actions of a visit, and kinds of products as momentum is turned (lesson 52).

    python benchmarks/next_action.py

measures what is missing or stale, each shop kept in results/next_action.json as soon as it is done.
Five shops judge. The settings of the networks and of gradient boosting were chosen on shop 1, which
does not judge, but the width of the networks of kinds was set beforehand; the tables of counts
choose their strength on each shop's validation rows, and each network ends there by early
stopping.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from scipy.special import softmax
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, log_loss
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.backend import keras
from course_utils.behaviour import features, sequences, visits
from course_utils.behaviour.fitting import fit
from course_utils.shop import Shop

SHOPS = (11, 12, 13, 14, 15)
DIALS = (0.01, 4.0)
LOG, STEPS, UNITS = 40_000, 10, 16
CODES = ("action", "scenario", "device", "weather", "city")
N = len(visits.NEXT_ACTIONS)
BUY = visits.NEXT_ACTIONS.index("purchase")
HEADS = ("click", "cart", "purchase")
STRENGTHS = (1, 5, 20, 50, 100, 200, 500)
"""Among which a table of counts chooses."""


# --- the next action of a visit ---


class Visit:
    """The windows of one shop as a network reads them."""

    def __init__(self, seed: int, n: int = LOG) -> None:
        actions = visits.visits(Shop(seed).log(n))
        window = visits.windows(actions["user_id"], actions["timestamp"], STEPS)
        window = window.take(actions["action"].to_numpy()[window.last] != visits.LEAVE)
        self.actions, self.window = actions, window
        self.time = actions["timestamp"].to_numpy()[window.label]
        self.user = actions["user_id"].to_numpy()[window.label]
        code = actions["action"].cat.codes.to_numpy().astype(int)
        self.y, self.last = code[window.label], code[window.last]
        people = actions["user_id"].unique()
        draw = np.random.default_rng(seed)
        self.new = list(draw.choice(people, len(people) // 5, replace=False))
        cuts = np.quantile(self.time, [0.65, 0.75])
        self.parts = visits.split_windows(self.user, self.time, cuts[0], cuts[1], self.new)

    def random_parts(self) -> Mapping[str, np.ndarray]:
        """The same numbers of rows, drawn: what the article's script would be given."""
        order = np.random.default_rng(0).permutation(len(self.y))
        sizes = np.cumsum([len(self.parts["train"]), len(self.parts["valid"])])
        return dict(zip(("train", "valid", "test"), np.split(order, sizes), strict=True))

    def inputs(self, train: np.ndarray, past: np.ndarray | None = None) -> list[np.ndarray]:
        """Codes ``[n, steps, 5]`` and numbers ``[n, steps, 5]``, learnt from the training rows.

        past: row numbers other than the windows' own.
        """
        table, past = self.actions, self.window.past if past is None else past
        known = past[train]
        seen = table.iloc[np.unique(known[known >= 0])]
        codes = [
            features.Vocabulary(seen[one].astype(str)).codes(table[one].astype(str))
            for one in CODES
        ]
        gap = np.log1p(table["gap"].fillna(0.0).to_numpy())
        scaled = (gap - gap[seen.index].mean()) / gap[seen.index].std()
        circles = [
            features.on_a_circle(table["hour"], 24),
            features.on_a_circle(table["weekday"], 7),
        ]
        numbers = np.column_stack([*circles, scaled])
        there = (past >= 0)[:, :, None]
        return [
            np.where(there, np.stack(codes, axis=1)[past], 0),
            np.where(there, numbers[past], 0.0).astype(np.float32),
        ]

    def within(self, seconds: int = visits.SILENCE) -> np.ndarray:
        """``[n, 3]``, 1.0 where that action of ``HEADS`` follows within so many seconds."""
        user = pd.factorize(self.actions["user_id"])[0]
        time = self.actions["timestamp"].to_numpy()
        latest, label = time[self.window.last], self.window.label
        span = int(time.max()) + seconds + 1
        stop = np.searchsorted(user * span + time, user[label] * span + latest + seconds, "right")
        done = np.stack([self.actions["action"] == one for one in HEADS], axis=1)
        until = np.concatenate([np.zeros((1, len(HEADS)), int), done.cumsum(axis=0)])
        return (until[stop] > until[label]).astype(float)

    def raw(self) -> np.ndarray:
        """The article's input: codes and seconds as they are, ``[n, steps, 8]``, no mask."""
        table = self.actions
        columns = [table[one].astype("category").cat.codes.to_numpy() for one in CODES]
        rest = [table[one].fillna(0.0).to_numpy() for one in ("hour", "weekday", "gap")]
        numbers = np.column_stack([*columns, *rest]).astype(np.float32)
        return np.where(self.window.mask[:, :, None], numbers[self.window.past], 0.0)


def embedded(
    codes: int, activation: str = "tanh", masked: bool = True, width: int = 40, heads: int = 0
) -> Any:
    """An LSTM on embedded codes and five numbers, with a softmax head or some sigmoids."""
    layers = keras.layers
    code, number = keras.Input((STEPS, codes), dtype="int64"), keras.Input((STEPS, 5))
    parts = [layers.Embedding(width, 8)(code[:, :, j]) for j in range(codes)]
    mask = keras.ops.not_equal(code[:, :, 0], 0) if masked else None
    h = layers.LSTM(UNITS, activation=activation)(layers.Concatenate()([*parts, number]), mask=mask)
    end = layers.Dense(heads or N, activation="sigmoid" if heads else "softmax")
    model = keras.Model([code, number], end(h))
    loss = "binary_crossentropy" if heads else "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.Adam(1e-2), loss)
    return model


def on_raw(activation: str, outputs: int, loss: str) -> Any:
    """The article's network, with its own or another end."""
    layers = keras.layers
    given = keras.Input((STEPS, len(CODES) + 3))
    end = layers.Dense(outputs, activation="softmax" if outputs > 1 else None)
    model = keras.Model(given, end(layers.LSTM(UNITS, activation=activation)(given)))
    model.compile(keras.optimizers.Adam(1e-2), loss)
    return model


@cache
def network(name: str) -> Any:
    """One traced graph for all shops."""
    cross = "sparse_categorical_crossentropy"
    made: dict[str, Callable[[], Any]] = {
        "LSTM": partial(embedded, len(CODES)),
        "no past actions": partial(embedded, len(CODES) - 2),
        "relu": partial(embedded, len(CODES), "relu"),
        "no mask": partial(embedded, len(CODES), "tanh", False),
        "raw": partial(on_raw, "tanh", N, cross),
        "raw, relu": partial(on_raw, "relu", N, cross),
        "one number": partial(on_raw, "relu", 1, "mse"),
        "three heads": partial(embedded, len(CODES), heads=3),
        "one head": partial(embedded, len(CODES), heads=1),
    }
    return made[name]()


def judged(p: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Log loss, accuracy, and the average precision of the purchase."""
    chosen = np.clip(p[np.arange(len(y)), y], 1e-12, 1.0)
    return {
        "log loss": round(float(-np.log(chosen).mean()), 5),
        "accuracy": round(float((p.argmax(axis=1) == y).mean()), 5),
        "purchase": round(float(average_precision_score(y == BUY, p[:, BUY])), 5),
    }


def one_hot(codes: np.ndarray, train: np.ndarray) -> np.ndarray:
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(codes[train])
    return np.asarray(encoder.transform(codes))


def with_actions(seed: int, n: int = LOG) -> dict[str, Any]:
    """Every contender on one shop: on later actions, and on those of new customers."""
    one = Visit(seed, n)
    y, parts = one.y, one.parts
    train, valid = parts["train"], parts["valid"]
    result: dict[str, Any] = {"rows": {name: len(rows) for name, rows in parts.items()}}

    def keep(name: str, p: np.ndarray) -> None:
        result[name] = {part: judged(p[parts[part]], y[parts[part]]) for part in ("test", "new")}

    rates = np.bincount(y[train], minlength=N) / len(train)
    keep("majority", np.tile(rates, (len(y), 1)))
    tables = [features.markov_table(one.last[train], y[train], N, s) for s in STRENGTHS]
    losses = [judged(t[one.last[valid]], y[valid])["log loss"] for t in tables]
    markov = tables[int(np.argmin(losses))][one.last]
    keep("Markov", markov)

    codes, numbers = one.inputs(train)
    at = one.window.mask.sum(axis=1) - 1
    last_codes, last_numbers = codes[np.arange(len(y)), at], numbers[np.arange(len(y)), at]
    context = np.column_stack([one_hot(last_codes[:, 2:], train), last_numbers])
    whole = np.column_stack([one_hot(last_codes, train), last_numbers])
    for name, x in (("logistic, context alone", context), ("logistic", whole)):
        keep(name, LogisticRegression(max_iter=500).fit(x[train], y[train]).predict_proba(x))
    x = np.column_stack([last_codes, last_numbers])
    trees = HistGradientBoostingClassifier(
        max_iter=40, learning_rate=0.08, max_leaf_nodes=8, random_state=0
    )
    keep("boosting", trees.fit(x[train], y[train]).predict_proba(x))

    def of(name: str, given: Any, labels: np.ndarray = y, rows: Any = parts) -> np.ndarray:
        def part(at: np.ndarray) -> tuple[Any, np.ndarray]:
            return [g[at] for g in given] if isinstance(given, list) else given[at], labels[at]

        model = network(name)
        curve = fit(model, part(rows["train"]), part(rows["valid"]), seed, 12, 3, 256)
        result.setdefault("first epoch", {})[name] = round(curve[0], 5)
        return np.asarray(model(given, training=False))

    keep("LSTM", of("LSTM", [codes, numbers]))
    keep("LSTM, no past actions", of("no past actions", [codes[:, :, 2:], numbers]))
    keep("LSTM, relu", of("relu", [codes, numbers]))
    keep("LSTM, no mask", of("no mask", [codes, numbers]))
    raw = one.raw()
    keep("LSTM, raw numbers", of("raw", raw))
    keep("LSTM, raw numbers, relu", of("raw, relu", raw))
    result["one number"] = {}
    for order, names in (("as listed", np.arange(N)), ("renamed", np.array([3, 0, 4, 1, 2]))):
        said = np.clip(np.round(of("one number", raw, names[y]).ravel()), 0, N - 1)
        right = said[parts["test"]] == names[y[parts["test"]]]
        result["one number"][order] = round(float(right.mean()), 5)
    leaking, at = one.window.past.copy(), one.window.mask.sum(axis=1)
    # The label's own step stands in the window, in place of the oldest where it is full.
    leaking[at == STEPS] = np.roll(leaking[at == STEPS], -1, axis=1)
    leaking[np.arange(len(y)), np.minimum(at, STEPS - 1)] = one.window.label
    keep("LSTM, label in the window", of("LSTM", one.inputs(train, leaking)))
    # A random split: the same network, judged on rows drawn from all.
    drawn = one.random_parts()
    p = of("LSTM", one.inputs(drawn["train"]), y, drawn)
    table = features.markov_table(one.last[drawn["train"]], y[drawn["train"]], N, 20)
    result["random split"] = {
        "LSTM": judged(p[drawn["test"]], y[drawn["test"]]),
        "Markov": judged(table[one.last[drawn["test"]]], y[drawn["test"]]),
    }
    return result


def with_heads(seed: int) -> dict[str, Any]:
    """Click, cart, purchase within half an hour: three sigmoids on one LSTM, and one LSTM each."""
    one = Visit(seed)
    y, parts = one.within(), one.parts
    train, valid, test = (parts[name] for name in ("train", "valid", "test"))
    codes, numbers = one.inputs(train)
    at = one.window.mask.sum(axis=1) - 1
    rows = np.arange(len(y))
    last = np.column_stack([one_hot(codes[rows, at], train), numbers[rows, at]])

    def of(name: str, labels: np.ndarray) -> np.ndarray:
        given = [([codes[some], numbers[some]], labels[some]) for some in (train, valid)]
        fit(network(name), given[0], given[1], seed, 12, 3, 256)
        return np.asarray(network(name)([codes[test], numbers[test]], training=False))

    shared = of("three heads", y)
    result: dict[str, Any] = {}
    for k, head in enumerate(HEADS):
        linear = LogisticRegression(max_iter=500).fit(last[train], y[train, k])
        said = {
            "share": np.full(len(test), y[train, k].mean()),
            "logistic": linear.predict_proba(last[test])[:, 1],
            "three heads": shared[:, k],
            "one head": of("one head", y[:, [k]])[:, 0],
        }
        result[head] = {"happened": round(float(y[test, k].mean()), 5)}
        for name, p in said.items():
            p = np.clip(p, 1e-7, 1 - 1e-7)
            result[head][name] = {
                "log loss": round(float(log_loss(y[test, k], p)), 5),
                "average precision": round(float(average_precision_score(y[test, k], p)), 5),
            }
    return result


# --- the next kind of product ---

EPOCHS, PATIENCE = 40, 4
"""Of every network of kinds: at most, and without a gain."""

CUSTOMERS, PRODUCTS, HISTORY, DIM, NEGATIVES = 400, 500, 20, 16, 20


class Kinds:
    """One shop's purchases as kinds: windows of each part, and the training targets in rows."""

    def __init__(self, seed: int, momentum: float, customers: int = CUSTOMERS) -> None:
        self.shop = Shop(seed, customers, PRODUCTS, momentum=momentum)
        kind = self.shop.listings.set_index("product_id")["kind"].cat.codes
        self.of_product = kind.loc[self.shop.products["product_id"]].to_numpy()
        self.n = len(self.shop.listings["kind"].cat.categories)
        bought = self.shop.purchases
        self.of_customer = [rows for _, rows in bought.groupby("user_id", sort=False)]
        kinds = [kind.loc[rows["product_id"]].to_numpy() for rows in self.of_customer]
        self.rows = sequences.rows_of(kinds, HISTORY)
        self.train, self.valid, self.test = (
            sequences.windows_of(kinds, HISTORY, part) for part in ("train", "valid", "test")
        )

    def truth(self) -> np.ndarray:
        """The chances that the tests were drawn with, summed over the products of each kind."""
        asked = [
            (rows["user_id"].iloc[0], rows["product_id"].tolist()[:at], rows["timestamp"].iloc[at])
            for rows in self.of_customer
            for at in range(len(rows) - sequences.TEST, len(rows))
        ]
        pieces = [
            self.shop.next_purchase(*map(list, zip(*asked[at : at + 400], strict=True)))
            for at in range(0, len(asked), 400)
        ]
        return np.concatenate(pieces) @ np.eye(self.n)[self.of_product]


def counted(history: np.ndarray, n: int) -> np.ndarray:
    """How often each kind stands in a history, ``[m, n]``."""
    counts = np.zeros((len(history), n + 1))
    np.add.at(counts, (np.arange(len(history))[:, None], history), 1.0)
    return counts[:, 1:]


def latest(history: np.ndarray) -> np.ndarray:
    """The kind bought last, from 0 on."""
    return history[np.arange(len(history)), sequences.last_steps(history)] - 1


def of_kinds(p: np.ndarray, y: np.ndarray) -> dict[str, float]:
    chosen = np.clip(p[np.arange(len(y)), y], 1e-12, 1.0)
    position = 1 + (p > p[np.arange(len(y)), y][:, None]).sum(axis=1)
    return {
        "log loss": round(float(-np.log(chosen).mean()), 5),
        "NDCG@10": round(float(np.where(position <= 10, 1 / np.log2(position + 1), 0.0).mean()), 5),
    }


class Asked(keras.Model):
    """A logit of the true kind, then of its rivals: in training some drawn anew, else all."""

    def __init__(self, model: Any, n: int) -> None:
        super().__init__()
        self.model, self.n = model, n
        self.draw = keras.random.SeedGenerator(0)

    def call(self, inputs: Any, training: bool = False) -> Any:
        ops = keras.ops
        history, true = inputs
        if training:
            shape = (ops.shape(true)[0], NEGATIVES)
            drawn = keras.random.randint(shape, 0, self.n, seed=self.draw)
            asked = ops.concatenate([true[:, None], ops.cast(drawn, "int64")], axis=1)
        else:
            asked = (true[:, None] + ops.arange(self.n, dtype="int64")) % self.n
        return self.model([history, asked + 1])


@cache
def reader(name: str, n: int) -> Any:
    """One traced graph for all shops."""
    if name.startswith("DIN"):
        model = Asked(sequences.Targeted(n, HISTORY, DIM, "places" in name), n)
        model([np.zeros((2, HISTORY), np.int64), np.zeros(2, np.int64)])
    else:
        model = sequences.Sequential(n, HISTORY, DIM, attention=name == "SASRec")
        model(np.zeros((2, HISTORY), int))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-2), loss)
    return model


def in_rows(history: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Windows as rows whose last step alone counts."""
    target, weight = np.zeros_like(history), np.zeros(history.shape)
    at = np.arange(len(history)), sequences.last_steps(history)
    target[at], weight[at] = true, 1.0
    return history, target, weight


def with_kinds(seed: int, momentum: float, customers: int = CUSTOMERS) -> dict[str, Any]:
    """Every contender on one shop with the dial at ``momentum``."""
    one = Kinds(seed, momentum, customers)
    rows, n = one.rows, one.n
    (train, y), (valid, y_valid), (test, y_test) = one.train, one.valid, one.test
    result = {"truth": of_kinds(one.truth(), y_test)}
    rates = (np.bincount(y, minlength=n) + 1.0) / (len(y) + n)
    result["popularity"] = of_kinds(np.tile(rates, (len(test), 1)), y_test)

    def own(history: np.ndarray, strength: float) -> np.ndarray:
        counts = counted(history, n)
        return (counts + strength * rates) / (counts.sum(axis=1, keepdims=True) + strength)

    def after(history: np.ndarray, strength: float) -> np.ndarray:
        return features.markov_table(latest(train), y, n, strength)[latest(history)]

    def both(history: np.ndarray, strength: float) -> np.ndarray:
        p = own(history, best["own counts"]) * after(history, best["Markov"]) / rates**strength
        return p / p.sum(axis=1, keepdims=True)

    best: dict[str, float] = {}
    for name, of, among in (
        ("own counts", own, STRENGTHS),
        ("Markov", after, STRENGTHS),
        ("own counts x Markov", both, (0.6, 0.8, 1.0)),
    ):
        losses = [of_kinds(of(valid, s), y_valid)["log loss"] for s in among]
        best[name] = among[int(np.argmin(losses))]
        result[name] = of_kinds(of(test, best[name]), y_test)

    for name in ("LSTM", "SASRec"):
        model = reader(name, n)
        fit(
            model,
            (rows.history, rows.target, rows.there),
            in_rows(valid, y_valid),
            seed,
            EPOCHS,
            PATIENCE,
            32,
        )
        said = np.asarray(model(test, training=False))
        said = said[np.arange(len(test)), sequences.last_steps(test)]
        result[name] = of_kinds(softmax(said, axis=1), y_test)
    for name in ("DIN", "DIN, places"):
        model = reader(name, n)
        first = np.zeros(len(y)), np.zeros(len(y_valid))  # the true kind stands first
        fit(
            model,
            ([train, y], first[0]),
            ([valid, y_valid], first[1]),
            seed,
            EPOCHS,
            PATIENCE,
            256,
        )
        every = np.tile(np.arange(1, n + 1), (200, 1))
        pieces = [test[at : at + 200] for at in range(0, len(test), 200)]
        found = [np.asarray(model.model([one, every[: len(one)]])) for one in pieces]
        result[name] = of_kinds(softmax(np.concatenate(found), axis=1), y_test)
    return result


def small() -> dict[str, float]:
    """What a test computes again in a minute."""
    actions, kinds = Visit(SHOPS[0], 5_000), with_counts(SHOPS[0])
    rates = np.bincount(actions.y, minlength=N) / len(actions.y)
    return {**dict(zip(visits.NEXT_ACTIONS, rates.round(5).tolist(), strict=True)), **kinds}


def with_counts(seed: int) -> dict[str, float]:
    """The truth and popularity alone, in a small shop."""
    one = Kinds(seed, 2.0, 60)
    test, y = one.test
    rates = np.full((len(test), one.n), 1 / one.n)
    return {"truth": of_kinds(one.truth(), y)["log loss"], "even": of_kinds(rates, y)["log loss"]}


PARTS: dict[str, Callable[[], Any]] = {"small": small}
PARTS |= {f"actions {seed}": partial(with_actions, seed) for seed in SHOPS}
PARTS |= {f"heads {seed}": partial(with_heads, seed) for seed in SHOPS}
PARTS |= {
    f"kinds {dial:g} {seed}": partial(with_kinds, seed, dial) for dial in DIALS for seed in SHOPS
}

STORED = Stored(
    paths.RESULTS / "next_action.json",
    {"seeds": SHOPS, "tuning_seeds": (1,)},
)

if __name__ == "__main__":
    STORED.measure(PARTS)
