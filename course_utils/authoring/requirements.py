"""The files derived from ``pyproject.toml``: the two locks and ``environment.yml``.

The lock serves the commands. ``environment.yml`` serves conda and Binder: its pins stand
inline, because Binder rebuilds the whole environment at every commit if they are in a file
of their own. ``generator.lock`` has what the optional extra adds and no set-up installs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course_utils.errors import CourseError
from course_utils.paths import ROOT

LOCK = "requirements.lock"
GENERATOR_LOCK = "generator.lock"
ENVIRONMENT = "environment.yml"
CONDA_PYTHON = "python=3.12"
# Binder's image holds these already, from conda; a pin by pip would install a second one.
FROM_CONDA = ("jupyterlab", "pip")


_OPTIONS = (
    "--universal --python-version 3.11 --generate-hashes "
    "--no-emit-index-url --no-header --no-annotate"
)


def lock_command(output: str) -> list[str]:
    """The command that writes the lock; pins already in ``output`` are kept where they fit."""
    return [*_compile("pyproject.toml", output), "--extra", "test"]


def _compile(wanted: str, output: str) -> list[str]:
    uv = [sys.executable, "-m", "uv", "pip", "compile", wanted]
    return [*uv, *_OPTIONS.split(), "--python", sys.executable, "-o", output]


def render_lock(directory: Path) -> str:
    """The text of the lock for the ``pyproject.toml`` in ``directory``; nothing is written.

    Raises ``CourseError`` with the tool's last line if no lock can be made, without network
    for instance.
    """
    return _rendered(directory, LOCK, lock_command(LOCK))


def render_generator_lock(directory: Path) -> str:
    """The same of ``generator.lock``: what the extra needs beyond the lock, within its pins."""
    project = tomllib.loads((directory / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = "\n".join(project["optional-dependencies"]["generator"])
    command = [*_compile("-", GENERATOR_LOCK), "--constraint", LOCK]
    return _rendered(directory, GENERATOR_LOCK, command, extra)


def _rendered(directory: Path, lock: str, command: list[str], stdin: str | None = None) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("pyproject.toml", LOCK, GENERATOR_LOCK):
            if (directory / name).is_file():
                shutil.copy(directory / name, scratch)
        done = subprocess.run(
            command, cwd=scratch, check=False, capture_output=True, text=True, input=stdin
        )
        if done.returncode:
            raise CourseError(f"uv could not make {lock}: {' '.join(done.stderr.split())[-300:]}")
        return Path(scratch, lock).read_text(encoding="utf-8")


def locked(lock_text: str) -> list[Requirement]:
    """The pinned requirements of a lock, without their hashes."""
    lines = re.findall(r"^([A-Za-z0-9].*?)\s*\\?$", lock_text, re.MULTILINE)
    return [Requirement(line) for line in lines]


def render_environment(pyproject_text: str, lock_text: str) -> str:
    """The text of ``environment.yml``: the direct requirements, pinned as in the lock.

    Raises ``CourseError`` if the lock lacks one of them.
    """
    project = tomllib.loads(pyproject_text)["project"]
    pins = locked(lock_text)
    conda, pip = [], []
    for text in project["dependencies"]:
        wanted = Requirement(text)
        if wanted.name in FROM_CONDA:
            conda.append(f"{wanted.name}{_in_order(wanted)}")
            continue
        found = [
            pin for pin in pins if canonicalize_name(pin.name) == canonicalize_name(wanted.name)
        ]
        if not found:
            raise CourseError(f"{LOCK} lacks {wanted.name}: write it anew")
        pip += [_line(pin) for pin in found]
    lines = [
        "# Derived from pyproject.toml and requirements.lock; written by",
        "# python -m course_utils build --requirements",
        f"name: {project['name']}",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        *(f"  - {line}" for line in [CONDA_PYTHON, *conda]),
        "  - pip:",
        *(f"      - {line}" for line in pip),
    ]
    return "\n".join(lines) + "\n"


def _in_order(requirement: Requirement) -> str:
    """The specifier with its lower bound first, as people write it."""
    parts = sorted(requirement.specifier, key=lambda part: part.operator, reverse=True)
    return ",".join(str(part) for part in parts)


def _line(pin: Requirement) -> str:
    marker = f" ; {str(pin.marker).replace(chr(34), chr(39))}" if pin.marker else ""
    return f"{pin.name}{pin.specifier}{marker}"


def main() -> int:
    """Write the files anew and say which of them changed."""
    lock = render_lock(ROOT)
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    rendered = {
        LOCK: lock,
        GENERATOR_LOCK: render_generator_lock(ROOT),
        ENVIRONMENT: render_environment(pyproject, lock),
    }
    for name, text in rendered.items():
        path = ROOT / name
        changed = not path.is_file() or path.read_text(encoding="utf-8") != text
        if changed:
            path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {'written' if changed else 'unchanged'}")
    return 0
