"""One clear sentence instead of a traceback. Standard library only."""

from __future__ import annotations


class CourseError(Exception):
    """Something the reader can mend: the message says what, where and what to do."""

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]
