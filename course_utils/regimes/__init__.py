"""Planted regimes: one file a family of methods, with a dial between where it wins and loses.

Every family is a made-up market whose rows are drawn from an equation that stands in the
file's docstring, with the boundary that was predicted before anything was measured. So the
truth is known, and a gain can be traced to the one thing that the dial turns.
"""

from course_utils.regimes.case import Case

__all__ = ["Case"]
