"""Task 53.1: AUC over all rows, and GAUC."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l53.shared import hold

Pair = tuple[float | None, float | None]
Answer = Callable[[Any, Any, Any], Any]


def _log(seed: int, n: int, users: str, levels: int) -> Case:
    draw = np.random.default_rng(seed)
    user = [users[k] for k in np.minimum(draw.geometric(0.4, n), len(users)) - 1]
    label = (draw.random(n) < 0.4).astype(int).tolist()
    return user, label, (draw.integers(levels, size=n) / levels).tolist()


EXAMPLE: Case = (["a", "a", "b", "b", "b"], [1, 0, 1, 0, 0], [0.2, 0.2, 0.9, 0.7, 0.8])
CASES: list[Case] = [
    EXAMPLE,
    _log(1, 12, "xyz", 50),
    _log(2, 16, "pqrs", 4),
    (["b", "a", "b", "a", "b"], [1, 0, 0, 1, 0], [0.3, 0.4, 0.1, 0.2, 0.5]),
    # One label for each user, both over all; then one label only; then nothing.
    (["a", "b", "a"], [1, 0, 1], [0.7, 0.2, 0.1]),
    (["a", "a"], [0, 0], [0.1, 0.2]),
    ([], [], []),
    # Zero is a number, and None is not.
    (["a", "a"], [1, 0], [-3.0, 12.0]),
    # Short labels: 12 times 13 does not fit into 8 bits. Near scores.
    (["a"] * 15, np.array([0] * 3 + [1] * 12, np.int8), [at / 20 for at in range(15)]),
    (["a"] * 4, [1, 0, 1, 0], [0.5 + 2e-9, 0.5, 0.4, 0.3]),
]


def auc_of(label: Any, score: Any, tie: float = 0.5) -> float | None:
    """How often a positive stands above a negative; None without a pair."""
    y, s = np.asarray(label), np.asarray(score, dtype=float)
    above, below = s[y == 1], np.sort(s[y == 0])
    if not len(above) or not len(below):
        return None
    lower, upper = (np.searchsorted(below, above, side) for side in ("left", "right"))
    return float((lower + tie * (upper - lower)).mean() / len(below))


def by(
    tie: float = 0.5,
    weight: Callable[[list[int]], float] = len,
    single: float | None = None,
    turned: bool = False,
    keys: Callable[[Any], Any] = list,
) -> Callable[..., Pair]:
    """AUC and GAUC; ``single`` is what a user with one label counts, None for nothing."""

    def found(user: Any, label: Any, score: Any) -> Pair:
        user, score = keys(user), [-one for one in score] if turned else score
        inside: list[tuple[float, float]] = []
        for name in dict.fromkeys(user):
            at = [k for k, one in enumerate(user) if one == name]
            y = [int(label[k]) for k in at]
            value = auc_of(y, [score[k] for k in at], tie)
            value = single if value is None else value
            if value is not None:
                inside.append((value, weight(y)))
        total = sum(w for _, w in inside)
        mean = sum(a * w for a, w in inside) / total if total else None
        return auc_of(label, score, tie), mean

    return found


def runs(user: Any) -> list[int]:
    """A number for each run of equal neighbours."""
    return np.cumsum([0, *(a != b for a, b in itertools.pairwise(user))])[: len(user)].tolist()


def _whole_twice(user: Any, label: Any, score: Any) -> Pair:
    whole = auc_of(label, score)
    return whole, whole


def _half_for_nothing(user: Any, label: Any, score: Any) -> Pair:
    whole, inside = right_auc_gauc(user, label, score)
    return 0.5 if whole is None else whole, 0.5 if inside is None else inside


def _in_order(user: Any, label: Any, score: Any) -> Pair:
    ranks = np.empty(len(score))
    ranks[np.argsort(score, kind="stable")] = np.arange(len(score))
    return right_auc_gauc(user, label, ranks.tolist())


def _in_32_bits(user: Any, label: Any, score: Any) -> Pair:
    return right_auc_gauc(user, label, np.asarray(score, np.float32).tolist())


def _in_8_bits(user: Any, label: Any, score: Any) -> Pair:
    """P (P + 1) in the labels' own type; all rows are one user's."""
    whole, inside = right_auc_gauc(user, label, score)
    if whole is None or not isinstance(label, np.ndarray) or label.dtype != np.int8:
        return whole, inside
    p = int(label.sum())
    lost = (p * (p + 1) - int(np.array(p * (p + 1)).astype(np.int8))) / 2
    return (whole + lost / (p * (len(label) - p)),) * 2


right_auc_gauc = by()

MISTAKES: dict[str, Callable[..., Pair]] = {
    "a tie counts 0; it counts one half": by(tie=0.0),
    "a tie counts 1; it counts one half": by(tie=1.0),
    "equal scores are ranked in the order of the rows; ties share the mean of their ranks": (
        _in_order
    ),
    "the users are averaged without weights; weigh by rows": by(weight=lambda y: 1.0),
    "the users are weighed by their positives, not by their rows": by(weight=sum),
    "a user with one label counts as .5; leave those users out": by(single=0.5),
    "a user with one label counts as 0; leave those users out": by(single=0.0),
    "you count negatives above positives: 1 minus the AUC": by(turned=True),
    "only rows that stand next to each other make a user": by(keys=runs),
    "the AUC of all rows stands twice": _whole_twice,
    "where there is no pair you return .5, not None": _half_for_nothing,
    "P (P + 1) does not fit into the labels' 8 bits; take int(...) of the counts first": _in_8_bits,
    "near scores tie: compare them as they are, neither rounded nor in 32 bits": _in_32_bits,
}


def check_auc_gauc(answer: Any) -> None:
    names, parts = ("user", "label", "score"), ("the AUC", "the GAUC")
    hold(answer, names, CASES, right_auc_gauc, MISTAKES, parts)


TASK = Task(
    id="53.1",
    prompt="Return the AUC of all rows and the mean of the users' AUCs, weighted by rows.",
    check_answer=check_auc_gauc,
    hints=(
        "Write one function for the AUC of some rows; it says None without a pair. Call it on all "
        "rows and on each user's.",
        "With r the ranks from 1, ties sharing their mean: the AUC is (sum of r over positives - "
        "P(P + 1)/2) / (P N). pd.Series(score).rank() gives these ranks.",
        "parts = [(len(g), auc(g)) for _, g in table.groupby('user')]; keep those whose AUC is not "
        "None; None if nothing is left, else np.average(aucs, weights=sizes).",
    ),
    insight="Sorting costs n log n; counting all pairs costs P times N, and so much memory.",
)
