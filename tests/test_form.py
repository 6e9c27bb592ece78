"""Lessons in the third edition's form: its order, its minutes, and how much they may weigh."""

from __future__ import annotations

import nbformat
import pytest
from nbformat import NotebookNode

from course_utils import paths
from course_utils.authoring import form, minutes
from course_utils.authoring.editions import edition_of, sources
from course_utils.notebook import header

IN_FORM: tuple[str, ...] = ("20", "21", "22", "23", "24", "25", "40", "41")
"""The lessons in the new form. A lesson that is here stays here."""

HEAD = """\
# 97 · A small lesson

> Is it counted?

| Essential | Deeper | Level | Before this | In interviews |
|---|---|---|---|---|
| {} | entry | Python | none |
"""


def _text(source: str) -> NotebookNode:
    return nbformat.v4.new_markdown_cell(source)


def _lesson(*deeper: NotebookNode, said: str = "5 | 20", answer: str = "Yes.") -> NotebookNode:
    return nbformat.v4.new_notebook(
        cells=[
            _text(HEAD.format(said)),
            _text(f"{form.ANSWER}\n\n{answer}"),
            _text(form.ESSENTIAL),
            *deeper,
            _text("## Recap\n\nTen lines."),
        ]
    )


DEEPER = _text("## Deeper: but why? (20 minutes)\n\n### Task 97.1 · One (18 minutes)")


def test_a_lesson_in_the_form_is_accepted() -> None:
    lesson = _lesson(DEEPER)
    assert minutes.complaints(lesson, "97.py") == []
    essential, deeper = minutes.split(lesson)
    assert [cell.source.split("\n")[0] for cell in essential] == [
        "# 97 · A small lesson",
        form.ANSWER,
        form.ESSENTIAL,
        form.RECAP,
    ]
    assert deeper == [DEEPER]


def test_its_header_has_two_columns_of_minutes() -> None:
    found = header.read("it", HEAD.format("55 | 25 + 20"))
    assert (found.sittings, found.essential, found.level) == ((55, 25, 20), True, "entry")
    [said] = minutes.complaints(_lesson(DEEPER, said="10 | 20"), "97.py")
    assert said == "97.py: the header says 10 + 20 minutes; the rule gives 5 + 20."


@pytest.mark.parametrize(
    ("lesson", "says"),
    [
        (
            _lesson(_text("## Deeper: but why? (25 minutes)\n\n### Task 97.1 · A (18 minutes)")),
            "20",
        ),
        (
            _lesson(_text("## Deeper: but why? (5 minutes)"), said="5 | 5"),
            "takes 5 minutes, not 15",
        ),
        (_lesson(*[DEEPER] * 4, said="5 | 20 + 20 + 20 + 20"), "4 parts go deeper"),
        (
            _lesson(*[DEEPER] * 3, _text("### Task 97.2 · B (58 minutes)"), said="5 | 20"),
            "80 minutes",
        ),
        (_lesson(_text("## More"), DEEPER), None),
        (_lesson(_text(form.ANSWER), DEEPER), "the headings must be"),
    ],
)
def test_what_leaves_the_form_is_told(lesson: NotebookNode, says: str | None) -> None:
    found = minutes.complaints(lesson, "97.py")
    assert (found == []) if says is None else any(says in one for one in found), found


def test_prose_is_weighed_without_code_formulas_tables_and_links() -> None:
    text = form.prose(
        [
            _text(
                "## Not 7 words\n\nFour words `x = 3` are $y = 4$ here.\n\n| 5 | 6 |\n\n"
                "```\n8 9\n```\n$$ 10 $$ [Two words](https://a.b/11)"
            )
        ]
    )
    assert (form.words(text), form.density(text)) == (8, 0.0)  # a name and a formula are read
    assert form.density("It is .5 and not 3,000 or -1.2 here") == pytest.approx(50.0)


def test_what_is_too_heavy_is_told() -> None:
    heavy = _lesson(DEEPER, answer="It is 5 of 10. " * 700)
    told = form.weight(heavy, "97.py")
    assert ["essential part has" in one or "numbers for 100" in one for one in told] == [True, True]
    forest = nbformat.v4.new_code_cell("forest()", id="97-forest")
    forest.outputs = [nbformat.v4.new_output("stream", text="7 verdicts: 7 better.\n")]
    assert form.weight(_lesson(forest), "97.py") == [
        "97.py, cell 97-forest: 7 rows in a forest, at most 6."
    ]


def test_what_goes_deeper_is_folded() -> None:
    cells = _lesson(DEEPER).cells
    form.fold(cells)
    folded = [cell.metadata.get("jp-MarkdownHeadingCollapsed", False) for cell in cells]
    assert folded == [False, False, False, True, False]


def test_the_list_says_which_lessons_are_in_the_form() -> None:
    assert {one.number for one in header.lessons() if one.essential} == set(IN_FORM)


@pytest.mark.parametrize("number", IN_FORM)
def test_a_lesson_in_the_form_keeps_its_weight(number: str) -> None:
    [source] = sources([number])
    assert minutes.broken(source) == []
    built = nbformat.read(paths.ROOT / "notebooks" / f"{source.stem}.ipynb", as_version=4)
    assert form.weight(built, source.name) == []
    assert [cell.source for cell in edition_of(source, "notebooks").cells] == [
        cell.source for cell in built.cells
    ]
