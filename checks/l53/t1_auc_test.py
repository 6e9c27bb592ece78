"""53.1: right answers in other words, and wrong ones beside the slips; tests right and wrong."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from checks.l53.t1_auc import right
from checks.proof import Proof, Wrong


def _with_scikit(user: Any, label: Any, score: Any) -> Any:
    user, label, score = np.array(user), np.array(label), np.array(score, float)

    def auc(at: Any) -> Any:
        return roc_auc_score(label[at], score[at]) if len(set(label[at])) == 2 else None

    parts = [(sum(user == one), auc(user == one)) for one in np.unique(user)]
    parts = [one for one in parts if one[1] is not None]
    weights, values = zip(*parts, strict=True) if parts else ([], [])
    everywhere = np.ones(len(user), bool)
    return [auc(everywhere), np.average(values, weights=weights) if parts else None]


def _with_ranks(user: Any, label: Any, score: Any) -> Any:
    def auc(rows: list[int]) -> Any:
        y = np.array([label[k] for k in rows], int)
        p, n = y.sum(), len(y) - y.sum()
        if not p or not n:
            return None
        ranks = rankdata([score[k] for k in rows])
        return (ranks @ y - p * (p + 1) / 2) / (p * n)

    rows: dict[str, list[int]] = {}
    for k, one in enumerate(user):
        rows.setdefault(one, []).append(k)
    kept = [(len(one), auc(one)) for one in rows.values() if auc(one) is not None]
    inside = sum(n * a for n, a in kept) / sum(n for n, _ in kept) if kept else None
    return auc(list(range(len(user)))), inside


PROOF = Proof(
    task="53.1",
    right=[_with_scikit, _with_ranks],
    wrong=[
        Wrong(right.in_place("score.sort()"), "your function changes `score`", silent=True),
        Wrong(
            right.returning("tuple(one or None for one in result)"),
            "the AUC must be 0.0, got None",
            silent=True,
        ),
        Wrong(right.returning("result[0]"), "must be 2 results"),
    ],
)


def _table() -> list[Any]:
    """Made anew each time: an answer may change what it is given."""
    return [
        ((["a", "a", "b", "b", "b"], [1, 0, 1, 0, 0], [0.2, 0.2, 0.9, 0.7, 0.8]), (3.5 / 6, 0.8)),
        ((["a", "b", "a", "c"], [1, 0, 0, 1], [0.4, 0.6, 0.3, 0.9]), (0.75, 1.0)),
        ((["a", "a"], [1, 1], [0.2, 0.1]), (None, None)),
        (([], [], []), (None, None)),
    ]


def _alike(got: Any, want: Any) -> bool:
    if got is None or want is None:
        return got is want
    return bool(abs(got - want) < 1e-6)


def _asserts(auc_gauc: Any) -> None:
    for case, wants in _table():
        before = copy.deepcopy(case)
        whole, inside = auc_gauc(*case)
        assert case == before
        assert _alike(whole, wants[0]) and _alike(inside, wants[1])


def _returns(auc_gauc: Any) -> bool:
    """One expression, on copies."""
    for case, wants in _table():
        mine = copy.deepcopy(case)
        if not all(map(_alike, auc_gauc(*mine), wants)) or mine != case:
            return False
    return True


def _brute(user: list[str], label: list[int], score: list[float]) -> Any:
    def auc(rows: list[int]) -> Any:
        pairs = [(i, j) for i in rows for j in rows if label[i] > label[j]]
        wins = sum((score[i] > score[j]) + (score[i] == score[j]) / 2 for i, j in pairs)
        return wins / len(pairs) if pairs else None

    rows = [[k for k, one in enumerate(user) if one == name] for name in sorted(set(user))]
    kept = [(len(one), auc(one)) for one in rows if auc(one) is not None]
    mean = sum(n * a for n, a in kept) / sum(n for n, _ in kept) if kept else None
    return auc(list(range(len(user)))), mean


def _random_trials(auc_gauc: Any) -> bool:
    draw = np.random.default_rng(0)
    for n in [0, 1, 2, *range(3, 40)]:
        case = (
            draw.choice(list("abcd"), n).tolist(),
            draw.integers(2, size=n).tolist(),
            (draw.integers(4, size=n) / 4).tolist(),
        )
        want, before = _brute(*case), copy.deepcopy(case)
        if not all(map(_alike, auc_gauc(*case), want)) or case != before:
            return False
    return True


def _careful(auc_gauc: Any) -> None:
    """By names, within 0 and 1, infinities that tie, labels as NumPy's numbers."""
    assert _random_trials(auc_gauc)
    whole, inside = auc_gauc(user=["a", "a"], label=[1, 0], score=[0.2, 0.1])
    assert 0 <= whole <= 1 and 0 <= inside <= 1
    whole, inside = auc_gauc(["a", "a"], [1, 0], [-np.inf, -np.inf])
    assert abs(whole - 0.5) < 1e-6 and abs(inside - 0.5) < 1e-6
    none = auc_gauc(np.array(["a", "a"]), np.array([1, 1]), np.array([0.1, 0.2]))
    assert all(one is None for one in none)


def _gauc_only(auc_gauc: Any) -> bool:
    """The first number is never looked at."""
    user, label = ["b", "a", "a", "b", "c", "b", "b"], [1, 1, 0, 0, 1, 1, 0]
    score = [0.5, 0.5, 0.5, 0.7, 0.3, 0.9, 0.1]
    before = list(score)
    _, inside = auc_gauc(user, label, score)
    want = _brute(user, label, before)[1]
    return abs(inside - want) < 1e-6 and score == before and auc_gauc([], [], [])[1] is None


def _auc_only(auc_gauc: Any) -> bool:
    """The second number is never looked at."""
    return all(_alike(auc_gauc(*copy.deepcopy(c))[0], want[0]) for c, want in _table())


def _first_only(auc_gauc: Any) -> None:
    assert all(map(_alike, auc_gauc(*copy.deepcopy(_table()[0][0])), _table()[0][1]))


def _without_ties(auc_gauc: Any) -> None:
    case = (["a", "b", "a", "b", "b", "c"], [1, 1, 0, 0, 0, 1], [0.9, 0.3, 0.5, 0.4, 0.1, 0.35])
    for args, wants in [(case, _brute(*case)), *_table()[2:]]:
        before = copy.deepcopy(args)
        assert all(map(_alike, auc_gauc(*args), wants)) and args == before


def _without_the_empty(auc_gauc: Any) -> None:
    for case, wants in _table()[:2]:
        before = copy.deepcopy(case)
        assert all(map(_alike, auc_gauc(*case), wants)) and case == before


def _on_copies(auc_gauc: Any) -> bool:
    return all(all(map(_alike, auc_gauc(*copy.deepcopy(c)), want)) for c, want in _table())


def _exact(auc_gauc: Any) -> bool:
    return all(
        tuple(auc_gauc(*copy.deepcopy(c))) == tuple(want)
        for c, want in [*_table()[1:], _table()[0]]
    )


def _wants_a_tuple(auc_gauc: Any) -> None:
    assert isinstance(auc_gauc(["a"], [1], [0.5]), tuple), "a pair is a tuple"
    _asserts(auc_gauc)


def _range_only(auc_gauc: Any) -> None:
    whole, inside = auc_gauc(*copy.deepcopy(_table()[0][0]))
    assert 0 <= whole <= 1 and 0 <= inside <= 1


def _one_user(auc_gauc: Any) -> None:
    whole, inside = auc_gauc(["a"] * 3, [1, 0, 0], [0.3, 0.3, 0.1])
    assert abs(whole - 0.75) < 1e-6 and abs(inside - 0.75) < 1e-6


PROOF_OF_CHECK = Proof(
    task="53.1 check",
    right=[_asserts, _returns, _random_trials, _careful],
    wrong=[
        Wrong(
            _first_only, "accepts an answer that counts a user with one label as .5", silent=True
        ),
        Wrong(
            _gauc_only,
            "catches 9 of 11 wrong ones.\nYour check accepts an answer that gives the GAUC for the "
            "AUC of all rows.\nYour check accepts an answer that returns .5 for the AUC",
            silent=True,
        ),
        Wrong(_auc_only, "accepts an answer that divides by the rows of users", silent=True),
        Wrong(_without_ties, "accepts an answer that ignores ties", silent=True),
        Wrong(_without_the_empty, "catches 8 of 11 wrong ones", silent=True),
        Wrong(
            _on_copies, "catches 10 of 11 wrong ones.\nYour check accepts an answer that changes"
        ),
        Wrong(_one_user, "accepts an answer that averages the users without weights", silent=True),
        Wrong(_exact, "one that differs in the last digits (it returned False)"),
        Wrong(_wants_a_tuple, "one that returns a list of NumPy numbers (AssertionError: a pair"),
        Wrong(_range_only, "accepts every answer, the 11 wrong ones too"),
        Wrong(lambda auc_gauc: False, "refuses every answer, the 3 right ones too"),
        Wrong(lambda auc_gauc: auc_gauc(["a"], [1], [0.5]), "Your check returned"),
    ],
)
