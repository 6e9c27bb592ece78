"""The small language model as a judge of searches and products, beside two plain judges.

For lesson 33.

    python benchmarks/generator_judge.py            # from the stored probabilities
    python benchmarks/generator_judge.py --ask      # asks for those that are missing

A question about one product: is it what the search asks for? About two: which one suits better, in
both orders and under three pairs of names. The truth is the shop's: 3 is the kind that is meant
with all that was asked for, 1 another kind of its category, 0 anything else. A third plain judge
learns from the truth of other searches.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from generator_intervals import auc, drawn, kappa, mean, share
from parts import Stored
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import MINILM, encode
from course_utils.generator import probabilities

STORED = Stored(
    file=paths.RESULTS / "generator_judge.json",
    seeds={"draws": range(1)},
)
SEARCHES, LEARNT, PART = 50, 60, 10
"""Searches that are judged, others that the regression learns from, and how many of them one may
try by hand."""
NAMES = {("a", "b"): SEARCHES, ("b", "a"): SEARCHES // 2, ("1", "2"): SEARCHES}
"""What the first and the second product are called in the question, and how many searches are
asked. The second way tells a preference for the first place from one for the name A."""


def cases(first: int = 0, n: int = SEARCHES) -> pd.DataFrame:
    """One search a row: ``query``, its ``type``, and titles of grade 3, 1 and 0."""
    queries, graded = load("queries"), load("judgements")
    title = load("listings").set_index("product_id")["title_en"]
    rng = np.random.default_rng(33)
    queries = queries[queries["language"] == "en"]
    rows: list[dict[str, str]] = []
    for at in rng.permutation(len(queries)):
        if len(rows) == first + n:
            break
        one = queries.iloc[at]
        of_it = graded[graded["query_id"] == one["query_id"]]
        by_grade = {g: of_it.loc[of_it["relevance"] == g, "product_id"] for g in (3, 1)}
        if any(part.empty for part in by_grade.values()):
            continue
        rest = title.index.difference(of_it["product_id"])
        rows.append(
            {
                "query": one["text"],
                "type": str(one["type"]),
                "good": title[rng.choice(by_grade[3])],
                "near": title[rng.choice(by_grade[1])],
                "far": title[rng.choice(rest)],
            }
        )
    return pd.DataFrame(rows[first:])


def about_one(query: str, title: str) -> Any:
    """Yes or no."""
    return (
        f"A customer searches a shop for: {query}\nProduct: {title}\n"
        "Is this product what the customer searches for? Answer yes or no."
    )


PROMPTS: dict[str, Callable[[str, str], Any]] = {
    "SmolLM2": about_one,
}


def about_two(query: str, first: str, second: str, names: tuple[str, str]) -> str:
    """One of two names."""
    a, b = (name.upper() for name in names)
    return (
        f"A customer searches a shop for: {query}\nProduct {a}: {first}\nProduct {b}: {second}\n"
        f"Which product suits the search better? Answer {a} or {b}."
    )


def single(table: pd.DataFrame, prompt: str, record: bool) -> np.ndarray:
    """``[searches, 3, 2]``: of the good, the near and the far product, yes and no."""
    prompts = [
        PROMPTS[prompt](query, title)
        for query, *titles in table[["query", "good", "near", "far"]].itertuples(index=False)
        for title in titles
    ]
    return probabilities("judge", prompts, record=record).reshape(-1, 3, 2)


def pairs(table: pd.DataFrame, names: tuple[str, str], record: bool) -> np.ndarray:
    """``[searches, 2 orders, 2]``: the good product before the far one, then after it; of as many
    searches as ``NAMES`` says.
    """
    table = table[: NAMES[names]]
    prompts = [
        about_two(query, *order, names)
        for query, good, far in table[["query", "good", "far"]].itertuples(index=False)
        for order in ((good, far), (far, good))
    ]
    return probabilities("judge", prompts, names, record=record).reshape(-1, 2, 2)


def log_odds(found: np.ndarray) -> np.ndarray:
    """Of the first word against the second."""
    return np.log(found[..., 0] / found[..., 1])


def overlap(query: str, title: str) -> float:
    """The share of the search's words that stand in the title."""
    words = set(query.lower().split())
    return len(words & set(title.lower().split())) / len(words)


def plain(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Two of ``[searches, 3]``: shared words, and MiniLM's cosine."""
    columns = ["good", "near", "far"]
    words = [
        [overlap(query, title) for title in titles]
        for query, *titles in table[["query", *columns]].itertuples(index=False)
    ]
    near = [
        (encode([*table["query"]], MINILM) * encode([*table[one]], MINILM)).sum(axis=1)
        for one in columns
    ]
    return np.array(words), np.stack(near, axis=1)


def judges(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """``[searches, 3]``: the score that each judge gives the good, the near and the far product."""
    found = {name: log_odds(single(table, name, False)) for name in PROMPTS}
    words, near = plain(table)
    both = np.stack(plain(cases(SEARCHES, LEARNT)), axis=-1)
    target = np.tile([1, 0, 0], LEARNT)
    model = LogisticRegression(C=10.0, class_weight="balanced").fit(both.reshape(-1, 2), target)
    learnt = model.decision_function(np.stack([words, near], axis=-1).reshape(-1, 2))
    return {
        **found,
        "shared words": words,
        "MiniLM's cosine": near,
        "regression of both": learnt.reshape(-1, 3),
    }


def one_by_one() -> dict[str, Any]:
    """Good against far, and against near: AUC; agreement and kappa at two thresholds; each with its
    interval, searches drawn anew.
    """
    table = cases()
    other_words = np.flatnonzero(table["type"].isin(["synonym", "need"]))
    every = judges(table)
    found: dict[str, Any] = {}
    for rival, column in (("far", 2), ("near", 1)):
        of = {name: scores[:, [0, column]] for name, scores in every.items()}
        for name, s in of.items():
            learnt = name.startswith("regression")
            at = {"median": float(np.median(s))} | (
                {"even odds": 0.0} if learnt or name in PROMPTS else {}
            )
            words, first = s[other_words], of["SmolLM2"]
            one: dict[str, Any] = {
                "auc": _with_interval(_auc, s),
                "auc in other words": _with_interval(_auc, words),
                "over SmolLM2": _with_interval(_more, np.concatenate([s, first], axis=1)),
            }
            for where, threshold in at.items():
                v = s > threshold
                one[f"agreement at the {where}"] = mean((v == [True, False]).mean(axis=1))
                one[f"kappa at the {where}"] = _with_interval(_kappa, v)
                one[f"yes at the {where}"] = round(float(v.mean()), 4)
            if name in PROMPTS and rival == "far":
                parts = np.split(np.arange(SEARCHES), SEARCHES // PART)
                one["auc of each ten"] = [round(_auc(s[rows]), 4) for rows in parts]
            found.setdefault(name, {})[rival] = one
    for name in PROMPTS:
        found[name]["probability of yes and no"] = round(
            float(single(table, name, False).sum(axis=-1).mean()), 4
        )
    return {"searches": SEARCHES, "in other words": len(other_words), **found}


def _truth(n: int) -> np.ndarray:
    return np.tile([True, False], n)


def _auc(s: np.ndarray) -> float:
    """Of ``[searches, 2]``: the good product, then the other."""
    return auc(_truth(len(s)), s.ravel())


def _more(both: np.ndarray) -> float:
    """AUC of the first two columns over that of the last two."""
    return _auc(both[:, :2]) - _auc(both[:, 2:])


def _kappa(v: np.ndarray) -> float:
    return kappa(_truth(len(v)), v.ravel())


def _with_interval(of: Callable[[np.ndarray], float], values: np.ndarray) -> list[float]:
    """A measure of one row a search; searches are drawn anew."""
    return drawn(lambda rows: of(values[rows]), len(values))


def two_at_once() -> dict[str, Any]:
    """Good against far in both orders: how often the first is taken, and verdicts that change."""
    table = cases()
    found: dict[str, Any] = {}
    for names in NAMES:
        both = pairs(table, names, False)
        s = log_odds(both)
        first = s > 0
        good = np.stack([first[:, 0], ~first[:, 1]], axis=1)
        found[" or ".join(names).upper()] = {
            "first taken in both orders": share(np.all(first, axis=1)),
            "last taken in both orders": share(~np.any(first, axis=1)),
            "probability of the two names": round(float(both.sum(axis=-1).mean()), 4),
            "verdicts that change": share(good[:, 0] != good[:, 1]),
            "right, good first": share(good[:, 0]),
            "right, good last": share(good[:, 1]),
            "right, both orders averaged": share(s[:, 0] - s[:, 1] > 0),
            # The log odds of the first name, and how far the products move them.
            "log odds of the first": mean(s.mean(axis=1)),
            "moved by the products": mean((s[:, 0] - s[:, 1]) / 2),
        }
    for name, scores in judges(table).items():
        ahead = np.sign(scores[:, 0] - scores[:, 2]) / 2 + 0.5
        found[name] = {"right": mean(ahead)}
    return found


PARTS = {"one by one": one_by_one, "two at once": two_at_once}

if __name__ == "__main__":
    if "--ask" in sys.argv:
        everything = cases()
        for names in NAMES:
            pairs(everything, names, True)
        for prompt in PROMPTS:
            single(everything, prompt, True)
    else:
        STORED.measure(PARTS)
