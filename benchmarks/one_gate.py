"""Is MMoE's gain its form, or what the tasks share? One gate for all, tasks that agree (lesson 24).

    OMP_NUM_THREADS=1 python benchmarks/one_gate.py

measures what is missing or stale, each part kept in results/one_gate.json: some ten minutes of
one core. Two markets, each as in
regimes/mmoe.py: *apart*, where each task chooses one of four tastes its own way, and *agree*, where
all tasks choose alike. On the first only OMoE is new, a mixture with one gate for all tasks: the
others are stored in results/matrix/mmoe.json, found by the same rules on the same seeds. On the
second four networks are tried. Rules and grids are those of docs/when.md
(course_utils/comparison/matrix.py); in the second market with eight trials and five seeds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.comparison import Case, Contender, network, shared_bottom
from course_utils.comparison.case import Rows, columns_of
from course_utils.comparison.ground import Ground
from course_utils.comparison.matrix import TRIALS, TUNING_SEEDS, Judged, measured
from course_utils.comparison.space import network_space, training
from course_utils.layers import Embed, ParallelDense, ParallelMLP, Towers, mix
from course_utils.models.network import Network
from course_utils.regimes import mmoe
from course_utils.regimes.draws import FAMILIES, centred, chance, happens, stream
from course_utils.regimes.family import FRESH_SEEDS

TASTES, VALUES, OCCASIONS = 4, 60, 8

ONE_GATE = "OMoE"

FEW, FEWER = 5, 8
"""Seeds and trials of each network in the second market."""


class OMoE(Network):
    """MMoE with one gate, which all tasks hear: y_k = sigmoid(h_k(sum_i g(x)_i f_i(x)))."""

    def __init__(
        self,
        columns: Columns,
        tasks: Sequence[str],
        experts: int = 4,
        expert: Sequence[int] = (64, 32),
        tower: Sequence[int] = (16,),
        embedding_dim: int = 8,
        dropout: float = 0.0,
    ) -> None:
        super().__init__(
            columns,
            tasks,
            experts=experts,
            expert=expert,
            tower=tower,
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        self.embed = Embed(columns, embedding_dim)
        self.experts = ParallelMLP(experts, expert, self.drop)
        self.gates = ParallelDense(1, experts, "softmax", bias=False)
        self.towers = Towers(tasks, tower, self.drop)
        self.make_weights()

    def call(self, inputs: Any, training: bool = False) -> dict[str, Any]:
        codes, numbers, _ = inputs
        x = self.embed(codes, numbers)
        gate = keras.ops.repeat(self.gates(x), len(self.tasks), axis=0)  # [K, B, n], all alike
        return self.towers(mix(gate, self.experts(x)))


def agreeing(seed: int, n_train: int = 10_000, n_valid: int = 2_000, n_test: int = 6_000) -> Case:
    """regimes/mmoe.py's market, all tasks choosing by the same scores."""
    draw, n = stream(seed, FAMILIES["mmoe"]), n_train + n_valid + n_test
    likes = _effects(draw, TASTES, len(mmoe.COLUMNS), VALUES)
    scores = _effects(draw, TASTES, len(mmoe.OCCASION), OCCASIONS)
    codes = draw.integers(VALUES, size=(len(mmoe.COLUMNS), n))
    occasion = draw.integers(OCCASIONS, size=(len(mmoe.OCCASION), n))
    asked = _sums(scores, occasion) / mmoe.SOFTNESS
    gate = np.exp(asked - asked.max(0))
    wish = (gate / gate.sum(0) * _sums(likes, codes)).sum(0)
    chances = dict.fromkeys(mmoe.TASKS, chance(-0.5 + 3.0 * wish))
    labels = {task: happens(draw, p) for task, p in chances.items()}
    rows = Rows(np.stack([*codes, *occasion], 1), np.zeros((n, 0)), chances, labels, masks={})
    sizes = {**dict.fromkeys(mmoe.COLUMNS, VALUES), **dict.fromkeys(mmoe.OCCASION, OCCASIONS)}
    return rows.cut(columns_of(sizes), n_train, n_valid)


def _effects(draw: np.random.Generator, rows: int, columns: int, values: int) -> np.ndarray:
    drawn = centred(draw.normal(size=(rows * columns, values)))
    return drawn.reshape(rows, columns, values) / np.sqrt(columns)


def _sums(effects: np.ndarray, codes: np.ndarray) -> np.ndarray:
    return np.asarray(sum(effects[:, c, code] for c, code in enumerate(codes)))


MARKETS = {"apart": mmoe.make, "agree": agreeing}


def contenders(ground: Ground) -> dict[str, Contender]:
    """Name -> contender, with the grids of docs/when.md."""
    return {
        ONE_GATE: network(ONE_GATE, OMoE, {**training(ground), **mmoe.STRUCTURE}),
        "MMoE": mmoe.mmoe(ground),
        "Shared-Bottom": shared_bottom(network_space(ground)),
        "MMoE per task": mmoe.mmoe_per_task(ground),
    }


def found_in(
    market: str, name: str, seeds: Sequence[int] = FRESH_SEEDS, trials: int = TRIALS
) -> dict[str, Any]:
    """What ``matrix.measured`` says of one contender in one market."""
    make = MARKETS[market]
    case = make(TUNING_SEEDS[0])
    ground = Ground(case.split, list(case.judged), False)
    return measured(contenders(ground)[name], make, Judged(), seeds, trials)


STORED = Stored(paths.RESULTS / "one_gate.json", {"seeds": FRESH_SEEDS})

PARTS: dict[str, dict[str, partial[Any]]] = {
    "apart": {ONE_GATE: partial(found_in, "apart", ONE_GATE)},
    "agree": {
        name: partial(found_in, "agree", name, tuple(FRESH_SEEDS)[:FEW], FEWER)
        for name in (ONE_GATE, "MMoE", "Shared-Bottom", "MMoE per task")
    },
}


if __name__ == "__main__":
    STORED.measure(PARTS)
