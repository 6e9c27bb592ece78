"""The hash of what a function reaches: what it notices, and what it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from course_utils import paths
from course_utils.authoring.fingerprint import PINNED, Key, Reach, reach
from course_utils.errors import CourseError

CLONE = {
    "low.py": '''
"""A room."""
from math import floor, sqrt

SCALE = 2.0


def scaled(x):
    """x in other units."""
    return SCALE * x


def unreached(x):
    return x


def root(x):
    return sqrt(x)
''',
    "middle.py": """
import low
from low import scaled


def moved(x, by=1.0):
    return scaled(x) + by


def other(x):
    return low.root(x)


class Base:
    STEPS = 3

    def fit(self, x):
        return moved(x)


def noted(f):
    return f


def plain(f):
    return f
""",
    "study.py": '''
"""A study."""
import math

import low
import middle
from middle import Base, moved, noted, plain

WEIGHTS = [1.0, 2.0]
WEIGHTS += [3.0]
NAMES = []
NAMES.append("one")
WAYS = {
    "first": moved,
    "second": middle.other,
}
RIVALS = {"a": low.root}


class Model(Base):
    """A model."""

    width = 8

    def fit(self, x):
        for step in range(self.STEPS):
            x = super().fit(x)
            x = x * self.width
        return x


@noted
def measured(x):
    import random  # a remark

    moved_by = [moved for moved in (1, 2)]
    return math.log(x) + sum(moved_by) + random.random(), f"rate  {x:.3f}"


def part(x, rivals=RIVALS):
    found = [rival(x) for rival in rivals.values()]
    return Model().fit(x), WAYS["first"](x), measured(x), WEIGHTS, NAMES, found


def whole(x):
    return getattr(middle, "moved")(x)


def unreached(x):
    return x


if __name__ == "__main__":
    print(part(1))
''',
}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    for name, text in CLONE.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def changed(clone: Path, edits: Mapping[str, tuple[str, str]], name: str = "part") -> bool:
    """Does the hash of a function of the study change with the edits?"""
    instead = {}
    for file, (old, new) in edits.items():
        assert CLONE[file].count(old) >= 1, old
        instead[clone / file] = CLONE[file].replace(old, new, 1)
    key = Key(clone / "study.py", name)
    return Reach(clone).hash_of(key) != Reach(clone, instead).hash_of(key)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("study.py", "return Model().fit(x), ", "return Model().fit(2 * x), "),
        ("study.py", "x = x * self.width", "x = x + self.width"),
        ("study.py", "            x = x * self.width", "        x = x * self.width"),
        ("study.py", "width = 8", "width = 9"),
        ("study.py", "class Model(Base)", "class Model"),
        ("study.py", "@noted", "@plain"),
        ("study.py", "@noted\n", ""),
        ("study.py", "[1.0, 2.0]", "[1.0, 2.5]"),
        ("study.py", "WEIGHTS += [3.0]", "WEIGHTS += [4.0]"),
        ("study.py", 'append("one")', 'append("two")'),
        ("study.py", '"first": moved', '"first": middle.other'),
        ("study.py", '"a": low.root', '"a": low.root, "b": moved'),
        ("study.py", "rivals=RIVALS", "rivals=WAYS"),
        ("study.py", '"rate  {x', '"rate {x'),
        ("study.py", "import math", "import cmath as math"),
        ("study.py", "import random", "import secrets as random"),
        ("study.py", "moved, noted, plain", "other as moved, noted, plain"),
        ("middle.py", "by=1.0", "by=2.0"),
        ("middle.py", "STEPS = 3", "STEPS = 4"),
        ("middle.py", "return moved(x)", "return other(x)"),
        ("middle.py", "def noted(f):\n    return f", "def noted(f):\n    return None"),
        ("low.py", "SCALE = 2.0", "SCALE = 2.5"),
        ("low.py", "return SCALE * x", "return SCALE + x"),
        ("low.py", "sqrt(x)", "sqrt(-x)"),
        ("low.py", "floor, sqrt", "floor, cbrt as sqrt"),
    ],
)
def test_what_is_reached_is_noticed(clone: Path, file: str, old: str, new: str) -> None:
    assert changed(clone, {file: (old, new)})


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("study.py", '"""A study."""', '"""Another word."""'),
        ("study.py", '    """A model."""\n\n', ""),
        ("study.py", "  # a remark", "  # another"),
        ("study.py", "found = [rival(x) for", "found = [\n        rival(x)\n        for"),
        ("study.py", "def part(", "\n\n# A line above it.\ndef part("),
        ("study.py", "WEIGHTS = [1.0, 2.0]", "WEIGHTS = [1.0,  2.0]"),
        ("study.py", '"second": middle.other', '"second": middle.other, "third": low.scaled'),
        ("study.py", "def unreached(x):\n    return x", "def unreached(x):\n    return 2 * x"),
        ("study.py", "print(part(1))", "print(part(2))"),
        ("low.py", '"""x in other units."""', '"""x."""'),
        ("low.py", "def unreached(x):\n    return x", "MORE = 1"),
        ("low.py", "floor, sqrt", "ceil as floor, sqrt"),
        ("middle.py", "def plain(f):\n    return f", "def plain(f):\n    return 0"),
    ],
)
def test_what_is_not_reached_is_not(clone: Path, file: str, old: str, new: str) -> None:
    assert not changed(clone, {file: (old, new)})


def test_a_definition_may_move(clone: Path) -> None:
    """Its place does not count, nor the order of a file; a change of it still does."""
    body = '\n\ndef scaled(x):\n    """x in other units."""\n    return SCALE * x\n'
    away = {"low.py": (body, ""), "middle.py": ("from low import scaled", f"SCALE = 2.0{body}")}
    assert not changed(clone, away)
    other = body.replace("*", "+")
    assert changed(clone, away | {"middle.py": (away["middle.py"][0], f"SCALE = 2.0{other}")})


def test_a_module_that_stands_alone_is_reached_whole(clone: Path) -> None:
    assert changed(clone, {"middle.py": ("def plain(f)", "def plain(g)")}, "whole")
    assert changed(clone, {"low.py": ("SCALE = 2.0", "SCALE = 3.0")}, "whole")
    assert not changed(clone, {"study.py": ("def unreached(x)", "def unreached(y)")}, "whole")


def test_a_name_that_is_nowhere_is_told(clone: Path) -> None:
    with pytest.raises(CourseError, match=r"study.py names middle.other, which is not defined"):
        changed(clone, {"middle.py": ("def other(", "def another(")}, "WAYS")


def test_it_is_the_same_on_every_python(tmp_path: Path) -> None:
    """A known hash: f-strings, whose tokens changed, and letters of several bytes among them."""
    text = '''
def part(x, ä="ü"):
    """Not counted."""
    y = f"{x!r:>{10}} {'é'} {{}}" f"{x:{x}.3f}" "a  b"; z = 1_000
    if x == 1 and \\
            y:  # a remark ö
        return (f"""
        {x + 1}  # no remark
        """, lambda ä: [ä for ä in (x, z)])
    return x[..., 1:2] @ y, 0x1F, 1e-7, b"\\x00", r"\\d", not x
'''
    (tmp_path / "one.py").write_text(text, "utf-8")
    found = Reach(tmp_path).hash_of(Key(tmp_path / "one.py", "part"))
    assert found == "5f1e3ccb2010520c4777fd70ee47a241d6ded42885766d9bbdb6a5d08824c652"


@dataclass(frozen=True)
class Setting:
    rate: float
    make: Callable[..., Any]


@cache
def doubled(x: float) -> float:
    return 2 * x


def halved(x: float) -> float:
    return x / 2


def by(factor: float) -> Callable[[float], float]:
    return lambda x: factor * x


UNNAMED: list[Callable[[float], float]] = [
    lambda x: x / 3,
    lambda x: x / 4,
]


def test_all_that_a_function_is_called_with_counts() -> None:
    values = [
        doubled,
        halved,
        by(2.0),
        by(3.0),
        *UNNAMED,
        partial(doubled, 1.0),
        partial(doubled, 1),
        partial(doubled, x=1.0),
        Setting(1.0, doubled),
        Setting(1.0, halved),
        Setting(2.0, doubled),
        partial(map, doubled),
        [1, 2],
        (1, 2),
        {"a": doubled},
        {"a": halved},
        Setting,
        np.mean,
        len,
    ]
    hashes = [reach().of(value) for value in values]
    assert len(set(hashes)) == len(values)
    assert hashes == [reach().of(value) for value in values]
    assert reach().of(np.float64(0.1)) == reach().of(0.1)
    assert reach().of({"b", "a"}) == reach().of({"a", "b"})
    assert Key(Path(__file__), "Setting") in reach().definitions(Setting(1.0, doubled))


@pytest.mark.parametrize("value", [pd.DataFrame(), Path(), np.zeros(2), paths])
def test_what_cannot_be_written_down_is_refused(value: object) -> None:
    with pytest.raises(CourseError, match=r"[Hh]and in"):
        reach().of(partial(doubled, value))


def test_what_is_known_by_a_hash_of_its_own_is_not_followed() -> None:
    """The shop's rows, where they are; and what fetches data and weights, everywhere."""
    for file, name in PINNED:
        known = Key(paths.ROOT / file, name)
        assert name in reach().source(known.file).own
        assert [*reach().definitions_of(known)] == [known]
    assert len(reach(halved).definitions(halved)) == 1
    assert reach(halved).of(doubled) == reach().of(doubled)
    assert reach(halved).of(halved) != reach().of(halved)
