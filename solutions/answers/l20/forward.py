"""Task 20.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit

from answers import Proof, Wrong
from course_utils.exercises.l20.networks import Layers, Towers, logits_of, right_forward
from course_utils.exercises.l20.slips import (
    chained,
    clipped,
    cut_logits,
    from_hidden,
    late_biases,
    mean_of_rows,
    no_sigmoid,
    one_for_all,
    other_sign,
    relu_before_sigmoid,
    relu_on_empty_trunk,
    sigmoid_layers,
    softmax_of_rows,
    softmax_of_tasks,
    towers_of_two_layers,
    trunk_relu_at_end,
    two_trunk_layers,
    under_names,
    variant,
)


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


def _column_vectors(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: expit(z)[:, None] for k, z in logits_of(x, trunk, towers).items()}


def _trunk_never_empty(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    (w, b), *more = trunk
    return right_forward(np.maximum(x @ w + b, 0), more, towers)


def _shared_overwritten(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    """Every tower writes over what the next one should start from."""
    for w, b in trunk:
        x = np.maximum(x @ w + b, 0)
    result = {}
    for task, (*inner, (w, b)) in towers.items():
        for inner_w, inner_b in inner:
            x = np.maximum(x @ inner_w + inner_b, 0)
        x = x @ w + b
        result[task] = expit(x[:, 0])
    return result


def _only_click_and_purchase(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    full = right_forward(x, trunk, towers)
    return {task: full[task] for task in ("click", "purchase") if task in full}


def _towers_of_one_layer(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    one = {k: v for k, v in right_forward(x, trunk, towers).items() if len(towers[k]) == 1}
    return {k: one.get(k, np.full(len(x), 0.5)) for k in towers}


def _purchase_after_click(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    result = right_forward(x, trunk, towers)
    if "purchase" in result:
        result["purchase"] *= result["click"]
    return result


def _rounded(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: v.round(4) for k, v in right_forward(x, trunk, towers).items()}


def _plain_exp(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    """e^z / (1 + e^z) is infinity / infinity for a large z."""
    with np.errstate(all="ignore"):
        return {
            task: np.exp(z) / (1 + np.exp(z)) for task, z in logits_of(x, trunk, towers).items()
        }


PROOF = Proof(
    task="20.2",
    right=[_forward_with_ones, _forward_row_by_row],
    wrong=[
        Wrong(no_sigmoid, says="without its sigmoid", silent=True),
        Wrong(relu_before_sigmoid, says="ReLU stands before the sigmoid", silent=True),
        Wrong(variant(trunk_relu=False), says="the trunk has no ReLU", silent=True),
        Wrong(variant(last_relu=False), says="last layer of the trunk", silent=True),
        Wrong(variant(tower_relu=False), says="inner layers of the tower", silent=True),
        Wrong(variant(bias=False), says="biases are not added", silent=True),
        Wrong(late_biases, says="biases are added after the ReLU", silent=True),
        Wrong(sigmoid_layers, says="hidden layers end with a sigmoid", silent=True),
        Wrong(other_sign, says="with a minus before z", silent=True),
        Wrong(softmax_of_tasks, says="softmax over the tasks", silent=True),
        Wrong(softmax_of_rows, says="softmax over the rows", silent=True),
        Wrong(one_for_all(-1), says="the last tower is used for all tasks", silent=True),
        Wrong(one_for_all(0), says="the first tower is used for all tasks", silent=True),
        Wrong(under_names(sorted), says="under the sorted names", silent=True),
        Wrong(_shared_overwritten, says="Keep what the trunk gives under a name"),
        Wrong(chained(expit), says="from what the tower before it gave", silent=True),
        Wrong(chained(np.asarray), says="from the logit of the tower before it", silent=True),
        Wrong(from_hidden, says="from the hidden layers of the tower before it", silent=True),
        Wrong(_only_click_and_purchase, says="must be a dict with the keys ['purchase', 'click'"),
        Wrong(_column_vectors, says="must have shape (1,)"),
        Wrong(two_trunk_layers, says="first two layers of the trunk", silent=True),
        Wrong(trunk_relu_at_end, says="a ReLU only after its last layer", silent=True),
        Wrong(_trunk_never_empty, says="not enough values to unpack", status="error"),
        Wrong(relu_on_empty_trunk, says="an empty trunk still", silent=True),
        Wrong(clipped(0.01), says="of 'click' must be 0.9999, got 0.9900.", silent=True),
        Wrong(clipped(1e-7), says="are clipped at 1e-07; do not clip", silent=True),
        Wrong(cut_logits(20), says="cut off at 20 and -20", silent=True),
        Wrong(_plain_exp, says="must not hold nan"),
        Wrong(towers_of_two_layers, says="between its first and its last", silent=True),
        Wrong(_towers_of_one_layer, says="got 0.5000.", silent=True),
        Wrong(_purchase_after_click, says="of 'purchase' must be", silent=True),
        Wrong(mean_of_rows, says="the rows are averaged", silent=True),
        Wrong(_rounded, says="Do not round", silent=True),
        Wrong(lambda x, trunk, towers: None, says="Did you forget a return?"),
    ],
)
