"""Evidence: the interval, the band, the verdict, and text that does not move."""

import math

import numpy as np
import pytest
from scipy import stats

from course_utils.errors import CourseError
from course_utils.evidence import EvidenceError, evidence
from course_utils.metrics import paired_interval

BASELINE = [0.700, 0.706, 0.697, 0.703, 0.699]
GAINS = [0.021, 0.017, 0.024, 0.019, 0.022]
METHOD = [b + g for b, g in zip(BASELINE, GAINS, strict=True)]


def run(method, baseline=BASELINE, recorded=None, **options):
    if recorded is None:
        recorded = paired_interval(np.subtract(method, baseline))
    return evidence("A beats B", method, baseline, recorded=recorded, **options)


def test_interval_is_the_paired_t_interval():
    want = stats.ttest_rel(METHOD, BASELINE).confidence_interval(0.95)
    assert paired_interval(GAINS) == pytest.approx((want.low, want.high))


def test_a_planted_effect_holds():
    assert run(METHOD).verdict == "holds"


@pytest.mark.parametrize("lean", [-0.001, 0.0, 0.001])
def test_zero_effect_is_not_separated_whichever_way_it_leans(lean):
    noise = [0.004, -0.003, 0.001, -0.004, 0.002]
    method = [b + e + lean for b, e in zip(BASELINE, noise, strict=True)]
    assert run(method).verdict == "not separated"


def test_a_loss_does_not_hold():
    assert run(BASELINE, METHOD).verdict == "does not hold"


def test_losses_gain_by_falling():
    low, high = paired_interval(GAINS)
    result = run(BASELINE, METHOD, recorded=(low, high), higher_is_better=False, unit="log loss")
    assert result.verdict == "holds"


@pytest.mark.parametrize("shift", [-0.05, -0.021, -0.005, 0.0, 0.01])
def test_the_baseline_in_the_methods_place_leaves_the_band(shift):
    """Whatever was recorded: a gain, a tie or a loss."""
    method = [m + shift for m in METHOD]
    recorded = paired_interval(np.subtract(method, BASELINE))
    run(method, recorded=recorded)
    with pytest.raises(EvidenceError, match="has left the recorded"):
        run(BASELINE, BASELINE, recorded=recorded)


@pytest.mark.parametrize("shift", [-0.05, 0.0, 0.01])
def test_method_and_baseline_exchanged_leave_the_band(shift):
    method = [m + shift for m in METHOD]
    recorded = paired_interval(np.subtract(method, BASELINE))
    with pytest.raises(EvidenceError, match="has left the recorded"):
        run(BASELINE, method, recorded=recorded)


@pytest.mark.parametrize("end", [0, 1])
def test_each_end_is_held_to_half_the_half_width(end):
    """Move one end of the recorded interval only, just inside the band and just outside."""
    live = list(paired_interval(GAINS))
    half = (live[1] - live[0]) / 2
    outwards = -1 if end == 0 else 1
    # An end moved by d widens the recorded half-width by d / 2, so the band is d = 2/3 half.
    for move, leaves in [(0.60 * half, False), (0.72 * half, True)]:
        recorded = list(live)
        recorded[end] += outwards * move
        if leaves:
            with pytest.raises(EvidenceError, match="changed"):
                run(METHOD, recorded=tuple(recorded))
        else:
            run(METHOD, recorded=tuple(recorded))


def test_text_is_made_of_recorded_numbers_only(capsys):
    recorded = (0.0172, 0.0240)
    result = run(METHOD, recorded=recorded)
    assert (result.low, result.high) == recorded != paired_interval(GAINS)
    first = capsys.readouterr().out
    run([m + 3e-4 * (-1) ** i for i, m in enumerate(METHOD)], recorded=recorded)
    assert capsys.readouterr().out == first
    assert first == (
        "Claim: A beats B (5 paired seeds)\n"
        "95 % interval of the gain in AUC: +0.017 to +0.024\n"
        "Smallest gain these seeds could have shown: +0.005 (power 80%)\n"
        "Verdict: holds\n\n"
    )


def test_smallest_gain_has_the_stated_power():
    """Simulate: a true gain of that size is found about 4 times out of 5."""
    n, sd = 5, 0.01
    half = stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n)
    smallest = run(METHOD, recorded=paired_interval(GAINS)).smallest
    live_half = np.ptp(paired_interval(GAINS)) / 2
    gain = smallest / live_half * half
    draws = np.random.default_rng(0).normal(gain, sd, size=(20_000, n))
    t = draws.mean(axis=1) / (draws.std(axis=1, ddof=1) / math.sqrt(n))
    assert 0.74 < np.mean(t > stats.t.ppf(0.975, n - 1)) < 0.86


def test_nothing_recorded_says_what_to_paste():
    with pytest.raises(EvidenceError, match=r"paste recorded=\(0\.01\d+, 0\.02\d+\)") as caught:
        evidence("A beats B", METHOD, BASELINE, recorded=None)
    pasted = eval(str(caught.value).split("recorded=")[1].rstrip("."))
    run(METHOD, recorded=pasted)


def test_evidence_error_is_an_assertion_and_a_course_error():
    assert issubclass(EvidenceError, AssertionError)
    assert issubclass(EvidenceError, CourseError)


@pytest.mark.parametrize(
    ("method", "baseline", "recorded", "says"),
    [
        (METHOD, BASELINE[:4], (0.0, 1.0), "paired"),
        (METHOD[:2], BASELINE[:2], (0.0, 1.0), "3 seeds"),
        ([*METHOD[:4], math.nan], BASELINE, (0.0, 1.0), "finite"),
        (METHOD, BASELINE, (0.1, 0.1), "low < high"),
        (METHOD, BASELINE, (0.2, 0.1), "low < high"),
    ],
)
def test_bad_input_is_one_clear_sentence(method, baseline, recorded, says):
    with pytest.raises(CourseError, match=says):
        evidence("A beats B", method, baseline, recorded=recorded)
