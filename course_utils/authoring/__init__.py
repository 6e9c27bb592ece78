"""Build the notebooks from the lesson sources, and check that they match.

python -m course_utils build            every lesson; only what has other code than before is run
python -m course_utils build 51         one lesson
python -m course_utils build --run 51   the same, run in any case: after a change of the package
python -m course_utils build --record 51    the same, and record its claims anew
python -m course_utils build --check    compare only; executes nothing
python -m course_utils build --data     write the committed tables and their manifest
python -m course_utils build --errata   write the page of the article's errata

Every build of lessons first brings the plan and the table of lessons up to date where they stand,
in README, lesson 00 and the teachers' page; where that changes anything, lesson 00 is run too.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import nbformat

from course_utils.authoring import answers, errata, guesses, minutes, pages, requirements
from course_utils.authoring.compare import differences
from course_utils.authoring.editions import DROPPED, SourceError, edition_of, sources, target
from course_utils.authoring.execute import execute, keep_outputs
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
    recording, running = (arguments[:1] == [one] for one in ("--record", "--run"))
    if recording and len(arguments) == 1:
        raise CourseError("Say which lessons' claims are to be recorded: build --record 51")
    asked = sources(arguments[recording or running :])
    if answers.write():
        print("checks/answers.json: the answers follow the lessons")
    changed = pages.write()
    for page in changed:
        print(f"{page.name}: the plan, the table or the minutes follow the lessons")
    # Lesson 00 has the plan, and draws the map from the headers of all lessons.
    follows = sources(["00"]) if {*changed} - {*pages.INTERVIEW.values()} else []
    for source in asked + [one for one in follows if one not in asked]:
        if recording and source in asked:
            record_claims(source)
        build(source, run=recording or running or source in follows)
    return 0


def record_claims(source: Path) -> None:
    """Run a lesson with its answers, and keep the intervals of its claims."""
    edition = edition_of(source, "solutions")
    with tempfile.TemporaryDirectory() as folder:
        live = Path(folder) / "claims"
        variables = {record.MODE: "record", record.LIVE: str(live)}
        execute(edition, source.parent, f"solutions/{source.stem}", variables)
        record.write(source.name[:2], live)


def build(source: Path, run: bool = False) -> None:
    """Make both editions of a lesson, executed. A failure leaves the old ones in place.

    An edition whose code cells are those of the notebook that is there keeps its outputs.

    Args:
        source: of the lesson.
        run: execute both editions, also where no code cell has changed.

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
        kept = not run and keep_outputs(notebook, file)
        if not kept:
            execute(notebook, file.parent, f"{edition}/{source.stem}")
        guesses.cover(notebook)
        made.append((file, notebook, "outputs kept, no code cell has changed" if kept else "run"))
    for file, notebook, how in made:
        with tempfile.NamedTemporaryFile(
            "w", dir=file.parent, prefix=".build-", delete=False, encoding="utf-8"
        ) as new:
            nbformat.write(notebook, new)
        os.chmod(new.name, 0o644)
        os.replace(new.name, file)
        print(f"{file.parent.name}/{file.name}: {len(notebook.cells)} cells, {how}")


def _check() -> int:
    found = differences() + pages.stale() + answers.stale()
    for line in found:
        print(line)
    if found:
        print("Run `python -m course_utils build` and commit what it makes.")
        return 1
    print(f"{len(sources())} lessons match their sources.")
    return 0
