"""The zoo and its rules: equal trials, restarts, and files that nobody lists."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_utils.columns import Split
from course_utils.comparison import WORST, Case, Rows, columns_of
from course_utils.comparison import rivals as room
from course_utils.comparison.contender import Asked, Chances, Contender, Trial
from course_utils.comparison.ground import Ground
from course_utils.comparison.matrix import (
    OTHER_WEIGHTS,
    TRIALS,
    TUNING_SEEDS,
    Drawn,
    Judged,
    measured,
    run,
)
from course_utils.comparison.rivals import zoo
from course_utils.comparison.rivals.boosted_embeddings import learned
from course_utils.comparison.search import at_edge, middle, search, spread, steps
from course_utils.comparison.space import network_space
from course_utils.errors import CourseError
from course_utils.models.factorisation_machine import FactorisationMachine
from course_utils.regimes import shared_bottom, star

GRID: dict[str, Sequence[Any]] = {"a": (0.0, 1.0, 2.0, 3.0), "b": (1, 2, 3), "epochs": (2,)}


# ---------------------------------------------------------------- the search


def test_every_value_is_tried_about_equally_often():
    wide = {**GRID, "c": tuple(range(12))}
    trials = spread(wide, 12)
    assert len(trials) == 12
    for name, values in wide.items():
        assert {sum(one[name] == value for one in trials) for value in values} == {
            12 // len(values)
        }


def test_a_step_changes_one_value_by_one_place():
    start = {"a": 0.0, "b": 2, "epochs": 2}
    assert steps(GRID, start) == [
        {**start, "a": 1.0},
        {**start, "b": 1},
        {**start, "b": 3},
    ]


def test_the_search_goes_on_from_the_best():
    wide = {name: tuple(range(40)) for name in "ab"}
    seen: list[Trial] = []

    def loss(trial: Trial) -> float:
        seen.append(trial)
        return float((trial["a"] - 11) ** 2 + (trial["b"] - 4) ** 2)

    found = search(wide, 60, loss)
    assert len(found) == len(seen) == len({str(one) for one in seen}) == 60
    assert found[0][0] < min(loss(one) for one in spread(wide, 30))
    assert found == sorted(found, key=lambda one: one[0])


def test_the_search_begins_in_the_middle():
    wide = {"a": tuple(range(9)), "b": (1, 2, 4, 8), "c": tuple(range(9))}
    seen: list[Trial] = []
    search(wide, 16, lambda trial: seen.append(trial) or 1.0)
    assert seen[0] == middle(wide) == {"a": 4, "b": 2, "c": 4}
    assert seen[1:7] == spread(wide, 6)
    assert all(one in steps(wide, seen[0]) for one in seen[7:9])


def test_a_small_grid_is_tried_completely():
    seen: list[Trial] = []
    found = search(GRID, 12, lambda trial: seen.append(trial) or abs(trial["a"] - 3.0))
    assert len(found) == len(seen) == 12 and found[0][1]["a"] == 3.0


def test_no_penalty_is_no_edge():
    assert at_edge(GRID, {"a": 0.0, "b": 3, "epochs": 2}) == ["b"]
    assert at_edge(GRID, {"a": 3.0, "b": 2, "epochs": 2}) == ["a"]


# ---------------------------------------------------------------- the rules


def coin(seed: int) -> Case:
    """Two tasks that follow one column each."""
    draw = np.random.default_rng(seed)
    codes = draw.integers(2, size=(30_000, 2))
    chances = {f"task {k}": 0.2 + 0.6 * codes[:, k] for k in (0, 1)}
    labels = {task: draw.random(30_000) < p for task, p in chances.items()}
    rows = Rows(codes, np.zeros((30_000, 0)), chances, labels, masks={})
    return rows.cut(columns_of({"a": 2, "b": 2}), 200, 20_000)


class Moody(Contender):
    """Knows the truth, but for seeds on which it says nothing; what it was asked for is kept."""

    def __init__(self, bad: Sequence[int], epochs: bool = True) -> None:
        super().__init__("moody", {"epochs": (1,)} if epochs else {"C": (1.0,)})
        self.bad, self.seeds = set(bad), []

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        self.seeds.append(seed)
        table = getattr(split, asked)
        if seed in self.bad:
            return {task: np.full(len(table), 0.5) for task in tasks}
        return {task: 0.2 + 0.6 * (table.codes[:, int(task[-1])] - 1.0) for task in tasks}


def test_a_collapsed_run_is_started_again_and_counted():
    moody = Moody([3, 4, 4 + OTHER_WEIGHTS, 4 + 2 * OTHER_WEIGHTS])
    found = measured(moody, coin, Judged(), range(2, 6))
    assert (found["restarted"], found["collapsed"]) == ([3, 4], [4])
    assert moody.seeds[4:] == [
        2, 3, 3 + OTHER_WEIGHTS, 4, 4 + OTHER_WEIGHTS, 4 + 2 * OTHER_WEIGHTS, 5
    ]  # fmt: skip
    values = found["values"]
    assert values[2] == 0.5 and min(values[0], values[1], values[3]) > 0.75


def test_what_has_no_random_weights_is_not_started_again():
    moody = Moody([3], epochs=False)
    found = measured(moody, coin, Judged(), range(2, 6))
    assert (found["restarted"], len(moody.seeds)) == ([], 8)


class Lucky(Moody):
    """At one setting of eight it knows the truth, but on the first seed alone; else nearly so."""

    def __init__(self) -> None:
        super().__init__([], epochs=False)
        self.grid, self.asked = {"C": list(range(40))}, []

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        self.asked.append((trial["C"], seed))
        said = super().fit(split, seed, trial, tasks, asked)
        shrunk = 0.9 - trial["C"] / 1_000
        if is_lucky(trial["C"]):
            shrunk = 1.0 if seed == TUNING_SEEDS[0] else 0.2
        return {task: 0.5 + shrunk * (p - 0.5) for task, p in said.items()}


def is_lucky(c: int) -> bool:
    return c % 8 == 1


def test_who_is_best_on_one_seed_must_be_so_on_four():
    lucky = Lucky()
    found = measured(lucky, coin, Judged(), [1])
    on = {seed: [c for c, s in lucky.asked if s == seed] for seed in TUNING_SEEDS}
    first, second, *last = on.values()
    assert [len(first), len(second)] == [TRIALS, 6] and last == [last[0]] * 2
    assert len(last[0]) == 3 and set(last[0]) < set(second) < set(first)
    # On the first seed alone a lucky one would have been chosen.
    assert any(map(is_lucky, second)) and not all(map(is_lucky, second))
    assert found["tried"] == TRIALS
    assert found["choice"]["C"] in last[0] and not is_lucky(found["choice"]["C"])


class Sided(Moody):
    """Serves one task well, or both half as well."""

    def __init__(self) -> None:
        super().__init__([])
        self.grid["fair"] = [False, True]

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        said = super().fit(split, seed, trial, tasks, asked)
        flat = {task: 0.5 + 0.55 * (p - 0.5) for task, p in said.items()}
        if trial["fair"]:
            return flat
        return {task: p if task == "task 1" else p * 0 + 0.5 for task, p in said.items()}


def test_who_is_judged_by_the_worst_task_chooses_by_it():
    drawn = Drawn.of(coin, 1)
    tasks = list(drawn.case.judged)
    losses = {
        (fair, worst): run(Sided(), drawn, {"fair": fair}, tasks, worst).loss
        for fair in (False, True)
        for worst in (False, True)
    }
    assert losses[True, True] < losses[False, True]
    assert losses[False, False] == pytest.approx(
        (losses[False, True] + run(Sided(), drawn, {"fair": False}, ["task 1"], True).loss) / 2
    )
    found = measured(Sided(), coin, Judged(WORST), range(3))
    assert found["choice"]["fair"] is True


def test_validation_and_test_rows_are_told_apart():
    drawn = Drawn.of(coin, 1)
    said = run(Moody([]), drawn, {}, ["task 0"], False).said["task 0"]
    np.testing.assert_allclose(said, drawn.case.truth["task 0"])


def test_an_unmeasurable_verdict_is_told():
    def constant(seed: int) -> Case:
        case = coin(seed)
        return Case(
            case.split, {task: p * 0 for task, p in case.truth.items()}, case.visible, case.judged
        )

    with pytest.raises(CourseError, match="cannot tell the auc"):
        measured(Moody([]), constant, Judged(), range(3))


# ---------------------------------------------------------------- the zoo

FILES = sorted(file.stem for file in Path(room.__file__).parent.glob("[!_]*.py"))

MULTI_TASK = shared_bottom.make(1, few=150, n_train=600, n_valid=300, n_test=200)

MULTI_SCENARIO = star.make(1, n_train=600, n_valid=300, n_test=200)

GROUNDS = {
    "tasks": Ground(MULTI_TASK.split, ["purchase"], selected=True),
    "scenarios": Ground(MULTI_SCENARIO.split, ["click"]),
}


def test_every_file_is_a_rival_with_formula_truth_and_source():
    found = zoo()
    assert len(found) == len(FILES)
    for name, make in found.items():
        said = __import__(make.__module__, fromlist=["_"]).__doc__
        assert "Source: " in said and "atch" in said, name


@pytest.mark.parametrize("where", GROUNDS)
def test_a_rival_fits_where_it_means_something(where):
    ground = GROUNDS[where]
    for name, make in zoo().items():
        one = make(ground)
        if one is None:
            continue
        assert one.name == name
        trial = {**spread(one.grid_for(len(ground.tasks)), 3)[1]}
        quick = {"epochs": 1, "max_iter": 5, "min_samples_leaf": 5}
        trial |= {key: value for key, value in quick.items() if key in trial}
        said = one.fit(ground.split, 1, trial, list(ground.judged), "test")
        for task in ground.judged:
            p = np.asarray(said[task])
            assert p.shape == (200,) and (p >= 0).all() and (p <= 1).all(), name
            assert p.std() > 0, name


def test_the_pretrained_have_not_seen_the_task():
    """Turned labels of the purchase turn what the regression says, and nothing below it."""
    ground = GROUNDS["tasks"]
    frozen = zoo()["frozen trunk, logistic regression"](ground)
    trial = {**spread(frozen.grid, 1)[0], "epochs": 1, "columns": False, "C": 0.1}
    said = frozen.fit(ground.split, 1, trial, ["purchase"], "test")["purchase"]
    turned = shared_bottom.make(1, few=150, n_train=600, n_valid=300, n_test=200).split
    for table in (turned.train, turned.valid):
        table.labels["purchase"][:] = 1 - table.labels["purchase"]
    other = frozen.fit(turned, 1, trial, ["purchase"], "test")["purchase"]
    np.testing.assert_allclose(other, 1 - said, atol=1e-3)


def test_the_fine_tuned_begin_at_the_regression_on_the_frozen_trunk():
    """At a rate of nearly 0 the second training changes nothing: both say the same."""
    ground = GROUNDS["tasks"]
    found = {}
    for name in ("frozen trunk, logistic regression", "pretrained, then fine-tuned"):
        one = zoo()[name](ground)
        trial = {**spread(one.grid, 1)[0], "epochs": 3, "columns": False, "C": 0.1}
        trial |= {"dropout": 0.0, "weight_decay": 0.0, "embedding_l2": 0.0, "embedding_dim": 4}
        trial |= {"trunk": (8,), "learning_rate": 3e-3, "batch_size": 75, "slower": 1e-7}
        del trial["slower" if name.startswith("frozen") else "columns"]
        found[name] = one.fit(ground.split, 1, trial, ["purchase"], "test")["purchase"]
    frozen, tuned = found.values()
    np.testing.assert_allclose(frozen, tuned, atol=1e-4)
    assert frozen.std() > 0.01


def test_the_trees_read_embeddings_their_products_and_the_scenario():
    table = MULTI_SCENARIO.split.test
    machine = FactorisationMachine(table.columns, ["click"], embedding_dim=3)
    codes, numbers, scenario = table.inputs
    coded = len(table.columns.sizes)
    e = np.asarray(machine.embed(codes, numbers))
    vectors = e[:, : 3 * coded].reshape(-1, coded, 3)
    products = [(vectors[:, i] * vectors[:, j]).sum(1) for i, j in combinations(range(coded), 2)]
    assert not table.columns.numbers and len(products) > 1
    wanted = np.column_stack([e, *products, scenario])
    np.testing.assert_allclose(learned(machine, table), wanted, atol=1e-6)


def test_every_network_searches_embeddings_decay_dropout_and_width():
    for ground in GROUNDS.values():
        for alone in (False, True):
            space = network_space(ground, alone)
            for name in ("embedding_dim", "weight_decay", "dropout", "trunk", "learning_rate"):
                assert len(space[name]) > 2
            assert space["keep"] == ("each",)
            assert max(space["batch_size"]) * space["epochs"][0] >= 1_400
