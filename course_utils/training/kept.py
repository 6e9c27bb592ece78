"""The weights of the best epochs."""

from __future__ import annotations

import numpy as np

from course_utils.columns import Table
from course_utils.models.network import Network
from course_utils.training.history import History


class Kept:
    """Weights of the epoch with the least validation loss, and of each task's own best epoch.

    Args:
        network: whose weights they are.
        each: keep each task's own, too.
    """

    def __init__(self, network: Network, each: bool) -> None:
        self.network, self.each = network, each
        self.best = network.get_weights()
        self.own: dict[str, list[np.ndarray]] = {}

    def look(self, history: History) -> int:
        """After an epoch: keep what is best so far. Epochs since something last was, 0 if now."""
        epoch = len(history.valid_loss) - 1
        now = self.network.get_weights()
        if history.valid_loss[-1] == min(history.valid_loss):
            self.best = now
        if not self.each:
            return 0 if self.best is now else epoch - int(np.argmin(history.valid_loss))
        best = history.best_epochs()
        for task, own in zip(history.tasks, best, strict=True):
            if own == epoch:
                self.own[task] = now
        return epoch - int(best.max())

    def predict(self, table: Table) -> dict[str, np.ndarray]:
        """Per task ``[n]``, by the weights that were kept for it."""
        if not self.own:
            return self.network.predict(table)
        found: dict[str, np.ndarray] = {}
        try:
            for weights in {id(own): own for own in self.own.values()}.values():
                self.network.set_weights(weights)
                chances = self.network.predict(table)
                found |= {t: chances[t] for t, own in self.own.items() if own is weights}
        finally:
            self.network.set_weights(self.best)
        return {task: found[task] for task in self.network.tasks}
