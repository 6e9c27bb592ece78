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
from textwrap import indent

from course_utils.paths import ROOT

# What the commands need before the environment stands.
FILES = (
    *("__init__", "__main__", "errors", "mine", "paths"),
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


def stamp(clone: Path, digest: str = "") -> None:
    """The stamp that a finished set-up leaves, written down independently of its code."""
    digest = digest or hashlib.sha256((clone / "requirements.lock").read_bytes()).hexdigest()
    version = f"Python {sys.version_info[0]}.{sys.version_info[1]}"
    (clone / ".venv" / "course-stamp.txt").write_text(f"{digest} {version}\n")


def listed(clone: Path) -> list[Path]:
    """All that lies in the clone but what Python compiled."""
    return sorted(path for path in clone.rglob("*") if "__pycache__" not in path.parts)


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


def wheel(
    folder: Path, version: str = "1.0", name: str = "tiny", command: str | None = None
) -> str:
    """A package with one module as a wheel in ``folder``; the line of a lock that pins it.

    ``command`` is the code of a command that has the package's name.
    """
    info = f"{name}-{version}.dist-info"
    members = {
        f"{name}.py": f"__version__ = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if command is not None:
        members[f"{name}.py"] += f"import sys\ndef main():\n{indent(command, '    ')}\n"
        members[f"{info}/entry_points.txt"] = f"[console_scripts]\n{name} = {name}:main\n"
    record = "".join(f"{member},,\n" for member in [*members, f"{info}/RECORD"])
    file = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for member, text in {**members, f"{info}/RECORD": record}.items():
            archive.writestr(member, text)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return f"{name}=={version} --hash=sha256:{digest}\n"
