"""The drill: which question is next, when it comes again, and a log that loses nothing."""

from __future__ import annotations

import asyncio
import html
import io
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import genanki
import pytest
from fsrs import Card, Rating, Scheduler
from rich.console import Console

from course_utils import paths
from course_utils.bugs import CARDS
from course_utils.desk.status import interview_report
from course_utils.errors import CourseError
from course_utils.interview import Question, bank, log
from course_utils.interview import cards as cards_for_anki
from course_utils.interview.choice import RULE, chosen
from course_utils.interview.log import Answer
from course_utils.interview.schedule import cards, due, grade, order, recall, topics
from course_utils.interview.terminal import SAID, drill
from course_utils.interview.widget import Drill
from course_utils.mine import locked
from course_utils.mock import command

START = datetime(2026, 12, 1, 20, tzinfo=UTC)


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the learner's own."""
    monkeypatch.setattr(paths, "MY", tmp_path / "my")
    monkeypatch.setenv("COURSE_UTILS_PROGRESS", "on")
    return tmp_path / "my"


def given(question: str, share: float, day: float = 0.0) -> Answer:
    return Answer(question, START + timedelta(days=day), round(10 * share), 10, 55)


def question(id: str, topic: str = "Topic", level: str = "mid") -> Question:
    both = {"en": topic, "zh": "主题"}
    return Question(
        id=id, file="interview/x.md", topic=both, asked=both, answer=both,
        level=level, seen=0, beside=(), senior="", staff="",
        rubric=((2, "a"), (3, "b")), follow_ups=(), sinks="", cells=(), claims=(), papers=(),
    )  # fmt: skip


def test_a_share_of_the_points_is_a_grade() -> None:
    assert [grade(share) for share in (0.0, 0.39, 0.4, 0.64, 0.65, 0.89, 0.9, 1.0)] == [
        Rating.Again, Rating.Again, Rating.Hard, Rating.Hard,
        Rating.Good, Rating.Good, Rating.Easy, Rating.Easy,
    ]  # fmt: skip


def test_dates_are_those_of_the_library() -> None:
    """Thirty days, a question answered whenever it is due, worse each fifth time."""
    library = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, answers, asked = Card(card_id=0, due=START), [], [question("mt-01")]
    for day in range(30):
        now = START + timedelta(days=day)
        if card.due > now:
            assert due(asked, answers, now) == []
            continue
        assert due(asked, answers, now) == asked * bool(answers)
        one = given("mt-01", 0.3 if len(answers) % 5 == 4 else 0.8, day)
        answers.append(one)
        card, _ = library.review_card(card, grade(one.share), now)
        assert cards(answers)["mt-01"].due == card.due
        assert recall(answers, now) == {"mt-01": library.get_card_retrievability(card, now)}
    assert 2 < len(answers) < 12 and (card.due - START).days > 10


def test_thirty_evenings_and_a_killed_window(mine: Path) -> None:
    """Five questions an evening, as the drill draws them; dates are those of the library."""
    library = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    draw = random.Random(0)
    kept: list[Answer] = []
    known: dict[str, Card] = {}
    again = 0
    for day in range(30):
        for minute in range(5):
            now = START + timedelta(days=day, minutes=4 * minute)
            one = order(bank(), log.answers(), now)[0]
            late = {id for id, card in known.items() if card.due <= now}
            assert one.id in late if late else one.id not in known
            again += one.id in known
            answer = Answer(one.id, now, draw.randrange(3, 11), 10, 55)
            card = known.get(one.id, Card(card_id=0, due=now))
            known[one.id], _ = library.review_card(card, grade(answer.share), now)
            log.add(answer)
            kept.append(answer)
        if day == 15:
            window = _adding(mine, "zz", 100_000)
            assert window.stdout is not None and window.stdout.readline()
            window.kill()
            window.wait(timeout=60)
        answers = [one for one in log.answers() if one.question[:2] != "zz"]
        assert answers == kept
        assert {id: card.due for id, card in cards(answers).items()} == {
            id: card.due for id, card in known.items()
        }
    assert len(known) > 20 and again > 20


def test_what_is_due_comes_first_then_weak_topics_then_new_ones() -> None:
    asked = [
        question("aa-01", "Strong"), question("aa-02", "Strong"), question("bb-01", "Weak"),
        question("bb-02", "Weak", "senior"), question("bb-03", "Weak"),
        question("cc-01", "Untouched", "entry"), question("aa-03", "Strong"),
    ]  # fmt: skip
    answers = [given("aa-01", 1.0), given("bb-01", 0.5), given("aa-02", 0.8, -40)]
    now = START + timedelta(hours=1)
    assert due(asked, answers, now) == [asked[1]]
    assert list(topics(asked, answers).items()) == [("Weak", 0.5), ("Strong", 0.9)]
    assert [one.id for one in order(asked, answers, now)] == [
        "aa-02", "bb-03", "bb-02", "cc-01", "aa-03", "bb-01", "aa-01",
    ]  # fmt: skip


def test_answers_are_kept_and_a_damaged_log_is_set_aside(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert log.answers() == []
    for one in (given("mt-01", 0.7), given("mt-02", 0.2, 1)):
        log.add(one)
    assert log.answers() == [given("mt-01", 0.7), given("mt-02", 0.2, 1)]
    for damaged in ("{", '[{"question": "mt-01"}]', '{"a": 1}'):
        (mine / "interview.json").write_text(damaged, encoding="utf-8")
        assert log.answers() == []
        assert "it is kept as my/interview.damaged" in capsys.readouterr().err
    assert len(list(mine.glob("interview.damaged*.json"))) == 3


ADD = """
import sys
from datetime import datetime, timezone
from pathlib import Path
from course_utils import paths
paths.MY = Path(sys.argv[1])
from course_utils.interview import log
for k in range(int(sys.argv[3])):
    log.add(log.Answer(f"{sys.argv[2]}-{k % 100:02}", datetime.now(timezone.utc), 1, 2, 3))
    print(k, flush=True)
"""


def _adding(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ADD, str(folder), name, str(count)]
    there = {**os.environ, "COURSE_UTILS_PROGRESS": "on", "PYTHONPATH": str(paths.ROOT)}
    there["PYTHONPATH"] += os.pathsep + os.environ.get("PYTHONPATH", "")
    return subprocess.Popen(command, env=there, stdout=subprocess.PIPE, text=True)


def test_two_windows_do_not_lose_each_others_answers(mine: Path) -> None:
    windows = [_adding(mine, name, 25) for name in ("aa", "bb")]
    assert [one.wait(timeout=120) for one in windows] == [0, 0]
    kept = [one.question[:2] for one in log.answers()]
    assert (kept.count("aa"), kept.count("bb")) == (25, 25)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")
def test_a_lock_that_is_not_let_go_is_told(
    mine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("course_utils.mine.PATIENCE", 0.05)
    with locked("interview"):
        assert capsys.readouterr().err == ""
        with locked("interview"):
            assert "Another window has held my/interview.json" in capsys.readouterr().err


def test_a_killed_drill_loses_nothing(mine: Path) -> None:
    window = _adding(mine, "aa", 100_000)
    assert window.stdout is not None
    for line in window.stdout:
        if line.strip() == "20":
            break
    window.kill()
    window.wait(timeout=60)
    kept = json.loads((mine / "interview.json").read_text(encoding="utf-8"))
    assert len(kept) >= 21 and len(log.answers()) == len(kept)
    log.add(given("mt-01", 1.0))
    assert len(log.answers()) == len(kept) + 1


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    asked = (bank()[0],)
    monkeypatch.setattr("course_utils.interview.terminal.bank", lambda: asked)
    yield


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.usefixtures("two")
def test_a_question_is_asked_answered_and_kept(mine: Path, language: str) -> None:
    one = bank()[0]
    typed = iter(["", "", "1 x", "9", "1,3", *[""] * len(one.follow_ups), "q"])
    out = io.StringIO()
    console = Console(file=out, width=200)
    assert drill(language=language, ask=lambda _: next(typed), console=console) == 1
    [kept] = log.answers()
    weights = [weight for weight, _ in one.rubric]
    assert (kept.question, kept.points, kept.of) == (one.id, weights[0] + weights[2], sum(weights))
    assert kept.missed == tuple(
        point for at, (_, point) in enumerate(one.rubric) if at not in (0, 2)
    )
    shown = out.getvalue()
    assert RULE[language] in shown
    assert one.asked[language] in shown and one.answer[language][:20] in shown
    assert one.follow_ups[-1].told[:20] in shown and "(lesson 20)" in shown
    assert SAID[language]["end"].format(1) in shown


@pytest.mark.usefixtures("two")
def test_who_leaves_in_the_middle_keeps_what_was_graded(mine: Path) -> None:
    typed = iter(["", "", "1"])

    def ask(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise KeyboardInterrupt from None

    assert drill(ask=ask, console=Console(file=io.StringIO())) == 1
    assert len(log.answers()) == 1


def test_a_topic_is_found_in_both_languages_and_others_are_told() -> None:
    asked = [question("aa-01", "Multi-task"), question("bb-01", "Search", "senior")]
    assert [one.id for one in chosen(asked, "task", None)] == ["aa-01"]
    assert len(chosen(asked, "主题", None)) == 2
    assert [one.id for one in chosen(asked, None, "senior")] == ["bb-01"]
    with pytest.raises(CourseError, match="topics are Multi-task, Search"):
        chosen(asked, "cooking", None)
    with pytest.raises(CourseError, match="There is no level 'expert'"):
        chosen(asked, None, "expert")


def test_cards_can_be_read_back_and_keep_their_ids(tmp_path: Path) -> None:
    file = tmp_path / "cards.apkg"
    assert command.main(["--cards", str(file)]) == 0
    with zipfile.ZipFile(file) as packed:
        packed.extract("collection.anki2", tmp_path)
    found = dict(
        sqlite3.connect(tmp_path / "collection.anki2").execute("select guid, flds from notes")
    )
    every = list(cards_for_anki.notes())
    assert len(found) == len(every) == len({id for id, *_ in every})
    for id, front, back, _ in every:
        assert found[genanki.guid_for(id)] == f"{front}\x1f{back}"
    assert {one.id for one in bank()} < {id for id, *_ in every}
    assert {"formula MMoE", "formula GradNorm", "formula PLE"} < {id for id, *_ in every}
    assert sum(id.startswith("bug ") for id, *_ in every) == len(CARDS)


def test_a_file_that_anki_does_not_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"end in \.apkg, not 'cards\.txt'"):
        command.main(["--cards", str(tmp_path / "cards.txt")])
    with pytest.raises(CourseError, match="was not written"):
        command.main(["--cards", str(tmp_path / "nowhere" / "cards.apkg")])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_drill_in_a_notebook_goes_on_by_its_button(mine: Path, language: str) -> None:
    """The browser's test presses the keys; here each step shows what it must, and no more."""

    async def play() -> None:
        shown = Drill(bank()[:2], language)
        one = shown.question
        assert one.asked[language] in shown.asked.value and not shown.told.value
        shown.button.click()
        await asyncio.sleep(0.01)
        assert "1:00" in shown.clock.value and not shown.boxes
        shown.button.click()
        assert one.answer[language][:30] in html.unescape(shown.told.value)
        assert RULE[language] in shown.told.value
        assert [box.description for box in shown.boxes] == [
            f"{point} ({weight})" for weight, point in one.rubric
        ]
        shown.boxes[1].value = True
        shown.button.click()
        [kept] = log.answers()
        assert (kept.question, kept.points) == (one.id, one.rubric[1][0])
        assert kept.missed == tuple(point for _, point in one.rubric if point != one.rubric[1][1])
        assert html.unescape(shown.told.value).count("<details>") == len(one.follow_ups)
        shown.button.click()
        assert shown.question is bank()[1] and not shown.told.value

    asyncio.run(play())


def test_status_says_what_is_due_and_what_is_weak(mine: Path) -> None:
    [none] = interview_report(START)
    assert none.startswith(f"Interview: none of {len(bank())} questions seen")
    weak, other = bank()[0], next(one for one in bank() if one.topic != bank()[0].topic)
    log.add(given(weak.id, 0.3))
    log.add(given(other.id, 0.9))
    log.add(Answer("53.4", START, 5, 10, 55))  # of a mock interview: the bank does not ask it
    first, late, low = interview_report(START + timedelta(days=1.5))
    assert first == f"Interview: 2 of {len(bank())} questions seen, 1 due today"
    assert late.startswith(f"  due: {weak.id} · {weak.asked['en']} 30% of the points on 2026-12-01")
    assert re.search(r"remembered by now with a chance of \d\d%$", late)
    topic = weak.topic["en"]
    assert low == (
        f"  weak: {topic}, 30% of the rubric's points in the latest answers: {weak.id} (3 of 10). "
        f'python -m course_utils interview --topic "{topic}"'
    )
