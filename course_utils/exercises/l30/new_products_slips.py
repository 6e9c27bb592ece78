"""What is wrong with answers to task 30.6, each with the function that gives what it gives."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.stats import rankdata

Numbers = np.ndarray


def _one(said: Numbers, wanted: Numbers) -> float:
    ones = int(wanted.sum())
    above = rankdata(said)[wanted].sum() - ones * (ones + 1) / 2
    return float(above / (ones * (len(wanted) - ones)))


def each(scores: Numbers, bought: Numbers, asked: Numbers) -> list[tuple[float, int]]:
    """AUC and pairs of every customer who has both kinds among these products."""
    found = []
    for said, had in zip(scores[:, asked], np.asarray(bought, bool)[:, asked], strict=True):
        if had.any() and not had.all():
            found.append((_one(said, had), int(had.sum() * (~had).sum())))
    return found


def new_product_auc(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    return float(np.mean([auc for auc, _ in each(scores, bought, ~trained)]))


def on_all(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    return new_product_auc(scores, bought, np.zeros_like(trained))


def on_known(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    found = [auc for auc, _ in each(scores, bought, trained)]
    return float(np.mean(found)) if found else float("nan")


def subtracted(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    """A difference of small whole numbers wraps round."""
    found = []
    for said, had in zip(scores[:, ~trained], np.asarray(bought, bool)[:, ~trained], strict=True):
        if had.any() and not had.all():
            gap = said[had][:, None] - said[~had][None, :]
            found.append(float(((gap > 0) + (gap == 0) / 2).mean()))
    return float(np.mean(found))


def close(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    return new_product_auc(np.asarray(scores, float).round(6), bought, trained)


def squeezed(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    return new_product_auc(1 / (1 + np.exp(-np.asarray(scores, float))), bought, trained)


def one_heap(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    new = ~trained
    return _one(scores[:, new].ravel(), np.asarray(bought, bool)[:, new].ravel())


def by_pairs(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    found = each(scores, bought, ~trained)
    return float(np.average([auc for auc, _ in found], weights=[n for _, n in found]))


def missing_half(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    found = [auc for auc, _ in each(scores, bought, ~trained)]
    return float(np.mean(found + [0.5] * (len(scores) - len(found))))


def _ties(value: float) -> Callable[..., float]:
    def counted(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
        found = []
        for said, had in zip(scores[:, ~trained], np.asarray(bought, bool)[:, ~trained],
                             strict=True):  # fmt: skip
            if had.any() and not had.all():
                one, other = said[had][:, None], said[~had][None, :]
                found.append(float(((one > other) + value * (one == other)).mean()))
        return float(np.mean(found))

    return counted


def by_product(scores: Numbers, bought: Numbers, trained: Numbers) -> float:
    """For each product over the customers."""
    new = ~trained
    found = each(scores[:, new].T, np.asarray(bought)[:, new].T, np.ones(len(scores), bool))
    return float(np.mean([auc for auc, _ in found])) if found else 0.5


SEEN = "products that training knows are among those that are judged"
ONLY_SEEN = "only products that training knows are judged"
MISTAKES: dict[str, Callable[..., float]] = {
    SEEN: on_all,
    ONLY_SEEN: on_known,
    "all customers' pairs lie in one heap: compare products within a customer": one_heap,
    "customers are weighed by their pairs: each counts once": by_pairs,
    "a customer without a pair counts as .5: leave such a customer out": missing_half,
    "scores are subtracted, and whole numbers of eight bits wrap round: compare them": subtracted,
    "scores that lie close are taken as equal: only the order counts": close,
    "scores go through a sigmoid first, which makes large ones equal": squeezed,
    "equal scores count as wrong: they count half": _ties(0.0),
    "equal scores count as right: they count half": _ties(1.0),
    "customers are compared within a product: compare products within a customer": by_product,
    "a low score stands for a purchase: 1 minus the AUC": (
        lambda scores, bought, trained: new_product_auc(-scores, bought, trained)
    ),
}
