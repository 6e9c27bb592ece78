"""When does each method pay? Phase diagrams of the planted regimes.

    python benchmarks/when.py mmoe

measures the cells of one family that are missing or stale, each kept as soon as it is done, and
ends after nine minutes: run it again until it says that nothing is left. ``--page`` writes
docs/when.md and its pictures from what is stored, with the words of docs/when/FAMILY.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matplotlib

matplotlib.use("svg")

from machine import described

from course_utils import paths
from course_utils.authoring.fingerprint import reach
from course_utils.evidence import Claim, span_text, still_standing
from course_utils.notebook.phase import phase_diagram
from course_utils.regimes.diagram import STORED, Diagram, stored
from course_utils.regimes.family import STORED as MATRIX
from course_utils.regimes.family import stored as matrix_of

PAGE = paths.ROOT / "docs" / "when.md"
PICTURES = paths.ROOT / "docs" / "when"
FITS = paths.CACHE / "when"
RIVALS = paths.ROOT / "course_utils" / "regimes" / "rivals"
"""Later rivals of some families: other results were made with a family's first contenders."""

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
)
"""In the order of the page."""

MARKER = "<!-- below: python benchmarks/when.py --page -->\n"
MINUTES = 9.0


def module_of(name: str) -> ModuleType:
    """The file of a family."""
    return importlib.import_module(f"course_utils.regimes.{name}")


def completed(name: str) -> ModuleType:
    """Where the family's diagram stands: beside its later rivals, if there are any."""
    later = (RIVALS / f"{name}.py").exists()
    return module_of(f"rivals.{name}" if later else name)


def diagram_of(name: str) -> Diagram:
    """What is measured of a family: all its rivals, and the two cells of its verdicts."""
    found: Diagram = completed(name).DIAGRAM
    return found


def also(name: str) -> dict[str, dict[str, float]]:
    """Further verdicts of a family: by name, the dials."""
    return getattr(completed(name), "ALSO", {})


def measured() -> list[str]:
    """The families of which anything is stored."""
    return [name for name in FAMILIES if (STORED / f"{name}.json").exists()]


def code_of(name: str) -> str:
    """The hash of the code that makes the numbers of a family, whichever cells are asked for."""
    of = diagram_of(name)
    judged = of.method, of.task, of.metric, of.scenario, tuple(of.beside)
    return reach().of((Diagram, of.make, of.contenders, judged))


def measure(name: str, minutes: float) -> bool:
    """Measure what is missing, until the time is over. True where nothing is left."""
    diagram = diagram_of(name)
    code, until = code_of(name), time.monotonic() + 60 * minutes
    file = STORED / f"{name}.json"
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if kept.get("code") != code:
        kept = {"code": code, "cells": [], "wins": None, "loses": None}
    wanted: list[tuple[str, dict[str, float]]] = [
        (which, dict(dials))
        for which, dials in (("wins", diagram.wins), ("loses", diagram.loses))
        if dials is not None and (kept[which] or {}).get("dials") != dials
    ]
    wanted += [
        (which, dict(dials))
        for which, dials in also(name).items()
        if (kept.get(which) or {}).get("dials") != dials
    ]
    done = [one["dials"] for one in kept["cells"]]
    kept["cells"] = [one for one in kept["cells"] if one["dials"] in diagram.cells]
    wanted += [("cells", dials) for dials in diagram.cells if dials not in done]
    if "small" not in kept:
        kept["small"] = diagram.small()
    cache = FITS / name / code[:16]
    for at, (which, dials) in enumerate(wanted):
        if time.monotonic() > until:
            print(f"{name}: {len(wanted) - at} cells are left, run this again")
            return False
        if which == "cells":
            kept["cells"].append(diagram.measure(dials, cache=cache))
            kept["cells"].sort(key=lambda one: diagram.cells.index(one["dials"]))
        else:
            kept[which] = diagram.verdict(dials, cache)
        kept["machine"] = described("tensorflow-cpu", "keras", "scikit-learn", "numpy")
        STORED.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        one = kept["cells"][-1] if which == "cells" else kept[which]
        print(f"{name}, {dials}: {one['word']}, strongest rival {one['strongest']}", flush=True)
    return True


def sentence(name: str) -> str:
    """What was measured in the two verdict cells, in one paragraph."""
    diagram, found = diagram_of(name), stored(name)
    standing = {(one.family, one.end): one.stands for one in verdicts()}
    said = []
    for which in ("wins", *also(name), "loses"):
        one, words = found[which], f"It {which}"
        if one is None:
            asked = diagram.wins if which == "wins" else diagram.loses
            what = f"No cell was found in which it {which}" if asked is None else "Not measured yet"
            said.append(f"**{what}.**")
            continue
        setting = ", ".join(f"{_words(diagram, k)} {v:g}" for k, v in one["dials"].items())
        low, high = one["spans"][one["strongest"]]
        means = one["means"]
        if one["word"] == which:
            left = "" if standing[name, which] else " (not after the correction)"
            line = f"**{words}{left}** at {setting}"
        else:
            ends = {"wins": "it was to do best", "loses": "it was to do worst"}
            end = ends.get(which, "search seeds had it ahead of the three rivals tried")
            came = "fresh seeds leave it *open*" if one["word"] == "open" else f"it *{one['word']}*"
            line = f"At {setting}, where {end}, {came}"
        said.append(
            f"{line}: {means[diagram.method]:.3f} against {means[one['strongest']]:.3f} of the "
            f"strongest rival, {one['strongest']} ({span_text(low, high, 4)}); the "
            f"Bayes AUC is {one['limit']:.3f}."
        )
    return " ".join(said)


def _words(diagram: Diagram, name: str) -> str:
    """What a dial says; the rows are no dial of some families, but of one verdict."""
    dials = {one.name: one.words for one in (diagram.across, diagram.up)}
    return {"n_train": "training rows", **dials}[name]


def overview() -> str:
    """All families in one table: the gain over the strongest rival at both ends."""
    lines = ["| family | wins by | loses by |", "|---|---|---|"]
    for name in measured():
        found, cells = stored(name), []
        for which in ("wins", "loses"):
            one = found[which]
            if one is None or one["word"] == "open":
                cells.append("not found" if one is None else "open")
                continue
            low, high = one["spans"][one["strongest"]]
            not_so = "" if one["word"] == which else "not found, "
            cells.append(f"{not_so}{span_text(low, high, 4)}, {one['strongest']}")
        title = module_of(name).NAME
        lines.append(f"| [{title}](#{title.lower()}) | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n\n" + corrected()


def anew() -> str:
    """The families on which the whole zoo has been tried (benchmarks/matrix.py)."""
    names = [name for name in FAMILIES if (MATRIX / f"{name}.json").exists()]
    if not names:
        return ""
    lines = [
        "## Measured anew",
        "",
        "All rivals are tried again, with more of them: one search of 24 settings for each,",
        "wider grids, and a restart for every network that collapses",
        "(`course_utils/comparison/matrix.py`). Where a family stands here, this table holds, and",
        "what is told of it below does not.",
        "",
        "| family | where it should | the method | the best rivals | gain over the best | word |",
        "|---|---|---|---|---|---|",
    ]
    for name in names:
        found = matrix_of(name)
        for end, one in found["ends"].items():
            rivals = [each for each in one["spans"] if each not in found["beside"]]
            best = "; ".join(f"{each} {one['means'][each]:.3f}" for each in rivals[:5])
            method = f"{found['method']} {one['means'][found['method']]:.3f}"
            span = span_text(*one["spans"][rivals[0]], 4)
            title = module_of(name).NAME
            where = {"wins": "win", "loses": "lose"}.get(end, end)
            word = f"loses to {'; '.join(one['loses_to'])}" if one["loses_to"] else one["word"]
            lines.append(f"| {title} | {where} | {method} | {best} | {span} | {word} |")
    return "\n".join(lines)


def verdicts() -> list[SimpleNamespace]:
    """Every verdict of the page: ``family``, ``end``, ``word``, the claim's ``text`` and
    ``p_value``, and whether it ``stands`` when all are judged together (Holm).

    A win claims *better than every rival*: its p-value is the largest of them. A loss claims *worse
    than one of them*: it is the smallest of those that are better, times the number of rivals
    (Bonferroni). What was left open has the p-value of what was tried.
    """
    found = []
    for name in measured():
        diagram, kept = diagram_of(name), stored(name)
        for end in ("wins", *also(name), "loses"):
            one = kept[end]
            if one is None:
                continue
            claims = [
                Claim(name, f"{module_of(name).NAME} over {rival}", *span, len(one["seeds"]))
                for rival, span in one["spans"].items()
                if rival not in diagram.beside
            ]
            claim = max(claims, key=lambda each: each.p_value)
            p = claim.p_value
            if one["word"] == "loses" or (end == "loses" and one["word"] == "open"):
                worse = [each for each in claims if each.word == "worse"] or claims
                claim = min(worse, key=lambda each: each.p_value)
                p = min(1.0, len(claims) * claim.p_value)
            said = dict(family=name, end=end, word=one["word"], text=claim.text, p_value=p)
            found.append(SimpleNamespace(**said))
    standing = still_standing(found)
    for one, stands in zip(found, standing, strict=True):
        one.stands = stands
    return found


def corrected() -> str:
    """How many wins and losses are left when all verdicts of the page are judged together."""
    every = verdicts()
    wins, losses = ([one for one in every if one.word == word] for word in ("wins", "loses"))
    lost = [one.text for one in wins if not one.stands]
    gone = [module_of(one.family).NAME for one in losses if not one.stands]
    left = f"all wins but {' and '.join(lost)}" if lost else "all wins"
    kept = f"all losses but {', '.join(gone)}" if gone else "all losses"
    return (
        f"{len(wins)} of the {len(every)} verdicts are wins. {len(losses)} are losses. Corrected "
        f"for the number of verdicts (Holm), {kept} stand, and {left}."
    )


def table(name: str) -> str:
    """The two verdict cells, every contender a line."""
    diagram, found = diagram_of(name), stored(name)
    every = [which for which in ("wins", *also(name), "loses") if found[which]]
    parts, ends = [found[which] for which in every], {"wins": "best", "loses": "worst"}
    heads = [
        f"where it {which}"
        if found[which]["word"] == which
        else f"at its {ends[which]}"
        if which in ends
        else "where search seeds had it ahead"
        for which in every
    ]
    lines = [
        "| contender | " + " | ".join(f"{one}: mean | gain over it" for one in heads) + " |",
        "|---" * (1 + 2 * len(heads)) + "|",
    ]
    for contender in parts[0]["means"]:
        cells = []
        for one in parts:
            cells.append(f"{one['means'][contender]:.3f}")
            span = one["spans"].get(contender)
            cells.append("" if span is None else span_text(*span, 4))
        shown = f"**{contender}**" if contender == diagram.method else contender
        shown += " (beside)" if contender in diagram.beside else ""
        lines.append(f"| {shown} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def page() -> str:
    """The whole page: what is written by hand above the marker, then every family."""
    parts = []
    for name in measured():
        module, found = module_of(name), stored(name)
        words = (PICTURES / f"{name}.md").read_text(encoding="utf-8").strip()
        shown = "The map between them is not measured yet."
        if len(found["cells"]) == len(diagram_of(name).cells):
            alt = f"Phase diagram of {module.NAME}: gain over the strongest rival, cell by cell."
            shown = f"![{alt}](when/{name}.svg)"
        parts.append(
            f"## {module.NAME}\n\n{words}\n\n{sentence(name)}\n\n{table(name)}\n\n"
            f"{shown}\n\n{found['machine']}"
        )
    text = PAGE.read_text(encoding="utf-8")
    return (
        text.split(MARKER)[0]
        + MARKER
        + "\n"
        + "\n\n".join([one for one in (anew(), overview(), *parts) if one])
        + "\n"
    )


def write_page() -> None:
    """The page and its pictures."""
    import matplotlib.pyplot as plt

    for name in measured():
        diagram, cells = diagram_of(name), stored(name)["cells"]
        if len(cells) < len(diagram.cells):
            continue
        fig = phase_diagram(module_of(name).NAME, diagram, cells)
        with plt.rc_context({"svg.hashsalt": name}):
            fig.savefig(PICTURES / f"{name}.svg", metadata={"Date": None, "Creator": None})
        plt.close(fig)
    PAGE.write_text(page(), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("family", nargs="?", choices=FAMILIES)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--page", action="store_true", help="write the page from what is stored")
    asked = parser.parse_args()
    if asked.family and measure(asked.family, asked.minutes):
        print(f"{asked.family}: nothing is left")
    if asked.page:
        write_page()


if __name__ == "__main__":
    main()
