"""Ten products for every customer: the course's way against the loop over all pairs.

The loop is the one in the FAQ of Surprise, which most recommenders on the web copy: predict
every pair that nobody rated, collect, sort, cut. Run with

    python benchmarks/top_n.py

It prints the table of docs/benchmarks.md. Each way runs in a process of its own, so that
its peak memory is its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from machine import described
from surprise import SVD, Dataset, Reader

from course_utils import recommend
from course_utils.datasets import load

RUNS = 5
N = 10


def loop_over_pairs(algo: SVD) -> dict[str, list[str]]:
    """The FAQ's way; without clipping, so that both rank by the same scores."""
    found = defaultdict(list)
    for user, product, _ in algo.trainset.build_anti_testset():
        found[user].append((product, algo.predict(user, product, clip=False).est))
    return {
        user: [product for product, _ in sorted(scored, key=lambda one: -one[1])[:N]]
        for user, scored in found.items()
    }


def all_at_once(algo: SVD) -> dict[str, list[str]]:
    """The course's way."""
    return recommend.top_n_for_all(algo, N)


WAYS = {"loop over pairs": loop_over_pairs, "top_n_for_all": all_at_once}


def measure(name: str) -> dict[str, object]:
    """Seconds and extra memory of one run, in this process."""
    table = load("ratings")[["user_id", "product_id", "rating"]]
    trainset = Dataset.load_from_df(table, Reader(rating_scale=(1, 5))).build_full_trainset()
    algo = SVD(n_factors=20, random_state=0).fit(trainset)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    lists = WAYS[name](algo)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": seconds, "megabytes": (peak - before) / 1024, "lists": lists}


def in_its_own_process(name: str) -> dict[str, object]:
    """One run, elsewhere."""
    done = subprocess.run(
        [sys.executable, __file__, name], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def main() -> None:
    # In turn, so that a slow minute of the machine hits both.
    results = {name: [] for name in WAYS}
    for _ in range(RUNS):
        for name in WAYS:
            results[name].append(in_its_own_process(name))
    loop, ours = results.values()
    same = all(one["lists"] == other["lists"] for one, other in zip(loop, ours, strict=True))
    ratios = [a["seconds"] / b["seconds"] for a, b in zip(loop, ours, strict=True)]
    print("| way | seconds, median (min to max) | memory on top, MB |")
    print("|---|---|---|")
    for name, runs in results.items():
        seconds = [run["seconds"] for run in runs]
        low, middle, high = min(seconds), np.median(seconds), max(seconds)
        memory = np.median([run["megabytes"] for run in runs])
        print(f"| `{name}` | {middle:.2f} ({low:.2f} to {high:.2f}) | {memory:,.0f} |")
    print(
        f"\nRatio of times, median of {RUNS} pairs: {np.median(ratios):.0f} "
        f"({min(ratios):.0f} to {max(ratios):.0f}). Same lists: {'yes' if same else 'NO'}."
    )
    print(f"\n{described('scikit-surprise', 'numpy')}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        main()
