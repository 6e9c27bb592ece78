"""32.5: right answers in other words, and wrong ones beside the slips."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import logsumexp, rel_entr, softmax

from checks.l32.t5_class_loss import right
from checks.proof import Proof, Wrong


def _logsumexp(y: Any, z: Any, z_t: Any, a: float, T: float) -> Any:
    def log_p(x: Any) -> Any:
        return x - logsumexp(x, axis=1, keepdims=True)

    hard = -np.take_along_axis(log_p(z), y[:, None].astype(int), axis=1)[:, 0]
    p, q = log_p(z / T), log_p(z_t / T)
    return ((1 - a) * hard + a * T * T * np.einsum("nc,nc->n", np.exp(q), q - p)).mean()


def _loop(y: Any, z: Any, z_t: Any, a: float, T: float) -> Any:
    total = 0.0
    for label, mine, theirs in zip(y, z, z_t, strict=True):
        shifted = mine - mine.max()
        total -= (1 - a) * (shifted[label] - np.log(np.exp(shifted).sum()))
        s, t = (mine - mine.max()) / T, (theirs - theirs.max()) / T
        log_s, log_t = s - np.log(np.exp(s).sum()), t - np.log(np.exp(t).sum())
        total += a * T**2 * float(np.exp(log_t) @ (log_t - log_s))
    return total / len(y)


def _overflows(y: Any, z: Any, z_t: Any, a: float, T: float) -> Any:
    def p(x: Any) -> Any:
        return np.exp(x) / np.exp(x).sum(1, keepdims=True)

    kl = (p(z_t / T) * np.log(p(z_t / T) / p(z / T))).sum(1)
    return np.mean((1 - a) * -np.log(p(z)[np.arange(len(y)), y]) + a * T**2 * kl)


def _clipped(y: Any, z: Any, z_t: Any, a: float, T: float) -> Any:
    p, q, hard = softmax(z / T, 1) + 1e-4, softmax(z_t / T, 1), softmax(z, 1)
    kl = (q * (np.log(q + 1e-300) - np.log(p))).sum(1)
    return np.mean((1 - a) * -np.log(hard[np.arange(len(y)), y] + 1e-300) + a * T**2 * kl)


def _underflows(y: Any, z: Any, z_t: Any, a: float, T: float) -> Any:
    """0 in the student's place where the teacher has something: infinite."""
    hard = -np.log(softmax(z, axis=1)[np.arange(len(y)), y])
    kl = rel_entr(softmax(z_t / T, axis=1), softmax(z / T, axis=1)).sum(1)
    return np.mean((1 - a) * hard + a * T * T * kl)


def _one_top(y: Any, z: Any, z_t: Any, a: float, T: float) -> Any:
    """The greatest of all rows is subtracted from each."""

    def log_p(v: Any) -> Any:
        return (v - v.max()) - np.log(np.exp(v - v.max()).sum(1, keepdims=True))

    q, p = log_p(z_t / T), log_p(z / T)
    hard = -log_p(z)[np.arange(len(y)), y]
    return np.mean((1 - a) * hard + a * T**2 * (np.exp(q) * (q - p)).sum(1))


PROOF = Proof(
    task="32.5",
    right=[_logsumexp, _loop],
    wrong=[
        Wrong(_overflows, "must be a finite number"),
        Wrong(_underflows, "must be a finite number, got inf"),
        Wrong(_one_top, "[[1000.0, 998.0], [1.0, 0.0]]), 0.5, 1.0) must be a finite"),
        Wrong(_clipped, "must be 0.5105, got 0.5104", silent=True),
        Wrong(right.returning("z * 0"), "must be one number"),
    ],
)
