"""Task 13.3: a split that keeps all copies of a text on one side."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_list

Case = tuple[list[str], float]
_MANY = [f"text {k % 17}" for k in range(60)] + ["Text 3", "text  5 ", "TEXT\t8", "new", "New\n"]

CASES: list[Case] = [
    (["x", "y", "x", "z", "y", "w"], 0.25),
    (["Fine", "bad", "fine", "so so"], 0.34),
    (["Good", "bad", "good "], 0.5),
    (["a b", "A  b", "c", "d", "a\tB", "e"], 0.25),
    (["很好", "不错", " 很好", "差", "不错", "很好"], 1 / 3),
    ([f"t{k}" for k in range(10)], 0.2),
    (_MANY, 0.3),
    (_MANY[::-1], 0.7),
]


def _seeds(case: Case) -> range:
    """Of few texts each must be drawn once: by chance it is missed less than once in 10,000."""
    return range(40) if len(case[0]) < 8 else range(4)


def key_of(text: str) -> str:
    return " ".join(text.lower().split())


def _shown(case: Case, seed: int) -> str:
    texts, share = case
    shown = repr(texts) if len(texts) < 8 else f"<{len(texts)} texts>"
    return f"split_without_copies({shown}, {share:.3g}, {seed})"


def check_split(answer: Any) -> None:
    for case in CASES:
        seeds = _seeds(case)
        splits = [_read(answer(*case, seed), case, seed) for seed in seeds]
        for seed, split in zip(seeds, splits, strict=True):
            _require_one_side(split, case, seed)
        _require_share(splits, case)
        if _read(answer(*case, 0), case, 0) != splits[0]:
            reject(f"{_shown(case, 0)}: two calls with the same seed differ. Draw with the seed.")
        k = len({key_of(text) for text in case[0]})
        if k > 2 and all(split == splits[0] for split in splits):
            reject(
                f"{_shown(case, 0)}: seeds 0 to {seeds[-1]} all give the same split; the test "
                "side must be drawn by lot with the seed."
            )
        if k > 2 and len(case[0]) < 8:
            drawn = {
                key_of(t) for split in splits for t, x in zip(case[0], split, strict=True) if x
            }
            never = sorted({key_of(text) for text in case[0]} - drawn)
            if never:
                reject(
                    f"{_shown(case, 0)}: {never[0]!r} is never on the test side, whatever the seed "
                    f"(0 to {seeds[-1]}); each text must have its chance."
                )


def _read(value: Any, case: Case, seed: int) -> list[bool]:
    shown = _shown(case, seed)
    got = as_list(value, shown)
    if len(got) != len(case[0]):
        reject(
            f"{shown} must have one entry for each of the {len(case[0])} texts, got {len(got)}. "
            "No row is dropped."
        )
    for one in got:
        if not (isinstance(one, (bool, np.bool_)) or (isinstance(one, int) and one in (0, 1))):
            reject(f"{shown} must hold True and False only, got {one!r}.")
    return [bool(one) for one in got]


def _require_one_side(split: list[bool], case: Case, seed: int) -> None:
    side: dict[str, tuple[str, bool]] = {}
    for text, test in zip(case[0], split, strict=True):
        first, where = side.setdefault(key_of(text), (text, test))
        if where != test:
            if first == text:
                why = "Its copies must all go to the same side."
            elif first.lower() == text.lower():
                why = "They differ in capital letters only, so they are copies."
            else:
                why = "They differ in white space and capital letters only, so they are copies."
            reject(
                f"{_shown(case, seed)}: {first!r} is on one side and {text!r} on the other. {why}"
            )


def _require_share(splits: list[list[bool]], case: Case) -> None:
    texts, share = case
    keys = [key_of(text) for text in texts]
    k = len(set(keys))
    want = round(share * k)
    tests = [len({key for key, x in zip(keys, split, strict=True) if x}) for split in splits]
    wrong = next((seed for seed, got in enumerate(tests) if got != want), None)
    if wrong is None:
        return
    why = ""
    if len(set(tests)) > 1:
        why = " The number changes with the seed; only which texts they are may change."
    elif tests[0] == k - want:
        why = " Are True and False turned round? True is the test side."
    elif tests[0] == round(share * len(texts)):
        why = " You count rows; count different texts."
    reject(
        f"{_shown(case, wrong)}: {want} of the {k} different texts must be on the test side, "
        f"got {tests[wrong]}.{why}"
    )


TASK = Task(
    id="13.3",
    prompt="Split texts at random, all copies of a text on the same side.",
    check_answer=check_split,
    hints=(
        "Draw among the different texts, not among the rows; then each row follows its text.",
        "keys = [' '.join(text.lower().split()) for text in texts]; the different ones are "
        "sorted(set(keys)). Sorted, because the order of a set is not the same in each run.",
        "different = np.random.default_rng(seed).permutation(sorted(set(keys))); the first "
        "round(share * len(different)) are the test side: [key in test for key in keys].",
    ),
    insight="What is drawn is the different text; its rows follow.",
)
