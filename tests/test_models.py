"""Shared-Bottom against its formula in NumPy, and the invariants that peers fail."""

import numpy as np
import pytest

from course_utils.backend import keras, tf
from course_utils.models.shared_bottom import SharedBottom

SIZES, TASKS = (3, 5), ("click", "purchase")


@pytest.fixture
def model():
    keras.utils.set_random_seed(0)
    return SharedBottom(SIZES, 2, TASKS, embedding_dim=4, trunk=(6, 5), tower=(3,))


@pytest.fixture
def rows():
    draw = np.random.default_rng(0)
    categories = np.stack([draw.integers(size, size=9) for size in SIZES], axis=1).astype("int32")
    return categories, draw.normal(size=(9, 2)).astype("float32")


def test_forward_pass_is_the_formula(model, rows):
    categories, numbers = rows
    table = model.embedding.get_weights()[0]
    assert table.shape == (8, 4)
    # Column 1 owns the rows from 3 on.
    h = np.hstack([table[categories[:, 0]], table[3 + categories[:, 1]], numbers])
    for layer in model.trunk:
        w, b = layer.get_weights()
        h = np.maximum(h @ w + b, 0)
    got = model(rows)
    assert set(got) == set(TASKS)
    for task in TASKS:
        (w, b), (v, c) = (layer.get_weights() for layer in model.towers[task])
        logit = np.maximum(h @ w + b, 0) @ v + c
        want = 1 / (1 + np.exp(-logit[:, 0]))
        assert got[task].shape == (9,)
        assert np.allclose(got[task], want, atol=1e-6)


def test_row_order_and_batch_do_not_matter(model, rows):
    order = np.random.default_rng(1).permutation(9)
    whole = model(rows)
    shuffled = model(tuple(part[order] for part in rows))
    alone = model(tuple(part[4:5] for part in rows))
    for task in TASKS:
        assert np.allclose(whole[task].numpy()[order], shuffled[task], atol=1e-6)
        assert np.allclose(whole[task][4:5], alone[task], atol=1e-6)


def gradients(model, rows, task):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(rows)[task])
    return dict(
        zip(
            (id(v) for v in model.trainable_variables),
            tape.gradient(loss, model.trainable_variables),
            strict=True,
        )
    )


def test_each_task_reaches_the_shared_part_and_its_own_tower_only(model, rows):
    for task, other in (TASKS, TASKS[::-1]):
        found = gradients(model, rows, task)
        shared = [*model.embedding.trainable_variables]
        shared += [v for layer in model.trunk for v in layer.trainable_variables]
        own = [v for layer in model.towers[task] for v in layer.trainable_variables]
        others = [v for layer in model.towers[other] for v in layer.trainable_variables]
        assert all(found[id(v)] is not None for v in shared + own)
        assert all(found[id(v)] is None for v in others)
        assert len(shared) + len(own) + len(others) == len(found)


def test_one_task_is_the_single_task_twin(rows):
    twin = SharedBottom(SIZES, 2, ("purchase",))
    assert set(twin(rows)) == {"purchase"}
    both = SharedBottom(SIZES, 2, TASKS)
    tower = sum(v.shape.num_elements() for layer in twin.towers["purchase"] for v in layer.weights)
    assert both.count_params() - twin.count_params() == tower


def test_weights_exist_before_the_first_batch_and_towers_differ(model):
    first, second = (model.towers[task][0].get_weights()[0] for task in TASKS)
    assert np.abs(first - second).max() > 0.1
