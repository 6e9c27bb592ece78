"""The trainer: masks, seeds, one graph, early stopping, errors; and evidence from real training."""

import random

import numpy as np
import pandas as pd
import pytest

from course_utils import metrics
from course_utils.backend import keras, tf
from course_utils.balancing.gradnorm import GradNorm
from course_utils.balancing.pcgrad import PCGrad
from course_utils.columns import Columns, Split, Table
from course_utils.errors import CourseError
from course_utils.evidence import claim
from course_utils.models import ESMM, SharedBottom, SingleTask
from course_utils.training import Trainer, compare, report, run_seeds
from course_utils.training.adam import FusedAdam

TASKS = ("click", "purchase")
COLOURS = ("amber", "blue", "cyan", "dun", "ebony", "fawn")
COLUMNS = Columns({"colour": COLOURS}, numbers={"size": (0.0, 1.0)})


def toy(n, seed=0, signal=2.0):
    """Rows whose labels follow one category and one number as far as ``signal`` says."""
    draw = np.random.default_rng(seed)
    colour, size = draw.integers(6, size=n), draw.normal(size=n)
    p = 1 / (1 + np.exp(-signal * (colour / 2.5 - 1 + size)))
    frame = pd.DataFrame({"colour": np.array(COLOURS)[colour], "size": size})
    frame = frame.assign(**{task: (draw.random(n) < p).astype(int) for task in TASKS})
    return COLUMNS.table(frame, TASKS, {"purchase": frame.click.to_numpy() == 1})


def toy_split(seed, n=600):
    return Split(toy(n, 3 * seed), toy(300, 3 * seed + 1), toy(400, 3 * seed + 2))


def build(tasks=TASKS):
    return lambda: SharedBottom(COLUMNS, tasks, trunk=(8,), tower=(), embedding_dim=2)


# ---------------------------------------------------------------- loss and masks


def losses(trainer, train, valid, seed=0, rate=1e-2, epochs=3, patience=2):
    return trainer.fit(train, valid, seed, rate, epochs, patience).valid_loss


def test_loss_of_a_table_adds_the_tasks_over_their_own_rows():
    table, trainer = toy(200), Trainer(build())
    p = trainer.network.predict(table)
    rows = table.masks["purchase"]
    want = metrics.log_loss(table.labels["click"], p["click"])
    want += metrics.log_loss(table.labels["purchase"][rows], p["purchase"][rows])
    assert trainer.loss(table) == pytest.approx(want)


def test_labels_outside_the_mask_change_nothing():
    train, valid, _ = (part for part in vars(toy_split(0)).values())
    turned = np.where(train.mask("purchase"), train.labels["purchase"], 1.0).astype("float32")
    labels = {**train.labels, "purchase": turned}
    other = Table(train.columns, *train.inputs, labels, train.masks)
    assert not np.array_equal(turned, train.labels["purchase"])
    trainer = Trainer(build(), batch_size=64)
    assert losses(trainer, train, valid) == losses(trainer, other, valid)


# ---------------------------------------------------------------- seeds, graph, stopping


def test_seeds_repeat_and_differ_and_nothing_is_carried_over():
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    first = losses(trainer, data.train, data.valid)
    other = losses(trainer, data.train, data.valid, 1, 3e-2)
    again = losses(trainer, data.train, data.valid)
    fresh = losses(Trainer(build(), batch_size=64), data.train, data.valid)
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
        def call(self, inputs, training=False):
            # Building a network calls it too, on a row of its own: only graphs are counted.
            if not tf.executing_eagerly():
                traced.append(inputs)
            return super().call(inputs, training)

    trainer = Trainer(lambda: Traced(COLUMNS, TASKS, (8,), (), 2), batch_size=64)
    counts = []
    for seed, rate, n in [(0, 1e-2, 600), (1, 1e-2, 600), (2, 3e-3, 500)]:
        data = toy_split(seed, n)
        trainer.fit(data.train, data.valid, seed, rate, 2)
        trainer.network.predict(data.test)
        counts.append(len(traced))
    assert 0 < counts[0] == counts[1] == counts[2]


def test_three_steps_are_those_of_keras_adam_on_dense_gradients():
    """Also where a batch repeats a category: its gradients are added before they are squared."""
    table = toy(192)
    trainer = Trainer(build(), batch_size=64)
    trainer.fit(table, table, 0, 1e-2, 1)

    model, adam = build()(), keras.optimizers.Adam(1e-2)
    start = trainer._fresh_weights(0)
    model.set_weights(start)
    order = np.random.Generator(np.random.PCG64(0)).permutation(192).reshape(3, 64)
    for rows in order:
        batch = table.take(rows)
        labels = np.stack([batch.labels[task] for task in TASKS])
        counts = np.stack([batch.mask(task) for task in TASKS]).astype("float32")
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(model.task_losses(model(batch.inputs), labels, counts))
        weights = model.trainable_variables
        dense = [tf.convert_to_tensor(one) for one in tape.gradient(loss, weights)]
        adam.apply_gradients(zip(dense, weights, strict=True))
    for ours, theirs, before in zip(
        trainer.network.get_weights(), model.get_weights(), start, strict=True
    ):
        assert np.allclose(ours, theirs, atol=1e-5)
        assert np.abs(theirs - before).max() > 1e-3


def test_fused_adam_is_keras_adam():
    draw = np.random.default_rng(0)
    ours, theirs = (keras.Variable(np.zeros((5, 3), "float32")) for _ in range(2))
    fused, plain = FusedAdam(3e-3), keras.optimizers.Adam(3e-3)
    for _ in range(20):
        gradient = tf.constant(draw.normal(size=(5, 3)) * [1e-4, 1.0, 1e4], tf.float32)
        fused.apply_gradients([(gradient, ours)])
        plain.apply_gradients([(gradient, theirs)])
    assert np.allclose(ours.numpy(), theirs.numpy(), rtol=1e-4, atol=1e-7)
    assert np.abs(ours.numpy()).max(axis=0).min() > 1e-2


def test_the_learning_rate_is_used():
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    trainer.fit(data.train, data.valid, 0, 1e-2, 1)
    stay = losses(trainer, data.train, data.valid, rate=1e-9, epochs=2)
    assert stay[0] == pytest.approx(stay[1], abs=1e-4)
    move = losses(trainer, data.train, data.valid, rate=3e-2, epochs=2)
    assert move[0] < stay[0] - 0.05


def test_best_epoch_is_kept_and_patience_ends_training():
    # Labels without signal and a small table: the validation loss must turn round.
    train, valid = toy(80, 1, signal=0.0), toy(300, 2, signal=0.0)
    trainer = Trainer(build(), batch_size=16)
    found = losses(trainer, train, valid, rate=5e-2, epochs=40)
    assert len(found) == int(np.argmin(found)) + 3 < 40
    assert trainer.loss(valid) == pytest.approx(min(found), abs=1e-6)


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
    assert (
        metrics.auc(data.test.labels["click"], trainer.network.predict(data.test)["click"]) > 0.85
    )


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
    assert [len(h.valid_loss) for h in runs.history] == [3, 3]
    for number, seed in enumerate((0, 1)):
        test = toy_split(seed).test
        rows = test.masks["purchase"]
        p = runs.predictions[number]["purchase"]
        want = metrics.auc(test.labels["purchase"][rows], p[rows])
        assert runs.auc["purchase"][number] == pytest.approx(want)


def test_several_models_are_paired_and_tuned_equally():
    settings = {"seeds": (0, 1), "learning_rates": (1e-3, 1e-2), "epochs": 3, "batch_size": 64}
    runs = compare({"both": build(), "click": build(("click",))}, toy_split, **settings)
    assert list(runs) == ["both", "click"]
    assert set(runs["both"].trials) == set(runs["click"].trials) == {1e-3, 1e-2}
    alone = run_seeds(build(("click",)), toy_split, **settings)
    assert runs["click"].auc == alone.auc and len(alone.auc["click"]) == 2


# ---------------------------------------------------------------- report


def rows_of_two_scenarios():
    frame = pd.DataFrame(
        {
            "scenario": ["home", "search"] * 20,
            "user": np.repeat(list("abcde"), 8),
            "click": ([0, 1, 1, 0] * 10),
            "purchase": ([0, 1, 0, 0] * 10),
        }
    )
    columns = Columns.fit(frame, scenario="scenario")
    masks = {"purchase": frame.click.to_numpy() == 1}
    return columns.table(frame, TASKS, masks, groups="user")


def test_report_is_per_task_and_scenario_over_the_sample_space():
    table = rows_of_two_scenarios()
    p = {task: np.linspace(0.1, 0.9, 40) for task in TASKS}
    found = report(p, table)
    assert list(found.index) == [(t, s) for t in TASKS for s in ("all", "home", "search")]
    for task in TASKS:
        for scenario, code in (("all", None), ("home", 0), ("search", 1)):
            rows = table.mask(task) & (True if code is None else table.scenario == code)
            y, s, line = table.labels[task][rows], p[task][rows], found.loc[(task, scenario)]
            assert (line["rows"], line["positives"]) == (rows.sum(), y.sum())
            if len(set(y)) == 2:
                assert line["auc"] == pytest.approx(metrics.auc(y, s))
                assert line["gauc"] == pytest.approx(metrics.gauc(y, s, table.groups[rows]))
                assert line["log_loss"] == pytest.approx(metrics.log_loss(y, s))
                assert line["calibration"] == pytest.approx(s.mean() / y.mean())
    # Clicked rows of home were never bought, of search always: one label alone has no AUC.
    assert found.loc[("purchase", "home"), ["auc", "gauc", "calibration"]].isna().all()
    assert found.loc[("purchase", "search"), ["auc", "gauc"]].isna().all()


def test_report_refuses_what_does_not_fit():
    table = rows_of_two_scenarios()
    with pytest.raises(CourseError, match="predictions of 'refund', but the table has only click"):
        report({"refund": np.full(40, 0.5)}, table)
    with pytest.raises(
        CourseError, match="must be 40 predictions of 'click', one a row, got shape"
    ):
        report({"click": np.full(39, 0.5)}, table)


def test_report_refuses_what_is_no_chance():
    table = rows_of_two_scenarios()
    for odd in (np.nan, -0.1, 1.1):
        with pytest.raises(CourseError, match="must lie between 0 and 1, without nan: is a sigm"):
            report({"click": np.full(40, odd)}, table)


def test_a_rate_that_diverges_loses_the_tuning():
    settings = {"seeds": (0,), "epochs": 2, "batch_size": 64}
    runs = run_seeds(build(), toy_split, learning_rates=(1e30, 1e-2), **settings)
    assert runs.learning_rate == 1e-2 and runs.trials[1e30] == float("inf")


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"seeds": ()}, "Seeds must be one or more, none twice, got"),
        ({"seeds": (1, 1)}, "none twice, got"),
        ({"learning_rates": ()}, "must be a learning rate, and tuning seeds"),
        ({"learning_rates": (1e-2, 1e-3), "tuning_seeds": ()}, "and tuning seeds to choose"),
    ],
)
def test_seeds_and_rates_that_say_nothing_are_refused(settings, says):
    with pytest.raises(CourseError, match=says):
        run_seeds(build(), toy_split, **settings)


def test_tuning_seeds_are_kept_apart():
    with pytest.raises(CourseError, match="must not be among"):
        run_seeds(build(), toy_split, seeds=(0, 100))


# ---------------------------------------------------------------- errors


def test_an_unknown_task_is_named_before_training():
    data = toy_split(0)
    trainer = Trainer(build(("click", "refund")))
    with pytest.raises(CourseError, match="The train table has no task 'refund', only click"):
        trainer.fit(data.train, data.valid, 0, 1e-2)
    with pytest.raises(CourseError, match=r"The t[a-z]+ table has no task 'refund'"):
        run_seeds(build(("click", "refund")), toy_split)


def test_tables_that_do_not_fit_are_refused_before_training():
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    other = Columns({"colour": COLOURS[::-1]}, numbers={"size": (0.0, 1.0)})
    wrong = Table(other, *data.train.inputs, data.train.labels)
    with pytest.raises(CourseError, match="train table was encoded by other columns than the net"):
        trainer.fit(wrong, data.valid, 0)
    with pytest.raises(CourseError, match="given table was encoded by other columns"):
        trainer.network.predict(wrong)
    none = {"purchase": np.zeros(len(data.valid), bool)}
    empty = Table(COLUMNS, *data.valid.inputs, data.valid.labels, none)
    with pytest.raises(CourseError, match="mask of 'purchase' leaves no row of the valid table"):
        trainer.fit(data.train, empty, 0)


def test_tables_standardised_differently_are_refused():
    other = Columns(COLUMNS.vocabulary, numbers={"size": (3.0, 2.0)})
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    valid = Table(other, *data.valid.inputs, data.valid.labels)
    with pytest.raises(CourseError, match="numbers of the valid table were standardised with an"):
        trainer.fit(data.train, valid, 0)
    assert trainer.network.columns.numbers == COLUMNS.numbers  # a refusal changes nothing
    with pytest.raises(CourseError, match="numbers of the valid"):
        trainer.fit(valid, data.valid, 0)
    assert trainer.network.columns.numbers == COLUMNS.numbers
    trainer.fit(data.train, data.valid, 0, epochs=1)
    with pytest.raises(CourseError, match="numbers of the given table were standardised with an"):
        trainer.network.predict(valid)
    with pytest.raises(CourseError, match="train and the test table were encoded by different"):
        Split(data.train, data.valid, valid)
    with pytest.raises(CourseError, match="two of them are the same table"):
        Split(data.train, data.valid, data.train)


def test_loss_refuses_what_it_cannot_read():
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    with pytest.raises(CourseError, match="given table has no task 'purchase'"):
        trainer.loss(Table(COLUMNS, *data.valid.inputs, {"click": data.valid.labels["click"]}))


def test_a_chained_network_refuses_labels_that_break_the_chain():
    data = toy_split(0)  # its purchases are drawn apart from its clicks
    trainer = Trainer(lambda: ESMM(COLUMNS, TASKS), batch_size=64)
    with pytest.raises(
        CourseError, match=r"\d+ rows of the train table have 'purchase' without 'c"
    ):
        trainer.fit(data.train, data.valid, 0)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"learning_rate": 0.0}, "learning_rate must be a number above 0, got 0.0"),
        ({"learning_rate": float("nan")}, "above 0, got nan"),
        ({"learning_rate": "0.1"}, "above 0, got '0.1'"),
        ({"epochs": 0}, "epochs must be a whole number, 1 or more, got 0"),
        ({"patience": -1}, "patience must be a whole number, 0 or more"),
        ({"seed": None}, "seed must be a whole number, 0 or more, got None"),
    ],
)
def test_an_impossible_setting_is_refused_and_costs_no_weights(settings, says):
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    trainer.fit(data.train, data.valid, 0, 1e-2, 1)
    before = trainer.network.get_weights()
    with pytest.raises(CourseError, match=says):
        trainer.fit(data.train, data.valid, **{"seed": 0, **settings})
    assert all(map(np.array_equal, before, trainer.network.get_weights()))


def test_what_makes_networks_must_make_a_new_one_each_time():
    data, network = toy_split(0), build()()
    with pytest.raises(CourseError, match="build gave the same network twice"):
        Trainer(lambda: network).fit(data.train, data.valid, 0)
    with pytest.raises(CourseError, match="build must be a function that makes a network"):
        Trainer(network)
    with pytest.raises(CourseError, match=r"got .*PCGrad.*: write PCGrad"):
        Trainer(build(), PCGrad)
    with pytest.raises(CourseError, match="batch_size must be a whole number, 1 or more, got 0"):
        Trainer(build(), batch_size=0)


def test_one_trainer_takes_tables_smaller_than_a_batch():
    data, trainer = toy_split(0), Trainer(build(), batch_size=256)
    for n in (600, 200, 30, 600):
        few = data.train.take(np.arange(n))
        assert losses(trainer, few, data.valid) == losses(
            Trainer(build(), batch_size=256), few, data.valid
        )


def test_the_best_weights_are_kept_when_training_breaks_off(monkeypatch):
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    trainer.fit(data.train, data.valid, 0, 1e-2, 2)
    want, run, calls = trainer.network.get_weights(), trainer._graph, []

    def interrupted(name, arguments):
        calls.append(name)
        if calls.count("_one_epoch") == 3:
            raise KeyboardInterrupt
        return run(name, arguments)

    monkeypatch.setattr(trainer, "_graph", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trainer.fit(data.train, data.valid, 0, 1e-2, 5)
    assert all(map(np.array_equal, want, trainer.network.get_weights()))


def test_gradnorm_says_when_nothing_is_shared():
    data = toy_split(0)
    trainer = Trainer(lambda: SingleTask(COLUMNS, TASKS), GradNorm(), batch_size=64)
    with pytest.raises(CourseError, match="GradNorm looks at a matrix that several tasks share"):
        trainer.fit(data.train, data.valid, 0)


def test_a_learning_rate_that_explodes_is_one_sentence():
    data = toy_split(0)
    trainer = Trainer(build(), batch_size=64)
    with pytest.raises(CourseError, match=r"loss is nan after epoch 1: the learning rate is"):
        trainer.fit(data.train, data.valid, 0, 1e30)


def test_the_network_keeps_the_columns_that_it_was_trained_with():
    """Saved with the network, they standardise new rows as the training rows were."""
    columns = Columns(COLUMNS.vocabulary, numbers={"size": (3.0, 2.0)})
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    moved, valid = (Table(columns, *t.inputs, t.labels) for t in (data.train, data.valid))
    trainer.fit(moved, valid, 0, epochs=1)
    assert trainer.network.columns.numbers == {"size": (3.0, 2.0)}


# ---------------------------------------------------------------- progress in a notebook


class Handle:
    def __init__(self):
        self.shown = []

    def update(self, what):
        self.shown.append(what.data)


def test_progress_is_shown_in_a_notebook_and_leaves_nothing(monkeypatch):
    import IPython
    import IPython.display

    handle = Handle()
    monkeypatch.setattr(IPython, "get_ipython", lambda: type("Shell", (), {"kernel": True})())
    monkeypatch.setattr(IPython.display, "display", lambda *_, **__: handle)
    data, trainer = toy_split(0), Trainer(build(), batch_size=64)
    trainer.fit(data.train, data.valid, 0, 1e-2, 2)
    assert handle.shown == []  # off in tests and in the build
    monkeypatch.setenv("COURSE_UTILS_PROGRESS", "on")
    trainer.fit(data.train, data.valid, 0, 1e-2, 2)
    assert len(handle.shown) == 3 and handle.shown[-1] == ""
    assert "epoch 2: " in handle.shown[1] and "<progress" in handle.shown[1]


# ---------------------------------------------------------------- evidence from training


SIXTY = Columns({"kind": tuple(range(60))})


def starved_split(relatedness):
    """Task a has 2,000 rows, task b the same rows but only 80 labels; 60 categories.

    Task b's effects are task a's, as far as relatedness says: the planted effect.
    """

    def split(seed):
        draw = np.random.default_rng(seed)
        a = 1.5 * draw.normal(size=60)
        b = relatedness * a + np.sqrt(1 - relatedness**2) * 1.5 * draw.normal(size=60)

        def table(n, labelled):
            codes = draw.integers(60, size=(n, 1)).astype("int32")
            logits = {"a": a[codes[:, 0]], "b": b[codes[:, 0]]}
            labels = {
                task: (draw.random(n) < 1 / (1 + np.exp(-z))).astype("float32")
                for task, z in logits.items()
            }
            mask = {"b": np.arange(n) < labelled}
            nothing = np.zeros((n, 0), "float32"), np.zeros(n, "int32")
            return Table(SIXTY, codes + 1, *nothing, labels, mask)

        return Split(table(2000, 80), table(1000, 1000), table(2000, 2000))

    return split


def gains_of_sharing(relatedness):
    def auc(*tasks):
        def model():
            return SharedBottom(SIXTY, tasks, (16,), (), 4)

        split = starved_split(relatedness)
        return run_seeds(model, split, learning_rates=(1e-2,), epochs=12, batch_size=100).auc["b"]

    return auc("a", "b"), auc("b")


def test_a_planted_effect_is_found():
    method, baseline = gains_of_sharing(1.0)
    result = claim("99.planted", "Sharing helps the starved task", method, baseline)
    assert result.word == "better"
    assert result.low > 0.02


def test_with_the_dial_at_zero_nothing_is_found():
    method, baseline = gains_of_sharing(0.0)
    result = claim("99.zero", "Sharing helps the starved task", method, baseline)
    assert result.word == "no difference shown"
