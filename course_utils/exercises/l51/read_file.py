"""Task 51.1: read a ratings file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pandas as pd

from course_utils.exercises.asking import AnswerRaised, reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import CRASHES, ERRATA, Row, count, ratings_file
from course_utils.exercises.reading import as_list, as_number
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import same


def _draw_rows(users: list[str], products: list[str], seed: int) -> list[Row]:
    """12 rows, each pair once, the first of all with zeros in front."""
    draw = np.random.default_rng(seed)
    pairs = [(user, product) for user in users for product in products]
    chosen = [0, *(1 + draw.choice(len(pairs) - 1, size=11, replace=False))]
    ratings = [4.5, 1.0, 5.0, 2.25]
    times = draw.integers(10**9, 17 * 10**8, size=12)
    return [(*pairs[at], ratings[k % 4], int(times[k])) for k, at in enumerate(chosen)]


NUMERIC = _draw_rows(["0042", "42", "1001", "7"], ["0007", "7", "50", "300"], 510)
_LETTERS = _draw_rows(["00x1", "u-9", "0815", "42"], ["p-7", "007", "B12", "50"], 511)
LETTERS = [*_LETTERS, _LETTERS[2], (*_LETTERS[4][:2], 2.25, _LETTERS[4][3] + 60)]
"""One row stands twice, one pair is rated twice; every row counts."""

ODD: list[Row] = [
    ("NA", "nan", 4.7, 2**32 + 8),
    ("null", "None", 1.0, 0),
    ("b 1", "é7", 3.3, 2**31 + 1),
    ("1e5", "0x1", 5.0, 17),
    ("1.0", "True", 2.0, 5),
    ("NA", "1_000", 2.0, 6),
    ("b  1", "7 a", 3.0, 7),
    ("e\u0301", "123456789", 4.0, 8),
]
"""Ids that a reader of tables takes for missing, for numbers or for truth values, that hold
spaces, that look like another, that are long."""


def check_read_ratings(answer: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for rows in (NUMERIC, LETTERS, LETTERS[:1], ODD):
            _check_rows(as_list(_read(answer, folder, rows), "read_ratings(file)"), rows)
        again = as_list(_read(answer, folder, NUMERIC), "read_ratings(file), called again,")
        _check_rows(again, NUMERIC)
        for bad in (0.0, 0.5, 5.5, 6.0, 0.99, 5.01, -1.0):
            for place, name in [(0, "first"), (6, "middle"), (len(LETTERS), "last")]:
                rows = list(LETTERS)
                rows.insert(place, ("u-9", "p-8", bad, 1704180500))
                _check_scale(answer, ratings_file(folder, rows), bad, name, len(rows))


def _read(answer: Any, folder: str, rows: list[Row]) -> Any:
    """What the answer makes of these rows; what it raises tells the file's first lines."""
    file = ratings_file(folder, rows)
    try:
        return answer(file)
    except AnswerRaised as raised:
        lines = Path(file).read_text(encoding="utf-8").splitlines()[:3]
        more = " ..." if len(rows) > 2 else ""
        inputs = f"a file of {count(len(rows), 'row')} ({' / '.join(lines)}{more})"
        inside = [(*row[:2], min(max(row[2], 1.5), 4.5), row[3]) for row in rows]
        ends = isinstance(raised.__cause__, ValueError) and inside != rows
        if ends and answer.raised(ratings_file(folder, inside)) is None:
            reject(f"For {inputs} your code raised ValueError; 1 and 5 lie within the scale.")
        raise AnswerRaised(inputs) from raised.__cause__


def _check_scale(answer: Any, file: str, bad: float, name: str, count: int) -> None:
    raised = answer.raised(file)
    if isinstance(raised, ValueError):
        return
    said = (
        f"A file with a rating of {bad:g} in its {name} row must raise a ValueError, since the "
        "scale is 1 to 5; yours"
    )
    if raised is not None:
        reject(f"{said} raised {type(raised).__name__}.")
    got = answer(file)
    if not isinstance(got, (list, tuple)) or len(got) != count:
        reject(f"{said} returned {shorten(got)}.")
    reject(f"{said} returned {count} rows.", "E60")


def _check_rows(got: list[Any], rows: list[Row]) -> None:
    if len(got) == 4 and all(
        isinstance(one, (list, tuple, np.ndarray, pd.Series)) and len(one) == len(rows)
        for one in got
    ):
        reject(f"You return four columns of {len(rows)} values; return one tuple for each row.")
    if len(got) != len(rows):
        reject(
            f"The file has {count(len(rows), 'row')} below its header, you return "
            f"{len(got)}. Each counts, also the first, the last and one that repeats another."
        )
    for number, (row, want) in enumerate(zip(got, rows, strict=True), start=1):
        _check_row(number, row, want)


def _is_number(value: Any, want: float) -> bool:
    """Whether value is one plain number and equals want."""
    plain = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return plain and bool(value == want)


def _check_row(number: int, row: Any, want: Row) -> None:
    if not isinstance(row, (tuple, list, np.ndarray, pd.Series)) or len(row) != 4:
        said = f"Row {number} must be (user, product, rating, time), got {shorten(row)}."
        if isinstance(row, (tuple, list)) and len(row) == 3 and _is_number(row[2], want[2]):
            reject(f"{said} The time stamp is dropped.", "E47")
        reject(said)
    row = list(row)
    for what, got, text in zip(("user", "product"), row[:2], want[:2], strict=True):
        if not isinstance(got, str):
            number_of = text.isdigit() and _is_number(got, int(text))
            is_missing = pd.api.types.is_scalar(got) and pd.isna(got)
            missing = " keep_default_na=False keeps it." if is_missing else ""
            reject(
                f"Row {number}: the {what} id must be the text {text!r}, got {shorten(got)}."
                f"{missing}",
                "E52" if number_of else None,
            )
        if got != text:
            zeros = " Leading zeros are part of an id." if got == text.lstrip("0") else ""
            alike = normalize("NFKC", got) == normalize("NFKC", text)
            same_to_the_eye = f" In the file it is {text!a}, yours is {got!a}." if alike else ""
            reject(f"Row {number}: expected {what} {text!r}, got {got!r}.{zeros}{same_to_the_eye}")
    for what, got, value in [("rating", row[2], want[2]), ("time", row[3], want[3])]:
        said = f"Row {number}: the {what} must be the number {value}, got {shorten(got)}"
        if isinstance(got, str):
            reject(f"{said}, which is text.")
        if got is None:
            reject(f"{said}.", "E47" if what == "time" else None)
        read = as_number(got, f"The {what} of row {number}")
        if read != value if what == "time" else not same(read, value):
            reject(f"{said}.")


TASK = Task(
    id="51.1",
    prompt="Read a ratings file into (user, product, rating, time) rows.",
    check_answer=check_read_ratings,
    hints=(
        "pandas.read_csv guesses types: an id that looks like a number becomes one. Its "
        "argument dtype says otherwise, column by column.",
        'dtype={"user_id": str, "product_id": str} keeps the zeros, keep_default_na=False an id '
        'such as "NA". Look at all ratings before you return: Series.between(1, 5) is True inside '
        "the scale.",
        "frame.itertuples(index=False, name=None) gives plain tuples in the file's order. "
        "Raise ValueError if not frame['rating'].between(1, 5).all().",
    ),
    insight="Ids are names, not numbers: read them as text, and keep the time stamp.",
    errata=ERRATA,
    crashes=CRASHES,
)
