"""What a customer does next: actions in order, windows that do not know the future, splits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from course_utils.errors import CourseError
from course_utils.shop.events import ACTIONS, make_events

LEAVE = "leave"
NEXT_ACTIONS = (*ACTIONS, LEAVE)
"""What can come next: search, click, cart, purchase, or nothing for half an hour."""

SILENCE = 1800
"""Seconds without an action after which a customer has left (lesson 14 counts visits so)."""

CONTEXT = ("device", "weather", "city")
"""Columns of the log that go with each action."""


def visits(log: pd.DataFrame, silence: int = SILENCE) -> pd.DataFrame:
    """The actions in a log with their context, and a row ``leave`` where a customer falls silent.

    Args:
        log: rows of ``Shop.log``.
        silence: seconds after an action without another one of the same customer, after which
            a row ``leave`` is written, at that moment.

    Returns:
        A frame by customer and time: ``user_id``, ``timestamp`` (unix seconds), ``action`` (one of
        ``NEXT_ACTIONS``), ``scenario``, ``device``, ``weather``, ``city``, ``hour`` and ``weekday``
        (of the action, UTC, 0 is Monday) and ``gap``, seconds since the customer's action before
        (a ``leave`` is none), missing (``NaN``) for the first. A purchase that comes late has the
        device and the weather of the visit in which its product was clicked.
    """
    events = make_events(log)
    of_session = log.drop_duplicates("session").set_index("session")[list(CONTEXT)]
    rows = events[["session", "user_id", "timestamp", "action", "scenario"]].join(
        of_session, on="session"
    )
    rows = rows.drop(columns="session").sort_values(
        ["user_id", "timestamp"], kind="stable", ignore_index=True
    )
    later = rows.groupby("user_id")["timestamp"].shift(-1)
    last = later.isna() | (later - rows["timestamp"] > silence)
    rows["action"] = rows["action"].astype(object)
    left = rows[last].assign(action=LEAVE, timestamp=rows["timestamp"][last] + silence)
    rows = pd.concat([rows, left], ignore_index=True)
    rows = rows.sort_values(["user_id", "timestamp"], kind="stable", ignore_index=True)
    rows["action"] = pd.Categorical(rows["action"], list(NEXT_ACTIONS))
    day, second = np.divmod(rows["timestamp"].to_numpy(), 86_400)
    rows["hour"], rows["weekday"] = second // 3600, (day + 3) % 7  # 1970 began on a Thursday
    # Who comes back was silent since the last action, not since `leave` was written.
    done = rows["action"] != LEAVE
    rows["gap"] = rows[done].groupby("user_id")["timestamp"].diff()
    rows.loc[~done, "gap"] = float(silence)
    return rows


@dataclass(frozen=True)
class Windows:
    """Windows over a frame of actions; one window asks for one action, its label.

    Attributes:
        past: ``[n, steps]``, row numbers of the actions before the label, the oldest first; -1
            on the right where there were fewer.
        label: ``[n]``, row numbers of the labels.
    """

    past: np.ndarray
    label: np.ndarray

    @property
    def mask(self) -> np.ndarray:
        """``[n, steps]``, True where there is an action."""
        return self.past >= 0

    @property
    def last(self) -> np.ndarray:
        """``[n]``, row number of the latest action before the label."""
        return self.past[np.arange(len(self.past)), self.mask.sum(axis=1) - 1]

    def take(self, rows: np.ndarray) -> Windows:
        """Some of the windows."""
        return Windows(self.past[rows], self.label[rows])


def windows(users: npt.ArrayLike, times: npt.ArrayLike, steps: int) -> Windows:
    """One window for each action that has one before it: what the customer did until then.

    Args:
        users: whose action, ``[m]``; times: when, ``[m]``. Both by customer and time.
        steps: 1 or more; of a longer past the latest count.

    Returns:
        Windows in the order of their labels. In a window stand the actions of the same customer
        at an earlier time alone: of two at the same time neither knows the other.

    Raises:
        CourseError: if steps is below 1, the two differ in length, or they are not sorted.
    """
    user, _ = pd.factorize(np.asarray(users))
    time = np.asarray(times)
    if steps < 1:
        raise CourseError(f"A window needs 1 step or more, got {steps}.")
    if len(user) != len(time):
        raise CourseError(f"windows needs a time for each of {len(user)} actions, got {len(time)}.")
    same = user[1:] == user[:-1]
    if (user[1:] < user[:-1]).any() or (same & (time[1:] < time[:-1])).any():
        raise CourseError("The actions must be sorted by customer, then by time.")
    n = len(user)
    new = np.ones(n, dtype=bool)
    new[1:] = ~same
    tick = new.copy()
    tick[1:] |= time[1:] != time[:-1]
    # Of each row: where its customer begins, and where those of its own moment do.
    begin = np.maximum.accumulate(np.where(new, np.arange(n), 0))
    until = np.maximum.accumulate(np.where(tick, np.arange(n), 0))
    first = np.maximum(begin, until - steps)
    past = first[:, None] + np.arange(steps)
    past = np.where(past < until[:, None], past, -1)
    label = np.flatnonzero(until > begin)
    return Windows(past[label], label)


def split_windows(
    users: npt.ArrayLike,
    times: npt.ArrayLike,
    valid_from: float,
    test_from: float,
    new: Sequence[str],
) -> Mapping[str, np.ndarray]:
    """Which windows train, choose and judge: by the time of the label, and by customer.

    Args:
        users, times: of the labels, ``[n]``.
        valid_from, test_from: what is earlier trains; what is not earlier than the second tests.
        new: customers who are kept out of training and validation.

    Returns:
        Row numbers: ``train``, ``valid``, ``test`` (later actions of the others), ``new`` (later
        actions of the new customers). What the new customers did before is in none.
    """
    time = np.asarray(times)
    is_new = np.isin(np.asarray(users, dtype=object), np.asarray(list(new), dtype=object))
    test = time >= test_from
    valid = (time >= valid_from) & ~test
    parts = {
        "train": ~valid & ~test & ~is_new,
        "valid": valid & ~is_new,
        "test": test & ~is_new,
        "new": test & is_new,
    }
    return {name: np.flatnonzero(part) for name, part in parts.items()}
