"""Task 13.4: a split that keeps all near-duplicates of a text on one side."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l13.copies_cases import CASES, MANY
from course_utils.exercises.l13.processes import elsewhere
from course_utils.exercises.reading import as_list

SIZES: dict[str, Callable[[int, int, float], int]] = {
    "Are True and False turned round? True is the test side.": (
        lambda k, n, share: k - round(share * k)
    ),
    "You count rows; count different texts.": lambda k, n, share: min(k, round(share * n)),
    "You round up; round goes to the nearest.": lambda k, n, share: math.ceil(share * k),
    "You round down; round goes to the nearest.": lambda k, n, share: int(share * k),
    "You round halves up; round(2.5) is 2.": lambda k, n, share: int(share * k + 0.5),
    "You keep a text for the test side at least; round(share * k) may be 0.": (
        lambda k, n, share: max(1, round(share * k))
    ),
    "You keep a text for each side; round(share * k) may be 0 or k.": (
        lambda k, n, share: min(k - 1, max(1, round(share * k)))
    ),
    "You take one text too many.": lambda k, n, share: min(k, round(share * k) + 1),
    "You take one text too few.": lambda k, n, share: max(0, round(share * k) - 1),
}
"""What is wrong with the size of a test side -> the size, from k different of n texts."""


def key_of(text: str) -> str:
    return " ".join(text.lower().split())


def _different(case: Case) -> list[str]:
    return sorted({key_of(text) for text in case[0]})


def _seeds(case: Case) -> range:
    """Of few texts each must be drawn once: by chance it is missed less than once in 10,000."""
    return range(40) if len(case[0]) < 8 and len(_different(case)) > 2 else range(4)


def _shown(case: Case, seed: int) -> str:
    texts, share = case
    shown = repr(texts) if len(texts) < 8 else f"<{len(texts)} texts>"
    return f"split_by_text({shown}, {share:.3g}, {seed})"


def check_split(answer: Any) -> None:
    splits = [[_read(answer(*case, seed), case, seed) for seed in _seeds(case)] for case in CASES]
    for case, some in zip(CASES, splits, strict=True):
        for seed, split in enumerate(some):
            _require_one_side(split, case, seed)
    _require_share(splits)
    for case, some in zip(CASES, splits, strict=True):
        if _read(answer(*case, 0), case, 0) != some[0]:
            reject(f"{_shown(case, 0)}: two calls with the same seed differ. Draw with the seed.")
        if 0 < sum(some[0]) < len(some[0]) and len(_different(case)) > 2:
            _require_lot(some, case)
    _require_same_elsewhere(answer, splits[CASES.index((MANY, 0.3))])


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
                why = "Equal texts must all go to the same side."
            elif first.lower() == text.lower():
                why = "They differ in capital letters only, so they are copies."
            else:
                why = "They differ in white space and capital letters only, so they are copies."
            reject(
                f"{_shown(case, seed)}: {first!r} is on one side and {text!r} on the other. {why}"
            )


def _require_share(splits: list[list[list[bool]]]) -> None:
    """Reject the first case whose test side has another size; name a rule that gives all."""
    asked = [(len(_different(case)), len(case[0]), case[1]) for case in CASES]
    tests = [
        [len({key_of(t) for t, x in zip(case[0], split, strict=True) if x}) for split in some]
        for case, some in zip(CASES, splits, strict=True)
    ]
    for case, (k, n, share), got in zip(CASES, asked, tests, strict=True):
        want = round(share * k)
        wrong = next((seed for seed, size in enumerate(got) if size != want), None)
        if wrong is None:
            continue
        rules = (
            why
            for why, size in SIZES.items()
            if all(set(some) == {size(*one)} for one, some in zip(asked, tests, strict=True))
        )
        why = next(rules, "")
        if len(set(got)) > 1:
            why = "The number changes with the seed; only which texts they are may change."
        elif not why and n == 2 and share == 0.5:
            why = "Is that one text for you? Only runs of white space and capitals are levelled."
        reject(
            f"{_shown(case, wrong)}: {want} of the {k} different texts must be on the test side, "
            f"got {got[wrong]}. {why}".rstrip()
        )


def _require_lot(some: list[list[bool]], case: Case) -> None:
    if all(split == some[0] for split in some):
        reject(
            f"{_shown(case, 0)}: seeds 0 to {len(some) - 1} all give the same split; the test "
            "side must be drawn by lot with the seed."
        )
    drawn = {key_of(t) for split in some for t, x in zip(case[0], split, strict=True) if x}
    never = [text for text in _different(case) if text not in drawn]
    if never and len(case[0]) < 8:
        reject(
            f"{_shown(case, 0)}: {never[0]!r} is never on the test side, whatever the seed "
            f"(0 to {len(some) - 1}); each text must have its chance."
        )


def _require_same_elsewhere(answer: Any, here: list[list[bool]]) -> None:
    """Only what depends on hash, or on the texts' letters beside their order, is asked elsewhere:
    a process takes long."""
    renamed = [text.lower().replace("t", "u").replace("n", "o") for text in MANY]
    seeds = range(len(here))

    def gives_here(texts: list[str]) -> bool:
        return [_read(answer(texts, 0.3, seed), (texts, 0.3), seed) for seed in seeds] == here

    with patch("builtins.hash", lambda one, real=hash: real(one) + (not isinstance(one, int))):
        without_hash = gives_here(MANY)
    if without_hash and gives_here(renamed):
        return
    there = elsewhere(answer, [(MANY, 0.3, seed) for seed in seeds])
    if there is not None and there != here:
        reject(
            f"{_shown((MANY, 0.3), 0)}: another Python process gives another split. The order of "
            "a set and hash of a text change from process to process: sort the different texts, "
            "and draw with the seed itself."
        )


TASK = Task(
    id="13.4",
    prompt="Split texts at random, all near-duplicates of a text on the same side.",
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
