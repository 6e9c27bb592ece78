"""The field's words come from one glossary; no private word stands in their place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree

from course_utils import paths
from course_utils.desk import glossary
from course_utils.desk.glossary import Hit


def _read_by_learners() -> Iterator[tuple[str, list[Hit]]]:
    """Each file that learners read, or whose messages they get, with its private words."""
    for file in sorted(tree.files()):
        name = file.relative_to(paths.ROOT).as_posix()
        page = file.suffix == ".md" and file.name != "CHANGELOG.md"
        if page or re.fullmatch(r"solutions/\d\d_\w+\.py", name):
            yield name, glossary.hits(file.read_text(encoding="utf-8"))
        elif name.startswith("course_utils/exercises/") and file.suffix == ".py":
            yield name, _in_strings(file)


def _in_strings(file: Path) -> list[Hit]:
    """The private words in prompts, hints and messages: in strings that are no docstrings."""
    module = ast.parse(file.read_text(encoding="utf-8"))
    statements = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    return [
        Hit(node.lineno + hit.line - 1, hit.found, hit.say)
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in statements
        for hit in glossary.hits(node.value)
    ]


def test_no_private_word_stands_for_a_term() -> None:
    found = [
        f"{name}:{one.line}: {one.found!r}; say {one.say}"
        for name, hits in _read_by_learners()
        for one in hits
    ]
    assert not found, "\n".join(found)


def test_terms_are_complete_and_sorted() -> None:
    terms = glossary.terms()
    names = [one.english for one in terms]
    assert names == sorted(names, key=str.casefold)
    assert len({one.casefold() for one in names}) == len(names) >= 60
    for one in terms:
        assert re.search(r"[\u4e00-\u9fff]", one.chinese), f"{one.english}: no Chinese"
        assert one.meaning and len(one.meaning) <= 100, f"{one.english}: one line of meaning"
        assert not any(
            re.search(r"[|\n]", text) for text in (one.english, one.chinese, one.meaning)
        )
        assert glossary.hits(f"{one.english}: {one.meaning}") == []


def test_every_private_word_has_a_term_or_plain_english() -> None:
    data = glossary._data()
    names = {one.english for one in glossary.terms()}
    words = [one["word"] for one in data["private"]]
    assert words == sorted(set(words), key=str.casefold)
    for one in data["private"]:
        assert ("say" in one) != ("plain" in one), one["word"]
        assert set(one.get("say", [])) <= names, f"{one['word']}: {one['say']} is no term"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the dearest product first, dear ones on top", ["dearest", "dear"]),
        ("Task 10.2 · Likeness with damping", ["Likeness", "damping"]),
        ("Words that keep the same company become alike", ["company"]),
        ("a product at place 3; the tenth place; p(click) = p(look | place)", 4),
        ("a strip of recommendations", ["strip"]),
        ("`likeness(taken, damping)`", ["likeness", "taken", "damping"]),
        ("bought and came back", ["came back"]),
        ("far from the limit; a mended model", ["limit", "mended"]),
        ("drawn by the true chances", ["chances"]),
        ("which task gains and which one pays", ["one pays"]),
    ],
)
def test_private_words_are_found(text: str, found: list[str] | int) -> None:
    hits = [one.found for one in glossary.hits(text)]
    assert len(hits) == found if isinstance(found, int) else sorted(hits) == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "This takes place in place of the old one, in three places, in the first place of all.",
        "A company sells; the company that hires you; your company.",
        'name.strip() and text.rstrip("x"); recommended and recommending',
        "One piece of women's clothing, 1,206 pieces; two pieces of a product",
        "**Limits.** No ids. Bayes limit and visible limit, a time limit, limited edition",
        "The article, taken apart; rows taken by time; it took an hour",
        "by chance, a matter of chance, better than chance",
        "Look at the picture (look twice), everybody pays with a card",
        "He comes back to the question. A nobody, everybody, somebody.",
    ],
)
def test_ordinary_english_is_left_alone(text: str) -> None:
    assert glossary.hits(text) == []


def test_lesson_00_shows_some_terms_and_says_where_all_are() -> None:
    some, everything = glossary.table().data, glossary.table(first=False).data
    assert some.splitlines()[0] == everything.splitlines()[0] == "| English | 中文 | what it is |"
    assert 20 <= len(some.splitlines()) - 2 <= 30
    assert len(everything.splitlines()) - 2 == len(glossary.terms())
    assert "| negative transfer | 负迁移 | a task gets worse by being learnt together |" in some
    lesson = (paths.SOLUTIONS / "00_start_here.py").read_text(encoding="utf-8")
    assert "glossary.table()" in lesson and "docs/glossary.toml" in lesson
