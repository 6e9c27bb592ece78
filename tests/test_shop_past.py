"""The customer's past as columns: what had happened before a row was shown, and no more."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from course_utils.columns import Columns
from course_utils.errors import CourseError
from course_utils.shop import Shop
from course_utils.shop.events import make_events

K = 3


@pytest.fixture(scope="module")
def shop():
    return Shop(n_users=60, n_products=120)


@pytest.fixture(scope="module")
def log(shop):
    return shop.log(6000)


@pytest.fixture(scope="module")
def past(shop, log):
    return shop.past(log, k=K, by_category=True)


def test_it_is_what_a_slow_loop_counts(shop, log, past):
    events = make_events(log)
    category = shop.products.set_index("product_id")["category"].astype(str)
    of = {
        "views": log[["user_id", "timestamp", "product_id"]],
        "clicks": events[events["action"] == "click"],
        "purchases": pd.concat([shop.purchases, events[events["action"] == "purchase"]]),
    }
    some = log.sample(250, random_state=0)
    assert (past.loc[some.index, "clicks"] > 0).mean() > 0.5
    for at, row in some.iterrows():
        found = past.loc[at]
        for kind, happened in of.items():
            mine = happened[
                (happened["user_id"] == row["user_id"]) & (happened["timestamp"] < row["timestamp"])
            ].sort_values("timestamp", kind="stable")
            kinds = category[mine["product_id"]].to_numpy()
            assert found[kind] == len(mine)
            assert found[f"{kind}_of_category"] == (kinds == row["category"]).sum()
            assert found[f"{kind}_of_product"] == (mine["product_id"] == row["product_id"]).sum()
            for name in ("Audio", "Toys"):
                assert found[f"{kind}_of_{name}"] == (kinds == name).sum()
            if kind == "views":
                continue
            assert found[f"last_{kind}"] == tuple(mine["product_id"].iloc[::-1].head(K))
            days = found[f"days_since_{kind[:-1]}"]
            if len(mine):
                seconds = row["timestamp"] - mine["timestamp"].iloc[-1]
                assert days == pytest.approx(seconds / 86_400, abs=1e-4) and days > 0
            else:
                assert np.isnan(days)


@pytest.mark.parametrize("t", [0.2, 0.7])
def test_what_comes_later_changes_nothing_earlier(shop, log, past, t):
    """Everything from a moment on is made another: what happens, to whom, and when it is bought."""
    now = log["timestamp"].quantile(t, interpolation="lower")
    other = log.copy()
    later = log["timestamp"] >= now
    other.loc[later, ["click", "cart", "purchase"]] = 1
    other.loc[later, "hours_to_purchase"] = 0.0
    other.loc[later, "product_id"] = "7"
    other.loc[later, "category"] = "Toys"
    # A purchase that is still to come when the moment is there never happens.
    bought_at = log["timestamp"] + 5 * log["position"] + 3600 * log["hours_to_purchase"]
    coming = ~later & (bought_at >= now)
    assert coming.any()
    other.loc[coming, ["purchase", "hours_to_purchase"]] = 0, np.nan
    changed = shop.past(other, k=K, by_category=True)
    seen = log["timestamp"] <= now
    same = past.columns.difference(
        [name for name in past if name.endswith(("_of_product", "_of_category"))]
    )
    pd.testing.assert_frame_equal(changed.loc[seen, same], past.loc[seen, same])
    pd.testing.assert_frame_equal(changed[~later], past[~later])
    assert not changed.equals(past)


def test_a_row_does_not_see_its_own_list(log, past):
    whole = log.assign(clicks=past["clicks"], views=past["views"]).groupby("request")
    assert (whole[["clicks", "views"]].nunique() == 1).all(axis=None)
    first = log.drop_duplicates("user_id").index
    assert (past.loc[first, ["views", "clicks"]] == 0).all(axis=None)


def test_a_late_purchase_is_known_when_it_happens(shop):
    log = shop.log(40_000)
    late = log[log["hours_to_purchase"] > 48]
    past = shop.past(log)
    bought = 0
    for _, row in late.iterrows():
        at = row["timestamp"] + 5 * row["position"] + 3600 * row["hours_to_purchase"]
        mine = log["user_id"] == row["user_id"]
        of_it = past[mine & (log["product_id"] == row["product_id"])]
        times = log.loc[of_it.index, "timestamp"]
        before, after = of_it[times <= at], of_it[times > at + 1]
        if len(after):
            bought += 1
            least = before["purchases_of_product"].max() + 1
            assert (after["purchases_of_product"] >= least).all()
    assert bought >= 5


def test_counts_add_up(past):
    for kind in ("views", "clicks", "purchases"):
        names = [
            name
            for name in past
            if name.startswith(f"{kind}_of_") and not name.endswith(("_category", "_product"))
        ]
        assert len(names) == 24
        assert (past[names].sum(axis=1) == past[kind]).all()


def test_the_last_products_are_a_bag_that_columns_read(log, past):
    columns = Columns.fit(past, numeric=["clicks_of_category"], bags={"last_clicks": K})
    codes = columns.table(past).codes
    assert codes.shape == (len(log), K)
    assert ((codes > 0).sum(axis=1) == np.minimum(past["clicks"], K)).all()


def test_the_order_of_rows_does_not_matter(shop, log, past):
    mixed = log.sample(frac=1.0, random_state=0)
    columns = past.columns.difference(["last_clicks", "last_purchases"])
    found = shop.past(mixed, k=K, by_category=True).loc[log.index, columns]
    pd.testing.assert_frame_equal(found, past[columns])


def test_a_log_without_a_click_has_a_past(shop):
    past = shop.past(shop.log(5).assign(click=0, cart=0, purchase=0))
    assert (past["clicks"] == 0).all() and past["days_since_click"].isna().all()
    assert past["last_clicks"].tolist() == [()] * 5 and (past["purchases"] >= 20).all()


def test_bad_input_is_one_clear_sentence(shop, log):
    with pytest.raises(CourseError, match="k must be a whole number, 1 or more, got 0"):
        shop.past(log, k=0)
    with pytest.raises(CourseError, match="There is no product"):
        shop.past(Shop().log(1000))
