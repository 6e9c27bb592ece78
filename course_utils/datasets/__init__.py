"""The course's data: the shop's committed tables, larger ones made on demand, and real sets."""

from course_utils.datasets.loading import load, path, read, verify
from course_utils.datasets.real import DataError

__all__ = ["DataError", "load", "path", "read", "verify"]
