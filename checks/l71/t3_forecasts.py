"""Task 71.3: forecasts, scored by Brier."""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import checked, in_lines
from course_utils.exercises.comparing import Case
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_number_or_none, refuse_none
from course_utils.exercises.theirs import shorten

right = LessonAnswer("71.3")
edit, returning = right.edit, right.returning

CASES: list[Case] = [
    ({"a": 0.8, "b": 0.4, "c": 0.9}, {"a": True, "b": False, "c": None}, 0.5),
    ({"x": 0.2, "y": 0.7}, {"y": False, "x": False}, 0.3),
    ({"p": 0.6}, {}, 0.5),
    ({"p": 0.6, "q": 0.1}, {"p": None, "q": None, "r": True}, 0.2),
    ({"certain": 1.0, "never": 0.0}, {"certain": True, "never": False}, 0.1),
    ({"certain": 1.0, "never": 0.0}, {"certain": False, "never": True}, 0.9),
    ({"z": 0.55, "y": 0.35, "x": 0.9, "w": 0.1}, {"w": True, "x": True, "z": False}, 0.25),
    ({"n": 0.3, "m": 0.3}, {"n": 1, "m": 0}, 0.5),
    # Names that nobody forecast, decided and open, beside decided forecasts; a base of 0; one
    # missing before one that is None; the same forecast twice; small squares, to see rounding.
    (
        {"a": 0.0123, "c": 0.0345, "b": 0.0345, "m": 0.6, "n": 0.7},
        {"r": True, "n": None, "a": 0, "s": None, "b": False, "c": False, "t": 1},
        0.0,
    ),
    ({name: 0.3 for name in "hgfdecab"}, {"d": True, "r": False, "e": None}, 0.0),
    ({"b": 0.5, "a": 0.4, "d": 0.25, "c": 0.75}, {"c": True}, 0.75),
]

MINE, RIVAL = "(forecasts[name] - outcomes[name]) ** 2", "(base - outcomes[name]) ** 2"
DONE = "if outcomes.get(name) is not None"
STILL = "if name not in done"

SLIPS = {
    "False is taken for not decided; only None and a missing name are": edit(
        {DONE: "if outcomes.get(name)"}
    ),
    "what is not decided yet counts as not happened; leave it out of the mean": returning(
        "(*right(forecasts, dict.fromkeys(forecasts, False) | "
        "{name: y or False for name, y in outcomes.items()}, base)[:2], result[2])"
    ),
    "the sum is divided by all forecasts; divide by those that are decided": edit(
        {"len(done)": "len(forecasts)"}
    ),
    "the squares are added and not divided: a longer list would be a worse one": edit(
        {" / len(done)": ""}
    ),
    "the distance is not squared; then the best forecast is always 0 or 1, never an honest .7": (
        edit({MINE: "abs(forecasts[name] - outcomes[name])", RIVAL: "abs(base - outcomes[name])"})
    ),
    "a forecast above .5 counts as right or wrong; how sure it was is lost": edit(
        {
            MINE: "((forecasts[name] > 0.5) != outcomes[name])",
            RIVAL: "((base > 0.5) != outcomes[name])",
        }
    ),
    "the distance is taken from what did not happen: 1 is best in your score": edit(
        {"- outcomes[name]": "- (not outcomes[name])"}
    ),
    "the rival says .5, not the base rate": edit({"(base -": "(0.5 -"}),
    "score and rival are exchanged": edit({"return score, rival,": "return rival, score,"}),
    "only outcomes that are None are open; a forecast without any outcome is open, too": returning(
        "(*result[:2], [name for name in outcomes if outcomes[name] is None])"
    ),
    "the rival is scored on outcomes that nobody forecast, too; ignore them": edit(
        {
            "    rival =": "    done = [name for name in outcomes if outcomes[name] is not None]\n"
            "    rival ="
        }
    ),
    "names that nobody forecast are open, too; ignore them": returning(
        "(*result[:2], [name for name in forecasts | outcomes if outcomes.get(name) is None])"
    ),
    "the open names are sorted; keep the order of the forecasts": returning(
        "(*result[:2], sorted(result[2]))"
    ),
    "an outcome that is None is missing among the open names": edit(
        {STILL: "if name not in outcomes"}
    ),
    "the rival is base times 1 - base; score it on what happened": edit(
        {"    return score, rival,": "    return score, base * (1 - base),"}
    ),
    "nothing is decided and the score is 0, the best there is; say None": edit(
        {"return None, None,": "return 0.0, 0.0,"}
    ),
}


def _read(got: Any, case: Case) -> tuple[float | None, float | None, list[str]]:
    told = in_lines(right, "")(case)
    refuse_none(got, f"{told}the result", "a tuple of three")
    if not isinstance(got, (tuple, list)) or len(got) != 3:
        reject(f"{told}the result must be (score, rival, still_open), got {shorten(got)}.")
    still = got[2]
    if not isinstance(still, (list, tuple)) or not all(isinstance(one, str) for one in still):
        reject(f"{told}the last entry must be a list of names, got {shorten(still)}.")
    none = right(*case)[0] is None
    what = f"{told}{'nothing is decided: ' if none else ''}a score"
    score, rival = (as_number_or_none(one, what, none) for one in got[:2])
    return score, rival, list(still)


TASK = checked(
    "71.3",
    "Return the Brier score of decided forecasts, that of a base rate, and what is open.",
    right,
    CASES,
    SLIPS,
    hints=(
        "Take the forecasts in their order; outcomes.get(name) is None where nothing is decided.",
        "Over the decided ones: the mean of (p - y)², with y 1 for True and 0 for False; for the "
        "rival the same with base in p's place. Nothing decided: None twice.",
        "done = [n for n in forecasts if outcomes.get(n) is not None]; score = sum((forecasts[n] "
        "- outcomes[n]) ** 2 for n in done) / len(done).",
    ),
    insight="Score forecasts beside a base rate; what is open has no score yet.",
    read=_read,
)
