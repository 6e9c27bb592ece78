"""Each edition of a lesson runs once under nbval; then every change to it must be noticed.

A plugin of pytest. The learner's edition runs with the reference settings, the solutions with
AVX2-only kernels, both with one thread; ``--two-threads`` runs what is collected with two
threads and oneDNN instead. The last item of a lesson takes what the kernel returned in this
run and shows that the comparison refuses it after each change of the committed outputs, and
that each recorded band refuses what it should: no second run is needed for that.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import cpu
import nbformat
import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell, IPyNbFile, coalesce_streams

from course_utils import evidence
from course_utils.authoring import guesses

LEARNERS, SOLUTIONS = "notebooks", "solutions"
NOT_HELD = "claims not held"
Band = tuple[float, float]


class LessonError(AssertionError):
    """What the last item of a lesson found."""


class Bands(NamedTuple):
    """What a run says of the recorded bands of a lesson.

    Attributes:
        held: how many were held against the run.
        not_held: the claims that only skipped cells make.
        problems: a line for each that failed.
    """

    held: int
    not_held: list[str]
    problems: list[str]


class Lesson(IPyNbFile):
    """A lesson's notebook: nbval's cells, then ``EveryChange``.

    Attributes:
        passed: the cells that ran to their end and were as committed.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.passed: list[IPyNbCell] = []
        self.cells: list[IPyNbCell] = []
        self.live = Path()

    def setup(self) -> None:
        handle, name = tempfile.mkstemp(prefix="live-", suffix=".jsonl")
        os.close(handle)
        self.live = Path(name)
        settings = kernel_settings(self.path.parent.name, self.config.option.two_threads)
        settings["COURSE_UTILS_EVIDENCE"] = "strict"
        settings["COURSE_UTILS_EVIDENCE_LIVE"] = name
        # A kernel inherits the environment of this process at its start.
        with mock.patch.dict(os.environ, settings):
            super().setup()

    def collect(self) -> Iterator[pytest.Item]:
        for cell in super().collect():
            self.cells.append(cell)
            yield cell
        yield EveryChange.from_parent(self, name="every change is noticed")

    def teardown(self) -> None:
        super().teardown()
        self.live.unlink(missing_ok=True)

    def bands(self) -> Bands:
        """The recorded bands, held against this run."""
        recorded = read_claims(self.path)
        live = [json.loads(line) for line in self.live.read_text(encoding="utf-8").splitlines()]
        found = [(one["id"], (one["low"], one["high"])) for one in live]
        passed = [cell.cell for cell in self.passed]
        skipped = [cell.cell for cell in self.cells if cell.get_closest_marker("skip")]
        # What only a cell that failed makes may be missing: the failure says enough.
        due = made_by(passed, recorded)
        if self.path.parent.name == SOLUTIONS:
            # They hold all code, so that what no cell shows is made all the same.
            due |= set(recorded) - made_by([cell.cell for cell in self.cells], recorded)
        return Bands(
            held=len(found),
            not_held=sorted(made_by(skipped, recorded) - due),
            problems=band_problems(
                {id: (one.low, one.high) for id, one in recorded.items()}, found, due
            ),
        )


class EveryChange(pytest.Item):
    """The last item of a lesson: a change of its outputs or bands would have been noticed."""

    parent: Lesson

    def runtest(self) -> None:
        if not self.parent.passed:
            raise LessonError("No cell of this lesson ran to its end: nothing could be compared.")
        noticed, problems = 0, []
        for cell in self.parent.passed:
            if not cell.options["check"]:
                continue
            for change, is_noticed in changes(cell):
                noticed += is_noticed
                if not is_noticed:
                    problems.append(f"Cell {cell.cell_num}: not noticed: {change}")
        bands = self.parent.bands()
        self.user_properties += [("changes", noticed), ("bands", bands.held)]
        self.user_properties.append((NOT_HELD, bands.not_held))
        if problems + bands.problems:
            raise LessonError("\n".join(problems + bands.problems))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, LessonError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.path.parent.name}/{self.path.name}: {self.name}"


def kernel_settings(edition: str, two_threads: bool) -> dict[str, str]:
    """The settings of the CPU for the kernel of an edition."""
    if two_threads:
        return dict(cpu.TWO_THREADS_ONEDNN)
    # AVX2 is x86's.
    return dict(cpu.AVX2_ONE_THREAD if edition == SOLUTIONS and cpu.IS_X86 else cpu.REFERENCE)


def changes(cell: IPyNbCell) -> Iterator[tuple[str, bool]]:
    """Each single change of a cell's committed outputs, and whether nbval notices it.

    A cell that was not run when it was built is never compared: all its changes go unnoticed.
    """
    # Only the verdict is asked for: a difference of long tables takes nbval seconds to describe.
    with mock.patch.object(cell, "format_output_compare"):
        for change, outputs in changed(cell.cell.outputs):
            run = cell.cell.execution_count is not None
            same = cell.compare_outputs(cell.test_outputs, coalesce_streams(outputs))
            yield change, run and not same


def changed(committed: list[NotebookNode]) -> Iterator[tuple[str, list[NotebookNode]]]:
    """Each single change of these outputs: a text altered, an output dropped, one added."""
    for number, output in enumerate(committed):
        if output == guesses.COVER:  # nothing to see; `build --check` wants it
            continue
        for kind in _texts(output):
            outputs = deepcopy(committed)
            holder = outputs[number] if kind == "text" else outputs[number].data
            holder[kind] = other(holder[kind])
            yield f"output {number}: a letter of its {kind}", outputs
        yield f"output {number}: dropped", deepcopy(committed[:number] + committed[number + 1 :])
        yield f"output {number}: there twice", deepcopy([*committed, output])
    more = nbformat.v4.new_output("stream", name="stdout", text="one more\n")
    yield "an output more", [*deepcopy(committed), more]


def _texts(output: NotebookNode) -> list[str]:
    """The parts of an output that are text."""
    kinds = ["text"] if "text" in output else []
    return kinds + [kind for kind in output.get("data", {}) if kind.startswith("text/")]


def other(text: str) -> str:
    """The same text with its last letter or digit changed."""
    place = max((i for i, letter in enumerate(text) if letter.isalnum()), default=len(text))
    return text[:place] + ("8" if text[place : place + 1] != "8" else "3") + text[place + 1 :]


def read_claims(notebook: Path) -> dict[str, evidence.Claim]:
    """What is recorded of a lesson's claims, by id; a lesson without claims has no file."""
    file = notebook.parents[1] / "results" / "lessons" / f"{notebook.name[:2]}.json"
    if not file.exists():
        return {}
    recorded = json.loads(file.read_text(encoding="utf-8"))
    return {id: evidence.Claim(id=id, **one) for id, one in recorded.items()}


def made_by(cells: Iterable[NotebookNode], recorded: Mapping[str, evidence.Claim]) -> set[str]:
    """The recorded claims that these cells make, by what their committed outputs show.

    The code of a cell does not tell: it may put an id together from parts, or leave the claim to
    a function of another cell. Its outputs tell text, word and interval, as they are recorded.
    """
    text = said(cells)
    return {
        id
        for id, one in recorded.items()
        if any(f"{one.text}: {one.word}{then}, {one.span}" in text for then in ("", evidence.FALLS))
    }


def said(cells: Iterable[NotebookNode]) -> str:
    """The text of their outputs; of a picture, what stands in its place."""
    outputs = [one for cell in cells for one in cell.outputs]
    return "\n".join(
        one.get("text") or one.get("data", {}).get("text/plain", "") for one in outputs
    )


def band_problems(
    recorded: Mapping[str, Band], live: Sequence[tuple[str, Band]], due: Iterable[str]
) -> list[str]:
    """What is wrong with the bands of a lesson after a run, one line each.

    Args:
        recorded: the recorded band of each claim.
        live: what each claim gave in this run, in order.
        due: the claims that must have run.
    """
    missing = sorted(set(due) - {id for id, _ in live})
    found = [f"{id}: recorded, but no cell makes this claim" for id in missing]
    for id, now in live:
        if id not in recorded:
            found.append(f"{id}: this claim is not recorded")
            continue
        low, high = band = recorded[id]
        width = high - low
        if not evidence.agrees(now, band):
            found.append(f"{id}: {now} has left the recorded {band}")
        for aside in ((low - width, high - width), (low + width, high + width)):
            if evidence.agrees(now, aside):
                found.append(f"{id}: the band moved to {aside} is not noticed")
        if evidence.agrees((0.0, 0.0), band):
            found.append(f"{id}: the baseline in the method's place stays in {band}")
    return found


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """The lessons, as ``Lesson``; other notebooks stay nbval's."""
    collected = yield
    is_lesson = file_path.parent.name in (LEARNERS, SOLUTIONS)
    return [
        Lesson.from_parent(parent, path=file_path) if is_lesson and type(one) is IPyNbFile else one
        for one in collected
    ]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    yield
    if isinstance(item.parent, Lesson) and isinstance(item, IPyNbCell):
        item.parent.passed.append(item)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("lessons").addoption(
        "--two-threads",
        action="store_true",
        help="Run the notebooks with two threads and oneDNN's kernels.",
    )
