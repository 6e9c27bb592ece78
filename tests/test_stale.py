"""Sentences that time makes false: promises of what is there by now, and counts that are said in
several places and kept in one."""

from __future__ import annotations

import re
import tomllib
from functools import cache

import pytest
import tree
from scripts import script_of

from course_utils import paths

PROMISES = re.compile(
    r"\bnone yet\b|\bstill to come\b|\bcoming soon\b|\bnot measured yet\b|\bunder construction\b"
    r"|\blessons? without a bar\b|\bwill (?:be added|follow soon)\b|敬请期待|待补充|即将推出",
    re.IGNORECASE,
)

_NUMBERS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen",
)  # fmt: skip

SAID = {
    # What docs/when.md has, and who says it again.
    "{} of the {} verdicts are wins, {} are losses": ("wins", "verdicts", "losses"),
    # Study page 21: five of them.
    "plain model has the form of {} of the {} truths": ("with a plain form", "of many scenarios"),
    # Other records.
    "{} lessons that compare something": ("lessons with claims",),
    "claims of {} lessons shows": ("lessons with claims",),
    "The article's {} errata": ("errata",),
    "numbered E1 to E{}": ("errata",),
    "{} such cards stand in": ("cards",),
    "{} claims of five kinds": ("cards",),
    "of {} cards report tests": ("cards",),
    "{} forecasts, as of": ("forecasts",),
}
"""How a count is said, and what of the record its numbers are, in their order."""


@cache
def record() -> dict[str, int]:
    """The counts, from what is stored."""
    when = script_of("when")
    every = when.judgements()
    scenarios = [when.family_of(one) for one in ("star", "pepnet", "m2m", "hmoe", "m3oe")]
    outlook = tomllib.loads((paths.ROOT / "docs" / "outlook.toml").read_text(encoding="utf-8"))
    errata = tomllib.loads((paths.ROOT / "docs" / "errata.toml").read_text(encoding="utf-8"))
    claims = [file.stem for file in (paths.RESULTS / "lessons").glob("*.json")]
    return {
        "verdicts": len(every),
        "wins": sum(one.word == "wins" for one in every),
        "losses": sum(one.word == "loses" for one in every),
        "of many scenarios": len(scenarios),
        "with a plain form": sum(bool(one.matches) for one in scenarios),
        "lessons with claims": sum(one < "71" for one in claims),
        "errata": len(errata) - 1,  # beside them a table of the article's parts
        "cards": len(outlook["card"]),
        "forecasts": len(outlook["forecast"]),
    }


def texts() -> dict[str, str]:
    """Lessons' sources and pages, in one line each: a sentence goes on where its line ends."""
    found = {}
    for file in sorted(tree.files()):
        name = file.relative_to(paths.ROOT).as_posix()
        if re.fullmatch(r"solutions/\d\d_\w+\.py|docs/.+\.md|README.*\.md", name):
            found[name] = in_one_line(file.read_text(encoding="utf-8"))
    return found


def in_one_line(text: str) -> str:
    return " ".join(re.sub(r"^# ?", "", text, flags=re.MULTILINE).split())


def number(said: str) -> int:
    """Of digits, or of a word."""
    return int(said) if said.isdigit() else _NUMBERS.index(said.lower())


def wrong(name: str, text: str) -> tuple[list[str], set[str]]:
    """What a text says that the record does not, and all that was looked at."""
    found, looked = [], set()
    for pattern, keys in SAID.items():
        form = pattern.replace("{}", rf"(\d+|{'|'.join(_NUMBERS)})")
        for said in re.finditer(rf"(?<![\w-]){form}", text, re.IGNORECASE):
            looked.add(pattern)
            for group, key in zip(said.groups(), keys, strict=True):
                if record()[key] != number(group):
                    found.append(f"{name}: {said[0]!r}: {key} is {record()[key]}, not {group}")
    return found, looked


def test_nothing_is_promised_that_is_there() -> None:
    found = [
        f"{name}: {said[0]!r}" for name, text in texts().items() for said in PROMISES.finditer(text)
    ]
    assert not found, "\n".join(found)


def test_every_count_is_that_of_the_record() -> None:
    every = [wrong(name, text) for name, text in texts().items()]
    found = [one for of, _ in every for one in of]
    assert not found, "\n".join(found)
    unsaid = SAID.keys() - set().union(*(looked for _, looked in every))
    assert not unsaid, "no text says this any more"


@pytest.mark.parametrize(
    "stale",
    [
        "7 of the 25 verdicts are wins, 15 are losses.",
        "A plain model has the form of two of the five truths.",
        "# Fifteen such\n# cards stand in the file, and twelve claims of five kinds.",
    ],
)
def test_a_count_that_is_not_is_found(stale: str) -> None:
    assert wrong("a page", in_one_line(stale))[0]


def test_each_lesson_has_its_place_in_the_article_or_beside_it() -> None:
    source = (paths.SOLUTIONS / "00_start_here.py").read_text(encoding="utf-8")
    cell = source.partition('name="article-parts"')[2].partition("# %%")[0]
    named = {int(one) for one in re.findall(r"\b\d\d\b", cell)}
    for first, last in re.findall(r"\b(\d\d) to (\d\d)\b", cell):
        named |= set(range(int(first), int(last) + 1))
    assert named == {int(file.name[:2]) for file in paths.SOLUTIONS.glob("[0-9][0-9]_*.py")}


def test_a_lesson_that_is_named_is_there() -> None:
    there = {file.name[:2] for file in paths.SOLUTIONS.glob("[0-9][0-9]_*.py")}
    found = []
    for name, text in texts().items():
        for said in re.finditer(
            r"\b[Ll]essons? (\d\d(?:(?:, | and |, and | or | to )\d\d)*)\b", text
        ):
            found += [
                f"{name}: {said[0]!r}" for one in re.findall(r"\d\d", said[1]) if one not in there
            ]
    assert not found, "\n".join(found)
