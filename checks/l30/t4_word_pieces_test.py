"""30.4: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

from checks.l30.t4_word_pieces import right
from checks.proof import Proof, Wrong


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
        Wrong(right.returning('" ".join(result)'), "must be a list"),
        Wrong(right.returning("[1]"), "must be text"),
        Wrong(
            right.returning("result[::-1]"),
            "must be ['water', '##proof'], got ['##proof', 'water']",
            silent=True,
        ),
    ],
)
