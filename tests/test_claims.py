"""The ledger of papers' claims: what it points to is there, what it counts is counted."""

from __future__ import annotations

import json
import re

from course_utils import paths

PAGE = paths.ROOT / "docs" / "claims.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_every_row_has_five_cells() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("|")]
    assert len(rows) > 10
    assert {line.count(" | ") for line in rows if not line.startswith("|---")} == {4}


def test_what_it_points_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)", TEXT):
        assert (PAGE.parent / target).exists(), target
    for script in re.findall(r"`((?:benchmarks|docs)/[^`]+)`", TEXT):
        assert (paths.ROOT / script).exists(), script
    sections = (paths.ROOT / "docs" / "when.md").read_text(encoding="utf-8")
    for anchor in re.findall(r"when\.md#([a-z0-9-]+)", TEXT):
        assert re.search(rf"^## {anchor}$", sections.lower().replace("²", "2"), re.M), anchor


def test_the_toy_is_counted() -> None:
    kept = json.loads((paths.ROOT / "results" / "cagrad_toy.json").read_text(encoding="utf-8"))
    ends = {
        (part, name): [word == "best mean" for word in kept[part]["methods"][name]["ends"]]
        for part in ("paper", "others")
        for name in ("Mean", "MGDA", "PCGrad", "CAGrad")
    }
    assert ends["paper", "Mean"].count(False) == 2 and all(ends["paper", "CAGrad"])
    assert not any(ends["paper", "MGDA"] + ends["paper", "PCGrad"])
    assert all(ends["others", "Mean"][:3])
    said = re.search(r"from (\d+) of 15 starts, CAGrad from (\d+) of 15", TEXT)
    assert said
    assert [int(n) for n in said.groups()] == [
        sum(ends["others", name]) for name in ("Mean", "CAGrad")
    ]
