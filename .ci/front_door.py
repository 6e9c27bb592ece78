"""README's two commands as a new reader types them; then the tests once more without a network.

    python3 .ci/front_door.py

The commands are taken from README. They run in this clone, which nobody has used yet, with an empty
home. Without a network, a second clone on the same packages has to pass as well: it has no data.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MADE_BY_THE_COMMANDS = (".venv", ".cache", "my")
PATIENCE = 900.0
"""Seconds for the set-up and the start of JupyterLab on a slow machine; nothing is measured."""

LESSONS = ("notebooks/1[34]_*.ipynb", "solutions/12_*.ipynb")
"""Three that read real data, run without a network."""
SLOW = ("balanced_training", "browser*", "nbval_bites", "proofs", "training*", "when*", "workers")
"""Tests that are left out there: they take long, and read no data or are skipped without it."""

Variables = dict[str, str]


def commands(readme: str) -> tuple[list[str], list[str]]:
    """README's two commands: the last lines of two of its blocks."""
    blocks = re.findall(r"^```\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    last = [block.strip().splitlines()[-1].split() for block in blocks if block.strip()]
    [lab] = [line for line in last if line[1:] == ["-m", "course_utils", "lab"]]
    [test] = [line for line in last if line[1:] == ["-m", "course_utils", "test"]]
    # README says that on some systems `python` has another name.
    return [sys.executable, *lab[1:]], [sys.executable, *test[1:]]


def run(command: Sequence[str], clone: Path, variables: Variables) -> None:
    """One step, shown with its seconds; ends the script where it fails."""
    print(f"$ {shlex.join(command)}", flush=True)
    started = time.monotonic()
    code = subprocess.run(command, cwd=clone, env=variables).returncode
    print(f"  {time.monotonic() - started:.0f} s", flush=True)
    if code:
        raise SystemExit(f"FAILED with exit code {code}: {shlex.join(command)}")


def open_a_lesson(command: Sequence[str], variables: Variables) -> None:
    """Run ``lab`` until JupyterLab gives the lesson; ends the script where it does not."""
    print(f"$ {shlex.join(command)}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("w") as output:
            # In a session of its own, so that one signal ends all that it started.
            lab = subprocess.Popen(
                command,
                cwd=ROOT,
                env=variables,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            while not (opened := answer(log.read_text())):
                if lab.poll() is not None or time.monotonic() - started > PATIENCE:
                    raise SystemExit(f"FAILED: no lesson answered.\n{log.read_text()}")
                time.sleep(0.5)
        finally:
            if lab.poll() is None:
                os.killpg(lab.pid, signal.SIGTERM)
                lab.wait(timeout=60)
        print(log.read_text().partition("Opening")[0], end="")
    print(f"  {opened}; {time.monotonic() - started:.0f} s", flush=True)


def answer(log: str) -> str | None:
    """What JupyterLab gives for the lesson that ``lab`` opens; None while it gives nothing."""
    lesson = re.search(r"^Opening (my/\S+);", log, re.MULTILINE)
    server = re.search(r"(http://(?:localhost|127\.0\.0\.1):\d+)/\S*\btoken=(\w+)", log)
    if lesson is None or server is None:
        return None
    address = f"{server.group(1)}/api/contents/{lesson.group(1)}?token={server.group(2)}"
    try:
        with urllib.request.urlopen(address, timeout=10) as found:
            cells = json.load(found)["content"]["cells"]
    except (OSError, ValueError, KeyError):
        return None
    return f"{lesson.group(1)} is there, with {len(cells)} cells"


def without_network(command: Sequence[str], variables: Variables) -> None:
    """The fast tests and three lessons on a clone of their own, where only loopback exists."""
    inside = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    alone = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"]), *inside]
    if not all(map(shutil.which, ("unshare", "ip"))):
        print("!!! NOT TRIED: the tests without a network (no unshare, or no ip, on this machine)")
        return
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "clone")
        run(["git", "clone", "--quiet", str(ROOT), str(clone)], ROOT, variables)
        (clone / ".venv").symlink_to(ROOT / ".venv")
        lessons = [str(one.relative_to(clone)) for name in LESSONS for one in clone.glob(name)]
        slow = [f"--ignore-glob=tests/test_{name}.py" for name in SLOW]
        # CI fails where a cell is skipped for want of data. Here each of them is.
        offline = {name: value for name, value in variables.items() if name != "CI"}
        run([*alone, *command, *lessons, "tests", *slow], clone, {**offline, "HOME": folder})


def main() -> None:
    """Everything, in the order of a reader."""
    if found := [name for name in MADE_BY_THE_COMMANDS if (ROOT / name).exists()]:
        raise SystemExit(f"Already here: {', '.join(found)}. Run this on a fresh clone.")
    lab, test = commands((ROOT / "README.md").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as home:
        variables = {**os.environ, "HOME": home}
        open_a_lesson([*lab, "--no-browser"], variables)
        run(test, ROOT, variables)
        without_network(test, variables)


if __name__ == "__main__":
    main()
