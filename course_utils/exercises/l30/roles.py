"""Task 30.1: which of four jobs does a large model do in a sentence, if any?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import refuse_none
from course_utils.exercises.theirs import shorten

ERRATA = {
    "E14": '"large model" stands without a meaning: no job, no size, no number',
    "E15": '"better representation" is a reason without a test: on which new rows, against whom?',
}

LETTERS = {
    "E": "encoder",
    "R": "ranker",
    "G": "generator",
    "A": "agent",
    "N": "none: the sentence names no job",
}

SENTENCES = {
    1: "every night each product's title becomes 384 numbers, which a two-tower model reads",
    2: "a network of a billion weights gives each of 500 candidates a click probability",
    3: "an answer is written from five fetched reviews",
    4: "it asks the order system, reads the reply, then files the return",
    5: "the next product's code is written digit by digit, then looked up",
    6: "a Chinese query finds English titles by cosine",
    7: "a customer's last 1,000 clicks and one candidate go in, a chance to buy comes out",
    8: "it searches, compares three offers and fills the basket, and asks before it pays",
    9: "large models are used more and more on e-commerce platforms",
    10: "a large model generalises better, since it extracts and represents features better",
}

RIGHT = dict(zip(SENTENCES, "ERGAGERANN", strict=True))

_WHY: dict[int, tuple[str, str | None]] = {
    1: ("Vectors come out, and another model decides.", None),
    2: ("A score for each candidate comes out: it orders them, and writes nothing.", None),
    3: ("Text comes out, token by token; it calls no tool and changes nothing.", None),
    4: ("It acts on another system and goes on from what comes back.", None),
    5: ("What comes out is a sequence that it writes; the product is only looked up.", None),
    6: ("Two texts become vectors; the cosine orders.", None),
    7: ("A chance for one candidate comes out, whatever went in.", None),
    8: ("It takes several steps with tools, each chosen after the last one's result.", None),
    9: (
        "Which model, with what input and what output? It fits a ranker as well as a chat.",
        "E14",
    ),
    10: (
        "No input, no output, no rival: any of the four could be meant, and a large table of ids.",
        "E15",
    ),
}


def check_roles(answer: Any) -> None:
    refuse_none(answer, "The answer", "a dictionary")
    if not isinstance(answer, dict):
        reject(f"Expected a dictionary, number of a sentence -> letter, got {shorten(answer)}.")
    read = {int(key) if str(key).isdigit() else key: value for key, value in answer.items()}
    for number, right in RIGHT.items():
        told = f"{number}, {SENTENCES[number]!r},"
        if number not in read:
            reject(f"There is no entry for {told[:-1]}.")
        got = read[number]
        letter = got.strip().upper() if isinstance(got, str) else got
        if letter not in LETTERS:
            reject(f"{told} needs one letter of {', '.join(LETTERS)}, got {shorten(got)}.")
        if letter != right:
            why, erratum = _WHY[number]
            reject(f"{told} is not {LETTERS[letter].split(':')[0]}. {why}", erratum)
    more = [key for key in read if key not in RIGHT]
    if more:
        reject(f"{more[0]!r} is no number of a sentence.")


TASK = Task(
    id="30.1",
    prompt="Number of a sentence -> the job of the large model in it, or N.",
    check_answer=check_roles,
    hints=(
        "Ask of each what comes out: a vector, a score for a candidate, a sequence of tokens, or "
        "an action in another system? If it does not say, the letter is N.",
        "Two sentences name no output. Two are generators, though one of them writes no text.",
        "In order: E, R, G, A, G, E, R, A, N, N.",
    ),
    insight="Say the job, the size and the latency before you say that a large model helps.",
    takes="data",
    errata=ERRATA,
)
