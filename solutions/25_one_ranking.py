# %% [markdown] name="title" question_zh="点击、转化、收入怎么融合成一个排序？转化还没回流时拿什么训练？" interview_zh="多目标的分数怎么融合成一个排序？"
# # 25 · One ranking out of many scores
#
# > How do clicks, purchases and money become one list, and what do I train on while purchases are still on their way?
#
# **After this lesson you can** turn several scores into one list, give a second goal its price, find the score at fault, and learn from purchases that have not arrived yet.
#
# | Essential | Deeper | Level | Before this | In interviews |
# |---|---|---|---|---|
# | 55 | 15 + 20 + 15 | senior | lesson 20 | "How do you combine task scores into one ranking?", "AUC or GAUC?", "purchases come days later: what do you train on?" |

# %% [markdown] name="minute"
# ## In one minute
#
# A multi-task model gives each product several *scores*: p(click), and p(purchase | click), the probability of a purchase after a click. The shop knows the *margin*, the money that it keeps from a sale. The app shows one list.
#
# **First write down what the list is for**, as an expected value. For margin this is p(click) × p(purchase | click) × margin. Sort by it.
#
# **Give a second goal a price.** For clicks and margin, sort by expected margin + price × p(click). The price is the margin that the shop gives up for one more click. Try many prices offline, and let the business choose one.
#
# **Then check the scores.** Take products with the same two scores and the same margin. Multiply the three numbers: the result should be the mean margin that these products earn. If so, the scores are *calibrated together*, and no other formula of these scores is better. If not, repair the score at fault. A quick check is *predicted over actual*: predicted purchases divided by real purchases. It should be one for low and for high scores.
#
# **Tune powers last.** Many shops raise each score to a tuned power. A power can make up for some faults of a score. So a power far from one is an alarm. And beware of the log of shown lists: there, what nobody saw looks like what nobody wanted.
#
# **A purchase that has not come is not yet a "no".** Count the purchases so far. Divide this number by the share of all purchases that come within the age of the clicks.

# %% name="imports" tags=["folded"]
# What this lesson imports.
import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
from scipy.special import expit, logit, xlogy
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.evidence import claim
from course_utils.exercises import check, hint, solution
from course_utils.metrics import auc, calibration_ratio, gauc
from course_utils.notebook import figure, forest, show, slide

# %% name="learned-picture" tags=["folded"]
# How much of the best list's margin each formula loses, twelve simulated markets.
STORED = json.loads((paths.RESULTS / "one_ranking.json").read_text(encoding="utf-8"))
LOST = STORED["formulas"]["regret"]
ROWS = {
    "expected value, scores from twice the rows": "expected value, both parts",
    "expected value": "expected value",
    "powers, tuned": "powers",
    "sum of ranks, tuned": "sum of ranks",
    "weighted sum of scores, tuned": "weighted sum",
}
fig, axes = figure(height=2.4, width=8.4)
said = []
for row, (text, name) in enumerate(ROWS.items()):
    colour = "C0" if text.startswith("expected") else "0.5"
    axes.plot(LOST[name], [row] * 12, "o", color=colour, alpha=0.3, markersize=5)
    axes.plot(np.mean(LOST[name]), row, "|", color=colour, markersize=18, markeredgewidth=3)
    said.append(f"{text} {np.mean(LOST[name]):.1f}")
axes.set(yticks=range(len(ROWS)), ylim=(4.6, -0.6), xlim=(0, None))
axes.set_yticklabels(list(ROWS))
axes.set(xlabel="percent of the best list's margin that is lost: left is better")
axes.set_title("Sort by the expected value; work on the scores")
show(
    fig,
    alt=f"Percent of the best list's margin that is lost, mean of twelve markets. {'; '.join(said)}.",
)

# %% [markdown] name="missing"
# | You see | It means | Do | It costs | Check |
# |---|---|---|---|---|
# | One list has two goals. | The goals have no common unit. | Sort by a weighted sum of their expected values. | nothing in serving | a sweep offline, then an A/B test |
# | The tuned power of a score is far from 1. | The score is too sure or too noisy, or a factor is missing. | Repair the score. | one regression | Powers tuned with caution are near 1 again. |
# | Predicted over actual differs between low and high scores. | This score does harm where scores are multiplied. | Fit the purchase on the score, with scenario and category. | one regression | predicted over actual in fifths of the score, in each scenario |
# | Sold products come back. | p(keep), the probability that the customer keeps the product, is missing. | Predict p(keep), and multiply by it. | one more task | the margin of the kept sales |
# | Purchases come days late. | A label 0 may mean "not yet". | Divide by the share that has come, product by product. | a curve of delays | predicted over actual, on old clicks |
# | A weight was tuned on the served list. | What nobody saw counts as what nobody wanted. | Fit the purchase on the score, with the scenario, on clicked rows. | nothing in serving | an A/B test |
#
# The [study page](../docs/studies/25.md) has all formulas, faults, logs and delays.

# %% [markdown] name="essential"
# ## The essential hour
#
# `hint("25.1", 1)` helps. After each *Predict first*, guess, then run the folded cells.

# %% [markdown] name="question"
# ### A market whose truth is known
#
# The market is simulated.
#
# - A *request* has a customer, a scenario (home, search or cart) and twenty products.
# - Some products *lure*: their picture draws clicks, and few of these clicks end in a purchase. Expensive products are bought less often.
# - The app shows five of the twenty. A customer *examines* a product if she looks at it. She examines position $k$ with the probability $\theta_k = 1/\log_2(k+1)$.
# - The models learn from another log. There all twenty products are examined, in random order.

# %% name="market" tags=["folded"]
# Requests, true probabilities and labels of a simulated market.
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


# %% name="earned"
SEEN = 1 / np.log2(np.arange(2, 7))  # examination probabilities of five positions


def by_request(score, worth):
    """What the first five by ``score`` bring, in each request."""
    first = np.argsort(-score, axis=1, kind="stable")[:, :5]
    return (SEEN * np.take_along_axis(worth, first, axis=1)).sum(axis=1)


def earned(score, worth):
    return by_request(score, worth).mean()


# %% [markdown] name="orders-text"
# **Predict first.** Sort by the true p(click). How much margin does this list earn, compared with the list that earns most: nine tenths, three quarters, or less?

# %% name="orders" tags=["after-guess", "folded"]
# What four orders bring, with true probabilities, per thousand requests.
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
# Sorted by p(click), the list earns little more than half of the best list's margin, because we built lures and prices in. If a product's neighbours change neither what the product brings nor whether it is examined, one fact is general: **each goal is met best by its own expected value.**
#
# Let product $i$ bring $v_i$ on average if it is examined. Product $j$ stands at position $k$, and product $i$ right below. Swap the two products. The value of the list changes by
#
# $$(\theta_k v_i+\theta_{k+1}v_j)-(\theta_k v_j+\theta_{k+1}v_i)=(\theta_k-\theta_{k+1})\,(v_i-v_j), \qquad v_i=p_i(\text{click})\;p_i(\text{purchase}\mid\text{click})\;m_i.$$
#
# Lower positions are examined less, so $\theta_k-\theta_{k+1}$ is positive, and the swap pays if $v_i>v_j$. A product that is not shown has $\theta=0$. Such a product may be swapped with any product shown. If no swap pays, the list is sorted by $v$.
#
# The fact fails if a customer stops at her first purchase. Then the order of a pair matters only if she wants both products: she buys the upper product. So the swap brings $q_iq_j(m_i-m_j)$, where $q$ is the probability of a sale. The margin alone orders the products that are shown.

# %% [markdown] name="powers-text"
# ### The formula, with powers
#
# Shops often multiply powers of the scores and of the margin $m$, with tuned exponents $a$, $b$, $c$:
#
# $$\text{score}=p_\text{click}^{\,a}\;p_\text{buy}^{\,b}\;m^{\,c}$$
#
# Here $p_\text{buy}$ is p(purchase | click). With $a=b=c=1$ the formula gives the expected value. In advert auctions, a power of p(click) is called *squashing* (Lahaie and Pennock). Only the ratios of the exponents change an order. In code, add logarithms: a product of tiny numbers is rounded to zero.

# %% [markdown] name="task-1-text"
# ### Task 25.1 · Fuse three scores (6 minutes)
#
# Write `fuse(p_click, p_buy, value, powers)`.
#
# - The first three: arrays `[n]` of floats, none negative; `n` may be `0`. A number may be zero, or as small as `1e-200`.
# - `powers`: three numbers `(a, b, c)`, none negative. A power of zero leaves its factor out, even if that factor is zero ($0^0 = 1$).
# - Return a list of the products, as numbers from `0` to `n - 1`, best first, by $p_\text{click}^a\, p_\text{buy}^b\, \text{value}^c$. Where this formula gives zero, the product comes last.
# - Two products tie if their factors with a power above zero are equal, or if the formula gives zero for both. Tied products keep the order in which they came. Round nothing.
#
# `np.argsort(x, kind="stable")` sorts upwards and keeps ties in order. `xlogy(a, p)` is `a * log(p)`, and zero where `a` is zero. `log(0)` is `-inf`, which sorts
# well. `fuse(np.array([.5, .4, .5]), np.array([.1, .2, .1]), np.array([9., 9., 9.]), (1, 1, 1))` is `[1, 0, 2]`.


# %% name="task-1"
def fuse(p_click, p_buy, value, powers):
    ### BEGIN SOLUTION
    a, b, c = powers
    score = xlogy(a, p_click) + xlogy(b, p_buy) + xlogy(c, value)
    return np.argsort(-score, kind="stable").tolist()
    ### END SOLUTION


check("25.1", fuse)

# %% [markdown] name="sweep-text"
# ### Two goals: what is a click worth?
#
# Let product $i$ have the click probability $p_i$ and the expected margin $v_i$. Swap it with product $j$, right above. Clicks change by $(\theta_k-\theta_{k+1})(p_i-p_j)$, and margin by $(\theta_k-\theta_{k+1})(v_i-v_j)$. For one more click the shop is ready to give up the margin $\lambda$. So the swap pays if
#
# $$(v_i-v_j)+\lambda\,(p_i-p_j)>0 \quad\Longleftrightarrow\quad v_i+\lambda p_i>v_j+\lambda p_j.$$
#
# So the best list is sorted by $v+\lambda p$. **The weight of a goal is a rate of exchange**, here margin for a click.
#
# A list is on the *Pareto front* if each list that is better in one goal is worse in the other. Each formula below has one weight $w$. At $w=0$ its list brings most clicks, at $w=1$ most margin. $\bar p$ and $\bar v$ are means.
#
# $$\text{sum: } (1-w)\,\frac{p}{\bar p}+w\,\frac{v}{\bar v}, \quad \lambda=\frac{(1-w)\,\bar v}{w\,\bar p} \qquad\qquad \text{powers: } p\,(p_\text{buy}\,m)^w$$
#
# **Predict first.** Take the number of clicks halfway between the list at $w=0$ and the list at $w=1$. How much more margin does the sum earn there than the powers: less than two percent, about five, or about ten?

# %% name="sweep-picture" tags=["after-guess", "folded"]
# The picture, with a dial: two formulas and the plain orders, learned scores of market 0.
WEIGHTS = np.linspace(0, 1, 21).round(2).tolist()
LINES = {name: np.array(line) for name, line in STORED["sweep"]["market 0"].items()}
ORDERS = {
    "p(click) p(buy | click)": "by purchases",
    "weighted sum": "weighted sum of scores",
    "margin of a sale": "by margin alone",
}


def sweep_at(weight):
    fig, axes = figure(height=3.4, width=7.6)
    at, said = WEIGHTS.index(weight), []
    for (name, line), colour, offset in zip(
        LINES.items(), ("C0", "C1"), ((8, 6), (-48, -16)), strict=True
    ):
        axes.plot(*line.T, "o-", color=colour, markersize=3)
        axes.plot(*line[at], "o", color=colour, markersize=10)
        axes.annotate(
            name, line[9], xytext=offset, textcoords="offset points", color=colour, fontsize=9
        )
        said.append(f"{name}: {line[at, 0]:,.0f} clicks, {line[at, 1]:,.0f} margin")
    for name, point in STORED["sweep"]["plain orders"].items():
        axes.plot(*point, "s", color="0.4")
        axes.annotate(
            ORDERS[name], point, xytext=(8, -4), textcoords="offset points", color="0.3", fontsize=8
        )
    axes.set(xlabel="clicks per thousand requests", ylabel="margin per thousand requests")
    axes.set_title(
        f"Up and to the right is better. At weight {weight:g}\n{said[0]}\n{said[1]}", fontsize=9
    )
    return fig


slide(
    sweep_at,
    dial="weight of the margin",
    values=WEIGHTS,
    start=0.5,
    alt="Clicks and margin per thousand requests in market 0, by the weight of the margin. Both lines go from most clicks, 1,089 with a margin of 939, to most margin, 1,598 with 805 clicks. "
    "Between them the sum of expected values lies a little above the powers. Far below lie the order by purchases, the weighted sum of scores and the order by margin alone.",
)

# %% name="sweep-verdict" tags=["after-guess", "folded"]
# Three verdicts: margin at the same clicks, twelve markets.
BETWEEN = STORED["sweep"]["between"]
forest(
    "Margin at the same clicks",
    [
        claim(
            f"25.sweep-{share}",
            f"{words} of the way to most clicks: sum over powers",
            BETWEEN["sum of expected values"][str(share)],
            BETWEEN["powers"][str(share)],
            unit="percent of the most margin",
        )
        for share, words in ((25, "a quarter"), (50, "half"), (75, "three quarters"))
    ],
)

# %% [markdown] name="sweep-why" tags=["after-guess"]
# Halfway the sum earns a little more margin than the powers. Nearer to the list with most clicks, its lead is larger. Near the list with most margin, no difference is shown.
#
# If the business asks for a number of clicks, take the largest weight of margin that brings this number: the $\lambda$ of this weight is the *Lagrange multiplier*.
#
# **Who decides a launch, and on what?** Before the test, the owners of clicks and margin sign one price $\lambda$, and the largest loss that each accepts. If they disagree, whoever answers for both goals decides: the front shows what each choice costs. Offline numbers come from fresh requests. Then an A/B test on money decides, with limits for returns. A written rule says when the shop goes back to the old formula.

# %% [markdown] name="task-2-text"
# ### Task 25.2 · The Pareto front (5 minutes)
#
# Write `pareto(points)`.
#
# - `points`: a list of tuples of numbers, all of one length, two or more goals each; more is better in every goal. The list may be empty.
# - One point *dominates* another point if it is at least as good in every goal and better in one. Nearly equal is not equal.
# - Return a list of the points that no other point dominates, as numbers from `0` on, in rising order. Equal points do not dominate each other: both stay.
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

# %% [markdown] name="learned-text"
# ### Which formula, with learned scores?
#
# Each market has three parts of 2,000 requests. The first part teaches two logistic regressions: one of the click, one of the purchase after a click. On the second part, each tuned formula tries 81 settings, and keeps the setting whose lists earn most of the logged margin. The third part judges.
#
# | formula | what the second part does |
# |---|---|
# | expected value | nothing |
# | expected value, both parts | it teaches the two scores, too |
# | powers | it chooses the exponents |
# | cautious powers | it chooses the exponents by the rule below |
# | sum of ranks in the request; weighted sum of standardised scores | it chooses the weights |
# | *ridge of the money*: a linear regression with a penalty. It predicts the money, the margin that a row earned. Effects add up. | it teaches the regression, too |
# | *Poisson regression of the money*: the same, but effects multiply | it teaches the regression, too |
#
# *Regret* is what a list loses of the best list's true margin, in percent.
#
# **Cautious powers** follow the *one-standard-error rule*, since the best setting may lead by chance. In each request, let $d_w$ be what the best setting earns minus what setting $w$ earns. Keep $w$ if the mean of $d_w$ is at most the standard error of this mean. Of the kept settings, take the setting nearest to powers of one.

# %% [markdown] name="learned-guess"
# **Predict first.** Compare each regression of the money with the expected value, which learns from the first part alone. In how many of the twelve markets is the regression better? If no score has a fault, what do cautious powers cost?

# %% name="cautious" tags=["after-guess"]
GRID = [(1, b, c) for b in np.arange(0, 2.1, 0.25) for c in np.arange(0, 2.1, 0.25)]
GRID.sort(key=lambda w: abs(w[1] - 1) + abs(w[2] - 1))  # nearest to 1 first


def cautious(earned_by):
    """earned_by: setting of GRID -> what its lists earned, request by request."""
    best = max(GRID, key=lambda w: earned_by[w].mean())
    for w in GRID:
        behind = earned_by[best] - earned_by[w]
        if behind.mean() <= behind.std(ddof=1) / np.sqrt(len(behind)):
            return w


tuning = slice(2_000, 4_000)
logged = (m.kept * m.margin)[tuning]
for name, factor in (("right", 1), ("too sure", 1.6)):
    p_buy = expit(factor * logit(m.p_buy))
    logs = [np.log(one[tuning]) for one in (m.p_click, p_buy, m.margin)]
    earned_by = {
        w: by_request(sum(a * x for a, x in zip(w, logs, strict=True)), logged) for w in GRID
    }
    a, b, c = cautious(earned_by)
    print(f"p(purchase | click) is {name}: cautious powers {a}, {b:g}, {c:g}")

# %% name="learned-verdict" tags=["after-guess", "folded"]
# Six verdicts on the formulas, twelve markets.
FORMULAS = [
    ("learned", "expected value", "powers", "tuned powers"),
    ("learned-cautious", "cautious powers", "expected value", "expected value"),
    ("learned", "expected value", "weighted sum", "weighted sum"),
    ("learned-both", "expected value, both parts", "powers", "tuned powers"),
    ("learned-both", "expected value, both parts", "ridge of the money", "ridge of the money"),
    (
        "learned-both",
        "expected value, both parts",
        "Poisson regression of the money",
        "Poisson regression",
    ),
]
forest(
    "Learned scores, no fault: regret",
    [
        claim(
            f"25.{key}-{rival}".replace(" ", "-").lower(),
            f"{name}, over {text}",
            LOST[name],
            LOST[rival],
            unit="percent of value",
            higher_is_better=False,
        )
        for key, name, rival, text in FORMULAS
    ],
)
for name in ("ridge of the money", "Poisson regression of the money"):
    print(
        f"{name}: less regret in {np.less(LOST[name], LOST['expected value']).sum()} of 12 markets"
    )

# %% [markdown] name="learned-why" tags=["after-guess"]
# | rule | what is shown | why |
# |---|---|---|
# | **Give extra rows to the scores.** | With scores from both parts, the list loses less than with tuned powers. Tuned powers cost a little. Cautious powers show no cost. | Tuned powers follow the noise of about a thousand sales. |
# | **Multiply the scores of one sale.** | The weighted sum and the sum of ranks lose more than the expected value. | A sale needs a click *and* a purchase, so their probabilities multiply. About half of the weighted sum's loss comes from a few very large margins. The weighted sum for two goals is another thing: it adds expected values, not scores. |
# | **Predict the sale, not the money.** Then multiply by the margin. | On the same rows, both regressions of the money lose more than the expected value. Against the expected value of the first part alone, the ridge loses more in all twelve markets. The Poisson regression loses less in 8 of 12, but no difference is shown. | In this market effects multiply. In the ridge they add up, and about half of its extra loss comes from this. In the Poisson regression's training loss each sale counts by its margin, so a few expensive sales decide. A regression in which each sale counts once loses less. |

# %% [markdown] name="dials-text"
# ### A score at fault
#
# Now the scores get one fault at a time. In the first four rows only p(purchase | click) changes. Its *logit* is $\ln\frac{p}{1-p}$.
#
# | fault | what is wrong | the repair |
# |---|---|---|
# | too sure | The logit is multiplied by 1.6. For small p this is nearly a power. | Fit the purchase on the logit of the score, scenario and category. |
# | scenario | The logit is shifted, by one number for each scenario. A request has one scenario. | the same fit |
# | category | The logit is shifted, by one number for each category. A request has many categories. | the same fit |
# | coarse | The score is the mean of the scenario, one number for all products of a request. | a score that reads the product |
# | returns | Expensive products come back more often. Only kept sales count, and nobody predicted p(keep). | Multiply by p(keep), learned from the price. |
#
# The fit reads scenario and category, so two of the faults suit it by construction.
#
# **Predict first.** Against how many of the five faults do cautious powers help? For how many faults is the repaired score better than cautious powers?

# %% name="dials-picture" tags=["after-guess", "folded"]
# Mean regret under each fault: untouched, with cautious powers, with the score repaired.
FAULTS = STORED["faults"]
NAMES = {
    "as learned": "no fault",
    "overconfident": "too sure",
    "scenario": "scenario",
    "category": "category",
    "coarse": "coarse",
    "returns": "returns",
}


def regret_of(fault, cure):
    if cure == "repaired":
        if fault == "coarse":
            return FAULTS["as learned"]["regret"]["expected value"]
        cure = "three tasks" if fault == "returns" else "recalibrated"
    return FAULTS[fault]["regret"][cure]


CURES = {
    "expected value": ("untouched", "C1", "s"),
    "cautious powers": ("cautious powers", "0.45", "D"),
    "repaired": ("score repaired", "C0", "o"),
}
fig, axes = figure(height=3.4, width=8.2)
said = []
for row, (fault, name) in enumerate(NAMES.items()):
    for k, (cure, (text, colour, sign)) in enumerate(CURES.items()):
        values, where = regret_of(fault, cure), row + 0.24 * (k - 1)
        axes.plot((min(values), max(values)), (where, where), color=colour, alpha=0.3)
        axes.plot(np.mean(values), where, sign, color=colour)
        said.append(f"{name}, {text} {np.mean(values):.1f}")
        if fault == "category":
            axes.text(max(values) + 0.4, where, text, color=colour, va="center", fontsize=9)
axes.set(yticks=range(6), yticklabels=list(NAMES.values()), xlim=(0, 27), ylim=(5.5, -0.5))
axes.set(
    xlabel="regret, percent: left is better (sign: mean of twelve markets, line: their range)",
    title="What is lost under each fault",
)
show(fig, alt=f"Mean regret in percent. {'; '.join(said)}.")

# %% name="dials" tags=["after-guess", "folded"]
# Six verdicts on the cures, twelve markets.
PAIRS = [
    ("overconfident", "cautious powers", "expected value"),
    ("scenario", "one curve", "expected value"),
    ("category", "cautious powers", "expected value"),
    ("category", "recalibrated", "cautious powers"),
    ("returns", "three tasks", "powers"),
    ("returns", "recalibrated", "expected value"),
]
CALLED = {"expected value": "untouched", "recalibrated": "fit to scenario and category"}
CALLED |= {"three tasks": "times p(keep)", "powers": "tuned powers"}
CALLED |= {"cautious powers": "cautious powers"}
forest(
    "Under a fault: regret",
    [
        claim(
            f"25.{fault}-{method}-{rival}".replace(" ", "-"),
            f"{NAMES[fault]}: {CALLED.get(method, method)}, over {CALLED[rival]}",
            FAULTS[fault]["regret"][method],
            FAULTS[fault]["regret"][rival],
            unit="percent of value",
            higher_is_better=False,
        )
        for fault, method, rival in PAIRS
    ],
)

# %% [markdown] name="dials-why" tags=["after-guess"]
# Cautious powers help against four of the five faults. For four faults the repaired score is better than cautious powers. Where the score is too sure, no difference is shown.
#
# | fault | why powers help, or not | power of p(purchase given click) divided by the margin's power, tuned with caution |
# |---|---|---|
# | none | There is nothing to repair. | 1 in all twelve markets |
# | too sure | The power undoes the fault. | from .5 to .75, near 1 / 1.6 |
# | scenario | All products of a request have the same shift. For small p it is nearly a common factor, which changes no order. One power for all scenarios does not repair the rest. | 1 in ten markets, 1.33 in two |
# | category | With a lower power the noisy score counts for less. | from .33 to .75, 1 in two markets |
# | coarse | The score does not read the price. The margin's power stands in for the price, and repairs a little. The score also knows nothing else about the product, and no formula repairs that. | no meaning: the score has no order in a request |
# | returns | p(keep) falls with the price, so the margin must count for less. | 1.33 to 2, 1 in two markets |
#
# **A ratio far from one is an alarm: find the fault.** Powers tuned without caution had ratios from .67 to 1.33 even without a fault.
#
# A repair can do harm. *One curve* fits the purchase on the score alone, and makes the fault *scenario* worse. With returns, a fit to all purchases, kept or not, is worse than no fit.
#
# The coarse score is calibrated in each scenario, but its list is the worst. The score is not calibrated *together* with the margin: expensive products are bought less often, so for them the score is too high.

# %% [markdown] name="verdict-text"
# ### Is the level right in each scenario?
#
# With one goal, a factor that is common to a request changes no order. With two goals it does. Suppose that in search p(purchase | click) is predicted at twice its true value. Then expected margin doubles there, and p(click) does not. So a click gets only half its price there. Check each scenario. If the probabilities are right and the rows independent, the number of purchases has the mean $\sum p$ and the variance $\sum p(1-p)$:
#
# $$z=\frac{\sum p-\sum y}{\sqrt{\sum p\,(1-p)}}$$
#
# Even with right probabilities, $|z|>1.96$ in about one of twenty scenarios with ten expected purchases or more. So with many scenarios some alarms are false.

# %% [markdown] name="task-3-text"
# ### Task 25.3 · Calibration by scenario (6 minutes)
#
# Write `calibration_by(scenario, y, p)`.
#
# - Three lists of one length, perhaps empty, in any order: `scenario` (text), `y` (`0` or `1`), `p` (probabilities, $0<p<1$).
# - Return a dictionary: from each scenario that occurs to `(ratio, verdict)`. `ratio` is predicted over actual, $\sum p / \sum y$, or `None` if no row of the scenario has $y = 1$.
# - `verdict` is `"too high"` if $z>1.96$, `"too low"` if $z<-1.96$, else `"not shown"`. If `ratio` is `None`, $z$ still decides the verdict.
#
# Scenario `a` has $y = 0, 0, 0, 1$ and four times $p = .5$. The ratio is $2$ and $z = 1 / 1 = 1$, so the result is `{"a": (2.0, "not shown")}`. With four copies of these rows $z = 2$, so the verdict is `"too high"`.


# %% name="task-3"
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


check("25.3", calibration_by)

# %% [markdown] name="interview"
# ### Say it aloud
#
# <!-- bank: mt-12 -->
#
# **Asked next:** the quoted questions.

# %% [markdown] name="serving-text"
# ## Deeper: on which log do you tune a weight? (15 minutes)
#
# The formula and its weights are *configuration*. They have a version, and change without a release. So log with each request the scores of **all** candidates, the version, each position, and the probability of being shown. Then new settings can be computed offline.
#
# So far all twenty products of a request were examined. In a shop, five are shown.
#
# | way | log | what it does |
# |---|---|---|
# | 20 at random | all twenty products, in random order, all examined | It tunes powers. |
# | served | five products, sorted by p(click) | It tunes powers. A product that nobody examined counts as no sale. |
# | served, inverse propensity | the same five | The same, but each sale is divided by the probability that its product was examined. |
# | 5 at random | Five products at random. This costs sales while the log is made. | It tunes powers. A product that nobody examined counts as no sale. |
# | pairs of the examined | served | It tunes powers so that a sold product stands above the other examined products of its request. |
# | pairs of the shown | served | The same, but the sold product should stand above all other products shown. |
# | no powers, one curve | served | All powers stay at one. The purchase is fitted on its score, on the clicked products. |
#
# The rival is the expected value with the scores as they are: *untouched*.
#
# **Predict first.** The scores have no fault. Which of these ways are as good as *untouched*?


# %% name="pairs" tags=["after-guess"]
def powers_by_pairs(scores, margin, sold, examined):
    """Three powers: a sold product should stand above the others examined in its request."""
    logs = np.stack(np.log(scores), axis=2)  # request, product, score
    request, product = np.nonzero(sold)
    other = examined[request] & ~sold[request]
    lead = (logs[request, product][:, None] - logs[request])[other]
    weight = np.repeat(margin[request, product], other.sum(axis=1))
    sign = np.where(np.arange(len(lead)) % 2, 1, -1)  # half of the pairs turned: two classes
    model = LogisticRegression(fit_intercept=False)
    return model.fit(lead * sign[:, None], sign, sample_weight=weight / weight.mean()).coef_[0]


place = (-m.p_click).argsort(axis=1).argsort(axis=1)
examined = np.random.default_rng(0).random(place.shape) < np.append(SEEN, np.zeros(15))[place]
too_sure = [m.p_click, expit(1.6 * logit(m.p_buy)), m.margin]
found = powers_by_pairs(too_sure, m.margin, m.kept & examined, examined)
print("too sure: is the power of p(purchase | click) below the margin's?", found[1] < found[2])

# %% name="served-picture" tags=["after-guess", "folded"]
# Regret by the log and the way, scores without a fault and scores that are too sure.
LOGS = STORED["logs"]
SHOWN = {
    "untouched": ("expected value", "0.3"),
    "20 at random": ("powers", "0.3"),
    "served": ("by p(click)", "C1"),
    "served, inverse propensity": ("by p(click), weighted", "C1"),
    "5 at random": ("5 at random", "C1"),
    "5 at random, cautious": ("5 at random", "C1"),
    "pairs of the shown": ("pairs of the shown", "C1"),
    "pairs of the examined": ("pairs of the examined", "C0"),
    "no powers, one curve": ("no powers, one curve by p(click)", "C0"),
}


def by_log(world, text):
    name = SHOWN[text][0]
    if text.endswith("cautious"):
        return LOGS[world]["cautious"][name]
    return {**FAULTS[world]["regret"], **LOGS[world]["regret"]}[name]


fig, axes = figure(2, height=3.2, width=9.4)
said = []
READ = {
    "as learned": "Scores without a fault: which ways cost?",
    "overconfident": "A score that is too sure: which ways help?",
}
LABELS = {"5 at random, cautious": "5 at random, with caution"}
for panel, (world, read) in zip(axes, READ.items(), strict=True):
    for row, (text, (_, colour)) in enumerate(SHOWN.items()):
        values = by_log(world, text)
        said.append(f"{NAMES[world]}, {text} {np.mean(values):.1f}")
        if row:
            panel.plot((min(values), max(values)), (row, row), color=colour, alpha=0.3)
            panel.plot(np.mean(values), row, "o", color=colour)
    line = np.mean(by_log(world, "untouched"))
    panel.axvline(line, color="0.3", linewidth=1, linestyle="--")
    panel.text(line + 0.4, 0.35, "mean of untouched", fontsize=9, color="0.3")
    panel.set(yticks=range(1, len(SHOWN)), ylim=(8.6, -0.2), xlim=(0, 51))
    panel.set_title(read, fontsize=10)
axes[0].set_yticklabels([LABELS.get(text, text) for text in list(SHOWN)[1:]])
axes[1].set_yticklabels([])
fig.supxlabel(
    "regret of the list that each way makes, percent: left is better\n"
    "(dot: mean of twelve markets, line: their range)",
    fontsize=10,
)
axes[0].text(
    13, 4.5, "orange: what nobody\nexamined counts as no sale", color="C1", va="center", fontsize=9
)
show(fig, alt=f"Mean regret in percent. {'; '.join(said)}.")

# %% name="served-verdict" tags=["after-guess", "folded"]
# Six verdicts: which log may tune the powers?
RIGHT, SURE = "as learned", "overconfident"
KEYS = [
    ("served", RIGHT, "served", "20 at random"),
    ("served-weighted", RIGHT, "served, inverse propensity", "served"),
    ("random-cautious", RIGHT, "5 at random, cautious", "untouched"),
    ("served-pairs-one", RIGHT, "pairs of the examined", "untouched"),
    ("faulty-pairs", SURE, "pairs of the examined", "untouched"),
    ("curve", RIGHT, "no powers, one curve", "untouched"),
]


forest(
    "Which log may tune the powers?",
    [
        claim(
            f"25.{key}",
            f"{NAMES[world]}: {name}, over {rival}",
            by_log(world, name),
            by_log(world, rival),
            unit="percent of value",
            higher_is_better=False,
        )
        for key, world, name, rival in KEYS
    ],
)

# %% [markdown] name="serving-why" tags=["after-guess"]
# Where five products are shown, **what nobody examined often counts as no sale**, as if nobody wanted it.
#
# | way | what is shown | why |
# |---|---|---|
# | served | Powers tuned on this log lose far more than untouched. With inverse propensity no difference to served is shown. | Most products were never shown. Inverse propensity cannot bring back the sales that they would have had. |
# | 20 at random; pairs of the examined | Both cost a little where the scores are right. They help where a score is too sure. | Both leave out what nobody examined. But a shop seldom shows all products, and few logs know what was examined. |
# | 5 at random, with caution | A cost below one percent falls in the correction for six verdicts. Where a score is too sure, this way helps. | Each product has the same chance to be shown. If only a fifth of the requests is random, the sales are too few (study page). |
# | no powers, one curve | No cost is shown. The score that is too sure is repaired. | A clicked product was examined. Here p(purchase given click) does not depend on the position, by construction. |
#
# **So correct the score.** Let the curve read the scenario, too: else the curve makes a fault of the scenario worse.
#
# Tune again after each training. On new scores, the powers that were best for the old scores lose more than powers of one ([study page](../docs/studies/25.md)).

# %% [markdown] name="real-text"
# ### Does it hold on real baskets?
#
# Ta Feng, a grocery, has purchases with their margin, but no clicks. A list names five kinds of product that a customer bought before. Her purchases of these kinds in the next month leave money: revenue less cost. *p* is the probability that she buys the kind again. *Better p* also reads how often the kind is bought again. *Learned value* takes the place of the margin. It is fitted to the money that past purchases left.
#
# **Predict first.** Does p × margin leave more money than the margin alone? Is the tuned power of the margin above one or below?

# %% name="real" tags=["after-guess", "folded"]
# A real grocery: money that the first five products leave, for each customer of the next month.
GROCERY = STORED["grocery"]
print("power of the margin, tuned with p:", GROCERY["powers"]["p and margin"][1])
pd.Series(GROCERY["left"], name="dollars").round(1).rename_axis("sorted by").to_frame()

# %% [markdown] name="real-why" tags=["after-guess"]
# p × margin leaves more money than p or the margin alone. Tuned powers add a little. Their power of the margin is below one: this is the alarm. A better p and a learned value add more. All customers share the same two months, so nothing is shown for another month. Nobody saw our lists, so we do not know what showing a list sells.

# %% [markdown] name="metrics-text"
# ## Deeper: which metric sees what ruins a list? (20 minutes)
#
# We made six click scores from the **true** probabilities of one market.
#
# | score | what it is |
# |---|---|
# | who | the mean logit of the customer in this scenario, the same for all products of a request |
# | what | the mean logit of the product |
# | truth | the true p(click) |
# | three distortions of the truth | all logits doubled; 2 subtracted from each logit in search (*logits less 2 in search*); all probabilities times .5 |
#
# | metric | what it measures |
# |---|---|
# | AUC | Take a random clicked row and a random row without a click. How often has the clicked row the higher score? All rows count. |
# | GAUC | AUC inside each group, a customer or a request. GAUC is the mean over groups, weighted by rows (Zhu et al.). |
# | NDCG@5 | Clicks at the first five positions, each discounted by its position, divided by the same sum for the ideal list (Järvelin and Kekäläinen). |
# | calibration | predicted over actual clicks, of all rows |
# | along the score | Predicted over actual clicks in each fifth of the score. The metric is the highest of these five ratios over the lowest. |
# | regret | The regret of the list that is sorted by score × true p(purchase given click) × margin. |
#
# **Predict first.** Which score has the higher AUC, *who* or *what*? Which of the three distortions does AUC see, and which distortion hurts the list most?

# %% name="metrics" tags=["after-guess", "folded"]
# Six scores and seven numbers of each.
TEST = slice(4_000, 6_000)


def regret(score, m):
    worth = (m.p_click * m.p_buy * m.margin)[TEST]
    return 100 * (1 - earned(score[TEST], worth) / earned(worth, worth))


m = market(0)
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
# **AUC over all rows rewards knowing who clicks.** *Who* has a higher AUC than *what*, but *who* gives a request no order, and its list is much worse. GAUC by *customer* still rates *who* above chance, because a customer visits several scenarios. A list answers one request, so group by request.
#
# **No metric of order sees the doubled logits.** Doubling changes no order by p(click). But the list is sorted by p(click) × other numbers, and there a small p(click) now counts nearly squared. AUC sees only the shift in search, which hardly hurts the list.
#
# **The lowest mean calibration belongs to a score that does not harm the list.** *Times .5* leaves the list as it is, but would ruin a bid. *Along the score* is near one for *times .5*, and very large for the doubled logits. Compute this ratio inside a scenario, because the shift in search disturbs it, too.
#
# | use of the score | metric |
# |---|---|
# | order by this score alone | GAUC or NDCG |
# | multiplied by other scores | GAUC by request *and* calibration along the score, which alone does not see that *who* is worst |
# | a bid | the mean calibration |
#


# %% [markdown] name="task-4-text"
# ### Task 25.4 · GAUC (7 minutes)
#
# Write `group_auc(group, label, score)`.
#
# - Three lists of one length, perhaps empty, in any order: `group` (text), `label` (`0` or `1`), `score` (floats; a tie between a positive and a negative counts one half).
# - If all rows of a group have the same label, the group says nothing about order. Leave the group out of both sums.
# - Return $\sum_g n_g\, \mathrm{AUC}_g / \sum_g n_g$, with $n_g$ the rows of group $g$. Return `None` if no group has both labels.
#
# Take the groups `a a a b b c c`, labels `1 0 0 1 0 1 1`, scores `.9 .1 .9 .2 .3 .5 .6`. In `a` one pair is right and one pair is tied, so the AUC is $.75$. In `b` the AUC is $0$. Group `c` does not
# count. The result is $(3 \cdot .75 + 2 \cdot 0) / 5 = .45$. `auc(labels, scores)` is imported, and needs both labels.


# %% name="task-4"
def group_auc(group, label, score):
    ### BEGIN SOLUTION
    table = pd.DataFrame({"group": group, "label": label, "score": score})
    both = [one for _, one in table.groupby("group") if one["label"].nunique() == 2]
    if not both:
        return None
    return np.average([auc(g["label"], g["score"]) for g in both], weights=[len(g) for g in both])
    ### END SOLUTION


check("25.4", group_auc)

# %% [markdown] name="scenario-text"
# ### The small scenario
#
# The purchase score is judged by its AUC on clicked rows. Its rivals are the same model with more regularisation, and the same model without segment × category. The intervals come from requests drawn with replacement.
#
# **Predict first.** The cart has about a hundred purchases. Can they show a gain of .01 in AUC?

# %% name="scenario" tags=["after-guess", "folded"]
# AUC of p(purchase | click) by scenario, and its gain in the cart, as stored.
SCENARIO = STORED["scenario"]
GAIN = {
    "more regularisation": "with more regularisation",
    "no segment × category": "without segment × category",
}
fig, axes = figure(2, height=1.9, width=9.2)
gain = {text: SCENARIO["gain in the cart"][name] for text, name in GAIN.items()}
for panel, intervals in zip(axes, (SCENARIO["level"], gain), strict=True):
    for row, (value, low, high) in enumerate(intervals.values()):
        panel.plot([low, high], [row, row], color="C0", linewidth=2.5)
        panel.plot(value, row, "o", color="C0")
    panel.set(yticks=range(len(intervals)), ylim=(len(intervals) - 0.5, -0.5))
    panel.set_yticklabels(list(intervals))
axes[0].set(title="AUC by scenario", xlabel="right is better")
axes[1].set(title="Cart: gain over a rival", xlabel="difference in AUC, same requests")
axes[1].axvline(0, color="0.6", linewidth=1)
said = [f"{name} {a:.2f}, from {b:.2f} to {c:.2f}" for name, (a, b, c) in SCENARIO["level"].items()]
said += [
    f"gain in the cart over {name} {a:.3f}, from {b:.3f} to {c:.3f}"
    for name, (a, b, c) in gain.items()
]
show(fig, alt=f"AUC of the purchase after a click, with 95 % intervals: {'; '.join(said)}.")

# %% [markdown] name="scenario-why" tags=["after-guess"]
# The interval of the cart's AUC is far wider than a gain that counts. But a gain is a *difference* on the same requests. Over the rival with more regularisation a gain is shown. Without segment × category the scores differ more from ours, and no gain is shown.
#
# *All* lies above each scenario, because the pooled AUC rewards knowing the rates of the scenarios (lesson 21).

# %% [markdown] name="metrics-interview"
# ### Say it aloud: metrics
#
# <!-- bank: me-01 -->

# %% [markdown] name="delay-text"
# ## Deeper: how do you train on late purchases? (15 minutes)
#
# A purchase comes hours or days after its click (lesson 14). So a label 0 tonight may mean "not yet". Let $p$ be the probability that the click ends in a purchase. Of all purchases, let $F(e)$ be the share that comes before the click has age $e$. A click of age $e$ has no purchase in two cases: none will come, or it will come later:
#
# $$P(y=0\text{ at age }e)=(1-p)+p\,\big(1-F(e)\big)=1-p\,F(e)$$
#
# So the loss of a click without a purchase is $-\ln(1-pF(e))$. The loss of a click with a purchase is $-\ln p$, plus a term without $p$. Chapelle learns an exponential delay together with $p$. If all clicks have one small $p$, the learned $p$ is nearly *purchases so far / sum of $F$ over the clicks*.

# %% [markdown] name="delay-world"
# We simulated months of clicks on some hundred products, with a mean delay of four days. In some simulations, the delays of products *differ*, most purchases come *at once*, or rates *drift* from day to day.
#
# | way | clicks of age | what it does |
# |---|---|---|
# | ignore | 0 to 14 days | It takes "not yet" as "never". |
# | wait 21 days | 21 to 35 days, or all clicks older than 21 days | It counts the purchases within 21 days of the click. |
# | one delay | 0 to 14 days | It divides the purchases so far by the sum of $F$, with one mean delay for all products. |
# | own delays | 0 to 14 days, or 0 to 60 days | The same, with a mean delay for each product. |
# | own curves | 0 to 14 days | The same, but $F$ is the curve of the product's old purchases, without a formula. |
#
# **Predict first.** All products have the same delay, and nothing drifts. Is the *list* of "ignore" worse than the corrected list? And if the rates drift, is it better to wait or to correct?

# %% name="delay-picture" tags=["after-guess", "folded"]
# Regret by drift, both kinds of delay, means of twenty months.
MONTHS = STORED["delay"]
DRIFTS = (0, 0.05, 0.1, 0.2)
COLOURS = {"ignore": "C1", "wait 21 days": "C3", "own delays": "C0", "own delays, 60 days": "C2"}
OFFSETS = {"same": {"ignore": -9, "own delays": 4}, "differ": {"ignore": 2, "own delays": -6}}
fig, axes = figure(2, height=3.2, width=9.4)
said = []
for panel, kind in zip(axes, ("same", "differ"), strict=True):
    for name, colour in COLOURS.items():
        means = [np.mean(MONTHS[f"{kind}, drift {drift}"]["regret"][name]) for drift in DRIFTS]
        panel.plot(DRIFTS, means, "o-", color=colour, markersize=4)
        at = (6, OFFSETS[kind].get(name, -2))
        panel.annotate(
            name,
            (DRIFTS[-1], means[-1]),
            xytext=at,
            textcoords="offset points",
            color=colour,
            fontsize=8,
        )
        said.append(f"{kind}, {name}: {', '.join(f'{one:.1f}' for one in means)}")
    panel.set(title={"same": "one delay for all", "differ": "delays differ"}[kind])
    panel.set(
        xticks=DRIFTS, xlim=(-0.01, 0.3), ylim=(0, 16), xlabel="daily drift of a product's logit"
    )
axes[0].set_ylabel("regret, percent (lower is better)")
show(fig, alt=f"Regret at drift {DRIFTS}, means of twenty months. {'; '.join(said)}.")

# %% name="delay-verdict" tags=["after-guess", "folded"]
# Six verdicts on the regret, twenty months.
ASKED = [
    ("delay-0-0", "same", 0, "own delays", "ignore"),
    ("delay-1-0", "differ", 0, "own delays", "ignore"),
    ("delay-1-0", "differ", 0, "wait 21 days", "own delays"),
    ("delay-1-0", "differ", 0, "own delays, 60 days", "wait 21 days, all older clicks"),
    ("delay-1-20", "differ", 0.2, "wait 21 days", "own delays"),
    ("delay-at-once-0", "60 % at once", 0, "own curves", "ignore"),
]
DELAYS = {"same": "one delay", "differ": "delays differ", "60 % at once": "most at once"}
CALLED_LATE = {"wait 21 days, all older clicks": "wait 21 days with all older clicks"}
forest(
    "Late purchases: regret",
    [
        claim(
            f"25.{key}-{name}-{rival}".replace(",", "").replace(" ", "-"),
            f"{DELAYS[kind]}, drift {drift}: {name}, over {CALLED_LATE.get(rival, rival)}",
            MONTHS[f"{kind}, drift {drift}"]["regret"][name],
            MONTHS[f"{kind}, drift {drift}"]["regret"][rival],
            unit="percent of value",
            higher_is_better=False,
        )
        for key, kind, drift, name, rival in ASKED
    ],
)

# %% [markdown] name="delay-why" tags=["after-guess"]
# **If all products have one delay**, "ignore" makes all rates too low. No harm to the list is shown: a factor common to all products changes no order. The correction repairs the level. But a new product has only young clicks, so "ignore" would push it down.
#
# **If delays differ**, "ignore" pushes products with long delays down the list. Own delays repair a part of this. One delay for all repairs only the level (study page).
#
# **Correct, and let drift decide how many days you read.** Without drift, if delays differ, waiting with fourteen days of old clicks is better than fourteen corrected days. But sixty corrected days are better than waiting with all old clicks. If rates drift much, waiting is worst.
#
# **Look at the curve of delays first.** Our delays are exponential by construction, and *own delays* uses this formula. If most purchases come at once, the formula is wrong. *Own curves* need no formula, and are better than "ignore". Between own curves and own delays no difference is shown.

# %% [markdown] name="task-5-text"
# ### Task 25.5 · The loss with "not yet" (5 minutes)
#
# Write `delayed_loss(p, bought, age, mean)`.
#
# - `p`: array `[n]` of predicted p(buy | click), $0<p<1$, $n\ge1$. `bought`: array of `0` and `1`, *by now*. `age`: array of days since
#   the click, none negative. `mean`: a positive number, the mean of the exponential delay, so $F(e) = 1 - e^{-e/\text{mean}}$.
# - Return the mean over clicks: $-\ln p$ if bought, and $-\ln(1 - p F(\text{age}))$ if not. Clip and round nothing.
#
# `delayed_loss(np.array([.2, .2]), np.array([1, 0]), np.array([3., 0.]), 4.)` is $1.609 / 2 = .805$. The second click has age zero, so its "not yet" says nothing, and its loss is zero.


# %% name="task-5"
def delayed_loss(p, bought, age, mean):
    ### BEGIN SOLUTION
    arrived = 1 - np.exp(-age / mean)
    return np.where(bought == 1, -np.log(p), -np.log1p(-p * arrived)).mean()
    ### END SOLUTION


check("25.5", delayed_loss)

# %% [markdown] name="delay-interview"
# ### Say it aloud: late purchases
#
# <!-- bank: cv-05 -->

# %% [markdown] name="recap"
# ## Recap
#
# - Write the goal down as an expected value, and sort by it.
# - For two goals, sort by a weighted sum of their expected values. The weight is a rate of exchange.
# - Scores must be calibrated together, not each by itself.
# - Extra rows help most in the scores. Repair a score before you tune a power.
# - Tune powers with caution: of the settings within one standard error of the best, take the setting nearest to 1.
# - In the log of a served list, "not seen" is not "not wanted". Correct the score on its clicks.
# - Metrics of order miss a score that is too sure. Such a score does harm where scores are multiplied.
# - "Not yet" is not "never". Correct late purchases for each product.
# - All this was measured on simulated markets, and p × margin also on a real grocery.
#
# **What the article said, and what is right**
#
# **E13.** The article's chapter on multi-task and multi-scenario learning leaves out:
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
# **Left out here:** examination learned from the log (lesson 15); diversity; auctions; weights learned online; streams (Ktena et al.).
#
# **References**
#
# | | |
# |---|---|
# | squashing | S. Lahaie, D. Pennock: Revenue Analysis of a Family of Ranking Rules for Keyword Auctions. EC 2007 |
# | GAUC | H. Zhu et al.: Optimized Cost per Click in Taobao Display Advertising. KDD 2017, https://arxiv.org/abs/1703.02091 |
# | NDCG | K. Järvelin, J. Kekäläinen: Cumulated Gain-Based Evaluation of IR Techniques. ACM TOIS 20(4), 2002 |
# | delayed feedback | O. Chapelle: Modeling Delayed Feedback in Display Advertising. KDD 2014 |
# | streams | S. I. Ktena et al.: Addressing Delayed Feedback for Continuous Training with Neural Networks in CTR Prediction. RecSys 2019, https://arxiv.org/abs/1907.06558 |
