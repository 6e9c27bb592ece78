"""The mock interview: its parts, its whiteboard, and a report that says what to read."""

from __future__ import annotations

import io
import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from course_utils import bugs, mine, paths
from course_utils.authoring.plan import LIMITS, Book
from course_utils.exercises import progress
from course_utils.exercises.sources import solution_text
from course_utils.interview import bank, log
from course_utils.interview.log import Answer
from course_utils.mock import play
from course_utils.mock.board import LONGEST, Board, boards
from course_utils.mock.play import CLOCK, DESIGNS, mock
from course_utils.mock.report import by_topic, missed, readings

IMPORTS = "import copy\nimport heapq\n\nimport numpy as np\nimport pandas as pd\n\n\n"
KNOWN = {one.id: one for one in bank()}


@pytest.fixture
def mine_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the learner's own."""
    monkeypatch.setattr(paths, "MY", tmp_path / "my")
    monkeypatch.setenv("COURSE_UTILS_PROGRESS", "on")
    return tmp_path / "my"


@pytest.fixture(scope="module")
def there() -> dict[str, Board]:
    return boards()


def answered(question: str, points: int, of: int = 10, missed: tuple[str, ...] = ()) -> Answer:
    return Answer(question, datetime(2026, 12, 1, tzinfo=UTC), points, of, 55, missed)


def test_it_takes_forty_five_minutes(there: dict[str, Board]) -> None:
    longest = max(there.values(), key=lambda one: one.minutes)
    assert (longest.minutes, play._minutes(longest)) == (LONGEST, 45)
    assert set(DESIGNS) <= set(KNOWN)


def test_a_board_is_the_lessons_task_and_an_empty_function(
    there: dict[str, Board], mine_: Path
) -> None:
    assert len(there) == 13 and all(one.minutes <= LONGEST for one in there.values())
    for one in there.values():
        assert f"Task {one.id} · " in one.text and "check(" not in one.text
        assert f"def {one.name}(" in one.text and "your code here" in one.text
        assert one.text.startswith(f"# ### Task {one.id} · ") and "Sitting" not in one.text
        for name in re.findall(r"^import .*?(\w+)$", one.text, re.M):
            assert f"{name}." in one.text, one.id
        file = one.lay_out()
        assert file.parent == mine_ and one.judged(file).status == "not attempted"
        file.write_text(IMPORTS + solution_text(one.id), encoding="utf-8")
        assert one.judged(file).status == "correct"
    again = there["53.3"].lay_out()
    assert again.name == "mock_53_3-2.py" and "SOLUTION" not in again.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def mf(:", "does not run: SyntaxError"),
        ("1 / 0", "does not run: ZeroDivisionError"),
        ("raise SystemExit(1)", "does not run: SystemExit"),
        ("def other(): ...", "no function mf"),
        ("def mf(*given): return [[0.0]]", "got shape (1, 1)"),
    ],
)
def test_a_file_that_does_not_solve_it_is_told(
    text: str, says: str, there: dict[str, Board], tmp_path: Path
) -> None:
    file = tmp_path / "mock.py"
    file.write_text(text, encoding="utf-8")
    verdict = there["53.3"].judged(file)
    assert verdict.status in ("error", "incorrect") and says in verdict.message


class Candidate:
    """Types what is asked for; ``solve`` writes the file of the whiteboard before its check.

    Attributes:
        left: how many questions are answered before Ctrl-C; none, if it never comes.
    """

    def __init__(self, solve: Callable[[Path], None], left: int | None = None) -> None:
        self.solve, self.left = solve, left
        self.files: list[Path] = []

    def __call__(self, asked: str) -> str:
        if self.left is not None:
            if not self.left:
                raise KeyboardInterrupt
            self.left -= 1
        if asked == play.SAID["en"]["again"]:
            [file] = paths.MY.glob("mock_*.py")
            self.solve(file)
        return "1" if "What did you say?" in asked else ""


def solved(file: Path) -> None:
    """As the lesson does it, below what the file says already."""
    id = file.stem.removeprefix("mock_").replace("_", ".")
    text = file.read_text(encoding="utf-8") + "\n\n" + IMPORTS + solution_text(id)
    file.write_text(text, encoding="utf-8")


def test_an_interview_is_asked_graded_kept_and_reported(mine_: Path) -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    given = mock(None, None, "en", Candidate(solved), console, random.Random(0))
    first, second, board, bug, design = given
    assert KNOWN[first.question].topic != KNOWN[second.question].topic
    assert {one.level for one in (KNOWN[first.question], KNOWN[second.question])} == {"entry"}
    # The first check saw an empty function, so the second was not the first try.
    assert (board.points, board.of) == (7, 10)
    assert progress.state(board.question).solved
    assert bug.question.removeprefix("bug ") in {one.name for one in bugs.CARDS}
    assert (bug.points, bug.of) == (3, 5)
    assert design.question in DESIGNS
    assert log.answers() == given
    shown = out.getvalue()
    minutes = boards()[board.question].minutes
    assert f"the whiteboard, {minutes} minutes; a bug, {CLOCK['bug']}; a design, 8." in shown
    # What the check says of a right answer would answer the follow-up.
    assert "**" not in shown and "correct ·" not in shown
    report = shown[shown.index("Points by topic") :]
    for topic, (points, of) in by_topic(given, "en").items():
        assert f"{points} of {of}  {topic}" in report
    for one in readings(given, "en"):
        assert f"{one.minutes:3d} min  {one.what}" in report
    assert board.missed == ("at the first try",)
    for one in given:
        assert all(f"    - {point}\n" in report for point in one.missed), one.question
    assert f"find {first.question}, or docs/interview.md#{first.question}\n" in report
    assert len(first.missed) == len(KNOWN[first.question].rubric) - 1
    assert f"say {design.question} again" in report and "lesson 54 · " in report


def test_what_was_asked_least_is_asked_next(mine_: Path) -> None:
    there = list(boards())
    for id in (*there[1:], *DESIGNS[1:], *(f"bug {one.name}" for one in bugs.CARDS[1:])):
        log.add(answered(id, 1))
    console = Console(file=io.StringIO())
    *_, board, bug, design = mock(None, None, "en", Candidate(solved), console)
    assert (board.question, design.question) == (there[0], DESIGNS[0])
    assert bug.question == f"bug {bugs.CARDS[0].name}"


@pytest.mark.parametrize(("after", "kept"), [(0, 0), (4, 1), (9, 2)])
def test_who_leaves_early_keeps_and_reads_what_was_graded(
    after: int, kept: int, mine_: Path
) -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    given = mock(None, None, "en", Candidate(solved, left=after), console)
    assert log.answers() == given and len(given) == kept
    assert ("Points by topic" in out.getvalue()) == bool(kept)


def test_the_interview_in_chinese(mine_: Path) -> None:
    out = io.StringIO()
    [first, *_] = given = mock(
        None, "mid", "zh", Candidate(solved, left=40), Console(file=out, width=200)
    )
    shown = out.getvalue()
    assert KNOWN[first.question].asked["zh"] in shown and KNOWN[first.question].level == "mid"
    assert "各主题得分" in shown and len(given) >= 2


@pytest.fixture(scope="module")
def every() -> Iterator[list[Answer]]:
    ids = [*KNOWN, *boards(), *(f"bug {one.name}" for one in bugs.CARDS)]
    yield [answered(id, 0) for id in ids]


def test_the_evening_is_not_overfull_and_begins_with_what_was_lost_most() -> None:
    given = [answered("mt-10", 6), answered("53.1", 2), answered("ms-01", 9), answered("rt-10", 10)]
    found = [one.what for one in readings(given, "en")]
    assert found[0].startswith("lesson 53 · Task 53.1")
    assert found[1] == "say mt-10 again"
    assert not [one for one in found if "ms-01" in one or "rt-10" in one]
    assert len(found) == len(set(found)) and 1 < len(found) <= 4
    assert readings([answered("mt-10", 10)], "en") == []


def test_everything_that_can_be_lost_has_something_to_read(every: list[Answer]) -> None:
    for one in every:
        found = readings([one], "en")
        assert 0 < sum(each.minutes for each in found) <= LIMITS["evenings"], one.question
    full = readings(every, "en")
    assert LIMITS["evenings"] - 10 < sum(one.minutes for one in full) <= LIMITS["evenings"]


def test_a_section_is_found_from_any_of_its_cells() -> None:
    book = Book()
    part, cells = book.around("23-privileged-why")
    assert part.section == "Deeper: may a teacher read what serving cannot?"
    assert "23-privileged-why" in [one.id for one in cells]


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    for name in ("a.py", "a-2.py", "a-3.py"):
        free = mine.free_name(file)
        assert free.name == name
        free.touch()


def test_what_was_missed_says_where_it_is_answered() -> None:
    given = [answered("mt-10", 7, missed=("names the loss",)), answered("ms-01", 10)]
    assert missed(given, "en") == [
        "  mt-10: python -m course_utils find mt-10, or docs/interview.md#mt-10",
        "    - names the loss",
    ]
    assert missed([answered("53.1", 8, missed=("in time",))], "en") == ["  53.1", "    - in time"]
    assert "docs/interview.zh-CN.md#mt-10" in missed(given, "zh")[0]


def test_a_log_without_missed_points_is_read(mine_: Path) -> None:
    log.add(answered("mt-10", 7, missed=("names the loss",)))
    kept = json.loads((mine_ / "interview.json").read_text(encoding="utf-8"))
    assert kept[0]["missed"] == ["names the loss"]
    del kept[0]["missed"]
    (mine_ / "interview.json").write_text(json.dumps(kept), encoding="utf-8")
    assert log.answers() == [answered("mt-10", 7)]
