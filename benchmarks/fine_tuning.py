"""Fine-tune, freeze, or start from nothing? Learning curves on draws that share nothing.

    python benchmarks/fine_tuning.py

measures what is missing or stale, each part kept in results/fine_tuning.json as soon as it is done:
ten minutes of one core, and it needs the encoder (lesson 30); ``fine_tuning_more`` goes on with
other numbers of labels. Does the customer recommend the piece, as in ``few_labels``, from 4,200 of
its texts? Their products are dealt into six folds of one size. Fold k is the test of draw k (600
texts); each text is in the first 512 labels of one other draw at most. So up to 512 labels no text
is learnt from in two draws and none is judged in two; with 2,048 labels the draws' labels overlap.

*CNN*: lesson 50's network on the words, from nothing. *Tuned*: what comes out of MiniLM's fifth
block is computed once (64 tokens, 16 bits, a file of 200 MB among the machine's temporary ones);
a copy of the sixth block and a head of one layer are trained, and the head begins as the logistic
regression on the frozen vectors (Kumar et al. 2022, arXiv 2202.10054: first the head, then all).

Every way has six trials at every size: six C, or three learning rates by two numbers of passes. The
tuning draw chooses, by its AUC; no way holds labels back to stop.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from few_labels import LINEAR, Make, judged, labels, linear, logistic, reviews
from folds import CS, SEEDS, TUNING_SEEDS, deal
from parts import Stored

from course_utils import paths
from course_utils.backend import keras, tf
from course_utils.encoder import MINILM
from course_utils.encoder import load as load_encoder
from course_utils.encoder.bert import Block
from course_utils.encoder.wordpiece import padded, read_vocabulary, tokens
from course_utils.labels.titles import (
    known_loss,
    probabilities,
    restart,
    title_network,
    title_vectorizer,
)

ops = keras.ops

SIZES = (8, 32, 128, 512, 2_048)
APART = 512
"""Up to so many labels the draws have none in common."""

ROWS, TESTED = 4_200, 600
LENGTH, WORDS, BATCH = 64, 128, 32
"""Word pieces that the tuned block reads, words that the CNN reads, texts a step."""

RATES = {"CNN": (1e-3, 3e-3, 1e-2), "tuned": (2e-5, 1e-4, 5e-4)}
PASSES: Mapping[str, Mapping[int, tuple[int, ...]]] = {
    "CNN": {8: (50, 200), 32: (50, 200), 128: (20, 80), 512: (10, 40), 2_048: (5, 15)},
    "tuned": {8: (8, 32), 32: (4, 16), 128: (2, 6), 512: (1, 3), 2_048: (1, 2)},
}  # fmt: skip


@cache
def dealt() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows of the table that are read here, their folds, and the draw that learns from each."""
    rng = np.random.default_rng(30)
    rows = np.sort(rng.permutation(len(labels()))[:ROWS])
    return rows, *deal(reviews()["product_id"].to_numpy()[rows], rng)


@cache
def drawn(k: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows to learn from, in order, and rows of the test.

    The first ``APART`` are no other draw's; the order is drawn again until the first eight hold two
    of each class.
    """
    rows, fold, learner = dealt()
    rng = np.random.default_rng(k)
    own = rng.permutation(rows[learner == k])
    while not 2 <= labels()[own[:8]].sum() <= 6:
        own = rng.permutation(own)
    others = rng.permutation(rows[(learner != k) & (fold != k)])
    return np.concatenate([own, others]), rng.permutation(rows[fold == k])[:TESTED]


def split(k: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    pool, test = drawn(k)
    return pool[:size], test


@cache
def masks() -> tuple[np.ndarray, np.ndarray]:
    """Codes and mask of the reviews that are read here."""
    known = read_vocabulary(MINILM.files[1])
    codes = [tokens(one, known, LENGTH) for one in reviews()["all"].iloc[dealt()[0]]]
    return padded(codes, LENGTH)


def shortened(places: np.ndarray, batch: int) -> list[np.ndarray]:
    """Batches of texts of about one length."""
    order = places[np.argsort(masks()[1][places].sum(axis=1), kind="stable")]
    return [order[at : at + batch] for at in range(0, len(order), batch)]


def long(places: np.ndarray) -> int:
    """Tokens of the longest of these texts, rounded up to eight."""
    return min(LENGTH, 8 * int(np.ceil(masks()[1][places].sum(axis=1).max() / 8)))


@cache
def after_five() -> np.ndarray:
    """What comes out of the fifth block, ``[rows, tokens, width]``, half precision."""
    file = Path(tempfile.gettempdir()) / f"after-five-{MINILM.key}-{ROWS}-{LENGTH}.npy"
    if not file.exists():
        (codes, mask), encoder = masks(), load_encoder(MINILM)

        @tf.function(reduce_retracing=True)
        def run(code: Any, seen: Any) -> Any:
            place = ops.arange(ops.shape(code)[1])[None, :]
            x = encoder.words(code) + encoder.places(place) + encoder.kind(0 * place)
            x = encoder.norm(x)
            for block in encoder.blocks[:5]:
                x = block(x, seen)
            return x

        found = np.zeros((ROWS, LENGTH, MINILM.width), "float16")
        for part in shortened(np.arange(ROWS), 50):
            t = long(part)
            found[part, :t] = run(tf.constant(codes[part, :t]), tf.constant(mask[part, :t])).numpy()
        np.save(file, found)
    return np.asarray(np.load(file, mmap_mode="r"))


class Top(keras.Model):
    """The sixth block, the mean over tokens, length 1, one number."""

    def __init__(self) -> None:
        super().__init__()
        self.block = Block(MINILM.heads, MINILM.width, 4 * MINILM.width)
        self.head = keras.layers.Dense(1)

    def pooled(self, x: Any, mask: Any) -> Any:
        counted = mask[:, :, None]
        mean = ops.sum(self.block(x, mask) * counted, axis=1) / ops.sum(counted, axis=1)
        return mean / ops.norm(mean, axis=1, keepdims=True)

    def call(self, x: Any, mask: Any) -> Any:
        return self.head(self.pooled(x, mask))[:, 0]


@cache
def made() -> tuple[Top, list[np.ndarray], Any, Any, Any, Any]:
    """The model, its pretrained block, Adam, one step, the answer, the vector: traced once."""
    top = Top()
    top(np.zeros((1, LENGTH, MINILM.width), "float32"), np.ones((1, LENGTH), "float32"))
    top.block.set_weights(load_encoder(MINILM).blocks[5].get_weights())
    adam = keras.optimizers.Adam(1.0)
    adam.build(top.trainable_variables)

    @tf.function(reduce_retracing=True)
    def step(x: Any, mask: Any, y: Any) -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, top(x, mask)))
        adam.apply(tape.gradient(loss, top.trainable_variables), top.trainable_variables)

    answer = tf.function(lambda x, mask: top(x, mask), reduce_retracing=True)
    vector = tf.function(lambda x, mask: top.pooled(x, mask), reduce_retracing=True)
    return top, top.block.get_weights(), adam, step, answer, vector


def inputs(places: np.ndarray) -> tuple[Any, Any]:
    t = long(places)
    x = after_five()[places, :t].astype("float32")
    return tf.constant(x), tf.constant(masks()[1][places, :t].astype("float32"))


def asked(call: Any, places: np.ndarray) -> np.ndarray:
    """What a graph says of these texts, in their order."""
    parts = shortened(places, 100)
    said = np.concatenate([np.asarray(call(*inputs(part))) for part in parts])
    order = {int(place): k for k, place in enumerate(np.concatenate(parts))}
    return np.asarray(said[[order[int(place)] for place in places]])


@cache
def frozen() -> np.ndarray:
    """Vectors of the untouched sixth block for the reviews read here, at 64 tokens."""
    top, block, *_, vector = made()
    top.block.set_weights(block)
    return asked(vector, np.arange(ROWS))


def of_cut(rows: np.ndarray, n: int) -> np.ndarray:
    """The frozen vectors at 64 tokens."""
    return np.asarray(frozen()[np.searchsorted(dealt()[0], rows)])


def passes(n: int, at: tuple[int, ...], seed: int, step: Callable[[np.ndarray], None]) -> Any:
    """Pass by pass over n texts; hands over after each number of passes that is asked for."""
    rng, size = np.random.default_rng(seed), min(BATCH, n)
    for one in range(1, max(at) + 1):
        order = rng.permutation(n)
        for start in range(0, n - size + 1, size):
            step(order[start : start + size])
        if one in at:
            yield one


def cnn(train: np.ndarray, test: np.ndarray, rate: float, at: tuple[int, ...]) -> list[Any]:
    """Lesson 50's network, from nothing: judged after each of these numbers of passes."""
    text, y, start = reviews()["all"], labels(), time.process_time()
    keras.utils.clear_session()
    numbers = title_vectorizer(text.iloc[train])
    network = title_network(len(numbers.get_vocabulary()), 1, dropout=0.5)
    restart(network, int(train[0]))
    adam = keras.optimizers.Adam(rate)
    adam.build(network.trainable_variables)
    x = tf.constant(numbers(text.iloc[train].tolist()).numpy()[:, :WORDS])
    wanted = tf.constant(y[train][:, None].astype("float32"))

    @tf.function
    def step(rows: Any) -> None:
        with tf.GradientTape() as tape:
            said = network(tf.gather(x, rows), training=True)
            loss = known_loss(tf.gather(wanted, rows), said)
        adam.apply(tape.gradient(loss, network.trainable_variables), network.trainable_variables)

    ids, found = numbers(text.iloc[test].tolist()).numpy()[:, :WORDS], []
    for _ in passes(len(train), at, int(train[0]), lambda rows: step(tf.constant(rows))):
        took = time.process_time() - start
        p = probabilities(network, ids)[:, 0]
        found.append(scored(y[test], p, took, network.count_params()))
    return found


def tuned(
    train: np.ndarray, test: np.ndarray, rate: float, at: tuple[int, ...], c: float
) -> list[Any]:
    """The sixth block and the head, from where the frozen vectors' regression stands."""
    top, block, adam, step, answer, _ = made()
    rows, y = dealt()[0], labels()
    places, asked_of, start = (
        np.searchsorted(rows, train),
        np.searchsorted(rows, test),
        time.process_time(),
    )
    head = logistic(c).fit(frozen()[places], y[train])
    top.block.set_weights(block)
    top.head.set_weights([head.coef_.T, head.intercept_])
    for variable in adam.variables:
        variable.assign(tf.zeros_like(variable))
    adam.learning_rate.assign(rate)
    wanted, found = y[train].astype("float32"), []

    def one(part: np.ndarray) -> None:
        step(*inputs(places[part]), tf.constant(wanted[part]))

    for _ in passes(len(train), at, int(train[0]), one):
        took = time.process_time() - start
        z = asked(answer, asked_of).astype(float)
        found.append(scored(y[test], 1 / (1 + np.exp(-z)), took, top.count_params()))
    return found


def scored(y: np.ndarray, p: np.ndarray, seconds: float, parameters: int) -> dict[str, Any]:
    said = judged(y, p)
    return said | {"seconds": round(seconds, 2), "parameters": int(parameters)}


def runs_of(fit: Callable[..., Any], trial: Any, size: int) -> Any:
    runs = [fit(*split(k, size), trial) for k in SEEDS]
    return {key: [run[key] for run in runs] for key in runs[0]}


def linear_curve(make: Make) -> Any:
    """Size -> the chosen C of six, and what it gives on the draws that judge."""
    found = {}
    for size in SIZES:
        tried = [linear(make, *split(TUNING_SEEDS[0], size), c)["auc"] for c in CS]
        chosen = CS[int(np.argmax(tried))]
        found[str(size)] = {"chosen": chosen, "tried": tried} | runs_of(
            partial(linear, make), chosen, size
        )
    return found


def trained(way: str, size: int, heads: Mapping[str, Any]) -> Callable[..., list[Any]]:
    """The way's training, with the head's C of this size."""
    if way == "CNN":
        return cnn
    return partial(tuned, c=float(np.clip(heads[str(size)]["chosen"], 3, 300)))


def tried_of(way: str, size: int, heads: Mapping[str, Any]) -> Any:
    """AUC on the tuning draw: a row a learning rate, a column a number of passes."""
    fit, at = trained(way, size, heads), PASSES[way][size]
    return [
        [one["auc"] for one in fit(*split(TUNING_SEEDS[0], size), rate, at)] for rate in RATES[way]
    ]


def best_of(
    tried: Sequence[Sequence[float]], rates: Sequence[float], passes: Sequence[int]
) -> tuple[float, int]:
    """The learning rate and the number of passes with the best AUC on the tuning draw."""
    rate, number = np.unravel_index(np.argmax(tried), np.shape(tried))
    return rates[rate], passes[number]


def judged_of(
    way: str, size: int, heads: Mapping[str, Any], trial: Callable[[], tuple[float, int]]
) -> Any:
    """A trial on the draws that judge."""
    rate, number = trial()

    def fit(train: np.ndarray, test: np.ndarray, trial: tuple[float, int]) -> Any:
        return trained(way, size, heads)(train, test, trial[0], (trial[1],))[0]

    return {"chosen": [rate, number]} | runs_of(fit, (rate, number), size)


def trained_parts(way: str, size: int, stored: Stored) -> dict[str, Callable[[], Any]]:
    """Two parts: what the tuning draw says, and the chosen trial on the others."""
    name = f"{way} {size}, tried"
    best = partial(best_of, stored.earlier(name), RATES[way], PASSES[way][size])
    return {
        name: partial(tried_of, way, size, HEADS),
        f"{way} {size}": partial(judged_of, way, size, HEADS, best),
    }


def most_passes(tried: Sequence[Sequence[float]], way: str, size: int) -> tuple[float, int]:
    """The learning rate chosen with 512 labels, and the most passes of this size."""
    return best_of(tried, RATES[way], PASSES[way][512])[0], PASSES[way][size][-1]


def with_rate_of_512(way: str, size: int) -> dict[str, Callable[[], Any]]:
    """One part: the learning rate chosen with 512 labels, and the most passes of this size."""
    trial = partial(most_passes, STORED.earlier(f"{way} 512, tried"), way, size)
    return {f"{way} {size}": partial(judged_of, way, size, HEADS, trial)}


def drawn_facts() -> Any:
    """What the draws hold, and what they have in common."""
    y, product, said = labels(), reviews()["product_id"].to_numpy(), []
    for k in SEEDS:
        pool, test = drawn(k)
        said.append(
            {
                "pool": len(pool),
                "recommended": round(float(y[test].mean()), 4),
                "products": len(set(product[test])),
                "common": len(set(product[test]) & set(product[pool])),
            }
        )
    known = read_vocabulary(MINILM.files[1])
    cut = [len(tokens(one, known, 512)) > LENGTH for one in reviews()["all"].iloc[dealt()[0]]]
    return {"draws": said, "cut": round(float(np.mean(cut)), 4)}


def small() -> float:
    """The words at 32 labels of one draw, for the test: it needs no encoder."""
    return float(linear(LINEAR["words"], *split(0, 32), 3.0)["auc"])


STORED = Stored(
    paths.RESULTS / "fine_tuning.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)
HEADS = STORED.earlier("MiniLM, 64 tokens")

WAYS: Mapping[str, Make] = {
    **{name: LINEAR[name] for name in ("words", "static vectors", "MiniLM", "words and MiniLM")},
    "MiniLM, 64 tokens": of_cut,
}
PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "draws": drawn_facts,
    **{name: partial(linear_curve, make) for name, make in WAYS.items()},
}
for _way in ("tuned", "CNN"):
    PARTS |= trained_parts(_way, 512, STORED)


def main() -> None:
    only = sys.argv[1:]
    STORED.measure({name: part for name, part in PARTS.items() if not only or name in only})


if __name__ == "__main__":
    main()
