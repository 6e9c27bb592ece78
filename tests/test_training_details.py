"""What the trainer's other tests leave open: each of these caught a planted defect."""

from __future__ import annotations

from types import SimpleNamespace

import networks as small
import numpy as np
import pytest
from networks import BUILDS, TASKS

from course_utils.backend import tf
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.gradnorm import GradNorm
from course_utils.balancing.mean import Mean
from course_utils.balancing.random_weights import RandomWeights
from course_utils.columns import Columns, Split
from course_utils.training import Trainer, compare, run_seeds
from course_utils.training import seeds as seeds_module

ROWS = small.frame(40)
COLUMNS = small.fit_columns(ROWS)
TABLE = small.encode(COLUMNS, ROWS)
VALID = TABLE.take(np.arange(40))


def losses_of(network, table=TABLE, training=True):
    labels = np.stack([table.labels[task] for task in TASKS])
    counts = np.stack([table.mask(task) for task in TASKS]).astype("float32")
    predicted = network(table.inputs, training=training)
    return network.task_losses(predicted, tf.constant(labels), tf.constant(counts))


def test_same_codes_sees_another_vocabulary():
    one = Columns({"colour": ("red", "blue")})
    assert not one.same_codes(Columns({"colour": ("blue", "red")}))


def test_table_keeps_masks_groups_and_inputs():
    mask = np.arange(40) % 2 == 0
    table = COLUMNS.table(ROWS, TASKS, {"purchase": mask}, groups="user")
    assert np.array_equal(table.mask("purchase"), mask)
    assert len(np.unique(table.groups)) == ROWS.user.nunique()
    assert all(
        a is b
        for a, b in zip(table.inputs, (table.codes, table.numbers, table.scenario), strict=True)
    )


def quick(name="SharedBottom", **settings):
    return Trainer(lambda: BUILDS[name](COLUMNS), **{"batch_size": 10, **settings})


def batches_of(trainer, seed):
    seen, run = [], trainer._graph

    def spy(name, arguments):
        if name == "_one_epoch":
            seen.append(arguments[0].numpy())
        return run(name, arguments)

    trainer._graph = spy
    trainer.fit(TABLE, TABLE, seed, 1e-2, 1)
    trainer._graph = run
    return seen[0]


def test_a_seed_fixes_both_the_order_and_the_first_weights():
    trainer = quick()
    assert not np.array_equal(batches_of(trainer, 0), batches_of(trainer, 1))
    first = []
    for seed in (0, 1):
        trainer._start(seed, 1e-2)
        first.append(trainer.network.embed.table.numpy())
    assert not np.array_equal(*first)


def test_a_table_smaller_than_a_batch_is_one_batch():
    trainer = quick(batch_size=1000)
    assert batches_of(trainer, 0).shape == (1, 40)


def test_history_holds_means_over_the_steps():
    """With a rate of nothing, the mean over full batches of the click is the table's loss."""
    weights = Fixed((1.0, 1.0))
    trainer = quick(balancing=weights)
    history = trainer.fit(TABLE, TABLE, 0, 1e-12, 1)
    want = losses_of(trainer.network, training=False)[0]
    assert history.task_losses[0][0] == pytest.approx(float(want), rel=1e-4)


def test_history_holds_mean_weights_of_an_aggregator():
    history = quick(balancing=Mean()).fit(TABLE, TABLE, 0, 1e-2, 1)
    np.testing.assert_allclose(history.weights[0], Mean().weights(np.eye(2)), rtol=1e-6)


@pytest.mark.parametrize("aggregated", [False, True])
def test_moving_averages_move_in_training_and_only_there(aggregated):
    trainer = quick("STAR", balancing=Mean() if aggregated else None)
    trainer.fit(TABLE, TABLE, 0, 1e-2, 1)
    after = trainer.network.norm.mean.numpy()
    assert np.abs(after).max() > 1e-3
    trainer.loss(TABLE)
    trainer.network.predict(TABLE)
    assert np.array_equal(trainer.network.norm.mean.numpy(), after)


def test_the_recorded_gramian_is_of_the_first_batch():
    trainer, seen = quick(record_gradients=True), []
    run = trainer._graph

    def spy(name, arguments):
        seen.append((name, arguments[0].numpy()))
        return run(name, arguments)

    trainer._graph = spy
    trainer.fit(TABLE, TABLE, 0, 1e-2, 1)
    (first, some), (second, batches) = seen[:2]
    assert (first, second) == ("_gramian", "_one_epoch") and np.array_equal(some[0], batches[0])


def test_gradnorm_reads_the_kernel_of_the_last_shared_layer():
    trainer, seen = quick(balancing=GradNorm(), batch_size=40), []
    trainer.balancing.after_step = lambda losses, norms, again: seen.append(norms())
    trainer.balancing.reset(2, 0)
    tf.config.run_functions_eagerly(True)
    try:
        before = trainer.network.get_weights()
        trainer._step(*trainer._tensors(TABLE))
        trainer.network.set_weights(before)
        kernel = trainer.network.trunk.layers[-1].kernel
        with tf.GradientTape(persistent=True) as tape:
            each = tf.unstack(losses_of(trainer.network))
        want = [np.linalg.norm(tape.gradient(one, kernel)) for one in each]
    finally:
        tf.config.run_functions_eagerly(False)
    np.testing.assert_allclose(seen[0], want, rtol=1e-4)


def test_random_weights_differ_between_seeds():
    trainer = quick(balancing=RandomWeights())
    one, other = (trainer.fit(TABLE, TABLE, s, 1e-2, 1).weights[0] for s in (0, 1))
    assert not np.array_equal(one, other)


def scripted(monkeypatch, losses):
    """A trainer whose validation losses are given; its weights after epoch e are all e."""
    trainer, left = quick(), iter(losses)
    weights = trainer.network.trainable_variables
    run = trainer._graph
    count = iter(range(len(losses)))

    def graph(name, arguments):
        if name == "_losses":
            return tf.constant([next(left), 0.0])
        out = run(name, arguments)
        if name == "_one_epoch":
            epoch = next(count)
            for w in weights:
                w.assign(tf.fill(w.shape, float(epoch)))
        return out

    monkeypatch.setattr(trainer, "_graph", graph)
    return trainer


def test_the_best_of_all_epochs_is_kept_not_the_last_that_fell(monkeypatch):
    trainer = scripted(monkeypatch, [0.5, 0.9, 0.8])
    trainer.fit(TABLE, TABLE, 0, 1e-2, epochs=3, patience=5)
    assert (trainer.network.trainable_variables[0].numpy() == 0).all()


class Noted:
    """A trainer that only notes what it is asked."""

    def __init__(self, build, balancing=None, batch_size=256, record_gradients=False):
        Noted.made.append((balancing, batch_size, record_gradients))
        self.network = SimpleNamespace(
            require_labels=lambda *_: None,
            predict=lambda table: {task: np.full(40, 0.5) for task in TASKS},
        )

    def fit(self, train, valid, seed, rate, epochs):
        Noted.fits.append((train, valid, seed, rate, epochs))
        # Rate 1: best 0.1, then worse, and by seed; rate 2: best 0.2, last 0.2.
        best = {1: 0.1 if seed != 101 else 0.15, 2: 0.2}[rate] if seed != 100 or rate != 1 else 0.3
        return type("H", (), {"valid_loss": [best, 0.9 if rate == 1 else best], "tasks": TASKS})


def test_run_seeds_tunes_on_validation_rows_with_all_tuning_seeds(monkeypatch):
    monkeypatch.setattr(seeds_module, "Trainer", Noted)
    Noted.made, Noted.fits = [], []
    parts = Split(TABLE, VALID, TABLE.take(np.arange(40)))
    runs = run_seeds(
        None, lambda seed: parts, balancing="b", seeds=(0,), learning_rates=(1, 2),
        tuning_seeds=(100, 101, 102), epochs=7, batch_size=9, record_gradients=True,
    )  # fmt: skip
    assert Noted.made == [("b", 9, True)]
    assert [fit[2:] for fit in Noted.fits] == [
        *((seed, rate, 7) for rate in (1, 2) for seed in (100, 101, 102)),
        (0, runs.learning_rate, 7),
    ]
    assert all(fit[0] is parts.train and fit[1] is parts.valid for fit in Noted.fits)
    # The mean over seeds of each run's best, not of its last.
    assert runs.trials == {1: pytest.approx((0.3 + 0.15 + 0.1) / 3), 2: pytest.approx(0.2)}
    Noted.fits = []
    compare({"a": None}, lambda seed: parts, seeds=(0,), learning_rates=(1, 2), tuning_seeds=(7,))
    assert [fit[2] for fit in Noted.fits] == [7, 7, 0]
