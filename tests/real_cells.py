"""What needs real data or a pretrained model: fetched first, else skipped and named at the end.

A plugin of pytest. What the collected files need is fetched before anything runs. Where there is
no network the run goes on: cells on real data are skipped, and the end of the run names them, and
the claims that were not held with them. Where CI is set, a skipped cell fails the run.
"""

from __future__ import annotations

import functools
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from cached import NOT_CACHED
from lesson_run import NOT_HELD

from course_utils.datasets import real

REAL_DATA = "real-data"
CELL = "cell without data"
MODEL_ROOMS = ("course_utils.encoder", "course_utils.generator")
_LOADED = re.compile(r"""\bload\(\s*["'](\w+)["']""")
_QUOTED = re.compile(r"""["'](\w+)["']""")


def tags(item: pytest.Item) -> list[str]:
    """The tags of a notebook's cell; none for any other test."""
    cell = getattr(item, "cell", None)
    return list(cell.metadata.get("tags", [])) if cell is not None else []


def needs_of(notebook: Path) -> set[str]:
    """The real sets that a lesson names in ``load("...")`` and the models that it names.

    All sets, where it names none of both.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    named = set(_LOADED.findall(code)) & set(real.REAL_SETS)
    if any(room in code for room in MODEL_ROOMS):
        named |= set(re.findall(r"\w+", code)) & set(real.MODELS)
    return named or set(real.REAL_SETS)


def needs_of_file(file: Path) -> set[str]:
    """What the cells on real data of a notebook need, or the tests of a file that ask for data."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".ipynb":
        return needs_of(file) if f'"{REAL_DATA}"' in text else set()
    if "from cached import needs" in text:
        return set(_QUOTED.findall(text)) & set(real.REAL_SETS | real.MODELS)
    return set()


def collected_files(config: pytest.Config) -> Iterator[Path]:
    """The notebooks and files of tests that pytest's arguments name, or that are below them."""
    for argument in config.args:
        path = config.invocation_params.dir / argument.partition("::")[0]
        if path.is_dir():
            yield from (*path.rglob("*.ipynb"), *path.rglob("test_*.py"))
        elif path.is_file():
            yield path


class RealCells:
    """Fetches, skips, and counts by the reports: a worker of xdist sends no more.

    Attributes:
        cells, tests: what was skipped, by file.
        claims: what was not held with the cells, by notebook.
    """

    def __init__(self) -> None:
        self.cells: dict[str, list[str]] = defaultdict(list)
        self.claims: dict[str, list[str]] = defaultdict(list)
        self.tests: dict[str, list[str]] = defaultdict(list)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Before the workers of xdist start, which find the data in the cache or do without."""
        config = session.config
        if hasattr(config, "workerinput") or config.option.collectonly:
            return
        needed = set().union(*map(needs_of_file, collected_files(config)))
        capture = config.pluginmanager.getplugin("capturemanager")
        # The bar is for the terminal, which pytest keeps from what runs.
        with capture.global_and_fixture_disabled():
            try:
                real.fetch_all(sorted(needed))
            except real.NotPinnedError as error:
                pytest.exit(str(error), returncode=pytest.ExitCode.TESTS_FAILED)
            except real.DataError as error:
                print(f"{error}\nWhat needs the missing data is skipped and named at the end.")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        is_cached = functools.cache(real.is_cached)
        needs_of_notebook = functools.cache(needs_of)
        for item in items:
            if REAL_DATA not in tags(item):
                continue
            missing = [name for name in sorted(needs_of_notebook(item.path)) if not is_cached(name)]
            if missing:
                item.add_marker(pytest.mark.skip(reason=f"{NOT_CACHED}: {', '.join(missing)}"))
                item.user_properties.append((CELL, item.cell.id))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        properties = dict(report.user_properties)
        file, _, name = report.nodeid.partition("::")
        if report.when == "call" and properties.get(NOT_HELD):
            self.claims[file] += properties[NOT_HELD]
        if not report.skipped or NOT_CACHED not in str(report.longrepr):
            return
        if CELL in properties:
            self.cells[file].append(properties[CELL])
        else:
            self.tests[file].append(name)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if (self.cells or self.tests) and os.environ.get("CI") == "true":
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        kinds = {"cells": self.cells, "claims": self.claims, "tests": self.tests}
        counts = [f"{sum(map(len, found.values()))} {kind}" for kind, found in kinds.items()]
        files = sorted({*self.cells, *self.claims, *self.tests})
        if not files:
            return
        terminalreporter.section("skipped for want of real data or a model")
        for file in files:
            named = [
                f"{kind} {', '.join(found[file])}"
                for kind, found in kinds.items()
                if found.get(file)
            ]
            terminalreporter.write_line(f"{file}: {'; '.join(named)}")
        terminalreporter.write_line(
            f"not held to account: {', '.join(counts)}; to fetch what they need: "
            ".venv/bin/python -m course_utils.datasets"
        )


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RealCells())
