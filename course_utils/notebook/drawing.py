"""An architecture as a picture, or in sentences, from the network object itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from course_utils.errors import CourseError

# Other lessons show figures without TensorFlow, which takes seconds to load.
if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from course_utils.models import Network
    from course_utils.notebook.parts import Plan
    from course_utils.notebook.reach import Reach


def draw(network: Network) -> Figure:
    """The parts of a network and what each reads, from its inputs, below, to its tasks, above.

    A part has the letter of the class's formula, its widths and its number of weights. It is
    filled if several tasks train it; if one does, it is outlined in that task's colour. Which
    tasks do, and which scenarios' rows, is found from gradients. A class without a plan in
    ``architectures`` is drawn from its attributes, in their order.

    Raises:
        CourseError: if it is no ``Network`` of the course.
    """
    from course_utils.notebook.picture import Picture

    return Picture(_title(network), network, *_read(network)).fig


def described(network: Network) -> str:
    """The same in sentences, one a part or several alike: the alt text of ``draw(network)``."""
    made, reach = _read(network)
    parts = []
    for node in made:
        words = [*node.lines]
        if node.pieces:
            words[-1] += f" weights, trained by {_and(reach.tasks(node.pieces))}"
            words += ["one for each scenario"] * reach.by_scenario(node.pieces)
        seen = [*node.reads, *node.far, *(f"sg({name})" for name in node.stopped)]
        words += [f"reads {_and(seen)}"] * bool(seen)
        formula = f" ({node.shown})" if node.shown and node.shown != node.name else ""
        parts.append((f"{node.name}{formula}", ", ".join(words)))
    sentences = [f"{_title(network)}, from its inputs to its outputs."]
    for what, alike in groupby(parts, key=lambda part: part[1]):
        names = [name for name, _ in alike]
        sentences.append(f"{_and(names)}{', each' * (len(names) > 1)}: {what}.")
    return _plain(" ".join(sentences))


def _read(network: Network) -> tuple[Plan, Reach]:
    from course_utils.models import Network
    from course_utils.notebook.architectures import plan
    from course_utils.notebook.reach import Reach

    if not isinstance(network, Network):
        raise CourseError(
            f"draw needs a network that knows its columns and tasks, a Network of "
            f"course_utils.models or a class made from it, got {type(network).__name__}."
        )
    reach = Reach(network)
    return plan(network, reach), reach


def _title(network: Network) -> str:
    n = sum(int(weight.shape.num_elements()) for weight in network.trainable_variables)
    return f"{type(network).__name__}: {n:,} weights"


def _plain(text: str) -> str:
    """Without the marks of TeX."""
    return re.sub(r"[{}]", "", text.replace(r"\sum", "sum").replace(r"\neq", "≠"))


def _and(words: Sequence[str]) -> str:
    *most, last = words or ["none"]
    return f"{', '.join(most)} and {last}" if most else last
