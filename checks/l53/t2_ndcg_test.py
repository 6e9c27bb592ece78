"""53.2: right answers in other words, and wrong ones beside the slips; tests right and wrong."""

from __future__ import annotations

import copy
import itertools
import math
from typing import Any

import numpy as np
from sklearn.metrics import ndcg_score

from checks.l53.t2_ndcg import right
from checks.proof import Proof, Wrong


def _with_scikit(lists: Any, k: int) -> Any:
    values = []
    for gains, scores in lists:
        if any(gains):
            one = len(gains) == 1
            values.append(1.0 if one else ndcg_score([gains], [scores], k=k))
    return sum(values) / len(values) if values else None


def _with_loops(lists: Any, k: int) -> Any:
    values = []
    for gains, scores in lists:
        order = sorted(range(len(gains)), key=lambda at: -scores[at])
        top = below = 0.0
        for position, at in enumerate(order[:k], start=1):
            tied = [g for g, s in zip(gains, scores, strict=True) if s == scores[at]]
            top += sum(tied) / len(tied) / np.log2(position + 1)
        for position, gain in enumerate(sorted(gains, reverse=True)[:k], start=1):
            below += gain / np.log2(position + 1)
        if below > 0:
            values.append(top / below)
    return sum(values) / len(values) if values else None


PROOF = Proof(
    task="53.2",
    right=[_with_scikit, _with_loops],
    wrong=[
        Wrong(right.edit({"[:k]": ""}), "k = 2\nthe result must be 0.6", silent=True),
        Wrong(
            right.edit({" if values else None": " if values else 0.0"}),
            "must be None, got 0.0",
            silent=True,
        ),
        Wrong(
            right.in_place("[gains.sort(reverse=True) for gains, _ in lists]"),
            "your function changes `lists`",
            silent=True,
        ),
        Wrong(right.returning("[result] * 2"), "must be one number"),
    ],
)


def _alike(got: Any, want: Any) -> bool:
    return got is None if want is None else got is not None and abs(got - want) < 1e-6


def _table() -> list[Any]:
    """Made anew each time: an answer may change what it is given."""
    second = 1 / math.log2(3)
    return [
        ([([0, 2, 1], [0.5, 0.5, 0.1])], 2, (1 + second) / (2 + second)),
        ([([3, 1, 1], [0.1, 0.9, 0.7])], 2, (1 + second) / (3 + second)),
        ([([1, 0], [0.1, 0.9]), ([0, 0], [1.0, 2.0]), ([], [])], 5, second),
        ([([2, 1, 0], [0.5, 0.5, 0.5])], 1, 0.5),
        ([([3, 0], [2.0, 1.0]), ([0, 1], [2.0, 1.0])], 2, (1 + second) / 2),
        ([([0, 0], [1.0, 2.0])], 2, None),
        ([], 3, None),
    ]


def _asserts(ndcg: Any) -> None:
    for lists, k, want in _table():
        before = copy.deepcopy(lists)
        assert _alike(ndcg(lists, k), want)
        assert lists == before


def _returns(ndcg: Any) -> bool:
    found = []
    for lists, k, want in _table()[::-1]:
        before = copy.deepcopy(lists)
        found += [_alike(ndcg(lists, k), want), lists == before]
    return all(found)


def _brute(lists: Any, k: int) -> float | None:
    """Mean over all orders that agree with the scores."""
    values = []
    for gains, scores in lists:
        if not any(gains):
            continue

        def dcg(order: Any) -> float:
            return sum(g / math.log2(at + 2) for at, g in enumerate(order[:k]))

        orders = [
            dcg([gains[at] for at in order])
            for order in itertools.permutations(range(len(gains)))
            if all(scores[a] >= scores[b] for a, b in itertools.pairwise(order))
        ]
        values.append(np.mean(orders) / dcg(sorted(gains, reverse=True)))
    return float(np.mean(values)) if values else None


def _random_trials(ndcg: Any) -> None:
    draw = np.random.default_rng(0)
    for _ in range(30):
        lists = []
        for n in draw.integers(0, 5, size=draw.integers(4)):
            gains = draw.choice([0, 0, 1, 3], n).tolist()
            lists.append((gains, draw.integers(3, size=n).tolist()))
        k, before = int(draw.integers(1, 5)), copy.deepcopy(lists)
        assert _alike(ndcg(lists, k), _brute(lists, k)) and lists == before


def _only(*rows: int) -> Any:
    def check(ndcg: Any) -> None:
        for at in rows:
            lists, k, want = _table()[at]
            before = copy.deepcopy(lists)
            assert _alike(ndcg(lists, k), want) and lists == before

    return check


def _first_position(ndcg: Any) -> bool:
    """Whole batches, but only at k = 1: position 1 has no discount."""
    for seed in range(20):
        draw = np.random.default_rng(seed)
        lists = [
            (draw.choice([0, 0, 1, 3], n).tolist(), draw.integers(3, size=n).tolist())
            for n in draw.integers(0, 5, 3)
        ]
        before = copy.deepcopy(lists)
        if not _alike(ndcg(lists, 1), _brute(before, 1)) or lists != before:
            return False
    return bool(abs(ndcg([([1], [0.3])], 2) - 1) < 1e-6)


def _best_is_one(ndcg: Any) -> bool:
    return bool(abs(ndcg([([3, 2, 0], [3.0, 2.0, 1.0])], 5) - 1) < 1e-6)


def _on_copies(ndcg: Any) -> bool:
    return all(_alike(ndcg(lists, k), want) for lists, k, want in _table())


def _exact(ndcg: Any) -> None:
    _asserts(ndcg)
    assert ndcg([([3, 0, 1], [0.3, 0.2, 0.1])], 3) == 3.5 / (3 + 1 / math.log2(3)), "exactly"


def _python_only(ndcg: Any) -> None:
    _asserts(ndcg)
    assert type(ndcg([([1], [0.1])], 1)) is float, "a Python number"


PROOF_OF_CHECK = Proof(
    task="53.2 check",
    right=[_asserts, _returns, _random_trials],
    wrong=[
        Wrong(
            _only(1, 2, 4, 5, 6),
            "of 13 wrong ones.\nYour check accepts an answer that leaves equal scores",
            silent=True,
        ),
        Wrong(
            _only(0, 1, 3, 4),
            "accepts an answer that counts a list without a gain as 0",
            silent=True,
        ),
        Wrong(
            _only(0, 2, 4, 5, 6), "accepts an answer that does not cut the ideal list", silent=True
        ),
        Wrong(_only(0, 1, 2, 3, 5, 6), "accepts an answer that adds all lists before", silent=True),
        Wrong(
            _first_position,
            "catches 11 of 13 wrong ones.\nYour check accepts an answer that has no discount.\n"
            "Your check accepts an answer that begins the discount one position late.",
            silent=True,
        ),
        Wrong(_best_is_one, "catches 1 of 13 wrong ones"),
        Wrong(
            _on_copies, "catches 12 of 13 wrong ones.\nYour check accepts an answer that changes"
        ),
        Wrong(_exact, "refuses a right answer, one that differs in the last digits (Assert"),
        Wrong(_python_only, "one that returns a NumPy number (AssertionError: a Python number"),
        Wrong(lambda ndcg: True, "accepts every answer, the 13 wrong ones too"),
        Wrong(lambda ndcg: ndcg([], 1) == 0, "refuses every answer, the 3 right ones too"),
    ],
)
