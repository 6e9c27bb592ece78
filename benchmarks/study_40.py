"""The study page of lesson 40: all that is stored of its markets, remedies and prices.

    python benchmarks/study_40.py

writes docs/studies/40.md from results/conflict_grid.json and results/lessons/40.json.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from course_utils import paths
from course_utils.evidence import Claim, claim, compared, span_text, still_standing

PAGE = paths.ROOT / "docs" / "studies" / "40.md"

CAUSES = {
    "none": "Six tasks, a trunk of 64 units, all losses on one scale: nothing is planted.",
    "scale": "Market P. The same rows; the losses are multiplied by factors from 1 to 1/10,000.",
    "direction": "Market Q. Four tasks, a trunk of 1 unit; the fourth wants another direction.",
    "capacity": "Market R. Six tasks, a trunk of 8 units; 16 would hold what they want.",
}
WIDE = {"none": 256, "scale": 256, "direction": 8, "capacity": 64}
EQUAL, APART, SPLIT = "equal weights", "network per task", "one teacher, student per task"
LIMIT = "Bayes limit"
PLAIN = ("logistic regression", "crossed logistic regression")

NAMES = {
    "losses in one unit": "normalised losses",
    "tuned fixed weights": "weights and settings tuned together",
    "Uncertainty": "uncertainty weighting",
    "IMTLG": "IMTL-G",
    "AlignedMTL": "Aligned-MTL",
}

SETTINGS = {
    "learning_rate": "rate",
    "batch_size": "batch",
    "weight_decay": "decay",
    "temperature": "t",
    "a": "teacher's share",
    "C": "C",
}
"""Those that were tuned, by their names on the page."""

HEAD = """\
# Study page of lesson 40: remedies and causes of task conflict

Made by `python benchmarks/study_40.py` from `results/conflict_grid.json` and
`results/lessons/40.json`; change neither by hand. The lesson: `notebooks/40_task_conflict.ipynb`.

**How it was measured** (`benchmarks/conflict_grid.py`). Four simulated markets with known
probabilities. Every remedy has up to six settings. They are chosen on two seeds by the log loss on
validation rows: by the mean over tasks, in *direction* by the worst task, for networks apart by
each task's own. Ten other seeds judge by the true probabilities. Where the tasks contest one unit,
in *direction*, training takes 400 epochs: after 100 at a small rate some methods are still on
their way, and PCGrad seemed to gain .11. The decay of MMoE and PLE was tuned ten times as high
as the others', since at .1 their choice lay at the edge of the grid.

*The worst task* is the one with the lowest AUC in a seed, whichever that is. *Gain* is its AUC
minus that with equal weights, seed by seed, as the mean and the 95 % interval. *Least* and *most*
are the lowest and the highest of ten seeds; *mean* is over all tasks. A verdict in brackets falls
when the {count} verdicts of all four markets are corrected (Holm). The two logistic regressions
have no trunk and stand beside.

{machine}
"""


def grid() -> dict[str, Any]:
    """What is stored of the four markets."""
    text = (paths.RESULTS / "conflict_grid.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def gains(found: Mapping[str, Any]) -> dict[tuple[str, str], Claim]:
    """(cause, remedy) -> the worst task's AUC over equal weights; not where no seed differs."""
    result = {}
    for cause in CAUSES:
        base = worst(found[cause][EQUAL])
        for remedy, one in found[cause].items():
            if remedy not in (EQUAL, LIMIT) and np.ptp(worst(one) - base) > 0:
                result[cause, remedy] = _claim(f"{cause}: {remedy}", worst(one), base)
    return result


def worst(one: Mapping[str, Any]) -> np.ndarray:
    """``[seeds]``: the lowest AUC of a task."""
    return np.asarray(np.min(one["auc"], axis=1))


def _claim(text: str, method: np.ndarray, baseline: np.ndarray) -> Claim:
    return claim("40.study", text, method.tolist(), baseline.tolist())


def page() -> str:
    """The page, in Markdown."""
    found = grid()
    claims = gains(found)
    judged = [key for key in claims if key[1] not in PLAIN]
    stands = dict(zip(judged, still_standing([claims[key] for key in judged]), strict=True))
    machines = "\n".join(dict.fromkeys(found["machine"].values()))
    text = HEAD.format(count=len(judged), machine=machines)
    for cause, about in CAUSES.items():
        text += f"\n## {cause.capitalize()}\n\n{about} The wider trunk has {WIDE[cause]} units.\n\n"
        text += "\n".join(_table(found, cause, claims, stands)) + "\n"
    text += "\n## Each task against its twin\n\n"
    text += "AUC with equal weights minus AUC of a network for this task alone.\n\n"
    text += "\n".join(_twins(found)) + "\n"
    text += "\n## Students against separate models\n\n"
    text += (
        "A student for each task, taught by one wide network, minus a network for each task.\n\n"
    )
    text += "\n".join(_students(found)) + "\n"
    text += "\n## What each remedy costs\n\nMarket R: six tasks, eight numbers a row.\n\n"
    text += "\n".join(_prices()) + "\n"
    text += "\n## What the lesson measures when it runs\n\n"
    text += "Five of the ten seeds, one setting in the place of six.\n\n"
    return text + "\n".join(_live()) + "\n"


def _table(
    found: Mapping[str, Any],
    cause: str,
    claims: Mapping[tuple[str, str], Claim],
    stands: Mapping[tuple[str, str], bool],
) -> Iterator[str]:
    yield "| remedy | worst task | least | most | gain | interval | verdict | mean | chosen |"
    yield "|---|---|---|---|---|---|---|---|---|"
    base = worst(found[cause][EQUAL])
    for remedy, one in found[cause].items():
        auc, key = worst(one), (cause, remedy)
        gain = span = word = ""
        if key in claims:
            gain = f"{(auc - base).mean():+.3f}"
            span, word = span_text(claims[key].low, claims[key].high), claims[key].word
            word = word if stands.get(key, True) or word.startswith("no") else f"({word})"
        elif remedy not in (EQUAL, LIMIT):
            word = "no change in five digits"
        yield (
            f"| {NAMES.get(remedy, remedy)} | {auc.mean():.3f} | {auc.min():.3f} | {auc.max():.3f} "
            f"| {gain} | {span} | {word} | {np.mean(one['auc']):.3f} | {_chosen(one)} |"
        )


def _chosen(one: Mapping[str, Any]) -> str:
    """The settings that were tuned; of networks apart, each that a task chose."""
    told = []
    for trial in map(ast.literal_eval, one.get("trials", [])):
        parts = [f"{name} {trial[key]}" for key, name in SETTINGS.items() if key in trial]
        weights = trial.get("task_weights")
        if weights and len(set(weights)) > 1:
            parts.append("weights " + " ".join(f"{w:.3g}" for w in weights))
        told.append(", ".join(parts))
    return "; ".join(dict.fromkeys(told))


def _twins(found: Mapping[str, Any]) -> Iterator[str]:
    yield "| market | task | difference | interval | verdict |"
    yield "|---|---|---|---|---|"
    for cause in CAUSES:
        shared, alone = (np.array(found[cause][name]["auc"]) for name in (EQUAL, APART))
        for k in range(shared.shape[1]):
            one = _claim("twin", shared[:, k], alone[:, k])
            mean = (shared[:, k] - alone[:, k]).mean()
            span = span_text(one.low, one.high)
            yield f"| {cause} | {'ABCDEF'[k]} | {mean:+.3f} | {span} | {one.word} |"


def _students(found: Mapping[str, Any]) -> Iterator[str]:
    yield "| market | interval | verdict |"
    yield "|---|---|---|"
    for cause in CAUSES:
        one = _claim("student", worst(found[cause][SPLIT]), worst(found[cause][APART]))
        yield f"| {cause} | {span_text(one.low, one.high)} | {one.word} |"


def _prices() -> Iterator[str]:
    """Counted: d numbers a row, trunks of u and of ``wide`` units, K tasks."""
    d, u, wide, tasks = 8, 8, WIDE["capacity"], 6

    def served(units: int) -> int:
        return d * units + units * tasks

    def weights(units: int, outputs: int = tasks) -> int:
        return (d + 1) * units + (units + 1) * outputs

    one = (served(u), weights(u))
    apart, apart_wide = (
        (tasks * (d * units + units), tasks * weights(units, 1)) for units in (u, wide)
    )
    gated = (
        4 * d * u + tasks * (4 * d + 4 * u + u),
        4 * (d + 1) * u + tasks * (4 * d + u + 1),  # gates have no bias
    )
    rows = {
        "equal, tuned or normalised": ("1", *one, "tuned: a training a weighting"),
        "uncertainty, DWA, smooth maximum": ("1", *one, "a number a task"),
        "FAMO": ("1", *one, "one more forward pass"),
        "GradNorm": ("1", *one, "a gradient of the last shared layer a task"),
        "PCGrad, CAGrad, MGDA, UPGrad, IMTL-G, Aligned-MTL": (
            "one a task", *one, "all pairs' inner products, a small problem",
        ),
        "wider trunk": ("1", served(wide), weights(wide), ""),
        "MMoE, four experts": ("1", *gated, "a gate a task"),
        "network per task": ("1 each", *apart, ""),
        "network per task, wide": ("1 each", *apart_wide, ""),
        "teacher per task, one student": ("1, and the teachers'", *one, "a teacher a task first"),
        "one teacher, student per task": ("1 each, and the teacher's", *apart, ""),
    }  # fmt: skip
    yield "| remedy | backward passes a step | multiplications a served row | weights | also |"
    yield "|---|---|---|---|---|"
    for name, (passes, products, count, also) in rows.items():
        yield f"| {name} | {passes} | {products:,} | {count:,} | {also} |"


def _live() -> Iterator[str]:
    text = (paths.RESULTS / "lessons" / "40.json").read_text(encoding="utf-8")
    yield "| claim | interval | unit | seeds |"
    yield "|---|---|---|---|"
    for one in json.loads(text).values():
        if one["n"] == 5:
            span = span_text(one["low"], one["high"])
            yield f"| {compared(one['text'])} | {span} | {one['unit']} | {one['n']} |"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
