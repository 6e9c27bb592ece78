"""Task 71.2: semantic IDs from given centres, what they leave, and who shares one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_array, as_number, refuse_none
from course_utils.exercises.theirs import shorten

right = LessonAnswer("71.2", Counter=Counter)
edit, returning = right.edit, right.returning


def _draw(seed: int, n: int, d: int, sizes: tuple[int, ...]) -> Case:
    draw = np.random.default_rng(seed)
    books = [draw.normal(size=(size, d)).round(2) / (level + 1) for level, size in enumerate(sizes)]
    return draw.normal(size=(n, d)).round(2), books


CASES: list[Case] = [
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
    # Whole numbers that single precision cannot tell apart.
    (np.array([[16777217], [3]]), [np.array([[16777216], [16777217], [3]])]),
    # Two hundred centres: codes above 127, and 0, 100 beside 1, 0.
    (np.array([[100.0], [1000.0], [150_150.0], [7007.0]]),
     [np.arange(200.0)[:, None] * 1000, np.arange(200.0)[:, None]]),
]  # fmt: skip

NEAREST = "((rest[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)"
CENTRES, SUBTRACT = "np.asarray(book, dtype=float)", "rest = rest - centres[codes[-1]]"
LEFT, START = "(rest**2).sum() / whole", "np.asarray(vectors, dtype=float)"
IDS = "map(tuple, codes.tolist())"
SHARED = "np.mean([times[tuple(one)] > 1 for one in codes.tolist()])"


def _to_the_base(base: int) -> dict[str, str]:
    numbers = f"(codes @ {base} ** np.arange(codes.shape[1])[::-1]).tolist()"
    return {IDS: numbers, SHARED: f"np.mean([times[one] > 1 for one in {numbers}])"}


SLIPS = {
    "every level codes the vector itself; a later level codes what the levels before have left": (
        edit({"rest[:, None]": f"{START}[:, None]"})
    ),
    "no centre is subtracted: each level looks at the vectors, not at what the level before has "
    "left": edit({SUBTRACT: "pass"}),
    "the mean square is returned; `left` is the sum of squares that are left over the sum of "
    "squares of `vectors`": edit({LEFT: "(rest**2).mean()"}),
    "the centre with the largest inner product is taken; the text asks for the nearest": edit(
        {NEAREST: "(rest @ centres.T).argmax(axis=1)"}
    ),
    "of equally near centres the last is taken; the text asks for the first": edit(
        {NEAREST: f"len(book) - 1 - {NEAREST}".replace("- centres)", "- centres[::-1])")}
    ),
    "repeats are counted: distinct ids over products, less one. A product is shared if any other "
    "has its id, the first of them too": edit({SHARED: "1 - len(times) / len(codes)"}),
    "the part that the id tells is returned, not the part that is left": edit(
        {LEFT: f"1 - {LEFT}"}
    ),
    "lengths are added, not their squares": edit(
        {LEFT: f"np.linalg.norm(rest, axis=1).sum() / np.linalg.norm({START}, axis=1).sum()"}
    ),
    "the shares of the products are averaged; add the squares of all, then divide": edit(
        {LEFT: f"np.mean((rest**2).sum(1) / np.maximum(({START}**2).sum(1), 1e-12))"}
    ),
    "the quotient is taken number by number and averaged; add all squares, then divide": edit(
        {LEFT: f"np.mean(rest**2 / np.maximum({START}**2, 1e-12))"}
    ),
    "the squared lengths that are left are averaged over the products; divide their sum by the sum "
    "of squares of `vectors`": edit({LEFT: "(rest**2).sum(axis=1).mean()"}),
    "the root of the share is returned; leave the share as it is": edit({LEFT: f"np.sqrt({LEFT})"}),
    "ids are counted that several products have; count the products": edit(
        {SHARED: "np.mean([n > 1 for n in times.values()])"}
    ),
    "different ids get one key, such as 1, 11 and 11, 1: codes are joined to text without a "
    "separator, or counted to too small a base": edit(
        {
            IDS: '"".join(map(str, one)) for one in codes.tolist()',
            "tuple(one)": '"".join(map(str, one))',
        }
    ),
    **{
        f"ids are counted to the base of {base}, so 0, {base} and 1, 0 are one": edit(
            _to_the_base(base)
        )
        for base in (10, 100)
    },
    "the codes are kept in eight bits, which end at 127": returning(
        "(result[0].astype(np.int8), *result[1:])"
    ),
    "the distances are computed in single precision, which has seven digits": edit(
        {
            NEAREST: NEAREST.replace("rest[:", "rest.astype('f')[:").replace(
                "centres)", "centres.astype('f'))"
            )
        }
    ),
    "codes begin at 1": returning("(result[0] + 1, *result[1:])"),
}


def _joined(result: Any) -> np.ndarray:
    """The codes, and behind them the two shares."""
    return np.append(np.asarray(result[0], dtype=float).ravel(), [result[1], result[2]])


def _told(case: Case) -> str:
    vectors, books = case
    if vectors.size + sum(book.size for book in books) <= 60:
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


def check_ids(answer: Any) -> None:
    compare(
        leaving(answer, right.arguments, _told),
        CASES,
        lambda *case: _joined(right(*case)),
        _read,
        _told,
        {words: lambda *case, slip=slip: _joined(slip(*case)) for words, slip in SLIPS.items()},
        _place,
    )


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
    slips=SLIPS,
    right=right,
    cases=CASES,
)
