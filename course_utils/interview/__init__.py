"""The interview room: the bank of questions, whose source is ``interview/`` at the root."""

from course_utils.interview.bank import FollowUp, Language, Question, bank

__all__ = ["FollowUp", "Language", "Question", "bank"]
