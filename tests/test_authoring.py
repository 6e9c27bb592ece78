"""One source, two editions; ``build --check`` finds every difference without executing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from course_utils import authoring, paths
from course_utils.authoring import guesses
from course_utils.authoring.compare import differences
from course_utils.authoring.editions import SourceError, edition_of, sources
from course_utils.authoring.execute import keep_outputs, kernel_environment
from course_utils.errors import CourseError
from course_utils.evidence import record

SOURCE = """\
# %% [markdown] name="title"
# # 97 · A small lesson
#
# > Is it built?
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 5 | entry | Python | none |
#
# ## Recap

# %% name="imports"
from course_utils.exercises import check

# %%
print("shown in both")

# %% tags=["live"]
print("not compared")

# %% tags=["task"]
print("for the learner")

# %% [markdown] tags=["solution"]
# The way to the answer.

# %% tags=["wrong"]
print("an author's wrong answer")

# %% [markdown] name="guess"
# ## A section
#
# **Predict first.** More than 40?

# %% name="number" tags=["after-guess"]
print(6 * 7)

# %% name="number-again" tags=["after-guess", "folded"]
# The number again.
print(6 * 7)

# %% [markdown] name="why" tags=["after-guess"]
# It is **42**, for this reason:
#
# ```
# # six sevens
# ```

# %% [markdown] name="why-more" tags=["after-guess"]
# And twice 21.

# %% [markdown] name="task-text"
# ### A task

# %% name="task-1"
def secret(model, user, n):
    ### BEGIN SOLUTION
    return "forty-two"
    ### END SOLUTION


check("51.1", secret)
"""


_UNANSWERED = "'guess': tag a code cell below it 'after-guess', before the next "
_TAGGED = SOURCE[SOURCE.index('# %% name="number"') : SOURCE.index('# %% [markdown] name="why"')]


def _alone(patch: pytest.MonkeyPatch) -> None:
    """Leave out what build makes of all lessons: other files test that."""
    patch.setattr(authoring.pages, "rendered", dict)
    patch.setattr(authoring.answers, "write", bool)
    patch.setattr(authoring.answers, "stale", list)


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with one small lesson."""
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "SOLUTIONS", tmp_path / "solutions")
    monkeypatch.setattr(paths, "NOTEBOOKS", tmp_path / "notebooks")
    _alone(monkeypatch)
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "97_small.py").write_text(SOURCE)
    return tmp_path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, built once: it takes two kernels."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "solutions").mkdir()
    (folder / "solutions" / "97_small.py").write_text(SOURCE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "SOLUTIONS", folder / "solutions")
        _alone(patch)
        assert authoring.main([]) == 0
    return folder


def _read(folder: Path, edition: str) -> NotebookNode:
    return nbformat.read(folder / edition / "97_small.ipynb", as_version=4)


def _texts(notebook: NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells)


def test_the_learners_edition_holds_no_answer(built: Path) -> None:
    text = _texts(_read(built, "notebooks"))
    assert "forty-two" not in text and "SOLUTION" not in text
    assert "The way to the answer" not in text and "wrong answer" not in text
    assert "for the learner" in text
    assert "return ...  # your code here" in text


def test_the_solutions_hold_the_answer_without_markers(built: Path) -> None:
    text = _texts(_read(built, "solutions"))
    assert 'return "forty-two"' in text and "The way to the answer" in text
    assert "SOLUTION" not in text and "for the learner" not in text and "wrong answer" not in text


def test_both_are_executed_and_calm(built: Path) -> None:
    for edition in ("solutions", "notebooks"):
        notebook = _read(built, edition)
        nbformat.validate(notebook)
        counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
        assert counts == list(range(1, len(counts) + 1))
        assert notebook.metadata.language_info == {"name": "python"}
        assert all("execution" not in cell.metadata for cell in notebook.cells)
    checks = {
        edition: _read(built, edition).cells[-1].outputs[0].data["text/plain"]
        for edition in ("solutions", "notebooks")
    }
    assert checks["notebooks"].startswith("… 51.1 · not attempted")
    assert not checks["solutions"].startswith("… 51.1 · not attempted")


def test_what_tells_the_answer_to_a_guess_is_folded_for_the_learner(built: Path) -> None:
    cells = {cell.id: cell for cell in _read(built, "notebooks").cells}
    folded = {
        id: cell.metadata["jupyter"] for id, cell in cells.items() if "jupyter" in cell.metadata
    }
    assert folded == {
        "97-number": {"outputs_hidden": True},
        "97-number-again": {"outputs_hidden": True, "source_hidden": True},
        "97-why": {"source_hidden": True},
        "97-why-more": {"source_hidden": True},
    }
    # JupyterLab shows the first line of what it folds.
    assert cells["97-why"].source.startswith("Compare with your guess:\n\nIt is **42**")
    assert cells["97-why-more"].source == "More on the same guess:\n\nAnd twice 21."
    for id in ("97-number", "97-number-again"):
        first, second = cells[id].outputs
        assert (first.output_type, first.data) == ("display_data", {})
        assert second.text == "42\n"


def test_the_solutions_stay_open(built: Path) -> None:
    cells = {cell.id: cell for cell in _read(built, "solutions").cells}
    folded = [id for id, cell in cells.items() if "jupyter" in cell.metadata]
    assert folded == ["97-number-again"]
    assert cells["97-number-again"].metadata["jupyter"] == {"source_hidden": True}
    assert cells["97-why"].source.startswith("It is **42**")
    assert [output.text for output in cells["97-number"].outputs] == ["42\n"]


def test_ids_come_from_names_and_survive_insertion(clone: Path) -> None:
    source = clone / "solutions" / "97_small.py"
    before = [cell.id for cell in edition_of(source, "solutions").cells]
    assert before[:4] == ["97-title", "97-imports", "97-imports-1", "97-imports-2"]
    source.write_text(SOURCE.replace('# %% name="imports"', '# %%\nx = 1\n\n# %% name="imports"'))
    after = [cell.id for cell in edition_of(source, "solutions").cells]
    assert [one for one in after if one in before] == before


def test_live_cells_are_left_out_of_comparison(clone: Path) -> None:
    cells = edition_of(clone / "solutions" / "97_small.py", "notebooks").cells
    tagged = [cell for cell in cells if "nbval-ignore-output" in cell.metadata.get("tags", [])]
    assert [cell.source for cell in tagged] == ['print("not compared")']


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("### END SOLUTION", "### end solution", "Odd marker"),
        ("    ### END SOLUTION\n", "", "never closed"),
        ('tags=["live"]', 'tags=["lively"]', "unknown tag lively"),
        ('name="imports"', 'name="title"', "used once"),
        ('name="imports"', 'name="Imports!"', "used once"),
        ('check("51.1", secret)', "secret()", "an answer cell ends with check"),
        ("# # 97 · A small lesson", "# # A small lesson", "must be the title"),
        ("# ## A section", "# ## A section\n#\n# **Predict first.** Is it?", _UNANSWERED),
        ("# # six sevens\n# ```", "# ```\n# ### Six sevens", "'why'.* a cell of its own"),
        ("# # six sevens\n# ```", "# ```\n# **Predict first.**", "'why'.* a cell of its own"),
        ("**Predict first.** ", "", "'number'.* without .*Predict first"),
        ("# **Predict first.** ", "# **Predict first.**\n# ### ", _UNANSWERED),
        (
            "# # six sevens\n# ```\n",
            '# ```\n\n# %% [markdown]\n# ## Next\n\n# %% [markdown] tags=["after-guess"]\n# x',
            "without",
        ),
        ("# ### A task", "# **Predict first.** And now?", "'task-text'.* before the next task"),
        (_TAGGED, "", "'guess'.* before the next heading"),
    ],
)
def test_an_odd_source_stops_the_build(clone: Path, old: str, new: str, says: str) -> None:
    source = clone / "solutions" / "97_small.py"
    source.write_text(SOURCE.replace(old, new))
    with pytest.raises(SourceError, match=says) as caught:
        edition_of(source, "notebooks")
    assert "97_small.py" in str(caught.value)


def test_unknown_lesson_and_odd_name(clone: Path) -> None:
    with pytest.raises(SourceError, match="there are 97"):
        sources(["98"])
    odd = clone / "solutions" / "97_Small-lesson.py"
    odd.write_text(SOURCE)
    with pytest.raises(SourceError, match="name a lesson like"):
        edition_of(odd, "notebooks")


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("raise ValueError('no')", "a cell failed while building"),
        ("import sys; print('x', file=sys.stderr)", "wrote to stderr"),
    ],
)
def test_a_failing_cell_stops_and_leaves_the_old_editions(
    clone: Path, cell: str, says: str
) -> None:
    (clone / "notebooks").mkdir()
    old = clone / "notebooks" / "97_small.ipynb"
    old.write_text("old")
    (clone / "solutions" / "97_small.py").write_text(
        f"{SOURCE[: SOURCE.index('# %% name=')]}# %%\n{cell}\n\n# %% [markdown]\n# ## Recap\n"
    )
    with pytest.raises(SourceError, match=says):
        authoring.main(["97"])
    assert old.read_text() == "old"


TEXT = "The way to the answer."


@pytest.mark.parametrize(
    ("old", "new", "run"),
    [
        (TEXT, "Another way.", set()),
        ('name="number-again"', 'name="once-more"', set()),
        ("# ## A section", "# ## A section\n#\n# With more text.", set()),
        ('tags=["live"]', 'tags=["folded"]', set()),
        ('tags=["after-guess", "folded"]', 'tags=["folded"]', set()),
        ("print(6 * 7)", "print(7 * 6)", {"solutions", "notebooks"}),
        ('print("for the learner")', 'print("for you")', {"notebooks"}),
        ('return "forty-two"', 'return "42"', {"solutions"}),
        ("an author's wrong answer", "a wrong answer", set()),
    ],
)
def test_only_an_edition_with_other_code_is_run(
    old: str, new: str, run: set[str], built: Path, clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for edition in ("solutions", "notebooks"):
        (clone / edition).mkdir(exist_ok=True)
        nbformat.write(_read(built, edition), clone / edition / "97_small.ipynb")
    ran = []

    def execute(notebook: NotebookNode, folder: Path, name: str) -> None:
        ran.append(folder.name)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for number, cell in enumerate(code, start=1):
            cell.execution_count = number

    monkeypatch.setattr(authoring, "execute", execute)
    assert old in SOURCE
    (clone / "solutions" / "97_small.py").write_text(SOURCE.replace(old, new))
    assert authoring.main(["97"]) == 0
    assert set(ran) == run and differences() == []
    for edition in {"solutions", "notebooks"} - run:
        before, after = (
            [
                [one for one in cell.outputs if one != guesses.COVER]
                for cell in _read(folder, edition).cells
                if cell.cell_type == "code"
            ]
            for folder in (built, clone)
        )
        assert before == after and any(before)
    ran.clear()
    assert authoring.main(["--run", "97"]) == 0
    assert ran == ["solutions", "notebooks"]


@pytest.mark.parametrize("damage", ["missing", "damaged", "an error", "not in order"])
def test_outputs_of_an_unfit_notebook_are_not_kept(
    damage: str, built: Path, clone: Path, tmp_path: Path
) -> None:
    file = tmp_path / "old.ipynb"
    old = _read(built, "solutions")
    code = [cell for cell in old.cells if cell.cell_type == "code"]
    if damage == "an error":
        code[1].outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]
    elif damage == "not in order":
        code[1].execution_count = 9
    if damage == "damaged":
        file.write_text("{")
    elif damage != "missing":
        nbformat.write(old, file)
    notebook = edition_of(clone / "solutions" / "97_small.py", "solutions")
    assert not keep_outputs(notebook, file)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    nbformat.write(_read(built, "solutions"), file)
    assert keep_outputs(notebook, file)


Change = Callable[[NotebookNode], object]


def test_check_finds_an_answer_that_shows(built: Path, clone: Path) -> None:
    for one in ("solutions", "notebooks"):
        (clone / one).mkdir(exist_ok=True)
        nbformat.write(_read(built, one), clone / one / "97_small.ipynb")
    notebook = _read(clone, "notebooks")
    cell = next(cell for cell in notebook.cells if cell.id == "97-number")
    del cell.metadata["jupyter"]
    cell = next(cell for cell in notebook.cells if cell.id == "97-number-again")
    cell.outputs.pop(0)
    nbformat.write(notebook, clone / "notebooks" / "97_small.ipynb")
    assert [line.partition(": cell ")[2] for line in differences()] == [
        "97-number: its metadata differs",
        "97-number-again: the first line of its folded output can be read",
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda nb: nb.cells[1].update(source="x = 1"), "cell 97-imports: its source differs"),
        (lambda nb: nb.cells[1].update(id="other"), "added, dropped, moved or renamed"),
        (lambda nb: nb.cells.pop(2), "added, dropped, moved or renamed"),
        (
            lambda nb: nb.cells.insert(2, nbformat.v4.new_code_cell("x = 1", execution_count=2)),
            "added, dropped, moved or renamed",
        ),
        (lambda nb: nb.cells.reverse(), "added, dropped, moved or renamed"),
        (lambda nb: nb.cells[3].metadata.update(tags=[]), "its metadata differs"),
        (lambda nb: nb.metadata.update(kernelspec={}), "the notebook's metadata differ"),
        (lambda nb: nb.cells[2].update(execution_count=None), "execution count None, not 2"),
        (lambda nb: nb.cells[2].update(execution_count=7), "execution count 7, not 2"),
        (lambda nb: nb.cells[2].outputs[0].update(name="stderr"), "its output holds stderr"),
        (
            lambda nb: nb.cells[2].outputs.append(
                nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])
            ),
            "its output is an error",
        ),
    ],
)
@pytest.mark.parametrize("edition", ["solutions", "notebooks"])
def test_check_finds_a_change(
    edition: str, change: Change, says: str, built: Path, clone: Path
) -> None:
    for one in ("solutions", "notebooks"):
        (clone / one).mkdir(exist_ok=True)
        nbformat.write(_read(built, one), clone / one / "97_small.ipynb")
    assert differences() == []
    notebook = _read(clone, edition)
    change(notebook)
    nbformat.write(notebook, clone / edition / "97_small.ipynb")
    assert any(says in line and line.startswith(edition) for line in differences()), differences()


def test_check_finds_missing_damaged_and_stray_notebooks(
    built: Path, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clone / "notebooks").mkdir()
    (clone / "notebooks" / "97_small.ipynb").write_text("{")
    (clone / "notebooks" / "96_gone.ipynb").write_text("{}")
    assert authoring.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert "solutions/97_small.ipynb: missing" in said
    assert "notebooks/97_small.ipynb: cannot be read" in said
    assert "notebooks/96_gone.ipynb: no source makes this notebook" in said


def test_claims_are_recorded_only_when_asked_for(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run that records takes the claims as they come; those of the editions are strict."""
    monkeypatch.setattr(paths, "RESULTS", clone / "results")
    modes = []

    def run(notebook: NotebookNode, folder: Path, name: str, variables: object = None) -> None:
        assert variables is None or isinstance(variables, dict)
        found = kernel_environment() | (variables or {})
        modes.append(found[record.MODE])
        if modes[-1] == "record":
            Path(found[record.LIVE]).write_text('{"id": "97.a", "low": 1, "high": 2}\n')

    monkeypatch.setattr(authoring, "execute", run)
    assert authoring.main(["97"]) == 0
    assert modes == ["strict", "strict"] and record.read("97") == {}
    assert authoring.main(["--record", "97"]) == 0
    assert modes[2:] == ["record", "strict", "strict"]
    assert record.read("97") == {"97.a": {"low": 1, "high": 2}}
    with pytest.raises(CourseError, match="Say which lessons"):
        authoring.main(["--record"])
