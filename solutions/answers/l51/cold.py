"""Task 51.8: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, Ridge
from surprise import SVD

from answers import Proof, Wrong
from course_utils.exercises.l51.cold_cases import Attributes
from course_utils.exercises.l51.cold_mistakes import counts_of, known_ids


def _with_frames(algo: SVD, attributes: Attributes, new: list[str], reg: float) -> pd.DataFrame:
    """One regression for each column, every product repeated as often as it was rated."""
    trainset = algo.trainset
    rated = [trainset.to_raw_iid(item) for _, item, _ in trainset.all_ratings()]
    inner = [trainset.to_inner_iid(product) for product in rated]
    table = pd.DataFrame.from_dict(attributes, orient="index")
    asked = table.loc[new].to_numpy()
    guess = [
        Ridge(reg).fit(table.loc[rated].to_numpy(), column[inner]).predict(asked)
        for column in [algo.bi, *algo.qi.T]
    ]
    scores = pd.DataFrame(algo.pu @ np.array(guess[1:]), columns=new)
    return scores.add(guess[0], axis=1).add(algo.bu + trainset.global_mean, axis=0)


def _with_equations(algo: SVD, attributes: Attributes, new: list[str], reg: float) -> list[Any]:
    """The regression by hand; of each user's score the weights, then one product at a time."""
    trainset = algo.trainset
    x = np.array([attributes[trainset.to_raw_iid(i)] for i in range(trainset.n_items)])
    w = np.array([len(trainset.ir[i]) for i in range(trainset.n_items)])
    y = algo.pu @ algo.qi.T + algo.bi
    x_mean, y_mean = np.average(x, axis=0, weights=w), np.average(y, axis=1, weights=w)
    left = (x - x_mean).T @ (w[:, None] * (x - x_mean)) + reg * np.eye(x.shape[1])
    slope = np.linalg.solve(left, (x - x_mean).T @ (w[:, None] * (y - y_mean[:, None]).T))
    columns = [(attributes[one] - x_mean) @ slope + y_mean for one in new]
    return [
        [trainset.global_mean + algo.bu[user] + column[user] for column in columns]
        for user in range(trainset.n_users)
    ]


Scorer = Callable[[SVD, Attributes, list[str], float], Any]


def _answers(
    ids: Callable[[SVD, Attributes, list[str]], list[str]] = lambda algo, a, new: known_ids(algo),
    weight: Callable[[SVD], Any] = counts_of,
    ridge: Callable[[float], Any] = Ridge,
    sum_up: Callable[[Any, Any, Any, Any], Any] = lambda mean, user, item, both: (
        mean + user + item + both
    ),
    turn: Callable[[SVD, Any], Any] = lambda algo, scores: scores,
    bias: Callable[[SVD], Any] = lambda algo: algo.bi,
    factor_weight: Callable[[SVD], Any] = counts_of,
) -> Scorer:
    """Scores as it should but for one thing.

    ids: whose attributes are taken for those of the known products, by inner id.
    weight, ridge, bias: of the regression; factor_weight: of that of the factors.
    sum_up: of the mean, the user's bias, the product's and the factors' part, each a table.
    turn: what becomes of the table.
    """

    def cold_scores(algo: SVD, attributes: Attributes, new: list[str], reg: float) -> Any:
        known = np.array([attributes[one] for one in ids(algo, attributes, new)])
        asked = np.array([attributes[one] for one in new])
        regression = ridge(reg).fit(known, bias(algo), sample_weight=weight(algo))
        of_factors = (weight if factor_weight is counts_of else factor_weight)(algo)
        flat = np.zeros((algo.trainset.n_users, len(new)))
        item = flat + regression.predict(asked)
        both = algo.pu @ ridge(reg).fit(known, algo.qi, of_factors).predict(asked).T
        user = flat + algo.bu[:, None]
        return turn(algo, sum_up(flat + algo.trainset.global_mean, user, item, both))

    return cold_scores


def _article_predicts(algo: SVD, attributes: Attributes, new: list[str], reg: float) -> Any:
    """The library has an answer for every unseen product."""
    users = [algo.trainset.to_raw_uid(user) for user in algo.trainset.all_users()]
    return [[algo.predict(user, product).est for product in new] for user in users]


def _wrong_average_product(algo: SVD, attributes: Attributes, new: list[str], reg: float) -> Any:
    user = algo.trainset.global_mean + algo.bu + algo.bi.mean() + algo.pu @ algo.qi.mean(axis=0)
    return np.tile(user[:, None], len(new))


def _wrong_each_once(algo: SVD, attributes: Attributes, new: list[str], reg: float) -> Any:
    return _with_frames(algo, attributes, list(dict.fromkeys(new)), reg)


def _wrong_columns(algo: SVD, attributes: Attributes, new: list[str], reg: float) -> Any:
    return _with_frames(algo, attributes, [one for one in sorted(new)], reg)


def _star_sums(algo: SVD) -> list[float]:
    return [sum(r for _, r in algo.trainset.ir[item]) for item in algo.trainset.all_items()]


def _raters(algo: SVD) -> list[int]:
    """How many users rated a product; some did twice."""
    return [len({u for u, _ in algo.trainset.ir[item]}) for item in algo.trainset.all_items()]


def _wrong_reg_times_products(
    algo: SVD, attributes: Attributes, new: list[str], reg: float
) -> pd.DataFrame:
    return _with_frames(algo, attributes, new, reg * algo.trainset.n_items)


def _wrong_scaled(algo: SVD, attributes: Attributes, new: list[str], reg: float) -> Any:
    known = np.array([attributes[one] for one in known_ids(algo)])
    middle, spread = known.mean(axis=0), known.std(axis=0)
    scaled = {one: (row - middle) / spread for one, row in attributes.items()}
    return _with_frames(algo, scaled, new, reg)


def _by_raw_user(algo: SVD, scores: np.ndarray) -> np.ndarray:
    users = sorted(algo.trainset.to_raw_uid(user) for user in algo.trainset.all_users())
    return scores[[algo.trainset.to_inner_uid(user) for user in users]]


def _in_32_bits(algo: SVD, attributes: Attributes, new: list[str], reg: float) -> Any:
    return _with_frames(algo, attributes, new, reg).to_numpy(np.float32)


GUESSED: dict[str, Any] = {}


def _wrong_keeps_guesses(algo: SVD, attributes: Attributes, new: list[str], reg: float) -> Any:
    """Each new product is guessed once, whatever the attributes are later."""
    scores = _with_frames(algo, attributes, new, reg)
    columns = [GUESSED.setdefault(f"{one} {len(algo.bi)}", scores[[one]].iloc[:, 0]) for one in new]
    return np.column_stack(columns)


PROOF = Proof(
    task="51.8",
    right=[_with_frames, _with_equations, _in_32_bits],
    wrong=[
        Wrong(_article_predicts, "any unseen product", "E55", silent=True),
        Wrong(_wrong_average_product, "attributes change nothing", "E55", silent=True),
        Wrong(_answers(weight=lambda algo: None), "counts every product once", silent=True),
        Wrong(_answers(weight=_star_sums), "the sum of a product's stars", silent=True),
        Wrong(
            _answers(weight=lambda algo: np.sqrt(counts_of(algo))),
            "the root of how many rated",
            silent=True,
        ),
        Wrong(
            _answers(ids=lambda algo, a, new: [one for one in a if one not in new]),
            "in the order of the dictionary",
            silent=True,
        ),
        Wrong(
            _answers(ids=lambda algo, a, new: sorted(known_ids(algo))),
            "in the order of the sorted ids",
            silent=True,
        ),
        Wrong(
            _answers(ids=lambda algo, a, new: list(a)[: algo.trainset.n_items]),
            "the first of the dictionary",
            silent=True,
        ),
        Wrong(
            _answers(turn=lambda algo, scores: scores.clip(1, 5)),
            "clipped at the end",
            "E59",
            silent=True,
        ),
        Wrong(
            _answers(turn=lambda algo, scores: scores.clip(max=5)),
            "cut off at the upper",
            "E59",
            silent=True,
        ),
        Wrong(
            _answers(turn=lambda algo, scores: scores.clip(min=1)),
            "cut off at the lower",
            silent=True,
        ),
        Wrong(_answers(sum_up=lambda m, u, i, f: u + i + f), "The mean of all", silent=True),
        Wrong(_answers(sum_up=lambda m, u, i, f: m + i + f), "bias of the user is", silent=True),
        Wrong(_answers(sum_up=lambda m, u, i, f: m + u + f), "bias of the product is", silent=True),
        Wrong(_answers(sum_up=lambda m, u, i, f: m + f), "Both biases", silent=True),
        Wrong(_answers(sum_up=lambda m, u, i, f: f), "Only the factors", silent=True),
        Wrong(_answers(sum_up=lambda m, u, i, f: m + u + i), "The factors are left", silent=True),
        Wrong(_answers(sum_up=lambda m, u, i, f: m + i), "All users get the same", silent=True),
        Wrong(_answers(turn=lambda algo, scores: scores.T), "yours is turned", silent=True),
        Wrong(_answers(turn=_by_raw_user), "their rows are not", silent=True),
        Wrong(_wrong_columns, "their columns are not", silent=True),
        Wrong(_wrong_each_once, "must have shape (9, 3), got shape (9, 2)", silent=True),
        Wrong(
            _answers(ridge=lambda reg: Ridge(alpha=reg, fit_intercept=False)),
            "has no intercept",
            silent=True,
        ),
        Wrong(_answers(ridge=lambda reg: Ridge()), "with its own alpha", silent=True),
        Wrong(
            _answers(ridge=lambda reg: LinearRegression()), "without the pull of reg", silent=True
        ),
        Wrong(_wrong_keeps_guesses, "(other_model, attributes, ['5', 'z', '5'], 0.5)", silent=True),
        Wrong(_wrong_scaled, "You scale the attributes", silent=True),
        Wrong(
            _answers(weight=lambda algo: np.log1p(counts_of(algo))), "a logarithm of", silent=True
        ),
        Wrong(
            _answers(weight=lambda algo: counts_of(algo) / counts_of(algo).sum()),
            "divided by their sum or mean",
            silent=True,
        ),
        Wrong(_answers(weight=_raters), "counts each user once", silent=True),
        Wrong(
            _answers(bias=lambda algo: algo.bi + algo.trainset.global_mean),
            "stands twice in your sum",
            silent=True,
        ),
        Wrong(_answers(factor_weight=lambda algo: None), "the factors without.", silent=True),
        Wrong(_wrong_reg_times_products, "You multiply reg", silent=True),
        Wrong(
            _answers(
                bias=lambda algo: _star_sums(algo) / counts_of(algo) - algo.trainset.global_mean
            ),
            "is learnt from mean ratings",
            silent=True,
        ),
        Wrong(_answers(turn=lambda algo, scores: scores.round(2)), "Do not round", silent=True),
    ],
)
