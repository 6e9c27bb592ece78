"""Task 51.1: lists by another score than the right one, and what is left out of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from surprise import SVD

from course_utils.exercises.asking import reject
from course_utils.exercises.l51.ranking import Ranking, ranked_by

Score = Callable[[SVD, int, int], float]
"""Of a model, the inner ids of a user and of a product."""


def _mean_rating(algo: SVD, user: int, item: int) -> float:
    return float(np.mean([rating for _, rating in algo.trainset.ir[item]]))


def _rounded(digits: int) -> Score:
    return lambda algo, user, item: round(algo.estimate(user, item), digits)


SCORES: dict[str, list[Score]] = {
    "You rank by pu · qi alone; the bias of the product belongs to its score.": [
        lambda algo, user, item: algo.pu[user] @ algo.qi[item]
    ],
    "The bias of the product is subtracted; it is added.": [
        lambda algo, user, item: algo.pu[user] @ algo.qi[item] - algo.bi[item]
    ],
    "You rank by the angle between pu and qi; the score is their product, with the biases.": [
        lambda algo, user, item: algo.pu[user] @ algo.qi[item] / np.linalg.norm(algo.qi[item])
    ],
    "You rank by how many rated the product; here the model's score counts.": [
        lambda algo, user, item: len(algo.trainset.ir[item])
    ],
    "You rank by the mean rating of the product; here the model's score counts.": [_mean_rating],
    "Your scores are rounded before they are sorted: many are equal then.": [
        _rounded(digits) for digits in (2, 1, 0)
    ],
}


def refuse_other_scores(
    said: str, algo: SVD, users: Sequence[str], rankings: Sequence[Ranking]
) -> None:
    """Reject lists that another known score gives, for all users."""
    known = algo.trainset

    def explains(score: Score) -> bool:
        return all(
            ranked_by(
                {
                    one: float(score(algo, known.to_inner_uid(user), known.to_inner_iid(one)))
                    for one in ranking.scores
                },
                ranking.got,
                ranking.n,
            )
            for user, ranking in zip(users, rankings, strict=True)
        )

    for why, scores in SCORES.items():
        if any(explains(score) for score in scores):
            reject(f"{said} {why}")


def only_the_liked_are_out(algo: SVD, user: str, ranking: Ranking) -> bool:
    """Whether of the user's own products the list holds those rated low and lacks those rated
    high, where their scores would put both in."""
    known = algo.trainset
    stars = {known.to_raw_iid(item): rating for item, rating in known.ur[known.to_inner_uid(user)]}
    every = {**ranking.scores, **ranking.also}
    last = min(every[one] for one in ranking.got)
    high = [one for one in stars if ranking.also[one] >= last]
    held = [stars[one] for one in high if one in ranking.got]
    lacking = [stars[one] for one in high if one not in ranking.got]
    return bool(held and lacking) and max(held) < min(lacking)
