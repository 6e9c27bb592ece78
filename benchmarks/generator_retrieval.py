"""Three products for a need: the small language model alone, with a list, and bound to it.

For lesson 33.

    python benchmarks/generator_retrieval.py            # from the stored answers
    python benchmarks/generator_retrieval.py --ask      # asks for those that are missing

The list holds the eight products whose titles are nearest to the search by MiniLM's cosine. Bound:
a schema allows nothing but their ids, each answer three of them, so an id that is in no list cannot
be written; which of them are right is another question.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

import numpy as np
import pandas as pd
from parts import Stored

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import MINILM, encode
from course_utils.generator import Answer, answers

DRAWS = range(10)
STORED = Stored(
    file=paths.RESULTS / "generator_retrieval.json",
    seeds={"draws": DRAWS},
)
SEARCHES, LISTED, NAMED = 8, 8, 3


def searches() -> pd.DataFrame:
    """English searches in other words than titles' (synonyms and needs): ``query_id``, ``text``."""
    table = load("queries")
    table = table[(table["language"] == "en") & table["type"].isin(["synonym", "need"])]
    return table.sample(SEARCHES, random_state=33)[["query_id", "text"]].reset_index(drop=True)


def retrieved(texts: pd.Series) -> np.ndarray:
    """``[searches, LISTED]``: ids of the nearest products, the nearest first."""
    listings = load("listings")
    near = encode([*texts], MINILM) @ encode([*listings["title_en"]], MINILM).T
    best = np.argsort(-near, axis=1, kind="stable")[:, :LISTED]
    return listings["product_id"].to_numpy()[best]


def alone(text: str) -> str:
    """No list."""
    return (
        f"A customer asks a shop for: {text}\nName three products of the shop for this need, one a "
        "line, with their full titles."
    )


def listed(text: str, ids: np.ndarray, title: pd.Series) -> str:
    """With a list of ids and titles."""
    lines = "\n".join(f"{one}: {title[one]}" for one in ids)
    return (
        f"Products of the shop:\n{lines}\n\nA customer asks for: {text}\n"
        "Give the numbers of three products of this list for this need, as a JSON list."
    )


def bound(ids: np.ndarray) -> dict[str, Any]:
    """Three of these ids, as numbers; a schema cannot say here that they differ."""
    one = {"enum": [int(x) for x in ids]}
    return {"type": "array", "items": one, "minItems": NAMED, "maxItems": NAMED}


def asked(record: bool) -> dict[str, list[Answer]]:
    """The answers of the three ways."""
    table, title = searches(), load("listings").set_index("product_id")["title_en"]
    lists = retrieved(table["text"])
    with_list = [listed(t, ids, title) for t, ids in zip(table["text"], lists, strict=True)]
    return {
        "alone": answers("retrieval", [*map(alone, table["text"])], most_tokens=64, record=record),
        "list": answers("retrieval", with_list, most_tokens=64, record=record),
        "list and schema": answers(
            "retrieval", with_list, schema=[*map(bound, lists)], most_tokens=64, record=record
        ),
    }


def relevance() -> dict[tuple[str, str], int]:
    """Grades by search and product; what is not there has grade 0."""
    graded = load("judgements")
    keys = zip(graded["query_id"], graded["product_id"], strict=True)
    return dict(zip(keys, graded["relevance"], strict=True))


def named(text: str) -> list[str]:
    """The numbers that an answer names, in its order, at most three."""
    return re.findall(r"\d+", text)[:NAMED]


def read(text: str) -> list[str]:
    """The ids of an answer that is a JSON list of numbers; of any other answer none."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    good = isinstance(found, list) and all(type(one) is int for one in found)
    return [str(one) for one in found] if good else []


def served(ids: list[str], row: np.ndarray) -> list[str]:
    """What stands in the list, each once; then the rest of the list, the nearest first."""
    good = [one for one in ids if one in set(row)]
    return [*dict.fromkeys([*good, *row])][:NAMED]


def _titles(text: str) -> list[str]:
    """The lines of an answer, without numbers and dashes before them."""
    lines = [re.sub(r"^[\s\d.*-]+", "", line).strip(' "') for line in text.splitlines()]
    return [line for line in lines if line][:NAMED]


def _graded(query: str, ids: list[str], grades: dict[tuple[str, str], int]) -> float:
    """The share of three places that hold a product of the kind that is meant, each once."""
    return sum(grades.get((query, one), 0) >= 2 for one in dict.fromkeys(ids)) / NAMED


def ways() -> dict[str, Any]:
    """What is invented, doubled and right; the last a number a search, the others means."""
    table, listings = searches(), load("listings")
    every, known = set(listings["product_id"]), set(listings["title_en"].str.lower())
    lists, grades, said = retrieved(table["text"]), relevance(), asked(False)
    queries = [*table["query_id"]]
    lines = [_titles(one.text) for one in said["alone"]]
    found: dict[str, Any] = {
        "alone": {
            "lines": sum(map(len, lines)),
            "not in the catalogue": round(
                float(np.mean([line.lower() not in known for of in lines for line in of])), 4
            ),
            **_cost(said["alone"]),
        }
    }
    for way in ("list", "list and schema"):
        ids = [named(one.text) for one in said[way]]
        first = [of == [*row[:NAMED]] for of, row in zip(ids, lists, strict=True)]
        flat = [(one, set(of_list)) for of, of_list in zip(ids, lists, strict=True) for one in of]
        found[way] = {
            "ids": len(flat),
            "not in the list": round(float(np.mean([one not in of for one, of in flat])), 4),
            "not in the catalogue": round(float(np.mean([one not in every for one, _ in flat])), 4),
            "a list of numbers": sum(bool(read(one.text)) for one in said[way]),
            "answers with a product twice": round(
                float(np.mean([len(set(of)) < len(of) for of in ids])), 4
            ),
            "the first three of the list": round(float(np.mean(first)), 4),
            "right": [
                round(_graded(query, [one for one in of if one in set(row)], grades), 4)
                for query, of, row in zip(queries, ids, lists, strict=True)
            ],
            "right, each once and filled up": [
                round(_graded(query, served(of, row), grades), 4)
                for query, of, row in zip(queries, ids, lists, strict=True)
            ],
            **_cost(said[way]),
        }
    found["retrieval's first three"] = {
        "right": [
            round(_graded(query, [*row[:NAMED]], grades), 4)
            for query, row in zip(queries, lists, strict=True)
        ]
    }
    found["three of the list at random"] = {
        "right": [
            round(
                float(
                    np.mean(
                        [
                            _graded(query, [*draw.permutation(row)[:NAMED]], grades)
                            for draw in map(np.random.default_rng, DRAWS)
                        ]
                    )
                ),
                4,
            )
            for query, row in zip(queries, lists, strict=True)
        ]
    }
    return found


def lists() -> dict[str, list[int]]:
    """How many of the eight listed are right, a number a search."""
    table, grades = searches(), relevance()
    return {
        "right of the eight": [
            sum(grades.get((query, one), 0) >= 2 for one in row)
            for query, row in zip(table["query_id"], retrieved(table["text"]), strict=True)
        ]
    }


def _cost(said: list[Answer]) -> dict[str, float]:
    return {
        "tokens read": round(float(np.mean([one.read for one in said])), 1),
        "tokens written": round(float(np.mean([one.written for one in said])), 1),
        "seconds": round(float(np.mean([one.seconds for one in said])), 3),
        "cut off": round(float(np.mean([not one.whole for one in said])), 4),
    }


def freshness() -> dict[str, Any]:
    """A tenth of the products is taken off the shelves; the list is yesterday's."""
    said = asked(False)["list and schema"]
    every = load("listings")["product_id"].to_numpy()
    stale, left = [], []
    for draw in DRAWS:
        gone = set(np.random.default_rng(draw).permutation(every)[: len(every) // 10])
        ids = [named(one.text) for one in said]
        stale.append(round(float(np.mean([one in gone for of in ids for one in of])), 4))
        kept = [[one for one in dict.fromkeys(of) if one not in gone] for of in ids]
        left.append(round(float(np.mean([len(of) for of in kept])), 4))
    return {"named though gone": stale, "left of three after a check, each once": left}


PARTS = {"ways": ways, "lists": lists, "freshness": freshness}

if __name__ == "__main__":
    if "--ask" in sys.argv:
        asked(True)
    else:
        STORED.measure(PARTS)
