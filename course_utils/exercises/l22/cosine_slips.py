"""Lesson 22: what goes wrong in task 22.2, as functions that do it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Gradients = list[np.ndarray | None]
Slip = Callable[[Gradients, Gradients], float]


def right_cosine(g_i: Gradients, g_j: Gradients) -> float:
    return of_vectors(*flat(g_i, g_j))


def flat(g_i: Gradients, g_j: Gradients) -> tuple[np.ndarray, np.ndarray]:
    """Both gradients as one row each, zeros where a weight is not reached."""
    pairs = [(a, b) for a, b in zip(g_i, g_j, strict=True) if not (a is None and b is None)]
    rows: list[list[np.ndarray]] = [[], []]
    for pair in pairs:
        like = next(one for one in pair if one is not None)
        for row, one in zip(rows, pair, strict=True):
            row.append(np.ravel(np.zeros_like(like, float) if one is None else one).astype(float))
    if not pairs:
        return np.zeros(1), np.zeros(1)
    return np.concatenate(rows[0]), np.concatenate(rows[1])


def of_vectors(a: np.ndarray, b: np.ndarray, empty: float = 0.0) -> float:
    length = np.sqrt(a @ a) * np.sqrt(b @ b)
    return float(a @ b / length) if length > 0 else empty


def on_rows(of: Callable[[np.ndarray, np.ndarray], float]) -> Slip:
    return lambda g_i, g_j: float(of(*flat(g_i, g_j)))


def of_both(g_i: Gradients, g_j: Gradients) -> tuple[Gradients, Gradients]:
    """Only the weights that both tasks reach."""
    kept = [(a, b) for a, b in zip(g_i, g_j, strict=True) if a is not None and b is not None]
    return [a for a, _ in kept], [b for _, b in kept]


def dropped_from_one(first: bool) -> Slip:
    """One length is over the weights that both reach, the other over all."""

    def slip(g_i: Gradients, g_j: Gradients) -> float:
        a, b = flat(g_i, g_j)
        some = flat(*of_both(g_i, g_j))
        one, other = (some[0], b) if first else (a, some[1])
        length = np.linalg.norm(one) * np.linalg.norm(other)
        return float(a @ b / length) if length > 0 else 0.0

    return slip


def mean_of_weights(g_i: Gradients, g_j: Gradients) -> float:
    return float(np.mean([right_cosine([a], [b]) for a, b in zip(g_i, g_j, strict=True)]))


def of_reached_weights(join: Callable[[list[float]], float]) -> Slip:
    """The cosines of the single weights that a task reaches, joined to one number."""

    def slip(g_i: Gradients, g_j: Gradients) -> float:
        pairs = zip(g_i, g_j, strict=True)
        found = [right_cosine([a], [b]) for a, b in pairs if not (a is None and b is None)]
        return float(join(found)) if found else 0.0

    return slip


def lengths_added(g_i: Gradients, g_j: Gradients) -> float:
    """The length of a gradient as the sum of the lengths of its weights."""
    a, b = flat(g_i, g_j)
    one, other = (sum(np.linalg.norm(x) for x in g if x is not None) for g in (g_i, g_j))
    return float(a @ b / (one * other)) if one * other > 0 else 0.0


def mean_of_common_weights(g_i: Gradients, g_j: Gradients) -> float:
    pairs = list(zip(*of_both(g_i, g_j), strict=True))
    return float(np.mean([right_cosine([a], [b]) for a, b in pairs])) if pairs else 0.0


def of_one(place: int) -> Slip:
    return lambda g_i, g_j: right_cosine([g_i[place]], [g_j[place]])


def by_rows(g_i: Gradients, g_j: Gradients) -> float:
    """The mean cosine of the rows of each array."""
    found = []
    for a, b in zip(g_i, g_j, strict=True):
        x, y = flat([a], [b])
        width = next((np.shape(one)[-1:] for one in (a, b) if one is not None), ()) or (1,)
        x, y = x.reshape(-1, *width), y.reshape(-1, *width)
        found += [of_vectors(p, q) for p, q in zip(x, y, strict=True)]
    return float(np.mean(found))


def closed_up(g_i: Gradients, g_j: Gradients) -> float:
    """None left out of each list by itself: what follows moves up."""
    a, b = (
        np.concatenate([np.zeros(0), *(np.ravel(one) for one in g if one is not None)])
        for g in (g_i, g_j)
    )
    n, length = min(len(a), len(b)), np.sqrt(a @ a) * np.sqrt(b @ b)
    return float(a[:n] @ b[:n] / length) if length > 0 else 0.0


def nan_for_zero(g_i: Gradients, g_j: Gradients) -> float:
    return of_vectors(*flat(g_i, g_j), empty=np.nan)


def with_added(small: float) -> Slip:
    return on_rows(lambda a, b: float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + small)))


def taken_for_zero(g_i: Gradients, g_j: Gradients) -> float:
    a, b = flat(g_i, g_j)
    return 0.0 if min(np.linalg.norm(a), np.linalg.norm(b)) < 1e-8 else of_vectors(a, b)


def squared_lengths(a: np.ndarray, b: np.ndarray) -> float:
    length = (a @ a) * (b @ b)
    return float(a @ b / length) if length > 0 else 0.0


def root_of_one(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / (a @ a)) if a @ a > 0 else 0.0


def one_length(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.linalg.norm(a)) if a.any() else 0.0


def centred(a: np.ndarray, b: np.ndarray) -> float:
    return of_vectors(a - a.mean(), b - b.mean())


MISTAKES: dict[str, Slip] = {
    "the inner product is not divided by the lengths": on_rows(lambda a, b: float(a @ b)),
    "the inner product is divided by the squared lengths: take their roots": (
        on_rows(squared_lengths)
    ),
    "the inner product is divided by the square of one length: divide by both lengths": (
        on_rows(root_of_one)
    ),
    "the inner product is divided by one length only: divide by both lengths": on_rows(one_length),
    "the lengths of the single arrays are added: the length of the whole gradient is the root of "
    "the sum of all squares": lengths_added,
    "the cosines of the single arrays are added: put all numbers of a task into one vector": (
        of_reached_weights(sum)
    ),
    "the cosines of the arrays that a task reaches are averaged: put all numbers of a task into "
    "one vector": of_reached_weights(np.mean),
    "the cosines of the single arrays are averaged: put all numbers of a task into one vector": (
        mean_of_weights
    ),
    "the cosines of the arrays that both tasks reach are averaged": mean_of_common_weights,
    "a cosine is taken row by row and averaged": by_rows,
    "an array that only one task reaches is left out of both lengths: in that task's length it "
    "counts": lambda g_i, g_j: right_cosine(*of_both(g_i, g_j)),
    "what g_j does not reach is left out of the length of g_i": dropped_from_one(True),
    "what g_i does not reach is left out of the length of g_j": dropped_from_one(False),
    "None is left out of each list by itself, and what follows stands beside another array": (
        closed_up
    ),
    "only the last array is used": of_one(-1),
    "only the first array is used": of_one(0),
    "the mean is subtracted first: that is a correlation": on_rows(centred),
    "the gradients are taken as signs": on_rows(lambda a, b: of_vectors(np.sign(a), np.sign(b))),
    "the sign is turned round": lambda g_i, g_j: -right_cosine(g_i, g_j),
    "the sign is lost": lambda g_i, g_j: abs(right_cosine(g_i, g_j)),
    "negative cosines are set to 0": lambda g_i, g_j: max(right_cosine(g_i, g_j), 0.0),
    "1 minus the cosine is returned": lambda g_i, g_j: 1 - right_cosine(g_i, g_j),
    "the angle is returned, not its cosine": on_rows(lambda a, b: float(np.arccos(
        np.clip(of_vectors(a, b), -1, 1)))),
    "two gradients without any length have a cosine of 1": on_rows(
        lambda a, b: of_vectors(a, b, empty=0.0 if a.any() or b.any() else 1.0)
    ),
    "a gradient of 1e-9 is lost: a small number is added below, or a length below about 1e-8 is "
    "taken for 0 (np.isclose and np.allclose do that)": taken_for_zero,
    **{
        f"{small:g} is added to the denominator, and that changes the result": with_added(small)
        for small in (1e-12, 1e-10)
    },
}  # fmt: skip
