"""A small language model re-ranks the ten texts of a search (lesson 31).

    python benchmarks/search_language_model.py

measures what is missing or stale, each part kept in results/search_language_model.json as soon as
it is done: ten minutes of one core where no answer is stored yet. It needs the optional runner.

120 queries of ``search_rivals`` as written; of each the ten texts that RRF of BM25 and MiniLM puts
first. SmolLM2 (135 million parameters) is asked whether the text describes the query; a text's
score is the probability of yes, over that of yes and no together. Its words in the prompt were
written before any answer was seen; a second prompt, with one example of each kind, is the only
other trial.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored
from search_rivals import STORED as SEARCHED
from search_rivals import TOP, bricks, candidates

from course_utils import paths
from course_utils.generator import SMOLLM2, probabilities
from course_utils.generator.runner import opened

N, NAME, CUT = 120, "search_relevance", 220

PROMPTS: dict[str, str] = {
    "question": (
        "Product: {query}\nText: {text}\nDoes the text describe this product? Answer yes or no."
    ),
    "two examples": (
        "Does the text describe the product? Answer yes or no.\n"
        "Product: Rice Cookers\nText: a cooking unit designed to cook rice\nAnswer: yes\n"
        "Product: Rice Cookers\nText: footwear to be worn during sports\nAnswer: no\n"
        "Product: {query}\nText: {text}\nAnswer:"
    ),
}
BEFORE = "Includes any products that can be described/observed as "


@cache
def asked() -> np.ndarray:
    """Queries, drawn once."""
    return np.sort(np.random.default_rng(31).choice(len(bricks()), N, replace=False))


def prompts(name: str) -> list[str]:
    table, at = bricks(), candidates()
    return [
        PROMPTS[name].format(
            query=table["title"][query],
            text=table["definition"][text].removeprefix(BEFORE)[:CUT],
        )
        for query in asked()
        for text in at[query]
    ]


def answered(name: str) -> dict[str, Any]:
    said = probabilities(NAME, prompts(name), record=True)
    score = (said[:, 0] / said.sum(1)).reshape(N, TOP)
    at = candidates()[asked()]
    hit = at == asked()[:, None]
    order = np.argsort(-score, 1, kind="stable")
    place = np.argsort(order, 1)
    fused = 1 / (60 + 1 + np.arange(TOP)) + 1 / (60 + 1 + place)
    return {
        "ndcg": _of(hit, score),
        "ndcg fused": _of(hit, fused),
        "yes, right texts": round(float(score[hit].mean()), 4),
        "yes, other texts": round(float(score[~hit].mean()), 4),
        "auc": round(float(_auc(score[hit], score[~hit])), 4),
    }


def _auc(right: np.ndarray, other: np.ndarray) -> float:
    return float(((right[:, None] > other) + 0.5 * (right[:, None] == other)).mean())


def _of(hit: np.ndarray, score: np.ndarray) -> list[float]:
    order = np.argsort(-score, 1, kind="stable")
    found = (np.take_along_axis(hit, order, 1) / np.log2(np.arange(2, TOP + 2))).sum(1)
    return np.round(found, 3).tolist()


def facts() -> dict[str, Any]:
    at = candidates()[asked()]
    hit = at == asked()[:, None]
    return {
        "queries": asked().tolist(),
        "in the ten": round(float(hit.any(1).mean()), 4),
        "as retrieved": _of(hit, -np.broadcast_to(np.arange(TOP), hit.shape)),
        "at random": round(
            float((1 / np.log2(np.arange(2, TOP + 2))).mean() * hit.any(1).mean()), 4
        ),
    }


def seconds() -> dict[str, float]:
    """Of one core: a text's answer, the median of twenty, and ten texts."""
    runner = opened(SMOLLM2)
    found: dict[str, float] = {}
    for name in PROMPTS:
        spent = []
        for prompt in prompts(name)[:200:10]:
            before = time.process_time()
            runner.next_token([{"role": "user", "content": prompt}], ("yes", "no"))
            spent.append(time.process_time() - before)
        found[name] = round(TOP * float(np.median(spent)), 3)
    return found


PARTS: dict[str, Callable[[], Any]] = {
    "facts": facts,
    **{name: partial(answered, name) for name in PROMPTS},
    "seconds for ten texts": seconds,
}
STORED = Stored(
    paths.RESULTS / "search_language_model.json",
    (Path(__file__).resolve(), *SEARCHED.code),
    {},
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
