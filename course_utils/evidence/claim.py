"""One claim: held against its paired results and against what is recorded."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from scipy import stats

from course_utils.errors import CourseError
from course_utils.evidence import record, versions
from course_utils.evidence.record import agrees
from course_utils.metrics.intervals import CONFIDENCE, paired_interval

POWER = 0.80

Word = Literal["better", "worse", "no difference shown"]

_ID = re.compile(r"(\d\d)\.[a-z0-9]+(-[a-z0-9]+)*")
_NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class EvidenceError(CourseError, AssertionError):
    """The experiment does not support what is recorded."""


@dataclass(frozen=True)
class Claim:
    """A comparison of a method with a baseline over paired results.

    Attributes:
        id: lesson and name, ``"20.purchase"``.
        text: the claim, a sentence that says what is better than what.
        low, high: the 95 % interval of the mean difference, method minus baseline, in ``unit``.
        n: how many pairs, of what: ``pairs``.
        higher_is_better: False for errors and losses.
    """

    id: str
    text: str
    low: float
    high: float
    n: int
    pairs: str = "seeds"
    unit: str = "AUC"
    higher_is_better: bool = True

    @property
    def word(self) -> Word:
        """What the interval says of the method."""
        return word_for(self.low, self.high, self.higher_is_better)

    @property
    def p_value(self) -> float:
        """Of the two-sided paired t-test that the interval belongs to."""
        half = (self.high - self.low) / 2
        if half == 0:  # the same difference in each pair
            return float(self.low == 0)
        error = half / stats.t.ppf(0.5 + CONFIDENCE / 2, self.n - 1)
        return float(2 * stats.t.sf(abs(self.low + self.high) / 2 / error, self.n - 1))

    @property
    def smallest(self) -> float:
        """The smallest true difference that so many pairs would find four times in five."""
        t_confidence, t_power = stats.t.ppf([0.5 + CONFIDENCE / 2, POWER], self.n - 1)
        return float((self.high - self.low) / 2 * (1 + t_power / t_confidence))

    @property
    def span(self) -> str:
        """The interval as text, with its unit."""
        return f"{span_text(self.low, self.high)} {self.unit}"

    @property
    def over(self) -> str:
        """What the results are paired over, as text: ``five shops``."""
        return over_text(self.n, self.pairs)


def over_text(n: int, pairs: str) -> str:
    """So many pairs, as text: ``five shops``."""
    return f"{_NUMBERS[n] if n < len(_NUMBERS) else n} {pairs}"


def word_for(low: float, high: float, higher_is_better: bool = True) -> Word:
    """What an interval of method minus baseline says of the method."""
    if low <= 0 <= high:
        return "no difference shown"
    return "better" if (low > 0) == higher_is_better else "worse"


def span_text(low: float, high: float, digits: int = 3) -> str:
    """An interval as text: so many decimals, or more where an end would be rounded to zero.

    The word beside it says on which side of zero the end is: ``+0.000`` would leave it open.
    """
    digits = digits_for(low, high, digits)
    return f"{low:+.{digits}f} to {high:+.{digits}f}"


def digits_for(low: float, high: float, digits: int = 3) -> int:
    """Decimals for both ends: so many, or more where an end would be rounded to zero."""
    while any(end != 0 and round(end, digits) == 0 for end in (low, high)):
        digits += 1
    return digits


def claim(
    id: str,
    text: str,
    method: Sequence[float],
    baseline: Sequence[float],
    *,
    unit: str = "AUC",
    pairs: str = "seeds",
    higher_is_better: bool = True,
    overlap: float = 0.0,
) -> Claim:
    """Hold a claim against paired results, and against what is recorded for it.

    Args:
        id: lesson and name, ``"20.purchase"``; the name is the key of the record.
        text: one sentence that says what is better than what.
        method: the metric of the method, one value a seed, 3 or more.
        baseline: the same for the baseline, in the same order of seeds.
        unit: the metric's name in the text.
        pairs: what the results are paired over, in the text.
        higher_is_better: False for errors and losses.
        overlap: test rows for each training row, where the pairs are splits of the same rows
            and so no independent results: the interval is that of Nadeau and Bengio, Inference
            for the Generalization Error, Machine Learning 52 (2003), wider by
            sqrt(1 + n overlap). 0 for seeds, shops, and all else that shares no rows.

    Returns:
        The recorded claim. Outside the gate a claim that is not recorded, or was recorded over
        another number of pairs, is this run's own.

    Raises:
        EvidenceError: if the live interval has left the recorded band, under the versions of
            the lock or in the gate; in the gate also if nothing is recorded for it.
        CourseError: if an id is odd, or the two are not of one length, fewer than 3, or not
            finite.
    """
    found = _ID.fullmatch(id)
    if not found:
        raise CourseError(f"A claim's id is its lesson and a name, like '20.purchase': got {id!r}.")
    low, high = paired_interval(widened(paired_differences(method, baseline), overlap))
    live = Claim(id, text, *record.rounded(low, high), len(method), pairs, unit, higher_is_better)
    record.note(asdict(live))
    if record.mode() == "record":
        return live
    known = record.read(found.group(1)).get(id)
    recorded = Claim(id=id, **known) if known else None
    if recorded is None or recorded.n != live.n or recorded.text != text:
        if record.mode() == "strict":
            raise EvidenceError(
                f"{id} is not recorded as it stands here: look at the live interval "
                f"{live.span}, {live.over}, then python -m course_utils build --record {id[:2]}."
            )
        return live
    if not agrees((low, high), (recorded.low, recorded.high)):
        _has_left(live, recorded)
    return recorded


def evidence(
    id: str,
    text: str,
    method: Sequence[float],
    baseline: Sequence[float],
    *,
    unit: str = "AUC",
    pairs: str = "seeds",
    higher_is_better: bool = True,
    overlap: float = 0.0,
    smallest: bool = False,
) -> Claim:
    """``claim``, shown in one line: the claim, the word, the interval, the seeds.

    Args:
        smallest: say also the smallest difference that so many pairs would have found.
    """
    from IPython.display import display

    found = claim(
        id,
        text,
        method,
        baseline,
        unit=unit,
        pairs=pairs,
        higher_is_better=higher_is_better,
        overlap=overlap,
    )
    rest = f", {found.span}, {found.over}"
    if smallest:
        digits = digits_for(found.smallest, found.smallest)
        rest += f"; smallest difference they could show: {found.smallest:.{digits}f}"
    display(Line(found.text, found.word, rest))
    return found


class Line:
    """A finding as one line of text: what is compared, the word in bold, the rest."""

    def __init__(self, text: str, word: str, rest: str) -> None:
        self.text, self.word, self.rest = text, word, rest

    def __repr__(self) -> str:
        return f"{self.text}: {self.word}{self.rest}"

    def _repr_html_(self) -> str:
        before, after = html.escape(self.text), html.escape(self.rest)
        return f"<div>{before}: <b>{self.word}</b>{after}</div>"


def paired_differences(method: Sequence[float], baseline: Sequence[float]) -> list[float]:
    """Method minus baseline, pair by pair; a CourseError where they cannot be judged."""
    if len(method) != len(baseline):
        raise CourseError(
            f"Seeds must be paired: the method has {len(method)} results, the baseline "
            f"{len(baseline)}."
        )
    if len(method) < 3:
        raise CourseError(f"An interval needs 3 seeds or more, got {len(method)}.")
    differences = np.asarray(method, dtype=float) - np.asarray(baseline, dtype=float)
    if not np.isfinite(differences).all():
        raise CourseError("Results must be finite numbers; some are nan or infinite.")
    if np.ptp(differences) == 0:
        raise CourseError(
            f"All {len(differences)} differences are {differences[0]:g}: there is no noise to "
            "judge them by. Are the seeds really different?"
        )
    return list(differences)


def widened(differences: Sequence[float], overlap: float) -> list[float]:
    """Differences of the same mean whose usual interval is that of splits that overlap.

    mean +- t sqrt(1/n + overlap) sd, in place of mean +- t sqrt(1/n) sd: see ``claim``.
    """
    if overlap < 0:
        raise CourseError(f"overlap is test rows for each training row, 0 or more: got {overlap}.")
    values = np.asarray(differences, dtype=float)
    wider = values.mean() + (values - values.mean()) * np.sqrt(1 + len(values) * overlap)
    return list(wider)


def _has_left(live: Claim, recorded: Claim) -> None:
    """Fail; or, where the libraries are not the lock's, say so in one sentence and go on."""
    what = f"{live.id}: the live interval, {live.span}, has left the recorded {recorded.span}"
    others = versions.other_than_locked()
    if record.mode() != "strict" and others:
        print(f"{what}. Other versions than the lock's are installed here: {', '.join(others)}.")
        return
    raise EvidenceError(
        f"{what}: the data, the code or the seeds changed; find out which before you record anew."
    )
