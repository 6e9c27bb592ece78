"""The reasons of docs/when: made by today's code, one recomputed, quoted as they were measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scripts import script_of

from course_utils import paths
from course_utils.comparison.store import Store
from course_utils.evidence import span_text, word_for
from course_utils.metrics import paired_interval

HEADS = "Shared-Bottom, head per scenario"
WITHOUT = "the same without cross layers"

QUOTED = (
    ("mmoe_values", "twenty values", "MMoE per task"),
    ("mmoe_values", "twenty values", "Shared-Bottom"),
    ("aitm_multiplied", "drift 1", "Shared-Bottom"),
    ("aitm_multiplied", "one epoch", "AITM, each step of its best epoch"),
    ("mmoe_values", "twenty values", "DCN per task"),
    ("pepnet_gates", "three markets turned", "PEPNet, free gates"),
    ("pepnet_gates", "three markets turned", "PEPNet, free gates, rate 0.003"),
    ("pepnet_gates", "none turned", "PEPNet, free gates"),
    ("pepnet_crosses", "6 markets", WITHOUT),
    ("star_crosses", "12 markets", WITHOUT),
    ("m3oe_tastes", "9,000 rows", "Shared-Bottom"),
    ("scale_weights", "units of spread 4", "GradNorm without units"),
    ("scale_weights", "no units", "equal weights without units"),
    ("scale_weights", "last weights", "GradNorm"),
    ("scale_weights", "last weights", "equal weights without units"),
    ("scale_weights", "the way again", "GradNorm"),
    ("scale_weights", "the way again", "GradNorm without units"),
    ("scale_weights", "the way again", "equal weights without units"),
    ("m2m_heads", "8 markets", HEADS),
    ("m2m_heads", "32 markets", HEADS),
)
"""Probe, what is compared, and the rival whose interval docs/when/FAMILY.md gives."""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("when_reasons")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    return script.load()


def judged(kept: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that has a verdict, by probe."""
    for name, one in kept.items():
        for found in one["found"].values():
            if "method" in found:
                yield name, found


def test_times_follow_from_the_seconds(kept: dict[str, Any]) -> None:
    timed = [found for one in kept.values() for found in one["found"].values() if "times" in found]
    assert timed
    for found in timed:
        first, second = (np.array(one) for one in found["CPU seconds"].values())
        assert round(float(np.median(first / second)), 1) == found["times"]


def test_todays_code_made_them(script: ModuleType, kept: dict[str, Any]) -> None:
    assert list(kept) == list(script.PROBES)
    assert not script.missing(kept), "run python benchmarks/when_reasons.py"
    for name, probe in script.PROBES.items():
        assert (kept[name]["question"], kept[name]["family"]) == (probe.question, probe.family)


def test_intervals_and_words_follow_from_the_runs(script: ModuleType, kept: dict[str, Any]) -> None:
    for name, found in judged(kept):
        assert found["seeds"] == list(script.SEEDS), name
        each = {one: np.array(runs) for one, runs in found["each"].items()}
        for one, runs in each.items():
            assert abs(runs.mean() - found["means"][one]) < 2e-5, (name, one)
        for rival, span in found["spans"].items():
            low, high = paired_interval((each[found["method"]] - each[rival]).tolist())
            np.testing.assert_allclose(span, (low, high), atol=5e-5, err_msg=f"{name}, {rival}")
            assert found["words"][rival] == word_for(*span), (name, rival)


def test_one_probe_is_recomputed(script: ModuleType, kept: dict[str, Any]) -> None:
    """The first three seeds, which a verdict needs, of networks and of a logistic regression."""
    name, words = "direction_room", "room for more"
    want = kept[name]["found"][words]
    again = script.PROBES[name].measure(script.SEEDS[:3], Store(None))[words]
    assert list(again["each"]) == list(want["each"])
    for one, runs in again["each"].items():
        np.testing.assert_allclose(runs, want["each"][one][:3], atol=0.002, err_msg=one)


def test_the_files_quote_what_was_measured(script: ModuleType, kept: dict[str, Any]) -> None:
    for name, words, rival in QUOTED:
        file = paths.ROOT / "docs" / "when" / f"{script.PROBES[name].family}.md"
        text = " ".join(file.read_text(encoding="utf-8").split())
        quote = short(*kept[name]["found"][words]["spans"][rival])
        assert quote in text, f"{file.name} does not say {quote} ({name}: {words}, {rival})"


def short(low: float, high: float) -> str:
    """As the files write it: ``+.012``, and more decimals where an end would be rounded to zero."""
    return re.sub(r"\b0\.", ".", span_text(low, high))
