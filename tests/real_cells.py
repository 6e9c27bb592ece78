"""Cells on real data, or with a pretrained model, run where what their lesson needs is cached.

A plugin of pytest. Elsewhere they are skipped and counted; where CI is set, which fetches the
data first, a skipped one fails the run.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from course_utils.datasets import real

REAL_DATA = "real-data"
MISSING = "missing data"
MODEL_ROOMS = ("course_utils.encoder", "course_utils.generator")
_LOADED = re.compile(r"""\bload\(\s*["'](\w+)["']""")


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


class RealCells:
    """Skips the cells, and counts them by their reports: a worker of xdist sends no more."""

    def __init__(self) -> None:
        self.skipped = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        missing: dict[Path, list[str]] = {}
        for item in items:
            if REAL_DATA not in tags(item):
                continue
            if item.path not in missing:
                needed = sorted(needs_of(item.path))
                missing[item.path] = [name for name in needed if not real.is_cached(name)]
            if missing[item.path]:
                why = f"not in the cache: {', '.join(missing[item.path])}"
                item.add_marker(pytest.mark.skip(reason=why))
                item.user_properties.append((MISSING, why))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "setup":
            self.skipped += MISSING in dict(report.user_properties)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped and os.environ.get("CI") == "true":
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.skipped:
            terminalreporter.write_line(
                f"cells on real data skipped: {self.skipped}; to fetch the data:"
            )
            terminalreporter.write_line("  .venv/bin/python -m course_utils.datasets")
            terminalreporter.write_line("  .venv/bin/python -m course_utils.encoder")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(RealCells())
