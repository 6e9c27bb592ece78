"""Task 71.1: what stands behind a claim?"""

from __future__ import annotations

from typing import Any

from course_utils.exercises.engine import Task
from course_utils.exercises.sorting import Sentence, check_sorted

ERRATA = {
    "E82": "advantages without a bound: nothing that could be shown false",
    "E83": "an outlook without a direction, a date, a scale or a source",
}

LETTERS = {
    "A": "shown by a test on randomised users",
    "L": "shown on stored logs or public data alone",
    "O": "somebody else's number, from open code and data",
    "C": "true by construction of a simulator",
    "N": "without evidence of any kind",
}

SENTENCES = {
    1: Sentence(
        "Netflix's GenPage: +0.24 % of the engagement measure that decides launches, against the "
        "production homepage, p < .001.",
        "A",
        "Customers were assigned by lot, and the rival is named.",
    ),
    2: Sentence(
        "TIGER finds more of the next products than earlier models on three sets of reviews.",
        "L",
        "The sets are public and stored: nobody was shown a list. And it is the authors' own "
        "number.",
    ),
    3: Sentence(
        "A student runs a firm's published generative model beside item KNN on MovieLens 1M, and "
        "puts code and logs on the web: of the next films it finds 11 % among ten, item KNN 14 %.",
        "O",
        "Code and data can be had, and whoever measured is not who claims.",
    ),
    4: Sentence(
        "Competition will become fiercer, and those who use large models will stand out.",
        "N",
        "No number, no date, no source: nothing could show it false.",
        "E83",
    ),
    5: Sentence(
        "With momentum turned up, what was bought last tells more about what is bought next.",
        "C",
        "The dial was built to do that; what can be found out is how much a model sees of it.",
    ),
    6: Sentence(
        "MTGR serves Meituan: page views with a click +1.90 %, in an A/B test on its users.",
        "A",
        "Users of the live platform were split; offline numbers stand beside it.",
    ),
    7: Sentence(
        "Large models have the advantages of generalisation, accuracy, efficiency and "
        "scalability, says the article.",
        "N",
        "Advantages without a bound: over what, at what cost, and where not?",
        "E82",
    ),
    8: Sentence(
        "The authors' model of 200 million weights has a lower log loss on last week's log than "
        "their model of 20 million.",
        "L",
        "A log is stored data: what customers would have done with other lists is not in it.",
    ),
    9: Sentence(
        "Another group, auto-research, publishes code for TIGER on MovieLens 100K: semantic IDs "
        ".0139, random IDs .0204, three seeds.",
        "O",
        "Another group's code on data that everyone can have. (That it is open does not make it "
        "large: ten films at random find .006.)",
    ),
    10: Sentence(
        "In our shop a product's true quality moves its ratings: the better one has more stars.",
        "C",
        "The shop draws ratings from the quality. It is no discovery about shops.",
    ),
    11: Sentence(
        "Experts agree that agents will do most of the shopping soon.",
        "N",
        "Which experts, most of what, and by when?",
        "E83",
    ),
    12: Sentence(
        "Half of the customers, by lot, saw the new list: 1.1 % more orders (0.2 to 2.0).",
        "A",
        "By lot, with an interval; that the gain is small does not matter.",
    ),
}

RIGHT = {number: one.letter for number, one in SENTENCES.items()}


def check_evidence(answer: Any) -> None:
    check_sorted(answer, SENTENCES, LETTERS)


TASK = Task(
    id="71.1",
    prompt="Say of each claim what stands behind it: A, L, O, C or N.",
    check_answer=check_evidence,
    hints=(
        "First ask whether the sentence could be shown false. If nothing could, it is N.",
        "Then: were customers assigned by lot (A)? Was it only counted on stored data (L), and "
        "was it counted by somebody else with open code (O)? Was the effect put in by us (C)?",
        "Two are C (5 and one more about quality), two are O (both on MovieLens), three are N.",
    ),
    insight="Ask of a claim what it was measured on, by whom, and what would have shown it false.",
    takes="data",
    errata=ERRATA,
)
