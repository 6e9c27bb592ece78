"""Task 21.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l21.generated import (
    attributes_as_columns,
    bias_twice,
    clipped,
    generated_alone,
    multiplied,
    no_own_bias,
    no_shared_bias,
    no_sigmoid,
    one_attribute,
    right_day,
    shared_alone,
    sum_of_c,
    transposed,
    whole,
)


def _crossed(x: Any, t: Any, w: Any, v: Any, b: Any, c: Any) -> np.ndarray:
    """The same as one long row: x, attributes, and every product of both."""
    long = [np.r_[row, t, np.outer(row, t).ravel()] for row in x]
    z = np.array(long) @ np.r_[w, c, v.ravel()] + b
    return np.tanh(z / 2) / 2 + 0.5


def _with_loops(x: Any, t: Any, w: Any, v: Any, b: Any, c: Any) -> list[float]:
    out = []
    for row in x:
        z = b + sum(c[k] * t[k] for k in range(len(t)))
        for j, value in enumerate(row):
            z += value * (w[j] + sum(v[j, k] * t[k] for k in range(len(t))))
        out.append(1.0 / (1.0 + float(np.exp(-z))))
    return out


def _of_two_powers(x: Any, t: Any, w: Any, v: Any, b: Any, c: Any) -> Any:
    """exp(z) / (1 + exp(z)): not a number where z is large."""
    power = np.exp(x @ (w + v @ t) + b + c @ t)
    return power / (1.0 + power)


def _typed_like_b(x: Any, t: Any, w: Any, v: Any, b: Any, c: Any) -> Any:
    return right_day(x, t, w, v, b, c).astype(np.asarray(b).dtype)


PROOF = Proof(
    task="21.6",
    right=[_crossed, _with_loops],
    wrong=[
        Wrong(shared_alone, "the attributes are not used", silent=True),
        Wrong(attributes_as_columns, "only move the bias", silent=True),
        Wrong(generated_alone, "shared weights w are left out", silent=True),
        Wrong(no_own_bias, "attributes' part of the bias", silent=True),
        Wrong(no_shared_bias, "shared bias b is left out", silent=True),
        Wrong(multiplied, "here they are added", silent=True),
        Wrong(one_attribute, "only the first attribute", silent=True),
        Wrong(bias_twice, "the bias is added to the weights", silent=True),
        Wrong(whole, "cut to whole numbers", silent=True),
        Wrong(sum_of_c, "c is summed", silent=True),
        Wrong(clipped(15.0), "is clipped: leave", silent=True),
        Wrong(clipped(20.0), "is clipped at 20", silent=True),
        Wrong(no_sigmoid, "the sigmoid is missing", silent=True),
        Wrong(lambda *of: right_day(*of).round(2), "Do not round", silent=True),
        Wrong(_typed_like_b, "b = 1\n", silent=True),
        Wrong(_of_two_powers, "inf / inf is nan: write"),
        Wrong(lambda *of: right_day(*of).round(), "not a decision.", silent=True),
        Wrong(lambda *of: right_day(*of) > 0.5, "holds truth values"),
        Wrong(transposed, "V is transposed"),
        Wrong(lambda *of: right_day(*of)[:, None], "must have shape (2,)"),
    ],
)
