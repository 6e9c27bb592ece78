"""Task 50.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from answers import Proof, Wrong
from course_utils.exercises.l50.tokens import MISTAKES, RUNS, SPACES, at_spaces


def _by_hand(title: str) -> list[str]:
    found, word = [], ""
    for one in title.lower() + " ":
        if one in "abcdefghijklmnopqrstuvwxyz0123456789-":
            word += one
            continue
        if word:
            found.append(word)
        word = ""
        if "\u4e00" <= one <= "\u9fff":
            found.append(one)
    return found


def _with_spaces(title: str) -> tuple[str, ...]:
    """A space around each Chinese character, then split."""
    kept = ""
    for one in title.lower():
        if "\u4e00" <= one <= "\u9fff":
            kept += f" {one} "
        else:
            kept += one if one.isascii() and (one.isalnum() or one == "-") else " "
    return tuple(kept.split())


def _text(title: str) -> Any:
    return title.lower()


def _pairs(title: str) -> Any:
    """Neighbouring characters, as search engines cut Chinese."""
    done = _by_hand(title)
    return [one + other for one, other in pairwise(done)]


NAMED = {SPACES: "E40", RUNS: "E40"}

PROOF = Proof(
    task="50.1",
    right=[_by_hand, _with_spaces],
    wrong=[
        Wrong(at_spaces, "has none.", erratum="E40", silent=True),
        *(
            Wrong(
                answer,
                f"{says}.",
                erratum=next((e for part, e in NAMED.items() if part in says), None),
                silent=True,
            )
            for says, answer in MISTAKES.items()
            if says != SPACES
        ),
        Wrong(_text, "must be a list"),
        Wrong(lambda title: [len(one) for one in _by_hand(title)], "each token must be text"),
        Wrong(_pairs, "['alba', 'usb-c', '防', '水', '手', '机'], got", silent=True),
    ],
)
