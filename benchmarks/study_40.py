"""The study page of lesson 40: all that is stored of its markets, remedies and prices.

    python benchmarks/study_40.py

writes docs/studies/40.md from results/conflict_grid.json, results/smooth_excess.json and
results/lessons/40.json.
"""

from __future__ import annotations

import ast
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from scipy import stats
from verdicts import recorded, stored, word, write

from course_utils import paths
from course_utils.evidence import Claim, claim, span_text, still_standing
from course_utils.exercises.l40.cause import right_cause

PAGE = paths.ROOT / "docs" / "studies" / "40.md"

CAUSES = {
    "none": "Six tasks, a trunk of 64 units, all losses on one scale: nothing is planted.",
    "scale": "Market P. The same rows; the losses are multiplied by factors from 1 to 1/10,000.",
    "direction": "Market Q. Four tasks, a trunk of 1 unit; the fourth wants another direction.",
    "capacity": "Market R. Six tasks, a trunk of 8 units. Each task needs 16, and all the same 16.",
}
WIDE = {"none": 256, "scale": 256, "direction": 8, "capacity": 64}
EQUAL, APART, SPLIT = "equal weights", "network per task", "one teacher, student per task"
WIDER = "wider trunk"
STEPS = (EQUAL, "losses in one unit", WIDER)
"""The joint networks that task 40.2 compares."""
XS = (0.0, 0.005, 0.01, 0.02)
"""Harms in AUC that an owner accepts; the lesson takes .01."""
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

Made by `python benchmarks/study_40.py` from `results/conflict_grid.json`,
`results/smooth_excess.json` and `results/lessons/40.json`; change none by hand. The lesson:
`notebooks/40_task_conflict.ipynb`.

**How it was measured** (`benchmarks/conflict_grid.py`). Four simulated markets with known
probabilities. Every remedy has up to six settings. They are chosen on two seeds by the log loss on
validation rows: by the mean over tasks, in *direction* by the worst task, for networks apart by
each task's own. Ten other seeds judge by the true probabilities. Where the tasks contest one unit,
in *direction*, training takes 400 epochs: after 100 at a small rate some methods are still on
their way, and PCGrad seemed to gain .11. The decay of MMoE and PLE was tuned ten times as high
as the others', since at .1 their choice lay at the edge of the grid; in *direction* it is 0. The
smooth maximum is of the losses as they are reported, and its .02 in *direction* is the least
temperature that was tried.
*Normalised losses* are divided by what the best constant costs, so the factors of market P cancel.

**What is kept.** In *none*, *scale* and *capacity* each task is judged with the weights of its own
best epoch, so "one network" is a checkpoint for each task. In *direction* all tasks have the
weights of one epoch; there the joint networks had 400 epochs, and their twins, which share
nothing and rest early, 100.

*The worst task* is the one with the lowest AUC in a seed, whichever that is. *Gain* is its AUC
minus that with equal weights, seed by seed, as the mean and the 95 % interval. *Least* and *most*
are the lowest and the highest of ten seeds; *mean* is over all tasks. A verdict in brackets falls
when the {count} verdicts of all four markets are corrected (Holm). The two logistic regressions
have no trunk and stand beside. The tables after those of the markets have no brackets: their
verdicts are not corrected. In *capacity* the students are better there than separate models, which
does not pass the correction in the lesson's forest.

{machine}
"""


RULE = """\
Task 40.2 asks in three joint networks who suffers: a task whose interval of harm, twin's AUC minus
joint AUC, lies above x. First the cause that it names with all ten seeds, then how many of the 252
choices of five seeds name the planted one. The wider trunk had the losses as they are reported.
With five seeds the harm in *scale* is shown for half of the choices only; in *capacity* the narrow
twins hide harm that wide ones show. Each pattern was planted once, by design: one task that wants
something else, six that want the same. With fewer than three tasks the rule names "room" alone.
Who suffers may change with the seed: with weight 3 on D in *direction* (*weights and settings
tuned together*) the unit serves D in six of ten seeds, and A to C in four.

The name depends on x. In *direction* tasks A to C are below their narrow twins by .005 to .006,
so at x = 0 all four tasks suffer, and direction is never named. At x = .02 the harm in *scale* is
no longer shown. The lesson takes x = .01.

"""

GATES = """\
The worst task's AUC with gates minus that of the wider trunk, which costs 896 multiplications a
row in *capacity*; gates cost 688. The lesson compares MMoE with 48 units, 672 multiplications.
Gates were tried with decay .1 and 1, in *direction* with 0; MMoE chose .1 in *capacity*, the edge
of its grid. Six narrow networks, one for each task, cost 432. No correction for several verdicts.

"""

EXCESS = """\
`benchmarks/smooth_excess.py`: market Q as it is, and with task D made rare: one in five of its
labels 1 is kept. The smooth maximum $t \\ln \\sum_k e^{\\lambda_k (L_k - z_k) / t}$ in four forms.
*Losses*: $\\lambda = 1$, $z = 0$. *Normalised losses*: $\\lambda = 1/c$, where c is what the best
constant costs. *Normalised excess*: $z$ is the twin's loss as well. *Relative harm*:
$\\lambda = 1/(c - z)$, too. L, z and c are losses on the training rows. The AUC of A to C (mean)
and of D, over ten seeds, at each temperature; then the worst task's AUC minus its twin's at the
temperature that two other seeds chose, and what relative harm gains over each form there. Rate
.03, 400 epochs, one epoch for all tasks.

The lesson shows all forms at t = .1, which the two seeds chose for relative harm and for normalised
losses where D is rare. Where all tasks are equally hard they chose .005 for relative harm, the
least that was tried. At .005 relative harm leaves three tasks, A to C, near guessing in two of ten
seeds, and at .02 and .1 none. The rate was not tuned. The lesson compares relative harm at .1 with
MGDA; the second table here does so at each temperature.

Where D is rare the losses give D nothing, and the normalised excess next to nothing: all that D
can lose, c - z, is a tenth of what A to C can lose. At t = .1 and .5 relative harm lifts D more
than normalised losses do. Below, normalised losses lift D more, and A to C pay more for it. An
earlier version of this page said the reverse. It took z from validation rows and c from training
rows; with rare labels these differ by as much as c - z, which was below zero in one seed. Not
measured: a task that nobody can predict. It keeps a large normalised loss, and its relative harm is
a quotient of two small numbers.

"""


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
    found = stored("conflict_grid")
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
    text += "\n## Does who suffers name the cause?\n\n" + RULE + "\n".join(_rule(found)) + "\n"
    text += "\n## Gates against a wider trunk\n\n"
    text += GATES
    text += "\n".join(_gates(found)) + "\n"
    text += "\n## What does the smooth maximum follow?\n\n" + EXCESS + "\n".join(_excess()) + "\n"
    text += "\n" + "\n".join(_over_mgda(found)) + "\n"
    text += "\n## What each remedy costs\n\nMarket R: six tasks, eight numbers a row.\n\n"
    text += "\n".join(_prices()) + "\n"
    text += "\n## What the lesson measures when it runs\n\n"
    text += "Five of the ten seeds, one setting in the place of six.\n\n"
    return text + "\n".join(recorded("40", lambda _, one: one["n"] == 5)) + "\n"


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
        gain = span = verdict = ""
        if key in claims:
            gain = f"{(auc - base).mean():+.3f}"
            span = span_text(claims[key].low, claims[key].high)
            verdict = word(claims[key], stands.get(key, True))
        elif remedy not in (EQUAL, LIMIT):
            verdict = "no change in five digits"
        yield (
            f"| {NAMES.get(remedy, remedy)} | {auc.mean():.3f} | {auc.min():.3f} | {auc.max():.3f} "
            f"| {gain} | {span} | {verdict} | {np.mean(one['auc']):.3f} | {_chosen(one)} |"
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


def _rule(found: Mapping[str, Any]) -> Iterator[str]:
    yield "| market | twins | x | named with ten seeds | planted cause named with five |"
    yield "|---|---|---|---|---|"
    for cause in CAUSES:
        for twin, words in ((APART, "as narrow"), (f"{APART}, wide", "wide")):
            alone = np.array(found[cause][twin]["auc"])
            harms = [alone - np.array(found[cause][one]["auc"]) for one in STEPS]
            fives = [list(five) for five in combinations(range(len(alone)), 5)]
            for x in XS:
                planted = "no harm shown" if cause == "none" else cause
                right = sum(_cause([harm[five] for harm in harms], x) == planted for five in fives)
                named, counted = _cause(harms, x), f"{right} of {math.comb(len(alone), 5)}"
                yield f"| {cause} | {words} | {x} | {named} | {counted} |"


def _cause(harms: Sequence[np.ndarray], x: float) -> str:
    """The rule of task 40.2, for harms ``[seeds, tasks]`` in three joint networks."""
    equal, normalised, wider = (
        {str(task): span for task, span in enumerate(_intervals(harm))} for harm in harms
    )
    return right_cause(equal, normalised, wider, x)


def _intervals(harm: np.ndarray) -> list[tuple[float, float]]:
    """The 95 % interval of each task's mean harm, as ``paired_interval`` has it, all at once."""
    n = len(harm)
    reach = _quantile(n - 1) * harm.std(axis=0, ddof=1) / n**0.5
    return list(zip(harm.mean(axis=0) - reach, harm.mean(axis=0) + reach, strict=True))


@cache
def _quantile(freedom: int) -> float:
    return float(stats.t.ppf(0.975, freedom))


def _gates(found: Mapping[str, Any]) -> Iterator[str]:
    yield "| market | gates | interval | verdict |"
    yield "|---|---|---|---|"
    for cause in CAUSES:
        for gates in ("MMoE", "PLE"):
            one = _claim("gates", worst(found[cause][gates]), worst(found[cause][WIDER]))
            yield f"| {cause} | {gates} | {span_text(one.low, one.high)} | {one.word} |"


def below_twin(found: Mapping[str, Any], ground: str, form: str) -> np.ndarray:
    """``[seeds]``: the worst task's AUC minus its twin's, at the chosen temperature."""
    one = found[f"{ground}, joint"][form]
    at = found["temperatures"].index(one["chosen"]) if "chosen" in one else 0
    seeds = len(found["seeds"])
    twins = np.array(found[f"{ground}, twins"]["test"])[-seeds:]
    return np.asarray((np.array(one["auc"][at]) - twins).min(axis=1))


def _excess() -> Iterator[str]:
    found = stored("smooth_excess")
    told = " | ".join(f"t = {t}" for t in found["temperatures"])
    yield f"| task D | form | {told} | chosen | worst below twin | relative harm over it |"
    yield "|---" * (5 + len(found["temperatures"])) + "|"
    for ground in ("equal", "rare"):
        best = below_twin(found, ground, "relative harm")
        for form, one in found[f"{ground}, joint"].items():
            means = [np.mean(auc, axis=0) for auc in one["auc"]]
            cells = [f"{of[:3].mean():.3f}, {of[3]:.3f}" for of in means]
            cells += [""] * (len(found["temperatures"]) - len(cells))
            short, told = below_twin(found, ground, form), ""
            if form != "relative harm":
                against = _claim("form", best, short)
                told = f"{against.word}, {span_text(against.low, against.high)}"
            yield (
                f"| {ground} | {form} | {' | '.join(cells)} | {one.get('chosen', '')} "
                f"| {short.mean():.3f} | {told} |"
            )


def _over_mgda(found: Mapping[str, Any]) -> Iterator[str]:
    """Where all tasks are equally hard: the worst task's AUC with relative harm, over MGDA's."""
    yield "| t | relative harm over MGDA, worst task, D not rare | verdict |"
    yield "|---|---|---|"
    kept, base = stored("smooth_excess"), worst(found["direction"]["MGDA"])
    for t, auc in zip(
        kept["temperatures"], kept["equal, joint"]["relative harm"]["auc"], strict=True
    ):
        one = _claim("MGDA", np.min(auc, axis=1), base)
        yield f"| {t} | {span_text(one.low, one.high)} | {one.word} |"


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
    selective = (
        (tasks + 1) * d * u + tasks * (2 * d + 2 * u + u),
        (tasks + 1) * (d + 1) * u + tasks * (2 * d + u + 1),
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
        "PLE, one expert for each task and one for all": ("1", *selective, "a gate a task"),
        "network per task": ("1 each", *apart, ""),
        "network per task, wide": ("1 each", *apart_wide, ""),
        "teacher per task, one student": ("1, and the teachers'", *one, "a teacher a task first"),
        "one teacher, student per task": ("1 each, and the teacher's", *apart, ""),
    }  # fmt: skip
    yield "| remedy | backward passes a step | multiplications a served row | weights | also |"
    yield "|---|---|---|---|---|"
    for name, (passes, products, count, also) in rows.items():
        yield f"| {name} | {passes} | {products:,} | {count:,} | {also} |"


if __name__ == "__main__":
    write(PAGE, page())
