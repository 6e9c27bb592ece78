"""Which task should the smooth maximum follow: that of the largest loss, or of the largest harm?

    python benchmarks/smooth_excess.py

makes results/smooth_excess.json, which lesson 40 and its study page read. One trunk of one unit,
four tasks, as in ``direction`` of benchmarks/conflict_grid.py, on two grounds:

- ``equal``: that market as it is; its four tasks are equally hard;
- ``rare``: the same rows, but of task D's labels 1 one in five is kept, as of clicks that end in a
  purchase. Its log loss is the smallest of the four even where it learns nothing.

The smooth maximum t log sum_k exp(l_k (L_k - z_k) / t) (Lin et al., ICML 2024) is minimised in
four forms, with c_k the log loss of the best constant and z_k that of the task's twin. Both are
losses on the training rows, as L_k is: with rows of two kinds c - z may be below zero where
labels are rare.

- ``losses``: l = 1, z = 0;
- ``normalised losses``: l = 1 / c, z = 0;
- ``normalised excess``: l = 1 / c, and z;
- ``relative harm``: l = 1 / (c - z), and z: 0 as good as the twin, 1 as the constant.

All have the same four temperatures. Two seeds choose one by the validation rows: the worst task's
AUC minus its twin's. Ten other seeds judge by the true probabilities. All runs of a ground are
trained side by side, since a step of one unit is too small for a graph of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from scipy.special import expit, softmax

from course_utils import paths
from course_utils.comparison.judging import measures
from course_utils.regimes import direction
from course_utils.regimes.scale import constant_loss

SEEDS, TUNING_SEEDS = range(7_000, 7_010), (100, 101)
ALL = (*TUNING_SEEDS, *SEEDS)
KEPT = {"equal": 1.0, "rare": 0.2}
"""Ground -> how many of task D's labels 1 are kept."""

TEMPERATURES = (0.005, 0.02, 0.1, 0.5)
RATE, BATCH, EPOCHS, LOOK = 0.03, 1_000, 400, 4
"""Of Adam; ``LOOK``: epochs between two looks at the validation rows, the best of which is kept."""

STARTS = (40, 41, 42)
"""Of a twin; joint networks have the first."""

Array = np.ndarray
Parameters = dict[str, Array]
Weigh = Callable[[Array], Array]
"""Losses ``[S, R, K]`` -> what each task's gradient is multiplied by."""


def rows_of(ground: str) -> dict[str, Array]:
    """Of all seeds: x ``[S, n, d]``, labels ``[S, n, K]`` and true probabilities of test rows."""
    found: dict[str, list[Array]] = {}
    for seed in ALL:
        case, draw = direction.make(seed), np.random.default_rng((40, seed))
        for name in ("train", "valid", "test"):
            table = getattr(case.split, name)
            y = np.stack([*table.labels.values()], axis=1)
            y[:, 3] *= draw.random(len(y)) < KEPT[ground]
            found.setdefault(f"x_{name}", []).append(table.inputs[1])
            found.setdefault(f"y_{name}", []).append(y)
        truth = np.stack([*case.truth.values()], axis=1)
        found.setdefault("truth", []).append(truth * [1, 1, 1, KEPT[ground]])
    return {name: np.stack(of).astype("float32") for name, of in found.items()}


def hidden(now: Parameters, x: Array) -> Array:
    """``[S, n, R]``: the one unit of each run."""
    return np.maximum(x @ now["kernel"] + now["bias"], 0)


def logits(now: Parameters, h: Array) -> Array:
    """``[S, n, R, K]``."""
    return h[..., None] * now["head"] + now["offset"]


def losses_of(logit: Array, y: Array) -> Array:
    """``[S, R, K]``: the mean log loss of each run and task."""
    return np.asarray((np.logaddexp(0, logit) - y[:, :, None] * logit).mean(axis=1))


def slopes(now: Parameters, x: Array, y: Array, weigh: Weigh) -> Parameters:
    """The gradient of the weighed losses."""
    h = hidden(now, x)
    logit = logits(now, h)
    error = (expit(logit) - y[:, :, None]) / len(x[0])
    error *= weigh(losses_of(logit, y))[:, None]
    back = (error * now["head"]).sum(axis=3) * (h > 0)
    return {
        "kernel": x.transpose(0, 2, 1) @ back,
        "bias": back.sum(axis=1, keepdims=True),
        "head": np.einsum("snrk,snr->srk", error, h)[:, None],
        "offset": error.sum(axis=1, keepdims=True),
    }


def trained(rows: Mapping[str, Array], n_runs: int, weigh: Weigh, start: int = 40) -> Parameters:
    """``n_runs`` networks a seed, which begin alike and see the same batches, at their best epoch.

    Best is the least sum of the validation losses. ``start`` draws the first weights.
    """
    (n_seeds, n, d), k = rows["x_train"].shape, rows["y_train"].shape[2]
    shapes = {"kernel": (d, 1), "head": (1, 1, k), "bias": (1, 1), "offset": (1, 1, k)}
    limits = {"kernel": (6 / (d + 1)) ** 0.5, "head": 3**0.5}  # as Keras draws them
    draw, now = np.random.default_rng(start), {}
    for name, shape in shapes.items():
        first = limits.get(name, 0.0) * draw.uniform(-1, 1, (n_seeds, *shape))
        axis = 1 + len(shape) - (2 if name in ("head", "offset") else 1)
        now[name] = np.repeat(first, n_runs, axis=axis).astype("float32")
    mean, square = ({key: np.zeros_like(w) for key, w in now.items()} for _ in range(2))
    best, least, step = dict(now), np.full((n_seeds, n_runs), np.inf), 0
    for epoch in range(1, EPOCHS + 1):
        order = draw.permutation(n)
        for at in range(0, n - BATCH + 1, BATCH):
            batch, step = order[at : at + BATCH], step + 1
            found = slopes(now, rows["x_train"][:, batch], rows["y_train"][:, batch], weigh)
            for key, g in found.items():
                mean[key] = 0.9 * mean[key] + 0.1 * g
                square[key] = 0.999 * square[key] + 0.001 * g * g
                size = np.sqrt(square[key] / (1 - 0.999**step)) + 1e-7
                now[key] = now[key] - RATE * mean[key] / (1 - 0.9**step) / size
        if epoch % LOOK == 0:
            valid = losses_of(logits(now, hidden(now, rows["x_valid"])), rows["y_valid"]).sum(
                axis=2
            )
            better, least = valid < least, np.minimum(valid, least)
            for key, w in now.items():
                told = better[:, None, :, None] if w.ndim == 4 else better[:, None]
                best[key] = np.where(told, w, best[key])
    return best


def aucs(now: Parameters, rows: Mapping[str, Array], where: str) -> Array:
    """``[S, R, K]``: AUC by the labels of the validation rows, or the truth of the test rows."""
    target = rows["truth"] if where == "test" else rows["y_valid"]
    said = expit(logits(now, hidden(now, rows[f"x_{where}"])))
    return np.array(
        [
            [
                [measures(y[:, k], p[:, r, k])["auc"] for k in range(y.shape[1])]
                for r in range(p.shape[1])
            ]
            for y, p in zip(target, said, strict=True)
        ]
    )


def twins(ground: str) -> dict[str, Any]:
    """``[S][K]`` of each task alone: z, c, and the AUC on validation and on test rows.

    z and c are losses on the training rows.

    Of three starts that of the least validation loss: a lone unit may be born dead.
    """
    rows, found = rows_of(ground), dict[str, list[Any]]()
    for k in range(4):
        one = {key: of[:, :, k : k + 1] if key[0] in "yt" else of for key, of in rows.items()}
        runs = [trained(one, 1, np.ones_like, start) for start in STARTS]
        now = {key: np.concatenate([run[key] for run in runs], axis=2) for key in runs[0]}
        loss = losses_of(logits(now, hidden(now, one["x_valid"])), one["y_valid"])[:, :, 0]
        best = loss.argmin(axis=1)[:, None]
        seen = losses_of(logits(now, hidden(now, one["x_train"])), one["y_train"])[:, :, 0]
        found.setdefault("loss", []).append(np.take_along_axis(seen, best, axis=1)[:, 0])
        found.setdefault("constant", []).append([constant_loss(y[:, 0]) for y in one["y_train"]])
        for where in ("valid", "test"):
            auc = aucs(now, one, where)[:, :, 0]
            found.setdefault(where, []).append(np.take_along_axis(auc, best, axis=1)[:, 0])
    return {key: np.stack(of, axis=1).round(5).tolist() for key, of in found.items()}


def forms(c: Array, z: Array) -> dict[str, tuple[Array, Array]]:
    """Form -> l and z, ``[S, K]`` each."""
    assert (c > z).all(), "a twin learns nothing: relative harm has no scale"
    return {
        "losses": (np.ones_like(c), np.zeros_like(z)),
        "normalised losses": (1 / c, np.zeros_like(z)),
        "normalised excess": (1 / c, z),
        "relative harm": (1 / (c - z), z),
    }


def compared(ground: str, alone: Mapping[str, Any]) -> dict[str, Any]:
    """Form -> of the ten seeds AUC ``[temperatures][seeds][tasks]``, and the chosen temperature.

    Args:
        alone: what ``twins`` gives.
    """
    rows = rows_of(ground)
    of = forms(np.array(alone["constant"]), np.array(alone["loss"]))
    scale, ideal = (
        np.repeat([one[i] for one in of.values()], len(TEMPERATURES), 0) for i in (0, 1)
    )
    scale, ideal = (np.moveaxis(one, 0, 1) for one in (scale, ideal))  # [S, R, K]
    t = np.tile(TEMPERATURES, len(of))[:, None]

    def weigh(losses: Array) -> Array:
        smooth = softmax(scale * (losses - ideal) / t, axis=2) * scale
        return np.concatenate([np.ones_like(losses[:, :1]), smooth[:, 1:]], axis=1)

    # The first run is the plain sum.
    scale, ideal = (np.concatenate([one[:, :1], one], axis=1) for one in (scale, ideal))
    t = np.concatenate([t[:1], t])
    now = trained(rows, len(t), weigh)
    on_valid, on_test = aucs(now, rows, "valid"), aucs(now, rows, "test").round(5)
    short = (on_valid - np.array(alone["valid"])[:, None]).min(axis=2)[: len(TUNING_SEEDS)].mean(0)
    judged = on_test[len(TUNING_SEEDS) :]
    found: dict[str, Any] = {"equal weights": {"auc": [judged[:, 0].tolist()]}}
    for i, name in enumerate(of):
        at = slice(1 + i * len(TEMPERATURES), 1 + (i + 1) * len(TEMPERATURES))
        found[name] = {
            "auc": np.moveaxis(judged[:, at], 1, 0).tolist(),
            "chosen": TEMPERATURES[int(short[at].argmax())],
            "tuning": short[at].round(5).tolist(),
        }
    return found


BESIDE: Mapping[str, Any] = {
    "seeds": SEEDS,
    "tuning_seeds": TUNING_SEEDS,
    "temperatures": TEMPERATURES,
}
STORED = Stored(paths.ROOT / "results" / "smooth_excess.json", BESIDE)

PARTS: Mapping[str, Callable[[], Any]] = {
    f"{ground}, {what}": part
    for ground in KEPT
    for what, part in (
        ("twins", partial(twins, ground)),
        ("joint", partial(compared, ground, STORED.earlier(f"{ground}, twins"))),
    )
}

if __name__ == "__main__":
    STORED.measure(PARTS)
