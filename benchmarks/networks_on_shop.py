"""Every network of the course on the shop's log, beside its plain rivals.

    python benchmarks/networks_on_shop.py

measures the pictures and the contenders that are missing or stale, each kept as soon as it is
done, and ends after nine minutes: run it again until it says that nothing is left. ``--page``
writes docs/networks.md and its pictures from what is stored.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import networks_dense as dense
import networks_pictures as pictures
import numpy as np
import pandas as pd
from machine import described
from networks_figures import drawn
from networks_page import PAGE, names, page
from shop_contenders import (
    BOTH,
    CONTENDERS,
    IDS,
    SEEDS,
    SETTINGS,
    TASKS,
    TRIALS,
    TUNING_SEEDS,
    Setting,
    case,
    followed,
    rows_of,
)

from course_utils import paths
from course_utils.columns import EVERYWHERE, Split
from course_utils.comparison import (
    ALL_ROWS,
    BAYES_LIMIT,
    VISIBLE_LIMIT,
    Case,
    Chances,
    Contender,
    compare_all,
)
from course_utils.comparison.judging import METRICS, judge
from course_utils.shop import Shop

RESULTS = paths.ROOT / "results" / "networks.json"
PICTURES = paths.ROOT / "docs" / "networks"
FITS = paths.CACHE / "networks"
MINUTES = 9.0
MODULES: Mapping[str, ModuleType] = {"pictures": pictures, "dense": dense}
"""What is measured beside the comparison."""

SMALL = ("Shared-Bottom", "STAR")

Stored = dict[str, Any]


def rows_hash() -> str:
    """Of some rows that the contenders read, and of their truth: the shop's part in the numbers.

    Rounded, since a logarithm's last digit depends on the processor.
    """
    rows = rows_of(SEEDS[0], SETTINGS[0]).tail(2000)
    visible = [Shop(SEEDS[0]).visible_probabilities(rows, ids) for ids in ((), IDS)]
    text = pd.concat([rows, *visible], axis=1).round(5).to_csv(index=False)
    return hashlib.sha256(text.encode()).hexdigest()


def measure(minutes: float) -> bool:
    """Measure what is missing, until the time is over. True where nothing is left."""
    until, kept = time.monotonic() + 60 * minutes, load()
    origin = {"rows": rows_hash(), "code": followed().of(limits)}
    if kept.get("origin") != origin:
        kept = {"origin": origin, **{kind: {} for kind in MODULES}, "settings": {}}
    if "small" not in kept:
        kept["small"] = small()
    wanted = missing(kept)
    for at, (where, name) in enumerate(wanted):
        if time.monotonic() > until:
            print(f"{len(wanted) - at} parts are left, run this again")
            return False
        started = time.process_time()
        if isinstance(where, Setting):
            measured = of_contender(name, where)
            code = followed().of(measured)
            part = {"code": code, **measured(cache=FITS / code[:32])}
            of = kept["settings"].setdefault(where.name, {"limits": limits(where)})
            of.setdefault("contenders", {})[name] = part
        else:
            measured = MODULES[where].MEASURED[name]
            part = {"code": followed().of(measured), "found": measured()}
            kept[where][name] = part
        part["seconds"] = round(time.process_time() - started, 1)
        kept["machine"] = described("tensorflow-cpu", "keras", "scikit-learn", "numpy")
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        place = where.name if isinstance(where, Setting) else where
        print(f"{place}, {name}: {part['seconds']} s", flush=True)
    return True


def load() -> Stored:
    """What is stored; nothing where there is no file, or one of another method."""
    kept: Stored = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return kept if "settings" in kept else {}


def missing(kept: Stored) -> list[tuple[Setting | str, str]]:
    """The parts that are not stored, or were made by other code: (setting, contender), and
    ("pictures", its name) and the like."""
    found: list[tuple[Setting | str, str]] = []
    for setting in SETTINGS:
        done = kept["settings"].get(setting.name, {}).get("contenders", {})
        for name in names(setting):
            if done.get(name, {}).get("code") != followed().of(of_contender(name, setting)):
                found.append((setting, name))
        if setting == SETTINGS[0]:
            for kind, module in MODULES.items():
                for name, measured in module.MEASURED.items():
                    if kept[kind].get(name, {}).get("code") != followed().of(measured):
                        found.append((kind, name))
    return found


def of_contender(name: str, setting: Setting) -> Callable[..., Stored]:
    """What measures a contender in a setting."""
    return partial(one_contender, name, CONTENDERS[name], setting)


def one_contender(
    name: str, make: Callable[[Setting], Contender], setting: Setting, cache: Path
) -> Stored:
    """Tune it, run it on the seeds, judge it. The others' numbers do not depend on it."""
    found = compare_all(
        lambda seed: case(seed, setting), [make(setting)], SEEDS, TUNING_SEEDS, TRIALS, cache
    )
    cases = {seed: case(seed, setting) for seed in SEEDS}
    return {
        "trials": {task: dict(trial) for task, trial in found.choice[name].items()},
        "results": lines_of([judged(found.chances[name][seed], cases[seed]) for seed in SEEDS]),
    }


def judged(chances: Chances, one: Case) -> pd.DataFrame:
    """``judge`` for both tasks, and for their product, by which a feed may be ordered: over all
    rows, against purchases and their true probability."""
    test = one.split.test
    whole = replace(test, labels={BOTH: test.labels["purchase"]}, masks={})
    product = Case(
        Split(one.split.train, one.split.valid, whole),
        truth={BOTH: one.truth["click"] * one.truth["purchase"]},
        visible={},
        judged={BOTH: np.ones(len(test), bool)},
    )
    tasks = {task: chances[task] for task in TASKS}
    found = pd.concat(
        [judge(tasks, one), judge({BOTH: tasks["click"] * tasks["purchase"]}, product)]
    )
    return found[found["task"].isin([*TASKS, BOTH])]


def limits(setting: Setting) -> dict[str, list[Stored]]:
    """What the best possible predictions get."""
    cases = [case(seed, setting) for seed in SEEDS]
    return {
        VISIBLE_LIMIT: lines_of([judged(dict(one.visible), one) for one in cases]),
        BAYES_LIMIT: lines_of([judged(dict(one.truth), one) for one in cases]),
    }


def lines_of(frames: list[pd.DataFrame]) -> list[Stored]:
    """One line for each task, scenario and kind of rows, its metrics as lists over seeds."""
    keys = ["task", "scenario", "rows"]
    found = []
    for place, lines in pd.concat(frames).groupby(keys, sort=False):
        metrics = {m: [round(float(x), 5) for x in lines[m]] for m in METRICS}
        found.append({**dict(zip(keys, map(str, place), strict=True)), **metrics})
    return found


def small() -> dict[str, float]:
    """A version that a test can recompute: 4,000 rows, two epochs, one shop, two networks.

    Returns:
        network -> AUC of the click over all test rows, against the truth.
    """
    setting = Setting(4_000, False)
    one, found = case(SEEDS[0], setting), {}
    for name in SMALL:
        method = CONTENDERS[name](setting)
        trial = {**method.trials(1, len(TASKS))[0], "epochs": 2}
        lines = judged(method.fit(one.split, 0, trial, TASKS, "test"), one)
        lines = lines.set_index(["task", "scenario", "rows"])
        found[name] = round(float(lines.loc[("click", EVERYWHERE, ALL_ROWS), "auc"]), 5)
    return found


def write_page() -> None:
    """The page and its pictures."""
    import matplotlib.pyplot as plt

    kept = load()
    PICTURES.mkdir(exist_ok=True)
    for name, part in kept["pictures"].items():
        fig = drawn(name, part["found"])
        with plt.rc_context({"svg.hashsalt": name}):
            fig.savefig(
                PICTURES / f"{name}.svg",
                metadata={"Date": None, "Creator": None},
                bbox_inches="tight",
            )
        plt.close(fig)
    PAGE.write_text(page(kept), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--page", action="store_true", help="write the page from what is stored")
    asked = parser.parse_args()
    if asked.page:
        write_page()
    elif measure(asked.minutes):
        print("nothing is left")


if __name__ == "__main__":
    main()
