"""Task 30.1: which of four jobs does a large model do in a sentence, if any?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.engine import Task
from course_utils.exercises.sorting import Sentence, check_sorted

ERRATA = {
    "E14": '"large model" stands without a meaning: no job, no size, no number',
    "E15": '"better representation" is a reason without a test: no new rows, no rival',
}

LETTERS = {
    "E": "an encoder",
    "R": "a ranker",
    "G": "a generator",
    "A": "an agent",
    "N": "without a job",
}

SENTENCES = {
    1: Sentence(
        "every night each product's title becomes 384 numbers, which a two-tower model reads",
        "E",
        "Vectors come out, and another model decides.",
    ),
    2: Sentence(
        "a network of a billion weights gives each of 500 candidates a click probability",
        "R",
        "A score for each candidate comes out: it orders them, and writes nothing.",
    ),
    3: Sentence(
        "an answer is written from five fetched reviews",
        "G",
        "Text comes out, token by token; it calls no tool and changes nothing.",
    ),
    4: Sentence(
        "it asks the order system, reads the reply, then files the return",
        "A",
        "It acts on another system and goes on from what comes back.",
    ),
    5: Sentence(
        "the next product's code is written digit by digit, then looked up",
        "G",
        "What comes out is a sequence that it writes; the product is only looked up.",
    ),
    6: Sentence(
        "a Chinese query finds English titles by cosine",
        "E",
        "Two texts become vectors; the cosine orders.",
    ),
    7: Sentence(
        "a customer's last 1,000 clicks and one candidate go in, a chance to buy comes out",
        "R",
        "A chance for one candidate comes out, whatever went in.",
    ),
    8: Sentence(
        "it searches, compares three offers and fills the basket, and asks before it pays",
        "A",
        "It takes several steps with tools, each chosen after the last one's result.",
    ),
    9: Sentence(
        "large models are used more and more on e-commerce platforms",
        "N",
        "Which model, with what input and what output? It fits a ranker as well as a chat.",
        "E14",
    ),
    10: Sentence(
        "a large model generalises better, since it extracts and represents features better",
        "N",
        "No input, no output, no rival: any of the four could be meant, and a large table of ids.",
        "E15",
    ),
}

RIGHT = {number: one.letter for number, one in SENTENCES.items()}


def check_roles(answer: Any) -> None:
    check_sorted(answer, SENTENCES, LETTERS)


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
