"""Build the notebooks from the lesson sources, and check that they match.

python -m course_utils build            every lesson
python -m course_utils build 51         one lesson
python -m course_utils build --record 51    the same, and record its claims anew
python -m course_utils build --check    compare only; executes nothing
python -m course_utils build --data     write the committed tables and their manifest
python -m course_utils build --errata   write the page of the article's errata

Every build of lessons first brings the plan and the table of lessons up to date where they stand:
in README, lesson 00 and the teachers' page.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import nbformat

from course_utils.authoring import errata, guesses, minutes, pages, requirements
from course_utils.authoring.compare import differences
from course_utils.authoring.editions import DROPPED, SourceError, edition_of, sources, target
from course_utils.authoring.execute import execute
from course_utils.datasets import loading
from course_utils.errors import CourseError
from course_utils.evidence import record


def main(arguments: list[str]) -> int:
    """The command ``build``; returns its exit code."""
    if arguments == ["--check"]:
        return _check()
    if arguments == ["--data"]:
        loading.write_committed()
        return 0
    if arguments == ["--errata"]:
        return errata.main()
    if arguments == ["--requirements"]:
        return requirements.main()
    recording = arguments[:1] == ["--record"]
    if recording and len(arguments) == 1:
        raise CourseError("Say which lessons' claims are to be recorded: build --record 51")
    asked = sources(arguments[recording:])
    changed = pages.write()
    for page in changed:
        print(f"{page.name}: the plan, the table or the minutes follow the lessons")
    for source in asked:
        if recording:
            record_claims(source)
        build(source)
    # Lesson 00 shows the plan, so it follows any lesson.
    for page in changed:
        if page in sources() and page not in asked:
            build(page)
    return 0


def record_claims(source: Path) -> None:
    """Run a lesson with its answers, and keep the intervals of its claims."""
    edition = edition_of(source, "solutions")
    with tempfile.TemporaryDirectory() as folder:
        live = Path(folder) / "claims"
        variables = {record.MODE: "record", record.LIVE: str(live)}
        execute(edition, source.parent, f"solutions/{source.stem}", variables)
        record.write(source.name[:2], live)


def build(source: Path) -> None:
    """Make both editions of a lesson, executed. A failure leaves the old ones in place.

    Raises:
        SourceError: if a cell fails, or the header's minutes are not the rule's.
    """
    if found := minutes.broken(source):
        raise SourceError("\n".join(found))
    made = []
    for edition in DROPPED:
        file = target(source, edition)
        file.parent.mkdir(exist_ok=True)
        notebook = edition_of(source, edition)
        execute(notebook, file.parent, f"{edition}/{source.stem}")
        guesses.cover(notebook)
        made.append((file, notebook))
    for file, notebook in made:
        with tempfile.NamedTemporaryFile(
            "w", dir=file.parent, prefix=".build-", delete=False, encoding="utf-8"
        ) as new:
            nbformat.write(notebook, new)
        os.chmod(new.name, 0o644)
        os.replace(new.name, file)
        print(f"{file.parent.name}/{file.name}: {len(notebook.cells)} cells")


def _check() -> int:
    found = differences() + pages.stale()
    for line in found:
        print(line)
    if found:
        print("Run `python -m course_utils build` and commit what it makes.")
        return 1
    print(f"{len(sources())} lessons match their sources.")
    return 0
