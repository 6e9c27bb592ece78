"""Answers by what they depend on: a file a name, committed ones and a reader's own."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from course_utils import paths
from course_utils.errors import CourseError

KEY = 32
"""Hexadecimal signs of a hash that are kept."""


def key_of(*parts: Any) -> str:
    """The hash of what an answer depends on; the order inside a schema counts too."""
    text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:KEY]


class Store:
    """The answers of one name.

    Committed ones are in ``results/generated``, what a reader lets the model write in
    ``.cache/generated``: no committed file changes by running a lesson.

    Args:
        name: lower-case letters, digits and underscores.
        record: whether new answers go to the committed file.

    Raises:
        CourseError: if the name is another, or a file is broken.
    """

    def __init__(self, name: str, record: bool) -> None:
        if not re.fullmatch(r"[a-z0-9_]+", name):
            raise CourseError(f"A name of answers has the signs a-z, 0-9 and _, got {name!r}.")
        committed = paths.RESULTS / "generated" / f"{name}.json"
        own = paths.CACHE / "generated" / f"{name}.json"
        self._file = committed if record else own
        self._kept = _read(self._file)
        self._all = {**_read(own).get("answers", {}), **_read(committed).get("answers", {})}

    def find(self, key: str) -> Any:
        """What is stored, or None."""
        return self._all.get(key)

    def keep(self, new: dict[str, Any], made_by: str) -> None:
        """Store answers, one a line by their keys; the file is whole at any time."""
        self._all |= new
        self._kept = {
            "made_by": sorted({made_by, *self._kept.get("made_by", [])}),
            "answers": {**self._kept.get("answers", {}), **new},
        }
        lines = [
            f"  {json.dumps(key)}: {json.dumps(one, ensure_ascii=False)}"
            for key, one in sorted(self._kept["answers"].items())
        ]
        made_by = json.dumps(self._kept["made_by"])
        text = f'{{\n "made_by": {made_by},\n "answers": {{\n' + ",\n".join(lines) + "\n }\n}\n"
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_name(f"{self._file.name}.part-{os.getpid()}")
        try:
            part.write_text(text, encoding="utf-8", newline="\n")
            os.replace(part, self._file)
        finally:
            part.unlink(missing_ok=True)


def _read(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CourseError(f"{file.name} in {file.parent.name} is broken: {error}.") from error
    if not isinstance(kept, dict) or not isinstance(kept.get("answers"), dict):
        raise CourseError(f"{file.name} in {file.parent.name} holds no answers.")
    return kept
