"""Task 20.2: the forward pass through trunk and towers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.special import expit, softmax

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import ask_quietly, explain
from course_utils.exercises.engine import Task
from course_utils.exercises.l20.shared import lines
from course_utils.exercises.reading import as_array, refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import apart, same

Layers = Sequence[tuple[np.ndarray, np.ndarray]]
Towers = Mapping[str, Layers]
Network = tuple[np.ndarray, Layers, Towers]


def _chain(x: Any, layers: Layers, last_relu: bool, relu: bool = True) -> np.ndarray:
    for place, (w, b) in enumerate(layers):
        x = np.einsum("nd,de->ne", x, w) + b
        if relu and (last_relu or place < len(layers) - 1):
            x = np.where(x > 0, x, 0.0)
    return x


def logits_of(x: Any, trunk: Layers, towers: Towers) -> dict[str, np.ndarray]:
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
    for task, values in right_forward(*network).items():
        assert n == 1 or np.ptp(values) > 0.05, (seed, task, values)
    return network


def right_forward(x: Any, trunk: Layers, towers: Towers) -> dict[str, np.ndarray]:
    return {task: expit(z) for task, z in logits_of(x, trunk, towers).items()}


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
    for at, network in enumerate(_NETWORKS):
        told = _told(*network)
        got = _checked_forward(answer, *network)
        for task, want in right_forward(*network).items():
            if not same(got[task], want):
                row = int(np.abs(got[task] - want).argmax())
                should, is_ = apart(want[row], got[task][row])
                why = _forward_mistake(answer, task, at)
                reject(f"{told}row {row} of {task!r}: expected {should}, got {is_}.{why}")


def _told(x: Any, trunk: Layers, towers: Towers) -> str:
    return f"With\n{lines(x=x, trunk=trunk, towers=towers)}\n"


def _checked_forward(
    answer: Any, x: np.ndarray, trunk: Layers, towers: Towers
) -> dict[str, np.ndarray]:
    got, told = answer(x, trunk, towers), _told(x, trunk, towers)
    refuse_none(got, f"{told}the result", "a dict")
    if not isinstance(got, dict) or set(got) != set(towers):
        reject(f"{told}the result must be a dict with the keys {[*towers]}, got {shorten(got)}.")
    for task in towers:
        if got[task] is None:
            reject(f"{told}the result of {task!r} must be an array of numbers, got None.")
    return {
        task: as_array(got[task], f"{told}the result of {task!r}", (len(x),)) for task in towers
    }


def _forward_mistake(answer: Any, task: str, shown: int) -> str:
    """A mistake that explains the numbers of this task, in every network that has it."""
    networks = [network for network in _NETWORKS if task in network[2]]
    gots = ask_quietly(lambda *network: _checked_forward(answer, *network)[task], networks)

    def tower_of(pick: Callable[[Towers], str | None]) -> Callable[..., Any]:
        def gives(x: Any, trunk: Any, towers: Any) -> Any:
            other = pick(towers)
            return np.nan if other is None else right_forward(x, trunk, towers)[other]

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
    at = next(at for at, network in enumerate(networks) if network is _NETWORKS[shown])
    known = {**of_all, **others, **ends}
    return explain(networks, gots, lambda *one: right_forward(*one)[task], known, at)


def variant(
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


def no_sigmoid(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return logits_of(x, trunk, towers)


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
    shared = _chain(x, trunk, False, relu=False)
    return right_forward(np.maximum(shared, 0) if trunk else x, [], towers)


def relu_on_empty_trunk(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return right_forward(np.maximum(x, 0) if not trunk else x, trunk, towers)


def towers_of_two_layers(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return right_forward(x, trunk, {k: [*v[:-1][:1], v[-1]] for k, v in towers.items()})


def mean_of_rows(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: np.full(len(x), v.mean()) for k, v in right_forward(x, trunk, towers).items()}


_FORWARD_MISTAKES: dict[str, Callable[..., dict[str, np.ndarray]]] = {
    "the last layer is returned without its sigmoid": no_sigmoid,
    "a ReLU stands before the sigmoid: no chance can be below 0.5": relu_before_sigmoid,
    "the trunk has no ReLU": variant(trunk_relu=False),
    "the last layer of the trunk has no ReLU": variant(last_relu=False),
    "the trunk has a ReLU only after its last layer": trunk_relu_at_end,
    "the inner layers of the tower have no ReLU": variant(tower_relu=False),
    "the biases are not added": variant(bias=False),
    "a softmax over the tasks is taken: the chances of one row sum to 1": _softmax_or_nan,
    "only the first two layers of the trunk are used": two_trunk_layers,
    "an empty trunk still puts a ReLU on x": relu_on_empty_trunk,
    "the tower skips the layers between its first and its last": towers_of_two_layers,
    "the rows are averaged": mean_of_rows,
}


TASK = Task(
    id="20.2",
    prompt="Return the probability of each task for each row, through trunk and tower.",
    check_answer=check_forward,
    hints=(
        "Run the trunk once. Every tower starts from the same result.",
        "A layer is h @ W + b. ReLU is np.maximum(h, 0); the last layer of a tower has none.",
        "Loop over the trunk; then, for each task, loop over layers[:-1] with ReLU, take "
        "h @ W + b of the last layer, its column 0, and the sigmoid of it.",
    ),
    insight="The trunk runs once for all tasks: that is where serving one network saves time.",
)
