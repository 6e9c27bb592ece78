"""Regimes of scenarios: labels follow the truth, and the dials do what the equations say."""

from types import ModuleType

import numpy as np
import pytest

from course_utils.comparison import Case
from course_utils.regimes import hmoe, m2m, m3oe, pepnet, star

FAMILIES = [star, pepnet, m2m, hmoe, m3oe]


@pytest.mark.parametrize("family", FAMILIES)
def test_labels_follow_the_truth(family: ModuleType) -> None:
    case = family.make(3, n_test=40_000)
    for task, p in case.truth.items():
        y = case.split.test.labels[task]
        for low in np.arange(0.0, 1.0, 0.2):
            rows = (p >= low) & (p < low + 0.2)
            if not rows.any():
                continue
            off = y[rows].mean() - p[rows].mean()
            assert abs(off) < 4 * np.sqrt(0.25 / rows.sum()), (task, low)
        assert (case.visible[task] == p).all()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_seed_gives_the_same_rows_and_all_seeds_the_same_columns(family: ModuleType) -> None:
    one, again, other = family.make(1), family.make(1), family.make(2)
    assert (one.split.train.codes == again.split.train.codes).all()
    assert (one.split.train.numbers == again.split.train.numbers).all()
    for task in one.truth:
        assert (one.split.train.labels[task] == again.split.train.labels[task]).all()
        assert (one.split.train.labels[task] != other.split.train.labels[task]).any()
    assert one.split.train.columns == other.split.train.columns
    assert len(one.split.train) == len(other.split.train)


def same_in_all_markets(case: Case, pairs: slice) -> float:
    """How far two rows with the same columns, in different markets, differ at most."""
    test, p = case.split.test, case.truth["click"]
    rows: dict[bytes, list[float]] = {}
    for code, chance in zip(test.codes[:, pairs], p, strict=True):
        rows.setdefault(code.tobytes(), []).append(float(chance))
    return max(max(chances) - min(chances) for chances in rows.values())


@pytest.mark.parametrize(
    ("family", "dial", "pairs"),
    [(star, "common", slice(None)), (pepnet, "others", slice(None)), (m2m, "common", slice(2, 8))],
)
def test_at_one_end_of_the_dial_all_markets_follow_one_function(
    family: ModuleType, dial: str, pairs: slice
) -> None:
    few = {"groups": 4, "n_test": 60_000}
    assert same_in_all_markets(family.make(5, **few, **{dial: 1.0}), pairs) < 1e-5
    assert same_in_all_markets(family.make(5, **few, **{dial: 0.0}), pairs) > 0.5


def test_a_fourth_of_the_markets_of_star_turns_its_taste_round() -> None:
    case = star.make(5, n_test=60_000)
    test, p = case.split.test, case.truth["click"]
    like = []
    for market in range(12):
        rows = test.scenario == market
        # What a market shows of each taste: the spread of chances within a pair of groups.
        pairs = [test.codes[rows, r] * 30 + test.codes[rows, 3 + r] for r in range(3)]
        within = [np.mean([np.ptp(p[rows][pair == one]) for one in set(pair)]) for pair in pairs]
        taste = int(np.argmin(within))
        like.append((taste, dict(zip(pairs[taste], p[rows], strict=True))))
        assert min(within) < 1e-5 < 0.1 < sorted(within)[1]
    for taste in range(3):
        same = [chances for which, chances in like if which == taste]
        assert len(same) == 4
        shared = sorted(set.intersection(*(set(one) for one in same)))
        chances = np.array([[one[pair] for pair in shared] for one in same])
        signs = np.sign(np.corrcoef(chances)[0])
        assert abs(signs.sum()) == 2


def test_small_markets_of_hmoe_follow_the_score_of_the_visitors_home() -> None:
    case = hmoe.make(5, groups=4, n_test=60_000)
    test, p = case.split.test, case.truth["click"]
    assert case.judged["click"].all() and test.scenario.min() == 3
    for home in range(3):
        rows = test.codes[:, 6] == home + 1
        pair = test.codes[:, home] * 10 + test.codes[:, 3 + home]
        assert max(np.ptp(p[rows & (pair == one)]) for one in np.unique(pair)) < 1e-5


def test_at_kappa_0_market_and_task_of_m3oe_only_add_up() -> None:
    def interaction(kappa: float) -> float:
        # The same customer and product in two tasks: the difference does not depend on the market.
        case = m3oe.make(5, kappa=kappa, numbers=1, markets=2, n_test=20_000)
        first, second = (np.log(case.truth[t] / (1 - case.truth[t])) for t in ("click", "purchase"))
        test = case.split.test
        place = np.digitize(test.numbers[:, 0], np.linspace(-1.5, 1.5, 61))
        gap = [
            (first - second)[(test.scenario == 0) & (place == k)].mean()
            - (first - second)[(test.scenario == 1) & (place == k)].mean()
            for k in range(1, 60)
        ]
        return float(np.abs(gap).max())

    assert interaction(0.0) < 0.2 < 1.0 < interaction(1.0)
