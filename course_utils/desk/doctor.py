"""``doctor``: every requirement on a line of its own, with the exact step that mends it.

Standard library only; what needs the environment is asked of its Python, in one process each.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

from course_utils.desk import environment, lab
from course_utils.paths import ROOT

# The import names of the direct requirements in pyproject.toml.
PACKAGES = [
    "pip",
    "numpy",
    "scipy",
    "pandas",
    "pandera",
    "pyarrow",
    "duckdb",
    "bm25s",
    "cloudpickle",
    "faiss",
    "sklearn",
    "matplotlib",
    "surprise",
    "tensorflow",
    "keras",
    "jupyterlab",
    "ipykernel",
    "ipywidgets",
    "fsrs",
    "genanki",
    "rich",
]
SET_UP = "python -m course_utils setup"
ANEW = f"delete the folder .venv, then: {SET_UP}"

_IMPORTS = """
import importlib, importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        module = importlib.import_module(name)
        version = getattr(module, "__version__", None) or importlib.metadata.version(name)
        found[name] = [version, None]
    except Exception as error:
        found[name] = [None, f"{type(error).__name__}: {error}".splitlines()[0]]
print(json.dumps(found))
"""
_KERNEL = """
import json
from jupyter_client.kernelspec import KernelSpecManager
print(json.dumps(sorted(KernelSpecManager().find_kernel_specs())))
"""
_DATA = """
import json
from course_utils import datasets
print(json.dumps(datasets.verify()))
"""


class Finding(NamedTuple):
    """One line of the report. ``kind`` is OK, FIX (a requirement) or NOTE (good to know)."""

    kind: str
    what: str
    step: str = ""

    def line(self) -> str:
        return f"{self.kind:<4} {self.what}" + (f": {self.step}" if self.step else "")


def main() -> int:
    """Print the report; 0 only if every requirement is met."""
    failed = False
    for finding in findings():
        print(finding.line(), flush=True)
        failed = failed or finding.kind == "FIX"
    return int(failed)


def findings() -> Iterator[Finding]:
    """All findings, the quick ones first."""
    state = environment.state()
    yield from _host(ready=state == "ready")
    if state == "ready":
        python = environment.STAMP.read_text(encoding="utf-8").split(" ", 1)[1].strip()
        yield Finding("OK", f"environment .venv: {python}, packages as in requirements.lock")
        yield _tried(python)
        yield _kernel()
        yield from _packages()
        yield from _data()
    else:
        yield Finding("FIX", f"environment .venv ({state})", SET_UP)
        for what in ("kernel python3", "packages", "committed data"):
            yield Finding("FIX", f"{what} (seen once .venv stands)", SET_UP)
    yield from _notes()


def _host(ready: bool) -> Iterator[Finding]:
    """What the set-up needs of this machine. Once it is done, this Python matters no more."""
    version = ".".join(map(str, sys.version_info[:3]))
    checks = [("TensorFlow build for this machine", environment.platform_problem())]
    if not ready:
        checks = [
            (f"Python {version}", environment.python_problem()),
            *checks,
            ("venv module", environment.venv_problem()),
            ("disk space", environment.disk_problem()),
        ]
    for what, problem in checks:
        yield Finding("FIX", what, problem) if problem else Finding("OK", what)
    if shutil.which("git"):
        yield Finding("OK", "git")
    else:
        yield Finding("FIX", "git", "install it (Debian, Ubuntu: sudo apt install git)")


def _tried(python: str) -> Finding:
    """What the course's own tests run on this Python."""
    major, minor = python.split()[-1].split(".")
    tried = environment.SUPPORTED[int(major), int(minor)]
    what = f"tried on {python}: {tried}"
    if tried == "all tests":
        return Finding("OK", what)
    return Finding("NOTE", what, "python -m course_utils test runs all tests here")


def _kernel() -> Finding:
    names = _ask(_KERNEL)
    if isinstance(names, list) and "python3" in names:
        return Finding("OK", "kernel python3")
    return Finding("FIX", "kernel python3", ANEW)


def _packages() -> Iterator[Finding]:
    found = _ask(_IMPORTS, *PACKAGES)
    if not isinstance(found, dict):
        yield Finding("FIX", f"packages ({found})", ANEW)
        return
    for name, (version, problem) in found.items():
        if problem:
            yield Finding("FIX", f"{name} ({problem})", ANEW)
        else:
            yield Finding("OK", f"{name} {version}")


def _data() -> Iterator[Finding]:
    problems = _ask(_DATA)
    if not isinstance(problems, list):
        yield Finding(
            "FIX", f"committed data ({problems})", "git checkout -- datasets course_utils"
        )
    elif not problems:
        yield Finding("OK", "committed data")
    else:
        for problem in problems:
            yield Finding("FIX", "committed data", problem)


def _notes() -> Iterator[Finding]:
    if lab.port_problem(8888):
        yield Finding("NOTE", "port 8888 is in use", "JupyterLab will take another one by itself")
    else:
        yield Finding("OK", "port 8888")
    if any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        yield Finding("OK", "Chromium")
    else:
        yield Finding("NOTE", "no Chromium", "only the browser test needs it and is skipped")
    memory = _memory_gb()
    if memory is not None and memory < 4:
        step = "close other programs, and run one lesson at a time (1.5 GB each)"
        yield Finding("NOTE", f"memory {memory:.1f} GB", step)
    elif memory is not None:
        yield Finding("OK", f"memory {memory:.1f} GB")


def _memory_gb() -> float | None:
    """The machine's memory, where the standard library can tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):
        return None


def _ask(code: str, *arguments: str) -> object:
    """What a script prints as JSON under ``.venv``; as text, why it did not."""
    try:
        done = subprocess.run(
            [str(environment.venv_python()), "-c", code, *arguments],
            cwd=str(ROOT),
            env=environment.run_environment(),
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        )
        return json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.CalledProcessError as error:
        return (error.stderr.strip().splitlines() or [f"exit code {error.returncode}"])[-1]
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        return str(error)
