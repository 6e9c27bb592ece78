"""Task 13.5: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from answers import Proof, Wrong
from course_utils.exercises.l13.votes import (
    NOW,
    YEAR,
    as_years,
    both,
    clipped,
    in_days,
    in_seconds,
    leap,
    mean_of_rates,
    mean_votes,
    only_top,
    plain,
    raised,
    raw,
    same,
    times,
    unweighted,
    whole,
)


def _with_pandas(votes: list[int], written: list[int], now: int, weight: float) -> Any:
    table = pd.DataFrame({"votes": votes, "written": written})
    years = (now - table["written"]) / pd.Timedelta(days=365).total_seconds()
    per_vote = years.sum() / table["votes"].sum()
    return table["votes"].add(weight).div(years + weight * per_vote)


def _with_loops(votes: list[int], written: list[int], now: int, weight: float) -> list[float]:
    seconds = [now - one for one in written]
    rate = sum(votes) / sum(seconds)  # a second
    result = []
    for count, age in zip(votes, seconds, strict=True):
        own = age * rate / (age * rate + weight)
        result.append((own * count / age + (1 - own) * rate) * YEAR)
    return result


PROOF = Proof(
    task="13.5",
    right=[_with_pandas, _with_loops],
    wrong=[
        Wrong(plain, "votes themselves", silent=True),
        Wrong(raw, "nothing is shrunk", silent=True),
        Wrong(same, "All reviews get the prior rate", silent=True),
        Wrong(mean_of_rates, "mean of the single rates", silent=True),
        Wrong(mean_votes, "votes per review", silent=True),
        Wrong(as_years, "Your weight counts years", silent=True),
        Wrong(both, "Below you add weight; add", silent=True),
        Wrong(only_top, "left out below", silent=True),
        Wrong(times, "weight * rate", silent=True),
        Wrong(in_days, "in days", silent=True),
        Wrong(in_seconds, "in seconds", silent=True),
        Wrong(leap, "365.25", silent=True),
        Wrong(clipped, "cut the age", silent=True),
        Wrong(raised, "raise the age of a young review", silent=True),
        Wrong(
            lambda votes, written, now, weight: _with_loops(
                votes, np.array(written).astype(np.int32).tolist(), now, weight
            ),
            "2200000000, 1): rate",
            silent=True,
        ),
        Wrong(whole, "whole years only", silent=True),
        Wrong(unweighted, "whatever weight is", silent=True),
        Wrong(lambda *case: sorted(_with_loops(*case)), "sorted, ascending", silent=True),
        Wrong(
            lambda *case: sorted(_with_loops(*case), reverse=True),
            "sorted, descending",
            silent=True,
        ),
        Wrong(
            lambda *case: [round(one, 3) for one in _with_loops(*case)],
            "to 3 decimals",
            silent=True,
        ),
        Wrong(
            lambda *case: [round(one, 6) for one in _with_loops(*case)],
            "to 6 decimals",
            silent=True,
        ),
        Wrong(
            lambda votes, written, now, weight: _with_loops(votes, written, NOW, weight),
            "the end of 2024",
            silent=True,
        ),
        Wrong(lambda *case: sum(_with_loops(*case)), "must be a list"),
    ],
)
