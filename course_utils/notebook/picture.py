"""Boxes and arrows on a page: where the parts of a network stand, and how they look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path

from course_utils.models import Network
from course_utils.notebook.figures import figure
from course_utils.notebook.parts import Node, Plan
from course_utils.notebook.reach import Reach

# Points. An index has 70 % of its letter's size.
LETTER, FORMULA, SMALL = 11.5, 10.0, 8.0
# Inches: in a box and at the page's edge; least width of a page; from a letter beside a box to
# it, between boxes, between columns; between rows, and more for each inch that an arrow slants.
PAD, MARGIN, LEAST = 0.06, 0.12, 6.4
STUB, BETWEEN, COLUMNS = 0.2, 0.12, 0.22
ROWS, SLOPE = 0.22, 0.07
LINE, SHEET = "0.35", 0.045


@dataclass
class _Placed:
    """A part with its texts; lengths in inches, ``x`` and ``y`` the middle of its box,
    ``low`` and ``high`` the ends of its row."""

    node: Node
    letter: Any
    lines: Any
    stub: Any
    width: float
    height: float
    beside: float
    right: bool
    sheets: float
    x: float = 0.0
    y: float = 0.0
    row: int = 0
    low: float = 0.0
    high: float = 0.0

    @property
    def room(self) -> float:
        """Its width with the letters beside it."""
        return self.width + self.beside + self.sheets

    @property
    def left(self) -> float:
        """From the left end of its room to the middle of its box."""
        return self.width / 2 + (0.0 if self.right else self.beside)


class Picture:
    """A network's parts, measured, placed and drawn, all lengths in inches.

    Args:
        title: of the figure.
    """

    def __init__(self, title: str, network: Network, made: Plan, reach: Reach) -> None:
        import matplotlib.pyplot as plt

        self.fig, self.axes = figure(width=LEAST)
        self.fig.set_layout_engine("none")
        self.axes.set_position((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.reach, self.tasks = reach, network.tasks
        self.shared, *self.colours = plt.rcParams["axes.prop_cycle"].by_key()["color"]
        self.scenarios = network.columns.scenarios
        self.placed = {
            node.name: self._measured(node, {one.name for column in row for one in column})
            for row in made.rows
            for column in row
            for node in column
        }
        head = self._text(title, LETTER, weight="bold")
        key = self._text("in a box: its letter, its widths, its number of weights", SMALL)
        width = max(self._columns(made), self._size(head)[0] + 2 * MARGIN)
        height = self._legend(width)
        for at, row in enumerate(made.rows):
            here = [self.placed[node.name] for column in row for node in column]
            tallest = max(one.height + one.sheets for one in here)
            reads = [(one.x, self.placed[name].x) for one in here for name in one.node.reads]
            height += ROWS + SLOPE * max((abs(a - b) for a, b in reads), default=0.0)
            for one in here:
                one.y, one.row = height + tallest / 2, at
                one.low, one.high = height, height + tallest
            height += tallest
        head.set(position=(MARGIN, height + 0.42), ha="left", va="center")
        key.set(position=(MARGIN, height + 0.22), ha="left", va="center")
        height += 0.6
        self.fig.set_size_inches(width, height)
        self.axes.set(xlim=(0, width), ylim=(0, height))
        for one in self.placed.values():
            self._box(one)
            for name in one.node.reads:
                self._arrow(self.placed[name], one)

    def _text(self, text: str, size: float, **more: Any) -> Any:
        return self.axes.text(0, 0, text, fontsize=size, ha="center", zorder=4, **more)

    def _size(self, text: Any) -> tuple[float, float]:
        if text is None:
            return 0.0, 0.0
        box = text.get_window_extent()
        return box.width / self.fig.dpi, box.height / self.fig.dpi

    def _measured(self, node: Node, row: set[str]) -> _Placed:
        shown = node.name if node.shown is None else node.shown
        size = FORMULA if " " in shown else LETTER
        shown = rf"\sum {shown}" if node.kind == "gate" else shown
        letter = self._text(_tex(shown), size, va="top") if shown else None
        words = "\n".join(node.lines)
        style = {"va": "bottom", "parse_math": False}
        style["weight"] = "bold" if node.kind == "output" else "normal"
        lines = self._text(words, SMALL, **style) if words else None
        seen = [*map(_tex, node.far), *(_tex(f"sg({name})") for name in node.stopped)]
        stub = self._text("\n".join(seen), FORMULA, va="center") if seen else None
        sizes = [self._size(letter), self._size(lines)]
        height = sum(h for _, h in sizes) + 2 * PAD + (0.03 if letter and lines else 0.0)
        width = max(w for w, _ in sizes) + 2 * PAD
        if node.kind == "gate":
            width += height / 3  # its ends are round
        beside = self._size(stub)[0] + STUB if stub else 0.0
        sheets = 2 * SHEET if self.reach.by_scenario(node.pieces) else 0.0
        right = bool(row & set(node.reads))
        return _Placed(node, letter, lines, stub, width, height, beside, right, sheets)

    def _gaps(self, column: list[_Placed]) -> list[float]:
        """Between neighbours: wider where one reads the other."""
        return [
            COLUMNS if a.node.name in b.node.reads or b.node.name in a.node.reads else BETWEEN
            for a, b in pairwise(column)
        ]

    def _ends(self, column: list[_Placed]) -> tuple[float, float]:
        """How far a column reaches to the left and to the right of what stands in its middle:
        a single box, not the letter beside it, or what reads its neighbours."""
        whole = sum(one.room for one in column) + sum(self._gaps(column))
        for at, one in enumerate(column):
            if one.right or one.node.kind == "op" or len(column) == 1:
                before = sum(each.room for each in column[:at]) + sum(self._gaps(column)[:at])
                return before + one.left, whole - before - one.left
        return whole / 2, whole / 2

    def _columns(self, made: Plan) -> float:
        """Sets every x; returns the figure's width."""
        rows = [
            [[self.placed[node.name] for node in column] for column in row] for row in made.rows
        ]
        grids: dict[int, list[tuple[float, float]]] = {}
        for row in rows:
            ends = [self._ends(column) for column in row]
            both = zip(grids.get(len(row), ends), ends, strict=True)
            grids[len(row)] = [(max(a[0], b[0]), max(a[1], b[1])) for a, b in both]
        totals = {n: sum(map(sum, grid)) + COLUMNS * (n - 1) for n, grid in grids.items()}
        width = max(LEAST, *(total + 2 * MARGIN for total in totals.values()))
        for row in rows:
            more = (width - 2 * MARGIN - totals[len(row)]) / len(row)
            start = MARGIN
            for column, (left, right) in zip(row, grids[len(row)], strict=True):
                x = start + more / 2 + left - self._ends(column)[0]
                for one, gap in zip(column, [*self._gaps(column), 0.0], strict=False):
                    one.x = x + one.left
                    x += one.room + gap
                start += left + right + more + COLUMNS
        return width

    def _style(self, node: Node) -> dict[str, Any]:
        if node.kind == "input":
            return {"facecolor": "0.92", "edgecolor": "0.92"}
        trained = node.says if node.kind == "output" else self.reach.tasks(node.pieces)
        if self.reach.shared(node.pieces):
            return {"facecolor": self.shared, "edgecolor": self.shared}
        known = [k for k, task in enumerate(self.tasks) if task in trained]
        own = self.colours[known[0] % len(self.colours)] if len(known) == 1 else LINE
        return {"facecolor": "white", "edgecolor": own, "linewidth": 2.0 if known else 0.8}

    def _patch(self, x: float, y: float, width: float, height: float, **style: Any) -> None:
        rounding = style.pop("rounding", 0.05)
        box = f"round,pad=0,rounding_size={rounding}"
        corner = (x - width / 2, y - height / 2)
        self.axes.add_patch(FancyBboxPatch(corner, width, height, boxstyle=box, **style))

    def _box(self, one: _Placed) -> None:
        node, style = one.node, self._style(one.node)
        style["rounding"] = one.height / 2 if node.kind in ("gate", "op") else 0.05
        for sheet in (2, 1) if one.sheets else ():
            at = sheet * SHEET
            behind = {**style, "facecolor": "white"}
            self._patch(one.x + at, one.y + at, one.width, one.height, **behind, zorder=2)
        self._patch(one.x, one.y, one.width, one.height, **style, gid=node.name, zorder=3)
        colour = "white" if style["facecolor"] == self.shared else "black"
        if one.letter:
            top = one.y + one.height / 2 - PAD
            one.letter.set(position=(one.x, top), color=colour)
        if one.lines:
            one.lines.set(position=(one.x, one.y - one.height / 2 + PAD), color=colour)
        if one.stub:
            side = 1 if one.right else -1
            edge = one.x + side * one.width / 2 + (one.sheets if one.right else 0.0)
            far = edge + side * (one.beside - self._size(one.stub)[0])
            one.stub.set(position=(far, one.y), ha="left" if one.right else "right")
            self._line((far - side * 0.02, one.y), (edge, one.y), dashed=not one.node.far)

    def _arrow(self, low: _Placed, high: _Placed) -> None:
        if low.row == high.row:
            side = 1 if low.x < high.x else -1
            extra = low.sheets if side > 0 else 0.0
            points = [
                (low.x + side * low.width / 2 + extra, low.y),
                (high.x - side * high.width / 2, high.y),
            ]
        else:
            # Slanting only between rows, so that no arrow cuts the corner of a neighbour.
            points = [
                (low.x, low.y + low.height / 2),
                (low.x, low.high),
                (high.x, high.low),
                (high.x, high.y - high.height / 2),
            ]
        self._line(*points)

    def _line(self, *points: tuple[float, float], dashed: bool = False) -> None:
        # The head takes its direction from the last two points, which must differ.
        ends = [b for a, b in pairwise(points) if abs(a[0] - b[0]) + abs(a[1] - b[1]) > 1e-3]
        arrow = FancyArrowPatch(
            path=Path([points[0], *ends]), arrowstyle="-|>", mutation_scale=8, zorder=1
        )
        arrow.set(linewidth=0.8, color=LINE, linestyle="--" if dashed else "-", joinstyle="round")
        self.axes.add_patch(arrow)

    def _legend(self, width: float) -> float:
        """Draws what the marks mean, at the bottom; returns its height."""
        x, y = MARGIN, MARGIN + 0.08
        for style, sheets, words in reversed(list(self._marks())):
            text = self._text(words, SMALL)
            length = self._size(text)[0]
            if x > MARGIN and x + 0.4 + length > width:
                x, y = MARGIN, y + 0.22
            for sheet in range(2 * sheets, -1, -1):
                at = sheet * SHEET / 1.5
                self._patch(x + 0.1 + at, y + at, 0.2, 0.11, **style, zorder=3 - sheet)
            text.set(position=(x + 0.36, y), ha="left", va="center")
            x += 0.36 + length + 0.25
        return y + 0.1

    def _marks(self) -> Iterator[tuple[dict[str, Any], int, str]]:
        nodes = [one.node for one in self.placed.values()]
        white = {"facecolor": "white", "edgecolor": LINE}
        if any(self.reach.by_scenario(node.pieces) for node in nodes):
            names = ", ".join(map(str, self.scenarios[:4])) + ", …" * (len(self.scenarios) > 4)
            yield white, 1, f"one for each scenario: {names}"
        if any(node.kind == "gate" for node in nodes):
            yield {**white, "rounding": 0.055}, 0, "Σ: a gate weights what it reads"
        own = {**white, "linewidth": 2.0}
        yield own, 0, "one task trains it, in its colour"
        if any(self.reach.shared(node.pieces) for node in nodes):
            yield {"facecolor": self.shared, "edgecolor": self.shared}, 0, "several tasks train it"


def _tex(text: str) -> str:
    """Words upright, single letters slanted, as in a formula."""
    upright = re.sub(r"(?<![\\A-Za-z])([A-Za-z]{3,})", r"\\mathrm{\1}", text)
    return f"${upright}$".replace("…", r"\ldots").replace(" ", r"\ ")
