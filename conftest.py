"""What every test run does: the settings, the plugins in ``tests/``, two workers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Before a kernel starts: it inherits the settings. A test never reads or writes my/.
import course_utils  # noqa: F401  (fixes the settings)

os.environ["COURSE_UTILS_PROGRESS"] = "off"
os.environ["COURSE_UTILS_SLIDERS"] = "off"
os.environ["PYTHONPATH"] = str(Path(__file__).parent)

pytest_plugins = ["lesson_run", "real_cells", "budget", "touched"]


@pytest.hookimpl
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two where there are two cores and more than one file; none else, for a worker costs time."""
    asked = {str(one).split("::")[0] for one in config.args}
    one_file = len(asked) == 1 and Path(asked.pop()).suffix in (".py", ".ipynb")
    cores = os.cpu_count() or 1
    return 2 if cores > 1 and not one_file else 0
