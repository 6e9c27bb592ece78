"""Regimes of scenarios: labels follow the truth, and the dials do what the equations say."""

from types import ModuleType

import numpy as np
import pandas as pd
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
    [(star, "common", slice(None)), (pepnet, "others", slice(None)), (m2m, "common", slice(1, 7))],
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


def logit(p: np.ndarray) -> np.ndarray:
    return np.log(p / (1.0 - p))


@pytest.mark.parametrize("family", [star, pepnet])
@pytest.mark.parametrize("dial", [0.0, 0.5, 1.0])
def test_the_dial_leaves_every_market_as_much_to_know(family: ModuleType, dial: float) -> None:
    case = family.make(5, n_test=60_000, **{"common" if family is star else "others": dial})
    said = logit(case.truth["click"])
    for market in range(len(case.split.test.columns.scenarios)):
        assert abs(said[case.split.test.scenario == market].std() - 2.5) < 0.1


def test_habits_of_star_add_up() -> None:
    few = {"groups": 3, "n_test": 40_000}
    assert same_in_all_markets(star.make(5, habit=1.0, **few), slice(None)) < 1e-5
    case = star.make(5, habit=1.0, **few)
    codes, said = case.split.test.codes, logit(case.truth["click"])
    design = np.concatenate([codes == value for value in (1, 2, 3)], 1).astype(float)
    effects, *_ = np.linalg.lstsq(design, said, rcond=None)
    assert np.abs(design @ effects - said).max() < 1e-2


@pytest.mark.parametrize("turned", [0, 1, 3])
def test_so_many_markets_of_pepnet_want_what_differs(turned: int) -> None:
    case = pepnet.make(5, turned=turned, groups=4, others=1.0, n_test=40_000)
    test = case.split.test
    frame = pd.DataFrame({"market": test.scenario, "logit": logit(case.truth["click"])})
    frame["row"] = test.codes @ 5 ** np.arange(6)
    each = frame.groupby(["row", "market"])["logit"].first().unstack("market").dropna()
    alike = each.corr()[0] > 0
    assert min(alike.sum(), (~alike).sum()) == turned


def test_weights_of_m2m_follow_from_market_and_occasion_and_from_neither_alone() -> None:
    # One occasion of each market is seen, one is to choose by: the test rows have six.
    case = m2m.make(5, groups=2, seen=1, n_test=60_000)
    codes, said = case.split.test.codes, logit(case.truth["click"]) + 0.5
    frame = pd.DataFrame({"market": case.split.test.scenario, "occasion": codes[:, 0]})
    frame["row"], frame["logit"] = codes[:, 1:] @ 3 ** np.arange(6), said
    each = frame.groupby(["market", "occasion", "row"])["logit"].first().unstack("row")
    assert len(each) == 48 and each.notna().all().all()
    # u (x) v: four weights a pair, of which a market has two and an occasion two.
    assert np.linalg.matrix_rank(each.to_numpy(), tol=0.05) == 4
    for name in ("market", "occasion"):
        for _, pairs in each.groupby(level=name):
            assert np.linalg.matrix_rank(pairs.to_numpy(), tol=0.05) == 2


@pytest.mark.parametrize("seen", [3, 5, 6])
def test_no_pair_of_a_table_of_m2m_is_in_another(seen: int) -> None:
    split = m2m.make(5, seen=seen).split
    pairs = [
        set(zip(table.scenario.tolist(), table.codes[:, 0].tolist(), strict=True))
        for table in (split.train, split.valid, split.test)
    ]
    assert [len(one) for one in pairs] == [8 * seen, 8, 8 * (7 - seen)]
    assert len(set.union(*pairs)) == 64
    assert {len([m for m, o in pairs[0] if o == occasion]) for occasion in range(1, 9)} == {seen}


@pytest.mark.parametrize(("own", "scores"), [(0.0, 4), (1.0, 3)])
def test_segments_of_small_markets_of_hmoe_follow_their_donor(own: float, scores: int) -> None:
    case = hmoe.make(5, own=own, groups=3, small=3, segments=4, n_test=60_000)
    test, p = case.split.test, case.truth["click"]
    assert case.judged["click"].all() and test.scenario.min() == 4
    frame = pd.DataFrame({"market": test.scenario, "segment": test.codes[:, 6], "p": p})
    frame["row"] = test.codes[:, :6] @ 4 ** np.arange(6)
    each = frame.groupby(["market", "segment", "row"])["p"].first().unstack("row").dropna(axis=1)
    found, members = np.unique(each.to_numpy().round(5), axis=0, return_counts=True)
    assert len(found) == scores
    assert set(members) == {len(each) // scores}


def test_market_and_task_of_m3oe_only_add_up() -> None:
    case = m3oe.make(5, groups=2, n_test=60_000)
    kind = case.split.test.codes @ 3 ** np.arange(6)
    gap = pd.Series(logit(case.truth["click"]) - logit(case.truth["purchase"]))
    within = gap.groupby(kind).agg(["min", "max"])
    # What tells two tasks apart is the same in every market, and not the same for every row.
    assert (within["max"] - within["min"]).max() < 1e-2 < 1.0 < np.ptp(within["max"])
