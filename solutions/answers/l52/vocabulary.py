"""Task 52.6: right answers in other words, and wrong ones with their reasons."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

import numpy as np

from answers import Proof, Wrong
from course_utils.exercises.l52.vocabulary import (
    article,
    as_padding,
    by_appearance,
    by_frequency,
    capitals_aside,
    from_both,
    from_zero,
    last_seen,
    lowered,
    minus_one,
    new_row,
    no_padding,
    repeats,
    right_codes,
    stripped,
)


def _by_index(train: Any, values: Any) -> Any:
    seen = sorted(set(train))
    return [seen.index(one) + 2 if one in seen else 1 for one in values]


def _by_search(train: Any, values: Any) -> Any:
    seen = sorted(dict.fromkeys(train))
    found = []
    for one in values:
        at = bisect_left(seen, one)
        found.append(at + 2 if at < len(seen) and seen[at] == one else 1)
    return found


def _bare(train: Any, values: Any) -> Any:
    """Capitals and spaces do not count."""
    code = {one.strip().lower(): k for k, one in enumerate(sorted(set(train)), 2)}
    return [code.get(one.strip().lower(), 1) for one in values]


def _no_empty_text(train: Any, values: Any) -> Any:
    return right_codes([one for one in train if one], values)


def _in_a_byte(train: Any, values: Any) -> Any:
    """As pandas keeps the codes of up to 127 categories, with 2 added."""
    return np.array(right_codes(train, values)).astype(np.int8)


PROOF = Proof(
    task="52.6",
    right=[_by_index, _by_search],
    wrong=[
        Wrong(article, "KeyError", "E79", status="error"),
        Wrong(as_padding, "the code of padding", "E79", silent=True),
        Wrong(no_padding, "unknown values get the 0 of padding", "E79", silent=True),
        Wrong(minus_one, "gets -1", "E79", silent=True),
        Wrong(new_row, "behind the last", "E79", silent=True),
        Wrong(last_seen, "the code of a known one", "E79", silent=True),
        Wrong(from_both, "in production they come one by one", "E79", silent=True),
        Wrong(by_appearance, "follow the order of appearance", silent=True),
        Wrong(by_frequency, "how often a value occurs", silent=True),
        Wrong(from_zero, "the codes start at 0", silent=True),
        Wrong(repeats, "counted twice", silent=True),
        Wrong(capitals_aside, "`sorted` puts them first", silent=True),
        Wrong(lowered, "Capitals count", silent=True),
        Wrong(stripped, "Spaces count", silent=True),
        Wrong(_bare, "codes(['x'], ['x', 'X', ' x'])", silent=True),
        Wrong(_no_empty_text, "codes(['', 'a'], ['a', ''])", silent=True),
        Wrong(_in_a_byte, "must be 131, got -125", silent=True),
        Wrong(lambda train, values: right_codes(train, values)[:1], "must have shape"),
    ],
)
