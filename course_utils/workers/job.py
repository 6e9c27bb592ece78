"""What the workers are to do, and what one of them brought back."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course_utils.errors import CourseError

JOB, DONE = "job.json", "done-{}.npz"
"""Names of files in the folder of a run."""

MADE = "workers-"
"""How the name of a folder begins that a launcher made for one run."""


@dataclass(frozen=True)
class Job:
    """Some steps of Adam for Shared-Bottom, on the rows of ``regimes.shared_bottom.make(seed)``.

    Attributes:
        steps: of training; each takes the next ``batch_size`` rows of a random order.
        batch_size: rows of a step, all workers together: each gets an equal part of them.
        width: units of the trunk.
        tasks: that the network learns; empty for all.
        dies: (rank, step) of a worker that is killed there, as the system kills what takes too
            much memory; None for no such accident.
    """

    seed: int = 0
    steps: int = 100
    batch_size: int = 256
    width: int = 64
    learning_rate: float = 3e-3
    tasks: tuple[str, ...] = ()
    dies: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        for name, least in (("seed", 0), ("steps", 1), ("batch_size", 1), ("width", 1)):
            value = getattr(self, name)
            if type(value) is not int or value < least:
                raise CourseError(f"{name} must be a whole number, {least} or more, got {value!r}.")
        if not 0 < self.learning_rate < np.inf:
            raise CourseError(
                f"learning_rate must be a number above 0, got {self.learning_rate!r}."
            )

    def write(self, folder: Path) -> None:
        (folder / JOB).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Job:
        kept = json.loads((folder / JOB).read_text(encoding="utf-8"))
        pairs = {"dies": kept["dies"] and tuple(kept["dies"]), "tasks": tuple(kept["tasks"])}
        return cls(**{**kept, **pairs})


@dataclass(frozen=True)
class Outcome:
    """What one worker brought back.

    Attributes:
        weights: of the network, in its order, as this worker has them at the end.
        losses: ``[steps, K]``, each task's mean loss on the batch, all workers together.
        seconds: of all steps but the first, which traces the graph.
        bytes_summed: of gradients that each step sums over the workers.
    """

    weights: list[np.ndarray]
    losses: np.ndarray
    seconds: float
    bytes_summed: int

    def write(self, file: Path) -> None:
        """Whole or not at all."""
        part = file.with_suffix(".part")
        kept: dict[str, Any] = {f"weight {k:03}": w for k, w in enumerate(self.weights)}
        kept |= {"losses": self.losses, "of": [self.seconds, self.bytes_summed]}
        with part.open("wb") as out:
            np.savez(out, **kept)
        part.replace(file)

    @classmethod
    def read(cls, file: Path) -> Outcome:
        with np.load(file) as kept:
            weights = [kept[name] for name in sorted(kept) if name.startswith("weight")]
            return cls(weights, kept["losses"], float(kept["of"][0]), int(kept["of"][1]))


def greatest_difference(one: Outcome, other: Outcome) -> float:
    """The greatest absolute difference between the weights of two outcomes.

    Raises:
        CourseError: if they are of different networks.
    """
    shapes = [[weight.shape for weight in outcome.weights] for outcome in (one, other)]
    if shapes[0] != shapes[1]:
        raise CourseError("These outcomes are of two different networks: their shapes differ.")
    pairs = zip(one.weights, other.weights, strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)
