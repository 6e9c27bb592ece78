"""A small language model re-ranks the ten texts of a search, and what every way costs (lesson 31).

    python benchmarks/search_language_model.py          # from the stored answers
    python benchmarks/search_language_model.py --ask    # asks for those that are missing

measures what is missing or stale, each part kept in results/search_language_model.json as soon as
it is done; to ask and to measure the times needs the optional runner and five minutes of one
core. Twenty queries of ``search_rivals`` as written; of each the ten texts that RRF of BM25 and
MiniLM puts first, without the words that every text begins with. SmolLM2 (135 million parameters)
answers yes or no; a text's score is the log odds of yes.

control     the right text against one drawn from all others: is it the ten that are too alike?

One prompt, which was not chosen by what it scores.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import bm25s
import numpy as np
from parts import Stored
from search_rivals import (
    FIRST,
    FOLDS,
    KINDS,
    RETRIEVERS,
    TOP,
    bricks,
    candidates,
    features,
    queries,
    scored,
    standard,
    stems,
    texts,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.backend import tf
from course_utils.encoder import E5, MINILM, STATIC, encode
from course_utils.encoder import load as load_encoder
from course_utils.encoder.static import means
from course_utils.encoder.wordpiece import padded
from course_utils.generator import SMOLLM2, probabilities
from course_utils.generator.runner import opened
from course_utils.search import best, fuse

SEED, N, NAME = 31, 20, "search_relevance"
AFTER = "observed as "
"""Every text says "Includes any products that can be described/observed as" first."""

ROUNDS, ASKED = 3, 30


@cache
def asked() -> np.ndarray:
    """``[N]``: of twice as many that were drawn, every second."""
    return np.sort(np.random.default_rng(SEED).choice(len(bricks()), 2 * N, replace=False))[::2]


@cache
def lists() -> np.ndarray:
    """``[N, 10]``: their texts, as retrieved."""
    return candidates()[asked()]


def others() -> np.ndarray:
    """``[N]``: for each query one text that is not its own."""
    drawn = np.random.default_rng(SEED).integers(1, len(bricks()), N)
    return np.asarray((asked() + drawn) % len(bricks()))


def short(text: int) -> str:
    whole = str(bricks()["definition"][text])
    return whole.split(AFTER, 1)[-1]


def prompt(query: int, text: int) -> str:
    return (
        f"Query: {bricks()['title'][query]}\nProduct: {short(text)}\n"
        "Is this product an answer to this query? Answer yes or no."
    )


def log_odds(pairs: Sequence[tuple[int, int]], record: bool = False) -> np.ndarray:
    """Of yes against no, for pairs of query and text."""
    said = probabilities(NAME, [prompt(*pair) for pair in pairs], record=record)
    return np.asarray(np.log(said[:, 0] / said[:, 1]))


def scores(at: np.ndarray, record: bool = False) -> np.ndarray:
    """``[N, texts]`` for ``at[N, texts]``."""
    pairs = [(q, text) for q, row in zip(asked(), at, strict=True) for text in row]
    return log_odds(pairs, record).reshape(at.shape)


def _ndcg(order: np.ndarray, wanted: np.ndarray) -> list[float]:
    hit = order == wanted[:, None]
    return np.round((hit / np.log2(np.arange(2, TOP + 2))).sum(1), 3).tolist()


def ordered(score: np.ndarray) -> np.ndarray:
    """The ten by their scores; ties stay as retrieved."""
    return np.take_along_axis(lists(), np.argsort(-score, 1, kind="stable"), 1)


def facts() -> dict[str, Any]:
    hit = lists() == asked()[:, None]
    at_random = hit.any(1) * (1 / np.log2(np.arange(2, TOP + 2))).mean()
    return {
        "queries": asked().tolist(),
        "lists": lists().tolist(),
        "in the ten": round(float(hit.any(1).mean()), 4),
        "as retrieved": _ndcg(lists(), asked()),
        "at random": np.round(at_random, 3).tolist(),
        "example": prompt(asked()[0], lists()[0, 0]),
    }


def near() -> np.ndarray:
    """MiniLM's cosines of the ten."""
    return np.take_along_axis(scored("MiniLM", KINDS[0])[0][asked()], lists(), 1)


def reranked() -> dict[str, Any]:
    score = standard(scores(lists()))
    hit = lists() == asked()[:, None]
    found = {"ndcg": _ndcg(ordered(score), asked())}
    mixed, found["weights"] = _with_minilm(score)
    found["with MiniLM"] = _ndcg(ordered(mixed), asked())
    right = hit.any(1)
    own = score[hit][:, None]
    rest = score[right][~hit[right]].reshape(-1, TOP - 1)
    found["right over another of the ten"] = np.round((own > rest).mean(1), 3).tolist()
    return found


def _with_minilm(score: np.ndarray) -> tuple[np.ndarray, Any]:
    """w of the model and 1 - w of MiniLM, w by the other four fifths."""
    shares = np.linspace(0, 1, 11)
    made = [w * score + (1 - w) * standard(near()) for w in shares]
    tried = np.array([_ndcg(ordered(of), asked()) for of in made])
    mixed, chosen = np.zeros_like(score), []
    for rows in np.array_split(np.random.default_rng(0).permutation(N), FOLDS):
        rest = np.setdiff1d(np.arange(N), rows)
        best_of = int(np.argmax(tried[:, rest].mean(1)))
        mixed[rows] = made[best_of][rows]
        chosen.append(round(float(shares[best_of]), 1))
    return mixed, chosen


def alone() -> dict[str, list[float]]:
    """MiniLM's order of the same ten, which is what the model has to beat."""
    return {"ndcg": _ndcg(ordered(near()), asked())}


def control() -> dict[str, list[float]]:
    """1 where the right text has the higher score, 1/2 where both have the same."""
    pairs = np.c_[asked(), others()]
    found = {"SmolLM2": scores(pairs)}
    for way in FIRST:
        found[way] = np.take_along_axis(scored(way, KINDS[0])[0][asked()], pairs, 1)
    return {way: ((np.sign(of[:, 0] - of[:, 1]) + 1) / 2).tolist() for way, of in found.items()}


def ask() -> None:
    """What is not stored yet, with the runner."""
    scores(lists(), record=True)
    scores(np.c_[asked(), others()], record=True)


Search = Callable[[str], np.ndarray]


def _words() -> dict[str, Search]:
    model = bm25s.BM25(k1=1.5, b=0.75)
    model.index([stems(text) for text in texts()], show_progress=False)
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    table = grams.fit_transform(texts()).T.tocsr()

    def bm25(query: str) -> np.ndarray:
        known = [word for word in stems(query) if word in model.vocab_dict]
        return np.asarray(model.get_scores(known) if known else np.zeros(len(bricks())))

    return {
        "BM25": bm25,
        "character n-grams": lambda q: (grams.transform([q]) @ table).toarray()[0],
    }


def _of_encoder(encoder: Any, before: tuple[str, str]) -> Search:
    network, (_, tokens) = load_encoder(encoder), encoder.read(*encoder.files)
    graph = tf.function(lambda codes, mask: network(codes, mask))
    of_texts = encode([before[1] + text for text in texts()], encoder)

    def run(query: str) -> np.ndarray:
        codes = tokens(before[0] + query, 32)
        return np.asarray(graph(*padded([codes], 32)).numpy() @ of_texts.T)[0]

    run("warm")
    return run


def searches() -> dict[str, Search]:
    """Way -> scores of every text for one query; what is built once is built here."""
    one, of_static, read = _words(), encode(texts(), STATIC), STATIC.read(*STATIC.files)
    one["static vectors"] = lambda q: (means([q], *read) @ of_static.T)[0]
    one["MiniLM"] = _of_encoder(MINILM, ("", ""))
    one["E5"] = _of_encoder(E5, ("query: ", "passage: "))
    both = [one["BM25"], one["MiniLM"]]
    three = [one["character n-grams"], one["MiniLM"], one["E5"]]
    again, x = LogisticRegression(), features(RETRIEVERS)
    y = candidates() == np.arange(len(x))[:, None]
    again.fit(x.reshape(-1, x.shape[2]), y.ravel())

    def fused(query: str) -> np.ndarray:
        ranked = [best(of(query)[None] + 1e-9, 100) for of in both]
        return np.asarray(fuse(ranked, len(bricks()), 60)[0])

    return {
        **one,
        "RRF BM25 + MiniLM": fused,
        "sum character n-grams + MiniLM + E5": lambda q: sum(
            standard(of(q)[None])[0] for of in three
        ),
        "linear re-ranker, ten texts": lambda q: again.predict_proba(x[len(q)])[:, 1],
    }


def milliseconds() -> dict[str, list[float]]:
    """CPU time of one query, which other work on the machine disturbs little: the median of each
    round; the ways take turns, one thread."""
    ways = searches()
    spent: dict[str, list[float]] = {}
    runner = opened(SMOLLM2)
    for number in range(ROUNDS):
        today = queries(KINDS[0])[number :: len(bricks()) // ASKED]
        for name, run in ways.items():
            spent.setdefault(name, []).append(_median(run, today))
        read = partial(_read_ten, runner)
        spent.setdefault("SmolLM2, ten texts", []).append(_median(read, [number]))
    return {name: np.round(of, 3).tolist() for name, of in spent.items()}


def _read_ten(runner: Any, at: int) -> None:
    for text in lists()[at]:
        talk = [{"role": "user", "content": prompt(asked()[at], text)}]
        runner.next_token(talk, ("yes", "no"))


def _median(run: Callable[[Any], object], today: Sequence[Any]) -> float:
    spent = []
    for one in today:
        before = time.process_time()
        run(one)
        spent.append(1_000 * (time.process_time() - before))
    return float(np.median(spent))


def small(queries: Sequence[int]) -> dict[str, float]:
    """Of stored answers, for the test: it needs the texts, no model and no vector."""
    said = log_odds([(q, q) for q in queries])
    return {"log odds": round(float(said.mean()), 4)}


STORED = Stored(
    paths.RESULTS / "search_language_model.json",
    {"seeds": (SEED,), "folds": range(FOLDS)},
)
PARTS: dict[str, Callable[[], Any]] = {
    "facts": facts,
    "small": partial(small, STORED.earlier("facts", "queries")),
    "MiniLM": alone,
    "SmolLM2": reranked,
    "control": control,
    "milliseconds": milliseconds,
}


def main() -> None:
    if "--ask" in sys.argv:
        ask()
    else:
        STORED.measure(PARTS)


if __name__ == "__main__":
    main()
