"""The trainer: masks, seeds, one graph, early stopping, errors; and evidence from real training."""

import random

import numpy as np
import pandas as pd
import pytest

from course_utils import metrics
from course_utils.backend import keras, tf
from course_utils.errors import CourseError
from course_utils.evidence import evidence, paired_interval
from course_utils.models.shared_bottom import SharedBottom
from course_utils.training import (
    Split,
    Table,
    Trainer,
    _fresh_weights,
    make_table,
    masked_log_loss,
    run_seeds,
)

TASKS = ("click", "purchase")


def toy(n, seed=0, signal=2.0):
    """Rows whose labels follow one category and one number as far as ``signal`` says."""
    draw = np.random.default_rng(seed)
    categories = draw.integers(6, size=(n, 1)).astype("int32")
    numbers = draw.normal(size=(n, 1)).astype("float32")
    logit = signal * (categories[:, 0] / 2.5 - 1 + numbers[:, 0])
    p = 1 / (1 + np.exp(-logit))
    labels = {task: (draw.random(n) < p).astype("float32") for task in TASKS}
    return Table(categories, (6,), numbers, labels, {"purchase": labels["click"] == 1})


def toy_split(seed, n=600):
    return Split(toy(n, 3 * seed), toy(300, 3 * seed + 1), toy(400, 3 * seed + 2))


def build(tasks=TASKS):
    return lambda: SharedBottom((6,), 1, tasks, embedding_dim=2, trunk=(8,), tower=())


# ---------------------------------------------------------------- loss and masks


def test_masked_log_loss_is_the_mean_over_the_rows_that_count():
    target = tf.constant([[1.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    got = masked_log_loss(target, tf.constant([0.5, 0.25, 0.001]))
    assert float(got) == pytest.approx(-(np.log(0.5) + np.log(0.75)) / 2, abs=1e-6)


def test_masked_log_loss_of_no_row_is_zero():
    assert float(masked_log_loss(tf.zeros((3, 2)), tf.fill([3], 0.5))) == 0.0


def test_loss_of_a_table_adds_the_tasks_over_their_own_rows():
    table, trainer = toy(200), Trainer(build())
    p = trainer.predict(table)
    rows = table.masks["purchase"]
    want = metrics.log_loss(table.labels["click"], p["click"])
    want += metrics.log_loss(table.labels["purchase"][rows], p["purchase"][rows])
    assert trainer.loss(table) == pytest.approx(want)


def test_labels_outside_the_mask_change_nothing():
    train, valid, _ = (part for part in vars(toy_split(0)).values())
    turned = np.where(train.mask("purchase"), train.labels["purchase"], 1.0).astype("float32")
    other = Table(
        train.categories,
        train.sizes,
        train.numbers,
        {**train.labels, "purchase": turned},
        train.masks,
    )
    assert not np.array_equal(turned, train.labels["purchase"])
    trainer = Trainer(build(), batch_size=64)
    assert trainer.fit(train, valid, 0, 1e-2, 3) == trainer.fit(other, valid, 0, 1e-2, 3)


# ---------------------------------------------------------------- seeds, graph, stopping


def test_seeds_repeat_and_differ_and_nothing_is_carried_over():
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    first = trainer.fit(data.train, data.valid, 0, 1e-2, 3)
    other = trainer.fit(data.train, data.valid, 1, 3e-2, 3)
    again = trainer.fit(data.train, data.valid, 0, 1e-2, 3)
    fresh = Trainer(build(), batch_size=64).fit(data.train, data.valid, 0, 1e-2, 3)
    assert first == again == fresh
    assert first != other


def test_training_leaves_other_random_numbers_alone():
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    random.seed(5)
    np.random.seed(5)
    want = random.random(), np.random.rand()
    random.seed(5)
    np.random.seed(5)
    trainer.fit(data.train, data.valid, 0, 1e-2, 1)
    assert (random.random(), np.random.rand()) == want


def test_seeds_learning_rates_and_sizes_share_one_graph():
    traced = []

    class Traced(SharedBottom):
        def call(self, inputs):
            traced.append(inputs)
            return super().call(inputs)

    trainer = Trainer(lambda: Traced((6,), 1, TASKS, 2, (8,), ()), batch_size=64)
    counts = []
    for seed, rate, n in [(0, 1e-2, 600), (1, 1e-2, 600), (2, 3e-3, 500)]:
        data = toy_split(seed, n)
        trainer.fit(data.train, data.valid, seed, rate, 2)
        trainer.predict(data.test)
        counts.append(len(traced))
    assert counts[0] == counts[1] == counts[2]


def test_the_gradients_of_a_repeated_row_are_added_before_they_are_squared():
    """One step on a batch with repeated categories equals Adam on the dense gradient."""
    table = toy(64)
    trainer = Trainer(build(), batch_size=64)
    trainer.fit(table, table, 0, 1e-2, 1)

    model = build()()
    start = _fresh_weights(build(), 0)
    model.set_weights(start)
    with tf.GradientTape() as tape:
        p = model((tf.constant(table.categories), tf.constant(table.numbers)))
        loss = tf.add_n(
            [
                masked_log_loss(
                    np.stack([table.labels[k], table.mask(k)], 1).astype("float32"), p[k]
                )
                for k in TASKS
            ]
        )
    weights = model.trainable_variables
    dense = [tf.convert_to_tensor(one) for one in tape.gradient(loss, weights)]
    keras.optimizers.Adam(1e-2).apply_gradients(zip(dense, weights, strict=True))
    for ours, theirs, before in zip(
        trainer.model.get_weights(), model.get_weights(), start, strict=True
    ):
        assert np.allclose(ours, theirs, atol=1e-5)
        assert np.abs(theirs - before).max() > 1e-3


def test_the_learning_rate_is_used():
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    trainer.fit(data.train, data.valid, 0, 1e-2, 1)
    stay = trainer.fit(data.train, data.valid, 0, 1e-9, 2)
    assert stay[0] == pytest.approx(stay[1], abs=1e-4)
    move = trainer.fit(data.train, data.valid, 0, 3e-2, 2)
    assert move[0] < stay[0] - 0.05


def test_best_epoch_is_kept_and_patience_ends_training():
    # Labels without signal and a small table: the validation loss must turn round.
    train, valid = toy(80, 1, signal=0.0), toy(300, 2, signal=0.0)
    trainer = Trainer(build(), batch_size=16)
    losses = trainer.fit(train, valid, 0, 5e-2, epochs=40, patience=2)
    assert len(losses) == int(np.argmin(losses)) + 3 < 40
    assert trainer.loss(valid) == pytest.approx(min(losses), abs=1e-6)


def test_models_of_one_seed_see_the_same_rows_in_the_same_order():
    data = toy_split(0)
    seen = []
    for tasks in (TASKS, ("click",)):
        trainer = Trainer(build(tasks), batch_size=64)

        def spy(name, arguments, run=trainer._graph):
            if name == "_one_epoch":
                seen.append(arguments[0].numpy())
            return run(name, arguments)

        trainer._graph = spy
        trainer.fit(data.train, data.valid, 7, 1e-2, 2, patience=5)
    assert len(seen) == 4
    assert np.array_equal(seen[0], seen[2]) and np.array_equal(seen[1], seen[3])
    assert not np.array_equal(seen[0], seen[1])
    assert len(np.unique(seen[0])) == seen[0].size == 576  # 9 batches of 64 out of 600


def test_training_learns():
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    trainer.fit(data.train, data.valid, 0, 1e-2, 20)
    assert metrics.auc(data.test.labels["click"], trainer.predict(data.test)["click"]) > 0.85


# ---------------------------------------------------------------- run_seeds


def test_tuning_takes_the_rate_with_the_least_validation_loss():
    runs = run_seeds(
        build(), toy_split, seeds=(0, 1), learning_rates=(1e-6, 1e-2), epochs=4, batch_size=64
    )
    assert set(runs.trials) == {1e-6, 1e-2}
    assert runs.learning_rate == 1e-2
    assert runs.trials[1e-2] < runs.trials[1e-6]


def test_results_are_of_the_test_rows_of_each_seed():
    runs = run_seeds(build(), toy_split, seeds=(0, 1), learning_rates=(1e-2,), epochs=3)
    assert runs.trials == {}
    assert [len(h) for h in runs.history] == [3, 3]
    for number, seed in enumerate((0, 1)):
        test = toy_split(seed).test
        rows = test.masks["purchase"]
        p = runs.predictions[number]["purchase"]
        want = metrics.auc(test.labels["purchase"][rows], p[rows])
        assert runs.auc["purchase"][number] == pytest.approx(want)


def test_tuning_seeds_are_kept_apart():
    with pytest.raises(CourseError, match="must not be among"):
        run_seeds(build(), toy_split, seeds=(0, 100))


# ---------------------------------------------------------------- errors


def changed(**parts):
    table = toy(20)
    return Table(**{**vars(table), **parts})


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda: changed(labels={"click": np.full(20, np.nan, "float32")}, masks={}),
            "without nan",
        ),
        (lambda: changed(labels={"click": np.ones(20, int)}, masks={}), "must hold floating"),
        (lambda: changed(labels={"click": np.full(20, 2, "float32")}, masks={}), "must be 0 or 1"),
        (lambda: changed(labels={"click": np.ones(19, "float32")}, masks={}), "20 rows, got 19"),
        (lambda: changed(labels={}, masks={}), "no task"),
        (lambda: changed(masks={"refund": np.ones(20, bool)}), "mask for 'refund'"),
        (lambda: changed(masks={"click": np.ones(20)}), "must hold bool"),
        (lambda: changed(masks={"click": np.zeros(20, bool)}), "leaves no row"),
        (lambda: changed(numbers=np.full((20, 1), np.inf)), "nan or infinite"),
        (lambda: changed(categories=np.full((20, 1), 0.5)), "must hold integer"),
        (lambda: changed(categories=np.full((20, 1), 6)), "column 0 must lie from 0 to 5, got 6"),
        (lambda: changed(categories=np.full((20, 1), -1)), "got -1 to -1"),
        (lambda: changed(categories=np.zeros((0, 1), int)), "no rows"),
    ],
)
def test_a_bad_table_is_one_clear_sentence(make, says):
    with pytest.raises(CourseError, match=says):
        make()


def test_an_unknown_task_is_named_before_training():
    data = toy_split(0)
    trainer = Trainer(build(("click", "refund")))
    with pytest.raises(CourseError, match="The train table has no task 'refund', only click"):
        trainer.fit(data.train, data.valid, 0, 1e-2)
    with pytest.raises(CourseError, match="The test table has no task 'refund'"):
        run_seeds(build(("click", "refund")), toy_split)


def test_make_table_reads_codes_numbers_labels():
    frame = pd.DataFrame(
        {
            "colour": pd.Categorical(["red", "blue", "red"], ["blue", "red", "green"]),
            "price": [1.5, 2.0, 3.0],
            "click": [1, 0, 1],
        }
    )
    table = make_table(frame, ["colour"], ["price"], ["click"])
    assert table.sizes == (3,)
    assert table.categories.tolist() == [[1], [0], [1]]
    assert table.numbers.tolist() == [[1.5], [2.0], [3.0]]
    assert table.labels["click"].tolist() == [1.0, 0.0, 1.0]
    assert table.mask("click").all()
    frame.loc[1, "colour"] = None
    with pytest.raises(CourseError, match="got -1 to 1"):
        make_table(frame, ["colour"], ["price"], ["click"])


# ---------------------------------------------------------------- evidence from training


def starved_split(relatedness):
    """Task a has 2,000 rows, task b the same rows but only 80 labels; 60 categories.

    Task b's effects are task a's, as far as relatedness says: the planted effect.
    """

    def split(seed):
        draw = np.random.default_rng(seed)
        a = 1.5 * draw.normal(size=60)
        b = relatedness * a + np.sqrt(1 - relatedness**2) * 1.5 * draw.normal(size=60)

        def table(n, labelled):
            categories = draw.integers(60, size=(n, 1)).astype("int32")
            logits = {"a": a[categories[:, 0]], "b": b[categories[:, 0]]}
            labels = {
                task: (draw.random(n) < 1 / (1 + np.exp(-z))).astype("float32")
                for task, z in logits.items()
            }
            mask = {"b": np.arange(n) < labelled}
            return Table(categories, (60,), np.zeros((n, 1), "float32"), labels, mask)

        return Split(table(2000, 80), table(1000, 1000), table(2000, 2000))

    return split


def gains_of_sharing(relatedness):
    def auc(*tasks):
        model = lambda: SharedBottom((60,), 1, tasks, 4, (16,), ())  # noqa: E731
        split = starved_split(relatedness)
        return run_seeds(model, split, learning_rates=(1e-2,), epochs=12, batch_size=250).auc["b"]

    return auc("a", "b"), auc("b")


def test_a_planted_effect_is_found():
    method, baseline = gains_of_sharing(1.0)
    recorded = paired_interval(np.subtract(method, baseline))
    result = evidence("Sharing helps the starved task", method, baseline, recorded=recorded)
    assert result.verdict == "holds"
    assert result.low > 0.02


def test_with_the_dial_at_zero_nothing_is_found():
    method, baseline = gains_of_sharing(0.0)
    recorded = paired_interval(np.subtract(method, baseline))
    result = evidence("Sharing helps the starved task", method, baseline, recorded=recorded)
    assert result.verdict == "not separated"
