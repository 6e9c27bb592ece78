# %% [markdown] name="title"
# # 14 · Challenge 5: what customers do
#
# **After this lesson you can** turn a shop's log into numbers that a manager may act on: a funnel, retention,
# RFM, the conversion of the last days, and an A/B test. For each you can name the way it usually lies.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 45 + 30 | middle | SQL, pandas, what a confidence interval is | "The total CTR fell. Is the home page worse?", "How do you compare this week's conversion with last week's?", "Significant on day 3: do we stop the test?" |
#
# Four cells wait for your code: replace the dots, run, read the verdict. `hint("14.1", 1)` helps, and so do
# levels 2 and 3. The first run makes a larger table of the shop; that takes some seconds.

# %% name="imports"
import tempfile

import duckdb
import numpy as np
import pandas as pd
from scipy import stats

from course_utils.datasets import load
from course_utils.evidence import claim, evidence
from course_utils.exercises import check, hint, solution
from course_utils.behaviour import random_assignments, ratio, ratio_difference
from course_utils.notebook import figure, forest, show
from course_utils.shop import Shop

# %% [markdown] name="article"
# ## What the article says
#
# *"User-behaviour analysis: how do we analyse customers' purchases and preferences, to support operating
# decisions?"* One sentence, no answer.
#
# The article lists five challenges and never returns to two of them, search and reviews. Behaviour comes back
# only as coding exercise 3, which *predicts* a customer's next action: lesson 52, still to come. The article does
# not say which challenge that exercise serves. Operating decisions also need what a prediction does not give:
# counts that can be trusted. They are the subject here. The shop is simulated, so next to most numbers stands
# the truth.

# %% [markdown] name="sitting-1"
# ## Sitting 1 · Counts that can be trusted
#
# Who gets how far, who comes back, whom to write to, and two comparisons that need care.

# %% [markdown] name="parquet"
# ## One query, two sizes
#
# The log has one row for each **impression**: one product shown to one customer. **Parquet** stores a table
# column by column, so a query reads the columns that it names and no others. **DuckDB** runs SQL on such files
# inside Python.
#
# A **funnel** counts who gets how far: shown, clicked, in the cart, bought. **CTR** is clicks per impression,
# **CVR** purchases per click.

# %% name="parquet-run"
folder = tempfile.TemporaryDirectory()
logs = {"small": load("impressions").head(10_000), "full": load("impressions", size="full")}
files = {size: f"{folder.name}/{size}.parquet" for size in logs}
for size, file in files.items():
    logs[size].to_parquet(file)

con = duckdb.connect(config={"threads": 1})
FUNNEL = """
    SELECT scenario, count(*) AS impressions,
        count(*) FILTER (click = 1) AS clicks,
        count(*) FILTER (cart = 1) AS carts,
        count(*) FILTER (purchase = 1) AS purchases,
        round(100 * avg(click), 1) AS ctr_percent,
        round(100 * avg(purchase) FILTER (click = 1), 1) AS cvr_percent
    FROM read_parquet($file) GROUP BY scenario ORDER BY impressions DESC"""
funnels = {size: con.execute(FUNNEL, {"file": file}).df() for size, file in files.items()}
for size, table in funnels.items():
    print(f"{size}: {table['impressions'].sum():,} rows")
    print(table.to_string(index=False), "\n")

# %% [markdown] name="customers"
# The query does not change with the size, here a hundred times more rows, of a larger shop. The small table's
# CVR in the cart does: it rests on few clicks.
#
# **Predict first.** In the large table one impression in a hundred ends in a purchase. What share of the
# *customers* who were shown something bought something: 1 %, 10 % or more than half?

# %% name="customers-run" tags=["after-guess"]
con.execute(f"CREATE VIEW impressions AS FROM '{files['full']}'")
con.sql("""
    WITH customers AS (
        SELECT user_id, max(click) AS click, max(cart) AS cart, max(purchase) AS purchase
        FROM impressions GROUP BY user_id)
    SELECT count(*) AS seen, count(*) FILTER (click = 1) AS clicked,
        count(*) FILTER (cart = 1) AS put_in_cart, count(*) FILTER (purchase = 1) AS bought
    FROM customers""").df()

# %% [markdown] name="customers-why" tags=["after-guess"]
# More than half: a customer has 268 impressions on average. Say with every funnel what it counts.

# %% [markdown] name="task-1-text"
# ### Task 14.1 · A funnel of customers (6 minutes)
#
# Write `funnel(file)`. `file` is the path of a Parquet file with the columns `scenario` and `user_id` (text),
# `click`, `cart` and `purchase` (0 or 1, each counted by itself), one row an impression.
#
# Return a dictionary: scenario -> `(seen, clicked, carted, bought)`, four exact counts of **different** customers
# in that scenario. A customer who visits two scenarios counts in both. A scenario where nobody clicked stays,
# with zeros. A file without rows gives `{}`.
#
# For the rows `("home", "7", 1, 0, 0)`, `("home", "7", 1, 1, 0)`, `("home", "8", 0, 0, 0)` it returns `{"home":
# (2, 1, 1, 0)}`. Use DuckDB (`con.execute(sql, {"file": file}).fetchall()` gives tuples; `con` may be made
# inside: `duckdb.connect()`), or `pd.read_parquet`.


# %% name="task-1"
def funnel(file):
    ### BEGIN SOLUTION
    rows = duckdb.execute(
        """
        SELECT scenario, count(DISTINCT user_id),
            count(DISTINCT user_id) FILTER (click = 1),
            count(DISTINCT user_id) FILTER (cart = 1),
            count(DISTINCT user_id) FILTER (purchase = 1)
        FROM read_parquet($file) GROUP BY scenario""",
        {"file": file},
    ).fetchall()
    return {scenario: tuple(counts) for scenario, *counts in rows}
    ### END SOLUTION


check("14.1", funnel)

# %% [markdown] name="sessions"
# ## Visits and the calendar
#
# A **session** is one visit. Real logs have time stamps only, so a session is cut where a customer was silent
# for too long. Our log knows the true sessions. Which silence is right?
#
# **Predict first.** Wednesday and Thursday have the most visits below. Do customers prefer them?

# %% name="sessions-run" tags=["after-guess"]
SESSIONS = """
    WITH lists AS (SELECT DISTINCT user_id, timestamp FROM impressions),
    silences AS (
        SELECT timestamp - lag(timestamp) OVER (PARTITION BY user_id ORDER BY timestamp) AS silence
        FROM lists)
    SELECT count(*) FROM silences WHERE silence IS NULL OR silence > $seconds"""
for minutes in [2, 5, 10, 30, 120]:
    found = con.execute(SESSIONS, {"seconds": 60 * minutes}).fetchall()[0][0]
    print(f"silence of {minutes:>3} minutes: {found:,} sessions")
print("true:", f"{con.sql('SELECT count(DISTINCT session) FROM impressions').fetchall()[0][0]:,}")

calendar = con.sql("""
    WITH visits AS (
        SELECT min(weekday) AS weekday, min(timestamp) // 86400 AS date FROM impressions GROUP BY session)
    SELECT weekday, count(*) AS visits, count(DISTINCT date) AS days
    FROM visits GROUP BY weekday ORDER BY weekday""").df()
calendar.insert(0, "day", ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
calendar["visits_a_day"] = calendar["visits"] // calendar["days"]
print(calendar.drop(columns="weekday").to_string(index=False))
hours = con.sql("SELECT hour, count(DISTINCT session) FROM impressions GROUP BY ALL").fetchall()
print("busiest hour:", max(hours, key=lambda one: one[1]), " 4 o'clock:", dict(hours)[4])

# %% [markdown] name="sessions-why" tags=["after-guess"]
# Between 10 and 30 minutes the count hardly moves and is right within one percent: look for such a flat place
# in your own log. Too short a silence cuts a visit in three.
#
# Nobody prefers Wednesday. The log is 135 days long and holds one Wednesday and one Thursday more. Per day the
# week is flat, as the simulator made it (the last Thursday is cut off, hence 245); the hours of the day are
# not. A real shop also has holidays, and customers in more than one time zone.

# %% [markdown] name="cohorts"
# ## Who comes back?
#
# A **cohort** is a group of customers with the same first week. Its **retention** is the share that is back
# some weeks later. Managers read such a table from top to bottom: are our newer customers worse? (Time stamps
# are in seconds; the log begins at 1,735,689,600, which is 1 January 2025, and a week has 604,800.)
#
# **Predict first.** In our simulated shop each customer visits at a rate of their own that never changes. Are
# all rows of the table equal, does each row fall from left to right, or each column from top to bottom?

# %% name="cohorts-run" tags=["after-guess"]
COHORTS = """
    WITH weeks AS (SELECT DISTINCT user_id, (timestamp - 1735689600) // 604800 AS week FROM impressions),
    cohorts AS (SELECT *, min(week) OVER (PARTITION BY user_id) AS cohort FROM weeks)
    SELECT cohort, week - cohort AS weeks_later, count(*) AS customers
    FROM cohorts WHERE week < 19 GROUP BY ALL"""
cohorts = con.execute(COHORTS).df().pivot(index="cohort", columns="weeks_later", values="customers")
retention = cohorts.div(cohorts[0], axis=0)
active = con.sql("""
    SELECT (timestamp - 1735689600) // 604800 AS week, count(DISTINCT user_id) AS customers
    FROM impressions GROUP BY week HAVING week < 19 ORDER BY week""").df()["customers"]
shown = retention.loc[[0, 2, 4, 8, 16], [1, 2, 3, 4]].round(2)
print(shown.assign(customers=cohorts.loc[shown.index, 0].astype(int)).to_string(na_rep=""))

# %% name="cohorts-picture" tags=["after-guess", "folded"]
# The picture: retention of four cohorts, and the customers of each week.
fig, axes = figure(ncols=2, height=3.0)
for cohort, shade in [(0, 1.0), (2, 0.75), (4, 0.5), (8, 0.3)]:
    line = retention.loc[cohort].loc[1:10]
    axes[0].plot(line.index, line, color="C1", alpha=shade)
    axes[0].annotate(
        f"first seen in week {cohort}",
        (10, line.loc[4:].mean()),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
    )
axes[0].set(
    title="Retention: newer looks worse",
    xlabel="weeks later",
    ylabel="share back",
    ylim=(0, 0.6),
    xlim=(1, 16),
    xticks=range(1, 11, 3),
)
axes[1].plot(range(19), active, color="C0")
axes[1].set(
    title="Customers a week: nothing happens",
    xlabel="week",
    ylabel="different customers",
    ylim=(0, 1400),
    xticks=range(0, 19, 6),
)
show(
    fig,
    alt="Left: retention of four cohorts over ten weeks; each line is flat, that of week 0 near 0.47, of week 2 near "
    "0.28, of week 4 near 0.22, of week 8 near 0.12. Right: different customers a week, flat near 1,165 for 19 weeks.",
)

# %% [markdown] name="cohorts-why" tags=["after-guess"]
# Each line is flat, and each newer one lies lower, though nobody changed. A log has a beginning: who comes
# often is seen in the first week, who comes rarely turns up later. So "first seen" sorts customers by how often
# they come. Use the day on which they *joined*. If there is none, dropping the first months helps only where
# most of those first seen later are new; here nobody is, and weeks 8 and 16 still look worse than week 4. And
# leave out the week that is not over (`week < 19`): it would look like a loss.

# %% [markdown] name="rfm"
# ## Whom to write to?
#
# The mailing goes to a fifth of the customers. **RFM** gives each customer 1 to 5 points, a fifth of the
# customers each, for *recency* (days since the last purchase), *frequency* (purchases) and *money* (spent), and
# adds them. It is decades old and needs no model. We score on the purchases of January to November, and ask for
# the order of December's spending. **Spearman's correlation** compares two orders: 1 the same, 0 unrelated.
#
# **Predict first.** Nobody ever leaves our shop. Does recency help?


# %% name="rfm-run" tags=["after-guess"]
def fifths(values):
    return np.ceil(5 * values.rank(method="first") / len(values))


def rfm(shop, all_year=False):
    """Spearman's correlation of each score with what the customer spends in December."""
    bought = shop.purchases.merge(shop.products[["product_id", "price"]], on="product_id")
    days = shop.users.set_index("user_id")["tenure_days"].clip(upper=366)
    if all_year:
        bought = bought[bought["user_id"].map(days) == 366]
    december = bought["timestamp"] >= 1_733_011_200
    past, spent = bought[~december].groupby("user_id"), bought[december].groupby("user_id")
    money = past["price"].sum()
    r, f, m = fifths(past["timestamp"].max()), fifths(past.size()), fifths(money)
    scores = {"R": r, "F": f, "M": m, "F + M": f + m, "R + F + M": r + f + m}
    scores["money a day"] = money / (days.loc[money.index] - 31)
    spent = spent["price"].sum().reindex(money.index, fill_value=0)
    return {name: stats.spearmanr(score, spent).statistic for name, score in scores.items()}


first = Shop(1)
orders = pd.DataFrame({"all customers": rfm(first), "there all year": rfm(first, all_year=True)})
print(orders.round(2).to_string())

# %% [markdown] name="rfm-why" tags=["after-guess"]
# For all customers recency helps; for those who were there all year it does harm. The reason is not loyalty but
# our simulator: it gives everybody about as many purchases in 2024, whenever they joined, so who joined in
# October packs them into three months. Such a customer has bought little so far and buys a lot in December, and
# recency is the only letter that notices. Do not carry the size of this effect to a real shop. *Money a day*,
# spending divided by the days since joining, says it outright; it knows the day of joining, which RFM does not.
# Before you add up scores, ask how long each customer could have been counted. (Five shops are asked below.)

# %% [markdown] name="delay"
# ## The conversion of the last days
#
# The dashboard shows purchases per click, day by day, as known tonight.
#
# **Predict first.** The chance to buy after a click is the same on all days. What does the dashboard show for
# the last three days: the same, noise, or a fall?


# %% name="delay-run" tags=["after-guess"]
def conversion(clicks, now, first_day=3, last_day=0):
    """CVR of the clicks of some days before now: as known, corrected, as it became, in truth."""
    age = (now - clicks["timestamp"]) / 3600
    delay = clicks["hours_to_purchase"]
    # How purchases come in: from clicks whose 30 days are over.
    curve = np.sort(delay[(age >= 720) & delay.notna()])
    here = (age >= 24 * last_day) & (age < 24 * first_day)
    known = delay[here] <= age[here]
    arrived = np.searchsorted(curve, age[here], side="right") / len(curve)
    return {
        "known": known.mean(),
        "corrected": known.sum() / arrived.sum(),
        "became": clicks["purchase"][here].mean(),
        "truth": clicks["p_purchase_given_click"][here].mean(),
    }


clicks = con.sql("SELECT * FROM impressions WHERE click = 1").df()
now = clicks["timestamp"].max()
spans = [(30, 24), (24, 18), (18, 12), (12, 6), (6, 3), (3, 0)]
tonight = pd.DataFrame([conversion(clicks, now, *span) for span in spans])
tonight.index = [f"{a} to {b} days ago" for a, b in spans]
print((100 * tonight).round(1).to_string())

waited = clicks["hours_to_purchase"].dropna()
for hours, name in [(1, "an hour"), (24, "a day"), (168, "a week")]:
    print(f"purchases within {name} of the click: {(waited <= hours).mean():.0%}")

# %% name="delay-picture" tags=["after-guess", "folded"]
# The picture: purchases per click by the age of the click, over 23 nights.
nights = now - 86_400 * np.arange(0, 90, 4)
ages = np.arange(14)
mean = 100 * pd.DataFrame(
    [
        pd.DataFrame([conversion(clicks, night, age + 1, age) for night in nights]).mean()
        for age in ages
    ]
)
fig, axes = figure(height=2.9)
for name, color, style, label, shift in [
    ("known", "C1", "-", "known", 0),
    ("corrected", "C0", "-", "corrected", 9),
    ("truth", "C6", "--", "true probability", -9),
]:
    axes.plot(-ages, mean[name], color=color, linestyle=style, linewidth=1.8)
    axes.annotate(
        label,
        (0, mean[name][0]),
        xytext=(6, shift),
        color=color,
        va="center",
        textcoords="offset points",
    )
axes.set(
    title="The fall of the last days is not there (mean of 23 nights)",
    xlabel="days before the night",
    ylim=(0, 11),
    ylabel="purchases per 100 clicks",
    xlim=(-13, 2.6),
    xticks=range(-12, 1, 3),
)
show(
    fig,
    alt="Purchases per 100 clicks by age of the click, mean of 23 nights. Known that night: about 9 for old clicks, falling "
    "to about 6 on the last day. Corrected stays near 9 at all ages, as the true probability does.",
)

# %% [markdown] name="delay-why" tags=["after-guess"]
# A fall. Four purchases in ten come later than an hour after the click, some after a week: for young clicks
# they are still out. This is **right censoring**: we see "not bought *yet*" and write "not bought". Two ways
# out. *Wait*: count only clicks older than a window, and only purchases inside it. *Correct*: divide the known
# purchases by the share that should have arrived by now, learnt from old clicks (`arrived`). A model trained on
# tonight's labels learns the fall as well.
#
# In the table's last row the correction lands above what came, 9.1 against 8.4: one night is few purchases.
# Over 23 nights it agrees with the truth, and five shops are asked below.

# %% [markdown] name="task-2-text"
# ### Task 14.2 · Conversion that may be compared (6 minutes)
#
# Write `conversion_within(clicks, now, window)`. `clicks` is a frame with one row a click, in any order, with any
# index, or without rows: `timestamp` (of the click, in **seconds**) and `hours_to_purchase` (0 or more, NaN if
# there is no purchase). `now` is in seconds, `window` in **hours**, such as 24, 1.5 or 0.5.
#
# Among the clicks that are at least `window` hours old at `now`, return the share that bought at most `window`
# hours after the click, not rounded. Clicks after `now` do not count. Return `None` if no click is old enough.
#
# With `now=7200, window=1`: clicks at 0, 3600, 3601 with hours 0.5, 2, 0.1: the third is too young, the second
# bought too late. The result is 0.5.


# %% name="task-2"
def conversion_within(clicks, now, window):
    ### BEGIN SOLUTION
    old = clicks[clicks["timestamp"] + 3600 * window <= now]
    if old.empty:
        return None
    return float((old["hours_to_purchase"] <= window).mean())
    ### END SOLUTION


check("14.2", conversion_within)

# %% [markdown] name="simpson"
# ## The total against its parts
#
# Two segments: tech fans and retirees. A manager compares their total CTR to choose whom the home page should
# please.
#
# **Predict first.** Tech fans click more often in the home feed, in search, *and* in the cart. Who has the
# higher total?

# %% name="simpson-run" tags=["after-guess"]
segments = con.sql("""
    SELECT segment, scenario, count(*) AS impressions, 100 * avg(click) AS ctr,
        100 * avg(p_click) AS truth
    FROM impressions WHERE segment IN ('tech fan', 'retiree')
    GROUP BY GROUPING SETS ((segment, scenario), (segment))""").df()
segments["scenario"] = segments["scenario"].fillna("total")
by_scenario = segments.pivot(index="scenario", columns="segment")
by_scenario = by_scenario.loc[["home", "search", "cart", "total"]]
parts = by_scenario.iloc[:3]
share = parts["impressions"] / parts["impressions"].sum()
columns = {"CTR %": by_scenario["ctr"], "true CTR %": by_scenario["truth"], "share %": 100 * share}
table = pd.concat(columns, axis=1).loc[by_scenario.index]
print(table.round(1).to_string(na_rep=""))

at_the_same_mix = (share["tech fan"] * parts["ctr"]["retiree"]).sum()
print(f"\nretirees, if they used the scenarios as tech fans do: {at_the_same_mix:.1f} %")

# %% [markdown] name="simpson-why" tags=["after-guess"]
# Retirees. Three in ten of their impressions are search results, where everybody clicks more; of the tech fans'
# impressions one in twenty. This is **Simpson's paradox**: the total mixes rates with *shares*, and only the
# rates say who likes the page. The same happens between two weeks: a campaign that brings searchers moves the
# total, and no scenario changed. Compare at the same mix, or split the change in two.

# %% [markdown] name="task-3-text"
# ### Task 14.3 · Mix and rate (7 minutes)
#
# Write `mix_and_rate(before, after)`. Both are dictionaries: scenario -> `(impressions, clicks)`. Return two
# numbers `(mix, rate)`, not rounded, that add up to the change of the total CTR, after minus before:
#
# - `rate`: over the scenarios, the sum of (change of the CTR) × (mean of the two shares of impressions);
# - `mix`: over the scenarios, the sum of (change of the share) × (mean of the two CTRs).
#
# A scenario that is missing on one side, or has 0 impressions there, has the share 0 there, and the CTR of the
# other side. A scenario without impressions on both sides adds nothing. On each side there is at least one
# impression.
#
# `before = {"home": (900, 90), "search": (100, 20)}`, `after = {"home": (500, 55), "search": (500, 110)}`: the
# CTR rises from 0.11 to 0.165, and the result is `(0.042, 0.013)`.


# %% name="task-3"
def mix_and_rate(before, after):
    ### BEGIN SOLUTION
    shown_before = sum(impressions for impressions, _ in before.values())
    shown_after = sum(impressions for impressions, _ in after.values())
    mix = rate = 0.0
    for scenario in before | after:
        n0, c0 = before.get(scenario, (0, 0))
        n1, c1 = after.get(scenario, (0, 0))
        if n0 == n1 == 0:
            continue
        ctr0 = c0 / n0 if n0 else c1 / n1
        ctr1 = c1 / n1 if n1 else c0 / n0
        share0, share1 = n0 / shown_before, n1 / shown_after
        rate += (ctr1 - ctr0) * (share0 + share1) / 2
        mix += (share1 - share0) * (ctr0 + ctr1) / 2
    return mix, rate
    ### END SOLUTION


check("14.3", mix_and_rate)

# %% [markdown] name="end-1"
# **End of sitting 1.** You can now count customers, read a cohort table, and compare conversions of equal age and
# CTRs of equal mix. Sitting 2 asks whether a new page is better: the test, and four ways to be fooled by it.

# %% [markdown] name="ab"
# ## Sitting 2 · Is the new page better?
#
# This sitting uses the log and functions of sitting 1: after a break, run all cells above first.
#
# Only a randomised test can say. Each customer is given one of two pages by a **hash** of their id and the
# test's name: a number that looks random, but is the same at each visit, on each server. `random_assignments`
# returns 512 such bits a customer: one is the test, and all together are 512 tests on the same people.
#
# Before the test comes the **A/A test**: two equal pages. With z, the difference of the two CTRs divided by its
# standard error,
# |z| > 1.96 is an alarm, and should come in 5 % of A/A tests, 26 of 512.
#
# **Predict first.** With a million impressions, taken one by one: how many of 512 A/A tests give an alarm?

# %% name="aa-run" tags=["after-guess"]
users = con.sql("""
    SELECT user_id, count(*) AS rows, count(*) FILTER (click = 1) AS clicks, max(purchase) AS bought
    FROM impressions GROUP BY user_id ORDER BY user_id""").df()


def row_error(rows, clicks, treated):
    """Standard error of a difference of two rates as if impressions were independent."""
    new = rows.to_numpy() @ treated
    rate = clicks.sum() / rows.sum()
    return np.sqrt(rate * (1 - rate) * (1 / new + 1 / (rows.sum() - new)))


pages = random_assignments(users["user_id"], "new page")
pages_gap, by_user = ratio_difference(users["rows"], users["clicks"], pages)
by_row = row_error(users["rows"], users["clicks"], pages)
for name, error in [("impressions", by_row), ("customers", by_user)]:
    alarms = np.abs(pages_gap / error) > 1.96
    print(f"independent {name:<12} {alarms.sum():>3} of {alarms.size} A/A tests give an alarm")

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
# Nearly half. The 268 impressions of one customer are no 268 independent voices: this customer clicks a lot,
# that one rarely.

# %% [markdown] name="delta"
# The unit that was randomised is the unit that counts. The **delta method** keeps it: with
# $n_u$ impressions and $c_u$ clicks of customer $u$, $n$ customers, $N=\sum n_u$ and $R=\sum c_u/N$,
#
# $$\mathrm{se}(R)^2 = \frac{n}{n-1}\,\frac{\sum_u (c_u - R\,n_u)^2}{N^2}.$$

# %% [markdown] name="task-4-text"
# ### Task 14.4 · A CTR with an honest interval (8 minutes)
#
# Write `ctr_interval(user_ids, clicks)`. Both are lists with one entry an impression: an id (text) and 0 or 1;
# rows of one customer may stand anywhere. Return `(low, high)`: R ± 1.96 se(R) with the formula above, not
# rounded, and not cut at 0 or 1. With fewer than two customers, also with none, there is no interval: raise
# `ValueError`.
#
# `ctr_interval(["a", "a", "b", "b"], [1, 1, 0, 0])`: R is 0.5; each customer is 1 away from R times 2, so se²
# is 2 · (1 + 1) / 16 = 0.25, and the result is (-0.48, 1.48). The formula for independent rows would give
# (0.01, 0.99).


# %% name="task-4"
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


check("14.4", ctr_interval)

# %% [markdown] name="planted"
# ### The test itself, and its power
#
# Now the new page raises every chance of a click by 5 %, which we plant: some impressions without a click get
# one. One test, three intervals for the difference. The **bootstrap** draws customers again and again, with all
# their rows.

# %% name="planted-run"
log = con.sql("SELECT user_id, click, p_click FROM impressions ORDER BY impression").df()
luck = np.random.default_rng(14).random(len(log))


def clicks_with(lift):
    """Clicks of each customer on a page that raises every p(click) by this share."""
    extra = luck < lift * log["p_click"] / (1 - log["p_click"])
    return (log["click"].eq(1) | extra).groupby(log["user_id"]).sum().to_numpy()


rows, old, new, treated = users["rows"].to_numpy(), users["clicks"], clicks_with(0.05), pages[:, 0]
test = ratio_difference(rows, old, pages[:, :1], new)
drawn = np.random.default_rng(0).multinomial(len(rows), np.full(len(rows), 1 / len(rows)), 1000)
boot = drawn @ (treated * new) / (drawn @ (treated * rows))
boot = boot - drawn @ (~treated * old) / (drawn @ (~treated * rows))
gap, wide, narrow = test[0][0], 1.96 * test[1][0], 1.96 * by_row[0]
for name, (low, high) in {
    "impressions": (gap - narrow, gap + narrow),
    "customers, delta": (gap - wide, gap + wide),
    "customers, bootstrap": np.quantile(boot, [0.025, 0.975]),
}.items():
    print(f"{name:<21} {100 * low:+.2f} to {100 * high:+.2f} clicks per 100 impressions")
print(f"{'truth':<21} {100 * 0.05 * log['p_click'].mean():+.2f}")

# %% [markdown] name="power"
# Delta and bootstrap agree; the first interval is two and a half times too short. **Power** is the chance that
# a true lift gives an alarm. Ask it *before* the test. The formula, Φ(difference / se − 1.96) and the same for
# the other side, with Φ the normal distribution, against 512 planted tests:

# %% name="power-run"
error, ctr = by_user.mean(), old.sum() / rows.sum()
for lift in [0.0, 0.02, 0.04, 0.06]:
    z = np.divide(*ratio_difference(rows, old, pages, clicks_with(lift)))
    effect = lift * log["p_click"].mean() / error
    formula = stats.norm.cdf(effect - 1.96) + stats.norm.cdf(-effect - 1.96)
    print(f"true lift {lift:.0%}: alarms {(np.abs(z) > 1.96).mean():.2f}, formula {formula:.2f}")
print(f"found four times in five: a lift of {(1.96 + 0.84) * error / ctr:.1%}")

# %% [markdown] name="srm"
# ### Check the sample ratio first
#
# The new page sets its cookie late: its customers with 30 impressions or fewer are never counted. It changes
# nothing else.
#
# **Predict first.** What does the test say about *customers who bought*?

# %% name="srm-run" tags=["after-guess"]
lost = (users["rows"] <= 30) & treated
for name, here in [("all customers", users.index), ("some never counted", users.index[~lost])]:
    seen, side = users.loc[here], treated[here]
    ones = np.ones(len(seen))
    gap, error = ratio_difference(ones, seen["bought"], side[:, None])
    heads = stats.chisquare([side.sum(), (~side).sum()]).pvalue
    said = "below 0.001" if heads < 0.001 else f"{heads:.2f}"
    print(f"{name:<19} {side.sum():,} new, {(~side).sum():,} old, p of the split {said}")
    print(f"   buyers among them: {100 * gap[0]:+.1f} points, z = {gap[0] / error[0]:.1f}")

# %% [markdown] name="srm-why" tags=["after-guess"]
# A great success, made of missing people: on the new side only the busy customers are counted, and busy
# customers buy. This is a **sample-ratio mismatch**: the assignment was fair, the counts are not. A chi-squared test
# on the two counts finds it. Run it before you look at any result; if its p is tiny (below 0.001, say), the
# result is void, however good it looks.

# %% [markdown] name="peeking"
# ### Peeking
#
# The test runs eight weeks. Somebody looks each day from the seventh on, and stops at the first p below 0.05.
#
# **Predict first.** Two equal pages, the right standard error: in how many tests of 100 is there an alarm on
# *some* day?


# %% name="peeking-run" tags=["after-guess"]
def daily_z(log, salt):
    """|z| of 512 A/A tests at the end of days 7 to 56, [50, 512]."""
    log = log.assign(day=(log["timestamp"] - 1_735_689_600) // 86_400)
    daily = log[log["day"] < 56].groupby(["user_id", "day"])["click"].agg(["size", "sum"])
    rows, clicks = (daily[one].unstack(fill_value=0).cumsum(axis=1) for one in ["size", "sum"])
    sides = random_assignments(rows.index, salt)
    return np.abs([np.divide(*ratio_difference(rows[d], clicks[d], sides)) for d in range(6, 56)])


z = daily_z(con.sql("SELECT user_id, timestamp, click FROM impressions").df(), "peeking")
bound = np.quantile(z.max(axis=0), 0.95)
print(f"alarm on the last day:            {(z[-1] > 1.96).mean():.2f} of the tests")
print(f"alarm on any of {len(z)} days:          {(z > 1.96).any(axis=0).mean():.2f}")
print(f"bound that 95 % of tests never cross: {bound:.1f} instead of 1.96")

# %% name="peeking-picture" tags=["after-guess", "folded"]
# The picture: A/A tests that have raised an alarm, by the day of the test.
fig, axes = figure(height=2.9)
days = np.arange(7, 57)
stopped = 100 * (np.maximum.accumulate(z) > 1.96).mean(axis=1)
axes.plot(days, stopped, color="C1")
axes.plot(days, 100 * (z > 1.96).mean(axis=1), color="C0")
axes.axhline(5, color="C6", linestyle="--", linewidth=1.2)
axes.annotate(
    "alarm so far, looking daily",
    (38, stopped[31]),
    xytext=(0, 8),
    color="C1",
    textcoords="offset points",
    ha="right",
)
axes.annotate("alarm on that day alone", (38, 1.2), color="C0", ha="right")
axes.annotate("promised: 5", (57, 5), va="bottom", color="C6")
axes.set(
    title="False alarms in 100 A/A tests",
    xlabel="day of the test",
    ylim=(0, 25),
    xlim=(6, 67),
    ylabel="tests",
)
show(
    fig,
    alt="Share of A/A tests with an alarm by day of the test. Looking on one day alone it stays near the promised 5 of 100; "
    "looking daily the share that has raised an alarm climbs steadily to about 18 of 100 at day 56.",
)

# %% [markdown] name="peeking-why" tags=["after-guess"]
# Each day is another chance to be wrong. Fix the day before you start; or, if you must look, use a higher
# bound. Ours is learnt from the A/A tests of this shop: 95 % of them never cross it on any of 50 days. Whether it
# serves other shops is the next question.

# %% [markdown] name="five"
# ## Five other shops
#
# Other customers, other products, 200,000 impressions each. The bound comes from the shop of the log above,
# which is none of them. Lesson 00 explains the words of the verdicts. The December rows include the shop of the
# RFM table, so for them only four are new.


# %% name="five-run"
def measure(shop):
    log = shop.log(200_000)
    clicks = log[log["click"] == 1]
    nights = 1_735_689_600 + 86_400 * np.arange(36, 66, 3)
    cvr = pd.DataFrame([conversion(clicks[clicks["timestamp"] < now], now) for now in nights])
    people = log.groupby("user_id")["click"].agg(["size", "sum"])
    sides = random_assignments(people.index, "five")
    gap, error = ratio_difference(people["size"], people["sum"], sides)
    naive = row_error(people["size"], people["sum"], sides)
    z = daily_z(log, "five")
    scores, all_year = rfm(shop), rfm(shop, all_year=True)
    return {
        "CVR of the last 3 days, error": (
            (cvr["known"] - cvr["became"]).abs().mean(),
            (cvr["corrected"] - cvr["became"]).abs().mean(),
        ),
        "A/A alarms, at the end": (
            (np.abs(gap / naive) > 1.96).mean(),
            (np.abs(gap / error) > 1.96).mean(),
        ),
        "A/A alarms, any of 50 days": (
            (z > 1.96).any(axis=0).mean(),
            (z > bound).any(axis=0).mean(),
        ),
        "December, all customers": (scores["F + M"], scores["R + F + M"]),
        "December, there all year": (all_year["F + M"], all_year["R + F + M"]),
        "December, by the day": (scores["R + F + M"], scores["money a day"]),
    }


five = [measure(first if seed == 1 else Shop(seed)) for seed in range(1, 6)]
names = {
    "CVR of the last 3 days, error": ("as known", "corrected", "0"),
    "A/A alarms, at the end": ("impressions", "customers", "0.05"),
    "A/A alarms, any of 50 days": ("bound 1.96", "bound learnt", "0.05"),
    "December, all customers": ("F + M", "R + F + M", "-"),
    "December, there all year": ("F + M", "R + F + M", "-"),
    "December, by the day": ("R + F + M", "money a day", "-"),
}
for row, (baseline, method, ideal) in names.items():
    means = np.mean([one[row] for one in five], axis=0)
    print(f"{row:<30} {baseline:<12} {means[0]:.3f}   {method:<12} {means[1]:.3f}   ideal {ideal}")


# %% name="five-verdict" tags=["folded"]
def asked(show_claim, id, text, row, unit, higher_is_better=False):
    baseline, method = zip(*(one[row] for one in five), strict=True)
    return show_claim(
        f"14.{id}",
        text,
        method,
        baseline,
        pairs="shops",
        unit=unit,
        higher_is_better=higher_is_better,
    )


asked(
    evidence,
    "delay",
    "Corrected, the CVR of the last three days is nearer to the final one than as known",
    "CVR of the last 3 days, error",
    "absolute error",
)
asked(
    evidence,
    "unit",
    "With customers as the unit, A/A tests give fewer false alarms than with impressions",
    "A/A alarms, at the end",
    "share of tests",
)
asked(
    evidence,
    "peeking",
    "Looking daily, the bound learnt in another shop gives fewer false alarms than 1.96",
    "A/A alarms, any of 50 days",
    "share of tests",
)
spending = [
    ("recency", "RFM orders all customers better than F + M", "December, all customers"),
    (
        "recency-full-year",
        "RFM orders customers of a full year better than F + M",
        "December, there all year",
    ),
    ("money-a-day", "Money a day orders customers better than RFM", "December, by the day"),
]
verdicts = [asked(claim, *one, "Spearman's correlation", higher_is_better=True) for one in spending]
forest("How well scores order December's spending", verdicts)

# %% [markdown] name="five-why"
# The correction takes four fifths of the error away; the customer as the unit keeps the promised 5 %. The bound
# learnt in one shop is not as good as promised in five others (0.07), but far better than none. Recency helps
# among all customers and harms among those of a full year; *money a day* beats R + F + M. The December rows
# have no ideal value: much of one month's spending is chance, and we did not compute how much.

# %% [markdown] name="multi-task"
# ## Does multi-task learning help here?
#
# No: nothing in this lesson is predicted by a network, so no model could share anything. But it hands three
# things to those that do. The funnel is a chain of tasks: a purchase needs a click. Tonight's labels are wrong
# for young clicks (*The conversion of the last days*), for every task that waits for a purchase. And scenarios
# differ in their rates (*The total against its parts*), so one average over all of them can hide what each
# does. Lesson 20 starts with the first; lesson 21, on scenarios, is still to come.

# %% [markdown] name="interviews"
# ## How it comes up in interviews
#
# **1. "CTR fell this week, but it rose in every scenario."** The mix moved. Print rate and share by scenario,
# then the rate at the old mix: the table under *The total against its parts*, and task 14.3.
#
# **2. "Conversion has been falling for three days. Alarm?"** Ask how long purchases take. Compare clicks of
# equal age (task 14.2), or correct for what is still out: the table under *The conversion of the last days*
#
# **3. "The test is significant on day 3. Do we stop?"** No, unless the bound was made for daily looking:
# *Peeking*. And ask for the A/A test, the unit of the standard error, and the sizes of the two sides.

# %% [markdown] name="real"
# ## Does it hold on real data?
#
# **Ta Feng** is a real grocery: purchases of four months, no clicks. Cohorts first, with the same meaning of
# "first seen".
#
# **Predict first.** Do newer cohorts look worse here too? And does that prove that customers did not change?

# %% name="real-cohorts" tags=["after-guess", "real-data"]
groceries = load("ta_feng")
visits = groceries[["user_id", "date", "area"]].drop_duplicates(["user_id", "date"])
visits = visits.assign(day=(visits["date"] - visits["date"].min()).dt.days)
real = con.sql("""
    WITH weeks AS (SELECT DISTINCT user_id, day // 7 AS week FROM visits),
    cohorts AS (SELECT *, min(week) OVER (PARTITION BY user_id) AS cohort FROM weeks)
    SELECT cohort, week - cohort AS weeks_later, count(*) AS customers
    FROM cohorts WHERE week < 17 GROUP BY ALL""").df()
real = real.pivot(index="cohort", columns="weeks_later", values="customers")
back = real.div(real[0], axis=0).loc[[0, 1, 2, 4, 8, 12], [1, 2, 3, 4]].round(2)
print(back.assign(customers=real.loc[back.index, 0].astype(int)))

# %% [markdown] name="real-cohorts-why" tags=["after-guess"]
# Newer cohorts look far worse here too. It proves nothing either way: the file begins in November 2000, its
# customers perhaps long before, and no column says who joined when. Nobody knows the truth about this table; in
# our shop we knew it.

# %% [markdown] name="real-areas-text"
# Next: what share of visits is followed by another within 14 days, by the customer's area? The last 14 days are
# too young.

# %% name="real-areas" tags=["real-data"]
visits = visits.sort_values(["user_id", "day"])
next_day = visits.groupby("user_id")["day"].shift(-1)
visits["back"] = next_day - visits["day"] <= 14
last = visits["day"].max()
lines = []
for name, old in [("all visits", visits), ("14 days old", visits[visits["day"] <= last - 14])]:
    rate, _ = ratio(*old.groupby("user_id")["back"].agg(["size", "sum"]).to_numpy().T)
    print(f"back within 14 days, {name}: {rate[0]:.3f}")
for area, one in old.groupby("area"):
    rate, error = ratio(*one.groupby("user_id")["back"].agg(["size", "sum"]).to_numpy().T)
    narrow = np.sqrt(rate * (1 - rate) / len(one))
    lines.append(
        {
            "area": area,
            "visits": len(one),
            "customers": one["user_id"].nunique(),
            "back": rate[0],
            "± by visit": 1.96 * narrow[0],
            "± by customer": 1.96 * error[0],
        }
    )
print(pd.DataFrame(lines).round(3).to_string(index=False))

# %% [markdown] name="real-bandit-text"
# Both traps are here. With the young visits in, the rate is too low. With visits as the unit, the interval of
# each area is about half as wide as it should be. (The area *Unknown* is odd in other ways too: treat it as a
# question of data quality.)
#
# **Open Bandit** is a real test on a fashion site: a random list against one chosen by an algorithm (`bts`).

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
need = 2 * (1.96 + 0.84) ** 2 * (1 - rates["random"]) / (0.1**2 * rates["random"])
print(f"impressions a side to find a lift of 10 %: about {need / 1e6:.1f} million")

# %% [markdown] name="real-bandit-why"
# One interval of three leaves out 0, barely; pooled, the interval holds 0. And they are probably too short: the
# file has no customer id, so impressions had to be the unit, and we cannot measure by how much. Not "the
# algorithm is better", not "it makes no difference": ten thousand impressions a side are far too few, as the
# power formula would have said before.

# %% [markdown] name="recap"
# ## Recap
#
# - One SQL query serves ten thousand rows and a million. Say what it counts: impressions or customers.
# - "First seen" is not "joined": cohorts of a log sort customers by how often they come.
# - Young clicks have not bought *yet*. Wait for a window, or correct.
# - A total mixes rates with shares. Compare at the same mix.
# - The unit that was randomised is the unit that counts. A/A test, power, sample ratio, then one test at the end.
#
# **Three follow-up questions**, and where they are answered above
#
# 1. *How many customers does the test need?* *The test itself, and its power*: from the standard error by
#    customer, before the start.
# 2. *Why not randomise impressions?* The impression would then be the right unit of the error. But each customer
#    would see both pages, so nothing that belongs to a customer, such as who bought, could be compared:
#    *Is the new page better?*
# 3. *Is a cohort that returns less a worse cohort?* *Who comes back?* Not if it is only first seen later.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | E5 | lists user behaviour as a challenge, answers with a prediction only | count first: funnel, cohorts, delay, mix, test |
# | E85 | does not say which exercise serves which challenge | this one: lesson 52, coding exercise 3 |
#
# **References**
#
# - A. Deng, U. Knoblich, J. Lu: Applying the Delta Method in Metric Analytics: A Practical Guide with Novel
#   Ideas. KDD 2018.
# - R. Kohavi, D. Tang, Y. Xu: Trustworthy Online Controlled Experiments. Cambridge University Press, 2020.
# - A. Fabijan and others: Diagnosing Sample Ratio Mismatch in Online Controlled Experiments. KDD 2019.
# - R. Johari, P. Koomen, L. Pekelis, D. Walsh: Peeking at A/B Tests. KDD 2017.
# - O. Chapelle: Modeling Delayed Feedback in Display Advertising. KDD 2014.
# - P. J. Bickel, E. A. Hammel, J. W. O'Connell: Sex Bias in Graduate Admissions: Data from Berkeley. Science
#   187, 1975.
# - P. S. Fader, B. G. S. Hardie, K. L. Lee: RFM and CLV: Using Iso-Value Curves for Customer Base Analysis.
#   Journal of Marketing Research 42(4), 2005.
# - Y. Saito, S. Aihara, M. Matsutani, Y. Narita: Open Bandit Dataset and Pipeline. 2020.
