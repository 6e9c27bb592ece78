"""The run of a lesson: the settings of its kernel, the changes tried, the bands held."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import cpu
import lesson_run
import nbformat
import pytest
from lessons import SOURCES, code_cells, read, run_nbval, tags
from nbval.plugin import coalesce_streams
from real_cells import REAL_DATA
from synthetic import lesson, recorded, stream

from course_utils import FIXED_SETTINGS
from course_utils.evidence import Claim

NAMES = ["OPENBLAS_CORETYPE", "ONEDNN_MAX_CPU_ISA", "OMP_NUM_THREADS", "TF_ENABLE_ONEDNN_OPTS"]
SHOW = f"import os\nprint([os.environ.get(name) for name in {NAMES}])"


def _shown(settings: dict[str, str]) -> tuple[str, list[nbformat.NotebookNode]]:
    return SHOW, [stream(f"{[settings.get(name) for name in NAMES]}\n")]


@pytest.mark.skipif(not cpu.IS_X86, reason="AVX2 is x86's")
def test_each_edition_has_its_settings_whatever_the_reader_has_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    first = lesson(tmp_path / "solutions" / "90_a.ipynb", _shown(cpu.AVX2_ONE_THREAD))
    second = lesson(tmp_path / "notebooks" / "90_a.ipynb", _shown(cpu.REFERENCE))
    # The first kernel's settings do not stay for the second one, which needs no plugin to start.
    plain = lesson(tmp_path / "elsewhere" / "90_a.ipynb", _shown({**os.environ}))
    run = run_nbval(first, second, plain)
    assert (run.failed, run.noticed) == (set(), 2), run.said


def test_two_threads_are_an_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    files = [
        lesson(tmp_path / edition / "90_a.ipynb", _shown(cpu.TWO_THREADS_ONEDNN))
        for edition in ("solutions", "notebooks")
    ]
    run = run_nbval(*files, options=["--two-threads"])
    assert (run.failed, run.noticed) == (set(), 2), run.said


def test_a_lesson_of_which_no_cell_ran_has_shown_nothing(tmp_path: Path) -> None:
    run = run_nbval(lesson(tmp_path / "solutions" / "90_a.ipynb", ("1 / 0", [])))
    assert run.noticed == 0
    assert "No cell of this lesson ran to its end" in run.said


def test_the_three_settings_differ_from_each_other_and_set_all_that_is_fixed() -> None:
    settings = [cpu.REFERENCE, cpu.AVX2_ONE_THREAD, cpu.TWO_THREADS_ONEDNN]
    assert all(set(FIXED_SETTINGS) <= set(one) for one in settings)
    assert len({json.dumps(one, sort_keys=True) for one in settings}) == 3
    assert lesson_run.kernel_settings("notebooks", two_threads=False) == FIXED_SETTINGS


def test_every_output_is_altered_dropped_doubled_and_one_is_added() -> None:
    table = nbformat.v4.new_output(
        "execute_result", data={"text/plain": "a 1", "text/html": "<b>1</b>", "image/png": "AAAA"}
    )
    committed = [stream("one\n"), table]
    before = json.dumps(committed)
    tried = dict(lesson_run.changed(committed))
    assert list(tried) == [
        *("output 0: a letter of its text", "output 0: dropped", "output 0: there twice"),
        *("output 1: a letter of its text/plain", "output 1: a letter of its text/html"),
        *("output 1: dropped", "output 1: there twice", "an output more"),
    ]
    assert tried["output 0: a letter of its text"][0].text == "on8\n"
    assert tried["output 1: a letter of its text/html"][1].data["text/html"] == "<b>1</8>"
    assert tried["output 1: dropped"] == committed[:1]
    assert json.dumps(committed) == before
    for outputs in tried.values():
        coalesce_streams(outputs)
    assert json.dumps(committed) == before
    different = {json.dumps(coalesce_streams(one)) for one in tried.values()} - {before}
    assert len(different) == len(tried)


@pytest.mark.parametrize(
    ("text", "changed"),
    [("0.12)", "0.18)"), ("8", "3"), ("价 8.", "价 3."), ("好。", "8。"), ("|", "|8")],
)
def test_one_letter_changes(text: str, changed: str) -> None:
    assert lesson_run.other(text) == changed


BANDS = {"90.gain": (0.25, 0.5), "90.loss": (-0.4, -0.2), "90.tie": (-0.01, 0.02)}
LIVE = [(id, (low + 1e-4, high + 1e-4)) for id, (low, high) in BANDS.items()]


def test_bands_that_hold_have_no_problem() -> None:
    assert lesson_run.band_problems(BANDS, LIVE, due=BANDS) == []
    assert lesson_run.band_problems({}, [], due=[]) == []


@pytest.mark.parametrize(
    ("bands", "live", "says"),
    [
        (BANDS, LIVE[1:], ["90.gain: recorded, but no cell makes this claim"]),
        (BANDS, [*LIVE, ("90.new", (0.1, 0.2))], ["90.new: this claim is not recorded"]),
        (
            BANDS,
            [*LIVE, ("90.gain", (0.5, 0.75))],
            [
                "90.gain: (0.5, 0.75) has left the recorded (0.25, 0.5)",
                "90.gain: the band moved to (0.5, 0.75) is not noticed",
            ],
        ),
    ],
)
def test_each_problem_of_a_band_is_named(
    bands: dict[str, lesson_run.Band], live: list[tuple[str, lesson_run.Band]], says: list[str]
) -> None:
    assert lesson_run.band_problems(bands, live, due=bands) == says


def test_a_band_that_refuses_nothing_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_run.evidence, "agrees", lambda live, recorded: True)
    found = lesson_run.band_problems({"90.gain": (0.0, 1.0)}, [("90.gain", (0.0, 1.0))], due=[])
    assert found == [
        "90.gain: the band moved to (-1.0, 0.0) is not noticed",
        "90.gain: the band moved to (1.0, 2.0) is not noticed",
        "90.gain: the baseline in the method's place stays in (0.0, 1.0)",
    ]


def _cell(*outputs: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(outputs=list(outputs))


def test_the_claims_of_a_cell_are_those_that_its_outputs_show(tmp_path: Path) -> None:
    bands = recorded(gain="A over B", more="A over B, more")
    file = lesson(tmp_path / "notebooks" / "90_a.ipynb", ("x = 1", []), bands=bands)
    claims = lesson_run.read_claims(file)
    assert claims["90.gain"] == Claim("90.gain", "A over B", 0.02, 0.03, 5)
    line = stream("A over B: better, +0.020 to +0.030 AUC, five seeds\n")
    span = "better, +0.020 to +0.030 AUC"
    forest = f"Two claims. A over B: {span}; A over B, more: {span}."
    picture = nbformat.v4.new_output("display_data", {"image/png": "A", "text/plain": forest})
    assert lesson_run.made_by([_cell(line)], claims) == {"90.gain"}
    assert lesson_run.made_by([_cell(stream("1"), picture)], claims) == {"90.gain", "90.more"}
    other = stream("A over B: worse, +0.020 to +0.030 AUC\nA over B, more\n")
    assert lesson_run.made_by([_cell(other), _cell()], claims) == set()


def test_a_lesson_without_a_file_has_no_claims(tmp_path: Path) -> None:
    assert lesson_run.read_claims(tmp_path / "notebooks" / "91_b.ipynb") == {}


def test_in_the_solutions_a_claim_that_no_cell_shows_must_be_made(tmp_path: Path) -> None:
    files = [
        lesson(tmp_path / edition / "90_a.ipynb", ("x = 1", []), bands=recorded(gain="A over B"))
        for edition in ("solutions", "notebooks")
    ]
    run = run_nbval(*files)
    assert re.findall(r"^FAILED \S*?(\w+)/90_a\.ipynb::every", run.said, re.M) == ["solutions"]
    assert run.noticed == 1 and "90.gain: recorded, but no cell" in run.said


ON_DATA = [source for source in SOURCES if REAL_DATA in source.read_text(encoding="utf-8")]


@pytest.mark.parametrize("source", ON_DATA, ids=lambda source: source.stem)
def test_what_a_cell_on_real_data_claims_is_shown_there(source: Path) -> None:
    """A claim that no cell shows is asked for even where those cells are skipped."""
    file = source.with_suffix(".ipynb")
    claims, cells = lesson_run.read_claims(file), code_cells(read(file))
    elsewhere = lesson_run.said(cell for cell in cells if REAL_DATA not in tags(cell))
    for id in set(claims) - lesson_run.made_by(cells, claims):
        assert claims[id].text in elsewhere, id
