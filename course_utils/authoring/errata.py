"""The page of the article's errata: what is wrong, what is right, and what proves it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from course_utils import paths
from course_utils.errors import CourseError

DOCS = paths.ROOT / "docs"
PAGE = DOCS / "errata.md"

KINDS = {
    "text": "text",
    "crash": "code, it stops",
    "silent": "code, it runs and is wrong",
    "both": "code, it stops or is wrong, as the data are",
}

_HEAD = """\
# The article's errata

Made from `errata.toml` and `coverage.toml` by `python -m course_utils build --errata`.

The course follows an article in Chinese. This is everything in it that is wrong or missing:
{count} items, of which {code} are in its three code samples. {silent} of these {code} run and give
a number: nobody sees them without a check. The last column names a cell of the lesson that shows
the error, and what fails when the error is put back: a task, whose check rejects it by name, or a
test.
"""


def page() -> str:
    """The page, in Markdown.

    Raises:
        CourseError: if an erratum has an unknown kind.
    """
    data = _read("errata.toml")
    parts: Mapping[str, int] = data.pop("parts")
    proofs = _read("coverage.toml")["errata"]
    kinds = [one["kind"] for one in data.values()]
    if unknown := [one for one in kinds if one not in KINDS]:
        raise CourseError(f"docs/errata.toml: kind {unknown[0]!r} is none of {', '.join(KINDS)}.")
    text = _HEAD.format(
        count=len(data), code=len(kinds) - kinds.count("text"), silent=kinds.count("silent")
    )
    starts = {first: title for title, first in parts.items()}
    for name, one in data.items():
        if title := starts.get(int(name[1:])):
            text += (
                f"\n## {title}\n\n| | line | the article | right | proof |\n|---|---|---|---|---|\n"
            )
        text += _row(name, one, proofs.get(name))
    return text


def main() -> int:
    """The command ``build --errata``; returns its exit code."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


def _row(name: str, one: Mapping[str, str], proof: Mapping[str, Any] | None) -> str:
    said = one["says"] if one["kind"] == "text" else f"`{one['says']}`"
    if means := one.get("means"):
        said += f"<br>{means}"
    cells = [
        f"**{name}**<br>{KINDS[one['kind']]}",
        one["lines"],
        said,
        one["right"],
        _proof(proof) if proof else "still open",
    ]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n"


def _proof(proof: Mapping[str, Any]) -> str:
    """The first cell of each lesson that shows it, and what fails when it is put back."""
    shown = [_link(cell) for cell in _firsts(proof["cells"])]
    if "task" in proof:
        return f"{', '.join(shown)}<br>task {proof['task']}"
    return f"{', '.join(shown)}<br>`{proof['test'].removeprefix('tests/')}`"


def _firsts(cells: Sequence[str]) -> list[str]:
    lessons: dict[str, str] = {}
    for cell in cells:
        lessons.setdefault(cell[:2], cell)
    return list(lessons.values())


def _link(cell: str) -> str:
    files = sorted(paths.SOLUTIONS.glob(f"{cell[:2]}_*.ipynb"))
    return f"[{cell}](../solutions/{files[0].name})" if files else cell


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DOCS / name).read_text(encoding="utf-8"))
