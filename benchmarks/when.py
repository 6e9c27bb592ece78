"""docs/when.md: which structure pays when, from what benchmarks/matrix.py has stored.

    python benchmarks/when.py

writes what stands below the marker of docs/when.md, with the words of docs/when/FAMILY.md; its
pictures; and docs/studies/when.md, which has every contender of every cell. A family has numbers
there only where all that is tried on its verdicts has been measured by today's code.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matplotlib

matplotlib.use("svg")

from matplotlib.figure import Figure
from matrix import FAMILIES, family_of, jobs, module_of
from real_families import REAL

from course_utils import paths
from course_utils.evidence import Claim, span_text, still_standing
from course_utils.notebook.figures import figure
from course_utils.notebook.phase import phase_diagram
from course_utils.regimes.family import STORED, stored, verdict

PAGE = paths.ROOT / "docs" / "when.md"
PICTURES = paths.ROOT / "docs" / "when"
STUDY = paths.ROOT / "docs" / "studies" / "when.md"

MARKER = "<!-- below: python benchmarks/when.py -->\n"

FORMS = {
    "depth_scenarios": "twelve markets",
    "depth_tasks": "a starved task",
    "depth_inside": "a market inside the network",
}
"""Grounds on which no method is asked for: the form of the truth is turned. As the page calls
them."""

DIAL = {"depth_scenarios": "depth", "depth_tasks": "depth", "depth_inside": "inside"}
"""What is turned."""

SHOWN = 5
"""Rivals of a family that its table on the page has, the best ones; the study page has all."""

CURVES = 6

TABLES = {
    "areas": "Ta Feng, areas as scenarios",
    "kinds": "Ta Feng, kinds of goods as tasks, areas as scenarios",
    "films": "MovieLens, three tasks",
    "reviews": "clothing reviews, three tasks",
}
"""Real tables, as the page calls them."""

END = {"wins": "where it should win", "loses": "where it should lose"}


@dataclass(frozen=True)
class Judgement:
    """One verdict of the page.

    Attributes:
        word: wins, loses or open, before the correction for the number of verdicts.
        text: the claim that it hangs on.
    """

    family: str
    end: str
    word: str
    text: str
    p_value: float


@cache
def is_whole(name: str, maps: bool = False) -> bool:
    """Has today's code measured all that is tried on a family's verdicts, or on its map too?"""
    return (STORED / f"{name}.json").exists() and next(jobs(name, maps), None) is None


def whole(names: Iterable[str]) -> list[str]:
    """Those of which the page has numbers."""
    return [name for name in names if is_whole(name)]


def methods() -> list[str]:
    """The families of methods, from truths that are sums to those that no plain model holds."""
    forms = ("logistic", "factorisation")

    def place(name: str) -> int:
        matches = family_of(name).matches
        return next((k for k, form in enumerate(forms) if form in matches), len(forms))

    return sorted((name for name in FAMILIES if name not in FORMS), key=place)


def families() -> list[str]:
    """The families of methods of which the page has numbers."""
    return whole(methods())


def title_of(name: str) -> str:
    """What the page calls a family or a real table."""
    known = {**TABLES, **FORMS}
    return known[name] if name in known else str(module_of(name).NAME)


def ends_of(name: str) -> dict[str, dict[str, Any]]:
    """The cells of a family's verdicts."""
    found = stored(name)["ends"]
    return {end: found[end] for end in family_of(name).ends}


HIDDEN = ("trunk", "expert", "tower", "width")
"""Settings of hidden layers: units of each layer, or of one."""


def has_layers(choice: Mapping[str, Any]) -> bool:
    """Has a chosen setting a hidden layer? A contender that learns tasks apart has one a task."""
    trials = [one for one in choice.values() if isinstance(one, Mapping)] or [choice]
    return any(trial.get(name) for trial in trials for name in HIDDEN)


def rivals_of(cell: Mapping[str, Any], name: str) -> list[str]:
    """Those that the method is judged against, from the best."""
    return [one for one in cell["spans"] if one not in family_of(name).beside]


def best(cell: Mapping[str, Any], names: Iterable[str], layers: bool) -> str | None:
    """Of these the best with hidden layers, or without; None where there is none."""
    tried = cell["contenders"]
    found = [one for one in names if has_layers(tried[one]["choice"]) == layers]
    return max(found, key=lambda one: cell["means"][one], default=None)


def difference(cell: Mapping[str, Any], name: str, one: str, other: str) -> Claim:
    """One contender against another."""
    raw = {**cell, "overlap": family_of(name).overlap}
    [claim] = verdict(raw, one, [other]).claims.values()
    return claim


def gain(cell: Mapping[str, Any], name: str, one: str | None, other: str | None) -> str:
    """The interval of one contender minus another; empty where there is none to compare."""
    if one is None or other is None:
        return ""
    claim = difference(cell, name, one, other)
    return bare(span_text(round(claim.low, 5), round(claim.high, 5)))


def shown(cell: Mapping[str, Any], contender: str | None) -> str:
    """A contender and its mean; *none* where there is none."""
    return "none" if contender is None else f"{contender} {mean(cell['means'][contender])}"


def mean(value: float) -> str:
    """As the page writes it: ``.837``."""
    return bare(f"{value:.3f}")


def bare(text: str) -> str:
    """Numbers without the 0 before the point."""
    return re.sub(r"\b0\.", ".", text)


def judgements() -> list[Judgement]:
    """Every verdict of the families.

    A win claims *better than every rival*: its p-value is the largest of them. A loss claims *worse
    than one of them*: it is the smallest of those that are better, times the number of rivals
    (Bonferroni). What was left open has the p-value of what was tried.
    """
    found = []
    for name in families():
        for end, cell in ends_of(name).items():
            claims = [
                Claim(name, f"{title_of(name)} over {rival}", low, high, len(cell["seeds"]))
                for rival, (low, high) in cell["spans"].items()
                if rival not in family_of(name).beside
            ]
            claim = max(claims, key=lambda each: each.p_value)
            p = claim.p_value
            if cell["word"] == "loses" or (end == "loses" and cell["word"] == "open"):
                worse = [each for each in claims if each.word == "worse"] or claims
                claim = min(worse, key=lambda each: each.p_value)
                p = min(1.0, len(claims) * claim.p_value)
            found.append(Judgement(name, end, cell["word"], claim.text, p))
    return found


def table_of(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def opening() -> str:
    """All families in one table: the truth, who has its form, what networks and methods add."""
    lines = []
    for name in families():
        family = family_of(name)
        for end, cell in ends_of(name).items():
            if end == "loses" and family.wins is not None:
                continue
            where = "" if end == "wins" else f", {END.get(end, end)}"
            rivals = rivals_of(cell, name)
            plain, network = (best(cell, [family.method, *rivals], of) for of in (False, True))
            matching = family.matches if family.matches in cell["means"] else None
            added = gain(cell, name, family.method, rivals[0])
            lines.append(
                [
                    family.truth,
                    f"[{title_of(name)}](#{title_of(name).lower()}){where}",
                    shown(cell, matching),
                    shown(cell, plain),
                    shown(cell, network),
                    gain(cell, name, network, plain),
                    f"{added}: {said_of(cell)}",
                    rows_of(name, cell["dials"]),
                    collapses(cell, family.method),
                ]
            )
    head = (
        "the truth is",
        "family",
        "plain model of that form",
        "best plain model",
        "best network",
        "what the network adds",
        "what the method adds to its best rival",
        "training rows",
        "collapsed runs",
    )
    missing = ", ".join(title_of(name) for name in methods() if not is_whole(name))
    later = f"Not in this table, and without numbers below: {missing}. {WAITS}" if missing else ""
    found = [table_of(head, lines), corrected()] if lines else []
    return "\n\n".join([*found, *([later] if later else [])])


WAITS = "Being measured: no number stands here before every rival has been tried on the same cells."


def said_of(cell: Mapping[str, Any]) -> str:
    """The word of a verdict, and who a loss is to: the best of them, and how many more."""
    if not cell["loses_to"]:
        return str(cell["word"])
    best = max(cell["loses_to"], key=lambda rival: cell["means"][rival])
    more = len(cell["loses_to"]) - 1
    return f"loses to {best}" + (f" and {more} more" if more else "")


def rows_of(name: str, dials: Mapping[str, float]) -> str:
    """The training rows of a cell, and the few that its axis counts."""
    usual = inspect.signature(module_of(name).make).parameters.get("n_train")
    rows = dials.get("n_train", None if usual is None else usual.default)
    said = [] if rows is None else [f"{rows:,.0f}"]
    words = {one.name: one.words for one in family_of(name).axes or ()}
    return "; ".join([*said, *(f"{words[k]} {dials[k]:,.0f}" for k in ("few",) if k in dials)])


def collapses(cell: Mapping[str, Any], contender: str) -> str:
    """How many of a contender's runs collapsed, and of all others' here; a regression has none."""
    every = {one: r for one, r in cell["contenders"].items() if "epochs" in str(r["choice"])}
    own, others = every.pop(contender, None), every.values()
    return f"{_of_runs([] if own is None else [own])}; of the others {_of_runs(others)}"


def _of_runs(records: Iterable[Mapping[str, Any]]) -> str:
    lost, runs = 0, 0
    for record in records:
        lost, runs = lost + len(record["collapsed"]), runs + len(record["values"])
    return f"{lost} of {runs}" if runs else "none"


def corrected() -> str:
    """How many wins and losses are left when all verdicts are judged together."""
    every = judgements()
    # Of a claim only the p-value is read.
    standing = dict(zip(every, still_standing(cast(list[Claim], every)), strict=True))
    kinds = {word: [one for one in every if one.word == word] for word in ("wins", "loses")}
    left = []
    for kind, found in zip(("wins", "losses"), (kinds["wins"], kinds["loses"]), strict=True):
        fallen = ", ".join(where_it_fell(one) for one in found if not standing[one])
        if found:
            left.append(f"of the {kind} these fall: {fallen}" if fallen else f"all {kind} stand")
    said = f"{len(kinds['wins'])} of the {len(every)} verdicts are wins, {len(kinds['loses'])} are "
    said += "losses, the rest is open."
    return f"{said} Corrected for their number (Holm), {'; '.join(left)}." if left else said


def where_it_fell(one: Judgement) -> str:
    """A verdict that the correction does not leave: a family may have two over the same rival."""
    title, rival = one.text.split(" over ", 1)
    side = "above" if one.word == "wins" else "below"
    return f"{title} {END.get(one.end, one.end)} ({side} {rival})"


def leaders(name: str) -> list[str]:
    """The method, the rivals that come nearest to the best one on any cell of verdicts, and what
    stands beside."""
    behind: dict[str, float] = {}
    for cell in ends_of(name).values():
        rivals = rivals_of(cell, name)
        for one in rivals:
            gap = cell["means"][rivals[0]] - cell["means"][one]
            behind[one] = min(gap, behind.get(one, gap))
    family, order = family_of(name), sorted(behind, key=lambda one: behind[one])
    beside = [one for one in all_of(ends_of(name)) if one in family.beside]
    return [family.method, *order[:SHOWN], *beside]


def ends_table(name: str, contenders: Sequence[str] | None = None) -> str:
    """The cells of a family's verdicts, a line a contender."""
    family, cells = family_of(name), ends_of(name)
    heads = [
        part
        for end in cells
        for part in (f"{END.get(end, end)}: mean", f"{family.method} minus it")
    ]
    lines = []
    for contender in all_of(cells) if contenders is None else contenders:
        beside = " (beside)" if contender in family.beside else ""
        line = [f"**{contender}**" if contender == family.method else contender + beside]
        for cell in cells.values():
            if contender not in cell["means"]:
                line += ["not tried", ""]
                continue
            span = cell["spans"].get(contender)
            line += [mean(cell["means"][contender]), "" if span is None else bare(span_text(*span))]
        lines.append(line)
    limits = [one for cell in cells.values() for one in (limit_of(cell), "")]
    return table_of(["contender", *heads], [*lines, ["best possible", *limits]])


def all_of(cells: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Everything that was tried on any of some cells."""
    return list(dict.fromkeys(one for cell in cells.values() for one in cell["means"]))


def limit_of(cell: Mapping[str, Any]) -> str:
    """What the best model of the columns has."""
    return "unknown" if cell["limit"] is None else mean(cell["limit"])


def settings(name: str) -> str:
    """Under which dials the verdicts of a family were taken, in a sentence each."""
    words = {one.name: one.words for one in family_of(name).axes or ()}
    words = {"n_train": "training rows", **words}
    said = []
    for end, cell in ends_of(name).items():
        at = ", ".join(f"{words[dial]} {value:,g}" for dial, value in cell["dials"].items())
        said.append(f"{sentence(END.get(end, end))} ({at}): **{said_of(cell)}**.")
    return " ".join(said)


def sentence(text: str) -> str:
    """With a capital at its beginning."""
    return text[0].upper() + text[1:]


def edges(name: str, contenders: Sequence[str]) -> str:
    """Of these the settings that were chosen at an end of their grid, or that none was."""
    found: dict[str, list[str]] = {}
    for cell in ends_of(name).values():
        for contender in contenders:
            for one in cell["contenders"].get(contender, {"edges": []})["edges"]:
                if one not in found.setdefault(contender, []):
                    found[contender].append(one)
    if not found:
        return "None of their settings was chosen at an end of its grid."
    said = [f"{one} ({', '.join(f'`{of}`' for of in at)})" for one, at in found.items()]
    return f"Chosen at an end of its grid, so that a wider one might give more: {'; '.join(said)}."


def screen(name: str) -> str:
    """One family: its words, its verdicts, five rivals, its map."""
    head = f"## {title_of(name)}\n\n{words_of(name)}"
    if not is_whole(name):
        return f"{head}\n\n*{WAITS}*"
    among = leaders(name)
    parts = [head, settings(name), ends_table(name, among), edges(name, among)]
    if is_whole(name, maps=True):
        alt = f"Map of {title_of(name)}: gain over the strongest rival, cell by cell."
        parts.append(f"![{alt}](when/{name}.svg)")
    return "\n\n".join(parts)


def curves(name: str) -> dict[str, list[float]]:
    """Contender -> its mean at each depth, of the best few at any depth."""
    cells = turned(name)
    every = {one: [cell["means"].get(one, 0.0) for cell in cells] for one in cells[0]["means"]}
    behind = {
        one: min(max(of[k] for of in every.values()) - means[k] for k in range(len(means)))
        for one, means in every.items()
    }
    chosen = sorted(every, key=lambda one: behind[one])[:CURVES]
    return {one: every[one] for one in chosen}


def turned(name: str) -> list[dict[str, Any]]:
    """The cells in which nothing but the form of the truth was turned."""
    return [cell for cell in ends_of(name).values() if set(cell["dials"]) == {DIAL[name]}]


@dataclass(frozen=True)
class Three:
    """Of a cell the best plain model, the best shared or fine-tuned network, the best famous one.

    Attributes:
        cell: what the page calls it.
        line: what ``HEAD`` names.
        deep, famous: what a network adds to the best plain model, and what a famous one adds to
            the best of all others.
    """

    cell: str
    line: list[str]
    deep: Claim
    famous: Claim

    @classmethod
    def of(cls, name: str, end: str, cell: Mapping[str, Any]) -> Three:
        """The three of a cell; the method, too, is one of the famous here."""
        family = family_of(name)
        tried, networks = cell["means"], {family.method, *family.beside}
        known = [one for one in tried if one in networks]
        others = [one for one in tried if one not in networks]
        plain, network = best(cell, others, False), best(cell, others, True)
        famous = best(cell, known, True)
        assert plain is not None and network is not None and famous is not None
        first = max(others, key=lambda one: tried[one])
        return cls(
            end,
            [
                *(shown(cell, one) for one in (plain, network, famous)),
                gain(cell, name, network, plain),
                gain(cell, name, famous, first),
                limit_of(cell),
            ],
            difference(cell, name, network, plain),
            difference(cell, name, famous, first),
        )


HEAD = (
    "best plain model",
    "best shared or fine-tuned network",
    "best famous network",
    "what a network adds",
    "what a famous one adds to the best of all others",
    "best possible",
)


def depth() -> str:
    """The form of the truth: who leads at each depth, with how many rows, how alike."""
    parts = []
    for name, title in FORMS.items():
        if not is_whole(name):
            parts.append(f"**{sentence(title)}.** {WAITS}")
            continue
        found = [Three.of(name, end, cell) for end, cell in ends_of(name).items()]
        alt = f"{sentence(title)}: AUC of the best contenders against {DIAL[name]}."
        picture = f"![{alt}](when/{name}.svg)"
        parts += [
            f"**{sentence(title)}.** {told(found)}",
            picture,
            table_of((title, *HEAD), lines(found)),
        ]
    return "\n\n".join(parts)


def told(found: Sequence[Three]) -> str:
    """Where a network is above the best plain model, and a famous one above all others."""
    deep = by_word("A network over the best plain model", [(one.cell, one.deep) for one in found])
    famous = [(one.cell, one.famous) for one in found]
    return f"{deep} {by_word('A famous network over the best of all others', famous)}"


def by_word(what: str, claims: Sequence[tuple[str, Claim]]) -> str:
    """On which cells a difference is a gain, a loss, or open."""
    words = {"better": "a gain at", "worse": "a loss at", "no difference shown": "open at"}
    said = []
    for word, how in words.items():
        if cells := [cell for cell, claim in claims if claim.word == word]:
            said.append(f"{how} {'; '.join(cells)}")
    return f"{what}: {'. '.join([said[0], *map(sentence, said[1:])])}."


def lines(found: Sequence[Three]) -> list[list[str]]:
    """Of a table."""
    return [[one.cell, *one.line] for one in found]


def reality() -> str:
    """The real tables: best plain model, best network of the zoo, best famous network."""
    tables = whole(REAL)
    if not tables:
        return WAITS
    found = []
    for name in tables:
        [cell] = ends_of(name).values()
        found.append(Three.of(name, title_of(name), cell))
    parts = [told(found), table_of(("table", *HEAD), lines(found))]
    if later := ", ".join(title_of(name) for name in REAL if name not in tables):
        parts.append(f"Without numbers: {later}. {WAITS}")
    return "\n\n".join(parts)


def words_of(name: str) -> str:
    """What docs/when/ says by hand."""
    return (PICTURES / f"{name}.md").read_text(encoding="utf-8").strip()


def page() -> str:
    """docs/when.md: what is written by hand above the marker, then what was found."""
    parts = [
        "## All families",
        opening(),
        "## The form of the truth",
        words_of("depth"),
        depth(),
        "## Real data",
        words_of("real"),
        reality(),
        *(screen(name) for name in FAMILIES if name not in FORMS),
    ]
    text = PAGE.read_text(encoding="utf-8")
    return text.split(MARKER)[0] + MARKER + "\n" + "\n\n".join(parts) + "\n"


def study() -> str:
    """docs/studies/when.md: every contender of every cell, its setting and its cost."""
    names = whole([*FAMILIES, *REAL])
    parts = [STUDY_HEAD.strip(), cost(names)]
    for name in names:
        parts += [f"## {sentence(title_of(name))}", ends_table(name)]
        for end, cell in ends_of(name).items():
            lines = [
                [
                    one,
                    setting(record["choice"]),
                    ", ".join(record["edges"]) or "none",
                    str(len(record["restarted"])),
                    str(len(record["collapsed"])),
                    str(record["seconds"]),
                ]
                for one, record in cell["contenders"].items()
            ]
            head = ("contender", "setting", "at an end", "restarted", "collapsed", "CPU seconds")
            parts.append(f"**{sentence(END.get(end, end))}**\n\n{table_of(head, lines)}")
    return "\n\n".join(parts) + "\n"


STUDY_HEAD = """
# Study: when does it pay?

Every contender of every cell behind [docs/when.md](../when.md), as `python benchmarks/when.py`
writes it from `results/matrix/`. *At an end* names the settings whose chosen value is the least or
the greatest of its grid, but a least of 0. *Restarted* and *collapsed* count runs with other rows.
"""

FIXED = ("epochs", "patience", "keep", "tower")
"""Not searched."""


def cost(names: Iterable[str]) -> str:
    """The CPU hours of all cells, and of one contender over all of them."""
    seconds: dict[str, float] = {}
    for name in names:
        for cell in ends_of(name).values():
            for one, record in cell["contenders"].items():
                seconds[one] = seconds.get(one, 0.0) + record["seconds"]
    hours = {one: of / 3_600 for one, of in seconds.items()}
    dearest = max(hours, key=lambda one: hours[one], default=None)
    return (
        ""
        if dearest is None
        else f"All cells below took {sum(hours.values()):.1f} CPU hours; of these the "
        f"most expensive contender, {dearest}, {hours[dearest]:.2f}."
    )


def setting(choice: Mapping[str, Any]) -> str:
    """A chosen setting as text, one for each task that is learned apart."""
    trials = {k: one for k, one in choice.items() if isinstance(one, Mapping)} or {"": choice}
    said = []
    for task, trial in trials.items():
        of = ", ".join(f"{k} {v}" for k, v in trial.items() if k not in FIXED)
        said.append(f"{task}: {of}" if task else of)
    return "; ".join(said)


def write() -> None:
    """Both pages and all pictures; a picture of what is not whole goes."""
    import matplotlib.pyplot as plt

    for name in FAMILIES:
        file = PICTURES / f"{name}.svg"
        fig = drawn(name)
        if fig is None:
            file.unlink(missing_ok=True)
            continue
        with plt.rc_context({"svg.hashsalt": name}):
            fig.savefig(file, metadata={"Date": None, "Creator": None})
        plt.close(fig)
    PAGE.write_text(page(), encoding="utf-8")
    STUDY.parent.mkdir(exist_ok=True)
    STUDY.write_text(study(), encoding="utf-8")


def drawn(name: str) -> Figure | None:
    """A family's map, or the best contenders against the form of the truth; None where cells are
    missing."""
    if not is_whole(name, maps=name not in FORMS):
        return None
    if name not in FORMS:
        return phase_diagram(title_of(name), family_of(name), stored(name)["cells"])
    fig, axes = figure(width=7.5, height=4.0)
    cells = turned(name)
    at = [cell["dials"][DIAL[name]] for cell in cells]
    for contender, means in curves(name).items():
        axes.plot(at, means, "o-", label=contender)
    axes.plot(at, [cell["limit"] for cell in cells], "--", color="0.4", label="best possible")
    axes.set(xlabel=DIAL[name], ylabel="AUC", title=sentence(title_of(name)))
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    return fig


if __name__ == "__main__":
    write()
