"""The small market by its rows: made by today's code, recomputed in a small version."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from course_utils import paths
from course_utils.authoring.fingerprint import code_hash
from course_utils.comparison import BAYES_LIMIT


@pytest.fixture(scope="module")
def script() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(paths.ROOT / "benchmarks"))
        return importlib.import_module("scenario_rows")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(script.RESULTS.read_text(encoding="utf-8"))
    return found


def test_todays_code_made_it(script: ModuleType, kept: dict[str, Any]) -> None:
    assert kept["code"] == code_hash(script.code_files()), "run python benchmarks/scenario_rows.py"
    assert [one["rows"] for one in kept["parts"]] == list(script.ROWS)
    assert kept["seeds"] == list(script.SEEDS)
    assert "tensorflow-cpu" in kept["machine"]


def test_a_changed_line_is_noticed(script: ModuleType, tmp_path: Path) -> None:
    files = script.code_files()
    star = paths.ROOT / "course_utils" / "layers" / "star.py"
    changed = tmp_path / "star.py"
    changed.write_text(star.read_text(encoding="utf-8").replace("1e-3", "1e-5"), encoding="utf-8")
    assert code_hash(files) != code_hash(files, {star: changed})
    # A changed remark is none.
    changed.write_text("# A remark.\n" + star.read_text(encoding="utf-8"), encoding="utf-8")
    assert code_hash(files) == code_hash(files, {star: changed})


def test_a_small_version_is_recomputed(script: ModuleType, kept: dict[str, Any]) -> None:
    again = script.small()
    assert list(again) == list(kept["small"])
    np.testing.assert_allclose(list(again.values()), list(kept["small"].values()), atol=0.01)


def test_nothing_orders_better_than_the_truth(kept: dict[str, Any]) -> None:
    for part in kept["parts"]:
        for auc in part["auc"].values():
            assert len(auc) == len(kept["seeds"])
            assert (np.array(auc) <= np.array(part["auc"][BAYES_LIMIT]) + 1e-5).all()


def test_only_the_small_market_grows(script: ModuleType) -> None:
    few, more = (script.case(0, n) for n in script.ROWS[:2])
    for one, n in ((few, script.ROWS[0]), (more, script.ROWS[1])):
        counts = np.bincount(one.split.train.scenario, minlength=script.MARKETS)
        assert counts[script.SMALL] == n and counts.sum() == n + script.OTHERS
        assert (one.split.test.scenario == script.SMALL).all()
    np.testing.assert_array_equal(few.truth["click"], more.truth["click"])
