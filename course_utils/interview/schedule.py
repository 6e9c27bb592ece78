"""When a question comes again, and which one is next.

Dates are those of the library ``fsrs`` (Ye et al., A Stochastic Shortest Path Algorithm for
Optimizing Spaced Repetition Scheduling, KDD 2022, https://doi.org/10.1145/3534678.3539081), made
anew of the whole log each time: nothing is stored that could disagree with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from fsrs import Card, Rating, Scheduler

from course_utils.interview.bank import LEVELS, Question
from course_utils.interview.log import Answer

GRADES = ((0.4, Rating.Again), (0.65, Rating.Hard), (0.9, Rating.Good), (1.01, Rating.Easy))
"""Below which share of the rubric's points an answer has which grade."""

WEAK = 0.65
"""A topic whose latest answers have a smaller share of the points."""

# No steps of minutes: a drill is an evening, and an answer comes again on another one.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def grade(share: float) -> Rating:
    """Of a share of the points, from 0 to 1."""
    return next(rating for below, rating in GRADES if share < below)


def cards(log: Iterable[Answer]) -> dict[str, Card]:
    """Question -> what the library knows of it: when it is due, how well it is remembered."""
    found: dict[str, Card] = {}
    for one in log:
        card = found.get(one.question, Card(card_id=0, due=one.at))
        found[one.question], _ = _SCHEDULER.review_card(card, grade(one.share), one.at)
    return found


def recall(log: Iterable[Answer], now: datetime) -> dict[str, float]:
    """Question -> the chance that it is remembered now, by the library."""
    return {
        name: _SCHEDULER.get_card_retrievability(card, now) for name, card in cards(log).items()
    }


def due(questions: Sequence[Question], log: Sequence[Answer], now: datetime) -> list[Question]:
    """The questions that are due, the one that is most likely forgotten first."""
    seen, chance = cards(log), recall(log, now)
    late = [one for one in questions if one.id in seen and seen[one.id].due <= now]
    return sorted(late, key=lambda one: chance[one.id])


def topics(questions: Sequence[Question], log: Iterable[Answer]) -> dict[str, float]:
    """Topic -> mean share of the points, of each question's latest answer; weakest first."""
    topic = {one.id: one.topic["en"] for one in questions}
    latest = {one.question: one.share for one in log if one.question in topic}
    shares: dict[str, list[float]] = {}
    for name, share in latest.items():
        shares.setdefault(topic[name], []).append(share)
    means = {name: sum(of) / len(of) for name, of in shares.items()}
    return dict(sorted(means.items(), key=lambda each: each[1]))


def order(questions: Sequence[Question], log: Sequence[Answer], now: datetime) -> list[Question]:
    """In which order they are asked: what is due, then new ones of weak topics, then other new
    ones, entry level first; then the rest by its date."""
    first = due(questions, log, now)
    seen: Mapping[str, Card] = cards(log)
    weak = [name for name, share in topics(questions, log).items() if share < WEAK]
    new = [one for one in questions if one.id not in seen]

    def place(one: Question) -> tuple[int, int]:
        topic = one.topic["en"]
        return weak.index(topic) if topic in weak else len(weak), LEVELS.index(one.level)

    rest = [one for one in questions if one.id in seen and one not in first]
    return [*first, *sorted(new, key=place), *sorted(rest, key=lambda one: seen[one.id].due)]
