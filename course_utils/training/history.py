"""What happened in a training run."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class History:
    """One entry for each epoch; arrays in the order of ``tasks``.

    Attributes:
        tasks: K names.
        valid_loss: sum of the tasks' mean losses on the validation rows.
        valid_task_losses: ``[K]``, each task's part of it.
        task_losses: ``[K]``, mean over the training steps whose batch has a row that the
            task's loss is over; 0 if none has.
        weights: ``[K]``, of a weighting at the end of the epoch, of an aggregator the mean.
        gramians: ``[K, K]``, inner products of the tasks' gradients on the shared weights, on
            the epoch's first batch, before its step; empty unless recorded.
    """

    tasks: tuple[str, ...]
    valid_loss: list[float] = field(default_factory=list)
    valid_task_losses: list[np.ndarray] = field(default_factory=list)
    task_losses: list[np.ndarray] = field(default_factory=list)
    weights: list[np.ndarray] = field(default_factory=list)
    gramians: list[np.ndarray] = field(default_factory=list)

    def best_epochs(self) -> np.ndarray:
        """``[K]``: the epoch with each task's least validation loss, from 0."""
        return np.argmin(self.valid_task_losses, axis=0)

    def cosines(self) -> np.ndarray:
        """``[epochs, K, K]``: cosine of each pair of gradients; below 0 is a conflict.

        nan where a task has no gradient.
        """
        norms = self.norms()
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.array(self.gramians) / (norms[:, :, None] * norms[:, None, :])

    def norms(self) -> np.ndarray:
        """``[epochs, K]``: length of each task's gradient."""
        shape = (-1, len(self.tasks), len(self.tasks))
        squares = np.array(self.gramians).reshape(shape).diagonal(axis1=1, axis2=2)
        return np.sqrt(np.maximum(squares, 0.0))

    def norm_ratios(self) -> np.ndarray:
        """``[epochs]``: the shortest gradient's length over the longest one's."""
        norms = self.norms()
        return norms.min(axis=1) / norms.max(axis=1)
