"""Task 25.4: AUC within groups, weighted by rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l25.shared import auc_of
from course_utils.exercises.reading import as_number_or_none, refuse_none


def _log(seed: int, n: int, groups: str, levels: int) -> Case:
    """Groups of unequal sizes, in no order; scores on a grid, so that some are equal."""
    draw = np.random.default_rng(seed)
    weights = np.arange(1, len(groups) + 1, dtype=float)
    group = draw.choice(list(groups), size=n, p=weights / weights.sum())
    label = (draw.random(n) < 0.4).astype(int)
    return group.tolist(), label.tolist(), (draw.integers(levels, size=n) / levels).tolist()


CASES: list[Case] = [
    (
        ["a", "a", "a", "b", "b", "c", "c"],
        [1, 0, 0, 1, 0, 1, 1],
        [0.9, 0.1, 0.9, 0.2, 0.3, 0.5, 0.6],
    ),
    _log(1, 20, "xyz", 50),
    _log(2, 24, "pqrs", 4),
    _log(3, 16, "uv", 100),
    # Ids that are one number, and two texts.
    (["07", "07", "7", "7", "07", "7"], [1, 0, 0, 1, 0, 1], [0.2, 0.3, 0.25, 0.1, 0.1, 0.3]),
    # One group orders perfectly, one not at all, ties everywhere; small scores.
    (["a"] * 3 + ["b"] * 5, [1, 0, 0, 1, 0, 0, 0, 1], [2e-9, 1e-9, 0.0] + [0.5] * 5),
    # A share below a tenth.
    (["k"] * 14, [1] + [0] * 13, [0.01] + [0.02] * 12 + [0.0]),
    # Scores are not probabilities.
    (["b", "b", "a", "a", "b"], [0, 1, 1, 0, 1], [-3.0, 4.0, 12.0, 13.0, -5.0]),
    (["a", "a", "b"], [1, 1, 0], [0.3, 0.2, 0.9]),
    # The result is 0, and not None.
    (["a", "a"], [1, 0], [0.1, 0.9]),
    # Scores that 32 bits cannot tell apart.
    (["a"] * 4, [1, 0, 1, 0], [0.5 + 2e-9, 0.5, 0.4, 0.3]),
    # Names that differ at the end, or in a capital or a space.
    (
        ["u1", "u1", "u10", "U1", "u1 ", "u10", "U1", "u1 "],
        [1, 0, 1, 1, 1, 0, 0, 0],
        [0.3, 0.4, 0.1, 0.25, 0.5, 0.2, 0.15, 0.45],
    ),
    ([], [], []),
]

Gauc = Callable[..., float | None]


def by(
    value: Callable[[list[int], list[float]], float | None] = lambda y, s: None,
    weight: Callable[[list[int]], float] = len,
    tie: float = 0.5,
    key: Callable[[str], Any] = str,
) -> Gauc:
    """AUC by group; ``value`` is what a group with one label counts, None for nothing."""

    def mean(group: Any, label: Any, score: Any) -> float | None:
        found = []
        for name in dict.fromkeys(map(key, group)):
            at = [k for k, one in enumerate(group) if key(one) == name]
            y, s = [label[k] for k in at], [score[k] for k in at]
            one = auc_of(y, s, tie) if len(set(y)) == 2 else value(y, s)
            if one is not None:
                found.append((one, weight(y)))
        total = sum(w for _, w in found)
        return sum(a * w for a, w in found) / total if total else None

    return mean


right_gauc = by()
plain_mean = by(weight=lambda y: 1.0)
half_for_one = by(value=lambda y, s: 0.5)
zero_for_one = by(value=lambda y, s: 0.0)
one_for_one = by(value=lambda y, s: 1.0)
ties_lost = by(tie=0.0)
ties_won = by(tie=1.0)
by_positives = by(weight=sum)
by_pairs = by(weight=lambda y: sum(y) * (len(y) - sum(y)))
as_numbers = by(key=int)
numbers_where_they_can = by(key=lambda name: int(name) if name.isdigit() else name)


def in_32_bits(group: Any, label: Any, score: Any) -> float | None:
    return right_gauc(group, label, [float(np.float32(one)) for one in score])


def pooled(group: Any, label: Any, score: Any) -> float | None:
    return auc_of(label, score) if len(set(label)) == 2 else None


def reversed_sign(*case: Any) -> float | None:
    value = right_gauc(*case)
    return None if value is None else 1 - value


def over_all_rows(group: Any, label: Any, score: Any) -> float | None:
    """Rows of groups with one label stand below the line."""
    value = right_gauc(group, label, score)
    if value is None:
        return None
    both = [
        g
        for g in dict.fromkeys(group)
        if len({y for x, y in zip(group, label, strict=True) if x == g}) == 2
    ]
    return value * sum(g in both for g in group) / len(group)


def neighbours(group: Any, label: Any, score: Any) -> float | None:
    """Groups are runs of equal ids, as if the rows were sorted."""
    runs: list[int] = []
    last = object()
    for one in group:
        runs.append((runs[-1] if runs else 0) + (one != last))
        last = one
    return right_gauc(runs, label, score)


MISTAKES: dict[str, Gauc] = {
    "the groups' AUCs are averaged without weights; weigh by rows": plain_mean,
    "a group with one label counts as .5": half_for_one,
    "a group with one label counts as 0": zero_for_one,
    "a group with one label counts as 1": one_for_one,
    "a tie counts 0; count one half": ties_lost,
    "a tie counts 1; count one half": ties_won,
    "the groups are weighed by their positives, not by their rows": by_positives,
    "the groups are weighed by their pairs, not by their rows": by_pairs,
    "the result is the AUC of all rows together": pooled,
    "the result is 1 minus the AUC: negatives above positives": reversed_sign,
    "rows of groups with one label are counted below the line": over_all_rows,
    "only rows that stand next to each other make a group": neighbours,
    "near scores tie: compare them as they are, neither rounded nor in 32 bits": in_32_bits,
    "groups are told apart by their first letters only": by(key=lambda name: name[:1]),
    "the groups' names are stripped or made small": by(key=lambda name: name.strip().lower()),
    "the groups' names are made numbers; '07' and '7' are two texts": numbers_where_they_can,
}


def check_grouped(answer: Any) -> None:
    compare(answer, CASES, right_gauc, _read, _told, MISTAKES)


def _told(case: Case) -> str:
    group, label, score = case
    return with_lines(group=group, label=label, score=score) + "the result"


def _read(got: Any, case: Case) -> float | None:
    # None is legal where no group has both labels.
    want = right_gauc(*case)
    if got is None and want == 0:
        reject(f"{_told(case)} must be 0.0, got None: an AUC of 0 is a number, and None is not.")
    if got is None and want is not None:
        refuse_none(got, _told(case), "one number")
    return as_number_or_none(got, _told(case), want is None)


TASK = Task(
    id="25.4",
    prompt="Return the mean of the groups' AUCs, weighted by rows, over groups with both labels.",
    check_answer=check_grouped,
    hints=(
        "A DataFrame of the three lists and its groupby give each group's rows.",
        "Keep the groups with two different labels; np.average takes weights.",
        "both = [g for _, g in table.groupby('group') if g['label'].nunique() == 2]; None if there "
        "is none, else np.average([auc(...) for g in both], weights=[len(g) for g in both])",
    ),
    insight="A score that is the same for a whole request has AUC .5 in every request, whatever "
    "its AUC over all rows.",
)
