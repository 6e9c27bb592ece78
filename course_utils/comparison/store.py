"""What was computed once is kept on disk, so that a long search resumes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.columns import Split

Arrays = dict[str, np.ndarray]


class Store:
    """Arrays by task in a folder, one file each; without a folder nothing is kept.

    A file is named by its key: contender, trial, seed and the data themselves. Code is not
    part of it: where a contender means something else now, empty the folder.
    """

    def __init__(self, folder: Path | str | None) -> None:
        self.folder = None if folder is None else Path(folder)

    def get(self, key: Mapping[str, Any], make: Callable[[], Mapping[str, Any]]) -> Arrays:
        """What is kept under the key, or else what ``make`` gives, which is kept from now on."""
        if self.folder is None:
            return {task: np.asarray(values) for task, values in make().items()}
        text = json.dumps(key, sort_keys=True, default=str)
        file = self.folder / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.npz"
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            made = list(make().items())
            # Whole or not at all, also where two processes write at once.
            part = file.with_suffix(f".{os.getpid()}.part")
            with part.open("wb") as out:
                # Names as an array: a task may be called anything.
                names = np.array([task for task, _ in made])
                arrays = {str(k): values for k, (_, values) in enumerate(made)}
                np.savez_compressed(out, names=names, **arrays)
            part.replace(file)
        with np.load(file) as kept:
            return {str(task): kept[str(k)] for k, task in enumerate(kept["names"])}


def fingerprint(split: Split) -> str:
    """A hash of everything that the three tables hold."""
    found = hashlib.sha256(repr(split.train.columns).encode())
    for table in (split.train, split.valid, split.test):
        for array in (*table.inputs, *table.labels.values(), *map(table.mask, table.labels)):
            found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()
