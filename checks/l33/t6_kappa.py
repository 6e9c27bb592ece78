"""Task 33.6: Cohen's kappa of two judges."""

from __future__ import annotations

from collections import Counter

from course_utils.exercises.checked import checked, in_one_line
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number

right = LessonAnswer("33.6", Counter=Counter)
edit, returning = right.edit, right.returning

CASES: list[Case] = [
    (["yes", "yes", "no", "no"], ["yes", "no", "no", "no"]),
    # One always says yes: agreement of .9, and nothing beyond chance.
    (["yes"] * 9 + ["no"], ["yes"] * 10),
    (["yes"] * 3, ["yes"] * 3),
    (["yes", "no"], ["no", "yes"]),
    (["a", "b", "c", "a", "b", "c"], ["a", "b", "c", "b", "c", "c"]),
    # A word that only one of the two uses.
    (["3", "1", "1", "0"], ["1", "1", "1", "1"]),
    (["no"], ["yes"]),
    # Rates that differ: the chance is no product of equal ones, and no 1 / 2.
    (["yes"] * 6 + ["no"] * 2, ["yes"] * 2 + ["no"] * 6),
    (["好", "坏", "好", "好"], ["好", "坏", "坏", "好"]),
    ([1, 0, 1, 1, 0], [1, 0, 0, 1, 1]),
    # Equal words need not be one object; a capital makes another word.
    ([int("1000"), 0, int("2000")], [int("1000"), 0, 0]),
    (["Yes", "yes"], ["yes", "Yes"]),
]

RATES = "first.count(word) * second.count(word)"
CHANCE = f"sum({RATES} for word in set(first)) / len(first) ** 2"

SLIPS = {
    "agreement itself is returned: take away what two judges with these rates agree on by chance": (
        edit({CHANCE: "0.0"})
    ),
    "chance is 1 / 2, or one over the number of words: take each judge's own rates": edit(
        {CHANCE: "1 / len({*first, *second})"}
    ),
    "the rates of both judges are pooled (Scott's pi); Cohen's kappa multiplies each one's own": (
        edit(
            {CHANCE: "sum((n / 2 / len(first)) ** 2 for n in Counter([*first, *second]).values())"}
        )
    ),
    "only yes and no are counted; a verdict may be any word": edit({"set(first)": '("yes", "no")'}),
    "the rates of the first judge stand for both": edit({RATES: "first.count(word) ** 2"}),
    "the rates of the second judge stand for both": edit(
        {RATES: "second.count(word) ** 2", "set(first)": "set(second)"}
    ),
    "the difference is not divided by what is left above chance": edit(
        {"(agree - chance) / (1 - chance) if chance < 1 else 0.0": "agree - chance"}
    ),
    "below chance it is cut at 0": returning("max(0.0, result)"),
    "two judges with one and the same word get 1; nothing shows agreement beyond chance: 0": edit(
        {"else 0.0": "else 1.0"}
    ),
}

shown = in_one_line(right)

TASK = checked(
    "33.6",
    "Return Cohen's kappa of two lists of verdicts.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Two numbers: how often they agree, and how often two judges with these rates would.",
        "chance = sum over words of (rate of the word in first) * (rate of it in second).",
        "agree = np.mean([a == b for a, b in zip(first, second)]); chance = sum(first.count(w) * "
        "second.count(w) for w in set(first)) / len(first) ** 2; then (agree - chance) / (1 - "
        "chance), 0.0 where chance is 1.",
    ),
    insight="A judge that always says yes agrees with nine good answers of ten, with kappa 0.",
    shown=shown,
    read=lambda got, case: as_number(got, shown(case)),
)
