"""MMoE's synthetic experiment: does its ordering hold, and when?

    python benchmarks/mmoe_synthetic.py

makes results/mmoe_synthetic.json anew, in about a quarter of an hour of one CPU. Ma et al.,
Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts, KDD 2018,
draw two regression tasks

    y_k = w_k x + sum_i sin(alpha_i w_k x + beta_i) + noise,    x ~ N(0, I) in R^100
    w_1 = c u_1,  w_2 = c (p u_1 + sqrt(1 - p^2) u_2),    u_1 and u_2 orthonormal; here c = 1

for several p, the cosine of the tasks' directions, and compare Shared-Bottom, a mixture with one
gate (OMoE) and one with a gate a task (MMoE). Sizes are the paper's (section 5.1): 8 experts of
16 units, or a trunk of 113, towers of 8, noise of variance .01. A network per task is added, with
half of the trunk for each, so that all have about as many weights. The paper does not print alpha
and beta; nor did whoever published a generator of it know them (google-research, "Simple
generator for synthetic multi-task data", takes 1, 2, ... and 0, 1, 4, ...). So two choices are
measured: four *slow* sines, which a network of this size follows closely, and ten *fast* ones,
alpha 1 to 10, of which it misses a tenth.

All seeds of one network are trained side by side, each with its own u, rows and weights; each
batch is fresh, so nothing can be learned by heart. The rate is chosen among three on two other
seeds, for each network and each kind of sines.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from machine import described

from course_utils import paths
from course_utils.authoring.fingerprint import reach
from course_utils.backend import tf

tf.get_logger().setLevel("ERROR")  # of one graph a call: each has its own seeds

RESULTS = paths.ROOT / "results" / "mmoe_synthetic.json"

DIM, EXPERTS, UNITS, TOWER, TRUNK, TASKS = 100, 8, 16, 8, 113, 2
SINES = {
    "slow": ([0.5, 1.0, 1.5, 2.0], [0.0, 1.0, 4.0, 9.0]),
    "fast": ([1.0 + i for i in range(10)], [float(i * i) for i in range(10)]),
}
COSINES = (0.0, 0.5, 0.9, 1.0)
RATES = (1e-3, 3e-3, 1e-2)
TUNING_SEEDS, SEEDS = (100, 101), tuple(range(8))
TUNING_COSINES = (0.0, 1.0)
BATCH, STEPS, N_TEST, NOISE = 64, 5_000, 4_000, 0.1

Weights = dict[str, Any]


def directions(seeds: Sequence[int], cosine: float) -> np.ndarray:
    """``[S, d, K]``: w_1 and w_2 of each seed."""
    found = []
    for seed in seeds:
        draw = np.random.Generator(np.random.PCG64(seed))
        u = np.linalg.qr(draw.normal(size=(DIM, 2)))[0]
        found.append(np.stack([u[:, 0], cosine * u[:, 0] + np.sqrt(1 - cosine**2) * u[:, 1]], 1))
    return np.array(found)


def signal(x: Any, w: Any, kind: str) -> Any:
    """``[S, B, K]``: what the labels are without their noise."""
    alpha, beta = (tf.constant(one, tf.float32) for one in SINES[kind])
    along = tf.matmul(x, w)
    return along + tf.reduce_sum(tf.sin(along[..., None] * alpha + beta), axis=-1)


def shapes(name: str) -> dict[str, tuple[int, ...]]:
    """Kernels and biases of a network; a leading K means one for each task."""
    if name == "network per task":
        shared = {"trunk": (TASKS, DIM, TRUNK // 2), "trunk bias": (TASKS, 1, TRUNK // 2)}
        read = TRUNK // 2
    elif name == "Shared-Bottom":
        shared, read = {"trunk": (1, DIM, TRUNK), "trunk bias": (1, 1, TRUNK)}, TRUNK
    else:
        gates = TASKS if name == "MMoE" else 1
        shared = {
            "trunk": (EXPERTS, DIM, UNITS),
            "trunk bias": (EXPERTS, 1, UNITS),
            "gates": (gates, DIM, EXPERTS),
        }
        read = UNITS
    towers = {
        "tower": (TASKS, read, TOWER),
        "tower bias": (TASKS, 1, TOWER),
        "last": (TASKS, TOWER, 1),
        "last bias": (TASKS, 1, 1),
    }
    return {**shared, **towers}


NETWORKS = ("network per task", "Shared-Bottom", "OMoE", "MMoE")


def fresh(name: str, seeds: Sequence[int]) -> Weights:
    """Glorot uniform kernels, zero biases, ``[S, n, inputs, outputs]``."""
    drawn: dict[str, list[np.ndarray]] = {part: [] for part in shapes(name)}
    for seed in seeds:
        draw = np.random.Generator(np.random.PCG64([seed, 7]))
        for part, shape in shapes(name).items():
            edge = 0.0 if part.endswith("bias") else np.sqrt(6.0 / sum(shape[1:]))
            drawn[part].append(draw.uniform(-edge, edge, shape))
    return {part: tf.Variable(np.array(values), dtype=tf.float32) for part, values in drawn.items()}


def said(name: str, weights: Weights, x: Any) -> Any:
    """``[S, B, K]``: the network's outputs for ``x [S, B, d]``."""
    x = x[:, None]  # [S, 1, B, d]
    made = tf.nn.relu(tf.matmul(x, weights["trunk"]) + weights["trunk bias"])  # [S, n, B, h]
    if "gates" in weights:
        gates = tf.nn.softmax(tf.matmul(x, weights["gates"]))  # [S, K or 1, B, n]
        made = tf.einsum("skbn,snbh->skbh", gates, made)
    hidden = tf.nn.relu(tf.matmul(made, weights["tower"]) + weights["tower bias"])
    last = tf.matmul(hidden, weights["last"]) + weights["last bias"]  # [S, K, B, 1]
    return tf.transpose(last[..., 0], (0, 2, 1))


def trained(
    name: str, kind: str, cosine: float, seeds: Sequence[int], rate: float, steps: int = STEPS
) -> np.ndarray:
    """``[S]``: the squared error on new rows, against the labels without noise, mean of the tasks.

    It is a share of the variance of those labels: 1 is the error of a constant.
    """
    w = tf.constant(directions(seeds, cosine), tf.float32)
    weights = fresh(name, seeds)
    parts = list(weights.values())
    moments = [[tf.Variable(tf.zeros_like(one)) for one in parts] for _ in range(2)]

    def rows(n: int, step: Any, of: int) -> Any:
        """Rows of each seed, the same whichever seeds run beside it and whatever the network."""
        draws = [
            tf.random.stateless_normal((n, DIM), (seed + 1000 * of, step), alg="philox")
            for seed in seeds
        ]
        return tf.stack(draws)

    @tf.function
    def train() -> None:
        for step in tf.range(steps):
            x = rows(BATCH, step, 0)
            noise = rows(BATCH, step, 1)[..., :TASKS]
            y = signal(x, w, kind) + NOISE * noise
            with tf.GradientTape() as tape:
                off = tf.square(said(name, weights, x) - y)
                loss = tf.reduce_sum(tf.reduce_mean(off, axis=(1, 2)))  # seeds do not meet
            count = tf.cast(step + 1, tf.float32)
            scale = rate * tf.sqrt(1.0 - 0.999**count) / (1.0 - 0.9**count)
            # The rate falls to a tenth over the last half, so that all end at rest.
            scale *= tf.minimum(1.0, 10.0 ** (1.0 - 2.0 * count / steps))
            for one, m, v, g in zip(parts, *moments, tape.gradient(loss, parts), strict=True):
                m.assign(0.9 * m + 0.1 * g)
                v.assign(0.999 * v + 0.001 * tf.square(g))
                one.assign_sub(scale * m / (tf.sqrt(v) + 1e-7))

    train()
    x = rows(N_TEST, tf.constant(0), 2)
    truth, predicted = signal(x, w, kind), said(name, weights, x)
    off = tf.reduce_mean(tf.square(predicted - truth), axis=1)
    return (off / tf.math.reduce_variance(truth, axis=1)).numpy().mean(axis=1)


def small() -> dict[str, float]:
    """A version that a test can recompute: one seed, few steps."""
    found = {name: trained(name, "slow", 0.5, TUNING_SEEDS, 3e-3, 300) for name in NETWORKS}
    return {name: round(float(errors.mean()), 5) for name, errors in found.items()}


def tuning_error(name: str, kind: str, rate: float) -> float:
    """Mean over the tuning seeds and cosines."""
    tried = [trained(name, kind, p, TUNING_SEEDS, rate) for p in TUNING_COSINES]
    return float(np.mean(tried))


def measured() -> tuple[dict[str, dict[str, float]], dict[str, dict[str, Any]]]:
    """The chosen rates, and the errors by kind, cosine and network."""
    rates: dict[str, dict[str, float]] = {kind: {} for kind in SINES}
    errors: dict[str, dict[str, Any]] = {kind: {str(p): {} for p in COSINES} for kind in SINES}
    for kind in SINES:
        for name in NETWORKS:
            tried = {rate: tuning_error(name, kind, rate) for rate in RATES}
            rates[kind][name] = min(tried, key=tried.__getitem__)
            print(kind, name, {rate: round(value, 4) for rate, value in tried.items()}, flush=True)
            for p in COSINES:
                found = trained(name, kind, p, SEEDS, rates[kind][name])
                errors[kind][str(p)][name] = [round(float(one), 5) for one in found]
                print(kind, p, name, found.mean().round(4), flush=True)
    return rates, errors


def code() -> str:
    """The hash of the code that makes the numbers."""
    return reach().of((measured, shapes, small))


def main() -> None:
    rates, errors = measured()
    sizes = {name: int(sum(map(np.prod, shapes(name).values()))) for name in NETWORKS}
    kept = {
        "code": code(),
        "seeds": list(SEEDS),
        "weights": sizes,
        "rates": rates,
        "errors": errors,
        "small": small(),
        "machine": described("tensorflow-cpu", "numpy"),
    }
    RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
