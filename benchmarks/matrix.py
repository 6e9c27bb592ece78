"""The matrix: every rival of the zoo, and every family's own methods, on every family's ground.

    python benchmarks/matrix.py [FAMILY ...]

measures what is missing or stale of the cells of verdicts, one contender on one cell at a time, in
two processes, and ends after nine minutes: run it again until it says that nothing is left. In a
cell where a method should lose, what has a hidden layer is tried only if no plain rival shows it;
on cells of ``Family.only`` those are tried that it names.
``--maps`` measures the cells between them too. A new file in ``course_utils/comparison/rivals`` is
tried wherever it means something, and nothing else is measured again.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from machine import described
from real_families import REAL

from course_utils.authoring.fingerprint import reach
from course_utils.comparison.matrix import measured
from course_utils.regimes.family import CELL_SEEDS, STORED, Dials, Family, verdict

FAMILIES = (
    "shared_bottom",
    "mmoe",
    "ple",
    "esmm",
    "escm2",
    "aitm",
    "star",
    "pepnet",
    "m2m",
    "hmoe",
    "m3oe",
    "scale",
    "direction",
    "capacity",
    "depth_scenarios",
    "depth_tasks",
    "depth_inside",
)
"""In the order of docs/when.md."""

MINUTES, PROCESSES, JOBS = 9.0, 2, 10
"""Ends after so many minutes; two processes; a new one after ten jobs, for graphs take memory."""

LAYERS = {"trunk", "expert"}
"""Settings of what has a hidden layer."""

ONE_THREAD = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
"""Each process on one core: two busy threads on two shared cores are slower."""


class Job(NamedTuple):
    """One contender on one cell. ``end`` is the name of a verdict, or None for the map."""

    family: str
    end: str | None
    dials: tuple[tuple[str, float], ...]
    contender: str


def module_of(name: str) -> ModuleType:
    """The file of a family."""
    return importlib.import_module(f"course_utils.regimes.{name}")


def family_of(name: str) -> Family:
    """What is measured of a family, or of a real table."""
    found: Family = REAL[name] if name in REAL else module_of(name).FAMILY
    return found


def code_of(family: Family, contender: str) -> str:
    """The hash of the code that makes a contender's numbers, whichever cell is asked for."""
    judged = family.task, family.metric, family.scenario, family.selected
    return reach().of((family.make, family.makers()[contender], measured, judged))


def kept_of(name: str) -> dict[str, Any]:
    """What is stored of a family, to be added to. Cells that are no longer asked for are gone, and
    so is what other code has made."""
    file, family = STORED / f"{name}.json", family_of(name)
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    codes = {contender: code_of(family, contender) for contender in family.makers()}
    ends, cells = kept.get("ends", {}), kept.get("cells", [])
    for cell in [*ends.values(), *cells]:
        cell["contenders"] = {
            one: record
            for one, record in cell["contenders"].items()
            if record["code"] == codes.get(one)
        }
    return {
        "method": family.method,
        "beside": list(family.beside),
        "ends": {
            end: ends[end]
            if ends.get(end, {}).get("dials") == dials
            else cell_of(family, dials, family.fresh)
            for end, dials in family.ends.items()
        },
        "cells": [one for one in cells if one["dials"] in family.cells],
        "small": kept.get("small"),
    }


def cell_of(family: Family, dials: Dials, seeds: Sequence[int]) -> dict[str, Any]:
    """A cell on which nobody has been tried yet."""
    of = {"limit": family.limit(dials, seeds), "overlap": family.overlap}
    return {"dials": dict(dials), "seeds": list(seeds), **of, "contenders": {}}


def found_in(kept: dict[str, Any], job: Job) -> dict[str, Any]:
    """The cell of a job, made if it is new."""
    dials = dict(job.dials)
    if job.end is not None:
        return kept["ends"][job.end]
    family = family_of(job.family)
    for cell in kept["cells"]:
        if cell["dials"] == dials:
            return cell
    cell = cell_of(family, dials, CELL_SEEDS)
    kept["cells"].append(cell)
    kept["cells"].sort(key=lambda one: family.cells.index(one["dials"]))
    return cell


def jobs(name: str, maps: bool) -> Iterator[Job]:
    """What is missing or stale of a family; what is no longer tried on a cell is dropped."""
    family, kept = family_of(name), kept_of(name)
    cells: list[tuple[str | None, Dials]] = [*family.ends.items()]
    if maps:
        cells += [(None, dials) for dials in family.cells]
    for end, dials in cells:
        first = Job(name, end, tuple(dials.items()), "")
        cell = found_in(kept, first)
        known = cell["contenders"]
        entrants = family.entrants(dials, end)
        plain = [
            one
            for one, made in entrants.items()
            if one == family.method or not LAYERS & {*made.grid}
        ]
        missing = [one for one in plain if one not in known]
        if end == "loses" and not missing:
            # A loss is shown by one rival: the others are asked only where no plain one shows it.
            rivals = [one for one in plain if one not in (family.method, *family.beside)]
            if rivals and verdict(cell, family.method, rivals).word == "loses":
                continue
        if end != "loses" or not missing:
            missing = [one for one in entrants if one not in known]
        for contender in missing:
            yield first._replace(contender=contender)


def work(job: Job) -> dict[str, Any]:
    """One job, in a process of its own."""
    family = family_of(job.family)
    seeds = CELL_SEEDS if job.end is None else family.fresh
    return family.measure(job.contender, dict(job.dials), seeds)


def keep(job: Job, found: dict[str, Any]) -> None:
    """Write down what was found, beside what is stored."""
    family, kept = family_of(job.family), kept_of(job.family)
    machine = described("tensorflow-cpu", "keras", "scikit-learn", "numpy")
    record = {**found, "code": code_of(family, job.contender), "machine": machine}
    cell = found_in(kept, job)
    tried = {**cell["contenders"], job.contender: record}
    order = [*family.entrants(cell["dials"], job.end)]
    cell["contenders"] = {name: tried[name] for name in order if name in tried}
    if job.contender == family.method:
        kept["small"] = family.small()
    STORED.mkdir(parents=True, exist_ok=True)
    file = STORED / f"{job.family}.json"
    part = file.with_suffix(".part")
    part.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    part.replace(file)


def measure(names: Sequence[str], minutes: float, maps: bool) -> int:
    """Measure what is missing, until the time is over; how much is left."""
    until = time.monotonic() + 60 * minutes
    waiting = [job for name in names for job in jobs(name, maps)]
    os.environ |= dict.fromkeys(ONE_THREAD, "1") | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    running: dict[Future[dict[str, Any]], Job] = {}
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), max_tasks_per_child=JOBS) as pool:
        while running or (waiting and time.monotonic() < until):
            while waiting and len(running) < PROCESSES and time.monotonic() < until:
                job = waiting.pop(0)
                running[pool.submit(work, job)] = job
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                job, found = running.pop(done), done.result()
                keep(job, found)
                mean = sum(found["values"]) / len(found["values"])
                where = job.end or dict(job.dials)
                said = f"{job.family}, {where}, {job.contender}: {mean:.4f}"
                print(f"{said}, {found['seconds']} CPU seconds", flush=True)
    return len(waiting)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("family", nargs="*", choices=[[], *FAMILIES, *REAL])
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--maps", action="store_true", help="the cells between the verdicts too")
    asked = parser.parse_args()
    left = measure(asked.family or [*FAMILIES, *REAL], asked.minutes, asked.maps)
    print(f"{left} are left, run this again" if left else "nothing is left")


if __name__ == "__main__":
    main()
