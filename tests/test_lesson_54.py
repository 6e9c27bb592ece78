"""Lesson 54: every card runs, its test tells broken from fixed, no silent erratum is missing."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections import Counter
from typing import Any

import numpy as np
import pytest

from checks.l54 import t1_looks as looks
from checks.l54.t3_pool import RIGHT as POOLS
from checks.l54.t4_encoders import RIGHT as LETTERS
from course_utils import paths
from course_utils.bugs import CARDS, LONGEST, Card, card, run
from course_utils.bugs.encoders import ENCODERS
from course_utils.desk import glossary
from course_utils.errors import CourseError
from course_utils.exercises import task
from course_utils.exercises.asking import Rejected
from course_utils.notebook.cards import back, front

ERRATA = tomllib.loads((paths.ROOT / "docs" / "errata.toml").read_text(encoding="utf-8"))
SILENT = {name for name, one in ERRATA.items() if one.get("kind") == "silent"}
BOTH = {name for name, one in ERRATA.items() if one.get("kind") == "both"}
NAMES = [one.name for one in CARDS]
LESSON = (paths.SOLUTIONS / "54_spot_the_bug.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("one", CARDS, ids=NAMES)
def test_a_card_runs_and_its_test_sees_the_bug(one: Card) -> None:
    """Fails on the broken code, passes on the fixed; ``run`` raises if not."""
    found = run(one)
    assert found.symptom and found.symptom != found.gone
    assert re.fullmatch(r"AssertionError: .+", found.caught)
    assert run(one) == found, "a card prints the same each time"


@pytest.mark.parametrize("one", CARDS, ids=NAMES)
def test_a_card_with_its_sides_turned_is_refused(one: Card) -> None:
    """The fix in the bug's place is noticed, and the bug in the place of the fix."""
    with pytest.raises(CourseError, match="passes on the broken code"):
        run(dataclasses.replace(one, code=one.fix))
    with pytest.raises(CourseError, match="fails on the fixed code"):
        run(dataclasses.replace(one, fix=one.code))


def _instead(name: str, old: str, new: str, of: str = "fix") -> tuple[str, str]:
    """A card's fix, or its code, with other words in it."""
    code = getattr(next(one for one in CARDS if one.name == name), of)
    assert old in code
    return name, code.replace(old, new)


WRONG_FIXES = [
    ("nothing", "def judge(y, p):\n    return ((p >= 0.5) & y).sum() / y.sum()\n"),
    (
        "one-output",
        "def predict(last, action):\n    return last * 0 + np.bincount(action).argmax()\n",
    ),
    _instead("short-list", "min(len(relevant), k)", "k"),
    _instead("short-list", "sum(gain) / sum(ideal)", "sum(gain)"),
    _instead("map", "min(k, len(relevant))", "max(hits, 1)"),
    _instead("map", "min(k, len(relevant))", "k"),
    (
        "ties",
        "def hit(x, k=10):\n    above, equal = (x > x[0]).sum(), (x == x[0]).sum()\n"
        "    return float(above < k) * min(1, k / equal)\n",
    ),
    ("top-n", "def recommend(algo, customer, n):\n    return algo.predict(customer, str(n))[:n]\n"),
    _instead("top-n", ", reverse=True", ""),
    _instead("reader", "min(found) < scale[0] or ", ""),
    _instead("read-padding", "if real else h", "if x.any() else h"),
    _instead("length", "np.arange(len(past)) < length", "np.ones(len(past))"),
    ("only-ones", "def fit(bought):\n    return np.tile(bought.mean(axis=0), (len(bought), 1))\n"),
    ("only-ones", "def fit(bought):\n    return bought * 1.0\n"),
    _instead("no-seed", "default_rng(seed)", "default_rng(0)"),
    _instead("one-target", "(speed / speed.mean())", "speed"),
    _instead("constant-balance", "(load * mean)", "(load * load)"),
    _instead("twins", "default_rng(seed)", "default_rng(seed + (_ > 0))", "code"),
    ("regrouped", "def predict(x, scenario, towers):\n    return x @ towers[0]\n"),
    _instead("frozen", "tf.stop_gradient(about)", "about", "code"),
    _instead("frozen", "tf.stop_gradient(about)", "about"),
    _instead(
        "dead-dial",
        "[Codebook(commitment) for _ in range(levels)]",
        "[Codebook(commitment)] * levels",
    ),
]
"""Other wrong code that a first edition of the card's test let pass."""
FORMER_FIXES = [
    _instead(
        "owned", "free[np.argsort(-scores[free])]", "np.argsort(-np.where(owned, -9, scores))"
    ),
    _instead("unknown-customer", ", algo.trainset.to_inner_iid(product)", ""),
    _instead("no-spaces", "[^\\s\\u4e00-\\u9fff]+", "[^\\s]"),
    _instead("length", "max(weight.sum(), 1e-9)", "weight.sum()"),
    _instead("false-negatives", "[*owned, bought]", "list(owned)"),
]
"""Fixes of a first edition that were wrong for another legal input."""


@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
@pytest.mark.parametrize(("name", "code"), [*WRONG_FIXES, *FORMER_FIXES])
def test_another_wrong_fix_is_caught_too(name: str, code: str) -> None:
    """``run`` raises if the card's test passes on it."""
    one = next(one for one in CARDS if one.name == name)
    assert run(dataclasses.replace(one, code=code)).caught


def test_the_lesson_says_how_many_tests_have_grown() -> None:
    grown = len({name for name, _ in WRONG_FIXES})
    assert f"accepted one; {grown} of them have grown since" in LESSON


def test_other_legal_inputs_of_the_fixes() -> None:
    """What nobody planted: constant columns, large losses, the caller's own weights."""
    scope: dict[str, Any] = {"np": np}
    for name in ("batch-mean", "clamped", "best-weights"):
        exec(next(one.fix for one in CARDS if one.name == name), scope)
    mean = np.array([1.0, 2.0, 3.0])
    assert np.isfinite(scope["serve"](mean[None], mean, np.zeros(3))).all()
    losses = np.array([0.1, 1000.0, 0.001])
    assert np.allclose(scope["learn"](losses), 1 / (2 * losses), rtol=0.01)
    start = np.zeros(1)
    scope["fit"](start, lambda w: w - 2, lambda w: float(w[0] ** 2))
    assert start == 0


def test_the_best_cut_of_f1_is_half_the_best_f1() -> None:
    """As card 3 says of calibrated probabilities."""
    draw = np.random.default_rng(0)
    p = draw.beta(1, 8, size=200_000)
    y = draw.random(len(p)) < p
    cuts = np.linspace(0.1, 0.3, 81)
    scores = [2 * (y & (p >= cut)).sum() / (y.sum() + (p >= cut).sum()) for cut in cuts]
    assert np.isclose(cuts[np.argmax(scores)], max(scores) / 2, atol=0.02)


def test_who_checks_the_steps() -> None:
    """As card 19 says: a network in a row never, a functional one when it is called."""
    from course_utils.backend import keras

    given, three, ten = keras.Input((10, 5)), np.ones((1, 3, 5)), np.ones((1, 10, 5))
    layers = [keras.layers.LSTM(4), keras.layers.Dense(1)]
    functional = keras.Model(given, layers[1](layers[0](given)))
    with pytest.raises(ValueError, match="incompatible"):
        functional(three)
    functional.predict(ten, verbose=0)
    assert functional.predict(three, verbose=0).shape == (1, 1)
    assert keras.Sequential([keras.Input((10, 5)), *layers])(three).shape == (1, 1)


def test_the_wrong_sign_leaves_five_experts_with_work() -> None:
    """As card 40 says: 11 of 16 are idle."""
    found = run(next(one for one in CARDS if one.name == "bias-sign"))
    assert "11 are idle" in found.symptom


def test_right_answers_of_the_graded_test_are_right() -> None:
    """A check is held only against answers that task 54.3 itself accepts."""
    for answer in POOLS.values():
        assert task("54.3").check(answer).status == "correct"


def test_each_silent_erratum_stands_on_one_card() -> None:
    """31 of them, and the two that are silent or crash, as the data are."""
    assert len(SILENT) == 31
    named = Counter(name for one in CARDS for name in one.errata)
    assert set(named) == SILENT | BOTH
    assert set(named.values()) == {1}


def test_fifteen_cards_of_published_code_each_with_its_link() -> None:
    peers = [one for one in CARDS if one.peers and not one.errata]
    assert len(peers) >= 15
    for one in CARDS:
        for peer in one.peers:
            assert re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+(/[\w./-]+)?", peer.url)
            assert peer.what.endswith(".") and peer.date
            issue = re.search(r"/(?:issues|pull)/(\d+)$", peer.url)
            if issue and "#" in peer.name:
                assert f"#{issue.group(1)}" in peer.name, peer.name
    new = [peer for one in peers for peer in one.peers if re.match(r"202[56]-", peer.date)]
    assert len({peer.name for peer in new}) >= 8
    linked = [one for one in CARDS if one.peers]
    stood = [one for one in linked if any(peer.stood for peer in one.peers)]
    assert f"{len(linked)} cards with links. In {len(stood)} the defect stood" in LESSON
    for one in linked:
        if one not in stood:
            assert f"card {CARDS.index(one) + 1} is" in LESSON


def test_cards_are_short_and_say_something() -> None:
    assert len({*NAMES}) == len(NAMES)
    for one in CARDS:
        assert len(one.code.strip().splitlines()) <= LONGEST, one.name
        assert one.errata or one.peers, one.name
        assert one.question.endswith("?") or "?" in one.question, one.name
        for text in (one.title, one.question, one.cause, *(peer.what for peer in one.peers)):
            assert text.strip() == text and "  " not in text, one.name
            assert not glossary.hits(text), (one.name, glossary.hits(text))


def test_the_lesson_shows_every_card_once_front_before_back() -> None:
    for side in ("front", "back"):
        calls = re.findall(rf"^{side}\(([^)]*)\)$", LESSON, re.MULTILINE)
        shown = [int(one) for call in calls for one in re.findall(r"\d+", call)]
        assert shown == list(range(1, len(CARDS) + 1))
    for one in CARDS:
        for name in one.errata:
            assert f"**{name}**" in LESSON


def test_front_tells_no_answer_and_back_tells_all(capsys: pytest.CaptureFixture[str]) -> None:
    which = NAMES.index("log-q") + 1
    one = card(which)
    front(which)
    shown = capsys.readouterr().out
    assert f"Card {which} · " in shown and one.question in shown
    assert "scores - np.log(q)" not in shown and "TensorFlow Recommenders" not in shown
    back(which)
    shown = capsys.readouterr().out
    assert "scores - np.log(q)" in shown and "On the broken code: AssertionError" in shown
    assert "https://github.com/tensorflow/recommenders/issues/219" in shown


def test_no_such_card() -> None:
    for which in (0, len(CARDS) + 1):
        with pytest.raises(CourseError, match=f"no card {which}"):
            card(which)


def _looks(encode: object) -> str:
    """The letter that four looks from outside give an encoder."""
    assert callable(encode)
    draw = np.random.default_rng(1)
    x, real = draw.normal(size=(6, 5, 3)), np.ones((6, 5), bool)
    states = encode(x, real)
    last, first = x.copy(), x.copy()
    last[:, -1] += 1
    first[:, 0] += 1
    longer = encode(np.pad(x, [(0, 0), (2, 0), (0, 0)]), np.pad(real, [(0, 0), (2, 0)]))
    if not np.allclose(encode(x[:1], real[:1]), states[:1]):
        return "B"
    if not np.allclose(encode(last, real)[:, :-1], states[:, :-1]):
        return "F"
    if not np.allclose(longer[:, 2:], states):
        return "P"
    if np.allclose(encode(first, real)[:, 1:], states[:, 1:]):
        return "N"
    return "R"


@pytest.mark.parametrize("which", ENCODERS)
def test_four_looks_tell_the_encoders_apart(which: int) -> None:
    assert _looks(ENCODERS[which]) == LETTERS[which]


def test_answers_of_the_lesson_are_found_by_the_looks() -> None:
    """What task 54.4 says is what the code in front of it finds."""
    assert {which: _looks(one) for which, one in ENCODERS.items()} == LETTERS


def test_two_symptoms_have_other_looks_and_the_others_one() -> None:
    """A table beside 99 of 100 finds the leak too, and so does the next action, changed alone;
    candidates in another order find the ties."""
    taken = {
        (number, letter)
        for number in looks.SENTENCES
        for letter in looks.LETTERS
        if _accepted({**looks.RIGHT, number: letter})
    }
    assert taken - set(looks.RIGHT.items()) == {(3, "R"), (3, "C"), (9, "I")}


def _accepted(answer: dict[int, str]) -> bool:
    try:
        looks.check_looks(answer)
    except Rejected:
        return False
    return True


def test_the_fix_of_the_ties_is_the_mean_over_all_orders() -> None:
    """Equal scores: the hit rate is that of every order of the equals, at any cut."""
    scope: dict[str, Any] = {"np": np}
    exec(next(one.fix for one in CARDS if one.name == "ties"), scope)
    for above, equal, below in ((0, 3, 2), (1, 4, 0), (2, 1, 2), (3, 2, 0)):
        scores = np.repeat([1.0, 2.0, 0.0], [equal, above, below])
        for k in range(1, len(scores) + 1):
            expected = np.mean([above + place <= k for place in range(1, equal + 1)])
            assert np.isclose(scope["hit"](scores, k), expected)
