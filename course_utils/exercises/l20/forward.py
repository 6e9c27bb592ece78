"""Task 20.2: the forward pass through trunk and towers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit

from course_utils.exercises.asking import AnswerRaised, reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import ask_quietly, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l20.networks import (
    NARROW,
    NETWORKS,
    right_forward,
)
from course_utils.exercises.l20.slips import MISTAKES, Forward, chained, from_hidden
from course_utils.exercises.reading import as_array, refuse_none
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same


def check_forward(answer: Any) -> None:
    def asked(*network: Any) -> Any:
        try:
            return answer(*network)
        except AnswerRaised:
            if _chains_towers(answer):
                reject(
                    f"{_told(network)}your function raises an error: a tower starts from the "
                    "result of the tower before it, not from the trunk's. Keep what the trunk "
                    "gives under a name of its own."
                )
            raise

    mistakes = {why: _as_table(forward) for why, forward in MISTAKES.items()}
    compare(asked, NETWORKS, _as_table(right_forward), _read, _told, mistakes, _place)


def _as_table(forward: Forward) -> Callable[..., np.ndarray]:
    """A row a row, a column a task, in the order of the towers."""
    return lambda x, trunk, towers: np.stack(
        [forward(x, trunk, towers)[task] for task in towers], axis=1
    )


def _told(network: Any) -> str:
    x, trunk, towers = network
    return with_lines(x=x, trunk=trunk, towers=towers)


def _place(network: Any, path: tuple[Any, ...]) -> str:
    row, column = path
    return f"{_told(network)}row {row} of {list(network[2])[column]!r}"


def _read(got: Any, network: Any) -> np.ndarray:
    (x, _, towers), told = network, _told(network)
    refuse_none(got, f"{told}the result", "a dict")
    if not isinstance(got, dict) or set(got) != set(towers):
        reject(f"{told}the result must be a dict with the keys {[*towers]}, got {shorten(got)}.")
    for task in towers:
        if got[task] is None:
            reject(f"{told}the result of {task!r} must be an array of numbers, got None.")
    return np.stack(
        [as_array(got[task], f"{told}the result of {task!r}", (len(x),)) for task in towers],
        axis=1,
    )


def _chains_towers(answer: Any) -> bool:
    """Does each tower start where the tower before it ended, with or without its sigmoid?"""
    [got] = ask_quietly(lambda *network: _read(answer(*network), network), [NARROW])
    ways = chained(expit), chained(np.asarray), from_hidden
    return any(same(got, _as_table(way)(*NARROW)) for way in ways)


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
