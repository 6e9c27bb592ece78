"""Lesson 20: what goes wrong in task 20.5, as functions that do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import stats

from course_utils.metrics import paired_interval

Scores = Mapping[str, list[float]]
Case = tuple[Mapping[str, Scores], Scores, str, float]


def chosen(
    settings: Mapping[str, Scores],
    alone: Scores,
    starved: str,
    passes: Callable[[str, list[float]], bool],
    value: Callable[[Mapping[str, list[float]]], float] | None = None,
    last: bool = False,
) -> str | None:
    """The best of the settings whose gains pass, by the starved task's mean gain."""
    best, found = -np.inf, None
    for name, scores in settings.items():
        gains = {task: np.subtract(scores[task], alone[task]).tolist() for task in alone}
        if not all(passes(task, one) for task, one in gains.items()):
            continue
        worth = float(np.mean(gains[starved])) if value is None else value(gains)
        if worth > best or (last and worth == best):
            best, found = worth, name
    return found


def lower(gains: list[float]) -> float:
    return ends(gains)[0]


def ends(gains: list[float]) -> tuple[float, float]:
    if np.ptp(gains) == 0:
        return gains[0], gains[0]
    return paired_interval(gains)


def right_launch(settings: Any, alone: Any, starved: str, margin: float) -> str | None:
    return chosen(settings, alone, starved, lambda task, gains: lower(gains) >= -margin)


def mean_of_tasks(settings: Any, alone: Any, starved: str, margin: float) -> str | None:
    """The article's: one unified model improves the effect, whichever task loses."""
    return chosen(
        settings, alone, starved, lambda task, gains: True,
        lambda gains: float(np.mean([np.mean(one) for one in gains.values()])),
    )  # fmt: skip


def starved_alone(settings: Any, alone: Any, starved: str, margin: float) -> str | None:
    return chosen(settings, alone, starved, lambda task, gains: True)


def by_rule(
    passes: Callable[[str, list[float], str, float], bool], **more: Any
) -> Callable[..., str | None]:
    return lambda settings, alone, starved, margin: chosen(
        settings, alone, starved, lambda task, gains: passes(task, gains, starved, margin), **more
    )


def unpaired(settings: Any, alone: Any, starved: str, margin: float) -> str | None:
    allowed = {}
    for name, scores in settings.items():
        lows = []
        for task, twin in alone.items():
            n = len(twin)
            spread = np.var(scores[task], ddof=1) + np.var(twin, ddof=1)
            half = stats.t.ppf(0.975, n - 1) * np.sqrt(spread / n)
            lows.append(np.mean(scores[task]) - np.mean(twin) - half)
        if min(lows) >= -margin:
            allowed[name] = scores
    return starved_alone(allowed, alone, starved, margin)


def by_average(low: Callable[[list[list[float]]], float]) -> Callable[..., str | None]:
    """One number for all tasks is held against the margin."""

    def launch(settings: Any, alone: Any, starved: str, margin: float) -> str | None:
        kept = {}
        for name, scores in settings.items():
            gains = [np.subtract(scores[task], alone[task]).tolist() for task in alone]
            if low(gains) >= -margin:
                kept[name] = scores
        return starved_alone(kept, alone, starved, margin)

    return launch


def above_zero(settings: Any, alone: Any, starved: str, margin: float) -> str | None:
    """The search begins at a gain of 0."""
    name = right_launch(settings, alone, starved, margin)
    if name is None or np.mean(np.subtract(settings[name][starved], alone[starved])) > 0:
        return name
    return None


def normal(gains: list[float]) -> float:
    return float(np.mean(gains) - 1.96 * stats.sem(gains))


def with_t(gains: list[float], quantile: float, freedom: int, ddof: int = 1) -> float:
    return float(np.mean(gains) - stats.t.ppf(quantile, freedom) * stats.sem(gains, ddof=ddof))


def by_n(gains: list[float]) -> float:
    n = len(gains)
    return float(np.mean(gains) - stats.t.ppf(0.975, n - 1) * np.std(gains) / n)


ARTICLE = (
    "It looks as if the mean over all tasks decides: a large gain of one task hides the loss of "
    "another."
)

MISTAKES: dict[str, Callable[..., Any]] = {
    ARTICLE: mean_of_tasks,
    "the other tasks are not looked at: the starved task's gain alone decides": starved_alone,
    "the mean gain is held against the margin, not the lower end of its interval": by_rule(
        lambda task, gains, starved, margin: bool(np.mean(gains) >= -margin)
    ),
    "the upper end of the interval is held against the margin, not the lower": by_rule(
        lambda task, gains, starved, margin: ends(gains)[1] >= -margin
    ),
    "the lower end must be above 0: the margin is not used": by_rule(
        lambda task, gains, starved, margin: lower(gains) >= 0
    ),
    "the lower end must be above the margin itself, not above its negative": by_rule(
        lambda task, gains, starved, margin: lower(gains) >= margin
    ),
    "the mean over all tasks is held against the margin: each task must pass by itself": by_average(
        lambda gains: lower(np.mean(gains, axis=0).tolist())
    ),
    "the mean gain over all tasks is held against the margin: each task's lower end must pass": (
        by_average(lambda gains: float(np.mean(gains)))
    ),
    "the starved task's mean gain must be above 0: a setting that passes needs no gain": above_zero,
    "an interval of width 0 is nan, as `stats.t.interval` gives it: there the lower end is the "
    "mean": by_rule(
        lambda task, gains, starved, margin: np.ptp(gains) > 0 and lower(gains) >= -margin
    ),
    "the starved task need not pass: every task must": by_rule(
        lambda task, gains, starved, margin: task == starved or lower(gains) >= -margin
    ),
    "the starved task alone must pass: every task must": by_rule(
        lambda task, gains, starved, margin: task != starved or lower(gains) >= -margin
    ),
    "the worst market is held against the margin, not the lower end of the interval": by_rule(
        lambda task, gains, starved, margin: min(gains) >= -margin
    ),
    "1.96 is taken for t: too small for so few markets": by_rule(
        lambda task, gains, starved, margin: normal(gains) >= -margin
    ),
    "the quantile is that of 0.95: 0.975 leaves 2.5 % at each end": by_rule(
        lambda task, gains, starved, margin: with_t(gains, 0.95, len(gains) - 1) >= -margin
    ),
    "t has n degrees of freedom, not n - 1": by_rule(
        lambda task, gains, starved, margin: with_t(gains, 0.975, len(gains)) >= -margin
    ),
    "the standard deviation has n in its denominator, not n - 1": by_rule(
        lambda task, gains, starved, margin: with_t(gains, 0.975, len(gains) - 1, 0) >= -margin
    ),
    "a lower end of exactly -margin fails: it must pass": by_rule(
        lambda task, gains, starved, margin: lower(gains) > -margin
    ),
    "the standard deviation is divided by n, not by the square root of n": by_rule(
        lambda task, gains, starved, margin: by_n(gains) >= -margin
    ),
    "the markets are not paired": unpaired,
    "the first setting that passes is returned, not the best of them": by_rule(
        lambda task, gains, starved, margin: lower(gains) >= -margin, value=lambda gains: 0.0
    ),
    "the best mean over all tasks is taken among those that pass, not the starved task's": by_rule(
        lambda task, gains, starved, margin: lower(gains) >= -margin,
        value=lambda gains: float(np.mean([np.mean(one) for one in gains.values()])),
    ),
    "the greatest lower end is taken among those that pass, not the greatest mean gain": (
        lambda settings, alone, starved, margin: chosen(
            settings, alone, starved, lambda task, gains: lower(gains) >= -margin,
            lambda gains: lower(gains[starved]),
        )
    ),
    "of equal settings the last is returned, not the first": by_rule(
        lambda task, gains, starved, margin: lower(gains) >= -margin, last=True
    ),
}  # fmt: skip
