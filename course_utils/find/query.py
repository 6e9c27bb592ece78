"""From what was typed to words with weights: through the glossary, from Chinese, past a slip."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from course_utils.desk import glossary
from course_utils.desk.glossary import Term
from course_utils.find.words import is_chinese, runs, words, words_of

SECOND = 0.5
"""Weight of what a Chinese word may mean as well."""

ALSO = 0.5
"""Weight of an English word that the course uses for one that was asked."""

SHORT_FORM = 0.8
"""Weight of the other form of a term, shared by its words: BPR, Bayesian personalised ranking."""

BIGRAM = 0.2
"""Weight of two Chinese characters, as the lessons quote little Chinese."""

_PARTICLES = re.compile("[的个了]")
_STOP = """
    怎么办 怎么做 怎么 如何 为什么 什么时候 什么 哪些 哪个 多少 解释 说说 应该 可以 需要 真的
    问题 之间 是 会 要 在 和 与 有 做 请 吗 呢
"""
_NOTHING = frozenset(_STOP.split())
_LONGEST = 10


@dataclass(frozen=True)
class Query:
    """What is looked for.

    Attributes:
        weights: word -> how much it counts.
        terms: of the glossary, those named in it; the longest first.
        corrected: what was typed -> the nearest word that the course has.
        unknown: English words that the course does not have, as they were typed.
    """

    weights: dict[str, float]
    terms: list[Term]
    corrected: dict[str, str]
    unknown: list[str]


def read(text: str, known: Container[str], spelled: dict[str, str]) -> Query:
    """A query from its text.

    Args:
        text: English, Chinese or both.
        known: the words that can be found.
        spelled: each English one -> as it is written.
    """
    weights: dict[str, float] = {}
    corrected: dict[str, str] = {}
    unknown: list[str] = []

    def add(some: Sequence[str], weight: float) -> None:
        for word in some:
            weights[word] = max(weight, weights.get(word, 0.0))

    asked: list[str] = []
    for run in runs(_PARTICLES.sub("", text)):
        if is_chinese(run):
            for part in _parts(run):
                if part not in _from_chinese() and (meant := _one_off(part)):
                    corrected[part] = part = meant
                for place, english in enumerate(_from_chinese().get(part, [])):
                    add(words(english), SECOND if place else 1.0)
                if len(part) > 1:
                    add(words_of(part), BIGRAM)
            continue
        its = words_of(run)
        told = [word for word in its if word in known or word in _english_words()]
        # Of a-joined-word that nobody writes so, the parts that are known are enough.
        for word in told if len(its) > 1 and told else its:
            if word not in told:
                if meant := _meant(run, word, spelled):
                    corrected[run], word = spelled[meant], meant
                elif run not in unknown:
                    unknown.append(run)
            asked.append(word)
            add([word], 1.0)
    for phrase, others, weight in _from_english():
        if _within(phrase, asked):
            for other in others:
                add(words(other), weight / (len(words(other)) if weight == SHORT_FORM else 1))
    return Query(weights, _named(asked, text), corrected, unknown)


def _meant(run: str, word: str, spelled: dict[str, str]) -> str | None:
    """The word of the course that was typed with a slip, or two in a long word."""
    slips = 2 if len(run) > 7 else 1
    near = difflib.get_close_matches(word, spelled, 8, cutoff=0.7)
    written = {form: one for one, form in spelled.items() if form[:2] == run[:2]}
    near += [written[form] for form in difflib.get_close_matches(run, written, 8, cutoff=0.7)]
    away = {one: min(_slips(word, one), _slips(run, spelled[one])) for one in near}
    best = min(away, key=lambda one: away[one], default=None)
    return best if best is not None and len(word) > 3 and away[best] <= slips else None


def _slips(typed: str, meant: str) -> int:
    """Letters left out, put in, exchanged with another or with their neighbour (Damerau 1964)."""
    rows = [list(range(len(meant) + 1))]
    for i, a in enumerate(typed, start=1):
        row = [i]
        for j, b in enumerate(meant, start=1):
            row.append(min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (a != b)))
            if i > 1 and j > 1 and (a, b) == (meant[j - 2], typed[i - 2]):
                row[j] = min(row[j], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]


def _one_off(part: str) -> str | None:
    """A Chinese word of the glossary in which one character is another; of three or more."""
    return next(
        (
            one
            for one in _from_chinese()
            if len(one) == len(part) > 2
            and sum(a != b for a, b in zip(one, part, strict=True)) == 1
        ),
        None,
    )


def nearest(text: str) -> list[str]:
    """The terms of the glossary that are spelled most like a text, three at most."""
    names = {
        name.casefold(): f"{one.english} ({one.chinese})"
        for one in glossary.terms()
        for name in (*_forms(one), *_chinese_forms(one))
    }
    near = difflib.get_close_matches(text.casefold(), names, 3, cutoff=0.5)
    return list(dict.fromkeys(names[one] for one in near))


def _parts(run: str) -> Iterator[str]:
    """A Chinese run, cut from the left into the longest known words and what is between them."""
    at = unknown = 0
    while at < len(run):
        sizes = range(min(_LONGEST, len(run) - at), 0, -1)
        parts = (run[at : at + size] for size in sizes)
        part = next((one for one in parts if one in _from_chinese() or one in _NOTHING), None)
        if part is None:
            at += 1
            continue
        if unknown < at:
            yield run[unknown:at]
        if part not in _NOTHING:
            yield part
        at += len(part)
        unknown = at
    if unknown < at:
        yield run[unknown:]


def _forms(term: Term) -> list[str]:
    return term.english.split(", ")


def _chinese_forms(term: Term) -> list[str]:
    """The Chinese of a term without Latin letters and brackets."""
    forms = re.split("[，、（）]", term.chinese)
    return [one for one in (re.sub(r"[^\u4e00-\u9fff]", "", form) for form in forms) if one[1:]]


@cache
def _from_chinese() -> dict[str, list[str]]:
    """A Chinese word -> the English for it, the nearest first."""
    found: dict[str, list[str]] = {}
    for term in glossary.terms():
        english, chinese = _forms(term), _chinese_forms(term)
        # Three beside three are three things: retrieval, ranking, re-ranking.
        apart = len(english) == len(chinese) > 2
        for place, one in enumerate(chinese):
            found.setdefault(one, []).extend([english[place]] if apart else english)
    for asked in glossary.asked():
        for word in asked.words:
            if is_chinese(word):
                found.setdefault(word, []).extend(asked.say)
    return found


@cache
def _from_english() -> list[tuple[list[str], list[str], float]]:
    """The words of a phrase, what else to look for, and with which weight."""
    found = []
    for term in glossary.terms():
        forms = _forms(term)
        if len(forms) == 2:
            found += [(words(one), [other], SHORT_FORM) for one, other in (forms, forms[::-1])]
    for asked in glossary.asked():
        for word in asked.words:
            if not is_chinese(word):
                found.append((words(word), list(asked.say), ALSO))
    return found


@cache
def _english_words() -> frozenset[str]:
    """The words that the glossary knows, whether a lesson has them or not."""
    return frozenset(word for phrase, _, _ in _from_english() for word in phrase)


def _named(asked: Sequence[str], text: str) -> list[Term]:
    """The terms whose English or Chinese stands in a query."""
    squeezed = _PARTICLES.sub("", text)
    found = [
        term
        for term in glossary.terms()
        if any(_within(words(one), asked) for one in _forms(term))
        or any(_PARTICLES.sub("", one) in squeezed for one in _chinese_forms(term))
    ]
    return sorted(found, key=lambda term: -len(term.english))


def _within(phrase: Sequence[str], asked: Sequence[str]) -> bool:
    size = len(phrase)
    return size > 0 and any(
        list(asked[at : at + size]) == list(phrase) for at in range(len(asked) - size + 1)
    )
