"""The minutes in a lesson's header are those of one rule; a lesson is cut into sittings."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from course_utils import authoring, paths
from course_utils.authoring import minutes
from course_utils.authoring.editions import SourceError, sources

HEAD = """\
# 97 · A small lesson

> Is it counted?

| Minutes | Level | Before this | In interviews |
|---|---|---|---|
| {minutes} | entry | Python | none |
"""


def _text(source: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def _code(source: str, *tags: str) -> NotebookNode:
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def _lesson(*cells: NotebookNode, said: str = "5") -> NotebookNode:
    first = _text(HEAD.format(minutes=said))
    return nbformat.v4.new_notebook(cells=[first, *cells])


RECAP = _text("## Recap")


def test_each_kind_of_work_is_counted() -> None:
    (empty,) = minutes.sittings(_lesson(RECAP))
    (full,) = minutes.sittings(
        _lesson(
            _text("Ten plain words stand here, and five more: 跷跷板现象 (seesaw)."),
            _text("**Predict first.** Which?"),
            _text("### Task 97.1 · One (15 minutes)\n\n### Task 97.2 · Two (1 minute)"),
            _code("a = 1\n\nb = 2\nprint(a)"),
            _code("c = 3\nd = 4\ntable.round(2)", "folded"),
            _code('show(fig, alt="A picture.")'),
            _code('slide(draw, dial="rows", values=(1, 2), alt="A picture.")'),
            _code('check("97.1", a)'),
            RECAP,
        )
    )
    # Nine English words, five Chinese characters, three of the guess, ten in the tasks' headings.
    assert full.words - empty.words == 9 + 3 + 3 + 10
    assert full.lines - empty.lines == 3 + 1 + 1 + 1
    assert (full.figures, full.guesses, full.tasks) == (3, 1, 16)
    assert full.exact - empty.exact == pytest.approx(25 / 150 + 6 / 10 + 3 + 1 + 16)
    assert (empty.minutes, full.minutes) == (5, 25)


def test_a_true_header_is_accepted_and_a_false_one_is_not() -> None:
    assert minutes.complaints(_lesson(RECAP), "97.py") == []
    assert minutes.complaints(_lesson(RECAP, said="10"), "97.py") == [
        "97.py: the header says 10 minutes; the rule gives 5."
    ]
    assert "must begin with a title" in minutes.complaints(_lesson(RECAP, said="short"), "97.py")[0]


def test_sittings_have_minutes_of_their_own_and_ends() -> None:
    task = _text("### Task 97.1 · One (30 minutes)")
    end, second = _text("Rest.\n\n**End of sitting 1.**"), _text("## Sitting 2 · More")
    first = _text("## Sitting 1 · Begin")
    good = _lesson(first, task, end, second, RECAP, said="35 + 5")
    assert minutes.complaints(good, "97.py") == []
    late = _lesson(first, task, end, _text("And more."), second, RECAP, said="35 + 5")
    assert minutes.complaints(late, "97.py") == [
        "97.py: sitting 1 has no end; it needs a text with a line '**End of sitting 1.** ...' "
        "as its last."
    ]
    open_end = _lesson(first, task, end, second, said="35 + 5")
    assert minutes.complaints(open_end, "97.py") == [
        "97.py: sitting 2 has no end; it needs a cell '## Recap'."
    ]


@pytest.mark.parametrize(
    "heading", ["## Sitting 1 · Again", "## Sitting 3 · X", "So.\n\n## Sitting 2 · X"]
)
def test_odd_sittings_are_refused(heading: str) -> None:
    lesson = _lesson(_text("## Sitting 1 · Begin"), _text(heading), RECAP)
    (found,) = minutes.complaints(lesson, "97.py")
    assert "'## Sitting 2 · Title' must be the cell's first line" in found


def test_more_than_an_hour_is_refused() -> None:
    def of(one: int) -> list[str]:
        said = str(one + 5)
        return minutes.complaints(
            _lesson(_text(f"### Task 97.1 · A ({one} minutes)"), RECAP, said=said), "97.py"
        )

    assert of(55) == []
    assert of(60) == [
        "97.py: sitting 1 takes 65 minutes, more than 60: shorten it, or begin another with a "
        "cell '## Sitting 2 · Title'."
    ]


def test_a_task_says_its_minutes() -> None:
    assert minutes.complaints(_lesson(_text("### Task 97.1 · One"), RECAP), "97.py") == [
        "97.py: '### Task 97.1 · One' must end with its minutes, like '(10 minutes)'."
    ]


def test_the_build_refuses_a_false_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "solutions" / "97_small.py"
    source.parent.mkdir()
    head = HEAD.format(minutes="45").rstrip().replace("\n", "\n# ")
    source.write_text(f"# %% [markdown]\n# {head}\n#\n# ## Recap\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"97_small\.py: the header says 45 .* gives 5\."):
        authoring.build(source)
    assert not (tmp_path / "notebooks").exists()
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "SOLUTIONS", source.parent)
    assert "solutions/97_small.py: the header says 45 minutes; the rule gives 5." in (
        authoring.compare.differences()
    )


@pytest.mark.parametrize("source", sources(), ids=lambda source: str(source.stem))
def test_the_lessons_keep_the_rule(source: Path) -> None:
    assert minutes.broken(source) == []
