"""Committed data that are missing, damaged or altered: one clear line each."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from course_utils import datasets, paths
from course_utils.datasets import DataError, load, loading, real
from course_utils.shop import tables


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of datasets/ that may be broken."""
    copy = tmp_path / "datasets"
    shutil.copytree(paths.DATASETS, copy)
    monkeypatch.setattr(paths, "DATASETS", copy)
    return copy


def test_ids_stay_text() -> None:
    ratings = load("ratings")
    assert list(ratings) == ["user_id", "product_id", "rating", "timestamp"]
    assert all(isinstance(one, str) for one in ratings["user_id"].head())
    assert len(ratings) >= 100_000
    assert ratings["user_id"].nunique() >= 2000
    assert set(load("products")["product_id"]) >= set(ratings["product_id"])


def test_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(
        DataError, match=r"no data set .rating.: there are ratings, products, users, .*, movielens"
    ):
        load("rating")


def test_missing(folder: Path) -> None:
    (folder / "ratings.csv").unlink()
    with pytest.raises(DataError, match=r"datasets/ratings.csv is missing: restore it with `git"):
        load("ratings")
    assert len(datasets.verify()) == 1


@pytest.mark.parametrize("damage", ["cut", "byte", "empty"])
def test_altered(folder: Path, damage: str) -> None:
    file = folder / "ratings.csv"
    content = file.read_bytes()
    file.write_bytes({"cut": content[:-100], "byte": content[:-2] + b"9\n", "empty": b""}[damage])
    with pytest.raises(DataError, match=r"altered or cut off: its sha256 is .* not c03650f01327"):
        load("ratings")


@pytest.mark.parametrize("content", [None, "{", "[1]"])
def test_manifest_damaged(folder: Path, content: str | None) -> None:
    manifest = folder / "manifest.json"
    manifest.unlink()
    if content is not None:
        manifest.write_text(content)
    with pytest.raises(DataError, match=r"datasets/manifest.json is (missing|damaged): restore"):
        load("ratings")
    assert len(datasets.verify()) == 1


def test_committed_tables_are_what_the_shop_makes(folder: Path) -> None:
    """Made again, byte for byte; and every entry of the manifest is whole."""
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    loading.write_committed()
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    for entry in json.loads(before["manifest.json"]):
        assert entry["rows"] == len(load(entry["name"]))
        assert entry["licence"] and entry["source"] and entry["made"]
        assert (folder / f"{entry['name']}.md").exists(), "a data card for each table"


def card(name: str) -> str:
    return (paths.DATASETS / f"{name}.md").read_text(encoding="utf-8")


def test_every_set_has_a_card() -> None:
    for name in real.REAL_SETS:
        for part in ("One row", "Licence", "May I redistribute it?", "Source"):
            assert part in card(name), f"{name}: {part}"


@pytest.mark.parametrize("name", [*tables.TABLES, *real.REAL_SETS])
def test_each_card_answers_whether_one_may_redistribute(name: str) -> None:
    assert re.search(r"\*\*May I redistribute it\?\*\*\s(Yes|No|Only\sunder)\b", card(name))


@pytest.mark.parametrize("name", tables.TABLES)
def test_each_card_tells_how_to_load_and_how_many_rows(name: str) -> None:
    manifest = json.loads((paths.DATASETS / "manifest.json").read_text(encoding="utf-8"))
    rows = {entry["name"]: entry["rows"] for entry in manifest}[name]
    full = sum(len(piece) for piece in tables.make_table(name, "full"))
    assert "`from course_utils.datasets import load`" in card(name)
    assert f'- `load("{name}")`: {rows:,} rows.\n' in card(name)
    assert f'- `load("{name}", size="full")`: {full:,} rows, ' in card(name)
