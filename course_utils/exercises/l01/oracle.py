"""Task 01.2: the oracle's AUC of purchases, by scenario."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, roc_auc_score

from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case, Mistakes
from course_utils.exercises.engine import Task
from course_utils.exercises.l01.oracle_cases import close, logs
from course_utils.exercises.l01.shared import as_dict, compare_logs
from course_utils.exercises.theirs import show_table
from course_utils.exercises.tolerance import same


def by_scenario(one: Callable[[pd.DataFrame], float]) -> Callable[..., dict[Any, float]]:
    """An answer that takes one number of the rows of each scenario."""

    def answer(log: pd.DataFrame) -> dict[Any, float]:
        return {scenario: float(one(rows)) for scenario, rows in log.groupby("scenario")}

    return answer


def _clicked(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["click"] == 1]


def _auc_of(
    label: str, score: Callable[[pd.DataFrame], Any], of_clicked: bool = True
) -> Callable[..., dict[Any, float]]:
    def one(rows: pd.DataFrame) -> float:
        rows = _clicked(rows) if of_clicked else rows
        return float(roc_auc_score(rows[label], score(rows)))

    return by_scenario(one)


def _buys(rows: pd.DataFrame) -> pd.Series:
    return rows["p_purchase_given_click"]


def _both(rows: pd.DataFrame) -> pd.Series:
    return rows["p_click"] * rows["p_purchase_given_click"]


def above(rows: pd.DataFrame, tie: float) -> float:
    """Share of pairs in which the buyer's probability is higher; ties count ``tie``."""
    clicked = _clicked(rows)
    buyers = _buys(clicked)[clicked["purchase"] == 1].to_numpy()[:, None]
    others = _buys(clicked)[clicked["purchase"] == 0].to_numpy()[None, :]
    return float(np.mean((buyers > others) + tie * (buyers == others)))


oracle = _auc_of("purchase", _buys)
of_all_rows = _auc_of("purchase", _buys, of_clicked=False)
of_both = _auc_of("purchase", _both)
of_both_all_rows = _auc_of("purchase", _both, of_clicked=False)
by_click_chance = _auc_of("purchase", lambda rows: rows["p_click"])
click_oracle = _auc_of("click", lambda rows: rows["p_click"], of_clicked=False)
click_as_label = _auc_of("click", _buys, of_clicked=False)
upside_down = _auc_of("purchase", lambda rows: -_buys(rows))


def wrong_pooled(log: pd.DataFrame) -> dict[Any, float]:
    clicked = _clicked(log)
    pooled = float(roc_auc_score(clicked["purchase"], _buys(clicked)))
    return dict.fromkeys(log["scenario"].unique(), pooled)


ties_lose = by_scenario(lambda rows: above(rows, 0.0))
ties_win = by_scenario(lambda rows: above(rows, 1.0))

accuracy = by_scenario(
    lambda rows: accuracy_score(_clicked(rows)["purchase"], _buys(_clicked(rows)) >= 0.5)
)

cut_scores = _auc_of("purchase", lambda rows: _buys(rows) >= 0.5)

ORACLE_MISTAKES: Mistakes = {
    "You rank all rows; only those who clicked could buy.": of_all_rows,
    "You rank by p(click) times p(purchase, if clicked), over all rows: that is the oracle of "
    "buying per impression.": of_both_all_rows,
    "Among those who clicked, p(click) has done its work: rank by "
    "p_purchase_given_click alone.": of_both,
    "You rank by p_click; asked is who buys.": by_click_chance,
    "That is the oracle of clicks.": click_oracle,
    "Your label is click; asked is who buys, so the label is purchase.": click_as_label,
    "You put all scenarios together; each has an AUC of its own.": wrong_pooled,
    "Your order is upside down: the higher probability should buy.": upside_down,
    "You count ties as lost; they count half.": ties_lose,
    "You count ties as won; they count half.": ties_win,
    "That is accuracy at 0.5, not AUC.": accuracy,
    "You cut the probabilities at 0.5 first; AUC needs them as they are.": cut_scores,
}


def check_purchase_oracle(answer: Any) -> None:
    def read(value: Any, case: Case) -> dict[Any, float]:
        return as_dict(value, _shown(case), sorted(set(case[0]["scenario"])), "scenario")

    def place(case: Case, at: tuple[Any, ...]) -> str:
        return f"{_shown(case)}[{at[0]!r}]"

    compare_logs(answer, logs(), oracle, read, _shown, ORACLE_MISTAKES, place)
    case = (close(),)
    for scenario, auc in read(answer(*case), case).items():
        if not same(auc, 1.0):
            reject(
                f"{place(case, (scenario,))} must be 1.0000, got {auc:.4f}. Probabilities that "
                "differ by little still differ: do not round them, also not to 16 bits."
            )


def _shown(case: Case) -> str:
    return f"purchase_oracle({show_table(case[0])})"


TASK = Task(
    id="01.2",
    prompt="The AUC of the true p(purchase, if clicked) among the clicked rows, by scenario.",
    check_answer=check_purchase_oracle,
    hints=(
        "Who could buy at all? Keep those rows, then look at one scenario at a time.",
        "For each scenario: the labels are purchase, the scores are p_purchase_given_click, both "
        "of the clicked rows only.",
        'log[log["click"] == 1].groupby("scenario") gives pairs (name, rows); put '
        'auc(rows["purchase"], ...) under each name.',
    ),
    insight="On many rows no model does better, however large: the rest is chance.",
)
