# %% [markdown] name="title"
# # 15 · Learning from clicks
#
# **After this lesson you can** teach a search new words from its clicks, measure where people look, train a ranker
# on clicks and say when it must be corrected, write LambdaRank's gradient on a whiteboard, and compare two
# rankers inside one list.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 45 + 50 + 30 + 50 | middle | lesson 11, NumPy | "Can you train a ranker on clicks?", "Pointwise, pairwise, listwise: what does LambdaRank's gradient do?", "Offline up, online flat: why?" |
#
# Five cells wait for your code: replace the dots, run, read the verdict. `hint("15.1", 1)` helps, and so do levels
# 2 and 3. What follows a *Predict first* is closed until you run it.

# %% name="imports"
from types import SimpleNamespace

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from course_utils import search
from course_utils.datasets import load
from course_utils.evidence import claim, evidence
from course_utils.exercises import check, hint, solution
from course_utils.metrics import auc, gauc
from course_utils.notebook import figure, forest, show
from course_utils.shop import Shop

pd.set_option("display.width", 140)

# %% [markdown] name="question"
# ## Sitting 1 · New words, and where people look
#
# A search shows ten products; the customer clicks one. No grade of a human judge is as cheap as this. What does
# a ranker learn that is taught by clicks?
#
# Five simulated shops, as in lesson 11: 2,000 products and 2,000 customers each. What made the pages of the log is called
# the **logging policy**. In our shops it ranks by the true grade of each product plus an error.

# %% name="shops" tags=["folded"]
# Five shops: products, queries, grades (0 to 3), and a log of searches.
N, LENGTH, BIGRAMS = 2000, 10, search.words_and_bigrams


def open_shop(seed):
    """The catalogue, the searches in 200,000 rows of the log, prices against the mean of their kind."""
    one = Shop(seed, n_users=N, n_products=N)
    catalogue = search.Catalogue.of(one.listings, one.queries, one.judgements)
    price = np.log(one.products.price)
    mean_of_kind = price.groupby(one.listings.kind.to_numpy()).transform("mean")
    return SimpleNamespace(
        catalogue=catalogue,
        log=search.Searches.of(one.log(200_000), catalogue),
        relative_price=(price - mean_of_kind).to_numpy(),
    )


shops = {seed: open_shop(seed) for seed in range(5)}
log = shops[0].log
print(f"shop 0: {log.page.max() + 1:,} pages, {len(log.page):,} products shown, ", end="")
print(
    f"{int(log.click.sum()):,} clicks, {log.pair.max() + 1:,} different pairs of query and product"
)

# %% [markdown] name="ranker"
# ### The ranker
#
# It scores a query and a product by three numbers: BM25 of the titles, LSA of the titles (lesson 11), and the
# **relative price**: log price minus the mean of its kind. The weights come from clicks: each clicked product is
# compared with every other product of its page, by a logistic regression on the difference of their numbers.

# %% name="learn"
features = {}
for seed, one in shops.items():
    texts, queries = one.catalogue.texts, one.catalogue.queries
    by_words = search.bm25_scores(texts, queries, BIGRAMS, b=0.0)
    features[seed] = [by_words / 10, search.lsa_scores(texts, queries, BIGRAMS, 256)]


def numbers(seed, query, product):
    """What the ranker reads, ``[..., numbers]``; the relative price is the last."""
    parts = [scores[query, product] for scores in features[seed]]
    return np.stack([*parts, shops[seed].relative_price[product]], axis=-1)


def fit(x, weight=None):
    """Weights of the numbers, from the differences of winners and losers."""
    sign = np.where(np.arange(len(x)) % 2, 1, -1)  # half of the pairs the other way round
    model = LogisticRegression(C=10, fit_intercept=False)
    return model.fit(x * sign[:, None], sign, sample_weight=weight).coef_[0]


def compared(seed, log):
    """From the second half of a log: rows clicked, rivals on their page, differences of numbers."""
    won, lost = log.rivals(np.median(log.page))
    x = numbers(seed, log.query, log.product)
    return won, lost, x[won] - x[lost]


# %% [markdown] name="first-predict"
# Now a shop that **sells its first positions**: the most expensive product of its kind stands first. Same pages, same
# customers, and the clicks which that order brings. (Our shop can play "what if": it knows each probability of a click.)
#
# **Predict first.** The ranker learns from this log. Beside it, one that learns where all ten positions are examined, so it sees what customers
# want. What will the *first* product of each list cost: the same, or how much more?


# %% name="first" tags=["after-guess"]
def expensive_first(seed):
    """The same pages, the most expensive for its kind first, with the clicks of that order."""
    log, price = shops[seed].log, shops[seed].relative_price
    return log.reordered(price[log.product], np.random.default_rng(seed))


def all_examined(seed):
    """The skyline: the same pages, all ten positions are examined. No real shop has this log."""
    log = shops[seed].log
    click = np.random.default_rng(seed).random(len(log.page)) < log.p_click_if_seen
    return log.replaced(log.position, click.astype(float), np.ones(len(log.page)))


def reranked(seed, weights):
    """The first 50 by the last score in ``features``, in the order of the ranker."""
    found = search.best(features[seed][-1], 50)
    scores = numbers(seed, np.arange(len(found))[:, None], found) @ weights
    scores[found == search.NOTHING] = -np.inf
    order = np.argsort(-scores, axis=1, kind="stable")
    return np.take_along_axis(found, order, axis=1)


first_look = {}
for seed, one in shops.items():
    for name, made in [("expensive first", expensive_first), ("all examined", all_examined)]:
        top = reranked(seed, fit(compared(seed, made(seed))[2]))[:, 0]
        cost = np.exp(one.relative_price[top[top != search.NOTHING]])
        first_look.setdefault(name, []).append(100 * (cost.mean() - 1))

# %% name="first-picture" tags=["after-guess", "folded"]
# The picture: what the first product of the learned list costs.
evidence(
    "15.first",
    "The first product costs more if the log had the expensive first than if all was examined",
    first_look["expensive first"],
    first_look["all examined"],
    unit="% of the price",
    pairs="shops",
)
fig, axes = figure(height=1.9, width=7.6)
for row, (name, color) in enumerate([("expensive first", "C3"), ("all examined", "0.3")]):
    axes.plot(first_look[name], [row] * 5, "o", color=color, alpha=0.7)
axes.set_yticks([0, 1], ["learned from expensive first", "learned where all is examined"])
axes.set(
    title="Price of the first product, against the mean of its kind", xlabel="%", ylim=(1.5, -0.5)
)
axes.axvline(0, color="0.3", linewidth=1)
show(
    fig,
    alt="Five shops a row. Learned from a log with the expensive first: the first product of a list costs 120 to 180 % more "
    "than the mean of its kind. Learned where all positions are examined: from 50 % less to 130 % more.",
)

# %% [markdown] name="first-why" tags=["after-guess"]
# What customers want differs by shop: in three the cheap, in two the more expensive (second row). The ranker of the first row puts more than twice the usual price on top *in every
# shop*, because that is what stood where people look. This is **position bias**, and most of this lesson is about it. But first what clicks give without any correction: words.

# %% [markdown] name="words-text"
# ## Clicks teach words
#
# Someone typed "in-ears", a word that no title has. The list happened to hold earbuds, she clicked. Now the shop has
# a word for them. **Document expansion by clicks**: add to a product's text each query by which it was clicked, once, from
# the first half of the log. The plain rival keeps for each pair of query and product **clicks over expected clicks**
# (COEC, Zhang and Jones 2007): expected is the click rate of the positions where it stood. It needs no text at all. We multiply BM25 of titles by
# $(\text{clicks} + m)/(\text{expected} + m)$, and give it the best of three $m$ on these very shops.
#
# **Predict first.** BM25 of the expanded texts, LSA of them, or COEC: which order is the best by grade?


# %% name="words" tags=["after-guess"]
def with_clicks(seed, of_query=lambda query: True):
    """Each product's text and the queries that led to a click on it in the first half."""
    one, log = shops[seed].catalogue, shops[seed].log
    early = (log.click == 1) & (log.page < np.median(log.page))
    texts = list(one.texts)
    for query, product in sorted(set(zip(log.query[early], log.product[early], strict=True))):
        if of_query(query):
            texts[product] += " " + one.queries[query]
    return texts


def coec(seed, m):
    """(Clicks + m) / (expected clicks + m) of each pair, from the first half."""
    log = shops[seed].log
    early = log.page < np.median(log.page)
    at, pair = log.position[early], (log.query[early], log.product[early])
    rate = np.bincount(at, log.click[early]) / np.bincount(at)
    clicks, expected = np.zeros((2, *shops[seed].catalogue.grades.shape))
    np.add.at(clicks, pair, log.click[early])
    np.add.at(expected, pair, rate[at])
    return (clicks + m) / (expected + m)


def ndcg10(seed, lists, rows=slice(None)):
    return search.ndcg_by_query(shops[seed].catalogue.grades, lists[:, :10])[rows].mean()


scores = {name: [] for name in ["BM25", "LSA", "BM25 + clicks", "LSA + clicks"]}
for seed, one in shops.items():
    texts, queries = with_clicks(seed), one.catalogue.queries
    scores["BM25"].append(features[seed][0])
    scores["LSA"].append(features[seed][1])
    scores["BM25 + clicks"].append(search.bm25_scores(texts, queries, BIGRAMS, b=0.0))
    scores["LSA + clicks"].append(search.lsa_scores(texts, queries, BIGRAMS, 256))
for m in (0.3, 1.0, 3.0):
    both = zip(shops, scores["BM25"], strict=True)
    scores[f"BM25 x COEC, m = {m:g}"] = [(s + 0.01) * coec(seed, m) for seed, s in both]
scores["ideal ranking"] = [one.catalogue.grades for one in shops.values()]
kinds = ["kind", "colour", "label", "brand", "need", "synonym"]
by_type = pd.DataFrame(index=["ALL", *kinds])
quality = {}
for name, its in scores.items():
    lists = {seed: search.best(one, 10) for seed, one in zip(shops, its, strict=True)}
    quality[name] = [ndcg10(seed, lists[seed]) for seed in shops]
    by_type[name] = [np.mean(quality[name])] + [
        np.mean([ndcg10(s, lists[s], shops[s].catalogue.types == kind) for s in shops])
        for kind in kinds
    ]
best_coec = max(
    (name for name in scores if "COEC" in name), key=lambda name: np.mean(quality[name])
)

# %% name="words-verdict" tags=["after-guess", "folded"]
# The verdicts, and NDCG@10 by type of query.
forest(
    "LSA of the texts with clicked queries",
    [
        claim(
            f"15.words-{id}",
            f"LSA + clicks ranks better than {name}",
            quality["LSA + clicks"],
            quality[name],
            unit="NDCG@10",
            pairs="shops",
        )
        for id, name in [("lsa", "LSA"), ("bm25", "BM25 + clicks"), ("coec", best_coec)]
    ],
)
by_type[["BM25", "LSA", "BM25 + clicks", best_coec, "LSA + clicks"]].round(2)

# %% [markdown] name="words-why" tags=["after-guess"]
# - **Synonyms**, worth nothing before, reach .38 with BM25, .33 with COEC and .61 with LSA. COEC and BM25 find what was
#   clicked; LSA also what is *like* the clicked, since "in-ears" now occurs together with "earbuds".
# - Nothing is free: `need` falls from .77 to .69 with LSA and to .54 with BM25, and stays with COEC.

# %% [markdown] name="new-predict"
# There is a catch. Each query judged here was also in the log. **Predict first.** Hide the clicks of every second query, and judge those
# queries: better than with titles alone, equal, or worse?

# %% name="new-queries" tags=["after-guess"]
cold = {"titles only": [], "clicks of other queries": []}
shared = total = 0
for seed, plain in zip(shops, scores["LSA"], strict=True):
    one = shops[seed].catalogue
    odd = np.arange(len(one.queries)) % 2 == 1
    texts = with_clicks(seed, of_query=lambda query: query % 2 == 0)
    found = search.best(search.lsa_scores(texts, one.queries, BIGRAMS, 256), 10)
    cold["clicks of other queries"].append(ndcg10(seed, found, odd))
    cold["titles only"].append(ndcg10(seed, search.best(plain, 10), odd))
    synonyms = np.flatnonzero((one.types == "synonym") & odd)
    even_words = {word for text in one.queries[::2] for word in BIGRAMS(text)}
    shared += sum(not even_words.isdisjoint(BIGRAMS(one.queries[q])) for q in synonyms)
    total += len(synonyms)
evidence(
    "15.new-queries",
    "Queries that were never clicked: clicks of other queries rank better than titles alone",
    cold["clicks of other queries"],
    cold["titles only"],
    unit="NDCG@10",
    pairs="shops",
)
print(f"hidden synonyms that share a word with a query in the log: {shared} of {total}")

# %% [markdown] name="new-why" tags=["after-guess"]
# A little worse: expansion is a **memory of queries**. How bad that is, is decided by the last line, and here it is *by construction*:
# one synonym in nine shares a word with a query in the log. In a real shop the rare queries share words with the
# frequent ones ("in-ears for running"), and find what those have taught. Measure the share of your new queries that have a known word.

# %% [markdown] name="pbm"
# ## Where people look
#
# Now the bias. The **examination hypothesis**: a click needs that the position is examined, and that the product appeals
# once it is. The **position-based model** (PBM; Richardson et al. 2007) says that the first depends on the position alone:
#
# $$p(\text{click} \mid k, d) = \theta_k \, a_d .$$
#
# $\theta_k$ is the **examination probability** of position $k$, with $\theta_1 = 1$; $a_d$ is the appeal of query and product. The click rate of position $k$ is
# $\theta_k$ times the mean appeal *of what stands there*. It mixes the two.
#
# **The swap.** Take two neighbours $d$ and $e$ at positions $k$ and $k+1$, and let chance decide who stands above. Over many
# such pages, above and below held the same products:
#
# $$\frac{E[\text{clicks at } k+1]}{E[\text{clicks at } k]} = \frac{\tfrac12\,\theta_{k+1}\,(a_d + a_e)}{\tfrac12\,\theta_k\,(a_d + a_e)} = \frac{\theta_{k+1}}{\theta_k},
# \qquad \hat\theta_k = \prod_{j<k} \frac{\text{clicks below}_j}{\text{clicks above}_j}.$$
#
# The appeal cancels, whatever the old order was. Joachims et al. (2017) swap the first with the $k$-th. Neighbours cost fewer clicks; the price is a product of ratios, whose errors add up.
#
# **Predict first.** The relevant stand first, as in our log. Does the click rate fall faster or slower than $\theta$?


# %% name="swap-build"
def theta_by_swaps(upper, position, click):
    """From pages whose neighbours at ``upper`` and ``upper + 1`` (from 0) were swapped at random."""
    theta = [1.0]
    for k in range(LENGTH - 1):
        pages = upper == k
        above = click[pages & (position == k)].sum()
        below = click[pages & (position == k + 1)].sum()
        theta.append(theta[-1] * below / above)
    return np.array(theta)


swaps, upper = shops[0].log.with_swaps(16, np.random.default_rng(15))
ours = theta_by_swaps(upper, swaps.position, swaps.click)
np.testing.assert_allclose(ours, search.examination_from_swaps(upper, swaps.position, swaps.click))
print(
    f"{swaps.page.max() + 1:,} pages with one swap each; ours equals search.examination_from_swaps"
)

full = np.bincount(log.page)[log.page] == LENGTH
appeal = log.p_click_if_seen[full].reshape(-1, LENGTH)  # of each page, first position first
theta = log.p_examine[full].reshape(-1, LENGTH)
for name, pairs in [
    ("neighbours", [(k, k + 1) for k in range(9)]),
    ("the first with the k-th", [(0, k) for k in range(1, 10)]),
]:
    lost = [
        ((theta[:, i] - theta[:, j]) * (appeal[:, i] - appeal[:, j])).mean() / 2 for i, j in pairs
    ]
    print(
        f"swapping {name}: {np.mean(lost) / (theta * appeal).sum(axis=1).mean():.1%} of a page's clicks are lost"
    )

# %% [markdown] name="harvest-text"
# Some pairs of query and product move by themselves, since the logging policy has errors. `search.examination_by_position` compares each
# with itself, without any swap (*intervention harvesting*; Agarwal et al. 2019): it alternates $\hat a_d$ = clicks / (sum of
# $\hat\theta$) and $\hat\theta_k$ = clicks / (sum of $\hat a$), clicks taken as Poisson counts. With two positions where each pair stood equally often at both, its solution is
# exactly the ratio of the swaps (a test of the course holds it to that). The picture shows phones, the true $\theta$, and the three ways to estimate it in five shops.

# %% name="theta" tags=["after-guess"]
PHONE = 0
ORDERS = {"relevant first": lambda seed: shops[seed].log, "expensive first": expensive_first}


def at_positions(values, log):
    """The mean of the phones' rows at each position."""
    phone = log.device == PHONE
    sums = np.bincount(log.position[phone], values[phone], LENGTH)
    return sums / np.bincount(log.position[phone], minlength=LENGTH)


estimates, swap_theta = {}, {}
for order, made in ORDERS.items():
    for seed in shops:
        one = made(seed)
        phone = one.device == PHONE
        rate = at_positions(one.click, one)
        swaps, upper = one.with_swaps(16, np.random.default_rng(seed + 300))
        by_device = {
            device: search.examination_from_swaps(
                *(part[swaps.device == device] for part in (upper, swaps.position, swaps.click))
            )
            for device in range(3)
        }
        if order == "relevant first":
            swap_theta[seed] = by_device
        found = {
            "true": at_positions(one.p_examine, one),
            "click rate": rate / rate[0],
            "swaps": by_device[PHONE],
            "harvested": search.examination_by_position(
                one.pair[phone], one.position[phone], one.click[phone]
            ),
        }
        for name, values in found.items():
            estimates.setdefault((order, name), []).append(values)
estimates = {key: np.array(values) for key, values in estimates.items()}

# %% name="theta-picture" tags=["after-guess", "folded"]
# The picture: the true examination probability, and the range of each estimate over five shops.
TINTS = {"click rate": "C3", "swaps": "C4", "harvested": "C2"}
fig, axes = figure(ncols=2, height=3.2, width=9.0)
for panel, order in zip(axes, ORDERS, strict=True):
    for shift, (name, color) in zip((-0.22, 0.0, 0.22), TINTS.items(), strict=True):
        values = estimates[order, name]
        place = np.arange(2, 11) + shift
        panel.vlines(
            place, values.min(0)[1:], values.max(0)[1:], color=color, linewidth=3, alpha=0.6
        )
        panel.plot(place, values.mean(0)[1:], "o", color=color, markersize=4)
    panel.plot(range(1, 11), estimates[order, "true"][0], color="0.2", linewidth=1.2)
    panel.set(title=order, xlabel="position, phones", ylim=(0, 1.02))
    for line, (name, color) in enumerate([("truth", "0.2"), *TINTS.items()]):
        panel.text(5.5, 0.92 - 0.09 * line, name, color=color)
axes[0].set_ylabel("examination probability")
show(
    fig,
    alt="Examination probability by position on phones: truth as a line from 1 to 0.19, and for each estimate the range and mean of "
    "five shops. Relevant first: the click rate lies below the truth, swaps and harvested lie around it. "
    "Expensive first: the click rate has a wide range above and below, harvested lies a little above, swaps around the truth.",
)
forest(
    "How far from the true examination probability",
    [
        claim(
            f"15.theta-{order.split()[0]}-{name}",
            f"{order}: {name} nearer than the click rate",
            *(
                np.abs(estimates[order, way] - estimates[order, "true"]).mean(1)
                for way in (name, "click rate")
            ),
            unit="mean error",
            pairs="shops",
            higher_is_better=False,
        )
        for order in ORDERS
        for name in ("swaps", "harvested")
    ],
)

# %% [markdown] name="theta-why" tags=["after-guess"]
# With the relevant first, the click rate falls faster than $\theta$: what stands low is worse. Harvesting, which costs nothing, is near
# the truth there; with the expensive first it lies a little too high. Swaps do not care for the order, and pay with noise: each further position multiplies one more ratio in.

# %% [markdown] name="task-1-text"
# ### Task 15.1 · Examination from swaps (7 minutes)
#
# Write `examination(rows)`. `rows` is a list of tuples `(upper, position, click)`, one a product shown on a page with swapped
# neighbours. Positions count from 1; `upper` is the upper position of the page's pair; `click` is 0 or 1. Rows of other positions than
# `upper` and `upper + 1` occur and tell nothing. The order of rows means nothing; equal rows each count.
#
# Return a list: the examination probabilities of positions 1, 2, ... up to the largest `upper` + 1. The first is 1.0. The next is
# the one before times (clicks at `upper + 1`) / (clicks at `upper`), among the rows with that `upper`. A ratio may exceed 1.
# Where there is no click above (or no row with that `upper`), stop: return what is known so far. Without rows return `[1.0]`. Do not round.
#
# `examination([(1, 1, 1), (1, 1, 1), (1, 2, 1), (1, 2, 0), (2, 2, 1), (2, 3, 1), (2, 1, 1)])` is `[1.0, 0.5, 0.5]`.


# %% name="task-1"
def examination(rows):
    ### BEGIN SOLUTION
    found = [1.0]
    for k in range(1, max((upper for upper, _, _ in rows), default=0) + 1):
        above = sum(click for upper, position, click in rows if upper == position == k)
        below = sum(click for upper, position, click in rows if upper == k == position - 1)
        if above == 0:
            break
        found.append(found[-1] * below / above)
    return found
    ### END SOLUTION


check("15.1", examination)

# %% [markdown] name="end-1"
# **End of sitting 1.** Clicked queries teach a search its customers' words; the swap estimator measures where they look. Next: a
# ranker that learns from clicks, and when it needs what you have measured.

# %% [markdown] name="ipw"
# ## Sitting 2 · A ranker from clicks
#
# This sitting goes on with the five shops: run the cells above first.
#
# ### Inverse propensity weighting
#
# Give each click the weight one over the probability that its position was examined. Under the position-based model
#
# $$E\!\left[\frac{c}{\theta_k}\right] = \frac{\theta_k\,a_d}{\theta_k} = a_d ,$$
#
# so the position is gone, in expectation. $\theta_k$ is called the **propensity**, the method **inverse propensity weighting**, IPW
# (Joachims, Swaminathan and Schnabel 2017, with a hinge loss; here with the logistic one). Small propensities make large weights, so they
# are raised to a floor: *clipping*.

# %% [markdown] name="task-2-text"
# ### Task 15.2 · A corrected click rate (6 minutes)
#
# Write `corrected_rates(rows, least)`.
#
# - `rows`: a list of tuples `(product, click, p_examine)`: id (text), 0 or 1, and the examination probability
#   of the position, above 0, at most 1. It may be empty. A product may stand in many rows, in any order; rows
#   may be equal.
# - For each product return the mean over **all its rows** of `click / max(p_examine, least)`. `least` is 0 to 1.
# - Return a dict from product to rate, also for products without a click. A rate may lie above 1. Do not round.
#
# `corrected_rates([("p1", 1, 0.5), ("p1", 0, 0.5), ("p2", 1, 1.0), ("p2", 0, 1.0)], 0.1)` is `{"p1": 1.0, "p2":
# 0.5}`: half of p1's rows were never seen.


# %% name="task-2"
def corrected_rates(rows, least):
    ### BEGIN SOLUTION
    weighted, count = {}, {}
    for product, click, p_examine in rows:
        weighted[product] = weighted.get(product, 0.0) + click / max(p_examine, least)
        count[product] = count.get(product, 0) + 1
    return {product: weighted[product] / count[product] for product in count}
    ### END SOLUTION


check("15.2", corrected_rates)

# %% [markdown] name="orders-text"
# ### Four old orders
#
# When does a ranker need the correction? The same pages of the same shops, in four orders: the relevant first (the log as it is); random; **worst
# first**, by grade; the expensive first. The ranker now reads BM25 of titles, BM25 and LSA of expanded texts, and the relative price. It learns from
# the second half of each log, in five ways:
#
# - **naive**: each click counts 1. **IPW, true**: 1 / θ of the shop. **IPW, swaps**: 1 / θ̂ from the swaps of sitting 1: θ belongs to the customers, so one experiment serves all four orders.
# - **position as a feature**: nine more columns say at which position a product stood; when serving, they are left out, which is the same as one fixed
#   position for all. It needs no propensity.
# - **skip above** (Joachims 2002): a clicked product beats only those *above* it, which were surely seen.
#
# **Predict first.** For which of the four orders does the naive ranker lose by NDCG? And is position as a feature as good as IPW?

# %% name="orders" tags=["after-guess"]
for seed, texts_bm25, texts_lsa in zip(
    shops, scores["BM25 + clicks"], scores["LSA + clicks"], strict=True
):
    features[seed] = [features[seed][0], texts_bm25 / 10, texts_lsa]


def by_score(seed, score):
    return shops[seed].log.reordered(score, np.random.default_rng(seed))


def worst_first(seed):
    log = shops[seed].log
    luck = np.random.default_rng(seed + 500).random(len(log.page))  # among equal grades
    return by_score(seed, -shops[seed].catalogue.grades[log.query, log.product] + luck / 1000)


def random_order(seed):
    return by_score(seed, np.random.default_rng(seed + 700).random(len(shops[seed].log.page)))


ORDERS = {
    "relevant first": lambda seed: shops[seed].log,
    "random": random_order,
    "worst first": worst_first,
    "expensive first": expensive_first,
}


def ipw(p_examine):
    return 1 / np.maximum(p_examine, 0.05)


def ways_to_learn(seed, log):
    """Name -> weights of the ranker's numbers."""
    won, lost, x = compared(seed, log)
    theta = np.array([swap_theta[seed][device] for device in range(3)])[log.device, log.position]
    stood = np.eye(LENGTH)[:, 1:]
    columns = stood[log.position[won]] - stood[log.position[lost]]
    above = log.position[lost] < log.position[won]
    return {
        "naive": fit(x),
        "IPW, true": fit(x, ipw(log.p_examine[won])),
        "IPW, swaps": fit(x, ipw(theta[won])),
        "position as a feature": fit(np.hstack([x, columns]))[: x.shape[1]],
        "skip above": fit(x[above]),
    }


# %% name="orders-run" tags=["after-guess"]
learned = {}
for order, made in ORDERS.items():
    for seed in shops:
        for name, weights in ways_to_learn(seed, made(seed)).items():
            learned.setdefault((order, name), []).append(weights)


def learn_grades(seed):
    """The same pages: of two products of a page, the one with the higher grade wins."""
    log = shops[seed].log
    every = log.replaced(log.position, np.ones(len(log.page)), log.p_examine)
    won, lost, x = compared(seed, every)
    grade = shops[seed].catalogue.grades[log.query, log.product]
    return fit(x[grade[won] > grade[lost]])


learned["skyline", "naive"] = [fit(compared(seed, all_examined(seed))[2]) for seed in shops]
learned["grades", "naive"] = [learn_grades(seed) for seed in shops]
ndcg = {
    key: [ndcg10(seed, reranked(seed, w)) for seed, w in zip(shops, its, strict=True)]
    for key, its in learned.items()
}
price = {key: np.array([w[-1] for w in its]) for key, its in learned.items()}

# %% name="orders-picture" tags=["after-guess", "folded"]
# The picture: NDCG@10 and the weight of the relative price, mean and range of five shops.
WAYS = {
    "naive": "C3",
    "IPW, true": "C5",
    "IPW, swaps": "C4",
    "position as a feature": "C0",
    "skip above": "C1",
}
fig, axes = figure(ncols=2, height=4.6, width=9.6)
for panel, values, title in zip(
    axes, (ndcg, price), ("NDCG@10: right is better", "Weight of the relative price"), strict=True
):
    for top, order in enumerate(ORDERS):
        for line, (name, color) in enumerate(WAYS.items()):
            its, y = values[order, name], 6 * top + line
            panel.plot([min(its), max(its)], [y, y], color=color, linewidth=2.5, alpha=0.5)
            panel.plot(np.mean(its), y, "o", color=color, markersize=5)
    panel.axvline(np.mean(values["skyline", "naive"]), color="0.3", linewidth=1)
    panel.set(title=title, ylim=(24, -1.5))
    panel.locator_params(axis="x", nbins=6)
axes[0].axvline(np.mean(ndcg["grades", "naive"]), color="C2", linewidth=1)
axes[0].text(
    np.mean(ndcg["grades", "naive"]), -0.6, "taught by grades", color="C2", ha="left", fontsize=8
)
axes[0].set_yticks(
    [6 * top + line for top in range(4) for line in range(5)],
    [f"{order}: {name}" if name == "naive" else name for order in ORDERS for name in WAYS],
    fontsize=8,
)
axes[0].set_xlim(0.55, 0.9)
axes[1].set(yticks=[], xlim=(-1, 1.5))
axes[0].annotate("skip above: .32", (0.56, 22.2), color="C1", fontsize=8)
axes[1].annotate("skip above: far to the left", (-0.95, 22.2), color="C1", fontsize=8)
show(
    fig,
    alt="Four old orders, five ways to learn, mean and range of five shops; a line marks the skyline where all is examined: NDCG 0.83, "
    "weight of the price -0.1. NDCG: relevant first, naive 0.84, IPW 0.83, skip above 0.76. Random: all near 0.83. Worst first: naive "
    "0.65, IPW 0.82, position as a feature 0.81, skip above 0.87. Expensive first: naive 0.74, IPW and position as a feature "
    "0.83, skip above 0.32. Weight of the price: near -0.1 in all rows but expensive first naive, 0.8. Taught by grades: NDCG 0.865.",
)


# %% name="orders-verdict" tags=["after-guess", "folded"]
# The verdicts.
def against(id, text, method, baseline):
    return claim(f"15.{id}", text, ndcg[method], ndcg[baseline], unit="NDCG@10", pairs="shops")


forest(
    "Does the correction pay?",
    [
        against(
            f"{order.split()[0]}-true",
            f"{order}: IPW, true ranks better than naive",
            (order, "IPW, true"),
            (order, "naive"),
        )
        for order in ORDERS
    ],
)
skyline = price["skyline", "naive"]
evidence(
    "15.price-weight",
    "expensive first: with IPW, true, the price's weight is nearer to the skyline's than naive",
    np.abs(price["expensive first", "IPW, true"] - skyline),
    np.abs(price["expensive first", "naive"] - skyline),
    unit="distance from the skyline",
    pairs="shops",
    higher_is_better=False,
)
evidence(
    "15.grades",
    "Taught by grades, the ranker is better than taught by clicks where all is examined",
    ndcg["grades", "naive"],
    ndcg["skyline", "naive"],
    unit="NDCG@10",
    pairs="shops",
)
forest(
    "What stands in for the true propensities",
    [
        against(
            f"{order.split()[0]}-{way.split()[0 if way.startswith('pos') else 1]}",
            f"{order}: {way} ranks better than IPW, true",
            (order, way),
            (order, "IPW, true"),
        )
        for order in ORDERS
        for way in ("IPW, swaps", "position as a feature")
    ],
)

# %% [markdown] name="orders-why" tags=["after-guess"]
# - **Random**: no need. Position is noise that falls on all products alike.
# - **Relevant first**: no gain by grade. The bias points to the truth: what stands on top *is* better, so counting it twice does no harm.
# - **Worst first**: much to gain, .65 against .82. **Expensive first**: the weight of the price is put right in every shop; NDCG gains much in three shops and nothing in two, which five shops do not settle.
# - The rule that the four support: *correct where the old order goes against relevance, or follows something else that your ranker can read*. An order that has nothing to do with relevance, such as random, needs nothing.
# - Swaps show no difference from the true θ. **Position as a feature** neither, but with the worst first, where it may lose a little; it needs no θ. Its model is not quite the PBM: it *adds* the position in the logit, where θ *multiplies* a probability.
# - **Skip above** is the best where the worst stood first, and a wreck with the expensive first: above each click stood, by that order, only more expensive products.
# - **Taught by grades** the same ranker reaches .865, against .83 by clicks where all is examined. No correction of positions closes this gap: in these shops clicks follow price and taste too, grades do not. And LSA + clicks, the ranking it started from, has .85: *unbiased clicks* are not *relevance*.

# %% [markdown] name="wrong-model"
# ### When the position-based model is wrong
#
# Two other customers, both simulated from the shop's probabilities (so the harm is by construction; its size is the question):
#
# - **Trust bias** (Agarwal et al. 2019): who examines a high position also trusts it, and clicks some products that do not appeal:
#   $p(\text{click} \mid k, d) = \theta_k\,[a_d + \varepsilon_k (1 - a_d)]$, here with $\varepsilon_k = 0.3 / k$.
# - **Cascade** (Craswell et al. 2008): she reads from the top and stops at the first click. Whether $k$ is examined depends on what stands above.
#
# The expensive stand first; IPW gets the true mean examination probabilities. How far is the price's weight from the skyline's?


# %% name="wrong-model-run"
def trusting(log, rng):
    trust = 0.3 / (log.position + 1)
    p = log.p_examine * (log.p_click_if_seen + trust * (1 - log.p_click_if_seen))
    return log.replaced(log.position, (rng.random(len(p)) < p).astype(float), log.p_examine)


def cascade(log, rng):
    """Examined until the first click; the mean examination of each position is given along."""
    would = rng.random(len(log.page)) < log.p_click_if_seen
    order = np.lexsort((log.position, log.page))
    clicks_above = (
        pd.Series(would[order]).groupby(log.page[order]).cumsum().to_numpy() - would[order]
    )
    examined = np.empty(len(order), dtype=bool)
    examined[order] = clicks_above == 0
    mean = np.bincount(log.position, examined) / np.bincount(log.position)
    return log.replaced(log.position, (would & examined).astype(float), mean[log.position])


apart = {"PBM": np.abs(price["expensive first", "IPW, true"] - skyline)}
for name, customer in {"trust": trusting, "cascade": cascade}.items():
    for seed in shops:
        log = customer(expensive_first(seed), np.random.default_rng(seed + 900))
        ways = ways_to_learn(seed, log)
        for way, weights in {
            "IPW": ways["IPW, true"],
            "position": ways["position as a feature"],
        }.items():
            apart.setdefault(f"{name}, {way}", []).append(abs(weights[-1] - skyline[seed]))
forest(
    "Customers who are not as the position-based model says",
    [
        claim(
            f"15.{id}",
            text,
            apart[method],
            apart[baseline],
            unit="distance from the skyline",
            pairs="shops",
            higher_is_better=False,
        )
        for id, text, method, baseline in [
            ("trust", "IPW: as near under trust as under the PBM", "trust, IPW", "PBM"),
            ("cascade", "IPW: as near under cascade as under the PBM", "cascade, IPW", "PBM"),
            (
                "trust-position",
                "Trust: position as a feature nearer than IPW",
                "trust, position",
                "trust, IPW",
            ),
            (
                "cascade-position",
                "Cascade: position as a feature nearer than IPW",
                "cascade, position",
                "cascade, IPW",
            ),
        ]
    ],
)

# %% [markdown] name="wrong-model-why"
# With trust, IPW leaves a part of the bias in: it divides by θ, and the clicks of trust remain. (The *affine correction* of Vardasbi et al. 2020 first
# subtracts $\theta_k \varepsilon_k$; somebody has to measure $\varepsilon_k$.) In the cascade a click below needs that everything above was refused; one mean θ for all pages cannot say that. Position as a feature shows no difference from IPW here either.
# Test the model before you trust the weights: on pages in random order the click rate divided by θ must be flat over the positions.

# %% [markdown] name="negatives"
# ### Shown and not clicked
#
# **Predict first.** Of the products that were shown and not clicked, how many have the best grade, 3? How many were never
# examined? And of all pairs of grade 3, which share was never shown?

# %% name="negatives-run" tags=["after-guess"]
table = {}
for seed, one in shops.items():
    log, grades = one.log, one.catalogue.grades
    unclicked = log.click == 0
    p_click = log.p_examine * log.p_click_if_seen
    never = (1 - log.p_examine) / (1 - p_click)  # p(not examined | not clicked)
    shown = np.zeros(grades.shape, dtype=bool)
    shown[log.query, log.product] = True
    table[f"shop {seed}"] = {
        "not clicked: grade 3": (grades[log.query, log.product][unclicked] == 3).mean(),
        "not clicked: never examined": never[unclicked].mean(),
        "grade 3: never shown": (~shown[grades == 3]).mean(),
    }
pd.DataFrame(table).T.round(2)

# %% [markdown] name="negatives-why" tags=["after-guess"]
# More than a third of the "negatives" are perfect answers, two thirds were never looked at, and of the perfect answers more than a third was never on a page. *Not clicked* is weak evidence, within its page alone; *not shown* is no
# evidence at all. A model that takes everything without a click for a negative learns what the old policy showed.

# %% [markdown] name="dr"
# ### What would the new policy earn? Doubly robust
#
# Before an online test: how many clicks would a new policy bring, judged by the old one's log? One position, ten candidates a page. The old policy showed candidate $s$ with the known
# probability $\mu(s)$, and click $c$ came; the new one would show it with $\pi(s)$. A **direct model** $\hat a$ predicts each candidate's click. Then
#
# $$\hat V_{DM} = \sum_d \pi(d)\,\hat a_d, \qquad \hat V_{IPW} = \frac{\pi(s)}{\mu(s)}\,c, \qquad
# \hat V_{DR} = \hat V_{DM} + \frac{\pi(s)}{\mu(s)}\,(c - \hat a_s),$$
#
# each averaged over pages. **DR** (Dudík, Langford and Li 2011): the model, plus the weighted error of the model where it can be checked. If $\mu$ is right, the error term has the expectation $V - V_{DM}$, whatever
# $\hat a$; if $\hat a$ is right, the term is 0 on average, whatever $\mu$. Wrong in one, still unbiased: hence the name. **Clipping** cuts weights at 3; **self-normalised** IPW (SNIPS) divides by the mean weight instead of 1.

# %% [markdown] name="task-3-text"
# ### Task 15.3 · The doubly robust value (7 minutes)
#
# Write `dr_value(shown, clicks, old, new, predicted)`: the mean over pages of $\hat V_{DR}$.
#
# - `shown[i]`: index, from 0, of the candidate that page `i` showed; `clicks[i]`: 0 or 1.
# - `old[i][j]`, `new[i][j]`: probability with which the old, and the new policy shows candidate `j` of page `i`; each row sums to 1. `old` of what was shown is above 0.
# - `predicted[i][j]`: the model's probability of a click.
# - All are lists (of lists) with one entry a page, one page or more; pages may have different numbers of candidates. Return one number, not rounded. It may lie outside 0 to 1.
#
# `dr_value([0, 1], [1, 0], [[0.5, 0.5], [0.8, 0.2]], [[1.0, 0.0], [0.5, 0.5]], [[0.6, 0.2], [0.4, 0.2]])`: page 0: 0.6 + 2 · (1 - 0.6) = 1.4; page 1: 0.3 + 2.5 · (0 - 0.2) = -0.2; the mean is 0.6.


# %% name="task-3"
def dr_value(shown, clicks, old, new, predicted):
    ### BEGIN SOLUTION
    total = 0.0
    for s, c, mu, pi, a in zip(shown, clicks, old, new, predicted, strict=True):
        total += sum(p * q for p, q in zip(pi, a, strict=True)) + pi[s] / mu[s] * (c - a[s])
    return total / len(shown)
    ### END SOLUTION


check("15.3", dr_value)

# %% [markdown] name="dr-predict"
# In each shop: the old policy draws from a softmax of LSA + clicks within the page; the new one adds a wish for cheap products. The direct model is a logistic regression on the first half of the log, with
# log θ as one more column. We draw 100 logs of all pages, so bias and spread of each estimate are known.
#
# **Predict first.** With the right μ: is DR better than IPW? Than SNIPS? Than the direct model alone?


# %% name="dr-run" tags=["after-guess"]
def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


off = {}
for seed, one in shops.items():
    log = one.log
    rows = np.flatnonzero(np.bincount(log.page)[log.page] == LENGTH).reshape(-1, LENGTH)
    x, truth = numbers(seed, log.query[rows], log.product[rows]), log.p_click_if_seen[rows]
    z = (x[..., 2] - x[..., 2].mean(1, keepdims=True)) / (x[..., 2].std(1, keepdims=True) + 1e-9)
    mu, pi = softmax(z), softmax(z - 2 * x[..., 3])
    early = log.page < np.median(log.page)
    seen = np.column_stack([numbers(seed, log.query, log.product), np.log(log.p_examine)])
    model = LogisticRegression(C=10).fit(seen[early], log.click[early])
    a = model.predict_proba(np.dstack([x, 0 * z]).reshape(-1, 5))[:, 1].reshape(z.shape)
    rng, n = np.random.default_rng(seed), np.arange(len(rows))
    found = {}
    for _ in range(100):
        s = np.minimum((rng.random((len(n), 1)) > mu.cumsum(1)).sum(1), LENGTH - 1)
        c = rng.random(len(n)) < truth[n, s]
        for right, old in [("right", mu[n, s]), ("wrong", 0.1)]:
            w, dm = pi[n, s] / old, (pi * a).sum(1)
            for name, value in {
                "IPW": (w * c).mean(),
                "clipped IPW": (np.minimum(w, 3) * c).mean(),
                "SNIPS": (w * c).mean() / np.mean(w),
                "direct model": dm.mean(),
                "DR": (dm + w * (c - a[n, s])).mean(),
            }.items():
                found.setdefault((right, name), []).append(value)
    for key, values in found.items():
        bias = np.mean(values) - (pi * truth).sum(1).mean()
        off.setdefault(key, []).append((bias, np.std(values) * np.sqrt(len(n))))

# %% name="dr-picture" tags=["after-guess", "folded"]
# The picture: root mean squared error by the number of pages; and the bias where the probabilities are wrong.
TINTS = {"IPW": "C3", "clipped IPW": "C1", "SNIPS": "C4", "direct model": "0.4", "DR": "C0"}
pages = np.geomspace(100, 100_000, 60)
fig, axes = figure(ncols=2, height=3.3, width=9.6)
for name, color in TINTS.items():
    error = [
        np.sqrt(max(b * b - sd * sd / 5e5, 0) + sd * sd / pages) for b, sd in off["right", name]
    ]
    axes[0].plot(pages, np.mean(error, axis=0), color=color)
    axes[0].annotate(
        name,
        (pages[-1], np.mean(error, axis=0)[-1]),
        xytext=(4, {"IPW": 3, "SNIPS": -3, "DR": -10}.get(name, -3)),
        textcoords="offset points",
        color=color,
        fontsize=8,
    )
axes[0].set(
    title="Right probabilities: lower is better",
    xlabel="pages in the log",
    ylabel="RMSE, clicks a page",
    xscale="log",
    yscale="log",
    xlim=(100, 6e5),
)
for row, (name, color) in enumerate(TINTS.items()):
    axes[1].plot([b for b, _ in off["wrong", name]], [row] * 5, "o", color=color, alpha=0.7)
axes[1].set_yticks(range(5), list(TINTS))
axes[1].set(
    title="All old probabilities taken for 1/10: bias",
    xlabel="clicks a page; 0 is right",
    ylim=(4.5, -0.5),
)
axes[1].axvline(0, color="0.3", linewidth=1)
show(
    fig,
    alt="Left: root mean squared error against the number of pages. IPW, SNIPS and DR fall with the pages without end, SNIPS and DR lie together a "
    "little below IPW; the direct model is flat, below them up to about a thousand pages and above them from then on; clipped IPW becomes flat as "
    "well. Right: with wrong old probabilities IPW is 0.2 to 0.4 too high, clipped IPW 0.2, SNIPS and DR within 0.1, the direct model as before.",
)
unbiased = {name: [sd for _, sd in off["right", name]] for name in TINTS}
forest(
    "Spread of unbiased estimates, right probabilities",
    [
        claim(
            f"15.dr-{name.lower()}",
            f"DR spreads less than {name}",
            unbiased["DR"],
            unbiased[name],
            unit="standard deviation, one page",
            pairs="shops",
            higher_is_better=False,
        )
        for name in ("IPW", "SNIPS")
    ],
)

# %% [markdown] name="dr-why" tags=["after-guess"]
# DR spreads about a seventh less than IPW, and hardly less than SNIPS, which needs no model. What is left is the luck of each click, and no model of the mean takes that
# away. With few pages the direct model wins: a small bias costs less than a large spread; its bias stays, so with many pages it loses. With wrong probabilities IPW is lost; SNIPS and DR are near.
#
# DR adds **nothing** where the page is fixed and only examination is uncertain: there the shown is always shown, and $\hat a + (c - \theta\hat a)/\theta = c/\theta$. The model cancels (Oosterhuis 2022 shows what to do).

# %% [markdown] name="end-2"
# **End of sitting 2.** IPW, position as a feature, and DR: each is right under a model that you can name. Next: from pairs to lists, and the fair test of two rankers.

# %% [markdown] name="ranknet"
# ## Sitting 3 · Pairs, lists, and a fair test
#
# This sitting goes on with the shops and the features of sitting 2.
#
# ### From RankNet to LambdaRank
#
# *Pointwise*: predict each product's grade. *Pairwise*: order two products. **RankNet** (Burges et al. 2005): for a pair with grade $g_i > g_j$ and scores $s$, the loss is
# that of a logistic regression on the difference,
#
# $$C_{ij} = \ln\!\big(1 + e^{-(s_i - s_j)}\big), \qquad -\frac{\partial C_{ij}}{\partial s_i} = \frac{1}{1 + e^{\,s_i - s_j}} = +\frac{\partial C_{ij}}{\partial s_j}.$$
#
# Each pair pushes its better product up and its worse down, by how wrong the order is. All pairs count alike: positions 19 and 20 as much as 1 and 2. NDCG says otherwise, but has no gradient: it
# jumps where two products change places. **LambdaRank** (Burges et al. 2006) keeps the push and multiplies it by what a swap of the two would change:
#
# $$\lambda_{ij} = \frac{1}{1 + e^{\,s_i - s_j}} \cdot |\Delta \mathrm{NDCG}_{ij}|, \qquad |\Delta\mathrm{NDCG}_{ij}| = \frac{|2^{g_i} - 2^{g_j}|\,\big|D(r_i) - D(r_j)\big|}{\mathrm{IDCG}}, \qquad D(r) = \frac{1}{\log_2(1 + r)},$$
#
# with $r$ the present positions from 1. The push on $i$ is the sum over its pairs. No loss is written down, the gradient alone. (In the overview of 2010 the sign is the other way round and a factor σ stands before it.) **LambdaMART** gives these
# pushes to boosted trees: each tree predicts them.


# %% name="lambda-build"
def pushes(scores, grades, k, by_ndcg=True):
    """LambdaRank's push on each score of one query; RankNet's without ``by_ndcg``."""
    position = np.argsort(np.argsort(-scores, kind="stable"))
    worth = np.where(position < k, 1 / np.log2(position + 2), 0.0)
    gain = 2.0**grades - 1
    ideal = (np.sort(gain)[::-1][:k] / np.log2(np.arange(2, min(k, len(gain)) + 2))).sum()
    push = np.zeros(len(scores))
    for i in range(len(scores)):
        for j in range(len(scores)):
            if grades[i] > grades[j]:
                size = 1 / (1 + np.exp(scores[i] - scores[j]))
                if by_ndcg:
                    size *= abs((gain[i] - gain[j]) * (worth[i] - worth[j])) / ideal
                push[i] += size
                push[j] -= size
    return push


rng = np.random.default_rng(0)
s, g = rng.normal(size=8), np.array([3, 0, 1, 0, 2, 1, 0, 0])


def ranknet_loss(s):
    return sum(np.log1p(np.exp(s[j] - s[i])) for i in range(8) for j in range(8) if g[i] > g[j])


step = 1e-5 * np.eye(8)
slope = [(ranknet_loss(s + d) - ranknet_loss(s - d)) / 2e-5 for d in step]
np.testing.assert_allclose(pushes(s, g, 5, by_ndcg=False), np.negative(slope), rtol=1e-6)
print("RankNet's pushes are minus the slope of its loss, by finite differences")
np.testing.assert_allclose(pushes(s, g, 5), search.lambda_gradients(s[None], g[None], 5)[0])
print(
    "LambdaRank's pushes equal search.lambda_gradients (whose test swaps each pair and counts NDCG anew)"
)

# %% [markdown] name="task-4-text"
# ### Task 15.4 · Lambdas (8 minutes)
#
# Write `lambdas(scores, grades)`: LambdaRank's push on each product of one query, with NDCG over the whole list.
#
# - `scores`: list of numbers, all different. `grades`: list of whole numbers, 0 to 3. Of equal length, one or more.
# - Positions by score, the highest at 1. For each pair with $g_i > g_j$, whichever stands higher, add $\lambda_{ij}$ to $i$ and subtract it from $j$.
# - Return a list of numbers, not rounded. If no grade is above 0, all are 0.
#
# `lambdas([1.0, 0.0], [0, 1])`: gains 0 and 1, IDCG 1, |ΔNDCG| = 1 · |1 - 0.6309| = 0.3691, 1 / (1 + e^(0 - 1)) = 0.7311; so `[-0.2698, 0.2698]`, about. Useful: `np.log2`, `np.exp`.


# %% name="task-4"
def lambdas(scores, grades):
    ### BEGIN SOLUTION
    scores, gain = np.array(scores, dtype=float), 2.0 ** np.array(grades) - 1
    position = np.argsort(np.argsort(-scores)) + 1
    discount = 1 / np.log2(1 + position)
    ideal = (np.sort(gain)[::-1] / np.log2(1 + np.arange(1, len(gain) + 1))).sum()
    if ideal == 0:
        return [0.0] * len(gain)
    change = np.abs(np.subtract.outer(gain, gain) * np.subtract.outer(discount, discount)) / ideal
    pair = change / (1 + np.exp(np.subtract.outer(scores, scores)))
    pair = np.where(np.subtract.outer(gain, gain) > 0, pair, 0.0)
    return list(pair.sum(axis=1) - pair.sum(axis=0))
    ### END SOLUTION


check("15.4", lambdas)

# %% [markdown] name="contest-text"
# ### Do they differ?
#
# Three ways to learn the same linear re-ranker of the first 20 from grades: pointwise (logistic regression on $(2^g - 1)/7$), RankNet, LambdaRank. Half of the queries teach, a third of these
# choose one of four settings (strength of the penalty; learning rate), the other half judges. And a **planted** set: one product of grade 3, nine of 1, ten of 0 a query; one column tells 1 from 0 (90 of its 100 pairs), the other tells 3 from the rest, and half as strongly
# points to grade 0.
#
# **Predict first.** LambdaRank looks at what NDCG looks at. Will it win in the shops? In the planted set?


# %% name="contest" tags=["after-guess"]
def list_ndcg(scores, grades):
    """NDCG@10 of lists of candidates; queries whose candidates have no grade are left out."""
    some = grades.max(1) > 0
    return search.ndcg_by_query(
        grades[some], np.argsort(-scores[some], 1, kind="stable")[:, :10]
    ).mean()


def ranknet_gradients(scores, grades):
    push = (1 - np.tanh((scores[:, :, None] - scores[:, None, :]) / 2)) / 2
    push = push * (grades[:, :, None] > grades[:, None, :])
    return push.sum(2) - push.sum(1)


def uphill(gradients, x, grades, rate):
    w = np.zeros(x.shape[2])
    for _ in range(60):
        w = w + rate * np.einsum("qd,qdf->f", gradients(x @ w, grades), x) / len(x)
    return w


def pointwise(x, grades, c):
    flat, soft = x.reshape(-1, x.shape[2]), (2.0 ** grades.ravel() - 1) / 7
    label = np.repeat([1, 0], len(flat))
    model = LogisticRegression(C=c).fit(
        np.vstack([flat, flat]), label, sample_weight=np.r_[soft, 1 - soft]
    )
    return model.coef_[0]


METHODS = {
    "pointwise": (pointwise, (0.01, 0.1, 1, 10)),
    "RankNet": (lambda *a: uphill(ranknet_gradients, *a), (0.003, 0.01, 0.03, 0.06)),
    "LambdaRank": (
        lambda *a: uphill(lambda s, g: search.lambda_gradients(s, g, 10), *a),
        (0.3, 1, 3, 10),
    ),
}


def shop_lists(seed):
    found = search.best(features[seed][-1], 20)
    query = np.flatnonzero((found != search.NOTHING).all(1))
    return numbers(seed, query[:, None], found[query]), shops[seed].catalogue.grades[
        query[:, None], found[query]
    ]


def planted_lists(seed):
    rng = np.random.default_rng(seed)
    grades = np.tile(np.repeat([3, 1, 0], [1, 9, 10]), (300, 1))
    one = (grades >= 1) + rng.normal(0, 0.6, grades.shape)
    other = (grades == 3) + 0.5 * (grades == 0) + rng.normal(0, 0.4, grades.shape)
    return np.stack([one, other], axis=2), grades


contest = {}
for source, lists in {"shops": shop_lists, "planted": planted_lists}.items():
    for seed in shops:
        x, grades = lists(seed)
        teach, choose = np.arange(len(x)) % 2 == 0, np.arange(len(x)) % 6 == 0
        x = (x - x[teach].mean((0, 1))) / x[teach].std((0, 1))
        for name, (train, settings) in METHODS.items():
            tried = [train(x[teach & ~choose], grades[teach & ~choose], one) for one in settings]
            best = np.argmax([list_ndcg(x[choose] @ w, grades[choose]) for w in tried])
            score = list_ndcg(x[~teach] @ tried[best], grades[~teach])
            contest.setdefault((source, name), []).append(score)

# %% name="contest-verdict" tags=["after-guess", "folded"]
# The verdicts.
forest(
    "Three ways to learn from grades",
    [
        claim(
            f"15.{source}-{a.lower()}-{b.lower()}",
            f"{source}: {a} ranks better than {b}",
            contest[source, a],
            contest[source, b],
            unit="NDCG@10 of 20",
            pairs="seeds",
        )
        for source in ("shops", "planted")
        for a, b in [
            ("RankNet", "pointwise"),
            ("LambdaRank", "RankNet"),
            ("LambdaRank", "pointwise"),
        ]
    ],
)

# %% [markdown] name="contest-why" tags=["after-guess"]
# In the shops pairs beat points, and LambdaRank shows no difference from RankNet. In the planted set the many low pairs outvote the
# few that matter, and RankNet, which counts all alike, is last. But the plain rival is as good as LambdaRank there: pointwise on $2^g - 1$ weighs grade 3 seven times grade 1, too. So what pays is *weighing by gain*; LambdaRank is the one that was never far from the best in both. It costs one sort a step.
#
# From clicks, each pair gets the IPW weight of its click as one more factor (*unbiased LambdaMART*, Hu et al. 2019, estimates both together). *Listwise* softmax (ListNet) is not here: read Cao et al. 2007.

# %% [markdown] name="gauc"
# ## Offline: within a request, or over all?
#
# Two scores for the second half of the log. **A**: a logistic regression on the query's past click rate, the device, and BM25 of titles. **B**: BM25 of the expanded texts, nothing else.
#
# **Predict first.** AUC over all rows says A in all five shops. Which one brings more clicks as a ranker?

# %% name="gauc-run" tags=["after-guess"]
table = {}
for seed, one in shops.items():
    log, early = one.log, one.log.page < np.median(one.log.page)
    clicks = np.bincount(log.query[early], log.click[early], len(one.catalogue.queries))
    count = np.bincount(log.query[early], minlength=len(clicks))
    past = np.log((clicks + 0.7) / (count + 5))[log.query]
    x = np.column_stack([past, np.eye(3)[log.device], features[seed][0][log.query, log.product]])
    a = x @ LogisticRegression(C=10).fit(x[early], log.click[early]).coef_[0]
    b = features[seed][1][log.query, log.product]
    for name, score in [("A", a), ("B", b)]:
        ranked = log.reordered(score, np.random.default_rng(0))
        clicks_a_page = (ranked.p_examine * log.p_click_if_seen)[~early].sum() / len(
            set(log.page[~early])
        )
        for kind, value in {
            "AUC, all rows": auc(log.click[~early], score[~early]),
            "GAUC by page": gauc(log.click[~early], score[~early], log.page[~early]),
            "clicks a page": clicks_a_page,
        }.items():
            table.setdefault(kind, {}).setdefault(name, []).append(value)

# %% name="gauc-verdict" tags=["after-guess", "folded"]
# The verdicts: the same two scores by three measures.
for kind, unit in [("AUC, all rows", "AUC"), ("GAUC by page", "GAUC"), ("clicks a page", "clicks")]:
    evidence(
        f"15.{unit.lower()}",
        f"{kind}: B is better than A",
        table[kind]["B"],
        table[kind]["A"],
        unit=unit,
        pairs="shops",
    )

# %% [markdown] name="gauc-why" tags=["after-guess"]
# The pooled AUC compares also rows of different searches: that phones click less, that some queries are clicked more. True, and useless for a ranker, which chooses only within a page. **GAUC** (Zhu et al. 2017) takes the AUC
# within each page and averages. It agrees with the clicks.
#
# But logged clicks carry the position bias of the old list, and so does a GAUC on them. The cell below takes the log with the expensive first, and price as the score.

# %% name="gauc-biased" tags=["after-guess"]
biased = {"GAUC": {"price": [], "B": []}, "clicks": {"price": [], "B": []}}
for seed, one in shops.items():
    log = expensive_first(seed)
    for name, score in {
        "price": one.relative_price[log.product],
        "B": features[seed][1][log.query, log.product],
    }.items():
        biased["GAUC"][name].append(gauc(log.click, score, log.page))
        ranked = log.reordered(score, np.random.default_rng(0))
        biased["clicks"][name].append(
            (ranked.p_examine * log.p_click_if_seen).sum() / len(set(log.page))
        )
# The old order, by price, against B.
for kind, by in biased.items():
    evidence(
        f"15.biased-{kind.lower()}",
        f"Expensive first, {kind}: price is better than B",
        by["price"],
        by["B"],
        unit=kind,
        pairs="shops",
    )

# %% [markdown] name="gauc-biased-why" tags=["after-guess"]
# As a ranker price loses clicks, and the GAUC of the log cannot tell: it rewards who imitates the old list. Judge on pages in random order, or interleaved.

# %% [markdown] name="cut-3"
# **End of sitting 3.** You can write the gradient of a list, and judge within a request. Sitting 4: two rankers in one list, and real data.

# %% [markdown] name="interleaving"
# ## Sitting 4 · Online: two rankers in one list
#
# An A/B test splits the customers (lesson 16). **Interleaving** shows each customer one list made of both rankers, and asks whose products she clicks. **Team draft** (Radlinski, Kurup and Joachims 2008) mixes as two captains choose teams:
# who has fewer players chooses next; if both have as many, chance decides; each takes the best product left on the own list. A click counts for the team of the product.
#
# The older **balanced** interleaving takes turns without teams, and credits each ranker for clicked products among its first $k$. Its flaw, by counting: A = (a, b, c, d), B = (b, c, d, a), and a customer who clicks one product *at random*.


# %% name="balanced"
def balanced(a, b, a_first):
    """The list of balanced interleaving."""
    shown, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        from_a = i < j or (i == j and a_first)
        item = a[i] if from_a else b[j]
        i, j = i + from_a, j + (not from_a)
        if item not in shown:
            shown.append(item)
    return shown


def balanced_winner(a, b, clicked):
    """Whose first k hold the click, with k the higher of its two positions."""
    k = min(a.index(clicked), b.index(clicked)) + 1
    return (clicked in b[:k]) - (clicked in a[:k])


A, B = list("abcd"), list("bcda")
print("lists shown:", balanced(A, B, True), balanced(A, B, False))
print(
    "random click, balanced:", {item: "B" if balanced_winner(A, B, item) > 0 else "A" for item in A}
)
first, second = np.tile([0, 1, 2, 3], (20_000, 1)), np.tile([1, 2, 3, 0], (20_000, 1))
team = search.team_draft(first, second, np.random.default_rng(0))[1]
print(f"random click, team draft: B gets {team.mean():.2f}")

# %% [markdown] name="balanced-why"
# A customer who does not care at all makes B win three clicks of four. With team draft each team has as many players, spread alike over the positions: one half.

# %% [markdown] name="task-5-text"
# ### Task 15.5 · Team draft (8 minutes)
#
# Write `team_draft(first, second, bits)`.
#
# - `first`, `second`: lists of product ids (text), best first, none twice in one list. They may differ in length and in what they hold, and may be empty.
# - `bits`: a list of 0 and 1, long enough. Where both teams have as many players, take the **next** bit: 0 lets `first` choose, 1 `second`. Where one team has fewer, it chooses, and no bit is used.
# - Who chooses takes the best product of the own list that is not shown yet. Stop as soon as *either* list has nothing left that is not shown.
# - Return `(shown, teams)`: a list of ids, and a list of 0 (for `first`) and 1, one for each.
#
# `team_draft(["a", "b", "c"], ["b", "a", "d"], [1, 0])`: bit 1: second takes b; first has fewer: a; bit 0: first takes c; now first has nothing left, so it ends: `(["b", "a", "c"], [1, 0, 0])`.


# %% name="task-5"
def team_draft(first, second, bits):
    ### BEGIN SOLUTION
    shown, teams, bit = [], [], iter(bits)
    while set(first) - set(shown) and set(second) - set(shown):
        sizes = teams.count(0), teams.count(1)
        turn = next(bit) if sizes[0] == sizes[1] else int(sizes[0] > sizes[1])
        ranking = second if turn else first
        shown.append(next(item for item in ranking if item not in shown))
        teams.append(turn)
    return shown, teams
    ### END SOLUTION


check("15.5", team_draft)

# %% [markdown] name="power-text"
# ### How many searches?
#
# A is BM25 of titles, B is LSA + clicks; both order the ten products of each logged page, and customers click with their true probabilities. The A/B test compares clicks a search of two halves of the searches; interleaving
# takes, for each search, B's clicks minus A's, and asks whether the mean is 0. With standard deviation $s$ and difference $d$ of a search, power .8 needs $4\,(1.96 + 0.84)^2 s^2/d^2$ searches in all for the A/B test (lesson 16), and
# $(1.96 + 0.84)^2 s^2/d^2$ for interleaving.
#
# **Predict first.** How many times fewer searches does interleaving need: 2, 10 or 100?

# %% name="power" tags=["after-guess"]
Z2 = (1.96 + 0.84) ** 2
needed, alarms = {}, {}
for seed, one in shops.items():
    log = one.log
    rows = np.flatnonzero(np.bincount(log.page)[log.page] == LENGTH).reshape(-1, LENGTH)
    seen = np.zeros((3, LENGTH))
    seen[log.device, log.position] = log.p_examine
    theta, appeal = seen[log.device[rows[:, 0]]], log.p_click_if_seen[rows]
    rng = np.random.default_rng(seed)
    orders = [
        np.argsort(-(f[log.query[rows], log.product[rows]] + 1e-9 * rng.random(rows.shape)), axis=1)
        for f in (features[seed][0], features[seed][2])
    ]
    drawn, per_search = [], [[], []]
    for _ in range(8):
        for side, order in enumerate(orders):
            p = theta * np.take_along_axis(appeal, order, 1)
            per_search[side].append((rng.random(p.shape) < p).sum(1))
        shown, team = search.team_draft(*orders, rng)
        click = rng.random(shown.shape) < theta * np.take_along_axis(appeal, shown, 1)
        drawn.append((click * (2 * team - 1)).sum(1))
    d, (a, b) = np.concatenate(drawn), (np.concatenate(side) for side in per_search)
    gap = (
        (
            theta
            * (np.take_along_axis(appeal, orders[1], 1) - np.take_along_axis(appeal, orders[0], 1))
        )
        .sum(1)
        .mean()
    )
    needed.setdefault("A/B test", []).append(4 * Z2 * (a.var() + b.var()) / 2 / gap**2)
    needed.setdefault("interleaving", []).append(Z2 * d.var() / d.mean() ** 2)
    tests = rng.choice(d, (500, int(needed["interleaving"][-1])))
    alarms.setdefault("B against A", []).append(
        (np.abs(tests.mean(1)) > 1.96 * tests.std(1) / np.sqrt(tests.shape[1])).mean()
    )
    shown, team = search.team_draft(orders[0], orders[0], rng)
    click = rng.random(shown.shape) < theta * np.take_along_axis(appeal, shown, 1)
    same = rng.choice((click * (2 * team - 1)).sum(1), (500, 2000))
    same = same * rng.choice([-1, 1], same.shape)  # which of two equal rankers is called B
    alarms.setdefault("A against A", []).append(
        (np.abs(same.mean(1)) > 1.96 * same.std(1) / np.sqrt(2000)).mean()
    )

# %% name="power-picture" tags=["after-guess", "folded"]
# The picture: searches needed to tell A from B four times in five.
evidence(
    "15.power",
    "log10 of the searches needed: interleaving needs fewer than an A/B test",
    np.log10(needed["interleaving"]),
    np.log10(needed["A/B test"]),
    unit="decimal orders",
    pairs="shops",
    higher_is_better=False,
)
evidence(
    "15.power-kept",
    "Interleaving of this size: more alarms for B against A than for A against A",
    alarms["B against A"],
    alarms["A against A"],
    unit="share of tests",
    pairs="shops",
)
fig, axes = figure(height=2.0, width=7.6)
for row, (name, color) in enumerate([("A/B test", "C3"), ("interleaving", "C0")]):
    axes.plot(needed[name], [row] * 5, "o", color=color, alpha=0.7)
axes.set_yticks([0, 1], ["A/B test, clicks a search", "interleaving, team draft"])
axes.set(
    title="Searches needed, five shops: left is better",
    xscale="log",
    xlim=(500, 1e5),
    ylim=(1.5, -0.5),
)
show(
    fig,
    alt="Searches needed to tell two rankers apart with power 0.8, five shops: an A/B test 20,000 to 50,000, interleaving 1,000 to 3,000.",
)

# %% [markdown] name="power-why" tags=["after-guess"]
# Twelve to seventeen times fewer. Both rankers stand before the *same* customer with the same query and mood, so what differs between searches cancels; in an A/B test it is the noise. The last line: at this size four tests of five give an alarm, and
# 5 % where both rankers are equal.
#
# What it cannot tell: how *much* better (in clicks, or money), what happens to one customer over weeks, or anything that is not in the list, such as speed. And it counts what you let it count:

# %% name="interleave-price"
won = {"clicks": [], "price of what was clicked": []}
for seed, one in shops.items():
    log = one.log
    rows = np.flatnonzero(np.bincount(log.page)[log.page] == LENGTH).reshape(-1, LENGTH)
    rng = np.random.default_rng(seed + 40)
    cost = one.relative_price[log.product[rows]]
    score = features[seed][2][log.query[rows], log.product[rows]] + 1e-9 * rng.random(rows.shape)
    shown, team = search.team_draft(
        np.argsort(-score, 1), np.argsort(-(score + 0.3 * cost), 1), rng
    )
    seen = np.zeros((3, LENGTH))
    seen[log.device, log.position] = log.p_examine
    p = seen[log.device[rows[:, 0]]] * np.take_along_axis(log.p_click_if_seen[rows], shown, 1)
    credit = (rng.random(p.shape) < p) * (2 * team - 1)
    won["clicks"].append(credit.sum(1).mean())
    won["price of what was clicked"].append(
        (credit * np.exp(np.take_along_axis(cost, shown, 1))).sum(1).mean()
    )
for id, (unit, its) in zip(("clicks", "money"), won.items(), strict=True):
    evidence(
        f"15.price-{id}",
        f"{unit}: B with a preference for expensive products beats B",
        its,
        [0.0] * 5,
        unit="a search",
        pairs="shops",
    )

# %% [markdown] name="multi-task"
# ## Does multi-task learning help here?
#
# Grades are few and expensive, clicks plenty: two tasks for one ranker. The smallest form: one weight vector, half of the loss from clicks (IPW), half from the pairs of a few graded queries.
#
# **Predict first.** Three graded queries, or ten: is *clicks and grades* better than grades alone?

# %% name="both" tags=["after-guess"]
mixed = {}
for seed, one in shops.items():
    chosen, _, clicked = compared(seed, one.log)
    clicked, weight = clicked[::8], ipw(one.log.p_examine[chosen])[::8]
    found, grades = search.best(features[seed][-1], 50), one.catalogue.grades
    for n in (3, 10):
        scores_of = {"grades": [], "both": []}
        for draw in range(2):
            pairs = []
            for query in np.random.default_rng((seed, draw)).permutation(len(grades))[:n]:
                its = found[query][found[query] != search.NOTHING]
                i, j = np.nonzero(grades[query, its][:, None] > grades[query, its])
                x = numbers(seed, query, its)
                pairs.append(x[i] - x[j])
            graded = np.concatenate(pairs)
            each = np.r_[np.full(len(graded), 1 / len(graded)), weight / weight.sum()]
            for name, w in {
                "grades": fit(graded, np.full(len(graded), 10_000 / len(graded))),
                "both": fit(np.vstack([graded, clicked]), 5_000 * each),
            }.items():
                scores_of[name].append(ndcg10(seed, reranked(seed, w)))
        for name, its in scores_of.items():
            mixed.setdefault((n, name), []).append(np.mean(its))
forest(
    "Clicks and a few grades",
    [
        claim(
            f"15.both-{n}",
            f"{n} graded queries: both better than grades alone",
            mixed[n, "both"],
            mixed[n, "grades"],
            unit="NDCG@10",
            pairs="shops",
        )
        for n in (3, 10)
    ]
    + [
        claim(
            f"15.few-{n}",
            f"{n} graded queries better than all clicks (IPW)",
            mixed[n, "grades"],
            ndcg["relevant first", "IPW, true"],
            unit="NDCG@10",
            pairs="shops",
        )
        for n in (3, 10)
    ],
)

# %% [markdown] name="both-why" tags=["after-guess"]
# No gain is shown, and ten graded queries show no difference from 7,000 clicks. A vector of four weights is learned from very little; what clicks have plenty of, it does not need.
#
# One shared vector cannot keep two tasks apart, so this is the plainest multi-task model, not the best. Networks with a part of their own for each task are in lesson 20, and how to see before that two tasks are unlike is in lesson 22; on this search they are **not tried**.

# %% [markdown] name="real-text"
# ## Does it hold on real data?
#
# **Open Bandit** (Saito et al. 2020): a fashion shop shows three products side by side. One policy draws them at random, so the slot is random too; the other (`bts`) has learned, and its log holds the true probability of what it showed. Two questions:
# does the slot matter when products are random? And can the log of `bts` tell the click rate of the random policy, whose own log has the answer?
#
# **Predict first.** 10,000 rows a campaign, the propensities are exact. How many rows are they worth once weighted? (The **effective sample size** is $(\sum w)^2 / \sum w^2$.)

# %% name="real" tags=["after-guess", "real-data"]
bandit = load("open_bandit")
random = bandit[bandit["policy"] == "random"]
for slot, click in random.groupby("position")["click"]:
    half = 1.96 * click.std() / np.sqrt(len(click))
    print(
        f"random policy, slot {slot}: {click.sum()} clicks of {len(click):,}, {click.mean():.2%} ± {half:.2%}"
    )
table = {}
for campaign, of in bandit.groupby("campaign"):
    own = of.loc[of["policy"] == "random", "click"]
    log = of[of["policy"] == "bts"]
    w = 1 / of["product_id"].nunique() / log["propensity"]
    table[campaign] = {
        "random, its own log": own.mean(),
        "bts, its own log": log["click"].mean(),
        "IPW": (w * log["click"]).mean(),
        "± IPW": 1.96 * (w * log["click"]).std() / np.sqrt(len(w)),
        "clipped at 10": (np.minimum(w, 10) * log["click"]).mean(),
        "SNIPS": (w * log["click"]).sum() / w.sum(),
        "largest weight": w.max(),
        "effective rows": w.sum() ** 2 / (w**2).sum(),
    }
table = pd.DataFrame(table).T
percent = table.columns[:6]
table[percent] = (100 * table[percent]).map("{:.2f} %".format)
table.round(0)

# %% [markdown] name="real-why" tags=["after-guess"]
# No slot stands out: side by side is not one below the other, and forty clicks a slot show large effects only. So never take a table of θ from another page, not even of the same shop.
#
# 10,000 rows are worth 340, 656 and 2: in `women` one row has the weight 21,739. IPW is unbiased there and useless; SNIPS says 0.24 % and clipping 0.44 % where the random policy's own log has 0.46 %, and with two effective rows neither can be trusted. In `all` and `men` IPW lies below the own log by about its error. A policy
# whose log shall be used later must keep a floor under its probabilities.

# %% [markdown] name="interviews"
# ## Interview, with follow-up questions
#
# ### "Can you train a ranker on clicks?"
#
# **Sixty seconds.** "Yes, but a click says three things at once: it was shown, it was examined, it appealed. For examination I use position as a feature in training and a fixed value in serving, or inverse propensity weights; the
# propensities come from swapping neighbours on a small share of pages, because the click rate by position mixes position with quality. I ask first what the old order followed. If it was relevance, the naive ranker is hardly worse; if it was something my ranker reads and customers do not want, say price or sponsored slots,
# it learns that instead. What was not shown I cannot learn, so some exploration. And clicks are not relevance: I keep a set of human grades and judge by both. Here the same model reached .83 from unbiased clicks and .865 from grades."
#
# - *"Position as a feature or IPW?"* The picture under *Four old orders*: about equal; the feature needs no propensities. Under trust bias and cascade neither was shown to be better (*When the position-based model is wrong*).
# - *"How do you get the propensities if every product always stands at the same position?"* From nothing in the log. Swap neighbours: it cost one click in a thousand on the swapped pages; the picture under *Where people look*.
#
# **The sentence that sinks you:** "Not clicked means not relevant." More than a third of the unclicked had the best grade.
#
# ### "Pointwise, pairwise, listwise: what does LambdaRank's gradient do?"
#
# **Sixty seconds.** "Pointwise predicts each grade, pairwise orders two products, listwise looks at the whole list. RankNet is pairwise: logistic loss on the score difference; its gradient pushes the better product up by one over one plus e to the difference, the worse down by the same. It treats all pairs alike. NDCG does not, but it is flat with
# jumps, so no gradient. LambdaRank takes RankNet's push and multiplies it by the change of NDCG if the two swapped places. So the top of the list and the high grades pull most. There is no explicit loss; it works because we only ever need the gradient. In boosted trees it is LambdaMART; an ensemble of those won a track of the Yahoo challenge of 2010. I expect
# a gain over RankNet only if the model is too small to order all pairs at once."
#
# - *"Did it win?"* The forest under *Do they differ?*: over pointwise in the shops by far, over RankNet in the planted set only, where pointwise on gains was as good.
# - *"Prove the gradient."* Finite differences for RankNet, in the cell above task 15.4; for LambdaRank there is no loss to differentiate, so a test swaps each pair and counts NDCG anew.
#
# **The sentence that sinks you:** "LambdaRank minimises NDCG." It neither has that loss nor minimises: NDCG is to be large.
#
# ### "Offline up, online flat: why?"
#
# **Sixty seconds.** "I look in this order. First the metric: a pooled AUC rises when the model tells easy queries from hard ones, which reorders nothing; I read GAUC or NDCG per request. Second the labels: offline clicks come from the old list, so a model that imitates the old ranker looks good; I judge on randomised or interleaved pages. Third
# the data: a feature that knows the future, or is computed differently in serving; I log features at serving time and replay them. Fourth the power: the online test may be too small for the gain; interleaving finds the same difference with about fifteen times fewer searches. Last the product: the metric may be right, and customers indifferent."
#
# - *"Show me a metric that rises with a worse ranker."* The verdicts under *Offline*: A wins AUC, loses GAUC and clicks; with the expensive first, the GAUC of logged clicks cannot tell price from B, and clicks can.
# - *"Interleaving says B, the A/B test says nothing. Whom do you believe?"* Both: the A/B test needed 25,000 to 44,000 searches here. If it had those, ask what the list sold: the cell on price.
#
# **The sentence that sinks you:** "The online test must be wrong, our AUC is up two points."

# %% [markdown] name="recap"
# ## Recap
#
# The follow-up questions stand above.
#
# - Clicked queries added to texts, with LSA: a memory of queries, .85 against .76; COEC, which needs no text, .81.
# - PBM: click = θ · appeal. Swapped neighbours cancel the appeal. The click rate by position does not.
# - IPW: E[c / θ] = a. Needed where the old order follows something the ranker reads and customers do not want. Position as a feature is the plain rival, and holds.
# - Trust and cascade break IPW's model. DR: a model plus its weighted error; SNIPS is nearly as good.
# - RankNet's push times |ΔNDCG| is LambdaRank.
# - Judge within a request; interleave before you split customers.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | Row 5 | search shall be *efficient*, with *a better experience* | here: what clicks add to the experience, by grade, with the price they ask for |
# | E5 | search is listed and never used again | a ranker, its bias, its correction and its test, which run |
# | E6 | the list of what is hard leaves out position bias | you saw a ranker learn to sell expensive products from it |
# | E7 | multi-task learning is *often needed* | a question to the baseline: clicks and grades in one vector showed no gain over three or ten graded queries |
#
# **Not here, read this:** click models beyond these (Chuklin, Markov and de Rijke, *Click Models for Web Search*, 2015); learning θ and the ranker together (Ai et al. 2018, *Dual Learning Algorithm*); online learning to rank by bandits; listwise losses (Cao et al. 2007).
#
# **References**
#
# - T. Joachims, A. Swaminathan, T. Schnabel: Unbiased Learning-to-Rank with Biased Feedback. WSDM 2017. https://arxiv.org/abs/1608.04468
# - A. Agarwal, I. Zaitsev, X. Wang, C. Li, M. Najork, T. Joachims: Estimating Position Bias without Intrusive Interventions. WSDM 2019. https://arxiv.org/abs/1812.05161
# - M. Richardson, E. Dominowska, R. Ragno: Predicting Clicks. WWW 2007: the position-based model.
# - W. Zhang, R. Jones: Comparing Click Logs and Editorial Labels for Training Query Rewriting. WWW 2007 workshop: clicks over expected clicks.
# - T. Joachims: Optimizing Search Engines using Clickthrough Data. KDD 2002: skip above.
# - A. Agarwal, X. Wang, C. Li, M. Bendersky, M. Najork: Addressing Trust Bias for Unbiased Learning-to-Rank. WWW 2019.
# - A. Vardasbi, H. Oosterhuis, M. de Rijke: When Inverse Propensity Scoring does not Work. CIKM 2020: the affine correction.
# - N. Craswell, O. Zoeter, M. Taylor, B. Ramsey: An Experimental Comparison of Click Position-Bias Models. WSDM 2008: the cascade.
# - M. Dudík, J. Langford, L. Li: Doubly Robust Policy Evaluation and Learning. ICML 2011. https://arxiv.org/abs/1103.4601
# - H. Oosterhuis: Doubly-Robust Estimation for Correcting Position-Bias in Click Feedback. 2022. https://arxiv.org/abs/2203.17118
# - C. Burges and others: Learning to Rank using Gradient Descent. ICML 2005. C. Burges, R. Ragno, Q. Le: Learning to Rank with Nonsmooth Cost Functions. NIPS 2006. C. Burges: From RankNet to LambdaRank to LambdaMART. MSR-TR-2010-82.
# - Z. Hu, Y. Wang, Q. Peng, H. Li: Unbiased LambdaMART. WWW 2019.
# - H. Zhu and others: Optimized Cost per Click in Taobao Display Advertising. KDD 2017: GAUC.
# - F. Radlinski, M. Kurup, T. Joachims: How Does Clickthrough Data Reflect Retrieval Quality? CIKM 2008: team draft.
# - O. Chapelle, T. Joachims, F. Radlinski, Y. Yue: Large-Scale Validation and Analysis of Interleaved Search Evaluation. ACM TOIS 30(1), 2012.
# - Y. Saito, S. Aihara, M. Matsutani, Y. Narita: Open Bandit Dataset and Pipeline. 2020.
