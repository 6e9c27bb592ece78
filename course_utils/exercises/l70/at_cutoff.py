"""Task 70.1: labels as they are known at the cutoff, with importance weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array, as_list, refuse_none
from course_utils.exercises.theirs import shorten

Found = dict[str, Any]
Both = tuple[np.ndarray, np.ndarray]


def _clicks(seed: int, n: int) -> Case:
    draw = np.random.default_rng(seed)
    age = draw.uniform(0, 14, size=n).round(1)
    delay = np.where(draw.random(n) < 0.5, draw.exponential(4, size=n).round(1), np.inf)
    return age, delay, draw.uniform(0.02, 0.6, size=n).round(2), draw.uniform(0.3, 1, size=n)


CASES: list[Case] = [
    (np.array([10.0, 1.0]), np.array([2.0, 3.0]), np.array([0.2, 0.2]), np.array([0.8, 0.5])),
    # Bought at the very moment of the cutoff; never bought; everything has come by this age.
    (
        np.array([3.0, 3.0, 20.0, 20.0]),
        np.array([3.0, np.inf, 25.0, 1.0]),
        np.array([0.1, 0.4, 0.3, 0.05]),
        np.array([0.5, 0.5, 1.0, 1.0]),
    ),
    _clicks(1, 9),
    _clicks(2, 25),
    (np.array([0.0]), np.array([0.0]), np.array([0.9]), np.array([0.6])),
    (np.array([]), np.array([]), np.array([]), np.array([])),
    (np.array([2, 9]), np.array([5, 5]), np.array([0.5, 0.5]), np.array([0.25, 0.75])),
    # Hardly anything has come: a weight of 100 is not cut. Bought in the hours after the cutoff;
    # old and not yet complete; a small weight, in which rounding is seen.
    (
        np.array([0.2, 2.1, 5.0, 20.0, 1.0, 20.0]),
        np.array([0.1, 2.9, 5.01, 1.0, np.inf, 25.0]),
        np.array([0.6, 0.3, 0.4, 0.2, 0.97, 0.3]),
        np.array([0.01, 0.5, 0.7, 0.9, 0.1, 0.9]),
    ),
    # A second and four minutes after the cutoff; p below .01 and a weight of 2,000 are not cut.
    (np.full(3, 5.0), np.array([5.00001, 5.0, 5.003]), np.full(3, 0.001), np.full(3, 0.0005)),
]


def _weighed(
    one: Callable[..., Any], zero: Callable[..., Any], came: Callable[..., Any] | None = None
) -> Callable[..., Both]:
    def answer(age: Any, delay: Any, p: Any, share: Any) -> Both:
        label = np.less_equal(delay, age) if came is None else came(age, delay)
        return np.asarray(label).astype(int), np.where(label, one(p, share), zero(p, share))

    return answer


def _one(p: Any, share: Any) -> Any:
    return 1 / share


def _zero(p: Any, share: Any) -> Any:
    return (1 - p) / (1 - p * share)


right_at_cutoff = _weighed(_one, _zero)


def _cut(most: float) -> Callable[..., Both]:
    def answer(*case: Any) -> Both:
        label, weight = right_at_cutoff(*case)
        return label, np.minimum(weight, most)

    return answer


def _complete(age: Any, delay: Any, p: Any, share: Any) -> Both:
    """After two weeks a zero counts as a certain one."""
    label, weight = right_at_cutoff(age, delay, p, share)
    return label, np.where((label == 0) & (np.asarray(age) >= 14), 1.0, weight)


def _within(p: Any, least: float) -> Any:
    return np.clip(p, least, 1 - least)


MISTAKES: dict[str, Callable[..., Both]] = {
    "every purchase is a 1, also one that comes after the cutoff: that is the future": _weighed(
        _one, _zero, lambda age, delay: np.isfinite(delay)
    ),
    "a purchase at the very moment of the cutoff is not counted": _weighed(_one, _zero, np.greater),
    "what has come and what has not are exchanged": _weighed(_one, _zero, np.less),
    "the zeros have weight 1; some of them are purchases that have not come": _weighed(
        _one, lambda p, share: np.ones_like(np.asarray(p, float))
    ),
    "the ones have weight 1; they also stand for those that have not come": _weighed(
        lambda p, share: np.ones_like(np.asarray(p, float)), _zero
    ),
    "old clicks count as complete; F says how much has come": _complete,
    "a one is multiplied by F, not divided": _weighed(lambda p, share: share, _zero),
    "the weight of a zero is that of a purchase still to come, p (1 - F) / (1 - p F)": _weighed(
        _one, lambda p, share: p * (1 - share) / (1 - p * share)
    ),
    "the weight of a zero is turned upside down": _weighed(
        _one, lambda p, share: (1 - p * share) / (1 - p)
    ),
    "the weight of a zero is 1 - p, without the division by 1 - p F": _weighed(
        _one, lambda p, share: 1 - p
    ),
    **{
        f"weights are cut off at {most:,}; the text has none that is too large": _cut(most)
        for most in (10, 100, 1000)
    },
    "p is cut to .01 and .99; it may be anything above 0 and below 1": _weighed(
        _one, lambda p, share: _zero(_within(p, 0.01), share)
    ),
    "a purchase a second after the cutoff is known (np.isclose?)": _weighed(
        _one, _zero, lambda age, delay: (delay <= age) | np.isclose(delay, age)
    ),
    "ages and delays are rounded; two decimals of a day are a quarter of an hour": _weighed(
        _one, _zero, lambda age, delay: np.round(delay, 2) <= np.round(age, 2)
    ),
    "a one is weighed by 1 / (p F); it stands for 1 / F purchases": _weighed(
        lambda p, share: 1 / (p * share), _zero
    ),
    "ages and delays are cut to whole days": _weighed(
        _one, _zero, lambda age, delay: np.floor(delay) <= np.floor(age)
    ),
    "the weight of a zero is 1 / (1 - F)": _weighed(
        _one, lambda p, share: 1 / np.maximum(1 - share, 1e-9)
    ),
}


def _told(case: Case) -> str:
    return call_of("at_cutoff", case)


def _flat(both: Both) -> Found:
    return {"label": _whole(both[0]), "weight": np.asarray(both[1], float)}


def _whole(label: Any) -> list[float]:
    """Labels as a message shows them: 1 and 0 without a point."""
    return [int(one) if one == int(one) else one for one in np.asarray(label, float).tolist()]


def _read(got: Any, case: Case) -> Found:
    told = _told(case)
    refuse_none(got, told, "a pair of arrays")
    pair = isinstance(got, tuple | list) or (isinstance(got, np.ndarray) and got.ndim == 2)
    if not pair or len(got) != 2:
        reject(f"{told} must be a pair (label, weight), got {shorten(got)}.")
    shape = np.shape(case[0])
    label = got[0]
    if all(isinstance(one, (bool, np.bool_)) for one in as_list(label, f"{told}: label")):
        label = np.asarray(label, dtype=float)
    return {
        "label": _whole(as_array(label, f"{told}: label", shape)),
        "weight": as_array(got[1], f"{told}: weight", shape),
    }


def check_at_cutoff(answer: Any) -> None:
    compare(
        leaving(answer, ("age", "delay", "p", "share"), _told),
        CASES,
        lambda *case: _flat(right_at_cutoff(*case)),
        _read,
        _told,
        {name: _wrapped(gives) for name, gives in MISTAKES.items()},
        lambda case, at: f"{_told(case)}: {at[0]}",
    )


def _wrapped(gives: Callable[..., Both]) -> Callable[..., Found]:
    return lambda *case: _flat(gives(*case))


TASK = Task(
    id="70.1",
    prompt="Return the labels that are known at the cutoff, and an importance weight for each.",
    check_answer=check_at_cutoff,
    hints=(
        "First the label: a purchase is known if it came within the click's age.",
        "A known purchase stands for 1 / F purchases; a zero by its chance to stay one.",
        "label = delay <= age; weight = np.where(label, 1 / share, (1 - p) / (1 - p * share))",
    ),
    insight="The weights make the loss of what is known equal, on average, to the loss of what is.",
)
