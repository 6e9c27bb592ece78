"""Text to tokens as BERT does it (Devlin et al. 2019; greedy pieces as in Wu et al. 2016)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

PAD, UNKNOWN, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
SPECIAL = re.compile(r"(\[PAD\]|\[UNK\]|\[CLS\]|\[SEP\]|\[MASK\])")
"""Where a text itself holds one of these, the reference takes it for the token, and so do we."""

LONGEST = 100
"""Characters of a word; a longer one is unknown."""

CHINESE = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip
"""First and last code of each block whose signs are words of their own."""


def read_vocabulary(file: Path) -> dict[str, int]:
    """Piece -> its code: the number of its line."""
    pieces = file.read_text(encoding="utf-8").splitlines()
    return {piece: code for code, piece in enumerate(pieces)}


def words(text: str) -> list[str]:
    """Lower-case words without accents; each sign of punctuation and each Chinese one apart."""
    found = []
    for sign in text:
        if sign in "\t\n\r" or sign.isspace():
            found.append(" ")
        elif sign == "\ufffd" or unicodedata.category(sign).startswith("C"):
            continue
        elif any(first <= ord(sign) <= last for first, last in CHINESE):
            found.append(f" {sign} ")
        else:
            found.append(sign)
    bare = [s for s in unicodedata.normalize("NFD", "".join(found)) if not _is_accent(s)]
    apart = [f" {s} " if _is_punctuation(s) else s for s in "".join(bare).lower()]
    return "".join(apart).split()


def _is_accent(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn"


def _is_punctuation(sign: str) -> bool:
    """All of ASCII that is no letter, digit or control, ``$`` and ``^`` too; else by Unicode."""
    if sign.isascii():
        return sign.isprintable() and not sign.isalnum() and sign != " "
    return unicodedata.category(sign).startswith("P")


def pieces(word: str, vocabulary: Mapping[str, int]) -> list[str]:
    """The longest known beginning, then the longest known going-on (``##``), and so to the end.

    A word that cannot be put together is one unknown token.
    """
    if len(word) > LONGEST:
        return [UNKNOWN]
    found, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                found.append(piece)
                start = end
                break
        else:
            return [UNKNOWN]
    return found


def tokens(text: str, vocabulary: Mapping[str, int], most: int) -> list[int]:
    """Codes of a text between start and end, at most ``most`` of them."""
    found: list[str] = []
    for part in SPECIAL.split(text):
        if SPECIAL.fullmatch(part):
            found.append(part)
        else:
            found += [piece for word in words(part) for piece in pieces(word, vocabulary)]
    return [vocabulary[piece] for piece in (START, *found[: most - 2], END)]


def padded(codes: Sequence[Sequence[int]], length: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes and mask, both ``[n, length]``: tokens first, then padding with mask 0."""
    mask = np.arange(length) < np.array([len(one) for one in codes])[:, None]
    found = np.zeros(mask.shape, "int32")
    found[mask] = np.concatenate([np.asarray(one, "int32") for one in codes])
    return found, mask.astype("float32")
