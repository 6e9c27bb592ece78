"""Task 13.4: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

import hashlib
import math
import random
import re
from collections.abc import Callable
from typing import Any
from unicodedata import normalize

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupShuffleSplit

from answers import Proof, Wrong
from course_utils.exercises.l13.copies import key_of


def _with_groups(texts: list[str], share: float, seed: int) -> Any:
    groups = pd.factorize(pd.Series(texts).map(key_of))[0]
    size = round(share * (groups.max() + 1))
    if size in (0, groups.max() + 1):  # scikit-learn wants a group on each side
        return np.full(len(texts), size > 0)
    splitter = GroupShuffleSplit(1, test_size=int(size), random_state=seed)
    _, test = next(splitter.split(texts, groups=groups))
    return np.isin(np.arange(len(texts)), test)


def _with_random(texts: list[str], share: float, seed: int) -> list[bool]:
    different = list(dict.fromkeys(map(key_of, texts)))
    random.Random(seed).shuffle(different)
    test = {text: place < round(share * len(different)) for place, text in enumerate(different)}
    return [test[key_of(text)] for text in texts]


def _with_sha(texts: list[str], share: float, seed: int) -> list[bool]:
    """By a hash that is the same in every process."""
    keys = [key_of(text) for text in texts]
    order = sorted(set(keys), key=lambda key: hashlib.sha256(f"{seed} {key}".encode()).digest())
    test = set(order[: round(share * len(order))])
    return [key in test for key in keys]


def _splitter(
    key: Callable[[str], str] = key_of,
    draw: Callable[[list[str], int], Any] = lambda some, seed: np.random.default_rng(
        seed
    ).permutation(some),
    size: Callable[[int, int, float], int] = lambda k, n, share: round(share * k),
) -> Callable[[list[str], float, int], list[bool]]:
    """A split as it should be but for one thing."""

    def split(texts: list[str], share: float, seed: int) -> list[bool]:
        different = draw(sorted(set(map(key, texts))), seed)
        test = set(different[: size(len(different), len(texts), share)])
        return [key(text) in test for text in texts]

    return split


def _wrong_rows(texts: list[str], share: float, seed: int) -> list[bool]:
    place = np.random.default_rng(seed).permutation(len(texts))
    return (place < round(share * len(texts))).tolist()


def _wrong_dropped(texts: list[str], share: float, seed: int) -> list[bool]:
    return _with_random(list(dict.fromkeys(map(key_of, texts))), share, seed)


def _wrong_places(texts: list[str], share: float, seed: int) -> list[int]:
    return np.flatnonzero(_with_random(texts, share, seed)).tolist()


def _wrong_texts(texts: list[str], share: float, seed: int) -> list[str]:
    tested = _splitter()(texts, share, seed)
    return [text if test else "" for text, test in zip(texts, tested, strict=True)]


def _wrong_coins(texts: list[str], share: float, seed: int) -> list[bool]:
    draw = np.random.default_rng(seed)
    test = {key: draw.random() < share for key in sorted(set(map(key_of, texts)))}
    return [test[key_of(text)] for text in texts]


def _wrong_first_stays(texts: list[str], share: float, seed: int) -> list[bool]:
    """The first text always trains."""
    different = sorted(set(map(key_of, texts)))
    drawn = np.random.default_rng(seed).permutation(different[1:])
    size = round(share * len(different))
    test = set(drawn[:size] if size < len(different) else different)
    return [key_of(text) in test for text in texts]


def _by_a_set(texts: list[str], share: float, seed: int) -> list[bool]:
    different = list(set(map(key_of, texts)))
    random.Random(seed).shuffle(different)
    test = different[: round(share * len(different))]
    return [key_of(text) in test for text in texts]


def _by_hash(texts: list[str], share: float, seed: int) -> list[bool]:
    different = sorted(set(map(key_of, texts)), key=lambda key: hash(f"{seed} {key}"))
    return [key_of(text) in different[: round(share * len(different))] for text in texts]


def _by_hash_of_seed(texts: list[str], share: float, seed: int) -> list[bool]:
    return _with_random(texts, share, hash(f"split {seed}"))


PROOF = Proof(
    task="13.4",
    right=[_with_groups, _with_random, _with_sha],
    wrong=[
        Wrong(_wrong_rows, "Equal texts must all go", silent=True),
        Wrong(
            _splitter(key=lambda text: " ".join(text.split())),
            "capital letters only, so",
            silent=True,
        ),
        Wrong(_splitter(key=lambda text: text.lower()), "'good ' on the other", silent=True),
        Wrong(_splitter(key=lambda text: text.lower().strip()), "'A  b' on the other", silent=True),
        Wrong(_splitter(draw=lambda some, seed: some), "all give the same split", silent=True),
        Wrong(
            _splitter(draw=lambda some, seed: np.random.default_rng().permutation(some)),
            "same seed differ",
            silent=True,
        ),
        Wrong(
            _splitter(size=lambda k, n, share: k - round(share * k)), "turned round", silent=True
        ),
        Wrong(
            _splitter(size=lambda k, n, share: round(share * n)),
            "You count rows; count different texts",
            silent=True,
        ),
        Wrong(_splitter(size=lambda k, n, share: math.ceil(share * k)), "round up", silent=True),
        Wrong(_splitter(size=lambda k, n, share: int(share * k)), "round down", silent=True),
        Wrong(_splitter(size=lambda k, n, share: int(share * k + 0.5)), "halves up", silent=True),
        Wrong(
            _splitter(size=lambda k, n, share: max(1, round(share * k))),
            "for the test side at least",
            silent=True,
        ),
        Wrong(
            _splitter(size=lambda k, n, share: min(k - 1, max(1, round(share * k)))),
            "for each side",
            silent=True,
        ),
        Wrong(
            _splitter(size=lambda k, n, share: round(share * k) + 1),
            "one text too many",
            silent=True,
        ),
        Wrong(
            _splitter(size=lambda k, n, share: max(0, round(share * k) - 1)), "too few", silent=True
        ),
        Wrong(_splitter(key=lambda text: "".join(text.lower().split())), "'redmug'", silent=True),
        Wrong(
            _splitter(key=lambda text: re.sub(r"\W+", " ", text.lower()).strip()),
            "'good!'",
            silent=True,
        ),
        Wrong(_splitter(key=lambda text: key_of(text.casefold())), "'strasse'", silent=True),
        Wrong(
            _splitter(key=lambda text: key_of(text.replace("é", "e"))),
            "['café', 'cafe']",
            silent=True,
        ),
        Wrong(
            _splitter(key=lambda text: re.sub(r"[ \t\n]+", " ", text.lower()).strip(" ")),
            "'很\\u3000好'",
            silent=True,
        ),
        Wrong(
            _splitter(key=lambda text: re.sub(r"[ \t\r\n\u3000]+", " ", text.lower()).strip()),
            "'a b' on the other",
            silent=True,
        ),
        Wrong(
            _splitter(key=lambda text: key_of(normalize("NFKC", text))),
            "['cafe\u0301', 'café'], 0.5",
            silent=True,
        ),
        Wrong(
            _splitter(key=lambda text: key_of(text).rstrip(".")), "['good.', 'good']", silent=True
        ),
        Wrong(
            _splitter(key=lambda text: " ".join(sorted(key_of(text).split()))),
            "['not bad good', 'not good bad']",
            silent=True,
        ),
        Wrong(_by_hash_of_seed, "draw with the seed itself", silent=True),
        Wrong(_by_a_set, "another Python process", silent=True),
        Wrong(_by_hash, "hash of a text change", silent=True),
        Wrong(
            _splitter(size=lambda k, n, share: 1), "must be on the test side, got 1", silent=True
        ),
        Wrong(_wrong_coins, "number changes with the seed", silent=True),
        Wrong(_wrong_first_stays, "is never on the test side", silent=True),
        Wrong(_wrong_dropped, "No row is dropped"),
        Wrong(_wrong_places, "one entry for each"),
        Wrong(_wrong_texts, "True and False only"),
    ],
)
