"""Task 33.5: does the extension ship?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_lines
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import Function, LessonAnswer
from course_utils.exercises.reading import among, refuse_none
from course_utils.exercises.theirs import shorten

right = LessonAnswer("33.5")
edit, returning = right.edit, right.returning

WORDS = ("launch", "stop", "wait")

CASES: list[Case] = [
    ((0.01, 0.05), {"click, home": (-0.001, 0.002), "click, mail": (-0.004, 0.001)}, 0.005),
    ((0.01, 0.05), {"click, home": (0.001, 0.02), "click, mail": (-0.009, 0.001)}, 0.005),
    ((0.01, 0.05), {"click, home": (0.01, 0.02), "click, mail": (-0.020, -0.006)}, 0.005),
    ((-0.01, 0.05), {"click, home": (-0.001, 0.002)}, 0.005),
    ((-0.05, -0.01), {"click, home": (-0.001, 0.002), "save, home": (0.0, 0.001)}, 0.005),
    # The bounds themselves.
    ((0.0, 0.05), {"a": (-0.001, 0.002)}, 0.005),
    ((-0.05, 0.0), {"a": (-0.001, 0.002)}, 0.005),
    ((0.01, 0.05), {"a": (-0.005, 0.002)}, 0.005),
    ((0.01, 0.05), {"a": (-0.010, -0.005)}, 0.005),
    # A frozen trunk: nothing has changed, and nothing may.
    ((0.01, 0.05), {"a": (0.0, 0.0), "b": (0.0, 0.0)}, 0.0),
    ((0.01, 0.05), {"b": (0.0, 0.0), "a": (0.0, 0.0)}, 0.0),
    ((0.01, 0.05), {"a": (0.0, 0.0), "b": (-0.001, 0.0)}, 0.0),
    # Shown to lose, but less than the margin.
    ((0.01, 0.05), {"a": (-0.004, -0.002), "b": (-0.001, 0.003)}, 0.005),
    # One is surely hurt, another only has the longer interval.
    ((0.01, 0.05), {"a": (-0.030, 0.030), "b": (-0.012, -0.008)}, 0.005),
    ((-0.01, 0.05), {"a": (-0.030, 0.030), "b": (-0.012, -0.008)}, 0.005),
    # Equal low ends: the first, whatever the high ends; and a gain is held against 0.
    ((0.0004, 0.05), {"a": (0.0, 0.010), "b": (0.0, 0.005)}, 0.005),
    # Rounded to three decimals it would pass.
    ((0.01, 0.05), {"a": (-0.0052, 0.001)}, 0.005),
    # Many equal ones: a set has no first.
    ((0.01, 0.05), {f"o{(k * 7 + 3) % 40}": (0.0, 0.01) for k in range(40)}, 0.005),
]

HARM, NONE = (
    "any(high < -margin for _, high in old.values())",
    "all(low >= -margin for low, _ in old.values())",
)
STOPS, PASSES, WORST = "new[1] <= 0", "new[0] > 0", "old[name][0]"


def _word(expression: str) -> Function:
    """Another word, and the right name."""
    return returning(f"({expression}, result[1])")


SLIPS = {
    "the middles of the intervals decide; their ends must": _word(
        "'launch' if sum(new) > 0 and min(map(sum, old.values())) / 2 >= -margin else 'stop'"
    ),
    "the mean of the old ones decides; each has an owner, so each must pass": _word(
        "right(new, {'mean': tuple(sum(span[k] for span in old.values()) / len(old) "
        "for k in (0, 1))}, margin)[0]"
    ),
    "an old one passes where no loss is shown: a long interval that holds a loss beyond the margin "
    "is no proof, so wait": edit({f" and {NONE}": ""}),
    "the margin is not used: a loss within it passes": edit({"-margin": "0.0"}),
    "what is open is stopped: more rows may decide it, so wait": edit({'"wait"': '"stop"'}),
    "only the new one is looked at": edit({f" or {HARM}": "", f" and {NONE}": ""}),
    "only the old ones are looked at: what is added must pay, too": edit(
        {f"{STOPS} or ": "", f"{PASSES} and ": ""}
    ),
    "you wait for the new one although an old one is surely hurt: stop": _word(
        "'wait' if new[0] <= 0 < new[1] else result[0]"
    ),
    "only the old one that is named may stop it; any that is shown to lose too much does": edit(
        {HARM: "old[worst][1] < -margin"}
    ),
    "a gain whose high end is exactly 0 waits; the text stops it": edit({STOPS: "new[1] < 0"}),
    "a gain whose low end is exactly 0 passes; it must be above 0": edit({PASSES: "new[0] >= 0"}),
    "a low end at exactly minus the margin does not pass; the text lets it": edit(
        {"low >= -margin": "low > -margin"}
    ),
    "the one with the lowest high end is named; the text asks for the lowest low end": edit(
        {WORST: "old[name][1]"}
    ),
    "equal low ends are told apart by their high ends; the text asks for the first": edit(
        {WORST: "tuple(old[name])"}
    ),
    "the gain is held against the margin; it must be above 0": edit({PASSES: "new[0] > margin"}),
    "the ends are rounded; compare them as they are": _word(
        "right(tuple(round(end, 3) for end in new), "
        "{name: tuple(round(end, 3) for end in old[name]) for name in old}, margin)[0]"
    ),
}


def _read(got: Any, case: Case) -> tuple[str, str]:
    told = in_lines(right, "")(case)
    refuse_none(got, f"{told}the result", "a tuple of two")
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        reject(f"{told}the result must be (word, key), got {shorten(got)}.")
    word, key = got
    if not among(word, WORDS):
        reject(f"{told}the word must be one of {', '.join(WORDS)}, got {shorten(word)}.")
    if not among(key, case[1]):
        reject(f"{told}the key must be one of {list(case[1])}, got {shorten(key)}.")
    return str(word), str(key)


TASK = checked(
    "33.5",
    "Return launch, stop or wait, and the old one with the lowest low end.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Stop where harm is shown, launch where its absence is shown; all else is open.",
        "Stop: new's high end <= 0, or a high end below -margin. Launch: new's low end > 0 and "
        "each low end >= -margin.",
        "worst = min(old, key=lambda one: old[one][0]); ask for stop first, then for launch, then "
        "it is wait.",
    ),
    insight="That no loss is shown does not show that there is none. Ask where the interval ends.",
    read=_read,
    leaves=False,
)
