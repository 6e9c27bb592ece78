"""What the study pages have in common: a stored result, verdicts in a table, the page's file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from course_utils import paths
from course_utils.evidence import Claim, compared, span_text, still_standing


def stored(name: str) -> dict[str, Any]:
    """``results/NAME.json``."""
    text = (paths.RESULTS / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def word(one: Claim, stands: bool) -> str:
    """The verdict, in brackets if the correction for its table takes it back."""
    return one.word if stands or one.word.startswith("no") else f"({one.word})"


def judged(claims: Sequence[Claim]) -> list[str]:
    """Interval and verdict of each, two cells of a row; corrected together (Holm)."""
    return [
        f"{span_text(one.low, one.high)} | {word(one, stands)}"
        for one, stands in zip(claims, still_standing(claims), strict=True)
    ]


def table(claims: Sequence[Claim]) -> Iterator[str]:
    """A row for each verdict."""
    yield "| comparison | interval | verdict |"
    yield "|---|---|---|"
    for one, told in zip(claims, judged(claims), strict=True):
        yield f"| {one.text} | {told} |"


def recorded(
    lesson: str, told: Callable[[str, Mapping[str, Any]], bool] = lambda name, one: True
) -> Iterator[str]:
    """What a lesson measures when it runs.

    Args:
        lesson: its number.
        told: does the claim of this name, as it is recorded, stand in the table?
    """
    yield "| claim | interval | unit | over |"
    yield "|---|---|---|---|"
    for name, one in stored(f"lessons/{lesson}").items():
        if told(name, one):
            span = span_text(one["low"], one["high"])
            over = f"{one['n']} {one['pairs']}"
            yield f"| {compared(one['text'])} | {span} | {one['unit']} | {over} |"


def write(file: Path, text: str) -> None:
    """The page, in ``docs/studies``."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
