"""A clone of the course for the tests of its commands: the same code, a tiny environment."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

from course_utils.paths import ROOT

# What the commands need before the environment stands.
FILES = (
    *("__init__", "__main__", "errors", "paths"),
    *("desk/__init__", "desk/environment", "desk/lab", "desk/doctor"),
)
# Not the environment under test: like a reader's first Python, it has no uv.
BASE_PYTHON = getattr(sys, "_base_executable", None) or sys.executable


def make(folder: Path) -> Path:
    """A clone with an empty lock and two lessons, without an environment."""
    for room in ("desk", "datasets"):
        (folder / "course_utils" / room).mkdir(parents=True)
    for name in FILES:
        shutil.copy(ROOT / "course_utils" / f"{name}.py", folder / "course_utils" / f"{name}.py")
    shutil.copytree(ROOT / ".jupyter", folder / ".jupyter")
    (folder / "requirements.lock").write_text("")
    (folder / "notebooks").mkdir()
    for name in ("00_start", "51_recommend"):
        (folder / "notebooks" / f"{name}.ipynb").write_text(f"{name}, first edition")
    return folder


def give_environment(clone: Path, ready: bool = True) -> Path:
    """Put an empty environment without pip into the clone; return its site-packages."""
    venv.create(clone / ".venv", with_pip=False, symlinks=os.name == "posix")
    if ready:
        stamp(clone)
    return next((clone / ".venv").glob("[lL]ib/**/site-packages"))


def stamp(clone: Path) -> None:
    """The stamp that a finished set-up leaves, written down independently of its code."""
    digest = hashlib.sha256((clone / "requirements.lock").read_bytes()).hexdigest()
    version = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    (clone / ".venv" / "course-stamp.txt").write_text(f"{digest} {version}\n")


def run(
    clone: Path, *arguments: str, before: str = "", python: str = BASE_PYTHON, **variables: str
) -> subprocess.CompletedProcess[str]:
    """``python -m course_utils ...`` in the clone; ``before`` is code that runs first."""
    return subprocess.run(
        [python, "-c", _START.format(before=before), *arguments],
        cwd=clone,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


_START = """
import runpy, sys
sys.argv[0] = "course_utils"
{before}
runpy.run_module("course_utils", run_name="__main__", alter_sys=True)
"""


def environment(**variables: str) -> dict[str, str]:
    """A reader's plain variables: no uv on PATH, nothing of the running tests."""
    kept = ("HOME", "SYSTEMROOT", "TEMP", "TMPDIR", "LANG")
    plain = {name: os.environ[name] for name in kept if name in os.environ}
    return {**plain, "PATH": os.defpath, **variables}


def tool(folder: Path, name: str, code: str) -> str:
    """A command in Python that stands first on the returned PATH."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!{sys.executable}\nimport sys\n{code}\n")
    file.chmod(0o755)
    return f"{folder}{os.pathsep}{os.defpath}"


def wheel(folder: Path, version: str = "1.0") -> str:
    """A package ``tiny`` as a wheel in ``folder``; the line of a lock that pins it."""
    info = f"tiny-{version}.dist-info"
    members = {
        "tiny.py": f"__version__ = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},,\n" for name in [*members, f"{info}/RECORD"])
    file = folder / f"tiny-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in {**members, f"{info}/RECORD": record}.items():
            archive.writestr(name, text)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return f"tiny=={version} --hash=sha256:{digest}\n"
