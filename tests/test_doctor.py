"""``doctor``: every requirement on one line, and the step that mends it."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from pathlib import Path

import pytest
import small_clone

from course_utils.desk import doctor, environment

IMPORT_NAMES = {
    "faiss-cpu": "faiss",
    "scikit-learn": "sklearn",
    "scikit-surprise": "surprise",
    "tensorflow-cpu": "tensorflow",
}
KERNELS = """
class KernelSpecManager:
    def find_kernel_specs(self):
        return {kernels!r}
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return small_clone.make(tmp_path / "clone")


def furnish(clone: Path, kernels: tuple[str, ...] = ("python3",)) -> Path:
    """A ready environment whose packages are stand-ins."""
    packages = small_clone.give_environment(clone)
    for name in doctor.PACKAGES:
        (packages / f"{name}.py").write_text("__version__ = '1.2.3'\n")
    (packages / "jupyter_client").mkdir()
    (packages / "jupyter_client" / "kernelspec.py").write_text(KERNELS.format(kernels=kernels))
    (clone / "course_utils" / "datasets" / "__init__.py").write_text("def verify(): return []\n")
    return packages


def fixes(clone: Path, **options: str) -> list[str]:
    """The FIX lines; the exit code must agree with them."""
    done = small_clone.run(clone, "doctor", **options)
    lines = done.stdout.splitlines()
    assert all(re.match(r"(OK  |FIX |NOTE) \S", line) for line in lines), [*lines, done.stderr]
    found = [line for line in lines if line.startswith("FIX")]
    assert done.returncode == (1 if found else 0)
    return found


def test_a_good_machine_has_nothing_to_fix(clone: Path) -> None:
    furnish(clone)
    assert fixes(clone) == []
    lines = small_clone.run(clone, "doctor").stdout
    for what in (*doctor.PACKAGES, "git", "environment .venv", "kernel python3", "committed data"):
        assert f"\nOK   {what}" in lines


def test_it_says_what_is_tried_on_this_python(clone: Path) -> None:
    furnish(clone)
    lines = [
        line for line in small_clone.run(clone, "doctor").stdout.splitlines() if "tried" in line
    ]
    version = sys.version_info[:2]
    [line] = lines
    assert f"tried on Python {version[0]}.{version[1]}: {environment.SUPPORTED[version]}" in line
    assert line.startswith("OK" if version == (3, 11) else "NOTE")


def test_before_the_set_up_it_says_how_to_set_up(clone: Path) -> None:
    found = fixes(clone)
    assert "FIX  environment .venv (missing): python -m course_utils setup" in found
    assert not (clone / ".venv").exists()


def test_a_changed_lock_is_seen(clone: Path) -> None:
    furnish(clone)
    (clone / "requirements.lock").write_text("# changed\n")
    assert "FIX  environment .venv (outdated): python -m course_utils setup" in fixes(clone)


def test_a_package_that_does_not_import_is_named(clone: Path) -> None:
    packages = furnish(clone)
    (packages / "surprise.py").write_text("raise ImportError('numpy changed')")
    [line] = fixes(clone)
    assert line.startswith("FIX  surprise (ImportError: numpy changed): delete the folder .venv")


def test_a_missing_kernel_is_seen(clone: Path) -> None:
    furnish(clone, kernels=("other",))
    [line] = fixes(clone)
    assert line.startswith("FIX  kernel python3")


def test_damaged_data_are_named(clone: Path) -> None:
    furnish(clone)
    code = "def verify(): return ['a.csv was altered: do this', 'b.csv is missing: do that']\n"
    (clone / "course_utils" / "datasets" / "__init__.py").write_text(code)
    assert fixes(clone) == [
        "FIX  committed data: a.csv was altered: do this",
        "FIX  committed data: b.csv is missing: do that",
    ]
    (clone / "course_utils" / "datasets" / "__init__.py").write_text("verify = None\n")
    [line] = fixes(clone)
    assert line.endswith("git checkout -- datasets course_utils")


@pytest.mark.skipif(os.name == "nt", reason="the search path is emptied the POSIX way")
def test_git_and_chromium_missing(clone: Path, tmp_path: Path) -> None:
    furnish(clone)
    assert fixes(clone, PATH=str(tmp_path)) == [
        "FIX  git: install it (Debian, Ubuntu: sudo apt install git)"
    ]
    assert "\nNOTE no Chromium: " in small_clone.run(clone, "doctor", PATH=str(tmp_path)).stdout


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("sys.version_info = (3, 14, 0, 'final', 0)", "FIX  Python 3.14.0: Python 3.14 is not"),
        ("sys.modules['ensurepip'] = None", "FIX  venv module: this Python has no venv module"),
        ("import platform; platform.machine = lambda: 'x'", "FIX  TensorFlow build for this"),
        (
            "import shutil; shutil.disk_usage = lambda p: type('U', (), {'free': 1e9})",
            "FIX  disk space: set-up needs about 3 GB",
        ),
        ("import socket; socket.socket.bind = lambda s, a: exec('raise PermissionError')", "NOTE"),
        ("import os; os.sysconf = lambda n: 2**15", "NOTE memory 1.1 GB: close other programs"),
    ],
)
def test_what_the_machine_lacks_has_its_line(clone: Path, before: str, line: str) -> None:
    done = small_clone.run(clone, "doctor", before=before)
    assert any(found.startswith(line) for found in done.stdout.splitlines()), done.stdout
    usual = small_clone.run(clone, "doctor").stdout
    assert not any(found.startswith(line) for found in usual.splitlines()) or line == "NOTE"


def test_every_direct_requirement_is_imported() -> None:
    text = (small_clone.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = {
        re.split(r"[<>=;! ]", line)[0] for line in tomllib.loads(text)["project"]["dependencies"]
    }
    assert {IMPORT_NAMES.get(name, name) for name in names} == set(doctor.PACKAGES)
