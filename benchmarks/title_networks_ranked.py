"""Lesson 50's networks, stopped by the measure they are judged by: what costs, what helps.

    python benchmarks/title_networks_ranked.py

makes results/title_networks_ranked.json, some five CPU minutes. The titles, the judge and the
choice on a sixth shop are those of title_networks.py, whose networks keep the epoch with the
lowest loss; here they keep the one with the best PR-AUC on the validation titles.

- Pooling and convolution apart: the maximum and the mean, each with a convolution and without.
- The mean of tokens and pairs of tokens, which is the network of fastText.
- Segment and family of the GS1 bricks: a sigmoid a column, or a softmax a question; stopped by
  the share of right answers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import title_networks as first
from parts import Stored, code_of
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.labels.title_criteria import (
    Criterion,
    StoppedTrainer,
    choice_loss,
    known_pr_auc,
    pair_vectorizer,
)
from course_utils.labels.titles import TitleTrainer, known_loss, probabilities, title_network

MOST_PAIRS = 8_000
PATIENCE = 4
TRAINERS: dict[tuple[Any, ...], TitleTrainer] = {}
"""One traced graph for each network: shops and settings draw its weights anew."""


def trained(
    text: first.Text,
    ids: np.ndarray,
    y: np.ndarray,
    pooling: str,
    kernel: int,
    dropout: float,
    rate: float,
    criterion: Criterion | None,
    questions: tuple[int, ...] = (),
) -> np.ndarray:
    """Probabilities of all rows, by the epoch with the best criterion; without one: lowest loss."""
    n_tokens = -(-int(ids.max() + 1) // 500) * 500  # so that shops share a graph
    key = n_tokens, y.shape[1], pooling, kernel, dropout, criterion, questions
    if key not in TRAINERS:
        network = title_network(
            n_tokens, y.shape[1], pooling=pooling, kernel=kernel, width=64, dropout=dropout
        )
        loss = choice_loss(questions) if questions else known_loss
        stopped = TitleTrainer(network) if criterion is None else None
        TRAINERS[key] = stopped or StoppedTrainer(network, criterion, loss)
    one = TRAINERS[key]
    parts = [(ids[rows], y[rows]) for rows in (text.train, text.valid)]
    one.fit(*parts, seed=0, learning_rate=rate, patience=PATIENCE)
    return probabilities(one.network, ids)


def of_tokens(
    pooling: str, kernel: int, text: first.Text, dropout: float, rate: float
) -> np.ndarray:
    return trained(text, text.ids, text.y, pooling, kernel, dropout, rate, known_pr_auc)


def with_pairs(
    criterion: Criterion | None, text: first.Text, dropout: float, rate: float
) -> np.ndarray:
    """The mean of the tokens and of the pairs of a title."""
    vectorizer = pair_vectorizer([text.texts[row] for row in text.train], MOST_PAIRS)
    ids = np.asarray(vectorizer(list(text.texts)))[:, : 2 * first.LONGEST]
    return trained(text, ids, text.y, "mean", 0, dropout, rate, criterion)


SETTINGS = [
    {"dropout": dropout, "rate": rate} for dropout, rate in ((0.0, 0.005), (0.0, 0.01), (0.3, 0.01))
]
STRENGTHS = [{"C": C} for C in (1, 10, 100)]
WAYS: dict[str, first.Way] = {
    "CNN, max": (partial(of_tokens, "max", 3), SETTINGS),
    "CNN, mean": (partial(of_tokens, "mean", 3), SETTINGS),
    "max": (partial(of_tokens, "max", 0), SETTINGS),
    "mean": (partial(of_tokens, "mean", 0), SETTINGS),
    "mean with pairs": (partial(with_pairs, known_pr_auc), SETTINGS),
    "mean with pairs, by loss": (partial(with_pairs, None), SETTINGS),
}
NEGATED: dict[str, first.Way] = {
    "linear, words and pairs": (partial(first.logistic, "words and pairs"), STRENGTHS),
    **WAYS,
}


def questions_of(table: np.ndarray, sizes: Sequence[int]) -> list[np.ndarray]:
    """The columns of each question."""
    return np.split(table, np.cumsum(sizes)[:-1], axis=1)


def shares_right(y: np.ndarray, p: np.ndarray, sizes: Sequence[int]) -> list[float]:
    """Of each question that was asked: the share of rows whose highest score is the answer."""
    both = zip(questions_of(y, sizes), questions_of(p, sizes), strict=True)
    pairs = [(truth.argmax(axis=1), q.argmax(axis=1)) for truth, q in both if truth[0, 0] in (0, 1)]
    return [float((truth == q).mean()) for truth, q in pairs]


def multinomial(text: first.Text, answers: Iterable[np.ndarray], C: float) -> np.ndarray:
    """A softmax regression for each question."""
    x = text.columns["words"]
    found = []
    for one in answers:
        model = LogisticRegression(C=C, max_iter=1_000)
        found.append(model.fit(x[text.train], one[text.train].argmax(axis=1)).predict_proba(x))
    return np.hstack(found)


def of_bricks(
    text: first.Text, share: Criterion, questions: tuple[int, ...], y: np.ndarray
) -> np.ndarray:
    """Scores, by the one setting that was fixed beforehand for title_networks.py too."""
    return trained(text, text.ids, y, "mean", 0, 0.3, 0.01, share, questions)


def gs1() -> dict[str, Any]:
    """Segment and family: one network for both or one for each, a sigmoid or a softmax head."""
    table = first.bricks()
    segments, families = (sorted(table[one].unique()) for one in ("segment", "family"))
    of_family = table.drop_duplicates("family").set_index("family")["segment"]
    parent = np.array([segments.index(of_family[one]) for one in families])
    answers = [
        (table["segment"].to_numpy()[:, None] == np.array(segments)).astype(float),
        (table["family"].to_numpy()[:, None] == np.array(families)).astype(float),
    ]
    y, sizes = np.hstack(answers), (len(segments), len(families))
    of_segment = np.arange(y.shape[1]) < sizes[0]

    def share(truth: np.ndarray, z: np.ndarray) -> float:
        return float(np.mean(shares_right(truth, z, sizes)))

    result: dict[str, Any] = {}
    for k in range(first.FIFTHS):
        text = first.fifth((table["title"] + " " + table["definition"]).tolist(), y, table, k)
        ways = {"linear, softmax": multinomial(text, answers, C=30.0)}
        for head, questions in (("sigmoids", ()), ("softmax", sizes)):
            net = partial(of_bricks, text, share, questions)
            one, other = (net(np.where(of, y, np.nan)) for of in (of_segment, ~of_segment))
            ways[f"both, {head}"] = net(y)
            ways[f"each, {head}"] = np.where(of_segment, one, other)
        for name, p in ways.items():
            scores = first.pair_scores(text, p, sizes[0], parent)
            for metric, value in scores.items():
                result.setdefault(name, {}).setdefault(metric, []).append(value)
    return result


def small() -> dict[str, float]:
    """What a test can recompute in seconds."""
    text = first.titles(first.SIXTH)
    return {"mean": first.judged(text, WAYS["mean"][0](text, dropout=0.0, rate=0.01))["PR-AUC"]}


PARTS: Mapping[str, Callable[[], Any]] = {
    "small": small,
    "chosen": partial(first.chosen, WAYS, first.titles),
    "contest": lambda: first.on_shops(STORED.load()["chosen"], WAYS, first.titles),
    "chosen, negated": partial(first.chosen, NEGATED, first.negated),
    "negated": lambda: first.on_shops(STORED.load()["chosen, negated"], NEGATED, first.negated),
    "gs1": gs1,
}

STORED: Stored = Stored(
    paths.RESULTS / "title_networks_ranked.json",
    sorted({*first.STORED.code, *code_of(__file__, ["labels/title_criteria"], [])}),
    first.STORED.seeds,
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
