"""Task 30.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

from answers import Proof, Wrong, silent
from course_utils.exercises.l30.pieces_slips import MISTAKES, pieces


def _recursive(word: str, vocabulary: set[str], sign: str = "") -> Any:
    if not word:
        return []
    fitting = [end for end in range(1, len(word) + 1) if sign + word[:end] in vocabulary]
    if not fitting:
        return ["[UNK]"]
    rest = _recursive(word[fitting[-1] :], vocabulary, "##")
    return rest if rest == ["[UNK]"] else [sign + word[: fitting[-1]], *rest]


def _shrinking(word: str, vocabulary: set[str]) -> Any:
    found: tuple[str, ...] = ()
    left = word
    while left:
        piece = left if not found else f"##{left}"
        while piece and piece != "##" and piece not in vocabulary:
            piece = piece[:-1]
        if piece in ("", "##"):
            return ("[UNK]",)
        found += (piece,)
        left = left[len(piece.removeprefix("##")) if len(found) > 1 else len(piece) :]
    return found


PROOF = Proof(
    task="30.4",
    right=[_recursive, _shrinking],
    wrong=[
        *silent(MISTAKES),
        Wrong(lambda word, vocabulary: " ".join(pieces(word, vocabulary)), "must be a list"),
        Wrong(lambda word, vocabulary: [1], "must be text"),
        Wrong(
            lambda word, vocabulary: pieces(word, vocabulary)[::-1],
            "must be ['water', '##proof'], got ['##proof', 'water']",
            silent=True,
        ),
    ],
)
