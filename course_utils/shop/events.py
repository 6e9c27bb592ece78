"""What users did, one action after the other: the log as sequences."""

from __future__ import annotations

import numpy as np
import pandas as pd

ACTIONS = ("search", "click", "cart", "purchase")


def click_seconds(position: pd.Series) -> pd.Series:
    """From the request to a click on this position."""
    return 5 * position


def cart_seconds(position: pd.Series) -> pd.Series:
    """From the request to the cart."""
    return click_seconds(position) + 20


def purchase_seconds(hours_to_purchase: pd.Series) -> pd.Series:
    """From the click to the purchase; whoever buys had it in the cart a second before."""
    return np.maximum(np.round(hours_to_purchase * 3600.0), 21.0).astype(np.int64)


def make_events(log: pd.DataFrame) -> pd.DataFrame:
    """The actions in a log, by time.

    A search happens at its request, a click 5 seconds later for each position, a cart 20
    seconds after the click, a purchase with the delay that the log says. A late purchase
    carries the session of its click.

    Args:
        log: rows of ``Shop.log``.

    Returns:
        A frame: ``session``, ``user_id``, ``timestamp`` (unix seconds), ``action`` (one of
        ``ACTIONS``), ``scenario``, ``product_id`` (none for a search), ``query_id`` (none
        outside search).
    """
    searched = log[(log["scenario"] == "search") & (log["position"] == 1)]
    clicked = log[log["click"] == 1]
    at = clicked["timestamp"] + click_seconds(clicked["position"])
    cart_at = clicked["timestamp"] + cart_seconds(clicked["position"])
    carted, bought = clicked["cart"] == 1, clicked["purchase"] == 1
    parts = [
        searched.assign(product_id=None),
        clicked.assign(timestamp=at),
        clicked.assign(timestamp=cart_at)[carted],
        clicked[bought].assign(
            timestamp=at + purchase_seconds(clicked["hours_to_purchase"][bought])
        ),
    ]
    events = pd.concat(
        [part.assign(step=step) for step, part in enumerate(parts)], ignore_index=True
    )
    events["timestamp"] = events["timestamp"].astype(np.int64)
    events["action"] = pd.Categorical.from_codes(events["step"], list(ACTIONS))
    events["product_id"] = events["product_id"].astype("str")
    events = events.sort_values(["timestamp", "impression", "step"], ignore_index=True)
    columns = ["session", "user_id", "timestamp", "action", "scenario", "product_id", "query_id"]
    return events[columns]
