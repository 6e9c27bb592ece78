"""Lesson 51's answers fit on a whiteboard, and equal what the course runs in production."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lessons import answer_of
from surprise import SVD, Dataset, Reader, Trainset

from course_utils import recommend
from course_utils.datasets import load
from course_utils.exercises import sources, tasks_of
from course_utils.exercises.markers import without_markers
from course_utils.metrics import ndcg_at_k

IDS = [task.id for task in tasks_of("51")]


def _answer(id: str) -> Callable[..., Any]:
    cell = without_markers(sources.answer_cell(id))
    return answer_of(cell, sources.code_cells("51")[0])


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """80 customers of the shop; every tenth row stands again, later and with other stars."""
    ratings = load("ratings")
    some = ratings[ratings["user_id"].isin(ratings["user_id"].unique()[:80])]
    again = some.iloc[::10].assign(
        rating=lambda rows: 6 - rows["rating"], timestamp=lambda rows: rows["timestamp"] + 1
    )
    return pd.concat([some, again], ignore_index=True)


@pytest.fixture(scope="module")
def trainset(table: pd.DataFrame) -> Trainset:
    columns = table[["user_id", "product_id", "rating"]].drop_duplicates(["user_id", "product_id"])
    return Dataset.load_from_df(columns, Reader(rating_scale=(1, 5))).build_full_trainset()


@pytest.fixture(scope="module")
def model(trainset: Trainset) -> SVD:
    return SVD(n_factors=6, n_epochs=60, lr_all=0.02, random_state=0).fit(trainset)


def _rows(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(table.itertuples(index=False, name=None))


@pytest.mark.parametrize("id", IDS)
def test_fits_on_a_whiteboard(id: str) -> None:
    lines = [line for line in sources.solution_text(id).splitlines() if line.strip()]
    assert 2 < len(lines) <= 20


def test_one_pass_equals_the_librarys_epoch(trainset: Trainset) -> None:
    """The library draws pu, then qi, from RandomState(seed).normal(0, 0.1)."""
    library = SVD(n_factors=6, n_epochs=2, lr_all=0.01, reg_all=0.05, random_state=7)
    library.fit(trainset)
    draw = np.random.RandomState(7)
    pu = draw.normal(0, 0.1, (trainset.n_users, 6))
    qi = draw.normal(0, 0.1, (trainset.n_items, 6))
    arrays = np.zeros(trainset.n_users), np.zeros(trainset.n_items), pu, qi
    for _ in range(2):
        ratings = list(trainset.all_ratings())
        arrays = _answer("51.3")(ratings, trainset.global_mean, *arrays, 0.01, 0.05)
    wanted = (library.bu, library.bi, library.pu, library.qi)
    for got, want in zip(arrays, wanted, strict=True):
        np.testing.assert_allclose(got, want, atol=1e-9)


def test_top_n(model: SVD, trainset: Trainset) -> None:
    lists = recommend.top_n_for_all(model, 7)
    for user in range(0, trainset.n_users, 9):
        raw = trainset.to_raw_uid(user)
        assert _answer("51.1")(model, raw, 7) == lists[raw]
        assert recommend.top_n(model, raw, 7).product_ids == lists[raw]


def test_hide_last(table: pd.DataFrame) -> None:
    # The task promises that no customer has two rows at one time.
    table = table.drop_duplicates(["user_id", "timestamp"])
    got = _answer("51.4")(_rows(table), 5)
    want = recommend.hide_last(table, 5)
    for mine, theirs in zip(got, want, strict=True):
        assert sorted(mine) == sorted(_rows(theirs))


def test_ndcg() -> None:
    draw = np.random.default_rng(0)
    for _ in range(20):
        ranked = draw.permutation(30)[: draw.integers(1, 15)].tolist()
        relevant = set(draw.permutation(30)[: draw.integers(1, 8)].tolist())
        want = ndcg_at_k([ranked], [relevant], 10)
        assert _answer("51.5")(ranked, relevant, 10) == pytest.approx(want, abs=1e-12)


def test_solve_user(trainset: Trainset) -> None:
    taken = recommend.seen_mask(trainset)
    als = recommend.ImplicitALS(n_factors=6, alpha=5, reg=2, n_sweeps=3).fit(taken)
    rows = als.solve(als.products, taken.astype(float))
    for user in (0, 79):
        got = _answer("51.6")(als.products, np.flatnonzero(taken[user]).tolist(), 5, 2)
        np.testing.assert_allclose(got, rows[user], atol=1e-9)


def test_bpr_epoch(trainset: Trainset) -> None:
    """One triple at a time, it is the library with a batch of 1, and the library's draws."""
    taken = recommend.seen_mask(trainset)[:10]
    settings = {"n_factors": 4, "reg": 0.05, "n_epochs": 1, "batch": 1, "seed": 3}
    start = recommend.ImplicitBPR(lr=0.0, **settings).fit(taken)
    library = recommend.ImplicitBPR(lr=0.1, **settings).fit(taken)
    draw = np.random.default_rng(3)
    draw.normal(size=start.users.size + start.products.size)
    who, what = np.nonzero(taken)
    triples = []
    for at in draw.permutation(len(who)):
        j = int(draw.integers(taken.shape[1], size=1)[0])
        if not taken[who[at], j]:
            triples.append((int(who[at]), int(what[at]), j))
    x, y = _answer("51.7")(triples, start.users.copy(), start.products.copy(), 0.1, 0.05)
    np.testing.assert_allclose(x, library.users, atol=1e-9)
    np.testing.assert_allclose(y, library.products, atol=1e-9)


def test_cold_scores(model: SVD, trainset: Trainset) -> None:
    draw = np.random.default_rng(0)
    known = draw.normal(size=(trainset.n_items, 4))
    new = draw.normal(size=(3, 4))
    attributes = {f"new {row}": new[row] for row in range(3)}
    attributes |= {trainset.to_raw_iid(item): known[item] for item in range(trainset.n_items)}
    got = _answer("51.8")(model, attributes, ["new 0", "new 1", "new 2"], 50)
    np.testing.assert_allclose(got, recommend.cold_scores(model, known, new, 50), atol=1e-9)


def test_recommend_from(table: pd.DataFrame, tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    table.to_csv(file, index=False)
    known = table["user_id"].iloc[0]
    got = _answer("51.2")(str(file), [known, "nobody"], 5)

    kept = recommend.latest(table)[["user_id", "product_id", "rating"]]
    data = Dataset.load_from_df(kept, Reader(rating_scale=(1, 5))).build_full_trainset()
    algo = SVD(n_epochs=100, random_state=0).fit(data)
    assert got[known] == (recommend.top_n(algo, known, 5).product_ids, True)
    products, personal = got["nobody"]
    assert not personal
    counts = kept["product_id"].value_counts()
    popular = recommend.top_n(algo, "nobody", 5).product_ids
    assert [counts[one] for one in products] == [counts[one] for one in popular]
