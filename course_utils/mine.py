"""Files of the learner in ``my/``, each one JSON. Standard library only.

A file is written whole through a second one, so that a crash leaves the old one; a damaged file is
set aside, never overwritten; and who changes a file holds its lock, so that two windows do not lose
each other's changes. Where ``COURSE_UTILS_PROGRESS`` is ``off``, as in the build and the tests,
nothing is read or written.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

from course_utils import paths

PATIENCE = 10.0
"""Seconds until a lock is given up, with a sentence; a window holds it for some milliseconds."""

T = TypeVar("T")


def is_off() -> bool:
    """Is nothing to be read or written?"""
    return os.environ.get("COURSE_UTILS_PROGRESS") == "off"


def load(name: str, read: Callable[[Any], T], empty: T) -> T:
    """What ``my/NAME.json`` holds, or ``empty`` where there is none.

    Args:
        read: makes it of what JSON held; an error means that the file is damaged.
    """
    file = paths.MY / f"{name}.json"
    try:
        return read(json.loads(file.read_text(encoding="utf-8")))
    except OSError:  # none yet, or a folder that cannot be read: saving will say so
        return empty
    except (ValueError, AttributeError, TypeError, KeyError):
        aside = free_name(file.with_name(f"{name}.damaged.json"))
        os.replace(file, aside)
        print(
            f"my/{file.name} could not be read; it is kept as my/{aside.name}, and a new one "
            "begins. Your notebooks are untouched.",
            file=sys.stderr,
        )
        return empty


def save(name: str, value: Any) -> None:
    """Write ``my/NAME.json``; where that fails, a sentence says so."""
    file = paths.MY / f"{name}.json"
    try:
        file.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=file.parent, prefix=f".{name}-", delete=False, encoding="utf-8"
        ) as new:
            new.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
        os.replace(new.name, file)
    except OSError as error:
        print(f"Your {name} was not saved: {error.strerror} (my/{file.name}).", file=sys.stderr)


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Nobody else changes ``my/NAME.json`` meanwhile; the lock of a dead process is free."""
    try:
        paths.MY.mkdir(exist_ok=True)
        handle = (paths.MY / f".{name}.lock").open("w")
    except OSError:  # a folder that cannot be written: saving will say so
        yield
        return
    with handle:
        until = time.monotonic() + PATIENCE
        while not (mine := try_lock(handle)) and time.monotonic() < until:
            time.sleep(0.02)
        if not mine:
            print(
                f"Another window has held my/{name}.json for {PATIENCE:.0f} seconds. This one "
                "writes all the same; if that window is stopped, close it: what it writes later "
                "may replace this.",
                file=sys.stderr,
            )
        yield


def try_lock(handle: IO[str]) -> bool:
    """Lock an open file, if no other process holds it; closing it lets go."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def free_name(file: Path) -> Path:
    """The file, or one with a number behind its name where it is taken."""
    number = 1
    candidate = file
    while candidate.exists():
        number += 1
        candidate = file.with_name(f"{file.stem}-{number}{file.suffix}")
    return candidate
