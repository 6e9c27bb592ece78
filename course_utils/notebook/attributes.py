"""A plan for a network that has none: what the layers in its attributes say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from course_utils.layers import Embed
from course_utils.models import Network
from course_utils.notebook.parts import (
    MOST,
    Node,
    Plan,
    Row,
    embedding,
    inputs_of,
    of,
    several,
    widths,
)
from course_utils.notebook.reach import Reach


def by_attributes(n: Network, reach: Reach) -> Plan:
    """A row an attribute, in the order they were made, its name in the place of a letter.

    A part is drawn to read, of those below that all its tasks train, the ones that nothing has
    read yet; else the nearest.
    """
    rows = [inputs_of(n)]
    trained = {node.name: set(n.tasks) for node in rows[0]}
    unread = set(trained)
    left = {id(weight): weight for weight in n.trainable_variables}

    def add(made: list[Node], tasks: list[set[str]]) -> None:
        row = []
        for node, own in zip(made, tasks, strict=True):
            fit = [[x.name for x in low if own <= trained[x.name]] for low in reversed(rows)]
            new = [name for names in fit for name in names if name in unread]
            row.append(replace(node, reads=tuple(new or next(filter(None, fit)))))
        rows.append(row)
        unread.difference_update(*(node.reads for node in row))
        unread.update(node.name for node in row)
        trained.update(zip((node.name for node in row), tasks, strict=True))

    for name, layer in [*_leaves(n), ("other weights", n)]:
        weights = [one for one, _ in of(layer) if left.pop(id(one), None) is not None]
        if weights:
            made = _parts(name, layer, weights)
            add(made, [set(reach.tasks(node.pieces)) for node in made])
    ends = [Node(f"y_{k}", kind="output", says=(task,)) for k, task in enumerate(n.tasks, start=1)]
    add(ends, [{task} for task in n.tasks])
    columns: list[Row] = [
        [[node] for node in row] if len(row) == len(n.tasks) else [row] for row in rows
    ]
    return Plan(columns, {task: (end.name,) for task, end in zip(n.tasks, ends, strict=True)})


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Layers and weights, in lists and mappings too, with the way to them: "parts click 1"."""
    if not name:
        items = [(key, one) for key, one in vars(value).items() if not key.startswith("_")]
    elif isinstance(value, Mapping):
        items = list(value.items())
    elif isinstance(value, list | tuple):
        items = [(str(at), one) for at, one in enumerate(value, start=1)]
    else:
        if hasattr(value, "trainable_variables") or hasattr(value, "assign"):
            yield name, value
        return
    for key, one in items:
        yield from _leaves(one, f"{name} {key}".strip())


def _parts(name: str, layer: Any, weights: Sequence[Any]) -> list[Node]:
    if isinstance(layer, Embed):
        node = embedding(layer, name)
        return [replace(node, shown="", says=(name, *node.says))]
    beside = getattr(layer, "n", len(getattr(layer, "tasks", ())))
    if beside > 1 and all(one.shape[0] == beside for one in weights):
        made = several(f"{name} %d", weights, range(beside), MOST)
    else:
        made = [Node(name, of(*weights))]
    return [replace(one, shown="", says=(one.name, *widths(one.pieces))) for one in made]
