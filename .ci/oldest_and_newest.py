"""The oldest and the newest Python promised: a fresh clone, its set-up, all real data.

    python3 .ci/oldest_and_newest.py

A clone of the last commit has no .venv and no .cache, so that each Python makes its own
(2.5 GB, removed at the end). On the newest a lesson runs too. An interpreter that this
machine does not have is named at the end; a step that fails ends the script.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# Its last cells read a real set whose package refuses Python 3.13.
LESSON = "solutions/14_user_behaviour.ipynb"


def supported() -> dict[tuple[int, int], str]:
    """The Pythons promised. Nothing is installed yet: the package is found by its folder."""
    sys.path.insert(0, str(ROOT))
    from course_utils.desk.environment import SUPPORTED

    return SUPPORTED


def find(version: tuple[int, int]) -> str | None:
    """An interpreter of this version on PATH that can make environments, or None."""
    probe = f"import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != {version})"
    for folder in os.get_exec_path():
        python = shutil.which(f"python{version[0]}.{version[1]}", path=folder)
        if python and subprocess.run([python, "-c", probe], capture_output=True).returncode == 0:
            return python
    return None


def run(command: list[str], clone: Path) -> None:
    """One step, shown with its seconds; ends the script where it fails."""
    shown = " ".join(command)
    print(f"$ {shown}", flush=True)
    started = time.monotonic()
    code = subprocess.run(command, cwd=clone).returncode
    print(f"  {time.monotonic() - started:.0f} s", flush=True)
    if code:
        raise SystemExit(f"FAILED with exit code {code}: {shown}")


def try_out(python: str, more: list[list[str]]) -> None:
    """Set-up and all real sets in a clone of its own, then the other commands of the course."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        run(["git", "clone", "--quiet", str(ROOT), str(clone)], ROOT)
        run([python, "-m", "course_utils", "setup"], clone)
        run([str(clone / ".venv/bin/python"), "-m", "course_utils.datasets"], clone)
        for arguments in more:
            run([python, "-m", "course_utils", *arguments], clone)


def main() -> None:
    """Both Pythons; then, which of them were not to be had."""
    missing, all_of_them = [], supported()
    for version, more in [(min(all_of_them), []), (max(all_of_them), [["test", LESSON]])]:
        name = f"Python {version[0]}.{version[1]}"
        python = find(version)
        print(f"\n=== {name}: {python or 'not on this machine'}", flush=True)
        if python:
            try_out(python, more)
        else:
            missing.append(name)
    for name in missing:
        print(f"!!! NOT TRIED: {name} (no such interpreter with venv on PATH)")


if __name__ == "__main__":
    main()
