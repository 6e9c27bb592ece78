"""The small market by its rows: made by today's code, recomputed in a small version."""

from __future__ import annotations

import json
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scripts import script_of

from course_utils.comparison import BAYES_LIMIT


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("scenario_rows")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(script.RESULTS.read_text(encoding="utf-8"))
    return found


def test_todays_code_made_it(script: ModuleType, kept: dict[str, Any]) -> None:
    assert kept["code"] == script.code(), "run python benchmarks/scenario_rows.py"
    assert [one["rows"] for one in kept["parts"]] == list(script.ROWS)
    assert kept["seeds"] == list(script.SEEDS)
    assert "tensorflow-cpu" in kept["machine"]


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


def test_star_without_a_part_does_not_read_it(script: ModuleType) -> None:
    table = script.case(0, 500).split.test.take(np.arange(64))
    for build, part in (
        (script.WithoutNorm, lambda n: n.norm.mean),
        (script.WithoutAux, lambda n: n.scenario.embeddings),
    ):
        network = build(table.columns, ["click"], trunk=(32,), tower=())
        before = np.asarray(network(table.inputs)["click"])
        part(network).assign(part(network) + 1.0)
        np.testing.assert_array_equal(network(table.inputs)["click"], before)
    ones = script.FactorsAtOne(table.columns, ["click"], trunk=(32,), tower=())
    paths_of = [weight.path for weight in ones.trainable_variables]
    assert not any("own_kernel" in path for path in paths_of)
    assert any("own_bias" in path for path in paths_of)


def test_a_logistic_regression_alone_knows_no_other_market(script: ModuleType) -> None:
    """Labels of the other markets turned round change nothing in the small one."""
    split = script.case(0, 500).split
    alone = next(one for one in script.contenders() if one.name.endswith("one for each scenario"))
    other = split.train.scenario != script.SMALL
    turned = {
        "click": np.where(other, 1 - split.train.labels["click"], split.train.labels["click"])
    }
    changed = replace(split, train=replace(split.train, labels=turned))
    said, again = (alone.fit(one, 0, {"C": 0.1}, ["click"], "test") for one in (split, changed))
    np.testing.assert_array_equal(said["click"], again["click"])
