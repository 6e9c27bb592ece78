"""Lesson 71, summary and outlook: cards are whole, results are today's, ids are what they say."""

from __future__ import annotations

import copy
import importlib
import json
import re
import tomllib
from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scripts import script_of

from course_utils import paths
from course_utils.errors import CourseError
from course_utils.recommend.codes import ResidualCodes
from course_utils.recommend.neighbours import item_neighbours

OUTLOOK = tomllib.loads((paths.ROOT / "docs" / "outlook.toml").read_text(encoding="utf-8"))
LESSON = (paths.SOLUTIONS / "71_summary_and_outlook.py").read_text(encoding="utf-8")
FIELDS = {
    *("name", "theme", "claim", "by", "date", "scale", "gain", "baseline", "shown", "open"),
    *("open_any", "others", "independent", "change", "source", "arxiv", "read"),
}
THEMES = {"generative", "scaling", "end to end", "language models", "agents"}
SHOWN = {"A/B", "offline", "randomised, no people"}


def _whole(outlook: dict[str, Any], text: str) -> bool:
    """Every card says who, when, at what scale, over what, shown how, and is in the references."""
    return all(
        set(one) == FIELDS
        and all(one[key] != "" for key in FIELDS)
        and one["theme"] in THEMES
        and one["shown"] in SHOWN
        and re.fullmatch(r"20\d\d-[01]\d", one["date"])
        and one["date"] <= outlook["as_of"]
        and re.fullmatch(r"\d{4}\.\d{5}", one["arxiv"])
        and f"https://arxiv.org/abs/{one['arxiv']}" in text
        for one in outlook["card"]
    )


def test_e83_an_outlook_says_who_when_at_what_scale_and_where() -> None:
    """E83: each field of each card, left out once, fails; so does a card that is not cited."""
    assert _whole(OUTLOOK, LESSON)
    assert {one["theme"] for one in OUTLOOK["card"]} == THEMES
    for at, one in enumerate(OUTLOOK["card"]):
        for key in FIELDS - {"independent", "open_any"}:
            broken = copy.deepcopy(OUTLOOK)
            broken["card"][at][key] = ""
            assert not _whole(broken, LESSON), (one["name"], key)
    assert not _whole(OUTLOOK, LESSON.replace("2507.15551", ""))
    assert not _whole(OUTLOOK | {"as_of": "2025-01"}, LESSON)


def test_a_forecast_can_be_scored() -> None:
    first = date.fromisoformat(f"{OUTLOOK['as_of']}-30")
    assert len(OUTLOOK["forecast"]) == 5
    for one in OUTLOOK["forecast"]:
        assert 0 < one["p"] < 1
        assert first < date.fromisoformat(one["until"]) <= date(2028, 12, 31)
        assert one["why"] and one["says"] and re.search(r"arXiv|github|keras|study", one["decided"])


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("next_product")


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    found = json.loads((paths.RESULTS / "next_product.json").read_text(encoding="utf-8"))
    return dict(found)


def test_every_shop_judged_every_part(script: ModuleType, kept: dict[str, Any]) -> None:
    for name in set(script.PARTS) & set(kept):
        if name.split(": ")[1] != "oracle":
            assert len(kept[name]["hit"]) == len(kept[name]["new"]) == len(script.SHOPS)


@pytest.fixture(scope="module")
def more(script: ModuleType) -> ModuleType:
    return script_of("next_product_more")


@pytest.fixture(scope="module")
def added() -> dict[str, Any]:
    found = json.loads((paths.RESULTS / "next_product_more.json").read_text(encoding="utf-8"))
    return dict(found)


@pytest.mark.parametrize("name", ["sales to date", "item KNN, fading"])
def test_a_rival_that_was_added_is_recomputed(
    script: ModuleType, more: ModuleType, added: dict[str, Any], name: str
) -> None:
    part, one = added[f"momentum: {name}"], script.market(0, "momentum")
    score, trials = more.PLAIN[name]
    assert part["search"]["chosen"] in trials
    again = script.judged(one, score(one, one.test, **part["search"]["chosen"]))
    assert again["hit"] == pytest.approx(part["hit"][0], abs=0.002)
    assert again["new"] == pytest.approx(part["new"][0], abs=0.01)


def test_sales_to_date_read_no_later_purchase(script: ModuleType, more: ModuleType) -> None:
    """What is sold after a row's time changes nothing; what was sold before it does."""
    one = script.market(0, "momentum")
    row = [one.test[0]]
    now = one.times[row[0][0]][row[0][1]]
    later = [
        np.where(when >= now, 0, product)
        for product, when in zip(one.bought, one.times, strict=True)
    ]
    earlier = [
        np.where(when < now, 0, product)
        for product, when in zip(one.bought, one.times, strict=True)
    ]
    before = more.to_date(one, row, 30)
    assert np.array_equal(before, more.to_date(replace(one, bought=later), row, 30))
    assert not np.array_equal(before, more.to_date(replace(one, bought=earlier), row, 30))


def test_fading_that_keeps_all_is_item_knn(script: ModuleType, more: ModuleType) -> None:
    one = script.market(0, "momentum")
    rows = one.test[:20]
    np.testing.assert_allclose(more.fading(one, rows, 100, 1.0), script.neighbours(one, rows, 100))


@pytest.fixture(scope="module")
def rivals() -> ModuleType:
    return script_of("next_product_rivals")


@pytest.mark.parametrize("name", ["EASE", "EASE, fading", "ALS", "Markov, first code"])
def test_a_model_of_who_bought_what_is_recomputed(
    script: ModuleType, rivals: ModuleType, name: str
) -> None:
    part, one = rivals.STORED.load()[f"momentum: {name}"], script.market(0, "momentum")
    score, trials = rivals.PLAIN[name]
    assert len(trials) == 4 and part["search"]["chosen"] in trials
    again = script.judged(one, score(one, one.test, **part["search"]["chosen"]))
    assert again["hit"] == pytest.approx(part["hit"][0], abs=0.002)
    assert again["new"] == pytest.approx(part["new"][0], abs=0.01)


def test_ease_is_a_ridge_regression_of_each_product_on_the_others(
    script: ModuleType, rivals: ModuleType
) -> None:
    one = script.market(0, "momentum")
    seen = rivals.taken(one)
    weights = rivals._weights(seen.tobytes(), seen.shape, 100)
    x, product = seen.astype(float), 7
    others = np.delete(x, product, axis=1)
    inner = others.T @ others + 100 * np.eye(others.shape[1])
    told = np.linalg.solve(inner, others.T @ x[:, product])
    np.testing.assert_allclose(np.delete(weights[:, product], product), told, atol=1e-9)
    assert weights[product, product] == 0


def test_the_table_of_first_codes_reads_no_kind(script: ModuleType, rivals: ModuleType) -> None:
    one = script.market(0, "momentum")
    rows, other = one.test[:20], replace(one, kind=np.zeros_like(one.kind))
    for score, trials in (
        rivals.PLAIN["Markov, first code"],
        rivals.PLAIN["Markov of first code x item KNN"],
    ):
        assert np.array_equal(score(one, rows, **trials[0]), score(other, rows, **trials[0]))


@pytest.mark.parametrize("name", ["popularity", "item KNN", "Markov, kinds"])
def test_a_small_part_is_recomputed(script: ModuleType, kept: dict[str, Any], name: str) -> None:
    part = kept[f"momentum: {name}"]
    again = script.tested(name, "momentum", part["search"]["chosen"], 0)
    assert again["hit"] == pytest.approx(part["hit"][0], abs=0.002)
    assert again["new"] == pytest.approx(part["new"][0], abs=0.01)
    assert again["hit"] <= kept["momentum: oracle"]["hit"][0] + 1e-9


def test_nobody_is_above_the_order_of_the_truth(
    kept: dict[str, Any], added: dict[str, Any], rivals: ModuleType
) -> None:
    for name, part in (kept | added | rivals.STORED.load()).items():
        if ": " in name:
            for what in {"hit", "new"} & part.keys():
                oracle = kept[f"{name.split(': ')[0]}: oracle"][what]
                assert np.all(np.array(part[what]) <= np.array(oracle) + 1e-9), name


def test_item_knn_is_the_packages(script: ModuleType) -> None:
    """For who has bought nothing since September, the same scores but for ties."""
    one = script.market(0, "momentum")
    taken = np.zeros((len(one.bought), len(one.kind)), dtype=bool)
    for user, bought in enumerate(script.training(one)):
        taken[user, bought] = True
    users = [0, 7, 30]
    rows = [(user, len(script.training(one)[user])) for user in users]
    ours = script.neighbours(one, rows, 1000) - 1e-6 * script.rates(one)
    np.testing.assert_allclose(ours, item_neighbours(taken, 1000)[users], atol=1e-6)


def test_the_generators_probabilities_are_those_of_all_ids(script: ModuleType) -> None:
    """Legal products have at most 1 together, and each has the product of its three steps."""
    tf = importlib.import_module("course_utils.backend").tf
    one = script.market(0, "momentum")
    network = script.NETWORKS["generative, semantic IDs"](one, 8, 0)
    hidden = network.read(tf.constant(script.windows(one, one.test[:4])))[:, -1]
    scores = network.all_scores(hidden)
    assert np.all(np.exp(scores).sum(axis=1) <= 1 + 1e-4)
    product = 123
    loss = network.loss_of(hidden, tf.fill([4], product)).numpy()
    np.testing.assert_allclose(scores[:, product], np.log(network.share[product]) - loss, rtol=1e-4)


def test_the_future_changes_no_state(script: ModuleType) -> None:
    tf = importlib.import_module("course_utils.backend").tf
    one = script.market(0, "momentum")
    network = script.NETWORKS["SASRec, IDs"](one, 8, 0)
    history = script.windows(one, one.test[:2])
    later = history.copy()
    later[:, -1] = (later[:, -1] + 1) % len(one.kind)
    before, after = (network.read(tf.constant(x)).numpy()[:, :-1] for x in (history, later))
    there = history[:, :-1] >= 0
    np.testing.assert_allclose(before[there], after[there], atol=1e-6)


def test_residual_codes_tell_more_with_each_level() -> None:
    draw = np.random.default_rng(0)
    vectors = draw.normal(size=(200, 6))
    fitted = ResidualCodes(4, 8, seed=1).fit(vectors)
    codes = fitted.codes(vectors)
    assert codes.shape == (200, 4) and codes.min() >= 0 and codes.max() <= 7
    left = []
    for level in range(5):
        told = sum((fitted.centres[at][codes[:, at]] for at in range(level)), np.zeros((200, 6)))
        left.append(float(((vectors - told) ** 2).sum()))
    assert all(later < earlier for earlier, later in pairwise(left))
    np.testing.assert_allclose(fitted.told(codes), told)
    new = draw.normal(size=(5, 6))
    alone = np.concatenate([fitted.codes(row[None]) for row in new])
    assert np.array_equal(fitted.codes(new), alone), "alone as in a batch"


def test_residual_codes_refuse_what_they_cannot_do() -> None:
    with pytest.raises(CourseError, match="levels and size"):
        ResidualCodes(0, 4)
    with pytest.raises(CourseError, match="fewer than the 8 centres"):
        ResidualCodes(2, 8).fit(np.zeros((3, 2)))
