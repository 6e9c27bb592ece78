"""A line in the notebook that tells how far a training is."""

from __future__ import annotations

import os
import sys
from typing import Any


class Bar:
    """Shows text while something runs, and leaves nothing behind.

    Only in a notebook, and not where ``COURSE_UTILS_PROGRESS`` is ``off``, as in the build and
    the tests: elsewhere its methods do nothing.
    """

    def __init__(self) -> None:
        self._handle: Any = None
        shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
        if getattr(shell, "kernel", None) and os.environ.get("COURSE_UTILS_PROGRESS") != "off":
            from IPython.display import HTML, display

            self._html = HTML
            self._handle = display(HTML(""), display_id=True)

    def show(self, text: str, done: float) -> None:
        """Show the text, and a bar filled up to ``done``, 0 to 1."""
        if self._handle:
            bar = f'<progress value="{done:.3f}" max="1"></progress>'
            self._handle.update(self._html(f"{bar} {text}"))

    def close(self) -> None:
        """Take the line away."""
        if self._handle:
            self._handle.update(self._html(""))
