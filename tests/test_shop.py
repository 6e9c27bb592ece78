"""The shop: same tables everywhere, realistic shapes, a truth that is the truth."""

import hashlib
from itertools import islice

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from course_utils import metrics, paths
from course_utils.errors import CourseError
from course_utils.shop import Shop
from course_utils.shop.tables import committed_tables, csv_bytes


@pytest.fixture(scope="module")
def shop():
    return Shop()


@pytest.fixture(scope="module")
def feed(shop):
    return shop.home_feed(150_000)


def digest(*columns: pd.Series) -> str:
    sha = hashlib.sha256()
    for column in columns:
        sha.update("\n".join(column.astype(str)).encode())
    return sha.hexdigest()[:16]


# ---------------------------------------------------------------- same tables everywhere


def test_tables_are_these_tables(shop, feed):
    """A change here is a new version of the shop: recorded evidence must be made anew."""
    users, products, ratings = shop.users, shop.products, shop.ratings
    assert {
        "users": digest(users["user_id"], users["segment"], users["city"], users["tenure_days"]),
        "products": digest(products["category"], products["brand"], products["release_day"]),
        "ratings": digest(ratings["user_id"], ratings["product_id"], ratings["rating"]),
        "times": digest(ratings["timestamp"], shop.purchases["timestamp"]),
        "feed": digest(feed["user_id"], feed["product_id"], feed["click"], feed["purchase"]),
        "truth": digest(
            feed["p_click"].map("{:.6f}".format),
            feed["p_purchase_given_click"].map("{:.6f}".format),
        ),
    } == {
        "users": "16e7a51f05c8c231",
        "products": "77fc7c95be95e2b5",
        "ratings": "d64816e61d3a6420",
        "times": "d34d1fdda1103722",
        "feed": "ac61f2aefaec583d",
        "truth": "29e911b19a3c3cf3",
    }


def test_committed_files_are_what_the_shop_makes():
    for name, table in committed_tables().items():
        assert (paths.DATASETS / f"{name}.csv").read_bytes() == csv_bytes(table), name


def test_a_table_does_not_depend_on_what_was_asked_before(feed):
    fresh = Shop()
    fresh.ratings  # noqa: B018  (asked for first on purpose)
    pd.testing.assert_frame_equal(fresh.home_feed(1000), feed.head(1000))


def test_fewer_impressions_are_the_first_of_more(shop, feed):
    pd.testing.assert_frame_equal(shop.home_feed(70_000), feed.head(70_000))


def test_another_seed_is_another_shop(shop):
    assert not Shop(seed=1).users["segment"].equals(shop.users["segment"])


# ---------------------------------------------------------------- ratings and purchases


def test_each_user_rates_20_to_200_products_once(shop):
    counts = shop.ratings.groupby("user_id").size()
    assert len(counts) == 2000
    assert counts.between(20, 200).all()
    assert len(shop.ratings) >= 100_000
    assert not shop.ratings.duplicated(["user_id", "product_id"]).any()
    assert set(shop.ratings["rating"]) == {1, 2, 3, 4, 5}


def test_ids_are_strings_from_1001_and_1(shop):
    assert shop.users["user_id"].iloc[[0, -1]].tolist() == ["1001", "3000"]
    assert shop.products["product_id"].iloc[[0, -1]].tolist() == ["1", "1000"]
    assert isinstance(shop.ratings["user_id"].iloc[0], str)


def test_ratings_follow_their_purchase(shop):
    both = shop.ratings.merge(
        shop.purchases, on=["user_id", "product_id"], suffixes=("", "_bought"), how="left"
    )
    days = (both["timestamp"] - both["timestamp_bought"]) / 86_400
    assert days.between(1, 14).all()
    assert len(shop.purchases) > 1.1 * len(shop.ratings)
    assert shop.purchases["timestamp"].is_monotonic_increasing
    assert shop.ratings["timestamp"].is_monotonic_increasing


def test_nothing_is_bought_before_its_release_or_its_buyer(shop):
    bought = shop.purchases.merge(shop.products, on="product_id").merge(shop.users, on="user_id")
    day = (bought["timestamp"] - 1_704_067_200) / 86_400
    assert (day >= bought["release_day"]).all()
    assert (day >= 365 - bought["tenure_days"]).all()
    assert day.between(0, 365).all()


def test_popularity_has_a_long_tail(shop):
    counts = shop.purchases["product_id"].value_counts()
    assert 0.3 < counts.head(100).sum() / counts.sum() < 0.6  # a tenth of the products


def test_expected_rating_is_the_mean_of_the_ratings(shop):
    ratings = shop.ratings
    expected = shop.expected_rating(ratings["user_id"], ratings["product_id"])
    error = ratings["rating"] - expected
    for part in np.array_split(np.argsort(expected), 10):
        assert abs(error.iloc[part].mean()) < 0.02  # 10,000 ratings, sd 0.5: 4 standard errors
    assert expected.min() >= 1 and expected.max() <= 5


def test_users_buy_what_they_like(shop):
    bought = shop.expected_rating(shop.purchases["user_id"], shop.purchases["product_id"])
    anything = shop.expected_rating(
        shop.users["user_id"].to_numpy()[:, None], shop.products["product_id"].to_numpy()[None, :]
    )
    assert bought.mean() > anything.mean() + 1


def test_next_purchases_true_ranking_beats_popularity_beats_chance(shop):
    last = shop.purchases.groupby("user_id").tail(1)
    before = shop.purchases.drop(last.index)
    last = last.sort_values("user_id").head(500)
    seen = before.groupby("user_id")["product_id"].agg(set)
    product_ids = shop.products["product_id"].to_numpy()
    popular = before["product_id"].value_counts().index.tolist()
    true_lists, popular_lists, chance_lists = [], [], []
    affinity = shop.affinity(last["user_id"].to_numpy()[:, None], product_ids[None, :])
    for user, row in zip(last["user_id"], affinity, strict=True):
        by_truth = product_ids[np.argsort(-row, kind="stable")]
        for lists, order in [
            (true_lists, by_truth),
            (popular_lists, popular),
            (chance_lists, product_ids),
        ]:
            lists.append(list(islice((p for p in order if p not in seen[user]), 10)))
    wanted = [{p} for p in last["product_id"]]
    truth, popularity, chance = (
        metrics.hit_rate_at_k(lists, wanted, 10)
        for lists in (true_lists, popular_lists, chance_lists)
    )
    assert truth > 2 * popularity
    assert popularity > 4 * chance


# ---------------------------------------------------------------- impressions


def test_funnel_order_and_rates(feed):
    assert (feed["purchase"] <= feed["click"]).all()
    assert 0.15 < feed["click"].mean() < 0.20
    assert 0.08 < feed.loc[feed["click"] == 1, "purchase"].mean() < 0.12
    product = feed["p_click"] * feed["p_purchase_given_click"]
    assert np.array_equal(feed["p_purchase"], product)


def test_true_probabilities_are_calibrated_everywhere(feed):
    clicked = feed[feed["click"] == 1]
    for rows, label, p in [
        (feed, "click", "p_click"),
        (feed, "purchase", "p_purchase"),
        (clicked, "purchase", "p_purchase_given_click"),
    ]:
        for part in np.array_split(np.argsort(rows[p].to_numpy()), 5):
            y, mean = rows[label].iloc[part], rows[p].iloc[part].mean()
            assert abs(y.mean() - mean) < 4 * np.sqrt(mean * (1 - mean) / len(part))


def test_probabilities_are_functions_of_the_visible_columns(feed):
    visible = ["segment", "city", "price_sensitivity", "tenure_days", "category", "brand", "price"]
    groups = feed.groupby(visible, observed=True)[["p_click", "p_purchase_given_click"]]
    assert (groups.nunique() == 1).all(axis=None)


@pytest.mark.parametrize("relatedness", [-1.0, -0.5, 0.0, 0.8, 1.0])
@pytest.mark.parametrize("seed", [0, 3])
def test_relatedness_is_the_correlation_of_the_logits(relatedness, seed):
    rows = Shop(seed=seed, relatedness=relatedness).home_feed(60_000)
    logits = logit(rows["p_click"]), logit(rows["p_purchase_given_click"])
    assert np.corrcoef(*logits)[0, 1] == pytest.approx(relatedness, abs=0.02)


def test_the_dial_changes_purchases_and_leaves_clicks_alone(shop, feed):
    other = Shop(relatedness=-1.0).home_feed(5000)
    assert other["p_click"].equals(feed["p_click"].head(5000))
    assert other["click"].equals(feed["click"].head(5000))
    assert not other["purchase"].equals(feed["purchase"].head(5000))


def test_no_draw_hangs_on_the_last_digit(feed):
    for p in (feed["p_click"], feed["p_purchase_given_click"]):
        assert np.array_equal(p, np.round(p, 6))
    # The same probability by another route to the exponential rounds to the same number.
    x = logit(feed["p_click"])
    assert np.abs(expit(x) - feed["p_click"]).max() < 1e-9


# ---------------------------------------------------------------- errors


def test_ids_broadcast_and_unknown_ones_are_named(shop):
    assert shop.expected_rating([["1001"], ["1002"]], ["1", "2", "3"]).shape == (2, 3)
    one = shop.expected_rating("1002", "3")
    assert one.shape == () and one == shop.expected_rating([["1001"], ["1002"]], ["3"])[1, 0]
    with pytest.raises(CourseError, match="no user 1001: ids are strings from '1001'"):
        shop.expected_rating([1001], ["1"])
    with pytest.raises(CourseError, match="no product '1001'"):
        shop.affinity(["1001"], ["1001"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"relatedness": 1.5}, "relatedness must lie between -1 and 1, got 1.5"),
        ({"relatedness": float("nan")}, "relatedness"),
        ({"seed": -1}, "seed must be a whole number, 0 or more"),
        ({"n_users": 3}, "n_users must be a whole number, 20 or more"),
        ({"n_products": 40.0}, "n_products must be a whole number"),
        ({"similarity": -0.1}, "similarity must lie between 0 and 1, got -0.1"),
        ({"sparsity": 1.0}, "sparsity must lie between 0 and 0.95, got 1.0"),
        ({"selection": 2.1}, "selection must lie between 0 and 2"),
        ({"noise": "high"}, "noise must lie between 0 and 1, got 'high'"),
    ],
)
def test_bad_dials_are_one_clear_sentence(arguments, says):
    with pytest.raises(CourseError, match=says):
        Shop(**arguments)


@pytest.mark.parametrize("table", ["home_feed", "log"])
@pytest.mark.parametrize("n", [0, 10.0])
def test_a_number_of_rows_must_be_whole(shop, table, n):
    with pytest.raises(CourseError, match="n must be a whole number, 1 or more"):
        getattr(shop, table)(n)


def test_the_smallest_shop_stands():
    tiny = Shop(n_users=20, n_products=40)
    assert tiny.ratings.groupby("user_id").size().eq(20).all()
    assert len(tiny.home_feed(10)) == 10
    assert len(tiny.log(5000)) == 5000
