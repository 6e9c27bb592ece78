"""Task 71.2: semantic IDs from given centres, what they leave, and who shares one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_array, as_number, refuse_none
from course_utils.exercises.theirs import shorten


def _draw(seed: int, n: int, d: int, sizes: tuple[int, ...]) -> Case:
    draw = np.random.default_rng(seed)
    books = [draw.normal(size=(size, d)).round(2) / (level + 1) for level, size in enumerate(sizes)]
    return draw.normal(size=(n, d)).round(2), books


_CASES: list[Case] = [
    # The text's example.
    (np.array([[5.0, 0.0], [4.0, 1.0], [0.0, 3.0]]),
     [np.array([[4.0, 0.0], [0.0, 4.0]]), np.array([[1.0, 0.0], [0.0, -1.0]])]),
    _draw(1, 12, 3, (3, 2)),
    _draw(2, 9, 2, (4,)),
    _draw(3, 30, 4, (2, 3, 2)),
    # Equally near centres: the first. And two of the same vector.
    (np.array([[0.0], [0.0], [2.0]]), [np.array([[-1.0], [1.0]]), np.array([[1.0], [-1.0]])]),
    _draw(4, 1, 5, (3, 3)),
    # Whole numbers of a small type, whose differences do not fit.
    (np.array([[200, 10], [30, 250]], dtype=np.uint8),
     [np.array([[255, 0], [0, 255]], dtype=np.uint8),
      np.array([[0, 10], [30, 0]], dtype=np.uint8)]),
    _draw(5, 40, 2, (2, 2)),
    # More than ten centres: codes 1, 11 and 11, 1 are two ids, also where they are written as text,
    # or counted in tens or twelves. Only the last two products share theirs.
    (np.array([[1000 * a + 30 * b + c] for a, b, c in (
        (1, 11, 0), (11, 1, 0), (0, 10, 0), (1, 0, 0), (10, 0, 0), (0, 1, 0), (0, 12, 0), (0, 0, 1),
        (0, 0, 10), (5, 5, 5), (5, 5, 5))]),
     [np.arange(12.0)[:, None] * 1000, np.arange(14.0)[:, None] * 30, np.arange(12.0)[:, None]]),
    # Whole numbers, and centres that are none; and small numbers.
    (np.array([[3, 1], [1, 4], [2, 2]]),
     [np.array([[2.5, 1.5], [0.5, 3.5]]), np.array([[0.25, -0.25], [0.5, 0.5]])]),
    (np.array([[3e-5, 1e-5], [1e-5, 4e-5]]), [np.array([[2e-5, 1e-5], [0.0, 3e-5]])]),
]  # fmt: skip

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
    "the root of the share is returned; leave the share as it is": _by(
        _nearest, left=lambda rest, start: float(np.sqrt(_left(rest, start)))
    ),
    "ids are counted that several products have; count the products": _by(
        _nearest, shared=_several
    ),
    "codes are joined to text without a separator, so 1, 11 and 11, 1 are one id": _by(
        _nearest, shared=_by_text
    ),
    "codes begin at 1": lambda *case: (right_ids(*case)[0] + 1, *right_ids(*case)[1:]),
}


def check_ids(answer: Any) -> None:
    compare(
        leaving(answer, ("vectors", "books"), _told),
        _CASES,
        lambda *case: _joined(right_ids(*case)),
        _read,
        _told,
        {why: lambda *case, f=wrong: _joined(f(*case)) for why, wrong in MISTAKES.items()},
        _place,
    )


def _joined(found: Any) -> np.ndarray:
    """The codes, and behind them the two shares."""
    return np.append(np.asarray(found[0], dtype=float).ravel(), [found[1], found[2]])


def _told(case: Case) -> str:
    vectors, books = case
    if vectors.size + sum(book.size for book in books) <= 16:
        return call_of("semantic_ids", case)
    return (
        f"semantic_ids with {len(vectors)} vectors of {vectors.shape[1]} numbers, "
        f"{len(books)} books of {', '.join(str(len(book)) for book in books)} centres"
    )


def _place(case: Case, at: tuple[Any, ...]) -> str:
    number, levels = at[0], len(case[1])
    if number < len(case[0]) * levels:
        product, level = divmod(number, levels)
        return f"{_told(case)}: the code of product {product} at level {level} (both from 0)"
    return f"{_told(case)}: {('left', 'shared')[number - len(case[0]) * levels]}"


def _read(got: Any, case: Case) -> np.ndarray:
    told = _told(case)
    refuse_none(got, told, "a tuple of three")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{told} must be (codes, left, shared), got {shorten(got)}.")
    codes = as_array(got[0], f"{told}: codes", (len(case[0]), len(case[1])))
    return _joined((codes, *(as_number(one, f"{told}: a share") for one in got[1:])))


TASK = Task(
    id="71.2",
    prompt="Return the codes, what they leave, and the share of products with a shared id.",
    check_answer=check_ids,
    hints=(
        "One loop over the books, and one array that shrinks: what is left.",
        "In each turn: squared distances of what is left to the centres, argmin, subtract the "
        "chosen centres. An id is a row of codes; np.unique(codes, axis=0, return_inverse=True, "
        "return_counts=True) counts rows.",
        "c = ((r[:, None] - b) ** 2).sum(2).argmin(1); r = r - b[c]; at the end left = "
        "(r ** 2).sum() / (v ** 2).sum(), with v and b as floats.",
    ),
    insight="Products that share an id need something else to be told apart.",
)
