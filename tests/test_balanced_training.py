"""Balancing inside the trainer: the right weights move, by the right gradients."""

from __future__ import annotations

import networks as small
import numpy as np
import pytest
from networks import TASKS

from course_utils.backend import tf
from course_utils.balancing.cagrad import CAGrad
from course_utils.balancing.dwa import DWA
from course_utils.balancing.famo import FAMO
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.gradnorm import GradNorm
from course_utils.balancing.mean import Mean
from course_utils.balancing.mgda import MGDA
from course_utils.balancing.pcgrad import PCGrad
from course_utils.balancing.random_weights import RandomWeights
from course_utils.balancing.uncertainty import Uncertainty
from course_utils.balancing.upgrad import UPGrad
from course_utils.errors import CourseError
from course_utils.training import Trainer
from course_utils.training.gradients import combined, on_shared, shared_weights

ROWS = small.frame(200)
COLUMNS = small.fit_columns(ROWS)
TABLE = small.encode(COLUMNS, ROWS)
DRAW = np.random.default_rng(0)


def trainer(balancing, name="SharedBottom", **settings):
    return Trainer(lambda: small.make(name, COLUMNS), balancing, batch_size=200, **settings)


def one_step(balancing):
    """The weights after one step on all rows, by path without the network's number."""
    made = trainer(balancing)
    made.fit(TABLE, TABLE, 0, 1e-2, epochs=1)
    return [w.numpy() for w in made.network.trainable_variables], made


def gradients():
    """Per task, of each weight, before the first step."""
    network = small.make("SharedBottom", COLUMNS)
    labels = np.stack([TABLE.labels[task] for task in TASKS])
    counts = np.stack([TABLE.mask(task) for task in TASKS]).astype("float32")
    with tf.GradientTape(persistent=True) as tape:
        losses = network.task_losses(network(TABLE.inputs), labels, counts)
        each = tf.unstack(losses)
    weights = network.trainable_variables
    zero = tf.UnconnectedGradients.ZERO
    per_task = [tape.gradient(one, weights, unconnected_gradients=zero) for one in each]
    return [[tf.convert_to_tensor(g).numpy() for g in one] for one in per_task], weights


def shared_jacobian():
    per_task, weights = gradients()
    private = ["towers" in w.path for w in weights]
    shared = [at for at, is_private in enumerate(private) if not is_private]
    return np.stack([np.concatenate([one[at].ravel() for at in shared]) for one in per_task])


@pytest.mark.parametrize("method", [Mean, PCGrad, UPGrad, MGDA, CAGrad])
def test_shared_weights_follow_the_aggregator_and_towers_their_own_task(method, monkeypatch):
    """What reaches the optimizer, against the aggregator applied to the whole Jacobian."""
    seen = []
    made = trainer(method())
    plain = made._apply

    def note(gradients, batch):
        seen.append(gradients)
        plain(gradients, batch)

    monkeypatch.setattr(made, "_apply", note)
    tf.config.run_functions_eagerly(True)
    try:
        made.balancing.reset(2, 0)
        made.network.set_weights(small.make("SharedBottom", COLUMNS).get_weights())
        made._step(*made._tensors(TABLE))
    finally:
        tf.config.run_functions_eagerly(False)
    per_task, weights = gradients()
    direction = method()
    direction.reset(2, 0)
    want = direction(shared_jacobian())
    got, at = [tf.convert_to_tensor(g).numpy() for g in seen[0]], 0
    for weight, gradient, *own in zip(weights, got, *per_task, strict=True):
        if "towers" in weight.path:
            np.testing.assert_allclose(gradient, own[0] + own[1], atol=1e-6)
        else:
            piece = want[at : at + gradient.size].reshape(gradient.shape)
            np.testing.assert_allclose(gradient, piece, atol=1e-5)
            at += gradient.size
    assert at == want.size


def test_layers_side_by_side_are_shared_each_for_itself():
    """Both of ESMM's losses train the click's tower, one the conversion's."""
    network = small.make("ESMM", COLUMNS)
    found = dict(
        zip((w.path for w in network.trainable_variables), shared_weights(network), strict=True)
    )
    towers = [shared for path, shared in found.items() if "towers" in path]
    assert towers and all(one.ravel().tolist() == [True, False] for one in towers)
    gradients = [tf.constant(DRAW.normal(size=(2, 3, 4)), tf.float32) for _ in TASKS]
    got = combined(towers[0], tf.constant([0.3, 0.9]), gradients).numpy()
    one, other = (gradient.numpy() for gradient in gradients)
    np.testing.assert_allclose(got[0], 0.3 * one[0] + 0.9 * other[0], rtol=1e-5)
    np.testing.assert_allclose(got[1], one[1] + other[1], rtol=1e-5)
    per_task = [[gradient] * 3 for gradient in gradients]
    kept = on_shared([towers[0], np.array(False), np.array(True)], per_task)
    assert len(kept) == 2 and (kept[0].numpy()[:, 1] == 0).all()
    np.testing.assert_array_equal(kept[0].numpy()[:, 0], [one[0], other[0]])


def test_the_recorded_gramian_is_that_of_the_shared_weights():
    made = trainer(None, record_gradients=True)
    made.fit(TABLE, TABLE, 0, 1e-2, epochs=2)
    history = made.fit(TABLE, TABLE, 0, 1e-2, epochs=2)
    jacobian = shared_jacobian()
    gram = jacobian @ jacobian.T
    np.testing.assert_allclose(history.gramians[0], gram, rtol=1e-4)
    norms = np.sqrt(np.diagonal(gram))
    np.testing.assert_allclose(history.norms()[0], norms, rtol=1e-4)
    assert history.cosines()[0, 0, 1] == pytest.approx(gram[0, 1] / norms.prod(), abs=1e-4)
    assert history.norm_ratios()[0] == pytest.approx(norms.min() / norms.max(), rel=1e-4)
    assert history.cosines().shape == (2, 2, 2)


def test_recording_changes_nothing():
    for name in ("SharedBottom", "STAR"):  # STAR has averages that a second pass would move
        losses = [
            trainer(None, name, record_gradients=on).fit(TABLE, TABLE, 0, 1e-2, 3).valid_loss
            for on in (False, True)
        ]
        assert losses[0] == losses[1]


def test_equal_fixed_weights_are_the_plain_sum():
    plain, _ = one_step(None)
    again, _ = one_step(Fixed((1.0, 1.0)))
    for one, other in zip(plain, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_weight_of_zero_leaves_the_tower_alone():
    weights, _ = one_step(Fixed((1.0, 0.0)))
    before = small.make("SharedBottom", COLUMNS).trainable_variables
    for old, new, path in zip(before, weights, (w.path for w in before), strict=True):
        if "towers" in path:
            assert np.array_equal(new[1], old.numpy()[1]), path
            assert not np.array_equal(new[0], old.numpy()[0]), path


def test_uncertainty_learns_its_weights_along_with_the_network():
    """Adam's first step has the length of the learning rate: s goes up where L > 1/2."""
    history = trainer(Uncertainty()).fit(TABLE, TABLE, 0, 2e-2, epochs=1)
    want = np.exp(-2e-2 * np.sign(history.task_losses[0] - 0.5))
    np.testing.assert_allclose(history.weights[0], want, rtol=1e-5)


def test_dwa_waits_two_epochs_then_moves():
    history = trainer(DWA()).fit(TABLE, TABLE, 0, 3e-2, epochs=5, patience=5)
    weights = np.array(history.weights)
    np.testing.assert_array_equal(weights[:2], 1.0)
    np.testing.assert_allclose(weights.sum(axis=1), 2.0, rtol=1e-5)
    ratios = history.task_losses[1] / history.task_losses[0]
    want = 2 * np.exp(ratios / 2) / np.exp(ratios / 2).sum()
    np.testing.assert_allclose(weights[2], want, rtol=1e-5)


def test_gradnorm_gives_weight_to_the_task_with_the_shorter_gradient():
    history = trainer(GradNorm(alpha=0.0), record_gradients=True).fit(TABLE, TABLE, 0, 1e-3, 5)
    last = history.weights[-1]
    assert last.sum() == pytest.approx(2.0, rel=1e-5)
    # Its norms are those on the last shared layer.
    per_task, weights = gradients()
    matrices = [i for i, w in enumerate(weights) if "towers" not in w.path and w.name == "kernel"]
    norms = [np.linalg.norm(one[matrices[-1]]) for one in per_task]
    assert last[int(np.argmin(norms))] > 1.01


@pytest.mark.parametrize("method", [FAMO, RandomWeights])
def test_other_weightings_run_and_move(method):
    made = trainer(method())
    first = made.fit(TABLE, TABLE, 0, 1e-2, epochs=3)
    again = made.fit(TABLE, TABLE, 0, 1e-2, epochs=3)
    assert first.valid_loss == again.valid_loss  # the state is set back
    assert np.ptp(np.array(first.weights), axis=0).max() > 1e-4


@pytest.mark.parametrize("name", [n for n in small.BUILDS if n != "SingleTask"])
def test_every_network_trains_with_an_aggregator(name):
    history = trainer(UPGrad(), name).fit(TABLE, TABLE, 0, 1e-2, epochs=4, patience=4)
    # On the training rows: in four steps STAR's averages for inference have hardly moved.
    assert np.sum(history.task_losses[-1]) < np.sum(history.task_losses[0])
    assert np.isfinite(history.weights).all()


def test_an_aggregator_cannot_be_compiled():
    with pytest.raises(CourseError, match="XLA cannot compile an aggregator"):
        trainer(UPGrad(), jit_compile=True)
