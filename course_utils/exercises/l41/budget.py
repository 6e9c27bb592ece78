"""Task 41.9: a budget table for four ways to serve."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l41.cost import right_cost, separate
from course_utils.exercises.reading import as_array, as_list, refuse_none
from course_utils.exercises.theirs import shorten

Shape = tuple[int, list[int], list[int], int]

LARGE: Shape = (512, [256, 128], [32], 4)
SMALL: Shape = (512, [32], [], 4)
PRODUCTS, KEPT = 1_000, 100
BUDGET = (100.0, 800.0)
"""Million multiply-adds a request, and kilobytes of weights."""

_large, _small = right_cost(*LARGE), right_cost(*SMALL)
_apart = separate(*LARGE)

RIGHT = {
    "four models": (_apart[1] * PRODUCTS / 1e6, _apart[0] * 4 / 1e3),
    "one trunk, four towers": (_large[1] * PRODUCTS / 1e6, _large[0] * 4 / 1e3),
    "the same, weights of one byte": (
        _large[1] * PRODUCTS / 1e6,
        (_large[1] + 4 * (_large[0] - _large[1])) / 1e3,
    ),
    "a small one first": (
        (_small[1] * PRODUCTS + _large[1] * KEPT) / 1e6,
        (_small[0] + _large[0]) * 4 / 1e3,
    ),
}
FITS = [way for way, of in RIGHT.items() if all(a <= b for a, b in zip(of, BUDGET, strict=True))]

SLIPS: dict[tuple[str, int], list[tuple[float, str]]] = {
    ("four models", 0): [
        (RIGHT["one trunk, four towers"][0], "Four models compute four trunks."),
        (4 * RIGHT["one trunk, four towers"][0], "Each of the four models computes one tower."),
    ],
    ("four models", 1): [
        (RIGHT["one trunk, four towers"][1], "Four models keep four trunks."),
        (4 * RIGHT["one trunk, four towers"][1], "Each of the four models keeps one tower."),
        (4 * _apart[1] / 1e3, "Biases count in all four models, 4 bytes each."),
    ],
    ("one trunk, four towers", 0): [
        (_large[1] / 1e6, "A request ranks 1,000 products, not one."),
        (RIGHT["four models"][0], "The trunk is computed once a product, whatever the tasks."),
        (2 * RIGHT["one trunk, four towers"][0], "A multiply-add counts as one here."),
    ],
    ("one trunk, four towers", 1): [
        (_large[0] / 1e3, "A weight of 32 bits has 4 bytes."),
        (4 * _large[1] / 1e3, "Biases count as well, 4 bytes each."),
    ],
    ("the same, weights of one byte", 0): [
        (
            RIGHT["one trunk, four towers"][0] / 4,
            "Fewer bytes a weight, and as many multiply-adds: each is cheaper, none is left out.",
        ),
    ],
    ("the same, weights of one byte", 1): [
        (_large[0] / 1e3, "Biases stay at 4 bytes; only the weights of layers have one."),
        (RIGHT["one trunk, four towers"][1], "One byte a weight, not four."),
        (_large[1] / 1e3, "Biases are not left out: they have 4 bytes each."),
    ],
    ("a small one first", 0): [
        (
            (_small[1] + _large[1]) * PRODUCTS / 1e6,
            "The large one sees the best 100 only, not all products.",
        ),
        (_small[1] * PRODUCTS / 1e6, "The large one still ranks the best 100."),
        (
            (_small[1] * (PRODUCTS - KEPT) + _large[1] * KEPT) / 1e6,
            "The small one scores all 1,000: before it has, nobody knows the best 100.",
        ),
        (_large[1] * KEPT / 1e6, "Choosing the 100 is paid as well, on all products."),
    ],
    ("a small one first", 1): [
        (RIGHT["one trunk, four towers"][1], "Both networks are kept in memory."),
        (_small[0] * 4 / 1e3, "The large one is kept in memory as well."),
        ((_small[0] + 4 * _large[0]) / 1e3, "The small one's weights have 4 bytes, too."),
    ],
}
"""(way, column) -> wrong numbers and what they mean."""

UNITS: list[list[tuple[float, str]]] = [
    [
        (1 / PRODUCTS, "That is one product: a request has 1,000."),
        (1e6, "Count in millions: divide by 1,000,000."),
        (1e6 / PRODUCTS, "That is one product, not in millions: a request has 1,000."),
    ],
    [
        (1_000 / 1_024, "A kB is 1,000 bytes here."),
        (1_000.0, "Count in kilobytes: divide by 1,000."),
        (1 / 1_000, "These are megabytes: a kB is 1,000 bytes."),
    ],
]
"""By column: how many times the right number, and what that means."""

COLUMNS = ("million multiply-adds a request", "kilobytes of weights")
WITHIN = 0.0024


def check_budget(answer: Any) -> None:
    refuse_none(answer, "The answer", "a dictionary")
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, way -> two numbers, got {shorten(answer)}.")
    for way, right in RIGHT.items():
        if way not in answer:
            reject(f"There is no entry for {way!r}.")
        got = as_array(answer[way], f"{way!r}", (2,))
        if all(_near(mine, wanted) for mine, wanted in zip(got, reversed(right), strict=True)):
            reject(
                f"{way!r}: the pair is turned round: {COLUMNS[0]} come first, then {COLUMNS[1]}."
            )
        for column, (mine, wanted) in enumerate(zip(got, right, strict=True)):
            if not _near(mine, wanted):
                reject(f"{way!r}: {COLUMNS[column]}, got {mine:g}.{_why(way, column, mine)}")
    if "fits" not in answer:
        reject("There is no entry for 'fits'.")
    fits = as_list(answer["fits"], "'fits'")
    if sorted(map(str, fits)) != sorted(FITS):
        reject(
            f"'fits': got {shorten(fits)}. A way fits if **both** numbers are within the budget."
        )
    more = [key for key in answer if key not in (*RIGHT, "fits")]
    if more:
        reject(f"{more[0]!r} is no row of the table.")


def _why(way: str, column: int, got: float) -> str:
    times = [(of * RIGHT[way][column], why) for of, why in UNITS[column]]
    for wrong, why in [*SLIPS[way, column], *times]:
        if _near(got, wrong):
            return f" {why}"
    return (
        " That is not it; count again with `cost` of task 41.6: it gives multiply-adds for one "
        "product, and parameters, of 4 bytes each."
    )


def _near(got: float, wanted: float) -> bool:
    return bool(abs(got - wanted) <= WITHIN * wanted)


TASK = Task(
    id="41.9",
    prompt="The budget table of four ways to serve, and which of them fit.",
    check_answer=check_budget,
    hints=(
        "Fill the first column with multiply-adds a product, and then ask how many products.",
        "The large network has 180,352 multiply-adds a product and 180,868 parameters, the small "
        "one 16,512 and 16,548. Four models have four times one network with one tower.",
        "Rows in order: (671.872, 2694.16), (180.352, 723.472), (180.352, 182.416), "
        "(34.5472, 789.664); the last alone fits.",
    ),
    insight="A table of two columns ends most discussions of serving before they begin.",
    takes="data",
)
