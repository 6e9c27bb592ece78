"""Task 51.8: scores of new products, right or with a mistake that is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.preprocessing import StandardScaler
from surprise import SVD

from course_utils.exercises.l51.cold_cases import Attributes, Case


def _rows(attributes: Attributes, ids: Sequence[str]) -> np.ndarray:
    return np.array([attributes[one] for one in ids])


def known_ids(algo: SVD) -> list[str]:
    """Raw ids of the products, by inner id."""
    return [algo.trainset.to_raw_iid(item) for item in algo.trainset.all_items()]


def counts_of(algo: SVD) -> np.ndarray:
    return np.array([len(algo.trainset.ir[item]) for item in algo.trainset.all_items()], float)


def _stars(algo: SVD) -> np.ndarray:
    """Of each product the sum of its ratings."""
    return np.array([sum(r for _, r in algo.trainset.ir[i]) for i in algo.trainset.all_items()])


@dataclass(frozen=True)
class Parts:
    """What is added up for a score: one number, a column, a row, a table."""

    mean: float
    user: np.ndarray
    product: np.ndarray
    factors: np.ndarray

    def score(self) -> np.ndarray:
        size = np.zeros((len(self.user), self.product.shape[1]))
        return size + self.mean + self.user + self.product + self.factors


def cold_parts(
    case: Case,
    *,
    known: Callable[[Case], np.ndarray] = lambda case: _rows(case.attributes, known_ids(case.algo)),
    weight: Callable[[SVD], Any] = counts_of,
    regression: Callable[[float], Any] = Ridge,
    bias: Callable[[SVD], np.ndarray] = lambda algo: algo.bi,
) -> Parts:
    """Right as it stands: all products' attributes by inner id, their weights, the regression."""
    algo = case.algo
    learnt = np.column_stack([bias(algo), algo.qi])
    fitted = regression(case.reg).fit(known(case), learnt, sample_weight=weight(algo))
    guessed = fitted.predict(_rows(case.attributes, case.new))
    both = algo.pu @ guessed[:, 1:].T
    return Parts(algo.trainset.global_mean, algo.bu[:, None], guessed[:, 0][None, :], both)


def cold_scores(case: Case) -> np.ndarray:
    """The right scores."""
    return cold_parts(case).score()


def _scaled(case: Case) -> np.ndarray:
    scaler = StandardScaler().fit(_rows(case.attributes, known_ids(case.algo)))
    scaled = {one: scaler.transform([row])[0] for one, row in case.attributes.items()}
    return cold_scores(replace(case, attributes=scaled))


def _factors_unweighted(case: Case) -> np.ndarray:
    parts = cold_parts(case)
    return replace(parts, factors=cold_parts(case, weight=lambda algo: None).factors).score()


Scorer = Callable[[Case], np.ndarray]


def _with(**part: Any) -> list[Scorer]:
    return [lambda case: cold_parts(case, **part).score()]


def _without(*names: str) -> list[Scorer]:
    """Parts of the sum left out."""

    def scores(case: Case) -> np.ndarray:
        parts = cold_parts(case)
        return replace(parts, **{name: 0 * getattr(parts, name) for name in names}).score()

    return [scores]


MISTAKES: dict[str, list[Scorer]] = {
    "It was clipped at the end of the scale.": [lambda case: cold_scores(case).clip(1, 5)],
    "It was cut off at the upper end of the scale.": [lambda case: cold_scores(case).clip(max=5)],
    "It was cut off at the lower end of the scale.": [lambda case: cold_scores(case).clip(min=1)],
    "Your regression counts every product once; give it sample_weight.": _with(
        weight=lambda algo: None
    ),
    "Your weight is the sum of a product's stars; it is how many rated it.": _with(weight=_stars),
    "Your weight is the root of how many rated the product; it is their number.": _with(
        weight=lambda algo: np.sqrt(counts_of(algo))
    ),
    "Your weight is a logarithm of how many rated the product; it is their number.": [
        *_with(weight=lambda algo: np.log1p(counts_of(algo))),
        *_with(weight=lambda algo: np.log(counts_of(algo))),
    ],
    "Your weights are divided by their sum or mean, so reg weighs more; give the numbers.": [
        *_with(weight=lambda algo: counts_of(algo) / counts_of(algo).sum()),
        *_with(weight=lambda algo: counts_of(algo) / counts_of(algo).mean()),
        *_with(weight=lambda algo: counts_of(algo) / counts_of(algo).max()),
    ],
    "Your weight counts each user once; a product counts as often as it was rated.": _with(
        weight=lambda algo: np.array(
            [len({user for user, _ in algo.trainset.ir[i]}) for i in algo.trainset.all_items()]
        )
    ),
    "The bias is learnt with weights, the factors without.": [_factors_unweighted],
    "Your attributes stand in the order of the dictionary, bi and qi in that of inner ids.": _with(
        known=lambda case: _rows(
            case.attributes, [one for one in case.attributes if one not in case.new]
        )
    ),
    "Your attributes stand in the order of the sorted ids, bi and qi in that of inner ids.": _with(
        known=lambda case: _rows(case.attributes, sorted(known_ids(case.algo)))
    ),
    "Your attributes are the first of the dictionary, new products among them.": _with(
        known=lambda case: np.array(list(case.attributes.values())[: len(case.algo.bi)])
    ),
    "The mean of all ratings stands twice in your sum.": [
        lambda case: cold_scores(case) + case.algo.trainset.global_mean
    ],
    "The mean of all ratings is left out.": _without("mean"),
    "The bias of the user is left out.": _without("user"),
    "The bias of the product is left out.": _without("product"),
    "Both biases are left out.": _without("user", "product"),
    "Only the factors are multiplied; mean and biases are left out.": _without(
        "mean", "user", "product"
    ),
    "The factors are left out.": _without("factors"),
    "All users get the same: their bias and their factors are left out.": _without(
        "user", "factors"
    ),
    "Your regression has no intercept; Ridge has one as it comes.": _with(
        regression=lambda reg: Ridge(alpha=reg, fit_intercept=False)
    ),
    "reg changes nothing in yours: that is Ridge() with its own alpha.": _with(
        regression=lambda reg: Ridge()
    ),
    "That is a regression without the pull of reg.": _with(
        regression=lambda reg: LinearRegression()
    ),
    "You multiply reg by the number of products; Ridge takes it as it is.": [
        lambda case: cold_scores(replace(case, reg=case.reg * len(case.algo.bi)))
    ],
    "You scale the attributes before the regression; it takes them as they come.": [_scaled],
    "Your product bias is learnt from mean ratings; learn it from algo.bi.": _with(
        bias=lambda algo: _stars(algo) / counts_of(algo) - algo.trainset.global_mean
    ),
}
ERRATA = dict.fromkeys(list(MISTAKES)[:2], "E59")
