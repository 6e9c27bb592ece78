"""Opening a lesson: the learner's copies in ``my/``, and JupyterLab on one of them.

Standard library only. A copy belongs to the learner: once it was changed, no command
touches it again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import socket
from pathlib import Path

from course_utils.desk import environment
from course_utils.errors import CourseError
from course_utils.paths import MY, NOTEBOOKS, ROOT

EDITIONS = MY / ".editions.json"
# JupyterLab's layout as the course hands it out, and the folder where the learner's own is kept.
LAYOUT = ROOT / ".jupyter" / "lab" / "workspaces" / "default-37a8.jupyterlab-workspace"
WORKSPACES = MY / ".workspaces"


def main(arguments: list[str]) -> int:
    """``lab [NN] [what goes to JupyterLab]``; returns JupyterLab's exit code.

    Raises ``CourseError`` for an unknown lesson, a port in use, or a failed set-up.
    """
    number = None
    if arguments and arguments[0].isdigit():
        number, arguments = arguments[0].zfill(2), arguments[1:]
    lesson = choose(number)
    port = _asked_port(arguments)
    if port is not None:
        _require_free(port)
        arguments = [*arguments, "--ServerApp.port_retries=0"]
    environment.ensure()
    for line in copy_lessons():
        print(line)
    lay_out()
    print(f"Opening my/{lesson}; Ctrl-C here stops JupyterLab.")
    defaults = [
        f"--ServerApp.root_dir={ROOT}",
        f"--LabApp.default_url=/lab/tree/my/{lesson}",
        f"--LabApp.workspaces_dir={WORKSPACES}",
    ]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        # In a container everybody is root, and Jupyter would refuse to start.
        defaults.append("--ServerApp.allow_root=True")
    return environment.hand_over(["-m", "jupyterlab", *defaults, *arguments], _variables())


def lessons() -> list[str]:
    """The file names of all lessons, in order."""
    return sorted(path.name for path in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def choose(number: str | None) -> str:
    """The file name of the lesson with that number, or of the first one."""
    names = lessons()
    if not names:
        raise CourseError("notebooks/ holds no lesson; bring it back: git checkout -- notebooks")
    if number is None:
        return names[0]
    for name in names:
        if name.startswith(f"{number}_"):
            return name
    known = ", ".join(name[:-6] for name in names)
    raise CourseError(f"there is no lesson {number}; the lessons are: {known}")


def copy_lessons() -> list[str]:
    """Bring ``my/`` up to date and return what the learner should know, a line each.

    Missing lessons are copied; a copy that was never changed follows its newer edition; a
    changed one stays as it is.
    """
    MY.mkdir(exist_ok=True)
    recorded, said = _read_editions()
    editions: dict[str, str] = {}
    for name in lessons():
        content = (NOTEBOOKS / name).read_bytes()
        newest, mine = _digest(content), MY / name
        held = _digest(mine.read_bytes()) if mine.is_file() else None
        # Without a record nobody knows what was copied: take the copy for the learner's work.
        known = recorded.get(name, newest)
        if not os.path.lexists(mine) or (held == known and held != newest):
            _write(mine, content)
            known = newest
        elif known != newest and held != newest:
            said.append(
                f"notebooks/{name} has a newer edition; your changed my/{name} was kept "
                "(rename yours to get the new one)."
            )
        editions[name] = newest if held == newest else known
    _write(EDITIONS, (json.dumps(editions, indent=1, sort_keys=True) + "\n").encode())
    return said


def lay_out() -> None:
    """Before JupyterLab's first start, open the table of contents beside the lesson.

    JupyterLab has no setting for it, but saves its layout as a workspace and opens with that
    again. So the first one is ours; what the learner makes of it is left alone.
    """
    mine = WORKSPACES / LAYOUT.name
    if not mine.exists():
        WORKSPACES.mkdir(parents=True, exist_ok=True)
        _write(mine, LAYOUT.read_bytes())


def _read_editions() -> tuple[dict[str, str], list[str]]:
    try:
        read = json.loads(EDITIONS.read_text(encoding="utf-8"))
        if isinstance(read, dict) and all(isinstance(value, str) for value in read.values()):
            return read, []
    except FileNotFoundError:
        return {}, []
    except ValueError:
        pass
    return {}, ["my/.editions.json could not be read and was made anew; your copies were kept."]


def _digest(content: bytes) -> str:
    """Of the cells' text alone: opening, running or saving a lesson does not change it."""
    try:
        cells = json.loads(content)["cells"]
        content = json.dumps([[one["cell_type"], "".join(one["source"])] for one in cells]).encode()
    except (ValueError, KeyError, TypeError):
        pass  # damaged, or no notebook: its bytes stand for it
    return hashlib.sha256(content).hexdigest()


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(content)
    os.replace(temporary, path)


def _variables() -> dict[str, str]:
    variables = environment.run_environment()
    paths = [str(ROOT / ".jupyter"), variables.get("JUPYTER_CONFIG_PATH", "")]
    variables["JUPYTER_CONFIG_PATH"] = os.pathsep.join(path for path in paths if path)
    return variables


def _asked_port(arguments: list[str]) -> int | None:
    found = re.findall(r"(?:^|\n)--(?:ServerApp\.)?port[=\n](\d+)(?=\n|$)", "\n".join(arguments))
    port = int(found[-1]) if found else 0
    return port if 0 < port < 65536 else None


def _require_free(port: int) -> None:
    """JupyterLab would silently take another port; say so instead."""
    problem = port_problem(port)
    if problem is None:
        return
    free = next((n for n in range(port + 1, 65536) if port_problem(n) is None), None)
    hint = f"; the next free one: --port {free}" if free else ""
    raise CourseError(f"port {port} is {problem}{hint}")


def port_problem(port: int) -> str | None:
    """Why JupyterLab cannot listen on this port of this machine, or None."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                if os.name == "posix":  # a port whose last user has just left is free
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "in use"
            if isinstance(error, PermissionError):
                return "not allowed for this user"
    return None
