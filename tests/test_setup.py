"""Making and repairing ``.venv``: with a tiny lock, real environments and stand-in tools."""

from __future__ import annotations

import json
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


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    return small_clone.make(tmp_path / "a clone")


@pytest.fixture
def uv(tmp_path: Path) -> str:
    return small_clone.tool(tmp_path / "uv", "uv", GOOD_UV)


def failing(tmp_path: Path, message: str) -> str:
    return small_clone.tool(tmp_path / "failing", "uv", FAILING_UV.format(message=message))


def set_up(clone: Path, path: str) -> subprocess.CompletedProcess[str]:
    return small_clone.run(clone, "setup", PATH=path)


def is_ready(clone: Path) -> bool:
    python = clone / ".venv" / "bin" / "python"
    imports = [str(python), "-c", "import tiny, course_utils; print(course_utils.__file__)"]
    plain = small_clone.environment()
    done = subprocess.run(imports, cwd="/", env=plain, capture_output=True, text=True, check=False)
    return done.stdout == f"{clone / 'course_utils' / '__init__.py'}\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone whose environment was made without uv: a real venv, real pip, a real package."""
    folder = tmp_path_factory.mktemp("made")
    clone = small_clone.make(folder / "a clone")
    (clone / "requirements.lock").write_text(small_clone.wheel(folder))
    done = small_clone.run(clone, "setup", **offline(clone))
    assert done.returncode == 0, done.stderr
    # A busy machine has lines between these that say how far it is.
    lines = [line for line in done.stdout.splitlines() if not line.startswith("  ")]
    assert lines[0] == "There is no environment yet; setting up the course in .venv."
    assert lines[1].startswith("Fetching uv") and lines[2].startswith(
        "Installing with pip 1 pinned"
    )
    assert not list(clone.glob(".venv/lib/*/site-packages/__pycache__/tiny*"))
    assert is_ready(clone)
    return clone


def offline(clone: Path) -> dict[str, str]:
    """pip finds the wheels that the tests made, and asks no network."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(clone.parent)}


def lock(clone: Path, version: str, uv: str | None = None) -> None:
    """Pin this version of ``tiny`` and, if given, a stand-in for uv with this code.

    The environment passes for that of an older lock, even if the last set-up failed.
    """
    pins = small_clone.wheel(clone.parent, version)
    if uv is not None:
        pins += small_clone.wheel(clone.parent, version, "uv", uv)
    (clone / "requirements.lock").write_text(pins)
    small_clone.stamp(clone, digest="0")


def tiny_version(clone: Path) -> str:
    show = [clone / ".venv/bin/python", "-c", "import tiny; print(tiny.__version__)"]
    return subprocess.run(show, capture_output=True, text=True, check=True).stdout.strip()


def test_pip_follows_a_changed_lock_and_refuses_what_it_does_not_name(made: Path) -> None:
    again = small_clone.run(made, "setup")
    assert again.stdout == "The environment is ready. Next: python -m course_utils lab\n"

    # Of another length: Python takes compiled code for fresh where time and size are the same.
    lock(made, "10.0")
    (made / ".venv" / "kept.txt").touch()
    changed = small_clone.run(made, "setup", PYTHONDONTWRITEBYTECODE="1", **offline(made))
    assert changed.stdout.startswith("The pinned packages have changed; updating .venv.\n")
    assert (made / ".venv" / "kept.txt").exists()
    # Where Python may not keep what it compiles, pip has compiled it.
    assert list(made.glob(".venv/lib/*/site-packages/__pycache__/tiny*"))
    assert tiny_version(made) == "10.0"

    lock(made, "11.0")
    file = made / "requirements.lock"
    file.write_text(file.read_text()[:-65] + "0" * 64 + "\n")
    altered = small_clone.run(made, "setup", **offline(made))
    assert altered.returncode == 1
    assert environment.ALTERED in altered.stderr.splitlines()[-1]


# What the stand-in does when it is asked to install: it notes its variables, and installs.
INSTALLS = """
import json, os, pathlib
if sys.argv[1] == "pip":
    names = ("UV_CACHE_DIR", "UV_DEFAULT_INDEX", "SSL_CERT_FILE", "ALL_PROXY")
    noted = {name: os.environ.get(name) for name in names}
    pathlib.Path("noted.json").write_text(json.dumps(noted))
    pathlib.Path(os.environ["UV_CACHE_DIR"], "archive").mkdir(parents=True)
    [packages] = pathlib.Path.cwd().glob(".venv/lib/*/site-packages")
    (packages / "tiny.py").write_text("__version__ = 'by uv'")
"""


def test_the_pinned_uv_is_fetched_and_told_what_pip_knows(made: Path, tmp_path: Path) -> None:
    lock(made, "12.0", INSTALLS)
    (made / ".cache" / "uv" / "older").mkdir(parents=True)
    settings = tmp_path / "pip.conf"
    settings.write_text(
        "[install]\nindex-url = http://mirror.invalid/i\ncert = /of/install\n"
        "[global]\nindex-url = http://mirror.invalid/g\ncert = /of/global\n"
        "proxy = http://proxy.invalid:1\n"
    )
    # The reader has activated an environment with an older one, which must not replace itself.
    activated = small_clone.tool(made / ".venv" / "bin", "uv", FAILING_UV.format(message="old"))
    done = small_clone.run(
        made,
        "setup",
        PATH=activated,
        PIP_CONFIG_FILE=str(settings),
        PIP_CERT="/of/pip",
        ALL_PROXY="http://theirs.invalid:2",
        **offline(made),
    )
    assert done.returncode == 0, done.stderr
    assert "Installing with uv 2 pinned packages" in done.stdout
    assert tiny_version(made) == "by uv"
    assert json.loads((made / "noted.json").read_text()) == {
        "UV_CACHE_DIR": str(made / ".cache" / "uv"),
        "UV_DEFAULT_INDEX": "http://mirror.invalid/i",
        "SSL_CERT_FILE": "/of/pip",
        "ALL_PROXY": "http://theirs.invalid:2",
    }
    # What an update replaces is not kept.
    assert [path.name for path in (made / ".cache" / "uv").iterdir()] == ["archive"]


def test_a_uv_of_another_checksum_is_refused(made: Path) -> None:
    lock(made, "13.0", INSTALLS)
    (made / "noted.json").unlink(missing_ok=True)
    file = made / "requirements.lock"
    file.write_text(file.read_text()[:-65] + "0" * 64 + "\n")
    done = small_clone.run(made, "setup", **offline(made))
    assert done.returncode == 1
    assert environment.ALTERED in done.stderr.splitlines()[-1]
    assert not (made / "noted.json").exists()


@pytest.mark.parametrize(
    ("version", "code", "said"),
    [
        ("14.0", "sys.exit('no')", None),
        (
            "15.0",
            FAILING_UV.format(message="invalid peer certificate: UnknownIssuer"),
            "invalid peer certificate: UnknownIssuer",
        ),
        ("16.0", FAILING_UV.format(message="something else"), "something else"),
    ],
    ids=["does not run", "has no network", "fails"],
)
def test_pip_takes_over_where_uv_cannot(
    made: Path, version: str, code: str, said: str | None
) -> None:
    lock(made, version, code)
    done = small_clone.run(made, "setup", **offline(made))
    assert done.returncode == 0, done.stderr
    assert "\nInstalling with pip 2 pinned packages" in done.stdout
    assert done.stderr == ""
    told = f"uv could not install them ({said}); pip takes over.\n"
    assert told in done.stdout if said else "takes over" not in done.stdout
    assert tiny_version(made) == version


def test_pip_does_not_take_over_where_it_would_fail_as_well(made: Path) -> None:
    for version, sign, meaning in (
        ("17.0", "No space left on device (os error 28)", environment.NO_ROOM),
        ("18.0", "Hash mismatch for `tiny==1.0`", environment.ALTERED),
    ):
        lock(made, version, FAILING_UV.format(message=sign))
        done = small_clone.run(made, "setup", **offline(made))
        assert done.returncode == 1
        assert "Installing with pip" not in done.stdout
        *tail, sentence = done.stderr.splitlines()
        assert tail == ["  | resolving", f"  | {sign}"]
        assert sentence == f"Error: {meaning}"


def test_without_network_the_set_up_says_so(made: Path) -> None:
    shutil.rmtree(made / ".venv" / "lib")
    lock(made, "19.0", INSTALLS)
    (made / ".venv" / "course-stamp.txt").write_text(environment.UNFINISHED)
    closed = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "1"}
    done = small_clone.run(made, "setup", PIP_CONFIG_FILE=os.devnull, **closed)
    assert done.returncode == 1
    assert done.stdout.startswith("An earlier set-up was not finished; starting it over.\n")
    assert environment.NO_NETWORK in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("keeps", [True, False])
def test_the_readers_own_uv_is_taken_and_needs_no_pip(clone: Path, uv: str, keeps: bool) -> None:
    """Python keeps what it compiles, or may not; then uv compiles everything now."""
    forbidden = {} if keeps else {"PYTHONDONTWRITEBYTECODE": "1"}
    # Debian's Python without the package python3-venv lacks this module.
    before = "sys.modules['ensurepip'] = None"
    done = small_clone.run(clone, "setup", before=before, PATH=uv, **forbidden)
    assert done.returncode == 0, done.stderr
    assert is_ready(clone)
    assert not list(clone.glob(".venv/lib/*/site-packages/pip"))
    python = clone / ".venv/bin/python"
    compiled = "" if keeps else "--compile-bytecode "
    assert (clone / "called.txt").read_text() == (
        f"pip install --python {python} {compiled}--require-hashes --only-binary :all: "
        f"-r {clone / 'requirements.lock'}"
    )


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
    done = small_clone.run(clone, "setup", python=python, PATH=uv)
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
    unable = small_clone.run(clone, "setup")
    assert unable.stderr.splitlines()[-1] == f"Error: {environment.NO_PIP}"
    (clone / ".venv" / "course-stamp.txt").unlink()
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
    done = small_clone.run(clone, "setup", before=before)
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
