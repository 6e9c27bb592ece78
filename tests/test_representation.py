"""Aggregators on the shared representation: one backward pass, and another Gramian."""

from __future__ import annotations

import networks as small
import numpy as np
import pandas as pd
import pytest
from networks import BUILDS, TASKS

from course_utils import models
from course_utils.backend import tf
from course_utils.balancing.aggregator import Aggregator
from course_utils.balancing.mean import Mean
from course_utils.balancing.mgda import MGDA
from course_utils.balancing.pcgrad import PCGrad
from course_utils.balancing.uncertainty import Uncertainty
from course_utils.balancing.upgrad import UPGrad
from course_utils.columns import Columns
from course_utils.errors import CourseError
from course_utils.training import Trainer

ROWS = small.frame(60)
COLUMNS = small.fit_columns(ROWS)
TABLE = small.encode(COLUMNS, ROWS)
THREE = ("click", "purchase", "cart")
WITH_THREE = COLUMNS.table(ROWS.assign(cart=ROWS["purchase"].to_numpy()[::-1]), THREE)


class Noting(Aggregator):
    """Given weights; keeps the Gramian."""

    def __init__(self, *weights):
        self.given = np.array(weights)

    def weights(self, gramian):
        self.gramian = gramian
        return self.given


def step(build, aggregator, on, table):
    """Path-wise: the gradients that reach the optimizer in a first step."""
    trainer, seen = Trainer(build, aggregator, on=on), []
    trainer._start(0, 1e-2)
    trainer.optimizer.apply_gradients = lambda pairs: seen.extend(pairs)
    trainer._step(*trainer._tensors(table))
    return [np.array(gradient) for gradient, _ in seen], trainer


@pytest.mark.parametrize("name", ["SharedBottom", "DCN", "MMoE"])
@pytest.mark.parametrize(("tasks", "table"), [(TASKS, TABLE), (THREE, WITH_THREE)])
def test_the_same_weights_give_the_same_step(name, tasks, table):
    """However the weights were found, what they weigh are the tasks' gradients."""
    given = (0.3, 2.0, 0.7)[: len(tasks)]

    def build():
        return BUILDS[name](COLUMNS, tasks)

    exact, trainer = step(build, Noting(*given), "weights", table)
    got, _ = step(build, Noting(*given), "representation", table)
    for one, other, weight in zip(got, exact, trainer.network.trainable_variables, strict=True):
        assert np.abs(other).max() > 1e-6, weight.path
        np.testing.assert_allclose(one, other, atol=1e-6, err_msg=weight.path)


def test_the_gramian_is_that_of_what_the_towers_read():
    noting = Noting(1.0, 1.0)
    _, trainer = step(lambda: BUILDS["SharedBottom"](COLUMNS), noting, "representation", TABLE)
    network, batch = trainer.network, trainer._tensors(TABLE)
    labels, counts = tf.split(tf.transpose(batch[-1]), 2)
    z = network.trunk(network.embed(*TABLE.inputs[:2]))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(z)
        each = tf.unstack(network.task_losses(network.towers(z), labels, counts))
    rows = np.stack([tape.gradient(one, z).numpy().ravel() for one in each])
    np.testing.assert_allclose(noting.gramian, rows @ rows.T, rtol=1e-4)


def test_dropout_and_penalties_work_there_too():
    trainer = Trainer(
        lambda: models.MMoE(COLUMNS, TASKS, 3, (12, 10), (6,), 4, dropout=0.3),
        UPGrad(), 20, on="representation", weight_decay=0.1, embedding_l2=0.1,
    )  # fmt: skip
    first = trainer.fit(TABLE, TABLE, 0, 1e-2, 3)
    again = trainer.fit(TABLE, TABLE, 0, 1e-2, 3)
    assert first.valid_loss == again.valid_loss
    assert trainer.network.drop.draw.numpy()[1] == -1 - 9 * 3  # nine steps, three draws each


def test_training_on_the_representation_learns():
    trainer = Trainer(lambda: BUILDS["MMoE"](COLUMNS), MGDA(), 20, on="representation")
    history = trainer.fit(TABLE, TABLE, 0, 1e-2, 6, patience=6)
    assert history.valid_loss[-1] < history.valid_loss[0]
    assert np.isfinite(history.weights).all()


# ---------------------------------------------------------------- three settings


NUMBERS = Columns({}, numbers=dict.fromkeys("abc", (0.0, 1.0)))


def rows_of(n, seed):
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame(draw.normal(size=(n, 3)), columns=list("abc"))
    return frame.assign(**{task: draw.integers(2, size=n) for task in TASKS})


def both_gramians(table, awake=False):
    """On the weights, and on the representation; ``awake``: every unit of the trunk is above 0."""
    found = []
    for on in ("weights", "representation"):
        noting = Noting(1.0, 1.0)
        trainer = Trainer(lambda: models.SharedBottom(NUMBERS, TASKS, (8,), (4,)), noting, on=on)
        trainer._start(0, 1e-2)
        if awake:
            bias = trainer.network.trunk.layers[0].bias
            bias.assign(bias + 20.0)
        trainer._step(*trainer._tensors(table))
        found.append(noting.gramian)
    return found


def directions(method, gramian):
    weights = method.weights(gramian)
    return weights / weights.sum()


def test_rows_that_are_alike_give_the_same_direction():
    """One trunk layer, its units above 0: each gradient is that on the representation, times x."""
    table = NUMBERS.table(rows_of(6, 1), TASKS).take(np.zeros(6, int))
    exact, bound = both_gramians(table, awake=True)
    np.testing.assert_allclose(exact / exact[0, 0], bound / bound[0, 0], rtol=1e-3)
    for method in (MGDA, UPGrad):
        one, other = directions(method(), exact), directions(method(), bound)
        np.testing.assert_allclose(one, other, atol=1e-3)


def test_rows_that_differ_give_another_direction():
    """Between rows, the weights' inner products hold x x'; the representation's hold nothing."""
    apart = []
    for seed in range(5):
        exact, bound = both_gramians(NUMBERS.table(rows_of(64, seed), TASKS))
        apart.append(np.abs(directions(MGDA(), exact) - directions(MGDA(), bound)).max())
    assert np.median(apart) > 0.05


def test_tasks_with_no_row_in_common_never_conflict_on_the_representation():
    """Each learns from rows of its own: their gradients there are orthogonal, whatever happens."""
    conflicts = 0
    for seed in range(8):
        frame = rows_of(40, seed)
        first = np.arange(40) < 20
        table = NUMBERS.table(frame, TASKS, {"click": first, "purchase": ~first})
        exact, bound = both_gramians(table)
        assert bound[0, 1] == 0.0
        pcgrad = PCGrad()
        np.testing.assert_array_equal(pcgrad.weights(bound), 1.0)  # the plain sum
        if exact[0, 1] < 0:
            conflicts += 1
            assert (pcgrad.weights(exact) > 1.0).any()
    assert conflicts >= 2


# ---------------------------------------------------------------- where it makes no sense


NO_CUT = [name for name in BUILDS if name not in ("SharedBottom", "DCN", "MMoE")]


@pytest.mark.parametrize("name", NO_CUT)
def test_a_network_without_such_a_representation_refuses(name):
    with pytest.raises(CourseError, match="has no representation that all tasks read"):
        Trainer(lambda: BUILDS[name](COLUMNS), Mean(), on="representation")


def test_on_needs_an_aggregator_and_a_known_word():
    def build():
        return BUILDS["SharedBottom"](COLUMNS)

    for balancing in (None, Uncertainty()):
        with pytest.raises(CourseError, match="says where an aggregator looks, and there is none"):
            Trainer(build, balancing, on="representation")
    with pytest.raises(CourseError, match="on must be 'weights' or 'representation', got 'both'"):
        Trainer(build, Mean(), on="both")
