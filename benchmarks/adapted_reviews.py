"""LoRA, full fine-tuning, biases or a head alone: one block of a pretrained encoder (lesson 32).

    python benchmarks/adapted_reviews.py

measures what is missing or stale, each part kept in results/adapted_reviews.json: a quarter of an
hour of one core, and it needs the encoder. Does the customer recommend the product, from title and
text of a review of women's clothing? The first five blocks of MiniLM stay as they are, so what
comes out of them is computed once (32 tokens, 16 bits); only the sixth is trained.

Every way starts from the same point: the pretrained block, and a head that a logistic regression
fits on the frozen vectors (Kumar et al. 2022, linear probing before fine-tuning). From 512 labels,
each way has four trials, learning rates of its own range, chosen by the validation loss of a split
that does not judge. Training stops when the log loss on 384 validation reviews has not fallen for
three epochs, and keeps the best one, the start included. Five folds of products: no test review of
one split is a test review of another, and its products are in neither training nor validation.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from course_utils import paths
from course_utils.backend import keras, tf
from course_utils.datasets import load
from course_utils.encoder import MINILM, encode
from course_utils.encoder import load as load_encoder
from course_utils.encoder.bert import Block
from course_utils.encoder.vectors import _opened
from course_utils.encoder.wordpiece import padded
from course_utils.metrics import auc

SEEDS, TUNING_SEED = range(5), 100
POOL, TOKENS, VALID = 6_000, 32, 384
LABELS = 512
BATCH, RANK, SCALE = 32, 8, 2.0
EVERY, PATIENCE, MOST = 16, 3, 60
"""Steps between two checks, an epoch of 512; and checks: without gain before the stop, at most."""

PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0)
"""C of the logistic regressions."""

RATES: Mapping[str, tuple[float, ...]] = {
    "LoRA": (3e-4, 1e-3, 3e-3, 1e-2),
    "full": (1e-5, 3e-5, 1e-4, 3e-4),
    "biases": (3e-4, 1e-3, 3e-3, 1e-2),
}
RANKS = (1, 2, 32)
"""Of LoRA, besides 8, at its chosen rate, on the split that chooses."""


class LoRA(keras.layers.Layer):
    """y = W x + b + s B A x, with W and b frozen; B starts at zero (Hu et al. 2022)."""

    def __init__(self, frozen: Any, rank: int, scale: float) -> None:
        super().__init__()
        d, h = frozen.kernel.shape
        self.frozen, self.scale = frozen, scale
        self.down = self.add_weight(shape=(d, rank), initializer="zeros", name="A")
        self.up = self.add_weight(shape=(rank, h), initializer="zeros", name="B")

    def call(self, x: Any) -> Any:
        return self.frozen(x) + self.scale * ((x @ self.down) @ self.up)

    def start(self, seed: int) -> None:
        """A at random, B at zero."""
        d, rank = self.down.shape
        self.down.assign(np.random.default_rng(seed).normal(0, d**-0.5, (d, rank)))
        self.up.assign(np.zeros(self.up.shape))


@dataclass(frozen=True)
class Rows:
    """Row numbers of the pool: to learn from, to stop by, to judge."""

    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray


@cache
def pool() -> tuple[list[str], np.ndarray, np.ndarray]:
    """Texts, labels and products of 6,000 reviews."""
    d = load("clothing_reviews").dropna(subset=["text"])
    text = (d["title"].fillna("") + " " + d["text"]).str.strip().to_numpy()
    rows = np.sort(np.random.default_rng(32).permutation(len(d))[:POOL])
    return [*text[rows]], d["recommended"].to_numpy()[rows], d["product_id"].to_numpy()[rows]


@cache
def split(seed: int, labels: int) -> Rows:
    """A fold of products to judge by; of the others, rows to learn from and to stop by."""
    folds = [test for _, test in GroupKFold(len(SEEDS)).split(pool()[2], groups=pool()[2])]
    test = folds[seed % len(SEEDS)]
    rest = np.random.default_rng(seed).permutation(np.setdiff1d(np.arange(POOL), test))
    return Rows(rest[VALID : VALID + labels], rest[:VALID], test)


@cache
def after_five() -> tuple[np.ndarray, np.ndarray]:
    """``[n, t, d]`` in 16 bits, what the sixth block reads; and the mask ``[n, t]``. Kept for
    the next part in the machine's folder of temporary files, 150 MB."""
    kept = Path(tempfile.gettempdir()) / f"after-five-{MINILM.key}-{POOL}-{TOKENS}.npz"
    if kept.exists():
        with np.load(kept) as both:
            return both["x"], both["mask"]
    codes = [_opened(MINILM)[1](text, TOKENS) for text in pool()[0]]
    found, mask = np.zeros((POOL, TOKENS, MINILM.width), "float16"), np.zeros((POOL, TOKENS))
    for start in range(0, POOL, 100):
        code, seen = padded(codes[start : start + 100], TOKENS)
        found[start : start + 100] = five_blocks()(tf.constant(code), tf.constant(seen)).numpy()
        mask[start : start + 100] = seen
    np.savez(kept, x=found, mask=mask.astype("float32"))
    return found, mask.astype("float32")


@cache
def five_blocks() -> Any:
    """Embeddings and all blocks but the last, as a graph."""
    encoder = load_encoder(MINILM)

    @tf.function(autograph=False)
    def run(code: Any, seen: Any) -> Any:
        place = tf.range(TOKENS)[None, :]
        x = encoder.norm(
            encoder.words(code) + encoder.places(place) + encoder.kind(tf.zeros_like(place))
        )
        for block in encoder.blocks[:-1]:
            x = block(x, seen)
        return x

    return run


def batch(rows: np.ndarray) -> tuple[Any, Any]:
    x, mask = after_five()
    return tf.constant(x[rows].astype("float32")), tf.constant(mask[rows])


class Adapted:
    """The sixth block and a head, ready for one way; graphs are made once, weights put back."""

    def __init__(self, way: str, rank: int = RANK) -> None:
        pretrained = load_encoder(MINILM).blocks[-1]
        self.block = Block(MINILM.heads, MINILM.width, pretrained.wide.kernel.shape[1])
        self.block(np.zeros((1, 2, MINILM.width), "float32"), np.ones((1, 2), "float32"))
        self.block.set_weights(pretrained.get_weights())
        self.adapters = []
        own = [*self.block.trainable_variables]
        if way == "biases":
            own = [v for v in own if len(v.shape) == 1]
        if way == "LoRA":
            for name in ("query", "value"):
                one = LoRA(getattr(self.block.attention, name), rank, SCALE)
                # Keras lets nobody exchange a part of a layer that is built.
                object.__setattr__(self.block.attention, name, one)
                self.adapters.append(one)
            own = [v for one in self.adapters for v in (one.down, one.up)]
        self.w, self.b = (
            keras.Variable(np.zeros(MINILM.width, "float32")),
            keras.Variable(np.float32(0)),
        )
        self.trained = [*own, self.w, self.b]
        self.first = [v.numpy() for v in self.trained]
        self.optimizer = keras.optimizers.Adam()
        self.optimizer.build(self.trained)
        self.forward = tf.function(self.vector, autograph=False)
        self.learn = tf.function(self.step, autograph=False)

    def start(self, head: LogisticRegression, rate: float, seed: int) -> None:
        """Pretrained weights, this head, an optimizer without a past."""
        self.put([*self.first[:-2], head.coef_[0], head.intercept_[0]])
        for k, one in enumerate(self.adapters):
            one.start(10 * seed + k)
        for variable in self.optimizer.variables:
            variable.assign(np.zeros(variable.shape))
        self.optimizer.learning_rate = rate

    def put(self, values: list[np.ndarray]) -> None:
        for variable, value in zip(self.trained, values, strict=True):
            variable.assign(value)

    def vector(self, x: Any, mask: Any) -> Any:
        """The mean over tokens, of length 1: the encoder's own ending."""
        counted = mask[:, :, None]
        mean = tf.reduce_sum(self.block(x, mask) * counted, 1) / tf.reduce_sum(counted, 1)
        return mean / tf.norm(mean, axis=1, keepdims=True)

    def step(self, x: Any, mask: Any, label: Any) -> None:
        """Gradients and Adam, in one graph."""
        values = [v.value for v in self.trained]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(values)
            z = tf.linalg.matvec(self.vector(x, mask), self.w.value) + self.b.value
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(label, z))
        self.optimizer.apply(tape.gradient(loss, values), self.trained)

    def vectors(self, rows: np.ndarray) -> np.ndarray:
        """``[n, d]``; the last batch is filled up, so that one graph serves all."""
        filled = np.concatenate([rows, np.zeros(-len(rows) % 100, int)])
        found = [self.forward(*batch(part)).numpy() for part in filled.reshape(-1, 100)]
        return np.concatenate(found)[: len(rows)]

    def judged(self, rows: np.ndarray) -> np.ndarray:
        return self.vectors(rows) @ self.w.numpy() + self.b.numpy()


adapted = cache(Adapted)


@cache
def frozen_vectors() -> np.ndarray:
    """``[n, d]``: nothing trained."""
    return Adapted("head").vectors(np.arange(POOL))


def head(x: Any, rows: Rows, penalty: float) -> LogisticRegression:
    y = pool()[1]
    return LogisticRegression(C=penalty, max_iter=2_000, tol=1e-6).fit(x[rows.train], y[rows.train])


def log_loss(y: np.ndarray, z: np.ndarray) -> float:
    return float(np.mean(np.logaddexp(0.0, z) - y * z))


def tuned(
    way: str, rate: float, seed: int, labels: int, penalty: float, rank: int = RANK
) -> dict[str, Any]:
    """One training, to its stop. Biases include the normalisations', and their factors."""
    y, rows, one = pool()[1].astype("float32"), split(seed, labels), adapted(way, rank)
    one.start(head(frozen_vectors(), rows, penalty), rate, seed)
    draw = np.random.default_rng(seed)

    def snapshot() -> tuple[float, list[np.ndarray]]:
        return log_loss(y[rows.valid], one.judged(rows.valid)), [v.numpy() for v in one.trained]

    best, best_check, check = snapshot(), 0, 0
    start, parts = best[0], np.empty((0, BATCH), int)
    while check - best_check < PATIENCE and check < MOST:
        for _ in range(EVERY):
            if not len(parts):
                parts = draw.permutation(rows.train).reshape(-1, BATCH)
            one.learn(*batch(parts[0]), tf.constant(y[parts[0]]))
            parts = parts[1:]
        check += 1
        now = snapshot()
        if now[0] < best[0]:
            best, best_check = now, check
    one.put(best[1])
    found = {
        "valid": round(best[0], 5),
        "valid at the start": round(start, 5),
        "epoch": best_check * EVERY * BATCH / labels,
        "epochs": check * EVERY * BATCH / labels,
        "trained": int(sum(np.prod(v.shape) for v in one.trained)),
    }
    if seed == TUNING_SEED:
        return found
    z = one.judged(rows.test)
    return found | {
        "auc": round(float(auc(y[rows.test], z)), 5),
        "log_loss": round(log_loss(y[rows.test], z), 5),
    }


def heads(labels: int) -> dict[str, Any]:
    """A head on frozen vectors, of 32 tokens and of 256; and TF-IDF, without any encoder."""
    texts, y, _ = pool()
    found: dict[str, Any] = {}
    for name in ("head, 32 tokens", "head, 256 tokens", "TF-IDF"):
        aucs, losses, tried = [], [], {}
        for seed in (TUNING_SEED, *SEEDS):
            rows = split(seed, labels)
            if name == "TF-IDF":
                x = words(rows)
            else:
                x = frozen_vectors() if "32" in name else encode(texts, MINILM)
            if seed == TUNING_SEED:
                for c in PENALTIES:
                    z = head(x, rows, c).decision_function(x[rows.valid])
                    tried[c] = log_loss(y[rows.valid], z)
                continue
            chosen = min(tried, key=lambda c: tried[c])
            z = head(x, rows, chosen).decision_function(x[rows.test])
            aucs.append(round(float(auc(y[rows.test], z)), 5))
            losses.append(round(log_loss(y[rows.test], z), 5))
        found[name] = {"auc": aucs, "log_loss": losses, "chosen": chosen}
    return found


def words(rows: Rows) -> Any:
    """TF-IDF of words and pairs, its vocabulary from the labelled reviews alone."""
    texts = pool()[0]
    made = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    made.fit([texts[k] for k in rows.train])
    return made.transform(texts).tocsr()


def times(rounds: int = 25) -> dict[str, Any]:
    """Median CPU milliseconds of one thread for 32 reviews: a step of each way, in turn; a
    forward computation of the block; and of what lies below it, which is computed once."""
    y, rows, draw = pool()[1].astype("float32"), split(0, LABELS), np.random.default_rng(0)
    first = head(frozen_vectors(), rows, 10.0)
    for way in RATES:
        adapted(way, RANK).start(first, 1e-5, 0)
    code, seen = padded([_opened(MINILM)[1](text, TOKENS) for text in pool()[0][:BATCH]], TOKENS)
    found: dict[str, list[float]] = {}
    for _ in range(rounds + 2):
        part = draw.permutation(rows.train)[:BATCH]
        x, mask, label = *batch(part), tf.constant(y[part])
        runs: dict[str, Callable[[], Any]] = {
            way: partial(adapted(way, RANK).learn, x, mask, label) for way in RATES
        }
        runs["forward"] = partial(adapted("full", RANK).forward, x, mask)
        runs["five blocks below"] = partial(five_blocks(), tf.constant(code), tf.constant(seen))
        for name in draw.permutation(list(runs)):
            before = time.process_time()
            runs[name]()
            found.setdefault(name, []).append(1e3 * (time.process_time() - before))
    return {name: round(float(np.median(of[2:])), 1) for name, of in found.items()}


def chosen_of(tried: Mapping[str, Any]) -> str:
    """The learning rate of the least validation loss on the tuning split."""
    return min(tried, key=lambda rate: float(tried[rate]["valid"]))


def way(tried: Mapping[str, Any], *runs: Mapping[str, Any]) -> Any:
    """What the runs of one way gave, and before them its trials."""
    return {
        "chosen": chosen_of(tried),
        "tried": {rate: [one["valid"], one["epoch"], one["epochs"]] for rate, one in tried.items()},
        **{key: [run[key] for run in runs] for key in ("auc", "log_loss", "epoch", "epochs")},
        "trained": runs[0]["trained"],
    }


def judged(name: str, tried: Mapping[str, Any], seed: int, labels: int, penalty: float) -> Any:
    """A way on one split, at the learning rate that its trials chose."""
    return tuned(name, float(chosen_of(tried)), seed, labels, penalty)


def parts_of(name: str) -> dict[str, Callable[[], Any]]:
    """Each trial and each split of one way, and what they gave together."""
    trials = {f"{rate:g}": f"{name}, rate {rate:g}" for rate in RATES[name]}
    tried = {rate: STORED.earlier(part) for rate, part in trials.items()}
    splits = {f"{name}, split {seed}": seed for seed in SEEDS}
    return {
        **{
            trials[f"{rate:g}"]: partial(tuned, name, rate, TUNING_SEED, LABELS, PENALTY)
            for rate in RATES[name]
        },
        **{
            part: partial(judged, name, tried, seed, LABELS, PENALTY)
            for part, seed in splits.items()
        },
        name: partial(way, tried, *map(STORED.earlier, splits)),
    }


def small() -> float:
    """TF-IDF alone on one split, for the test: it needs no encoder."""
    y, rows = pool()[1], split(0, LABELS)
    x = words(rows)
    return float(auc(y[rows.test], head(x, rows, 10.0).decision_function(x[rows.test])))


STORED = Stored(
    paths.RESULTS / "adapted_reviews.json",
    {"seeds": SEEDS, "tuning_seeds": (TUNING_SEED,)},
)

PENALTY = STORED.earlier("heads", "head, 32 tokens", "chosen")


def ranked(rank: int, rate: str, penalty: float) -> dict[str, Any]:
    """LoRA with another rank, at the rate that was chosen."""
    return tuned("LoRA", float(rate), TUNING_SEED, LABELS, penalty, rank)


PARTS: dict[str, Callable[[], Any]] = {"small": small, "heads": partial(heads, LABELS)}
for _name in RATES:
    PARTS |= parts_of(_name)
PARTS |= {"times": times} | {
    f"LoRA, rank {rank}": partial(ranked, rank, STORED.earlier("LoRA", "chosen"), PENALTY)
    for rank in RANKS
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
