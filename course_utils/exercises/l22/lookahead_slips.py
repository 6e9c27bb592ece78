"""Lesson 22: what goes wrong in task 22.3, as functions that do it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Slip = Callable[[np.ndarray, np.ndarray], np.ndarray]


def mean_over(steps: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """``[K, K]``: the mean of ``steps[t, i, j]`` over the steps that ``counts[t, j]`` names."""
    n = counts.sum(axis=0)
    total = np.where(counts[:, None, :], steps, 0.0).sum(axis=0)
    return np.where(n > 0, total / np.where(n > 0, n, 1), np.nan)


def by_steps(of: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Slip:
    """A mean over steps of what ``of`` gives from ``before[t, None, j]`` and ``after``."""

    def slip(before: np.ndarray, after: np.ndarray) -> np.ndarray:
        counts = before > 0
        with np.errstate(all="ignore"):
            return mean_over(of(before[:, None, :].astype(float), after), counts)

    return slip


def relative(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return 1 - after / before


right_lookahead = by_steps(relative)
turned = by_steps(lambda before, after: after / before - 1)
plain_ratio = by_steps(lambda before, after: after / before)
difference = by_steps(lambda before, after: before - after)
other_way = by_steps(lambda before, after: 1 - before / after)
of_after = by_steps(lambda before, after: (before - after) / after)
logarithm = by_steps(lambda before, after: np.log(before / after))
gains_alone = by_steps(lambda before, after: np.maximum(1 - after / before, 0))


def transposed(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return right_lookahead(before, after).T


def by_source(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Divided by the loss of the task that made the step."""
    return right_lookahead(before, after.transpose(0, 2, 1)).T


def ratio_of_means(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    counts = before > 0
    with np.errstate(all="ignore"):
        low = np.where(counts, before, 0.0).sum(axis=0)
        return 1 - np.where(counts[:, None, :], after, 0.0).sum(axis=0) / low


def no_diagonal(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    found = right_lookahead(before, after)
    np.fill_diagonal(found, 0.0)
    return found


def over_all_steps(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """A step that is left out still counts in the number of steps."""
    return right_lookahead(before, after) * (before > 0).mean(axis=0)


def whole_steps(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """A step is left out for all pairs as soon as one loss is 0."""
    kept = (before > 0).all(axis=1)
    if not kept.any():
        return np.full(after.shape[1:], np.nan)
    return right_lookahead(before[kept], after[kept])


def source_steps(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Left out too where the loss of the task that made the step is 0."""
    both = (before > 0)[:, :, None] & (before > 0)[:, None, :]
    n = both.sum(axis=0)
    with np.errstate(all="ignore"):
        steps = np.where(both, 1 - after / before[:, None, :], 0.0)
        return steps.sum(axis=0) / n


def summed(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return right_lookahead(before, after) * (before > 0).sum(axis=0)


def last_step(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return right_lookahead(before[-1:], after[-1:])


def first_step(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return right_lookahead(before[:1], after[:1])


def ends_alone(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """The losses of the first step's begin and the last step's end."""
    return right_lookahead(before[:1], after[-1:])


def middle(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        steps = 1 - after / np.where(before > 0, before, np.nan)[:, None, :]
        return np.nanmedian(steps, axis=0)


def symmetric(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    found = right_lookahead(before, after)
    return (found + found.T) / 2


def with_added(small: float) -> Slip:
    return lambda before, after: (1 - after / (before + small)[:, None, :]).mean(axis=0)


def zero_for_nan(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return np.nan_to_num(right_lookahead(before, after))


def zero_counts(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """A step with a loss of 0 has an affinity of 0."""
    return np.nan_to_num(over_all_steps(before, after))


def close_to_zero(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return right_lookahead(np.where(np.isclose(before, 0), 0.0, before), after)


def row_for_column(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """nan for the task without steps as the one that makes them, too."""
    found = right_lookahead(before, after)
    found[~(before > 0).any(axis=0)] = np.nan
    return found


def row_alone(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    found, none = np.nan_to_num(right_lookahead(before, after)), ~(before > 0).any(axis=0)
    found[none] = np.nan
    return found


def infinite(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """No step is left out."""
    with np.errstate(all="ignore"):
        return (1 - after / before[:, None, :]).mean(axis=0)


MISTAKES: dict[str, Slip] = {
    "rows and columns are exchanged: the row i is the task that makes the step": transposed,
    "the sign is turned: for a loss that falls the lookahead is positive": turned,
    "the ratio is returned without the 1 minus": plain_ratio,
    "the mean of after is divided by the mean of before: take each step's ratio, then the mean": (
        ratio_of_means
    ),
    "before is divided by after": other_way,
    "the fall is divided by the loss after the step, not before it": of_after,
    "the fall of the loss is not divided by the loss before the step": difference,
    "the logarithm of the ratio is taken": logarithm,
    "the fall is divided by the loss of the task i that makes the step, not by that of task j": (
        by_source
    ),
    "the diagonal is set to 0": no_diagonal,
    "negative results are set to 0": gains_alone,
    "the two directions of a pair are averaged": symmetric,
    "only the last step is used": last_step,
    "only the first step is used": first_step,
    "the end of the last step is held against the begin of the first": ends_alone,
    "the median over the steps is taken": middle,
    "the steps are added up, not averaged": summed,
    "a step that is left out still counts in the number of steps": over_all_steps,
    "a step that is left out counts as a lookahead of 0: leave the step out of the mean": (
        zero_counts
    ),
    "a small loss is taken for 0 (np.isclose does that below 1e-8): only exactly 0 is left out": (
        close_to_zero
    ),
    "the row of a task without steps is nan as well: only its column, the target's, is nan": (
        row_for_column
    ),
    "the row of a task without steps is nan: its column, the target's, must be nan": row_alone,
    "a step is left out for all pairs where one loss is 0: leave it out for that target only": (
        whole_steps
    ),
    "a step is left out where the loss of the task that makes it is 0": source_steps,
    "no step is left out: where the loss before the step is 0 you divide by 0": infinite,
    "where no step counts, 0 is returned, which says that there is no effect; return nan": (
        zero_for_nan
    ),
    **{
        f"{small:g} is added to the loss before the step": with_added(small)
        for small in (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)
    },
}
