"""The course's own environment: ``.venv`` in the clone, made from the hashed lock.

Standard library only. The environment is ready when its Python runs and its stamp names
the present lock; the stamp is written last, so a set-up that was cut off never looks ready.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from course_utils.errors import CourseError
from course_utils.mine import try_lock
from course_utils.paths import CACHE, ROOT

VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "course-stamp.txt"
UV_CACHE = CACHE / "uv"
UNFINISHED = "unfinished\n"

# The Pythons promised, and what is run on each before a change is taken (see .ci).
SUPPORTED = {
    (3, 11): "all tests",
    (3, 12): "nothing by itself, it lies between two that are",
    (3, 13): "the set-up, all real data and the learner's edition of every lesson",
}
NEEDED_GB = 3.0
ANOTHER_PYTHON = (
    "install Python 3.12, or with uv: uv run --no-project --python 3.12 "
    "python -m course_utils lab, or use Binder (see README.md)"
)
NO_VENV = "this Python has no venv module; on Debian and Ubuntu: sudo apt install python3-venv"

# pip's settings that uv needs, and uv's names for them.
_UV_NAMES = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY"}

# Each state but ``ready``: what is found, and what the set-up does about it.
_FOUND = {
    "missing": ("there is no environment yet", "setting up the course in .venv"),
    "unfinished": ("an earlier set-up was not finished", "starting it over"),
    "broken": ("the Python in .venv does not run or is not supported", "making .venv anew"),
    "unlinked": ("the link .venv leads to no ready environment", "replacing it by an own one"),
    "outdated": ("the pinned packages have changed", "updating .venv"),
    "foreign": ("a .venv of unknown origin is here", "installing the pinned packages into it"),
}

# Signs in a tool's output, and what they mean. The order matters: a full disk also breaks
# downloads, and without network pip ends with "no matching distribution".
_DISK = "no space left|not enough space|quota exceeded"
_NETWORK = (
    "dns error|name resolution|name or service not known|nodename nor servname|getaddrinfo"
    "|failed to establish a new connection|connection (refused|reset|timed out|error)"
    "|could not connect|error sending request|network is unreachable|no route to host"
    "|failed to fetch|timed out|proxyerror|certificate"
)
_HASH = "do not match the hashes|hash mismatch"
_BUILD = "no matching distribution|no solution found|no wheels|no usable wheels"

NO_ROOM = f"the disk is full: make about {NEEDED_GB:.0f} GB of room and run the command again"
NO_PIP = "the environment in .venv has no pip: delete the folder .venv and run the command again"
NO_NETWORK = (
    "no network: the packages could not be fetched. What still works: reading the notebooks "
    "on any page that shows them, they hold their outputs; the rest works offline after one "
    "set-up. Connect and run the same command again"
)
ALTERED = (
    "a downloaded package differs from its pinned checksum and was refused: run the command "
    "again, and if it repeats, look for a proxy that alters downloads"
)
NO_BUILD = (
    f"a pinned package has no build for Python {platform.python_version()} on "
    f"{sysconfig.get_platform()}: {ANOTHER_PYTHON}"
)
_FAILURES = (
    (_DISK, NO_ROOM),
    ("ensurepip", NO_VENV),
    ("no module named pip", NO_PIP),
    (_NETWORK, NO_NETWORK),
    (_HASH, ALTERED),
    (_BUILD, NO_BUILD),
)


def venv_python() -> Path:
    """Where the Python of ``.venv`` is, whether it exists or not."""
    if os.name == "nt":
        return VENV / "Scripts" / "python.exe"
    return VENV / "bin" / "python"


def inside() -> bool:
    """Whether this process runs under the Python of ``.venv``."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def state() -> str:
    """What is at ``.venv``: ``ready``, or the reason why it has to be worked on.

    The reasons are ``missing``, ``unfinished``, ``broken``, ``outdated``, ``foreign`` and
    ``unlinked`` (a symbolic link to something that is not ready).
    """
    found = _look()
    return "unlinked" if found != "ready" and VENV.is_symlink() else found


def _look() -> str:
    if not VENV.exists():
        return "missing"
    stamp = STAMP.read_text(encoding="utf-8") if STAMP.is_file() else ""
    if stamp == UNFINISHED:
        return "unfinished"
    probed = _probe()
    if probed is None or probed[0] not in SUPPORTED:
        return "broken"
    if stamp == _stamp_text(probed[0]):
        return "ready"
    return "outdated" if stamp else "foreign"


def ensure(say: Callable[[str], None] = print) -> None:
    """Make ``.venv`` ready, or repair it; at once if it is ready already.

    Raises ``CourseError`` with what is wrong and what to do; the next call starts over.
    """
    if state() == "ready":
        return
    try:
        with _only_one(say) as handle:
            found = state()  # another set-up may have finished meanwhile
            if found != "ready":
                _set_up(found, handle, say)
    except _ToolFailed as failed:
        for line in failed.said[-12:]:
            print(f"  | {line}", file=sys.stderr)
        raise
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise CourseError(_diagnosis(f"{error.strerror}{where}", "set-up")) from error


def require() -> None:
    """For a command that uses the environment and must not make it.

    Raises ``CourseError`` if it is not ready: why, and the command that makes it so.
    """
    found = state()
    if found != "ready":
        raise CourseError(
            f"{_FOUND[found][0]}: python -m course_utils lab makes the environment ready "
            "(about a minute)"
        )


def run_environment() -> dict[str, str]:
    """The variables for a process under ``.venv``: this clone's ``course_utils`` comes first."""
    variables = dict(os.environ)
    paths = [str(ROOT), variables.get("PYTHONPATH", "")]
    variables["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return variables


def hand_over(arguments: list[str], variables: dict[str, str]) -> int:
    """Go on as ``.venv``'s Python with these arguments, in the clone's root.

    On POSIX this process becomes that one, so that signals and Ctrl-C reach it alone; on
    Windows it is started, waited for, and its exit code returned.
    """
    command = [str(venv_python()), *arguments]
    os.chdir(ROOT)
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(command[0], command, variables)
    child = subprocess.Popen(command, env=variables)
    while True:
        # Ctrl-C goes to the child as well, which asks or tidies up; wait for its answer.
        with contextlib.suppress(KeyboardInterrupt):
            return child.wait()


def python_problem() -> str | None:
    """Why the running Python cannot make the environment, or None."""
    version = ".".join(map(str, sys.version_info[:2]))
    if tuple(sys.version_info[:2]) not in SUPPORTED:
        *others, newest = (f"{major}.{minor}" for major, minor in SUPPORTED)
        promised = f"{', '.join(others)} and {newest} are"
        return f"Python {version} is not supported ({promised}): {ANOTHER_PYTHON}"
    return None


def platform_problem() -> str | None:
    """Why TensorFlow has no build for this machine and this Python, or None."""
    machine = platform.machine().lower()
    if sys.maxsize <= 2**32:
        what = "a 32-bit Python"
    elif sys.platform == "darwin" and machine == "x86_64":
        what = "an Intel Python on macOS (on Apple silicon install the arm64 Python)"
    elif sys.platform == "win32" and machine == "arm64":
        what = "Windows on ARM"
    elif sys.platform == "linux" and "musl" in str(sysconfig.get_config_var("HOST_GNU_TYPE")):
        what = "a Linux without glibc"
    elif machine not in ("x86_64", "amd64", "aarch64", "arm64"):
        what = f"the processor {machine}"
    else:
        return None
    return f"TensorFlow has no build for {what}: use Binder (see README.md)"


def venv_problem() -> str | None:
    """What Python lacks for making environments, or None; an installed uv brings pip itself."""
    has_pip = importlib.util.find_spec("ensurepip") or installed_uv()
    return None if importlib.util.find_spec("venv") and has_pip else NO_VENV


def installed_uv() -> str | None:
    """The reader's own uv, or None; one that lies in ``.venv`` goes and comes with it."""
    found = shutil.which("uv")
    if found and VENV not in Path(found).parents and _works([found, "--version"]):
        return found
    return None


def disk_problem() -> str | None:
    """How much room is missing for the environment, or None."""
    free = shutil.disk_usage(ROOT).free / 1e9
    if free >= NEEDED_GB:
        return None
    return f"set-up needs about {NEEDED_GB:.0f} GB of disk, {free:.1f} GB are free: make room"


class _ToolFailed(CourseError):
    """A tool ended with an error.

    Attributes:
        said: the lines of its output, one at least.
    """

    def __init__(self, lines: list[str], doing: str) -> None:
        self.said = lines or ["no message"]
        super().__init__(_diagnosis("\n".join(self.said), doing))


def _set_up(found: str, handle: IO[str], say: Callable[[str], None]) -> None:
    what, action = _FOUND[found]
    say(f"{what[0].upper()}{what[1:]}; {action}.")
    anew = found not in ("outdated", "foreign")
    started = time.monotonic()
    if anew:
        for check in (python_problem, platform_problem, venv_problem, disk_problem):
            problem = check()
            if problem:
                raise CourseError(problem)
        _remove()
        VENV.mkdir()
    else:  # the packages that an update replaces would stay there for ever
        shutil.rmtree(str(UV_CACHE), ignore_errors=True)
    _write_stamp(UNFINISHED)
    uv = installed_uv()
    if anew:
        # From the base interpreter: the running one may lie in the folder just removed.
        python = getattr(sys, "_base_executable", None) or sys.executable
        without = ["--without-pip"] if uv else []  # uv installs pip, faster
        command = [python, "-m", "venv", *without, str(VENV)]
        _run(command, "making the environment", handle, say)
    _install(uv, handle, say)
    probed = _probe()
    if probed is None:
        raise CourseError("the new environment does not start; run the same command again")
    version, site_packages = probed
    # A relative path, so that the clone may be moved; kernels started by any editor find it.
    clone = os.path.relpath(str(ROOT), site_packages)
    Path(site_packages, "course.pth").write_text(clone + "\n", encoding="utf-8")
    _write_stamp(_stamp_text(version))
    say(f"Set-up took {time.monotonic() - started:.0f} s.")


def _install(uv: str | None, handle: IO[str], say: Callable[[str], None]) -> None:
    """Install the lock: with the reader's uv, else with the pinned one, else with pip."""
    packages = sum(
        not line.startswith((" ", "#")) for line in LOCK.read_text(encoding="utf-8").splitlines()
    )
    size = f"{packages} pinned packages: about 0.7 GB to download, 2.8 GB on disk"
    # Python compiles what it imports, once. Where it may not keep that, TensorFlow would take
    # ten seconds at every start: then all is compiled now, which takes longer than the rest.
    compiled = sys.dont_write_bytecode
    doing = f"installing {'and compiling ' if compiled else ''}the packages"
    install = ["pip", "install", "--python", str(venv_python())]
    install += ["--compile-bytecode"] if compiled else []
    install += ["--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)]
    if uv:
        say(f"Installing with uv {size}, under a minute where the network is fast.")
        _run([uv, *install], doing, handle, say)
        return
    say("Fetching uv into .venv: it installs packages several times as fast as pip.")
    _run(_pip(_uv_pin()), "fetching uv", handle, say)
    uv = str(venv_python().with_name("uv.exe" if os.name == "nt" else "uv"))
    if _works([uv, "--version"]):
        say(f"Installing with uv {size}, under a minute where the network is fast.")
        try:
            _run([uv, *install], doing, handle, say, _uv_environment())
        except _ToolFailed as failed:
            if str(failed) in (NO_ROOM, ALTERED):
                raise
            say(f"uv could not install them ({failed.said[-1].strip()}); pip takes over.")
        else:
            return
    say(f"Installing with pip {size}, one to five minutes.")
    _run(_pip(LOCK, *([] if compiled else ["--no-compile"])), doing, handle, say)


def _pip(requirements: Path, *options: str) -> list[str]:
    usual = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    pinned = ["--require-hashes", "--only-binary", ":all:", "-r", str(requirements)]
    return [str(venv_python()), "-I", "-m", "pip", "install", *usual, *options, *pinned]


def _uv_pin() -> Path:
    """The part of the lock that pins uv, as a file of its own, which pip wants."""
    pin = re.findall(r"^uv==.*\n(?: .*\n)*", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    file = CACHE / "uv.lock"
    file.write_text("".join(pin), encoding="utf-8")
    return file


def _uv_environment() -> dict[str, str]:
    """The variables for the uv that the set-up fetched.

    Its cache stands in the clone: on the same disk packages are linked, not copied, a set-up
    that was cut off goes on, and nothing is left in a home that has no uv. uv does not read
    pip's settings; those that decide whether and from where a package comes are handed on.
    """
    variables = {"UV_CACHE_DIR": str(UV_CACHE)}
    done = subprocess.run(
        [str(venv_python()), "-I", "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
    )
    settings = re.findall(r"^([\w:]+)\.([\w-]+)='(.*)'$", done.stdout, re.MULTILINE)
    # For pip, what is set for its install command wins over a global value, a variable over both.
    for place in ("global", "install", ":env:"):
        for section, option, value in settings:
            if section == place and option in _UV_NAMES:
                variables[_UV_NAMES[option]] = value
    return {**variables, **os.environ}


def _works(command: list[str]) -> bool:
    try:
        subprocess.run(command, capture_output=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _run(
    command: list[str],
    doing: str,
    handle: IO[str],
    say: Callable[[str], None],
    variables: dict[str, str] | None = None,
) -> None:
    """Run a tool, and say every ten seconds how far it is. Its output is kept in a file.

    Raises ``_ToolFailed`` if it ends with an error.
    """
    started = time.monotonic()
    # The tool shares the lock's open file: should this process be killed, the next set-up
    # waits until the tool has ended too. Windows has no such sharing.
    shared = (handle.fileno(),) if os.name == "posix" else ()
    log = CACHE / "setup.log"
    with open(log, "wb") as output:
        child = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=str(ROOT),
            env=variables,
            pass_fds=shared,
        )
        try:
            while True:
                try:
                    code = child.wait(timeout=10)
                    break
                except subprocess.TimeoutExpired:
                    seconds = time.monotonic() - started
                    last = "".join(f": {line.strip()[:60]}" for line in _lines(log)[-1:])
                    say(f"  {seconds:3.0f} s, still {doing}{last}")
        except BaseException:
            child.terminate()
            child.wait()
            raise
    if code:
        raise _ToolFailed(_lines(log), doing)


def _lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8", errors="replace").strip().splitlines()


def _diagnosis(output: str, doing: str) -> str:
    """One sentence from what a tool said."""
    for signs, meaning in _FAILURES:
        if re.search(signs, output, re.IGNORECASE):
            return meaning
    return f"{doing} failed ({output.splitlines()[-1].strip()}); run the same command again"


def _probe() -> tuple[tuple[int, int], str] | None:
    """Version and site-packages of ``.venv``'s Python, or None if it does not run."""
    code = (
        "import json, sys, sysconfig; "
        "print(json.dumps([sys.version_info[:2], sysconfig.get_path('purelib')]))"
    )
    try:
        done = subprocess.run(
            [str(venv_python()), "-I", "-c", code], capture_output=True, timeout=120, check=True
        )
        version, site_packages = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return (version[0], version[1]), site_packages


def _stamp_text(version: tuple[int, int]) -> str:
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{digest} Python {version[0]}.{version[1]}\n"


def _write_stamp(text: str) -> None:
    temporary = STAMP.with_suffix(".tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(str(temporary), str(STAMP))


def _remove() -> None:
    """Remove what stands at ``.venv``; of a link only the link, never what it leads to."""
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(str(VENV))


@contextlib.contextmanager
def _only_one(say: Callable[[str], None]) -> Iterator[IO[str]]:
    """Hold the clone's set-up lock. The system frees it when its last holder ends."""
    CACHE.mkdir(exist_ok=True)
    with open(CACHE / "setup.lock", "a", encoding="utf-8") as handle:
        if not try_lock(handle):
            say("Another set-up runs in this clone; waiting for it to end (Ctrl-C to give up).")
            while not try_lock(handle):
                time.sleep(0.5)
        yield handle
