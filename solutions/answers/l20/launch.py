"""Task 20.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

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


_named = {why: way for why, way in MISTAKES.items() if why != ARTICLE}

PROOF = Proof(
    task="20.6",
    right=[_as_tables, _by_auc],
    wrong=[
        Wrong(mean_of_tasks, says="a large gain of one task hides", erratum="E8", silent=True),
        *silent(_named),
        Wrong(_place, says="must be one of the names ['equal', 'tenth', 'hundredth'] or None"),
        Wrong(_word_for_none, says="or None, got str 'none'"),
        Wrong(_purchase_always, says="the result must be 'a', got 'b'.", silent=True),
        Wrong(_click_and_purchase_only, says="KeyError", status="error"),
        Wrong(lambda settings, alone, starved, margin: None, says="must be 'tenth', got None"),
    ],
)
