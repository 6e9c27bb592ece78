"""Real data: fetched before the run; without them cells are skipped and named, a failure in CI."""

from __future__ import annotations

from collections.abc import Container
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from cached import NOT_CACHED
from lessons import run_nbval
from real_cells import CELL, RealCells, needs_of, needs_of_file
from synthetic import lesson, recorded, stream

from course_utils import paths
from course_utils.datasets import real


class Item:
    """What the hook needs of a collected cell."""

    def __init__(self, *tags: str) -> None:
        self.cell = nbformat.v4.new_code_cell(id="films-verdict", metadata={"tags": list(tags)})
        self.path = paths.SOLUTIONS / "51_recommender.ipynb"
        self.markers: list[Any] = []
        self.user_properties: list[tuple[str, object]] = []

    def add_marker(self, marker: Any) -> None:
        self.markers.append(marker)


def _collect(monkeypatch: pytest.MonkeyPatch, cached: Container[str]) -> tuple[Item, Item]:
    monkeypatch.setattr(real, "is_cached", lambda name: name in cached)
    items = Item("real-data"), Item()
    RealCells().pytest_collection_modifyitems(list(items))
    return items


def test_they_run_with_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    on_data, other = _collect(monkeypatch, cached=real.REAL_SETS)
    assert not on_data.markers and not other.markers and not on_data.user_properties


def test_they_are_skipped_and_marked_without(monkeypatch: pytest.MonkeyPatch) -> None:
    on_data, other = _collect(monkeypatch, cached=())
    assert [marker.name for marker in on_data.markers] == ["skip"] and not other.markers
    assert on_data.user_properties == [(CELL, "films-verdict")] and not other.user_properties


def test_only_the_sets_of_the_lesson_count(monkeypatch: pytest.MonkeyPatch) -> None:
    on_data, _ = _collect(monkeypatch, cached={"movielens"})
    assert not on_data.markers
    on_data, _ = _collect(monkeypatch, cached=set(real.REAL_SETS) - {"movielens"})
    assert [marker.kwargs for marker in on_data.markers] == [
        {"reason": "not in the cache: movielens"}
    ]


@pytest.mark.parametrize(
    ("code", "sets"),
    [
        ('films = load("films")', {"films"}),
        ("a = datasets.load('ta_feng')\nb = load(\n    \"films\"\n)", {"ta_feng", "films"}),
        ('load("ratings"); load("films")', {"films"}),
        ('download("films")', set(real.REAL_SETS)),
        ("load(name)", set(real.REAL_SETS)),
        ("from course_utils.encoder import E5, encode\nencode(a, E5)", {"E5"}),
        ('import course_utils.encoder as e\nload("films")\ne.STATIC', {"STATIC", "films"}),
        ('load("films")\nE5 = 3', {"films"}),
    ],
)
def test_the_sets_of_a_lesson(code: str, sets: set[str], tmp_path: Path) -> None:
    text = nbformat.v4.new_markdown_cell('not code: load("open_bandit")')
    one = nbformat.v4.new_notebook(cells=[text, nbformat.v4.new_code_cell(code)])
    nbformat.write(one, tmp_path / "lesson.ipynb")
    assert needs_of(tmp_path / "lesson.ipynb") == sets


@pytest.mark.parametrize(
    ("code", "sets"),
    [
        (
            'from cached import needs\nneeds("films", "E5")\nload("ta_feng")',
            {"films", "E5", "ta_feng"},
        ),
        ('from cached import needs\nSOME = {"a": "MINILM"}', {"MINILM"}),
        ('SOME = "films"', set()),
    ],
)
def test_the_sets_of_a_file_of_tests(code: str, sets: set[str], tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(code)
    assert needs_of_file(tmp_path / "test_some.py") == sets


def test_a_notebook_without_cells_on_real_data_needs_nothing() -> None:
    assert needs_of_file(paths.SOLUTIONS / "10_recommendation.ipynb") == {"movielens"}
    assert needs_of_file(paths.SOLUTIONS / "00_start_here.ipynb") == set()


def _report(when: str, why: str, **properties: object) -> SimpleNamespace:
    return SimpleNamespace(
        nodeid="solutions/90_a.ipynb::Cell 3",
        when=when,
        skipped=bool(why),
        longrepr=("tests/cached.py", 9, f"Skipped: {why}"),
        user_properties=list(properties.items()),
    )


WITHOUT = f"{NOT_CACHED}: films"


@pytest.mark.parametrize(
    ("ci", "report", "status"),
    [
        ("true", _report("setup", WITHOUT, **{CELL: "films"}), pytest.ExitCode.TESTS_FAILED),
        ("true", _report("call", WITHOUT), pytest.ExitCode.TESTS_FAILED),
        ("", _report("setup", WITHOUT, **{CELL: "films"}), 0),
        ("true", _report("setup", "no AVX2 here"), 0),
        ("true", _report("teardown", ""), 0),
    ],
)
def test_ci_fails_for_a_skipped_cell_or_test(
    ci: str, report: SimpleNamespace, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    session = SimpleNamespace(exitstatus=0)
    cells = RealCells()
    cells.pytest_runtest_logreport(report)
    cells.pytest_sessionfinish(session)
    assert session.exitstatus == status


CLAIM = """\
import json, os
from course_utils.evidence import Claim
claim = Claim("90." + "{name}", "{text}", 0.02, 0.03, 5)
with open(os.environ["COURSE_UTILS_EVIDENCE_LIVE"], "a") as live:
    print(json.dumps(vars(claim)), file=live)
print(f"{{claim.text}}: {{claim.word}}, {{claim.span}}, five seeds")"""


def _claim(name: str, text: str) -> tuple[str, list[nbformat.NotebookNode]]:
    line = f"{text}: better, +0.020 to +0.030 AUC, five seeds\n"
    return CLAIM.format(name=name, text=text), [stream(line)]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_run_names_what_it_skips_and_fails_with_workers_and_without(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two small lessons without their data: one table, one list, the exit code of CI."""
    (tmp_path / "conftest.py").write_text(
        "from course_utils.datasets import real\n"
        "real.is_cached = lambda name: False\n"
        "real.fetch_all = lambda names: print('asked for', names)\n"
    )
    # The table says tenths of a second, and a fast machine prints 1 in less than half of one.
    waits = "import time\ntime.sleep(0.2)\nprint(1)"
    first, on_data = (waits, [stream("1\n")]), _claim("on-films", "A over B, on films")
    on_data = (f"films = load('films')\n{on_data[0]}", on_data[1])
    files = [
        lesson(
            tmp_path / edition / "90_a.ipynb",
            *(first, _claim("gain", "A over B"), on_data),
            tags=("real-data",),
            bands=recorded(gain="A over B", **{"on-films": "A over B, on films"}),
        )
        for edition in ("solutions", "notebooks")
    ]
    monkeypatch.setenv("CI", "true")
    run = run_nbval(*files, options=[f"-n{workers}", "-p", "real_cells", "-p", "budget"])
    assert (run.passed, run.failed, run.noticed, run.status) == ({0, 1}, set(), 2, 1), run.said
    assert run.said.count("asked for ['films']\n") == 1
    for edition in ("solutions", "notebooks"):
        assert f"{edition}/90_a.ipynb: cells cell-3; claims 90.on-films\n" in run.said
    assert run.said.count("not held to account: 2 cells, 2 claims, 0 tests; ") == 1
    assert run.said.count("budget: 20 s median") == 1
    rows = [line.split() for line in run.said.splitlines() if line.count("90_a.ipynb ") == 1]
    assert sorted(row[3:] for row in rows if len(row) == 5) == [["3", "3"], ["3", "3"]]
    assert all(float(row[1]) > 0 and int(row[2]) > 10 for row in rows if len(row) == 5)
    # Of each cell that ran: a letter, dropped, there twice, one more.
    assert "changes to their outputs that the comparison refused: 16, bands" in run.said
    assert "bands held against the run: 2" in run.said


def test_a_claim_of_a_cell_that_ran_is_missed(tmp_path: Path) -> None:
    """Its output tells that the cell made it; the code that is left makes another one."""
    code, outputs = _claim("gain", "A over B")
    gone = (code.replace('"90." + "gain"', '"90." + "other"'), outputs)
    files = [
        lesson(tmp_path / edition / "90_a.ipynb", gone, bands=recorded(gain="A over B"))
        for edition in ("solutions", "notebooks")
    ]
    run = run_nbval(*files)
    assert (run.passed, run.noticed, run.status) == ({0}, 0, 1), run.said
    assert run.said.count("\n90.gain: recorded, but no cell makes this claim") == 2


def _start(monkeypatch: pytest.MonkeyPatch, error: Exception, **worker: object) -> list[str]:
    """What is asked for at the start of a run of two lessons, where fetching ends so."""
    asked: list[str] = []

    def fetch_all(names: list[str]) -> None:
        asked.extend(names)
        raise error

    monkeypatch.setattr(real, "fetch_all", fetch_all)
    config = SimpleNamespace(
        args=[
            "solutions/10_recommendation.ipynb",
            "notebooks/12_multi_label_classification.ipynb::Cell 3",
        ],
        invocation_params=SimpleNamespace(dir=paths.ROOT),
        option=SimpleNamespace(collectonly=False),
        pluginmanager=SimpleNamespace(getplugin=lambda name: Silent()),
        **worker,
    )
    RealCells().pytest_sessionstart(SimpleNamespace(config=config))
    return asked


class Silent:
    """pytest's capture."""

    global_and_fixture_disabled = nullcontext


def test_a_run_without_a_network_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = _start(monkeypatch, real.NoNetworkError("movielens could not be downloaded."))
    assert asked == ["films", "movielens"]
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "movielens could not be downloaded." and "skipped and named" in said[1]


def test_a_file_that_is_not_the_pinned_one_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(pytest.exit.Exception, match="another file") as caught:
        _start(monkeypatch, real.NotPinnedError("another file"))
    assert caught.value.returncode == pytest.ExitCode.TESTS_FAILED


def test_a_worker_fetches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _start(monkeypatch, AssertionError("fetched"), workerinput={}) == []
