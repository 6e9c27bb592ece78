"""Task 51.3: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l51.epoch_cases import Case


def _number_by_number(
    ratings: Any, mean: Any, bu: Any, bi: Any, pu: Any, qi: Any, lr: Any, reg: Any
) -> Any:
    """As Surprise does it, factor by factor."""
    for u, i, r in ratings:
        err = r - mean - bu[u] - bi[i] - sum(pu[u, f] * qi[i, f] for f in range(pu.shape[1]))
        bu[u] += lr * (err - reg * bu[u])
        bi[i] += lr * (err - reg * bi[i])
        for f in range(pu.shape[1]):
            puf, qif = pu[u, f], qi[i, f]
            pu[u, f] += lr * (err * qif - reg * puf)
            qi[i, f] += lr * (err * puf - reg * qif)
    return [bu.tolist(), bi.tolist(), pu, qi]


def _biases_as_factors(
    ratings: Any, mean: Any, bu: Any, bi: Any, pu: Any, qi: Any, lr: Any, reg: Any
) -> Any:
    """A bias is a factor whose partner is always 1."""
    users = np.column_stack([bu, np.ones(len(bu)), pu])
    products = np.column_stack([np.ones(len(bi)), bi, qi])
    user_moves, product_moves = np.ones(users.shape[1]), np.ones(users.shape[1])
    user_moves[1] = product_moves[0] = 0
    for u, i, r in ratings:
        p, q = users[u], products[i]
        e = r - mean - p @ q
        users[u], products[i] = (
            (1 - lr * reg * user_moves) * p + lr * e * q * user_moves,
            (1 - lr * reg * product_moves) * q + lr * e * p * product_moves,
        )
    return users[:, 0], products[:, 1], users[:, 2:], products[:, 2:]


def _without_a_copy(
    ratings: Any, mean: Any, bu: Any, bi: Any, pu: Any, qi: Any, lr: Any, reg: Any
) -> Any:
    for u, i, r in ratings:
        error = r - (mean + bu[u] + bi[i] + pu[u] @ qi[i])
        bu[u] += lr * (error - reg * bu[u])
        bi[i] += lr * (error - reg * bi[i])
        old = pu[u]
        pu[u] += lr * (error * qi[i] - reg * pu[u])
        qi[i] += lr * (error * old - reg * qi[i])
    return bu, bi, pu, qi


def _products_first(
    ratings: Any, mean: Any, bu: Any, bi: Any, pu: Any, qi: Any, lr: Any, reg: Any
) -> Any:
    for u, i, r in ratings:
        error = r - (mean + bu[u] + bi[i] + pu[u] @ qi[i])
        qi[i] += lr * (error * pu[u] - reg * qi[i])
        pu[u] += lr * (error * qi[i] - reg * pu[u])
        bi[i] += lr * (error - reg * bi[i])
        bu[u] += lr * (error - reg * bu[u])
    return bu, bi, pu, qi


def _error_again(*before: str, copied: bool = True) -> Callable[..., Any]:
    """Computes the error once more before the moves named."""

    def one_epoch(
        ratings: Any, mean: Any, bu: Any, bi: Any, pu: Any, qi: Any, lr: Any, reg: Any
    ) -> Any:
        for u, i, r in ratings:
            error = r - (mean + bu[u] + bi[i] + pu[u] @ qi[i])
            bu[u] += lr * (error - reg * bu[u])
            if "bi" in before:
                error = r - (mean + bu[u] + bi[i] + pu[u] @ qi[i])
            bi[i] += lr * (error - reg * bi[i])
            old = pu[u].copy() if copied else pu[u]
            if "pu" in before:
                error = r - (mean + bu[u] + bi[i] + pu[u] @ qi[i])
            pu[u] += lr * (error * qi[i] - reg * pu[u])
            if "qi" in before:
                error = r - (mean + bu[u] + bi[i] + pu[u] @ qi[i])
            qi[i] += lr * (error * old - reg * qi[i])
        return bu, bi, pu, qi

    return one_epoch


def _zeros_for_the_unknown(*given: Any) -> Any:
    case = Case(*given)
    table = np.zeros((len(case.bu), len(case.bi)))
    for u, i, r in case.ratings:
        table[u, i] = r
    every = [(u, i, float(table[u, i])) for u, i in np.ndindex(*table.shape)]
    return _number_by_number(*case._replace(ratings=every))


def _zeros_among_the_rated(*given: Any) -> Any:
    case = Case(*given)
    table = {(u, i): r for u, i, r in case.ratings}
    users, products = sorted({u for u, _ in table}), sorted({i for _, i in table})
    every = [(u, i, table.get((u, i), 0)) for u in users for i in products]
    return _number_by_number(*case._replace(ratings=every))


def _shuffled(*given: Any) -> Any:
    case = Case(*given)
    order = np.random.permutation(len(case.ratings))
    return _number_by_number(*case._replace(ratings=[case.ratings[k] for k in order]))


def _linear_algebra(*given: Any) -> Any:
    case = Case(*given)
    table = np.zeros((len(case.bu), len(case.bi)))
    for u, i, r in case.ratings:
        table[u, i] = r
    left, size, right = np.linalg.svd(table)
    root = np.sqrt(size[: case.pu.shape[1]])
    return case.bu, case.bi, left[:, : len(root)] * root, right[: len(root)].T * root


def _all_rows_pulled(*given: Any) -> Any:
    case = Case(*given)
    arrays = _number_by_number(*case._replace(reg=0))
    return [np.array(one) * (1 - case.lr * case.reg) for one in arrays]


def _all_rows_pulled_each_time(*given: Any) -> Any:
    """As a dense gradient would."""
    case = Case(*given)
    for one in case.ratings:
        bu, bi, pu, qi = _all_rows_pulled(*case._replace(ratings=[one]))
        case = case._replace(bu=bu, bi=bi, pu=pu, qi=qi)
    return case.start


def _divided(*given: Any) -> Any:
    case = Case(*given)
    return _number_by_number(*case._replace(lr=case.lr / max(len(case.ratings), 1)))


def _errors_first(
    ratings: Any, mean: Any, bu: Any, bi: Any, pu: Any, qi: Any, lr: Any, reg: Any
) -> Any:
    """All errors, then all moves, one by one."""
    errors = [r - (mean + bu[u] + bi[i] + pu[u] @ qi[i]) for u, i, r in ratings]
    for (u, i, _), e in zip(ratings, errors, strict=True):
        p, q = pu[u].copy(), qi[i].copy()
        bu[u] += lr * (e - reg * bu[u])
        bi[i] += lr * (e - reg * bi[i])
        pu[u] += lr * (e * q - reg * p)
        qi[i] += lr * (e * p - reg * q)
    return bu, bi, pu, qi


def _twice(rating: float, mean: float, bu: float, bi: float, dot: float) -> float:
    """The derivative of the squared error without its half."""
    return 2 * (rating - mean - bu - bi - dot)


def _gathered(
    ratings: Any, mean: Any, bu: Any, bi: Any, pu: Any, qi: Any, lr: Any, reg: Any
) -> Any:
    new = [one.copy() for one in (bu, bi, pu, qi)]
    for u, i, r in ratings:
        error = r - (mean + bu[u] + bi[i] + pu[u] @ qi[i])
        new[0][u] += lr * (error - reg * bu[u])
        new[1][i] += lr * (error - reg * bi[i])
        new[2][u] += lr * (error * qi[i] - reg * pu[u])
        new[3][i] += lr * (error * pu[u] - reg * qi[i])
    return new


def _whole_arrays(
    ratings: Any, mean: Any, bu: Any, bi: Any, pu: Any, qi: Any, lr: Any, reg: Any
) -> Any:
    u, i = [one[0] for one in ratings], [one[1] for one in ratings]
    e = np.array([one[2] for one in ratings]) - mean - bu[u] - bi[i]
    e -= np.einsum("kf,kf->k", pu[u], qi[i])
    p, q, column = pu[u], qi[i], e[:, None]
    bu[u] += lr * (e - reg * bu[u])
    bi[i] += lr * (e - reg * bi[i])
    pu[u] += lr * (column * q - reg * p)
    qi[i] += lr * (column * p - reg * q)
    return bu, bi, pu, qi


def _pull_of_factors_without_step(
    ratings: Any, mean: Any, bu: Any, bi: Any, pu: Any, qi: Any, lr: Any, reg: Any
) -> Any:
    for u, i, r in ratings:
        e = r - (mean + bu[u] + bi[i] + pu[u] @ qi[i])
        p, q = pu[u].copy(), qi[i].copy()
        bu[u] += lr * (e - reg * bu[u])
        bi[i] += lr * (e - reg * bi[i])
        pu[u] += lr * e * q - reg * p
        qi[i] += lr * e * p - reg * q
    return bu, bi, pu, qi


def _epoch_where(
    given: Callable[[Any], Any] = list,
    change: Callable[[Any], Any] = list,
    error: Callable[[float, float, float, float, float], Any] = lambda r, m, bu, bi, dot: (
        r - m - bu - bi - dot
    ),
    pull: tuple[float, float] = (1, 1),
    step: tuple[float, float] = (1, 1),
    along: Callable[[Any, Any], tuple[Any, Any]] = lambda p, q: (q, p),
) -> Callable[..., Any]:
    """One epoch, with other ratings, another result, error, pull, step or direction."""

    def one_epoch(
        ratings: Any, mean: Any, bu: Any, bi: Any, pu: Any, qi: Any, lr: Any, reg: Any
    ) -> Any:
        for u, i, r in given(ratings):
            e = error(r, mean, bu[u], bi[i], pu[u] @ qi[i])
            p, q = pu[u].copy(), qi[i].copy()
            bu[u] += step[0] * lr * (e - pull[0] * reg * bu[u])
            bi[i] += step[0] * lr * (e - pull[0] * reg * bi[i])
            to_q, to_p = along(p, q)
            pu[u] += step[1] * lr * (e * to_q - pull[1] * reg * p)
            qi[i] += step[1] * lr * (e * to_p - pull[1] * reg * q)
        return change((bu, bi, pu, qi))

    return one_epoch


def _pull_without_step(*given: Any) -> Any:
    case = Case(*given)
    return _epoch_where(pull=(1 / case.lr, 1 / case.lr))(*case)


def _own_mean(*given: Any) -> Any:
    case = Case(*given)
    mean = sum(r for _, _, r in case.ratings) / max(len(case.ratings), 1)
    return _number_by_number(*case._replace(mean=mean))


def _in_32_bits(*given: Any) -> Any:
    case = Case(*given)
    arrays = [one.astype(np.float32) for one in case.start]
    bu, bi, pu, qi = arrays
    return _number_by_number(case.ratings, case.mean, bu, bi, pu, qi, case.lr, case.reg)


def _in_16_bits(*given: Any) -> Any:
    case = Case(*given)
    bu, bi, pu, qi = [one.astype(np.float16) for one in case.start]
    return _number_by_number(case.ratings, case.mean, bu, bi, pu, qi, case.lr, case.reg)


SECOND = cycle([False, True])


def _wrong_moves_on(*given: Any) -> Any:
    """The smallest case gives something else at every second call."""
    case = Case(*given)
    moved = len(case.ratings) == 1 and next(SECOND)
    return _number_by_number(*(case._replace(mean=case.mean + 0.1) if moved else case))


PROOF = Proof(
    task="51.3",
    right=[_number_by_number, _biases_as_factors, _in_32_bits],
    wrong=[
        Wrong(_zeros_for_the_unknown, "user 1 and product 2 were pushed down", "E49", silent=True),
        Wrong(_zeros_among_the_rated, "with 0 where there is no rating", "E49", silent=True),
        Wrong(_shuffled, "Two calls with the same inputs differ", silent=True),
        Wrong(_wrong_moves_on, "called again it gives another result", silent=True),
        Wrong(_linear_algebra, "are the truncated SVD", "E49", silent=True),
        Wrong(_without_a_copy, "qi[i] was moved by the new pu[u]", silent=True),
        Wrong(_products_first, "pu[u] was moved by the new qi[i]", silent=True),
        Wrong(_error_again("bi", "pu", "qi"), "yours changes in between", silent=True),
        Wrong(_error_again("bi"), "before anything moves; yours", silent=True),
        Wrong(_error_again("pu"), "got -0.4344. The error is computed once", silent=True),
        Wrong(_error_again("qi"), "got 0.7254. The error is computed once", silent=True),
        Wrong(_error_again("qi", copied=False), "got 0.7481. The error is", silent=True),
        Wrong(_epoch_where(error=_twice), "The error counts twice", silent=True),
        Wrong(_divided, "divided by the number of ratings", silent=True),
        Wrong(_epoch_where(along=lambda p, q: (p, q)), "each along itself", silent=True),
        Wrong(_epoch_where(along=lambda p, q: (1, 1)), "lack the other row", silent=True),
        Wrong(_errors_first, "Go one by one: later", silent=True),
        Wrong(_gathered, "take all errors at the start values", silent=True),
        Wrong(_whole_arrays, "later ratings see moved rows", silent=True),
        Wrong(_all_rows_pulled, "The pull comes once an epoch", silent=True),
        Wrong(_all_rows_pulled_each_time, "moved, which is in none", silent=True),
        Wrong(_pull_without_step, "reg is not multiplied by lr", silent=True),
        Wrong(_pull_of_factors_without_step, "the whole gradient takes the step", silent=True),
        Wrong(_own_mean, "not that of these ratings", silent=True),
        Wrong(_epoch_where(pull=(0, 0)), "reg is not used", silent=True),
        Wrong(_epoch_where(pull=(0, 1)), "The biases are not pulled", silent=True),
        Wrong(_epoch_where(pull=(1, 0)), "The factors are not pulled", silent=True),
        Wrong(_epoch_where(pull=(-1, -1)), "mind its sign", silent=True),
        Wrong(_epoch_where(pull=(2, 2)), "The pull is twice", silent=True),
        Wrong(_epoch_where(step=(2, 2)), "there is no 2", silent=True),
        Wrong(_epoch_where(step=(-1, -1)), "You subtract moves", silent=True),
        Wrong(_epoch_where(step=(1, -1)), "and not -=", silent=True),
        Wrong(_epoch_where(step=(0, 1)), "The biases do not move", silent=True),
        Wrong(_epoch_where(step=(1, 0)), "The factors do not move", silent=True),
        Wrong(_epoch_where(step=(2, 1)), "pu and qi came out right", silent=True),
        Wrong(_epoch_where(lambda ratings: ratings[:1]), "after the first rating", silent=True),
        Wrong(_epoch_where(lambda ratings: ratings * 2), "the ratings twice", silent=True),
        Wrong(_epoch_where(sorted), "in another order", silent=True),
        Wrong(
            _epoch_where(
                lambda ratings: [(*pair, r) for pair, r in {x[:2]: x[2] for x in ratings}.items()]
            ),
            "rated twice counts twice",
            silent=True,
        ),
        Wrong(
            _epoch_where(lambda ratings: list(dict.fromkeys(ratings))),
            "A pair that is rated twice",
            silent=True,
        ),
        Wrong(_in_16_bits, "bu[0] must be 0.2555, got 0.2556", silent=True),
        Wrong(
            _epoch_where(error=lambda r, m, bu, bi, dot: m + bu + bi + dot - r),
            "with the opposite sign",
            silent=True,
        ),
        Wrong(
            _epoch_where(error=lambda r, m, bu, bi, dot: r - bu - bi - dot),
            "The mean is missing",
            silent=True,
        ),
        Wrong(
            _epoch_where(error=lambda r, m, bu, bi, dot: r - dot),
            "The biases are missing",
            silent=True,
        ),
        Wrong(
            _epoch_where(error=lambda r, m, bu, bi, dot: r - m - bu - bi),
            "qi[i] is missing",
            silent=True,
        ),
        Wrong(
            _epoch_where(error=lambda r, m, *rest: r - min(max(m + sum(rest), 1), 5)),
            "it is not clipped",
            silent=True,
        ),
        Wrong(
            _epoch_where(lambda ratings: [(i, u, r) for u, i, r in ratings]),
            "not the reverse",
            silent=True,
        ),
        Wrong(
            _epoch_where(lambda ratings: []),
            "Nothing moved",
            silent=True,
        ),
        Wrong(
            _epoch_where(change=lambda four: [one.round(3) for one in four]),
            "Do not round",
            silent=True,
        ),
        Wrong(
            _epoch_where(change=lambda four: (four[2], four[3], four[0], four[1])),
            "their order is not",
            silent=True,
        ),
        Wrong(_epoch_where(change=lambda four: four[2:]), "got 2 values"),
        Wrong(_epoch_where(change=lambda four: None), "returned None"),
    ],
)
