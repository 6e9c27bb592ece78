"""What is wrong with answers to task 30.4, each with the function that gives what it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable

UNKNOWN = "[UNK]"


def longest(
    word: str,
    vocabulary: Iterable[str],
    sign: str = "##",
    ends: Callable[[int, int], Iterable[int]] = lambda start, n: range(n, start, -1),
) -> list[str] | None:
    """Pieces in order, or None where the word cannot be put together."""
    found, start = [], 0
    while start < len(word):
        for end in ends(start, len(word)):
            piece = (sign if start else "") + word[start:end]
            if piece in vocabulary:
                found.append(piece)
                start = end
                break
        else:
            return None
    return found


def pieces(word: str, vocabulary: set[str]) -> list[str]:
    found = longest(word, vocabulary)
    return [UNKNOWN] if found is None else found


def shortest_first(word: str, vocabulary: set[str]) -> list[str]:
    found = longest(word, vocabulary, ends=lambda start, n: range(start + 1, n + 1))
    return [UNKNOWN] if found is None else found


def without_sign(word: str, vocabulary: set[str]) -> list[str]:
    found = longest(word, vocabulary, sign="")
    return [UNKNOWN] if found is None else found


def sign_forgotten(word: str, vocabulary: set[str]) -> list[str]:
    return [one.removeprefix("##") for one in pieces(word, vocabulary)]


def rest_unknown(word: str, vocabulary: set[str]) -> list[str]:
    for end in range(len(word), 0, -1):
        found = longest(word[:end], vocabulary)
        if found is not None:
            return found + [UNKNOWN] * (end < len(word))
    return [UNKNOWN] if word else []


def skips(word: str, vocabulary: set[str]) -> list[str]:
    found, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                found.append(piece)
                start = end
                break
        else:
            start += 1
    return found


def any_way(word: str, vocabulary: set[str]) -> list[str]:
    """Goes back where the longest beginning leads nowhere: the fewest pieces."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            piece, before = ("##" if start else "") + word[start:end], best[start]
            now = best[end]
            if piece not in vocabulary or before is None:
                continue
            if now is None or len(before) + 1 < len(now):
                best[end] = [*before, piece]
    last = best[-1]
    return [UNKNOWN] if last is None else last


def whole_words(word: str, vocabulary: set[str]) -> list[str]:
    if not word:
        return []
    return [word] if word in vocabulary else [UNKNOWN]


def letters(word: str, vocabulary: set[str]) -> list[str]:
    if word in vocabulary or not word:
        return [word] if word else []
    found = [("##" if at else "") + one for at, one in enumerate(word)]
    return found if all(one in vocabulary for one in found) else [UNKNOWN]


def empty_unknown(word: str, vocabulary: set[str]) -> list[str]:
    return pieces(word, vocabulary) or [UNKNOWN]


def none_found(word: str, vocabulary: set[str]) -> list[str]:
    return longest(word, vocabulary) or []


def from_right(word: str, vocabulary: set[str]) -> list[str]:
    """The longest known end first, then on to the left."""
    found: list[str] = []
    end = len(word)
    while end > 0:
        for start in range(end):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                found.insert(0, piece)
                end = start
                break
        else:
            return [UNKNOWN]
    return found


def either_form(word: str, vocabulary: set[str]) -> list[str]:
    """Inside a word, a piece without its sign will do."""
    bare = vocabulary | {f"##{one}" for one in vocabulary if not one.startswith("##")}
    return pieces(word, bare)


def listed(word: str, vocabulary: set[str]) -> list[str]:
    """Goes through the vocabulary; every # at the left of a piece is taken for its sign."""
    found: list[str] = []
    at = 0
    while at < len(word):
        fit = [one for one in vocabulary if (
            one.startswith("##") and word.startswith(one.lstrip("#"), at)
            if at else one and word.startswith(one)
        )]  # fmt: skip
        if not fit:
            return [UNKNOWN]
        found.append(max(fit, key=len))
        at += len(found[-1]) - 2 * (at > 0)
    return found


def window(word: str, vocabulary: set[str]) -> list[str]:
    """Tries no more letters than the longest piece has without two for its sign."""
    most = max(map(len, vocabulary), default=0) - 2
    found = longest(
        word, vocabulary, ends=lambda start, n: range(min(n, start + max(most, 0)), start, -1)
    )
    return [UNKNOWN] if found is None else found


MISTAKES: dict[str, Callable[..., list[str]]] = {
    "capitals are made small: the word is taken as it is": (
        lambda word, vocabulary: pieces(word.lower(), vocabulary)
    ),
    "a word piece that comes twice is given once": (
        lambda word, vocabulary: list(dict.fromkeys(pieces(word, vocabulary)))
    ),
    "the word is cut from the right: begin at the left": from_right,
    "inside a word one without ## will do: it will not": either_form,
    "two letters are taken off the longest piece for ##, at the begin of a word too": window,
    "every # at the left is taken off: ## are two signs": listed,
    "a word that is known whole is asked for first, the empty one too": (
        lambda word, vocabulary: [word] if word in vocabulary else pieces(word, vocabulary)
    ),
    "the shortest known beginning is taken: take the longest": shortest_first,
    "pieces inside a word are looked up without ##": without_sign,
    "## is looked up, but left out of the answer": sign_forgotten,
    "a word whose rest is unknown keeps its known beginning: the whole word is unknown": (
        rest_unknown
    ),
    "letters that no piece fits are left out: the whole word is unknown": skips,
    "a shorter beginning is tried where the longest leads nowhere: that word is unknown": any_way,
    "a word that is not known whole is unknown: put it together from pieces": whole_words,
    "a word that is not known whole is cut into letters: take the longest pieces": letters,
    "an empty word is unknown: it has no pieces": empty_unknown,
    "an unknown word has no pieces: it is one token, [UNK]": none_found,
}
