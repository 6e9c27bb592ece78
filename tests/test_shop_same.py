"""The committed tables come out the same on another CPU's kernels and with more threads."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys

import pytest
from cpu import AVX2_ONE_THREAD, TWO_THREADS_ONEDNN

from course_utils import paths

MAKE = """
import hashlib, json
from course_utils.shop.tables import committed_tables, csv_bytes
tables = committed_tables()
print(json.dumps({k: hashlib.sha256(csv_bytes(t)).hexdigest() for k, t in tables.items()}))
"""


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="AVX2 is x86's")
@pytest.mark.parametrize(
    "environment",
    [AVX2_ONE_THREAD, TWO_THREADS_ONEDNN],
    ids=["AVX2-one-thread", "two-threads"],
)
def test_same_tables(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MAKE],
        cwd=paths.ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    manifest = json.loads((paths.DATASETS / "manifest.json").read_text(encoding="utf-8"))
    assert json.loads(done.stdout) == {entry["name"]: entry["sha256"] for entry in manifest}
