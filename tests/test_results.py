"""Committed results: made by today's code, recomputed in a small version, shown as they are."""

from __future__ import annotations

import importlib
import json
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from course_utils import paths
from course_utils.authoring.fingerprint import code_hash


@pytest.fixture(scope="module")
def script() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(paths.ROOT / "benchmarks"))
        return importlib.import_module("networks_on_shop")


@pytest.fixture(scope="module")
def found(script: ModuleType) -> dict[str, Any]:
    return json.loads(script.RESULTS.read_text(encoding="utf-8"))


def test_todays_code_made_them(script: ModuleType, found: dict[str, Any]) -> None:
    assert found["code"] == code_hash(script.code_files()), (
        "run python benchmarks/networks_on_shop.py"
    )


def test_a_changed_line_is_noticed_a_changed_comment_is_not(
    script: ModuleType, tmp_path: Any
) -> None:
    before = code_hash(script.code_files())
    file = paths.ROOT / "course_utils" / "models" / "losses.py"
    text = file.read_text(encoding="utf-8")
    copy = tmp_path / "losses.py"
    copy.write_text("# A remark.\n" + text.replace('"""Losses', '"""All ü'), encoding="utf-8")
    assert code_hash(script.code_files(), {file: copy}) == before
    copy.write_text(text.replace("1e-7", "1e-6"), encoding="utf-8")
    assert code_hash(script.code_files(), {file: copy}) != before


def test_a_small_version_is_recomputed(script: ModuleType, found: dict[str, Any]) -> None:
    again = script.small()
    assert list(again) == list(found["small"])
    for name, row in again.items():
        for cell, values in row.items():
            if cell.startswith("click,"):  # purchases are too few here to be stable
                want = found["small"][name][cell]
                np.testing.assert_allclose(values, want, atol=0.01, err_msg=f"{name}, {cell}")


def test_the_page_shows_them(script: ModuleType, found: dict[str, Any]) -> None:
    assert script.PAGE.read_text(encoding="utf-8").endswith(f"\n{script.tables(found)}\n")


def test_every_network_stands_beside_twin_and_limit(found: dict[str, Any]) -> None:
    results = found["results"]
    assert len(results) == 13 and {"SingleTask", "Bayes limit"} <= set(results)
    for name, row in results.items():
        assert all(len(values) == len(found["seeds"]) for values in row.values())
        for cell, values in row.items():
            assert np.mean(values) <= np.mean(results["Bayes limit"][cell]), (name, cell)
