"""Task 01.2: the oracle's AUC of purchases, by scenario."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, roc_auc_score

from course_utils.exercises.comparing import Case, Mistakes, compare
from course_utils.exercises.engine import Task
from course_utils.exercises.l01.shared import as_dict, mixed, shown_call


def _logs() -> list[pd.DataFrame]:
    """A short table to be shown, then longer ones, with ties and scenarios of unlike size."""
    short = pd.DataFrame(
        {
            "scenario": ["home"] * 5,
            "click": [1, 1, 1, 0, 0],
            "purchase": [1, 0, 0, 0, 0],
            "p_click": [0.2, 0.1, 0.6, 0.3, 0.1],
            "p_purchase_given_click": [0.3, 0.1, 0.5, 0.9, 0.2],
        }
    )
    logs = [short]
    sizes = [{"home": 300, "search": 120}, {"cart": 90}, {"home": 200, "search": 150, "cart": 80}]
    for seed, size in enumerate(sizes, start=21):
        draw = np.random.default_rng(seed)
        scenario = np.repeat(list(size), list(size.values()))
        n = len(scenario)
        lift = np.repeat(np.linspace(0.6, 1.6, len(size)), list(size.values()))
        p_click = np.round(draw.beta(2, 3, size=n), 2)
        # Two decimals: some rows are tied.
        p_buy = np.round(np.clip(lift * (0.3 * p_click + 0.4 * draw.beta(1, 2, size=n)), 0, 1), 2)
        click = draw.random(n) < p_click
        buys = click & (draw.random(n) < p_buy)
        log = pd.DataFrame(
            {
                "scenario": scenario,
                "click": click.astype(np.int64),
                "purchase": buys.astype(np.int64),
                "p_click": p_click,
                "p_purchase_given_click": p_buy,
            }
        )
        logs.append(mixed(log, draw))
    # Rare purchases: probabilities that differ only from the fourth decimal on.
    rare = pd.concat([logs[1], logs[3].replace({"scenario": {"cart": "首页"}})])
    rare["p_purchase_given_click"] = rare["p_purchase_given_click"] / 20_000
    return [*logs, rare]


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
    "You put all scenarios together; each has an AUC of its own.": wrong_pooled,
    "Your order is upside down: the higher probability should buy.": upside_down,
    "You count ties as lost; they count half.": ties_lose,
    "You count ties as won; they count half.": ties_win,
    "That is accuracy at 0.5, not AUC.": accuracy,
    "You cut the probabilities at 0.5 first; AUC needs them as they are.": cut_scores,
}


def check_purchase_oracle(answer: Any) -> None:
    compare(
        answer,
        [(log,) for log in _logs()],
        oracle,
        lambda value, case: as_dict(
            value, _shown(case), sorted(set(case[0]["scenario"])), "scenario"
        ),
        _shown,
        ORACLE_MISTAKES,
        lambda case, at: f"{_shown(case)}[{at[0]!r}]",
    )


def _shown(case: Case) -> str:
    return shown_call("purchase_oracle", case[0])


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
    insight="No model of these rows can do better, however large: the rest is chance.",
)
