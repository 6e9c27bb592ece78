"""What size_and_data leaves out: penalties of networks, two numbers of calibration, floors.

For lesson 31.

    python benchmarks/size_reasons.py

measures what is missing or stale, each part kept in results/size_reasons.json as soon as it is
done: six minutes of one core. Shops, rows and networks are those of size_and_data.

penalty     300 rows: the linear models tuned their penalty and the networks their learning rate.
            Here each network tries four penalties at the rate that was chosen there, on the same
            eight tuning shops; where that rate was the highest or the lowest of its grid, also
            with three times the rate or a third of it. A trial that diverges has no loss.
two numbers 3,000 rows, not stopped: slope and intercept of the log odds from the validation rows,
            beside the temperature, which is a slope alone.
floor       the excess of main effects and of hand crosses fitted to p itself, on the test rows:
            what the form of the model cannot say.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from scipy import sparse
from scipy.special import expit, logit
from size_and_data import (
    BOTH,
    CROSSES,
    PRODUCTS,
    RATES,
    SEEDS,
    TASK,
    TRAINING,
    TUNING_SEEDS,
    Market,
    ece,
    log_loss_against,
    market,
    network,
    trainer,
)
from size_and_data import STORED as BASE
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.comparison.logistic import crossed, main_effects
from course_utils.training.trainer import DivergedError

FEW, N = 300, 3_000
DECAYS = (1.0, 10.0, 30.0, 100.0)
TUNING = TUNING_SEEDS[FEW]
ENDED = ("264", "20,697", "218,801")


def penalised(size: str, one: Market, seed: int, rate: float, decay: float) -> list[np.ndarray]:
    of, (_, epochs, patience) = one.split, TRAINING[one.n]
    made = trainer(size, one.n)
    before, made.weight_decay = made.weight_decay, decay
    try:
        made.fit(of.train, of.valid, seed, rate, epochs, patience)
        return [made.predict(getattr(of, which))[TASK] for which in BOTH]
    finally:
        made.weight_decay = before


def penalty(size: str, rate: float) -> dict[str, Any]:
    """The (rate, decay) with the least mean validation loss; then the shops that judge."""
    trials = [(of, decay) for of in _rates(rate) for decay in DECAYS]
    tried = [
        float(np.mean([_valid_loss(size, seed, *trial) for seed in TUNING])) for trial in trials
    ]
    trial = trials[int(np.argmin(tried))]
    found = []
    for seed in SEEDS:
        one = market(seed, FEW)
        said = penalised(size, one, seed, *trial)[1]
        found.append(round(log_loss_against(one.p, said.astype(float)) - one.best, 6))
    losses = [round(of, 5) if np.isfinite(of) else None for of in tried]
    return {"trials": trials, "tried": losses, "trial": trial, "excess": found}


def _rates(rate: float) -> tuple[float, ...]:
    """And one more beyond the edge of the grid that the rate stands at."""
    beyond = {RATES[0]: (RATES[0] / 3,), RATES[-1]: (3 * RATES[-1],)}
    return (rate, *beyond.get(rate, ()))


def _valid_loss(size: str, seed: int, rate: float, decay: float) -> float:
    one = market(seed, FEW)
    try:
        said = penalised(size, one, seed, rate, decay)[0]
    except DivergedError:
        return np.inf
    return log_loss_against(one.split.valid.labels[TASK], said)


def slope_and_start(said: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Platt's two numbers: the least log loss of sigmoid(slope z + start)."""
    fit = LogisticRegression(C=1e6, max_iter=1_000).fit(_log_odds(said)[:, None], labels)
    return float(fit.coef_[0, 0]), float(fit.intercept_[0])


def _log_odds(said: np.ndarray) -> np.ndarray:
    return np.asarray(logit(np.clip(said.astype(float), 1e-7, 1 - 1e-7)))


def two_numbers(size: str, rate: float) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for seed in SEEDS:
        one = market(seed, N)
        valid, test = network(size, False, one, seed, rate, BOTH)
        labels = one.split.valid.labels[TASK]
        slope, start = slope_and_start(valid, labels)
        said = expit(slope * _log_odds(test) + start)
        known = {
            "slope": slope,
            "start": start,
            "excess": log_loss_against(one.p, said) - one.best,
            "ece": ece(said, one.p),
            "said": float(test.mean()),
            "truth": float(one.p.mean()),
            "base rate of valid": log_loss_against(one.p, np.full(len(one.p), labels.mean()))
            - one.best,
        }
        for key, value in known.items():
            found.setdefault(key, []).append(round(float(value), 6))
    return found


def floor(name: str, seed: int) -> float:
    """Each test row twice: as a click with weight p, and as none with weight 1 - p."""
    one = market(seed, FEW)
    rows = one.split.test
    x = main_effects(rows, rows)[0] if name == "main effects" else _crosses(rows)
    twice, labels = sparse.vstack([x, x], format="csr"), np.repeat([1, 0], len(one.p))
    fit = LogisticRegression(C=1e3, max_iter=2_000)
    fit.fit(twice, labels, np.r_[one.p, 1 - one.p])
    return round(log_loss_against(one.p, fit.predict_proba(x)[:, 1]) - one.best, 6)


def _crosses(rows: Any) -> Any:
    return crossed(rows, rows, (*CROSSES, *PRODUCTS))[0]


def floors() -> dict[str, list[float]]:
    return {
        name: [floor(name, seed) for seed in SEEDS] for name in ("main effects", "hand crosses")
    }


def small() -> dict[str, float]:
    """One network with a heavier penalty, and one floor, for the test."""
    one = market(0, FEW)
    said = penalised("264", one, 0, 1e-2, 10.0)[1]
    return {
        "264": round(log_loss_against(one.p, said.astype(float)) - one.best, 6),
        "floor": floor("main effects", 0),
    }


PARTS: dict[str, Callable[[], Any]] = {
    "small": small,
    "floors": floors,
    **{
        f"two numbers, {size}": partial(
            two_numbers, size, BASE.earlier(f"{size}, {N:,} rows", "trial")
        )
        for size in ENDED
    },
    **{
        f"penalty, {size}": partial(penalty, size, BASE.earlier(f"{size}, {FEW} rows", "trial"))
        for size in ("264", "2,253", "20,697")
    },
}
STORED = Stored(
    paths.RESULTS / "size_reasons.json",
    {"seeds": SEEDS, "tuning_seeds": TUNING},
)


def main() -> None:
    wanted = sys.argv[1:] or [*PARTS]
    STORED.measure({name: PARTS[name] for name in wanted})


if __name__ == "__main__":
    main()
