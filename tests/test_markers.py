"""Marked regions become blanks; odd markers stop the build."""

from __future__ import annotations

import pytest

from course_utils.exercises.markers import MarkerError, split, task_id, with_blank, without_markers

CELL = """\
def double(x):
    ### BEGIN SOLUTION
    twice = 2 * x
    return twice
    ### END SOLUTION


check("51.1", double)"""


def test_the_answer_is_replaced_by_a_blank_at_its_indent() -> None:
    assert with_blank(CELL) == (
        'def double(x):\n    return ...  # your code here\n\n\ncheck("51.1", double)'
    )


def test_the_answer_stands_without_its_markers() -> None:
    assert without_markers(CELL) == (
        'def double(x):\n    twice = 2 * x\n    return twice\n\n\ncheck("51.1", double)'
    )


@pytest.mark.parametrize(
    ("inside", "blank"),
    [
        ("x = 1\ny = x + 1", "y = ...  # your code here"),
        ("print(1)", "...  # your code here"),
        ("for i in range(3):\n    print(i)", "...  # your code here"),
        ("if x:\n    y = 1\nreturn y", "return ...  # your code here"),
    ],
)
def test_the_blank_fits_the_last_statement(inside: str, blank: str) -> None:
    assert with_blank(f"### BEGIN SOLUTION\n{inside}\n### END SOLUTION") == blank


def test_a_cell_without_markers_stays_as_it_is() -> None:
    assert split("x = 1") is None
    assert with_blank("x = 1") == without_markers("x = 1") == "x = 1"


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("### BEGIN SOLUTION\nx = 1", "never closed"),
        ("x = 1\n### END SOLUTION", "without a beginning"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION", "second region"),
        (
            "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n### BEGIN SOLUTION\ny = 1\n"
            "### END SOLUTION",
            "second region",
        ),
        ("### begin solution\nx = 1\n### END SOLUTION", "Odd marker in line 1"),
        ("# BEGIN SOLUTION\nx = 1\n# END SOLUTION", "Odd marker"),
        ("### BEGIN SOLUTION here\nx = 1\n### END SOLUTION", "Odd marker"),
        ("###BEGIN-SOLUTION\nx = 1\n### END SOLUTION", "Odd marker"),
        ("### BEGIN SOLUTION\n\n### END SOLUTION", "empty"),
        ("### BEGIN SOLUTION\n# only a comment\n### END SOLUTION", "not whole statements"),
        ("### BEGIN SOLUTION\nfor x in y:\n### END SOLUTION", "not whole statements"),
        ("### BEGIN SOLUTION\ndef f():\n    return 1\n### END SOLUTION", "Keep the line 'def f'"),
    ],
)
def test_odd_markers_stop(cell: str, says: str) -> None:
    with pytest.raises(MarkerError, match=says):
        with_blank(cell)


@pytest.mark.parametrize(
    ("cell", "id"),
    [
        ('check("51.1", f)', "51.1"),
        ('grade_check("53.4", f)', "53.4 check"),
        ("x = 1\ncheck('20.12', f)", "20.12"),
        ('print("check")', None),
        ('# check("51.1", f)', None),
    ],
)
def test_the_task_of_a_cell(cell: str, id: str | None) -> None:
    assert task_id(cell) == id
