"""The real tables: no unit in two parts, no label in a column, rates and sizes as they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pandas as pd
import pytest
from cached import needs
from scripts import script_of

from course_utils.columns import Split, Table
from course_utils.errors import CourseError
from course_utils.evidence.claim import widened
from course_utils.metrics import auc, paired_interval

script = script_of("real_tables")
NAMES = list(script.TABLES)
PARTS = {name: getattr(script, f"{name.removesuffix('s')}_parts") for name in NAMES}
LABELS = {
    "areas": ["back"],
    "kinds": ["visit", "again", "twice"],
    "films": ["rated", "liked", "loved"],
    "reviews": ["five", "helpful", "recommended"],
}
SCENARIOS = {"areas": 8, "kinds": 7, "films": 1, "reviews": 1}
RATES = {
    "back": (0.45, 0.48),
    "visit": (0.59, 0.65),
    "again": (0.16, 0.2),
    "twice": (0.015, 0.035),
    "rated": (0.5, 0.5),
    "liked": (0.53, 0.62),
    "loved": (0.15, 0.23),
    "five": (0.52, 0.6),
    "helpful": (0.5, 0.59),
    "recommended": (0.77, 0.87),
}


@pytest.fixture(scope="module", autouse=True)
def sets() -> None:
    needs("ta_feng", "movielens", "films", "clothing_reviews")


def forget() -> None:
    for frame in (script._customers, script._pairs, script._ratings, script._reviews):
        frame.cache_clear()


@pytest.fixture
def loading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Puts a changed table in the place of a set, and forgets what was made of the old one."""

    def changed(name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        load = script.load
        monkeypatch.setattr(
            script, "load", lambda asked: change(load(asked)) if asked == name else load(asked)
        )
        forget()

    yield changed
    forget()


@cache
def split_of(name: str, seed: int) -> Split:
    """A split of the sets as they are."""
    found: Split = script.TABLES[name](seed)
    return found


def tables(split: Split) -> list[Table]:
    return [split.train, split.valid, split.test]


@pytest.mark.parametrize("seed", [*script.JUDGED, *script.TUNING])
def test_no_unit_is_in_two_parts_and_none_that_is_judged_has_chosen(seed: int) -> None:
    units = np.random.default_rng(1).choice(2_000, 30_000).astype(str)
    parts = script.dealt(units, seed)
    assert sorted(np.concatenate(parts)) == list(range(len(units)))
    learn, choose, judge = (set(units[rows]) for rows in parts)
    assert not learn & choose and not learn & judge and not choose & judge
    shares = [len(rows) / len(units) for rows in parts]
    np.testing.assert_allclose(shares, script.SHARES, atol=0.04)
    for tuning in script.TUNING:
        chosen_by = set(units[script.dealt(units, tuning)[1]])
        assert not chosen_by & judge
    assert len({tuple(np.sort(script.dealt(units, one)[2])) for one in script.JUDGED}) == 10


@pytest.mark.parametrize("name", NAMES)
def test_the_parts_of_a_table_share_no_unit_and_none_that_is_judged_has_chosen(name: str) -> None:
    units = {
        seed: [set(part["unit"]) for part in PARTS[name](seed)] for seed in (0, script.TUNING[0])
    }
    for learn, choose, judge in units.values():
        assert not learn & choose and not learn & judge and not choose & judge
    assert not units[script.TUNING[0]][1] & units[0][2]


def test_the_splits_of_kinds_share_no_customer() -> None:
    seeds = [*script.JUDGED, *script.TUNING]
    units = [set(pd.concat(script.kind_parts(seed))["unit"]) for seed in seeds]
    assert len(set.union(*units)) == sum(map(len, units))
    with pytest.raises(CourseError, match="splits of kinds have the seeds"):
        script.kinds(10)


@pytest.mark.parametrize("name", NAMES)
def test_sizes_rates_and_sample_spaces(name: str) -> None:
    split = split_of(name, 0)
    columns = split.train.columns
    assert list(split.train.labels) == LABELS[name]
    assert len(columns.scenarios) == SCENARIOS[name]
    assert 8_000 <= len(split.train) <= 30_000
    assert len(columns.vocabulary) + len(columns.numbers) <= 15 and max(columns.sizes) < 1_000
    assert columns.same_codes(split_of(name, 1).train.columns), "one graph for all splits"
    for task in LABELS[name]:
        low, high = RATES[task]
        for table in tables(split):
            rows = table.mask(task)
            # A label outside its sample space would be a conversion without a click.
            assert not table.labels[task][~rows].any() or task == "recommended"
            assert low - 0.02 <= table.labels[task][rows].mean() <= high + 0.02
    np.testing.assert_allclose(split.train.numbers.mean(0), 0, atol=1e-3)
    np.testing.assert_allclose(split.train.numbers.std(0), 1, atol=1e-3)


def test_which_labels_are_known() -> None:
    for table in tables(split_of("kinds", 0)):
        for task in ("again", "twice"):
            np.testing.assert_array_equal(table.mask(task), table.labels["visit"] == 1)
        assert (table.labels["twice"] <= table.labels["again"]).all()
    for table in tables(split_of("films", 0)):
        np.testing.assert_array_equal(table.mask("loved"), table.labels["rated"] == 1)
        assert (table.labels["loved"] <= table.labels["liked"]).all()
    counts = [int(table.mask("recommended").sum()) for table in tables(split_of("reviews", 0))]
    assert counts[:2] == [script.FEW] * 2 and counts[2] > 4_000


@pytest.mark.parametrize("name", NAMES)
def test_no_column_alone_tells_a_label_and_no_test_row_stands_in_training(name: str) -> None:
    split = split_of(name, 0)
    train, test = split.train, split.test
    rows = [
        np.concatenate([one.codes, one.scenario[:, None], one.numbers], 1) for one in (train, test)
    ]
    known = {row.tobytes() for row in rows[0]}
    assert np.mean([row.tobytes() in known for row in rows[1]]) < 0.01
    for task in train.labels:
        learn, judge = train.mask(task), test.mask(task)
        y, wanted = train.labels[task][learn], test.labels[task][judge]
        for column in test.numbers[judge].T:
            assert 0.1 < auc(wanted, column) < 0.9
        for codes, asked in zip(train.codes[learn].T, test.codes[judge].T, strict=True):
            n = 1 + max(codes.max(), asked.max())
            rate = (np.bincount(codes, y, n) + y.mean()) / (np.bincount(codes, minlength=n) + 1)
            assert auc(wanted, rate[asked]) < 0.9


def assert_same_columns(old: Split, new: Split) -> None:
    for one, other in zip(tables(old), tables(new), strict=True):
        np.testing.assert_array_equal(one.codes, other.codes)
        np.testing.assert_array_equal(one.numbers, other.numbers)


@pytest.mark.parametrize("name", ["areas", "kinds"])
def test_february_is_in_no_column(name: str, loading: Callable[..., None]) -> None:
    old = split_of(name, 0)
    loading("ta_feng", lambda of: of[of["date"] < script.FEBRUARY])
    new = script.TABLES[name](0)
    assert_same_columns(old, new)
    assert old.test.labels[LABELS[name][0]].any()
    assert not new.test.labels[LABELS[name][0]].any()


def test_no_star_of_a_judged_person_after_her_cut_is_in_a_column(
    loading: Callable[..., None],
) -> None:
    old, judged = split_of("films", 0), set(script.film_parts(0)[2]["unit"])

    def starless(stars: pd.DataFrame) -> pd.DataFrame:
        """Half a star for all that judged persons rated from their cuts on."""
        later = np.zeros(len(stars), bool)
        order = stars.sort_values("timestamp", kind="stable")
        known = set(load_films()["product_id"])
        order = order[order["product_id"].isin(known)]
        for person, (_, own) in enumerate(order.groupby("user_id", sort=False)):
            if person in judged:
                cut = own["timestamp"].iloc[len(own) // 2]
                later[own.index[own["timestamp"] >= cut]] = True
        assert later.sum() > 4_000
        return stars.assign(rating=stars["rating"].mask(later, 0.5))

    def load_films() -> pd.DataFrame:
        return script.load("films").dropna(subset=["year", "genres"])

    loading("movielens", starless)
    new = script.films(0)
    assert_same_columns(old, new)
    assert old.test.labels["liked"].any() and not new.test.labels["liked"].any()
    np.testing.assert_array_equal(old.train.labels["liked"], new.train.labels["liked"])


def test_a_films_counts_are_those_of_other_training_persons_before_the_cut() -> None:
    learn, _, judge = script.film_parts(0)
    stars, film, _ = script._ratings()
    stars = pd.DataFrame.from_records(stars)
    for part in (learn, judge):
        for _, row in part[part["film"].notna()].sample(20, random_state=0).iterrows():
            own = stars[stars["unit"] == row["unit"]]
            cut = own["timestamp"].iloc[len(own) // 2]
            number = int(np.flatnonzero(film["code"] == row["film"])[0])
            others = stars[
                stars["unit"].isin(learn_persons())
                & (stars["unit"] != row["unit"])
                & (stars["timestamp"] < cut)
            ]
            of_film = others[others["film"] == number]["rating"]
            assert row["seen"] == pytest.approx(np.log(len(of_film)))
            wanted = (of_film.sum() + 5 * others["rating"].mean()) / (len(of_film) + 5)
            assert row["mean"] == pytest.approx(wanted)
            before = own[own["timestamp"] < cut]
            hers = others["film"].isin(before["film"]).groupby(others["unit"])
            nearness = hers.sum() / np.sqrt(hers.size())
            raters = others.loc[others["film"] == number, "unit"]
            assert row["near"] == pytest.approx(np.log1p(nearness[raters].mean()))
            assert row["own_mean"] == pytest.approx(before["rating"].mean())
            assert number not in set(before["film"])
            later = own.loc[(own["film"] == number) & (own["timestamp"] >= cut), "rating"]
            assert row["rated"] == len(later)
            assert row["liked"] == (later >= 4).any()


def learn_persons() -> np.ndarray:
    """The training persons of split 0, those without rows among them."""
    n = script._ratings()[0].unit.max() + 1
    found: np.ndarray = script.dealt(np.arange(n), 0)[0]
    return found


def test_the_topics_are_learned_from_training_texts(loading: Callable[..., None]) -> None:
    old, (learn, _, judge) = split_of("reviews", 0), script.review_parts(0)
    pieces = set(judge["unit"])
    loading(
        "clothing_reviews",
        lambda of: of.assign(
            text=of["text"].mask(of["product_id"].isin(pieces), of["text"] + " zzz zzz zzz")
        ),
    )
    new = script.reviews(0)
    np.testing.assert_array_equal(old.train.numbers, new.train.numbers)
    assert len(learn) == len(old.train)


@pytest.mark.parametrize("name", NAMES)
def test_the_overlap_is_test_rows_for_each_training_row(name: str) -> None:
    if name == "kinds":  # which share no row
        assert script.OVERLAP[name] == 0
        return
    splits = [split_of(name, seed) for seed in (0, 1)]
    ratio = np.mean([len(split.test) / len(split.train) for split in splits])
    assert script.OVERLAP[name] == pytest.approx(ratio, abs=0.15)


def test_the_interval_of_ten_splits_is_nadeau_and_bengios() -> None:
    """mean +- t(.975, 9) sqrt(1 / 10 + n_test / n_train) sd."""
    gains = np.random.default_rng(0).normal(0.01, 0.02, 10)
    low, high = paired_interval(widened(gains, script.OVERLAP["films"]))
    half = 2.262157 * np.sqrt(0.1 + 0.6) * gains.std(ddof=1)
    assert (low, high) == pytest.approx((gains.mean() - half, gains.mean() + half), rel=1e-5)
