# %% [markdown] name="title" question_zh="新页面更好吗？要多少用户才看得出来？实验中途能看结果吗？" interview_zh="这个 A/B 实验需要多少用户？"
# # 16 · Experiments: is the new page better?
#
# > Is the new page better, how many customers does it take to know, and may I look before the end?
#
# **After this lesson you can** plan an A/B test and read it: the right standard error, derived; the number of
# customers; a shorter test with CUPED; a test that may be looked at each day; and the checks that come before any
# result.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 45 + 20 + 60 | middle | pandas, what a confidence interval is | "How many users does the test need?", "What does CUPED do?", "Significant on day 3: do we stop?", "Which unit do you randomise?" |
#
# Four cells wait for your code: replace the dots, run, read the verdict. `hint("16.1", 1)` helps, and so do
# levels 2 and 3. What follows a *Predict first* is closed until you run it.

# %% name="imports"
import numpy as np
import pandas as pd
from scipy import stats

from course_utils.behaviour import random_assignments, ratio_difference
from course_utils.datasets import load
from course_utils.evidence import claim
from course_utils.exercises import check, hint, solution
from course_utils.notebook import figure, forest, show
from course_utils.shop import Shop

pd.set_option("display.width", 140)

# %% [markdown] name="aa"
# ## Sitting 1 · A difference, its error, its size
#
# The article wants customers' behaviour to "support operating decisions". Whether a new page is better, only
# a randomised test can say. Each customer is given one of two pages by a **hash** of their id and the test's
# name: it looks random, and is the same at each visit, on each server. `random_assignments` returns 512 such
# bits a customer: one is a test, and all together are 512 tests on the same people.
#
# Before the test comes the **A/A test**: two equal pages. With z, the difference of the two CTRs (clicks per
# impression) divided by its standard error, |z| > 1.96 is an alarm. It should come in 5 % of A/A tests, 26 of 512.
#
# **Predict first.** The log has a million impressions. Take each as one independent observation: how many of
# 512 A/A tests give an alarm?

# %% name="aa-run" tags=["after-guess"]
log = load("impressions", size="full")
log = log[["user_id", "segment", "timestamp", "click", "purchase", "p_click"]]
log["day"] = (log["timestamp"] - 1_735_689_600) // 86_400
users = log.groupby("user_id").agg(
    rows=("click", "size"), clicks=("click", "sum"), bought=("purchase", "max")
)
rows, clicks = users["rows"].to_numpy(), users["clicks"].to_numpy()
ctr = clicks.sum() / rows.sum()


def row_error(new, of):
    """Standard error of a difference of two CTRs as if impressions were independent."""
    return np.sqrt(ctr * (1 - ctr) * (1 / new + 1 / (of - new)))


pages = random_assignments(users.index, "new page")
pages_gap, by_user = ratio_difference(rows, clicks, pages)
by_row = row_error(rows @ pages, rows.sum())
print(f"{len(log):,} impressions of {len(users):,} customers, CTR {ctr:.3f}")
for name, error in [("impressions", by_row), ("customers", by_user)]:
    alarms = np.abs(pages_gap / error) > 1.96
    print(f"independent {name:<12} {alarms.sum():>3} of {alarms.size} A/A tests give an alarm")
dealt = np.random.default_rng(16).permutation(log["click"].to_numpy())
dealt = pd.Series(dealt).groupby(log["user_id"].to_numpy()).sum().to_numpy()
alarms = np.abs(ratio_difference(rows, dealt, pages)[0] / by_row) > 1.96
print(f"the same clicks, dealt to impressions at random, by impressions: {alarms.sum()} alarms")

# %% name="aa-picture" tags=["after-guess", "folded"]
# The picture: z of 512 A/A tests, with impressions and with customers as the unit.
fig, axes = figure(ncols=2, height=2.8)
grid = np.linspace(-8, 8, 200)
for ax, error, color, name in [
    (axes[0], by_row, "C1", "impressions"),
    (axes[1], by_user, "C0", "customers"),
]:
    ax.hist(pages_gap / error, bins=np.arange(-8, 8.1, 0.5), density=True, color=color, alpha=0.7)
    ax.plot(grid, stats.norm.pdf(grid), color="C6", linestyle="--", linewidth=1.2)
    ax.set(title=f"A/A tests, {name} as the unit", xlabel="z", ylim=(0, 0.45), yticks=[])
axes[0].annotate("as it should be", (1.0, 0.25), xytext=(2.2, 0.33), color="C6")
show(
    fig,
    alt="Histograms of z for 512 A/A tests with the standard normal curve. With impressions as the unit z spreads from "
    "about -7 to 7, far wider than the curve; with customers as the unit the histogram follows the curve.",
)

# %% [markdown] name="aa-why" tags=["after-guess"]
# Nearly half: such a test finds "effects" where there are none. Deal the same clicks to the impressions at random, and the
# formula by impressions is right (last line): it fails because clicks belong to customers, some of whom click a lot and some rarely.

# %% [markdown] name="unit"
# ### The impression as the unit
#
# If the impression is the wrong unit because the *customer* was randomised, one could randomise each impression.
#
# **Predict first.** Each impression is put on a side by itself, and impressions are the unit of the error. How many of 512
# A/A tests give an alarm now: 26, or nearly half again?

# %% name="unit-run" tags=["after-guess"]
draw = np.random.default_rng(16)
clicked = log["click"].to_numpy() == 1
gaps, shown_new = np.empty(512), np.empty(512)
for bits in range(64):  # 8 tests in each byte
    bytes_ = draw.integers(0, 256, len(log), dtype=np.uint8)
    for bit in range(8):
        new = (bytes_ >> bit & 1).astype(bool)
        test, hits = 8 * bits + bit, np.count_nonzero(new & clicked)
        shown_new[test] = new.sum()
        gaps[test] = hits / new.sum() - (clicked.sum() - hits) / (~new).sum()
alarms = np.abs(gaps / row_error(shown_new, len(log))) > 1.96
print(f"impressions randomised: {alarms.sum()} of {alarms.size} A/A tests give an alarm")
print(
    f"its standard error is {by_user.mean() / row_error(shown_new, len(log)).mean():.1f} times smaller"
)
print(f"customers who see both pages: {1 - (0.5 ** (rows - 1)).mean():.2%}")

# %% [markdown] name="unit-why" tags=["after-guess"]
# 28 of 512: the unit that was randomised is the right unit of the error. It is also much finer, since each
# customer is compared with themselves. For a change that touches one impression and nothing after it, this
# is the better test. What forbids it for a *page* is in the last line: everybody sees both. Nothing that
# belongs to a customer (who bought, who returned) can be compared, and what somebody saw on the new page goes
# with them to the old one. Our simulator has no such carry-over, so this cell cannot show it.

# %% [markdown] name="delta"
# ## The standard error, derived
#
# Customers were randomised, so the error must be built from customers. Customer $u$ has $n_u$ impressions and
# $c_u$ clicks; there are $n$ customers, $N=\sum n_u$, $\bar n = N/n$, and $R=\sum c_u/N$. With $r$, the true rate,
#
# $$R - r \;=\; \frac{1}{\bar n}\cdot\frac{1}{n}\sum_u (c_u - r\,n_u).$$
#
# That is exact. The sum is a mean of $n$ independent terms with expectation 0; only $\bar n$ in front is random too. The
# **delta method** (Deng, Knoblich and Lu, KDD 2018) takes it as fixed, which is right to first order, and puts $R$ for $r$ in the terms:
#
# $$\mathrm{se}(R)^2 = \frac{1}{\bar n^2}\cdot\frac{1}{n}\cdot\frac{\sum_u (c_u - R\,n_u)^2}{n-1}
# = \frac{n}{n-1}\,\frac{\sum_u (c_u - R\,n_u)^2}{N^2}.$$
#
# The two sides of a test are different customers, so their errors are independent and the variances add:
#
# $$\mathrm{se}(R_1 - R_0)^2 = \mathrm{se}(R_1)^2 + \mathrm{se}(R_0)^2.$$

# %% [markdown] name="task-1-text"
# ### Task 16.1 · A CTR with an honest interval (8 minutes)
#
# Write `ctr_interval(user_ids, clicks)`. Both are lists with one entry an impression: an id (text) and 0 or 1;
# rows of one customer may stand anywhere. Return `(low, high)`: R ± 1.96 se(R) with the formula above, not
# rounded, and not cut at 0 or 1. With fewer than two customers, also with none, there is no interval: raise
# `ValueError`.
#
# `ctr_interval(["a", "a", "b", "b"], [1, 1, 0, 0])`: R is 0.5; each customer is 1 away from R times 2, so se²
# is 2 · (1 + 1) / 16 = 0.25, and the result is (-0.48, 1.48). The formula for independent rows would give
# (0.01, 0.99).


# %% name="task-1"
def ctr_interval(user_ids, clicks):
    ### BEGIN SOLUTION
    table = pd.DataFrame({"user": list(user_ids), "click": list(clicks)})
    per_user = table.groupby("user")["click"].agg(["size", "sum"])
    count, total = len(per_user), len(table)
    if count < 2:
        raise ValueError("an interval needs two customers or more")
    rate = per_user["sum"].sum() / total
    away = per_user["sum"] - rate * per_user["size"]
    error = np.sqrt(count / (count - 1) * (away**2).sum()) / total
    return rate - 1.96 * error, rate + 1.96 * error
    ### END SOLUTION


check("16.1", ctr_interval)

# %% [markdown] name="planted"
# ### A difference, built
#
# Now the new page raises every probability of a click by 5 %, which we plant: some impressions without a click get
# one. One test, three intervals for the difference: by impressions, by the formulas above in seven lines, and by the
# **bootstrap**, which draws customers again and again with all their rows.

# %% name="planted-run"
luck = np.random.default_rng(14).random(len(log))


def clicks_with(lift):
    """For each impression, whether it is clicked on a page that raises every p(click)."""
    return clicked | (luck < lift * log["p_click"] / (1 - log["p_click"])).to_numpy()


def rate(n, c):
    r = c.sum() / n.sum()
    away = c - r * n
    return r, np.sqrt(len(n) / (len(n) - 1) * away @ away) / n.sum()


def difference(n, c, new):
    (r1, e1), (r0, e0) = rate(n[new], c[new]), rate(n[~new], c[~new])
    return r1 - r0, np.hypot(e1, e0)


lifted = pd.Series(clicks_with(0.05)).groupby(log["user_id"].to_numpy()).sum().to_numpy()
treated = pages[:, 0]
gap, error = difference(rows, np.where(treated, lifted, clicks), treated)
drawn = np.random.default_rng(0).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), 1000)
boot = drawn @ (treated * lifted) / (drawn @ (treated * rows))
boot = boot - drawn @ (~treated * clicks) / (drawn @ (~treated * rows))
for name, (low, high) in {
    "impressions": (gap - 1.96 * by_row[0], gap + 1.96 * by_row[0]),
    "customers, delta": (gap - 1.96 * error, gap + 1.96 * error),
    "customers, bootstrap": np.quantile(boot, [0.025, 0.975]),
}.items():
    print(f"{name:<21} {100 * low:+.2f} to {100 * high:+.2f} clicks per 100 impressions")
print(f"{'truth':<21} {100 * 0.05 * log['p_click'].mean():+.2f}")

ours = np.array([difference(rows, clicks, side) for side in pages.T])
np.testing.assert_allclose(ours.T, [pages_gap, by_user], rtol=1e-9, atol=1e-15)
print("512 differences and errors equal those of course_utils.behaviour")

# %% [markdown] name="power"
# Delta and bootstrap agree; the interval by impressions is two and a half times too short.
#
# ## How many customers?
#
# **Power** is the probability that a true difference $d$ gives an alarm. The measured difference is normal around
# $d$, so $z$ is normal around $d/\mathrm{se}$, and one side of the alarm has the probability
# $\Phi(d/\mathrm{se} - 1.96)$. (The other side adds next to nothing, unless $d$ is near 0.) Power .8 needs
# $d/\mathrm{se} = 1.96 + 0.84$. With $m$ customers a side and standard deviation $s$ of one customer's term
# $(c_u - R\,n_u)/\bar n$, $\mathrm{se} = s\sqrt{2/m}$, so
#
# $$m = 2\,(z_{1-\alpha/2} + z_{\mathrm{power}})^2\,\frac{s^2}{d^2}.$$
#
# **Predict first.** You want to find half the lift. How many times more customers does the test need: 1.4, 2 or 4? And
# what is the power of a test whose size was computed with the error by impressions?


# %% name="power-run" tags=["after-guess"]
def size(weeks, lift):
    """Customers a side for power .8, from the log's first weeks: by customers, by impressions."""
    each = log[log["day"] < 7 * weeks].groupby("user_id")["click"].agg(["size", "sum"])
    n, c = each["size"], each["sum"]
    r = c.sum() / n.sum()
    s = ((c - r * n) / n.mean()).std(ddof=1)
    twice = 2 * (1.96 + 0.84) ** 2
    return twice * s**2 / (lift * r) ** 2, twice * (1 - r) / (lift**2 * r) / n.mean()


for weeks, lift in [(19, 0.10), (19, 0.05), (19, 0.02), (8, 0.05), (4, 0.05), (2, 0.05), (1, 0.05)]:
    needed, wrong = size(weeks, lift)
    print(
        f"{weeks:>2} weeks, lift {lift:>3.0%}: {needed:>6,.0f} customers a side; by impressions "
        f"{wrong:>5,.0f}, too few by a factor of {needed / wrong:.1f}"
    )

print()
error = by_user.mean()
for lift in [0.0, (1.96 + 0.84) * by_row.mean() / ctr, 0.02, 0.04, 0.06]:
    hits = pd.Series(clicks_with(lift)).groupby(log["user_id"].to_numpy()).sum()
    z = np.divide(*ratio_difference(rows, clicks, pages, hits))
    effect = lift * log["p_click"].mean() / error
    formula = stats.norm.cdf(effect - 1.96) + stats.norm.cdf(-effect - 1.96)
    print(f"true lift {lift:.1%}: alarms {(np.abs(z) > 1.96).mean():.2f}, formula {formula:.2f}")

# %% [markdown] name="power-why" tags=["after-guess"]
# Half the lift needs four times the customers: $d$ is squared. How wrong the impressions are grows with how many of them a customer has: a factor of 1.9 after
# one week, 6.3 after nineteen.
#
# The last block plants lifts in this log, 1,866
# customers a side, and counts alarms in 512 tests; the formula agrees. Its second line is the lift that the
# formula by impressions says this log finds four times in five. It finds it one time in five.
#
# Ask for $d$ before the start: the smallest lift that would change the decision. And turn $m$ into *weeks* as above: customers return, so a second week brings
# fewer new ones than the first, and $s$ depends on the length. Take whole weeks, as weekdays differ.

# %% [markdown] name="task-2-text"
# ### Task 16.2 · Customers a side (5 minutes)
#
# Write `customers_a_side(sd, difference, alpha=0.05, power=0.8)`, the formula above for a two-sided test. `sd` > 0
# is the standard deviation of one customer's value, the same on both sides; `difference` is not 0, and may be negative; `alpha`
# and `power` are between 0 and 1, with exact z (`stats.norm.ppf(q)` gives $z_q$). Return the number
# of customers on **one** side: a whole number, rounded up.
#
# `customers_a_side(0.5, 0.01)` is 39245.


# %% name="task-2"
def customers_a_side(sd, difference, alpha=0.05, power=0.8):
    ### BEGIN SOLUTION
    z = stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(power)
    return int(np.ceil(2 * (z * sd / difference) ** 2))
    ### END SOLUTION


check("16.2", customers_a_side)

# %% [markdown] name="srm"
# ## A test that counts buyers
#
# The new page sets its cookie late: its customers with 30 impressions or fewer are never counted. It changes
# nothing else.
#
# **Predict first.** What does the test say about *customers who bought*?

# %% name="srm-run" tags=["after-guess"]
lost = (rows <= 30) & treated
for name, here in [("all customers", rows > 0), ("some never counted", ~lost)]:
    side, bought = treated[here], users["bought"].to_numpy()[here]
    gap, error = ratio_difference(np.ones(len(side)), bought, side[:, None])
    split = stats.chisquare([side.sum(), (~side).sum()]).pvalue
    said = "below 0.001" if split < 0.001 else f"{split:.2f}"
    print(f"{name:<19} {side.sum():,} new, {(~side).sum():,} old, p of the split {said}")
    print(f"   buyers among them: {100 * gap[0]:+.1f} points, z = {gap[0] / error[0]:.1f}")

# %% [markdown] name="srm-why" tags=["after-guess"]
# A great success, made of missing people: on the new side only the busy customers are counted, and busy
# customers buy. This is a **sample ratio mismatch**, SRM: the assignment was fair, the counts are not. A chi-squared test
# on the two counts finds it. Run it before you look at any result; if its p is tiny (below 0.001, say), the
# result is void, however good it looks. Fabijan and others (KDD 2019) list where to search.

# %% [markdown] name="fewer"
# ## CTR rose. Is the page better?
#
# Another page shows a fifth fewer products: it leaves out the impressions with the lowest probability of a click, and changes nothing else.
#
# **Predict first.** Up, down or unchanged: clicks per impression, clicks per customer, buyers?

# %% name="fewer-run" tags=["after-guess"]
kept = log["p_click"] >= log["p_click"].quantile(0.2)
fewer = (
    log[kept]
    .groupby("user_id")
    .agg(rows=("click", "size"), clicks=("click", "sum"), bought=("purchase", "max"))
)
fewer = fewer.reindex(users.index, fill_value=0)
n, c, bought = (np.where(treated, fewer[one], users[one]) for one in users)
for name, below, above in [
    ("clicks per impression", n, c),
    ("clicks per customer", np.ones(len(n)), c),
    ("share of customers who buy", np.ones(len(n)), bought),
]:
    gap, error = difference(below, above, treated)
    old = rate(below[~treated], above[~treated])[0]
    print(
        f"{name:<27} {100 * gap / old:+.1f} %, 95 %: {100 * (gap - 1.96 * error) / old:+.1f} to {100 * (gap + 1.96 * error) / old:+.1f}"
    )
print(
    f"clicks on the impressions left out: {1 - fewer['clicks'].sum() / users['clicks'].sum():.1%}"
)

# %% [markdown] name="fewer-why" tags=["after-guess"]
# CTR rises by more than a fifth, and nobody clicks more often: the page left out impressions, not failures. The denominator of a ratio belongs to the page. Per customer no difference is shown. By construction 2.2 % of
# the clicks are gone, which this test is too small to see. So read CTR beside a count per customer: the number of customers is a denominator that the page cannot
# move.

# %% [markdown] name="end-1"
# **End of sitting 1.** You can now put an honest interval on a difference, size a test, and refuse one whose sides do not
# add up. Sitting 2 makes the test shorter, and shows how that goes wrong.

# %% [markdown] name="cuped"
# ## Sitting 2 · A shorter test
#
# This sitting uses the log and functions of sitting 1: after a break, run all cells above first.
#
# Four times the customers is expensive. **CUPED** (Deng, Xu, Kohavi and Walker, WSDM 2013) lowers $s$ instead. Let $Y$ be a
# customer's value in the test and $X$ a value known **before** it. The sides were drawn without looking at $X$, so for
# any $\theta$ the adjusted $Y-\theta(X-\bar X)$ has the same expected difference as $Y$. Its variance is
# $\mathrm{var}(Y) - 2\theta\,\mathrm{cov}(X,Y) + \theta^2\,\mathrm{var}(X)$, which is smallest at
#
# $$\theta = \frac{\mathrm{cov}(X,Y)}{\mathrm{var}(X)},\qquad
# \mathrm{var}(Y-\theta X) = (1-\rho^2)\,\mathrm{var}(Y),$$
#
# with $\rho$ the correlation of $X$ and $Y$. For a CTR, $Y$ is the delta method's term $(c_u - R\,n_u)/\bar n$, and $X$ the same
# term of the weeks before; who was not there before gets the mean, 0.
#
# The test runs in the last eight weeks, with a lift of 4 % planted. Seven choices of $X$: nothing; the customer's
# segment; four weeks before; all eleven weeks before; the *day of entry*, on which a customer first comes in the test; the *first week of the test itself*; and a regression of $Y$ on segment and both windows.
#
# **Predict first.** Which choice has the smallest standard error, and which one finds another lift than 4 %?

# %% name="cuped-run" tags=["after-guess"]
START, LIFT = 79, 0.04
log["lifted"] = clicks_with(LIFT)


def term(part, people, hits="click"):
    """(c - R n) / mean n; R is the old page's, here of all customers, in a real test of the old side."""
    one = part.groupby("user_id").agg(n=("click", "size"), c=("click", "sum"), hits=(hits, "sum"))
    one = one.reindex(people, fill_value=0)
    return ((one["hits"] - one["c"].sum() / one["n"].sum() * one["n"]) / one["n"].mean()).to_numpy()


def cuped(y, x, sides):
    """Difference and standard error of each test, with X's part of Y subtracted."""
    x = x - x.mean(axis=0)
    theta = (x * y).sum(axis=0) / np.maximum((x * x).sum(axis=0), 1e-300)
    left, found = y - theta * x, []
    for side in (sides, ~sides):
        m = side.sum(axis=0)
        mean = (left * side).sum(axis=0) / m
        found.append((mean, (((left - mean) * side) ** 2).sum(axis=0) / (m * (m - 1))))
    return found[0][0] - found[1][0], np.sqrt(found[0][1] + found[1][1])


after = log[log["day"] >= START]
people = np.sort(after["user_id"].unique())
sides = random_assignments(people, "cuped")
of_segment = log.groupby("user_id")["segment"].first()[people]


def on_sides(part):
    """The term of each customer in each test: lifted on the new page, as it is on the old."""
    old, new = (term(part, people, hits)[:, None] for hits in ("click", "lifted"))
    return np.where(sides, new, old)


y = on_sides(after)
old_y = pd.Series(term(after, people))
covariates = {
    "nothing": np.zeros((len(people), 1)),
    "segment": old_y.groupby(of_segment.to_numpy()).transform("mean").to_numpy()[:, None],
    "4 weeks before": term(log[log["day"].between(START - 28, START - 1)], people)[:, None],
    "11 weeks before": term(log[log["day"] < START], people)[:, None],
    "day of entry": after.groupby("user_id")["day"].min()[people].to_numpy(float)[:, None],
    "week 1 of the test": on_sides(log[log["day"].between(START, START + 6)]),
}
three = np.hstack([covariates[one] for one in ("segment", "4 weeks before", "11 weeks before")])
weights = np.linalg.lstsq(three - three.mean(axis=0), old_y, rcond=None)[0]
covariates["those three, a regression"] = (three @ weights)[:, None]
now_ctr, lines = after["click"].mean(), {}
before = log.loc[log["day"] < START, "user_id"].unique()
new = 1 - np.isin(people, before).mean()
print(f"customers who were not there before: {new:.0%}")
for name, x in covariates.items():
    gap, error = cuped(y, x, sides)
    lines[name] = {
        "lift found, %": 100 * gap.mean() / now_ctr,
        "standard error": 100 * error.mean() / now_ctr,
        "spread of 512": 100 * gap.std() / now_ctr,
        "power": (np.abs(gap / error) > 1.96).mean(),
    }
pd.DataFrame(lines).T.round(2)

# %% [markdown] name="cuped-why" tags=["after-guess"]
# Eleven weeks before take the standard error from 1.68 % to 1.29 %: two fifths of the variance are gone, and power rises from .65 to
# .89. The plain test would need 1.7 times the customers for the same error. The segment helps little. A customer who was not there before
# gains nothing: here 12 %. **By construction here** tastes never change, so old weeks help as much as new ones, and eleven weeks beat four. The paper recommends one or two weeks, as old data may fit less well.
# More columns add little here: the regression on three of them has 1.28 %.
#
# The first week of the test has a small error too, and is **wrong**: it finds 2.9 % where 4 % were planted, and its power is below that of the plain
# test. The new page moved $X$ as well as $Y$, and subtracting $X$ subtracts a part of the effect. The condition is not "before the start" but **not moved by the page**: then $X$ has
# the same expectation on both sides. The day of entry is known only during the test, yet no page can move it, and its row finds the lift (the paper uses it too). What was known before the start is the safe case.

# %% [markdown] name="task-3-text"
# ### Task 16.3 · CUPED (8 minutes)
#
# Write `cuped_difference(y, x, new)`: three lists of the same length, one entry a customer. `y` and `x` are numbers, `new`
# is True (or 1) on the new side; each side has at least one customer. Return `(theta, difference)`, not rounded:
#
# - `theta`: cov(x, y) / var(x) over **all** customers, both sides together; 0 if all `x` are equal (compare the values: a variance
#   in floats may miss 0);
# - `difference`: mean of `y - theta * x` on the new side, minus that on the old side.
#
# `cuped_difference([3, 5, 2, 6], [1, 2, 1, 2], [True, True, False, False])` is `(3.0, 0.0)`: the sides have the same
# `x`, and the same mean of `y`.


# %% name="task-3"
def cuped_difference(y, x, new):
    ### BEGIN SOLUTION
    y, x, new = np.array(y, float), np.array(x, float), np.array(new, bool)
    away = x - x.mean()
    theta = away @ y / (away @ away) if x.min() < x.max() else 0.0
    left = y - theta * x
    return theta, left[new].mean() - left[~new].mean()
    ### END SOLUTION


check("16.3", cuped_difference)

# %% [markdown] name="end-2"
# **End of sitting 2.** You can now make a test shorter with what you knew before it. Sitting 3 makes it end sooner, and asks all
# of it of other shops and of real data.

# %% [markdown] name="peeking"
# ## Sitting 3 · Peeking
#
# This sitting uses the log and functions of sittings 1 and 2: after a break, run all cells above first.
#
# The test runs eight weeks. (*Information* below is $1/\mathrm{se}^2$: how much a test knows by a day.) Somebody checks each day from the seventh on, and stops at the first p below 0.05.
#
# **Predict first.** Two equal pages, the right standard error: in how many tests of 100 is there an alarm on
# *some* day?


# %% name="peeking-run" tags=["after-guess"]
DAYS = np.arange(7, 57)


def daily(log, salt, lift=0.0):
    """Differences and errors of 512 tests of a page with this lift, after days 7 to 56, [50, 512].

    Each 64 tests have planted clicks of their own: where one draw serves all 512, they share its luck.
    """
    log = log[log["day"].between(0, 55)]
    odds = (log["p_click"] / (1 - log["p_click"])).where(log["click"] == 0, 0.0)
    by_day = log.assign(odds=odds).groupby(["user_id", "day"])
    by_day = by_day.agg(n=("click", "size"), c=("click", "sum"), odds=("odds", "sum"))
    n, c, odds = (by_day[one].unstack(fill_value=0) for one in by_day)
    sides, rng, found = random_assignments(n.index, salt), np.random.default_rng(14), []
    until = [one.to_numpy().cumsum(axis=1)[:, DAYS - 1] for one in (n, c)]
    for part in np.split(sides, 8, axis=1):
        more = rng.poisson(max(lift, 0) * odds) - rng.binomial(c, max(-lift, 0))
        hits = until[1] + more.cumsum(axis=1)[:, DAYS - 1]
        days = zip(*(one.T for one in (*until, hits)), strict=True)
        found.append([ratio_difference(n, c, part, h) for n, c, h in days])
    return tuple(np.concatenate(found, axis=2).transpose(1, 0, 2))


def clock(error):
    """Each day's share of the information that the last day has, [50]."""
    information = np.maximum.accumulate(1 / (error**2).mean(axis=1))
    return information / information[-1]


gap, error = daily(log, "peeking")
z = np.abs(gap / error)
print(
    f"A/A tests with an alarm on the last day: {(z[-1] > 1.96).mean():.2f}; on some day: {(z > 1.96).any(axis=0).mean():.2f}"
)


def walks(t):
    """Share of random walks that cross 1.96 on some day, where day d has information t[d]."""
    steps = np.random.default_rng(0).normal(size=(20_000, len(t)))
    z = (steps * np.sqrt(np.diff(t, prepend=0))).cumsum(axis=1) / np.sqrt(t)
    return (np.abs(z) > 1.96).any(axis=1).mean()


BY_DAYS = DAYS / 56  # the clock of a test that has fresh visitors each day
for name, t in [("fresh visitors each day", BY_DAYS), ("this shop's", clock(error))]:
    print(
        f"random walk, {name:<24}: information of day 7 {t[0]:.2f} of the end's, alarms {walks(t):.2f}"
    )

# %% [markdown] name="peeking-why" tags=["after-guess"]
# Each day is another opportunity to be wrong: 18 of 100. Textbooks have visitors that are new each day; then 25 raise an alarm. Here the same
# customers return, and the first week holds .23 of all information, not one eighth; a random walk with this information has .21.

# %% [markdown] name="sequential"
# ## Bounds made for peeking
#
# **Group sequential tests** plan $K$ checks and ask more than 1.96 of them. *Pocock* (1977): one bound for all. *O'Brien and
# Fleming* (1979): $c/\sqrt{t}$, where $t$ is the share of all information that is in: very high at first, hardly above 1.96 at the end. *Haybittle* (1971) and *Peto and others* (1976): 3 at each
# early check, nearly the usual 1.96 at the last. The 3 can be turned: 2.75 stops sooner. With fresh visitors $t$ is the share of days; ours return, so we try both clocks, and O'Brien-Fleming cut at 3.
# A bound may not depend on the difference that is seen. It may use the test's own information: *alpha spending* (Lan and DeMets 1983) computes each bound from what is in by then. Here the clock comes from other weeks, so that all 512 tests share one bound. The constants, for 8 weekly and for 50 daily checks, are those at which a random walk on this clock crosses in 5 % of cases.
#
# **mSPRT** (Johari and others, KDD 2017) allows any number of checks, without a planned end. It compares two stories of a difference $\hat d$ with
# error $\mathrm{se}$: no effect, or an effect drawn from a normal distribution with standard deviation $\tau$,
#
# $$\Lambda = \sqrt{\frac{\mathrm{se}^2}{\mathrm{se}^2+\tau^2}}\;
# \exp\frac{\tau^2\,\hat d^2}{2\,\mathrm{se}^2(\mathrm{se}^2+\tau^2)},$$
#
# and stops when $\Lambda \ge 1/\alpha$. Without an effect, $\Lambda$ is a martingale with expectation 1 (a fair game: its expectation tomorrow is its value today), and such a process reaches $1/\alpha$ with
# probability $\alpha$ at most, ever (Ville's inequality; for normal data with independent increments and a known error, which large tests come near). $\tau$ is the size of effects that you expect: here the
# lift that the last day finds with power .8. *mSPRT to day 56* is the same ratio with the lower bound that a walk crosses in 5 % of cases until then.
#
#
# **Predict first.** Which rule finds a lift of 4 % most often, which one soonest, and which has the fewest false alarms?

# %% name="sequential-run" tags=["after-guess"]
LOOKS = {"weekly": DAYS % 7 == 0, "daily": DAYS > 0}
CLOCK = clock(daily(log.assign(day=log["day"] - 56), "clock")[1])  # weeks 9 to 16


def z_and_ratio(gap, error, tau):
    """|z|, and the logarithm of mSPRT's ratio."""
    z, v, t = np.abs(gap / error), error**2, tau**2
    return z, np.log(v / (v + t)) / 2 + t * z**2 / (2 * (v + t))


def compared(z, ratio, t):
    """What each rule compares with its constant, ``[days, tests]``."""
    at_3, last = np.where(z > 3, np.inf, 0), DAYS[:, None] == 56
    return {
        "Pocock": z,
        "O'Brien-Fleming, days": z * np.sqrt(BY_DAYS)[:, None],
        "O'Brien-Fleming, information": z * np.sqrt(t)[:, None],
        "information, at most 3": np.maximum(z * np.sqrt(t)[:, None], at_3),
        "Haybittle-Peto, 3": np.where(last, z, at_3),
        "Haybittle-Peto, 2.75": np.where(last, z, np.where(z > 2.75, np.inf, 0)),
        "the last day alone": np.where(last, z, 0),
        "mSPRT to day 56": ratio,
    }


def constants(z, ratio, t):
    """Those that one test without an effect of twenty crosses."""
    return {
        (often, rule): np.quantile(one[looks].max(axis=0), 0.95)
        for rule, one in compared(z, ratio, t).items()
        for often, looks in LOOKS.items()
    }


def rules(gap, error, t, constant):
    """(How often it looks, rule) -> where it raises an alarm, [days, tests]."""
    z, ratio = z_and_ratio(gap, error, 2.8 * error[-1].mean())
    found = {}
    for often, looks in LOOKS.items():
        alarms = {"1.96": z > 1.96}
        alarms |= {rule: one > constant[often, rule] for rule, one in compared(z, ratio, t).items()}
        alarms["mSPRT"] = ratio >= np.log(20)
        found |= {(often, rule): one & looks[:, None] for rule, one in alarms.items()}
    return found


def stops(alarm):
    """Share of tests with an alarm, and the mean day on which a test ends."""
    found = alarm.any(axis=0)
    return found.mean(), np.where(found, DAYS[alarm.argmax(axis=0)], 56).mean()


def reported(alarm, gap):
    """Mean difference on the day of the alarm: of alarms before the last day, and on it."""
    day = np.where(alarm.any(axis=0), alarm.argmax(axis=0), 99)
    parts = [np.flatnonzero(day < 49), np.flatnonzero(day == 49)]
    return [gap[day[part], part].mean() if len(part) else np.nan for part in parts]


def side_by_side(lines):
    """A row for each rule; its weekly checks beside its daily ones."""
    table = pd.DataFrame(lines).T
    return pd.concat({often: table.loc[often] for often in LOOKS}, axis=1)


steps = np.random.default_rng(1).normal(size=(60_000, 50)) * np.sqrt(np.diff(CLOCK, prepend=0))
walk = steps.cumsum(axis=1).T / CLOCK[:, None]
CONSTANTS = constants(*z_and_ratio(walk, 1 / np.sqrt(CLOCK)[:, None], 2.8), CLOCK)
print(f"clock: day 7 has {CLOCK[0]:.2f} of the information; by days {BY_DAYS[0]:.2f}")
print(
    *(f"{often} {rule}: {c:.2f}" for (often, rule), c in CONSTANTS.items() if "mS" not in rule),
    sep="\n",
)
planted, lines = daily(log, "peeking", LIFT), {}
lifted = rules(*planted, CLOCK, CONSTANTS)
for rule, alarm in rules(gap, error, CLOCK, CONSTANTS).items():
    (power, day), lifts = stops(lifted[rule]), reported(lifted[rule], planted[0] / ctr)
    early, last = (f"{lift:.1%}".replace("nan%", "") for lift in lifts)
    lines[rule] = {
        "false alarms": f"{stops(alarm)[0]:.3f}",
        "power at 4 %": f"{power:.2f}",
        "mean day of the end": f"{day:.0f}",
        "lift, early": early,
        "lift, last day": last,
    }
side_by_side(lines)

# %% name="sequential-picture" tags=["after-guess", "folded"]
# The picture: the bounds of daily checks, and 60 A/A tests running under them.
fig, axes = figure(height=3.6)
some = (gap / error)[:, :60]
crossing = (np.abs(some) > 1.96).any(axis=0)
axes.plot(DAYS, some[:, ~crossing], color="0.85", linewidth=0.7)
axes.plot(DAYS, some[:, crossing], color="C1", linewidth=1.0, alpha=0.7)
of = {rule: c for (often, rule), c in CONSTANTS.items() if often == "daily"}
v, t = error.mean(axis=1) ** 2, (2.8 * error[-1].mean()) ** 2
for bound, color, label, shift in [
    (np.full(50, 1.96), "C6", "1.96", -19),
    (np.full(50, of["Pocock"]), "C2", "Pocock", 4),
    (of["O'Brien-Fleming, days"] / np.sqrt(BY_DAYS), "C0", "", 0),
    (of["O'Brien-Fleming, information"] / np.sqrt(CLOCK), "C5", "by information", -3),
    (np.where(DAYS < 56, 3, of["Haybittle-Peto, 3"]), "C4", "Haybittle-Peto", -11),
    (np.sqrt((v + t) / t * (np.log((v + t) / v) + 2 * np.log(20))), "C3", "mSPRT", 10),
]:
    for sign in (1, -1):
        axes.plot(DAYS, sign * bound, color=color)
    axes.annotate(
        label,
        (56, bound[-1]),
        xytext=(6, shift),
        textcoords="offset points",
        color=color,
        va="center",
    )
axes.annotate("O'Brien-Fleming, days", (11, 5.2), color="C0")
axes.set(
    title="Peeking meets 1.96 often; bounds made for it are rarely crossed",
    xlabel="day of the test",
    ylabel="z",
    ylim=(-6.4, 6.4),
    xlim=(6, 70),
    xticks=DAYS[LOOKS["weekly"]],
)
show(
    fig,
    alt="z of 60 A/A tests by day. Those that cross 1.96 on some day are coloured. Bounds of daily checks: Pocock flat near 2.6; "
    "O'Brien-Fleming by days falls from 5.9 on day 7 to 2.1 on day 56, by information from 4.2 to 2.2; Haybittle-Peto flat at 3 and 2.0 on day 56; mSPRT near 3.",
)

# %% [markdown] name="sequential-why" tags=["after-guess"]
# Daily checks at 1.96 end first and find most, and nearly one A/A test in five pays for it. Among the honest rules **Haybittle-Peto and O'Brien-Fleming keep nearly
# the power of the last day alone**. They differ in the day of the end: by days O'Brien-Fleming ends on day 44, by information on day 41. Haybittle-Peto ends on day 46 with 3 before the end, and on day 42 with 2.75. Pocock ends earlier still, and finds .53.
#
# mSPRT raises a false alarm in fewer than 1 of 100 A/A tests, and finds .33. More than half of that loss is insurance against checks after day 56, for ever: the same ratio with an end finds .52. It is the rule to take where nobody can name an end. (512 tests: a power has a standard error of .02.)
#
# *Lift* shows the *winner's curse*: an alarm reports at least its bound times the standard error, which is large early. Early alarms of Haybittle-Peto report 6.9 % for a true 4, those on the last day 4.1 %. O'Brien-Fleming's early alarms come later and report 5.5 %.

# %% [markdown] name="effects"
# ### Larger effects, and a harmful one
#
# A reason to look daily is the page that breaks something.
#
# **Predict first.** The new page loses 8 % of the clicks. Which honest rule stops it first, and how many tests does its caution cost now?

# %% name="effects-run" tags=["after-guess"]
lines = {}
for lift in (-0.08, 0.08, 0.12):
    for rule, alarm in rules(*daily(log, "peeking", lift), CLOCK, CONSTANTS).items():
        power, day = stops(alarm)
        lines.setdefault(rule, {})[f"{lift:+.0%}"] = f"{power:.2f}, day {day:.1f}"
side_by_side(lines)

# %% [markdown] name="effects-why" tags=["after-guess"]
# Pocock and mSPRT to day 56 stop the broken page first, on day 10 or 11 with daily checks. O'Brien-Fleming by days, whose first bound is 5.9, needs until day 19. By information it stops on day 15, and cut at 3 on day 13, as Haybittle-Peto does; with 2.75 Haybittle-Peto stops on day 11. Caution costs nothing now, as each
# rule finds nearly every test. So one simple rule does both jobs: **a flat bound near 3 before the end, and nearly the usual test at the end**. A plan may also hold two bounds, one for stopping because of harm, another for success.

# %% [markdown] name="task-4-text"
# ### Task 16.4 · The first day on which mSPRT stops (7 minutes)
#
# Write `first_alarm(differences, errors, tau, alpha)`. The first two are lists of the same length, one entry a day, maybe
# empty: a difference (any sign) and its standard error (above 0). `tau` > 0, and `alpha` is between 0 and 1. Return the index of the first day on which
# $\Lambda \ge 1/\alpha$, counted from 0, or `None` if there is no such day.
#
# A difference may be a hundred standard errors, and $e^{5000}$ is too large for a float: compare logarithms.
#
# `first_alarm([0.03, 0.05, 0.06], [0.02, 0.015, 0.012], 0.05, 0.05)` is 1: Λ is about 0.98, 47.0 and 31,700.


# %% name="task-4"
def first_alarm(differences, errors, tau, alpha):
    ### BEGIN SOLUTION
    for day, (gap, error) in enumerate(zip(differences, errors, strict=True)):
        v, t = error**2, tau**2
        if np.log(v / (v + t)) / 2 + t * gap**2 / (2 * v * (v + t)) >= -np.log(alpha):
            return day
    return None
    ### END SOLUTION


check("16.4", first_alarm)

# %% [markdown] name="shops"
# ## Twenty other shops
#
# Each has 200,000 impressions. In each shop we plant the lift that a test on the last day should find with power
# .8 by the formula, and twice that lift. Rules are compared at the same *measured* level: clock and constants are those of the other nineteen shops, where 5 % of their A/A tests alarm. The 2.75 is set by hand, so that daily Haybittle-Peto has the power of *information, at most 3*. CUPED's test runs in the last four weeks (these logs have about 67 days), the others in the first eight.


# %% name="shops-run"
def measure(shop):
    log = shop.log(200_000)
    log["day"] = (log["timestamp"] - 1_735_689_600) // 86_400
    part = log[log["day"] < 56].groupby("user_id")["click"].agg(["size", "sum"])
    n, c = part["size"].to_numpy(), part["sum"].to_numpy()
    sides, ctr = random_assignments(part.index, "shops"), c.sum() / n.sum()
    gap, error = ratio_difference(n, c, sides)
    naive = np.sqrt(ctr * (1 - ctr) * (1 / (n @ sides) + 1 / (n @ ~sides)))
    lift, found = 2.8 * error.mean() / ctr, {}
    tests = [daily(log, "shops", times * lift) for times in range(3)]
    found["truth",] = lift * ctr
    luck = np.random.default_rng(14).random(len(log))
    extra = luck < lift * log["p_click"] / (1 - log["p_click"])
    log["lifted"] = (log["click"] == 1) | extra
    start = log["day"].max() - 27
    after = log[log["day"] >= start]
    people = np.sort(after["user_id"].unique())
    sides = random_assignments(people, "shops")
    old, new = (term(after, people, hits)[:, None] for hits in ("click", "lifted"))
    before = term(log[log["day"] < start], people)[:, None]
    for name, x in [("as it is", 0 * before), ("CUPED", before)]:
        moved, wide = cuped(np.where(sides, new, old), x, sides)
        found["power", "four weeks", name] = (np.abs(moved / wide) > 1.96).mean()
    found["false", "unit", "impressions"] = (np.abs(gap / naive) > 1.96).mean()
    found["false", "unit", "customers"] = (np.abs(gap / error) > 1.96).mean()
    return found, tests


facts, tests = zip(*(measure(Shop(seed)) for seed in range(1, 21)), strict=True)
clocks = np.array([clock(error) for (_, error), *_ in tests])
equal = [z_and_ratio(*aa, 2.8 * aa[1][-1].mean()) for aa, *_ in tests]
for at, (found, its) in enumerate(zip(facts, tests, strict=True)):
    t = np.delete(clocks, at, axis=0).mean(axis=0)
    rest = zip(*(one for other, one in enumerate(equal) if other != at), strict=True)
    constant = constants(*(np.concatenate(one, axis=1) for one in rest), t)
    for one, share, day in zip(
        its, ["false", "power", "twice"], ["none, end", "end", "twice, end"], strict=True
    ):
        for rule, alarm in rules(*one, t, constant).items():
            found[share, *rule], found[day, *rule] = stops(alarm)
            if share == "power":
                found["early", *rule] = reported(alarm, one[0] / found["truth",])[0]
shops = pd.DataFrame(facts)
means, lines = shops.mean(), {}
for rule in lifted:
    lines[rule] = {
        "false alarms": f"{means['false', *rule]:.3f}",
        "power": f"{means['power', *rule]:.2f}",
        "mean day of the end": f"{means['end', *rule]:.0f}",
        "at twice the lift": f"{means['twice, end', *rule]:.0f}",
        "without a lift": f"{means['none, end', *rule]:.0f}",
        "early / true": f"{means['early', *rule]:.1f}".replace("nan", ""),
    }
print(
    f"unit: impressions {means['false', 'unit', 'impressions']:.2f} false alarms, customers {means['false', 'unit', 'customers']:.2f}"
)
for name in ("as it is", "CUPED"):
    print(f"last four weeks, {name:<9} power {means['power', 'four weeks', name]:.2f}")
side_by_side(lines)

# %% name="shops-verdict" tags=["folded"]
# The verdicts: false alarms, power, then the day of the end.
PETO, TURNED = (("daily", f"Haybittle-Peto, {early}") for early in ("3", "2.75"))
LAST = ("daily", "the last day alone")
FLEMING, BY_DAY = (("daily", f"O'Brien-Fleming, {of}") for of in ("information", "days"))
CUT, POCOCK, TWICE = ("daily", "information, at most 3"), ("daily", "Pocock"), "twice, end"


def asked(id, text, share, method, baseline, higher_is_better, unit="share of tests"):
    return claim(
        f"16.{id}",
        text,
        list(shops[share, *method]),
        list(shops[share, *baseline]),
        pairs="shops",
        unit=unit,
        higher_is_better=higher_is_better,
    )


forest(
    "False alarms in twenty shops",
    [
        asked(f"{id}-false", text, "false", method, baseline, False)
        for id, text, method, baseline in [
            (
                "unit",
                "By customers: fewer than by impressions",
                ("unit", "customers"),
                ("unit", "impressions"),
            ),
            ("peto", "Daily Haybittle-Peto: fewer than daily 1.96", PETO, ("daily", "1.96")),
            ("msprt", "Daily mSPRT: fewer than daily Haybittle-Peto", ("daily", "mSPRT"), PETO),
        ]
    ],
)
HISTORY, PLAIN = ("four weeks", "CUPED"), ("four weeks", "as it is")
forest(
    "Power in twenty shops, daily checks",
    [
        asked(id, text, "power", method, baseline, True)
        for id, text, method, baseline in [
            ("cuped", "CUPED finds more than the plain difference", HISTORY, PLAIN),
            ("peto-last", "Haybittle-Peto: more than the last day alone", PETO, LAST),
            ("days-peto", "O'Brien-Fleming by days: more than Haybittle-Peto", BY_DAY, PETO),
            (
                "cut-turned",
                "Information, at most 3: more than Haybittle-Peto at 2.75",
                CUT,
                TURNED,
            ),
            ("turned-peto", "Haybittle-Peto at 2.75: more than at 3", TURNED, PETO),
            ("cut-pocock", "Information, at most 3: more than Pocock", CUT, POCOCK),
        ]
    ],
)
forest(
    "The day on which a test ends, twenty shops, daily checks",
    [
        asked(f"{id}-end", text, share, method, baseline, False, "days")
        for id, text, share, method, baseline in [
            ("turned", "Haybittle-Peto at 2.75: before that at 3", "end", TURNED, PETO),
            ("cut", "Information, at most 3: before Haybittle-Peto at 2.75", "end", CUT, TURNED),
            (
                "cut-twice",
                "Information, at most 3, twice the lift: before Haybittle-Peto at 2.75",
                TWICE,
                CUT,
                TURNED,
            ),
            (
                "twice-days",
                "O'Brien-Fleming, twice the lift: by information before by days",
                TWICE,
                FLEMING,
                BY_DAY,
            ),
        ]
    ],
)

# %% [markdown] name="shops-why"
# A false alarm in three A/A tests of ten by impressions, and 5 % by customers. **At equal level daily Haybittle-Peto finds .77 where one check on the last day finds .78, and ends more than two weeks earlier.** O'Brien-Fleming by days has the same power, and at twice the lift it ends six days later.
#
# **Haybittle-Peto's early bound is a dial between power and days.** At 2.75 it ends more than four days sooner than at 3, for two and a half points of power. At this power O'Brien-Fleming by information, at most 3, ends one day sooner at the planned lift, and one day later at twice the lift: so the clock buys a day, not a week. Pocock and mSPRT to day 56 end on day 31, and find .68.
#
# **Without an effect every honest rule runs to day 54 or later.** To stop such a test early takes a second bound, for *futility* (by beta spending, for instance), which is not shown here. CUPED finds more in all
# twenty: .78 against .67, with six weeks of history.

# %% [markdown] name="real"
# ## Does it hold on real data?
#
# **Ta Feng** is a real grocery: purchases of four months. CUPED for spending and visits in February by those who came then; $X$ is the same before, 0 for those not seen. 512 A/A tests each.
#
# **Predict first.** In our shop the weeks before took two fifths of the variance away. How much will it be here, for spending and for visits: more, or less?

# %% name="real-cuped" tags=["after-guess", "real-data"]
groceries = load("ta_feng")
cut = groceries["date"] >= "2001-02-01"
spent = groceries[cut].groupby("user_id")["revenue"].sum().astype(float)
before = groceries[~cut].groupby("user_id")["revenue"].sum().reindex(spent.index, fill_value=0)
sides = random_assignments(spent.index, "groceries")
came, came_before = (
    groceries[part].groupby("user_id")["date"].nunique().reindex(spent.index, fill_value=0)
    for part in (cut, ~cut)
)
january = ~cut & (groceries["date"] >= "2001-01-01")
cap, cap_before = (
    groceries[part].groupby("user_id")["revenue"].sum().quantile(0.99) for part in (january, ~cut)
)
largest, table = spent.idxmax(), {}
away = (spent - spent.mean()) ** 2
print(
    f"one customer holds {away.max() / away.sum():.0%} of the variance: {spent.max():,.0f} in February, {before[largest]:,} before"
)
rest = spent.index != largest
for name, now, past, who in [
    ("spending", spent, before, sides),
    ("without that customer", spent[rest], before[rest], sides[rest]),
    ("capped by January's", spent.clip(upper=cap), before.clip(upper=cap_before), sides),
    ("visits", came, came_before, sides),
]:
    y, x = (one.to_numpy(float)[:, None] for one in (now, past))
    (gap, plain), (less, error) = cuped(y, 0 * x, who), cuped(y, x, who)
    table[name] = {
        "mean": y.mean(),
        "± plain": 1.96 * plain.mean(),
        "± CUPED": 1.96 * error.mean(),
        "variance left": (error**2).mean() / (plain**2).mean(),
        "A/A alarms": (np.abs(less / error) > 1.96).mean(),
    }
pd.DataFrame(table).T.round(3)

# %% [markdown] name="real-cuped-why" tags=["after-guess"]
# For spending far less: 6 %. One customer bought 800 pieces for 444,000 on one day, after 15,443 in the three months before, and holds four fifths of the whole variance. Without
# that customer CUPED takes 24 %. The same customer breaks the normal approximation: 1 % of A/A tests give an alarm; the other three rows are near 5 %. In a test
# nobody may be thrown out after the fact. A cap from January (the 99th percentile of its customers) is known before the start: the interval is less than half as long before
# CUPED, and CUPED takes another 23 % of the variance. The price: a capped mean answers another question.
#
# *Visits* of the same customers lose 53 % of their variance, more than clicks in our shop.
#
# **Open Bandit** (Saito and others 2020) is a real test on a fashion site: a random list against one chosen by an algorithm (`bts`).

# %% name="real-bandit" tags=["real-data"]
bandit = load("open_bandit")
counts = bandit.groupby(["campaign", "policy"])["click"].agg(["size", "sum"]).unstack()
counts.loc["pooled"] = counts.sum()
for campaign, one in counts.iterrows():
    rates = one["sum"] / one["size"]
    error = np.sqrt((rates * (1 - rates) / one["size"]).sum())
    gap = rates["bts"] - rates["random"]
    print(
        f"{campaign:<6} random {one['sum']['random']} clicks, bts {one['sum']['bts']}: "
        f"{100 * (gap - 1.96 * error):+.2f} to {100 * (gap + 1.96 * error):+.2f} per 100 impressions"
    )
# The formula of task 16.2, with sd^2 = p (1 - p) for one impression and a lift of 10 %.
needed = 2 * (1.96 + 0.84) ** 2 * (1 - rates["random"]) / (0.1**2 * rates["random"])
print(f"impressions a side to find a lift of 10 %: about {needed / 1e6:.1f} million")

# %% [markdown] name="real-bandit-why"
# One interval of three leaves out 0, barely; pooled, the interval holds 0. The policy was drawn anew for each visit of the banner (Saito and others), of which a row is one of three places. In this sample rows are nearly independent, so the row is
# the unit of the error, and nothing that belongs to a customer can be compared. Not "the
# algorithm is better", not "it makes no difference": thirty thousand impressions a side are far too few, as the size says.
#
# So a null result is read by its interval: it rules out what lies outside, and nothing else. A **guardrail** (speed, returns, complaints) needs the same care: not "no significant harm", but
# an interval that ends before the largest harm you would accept. That test is called *non-inferiority*, and has its own sample size.

# %% [markdown] name="interviews"
# ## Interview, with follow-up questions
#
# <!-- bank: me-09 me-11 me-10 me-08 -->
#
# - *"The sides have 1,627 and 1,843 users. So?"* The result is void, whatever it says: the table under *A test that counts buyers*.

# %% [markdown] name="recap"
# ## Recap
#
# The follow-up questions stand above.
#
# - The unit that was randomised is the unit of the error. The delta method computes it for a ratio.
# - Size before start: $m = 2(z+z)^2 s^2/d^2$, with $s$ per customer.
# - CUPED: the same metric from *before*; less noise, the same effect. What the page can move is biased as a covariate.
# - A rule for early stopping is chosen before the start. Haybittle-Peto, 3 before the end and 2.01 after these fifty checks, keeps nearly the power for a small effect and stops a harmful one early. A lower early bound ends sooner, for some power. O'Brien-Fleming needs the clock of information, and gains a day by it at equal power. Pocock is
#   earlier and loses more; mSPRT is for tests without an end. Without an effect they all run on, unless there is a bound for futility.
# - Sample ratio first.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | E5 | behaviour shall support decisions; how one knows that a decision was right is not said | a randomised test, sized before, read by customers |
#
# **Not here, read this:** many metrics at once (twenty independent ones raise a false alarm in 64 % of A/A tests: $1-.95^{20}$), novelty effects, holdouts: Kohavi, Tang and Xu. Users who affect each other, switchback
# tests: Bojinov, Simchi-Levi and Zhao. More bounds and clocks: Jennison and Turnbull.
#
# **References**
#
# - A. Deng, U. Knoblich, J. Lu: Applying the Delta Method in Metric Analytics: A Practical Guide with Novel Ideas. KDD 2018.
# - A. Deng, Y. Xu, R. Kohavi, T. Walker: Improving the Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data. WSDM 2013.
# - R. Johari, P. Koomen, L. Pekelis, D. Walsh: Peeking at A/B Tests. KDD 2017.
# - J. Haybittle: Repeated Assessment of Results in Clinical Trials of Cancer Treatment. British Journal of Radiology 44, 1971.
# - R. Peto and others: Design and Analysis of Randomized Clinical Trials Requiring Prolonged Observation of Each Patient, I. British Journal of Cancer 34, 1976.
# - S. Pocock: Group Sequential Methods in the Design and Analysis of Clinical Trials. Biometrika 64, 1977.
# - P. O'Brien, T. Fleming: A Multiple Testing Procedure for Clinical Trials. Biometrics 35, 1979.
# - K. Lan, D. DeMets: Discrete Sequential Boundaries for Clinical Trials. Biometrika 70, 1983.
# - C. Jennison, B. Turnbull: Group Sequential Methods with Applications to Clinical Trials. Chapman & Hall, 2000.
# - A. Fabijan and others: Diagnosing Sample Ratio Mismatch in Online Controlled Experiments. KDD 2019.
# - R. Kohavi, D. Tang, Y. Xu: Trustworthy Online Controlled Experiments. Cambridge University Press, 2020.
# - I. Bojinov, D. Simchi-Levi, J. Zhao: Design and Analysis of Switchback Experiments. Management Science 69, 2023.
# - Y. Saito, S. Aihara, M. Matsutani, Y. Narita: Open Bandit Dataset and Pipeline. 2020.
