"""The small language model as a judge of searches and products, beside two plain judges.

    python benchmarks/generator_judge.py            # from the stored probabilities
    python benchmarks/generator_judge.py --ask      # asks for those that are missing

A question about one product: is it what the search asks for? About two: which one suits better, in
both orders. The truth is the shop's: 3 is the kind that is meant with all that was asked for, 1
another kind of its category, 0 anything else.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pandas as pd
from parts import Stored, code_of
from sklearn.metrics import roc_auc_score

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import MINILM, encode
from course_utils.generator import probabilities

STORED = Stored(
    file=paths.RESULTS / "generator_judge.json",
    code=code_of(__file__, ["generator/ask", "generator/store"], []),
    seeds={"draws": range(1)},
)
SEARCHES = 50
NAMES = (("a", "b"), ("1", "2"))
"""What the two products are called in the question: two ways."""


def cases() -> pd.DataFrame:
    """One search a row: ``query``, its ``type``, and titles of grade 3, 1 and 0."""
    queries, graded = load("queries"), load("judgements")
    title = load("listings").set_index("product_id")["title_en"]
    rng = np.random.default_rng(33)
    queries = queries[queries["language"] == "en"]
    rows = []
    for at in rng.permutation(len(queries)):
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
        if len(rows) == SEARCHES:
            break
    return pd.DataFrame(rows)


def about_one(query: str, title: str) -> str:
    """Yes or no."""
    return (
        f"A customer searches a shop for: {query}\nProduct: {title}\n"
        "Is this product what the customer searches for? Answer yes or no."
    )


def about_two(query: str, first: str, second: str, names: tuple[str, str]) -> str:
    """One of two names."""
    a, b = (name.upper() for name in names)
    return (
        f"A customer searches a shop for: {query}\nProduct {a}: {first}\nProduct {b}: {second}\n"
        f"Which product suits the search better? Answer {a} or {b}."
    )


def single(table: pd.DataFrame, record: bool) -> np.ndarray:
    """``[searches, 3, 2]``: of the good, the near and the far product, yes and no."""
    prompts = [
        about_one(query, title)
        for query, *titles in table[["query", "good", "near", "far"]].itertuples(index=False)
        for title in titles
    ]
    return probabilities("judge", prompts, record=record).reshape(-1, 3, 2)


def pairs(table: pd.DataFrame, names: tuple[str, str], record: bool) -> np.ndarray:
    """``[searches, 2 orders, 2]``: the good product before the far one, then after it."""
    prompts = [
        about_two(query, *order, names)
        for query, good, far in table[["query", "good", "far"]].itertuples(index=False)
        for order in ((good, far), (far, good))
    ]
    return probabilities("judge", prompts, names, record=record).reshape(-1, 2, 2)


def kappa(a: np.ndarray, b: np.ndarray) -> float:
    """Cohen's kappa of two judges who say yes or no: agreement beyond what their rates give."""
    agree, yes_a, yes_b = np.mean(a == b), np.mean(a), np.mean(b)
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    return float((agree - chance) / (1 - chance)) if chance < 1 else 0.0


def log_odds(found: np.ndarray) -> np.ndarray:
    """Of the first word against the second."""
    return np.log(found[..., 0] / found[..., 1])


def overlap(query: str, title: str) -> float:
    """The share of the search's words that stand in the title."""
    words = set(query.lower().split())
    return len(words & set(title.lower().split())) / len(words)


def judges(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """``[searches, 3]``: the score that each judge gives the good, the near and the far product."""
    columns = ["good", "near", "far"]
    near = np.stack(
        [
            (encode([*table["query"]], MINILM) * encode([*table[one]], MINILM)).sum(axis=1)
            for one in columns
        ],
        axis=1,
    )
    words = [
        [overlap(query, title) for title in titles]
        for query, *titles in table[["query", *columns]].itertuples(index=False)
    ]
    return {
        "SmolLM2": log_odds(single(table, False)),
        "shared words": np.array(words),
        "MiniLM's cosine": near,
    }


def one_by_one() -> dict[str, Any]:
    """Good against far, and against near: AUC; agreement and kappa at two thresholds."""
    table, found = cases(), {}
    truth = np.repeat([[1, 0]], len(table), axis=0)
    other_words = table["type"].isin(["synonym", "need"]).to_numpy()
    for name, scores in judges(table).items():
        found[name] = {}
        for rival, column in (("far", 2), ("near", 1)):
            s = scores[:, [0, column]]
            verdict = {"median": s > np.median(s)}
            if name == "SmolLM2":
                verdict["even odds"] = s > 0
            found[name][rival] = {
                "auc": _parts(
                    lambda rows, s=s: roc_auc_score(truth[rows].ravel(), s[rows].ravel())
                ),
                **{
                    f"{what} at the {at}": _parts(
                        lambda rows, v=v, of=of: of(truth[rows].ravel(), v[rows].ravel())
                    )
                    for at, v in verdict.items()
                    for what, of in (("agreement", _agreement), ("kappa", kappa))
                },
            }
            found[name][rival]["auc in other words"] = round(
                float(roc_auc_score(truth[other_words].ravel(), s[other_words].ravel())), 4
            )
    return found


def _agreement(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.mean(a == b))


def _parts(of: Any) -> list[float]:
    """A measure on all searches, then on each of five parts."""
    every = np.arange(SEARCHES)
    return [round(float(of(rows)), 4) for rows in (every, *np.array_split(every, 5))]


def two_at_once() -> dict[str, Any]:
    """Good against far in both orders: how often the first is taken, and verdicts that change."""
    table, found = cases(), {}
    for names in NAMES:
        s = log_odds(pairs(table, names, False))
        first = s > 0
        good = np.stack([first[:, 0], ~first[:, 1]], axis=1)
        found[" or ".join(names).upper()] = {
            "first taken": round(float(first.mean()), 4),
            "verdicts that change": round(float(np.mean(good[:, 0] != good[:, 1])), 4),
            "right, good first": _parts(lambda rows, good=good: good[rows, 0].mean()),
            "right, good last": _parts(lambda rows, good=good: good[rows, 1].mean()),
            "right, both orders averaged": _parts(
                lambda rows, s=s: np.mean(s[rows, 0] - s[rows, 1] > 0)
            ),
        }
    for name, scores in judges(table).items():
        ahead = np.sign(scores[:, 0] - scores[:, 2]) / 2 + 0.5
        found[name] = {"right": _parts(lambda rows, ahead=ahead: ahead[rows].mean())}
    return found


PARTS = {"one by one": one_by_one, "two at once": two_at_once}

if __name__ == "__main__":
    if "--ask" in sys.argv:
        everything = cases()
        single(everything, True)
        for names in NAMES:
            pairs(everything, names, True)
    else:
        STORED.measure(PARTS)
