"""The search library: against the formulas written out, and against known truth."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import ndcg_score

from course_utils import search
from course_utils.errors import CourseError
from course_utils.shop import Shop

N = search.NOTHING


def test_a_chinese_run_is_one_word_or_bigrams() -> None:
    assert search.words("Red mug 红色马克杯 v2") == ["red", "mug", "红色马克杯", "v2"]
    assert search.words_and_bigrams("Red 红色马克杯") == ["red", "红色", "色马", "马克", "克杯"]
    assert search.words_and_bigrams("茶 tea") == ["茶", "tea"]


def test_bm25_is_the_formula() -> None:
    texts = ["red mug", "red red tea pot set", "blue mug"]
    got = search.bm25_scores(texts, ["red mug unknown", "unknown"], search.words, b=0.75)
    lengths = [2, 5, 2]
    for at, text in enumerate(texts):
        want = 0.0
        for word in ("red", "mug"):
            holding = sum(word in one.split() for one in texts)
            idf = math.log(1 + (3 - holding + 0.5) / (holding + 0.5))
            tf = text.split().count(word)
            want += idf * tf / (tf + 1.5 * (0.25 + 0.75 * lengths[at] / 3))
        assert got[0, at] == pytest.approx(want, abs=1e-4)
    assert not got[1].any()


def test_lsa_finds_a_word_by_what_it_occurs_with() -> None:
    texts = ["sneakers trainers", "trainers blue", "mug red", "mug white", "trainers red"]
    scores = search.lsa_scores(texts, ["sneakers", "nowhere"], search.words, size=2)
    assert scores[0, 1] > 0.5 > abs(scores[0, 3])  # no shared word with either
    assert not scores[1].any()


def test_best_stops_where_nothing_is_found() -> None:
    lists = search.best(np.array([[0.0, 2.0, 1.0, 2.0], [0.0, 0.0, 0.0, -1.0]]), 3)
    assert lists.tolist() == [[1, 3, 2], [N, N, N]]


def test_best_is_a_stable_sort() -> None:
    scores = np.random.default_rng(0).integers(-3, 4, size=(50, 30)).astype(float)
    for k in (1, 7, 30, 99):
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        want = np.where(np.take_along_axis(scores, order, axis=1) > 0, order, N)
        assert np.array_equal(search.best(scores, k), want)


def test_fusion_adds_reciprocal_positions() -> None:
    scores = search.fuse([np.array([[2, 0, N]]), np.array([[0, N, N]])], 4, k=60)
    assert scores[0] == pytest.approx([1 / 62 + 1 / 61, 0, 1 / 61, 0], abs=1e-8)


def test_ndcg_is_scikit_learns_on_exponential_gains() -> None:
    rng = np.random.default_rng(0)
    grades = rng.integers(0, 4, size=(20, 30))
    scores = rng.random((20, 30)) + 0.1
    got = search.ndcg_by_query(grades, search.best(scores, 10))
    assert got.mean() == pytest.approx(ndcg_score(2.0**grades - 1, scores, k=10))


def test_ndcg_of_an_empty_list_is_zero_and_of_no_grade_an_error() -> None:
    assert search.ndcg_by_query(np.array([[3, 0]]), np.array([[N, N]])).tolist() == [0.0]
    with pytest.raises(CourseError, match="Query 1 has no product"):
        search.ndcg_by_query(np.array([[3, 0], [0, 0]]), np.array([[0, 1], [0, 1]]))


@pytest.fixture(scope="module")
def shop() -> tuple[search.Catalogue, search.Searches]:
    one = Shop(seed=1, n_users=300, n_products=300)
    catalogue = search.Catalogue.of(one.listings, one.queries, one.judgements)
    return catalogue, search.Searches.of(one.log(150_000), catalogue)


def test_catalogue_holds_every_grade(shop: tuple[search.Catalogue, search.Searches]) -> None:
    catalogue, searches = shop
    one = Shop(seed=1, n_users=300, n_products=300)
    assert (catalogue.grades > 0).sum() == len(one.judgements)
    rows = one.log(150_000)
    shown = rows.loc[rows["scenario"] == "search", "relevance"].to_numpy()
    assert np.array_equal(catalogue.grades[searches.query, searches.product], shown)
    both = zip(catalogue.titles["en"], catalogue.titles["zh"], strict=True)
    assert [f"{en} {zh}" for en, zh in both] == catalogue.texts
    assert all(text.isascii() for text in catalogue.titles["en"])
    assert catalogue.shares.sum() == pytest.approx(1) and len(catalogue.shares) == len(
        catalogue.queries
    )


def test_examination_is_found_where_good_products_stand_first(
    shop: tuple[search.Catalogue, search.Searches],
) -> None:
    searches = shop[1]
    true = np.array([searches.p_examine[searches.position == k].mean() for k in range(10)])
    rate = np.array([searches.click[searches.position == k].mean() for k in range(10)])
    found = search.examination_by_position(searches.pair, searches.position, searches.click)
    assert np.abs(found - true).mean() < 0.05
    assert np.abs(found - true).mean() < np.abs(rate / rate[0] - true).mean()


def test_reordered_pages_keep_products_and_move_clicks(
    shop: tuple[search.Catalogue, search.Searches],
) -> None:
    searches = shop[1]
    score = -searches.product.astype(float)
    moved = searches.reordered(score, np.random.default_rng(0))
    first = moved.position == 0
    starts = np.flatnonzero(np.r_[True, np.diff(searches.page) != 0])
    smallest = np.minimum.reduceat(searches.product, starts)
    assert np.array_equal(moved.product[first], smallest)
    assert moved.p_examine[first].tolist() == [1.0] * first.sum()
    assert moved.click[first].mean() > 2 * moved.click[moved.position == 9].mean()


def test_rivals_are_the_others_of_the_page(
    shop: tuple[search.Catalogue, search.Searches],
) -> None:
    searches = shop[1]
    middle = int(np.median(searches.page))
    chosen, rival = searches.rivals(middle)
    assert (searches.click[chosen] == 1).all() and (searches.page[chosen] >= middle).all()
    assert (searches.page[chosen] == searches.page[rival]).all() and (chosen != rival).all()
    clicked = int(((searches.click == 1) & (searches.page >= middle)).sum())
    assert len(chosen) in range(9 * clicked - 20, 9 * clicked + 1)  # the last page may be cut off


def test_a_match_is_one_of_words_not_of_meaning() -> None:
    one = Shop()
    log = one.log(40_000)
    match = search.match_scores(log, one.queries, one.listings)
    searched = (log["scenario"] == "search").to_numpy()
    assert (match[~searched] == 0).all() and (match >= 0).all()
    rows = log[searched].assign(match=match[searched]).merge(one.queries, on="query_id")
    mean = rows.groupby(["type", "relevance"], observed=True)["match"].mean().unstack()
    # A word for the kind that no title has finds nothing; a need finds the kind, not what it is
    # that was needed.
    assert mean.loc["synonym", 3] < 0.2 * mean.loc["kind", 3]
    assert mean.loc["label", 3] > 1.15 * mean.loc["label", 2]
    assert mean.loc["need", 3] < 1.05 * mean.loc["need", 2]
    by_words = rows[rows["type"].isin(["kind", "colour", "label", "brand"])]
    grade = by_words.groupby("relevance")["match"].mean()
    assert (grade.diff().dropna() > 0).all() and grade[3] > 3 * grade[0]


def test_a_match_is_the_score_of_its_own_query_and_title() -> None:
    queries = pd.DataFrame({"query_id": ["q1", "q2"], "text": ["red tent", "帐篷"]})
    listings = pd.DataFrame(
        {
            "product_id": ["1", "2"],
            "title_en": ["Red tent", "Blue lamp"],
            "title_zh": ["帐篷", "灯"],
        }
    )
    log = pd.DataFrame({"query_id": ["q2", None, "q1"], "product_id": ["1", "1", "2"]})
    texts = ["Red tent 帐篷", "Blue lamp 灯"]
    scores = search.bm25_scores(texts, list(queries["text"]), search.words_and_bigrams, b=0.75)
    found = search.match_scores(log, queries, listings)
    assert found.tolist() == [scores[1, 0], 0.0, 0.0] and found[0] > 0
    with pytest.raises(CourseError, match="pass tables of the same shop"):
        search.match_scores(log, queries.head(1), listings)
