"""What a table of times has to name: processor, cores, versions."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path


def cpu() -> str:
    """The processor's name where Linux tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    except OSError:
        pass
    return platform.machine()


def described(*packages: str) -> str:
    """One line: processor, cores, Python and the versions of these packages."""
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    return f"{cpu()}, {os.cpu_count()} cores; Python {platform.python_version()}, {versions}."
