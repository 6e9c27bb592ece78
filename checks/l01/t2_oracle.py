"""Task 01.2: the oracle's AUC of purchases, by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from checks.l01.shared import as_dict, compare_logs, mixed
from course_utils.exercises.asking import reject
from course_utils.exercises.comparing import Case
from course_utils.exercises.engine import Task
from course_utils.exercises.lesson_answer import LessonAnswer
from course_utils.exercises.theirs import show_table
from course_utils.exercises.tolerance import same
from course_utils.metrics import auc

right = LessonAnswer("01.2", auc=auc)
edit = right.edit


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
    made = [short, *_small()]
    sizes = [{"home": 300, "search": 120}, {"cart": 90}, {"home": 200, "search": 150, "cart": 80}]
    long = []
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
        long.append(mixed(log, draw))
    # Rare purchases: probabilities that differ only from the fourth decimal on.
    rare = pd.concat([long[0], long[2].replace({"scenario": {"cart": "首页"}})], ignore_index=True)
    rare["p_purchase_given_click"] = rare["p_purchase_given_click"] / 20_000
    return [*made, *long, rare, _names(), _late()]


def _small() -> list[pd.DataFrame]:
    """Tables that a message can show whole: ties, two scenarios, rare purchases."""
    tied = pd.DataFrame(
        {
            "scenario": ["cart"] * 6,
            "click": [1, 1, 1, 1, 0, 0],
            "purchase": [1, 0, 0, 0, 0, 0],
            "p_click": [0.3, 0.9, 0.3, 0.2, 0.8, 0.7],
            "p_purchase_given_click": [0.3, 0.3, 0.6, 0.5, 0.3, 0.1],
        }
    )
    two = pd.DataFrame(
        {
            "scenario": ["home", "search"] * 3,
            "click": [1, 1, 1, 1, 0, 0],
            "purchase": [1, 1, 0, 0, 0, 0],
            "p_click": [0.1, 0.2, 0.4, 0.5, 0.3, 0.6],
            "p_purchase_given_click": [0.4, 0.7, 0.2, 0.8, 0.1, 0.9],
        }
    )
    rare = two.assign(p_purchase_given_click=[4e-5, 7e-5, 2e-5, 8e-5, 1e-5, 9e-5])
    return [tied, two, rare]


def _rows(scenario: Sequence[str], purchase: Sequence[int], p: Sequence[float]) -> pd.DataFrame:
    """These clicked rows, and one without a click for each scenario."""
    clicked = pd.DataFrame(
        {
            "scenario": scenario,
            "click": 1,
            "purchase": purchase,
            "p_click": 0.5,
            "p_purchase_given_click": p,
        }
    )
    other = clicked.drop_duplicates("scenario").assign(click=0, purchase=0, p_click=0.4)
    return pd.concat([clicked, other], ignore_index=True)


def _names() -> pd.DataFrame:
    """Scenarios with names that look alike, or missing; the buyer stands first, then last."""
    names = ["Home", "home", "home ", "NA", "nan", ""]
    return _rows(np.repeat(names, 2).tolist(), [1, 0] * 6, [0.3, 0.2, 0.1, 0.2] * 3)


def _late() -> pd.DataFrame:
    """One buyer below 13 others: an AUC of 1/14, which six decimals do not hold."""
    return _rows(["home"] * 15, [1] + [0] * 14, [0.2, 0.1] + [0.3] * 13)


LOGS = _logs()
CASES: list[Case] = [(log,) for log in LOGS]

# Two probabilities that differ, but not in 8 decimals; two that do not in 16 bits.
CLOSE = _rows(["home"] * 2 + ["cart"] * 2, [1, 0] * 2, [2e-9, 1e-9, 0.30002, 0.30001])

ROWS, LABEL, SCORE = 'log[log["click"] == 1]', 'rows["purchase"]', 'rows["p_purchase_given_click"]'
AUC = f"auc({LABEL}, {SCORE})"
ALL_ROWS = {ROWS: "log"}
PER_IMPRESSION = {SCORE: f'rows["p_click"] * {SCORE}'}
CLICK_CHANCE, CLICKS = {SCORE: 'rows["p_click"]'}, {LABEL: 'rows["click"]'}

SLIPS = {
    "You rank all rows; only those who clicked could buy.": edit(ALL_ROWS),
    "You rank by p(click) times p(purchase, if clicked), over all rows: that is the oracle of "
    "buying per impression.": edit(ALL_ROWS, PER_IMPRESSION),
    "Among those who clicked, p(click) has done its work: rank by "
    "p_purchase_given_click alone.": edit(PER_IMPRESSION),
    "You rank by p_click; asked is who buys.": edit(CLICK_CHANCE),
    "That is the oracle of clicks.": edit(ALL_ROWS, CLICKS, CLICK_CHANCE),
    "Your label is click; asked is who buys, so the label is purchase.": edit(ALL_ROWS, CLICKS),
    "You put all scenarios together; each has an AUC of its own.": edit(
        {'rows["': 'clicked["'},
    ),
    "Your order is upside down: the higher probability should buy.": edit({SCORE: f"-{SCORE}"}),
    "You count ties as lost; they count half.": edit({SCORE: f"{SCORE} - 1e-12 * {LABEL}"}),
    "You count ties as won; they count half.": edit({SCORE: f"{SCORE} + 1e-12 * {LABEL}"}),
    "That is accuracy at 0.5, not AUC.": edit({AUC: f"np.mean({LABEL} == ({SCORE} >= 0.5))"}),
    "You cut the probabilities at 0.5 first; AUC needs them as they are.": edit(
        {SCORE: f"({SCORE} >= 0.5)"}
    ),
}


def check_purchase_oracle(answer: Any) -> None:
    compare_logs(answer, LOGS, right, _read, _shown, SLIPS, _place)
    case = (CLOSE,)
    for scenario, found in _read(answer(*case), case).items():
        if not same(found, 1.0):
            reject(
                f"{_place(case, (scenario,))} must be 1.0000, got {found:.4f}. Probabilities that "
                "differ by little still differ: do not round them, also not to 16 bits."
            )


def _read(value: Any, case: Case) -> dict[Any, float]:
    return as_dict(value, _shown(case), sorted(set(case[0]["scenario"])), "scenario")


def _place(case: Case, at: tuple[Any, ...]) -> str:
    return f"{_shown(case)}[{at[0]!r}]"


def _shown(case: Case) -> str:
    return f"purchase_oracle({show_table(case[0])})"


TASK = Task(
    "01.2",
    "The AUC of the true p(purchase, if clicked) among the clicked rows, by scenario.",
    check_purchase_oracle,
    hints=(
        "Who could buy at all? Keep those rows, then look at one scenario at a time.",
        "For each scenario: the labels are purchase, the scores are p_purchase_given_click, both "
        "of the clicked rows only.",
        'log[log["click"] == 1].groupby("scenario") gives pairs (name, rows); put '
        'auc(rows["purchase"], ...) under each name.',
    ),
    insight="On many rows no model does better, however large: the rest is chance.",
    slips=SLIPS,
    right=right,
    cases=CASES,
)
