"""The optional runner of the small language model: installed from its lock, and tried.

    .venv/bin/python .ci/generator.py

An environment of its own, removed at the end, sees the packages of this Python, its pip among them;
what it installs does not reach them. The weights come into .cache. What was stored must be written
again.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        scripts = Path(folder, "Scripts" if os.name == "nt" else "bin")
        python = str(scripts / "python")
        # A .pth file, as conftest.py sets PYTHONPATH for what the tests start.
        own = Path(sysconfig.get_path("purelib", vars={"base": folder}))
        (own / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n")
        environment = {**os.environ, "GENERATOR": "needed"}
        for what in ("course_utils.generator", "pytest -q -n 0 tests/test_generator.py"):
            command = [python, "-m", *what.split()]
            code = subprocess.run(command, cwd=ROOT, env=environment).returncode
            if code:
                return code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
