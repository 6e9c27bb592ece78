"""Real sets in ``.cache/data``: fetched once, each file whole or not there."""

from __future__ import annotations

import hashlib
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from course_utils.datasets.real.carrier import (
    Carrier,
    DataError,
    NotPinnedError,
    read_members,
    sha256,
)


@dataclass(frozen=True)
class Member:
    """A file inside a carrier: its path there, and its hash."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Parcel:
    """What comes in a carrier, and what it must be.

    Attributes:
        name: what it is called.
        carrier: the package that carries it.
        members: the files it is made of.
    """

    name: str
    carrier: Carrier
    members: tuple[Member, ...]

    @property
    def files(self) -> list[Path]:
        """Where its members are kept."""
        return [self.carrier.folder / member.path for member in self.members]

    @property
    def is_cached(self) -> bool:
        """Whether all its members are in the cache, whole."""
        return all(map(_is_whole, self.files, self.members))


@dataclass(frozen=True)
class RealSet(Parcel):
    """A data set.

    Attributes:
        read: makes a table of the cached files, in the order of ``members``.
    """

    read: Callable[..., pd.DataFrame]


def fetch_parcel(
    one: Parcel, every: Iterable[Parcel], show: Callable[[int], None] | None = None
) -> None:
    """Download what is wanted into the cache; a damaged copy there is replaced.

    Args:
        one: what is wanted; nothing is done where it is cached.
        every: all there is; what comes in the same carrier is stored too, so that no package is
            downloaded twice.
        show: told the bytes that have come, a few times a second.

    Raises:
        DataError: in one sentence, leaving no broken file behind.
    """
    if one.is_cached:
        return
    what = f"{one.name} ({one.carrier})"
    wanted = {
        member.path: member
        for other in every
        if other.carrier == one.carrier
        for member in other.members
    }
    try:
        contents = read_members(one.carrier, wanted, what, show)
        for path, content in contents.items():
            _require_hash(content, wanted[path], what)
        for path, content in contents.items():
            _store(one.carrier.folder / path, content)
    except (zipfile.BadZipFile, tarfile.TarError, KeyError) as error:
        raise NotPinnedError(f"{what} does not hold what it should: {error}.") from error
    except OSError as error:
        raise DataError(
            f"{what} could not be stored: {error}. Free some space, then try again."
        ) from error


def _is_whole(file: Path, member: Member) -> bool:
    return file.is_file() and sha256(file) == member.sha256


def _require_hash(content: bytes, member: Member, what: str) -> None:
    got = hashlib.sha256(content).hexdigest()
    if got != member.sha256:
        raise NotPinnedError(
            f"{what} holds another {Path(member.path).name}: sha256 {got[:12]}..., "
            f"not {member.sha256[:12]}... ."
        )


def _store(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part-{os.getpid()}")
    try:
        part.write_bytes(content)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
