"""The parts of networks: what the networks' own formulas in test_network_formulas do not show."""

from __future__ import annotations

import random

import networks as small
import numpy as np
import pytest

from course_utils.backend import keras, tf
from course_utils.columns import Columns
from course_utils.layers import Embed, ParallelDense, PartitionedNorm, StarDense, mix, own

DRAW = np.random.default_rng(0)


def numbers(*shape):
    return DRAW.normal(size=shape).astype("float32")


def test_parallel_dense_is_n_dense_layers():
    for x in (numbers(5, 4), numbers(3, 5, 4)):
        layer = ParallelDense(3, 2, "relu")
        got = layer(x).numpy()
        layer.bias.assign(numbers(3, 1, 2))
        got = layer(x).numpy()
        for i in range(3):
            one = keras.layers.Dense(2, "relu")
            one.build((None, 4))
            one.set_weights([layer.kernel.numpy()[i], layer.bias.numpy()[i, 0]])
            np.testing.assert_allclose(got[i], one(x if x.ndim == 2 else x[i]), atol=1e-6)


def test_parallel_kernels_are_drawn_as_keras_draws_one():
    """The same spread as one dense layer of this size: n is no part of the fan-in."""
    random.seed(0)
    layer = ParallelDense(8, 60)
    layer.build((None, 100))
    one = keras.initializers.GlorotUniform(0)((100, 60)).numpy()
    assert layer.kernel.numpy().std() == pytest.approx(one.std(), rel=0.03)


def test_mix_weighs_experts_by_each_gate():
    gates, experts = numbers(2, 5, 3), numbers(3, 5, 4)
    want = np.array([sum(gates[k, :, [i]].T * experts[i] for i in range(3)) for k in range(2)])
    np.testing.assert_allclose(mix(tf.constant(gates), tf.constant(experts)), want, atol=1e-5)


def test_own_takes_each_rows_scenario_and_keeps_the_order():
    outputs, scenario = numbers(3, 6, 2), np.array([2, 0, 1, 1, 0, 2])
    want = [outputs[s, row] for row, s in enumerate(scenario)]
    np.testing.assert_allclose(own(tf.constant(outputs), tf.constant(scenario)), want, atol=1e-6)


def test_embed_without_categories_or_without_numbers():
    only_numbers = Columns({}, numbers={"a": (0.0, 1.0), "b": (0.0, 1.0)})
    x = numbers(4, 2)
    got = Embed(only_numbers, 3)(np.zeros((4, 0), "int32"), x)
    np.testing.assert_array_equal(got, x)
    only_codes = Columns({"a": ("x", "y")})
    got = Embed(only_codes, 3)(np.array([[1], [0]], "int32"), np.zeros((2, 0), "float32"))
    assert got.shape == (2, 3) and (got.numpy()[1] == 0).all() and (got.numpy()[0] != 0).all()


def test_each_column_has_rows_of_its_own():
    """Code 1 of one column is not code 1 of another, though both lie in one table."""
    layer = Embed(Columns({"a": ("x", "y"), "b": ("x",)}), 1)
    layer(np.zeros((1, 2), "int32"), np.zeros((1, 0), "float32"))
    layer.table.assign(np.arange(5.0).reshape(5, 1))
    got = layer(np.array([[0, 0], [1, 1], [2, 1]], "int32"), np.zeros((3, 0), "float32"))
    assert got.numpy().tolist() == [[0, 3], [1, 4], [2, 4]]


def test_padding_gets_no_gradient():
    rows = small.frame(30)
    columns = small.fit_columns(rows)
    table = small.encode(columns, rows)
    layer = Embed(columns, 2)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(*table.inputs[:2]) ** 2)
    gradient = tf.convert_to_tensor(tape.gradient(total, layer.table)).numpy()
    padding = sum(columns.sizes[:2])  # row 0 of the words
    assert (table.codes[:, 2:] == 0).any()
    assert (gradient[padding] == 0).all() and (gradient[padding + 1 :] != 0).all()


def test_star_dense_starts_as_the_shared_layer():
    layer, x = StarDense(3, 4, "relu"), numbers(6, 5)
    got = layer(x, np.array([0, 1, 2, 0, 1, 2]))
    kernel, bias = layer.kernel.numpy(), layer.bias.numpy()
    np.testing.assert_allclose(got, np.maximum(x @ kernel + bias, 0), atol=1e-6)


def test_partitioned_norm_of_a_scenario_with_one_row_or_none_is_finite():
    norm = PartitionedNorm(3)
    got = norm(numbers(4, 2), np.array([0, 0, 0, 1]), training=True)
    assert np.isfinite(got).all()
    assert np.isfinite(norm.mean.numpy()).all() and (norm.mean.numpy()[2] == 0).all()
