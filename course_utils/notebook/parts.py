"""What a drawing of a network consists of: parts with their weights, row by row."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course_utils.layers import Embed

Piece = tuple[Any, Any]
"""A weight, and an index into it: of layers that lie side by side in one array, one or some."""

MOST = 8
"""Parts of one kind that are drawn side by side; the last one stands for the rest."""


@dataclass(frozen=True)
class Node:
    """One part of a network.

    Attributes:
        name: its letter in the formula of the class, in TeX; other parts read it by this name.
        pieces: its weights.
        reads: the parts below that it reads: an arrow each.
        far: the same where an arrow would cross others: their names stand beside the part.
        stopped: as ``far``, but no gradient flows back into them.
        kind: "box", "gate" (weights what it reads, and sums), "op" (computes, has no weights),
            "input" or "output".
        shown: the letter as it is drawn, if that is not the name.
        says: lines below the letter, before the number of weights; else the widths.
    """

    name: str
    pieces: tuple[Piece, ...] = ()
    reads: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    kind: str = "box"
    shown: str | None = None
    says: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Number of weights."""
        return sum(math.prod(_shape(piece)) for piece in self.pieces)

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands below the letter."""
        lines = self.says or widths(self.pieces)
        return (*lines, f"{self.count:,}") if self.pieces else lines


Row = Sequence[Sequence[Node]]
"""Columns side by side, each with one part or more, or none."""


@dataclass(frozen=True)
class Plan:
    """What stands where.

    Attributes:
        rows: from the inputs up. Rows of equally many columns stand on one grid.
        losses: task -> the parts that its loss reads.
    """

    rows: Sequence[Row]
    losses: Mapping[str, Sequence[str]]

    def __iter__(self) -> Iterator[Node]:
        return (node for row in self.rows for column in row for node in column)

    def holds(self, weights: Sequence[Any]) -> bool:
        """Does each number of these weights stand in exactly one part?"""
        times = {id(weight): np.zeros(tuple(weight.shape), int) for weight in weights}
        for node in self:
            for weight, index in node.pieces:
                times[id(weight)][index] += 1
        return all((one == 1).all() for one in times.values())


def of(*layers: Any, at: Any = ...) -> tuple[Piece, ...]:
    """The weights of layers, or of one weight; ``at`` says which of those side by side."""
    found = [getattr(layer, "trainable_variables", [layer]) for layer in layers]
    return tuple((weight, at) for weights in found for weight in weights)


def inputs_of(n: Any, scenario: bool = False) -> list[Node]:
    """What a network reads; with its scenario where a part looks that up."""
    what = {"column": list(n.columns.vocabulary), "number": list(n.columns.numbers)}
    says = [
        f"{len(names)} {kind}{'s' * (len(names) > 1)}: {_listed(names)}"
        for kind, names in what.items()
        if names
    ]
    row = [Node("inputs", kind="input", shown="", says=tuple(says))]
    if scenario:
        row.append(Node("scenario", kind="input", shown="", says=("scenario p",)))
    return row


def _listed(names: list[Any], most: int = 5) -> str:
    more = [f"{len(names) - most} more"] if len(names) > most + 1 else []
    return ", ".join(map(str, names[:most] if more else names)) + "".join(f", {m}" for m in more)


def embedding(layer: Embed, name: str) -> Node:
    """As "3 × 4 + 2 → 14": three columns as vectors of four, and two numbers."""
    columns = layer.columns
    parts = [f"{len(columns.sizes)} × {layer.dim}"] if columns.sizes else []
    parts += [str(len(columns.numbers))] if columns.numbers else []
    d = len(columns.sizes) * layer.dim + len(columns.numbers)
    return Node(name, of(layer), ("inputs",), says=(f"{' + '.join(parts)} → {d}",))


def several(letter: str, layers: Sequence[Any], among: range, most: int, *reads: str) -> list[Node]:
    """Parts side by side in one array, letter_1, letter_2, ...; the last stands for the rest."""
    drawn = among if len(among) <= most else among[: most - 1]
    made = [Node(letter % i, of(*layers, at=at), reads) for i, at in enumerate(drawn, start=1)]
    if len(drawn) < len(among):
        first, last = letter % (len(drawn) + 1), letter % len(among)
        rest = of(*layers, at=np.s_[among[len(drawn)] : among.stop])
        made.append(Node(f"{first} … {last}" if first != last else first, rest, reads))
    return made


def names(nodes: Sequence[Node]) -> tuple[str, ...]:
    """What others read them by."""
    return tuple(node.name for node in nodes)


def widths(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """From the matrices: "14→12→10" for layers that follow each other, "3 × 14→10" for three
    beside each other; a line for each that does not follow the one before."""
    chains: list[tuple[int, list[int]]] = []
    tables = []
    for weight, index in pieces:
        if weight.name == "embeddings":
            tables.append(" × ".join(map(str, _shape((weight, index)))))
        if not weight.name.endswith("kernel"):
            continue
        *many, rows, columns = _shape((weight, index))
        n = math.prod(many)
        if chains and chains[-1][0] == n and chains[-1][1][-1] == rows:
            chains[-1][1].append(columns)
        else:
            chains.append((n, [rows, columns]))
    texts = [(f"{n} × " if n > 1 else "") + "→".join(map(str, chain)) for n, chain in chains]
    return tuple(dict.fromkeys([*tables, *texts]))


def _shape(piece: Piece) -> tuple[int, ...]:
    weight, index = piece
    return np.broadcast_to(0, tuple(weight.shape))[index].shape
