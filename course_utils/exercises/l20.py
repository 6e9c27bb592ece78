"""Lesson 20: the checks of its three tasks, their hints, and the answers that prove them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import expit, softmax, xlogy

from course_utils.exercises.engine import (
    AnswerRaised,
    NotAttempted,
    Rejected,
    Task,
    Wrong,
    as_array,
    as_number,
    reject,
    shorten,
)

TOLERANCE = 1e-6

Runs = Sequence[tuple[tuple[Any, ...], Any]]
"""Arguments of a call, and what the answer gave for them."""


def _runs(cases: Iterable[tuple[Any, ...]], read: Callable[..., Any]) -> Runs:
    """What the answer gives for each case that it can read; the others are left out."""
    runs = []
    for case in cases:
        try:
            with warnings.catch_warnings():  # the learner saw them when the case came up
                warnings.simplefilter("ignore")
                runs.append((case, read(*case)))
        except (AnswerRaised, NotAttempted, Rejected):
            continue
    return runs


def _close(got: Any, want: Any) -> bool:
    return np.shape(got) == np.shape(want) and bool(np.allclose(got, want, rtol=0, atol=TOLERANCE))


def _why(runs: Runs, right: Callable[..., Any], known: Mapping[str, Callable[..., Any]]) -> str:
    """The known mistake that gives the answer's numbers in every run, if there is one.

    A mistake that has no number for a run (nan) is not judged by it, unless it is the first
    wrong run: the one that the message shows.
    """
    rounded = {
        f"the result is rounded to {digits} decimals: do not round": (
            lambda *case, digits=digits: np.round(right(*case), digits)
        )
        for digits in range(1, 6)
    }
    shown = next((n for n, (case, got) in enumerate(runs) if not _close(got, right(*case))), None)
    if shown is None:
        return ""
    for mistake, gives in {**known, **rounded}.items():
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values = [np.asarray(gives(*case), dtype=float) for case, _ in runs]
        fits = [
            _close(got, value) or not np.isfinite(value).all()
            for (_, got), value in zip(runs, values, strict=True)
        ]
        if all(fits) and np.isfinite(values[shown]).all():
            return f" It looks as if {mistake}."
    return ""


def _differ(want: Sequence[float], got: Sequence[float]) -> tuple[list[str], list[str], str]:
    """Numbers with as many decimals as it takes to see that they differ, and a word on it."""
    for digits in (4, 6, 8, 12):
        texts = [[f"{value:.{digits}f}" for value in values] for values in (want, got)]
        if texts[0] != texts[1]:
            break
    advice = f" The check compares to {TOLERANCE}: do not round, also not on the way."
    return texts[0], texts[1], advice if digits > 4 else ""


def _code(value: Any) -> str:
    """A value as the code that makes it."""
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_code(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_code, value))})"
    if isinstance(value, list):
        return f"[{', '.join(map(_code, value))}]"
    return repr(value)


def _lines(**values: Any) -> str:
    return "\n".join(f"    {name} = {_code(value)}" for name, value in values.items())


# ------------------------------------------------------------ 20.1 the multi-task loss

Batch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def _log_losses(p: Any, y: Any) -> np.ndarray:
    return -xlogy(y, p) - xlogy(1 - np.asarray(y), 1 - np.asarray(p))


def _loss(p: Any, y: Any, mask: Any, weights: Any) -> float:
    losses = np.ma.array(_log_losses(p, y), mask=~np.asarray(mask))
    return float(np.dot(losses.mean(axis=0).filled(0.0), weights))


def _batch(p: Any, y: Any, mask: Any, weights: Any) -> Batch:
    """A batch from plain numbers, the mask written as 0 and 1."""
    return np.array(p), np.array(y, float), np.array(mask, bool), np.array(weights, float)


_THREE = [[0.2, 0.6, 0.7], [0.9, 0.3, 0.4], [0.35, 0.8, 0.15]]
_LABELS = [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
_BATCHES = [
    _batch([[0.5, 0.25], [0.5, 0.9]], [[1, 0], [0, 0]], [[1, 1], [1, 0]], [1, 2]),
    _batch([[0.2, 0.6], [0.9, 0.3], [0.4, 0.8]], [[0, 1], [1, 0], [1, 1]], [[1, 0], [0, 0], [1, 1]],
           [0.5, 3]),
    _batch([[0.7, 0.1], [0.4, 0.45], [0.3, 0.85]], [[1, 0], [0, 1], [0, 0]],
           [[0, 1], [1, 1], [0, 0]], [1.5, 0.7]),
    _batch(_THREE, _LABELS, [[1, 0, 1], [1, 1, 1], [0, 1, 0]], [2, 0, 0.6]),
    _batch([[0.3], [0.6], [0.9]], [[1], [1], [0]], [[1], [0], [1]], [0.8]),
    _batch([[0.0001, 0.9999], [0.9999, 0.0001], [0.5, 0.4]], [[1, 1], [1, 0], [0, 1]],
           [[1, 1], [1, 0], [0, 1]], [1, 2]),
    _batch([[0.0001, 0.9999], [0.9999, 0.6]], [[0, 0], [0, 1]], [[1, 1], [0, 1]], [1, 2]),
    _batch([[0.3, 0.6]], [[1, 0]], [[1, 1]], [1.5, 2]),
    _batch([[0.3, 0.6]], [[1, 0]], [[1, 0]], [1.5, 2]),
    _batch(_THREE, _LABELS, [[0, 1, 0], [0, 1, 1], [0, 0, 1]], [1, 2, 3]),
    _batch(_THREE, _LABELS, [[1, 0, 0], [1, 0, 1], [0, 0, 1]], [1, 2, 3]),
    _batch(_THREE, _LABELS, [[1, 1, 0], [1, 0, 0], [0, 1, 0]], [1, 2, 3]),
    _batch([[0.2, 0.6], [0.9, 0.3]], [[0, 1], [1, 1]], [[0, 0], [0, 0]], [1, 2]),
]  # fmt: skip


def check_loss(answer: Any) -> None:
    for batch in _BATCHES:
        p, y, mask, weights = batch
        told = f"With\n{_lines(p=p, y=y, mask=mask, weights=weights)}\n"
        if not mask.any(axis=0).all():
            told += "(where a task without any row adds 0) "
        want = _loss(*batch)
        got = as_number(answer(*batch), f"{told}the result")
        if not _close(got, want):
            (should,), (is_,), advice = _differ([want], [got])
            runs = _runs(_BATCHES, lambda *case: as_number(answer(*case), "The result"))
            why = _why(runs, _loss, _LOSS_MISTAKES) or advice
            reject(f"{told}expected {should}, got {is_}.{why}")


def _loss_by_loops(p: Any, y: Any, mask: Any, weights: Any) -> Any:
    total = 0.0
    for k, weight in enumerate(weights):
        chosen = [i for i in range(len(p)) if mask[i][k]]
        chances = [p[i][k] if y[i][k] == 1 else 1 - p[i][k] for i in chosen]
        if chances:
            total += weight * sum(-np.log(chance) for chance in chances) / len(chances)
    return np.array([total])


def _loss_by_average(p: Any, y: Any, mask: Any, weights: Any) -> np.float64:
    each = [
        np.average(_log_losses(p[:, k], y[:, k]), weights=mask[:, k]) if mask[:, k].any() else 0.0
        for k in range(p.shape[1])
    ]
    return np.sum(np.multiply(each, weights))


def _no_mask(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float(_log_losses(p, y).mean(axis=0) @ weights)


def _all_rows_below(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float((_log_losses(p, y) * mask).mean(axis=0) @ weights)


def _summed(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float((_log_losses(p, y) * mask).sum(axis=0) @ weights)


def _no_weights(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, mask, np.ones(len(weights)))


def _mean_over_tasks(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, mask, weights) / len(weights)


def _weights_to_one(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, mask, weights / weights.sum())


def _pooled(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float((_log_losses(p, y) * mask * weights).sum() / max(mask.sum(), 1))


def _base_two(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, mask, weights) / float(np.log(2))


def _label_one_only(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float((-y * np.log(p) * mask).sum(axis=0) / np.maximum(mask.sum(axis=0), 1) @ weights)


def _nan_for_empty(p: Any, y: Any, mask: Any, weights: Any) -> float:
    with np.errstate(invalid="ignore"):
        return float((_log_losses(p, y) * mask).sum(axis=0) / mask.sum(axis=0) @ weights)


def _first_mask_ignored(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, np.c_[np.full(len(p), True), mask[:, 1:]], weights)


def _last_mask_ignored(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, np.c_[mask[:, :-1], np.full(len(p), True)], weights)


def _stops_at_empty(p: Any, y: Any, mask: Any, weights: Any) -> float:
    before = np.logical_and.accumulate(mask.any(axis=0))
    return _loss(p, y, mask & before, weights)


def _clipped(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(np.clip(p, 0.05, 0.95), y, mask, weights)


def _nan_for_all_empty(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, mask, weights) if mask.any() else float("nan")


def _zero_for_one_row(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, mask, weights) if len(p) > 1 else 0.0


def _word_for_empty(p: Any, y: Any, mask: Any, weights: Any) -> Any:
    return _loss(p, y, mask, weights) if mask.any(axis=0).all() else "none"


def _dict_for_empty(p: Any, y: Any, mask: Any, weights: Any) -> Any:
    return _loss(p, y, mask, weights) if mask.any(axis=0).all() else {}


def _rounded_loss(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return round(_loss(p, y, mask, weights), 4)


def _shifted_logarithm(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p + 2e-6, y, mask, weights)


def _squared(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float(((p - y) ** 2 * mask).sum(axis=0) / np.maximum(mask.sum(axis=0), 1) @ weights)


_LOSS_MISTAKES: dict[str, Callable[..., float]] = {
    "the mask is not used: rows outside a task's sample space count too": _no_mask,
    "the mask of the first task is not used": _first_mask_ignored,
    "the mask of the last task is not used": _last_mask_ignored,
    "the sum is divided by all rows, not by the rows that count for the task": _all_rows_below,
    "the losses of the rows are summed, not averaged": _summed,
    "the weights are not used": _no_weights,
    "the sum over tasks is divided by their number": _mean_over_tasks,
    "the weights are scaled to a sum of 1": _weights_to_one,
    "all tasks are pooled into one mean, so the task with more rows counts more": _pooled,
    "the logarithm has base 2, the log loss takes the natural one": _base_two,
    "only label 1 is scored, the half for label 0 is missing": _label_one_only,
    "the squared error is taken, not the log loss": _squared,
    "the sign is wrong": lambda *batch: -_loss(*batch),
    "the tasks after one without rows are left out": _stops_at_empty,
}


# ------------------------------------------------------------------ 20.2 the forward pass

Layers = Sequence[tuple[np.ndarray, np.ndarray]]
Towers = Mapping[str, Layers]
Network = tuple[np.ndarray, Layers, Towers]


def _chain(x: Any, layers: Layers, last_relu: bool, relu: bool = True) -> np.ndarray:
    for place, (w, b) in enumerate(layers):
        x = np.einsum("nd,de->ne", x, w) + b
        if relu and (last_relu or place < len(layers) - 1):
            x = np.where(x > 0, x, 0.0)
    return x


def _logits(x: Any, trunk: Layers, towers: Towers) -> dict[str, np.ndarray]:
    shared = _chain(x, trunk, last_relu=True)
    return {task: _chain(shared, tower, last_relu=False)[:, 0] for task, tower in towers.items()}


def _network(seed: int, n: int, trunk: Sequence[int], **towers: Sequence[int]) -> Network:
    """Small, with one decimal, to be printed whole; no tower gives nearly one number only."""
    draw = np.random.default_rng(seed)

    def layers(widths: Sequence[int]) -> list[tuple[np.ndarray, np.ndarray]]:
        return [
            (draw.normal(size=(i, o)).round(1) + 0.0, draw.normal(size=o).round(1) + 0.0)
            for i, o in pairwise(widths)
        ]

    x = (2 * draw.normal(size=(n, trunk[0]))).round(1) + 0.0
    network = x, layers(trunk), {task: layers(widths) for task, widths in towers.items()}
    for task, values in _forward(*network).items():
        assert n == 1 or np.ptp(values) > 0.05, (seed, task, values)
    return network


def _forward(x: Any, trunk: Layers, towers: Towers) -> dict[str, np.ndarray]:
    return {task: expit(z) for task, z in _logits(x, trunk, towers).items()}


_NETWORKS: list[Network] = [
    (
        np.array([[1.0, 2.0]]),
        [(np.eye(2), np.array([0.0, -3.0]))],
        {"click": [(np.array([[2.0], [5.0]]), np.array([-1.0]))]},
    ),
    _network(0, 3, [2, 3], click=[3, 1], purchase=[3, 2, 1]),
    _network(1058, 3, [2, 2, 2, 2], purchase=[2, 1], click=[2, 2, 1], share=[2, 2, 2, 1]),
    _network(190, 4, [3, 2, 3], click=[3, 2, 2, 1], purchase=[3, 2, 2, 1]),
    _network(0, 3, [2], click=[2, 1], purchase=[2, 2, 1]),
    _network(61, 1, [2, 2], click=[2, 1], purchase=[2, 2, 1]),
    (
        np.array([[0.0], [3.0], [9.0]]),
        [(np.array([[1.0]]), np.array([0.0]))],
        {
            "click": [(np.array([[1.0]]), np.array([0.0]))],
            "purchase": [(np.array([[-1.0]]), np.array([0.0]))],
        },
    ),
]


def check_forward(answer: Any) -> None:
    for network in _NETWORKS:
        told = _told(*network)
        got = _checked_forward(answer, *network)
        for task, want in _forward(*network).items():
            if not _close(got[task], want):
                row = int(np.abs(got[task] - want).argmax())
                (should,), (is_,), advice = _differ([want[row]], [got[task][row]])
                why = _forward_mistake(answer, task) or advice
                reject(f"{told}row {row} of {task!r}: expected {should}, got {is_}.{why}")


def _told(x: Any, trunk: Layers, towers: Towers) -> str:
    return f"With\n{_lines(x=x, trunk=trunk, towers=towers)}\n"


def _checked_forward(
    answer: Any, x: np.ndarray, trunk: Layers, towers: Towers
) -> dict[str, np.ndarray]:
    got, told = answer(x, trunk, towers), _told(x, trunk, towers)
    if got is None:
        reject(f"{told}the result must be a dict, got None. Did you forget a return?")
    if not isinstance(got, dict) or set(got) != set(towers):
        reject(f"{told}the result must be a dict with the keys {[*towers]}, got {shorten(got)}.")
    for task in towers:
        if got[task] is None:
            reject(f"{told}the result of {task!r} must be an array of numbers, got None.")
    return {
        task: as_array(got[task], f"{told}the result of {task!r}", (len(x),)) for task in towers
    }


def _forward_mistake(answer: Any, task: str) -> str:
    """A mistake that explains the numbers of this task, in every network that has it."""
    runs = _runs(
        (network for network in _NETWORKS if task in network[2]),
        lambda *network: _checked_forward(answer, *network)[task],
    )

    def tower_of(pick: Callable[[Towers], str | None]) -> Callable[..., Any]:
        def gives(x: Any, trunk: Any, towers: Any) -> Any:
            other = pick(towers)
            return np.nan if other is None else _forward(x, trunk, towers)[other]

        return gives

    def named(other: str) -> Any:
        return lambda towers: other if other in towers else None

    others = {
        f"the tower of {other!r} is used for {task!r}": tower_of(named(other))
        for other in ("click", "purchase", "share")
        if other != task
    }
    of_all = {mistake: lambda *n, f=f: f(*n)[task] for mistake, f in _FORWARD_MISTAKES.items()}
    ends = {
        f"the last tower is used for {task!r}": tower_of(lambda towers: list(towers)[-1]),
        f"the first tower is used for {task!r}": tower_of(lambda towers: next(iter(towers))),
    }
    return _why(runs, lambda *network: _forward(*network)[task], {**of_all, **others, **ends})


def _forward_with_ones(x: Any, trunk: Layers, towers: Towers) -> dict[str, list[float]]:
    """Biases as one more row of the weights."""

    def layer(h: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.c_[h, np.ones(len(h))] @ np.vstack([w, b])

    for w, b in trunk:
        x = layer(x, w, b).clip(min=0)
    result = {}
    for task, (*inner, (w, b)) in towers.items():
        h = x
        for inner_w, inner_b in inner:
            h = layer(h, inner_w, inner_b).clip(min=0)
        result[task] = expit(layer(h, w, b)).ravel().tolist()
    return result


def _forward_row_by_row(x: Any, trunk: Layers, towers: Towers) -> dict[str, np.ndarray]:
    out: dict[str, list[float]] = {task: [] for task in towers}
    for row in x:
        h = row
        for w, b in trunk:
            h = np.array([max(0.0, float(h @ w[:, j] + b[j])) for j in range(len(b))])
        for task, layers in towers.items():
            z = h
            for place, (w, b) in enumerate(layers, start=1):
                z = b + w.T @ z
                z = z if place == len(layers) else (np.abs(z) + z) / 2
            out[task].append(float(np.tanh(z[0] / 2) / 2 + 0.5))
    return {task: np.array(values) for task, values in out.items()}


def _variant(
    last_relu: bool = True, trunk_relu: bool = True, tower_relu: bool = True, bias: bool = True
) -> Any:
    def forward(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
        if not bias:
            trunk = [(w, 0 * b) for w, b in trunk]
            towers = {k: [(w, 0 * b) for w, b in layers] for k, layers in towers.items()}
        h = _chain(x, trunk, last_relu, relu=trunk_relu)
        return {
            k: expit(_chain(h, layers, False, relu=tower_relu)[:, 0])
            for k, layers in towers.items()
        }

    return forward


def _no_sigmoid(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return _logits(x, trunk, towers)


def _relu_before_sigmoid(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: expit(np.maximum(z, 0)) for k, z in _logits(x, trunk, towers).items()}


def _softmax_of_tasks(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    logits = _logits(x, trunk, towers)
    if len(logits) == 1:  # a softmax over one task would be 1 everywhere
        return {k: expit(z) for k, z in logits.items()}
    return dict(zip(logits, softmax(np.stack(list(logits.values())), axis=0), strict=True))


def _softmax_or_nan(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    if len(towers) == 1:  # nobody knows what is done with one task
        return {k: np.full(len(x), np.nan) for k in towers}
    return _softmax_of_tasks(x, trunk, towers)


def _last_tower_for_all(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    logits = _logits(x, trunk, towers)
    return {k: expit(list(logits.values())[-1]) for k in logits}


def _column_vectors(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: expit(z)[:, None] for k, z in _logits(x, trunk, towers).items()}


def _two_trunk_layers(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return _forward(x, trunk[:2], towers)


def _trunk_relu_at_end(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    shared = _chain(x, trunk, False, relu=False)
    return _forward(np.maximum(shared, 0) if trunk else x, [], towers)


def _trunk_never_empty(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    (w, b), *more = trunk
    return _forward(np.maximum(x @ w + b, 0), more, towers)


def _relu_on_empty_trunk(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return _forward(np.maximum(x, 0) if not trunk else x, trunk, towers)


def _clipped_chances(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: np.clip(v, 0.01, 0.99) for k, v in _forward(x, trunk, towers).items()}


def _towers_of_two_layers(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return _forward(x, trunk, {k: [*v[:-1][:1], v[-1]] for k, v in towers.items()})


def _towers_of_one_layer(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    one = {k: v for k, v in _forward(x, trunk, towers).items() if len(towers[k]) == 1}
    return {k: one.get(k, np.full(len(x), 0.5)) for k in towers}


def _purchase_after_click(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    result = _forward(x, trunk, towers)
    if "purchase" in result:
        result["purchase"] *= result["click"]
    return result


def _mean_of_rows(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: np.full(len(x), v.mean()) for k, v in _forward(x, trunk, towers).items()}


def _rounded_chances(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: v.round(4) for k, v in _forward(x, trunk, towers).items()}


_FORWARD_MISTAKES: dict[str, Callable[..., dict[str, np.ndarray]]] = {
    "the last layer is returned without its sigmoid": _no_sigmoid,
    "a ReLU stands before the sigmoid: no chance can be below 0.5": _relu_before_sigmoid,
    "the trunk has no ReLU": _variant(trunk_relu=False),
    "the last layer of the trunk has no ReLU": _variant(last_relu=False),
    "the trunk has a ReLU only after its last layer": _trunk_relu_at_end,
    "the inner layers of the tower have no ReLU": _variant(tower_relu=False),
    "the biases are not added": _variant(bias=False),
    "a softmax over the tasks is taken: the chances of one row sum to 1": _softmax_or_nan,
    "only the first two layers of the trunk are used": _two_trunk_layers,
    "an empty trunk still puts a ReLU on x": _relu_on_empty_trunk,
    "the tower skips the layers between its first and its last": _towers_of_two_layers,
    "the rows are averaged": _mean_of_rows,
}


# ------------------------------------------------------------------- 20.3 your own verdict


def _interval(gains: np.ndarray, quantile: float | None = None) -> tuple[float, float]:
    n = len(gains)
    t = stats.t.ppf(0.975, n - 1) if quantile is None else quantile
    half = float(t * stats.sem(gains))
    return float(gains.mean()) - half, float(gains.mean()) + half


def _word(low: float, high: float) -> str:
    if low <= 0 <= high:
        return "not separated"
    return "holds" if low > 0 else "does not hold"


def _random_results() -> list[tuple[list[float], list[float]]]:
    """Seeds differ much, gains little: pairing matters. Gains, losses, and ties both ways."""
    cases = []
    sizes_and_gains = [
        (5, 0.02), (4, -0.02), (6, 0.001), (5, -0.001), (3, -0.02), (7, 0.001), (12, 0.02),
        (12, -0.01), (9, -0.001),
    ]  # fmt: skip
    for seed, (n, gain) in enumerate(sizes_and_gains):
        draw = np.random.default_rng(seed)
        baseline = (0.7 + 0.03 * draw.normal(size=n)).round(3)
        noise = draw.normal(size=n)
        gains = gain + 0.004 * (noise - noise.mean()) / noise.std()
        cases.append(((baseline + gains).round(3).tolist(), baseline.tolist()))
    return cases


_RESULTS: list[tuple[list[float], list[float]]] = [
    ([0.72, 0.74, 0.73], [0.70, 0.71, 0.69]),
    *_random_results(),
    ([0.7, 0.7, 0.7], [0.7, 0.7, 0.7]),
    ([0.71, 0.68, 0.74, 0.7], [0.71, 0.68, 0.74, 0.7]),
    ([0.75, 0.625, 0.875], [0.5, 0.375, 0.625]),  # the gains are 0.25 to the last bit
    ([0.5, 0.375, 0.625, 0.25], [0.75, 0.625, 0.875, 0.5]),
]


def _right_ends(method: Any, baseline: Any) -> tuple[float, float]:
    return _interval(np.subtract(method, baseline))


def check_judge(answer: Any) -> None:
    for method, baseline in _RESULTS:
        low, high = _right_ends(method, baseline)
        call = f"judge({method}, {baseline})"
        *ends, got_word = _judgement(answer, method, baseline)
        if not _close(ends, (low, high)):
            should, is_, advice = _differ((low, high), ends)
            runs = _runs(_RESULTS, lambda *case: _judgement(answer, *case)[:2])
            why = _why(runs, _right_ends, _INTERVAL_MISTAKES) or advice
            reject(
                f"{call}: expected an interval from {should[0]} to {should[1]}, got {is_[0]} "
                f"to {is_[1]}.{why}"
            )
        word = _word(low, high)
        if not isinstance(got_word, str):
            reject(f"{call}: the word must be the string {word!r}, got {shorten(got_word)}.")
        if got_word != word:
            hint = f"All of it lies {'above' if low > 0 else 'below'} 0."
            if word == "not separated":
                hint = "It contains 0."
            reject(
                f"{call}: the interval {low:.4f} to {high:.4f} says {word!r}, not "
                f"{str(got_word)!r}. {hint}"
            )


def _judgement(answer: Any, method: Any, baseline: Any) -> tuple[float, float, Any]:
    got, call = answer(method, baseline), f"judge({method}, {baseline})"
    if got is None:
        reject(f"{call} must return (low, high, word), got None. Did you forget a return?")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{call} must return (low, high, word), got {shorten(got)}.")
    for name, end in zip(("low", "high"), got[:2], strict=True):
        if end is None:
            reject(f"{call}: {name} must be one number, got None.")
    return as_number(got[0], f"{call}: low"), as_number(got[1], f"{call}: high"), got[2]


def _ends(half: Callable[[np.ndarray, int, float], float]) -> Callable[..., tuple[float, float]]:
    """An interval from half its width, by the gains, their number and deviation."""

    def interval(method: Any, baseline: Any) -> tuple[float, float]:
        gains = np.subtract(method, baseline)
        width = half(gains, len(gains), float(gains.std(ddof=1)))
        return float(gains.mean()) - width, float(gains.mean()) + width

    return interval


def _unpaired_ends(equal_var: bool) -> Callable[..., tuple[float, float]]:
    def interval(method: Any, baseline: Any) -> tuple[float, float]:
        test = stats.ttest_ind(method, baseline, equal_var=equal_var)
        ends = test.confidence_interval(0.95)
        return float(ends.low), float(ends.high)

    return interval


def _smallest_and_largest(method: Any, baseline: Any) -> tuple[float, float]:
    gains = np.subtract(method, baseline)
    return float(gains.min()), float(gains.max())


_INTERVAL_MISTAKES: dict[str, Callable[..., tuple[float, float]]] = {
    "the gain is taken the other way round, baseline minus method": (
        lambda method, baseline: _right_ends(baseline, method)
    ),
    "the two ends are exchanged": lambda method, baseline: _right_ends(method, baseline)[::-1],
    "the seeds are not paired: the spread of method and baseline is used, not that of the "
    "gains": _unpaired_ends(equal_var=False),
    "the seeds are not paired: one spread is pooled from method and baseline": (
        _unpaired_ends(equal_var=True)
    ),
    "the quantile is 1.96 of the normal distribution, too small for so few seeds": (
        _ends(lambda gains, n, s: 1.96 * s / np.sqrt(n))
    ),
    "the quantile is that of 0.95: 0.975 leaves 2.5 % at each end": (
        _ends(lambda gains, n, s: stats.t.ppf(0.95, n - 1) * s / np.sqrt(n))
    ),
    "t has n degrees of freedom, not n - 1": (
        _ends(lambda gains, n, s: stats.t.ppf(0.975, n) * s / np.sqrt(n))
    ),
    "the standard deviation has n in its denominator, NumPy's default, not n - 1": (
        _ends(lambda gains, n, s: stats.t.ppf(0.975, n - 1) * float(gains.std()) / np.sqrt(n))
    ),
    "the division by the square root of n is missing: this is where single gains lie, not "
    "their mean": _ends(lambda gains, n, s: stats.t.ppf(0.975, n - 1) * s),
    "it is divided by n, not by the square root of n": (
        _ends(lambda gains, n, s: stats.t.ppf(0.975, n - 1) * s / n)
    ),
    "the interval is the smallest and the largest gain": _smallest_and_largest,
}


def _judge_with_scipy(method: Any, baseline: Any) -> list[Any]:
    if len({m - b for m, b in zip(method, baseline, strict=True)}) == 1:  # no test for these
        gain = method[0] - baseline[0]
        return [gain, gain, {1: "holds", 0: "not separated", -1: "does not hold"}[np.sign(gain)]]
    result = stats.ttest_rel(method, baseline)
    interval = result.confidence_interval(confidence_level=0.95)
    if result.pvalue > 0.05:
        return [interval.low, interval.high, "not separated"]
    return [interval.low, interval.high, "holds" if result.statistic > 0 else "does not hold"]


def _judge_by_hand(method: Any, baseline: Any) -> tuple[Any, Any, str]:
    gains = [m - b for m, b in zip(method, baseline, strict=True)]
    n = len(gains)
    mean = sum(gains) / n
    variance = sum((g - mean) ** 2 for g in gains) / (n - 1)
    half = stats.t.isf(0.025, n - 1) * (variance / n) ** 0.5
    words = {(True, True): "holds", (False, False): "does not hold"}
    word = words.get((mean - half > 0, mean + half >= 0), "not separated")
    return np.array(mean - half), np.float64(mean + half), word


def _judged(interval: Any, word: Any = _word) -> Any:
    """A wrong answer from its way to an interval, or from its way to a word."""

    def judge(method: Any, baseline: Any) -> tuple[float, float, str]:
        low, high = interval(np.array(method), np.array(baseline))
        return float(low), float(high), word(low, high)

    return judge


def _paired(method: Any, baseline: Any) -> tuple[float, float]:
    return _interval(method - baseline)


def _around(half: Any) -> Any:
    def interval(method: Any, baseline: Any) -> tuple[float, float]:
        gains = method - baseline
        return gains.mean() - half(gains), gains.mean() + half(gains)

    return interval


def _unpaired(method: Any, baseline: Any) -> tuple[float, float]:
    result = stats.ttest_ind(method, baseline, equal_var=False).confidence_interval(0.95)
    return result.low, result.high


def _nan_for_equal_gains(method: Any, baseline: Any) -> tuple[float, float]:
    gains = method - baseline
    return _interval(gains) if np.ptp(gains) > 0 else (np.nan, np.nan)


def _table(gains: Any) -> float:
    """A table that ends at six seeds."""
    n = len(gains)
    return float((_t(gains) if n <= 6 else 1.96) * stats.sem(gains))


def _rounded_ends(method: Any, baseline: Any) -> tuple[float, float]:
    low, high = _paired(method, baseline)
    return round(low, 4), round(high, 4)


def _rounded_quantile(gains: Any) -> float:
    return float(round(_t(gains), 3) * stats.sem(gains))


def _t(gains: Any) -> float:
    return float(stats.t.ppf(0.975, len(gains) - 1))


TASKS = [
    Task(
        id="20.1",
        prompt="Return the weighted sum of each task's mean log loss over its own rows.",
        check_answer=check_loss,
        hints=(
            "First compute the log loss of every cell, an array [n, K]. Then decide which count.",
            "For each task: sum the cells whose mask is True, divide by how many there are.",
            "np.where(y == 1, -np.log(p), -np.log(1 - p)) gives the cells; multiply by the mask, "
            "sum over axis 0, divide by mask.sum(axis=0) (by 1 where that is 0), then weight.",
        ),
        right=[_loss_by_loops, _loss_by_average],
        wrong=[
            Wrong(_no_mask, says="the mask is not used", silent=True),
            Wrong(_all_rows_below, says="divided by all rows", silent=True),
            Wrong(_summed, says="summed, not averaged", silent=True),
            Wrong(_no_weights, says="the weights are not used", silent=True),
            Wrong(_mean_over_tasks, says="divided by their number", silent=True),
            Wrong(_weights_to_one, says="scaled to a sum of 1", silent=True),
            Wrong(_pooled, says="pooled into one mean", silent=True),
            Wrong(_base_two, says="base 2", silent=True),
            Wrong(_label_one_only, says="the half for label 0", silent=True),
            Wrong(_squared, says="the squared error is taken", silent=True),
            Wrong(_nan_for_empty, says="a task without any row adds 0"),
            Wrong(_first_mask_ignored, says="the mask of the first task", silent=True),
            Wrong(_last_mask_ignored, says="the mask of the last task", silent=True),
            Wrong(_stops_at_empty, says="after one without rows are left out", silent=True),
            Wrong(_clipped, says="p = np.array([[0.0001, 0.9999], [0.9999, 0.0001]", silent=True),
            Wrong(_nan_for_all_empty, says="[[False, False], [False, False]]", silent=True),
            Wrong(_zero_for_one_row, says="got 0.0000.", silent=True),
            Wrong(_word_for_empty, says="must be one number, got str 'none'", silent=True),
            Wrong(_dict_for_empty, says="must be one number, got dict {}", silent=True),
            Wrong(_rounded_loss, says="rounded to 4 decimals: do not round", silent=True),
            Wrong(_shifted_logarithm, says="do not round, also not on the way", silent=True),
        ],
        insight="Each task is averaged over its own rows, so 200 clicked rows weigh as much as "
        "1,000 shown ones. The weights say how much a task matters, not how many rows it has.",
    ),
    Task(
        id="20.2",
        prompt="Return the probability of each task for each row, through trunk and tower.",
        check_answer=check_forward,
        hints=(
            "Run the trunk once. Every tower starts from the same result.",
            "A layer is h @ W + b. ReLU is np.maximum(h, 0); the last layer of a tower has none.",
            "Loop over the trunk; then, for each task, loop over layers[:-1] with ReLU, take "
            "h @ W + b of the last layer, its column 0, and the sigmoid of it.",
        ),
        right=[_forward_with_ones, _forward_row_by_row],
        wrong=[
            Wrong(_no_sigmoid, says="without its sigmoid", silent=True),
            Wrong(_relu_before_sigmoid, says="ReLU stands before the sigmoid", silent=True),
            Wrong(_variant(trunk_relu=False), says="the trunk has no ReLU", silent=True),
            Wrong(_variant(last_relu=False), says="last layer of the trunk", silent=True),
            Wrong(_variant(tower_relu=False), says="inner layers of the tower", silent=True),
            Wrong(_variant(bias=False), says="biases are not added", silent=True),
            Wrong(_softmax_of_tasks, says="softmax over the tasks", silent=True),
            Wrong(_last_tower_for_all, says="the last tower is used for 'click'", silent=True),
            Wrong(_column_vectors, says="must have shape (1,)"),
            Wrong(_two_trunk_layers, says="first two layers of the trunk", silent=True),
            Wrong(_trunk_relu_at_end, says="a ReLU only after its last layer", silent=True),
            Wrong(_trunk_never_empty, says="not enough values to unpack", status="error"),
            Wrong(_relu_on_empty_trunk, says="an empty trunk still", silent=True),
            Wrong(_clipped_chances, says="expected 0.9999, got 0.9900.", silent=True),
            Wrong(_towers_of_two_layers, says="between its first and its last", silent=True),
            Wrong(_towers_of_one_layer, says="got 0.5000.", silent=True),
            Wrong(_purchase_after_click, says="of 'purchase': expected", silent=True),
            Wrong(_mean_of_rows, says="the rows are averaged", silent=True),
            Wrong(_rounded_chances, says="do not round", silent=True),
            Wrong(lambda x, trunk, towers: None, says="Did you forget a return?"),
        ],
        insight="The trunk runs once for all tasks: that is where serving one network saves time.",
    ),
    Task(
        id="20.3",
        prompt="Return low, high and the word of the paired 95 % interval of the gain.",
        check_answer=check_judge,
        hints=(
            "Work on one list only: the gains, method minus baseline, seed by seed.",
            "np.std divides by n unless told otherwise: ddof=1. Mind the square root of n.",
            "half = stats.t.ppf(0.975, n - 1) * gains.std(ddof=1) / np.sqrt(n); the ends are "
            "gains.mean() - half and + half; the word depends on the signs of both ends.",
        ),
        right=[_judge_with_scipy, _judge_by_hand],
        wrong=[
            Wrong(_judged(_unpaired), says="spread of method and baseline", silent=True),
            Wrong(
                _judged(_around(lambda g: 1.96 * g.std(ddof=1) / np.sqrt(len(g)))),
                says="1.96",
                silent=True,
            ),
            Wrong(
                _judged(_around(lambda g: _t(g) * g.std() / np.sqrt(len(g)))),
                says="n in its denominator",
                silent=True,
            ),
            Wrong(
                _judged(_around(lambda g: _t(g) * g.std(ddof=1))),
                says="square root of n is missing",
                silent=True,
            ),
            Wrong(
                _judged(_around(lambda g: stats.t.ppf(0.95, len(g) - 1) * stats.sem(g))),
                says="0.95:",
                silent=True,
            ),
            Wrong(
                _judged(_around(lambda g: stats.t.ppf(0.975, len(g)) * stats.sem(g))),
                says="n degrees of freedom",
                silent=True,
            ),
            Wrong(
                _judged(lambda method, baseline: _paired(baseline, method)),
                says="the other way round",
                silent=True,
            ),
            Wrong(
                _judged(_paired, lambda low, high: "holds" if low + high > 0 else "does not hold"),
                says="It contains 0",
                silent=True,
            ),
            Wrong(
                _judged(_paired, lambda low, high: "holds" if low > 0 else "not separated"),
                says="below 0",
                silent=True,
            ),
            Wrong(
                _judged(_paired, lambda low, high: "holds" if low >= 0 else _word(low, high)),
                says="0.0000 to 0.0000 says 'not separated', not 'holds'",
                silent=True,
            ),
            Wrong(
                _judged(
                    _paired, lambda low, high: _word(low, high) if high > 0 else "does not hold"
                ),
                says="0.0000 to 0.0000 says 'not separated', not 'does not hold'",
                silent=True,
            ),
            Wrong(
                _judged(_paired, lambda low, high: _word(low, high) if low < high else "equal"),
                says="not 'equal'",
                silent=True,
            ),
            Wrong(
                _judged(_paired, lambda low, high: np.array([_word(low, high)])),
                says="the word must be the string",
                silent=True,
            ),
            Wrong(_judged(_paired, lambda low, high: pd.NA), says="got NAType", silent=True),
            Wrong(_judged(_nan_for_equal_gains), says="low must be a finite", silent=True),
            Wrong(
                _judged(_around(_table)),
                says="0.7, 0.689], [0.676",
                silent=True,
            ),
            Wrong(_judged(_rounded_ends), says="rounded to 4 decimals: do not", silent=True),
            Wrong(_judged(_around(_rounded_quantile)), says="also not on the way", silent=True),
            Wrong(lambda method, baseline: None, says="Did you forget a return?"),
        ],
        insight="Seeds differ far more than models do. Pairing takes that out of the interval.",
    ),
]
