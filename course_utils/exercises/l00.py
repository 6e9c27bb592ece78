"""Lesson 00: the checks of its three tasks, their hints, and the answers that prove them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from course_utils.exercises.engine import Task, Wrong, as_number, reject, shorten

ERRATA = {
    "E2": "the field is multi-scenario multi-task learning",
    "E3": "MMoML is no word; MMoE is one network",
    "E4": "a scenario or a domain, not a scene",
    "E1": "a template's placeholder was left in the text",
}

# ------------------------------------------------------------------------- 00.1 rates

Counts = dict[str, int]
CASES: list[tuple[Counts, Counts]] = [
    ({"home": 200, "cart": 0}, {"home": 10}),
    ({"home": 13_900, "search": 5_000, "cart": 1_100}, {"search": 732, "home": 1_439, "cart": 114}),
    ({"search": 40, "cart": 8}, {"cart": 8}),
    ({"home": 3}, {"home": 1, "search": 4}),
    ({}, {"home": 1}),
]


def _rates(shown: Counts, happened: Counts) -> dict[str, float | None]:
    return {s: happened.get(s, 0) / n if n else None for s, n in shown.items()}


def check_rates(answer: Any) -> None:
    for shown, happened in CASES:
        call = f"rates({shown}, {happened})"
        got = answer(shown, happened)
        if not isinstance(got, dict):
            reject(f"{call} must be a dictionary, got {shorten(got)}.")
        want = _rates(shown, happened)
        for scenario in shown:
            if scenario not in got:
                reject(f"{call} has no entry for {scenario!r}, which was shown.")
        more = [one for one in got if one not in want]
        if more:
            reject(f"{call} has an entry for {more[0]!r}, which was not shown at all.")
        for scenario, rate in want.items():
            _check_rate(call, scenario, got[scenario], rate, shown, happened)


def _check_rate(
    call: str, scenario: str, got: Any, want: float | None, shown: Counts, happened: Counts
) -> None:
    if want is None:
        if got is not None:
            reject(f"{call}: {scenario!r} was shown 0 times, its rate is None, got {shorten(got)}.")
        return
    number = as_number(got, f"The rate of {scenario!r} in {call}")
    if abs(number - want) < 1e-9:
        return
    said = f"{call}: the rate of {scenario!r} must be {want:.4f}, got {number:.4f}."
    count = happened.get(scenario, 0)
    if count and abs(number - shown[scenario] / count) < 1e-9:
        reject(f"{said} Divide what happened by how often it was shown, not the other way round.")
    if abs(number - count / sum(shown.values())) < 1e-9:
        reject(f"{said} Divide by this scenario's own count, not by the sum of all.")
    if abs(number - count) < 1e-9:
        reject(f"{said} That is the count.")
    if abs(number - 100 * want) < 1e-9:
        reject(f"{said} A rate is a share of 1, not of 100.")
    if any(abs(number - round(want, digits)) < 1e-12 for digits in range(4)):
        reject(f"{said} Do not round.")
    reject(said)


def _rates_with_a_loop(shown: Counts, happened: Counts) -> dict[str, float | None]:
    result: dict[str, float | None] = {}
    for scenario in shown:
        result[scenario] = None
        if shown[scenario] > 0:
            result[scenario] = happened[scenario] / shown[scenario] if scenario in happened else 0
    return result


def _rates_with_counter(shown: Counts, happened: Counts) -> dict[str, float | None]:
    counts = Counter({key: value for key, value in happened.items() if key in shown})
    return {key: None if value == 0 else counts[key] / value for key, value in shown.items()}


def _changed(change: Callable[[float], Any]) -> Callable[[Counts, Counts], Any]:
    def rates(shown: Counts, happened: Counts) -> dict[str, Any]:
        right = _rates(shown, happened)
        return {key: None if value is None else change(value) for key, value in right.items()}

    return rates


RATES = Task(
    id="00.1",
    prompt="Rates from two dictionaries of counts.",
    check_answer=check_rates,
    hints=(
        "Go through the scenarios of `shown`, not those of `happened`.",
        "`happened.get(scenario, 0)` is 0 where nothing happened. What about a count of 0 below "
        "the line?",
        "{scenario: happened.get(scenario, 0) / count if count else None for scenario, count in "
        "shown.items()}",
    ),
    right=[_rates_with_a_loop, _rates_with_counter],
    wrong=[
        Wrong(
            lambda shown, happened: {
                s: n / happened.get(s, 1) if n else None for s, n in shown.items()
            },
            "not the other way round",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: {
                s: happened.get(s, 0) / sum(shown.values()) if n else None for s, n in shown.items()
            },
            "not by the sum of all",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: {
                s: happened.get(s, 0) if n else None for s, n in shown.items()
            },
            "That is the count",
            silent=True,
        ),
        Wrong(_changed(lambda rate: 100 * rate), "not of 100", silent=True),
        Wrong(_changed(lambda rate: round(rate, 2)), "Do not round", silent=True),
        Wrong(
            lambda shown, happened: {
                s: happened.get(s, 0) / n if n else 0.0 for s, n in shown.items()
            },
            "its rate is None",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: {s: happened[s] / shown[s] for s in shown if s in happened},
            "has no entry for 'cart'",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: (
                _rates(shown, happened) | {s: 0.0 for s in happened if s not in shown}
            ),
            "was not shown at all",
            silent=True,
        ),
        Wrong(
            lambda shown, happened: list(_rates(shown, happened).values()), "a dictionary, got list"
        ),
    ],
    insight="Counts tell how much was shown; rates tell how people behave.",
)

# -------------------------------------------------------------------------- 00.2 words

WORDS = {
    "Mixture of Multi-Task Learning": "B",
    "MMoML, the technique": "B",
    "a network with common experts and one gate a task": "A",
    "Multi-Scene Learning": "C",
    "主题标题": "D",
}
_WHY: dict[str, tuple[str, str | None]] = {
    "Mixture of Multi-Task Learning": ("It names the whole field, scenarios included.", "E2"),
    "MMoML, the technique": (
        "The article means the field by it. MMoE looks like it, but is one network.",
        "E3",
    ),
    "a network with common experts and one gate a task": (
        "Ma et al. gave it its name in 2018.",
        None,
    ),
    "Multi-Scene Learning": ("The same task in several places of a shop.", "E4"),
    "主题标题": ('It means "topic title" and says nothing of the topic.', "E1"),
}


def check_words(answer: Any) -> None:
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, phrase -> letter, got {shorten(answer)}.")
    for phrase, letter in WORDS.items():
        if phrase not in answer:
            reject(f"There is no entry for {phrase!r}.")
        got = answer[phrase]
        if got not in ("A", "B", "C", "D", "E"):
            reject(f"{phrase!r} needs one letter from A to E as text, got {shorten(got)}.")
        if got != letter:
            why, erratum = _WHY[phrase]
            reject(f"{phrase!r} is not {got}. {why}", erratum)
    more = [phrase for phrase in answer if phrase not in WORDS]
    if more:
        reject(f"{more[0]!r} is none of the phrases.")


def _with(phrase: str, letter: Any) -> dict[str, Any]:
    return {**WORDS, phrase: letter}


WORDS_TASK = Task(
    id="00.2",
    prompt="The right word for each of the article's phrases.",
    check_answer=check_words,
    hints=(
        "Two of the phrases mean the whole field, one is a network, one is half of the field, one "
        "means nothing.",
        "MMoE is the network. The field needs both halves: scenarios and tasks.",
        "In order: B, B, A, C, D.",
    ),
    right=[dict(sorted(WORDS.items())), dict(zip(WORDS, "BBACD", strict=True))],
    wrong=[
        Wrong(
            _with("Mixture of Multi-Task Learning", "A"),
            "'Mixture of Multi-Task Learning' is not A",
            "E2",
            silent=True,
        ),
        Wrong(
            _with("MMoML, the technique", "A"), "'MMoML, the technique' is not A", "E3", silent=True
        ),
        Wrong(
            _with("Multi-Scene Learning", "B"), "'Multi-Scene Learning' is not B", "E4", silent=True
        ),
        Wrong(_with("主题标题", "B"), "'主题标题' is not B", "E1", silent=True),
        Wrong(
            _with("a network with common experts and one gate a task", "B"),
            "Ma et al.",
            silent=True,
        ),
        Wrong(_with("主题标题", 4), "one letter from A to E", silent=True),
        Wrong({**WORDS, "MMoE": "A"}, "none of the phrases", silent=True),
        Wrong(dict(list(WORDS.items())[:4]), "no entry for '主题标题'", silent=True),
        Wrong("BBACD", "Expected a dictionary"),
    ],
    insight="Say multi-scenario multi-task learning for the field, MMoE for the network.",
    takes="data",
    errata=ERRATA,
)

# --------------------------------------------------------------------------- 00.3 kind

Rows = list[tuple[str, set[str]]]
KINDS: list[tuple[Rows, tuple[bool, bool]]] = [
    ([("home", {"click"})], (False, False)),
    ([("home", {"click"}), ("home", {"click"})], (False, False)),
    ([("home", {"click"}), ("cart", {"click"})], (True, False)),
    ([("home", {"click", "purchase"})], (False, True)),
    ([("home", {"click"}), ("home", {"purchase"})], (False, True)),
    ([("search", {"click"}), ("cart", {"purchase"})], (True, True)),
    ([("a", {"x"}), ("b", {"x"}), ("a", {"x", "y"})], (True, True)),
]


def _kind(rows: Rows) -> tuple[bool, bool]:
    return len({s for s, _ in rows}) > 1, len(set().union(*(q for _, q in rows))) > 1


def check_kind(answer: Any) -> None:
    for rows, want in KINDS:
        call = (
            f"kind({[(s, set(sorted(q))) for s, q in rows]})" if len(rows) == 1 else f"kind({rows})"
        )
        got = answer(rows)
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            reject(f"{call} must be a pair (multi_scenario, multi_task), got {shorten(got)}.")
        for place, (what, one) in enumerate(zip(("scenario", "task"), got, strict=True)):
            if not (isinstance(one, bool) or type(one).__name__ == "bool"):
                reject(f"{call}: multi_{what} must be True or False, got {shorten(one)}.")
            if bool(one) != want[place]:
                _explain(call, rows, what, want[place])


def _explain(call: str, rows: Rows, what: str, want: bool) -> None:
    said = f"{call}: multi_{what} must be {want}."
    if what == "scenario":
        count = len({scenario for scenario, _ in rows})
        reject(f"{said} The rows come from {count} scenario{'s' if count > 1 else ''}.")
    questions = sorted(set().union(*(asks for _, asks in rows)))
    reject(
        f"{said} The questions are {', '.join(questions)}; it does not matter whether one row "
        "answers all of them, nor how many rows there are."
    )


def _kind_with_loops(rows: Rows) -> list[bool]:
    multi_scenario = multi_task = False
    for scenario, asks in rows:
        for other, more in rows:
            multi_scenario |= scenario != other
            multi_task |= len(asks | more) > 1
    return [multi_scenario, multi_task]


def _kind_with_counters(rows: Rows) -> tuple[bool, bool]:
    scenarios = Counter(scenario for scenario, _ in rows)
    questions = Counter(one for _, asks in rows for one in asks)
    return len(scenarios) >= 2, len(questions) >= 2


KIND = Task(
    id="00.3",
    prompt="Is it multi-scenario, is it multi-task?",
    check_answer=check_kind,
    hints=(
        "Collect two sets: all scenarios, and all questions of all rows.",
        "A set comprehension for the scenarios; set().union(*sets) for the questions.",
        "len({s for s, _ in rows}) > 1 and len(set().union(*(q for _, q in rows))) > 1",
    ),
    right=[_kind_with_loops, _kind_with_counters],
    wrong=[
        Wrong(
            lambda rows: (len(rows) > 1, _kind(rows)[1]),
            "The rows come from 1 scenario.",
            silent=True,
        ),
        Wrong(
            lambda rows: (_kind(rows)[0], any(len(q) > 1 for _, q in rows)),
            "nor how many rows",
            silent=True,
        ),
        Wrong(lambda rows: _kind(rows)[::-1], "The rows come from 2 scenarios", silent=True),
        Wrong(
            lambda rows: (_kind(rows)[0], len(rows[0][1]) > 1),
            "The questions are click, purchase",
            silent=True,
        ),
        Wrong(
            lambda rows: (_kind(rows)[0], _kind(rows)[0] and _kind(rows)[1]),
            "multi_task must be True",
            silent=True,
        ),
        Wrong(lambda rows: (len({s for s, _ in rows}), 1), "must be True or False", silent=True),
        Wrong(lambda rows: _kind(rows)[0] or _kind(rows)[1], "must be a pair"),
    ],
    insight="Scenarios are where rows come from; tasks are what is asked of them.",
)

TASKS = [RATES, WORDS_TASK, KIND]
