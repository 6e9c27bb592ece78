# %% [markdown] name="title"
# # 25 · One ranking out of many scores
#
# **After this lesson you can** turn the scores of several tasks into one list and say what the list is for, tell when tuned powers help and when they only
# add noise, choose the metric that sees what ruins a list, and learn from purchases that have not arrived yet.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 40 + 50 | senior | lesson 20 | "How do you combine task scores into one ranking?", "AUC or GAUC?", "purchases come days later: what do you train on?" |
#
# Run each cell with Shift+Enter. Five cells wait for your code: replace the dots, run, read the verdict. `hint("25.1", 1)` helps, and so do levels
# 2 and 3. What follows a *Predict first* is closed until you run it.

# %% name="imports"
from types import SimpleNamespace

import numpy as np
import pandas as pd
from scipy.special import expit, logit, xlogy
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import OneHotEncoder

from course_utils.datasets import load
from course_utils.evidence import claim, evidence
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
# were drawn at random and all of them examined (lesson 11 has positions). When the list is served, five are shown, and a customer examines position
# $k$ with probability $1 / \log_2(k + 1)$.

# %% name="market"
SCENARIOS = ("home", "search", "cart")


def market(seed, n=6_000, returns=False):
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
    buy = np.array([-2.6, -1.8, -1.2])[scenario] + 0.4 * taste[s, c] - 0.45 * log_price[product]
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
# its own expected value, and that is a theorem: let $v_i$ be what product $i$ brings if it is examined, $\theta_k$ the examination probability of position $k$,
# falling. Exchange two neighbours, and the list changes by
#
# $$(\theta_k - \theta_{k+1})(v_{i} - v_{j}) \ge 0 \quad\text{if the larger } v \text{ goes up, so the best list is sorted by } v_i = p_i(\text{click})\, p_i(\text{buy} \mid \text{click})\, m_i.$$
#
# It holds if what one product brings does not depend on its neighbours. p(cart | click) is not in the formula: a purchase counts once. A cart gets a
# term of its own only if it is worth something of its own.

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
#   tie (equal rows, or several zeros) stand in the order in which they came.
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
# A shop has no true probabilities. 2,000 requests teach two logistic regressions: the click on all rows, the purchase on clicked rows (it does not
# read the customer's id: purchases are too few). 2,000 more are for tuning, 2,000 to judge. Everybody who tunes gets the same 81 settings and the same logged margin:
#
# | contender | tuned on |
# |---|---|
# | expected value: the product, powers 1 | nothing |
# | product of powers (1, b, c) | 81 pairs b, c |
# | weighted sum of the standardised scores (1, b, c) | 81 pairs b, c |
# | powers by pairs: a logistic regression that a kept sale stands above the rest of its request, weighted by margin | its loss |
# | boosted trees: margin from the logarithms of the three scores | squared error |
# | ridge: margin from the columns, no click or purchase model at all | squared error, on both parts |
#
# **Regret** is the share of the best list's true value that a list loses.
#
# **Predict first.** Are 81 tries at the powers better than no tuning?

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


def by_pairs(three, m):
    """Powers: a logistic regression on differences of logarithms within a request."""
    x, kept = np.stack(np.log(three), axis=2)[VALID], m.kept[VALID]
    request, sale = np.nonzero(kept)
    lead, other = x[request, sale][:, None] - x[request], ~kept[request]
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
# The picture: regret of each contender, five seeds.
def dots(values, title, alt, xlabel="percent of the best list's value that is lost"):
    """One line a name, one dot a seed, a bar at the mean."""
    fig, axes = figure(height=0.9 + 0.33 * len(values))
    for row, one in enumerate(values.values()):
        axes.plot(one, [row] * len(one), "o", color="C0", alpha=0.5)
        axes.plot(np.mean(one), row, "|", markersize=18, markeredgewidth=2, color="C0")
    axes.set(title=title, yticks=range(len(values)), xlim=(0, None), xlabel=xlabel)
    axes.set_yticklabels(list(values))
    axes.invert_yaxis()
    show(fig, alt=alt)


dots(
    lost,
    "Regret, five seeds (bar: mean): left is better",
    "Mean percent of value lost: expected value 5.6, powers by pairs 5.9, tuned powers 6.0, ridge 8.5, boosted trees 10.5, weighted sum 20, without the margin 37, "
    "margin alone 40, click alone 41.",
)

# %% name="learned-verdict" tags=["after-guess", "folded"]
# Five verdicts on the regret of the expected value.
forest(
    "Learned scores, nothing distorted",
    [
        claim(
            f"25.learned-{name.replace(' ', '-')}",
            f"less is lost by expected value than by {name}",
            lost["expected value"],
            lost[name],
            unit="percent of value",
            higher_is_better=False,
        )
        for name in list(WAYS)[1:6]
    ],
)

# %% [markdown] name="learned-why" tags=["after-guess"]
# No difference is shown between the expected value and either way to tune powers. The scores are right as learned, about a thousand sales are there to tune on, and 81 tries find
# little more than their noise. Three contenders lose: a *ridge* of the margin itself, by 2 to 4 points; *boosted trees* of the margin, by 3 to 7; and the weighted sum, with as
# many tries as the powers, by 13 to 17. In a sum a large margin makes up for a sale that hardly ever happens; in a product a factor near 0 does not let it. Without the margin, 37 % of the value
# are lost, more than six times as much as with it.

# %% [markdown] name="dials-text"
# ## When do powers help?
#
# They help where the product of the scores is not the value. Four distortions, one at a time. In the first three only p(buy | click) is wrong:
#
# - *overconfident*: its logit times 1.6. For small $p$ that is nearly a power, $p^{1.6}$;
# - *scenario*: its logit plus 0 at home, 1.5 in search, -1.5 in the cart. A request has one scenario;
# - *category*: its logit plus N(0, 1), drawn for each category. A request has many categories;
# - *returns*: the scores are right, but some sales come back, expensive ones more often: nobody modelled p(keep), and only kept sales count.
#
# Against the powers stands the plain cure, fitted on the same tuning part: *recalibrated*, a logistic regression of the purchase on the logit of the score, scenario and category, on clicked rows; then the
# expected value. Against returns: *three tasks*, a logistic regression of keeping on log price, as a fourth factor.
#
# **Predict first.** In which of the four do tuned powers beat the expected value? In which do they beat the plain cure?

# %% name="cures"
def one_curve(three, m, columns=()):
    """The purchase by the logit of its score, and perhaps columns, fitted on clicked rows."""
    click, buy, value = three
    read = (np.eye(k)[m.codes[:, :, at].ravel()] for k, at in columns)
    x = np.column_stack([logit(buy).ravel(), *read])
    rows = rows_of(m, VALID)
    rows = rows[m.click.ravel()[rows]]
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

# %% name="dials-picture" tags=["after-guess", "folded"]
# The picture: mean regret of each cure in each world, five seeds as thin dots.
COLOURS = {"expected value": "C1", "powers": "C0", "powers by pairs": "C2"}
COLOURS |= {"recalibrated": "C3", "three tasks": "C4"}
fig, axes = figure(height=3.2, width=8.4)
for at, cures in enumerate(worlds.values()):
    for k, (cure, values) in enumerate(cures.items()):
        where = at + 0.16 * (k - 1.5)
        axes.plot([where] * 5, values, ".", color=COLOURS[cure], alpha=0.35)
        axes.plot(
            where, np.mean(values), "_", markersize=13, markeredgewidth=3, color=COLOURS[cure]
        )
for k, (cure, colour) in enumerate(COLOURS.items()):
    axes.text(0.02 + 0.2 * k, 0.93, cure, color=colour, transform=axes.transAxes, fontsize=9)
axes.set(title="Regret by distortion (bar: mean of five seeds): lower is better", ylim=(0, 25))
axes.set(xticks=range(5), xticklabels=list(worlds), ylabel="percent of value lost")
show(
    fig,
    alt="Mean percent of value lost by expected value, tuned powers, powers by pairs and recalibrated scores. As learned: 5.6, 6.0, 5.9, 6.0. Overconfident: 10.7, "
    "6.0, 5.9, 6.0. Scenario: 6.8, 7.9, 6.9, 6.1. Category: 14.6, 12.8, 12.4, 6.1. Returns: 12.0, 9.3, 8.9, 13.6, and three tasks 6.1.",
)

# %% name="dials-verdict" tags=["after-guess", "folded"]
# Eight verdicts on the regret under a distortion.
PAIRS = [
    (world, method, rival)
    for world, cure in zip(
        list(worlds)[1:],
        ("recalibrated", "recalibrated", "recalibrated", "three tasks"),
        strict=True,
    )
    for method, rival in (("powers", "expected value"), (cure, "powers"))
]
forest(
    "Under a distortion",
    [
        claim(
            f"25.{world}-{method}-{rival}".replace(" ", "-"),
            f"{world}: less is lost by {method} than by {rival}",
            worlds[world][method],
            worlds[world][rival],
            unit="percent of value",
            higher_is_better=False,
        )
        for world, method, rival in PAIRS
    ],
)

# %% name="dials-powers" tags=["after-guess"]
found = {
    name: np.array([tuned(np.log(three), m)[1:] for three, m in many])
    for name, many in cases.items()
}
pd.DataFrame(
    {
        name: {
            "power of p(buy | click), median": np.median(one[:, 0]),
            "power of the margin, median": np.median(one[:, 1]),
        }
        for name, one in found.items()
    }
).T

# %% [markdown] name="dials-why" tags=["after-guess"]
# - **Overconfident: yes**, by 3.5 to 5.8 points. The power of p(buy | click) falls to .5 to .75, near the 1 / 1.6 = .63 that undoes the distortion. Recalibration does as well; no difference between the two is shown.
# - **Scenario: not shown.** A factor common to a request changes no order, so there is little to repair. (A shift of the logit is not quite a factor: 6.8 against 5.6.)
# - **Category: not shown.** One power cannot undo twelve shifts. Recalibration with the category can: 5 to 8 points less than powers.
# - **Returns: yes**, by 1.6 to 3.7 points: p(keep) falls with the price, so a smaller power of the margin stands in for the factor that is missing. A third task is 2.3 to 4 points better still.
#
# So powers repair what is nearly a power of one of the scores. In no world did they beat the plain cure of *that* fault; they do beat a cure of another (with returns, recalibration loses 13.6). Use a tuned power far from 1 as an
# alarm: a score is miscalibrated, or a factor is missing. Find out which.

# %% [markdown] name="sweep-text"
# ## Two goals and one weight
#
# The head of growth wants clicks, the head of finance margin. Each list brings some of both. A list is on the **Pareto front** if no other brings at least as much of both and more of one. Two
# families go from one end to the other by one weight, at serving time, without any training:
#
# - *sum of expected values*: $(1 - w)\, \hat p_\text{click} / c + w\, \hat v / d$, with $c$ and $d$ the means, $0 \le w \le 1$;
# - *powers*: $\hat p_\text{click}\, (\hat p_\text{buy}\, m)^b$, $0 \le b \le 1$.
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
# The picture: the two families and the plain orders, seed 0.
fig, axes = figure(height=3.6, width=7.6)
for name, colour, at in (("sum of expected values", "C0", (10, 6)), ("powers", "C1", (-60, -12))):
    axes.plot(*sweeps[0][name].T, "o-", color=colour, markersize=3)
    axes.annotate(
        name, sweeps[0][name][8], xytext=at, textcoords="offset points", color=colour, fontsize=9
    )
three, m = learned[0], markets[0]
for name in ("p(click) p(buy | click)", "weighted sum", "margin of a sale"):
    score = WAYS[name](three, m)[TEST]
    worth = (m.p_click * m.p_buy * m.margin)[TEST]
    x, y = (1000 * earned(score, goal) for goal in (m.p_click[TEST], worth))
    axes.plot(x, y, "s", color="0.4")
    axes.annotate(
        name, (x, y), xytext=(6, -10), textcoords="offset points", color="0.3", fontsize=8
    )
axes.set(xlabel="clicks per thousand requests", ylabel="margin per thousand requests")
axes.set(title="Up and to the right is better")
show(
    fig,
    alt="Clicks and margin per thousand requests, market 0. Both lines begin at 1,089 clicks and 939 of margin and end at 805 and 1,598. Between them the sum of expected values "
    "lies a little above the powers: at about 1,034 clicks 1,407 against 1,360. Far below lie the order without margin, the weighted sum and the margin alone.",
)
halves = evidence(
    "25.sweep",
    "Halfway in clicks, the sum of expected values keeps more margin than powers",
    halfway("sum of expected values"),
    halfway("powers"),
    unit="percent of the most",
)

# %% [markdown] name="sweep-why" tags=["after-guess"]
# The sum, by .3 to 1.6 percent of the most, though both ends are the same. The theorem above tells: a mixture of expected values is itself an expected value, so its list is best for that mixture, if the probabilities are true. A product
# of powers is best for no goal that we could name; it loses little here. The weighted sum of standardised scores lies far below both lines, and so does the order without margin.
#
# The weight is a rate of exchange: what is a click worth in money? The curve is not the answer; it shows what each answer costs.

# %% [markdown] name="task-2-text"
# ### Task 25.2 · The Pareto front (5 minutes)
#
# Write `pareto(points)`.
#
# - `points`: a list of tuples of numbers, all of one length, two or more goals each; more is better in every goal. It may be empty.
# - One point *dominates* another if it is at least as good in every goal and better in one.
# - Return a list of the points that none dominates, as numbers from 0 on, in rising order. Equal points do not dominate each other: both stay.
#
# `pareto([(5, 1), (4, 4), (4, 3), (1, 5), (4, 4)])` is `[0, 1, 3, 4]`.

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
# The models give scores; the formula and its weights are *configuration*, read at serving time, versioned, and changed without training or release. For this to work, log with each impression the scores as served, the
# version of the weights and the position: then a new setting is computed offline from the log as above, and only a few of the front go to an A/B test, with guardrails (returns, complaints, share of clicks without a purchase).
#
# Two traps. Weights tuned to a model hold for *that* model: retrain it, and a score on another scale shifts every list. And the log shows what the old weights
# showed: a product that they never rank high has no clicks to speak for it. A small random share, or propensities (lesson 24), keeps that visible.
#
# **End of sitting 1.** You can say what a list is for, and what each cure of a wrong score costs.

# %% name="served"
def tuned_as_served(three, m, by, seed):
    """Powers tuned on a log in which five products were shown, ordered by ``by``."""
    position = (-by).argsort(axis=1, kind="stable").argsort(axis=1)
    seen = np.append(SEEN, np.zeros(15))[position]
    examined = np.random.default_rng(900 + seed).random(seen.shape) < seen
    return mixed(tuned(np.log(three), m, examined), np.log(three))


traps = {"tuned on a log served by p(click)": [], "tuned, then the scores refitted": []}
for seed, (three, again, m) in enumerate(zip(learned, refitted, markets, strict=True)):
    traps["tuned on a log served by p(click)"].append(
        regret(tuned_as_served(three, m, three[0], seed), m)
    )
    old = tuned(np.log(three), m)
    traps["tuned, then the scores refitted"].append(regret(mixed(old, np.log(again)), m))

# %% [markdown] name="metrics-text"
# ## Sitting 2 · Metrics that see it
#
# Which number would have told us? Six click scores, made of the **true** probabilities of market 0, so that nothing is learned and every difference is meant:
#
# - *who*: the mean logit of the customer in this scenario. It is the same for all 20 products of a request;
# - *what*: the mean logit of the product;
# - *truth*, and three distortions of it: logits doubled; logits less 2 in search; times .5 everywhere.
#
# **AUC** is how often a random positive row stands above a random negative one, of all rows. **GAUC** takes it inside each group, a customer or a request, and averages, weighted by rows (Zhu et al. 2017).
# **NDCG@5** asks for the clicks at the first five positions. *Calibration* is predicted over actual clicks. *Regret* is that of the list by score × true p(buy | click) × margin.
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
# now counts nearly squared. Times .5 halves the calibration and leaves the list as it is; it would ruin a bid or a forecast. So: GAUC or NDCG for the order of one score, calibration *along* the score for what is multiplied (task 23.5 has it), the mean ratio for what is paid.
#
# When each misleads: AUC where base rates of groups differ; GAUC where most groups have one label, and are left out; NDCG where the log's own list decided what could be clicked (lesson 11).

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
# replacement, 200 times.
#
# **Predict first.** How wide is the interval of the cart's AUC?

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
# The picture: AUC of p(buy | click) by scenario, with intervals.
fig, axes = figure(height=2.2)
for row, (value, low, high) in enumerate(by_scenario.values()):
    axes.plot([low, high], [row, row], color="C0", linewidth=2.5)
    axes.plot(value, row, "o", color="C0")
axes.set(yticks=range(4), yticklabels=list(by_scenario), xlabel="AUC of the purchase after a click")
axes.set(title="The smaller the scenario, the wider the interval")
axes.invert_yaxis()
show(
    fig,
    alt="AUC of the purchase after a click with 95 % intervals: home 0.73, from 0.71 to 0.76; search 0.71, from 0.68 to 0.74; cart 0.72, from 0.67 to 0.76; all 0.75, from 0.73 to 0.76.",
)

# %% [markdown] name="scenario-why" tags=["after-guess"]
# About .08 wide, from .67 to .76, for 119 purchases; home's is .05. A gain of .01 in the cart cannot be seen in a log of this size: pool its evidence over weeks, or look at the paired difference of two models on the same rows, or say
# that you do not know. What helps a small scenario to *learn* stands in lesson 21 (sampling at a temperature, sharing); here it is about judging.

# %% [markdown] name="verdict-text"
# Calibration by scenario needs an interval too. If the probabilities are right and the rows independent, the number of purchases has mean $\sum p$ and variance $\sum p(1 - p)$, so
#
# $$z = \frac{\sum p - \sum y}{\sqrt{\sum p\,(1 - p)}}$$
#
# lies outside ±1.96 for one scenario in twenty. With twenty scenarios, expect one false alarm.

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

# %% [markdown] name="delay-text"
# ## Purchases that have not arrived yet
#
# A purchase comes hours or days after its click (lesson 14 counts them). A model that is trained tonight reads a label 0 where it should read "not yet". Let $F(e)$ be the share of the purchases that arrive within
# age $e$. A click of age $e$ has no purchase yet if none will come, or one will come later:
#
# $$P(y = 0 \text{ at age } e) = (1 - p) + p\,(1 - F(e)) = 1 - p\,F(e).$$
#
# So the loss of a click is $-\ln p$ if it bought (and a term without $p$) and $-\ln(1 - pF(e))$ if not yet. With an exponential delay whose rate is learned together with $p$, this is the model of Chapelle (2014). If one rate $p$
# serves all clicks and is small, its solution is nearly *purchases so far / sum of $F$*, the correction of lesson 14.
#
# The month below: 120 products, 80,000 clicks in 60 days; the delay is exponential, 4 days on average. Dials: do *products differ* in their delay (their means then spread by a factor e), and *drift*, a daily random step of each product's logit.
# Every way counts the purchases of each product and shrinks to the mean; 14 days of clicks each. The mean delays are learned from purchases of clicks more than 30 days old. *Wait w*: clicks of age w to w + 14, purchases within w days.
#
# **Predict first.** All products have the same delay, nothing drifts. Ignoring the delay, is the *list* worse than a corrected one?

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
        here, past = np.flatnonzero(use & (t.product == k)), np.sort(t.delay[old & (t.product == k)])
        common = np.searchsorted(every, t.age[here]) / len(every)
        arrived[here] = (np.searchsorted(past, t.age[here]) + 5 * common) / (len(past) + 5)
    return rates(t, use, t.delay <= t.age, arrived)


def chapelle(t):
    """Own delays in the likelihood above, by expectation and maximisation."""
    arrived, come, p = arrived_by_now(t, own=True), t.delay <= t.age, ignoring(t)
    for _ in range(30):
        q = p[t.product]
        to_come = q * (1 - arrived) / (1 - q * arrived)  # p(buys later | not yet)
        p = rates(t, t.age < 14, np.where(come, 1, to_come), np.ones(len(come)), prior=arrived)
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
DRIFTS = (0, 0.05, 0.1, 0.2)
MONTHS = {("same", drift): {"spread": 0, "drift": drift} for drift in DRIFTS}
MONTHS |= {("differ", drift): {"spread": 1, "drift": drift} for drift in DRIFTS}
MONTHS["60 % at once", 0] = {"spread": 1, "at_once": 0.6}
late, level = ({which: {name: [] for name in DELAYED} for which in MONTHS} for _ in range(2))
for which, dials in MONTHS.items():
    for seed in range(20):
        t = month(seed, **dials)
        worth = (t.p * t.margin)[t.lists]
        for name, way in DELAYED.items():
            p = way(t)
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
# The picture: regret by drift, both kinds of delay, means of ten seeds.
fig, axes = figure(2, height=3.4, width=9.4)
colours = {"ignore": "C1", "wait 7 days": "0.5", "wait 21 days": "C3", "own delays": "C0"}
told = []
for panel, spread in zip(axes, (0, 1), strict=True):
    for name, colour in colours.items():
        means = [np.mean(late[spread, drift][name]["regret"]) for drift in DRIFTS]
        panel.plot(range(5), means, "o-", color=colour, markersize=4)
        panel.annotate(
            name,
            (4, means[-1]),
            xytext=(6, {"ignore": -7, "own delays": 3}.get(name, 0)),
            textcoords="offset points",
            color=colour,
            fontsize=8,
        )
        told.append(
            f"{'delays differ' if spread else 'same delay'}, {name}: "
            + ", ".join(f"{one:.1f}" for one in means)
        )
    panel.set(
        title="delays differ" if spread else "one delay for all",
        xlabel="daily drift of a product's logit",
    )
    panel.set(xticks=range(5), xticklabels=DRIFTS, xlim=(-0.2, 5.2), ylim=(0, 20))
axes[0].set_ylabel("percent of value lost")
show(fig, alt=f"Regret at drift {DRIFTS}, means of ten seeds: lower is better. {'; '.join(told)}.")

# %% name="delay-verdict" tags=["after-guess", "folded"]
# Eight verdicts on the regret, ten seeds.
ASKED = [
    (0, 0, "own delays", "ignore"),
    (0, 0, "wait 21 days", "ignore"),
    (1, 0, "own delays", "ignore"),
    (1, 0, "one delay", "ignore"),
    (1, 0, "likelihood", "own delays"),
    (1, 0, "wait 21 days", "ignore"),
    (1, 0.2, "wait 21 days", "ignore"),
    (1, 0.2, "own delays", "ignore"),
]
forest(
    "Delayed purchases: regret",
    [
        claim(
            f"25.delay-{spread}-{int(100 * drift)}-{name}-{rival}".replace(" ", "-"),
            f"{'delays differ' if spread else 'same delay'}, drift {drift}: less is lost by '{name}' than by '{rival}'",
            late[spread, drift][name]["regret"],
            late[spread, drift][rival]["regret"],
            unit="percent of value",
            higher_is_better=False,
        )
        for spread, drift, name, rival in ASKED
    ],
)

# %% [markdown] name="delay-why" tags=["after-guess"]
# **One delay for all:** the labels of tonight make the mean prediction .72 of the truth; that the *list* is worse than a corrected one is not shown. A factor common to all products changes no order. The correction sets the mean right (.99); no cost to the list is shown.
#
# **Products differ:** what comes late is pushed down the list. Ignoring loses 8.1 %, corrected by each product's own delay 4.8 %. One common delay sets the mean right (1.03) and the list not: no difference shown to ignoring. The likelihood gives what the division gives. Both
# stop at .96: a delay longer than the month is not in the mean.
#
# **Waiting:** where delays differ and nothing drifts, three weeks are 2.3 to 5.5 points better for the list than ignoring. With drift the labels are right, and old: the means cross between .05 and .1, and at .2 waiting loses 3.6 to 10.8 points more. Corrected fresh labels are better than ignoring there too. Seven days bring the list nothing here. So: correct, with a delay by product or segment; wait only where the world stands still.

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
# No log that we may fetch has impressions, clicks, purchases and money. Ta Feng, the grocery shop of lesson 24, has purchases with revenue and cost, so the last step can be asked: p(buy again) × margin against p alone. One request is a customer in February,
# with eight or more of the 200 most frequent kinds of product that she bought before; the list names five. Value is what February's baskets left: revenue less cost, cut at ±200 Taiwan dollars a line. p is a logistic regression, learned in
# January; a kind's margin is its mean of the past; the powers of p and margin are tuned on January's customers, eight ratios.

# %% name="real" tags=["real-data"]
baskets = load("ta_feng")
baskets["profit"] = (baskets["revenue"] - baskets["cost"]).clip(-200, 200)


def requests_before(cut, end):
    """Customers with eight or more kinds: what is known at ``cut``, what they left until ``end``."""
    past = baskets[baskets["date"] < cut]
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
RATIOS = [(1, c) for c in (0, 0.25, 0.5, 0.75, 1, 1.5, 2)] + [(0, 1)]


def fused(column):
    """p and margin to the powers that leave most in January."""

    def score(one, w):
        return one[column] ** w[0] * one["margin"] ** w[1]

    best = max(RATIOS, key=lambda w: left_by(earlier, score(earlier, w)).mean())
    return best, score(later, best)


best, score = fused("p")
best_of_better, score_of_better = fused("better p")
ways = {"p alone": later["p"], "margin alone": later["margin"]}
ways |= {"p × margin": later["p"] * later["margin"], "tuned powers": score}
ways["better p × margin"] = later["better p"] * later["margin"]
ways["tuned powers of better p"] = score_of_better
left = pd.DataFrame({name: left_by(later, score) for name, score in ways.items()})
print(f"{len(left):,} customers; powers of p and margin: {best}; with better p: {best_of_better}")
print(left.mean().round(1).rename("left, Taiwan dollars").to_frame())
later["fifth of margin"] = pd.qcut(later["margin"], 5, labels=False) + 1
of_margin = later.groupby("fifth of margin")
table = of_margin[["p", "better p", "again"]].mean()
bought = later[later["again"]].groupby("fifth of margin")
table["margin"], table["left by who bought"] = of_margin["margin"].mean(), bought["left"].mean()
table.round(2)

# %% name="real-verdict" tags=["real-data", "folded"]
# Three verdicts: money left per customer, fifths of the customers.
forest(
    "Ta Feng: what the first five leave",
    [
        claim(
            f"25.real-{name}-{rival}".replace(" × ", "-").replace(" ", "-"),
            f"{name} leaves more than {rival}",
            left[name],
            left[rival],
            unit="Taiwan dollars",
            pairs="fifths of the customers",
        )
        for name, rival in (
            ("p × margin", "p alone"),
            ("p × margin", "margin alone"),
            ("tuned powers", "p × margin"),
        )
    ],
)

# %% [markdown] name="real-why"
# p × margin leaves 2.5 to 3.6 dollars more per customer than either factor alone. Tuned powers (the margin to the power .5) add .01 to .5 at most. All fifths share one January model and
# one February, so the intervals say nothing of another month. And these baskets were filled without our list: whether showing a product sells it, no log of purchases tells.

# %% [markdown] name="interview"
# ## Interview, with follow-up questions
#
# ### "How do you combine task scores into one ranking? Can you retune it without a deploy?"
#
# **Sixty seconds.** "First I ask what the list is for, and write it as an expected value: p(click) p(buy given click) margin, times p(keep) where things come back. With calibrated scores that product is the best order, and nothing is tuned. Two goals: a weighted sum of their
# expected values, one weight, swept offline into a front; the business picks a point and an A/B test confirms it, with guardrails. The weights are configuration, versioned, logged with each impression together with the scores. A product of powers is a
# patch for scores that are off by a power; I tune it on logged value, and when a power is far from 1, I look for the miscalibration."
#
# - *"Why not a weighted sum of the scores?"* The picture of the learned scores: tuned as long, it lost 13 to 17 points more.
# - *"Your powers beat the expected value in a test. Ship?"* The five worlds: yes for now, and look for the cause. Recalibration, or the missing task, was as good or better.
# - *"Clickbait?"* The first table: sorted by clicks, 57 % of the margin are left. A click has no value of its own unless somebody names it.
#
# **The sentence that sinks you:** "We add the scores, with weights from grid search on AUC." AUC of which task, and in what unit is the sum?
#
# ### "Purchases come days later. How do you train, and how do you keep pCVR calibrated?"
#
# **Sixty seconds.** "A label 0 tonight means not yet: P(0 at age e) is 1 - pF(e). I estimate F from old clicks, by product group, and put it into the loss, or divide the purchases so far by the sum of F. Waiting gives right labels of an old month; with drift
# it loses. Then predicted over actual by scenario and by age of the click, with an interval, and a recalibration on the newest mature clicks. Auctions and budgets need the level; a list needs it along the score."
#
# - *"Does delay hurt the ranking?"* The table of the month: not shown if all products have the same delay; 8.1 % against 4.8 % if they differ.
# - *"How long would you wait?"* The picture by drift: the lines cross.
# - *"And streams?"* Fake negatives go in at once, positives when they come, with weights that undo it (Ktena et al. 2019); not tried here.
#
# **The sentence that sinks you:** "We use a 24-hour window, so labels are clean."
#
# ### "AUC, GAUC, NDCG: what does each say?"
#
# **Sixty seconds.** "AUC: a random positive above a random negative, from the rank sum, ties a half, n log n. GAUC: the same within a request, averaged by rows; groups with one label drop out. NDCG: gains discounted by position over the ideal list's. None of them sees a monotone
# distortion, so with fusion I add calibration."
#
# - *"AUC up, sales down?"* The table of six scores: *who* has .73 and no order in any request.
# - *"GAUC by user or by request?"* .55 against .50 in the same table.
# - *"Is the small scenario worse?"* Its interval is .08 wide.
#
# **The sentence that sinks you:** "AUC rose by .01 in the cart, so we ship it there."

# %% [markdown] name="recap"
# ## Recap
#
# The follow-up questions stand above.
#
# - Write the goal down; sort by its expected value. Calibrated scores need no tuned powers.
# - Powers repair a power. Recalibrate, or model the missing factor, and compare.
# - Two goals: sum of expected values, one weight in the configuration, a front to choose from.
# - Group by request. Metrics of order do not see what ruins a product of scores.
# - Not yet is not never. A delay that differs by product costs the list, not only the level.
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
# **Left out here:** positions and examination learned from the log (lesson 11); diversity, where one product's value depends on its neighbours; auctions; weights learned online; streams of labels.
#
# **References**
#
# - S. Lahaie, D. Pennock: Revenue Analysis of a Family of Ranking Rules for Keyword Auctions. EC 2007.
# - H. Zhu et al.: Optimized Cost per Click in Taobao Display Advertising. KDD 2017, https://arxiv.org/abs/1703.02091. GAUC is its equation 9.
# - K. Järvelin, J. Kekäläinen: Cumulated Gain-Based Evaluation of IR Techniques. ACM TOIS 20(4), 2002.
# - O. Chapelle: Modeling Delayed Feedback in Display Advertising. KDD 2014.
# - S. I. Ktena et al.: Addressing Delayed Feedback for Continuous Training with Neural Networks in CTR Prediction. RecSys 2019, https://arxiv.org/abs/1907.06558.
