"""The three tasks of the log: labels, sample spaces and true chances.

A shown product may be clicked, a clicked one may go into the cart, and one in the cart may be
bought. The cart is the dense one of the two that need a click: some three times as many.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

TASKS = ("click", "cart", "purchase")
"""Columns of labels, each a part of the one before it."""

CHANCE = {
    "click": "p_click",
    "cart": "p_cart_given_click",
    "purchase": "p_purchase_given_click",
}


def sample_spaces(log: pd.DataFrame) -> dict[str, np.ndarray]:
    """The rows that a task is learned from and judged on where it needs a click.

    For ``Columns.table(log, TASKS, sample_spaces(log))``. Every row is of the click's.

    Returns:
        ``cart`` and ``purchase`` -> ``[n]`` bool, the clicked rows.
    """
    clicked = log["click"].to_numpy() == 1
    return {"cart": clicked, "purchase": clicked.copy()}


def true_chances(rows: pd.DataFrame) -> Mapping[str, np.ndarray]:
    """Truth: the chance of each label in its sample space, also for rows outside it.

    With ``cart`` and ``purchase`` given the click, the chance of a purchase once in the cart is
    ``purchase / cart``, and the chance that a shown product is bought ``click * purchase``.

    Args:
        rows: of ``Shop.log`` or ``Shop.markets``, or what ``Shop.visible_probabilities`` says
            of them.

    Returns:
        Task -> ``[n]``.
    """
    return {task: rows[column].to_numpy() for task, column in CHANCE.items()}
