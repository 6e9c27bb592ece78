"""Making and repairing ``.venv``: with a tiny lock, real environments and stand-in tools."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import pytest
import small_clone

from course_utils.desk import environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in tools are POSIX scripts")

# Installs a module ``tiny`` as uv would, and writes down how it was called.
GOOD_UV = """
if sys.argv[1] == "pip":
    import pathlib
    clone = pathlib.Path.cwd()
    (clone / "called.txt").write_text(" ".join(sys.argv[1:]))
    [packages] = clone.glob(".venv/lib/*/site-packages")
    (packages / "tiny.py").write_text("")
"""
FAILING_UV = """
if sys.argv[1] == "pip":
    print("resolving")
    sys.exit({message!r})
"""
# A venv without pip takes a tenth of the time, and the stand-in for uv needs none.
NO_PIP = "import subprocess; old = subprocess.Popen; " + (
    "subprocess.Popen = lambda command, **rest: old(command + ["
    "'--without-pip'] if 'venv' in command else command, **rest)"
)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return small_clone.make(tmp_path / "a clone")


@pytest.fixture
def uv(tmp_path: Path) -> str:
    return small_clone.tool(tmp_path / "uv", "uv", GOOD_UV)


def failing(tmp_path: Path, message: str) -> str:
    return small_clone.tool(tmp_path / "failing", "uv", FAILING_UV.format(message=message))


def set_up(clone: Path, path: str) -> subprocess.CompletedProcess[str]:
    return small_clone.run(clone, "setup", before=NO_PIP, PATH=path)


def is_ready(clone: Path) -> bool:
    python = clone / ".venv" / "bin" / "python"
    imports = [str(python), "-c", "import tiny, course_utils; print(course_utils.__file__)"]
    plain = small_clone.environment()
    done = subprocess.run(imports, cwd="/", env=plain, capture_output=True, text=True, check=False)
    return done.stdout == f"{clone / 'course_utils' / '__init__.py'}\n"


def test_pip_installs_the_lock_and_follows_it(clone: Path, tmp_path: Path) -> None:
    """The one real run: venv, pip, hashes; no network, and no second installation."""
    lock = clone / "requirements.lock"
    lock.write_text(small_clone.wheel(tmp_path))
    links = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path)}
    links |= {"UV_OFFLINE": "1", "UV_FIND_LINKS": str(tmp_path)}
    first = small_clone.run(clone, "setup", **links)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("Setting up the course in .venv.\nInstalling 1 pinned")
    assert is_ready(clone)
    again = small_clone.run(clone, "setup")
    assert again.stdout == "The environment is ready. Next: python -m course_utils lab\n"

    # Of another length: Python takes compiled code for fresh where time and size are the same.
    lock.write_text(small_clone.wheel(tmp_path, "10.0"))
    (clone / ".venv" / "kept.txt").touch()
    changed = small_clone.run(clone, "setup", **links)
    assert changed.stdout.startswith("The pinned packages have changed; updating .venv.\n")
    assert (clone / ".venv" / "kept.txt").exists()
    version = subprocess.run(
        [clone / ".venv/bin/python", "-c", "import tiny; print(tiny.__version__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert version.stdout == "10.0\n"

    lock.write_text(small_clone.wheel(tmp_path).replace("sha256:", "sha256:0000")[:-5] + "\n")
    altered = small_clone.run(clone, "setup", **links)
    assert altered.returncode == 1
    assert environment.ALTERED in altered.stderr.splitlines()[-1]

    shutil.rmtree(clone / ".venv" / "lib")  # unfinished now: the next try starts over
    lock.write_text(small_clone.wheel(tmp_path, "3.0"))
    closed = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "1"}
    offline = small_clone.run(clone, "setup", **closed, UV_INDEX_URL="http://127.0.0.1:9/")
    assert offline.returncode == 1
    assert offline.stdout.startswith("An earlier set-up was not finished; starting it over.\n")
    assert environment.NO_NETWORK in offline.stderr.splitlines()[-1]


def test_uv_is_taken_when_it_is_there(clone: Path, uv: str) -> None:
    done = set_up(clone, uv)
    assert done.returncode == 0, done.stderr
    assert is_ready(clone)
    called = (clone / "called.txt").read_text()
    python = clone / ".venv/bin/python"
    assert called.startswith(f"pip install --python {python} --compile-bytecode --require-hashes ")
    assert called.endswith(f"-r {clone / 'requirements.lock'}")


def test_a_moved_clone_stays_ready(clone: Path, uv: str) -> None:
    set_up(clone, uv)
    moved = clone.rename(clone.with_name("moved"))
    assert is_ready(moved)
    assert set_up(moved, os.defpath).stdout.startswith("The environment is ready.")


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        ("error: dns error: failed to lookup address", environment.NO_NETWORK),
        ("Temporary failure in name resolution\nNo matching distribution", environment.NO_NETWORK),
        ("tcp connect error: Connection refused (os error 111)", environment.NO_NETWORK),
        ("No space left on device; connection reset", environment.NO_ROOM),
        ("No solution found when resolving dependencies", environment.NO_BUILD),
        ("Hash mismatch for tiny", environment.ALTERED),
        ("something else", "something else"),
    ],
)
def test_a_failure_is_one_sentence_and_the_next_try_works(
    clone: Path, tmp_path: Path, uv: str, message: str, meaning: str
) -> None:
    small_clone.give_environment(clone, ready=False)
    done = set_up(clone, failing(tmp_path, message))
    assert done.returncode == 1
    *tail, sentence = done.stderr.splitlines()
    assert tail[0] == "  | resolving" and all(line.startswith("  | ") for line in tail)
    assert sentence.startswith("Error: ") and meaning in sentence
    again = set_up(clone, uv)
    assert again.stdout.startswith("An earlier set-up was not finished; starting it over.\n")
    assert is_ready(clone)


def test_a_set_up_that_was_killed_is_done_again(clone: Path, tmp_path: Path, uv: str) -> None:
    small_clone.give_environment(clone, ready=False)
    hang = "import pathlib, time\nif sys.argv[1] == 'pip':\n"
    hang += "    pathlib.Path('began').touch()\n    time.sleep(3)\n"
    slow = small_clone.environment(PATH=small_clone.tool(tmp_path / "slow", "uv", hang))
    command = [small_clone.BASE_PYTHON, "-m", "course_utils", "setup"]
    first = subprocess.Popen(command, cwd=clone, env=slow, stdout=subprocess.DEVNULL)
    while not (clone / "began").exists():
        time.sleep(0.05)
    first.kill()
    first.wait()
    # Its installer still runs, and must not write into the environment made next.
    done = set_up(clone, uv)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [
        "Another set-up runs in this clone; waiting for it to end (Ctrl-C to give up).",
        "An earlier set-up was not finished; starting it over.",
    ]
    assert is_ready(clone)


def test_two_set_ups_at_once_install_once(clone: Path, tmp_path: Path) -> None:
    code = GOOD_UV + "    with open('calls', 'a') as file: file.write('x')\n"
    code += "    import time; time.sleep(1)\n"
    path = small_clone.tool(tmp_path / "counting", "uv", code)
    small_clone.give_environment(clone, ready=False)
    command = [small_clone.BASE_PYTHON, "-m", "course_utils", "setup"]
    both = [
        subprocess.Popen(command, cwd=clone, env=small_clone.environment(PATH=path))
        for _ in range(2)
    ]
    assert [one.wait(timeout=60) for one in both] == [0, 0]
    assert (clone / "calls").read_text() == "x"
    assert is_ready(clone)


def test_a_python_that_is_gone_is_replaced(clone: Path, uv: str) -> None:
    small_clone.give_environment(clone)
    for name in ("python", "python3", f"python3.{sys.version_info[1]}"):
        (clone / ".venv" / "bin" / name).unlink()
    (clone / ".venv" / "bin" / "python").symlink_to("/nonexistent/python")
    done = set_up(clone, uv)
    assert done.stdout.startswith("The Python in .venv does not run or is not supported")
    assert is_ready(clone)


def test_an_unsupported_python_in_the_environment_is_replaced(clone: Path, uv: str) -> None:
    small_clone.give_environment(clone)
    python = clone / ".venv" / "bin" / "python"
    python.unlink()
    python.write_text("#!/bin/sh\necho '[[3, 10], \"/nowhere\"]'\n")
    python.chmod(0o755)
    (clone / ".venv" / "course-stamp.txt").write_text("0 Python 3.10\n")
    done = set_up(clone, uv)
    assert done.stdout.startswith("The Python in .venv does not run or is not supported")
    assert is_ready(clone)


def test_the_environment_can_be_made_anew_from_inside(clone: Path, uv: str) -> None:
    """A reader who has activated ``.venv`` runs the command with the Python in it."""
    small_clone.give_environment(clone, ready=False)
    (clone / ".venv" / "course-stamp.txt").write_text(environment.UNFINISHED)
    python = str(clone / ".venv" / "bin" / "python")
    done = small_clone.run(clone, "setup", before=NO_PIP, python=python, PATH=uv)
    assert done.returncode == 0, done.stderr
    assert is_ready(clone)


def test_a_link_to_an_unready_environment_is_replaced(clone: Path, tmp_path: Path, uv: str) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept.txt").write_text("theirs")
    (clone / ".venv").symlink_to(other)
    done = set_up(clone, uv)
    assert done.stdout.startswith("The link .venv leads to no ready environment")
    assert is_ready(clone)
    assert [path.name for path in other.iterdir()] == ["kept.txt"]


def test_an_environment_of_the_readers_own_is_kept(clone: Path, uv: str) -> None:
    packages = small_clone.give_environment(clone, ready=False)
    (packages / "theirs.py").write_text("")
    done = set_up(clone, uv)
    assert done.stdout.startswith("A .venv of unknown origin is here")
    assert is_ready(clone)
    assert (packages / "theirs.py").exists()


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("sys.modules['ensurepip'] = None", "no venv module; on Debian and Ubuntu: sudo apt"),
        (
            "import shutil; shutil.disk_usage = lambda p: type('U', (), {'free': 1.2e9})",
            "needs about 3 GB of disk, 1.2 GB are free",
        ),
        ("import platform; platform.machine = lambda: 'riscv64'", "no build for the processor"),
    ],
)
def test_what_the_machine_lacks_is_said_before_anything_is_made(
    clone: Path, uv: str, before: str, sentence: str
) -> None:
    done = small_clone.run(clone, "setup", before=before, PATH=uv)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert sentence in line
    assert not (clone / ".venv").exists()
    assert set_up(clone, uv).returncode == 0


@pytest.mark.parametrize(
    ("system", "machine", "host", "word"),
    [
        ("darwin", "x86_64", "", "Intel"),
        ("win32", "ARM64", "", "Windows on ARM"),
        ("linux", "x86_64", "x86_64-pc-linux-musl", "glibc"),
        ("linux", "armv7l", "", "armv7l"),
        ("darwin", "arm64", "", None),
        ("win32", "AMD64", "", None),
        ("linux", "aarch64", "aarch64-unknown-linux-gnu", None),
        ("linux", "x86_64", "x86_64-pc-linux-gnu", None),
    ],
)
def test_platforms_without_tensorflow(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, host: str, word: str | None
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(sysconfig, "get_config_var", lambda name: host)
    problem = environment.platform_problem()
    if word is None:
        assert problem is None
    else:
        assert problem is not None and word in problem and "Binder" in problem


def test_a_32_bit_python_has_no_tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    assert "32-bit" in str(environment.platform_problem())


def test_a_folder_that_cannot_be_written_gets_one_line(clone: Path) -> None:
    (clone / ".cache").write_text("a file where a folder belongs")
    done = small_clone.run(clone, "setup")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert ".cache" in line
