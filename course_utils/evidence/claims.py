"""A claim is an experiment over seeds, an interval and a verdict.

The text that ``evidence`` prints holds recorded numbers only, so it is the same on every
CPU; that the numbers of this run agree with them is asserted, not printed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats

from course_utils.errors import CourseError
from course_utils.metrics.intervals import CONFIDENCE, paired_interval

POWER = 0.80


class EvidenceError(CourseError, AssertionError):
    """The experiment does not support what is recorded."""


@dataclass(frozen=True)
class Evidence:
    """What an experiment over paired seeds has shown.

    Attributes:
        claim: the sentence under test.
        low, high: the recorded 95 % interval of the mean gain, in ``unit``.
        smallest: the smallest true gain that these pairs would find 4 times out of 5.
        verdict: ``holds``, ``does not hold`` or ``not separated``.
        n_pairs: how many pairs, of what: ``pairs``.
    """

    claim: str
    low: float
    high: float
    smallest: float
    verdict: str
    n_pairs: int
    pairs: str
    unit: str
    digits: int

    def __str__(self) -> str:
        def say(value: float) -> str:
            return f"{value:+z.{self.digits}f}"

        return (
            f"Claim: {self.claim} ({self.n_pairs} paired {self.pairs})\n"
            f"95 % interval of the gain in {self.unit}: {say(self.low)} to {say(self.high)}\n"
            f"Smallest gain these {self.pairs} could have shown: {say(self.smallest)} "
            f"(power {POWER:.0%})\n"
            f"Verdict: {self.verdict}"
        )


def evidence(
    claim: str,
    method: Sequence[float],
    baseline: Sequence[float],
    *,
    recorded: tuple[float, float] | None,
    digits: int = 3,
    higher_is_better: bool = True,
    unit: str = "AUC",
    pairs: str = "seeds",
) -> Evidence:
    """Hold a claim against paired results over seeds, and print the recorded verdict.

    Each end of the live interval must lie within half the recorded half-width h of the
    recorded end. So the baseline in the method's place always leaves the band: its gains
    are all 0, both its ends are 0, and no point is within h/2 of two ends that lie 2h apart.
    Method and baseline exchanged leave it too, unless the recorded mean gain is within h/4
    of 0; such a claim is "not separated" anyway.

    Args:
        claim: one sentence that can be true or false.
        method: the metric of the method, one value per seed.
        baseline: the same for the baseline, in the same order of seeds.
        recorded: the interval found before; None to be told what to paste.
        digits: decimals of the text.
        higher_is_better: False for losses and errors; a gain is then a fall.
        unit: the metric's name in the text.
        pairs: what the results are paired over, in the text.

    Returns:
        What was printed, as data.

    Raises:
        EvidenceError: if nothing is recorded, or the live interval has left the band.
        CourseError: if the two are not the same length, fewer than 3, or not finite.
    """
    gains = _gains(method, baseline, higher_is_better)
    low, high = paired_interval(gains)
    if recorded is None:
        # Two digits more than the text, so that the band does not hang on the rounding.
        pasted = f"({low:z.{digits + 2}f}, {high:z.{digits + 2}f})"
        raise EvidenceError(f"Nothing is recorded for {claim!r}: paste recorded={pasted}.")
    if not recorded[0] < recorded[1]:
        raise CourseError(f"recorded must be (low, high) with low < high, got {recorded}.")
    half = (recorded[1] - recorded[0]) / 2
    shifts = abs(low - recorded[0]), abs(high - recorded[1])
    if max(shifts) > half / 2:
        raise EvidenceError(
            f"The live interval [{low:.{digits + 2}f}, {high:.{digits + 2}f}] has left the "
            f"recorded [{recorded[0]}, {recorded[1]}]: the data, the code or the seeds changed; "
            "find out which before you record anew."
        )
    t_confidence, t_power = stats.t.ppf([0.5 + CONFIDENCE / 2, POWER], len(gains) - 1)
    result = Evidence(
        claim=claim,
        low=recorded[0],
        high=recorded[1],
        smallest=half * float(1 + t_power / t_confidence),
        verdict=verdict(*recorded),
        n_pairs=len(gains),
        pairs=pairs,
        unit=unit,
        digits=digits,
    )
    print(f"{result}\n")
    return result


def verdict(low: float, high: float) -> str:
    """What an interval of the gain says."""
    if low > 0:
        return "holds"
    if high < 0:
        return "does not hold"
    return "not separated"


def _gains(
    method: Sequence[float], baseline: Sequence[float], higher_is_better: bool
) -> list[float]:
    if len(method) != len(baseline):
        raise CourseError(
            f"Seeds must be paired: the method has {len(method)} results, the baseline "
            f"{len(baseline)}."
        )
    if len(method) < 3:
        raise CourseError(f"An interval needs 3 seeds or more, got {len(method)}.")
    sign = 1.0 if higher_is_better else -1.0
    gains = [sign * (float(m) - float(b)) for m, b in zip(method, baseline, strict=True)]
    if not all(map(math.isfinite, gains)):
        raise CourseError("Results must be finite numbers; some are nan or infinite.")
    return gains
