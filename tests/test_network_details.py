"""What the networks' formulas and invariants leave open: each of these caught a planted defect."""

from __future__ import annotations

import networks as small
import numpy as np
import pytest
from networks import BUILDS, TASKS

from course_utils import models
from course_utils.backend import keras, tf
from course_utils.layers import PartitionedNorm
from course_utils.models.losses import log_losses

NAMES = list(BUILDS)
ROWS = small.frame(40)
COLUMNS = small.fit_columns(ROWS)
TABLE = small.encode(COLUMNS, ROWS)
THREE = ("click", "cart", "purchase")


def losses_of(network, table=TABLE, training=True, counts=None):
    labels = np.stack([table.labels[task] for task in TASKS])
    if counts is None:
        counts = np.stack([table.mask(task) for task in TASKS]).astype("float32")
    predicted = network(table.inputs, training=training)
    return network.task_losses(predicted, tf.constant(labels), tf.constant(counts))


# STAR's two are its moving averages.
STOPS = {"PEPNet": 2, "HMoE": 1, "ESCM2": 1, "STAR": 2, "M3oE": 1}


@pytest.mark.parametrize("name", NAMES)
def test_gradients_are_stopped_where_the_formula_says_and_nowhere_else(name, monkeypatch):
    network, stopped, plain = small.make(name, COLUMNS), [], keras.ops.stop_gradient
    monkeypatch.setattr(keras.ops, "stop_gradient", lambda x: stopped.append(x) or plain(x))
    losses_of(network)
    assert len(stopped) == STOPS.get(name, 0)


def test_partitioned_norm_keeps_mean_and_variance_of_the_scenarios_that_came():
    norm, z = PartitionedNorm(3, momentum=0.9), np.random.default_rng(0).normal(3, 2, (8, 2))
    z = z.astype("float32")
    first = norm(z, np.zeros(8, int))
    np.testing.assert_allclose(first, z / np.sqrt(1 + 1e-3), atol=1e-5)  # mean 0, variance 1
    norm(z, np.array([0] * 4 + [1] * 4), training=True)
    for p, rows in ((0, z[:4]), (1, z[4:])):
        np.testing.assert_allclose(norm.mean[p], 0.1 * rows.mean(axis=0), atol=1e-5)
        np.testing.assert_allclose(norm.variance[p], 0.9 + 0.1 * rows.var(axis=0), atol=1e-5)
    assert (norm.mean.numpy()[2] == 0).all() and (norm.variance.numpy()[2] == 1).all()


def test_m2m_residual_layers_are_all_used_and_differ():
    network = models.M2M(COLUMNS, TASKS, ("user",), 3, 4, depth=2, embedding_dim=4)
    assert len({id(unit) for unit in network.residual}) == 2
    before = small.predict(network, TABLE)
    last = network.residual[1].to_bias.bias
    last.assign(last + 1.0)
    assert np.abs(small.predict(network, TABLE)["click"] - before["click"]).max() > 1e-3


def test_m3oe_takes_the_mean_of_the_others():
    """If all experts are alike, the mean of the others is one's own: b_d and b_t say nothing."""
    network = BUILDS["M3oE"](COLUMNS, THREE)
    (layer,) = network.experts.layers
    kernel = layer.kernel.numpy()
    layer.kernel.assign(np.broadcast_to(kernel[:1], kernel.shape))
    before = network(TABLE.inputs)
    assert (network.fusion.numpy() == 0).all()  # all four start at 1/2
    network.fusion.assign([0.0, 0.0, 3.0, -2.0])
    for task, chance in network(TABLE.inputs).items():
        np.testing.assert_allclose(chance, before[task], atol=1e-5)


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("ESMM", "ESCM2", "AITM")])
def test_one_task_gives_chances(name):
    (chance,) = BUILDS[name](COLUMNS, ("click",))(TABLE.inputs).values()
    assert ((np.array(chance) > 0) & (np.array(chance) < 1)).all()


@pytest.mark.parametrize("name", ["ESMM", "ESCM2", "AITM"])
def test_chained_losses_are_over_the_clicks_sample_space(name):
    network = small.make(name, COLUMNS)
    some = np.arange(40) < 25
    counts = np.stack([some, some & TABLE.mask("purchase")]).astype("float32")
    want = losses_of(network, TABLE.take(some))
    np.testing.assert_allclose(losses_of(network, counts=counts), want, atol=1e-5)


def test_aitm_chain_of_three_hands_on_z_with_weights_of_each_step():
    network = BUILDS["AITM"](COLUMNS, THREE)
    draw = np.random.default_rng(0)
    for w in network.weights:
        w.assign(w + draw.normal(0, 0.3, w.shape))
    q = network.towers(network.embed(*TABLE.inputs[:2]))
    z, y = q[0], [network.heads[0](q[0])[:, 0]]
    for t in (1, 2):
        z = network.transfers[t - 1](network.handed_on[t - 1](z), q[t])
        y.append(network.heads[t](z)[:, 0])
    got = list(network(TABLE.inputs, training=True).values())
    for one, want in zip(got, (y[0], y[1] / y[0], y[2] / y[1]), strict=True):
        np.testing.assert_allclose(one, want, rtol=1e-4)
    labels = np.array([[1, 1, 0], [0, 1, 1], [1, 1, 0]], "float32")  # step 3 without step 1
    predicted = dict(zip(THREE, tf.constant([[0.5] * 3] * 3), strict=True))
    got = network.task_losses(predicted, tf.constant(labels), tf.ones((3, 3)))
    p = np.array([0.5, 0.25, 0.125])
    happened = labels.cumprod(axis=0).mean(axis=1)
    want = -(happened * np.log(p) + (1 - happened) * np.log(1 - p))
    np.testing.assert_allclose(got, want, rtol=1e-5)


def test_log_losses_of_sure_predictions():
    got = log_losses(tf.constant([1.0, 0.0]), tf.constant([1e-5, 1 - 1e-5]))
    np.testing.assert_allclose(got, -np.log(1e-5), rtol=1e-2)
    assert np.isfinite(log_losses(tf.constant([1.0, 0.0]), tf.constant([0.0, 1.0]))).all()
