"""What lesson 50's contest adds to ``titles``: another reason to stop, another loss, pairs.

A network of ``titles`` learns by the loss of independent labels, and keeps the epoch with the
lowest. Here it keeps the epoch that is best by the measure it is judged by, and may answer
questions with one answer each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from course_utils.backend import keras, tf
from course_utils.errors import CourseError
from course_utils.labels.titles import TitleTrainer, known_loss, spaced

ops = keras.ops

Criterion = Callable[[np.ndarray, np.ndarray], float]
"""From labels ``[n, labels]`` and log-odds of the same shape to a number: higher is better."""


def pair_vectorizer(titles: Iterable[str], at_most: int) -> Any:
    """``title_vectorizer`` with pairs: two neighbouring tokens are one token more.

    Args:
        titles: of the rows to train on, and of no others.
        at_most: so many numbers at most, padding and unknown among them; the most frequent
            tokens and pairs are kept.

    Returns:
        A ``TextVectorization``: the single tokens of a title, then its pairs.

    Raises:
        CourseError: if there is no title.
    """
    known = list(titles)
    if not known:
        raise CourseError("A vocabulary needs at least one title to learn from, got none.")
    layer = keras.layers.TextVectorization(
        at_most, standardize=spaced, split="whitespace", ngrams=2
    )
    layer.adapt(known)
    return layer


class StoppedTrainer(TitleTrainer):
    """A ``TitleTrainer`` that keeps the epoch with the best criterion; its loss may be another.

    ``fit`` returns, in the place of the validation losses, minus the criterion.

    Args:
        network: of ``title_network``.
        criterion: of the validation labels and their log-odds, such as ``known_pr_auc``.
        loss: of labels and log-odds, such as ``choice_loss``.
        batch: titles a step.
    """

    def __init__(
        self,
        network: Any,
        criterion: Criterion,
        loss: Callable[[Any, Any], Any] = known_loss,
        batch: int = 32,
    ) -> None:
        super().__init__(network, batch)
        adam = self._adam

        @tf.function(reduce_retracing=True)
        def epoch(x: Any, y: Any, order: Any) -> None:
            for start in tf.range(0, tf.size(order) - batch + 1, batch):
                rows = order[start : start + batch]
                with tf.GradientTape() as tape:
                    now = loss(tf.gather(y, rows), network(tf.gather(x, rows), training=True))
                variables = network.trainable_variables
                adam.apply(tape.gradient(now, variables), variables)

        def against(x: Any, y: Any) -> float:
            return -criterion(y.numpy(), self._scores(x).numpy())

        self._epoch, self._loss_on = epoch, against
        self._scores = tf.function(lambda x: network(x, training=False), reduce_retracing=True)


def known_pr_auc(labels: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Average precision of each label over the cells that somebody looked at, then their mean.

    Args:
        labels: 0 or 1, or nan where nobody looked, ``[n, labels]``; scores: the same shape.

    Returns:
        From 0 to 1: the mean over the labels with a 1; 0 if there is none.
    """
    y, p = np.asarray(labels, float), np.asarray(scores, float)
    p = np.where(np.isnan(y), -np.inf, p)  # unknown cells come last, and add nothing
    order = np.argsort(-p, axis=0)
    y, p = np.take_along_axis(np.nan_to_num(y), order, 0), np.take_along_axis(p, order, 0)
    hits = y.cumsum(axis=0)
    precision = hits / np.arange(1, len(y) + 1)[:, None]
    last = np.vstack([p[1:] != p[:-1], np.ones((1, p.shape[1]), bool)])
    for row in range(len(y) - 2, -1, -1):  # equal scores enter together, at the last of them
        precision[row] = np.where(last[row], precision[row], precision[row + 1])
    some = hits[-1] > 0
    return float(((y * precision).sum(axis=0)[some] / hits[-1, some]).mean()) if some.any() else 0.0


def choice_loss(sizes: Sequence[int]) -> Callable[[Any, Any], Any]:
    """A loss for questions with exactly one answer each: a softmax for each question.

    Args:
        sizes: how many answers each question has; its columns follow those of the one before.

    Returns:
        A function of labels ``[n, sum of sizes]``, a single 1 in the columns of each question
        (or nan in all of them: nobody was asked), and log-odds of the same shape. It gives the
        mean over the questions of their mean cross-entropy, in nats.
    """

    def loss(labels: Any, log_odds: Any) -> Any:
        each = []
        for y, z in zip(_questions(labels, sizes), _questions(log_odds, sizes), strict=True):
            known = ops.logical_not(ops.isnan(y))
            cells = ops.where(known, y, 0.0) * ops.log_softmax(z, axis=-1)
            asked = ops.cast(ops.any(known, axis=-1), z.dtype)
            each.append(-ops.sum(cells) / ops.maximum(ops.sum(asked), 1.0))
        return sum(each) / len(each)

    return loss


def _questions(table: Any, sizes: Sequence[int]) -> list[Any]:
    """The columns of each question."""
    ends = np.cumsum(sizes)
    return [table[:, end - size : end] for size, end in zip(sizes, ends, strict=True)]
