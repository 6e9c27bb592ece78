"""The small language model labels reviews; students learn from its labels or from human ones.

    python benchmarks/generator_labels.py            # from the stored probabilities
    python benchmarks/generator_labels.py --ask      # asks for those that are missing

Half of the reviews have one or two stars, half four or five; those of the test are of products that
no labelled review is of. The model reads the first 60 words, students read all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from parts import Stored, code_of
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import MINILM, encode
from course_utils.generator import probabilities

STORED = Stored(
    file=paths.RESULTS / "generator_labels.json",
    code=code_of(__file__, ["generator/ask", "generator/runner", "generator/store"], []),
    seeds={"draws": range(10)},
)
WORDS = ("positive", "negative")
LABELLED, TESTED, TRIED, READ = 600, 2_000, 120, 60
HUMAN = (10, 20, 40, 80, 160, 320, 600)

Prompt = Callable[[str], Any]


def _user(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


PROMPTS: dict[str, Prompt] = {
    "question first": lambda text: _user(
        f"Is this review positive or negative? Answer with one word.\n\nReview: {text}"
    ),
    "question last": lambda text: _user(
        f"Review: {text}\n\nIs this review positive or negative? "
        "Answer with one word: positive or negative."
    ),
    "two examples": lambda text: [
        {
            "role": "system",
            "content": "You label clothing reviews as positive or negative.",
        },
        *_user("The seams came apart and it is far too small. I sent it back."),
        {"role": "assistant", "content": "negative"},
        *_user("Lovely colour, fits well, I wear it all the time."),
        {"role": "assistant", "content": "positive"},
        *_user(text),
    ],
}
CHOSEN = "question first"


def short(text: str) -> str:
    """What the model reads of a review."""
    return " ".join(text.split()[:READ])


def reviews() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Labelled and tested reviews: ``text``, ``stars``, ``positive``; balanced, shuffled."""
    d = load("clothing_reviews").dropna(subset=["text"])
    text = (d["title"].fillna("") + " " + d["text"]).str.strip()
    table = pd.DataFrame({"product": d["product_id"], "text": text, "stars": d["rating"]})
    table = table[table["stars"] != 3].reset_index(drop=True)
    table["positive"] = (table["stars"] > 3).astype(int)
    rng = np.random.default_rng(33)
    products = np.array(sorted(table["product"].unique()))
    unseen = set(rng.permutation(products)[: len(products) // 2])
    parts = []
    for inside, n in ((False, LABELLED), (True, TESTED)):
        rows = table[table["product"].isin(unseen) == inside]
        taken = [
            rng.permutation(np.flatnonzero(rows["positive"] == side))[: n // 2] for side in (0, 1)
        ]
        n_each = min(map(len, taken))
        mixed = rng.permutation(np.concatenate([one[:n_each] for one in taken]))
        parts.append(rows.iloc[mixed].reset_index(drop=True))
    return parts[0], parts[1]


def asked(name: str, texts: pd.Series, record: bool) -> np.ndarray:
    """``[n, 2]``: the probability that the answer begins with each of ``WORDS``."""
    prompts = [PROMPTS[name](short(text)) for text in texts]
    return probabilities("labels", prompts, WORDS, record=record)


def score(found: np.ndarray) -> np.ndarray:
    """The log odds of positive against negative."""
    return np.log(found[:, 0] / found[:, 1])


if __name__ == "__main__":
    labelled, tested = reviews()
    print(len(labelled), len(tested))
    if "--ask" in sys.argv:
        asked(CHOSEN, labelled["text"], True)
        for name in PROMPTS:
            asked(name, labelled["text"][:TRIED], True)
