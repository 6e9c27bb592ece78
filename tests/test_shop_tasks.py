"""Three tasks, the cart among them, ready for a network: labels, sample spaces, truth."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.columns import Columns
from course_utils.shop import Shop
from course_utils.shop.tasks import TASKS, sample_spaces, true_chances


@pytest.fixture(scope="module")
def shop():
    return Shop()


@pytest.fixture(scope="module")
def log(shop):
    return shop.log(150_000)


def test_the_tasks_are_a_table_for_a_network(log):
    columns = Columns.fit(log, ["segment", "category"], scenario="scenario")
    table = columns.table(log, TASKS, sample_spaces(log))
    assert list(table.labels) == list(TASKS)
    assert table.mask("click").all()
    for task in ("cart", "purchase"):
        assert np.array_equal(table.mask(task), table.labels["click"] == 1)
    assert table.labels["cart"].sum() > 2 * table.labels["purchase"].sum()


def test_each_chance_is_the_rate_of_its_label_in_its_space(log):
    truth, spaces = true_chances(log), sample_spaces(log)
    for task in TASKS:
        rows = spaces.get(task, np.ones(len(log), bool))
        p, y = truth[task][rows], log[task].to_numpy()[rows]
        for some in np.array_split(np.argsort(p), 4):
            mean = p[some].mean()
            assert abs(y[some].mean() - mean) < 4 * np.sqrt(mean * (1 - mean) / len(some)), task
    in_cart = log["cart"].to_numpy() == 1
    once_in_cart = (truth["purchase"] / truth["cart"])[in_cart]
    bought = log["purchase"].to_numpy()[in_cart]
    assert bought.mean() == pytest.approx(once_in_cart.mean(), abs=0.04)


def test_the_visible_probabilities_have_the_same_tasks(shop, log):
    seen = true_chances(shop.visible_probabilities(log.head(1000)))
    assert list(seen) == list(TASKS)
    assert (seen["purchase"] < seen["cart"]).all() and len(seen["click"]) == 1000
