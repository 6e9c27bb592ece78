"""Task 01.2: the tables of its check."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from course_utils.exercises.l01.shared import mixed


def logs() -> list[pd.DataFrame]:
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


def close() -> pd.DataFrame:
    """Two probabilities that differ, but not in 8 decimals; two that do not in 16 bits."""
    return _rows(["home"] * 2 + ["cart"] * 2, [1, 0] * 2, [2e-9, 1e-9, 0.30002, 0.30001])
