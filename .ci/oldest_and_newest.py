"""The oldest and the newest Python promised: the learner's edition of every lesson.

    python3 .ci/oldest_and_newest.py

The Python that runs this is left out: it has run everything. The lessons run with two threads and
oneDNN's kernels, the third setting of the CPU, which no other run has. A clone of the last commit
has no .venv and no .cache, so that each Python makes its own and fetches all data (2.5 GB, removed
at the end). An interpreter that this machine does not have is named at the end; a step that fails
ends the script.
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


def try_out(python: str) -> None:
    """Set-up, all real sets and the lessons, in a clone of its own."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        run(["git", "clone", "--quiet", str(ROOT), str(clone)], ROOT)
        run([python, "-m", "course_utils", "setup"], clone)
        run([python, "-m", "course_utils", "test", "--two-threads", "notebooks"], clone)


def main() -> None:
    """Each that is not this one; then, which of them were not to be had."""
    missing, promised = [], supported()
    for version in sorted({min(promised), max(promised)} - {sys.version_info[:2]}):
        name = f"Python {version[0]}.{version[1]}"
        python = find(version)
        print(f"\n=== {name}: {python or 'not on this machine'}", flush=True)
        if python:
            try_out(python)
        else:
            missing.append(name)
    for name in missing:
        print(f"!!! NOT TRIED: {name} (no such interpreter with venv on PATH)")


if __name__ == "__main__":
    main()
