"""What every test run does: the fixed settings, the real-data cells, the budget table."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

# Before a kernel starts: it inherits the settings. A test never reads or writes my/.
import course_utils  # noqa: F401  (fixes the settings)
from course_utils.datasets import real

os.environ["COURSE_UTILS_PROGRESS"] = "off"
os.environ["PYTHONPATH"] = str(Path(__file__).parent)

NOT_COMPARED = "nbval-ignore-output"
REAL_DATA = "real-data"
_LOADED = re.compile(r"""\bload\(\s*["'](\w+)["']""")
_missing_data: list[str] = []


def _tags(item: pytest.Item) -> list[str]:
    cell = getattr(item, "cell", None)
    return list(cell.metadata.get("tags", [])) if cell is not None else []


def real_sets_of(notebook: Path) -> set[str]:
    """The real sets that a lesson names in ``load("...")``; all, where it names none."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    return set(_LOADED.findall(code)) & set(real.REAL_SETS) or set(real.REAL_SETS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Cells on real data run only where the real sets of their lesson are in the cache."""
    missing: dict[Path, list[str]] = {}
    for item in items:
        if REAL_DATA not in _tags(item):
            continue
        if item.path not in missing:
            needed = sorted(real_sets_of(item.path))
            missing[item.path] = [name for name in needed if not real.is_cached(name)]
        if missing[item.path]:
            why = f"not in the cache: {', '.join(missing[item.path])}"
            item.add_marker(pytest.mark.skip(reason=why))
            _missing_data.append(item.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """CI fetches the data first: a cell skipped there is a failure."""
    if _missing_data and os.environ.get("CI") == "true" and not session.config.option.collectonly:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@dataclass
class Row:
    """One line of the budget table."""

    seconds: float = 0.0
    pss: int = 0
    cells: int = 0
    compared: int = 0


class Budget:
    """Measures what each notebook costs. Nothing is asserted about time."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = defaultdict(Row)
        self.proofs = 0
        self._current: str | None = None
        threading.Thread(target=self._sample, daemon=True).start()

    def _sample(self) -> None:
        """Every half second: the proportional memory of all processes below this one."""
        me = psutil.Process()
        while True:
            name = self._current
            if name is not None:
                total = 0
                for child in me.children(recursive=True):
                    try:
                        memory = child.memory_full_info()
                    except psutil.Error:
                        continue
                    # Only Linux knows the proportional size.
                    total += getattr(memory, "pss", memory.rss)
                self.rows[name].pss = max(self.rows[name].pss, total)
            time.sleep(0.5)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item):
        if hasattr(item, "cell"):
            self._current = item.nodeid.split("::")[0]
            row = self.rows[self._current]
            row.cells += 1
            row.compared += NOT_COMPARED not in _tags(item)
        started = time.perf_counter()
        try:
            return (yield)
        finally:
            if self._current is not None:
                self.rows[self._current].seconds += time.perf_counter() - started
                self._current = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.proofs += sum(n for name, n in report.user_properties if name == "proofs")

    def pytest_terminal_summary(self, terminalreporter) -> None:
        write = terminalreporter.write_line
        if self.rows:
            terminalreporter.section("budget: 20 s median, at most 60 s and 1.5 GB a lesson")
            write(f"{'notebook':<46}{'seconds':>8}{'PSS MB':>8}{'cells':>7}{'compared':>10}")
            for name, row in sorted(self.rows.items()):
                numbers = (
                    f"{row.seconds:>8.1f}{row.pss / 2**20:>8.0f}{row.cells:>7}{row.compared:>10}"
                )
                write(f"{name:<46}{numbers}")
        write(f"proofs of checks run: {self.proofs}")
        if _missing_data:
            write(f"cells on real data skipped: {len(_missing_data)}; to fetch the data:")
            write("  .venv/bin/python -m course_utils.datasets")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Budget())
