"""A task and a scenario added: made by today's code, recomputed small, and what is said of it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scripts import script_of, stored_by

from course_utils.metrics import paired_interval

SHOWN = [(rho, few, 64) for few in (400, 4_000) for rho in (1.0, 0.5, 0.0)]


@pytest.fixture(scope="module")
def task() -> ModuleType:
    return script_of("adding_a_task")


@pytest.fixture(scope="module")
def scenario() -> ModuleType:
    return script_of("adding_a_scenario")


@pytest.fixture(scope="module")
def kept(task: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = task.STORED.load()
    return found


def test_every_cell_has_every_way_trial_and_seed(task: ModuleType, kept: dict[str, Any]) -> None:
    """Every cell that the lesson shows; with 256 units, ``adding_a_task_wide`` has what it says."""
    cells = {task.named(*one) for one in SHOWN}
    for name in cells:
        assert list(kept[name]) == list(task.WAYS)
        for way, one in kept[name].items():
            assert len(one["tried"]) == len(task.WAYS[way][3]) == 4
            assert all(len(auc) == len(task.SEEDS) for auc in one["auc"].values())


@pytest.mark.parametrize(
    "name",
    ["adding_a_task", "adding_a_scenario", "adding_a_task_warm", "adding_a_scenario_weighed",
     "adding_a_task_labels", "adding_a_task_again"],
)  # fmt: skip
def test_a_small_version_is_recomputed(name: str) -> None:
    script = script_of(name)
    again = script_of("parts").given(script.PARTS["small"])()
    before = script.STORED.load()["small"]
    assert list(again) == list(before)
    np.testing.assert_allclose(list(again.values()), list(before.values()), atol=0.01)


def test_the_rule_chose_what_it_says(task: ModuleType, kept: dict[str, Any]) -> None:
    for one in SHOWN:
        for way, found in kept[task.named(*one)].items():
            loss, change = np.transpose(found["tried"])
            passing = np.flatnonzero(change >= -task.MARGIN)
            passing = passing if len(passing) else np.arange(len(loss))
            best = passing[np.argmin(loss[passing])]
            assert list(found["chosen"]) == list(task.WAYS[way][3][best])


def test_frozen_ways_leave_the_old_tasks_untouched(task: ModuleType, kept: dict[str, Any]) -> None:
    """Equal to the last digit that is stored; a way that trains the trunk is not."""
    for rho, few, width in SHOWN:
        before = kept[f"before, width {width}"]["auc"]
        for way, (_, how, rows, _) in task.WAYS.items():
            auc = kept[task.named(rho, few, width)][way]["auc"]
            same = all(auc[old] == before[old] for old in task.OLD)
            assert same == (rows == "new" and how != "warm"), way


def test_low_rank_starts_as_the_old_layer(task: ModuleType) -> None:
    """LoRA and adapter give the old trunk's output before they have learnt."""
    old = task.plain((task.NEW,), 16)
    table = task.market(0, 1.0, 400).split.test.take(np.arange(50))
    for kind in (task.Lora, task.Adapted):
        new = kind(task.COLUMNS, (task.NEW,), trunk=(16,), tower=(), embedding_dim=12)
        for part in ("embed", "trunk", "towers"):
            getattr(new, part).set_weights(getattr(old, part).get_weights())
        np.testing.assert_allclose(
            new.predict(table)[task.NEW], old.predict(table)[task.NEW], atol=1e-6
        )


def test_old_labels_do_not_reach_lwf(task: ModuleType) -> None:
    """The old tasks' loss is about what the old network said, not about the labels."""
    network = task.Remembering(task.COLUMNS, task.TASKS, trunk=(8,), tower=(), embedding_dim=12)
    table = task.market(0, 1.0, 400).split.test.take(np.arange(40))
    said = network(table.inputs)
    labels = np.stack([table.labels[one] for one in task.TASKS])
    counts = np.ones_like(labels)
    turned = np.concatenate([1 - labels[:3], labels[3:]])
    one, other = (np.array(network.task_losses(said, y, counts)) for y in (labels, turned))
    np.testing.assert_allclose(one, other)
    new = np.concatenate([labels[:3], 1 - labels[3:]])
    assert not np.allclose(one[3], np.array(network.task_losses(said, new, counts))[3])


def test_a_warm_up_starts_from_the_heads_own_setting(kept: dict[str, Any]) -> None:
    """The head that goes first is trained at the rate that was chosen for the head."""
    warm = script_of("adding_a_task_warm")
    for rho, rate in warm.HEAD_RATES.items():
        assert kept[f"rho {rho:g}, 400 labels, width 64"][warm.HEAD]["chosen"] == [rate, 1.0]


def test_a_warm_up_takes_the_loss_away_where_the_task_is_related(kept: dict[str, Any]) -> None:
    """The core of E18 here: a random head costs, a trained one does not."""
    way, before = "fine-tuning on the new task", kept["before, width 64"]["auc"]
    cold = kept["rho 1, 400 labels, width 64"][way]["auc"]
    warm = stored_by("adding_a_task_warm")[f"{way}, rho 1"]["auc"]
    for task, was in before.items():
        assert np.mean(np.subtract(warm[task], was)) > -0.001
        assert np.mean(np.subtract(cold[task], was)) < -0.04
    assert min(np.subtract(warm["purchase"], cold["purchase"])) > 0.04


def test_rivals_without_a_stop_learn_from_its_labels(
    task: ModuleType, kept: dict[str, Any]
) -> None:
    """Twice the labels, the setting chosen before, one shop of each cell made anew."""
    script = script_of("adding_a_task_labels")
    found = script.STORED.load()
    for rho in task.RHOS:
        for few in task.FEW:
            cell, before = (
                found[f"rho {rho:g}, {few} labels"],
                kept[f"rivals, rho {rho:g}, {few} labels"],
            )
            assert list(cell) == list(task.RIVALS)
            for name, one in cell.items():
                assert one["chosen"] == before[name]["chosen"]
                assert one["labels"] == [2 * few] * len(task.SEEDS)
                if few == 400:
                    again = script.both(task.RIVALS[name][one["chosen"]], 0, rho, few)
                    assert abs(again["auc"] - one["auc"][task.NEW][0]) < 0.005


def test_at_half_the_stops_labels_decide(task: ModuleType, kept: dict[str, Any]) -> None:
    """Rows 3 and 6 of the launch table; 400 labels against 800 is one of three comparisons."""
    warm = stored_by("adding_a_task_warm")["LwF, rho 0.5"]["auc"][task.NEW]
    many = kept["rho 0.5, 4000 labels, width 64"]["LwF"]["auc"][task.NEW]
    found = stored_by("adding_a_task_labels")

    def best(rivals: dict[str, Any]) -> list[float]:
        return max((one["auc"][task.NEW] for one in rivals.values()), key=lambda auc: np.mean(auc))

    alone = best(kept["rivals, rho 0.5, 400 labels"])
    assert paired_interval(np.subtract(warm, alone))[0] > 0
    low, high = paired_interval(np.subtract(warm, best(found["rho 0.5, 400 labels"])))
    assert low < 0 < high
    assert paired_interval(np.subtract(many, best(found["rho 0.5, 4000 labels"])))[0] > 0.01


def test_extending_wins_at_half_where_both_learn_from_the_same_labels(
    task: ModuleType, kept: dict[str, Any]
) -> None:
    """Row 4: network and rival with all 800; whatever the epochs' share or the strength."""
    again = stored_by("adding_a_task_again")
    plain = stored_by("adding_a_task_labels")
    warm = stored_by("adding_a_task_warm")["LwF, rho 0.5"]["auc"]
    before = kept["before, width 64"]["auc"]
    found = again["rho 0.5"]["LwF"]
    assert found["stop"]["auc"] == warm
    rivals = [one["auc"][task.NEW] for one in plain["rho 0.5, 400 labels"].values()]
    rivals += [auc for one in again["strengths, rho 0.5"].values() for auc in one["auc"].values()]
    for share in ("as many", "half"):
        assert found[share]["labels"] == [800] * len(task.SEEDS)
        gains = [np.subtract(found[share]["auc"][task.NEW], rival) for rival in rivals]
        assert min(paired_interval(gain)[0] for gain in gains) > 0
        lost = [np.mean(np.subtract(found[share]["auc"][t], before[t])) for t in task.OLD]
        assert min(lost) > -0.001
    best = max((one["auc"][task.NEW] for one in plain["rho 0.5, 400 labels"].values()), key=np.mean)
    low, high = paired_interval(np.subtract(found["as many"]["auc"][task.NEW], best))
    assert low >= 0.024 and high <= 0.0354
    head = again["rho 0.5"]["head on the frozen trunk"]["as many"]["auc"][task.NEW]
    assert paired_interval(np.subtract(head, best))[1] < 0


def test_the_epochs_of_once_more_are_those_of_the_stop() -> None:
    """Twice the labels, as many epochs as the stop chose, or half of them."""
    again = script_of("adding_a_task_again")
    for rho in again.RHOS:
        for of_way in again.STORED.load()[f"rho {rho:g}"].values():
            assert of_way["stop"]["labels"] == [400] * 5
            assert of_way["as many"]["epochs"] == of_way["stop"]["kept"]
            halves = [max(1, round(n / 2)) for n in of_way["stop"]["kept"]]
            assert of_way["half"]["epochs"] == halves


def test_the_head_wins_at_every_strength(task: ModuleType, kept: dict[str, Any]) -> None:
    """Recap: more than .11 above plain rivals of all 800 labels where the task is related."""
    head = kept["rho 1, 400 labels, width 64"]["head on the frozen trunk"]["auc"][task.NEW]
    plain = stored_by("adding_a_task_labels")["rho 1, 400 labels"]
    found = stored_by("adding_a_task_again")["strengths, rho 1"]
    rivals = [one["auc"][task.NEW] for one in plain.values()]
    rivals += [auc for one in found.values() for auc in one["auc"].values()]
    assert min(paired_interval(np.subtract(head, rival))[0] for rival in rivals) > 0.11
    best = max(np.mean(rival) for rival in rivals)
    assert round(best, 3) == 0.705


def test_the_markets_regression_with_its_validation_rows() -> None:
    """.714 with them, .703 without; weighed replay, which stops by them, is below."""
    found = stored_by("adding_a_task_again")
    fresh, own = stored_by("adding_a_scenario_fresh"), "logistic regression, alone"
    assert found["market"][own]["rows"] == [4_000] * 5
    shops = [fresh[f"shop {seed}"] for seed in found["market_seeds"]]
    without = [shop[own]["M05"] for shop in shops]
    assert np.mean(without) + 0.01 < np.mean(found["market"][own]["auc"])
    heavy = [shop["replay, weighed"]["M05"] for shop in shops]
    assert paired_interval(np.subtract(heavy, found["market"][own]["auc"]))[1] < 0


def test_a_head_that_wins_does_not_show_that_the_trunk_is_enough(task: ModuleType) -> None:
    """Between the measured points, at rho = .75."""
    found = stored_by("adding_a_task_labels")["rho 0.75"]
    head, lwf = (found[name]["auc"][task.NEW] for name in ("head on the frozen trunk", "LwF"))
    rivals = [*found["rivals"].values(), *found["rivals, both"].values()]
    assert all(np.mean(head) > np.mean(one["auc"][task.NEW]) for one in rivals)
    assert paired_interval(np.subtract(lwf, head))[0] > 0


def test_weighing_repeats_the_new_rows_alone() -> None:
    weighed, base = script_of("adding_a_scenario_weighed"), script_of("adding_a_scenario")
    one, train, _ = base.with_new(0, 0.8, 300)
    table = one.split.train
    more = weighed.weighed(table, train, 3)
    assert len(more) == len(table) + 2 * train.sum()
    new = list(table.columns.scenarios).index(base.NEW)
    assert set(more.scenario[len(table) :]) == {new}
    assert len(weighed.weighed(table, train, 1)) == len(table)


def test_fresh_shops_chose_nothing_and_gave_no_idea() -> None:
    fresh, base = script_of("adding_a_scenario_fresh"), script_of("adding_a_scenario")
    found = fresh.STORED.load()
    assert not set(found["seeds"]) & {*base.SEEDS, *base.TUNING_SEEDS}
    assert list(found["tuning_seeds"]) == list(base.TUNING_SEEDS)


def test_fresh_shops_are_recomputed_small() -> None:
    """What is said of one shop; and the settings are those that other shops chose."""
    fresh, base = script_of("adding_a_scenario_fresh"), script_of("adding_a_scenario")
    found, first = fresh.STORED.load()["shop 5"], base.STORED.load()
    cell = f"similarity {fresh.SIMILARITY:g}, {fresh.FEW} rows"
    for name in ("replay", "LoRA and head", "fine-tuning on the new market"):
        assert first[cell][name]["chosen"] == [1e-2, 0.1]
    assert first[cell]["from scratch, all markets"]["chosen"] == [fresh.FROM_SCRATCH, 0.1]
    weighed = stored_by("adding_a_scenario_weighed")
    assert weighed[f"replay, {cell}"]["chosen"] == [2, 3e-3]
    alone = "logistic regression, alone"
    assert dict(fresh.chosen(alone)) == first[f"{alone}, {cell}"]["chosen"]
    for name in fresh.ALONE:
        again = fresh.alone(name, 5)
        np.testing.assert_allclose([*again.values()], [*found[name].values()], atol=0.01)


def test_id_dropout_takes_the_id_of_a_tenth_and_nothing_else() -> None:
    fresh, base = script_of("adding_a_scenario_fresh"), script_of("adding_a_scenario")
    one, *_ = base.with_new(0, 0.8, 300)
    table = one.split.valid
    without = fresh.without_some_ids(table, np.random.default_rng(0))
    assert 0.09 < np.mean(without.codes[:, 0] == 0) < 0.11
    np.testing.assert_array_equal(without.codes[:, 1:], table.codes[:, 1:])
    kept = without.codes[:, 0] > 0
    np.testing.assert_array_equal(without.codes[kept, 0], table.codes[kept, 0])
