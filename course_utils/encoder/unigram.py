"""Text to tokens by the most probable pieces (Kudo 2018, SentencePiece's unigram model).

best way to the end of sign e = max over pieces s..e of (best way to s) + log p(piece)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

SPACE = "\u2581"
"""Stands for a space; every text begins with one."""

PENALTY = 10.0
"""An unknown sign is worth so much less than the least probable piece."""


@dataclass(frozen=True)
class Pieces:
    """A vocabulary.

    Attributes:
        known: piece -> code.
        scores: ``[n]``, log probability by code.
        instead: sign -> what stands for it: NFKC as SentencePiece has it, full-width signs as
            plain ones.
        start, end, unknown: codes.
    """

    known: Mapping[str, int]
    scores: np.ndarray
    instead: Mapping[str, str]
    start: int
    end: int
    unknown: int

    @cached_property
    def longest(self) -> int:
        """Signs of the longest piece."""
        return max(map(len, self.known))

    @cached_property
    def _chance(self) -> dict[str, float]:
        """Piece -> score; the sign for the unknown is no piece."""
        return {
            piece: float(self.scores[code])
            for piece, code in self.known.items()
            if code != self.unknown
        }

    def split(self, text: str) -> list[str]:
        """The most probable pieces of a text; each unknown sign is one of its own."""
        signs = "".join(self.instead.get(sign, sign) for sign in text)
        while "  " in signs:
            signs = signs.replace("  ", " ")
        signs = (signs if signs.startswith(" ") else f" {signs}").replace(" ", SPACE)
        n, lost = len(signs), float(self.scores.min()) - PENALTY
        best, came_from = np.full(n + 1, -np.inf), np.zeros(n + 1, int)
        best[0] = 0.0
        for start in range(n):
            for end in range(start + 1, min(start + self.longest, n) + 1):
                score = self._chance.get(signs[start:end])
                if score is not None and best[start] + score > best[end]:
                    best[end], came_from[end] = best[start] + score, start
            if best[start] + lost > best[start + 1]:
                best[start + 1], came_from[start + 1] = best[start] + lost, start
        found, at = [], n
        while at:
            found.append(signs[came_from[at] : at])
            at = int(came_from[at])
        return found[::-1]

    def tokens(self, text: str, most: int) -> list[int]:
        """Codes of a text between start and end, at most ``most`` of them."""
        codes = [self.known.get(piece, self.unknown) for piece in self.split(text)]
        return [self.start, *codes[: most - 2], self.end]
