"""MiniLM's weights in eight and in four bits: bytes, cosines, AUC, neighbours, speed (lesson 32).

    python benchmarks/rounded_encoder.py

measures what is missing or stale, each part kept in results/rounded_encoder.json; it needs the
encoder. Every matrix is rounded, the tables of words and places too; biases and normalisations are
not. A scale for the whole matrix, for each output unit (of a table: each row), or for 32 weights of
one. What is rounded are weights alone: they are turned back to 32 bits and used as before, so the
quality is that of 8 or 4 bits, the speed is not.

Reviews: does the customer recommend the product? 1,000 reviews, their first 32 tokens; five splits
by product, half to learn a linear head on the vectors of 32 bits, half to judge it on the vectors
of the rounded network. And of the ten nearest reviews of each review by cosine, how many stay when
all are encoded by the rounded network.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.backend import keras, tf
from course_utils.datasets import load
from course_utils.encoder import MINILM
from course_utils.encoder import load as load_encoder
from course_utils.encoder.bert import Encoder
from course_utils.encoder.vectors import _opened
from course_utils.encoder.wordpiece import padded
from course_utils.metrics import auc

SEEDS, REVIEWS, TOKENS, K = range(5), 1_000, 32, 10
GROUP = 32

SETTINGS: dict[str, tuple[int, str]] = {
    "8 bits, a matrix": (8, "matrix"),
    "8 bits, a unit": (8, "unit"),
    "4 bits, a matrix": (4, "matrix"),
    "4 bits, a unit": (4, "unit"),
    "4 bits, 32 weights": (4, "group"),
}
"""Name -> bits, and what shares a scale."""


def rounded(w: np.ndarray, bits: int, share: str, unit: int) -> np.ndarray:
    """s q, with s = max |w| / (2^(bits - 1) - 1) over what shares it; ``unit``: the axis that a
    unit's weights lie along."""
    most = 2 ** (bits - 1) - 1
    if share == "group":
        turned = np.moveaxis(w, unit, -1)
        parts = turned.reshape(*turned.shape[:-1], -1, GROUP)
        return np.moveaxis(_to_grid(parts, most, -1).reshape(turned.shape), -1, unit)
    return _to_grid(w, most, None if share == "matrix" else unit)


def _to_grid(w: np.ndarray, most: int, axis: int | None) -> np.ndarray:
    top = np.abs(w).max(axis=axis, keepdims=True)
    scale = np.where(top > 0, top / most, 1.0)
    return np.asarray((np.rint(w / scale) * scale).astype("float32"))


def size(bits: int, share: str) -> int:
    """Bytes of the file: weights in bits, scales and what is not rounded in 32."""
    total = 0.0
    for variable in load_encoder(MINILM).weights:
        n = int(np.prod(variable.shape))
        if len(variable.shape) < 2 or bits == 32:
            total += 4 * n
            continue
        axis = 1 if "embeddings" in variable.path or "embedding" in variable.path else 0
        scales = {"matrix": 1, "unit": n // variable.shape[axis], "group": n // GROUP}[share]
        total += n * bits / 8 + 4 * scales
    return round(total)


@cache
def encoder_of(name: str) -> Encoder:
    """The encoder, its matrices rounded. A dense kernel is [inputs, units], a table [rows, d]."""
    weights, _ = MINILM.read(*MINILM.files)
    made = Encoder(weights, MINILM.heads)
    if name == "32 bits":
        return made
    bits, share = SETTINGS[name]
    for variable in made.weights:
        if len(variable.shape) == 2:
            axis = 1 if "embedding" in variable.path else 0
            variable.assign(rounded(variable.numpy(), bits, share, axis))
    return made


def encoded(name: str, texts: list[str], length: int) -> np.ndarray:
    encoder, (_, tokens) = encoder_of(name), _opened(MINILM)
    graph = tf.function(lambda code, seen: encoder(code, seen), autograph=False)
    codes = [tokens(text, length) for text in texts]
    found = []
    for start in range(0, len(codes), 100):
        part = codes[start : start + 100]
        code, seen = padded([*part, *[codes[0]] * (100 - len(part))], length)
        found.append(graph(tf.constant(code), tf.constant(seen)).numpy()[: len(part)])
    return np.concatenate(found)


@cache
def reviews() -> tuple[list[str], np.ndarray, np.ndarray]:
    d = load("clothing_reviews").dropna(subset=["text"])
    text = (d["title"].fillna("") + " " + d["text"]).str.strip().to_numpy()
    rows = np.random.default_rng(33).permutation(len(d))[:REVIEWS]
    return [*text[rows]], d["recommended"].to_numpy()[rows], d["product_id"].to_numpy()[rows]


@cache
def exact() -> np.ndarray:
    return encoded("32 bits", reviews()[0], TOKENS)


def aucs(vectors: np.ndarray) -> list[float]:
    _, y, product = reviews()
    names, code = np.unique(product, return_inverse=True)
    found = []
    for seed in SEEDS:
        order = np.random.default_rng(seed).permutation(len(names))
        cut = int(np.searchsorted(np.cumsum(np.bincount(code)[order]), REVIEWS // 2))
        learn = np.isin(code, order[:cut])
        head = LogisticRegression(C=30.0, max_iter=2_000, tol=1e-6).fit(exact()[learn], y[learn])
        found.append(round(float(auc(y[~learn], head.decision_function(vectors[~learn]))), 5))
    return found


def nearest(vectors: np.ndarray) -> np.ndarray:
    """The ten nearest others of each, by cosine."""
    scores = vectors @ vectors.T
    np.fill_diagonal(scores, -2.0)
    return np.argsort(-scores, axis=1, kind="stable")[:, :K]


def exact_part() -> dict[str, Any]:
    return {"bytes": size(32, "none"), "auc": aucs(exact())}


def setting(name: str) -> dict[str, Any]:
    vectors = encoded(name, reviews()[0], TOKENS)
    cosines = (vectors * exact()).sum(1)
    pairs = zip(nearest(vectors), nearest(exact()), strict=True)
    return {
        "bytes": size(*SETTINGS[name]),
        "cosine": [round(float(one), 5) for one in (cosines.mean(), cosines.min())],
        "auc": aucs(vectors),
        "same of ten": round(float(np.mean([len(np.intersect1d(a, b)) / K for a, b in pairs])), 4),
    }


def outliers() -> dict[str, Any]:
    """How far the largest weight of each matrix is from the ordinary: max over deviation."""
    found = {}
    for variable in load_encoder(MINILM).weights:
        if len(variable.shape) == 2 and "embedding" not in variable.path:
            w = variable.numpy()
            found[variable.path] = round(float(np.abs(w).max() / w.std()), 1)
    return {"least": min(found.values()), "most": max(found.values()), "n": len(found)}


def _widened(x: np.ndarray, q: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return np.asarray((x @ q.astype("float32")) * scale)


def speed(calls: int = 60) -> dict[str, Any]:
    """Median CPU milliseconds of one thread: x [n, 384] times W [384, 1536] in four ways."""
    draw = np.random.default_rng(0)
    w = draw.normal(size=(384, 1_536)).astype("float32")
    q = np.rint(w / np.abs(w).max(0) * 127).astype(np.int8)
    scale = (np.abs(w).max(0) / 127).astype("float32")
    dense = keras.layers.Dense(1_536, use_bias=False)
    dense.build((None, 384))
    dense.set_weights([w])
    eight = keras.layers.Dense(1_536, use_bias=False)
    eight.build((None, 384))
    eight.set_weights([w])
    eight.quantize("int8")
    found: dict[str, Any] = {}
    for n in (1, 64, 1_024):
        x = draw.normal(size=(n, 384)).astype("float32")
        xq = np.rint(x / np.abs(x).max(1, keepdims=True) * 127).astype(np.int8)
        t = tf.constant(x)
        run32, run8 = (
            tf.function(dense.__call__, autograph=False),
            tf.function(eight.__call__, autograph=False),
        )
        ways: dict[str, Callable[[], Any]] = {
            "NumPy, 32 bits": partial(np.matmul, x, w),
            "NumPy, 8 bits widened": partial(_widened, x, q, scale),
            "NumPy, integers": partial(np.matmul, xq, q, dtype=np.int32),
            "Keras, 32 bits": partial(run32, t),
            "Keras, int8": partial(run8, t),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        many = calls if n < 1_024 else 6
        for k in range(many + 2):
            for name, run in ways.items():
                before = time.process_time_ns()
                run()
                if k >= 2:
                    times[name].append((time.process_time_ns() - before) / 1e6)
        found[str(n)] = {name: round(float(np.median(of)), 4) for name, of in times.items()}
    return found


STORED = Stored(
    paths.RESULTS / "rounded_encoder.json",
    {"seeds": SEEDS},
)

PARTS: dict[str, Callable[[], Any]] = {
    "speed": speed,
    "outliers": outliers,
    "32 bits": exact_part,
    **{name: partial(setting, name) for name in SETTINGS},
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
