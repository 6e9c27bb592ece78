"""The lessons that recent changes touch, for the runs that are too long for all of them.

A plugin of pytest: ``--touched`` leaves out every other lesson's notebook. A lesson is touched
by a change of its source, notebooks, tasks, answers or recorded bands, of any module of
``course_utils`` that it imports directly or through others, and of the lock.
"""

from __future__ import annotations

import ast
import functools
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import grimp
import pytest

from course_utils import paths

PACKAGE = "course_utils"
LOCK = "requirements.lock"
A_DAY = 24 * 60 * 60
# Where a file stands that belongs to one lesson, whose number is in its path.
_OWN = re.compile(
    r"(?:solutions|notebooks)/(\d\d)_[^/]*"
    r"|(?:checks/l|course_utils/exercises/l|solutions/answers/l)(\d\d)(?:\.py|/.*)"
    r"|results/lessons/(\d\d)\.json"
)


def git(root: Path, *arguments: str) -> str | None:
    """What git says in a folder; None where it fails or is not installed."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout


def base(root: Path) -> str | None:
    """The newest commit that is more than a day older than HEAD; None if there is none."""
    head = git(root, "log", "-1", "--format=%ct")
    if head is None:
        return None
    before = git(root, "rev-list", "-1", f"--before={int(head) - A_DAY - 1}", "HEAD")
    return (before or "").strip() or None


def changed_since(root: Path, commit: str) -> set[str] | None:
    """The files changed, added or deleted since a commit, committed or not; None without it."""
    differ = git(root, "diff", "--name-only", "--no-renames", "-z", commit, "--")
    new = git(root, "ls-files", "--others", "--exclude-standard", "-z")
    if differ is None or new is None:
        return None
    return {name for name in (differ + new).split("\0") if name}


def needed_by(modules: Iterable[str], graph: grimp.ImportGraph) -> set[str]:
    """These modules, what they import directly or through others, and all their packages.

    To import a module is to import the packages that it is in, with all that those import.
    """
    found: set[str] = set()
    waiting = {module for module in modules if module in graph.modules}
    while waiting:
        module = waiting.pop()
        found.add(module)
        parent = module.rpartition(".")[0]
        next_ones = graph.find_modules_directly_imported_by(module) | (
            {parent} if parent else set()
        )
        waiting |= next_ones - found
    return found


def imported_by(source: Path) -> set[str]:
    """The modules that a lesson's source, or a check, may import: a name of its may be one."""
    found = set()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
    return found


def modules_of(file: str) -> set[str]:
    """The module in a file of the package; of data beside modules, the package they are in."""
    path = Path(file)
    if path.parts[0] == "datasets":
        return {f"{PACKAGE}.datasets"}
    if path.parts[0] != PACKAGE:
        return set()
    parts = list(path.parts[:-1])
    if path.suffix == ".py" and path.stem != "__init__":
        parts.append(path.stem)
    return {".".join(parts)}


def lessons(changed: set[str], root: Path = paths.ROOT) -> set[str]:
    """The numbers of the lessons that a change of these files touches."""
    sources = {one.name[:2]: one for one in (root / "solutions").glob("[0-9][0-9]_*.py")}
    if LOCK in changed:
        return set(sources)
    own = {
        number for name in changed if (found := _OWN.fullmatch(name)) for number in found.groups()
    }
    modules = set().union(*map(modules_of, changed))
    graph = grimp.build_graph(PACKAGE, cache_dir=None)
    touched = own & set(sources)
    for number, source in sources.items():
        # The engine finds a lesson's tasks by its number: no import says so.
        tasks = f"{PACKAGE}.exercises.l{number}"
        starts = imported_by(source) | {
            one for one in graph.modules if one == tasks or one.startswith(f"{tasks}.")
        }
        for check in (root / "checks" / f"l{number}").glob("*.py"):
            starts |= imported_by(check)
        if needed_by(starts, graph) & modules:
            touched.add(number)
    return touched


@functools.cache
def lessons_since(commit: str | None) -> set[str] | None:
    """The lessons touched since a commit, or since ``base``; None for all of them.

    Raises ``UsageError`` for a commit that git does not know.
    """
    since = commit or base(paths.ROOT)
    changed = changed_since(paths.ROOT, since) if since else None
    if changed is None:
        if commit:
            raise pytest.UsageError(f"--since {commit}: git knows no such commit here")
        return None
    return lessons(changed)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lessons")
    group.addoption(
        "--touched", action="store_true", help="Of the lessons, only what recent changes touch."
    )
    group.addoption(
        "--since",
        metavar="REF",
        help="The commit that --touched compares with. By default the newest one that is more "
        "than a day older than the last; all lessons if there is none.",
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave a lesson out that is not touched."""
    number = collection_path.name[:2]
    if not config.option.touched or collection_path.suffix != ".ipynb" or not number.isdigit():
        return None
    touched = lessons_since(config.option.since)
    return True if touched is not None and number not in touched else None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """No lesson touched is no failure."""
    if session.config.option.touched and session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
        session.exitstatus = pytest.ExitCode.OK


def pytest_report_header(config: pytest.Config) -> str | None:
    """Which lessons run."""
    if not config.option.touched:
        return None
    touched = lessons_since(config.option.since)
    return f"lessons touched: {'all' if touched is None else ', '.join(sorted(touched)) or 'none'}"
