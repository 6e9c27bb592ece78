"""The true chances behind the log: who examines, clicks and buys in three scenarios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from course_utils.shop.buying import Buying
from course_utils.shop.catalogue import CATEGORIES
from course_utils.shop.dials import Dials
from course_utils.shop.funnel import Score, Seen, base_for
from course_utils.shop.listings import department_codes
from course_utils.shop.sessions import DEVICES, WEATHER
from course_utils.shop.streams import settled
from course_utils.shop.words import DEPARTMENTS

CLICK_RATE = (0.10, 0.14, 0.10)
PURCHASE_RATE = (0.06, 0.14, 0.20)
"""Mean chance of a click per impression, and of a purchase per click, by scenario."""

SPREAD = 1.2
"""Standard deviation in the home feed of the part of each logit that columns can explain."""

CONTEXT = 0.35
"""Standard deviation of what hour, weekend, weather and device add for one category."""

RELEVANCE_CLICK, RELEVANCE_BUY = 0.8, 0.3
"""Logits that one grade of relevance adds in search."""

DECAY = (0.4, 0.6, 0.4)
"""How fast attention falls, by scenario: p(examine) = position ** -decay."""

DECAY_OF_DEVICE = (1.2, 0.8, 1.0)
CART_LIFT = 1.5
"""Log-odds of a cart given a click, above those of a purchase given a click."""


@dataclass(frozen=True)
class Shown:
    """What the columns of n rows say of the chances, ``[n]`` each.

    Attributes:
        scenario: codes; seen: p(examine).
        click, buy: both logits, without their base, relevance and liking.
    """

    scenario: np.ndarray
    seen: np.ndarray
    click: np.ndarray
    buy: np.ndarray

    def take(self, rows: np.ndarray) -> Shown:
        """Some of the rows."""
        return Shown(self.scenario[rows], self.seen[rows], self.click[rows], self.buy[rows])


class Truth:
    """True chances of each row of the log.

    With F the click score of the home feed, E_s one of scenario s alone and G one of
    purchases, standardised and uncorrelated over home-feed rows, and rho, r, the dials
    ``similarity`` and ``relatedness``::

        F_home = F,   F_s = rho F + sqrt(1 - rho^2) E_s
        logit p(click | examined)  = a_s + SPREAD F_s + 0.8 relevance + selection h
        logit p(purchase | click)  = b_s + SPREAD (r F_s + sqrt(1 - r^2) G)
                                     + 0.3 relevance + selection h
        p(click) = p(examine | position, scenario, device) p(click | examined)

    ``h`` is the user's hidden liking of the product, standardised: the same that drives the
    ratings. Relevance counts in search only. ``noise`` mixes either chance with its mean.
    """

    def __init__(self, rng: np.random.Generator, buying: Buying, dials: Dials) -> None:
        self.dials = dials
        self._buying = buying
        self._all = Seen.of(buying.users, buying.products)
        self._scores = [Score.draw(rng) for _ in range(4)]
        self._context = _draw_context(rng)
        decay = np.array(DECAY)[:, None, None] * np.array(DECAY_OF_DEVICE)[:, None]
        self._click_base, self._click_mean = np.zeros(3), np.zeros(3)
        self._buy_base, self._buy_mean = np.zeros(3), np.zeros(3)
        self._examine = settled(np.arange(1, 11) ** -decay)

    def fit_scores(self, home: pd.DataFrame) -> None:
        """Standardise scores and liking over these rows of the home feed."""
        raw = self._raw(home)
        self._mean = settled(raw.mean(axis=1))
        # Gram-Schmidt: each score keeps what the earlier ones do not explain. Entry (k, j)
        # is how much of score j is in score k; (k, k) is what is left to scale by.
        self._part = np.zeros((4, 4))
        for k in range(4):
            done = self._standard(raw, k)
            rest = raw[k] - self._mean[k]
            self._part[k, :k] = settled(done @ rest / len(rest))
            self._part[k, k] = settled((rest - self._part[k, :k] @ done).std())
        h = self._liking(home)
        self._h_mean, self._h_sd = settled(h.mean()), settled(h.std())

    def fit_rates(self, reference: pd.DataFrame) -> None:
        """Meet the mean rates of those scenarios that these rows, with positions, are of."""
        noise, keep = self.dials.noise, 1.0 - self.dials.sparsity
        scenario = reference["scenario"].to_numpy()
        shown = self.shown(reference)
        seen = shown.seen
        click, buy = self._logits(shown, _grade(reference), self.standard(self._liking(reference)))
        for s in np.unique(scenario):
            here = scenario == s
            rate = round(keep * CLICK_RATE[s] / float(seen[here].mean()), 6)
            base = base_for(click[here], rate, seen[here])
            clicks = seen[here] * ((1.0 - noise) * expit(base + click[here]) + noise * rate)
            self._click_base[s], self._click_mean[s] = base, rate
            self._buy_mean[s] = keep * PURCHASE_RATE[s]
            self._buy_base[s] = base_for(buy[here], self._buy_mean[s], clicks)

    def scores(self, rows: pd.DataFrame) -> np.ndarray:
        """F_home, F_search, F_cart and G of each row, ``[4, n]``."""
        parts = self._standard(self._raw(rows), 4)
        rho = self.dials.similarity
        parts[1:3] = rho * parts[0] + np.sqrt(1.0 - rho * rho) * parts[1:3]
        return settled(parts)

    def chances(self, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """p(examine), p(click) and p(purchase | click), ``[n]`` each."""
        shown = self.shown(rows)
        p_click, p_buy = self.given(shown, _grade(rows), self.standard(self._liking(rows)))
        return shown.seen, possible(p_click), possible(p_buy)

    def shown(self, rows: pd.DataFrame) -> Shown:
        """What the visible columns of these rows say."""
        scenario = rows["scenario"].to_numpy()
        scores = self.scores(rows)
        f, g = scores[scenario, np.arange(len(rows))], scores[3]
        r = self.dials.relatedness
        position, device = rows["position"].to_numpy(), rows["device"].to_numpy()
        return Shown(
            scenario=scenario,
            seen=self._examine[scenario, device, position - 1],
            click=SPREAD * f,
            buy=SPREAD * (r * f + np.sqrt(1.0 - r * r) * g),
        )

    def given(
        self, shown: Shown, grade: np.ndarray | int, h: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """p(click) and p(purchase | click) where relevance and liking are these.

        Args:
            shown: n rows; grade: relevance, 0 outside search; h: liking, standardised. Both
                have n as their last axis, and may have others in front.
        """
        click, buy = self._logits(shown, grade, h)
        scenario, noise = shown.scenario, self.dials.noise
        p_click = (1.0 - noise) * expit(self._click_base[scenario] + click)
        p_buy = (1.0 - noise) * expit(self._buy_base[scenario] + buy)
        p_click = shown.seen * (p_click + noise * self._click_mean[scenario])
        return p_click, p_buy + noise * self._buy_mean[scenario]

    def standard(self, liking: np.ndarray) -> np.ndarray:
        """Liking in stars as ``h``: mean 0 and deviation 1 over what the home feed shows."""
        return (liking - self._h_mean) / self._h_sd

    def _logits(
        self, shown: Shown, grade: np.ndarray | int, h: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Both logits without their base."""
        pull = h * self.dials.selection
        return (
            shown.click + RELEVANCE_CLICK * grade + pull,
            shown.buy + RELEVANCE_BUY * grade + pull,
        )

    def _standard(self, raw: np.ndarray, n: int) -> np.ndarray:
        """The first n scores, standardised, each free of those before it, ``[n, rows]``."""
        done = np.empty((n, raw.shape[1]))
        for k in range(n):
            rest = raw[k] - self._mean[k] - self._part[k, :k] @ done[:k]
            done[k] = rest / self._part[k, k]
        return done

    def _raw(self, rows: pd.DataFrame) -> np.ndarray:
        """The four scores as drawn, ``[4, rows]``."""
        u, p = rows["user"].to_numpy(), rows["product"].to_numpy()
        seen = self._all.pairs(u, p)
        scores = np.array([score(seen) for score in self._scores])
        context = self._context[
            rows["hour"].to_numpy() // 6,
            (rows["weekday"].to_numpy() >= 5).astype(np.int64),
            rows["weather"].to_numpy(),
            rows["device"].to_numpy(),
            seen.category,
        ]
        scores[0] += context
        return scores

    def _liking(self, rows: pd.DataFrame) -> np.ndarray:
        return self._buying.liking(rows["user"].to_numpy(), rows["product"].to_numpy())


def possible(chance: np.ndarray) -> np.ndarray:
    """Settled chances, none of them 0 or 1: a log loss of the truth stays finite."""
    return np.clip(settled(chance), 1e-6, 1.0 - 1e-6)


def cart_chance(p_buy: np.ndarray) -> np.ndarray:
    """p(cart | click), from p(purchase | click): its odds times e^1.5."""
    lift = float(np.exp(CART_LIFT))
    return possible(lift * p_buy / (1.0 + (lift - 1.0) * p_buy))


def _grade(rows: pd.DataFrame) -> np.ndarray:
    """Relevance where it counts, in search; elsewhere 0."""
    return rows["relevance"].to_numpy() * (rows["scenario"].to_numpy() == 1)


def _draw_context(rng: np.random.Generator) -> np.ndarray:
    """What the context adds, ``[quarter of the day, weekend, weather, device, category]``."""
    n = len(CATEGORIES)
    scale = CONTEXT / 2.0
    by_hour = scale * rng.normal(size=(4, len(DEPARTMENTS)))[:, department_codes()]
    by_weekend = scale * rng.normal(size=(2, n))
    by_weather = scale * rng.normal(size=(len(WEATHER), n))
    by_device = scale * rng.normal(size=(len(DEVICES), n))
    return (
        by_hour[:, None, None, None] + by_weekend[:, None, None] + by_weather[:, None] + by_device
    )
