"""Many markets: sizes, traits, shifts and tastes are the ones that the dials say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from course_utils.errors import CourseError
from course_utils.shop import Shop
from course_utils.shop.markets import TRAITS, Markets

N = 200_000
CHANCES = ["p_click", "p_cart_given_click", "p_purchase_given_click"]
COLUMNS = ["segment", "city", "price_sensitivity", "tenure_days", "category", "brand", "price"]


@pytest.fixture(scope="module")
def rows():
    return Shop().markets(N, scenarios=50)


def inner(scenarios: int = 50, shift: float = 0.5, explained: float = 0.5, **dials) -> Markets:
    shop = Shop(**dials)
    return Markets(shop.seed, shop._buying, shop.dials, scenarios, shift, explained)


def told_by_traits(values: np.ndarray, traits: np.ndarray) -> float:
    """R^2 of a linear regression, over markets."""
    x = np.column_stack([np.ones(len(traits)), traits])
    rest = values - x @ np.linalg.lstsq(x, values, rcond=None)[0]
    return 1.0 - rest.var(axis=0).mean() / values.var(axis=0).mean()


# ---------------------------------------------------------------- one table


def test_fewer_rows_are_the_first_of_more(rows):
    pd.testing.assert_frame_equal(Shop().markets(70_000, scenarios=50), rows.head(70_000))


def test_fewer_markets_are_the_first_of_more():
    few, many = inner(3), inner(50)
    assert np.array_equal(few._base, many._base[:3])
    assert np.array_equal(few._kinds.traits, many._kinds.traits)
    three = Shop().markets(3000, scenarios=3)
    assert sorted(three["market"].unique()) == ["M01", "M02", "M03"]


def test_another_seed_is_another_world(rows):
    other = Shop(seed=1).markets(1000, scenarios=50)
    for column in ("trait_1", "user_id", "product_id", "p_click"):
        assert not other[column].equals(rows[column].head(1000)), column


@pytest.mark.parametrize("scenarios", [3, 10, 50])
def test_sizes_follow_zipf(scenarios):
    share = Shop().markets(60_000, scenarios=scenarios)["market"].value_counts(normalize=True)
    rank = np.arange(1, scenarios + 1)
    expected = 1.0 / rank / (1.0 / rank).sum()
    error = np.sqrt(expected * (1 - expected) / 60_000)
    assert (np.abs(share.sort_index().to_numpy() - expected) < 4.5 * error).all()


def test_rows_carry_their_users_products_and_markets_columns(rows):
    shop = Shop()
    for table, key in ((shop.users, "user_id"), (shop.products, "product_id")):
        known = table.set_index(key).loc[rows[key].head(2000)]
        for column in known.columns.intersection(rows.columns):
            assert (known[column].to_numpy() == rows[column].head(2000).to_numpy()).all(), column
    assert (rows.groupby("market", observed=True)[list(TRAITS)].nunique() == 1).all(axis=None)


# ---------------------------------------------------------------- the truth


def test_true_chances_are_calibrated_and_in_order(rows):
    assert (rows["purchase"] <= rows["cart"]).all() and (rows["cart"] <= rows["click"]).all()
    clicked = rows[rows["click"] == 1]
    labels = ("click", "cart", "purchase")
    for part, label, p in zip((rows, clicked, clicked), labels, CHANCES, strict=True):
        for some in np.array_split(np.argsort(part[p].to_numpy()), 5):
            y, mean = part[label].iloc[some], part[p].iloc[some].mean()
            assert abs(y.mean() - mean) < 4 * np.sqrt(mean * (1 - mean) / len(some)), (label, p)
    for p in CHANCES:
        assert np.array_equal(rows[p], np.round(rows[p], 6)), p


def test_nothing_is_hidden(rows):
    groups = rows.groupby(["market", *COLUMNS], observed=True)[CHANCES]
    assert (groups.nunique() == 1).all(axis=None)
    without = rows.groupby(COLUMNS, observed=True)["p_click"].nunique()
    assert without.max() > 1


@pytest.mark.parametrize("similarity", [0.0, 0.6, 1.0])
def test_similarity_is_the_correlation_with_what_all_share(similarity):
    made = inner(similarity=similarity)
    rng = np.random.default_rng(0)
    u, p = rng.integers(2000, size=20_000), rng.integers(1000, size=20_000)
    logits = np.array([made._logits(np.full(20_000, s), u, p)[0] for s in range(8)])
    shared = inner(similarity=1.0)._logits(np.zeros(20_000, int), u, p)[0]
    for one in logits:
        assert np.corrcoef(one, shared)[0, 1] == pytest.approx(similarity, abs=0.03)
    taste = made._kinds.taste[:8]
    expected = similarity**2 + (1 - similarity**2) * taste @ taste.T
    np.testing.assert_allclose(np.corrcoef(logits), expected, atol=0.03)


@pytest.mark.parametrize("relatedness", [-1.0, 0.0, 0.8])
def test_relatedness_is_the_correlation_of_the_logits(relatedness):
    rows = Shop(relatedness=relatedness).markets(60_000, scenarios=3, shift=0.0)
    of = rows[rows["market"] == "M01"]
    found = np.corrcoef(logit(of["p_click"]), logit(of["p_purchase_given_click"]))[0, 1]
    assert found == pytest.approx(relatedness, abs=0.05)


@pytest.mark.parametrize("column", ["segment", "category"])
def test_shift_is_how_much_markets_differ_in_who_comes_and_what_is_shown(column):
    found = []
    for shift in (0.0, 0.5, 1.5):
        rows = Shop().markets(100_000, scenarios=5, shift=shift)
        share = pd.crosstab(rows["market"], rows[column], normalize="index")
        found.append((share - share.mean()).abs().sum(axis=1).mean() / 2)
    assert found[0] < 0.03 and found[1] > 0.15 and found[2] > 1.7 * found[1]


def test_shift_moves_prices_and_leaves_chances_of_a_pair_alone():
    def at(shift: float) -> tuple[pd.Series, np.ndarray]:
        rows = Shop().markets(60_000, scenarios=5, shift=shift)
        made = inner(5, shift=shift)
        pairs = made._logits(np.arange(5), np.arange(5), np.arange(5))
        return rows.groupby("market", observed=True)["price"].median(), np.array(pairs)

    (same, one), (moved, other) = at(0.0), at(1.0)
    assert same.std() / same.mean() < 0.05 and moved.std() / moved.mean() > 0.15
    assert np.array_equal(one, other)


@pytest.mark.parametrize("explained", [0.0, 0.5, 1.0])
def test_explained_is_the_share_that_traits_tell(explained):
    found = []
    for seed in range(8):
        kinds = inner(3, explained=explained, seed=seed, n_users=20, n_products=40)._kinds
        made = np.column_stack([kinds.comes, kinds.shown, kinds.dear, kinds.rates])
        found.append(told_by_traits(made, kinds.traits))
    by_chance = (1 - explained) * len(TRAITS) / 49
    assert np.mean(found) == pytest.approx(explained + by_chance, abs=0.04)


def test_rates_of_the_rows_follow_the_traits_where_these_tell_all():
    found = []
    for explained in (0.0, 1.0):
        rows = Shop().markets(N, scenarios=50, shift=0.0, explained=explained)
        of = rows.groupby("market", observed=True)
        rate = np.log(of["p_click"].mean().to_numpy())
        assert 0.15 < rate.std() < 0.45
        found.append(told_by_traits(rate[:, None], of[list(TRAITS)].first().to_numpy()))
    assert found[0] < 0.4 and found[1] > 0.95


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"n": 0}, "n must be a whole number, 1 or more"),
        ({"scenarios": 2}, "scenarios must be a whole number, 3 or more, got 2"),
        ({"scenarios": 51}, "scenarios must be 50 or fewer, got 51"),
        ({"shift": -1}, "shift must lie between 0 and 2, got -1"),
        ({"explained": 1.5}, "explained must lie between 0 and 1, got 1.5"),
    ],
)
def test_bad_arguments_are_one_clear_sentence(arguments, says):
    with pytest.raises(CourseError, match=says):
        Shop(n_users=20, n_products=40).markets(**{"n": 10, **arguments})
