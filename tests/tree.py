"""The files of the clone that git tracks or would track."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from course_utils.paths import ROOT


def files() -> list[Path]:
    """All of them, as absolute paths; what git ignores is left out."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.check_output(command, cwd=ROOT).decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def copy_to(folder: Path) -> None:
    """A copy of them, with their modes, below ``folder``."""
    for file in files():
        target = folder / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
