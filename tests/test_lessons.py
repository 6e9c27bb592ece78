"""What every committed lesson keeps to; nothing is executed."""

from __future__ import annotations

import ast
import re
import tomllib

import pytest
from lessons import EDITIONS, FILES, IDS, NOT_COMPARED, SOURCES, code_cells, read, tags

from course_utils import paths
from course_utils.authoring import guesses
from course_utils.authoring.editions import edition_of
from course_utils.exercises import sources
from course_utils.notebook import header

COVERAGE = tomllib.loads((paths.ROOT / "docs" / "coverage.toml").read_text(encoding="utf-8"))
STEMS = [source.stem for source in SOURCES]


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_nineteen_cells_in_twenty_are_compared(file) -> None:
    cells = code_cells(read(file))
    left_out = {cell.id for cell in cells if NOT_COMPARED in tags(cell)}
    listed = {id for id in COVERAGE["not_compared"] if id.startswith(file.stem[:2])}
    assert left_out == listed
    assert len(left_out) <= len(cells) / 20
    assert all(len(reason) > 10 for reason in COVERAGE["not_compared"].values())


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_every_figure_has_its_alt_text(file) -> None:
    figures = 0
    for cell in code_cells(read(file)):
        for output in cell.outputs:
            for kind in output.get("data", {}):
                if kind.startswith("image/"):
                    figures += 1
                    alt = output.metadata[kind]["alt"]
                    assert len(alt.split()) >= 6
                    assert output.data["text/plain"] == f"Figure: {alt}"
    assert figures > 0


@pytest.mark.parametrize("file", FILES, ids=IDS)
def test_outputs_are_calm(file) -> None:
    """No stderr, warnings, time stamps, addresses, or paths of the machine that built it."""
    for cell in code_cells(read(file)):
        for output in cell.outputs:
            assert output.get("name") != "stderr"
            data = output.get("data", {})
            text = output.get("text", "") + "".join(
                data[kind] for kind in data if kind.startswith("text/")
            )
            assert not re.search(r"Warning|0x[0-9a-f]{6,}|/(tmp|home|root|work|Users)/", text), text
            assert not re.search(r"\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d", text), text


@pytest.mark.parametrize("stem", STEMS)
def test_demonstrations_look_the_same_in_both_editions(stem: str) -> None:
    """Cells whose text is the same in both show the same text."""
    both = [read(paths.ROOT / edition / f"{stem}.ipynb") for edition in EDITIONS]
    solutions, learners = ({cell.id: cell for cell in code_cells(one)} for one in both)
    same = 0
    for id, cell in learners.items():
        if id in solutions and solutions[id].source == cell.source:
            if NOT_COMPARED not in tags(cell):
                assert _text(cell) == _text(solutions[id]), id
            same += 1
    assert same >= 5


def _text(cell) -> list[str]:
    texts = []
    for output in cell.outputs:
        if output == guesses.COVER:
            continue
        data = output.get("data", {})
        texts.append(
            output.get("text", "") + data.get("text/plain", "") + data.get("text/html", "")
        )
    return texts


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("stem", STEMS)
def test_the_learners_edition_never_holds_an_answer(stem: str) -> None:
    """No statement of a marked answer stands in the learner's cells or outputs."""
    notebook = read(paths.NOTEBOOKS / f"{stem}.ipynb")
    everything = _squeeze("\n".join(cell.source for cell in notebook.cells))
    everything += _squeeze("".join("".join(_text(cell)) for cell in code_cells(notebook)))
    assert "SOLUTION" not in everything
    lesson = stem[:2]
    checked = 0
    for cell in sources.code_cells(lesson):
        parts = sources.markers.split(cell)
        if parts is None:
            continue
        lines = [_squeeze(line) for line in parts[1].splitlines()]
        telling = [line for line in lines if len(line) >= 25]
        for line in telling:
            assert line not in everything, f"{stem} gives away: {line}"
        checked += len(telling)
    assert checked >= 3


@pytest.mark.parametrize("stem", STEMS)
def test_a_lesson_opens_and_ends_as_promised(stem: str) -> None:
    cells = read(paths.NOTEBOOKS / f"{stem}.ipynb").cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    head, tail = cells[0].source, text[text.index("## Recap") :].lower()
    minutes = "| Essential | Deeper |" if header.read(stem, head).essential else "| Minutes |"
    assert re.match(rf"# {stem[:2]} · .+\n\n> .+\?\n", head)
    for part in (
        "**After this lesson you can**",
        minutes,
        "Level",
        "Before this",
        "In interviews",
    ):
        assert part in head, part
    if "## Deeper" in text:
        hour = text[: text.index("\n## Deeper")]
        assert "**Sixty seconds.**" in hour and "**Asked next" in hour
    else:
        assert "follow-up" in tail
    for part in ("what the article said", "references"):
        assert part in tail, part
    assert any("Predict first" in cell.source for cell in cells)


@pytest.mark.parametrize("stem", STEMS)
def test_what_follows_predict_first_is_folded(stem: str) -> None:
    """In the learner's edition as committed."""
    cells = read(paths.NOTEBOOKS / f"{stem}.ipynb").cells
    folded = [cell for cell in cells if guesses.TAG in tags(cell)]
    assert folded and guesses.problem(cells) is None
    for cell in folded:
        if cell.cell_type == "code":
            assert cell.metadata["jupyter"]["outputs_hidden"]
            # JupyterLab shows the first line of what it folds.
            assert not cell.outputs or cell.outputs[0].data == {}, cell.id
        else:
            assert cell.metadata["jupyter"]["source_hidden"]
            assert cell.source.splitlines()[0] in (guesses.FIRST_LINE, guesses.NEXT_LINE)
    assert guesses.problem(cells) is None


@pytest.mark.parametrize("stem", STEMS)
def test_a_guess_is_compared_once(stem: str) -> None:
    """As today's source builds it: each *Predict first* has one text that begins so, at most."""
    waiting = 0
    for cell in edition_of(paths.SOLUTIONS / f"{stem}.py", "notebooks").cells:
        if guesses.TAG not in tags(cell):
            waiting += cell.source.count("**Predict first")
        elif cell.source.startswith(guesses.FIRST_LINE):
            assert waiting, f"{cell.id} asks for a guess that was compared before"
            waiting = 0


def _names(code: str) -> tuple[set[str], set[str]]:
    """What a cell's code reads, and what it makes."""
    needed, made = set(), set()
    for one in ast.walk(ast.parse(code)):
        match one:
            case ast.Name(id=name, ctx=ast.Load()):
                needed.add(name)
            case ast.Name(id=name) | ast.arg(arg=name):
                made.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                made.add(name)
            case ast.alias(name=name, asname=other):
                made.add(other or name.partition(".")[0])
    return needed, made


@pytest.mark.parametrize("stem", STEMS)
def test_no_other_cell_needs_a_cell_on_real_data(stem: str) -> None:
    """It may be skipped, so what it makes is read by no cell that runs all the same."""
    made: dict[bool, set[str]] = {True: set(), False: set()}
    for cell in code_cells(read(paths.NOTEBOOKS / f"{stem}.ipynb")):
        on_data = "real-data" in tags(cell)
        needed, new = _names(cell.source)
        if not on_data:
            assert not needed & (made[True] - made[False] - new), cell.id
        made[on_data] |= new
