"""Task 50.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit

from answers import Proof, Wrong
from course_utils.exercises.l50.bce import MISTAKES, SOFTMAX, Numbers, bce


def _by_logaddexp(y: Numbers, z: Numbers) -> Any:
    return np.logaddexp(0, z).mean() - (z * y).mean(), (expit(z) - y) / z.size


def _by_cells(y: Numbers, z: Numbers) -> Any:
    loss, gradient = 0.0, []
    for truth, odds in zip(y.tolist(), z.tolist(), strict=True):
        row = []
        for one, score in zip(truth, odds, strict=True):
            signed = -score if one else score
            loss += max(signed, 0) + np.log1p(np.exp(-abs(signed)))
            row.append((expit(score) - one) / z.size)
        gradient.append(row)
    return [loss / z.size, gradient]


def _plain(y: Numbers, z: Numbers) -> Any:
    """Overflows: exp(1000) is infinite, and infinity over infinity is nan."""
    p = np.exp(z) / (1 + np.exp(z))
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(), (p - y) / y.size


def _clipped(y: Numbers, z: Numbers) -> Any:
    p = np.clip(expit(z), 1e-12, 1 - 1e-12)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(), (p - y) / y.size


PROOF = Proof(
    task="50.3",
    right=[_by_logaddexp, _by_cells],
    wrong=[
        *(
            Wrong(answer, f"{says}.", erratum="E44" if SOFTMAX in says else None, silent=True)
            for says, answer in MISTAKES.items()
        ),
        Wrong(_plain, "exp(1000) overflows", silent=True),
        Wrong(_clipped, "got (27.631", silent=True),
        Wrong(lambda y, z: bce(y, z)[0], "must return a pair (loss, gradient), got float"),
        Wrong(lambda y, z: (bce(y, z)[0], bce(y, z)[1].sum(axis=0)), "must have the shape of z"),
    ],
)
