"""Inverse propensity weights in a logistic regression: selection corrected without a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from course_utils.columns import Split
from course_utils.comparison.contender import Asked, PerTask, Trial
from course_utils.comparison.inputs import scenario_column
from course_utils.comparison.logistic import logistic_chances, main_effects

PROPENSITY_STRENGTH = 1.0
"""C of e(x): it has all rows, and is not tuned."""


class InversePropensity(PerTask):
    """Main effects; a row of the sample space counts 1 / max(e(x), clip) times.

    e(x), the chance that a row is in the task's sample space, say is clicked, is a logistic
    regression on the same main effects, over all training rows. Where nothing hidden decides
    on both, weighted rows stand for all rows. Clipping trades variance for bias.

    Paper: Schnabel et al., Recommendations as Treatments, ICML 2016,
    https://arxiv.org/abs/1602.05352
    """

    def __init__(
        self,
        clip: float,
        strengths: Sequence[float],
        prepare: Callable[[Split], Split],
        name: str,
    ) -> None:
        super().__init__(name, {"C": strengths})
        self.clip, self.prepare = clip, prepare

    def fit_task(
        self, split: Split, task: str, seed: int, trial: Trial, asked: Asked
    ) -> np.ndarray:
        rows = self.prepare(split)
        features, others = main_effects(rows.train, getattr(rows, asked))
        inside = split.train.mask(task)
        everyone = np.ones(len(inside), bool)
        propensity = logistic_chances(
            inside, everyone, (features, features[inside]), PROPENSITY_STRENGTH
        )
        weights = 1 / np.maximum(propensity, self.clip)
        labels = split.train.labels[task]
        return logistic_chances(labels, inside, (features, others), trial["C"], weights)


def inverse_propensity(
    clip: float = 0.02,
    strengths: Sequence[float] = (0.01, 0.03, 0.1, 0.3, 1.0),
    prepare: Callable[[Split], Split] = scenario_column,
    name: str = "logistic regression with inverse propensities",
) -> InversePropensity:
    """See ``InversePropensity``.

    The clip is given, not tuned: the loss on the sample space, by which trials are chosen, is
    least without any correction.
    """
    return InversePropensity(clip, strengths, prepare, name)
