"""A stored result in parts: what is missing or stale is measured, and kept as soon as it is done.

A script names its parts, and the code that makes their numbers. This file is not among that code:
it keeps numbers and makes none.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import described

from course_utils import paths
from course_utils.authoring.fingerprint import code_hash


def code_of(script: str, modules: Iterable[str], rooms: Iterable[str]) -> tuple[Path, ...]:
    """A script, and of the package these modules and every module of these rooms."""
    package = paths.ROOT / "course_utils"
    found = {Path(script).resolve(), *(package / f"{one}.py" for one in modules)}
    for room in rooms:
        found |= set((package / room).glob("*.py"))
    return tuple(sorted(found))


@dataclass(frozen=True)
class Stored:
    """A result and what made it.

    file: where it is kept. code: the files that make its numbers. seeds: name -> seeds, kept
    beside the numbers, as is the machine of each part: parts may be made on two.
    """

    file: Path
    code: Sequence[Path]
    seeds: Mapping[str, Iterable[int]]

    def load(self) -> dict[str, Any]:
        """What is stored; of other code nothing but the hash of today's."""
        kept: dict[str, Any] = {}
        if self.file.exists():
            kept = json.loads(self.file.read_text(encoding="utf-8"))
        code = code_hash(self.code)
        return kept if kept.get("code") == code else {"code": code}

    def measure(self, parts: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
        """The whole result, after every part that is missing or stale has been measured."""
        kept = self.load()
        for name, part in parts.items():
            if name in kept:
                continue
            before = time.process_time()
            kept[name] = part()
            kept |= {which: [*seeds] for which, seeds in self.seeds.items()}
            made_by = described("tensorflow-cpu", "keras", "scikit-learn", "numpy")
            kept["machine"] = {**kept.get("machine", {}), name: made_by}
            self.file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
            print(f"{name}: {time.process_time() - before:.0f} CPU seconds", flush=True)
        return kept
