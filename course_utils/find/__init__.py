"""``find("gate collapse")``: full text over lessons, pages and the glossary.

Standard library only, so that it answers on a clone without an environment.
"""

from course_utils.find.answer import Answer, Hit, find

__all__ = ["Answer", "Hit", "find"]
