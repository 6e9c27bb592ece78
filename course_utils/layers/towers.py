"""The last part of most networks: a small tower a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.layers.container import Container
from course_utils.layers.dropout import Dropout
from course_utils.layers.parallel import ParallelDense, ParallelMLP


class Towers(Container):
    """p_k = sigmoid(h_k(x_k)), with h_k an MLP of task k.

    Input: ``[B, d]``, the same for all tasks, or ``[K, B, d]``. Output: ``{task: [B]}``.

    Args:
        tasks: K names.
        widths: of the ReLU layers before the last one.
        drop: the network's dropout.
    """

    def __init__(self, tasks: Sequence[str], widths: Sequence[int], drop: Dropout) -> None:
        super().__init__()
        self.tasks = tuple(tasks)
        self.hidden = ParallelMLP(len(tasks), widths, drop)
        self.last = ParallelDense(len(tasks), 1, "sigmoid")

    def call(self, x: Any) -> dict[str, Any]:
        chances = self.last(self.hidden(x))  # [K, B, 1]
        return {task: chances[k, :, 0] for k, task in enumerate(self.tasks)}
