"""MMoE's forward pass, and what becomes of it by one slip: for task 24.1 and its proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import expit, softmax

Experts = Sequence[tuple[np.ndarray, np.ndarray]]
Gates = Mapping[str, np.ndarray]
Towers = Mapping[str, tuple[np.ndarray, float]]


def mixed(
    gate: Callable[[np.ndarray], np.ndarray] = lambda scores: softmax(scores, axis=1),
    which: Callable[[Gates, str], str] = lambda gates, task: task,
    relu: str = "each",
    bias: bool = True,
    sigmoid: bool = True,
    of_probabilities: bool = False,
) -> Callable[..., dict[str, np.ndarray]]:
    """MMoE, or what becomes of it by one slip."""

    def forward(x: Any, experts: Experts, gates: Gates, towers: Towers) -> dict[str, np.ndarray]:
        made = np.stack([x @ w + (b if bias else 0.0) for w, b in experts])  # [m, n, h]
        if relu == "each":
            made = np.maximum(made, 0.0)
        said = {}
        for task, (w, b) in towers.items():
            g = gate(x @ gates[which(gates, task)])  # [n, m]
            if of_probabilities:
                said[task] = (g.T * expit(made @ w + b)).sum(axis=0)
                continue
            read = np.einsum("nm,mnh->nh", g, made)
            z = (np.maximum(read, 0.0) if relu == "after" else read) @ w + b
            said[task] = expit(z) if sigmoid else z
        return said

    return forward


right_forward = mixed()


def _sparse(scores: np.ndarray) -> np.ndarray:
    return np.eye(scores.shape[1])[scores.argmax(axis=1)]


def _largest(k: int) -> Callable[[np.ndarray], np.ndarray]:
    def gate(scores: np.ndarray) -> np.ndarray:
        least = np.sort(scores, axis=1)[:, -min(k, scores.shape[1])]
        return np.asarray(softmax(np.where(scores >= least[:, None], scores, -np.inf), axis=1))

    return gate


def _by_hand(largest: int | None, total: int | None) -> Callable[[np.ndarray], np.ndarray]:
    """A softmax in two steps, each along an axis of its own; None is the whole table."""

    def gate(scores: np.ndarray) -> np.ndarray:
        e = np.exp(scores - scores.max(axis=largest, keepdims=True))
        return np.asarray(e / e.sum(axis=total, keepdims=True))

    return gate


def _exp_overflows(scores: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        e = np.exp(scores)
        return e / e.sum(axis=1, keepdims=True)


def first_expert(x: Any, experts: Experts, gates: Gates, towers: Towers) -> dict[str, np.ndarray]:
    return right_forward(x, [experts[0]] * len(experts), gates, towers)


def clipped(x: Any, experts: Experts, gates: Gates, towers: Towers) -> dict[str, np.ndarray]:
    said = right_forward(x, experts, gates, towers)
    return {task: np.clip(p, 1e-7, 1 - 1e-7) for task, p in said.items()}


def cut_at(edge: float) -> Callable[..., dict[str, np.ndarray]]:
    return mixed(gate=lambda scores: softmax(np.clip(scores, -edge, edge), axis=1))


def by_position(x: Any, experts: Experts, gates: Gates, towers: Towers) -> dict[str, np.ndarray]:
    return right_forward(x, experts, dict(zip(towers, gates.values(), strict=True)), towers)


def over_tasks(x: Any, experts: Experts, gates: Gates, towers: Towers) -> dict[str, np.ndarray]:
    """The weights of all tasks at one expert sum to 1."""
    shares = softmax(np.stack([x @ gates[task] for task in towers]), axis=0)
    said = {}
    for g, (task, (w, b)) in zip(shares, towers.items(), strict=True):
        made = np.stack([np.maximum(x @ one + bias, 0.0) for one, bias in experts])
        said[task] = expit(np.einsum("nm,mnh->nh", g, made) @ w + b)
    return said


one_gate = mixed(which=lambda gates, task: next(iter(gates)))
uniform = mixed(gate=lambda scores: np.full(scores.shape, 1 / scores.shape[1]))
over_rows = mixed(gate=lambda scores: softmax(scores, axis=0))
over_all = mixed(gate=lambda scores: softmax(scores))
top_one = mixed(gate=_sparse)
sigmoid_gates = mixed(gate=expit)
raw_gates = mixed(gate=lambda scores: scores)
overflowing = mixed(gate=_exp_overflows)
relu_after = mixed(relu="after")
no_relu = mixed(relu="never")
no_bias = mixed(bias=False)
no_sigmoid = mixed(sigmoid=False)
mixes_probabilities = mixed(of_probabilities=True)

MISTAKES: dict[str, Callable[..., dict[str, np.ndarray]]] = {
    "all tasks use the first task's gate: that is OMoE, one gate for all": one_gate,
    "every expert counts the same: the gates are not used": uniform,
    "the softmax runs over the rows; the weights of one row's experts must sum to 1": over_rows,
    "the softmax runs over rows and experts together: give it axis=1, then each row's weights sum "
    "to 1": over_all,
    "the softmax runs over the tasks; the weights of one task's experts must sum to 1": over_tasks,
    "the softmax subtracts each row's largest score, but divides by the sum of a column, over the "
    "rows: sum over axis=1, too": mixed(gate=_by_hand(1, 0)),
    "the softmax subtracts each row's largest score, but divides by the sum of the whole table: "
    "sum over axis=1, too": mixed(gate=_by_hand(1, None)),
    "the softmax subtracts the largest score of a column: take the largest of each row, over "
    "axis=1": mixed(gate=_by_hand(0, 1)),
    "only the expert with the largest weight is used; MMoE's gates are dense, not top-1": top_one,
    **{
        f"only the {words} largest weights of a row are used; MMoE's gates are dense": (
            mixed(gate=_largest(k))
        )
        for k, words in ((2, "two"), (3, "three"), (4, "four"))
    },
    "a sigmoid stands in place of the softmax: the weights of a row do not sum to 1": sigmoid_gates,
    "the gate's scores are used as weights, without a softmax": raw_gates,
    "the ReLU comes after the mixture; each expert has its own ReLU": relu_after,
    "the experts have no ReLU": no_relu,
    "the experts' biases are not added": no_bias,
    "the towers have no sigmoid": no_sigmoid,
    "probabilities are mixed: mix what the experts give, then apply the tower": mixes_probabilities,
    "all experts are the first one": first_expert,
    "gates and towers are paired by their place in the dicts: look both up by the task": (
        by_position
    ),
    "the gate's scores are cut at a bound: two scores beyond the bound become equal": cut_at(500),
    "the probabilities are clipped; do not clip them": clipped,
}
