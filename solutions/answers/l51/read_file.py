"""Task 51.1: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
import pandas as pd
from surprise import Dataset, Reader

from answers import Proof, Wrong
from course_utils.exercises.l51.shared import Row


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
    "the time must be the number 1": lambda rows: [(*row[:3], row[3] // 10 * 10) for row in rows],
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
    "0.99 in its first": lambda ratings: any(not 1 <= round(one, 1) <= 5 for one in ratings),
    "5.01 in its first": lambda ratings: (
        any(not 0.51 < one < 5.5 for one in ratings) or any(one < 1 for one in ratings)
    ),
    "-1 in its first": lambda ratings: any(not 1 <= abs(one) <= 5 for one in ratings),
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


def _wrong_missing_ids(file: str) -> list[tuple[Any, ...]]:
    """pandas reads the id "NA" as a missing value."""
    frame = pd.read_csv(file, dtype={"user_id": str, "product_id": str})
    if not frame["rating"].between(1, 5).all():
        raise ValueError
    return list(frame.itertuples(index=False, name=None))


def _wrong_missing_ids_as_text(file: str) -> list[tuple[str, str, float, int]]:
    return [(str(u), str(p), r, t) for u, p, r, t in _wrong_missing_ids(file)]


def _numbers_in_32_bits(file: str) -> list[tuple[Any, ...]]:
    return [(u, p, np.float32(r), t) for u, p, r, t in _read_with_csv(file)]


def _one_space(file: str) -> list[tuple[Any, ...]]:
    rows = _read_with_csv(file)
    return [(" ".join(u.split()), " ".join(p.split()), r, t) for u, p, r, t in rows]


def _composed(file: str) -> list[tuple[Any, ...]]:
    """Letters and their accents as one character."""
    rows = _read_with_csv(file)
    return [(normalize("NFC", u), normalize("NFC", p), r, t) for u, p, r, t in rows]


def _split_at_spaces(file: str) -> list[tuple[Any, ...]]:
    rows = _read_with_csv(file)
    return [("".join(u.split()), "".join(p.split()), r, t) for u, p, r, t in rows]


PROOF = Proof(
    task="51.1",
    right=[_read_with_csv, _read_by_hand, _numbers_in_32_bits],
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
        Wrong(_wrong_missing_ids, "the text 'NA', got float nan. keep_default_na", silent=True),
        Wrong(_wrong_missing_ids_as_text, "expected user 'NA', got 'nan'", silent=True),
        Wrong(_split_at_spaces, "expected user 'b 1', got 'b1'", silent=True),
        Wrong(_one_space, "expected user 'b  1', got 'b 1'", silent=True),
        Wrong(_composed, r"In the file it is 'e\u0301', yours is '\xe9'", silent=True),
        Wrong(
            _reader(lambda rows: [(row[0][:8], row[1][:8], *row[2:]) for row in rows]),
            "expected product '123456789', got '12345678'",
            silent=True,
        ),
        Wrong(
            _judges(lambda ratings: any(not 1 < one < 5 for one in ratings)),
            "1 and 5 lie within the scale",
        ),
        Wrong(
            _reader(lambda rows: [(*r[:3], int(np.int64(r[3]).astype(np.int32))) for r in rows]),
            "the time must be the number 4294967304",
            silent=True,
        ),
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
)
