"""Who visits when, from where, with what in hand, and what they ask for: the requests.

A visit (session) is a row of requests. Each request is answered by one list of products: a
page of the home feed, or a page of search results.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from course_utils.shop.people import SEGMENTS
from course_utils.shop.streams import settled, stream

LOG_START = 1_735_689_600
"""2025-01-01 00:00 UTC in unix seconds, a Wednesday: the log follows the observed year."""

SESSIONS_A_DAY = 0.05
"""Of the average user. A few users visit often, most rarely."""

BLOCK = 2048
"""Sessions are drawn in blocks of so many, each from its own stream."""

SCENARIOS = ("home", "search", "cart")
DEVICES = ("phone", "desktop", "tablet")
WEATHER = ("sunny", "cloudy", "rain", "snow")
SEARCH_SHARE = 25 / 95
"""Of the lists that are not cart recommendations."""

MORE_REQUESTS = 0.65
"""Chance that a session goes on after a request; 10 requests at most."""

LIST_SECONDS = 130
"""At least so long from one request to the next: whatever is clicked and put in the cart on a
list, and on the strip that may follow, happens before the next request."""

HOURLY = (2, 1, 1, 1, 1, 2, 4, 6, 7, 7, 7, 7, 8, 8, 7, 6, 6, 7, 9, 12, 14, 14, 10, 5)
"""Visits by hour of the day, in proportion."""


class Visitors:
    """How users differ as visitors.

    Args:
        seed: of the shop.
        users: the user table.
    """

    def __init__(self, seed: int, users: pd.DataFrame) -> None:
        rng = stream(seed, "people")
        n = len(users)
        self.seed = seed
        self.city = users["city"].cat.codes.to_numpy()
        self.n_cities = len(users["city"].cat.categories)
        activity = settled(rng.gamma(0.5, size=n)) + 1e-3
        self._cumulative = np.cumsum(activity)
        segment = users["segment"].cat.codes.to_numpy()
        lean = rng.dirichlet((6.0, 2.5, 1.5), size=len(SEGMENTS))[segment]
        self._device = settled(np.cumsum(lean, axis=1))
        # Some segments know what they want and search; others browse.
        tendency = np.exp(rng.normal(0.0, 0.5, size=len(SEGMENTS)))[segment]
        mean = np.average(tendency, weights=activity)
        self._search = settled(np.clip(SEARCH_SHARE * tendency / mean, 0.0, 1.0))
        self.sessions_a_day = SESSIONS_A_DAY * n
        self._climate = settled(
            np.cumsum(rng.dirichlet((4.0, 4.0, 2.5, 0.8), size=self.n_cities), axis=1)
        )

    def requests(self, rng: np.random.Generator, block: int) -> pd.DataFrame:
        """The requests of one block of sessions, by session and time.

        Returns:
            Whole numbers: ``session`` (from 0 on), ``user`` (row number), ``scenario`` (0
            home, 1 search), ``timestamp`` (unix seconds) and, the same for all requests of a
            session, ``hour``, ``weekday`` (0 is Monday), ``weather`` and ``device`` (codes).
        """
        session = block * BLOCK + np.arange(BLOCK)
        user = np.searchsorted(self._cumulative, rng.random(BLOCK) * self._cumulative[-1])
        day = (session + rng.random(BLOCK)) / self.sessions_a_day
        whole = np.floor(day)
        # Within a day, visits follow the hours' profile.
        profile = np.concatenate([[0.0], np.cumsum(HOURLY) / sum(HOURLY)])
        seconds = np.interp(day - whole, profile, 3600.0 * np.arange(25))
        start = np.minimum(np.floor(seconds).astype(np.int64), 86_399)
        device = (rng.random(BLOCK)[:, None] > self._device[user]).sum(axis=1)
        weather = self._weather(whole.astype(np.int64), self.city[user])
        n_requests = np.minimum(rng.geometric(1.0 - MORE_REQUESTS, size=BLOCK), 10)
        row = np.repeat(np.arange(BLOCK), n_requests)
        first = np.cumsum(n_requests) - n_requests
        gap = np.floor(LIST_SECONDS + rng.exponential(60.0, size=len(row))).astype(np.int64)
        passed = np.cumsum(gap)
        offset = passed - passed[first][row]
        return pd.DataFrame(
            {
                "session": session[row],
                "user": user[row],
                "scenario": (rng.random(len(row)) < self._search[user[row]]).astype(np.int64),
                "timestamp": LOG_START + whole.astype(np.int64)[row] * 86_400 + start[row] + offset,
                "hour": start[row] // 3600,
                "weekday": (2 + whole.astype(np.int64)[row]) % 7,
                "weather": weather[row],
                "device": np.minimum(device, len(DEVICES) - 1)[row],
            }
        )

    def _weather(self, day: np.ndarray, city: np.ndarray) -> np.ndarray:
        """Code of the weather of each (day, city): each day has its own stream."""
        days, place = np.unique(day, return_inverse=True)
        draws = np.array([stream(self.seed, "weather", int(d)).random(self.n_cities) for d in days])
        codes = (draws[:, :, None] > self._climate[None]).sum(axis=2)
        return np.minimum(codes, len(WEATHER) - 1)[place, city]
