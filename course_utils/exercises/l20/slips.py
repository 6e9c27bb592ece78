"""Lesson 20: what goes wrong in task 20.2, as functions that do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit, softmax

from course_utils.exercises.l20.networks import Layers, Towers, chain, logits_of, right_forward

Forward = Callable[..., dict[str, np.ndarray]]


def chained(end: Callable[[np.ndarray], np.ndarray]) -> Forward:
    def forward(x: Any, trunk: Layers, towers: Towers) -> dict[str, np.ndarray]:
        shared, result = chain(x, trunk, last_relu=True), {}
        for task, layers in towers.items():
            logits = chain(shared, layers, last_relu=False)
            result[task], shared = expit(logits[:, 0]), end(logits)
        return result

    return forward


def from_hidden(x: Any, trunk: Layers, towers: Towers) -> dict[str, np.ndarray]:
    """Each tower starts from the last hidden layer of the tower before it."""
    hidden, result = chain(x, trunk, last_relu=True), {}
    for task, layers in towers.items():
        hidden = chain(hidden, layers[:-1], last_relu=True)
        result[task] = expit(chain(hidden, layers[-1:], last_relu=False)[:, 0])
    return result


def clipped(edge: float) -> Forward:
    return lambda x, trunk, towers: {
        task: np.clip(p, edge, 1 - edge) for task, p in right_forward(x, trunk, towers).items()
    }


def cut_logits(edge: float) -> Forward:
    return lambda x, trunk, towers: {
        task: expit(np.clip(z, -edge, edge)) for task, z in logits_of(x, trunk, towers).items()
    }


def under_names(order: Callable[[Towers], list[str]]) -> Forward:
    """The results of the towers, one after the other, under names in another order."""
    return lambda x, trunk, towers: dict(
        zip(order(towers), right_forward(x, trunk, towers).values(), strict=True)
    )


def one_for_all(place: int) -> Forward:
    def forward(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
        p = list(right_forward(x, trunk, towers).values())[place]
        return {task: p for task in towers}

    return forward


def variant(
    last_relu: bool = True, trunk_relu: bool = True, tower_relu: bool = True, bias: bool = True
) -> Any:
    def forward(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
        if not bias:
            trunk = [(w, 0 * b) for w, b in trunk]
            towers = {k: [(w, 0 * b) for w, b in layers] for k, layers in towers.items()}
        h = chain(x, trunk, last_relu, relu=trunk_relu)
        return {
            k: expit(chain(h, layers, False, relu=tower_relu)[:, 0]) for k, layers in towers.items()
        }

    return forward


def no_sigmoid(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return logits_of(x, trunk, towers)


def other_sign(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    """1 / (1 + e^z)."""
    return {k: expit(-z) for k, z in logits_of(x, trunk, towers).items()}


def softmax_of_rows(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: softmax(z) for k, z in logits_of(x, trunk, towers).items()}


def hidden(act: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Forward:
    """Another layer than relu(h @ W + b), from h @ W and b; the end is as it should be."""

    def forward(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
        for w, b in trunk:
            x = act(x @ w, b)
        result = {}
        for task, (*inner, last) in towers.items():
            h = x
            for w, b in inner:
                h = act(h @ w, b)
            result[task] = expit(chain(h, [last], last_relu=False)[:, 0])
        return result

    return forward


sigmoid_layers = hidden(lambda z, b: expit(z + b))
late_biases = hidden(lambda z, b: np.maximum(z, 0) + b)


def relu_before_sigmoid(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: expit(np.maximum(z, 0)) for k, z in logits_of(x, trunk, towers).items()}


def softmax_of_tasks(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    logits = logits_of(x, trunk, towers)
    if len(logits) == 1:  # a softmax over one task would be 1 everywhere
        return {k: expit(z) for k, z in logits.items()}
    return dict(zip(logits, softmax(np.stack(list(logits.values())), axis=0), strict=True))


def _softmax_or_nan(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    if len(towers) == 1:  # nobody knows what is done with one task
        return {k: np.full(len(x), np.nan) for k in towers}
    return softmax_of_tasks(x, trunk, towers)


def two_trunk_layers(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return right_forward(x, trunk[:2], towers)


def trunk_relu_at_end(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    shared = chain(x, trunk, False, relu=False)
    return right_forward(np.maximum(shared, 0) if trunk else x, [], towers)


def relu_on_empty_trunk(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return right_forward(np.maximum(x, 0) if not trunk else x, trunk, towers)


def towers_of_two_layers(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return right_forward(x, trunk, {k: [*v[:-1][:1], v[-1]] for k, v in towers.items()})


def mean_of_rows(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: np.full(len(x), v.mean()) for k, v in right_forward(x, trunk, towers).items()}


def as_labels(one: Callable[[np.ndarray], np.ndarray]) -> Forward:
    """Labels 0 and 1, where the probabilities are asked for."""
    return lambda x, trunk, towers: {
        task: one(p).astype(float) for task, p in right_forward(x, trunk, towers).items()
    }


_LABELS = "labels 0 and 1 are returned in place of probabilities: leave out the threshold"

MISTAKES: dict[str, Forward] = {
    _LABELS: as_labels(lambda p: p > 0.5),
    f"{_LABELS} of 0.5": as_labels(lambda p: p >= 0.5),
    "the last layer is returned without its sigmoid": no_sigmoid,
    "a ReLU stands before the sigmoid: no probability can be below 0.5": relu_before_sigmoid,
    "the trunk has no ReLU": variant(trunk_relu=False),
    "the last layer of the trunk has no ReLU": variant(last_relu=False),
    "the trunk has a ReLU only after its last layer": trunk_relu_at_end,
    "the inner layers of the tower have no ReLU": variant(tower_relu=False),
    "the biases are not added": variant(bias=False),
    "the biases are added after the ReLU: a layer is relu(x @ W + b)": late_biases,
    "the hidden layers end with a sigmoid: they have a ReLU, the sigmoid is for the last layer": (
        sigmoid_layers
    ),
    "the sigmoid has the wrong sign: it is 1 / (1 + e^-z), with a minus before z": other_sign,
    "a softmax over the rows is taken: each row has its own probability, by a sigmoid": (
        softmax_of_rows
    ),
    "a softmax over the tasks is taken: the probabilities of one row sum to 1": _softmax_or_nan,
    "only the first two layers of the trunk are used": two_trunk_layers,
    "an empty trunk still puts a ReLU on x": relu_on_empty_trunk,
    "the tower skips the layers between its first and its last": towers_of_two_layers,
    "the rows are averaged": mean_of_rows,
    "a tower starts from what the tower before it gave, not from the trunk": chained(expit),
    "a tower starts from the logit of the tower before it, not from the trunk": chained(np.asarray),
    "a tower starts from the hidden layers of the tower before it, not from the trunk": from_hidden,
    "the last tower is used for all tasks": one_for_all(-1),
    "the first tower is used for all tasks": one_for_all(0),
    "the results stand under the sorted names of the tasks, not each under its own": (
        under_names(sorted)
    ),
    **{
        f"the logit is cut off at {edge} and -{edge} before its sigmoid": cut_logits(edge)
        for edge in (10, 15, 20)
    },
    **{
        f"the probabilities are clipped at {edge:g}; do not clip them": clipped(edge)
        for edge in (1e-8, 1e-7, 1e-6, 1e-5)
    },
}
