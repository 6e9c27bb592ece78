"""``load(name)``: a table of the shop or a real data set, checked before anything uses it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd

from course_utils import paths
from course_utils.datasets.real import REAL_SETS, DataError, load_real, sha256
from course_utils.datasets.schemas import SCHEMAS, card_table, conform
from course_utils.errors import CourseError
from course_utils.shop.parquet import write_parquet
from course_utils.shop.tables import (
    SIZES,
    committed_tables,
    csv_bytes,
    make_table,
    shop_version,
)

MANIFEST = "manifest.json"
REPAIR = "restore it with `git checkout -- datasets`"
_CARD_TABLE = re.compile(r"^\| column .*\n(?:\|.*\n)+", re.MULTILINE)


def load(name: str, size: str = "tiny") -> pd.DataFrame:
    """A table by name; ids are text. ``datasets/NAME.md`` says what its columns mean.

    Args:
        name: a table of the shop (``impressions``, ``ratings`` ...) or a real set
            (``movielens``), which is downloaded once and kept.
        size: ``tiny``, the committed file; or ``full``, made in seconds when first asked for
            and kept in ``.cache/``. Real sets have one size.

    Raises:
        DataError: an unknown name or size; a file that is missing, cut off or altered; a real
            set that cannot be fetched.
    """
    if name in REAL_SETS:
        if size != "tiny":
            raise DataError(f"{name!r} is a real set and has one size: leave out size={size!r}.")
        return load_real(name)
    if size not in SIZES:
        raise DataError(f"There is no size {size!r}: there are {', '.join(SIZES)}.")
    entry = _entries().get(name)
    if entry is None:
        known = ", ".join([*_entries(), *REAL_SETS])
        raise DataError(f"There is no data set {name!r}: there are {known}.")
    if size != "tiny":
        return _load_made(name, size)
    problem = _problem(entry)
    if problem:
        raise DataError(problem)
    return read(name, str(paths.DATASETS / entry["file"]))


def read(name: str, file: str) -> pd.DataFrame:
    """A CSV file that has the form of one of the shop's tables, such as one of your own.

    Args:
        name: the table whose columns, types and ranges the file must have.
        file: its path.

    Raises:
        DataError: one sentence on the first thing that is wrong.
    """
    if name not in SCHEMAS:
        raise DataError(f"There is no table {name!r}: there are {', '.join(SCHEMAS)}.")
    text = {column: "str" for column, one in SCHEMAS[name].items() if one.coerce}
    try:
        table = pd.read_csv(file, dtype=text, keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        # An empty file, no text, rows of different lengths: pandas says it as a ValueError.
        said = " ".join(str(error).split())
        raise DataError(f"{file} cannot be read as a CSV table: {said}.") from None
    return _conform(name, table, file)


def _conform(name: str, table: pd.DataFrame, where: str) -> pd.DataFrame:
    try:
        return conform(name, table, where)
    except CourseError as error:
        raise DataError(str(error)) from None


def _load_made(name: str, size: str) -> pd.DataFrame:
    """A table made from the shop, and kept under the version of the shop's code."""
    folder = paths.CACHE / "shop" / shop_version()
    if not folder.exists():
        # What older code made is never read again.
        shutil.rmtree(folder.parent, ignore_errors=True)
    file = folder / f"{name}-{size}.parquet"
    if file.exists():
        try:
            return _kept(name, file)
        except (OSError, ValueError, DataError):
            # Damaged: made again.
            file.unlink()
    try:
        write_parquet(make_table(name, size), file)
    except CourseError as error:
        raise DataError(str(error)) from None
    return _kept(name, file)


def _kept(name: str, file: Path) -> pd.DataFrame:
    table = pd.read_parquet(file, page_checksum_verification=True)
    return _conform(name, table, str(file))


def path(name: str) -> str:
    """The path of a committed file, for lessons that read it themselves.

    Raises:
        DataError: as ``load``.
    """
    load(name)
    return str(paths.DATASETS / _entries()[name]["file"])


def verify() -> list[str]:
    """One sentence for each committed file that is not what the manifest says."""
    try:
        return [problem for entry in _entries().values() if (problem := _problem(entry))]
    except DataError as error:
        return [str(error)]


def write_committed() -> None:
    """Make the committed tables again from the shop, their manifest and the cards' columns."""
    entries: list[dict[str, Any]] = []
    for name, table in committed_tables().items():
        file = paths.DATASETS / f"{name}.csv"
        file.write_bytes(csv_bytes(table))
        entries.append(
            {
                "name": name,
                "file": file.name,
                "rows": len(table),
                "sha256": sha256(file),
                "licence": "CC BY 4.0",
                "source": "simulated: course_utils.shop",
                "made": "python -m course_utils build --data",
            }
        )
        card = paths.DATASETS / f"{name}.md"
        new, found = _CARD_TABLE.subn(card_table(name), card.read_text(encoding="utf-8"))
        if found != 1:
            raise CourseError(f"datasets/{card.name} needs one table that begins with `| column`.")
        card.write_text(new, encoding="utf-8")
    text = json.dumps(entries, indent=1) + "\n"
    (paths.DATASETS / MANIFEST).write_text(text, encoding="utf-8")


def _entries() -> dict[str, dict[str, Any]]:
    file = paths.DATASETS / MANIFEST
    try:
        return {entry["name"]: entry for entry in json.loads(file.read_text(encoding="utf-8"))}
    except FileNotFoundError:
        raise DataError(f"datasets/{MANIFEST} is missing: {REPAIR}.") from None
    except (ValueError, TypeError, KeyError):
        raise DataError(f"datasets/{MANIFEST} is damaged: {REPAIR}.") from None


def _problem(entry: dict[str, Any]) -> str | None:
    file = paths.DATASETS / entry["file"]
    if not file.exists():
        return f"datasets/{entry['file']} is missing: {REPAIR}."
    got = sha256(file)
    if got != entry["sha256"]:
        return (
            f"datasets/{entry['file']} was altered or cut off: its sha256 is {got[:12]}..., "
            f"not {entry['sha256'][:12]}...; {REPAIR}."
        )
    return None
