"""Task 53.10: the loss of a two-tower model with in-batch negatives and the logQ correction."""

from __future__ import annotations

import numpy as np

from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer

right = LessonAnswer("53.10")
edit, first = right.edit, right.first


def _case(seed: int, n: int, d: int, ids: list[int], tau: float) -> Case:
    draw = np.random.default_rng(seed)
    table, q = draw.normal(size=(max(ids) + 1, d)).round(1), draw.uniform(0.01, 0.5, max(ids) + 1)
    at = np.array(ids)
    return draw.normal(size=(n, d)).round(1), table[at], at, q[at].round(2), tau


CASES: list[Case] = [
    (
        np.array([[3.0, 4.0], [0.0, 2.0]]),
        np.array([[1.0, 0.0], [0.0, 5.0]]),
        np.array([7, 8]),
        np.array([0.5, 0.25]),
        1.0,
    ),
    _case(1, 3, 2, [0, 1, 2], 1.0),
    _case(2, 4, 3, [0, 1, 2, 3], 0.2),
    _case(3, 5, 2, [2, 0, 2, 1, 2], 0.5),
    _case(4, 1, 2, [0], 0.1),
    _case(5, 3, 2, [1, 1, 1], 0.3),
    _case(6, 3, 4, [0, 1, 2], 0.001),
    # Two products with equal vectors are two products.
    (
        np.array([[1.0, 1.0], [2.0, 0.0]]),
        np.array([[1.0, 0.0], [1.0, 0.0]]),
        np.array([3, 4]),
        np.array([0.1, 0.4]),
        0.5,
    ),
    # A product that is drawn once in a thousand million draws.
    (
        np.array([[1.0, 1.0], [2.0, 0.0]]),
        np.array([[1.0, 0.0], [0.0, 1.0]]),
        np.array([1, 2]),
        np.array([1e-9, 0.2]),
        0.5,
    ),
    # Scores of -1,000, below what a filled-in -100 or -1,000 says, and an id twice.
    (
        np.array([[1.0, 0.0]] * 3),
        np.array([[-1.0, 0.0]] * 3),
        np.array([1, 1, 2]),
        np.array([0.1, 0.1, 0.2]),
        0.001,
    ),
]

LOG_Q, OFF_DIAGONAL = "np.log(q)", "~np.eye(len(ids), dtype=bool)"

SLIPS = {
    "nothing is corrected: log q is left out, or subtracted from rows, where it changes nothing": (
        edit({f" - {LOG_Q}": ""})
    ),
    "log q is added; what is drawn often must lose": edit({f"- {LOG_Q}": f"+ {LOG_Q}"}),
    "the positive is not corrected; in the paper it is, like the rest": edit(
        {LOG_Q: f"{LOG_Q} * {OFF_DIAGONAL}"}
    ),
    "q itself is subtracted, not its logarithm": edit({LOG_Q: "q"}),
    "log q is divided by the temperature too": edit({LOG_Q: f"{LOG_Q} / tau"}),
    **{
        f"{small:g} is added to q; it is above 0 already": edit({LOG_Q: f"np.log(q + {small})"})
        for small in (1e-8, 1e-9)
    },
    "the same product further down in the batch counts as a negative": edit(
        {"np.where(twice, -np.inf, logits)": "logits"}
    ),
    **{
        f"accidental hits have the score {fill}, and other scores may lie below it; take -np.inf": (
            edit({"-np.inf": str(fill)})
        )
        for fill in (-100, -1_000)
    },
    "equal vectors are taken for the same product; compare the ids": first(
        "ids = np.unique(item, axis=0, return_inverse=True)[1].ravel()"
    ),
    "the vectors are not brought to length 1": edit(
        {f" / np.linalg.norm({name}, axis=1, keepdims=True)": "" for name in ("user", "item")}
    ),
    "the softmax runs over customers; each customer chooses among products": edit(
        {"logits.max(axis=1": "logits.max(axis=0", ".sum(axis=1)": ".sum(axis=0)"}
    ),
    "the losses are added, not averaged": edit({".mean()": ".sum()"}),
    "the temperature multiplies; it divides": edit({"/ tau": "* tau"}),
}

TASK = checked(
    "53.10",
    "Return the mean in-batch softmax loss with logQ, without accidental hits.",
    right,
    CASES,
    SLIPS,
    hints=(
        "A table B × B: row i is a customer, column j a product. The right one stands on the "
        "diagonal.",
        "Correct columns: logits - np.log(q) broadcasts along rows, as it should. Then -np.inf "
        "where ids are equal off the diagonal.",
        "Subtract each row's maximum, then the loss of row i is log(sum of exp) - logits[i, i]: s "
        "-= s.max(1, keepdims=True); (np.log(np.exp(s).sum(1)) - np.diag(s)).mean().",
    ),
    insight="B² d: the other rows of the batch are the negatives, and no further row is read.",
    not_finite="Is a row's own product masked with the others of its id? Leave the diagonal. And "
    "exp of a thousand is infinite: subtract each row's maximum first.",
)
