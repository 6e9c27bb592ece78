"""check, hint and solution as a notebook calls them, and what my/progress.json remembers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from answers import proofs

from course_utils import exercises, paths
from course_utils.desk.status import status_report
from course_utils.exercises import check, hint, progress, session, solution

PROOF = proofs()["51.1"]
RIGHT, WRONG = PROOF.right[0], PROOF.wrong[0].answer


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[session.Box]:
    """A learner's folder of its own, and the boxes that were displayed."""
    boxes: list[session.Box] = []
    monkeypatch.setattr(paths, "MY", tmp_path / "my")
    monkeypatch.delenv("COURSE_UTILS_PROGRESS")
    monkeypatch.setattr(session, "_display", boxes.append)
    return boxes


def _saved() -> dict[str, Any]:
    return json.loads((paths.MY / "progress.json").read_text())


def test_hints_escalate_with_each_failure(shown: list[session.Box]) -> None:
    task = exercises.task("51.1")
    for _ in range(4):
        check("51.1", WRONG)
    first, second, third, fourth = (box.text for box in shown)
    assert not any(one in first for one in task.hints) and 'hint("51.1")' in first
    assert task.hint(1) in second and task.hint(2) not in second
    assert task.hint(2) in third and '`solution("51.1")` is open' in third
    assert task.hint(3) in fourth
    assert _saved()["51.1"] == {
        "attempts": 4, "failures": 4, "solved": False, "hints": 3, "solution": "",
        "errata": ["E53"],
    }  # fmt: skip


def test_a_blank_counts_as_no_attempt(shown: list[session.Box]) -> None:
    check("51.1", ...)
    assert "not attempted" in shown[0].title
    assert not (paths.MY / "progress.json").exists()


def test_solved_stays_solved(shown: list[session.Box]) -> None:
    check("51.1", RIGHT)
    check("51.1", WRONG)
    assert _saved()["51.1"]["solved"] is True
    assert _saved()["51.1"]["attempts"] == 2


def test_hint_walks_up_and_remembers(shown: list[session.Box]) -> None:
    hint("51.1")
    hint("51.1")
    hint("51.1", 1)
    assert [box.title for box in shown] == [f"51.1 · hint {n} of 3" for n in (1, 2, 1)]
    assert _saved()["51.1"]["hints"] == 2


def test_the_solution_opens_after_three_tries_or_by_force(shown: list[session.Box]) -> None:
    solution("51.1")
    assert "after 3 more tries" in shown[-1].text
    for _ in range(3):
        check("51.1", WRONG)
    solution("51.1")
    assert "for _, product in scored" in shown[-1].text
    assert "check(" not in shown[-1].text and "SOLUTION" not in shown[-1].text
    assert _saved()["51.1"]["solution"] == "opened"
    solution("51.3", force=True)
    assert _saved()["51.3"]["solution"] == "forced"


def test_errata_that_verdicts_named_are_kept_once_each(shown: list[session.Box]) -> None:
    named = {one.erratum: one.answer for one in PROOF.wrong if one.erratum}
    first, second = list(named)[:2]
    for erratum in (second, first, second):
        check("51.1", named[erratum])
    check("51.1", RIGHT)
    assert _saved()["51.1"]["errata"] == [second, first]


def test_a_record_from_before_errata_were_kept_is_read(shown: list[session.Box]) -> None:
    paths.MY.mkdir()
    old = {"51.1": {"attempts": 2, "failures": 2, "solved": False, "hints": 1, "solution": ""}}
    (paths.MY / "progress.json").write_text(json.dumps(old))
    assert progress.state("51.1").errata == []
    check("51.1", RIGHT)
    assert _saved()["51.1"]["failures"] == 2 and _saved()["51.1"]["errata"] == []


def test_forcing_is_not_forgotten_by_solving(shown: list[session.Box]) -> None:
    solution("51.1", force=True)
    check("51.1", RIGHT)
    solution("51.1")
    assert _saved()["51.1"]["solution"] == "forced"


@pytest.mark.parametrize("content", ["{", "[1, 2]", '{"51.1": 3}', "\x00\x01"])
def test_a_damaged_record_is_kept_aside(
    content: str, shown: list[session.Box], capsys: pytest.CaptureFixture[str]
) -> None:
    paths.MY.mkdir()
    (paths.MY / "progress.json").write_text(content)
    check("51.1", RIGHT)
    assert _saved()["51.1"]["solved"] is True
    assert (paths.MY / "progress.damaged.json").read_text() == content
    assert "kept as my/progress.damaged.json" in capsys.readouterr().err
    (paths.MY / "progress.json").write_text("{{")
    check("51.1", RIGHT)
    assert (paths.MY / "progress.damaged-2.json").read_text() == "{{"


def test_a_folder_that_cannot_be_written_does_not_stop_the_check(
    shown: list[session.Box], capsys: pytest.CaptureFixture[str]
) -> None:
    paths.MY.write_text("a file where the folder should be")
    check("51.1", RIGHT)
    assert "correct" in shown[0].title
    assert "was not saved" in capsys.readouterr().err


def test_off_means_off(shown: list[session.Box], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_UTILS_PROGRESS", "off")
    monkeypatch.setattr(progress, "_session", {})
    check("51.1", WRONG)
    check("51.1", WRONG)
    assert "Hint 1" in shown[-1].text
    assert not paths.MY.exists()


def test_status_says_what_comes_next(shown: list[session.Box]) -> None:
    first = exercises.all_tasks()[0]
    assert f"Next: task {first.id}." in status_report()
    for one in exercises.all_tasks():
        if one.id != "51.1":
            progress.record_check(one.id, "correct")
    check("51.1", WRONG)
    report = status_report()
    assert "7 of 8 tasks solved" in report
    assert "Next: task 51.1. Open it with: python -m course_utils lab 51" in report
    check("51.1", RIGHT)
    assert "Every task is solved." in status_report()


def test_boxes_escape_what_a_learner_wrote() -> None:
    box = session.Box("51.1 · error", "<script>alert(1)</script>", "#000")
    assert "<script>" not in box._repr_html_()
    assert repr(box) == "51.1 · error\n<script>alert(1)</script>"


def test_a_box_shows_code_as_code() -> None:
    page = session.Box("t", "With\n    x = [1, 2]\nuse `sum(x)`", "#000")._repr_html_()
    assert '<pre style="margin: 0 0 0 1em">x = [1, 2]</pre>' in page
    assert "use <code>sum(x)</code>" in page
