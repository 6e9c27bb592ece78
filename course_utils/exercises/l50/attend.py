"""50.8: attention as pooling, with a mask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import softmax

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.l50.shared import ERRATA, call_of, compare_named
from course_utils.exercises.reading import as_array

_DRAW = np.random.default_rng(506)
Numbers = np.ndarray


def _drawn(lengths: list[int], T: int, d: int, size: float = 1.0) -> Case:
    there = np.arange(T) < np.array(lengths)[:, None]
    H = (_DRAW.normal(size=(len(lengths), T, d)) * size).round(1)
    return H, there, _DRAW.normal(size=d).round(1)


CASES: list[Case] = [
    (
        np.array([[[1.0, 0.0], [0.0, 1.0], [9.0, 9.0]]]),
        np.array([[True, True, False]]),
        np.array([0.0, np.log(3.0).round(4)]),
    ),
    _drawn([3, 1, 2], 3, 2),
    _drawn([2, 4], 5, 3),
    _drawn([0, 2], 3, 2),
    _drawn([1], 1, 4),
    _drawn([4], 4, 1),
    (np.array([[[1000.0], [998.0], [0.0]]]), np.array([[True, True, False]]), np.array([1.0])),
    (np.array([[[-900.0], [-901.0], [5.0]]]), np.array([[True, True, False]]), np.array([1.0])),
    (np.array([[[-1000.0], [-999.0], [5.0]]]), np.array([[True, True, False]]), np.array([1.0])),
    (
        np.array([[[1.0, 2.0], [3.0, 1.0], [0.0, 0.0], [2.0, 2.0]]]),
        np.array([[False, True, False, True]]),
        np.array([1.0, -1.0]),
    ),
]


def attend(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    scores = np.where(there, H @ v, -np.inf)
    best = np.max(np.where(there, scores, -np.inf), axis=1, keepdims=True)
    e = np.where(there, np.exp(scores - np.where(np.isfinite(best), best, 0)), 0.0)
    a = e / np.maximum(e.sum(axis=1, keepdims=True), 1e-300)
    return np.asarray((a[:, :, None] * H).sum(axis=1))


def _weights(H: Numbers, a: Numbers) -> Numbers:
    return np.asarray((a[:, :, None] * H).sum(axis=1))


def no_mask(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    return _weights(H, softmax(H @ v, axis=1))


def scores_times_mask(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    return _weights(H, softmax((H @ v) * there, axis=1))


def zero_scores(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    """The same, and a title without a token gets its zeros."""
    return scores_times_mask(H, there, v) * there.any(axis=1, keepdims=True)


def empty_means(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    return _weights(H, softmax(np.where(there, H @ v, -1e9), axis=1))


def mask_last(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    return _weights(H, softmax(H @ v, axis=1) * there)


def thousand_less(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    a = softmax(np.where(there, H @ v, -1000.0), axis=1)
    return _weights(H, a * there.any(axis=1, keepdims=True))


def thousand_taken(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    a = softmax(H @ v - 1000.0 * ~there, axis=1)
    return _weights(H, a * there.any(axis=1, keepdims=True))


def over_titles(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    return _weights(H, np.nan_to_num(softmax(np.where(there, H @ v, -1e9), axis=0)) * there)


def plain_exp(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    e = np.exp(H @ v) * there
    return _weights(H, e / np.maximum(e.sum(axis=1, keepdims=True), 1e-300))


def scaled(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    return attend(H, there, v / np.sqrt(len(v))) if len(v) > 1 else attend(H, there, v)


def means(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    return _weights(H, there / np.maximum(there.sum(axis=1, keepdims=True), 1))


def sums(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    return _weights(H, (H @ v) * there)


def best_token(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    best = np.where(there, H @ v, -np.inf).argmax(axis=1)
    return np.asarray(H[np.arange(len(H)), best] * there.any(axis=1, keepdims=True))


def times_mean(H: Numbers, there: Numbers, v: Numbers) -> Numbers:
    return attend(H, there, v) / np.maximum(there.sum(axis=1)[:, None], 1)


MISTAKES: dict[str, Callable[..., Numbers]] = {
    "padding takes part in the softmax": no_mask,
    "the scores of padding are set to 0, and exp(0) is 1": scores_times_mask,
    "padding has the score 0, and exp(0) is 1, not 0": zero_scores,
    "a title without a token gets the mean of its padding: it gets zeros": empty_means,
    "padding is taken out after the softmax, and the weights no longer sum to 1": mask_last,
    "the scores of padding are set to -1000, and a token's own may be as low": thousand_less,
    "1000 is taken from the scores of padding, and a token's own may be as low": thousand_taken,
    "the softmax goes over the titles, not over the tokens of a title": over_titles,
    "the scores are divided by the root of d: the task says v . h": scaled,
    "every token has the same weight: that is the mean": means,
    "the tokens are weighted by their scores, without a softmax": sums,
    "only the token with the highest score counts: a softmax is not a maximum": best_token,
    "the sum is divided by the number of tokens: the weights sum to 1 already": times_mean,
}


def _read(value: Any, case: Case) -> Numbers:
    (n, T, d), what = case[0].shape, f"{call_of('attend', case)}: the result"
    found = as_array(value, what)
    if found.shape == (n, T) and d != T:
        reject(
            f"{what} must be a row of {d} numbers for each title; these are {T} weights. Attention "
            "says how much each token counts; the weighted sum is what goes on."
        )
    if found.shape != (n, d):
        reject(f"{what} must have shape {(n, d)}, got {found.shape}.")
    return found


def check_attend(answer: Any) -> None:
    compare_named("attend", answer, CASES, attend, _read, MISTAKES, {})


TASK = Task(
    id="50.8",
    prompt="Weigh the tokens of each title by a softmax of v . h, padding at 0, and sum.",
    check_answer=check_attend,
    hints=(
        "What must a score be for its weight to be exactly 0? And what does exp do with 1,000?",
        "scores = np.where(there, H @ v, -np.inf); take the highest score of a row away before "
        "np.exp, which changes no weight. Mind rows without a token: -inf - -inf is nan.",
        "top = np.max(scores, axis=1, keepdims=True, initial=-1e9); e = np.exp(scores - top); "
        "a = e / np.maximum(e.sum(axis=1, keepdims=True), 1e-9); (a[:, :, None] * H).sum(axis=1).",
    ),
    insight="Attention is a pooling: the mean is the case where all scores are equal.",
    errata=ERRATA,
)
