"""What the small language model said of the shop: made by today's code, computed again.

The answers are stored, so that the numbers come again without the model; where they need real
reviews or vectors, only with these in the cache.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from cached import needs
from scripts import script_of, stored_by
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from course_utils import paths

NAMES = ("judge", "labels", "titles", "injection", "retrieval")


def test_kappa_and_auc_are_the_librarys() -> None:
    script, rng = script_of("generator_intervals"), np.random.default_rng(0)
    for _ in range(20):
        a, b = rng.random((2, 30)) < rng.random((2, 1))
        if a.std() and b.std():
            assert script.kappa(a, b) == pytest.approx(cohen_kappa_score(a, b))
            ties = rng.integers(5, size=30)
            assert script.auc(a, ties) == pytest.approx(roc_auc_score(a, ties))
    assert script.kappa(np.ones(4), np.ones(4)) == 0.0
    assert np.isnan(script.auc(np.ones(4), np.arange(4)))


def test_intervals_hold_what_they_say() -> None:
    """Wilson's ends solve the equation of lesson 13; about 95 of 100 intervals hold the truth."""
    script, rng = script_of("generator_intervals"), np.random.default_rng(0)
    z, (hits, n) = 1.959964, (9, 10)
    share, low, high, of = script.share([True] * hits + [False])
    assert (share, of) == (0.9, 10) and script.share([]) == []
    for end in (low, high):
        assert abs(share - end) == pytest.approx(z * np.sqrt(end * (1 - end) / n), abs=1e-3)
    held = 0
    for _ in range(100):
        _, low, high = script.mean(rng.normal(0.3, 1.0, 60))
        held += low <= 0.3 <= high
    assert 88 <= held <= 99
    # Two judges on the same rows: a paired difference is narrower than two intervals.
    one = rng.random(200) < 0.5
    other = one ^ (rng.random(200) < 0.05)
    paired = script.mean(one.astype(float) - other)
    assert paired[2] - paired[1] < script.share(one)[2] - script.share(one)[1]


def test_the_judge_is_computed_again() -> None:
    needs("MINILM")
    script = script_of("generator_judge")
    kept = script.STORED.load()
    assert script.two_at_once() == kept["two at once"]
    assert script.one_by_one() == kept["one by one"]
    searches = {*script.cases()["query"]}
    assert not searches & {*script.cases(script.SEARCHES, script.LEARNT)["query"]}


def test_a_place_is_all_that_the_pairwise_judge_sees() -> None:
    script = script_of("generator_judge")
    table = script.cases()
    for names in script.NAMES:
        s = script.log_odds(script.pairs(table, names, False))
        first = s > 0
        good = np.stack([first[:, 0], ~first[:, 1]], axis=1)
        changed = float(np.mean(good[:, 0] != good[:, 1]))
        kept = script.STORED.load()["two at once"][" or ".join(names).upper()]
        assert kept["verdicts that change"][0] == round(changed, 4)


def test_what_is_read_out_of_titles_is_computed_again() -> None:
    script = script_of("generator_titles")
    kept = script.STORED.load()
    assert script.of_titles() == kept["titles"]
    assert script.of_searches() == kept["searches"]


def test_invalid_answers_are_right_in_nothing() -> None:
    script = script_of("generator_titles")
    table = script.titles()[:3]
    said = [script.Answer(text, True, 1, 1, 0.0) for text in ("{", '{"colour": "red"}', "[]")]
    found = script.graded(table, said)
    assert found["valid"][0] == found["colour right"][0] == found["department right"][0] == 0.0
    assert found["colour invented"] == []
    assert script.named("Brand 01 black tea", "black tea") == script.NONE
    assert script.named("Red black tea", "black tea") == "red"


def test_a_schema_over_ids_cannot_be_left() -> None:
    """By construction; what is left to measure is which of them are right."""
    script = script_of("generator_retrieval")
    table, kept = script.searches(), script.STORED.load()
    assert kept["ways"]["list and schema"]["not in the list"] == 0.0
    needs("MINILM")
    lists = script.retrieved(table["text"])
    for row, one in zip(lists, script.asked(False)["list and schema"], strict=True):
        assert {*script.named(one.text)} <= {*row}
        # A schema allows blanks without end: only an answer that ended by itself is valid JSON.
        if one.whole:
            assert len(json.loads(one.text)) == script.NAMED
        else:
            with pytest.raises(ValueError, match=r"delimiter|value"):
                json.loads(one.text)
    cut = np.mean([not one.whole for one in script.asked(False)["list and schema"]])
    assert kept["ways"]["list and schema"]["cut off"] == pytest.approx(cut, abs=1e-4)
    assert script.ways() == kept["ways"] and script.freshness() == kept["freshness"]


def test_only_a_list_of_numbers_is_read() -> None:
    """A brand's number, a sentence or a JSON object names no product."""
    script = script_of("generator_retrieval")
    assert script.read("[12, 31]") == ["12", "31"]
    for text in ("Brand 13 lamp", "13", '{"id": 13}', "[true]", '["13"]', "[12, 31", "[1.0]"):
        assert script.read(text) == []
    row = np.array(["7", "8", "9", "1"])
    assert script.served(["9", "9", "5"], row) == ["9", "7", "8"]


def test_the_models_labels_and_their_errors_are_computed_again() -> None:
    needs("clothing_reviews")
    script = script_of("generator_labels")
    kept = script.STORED.load()
    assert script.prompts() == kept["prompts"] and script.teacher() == kept["teacher"]
    labelled, tested = script.reviews()
    assert not {*labelled["product"]} & {*tested["product"]}
    assert labelled["positive"].mean() == tested["positive"].mean() == 0.5


def test_a_student_is_trained_again() -> None:
    needs("clothing_reviews", "MINILM")
    script = script_of("generator_labels")
    labelled, tested = script.reviews()
    truth, goal = labelled["positive"].to_numpy(), tested["positive"].to_numpy()
    parts = script.parts(truth)
    assert sorted(np.concatenate(parts)) == [*range(len(truth))]  # no review in two
    rows = script._with_both(parts[0], truth, 40)
    for name, (x, test) in script.features(labelled, tested).items():
        accuracy, auc = script._graded(x[rows], truth[rows], test, goal)
        kept: dict[str, Any] = script.STORED.load()["students"][name]["people, 40"]
        assert (kept["accuracy"][0], kept["auc"][0]) == pytest.approx((accuracy, auc), abs=0.02)


def test_a_guard_changes_nothing_but_what_it_says() -> None:
    """Each guard has the text and the question once before it, the sandwich once more behind."""
    script, text = script_of("generator_injection"), "Too small."
    for name, guard in script.GUARDS.items():
        said = guard(text)
        whole = said if isinstance(said, str) else " ".join(one["content"] for one in said)
        assert whole.count(text) == 1
        assert whole.count(script.ASKED) == (2 if name == "sandwich" else 1)
        assert (whole.rfind(script.ASKED) > whole.find(text)) == (name == "sandwich")


def test_what_attacks_turn_is_computed_again() -> None:
    needs("clothing_reviews")
    script = script_of("generator_injection")
    kept = script.STORED.load()
    assert script.verdicts() == kept["verdicts"] and script.filters() == kept["filters"]
    # A guard is compared on the reviews that both have right before: what it has wrong before any
    # attack is nothing saved.
    guard, none = kept["verdicts"]["sandwich"], kept["verdicts"]["none"]
    both = guard["right before, both"]
    assert both <= min(guard["right before an attack"], none["right before an attack"])
    ours, theirs = (guard[f"turned{one}, of both"]["order"] for one in ("", " without it"))
    assert ours[3] == theirs[3] == both
    assert guard["turned, over none"]["order"][0] == pytest.approx(ours[0] - theirs[0], abs=1e-3)
    learnt = script.labels.LABELLED - script.REVIEWS
    assert kept["linear"]["learnt from"] == learnt  # not from the attacked ones
    needs("MINILM")
    assert script.linear() == kept["linear"]


def test_no_stored_answer_holds_a_review() -> None:
    """The reviews may not be redistributed: of them only probabilities are stored."""
    for name in ("labels",):
        text = (paths.RESULTS / "generated" / f"{name}.json").read_text("utf-8")
        values = json.loads(text)["answers"].values()
        assert all(isinstance(number, float) for one in values for number in one)


def test_e19() -> None:
    """The article names no cost; here each answer has one, and what is invented is counted."""
    for name in ("titles", "retrieval"):
        found = stored_by(f"generator_{name}")
        ways = found["titles"] if name == "titles" else found["ways"]
        for way, one in ways.items():
            if "three" in way:
                continue
            assert one["seconds"] > 0.1 and one["tokens read"] > 20, way
    ways = stored_by("generator_retrieval")["ways"]
    assert ways["list"]["not in the list"] > 0 and ways["list"]["a list of numbers"] < 8
