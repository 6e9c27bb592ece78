"""Losses over a task's sample space."""

from __future__ import annotations

from typing import Any

from course_utils.backend import keras

ops = keras.ops

EPSILON = 1e-7


def log_losses(y: Any, p: Any) -> Any:
    """-y ln p - (1 - y) ln(1 - p) of each row, with p kept 1e-7 from 0 and 1."""
    p = ops.clip(p, EPSILON, 1.0 - EPSILON)
    return -(y * ops.log(p) + (1.0 - y) * ops.log(1.0 - p))


def masked_mean(losses: Any, counts: Any) -> Any:
    """sum_i d_i loss_i / sum_i d_i; 0 where no row counts.

    Tang et al., PLE, RecSys 2020, equation 9.

    Args:
        losses: ``[..., B]``.
        counts: d, the same shape: 1 where a row is in the task's sample space, else 0.
    """
    total = ops.sum(counts, axis=-1)
    return ops.sum(counts * losses, axis=-1) / ops.maximum(total, 1.0)
