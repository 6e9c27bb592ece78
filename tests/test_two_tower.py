"""The two towers against their formula in NumPy, and what the correction does."""

import numpy as np
import pandas as pd
import pytest

from course_utils.backend import tf
from course_utils.errors import CourseError
from course_utils.models.two_tower import Side, TwoTower, make_side


def side(n, seed, numbers=2):
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame({"kind": pd.Categorical(draw.integers(3, size=n), categories=range(3))})
    names = [f"number {k}" for k in range(numbers)]
    return make_side(frame.assign(**{k: draw.normal(size=n) for k in names}), ["kind"], names)


@pytest.fixture(scope="module")
def shop():
    """300 purchases by 40 users of 20 products; product 0 is in a third of them."""
    draw = np.random.default_rng(0)
    famous = draw.random(300) < 1 / 3
    products = np.where(famous, 0, draw.integers(20, size=300))
    return np.stack([draw.integers(40, size=300), products], axis=1), side(40, 1), side(20, 2, 0)


SMALL = {"dim": 4, "embedding_dim": 3, "hidden": 5, "batch_size": 50}


def test_a_side_holds_ids_and_columns():
    one = side(5, 0)
    assert one.categories[:, 0].tolist() == [1, 2, 3, 4, 5]
    assert one.sizes == (6, 3)
    unseen = one.as_unseen()
    assert not unseen.categories[:, 0].any()
    assert (unseen.categories[:, 1] == one.categories[:, 1]).all()
    assert one.categories[0, 0] == 1


def test_a_side_refuses_what_does_not_fit():
    one = side(5, 0)
    with pytest.raises(CourseError, match="one row each"):
        Side(one.categories, one.sizes, one.numbers[:3])
    with pytest.raises(CourseError, match="below"):
        Side(one.categories, (5, 3), one.numbers)


def test_a_vector_is_the_formula(shop):
    _, users, products = shop
    model = TwoTower(users, products, **SMALL)
    table, w, b, v, c = model.towers[0].get_weights()
    rows = np.hstack([table[users.categories[:, k] + (0, 41)[k]] for k in (0, 1)] + [users.numbers])
    want = np.tanh(rows @ w + b) @ v + c
    assert np.allclose(model.user_vectors(users), want, atol=1e-6)
    assert model.product_vectors(products).shape == (20, 4)


def test_without_a_hidden_layer_a_vector_is_linear(shop):
    _, users, _ = shop
    ids = Side(users.categories[:, :1], users.sizes[:1], users.numbers[:, :0])
    model = TwoTower(ids, ids, **SMALL | {"hidden": 0})
    table, v, c = model.towers[0].get_weights()
    assert np.allclose(model.user_vectors(ids), table[1:] @ v + c, atol=1e-6)


@pytest.mark.parametrize("strength", [0.0, 1.0])
def test_one_step_goes_down_the_loss_of_the_docstring(shop, strength):
    """Plain gradient descent in the place of Adam, against numerical slopes in NumPy."""
    pairs, users, products = shop
    model = TwoTower(users, products, **SMALL)
    model.optimizer = _Descent()
    fresh = model._fresh_weights(3)
    batch = pairs[np.random.Generator(np.random.PCG64(3)).permutation(300)[:250]][:50]
    log_q = np.log(np.maximum(np.bincount(pairs[:, 1], minlength=20), 1) / 300)

    def loss(weights):
        for tower, one in zip(model.towers, weights, strict=True):
            tower.set_weights(one)
        x, y = model.user_vectors(users)[batch[:, 0]], model.product_vectors(products)[batch[:, 1]]
        logits = (x @ y.T).astype(float) - strength * log_q[batch[:, 1]]
        same = batch[:, 1][:, None] == batch[:, 1]
        logits[same & ~np.eye(50, dtype=bool)] = -np.inf
        top = logits.max(axis=1)
        return np.mean(top + np.log(np.exp(logits - top[:, None]).sum(axis=1)) - np.diag(logits))

    for tower, one in zip(model.towers, fresh, strict=True):
        tower.set_weights(one)
    arguments = [tuple(map(tf.constant, (s.categories, s.numbers))) for s in (users, products)]
    model._one_epoch(
        tf.constant(batch[None], tf.int32),
        tf.constant(strength),
        *arguments,
        tf.constant(log_q, tf.float32),
    )
    before = [w for one in fresh for w in one]
    after = [w.numpy() for w in model._weights]
    step = 1e-2
    for number in (4, 9):  # the last biases of both towers
        for place in range(4):
            moved = [[w.copy() for w in one] for one in fresh]
            moved[number // 5][number % 5][place] += step
            up = loss(moved)
            moved[number // 5][number % 5][place] -= 2 * step
            slope = (up - loss(moved)) / (2 * step)
            assert before[number][place] - after[number][place] == pytest.approx(slope, abs=2e-4)


class _Descent:
    """One step of size 1 along each gradient."""

    def apply_gradients(self, pairs):
        for gradient, weight in pairs:
            weight.assign_sub(gradient)


def test_same_seed_same_vectors_and_the_correction_lifts_the_famous(shop):
    pairs, users, products = shop
    model = TwoTower(users, products, **SMALL)
    settings = {"seed": 1, "stops": [30], "learning_rate": 0.02}
    first, again, plain = (
        model.fit(pairs, users, products, strength=strength, **settings)[0]
        for strength in (1.0, 1.0, 0.0)
    )
    assert np.array_equal(first[0], again[0]) and np.array_equal(first[1], again[1])
    # Product 0 is in a third of the purchases, ten times as many as another. That is what the
    # correction adds to its lead: log(10) = 2.3, once the training has settled.
    leads = [(x @ y.T).mean(axis=0) for x, y in (first, plain)]
    leads = [one[0] - one[1:].mean() for one in leads]
    assert 1.0 < leads[0] - leads[1] < 4.0


def test_each_stop_is_a_training_that_ends_there(shop):
    pairs, users, products = shop
    model = TwoTower(users, products, **SMALL)
    settings = {"seed": 1, "learning_rate": 0.02, "strength": 1.0}
    taken = model.fit(pairs, users, products, stops=[0, 2, 5], **settings)
    assert len(taken) == 3
    for stop, vectors in zip([0, 2, 5], taken, strict=True):
        [alone] = model.fit(pairs, users, products, stops=[stop], **settings)
        assert all(map(np.array_equal, vectors, alone))
    assert not np.array_equal(taken[1][0], taken[2][0])


@pytest.mark.parametrize("stops", [[], [-1, 2], [6, 2], [2, 2]])
def test_stops_that_do_not_rise_are_refused(shop, stops):
    pairs, users, products = shop
    model = TwoTower(users, products, **SMALL)
    with pytest.raises(CourseError, match="stops must rise"):
        model.fit(pairs, users, products, seed=1, stops=stops, learning_rate=0.02, strength=1.0)


def test_one_graph_serves_all_fits(shop):
    pairs, users, products = shop
    model = TwoTower(users, products, **SMALL)
    for seed, strength, rows in [(0, 0.0, 300), (1, 1.0, 200), (2, 1.0, 100)]:
        model.fit(
            pairs[:rows],
            users,
            products,
            seed=seed,
            stops=[1],
            learning_rate=0.01,
            strength=strength,
        )
    assert model._epoch.experimental_get_tracing_count() <= 2
