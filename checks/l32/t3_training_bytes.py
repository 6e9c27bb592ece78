"""Task 32.3: the memory of training, for what is trained and what is frozen."""

from __future__ import annotations

from course_utils.exercises.calls import call_of
from course_utils.exercises.checked import checked
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number

right = LessonAnswer("32.3")
edit, first, returning = right.edit, right.first, right.returning

CASES: list[Case] = [
    (1_000, [(10, 20)], 2, 50),
    (22_565_376, [(384, 384)] * 12, 8, 1_000_000),
    (1_000, [(10, 20)], 0, 50),
    (1_000, [], 4, 50),
    (500, [(30, 5), (5, 30), (7, 7)], 1, 0),
    (0, [(6, 4)], 3, 10),
    (90_000, [(64, 256), (256, 64)], 16, 20_000),
    (0, [(2, 3)], 10, 0),
    # A model of a billion weights: its bytes do not fit into 32 bits.
    (1_000_000_000, [(4_096, 4_096)], 8, 0),
]

KEPT, ADAPTER = "frozen + trained + 3 * trained + activations", "rank * (a + b)"

SLIPS = {
    "a frozen weight is given a gradient and two moments; it has none": edit(
        {"frozen +": "4 * frozen +"}
    ),
    "a frozen weight is left out; it is not trained, but it is kept": edit({"frozen + ": ""}),
    "one number of a trained weight is missing: itself, its gradient, two moments are four": edit(
        {"3 * trained": "2 * trained"}
    ),
    "a frozen weight is given two moments; they exist for what is trained": edit(
        {"frozen +": "3 * frozen +"}
    ),
    "the optimizer is left out: two moments a trained weight": edit({"3 * trained": "trained"}),
    "activations are left out; the backward computation needs them": edit({" + activations": ""}),
    "an adapter is counted as r times the whole matrix; it is r rows and r columns": edit(
        {ADAPTER: "rank * a * b"}
    ),
    "only one of the adapter's two matrices is counted": edit({ADAPTER: "rank * a"}),
    "one matrix has an adapter; all in the list have one": first("matrices = matrices[:1]"),
    "the whole matrices are trained; only their adapters are": edit({ADAPTER: "a * b"}),
    "the rank is cut to the matrix's sides; it is as given": edit(
        {ADAPTER: "min(rank, a, b) * (a + b)"}
    ),
    "the bytes are kept in 32 bits and run over": returning(
        "int(np.int64(result).astype(np.int32))"
    ),
    "these are numbers, not bytes: 4 bytes each": edit({f"4 * ({KEPT})": KEPT}),
}


def _shown(case: Case) -> str:
    if len(case[1]) > 4:
        return f"training_bytes({case[0]}, 12 matrices of 384 x 384, {case[2]}, {case[3]})"
    return call_of("training_bytes", case)


TASK = checked(
    "32.3",
    "Return the bytes that training with adapters needs.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Four things stand in memory: weights, gradients, moments, activations. Which of them "
        "does a frozen weight have?",
        "An adapter of a d x h matrix has r d + r h weights. A trained weight needs itself, a "
        "gradient and two moments.",
        "trained = sum(rank * (a + b) for a, b in matrices); "
        "return 4 * frozen + 16 * trained + 4 * activations.",
    ),
    insight="LoRA takes away gradients and moments of what is frozen. The weights stay, and most "
    "activations.",
    shown=_shown,
    read=lambda got, case: as_number(got, _shown(case)),
)
