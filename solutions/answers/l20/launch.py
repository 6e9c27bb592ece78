"""Task 20.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from answers import Proof, Wrong, silent
from course_utils.exercises.l20.settings import ARTICLE, MISTAKES, mean_of_tasks, right_launch


def _as_tables(settings: Any, alone: Any, starved: str, margin: float) -> Any:
    twin, best = pd.DataFrame(alone), []
    for place, (name, scores) in enumerate(settings.items()):
        gains = pd.DataFrame(scores)[twin.columns] - twin
        half = stats.t.isf(0.025, len(gains) - 1) * gains.sem()
        if (gains.mean() - half + margin >= 0).all():
            best.append((-round(gains[starved].mean(), 12), place, name))
    return min(best)[2] if best else None


def _by_auc(settings: Any, alone: Any, starved: str, margin: float) -> Any:
    """The greatest mean AUC is the greatest mean gain: the twin is the same for all."""
    allowed = []
    for name, scores in settings.items():
        for task in scores:
            gains = [m - b for m, b in zip(scores[task], alone[task], strict=True)]
            mean, n = sum(gains) / len(gains), len(gains)
            variance = sum((one - mean) ** 2 for one in gains) / (n - 1)
            if mean - stats.t.ppf(0.975, n - 1) * (variance / n) ** 0.5 < -margin:
                break
        else:
            allowed.append(name)
    return max(allowed, key=lambda name: sum(settings[name][starved]), default=None)


def _place(settings: Any, *rest: Any) -> Any:
    name = right_launch(settings, *rest)
    return None if name is None else list(settings).index(name)


def _word_for_none(*case: Any) -> Any:
    return right_launch(*case) or "none"


def _purchase_always(settings: Any, alone: Any, starved: str, margin: float) -> Any:
    return right_launch(settings, alone, "purchase", margin)


def _click_and_purchase_only(settings: Any, alone: Any, starved: str, margin: float) -> Any:
    two = {task: alone[task] for task in ("click", "purchase")}
    return right_launch(settings, two, starved, margin)


def _with_low(low: Callable[[Any], float], key: Any = np.mean, order: Any = list) -> Any:
    """The task's rule with another lower end, another best, or another order of settings."""

    def choose(settings: Any, alone: Any, starved: str, margin: float) -> Any:
        best, found = -np.inf, None
        for name in order(settings):
            gains = {task: np.subtract(settings[name][task], alone[task]) for task in alone}
            if min(map(low, gains.values())) >= -margin and key(gains[starved]) > best:
                best, found = key(gains[starved]), name
        return found

    return choose


def _low(gains: Any, t: float | None = None, quantile: float = 0.975, root: Any = None) -> float:
    n = len(gains)
    t = stats.t.ppf(quantile, n - 1) if t is None else t
    return float(np.mean(gains) - t * np.std(gains, ddof=1) / (root or np.sqrt(n)))


def _with_tolerance(settings: Any, alone: Any, starved: str, margin: float) -> Any:
    return right_launch(settings, alone, starved, margin + 1e-4)


def _sorted_markets(settings: Any, alone: Any, starved: str, margin: float) -> Any:
    in_order = {name: {t: sorted(v) for t, v in one.items()} for name, one in settings.items()}
    return right_launch(in_order, {t: sorted(v) for t, v in alone.items()}, starved, margin)


def _tasks_by_position(settings: Any, alone: Any, starved: str, margin: float) -> Any:
    placed = {name: dict(zip(alone, one.values(), strict=True)) for name, one in settings.items()}
    return right_launch(placed, alone, starved, margin)


def _first_two_tasks(settings: Any, alone: Any, starved: str, margin: float) -> Any:
    return right_launch(settings, {t: alone[t] for t in [*alone][:2]} | {starved: alone[starved]},
                        starved, margin)  # fmt: skip


def _search_from_zero(settings: Any, alone: Any, starved: str, margin: float) -> Any:
    name = right_launch(settings, alone, starved, margin)
    gain = np.mean(settings[name][starved]) - np.mean(alone[starved]) if name else 0
    return name if gain > 1e-12 else None


def _relative(settings: Any, alone: Any, starved: str, margin: float) -> Any:
    def scaled(scores: Any) -> Any:
        return {task: np.divide(v, np.mean(alone[task])).tolist() for task, v in scores.items()}

    return right_launch({n: scaled(one) for n, one in settings.items()}, scaled(alone), starved,
                        margin)  # fmt: skip


_named = {why: way for why, way in MISTAKES.items() if why != ARTICLE}

PROOF = Proof(
    task="20.5",
    right=[_as_tables, _by_auc],
    wrong=[
        Wrong(mean_of_tasks, says="a large gain of one task hides", erratum="E8", silent=True),
        *silent(_named),
        Wrong(_with_low(lambda gains: _low(gains, root=np.sqrt(len(gains) - 1))),
              says="margin = 0.002\nthe result must be 'only'", silent=True),
        Wrong(_with_low(lambda gains: _low(gains, quantile=0.985)),
              says="alone = {'purchase': [0.7, 0.72, 0.71]}", silent=True),
        Wrong(_with_low(lambda gains: _low(gains, t=3.182446305284263)),
              says="margin = 0.0\nthe result must be None, got 'only'", silent=True),
        Wrong(_with_low(lambda gains: _low(gains, root=2)),
              says="'purchase': [0.71, 0.73, 0.73]", silent=True),
        Wrong(_with_low(lambda gains: round(_low(gains), 3)),
              says="0.7596], 'purchase': [0.67, 0.71, 0.64, 0.69]}}", silent=True),
        Wrong(_with_low(lambda gains: round(_low(gains), 4)),
              says="margin = 0.00248\n", silent=True),
        Wrong(_with_low(lambda gains: _low(np.round(gains, 3))),
              says="'click': [0.7396, 0.7796, 0.7096, 0.7596]", silent=True),
        Wrong(_with_low(_low, key=np.median), says="must be 'one', got 'even'", silent=True),
        Wrong(_with_low(_low, key=np.max), says="must be 'even', got 'one'", silent=True),
        Wrong(_with_low(_low, order=sorted), says="must be 'b', got 'a'", silent=True),
        Wrong(_with_tolerance, says="'click': [0.738, 0.781, 0.712, 0.76]", silent=True),
        Wrong(_relative, says="0.00248\nthe result must be 'only', got None", silent=True),
        Wrong(_sorted_markets, says="'click': [0.78, 0.74, 0.76, 0.71]", silent=True),
        Wrong(_tasks_by_position, says="'click': [0.741, 0.782, 0.712, 0.761]", silent=True),
        Wrong(_first_two_tasks, says="'save': [0.7, 0.75, 0.675, 0.721]", silent=True),
        Wrong(_search_from_zero, says="must be 'copy', got None", silent=True),
        Wrong(_place, says="must be one of the names ['equal', 'tenth', 'hundredth'] or None"),
        Wrong(_word_for_none, says="or None, got str 'none'"),
        Wrong(_purchase_always, says="the result must be 'a', got 'b'.", silent=True),
        Wrong(_click_and_purchase_only, says="KeyError", status="error"),
        Wrong(lambda settings, alone, starved, margin: None, says="must be 'tenth', got None"),
    ],
)  # fmt: skip
