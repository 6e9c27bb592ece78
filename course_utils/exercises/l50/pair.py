"""50.11: segment and family of a product, so that they agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of, compare_named, table_of

_DRAW = np.random.default_rng(510)
Numbers = np.ndarray


def _drawn(n: int, parent: list[int]) -> Case:
    segments, families = max(parent) + 1, len(parent)
    return (
        _DRAW.dirichlet(np.ones(segments), size=n).round(3) + 0.001,
        _DRAW.dirichlet(np.ones(families), size=n).round(3) + 0.001,
        np.array(parent),
    )


CASES: list[Case] = [
    (np.array([[0.6, 0.4]]), np.array([[0.3, 0.3, 0.4]]), np.array([0, 0, 1])),
    (np.array([[0.5, 0.5]]), np.array([[0.2, 0.4, 0.4]]), np.array([1, 0, 1])),
    (np.array([[0.9, 0.1]]), np.array([[0.05, 0.05, 0.9]]), np.array([0, 0, 1])),
    _drawn(6, [0, 0, 1, 1, 2]),
    _drawn(5, [2, 0, 1, 0, 2, 1]),
    (np.array([[1.0]]), np.array([[0.2, 0.8]]), np.array([0, 0])),
    (np.array([[0.2, 0.8], [0.8, 0.2]]), np.array([[0.7, 0.3], [0.3, 0.7]]), np.array([0, 1])),
    (np.array([[0.001, 0.001]]), np.array([[0.001, 0.002]]), np.array([1, 0])),
]


def pair(p_segment: Numbers, p_family: Numbers, parent: Numbers) -> Numbers:
    family = (p_segment[:, parent] * p_family).argmax(axis=1)
    return np.column_stack([parent[family], family])


def apart(p_segment: Numbers, p_family: Numbers, parent: Numbers) -> Numbers:
    return np.column_stack([p_segment.argmax(axis=1), p_family.argmax(axis=1)])


def family_first(p_segment: Numbers, p_family: Numbers, parent: Numbers) -> Numbers:
    family = p_family.argmax(axis=1)
    return np.column_stack([parent[family], family])


def segment_first(p_segment: Numbers, p_family: Numbers, parent: Numbers) -> Numbers:
    segment = p_segment.argmax(axis=1)
    inside = np.where(parent == segment[:, None], p_family, -1.0)
    return np.column_stack([segment, inside.argmax(axis=1)])


def added(p_segment: Numbers, p_family: Numbers, parent: Numbers) -> Numbers:
    family = (p_segment[:, parent] + p_family).argmax(axis=1)
    return np.column_stack([parent[family], family])


def last_of_equals(p_segment: Numbers, p_family: Numbers, parent: Numbers) -> Numbers:
    joint = p_segment[:, parent] * p_family
    family = joint.shape[1] - 1 - joint[:, ::-1].argmax(axis=1)
    return np.column_stack([parent[family], family])


def exchanged(p_segment: Numbers, p_family: Numbers, parent: Numbers) -> Numbers:
    return pair(p_segment, p_family, parent)[:, ::-1]


def whole_segment(p_segment: Numbers, p_family: Numbers, parent: Numbers) -> Numbers:
    """The segment by its own probability times that of its families, then the best in it."""
    sums = np.column_stack(
        [p_family[:, parent == s].sum(axis=1) for s in range(p_segment.shape[1])]
    )
    return segment_first(p_segment * sums, p_family, parent)


MISTAKES: dict[str, Callable[..., Numbers]] = {
    "each is chosen for itself, and the family may lie in another segment": apart,
    "the family is chosen alone, and its parent follows: the segment's probability is lost": (
        family_first
    ),
    "the segment is chosen alone, then a family in it: a sure family cannot correct it": (
        segment_first
    ),
    "the probabilities are added: multiply them": added,
    "of equal products the last family wins: the first should": last_of_equals,
    "the columns are exchanged: the segment comes first": exchanged,
    "the families of a segment are summed before the best is taken": whole_segment,
}


def _read(value: Any, case: Case) -> Numbers:
    return table_of(value, f"{call_of('pair', case)}: the result", (len(case[0]), 2))


def check_pair(answer: Any) -> None:
    compare_named("pair", answer, CASES, pair, _read, MISTAKES, {})


TASK = Task(
    id="50.11",
    prompt="Return the pair of segment and family, one inside the other, with the best product.",
    check_answer=check_pair,
    hints=(
        "There are as many possible pairs as families: each family has one segment.",
        "p_segment[:, parent] has a column a family: the probability of its segment.",
        "family = (p_segment[:, parent] * p_family).argmax(axis=1), and the segment is "
        "parent[family].",
    ),
    insight="The tree is a fact about the labels: no network has to learn it.",
    errata=ERRATA,
)
