"""The Bayes limit of labels: exact, calibrated, and never certain of what nobody named."""

import numpy as np
import pytest
from sklearn.metrics import log_loss

from course_utils.errors import CourseError
from course_utils.labels import LABEL_NAMES, label_posterior, named_labels
from course_utils.shop import Shop


@pytest.fixture(scope="module")
def listings():
    return Shop(seed=3, n_users=20, n_products=10_000).listings


@pytest.fixture(scope="module")
def has(listings):
    return listings["labels"].str.get_dummies("|")[list(LABEL_NAMES)].to_numpy() > 0


@pytest.mark.parametrize(("titles", "share"), [("en", 0.75), ("zh", 0.75), ("both", 0.9375)])
def test_titles_name_true_labels_only_and_as_many_as_they_should(listings, has, titles, share):
    named = named_labels(listings, titles)
    assert not (named & ~has).any()
    assert abs(named.sum() / has.sum() - share) < 0.01


@pytest.mark.parametrize(("titles", "high"), [("en", 0.2), ("both", 0.1)])
def test_posterior_is_calibrated(listings, has, titles, high) -> None:
    chance, named = label_posterior(listings, titles), named_labels(listings, titles)
    assert (chance[named] == 1).all() and (chance[~named] < 1).all()
    for rows in (~named, ~named & ~named.any(axis=1, keepdims=True), ~named & (chance > high)):
        p, y = chance[rows], has[rows]
        assert y.sum() > 100
        # Labels of a product hang together, hence twice the deviation of independent ones.
        assert abs(p.sum() - y.sum()) < 2 * 3 * np.sqrt((p * (1 - p)).sum())
        assert abs(p.sum() / y.sum() - 1) < 0.1


@pytest.mark.parametrize("titles", ["en", "both"])
def test_posterior_is_calibrated_where_titles_name_labels_falsely(titles) -> None:
    shop = Shop(seed=3, n_users=20, n_products=10_000, mentions=0.05)
    listings = shop.listings
    has = listings["labels"].str.get_dummies("|")[list(LABEL_NAMES)].to_numpy() > 0
    named = named_labels(listings, titles)
    chance = label_posterior(listings, titles, mentions=0.05)
    assert (chance > 0).all() and (chance < 1).all()
    for rows in (named, named & (chance < 0.5), named & (chance > 0.9), ~named):
        p, y = chance[rows], has[rows]
        assert y.sum() > 100
        assert abs(p.sum() - y.sum()) < 2 * 3 * np.sqrt((p * (1 - p)).sum())
    # Who takes titles at their word is wrong where the limit is not.
    honest = np.clip(label_posterior(listings, titles), 1e-6, 1 - 1e-6)
    assert log_loss(has.ravel(), honest.ravel()) > 1.5 * log_loss(has.ravel(), chance.ravel())


def test_two_titles_that_name_a_label_say_more_than_one() -> None:
    listings = Shop(seed=3, n_users=20, n_products=10_000, mentions=0.1).listings
    has = listings["labels"].str.get_dummies("|")[list(LABEL_NAMES)].to_numpy() > 0
    chance = label_posterior(listings, "both", mentions=0.1)
    times = np.sum([named_labels(listings, one) for one in ("en", "zh")], axis=0)
    means = [chance[times == k].mean() for k in range(3)]
    assert means[0] < 0.03 and 0.2 < means[1] < 0.5 and means[2] > 0.8
    for k in range(3):
        p, y = chance[times == k], has[times == k]
        assert abs(p.sum() - y.sum()) < 2 * 3 * np.sqrt((p * (1 - p)).sum())
    one = label_posterior(listings, "en", mentions=0.1)
    assert log_loss(has.ravel(), chance.ravel()) < 0.7 * log_loss(has.ravel(), one.ravel())


def test_a_chance_of_one_to_be_false_is_refused(listings) -> None:
    with pytest.raises(CourseError, match="mentions must lie between 0 and 1, got 1"):
        label_posterior(listings, mentions=1)


def test_reading_more_predicts_better(listings, has) -> None:
    rates = np.broadcast_to(has.mean(axis=0), has.shape)
    losses = [
        log_loss(has.ravel(), p.ravel())
        for p in (rates, label_posterior(listings), label_posterior(listings, "both"))
    ]
    assert losses[0] > 2 * losses[1] > 4 * losses[2]


def test_other_languages_are_refused(listings) -> None:
    with pytest.raises(CourseError, match="'en', 'zh' or 'both', got 'fr'"):
        named_labels(listings, "fr")
