"""Task 51.1: read a ratings file."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from surprise import Dataset, Reader

from course_utils.exercises.engine import (
    AnswerRaised,
    Task,
    Wrong,
    as_list,
    as_number,
    reject,
    shorten,
)
from course_utils.exercises.l51.shared import CRASHES, ERRATA, Row, count, ratings_file


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


def check_read_ratings(answer: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for rows in (NUMERIC, LETTERS, LETTERS[:1]):
            _check_rows(as_list(_read(answer, folder, rows), "read_ratings(file)"), rows)
        for bad in (0.0, 0.5, 5.5, 6.0):
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
            same = text.isdigit() and _is_number(got, int(text))
            reject(
                f"Row {number}: the {what} id must be the text {text!r}, got {shorten(got)}.",
                "E52" if same else None,
            )
        if got != text:
            zeros = " Leading zeros are part of an id." if got == text.lstrip("0") else ""
            reject(f"Row {number}: expected {what} {text!r}, got {got!r}.{zeros}")
    for what, got, value in [("rating", row[2], want[2]), ("time", row[3], want[3])]:
        said = f"Row {number}: the {what} must be the number {value}, got {shorten(got)}"
        if isinstance(got, str):
            reject(f"{said}, which is text.")
        if got is None:
            reject(f"{said}.", "E47" if what == "time" else None)
        if as_number(got, f"The {what} of row {number}") != value:
            reject(f"{said}.")


def _csv_rows(file: str) -> list[Row]:
    with open(file, newline="", encoding="utf-8") as lines:
        return [
            (r["user_id"], r["product_id"], float(r["rating"]), int(r["timestamp"]))
            for r in csv.DictReader(lines)
        ]


def _read_with_csv(file: str) -> list[Row]:
    rows = _csv_rows(file)
    if any(not 1 <= row[2] <= 5 for row in rows):
        raise ValueError("rating outside 1..5")
    return rows


def _read_by_hand(file: str) -> list[list[Any]]:
    rows = []
    for line in Path(file).read_text(encoding="utf-8").splitlines()[1:]:
        user, product, rating, time = line.split(",")
        if float(rating) < 1 or float(rating) > 5:
            raise ValueError(line)
        rows.append([user, product, np.float64(rating), np.int64(time)])
    return rows


def _wrong_number_ids(file: str) -> list[tuple[Any, ...]]:
    return list(pd.read_csv(file).itertuples(index=False, name=None))


def _wrong_zeros_lost(file: str) -> list[tuple[Any, ...]]:
    return [(str(u), str(p), float(r), int(t)) for u, p, r, t in _wrong_number_ids(file)]


def _wrong_library_rows(file: str) -> list[tuple[Any, ...]]:
    reader = Reader(sep=",", skip_lines=1, rating_scale=(1, 5))
    return Dataset.load_from_file(file, reader).raw_ratings


def _reader(change: Callable[[list[Row]], Any]) -> Callable[[str], Any]:
    """Reads as it should, then changes the rows."""

    def read(file: str) -> Any:
        return change(_read_with_csv(file))

    return read


MISREAD: dict[str, Callable[[list[Row]], Any]] = {
    "has 12 rows below its header, you return 11": lambda rows: rows[1:],
    "has 14 rows below its header, you return 13": lambda rows: list(dict.fromkeys(rows)),
    "has 14 rows below its header, you return 12": lambda rows: list(
        {row[:2]: row for row in rows}.values()
    ),
    "four columns": lambda rows: list(zip(*rows, strict=True)),
    "got tuple ('0042', '0007', 1": lambda rows: [(*row[:2], row[3]) for row in rows],
    "must be the text '0042', got int 0": lambda rows: [
        (at, *row[1:]) for at, row in enumerate(rows)
    ],
    "which is text": lambda rows: [(*row[:3], str(row[3])) for row in rows],
    "the time must be": lambda rows: [(*row[:3], row[3] // 10 * 10) for row in rows],
    "4.5, got int 4": lambda rows: [(*row[:2], int(row[2]), row[3]) for row in rows],
    "2.25, got float 2.2": lambda rows: [(*row[:2], round(row[2], 1), row[3]) for row in rows],
    "Row 1: expected": lambda rows: sorted(rows, key=lambda row: row[3]),
}


def _judges(is_bad: Callable[[list[float]], bool]) -> Callable[[str], Any]:
    """Reads as it should, with another idea of what is outside the scale."""

    def read(file: str) -> list[Row]:
        rows = _csv_rows(file)
        if is_bad([row[2] for row in rows]):
            raise ValueError
        return rows

    return read


MISJUDGED: dict[str, Callable[[list[float]], bool]] = {
    "0 in its first": lambda ratings: False,
    "0 in its middle": lambda ratings: not 1 <= ratings[0] <= 5,
    "0 in its last": lambda ratings: any(not 1 <= one <= 5 for one in ratings[:-1]),
    "0.5 in its first": lambda ratings: any(not 0 < one <= 5 for one in ratings),
    "5.5 in its first": lambda ratings: any(not 1 <= int(one) <= 5 for one in ratings),
    "6 in its first": lambda ratings: min(ratings) < 1 or 5 < max(ratings) < 6,
}


def _wrong_exception(file: str) -> list[Row]:
    rows = _csv_rows(file)
    assert all(1 <= row[2] <= 5 for row in rows)
    return rows


def _wrong_single_row(file: str) -> Any:
    rows = _read_with_csv(file)
    return rows if len(rows) > 1 else rows[0]


def _wrong_leaves_bad_out(file: str) -> list[Row]:
    return [row for row in _csv_rows(file) if 1 <= row[2] <= 5]


def _crashes_on_a_single_row(file: str) -> Any:
    rows = _read_with_csv(file)
    return [rows[0], rows[1], *rows[2:]]


def _article_reads(file: str) -> Any:
    return Dataset.load_from_f主义格(filename=file, reader=Reader(rating_scale=(1, 5)))


def _article_reads_with_its_name_mended(file: str) -> Any:
    return Dataset.load_from_file(filename=file, reader=Reader(rating_scale=(1, 5)))


def _article_reads_without_separator(file: str) -> Any:
    return Dataset.load_from_file(file, reader=Reader(rating_scale=(1, 5))).raw_ratings


TASK = Task(
    id="51.1",
    prompt="Read a ratings file into (user, product, rating, time) rows.",
    check_answer=check_read_ratings,
    hints=(
        "pandas.read_csv guesses types: an id that looks like a number becomes one. Its "
        "argument dtype says otherwise, column by column.",
        'pd.read_csv(file, dtype={"user_id": str, "product_id": str}) keeps the ids. Look at '
        "all ratings before you return: Series.between(1, 5) is True inside the scale.",
        "frame.itertuples(index=False, name=None) gives plain tuples in the file's order. "
        "Raise ValueError if not frame['rating'].between(1, 5).all().",
    ),
    right=[_read_with_csv, _read_by_hand],
    wrong=[
        Wrong(_article_reads, "load_from_f主义格", "E45", status="error"),
        Wrong(_article_reads_with_its_name_mended, "filename", "E46", status="error"),
        Wrong(_article_reads_without_separator, "Impossible to parse", "E47", status="error"),
        Wrong(
            _crashes_on_a_single_row,
            "For a file of 1 row (user_id,product_id,rating,timestamp / 00x1,p-7,4.5,",
            status="error",
        ),
        Wrong(_wrong_number_ids, "must be the text '0042', got int", "E52", silent=True),
        Wrong(_wrong_zeros_lost, "Leading zeros", silent=True),
        *(Wrong(_reader(change), says, silent=True) for says, change in MISREAD.items()),
        Wrong(_wrong_single_row, "has 1 row below", silent=True),
        Wrong(
            _reader(lambda rows: [row[:3] for row in rows]),
            "The time stamp is dropped",
            "E47",
            silent=True,
        ),
        Wrong(_wrong_library_rows, "got NoneType None", "E47", silent=True),
        *(
            Wrong(_judges(is_bad), f"{says} row must raise", "E60", silent=True)
            for says, is_bad in MISJUDGED.items()
        ),
        Wrong(_wrong_exception, "raised AssertionError"),
        Wrong(_wrong_leaves_bad_out, "yours returned list", silent=True),
    ],
    insight="Ids are names, not numbers: read them as text, and keep the time stamp.",
    errata=ERRATA,
    crashes=CRASHES,
)
