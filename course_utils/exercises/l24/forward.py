"""Task 24.1: the forward pass of MMoE."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import expit, softmax

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l24.shared import Case, with_lines
from course_utils.exercises.reading import as_array, refuse_none
from course_utils.exercises.theirs import shorten

Experts = Sequence[tuple[np.ndarray, np.ndarray]]
Gates = Mapping[str, np.ndarray]
Towers = Mapping[str, tuple[np.ndarray, float]]


def _case(seed: int, n: int, d: int, h: int, m: int, tasks: str, scale: float = 1.0) -> Case:
    draw = np.random.default_rng(seed)

    def some(*shape: int) -> np.ndarray:
        return draw.normal(size=shape).round(1) + 0.0

    experts = [(some(d, h), some(h)) for _ in range(m)]
    gates = {task: scale * some(d, m) for task in tasks.split()}
    towers = {task: (some(h), round(float(draw.normal()), 1)) for task in tasks.split()}
    return (2 * some(n, d)).round(1) + 0.0, experts, gates, towers


SMALL: Case = (
    np.array([[1.0, 2.0]]),
    [
        (np.array([[1.0], [0.0]]), np.array([0.0])),
        (np.array([[0.0], [2.0]]), np.array([-1.0])),
    ],
    {"click": np.array([[0.0, 0.0], [0.0, 0.0]]), "buy": np.array([[0.0, 0.0], [1.0, 0.0]])},
    {"click": (np.array([1.0]), -1.0), "buy": (np.array([1.0]), 0.0)},
)

ORDINARY: list[Case] = [
    SMALL,
    # The towers' tasks in another order than the gates'.
    (*SMALL[:3], dict(reversed(SMALL[3].items()))),
    _case(1, 3, 2, 2, 3, "click buy"),
    _case(5, 4, 3, 2, 2, "view buy click"),
    _case(3, 1, 2, 3, 2, "buy click"),
    _case(4, 3, 2, 2, 1, "click buy"),
    _case(6, 3, 2, 2, 4, "only"),
    (np.array([[1, 2], [3, 1]]), *SMALL[1:]),  # whole numbers
    # Logits of -10 and -20: no clip leaves their probabilities alone.
    (
        np.array([[10.0], [20.0]]),
        [(np.array([[1.0]]), np.array([0.0])), (np.array([[1.0]]), np.array([0.0]))],
        {"click": np.array([[0.1, 0.0]])},
        {"click": (np.array([-1.0]), 0.0)},
    ),
]
LARGE: list[Case] = [
    # Gate scores of hundreds, of both signs: a plain exp overflows.
    _case(9, 3, 2, 2, 3, "click buy", scale=500.0),
    # Two large scores in one row, 1000 and 800, then -1000 and -800: clipped they would be equal.
    (
        np.array([[1.0], [-1.0]]),
        [(np.array([[0.0]]), np.array([1.0])), (np.array([[0.0]]), np.array([3.0]))],
        {"click": np.array([[1000.0, 800.0]])},
        {"click": (np.array([1.0]), 0.0)},
    ),
]
CASES = [*ORDINARY, *LARGE]


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


one_gate = mixed(which=lambda gates, task: next(iter(gates)))
uniform = mixed(gate=lambda scores: np.full(scores.shape, 1 / scores.shape[1]))
over_rows = mixed(gate=lambda scores: softmax(scores, axis=0))
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
    "only the expert with the largest weight is used; MMoE's gates are dense, not top-1": top_one,
    "a sigmoid stands in place of the softmax: the weights of a row do not sum to 1": sigmoid_gates,
    "the gate's scores are used as weights, without a softmax": raw_gates,
    "the ReLU comes after the mixture; each expert has its own": relu_after,
    "the experts have no ReLU": no_relu,
    "the experts' biases are not added": no_bias,
    "the towers have no sigmoid": no_sigmoid,
    "probabilities are mixed: mix what the experts give, then apply the tower": mixes_probabilities,
    "all experts are the first one": first_expert,
    "gates and towers are paired by their place in the dicts: look both up by the task": (
        by_position
    ),
    "the gate's scores are cut at a bound: two that lie beyond it become equal": cut_at(500),
    "the probabilities are clipped; do not clip them": clipped,
}


def check_forward(answer: Any) -> None:
    for cases in (ORDINARY, CASES):  # a slip shows on small numbers before it gives nan on large
        compare(
            answer,
            cases,
            _table(right_forward),
            _read,
            _told,
            {why: _table(forward) for why, forward in MISTAKES.items()},
            lambda case, at: f"{_told(case)}row {at[0]} of {list(case[3])[at[1]]!r}",
        )


def _told(case: Case) -> str:
    return with_lines(case, "x", "experts", "gates", "towers")


def _table(forward: Callable[..., dict[str, np.ndarray]]) -> Callable[..., np.ndarray]:
    """A row a row, a column a task, in the order of the towers."""
    return lambda *case: np.stack([forward(*case)[task] for task in case[3]], axis=1)


def _read(got: Any, case: Case) -> np.ndarray:
    told, towers = _told(case), case[3]
    refuse_none(got, f"{told}the result", "a dict")
    if not isinstance(got, dict) or set(got) != set(towers):
        reject(f"{told}the result must be a dict with the keys {[*towers]}, got {shorten(got)}.")
    shape = (len(case[0]),)
    for task in towers:
        given = got[task]
        if isinstance(given, np.ndarray) and given.dtype == float and np.isnan(given).any():
            reject(
                f"{told}the result of {task!r} must not hold nan. np.exp overflows, or all "
                "weights of a row become 0: subtract each row's own largest score."
            )
    return np.stack(
        [as_array(got[task], f"{told}the result of {task!r}", shape) for task in towers], axis=1
    )


TASK = Task(
    id="24.1",
    prompt="Return each task's probabilities: experts, the task's gate, the mixture, the tower.",
    check_answer=check_forward,
    hints=(
        "Compute what the experts give once: all tasks share it. Gate and tower are the task's.",
        "For each row a softmax over the experts: subtract the row's largest score before exp.",
        "f = np.stack([np.maximum(x @ W + b, 0) for W, b in experts]) is [m, n, h]; with g [n, m] "
        "the mixture is (g.T[:, :, None] * f).sum(axis=0), [n, h]; then the tower.",
    ),
    insight="Experts are shared by all tasks; who listens to whom is in the gates alone.",
)
