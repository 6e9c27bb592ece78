"""docs/when.md: which structure pays when, from what benchmarks/matrix.py has stored.

    python benchmarks/when.py

writes what stands below the marker of docs/when.md, with the words of docs/when/FAMILY.md; its
pictures; and docs/studies/when.md, which has every contender of every cell.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matplotlib

matplotlib.use("svg")

from matrix import FAMILIES, family_of, module_of
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

DEPTHS = ("depth_scenarios", "depth_tasks")

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


def measured(names: Iterable[str]) -> list[str]:
    """Those of which anything is stored."""
    return [name for name in names if (STORED / f"{name}.json").exists()]


def families() -> list[str]:
    """The families of methods, in the order of the page."""
    return measured(name for name in FAMILIES if name not in DEPTHS)


def title_of(name: str) -> str:
    """What the page calls a family or a real table."""
    return TABLES[name] if name in TABLES else str(module_of(name).NAME)


def ends_of(name: str) -> dict[str, dict[str, Any]]:
    """The cells of a family's verdicts."""
    found = stored(name)
    return {end: found[end] for end in family_of(name).ends}


def has_layers(choice: Mapping[str, Any]) -> bool:
    """Has a chosen setting a hidden layer? A contender that learns tasks apart has one a task."""
    trials = [one for one in choice.values() if isinstance(one, Mapping)] or [choice]
    layers = (set(trial) - {"task_weights", "tower"} for trial in trials)
    return any(
        isinstance(trial[name], list) and trial[name]
        for trial, names in zip(trials, layers, strict=True)
        for name in names
    )


def rivals_of(cell: Mapping[str, Any], name: str) -> list[str]:
    """Those that the method is judged against, from the best."""
    return [one for one in cell["spans"] if one not in family_of(name).beside]


def best(cell: Mapping[str, Any], name: str, layers: bool) -> str | None:
    """The best rival with hidden layers, or without; None where there is none."""
    tried = cell["contenders"]
    found = (one for one in rivals_of(cell, name) if has_layers(tried[one]["choice"]) == layers)
    return next(found, None)


def gain(cell: Mapping[str, Any], name: str, one: str, other: str) -> str:
    """The interval of one contender minus another."""
    raw = {**cell, "overlap": family_of(name).overlap}
    [claim] = verdict(raw, one, [other]).claims.values()
    return span_text(claim.low, claim.high)


def shown(cell: Mapping[str, Any], contender: str) -> str:
    """A contender and its mean."""
    return f"{contender} {cell['means'][contender]:.3f}".replace(" 0.", " .")


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
                Claim(
                    name,
                    f"{title_of(name)} over {rival}",
                    *cell["spans"][rival],
                    n=len(cell["seeds"]),
                )
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
    """All families in one table: the truth, the best without and with hidden layers, the gains."""
    lines = []
    for name in families():
        family = family_of(name)
        for end, cell in ends_of(name).items():
            if end == "loses" and family.wins is not None:
                continue
            plain, other = (best(cell, name, layers) for layers in (False, True))
            first = rivals_of(cell, name)[0]
            network = family.method if other is None else other
            lines.append(
                [
                    f"[{title_of(name)}](#{title_of(name).lower()})",
                    family.truth,
                    family.matches or "none",
                    "" if plain is None else shown(cell, plain),
                    "" if other is None else shown(cell, other),
                    shown(cell, family.method),
                    "" if plain is None else gain(cell, name, network, plain),
                    f"{gain(cell, name, family.method, first)}, {cell['word']}",
                    f"{collapses(cell, family.method)}",
                ]
            )
    head = (
        "family",
        "the truth is",
        "plain model of that form",
        "best without a hidden layer",
        "best other network",
        "the method",
        "what a network adds",
        "what the method adds to the best",
        "its collapsed runs",
    )
    return table_of(head, lines) + "\n\n" + corrected()


def collapses(cell: Mapping[str, Any], contender: str) -> str:
    """How many of a contender's runs collapsed, of how many; a regression has none."""
    record = cell["contenders"][contender]
    if "epochs" not in str(record["choice"]):
        return "none"
    return f"{len(record['collapsed'])} of {len(record['values'])}"


def corrected() -> str:
    """How many wins and losses are left when all verdicts are judged together."""
    every = judgements()
    standing = dict(zip(every, still_standing(every), strict=True))
    wins, losses = ([one for one in every if one.word == word] for word in ("wins", "loses"))
    lost = [one.text for one in wins if not standing[one]]
    gone = [title_of(one.family) for one in losses if not standing[one]]
    left = f"all wins but {' and '.join(lost)}" if lost else "all wins"
    kept = f"all losses but {', '.join(gone)}" if gone else "all losses"
    return (
        f"{len(wins)} of the {len(every)} verdicts are wins, {len(losses)} are losses. Corrected "
        f"for the number of verdicts (Holm), {kept} stand, and {left}."
    )


def leaders(cells: Mapping[str, Mapping[str, Any]], name: str) -> list[str]:
    """The method and the best rivals: those that are first somewhere, then by their mean."""
    first = list(dict.fromkeys(rivals_of(cell, name)[0] for cell in cells.values()))
    common = set.intersection(*(set(rivals_of(cell, name)) for cell in cells.values()))

    def mean(one: str) -> float:
        return -sum(cell["means"][one] for cell in cells.values())

    order = [one for one in first if one in common]
    order += sorted(common - set(order), key=mean)
    return [family_of(name).method, *order[:SHOWN]]


def ends_table(name: str, contenders: Sequence[str] | None = None) -> str:
    """The cells of a family's verdicts, a line a contender."""
    family, cells = family_of(name), ends_of(name)
    heads = [
        part
        for end in cells
        for part in (f"{END.get(end, end)}: mean", f"{family.method} minus it")
    ]
    every = list(dict.fromkeys(one for cell in cells.values() for one in cell["means"]))
    lines = []
    for contender in every if contenders is None else contenders:
        beside = " (beside)" if contender in family.beside else ""
        line = [f"**{contender}**" if contender == family.method else contender + beside]
        for cell in cells.values():
            if contender not in cell["means"]:
                line += ["", ""]
                continue
            span = cell["spans"].get(contender)
            line += [f"{cell['means'][contender]:.3f}", "" if span is None else span_text(*span)]
        lines.append(line)
    limits = [one for cell in cells.values() for one in (_limit(cell), "")]
    return table_of(["contender", *heads], [*lines, ["best possible", *limits]])


def _limit(cell: Mapping[str, Any]) -> str:
    return "unknown" if cell["limit"] is None else f"{cell['limit']:.3f}"


def settings(name: str) -> str:
    """Under which dials the verdicts of a family were taken, in a sentence each."""
    family = family_of(name)
    words = {one.name: one.words for one in family.axes or ()}
    words = {"n_train": "training rows", **words}
    said = []
    for end, cell in ends_of(name).items():
        at = ", ".join(f"{words[dial]} {value:g}" for dial, value in cell["dials"].items())
        said.append(f"{END.get(end, end).capitalize()} ({at}): it {_word(cell['word'])}.")
    return " ".join(said)


def _word(word: str) -> str:
    return "is left open" if word == "open" else word


def screen(name: str) -> str:
    """One family: its words, its verdicts, five rivals, its map."""
    words = (PICTURES / f"{name}.md").read_text(encoding="utf-8").strip()
    cells = ends_of(name)
    parts = [f"### {title_of(name)}", words, settings(name), ends_table(name, leaders(cells, name))]
    if has_map(name):
        alt = f"Map of {title_of(name)}: gain over the strongest rival, cell by cell."
        parts.append(f"![{alt}](when/{name}.svg)")
    return "\n\n".join(parts)


def has_map(name: str) -> bool:
    """Is every cell of a family's map measured?"""
    cells = family_of(name).cells
    return bool(cells) and len(stored(name)["cells"]) == len(cells)


def curves(name: str) -> dict[str, list[float]]:
    """Contender -> its mean at each depth, of the best few at any depth."""
    cells = {end: cell for end, cell in ends_of(name).items() if set(cell["dials"]) == {"depth"}}
    every = {one: [cell["means"].get(one, 0.0) for cell in cells.values()] for one in _all(cells)}
    behind = {
        one: min(max(of[k] for of in every.values()) - means[k] for k in range(len(means)))
        for one, means in every.items()
    }
    chosen = sorted(every, key=lambda one: behind[one])[:CURVES]
    return {one: every[one] for one in chosen}


def _all(cells: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(one for cell in cells.values() for one in cell["means"]))


def depth() -> str:
    """The form of the truth: both markets, the leaders at each depth, with rows and kinship."""
    parts = []
    for name in measured(DEPTHS):
        lines = []
        for end, cell in ends_of(name).items():
            plain, other = (best(cell, name, layers) for layers in (False, True))
            if plain is None or other is None:
                continue
            famous = max(
                [family_of(name).method, *family_of(name).beside],
                key=lambda one, cell=cell: cell["means"].get(one, 0.0),  # type: ignore[misc]
            )
            lines.append(
                [
                    end,
                    shown(cell, plain),
                    shown(cell, other),
                    shown(cell, famous),
                    gain(cell, name, other, plain),
                    gain(cell, name, famous, other),
                    _limit(cell),
                ]
            )
        head = (
            DEPTH_TITLES[name],
            "best without a hidden layer",
            "best shared or fine-tuned network",
            "best famous network",
            "what a hidden layer adds",
            "what a famous network adds to that",
            "best possible",
        )
        parts.append(f"![{DEPTH_ALTS[name]}](when/{name}.svg)\n\n{table_of(head, lines)}")
    return "\n\n".join(parts)


DEPTH_TITLES = {"depth_scenarios": "twelve markets", "depth_tasks": "a starved task"}

DEPTH_ALTS = {
    "depth_scenarios": "Twelve markets: AUC of the best contenders against the depth of the truth.",
    "depth_tasks": "A starved task: AUC of the best contenders against the depth of the truth.",
}


def reality() -> str:
    """The real tables: best plain, best network of the zoo, best famous network."""
    lines = []
    for name in measured(REAL):
        [cell] = ends_of(name).values()
        plain, other = (best(cell, name, layers) for layers in (False, True))
        family = family_of(name)
        famous = max([family.method, *family.beside], key=lambda one: cell["means"][one])
        assert plain is not None and other is not None
        lines.append(
            [
                title_of(name),
                shown(cell, plain),
                shown(cell, other),
                shown(cell, famous),
                gain(cell, name, other, plain),
                gain(cell, name, famous, max(plain, other, key=lambda one: cell["means"][one])),
            ]
        )
    head = (
        "table",
        "best without a hidden layer",
        "best network of the zoo",
        "best famous network",
        "what a hidden layer adds",
        "what a famous network adds to the best",
    )
    return table_of(head, lines)


def page() -> str:
    """docs/when.md: what is written by hand above the marker, then what was found."""
    parts = [
        "## All families",
        opening(),
        "## The form of the truth",
        (PICTURES / "depth.md").read_text(encoding="utf-8").strip(),
        depth(),
        "## Real data",
        (PICTURES / "real.md").read_text(encoding="utf-8").strip(),
        reality(),
        "## Family by family",
        *(screen(name) for name in families()),
    ]
    text = PAGE.read_text(encoding="utf-8")
    return text.split(MARKER)[0] + MARKER + "\n" + "\n\n".join(parts) + "\n"


def study() -> str:
    """docs/studies/when.md: every contender of every cell, its setting and its cost."""
    parts = [STUDY_HEAD.strip()]
    for name in measured([*FAMILIES, *REAL]):
        title = DEPTH_TITLES.get(name) or title_of(name)
        parts += [f"## {title[0].upper()}{title[1:]}", ends_table(name)]
        for end, cell in ends_of(name).items():
            lines = [
                [
                    one,
                    _setting(record["choice"]),
                    ", ".join(record["edges"]) or "none",
                    str(len(record["restarted"])),
                    collapses(cell, one),
                    str(record["seconds"]),
                ]
                for one, record in cell["contenders"].items()
            ]
            head = ("contender", "setting", "at an edge", "restarted", "collapsed", "CPU seconds")
            parts.append(f"**{END.get(end, end).capitalize()}**\n\n{table_of(head, lines)}")
    return "\n\n".join(parts) + "\n"


STUDY_HEAD = """
# Study: when does it pay?

Every contender of every cell behind [docs/when.md](../when.md), as `python benchmarks/when.py`
writes it from `results/matrix/`. *At an edge* names the settings whose chosen value is the least or
the greatest of its grid. *Restarted* and *collapsed* count seeds.
"""

FIXED = ("epochs", "patience", "keep", "tower")
"""Not searched."""


def _setting(choice: Mapping[str, Any]) -> str:
    trials = {k: one for k, one in choice.items() if isinstance(one, Mapping)} or {"": choice}
    said = []
    for task, trial in trials.items():
        of = ", ".join(f"{k} {v}" for k, v in trial.items() if k not in FIXED)
        said.append(f"{task}: {of}" if task else of)
    return "; ".join(said)


def write() -> None:
    """Both pages and all pictures."""
    import matplotlib.pyplot as plt

    for name in [*families(), *measured(DEPTHS)]:
        if name in DEPTHS:
            fig = drawn(name)
        elif has_map(name):
            fig = phase_diagram(title_of(name), family_of(name), stored(name)["cells"])
        else:
            continue
        with plt.rc_context({"svg.hashsalt": name}):
            fig.savefig(PICTURES / f"{name}.svg", metadata={"Date": None, "Creator": None})
        plt.close(fig)
    PAGE.write_text(page(), encoding="utf-8")
    STUDY.parent.mkdir(exist_ok=True)
    STUDY.write_text(study(), encoding="utf-8")


def drawn(name: str) -> Any:
    """The best contenders against depth, and the best possible."""
    fig, axes = figure(width=7.5, height=4.0)
    cells = [cell for cell in ends_of(name).values() if set(cell["dials"]) == {"depth"}]
    at = [cell["dials"]["depth"] for cell in cells]
    for contender, means in curves(name).items():
        axes.plot(at, means, "o-", label=contender)
    axes.plot(at, [cell["limit"] for cell in cells], "--", color="0.4", label="best possible")
    axes.set(xlabel="depth of the truth", ylabel="AUC", title=DEPTH_TITLES[name].capitalize())
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    return fig


if __name__ == "__main__":
    write()
