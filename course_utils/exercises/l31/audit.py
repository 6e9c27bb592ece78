"""Task 31.1: what is unfair in a table of models, and which rival is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import Case, ask_quietly, compare, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.l31.audit_slips import CASES as MORE_CASES
from course_utils.exercises.l31.audit_slips import MISTAKES as MORE
from course_utils.exercises.l31.audit_slips import Run, run
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten

ERRATA = {"E16": "a large model stands without the plain rivals that may be better"}


PLAIN = ["base rate", "linear", "trees"]
_ALL = [run("large", 20, 900), run("base rate", None, 900), run("linear", 20, 900)]

_CASES: list[Case] = [
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
    *MORE_CASES,
]


def right_audit(runs: Sequence[Run], needed: Collection[str]) -> tuple[list[str], list[str]]:
    return _missing(runs, needed), _unfair(runs)


def _missing(runs: Sequence[Run], needed: Collection[str]) -> list[str]:
    there = {one["name"] for one in runs}
    return [name for name in needed if name not in there]


def _unfair(
    runs: Sequence[Run],
    trials: bool = True,
    rows: bool = True,
    seeds: Callable[[Any], Any] | None = set,
    test: str = "winner",
    other: bool = False,
    none: int | None = None,
) -> list[str]:
    """The right list, or one with a rule left out or exchanged."""
    winner, found = runs[0], []
    if winner["chosen"] == "test" and test in ("winner", "all"):
        found.append(winner["name"])
    wanted = winner["trials"] or 0
    for one in runs[1:]:
        mine = wanted if one["trials"] is None and none is None else one["trials"] or none or 0
        bad = trials and (mine != wanted if other else mine < wanted)
        bad |= rows and (one["rows"] != winner["rows"] if other else one["rows"] < winner["rows"])
        bad |= seeds is not None and seeds(one["seeds"]) != seeds(winner["seeds"])
        bad |= test == "all" and one["chosen"] == "test"
        if bad:
            found.append(one["name"])
    return found


def _with(**rule: Any) -> Callable[..., Any]:
    return lambda runs, needed: (_missing(runs, needed), _unfair(runs, **rule))


MISTAKES: dict[str, Callable[..., Any]] = {
    "fewer trials are let pass": _with(trials=False),
    "fewer labelled rows are let pass": _with(rows=False),
    "other seeds are let pass": _with(seeds=None),
    "only the number of seeds is compared: results are paired by the seeds themselves": (
        _with(seeds=len)
    ),
    "the order of the seeds matters; the same seeds in another order are the same": (
        _with(seeds=tuple)
    ),
    "a winner that was chosen on test rows is let pass": _with(test="none"),
    "a rival chosen on test rows is listed: that favours the rival, not the claim": (
        _with(test="all")
    ),
    "a rival with more trials or rows than the winner is listed: that favours the rival": (
        _with(other=True)
    ),
    "a rival without a dial is listed: None is no number of trials, it needs none": (_with(none=0)),
    "the two lists are exchanged": lambda runs, needed: right_audit(runs, needed)[::-1],
    "what is there and was not asked for counts as missing": (
        lambda runs, needed: (
            [one["name"] for one in runs if one["name"] not in needed],
            _unfair(runs),
        )
    ),
    **MORE,
}


def silent_on_rivals(runs: Sequence[Run], needed: Collection[str]) -> tuple[list[str], list[str]]:
    return [], _unfair(runs)


def check_audit(answer: Any) -> None:
    quiet = ask_quietly(lambda *case: _read(answer(*case), case), _CASES)
    if quiet == [silent_on_rivals(*case) for case in _CASES]:
        reject(
            f"{_told(_CASES[0])} must be {right_audit(*_CASES[0])}. No rival is ever missing for "
            "you: a large model then wins against those that somebody cared to show.",
            "E16",
        )
    names = ("runs", "needed")
    compare(leaving(answer, names, _told), _CASES, right_audit, _read, _told, MISTAKES)


def _told(case: Case) -> str:
    return call_of("audit", case)


def _read(got: Any, case: Case) -> tuple[list[str], list[str]]:
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        reject(f"{_told(case)} must be two lists, (missing, unfair), got {shorten(got)}.")
    missing, unfair = (as_list(one, f"{_told(case)}: a list of names") for one in got)
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
)
