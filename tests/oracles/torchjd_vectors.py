"""What torchjd gives for the same Jacobians and losses, as small vectors.

torchjd and torch are in no lock. To write ``torchjd.json`` anew, in an environment apart:

    python3.11 -m venv ORACLE
    ORACLE/bin/pip install "torch==2.13.0" "torchjd[cagrad,quadprog-projector]==0.18.0"
    ORACLE/bin/python tests/oracles/torchjd_vectors.py

To compare live on fresh seeds, let the course's Python see that environment too:

    PYTHONPATH=.:ORACLE/lib/python3.11/site-packages \\
        python tests/oracles/torchjd_vectors.py --live

UPGrad is asked for with 1e-15 in place of the 1e-4 that torchjd adds to the diagonal, CAGrad
and UPGrad with 1e-20 in place of the trace below which torchjd takes G for 0. PCGrad's random
orders are recorded with its weights.
"""

from __future__ import annotations

import importlib.metadata
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

FILE = Path(__file__).with_name("torchjd.json")
C = 0.5
GAMMA = 0.01
LEARNING_RATE = 0.3


# The inputs.


def jacobians(seed: int) -> list[tuple[str, np.ndarray]]:
    """Random ones of several shapes, and the ones that are hard to get right."""
    rng = np.random.default_rng(seed)

    def rows(n_tasks: int, n_weights: int) -> np.ndarray:
        return np.round(rng.normal(size=(n_tasks, n_weights)), 3)

    def changed(n_tasks: int, n_weights: int, change: Any) -> np.ndarray:
        matrix = rows(n_tasks, n_weights)
        change(matrix)
        return np.round(matrix, 6)

    def conflict(m: np.ndarray) -> None:
        m[1:] -= 1.5 * m[0]

    def duplicate(m: np.ndarray) -> None:
        m[1] = m[0]

    def opposite(m: np.ndarray) -> None:
        m[1] = -m[0]

    def zero(m: np.ndarray) -> None:
        m[1] = 0.0

    def stationary(m: np.ndarray) -> None:
        m[-1] = -m[:-1].sum(axis=0)

    def scales(m: np.ndarray) -> None:
        m *= 10.0 ** np.linspace(-3, 3, len(m))[:, None]

    random = [(2, 3), (2, 40), (3, 5), (3, 12), (4, 4), (4, 9), (5, 6), (5, 12)]
    return [
        *((f"random {k} x {p}", rows(k, p)) for k, p in random),
        *((f"conflicting {k} x 6", changed(k, 6, conflict)) for k in (2, 3, 4, 5)),
        ("duplicate", changed(3, 5, duplicate)),
        ("opposite", changed(3, 5, opposite)),
        ("two opposite", changed(2, 4, opposite)),
        ("one zero", changed(3, 5, zero)),
        ("all zero", np.zeros((3, 4))),
        ("rank deficient", rows(4, 2)),
        ("stationary", changed(3, 4, stationary)),
        *((f"scales {k} x 6", changed(k, 6, scales)) for k in (2, 3, 4)),
        ("the 3 x 3 matrix", np.array([[-1.0, 1, 0], [0, -1, 0], [2, 0, -1]])),
    ]


def loss_steps(seed: int, n_steps: int = 8, n_tasks: int = 3) -> list[list[float]]:
    draws = np.random.default_rng(seed).uniform(0.05, 3.0, size=(n_steps, n_tasks))
    return np.round(draws, 3).tolist()


# What torchjd says.


def torchjd_weights(jacobian: np.ndarray, seed: int) -> dict[str, Any]:
    import torch
    from torchjd.aggregation import IMTLG, MGDA, AlignedMTL, CAGrad, PCGrad, UPGrad
    from torchjd.linalg import QuadprogProjector

    rows = torch.tensor(jacobian, dtype=torch.float64)
    exact = QuadprogProjector(norm_eps=1e-20, reg_eps=1e-15)
    methods = {
        "PCGrad": PCGrad(),
        "CAGrad": CAGrad(c=C, norm_eps=1e-20),
        "MGDA": MGDA(),
        "UPGrad": UPGrad(projector=exact),
        "IMTLG": IMTLG(),
        "AlignedMTL": AlignedMTL(),
    }
    torch.manual_seed(seed)
    orders = [torch.randperm(len(rows)).tolist() for _ in rows]
    torch.manual_seed(seed)  # PCGrad, the first, draws the same orders
    found = {
        name: method.gramian_weighting(rows @ rows.T).tolist() for name, method in methods.items()
    }
    return {"orders": orders, "Mean": [1 / len(rows)] * len(rows), **found}


def torchjd_totals(steps: list[list[float]]) -> dict[str, list[list[float]]]:
    """Per method and step: the total, then its slope in each loss."""
    import torch
    from torchjd.scalarization import DWA, FAMO, UW

    found: dict[str, list[list[float]]] = {"Uncertainty": [], "DWA": [], "FAMO": []}
    uw, dwa = UW(len(steps[0])), DWA()
    famo = FAMO(len(steps[0]), lr=LEARNING_RATE, weight_decay=GAMMA)
    sgd = torch.optim.SGD(uw.parameters(), lr=LEARNING_RATE)
    for i, values in enumerate(steps):
        for name, method in [("Uncertainty", uw), ("DWA", dwa), ("FAMO", famo)]:
            losses = torch.tensor(values, requires_grad=True)
            sgd.zero_grad()
            total = method(losses)
            total.backward()
            found[name].append([total.item(), *losses.grad.tolist()])
            if name == "Uncertainty":
                sgd.step()
        dwa.step()
        famo.update(torch.tensor(steps[(i + 1) % len(steps)]))
    return found


# What the course says.


def our_weights(jacobian: np.ndarray, orders: list[list[int]]) -> dict[str, np.ndarray]:
    from course_utils.balancing.aligned_mtl import AlignedMTL
    from course_utils.balancing.cagrad import CAGrad
    from course_utils.balancing.imtl_g import IMTLG
    from course_utils.balancing.mean import Mean
    from course_utils.balancing.mgda import MGDA
    from course_utils.balancing.pcgrad import surgery
    from course_utils.balancing.upgrad import UPGrad

    gramian = jacobian @ jacobian.T
    others = [Mean(), CAGrad(C), MGDA(), UPGrad(), IMTLG(), AlignedMTL()]
    found = {type(method).__name__: method.weights(gramian) for method in others}
    return {"PCGrad": surgery(gramian, [np.array(order) for order in orders]), **found}


def our_totals(steps: list[list[float]]) -> dict[str, list[list[float]]]:
    from course_utils.backend import keras, tf
    from course_utils.balancing.dwa import DWA
    from course_utils.balancing.famo import FAMO
    from course_utils.balancing.uncertainty import Uncertainty

    found: dict[str, list[list[float]]] = {}
    for method in (
        Uncertainty(["regression"] * len(steps[0])),
        DWA(),
        FAMO(GAMMA, LEARNING_RATE),
    ):
        method.reset(len(steps[0]), seed=0)
        learned = method.trainable_variables
        sgd = keras.optimizers.SGD(LEARNING_RATE)
        rows = found[type(method).__name__] = []
        for i, values in enumerate(steps):
            losses, after = (tf.constant(steps[j % len(steps)]) for j in (i, i + 1))
            with tf.GradientTape() as tape:
                tape.watch(losses)
                total = method.total(losses)
            slopes, *gradients = tape.gradient(total, [losses, *learned])
            rows.append([float(total), *slopes.numpy().tolist()])
            if learned:
                sgd.apply_gradients(zip(gradients, learned, strict=True))
            method.after_step(losses, lambda: None, lambda after=after: after)
            method.after_epoch(np.array(values))
    return found


# Both.


def direction_gap(jacobian: np.ndarray, ours: Any, theirs: Any) -> float:
    """How far apart the two directions are, as a share of the longest gradient."""
    longest = np.linalg.norm(jacobian, axis=1).max()
    gap = np.linalg.norm((np.array(ours) - np.array(theirs)) @ jacobian)
    return float(gap / longest) if longest > 0 else 0.0


def rounded(value: Any, digits: int = 10) -> Any:
    if isinstance(value, dict):
        return {key: rounded(item, digits) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item, digits) for item in value]
    return float(f"{value:.{digits}g}") if isinstance(value, float) else value


def write() -> None:
    steps = loss_steps(0)
    content = {
        "versions": {name: importlib.metadata.version(name) for name in ("torch", "torchjd")},
        "aggregators": [
            {"name": name, "jacobian": j.tolist(), **torchjd_weights(j, seed)}
            for seed in (0, 1)
            for name, j in jacobians(seed)
        ],
        "weightings": {"losses": steps, **torchjd_totals(steps)},
    }
    lines = [json.dumps(case) for case in rounded(content["aggregators"])]
    FILE.write_text(
        "{\n"
        f'"versions": {json.dumps(content["versions"])},\n'
        '"aggregators": [\n' + ",\n".join(lines) + "\n],\n"
        f'"weightings": {json.dumps(rounded(content["weightings"]))}\n'
        "}\n",
        encoding="utf-8",
    )


def live() -> None:
    """The largest difference per method over fresh seeds, the case it is in, and the next."""
    worst: dict[str, list[tuple[float, str]]] = {}
    for seed in range(1000, 1020):
        for name, j in jacobians(seed):
            theirs = torchjd_weights(j, seed)
            for method, ours in our_weights(j, theirs.pop("orders")).items():
                gap = direction_gap(j, ours, theirs[method])
                worst.setdefault(method, []).append((gap, name))
        steps = loss_steps(seed)
        ours_by_method, theirs_by_method = our_totals(steps), torchjd_totals(steps)
        for method, ours_rows in ours_by_method.items():
            gap = float(np.abs(np.subtract(ours_rows, theirs_by_method[method])).max())
            worst.setdefault(method, []).append((gap, f"losses {seed}"))
    for method, gaps in worst.items():
        by_case: dict[str, float] = {}
        for gap, name in gaps:
            by_case[name] = max(gap, by_case.get(name, 0.0))
        top = sorted(by_case.items(), key=lambda item: -item[1])[:6]
        print(f"{method:12}", ", ".join(f"{name}: {gap:.1e}" for name, gap in top))


if __name__ == "__main__":
    live() if "--live" in sys.argv[1:] else write()
