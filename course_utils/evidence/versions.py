"""Are the installed libraries those of the lock?"""

from __future__ import annotations

import re
from importlib import metadata

from course_utils import paths

_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", re.MULTILINE)


def other_than_locked() -> list[str]:
    """Name and version of each installed package that the lock pins to other versions."""
    pinned: dict[str, set[str]] = {}
    for name, version in _PIN.findall((paths.ROOT / "requirements.lock").read_text("utf-8")):
        pinned.setdefault(name, set()).add(version)
    found = []
    for name, versions in pinned.items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        if installed not in versions:
            found.append(f"{name} {installed}")
    return found
