"""Does it pay to train the encoder's last block? (lesson 30)

    python benchmarks/fine_tuning.py

measures what is missing or stale, each part kept in results/fine_tuning.json as soon as it is done.
3,000 of the clothing reviews, cut after 64 tokens; products of the test are unseen, as in
``few_labels``. What comes out of MiniLM's fifth block is computed once (two minutes of one core)
and kept in .cache. *Tuned* trains a copy of the sixth block and a head of one layer, which begins
as the logistic regression on the frozen vectors (Kumar et al. 2022, arXiv 2202.10054: first the
head, then all). A quarter of its labels stops it, at most ``EPOCHS``.

Its five trials are learning rates, chosen on the tuning seed; the rivals choose among five C.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import few_labels
import numpy as np
from few_labels import CS, drawn, judged, labels, linear, logistic, reviews
from parts import Stored, code_of

from course_utils import paths
from course_utils.backend import keras, tf
from course_utils.encoder import MINILM
from course_utils.encoder import load as load_encoder
from course_utils.encoder.bert import Block
from course_utils.encoder.wordpiece import padded, read_vocabulary, tokens

ops = keras.ops

SEEDS, TUNING_SEEDS = range(5), (100,)
SIZES = (128, 512)
ROWS, LENGTH, BATCH = 3_000, 64, 32
EPOCHS, PATIENCE = 5, 2
RATES = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3)


@cache
def used() -> np.ndarray:
    """The rows of the table that are read here."""
    every = np.random.default_rng(30).permutation(len(labels()))
    return np.asarray(np.sort(every[:ROWS]))


@cache
def masks() -> tuple[np.ndarray, np.ndarray]:
    """Codes and mask of the reviews that are read here."""
    known = read_vocabulary(MINILM.files[1])
    codes = [tokens(one, known, LENGTH) for one in reviews()["all"].iloc[used()]]
    return padded(codes, LENGTH)


@cache
def after_five() -> np.ndarray:
    """What comes out of the fifth block, ``[rows, tokens, width]``, half precision."""
    file = paths.CACHE / "vectors" / f"fifth-block-{MINILM.key}-{ROWS}-{LENGTH}.npy"
    codes, mask = masks()
    if not file.exists():
        encoder = load_encoder(MINILM)

        @tf.function
        def up_to_five(codes: Any, mask: Any) -> Any:
            place = ops.arange(LENGTH)[None, :]
            x = encoder.words(codes) + encoder.places(place) + encoder.kind(0 * place)
            x = encoder.norm(x)
            for block in encoder.blocks[:5]:
                x = block(x, mask)
            return x

        found = np.zeros((len(codes), LENGTH, MINILM.width), "float16")
        for at in range(0, len(codes), 50):
            found[at : at + 50] = up_to_five(codes[at : at + 50], mask[at : at + 50]).numpy()
        np.save(file, found)
    return np.asarray(np.load(file))


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
def _made() -> tuple[Top, list[np.ndarray], Any, Any, Any]:
    """The model, its pretrained block, Adam, one step and the answer: traced once."""
    top = Top()
    top(np.zeros((1, LENGTH, MINILM.width), "float32"), np.ones((1, LENGTH), "float32"))
    top.block.set_weights(load_encoder(MINILM).blocks[5].get_weights())
    adam = keras.optimizers.Adam(1.0)
    adam.build(top.trainable_variables)

    @tf.function
    def step(x: Any, mask: Any, y: Any) -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(y, top(x, mask)))
        adam.apply(tape.gradient(loss, top.trainable_variables), top.trainable_variables)

    answer = tf.function(lambda x, mask: top(x, mask))
    return top, top.block.get_weights(), adam, step, answer


def _inputs(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return after_five()[places].astype("float32"), masks()[1][places]


def _asked(call: Any, places: np.ndarray) -> np.ndarray:
    parts = [call(*_inputs(places[at : at + 250])) for at in range(0, len(places), 250)]
    return np.concatenate([np.asarray(one) for one in parts])


@cache
def frozen() -> np.ndarray:
    """Vectors of the untouched sixth block for the reviews read here, at 64 tokens."""
    top, block, *_ = _made()
    top.block.set_weights(block)
    call = tf.function(lambda x, mask: top.pooled(x, mask))
    return _asked(call, np.arange(ROWS))


def tuned(train: np.ndarray, test: np.ndarray, rate: float) -> Any:
    """Train the sixth block and the head from where the frozen vectors' regression stands."""
    top, block, adam, step, answer = _made()
    places, y, start = np.searchsorted(used(), train), labels(), time.process_time()
    apart = len(train) // 4
    valid, fitted = places[:apart], places[apart:]
    head = logistic(30.0).fit(frozen()[fitted], y[train[apart:]])
    top.block.set_weights(block)
    top.head.set_weights([head.coef_.T, head.intercept_])
    for variable in adam.variables:
        variable.assign(tf.zeros_like(variable))
    adam.learning_rate.assign(rate)

    def loss() -> float:
        z, wanted = _asked(answer, valid), y[train[:apart]]
        return float(np.mean(np.logaddexp(0, z) - z * wanted))

    rng, best, kept, epoch, ran = np.random.default_rng(0), loss(), top.get_weights(), 0, 0
    size = min(BATCH, len(fitted))
    while ran < EPOCHS and ran - epoch < PATIENCE:
        order = rng.permutation(len(fitted))
        for at in range(0, len(order) - size + 1, size):
            rows = fitted[order[at : at + size]]
            step(*_inputs(rows), y[used()[rows]].astype("float32"))
        ran += 1
        if (now := loss()) < best:
            best, kept, epoch = now, top.get_weights(), ran
    top.set_weights(kept)
    took = time.process_time() - start
    z = _asked(answer, np.searchsorted(used(), test))
    return judged(y[test], 1 / (1 + np.exp(-z.astype(float)))) | {
        "seconds": round(took, 2),
        "parameters": int(sum(one.size for one in kept)),
        "kept epoch": epoch,
    }


def on_frozen(rows: np.ndarray, n: int) -> np.ndarray:
    """The frozen vectors at 64 tokens."""
    return np.asarray(frozen()[np.searchsorted(used(), rows)])


Fit = Callable[[np.ndarray, np.ndarray, Any], Any]


def at_size(fit: Fit, trials: tuple[float, ...], size: int) -> Any:
    """The chosen trial at one size, and what it gives on the seeds that judge."""
    tried: list[float] = []
    for trial in trials:
        runs = [fit(*_split(seed, size), trial)["auc"] for seed in TUNING_SEEDS]
        tried.append(round(float(np.mean(runs)), 5))
    chosen = trials[int(np.argmax(tried))]
    runs = [fit(*_split(seed, size), chosen) for seed in SEEDS]
    return {"chosen": chosen, "tried": tried} | {k: [run[k] for run in runs] for k in runs[0]}


def _split(seed: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    pool, test = drawn(seed, used())
    return pool[:size], test


def rivals(name: str) -> Any:
    """Size -> a rival that trains no block."""
    make = {"frozen, 64 tokens": on_frozen, "words": few_labels.of_words}.get(name)
    make = make or few_labels.of_minilm
    return {str(size): at_size(partial(linear, make), CS, size) for size in SIZES}


MODULES = ("encoder/bert", "encoder/wordpiece")
STORED = Stored(
    paths.RESULTS / "fine_tuning.json",
    (*code_of(__file__, MODULES, ()), Path(few_labels.__file__).resolve()),
    {"seeds": SEEDS, "tuning_seeds": TUNING_SEEDS},
)
RIVALS = ("words", "MiniLM, whole text", "frozen, 64 tokens")
PARTS: dict[str, Callable[[], Any]] = {
    **{name: partial(rivals, name) for name in RIVALS},
    **{f"tuned {size}": partial(at_size, tuned, RATES, size) for size in SIZES},
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
