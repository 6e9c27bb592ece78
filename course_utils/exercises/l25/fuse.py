"""Task 25.1: three scores, one list: the product of powers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import xlogy

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l25.fuse_cases import CASES
from course_utils.exercises.l25.shared import Places, places

Order = Callable[..., list[int]]


def by(score: Callable[..., Any]) -> Order:
    """Best first by a score, ties as they came."""

    def order(p: Any, q: Any, v: Any, powers: Any) -> list[int]:
        with np.errstate(all="ignore"):
            s = score(np.asarray(p), np.asarray(q), np.asarray(v), *powers)
        return [int(k) for k in np.argsort(-s, kind="stable")]

    return order


right_order = by(lambda p, q, v, a, b, c: xlogy(a, p) + xlogy(b, q) + xlogy(c, v))


def upwards(*case: Any) -> list[int]:
    score = -_scores(*case)
    return [int(k) for k in np.argsort(-score, kind="stable")]


def _scores(p: Any, q: Any, v: Any, powers: Any) -> Any:
    a, b, c = powers
    return xlogy(a, p) + xlogy(b, q) + xlogy(c, v)


def turned(*case: Any) -> list[int]:
    """Sorted upwards and reversed: ties are reversed too."""
    return [int(k) for k in np.argsort(_scores(*case), kind="stable")[::-1]]


def ranks(*case: Any) -> list[int]:
    """The position of each product, not the products by position."""
    return [int(k) for k in np.argsort(right_order(*case))]


def dropped(*case: Any) -> list[int]:
    """Products of score 0 are left out."""
    finite = np.isfinite(_scores(*case))
    return [k for k in right_order(*case) if finite[k]]


underflown = by(lambda p, q, v, a, b, c: p**a * q**b * v**c)
added = by(lambda p, q, v, a, b, c: a * p + b * q + c * v)
unpowered = by(lambda p, q, v, a, b, c: xlogy(1, p) + xlogy(1, q) + xlogy(1, v))
exchanged = by(lambda p, q, v, a, b, c: xlogy(b, p) + xlogy(a, q) + xlogy(c, v))
no_value = by(lambda p, q, v, a, b, c: xlogy(a, p) + xlogy(b, q))
plain_value = by(lambda p, q, v, a, b, c: xlogy(a, p) + xlogy(b, q) + xlogy(1, v))
zero_kept = by(
    lambda p, q, v, a, b, c: sum(
        w * np.log(np.where(x > 0, x, 1)) for w, x in ((a, p), (b, q), (c, v))
    )
)
zero_counts = by(
    lambda p, q, v, a, b, c: np.where(
        (p == 0) | (q == 0) | (v == 0), -np.inf, xlogy(a, p) + xlogy(b, q) + xlogy(c, v)
    )
)


with_small = by(
    lambda p, q, v, a, b, c: a * np.log(p + 1e-9) + b * np.log(q + 1e-9) + c * np.log(v + 1e-9)
)


TINY = 1e-300
rounded = by(lambda p, q, v, *w: np.round(_scores(p, q, v, w), 6))
rounded_less = by(lambda p, q, v, *w: np.round(_scores(p, q, v, w), 9))
in_32_bits = by(lambda p, q, v, *w: _scores(np.float32(p), np.float32(q), np.float32(v), w))
zeros_apart = by(lambda p, q, v, *w: _scores(p + TINY, q + TINY, v + TINY, w))


def rescaled(p: Any, q: Any, v: Any, powers: Any) -> list[int]:
    return underflown(*(x / max(x, default=1) for x in (p, q, v)), powers)


def tied_by_left_out(p: Any, q: Any, v: Any, powers: Any) -> list[int]:
    """Equal products stand by their first factor, then by value; zeros as they came."""
    score = _scores(p, q, v, powers)
    first, second = (np.where(np.isinf(score), 0, -x) for x in (p, v))
    return [int(k) for k in np.lexsort((second, first, -score))]


def not_stable(*case: Any) -> list[int]:
    return [int(k) for k in np.argsort(-_scores(*case))]


# Which order it gives depends on the CPU; no proof rests on it.
UNSTABLE: dict[str, Order] = {
    'the sort is not stable: kind="stable" keeps those that tie in order': not_stable
}
MISTAKES: dict[str, Order] = {
    "the worst comes first": upwards,
    "ties are reversed: sorted upwards and turned, they stand the other way round": turned,
    "it holds the position of each product; wanted are the products in their order": ranks,
    "products of score 0 are left out; they come last": dropped,
    "the factors are multiplied, and small products become 0: add logarithms": underflown,
    "the order is by a weighted sum of the scores, not by a product of powers": added,
    "the powers are not used": unpowered,
    "the powers of click and purchase are exchanged": exchanged,
    "the value is left out": no_value,
    "the value has no power": plain_value,
    "a factor of 0 is left out; such a factor makes the product 0": zero_kept,
    "a factor of 0 counts although its power is 0": zero_counts,
    "a small number is added inside the logarithm: it outgrows small factors": with_small,
    "the score is rounded; only what is equal ties": rounded,
    "the score is rounded to 9 decimals, or a factor to 32 bits; only what is equal ties": (
        rounded_less
    ),
    "the numbers are kept in 32 bits: small ones become 0, and near ones equal": in_32_bits,
    "products of score 0 are ordered among themselves; they tie": zeros_apart,
    "each factor is divided by its largest, and small products are 0 still": rescaled,
    "a factor whose power is 0 breaks ties; tied products stay as they came": tied_by_left_out,
}


def check_fuse(answer: Any) -> None:
    compare(
        answer,
        CASES,
        lambda *case: Places(tuple(right_order(*case))),
        lambda got, case: places(got, _told(case)),
        _told,
        {name: _wrapped(gives) for name, gives in (MISTAKES | UNSTABLE).items()},
    )


def _wrapped(gives: Order) -> Callable[..., Places]:
    return lambda *case: Places(tuple(gives(*case)))


def _told(case: Case) -> str:
    return call_of("fuse", case)


TASK = Task(
    id="25.1",
    prompt="Order the products of a request by the product of powers of three scores, best first.",
    check_answer=check_fuse,
    hints=(
        "The logarithm of a product of powers is a sum: a ln p_click + b ln p_buy + c ln value.",
        "xlogy(a, p) is a ln p, and 0 where a is 0; ln 0 is -inf. Sort by minus the sum, stable.",
        "score = xlogy(a, p_click) + xlogy(b, p_buy) + xlogy(c, value); "
        "np.argsort(-score, kind='stable').tolist()",
    ),
    insight="Only the ratios of the powers matter, and a factor common to the request does not.",
)
