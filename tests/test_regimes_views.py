"""Views of a log with gaps: repaired, on every row, step by step."""

from collections.abc import Sequence

import numpy as np
import pytest

from course_utils.columns import Split
from course_utils.comparison import Asked, Chances, Contender, Trial
from course_utils.models import ESMM
from course_utils.regimes import aitm, escm2, esmm
from course_utils.regimes.views import (
    Reader,
    as_logged,
    as_said,
    divided,
    every_row,
    kept_share,
    less_lost,
    less_repaired,
    multiplied,
    reached,
    repaired,
)


def test_a_share_of_the_clicks_is_lost_and_no_purchase() -> None:
    whole, gaps = (esmm.make(5, lost=lost, n_train=40_000).split.train for lost in (0.0, 0.8))
    np.testing.assert_array_equal(whole.labels["purchase"], gaps.labels["purchase"])
    clicks, recorded = whole.labels["click"] == 1, gaps.labels["click"] == 1
    assert not (recorded & ~clicks).any()
    assert recorded.sum() / clicks.sum() == pytest.approx(0.2, abs=0.02)
    bought = gaps.labels["purchase"] == 1
    assert (clicks | ~bought).all() and kept_share(gaps.labels) == pytest.approx(0.2, abs=0.04)
    assert (gaps.mask("purchase") == recorded).all() and kept_share(whole.labels) == 1.0


def test_a_repaired_log_has_all_purchases_after_a_click() -> None:
    gaps = esmm.make(5, lost=0.8).split.train
    mended = repaired(gaps)
    click, purchase = mended.labels["click"] == 1, mended.labels["purchase"] == 1
    assert (click == ((gaps.labels["click"] == 1) | purchase)).all()
    assert (mended.mask("purchase") == click).all()
    whole = esmm.make(5).split.train
    np.testing.assert_array_equal(repaired(whole).labels["click"], whole.labels["click"])
    assert every_row(gaps).mask("purchase").all() and as_logged(gaps) is gaps


def test_true_chances_of_each_view_give_the_true_purchase() -> None:
    split, lost = esmm.make(5, lost=0.8, n_train=60_000).split, 0.8
    draw = np.random.default_rng(0)
    click, bought = draw.uniform(0.1, 0.9, 50), draw.uniform(0.01, 0.2, 50)
    recorded = click * (1 - lost)
    esmms = {"click": recorded, "purchase": click * bought / recorded}
    np.testing.assert_allclose(less_lost(split, esmms)["purchase"], bought, rtol=0.15)
    known = bought + (1 - bought) * (1 - lost)  # of a clicked row: it stays, or a purchase shows it
    after_repair = {"click": click * known, "purchase": bought / known}
    np.testing.assert_allclose(less_repaired(split, after_repair)["purchase"], bought, rtol=0.15)
    every = {"click": click, "purchase": click * bought}
    np.testing.assert_allclose(divided(split, every)["purchase"], bought)
    assert as_said(split, every) is every


def test_steps_are_learned_on_reached_rows_and_multiplied() -> None:
    split = aitm.make(5).split
    rows = reached(split.train)
    assert rows.mask("click").all()
    for first, then in zip(aitm.STEPS, aitm.STEPS[1:], strict=False):
        assert (rows.mask(then) == (split.train.labels[first] == 1)).all()
    said = multiplied(split, {step: np.array([0.5, 0.2]) for step in aitm.STEPS})
    np.testing.assert_allclose(said["keep"], [0.0625, 0.0016])
    np.testing.assert_allclose(said["click"], [0.5, 0.2])


def test_at_drift_0_every_step_orders_rows_alike() -> None:
    def kinship(drift: float) -> float:
        truth = aitm.make(5, drift=drift).truth
        steps = np.stack([truth["click"], truth["cart"] / truth["click"]])
        return float(np.corrcoef(np.log(steps / (1 - steps)))[0, 1])

    assert kinship(0.0) > 0.999 and abs(kinship(1.0)) < 0.4


class Told(Contender):
    """Says how many rows each task has, so that a test sees what reached it."""

    def fit(
        self, split: Split, seed: int, trial: Trial, tasks: Sequence[str], asked: Asked
    ) -> Chances:
        rows = len(getattr(split, asked))
        return {task: np.full(rows, float(split.train.mask(task).sum())) for task in tasks}


def test_a_reader_hands_on_its_view_and_all_tasks() -> None:
    split = esmm.make(5, lost=0.8).split
    inner = Told("told", {"C": [1.0, 2.0]})
    reader = Reader("reader", inner, repaired, divided)
    said = reader.fit(split, 0, {"C": 1.0}, ["purchase"], "test")
    assert list(said) == ["purchase"] and reader.trials(5, 2) == inner.trials(5, 2)
    share = repaired(split.train).mask("purchase").mean()
    np.testing.assert_allclose(said["purchase"], share)


def test_sizes_are_further_columns() -> None:
    split = escm2.make(5).split
    wider = escm2.with_sizes(split)
    np.testing.assert_array_equal(wider.test.numbers[:, 20:], np.abs(split.test.numbers))
    assert len(wider.train.columns.numbers) == 40


def test_esmm_on_purchases_is_esmm_where_no_click_is_lost() -> None:
    table = esmm.make(5, n_train=200).split.train
    labels = np.stack([table.labels[t] for t in ("click", "purchase")]).astype("float32")
    counts = np.ones_like(labels)
    said = {t: np.full(200, p, "float32") for t, p in (("click", 0.3), ("purchase", 0.1))}
    losses = [
        np.array(kind(table.columns, ["click", "purchase"]).task_losses(said, labels, counts))
        for kind in (ESMM, esmm.OnOrders)
    ]
    np.testing.assert_allclose(losses[0], losses[1])
    lost = labels.copy()
    lost[0] = 0.0
    network = esmm.OnOrders(table.columns, ["click", "purchase"])
    again = np.array(network.task_losses(said, lost, counts))
    assert again[1] == pytest.approx(losses[0][1]) and again[0] < losses[0][0]
