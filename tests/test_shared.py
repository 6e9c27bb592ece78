"""Which layers tasks share: what each network says, against what gradients reach."""

from __future__ import annotations

import random

import networks as small
import numpy as np
import pytest
from networks import BUILDS

from course_utils import models
from course_utils.backend import tf
from course_utils.balancing.gradnorm import GradNorm
from course_utils.balancing.mean import Mean
from course_utils.balancing.uncertainty import Uncertainty
from course_utils.columns import Columns
from course_utils.errors import CourseError
from course_utils.layers import Embed, ParallelDense, ParallelMLP, Towers
from course_utils.training import Trainer
from course_utils.training.gradients import last_shared_matrix, shared_weights, task_gradient

NAMES = list(BUILDS)
COLUMNS = small.fit_columns(small.frame(40))
TWO, THREE = ("click", "purchase"), ("click", "cart", "purchase")
PAIRS = ("ESMM", "ESCM2")  # of two tasks by their nature
CASES = [(name, TWO) for name in NAMES]
CASES += [(name, THREE) for name in NAMES if name not in PAIRS]
CASES += [("deep PLE", THREE), ("ESCM2 without its product", TWO)]

MORE = {
    "deep PLE": lambda c, t: models.PLE(c, t, 4, 2, 1, (10,), (6,), 4),
    "ESCM2 without its product": lambda c, t: models.ESCM2(
        c, t, 0.5, 0.0, 0.1, 3, (12, 10), (6,), 4
    ),
}


def made(name, tasks):
    """Random weights, as in ``small.make``, for any tasks."""
    random.seed(0)
    network = {**BUILDS, **MORE}[name](COLUMNS, tasks)
    draw = np.random.default_rng(0)
    for weight in network.weights:
        weight.assign(weight + draw.normal(0.0, 0.3, weight.shape))
    for weight in network.non_trainable_variables:
        weight.assign(np.abs(weight) + 0.1)
    return network


def reached(network, rows=256):
    """Per trainable weight, an array like it: by how many tasks' losses is each number moved?"""
    draw = np.random.default_rng(0)
    limits = np.repeat(network.columns.sizes, network.columns.places)
    codes = draw.integers(limits, size=(rows, len(limits))).astype("int32")
    numbers = draw.normal(size=(rows, len(network.columns.numbers))).astype("float32")
    scenario = draw.integers(len(network.columns.scenarios), size=rows).astype("int32")
    labels = draw.integers(2, size=(len(network.tasks), rows)).astype("float32")
    with tf.GradientTape(persistent=True) as tape:
        # As in training: AITM's predictions are cut at 1 only afterwards.
        predicted = network((codes, numbers, scenario), training=True)
        losses = network.task_losses(predicted, tf.constant(labels), tf.ones_like(labels))
        each = tf.unstack(losses)
    weights = network.trainable_variables
    found = [task_gradient(tape, loss, weights) for loss in each]
    # AITM divides by what it multiplies with again: that leaves rounding, of 1e-9 or so.
    return [np.stack([np.abs(g) > 1e-7 for g in one]) for one in zip(*found, strict=True)]


@pytest.mark.parametrize(("name", "tasks"), CASES)
def test_what_a_network_says_is_what_gradients_reach(name, tasks):
    network = made(name, tasks)
    side_by_side = {
        id(weight)
        for layer in network._flatten_layers()
        if isinstance(layer, ParallelDense)
        for weight in layer.trainable_variables
    }
    for weight, said, by in zip(
        network.trainable_variables, shared_weights(network), reached(network), strict=True
    ):
        several = by.sum(axis=0) > 1
        whole = np.broadcast_to(said, weight.shape)
        assert not (several & ~whole).any(), f"{weight.path}: shared, and not said"
        # A unit that no row wakes gets no gradient at all, so each slice is judged as a whole;
        # of layers side by side each one, also where the network says them in one word.
        if id(weight) in side_by_side:
            said = np.broadcast_to(
                said.reshape(-1, *[1] * (several.ndim - 1)),
                (len(several), *[1] * (several.ndim - 1)),
            )
        axes = tuple(range(1, several.ndim)) if said.ndim else None
        assert np.array_equal(several.any(axis=axes).ravel(), said.ravel()), weight.path


@pytest.mark.parametrize(("name", "tasks"), [one for one in CASES if one[0] != "SingleTask"])
def test_all_tasks_reach_the_last_shared_layer(name, tasks):
    network = made(name, tasks)
    matrix, said = last_shared_matrix(network)
    at = [w is matrix for w in network.trainable_variables].index(True)
    assert not (said & ~shared_weights(network)[at]).any()
    by = reached(network)[at]
    axes = tuple(range(2, by.ndim)) if said.ndim else tuple(range(1, by.ndim))
    every_task = by.any(axis=axes).all(axis=0)
    assert np.array_equal(np.broadcast_to(every_task, said.size), said.ravel())


LAST = {
    "SharedBottom": lambda n: n.trunk.layers[-1].kernel,
    "DCN": lambda n: n.trunk.layers[-1].kernel,
    "MMoE": lambda n: n.experts.layers[-1].kernel,
    "CGC": lambda n: n.levels[-1].experts["(shared)"].layers[-1].kernel,
    "PLE": lambda n: n.levels[-1].experts["(shared)"].layers[-1].kernel,
    "ESMM": lambda n: n.embed.table,
    "ESCM2": lambda n: n.experts.layers[-1].kernel,
    "AITM": lambda n: n.towers.layers[-1].kernel,
    "STAR": lambda n: n.trunk[-1].kernel,
    "PEPNet": lambda n: n.embed.table,
    "HMoE": lambda n: n.towers.layers[-1].kernel,
    "M2M": lambda n: n.residual[-1].to_kernel.kernel,
    "M3oE": lambda n: n.experts.layers[-1].kernel,
}


@pytest.mark.parametrize("name", LAST)
def test_the_last_shared_layer_is_the_one_before_the_tasks_own(name):
    """Not an output layer, a gate or an auxiliary network, though gradients reach those too."""
    network = made(name, TWO)
    assert last_shared_matrix(network)[0] is LAST[name](network)


def test_without_a_trunk_the_embeddings_are_the_last_that_is_shared():
    network = models.SharedBottom(COLUMNS, TWO, (), (6,), 4)
    assert last_shared_matrix(network)[0] is network.embed.table
    numbers = Columns({}, numbers={"price": (0.0, 1.0)})
    with pytest.raises(CourseError, match="a matrix that several tasks share, and SharedBottom"):
        last_shared_matrix(models.SharedBottom(numbers, TWO, (), (6,), 4))


def test_gradnorm_looks_at_the_slices_that_are_shared():
    """Of AITM's towers the purchase has one of its own: its gradient there is not counted."""
    rows = small.frame(40)
    table = small.encode(COLUMNS, rows)
    trainer, seen = Trainer(lambda: BUILDS["AITM"](COLUMNS), GradNorm(), batch_size=40), []
    trainer.balancing.after_step = lambda losses, norms, again: seen.append(norms())
    batch = trainer._tensors(table)
    kernel = trainer.network.towers.layers[-1].kernel
    with tf.GradientTape(persistent=True) as tape:
        each = tf.unstack(trainer._losses(*batch, training=True))
    gradients = [tape.gradient(one, kernel).numpy() for one in each]
    trainer._step(*batch)
    np.testing.assert_allclose(seen[0], [np.linalg.norm(g[0]) for g in gradients], rtol=1e-4)
    assert np.linalg.norm(gradients[1][1]) > 0  # what was left out


def test_one_task_shares_nothing():
    for name in ("SharedBottom", "MMoE"):
        assert not any(mask.any() for mask in shared_weights(BUILDS[name](COLUMNS, ("click",))))


class Silent(models.Network):
    """A reader's own, which does not say what it shares."""

    def __init__(self, columns, tasks):
        super().__init__(columns, tasks)
        self.embed, self.trunk = Embed(columns, 2), ParallelMLP(1, (3,), self.drop)
        self.towers = Towers(tasks, (), self.drop)
        self.make_weights()

    def call(self, inputs, training=False):
        return self.towers(self.trunk(self.embed(*inputs[:2])))


def test_a_network_that_does_not_say_it_is_asked_to():
    says = "Silent does not say which of its layers several tasks share"
    with pytest.raises(CourseError, match=says):
        Trainer(lambda: Silent(COLUMNS, TWO), Mean())
    with pytest.raises(CourseError, match=says):
        last_shared_matrix(Silent(COLUMNS, TWO))
    table = small.encode(COLUMNS, small.frame(40))
    Trainer(lambda: Silent(COLUMNS, TWO), Uncertainty()).fit(table, table, 0, 1e-2, 1)
