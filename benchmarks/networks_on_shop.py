"""Every network of the course on the shop's log: AUC of each task in each scenario.

    python benchmarks/networks_on_shop.py

writes results/networks.json and the tables of docs/networks.md, in about fifteen minutes. Ten shops
are the seeds; two others tune. Every network gets the same five learning rates and the same
early stopping; so does each single-task twin, one for each task. Widths are the defaults.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from machine import described
from shop_rows import N_TEST, N_TRAIN, N_VALID, columns, log, split

from course_utils import models
from course_utils.authoring.fingerprint import code_hash
from course_utils.columns import Columns, Split
from course_utils.errors import CourseError
from course_utils.evidence import word_for
from course_utils.metrics import auc, paired_interval
from course_utils.training import compare

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "results" / "networks.json"
PAGE = ROOT / "docs" / "networks.md"
TASKS = ("click", "purchase")
BOUGHT = "click and purchase"
SCENARIOS = ("home", "search", "cart")
TWIN, LIMIT = "SingleTask", "Bayes limit"
SEEDS, TUNING_SEEDS = range(10), (100, 101)
RATES = (5e-4, 1e-3, 2e-3, 4e-3, 8e-3)
EPOCHS = 20

Results = dict[str, dict[str, list[float]]]


def builds(made_for: Columns) -> dict[str, Callable[[], models.Network]]:
    """Name -> what makes the network."""
    plain = [
        models.SharedBottom,
        models.MMoE,
        models.PLE,
        models.ESMM,
        models.ESCM2,
        models.AITM,
        models.STAR,
        models.HMoE,
        models.M3oE,
    ]
    found = {cls.__name__: (lambda cls=cls: cls(made_for, TASKS)) for cls in plain}
    person = ("user_id", "product_id")
    found["PEPNet"] = lambda: models.PEPNet(made_for, TASKS, prior=person)
    found["M2M"] = lambda: models.M2M(made_for, TASKS, user=person[:1])
    return found


def twins(made_for: Columns) -> dict[str, Callable[[], models.Network]]:
    """One network for each task, tuned for itself."""
    return {task: (lambda task=task: models.SingleTask(made_for, (task,))) for task in TASKS}


def judged(chances: Mapping[str, np.ndarray], rows: Split) -> dict[str, float]:
    """AUC of each task in each scenario over its sample space, and of both tasks' product
    over all rows; nan where a scenario has one label only."""
    test, found = rows.test, {}
    for task in TASKS:
        for code, scenario in enumerate(SCENARIOS):
            counts = test.mask(task) & (test.scenario == code)
            found[f"{task}, {scenario}"] = _auc(test.labels[task][counts], chances[task][counts])
    both = chances["click"] * chances["purchase"]
    found[f"{BOUGHT}, all"] = _auc(test.labels["purchase"], both)
    return found


def _auc(labels: np.ndarray, scores: np.ndarray) -> float:
    try:
        return auc(labels, scores)
    except CourseError:
        return float("nan")


def limits(seed: int, rows: Split) -> dict[str, float]:
    """The same for the true chances."""
    test = log(seed).tail(len(rows.test))
    truth = {"click": test["p_click"], "purchase": test["p_purchase_given_click"]}
    return judged({task: p.to_numpy() for task, p in truth.items()}, rows)


def measure(
    split: Callable[[int], Split],
    made_for: Columns,
    names: Sequence[str] | None = None,
    **training: Any,
) -> tuple[Results, dict[str, float]]:
    """All results, one number a seed; and the learning rate that each network got."""
    chosen = {k: build for k, build in builds(made_for).items() if names is None or k in names}
    seeds = training["seeds"]
    alone = compare(twins(made_for), split, **training)
    runs = compare(chosen, split, **training)
    chances = {name: run.predictions for name, run in runs.items()}
    chances[TWIN] = [
        {task: alone[task].predictions[at][task] for task in TASKS} for at in range(len(seeds))
    ]
    results: Results = {}
    for name in (TWIN, *chosen):
        each = [judged(one, split(seed)) for one, seed in zip(chances[name], seeds, strict=True)]
        results[name] = {what: [one[what] for one in each] for what in each[0]}
    each = [limits(seed, split(seed)) for seed in seeds]
    results[LIMIT] = {what: [one[what] for one in each] for what in each[0]}
    rates = {f"{TWIN}, {task}": alone[task].learning_rate for task in TASKS}
    return results, rates | {name: run.learning_rate for name, run in runs.items()}


def code_files() -> list[Path]:
    """All code that makes the numbers."""
    files = [ROOT / "course_utils" / "columns.py"]
    files += [ROOT / "benchmarks" / name for name in ("networks_on_shop.py", "shop_rows.py")]
    for room in ("metrics", "layers", "models", "training", "shop"):
        files += sorted((ROOT / "course_utils" / room).glob("*.py"))
    return files


def small() -> Results:
    """A version that a test can recompute: 6,000 rows, two networks, two epochs, one shop."""
    rows = split(0)
    parts = {name: getattr(rows, name).take(np.arange(2000)) for name in ("valid", "test")}
    little = Split(train=rows.train.take(np.arange(6000)), **parts)
    training = {"seeds": (0,), "learning_rates": (2e-3,), "epochs": 2}
    results, _ = measure(lambda _: little, rows.train.columns, ["MMoE", "STAR"], **training)
    del results[LIMIT]  # its rows are the last of the log, these are not
    return results


def tables(found: dict[str, Any]) -> str:
    """The two tables of docs/networks.md."""
    results: Results = found["results"]
    cells = list(results[TWIN])
    lines = ["| network | " + " | ".join(cells) + " |", "|---" * (len(cells) + 1) + "|"]
    for name, row in results.items():
        numbers = [f"{np.mean(row[cell]):.3f} ± {_half(row[cell]):.3f}" for cell in cells]
        lines.append(f"| {name} | " + " | ".join(numbers) + " |")
    lines += ["", "Gain over the twin, paired over shops, 95 % interval:", ""]
    lines += ["| network | " + " | ".join(cells) + " |", "|---" * (len(cells) + 1) + "|"]
    for name, row in results.items():
        if name in (TWIN, LIMIT):
            continue
        texts = []
        for cell in cells:
            low, high = paired_interval(np.subtract(row[cell], results[TWIN][cell]))
            text = f"{low:+.3f} to {high:+.3f}"
            texts.append(text if word_for(low, high) == "no difference shown" else f"**{text}**")
        lines.append(f"| {name} | " + " | ".join(texts) + " |")
    rates = ", ".join(f"{name} {rate:g}" for name, rate in found["learning_rates"].items())
    lines += ["", f"Learning rates, chosen among {', '.join(f'{r:g}' for r in RATES)}: {rates}."]
    return "\n".join([*lines, "", found["machine"]])


def _half(values: Sequence[float]) -> float:
    """Half the 95 % interval of the mean."""
    low, high = paired_interval(values)
    return (high - low) / 2


def write_page(found: dict[str, Any]) -> None:
    """Put the tables below the line that says so; the text above it is written by hand."""
    marker = "<!-- below: python benchmarks/networks_on_shop.py -->\n"
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.split(marker)[0] + marker + "\n" + tables(found) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    if not parser.parse_args().page:
        results, rates = measure(
            split,
            columns(0),
            seeds=SEEDS,
            learning_rates=RATES,
            tuning_seeds=TUNING_SEEDS,
            epochs=EPOCHS,
        )
        found = {
            "results": {
                name: {what: [round(x, 5) for x in values] for what, values in row.items()}
                for name, row in results.items()
            },
            "learning_rates": rates,
            "small": small(),
            "seeds": list(SEEDS),
            "tuning_seeds": list(TUNING_SEEDS),
            "rows": [N_TRAIN, N_VALID, N_TEST],
            "machine": described("tensorflow-cpu", "keras", "numpy"),
            "code": code_hash(code_files()),
        }
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    write_page(json.loads(RESULTS.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
