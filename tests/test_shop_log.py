"""The log: a funnel in three scenarios whose chances are the ones that it was drawn with."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from sklearn.metrics import roc_auc_score

from course_utils.shop import Shop
from course_utils.shop.tables import csv_bytes

N = 300_000
CHANCES = ["p_examine", "p_click", "p_cart_given_click", "p_purchase_given_click"]
CONTEXT = ["user_id", "hour", "weekday", "weather", "device", "segment", "city"]


@pytest.fixture(scope="module")
def shop():
    return Shop()


@pytest.fixture(scope="module")
def log(shop):
    return shop.log(N)


def clicked(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["click"] == 1]


def home_logits(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Logits of p(click, if looked at) and of p(purchase | click), home feed."""
    home = rows[rows["scenario"] == "home"]
    return logit(home["p_click"] / home["p_examine"]), logit(home["p_purchase_given_click"])


# ---------------------------------------------------------------- one shop, one log


def test_fewer_rows_are_the_first_of_more(shop, log):
    pd.testing.assert_frame_equal(shop.log(100_000), log.head(100_000))


def test_pieces_are_the_whole_in_order(shop, log):
    pieces = list(shop.log_blocks(130_000))
    assert len(pieces) > 1
    assert csv_bytes(pd.concat(pieces)) == csv_bytes(log.head(130_000))


def test_a_log_does_not_depend_on_what_was_asked_before(log):
    fresh = Shop()
    fresh.reviews  # noqa: B018  (asked for first on purpose)
    pd.testing.assert_frame_equal(fresh.log(1000), log.head(1000))


def test_another_seed_is_another_log(log):
    other = Shop(seed=1).log(1000)
    for column in ("timestamp", "user_id", "product_id", "weather"):
        assert not other[column].equals(log[column].head(1000)), column


def test_rows_carry_the_users_and_products_columns(shop, log):
    rows = log.sample(2000, random_state=0)
    for table, key in ((shop.users, "user_id"), (shop.products, "product_id")):
        known = table.set_index(key).loc[rows[key]]
        for column in known.columns.intersection(rows.columns):
            assert (known[column].to_numpy() == rows[column].to_numpy()).all(), column


def test_visits_have_one_user_and_one_context(shop, log):
    assert (log.groupby("session")[CONTEXT].nunique() == 1).all(axis=None)
    start = log.groupby("session")["timestamp"].first() - 1_735_689_600
    first = log.drop_duplicates("session").set_index("session")
    assert (start // 3600 % 24 == first["hour"]).all()
    assert ((2 + start // 86_400) % 7 == first["weekday"]).all()  # 1 January 2025: Wednesday
    assert start.is_monotonic_increasing
    of_day = first.assign(day=start // 86_400).groupby(["city", "day"], observed=True)
    assert (of_day["weather"].nunique() == 1).all()
    assert first["weather"].nunique() == 4


def test_time_never_runs_back_within_a_visit(log):
    assert (log.groupby("session")["timestamp"].diff().dropna() >= 0).all()


# ---------------------------------------------------------------- lists


def test_lists_are_whole_and_hold_no_product_twice(log):
    lists = log[log["request"] < log["request"].iat[-1]].groupby("request")
    length = lists.size()
    of_cart = lists["scenario"].first() == "cart"
    assert (length == np.where(of_cart, 5, 10)).all()
    assert (lists["position"].max() == length).all()
    assert (lists["product_id"].nunique() == length).all()
    assert (lists["query_id"].nunique() == (lists["scenario"].first() == "search")).all()


def test_search_rows_have_the_relevance_of_the_judgements(shop, log):
    search = log[log["scenario"] == "search"]
    judged = search.merge(shop.judgements, on=["query_id", "product_id"], how="left")
    assert (judged["relevance_y"].fillna(0) == judged["relevance_x"]).all()
    assert log["relevance"].notna().equals(log["scenario"] == "search")


def test_a_strip_follows_what_went_into_the_cart(log):
    strips = log[(log["scenario"] == "cart") & (log["position"] == 1)]
    before = log[log["cart"] == 1].assign(request=lambda rows: rows["request"] + 1)
    both = strips.merge(
        before,
        left_on=["request", "anchor_id"],
        right_on=["request", "product_id"],
        suffixes=("", "_before"),
    )
    assert len(both) == len(strips) > 500
    assert (both["session"] == both["session_before"]).all()
    assert (both["timestamp"] > both["timestamp_before"]).all()
    cart = log[log["scenario"] == "cart"]
    assert (cart["anchor_id"] != cart["product_id"]).all()


# ---------------------------------------------------------------- funnel and truth


def test_funnel_order(log):
    assert (log["purchase"] <= log["cart"]).all()
    assert (log["cart"] <= log["click"]).all()
    assert (log["p_purchase_given_click"] < log["p_cart_given_click"]).all()
    assert (log["p_click"] <= log["p_examine"]).all()
    assert log["hours_to_purchase"].notna().equals(log["purchase"] == 1)


def test_shares_and_rates_of_the_scenarios(log):
    by = log.groupby("scenario", observed=True)
    share = log["scenario"].value_counts(normalize=True)
    assert share["home"] == pytest.approx(0.70, abs=0.01)
    assert share["search"] == pytest.approx(0.25, abs=0.01)
    assert share["cart"] == pytest.approx(0.05, abs=0.01)
    rates = by["p_click"].mean()
    bought = (log["p_click"] * log["p_purchase_given_click"]).groupby(log["scenario"]).mean()
    for scenario, click, purchase in [
        ("home", 0.10, 0.06),
        ("search", 0.14, 0.14),
        ("cart", 0.10, 0.20),
    ]:
        assert rates[scenario] == pytest.approx(click, rel=0.08)
        assert bought[scenario] / rates[scenario] == pytest.approx(purchase, rel=0.08)


def test_scenarios_differ_in_who_comes_and_what_is_shown(log):
    price = log.groupby("scenario", observed=True)["price"].median()
    assert price["cart"] < 0.7 * price["home"]
    segments = pd.crosstab(log["scenario"], log["segment"], normalize="index")
    assert (segments.loc["home"] - segments.loc["search"]).abs().sum() > 0.1
    categories = pd.crosstab(log["scenario"], log["category"], normalize="index")
    for other in ("search", "cart"):
        assert (categories.loc["home"] - categories.loc[other]).abs().sum() > 0.1


@pytest.mark.parametrize("scenario", ["home", "search", "cart"])
def test_true_chances_are_calibrated_everywhere(log, scenario):
    rows = log[log["scenario"] == scenario]
    for part, label, p in [
        (rows, "click", "p_click"),
        (clicked(rows), "cart", "p_cart_given_click"),
        (clicked(rows), "purchase", "p_purchase_given_click"),
    ]:
        for some in np.array_split(np.argsort(part[p].to_numpy()), 4):
            y, mean = part[label].iloc[some], part[p].iloc[some].mean()
            assert abs(y.mean() - mean) < 4 * np.sqrt(mean * (1 - mean) / len(some)), (label, p)


def test_position_takes_attention_and_hides_behind_appeal(log):
    home = log[(log["scenario"] == "home") & (log["device"] == "phone")]
    by = home.groupby("position")
    looked = by["p_examine"].first()
    assert (by["p_examine"].nunique() == 1).all()
    assert looked.iloc[0] == 1 and (looked.diff().dropna() < 0).all()
    # Click rates fall faster than attention, because what draws clicks stands higher.
    rate = by["click"].mean()
    assert rate[10] / rate[1] < 0.75 * looked[10] / looked[1]


def test_attention_falls_fastest_on_the_phone_and_in_search(log):
    at = log[log["position"] == 5].pivot_table(
        index="scenario", columns="device", values="p_examine", observed=True
    )
    assert (at["phone"] < at["tablet"]).all() and (at["tablet"] < at["desktop"]).all()
    assert (at.loc["search"] < at.loc["home"]).all()


def test_purchases_come_late_and_dear_ones_later(log):
    bought = log[log["purchase"] == 1]
    hours = bought["hours_to_purchase"]
    assert (hours < 1).mean() == pytest.approx(0.6, abs=0.03)
    assert hours.between(0, 720).all()
    late = bought[hours >= 1]
    dear = late["price"] > late["price"].median()
    mean = late.groupby(dear)["hours_to_purchase"].mean()
    assert mean[True] > 1.3 * mean[False]


def test_no_draw_hangs_on_the_last_digit(log):
    for p in CHANCES:
        assert np.array_equal(log[p], np.round(log[p], 6)), p


# ---------------------------------------------------------------- dials


@pytest.mark.parametrize("relatedness", [-1.0, 0.0, 0.8, 1.0])
def test_relatedness_is_the_correlation_of_the_logits(relatedness):
    rows = Shop(seed=2, relatedness=relatedness, selection=0.0).log(60_000)
    assert np.corrcoef(*home_logits(rows))[0, 1] == pytest.approx(relatedness, abs=0.02)


@pytest.mark.parametrize("similarity", [0.0, 0.6, 1.0])
def test_similarity_is_the_correlation_of_what_draws_clicks(similarity):
    inner = Shop(seed=2, similarity=similarity)._log
    rng = np.random.default_rng(0)
    rows = inner._unranked(rng, inner._visitors.requests(rng, 1))
    home, search, cart, _ = inner._truth.scores(rows[rows["scenario"] == 0])
    for other in (search, cart):
        assert np.corrcoef(home, other)[0, 1] == pytest.approx(similarity, abs=0.03)


def test_similarity_changes_the_others_and_leaves_the_home_feed_alone(log):
    other = Shop(similarity=0.0).log(40_000)
    for scenario, same in (("home", True), ("search", False)):
        one, two = (
            rows.loc[rows["scenario"] == scenario, ["product_id", "p_click", "click"]]
            .head(5000)
            .reset_index(drop=True)
            for rows in (log, other)
        )
        assert one["product_id"].equals(two["product_id"])
        assert one.equals(two) == same


@pytest.mark.parametrize("sparsity", [0.5, 0.95])
def test_sparsity_thins_clicks_and_purchases(log, sparsity):
    sparse = Shop(sparsity=sparsity).log(N)
    for scenario in ("home", "search"):
        dense_rows, rows = (x[x["scenario"] == scenario] for x in (log, sparse))
        assert rows["p_click"].mean() == pytest.approx(
            (1 - sparsity) * dense_rows["p_click"].mean(), rel=0.03
        )
        one, two = (
            np.average(x["p_purchase_given_click"], weights=x["p_click"])
            for x in (dense_rows, rows)
        )
        assert two == pytest.approx((1 - sparsity) * one, rel=0.12)


@pytest.mark.parametrize("selection", [0.0, 0.5, 1.0, 2.0])
def test_selection_ties_click_and_purchase_beyond_what_columns_show(selection):
    rows = Shop(seed=2, relatedness=0.0, selection=selection).log(60_000)
    expected = selection**2 / (1.2**2 + selection**2)
    assert np.corrcoef(*home_logits(rows))[0, 1] == pytest.approx(expected, abs=0.03)
    home = rows[rows["scenario"] == "home"]
    rate = home.groupby("click")["p_purchase_given_click"].mean()
    if selection == 0:
        assert rate[1] == pytest.approx(rate[0], rel=0.1)
    else:
        assert rate[1] > (1 + selection / 4) * rate[0]


def test_noise_takes_what_can_be_known(log):
    def bayes(rows):
        home = rows[rows["scenario"] == "home"]
        some = clicked(home)
        return (
            roc_auc_score(home["click"], home["p_click"]),
            roc_auc_score(some["purchase"], some["p_purchase_given_click"]),
        )

    half, blind = Shop(noise=0.5).log(N), Shop(noise=1.0).log(N)
    for clean, middle in zip(bayes(log), bayes(half), strict=True):
        assert clean - 0.05 > middle > 0.6
    # Blind users still look at the top first, and scenarios still differ in their mean.
    home = blind[blind["scenario"] == "home"]
    assert (home["p_click"] / home["p_examine"]).std() < 1e-5
    assert home["p_purchase_given_click"].nunique() == 1
    for rows in (half, blind):
        of = rows[rows["scenario"] == "home"]
        assert of["p_click"].mean() == pytest.approx(0.10, rel=0.05)
