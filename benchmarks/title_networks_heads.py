"""One of many: a sigmoid a column, or a softmax a question, for segment and family of GS1 bricks.

For lesson 50.

    python benchmarks/title_networks_heads.py

makes results/title_networks_heads.json, some one and a half CPU minutes. The bricks, the fifths and
the setting are those of title_networks.py; here the share of right answers stops a network.
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
import title_networks_ranked as ranked
from parts import Stored
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.labels.title_criteria import Criterion


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
    return ranked.trained(text, text.ids, y, "mean", 0, 0.3, 0.01, share, questions)


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


PARTS: Mapping[str, Callable[[], Any]] = {"gs1": gs1}

STORED: Stored = Stored(
    paths.RESULTS / "title_networks_heads.json",
    first.STORED.seeds,
)


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
