"""The inputs of task 13.4: texts and the share of the test side."""

from __future__ import annotations

from course_utils.exercises.comparing import Case

MANY = [f"text {k % 17}" for k in range(60)] + ["Text 3", "text  5 ", "TEXT\t8", "new", "New\n"]

ALIKE = [("red mug", "redmug"), ("good!", "good"), ("straße", "strasse"), ("café", "cafe")]
ALIKE += [("good.", "good"), ("good 😀", "good"), ("good good", "good"), ("cafe\u0301", "café")]
ALIKE += [("很好！", "很好!"), ("a\u200bb", "ab"), ("not bad good", "not good bad")]
ALIKE += [("x" * 60 + "a", "x" * 60 + "b")]
"""Two texts each that are no copies."""

CASES: list[Case] = [
    (["x", "y", "x", "z", "y", "w"], 0.25),
    (["Fine", "bad", "fine", "so so"], 0.34),
    (["Good", "bad", "good "], 0.5),
    (["a b", "A  b", "c", "d", "a\tB", "e"], 0.25),
    (["很好", "不错", " 很好", "差", "不错", "很好"], 1 / 3),
    (["很\u3000好", "很 好", "差", "不错"], 1 / 3),
    (["", "a", "  ", "b"], 1 / 3),
    (["a\u00a0b", "a b", "a\u2009b", "c"], 0.5),
    *((list(both), 0.5) for both in ALIKE),
    (["ДА", "да", "a"], 0.5),
    (["1", "2", "3", "4", "5"], 0.5),
    (["a", "b"], 0.1),
    (["a", "b", "B"], 0.9),
    ([f"t{k}" for k in range(10)], 0.2),
    ([f"t{k}" for k in range(20)], 0.15),
    (MANY, 0.3),
    (MANY[::-1], 0.7),
]
