"""One list out of several scores: the price of formulas, faults, logs and delays (lesson 25).

    python benchmarks/one_ranking.py

makes results/one_ranking.json, which lesson 25 and its study page read; five minutes of one core.
A market is simulated, so the value of a list is known: ``earned``. *Regret* is the percent of the
best list's value that a list loses. The last part reads Ta Feng, a real grocery.

Markets: 2,000 requests of 20 products teach the scores, 2,000 more are for tuning, 2,000 judge.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from parts import Stored
from scipy.optimize import fsolve
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.datasets import load
from course_utils.metrics import auc, paired_interval

SEEDS, MONTH_SEEDS = range(12), range(20)
SCENARIOS = ("home", "search", "cart")


def market(seed, n=6_000, returns=False, price=0.45):
    """n requests of 20 products: what a model may read, true probabilities, labels."""
    draw = np.random.default_rng(seed)
    mood, segment = draw.normal(size=300), draw.integers(8, size=300)  # of a customer
    category, log_price = draw.integers(12, size=200), draw.normal(size=200)  # of a product
    quality, lure = draw.normal(size=(2, 200))
    margin = 30 * np.exp(0.9 * log_price) * draw.uniform(0.05, 0.4, size=200)
    taste = draw.normal(size=(8, 12))  # of a segment for a category

    customer = draw.integers(300, size=(n, 1))
    scenario = draw.choice(3, p=(0.7, 0.25, 0.05), size=(n, 1))
    product = draw.random((n, 200)).argsort(axis=1)[:, :20]
    c, s = category[product], segment[customer]
    click = np.array([-2.4, -1.8, -2.0])[scenario] + mood[customer] + 0.6 * taste[s, c]
    buy = np.array([-2.6, -1.8, -1.2])[scenario] + 0.4 * taste[s, c] - price * log_price[product]
    p_click = expit(click + 0.5 * quality[product] + 0.8 * lure[product])
    p_buy = expit(buy + 0.7 * quality[product] - 0.6 * lure[product])  # given a click
    p_keep = expit(1 - 1.2 * log_price[product]) if returns else np.ones((n, 20))
    clicked, bought, kept = draw.random((3, n, 20)) < [p_click, p_buy, p_keep]
    read = np.broadcast_arrays(customer, product, scenario, 12 * s + c, c)
    return SimpleNamespace(
        codes=np.stack(read, axis=2),
        **{"log_price": log_price[product], "margin": margin[product]},
        **{"p_click": p_click, "p_buy": p_buy, "p_keep": p_keep},
        **{"click": clicked, "buy": clicked & bought, "kept": clicked & bought & kept},
    )


SEEN = 1 / np.log2(np.arange(2, 7))  # examination probabilities of five positions


def of_each(score, worth):
    """``[requests]``: what the first five by ``score`` bring."""
    first = np.argsort(-score, axis=1, kind="stable")[:, :5]
    return (SEEN * np.take_along_axis(worth, first, axis=1)).sum(axis=1)


def earned(score, worth):
    """The same, the mean over requests."""
    return of_each(score, worth).mean()


TRAIN, VALID, TEST = slice(0, 2_000), slice(2_000, 4_000), slice(4_000, 6_000)
BOTH = slice(0, 4_000)


def rows_of(m, part):
    return np.arange(m.click.size).reshape(m.click.shape)[part].ravel()


def one_hot(m, rows, columns):
    """Zeros and ones: 0 customer, 1 product, 2 scenario, 3 segment × category, 4 category."""
    x = m.codes.reshape(-1, 5)[:, columns]
    return OneHotEncoder(handle_unknown="ignore").fit(x[rows]).transform(x)


def scores(m, part=TRAIN):
    """Learned p(click) and p(buy | click) of every row, and the margin."""
    rows, said = rows_of(m, part), []
    clicked = rows[m.click.ravel()[rows]]
    for label, on, columns in ((m.click, rows, range(5)), (m.buy, clicked, range(1, 5))):
        x = one_hot(m, rows, list(columns))
        model = LogisticRegression(max_iter=300).fit(x[on], label.ravel()[on])
        said.append(model.predict_proba(x)[:, 1].reshape(m.click.shape))
    return [*said, m.margin]


GRID = [(1, b, c) for b in np.arange(0, 2.1, 0.25) for c in np.arange(0, 2.1, 0.25)]
GRID.sort(key=lambda w: abs(w[1] - 1) + abs(w[2] - 1))  # of equal settings: nearest to 1


def mixed(weights, parts):
    return sum(w * part for w, part in zip(weights, parts, strict=True))


def tuned(parts, m, in_log=True, caution=0.0):
    """The mixture whose lists earn most of the margin logged in the tuning part.

    With ``caution`` 1: the mixture nearest to (1, 1, 1) that is within a standard error of it.
    """
    logged = (m.kept * m.margin * in_log)[VALID]
    sold = logged.any(axis=1)  # the other requests bring 0 in any order
    of_sold = [part[VALID][sold] for part in parts]
    by = {w: of_each(mixed(w, of_sold), logged[sold]) for w in GRID}
    best = max(GRID, key=lambda w: by[w].mean())
    behind = {w: by[best] - one for w, one in by.items()}
    slack = {w: caution * one.std(ddof=1) / len(one) ** 0.5 for w, one in behind.items()}
    return next(w for w in GRID if w == best or behind[w].mean() <= slack[w])


def powers(three, m):
    logs = np.log(three)
    return mixed(tuned(logs, m), logs)


def cautious_powers(three, m, in_log=True):
    logs = np.log(three)
    return mixed(tuned(logs, m, in_log, caution=1.0), logs)


def weighted_sum(three, m):
    parts = [(one - one[VALID].mean()) / one[VALID].std() for one in three]
    return mixed(tuned(parts, m), parts)


def sum_with_log_margin(three, m):
    return weighted_sum([three[0], three[1], np.log(three[2])], m)


def sum_of_ranks(three, m):
    parts = [one.argsort(axis=1).argsort(axis=1) for one in three]  # 19: the first of its request
    return mixed(tuned(parts, m), parts)


def by_pairs(three, m, in_log=True, beside=None):
    """Powers: a logistic regression on differences of logarithms within a request."""
    x, sold = np.stack(np.log(three), axis=2)[VALID], m.kept & in_log
    unsold = ((in_log if beside is None else beside) & ~sold)[VALID]
    request, sale = np.nonzero(sold[VALID])
    lead, other = x[request, sale][:, None] - x[request], unsold[request]
    weight = np.repeat(m.margin[VALID][request, sale], other.sum(axis=1))
    sign = np.where(np.arange(other.sum()) % 2, 1, -1)  # half the pairs turned: two classes
    model = LogisticRegression(fit_intercept=False)
    model.fit(lead[other] * sign[:, None], sign, sample_weight=weight / weight.mean())
    return mixed(model.coef_[0], np.log(three))


def one_model(three, m):
    """The sale from the columns, no click model, times the margin."""
    rows = rows_of(m, BOTH)
    x = one_hot(m, rows, list(range(5)))
    model = LogisticRegression(max_iter=300).fit(x[rows], m.kept.ravel()[rows])
    return model.predict_proba(x)[:, 1].reshape(m.click.shape) * m.margin


def ridge(three, m):
    """The money itself from the columns."""
    rows = rows_of(m, BOTH)
    x = one_hot(m, rows, list(range(5)))
    model = Ridge(10.0).fit(x[rows], (m.kept * m.margin).ravel()[rows])
    return model.predict(x).reshape(m.click.shape)


def poisson(three, m):
    """The same, where effects multiply. Of the penalties 1e-5, 1e-4 and 1e-3 the best one."""
    rows = rows_of(m, BOTH)
    x = one_hot(m, rows, list(range(5)))
    model = PoissonRegressor(alpha=1e-4, max_iter=300)
    model.fit(x[rows], (m.kept * m.margin).ravel()[rows])
    return model.predict(x).reshape(m.click.shape)


def ridge_of_the_sale(three, m):
    """The sale by a ridge in the place of a logistic regression, times the margin."""
    rows = rows_of(m, BOTH)
    x = one_hot(m, rows, list(range(5)))
    return (
        Ridge(10.0).fit(x[rows], m.kept.ravel()[rows]).predict(x).reshape(m.click.shape) * m.margin
    )


def regret(score, m):
    """Percent of the best list's true value that is lost, on the part to judge."""
    worth = (m.p_click * m.p_buy * m.p_keep * m.margin)[TEST]
    return 100 * (1 - earned(score[TEST], worth) / earned(worth, worth))


WAYS = {
    "expected value": lambda three, m: np.prod(three, axis=0),
    "powers": powers,
    "cautious powers": cautious_powers,
    "powers by pairs": by_pairs,
    "sum of ranks": sum_of_ranks,
    "weighted sum": weighted_sum,
    "weighted sum, log of the margin": sum_with_log_margin,
    "one model of the sale": one_model,
    "ridge of the money": ridge,
    "Poisson regression of the money": poisson,
    "ridge of the sale, times margin": ridge_of_the_sale,
    "p(click) p(buy | click)": lambda three, m: three[0] * three[1],
    "margin of a sale": lambda three, m: three[2],
    "p(click)": lambda three, m: three[0],
}


def one_curve(three, m, columns=(), in_log=True):
    """The purchase by the logit of its score, and perhaps columns, fitted on clicked rows."""
    click, buy, value = three
    read = (np.eye(k)[m.codes[:, :, at].ravel()] for k, at in columns)
    x = np.column_stack([logit(buy).ravel(), *read])
    rows = rows_of(m, VALID)
    rows = rows[(m.click & in_log).ravel()[rows]]
    model = LogisticRegression(max_iter=300).fit(x[rows], m.buy.ravel()[rows])
    return click * model.predict_proba(x)[:, 1].reshape(buy.shape) * value


def recalibrated(three, m):
    return one_curve(three, m, columns=((3, 2), (12, 4)))  # 3 scenarios, 12 categories


def three_tasks(three, m):
    rows = rows_of(m, VALID)
    rows = rows[m.buy.ravel()[rows]]
    x = m.log_price.reshape(-1, 1)
    keep = LogisticRegression().fit(x[rows], m.kept.ravel()[rows]).predict_proba(x)[:, 1]
    return np.prod(three, axis=0) * keep.reshape(m.click.shape)


def moved(shift):
    return lambda buy, m, seed: expit(logit(buy) + shift(m, np.random.default_rng(100 + seed)))


def coarse(_buy, m, _seed):
    """The true mean of p(buy | click) in each scenario."""
    scenario = m.codes[:, :, 2].ravel()
    bought, clicked = (np.bincount(scenario, p.ravel()) for p in (m.p_click * m.p_buy, m.p_click))
    return (bought / clicked)[m.codes[:, :, 2]]


DISTORTIONS = {
    "as learned": lambda buy, m, seed: buy,
    "overconfident": lambda buy, m, seed: expit(1.6 * logit(buy)),
    "scenario": moved(lambda m, draw: np.array([0, 1.5, -1.5])[m.codes[:, :, 2]]),
    "category": moved(lambda m, draw: draw.normal(size=12)[m.codes[:, :, 4]]),
    "coarse": coarse,
}

CURES = {
    "expected value": WAYS["expected value"],
    "powers": powers,
    "cautious powers": cautious_powers,
    "one curve": one_curve,
    "recalibrated": recalibrated,
}


def logs_of(p_click, m, seed):
    """What each log holds of a row: whether it was examined, perhaps with a weight."""
    draw = np.random.default_rng(900 + seed)
    u, order = draw.random((2, *m.click.shape))
    one = draw.random((len(m.click), 1))  # of a request
    by_click, at_random = (
        np.append(SEEN, np.zeros(15))[(-by).argsort(axis=1, kind="stable").argsort(axis=1)]
        for by in (p_click, order)
    )  # examination probabilities
    served, drawn = u < by_click, u < at_random
    part = np.where(one < 0.2, drawn, served)
    return {
        "by p(click)": served,
        "by p(click), weighted": served / np.where(by_click > 0, by_click, 1),
        "20 at random, sales as by p(click)": order < m.kept[served].sum() / m.kept.sum(),
        "5 at random": drawn,
        "5 at random, a fifth": drawn & (one < 0.2),
        "a fifth at random": part,
        "a fifth at random, weighted": part / (0.8 * by_click + 0.2 * SEEN.sum() / 20),
    }


def month(seed, spread, drift=0, at_once=0, n=80_000, k=120):
    draw = np.random.default_rng(seed)
    margin = 30 * np.exp(0.9 * draw.normal(size=k)) * draw.uniform(0.05, 0.4, size=k)
    steps = np.vstack([0.7 * draw.normal(size=(1, k)), drift * draw.normal(size=(60, k))])
    p = expit(-2.2 - 0.5 * np.log(margin / 6) + steps.cumsum(axis=0))  # [day, product]
    mean = 4 * np.exp(spread * draw.normal(size=k) - spread**2 / 2)
    product, age = draw.integers(k, size=n), 60 * draw.random(n)
    buys = draw.random(n) < p[60 - np.ceil(age).astype(int), product]
    delay = draw.exponential(size=n) * mean[product]
    late = (1 - 0.05 * at_once) / (1 - at_once)  # keeps the mean
    delay *= np.where(draw.random(n) < at_once, 0.05, late)
    return SimpleNamespace(
        product=product,
        age=age,
        delay=np.where(buys, delay, np.inf),
        p=p[60],
        margin=margin,
        lists=draw.random((2_000, k)).argsort(axis=1)[:, :20],
    )


def rates(t, use, bought, arrived, prior=None):
    """Purchases of each product over clicks that have had the time, shrunk to the mean."""
    b = np.bincount(t.product[use], bought[use], minlength=120)  # purchases so far
    a = np.bincount(t.product[use], arrived[use], minlength=120)  # of so many clicks
    k = 20 * (arrived if prior is None else prior)[use].mean()  # 20 clicks, on the scale of a
    return (b + k * b.sum() / a.sum()) / (a + k)


def mean_delay(t, own):
    """Of purchases from clicks of the month before, of each product or of all."""
    use = (t.age > 30) & (t.delay <= t.age)
    b, total = (np.bincount(t.product[use], w, minlength=120) for w in (None, t.delay[use]))
    common = total.sum() / b.sum()
    return (total + 5 * common) / (b + 5) if own else np.full(120, common)


def ignoring(t):
    return rates(t, t.age < 14, t.delay <= t.age, np.ones(len(t.age)))


def waiting(days, until):
    def way(t):
        use = (t.age >= days) & (t.age < until)
        return rates(t, use, t.delay <= days, np.ones(len(t.age)))

    return way


def arrived_by_now(t, own):
    return 1 - np.exp(-t.age / mean_delay(t, own)[t.product])


def corrected(own, days=14):
    return lambda t: rates(t, t.age < days, t.delay <= t.age, arrived_by_now(t, own))


def own_curves(t):
    """No formula for the delay: the share of old purchases that had come by this age."""
    use, old, arrived = t.age < 14, (t.age > 30) & (t.delay <= 30), np.ones(len(t.age))
    every = np.sort(t.delay[old])
    for k in range(120):
        here, past = (
            np.flatnonzero(use & (t.product == k)),
            np.sort(t.delay[old & (t.product == k)]),
        )
        common = np.searchsorted(every, t.age[here]) / len(every)
        arrived[here] = (np.searchsorted(past, t.age[here]) + 5 * common) / (len(past) + 5)
    return rates(t, use, t.delay <= t.age, arrived)


def chapelle(t):
    """Own delays in the likelihood above, by expectation and maximisation."""
    p, use = ignoring(t), t.age < 14
    arrived, come = arrived_by_now(t, own=True)[use], (t.delay <= t.age)[use]
    young = SimpleNamespace(product=t.product[use])
    for _ in range(30):
        q = p[young.product]
        to_come = q * (1 - arrived) / (1 - q * arrived)  # p(buys later | not yet)
        labels = np.where(come, 1, to_come)
        p = rates(young, slice(None), labels, np.ones(len(come)), prior=arrived)
    return p


DELAYED = {
    "ignore": ignoring,
    "wait 21 days": waiting(21, 35),
    "wait 21 days, all older clicks": waiting(21, 60),
    "one delay": corrected(own=False),
    "own delays": corrected(own=True),
    "own delays, 60 days": corrected(own=True, days=60),
    "own curves": own_curves,
    "likelihood": chapelle,
}
SHOWN = ("ignore", "wait 21 days", "own delays", "own delays, 60 days")
DRIFTS = (0, 0.05, 0.1, 0.2)
MONTHS = {("same", drift): {"spread": 0, "drift": drift} for drift in DRIFTS}
MONTHS |= {("differ", drift): {"spread": 1, "drift": drift} for drift in DRIFTS}
MONTHS["60 % at once", 0] = {"spread": 1, "at_once": 0.6}


def rounded(values):
    return [round(float(one), 5) for one in values]


def each(of):
    """name -> one value a seed, rounded, where ``of(seed)`` has one value a name."""
    return {name: rounded(values) for name, values in pd.DataFrame(of).to_dict("list").items()}


@cache
def markets(returns=False, price=0.45):
    return [market(seed, returns=returns, price=price) for seed in SEEDS]


@cache
def learned(both=False, returns=False):
    return [scores(m, BOTH if both else TRAIN) for m in markets(returns)]


@cache
def cases():
    """fault -> twelve markets with their scores, one fault in p(buy | click) or in what counts."""
    found = {
        name: [
            ([three[0], distort(three[1], m, seed), three[2]], m)
            for seed, (three, m) in enumerate(zip(learned(), markets(), strict=True))
        ]
        for name, distort in DISTORTIONS.items()
    }
    return found | {"returns": list(zip(learned(returns=True), markets(returns=True), strict=True))}


def formulas():
    """Regret of each formula on learned scores, and the sales in the part to tune on."""
    rows = [
        {name: regret(way(three, m), m) for name, way in WAYS.items()}
        | {"expected value, both parts": regret(np.prod(both, axis=0), m)}
        for three, both, m in zip(learned(), learned(both=True), markets(), strict=True)
    ]
    return {"regret": each(rows), "sales": [int(m.kept[VALID].sum()) for m in markets()]}


def wider():
    """The same tuned formulas with nine powers from 0 and 1/8 to 16 in the place of 0 to 2."""
    tries = (0, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16)
    grid, narrow = sorted(((1, b, c) for b in tries for c in tries), key=from_one), [*GRID]
    GRID[:] = grid
    try:
        return {name: formula(name) for name in ("powers", "sum of ranks", "weighted sum")}
    finally:
        GRID[:] = narrow


def from_one(w):
    return abs(w[1] - 1) + abs(w[2] - 1)


def formula(name):
    return rounded(
        regret(WAYS[name](three, m), m) for three, m in zip(learned(), markets(), strict=True)
    )


def faults(name):
    """Regret of each cure under a fault, and the powers that were found."""
    found = {
        cure: rounded(regret(way(three, m), m) for three, m in cases()[name])
        for cure, way in CURES.items()
    }
    if name == "returns":
        found["three tasks"] = rounded(regret(three_tasks(*one), one[1]) for one in cases()[name])
    powers_found = [[float(w) for w in tuned(np.log(three), m)[1:]] for three, m in cases()[name]]
    return {"regret": found, "powers": powers_found}


def careful(name):
    """The powers that are tuned with caution under a fault."""
    return [
        [float(w) for w in tuned(np.log(three), m, caution=1.0)[1:]] for three, m in cases()[name]
    ]


def by_sale(by_margin, penalty):
    """A Poisson regression of the sale, times the margin; perhaps each sale counts by its margin.

    Then it is the Poisson regression of the money that is told the margin. The penalty
    is the best of 3e-6, 1e-5, 3e-5 and 1e-4.
    """
    found = []
    for m in markets():
        rows = rows_of(m, BOTH)
        x = one_hot(m, rows, list(range(5)))
        weight = m.margin.ravel()[rows] if by_margin else np.ones(len(rows))
        model = PoissonRegressor(alpha=penalty, max_iter=300)
        model.fit(x[rows], m.kept.ravel()[rows], sample_weight=weight / weight.mean())
        found.append(regret(model.predict(x).reshape(m.click.shape) * m.margin, m))
    return rounded(found)


def served_curves(name):
    """The purchase by its score on the clicks of the served list, with more and more columns."""
    rows = []
    for seed, (three, m) in enumerate(cases()[name]):
        served = logs_of(learned()[seed][0], m, seed)["by p(click)"]
        columns = {"one curve": (), "with scenario": ((3, 2),)}
        columns["with scenario and category"] = ((3, 2), (12, 4))
        rows.append({k: regret(one_curve(three, m, at, served), m) for k, at in columns.items()})
    return each(rows)


def after_repair(name):
    """The powers, greedy and cautious, that are tuned once the score has been recalibrated."""
    greedy, careful = [], []
    for (click, buy, margin), m in cases()[name]:
        ones = np.ones_like(click)
        parts = np.log([click, recalibrated([ones, buy, ones], m), margin])
        greedy.append([float(w) for w in tuned(parts, m)[1:]])
        careful.append([float(w) for w in tuned(parts, m, caution=1.0)[1:]])
    return {"greedy": greedy, "cautious": careful}


def no_price():
    """Coarse, with the true p(click), in markets where the price changes no purchase."""
    threes = [(m.p_click, coarse(None, m, 0), m.margin) for m in markets(price=0)]
    return {
        name: rounded(
            regret(CURES[name](three, m), m)
            for three, m in zip(threes, markets(price=0), strict=True)
        )
        for name in ("powers", "cautious powers", "expected value")
    }


WEIGHTS = np.linspace(0, 1, 21).round(2)


def swept(three, m):
    """Clicks and margin per thousand requests of two families, by the weight of the margin."""
    click, buy, value = three
    goals = [m.p_click[TEST], (m.p_click * m.p_buy * m.margin)[TEST]]
    worth = np.prod(three, axis=0)
    families = {
        "sum of expected values": [
            (1 - w) * click / click.mean() + w * worth / worth.mean() for w in WEIGHTS
        ],
        "powers": [click * (buy * value) ** b for b in WEIGHTS],
    }
    return {
        name: np.array([[1000 * earned(one[TEST], goal) for goal in goals] for one in many])
        for name, many in families.items()
    }


def sweep():
    """Both families in market 0; and of all seeds the margin, in percent of the most, at a share
    of the way from most margin to most clicks."""
    sweeps = [swept(three, m) for three, m in zip(learned(), markets(), strict=True)]

    def between(name, share):
        for one in sweeps:
            clicks, margin = one[name][::-1].T  # clicks rise
            there = np.interp(share, (0, 1), one["powers"][[-1, 0], 0])
            yield 100 * np.interp(there, clicks, margin) / margin[0]

    three, m = learned()[0], markets()[0]
    goals = m.p_click[TEST], (m.p_click * m.p_buy * m.margin)[TEST]
    return {
        "market 0": {name: line.round(2).tolist() for name, line in sweeps[0].items()},
        "plain orders": {
            name: rounded(1000 * earned(WAYS[name](three, m)[TEST], goal) for goal in goals)
            for name in ("p(click) p(buy | click)", "weighted sum", "margin of a sale")
        },
        "between": {
            name: {str(share): rounded(between(name, share / 100)) for share in (25, 50, 75)}
            for name in sweeps[0]
        },
    }


def logs(world):
    """Regret by the log that tuned the powers, greedily or with caution; and its sales."""
    rows, careful, sold = [], [], []
    for seed, (three, m) in enumerate(cases()[world]):
        logged = logs_of(learned()[seed][0], m, seed)
        sold.append({name: int((m.kept & (log > 0))[VALID].sum()) for name, log in logged.items()})
        log_scores = np.log(three)
        one = {name: mixed(tuned(log_scores, m, log), log_scores) for name, log in logged.items()}
        careful.append(
            {
                name: regret(mixed(tuned(log_scores, m, log, 1.0), log_scores), m)
                for name, log in logged.items()
            }
        )
        served = logged["by p(click)"]
        one["no powers, one curve by p(click)"] = one_curve(three, m, in_log=served)
        click, *others = log_scores
        best = tuned([np.where(served, click, -1e9), *others], m, served)  # not examined: last
        one["lists of the examined"] = mixed(best, log_scores)
        one["pairs of the examined"] = by_pairs(three, m, served)
        shown = (-click).argsort(axis=1, kind="stable").argsort(axis=1) < 5
        one["pairs of the shown"] = by_pairs(three, m, served, beside=shown)
        rows.append({name: regret(score, m) for name, score in one.items()})
    return {"regret": each(rows), "cautious": each(careful), "sales": each(sold)}


def refitted_careful():
    """The same with caution."""
    return rounded(
        regret(mixed(tuned(np.log(old), m, caution=1.0), np.log(new)), m)
        for old, new, m in zip(learned(), learned(both=True), markets(), strict=True)
    )


def refitted():
    """Powers tuned to the old scores, on scores refitted on both parts."""
    return rounded(
        regret(mixed(tuned(np.log(old), m), np.log(new)), m)
        for old, new, m in zip(learned(), learned(both=True), markets(), strict=True)
    )


def purchase_score(m, columns, c=1.0):
    """Learned p(buy | click) of every row."""
    rows = rows_of(m, TRAIN)
    rows = rows[m.click.ravel()[rows]]
    x = one_hot(m, rows, columns)
    model = LogisticRegression(C=c, max_iter=300).fit(x[rows], m.buy.ravel()[rows])
    return model.predict_proba(x)[:, 1].reshape(m.click.shape)


def by_scenario():
    """AUC of p(buy | click) by scenario in market 0, and its gain in the cart over two rivals:
    the value and the 95 % interval of 200 draws of requests."""
    m, ours = markets()[0], learned()[0][1]
    rivals = {
        "without segment × category": purchase_score(m, [1, 2, 4]),
        "with more regularisation": purchase_score(m, [1, 2, 3, 4], c=0.3),
    }
    clicked = m.click & (np.arange(6_000) >= 4_000)[:, None]
    draw, gains = np.random.default_rng(0), {name: [] for name in rivals}
    level, counts = {}, {}
    for at, name in [*enumerate(SCENARIOS), (None, "all")]:
        here = clicked if at is None else clicked & (m.codes[:, :, 2] == at)
        request, label, p = np.nonzero(here)[0], m.buy[here], ours[here]
        ids, of = np.unique(request, return_inverse=True)
        drawn = []
        for _ in range(200):
            weight = np.bincount(draw.integers(len(ids), size=len(ids)), minlength=len(ids))[of]
            drawn.append(roc_auc_score(label, p, sample_weight=weight))
            if name == "cart":  # the same draw for the other models
                for rival, q in rivals.items():
                    other = roc_auc_score(label, q[here], sample_weight=weight)
                    gains[rival].append(drawn[-1] - other)
        level[name] = rounded([auc(label, p), *np.quantile(drawn, (0.025, 0.975))])
        counts[name] = [len(ids), len(label), int(label.sum())]
    gained = {k: rounded([np.mean(d), *np.quantile(d, (0.025, 0.975))]) for k, d in gains.items()}
    return {"level": level, "gain in the cart": gained, "requests, clicks, purchases": counts}


def delayed(kind, drift, ways):
    """Regret, and predicted over true purchases, of each way with late purchases."""
    lost, level = [], []
    for seed in MONTH_SEEDS:
        t = month(seed, **MONTHS[kind, drift])
        worth = (t.p * t.margin)[t.lists]
        p = {name: DELAYED[name](t) for name in ways}
        best = earned(worth, worth)
        lost.append(
            {k: 100 * (1 - earned((q * t.margin)[t.lists], worth) / best) for k, q in p.items()}
        )
        level.append({name: q.mean() / t.p.mean() for name, q in p.items()})
    return {"regret": each(lost), "level": each(level)}


def requests_before(baskets, cut, end):
    """Customers with eight or more kinds: what is known at ``cut``, what they left by ``end``."""
    past = baskets[baskets["date"].between(cut - pd.DateOffset(months=2), cut, inclusive="left")]
    after = baskets[(baskets["date"] >= cut) & (baskets["date"] < end)]
    past = past[past["subclass_id"].isin(past["subclass_id"].value_counts().index[:200])]
    key = ["user_id", "subclass_id"]
    found = past.groupby(key).agg(times=("date", "nunique"), last=("date", "max")).reset_index()
    visits = past.groupby("user_id")["date"].agg(visits="nunique", seen="max")
    found = found.join(visits, on="user_id")
    found = found.join(after.groupby(key)["profit"].sum().rename("left"), on=key)
    found["again"], found["left"] = found["left"].notna(), found["left"].fillna(0)
    margin = past.groupby("subclass_id")["profit"].mean().clip(lower=0.5)
    found["margin"] = found["subclass_id"].map(margin)
    days = [np.log1p((cut - found[name]).dt.days) for name in ("last", "seen")]
    found["read"] = list(np.column_stack([np.log(found["times"]), np.log(found["visits"]), *days]))
    return found[found.groupby("user_id")["times"].transform("size") >= 8]


def left_by(requests, score):
    """What the first five of each customer left, weighted by position."""
    table = requests.assign(score=score).sort_values(
        ["user_id", "score"], ascending=[True, False], kind="stable"
    )
    position = table.groupby("user_id").cumcount()
    seen = np.where(position < 5, 1 / np.log2(position + 2), 0)
    return (table["left"] * seen).groupby(table["user_id"]).sum()


RATIOS = [(1, c) for c in (0, 0.25, 0.5, 0.75, 1, 1.5, 2)] + [(0, 1)]
COMPARED = (
    ("p × margin", "p alone"),
    ("p × margin", "margin alone"),
    ("tuned powers", "p × margin"),
    ("better p × margin", "tuned powers"),
    ("better p, tuned powers", "better p × margin"),
    ("better p × learned value", "better p × margin"),
    ("better p × learned value", "better p, tuned powers"),
)


def grocery():
    """Ta Feng: money left by February's lists, what January taught."""
    baskets = load("ta_feng")
    baskets["profit"] = (baskets["revenue"] - baskets["cost"]).clip(-200, 200)
    january, february, march = pd.to_datetime(["2001-01-01", "2001-02-01", "2001-03-01"])
    earlier = requests_before(baskets, january, february)
    later = requests_before(baskets, february, march)
    by_kind = earlier.groupby("subclass_id")["again"].agg(["sum", "size"])
    by_kind = (by_kind["sum"] + 20 * earlier["again"].mean()) / (by_kind["size"] + 20)

    def with_kind(one):
        rate = one["subclass_id"].map(by_kind).fillna(earlier["again"].mean())
        return np.column_stack([np.stack(one["read"]), logit(rate)])

    for column, read in (("p", lambda one: np.stack(one["read"])), ("better p", with_kind)):
        model = LogisticRegression().fit(read(earlier), earlier["again"])
        for one in (earlier, later):
            one[column] = model.predict_proba(read(one))[:, 1]
    came = earlier[earlier["again"]]
    value = PoissonRegressor(alpha=0).fit(np.log(came[["margin"]]), came["left"].clip(lower=0))
    x = np.log(came["margin"])

    def off(power):
        error = came["left"] - np.exp(power[0] + power[1] * x)
        return [error.mean(), (error * x).mean()]

    with_losses = fsolve(off, [0, 1])[1]
    for one in (earlier, later):
        one["value"] = value.predict(np.log(one[["margin"]]))
        one["value with losses"] = one["margin"] ** with_losses
    chosen = {}

    def fused(column, worth="margin"):
        """February's scores, by the powers that leave most in January."""

        def score(one, w):
            return one[column] ** w[0] * one[worth] ** w[1]

        best = max(RATIOS, key=lambda w: left_by(earlier, score(earlier, w)).mean())
        chosen[f"{column} and {worth}"] = [float(w) for w in best]
        return score(later, best)

    ways = {"p alone": later["p"], "margin alone": later["margin"]}
    ways |= {"p × margin": later["p"] * later["margin"], "tuned powers": fused("p")}
    ways["better p × margin"] = later["better p"] * later["margin"]
    ways["better p × learned value"] = later["better p"] * later["value"]
    ways["better p, tuned powers"] = fused("better p")
    for worth in ("value", "value with losses"):
        fused("better p", worth)
    left = pd.DataFrame({name: left_by(later, score) for name, score in ways.items()})
    return {
        "customers": len(left),
        "left": {name: round(float(one), 2) for name, one in left.mean().items()},
        "powers": chosen,
        "margin's power": {
            "losses as 0": round(float(value.coef_[0]), 2),
            "losses": round(float(with_losses), 2),
        },
        "intervals": {
            f"{name} over {rival}": rounded(paired_interval(left[name] - left[rival]))
            for name, rival in COMPARED
        },
        "fifths": {"January": fifths_of(earlier), "February": fifths_of(later)},
    }


def fifths_of(one):
    """In fifths of the margin: predicted over bought, and what a buyer left over the margin."""
    by = one.groupby(pd.qcut(one["margin"], 5, labels=False))
    again, left = by["again"].mean(), by["left"].sum() / by["again"].sum()
    return {
        "p / bought": rounded(by["p"].mean() / again),
        "better p / bought": rounded(by["better p"].mean() / again),
        "left by buyer / margin": rounded(left / by["margin"].mean()),
    }


STORED = Stored(
    paths.ROOT / "results" / "one_ranking.json", {"seeds": SEEDS, "month_seeds": MONTH_SEEDS}
)
WORLDS = ("as learned", "overconfident")
PARTS: dict[str, Callable[[], Any] | dict[str, Any]] = {
    "formulas": formulas,
    "wider": wider,
    "faults": {name: partial(faults, name) for name in (*DISTORTIONS, "returns")},
    "after repair": {
        name: partial(after_repair, name) for name in ("overconfident", "scenario", "category")
    },
    "no price": no_price,
    "sweep": sweep,
    "logs": {world: partial(logs, world) for world in WORLDS},
    "refitted": refitted,
    "refitted with caution": refitted_careful,
    "careful": {name: partial(careful, name) for name in (*DISTORTIONS, "returns")},
    "by sale": {
        "each sale counts once": partial(by_sale, by_margin=False, penalty=1e-5),
        "each sale counts by its margin": partial(by_sale, by_margin=True, penalty=3e-5),
    },
    "served curves": {
        name: partial(served_curves, name)
        for name in ("as learned", "overconfident", "scenario", "category")
    },
    "scenario": by_scenario,
    "delay": {
        f"{kind}, drift {drift}": partial(
            delayed, kind, drift, tuple(DELAYED) if drift == 0 else SHOWN
        )
        for kind, drift in MONTHS
    },
    "grocery": grocery,
}

if __name__ == "__main__":
    STORED.measure(PARTS)
