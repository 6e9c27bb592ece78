"""``load(name)``: a committed table or a real data set, checked against its hash."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from course_utils import paths
from course_utils.real import REAL_SETS, DataError, fetch, load_real, sha256

MANIFEST = "manifest.json"
REPAIR = "restore it with `git checkout -- datasets`"


def load(name: str) -> pd.DataFrame:
    """A table by name; ids are text, as in the files.

    Args:
        name: a committed table (``ratings``, ``products``) or a real set (``movielens``),
            which is downloaded once and kept.

    Raises:
        DataError: an unknown name; a file that is missing, cut off or altered; a real set
            that cannot be fetched.
    """
    if name in REAL_SETS:
        return load_real(name)
    entry = _entries().get(name)
    if entry is None:
        known = ", ".join([*_entries(), *REAL_SETS])
        raise DataError(f"There is no data set {name!r}: there are {known}.")
    problem = _problem(entry)
    if problem:
        raise DataError(problem)
    ids = {column: object for column in entry["id_columns"]}
    return pd.read_csv(paths.DATASETS / entry["file"], dtype=ids)


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
    """Make the committed tables again from the shop, and their manifest."""
    from course_utils.shop.committed import committed_tables

    entries: list[dict[str, Any]] = []
    for name, table in committed_tables().items():
        file = paths.DATASETS / f"{name}.csv"
        table.to_csv(file, index=False, lineterminator="\n")
        entries.append(
            {
                "name": name,
                "file": file.name,
                "rows": len(table),
                "sha256": sha256(file),
                "id_columns": [column for column in table if str(column).endswith("_id")],
                "licence": "CC BY 4.0",
                "source": "simulated: course_utils.shop",
                "made": "python -m course_utils build --data",
            }
        )
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


def main() -> int:
    """Fetch every real set; one line each. Returns 1 if one could not be had."""
    failed = 0
    for name in REAL_SETS:
        try:
            fetch(name)
            print(f"OK   {name}")
        except DataError as error:
            print(f"FAIL {error}")
            failed = 1
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
