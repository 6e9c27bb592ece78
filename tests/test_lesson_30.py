"""Lesson 30: small parts of what is stored are made again."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
from cached import needs
from scipy import stats
from scripts import script_of, stored_by
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from checks.l30.t6_new_products import right as new_product_auc
from course_utils import paths


def test_small_parts_are_made_again_in_the_shop() -> None:
    script = script_of("cold_titles")
    assert script.small() == pytest.approx(script.STORED.load()["small"], abs=1e-4)
    unseen = script_of("unseen_words")
    assert unseen.small() == unseen.STORED.load()["small"]


def test_small_parts_are_made_again_on_reviews() -> None:
    needs("clothing_reviews")
    script = script_of("few_labels")
    assert script.small() == pytest.approx(script.STORED.load()["small"], abs=1e-4)
    script = script_of("no_labels")
    for name in script.WORDS:
        assert script.judged(name, script.listed(name)) == script.STORED.load()[f"list, {name}"]


def test_deleted_titles_lose_their_label_words_and_nothing_else() -> None:
    script, cold = script_of("cold_titles_more"), script_of("cold_titles")
    titles = cold.shop(0, 2.0).listings["title_en"]
    found = script.deleted(titles)
    assert cold.named(titles).sum() > 0
    assert cold.named(found).sum() == 0
    labels = {one.en for one in script.LABELS}
    for before, after in zip(titles[:200], found[:200], strict=True):
        assert set(before.split()) - set(after.split()) <= {
            word for label in labels for word in (*label.split(), label.title(), label)
        } | {word.title() for label in labels for word in label.split()}


def test_words_in_titles_without_labels_are_made_again() -> None:
    script, cold = script_of("cold_titles_more"), script_of("cold_titles")
    kept = script.STORED.load()
    wanted, known, new = script.asked(0, 2.0)
    titles = cold.shop(0, 2.0).listings["title_en"]
    words = TfidfVectorizer(use_idf=False, binary=True).fit(titles[~new])
    x = words.transform(titles).toarray()
    for version, changed in (("reworded", cold.reworded), ("deleted", script.deleted)):
        said = words.transform(titles.where(~new, changed(titles))).toarray()
        penalty = cold.STORED.load()["content 2"]["chosen"]["words"]
        auc = cold.user_auc(wanted, cold.scores(known, x, new, said, penalty))
        assert auc == pytest.approx(kept["titles"][version]["words"][0], abs=1e-4)


def test_what_two_scripts_measure_is_the_same() -> None:
    """As written, and with the text's weight at 1, nothing differs from ``cold_titles``."""
    more, cold = (stored_by(name) for name in ("cold_titles_more", "cold_titles"))
    for way, auc in more["titles"]["as written"].items():
        assert auc == pytest.approx(cold["content 2"]["auc"][way], abs=1e-4)
    for way, found in more["scale, content 2"].items():
        assert found["chosen"][0] == 1.0
        assert found["auc"] == pytest.approx(cold["content 2"]["auc"][way], abs=1e-4)


def test_small_parts_are_made_again_in_chinese() -> None:
    needs("chinese_reviews")
    script = script_of("cross_language")
    assert script.small() == pytest.approx(script.STORED.load()["small"], abs=2e-3)


def test_test_products_are_unseen_and_draws_nested() -> None:
    needs("clothing_reviews")
    script = script_of("few_labels")
    product = script.reviews()["product_id"].to_numpy()
    for seed in (*script.SEEDS, *script.TUNING_SEEDS):
        pool, test = script.drawn(seed)
        assert not set(product[pool]) & set(product[test])
        assert 2 <= script.labels()[pool[:8]].sum() <= 6
        assert len(pool) >= script.SIZES[-1]
    kept = script.STORED.load()
    assert [draw["common"] for draw in kept["rows"]["draws"]] == [0] * len(script.SEEDS)


def test_draws_of_the_other_encoder_share_nothing_up_to_128_labels() -> None:
    needs("clothing_reviews")
    script = script_of("few_labels_e5")
    product = script.reviews()["product_id"].to_numpy()
    for label in script.LABELS:
        draws = [script.split(k, label) for k in (*script.SEEDS, *script.TUNING_SEEDS)]
        taught = np.concatenate([train[:128] for train, _ in draws])
        judged = np.concatenate([test for _, test in draws])
        assert len(set(taught)) == len(taught)
        assert len(set(judged)) == len(judged) == len(script.used())
        for train, test in draws:
            assert not set(product[train]) & set(product[test])
    assert script.small() == pytest.approx(script.STORED.load()["small"], abs=1e-4)


def test_two_views_of_the_letters_are_made_again() -> None:
    needs("clothing_reviews")
    script = script_of("few_labels_controls")
    kept = script.STORED.load()["words and characters"]["128"]
    pool, test = script.few_labels.drawn(0)
    found = script.linear(script.of_both, pool[:128], test, kept["chosen"])
    assert found["auc"] == pytest.approx(kept["auc"][0], abs=1e-4)


def test_dealt_folds_are_whole_products_of_one_size() -> None:
    script = script_of("folds")
    for seed in range(5):
        products = np.random.default_rng(seed).integers(40, size=600)
        folds, learner = script.deal(products, np.random.default_rng(seed))
        assert all(len(set(folds[products == one])) == 1 for one in set(products))
        assert np.ptp(np.bincount(folds, minlength=script.FOLDS)) <= np.bincount(products).max()
        assert (folds != learner).all()
        for k in range(script.FOLDS):
            assert np.ptp(np.delete(np.bincount(learner[folds == k], minlength=6), k)) <= 1


def test_a_list_of_a_pairs_words_counts_for_and_against() -> None:
    script = script_of("few_labels_e5")
    texts = pd.Series(["I love it, love it", "I am sending it back", "Sending love", "gloves"])
    said = script.counted(texts, "I love it", "I am sending it back")
    assert said.tolist() == [2.0, -2.0, 0.0, 0.0]


def test_overlapping_draws_widen_an_interval_by_nadeau_and_bengios_factor() -> None:
    """Six draws, a third as many test texts as others: the root of 1 + 6 / 3 times as wide."""
    name = "30.few-2048"
    found = json.loads((paths.RESULTS / "lessons" / "30.json").read_text("utf-8"))[name]
    kept = stored_by("few_labels")
    gap = np.subtract(kept["MiniLM"]["2048"]["auc"], kept["words"]["2048"]["auc"])
    low, high = stats.ttest_1samp(gap, 0).confidence_interval(0.95)
    assert found["high"] - found["low"] == pytest.approx(3**0.5 * (high - low), rel=1e-3)
    assert found["high"] + found["low"] == pytest.approx(high + low, abs=1e-4)


def test_tf_idf_is_the_librarys() -> None:
    script = script_of("few_labels")
    texts = ["red dress red", "a blue dress", "soft red wool", "unseen words only", "blue blue"]
    counts = CountVectorizer().fit_transform(texts).astype(float)
    ours = script.tf_idf(counts, 3).toarray()
    library = TfidfVectorizer(sublinear_tf=True).fit(texts[:3])
    names = list(CountVectorizer().fit(texts).get_feature_names_out())
    theirs = np.zeros_like(ours)
    theirs[:, [names.index(one) for one in library.get_feature_names_out()]] = library.transform(
        texts
    ).toarray()
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_slips_leave_short_words_and_change_one_place() -> None:
    script = script_of("unseen_words")
    text = "It is a Dress, dress-like and soft; see 2024!"
    assert script.misspelt(text, 0.0, np.random.default_rng(0)) == text
    for seed in range(30):
        found = script.misspelt(text, 1.0, np.random.default_rng(seed))
        words = (re.findall("[A-Za-z]+", one) for one in (text, found))
        for one, other in zip(*words, strict=True):
            assert one[0] == other[0] and abs(len(one) - len(other)) <= (len(one) > 3)
            assert len(one) > 3 or one == other
    assert found != text


def test_scores_are_a_ridge_regression_of_each_customer() -> None:
    script = script_of("cold_titles")
    draw = np.random.default_rng(0)
    y, x = draw.random((4, 9)), draw.normal(size=(12, 3))
    new = np.arange(12) >= 9
    ours = script.scores(y - y.mean(axis=1, keepdims=True), x, new, x, 2.0)
    centre = x[~new].mean(axis=0)
    a = x[~new] - centre
    for k, row in enumerate(y):
        w = np.linalg.solve(a.T @ a + 2.0 * np.eye(3), a.T @ (row - row.mean()))
        np.testing.assert_allclose(ours[k], (x[new] - centre) @ w, atol=1e-10)


def test_the_metric_is_that_of_task_30_6() -> None:
    script = script_of("cold_titles")
    draw = np.random.default_rng(1)
    wanted = (draw.random((20, 15)) < 0.3).astype(float)
    said = draw.integers(4, size=(20, 15)) / 4
    none = np.zeros(15, bool)
    assert script.user_auc(wanted, said) == pytest.approx(
        new_product_auc(said, wanted, none), abs=1e-5
    )


def test_ids_know_nothing_of_a_new_product() -> None:
    """By construction: this is what every claim on new products has to beat first."""
    kept = stored_by("cold_titles")
    for name in (one for one in kept if one.startswith("content")):
        assert kept[name]["auc"]["ids"] == [0.5] * len(kept["seeds"])
        assert np.mean(kept[name]["auc"]["oracle"]) > 0.9


def test_the_dial_is_found_and_its_zero_is_not() -> None:
    """Words gain over columns with the dial turned up, and not at zero."""
    kept = stored_by("cold_titles")
    gain = {
        dial: np.subtract(
            kept[f"content {dial}"]["auc"]["columns and words"],
            kept[f"content {dial}"]["auc"]["columns"],
        )
        for dial in ("0", "2")
    }
    assert (gain["2"] > 0).all()
    assert gain["0"].mean() < 0.005


def test_draws_of_fine_tuning_share_nothing_up_to_512_labels() -> None:
    needs("clothing_reviews")
    script = script_of("fine_tuning")
    product = script.reviews()["product_id"].to_numpy()
    draws = [script.drawn(k) for k in (*script.SEEDS, *script.TUNING_SEEDS)]
    taught = np.concatenate([pool[: script.APART] for pool, _ in draws])
    judged = np.concatenate([test for _, test in draws])
    assert len(set(taught)) == len(taught) == len(draws) * script.APART
    assert len(set(judged)) == len(judged) == len(draws) * script.TESTED
    for pool, test in draws:
        assert not set(product[pool]) & set(product[test])
        assert len(set(pool)) == len(pool) >= script.SIZES[-1]
        assert 2 <= script.labels()[pool[:8]].sum() <= 6
    assert script.small() == pytest.approx(script.STORED.load()["small"], abs=1e-4)


@pytest.mark.parametrize(("n", "at"), [(8, (2, 5)), (70, (1, 3)), (64, (2,))])
def test_passes_hand_over_when_asked_and_see_every_row(n: int, at: tuple[int, ...]) -> None:
    script = script_of("fine_tuning")
    seen: list[np.ndarray] = []
    said = [(one, len(seen)) for one in script.passes(n, at, 0, seen.append)]
    steps = n // min(script.BATCH, n)
    assert said == [(one, one * steps) for one in at]
    first = np.concatenate(seen[:steps])
    assert len(set(first)) == len(first) == steps * min(script.BATCH, n)
