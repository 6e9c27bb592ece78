"""Task 51.4: one pass of the training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import permutations, product
from typing import Any, NamedTuple

import numpy as np
from surprise import SVD

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import ERRATA, count, data_of
from course_utils.exercises.reading import as_array
from course_utils.exercises.theirs import shorten
from course_utils.exercises.tolerance import ABSOLUTE, RELATIVE, apart, rounded_to, same

Ratings = Sequence[tuple[int, int, float]]
Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
NAMES = ("bu", "bi", "pu", "qi")


class Case(NamedTuple):
    """The inputs of one call."""

    ratings: Ratings
    mean: float
    bu: np.ndarray
    bi: np.ndarray
    pu: np.ndarray
    qi: np.ndarray
    lr: float
    reg: float

    @property
    def start(self) -> Arrays:
        return self.bu, self.bi, self.pu, self.qi


def _case(
    ratings: Ratings,
    shape: tuple[int, int, int],
    lr: float,
    reg: float,
    seed: int,
    mean: float = 3.25,
) -> Case:
    """A start drawn for so many users, products and factors."""
    draw = np.random.default_rng(seed)
    users, products, factors = shape
    bu, bi = draw.normal(0, 0.4, users), draw.normal(0, 0.4, products)
    pu, qi = draw.normal(0, 0.8, (users, factors)), draw.normal(0, 0.8, (products, factors))
    return Case(ratings, mean, bu, bi, pu, qi, lr, reg)


SEEN = [(0, 4, 5.0), (3, 0, 2.0), (0, 1, 4.0), (3, 4, 1.0), (2, 1, 3.5), (2, 3, 4.5)]
"""Of 4 users and 5 products; user 1 and product 2 are in no rating."""


def _cases() -> list[Case]:
    """One rating and none, repeats, far outside the scale, without reg; the first three have as
    many users as products."""
    high = _case([(1, 0, 5.0), (0, 0, 1.0), (1, 1, 2.0)], (2, 2, 2), 0.03, 0.2, 545, mean=4.75)
    high.bu[1], high.bi[0], high.bi[1] = 0.9, 0.8, -5.5
    repeats = [(1, 2, 5.0), (0, 1, 2.0), (1, 2, 1.0), (2, 1, 4.0), (1, 0, 3.0)]
    return [
        _case([(0, 1, 5.0)], (2, 2, 2), 0.1, 0.3, 540),
        _case(repeats, (3, 3, 2), 0.2, 0.15, 542),
        high,
        _case(SEEN, (4, 5, 3), 0.1, 0.0, 541),
        _case([], (2, 3, 2), 0.1, 0.3, 543),
        _case(SEEN[::-1], (4, 5, 1), 0.07, 0.4, 544),
    ]


SQUARE = 3
"""So many cases have as many users as products; mixing the two up runs through there."""


WITHOUT_REG = 3
"""Place of the case where only an invented rating can move what nobody rated."""


def _surprise() -> tuple[Case, Arrays]:
    """One epoch of Surprise's own SVD, and the start that it drew."""
    draw = np.random.default_rng(546)
    pairs = [(u, i) for u in range(5) for i in range(6)]
    chosen = draw.permutation(len(pairs))[:16]
    rows = [(f"u{pairs[k][0]}", f"p{pairs[k][1]}", float(draw.integers(1, 6))) for k in chosen]
    algo = SVD(n_factors=4, n_epochs=1, random_state=7, lr_all=0.05, reg_all=0.1)
    algo.fit(data_of(rows).build_full_trainset())
    trainset = algo.trainset
    start = np.random.RandomState(7)
    pu = start.normal(0, 0.1, (trainset.n_users, 4))
    qi = start.normal(0, 0.1, (trainset.n_items, 4))
    zeros = np.zeros(trainset.n_users), np.zeros(trainset.n_items)
    ratings = [(int(u), int(i), float(r)) for u, i, r in trainset.all_ratings()]
    case = Case(ratings, float(trainset.global_mean), *zeros, pu, qi, 0.05, 0.1)
    return case, (algo.bu, algo.bi, algo.pu, algo.qi)


Error = Callable[[float, float, float, float, float], float]


def _error(rating: float, mean: float, bu: float, bi: float, dot: float) -> float:
    return rating - (mean + bu + bi + dot)


def _run(
    case: Case,
    *,
    ratings: Ratings | None = None,
    error: Error = _error,
    again: int = 0,
    first: str = "",
    scale: tuple[float, float] = (1, 1),
    pull: tuple[float, float] = (1, 1),
    sign: int = 1,
) -> Arrays:
    """One pass, right as it stands, with a mistake for each option.

    Args:
        case: the inputs.
        ratings: other ratings than the case's.
        error: another error.
        again: 1: the error is computed anew after the biases; 2: after every move.
        first: "pu" or "qi": the other of the two is moved by the new values of this one.
        scale: factors of the step of the biases and of the factors.
        pull: factors of reg for the biases and for the factors.
        sign: -1 where the error pushes the wrong way.
    """
    mean, lr = case.mean, case.lr
    bu, bi, pu, qi = (array.copy() for array in case.start)
    b_step, f_step = lr * scale[0], lr * scale[1]
    b_reg, f_reg = case.reg * pull[0], case.reg * pull[1]
    for u, i, r in case.ratings if ratings is None else ratings:

        def wrong_by(u: int = u, i: int = i, r: float = r) -> float:
            return sign * error(r, mean, bu[u], bi[i], float(pu[u] @ qi[i]))

        e = wrong_by()
        old_p, old_q = pu[u].copy(), qi[i].copy()
        bu[u] += b_step * (e - b_reg * bu[u])
        e = wrong_by() if again == 2 else e
        bi[i] += b_step * (e - b_reg * bi[i])
        e = wrong_by() if again else e
        if first == "qi":
            qi[i] += f_step * (e * old_p - f_reg * old_q)
            old_q = qi[i]
        pu[u] += f_step * (e * old_q - f_reg * old_p)
        if first != "qi":
            e = wrong_by() if again == 2 else e
            qi[i] += f_step * (e * (pu[u] if first == "pu" else old_p) - f_reg * old_q)
    return bu, bi, pu, qi


def _zeros(case: Case, of_rated: bool = False) -> Ratings:
    """Every pair, 0 where there is no rating; or only pairs of those who are in a rating."""
    known = {(u, i): r for u, i, r in case.ratings}
    users, products = range(len(case.bu)), range(len(case.bi))
    rated = {u for u, _ in known}, {i for _, i in known}
    pairs = product(*map(sorted, rated)) if of_rated else product(users, products)
    return [(u, i, known.get((u, i), 0.0)) for u, i in pairs]


def _each_once(ratings: Ratings, keep_first: bool = False) -> Ratings:
    kept: dict[tuple[int, int], float] = {}
    for u, i, r in ratings:
        if not (keep_first and (u, i) in kept):
            kept[u, i] = r
    return [(u, i, r) for (u, i), r in kept.items()]


def _at_once(case: Case, last_wins: bool, new_rows: bool) -> Arrays:
    """All errors are taken at the start.

    Args:
        case: the inputs.
        last_wins: of a row's moves the last alone counts, as in ``bu[users] += moves``.
        new_rows: qi moves by the new pu.
    """
    bu, bi, pu, qi = (array.copy() for array in case.start)
    u, i = (np.array([one[at] for one in case.ratings], int) for at in (0, 1))
    r = np.array([one[2] for one in case.ratings])
    e = r - (case.mean + bu[u] + bi[i] + (pu[u] * qi[i]).sum(axis=1))

    def move(array: np.ndarray, rows: np.ndarray, gradient: np.ndarray) -> None:
        moves = case.lr * (gradient - case.reg * array[rows])
        if last_wins:
            array[rows] += moves
        else:
            np.add.at(array, rows, moves)

    old = pu[u]
    move(bu, u, e)
    move(bi, i, e)
    move(pu, u, e[:, None] * qi[i])
    move(qi, i, e[:, None] * (pu[u] if new_rows else old))
    return bu, bi, pu, qi


MISTAKES: dict[str, list[Callable[[Case], Arrays]]] = {
    "The error is computed once for a rating, before anything moves; yours changes in between.": [
        lambda case: _run(case, again=1),
        lambda case: _run(case, again=2),
        lambda case: _run(case, again=2, first="pu"),
        lambda case: _run(case, again=1, first="pu"),
    ],
    "qi[i] was moved by the new pu[u]. Keep a copy of the old row first: pu[u] is a view, and "
    "moves with the array.": [lambda case: _run(case, first="pu")],
    "pu[u] was moved by the new qi[i]. Keep a copy of the old row first: qi[i] is a view, and "
    "moves with the array.": [lambda case: _run(case, first="qi")],
    "Nothing is pulled towards zero: reg is not used.": [lambda case: _run(case, pull=(0, 0))],
    "The biases are not pulled towards zero: reg is for them too.": [
        lambda case: _run(case, pull=(0, 1))
    ],
    "The factors are not pulled towards zero: reg is for them too.": [
        lambda case: _run(case, pull=(1, 0))
    ],
    "reg pushes away from zero: mind its sign.": [lambda case: _run(case, pull=(-1, -1))],
    "reg is not multiplied by lr: the whole gradient takes the step.": [
        lambda case: _run(case, pull=(1 / case.lr, 1 / case.lr)),
        lambda case: _run(case, pull=(1, 1 / case.lr)),
        lambda case: _run(case, pull=(1 / case.lr, 1)),
    ],
    "The pull is twice what it should be.": [lambda case: _run(case, pull=(2, 2))],
    "All moves are twice what they should be: there is no 2 in these gradients.": [
        lambda case: _run(case, scale=(2, 2))
    ],
    "The error comes with the opposite sign: it is the rating minus the prediction.": [
        lambda case: _run(case, sign=-1)
    ],
    "You subtract moves; add them: += and not -=.": [
        lambda case: _run(case, scale=(-1, -1)),
        lambda case: _run(case, scale=(-1, 1)),
        lambda case: _run(case, scale=(1, -1)),
    ],
    "The biases do not move.": [lambda case: _run(case, scale=(0, 1))],
    "The factors do not move.": [lambda case: _run(case, scale=(1, 0))],
    "You take all errors at the start values. Go one by one: later ratings see moved rows.": [
        lambda case: _at_once(case, last_wins=False, new_rows=False),
        lambda case: _at_once(case, last_wins=False, new_rows=True),
        lambda case: _at_once(case, last_wins=True, new_rows=False),
        lambda case: _at_once(case, last_wins=True, new_rows=True),
    ],
    "You stop after the first rating: is your return inside the loop?": [
        lambda case: _run(case, ratings=case.ratings[:1])
    ],
    "You go through the ratings twice.": [
        lambda case: _run(case, ratings=[*case.ratings, *case.ratings])
    ],
    "You go through the ratings in another order than theirs.": [
        lambda case: _run(case, ratings=case.ratings[::-1]),
        lambda case: _run(case, ratings=sorted(case.ratings)),
        lambda case: _run(case, ratings=sorted(case.ratings, key=lambda one: one[:2])),
        lambda case: _run(case, ratings=sorted(case.ratings, key=lambda one: one[0])),
    ],
    "A pair that is rated twice counts twice.": [
        lambda case: _run(case, ratings=_each_once(case.ratings)),
        lambda case: _run(case, ratings=_each_once(case.ratings, keep_first=True)),
    ],
    "The mean is missing in the error.": [
        lambda case: _run(case, error=lambda r, m, bu, bi, dot: r - (bu + bi + dot))
    ],
    "The biases are missing in the error.": [
        lambda case: _run(case, error=lambda r, m, bu, bi, dot: r - (m + dot)),
        lambda case: _run(case, error=lambda r, m, bu, bi, dot: r - dot),
    ],
    "The product pu[u] · qi[i] is missing in the error.": [
        lambda case: _run(case, error=lambda r, m, bu, bi, dot: r - (m + bu + bi))
    ],
    "The prediction in the error was cut off at the ends of the scale 1 to 5; it is not clipped.": [
        lambda case: _run(case, error=lambda r, m, *rest: r - np.clip(m + sum(rest), 1, 5))
    ],
    "The mean is the number given, not that of these ratings.": [
        lambda case: _run(
            case._replace(mean=float(np.mean([r for *_, r in case.ratings] or [0.0])))
        )
    ],
}


def check_one_pass(answer: Any) -> None:
    from_surprise, of_surprise = _surprise()
    cases = [*_cases(), from_surprise]
    wants = [*(_run(case) for case in cases[:-1]), of_surprise]
    gots = [_four(answer(*case), case) for case in cases[:SQUARE]]
    _check_swapped(cases[:SQUARE], gots, wants)
    gots += [_four(answer(*case), case) for case in cases[SQUARE:]]
    _check_shapes(cases, gots, wants)
    wrong = [k for k in range(len(cases)) if not _equal(gots[k], wants[k])]
    if not wrong:
        return
    said = _difference(cases, wrong[0], gots, wants)
    flat = [[np.concatenate([*map(np.ravel, one)]) for one in side] for side in (gots, wants)]
    if rounded_to(*flat) is not None:
        reject(f"{said} Do not round.")
    if not _equal(_four(answer(*cases[-1]), cases[-1]), gots[-1]):
        reject(f"{said} Two calls with the same inputs differ: nothing is drawn here.")
    for why, ways in MISTAKES.items():
        if any(
            all(_equal(way(case), got) for case, got in zip(cases, gots, strict=True))
            for way in ways
        ):
            reject(f"{said} {why}")
    _check_invented(said, cases, gots)
    _check_linear_algebra(said, cases[WITHOUT_REG], gots[WITHOUT_REG])
    _check_moved(said, cases, gots)
    pairs = zip(NAMES, gots[wrong[0]], wants[wrong[0]], strict=True)
    right = [name for name, mine, true in pairs if same(mine, true)]
    if right:
        reject(f"{said} Here {' and '.join(right)} came out right.")
    if wrong == [len(cases) - 1]:
        reject(f"{said} The inputs are those of one epoch of Surprise's own SVD.")
    reject(said)


def _equal(one: Sequence[np.ndarray], other: Sequence[np.ndarray]) -> bool:
    return all(same(a, b) for a, b in zip(one, other, strict=True))


def _call(case: Case) -> str:
    ratings = str(list(case.ratings)) if len(case.ratings) < 4 else f"<{len(case.ratings)} ratings>"
    return (
        f"one_pass({ratings}, mean {case.mean:.4g}, {len(case.bu)} users, {len(case.bi)} products, "
        f"lr {case.lr}, reg {case.reg})"
    )


def _four(value: Any, case: Case) -> list[np.ndarray]:
    """The four arrays of a result, whatever their shapes."""
    if value is None:
        reject(f"{_call(case)} returned None. End with: return bu, bi, pu, qi")
    if not isinstance(value, (tuple, list)) or len(value) != 4:
        got = count(len(value), "value") if isinstance(value, (tuple, list)) else shorten(value)
        reject(f"{_call(case)} must return the four arrays bu, bi, pu, qi, got {got}.")
    return [as_array(one, name) for one, name in zip(value, NAMES, strict=True)]


def _check_swapped(cases: list[Case], gots: list[list[np.ndarray]], wants: list[Arrays]) -> None:
    for case, got in zip(cases, gots, strict=True):
        if not _equal(_run(case, ratings=[(i, u, r) for u, i, r in case.ratings]), got):
            return
    said = _difference(cases, 0, gots, wants)
    reject(f"{said} In (u, i, r) u is the row of bu and pu, i that of bi and qi; not the reverse.")


def _check_shapes(cases: list[Case], gots: list[list[np.ndarray]], wants: list[Arrays]) -> None:
    both = list(zip(gots, wants, strict=True))
    for order in list(permutations(range(4)))[1:]:
        if all(_equal([got[k] for k in order], want) for got, want in both):
            reject("The four arrays are right, their order is not: return bu, bi, pu, qi.")
    for case, got, want in zip(cases, gots, wants, strict=True):
        for name, mine, true in zip(NAMES, got, want, strict=True):
            if mine.shape != true.shape:
                reject(f"{_call(case)}: {name} must keep its shape {true.shape}, got {mine.shape}.")


def _difference(
    cases: list[Case], k: int, gots: list[list[np.ndarray]], wants: list[Arrays]
) -> str:
    """The first number that differs, of the first array that does."""
    for name, mine, true in zip(NAMES, gots[k], wants[k], strict=True):
        if same(mine, true):
            continue
        place = tuple(
            int(one)
            for one in np.argwhere(~np.isclose(mine, true, rtol=RELATIVE, atol=ABSOLUTE))[0]
        )
        texts = apart(float(true[place]), float(mine[place]))
        return (
            f"{_call(cases[k])}: {name}[{', '.join(map(str, place))}] must be {texts[0]}, "
            f"got {texts[1]}."
        )
    raise AssertionError("nothing differs")


def _check_invented(said: str, cases: list[Case], gots: list[list[np.ndarray]]) -> None:
    """Reject ratings of 0 for the unknown pairs: they push down whom nobody rated."""
    case, got = cases[WITHOUT_REG], gots[WITHOUT_REG]
    pushed = got[0][1] < case.bu[1] - 1e-9 and got[1][2] < case.bi[2] - 1e-9
    if pushed:
        reject(
            f"{said} Without reg, and in no rating, user 1 and product 2 were pushed down: you "
            "train on pairs that nobody rated, as if they were 0. They are unknown.",
            "E49",
        )
    if all(
        _equal(_run(one, ratings=_zeros(one, of_rated=True)), mine)
        for one, mine in zip(cases, gots, strict=True)
    ):
        reject(
            f"{said} You train on all pairs of the users and products in the ratings, with 0 "
            "where there is no rating. Those are unknown.",
            "E49",
        )


def _check_linear_algebra(said: str, case: Case, got: list[np.ndarray]) -> None:
    """Reject the factors of a table, instead of those that were given, moved."""
    known = np.array([r for *_, r in _zeros(case)]).reshape(len(case.bu), len(case.bi))
    rank = case.pu.shape[1]
    for table in (known, np.where(known > 0, known - case.mean, 0)):
        left, size, right = np.linalg.svd(table, full_matrices=False)
        if np.allclose(got[2] @ got[3].T, (left[:, :rank] * size[:rank]) @ right[:rank], atol=1e-6):
            reject(
                f"{said} Your pu and qi are the truncated SVD of a table with 0 where nobody "
                "rated. Here they move by their gradients, at known ratings only.",
                "E49",
            )


def _check_moved(said: str, cases: list[Case], gots: list[list[np.ndarray]]) -> None:
    if all(_equal(got, case.start) for got, case in zip(gots, cases, strict=True)):
        reject(f"{said} Nothing moved: you return the arrays as they were given.")
    for case, got in zip(cases, gots, strict=True):
        for at, name in enumerate(NAMES):
            rated = {one[at % 2] for one in case.ratings}
            for row in set(range(len(got[at]))) - rated:
                if not same(got[at][row], case.start[at][row]):
                    reject(f"{said} {name}[{row}] moved, which is in none of the ratings.")


TASK = Task(
    id="51.4",
    prompt="One pass of the training: four arrays, moved by each rating in turn.",
    check_answer=check_one_pass,
    hints=(
        "Four steps for each rating: the error, the two biases, the two rows of factors. What "
        "must still be the old value when you use it?",
        "pu[u] is a view of the array: it changes with it. Keep old = pu[u].copy() before you "
        "move pu[u], and compute the error only once.",
        "error = r - (mean + bu[u] + bi[i] + pu[u] @ qi[i]); then bu[u] += lr * (error - reg * "
        "bu[u]), and bi alike; pu[u] += lr * (error * qi[i] - reg * pu[u]); qi[i] the same with "
        "the old pu[u].",
    ),
    insight="One error, four moves, all from the old values: that is all the training there is.",
    errata=ERRATA,
)
