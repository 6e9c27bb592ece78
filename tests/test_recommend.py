"""Production twins: equal to the library's pair by pair, to the last detail."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from surprise import SVD, BaselineOnly, Dataset, Reader, Trainset

from course_utils import recommend
from course_utils.errors import CourseError
from course_utils.metrics import hit_rate_at_k
from course_utils.recommend import lists, neighbours
from course_utils.shop import Shop


@pytest.fixture(scope="module")
def ratings() -> pd.DataFrame:
    draw = np.random.default_rng(3)
    rows = [
        (f"u{user}", f"p{product}", int(draw.integers(1, 6)), int(draw.integers(0, 1000)))
        for user in range(15)
        for product in draw.choice(25, size=10, replace=False)
    ]
    return pd.DataFrame(rows, columns=["user_id", "product_id", "rating", "timestamp"])


@pytest.fixture(scope="module")
def trainset(ratings: pd.DataFrame) -> Trainset:
    columns = ratings[["user_id", "product_id", "rating"]]
    return Dataset.load_from_df(columns, Reader(rating_scale=(1, 5))).build_full_trainset()


@pytest.mark.parametrize("biased", [True, False])
def test_scores_equal_predict_without_clipping(trainset: Trainset, biased: bool) -> None:
    model = SVD(n_factors=5, n_epochs=200, lr_all=0.03, biased=biased, random_state=0).fit(trainset)
    scores = recommend.score_matrix(model)
    pairs = [
        [
            model.predict(trainset.to_raw_uid(u), trainset.to_raw_iid(i), clip=False).est
            for i in range(trainset.n_items)
        ]
        for u in range(trainset.n_users)
    ]
    np.testing.assert_allclose(scores, pairs, atol=1e-12)
    assert scores.max() > 5, "nothing left the scale: the test could not see clipping"


@pytest.mark.parametrize("algo", [SVD(), BaselineOnly(), "SVD"])
def test_only_a_fitted_svd_has_a_matrix(algo: object) -> None:
    with pytest.raises(CourseError, match=r"needs a fitted surprise\.SVD"):
        recommend.score_matrix(algo)


def test_rank_leaves_out_sorts_and_breaks_ties_by_id() -> None:
    scores = np.array([[1.0, 3.0, 3.0, 2.0, 3.0], [5.0, 4.0, 3.0, 2.0, 1.0]])
    seen = np.array([[False, False, False, False, True], [True, True, True, True, False]])
    assert recommend.rank(scores, seen, 3).tolist() == [[1, 2, 3], [4, -1, -1]]
    shared = recommend.rank(scores[:1], seen, 2)
    assert shared.tolist() == [[1, 2], [4, -1]]
    for n in (0, 6):
        with pytest.raises(CourseError, match="n must lie between 1 and 5"):
            recommend.rank(scores, seen, n)


def test_rank_equals_sorting_everything() -> None:
    draw = np.random.default_rng(0)
    scores = draw.integers(0, 6, size=(50, 40)).astype(float)  # many ties
    seen = draw.random((50, 40)) < 0.7
    masked = np.where(seen, -np.inf, scores)
    slow = np.argsort(-masked, axis=1, kind="stable")[:, :12]
    slow = np.where(np.isneginf(np.take_along_axis(masked, slow, axis=1)), -1, slow)
    assert (recommend.rank(scores, seen, 12) == slow).all()


def test_top_n_of_one_user(trainset: Trainset, ratings: pd.DataFrame) -> None:
    model = SVD(n_factors=5, random_state=0).fit(trainset)
    got = recommend.top_n(model, "u3", 5)
    rated = set(ratings[ratings.user_id == "u3"].product_id)
    left = sorted(
        set(ratings.product_id) - rated, key=lambda p: -model.predict("u3", p, clip=False).est
    )
    assert got == recommend.Recommendation(left[:5], personal=True)
    assert recommend.lists_of(trainset, recommend.score_matrix(model), 5)["u3"] == left[:5]
    everything = recommend.top_n(model, "u3", trainset.n_items)
    assert everything.product_ids == left


def test_an_unknown_user_gets_the_most_rated_and_is_told(
    trainset: Trainset, ratings: pd.DataFrame
) -> None:
    model = SVD(n_factors=5, random_state=0).fit(trainset)
    got = recommend.top_n(model, "nobody", 5)
    counts = ratings.product_id.value_counts()
    assert not got.personal
    assert [counts[p] for p in got.product_ids] == sorted(counts, reverse=True)[:5]
    with pytest.raises(CourseError, match="User ids are text: write '3', not 3"):
        recommend.top_n(model, 3, 5)


def test_hide_last_hides_the_latest_of_each_user(ratings: pd.DataFrame) -> None:
    history, hidden = recommend.hide_last(ratings, 2)
    assert len(history) + len(hidden) == len(ratings)
    assert (hidden.groupby("user_id").size() == 2).all()
    last_known = history.groupby("user_id").timestamp.max()
    first_hidden = hidden.groupby("user_id").timestamp.min()
    assert (last_known <= first_hidden).all()


def test_hide_last_hides_nothing_of_those_who_have_too_few() -> None:
    rows = [("a", "1", 3, 10), ("a", "2", 3, 30), ("a", "3", 3, 20), ("b", "1", 3, 5)]
    table = pd.DataFrame(rows, columns=["user_id", "product_id", "rating", "timestamp"])
    history, hidden = recommend.hide_last(table, 2)
    assert hidden["product_id"].tolist() == ["3", "2"]
    assert sorted(history["user_id"]) == ["a", "b"]
    assert recommend.hide_last(table, 1)[1]["user_id"].tolist() == ["a"]


def test_latest_keeps_the_last_by_time_then_by_order() -> None:
    rows = [("a", "1", 1, 20), ("a", "1", 2, 10), ("a", "2", 3, 5), ("a", "2", 4, 5)]
    table = pd.DataFrame(rows, columns=["user_id", "product_id", "rating", "timestamp"])
    assert recommend.latest(table)["rating"].tolist() == [4, 1]


def test_for_all_in_blocks_equals_one_by_one(
    trainset: Trainset, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = SVD(n_factors=5, random_state=0).fit(trainset)
    whole = recommend.lists_of(trainset, recommend.score_matrix(model), 4)
    for block in (1, 4, 15, 100):
        monkeypatch.setattr(lists, "BLOCK", block)
        assert recommend.top_n_for_all(model, 4) == whole


@pytest.mark.parametrize("k", [1, 3, 5, 99])
def test_item_neighbours_against_the_formula(k: int) -> None:
    draw = np.random.default_rng(4)
    taken = draw.random((397, 6)) < 0.5  # so many that no two are equally near
    counts = taken.sum(axis=0)
    likeness = (taken.T.astype(float) @ taken) / np.sqrt(np.outer(counts, counts))
    np.fill_diagonal(likeness, -1)
    want = np.zeros(taken.shape)
    for product in range(6):
        near = np.argsort(-likeness[product])[: min(k, 5)]
        want[:, product] = taken[:, near] @ likeness[product, near]
    np.testing.assert_allclose(recommend.item_neighbours(taken, k), want, atol=1e-9)


def test_of_equally_near_products_the_first_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = np.array([[True, True, True], [False, True, True]])
    for block in (1, 2, 3):
        monkeypatch.setattr(neighbours, "BLOCK", block)
        scores = recommend.item_neighbours(taken, 1)
        # Nearest of 0 is 1 (as near as 2), of 1 it is 2, of 2 it is 1.
        np.testing.assert_allclose(scores, [[0.5**0.5, 1, 1], [0.5**0.5, 1, 1]], atol=1e-9)


@pytest.mark.parametrize(("products", "k"), [(6, 0), (1, 3)])
def test_item_neighbours_need_two_products(products: int, k: int) -> None:
    with pytest.raises(CourseError, match=f"got k = {k} and {products} products"):
        recommend.item_neighbours(np.ones((4, products), dtype=bool), k)


@pytest.mark.parametrize("shrinkage", [0, 2.5, 10])
def test_item_similarity_against_the_formula(shrinkage: float) -> None:
    draw = np.random.default_rng(7)
    taken = draw.random((90, 6)) < 0.4
    taken[:, 2] = False  # nobody took it
    taken[:, 3] = ~taken[:, 0]  # nobody took both
    got = recommend.item_similarity(taken, shrinkage)
    for i, j in np.ndindex(6, 6):
        both = (taken[:, i] & taken[:, j]).sum()
        want = 0.0
        if i != j and both:
            want = both / np.sqrt(taken[:, i].sum() * taken[:, j].sum()) * both / (both + shrinkage)
        np.testing.assert_allclose(got[i, j], want, atol=1e-12)


def test_item_similarity_without_shrinkage_makes_the_lists_of_all_neighbours() -> None:
    taken = np.random.default_rng(8).random((60, 9)) < 0.3
    lists = taken @ recommend.item_similarity(taken)
    np.testing.assert_allclose(lists, recommend.item_neighbours(taken, 9), atol=1e-9)


def test_item_similarity_refuses_a_negative_shrinkage() -> None:
    with pytest.raises(CourseError, match=r"0 or more, got -1"):
        recommend.item_similarity(np.ones((3, 2), dtype=bool), -1)


def test_implicit_half_step_is_the_minimum() -> None:
    """The gradient of the paper's loss is zero at the solution."""
    draw = np.random.default_rng(5)
    taken = draw.random((7, 9)) < 0.4
    als = recommend.ImplicitALS(n_factors=3, alpha=4.0, reg=0.5, n_sweeps=1).fit(taken)
    users = als.solve(als.products, taken.astype(float))
    weight = 1 + 4.0 * taken
    gradient = (weight * (users @ als.products.T - taken)) @ als.products + 0.5 * users
    np.testing.assert_allclose(gradient, 0, atol=1e-10)


def test_implicit_half_step_takes_a_dense_or_a_sparse_table() -> None:
    draw = np.random.default_rng(8)
    taken, fixed = draw.random((6, 5)) < 0.3, draw.normal(size=(5, 2))
    als = recommend.ImplicitALS(n_factors=2, alpha=2.0, reg=1.0)
    dense, scattered = (
        als.solve(fixed, one) for one in (taken * 1.0, sparse.csr_matrix(taken * 1.0))
    )
    np.testing.assert_array_equal(dense, scattered)


def test_implicit_loss_falls_and_the_seed_counts() -> None:
    draw = np.random.default_rng(6)
    taken = draw.random((30, 20)) < 0.3

    def loss(sweeps: int, seed: int = 0) -> float:
        als = recommend.ImplicitALS(4, alpha=3.0, reg=1.0, n_sweeps=sweeps, seed=seed).fit(taken)
        error = (1 + 3.0 * taken) * (taken - als.scores()) ** 2
        return float(error.sum() + (als.users**2).sum() + (als.products**2).sum())

    losses = [loss(sweeps) for sweeps in (1, 2, 4, 8)]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 1.01 * losses[-1]
    assert loss(1, seed=0) == loss(1, seed=0) != loss(1, seed=1)


def test_a_step_of_bpr_is_minus_the_gradient() -> None:
    """One customer who took one of two products: one triple, beside finite differences."""
    settings = {"n_factors": 3, "reg": 0.3, "n_epochs": 1, "seed": 0}
    taken = np.array([[True, False]])
    one, other = (recommend.ImplicitBPR(lr=lr, **settings).fit(taken) for lr in (0.0, 1.0))
    start, after = (np.vstack([model.users, model.products]) for model in (one, other))

    def loss(flat: np.ndarray) -> float:
        u, i, j = flat.reshape(3, 3)
        return float(np.log1p(np.exp(-u @ (i - j))) + 0.15 * (flat**2).sum())

    flat = start.ravel()
    slopes = [(loss(flat + h) - loss(flat - h)) / 2e-5 for h in 1e-5 * np.eye(9)]
    assert np.abs(slopes).max() > 0.01
    np.testing.assert_allclose((start - after).ravel(), slopes, atol=1e-8)


def test_bpr_finds_groups_and_the_seed_counts() -> None:
    """Two groups of users with products of their own: what a group takes ranks first."""
    draw = np.random.default_rng(0)
    own = np.kron(np.eye(2), np.ones((15, 10))).astype(bool)
    taken = own & (draw.random(own.shape) < 0.5)
    fits = [
        recommend.ImplicitBPR(2, lr=0.1, reg=0.001, n_epochs=60, batch=20, seed=seed).fit(taken)
        for seed in (0, 0, 1)
    ]
    np.testing.assert_array_equal(fits[0].users, fits[1].users)
    assert not np.allclose(fits[0].users, fits[2].users)
    scores = fits[0].scores()
    assert np.quantile(scores[own], 0.1) > np.quantile(scores[~own], 0.9)


def test_two_new_products_differ_by_their_attributes(trainset: Trainset) -> None:
    model = SVD(n_factors=3, n_epochs=100, random_state=0).fit(trainset)
    known = np.random.default_rng(0).normal(size=(trainset.n_items, 4))
    new = np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 1.0, 0, 0]])
    scores = recommend.cold_scores(model, known, new, reg=5.0)
    assert scores.shape == (trainset.n_users, 3)
    assert np.abs(scores[:, 0] - scores[:, 1]).min() > 1e-6
    np.testing.assert_allclose(scores[:, 1], scores[:, 2], atol=1e-12)


def test_a_product_weighs_as_often_as_it_was_rated() -> None:
    """Without slope, the guess is the mean of what was learnt, weighted by counts."""
    known = np.zeros((3, 2))
    values = np.array([[1.0], [2.0], [6.0]])
    guess = recommend.guess_from_attributes(known, values, np.array([8, 1, 1]), known[:1], 1.0)
    assert guess == pytest.approx(1.6)


def test_popularity_and_judge(trainset: Trainset, ratings: pd.DataFrame) -> None:
    scores = recommend.popularity(trainset)
    assert scores.shape == (trainset.n_users, trainset.n_items)
    counts = ratings.product_id.value_counts()
    assert scores[0, trainset.to_inner_iid("p7")] == counts["p7"]
    hidden = pd.DataFrame({"user_id": ["u1", "u1", "u2"], "product_id": ["a", "b", "c"]})
    lists = {"u1": ["x", "b"], "u2": ["x", "y"], "u3": ["a", "b"]}
    assert recommend.judge(lists, hidden, hit_rate_at_k, 2) == 0.5


def test_an_interaction_table_holds_each_pair_once() -> None:
    table = recommend.interaction_table([2, 0, 2, 2], [1, 3, 1, 0], (3, 4))
    assert table.dtype == bool
    assert np.argwhere(table).tolist() == [[0, 3], [2, 0], [2, 1]]
    assert not recommend.interaction_table([], [], (2, 3)).any()
    assert recommend.interaction_table([], [], (2, 3)).shape == (2, 3)
    with pytest.raises(IndexError):
        recommend.interaction_table([3], [0], (3, 4))


def test_all_pairs_ask_a_shop_for_a_table() -> None:
    shop = Shop(seed=0)
    users, products = shop.users.user_id.tolist()[:3], shop.products.product_id.tolist()[5:9]
    table = shop.affinity(*recommend.all_pairs(users, products))
    assert table.shape == (3, 4)
    assert table[2, 1] == shop.affinity(users[2], products[1])
    assert table[2, 1] != shop.affinity(users[1], products[2])


def test_groups_hold_everybody_once_at_random() -> None:
    people = np.array([f"u{k}" for k in range(23)], dtype=object)
    found = recommend.groups(people)
    assert sorted(map(len, found)) == [4, 4, 5, 5, 5]
    assert sorted(np.concatenate(found)) == sorted(people)
    assert list(np.concatenate(found)) != list(people)
    again = recommend.groups(people, n=5, seed=0)
    assert all(map(np.array_equal, found, again))
    other = np.concatenate(recommend.groups(people, seed=1))
    assert not np.array_equal(np.concatenate(found), other)
