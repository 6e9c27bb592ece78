"""Text to tokens by merges (Sennrich et al. 2016), as Llama's vocabulary has them.

A word begins as its signs; of all neighbours the pair that was merged first when the vocabulary was
made is merged first, until none is known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from course_utils.encoder.unigram import SPACE

SPECIAL = re.compile(r"(<unk>|<s>|</s>)")
"""Where a text itself holds one of these, the reference takes it for the token, and so do we."""

WORD = re.compile(rf"{SPACE}*[^{SPACE}]+|{SPACE}+")
"""No piece has a space behind another sign, so words are merged one by one."""


@dataclass(frozen=True)
class Merges:
    """A vocabulary.

    Attributes:
        known: piece -> code; ``<0x41>`` stands for a byte.
        ranks: pair of pieces -> its place among the merges.
    """

    known: Mapping[str, int]
    ranks: Mapping[tuple[str, str], int]
    _of_word: dict[str, list[int]] = field(default_factory=dict)

    def tokens(self, text: str) -> list[int]:
        """Codes of a text, without a start or an end; of an empty text none."""
        found: list[int] = []
        for part in filter(None, SPECIAL.split(text)):
            if SPECIAL.fullmatch(part):
                found.append(self.known[part])
                continue
            for word in WORD.findall(SPACE + part.replace(" ", SPACE)):
                if word not in self._of_word:
                    self._of_word[word] = self._codes(word)
                found += self._of_word[word]
        return found

    def _codes(self, word: str) -> list[int]:
        pieces = list(word)
        never = len(self.ranks)
        while len(pieces) > 1:
            pairs = [*pairwise(pieces)]
            rank, at = min((self.ranks.get(pair, never), at) for at, pair in enumerate(pairs))
            if rank == never:
                break
            pieces[at : at + 2] = ["".join(pairs[at])]
        return [code for piece in pieces for code in self._of_piece(piece)]

    def _of_piece(self, piece: str) -> list[int]:
        """Its code; of a sign that is not known, the codes of its bytes."""
        if piece in self.known:
            return [self.known[piece]]
        return [self.known[f"<0x{byte:02X}>"] for byte in piece.encode("utf-8", "surrogatepass")]


def read_merges(file: Path) -> Merges:
    """A vocabulary from a tokenizer's JSON file."""
    model = json.loads(file.read_text(encoding="utf-8"))["model"]
    pairs = [tuple(merge.split(" ")) for merge in model["merges"]]
    return Merges(model["vocab"], {(a, b): rank for rank, (a, b) in enumerate(pairs)})
