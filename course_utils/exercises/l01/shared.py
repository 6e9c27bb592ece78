"""Lesson 01: what its checks share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from course_utils.exercises.asking import reject
from course_utils.exercises.reading import as_number, refuse_none
from course_utils.exercises.theirs import shorten

TOLERANCE = 1e-9


def _same(one: Sequence[float], other: Sequence[float]) -> bool:
    return bool(np.allclose(one, other, rtol=0, atol=TOLERANCE))


def _rounded(want: Sequence[float], got: Sequence[float]) -> bool:
    return any(_same(np.round(want, digits).tolist(), got) for digits in range(6))


def _apart(want: float, got: float) -> tuple[str, str]:
    """Both as text, with as many digits as it takes to see that they differ."""
    digits = next((d for d in range(3, 12) if round(want, d) != round(got, d)), 12)
    return f"{want:.{digits}f}", f"{got:.{digits}f}"


def shown_call(name: str, log: pd.DataFrame) -> str:
    """A call as text: a short table in full, of a long one the number of rows."""
    if len(log) > 6:
        return f"{name}(<table of {len(log)} rows>)"
    columns = ", ".join(f"{column}: {log[column].tolist()}" for column in log)
    return f"{name}(<table of {columns}>)"


def mixed(log: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    """The same rows in any order, under any index."""
    log = log.take(draw.permutation(len(log)))
    return log.set_index(pd.Index(draw.permutation(5 * len(log))[: len(log)]))


def as_dict(value: Any, what: str, keys: Sequence[Any], key_name: str) -> list[float]:
    """The numbers under these keys, from a dictionary or a Series, else reject."""
    if isinstance(value, pd.Series):
        value = value.to_dict()
    refuse_none(value, what, "a dictionary")
    if not isinstance(value, Mapping):
        reject(f"{what} must be a dictionary, got {shorten(value)}.")
    missing = [key for key in keys if key not in value]
    if missing:
        reject(f"{what} lacks the {key_name} {missing[0]!r}; it has {list(value)}.")
    more = [key for key in value if key not in keys]
    if more:
        reject(f"{what} has the key {more[0]!r}, which is no {key_name} of the table.")
    return [as_number(value[key], f"{what}[{key!r}]") for key in keys]


Mistakes = Mapping[str, Callable[[pd.DataFrame], Sequence[float]]]


def judge(
    calls: Sequence[str],
    logs: Sequence[pd.DataFrame],
    names: Sequence[Sequence[str]],
    wants: Sequence[Sequence[float]],
    gots: Sequence[Sequence[float]],
    mistakes: Mistakes,
) -> None:
    """Reject at the first call whose numbers differ; name the mistake that explains all."""
    pairs = list(zip(wants, gots, strict=True))
    at = next((k for k, (want, got) in enumerate(pairs) if not _same(want, got)), None)
    if at is None:
        return
    want, got = pairs[at]
    place = next(i for i in range(len(want)) if abs(want[i] - got[i]) > TOLERANCE)
    texts = _apart(want[place], got[place])
    said = f"{calls[at]}{names[at][place]} must be {texts[0]}, got {texts[1]}."
    if all(_rounded(want, got) for want, got in pairs):
        reject(f"{said} Do not round.")
    for why, way in mistakes.items():
        if all(_same(way(log), got) for log, got in zip(logs, gots, strict=True)):
            reject(f"{said} {why}")
    reject(said)


def numbers_of(answer: Callable[..., Mapping[Any, float]]) -> Callable[..., list[float]]:
    """The numbers of an answer, by key."""

    def values(log: pd.DataFrame) -> list[float]:
        result = answer(log)
        return [result[key] for key in sorted(result)]

    return values
