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
import pandas as pd
from course_utils.search.match import match_scores
from course_utils.shop import Shop
from course_utils.shop.tables import committed_tables, csv_bytes
from turned import turned_tables
tables = committed_tables()
tables["markets"] = Shop().markets(20_000, scenarios=50)
shop = Shop()
log = shop.log(20_000)
tables["past"] = shop.past(log, by_category=True)
tables["visible"] = shop.visible_probabilities(log).round(6)
matched = match_scores(log, shop.queries, shop.listings).round(6)
tables["match"] = pd.DataFrame({"match": matched})
plain = {k: hashlib.sha256(csv_bytes(t)).hexdigest() for k, t in tables.items()}
print(json.dumps([plain, turned_tables()]))
"""

MADE = {
    "markets": "d987fdd49c05c43b1a942bf39b2d2ab6d26ed8ec54e83a7d11beb4873659fcde",
    "past": "bf2f06a7ba955bd204b323f391ff8c9881eacd84c7d3bbea5a1a2cb90f89cf03",
    "visible": "6b8154d3a0383c222f81a3552717246c3ca8fce307cca21c40855accd3d48d6c",
    "match": "786e08ef912caf6287d7ecc9f60ae8e79e6cc9cacb4f18d73e1aaa680471038f",
}
"""Tables that no file holds. A change here is a new version: recorded evidence is made anew."""


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
    plain, turned = json.loads(done.stdout)
    assert plain == {entry["name"]: entry["sha256"] for entry in manifest} | MADE
    assert turned == TURNED
