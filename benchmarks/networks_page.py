"""The tables of docs/networks.md, from stored numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networks_dense as dense
import pandas as pd
from shop_contenders import BOTH, CLASSES, SEEDS, SETTINGS, TASKS, Setting, plain

from course_utils import paths
from course_utils.columns import EVERYWHERE
from course_utils.comparison import (
    ALL_ROWS,
    BAYES_LIMIT,
    SAMPLE_SPACE,
    VISIBLE_LIMIT,
    Comparison,
    Verdict,
)
from course_utils.comparison.judging import METRICS
from course_utils.evidence import Claim, span_text, still_standing

PAGE = paths.ROOT / "docs" / "networks.md"
MARKER = "<!-- below: python benchmarks/networks_on_shop.py --page -->\n"
NAMED = CROSSED, TWIN = "crossed logistic regression", "network per task"
TOGETHER = ("Shared-Bottom", "Shared-Bottom on crosses", "stacking")
"""The rivals that learn the purchase from clicks, too; they get a verdict as the networks do."""

LIMITS = {VISIBLE_LIMIT: "visible AUC", BAYES_LIMIT: "Bayes AUC"}
"""Their names on the page."""

Stored = dict[str, Any]


def names(setting: Setting) -> list[str]:
    """The rivals, then the networks."""
    return [*plain(setting), *CLASSES]


def comparison_of(kept: Stored, setting: Setting) -> Comparison:
    """What is stored of a setting, as ``compare_all`` would return it for all contenders."""
    found = kept["settings"][setting.name]
    frames, choice = [], {}
    for name in names(setting):
        if name in found["contenders"]:
            choice[name] = found["contenders"][name]["trials"]
            frames.append(_frame(name, found["contenders"][name]["results"]))
    frames += [_frame(name, lines) for name, lines in found["limits"].items()]
    return Comparison(pd.concat(frames, ignore_index=True), {}, choice, pd.DataFrame())


def _frame(name: str, lines: list[Stored]) -> pd.DataFrame:
    return (
        pd.DataFrame(lines)
        .explode(list(METRICS))
        .assign(contender=name, seed=list(SEEDS) * len(lines))
        .astype(dict.fromkeys(METRICS, float))
    )


def verdicts(kept: Stored, setting: Setting) -> dict[tuple[str, str], Verdict]:
    """(what learns both tasks, what is predicted) -> against every other plain rival, over all
    rows."""
    found = comparison_of(kept, setting)
    return {
        (name, what): found.verdict(
            name,
            what,
            rows=ALL_ROWS,
            rivals=[one for one in plain(setting) if one in found.choice and one != name],
        )
        for name in (*TOGETHER, *CLASSES)
        if name in found.choice
        for what in (*TASKS, BOTH)
    }


def whole_settings(kept: Stored) -> list[Setting]:
    """Those of which every contender is measured."""
    found = []
    for setting in SETTINGS:
        done = kept["settings"].get(setting.name, {}).get("contenders", {})
        if set(names(setting)) <= set(done):
            found.append(setting)
    return found


COLUMNS: Mapping[str, tuple[str, str, str, str]] = {
    "click, home": ("click", "home", ALL_ROWS, "auc"),
    "click, search": ("click", "search", ALL_ROWS, "auc"),
    "click, cart": ("click", "cart", ALL_ROWS, "auc"),
    "click, all": ("click", EVERYWHERE, ALL_ROWS, "auc"),
    "purchase, home": ("purchase", "home", ALL_ROWS, "auc"),
    "purchase, search": ("purchase", "search", ALL_ROWS, "auc"),
    "purchase, cart": ("purchase", "cart", ALL_ROWS, "auc"),
    "purchase, all": ("purchase", EVERYWHERE, ALL_ROWS, "auc"),
    "purchase, clicked rows": ("purchase", EVERYWHERE, SAMPLE_SPACE, "auc"),
    "click and purchase": (BOTH, EVERYWHERE, ALL_ROWS, "auc"),
    "calibration of the purchase": ("purchase", EVERYWHERE, ALL_ROWS, "calibration"),
}


def means(kept: Stored, setting: Setting) -> pd.DataFrame:
    """A row for each contender, a column for each of ``COLUMNS``: means over the shops."""
    results = comparison_of(kept, setting).results
    found = results.groupby(["task", "scenario", "rows", "contender"])[list(METRICS)].mean()
    shown = {head: found.loc[key[:3], key[3]] for head, key in COLUMNS.items()}
    return pd.DataFrame(shown).loc[list(dict.fromkeys(results["contender"]))]


def table(kept: Stored, setting: Setting) -> str:
    """AUC of every contender; the best of each column but the two last lines is bold."""
    frame = means(kept, setting)
    best = frame.drop(index=list(LIMITS)).idxmax()
    lines = ["| | " + " | ".join(frame.columns) + " |", "|---" * (1 + frame.shape[1]) + "|"]
    for name, row in frame.iterrows():
        cells = []
        for head, value in row.items():
            is_auc = COLUMNS[str(head)][3] == "auc"
            text = f"{value:.3f}" if is_auc else f"{value:.2f}"
            cells.append(f"**{text}**" if is_auc and best[head] == name else text)
        lines.append(f"| {LIMITS.get(str(name), name)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def gains(
    found: Mapping[tuple[str, str], Verdict], standing: Mapping[tuple[str, str, str], bool]
) -> str:
    """Each over the two rivals that were named before, and its verdict against all of them."""
    whats = (*TASKS, BOTH)
    heads = [
        f"{what}: {text}"
        for what in whats
        for text in (f"over {CROSSED}", f"over {TWIN}", "against all rivals")
    ]
    lines = ["| | " + " | ".join(heads) + " |", "|---" * (1 + len(heads)) + "|"]
    for name in dict.fromkeys(name for name, _ in found):
        cells = []
        for what in whats:
            one = found[name, what]
            for rival in NAMED:
                text = _span(one.claims[rival])
                cells.append(f"**{text}**" if standing[name, what, rival] else text)
            to = f" to {', '.join(one.loses_to)}" if one.word == "loses" else ""
            strongest = f"{one.strongest} {_span(one.claims[one.strongest])}"
            cells.append(f"{one.word}{to}; strongest rival {strongest}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _span(one: Claim) -> str:
    return span_text(one.low, one.high)


def page(kept: Stored) -> str:
    """The whole page: what is written by hand, then the tables."""
    settings = whole_settings(kept)
    found = {one: verdicts(kept, one) for one in settings}
    keys = [(one, (*key, rival)) for one in settings for key in found[one] for rival in NAMED]
    stand = still_standing([found[one][name, what].claims[of] for one, (name, what, of) in keys])
    every = [one for of in found.values() for one in of.values()]
    wins = [one for one in every if one.word == "wins"]
    counts = ", ".join(
        f"{sum(one.word == word for one in every)} {word}" for word in ("wins", "loses", "open")
    )
    said = f"{len(every)} verdicts against all rivals: {counts}."
    if wins:
        pairs = zip(every, still_standing([one.weakest for one in every]), strict=True)
        left = sum(stands for one, stands in pairs if one.word == "wins")
        said += f" Corrected for their number (Holm), {left} of the wins stand."
    said += (
        f" Bold: an interval of the {len(keys)} over {CROSSED} and over {TWIN} that does not hold "
        "0 and stands after the same correction for their number."
    )
    parts = [said]
    for one in settings:
        of_setting = {
            key: stands for (of, key), stands in zip(keys, stand, strict=True) if of == one
        }
        parts.append(
            f"## {one.name[0].upper()}{one.name[1:]}\n\n{table(kept, one)}\n\n"
            f"{gains(found[one], of_setting)}"
        )
    if kept["dense"]:
        lines = dense.table({name: part["found"] for name, part in kept["dense"].items()})
        parts.insert(0, f"## Clicks alone\n\n{lines}")
    absent = [one.name for one in SETTINGS if one not in settings]
    if absent:
        parts.append(f"Not measured yet: {'; '.join(absent)}.")
    parts.append(kept["machine"])
    text = PAGE.read_text(encoding="utf-8")
    return text.split(MARKER)[0] + MARKER + "\n" + "\n\n".join(parts) + "\n"
