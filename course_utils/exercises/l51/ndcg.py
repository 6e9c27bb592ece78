"""Task 51.5: NDCG of one list."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.ndcg_mistakes import mistakes, ndcg
from course_utils.exercises.l51.shared import ERRATA, refuse_memory
from course_utils.exercises.reading import as_number
from course_utils.exercises.tolerance import apart, rounded_to, same

Case = tuple[list[str], set[str], int]

CASES: list[Case] = [
    (["b", "a", "c"], {"a"}, 3),
    (["a", "b", "c"], {"a"}, 3),
    (["b", "c", "a", "d"], {"a", "d"}, 3),
    (["a", "b", "c", "d", "e"], {"a", "b", "c", "d"}, 2),
    (["x", "a", "y", "b", "z"], {"a", "b", "q"}, 5),
    (["a", "b"], {"a", "b", "c"}, 5),
    (["x", "y", "a"], {"a"}, 2),
    (["x", "y"], set(), 2),
    ([], {"a"}, 3),
    (["a", "b"], {"b", "c"}, 1),
    (["a", "b", "c"], {"a", "c"}, 1),
    (["c", "x", "a"], set("abcdefghij"), 9),
    (["A", "07", "b ", "é"], {"a", "7", "b", "e"}, 4),
    ([], set(), 1),
    (["1", "11"], {"11", "2"}, 2),
    (list("abcdefghijklmnopqrstuvwxyz"), set("klz"), 26),
    (list("abcdefghijklmnopqrstuvwxyz"), set("abcdefghijklmnopqrstuvwxyz") - {"a"}, 30),
]


def _more_cases() -> list[Case]:
    draw = np.random.default_rng(515)
    ids = list("abcdefghijkl")
    cases = []
    for _ in range(20):
        ranked = [str(one) for one in draw.permutation(ids)[: draw.integers(1, 9)]]
        relevant = {str(one) for one in draw.permutation(ids)[: draw.integers(1, 11)]}
        cases.append((ranked, relevant, int(draw.integers(1, 11))))
    return cases


def check_ndcg(answer: Any) -> None:
    cases = [*CASES, *_more_cases()]
    shown = [
        f"ndcg({ranked}, {{{', '.join(map(repr, sorted(relevant)))}}}, {k})"
        if relevant
        else f"ndcg({ranked}, set(), {k})"
        for ranked, relevant, k in cases
    ]
    got = [as_number(answer(*case), call) for case, call in zip(cases, shown, strict=True)]
    want = [ndcg(*case) for case in cases]
    wrong = [at for at in range(len(cases)) if not same(got[at], want[at])]
    if not wrong:
        return refuse_memory(shown[0], as_number(answer(*cases[0]), shown[0]), want[0], same)
    texts = apart(want[wrong[0]], got[wrong[0]])
    said = f"{shown[wrong[0]]} must be {texts[0]}, got {texts[1]}."
    if rounded_to(got, want) is not None:
        reject(f"{said} Do not round.")
    values = [mistakes(*case) for case in cases]
    for why in values[0]:
        if same([one[why] for one in values], got):
            reject(f"{said} {why}")
    if np.ptp(got) == 0:
        reject(f"{said} You return the same number for every list.")
    reject(said)


TASK = Task(
    id="51.5",
    prompt="NDCG@k of one ranked list, every relevant product counting the same.",
    check_answer=check_ndcg,
    hints=(
        "Two sums: what your list earns, and what the best list could earn. NDCG is their ratio.",
        "A hit at position p (from 1) earns 1 / log2(p + 1). The best list has its hits on the "
        "first positions. How many hits can it have within k?",
        "The best list has min(k, len(relevant)) hits, at positions 1, 2, 3 ... Return 0.0 where "
        "that is 0.",
    ),
    insight="The base of the logarithm cancels; the cut of the ideal list at k does not.",
    errata=ERRATA,
)
