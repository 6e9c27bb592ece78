# %% [markdown] name="title" question_zh="点击、转化、收入怎么融合成一个排序？转化还没回流时拿什么训练？" interview_zh="多目标的分数怎么融合成一个排序？"
# # 25 · One ranking out of many scores
#
# > How do clicks, purchases and money become one list, and what do I train on while purchases are still on their way?
#
# **After this lesson you can** turn the scores of several tasks into one list and say what the list is for, judge whether its formula needs tuning, choose the
# metric that sees what ruins a list, and learn from purchases that have not arrived yet.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 50 + 25 + 35 + 45 | senior | lesson 20 | "How do you combine task scores into one ranking?", "AUC or GAUC?", "purchases come days later: what do you train on?" |
#
# Run each cell with Shift+Enter. Five cells wait for your code: replace the dots, run, read the verdict. `hint("25.1", 1)` helps, and so do levels
# 2 and 3. What follows a *Predict first* is closed until you run it.

# %% name="imports"
from types import SimpleNamespace

import numpy as np
import pandas as pd
from scipy.optimize import fsolve
from scipy.special import expit, logit, xlogy
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import OneHotEncoder

from course_utils.datasets import load
from course_utils.evidence import claim
from course_utils.exercises import check, hint, solution
from course_utils.metrics import auc, calibration_ratio, gauc
from course_utils.notebook import figure, forest, show, slide

# %% [markdown] name="question"
# ## Sitting 1 · What is the list for?
#
# A multi-task model gives each product of a request several numbers: p(click), p(purchase | click), perhaps p(cart | click). The app shows **one** list. Somebody
# must say what it is for. Here: for margin, the money that is left of a sale.
#
# The market below is made up, so the truth is known. A request has a customer, a scenario and 20 products that may be shown. Some
# products *lure*: their picture draws clicks and brings few purchases. Expensive products are bought less often. In the log that we learn from, the 20 products
# were drawn at random and all of them examined (lesson 15 has positions). When the list is served, five are shown, and a customer examines position
# $k$ with probability $1 / \log_2(k + 1)$.

# %% name="market"
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


def earned(score, worth):
    """Mean over requests of what the first five by ``score`` bring."""
    first = np.argsort(-score, axis=1, kind="stable")[:, :5]
    return (SEEN * np.take_along_axis(worth, first, axis=1)).sum(axis=1).mean()


# %% [markdown] name="orders-text"
# Four orders by the **true** probabilities; no model yet. What do a thousand requests bring?
#
# **Predict first.** The order by p(click) has the most clicks. What share of the best list's margin does it keep: nine tenths, three quarters, or less?

# %% name="orders" tags=["after-guess"]
m = market(0)
purchase = m.p_click * m.p_buy
goals = {"clicks": m.p_click, "purchases": purchase, "margin": purchase * m.margin}
orders = {
    "p(click)": m.p_click,
    "p(click) p(buy | click)": purchase,
    "margin of a sale": m.margin,
    "p(click) p(buy | click) margin": purchase * m.margin,
}
brought = pd.DataFrame(
    {goal: [1000 * earned(by, worth) for by in orders.values()] for goal, worth in goals.items()},
    index=pd.Index(orders, name="ordered by"),
)
brought.round().astype(int)

# %% [markdown] name="orders-why" tags=["after-guess"]
# Ordered by clicks, 57 % of the best margin are left; by purchases, 67 %. (By construction here: lures draw clicks, and the cheap are bought more often.) Each goal is met best by
# its own expected value, and that is a theorem. Let $v_i$ be what product $i$ brings if it is examined, $\theta_k$ the examination probability of position $k$,
# falling, 0 where nothing is shown. Exchange two neighbours so that $i$ goes up and $j$ down, and the list changes by
#
# $$(\theta_k - \theta_{k+1})(v_{i} - v_{j}) \ge 0 \quad\text{if } v_i \ge v_j, \text{ so the best list is sorted by } v_i = p_i(\text{click})\, p_i(\text{buy} \mid \text{click})\, m_i.$$
#
# Two things are assumed: what a product brings does not depend on its neighbours, and $\theta_k$ does not depend on what stands above. If every customer reads on until a purchase and then stops, the same exchange changes
# the list by $p_i p_j (m_i - m_j)$, with $p$ the probability of a sale: the five products then go by margin. p(cart | click) is not in the formula: a purchase counts once, and a cart only if it is worth something of its own.

# %% [markdown] name="powers-text"
# ## The formula with powers
#
# In practice one often meets a *product of powers* with tuned exponents,
#
# $$\text{score} = p_{\text{click}}^{\,a}\; p_{\text{buy}}^{\,b}\; m^{\,c},$$
#
# where $a = b = c = 1$ is the expected value. Auctions for adverts know it as *squashing*, bid times quality to a power (Lahaie and Pennock 2007). Only the
# ratios of the exponents matter for an order. It is computed as a sum of logarithms: products of small numbers become 0.

# %% [markdown] name="task-1-text"
# ### Task 25.1 · Fuse three scores (6 minutes)
#
# Write `fuse(p_click, p_buy, value, powers)`.
#
# - The first three: arrays `[n]` of floats, 0 or more; `n` may be 0. A number may be exactly 0, or as small as 1e-200.
# - `powers`: three numbers `(a, b, c)`, 0 or more. A power of 0 leaves its factor out, also where that factor is 0 ($0^0 = 1$).
# - Return a list of the products, as numbers from 0 to n - 1, best first, by $p_\text{click}^a\, p_\text{buy}^b\, \text{value}^c$. Those with product 0 come last. Products that
#   tie (equal in the factors that count, or several zeros) stand in the order in which they came; nothing is rounded.
#
# `np.argsort(x, kind="stable")` sorts upwards and keeps ties in order; `xlogy(a, p)` is `a * log(p)`, and 0 where `a` is 0; `log(0)` is `-inf`, which sorts
# well. `fuse(np.array([.5, .4, .5]), np.array([.1, .2, .1]), np.array([9., 9., 9.]), (1, 1, 1))` is `[1, 0, 2]`.


# %% name="task-1"
def fuse(p_click, p_buy, value, powers):
    ### BEGIN SOLUTION
    a, b, c = powers
    score = xlogy(a, p_click) + xlogy(b, p_buy) + xlogy(c, value)
    return np.argsort(-score, kind="stable").tolist()
    ### END SOLUTION


check("25.1", fuse)

# %% [markdown] name="learned-text"
# ## With learned scores
#
# 2,000 requests teach two logistic regressions: the click on all rows, the purchase on clicked rows (it does not
# read the customer's id: purchases are too few). 2,000 more are for tuning, 2,000 to judge. What is tuned on lists gets the same 81 settings and the same logged margin:
#
# | contender | what the second 2,000 requests do |
# |---|---|
# | expected value: the product, powers 1 | nothing |
# | expected value, both parts | they teach the two scores too |
# | powers (1, b, c) | 81 pairs b, c |
# | powers by pairs: a logistic regression in which a sale should stand above each other product of its request; pairs weighted by margin | its loss |
# | weighted sum of the standardised scores (1, b, c) | 81 pairs b, c |
# | sum of ranks within the request (1, b, c) | 81 pairs b, c |
# | one model of the sale: a logistic regression on the columns, no click model, times margin | it learns on both parts |
# | ridge of the money: a regression of the margin earned on the same columns | it learns on both parts |
#
# (Every sale is kept, until returns come in below.) **Regret** is the share of the best list's true value that a list loses.
#
# **Predict first.** The second 2,000 requests: do they help more in the powers, or in the scores? Are 81 tries better than none?

# %% name="scores"
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


# %% name="fusions"
GRID = [(1, b, c) for b in np.arange(0, 2.1, 0.25) for c in np.arange(0, 2.1, 0.25)]
GRID.sort(key=lambda w: abs(w[1] - 1) + abs(w[2] - 1))  # of equal settings: nearest to 1


def mixed(weights, parts):
    return sum(w * part for w, part in zip(weights, parts, strict=True))


def tuned(parts, m, in_log=True):
    """The mixture whose lists earn most of the margin logged in the tuning part."""
    logged = (m.kept * m.margin * in_log)[VALID]
    sold = logged.any(axis=1)  # the other requests bring 0 in any order
    of_sold = [part[VALID][sold] for part in parts]
    return max(GRID, key=lambda w: earned(mixed(w, of_sold), logged[sold]))


def powers(three, m):
    logs = np.log(three)
    return mixed(tuned(logs, m), logs)


def weighted_sum(three, m):
    parts = [(one - one[VALID].mean()) / one[VALID].std() for one in three]
    return mixed(tuned(parts, m), parts)


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


# %% name="learned-values"
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


# %% name="learned" tags=["after-guess"]
def regret(score, m):
    """Percent of the best list's true value that is lost, on the part to judge."""
    worth = (m.p_click * m.p_buy * m.p_keep * m.margin)[TEST]
    return 100 * (1 - earned(score[TEST], worth) / earned(worth, worth))


WAYS = {
    "expected value": lambda three, m: np.prod(three, axis=0),
    "powers": powers,
    "powers by pairs": by_pairs,
    "sum of ranks": sum_of_ranks,
    "weighted sum": weighted_sum,
    "one model of the sale": one_model,
    "ridge of the money": ridge,
    "p(click) p(buy | click)": lambda three, m: three[0] * three[1],
    "margin of a sale": lambda three, m: three[2],
    "p(click)": lambda three, m: three[0],
}
SEEDS = range(12)
markets = [market(seed) for seed in SEEDS]
learned = [scores(m) for m in markets]
refitted = [scores(m, BOTH) for m in markets]
lost = {
    name: [regret(way(three, m), m) for three, m in zip(learned, markets, strict=True)]
    for name, way in WAYS.items()
}
lost["expected value, both parts"] = [
    regret(np.prod(three, axis=0), m) for three, m in zip(refitted, markets, strict=True)
]
lost = dict(sorted(lost.items(), key=lambda item: np.mean(item[1])))
sales = [m.kept[VALID].sum() for m in markets]
print(f"sales in the part to tune on: {min(sales):,} to {max(sales):,}")


# %% name="learned-picture" tags=["after-guess", "folded"]
# The picture: regret of each contender, twelve seeds.
def dots(values, title, alt, xlabel="percent of the best list's value that is lost"):
    """One line a name, one dot a seed, a bar at the mean."""
    fig, axes = figure(height=0.9 + 0.33 * len(values))
    for row, one in enumerate(values.values()):
        axes.plot(one, [row] * len(one), "o", color="C0", alpha=0.35)
        axes.plot(np.mean(one), row, "|", markersize=18, markeredgewidth=2, color="C0")
    axes.set(title=title, yticks=range(len(values)), xlim=(0, None), xlabel=xlabel)
    axes.set_yticklabels(list(values))
    axes.invert_yaxis()
    show(fig, alt=alt)


dots(
    lost,
    "Regret, twelve seeds (bar: mean): left is better",
    "Mean percent of value lost: expected value on both parts 3.3, one model of the sale 4.2, expected value 5.8, powers by pairs 5.9, tuned powers 6.4, ridge of the money 8.2, "
    "sum of ranks 11, weighted sum 19, without the margin 35, margin alone 39, click alone 39.",
)

# %% name="learned-verdict" tags=["after-guess", "folded"]
# Seven verdicts: the expected value against its rivals.
forest(
    "Learned scores, nothing distorted",
    [
        claim(
            f"25.learned-{name}".replace(" ", "-"),
            f"less is lost by expected value than by {name}",
            lost["expected value"],
            lost[name],
            unit="percent of value",
            higher_is_better=False,
        )
        for name in ("powers", "powers by pairs", "sum of ranks", "weighted sum")
    ]
    + [
        claim(
            f"25.learned-both-{name}".replace(" ", "-"),
            f"less is lost by expected value, both parts, than by {name}",
            lost["expected value, both parts"],
            lost[name],
            unit="percent of value",
            higher_is_better=False,
        )
        for name in ("powers", "one model of the sale", "ridge of the money")
    ],
)

# %% [markdown] name="learned-why" tags=["after-guess"]
# In the scores. Tuned powers *lose* .2 to 1.0 points to no tuning, and 2.4 to 3.7 to the plain product whose scores learned from the same 4,000 requests. Powers by pairs: no difference is shown.
#
# A *sum* is the wrong form: of ranks it loses 4 to 6 points with as many tries, of standardised scores 11 to 14, where the margin's own scale adds to it.
#
# Do not regress the money: the margin is known, only the sale is uncertain. From the same columns and rows the *ridge* loses 4 to 5 points, *one model of the sale* times margin .7 to 1.0: so much is the click model worth here.

# %% [markdown] name="dials-text"
# ## When do powers help?
#
# Now five faults, one at a time; in the first four only p(buy | click) changes:
#
# - *overconfident*: its logit times 1.6. For small $p$ that is nearly a power, $p^{1.6}$;
# - *scenario*: its logit plus 0 at home, 1.5 in search, -1.5 in the cart. A request has one scenario;
# - *category*: its logit plus N(0, 1), drawn for each category. A request has many categories;
# - *coarse*: its true mean in the scenario, one number for all products of a request. It is calibrated, in all and in each scenario;
# - *returns*: the scores are right, but some sales come back, expensive ones more often: nobody modelled p(keep), and only kept sales count.
#
# Three cures, fitted on the same tuning part. *One curve*: a logistic regression of the purchase on the logit of the score, on clicked rows. *Recalibrated*: the same with scenario and category (by construction: the
# columns in which two of the faults sit). *Three tasks*, against returns: a logistic regression of keeping on log price, as a fourth factor.
#
# **Predict first.** In which of the five do tuned powers beat the expected value? In which do they beat the cures?


# %% name="cures"
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


# %% name="dials" tags=["after-guess"]
def moved(shift):
    return lambda buy, m, seed: expit(logit(buy) + shift(m, np.random.default_rng(100 + seed)))


def coarse(buy, m, seed):
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
    "one curve": one_curve,
    "recalibrated": recalibrated,
}
cases = {
    name: [
        ([three[0], distort(three[1], m, seed), three[2]], m)
        for seed, (three, m) in enumerate(zip(learned, markets, strict=True))
    ]
    for name, distort in DISTORTIONS.items()
}
with_returns = [market(seed, returns=True) for seed in SEEDS]
cases["returns"] = [(scores(m), m) for m in with_returns]
worlds = {
    name: {cure: [regret(way(three, m), m) for three, m in many] for cure, way in CURES.items()}
    for name, many in cases.items()
}
worlds["returns"]["three tasks"] = [
    regret(three_tasks(three, m), m) for three, m in cases["returns"]
]

# %% name="dials-price" tags=["after-guess"]
# Coarse once more, with the true p(click), in markets where the price changes no purchase.
no_price = {"powers": [], "expected value": []}
for seed in SEEDS:
    m = market(seed, price=0)
    three = [m.p_click, coarse(None, m, seed), m.margin]
    for name, values in no_price.items():
        values.append(regret(CURES[name](three, m), m))

# %% name="dials-picture" tags=["after-guess", "folded"]
# The picture: mean regret of each cure in each world, twelve seeds as thin dots.
COLOURS = {"expected value": "C1", "powers": "C0", "one curve": "C2"}
COLOURS |= {"recalibrated": "C3", "three tasks": "C4"}
fig, axes = figure(height=3.2, width=9.2)
for at, cures in enumerate(worlds.values()):
    for k, (cure, values) in enumerate(cures.items()):
        where = at + 0.16 * (k - 1.5)
        axes.plot([where] * len(values), values, ".", color=COLOURS[cure], alpha=0.25)
        axes.plot(
            where, np.mean(values), "_", markersize=13, markeredgewidth=3, color=COLOURS[cure]
        )
for k, (cure, colour) in enumerate(COLOURS.items()):
    axes.text(1.01, 0.9 - 0.11 * k, cure, color=colour, transform=axes.transAxes, fontsize=9)
axes.set(title="Regret by fault (bar: mean of twelve seeds): lower is better", ylim=(0, 30))
axes.set(xticks=range(6), xticklabels=list(worlds), ylabel="percent of value lost")
show(
    fig,
    alt="Mean percent of value lost by expected value, tuned powers, one curve and recalibrated scores. As learned: 5.8, 6.4, 5.9, 5.9. Overconfident: 10.5, 6.2, 5.9, 5.9. "
    "Scenario: 6.8, 7.5, 9.2, 5.9. Category: 15.0, 12.5, 12.3, 5.9. Coarse: 20.0, 19.0, 20.0, 19.3. Returns: 11.7, 8.9, 12.9, 12.9, and three tasks 6.3.",
)

# %% name="dials-verdict" tags=["after-guess", "folded"]
# Thirteen verdicts on the regret under a fault.
PAIRS = [
    ("overconfident", "powers", "expected value"),
    ("overconfident", "recalibrated", "powers"),
    ("scenario", "powers", "expected value"),
    ("scenario", "one curve", "expected value"),
    ("scenario", "recalibrated", "expected value"),
    ("category", "powers", "expected value"),
    ("category", "one curve", "powers"),
    ("category", "recalibrated", "powers"),
    ("coarse", "powers", "expected value"),
    ("returns", "powers", "expected value"),
    ("returns", "three tasks", "powers"),
    ("returns", "recalibrated", "expected value"),
    ("coarse, price without effect", "powers", "expected value"),
]
tried = worlds | {"coarse, price without effect": no_price}
forest(
    "Under a fault",
    [
        claim(
            f"25.{world}-{method}-{rival}".replace(",", "").replace(" ", "-"),
            f"{world}: less is lost by {method} than by {rival}",
            tried[world][method],
            tried[world][rival],
            unit="percent of value",
            higher_is_better=False,
        )
        for world, method, rival in PAIRS
    ],
)

# %% name="dials-powers" tags=["after-guess", "folded"]
# The picture: which powers were found, twelve markets; a large dot counts several.
fig, axes = figure(2, height=2.7, width=9.6)
for row, (name, many) in enumerate(cases.items()):
    b, c = np.array([tuned(np.log(three), m)[1:] for three, m in many]).T
    for panel, x in zip(axes, (b / c, c), strict=True):
        if panel is axes[0] and name == "coarse":
            panel.text(0.05, row, "one number a request: any power", va="center", fontsize=8)
            continue
        values, counts = np.unique(x.round(2), return_counts=True)
        panel.scatter(values, [row] * len(values), s=20 * counts, color="C0", alpha=0.4)
        panel.plot(np.median(x), row, "|", markersize=16, markeredgewidth=2, color="C0")
for panel in axes:
    panel.set(yticks=range(6), ylim=(5.6, -0.6), xlim=(-0.1, 2.1))
    panel.axvline(1, color="0.6", linewidth=1)
axes[0].set_yticklabels(list(cases))
axes[1].set_yticklabels([])
axes[0].set(title="p(buy | click) against the margin", xlabel="power divided by the margin's power")
axes[1].set(title="The margin", xlabel="power (that of p(click) is 1)")
show(
    fig,
    alt="Tuned powers, median and range of twelve markets. Power of p(buy | click) divided by the margin's: as learned 1.0, .67 to 1.33; overconfident .63, .33 to .75; scenario 1.0, .67 to 1.67; "
    "category .5, 0 to .8; returns 1.5, 1.25 to 2. The margin's power: as learned .75, .5 to 1.25; overconfident .88, .75 to 1.25; scenario 1.0, .75 to 1.25; category .75, .5 to 1.25; coarse .75, .5 to 1; returns .75, .5 to 1.",
)

# %% [markdown] name="dials-why" tags=["after-guess"]
# - **Overconfident: yes**, by 3.5 to 5.1 points. The power of p(buy | click) is .63 of the margin's (median; 1 without a fault), and 1 / 1.6 = .63 undoes the fault. No difference to recalibration is shown.
# - **Scenario: no**, powers lose .2 to 1.3. A factor common to a request changes no order, so little is to be repaired. *One curve*, blind to the scenario, makes it worse by 1.9 to 2.9; with the column it gains .6 to 1.2.
# - **Category: yes**, by 1.0 to 3.9. One power cannot undo twelve shifts; at half the margin's power it counts a noisy score for less, and no more does one curve. With the column: 5.7 to 7.5 better than powers.
# - **Coarse: yes**, by .3 to 1.6. The score is calibrated, and does not know that expensive products are bought less often: where the price changes no purchase, powers gain nothing (-.1 to .1). The power itself does not tell: the margin's lies where it lies without a fault.
# - **Returns: yes**, by 2.4 to 3.2. p(keep) falls with the price, and p(buy | click) has 1.5 times the margin's power, 1.25 or more in each market. A third task is 2.1 to 3.1 better still. Recalibrated to purchases, kept or not, the list loses .6 to 1.6 *more* than untouched.
#
# So a product of *calibrated* scores is the best order only if they are calibrated **together**: among products with the same p(click), p(buy | click) and margin, the product must be the rate of sales. Powers help against a power, noise or a factor
# that is missing; in no world are they shown better than the cure that reads where the fault is (for *coarse*: a score that reads the product, 5.8 as learned). Ratios of two powers from .67 to 1.33 come without any fault, from some 900 sales. One far outside is an alarm: find out which fault it is.

# %% [markdown] name="cut-1"
# **End of sitting 1.** You can say what a list is for, and what each cure of a wrong score costs. Sitting 2: two goals, and weights that are tuned on a log.

# %% [markdown] name="sweep-text"
# ## Sitting 2 · Two goals and one weight
#
# The head of growth wants clicks, the head of finance margin. A list is on the **Pareto front** if no other brings at least as much of both and more of one. Two
# families go from one end to the other by one weight, at serving time, without any training. With $\hat v = \hat p_\text{click}\, \hat p_\text{buy}\, m$ and bars for means:
#
# - *sum of expected values*: $(1 - w)\, \hat p_\text{click} / \bar p + w\, \hat v / \bar v$, with $0 \le w \le 1$;
# - *powers*: $\hat p_\text{click}\, (\hat p_\text{buy}\, m)^w$.
#
# **Predict first.** At the same clicks, which brings more margin?


# %% name="sweep" tags=["after-guess"]
def swept(three, m):
    """Clicks and margin per thousand requests of both families."""
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


WEIGHTS = np.linspace(0, 1, 21).round(2)
sweeps = [swept(three, m) for three, m in zip(learned, markets, strict=True)]


def between(name, share):
    """Margin, in percent of the most, at this share of the way from most margin to most clicks."""
    found = []
    for one in sweeps:
        clicks, margin = one[name][::-1].T  # clicks rise
        there = np.interp(share, (0, 1), one["powers"][[-1, 0], 0])
        found.append(100 * np.interp(there, clicks, margin) / margin[0])
    return found


# %% name="sweep-picture" tags=["after-guess", "folded"]
# The picture, with a dial: the two families and the plain orders, seed 0.
def plain_points():
    three, m = learned[0], markets[0]
    goals = m.p_click[TEST], (m.p_click * m.p_buy * m.margin)[TEST]
    for name in ("p(click) p(buy | click)", "weighted sum", "margin of a sale"):
        score = WAYS[name](three, m)[TEST]
        yield name, [1000 * earned(score, goal) for goal in goals]


PLAIN = list(plain_points())


def sweep_at(weight):
    fig, axes = figure(height=3.6, width=7.6)
    at, said = WEIGHTS.tolist().index(weight), []
    for name, colour, offset in (
        ("sum of expected values", "C0", (10, 6)),
        ("powers", "C1", (-60, -12)),
    ):
        line = sweeps[0][name]
        axes.plot(*line.T, "o-", color=colour, markersize=3)
        axes.plot(*line[at], "o", color=colour, markersize=9)
        axes.annotate(
            name, line[8], xytext=offset, textcoords="offset points", color=colour, fontsize=9
        )
        said.append(f"{name} {line[at, 0]:,.0f} clicks, {line[at, 1]:,.0f} margin")
    for name, point in PLAIN:
        axes.plot(*point, "s", color="0.4")
        axes.annotate(
            name, point, xytext=(6, -10), textcoords="offset points", color="0.3", fontsize=8
        )
    axes.set(xlabel="clicks per thousand requests", ylabel="margin per thousand requests")
    axes.set_title(
        f"Up and to the right is better. Weight {weight:g}, not the same trade in both:\n{'; '.join(said)}",
        fontsize=9,
    )
    return fig


slide(
    sweep_at,
    dial="weight of the margin",
    values=WEIGHTS.tolist(),
    start=0.5,
    alt="Clicks and margin per thousand requests, market 0, by the weight of the margin; one weight is not the same trade in both families. Both lines begin at 1,089 clicks and 939 of margin and end at 805 and 1,598. Between them the sum of "
    "expected values lies a little above the powers: at about 1,034 clicks 1,407 against 1,360. Far below lie the order without margin, the weighted sum and the margin alone.",
)

# %% name="sweep-verdict" tags=["after-guess", "folded"]
# Three verdicts: margin at the same clicks, twelve seeds.
forest(
    "At the same clicks",
    [
        claim(
            f"25.sweep-{share}",
            f"{words} from most margin to most clicks: the sum keeps more margin than powers",
            between("sum of expected values", share / 100),
            between("powers", share / 100),
            unit="percent of the most",
        )
        for share, words in ((25, "a quarter"), (50, "half"), (75, "three quarters"))
    ],
)

# %% [markdown] name="sweep-why" tags=["after-guess"]
# The sum: halfway by .4 to 1.0 percent of the most, at three quarters by 1.6 to 2.5; near the end of most margin no difference is shown. The theorem above tells why: a mixture of expected values is itself an expected value, so its list is best for that mixture, if the
# probabilities are true.
#
# The weight sets a rate of exchange: the sum orders like $\hat v + \lambda\, \hat p_\text{click}$ with $\lambda = (1 - w)\, \bar v / (w\, \bar p)$, the money that a click is worth. If the business says "at least 1,000 clicks" instead, take the largest weight that still brings them; its $\lambda$ is the Lagrange multiplier of that constraint.

# %% [markdown] name="task-2-text"
# ### Task 25.2 · The Pareto front (5 minutes)
#
# Write `pareto(points)`.
#
# - `points`: a list of tuples of numbers, all of one length, two or more goals each; more is better in every goal. It may be empty.
# - One point *dominates* another if it is at least as good in every goal and better in one. Nearly equal is not equal.
# - Return a list of the points that none dominates, as numbers from 0 on, in rising order. Equal points do not dominate each other: both stay.
#
# A front may have dents: in `[(0, 10), (4, 4), (10, 0)]` no weights make `(4, 4)` the best, and none dominates it. `pareto([(5, 1), (4, 4), (4, 3), (1, 5), (4, 4)])` is `[0, 1, 3, 4]`.


# %% name="task-2"
def pareto(points):
    ### BEGIN SOLUTION
    def dominates(a, b):
        return all(x >= y for x, y in zip(a, b, strict=True)) and a != b

    return [k for k, one in enumerate(points) if not any(dominates(p, one) for p in points)]
    ### END SOLUTION


check("25.2", pareto)

# %% [markdown] name="serving-text"
# ## Retuned without a deploy
#
# The models give scores; the formula and its weights are *configuration*, read at serving time, versioned, changed without training or release. For this, log with each request the scores of **all** candidates, shown or not, the
# version of the weights, the position and the probability of being shown. A new setting is computed offline, and a few go to an A/B test, with guardrails (returns, complaints, clicks without a purchase).
#
# So far powers were tuned on 2,000 requests with all 20 products examined. No shop has that. It may have logs of five products shown, and examined by position:
#
# - ordered *by p(click)*, as it is, or each sale *weighted* by the inverse probability of being examined (lesson 24; here known);
# - *5 at random*, in all 2,000 requests or in *a fifth*;
# - *a fifth at random*, the others by p(click), as it is, or weighted by the inverse of the probability over both kinds of request.
#
# All these are tuned on lists of 20, in which a product that was not examined counts 0. The rivals: powers 1, untouched; *no powers*, but the one curve from above, fitted to the clicks of the log by p(click); and powers tuned on that log's *examined alone*, as lists or *by pairs*, or by pairs of the *five shown*, if nobody knows what was examined. Scores are as learned, or overconfident. A last shortcut: scores refitted on both parts, powers tuned to the old ones.
#
# **Predict first.** With scores as learned: which of these logs tunes powers that lose no more than powers 1?


# %% name="served-logs" tags=["folded"]
# Seven logs of a market: which rows were examined, perhaps with a weight.
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


# %% name="served" tags=["after-guess"]
by_log = {
    world: {"powers 1": worlds[world]["expected value"], "20 at random": worlds[world]["powers"]}
    for world in ("as learned", "overconfident")
}
sold = {"20 at random": sales}  # in the part to tune on
old_powers = []
for seed, m in enumerate(markets):
    logs = logs_of(learned[seed][0], m, seed)
    for name, log in logs.items():
        sold.setdefault(name, []).append((m.kept & (log > 0))[VALID].sum())
    for world, found in by_log.items():
        three = cases[world][seed][0]
        ways = {
            name: mixed(tuned(np.log(three), m, log), np.log(three)) for name, log in logs.items()
        }
        served = logs["by p(click)"]
        ways["no powers, one curve by p(click)"] = one_curve(three, m, in_log=served)
        click, *others = logs_of_three = np.log(three)
        best = tuned([np.where(served, click, -1e9), *others], m, served)  # not examined: last
        ways["lists of the examined"] = mixed(best, logs_of_three)
        ways["pairs of the examined"] = by_pairs(three, m, served)
        shown = (-click).argsort(axis=1, kind="stable").argsort(axis=1) < 5
        ways["pairs of the shown"] = by_pairs(three, m, served, beside=shown)
        for name, score in ways.items():
            found.setdefault(name, []).append(regret(score, m))
    old = tuned(np.log(learned[seed]), m)
    old_powers.append(regret(mixed(old, np.log(refitted[seed])), m))

# %% name="served-picture" tags=["after-guess", "folded"]
# The picture: regret by the log that tuned the powers, and (in brackets) its mean sales.
fig, axes = figure(2, height=4.2, width=9.8)
for panel, (world, found) in zip(axes, by_log.items(), strict=True):
    for row, values in enumerate(found.values()):
        panel.plot(values, [row] * len(values), "o", color="C0", alpha=0.3, markersize=4)
        panel.plot(np.mean(values), row, "|", markersize=15, markeredgewidth=2, color="C0")
    panel.axvline(np.mean(found["powers 1"]), color="C1", linewidth=1)
    panel.set(title=f"Scores {world}", yticks=range(len(found)), xlim=(0, 40), ylim=(12.6, -0.6))
    panel.set_xlabel("percent of value lost: left is better")
names = [f"{name} ({np.mean(sold[name]):.0f})" if name in sold else name for name in found]
axes[0].set_yticklabels(names)
axes[1].set_yticklabels([])
show(
    fig,
    alt="Mean percent of value lost, scores as learned and overconfident. Powers 1: 5.8 and 10.5. Powers tuned on 20 at random 6.4 and 6.2; on the log by p(click) 16.7 and 18.8, weighted 16.3 and 12.9; "
    "20 at random with as many sales 7.5 and 7.4; 5 at random 7.5 and 9.1; a fifth of that 13.6 and 11.2; by p(click) with a fifth at random 16.3 and 18.8, weighted 9.8 and 9.3. No powers, one curve from the clicks by p(click): 5.9 and 5.9. On the examined alone of the log by p(click): lists 8.6 and 8.0, pairs 6.7 and 6.7; pairs of the five shown 10.0 and 10.0.",
)

# %% name="served-verdict" tags=["after-guess", "folded"]
# Twelve verdicts: which log may tune the powers?
RIGHT, FAULTY = "as learned", "overconfident"
LOGS = [
    ("served", RIGHT, "by p(click)", "20 at random"),
    ("served-sales", RIGHT, "by p(click)", "20 at random, sales as by p(click)"),
    ("served-weighted", RIGHT, "by p(click), weighted", "by p(click)"),
    ("random", RIGHT, "5 at random", "powers 1"),
    ("fifth", RIGHT, "5 at random, a fifth", "powers 1"),
    ("mixed", RIGHT, "a fifth at random, weighted", "5 at random, a fifth"),
    ("mixed-one", RIGHT, "a fifth at random, weighted", "powers 1"),
    ("faulty-fifth", FAULTY, "5 at random, a fifth", "powers 1"),
    ("faulty-mixed", FAULTY, "a fifth at random, weighted", "powers 1"),
    ("faulty-curve", FAULTY, "no powers, one curve by p(click)", "a fifth at random, weighted"),
    ("curve", RIGHT, "no powers, one curve by p(click)", "powers 1"),
]
forest(
    "Which log may tune the powers?",
    [
        claim(
            f"25.{key}",
            f"{world}: less is lost by '{name}' than by '{rival}'",
            by_log[world][name],
            by_log[world][rival],
            unit="percent of value",
            higher_is_better=False,
        )
        for key, world, name, rival in LOGS
    ]
    + [
        claim(
            "25.refitted",
            "less is lost by the old powers of refitted scores than by their product",
            old_powers,
            lost["expected value, both parts"],
            unit="percent of value",
            higher_is_better=False,
        ),
    ],
)

# %% name="served-pairs" tags=["after-guess", "folded"]
# Seven verdicts: powers tuned on what was examined of the log by p(click).
LISTS, PAIRS = (f"{way} of the examined" for way in ("lists", "pairs"))
SHOWN, CURVE = "pairs of the shown", "no powers, one curve by p(click)"
forest(
    "The log by p(click), by what was examined",
    [
        claim(
            f"25.{key}",
            f"{world}: less is lost by '{name}' than by '{rival}'",
            by_log[world][name],
            by_log[world][rival],
            unit="percent of value",
            higher_is_better=False,
        )
        for key, world, name, rival in [
            ("served-examined", RIGHT, LISTS, "by p(click)"),
            ("served-pairs", RIGHT, PAIRS, LISTS),
            ("served-pairs-one", RIGHT, PAIRS, "powers 1"),
            ("served-shown-one", RIGHT, SHOWN, "powers 1"),
            ("faulty-pairs", FAULTY, PAIRS, "powers 1"),
            ("faulty-shown", FAULTY, SHOWN, "powers 1"),
            ("faulty-pairs-curve", FAULTY, CURVE, PAIRS),
        ]
    ],
)

# %% [markdown] name="serving-why" tags=["after-guess"]
# None. On the log by p(click) they lose 9 to 12 points more than on 20 at random. It is not for want of sales: a random log with as many loses 7 to 12 points less. A product that nobody examined counts 0, like one that nobody wanted; 15 of the 20 were never shown, and no inverse probability brings them a sale (no difference shown).
#
# **It is this 0.** Lists of the examined alone, from the same log, lose 6 to 10 points less, pairs of them another .5 to 3.3. These pairs cost .3 to 1.4 against powers 1 as learned, and are 3.3 to 4.5 better where the scores are overconfident. But few logs know what was examined: with all five shown in its place the pairs lose 2.8 to 5.6 more than powers 1, and with overconfident scores no difference is shown.
#
# Five at random lose .7 to 2.7 points more than powers 1, with 142 sales; a fifth of them, 26 sales, 5 to 11 more. If a fifth is random, all requests, weighted, may lose less than that fifth alone (corrected for the number of verdicts, not shown), and lose 1.5 to 6 more than powers 1.
#
# With overconfident scores neither of these two is shown better than powers 1. But the served log can correct the *score*: one curve on its clicks loses 1.2 to 5.6 points less than the weighted powers, and no cost is shown where nothing is wrong. (By construction p(buy | click) does not depend on the position.)
#
# So correct the scores: a click says by itself that it was examined (one curve is .2 to 1.3 better than pairs of the examined with overconfident scores; but blind to the scenario it harms where the fault differs by scenario, as above). Tune powers only where the log knows what was examined, and by pairs. Old powers on refitted scores lose .5 to 1.4 points against their plain product: powers hold for the model that they were tuned to.
#
# **End of sitting 2.** You can draw the trade of two goals, and say which log may tune a weight. Sitting 3: which metric sees what.

# %% [markdown] name="metrics-text"
# ## Sitting 3 · Metrics that see it
#
# Which number would have told us? Six click scores, made of the **true** probabilities of market 0, so that nothing is learned and every difference is meant:
#
# - *who*: the mean logit of the customer in this scenario. It is the same for all 20 products of a request;
# - *what*: the mean logit of the product;
# - *truth*, and three distortions of it: logits doubled; logits less 2 in search; times .5 everywhere.
#
# **AUC** is how often a random positive row stands above a random negative, of all rows. **GAUC** takes it inside each group, a customer or a request, and averages, weighted by rows (Zhu et al. 2017).
# **NDCG@5** asks for the clicks at the first five positions, with the same discount as our list's. *Calibration* is predicted over actual clicks, of all rows; *along the score* takes it in fifths of the score, and divides the highest by the
# lowest. *Regret* is that of the list by score × true p(buy | click) × margin.
#
# **Predict first.** Which score has the higher AUC, *who* or *what*? Which of the three distortions does AUC see, and which does the list?

# %% name="metrics" tags=["after-guess"]
m = markets[0]
true_logit = logit(m.p_click)
rows = pd.DataFrame(m.codes[:, :, :3].reshape(-1, 3), columns=["customer", "product", "scenario"])
rows["request"], rows["z"] = np.repeat(np.arange(len(m.click)), 20), true_logit.ravel()
y = m.click.ravel()


def mean_logit(*of):
    return rows.groupby(list(of))["z"].transform("mean").to_numpy().reshape(m.click.shape)


def ndcg(score):
    """NDCG@5 of the clicks, over requests with one or more."""
    some = m.click.any(axis=1)
    ideal = np.cumsum(SEEN)[np.minimum(m.click[some].sum(axis=1), 5) - 1]
    first = np.argsort(-score[some], axis=1, kind="stable")[:, :5]
    gain = (SEEN * np.take_along_axis(m.click[some], first, axis=1)).sum(axis=1)
    return (gain / ideal).mean()


def along(p):
    """Predicted over actual in fifths of the score: the highest over the lowest."""
    fifth = np.searchsorted(np.quantile(p, [0.2, 0.4, 0.6, 0.8]), p)
    ratio = np.bincount(fifth, p) / np.bincount(fifth, y)
    return ratio.max() / ratio.min()


in_search = m.codes[:, :, 2] == 1
made = {
    "who": expit(mean_logit("customer", "scenario")),
    "what": expit(mean_logit("product")),
    "truth": m.p_click,
    "logits doubled": expit(2 * true_logit),
    "logits less 2 in search": expit(true_logit - 2 * in_search),
    "times .5": m.p_click / 2,
}
seen_by = pd.DataFrame(
    {
        name: {
            "AUC": auc(y, p.ravel()),
            "GAUC by customer": gauc(y, p.ravel(), rows["customer"]),
            "GAUC by request": gauc(y, p.ravel(), rows["request"]),
            "NDCG@5": ndcg(p),
            "calibration": calibration_ratio(y, p.ravel()),
            "along the score": along(p.ravel()),
            "regret %": regret(p * m.p_buy * m.margin, m),
        }
        for name, p in made.items()
    }
).T
seen_by.round(2)

# %% [markdown] name="metrics-why" tags=["after-guess"]
# *Who* has the higher AUC, .73 against .70, and **no order at all within a request**: its GAUC by request is .50, and its NDCG half of *what*'s. Its list loses 16 %, *what*'s 5 %. By *customer* its GAUC is .55: a customer visits several scenarios, and
# scenarios differ in their rates. The group must be what the list is made of, a request.
#
# AUC sees one distortion of three, and it is nearly harmless: less 2 in search lowers it to .77, while the list loses .8 %. The doubled logits cost the list 4.7 %, and **no metric of order sees them**, since no order of clicks changed; the list is by a *product*, in which a small p(click)
# now counts nearly squared. The mean calibration alarms at the wrong one, too: .51 for *times .5*, which leaves the list as it is (it would ruin a bid), .65 for the doubled logits. *Along the score* tells them apart: 1.0 and 45. It is 3.9 for *less 2 in search*: ask it within a scenario.
# So: GAUC or NDCG for the order of one score, calibration along the score for what is multiplied (task 23.5), the mean ratio for what is paid.
#
# When each misleads: AUC where base rates of groups differ; GAUC where most groups have one label, and are left out; NDCG@5 for requests without a click and for what stands below five; all of them where the log's own list decided what could be clicked (lesson 15).

# %% [markdown] name="task-3-text"
# ### Task 25.3 · GAUC (7 minutes)
#
# Write `group_auc(group, label, score)`.
#
# - Three lists of one length, 0 or more, in any order: `group` (text), `label` (0 or 1), `score` (floats; equal scores of a positive and a negative count one half).
# - Groups whose rows all have the same label say nothing of order: they count neither above nor below the line.
# - Return $\sum_g n_g\, \mathrm{AUC}_g / \sum_g n_g$, with $n_g$ the rows of group $g$; `None` if no group has both labels.
#
# Groups `a a a b b c c`, labels `1 0 0 1 0 1 1`, scores `.9 .1 .9 .2 .3 .5 .6`: in `a` one pair is right and one tied, AUC .75; in `b` it is 0; `c` does not
# count. The result is (3 · .75 + 2 · 0) / 5 = .45. `auc(labels, scores)` is imported, and needs both labels.


# %% name="task-3"
def group_auc(group, label, score):
    ### BEGIN SOLUTION
    table = pd.DataFrame({"group": group, "label": label, "score": score})
    both = [one for _, one in table.groupby("group") if one["label"].nunique() == 2]
    if not both:
        return None
    return np.average([auc(g["label"], g["score"]) for g in both], weights=[len(g) for g in both])
    ### END SOLUTION


check("25.3", group_auc)

# %% [markdown] name="scenario-text"
# ## By task and by scenario
#
# One number for all hides the small scenario, and the small scenario hides in its own noise. The learned p(buy | click) of market 0, judged on clicked rows of the last part; the 95 % intervals come from drawing requests, with
# replacement, 200 times. Two rivals learn on the same rows: one without the column segment × category, one with more regularisation.
#
# **Predict first.** How wide is the interval of the cart's AUC? Can a gain of .01 in the cart be seen?


# %% name="scenario" tags=["after-guess"]
def purchase_score(m, columns, c=1.0):
    rows = rows_of(m, TRAIN)
    rows = rows[m.click.ravel()[rows]]
    x = one_hot(m, rows, columns)
    model = LogisticRegression(C=c, max_iter=300).fit(x[rows], m.buy.ravel()[rows])
    return model.predict_proba(x)[:, 1].reshape(m.click.shape)


rivals = {
    "without segment × category": purchase_score(m, [1, 2, 4]),
    "with more regularisation": purchase_score(m, [1, 2, 3, 4], c=0.3),
}
clicked = m.click & (np.arange(6_000) >= 4_000)[:, None]
draw, by_scenario, gains = np.random.default_rng(0), {}, {name: [] for name in rivals}
for at, name in [*enumerate(SCENARIOS), (None, "all")]:
    here = clicked if at is None else clicked & (m.codes[:, :, 2] == at)
    request, label, p = np.nonzero(here)[0], m.buy[here], learned[0][1][here]
    ids, of = np.unique(request, return_inverse=True)
    drawn = []
    for _ in range(200):
        weight = np.bincount(draw.integers(len(ids), size=len(ids)), minlength=len(ids))[of]
        drawn.append(roc_auc_score(label, p, sample_weight=weight))
        if name == "cart":  # the same draw for the other models
            for rival, q in rivals.items():
                other = roc_auc_score(label, q[here], sample_weight=weight)
                gains[rival].append(drawn[-1] - other)
    by_scenario[name] = (auc(label, p), *np.quantile(drawn, (0.025, 0.975)))
    print(f"{name:<7} {len(ids):>5} requests {len(label):>6,} clicks {label.sum():>4} purchases")

# %% name="scenario-picture" tags=["after-guess", "folded"]
# The picture: AUC of p(buy | click) by scenario, and its gain in the cart over two rivals.
fig, axes = figure(2, height=2.4, width=9.6)
gained = {name: (np.mean(d), *np.quantile(d, (0.025, 0.975))) for name, d in gains.items()}
for panel, intervals in zip(axes, (by_scenario, gained), strict=True):
    for row, (value, low, high) in enumerate(intervals.values()):
        panel.plot([low, high], [row, row], color="C0", linewidth=2.5)
        panel.plot(value, row, "o", color="C0")
    panel.set(yticks=range(len(intervals)), ylim=(len(intervals) - 0.5, -0.5))
    panel.set_yticklabels(
        [name.replace(" segment", "\nsegment").replace(" reg", "\nreg") for name in intervals]
    )
axes[0].set(title="Level: right is better", xlabel="AUC of the purchase after a click")
axes[1].set(title="Cart: gain over a rival", xlabel="difference in AUC, the same requests")
axes[1].axvline(0, color="0.6", linewidth=1)
show(
    fig,
    alt="Left, AUC of the purchase after a click with 95 % intervals: home 0.73, from 0.71 to 0.76; search 0.71, from 0.68 to 0.74; cart 0.72, from 0.67 to 0.76; all 0.75, from 0.73 to 0.76. "
    "Right, gain in the cart: over the rival without segment × category 0.00, from -0.02 to 0.03; over the one with more regularisation 0.012, from 0.003 to 0.022.",
)

# %% [markdown] name="scenario-why" tags=["after-guess"]
# The cart's interval is .09 wide, from .67 to .76, for 119 purchases; home's is .05. That is the interval of a **level**. A gain is a *difference* on the same rows, and its interval is narrower: over the model with more regularisation .012, from .003 to .022, shown with the same 119 purchases. Over the one without segment × category no gain is shown, from -.02 to .03. Two separate intervals that overlap prove nothing.
#
# *All*, .75, lies above each of the three: rates of purchase differ between scenarios, and the pooled AUC counts that (lesson 21). What helps a small scenario to *learn* stands there too (sampling at a temperature, sharing); here it is about judging.

# %% [markdown] name="verdict-text"
# Calibration by scenario needs an interval too. If the probabilities are right and the rows independent, the number of purchases has mean $\sum p$ and variance $\sum p(1 - p)$, so
#
# $$z = \frac{\sum p - \sum y}{\sqrt{\sum p\,(1 - p)}}$$
#
# lies outside ±1.96 for about one scenario in twenty, if some ten purchases or more are expected. With twenty scenarios a false alarm is more likely than not ($1 - .95^{20} = .64$). Here the rows are independent given $p$, by construction; in a log, draw requests for the ratio too, as above.

# %% [markdown] name="task-4-text"
# ### Task 25.4 · Calibration by scenario (6 minutes)
#
# Write `calibration_by(scenario, y, p)`.
#
# - Three lists of one length, 0 or more, in any order: `scenario` (text), `y` (0 or 1), `p` (probabilities, above 0 and below 1).
# - Return a dictionary: each scenario that occurs → `(ratio, verdict)`. `ratio` is predicted over actual, $\sum p / \sum y$; `None` where no row has y = 1.
# - `verdict` is `"too high"` if z is above 1.96, `"too low"` if it is below -1.96, else `"not shown"`. z decides also where the ratio is `None`.
#
# Scenario `a` with y = 0 0 0 1, p = .5 .5 .5 .5: ratio 2, z = 1 / 1 = 1, so `{"a": (2.0, "not shown")}`. Four times these rows: z = 2, `"too high"`.


# %% name="task-4"
def calibration_by(scenario, y, p):
    ### BEGIN SOLUTION
    table = pd.DataFrame({"scenario": scenario, "y": y, "p": p})
    found = {}
    for name, one in table.groupby("scenario"):
        predicted, actual = one["p"].sum(), one["y"].sum()
        z = (predicted - actual) / np.sqrt((one["p"] * (1 - one["p"])).sum())
        verdict = "too high" if z > 1.96 else "too low" if z < -1.96 else "not shown"
        found[name] = (predicted / actual if actual else None, verdict)
    return found
    ### END SOLUTION


check("25.4", calibration_by)

# %% [markdown] name="cut-3"
# **End of sitting 3.** You can say which metric sees what. Sitting 4: purchases that are late, and a real grocery.

# %% [markdown] name="delay-text"
# ## Sitting 4 · Purchases that have not arrived yet
#
# A purchase comes hours or days after its click (lesson 14 counts them). A model that is trained tonight reads a label 0 where it should read "not yet". Let $F(e)$ be the share of the purchases that arrive within
# age $e$. A click of age $e$ has no purchase yet if none will come, or one will come later:
#
# $$P(y = 0 \text{ at age } e) = (1 - p) + p\,(1 - F(e)) = 1 - p\,F(e).$$
#
# So the loss of a click is $-\ln p$ if it bought (and a term without $p$) and $-\ln(1 - pF(e))$ if not yet. With an exponential delay whose rate is learned together with $p$, this is the model of Chapelle (2014). If one rate $p$
# serves all clicks and is small, its solution is nearly *purchases so far / sum of $F$*, the correction of lesson 14.

# %% [markdown] name="delay-world"
# Two months: 120 products, 80,000 clicks, an exponential delay of 4 days on average. Three dials. Do products *differ*: a product's mean delay is 4 days times $e^{N(0, 1) - 1/2}$. Do 60 % of the purchases come *at once*, and the others later. And *drift*, a daily random step of each product's logit.
#
# Every way counts the purchases of each product and shrinks to the mean by 20 clicks; 14 days of clicks, where no more are named. What is known of delays comes from clicks more than 30 days old.
#
# | way | clicks of age | what it does |
# |---|---|---|
# | ignore | 0 to 14 | not yet is never |
# | wait 21 days | 21 to 35 (all older: to 60) | counts purchases within 21 days |
# | one delay, own delays | 0 to 14 (60 days: to 60) | divides by the sum of $F$, exponential, with a common mean or the product's |
# | own curves | 0 to 14 | the same, with $F$ as the product's old purchases had it, no formula |
# | likelihood | 0 to 14 | own delays in the loss above |
#
# **Predict first.** All products have the same delay, nothing drifts. Ignoring the delay, is the *list* worse than a corrected one? And is it better to wait, or to correct?


# %% name="month"
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


# %% name="delay-cures"
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
    """No formula for the delay: the share of a product's old purchases that had come by this age."""
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


# %% name="delay" tags=["after-guess"]
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
late, level = ({which: {name: [] for name in DELAYED} for which in MONTHS} for _ in range(2))
for which, dials in MONTHS.items():
    for seed in range(20):
        t = month(seed, **dials)
        worth = (t.p * t.margin)[t.lists]
        for name in DELAYED if which[1] == 0 else SHOWN:  # all ways where nothing drifts
            p = DELAYED[name](t)
            gap = 1 - earned((p * t.margin)[t.lists], worth) / earned(worth, worth)
            late[which][name].append(100 * gap)
            level[which][name].append(p.mean() / t.p.mean())
still = {
    (column, delays): {name: np.mean(one[delays, 0][name]) for name in DELAYED}
    for column, one in (("regret %", late), ("predicted / true", level))
    for delays in ("same", "differ", "60 % at once")
}
pd.DataFrame(still).round(2)

# %% name="delay-picture" tags=["after-guess", "folded"]
# The picture: regret by drift, both kinds of delay, means of twenty seeds.
fig, axes = figure(2, height=3.4, width=9.6)
colours = {"ignore": "C1", "wait 21 days": "C3", "own delays": "C0", "own delays, 60 days": "C2"}
offsets = {"same": {"ignore": -9, "own delays": 4}, "differ": {"ignore": 2, "own delays": -6}}
told = []
for panel, delays in zip(axes, ("same", "differ"), strict=True):
    for name, colour in colours.items():
        means = [np.mean(late[delays, drift][name]) for drift in DRIFTS]
        panel.plot(DRIFTS, means, "o-", color=colour, markersize=4)
        panel.annotate(
            name,
            (DRIFTS[-1], means[-1]),
            xytext=(6, offsets[delays].get(name, -2)),
            textcoords="offset points",
            color=colour,
            fontsize=8,
        )
        told.append(f"{delays} delay, {name}: {', '.join(f'{one:.1f}' for one in means)}")
    panel.set(title={"same": "one delay for all", "differ": "delays differ"}[delays])
    panel.set(xticks=DRIFTS, xlim=(-0.01, 0.3), ylim=(0, 16))
    panel.set_xlabel("daily drift of a product's logit")
axes[0].set_ylabel("percent of value lost (lower is better)")
show(fig, alt=f"Regret at drift {DRIFTS}, means of twenty seeds. {'; '.join(told)}.")

# %% name="delay-verdict" tags=["after-guess", "folded"]
# Thirteen verdicts on the regret, twenty seeds.
ASKED = [
    (("same", 0), "own delays", "ignore"),
    (("same", 0.2), "own delays", "ignore"),
    (("same", 0), "wait 21 days", "one delay"),
    (("differ", 0), "own delays", "ignore"),
    (("differ", 0), "one delay", "ignore"),
    (("differ", 0), "likelihood", "own delays"),
    (("differ", 0), "wait 21 days", "own delays"),
    (("differ", 0), "own delays, 60 days", "wait 21 days, all older clicks"),
    (("differ", 0.2), "own delays", "ignore"),
    (("differ", 0.2), "wait 21 days", "own delays"),
    (("differ", 0.2), "own delays, 60 days", "own delays"),
    (("60 % at once", 0), "own delays", "ignore"),
    (("60 % at once", 0), "own curves", "ignore"),
]
WORLD = {"same": 0, "differ": 1, "60 % at once": "at-once"}
forest(
    "Delayed purchases: regret",
    [
        claim(
            f"25.delay-{WORLD[which[0]]}-{int(100 * which[1])}-{name}-{rival}".replace(
                ",", ""
            ).replace(" ", "-"),
            f"{which[0]}, drift {which[1]}: less is lost by '{name}' than by '{rival}'",
            late[which][name],
            late[which][rival],
            unit="percent of value",
            higher_is_better=False,
        )
        for which, name, rival in ASKED
    ],
)

# %% [markdown] name="delay-why" tags=["after-guess"]
# **One delay for all:** the labels of tonight make the mean prediction .72 of the truth; that the *list* is worse is not shown, with drift or without. A factor common to all products changes no order. The correction sets the level right (1.00).
#
# **Products differ:** what comes late is pushed down the list. Ignoring loses 5.9 %, corrected by own delays 3.9 %. One common delay sets the level (1.03) and not the list. The likelihood gives what the division gives.
#
# **Waiting** has nearly complete labels of old clicks (.99; .97 where products differ). Where nothing drifts, 14 days of them may be better than 14 corrected days (.1 to 1.1 points with one delay for all, .1 to 1.0 where they differ; corrected for the number of verdicts, neither is shown). But a correction reads young clicks *and* old: 60 days lose .9 %, against 1.5 % for waiting with all that is older. At drift .2 waiting loses 7 to 12 points more than own delays, and 60 days 3 to 5
# more than 14. So: correct, with a delay by product or segment, and let the drift decide how many days to read. Waiting is best nowhere in this table or picture.
#
# **The shape:** the delay is exponential by construction, and the correction is told so. If 60 % come at once, own delays gain at most .7 on ignoring (corrected for the number of verdicts, not shown); own curves, without a formula, .2 to .6. Look at the curve of your log before you fit one.

# %% [markdown] name="task-5-text"
# ### Task 25.5 · The loss with "not yet" (5 minutes)
#
# Write `delayed_loss(p, bought, age, mean)`.
#
# - `p`: array `[n]` of predicted p(buy | click), above 0 and below 1; n is 1 or more. `bought`: array of 0 and 1, *by now*. `age`: array of days since
#   the click, 0 or more. `mean`: a number above 0, the mean of the exponential delay, so $F(e) = 1 - e^{-e/\text{mean}}$.
# - Return the mean over clicks of $-\ln p$ where bought and $-\ln(1 - p F(\text{age}))$ where not. Neither clipped nor rounded.
#
# `delayed_loss(np.array([.2, .2]), np.array([1, 0]), np.array([3., 0.]), 4.)` is 1.609 / 2 = .805: at age 0 "not yet" says nothing.


# %% name="task-5"
def delayed_loss(p, bought, age, mean):
    ### BEGIN SOLUTION
    arrived = 1 - np.exp(-age / mean)
    return np.where(bought == 1, -np.log(p), -np.log1p(-p * arrived)).mean()
    ### END SOLUTION


check("25.5", delayed_loss)

# %% [markdown] name="real-text"
# ## Does it hold on real data?
#
# No log that we may fetch has impressions, clicks, purchases and money. Ta Feng, the grocery shop of lesson 24, has purchases with revenue and cost: the last step. One request is a customer in February,
# with eight or more of the 200 most frequent kinds of product that she bought in the two months before; the list names five. Value is what February's baskets left: revenue less cost, at most ±200 Taiwan dollars a line. p(buy again) is a logistic regression, learned in
# January; a kind's margin is its mean of the past; the powers of p and margin are tuned on January's customers, eight ratios. *Better p* has a fifth column, how often the kind was bought again in January. *Learned value* is a power of the margin, fitted to what January's purchases left (a Poisson regression; losses count 0), not to lists.
#
# **Predict first.** Does p × margin beat the margin alone in a grocery? Do tuned powers help?

# %% name="real" tags=["real-data"]
baskets = load("ta_feng")
baskets["profit"] = (baskets["revenue"] - baskets["cost"]).clip(-200, 200)


def requests_before(cut, end):
    """Customers with eight or more kinds: what is known at ``cut``, what they left until ``end``."""
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


# %% name="real-run" tags=["real-data", "after-guess"]
january, february, march = pd.to_datetime(["2001-01-01", "2001-02-01", "2001-03-01"])
earlier, later = requests_before(january, february), requests_before(february, march)
by_kind = earlier.groupby("subclass_id")["again"].agg(["sum", "size"])
by_kind = (by_kind["sum"] + 20 * earlier["again"].mean()) / (by_kind["size"] + 20)


def probability(column, read):
    model = LogisticRegression().fit(read(earlier), earlier["again"])
    for one in (earlier, later):
        one[column] = model.predict_proba(read(one))[:, 1]


def with_kind(one):
    rate = one["subclass_id"].map(by_kind).fillna(earlier["again"].mean())
    return np.column_stack([np.stack(one["read"]), logit(rate)])


probability("p", lambda one: np.stack(one["read"]))
probability("better p", with_kind)
came = earlier[earlier["again"]]
value = PoissonRegressor(alpha=0).fit(np.log(came[["margin"]]), came["left"].clip(lower=0))
x = np.log(came["margin"])


def off(power):
    error = came["left"] - np.exp(power[0] + power[1] * x)
    return [error.mean(), (error * x).mean()]


with_losses = fsolve(off, [0, 1])[1]
print(f"learned value: the margin to the power {value.coef_[0]:.1f}; with losses {with_losses:.1f}")
for one in (earlier, later):
    one["value"] = value.predict(np.log(one[["margin"]]))
    one["value with losses"] = one["margin"] ** with_losses
RATIOS = [(1, c) for c in (0, 0.25, 0.5, 0.75, 1, 1.5, 2)] + [(0, 1)]


def fused(column, worth="margin"):
    """February's scores, by the powers that leave most in January."""

    def score(one, w):
        return one[column] ** w[0] * one[worth] ** w[1]

    best = max(RATIOS, key=lambda w: left_by(earlier, score(earlier, w)).mean())
    print(f"powers of {column} and {worth}: {best}")
    return score(later, best)


ways = {"p alone": later["p"], "margin alone": later["margin"]}
ways |= {"p × margin": later["p"] * later["margin"], "tuned powers": fused("p")}
ways["better p × margin"] = later["better p"] * later["margin"]
ways["better p × learned value"] = later["better p"] * later["value"]
ways["better p, tuned powers"] = fused("better p")
for worth in ("value", "value with losses"):
    fused("better p", worth)
left = pd.DataFrame({name: left_by(later, score) for name, score in ways.items()})
print(f"{len(left):,} customers; dollars left for each:")
print(left.mean().round(1).to_string())

# %% name="real-fifths" tags=["real-data", "after-guess"]
by_month = {}
for month_name, one in (("January", earlier), ("February", later)):
    fifths = one.groupby(pd.qcut(one["margin"], 5, labels=False).rename("fifth of margin") + 1)
    again, left_by_buyer = fifths["again"].mean(), fifths["left"].sum() / fifths["again"].sum()
    by_month[month_name] = pd.DataFrame(
        {
            "p / bought": fifths["p"].mean() / again,
            "better p / bought": fifths["better p"].mean() / again,
            "left by buyer / margin": left_by_buyer / fifths["margin"].mean(),
        }
    )
pd.concat(by_month, axis=1).round(2)

# %% name="real-verdict" tags=["real-data", "after-guess", "folded"]
# Seven verdicts: money left per customer.
forest(
    "Ta Feng: what the first five leave",
    [
        claim(
            f"25.real-{name}-{rival}".replace(" × ", "-").replace(",", "").replace(" ", "-"),
            f"{name} leaves more than {rival}",
            left[name],
            left[rival],
            unit="Taiwan dollars",
            pairs="customers",
        )
        for name, rival in (
            ("p × margin", "p alone"),
            ("p × margin", "margin alone"),
            ("tuned powers", "p × margin"),
            ("better p × margin", "tuned powers"),
            ("better p, tuned powers", "better p × margin"),
            ("better p × learned value", "better p × margin"),
            ("better p × learned value", "better p, tuned powers"),
        )
    ],
)

# %% [markdown] name="real-why" tags=["after-guess"]
# p × margin leaves 13.7 dollars a customer, a third more than p (10.2), a quarter more than margin alone (11.1). Tuned powers add .2 to .7, and the margin's power is .5: the alarm. Tuned in January: so January's fifths must tell.
#
# p is .9 to 1.1 times right there, and yet a better p, which knows the kind, leaves .6 to 1.2 more than tuned powers. But the power is still .75, and adds .2 to .5. In the margin: what a buyer left is 1.8 times the margin in the second and third fifth and 1.3 times in the highest. The value fitted to purchases,
# losses counted 0, is the margin to the power .7; with it the tuned powers are 1 and 1, and it leaves .3 to .5 more than the margin, and up to .1 more than tuning. Counted as they are, losses give the power .9, and .75 stays: not all is explained.
#
# Both months look back equally far: with all of the past, February's counts reach over three months, January's over two, and p is too high in all but the cheapest fifth. All customers share one January and one February, so the intervals say nothing of another month. And these baskets were filled without our list: no log of purchases tells whether showing sells.

# %% [markdown] name="interview"
# ## Interview, with follow-up questions
#
# ### "How do you combine task scores into one ranking? Can you retune it without a deploy?"
#
# **Sixty seconds.** "First I ask what the list is for, and write it as an expected value: p(click) p(buy given click) margin, times p(keep) where things come back. If the scores are calibrated together, that product is the best order. Two goals: a weighted sum of their
# expected values, one weight, swept offline into a front; the business picks a point, an A/B test confirms it, with guardrails. The weights are configuration, versioned, logged with the scores of all candidates. Powers are a patch: first I correct the scores on the clicks that I have;
# powers I tune by pairs, if the log knows what was examined. A tuned power far from 1 tells me to look for a fault: a power, noise, or a factor that is missing."
#
# - *"Why not a weighted sum of the scores?"* The picture of the learned scores: tuned as long, it lost 11 to 14 points more; of ranks, 4 to 6.
# - *"Your scores are calibrated. Is the product the best order?"* *Coarse*: calibrated in each scenario, and tuned powers were better. It must be calibrated among products that share all scores and the margin.
# - *"Why not learn the value directly?"* The ridge of the money: the margin is known, so predict the sale and multiply.
# - *"Tune the weights on last week's served log?"* No: what nobody examined counts 0, 9 to 12 points are lost, and inverse propensities do not help what was never shown. Recalibrate on the log's clicks.
# - *"Customers stop after a purchase. Still by expected value?"* No: the exchange of neighbours gives $p_i p_j (m_i - m_j)$.
#
# **The sentence that sinks you:** "We add the scores, with weights from grid search on AUC." AUC of which task, and in what unit is the sum?
#
# ### "Purchases come days later. How do you train, and how do you keep pCVR calibrated?"
#
# **Sixty seconds.** "A label 0 tonight means not yet: P(0 at age e) is 1 - pF(e), with F the share of purchases that come within age e. I estimate F from old clicks, by product group, as a curve if no formula fits, and put it into the loss, or divide the purchases so far by the sum of F.
# One common delay sets the level and not the order. Waiting gives nearly complete labels of an old month; a corrected count reads young clicks too, and drift decides how many days. Then I watch predicted over actual by scenario, with an interval, on clicks old enough to be complete. Auctions and budgets need the level; a list of products of scores needs it along the score."
#
# - *"Does delay hurt the ranking?"* The table of the months: not shown if all products have the same delay; 5.9 % against 3.9 % if they differ.
# - *"How long would you wait?"* The picture by drift: not at all, I correct; 60 days where little drifts (up to .05 a day), 14 where more does (.1 and above).
# - *"Your delay is not exponential?"* 60 % at once: own curves.
# - *"And streams?"* Fake negatives go in at once, positives when they come, with weights that undo it (Ktena et al. 2019); not tried here.
#
# **The sentence that sinks you:** "We use a 24-hour window, so labels are clean."
#
# ### "AUC, GAUC, NDCG: what does each say?"
#
# **Sixty seconds.** "AUC is the probability that a random positive stands above a random negative: from the rank sum, ties a half, n log n. Over all rows it also rewards knowing who clicks, which orders no list. GAUC takes it within each request and averages, weighted by rows; groups with one label drop out, so I say how many are left.
# NDCG is the gain discounted by position over the ideal list's; at five it is blind below. None of them sees a monotone distortion, and a product of scores suffers from it, so with fusion I add calibration along the score, within a scenario. To compare two models I ask the paired interval of the difference, by drawing requests."
#
# - *"AUC up, sales down?"* The table of six scores: *who* has .73 and no order in any request.
# - *"GAUC by user or by request?"* .55 against .50 in the same table.
# - *"Is .01 in the cart a gain?"* Ask the paired interval on the same rows: it is narrower than that of the level, .09.
#
# **The sentence that sinks you:** "The two intervals overlap, so the new model is no better."

# %% [markdown] name="recap"
# ## Recap
#
# The follow-up questions stand above.
#
# - Write the goal down; sort by its expected value. Scores must be calibrated together, not each for itself.
# - A ratio of powers from .67 to 1.33 is noise here; one far outside is an alarm: a power, noise, or a factor that is missing. Data help more in the scores than in the powers.
# - Two goals: sum of expected values, one weight in the configuration, a front to choose from.
# - A served log: what was not examined is no 0. Correct the scores on its clicks; tune powers by pairs of the examined alone.
# - Group by request. Metrics of order do not see what ruins a product of scores.
# - Not yet is not never. Correct by product; drift decides how far back to read.
#
# **What the article said, and what is right**
#
# **E13.** The article's chapter on multi-task and multi-scenario learning leaves out six things.
#
# | left out (E13) | where it is taught |
# |---|---|
# | label dependence, view → cart → buy | lesson 24: ESMM's product, AITM's steps |
# | selection bias | lesson 24: rows that nobody clicked, with the truth beside them |
# | delayed feedback | here: loss, cures, drift; lesson 14: the dashboard |
# | metrics by task and by scenario | here: AUC, GAUC, calibration with a verdict; lesson 21: the pooled AUC |
# | fusing scores into one ranking | here: expected value, powers, two goals |
# | scenario imbalance | lesson 21: sampling at a temperature; here: what a small scenario can show |
#
# **Left out here:** positions and examination learned from the log (lesson 15); diversity and re-ranking of the whole list, where one product's value depends on its neighbours; auctions; weights learned online; streams of labels; the first of a list being the most overestimated.
#
# **References**
#
# - S. Lahaie, D. Pennock: Revenue Analysis of a Family of Ranking Rules for Keyword Auctions. EC 2007.
# - H. Zhu et al.: Optimized Cost per Click in Taobao Display Advertising. KDD 2017, https://arxiv.org/abs/1703.02091.
# - K. Järvelin, J. Kekäläinen: Cumulated Gain-Based Evaluation of IR Techniques. ACM TOIS 20(4), 2002.
# - O. Chapelle: Modeling Delayed Feedback in Display Advertising. KDD 2014.
# - S. I. Ktena et al.: Addressing Delayed Feedback for Continuous Training with Neural Networks in CTR Prediction. RecSys 2019, https://arxiv.org/abs/1907.06558.
