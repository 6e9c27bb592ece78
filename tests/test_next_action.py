"""Lesson 52: windows, features and attention; the whiteboard's twins; the stored result."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from lessons import answer_of
from scripts import script_of

from course_utils.backend import keras
from course_utils.behaviour import attention, features, fitting, limits, sequences, visits
from course_utils.errors import CourseError
from course_utils.exercises import sources, tasks_of
from course_utils.exercises.markers import without_markers
from course_utils.shop import Shop

IDS = [task.id for task in tasks_of("52")]


def _answer(id: str) -> Callable[..., Any]:
    cell = without_markers(sources.answer_cell(id))
    return answer_of(cell, sources.code_cells("52")[0])


@pytest.fixture(scope="module")
def actions() -> pd.DataFrame:
    return visits.visits(Shop(3, 200, 100).log(3_000))


@pytest.mark.parametrize("id", IDS)
def test_fits_on_a_whiteboard(id: str) -> None:
    lines = [line for line in sources.solution_text(id).splitlines() if line.strip()]
    assert 2 <= len(lines) <= 20


def test_a_visit_ends_after_the_silence_and_nowhere_else(actions: pd.DataFrame) -> None:
    by_customer = actions.groupby("user_id")
    later = by_customer["timestamp"].shift(-1) - actions["timestamp"]
    leaves = actions["action"] == "leave"
    follows = by_customer["action"].shift(-1)
    assert not (leaves & (follows == "leave")).any()
    done = actions[~leaves]
    assert (later[done.index] <= visits.SILENCE).all()
    assert (later[done.index][follows[done.index] == "leave"] == visits.SILENCE).all()
    assert follows[done.index].notna().all()
    assert actions["hour"].between(0, 23).all() and actions["weekday"].between(0, 6).all()
    stamp = pd.to_datetime(actions["timestamp"], unit="s")
    assert (stamp.dt.day_of_week == actions["weekday"]).all()
    assert (stamp.dt.hour == actions["hour"]).all()


def test_windows_do_not_know_the_future(actions: pd.DataFrame) -> None:
    made = visits.windows(actions["user_id"], actions["timestamp"], 4)
    time, user = actions["timestamp"].to_numpy(), actions["user_id"].to_numpy()
    assert (time[made.last] < time[made.label]).all()
    assert ((user[made.past] == user[made.label][:, None]) | ~made.mask).all()
    assert made.mask[:, 0].all()


def test_windows_equal_the_whiteboards(actions: pd.DataFrame) -> None:
    some = actions.head(400)
    rows = [
        (user, int(time), device, action)
        for user, time, device, action in some[
            ["user_id", "timestamp", "device", "action"]
        ].itertuples(index=False)
    ]
    made = visits.windows(some["user_id"], some["timestamp"], 1_000)
    twin = [
        ([rows[k][2:] for k in past[past >= 0]], rows[label][3])
        for past, label in zip(made.past, made.label, strict=True)
    ]
    mine = _answer("52.2")(rows, 1_000)
    assert sorted(map(repr, twin)) == sorted(map(repr, mine))


def test_windows_refuse_what_is_not_sorted() -> None:
    with pytest.raises(CourseError, match="sorted"):
        visits.windows(["a", "a"], [2, 1], 3)
    with pytest.raises(CourseError, match="sorted"):
        visits.windows(["a", "b", "a"], [1, 1, 2], 3)
    with pytest.raises(CourseError, match="1 step"):
        visits.windows(["a"], [1], 0)
    with pytest.raises(CourseError, match="a time for each"):
        visits.windows(["a"], [1, 2], 2)


def test_windows_of_nothing_and_of_one_moment() -> None:
    assert visits.windows([], [], 3).past.shape == (0, 3)
    assert len(visits.windows(["a", "a"], [5, 5], 3).label) == 0


def test_split_equals_the_whiteboards(actions: pd.DataFrame) -> None:
    made = visits.windows(actions["user_id"], actions["timestamp"], 2)
    user = actions["user_id"].to_numpy()[made.label]
    time = actions["timestamp"].to_numpy()[made.label]
    new = list(np.unique(user)[::5])
    cuts = (float(np.quantile(time, 0.6)), float(np.quantile(time, 0.8)))
    twin = visits.split_windows(user, time, *cuts, new)
    mine = _answer("52.7")(user.tolist(), time.tolist(), *cuts, new)
    assert {name: rows.tolist() for name, rows in twin.items()} == mine


def test_padding_equals_the_whiteboards() -> None:
    made = visits.windows(list("aaaab"), [1, 2, 3, 4, 1], 2)
    codes, mask = _answer("52.4")([[0], [0, 1], [0, 1, 2]], 2)
    np.testing.assert_array_equal(made.mask, mask.astype(bool))
    np.testing.assert_array_equal(np.where(made.mask, made.past, 0), codes)


def test_codes_equal_the_whiteboards() -> None:
    train, asked = ["b", "a", "ü", "b"], ["ü", "c", "a", "A"]
    assert features.Vocabulary(train).codes(asked).tolist() == _answer("52.6")(train, asked)
    assert len(features.Vocabulary(train)) == 5 and len(features.Vocabulary([])) == 2


def test_hours_equal_the_whiteboards() -> None:
    rows = np.array([[0.0, 5.0], [23.0, 7.0]])
    np.testing.assert_allclose(
        features.on_a_circle(rows[:, 0], 24), _answer("52.5")(rows, rows)[:, :2]
    )


def test_markov_equals_the_whiteboards() -> None:
    draw = np.random.default_rng(0)
    last, after = draw.integers(0, 4, (2, 50))
    np.testing.assert_allclose(
        features.markov_table(last, after, 5, 2.0), _answer("52.8")(last, after, 5, 2.0)
    )
    with pytest.raises(CourseError, match="transition"):
        features.markov_table([], [], 3)


def test_weights_are_undone() -> None:
    p, w = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]]), np.array([0.5, 2.0, 4.0])
    q = p * w / (p * w).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(features.without_weights(q, w), p)


def test_target_attention_equals_the_whiteboards() -> None:
    draw = np.random.default_rng(1)
    layer = attention.TargetAttention(5)
    c, e = (draw.normal(size=size).astype("float32") for size in [(2, 3, 4), (2, 6, 4)])
    mask = np.array([[1, 1, 1, 1, 0, 0], [1, 0, 0, 0, 0, 0]], dtype="float32")
    found = np.asarray(layer(c, e, mask))
    (w1, b1), (w2, b2) = layer.first.get_weights(), layer.second.get_weights()
    assert not b2.any()
    for n, k in np.ndindex(2, 3):
        mine = _answer("52.9")(c[n, k], e[n], mask[n], w1, b1, w2[:, 0])
        np.testing.assert_allclose(found[n, k], mine, atol=1e-5)


def test_target_attention_with_the_codes_softmax_is_a_mean() -> None:
    layer = attention.TargetAttention(3, normalised=True)
    e = np.ones((1, 4, 2), dtype="float32")
    mask = np.array([[1, 1, 0, 0]], dtype="float32")
    found = layer(np.zeros((1, 1, 2), dtype="float32"), e, mask)
    np.testing.assert_allclose(found, np.ones((1, 1, 2)), atol=1e-5)


def test_self_attention_equals_the_whiteboards() -> None:
    draw = np.random.default_rng(2)
    block = attention.CausalBlock(4)
    x = draw.normal(size=(1, 6, 4)).astype("float32")
    mask = np.array([[1, 1, 1, 1, 0, 0]], dtype="float32")
    found = np.asarray(block(x, mask))[0, :4]
    wq, wk, wv = (one.get_weights()[0] for one in (block.query, block.key, block.value))
    normal = np.asarray(block.before(x))[0]
    y = x[0] + _answer("52.10")(normal, mask[0], wq, wk, wv)
    y = y + np.asarray(block.outer(block.inner(block.between(y[None]))))[0]
    np.testing.assert_allclose(found, y[:4], atol=1e-5)


def _reads(name: str) -> Callable[[np.ndarray], np.ndarray]:
    """Logits after each step, or of each candidate, of one history."""
    if name == "DIN":
        din = sequences.Targeted(5, 6, 4, places=True)
        return lambda history: np.asarray(din([history, np.arange(1, 6)[None]]))
    model = sequences.Sequential(5, 6, 4, attention=name == "SASRec")
    return lambda history: np.asarray(model(history))


@pytest.mark.parametrize("name", ["LSTM", "SASRec"])
def test_the_future_cannot_change_the_past(name: str) -> None:
    read = _reads(name)
    one, other = np.array([[1, 2, 3, 4, 5, 1]]), np.array([[1, 2, 3, 5, 4, 2]])
    np.testing.assert_allclose(read(one)[:, :3], read(other)[:, :3], atol=1e-5)
    assert np.abs(read(one)[:, 3:] - read(other)[:, 3:]).max() > 1e-4


def test_din_without_steps_ago_knows_no_order() -> None:
    keras.utils.set_random_seed(0)
    bag, places = (sequences.Targeted(5, 6, 4, places=one) for one in (False, True))
    candidates = np.arange(1, 6)[None]
    one, other = np.array([[1, 2, 3, 4, 0, 0]]), np.array([[4, 3, 1, 2, 0, 0]])
    np.testing.assert_allclose(bag([one, candidates]), bag([other, candidates]), atol=1e-5)
    moved = np.abs(np.asarray(places([one, candidates])) - np.asarray(places([other, candidates])))
    assert moved.max() > 1e-5


def test_rows_and_windows_of_kinds_hold_each_target_once() -> None:
    kinds = [np.arange(10), np.arange(40) % 7]
    rows = sequences.rows_of(kinds, 12)
    assert rows.history[0].tolist() == [1, 2, 3, *[0] * 9]  # 4 of 10 purchases train
    assert rows.target[0].tolist()[:4] == [1, 2, 3, 0]
    assert rows.there.sum(axis=1).tolist() == [3, 12]
    train, valid, test = (sequences.windows_of(kinds, 12, p) for p in ("train", "valid", "test"))
    assert [len(y) for _, y in (train, valid, test)] == [3 + 12, 2 * 2, 2 * 4]
    assert train[0][2].tolist() == rows.history[0].tolist() and train[1].tolist()[:3] == [1, 2, 3]
    assert valid[1].tolist()[:2] == [4, 5] and test[1].tolist()[:4] == [6, 7, 8, 9]
    # Windows of the second customer are full, and end with the purchase before the target.
    for past, y in (train, valid, test):
        assert (past[-1] > 0).all() and past[-1, -1] % 7 == y[-1]
    assert sequences.last_steps(train[0]).tolist()[:3] == [0, 1, 2]
    with pytest.raises(CourseError, match="fewer than 8"):
        sequences.rows_of([np.arange(5)], 12)
    with pytest.raises(CourseError, match="fewer than 8"):
        sequences.windows_of([np.arange(5)], 12, "test")


def test_the_visible_limit_lies_between_the_truth_and_popularity(script: ModuleType) -> None:
    """Of what a reader of histories may know: more than the shares, less than the truth."""
    one = script.Kinds(3, 4.0, 60)
    test, y = one.test
    more = Shop(3, 360, script.PRODUCTS, momentum=4.0)
    p = limits.visible_limit(more, test, sequences.TEST, 300, script.HISTORY)
    np.testing.assert_allclose(p.sum(axis=1), 1)
    loss = script.of_kinds(p, y)["log loss"]
    _, trained = one.train
    rates = (np.bincount(trained, minlength=one.n) + 1.0) / (len(trained) + one.n)
    shares = script.of_kinds(np.tile(rates, (len(y), 1)), y)["log loss"]
    assert script.of_kinds(one.truth(), y)["log loss"] < loss < shares - 1


def test_the_visible_limit_refuses_what_does_not_fit() -> None:
    shop = Shop(3, 20, 100, momentum=4.0)
    history = np.array([[1, 2, 0], [1, 2, 3], [1, 0, 0]])
    with pytest.raises(CourseError, match="got 3 histories"):
        limits.visible_limit(shop, history, 2, 10, 3)
    with pytest.raises(CourseError, match="21 customers in the shop"):
        limits.visible_limit(shop, history[:2], 2, 21, 3)


def test_a_fit_begins_anew() -> None:
    """Other fits between leave no trace: weights, biases and the optimiser go back."""
    draw = np.random.default_rng(0)
    x = draw.normal(size=(64, 3)).astype("float32")
    y = (x[:, 0] > 0).astype(int)
    given = keras.Input((3,))
    model = keras.Model(given, keras.layers.Dense(2, activation="softmax")(given))
    model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")
    first = fitting.fit(model, (x, y), (x, y), 0, epochs=3)
    fitting.fit(model, (x, 1 - y), (x, 1 - y), 1, epochs=3)
    np.testing.assert_allclose(fitting.fit(model, (x, y), (x, y), 0, epochs=3), first, rtol=1e-4)
    assert first[-1] < first[0]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("next_action")


def test_a_small_version_is_recomputed(script: ModuleType) -> None:
    kept, again = script.STORED.load()["small"], script.small()
    assert list(again) == list(kept)
    np.testing.assert_allclose(list(again.values()), list(kept.values()), atol=0.01)


def test_todays_code_made_the_linear_models() -> None:
    plain = script_of("next_action_plain")
    kept = plain.STORED.load()
    for part in plain.PARTS:  # a penalty chosen at an end of the grid may be too weak or too strong
        chosen = set(kept[part]["chosen"].values())
        assert not chosen & {min(plain.PULLS), max(plain.PULLS)}, (part, chosen)
    history = np.array([[3, 1, 3, 0]])
    np.testing.assert_allclose(plain.bag(history, 3), np.log1p([[1, 0, 2]]), rtol=1e-6)
    np.testing.assert_allclose(
        plain.with_order(history, 3)[0, 3:], [0, 0, 1, 0.5, 0, 1.25], rtol=1e-6
    )


def test_todays_code_made_the_limits() -> None:
    more = script_of("next_action_limits")
    kept = more.STORED.load()
    histories = np.array([[3, 1, 2, 0], [2, 0, 0, 0]])
    assert more.before_last(histories).tolist() == [0, -1]
    assert [more.earlier(histories, back).tolist() for back in (1, 2)] == [[0, -1], [2, -1]]
    at_4 = [kept[f"kinds 4 {seed}"]["chosen"]["weight"] for seed in kept["seeds"]]
    assert np.median(at_4) not in (min(more.WEIGHTS), max(more.WEIGHTS))


def test_the_bag_above_three_tables_is_recomputed_and_its_penalty_lies_inside() -> None:
    plain, limits = script_of("next_action_plain"), script_of("next_action_limits")
    kept, tables = plain.STORED.load(), limits.STORED.load()
    for part in (f"{dial:g} {seed}" for dial in (0.01, 4.0) for seed in kept["seeds"]):
        pull = kept[f"stacked {part}"]["chosen"]["three tables and bag"]
        assert pull not in (min(plain.PULLS), max(plain.PULLS)), part
    again = plain.stacked(tables["three 4 11"]["chosen"], 11, 4.0)["three tables and bag"]
    wanted = kept["stacked 4 11"]["three tables and bag"]
    assert again["log loss"] == pytest.approx(wanted["log loss"], abs=0.003)


def test_the_twin_of_the_lstm_reads_the_last_step_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    contest = script_of("next_action_contest")
    one = contest.shown(contest.TUNING[0])
    seen: list[Any] = []
    monkeypatch.setattr(contest, "lstm", lambda shop, *setting: seen.append(shop))
    contest.lstm_last(one, 8, 0.0)
    (alone,) = seen
    assert (alone.codes[:, 0] == one.last).all() and not alone.codes[:, 1:].any()
    assert (alone.numbers[:, 0] == one.of_last).all() and not alone.numbers[:, 1:].any()
    assert one.codes[:, 1:].any() and (alone.y == one.y).all()
    both = contest.with_past(one).shape[1]
    parts = [way(one).shape[1] for way in (contest.with_counts, contest.with_before)]
    assert sum(parts) - contest.crossed(one).shape[1] == both


def test_columns_of_a_past_end_before_the_label() -> None:
    contest = script_of("next_action_contest")
    one = contest.shown(contest.TUNING[0])
    action, window = one.codes[:, :, 0], one.visit.window
    at = window.mask.sum(axis=1) - 1
    assert (one.counts.sum(axis=1) == window.mask.sum(axis=1)).all()
    assert (one.last[:, 0] == action[np.arange(len(at)), at]).all()
    row = int(np.flatnonzero(at == 1)[0])
    assert one.before[row].tolist() == [action[row, 0], 0]
    hot = one.hot(one.before[:, 0], one.before[:, 1])
    assert (hot[one.train].sum(axis=1) == 1).all() and hot.sum(axis=1).max() == 1


def test_the_contest_has_equal_trials_and_its_penalties_lie_inside() -> None:
    contest = script_of("next_action_contest")
    kept = contest.STORED.load()
    models = {name for name in contest.WAYS if name != "majority"}
    assert {len(kept["chosen"][name]["tried"]) for name in models} == {6}
    families = [(kept["chosen"], contest.PENALTIES)]
    families += [(kept["chosen, heads"][head], contest.WEAK) for head in contest.whole.HEADS]
    for chosen, grid in families:
        for name, found in chosen.items():
            # A penalty at an end may be too weak or too strong.
            if name.startswith("logistic") and name != "logistic, context alone":
                assert found["setting"] not in (grid[0], grid[-1]), name


@pytest.mark.parametrize("name", ["next_action_widths", "next_action_narrow"])
def test_todays_code_made_the_widths(name: str) -> None:
    more = script_of(name)
    kept = more.STORED.load()
    for part in more.PARTS:
        assert f"{kept[part]['chosen']}" in kept[part], part
