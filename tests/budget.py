"""The table of what each notebook costs. Nothing is asserted about it.

A plugin of pytest. What a process measures travels with the reports of its tests, so the table
is the same whether the tests run in this process or in workers of xdist, and is printed once.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass

import psutil
import pytest
from lessons import NOT_COMPARED
from real_cells import tags


@dataclass
class Row:
    """One line of the table."""

    seconds: float = 0.0
    pss: int = 0
    cells: int = 0
    compared: int = 0


class Memory:
    """The proportional memory of the processes below this one, twice a second, its peak."""

    def __init__(self) -> None:
        self.peak = 0
        self._is_on = threading.Event()
        threading.Thread(target=self._sample, daemon=True).start()

    def __enter__(self) -> Memory:
        self.peak = 0
        self._is_on.set()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_on.clear()

    def _sample(self) -> None:
        me = psutil.Process()
        while self._is_on.wait():
            total = 0
            for child in me.children(recursive=True):
                try:
                    memory = child.memory_full_info()
                except psutil.Error:
                    continue
                # Only Linux knows the proportional size.
                total += getattr(memory, "pss", memory.rss)
            self.peak = max(self.peak, total)
            time.sleep(0.5)


class Budget:
    """Collects the rows from the reports, and prints them."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = defaultdict(Row)
        self.totals: dict[str, int] = defaultdict(int)
        self._memory: Memory | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        if not hasattr(item, "cell"):
            return (yield)
        item.user_properties.append(("compared", NOT_COMPARED not in tags(item)))
        self._memory = self._memory or Memory()
        with self._memory:
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if hasattr(item, "cell") and self._memory is not None:
            report.user_properties.append(("pss", self._memory.peak))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        properties = dict(report.user_properties)
        name = report.nodeid.split("::")[0]
        if "pss" in properties:
            row = self.rows[name]
            row.pss = max(row.pss, properties["pss"])
            row.cells += report.when == "setup"
            row.compared += report.when == "setup" and properties["compared"]
        if name.endswith(".ipynb"):
            self.rows[name].seconds += report.duration
        if report.when == "call":
            for kind in ("proofs", "changes", "bands"):
                self.totals[kind] += sum(n for key, n in report.user_properties if key == kind)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        write = terminalreporter.write_line
        if self.rows:
            terminalreporter.section("budget: 20 s median, at most 60 s and 1.5 GB a lesson")
            write(f"{'notebook':<46}{'seconds':>8}{'PSS MB':>8}{'cells':>7}{'compared':>10}")
            for name, row in sorted(self.rows.items()):
                numbers = (
                    f"{row.seconds:>8.1f}{row.pss / 2**20:>8.0f}{row.cells:>7}{row.compared:>10}"
                )
                write(f"{name:<46}{numbers}")
            write(
                f"changes to their outputs that the comparison refused: {self.totals['changes']}, "
                f"bands held against the run: {self.totals['bands']}"
            )
        write(f"proofs of checks run: {self.totals['proofs']}")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Budget())
