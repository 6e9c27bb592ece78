"""What lesson 20 shows of the knobs: made by today's code, recomputed in a small version."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from cached import needs
from scripts import script_of

from course_utils.exercises import sources


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("multi_task_knobs")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = script.STORED.load()
    return found


def test_a_small_version_is_recomputed(script: ModuleType, kept: dict[str, Any]) -> None:
    again = script.small()
    assert list(again) == list(kept["small"])
    np.testing.assert_allclose(list(again.values()), list(kept["small"].values()), atol=0.01)


def test_every_point_has_every_market(script: ModuleType, kept: dict[str, Any]) -> None:
    knobs = [kept["weight"]["judged"], *(one for k in ("width", "rows", "rho", "partners")
                                         for one in kept[k].values())]  # fmt: skip
    for point in knobs:
        for scores in point.values():
            for values in scores.values():
                assert len(values) == len(script.SEEDS)
                assert all(0.4 < one < 0.9 for one in values)


def test_a_market_of_some_tasks_is_the_same_market(script: ModuleType) -> None:
    whole, part = script.case(0), script.case(0, ("click", "purchase"))
    assert list(part.truth) == list(part.split.train.labels) == ["click", "purchase"]
    for task in part.truth:
        np.testing.assert_array_equal(part.split.test.labels[task], whole.split.test.labels[task])
    np.testing.assert_array_equal(part.split.train.codes, whole.split.train.codes)
    assert part.split.train.mask("purchase").sum() == 400 and part.split.train.mask("click").all()


def test_its_gradients_are_the_trainers(script: ModuleType) -> None:
    """The cosines over all rows against the Gramian that the trainer records of one batch."""
    one = script.case(0)
    trainer = script.Trainer(
        lambda: script.SharedBottom(one.split.train.columns, list(one.truth), trunk=(8,)),
        batch_size=len(one.split.train),
        record_gradients=True,
    )
    history = trainer.fit(one.split.train, one.split.valid, 0, 1e-12, epochs=1)
    rows = script.gradients(trainer.network, one.split.train)
    np.testing.assert_allclose(rows @ rows.T, history.gramians[0], rtol=1e-3, atol=1e-7)


@pytest.fixture(scope="module")
def weights() -> ModuleType:
    return script_of("multi_task_weights")


def test_the_weights_are_todays_and_are_recomputed(weights: ModuleType) -> None:
    kept = weights.STORED.load()
    again = weights.small()
    assert list(again) == list(kept["small"])
    np.testing.assert_allclose(list(again.values()), list(kept["small"].values()), atol=0.02)


def test_every_weight_has_every_market(weights: ModuleType) -> None:
    kept = weights.STORED.load()
    for rho in ("1", "0"):
        for scores in kept["weight"][rho].values():
            assert {len(values) for values in scores.values()} == {len(weights.SEEDS)}
        for scores in kept["long"][rho].values():
            assert {len(values) for values in scores.values()} == {len(weights.FIVE)}
        more = {"other", "codes", "log_loss", "calibration", "C", "C, codes"}
        assert set(kept["frozen"][rho]) == {*weights.TASKS, *more}
        for scores in kept["twins"][rho].values():
            assert {len(values) for values in scores.values()} == {len(weights.SEEDS)}


@pytest.mark.parametrize(
    ("losses", "epoch"),
    [([3.0, 2.0, 1.0], 2), ([1.0] + [2.0] * 6 + [0.5], 0), ([1.0] + [2.0] * 5 + [0.5], 6)],
)
def test_the_epoch_that_the_sum_keeps(weights: ModuleType, losses: list[float], epoch: int) -> None:
    assert weights.PATIENCE == 6 and weights.kept_by_sum(losses) == epoch


def test_the_course_of_a_loss(weights: ModuleType) -> None:
    history = weights.History(("click", weights.STARVED))
    history.valid_task_losses = [np.array(one) for one in ([0.9, 0.7], [0.8, 0.5], [0.7, 0.6])]
    history.task_losses = [np.array(one) for one in ([0.9, 0.7], [0.8, 0.4], [0.7, 0.1])]
    course = weights.course_of(history)
    assert course == {"least": 0.5, "epoch": 2, "rise": 0.1, "fall": 0.3, "frequent": 3.0}


def test_other_rows_are_as_many_and_unseen(weights: ModuleType) -> None:
    rows = weights.rows_to_read(weights.case(100), 0)
    assert rows["own"].sum() == rows["other"].sum() == 400
    assert not (rows["own"] & rows["other"]).any()


def test_one_fit_gives_both_rules(weights: ModuleType) -> None:
    """What is read off a run of the rule "each" is what a run of the rule "sum" gives."""
    one, trainer = weights.case(100, few=100), weights.trainer_of(weights.TASKS)
    trainer.balancing.weights = (1.0, 1.0, 1.0, 10.0)
    rules, _ = weights.both_rules(trainer, one, 0)
    said = rules["sum"]
    weights.fit(trainer, one, 0)
    for task, p in trainer.predict(one.split.test).items():
        np.testing.assert_allclose(said[task], p, atol=1e-6)


def test_the_trunks_outputs_are_what_the_towers_read(weights: ModuleType) -> None:
    one, network = weights.case(100), weights.trainer_of(weights.TASKS).network
    test = one.split.test
    seen = weights.outputs(network, test)
    last = network.towers.last
    kernel, bias = np.asarray(last.kernel)[:, :, 0], np.asarray(last.bias).reshape(4)
    for k, p in enumerate(network.predict(test).values()):
        z = seen @ kernel[k] + bias[k]
        np.testing.assert_allclose(1 / (1 + np.exp(-z)), p, atol=1e-5)


@pytest.fixture(scope="module")
def shops() -> ModuleType:
    return script_of("multi_task_shop")


def test_three_shops_are_recomputed(shops: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = shops.STORED.load()["logistic regression"]
    monkeypatch.setattr(shops, "SEEDS", range(3))
    for task, again in shops.judged(shops.plain).items():
        np.testing.assert_allclose(again, kept[task][:3], atol=0.005)


def test_the_lesson_has_the_same_shops_and_settings(shops: ModuleType) -> None:
    """What the lesson trains in five shops is what was stored of twenty."""
    cells = sources.code_cells("20")
    scope: dict[str, Any] = {}
    run = next(one for one in cells if "def feed_network(" in one)
    for cell in (
        cells[0],
        next(one for one in cells if "def shop_split(" in one),
        run.partition("clicks, best, curves = ")[0],
    ):
        exec(cell, scope)
    trainer, grid = scope["trainer"], {name: one[0] for name, one in shops.GRID.items()}
    assert trainer.batch_size == grid["batch_size"]
    assert trainer.weight_decay == grid["weight_decay"]
    assert trainer.embedding_l2 == grid["embedding_l2"]
    assert f"trunk={grid['trunk']}, tower={grid['tower']}" in run
    told = f"seed, {grid['learning_rate']:g}, epochs={grid['epochs']}, patience={grid['patience']}"
    assert told.replace("0.001", "1e-3") in run
    theirs, mine = scope["shop_split"](3), shops.shop_split(3)
    for part in ("train", "valid", "test"):
        one, other = getattr(theirs, part), getattr(mine, part)
        np.testing.assert_array_equal(one.numbers, other.numbers)
        for task in ("click", "purchase"):
            np.testing.assert_array_equal(one.labels[task], other.labels[task])
            np.testing.assert_array_equal(one.mask(task), other.mask(task))


@pytest.fixture(scope="module")
def reviews() -> ModuleType:
    return script_of("multi_task_reviews")


def test_no_product_is_on_two_sides_of_a_split_of_the_reviews(reviews: ModuleType) -> None:
    needs("clothing_reviews")
    _, products, _, _ = reviews.reviews()
    for seed in (*reviews.SEEDS, *reviews.TUNING_SEEDS):
        learn, choose, judge = (set(products[rows]) for rows in reviews.part_of(seed))
        assert not (learn & choose or learn & judge or choose & judge)


def test_every_review_split_has_every_contender(reviews: ModuleType) -> None:
    kept = reviews.STORED.load()
    for name, pair in reviews.SETTINGS.items():
        assert kept[name]["setting"] in pair
        assert all(len(of) == len(reviews.SEEDS) for of in kept[name]["auc"].values())


def test_a_copy_has_the_purchases_own_chances(script: ModuleType) -> None:
    one = script.case(3)
    said = script.chances(3)
    assert len(said) == sum(len(getattr(one.split, part)) for part in ("train", "valid", "test"))
    np.testing.assert_array_equal(said[-len(one.split.test) :], one.truth["purchase"])
    bought = one.split.train.labels["purchase"] == 1
    head = said[: len(bought)]
    assert head[bought].mean() - head[~bought].mean() > 0.1


def test_the_places_are_the_markets_own(weights: ModuleType) -> None:
    """With the market's own stream, absolute places mix to the purchase of ``market.make``."""
    one = weights.case(3)
    parts = (one.split.train, one.split.valid, one.split.test)
    codes = np.concatenate([part.inputs[0] for part in parts]).T - 1
    place = weights.places(codes, weights.stream(3, weights.FAMILIES["shared_bottom"]))
    wish = weights.market.MIXTURES[-1] @ weights.centred(np.abs(place))
    chances = weights.chance(-1.0 + 2.0 * wish)[-len(one.split.test) :]
    np.testing.assert_array_equal(chances, one.truth[weights.STARVED])


def test_another_purchase_leaves_the_rich_tasks(weights: ModuleType) -> None:
    made = weights.case(3)
    for own, plain in ((False, True), (True, False)):
        one = weights.with_purchase(3, own, plain)
        for task in weights.market.FREQUENT:
            same = one.split.train.labels[task] == made.split.train.labels[task]
            assert same.all() and (one.truth[task] == made.truth[task]).all()
        assert one.split.train.mask(weights.STARVED).sum() == 400
        assert abs(np.corrcoef(one.truth[weights.STARVED], made.truth[weights.STARVED])[0, 1]) < 0.2


def test_every_kind_has_every_market(weights: ModuleType) -> None:
    kept = weights.STORED.load()["kinds"]
    assert list(kept) == list(weights.KINDS)
    for scores in kept.values():
        assert {len(values) for values in scores.values()} == {len(weights.SEEDS)}
