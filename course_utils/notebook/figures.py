"""Figures in the course's style, each with its alt text."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

from course_utils.errors import CourseError

STYLE = str(Path(__file__).with_name("course.mplstyle"))


def figure(ncols: int = 1, height: float = 3.2, width: float | None = None) -> tuple[Any, Any]:
    """A figure in the course's style.

    Args:
        ncols: panels side by side.
        height: inches.
        width: inches; 4 a panel, and 6.4 for a single one, unless told.

    Returns:
        The figure and its axes: one ``Axes`` for one panel, else an array of them.
    """
    import matplotlib.pyplot as plt

    plt.style.use(STYLE)
    if width is None:
        width = 6.4 if ncols == 1 else 4.0 * ncols
    return plt.subplots(ncols=ncols, figsize=(width, height))


def show(fig: Any, alt: str) -> None:
    """Display a figure with its alt text, then close it.

    The alt text goes into the picture's metadata, into its text form, which the tests
    compare, and into an unseen line below it: JupyterLab drops the first two.

    Raises:
        CourseError: if the alt text says too little to stand for the picture.
    """
    from IPython.display import display

    picture = Picture(fig, alt)
    display(picture)
    display(Words(picture.alt))


class Picture:
    """A figure as PNG; its text form is the alt text. The figure is closed.

    Attributes:
        png: in base64.
        alt: the alt text, in one line.

    Raises:
        CourseError: if the alt text says too little to stand for the picture.
    """

    def __init__(self, fig: Any, alt: str) -> None:
        import base64
        import io

        import matplotlib.pyplot as plt

        if len(alt.split()) < 6:
            raise CourseError(
                f"The alt text {alt!r} says too little: name what is drawn and what a reader sees."
            )
        self.alt = " ".join(alt.split())
        buffer = io.BytesIO()
        # Matplotlib would write its version into the file.
        fig.savefig(buffer, format="png", metadata={"Software": None})
        self.png = base64.b64encode(buffer.getvalue()).decode()
        plt.close(fig)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        data = {"image/png": self.png, "text/plain": f"Figure: {self.alt}"}
        return data, {"image/png": {"alt": self.alt}}


class Words:
    """The alt text for screen readers in JupyterLab; takes no room on the page."""

    def __init__(self, alt: str) -> None:
        self.alt = alt

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        unseen = "position: absolute; width: 1px; height: 1px; overflow: hidden"
        text = html.escape(f"Figure: {self.alt}")
        return {"text/html": f'<div style="{unseen}">{text}</div>', "text/plain": ""}
