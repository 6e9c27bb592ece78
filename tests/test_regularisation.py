"""Dropout, weight decay, embedding penalty, and each task's own best epoch."""

from __future__ import annotations

import networks as small
import numpy as np
import pytest
from networks import BUILDS, TASKS

from course_utils import models
from course_utils.backend import keras, tf
from course_utils.balancing.famo import FAMO
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.mean import Mean
from course_utils.columns import Columns, Table
from course_utils.errors import CourseError
from course_utils.layers import Dropout
from course_utils.layers.embed import looked_up
from course_utils.training import Trainer
from course_utils.training.gradients import task_gradient

ROWS = small.frame(60)
COLUMNS = small.fit_columns(ROWS)
TABLE = small.encode(COLUMNS, ROWS)
CODES = TABLE.codes


def quick(name="SharedBottom", balancing=None, **settings):
    return Trainer(lambda: BUILDS[name](COLUMNS), balancing, **{"batch_size": 20, **settings})


def weights_after(trainer, **settings):
    trainer.fit(TABLE, TABLE, 0, 1e-2, **{"epochs": 1, **settings})
    return trainer.network.get_weights()


def equal(ones, others):
    return all(np.array_equal(one, other) for one, other in zip(ones, others, strict=True))


# ---------------------------------------------------------------- dropout


def test_dropout_leaves_out_a_share_and_keeps_the_mean():
    drop = Dropout(0.3)
    drop.reset(0)
    x = tf.ones((200, 100))
    got = drop(x, True).numpy()
    assert set(np.unique(got.round(4))) == {0.0, np.float32(1 / 0.7).round(4)}
    assert (got == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert not np.array_equal(drop(x, True).numpy(), got)  # each layer draws for itself
    drop.reset(0)
    assert np.array_equal(drop(x, True).numpy(), got)
    drop.reset(1)
    assert not np.array_equal(drop(x, True).numpy(), got)


def test_dropout_is_off_outside_training_and_at_zero():
    x = tf.ones((4, 4))
    assert Dropout(0.3)(x, False) is x
    assert Dropout(0.0)(x, True) is x


# Layers with a ReLU in trunk, experts and towers: how often each network draws.
DRAWS = {
    "SingleTask": 6, "SharedBottom": 3, "DCN": 3, "MMoE": 3, "CGC": 4, "PLE": 7, "ESMM": 2,
    "ESCM2": 3, "AITM": 2, "STAR": 5, "PEPNet": 2, "HMoE": 3, "M2M": 1, "M3oE": 4,
}  # fmt: skip


@pytest.mark.parametrize("name", BUILDS)
def test_every_network_drops_after_each_relu_of_its_mlps(name):
    network = small.make(name, COLUMNS)
    before = small.predict(network, TABLE)
    network.dropout = 0.5
    network.drop.reset(0)
    assert equal(small.predict(network, TABLE).values(), before.values())
    small.predict(network, TABLE, training=True)
    assert network.drop.draw.numpy().tolist() == [0, -1 - DRAWS[name]]
    assert network.get_config()["dropout"] == 0.5


def test_dropout_is_a_setting_and_survives_saving(tmp_path):
    network = models.MMoE(COLUMNS, TASKS, dropout=0.2)
    models.save(network, tmp_path / "one.keras")
    assert models.load(tmp_path / "one.keras").dropout == 0.2
    for odd in (-0.1, 1.0, np.nan):
        with pytest.raises(CourseError, match="dropout must be a number, 0 or more and below 1"):
            models.MMoE(COLUMNS, TASKS, dropout=odd)
        with pytest.raises(CourseError, match="dropout must be a number"):
            network.dropout = odd


def test_the_seed_of_fit_fixes_what_is_dropped():
    trainer = quick()
    plain = weights_after(trainer)
    trainer.network.dropout = 0.5
    first, again = weights_after(trainer), weights_after(trainer)
    assert equal(first, again) and not equal(first, plain)
    fresh = Trainer(
        lambda: models.SharedBottom(COLUMNS, TASKS, (12, 10), (6,), 4, dropout=0.5), None, 20
    )
    assert equal(weights_after(fresh), first)
    trainer.network.dropout = 0.0
    assert equal(weights_after(trainer), plain)


# ---------------------------------------------------------------- weight decay


def test_decay_is_adamw_on_kernels_alone():
    """Three steps against Keras's AdamW, which is told what to leave out."""
    trainer = quick(weight_decay=0.5)
    start = trainer._fresh_weights(0)
    got = weights_after(trainer)
    plain = weights_after(quick())

    network = BUILDS["SharedBottom"](COLUMNS)
    network.set_weights(start)
    adam = keras.optimizers.AdamW(1e-2, weight_decay=0.5)
    others = [w for w in network.trainable_variables if w.name != "kernel"]
    adam.exclude_from_weight_decay(var_list=others)
    adam.build(network.trainable_variables)
    order = np.random.Generator(np.random.PCG64(0)).permutation(60).reshape(3, 20)
    for rows in order:
        batch = TABLE.take(rows)
        labels = np.stack([batch.labels[task] for task in TASKS])
        counts = np.stack([batch.mask(task) for task in TASKS]).astype("float32")
        with tf.GradientTape() as tape:
            losses = network.task_losses(network(batch.inputs, training=True), labels, counts)
            loss = tf.reduce_sum(losses)
        gradients = task_gradient(tape, loss, network.trainable_variables)
        adam.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
    kernels = 0
    for weight, one, without in zip(network.trainable_variables, got, plain, strict=True):
        np.testing.assert_allclose(weight, one, atol=2e-5, err_msg=weight.path)
        if weight.name == "kernel":
            assert np.abs(one - without).max() > 1e-3, weight.path
            kernels += 1
    assert 0 < kernels < len(got)


def test_factors_of_a_scenario_do_not_decay():
    """STAR's W_p starts at 1; to pull it to 0 would switch the shared weights off."""
    trainer = quick("STAR", weight_decay=1e6)
    trainer._start(0, 1e-9)  # a step of Adam moves nothing, the decay takes 0.001 of a kernel
    before = [w.numpy() for w in trainer.network.trainable_variables]
    trainer._step(*trainer._tensors(TABLE))
    for old, weight in zip(before, trainer.network.trainable_variables, strict=True):
        want = old * (1 - 1e-3) if weight.name == "kernel" else old
        np.testing.assert_allclose(weight, want, atol=1e-6, err_msg=weight.path)


# ---------------------------------------------------------------- embeddings


def test_looked_up_rows_count_once():
    columns = Columns({"a": ("x", "y"), "b": ("x",)})
    got = looked_up(columns, np.array([[1, 0], [1, 1]], "int32")).numpy()
    assert got.tolist() == [0, 1, 0, 1, 1]


@pytest.mark.parametrize("balancing", [None, Mean])
def test_the_penalty_is_the_slope_of_half_its_square_on_rows_of_the_batch(balancing, monkeypatch):
    seen = []
    for l2 in (0.0, 0.7):
        trainer = quick("SingleTask", balancing and balancing(), embedding_l2=l2)
        trainer._start(0, 1e-2)
        monkeypatch.setattr(
            trainer.optimizer, "apply_gradients", lambda pairs: seen.append(list(pairs))
        )
        trainer._step(*trainer._tensors(TABLE.take(np.arange(4))))
    known = np.unique(CODES[:4, 0])
    tables = 0
    for (plain, weight), (more, _) in zip(*seen, strict=True):
        added = np.array(more) - np.array(plain)
        if weight.name == "table":
            users = COLUMNS.sizes[0]
            want = np.where(np.isin(np.arange(users), known)[:, None], 0.7 * weight[:users], 0.0)
            np.testing.assert_allclose(added[:users], want, atol=1e-6)
            assert 0 < np.abs(added[:users]).max(axis=1).astype(bool).sum() < users
            tables += 1
        else:
            assert not added.any(), weight.path
    assert tables == 2


def test_a_value_declared_and_never_seen_is_not_unknown():
    """It keeps a random vector; an unknown value has one of zeros."""
    frame = ROWS.assign(user=ROWS.user.astype("category").cat.add_categories("nobody"))
    columns = Columns.fit(frame, ["user"], ["price"])
    network = models.SharedBottom(columns, ("click",), (4,), ())
    x = network.embed(np.array([[columns.sizes[0] - 1], [0]]), np.zeros((2, 1), "float32"))
    assert columns.vocabulary["user"][-1] == "nobody"
    assert (x.numpy()[0, :-1] != 0).all() and (x.numpy()[1] == 0).all()


# ---------------------------------------------------------------- one graph


@pytest.mark.parametrize("odd", [-1.0, np.nan, np.inf, "0.1"])
@pytest.mark.parametrize("name", ["weight_decay", "embedding_l2"])
def test_a_penalty_is_a_number(name, odd):
    with pytest.raises(CourseError, match=f"{name} must be a number, 0 or more"):
        quick(**{name: odd})
    trainer = quick()
    setattr(trainer, name, odd)
    with pytest.raises(CourseError, match=f"{name} must be a number, 0 or more"):
        trainer.fit(TABLE, TABLE, 0)


def test_settings_change_between_fits_without_a_new_trace():
    traced = []

    class Traced(models.SharedBottom):
        def call(self, inputs, training=False):
            if not tf.executing_eagerly():
                traced.append(training)
            return super().call(inputs, training)

    def build():
        return Traced(COLUMNS, TASKS, (8,), (), 2, dropout=0.1)

    def settle(trainer, decay, l2, dropout, weights):
        trainer.weight_decay, trainer.embedding_l2 = decay, l2
        trainer.network.dropout, trainer.balancing.weights = dropout, weights
        return weights_after(trainer)

    one = (1e-2, 1e-2, 0.1, (1.0, 0.5))
    trainer = Trainer(build, Fixed((1.0, 1.0)), 20)
    first = settle(trainer, *one)
    count = len(traced)
    assert count == 2  # one epoch, and the validation loss
    for at, value in enumerate((1.0, 1.0, 0.5, (1.0, 2.0))):
        other = (*one[:at], value, *one[at + 1 :])
        got = settle(trainer, *other)
        assert not equal(got, first), at
        fresh = Trainer(build, Fixed((1.0, 1.0)), 20)
        assert equal(settle(fresh, *other), got), at
        traced[count:] = []
    settle(trainer, *one)
    assert equal(settle(trainer, *one), first) and len(traced) == count


def test_zero_is_a_graph_of_its_own_and_gives_the_plain_numbers():
    plain = weights_after(quick())
    trainer = quick(weight_decay=0.1, embedding_l2=0.1)
    trainer.network.dropout = 0.1
    assert not equal(weights_after(trainer), plain)
    trainer.weight_decay = trainer.embedding_l2 = trainer.network.dropout = 0.0
    assert equal(weights_after(trainer), plain)


def test_weights_of_losses_are_checked_when_they_are_set():
    fixed = Fixed()
    with pytest.raises(CourseError, match="finite and 0 or more"):
        fixed.weights = (1.0, -1.0)
    fixed.weights = (1.0, 2.0, 3.0)
    with pytest.raises(CourseError, match="There are 2 tasks, but 3 weights"):
        quick(balancing=fixed)


# ---------------------------------------------------------------- each task's own best epoch


def scripted(monkeypatch, losses):
    """A trainer whose validation losses are given, ``[epochs, 2]``.

    After epoch e the last bias of every tower is e, and all kernels are 0: chances are
    sigmoid(e), and say which epoch's weights gave them.
    """
    trainer, left, count = quick(), iter(losses), iter(range(len(losses)))
    run = trainer._graph

    def graph(name, arguments):
        if name == "_losses":
            return tf.constant(next(left), tf.float32)
        out = run(name, arguments)
        if name == "_one_epoch":
            for w in trainer.network.trainable_variables:
                w.assign(tf.zeros(w.shape))
            bias = trainer.network.towers.last.bias
            bias.assign(tf.fill(bias.shape, float(next(count))))
        return out

    monkeypatch.setattr(trainer, "_graph", graph)
    return trainer


def epochs_of(chances):
    return {task: float(np.log(p / (1 - p)).mean().round(3)) for task, p in chances.items()}


LOSSES = [(0.5, 0.9), (0.6, 0.5), (0.7, 0.45), (0.8, 0.46), (0.9, 0.47)]


def test_each_task_has_its_own_best_epoch(monkeypatch):
    trainer = scripted(monkeypatch, LOSSES)
    history = trainer.fit(TABLE, TABLE, 0, 1e-2, epochs=5, patience=2, keep="each")
    assert history.best_epochs().tolist() == [0, 2]
    np.testing.assert_allclose(history.valid_task_losses, LOSSES)
    np.testing.assert_allclose(history.valid_loss, np.sum(LOSSES, axis=1), rtol=1e-6)
    assert epochs_of(trainer.predict(TABLE)) == {"click": 0.0, "purchase": 2.0}
    # The network itself, before and after, is that of the least sum.
    for _ in range(2):
        assert epochs_of(trainer.network.predict(TABLE)) == {"click": 1.0, "purchase": 1.0}
        trainer.predict(TABLE)


def test_one_epoch_for_all_is_that_of_the_sum(monkeypatch):
    trainer = scripted(monkeypatch, LOSSES)
    history = trainer.fit(TABLE, TABLE, 0, 1e-2, epochs=5, patience=2)
    assert len(history.valid_loss) == 4
    assert epochs_of(trainer.predict(TABLE)) == {"click": 1.0, "purchase": 1.0}


def test_patience_ends_when_no_task_improves(monkeypatch):
    losses = [(0.5, 0.9), (0.6, 0.8), (0.7, 0.7), (0.8, 0.75), (0.9, 0.75), (1.0, 0.75)]
    trainer = scripted(monkeypatch, losses)
    assert len(trainer.fit(TABLE, TABLE, 0, 1e-2, 6, 2, keep="each").valid_loss) == 5
    # The sum is best in epochs 0, 1 and 2 alike, or nearly so.
    trainer = scripted(monkeypatch, losses)
    trainer.fit(TABLE, TABLE, 0, 1e-2, 6, 0, keep="each")
    assert epochs_of(trainer.predict(TABLE)) == {"click": 0.0, "purchase": 2.0}


def test_a_new_fit_forgets_the_other_ones_epochs(monkeypatch):
    trainer = scripted(monkeypatch, LOSSES)
    trainer.fit(TABLE, TABLE, 0, 1e-2, epochs=3, patience=5, keep="each")
    monkeypatch.undo()
    trainer.fit(TABLE, TABLE, 0, 1e-2, epochs=1)
    assert equal(trainer.predict(TABLE).values(), trainer.network.predict(TABLE).values())


def test_each_tasks_kept_weights_reach_its_least_loss():
    """No script: the losses of what is predicted are those that the history says."""
    trainer = quick("MMoE")
    history = trainer.fit(TABLE, TABLE, 0, 5e-2, epochs=12, patience=3, keep="each")
    chances = trainer.predict(TABLE)
    for k, task in enumerate(TASKS):
        rows = TABLE.mask(task)
        y, p = TABLE.labels[task][rows], chances[task][rows].clip(1e-7, 1 - 1e-7)
        loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        assert loss == pytest.approx(np.min(history.valid_task_losses, axis=0)[k], abs=1e-5)


def test_what_is_kept_is_sum_or_each():
    with pytest.raises(CourseError, match="keep must be 'sum' or 'each', got 'best'"):
        quick().fit(TABLE, TABLE, 0, keep="best")


# ---------------------------------------------------------------- the history's training losses


def few_purchases():
    """60 rows, 3 batches of 20 in order; one row alone may be bought."""
    mask = np.zeros(60, bool)
    mask[7] = True
    labels = {task: TABLE.labels[task] for task in TASKS}
    return Table(COLUMNS, *TABLE.inputs, labels, {"purchase": mask})


def test_a_batch_without_a_row_of_a_task_does_not_count():
    table, trainer = few_purchases(), quick()
    history = trainer.fit(table, table, 0, 1e-12, 1)
    # With a rate of nothing, the one batch that has the row has the loss of that row.
    want = trainer._graph("_losses", trainer._tensors(table)).numpy()
    np.testing.assert_allclose(history.task_losses[0], want, rtol=1e-4)


def test_a_chained_task_counts_the_rows_of_its_own_loss():
    """ESMM's second loss is over all impressions: a batch without a click is one of it."""
    table, trainer = few_purchases(), quick("ESMM")
    labels = {"click": table.labels["click"], "purchase": np.zeros(60, "float32")}
    table = Table(COLUMNS, *TABLE.inputs, labels, table.masks)
    history = trainer.fit(table, table, 0, 1e-12, 1)
    want = trainer._graph("_losses", trainer._tensors(table)).numpy()
    np.testing.assert_allclose(history.task_losses[0], want, rtol=1e-4)


# ---------------------------------------------------------------- FAMO's second look


@pytest.mark.parametrize(("name", "dropout"), [("STAR", 0.0), ("SharedBottom", 0.5)])
def test_famos_second_pass_moves_nothing_and_drops_the_same_units(name, dropout, monkeypatch):
    trainer = quick(name, FAMO(), batch_size=60)
    trainer.network.dropout = dropout
    trainer._start(0, 1e-30)
    seen = []
    monkeypatch.setattr(
        trainer.balancing, "after_step", lambda losses, norms, again: seen.append((losses, again()))
    )
    batch = trainer._tensors(TABLE)
    trainer._step(*batch)
    (before, after) = seen[0]
    np.testing.assert_allclose(before, after, rtol=1e-6)  # at a rate of nothing: the same losses
    if name == "STAR":
        x = np.array(trainer.network.embed(*TABLE.inputs[:2]))
        for p in range(3):
            once = 0.05 * x[TABLE.scenario == p].mean(axis=0)
            np.testing.assert_allclose(trainer.network.norm.mean[p], once, atol=1e-6)
    else:
        assert trainer.network.drop.draw.numpy().tolist() == [0, -4]
