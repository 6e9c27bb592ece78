"""The dispatch of ``python -m course_utils``, on a Python that may be anything."""

from __future__ import annotations

import ast
import os
import shutil
import sys
from pathlib import Path

import pytest
import small_clone

SHOW = "import os, sys, course_utils\nprint({name!r}, sys.argv[1:], os.getcwd(), sys.prefix)\n"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return small_clone.make(tmp_path / "clone")


def test_without_a_command_all_commands_are_listed(clone: Path) -> None:
    done = small_clone.run(clone)
    assert done.returncode == 0
    for command in ("lab", "test", "setup", "status", "doctor", "build"):
        assert f"\n  {command} " in done.stdout


def test_an_unknown_command_is_named_and_makes_nothing(clone: Path) -> None:
    done = small_clone.run(clone, "labs")
    assert done.returncode == 2
    assert "no command 'labs'" in done.stderr
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 10, 1), (3, 14, 0), (4, 0, 0)])
@pytest.mark.parametrize("command", ["lab", "test", "setup", "build"])
def test_an_unsupported_python_gets_one_line(
    clone: Path, command: str, version: tuple[int, int, int]
) -> None:
    done = small_clone.run(clone, command, before=f"sys.version_info = {(*version, 'final', 0)}")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert f"Python {version[0]}.{version[1]} is not supported" in line
    assert "uv run --no-project --python 3.12 python -m course_utils lab" in line
    assert "Binder" in line
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("name", small_clone.FILES)
def test_the_commands_parse_on_old_pythons_and_need_nothing_installed(name: str) -> None:
    file = small_clone.ROOT / "course_utils" / f"{name}.py"
    tree = ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 8))
    third_party = [
        module
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0)
        for module in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]
        )
        if str(module).split(".")[0] not in {"course_utils", *sys.stdlib_module_names}
    ]
    assert third_party == []


def test_test_hands_its_arguments_to_pytest_in_the_clone(clone: Path) -> None:
    packages = small_clone.give_environment(clone)
    (packages / "pytest.py").write_text(SHOW.format(name="pytest") + "sys.exit(5)")
    done = small_clone.run(clone, "test", "-k", "one or two", "--co")
    assert done.returncode == 5, done.stderr
    expected = ["pytest", str(["-k", "one or two", "--co"]), str(clone), str(clone / ".venv")]
    assert done.stdout.split("\n")[0] == " ".join(expected)


def test_status_and_build_run_under_the_environment(clone: Path) -> None:
    small_clone.give_environment(clone)
    package = clone / "course_utils"
    (package / "desk" / "status.py").write_text(
        "import sys\ndef status_report(): return f'report {sys.prefix}'\n"
    )
    (package / "authoring").mkdir()
    (package / "authoring" / "__init__.py").write_text(
        "import sys\ndef main(arguments): print(arguments, sys.prefix); return 7\n"
    )
    status = small_clone.run(clone, "status")
    assert (status.returncode, status.stdout) == (0, f"report {clone / '.venv'}\n")
    build = small_clone.run(clone, "build", "51", "--check")
    assert (build.returncode, build.stdout) == (7, f"['51', '--check'] {clone / '.venv'}\n")


@pytest.mark.parametrize(
    ("stamp", "sentence"),
    [
        (None, "there is no environment yet"),
        ("unfinished\n", "an earlier set-up was not finished"),
        ("0 Python 3.11\n", "the pinned packages have changed"),
        ("", "a .venv of unknown origin is here"),
        ("gone", "the Python in .venv does not run or is not supported"),
    ],
)
def test_status_never_makes_or_mends_an_environment(
    clone: Path, stamp: str | None, sentence: str
) -> None:
    if stamp is not None:
        small_clone.give_environment(clone, ready=False)
        (clone / ".venv" / "course-stamp.txt").write_text(stamp)
    if stamp == "gone":
        shutil.rmtree(clone / ".venv" / ("Scripts" if os.name == "nt" else "bin"))
    before = small_clone.listed(clone)
    done = small_clone.run(clone, "status")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Error: {sentence}: python -m course_utils lab makes the environment ready "
        "(about a minute)\n"
    )
    assert small_clone.listed(clone) == before


@pytest.mark.parametrize("command", ["lab", "test", "setup", "status", "doctor", "build"])
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_makes_no_environment(clone: Path, command: str, option: str) -> None:
    before = small_clone.listed(clone)
    done = small_clone.run(clone, command, option)
    assert (done.returncode, done.stdout) == (0, small_clone.run(clone).stdout)
    assert small_clone.listed(clone) == before


def test_help_goes_to_the_tools_once_they_are_there(clone: Path) -> None:
    packages = small_clone.give_environment(clone)
    (packages / "pytest.py").write_text(SHOW.format(name="pytest"))
    assert small_clone.run(clone, "test", "--help").stdout.startswith("pytest ['--help']")


def test_each_clone_runs_its_own_code(clone: Path, tmp_path: Path) -> None:
    packages = small_clone.give_environment(clone)
    (packages / "pytest.py").write_text(
        "import os, course_utils\nprint(course_utils.__file__, os.environ['PYTHONPATH'])"
    )
    other = small_clone.make(tmp_path / "other")
    done = small_clone.run(clone, "test", PYTHONPATH=str(other))
    # A kernel starts in another folder: there the order of PYTHONPATH decides.
    paths = f"{clone}{os.pathsep}{other}"
    assert done.stdout == f"{clone / 'course_utils' / '__init__.py'} {paths}\n"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_to_a_ready_environment_is_ready(clone: Path, tmp_path: Path) -> None:
    other = small_clone.make(tmp_path / "other")
    packages = small_clone.give_environment(other)
    (packages / "pytest.py").write_text("print('ran')")
    (clone / ".venv").symlink_to(other / ".venv")
    done = small_clone.run(clone, "test")
    assert (done.returncode, done.stdout, done.stderr) == (0, "ran\n", "")


def test_the_fixed_settings_reach_the_child_and_a_set_value_wins(clone: Path) -> None:
    packages = small_clone.give_environment(clone)
    names = ["OMP_NUM_THREADS", "TF_ENABLE_ONEDNN_OPTS", "TF_NUM_INTRAOP_THREADS"]
    (packages / "pytest.py").write_text(f"import os\nprint(*[os.environ[n] for n in {names}])")
    assert small_clone.run(clone, "test").stdout == "1 0 1\n"
    assert small_clone.run(clone, "test", OMP_NUM_THREADS="2").stdout == "2 0 1\n"
