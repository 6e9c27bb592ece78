"""Two sizes of every table, made once and kept; and files of any length."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from course_utils import paths
from course_utils.datasets import DataError, load, loading
from course_utils.datasets.schemas import SCHEMAS
from course_utils.errors import CourseError
from course_utils.shop import Shop, parquet, tables
from course_utils.shop.parquet import write_parquet


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    return tmp_path / "cache" / "shop"


@pytest.fixture
def small(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The full size, made small."""
    size = tables.Size(n_users=50, n_products=100, n_impressions=3000, n_buyers=50)
    monkeypatch.setitem(tables.SIZES, "full", size)
    tables.shop_of.cache_clear()
    yield cache
    tables.shop_of.cache_clear()


def test_the_full_size_is_large_enough() -> None:
    full = tables.SIZES["full"]
    assert full.n_users >= 5000 and full.n_products >= 10_000
    assert full.n_impressions >= 1_000_000


@pytest.mark.parametrize("name", tables.TABLES)
def test_both_sizes_have_the_same_columns_and_types(small: Path, name: str) -> None:
    tiny, full = load(name), load(name, size="full")
    assert tiny.dtypes.to_dict() == full.dtypes.to_dict()
    pd.testing.assert_frame_equal(full, load(name, size="full"))
    made = pd.concat(tables.make_table(name, "full"), ignore_index=True)
    assert full.astype(str).equals(made[list(full)].astype(str))


def test_made_once_and_kept(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    users = load("users", size="full")
    assert [file.name for file in small.rglob("*.*")] == ["users-full.parquet"]
    monkeypatch.setattr(loading, "make_table", lambda *_: pytest.fail("made again"))
    assert load("users", size="full").equals(users)


def test_what_older_code_made_is_never_read(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load("users", size="full")
    (old,) = small.iterdir()
    monkeypatch.setattr(loading, "shop_version", lambda: "another")
    monkeypatch.setitem(tables.SIZES, "full", tables.Size(30, 100, 3000, 50))
    tables.shop_of.cache_clear()
    assert len(load("users", size="full")) == 30
    assert not old.exists()


def test_the_version_changes_with_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tables.shop_version()
    folder = Path(tables.__file__).parent
    for file in folder.glob("*.py"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(tables, "__file__", str(tmp_path / "tables.py"))
    assert tables.shop_version() == before
    (tmp_path / "truth.py").write_bytes((tmp_path / "truth.py").read_bytes() + b"#\n")
    assert tables.shop_version() != before


def test_no_altered_byte_goes_unseen(small: Path) -> None:
    users = load("users", size="full")
    (file,) = small.rglob("*.parquet")
    content = file.read_bytes()
    for place in range(4, len(content) // 2, 61):
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert load("users", size="full").equals(users), place


@pytest.mark.parametrize("damage", ["cut", "empty", "foreign"])
def test_a_damaged_copy_is_made_again(small: Path, damage: str) -> None:
    users = load("users", size="full")
    (file,) = small.rglob("*.parquet")
    content = file.read_bytes()
    if damage == "foreign":
        pd.DataFrame({"a": [1]}).to_parquet(file)
    else:
        file.write_bytes({"cut": content[:-9], "empty": b""}[damage])
    assert load("users", size="full").equals(users)
    assert file.read_bytes() == content


def test_a_full_disk_leaves_no_file(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq.ParquetWriter, "write_table", full)
    with pytest.raises(DataError, match=r"users-full.parquet could not be written: .* No space"):
        load("users", size="full")
    assert list(small.rglob("*.*")) == []


def test_unknown_size_and_real_sets() -> None:
    with pytest.raises(DataError, match="no size 'huge': there are tiny, full"):
        load("users", size="huge")
    with pytest.raises(DataError, match="'movielens' is a real set and has one size"):
        load("movielens", size="full")


# ---------------------------------------------------------------- files of any length


def test_a_file_holds_the_log(tmp_path: Path) -> None:
    shop = Shop(n_users=100, n_products=100)
    file = tmp_path / "new" / "log.parquet"
    write_parquet(shop.log_blocks(150_000), file)
    assert pq.ParquetFile(file).num_row_groups == len(list(shop.log_blocks(150_000))) > 1
    pd.testing.assert_frame_equal(pd.read_parquet(file), shop.log(150_000))


def test_one_frame_is_in_memory_at_a_time(tmp_path: Path) -> None:
    alive: list[weakref.ref[pd.DataFrame]] = []
    most = 0

    def frames():
        nonlocal most
        for start in range(0, 50, 10):
            frame = pd.DataFrame({"a": range(start, start + 10)})
            alive.append(weakref.ref(frame))
            yield frame
            del frame
            gc.collect()
            most = max(most, sum(one() is not None for one in alive))

    write_parquet(frames(), tmp_path / "x.parquet")
    assert len(pd.read_parquet(tmp_path / "x.parquet")) == 50
    # The writer's own variable still holds the last frame while the next one is made.
    assert most <= 1


def test_an_error_on_the_way_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "x.parquet"
    write_parquet([pd.DataFrame({"a": [1]})], file)
    before = file.read_bytes()

    def broken():
        yield pd.DataFrame({"a": [2]})
        raise CourseError("no more")

    with pytest.raises(CourseError, match="no more"):
        write_parquet(broken(), file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_the_file_appears_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(parquet.os, "replace", no)
    with pytest.raises(CourseError, match="could not be written"):
        write_parquet([pd.DataFrame({"a": [1]})], tmp_path / "x.parquet")
    assert list(tmp_path.iterdir()) == []


def test_every_table_has_a_schema() -> None:
    assert set(SCHEMAS) == set(tables.TABLES)
