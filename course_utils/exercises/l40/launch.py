"""Task 40.7: accept, measure more, or roll back, task by task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import stats

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import explain, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import among, refuse_none
from course_utils.exercises.theirs import shorten

Losses = Mapping[str, list[float]]
Case = tuple[Losses, Losses, float]
Slip = Callable[[Losses, Losses, float], dict[str, str]]

WORDS = ("accept", "measure more", "roll back")


def _drawn(seed: int, n: int, harms: dict[str, float], x: float, noise: float = 0.002) -> Case:
    """Groups of users differ much and harms little."""
    draw = np.random.default_rng(seed)
    twin = {task: (0.5 + 0.05 * draw.normal(size=n)).round(4).tolist() for task in harms}
    joint = {}
    for task, harm in harms.items():
        off = draw.normal(size=n)
        off = (off - off.mean()) / off.std(ddof=1)
        joint[task] = (np.array(twin[task]) + harm + noise * off).round(5).tolist()
    return joint, twin, x


CASES: list[Case] = [
    (
        {"click": [0.30, 0.31, 0.32], "buy": [0.11, 0.13, 0.12]},
        {"click": [0.31, 0.33, 0.33], "buy": [0.08, 0.09, 0.10]},
        0.005,
    ),
    _drawn(0, 5, {"a": 0.0, "b": 0.01, "c": 0.004}, 0.004),
    # Between the t and the normal interval, on both sides.
    _drawn(1, 5, {"a": 0.0022, "b": 0.0062, "c": 0.0020}, 0.0042),
    _drawn(2, 4, {"a": 0.0015, "b": 0.0070}, 0.0042),
    _drawn(3, 10, {"click": -0.01, "buy": 0.0028, "save": 0.0052, "cart": 0.00286}, 0.004, 0.0019),
    _drawn(4, 6, {"a": -0.02, "b": 0.02}, 0.0),
    _drawn(5, 8, {"a": 0.0026, "b": 0.0055}, 0.004, 0.0018),
    _drawn(6, 3, {"a": 0.0, "b": 0.03}, 0.01),
    # The tasks of the twins stand in another order.
    (
        {"click": [0.30, 0.31, 0.32], "buy": [0.11, 0.13, 0.12]},
        {"buy": [0.08, 0.09, 0.10], "click": [0.31, 0.33, 0.33]},
        0.005,
    ),
    ({"a": [0.5, 0.5, 0.5]}, {"a": [0.5, 0.5, 0.5]}, 0.0),
    # A harm that is shown, and below x.
    ({"a": [0.301, 0.3012, 0.3011]}, {"a": [0.3, 0.3, 0.3]}, 0.005),
    # Between t with n and with n - 1 degrees of freedom; between the roots of n and of n - 1.
    _drawn(7, 3, {"a": 0.00012, "b": -0.00147}, 0.004),
]


def deciding(ends: Callable[[np.ndarray, np.ndarray], tuple[float, float]]) -> Slip:
    def found(joint: Losses, twin: Losses, x: float) -> dict[str, str]:
        words = {}
        for task in joint:
            low, high = ends(np.array(joint[task], float), np.array(twin[task], float))
            words[task] = WORDS[0] if high <= x else WORDS[2] if low > x else WORDS[1]
        return words

    return found


def around(factor: Callable[[int], float], ddof: int = 1) -> Slip:
    def ends(joint: np.ndarray, twin: np.ndarray) -> tuple[float, float]:
        harm = joint - twin
        half = factor(len(harm)) * harm.std(ddof=ddof)
        return float(harm.mean() - half), float(harm.mean() + half)

    return deciding(ends)


def _t(n: int, q: float = 0.975) -> float:
    return float(stats.t.ppf(q, n - 1) / np.sqrt(n))


right_launch = around(_t)


def _unpaired(joint: np.ndarray, twin: np.ndarray) -> tuple[float, float]:
    n = len(joint)
    half = stats.t.ppf(0.975, 2 * n - 2) * np.sqrt((joint.var(ddof=1) + twin.var(ddof=1)) / n)
    gap = joint.mean() - twin.mean()
    return float(gap - half), float(gap + half)


def _as_gain(joint: Losses, twin: Losses, x: float) -> dict[str, str]:
    return right_launch(twin, joint, x)


def _two_words(joint: Losses, twin: Losses, x: float) -> dict[str, str]:
    words = right_launch(joint, twin, x)
    return {task: one if one == WORDS[0] else WORDS[2] for task, one in words.items()}


def _mean_task(joint: Losses, twin: Losses, x: float) -> dict[str, str]:
    tasks = [*joint]
    mean = right_launch(
        {"all": np.mean([joint[t] for t in tasks], axis=0).tolist()},
        {"all": np.mean([twin[t] for t in tasks], axis=0).tolist()},
        x,
    )
    return dict.fromkeys(tasks, mean["all"])


def _only_unshown(joint: Losses, twin: Losses, x: float) -> dict[str, str]:
    words, shown = right_launch(joint, twin, x), right_launch(joint, twin, 0.0)
    return {
        task: WORDS[1] if one == WORDS[0] and shown[task] == WORDS[2] else one
        for task, one in words.items()
    }


def _by_place(joint: Losses, twin: Losses, x: float) -> dict[str, str]:
    return right_launch(joint, dict(zip(joint, twin.values(), strict=True)), x)


MISTAKES: dict[str, Slip] = {
    "the tasks are paired by their place, not by their name": _by_place,
    "1.96 is used; so few groups need Student's t": around(lambda n: 1.96 / np.sqrt(n)),
    "the pairs are lost; subtract group by group, then take the deviation": deciding(_unpaired),
    "the t is one-sided, .95": around(lambda n: _t(n, 0.95)),
    "t has n degrees of freedom, not n - 1": around(
        lambda n: float(stats.t.ppf(0.975, n) / np.sqrt(n))
    ),
    "the deviation has n in the denominator, not n - 1": around(_t, ddof=0),
    "the deviation is divided by the root of n - 1; divide by that of n": around(
        lambda n: float(stats.t.ppf(0.975, n - 1) / np.sqrt(n - 1))
    ),
    "a harm that is shown but below x is not accepted; x is what the owner is ready to lose": (
        _only_unshown
    ),
    "the deviation is not divided by the root of the number of groups": around(
        lambda n: float(stats.t.ppf(0.975, n - 1))
    ),
    "the mean harm decides, without an interval": around(lambda n: 0.0),
    "a higher loss counts as a gain: the harm is joint minus twin": _as_gain,
    "what is not shown to be harmless is rolled back; between both is 'measure more'": _two_words,
    "the mean over the tasks decides for all": _mean_task,
    "x is not used": lambda joint, twin, x: right_launch(joint, twin, 0.0),
}


def _told(case: Case) -> str:
    return call_of("launch", case)


def check_launch(answer: Any) -> None:
    asked = leaving(answer, ("joint", "twin", "x"), _told)
    gots = []
    for case in CASES:
        got = asked(*case)
        refuse_none(got, _told(case), "a dictionary")
        if not isinstance(got, Mapping) or set(got) != set(case[0]):
            reject(f"{_told(case)} must be a dictionary with one word a task, got {shorten(got)}.")
        for task, word in got.items():
            if not among(word, WORDS):
                reject(f"{_told(case)}: {task!r} needs one of {[*WORDS]}, got {shorten(word)}.")
        gots.append({task: str(got[task]) for task in case[0]})
    for at, case in enumerate(CASES):
        want = right_launch(*case)
        if gots[at] != want:
            why = explain(CASES, gots, right_launch, MISTAKES, at)
            reject(f"{_told(case)} must be {want}, got {gots[at]}.{why}")


TASK = Task(
    id="40.7",
    prompt="Return for each task whether its harm is shown to be small or large, or open.",
    check_answer=check_launch,
    hints=(
        "Subtract group by group first: one list of harms a task, joint minus twin.",
        "half = stats.t.ppf(0.975, n - 1) * harm.std(ddof=1) / np.sqrt(n); the interval is the "
        "mean minus and plus half.",
        "'accept' if high <= x, 'roll back' if low > x, else 'measure more', task by task.",
    ),
    insight="A rule has three answers: with two, a task that was measured badly passes or fails by "
    "luck.",
)
