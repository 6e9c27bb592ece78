"""Networks and plain rivals that all learn from all labels, those of the stop, too.

For lesson 33.

    python benchmarks/adding_a_task_again.py

measures what is missing or stale, kept in results/adding_a_task_again.json; some two minutes.
In ``adding_a_task_labels.py`` the plain rivals alone learn from the labels in validation. Here
head and LwF, too: the stop names the number of epochs, then each is trained once more on both
parts for as many epochs, and for half as many (about as many steps). Shops and settings are those
chosen before. Beside them the regressions at a strength chosen for all labels, by five folds of
the labels of the tuning shops; and the new market's regressions with its validation rows.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import adding_a_scenario_fresh as fresh
import adding_a_task as base
import adding_a_task_labels as more
import adding_a_task_warm as warm
import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.columns import Split, Table
from course_utils.models import SharedBottom

RHOS = (1.0, 0.75, 0.5, 0.0)
SHARES: Mapping[str, float] = {"as many": 1.0, "half": 0.5}
"""Of the epochs that the stop chose."""

STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0)
FOLDS = 5


def together(one: Table, other: Table) -> Table:
    """The rows of both."""
    return Table(
        one.columns,
        *(np.concatenate([getattr(one, of), getattr(other, of)]) for of in ("codes", "numbers")),
        np.concatenate([one.scenario, other.scenario]),
        *(
            {
                task: np.concatenate([of, getattr(other, name)[task]])
                for task, of in getattr(one, name).items()
            }
            for name in ("labels", "masks")
        ),
    )


Settings = tuple[base.Trial, base.Trial]
"""The head's setting, and that of LwF behind a trained head."""


def scored(seed: int, rho: float, of_new: Any, of_old: SharedBottom) -> dict[str, float]:
    """Task -> AUC."""
    one = base.market(seed, rho, more.FEW)
    said = of_old.predict(one.split.test)
    p = {task: said[task] for task in base.OLD}
    p[base.NEW] = of_new.predict(one.split.test)[base.NEW]
    return {task: of["auc"] for task, of in base.scores(one, p).items()}


def shop(seed: int, rho: float, chosen: Settings) -> dict[str, Any]:
    """Way -> with the stop, and once more: what is kept of each training, and its AUCs.

    A training keeps the snapshot with the least loss on what it is given as validation rows; once
    more, these are the rows that it learns from, so that no other label is looked at.
    """
    one, old = base.market(seed, rho, more.FEW), base.old_network(seed, more.WIDTH)
    base.SOURCE["old"] = old
    train, valid = base.labelled(one.split.train), base.labelled(one.split.valid)
    whole = together(train, valid)
    (rate, _), (second, factor) = chosen
    head, lwf = base.trainer_of(warm.HEAD_WAY, more.WIDTH, 32), warm._trainer(base.WAYS["LwF"])
    head.balancing.weights = (1.0,)  # type: ignore[union-attr]
    lwf.balancing.weights = (factor, factor, factor, 1.0)  # type: ignore[union-attr]
    epochs: dict[str, int] = {}
    found: dict[str, Any] = {warm.HEAD: {}, "LwF": {}}
    for name, share in (("stop", 0.0), *SHARES.items()):
        for way, trainer, at_rate in ((warm.HEAD, head, rate), ("LwF", lwf, second)):
            if share:
                most = max(1, round(share * epochs[way]))
                losses = trainer.fit(whole, whole, seed, at_rate, most, most).valid_loss
            else:
                losses = trainer.fit(
                    train, valid, seed, at_rate, base.EPOCHS, base.PATIENCE
                ).valid_loss
                epochs[way] = int(np.argmin(losses)) + 1
            if way == warm.HEAD:
                warm.WARM["head"] = trainer.network.towers.get_weights()
            of_old = old if way == warm.HEAD else trainer.network
            found[way][name] = {
                "epochs": len(losses),
                "kept": int(np.argmin(losses)) + 1,
                "labels": len(whole if share else train),
                "auc": scored(seed, rho, trainer.network, of_old),
            }
    return found


def networks(rho: float, chosen: Settings) -> dict[str, Any]:
    """Way -> training -> labels, epochs, and AUC by task, one a shop."""
    runs = [shop(seed, rho, chosen) for seed in base.SEEDS]
    return {
        way: {
            name: {
                **{of: [run[way][name][of] for run in runs] for of in ("labels", "epochs", "kept")},
                "auc": {task: [run[way][name]["auc"][task] for run in runs] for task in base.TASKS},
            }
            for name in runs[0][way]
        }
        for way in runs[0]
    }


def labels_of(seed: int, rho: float) -> tuple[np.ndarray, np.ndarray]:
    """Codes and labels of all rows that show the purchase."""
    one = base.market(seed, rho, more.FEW)
    whole = together(base.labelled(one.split.train), base.labelled(one.split.valid))
    return whole.codes, whole.labels[base.NEW]


def folds_loss(strength: float, crosses: bool, seed: int, rho: float) -> float:
    """Log loss of all labels, each fold judged by the other four."""
    x, y = labels_of(seed, rho)
    fold, losses = np.random.default_rng(0).permutation(len(y)) % FOLDS, []
    for k in range(FOLDS):
        model = base.logistic(strength, crosses).fit(x[fold != k], y[fold != k])
        p = model.predict_proba(x[fold == k])[:, 1]
        losses.append(base.measures(y[fold == k], p)["log_loss"])
    return float(np.mean(losses))


def strength_auc(strength: float, crosses: bool, seed: int, rho: float) -> float:
    """AUC of the purchase in a judging shop."""
    one = base.market(seed, rho, more.FEW)
    model = base.logistic(strength, crosses).fit(*labels_of(seed, rho))
    p = model.predict_proba(one.split.test.codes)[:, 1]
    return base.scores(one, {base.NEW: p})[base.NEW]["auc"]


def strengths(rho: float) -> dict[str, Any]:
    """Regression -> the loss in the shops that choose, the choice, and every strength's AUCs."""
    found: dict[str, Any] = {}
    for name, crosses in (("logistic regression", False), ("logistic regression, pairs", True)):
        loss = {
            f"{one:g}": round(
                float(np.mean([folds_loss(one, crosses, s, rho) for s in base.TUNING_SEEDS])), 5
            )
            for one in STRENGTHS
        }
        found[name] = {
            "tried": loss,
            "chosen": min(loss, key=lambda one: loss[one]),
            "auc": {
                f"{one:g}": [strength_auc(one, crosses, seed, rho) for seed in base.SEEDS]
                for one in STRENGTHS
            },
        }
    return found


def market() -> dict[str, Any]:
    """The new market's regressions with its validation rows: rows, and AUC by shop."""
    found: dict[str, Any] = {}
    for name in ("logistic regression, alone", "logistic regression without crosses, alone"):
        made, setting = fresh.ALONE[name][0], fresh.chosen(name)
        found[name] = {"rows": [], "auc": []}
        for seed in fresh.SHOPS:
            one, split = fresh.alone_split(seed)
            whole = Split(together(split.train, split.valid), split.valid, split.test)
            said = made.fit(whole, seed, setting, ["click"], "test")["click"]
            found[name]["rows"].append(len(whole.train))
            found[name]["auc"].append(fresh.base.by_market(one, said)[fresh.base.NEW])
    return found


def small(chosen: Settings) -> dict[str, float]:
    """One shop, for the test."""
    found = shop(0, 0.5, chosen)["LwF"]
    return {name: found[name]["auc"][base.NEW] for name in ("stop", *SHARES)}


def settings(rho: float) -> Any:
    """As chosen before."""
    if rho == more.NEAR:
        cell = f"rho {rho:g}"
        head = more.STORED.earlier(cell, warm.HEAD, "chosen")
        return head, more.STORED.earlier(cell, "LwF", "chosen")
    head = warm.HEAD_RATES[rho], 1.0
    return head, warm.STORED.earlier(f"LwF, rho {rho:g}", "chosen")


PARTS = {
    "small": partial(small, settings(0.5)),
    **{f"rho {rho:g}": partial(networks, rho, settings(rho)) for rho in RHOS},
    **{f"strengths, rho {rho:g}": partial(strengths, rho) for rho in RHOS},
    "market": market,
}

STORED = Stored(
    paths.RESULTS / "adding_a_task_again.json",
    {"seeds": base.SEEDS, "tuning_seeds": base.TUNING_SEEDS, "market_seeds": fresh.SHOPS},
)


if __name__ == "__main__":
    STORED.measure(PARTS)
