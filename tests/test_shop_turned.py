"""The dials on the year 2024 and on titles: off they change nothing, up they do what they say."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax
from turned import TURNED, turned_tables

from course_utils.errors import CourseError
from course_utils.labels import named_labels
from course_utils.shop import Shop
from course_utils.shop.dials import Dials
from course_utils.shop.labels import LABELS
from course_utils.shop.words import KINDS

SMALL = {"n_users": 600, "n_products": 500}
MADE = ("purchases", "ratings", "reviews", "listings", "deliveries", "review_views")


@pytest.fixture(scope="module")
def shop():
    return Shop(**SMALL)


def paired(log_shop: Shop) -> pd.DataFrame:
    """Purchases with the category and kind of the one before, of users who had one."""
    tree = log_shop.listings.set_index("product_id")[["category", "kind"]].astype(str)
    rows = log_shop.purchases.sort_values(["user_id", "timestamp"], kind="stable")
    rows = rows.join(tree, on="product_id")
    before = rows.groupby("user_id")[["category", "kind"]].shift()
    return rows.assign(category_before=before["category"], kind_before=before["kind"]).dropna(
        subset="kind_before"
    )


def same_category(one: Shop) -> float:
    rows = paired(one)
    return float((rows["category"] == rows["category_before"]).mean())


# ---------------------------------------------------------------- all of them


@pytest.mark.parametrize(
    ("dial", "changed"),
    [
        ({"momentum": 1.0}, ("purchases", "ratings", "reviews", "deliveries", "review_views")),
        ({"content": 1.0}, ("purchases", "ratings", "reviews", "deliveries", "review_views")),
        ({"mentions": 0.05}, ("listings",)),
        ({"late": 0.2}, ("ratings", "reviews", "deliveries", "review_views")),
        ({"views": 1.0}, ("reviews", "review_views")),
    ],
)
def test_a_dial_changes_its_tables_and_no_other(shop, dial, changed):
    one = Shop(**SMALL, **dial)
    assert tuple(name for name in MADE if not getattr(one, name).equals(getattr(shop, name))) == (
        changed
    )
    # Columns do not come and go with a dial.
    for name in MADE:
        assert list(getattr(one, name)) == list(getattr(shop, name))
    assert one.log(1000).equals(shop.log(1000))


def test_turned_up_the_tables_are_the_same_everywhere():
    """The same hashes on another CPU's kernels: ``test_shop_same``."""
    assert turned_tables() == TURNED == turned_tables()


def test_a_shop_without_dials_has_those_of_the_dials_own_defaults():
    assert Shop().dials == Dials()


@pytest.mark.parametrize(
    ("dial", "most"),
    [("momentum", 4), ("content", 3), ("mentions", 0.2), ("late", 0.5), ("views", 2)],
)
def test_dials_have_ranges(dial, most):
    Shop(**{dial: most})
    with pytest.raises(CourseError, match=f"{dial} must lie between 0 and {most}, got -0.1"):
        Shop(**{dial: -0.1})
    with pytest.raises(CourseError, match=f"{dial} must lie between 0 and {most}, got 5"):
        Shop(**{dial: 5})


# ---------------------------------------------------------------- momentum


def test_momentum_makes_purchases_follow_each_other(shop):
    shops = {0.0: shop} | {v: Shop(**SMALL, momentum=v) for v in (0.01, 1.0, 2.0, 3.0)}
    shares = [same_category(one) for one in shops.values()]
    # Just above 0 the path is another one, and the purchases are alike.
    assert shares[1] == pytest.approx(shares[0], abs=0.015)
    assert (np.diff(shares[1:]) > 0.03).all() and shares[-1] > 0.3
    # How often each customer buys is not the dial's business.
    counts = [one.purchases.groupby("user_id").size() for one in shops.values()]
    assert all(one.equals(counts[0]) for one in counts)
    # After a tent comes a sleeping bag, after a hammock a tent, not the other way round.
    follows = {}
    for _, kinds in groupby(KINDS, lambda kind: kind.category):
        names = [kind.en for kind in kinds]
        follows |= dict(zip(names, [*names[1:], names[0]], strict=True))
    assert follows["tent"] == "sleeping bag" and follows["hammock"] == "tent"
    for value, least, most in ((0.0, 0.75, 1.25), (1.0, 1.4, 2.0), (3.0, 2.5, 6.0)):
        rows = paired(shops[value])
        forward = (rows["kind"] == rows["kind_before"].map(follows)).sum()
        back = (rows["kind_before"] == rows["kind"].map(follows)).sum()
        assert least < forward / back < most


@pytest.mark.parametrize("dials", [{"momentum": 2.5}, {"momentum": 1.0, "content": 2.0}])
def test_next_purchases_are_drawn_with_their_chances(dials):
    """Summed over purchases, the chances give how often each thing happens."""
    one = Shop(seed=2, n_users=600, n_products=500, **dials)
    kinds = one.listings["kind"].astype(str).to_numpy()
    categories = one.listings["category"].astype(str).to_numpy()
    rows = paired(one).groupby("user_id", sort=False)
    last = rows.tail(3).groupby("user_id", sort=False).head(1)  # the third from the end
    every = one.purchases.sort_values(["user_id", "timestamp"], kind="stable")
    every = every.groupby("user_id", sort=False)["product_id"].agg(list)
    histories = [every[user][:-3] for user in last["user_id"]]
    assert [every[user][-3] for user in last["user_id"]] == last["product_id"].tolist()
    chance = one.next_purchase(last["user_id"].tolist(), histories, last["timestamp"].to_numpy())
    assert np.allclose(chance.sum(axis=1), 1)
    came = last["product_id"].to_numpy()[:, None] == one.products["product_id"].to_numpy()
    assert (chance[came] > 0).all()
    same = categories == last["category_before"].to_numpy()[:, None]
    again = kinds == last["kind_before"].to_numpy()[:, None]
    likely = chance > np.sort(chance, axis=1)[:, -10:].min(axis=1, keepdims=True)
    dear = np.broadcast_to(one.products["price"].to_numpy() > 60, chance.shape)
    for rows_of in (same, again, likely, dear):
        p, y = (chance * rows_of).sum(axis=1), (came & rows_of).sum(axis=1)
        assert y.sum() > 5
        assert abs(p.sum() - y.sum()) < 4 * np.sqrt((p * (1 - p)).sum())
    # Without momentum the same products are left, and what came was less likely.
    flat = one.affinity(last["user_id"].to_numpy()[:, None], one.products["product_id"])
    flat = softmax(np.where(chance > 0, flat, -np.inf), axis=1)
    assert np.log(chance[came]).mean() > np.log(flat[came]).mean() + 0.02


def test_next_purchase_knows_what_is_bought_and_what_is_not_released(shop):
    late = shop.products["release_day"].to_numpy() > 0
    day = 1_704_067_200
    chance = shop.next_purchase(["1001", "1001"], [[], ["7", "9"]], [day, day + 366 * 86_400])
    assert chance.shape == (2, 500) and np.allclose(chance.sum(axis=1), 1)
    assert np.array_equal(chance[0] == 0, late)
    assert np.flatnonzero(chance[1] == 0).tolist() == [6, 8]
    # Momentum is off: the history only takes away what has been bought.
    affinity = shop.affinity("1001", shop.products["product_id"])
    assert np.allclose(chance[1], softmax(np.where(chance[1] > 0, affinity, -np.inf)))


def test_next_purchase_refuses_what_cannot_be(shop):
    with pytest.raises(CourseError, match="one history and one timestamp for each user, got 1 u"):
        shop.next_purchase(["1001"], [[], []], [0])
    with pytest.raises(CourseError, match="no product 'x'"):
        shop.next_purchase(["1001"], [["x"]], [0])
    with pytest.raises(CourseError, match="bought all that is on sale"):
        everything = shop.products["product_id"].tolist()
        shop.next_purchase(["1001"], [everything], [1_735_689_600])


def test_the_smallest_shop_stands_with_all_dials_turned():
    one = Shop(n_users=20, n_products=40, momentum=4, content=3, mentions=0.2, late=0.5, views=2)
    bought = one.purchases.merge(one.products, on="product_id").merge(one.users, on="user_id")
    assert not bought.duplicated(["user_id", "product_id"]).any()
    day = (bought["timestamp"] - 1_704_067_200) / 86_400
    assert (day >= bought["release_day"]).all() and (day >= 365 - bought["tenure_days"]).all()
    assert one.purchases["timestamp"].is_monotonic_increasing
    assert one.ratings.groupby("user_id").size().eq(20).all()
    assert len(one.review_views) == len(one.reviews)


# ---------------------------------------------------------------- content


def label_share(one: Shop) -> float:
    """How much of the variance of affinity between products of a user the labels explain."""
    has = one.listings["labels"].str.get_dummies("|").to_numpy().astype(float)
    users = one.users["user_id"].to_numpy()[:100]
    affinity = one.affinity(users[:, None], one.products["product_id"].to_numpy()[None, :])
    y = (affinity - affinity.mean(axis=1, keepdims=True)).T
    x = has - has.mean(axis=0)
    fit = x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return float((fit**2).sum() / (y**2).sum())


def test_content_lets_labels_explain_who_wants_what(shop):
    shares = [label_share(Shop(**SMALL, content=value)) for value in (0.0, 1.0, 2.0, 3.0)]
    assert shares[0] < 0.08  # 24 columns explain that much of anything
    assert (np.diff(shares) > 0.05).all() and shares[-1] > 0.4


def test_content_adds_its_logits_to_affinity(shop):
    users = shop.users["user_id"].to_numpy()[:, None]
    products = shop.products["product_id"].to_numpy()[None, :]
    plain, one, two = (
        Shop(**SMALL, content=value).affinity(users, products) for value in (0.0, 1.0, 2.0)
    )
    assert np.array_equal(plain, shop.affinity(users, products))
    assert np.allclose(two - plain, 2 * (one - plain), atol=1e-5)
    assert (one - plain).std() == pytest.approx(1.0, abs=0.2)
    # Half is the segment's: two users of a segment agree more than two of different ones.
    corr = np.corrcoef(one - plain)
    segment = shop.users["segment"].to_numpy()
    same = (segment[:, None] == segment) & ~np.eye(len(segment), dtype=bool)
    assert corr[same].mean() > corr[segment[:, None] != segment].mean() + 0.3


def test_content_is_in_the_purchases(shop):
    """Who likes a label buys products that have it, new ones too."""
    one = Shop(**SMALL, content=2.0)
    for made, least, most in ((one, 0.25, 1.0), (shop, -0.1, 0.1)):
        bought = made.purchases.merge(made.products, on="product_id")
        has = made.listings.set_index("product_id")["labels"].str.get_dummies("|")
        new = bought["release_day"] > 0
        early, late = (
            has.loc[some["product_id"]].groupby(some["user_id"].to_numpy()).mean()
            for some in (bought[~new], bought[new])
        )
        both = early.index.intersection(late.index)
        # The same labels in what is old and in what is new, beyond what all users buy.
        a, b = early.loc[both], late.loc[both]
        a, b = a - a.mean(), b - b.mean()
        corr = (a * b).to_numpy().sum() / np.sqrt((a**2).to_numpy().sum() * (b**2).to_numpy().sum())
        assert least < corr < most


# ---------------------------------------------------------------- mentions


def test_titles_name_labels_falsely_as_often_as_they_should():
    plain = Shop(n_users=20, n_products=2000)
    has = plain.listings["labels"].str.get_dummies("|")[[label.en for label in LABELS]] > 0
    assert len(plain.false_mentions) == 0
    before = None
    for chance in (0.02, 0.2):
        one = Shop(n_users=20, n_products=2000, mentions=chance)
        assert one.listings["labels"].equals(plain.listings["labels"])
        false = one.false_mentions
        for language in ("en", "zh"):
            wrong = named_labels(one.listings, language) & ~has.to_numpy()
            rate = wrong.sum() / (~has).to_numpy().sum()
            assert rate == pytest.approx(chance, rel=0.1)
            told = pd.crosstab(
                false.loc[false["language"] == language, "product_id"],
                false.loc[false["language"] == language, "label"],
            ).reindex(index=plain.products["product_id"], columns=has.columns, fill_value=0)
            assert np.array_equal(told.to_numpy() > 0, wrong)
            # True mentions stay where they were.
            true = named_labels(plain.listings, language)
            assert np.array_equal(named_labels(one.listings, language) & has.to_numpy(), true)
        rows = set(false.itertuples(index=False, name=None))
        assert before is None or before < rows
        before = rows


# ---------------------------------------------------------------- late deliveries


def test_late_deliveries_are_as_many_as_the_dial_says_and_cost_stars(shop):
    assert not shop.deliveries["late"].any() and not shop.deliveries["p_late"].any()
    assert shop.ratings["rating"].sum() == shop.deliveries["rating_in_time"].sum()
    before = np.zeros(len(shop.purchases), dtype=bool)
    for share in (0.05, 0.2, 0.5):
        one = Shop(**SMALL, late=share)
        made = one.deliveries
        assert made[["user_id", "product_id"]].equals(one.purchases[["user_id", "product_id"]])
        assert made["p_late"].mean() == pytest.approx(share, abs=1e-4)
        for some in np.array_split(np.argsort(made["p_late"].to_numpy()), 5):
            y, p = made["late"].iloc[some], made["p_late"].iloc[some]
            assert abs(y.sum() - p.sum()) < 4 * np.sqrt((p * (1 - p)).sum())
        late = made["late"].to_numpy() == 1
        assert (before <= late).all()
        before = late
        both = one.ratings.merge(made, on=["user_id", "product_id"])
        lost = both["rating_in_time"] - both["rating"]
        assert (lost[both["late"] == 0] == 0).all()
        assert 1.3 < lost[both["late"] == 1].mean() < 1.7  # one star is the lowest
        # In time the stars are those of the shop without late deliveries.
        assert made["rating_in_time"].equals(shop.deliveries["rating_in_time"])


def test_lateness_is_the_brands_and_the_citys_not_the_products(shop):
    one = Shop(n_users=2000, n_products=500, late=0.2)
    made = one.deliveries.merge(one.listings, on="product_id").merge(one.products, on="product_id")
    of_brand = made.groupby("brand", observed=True)["p_late"].mean()
    assert of_brand.quantile(0.9) > 2 * of_brand.quantile(0.1)
    assert abs(np.corrcoef(made["p_late"], made["quality_x"])[0, 1]) < 0.15
    chances = made.merge(one.users, on="user_id").groupby(["brand", "city"], observed=True)[
        "p_late"
    ]
    assert (chances.nunique() == 1).all()


def test_late_deliveries_are_blamed_in_reviews():
    one = Shop(n_users=3000, n_products=500, late=0.3)
    both = one.reviews.merge(one.deliveries, on=["user_id", "product_id"])
    told = both[both["aspects"].str.contains("delivery")]
    blamed = told["aspects"].str.contains("delivery-", regex=False)
    by = blamed.groupby(told["late"]).mean()
    assert by[0] == pytest.approx(0.23, abs=0.06) and by[1] > 0.9
    # So delivery is praised with the stars, though no product is any worse.
    stars = told["rating"].groupby(blamed).mean()
    assert stars[False] > stars[True] + 0.5


# ---------------------------------------------------------------- views of reviews


def gini(values: np.ndarray) -> float:
    x = np.sort(values)
    return float((2 * np.arange(1, len(x) + 1) - len(x) - 1) @ x / (len(x) * x.sum()))


@pytest.fixture(scope="module")
def viewed():
    """Shops of many reviews: only views differ, so the reviews are the same."""
    return {v: Shop(n_users=2500, n_products=100, views=v) for v in (0.0, 1e-9, 1.0, 2.0)}


def test_views_follow_places_and_votes_follow_views(viewed):
    spread, top = [], []
    for one in viewed.values():
        views, reviews = one.review_views, one.reviews
        assert views[["user_id", "product_id"]].equals(reviews[["user_id", "product_id"]])
        assert (reviews["helpful_votes"] <= views["views"]).all()
        spread.append(gini(reviews["helpful_votes"].to_numpy()))
        first = reviews.sort_values("helpful_votes", ascending=False).drop_duplicates("product_id")
        top.append(first["helpful_votes"].sum() / reviews["helpful_votes"].sum())
    # The dial barely turned is the dial at 0: two ways to draw the same thing.
    assert spread[1] == pytest.approx(spread[0], abs=0.02)
    assert spread[2] > spread[1] + 0.1 and spread[3] > spread[2] + 0.05
    assert top[3] > top[2] > 1.5 * top[1]


def test_a_view_brings_a_vote_with_its_chance(viewed):
    reference = viewed[0.0]
    for one in viewed.values():
        both = one.review_views.assign(votes=one.reviews["helpful_votes"])
        assert both["p_helpful"].equals(reference.review_views["p_helpful"])
        # Not by views: those with luck in their first votes have more of them.
        for some in np.array_split(np.argsort(both["p_helpful"].to_numpy()), 5):
            part = both.iloc[some]
            mean = (part["views"] * part["p_helpful"]).sum()
            assert abs(part["votes"].sum() - mean) < 4 * np.sqrt(mean)
        # The dial moves views from review to review; there are no more of them.
        assert both["views"].sum() == pytest.approx(reference.review_views["views"].sum(), rel=0.02)


def test_with_equal_views_merit_and_votes_agree_with_steep_ones_less(viewed):
    agree = []
    for one in viewed.values():
        years = (1_735_689_600 - one.reviews["timestamp"]).clip(lower=0) / (365 * 86_400)
        old = years > 0.5
        a_year = one.reviews["helpful_votes"][old] / years[old]
        agree.append(a_year.corr(one.review_views["p_helpful"][old], method="spearman"))
    assert agree[0] == pytest.approx(agree[1], abs=0.05)
    assert agree[1] > agree[2] + 0.05 > agree[3] + 0.05
