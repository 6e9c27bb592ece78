"""Task 25.5: the loss of clicks whose purchase may still come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import as_number


def _clicks(seed: int, n: int, mean: float) -> Case:
    draw = np.random.default_rng(seed)
    p = draw.uniform(0.02, 0.6, size=n).round(2)
    return p, (draw.random(n) < 0.4).astype(int), draw.exponential(4, size=n).round(1), mean


CASES: list[Case] = [
    (np.array([0.2, 0.2]), np.array([1, 0]), np.array([3.0, 0.0]), 4.0),
    _clicks(1, 6, 4.0),
    _clicks(2, 9, 0.5),
    _clicks(3, 5, 20.0),
    (np.array([0.3]), np.array([0]), np.array([2.0]), 2.0),
    (np.array([0.9, 0.8]), np.array([1, 1]), np.array([0.0, 9.0]), 3.0),
    # So old that nothing is to come: the plain log loss.
    (np.array([0.1, 0.4]), np.array([0, 1]), np.array([900.0, 900.0]), 2.0),
    (np.array([0.05, 0.02]), np.array([0, 0]), np.array([0.1, 0.2]), 4.0),
    # A very small one that has.
    (np.array([1e-30, 0.2]), np.array([1, 0]), np.array([3.0, 0.0]), 4.0),
    # A probability near 1 that has not bought.
    (np.array([1 - 1e-9]), np.array([0]), np.array([400.0]), 4.0),
]

Loss = Callable[..., float]


def by(
    bought: Callable[[Any, Any], Any] = lambda p, f: -np.log(p),
    not_yet: Callable[[Any, Any], Any] = lambda p, f: -np.log1p(-p * f),
    arrived: Callable[[Any, Any], Any] = lambda age, mean: -np.expm1(-age / mean),
    mean_of: Callable[..., Any] = np.mean,
) -> Loss:
    def loss(p: Any, y: Any, age: Any, mean: Any) -> float:
        with np.errstate(all="ignore"):
            f = arrived(age, mean)
            return float(mean_of(np.where(y == 1, bought(p, f), not_yet(p, f))))

    return loss


right_loss = by()
plain = by(not_yet=lambda p, f: -np.log1p(-p))
exchanged = by(not_yet=lambda p, f: -np.log1p(-p * (1 - f)))
also_bought = by(bought=lambda p, f: -np.log(p * f))
weighted = by(bought=lambda p, f: -np.log(p) / f, not_yet=lambda p, f: -np.log1p(-p))
halved = by(not_yet=lambda p, f: -f * np.log1p(-p))
divided = by(
    bought=lambda p, f: -np.log(np.minimum(p / f, 1)),
    not_yet=lambda p, f: -np.log1p(-np.minimum(p / f, 1)),
)
rate = by(arrived=lambda age, mean: -np.expm1(-age * mean))
line = by(arrived=lambda age, mean: np.minimum(age / mean, 1))
survival = by(not_yet=lambda p, f: -np.log(p * (1 - f)))
summed = by(mean_of=np.sum)
negative = by(mean_of=lambda each: -np.mean(each))
bits = by(mean_of=lambda each: np.mean(each) / np.log(2))


def clipped_at(eps: float) -> Loss:
    return by(
        bought=lambda p, f: -np.log(np.clip(p, eps, 1 - eps)),
        not_yet=lambda p, f: -np.log1p(-np.clip(p * f, eps, 1 - eps)),
    )


def density(p: Any, y: Any, age: Any, mean: Any) -> float:
    """A purchase costs the logarithm of p times the density of its age."""
    return float(np.mean(np.where(y == 1, -np.log(p / mean) + age / mean, _not_yet(p, age, mean))))


def _not_yet(p: Any, age: Any, mean: Any) -> Any:
    return -np.log1p(p * np.expm1(-age / mean))


def turned_bits(p: Any, y: Any, age: Any, mean: Any) -> float:
    """~1 is -2 and ~0 is -1: as numbers of rows they count from the end."""
    rows = _not_yet(p, age, mean)[~y] if len(p) > 1 else _not_yet(p, age, mean)
    return float((-np.log(p[y == 1]).sum() + rows.sum()) / len(p))


def dropped(p: Any, y: Any, age: Any, mean: Any) -> float:
    """Clicks younger than the mean delay that have not bought are left out."""
    keep = (y == 1) | (age >= mean)
    return plain(p[keep], y[keep], age[keep], mean) if keep.any() else 0.0


MISTAKES: dict[str, Loss] = {
    "'not yet' counts as 'never': take 1 - p F, not 1 - p": plain,
    "the logarithm has 1 - p (1 - F); take 1 - p F, F being the share that has come": exchanged,
    "a purchase has F in its logarithm, too; take -ln p alone": also_bought,
    "purchases are weighed by 1 / F, and 'not yet' counts as 'never'": weighted,
    "F weighs the loss of 'never'; put F inside the logarithm": halved,
    "p is divided by F; multiply p by F": divided,
    "the mean is used as a rate: F is 1 - exp(-age / mean)": rate,
    "F is a straight line: take 1 - exp(-age / mean)": line,
    "a click without a purchase may also never buy: add 1 - p": survival,
    "the clicks are added up; take their mean": summed,
    "the sign is missing": negative,
    "the logarithm is to base 2": bits,
    "a probability is clipped, and that changes the result": clipped_at(1e-7),
    "a probability is clipped at 1e-12, and that changes the result": clipped_at(1e-12),
    "a probability is clipped at 1e-15, and that changes the result": clipped_at(1e-15),
    "a purchase has the density of its delay in its loss; take -ln p alone": density,
    "~bought is taken of 0 and 1, and ~1 is -2: write bought == 0": turned_bits,
    "young clicks without a purchase are left out": dropped,
}


def check_delayed(answer: Any) -> None:
    compare(
        answer,
        CASES,
        right_loss,
        lambda got, case: as_number(got, _told(case), infinite=True),
        _told,
        MISTAKES,
    )


def _told(case: Case) -> str:
    return call_of("delayed_loss", case)


TASK = Task(
    id="25.5",
    prompt="Return the mean log loss of clicks whose purchase may not have arrived yet.",
    check_answer=check_delayed,
    hints=(
        "F = 1 - exp(-age / mean) is one number a click. Only clicks without a purchase need it.",
        "No purchase by now has probability 1 - p F; its loss is the minus logarithm of that.",
        "np.where(bought == 1, -np.log(p), -np.log1p(-p * F)).mean()",
    ),
    insight="A click of age 0 that has not bought teaches nothing; an old one is a full negative.",
)
