"""Who is compared on the shop's log, and on which rows.

A setting is a number of training rows, with or without the ids of customer and product. Test
rows are the same in all settings of a shop, and so are validation rows: training rows end where
these begin, so fewer of them are the latest of more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd
from shop_rows import CATEGORICAL, NUMERIC, log

from course_utils import models
from course_utils.authoring.fingerprint import Reach, reach
from course_utils.columns import Columns, Split, Table
from course_utils.comparison import (
    Case,
    Contender,
    crossed_logistic_regression,
    dcn_per_task,
    gradient_boosting,
    logistic_regression,
    network,
    network_per_scenario,
    network_per_task,
    shared_bottom,
    smoothed_rates,
    stacking,
)
from course_utils.comparison.inputs import joint_codes
from course_utils.shop import Shop
from course_utils.shop.tasks import true_chances

TASKS = ("click", "purchase")
BOTH = "click and purchase"
IDS = ("user_id", "product_id")
N_VALID, N_TEST = 15_000, 40_000
SEEDS, TUNING_SEEDS, TRIALS = range(5), (100, 101), 4


@dataclass(frozen=True)
class Setting:
    """What the networks learn from.

    Attributes:
        n_train: training rows.
        ids: do models read ``user_id`` and ``product_id``?
    """

    n_train: int
    ids: bool

    @property
    def name(self) -> str:
        return f"{self.n_train:,} rows, {'with' if self.ids else 'without'} ids"


SETTINGS = tuple(Setting(n, ids) for n in (20_000, 80_000) for ids in (False, True))
MOST = max(one.n_train for one in SETTINGS) + N_VALID + N_TEST


def rows_of(seed: int, setting: Setting) -> pd.DataFrame:
    """The last rows of the shop's log: to learn from, to choose by, to judge."""
    n = setting.n_train + N_VALID + N_TEST
    return log(seed, max(n, MOST)).tail(n)


@cache
def case(seed: int, setting: Setting) -> Case:
    """The rows of a shop and their truth. A purchase has the clicked rows as its sample space."""
    rows = rows_of(seed, setting)
    read = [name for name in CATEGORICAL if setting.ids or name not in IDS]
    columns = Columns.fit(rows.head(setting.n_train), read, NUMERIC, scenario="scenario")
    whole = columns.table(rows, TASKS, {"purchase": rows["click"].to_numpy() == 1})
    parts = np.split(np.arange(len(rows)), [setting.n_train, setting.n_train + N_VALID])
    test = rows.tail(N_TEST)
    visible = Shop(seed).visible_probabilities(test, IDS if setting.ids else ())
    return Case(
        Split(*(whole.take(part) for part in parts)),
        truth={task: true_chances(test)[task] for task in TASKS},
        visible={task: true_chances(visible)[task] for task in TASKS},
        judged={task: np.ones(N_TEST, bool) for task in TASKS},
    )


CROSSES = (
    ("segment", "category"),
    ("segment", "brand"),
    ("hour", "category"),
    ("weekday", "category"),
    ("weather", "category"),
    ("device", "category"),
    ("device", "position"),
    ("scenario", "position"),
    ("scenario", "segment"),
    ("scenario", "city"),
    ("scenario", "category"),
    ("scenario", "brand"),
)
"""Pairs that somebody who knows shops would cross by hand."""

PRODUCTS = (("log_price", "price_sensitivity"), ("tenure_days", "tenure_days"))
BY_SCENARIO = (
    ("scenario", "log_price", "price_sensitivity"),
    ("scenario", "tenure_days"),
    ("scenario", "log_price"),
    ("scenario", "price_sensitivity"),
)


def with_crosses(split: Split) -> Split:
    """The same rows with the hand crosses as further columns, embedded as any other.

    Their values are the pairs that occur in the training rows; another pair is unknown.
    """
    known = {cross: np.unique(joint_codes(split.train, cross)) for cross in CROSSES}
    old = split.train.columns
    named = {" x ".join(cross): tuple(range(len(codes))) for cross, codes in known.items()}
    products = {" x ".join(names): (0.0, 1.0) for names in PRODUCTS}
    columns = replace(
        old,
        vocabulary={**old.vocabulary, **named},
        numbers={**old.numbers, **products},
    )
    places = [[list(old.numbers).index(name) for name in names] for names in PRODUCTS]

    def widened(table: Table) -> Table:
        codes = [table.codes]
        for cross, values in known.items():
            joint = joint_codes(table, cross)
            place = np.minimum(np.searchsorted(values, joint), len(values) - 1)
            codes.append(np.where(values[place] == joint, place + 1, 0)[:, None])
        numbers = [table.numbers, *(table.numbers[:, at].prod(1)[:, None] for at in places)]
        return replace(
            table,
            columns=columns,
            codes=np.concatenate(codes, 1).astype("int32"),
            numbers=np.concatenate(numbers, 1).astype("float32"),
        )

    return Split(widened(split.train), widened(split.valid), widened(split.test))


def grid_of(setting: Setting) -> dict[str, Sequence[Any]]:
    """What is tuned of every network. Widths are the classes' defaults."""
    return {
        "learning_rate": (1e-3, 3e-3),
        "batch_size": (256 if setting.n_train <= 20_000 else 1024,),
        "epochs": (30,),
        "patience": (5,),
        "dropout": (0.0,),
        "weight_decay": (0.1, 1.0),
        "embedding_l2": (5e-4,),
        "task_weights": (0.3, 1.0),
    }


PLAIN = (
    "logistic regression",
    "crossed logistic regression",
    "gradient boosting",
    "network per task",
    "DCN per task",
    "network per scenario",
    "Shared-Bottom",
    "Shared-Bottom on crosses",
    "stacking",
)
SMOOTHED = "logistic regression with smoothed rates"
CLASSES: Mapping[str, type[models.Network]] = {
    cls.__name__: cls
    for cls in (
        models.MMoE,
        models.PLE,
        models.ESMM,
        models.ESCM2,
        models.AITM,
        models.STAR,
        models.PEPNet,
        models.M2M,
        models.HMoE,
        models.M3oE,
    )
}


def plain(setting: Setting) -> list[str]:
    """The rivals; with ids also the rates of single customers and products."""
    return [*PLAIN, *([SMOOTHED] if setting.ids else [])]


STRENGTHS = (0.003, 0.01, 0.03, 0.1)
TREES = {
    "max_iter": (50, 200),
    "learning_rate": (0.05,),
    "max_leaf_nodes": (7, 31),
    "l2_regularization": (10.0,),
}


def of_class(name: str, cls: type[models.Network], setting: Setting) -> Contender:
    """A network of the course with the setting's grid."""
    person = ("user_id", "product_id") if setting.ids else ("segment",)
    more = {"PEPNet": {"prior": (person,)}, "M2M": {"user": (person[:1],)}}
    return network(name, cls, {**grid_of(setting), **more.get(name, {})})


CONTENDERS: Mapping[str, Callable[[Setting], Contender]] = {
    **{name: partial(of_class, name, cls) for name, cls in CLASSES.items()},
    "logistic regression": lambda setting: logistic_regression(STRENGTHS),
    "crossed logistic regression": lambda setting: crossed_logistic_regression(
        (*CROSSES, *PRODUCTS, *BY_SCENARIO), STRENGTHS
    ),
    "gradient boosting": lambda setting: gradient_boosting(TREES),
    "network per task": lambda setting: network_per_task(grid_of(setting)),
    "DCN per task": lambda setting: dcn_per_task(grid_of(setting)),
    "network per scenario": lambda setting: network_per_scenario(grid_of(setting)),
    "Shared-Bottom": lambda setting: shared_bottom(grid_of(setting)),
    "Shared-Bottom on crosses": lambda setting: shared_bottom(
        grid_of(setting), with_crosses, "Shared-Bottom on crosses"
    ),
    "stacking": lambda setting: stacking(grid_of(setting), (0.01, 0.1)),
    SMOOTHED: lambda setting: smoothed_rates(smoothing=(20.0,), strengths=STRENGTHS),
}
"""Name -> what makes a new one; networks of one contender share their graphs."""


def followed() -> Reach:
    """The code behind a number, but the shop's, whose rows have a hash of their own."""
    return reach(log, Shop, true_chances)
