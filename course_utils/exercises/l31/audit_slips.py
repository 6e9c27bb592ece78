"""Task 31.1: tables that combine two rules, and the answers that lose one of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

Run = dict[str, Any]


def run(
    name: str,
    trials: int | None,
    rows: int,
    seeds: Sequence[int] = (0, 1, 2),
    chosen: str = "validation",
) -> Run:
    return {"name": name, "trials": trials, "rows": rows, "seeds": list(seeds), "chosen": chosen}


def _yes(*of: Any) -> bool:
    return True


def _in_the_table(name: str, runs: Sequence[Run]) -> bool:
    return any(name == one["name"] for one in runs)


def _audited(
    runs: Sequence[Run],
    needed: Collection[str],
    *,
    there: Callable[[str, Sequence[Run]], bool] = _in_the_table,
    looked_at: Callable[[Run, Run], bool] = _yes,
    own: Callable[[Run], bool] = _yes,
    seeds: Callable[[Any], Any] = set,
    enough: float = 1.0,
    twice: bool = False,
) -> tuple[list[str], list[str]]:
    winner, *rest = runs
    unfair = [winner["name"]] if winner["chosen"] == "test" and own(winner) else []
    for one in rest:
        few = one["trials"] is not None and one["trials"] < (winner["trials"] or 0)
        other = seeds(one["seeds"]) != seeds(winner["seeds"])
        why = [few, one["rows"] < enough * winner["rows"], other]
        if looked_at(winner, one):
            unfair += [one["name"]] * (sum(why) if twice else any(why))
    return [name for name in needed if not there(name, runs)], unfair


def _with(**rule: Any) -> Callable[..., Any]:
    return lambda runs, needed: _audited(runs, needed, **rule)


def _sorted(runs: Sequence[Run], needed: Collection[str]) -> tuple[list[str], list[str]]:
    missing, unfair = _audited(runs, needed)
    return sorted(missing), sorted(unfair)


_MANY = ["trees", "old", "linear", "wide", "base rate", "deep"]
CASES: list[tuple[Any, ...]] = [
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
"""Each holds two rules against each other, or one at its edge."""

MISTAKES: dict[str, Callable[..., Any]] = {
    "a winner without a dial excuses all: it excuses fewer trials, not rows or seeds": (
        _with(looked_at=lambda winner, one: winner["trials"] is not None)
    ),
    "a rival without a dial is excused from rows and seeds: it needs no trials, no more": (
        _with(looked_at=lambda winner, one: one["trials"] is not None)
    ),
    "a run is named once for each reason: a name stands once": _with(twice=True),
    "the winner itself counts as missing: it is in the table": (
        _with(there=lambda name, runs: name in [one["name"] for one in runs[1:]])
    ),
    "a part of a name will do: names are equal or they differ": (
        _with(there=lambda name, runs: any(name in one["name"] for one in runs))
    ),
    "a winner chosen on test rows is let pass where it has no dial": (
        _with(own=lambda winner: winner["trials"] is not None)
    ),
    "only the sum of the seeds is compared": _with(seeds=sum),
    "only the least and the greatest seed are compared, and their number": (
        _with(seeds=lambda of: (min(of), max(of), len(of)))
    ),
    "nearly as many rows are let pass: fewer is fewer": _with(enough=0.99),
    "the names are sorted: their order is that of the arguments": _sorted,
}
