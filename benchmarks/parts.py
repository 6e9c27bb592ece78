"""A stored result in parts: what is missing or stale is measured, and kept as soon as it is done.

A script names its parts and hands each its function: ``"boosting": partial(rival, BOOSTING)``. A
part is stale when a definition that its function reaches has changed, or an argument, or the
number of another part that it is handed (``STORED.earlier("chosen")``). A part may have parts of
its own, as the rows of a table: each is measured, kept and hashed alone, so a new row makes no
other stale. This file is not among the code of a part: it keeps numbers and makes none.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from machine import described

from course_utils.authoring.fingerprint import Key, reach
from course_utils.errors import CourseError


class NotYet(CourseError):
    """A part is handed a number that has not been measured."""


Part = Callable[[], Any] | Mapping[str, Any]
"""What measures a part, or name -> part."""

Keys = tuple[str, ...]
HERE = Path(__file__).resolve()
READERS = tuple(Key(HERE, name) for name in ("Stored", "Earlier"))
"""What reads a stored result."""


@dataclass(frozen=True)
class Earlier:
    """What is stored under these keys: as an argument of a part, the number that it was."""

    file: Path
    keys: Keys

    def value(self) -> Any:
        """The number itself.

        Raises:
            NotYet: if it has not been measured.
        """
        found = _read(self.file)
        for at, key in enumerate(self.keys):
            if key not in found:
                raise NotYet(f"{self.file.name} has no {' / '.join(self.keys[: at + 1])} yet.")
            found = found[key]
        return found


@dataclass(frozen=True)
class Stored:
    """A result and where it is kept.

    file: a part's number stands under its name, the hash of its code under ``code``, the machine
    that made it under ``machine``: parts may be made on two. seeds: name -> seeds, kept beside.
    """

    file: Path
    seeds: Mapping[str, Iterable[int]]

    def load(self) -> dict[str, Any]:
        """What is stored, stale or not."""
        return _read(self.file)

    def earlier(self, *keys: str) -> Any:
        """As an argument of a part: what is stored under these keys when the part is measured."""
        return Earlier(self.file, keys)

    def stale(self, parts: Mapping[str, Part]) -> list[str]:
        """The names of the parts that are missing, or that other code has made."""
        kept = self.load()
        return [" / ".join(path) for path, part in leaves(parts) if not _is_of(kept, path, part)]

    def measure(self, parts: Mapping[str, Part]) -> dict[str, Any]:
        """The whole result, after every part that is missing or stale has been measured."""
        for path, part in leaves(parts):
            if _is_of(self.load(), path, part):
                continue
            before = time.process_time()
            number, kept = given(part)(), self.load()
            _put(kept, path, number)
            _put(kept.setdefault("code", {}), path, code_of(part))
            kept |= {which: [*seeds] for which, seeds in self.seeds.items()}
            made_by = described("tensorflow-cpu", "keras", "scikit-learn", "numpy")
            machines = kept.setdefault("machine", {})
            known = machines.get(path[0], made_by) if path[1:] else made_by
            machines[path[0]] = known if made_by in known else f"{known} and {made_by}"
            self.file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
            print(f"{' / '.join(path)}: {time.process_time() - before:.0f} CPU seconds", flush=True)
        return self.load()


def leaves(parts: Mapping[str, Part], above: Keys = ()) -> Iterator[tuple[Keys, Any]]:
    """Where a number stands, and what measures it."""
    for name, part in parts.items():
        if isinstance(part, Mapping):
            yield from leaves(part, (*above, name))
        else:
            yield (*above, name), part


def given(part: Any) -> Any:
    """The same with stored numbers in the place of ``Earlier``."""
    if isinstance(part, Earlier):
        return part.value()
    if isinstance(part, partial):
        return partial(given(part.func), *map(given, part.args), **given(part.keywords))
    if isinstance(part, dict):
        return {key: given(value) for key, value in part.items()}
    return tuple(map(given, part)) if isinstance(part, tuple) else part


def code_of(part: Callable[[], Any]) -> str:
    """The hash of all that a part's function reaches and is handed.

    Raises:
        CourseError: if it reads a stored result itself, whose numbers the hash would not cover.
    """
    found = given(part)
    if any(key in READERS for key in reach().definitions(found)):
        raise CourseError(
            f"{found} reads a stored result by itself: hand it in, as STORED.earlier(...)."
        )
    return reach().of(found)


def _is_of(kept: Mapping[str, Any], path: Keys, part: Callable[[], Any]) -> bool:
    """Is a part there, made by today's code?"""
    try:
        return bool(_at(kept, path) and _at(kept.get("code", {}), path) == [code_of(part)])
    except NotYet:
        return False


def _at(kept: Mapping[str, Any], path: Keys) -> list[Any]:
    """What stands there: a list of one, or of none."""
    found: Any = kept
    for key in path:
        if not isinstance(found, Mapping) or key not in found:
            return []
        found = found[key]
    return [found]


def _put(kept: dict[str, Any], path: Keys, value: Any) -> None:
    for key in path[:-1]:
        kept = kept.setdefault(key, {})
    kept[path[-1]] = value


def _read(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
