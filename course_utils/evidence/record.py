"""What is recorded of a lesson's claims: ``results/lessons/NN.json``.

``COURSE_UTILS_EVIDENCE`` says how a claim meets its record. ``strict``, in the gate and in a
build: it must be recorded and agree. ``record``: it is taken as it comes. Unset, as for a
reader: it must agree where it is recorded. Where ``COURSE_UTILS_EVIDENCE_LIVE`` names a file,
each live interval is added to it, a line of JSON each.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

from course_utils import paths
from course_utils.errors import CourseError

MODE = "COURSE_UTILS_EVIDENCE"
LIVE = "COURSE_UTILS_EVIDENCE_LIVE"

SAME = 0.1
"""Of a half-width: by how much a claim may move until it is recorded anew."""

Interval = tuple[float, float]


def mode() -> str:
    """``strict``, ``record`` or ``""``."""
    return os.environ.get(MODE, "")


def file_of(lesson: str) -> Path:
    """Where the claims of lesson ``"20"`` are recorded."""
    return paths.RESULTS / "lessons" / f"{lesson}.json"


def read(lesson: str) -> dict[str, dict[str, Any]]:
    """Id -> what is recorded; empty for a lesson without claims.

    Raises:
        CourseError: if the file is damaged.
    """
    file = file_of(lesson)
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError):
        where = f"results/lessons/{file.name}"
        raise CourseError(f"{where} is damaged: git checkout -- {where}") from None


def agrees(live: Interval, recorded: Interval, part: float = 0.5) -> bool:
    """Whether each end of a live interval lies within half the recorded half-width h of its end.

    ``part`` is this half.

    So the baseline in the method's place never agrees: its differences are all 0, both its
    ends are 0, and no point is within h/2 of two ends that lie 2h apart. Method and baseline
    exchanged do not agree either, unless the recorded mean is within h/4 of 0; such a claim
    shows no difference anyway.
    """
    half = (recorded[1] - recorded[0]) / 2
    return max(abs(live[0] - recorded[0]), abs(live[1] - recorded[1])) <= part * half


def write(lesson: str, live: Path) -> None:
    """Make the live claims of a run, as ``note`` left them in a file, the record of a lesson.

    The recorded interval of a claim stays where the live one is within a tenth of its half-width:
    another CPU gives slightly other results, and the record must not follow each of them. What has
    moved further is recorded anew, or text and picture would part.

    Raises:
        CourseError: if two claims share an id, or one belongs to another lesson.
    """
    lines = live.read_text(encoding="utf-8").splitlines() if live.exists() else []
    known = read(lesson)
    claims: dict[str, dict[str, Any]] = {}
    for one in map(json.loads, lines):
        id = one.pop("id")
        if id in claims or not id.startswith(f"{lesson}."):
            raise CourseError(f"Lesson {lesson} needs another id for a claim than {id!r}.")
        claims[id] = one
        old = known.get(id, {})
        if {**one, **_ends(old)} == old and agrees(_interval(one), _interval(old), SAME):
            claims[id] = old
    file = file_of(lesson)
    if not claims:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(claims, indent=1, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8")


def _ends(entry: dict[str, Any]) -> dict[str, Any]:
    return {end: entry[end] for end in ("low", "high") if end in entry}


def _interval(entry: dict[str, Any]) -> Interval:
    return entry["low"], entry["high"]


def note(claim: dict[str, Any]) -> None:
    """Add a live claim to the file that the environment names, if it names one."""
    file = os.environ.get(LIVE)
    if file:
        with open(file, "a", encoding="utf-8") as lines:
            lines.write(json.dumps(claim, ensure_ascii=False) + "\n")


def rounded(low: float, high: float) -> tuple[float, float]:
    """Both ends with four digits of the half-width, more where an end is nearer to zero."""
    smallest = min(abs(one) for one in ((high - low) / 2, low, high) if one)
    digits = max(0, 3 - math.floor(math.log10(smallest)))
    return round(low, digits), round(high, digits)
