"""What comes after the purchase, reviews and returns; and the log as sequences."""

import numpy as np
import pandas as pd
import pytest

from course_utils.shop import Shop
from course_utils.shop.events import make_events


@pytest.fixture(scope="module")
def shop():
    return Shop(n_users=5000)


@pytest.fixture(scope="module")
def log(shop):
    return shop.log(100_000)


@pytest.fixture(scope="module")
def events(log):
    return make_events(log)


# ---------------------------------------------------------------- reviews


def test_a_review_is_a_rating_with_words(shop):
    reviews = shop.reviews
    both = reviews.merge(shop.ratings, on=["user_id", "product_id", "rating", "timestamp"])
    assert len(both) == len(reviews) > 4000
    assert reviews["timestamp"].is_monotonic_increasing
    assert (reviews["text"].str.len() > 5).all()
    assert reviews["text"].nunique() > 0.75 * len(reviews)
    chinese = reviews["text"].str.contains("[\u4e00-\u9fff]")
    assert chinese.equals(reviews["language"] == "zh")
    assert chinese.mean() == pytest.approx(0.4, abs=0.03)


def test_the_displeased_and_the_delighted_write_most(shop):
    written = shop.reviews["rating"].value_counts() / shop.ratings["rating"].value_counts()
    for stars, chance in zip(range(1, 6), (0.06, 0.03, 0.012, 0.015, 0.04), strict=True):
        assert written[stars] == pytest.approx(chance, rel=0.15)


def said(reviews: pd.DataFrame, aspect: str) -> pd.Series:
    """1 praised, 0 blamed; only reviews that speak of the aspect."""
    found = reviews["aspects"].str.extract(rf"{aspect}([+-])")[0].dropna()
    return (found == "+").astype(int)


def test_what_is_said_follows_stars_and_quality_but_delivery_does_not(shop):
    reviews = shop.reviews.merge(shop.listings[["product_id", "quality"]], on="product_id")
    for aspect, least in (("looks", 0.6), ("value", 0.6), ("quality", 0.6)):
        by = said(reviews, aspect).groupby(reviews["rating"]).mean()
        assert by[5] - by[1] > least, aspect
    by = said(reviews, "delivery").groupby(reviews["rating"] > 3).mean()
    assert abs(by[True] - by[False]) < 0.08
    middle = reviews[reviews["rating"].between(2, 4)]
    praised = said(middle, "quality")
    quality = middle.loc[praised.index, "quality"]
    assert quality[praised == 1].mean() > quality[praised == 0].mean() + 0.15


def test_votes_are_a_poisson_draw_of_their_mean(shop):
    reviews = shop.reviews
    for some in np.array_split(np.argsort(reviews["mean_votes"].to_numpy()), 5):
        votes, mean = reviews["helpful_votes"].iloc[some], reviews["mean_votes"].iloc[some].mean()
        assert abs(votes.mean() - mean) < 4 * np.sqrt(mean / len(some)) + 1e-9
    old = reviews["timestamp"] < reviews["timestamp"].median()
    assert reviews.loc[old, "helpful_votes"].mean() > 2 * reviews.loc[~old, "helpful_votes"].mean()


# ---------------------------------------------------------------- returns


def test_returns_follow_their_chance(shop):
    bought = shop.purchases
    for some in np.array_split(np.argsort(bought["p_return"].to_numpy()), 10):
        y, mean = bought["returned"].iloc[some], bought["p_return"].iloc[some].mean()
        assert abs(y.mean() - mean) < 4 * np.sqrt(mean * (1 - mean) / len(some))
    back = bought["returned"] == 1
    assert bought["days_to_return"].notna().equals(back)
    assert bought["return_reason"].notna().equals(back)
    assert bought["days_to_return"].dropna().between(2, 21).all()


def test_what_is_liked_less_comes_back_more(shop):
    both = shop.purchases.merge(shop.ratings, on=["user_id", "product_id"])
    rate = both.groupby("rating")["returned"].mean()
    assert rate[2] > 1.5 * rate[5]
    both = both.merge(shop.listings, on="product_id")
    of = both.groupby("department", observed=True)["returned"].mean()
    assert of.idxmax() == "Fashion"
    reasons = both.groupby("return_reason", observed=True)
    fit = (reasons["department"].apply(lambda d: (d == "Fashion").mean())).to_dict()
    assert fit["does not fit"] > 2 * fit["damaged"]
    assert reasons["quality"].mean()["not as described"] < both["quality"].mean() - 0.2


# ---------------------------------------------------------------- events


def test_events_are_the_actions_of_the_log(log, events):
    searches = ((log["scenario"] == "search") & (log["position"] == 1)).sum()
    counts = events["action"].value_counts()
    assert counts.to_dict() == {
        "search": searches,
        "click": log["click"].sum(),
        "cart": log["cart"].sum(),
        "purchase": log["purchase"].sum(),
    }
    assert events["timestamp"].is_monotonic_increasing
    assert events["product_id"].isna().equals(events["action"] == "search")
    assert events["query_id"].notna().equals(events["scenario"] == "search")


def test_within_a_visit_each_action_follows_its_cause(log, events):
    acted = events[events["action"] != "search"]
    keys = ["session", "product_id", "scenario"]
    once = ~log[log["click"] == 1].duplicated(keys, keep=False)
    single = log.loc[once[once].index, keys]
    wide = acted.merge(single, on=keys).pivot(index=keys, columns="action", values="timestamp")
    assert len(wide) > 5000
    assert (wide["cart"].dropna() > wide["click"][wide["cart"].notna()]).all()
    assert (wide["purchase"].dropna() > wide["cart"][wide["purchase"].notna()]).all()
    # The last cart of a list, and of the strip behind it, comes 120 seconds after the list.
    lists = log[(log["scenario"] != "cart") & (log["position"] == 1)]
    assert lists.groupby("session")["timestamp"].diff().dropna().min() > 120
