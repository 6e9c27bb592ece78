"""Task 11.2: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l11.bm25 import (
    b_exchanged,
    base_two,
    k1_left_out,
    k1_on_one_part,
    linear,
    no_idf,
    no_length,
    old_idf,
    plain_idf,
    upside_down,
    with_factor,
)


def _in_steps(tf: Any, length: Any, mean: Any, n: Any, held: Any, k1: Any, b: Any) -> Any:
    rarity = np.log((n + 1) / (held + 0.5))
    if tf == 0:
        return 0
    return rarity / (1 + k1 / tf * (1 + b * (length / mean - 1)))


def _with_arrays(tf: Any, length: Any, mean: Any, n: Any, held: Any, k1: Any, b: Any) -> Any:
    counts = np.array([tf], dtype=float)
    return (
        np.log1p((n - held + 0.5) / (held + 0.5))
        * counts
        / (counts + k1 * ((1 - b) + b * length / mean))
    )


PROOF = Proof(
    task="11.2",
    right=[_in_steps, _with_arrays],
    wrong=[
        Wrong(old_idf, "the 1 + inside the logarithm", silent=True),
        Wrong(plain_idf, "the idf is ln(N / n)", silent=True),
        Wrong(no_idf, "the idf is left out", silent=True),
        Wrong(no_length, "the length of the text does not count", silent=True),
        Wrong(b_exchanged, "b and 1 - b are exchanged", silent=True),
        Wrong(upside_down, "length and mean_length are exchanged", silent=True),
        Wrong(with_factor, "a factor k1 + 1", silent=True),
        Wrong(linear, "does not level off", silent=True),
        Wrong(base_two, "base 2, not e", silent=True),
        Wrong(k1_left_out, "k1 is not used", silent=True),
        Wrong(k1_on_one_part, "k1 multiplies 1 - b only", silent=True),
    ],
)
