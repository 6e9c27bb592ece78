"""A slider is a still picture in builds and tests, and a widget before a reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_utils.authoring.execute import execute
from course_utils.errors import CourseError
from course_utils.notebook import figure, show, slide, slider

VALUES = [0.01, 1, 1500]
STILL = "Run this cell in JupyterLab to turn the weight of the purchase: 0.01, 1, 1,500. Here: 1."
WIDGET = "application/vnd.jupyter.widget-view+json"


class Reader:
    """What a reader sees, and which pictures were drawn."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.drawn: list[Any] = []

    def look(self, thing: Any) -> None:
        bundle = thing._repr_mimebundle_()
        self.seen.append(bundle[0] if isinstance(bundle, tuple) else bundle)

    def draw(self, value: Any) -> Any:
        if value == "broken":
            raise ValueError("nothing is stored for <broken>")
        self.drawn.append(value)
        fig, axes = figure()
        axes.set_title(str(value))
        return fig

    def words(self, value: Any) -> str:
        return f"A picture that shows the title {value}."

    def slide(self, **changed: Any) -> None:
        wanted = {"dial": "weight of the purchase", "values": VALUES, "alt": self.words}
        slide(self.draw, **{**wanted, **changed})


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = Reader()
    monkeypatch.setattr("IPython.display.display", reader.look)
    return reader


@pytest.fixture
def live(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setenv(slider.SLIDERS, "on")
    return reader


def children(bundle: dict[str, Any]) -> tuple[Any, Any]:
    """The slider and the picture in a widget that was displayed."""
    from ipywidgets.widgets.widget import _instances

    slider, picture = _instances[bundle[WIDGET]["model_id"]].children
    return slider, picture


def test_in_tests_it_is_one_picture_with_its_words_and_a_line(
    reader: Reader, capsys: pytest.CaptureFixture[str]
) -> None:
    plt.close("all")  # what other tests left
    reader.slide(start=1)
    assert reader.drawn == [1]
    picture, words = reader.seen
    assert picture["text/plain"] == "Figure: A picture that shows the title 1."
    assert "image/png" in picture and "the title 1." in words["text/html"]
    assert capsys.readouterr().out == STILL + "\n"
    assert not plt.get_fignums()


def test_a_still_picture_is_what_show_displays(reader: Reader) -> None:
    reader.slide(start=1500)
    show(reader.draw(1500), alt=reader.words(1500))
    assert reader.seen[:2] == reader.seen[2:]


def test_before_a_reader_it_is_a_slider_that_draws_each_picture_once(live: Reader) -> None:
    plt.close("all")  # what other tests left
    live.slide(start=1)
    picture, still, widget = live.seen
    assert "image/png" in picture
    assert still["text/plain"] == STILL
    assert "the title 1." in still["text/html"]
    assert widget["text/plain"] == ""
    turned, shown = children(widget)
    assert turned.options == ("0.01", "1", "1,500")
    assert (turned.description, turned.value) == ("weight of the purchase", "1")
    pictures = [shown.value]
    for index in (2, 0, 2, 1):
        turned.index = index
        assert f"the title {VALUES[index]}." in shown.value
        pictures.append(shown.value)
    assert live.drawn == [1, 1500, 0.01]
    assert pictures[1] == pictures[3] and len(set(pictures)) == 3
    assert picture["image/png"] in pictures[0]
    assert not plt.get_fignums()


def test_a_picture_that_cannot_be_drawn_is_said_in_its_place(live: Reader) -> None:
    live.slide(values=["whole", "broken"])
    turned, shown = children(live.seen[-1])
    turned.index = 1
    assert "ValueError: nothing is stored for &lt;broken&gt;" in shown.value
    turned.index = 0
    assert "the title whole." in shown.value


def test_values_are_told_as_readers_write_them(
    reader: Reader, capsys: pytest.CaptureFixture[str]
) -> None:
    reader.slide(values=["none", 1234567, 0.001, np.int64(15_000), np.float64(0.3)])
    said = capsys.readouterr().out
    assert ": none, 1,234,567, 0.001, 15,000, 0.3. Here: none." in said


@pytest.mark.parametrize("setting", ["on", "off"])
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"values": []}, "A dial needs two values at least, got 0."),
        ({"values": [1]}, "A dial needs two values at least, got 1."),
        ({"values": [1, 2, 1.0]}, "These values of the dial stand there twice: 1."),
        ({"values": ["a", "b", "b", "a"]}, "stand there twice: a, b."),
        ({"start": 2}, "The dial cannot start at 2; its values are 0.01, 1, 1500."),
        ({"dial": "  "}, "The dial has no name: say what it turns"),
        ({"dial": None}, "The dial has no name: say what it turns"),
        ({"alt": "A line."}, "The alt text 'A line.' says too little"),
    ],
)
def test_what_makes_no_slider_is_one_sentence(
    reader: Reader,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    changed: dict[str, Any],
    says: str,
) -> None:
    monkeypatch.setenv(slider.SLIDERS, setting)
    with pytest.raises(CourseError) as found:
        reader.slide(**changed)
    assert says in str(found.value) and "\n" not in str(found.value)
    assert not reader.seen


@pytest.mark.parametrize("setting", ["on", "off"])
@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda value: None, "draw(0.01) returned NoneType, not a figure: end it with return fig."),
        (lambda value: figure(), "draw(0.01) returned tuple, not a figure"),
        ("a picture", "draw must be a function from a value to a figure, got 'a picture'."),
    ],
)
def test_a_draw_without_a_figure_is_one_sentence(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, setting: str, draw: Any, says: str
) -> None:
    monkeypatch.setenv(slider.SLIDERS, setting)
    with pytest.raises(CourseError) as found:
        slide(draw, dial="weight", values=VALUES, alt=reader.words)
    assert says in str(found.value)
    assert not reader.seen
    plt.close("all")


@pytest.mark.parametrize(
    ("variables", "live"),
    [
        ({}, False),
        ({slider.SESSION: "my/20.ipynb"}, True),
        ({slider.SESSION: "my/20.ipynb", slider.SLIDERS: "off"}, False),
        ({slider.SLIDERS: "on"}, True),
    ],
)
def test_who_sits_before_the_kernel(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], live: bool
) -> None:
    monkeypatch.delenv(slider.SLIDERS)  # this test run is off
    monkeypatch.delenv(slider.SESSION, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert slider.is_live() is live


def test_without_the_library_the_picture_stands_still(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(slider.SLIDERS, "on")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    reader.slide()
    assert len(reader.seen) == 2


def test_a_build_stores_no_widget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even one that is started from a reader's JupyterLab."""
    monkeypatch.setenv(slider.SESSION, "my/20.ipynb")
    monkeypatch.delenv(slider.SLIDERS)
    code = (
        "from course_utils.notebook import figure, slide\n"
        "slide(lambda rows: figure()[0], dial='rows', values=[1, 2],\n"
        "      alt='An empty picture with two axes.')"
    )
    notebook = new_notebook(cells=[new_code_cell(code)])
    execute(notebook, tmp_path, "97")
    assert "widget" not in nbformat.writes(notebook)
    kinds = [sorted(one.get("data", {"text": ""})) for one in notebook.cells[0].outputs]
    assert kinds == [["image/png", "text/plain"], ["text/html", "text/plain"], ["text"]]
