"""The small language model labels reviews; students learn from its labels or from human ones.

    python benchmarks/generator_labels.py            # from the stored probabilities
    python benchmarks/generator_labels.py --ask      # asks for those that are missing

Half of the reviews have one or two stars, half four or five; those of the test are of products that
no labelled review is of. The model reads the first 60 words, students read all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from parts import Stored, code_of
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_score

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import MINILM, encode
from course_utils.generator import probabilities

DRAWS = range(10)
STRENGTHS = (0.1, 1.0, 10.0, 100.0)
STORED = Stored(
    file=paths.RESULTS / "generator_labels.json",
    code=code_of(__file__, ["generator/ask", "generator/runner", "generator/store"], []),
    seeds={"draws": DRAWS},
)
WORDS = ("positive", "negative")
LABELLED, TESTED, TRIED, READ = 100, 2_000, 24, 60
HUMAN = (10, 20, 30, 40, 60, 100)

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


def right_rows(scores: np.ndarray, truth: np.ndarray, threshold: float) -> float:
    """The share of verdicts, positive above the threshold, that are right."""
    return float(np.mean((scores > threshold) == truth))


def _rounded(values: Any) -> Any:
    return np.round(np.asarray(values, float), 4).tolist()


def prompts() -> dict[str, Any]:
    """Each prompt on the same reviews: at even odds, and at the threshold that halves them."""
    labelled, _ = reviews()
    part = labelled[:TRIED]
    truth, found = part["positive"].to_numpy(), {}
    for name in PROMPTS:
        both = asked(name, part["text"], False)
        s = score(both)
        found[name] = {
            "auc": float(roc_auc_score(truth, s)),
            "accuracy at even odds": right_rows(s, truth, 0.0),
            "called positive at even odds": float(np.mean(s > 0)),
            "accuracy at the median": right_rows(s, truth, float(np.median(s))),
            "probability of the two words": float(both.sum(axis=1).mean()),
        }
    return {name: {k: round(v, 4) for k, v in one.items()} for name, one in found.items()}


def teacher() -> dict[str, Any]:
    """The chosen prompt on all labelled reviews, whole and in five parts; where it errs."""
    labelled, _ = reviews()
    truth, s = labelled["positive"].to_numpy(), score(asked(CHOSEN, labelled["text"], False))
    median = float(np.median(s))
    parts = np.array_split(np.arange(len(s)), 5)
    wrong = (s > median) != truth
    text = labelled["text"].str.lower()
    turns = text.str.contains(r"\b(?:but|however|although|though)\b").to_numpy()
    return {
        "auc": _rounded([roc_auc_score(truth[rows], s[rows]) for rows in parts]),
        "at even odds": _rounded([right_rows(s[rows], truth[rows], 0.0) for rows in parts]),
        "at the median": _rounded([right_rows(s[rows], truth[rows], median) for rows in parts]),
        "called positive at even odds": round(float(np.mean(s > 0)), 4),
        "wrong by stars": {
            str(star): _rounded(wrong[labelled["stars"] == star].mean())
            for star in sorted(labelled["stars"].unique())
        },
        "wrong with but": _rounded(wrong[turns].mean()),
        "wrong without but": _rounded(wrong[~turns].mean()),
        "reviews with but": int(turns.sum()),
    }


def features(labelled: pd.DataFrame, tested: pd.DataFrame) -> dict[str, tuple[Any, Any]]:
    """What a student reads: TF-IDF, its words from all labelled texts, or MiniLM's vectors."""
    words = TfidfVectorizer(sublinear_tf=True, min_df=2).fit(labelled["text"])
    return {
        "TF-IDF": (words.transform(labelled["text"]), words.transform(tested["text"])),
        "MiniLM": (encode([*labelled["text"]], MINILM), encode([*tested["text"]], MINILM)),
    }


def student(x: Any, labels: np.ndarray) -> LogisticRegression:
    """Logistic regression, its strength chosen by three folds of its own labels."""
    found = [
        cross_val_score(LogisticRegression(C=c, max_iter=500), x, labels, cv=3).mean()
        for c in STRENGTHS
    ]
    best = STRENGTHS[int(np.argmax(found))]
    return LogisticRegression(C=best, max_iter=500).fit(x, labels)


def _graded(x: Any, labels: np.ndarray, test: Any, truth: np.ndarray) -> tuple[float, float]:
    model = student(x, labels)
    return (
        float(np.mean(model.predict(test) == truth)),
        float(roc_auc_score(truth, model.decision_function(test))),
    )


def students() -> dict[str, Any]:
    """Accuracy and AUC on unseen products, a number a draw: labels of the model, of people."""
    labelled, tested = reviews()
    truth, goal = labelled["positive"].to_numpy(), tested["positive"].to_numpy()
    s = score(asked(CHOSEN, labelled["text"], False))
    median = s > np.median(s)
    wrong = [float(np.mean(median[truth == side] != side)) for side in (0, 1)]
    found: dict[str, Any] = {}
    for name, (x, test) in features(labelled, tested).items():
        scores: dict[str, list[tuple[float, float]]] = {}
        for draw in DRAWS:
            rng = np.random.default_rng(draw)
            order = rng.permutation(len(truth))
            part = order[: len(truth) * 4 // 5]
            flip = rng.random(len(truth)) < np.where(truth == 1, wrong[1], wrong[0])
            kinds = {
                "model, even odds": s > 0,
                "model, at the median": median,
                "people, as many wrong at random": np.where(flip, 1 - truth, truth),
            }
            for kind, labels in kinds.items():
                one = _graded(x[part], labels[part].astype(int), test, goal)
                scores.setdefault(kind, []).append(one)
            for n in HUMAN:
                rows = _with_both(order, truth, n)
                one = _graded(x[rows], truth[rows], test, goal)
                scores.setdefault(f"people, {n}", []).append(one)
        found[name] = {
            kind: {"accuracy": _rounded(one)[0], "auc": _rounded(one)[1]}
            for kind, values in scores.items()
            if (one := np.transpose(values)) is not None
        }
    return found


def _with_both(order: np.ndarray, truth: np.ndarray, n: int) -> np.ndarray:
    """The first ``n`` rows in an order, half of each side."""
    sides = [order[truth[order] == side][: n // 2] for side in (0, 1)]
    return np.concatenate(sides)


def against_teacher() -> dict[str, Any]:
    """On the labelled reviews: is a student of the model's labels righter than they are?

    Five folds: what is judged was not among the labels that the student learnt from.
    """
    labelled, tested = reviews()
    truth, s = labelled["positive"].to_numpy(), score(asked(CHOSEN, labelled["text"], False))
    labels = (s > np.median(s)).astype(int)
    folds = np.array_split(np.random.default_rng(0).permutation(len(truth)), 5)
    found = {"model": _rounded([np.mean(labels[rows] == truth[rows]) for rows in folds])}
    for name, (x, _) in features(labelled, tested).items():
        right = []
        for rows in folds:
            rest = np.setdiff1d(np.arange(len(truth)), rows)
            right.append(np.mean(student(x[rest], labels[rest]).predict(x[rows]) == truth[rows]))
        found[name] = _rounded(right)
    return found


PARTS: dict[str, Callable[[], Any]] = {
    "prompts": prompts,
    "teacher": teacher,
    "students": students,
    "against the teacher": against_teacher,
}

if __name__ == "__main__":
    if "--ask" in sys.argv:
        labelled, _ = reviews()
        asked(CHOSEN, labelled["text"], True)
        for name in PROMPTS:
            asked(name, labelled["text"][:TRIED], True)
    else:
        STORED.measure(PARTS)
