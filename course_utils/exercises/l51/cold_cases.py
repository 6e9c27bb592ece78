"""The inputs of task 51.8: models, attributes, and products that the models do not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from surprise import SVD

from course_utils.exercises.l51.shared import data_of, small_model

Attributes = dict[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """One call; the name says in a message which model it was."""

    name: str
    algo: SVD
    attributes: Attributes
    new: list[str]
    reg: float

    @property
    def arguments(self) -> tuple[SVD, Attributes, list[str], float]:
        return self.algo, self.attributes, self.new, self.reg

    @property
    def shown(self) -> str:
        return f"cold_scores({self.name}, attributes, {self.new}, {self.reg:g})"


def _other_model() -> SVD:
    """9 users, 15 products, 3 factors; ids come in no order, some are rated once, some often."""
    draw = np.random.default_rng(5111)
    users = ["u-9", "0042", "42", "7", "007", "zoe", "1001", "b", "A"]
    products = ["p-7", "50", "0050", "B12", "9", "10", "x", "00x1", "c", "21", "3", "d", "a", "8"]
    rows = [(users[k % 9], product, float(k % 5 + 1)) for k, product in enumerate(products)]
    for user in users:
        for product in draw.permutation(products[:6])[: draw.integers(2, 6)]:
            rows.append((user, str(product), float(draw.integers(1, 6))))
    rows.append((users[0], "one more", 5.0))
    trainset = data_of(rows).build_full_trainset()
    return SVD(n_factors=3, n_epochs=80, lr_all=0.02, random_state=1).fit(trainset)


def _one_user() -> SVD:
    trainset = data_of([("u", "7", 5.0), ("u", "007", 1.0), ("u", "x", 4.0)]).build_full_trainset()
    return SVD(n_factors=2, n_epochs=80, random_state=2).fit(trainset)


def _attributes(algo: SVD, new: Sequence[str], size: int, seed: int) -> Attributes:
    """Numbers for all known and new products, known and new mixed; the new ones lie far out."""
    draw = np.random.default_rng(seed)
    known = [algo.trainset.to_raw_iid(item) for item in algo.trainset.all_items()]
    ids = [str(one) for one in draw.permutation(sorted({*known, *new}))]
    return {one: draw.normal(0.5, 3.0 if one in new else 1.0, size=size).round(2) for one in ids}


def cold_cases() -> list[Case]:
    small, other = small_model(), _other_model()
    drawn: list[tuple[str, SVD, list[str], int, float]] = [
        ("model", small, ["n-2", "020", "new"], 3, 1.0),
        ("model", small, ["0n1"], 3, 0.1),
        ("other_model", other, ["z", "07", "5", "k-3", "0x1"], 2, 5.0),
        ("other_model", other, ["5", "z", "5"], 4, 0.5),
        ("model_of_one_user", _one_user(), ["70", "0007"], 1, 0.5),
    ]
    return [
        Case(name, algo, _attributes(algo, new, size, seed), new, reg)
        for seed, (name, algo, new, size, reg) in enumerate(drawn)
    ]
