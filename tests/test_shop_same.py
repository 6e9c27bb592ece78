"""The shop's tables come out the same on another CPU's kernels and with more threads."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys

import pytest
from cpu import AVX2_ONE_THREAD, TWO_THREADS_ONEDNN
from turned import TURNED

from course_utils import paths

MAKE = """
import hashlib, json
from course_utils.shop.tables import committed_tables, csv_bytes
from turned import turned_tables
tables = committed_tables()
committed = {k: hashlib.sha256(csv_bytes(t)).hexdigest() for k, t in tables.items()}
print(json.dumps([committed, turned_tables()]))
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
        env={**os.environ, **environment, "PYTHONPATH": str(paths.ROOT / "tests")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    manifest = json.loads((paths.DATASETS / "manifest.json").read_text(encoding="utf-8"))
    committed, turned = json.loads(done.stdout)
    assert committed == {entry["name"]: entry["sha256"] for entry in manifest}
    assert turned == TURNED
