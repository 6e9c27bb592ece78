"""The study page of lesson 23: all that is stored of teachers, students and their plain rivals.

    python benchmarks/study_23.py

writes docs/studies/23.md from results/distillation.json, results/distillation_rivals.json,
results/distillation_starts.json, results/distillation_seeds.json and results/lessons/23.json.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from verdicts import recorded, stored, write

from course_utils import paths
from course_utils.evidence import claim, span_text

PAGE = paths.ROOT / "docs" / "studies" / "23.md"

SOFT, ALONE = "soft labels, all rows", "student alone"
LIMITS = ("visible limit", "Bayes limit")
BY_LABELS, BY_OWN = "stopped by labels", "stopped by its own loss"
STARTS = "Shared-Bottom, longer, three starts"
RIDGE, CUT = "ridge of dwell time, noise 1", "logistic regression of the long visit"
LONG = "Shared-Bottom, long visit as a task"
JOINT = "joint network: tower of the purchase"

SETTINGS = {
    "learning_rate": "rate",
    "weight_decay": "decay",
    "a": "a",
    "T": "T",
    "lam": "lambda",
    "C": "C",
    "task_weights": "task weights",
    "max_iter": "trees",
    "max_leaf_nodes": "leaves",
}
"""Those that were tuned, by their names on the page."""

HEAD = """\
# Study page of lesson 23: teachers, students and their plain rivals

Made by `python benchmarks/study_23.py` from `results/distillation.json`,
`results/distillation_rivals.json`, `results/distillation_starts.json`,
`results/distillation_seeds.json` and `results/lessons/23.json`; change none by hand. The lesson:
`notebooks/23_distillation.ipynb`.

**How it was measured** (`benchmarks/distillation.py`, `distillation_rivals.py`,
`distillation_starts.py`, `distillation_seeds.py`). Simulated rows with known truth. Each contender
has up to four settings, chosen on two seeds by the log loss on validation labels; six other seeds
judge. A seed draws new rows, new customers, new labels and new initial weights. *Ratio* is the mean
prediction over the share of ones. *Extreme* is the share of test rows with a probability below .05
or above .95. *Least* and *most* are the lowest and the highest AUC of the seeds. *Visible limit* is
the AUC of the best prediction from the columns. Where nothing else is said, a verdict is on AUC,
over six seeds, and not corrected for the number of verdicts on this page.

{machine}
"""

Names = tuple[str, str]
"""A cell of the stored results, a contender in it."""

PAIRS: dict[str, list[tuple[str, Names, Names]]] = {
    "Three choices that look important": [
        (
            "a = 0.5 where a label is known over a = 1",
            ("doubts", "soft, a = 0.5 where a label is known"),
            ("doubts", f"soft, {BY_LABELS}"),
        ),
        ("T = 8 over T = 1", ("doubts", "soft, T = 8"), ("doubts", f"soft, {BY_LABELS}")),
        (
            "400 rows: cross-fitted soft labels over plain ones",
            ("doubts", "soft, labelled rows, cross-fitted"),
            ("doubts", "soft, labelled rows"),
        ),
    ],
    "Rounding, and two rules of stopping": [
        (f"{one} over {other}", ("doubts", one), ("doubts", other))
        for one, other in [
            (f"soft, {BY_LABELS}", f"rounded, {BY_LABELS}"),
            (f"soft, {BY_OWN}", f"rounded, {BY_OWN}"),
            (f"rounded, {BY_OWN}", f"rounded, {BY_LABELS}"),
            (f"drawn, {BY_OWN}", f"rounded, {BY_OWN}"),
            (f"soft, {BY_OWN}", f"drawn, {BY_OWN}"),
            (f"soft, {BY_OWN}", f"soft, {BY_LABELS}"),
            (f"drawn, {BY_OWN}", f"drawn, {BY_LABELS}"),
        ]
    ],
    "The longer search": [
        (
            "8 units: the rival longer over the rival as usual",
            ("longer", "Shared-Bottom, longer"),
            ("unlabelled", "Shared-Bottom of 8"),
        ),
        (
            "8 units: the rival longer, three starts, over the rival as usual",
            ("longer", STARTS),
            ("unlabelled", "Shared-Bottom of 8"),
        ),
        *(
            (f"{width} units: the student, one start, over {text}", (cell, "soft, longer"), rival)
            for width, cell in ((4, "longer, width 4"), (8, "longer"))
            for text, rival in [
                ("the rival, one start", (cell, "Shared-Bottom, longer")),
                ("the rival, three starts", (cell, STARTS)),
                ("the fine-tuned rival", (f"starts, width {width}", "fine-tuned")),
                (
                    "the rival with more decay, three starts",
                    (f"starts, width {width}", "Shared-Bottom, more decay"),
                ),
                (
                    "400 labels from the teacher's embeddings",
                    (f"starts, width {width}", "teacher's embeddings"),
                ),
            ]
        ),
        (
            "8 units: the student over a frozen trunk and a regression",
            ("longer", "soft, longer"),
            ("transfer", "transfer, three starts"),
        ),
    ],
    "Where the other tasks say nothing": [
        ("1,200 labels: soft labels over alone", ("zero", SOFT), ("zero", ALONE)),
        (
            "1,200 labels: soft labels over logistic regression",
            ("zero", SOFT),
            ("zero", "logistic regression"),
        ),
        ("400 labels: the teacher over the student alone", ("few", "teacher"), ("few", ALONE)),
        ("400 labels: soft labels over alone", ("few", SOFT), ("few", ALONE)),
        ("400 labels: soft labels over the teacher", ("few", SOFT), ("few", "teacher")),
        (
            "the first simulation, five students as the teacher: over alone",
            ("unlabelled", "soft labels of the five, all rows"),
            ("unlabelled", ALONE),
        ),
        (
            "the first simulation, soft labels on labelled rows: over alone",
            ("unlabelled", "soft labels, labelled rows"),
            ("unlabelled", ALONE),
        ),
    ],
    "Twenty further simulations": [
        (f"{one} over {other}", ("twenty", one), ("twenty", other))
        for one, other in [
            ("soft labels, labelled rows", ALONE),
            (SOFT, ALONE),
            (SOFT, "soft labels, labelled rows"),
            (SOFT, "true labels, all rows"),
        ]
    ]
    + [
        (f"nothing shown by the other tasks, 400 labels: {text}", ("twenty, few", one), other)
        for text, one, other in [
            ("the teacher over the student alone", "teacher", ("twenty, few", ALONE)),
            ("soft labels over alone", SOFT, ("twenty, few", ALONE)),
            ("soft labels over the teacher", SOFT, ("twenty, few", "teacher")),
        ]
    ],
    "Privileged columns": [
        *(
            (f"{one} over {other}", ("privileged", one), ("privileged", other))
            for one, other in [
                ("dwell time, labelled rows", ALONE),
                ("dwell time, all rows", ALONE),
                ("dwell time, all rows", LONG),
                (LONG, ALONE),
                ("dwell time, all rows", "true labels, all rows"),
                ("noise, labelled rows", ALONE),
                ("receipt, labelled rows", ALONE),
            ]
        ),
        *(
            (f"two regressions over {other}", ("ridge", RIDGE), ("privileged", other))
            for other in ("dwell time, all rows", LONG)
        ),
        *(
            (
                f"noise {noise}: two regressions over the student on all rows",
                ("ridge", f"ridge of dwell time, noise {noise}"),
                ("noise", f"dwell time, noise {noise}"),
            )
            for noise in ("0.3", "1", "3", "10")
        ),
        (
            "the tower of the long visit over the tower of the purchase",
            ("towers", "joint network: tower of the long visit"),
            ("towers", JOINT),
        ),
        (
            "a regression on the same trunk over the tower of the purchase",
            ("towers", "joint network: regression on its trunk"),
            ("towers", JOINT),
        ),
        ("two regressions over a regression of the long visit", ("ridge", RIDGE), ("ridge", CUT)),
        (
            "the tower of the long visit over the student on all rows",
            ("towers", "joint network: tower of the long visit"),
            ("privileged", "dwell time, all rows"),
        ),
    ],
    "Four teachers, one student": [
        (
            "16 units, one learning rate for all: soft labels over labels",
            ("tasks, one trial", "soft labels"),
            ("tasks, one trial", "labels"),
        ),
        *(
            (
                f"{width} units, tuned: {one} over labels",
                (f"tasks, width {width}", one),
                (f"tasks, width {width}", "labels"),
            )
            for width in (4, 16, 64)
            for one in ("soft labels", "features")
        ),
        *(
            (
                f"{width} units, weight decay tuned too: soft labels over labels",
                (f"decay, width {width}", "soft labels"),
                (f"tasks, width {width}", "labels"),
            )
            for width in (4, 16, 64)
        ),
    ],
}
"""Section -> what is compared, as the lesson or an earlier edition of it did."""

MORE = {
    "Rounding, and two rules of stopping": ["doubts"],
    "The longer search": [
        "longer, width 4",
        "longer",
        "transfer",
        "starts, width 4",
        "starts, width 8",
    ],
    "Where the other tasks say nothing": ["zero", "few"],
    "Twenty further simulations": ["twenty", "twenty, few"],
    "Privileged columns": ["privileged", "noise", "ridge", "towers"],
    "Four teachers, one student": [
        "tasks, one trial",
        *(f"{name}, width {width}" for width in (4, 16, 64) for name in ("tasks", "decay")),
    ],
}
"""Section -> the cells whose tables stand in it."""

TOLD = {
    "doubts": "The first simulation, 8 units, one setting each",
    "longer": "8 units, up to 120 epochs",
    "longer, width 4": "4 units, up to 120 epochs",
    "transfer": "8 units, a frozen trunk of the frequent tasks and a regression on it",
    "starts, width 4": "4 units, other starts and more decay",
    "starts, width 8": "8 units, other starts and more decay",
    "zero": "1,200 labels; the purchase follows a habit that no other task shows",
    "few": "400 labels, one setting each; the same habit",
    "twenty": "Many clicks, few purchases; 8 units",
    "twenty, few": "Where the other tasks say nothing, 400 labels",
    "privileged": "Visits, the purchase known for 500 of 8,000; students of 16 units",
    "noise": "The student on all rows, by the noise of the dwell time, one setting each",
    "ridge": "Ridge regression of the dwell time on all rows, then a regression on this number",
    "towers": "The joint network of purchase and long visit, in parts",
    "tasks, one trial": "16 units, one learning rate for all; mean of four tasks",
    **{f"tasks, width {w}": f"{w} units, tuned; mean of four tasks" for w in (4, 16, 64)},
    **{f"decay, width {w}": f"{w} units, weight decay tuned too" for w in (4, 16, 64)},
}

NOTES = {
    "The longer search": """\
Student and rival have four settings each, up to 120 epochs and higher learning rates. The rival's
tuning had ended at the highest rate of the usual search. *Three starts*: of three initial weights
the one with the least log loss on the validation purchases. *Fine-tuned*: a network of the frequent
tasks, the best of three starts, then all weights go on with the 400 purchases. *Teacher's
embeddings*: the student begins with the wide teacher's embeddings and learns from the 400 labels.
*More decay*: of kernels and of embeddings. Other weights of the four tasks than by their numbers of
labels were not tried.
""",
    "Rounding, and two rules of stopping": """\
*By its own loss*: validation rows get the teacher's answers, treated as the training rows'. The
teacher's AUC on its own labelled rows stands beside that on test rows: it has seen their labels.
""",
    "Twenty further simulations": """\
What six seeds left open, measured again with the settings chosen above. The seeds are new. The
verdicts of this section are over twenty seeds.
""",
    "Four teachers, one student": """\
At 4 units a network for each task costs four trunks; one trunk of 16 units costs as much.
""",
}


def kept() -> tuple[dict[str, dict[str, Any]], dict[str, Any], list[str]]:
    """Cell -> contender -> what is kept of it; the losses that chose; the machines."""
    files = [stored(f"distillation{end}") for end in ("", "_rivals", "_starts", "_seeds")]
    first, rivals, starts, twenty = (one["cells"] for one in files)
    cells = {
        **first,
        "zero": first["no better teacher"],
        "noise": first["noise of dwell time"],
        "doubts": rivals["unlabelled"],
        "few": rivals["few_labels"],
        "ridge": rivals["privileged"],
        **{name: rivals[name] for name in ("towers", "longer", "longer, width 4", "transfer")},
        **{f"decay, width {w}": rivals[f"tasks, width {w}"] for w in (4, 16, 64)},
        **starts,
        "twenty": twenty["unlabelled"],
        "twenty, few": twenty["few_labels"],
    }
    tuning = {**files[1]["tuning"], **files[2]["tuning"]}
    return cells, tuning, list(dict.fromkeys(one["machine"] for one in files))


def page() -> str:
    """The page, in Markdown."""
    cells, tuning, machines = kept()
    text = HEAD.format(machine="\n".join(machines))
    text += "\n## Many clicks, few purchases\n"
    for width, cell in (
        (8, "unlabelled"),
        (4, "unlabelled, width 4"),
        (16, "unlabelled, width 16"),
    ):
        text += f"\n**{width} units.** The last two columns: soft labels on all rows minus it.\n\n"
        text += "\n".join(_table(cells[cell], SOFT)) + "\n"
    for section, pairs in PAIRS.items():
        text += f"\n## {section}\n\n" + NOTES.get(section, "")
        for cell in MORE.get(section, []):
            text += f"\n**{TOLD[cell]}.**\n\n" + "\n".join(_table(cells[cell])) + "\n"
        text += "\n" + "\n".join(_verdicts(cells, pairs)) + "\n"
    text += (
        "\n## The settings of the longer search\n\nMean log loss on the validation purchases of "
    )
    text += "the two tuning seeds.\n\n" + "\n".join(_tuning(tuning)) + "\n"
    text += "\n## What the lesson measures when it runs\n\n"
    return text + "\n".join(recorded("23", lambda _, one: one["n"] == 5)) + "\n"


def _table(cell: Mapping[str, Any], method: str = "") -> Iterator[str]:
    """One row a contender; where a method is named, what it gains over each."""
    metrics = [
        name for name in ("log_loss", "calibration", "extreme") if name in next(iter(cell.values()))
    ]
    names = [{"log_loss": "log loss", "calibration": "ratio"}.get(one, one) for one in metrics]
    chosen = any(_chosen(one) for one in cell.values())
    heads = ["contender", "AUC", "least", "most", *names]
    heads += ["chosen"] * chosen + ["difference", "verdict"] * bool(method)
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for name, one in cell.items():
        auc = np.array(one["auc"])
        row = [name, *(f"{x:.3f}" for x in (auc.mean(), auc.min(), auc.max()))]
        row += [f"{np.mean(one[metric]):.3f}" for metric in metrics]
        row += [_chosen(one)] * chosen
        if method:
            is_other = name != method and name not in LIMITS
            row += _against(cell[method], one) if is_other else ["", ""]
        yield f"| {' | '.join(row)} |"


def _chosen(one: Mapping[str, Any]) -> str:
    """The settings that were tuned."""
    trial = one.get("trial", {})
    told = [f"{name} {trial[key]}" for key, name in SETTINGS.items() if key in trial]
    return ", ".join(told) or one.get("chosen", "")


def _against(method: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[str]:
    """Interval and verdict."""
    one = claim("23.study", "one over the other", method["auc"], baseline["auc"])
    return [span_text(one.low, one.high), one.word]


def _verdicts(
    cells: Mapping[str, Mapping[str, Any]], pairs: Sequence[tuple[str, Names, Names]]
) -> Iterator[str]:
    yield "| compared | interval | verdict |"
    yield "|---|---|---|"
    for text, (cell, method), (other, baseline) in pairs:
        told = _against(cells[cell][method], cells[other][baseline])
        yield f"| {text} | {' | '.join(told)} |"


def _tuning(tuning: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    yield "| search | setting | log loss |"
    yield "|---|---|---|"
    for search, losses in tuning.items():
        for setting, loss in losses.items():
            yield f"| {search} | {setting} | {loss:.4f} |"


if __name__ == "__main__":
    write(PAGE, page())
