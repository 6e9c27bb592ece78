"""The visible limit: the truth with what no column shows averaged out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from course_utils.datasets import load
from course_utils.errors import CourseError
from course_utils.shop import Shop
from course_utils.shop.buying import TASTE_STARS
from course_utils.shop.catalogue import OWN_QUALITY
from course_utils.shop.truth import cart_chance
from course_utils.shop.visible import CHANCES, IDS

PERSONS = ("user_id", "product_id")


@pytest.fixture(scope="module")
def shop():
    return Shop(selection=1.5)


@pytest.fixture(scope="module")
def log(shop):
    return shop.log(60_000)


@pytest.fixture(scope="module")
def crowd():
    shop = Shop(seed=5, n_users=20_000, n_products=6000, selection=1.0)
    return shop, shop.log(150_000)


def test_with_every_id_it_is_the_truth(shop, log):
    seen = shop.visible_probabilities(log, IDS)
    np.testing.assert_allclose(seen, log[CHANCES], rtol=0, atol=5e-6)


def test_without_hidden_liking_the_columns_say_all_but_relevance():
    shop = Shop(selection=0.0)
    log = shop.log(20_000)
    elsewhere = (log["scenario"] != "search").to_numpy()
    seen, with_query = (
        shop.visible_probabilities(log),
        shop.visible_probabilities(log, ["query_id"]),
    )
    np.testing.assert_allclose(seen[elsewhere], log.loc[elsewhere, CHANCES], rtol=0, atol=5e-6)
    np.testing.assert_allclose(with_query, log[CHANCES], rtol=0, atol=5e-6)
    assert np.abs(seen[~elsewhere] - log.loc[~elsewhere, CHANCES]).mean(axis=0).min() > 0.01


@pytest.mark.parametrize("known", [(), ("user_id",), ("product_id",)])
def test_it_is_the_mean_over_strangers_drawn_anew(shop, log, known):
    """Taste and quality of what is unknown are drawn a thousand times over."""
    inner, rng = shop._log, np.random.default_rng(0)
    rows = inner._coded(log.iloc[::150])
    shown, n, d = inner._truth.shown(rows), len(rows), 4
    grade = rows["relevance"].to_numpy() * (rows["scenario"].to_numpy() == 1)
    hidden = shop._buying.hidden
    u, p = rows["user"].to_numpy(), rows["product"].to_numpy()
    segment = shop.users["segment"].cat.codes.to_numpy()[u]
    category = shop.products["category"].cat.codes.to_numpy()[p]
    brand = shop.products["brand"].cat.codes.to_numpy()[p]
    draws = []
    for _ in range(40):
        user = np.sqrt(0.5) * (shop._people[1].of_segment[segment] + rng.normal(size=(50, n, d)))
        product = np.sqrt(0.5) * (hidden.of_category[category] + rng.normal(size=(50, n, d)))
        quality = hidden.of_brand[brand] + OWN_QUALITY * rng.normal(size=(50, n))
        if "user_id" in known:
            user = shop._buying.user_taste[u]
        if "product_id" in known:
            product, quality = hidden.taste[p], shop.products["quality"].to_numpy()[p]
        liking = quality + TASTE_STARS / np.sqrt(d) * (user * product).sum(axis=-1)
        click, buy = inner._truth.given(shown, grade, inner._truth.standard(liking))
        draws.append(np.stack([click, click * cart_chance(buy), click * buy], axis=1))
    drawn = np.concatenate(draws)
    seen = shop.visible_probabilities(log.iloc[::150], [*known, "query_id"]).to_numpy(copy=True).T
    seen[1:] *= seen[0]
    z = (seen - drawn.mean(axis=0)) / (drawn.std(axis=0) / np.sqrt(len(drawn)))
    # Squares of standard normals; a chance of a purchase has a long tail, so leave some room.
    assert (z**2).mean() < 1.5
    assert np.abs(z.mean(axis=1)).max() < 0.25


def test_those_who_click_like_it_better(shop, log):
    """The chance of a purchase is a mean over those who click, not over all."""
    home = (log["scenario"] == "home").to_numpy()
    seen = shop.visible_probabilities(log)[home]
    among_clicks = np.average(log["p_purchase_given_click"][home], weights=log["p_click"][home])
    assert np.average(seen["p_purchase_given_click"], weights=seen["p_click"]) == pytest.approx(
        among_clicks, rel=0.05
    )
    assert seen["p_purchase_given_click"].mean() > 1.15 * log["p_purchase_given_click"][home].mean()


@pytest.mark.parametrize("ids", [(), ("user_id",), ("product_id",), PERSONS])
def test_within_groups_its_mean_is_the_mean_of_the_truth(crowd, ids):
    """The tower rule; a shop has so many customers and products, so it holds about."""
    shop, log = crowd
    seen = shop.visible_probabilities(log, ids)
    for keys in (["scenario", "segment"], ["scenario", "position"], ["category"]):
        groups = [log[key] for key in keys]
        size = log.groupby(groups, observed=True).size()
        large = size.index[size > 700]
        assert len(large) >= 18
        for p in CHANCES:
            given = 1.0 if p == "p_click" else seen["p_click"]
            true = log[p] * (1.0 if p == "p_click" else log["p_click"])
            one = (seen[p] * given).groupby(groups, observed=True).mean()[large]
            two = true.groupby(groups, observed=True).mean()[large]
            off = np.log(one / two)
            assert np.abs(off).max() < 0.3, (keys, p)
            assert off.std() < 0.08 and abs(off.mean()) < 0.04, (keys, p)


def test_without_the_query_relevance_is_what_it_is_on_average(shop, log):
    inner = shop._log
    search = log[log["scenario"] == "search"]
    relevance, errors = search["relevance"].to_numpy(), []
    for product in (False, True):
        weights = inner._visible._grade_weights(inner._coded(search), product, query=False)
        expected = weights @ np.arange(4)
        for some in np.array_split(np.argsort(expected), 5):
            assert expected[some].mean() == pytest.approx(relevance[some].mean(), abs=0.06)
        errors.append(((relevance - expected) ** 2).mean())
    assert errors[1] < 0.7 * errors[0] < 0.7 * relevance.var()


@pytest.mark.parametrize("scenario", ["home", "search"])
def test_who_knows_more_ranks_better(shop, log, scenario):
    rows = (log["scenario"] == scenario).to_numpy()
    orders = [[(), ("user_id",), PERSONS, IDS], [(), ("product_id",), PERSONS, IDS]]
    if scenario == "search":
        orders += [[(), ("query_id",), ("user_id", "query_id"), IDS]]
    for order in orders:
        found = []
        for ids in order:
            seen = shop.visible_probabilities(log, ids)
            both = seen["p_click"] * seen["p_purchase_given_click"]
            found.append(
                [
                    roc_auc_score(log["click"][rows], seen["p_click"][rows]),
                    roc_auc_score(log["purchase"][rows], both[rows]),
                ]
            )
        assert (np.diff(found, axis=0) >= (-0.002, -0.01)).all(), (order, found)
        gain = np.subtract(found[-1], found[0])
        assert (gain > 0.01).all(), (order, found)


def test_a_row_is_judged_by_itself_without_its_truth(shop, log):
    whole = shop.visible_probabilities(log)
    some = log.sample(500, random_state=0)
    bare = some.drop(columns=[*CHANCES, "p_examine", "relevance", "click", "cart", "purchase"])
    pd.testing.assert_frame_equal(shop.visible_probabilities(bare), whole.loc[some.index])


def test_the_committed_log_is_of_the_shop_of_seed_0():
    log = load("impressions")
    seen = Shop().visible_probabilities(log, IDS)
    np.testing.assert_allclose(seen, log[CHANCES], rtol=0, atol=5e-6)


@pytest.mark.parametrize(
    ("ids", "says"),
    [
        (["customer"], "ids must be a list of some of 'user_id', 'product_id', 'query_id', got"),
        ("user_id", "got 'user_id'"),
    ],
)
def test_other_ids_are_one_clear_sentence(shop, log, ids, says):
    with pytest.raises(CourseError, match=says):
        shop.visible_probabilities(log.head(5), ids)


def test_rows_of_another_shop_are_refused(shop):
    other = Shop(n_users=3000).log(3000)
    with pytest.raises(CourseError, match="not of this shop"):
        shop.visible_probabilities(other)
