"""LoRA, full fine-tuning, biases or a head alone: one block of a pretrained encoder (lesson 32).

    python benchmarks/adapted_reviews.py

measures what is missing or stale, each part kept in results/adapted_reviews.json: some minutes of
one core, and it needs the encoder. Does the customer recommend the product, from title and text of
a review of women's clothing? The first five blocks of MiniLM stay as they are, so what comes out of
them is computed once (32 tokens, 16 bits); only the sixth is trained, from 512 labels.

Every way starts from the same point: the pretrained block, and a head that a logistic regression
fits on the frozen vectors (Kumar et al. 2022, linear probing before fine-tuning). Each has three
trials, learning rates of its own range, or three penalties, chosen on a split that does not judge;
each keeps the epoch of the least log loss on 256 validation reviews, the start included.
Products of the test reviews are in neither training nor validation.
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
from parts import Stored, code_of
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

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
POOL, TOKENS, VALID, TEST = 2_400, 32, 256, 1_000
LABELS, EPOCHS = 512, 3
BATCH, RANK, ALPHA = 32, 8, 16.0

PENALTIES = (1.0, 10.0, 100.0)
"""C of the logistic regressions."""

RATES: Mapping[str, tuple[float, ...]] = {
    "LoRA": (3e-4, 1e-3, 3e-3),
    "full": (3e-5, 1e-4, 3e-4),
    "biases": (3e-4, 1e-3, 3e-3),
}


class LoRA(keras.layers.Layer):
    """y = W x + b + (alpha / r) B A x, with W and b frozen; B starts at zero (Hu et al. 2022)."""

    def __init__(self, frozen: Any, rank: int, alpha: float, seed: int) -> None:
        super().__init__()
        d, h = frozen.kernel.shape
        self.frozen, self.scale = frozen, alpha / rank
        start = keras.initializers.RandomNormal(stddev=d**-0.5, seed=seed)
        self.down = self.add_weight(shape=(d, rank), initializer=start, name="A")
        self.up = self.add_weight(shape=(rank, h), initializer="zeros", name="B")

    def call(self, x: Any) -> Any:
        return self.frozen(x) + self.scale * ((x @ self.down) @ self.up)


@dataclass(frozen=True)
class Rows:
    """Row numbers of the pool: to learn from, to stop by, to judge."""

    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray


@cache
def pool() -> tuple[list[str], np.ndarray, np.ndarray]:
    """Texts, labels and products of 2,400 reviews."""
    d = load("clothing_reviews").dropna(subset=["text"])
    text = (d["title"].fillna("") + " " + d["text"]).str.strip().to_numpy()
    rows = np.sort(np.random.default_rng(32).permutation(len(d))[:POOL])
    return [*text[rows]], d["recommended"].to_numpy()[rows], d["product_id"].to_numpy()[rows]


@cache
def split(seed: int) -> Rows:
    draw = np.random.default_rng(seed)
    product = pool()[2]
    order = draw.permutation(np.unique(product))
    of = np.bincount(np.searchsorted(np.unique(product), product))
    n_test = int(np.searchsorted(np.cumsum(of[np.searchsorted(np.unique(product), order)]), TEST))
    unseen = np.isin(product, order[: n_test + 1])
    rest = draw.permutation(np.flatnonzero(~unseen))
    return Rows(rest[VALID : VALID + LABELS], rest[:VALID], np.flatnonzero(unseen))


@cache
def after_five() -> tuple[np.ndarray, np.ndarray]:
    """``[n, t, d]`` in 16 bits, what the sixth block reads; and the mask ``[n, t]``. Kept for
    the next part in the machine's folder of temporary files, 60 MB."""
    kept = Path(tempfile.gettempdir()) / f"after-five-{MINILM.key}-{POOL}-{TOKENS}.npz"
    if kept.exists():
        with np.load(kept) as both:
            return both["x"], both["mask"]
    encoder, (_, tokens) = load_encoder(MINILM), _opened(MINILM)
    codes = [tokens(text, TOKENS) for text in pool()[0]]
    found, mask = np.zeros((POOL, TOKENS, MINILM.width), "float16"), np.zeros((POOL, TOKENS))

    @tf.function(autograph=False)
    def run(code: Any, seen: Any) -> Any:
        place = tf.range(TOKENS)[None, :]
        x = encoder.norm(
            encoder.words(code) + encoder.places(place) + encoder.kind(tf.zeros_like(place))
        )
        for block in encoder.blocks[:-1]:
            x = block(x, seen)
        return x

    for start in range(0, POOL, 100):
        code, seen = padded(codes[start : start + 100], TOKENS)
        found[start : start + 100] = run(tf.constant(code), tf.constant(seen)).numpy()
        mask[start : start + 100] = seen
    np.savez(kept, x=found, mask=mask.astype("float32"))
    return found, mask.astype("float32")


def fresh_block() -> Block:
    """The sixth block with its pretrained weights, in variables of its own."""
    pretrained = load_encoder(MINILM).blocks[-1]
    block = Block(MINILM.heads, MINILM.width, pretrained.wide.kernel.shape[1])
    block(np.zeros((1, 2, MINILM.width), "float32"), np.ones((1, 2), "float32"))
    block.set_weights(pretrained.get_weights())
    return block


def vector(block: Block, x: Any, mask: Any) -> Any:
    """The mean over tokens, of length 1: the encoder's own ending."""
    counted = mask[:, :, None]
    mean = tf.reduce_sum(block(x, mask) * counted, 1) / tf.reduce_sum(counted, 1)
    return mean / tf.norm(mean, axis=1, keepdims=True)


@cache
def frozen_vectors() -> np.ndarray:
    """``[n, d]``: nothing trained."""
    return vectors_of(graph_of(fresh_block()), np.arange(POOL))


def graph_of(block: Block) -> Any:
    return tf.function(lambda x, mask: vector(block, x, mask), autograph=False)


def vectors_of(graph: Any, rows: np.ndarray) -> np.ndarray:
    """``[n, d]``; the last batch is filled up, so that one graph serves all."""
    x, mask = after_five()
    filled = np.concatenate([rows, np.zeros(-len(rows) % 100, int)])
    found = [
        graph(tf.constant(x[part].astype("float32")), tf.constant(mask[part])).numpy()
        for part in filled.reshape(-1, 100)
    ]
    return np.concatenate(found)[: len(rows)]


def head(x: np.ndarray, rows: Rows, penalty: float) -> LogisticRegression:
    y = pool()[1]
    return LogisticRegression(C=penalty, max_iter=2_000, tol=1e-6).fit(x[rows.train], y[rows.train])


def log_loss(y: np.ndarray, z: np.ndarray) -> float:
    return float(np.mean(np.logaddexp(0.0, z) - y * z))


def trained(block: Block, way: str, seed: int) -> list[Any]:
    """Make the block ready for a way; the variables that it trains, the head's apart."""
    if way == "LoRA":
        for k, name in enumerate(("query", "value")):
            one = LoRA(getattr(block.attention, name), RANK, ALPHA, 10 * seed + k)
            # Keras lets nobody exchange a part of a layer that is built.
            object.__setattr__(block.attention, name, one)
        return [w for n in ("query", "value") for one in [getattr(block.attention, n)]
                for w in (one.down, one.up)]  # fmt: skip
    variables = list(block.trainable_variables)
    return [v for v in variables if len(v.shape) == 1] if way == "biases" else variables


def tuned(way: str, rate: float, rows: Rows, seed: int, penalty: float) -> dict[str, Any]:
    """One training. Biases include those of the two normalisations, and their factors."""
    y = pool()[1].astype("float32")
    start = head(frozen_vectors(), rows, penalty)
    block = fresh_block()
    own = trained(block, way, seed)
    w, b = (
        tf.Variable(start.coef_[0].astype("float32")),
        tf.Variable(np.float32(start.intercept_[0])),
    )
    variables = [v.value if hasattr(v, "value") else v for v in own] + [w, b]
    optimizer = keras.optimizers.Adam(rate)
    kept = [*own, keras.Variable(w.numpy()), keras.Variable(b.numpy())]
    optimizer.build(kept)
    x, mask = after_five()
    forward = graph_of(block)

    @tf.function(autograph=False)
    def gradients(a: Any, seen: Any, label: Any) -> Any:
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(variables)
            z = tf.linalg.matvec(vector(block, a, seen), w) + b
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(label, z))
        return tape.gradient(loss, variables)

    def judged(which: np.ndarray) -> np.ndarray:
        return vectors_of(forward, which) @ w.numpy() + b.numpy()

    def snapshot() -> tuple[float, list[np.ndarray]]:
        return log_loss(y[rows.valid], judged(rows.valid)), [v.numpy() for v in variables]

    best, best_epoch, seconds, steps = snapshot(), 0, 0.0, 0
    draw = np.random.default_rng(seed)
    for epoch in range(1, EPOCHS + 1):
        order = draw.permutation(rows.train)
        for begin in range(0, len(order), BATCH):
            part = order[begin : begin + BATCH]
            before = time.process_time()
            got = gradients(
                tf.constant(x[part].astype("float32")),
                tf.constant(mask[part]),
                tf.constant(y[part]),
            )
            optimizer.apply(got, kept)
            w.assign(kept[-2].value)
            b.assign(kept[-1].value)
            steps += 1
            seconds += (time.process_time() - before) if steps > 2 else 0.0
        now = snapshot()
        if now[0] < best[0]:
            best, best_epoch = now, epoch
    for v, value in zip(variables, best[1], strict=True):
        v.assign(value)
    z = judged(rows.test)
    return {
        "auc": round(float(auc(y[rows.test], z)), 5),
        "log_loss": round(log_loss(y[rows.test], z), 5),
        "valid": round(best[0], 5),
        "epoch": best_epoch,
        "milliseconds a step": round(1e3 * seconds / max(1, steps - 2), 2),
        "trained": int(sum(np.prod(v.shape) for v in variables)),
    }


def heads() -> dict[str, Any]:
    """A head on frozen vectors, of 32 tokens and of 256; and TF-IDF, without any encoder."""
    texts, y, _ = pool()
    found: dict[str, Any] = {}
    for name in ("head, 32 tokens", "head, 256 tokens", "TF-IDF"):
        aucs, losses, chosen = [], [], 0.0
        for seed in (TUNING_SEED, *SEEDS):
            rows = split(seed)
            if name == "TF-IDF":
                words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
                words.fit([texts[k] for k in rows.train])
                x = words.transform(texts)
            else:
                x = frozen_vectors() if "32" in name else encode(texts, MINILM)
            if seed == TUNING_SEED:
                losses_at = [
                    log_loss(y[rows.valid], head(x, rows, c).decision_function(x[rows.valid]))
                    for c in PENALTIES
                ]
                chosen = PENALTIES[int(np.argmin(losses_at))]
                continue
            z = head(x, rows, chosen).decision_function(x[rows.test])
            aucs.append(round(float(auc(y[rows.test], z)), 5))
            losses.append(round(log_loss(y[rows.test], z), 5))
        found[name] = {"auc": aucs, "log_loss": losses, "chosen": chosen}
    return found


def chosen_of(name: str, kept: Mapping[str, Any]) -> float:
    """The rate of the least validation loss on the tuning split."""
    return min(RATES[name], key=lambda rate: float(kept[f"{name}, rate {rate:g}"]["valid"]))


def gathered(name: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the runs of one way gave."""
    tried = {f"{rate:g}": kept[f"{name}, rate {rate:g}"] for rate in RATES[name]}
    runs = [kept[f"{name}, split {seed}"] for seed in SEEDS]
    return {
        "chosen": f"{chosen_of(name, kept):g}",
        "tried": {rate: [one["valid"], one["auc"], one["epoch"]] for rate, one in tried.items()},
        **{key: [run[key] for run in runs] for key in ("auc", "log_loss", "epoch")},
        "milliseconds a step": [run["milliseconds a step"] for run in runs],
        "trained": runs[0]["trained"],
    }


def small() -> float:
    """TF-IDF alone on one split, for the test: it needs no encoder."""
    texts, y, _ = pool()
    rows = split(0)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    words.fit([texts[k] for k in rows.train])
    x = words.transform(texts)
    return float(auc(y[rows.test], head(x, rows, 10.0).decision_function(x[rows.test])))


STORED = Stored(
    paths.RESULTS / "adapted_reviews.json",
    code_of(__file__, ("metrics/ranking", "encoder/bert", "encoder/wordpiece"), ()),
    {"seeds": SEEDS, "tuning_seeds": (TUNING_SEED,)},
)


START: dict[str, Callable[[], Any]] = {"small": small, "heads": heads}
PARTS = (
    *START,
    *(f"{name}, rate {rate:g}" for name, rates in RATES.items() for rate in rates),
    *(f"{name}, split {seed}" for name in RATES for seed in SEEDS),
    *RATES,
)


def main() -> None:
    kept = STORED.measure(START)
    penalty = kept["heads"]["head, 32 tokens"]["chosen"]
    for name, rates in RATES.items():
        runs: dict[str, Callable[[], Any]] = {
            f"{name}, rate {rate:g}": partial(
                tuned, name, rate, split(TUNING_SEED), TUNING_SEED, penalty
            )
            for rate in rates
        }
        kept = STORED.measure(runs)
        rate = chosen_of(name, kept)
        runs = {
            f"{name}, split {seed}": partial(tuned, name, rate, split(seed), seed, penalty)
            for seed in SEEDS
        }
        kept = STORED.measure(runs)
        STORED.measure({name: partial(gathered, name, kept)})


if __name__ == "__main__":
    main()
