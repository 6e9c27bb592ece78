"""One review at a time: the student's milliseconds, and the encoder's with and without padding.

For lesson 32.

    python benchmarks/text_latency.py

measures what is missing or stale, kept in results/text_latency.json; it needs the encoder and the
static vectors. ``encode`` fills a text up to 16, 32, 64, 128 or 256 tokens, so that there are five
graphs; here a fifth way, with one graph for any length, reads the text as long as it is. Reviews
and linear models are those of distilled_reviews.py (30,000 words and pairs at most). The ways take
turns, in another order for each review, so that a busy machine slows all of them alike. And in
batches, as a night's run does: TF-IDF all texts in one call, the encoder 32 of like length.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import distilled_reviews as base
import numpy as np
from parts import Stored
from sklearn.feature_extraction.text import TfidfVectorizer

from course_utils import paths
from course_utils.backend import tf
from course_utils.encoder import MINILM, STATIC
from course_utils.encoder import load as load_encoder
from course_utils.encoder.static import means
from course_utils.encoder.vectors import LENGTHS, _opened, _table
from course_utils.encoder.wordpiece import padded

SEEDS, TEXTS, WARM = range(1), 200, 20


def latency() -> dict[str, Any]:
    """CPU milliseconds of one thread, one text a call: median and 99th percentile; tokens."""
    texts, rows = base.reviews()[0], base.split(0, 1_024)
    known = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True, max_features=30_000)
    x = known.fit_transform([texts[k] for k in (*rows.train, *rows.valid, *rows.bare)])
    draw = np.random.default_rng(1)
    words, numbers = draw.normal(size=x.shape[1]), draw.normal(size=MINILM.width)
    encoder, (_, tokens) = load_encoder(MINILM), _opened(MINILM)
    anyhow = [tf.TensorSpec((1, None), tf.int32), tf.TensorSpec((1, None), tf.float32)]
    fixed = tf.function(lambda codes, mask: encoder(codes, mask))
    free = tf.function(lambda codes, mask: encoder(codes, mask), input_signature=anyhow)

    def run(text: str, graph: Any, fill: bool) -> float:
        code = tokens(text, MINILM.tokens)
        length = next(one for one in LENGTHS if one >= len(code)) if fill else len(code)
        codes, mask = padded([code], length)
        vector = graph(tf.constant(codes, tf.int32), tf.constant(mask, tf.float32)).numpy()
        return float(vector[0] @ numbers)

    ways: dict[str, Callable[[str], Any]] = {
        "TF-IDF": lambda text: known.transform([text]) @ words,
        "static": lambda text: means([text], *_table(STATIC)) @ numbers[: STATIC.width],
        "MiniLM, filled up": lambda text: run(text, fixed, True),
        "MiniLM": lambda text: run(text, free, False),
    }
    shown = [texts[k] for k in draw.permutation(rows.test)[:TEXTS]]
    for length in LENGTHS:
        fixed(tf.zeros((1, length), tf.int32), tf.ones((1, length)))
    times: dict[str, list[float]] = {name: [] for name in ways}
    apart = 0.0
    for number, text in enumerate([*shown[:WARM], *shown]):
        said = {}
        for name in draw.permutation([*ways]):
            before = time.process_time_ns()
            said[name] = ways[name](text)
            if number >= WARM:
                times[name].append((time.process_time_ns() - before) / 1e6)
        apart = max(apart, abs(said["MiniLM"] - said["MiniLM, filled up"]))
    lengths = [len(tokens(text, MINILM.tokens)) for text in shown]
    return {
        "ms": {
            name: {
                "p50": round(float(np.median(of)), 3),
                "p99": round(float(np.quantile(of, 0.99)), 3),
                "mean": round(float(np.mean(of)), 3),
            }
            for name, of in times.items()
        },
        "tokens": {
            "median": float(np.median(lengths)),
            "mean": round(float(np.mean(lengths)), 1),
            "filled up": round(
                float(np.mean([next(m for m in LENGTHS if m >= n) for n in lengths])), 1
            ),
        },
        "largest difference of the two": float(f"{apart:.1g}"),
    }


def batches(rounds: int = 5) -> dict[str, float]:
    """CPU milliseconds a text, over the same 192 texts; the first round is left out."""
    texts, rows = base.reviews()[0], base.split(0, 1_024)
    known = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True, max_features=30_000)
    known.fit([texts[k] for k in (*rows.train, *rows.valid, *rows.bare)])
    words = np.random.default_rng(1).normal(size=len(known.vocabulary_))
    shown = [texts[k] for k in np.random.default_rng(2).permutation(rows.test)[:192]]
    encoder, (_, tokens) = load_encoder(MINILM), _opened(MINILM)
    anyhow = [tf.TensorSpec((32, None), tf.int32), tf.TensorSpec((32, None), tf.float32)]
    graph = tf.function(lambda codes, mask: encoder(codes, mask), input_signature=anyhow)

    def encoded() -> None:
        codes = sorted((tokens(text, MINILM.tokens) for text in shown), key=len)
        for start in range(0, len(codes), 32):
            part = codes[start : start + 32]
            graph(*(tf.constant(one) for one in padded(part, len(part[-1]))))

    ways: dict[str, Callable[[], Any]] = {
        "TF-IDF": lambda: known.transform(shown) @ words,
        "static": lambda: means(shown, *_table(STATIC)) @ np.ones(STATIC.width),
        "MiniLM": encoded,
    }
    found = {}
    for name, run in ways.items():
        many = 1 if name == "MiniLM" else rounds
        times = []
        for _ in range(many + 1):
            before = time.process_time_ns()
            run()
            times.append((time.process_time_ns() - before) / 1e6 / len(shown))
        found[name] = round(float(np.median(times[1:])), 3)
    return found


STORED = Stored(
    paths.RESULTS / "text_latency.json",
    {"seeds": SEEDS},
)

PARTS: dict[str, Callable[[], Any]] = {"small": base.small, "latency": latency, "batches": batches}
small = base.small


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
