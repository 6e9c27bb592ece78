"""What CI does on the oldest and the newest Python, with stand-ins for both."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import small_clone

from course_utils.desk.environment import SUPPORTED

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are POSIX scripts")

SCRIPT = small_clone.ROOT / ".ci" / "oldest_and_newest.py"
OLDEST, NEWEST = (f"{major}.{minor}" for major, minor in (min(SUPPORTED), max(SUPPORTED)))
# Answers as the Python of its name would; its set-up makes a .venv that only writes down.
STAND_IN = """
import os, pathlib
name = pathlib.Path(sys.argv[0]).name
if sys.argv[1] == "-c":
    sys.version_info = (*map(int, name[6:].split(".")), 0)
    exec(sys.argv[2])
with open(os.environ["CALLS"], "a") as calls:
    print(name, *sys.argv[1:], file=calls)
if sys.argv[3:] == ["setup"]:
    assert not os.path.exists(".venv") and not os.path.exists(".cache")
    os.makedirs(".venv/bin")
    os.link(sys.argv[0], ".venv/bin/python")
"""


AS_ANOTHER = """
import runpy, sys
sys.version_info = ({}, 0)
runpy.run_path(sys.argv[1], run_name="__main__")
"""
BETWEEN = "3.12"


def run(
    path: str, tmp_path: Path, running: str = BETWEEN
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """The script under a Python, and what it called; nothing is left in the temporary folder."""
    calls, temporary = tmp_path / "calls", tmp_path / "temporary"
    calls.touch()
    temporary.mkdir()
    variables = small_clone.environment(PATH=path, CALLS=str(calls), TMPDIR=str(temporary))
    code = AS_ANOTHER.format(running.replace(".", ", "))
    done = subprocess.run(
        [sys.executable, "-c", code, SCRIPT],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert list(temporary.iterdir()) == []
    return done, calls.read_text().splitlines()


def pythons(tmp_path: Path, code: str) -> str:
    small_clone.tool(tmp_path / "bin", f"python{NEWEST}", code)
    return small_clone.tool(tmp_path / "bin", f"python{OLDEST}", code)


@pytest.mark.parametrize(
    ("running", "tried"),
    [(BETWEEN, [OLDEST, NEWEST]), (OLDEST, [NEWEST]), (NEWEST, [OLDEST])],
)
def test_each_that_does_not_run_this_runs_the_lessons(
    running: str, tried: list[str], tmp_path: Path
) -> None:
    done, calls = run(pythons(tmp_path, STAND_IN), tmp_path, running)
    assert done.returncode == 0, done.stderr
    steps = ["-m course_utils setup", "-m course_utils test --two-threads notebooks"]
    assert calls == [f"python{version} {step}" for version in tried for step in steps]
    assert "NOT TRIED" not in done.stdout


def test_a_step_that_fails_ends_it(tmp_path: Path) -> None:
    failing = STAND_IN.replace("import os, pathlib", "import os, pathlib\nif sys.argv[3:]: exit(7)")
    done, calls = run(pythons(tmp_path, failing), tmp_path)
    assert done.returncode == 1 and calls == []
    assert f"python{OLDEST} -m course_utils setup" in done.stderr
    assert "FAILED with exit code 7" in done.stderr


@pytest.mark.parametrize("code", [None, "sys.exit(127)"])
def test_a_python_that_is_not_to_be_had_is_named_last(code: str | None, tmp_path: Path) -> None:
    """None at all, or one of the name that does not run, as a version manager leaves them."""
    if code:
        pythons(tmp_path, code)
    done, calls = run(str(tmp_path / "bin"), tmp_path)
    assert done.returncode == 0 and calls == []
    assert [line.split(" (")[0] for line in done.stdout.splitlines()[-2:]] == [
        f"!!! NOT TRIED: Python {OLDEST}",
        f"!!! NOT TRIED: Python {NEWEST}",
    ]
