"""What one search costs: words, vectors and their making, two indexes, and re-ranking.

    python benchmarks/search_times.py

It prints the table of docs/benchmarks.md that lesson 11 quotes, for 10,000 products. Each way
answers the same queries one at a time, as a server does, and all at once. It counts the process's
CPU time, one thread, which other work on the machine disturbs little; the ways take turns all the
same.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import bm25s
import faiss
import numpy as np
from machine import described
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import normalize

from course_utils import search
from course_utils.datasets import load

CUT = search.words_and_bigrams
RUNS = 7
REACH = 0.9
"""Recall@10 that an index must reach; the cheapest setting that does is timed."""


def recall(products: np.ndarray, asked: np.ndarray, found: np.ndarray, tenth: np.ndarray) -> float:
    """Share of places filled with a product as near as the exact tenth."""
    cosine = np.einsum("qd,qkd->qk", asked, products[np.maximum(found, 0)])
    return float(((cosine >= tenth[:, None] - 1e-5) & (found >= 0)).mean())


def microseconds(ways: dict[str, Callable[[int, int], object]], n: int) -> dict[str, np.ndarray]:
    """Of each way, CPU microseconds a query: one at a time and all at once, [runs, 2]."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(RUNS):
        for name, ask in ways.items():
            started = time.process_time()
            for one in range(n):
                ask(one, one + 1)
            middle = time.process_time()
            ask(0, n)
            taken[name].append((middle - started, time.process_time() - middle))
    return {name: 1e6 * np.array(runs) / n for name, runs in taken.items()}


def main() -> None:
    faiss.omp_set_num_threads(1)
    shop = search.Catalogue.of(
        load("listings", size="full"), load("queries", size="full"), load("judgements", size="full")
    )
    products, asked = (
        np.ascontiguousarray(part, dtype=np.float32)
        for part in search.lsa_vectors(shop.texts, shop.queries, CUT, 256)
    )
    known = np.abs(asked).sum(axis=1) > 0
    asked, queries = asked[known], [q for q, ok in zip(shop.queries, known, strict=True) if ok]
    n, width = asked.shape
    exact = faiss.IndexFlatIP(width)
    exact.add(products)
    tenth = exact.search(asked, 10)[0][:, -1]
    cells = faiss.IndexIVFFlat(faiss.IndexFlatIP(width), width, 100, faiss.METRIC_INNER_PRODUCT)
    cells.train(products)
    cells.add(products)
    graph = faiss.IndexHNSWFlat(width, 16, faiss.METRIC_INNER_PRODUCT)
    graph.add(products)

    looked = {}
    for name, index, holder, setting, stats in [
        ("IVF", cells, cells, "nprobe", faiss.cvar.indexIVF_stats),
        ("HNSW", graph, graph.hnsw, "efSearch", faiss.cvar.hnsw_stats),
    ]:
        for value in range(1, 200):
            setattr(holder, setting, value)
            stats.reset()
            reached = recall(products, asked, index.search(asked, 10)[1], tenth)
            if reached >= REACH:
                break
        extra = 100 * n if name == "IVF" else 0  # the centres of the cells count too
        share = (stats.ndis + extra) / n / len(products)
        looked[name] = f"{value}, recall {reached:.2f}", f"{share:.1%}"

    weigh = TfidfVectorizer(analyzer=CUT, sublinear_tf=True, dtype=np.float32)
    svd = TruncatedSVD(width, n_iter=2, random_state=0).fit(weigh.fit_transform(shop.texts))
    model = bm25s.BM25(k1=1.5, b=0.0)
    model.index([CUT(text) for text in shop.texts], show_progress=False)
    words = [[one for one in CUT(query) if one in model.vocab_dict] for query in queries]
    rng = np.random.default_rng(0)
    rows = rng.random((20_000, 4))
    target = rows @ [3.0, 1.0, 2.0, -1.0] + rows[:, 0] * rows[:, 2]
    trees = HistGradientBoostingRegressor(max_iter=50, random_state=0).fit(rows, target)
    line = LinearRegression().fit(rows, target)
    hundred = rng.random((n, 100, 4))

    ways: dict[str, Callable[[int, int], object]] = {
        "BM25, `bm25s`": lambda a, b: [
            np.argpartition(-model.get_scores(words[at]), 10) for at in range(a, b)
        ],
        "make the query's vector": lambda a, b: normalize(
            svd.transform(weigh.transform(queries[a:b]))
        ),
        "cosine, exact": lambda a, b: exact.search(asked[a:b], 10),
        f"IVF, nprobe {looked['IVF'][0]}": lambda a, b: cells.search(asked[a:b], 10),
        f"HNSW, efSearch {looked['HNSW'][0]}": lambda a, b: graph.search(asked[a:b], 10),
        "re-ranking 100, linear": lambda a, b: line.predict(hundred[a:b].reshape(-1, 4)),
        "re-ranking 100, boosted trees": lambda a, b: trees.predict(hundred[a:b].reshape(-1, 4)),
    }
    times = microseconds(ways, n)
    shares = ["", "", "100 %", looked["IVF"][1], looked["HNSW"][1], "", ""]
    print("| way | vectors looked at | one query at a time, CPU µs | all at once, CPU µs a query |")
    print("|---|---|---|---|")
    for (name, runs), share in zip(times.items(), shares, strict=True):
        alone, together = (
            f"{np.median(one):,.0f} ({one.min():,.0f} to {one.max():,.0f})" for one in runs.T
        )
        print(f"| {name} | {share} | {alone} | {together} |")
    print(
        f"\n{n} queries, {len(products):,} products, {width} numbers each; medians of {RUNS} runs."
    )
    print(described("faiss-cpu", "bm25s", "scikit-learn", "numpy"))


if __name__ == "__main__":
    main()
