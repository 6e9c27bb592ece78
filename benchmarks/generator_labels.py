"""The small language model labels reviews; students learn from its labels or from human ones.

For lesson 33.

    python benchmarks/generator_labels.py            # from the stored probabilities
    python benchmarks/generator_labels.py --ask      # asks for those that are missing

Half of the reviews have one or two stars, half four or five; those of the test are of products that
no labelled review is of. The model reads the first 60 words, students read all. The labelled ones
are cut into five parts that share no review: each is a draw.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from generator_intervals import auc, drawn, kappa, mean, rounded, share
from parts import Stored
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict, cross_val_score

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import MINILM, encode
from course_utils.generator import probabilities

DRAWS = range(5)
STRENGTHS = (0.1, 1.0, 10.0, 100.0)
STORED = Stored(
    file=paths.RESULTS / "generator_labels.json",
    seeds={"draws": DRAWS},
)
WORDS = ("positive", "negative")
LABELLED, TESTED, TRIED, READ = 300, 2_000, 40, 60
HUMAN = (10, 20, 30, 40, 60)

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

GOOD = (
    "love loved loves great perfect perfectly beautiful comfortable flattering compliments happy "
    "gorgeous favorite cute nice pretty amazing excellent lovely fits"
)
BAD = (
    "disappointed disappointing disappointment return returned returning back cheap poor poorly "
    "bad unfortunately awful terrible horrible unflattering weird huge ugly waste sad wrong"
)
"""Words of praise and of blame, written without a look at these reviews."""


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


def right_rows(scores: np.ndarray, truth: np.ndarray, threshold: float) -> np.ndarray:
    """Which verdicts, positive above the threshold, are right."""
    return np.asarray((scores > threshold) == truth)


def listed(text: str) -> float:
    """Words of praise less words of blame, of all words of the two lists; 0 where there is none."""
    words = re.findall(r"[a-z]+", text.lower())
    good, bad = (sum(word in of.split() for word in words) for of in (GOOD, BAD))
    return (good - bad) / max(good + bad, 1)


def prompts() -> dict[str, Any]:
    """Each prompt on the same reviews: at even odds, and at the threshold that halves them."""
    labelled, _ = reviews()
    part = labelled[:TRIED]
    truth, found = part["positive"].to_numpy(), {}
    for name in PROMPTS:
        both = asked(name, part["text"], False)
        found[name] = {
            **_judged(score(both), truth),
            "probability of the two words": round(float(both.sum(axis=1).mean()), 4),
        }
    return found


def _judged(s: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """AUC; accuracy and kappa at even odds (0) and at the median, each with its interval."""
    kept: dict[str, Any] = {"auc": _of_two(auc, truth, s)}
    right = {}
    for name, at in (("even odds", 0.0), ("the median", float(np.median(s)))):
        verdict = s > at
        right[name] = verdict == truth
        kept |= {
            f"accuracy at {name}": share(right[name]),
            f"called positive at {name}": share(verdict),
            f"kappa at {name}": _of_two(kappa, truth, verdict),
        }
    better = right["the median"].astype(float) - right["even odds"]
    kept["median over even odds"] = mean(better)
    return kept


def _of_two(of: Callable[..., float], truth: np.ndarray, said: np.ndarray) -> list[float]:
    """A measure of truth and what is said, reviews drawn anew."""
    return drawn(lambda rows: of(truth[rows], said[rows]), len(truth))


def _over(truth: np.ndarray, both: np.ndarray) -> float:
    """AUC of the first column over that of the second."""
    return auc(truth, both[:, 0]) - auc(truth, both[:, 1])


def teacher() -> dict[str, Any]:
    """The chosen prompt on all labelled reviews, beside a list of words and two regressions that
    learnt from people's labels of the other reviews (five folds); where it errs.
    """
    labelled, tested = reviews()
    truth, s = labelled["positive"].to_numpy(), score(asked(CHOSEN, labelled["text"], False))
    judges = {"SmolLM2": s, "list of words": np.array([*map(listed, labelled["text"])])}
    for name, (x, _) in features(labelled, tested).items():
        judges[f"{name}, taught by people"] = cross_val_predict(
            LogisticRegression(C=10.0, max_iter=500), x, truth, cv=5, method="decision_function"
        )
    right = {name: right_rows(one, truth, float(np.median(one))) for name, one in judges.items()}
    found: dict[str, Any] = {}
    for name, one in judges.items():
        found[name] = _judged(one, truth)
        better = right["SmolLM2"].astype(float) - right[name]
        found[name]["SmolLM2 righter, at the median"] = mean(better)
        found[name]["SmolLM2's AUC over it"] = _of_two(_over, truth, np.stack([s, one], axis=1))
    wrong = ~right["SmolLM2"]
    text = labelled["text"].str.lower()
    turns = text.str.contains(r"\b(?:but|however|although|though)\b").to_numpy()
    return {
        "judges": found,
        "auc of each twenty": rounded(
            [auc(truth[k], s[k]) for k in np.split(np.arange(len(s)), len(s) // 20)]
        ),
        "wrong by stars": {
            str(star): share(wrong[labelled["stars"] == star])
            for star in sorted(labelled["stars"].unique())
        },
        "wrong with but": share(wrong[turns]),
        "wrong without but": share(wrong[~turns]),
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
    """Accuracy and AUC on unseen products, a number a part: labels of the model, of people.

    A part's own median is its threshold. ``all``: from all parts together, with intervals over the
    tested reviews; the list of words learns nothing.
    """
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
            part = parts(truth)[draw]
            flip = rng.random(len(truth)) < np.where(truth == 1, wrong[1], wrong[0])
            kinds = {
                "model, even odds": s[part] > 0,
                "model, at the median": s[part] > np.median(s[part]),
                "people, as many wrong at random": np.where(flip, 1 - truth, truth)[part],
            }
            for kind, labels in kinds.items():
                one = _graded(x[part], np.asarray(labels).astype(int), test, goal)
                scores.setdefault(kind, []).append(one)
            for n in HUMAN:
                rows = _with_both(part, truth, n)
                one = _graded(x[rows], truth[rows], test, goal)
                scores.setdefault(f"people, {n}", []).append(one)
        found[name] = {
            kind: dict(zip(("accuracy", "auc"), rounded(np.transpose(values)), strict=True))
            for kind, values in scores.items()
        }
        found[name]["all"] = _from_all(x, {"model": median, "people": truth}, test, goal)
    words = np.array([*map(listed, tested["text"])])
    found["list of words"] = {
        "accuracy": share((words > np.median(words)) == goal),
        "auc": _of_two(auc, goal, words),
    }
    return found


def _from_all(
    x: Any, labels: dict[str, np.ndarray], test: Any, goal: np.ndarray
) -> dict[str, dict[str, list[float]]]:
    said = {
        kind: student(x, np.asarray(one).astype(int)).decision_function(test)
        for kind, one in labels.items()
    }
    kept: dict[str, dict[str, list[float]]] = {
        kind: {
            "accuracy": share((one > 0) == goal),
            "auc": _of_two(auc, goal, one),
        }
        for kind, one in said.items()
    }
    a, b = said["model"], said["people"]
    kept["model over people"] = {
        "accuracy": mean(((a > 0) == goal).astype(float) - ((b > 0) == goal)),
        "auc": _of_two(_over, goal, np.stack([a, b], axis=1)),
    }
    return kept


def parts(truth: np.ndarray) -> list[np.ndarray]:
    """Five parts of the labelled reviews, no review in two, each half positive."""
    sides = [np.flatnonzero(truth == side) for side in (0, 1)]
    return [np.concatenate([one[draw :: len(DRAWS)] for one in sides]) for draw in DRAWS]


def _with_both(part: np.ndarray, truth: np.ndarray, n: int) -> np.ndarray:
    """The first ``n`` rows of a part, half of each side."""
    return np.concatenate([part[truth[part] == side][: n // 2] for side in (0, 1)])


def against_teacher() -> dict[str, Any]:
    """On the labelled reviews: is a student of the model's labels righter than they are?

    Five folds: what is judged was not among the labels that the student learnt from.
    """
    labelled, tested = reviews()
    truth, s = labelled["positive"].to_numpy(), score(asked(CHOSEN, labelled["text"], False))
    labels = (s > np.median(s)).astype(int)
    found: dict[str, Any] = {"model": share(labels == truth)}
    for name, (x, _) in features(labelled, tested).items():
        right = np.zeros(len(truth), bool)
        for rows in parts(truth):
            rest = np.setdiff1d(np.arange(len(truth)), rows)
            right[rows] = student(x[rest], labels[rest]).predict(x[rows]) == truth[rows]
        better = right.astype(float) - (labels == truth)
        found[name] = {
            "accuracy": share(right),
            "over the model": mean(better),
        }
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
