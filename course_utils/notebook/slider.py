"""A picture with a slider: a dial over stored results, which the reader turns."""

from __future__ import annotations

import html
import importlib.util
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from course_utils.errors import CourseError
from course_utils.notebook.figures import Picture, Words

SLIDERS = "COURSE_UTILS_SLIDERS"
"""``on`` or ``off``, in the environment of the kernel; without it, see ``is_live``."""
SESSION = "JPY_SESSION_NAME"
"""Jupyter Server sets it for the kernels of its notebooks; nbclient and nbval do not."""

# Of the course's own outputs only. While the slider is there, the picture before it is hidden. In a
# notebook that is opened again the slider is gone, and with it the library's line about an error.
_STYLE = """
.jp-OutputArea:has(.course-slider) .course-still,
.jp-OutputArea:has(.course-slider) > .jp-OutputArea-child:has(+ .jp-OutputArea-child .course-still),
.jp-OutputArea:has(.course-still) .jp-OutputArea-output.jupyter-widgets:not(:has(*))
{display: none}
"""


def slide(
    draw: Callable[[Any], Any],
    *,
    dial: str,
    values: Iterable[Any],
    alt: Callable[[Any], str] | str,
    start: Any = None,
) -> None:
    """Show a picture that is drawn anew when the reader turns a dial.

    In JupyterLab this is a slider (mouse, or arrow keys) above the picture; each picture is drawn
    when it is first asked for, and kept. Everywhere else (tests, builds, pages) it is the picture
    at ``start`` and a line that names the other values. ``draw`` must be quick: it reads what is
    stored and fits nothing.

    Args:
        draw: from a value of the dial to a figure, made by ``figure``.
        dial: what is turned, as a reader says it: "weight of the purchase".
        values: two or more, all different, in the slider's order.
        alt: the alt text, or a function from a value to its alt text.
        start: where the slider stands first; else the first value.

    Raises:
        CourseError: if an argument does not fit, or ``draw`` returns no figure.
    """
    values = list(values)
    labels = _checked(draw, dial, values)
    place = _place(start, values)
    pictures: dict[int, Picture] = {}

    def picture(index: int) -> Picture:
        if index not in pictures:
            value = values[index]
            pictures[index] = Picture(
                _figure(draw, value), alt if isinstance(alt, str) else alt(value)
            )
        return pictures[index]

    if is_live():
        _show_slider(picture, dial.strip(), labels, place)
    else:
        _show_still(picture(place), dial.strip(), labels, place)


def is_live() -> bool:
    """Whether a reader sits before this kernel, in a JupyterLab that can show sliders.

    The kernel of a notebook that Jupyter Server opened is live: the course's ``lab``, any other
    JupyterLab, Binder. Builds and tests set ``COURSE_UTILS_SLIDERS=off``.
    """
    wish = os.environ.get(SLIDERS)
    asked = wish == "on" if wish else SESSION in os.environ
    return asked and importlib.util.find_spec("ipywidgets") is not None


def _checked(draw: object, dial: str, values: Sequence[Any]) -> list[str]:
    """The labels of the values; ``CourseError`` if the arguments make no slider."""
    if not callable(draw):
        raise CourseError(f"draw must be a function from a value to a figure, got {draw!r}.")
    if not isinstance(dial, str) or not dial.strip():
        raise CourseError("The dial has no name: say what it turns, like 'weight of the purchase'.")
    if len(values) < 2:
        raise CourseError(f"A dial needs two values at least, got {len(values)}.")
    labels = [one if isinstance(one, str) else _number(one) for one in values]
    twice = sorted({one for one in labels if labels.count(one) > 1})
    if twice:
        raise CourseError(f"These values of the dial stand there twice: {', '.join(twice)}.")
    return labels


def _number(value: Any) -> str:
    """A value as the slider shows it."""
    try:
        return f"{value:,}" if isinstance(value, int) else f"{value:,g}"
    except (TypeError, ValueError):
        return str(value)


def _place(start: Any, values: Sequence[Any]) -> int:
    if start is None:
        return 0
    if start not in values:
        known = ", ".join(map(str, values))
        raise CourseError(f"The dial cannot start at {start!r}; its values are {known}.")
    return values.index(start)


def _figure(draw: Callable[[Any], Any], value: Any) -> Any:
    fig = draw(value)
    if not hasattr(fig, "savefig"):
        raise CourseError(
            f"draw({value!r}) returned {type(fig).__name__}, not a figure: end it with return fig."
        )
    return fig


def _show_still(picture: Picture, dial: str, labels: list[str], place: int) -> None:
    from IPython.display import display

    display(picture)
    display(Words(picture.alt))
    print(_line(dial, labels, place))


def _line(dial: str, labels: list[str], place: int) -> str:
    """What stands below the picture where there is no slider."""
    known = ", ".join(labels)
    return f"Run this cell in JupyterLab to turn the {dial}: {known}. Here: {labels[place]}."


def _show_slider(
    picture: Callable[[int], Picture], dial: str, labels: list[str], place: int
) -> None:
    """The slider; and before it what a saved notebook shows without its kernel."""
    import ipywidgets
    from IPython.display import display

    first = picture(place)
    slider = ipywidgets.SelectionSlider(
        options=labels,
        index=place,
        description=dial,
        style={"description_width": "initial"},
        layout={"width": "32em", "max_width": "100%"},
    )
    shown = ipywidgets.HTML(_image(first))

    def turn(change: Any) -> None:
        try:
            shown.value = _image(picture(change["new"]))
        except Exception as error:  # the library would hide it in its log
            shown.value = f"<pre>{html.escape(f'{type(error).__name__}: {error}')}</pre>"

    slider.observe(turn, names="index")
    box = ipywidgets.VBox([slider, shown])
    box.add_class("course-slider")
    display(first)
    display(_Still(first.alt, _line(dial, labels, place)))
    display(_Live(box))


def _image(picture: Picture) -> str:
    alt = html.escape(f"Figure: {picture.alt}")
    return f'<img alt="{alt}" src="data:image/png;base64,{picture.png}">'


class _Still(Words):
    """What stands below the picture of a saved notebook."""

    def __init__(self, alt: str, line: str) -> None:
        super().__init__(alt)
        self.line = line

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        unseen = super()._repr_mimebundle_()["text/html"]
        line = html.escape(self.line)
        text = f'<style>{_STYLE}</style><div class="course-still">{line}{unseen}</div>'
        return {"text/html": text, "text/plain": self.line}


class _Live:
    """A widget whose text form, which other pages show, is empty."""

    def __init__(self, widget: Any) -> None:
        self.widget = widget

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = self.widget._repr_mimebundle_()
        return {**bundle, "text/plain": ""}
