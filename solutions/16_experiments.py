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
#
# Rankers can be compared inside one list, click against click: *interleaving* (lesson 15).

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
# one week, 6.3 after nineteen. And nineteen times the time does not save half of the customers.
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
# term of the weeks before; who was not there before gets the mean, 0. (Their appendix B does it so, too.)
#
# The test runs in the last eight weeks, with a lift of 4 % planted. Six choices of $X$: nothing; the customer's
# segment; four weeks before; all eleven weeks before; the *day of entry*, on which a customer first comes in the test; and the *first week of the test itself*.
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
# Try windows on old data.
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


def daily(log, salt, hits="click"):
    """Differences and errors of 512 tests at the end of days 7 to 56, [50, 512] each."""
    log = log[log["day"] < 56]
    by_day = log.groupby(["user_id", "day"]).agg(
        n=("click", "size"), c=("click", "sum"), h=(hits, "sum")
    )
    n, c, h = (by_day[one].unstack(fill_value=0).cumsum(axis=1) for one in "nch")
    sides = random_assignments(n.index, salt)
    found = [ratio_difference(n[d], c[d], sides, h[d]) for d in DAYS - 1]
    return tuple(np.array(one) for one in zip(*found, strict=True))


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


information = np.maximum.accumulate(1 / (error**2).mean(axis=1))
for name, t in [
    ("fresh visitors each day", DAYS / 56),
    ("this shop's", information / information[-1]),
]:
    print(
        f"random walk, {name:<24}: information of day 7 {t[0]:.2f} of the end's, alarms {walks(t):.2f}"
    )

# %% [markdown] name="peeking-why" tags=["after-guess"]
# Each day is another opportunity to be wrong: 18 of 100. Textbooks have visitors that are new each day; then 25 raise an alarm. Here the same
# customers return, and the first week holds .23 of all information, not one eighth; a random walk with this information has .21.
# Two ways out: fix the day before the start, or use a bound made for peeking.

# %% [markdown] name="sequential"
# ## Bounds made for peeking
#
# **Group sequential tests** plan $K$ checks and ask more than 1.96 at each. *Pocock* (1977): one bound $c$ at all of them. *O'Brien and
# Fleming* (1979): $c\sqrt{K/k}$ at check $k$, very high at first, hardly above 1.96 at the end. The constant $c$ is the one at which a random walk without
# drift crosses in 5 % of cases; the cell finds both for $K=8$ by simulation, and O'Brien-Fleming's for daily checks.
#
# **mSPRT** (Johari and others, KDD 2017) allows any number of checks, without a planned end. It compares two stories of a difference $\hat d$ with
# error $\mathrm{se}$: no effect, or an effect drawn from a normal distribution with standard deviation $\tau$,
#
# $$\Lambda = \sqrt{\frac{\mathrm{se}^2}{\mathrm{se}^2+\tau^2}}\;
# \exp\frac{\tau^2\,\hat d^2}{2\,\mathrm{se}^2(\mathrm{se}^2+\tau^2)},$$
#
# and stops when $\Lambda \ge 1/\alpha$. Without an effect, $\Lambda$ is a martingale with expectation 1 (a fair game: its expectation tomorrow is its value today), and such a process reaches $1/\alpha$ with
# probability $\alpha$ at most, ever (Ville's inequality; for normal data with independent increments and a known error, which large tests come near). $\tau$ is the size of effects that you expect: 4 % of the CTR here.
#
# The plain rival is one check on the last day.
#
# **Predict first.** Which rule finds a lift of 4 % most often, which one soonest, and which has the fewest false alarms?

# %% name="sequential-run" tags=["after-guess"]
walk = np.abs(np.random.default_rng(1).normal(size=(100_000, 8)).cumsum(axis=1))
pocock = np.quantile((walk / np.sqrt(np.arange(1, 9))).max(axis=1), 0.95)
fleming = np.quantile((walk / np.sqrt(8)).max(axis=1), 0.95)
print(
    f"eight checks: Pocock {pocock:.2f}, O'Brien-Fleming from {fleming * np.sqrt(8):.2f} down to {fleming:.2f}"
)
steps = np.random.default_rng(2).normal(size=(40_000, 50))
steps *= np.sqrt(np.diff(DAYS / 56, prepend=0))
each_day = np.quantile(np.abs(steps.cumsum(axis=1)).max(axis=1), 0.95)
print(f"checks on 50 days: O'Brien-Fleming ends at {each_day:.2f}")


def msprt(gap, error, tau, alpha=0.05):
    """Whether the mixture's likelihood ratio has reached 1 / alpha."""
    v, t = error**2, tau**2
    return np.log(v / (v + t)) / 2 + t * gap**2 / (2 * v * (v + t)) >= -np.log(alpha)


def rules(gap, error, tau):
    """Rule -> where it raises an alarm, [days, tests]."""
    z, weekly = np.abs(gap / error), (DAYS % 7 == 0)[:, None]
    return {
        "last day only": (z > 1.96) & (DAYS == 56)[:, None],
        "daily, 1.96": z > 1.96,
        "weekly, Pocock": (z > pocock) & weekly,
        "weekly, O'Brien-Fleming": (z > fleming * np.sqrt(56 / DAYS)[:, None]) & weekly,
        "daily, O'Brien-Fleming": z > each_day * np.sqrt(56 / DAYS)[:, None],
        "daily, mSPRT": msprt(gap, error, tau),
    }


def stops(alarm):
    """Share of tests with an alarm, and the mean day on which a test ends."""
    found = alarm.any(axis=0)
    return found.mean(), np.where(found, DAYS[alarm.argmax(axis=0)], 56).mean()


def reported(alarm, gap):
    """Mean difference on the day of the alarm, of the tests that have one."""
    found = np.flatnonzero(alarm.any(axis=0))
    return gap[alarm.argmax(axis=0)[found], found].mean()


lines, planted = {}, daily(log, "peeking", "lifted")
lifted = rules(*planted, LIFT * ctr)
for name, alarm in rules(gap, error, LIFT * ctr).items():
    power, day = stops(lifted[name])
    lines[name] = {
        "false alarms": round(stops(alarm)[0], 3),
        "power at 4 %": round(power, 2),
        "mean day of the end": round(day),
        "lift reported, %": round(100 * reported(lifted[name], planted[0]) / ctr, 1),
    }
for share in (0.02, 0.06, 0.10):
    power, _ = stops(msprt(*planted, share * ctr))
    print(f"mSPRT with tau = {share:.0%} of the CTR: power {power:.2f}")
pd.DataFrame(lines).T

# %% name="sequential-picture" tags=["after-guess", "folded"]
# The picture: the bounds, and 60 A/A tests running under them.
fig, axes = figure(height=3.6)
paths = gap / error
some = paths[:, :60]
crossing = (np.abs(some) > 1.96).any(axis=0)
axes.plot(DAYS, some[:, ~crossing], color="0.85", linewidth=0.7)
axes.plot(DAYS, some[:, crossing], color="C1", linewidth=1.0, alpha=0.7)
weeks = np.arange(7, 57, 7)
v, t = error.mean(axis=1) ** 2, (LIFT * ctr) ** 2
mixture = np.sqrt((v + t) / t * (np.log((v + t) / v) + 2 * np.log(20)))
for bound, days, color, label, shift in [
    (np.full(50, 1.96), DAYS, "C6", "1.96", -15),
    (np.full(8, pocock), weeks, "C2", "Pocock", 4),
    (fleming * np.sqrt(56 / weeks), weeks, "C0", "O'Brien-Fleming", -4),
    (mixture, DAYS, "C3", "mSPRT", 11),
]:
    for sign in (1, -1):
        axes.plot(
            days, sign * bound, color=color, marker="o" if len(days) == 8 else None, markersize=3
        )
    axes.annotate(
        label,
        (56, bound[-1]),
        xytext=(6, shift),
        textcoords="offset points",
        color=color,
        va="center",
    )
axes.set(
    title="Peeking meets 1.96 often; bounds made for it are rarely crossed",
    xlabel="day of the test",
    ylabel="z",
    ylim=(-6.2, 6.2),
    xlim=(6, 70),
    xticks=weeks,
)
show(
    fig,
    alt="z of 60 A/A tests by day. Those that cross 1.96 on some day are coloured. Bounds: Pocock flat near 2.5 each week; "
    "O'Brien-Fleming falls from 5.9 in week 1 to 2.07 in week 8; mSPRT stays near 3.",
)

# %% [markdown] name="sequential-why" tags=["after-guess"]
# Daily checks at 1.96 end first and find most, and one A/A test in five pays for it. Among the honest rules, O'Brien-Fleming keeps nearly
# the power of the last day alone (.63 against .65) and ends ten days earlier in the mean, with an effect of this size. Pocock ends earlier still and finds less.
# mSPRT raises a false alarm in fewer than 1 of 100 A/A tests, and finds .32: it insures against checks after week 8, on all days, for ever. Another $\tau$ changes little for the better: .34 at most. It is the rule to
# take where nobody can name an end. Looking each day instead of each week costs O'Brien-Fleming about one point; not naming an end costs 30 more. (512 tests: a power has a standard error of .02.)
#
# The last column is the *winner's curse*: a test that raises an alarm reports at least its bound times the standard error. So the
# report is too large where the error is large (early) and where the bound is: 4.8 % even without peeking, up to 6.9 % for mSPRT, where 4 % is true.
#
# Pocock and O'Brien-Fleming assume equal steps of *information*. Here the first week brings .23 of it, so the checks resemble each other more, and both alarm in
# fewer than 5 % of these 512 tests: they stay honest. *Alpha spending* (Lan and DeMets 1983) computes the bounds from the information itself; not here.

# %% [markdown] name="effects"
# ### Larger effects, and a harmful one
#
# All of this was at 4 %, which eight weeks just fail to find. But a reason to look daily is the page that breaks something.
#
# **Predict first.** The new page loses 8 % of the clicks. Which honest rule stops it first, and how many tests does its caution cost now?

# %% name="effects-run" tags=["after-guess"]
lines = {}
for lift in (-0.08, 0.08, 0.12):
    log["hit"] = clicks_with(lift) if lift > 0 else clicked & (luck >= -lift)
    for name, alarm in rules(*daily(log, "peeking", "hit"), LIFT * ctr).items():
        power, day = stops(alarm)
        lines.setdefault(name, {})[f"{lift:+.0%}"] = f"{power:.2f}, day {day:.0f}"
pd.DataFrame(lines).T

# %% [markdown] name="effects-why" tags=["after-guess"]
# Pocock on day 12 and mSPRT on day 15; weekly O'Brien-Fleming, whose first bound is 5.9, on day 22: a week more of a broken page. And caution costs nothing now, as each
# rule finds nearly every test. So the rule depends on the effect that it must catch: O'Brien-Fleming for one that the planned test just finds, Pocock or mSPRT for a large or
# harmful one. A plan may hold both: one bound for stopping because of harm, another for success.

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

# %% [markdown] name="five"
# ## Five other shops
#
# Other customers, other products, 200,000 impressions each. In each shop we plant the lift that a test on the last day should find with power
# .8 by the formula, and twice that lift. Lesson 00 explains the words of the verdicts. CUPED's test runs in the last four weeks (these logs have about 67 days), the others in the first eight.


# %% name="five-run"
def measure(shop):
    log = shop.log(200_000)
    log["day"] = (log["timestamp"] - 1_735_689_600) // 86_400
    part = log[log["day"] < 56].groupby("user_id")["click"].agg(["size", "sum"])
    n, c = part["size"].to_numpy(), part["sum"].to_numpy()
    sides, ctr = random_assignments(part.index, "five"), c.sum() / n.sum()
    gap, error = ratio_difference(n, c, sides)
    naive = np.sqrt(ctr * (1 - ctr) * (1 / (n @ sides) + 1 / (n @ ~sides)))
    lift = 2.8 * error.mean() / ctr
    luck = np.random.default_rng(14).random(len(log))
    extra = luck < lift * log["p_click"] / (1 - log["p_click"])
    log["lifted"] = (log["click"] == 1) | extra
    found = {
        f"false: {name}": stops(alarm)[0]
        for name, alarm in rules(*daily(log, "five"), lift * ctr).items()
    }
    planted = rules(*daily(log, "five", "lifted"), lift * ctr)
    found |= {f"power: {name}": stops(alarm)[0] for name, alarm in planted.items()}
    found |= {f"end: {name}": stops(alarm)[1] for name, alarm in planted.items()}
    extra = luck < 2 * lift * log["p_click"] / (1 - log["p_click"])
    log["twice"] = (log["click"] == 1) | extra
    twice = rules(*daily(log, "five", "twice"), lift * ctr)
    found |= {f"twice: {name}": stops(alarm)[0] for name, alarm in twice.items()}
    found |= {f"twice, end: {name}": stops(alarm)[1] for name, alarm in twice.items()}

    start = log["day"].max() - 27
    after = log[log["day"] >= start]
    people = np.sort(after["user_id"].unique())
    sides = random_assignments(people, "five")
    old, new = (term(after, people, hits)[:, None] for hits in ("click", "lifted"))
    before = term(log[log["day"] < start], people)[:, None]
    for name, x in [("as it is", 0 * before), ("CUPED", before)]:
        moved, wide = cuped(np.where(sides, new, old), x, sides)
        found[f"power: {name}"] = (np.abs(moved / wide) > 1.96).mean()
    return found | {
        "false: impressions": (np.abs(gap / naive) > 1.96).mean(),
        "false: customers": (np.abs(gap / error) > 1.96).mean(),
    }


five = pd.DataFrame([measure(Shop(seed)) for seed in range(1, 6)])
means = five.mean()
parts = ["false", "power", "end", "twice", "twice, end"]
table = pd.DataFrame({part: {name: means[f"{part}: {name}"] for name in lines} for part in parts})
table.columns = ["false alarms", "power", "day of the end", "power at twice the lift", "day"]
digits = [3, 2, 0, 2, 0]
print(table.round(dict(zip(table.columns, digits, strict=True))).to_string())
print(
    f"unit: impressions {means['false: impressions']:.2f} false alarms, customers {means['false: customers']:.2f}"
)
for name in ("as it is", "CUPED"):
    print(f"last four weeks, {name:<9} power {means[f'power: {name}']:.2f}")


# %% name="five-verdict" tags=["folded"]
# The verdicts: false alarms, then power.
def asked(id, text, method, baseline, higher_is_better, unit="share of tests"):
    return claim(
        f"16.{id}",
        text,
        list(five[method]),
        list(five[baseline]),
        pairs="shops",
        unit=unit,
        higher_is_better=higher_is_better,
    )


forest(
    "False alarms in five shops",
    [
        asked(
            "unit",
            "By customers: fewer than by impressions",
            "false: customers",
            "false: impressions",
            False,
        ),
        asked(
            "fleming-false",
            "O'Brien-Fleming: fewer than daily 1.96",
            "false: weekly, O'Brien-Fleming",
            "false: daily, 1.96",
            False,
        ),
        asked(
            "msprt-false",
            "mSPRT: fewer than O'Brien-Fleming",
            "false: daily, mSPRT",
            "false: weekly, O'Brien-Fleming",
            False,
        ),
    ],
)
forest(
    "Power in five shops",
    [
        asked(
            "cuped",
            "CUPED finds more than the plain difference",
            "power: CUPED",
            "power: as it is",
            True,
        ),
        asked(
            "fleming",
            "O'Brien-Fleming finds as much as the last day alone",
            "power: weekly, O'Brien-Fleming",
            "power: last day only",
            True,
        ),
        asked(
            "msprt",
            "mSPRT finds more than O'Brien-Fleming",
            "power: daily, mSPRT",
            "power: weekly, O'Brien-Fleming",
            True,
        ),
    ],
)

# %% name="five-twice" tags=["folded"]
# The verdicts at twice the lift: the day of the end.
forest(
    "The mean day of the end at twice the lift, five shops",
    [
        asked(
            f"twice-{id}",
            f"{name} ends earlier than weekly O'Brien-Fleming",
            f"twice, end: {method}",
            "twice, end: weekly, O'Brien-Fleming",
            False,
            "days",
        )
        for id, name, method in [
            ("msprt", "mSPRT", "daily, mSPRT"),
            ("pocock", "Pocock", "weekly, Pocock"),
        ]
    ],
)

# %% [markdown] name="five-why"
# A false alarm in three A/A tests of ten by impressions, and 5 % by customers. O'Brien-Fleming keeps its promise in other shops, and costs two to three points of power
# against one check on the last day, for an end two weeks earlier. mSPRT has the fewest false alarms and less power than O'Brien-Fleming. At twice the lift all find nearly everything, and mSPRT ends nine days before O'Brien-Fleming, Pocock eleven (the last picture, unrounded). CUPED finds more in each
# of the five: .77 against .66, with six weeks of history.

# %% [markdown] name="real"
# ## Does it hold on real data?
#
# **Ta Feng** is a real grocery: purchases of four months. First the unit: what share of visits is followed by another within 14 days,
# by the customer's area? (The last 14 days are left out: lesson 14 says why.)

# %% name="real-areas" tags=["real-data"]
groceries = load("ta_feng")
visits = groceries[["user_id", "date", "area"]].drop_duplicates(["user_id", "date"])
visits = visits.assign(day=(visits["date"] - visits["date"].min()).dt.days)
visits = visits.sort_values(["user_id", "day"])
visits["back"] = visits.groupby("user_id")["day"].shift(-1) - visits["day"] <= 14
old = visits[visits["day"] <= visits["day"].max() - 14]
areas = {}
for area, one in old.groupby("area"):
    per = one.groupby("user_id")["back"].agg(["size", "sum"]).to_numpy().T
    back, error = rate(*per)
    narrow = np.sqrt(back * (1 - back) / len(one))
    areas[area] = [len(one), per.shape[1], back, 1.96 * narrow, 1.96 * error]
names = ["visits", "customers", "back", "± by visit", "± by customer"]
pd.DataFrame(areas, names).T.round(3).astype({"visits": int, "customers": int})

# %% [markdown] name="real-cuped-text"
# With visits as the unit, the interval of each area is a third to half as wide as it should be.
#
# Next CUPED, for spending and visits in February by those who came then; $X$ is the same before, 0 for those not seen. 512 A/A tests each.
#
# **Predict first.** In our shop the weeks before took two fifths of the variance away. How much will it be here, for spending and for visits: more, or less?

# %% name="real-cuped" tags=["after-guess", "real-data"]
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
# *Visits* of the same customers lose 53 % of their variance, more than clicks in our shop. The metric decides, not the data being real.
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
# One interval of three leaves out 0, barely; pooled, the interval holds 0. The policy was drawn anew for each impression (Saito and others), so the impression is
# the right unit of the error, and nothing that belongs to a customer can be compared. Not "the
# algorithm is better", not "it makes no difference": ten thousand impressions a side of a campaign, thirty thousand pooled, are far too few, as the size says (it is the small sample that the authors ship
# with their library).
#
# So a null result is read by its interval: it rules out what lies outside, and nothing else. A **guardrail** (speed, returns, complaints) needs the same care: not "no significant harm", but
# an interval that ends before the largest harm you would accept. That test is called *non-inferiority*, and has its own sample size.

# %% [markdown] name="interviews"
# ## Interview, with follow-up questions
#
# ### "How many users does the test need?"
#
# **Sixty seconds.** "I ask for three things first: the smallest difference *d* that would change the decision, the standard deviation *s* of the metric per randomised
# unit, and alpha and power. Then each side needs two times 2.8 squared times *s* squared over *d* squared, about 16 *s*²/*d*² for power .8. Half the lift needs four times the users. For a
# ratio such as CTR *s* comes from the delta method by user, not from *p* times one minus *p*: in our log that formula asked for too few by a factor of 1.9 after one week and 6.3 after
# nineteen, and a test sized by it found its lift one time in five. I turn the number into whole weeks, because users return and a second week brings fewer new
# ones. Before the start I run A/A tests on old data: 5 percent may raise an alarm; ours had 24 of 512. If the test is too long, I use CUPED."
#
# - *"CTR rose. Is the page better?"* Not if it shows fewer impressions: the table under *CTR rose. Is the page better?*
# - *"Your colleague used p(1-p) per impression."* The lists under *How many customers?*: the factor by weeks, and the power of such a test.
#
# **The sentence that sinks you:** "We run it until it is significant."
#
# ### "What does CUPED do?"
#
# **Sixty seconds.** "It subtracts from the metric the part that a value from before the test predicts: theta times *X*, theta being their covariance over the variance of *X*. The sides were drawn
# without looking at *X*, so that part has the same expectation on both, the estimate stays unbiased, and the variance falls by rho squared. The best covariate is mostly the same metric
# of the weeks before; I choose the window on old data. In our shop eleven weeks took 41 percent of CTR's variance, and power rose from .65 to .89. In a real grocery it was 53 percent
# for visits and 6 for spending, where one customer holds most of the variance; with a cap fixed beforehand, 23. New users have no past and gain nothing. And
# a covariate that the page moves eats the effect: the test's first week found 2.9 percent of 4. So I take only what the page cannot move."
#
# - *"May I use the test's first day as covariate?"* What people did on it, no; the day on which they came, yes: the last two rows of the table under *A shorter test*.
# - *"How much does it bring on real data?"* The table under *Does it hold on real data?*
#
# **The sentence that sinks you:** "CUPED removes the bias between the groups." Randomisation did that; CUPED removes noise.
#
# ### "Significant on day 3: do we stop?"
#
# **Sixty seconds.** "Not if the plan was one check at the end. Checked daily at 1.96, equal pages raised an alarm in 18 tests of 100. First I look at the sample ratio: a broken
# split looks like success. Then I ask which rule was chosen beforehand. O'Brien-Fleming asks for 5.9 standard errors in week one and 2.07 at the end; for a lift of 4 percent it
# keeps nearly the power of one check, .63 against .65, and ends ten days earlier. mSPRT needs no planned end, and finds only .32 there. For a page that loses 8 percent the order turns: each of them
# finds nearly all, Pocock on day 12, mSPRT on day 15, O'Brien-Fleming on day 22. If no
# rule was chosen, I go on to the planned day. And a test that stops early overstates the effect, here 6.9 percent for a true 4 under mSPRT; and
# three days are not a whole week."
#
# - *"And if the page is broken?"* The table under *Larger effects, and a harmful one*.
# - *"What does O'Brien-Fleming cost?"* Two to three points of power in five shops, for an end two weeks earlier: *Five other shops*.
# - *"Why does mSPRT find less at 4 %?"* Its bound must hold on every later day too: the figure under *Bounds made for peeking*, near 3 on day 56, where O'Brien-Fleming asks 2.07. Another $\tau$ brings .34 at most: the lines above that table.
#
# **The sentence that sinks you:** "p is .03 today, so there is a 97 % probability that the page is better."
#
# ### "Which unit do you randomise?"
#
# **Sixty seconds.** "The one whose experience must stay whole, mostly the user; and the error is computed for that unit. In our log users were randomised: with impressions as the unit of
# the error 229 of 512 A/A tests raised an alarm, with users 24. Impressions can be randomised themselves, and then they are the right unit: 28 of 512. Their error was even
# 2.5 times smaller, as every user is compared with themselves. But then nearly all users see both pages. Nothing that belongs to a user, a purchase or a return, can be compared, and
# what they saw on one page goes with them to the other. So I take impressions for a change that ends with the impression, such as two rankers interleaved, and users for pages and
# prices. Where users affect each other, through shared stock or an ads budget, I randomise regions or time slices, and pay with few units."
#
# - *"Is the error wrong if I randomise impressions?"* No: 28 of 512, under *The impression as the unit*. What is lost is all that belongs to a user.
# - *"The sides have 1,627 and 1,843 users. So?"* The result is void, whatever it says: the table under *A test that counts buyers*.
#
# **The sentence that sinks you:** "A million impressions, so the sample is large enough."

# %% [markdown] name="recap"
# ## Recap
#
# The follow-up questions stand above.
#
# - The unit that was randomised is the unit of the error. The delta method computes it for a ratio.
# - Size before start: $m = 2(z+z)^2 s^2/d^2$, with $s$ per customer.
# - CUPED: the same metric from *before*; less noise, the same effect. What the page can move is biased as a covariate.
# - A rule for early stopping is chosen before the start, by the effect that it must catch: one check at the end or O'Brien-Fleming for a small one, Pocock or mSPRT for a large or
#   harmful one.
# - Sample ratio first.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | E5 | behaviour shall support decisions; how one knows that a decision was right is not said | a randomised test, sized before, read by customers |
#
# **Not here, read this:** many metrics at once (twenty independent ones raise a false alarm in 64 % of A/A tests: $1-.95^{20}$), novelty effects, holdouts: Kohavi, Tang and Xu. Users who affect each other, switchback
# tests: Bojinov, Simchi-Levi and Zhao. Alpha spending: Jennison and Turnbull.
#
# **References**
#
# - A. Deng, U. Knoblich, J. Lu: Applying the Delta Method in Metric Analytics: A Practical Guide with Novel Ideas. KDD 2018.
# - A. Deng, Y. Xu, R. Kohavi, T. Walker: Improving the Sensitivity of Online Controlled Experiments by Utilizing Pre-Experiment Data. WSDM 2013.
# - R. Johari, P. Koomen, L. Pekelis, D. Walsh: Peeking at A/B Tests. KDD 2017.
# - S. Pocock: Group Sequential Methods in the Design and Analysis of Clinical Trials. Biometrika 64, 1977.
# - P. O'Brien, T. Fleming: A Multiple Testing Procedure for Clinical Trials. Biometrics 35, 1979.
# - K. Lan, D. DeMets: Discrete Sequential Boundaries for Clinical Trials. Biometrika 70, 1983.
# - C. Jennison, B. Turnbull: Group Sequential Methods with Applications to Clinical Trials. Chapman & Hall, 2000.
# - A. Fabijan and others: Diagnosing Sample Ratio Mismatch in Online Controlled Experiments. KDD 2019.
# - R. Kohavi, D. Tang, Y. Xu: Trustworthy Online Controlled Experiments. Cambridge University Press, 2020.
# - I. Bojinov, D. Simchi-Levi, J. Zhao: Design and Analysis of Switchback Experiments. Management Science 69, 2023.
# - Y. Saito, S. Aihara, M. Matsutani, Y. Narita: Open Bandit Dataset and Pipeline. 2020.
