"""Lesson 31's stored results: a small part of each made again."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from cached import needs
from scipy import stats
from scripts import script_of, stored_by

from course_utils import paths
from course_utils.metrics import paired_interval

SCRIPTS = (
    "size_and_data",
    "small_and_large",
    "unstopped",
    "search_rivals",
    "noisy_labels",
    "text_rivals",
    "size_reasons",
    "small_unstopped",
    "search_corrected",
    "search_language_model",
)
NEEDS = {
    "search_rivals": "product_taxonomy",
    "noisy_labels": "clothing_reviews",
    "text_rivals": "clothing_reviews",
    "search_corrected": "product_taxonomy",
    "search_language_model": "product_taxonomy",
}
"""Script -> the real set without which its small part cannot be made again."""


def _values(of: Any) -> list[float]:
    """The numbers of a small part, whatever holds them."""
    if isinstance(of, dict):
        return [number for one in of.values() for number in _values(one)]
    return [float(one) for one in np.atleast_1d(of)]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_small_version_is_recomputed(name: str) -> None:
    if name in NEEDS:
        needs(NEEDS[name])
    small, kept = script_of(name).PARTS["small"], stored_by(name)["small"]
    again = script_of("parts").given(small)()
    np.testing.assert_allclose(_values(again), _values(kept), rtol=0.05, atol=0.002)


def test_no_contender_of_the_shop_had_more_trials_than_another() -> None:
    script, kept = script_of("size_and_data"), stored_by("size_and_data")
    for n in script.TUNING_SEEDS:
        parts = {name: kept.get(f"{name}, {n:,} rows") for name in script.NAMES}
        tried = {name: len(part["tried"]) for name, part in parts.items() if part}
        assert tried.pop(script.BASE) == 1 and set(tried.values()) == {4}
        assert not set(script.SEEDS) & set(script.TUNING_SEEDS[n])


def test_each_setting_is_the_one_with_the_least_validation_loss() -> None:
    script, kept = script_of("size_and_data"), stored_by("size_and_data")
    for n in script.TUNING_SEEDS:
        for size in script.SIZES:
            part = kept.get(f"{size}, {n:,} rows")
            if part is None:  # not run: it takes hours
                continue
            assert part["trial"] == script.RATES[int(np.argmin(part["tried"]))]


def test_excess_is_a_divergence() -> None:
    """Above 0, and 0 for the visible limit itself."""
    script = script_of("size_and_data")
    one = script.market(0, 300)
    assert script.log_loss_against(one.p, one.p) == pytest.approx(one.best)
    for name, part in stored_by("size_and_data").items():
        if name.endswith(" rows"):
            assert min(part["excess"]) > 0 and len(part["excess"]) == len(script.SEEDS)


def test_a_temperature_takes_back_what_multiplied_the_log_odds() -> None:
    script, draw = script_of("size_and_data"), np.random.default_rng(0)
    z = draw.normal(size=50_000)
    y = draw.random(len(z)) < script.expit(z)
    assert script.temperature(script.expit(3 * z), y) == pytest.approx(3, abs=0.15)
    assert script.ece(script.expit(z), script.expit(z)) == pytest.approx(0, abs=1e-12)


def test_two_numbers_take_back_a_shift_that_a_temperature_cannot() -> None:
    script, draw = script_of("size_reasons"), np.random.default_rng(0)
    z = draw.normal(-2, 1, 50_000)
    y = (draw.random(len(z)) < script.expit(z)).astype(int)
    slope, start = script.slope_and_start(script.expit(3 * z + 2), y)
    assert slope == pytest.approx(1 / 3, abs=0.02) and start == pytest.approx(-2 / 3, abs=0.06)
    kept = stored_by("size_reasons")["two numbers, 20,697"]
    without = stored_by("unstopped")["20,697"]
    assert max(np.subtract(kept["excess"], without["excess with T"])) < 0


def test_ties_are_worth_the_mean_over_their_orders() -> None:
    script = script_of("search_rivals")
    scores = np.array([[0.9, 0.1, 0.2], [0.5, 0.5, 0.1], [0.0, 0.0, 0.0]])
    np.testing.assert_allclose(script.ndcg(scores), [1.0, (1 + 1 / np.log2(3)) / 2, 0.0])


def test_a_slip_changes_two_letters_and_no_more() -> None:
    script = script_of("search_rivals")
    for seed, title in enumerate(["Rice Cookers/Steamers", "Pet Toys", "Sewing Machines"]):
        wrong = script.misspelt(title, seed)
        assert sorted(wrong) == sorted(title.lower())
        assert sum(a != b for a, b in zip(wrong, title.lower(), strict=True)) == 2


def test_a_word_that_no_text_has_becomes_a_neighbour_that_one_has() -> None:
    needs("product_taxonomy")
    script = script_of("search_corrected")
    assert script.corrected("artists accsesories") == "artists accessories"
    assert "vases" not in script.dictionary()  # its text does not name it, so it stays
    assert script.corrected("vases") in ("vases", *script.one_edit("vases"))
    assert script.corrected_word("clothing") == "clothing"
    assert {"abc", "bac", "ab", "abd", "xabc"} <= {*script.one_edit("abc"), "abc"}


def test_a_language_model_is_judged_on_the_lists_that_were_retrieved() -> None:
    kept, searched = stored_by("search_language_model"), stored_by("search_rivals")
    facts, retrieved = kept["facts"], np.array(searched["re-ranking"]["as retrieved"])
    np.testing.assert_allclose(facts["as retrieved"], retrieved[facts["queries"]], atol=1e-3)
    for query, row in zip(facts["queries"], facts["lists"], strict=True):
        assert len(set(row)) == 10 and (query in row) == bool(retrieved[query])
    for found in (kept["SmolLM2"]["ndcg"], kept["SmolLM2"]["with MiniLM"], kept["MiniLM"]["ndcg"]):
        # No order finds what the list has not, and none loses it.
        assert ((np.array(found) > 0) == (np.array(facts["as retrieved"]) > 0)).all()


def test_flips_are_as_many_as_asked_and_the_same_again() -> None:
    script = script_of("noisy_labels")
    needs("clothing_reviews")
    rows, _ = script.split(0)
    flipped = script.noisy(rows, 0.2, 0) != script.labels()[rows]
    assert flipped.mean() == pytest.approx(0.2, abs=0.01)
    assert (script.noisy(rows, 0.2, 0) == script.noisy(rows, 0.2, 0)).all()
    assert (script.noisy(rows, 0.0, 0) == script.labels()[rows]).all()


def test_weights_of_a_sum_add_up_and_the_sum_of_two_is_that_of_search_rivals() -> None:
    script, kept = script_of("text_rivals"), stored_by("text_rivals")
    assert len(script.simplex(2)) == 11 and len(script.simplex(3)) == 66
    for part in kept["sums, as written"].values():
        for weights in part["chosen"]:
            assert sum(weights) == pytest.approx(1) and tuple(weights) in script.simplex(
                len(weights)
            )
    # BM25 gets nothing beside two encoders: then theirs is the sum that search_rivals has stored.
    three = kept["sums, as written"]["BM25 + MiniLM + E5"]
    assert {weights[0] for weights in three["chosen"]} == {0.0}
    two = stored_by("search_rivals")["as written"]["ndcg"]["sum MiniLM + E5"]
    assert np.mean(three["ndcg"]) == pytest.approx(np.mean(two), abs=0.002)


def test_an_index_finds_more_the_more_cells_it_opens_and_all_in_the_end() -> None:
    kept = stored_by("text_rivals")["index"]
    for products, recall in zip(kept["products"], kept["recall"], strict=True):
        assert (np.diff(products) > 0).all() and (np.diff(recall) > 0).all()
        assert recall[-1] == 1 and products[-1] == 10_100


def test_a_flip_leaves_less_than_its_bound_where_the_text_says_something() -> None:
    kept = stored_by("text_rivals")["given the text"]
    for share in (0.1, 0.2, 0.3):
        assert max(kept[f"information left, {share}"]) < (1 - 2 * share) ** 2
    assert np.mean(kept["variance"]) == pytest.approx(np.mean(kept["squared error"]), abs=0.03)


def test_products_of_the_test_reviews_are_unseen() -> None:
    script = script_of("noisy_labels")
    needs("clothing_reviews")
    learned, test = script.split(1)
    products = script.reviews()["product_id"].to_numpy()
    assert not set(products[learned]) & set(products[test])


def test_splits_share_test_reviews_so_their_intervals_are_nadeau_and_bengios() -> None:
    """Five splits, a third as many test reviews as others: the root of 8 / 3 times as wide."""
    records = json.loads((paths.RESULTS / "lessons" / "31.json").read_text("utf-8"))
    clean = {
        name: stored_by("noisy_labels")[f"{name}, 3,000 rows"]["0.0"]
        for name in ("MiniLM", "words")
    }
    gap = np.subtract(clean["MiniLM"], clean["words"])
    low, high = stats.ttest_1samp(gap, 0).confidence_interval(0.95)
    found = records["31.labels-3000"]
    assert found["high"] - found["low"] == pytest.approx((8 / 3) ** 0.5 * (high - low), rel=1e-3)
    assert found["high"] + found["low"] == pytest.approx(high + low, abs=1e-4)
    assert all(of["pairs"] == "splits" for name, of in records.items() if "labels-" in name)
    needs("clothing_reviews")
    script = script_of("noisy_labels")
    splits = [script.split(seed) for seed in script.SEEDS]
    for rest, test in splits:
        assert len(test) / len(rest) == pytest.approx(1 / 3, abs=0.1)
    for (_, one), (_, other) in combinations(splits, 2):
        shared = len(set(one) & set(other))
        assert all(0.15 <= round(shared / len(test), 2) <= 0.44 for test in (one, other))


def test_e16_holds_where_it_was_said_to() -> None:
    """E16: "higher accuracy". A line beats every network, and many parameters gain nothing."""
    script, kept = script_of("small_and_large"), stored_by("small_and_large")

    def of(case: str, name: str) -> np.ndarray:
        return np.array(kept[f"{case}: {name}"]["mse"])

    few = {name: float(of("150 rows, noise", name).mean()) for name in script.TRIALS}
    assert {"linear", "boosting"} < set(few), "a large result without its rivals"
    assert min(few, key=lambda name: few[name]) == "linear"
    low, high = paired_interval(of("3,000 rows, noise", "273,921") - of("3,000 rows, noise", "249"))
    assert low < 0 < high
