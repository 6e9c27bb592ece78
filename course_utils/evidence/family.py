"""Many verdicts at once: what is left of them after a correction for their number."""

from __future__ import annotations

from collections.abc import Sequence

from course_utils.errors import CourseError
from course_utils.evidence.claim import Claim
from course_utils.metrics.intervals import CONFIDENCE


def still_standing(claims: Sequence[Claim]) -> list[bool]:
    """Which differences are still shown when all claims are judged together.

    Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of
    Statistics 6, 1979: sort the m p-values; the k-th smallest, from k = 0, must be at most
    0.05 / (m - k), and the first that is not ends it. The chance of one false word or more among
    all is then at most 5 %, however the claims depend on each other.
    """
    standing = [False] * len(claims)
    order = sorted(range(len(claims)), key=lambda k: claims[k].p_value)
    for rank, k in enumerate(order):
        if claims[k].p_value > (1 - CONFIDENCE) / (len(claims) - rank):
            break
        standing[k] = True
    return standing


def family_sentence(claims: Sequence[Claim]) -> str:
    """How many verdicts were looked at, of which kind, and what the correction leaves.

    Raises:
        CourseError: if there are fewer than two.
    """
    if len(claims) < 2:
        raise CourseError(f"A family of claims has two or more, got {len(claims)}.")
    words = [one.word for one in claims]
    counts = [
        f"{words.count(word)} {word}"
        for word in ("better", "worse", "no difference shown")
        if word in words
    ]
    shown = [one for one in claims if one.word != "no difference shown"]
    lost = [
        one.text
        for one, stands in zip(claims, still_standing(claims), strict=True)
        if one in shown and not stands
    ]
    said = f"{len(claims)} verdicts: {', '.join(counts)}."
    if not shown:
        return said
    left = (
        f"{len(shown) - len(lost)} of the {len(shown)} differences" if lost else "each difference"
    )
    said += f" Corrected for their number (Holm), {left} can still be told from chance"
    return f"{said}, not: {'; '.join(lost)}." if lost else f"{said}."
