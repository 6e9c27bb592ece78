"""Two gradients, the steps of thirteen methods, and one method's path: a picture with dials."""

from __future__ import annotations

import html
import json
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils import paths
from course_utils.balancing.aligned_mtl import AlignedMTL
from course_utils.balancing.cagrad import CAGrad
from course_utils.balancing.imtl_g import IMTLG
from course_utils.balancing.mean import Mean
from course_utils.balancing.mgda import MGDA
from course_utils.balancing.pcgrad import PCGrad
from course_utils.balancing.toy import losses
from course_utils.balancing.upgrad import UPGrad
from course_utils.errors import CourseError
from course_utils.notebook.figures import STYLE, Picture, Words
from course_utils.notebook.slider import _image, _Live, _Still, is_live

ANGLES = (15, 30, 60, 90, 105, 120, 150, 165)
"""Degrees between the gradients."""

RATIOS = (1, 2, 5, 10, 100)
"""How many times longer the second gradient is, its loss being counted in other units."""

AGGREGATORS = (Mean, MGDA, PCGrad, CAGrad, UPGrad, IMTLG, AlignedMTL)
PATHS = tuple(one.__name__ for one in AGGREGATORS)
"""Methods whose path on CAGrad's toy is stored."""

SAME = np.deg2rad(3.0)
"""Steps nearer to each other than this share one arrow."""


def gradients(angle: float, ratio: float) -> np.ndarray:
    """``[2, 2]``: g_1 = (1, 0), and g_2, ``ratio`` times as long, ``angle`` degrees from it."""
    turned = np.deg2rad(angle)
    return np.array([[1.0, 0.0], [ratio * np.cos(turned), ratio * np.sin(turned)]])


def steps(angle: float, ratio: float) -> dict[str, np.ndarray]:
    """Method -> ``[2]``: the direction d whose opposite is the step on the shared weights.

    Losses are 1 and ``ratio``: what makes the second gradient longer are the units of its loss.
    The weightings are taken where they come to rest while both losses fall at one pace: Fixed,
    DWA and FAMO's shares at equal weights, Uncertainty at 1 / (2 L_k), GradNorm at equal lengths,
    RandomWeights at its first draw of seed 0, softmax of two standard normal numbers.

    Raises:
        CourseError: if the angle is not above 0 and below 180 degrees, or the ratio not above 0.
    """
    if not (0 < angle < 180 and ratio > 0):
        raise CourseError(
            f"The angle lies between 0 and 180 degrees and the ratio above 0: got {angle}, {ratio}."
        )
    rows = gradients(angle, ratio)
    long = np.linalg.norm(rows, axis=1)
    drawn = np.exp(np.random.default_rng(0).normal(size=2))
    weights = {
        "Fixed": np.ones(2),
        "DWA": np.ones(2),
        "RandomWeights": drawn / drawn.sum(),
        "Uncertainty": 0.5 / np.array([1.0, ratio]),
        "FAMO": 1.0 / np.array([1.0, ratio]),
        "GradNorm": long.sum() / long / 2,
    }
    found = {name: w @ rows for name, w in weights.items()}
    for method in AGGREGATORS:
        one = method()
        one.reset(2, 0)
        found[method.__name__] = one(rows)
    return found


def harmed(angle: float, ratio: float) -> dict[str, list[int]]:
    """Method -> the tasks, 1 or 2, whose loss a small step would raise."""
    rows = gradients(angle, ratio)
    lengths = np.linalg.norm(rows, axis=1)
    result = {}
    for name, d in steps(angle, ratio).items():
        along = rows @ d / lengths / max(float(np.linalg.norm(d)), 1e-12)
        result[name] = [k + 1 for k in range(2) if along[k] < -1e-9]
    return result


@dataclass(frozen=True)
class _Dial:
    name: str
    words: str
    values: Sequence[Any]
    start: int

    @property
    def labels(self) -> list[str]:
        return [str(one) for one in self.values]


def playground(angle: int = 120, ratio: int = 10, method: str = "CAGrad") -> None:
    """Show the picture; before a reader with three dials, else as it stands at the arguments.

    Args:
        angle: one of ``ANGLES``. ratio: one of ``RATIOS``. method: one of ``PATHS``.

    Raises:
        CourseError: if a dial has no such value.
    """
    dials = [
        _Dial("angle", "angle, degrees", ANGLES, _place("angle", angle, ANGLES)),
        _Dial("ratio", "length of gradient 2", RATIOS, _place("ratio", ratio, RATIOS)),
        _Dial("method", "path of", PATHS, _place("method", method, PATHS)),
    ]
    drawn: dict[tuple[int, ...], Picture] = {}

    def picture(places: tuple[int, ...]) -> Picture:
        if places not in drawn:
            values = [dial.values[at] for dial, at in zip(dials, places, strict=True)]
            drawn[places] = Picture(picture_of(*values), told(*values))
        return drawn[places]

    places = tuple(dial.start for dial in dials)
    if is_live():
        _show_dials(picture, dials)
        return
    from IPython.display import display

    display(picture(places))
    display(Words(picture(places).alt))
    print(_line(dials))


def _place(name: str, value: Any, values: Sequence[Any]) -> int:
    if value not in values:
        raise CourseError(
            f"The playground's {name} is one of {', '.join(map(str, values))}, got {value!r}."
        )
    return list(values).index(value)


def _line(dials: Sequence[_Dial]) -> str:
    """What stands below the picture where there are no dials."""
    known = "; ".join(f"{dial.words}: {', '.join(dial.labels)}" for dial in dials)
    here = ", ".join(dial.labels[dial.start] for dial in dials)
    return f"Run this cell in JupyterLab to turn three dials. {known}. Here: {here}."


def _show_dials(picture: Callable[[tuple[int, ...]], Picture], dials: Sequence[_Dial]) -> None:
    import ipywidgets
    from IPython.display import display

    first = picture(tuple(dial.start for dial in dials))
    sliders = [
        ipywidgets.SelectionSlider(
            options=dial.labels,
            index=dial.start,
            description=dial.words,
            style={"description_width": "initial"},
            layout={"width": "32em", "max_width": "100%"},
        )
        for dial in dials
    ]
    shown = ipywidgets.HTML(_image(first))

    def turn(_: Any) -> None:
        try:
            shown.value = _image(picture(tuple(one.index for one in sliders)))
        except Exception as error:  # the library would hide it in its log
            shown.value = f"<pre>{html.escape(f'{type(error).__name__}: {error}')}</pre>"

    for one in sliders:
        one.observe(turn, names="index")
    box = ipywidgets.VBox([*sliders, shown])
    box.add_class("course-slider")
    display(first)
    display(_Still(first.alt, _line(dials)))
    display(_Live(box))


def grouped(found: Mapping[str, np.ndarray]) -> list[tuple[float, list[str]]]:
    """Directions in radians, in rising order, each with the methods that go there."""
    turns = {name: float(np.arctan2(d[1], d[0])) for name, d in found.items() if np.any(d)}
    groups: list[tuple[float, list[str]]] = []
    for name in sorted(turns, key=lambda one: turns[one]):
        if groups and turns[name] - groups[-1][0] < SAME:
            groups[-1][1].append(name)
        else:
            groups.append((turns[name], [name]))
    # The order of names that go the same way must not depend on the last digit.
    order = list(found)
    return [(turn, sorted(names, key=order.index)) for turn, names in groups]


def picture_of(angle: float, ratio: float, method: str) -> Any:
    """The figure: on the left gradients and steps, on the right the path of one method."""
    import matplotlib.pyplot as plt

    plt.style.use(STYLE)
    shares = {"width_ratios": (1.9, 1)}
    fig, axes = plt.subplots(ncols=2, figsize=(10.4, 3.8), gridspec_kw=shares)
    _draw_steps(axes[0], angle, ratio)
    _draw_path(axes[1], method)
    return fig


def _draw_steps(axes: Any, angle: float, ratio: float) -> None:
    found, turned = steps(angle, ratio), np.deg2rad(angle)
    around = np.linspace(-np.pi, np.pi, 721)
    for k, toward in enumerate((0.0, turned)):
        bad = np.cos(around - toward) < 0
        axes.fill(*_ring(around[bad], toward + np.pi), color=f"C{k + 1}", alpha=0.13, linewidth=0)
        long = 1.0 if ratio == 1 or k == 1 else max(ratio**-0.5, 0.25)
        side = toward + (k - 0.5) * np.pi  # away from the methods, which lie between the gradients
        shade = np.pi + toward + (k - 0.5) * (np.pi / 2 - turned)
        _arrow(axes, long, toward, color=f"C{k + 1}", linewidth=3)
        for place, said, size in (
            (0.55 * long * _unit(toward) + 0.12 * _unit(side), f"$g_{k + 1}$", 12),
            (0.68 * _unit(shade), f"raises loss {k + 1}", 8),
        ):
            axes.text(*place, said, color=f"C{k + 1}", fontsize=size, ha="center", va="center")
    hurt, lines = harmed(angle, ratio), []
    for letter, (turn, names) in zip("abcdefghijklm", reversed(grouped(found)), strict=False):
        raised = hurt[names[0]]
        _arrow(axes, 1.0, turn, color="0.25", linewidth=1)
        axes.text(*(1.1 * _unit(turn)), letter, fontsize=9, ha="center", va="center")
        lines.append((f"{letter}  {', '.join(names)}", f"C{raised[0]}" if raised else "0.1"))
    if still := [name for name, d in found.items() if not np.any(d)]:
        lines.append((f"no step: {', '.join(still)}", "0.1"))
    height = 1.05
    for said, colour in lines:
        text = textwrap.fill(said, 44, subsequent_indent="    ")
        axes.text(1.35, height, text, color=colour, fontsize=9, va="top")
        height -= 0.1 + 0.17 * (1 + text.count("\n"))
    axes.set(
        title="which methods' arrows lie in a shade?",
        xlabel=f"{angle:g} degrees, $g_2$ {ratio:g} times as long (arrows not to scale)",
        xlim=(-1.15, 3.5),
        ylim=(-1.2, 1.2),
        xticks=[],
        yticks=[],
    )
    axes.spines[:].set_visible(False)
    axes.set_aspect("equal")
    axes.grid(visible=False)


def _unit(turn: float) -> np.ndarray:
    return np.array([np.cos(turn), np.sin(turn)])


def _arrow(axes: Any, long: float, turn: float, **look: Any) -> None:
    look = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, **look}
    axes.annotate("", long * _unit(turn), (0, 0), arrowprops=look)


def _ring(around: np.ndarray, middle: float) -> tuple[np.ndarray, np.ndarray]:
    """The half disc of the directions away from a gradient."""
    turns = np.linspace(middle - np.pi / 2, middle + np.pi / 2, len(around))
    return np.cos(turns), np.sin(turns)


def stored_paths() -> dict[str, Any]:
    """Of every method in ``PATHS``: the paths and ends from the paper's three starts."""
    text = (paths.RESULTS / "cagrad_toy.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["paper"]["methods"]
    return found


def _draw_path(axes: Any, method: str) -> None:
    one, ends = stored_paths()[method], []
    across = np.linspace(-10, 10, 161)
    grid = np.stack(np.meshgrid(across, across), axis=-1)
    axes.contourf(across, across, losses(grid).mean(axis=-1), levels=25, cmap="Greys", alpha=0.6)
    for walked, end in zip(one["paths"], one["ends"], strict=True):
        x, y = np.array(walked).T
        colour = "C0" if end == "best mean" else "C2" if end == "a compromise" else "C1"
        axes.plot(x, y, color=colour, linewidth=2)
        axes.plot(x[0], y[0], "o", color=colour, markersize=6)
        axes.plot(x[-1], y[-1], "*", color="black", markersize=11, zorder=3)
        ends.append(end)
    axes.set_xlabel(
        f"dot: start, star: end ({', '.join(dict.fromkeys(ends))})\nwhite: small mean loss"
    )
    axes.set(
        title=f"paths of {method}", xlim=(-10, 10), ylim=(-10, 10), xticks=[],
        yticks=[],
    )  # fmt: skip
    axes.grid(visible=False)


def told(angle: float, ratio: float, method: str) -> str:
    """The alt text of ``picture_of``."""
    groups = "; ".join(
        f"{np.rad2deg(turn):.0f} degrees: {', '.join(names)}"
        for turn, names in grouped(steps(angle, ratio))
    )
    hurt = [
        f"{name} raises the loss of task {k}"
        for name, of in harmed(angle, ratio).items()
        for k in of
    ]
    ends = ", ".join(stored_paths()[method]["ends"])
    return (
        f"Left: two gradients, {angle:g} degrees apart, the second {ratio:g} times as long, and "
        f"the directions of thirteen methods from the first one, {groups}. "
        f"{'; '.join(hurt) or 'No method raises a loss'}. "
        f"Right: three paths of {method} on CAGrad's toy, which end at: {ends}."
    )
