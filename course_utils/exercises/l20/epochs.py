"""Task 20.3: what each task loses if one epoch is kept for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array


def right_price(losses: Any) -> np.ndarray:
    return price_at(int(np.argmin(np.sum(losses, axis=1))), losses)


def price_at(epoch: int, losses: Any) -> np.ndarray:
    """Each task's loss after this epoch, above its own least."""
    losses = np.asarray(losses, float)
    return np.asarray(losses[epoch] - losses.min(axis=0))


def kept(epoch: Callable[[np.ndarray], Any]) -> Callable[[Any], np.ndarray]:
    """The price of another epoch than that of the least sum."""
    return lambda losses: price_at(int(epoch(np.asarray(losses, float))), losses)


def first_rise(losses: np.ndarray) -> int:
    """The epoch before the sum rises for the first time."""
    sums = losses.sum(axis=1)
    return int(np.append(np.flatnonzero(np.diff(sums) > 0), len(sums) - 1)[0])


def last_of_equal(losses: np.ndarray) -> int:
    sums = losses.sum(axis=1)[::-1]
    return len(sums) - 1 - int(np.argmin(sums))


def own_at_last(losses: Any) -> np.ndarray:
    """Measured against the last epoch, not against each task's best."""
    losses = np.asarray(losses, float)
    return np.asarray(losses[np.argmin(losses.sum(axis=1))] - losses[-1])


def in_shares(losses: Any) -> np.ndarray:
    return np.asarray(right_price(losses) / np.min(losses, axis=0))


def best_so_far(losses: Any) -> np.ndarray:
    """Measured against the best of the epochs up to the kept one."""
    losses = np.asarray(losses, float)
    one = int(np.argmin(losses.sum(axis=1)))
    return np.asarray(losses[one] - losses[: one + 1].min(axis=0))


def own_epochs(losses: Any) -> np.ndarray:
    return np.argmin(losses, axis=0).astype(float)


MISTAKES: dict[str, Callable[..., np.ndarray]] = {
    "the sign is wrong: a loss that could be lower has a price above 0": (
        lambda losses: -right_price(losses)
    ),
    "the kept epoch is the best of the first task, not that of the least sum": kept(
        lambda losses: np.argmin(losses[:, 0])
    ),
    "the kept epoch is the best of the last task, not that of the least sum": kept(
        lambda losses: np.argmin(losses[:, -1])
    ),
    "the last epoch is kept, not that of the least sum": kept(lambda losses: len(losses) - 1),
    "the epoch of the greatest sum is kept": kept(lambda losses: np.argmax(losses.sum(axis=1))),
    "the search ends where the sum rises for the first time: a later epoch may be better": (
        kept(first_rise)
    ),
    "of equal sums the last is kept, not the first": kept(last_of_equal),
    "the epoch halfway between the tasks' best epochs is kept": kept(
        lambda losses: np.mean(np.argmin(losses, axis=0))
    ),
    "each loss is divided by its least before they are added": kept(
        lambda losses: np.argmin((losses / losses.min(axis=0)).sum(axis=1))
    ),
    "the largest loss decides, not the sum": kept(lambda losses: np.argmin(losses.max(axis=1))),
    "a task's least loss is searched up to the kept epoch only: a later loss may be lower": (
        best_so_far
    ),
    "it is compared with the last epoch, not with each task's best one": own_at_last,
    "the losses themselves are returned, not how far they are above the least": (
        lambda losses: np.asarray(losses, float)[np.argmin(np.sum(losses, axis=1))]
    ),
    "each task's own best epoch is returned, not a loss": own_epochs,
    "the price is divided by the least loss": in_shares,
}


def _drawn(seed: int, epochs: int, tasks: int) -> np.ndarray:
    """Losses that fall and rise again, each task at its own time."""
    draw = np.random.default_rng(seed)
    best = draw.uniform(0, epochs, tasks)
    steps = np.arange(epochs)[:, None] - best
    noise = 0.03 * draw.normal(size=(epochs, tasks))
    return (0.3 + 0.4 * draw.random(tasks) + 0.02 * np.abs(steps) + noise).round(3)


_RUNS: list[tuple[np.ndarray]] = [
    (np.array([[0.60, 0.30], [0.55, 0.26], [0.52, 0.28], [0.50, 0.31], [0.49, 0.36]]),),
    *(
        (_drawn(seed, epochs, tasks),)
        for seed, epochs, tasks in [(0, 12, 2), (1, 9, 3), (2, 30, 4)]
    ),
    (np.array([[0.7, 0.1], [0.5, 0.15], [0.52, 0.16], [0.45, 0.18]]),),  # the sum falls twice
    (np.array([[0.5, 0.25], [0.25, 0.5], [0.5, 0.5]]),),  # equal sums
    (np.array([[0.75, 0.5, 0.25], [0.5, 0.5, 0.5], [0.25, 0.5, 0.75]]),),
    (np.array([[0.9], [0.4], [0.6]]),),  # one task
    (np.array([[0.4, 0.2, 0.3]]),),  # one epoch
    (np.array([[4, 1], [2, 2], [1, 5]]),),
    (np.array([[0.3, 0.00012345678], [0.2, 0.00013456789], [0.4, 0.00011]]),),  # a small price
    (np.array([[1.0, 0.010], [0.9, 0.030], [0.95, 0.011]]),),  # a small loss weighs little
]


def check_epochs(answer: Any) -> None:
    compare(
        leaving(answer, ("losses",), _told),
        _RUNS,
        right_price,
        lambda value, run: as_array(value, f"{_told(run)}the result", run[0].shape[1:]),
        _told,
        MISTAKES,
        lambda run, path: f"{_told(run)}the price for task {path[0]}",
    )


def _told(run: Any) -> str:
    (losses,) = run
    return with_lines(losses=losses)


TASK = Task(
    id="20.3",
    prompt="Return how far each task's loss is above its least, at the epoch of the least sum.",
    check_answer=check_epochs,
    hints=(
        "Two epochs matter for a task: the epoch kept for all tasks, and its own best epoch.",
        "losses.sum(axis=1) is one number for each epoch; of equal sums np.argmin takes the first.",
        "one = np.argmin(losses.sum(axis=1)); the result is losses[one] - losses.min(axis=0).",
    ),
    insight="A twin keeps its own best epoch, so its price is 0. Before you call a loss of AUC "
    "negative transfer, take this price out of the comparison.",
)
