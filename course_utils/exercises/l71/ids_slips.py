"""Task 71.2: the right ids, and the usual wrong ones, each with what to say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

Result = tuple[np.ndarray, float, float]


def _by(
    nearest: Callable[[np.ndarray, np.ndarray], np.ndarray],
    residual: bool = True,
    subtract: bool = True,
    left: Callable[[np.ndarray, np.ndarray], float] | None = None,
    shared: Callable[[np.ndarray], float] | None = None,
) -> Callable[..., Result]:
    def run(vectors: Any, books: Any) -> Result:
        start = np.asarray(vectors, dtype=float)
        rest, codes = start, []
        for book in books:
            centres = np.asarray(book, dtype=float)
            codes.append(nearest(rest if residual else start, centres))
            if subtract:
                rest = rest - centres[codes[-1]]
        found = np.stack(codes, axis=1)
        return found, (left or _left)(rest, start), (shared or _shared)(found)

    return run


def _nearest(rest: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return ((rest[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)


def _nearest_in_single(rest: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return _nearest(rest.astype(np.float32), centres.astype(np.float32))


def _last_nearest(rest: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return len(centres) - 1 - _nearest(rest, centres[::-1])


def _by_product(rest: np.ndarray, centres: np.ndarray) -> np.ndarray:
    return (rest @ centres.T).argmax(axis=1)


def _left(rest: np.ndarray, start: np.ndarray) -> float:
    return float((rest**2).sum() / (start**2).sum())


def _shared(codes: np.ndarray) -> float:
    times = Counter(map(tuple, codes.tolist()))
    return sum(times[tuple(one)] > 1 for one in codes.tolist()) / len(codes)


def _repeats(codes: np.ndarray) -> float:
    return 1 - len({tuple(one) for one in codes.tolist()}) / len(codes)


def _several(codes: np.ndarray) -> float:
    times = Counter(map(tuple, codes.tolist()))
    return sum(n > 1 for n in times.values()) / len(times)


def _by_text(codes: np.ndarray) -> float:
    names = ["".join(map(str, one)) for one in codes.tolist()]
    return sum(names.count(one) > 1 for one in names) / len(names)


def _to_the_base(base: int) -> Callable[[np.ndarray], float]:
    def shared(codes: np.ndarray) -> float:
        numbers = (codes @ base ** np.arange(codes.shape[1])[::-1]).tolist()
        return sum(numbers.count(one) > 1 for one in numbers) / len(numbers)

    return shared


right_ids = _by(_nearest)

MISTAKES: dict[str, Callable[..., Any]] = {
    "every level codes the vector itself; a later level codes what the levels before have left": (
        _by(_nearest, residual=False)
    ),
    "no centre is subtracted: each level looks at the vectors, not at what the level before has "
    "left": _by(_nearest, subtract=False),
    "the mean square is returned; `left` is the sum of squares that are left over the sum of "
    "squares of `vectors`": _by(_nearest, left=lambda rest, start: float((rest**2).mean())),
    "the centre with the largest inner product is taken; the text asks for the nearest": _by(
        _by_product
    ),
    "of equally near centres the last is taken; the text asks for the first": _by(_last_nearest),
    "repeats are counted: distinct ids over products, less one. A product is shared if any other "
    "has its id, the first of them too": _by(_nearest, shared=_repeats),
    "the part that the id tells is returned, not the part that is left": _by(
        _nearest, left=lambda rest, start: 1 - _left(rest, start)
    ),
    "lengths are added, not their squares": _by(
        _nearest,
        left=lambda rest, start: float(
            np.linalg.norm(rest, axis=1).sum() / np.linalg.norm(start, axis=1).sum()
        ),
    ),
    "the shares of the products are averaged; add the squares of all, then divide": _by(
        _nearest,
        left=lambda rest, start: float(
            np.mean((rest**2).sum(axis=1) / np.maximum((start**2).sum(axis=1), 1e-12))
        ),
    ),
    "the quotient is taken number by number and averaged; add all squares, then divide": _by(
        _nearest,
        left=lambda rest, start: float(np.mean(rest**2 / np.maximum(start**2, 1e-12))),
    ),
    "the squared lengths that are left are averaged over the products; divide their sum by the sum "
    "of squares of `vectors`": _by(
        _nearest, left=lambda rest, start: float((rest**2).sum(axis=1).mean())
    ),
    "the root of the share is returned; leave the share as it is": _by(
        _nearest, left=lambda rest, start: float(np.sqrt(_left(rest, start)))
    ),
    "ids are counted that several products have; count the products": _by(
        _nearest, shared=_several
    ),
    "different ids get one key, such as 1, 11 and 11, 1: codes are joined to text without a "
    "separator, or counted to too small a base": _by(_nearest, shared=_by_text),
    **{
        f"ids are counted to the base of {base}, so 0, {base} and 1, 0 are one": _by(
            _nearest, shared=_to_the_base(base)
        )
        for base in (10, 100)
    },
    "the codes are kept in eight bits, which end at 127": lambda *case: (
        right_ids(*case)[0].astype(np.int8),
        *right_ids(*case)[1:],
    ),
    "the distances are computed in single precision, which has seven digits": _by(
        _nearest_in_single
    ),
    "codes begin at 1": lambda *case: (right_ids(*case)[0] + 1, *right_ids(*case)[1:]),
}
