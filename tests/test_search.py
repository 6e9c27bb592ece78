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


def test_lsa_without_unit_length_does_not_mark_a_long_text_down() -> None:
    texts = ["red mug", "red mug soft washable blue", "green tea", "green tea leaf", "blue kite"]
    asks = ["red mug"]
    unit, free = (search.lsa_scores(texts, asks, search.words, 4, one)[0] for one in (True, False))
    assert unit[0] > unit[1] + 0.1
    assert free[1] > free[0] - 0.1


def test_best_takes_what_is_above_zero_and_equal_ones_by_column() -> None:
    rng = np.random.default_rng(0)
    scores = np.round(rng.normal(size=(40, 30)), 1)
    scores[0], scores[1] = -1.0, 1.0
    for k in (1, 7, 30, 50):
        for its, row in zip(search.best(scores, k), scores, strict=True):
            order = [at for at in np.argsort(-row, kind="stable") if row[at] > 0][: min(k, 30)]
            assert its[its != N].tolist() == order


def test_fusion_adds_reciprocal_positions() -> None:
    scores = search.fuse([np.array([[2, 0, N]]), np.array([[0, N, N]])], 4, k=60)
    assert scores[0] == pytest.approx([1 / 62 + 1 / 61, 0, 1 / 61, 0], abs=1e-8)
    scores = search.fuse([np.array([[2, 0, N]]), np.array([[0, N, N]])], 4, 60, (0.8, 0.2))
    assert scores[0] == pytest.approx([0.8 / 62 + 0.2 / 61, 0, 0.8 / 61, 0], abs=1e-8)


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


def test_swapped_neighbours_show_the_examination_probabilities(
    shop: tuple[search.Catalogue, search.Searches],
) -> None:
    searches = shop[1]
    log, upper = searches.with_swaps(20, np.random.default_rng(0))
    found = search.examination_from_swaps(upper, log.position, log.click)
    true = np.array([log.p_examine[log.position == k].mean() for k in range(10)])
    assert found[0] == 1 and np.abs(found - true).mean() < 0.04
    # Each page keeps its products and holds each position once; half of the pairs changed places.
    full = np.bincount(searches.page) == 10
    whole = np.tile(full[searches.page], 20)
    assert (np.sort(log.position[whole].reshape(-1, 10), axis=1) == np.arange(10)).all()
    moved = (log.position[whole] != np.tile(searches.position, 20)[whole]).mean()
    assert moved == pytest.approx(0.1, abs=0.005)


def test_the_first_swapped_with_another_shows_the_same(
    shop: tuple[search.Catalogue, search.Searches],
) -> None:
    searches = shop[1]
    log, lower = searches.with_swaps(20, np.random.default_rng(0), with_first=True)
    both = {k: log.position[lower == k] for k in range(1, 10)}
    clicks = {k: log.click[lower == k] for k in both}
    found = [clicks[k][at == k].sum() / clicks[k][at == 0].sum() for k, at in both.items()]
    true = [log.p_examine[log.position == k].mean() for k in both]
    assert np.abs(np.subtract(found, true)).mean() < 0.04
    # Where the pair is the first and the last, nobody else has moved.
    full = (np.bincount(searches.page) == 10)[searches.page]
    last = np.tile(full, 20) & (lower == 9)
    before, after = np.tile(searches.position, 20)[last], log.position[last]
    assert {*zip(before[before != after], after[before != after], strict=True)} == {(0, 9), (9, 0)}


def test_two_estimates_agree_where_each_pair_stood_equally_often_at_both_positions() -> None:
    pair = np.array([0, 1, 1, 0])
    position = np.array([0, 1, 0, 1])
    clicks = np.array([5.0, 2.0, 3.0, 2.0])
    swaps = search.examination_from_swaps(np.zeros(4, dtype=int), position, clicks)
    assert swaps == pytest.approx([1, 0.5])
    both = search.examination_by_position(pair, position, clicks)
    assert both == pytest.approx(swaps)


def test_harvesting_turns_until_it_stands_still_where_pairs_hardly_move() -> None:
    theta = 0.8 ** np.arange(10)
    pair = np.repeat(np.arange(9), 2)
    position = pair + np.tile([0, 1], 9)  # each pair stood at two neighbours, equally often
    clicks = 1000 * theta[position]
    early = search.examination_by_position(pair, position, clicks, n_rounds=30)
    assert early[-1] > 1.2 * theta[-1]
    found = search.examination_by_position(pair, position, clicks)
    assert found == pytest.approx(theta, rel=1e-3)


def test_a_pair_without_a_click_above_leaves_what_is_below_unknown() -> None:
    found = search.examination_from_swaps(np.array([0, 0]), np.array([0, 1]), np.array([0.0, 1.0]))
    assert found[0] == 1 and np.isnan(found[1])


def test_lambdas_without_the_change_of_ndcg_are_the_gradient_of_ranknets_loss() -> None:
    rng = np.random.default_rng(0)
    scores, grades = rng.normal(size=(1, 5)), np.array([[3, 0, 1, 1, 2]])

    def ndcg(values: np.ndarray) -> float:
        order = np.argsort(-values)[:3]
        worth = 1 / np.log2(np.arange(2, 5))
        best = np.sort(2.0 ** grades[0] - 1)[::-1][:3] @ worth
        return float((2.0 ** grades[0][order] - 1) @ worth / best)

    want = np.zeros(5)
    for i in range(5):
        for j in range(5):
            if grades[0, i] > grades[0, j]:
                swapped = scores[0].copy()
                swapped[[i, j]] = swapped[[j, i]]
                push = abs(ndcg(swapped) - ndcg(scores[0])) / (
                    1 + math.exp(scores[0, i] - scores[0, j])
                )
                want[i] += push
                want[j] -= push
    assert search.lambda_gradients(scores, grades, 3)[0] == pytest.approx(want)
    assert not search.lambda_gradients(scores, 0 * grades, 3).any()
    assert np.isfinite(search.lambda_gradients(scores * 1e4, grades, 3)).all()


def test_a_team_draft_is_fair_and_gives_each_team_as_many() -> None:
    rng = np.random.default_rng(0)
    first, second = np.tile(np.arange(4), (4000, 1)), np.tile([3, 1, 0, 2], (4000, 1))
    shown, team = search.team_draft(first, second, rng)
    assert (np.sort(shown, axis=1) == np.arange(4)).all()
    assert (team.sum(axis=1) == 2).all() and ((team[:, 0] + team[:, 1]) == 1).all()
    for at in range(4):
        assert team[:, at].mean() == pytest.approx(0.5, abs=0.03)
    # Who chose first took the own best; the other then the own best of what was left.
    one = team[:, 0] == 0
    assert (shown[one, 0] == 0).all() and (shown[one, 1] == 3).all()
    assert (shown[~one, 0] == 3).all() and (shown[~one, 1] == 0).all()
    with pytest.raises(CourseError, match="the numbers 0 to 3 once"):
        search.team_draft(first, np.zeros_like(first), rng)
