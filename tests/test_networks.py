"""What must hold for every network, whatever its formula. Peers fail some of these."""

from __future__ import annotations

import random
import re
from pathlib import Path

import networks as small
import numpy as np
import pytest
from networks import BUILDS, SCENARIO_NETWORKS, TASKS

from course_utils import models
from course_utils.backend import keras, tf
from course_utils.columns import Columns, Table
from course_utils.errors import CourseError
from course_utils.layers import ParallelDense
from course_utils.models import Network
from course_utils.models.losses import masked_mean

NAMES = list(BUILDS)
ROWS = small.frame(40)
COLUMNS = small.fit_columns(ROWS)
TABLE = small.encode(COLUMNS, ROWS)


@pytest.fixture(scope="module")
def made() -> dict[str, Network]:
    return {name: small.make(name, COLUMNS) for name in NAMES}


def losses(network: Network, table: Table, training: bool = True) -> tf.Tensor:
    """``[K]``"""
    labels = np.stack([table.labels[task] for task in TASKS])
    counts = np.stack([table.mask(task) for task in TASKS]).astype("float32")
    predicted = network(table.inputs, training=training)
    return network.task_losses(predicted, tf.constant(labels), tf.constant(counts))


def gradients(network: Network, of: str, table: Table = TABLE) -> list[np.ndarray | None]:
    """Of the loss of one task; None where it does not depend on a weight."""
    with tf.GradientTape() as tape:
        loss = losses(network, table)[TASKS.index(of)]
    found = tape.gradient(loss, network.trainable_variables)
    return [None if one is None else tf.convert_to_tensor(one).numpy() for one in found]


def same(one: dict, other: dict, rows: slice | np.ndarray = slice(None)) -> bool:
    return all(np.allclose(one[task][rows], other[task], atol=1e-6) for task in TASKS)


# ---------------------------------------------------------------- rows


@pytest.mark.parametrize("name", NAMES)
def test_row_order(made, name):
    order = np.random.default_rng(1).permutation(len(TABLE))
    whole = small.predict(made[name], TABLE)
    assert same(whole, small.predict(made[name], TABLE.take(order)), order)


@pytest.mark.parametrize("name", NAMES)
def test_a_row_alone_equals_the_row_in_a_batch(made, name):
    whole = small.predict(made[name], TABLE)
    for row in (0, 17, 39):
        assert same(whole, small.predict(made[name], TABLE.take(np.array([row]))), [row])


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_a_chance_for_each_row_and_task(made, name):
    got = small.predict(made[name], TABLE)
    assert tuple(got) == TASKS
    for chance in got.values():
        assert chance.shape == (40,) and (chance > 0).all() and (chance <= 1).all()
        assert chance.std() > 1e-3


@pytest.mark.parametrize("name", NAMES)
def test_padding_and_unseen_values_do_not_change_other_rows(made, name):
    changed = ROWS.copy()
    changed.at[3, "user"], changed.at[5, "item"] = "never seen", None
    changed.at[7, "words"] = []
    whole = small.predict(made[name], TABLE)
    got = small.predict(made[name], small.encode(COLUMNS, changed))
    others = np.setdiff1d(np.arange(40), [3, 5, 7])
    for task in TASKS:
        assert np.allclose(whole[task][others], got[task][others], atol=1e-6)
    moved = sum(np.abs(whole[task] - got[task]) for task in TASKS)
    assert moved[[3, 5, 7]].min() > 1e-6


@pytest.mark.parametrize("name", NAMES)
def test_a_wider_bag_changes_nothing(made, name):
    """The same words padded to five places instead of three: one set of weights, one result."""
    wide = Columns.fit(ROWS, ["user", "item"], ["price", "age"], {"words": 5}, "scenario")
    network = BUILDS[name](wide)
    network.set_weights(made[name].get_weights())
    assert same(small.predict(made[name], TABLE), small.predict(network, small.encode(wide, ROWS)))


@pytest.mark.parametrize("name", NAMES)
def test_an_unseen_value_adds_nothing_at_the_start(name):
    """Its embedding starts at zero, so that nobody's noise is added for a stranger."""
    network = BUILDS[name](COLUMNS)
    tables = [w for w in network.trainable_variables if w.path.endswith("/table")]
    assert tables
    for table in tables:
        firsts = np.cumsum([0, *COLUMNS.sizes[:-1]])
        assert (table.numpy()[firsts] == 0).all()
        assert (np.delete(table.numpy(), firsts, axis=0) != 0).all()


# ---------------------------------------------------------------- gradients and graph


@pytest.mark.parametrize("name", NAMES)
def test_every_weight_gets_a_gradient_so_every_part_is_in_the_graph(made, name):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(losses(made[name], TABLE))
    for weight, gradient in zip(
        made[name].trainable_variables,
        tape.gradient(loss, made[name].trainable_variables),
        strict=True,
    ):
        assert gradient is not None, weight.path
        dense = tf.convert_to_tensor(gradient).numpy()
        assert np.isfinite(dense).all() and np.abs(dense).max() > 0, weight.path


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_runs(made, name, monkeypatch):
    """No layer is declared and then left out of ``call``."""
    ran = set()
    plain = keras.layers.Layer.__call__

    def noted(self, *args, **kwargs):
        ran.add(id(self))
        return plain(self, *args, **kwargs)

    monkeypatch.setattr(keras.layers.Layer, "__call__", noted)
    small.predict(made[name], TABLE)
    for layer in made[name]._flatten_layers(include_self=False):
        assert id(layer) in ran, layer.name


@pytest.mark.parametrize("name", NAMES)
def test_parallel_layers_differ_at_the_start(name):
    """Experts, gates or towers that start alike would stay alike for long."""
    random.seed(0)
    network, compared = BUILDS[name](COLUMNS), 0
    for layer in network._flatten_layers():
        if isinstance(layer, ParallelDense) and layer.n > 1:
            kernel = layer.kernel.numpy()
            apart = np.abs(kernel[:, None] - kernel[None]).max(axis=(2, 3))
            assert (apart + np.eye(layer.n) > 0.1).all(), layer.name
            # As wide as a layer of its own: Glorot's limit from d and h, without n.
            limit = np.sqrt(6 / sum(kernel.shape[1:]))
            assert 0.5 * limit < np.abs(kernel).max() <= limit, layer.name
            compared += 1
    assert compared or name in ("STAR", "SingleTask")


@pytest.mark.parametrize("name", NAMES)
def test_softmax_gates_sum_to_one(made, name, monkeypatch):
    sums, plain = [], ParallelDense.call

    def noted(self, x):
        y = plain(self, x)
        if self.activation is keras.activations.softmax:
            sums.append(np.array(tf.reduce_sum(y, axis=-1)))
        return y

    monkeypatch.setattr(ParallelDense, "call", noted)
    small.predict(made[name], TABLE)
    assert all(np.allclose(one, 1, atol=1e-6) for one in sums)
    gated = {"MMoE", "CGC", "PLE", "ESCM2", "HMoE", "M3oE"}
    assert bool(sums) == (name in gated)


# ---------------------------------------------------------------- masks


@pytest.mark.parametrize("name", NAMES)
def test_masks_mask(made, name):
    """Labels outside a task's sample space change no loss and no gradient."""
    turned = np.where(TABLE.mask("purchase"), TABLE.labels["purchase"], 1.0).astype("float32")
    other = Table(
        TABLE.columns,
        *TABLE.inputs,
        {**TABLE.labels, "purchase": turned},
        TABLE.masks,
    )
    assert not np.array_equal(turned, TABLE.labels["purchase"])
    got, want = (losses(made[name], one).numpy() for one in (other, TABLE))
    assert np.allclose(got, want, atol=1e-6)
    for one, two in zip(
        gradients(made[name], "purchase", other), gradients(made[name], "purchase"), strict=True
    ):
        assert (one is None and two is None) or np.allclose(one, two, atol=1e-6)


def test_masked_mean_is_over_the_rows_that_count_and_zero_without_any():
    values, counts = tf.constant([[1.0, 2.0, 9.0], [5.0, 5.0, 5.0]]), np.zeros((2, 3), "float32")
    counts[0, :2] = 1
    assert masked_mean(values, tf.constant(counts)).numpy().tolist() == [1.5, 0.0]


# ---------------------------------------------------------------- who reaches whom


def reached(network: Network, task: str) -> set[str]:
    """Paths of the weights with a gradient from this task's loss that is not zero."""
    found = zip(network.trainable_variables, gradients(network, task), strict=True)
    return {w.path for w, g in found if g is not None and np.abs(g).max() > 0}


def test_single_task_shares_nothing(made):
    click, purchase = (reached(made["SingleTask"], task) for task in TASKS)
    assert not click & purchase
    assert len(click) + len(purchase) == len(made["SingleTask"].trainable_variables)


def test_cgc_task_does_not_depend_on_the_other_tasks_experts(made):
    network = made["CGC"]
    experts = network.levels[0].experts["purchase"]
    theirs = {w.path for w in experts.trainable_variables}
    assert not theirs & reached(network, "click")
    assert theirs <= reached(network, "purchase")
    before = small.predict(network, TABLE)["click"]
    old = experts.get_weights()
    experts.set_weights([w + 1 for w in old])
    after = small.predict(network, TABLE)
    experts.set_weights(old)
    assert np.array_equal(before, after["click"])
    assert np.abs(small.predict(network, TABLE)["purchase"] - after["purchase"]).max() > 1e-3


def test_ple_keeps_experts_apart_on_its_last_level_only(made):
    network = made["PLE"]
    first, last = (
        {w.path for w in level.experts["purchase"].trainable_variables} for level in network.levels
    )
    click = reached(network, "click")
    assert not last & click
    assert first <= click  # through the shared gate of the first level


def test_ple_last_level_has_no_shared_gate(made):
    assert [len(level.gates) for level in made["PLE"].levels] == [3, 2]


def test_mmoe_every_task_reaches_every_expert(made):
    """Dense gates: nothing in MMoE keeps one task's gradient from an expert."""
    for task in TASKS:
        kernels = [w for w in made["MMoE"].experts.trainable_variables if "kernel" in w.path]
        found = dict(
            zip(
                (w.path for w in made["MMoE"].trainable_variables),
                gradients(made["MMoE"], task),
                strict=True,
            )
        )
        for kernel in kernels:
            assert (np.abs(found[kernel.path]).max(axis=(1, 2)) > 0).all()


def test_mmoe_with_one_expert_is_shared_bottom(made):
    shared = made["SharedBottom"]
    one = models.MMoE(COLUMNS, TASKS, 1, (12, 10), (6,), 4)
    one.embed.set_weights(shared.embed.get_weights())
    one.experts.set_weights(shared.trunk.get_weights())
    one.towers.set_weights(shared.towers.get_weights())
    assert same(small.predict(shared, TABLE), small.predict(one, TABLE))


@pytest.mark.parametrize("tasks", [TASKS, TASKS[:1]])
def test_without_a_trunk_every_row_counts(tasks):
    """Shared-Bottom of no layer is a logistic regression on embeddings; it once read one row."""
    network = models.SharedBottom(COLUMNS, tasks, (), (), 4)
    whole = small.predict(network, TABLE)
    apart = [small.predict(network, TABLE.take(np.arange(len(TABLE)) == k)) for k in range(9)]
    for task in tasks:
        assert whole[task].shape == (len(TABLE),)
        assert whole[task][:9] == pytest.approx(np.concatenate([one[task] for one in apart]))


def test_esmm_shares_the_embeddings_alone(made):
    network = made["ESMM"]
    assert [w.path for w in network.embed.trainable_variables] == [
        w.path for w in network.trainable_variables if "towers" not in w.path
    ]


def test_conversion_also_trains_the_click_in_esmm(made):
    """pCTR stands in both losses."""
    with tf.GradientTape() as tape:
        conversion = losses(made["ESMM"], TABLE)[1]
    kernel = made["ESMM"].towers.last.kernel
    assert (np.abs(tape.gradient(conversion, kernel)).max(axis=(1, 2)) > 0).all()


def test_escm2_no_gradient_through_the_propensity(made):
    """With lambda_g = 0 the conversion loss leaves the click tower alone."""
    network = models.ESCM2(COLUMNS, TASKS, 1.0, 0.0, 0.1, 3, (12, 10), (6,), 4)
    network.set_weights(made["ESCM2"].get_weights())
    with tf.GradientTape() as tape:
        conversion = losses(network, TABLE)[1]
    gradient = tape.gradient(conversion, network.towers.last.kernel).numpy()
    assert np.abs(gradient[0]).max() == 0 < np.abs(gradient[1]).max()


# ---------------------------------------------------------------- scenarios


@pytest.mark.parametrize("name", SCENARIO_NETWORKS)
def test_the_scenario_counts(made, name):
    codes, numbers, scenario = TABLE.inputs
    moved = made[name]((codes, numbers, (scenario + 1) % 3))
    whole = small.predict(made[name], TABLE)
    for task in TASKS:
        assert np.abs(np.array(moved[task]) - whole[task]).min() > 1e-6


@pytest.mark.parametrize("name", [name for name in NAMES if name not in SCENARIO_NETWORKS])
def test_the_scenario_counts_only_as_a_column_elsewhere(made, name):
    codes, numbers, scenario = TABLE.inputs
    moved = made[name]((codes, numbers, (scenario + 1) % 3))
    assert same(small.predict(made[name], TABLE), {k: np.array(p) for k, p in moved.items()})


@pytest.mark.parametrize("name", SCENARIO_NETWORKS)
def test_one_scenario_alone_is_refused(name):
    flat = Columns.fit(ROWS, ["user", "item"], ["price", "age"], {"words": 3})
    with pytest.raises(CourseError, match="needs two scenarios or more, and the columns have 1"):
        BUILDS[name](flat)


def test_hmoe_trains_the_tower_of_the_rows_own_scenario_only(made):
    home = TABLE.take(TABLE.scenario == list(COLUMNS.scenarios).index("home"))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(losses(made["HMoE"], home))
    logits, weights = tape.gradient(
        loss, [made["HMoE"].logits.kernel, made["HMoE"].weights_of.kernel]
    )
    own = np.abs(logits).max(axis=(1, 2)) > 0
    assert own.tolist() == [scenario == "home" for scenario in COLUMNS.scenarios]
    assert (np.abs(weights).max(axis=1)[list(COLUMNS.scenarios).index("home")] > 0).all()


def test_star_with_factors_of_one_is_the_shared_net():
    """As it starts: W_p = 1, b_p = 0, so a scenario changes nothing but its statistics."""
    random.seed(0)
    network = BUILDS["STAR"](COLUMNS)
    network.scenario.set_weights([np.zeros((3, 4))])
    codes, numbers, scenario = TABLE.inputs
    moved = network((codes, numbers, (scenario + 1) % 3))
    assert same(small.predict(network, TABLE), {k: np.array(p) for k, p in moved.items()})


def test_star_keeps_each_scenarios_statistics_for_inference(made):
    network = small.make("STAR", COLUMNS)
    before = network.norm.mean.numpy()
    home = TABLE.take(TABLE.scenario == 1)
    x = np.array(network.embed(*home.inputs[:2]))
    small.predict(network, home)
    assert np.array_equal(network.norm.mean, before)  # inference moves nothing
    small.predict(network, home, training=True)
    after = network.norm.mean.numpy()
    assert np.array_equal(after[[0, 2]], before[[0, 2]])  # absent scenarios keep theirs
    assert np.allclose(after[1], 0.95 * before[1] + 0.05 * x.mean(axis=0), atol=1e-6)


# ---------------------------------------------------------------- tasks, saving, text


@pytest.mark.parametrize("name", ["ESMM", "ESCM2"])
def test_a_pair_is_needed_where_tasks_are_chained(name):
    with pytest.raises(CourseError, match="needs two tasks, first the click"):
        BUILDS[name](COLUMNS, ("click",))


def test_aitm_needs_a_chain():
    with pytest.raises(CourseError, match="AITM needs two tasks or more"):
        BUILDS["AITM"](COLUMNS, ("click",))


@pytest.mark.parametrize("tasks", [(), ("click", "click"), "click"])
def test_tasks_are_a_list_of_names(tasks):
    with pytest.raises(CourseError, match="tasks must be a list of one name or more"):
        models.MMoE(COLUMNS, tasks)


@pytest.mark.parametrize("name", [n for n in NAMES if n not in ("ESMM", "ESCM2", "AITM")])
def test_one_task_or_three_work_too(name):
    for tasks in (("click",), ("click", "cart", "purchase")):
        network = BUILDS[name](COLUMNS, tasks)
        assert tuple(network(TABLE.inputs)) == tasks


def test_aitm_takes_a_chain_of_three():
    network = BUILDS["AITM"](COLUMNS, ("click", "cart", "purchase"))
    got = network(TABLE.inputs)
    assert all((np.array(chance) <= 1).all() for chance in got.values())


@pytest.mark.parametrize("name", ["PEPNet", "M2M"])
def test_an_unknown_column_of_the_person_is_named(name):
    says = r"needs a list of embedded columns, got \('author',\): there are user, item"
    with pytest.raises(CourseError, match=says):
        if name == "PEPNet":
            models.PEPNet(COLUMNS, TASKS, prior=("author",))
        else:
            models.M2M(COLUMNS, TASKS, user=("author",))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: models.MMoE(COLUMNS, TASKS, experts=0), "experts must be a whole number, 1 or m"),
        (lambda: models.MMoE(COLUMNS, TASKS, expert=()), r"expert must be a list of widths.* \(\)"),
        (lambda: models.MMoE(COLUMNS, TASKS, tower=(0,)), "tower must be a list of widths"),
        (lambda: models.MMoE(COLUMNS, TASKS, tower=16), "tower must be"),
        (lambda: models.MMoE(COLUMNS, TASKS, embedding_dim=2.5), "embedding_dim must be"),
        (lambda: models.PLE(COLUMNS, TASKS, levels=0), "levels must be a whole number, 1 or more"),
        (lambda: models.ESCM2(COLUMNS, TASKS, cvr=-1), "cvr must be a number, 0 or more, got -1"),
        (lambda: models.AITM(COLUMNS, TASKS, tower=()), "tower needs one layer or more"),
        (lambda: models.M2M(COLUMNS, TASKS, ("user",), depth=True), "depth must be a whole numb"),
        (lambda: models.MMoE(Columns({}), TASKS), "needs one input or more"),
        (lambda: models.MMoE(COLUMNS, {"click", "purchase"}), "tasks must be a list"),
    ],
)
def test_an_impossible_setting_is_one_sentence(make, says):
    with pytest.raises(CourseError, match=says):
        make()


def test_predict_goes_block_by_block(made, monkeypatch):
    want = small.predict(made["MMoE"], TABLE)
    monkeypatch.setattr("course_utils.models.network.BLOCK", 7)
    got = made["MMoE"].predict(TABLE)
    assert same(want, got) and got["click"].shape == (40,)


def test_a_readers_own_class_takes_no_network_of_the_courses_place(made, tmp_path):
    models.save(made["SharedBottom"], tmp_path / "course.keras")
    theirs = type("SharedBottom", (models.SharedBottom,), {"__module__": "lesson"})
    own = theirs(COLUMNS, TASKS, (12, 10), (6,), 4)
    models.save(own, tmp_path / "own.keras")
    assert type(models.load(tmp_path / "course.keras")) is models.SharedBottom
    assert type(models.load(tmp_path / "own.keras")) is theirs


@pytest.mark.parametrize("name", NAMES)
def test_save_and_load_give_the_same_network(made, name, tmp_path):
    models.save(made[name], tmp_path / "one.keras")
    again = models.load(tmp_path / "one.keras")
    assert type(again) is type(made[name])
    assert again.columns == COLUMNS and again.tasks == TASKS
    table = small.encode(again.columns, ROWS)
    got, want = small.predict(again, table), small.predict(made[name], TABLE)
    assert all(np.array_equal(got[task], want[task]) for task in TASKS)


def test_a_failed_save_keeps_the_old_file(made, tmp_path, monkeypatch):
    file = tmp_path / "one.keras"
    models.save(made["MMoE"], file)
    before = file.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keras.saving, "save_model", full)
    with pytest.raises(CourseError, match="cannot be written: No space left"):
        models.save(made["MMoE"], file)
    assert file.read_bytes() == before and list(tmp_path.iterdir()) == [file]


def test_a_file_that_is_missing_damaged_or_something_else_is_one_sentence(made, tmp_path):
    with pytest.raises(CourseError, match="no file"):
        models.load(tmp_path / "none.keras")
    with pytest.raises(CourseError, match=r"ends in \.keras"):
        models.save(made["MMoE"], tmp_path / "one.h5")
    file = tmp_path / "one.keras"
    models.save(made["MMoE"], file)
    file.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(CourseError, match="cut off"):
        models.load(file)
    other = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    other.save(tmp_path / "other.keras")
    with pytest.raises(CourseError, match="holds a Sequential, no network of this course"):
        models.load(tmp_path / "other.keras")


def test_every_network_says_formula_paper_and_proof_on_one_screen():
    proofs = (Path(__file__).parent / "test_network_formulas.py").read_text(encoding="utf-8")
    networks = [getattr(models, name) for name in models.__all__]
    networks = [one for one in networks if isinstance(one, type) and one is not Network]
    assert len(networks) == 13
    for cls in networks:
        file = Path(cls.__init__.__code__.co_filename)
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 135, file.name
        assert " = " in cls.__doc__.split("\n")[0], cls.__name__
        assert "Paper: " in cls.__doc__ or "RecSys 2020" in cls.__doc__, cls.__name__
        proof = re.search(r"Proof: tests/test_network_formulas\.py::(\w+)\n", cls.__doc__)
        assert proof and f"def {proof[1]}(" in proofs, cls.__name__
