"""50.7: when training stops, and which weights are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of, compare_named
from course_utils.exercises.reading import as_number, pair_of

CASES: list[Case] = [
    ([0.5, 0.4, 0.45, 0.44, 0.3], 2),
    ([0.5, 0.4, 0.45, 0.39, 0.41, 0.42, 0.2], 2),
    ([0.3], 3),
    ([0.3, 0.3, 0.3, 0.1], 2),
    ([0.9, 0.8, 0.7], 1),
    ([0.9, 1.0, 0.1], 1),
    ([0.5, 0.6, 0.4, 0.7, 0.6, 0.5, 0.1], 3),
    ([0.5, 0.3, 0.3, 0.2, 0.25, 0.2, 0.2, 0.1], 3),
    ([0.4, 0.6, 0.5, 0.45, 0.3], 4),
    ([2.0, 1.5, 1.6, 1.7], 5),
    ([0.5, 0.6, 0.7, 0.8, 0.1], 1),
    ([0.5, 0.49999, 0.6, 0.4], 2),  # a small gain is a gain
]


def stop(
    losses: list[float], patience: int, better: Callable[[float, float], bool] = lambda a, b: a < b
) -> tuple[int, int]:
    best, kept = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        if better(loss, best):
            best, kept = loss, epoch
        elif epoch - kept >= patience:
            return epoch, kept
    return len(losses), kept


def last_weights(losses: list[float], patience: int) -> tuple[int, int]:
    ran, _ = stop(losses, patience)
    return ran, ran


def all_epochs(losses: list[float], patience: int) -> tuple[int, int]:
    return len(losses), len(losses)


def looks_ahead(losses: list[float], patience: int) -> tuple[int, int]:
    return len(losses), int(np.argmin(losses)) + 1


def against_the_last(losses: list[float], patience: int) -> tuple[int, int]:
    """Counts epochs that are worse than the one before."""
    worse = 0
    for epoch in range(2, len(losses) + 1):
        worse = worse + 1 if losses[epoch - 1] >= losses[epoch - 2] else 0
        if worse >= patience:
            return epoch, int(np.argmin(losses[:epoch])) + 1
    return len(losses), int(np.argmin(losses)) + 1


def never_reset(losses: list[float], patience: int) -> tuple[int, int]:
    best, kept, worse = np.inf, 0, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, kept = loss, epoch
        else:
            worse += 1
        if worse >= patience:
            return epoch, kept
    return len(losses), kept


def latest_of_equals(losses: list[float], patience: int) -> tuple[int, int]:
    ran, _ = stop(losses, patience)
    return ran, ran - int(np.argmin(losses[:ran][::-1]))


def one_later(losses: list[float], patience: int) -> tuple[int, int]:
    return stop(losses, patience + 1)


def one_earlier(losses: list[float], patience: int) -> tuple[int, int]:
    return stop(losses, max(patience - 1, 1))


def from_zero(losses: list[float], patience: int) -> tuple[int, int]:
    ran, kept = stop(losses, patience)
    return ran - 1, kept - 1


def kept_from_zero(losses: list[float], patience: int) -> tuple[int, int]:
    ran, kept = stop(losses, patience)
    return ran, kept - 1


def kept_from_all(losses: list[float], patience: int) -> tuple[int, int]:
    return stop(losses, patience)[0], int(np.argmin(losses)) + 1


def highest(losses: list[float], patience: int) -> tuple[int, int]:
    return stop([-one for one in losses], patience)


def before_patience(losses: list[float], patience: int) -> tuple[int, int]:
    ran, _ = stop(losses, patience)
    return ran, max(ran - patience, 1) if ran < len(losses) else ran


LAST = "the last weights are kept: keep those with the lowest loss"
MISTAKES: dict[str, Callable[..., tuple[int, int]]] = {
    LAST: last_weights,
    f"{LAST} (and nothing stops before the end)": all_epochs,
    "the losses that training never reached are looked at": looks_ahead,
    "`kept` may be an epoch that was never reached: look among those that ran": kept_from_all,
    "each loss is compared with the one before, not with the lowest": against_the_last,
    "the count of epochs without a gain is never set back": never_reset,
    "an equal loss counts as lower": lambda losses, patience: stop(
        losses, patience, lambda a, b: a <= b
    ),
    "a small gain does not count; any lower loss does": lambda losses, patience: stop(
        losses, patience, lambda a, b: a < b - 1e-4
    ),
    "of equal losses the latest is kept: keep the first": latest_of_equals,
    "it stops one epoch too late": one_later,
    "it stops one epoch too early": one_earlier,
    "epochs are counted from 0: count from 1": from_zero,
    "`kept` is counted from 0, and `ran` from 1: count both from 1": kept_from_zero,
    "the highest loss is looked for": highest,
    "where it runs to the end, the last epoch is kept: the lowest may lie before": before_patience,
}


def _read(value: Any, case: Case) -> tuple[float, float]:
    call = call_of("stop", case)
    ran, kept = pair_of(value, call, "a pair (ran, kept)")
    return as_number(ran, f"{call}: ran"), as_number(kept, f"{call}: kept")


def check_stop(answer: Any) -> None:
    compare_named("stop", answer, CASES, stop, _read, MISTAKES, {LAST: "E41"})


TASK = Task(
    id="50.7",
    prompt="Return how many epochs run, and the epoch whose weights are kept.",
    check_answer=check_stop,
    hints=(
        "Keep two numbers as you go: the lowest loss so far, and the epoch that had it.",
        "An epoch is a gain if its loss is below the lowest; else, how many epochs ago was that?",
        "for epoch, loss in enumerate(losses, 1): if loss < best: best, kept = loss, epoch; elif "
        "epoch - kept >= patience: return epoch, kept. After the loop: len(losses), kept.",
    ),
    insight="Patience costs that many epochs each time; keeping the best weights costs nothing.",
    errata=ERRATA,
)
