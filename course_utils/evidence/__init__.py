"""A claim: paired results over seeds in, an interval and one word out.

    evidence("20.purchase", "Shared-Bottom orders purchases better than its twin", shared, twin)

prints "Shared-Bottom orders purchases better than its twin: better, +0.016 to +0.028 AUC, five
shops". What is printed is what is recorded in ``results/lessons/20.json``, so it is the same on
every CPU; that this run agrees with it is asserted.
"""

from course_utils.evidence.claim import (
    Claim,
    EvidenceError,
    claim,
    evidence,
    span_text,
    word_for,
)
from course_utils.evidence.equivalence import equivalence
from course_utils.evidence.family import FALLS, compared, family_sentence, still_standing
from course_utils.evidence.record import Interval, agrees

__all__ = [
    "FALLS",
    "Claim",
    "EvidenceError",
    "Interval",
    "agrees",
    "claim",
    "compared",
    "equivalence",
    "evidence",
    "family_sentence",
    "span_text",
    "still_standing",
    "word_for",
]
