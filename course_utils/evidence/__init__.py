"""A claim: paired results over seeds in, an interval and a word out."""

from course_utils.evidence.claims import Evidence, EvidenceError, evidence, verdict

__all__ = ["Evidence", "EvidenceError", "evidence", "verdict"]
