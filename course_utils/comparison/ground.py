"""What a rival may know of the ground on which it is tried, before it sees a row's label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from course_utils.columns import Split


@dataclass(frozen=True)
class Ground:
    """Rows of one seed, and what a person who knows the shop would say of them.

    Attributes:
        split: the three tables of a search seed; a rival looks at columns and sizes alone.
        judged: the tasks that the verdict is about.
        selected: a label exists only where another task's label is 1, as a purchase after a
            click, and all rows are judged.
    """

    split: Split
    judged: Sequence[str]
    selected: bool = False

    @property
    def tasks(self) -> list[str]:
        """All of them, those that only help too."""
        return list(self.split.train.labels)

    @property
    def scenarios(self) -> int:
        """S, 1 where there is one alone."""
        return len(self.split.train.columns.scenarios)

    @property
    def numbers(self) -> bool:
        """Is any column a number?"""
        return bool(self.split.train.columns.numbers)

    @property
    def joint(self) -> bool:
        """Is there anything to share, several tasks or several scenarios?"""
        return len(self.tasks) > 1 or self.scenarios > 1

    @property
    def rows(self) -> int:
        """Training rows."""
        return len(self.split.train)

    @property
    def fewest(self) -> int:
        """Training rows of the judged task that has the fewest."""
        train = self.split.train
        return int(min(np.sum(train.mask(task)) for task in self.judged))
