"""Task 31.1: what is unfair in a table of models, and which rival is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.checked import in_one_line
from course_utils.exercises.comparing import Case, ask_quietly, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten

ERRATA = {"E16": "a large model stands without the plain rivals that may be better"}

right = LessonAnswer("31.1")
edit, returning = right.edit, right.returning

Run = dict[str, Any]


def run(
    name: str,
    trials: int | None,
    rows: int,
    seeds: Sequence[int] = (0, 1, 2),
    chosen: str = "validation",
) -> Run:
    return {"name": name, "trials": trials, "rows": rows, "seeds": list(seeds), "chosen": chosen}


PLAIN = ["base rate", "linear", "trees"]
_ALL = [run("large", 20, 900), run("base rate", None, 900), run("linear", 20, 900)]
_MANY = ["trees", "old", "linear", "wide", "base rate", "deep"]
CASES: list[Case] = [
    ([run("large", 20, 900), run("linear", 1, 900)], ["base rate", "linear"]),
    ([*_ALL, run("trees", 20, 900)], PLAIN),
    (_ALL, PLAIN),
    ([run("large", 8, 900, chosen="test"), *_ALL[1:]], ["linear"]),
    ([run("large", 8, 900), run("linear", 30, 900, chosen="test")], ["linear"]),
    ([run("large", 8, 900), run("linear", 8, 300), run("trees", 8, 9_000)], PLAIN),
    ([run("large", 8, 900, [2, 0, 1]), run("trees", 8, 900, [1, 2, 0])], ["trees"]),
    ([run("large", 8, 900), run("trees", 8, 900, [3, 4, 5]), run("old", 8, 900, [0])], []),
    ([run("large", 8, 900), run("old", 8, 900, [0, 1, 2, 3])], ["trees", "base rate"]),
    ([run("large", None, 900), run("linear", 1, 900)], ["linear"]),
    ([run("large", 8, 900)], PLAIN),
    ([run("large", 8, 900), run("base rate", None, 90)], ["base rate"]),
    # Each holds two rules against each other, or one at its edge.
    ([run("large", None, 900), run("linear", 1, 90)], []),
    ([run("large", 8, 900), run("base rate", None, 900, [7])], []),
    ([run("large", 8, 900), run("linear", 1, 90)], []),
    ([run("large", 8, 900)], ["large"]),
    ([run("large", 8, 900), run("linear probe", 8, 900)], ["linear"]),
    ([run("large", None, 900, chosen="test")], []),
    ([run("large", 8, 900, [0, 1, 5]), run("linear", 8, 900, [0, 4, 5])], []),
    ([run("large", 8, 900, [0, 1, 5]), run("linear", 8, 900, [1, 2, 3])], []),
    ([run("large", 8, 900), run("linear", 8, 899)], []),
    ([run("large", 8, 900), *(run(name, 1, 900) for name in _MANY)], []),
    ([run("large", 8, 900)], _MANY),
]

OWN, THERE = 'winner["chosen"] == "test"', "name not in names"
FEWER = 'run["trials"] is not None and run["trials"] < (winner["trials"] or 0)'
ROWS, SEEDS = 'run["rows"] < winner["rows"]', 'set(run["seeds"]) != set(winner["seeds"])'
UNFAIR = f"fewer or {ROWS} or other"

SLIPS = {
    "fewer trials are let pass": edit({"if fewer or ": "if "}),
    "fewer labelled rows are let pass": edit({f" or {ROWS}": ""}),
    "other seeds are let pass": edit({" or other": ""}),
    "only the number of seeds is compared: results are paired by the seeds themselves": edit(
        {"set(": "len("}
    ),
    "the order of the seeds matters; the same seeds in another order are the same": edit(
        {"set(": "list("}
    ),
    "a winner that was chosen on test rows is let pass": edit({OWN: "False"}),
    "a rival chosen on test rows is listed: that favours the rival, not the claim": edit(
        {UNFAIR: f'{UNFAIR} or run["chosen"] == "test"'}
    ),
    "a rival with more trials or rows than the winner is listed: that favours the rival": edit(
        {FEWER: FEWER.replace("<", "!="), ROWS: ROWS.replace("<", "!=")}
    ),
    "a rival without a dial is listed: None is no number of trials, it needs none": edit(
        {FEWER: '(run["trials"] or 0) < (winner["trials"] or 0)'}
    ),
    "the two lists are exchanged": returning("result[::-1]"),
    "what is there and was not asked for counts as missing": returning(
        '([run["name"] for run in runs if run["name"] not in needed], result[1])'
    ),
    "a winner without a dial excuses all: it excuses fewer trials, not rows or seeds": edit(
        {UNFAIR: f'winner["trials"] is not None and ({UNFAIR})'}
    ),
    "a rival without a dial is excused from rows and seeds: it needs no trials, no more": edit(
        {UNFAIR: f'run["trials"] is not None and ({UNFAIR})'}
    ),
    "a run is named once for each reason: a name stands once": edit(
        {
            f"if {UNFAIR}": "if True",
            'unfair.append(run["name"])': f'unfair += [run["name"]] * (fewer + ({ROWS}) + other)',
        }
    ),
    "the winner itself counts as missing: it is in the table": edit(
        {"for run in runs}": "for run in rivals}"}
    ),
    "a part of a name will do: names are equal or they differ": edit(
        {THERE: "not any(name in one for one in names)"}
    ),
    "a winner chosen on test rows is let pass where it has no dial": edit(
        {OWN: f'{OWN} and winner["trials"] is not None'}
    ),
    "only the sum of the seeds is compared": edit({"set(": "sum("}),
    "only the least and the greatest seed are compared, and their number": edit(
        {
            SEEDS: " != ".join(
                f'(min({of}["seeds"]), max({of}["seeds"]), len({of}["seeds"]))'
                for of in ("run", "winner")
            )
        }
    ),
    "nearly as many rows are let pass: fewer is fewer": edit(
        {ROWS: 'run["rows"] < 0.99 * winner["rows"]'}
    ),
    "the names are sorted: their order is that of the arguments": returning(
        "(sorted(result[0]), sorted(result[1]))"
    ),
}

shown = in_one_line(right)
SILENT = returning("([], result[1])")


def check_audit(answer: Any) -> None:
    quiet = ask_quietly(lambda *case: _read(answer(*case), case), CASES)
    if quiet == [SILENT(*case) for case in CASES]:
        reject(
            f"{shown(CASES[0])} must be {right(*CASES[0])}. No rival is ever missing for "
            "you: a large model then wins against those that somebody cared to show.",
            "E16",
        )
    compare(leaving(answer, right.arguments, shown), CASES, right, _read, shown, SLIPS)


def _read(got: Any, case: Case) -> tuple[list[str], list[str]]:
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        reject(f"{shown(case)} must be two lists, (missing, unfair), got {shorten(got)}.")
    missing, unfair = (as_list(one, f"{shown(case)}: a list of names") for one in got)
    return list(map(str, missing)), list(map(str, unfair))


TASK = Task(
    id="31.1",
    prompt="Return the rivals that are missing, and the runs that favour the winner.",
    check_answer=check_audit,
    hints=(
        "Two lists. Missing: go through `needed`. Unfair: go through `runs`, the winner first.",
        "The winner is unfair if it was chosen on test rows; a rival if it had fewer trials, fewer "
        "rows, or another set of seeds.",
        "few = run['trials'] is not None and run['trials'] < (winner['trials'] or 0); "
        "other = set(run['seeds']) != set(winner['seeds']).",
    ),
    insight="Most gains of a larger model that vanish were trials that the smaller one never had.",
    errata=ERRATA,
    slips=SLIPS,
    right=right,
    cases=CASES,
)
