"""The page of errata is made from its sources, and names a proof for each."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from course_utils import paths
from course_utils.authoring import errata
from course_utils.errors import CourseError

ERRATA = tomllib.loads((paths.ROOT / "docs" / "errata.toml").read_text(encoding="utf-8"))
PARTS = ERRATA.pop("parts")
COVERAGE = tomllib.loads((paths.ROOT / "docs" / "coverage.toml").read_text(encoding="utf-8"))


def test_the_page_is_what_its_sources_make() -> None:
    told = "run python -m course_utils build --errata"
    assert errata.PAGE.read_text(encoding="utf-8") == errata.page(), told


def test_every_erratum_has_its_row_in_order() -> None:
    rows = re.findall(r"^\| \*\*(E\d+)\*\*.*\|$", errata.page(), re.M)
    assert rows == list(ERRATA) == [f"E{k}" for k in range(1, 86)]
    assert all(1 <= first <= 85 for first in PARTS.values())
    assert list(PARTS.values()) == sorted(PARTS.values())


def test_the_code_samples_defects_are_counted() -> None:
    """Of the 43 defects of code ten stop, two stop or are silent, 31 are silent."""
    kinds = [one["kind"] for one in ERRATA.values()]
    assert [kinds.count(kind) for kind in ("crash", "both", "silent")] == [10, 2, 31]


@pytest.mark.parametrize("name", ERRATA)
def test_a_row_has_the_fragment_the_correction_and_the_proof(name: str) -> None:
    row = next(line for line in errata.page().splitlines() if line.startswith(f"| **{name}**"))
    one, proof = ERRATA[name], COVERAGE["errata"].get(name)
    assert row.count(" | ") == 4
    assert one["says"].replace("|", r"\|") in row and one["right"] in row
    if proof is None:
        assert int(name[1:]) in COVERAGE["pending"]["errata"] and "still open" in row
    else:
        assert proof.get("task", "") in row
        assert proof.get("test", "").removeprefix("tests/") in row
        linked = re.findall(r"\[(\d\d)-[^]]*\]\(\.\./solutions/(\d\d)_\w+\.ipynb\)", row)
        assert linked and all(lesson == file for lesson, file in linked)


def test_an_unknown_kind_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    read = errata._read

    def odd(name: str) -> dict[str, Any]:
        data = read(name)
        if name == "errata.toml":
            data["E7"]["kind"] = "loud"
        return data

    monkeypatch.setattr(errata, "_read", odd)
    with pytest.raises(CourseError, match=r"errata\.toml: kind 'loud' is none of text, crash"):
        errata.page()
