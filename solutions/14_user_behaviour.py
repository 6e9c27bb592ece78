# %% [markdown] name="title" question_zh="报表上的数字很吓人：是用户变了，还是口径的问题？" interview_zh="总体 CTR 跌了，是首页变差了吗？"
# # 14 · Challenge 5: logs that lie
#
# > The dashboard looks alarming: is it the customers, or the way they were counted?
#
# **After this lesson you can** turn a shop's log into numbers that a manager may act on: a funnel, retention,
# RFM, the conversion of the last days. For each you can name the way it usually lies, and find the hole in a real file.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 50 + 40 + 35 | middle | SQL with window functions, pandas | "The total CTR fell. Is the home page worse?", "How do you compare this week's conversion with last week's?", "Our newer customers return less. Why?" |
#
# Four cells wait for your code: replace the dots, run, read the verdict. `hint("14.1", 1)` helps, and so do
# levels 2 and 3. What follows a *Predict first* is closed until you run it.

# %% name="imports"
import tempfile

import duckdb
import numpy as np
import pandas as pd

from course_utils.behaviour import ratio_difference
from course_utils.datasets import load
from course_utils.evidence import claim, evidence
from course_utils.exercises import check, hint, solution
from course_utils.notebook import figure, forest, show
from course_utils.shop import Shop

# %% [markdown] name="article"
# ## What the article says
#
# *"User-behaviour analysis: how do we analyse customers' purchases and preferences, to support operating
# decisions?"* One sentence, no answer. Behaviour returns only as coding exercise 3, which *predicts* a customer's
# next action: lesson 52. Operating decisions also need what a prediction does not give: counts that can be
# trusted. They are the subject here; whether a change was worth it is lesson 16. The shop is simulated, so next to
# most numbers stands the truth.

# %% [markdown] name="headlines"
# ## Sitting 1 · Three headlines
#
# Monday's report has three lines. The log has one row for each **impression**: one product shown to one customer. **CTR** is
# clicks per impression, **CVR** purchases per click. **Parquet** stores a table column by column, so a query reads the columns that it
# names and no others; **DuckDB** runs SQL on such files inside Python.

# %% name="headlines-run"
folder = tempfile.TemporaryDirectory()
logs = {"small": load("impressions").head(10_000), "full": load("impressions", size="full")}
files = {size: f"{folder.name}/{size}.parquet" for size in logs}
for size, file in files.items():
    logs[size].to_parquet(file)
con = duckdb.connect(config={"threads": 1})
con.execute(f"CREATE VIEW impressions AS FROM '{files['full']}'")

CTR = "SELECT segment, round(100 * avg(click), 1) FROM impressions GROUP BY segment"
ctr = dict(con.sql(CTR).fetchall())
CVR = """
    WITH known AS (SELECT *, max(timestamp) OVER () - timestamp AS age FROM impressions WHERE click = 1)
    SELECT age < 3 * 86400 AS young, round(100 * avg(coalesce(3600 * hours_to_purchase <= age, false)::INT), 1)
    FROM known WHERE age < 30 * 86400 GROUP BY young"""
cvr = dict(con.sql(CVR).fetchall())
BACK = """
    WITH weeks AS (SELECT DISTINCT user_id, (timestamp - 1735689600) // 604800 AS week FROM impressions),
    firsts AS (SELECT *, min(week) OVER (PARTITION BY user_id) AS first FROM weeks)
    SELECT first, round(100 * count(*) FILTER (week = first + 4) / count(*) FILTER (week = first))
    FROM firsts GROUP BY first"""
back = dict(con.sql(BACK).fetchall())
print(f"1. Retirees like our pages better: CTR {ctr['retiree']} %, tech fans {ctr['tech fan']} %.")
print(
    f"2. Conversion falls: {cvr[False]} % in the month before, {cvr[True]} % in the last three days."
)
print(
    f"3. New customers are worse: {back[0]:.0f} % of week 0 are here four weeks later, {back[8]:.0f} % of week 8."
)

# %% [markdown] name="headlines-why"
# Each number is counted correctly. Does each sentence follow from it? That is the subject of this lesson, in the
# order 2, 1, 3. First: what is counted at all?

# %% [markdown] name="parquet"
# ## One query, two sizes
#
# A **funnel** counts who gets how far: shown, clicked, in the cart, bought.

# %% name="parquet-run"
FUNNEL = """
    SELECT scenario, count(*) AS impressions,
        count(*) FILTER (click = 1) AS clicks,
        count(*) FILTER (cart = 1) AS carts,
        count(*) FILTER (purchase = 1) AS purchases,
        round(100 * avg(click), 1) AS ctr_percent,
        round(100 * avg(purchase) FILTER (click = 1), 1) AS cvr_percent,
        round(100 * avg(p_purchase_given_click) FILTER (click = 1), 1) AS true_cvr
    FROM read_parquet($file) GROUP BY scenario ORDER BY impressions DESC"""
funnels = {size: con.execute(FUNNEL, {"file": file}).df() for size, file in files.items()}
for size, table in funnels.items():
    print(f"{size}: {table['impressions'].sum():,} rows")
    print(table.to_string(index=False), "\n")

# %% [markdown] name="customers"
# The query does not change with the size (the large table is of a larger shop). The small table's
# CVR in the cart does: it rests on few clicks, and the true one (last column) hardly moves.
#
# **Predict first.** In the large table one impression in a hundred ends in a purchase. What share of the
# *customers* who were shown something bought something: 1 %, 10 % or more than half?

# %% name="customers-run" tags=["after-guess"]
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
# Write `funnel(file)`. `file` is the path of a Parquet file (it may hold an apostrophe: give it as a parameter) with the columns `scenario` and `user_id` (text),
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
# Between 10 and 30 minutes the count hardly moves and is right within one percent; too short a silence cuts a visit in three. **By construction
# here:** nobody in this shop is silent for long inside a visit, and nearly all visits lie hours apart. Your log may have no such flat place: draw the
# counts and look.
#
# Nobody prefers Wednesday. The log is 135 days long and holds one Wednesday and one Thursday more. Per day the
# week is flat, as the simulator made it (the last Thursday is cut off, hence 245); the hours of the day are
# not. A real shop also has holidays, and customers in more than one time zone.

# %% [markdown] name="delay"
# ## Headline 2: the conversion of the last days
#
# The dashboard shows purchases per click, day by day, as known tonight.
#
# **Predict first.** What share of all purchases comes later than an hour after the click: 5 %, 20 % or 40 %?


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
# Four purchases in ten come later than an hour after the click, some after a week: for young clicks
# they are still out. This is **right censoring**: we see "not bought *yet*" and write "not bought". Two ways
# out. *Wait*: count only clicks older than a window, and only purchases inside it. *Correct*: divide the known
# purchases by the share that should have arrived by now, learnt from old clicks (`arrived`). A model trained on
# tonight's labels learns the fall as well; Chapelle (KDD 2014) models the delay with the label.
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
# ## Headline 1: the total against its parts
#
# A manager compares the total CTR of two segments to choose whom the home page should please.
#
# **Predict first.** Retirees have the higher total. In how many of the three scenarios (home feed, search, cart)
# do they click more than tech fans: all, two, one or none?

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
both = con.sql("""
    SELECT user_id, scenario, click, segment = 'retiree' AS retired
    FROM impressions WHERE segment IN ('tech fan', 'retiree')""").df()
both = pd.concat([both, both.assign(scenario="total")])
for scenario, one in both.groupby("scenario"):
    each = one.groupby("user_id").agg({"click": ["size", "sum"], "retired": "first"})
    gap, error = ratio_difference(*each["click"].to_numpy().T, each["retired"])
    print(f"{scenario:<6} retirees minus tech fans: {gap[0] / error[0]:+.1f} standard errors")

# %% [markdown] name="simpson-why" tags=["after-guess"]
# None. Three in ten of the retirees' impressions are search results, where everybody clicks more; of the tech fans'
# impressions one in twenty. This is **Simpson's paradox**: the total mixes rates with *shares*, and only the
# rates say who likes the page (the classic case: Bickel and others 1975). The same happens between two weeks: a campaign that brings searchers moves the
# total, and no scenario changed. Compare at the same mix, or split the change in two. The split is Kitagawa's (1955); economists
# call it the Oaxaca-Blinder decomposition.
#
# The log alone could not have said it. By the standard error of lesson 16 (the last lines; each customer's clicks and impressions are one draw), they differ by 0.4 standard errors in total and by 0.9 in the home feed: no difference is shown. In
# search it is 4.1 and in the cart 2.4. Here the true probabilities decide. A headline without an error is a second way to lie.

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
# **End of sitting 1.** You can now count customers, and compare conversions of equal age and
# CTRs of equal mix: two headlines are gone. Sitting 2 takes the third, a mailing, and a file with holes.

# %% [markdown] name="cohorts"
# ## Sitting 2 · Headline 3: who comes back?
#
# This sitting uses the log of sitting 1: after a break, run all cells above first.
#
# A **cohort** is a group of customers with the same first week. Its **retention** is the share that is back
# some weeks later. Managers read such a table from top to bottom. (Time stamps
# are in seconds; the log begins at 1,735,689,600, which is 1 January 2025, and a week has 604,800.)
#
# **Predict first.** We delete the first eight weeks of
# the log and count anew. Week 8, the worst cohort of the headline, is then the first. What is its retention: as before, or that of the old week 0?


# %% name="cohorts-run" tags=["after-guess"]
def cohort_table(weeks, first_week=0, last_week=18):
    """Customers by cohort and weeks later, from a table of user_id and week."""
    query = """
        WITH cohorts AS (
            SELECT *, min(week) OVER (PARTITION BY user_id) AS cohort
            FROM weeks WHERE week BETWEEN $first AND $last)
        SELECT cohort, week - cohort AS weeks_later, count(*) AS customers FROM cohorts GROUP BY ALL"""
    table = con.execute(query, {"first": first_week, "last": last_week}).df()
    return table.pivot(index="cohort", columns="weeks_later", values="customers")


weeks = con.sql(
    "SELECT DISTINCT user_id, (timestamp - 1735689600) // 604800 AS week FROM impressions"
).df()
cohorts, later = cohort_table(weeks), cohort_table(weeks, first_week=8)
retention = cohorts.div(cohorts[0], axis=0)
for name, table, rows in [
    ("all weeks", cohorts, [0, 2, 4, 8, 16]),
    ("from week 8 on", later, [8, 10, 12]),
]:
    shown = table.div(table[0], axis=0).loc[rows, [1, 2, 3, 4]].round(2)
    print(
        f"{name}:\n{shown.assign(customers=table.loc[rows, 0].astype(int)).to_string(na_rep='')}\n"
    )
active = weeks[weeks["week"] < 19].groupby("week")["user_id"].nunique()

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
# That of the old week 0. Each customer of our simulator visits at a rate that never changes; the log has a beginning. Who comes often is seen in the log's first week,
# who comes rarely turns up later, so "first seen" sorts customers by how often they come, whatever week is the first. To drop the first weeks does not help: of the
# shorter log too, each cohort looks worse than the one before. Use the day on which customers *joined*. And leave out the week that is not over (week 19): it would look like a loss.

# %% [markdown] name="rfm"
# ## Whom to write to?
#
# The mailing goes to a fifth of the customers. **RFM** gives each customer 1 to 5 points, a fifth of the
# customers each, for *recency* (days since the last purchase), *frequency* (purchases) and *money* (spent), and
# adds them. It is decades old and needs no model. We score on the purchases of January to November 2024. What counts is
# the share of December's spending that belongs to the fifth who get the mailing: chance gives 20 %, and *oracle*, which knows December, the most that a fifth can have. (Whether the mailing *makes* them spend,
# only an experiment says: lesson 16.)
#
# **Predict first.** Is R + F + M better than F + M? And is there a rival that needs no points?


# %% name="rfm-run" tags=["after-guess"]
def fifths(values):
    return np.ceil(5 * values.rank(method="first") / len(values))


def reached(score, spent, part=5):
    """Share of the spending of the fifth (1 / part) with the highest scores; ties by chance."""
    top = score.sample(frac=1, random_state=0).nlargest(len(score) // part).index
    return spent[top].sum() / spent.sum()


def rfm(bought, cut, observed):
    """Each score's share. bought: user_id, timestamp, price; observed: days before the cut."""
    past, future = bought[bought["timestamp"] < cut], bought[bought["timestamp"] >= cut]
    of = past.groupby("user_id")
    money = of["price"].sum()
    r, f, m = fifths(of["timestamp"].max()), fifths(of.size()), fifths(money)
    scores = {"R": r, "F": f, "M": m, "F + M": f + m, "R + F + M": r + f + m}
    scores |= {"money": money, "money a day": money / observed.loc[money.index].clip(lower=1)}
    spent = future.groupby("user_id")["price"].sum().reindex(money.index, fill_value=0)
    return {name: reached(score, spent) for name, score in (scores | {"oracle": spent}).items()}


def december(shop, all_year=False):
    bought = shop.purchases.merge(shop.products[["product_id", "price"]], on="product_id")
    days = shop.users.set_index("user_id")["tenure_days"].clip(upper=365)
    if all_year:
        bought = bought[bought["user_id"].map(days) == 365]
    return rfm(bought, 1_733_011_200, days - 30)  # the year's last 30 days are December's


first = Shop(1)
shares = {"all customers": december(first), "there all year": december(first, all_year=True)}
(100 * pd.DataFrame(shares)).round(1)

# %% [markdown] name="rfm-why" tags=["after-guess"]
# For customers who were there all year, recency takes a little away, and *money alone*, without points, reaches as much. For all customers one score
# stands out, spending divided by the days since joining. **By construction here:** the simulator gives everybody about as many purchases
# in 2024, whenever they joined, so who joined in October packs them into three months. That is no finding about shops; the same scores are
# asked on a real file below. What carries over is the question to ask before you add up scores: how long could each customer have been counted?

# %% [markdown] name="holes"
# ## A hole in the log
#
# Logs lose rows: a tracker breaks, a partition is not copied. We delete nine in ten of week 8's customers from our log.
#
# **Predict first.** Which cells of the retention table fall: a row, a column, or a diagonal?

# %% name="holes-run" tags=["after-guess"]
kept = np.random.default_rng(14).random(len(weeks)) < 0.1
torn = weeks[(weeks["week"] != 8) | kept]
table = cohort_table(torn).fillna(0)
shown = table.div(table[0], axis=0).loc[[4, 5, 6, 7, 8, 9], [1, 2, 3, 4]].round(2)
sizes = pd.DataFrame({"customers": table[0], "before the loss": cohorts[0]}).loc[shown.index]
print(shown.join(sizes.astype(int)).to_string())
print("customers a week:", *torn.groupby("week")["user_id"].nunique()[4:12])

# %% [markdown] name="holes-why" tags=["after-guess"]
# A diagonal: cohort 4 four weeks later, cohort 5 three weeks later, cohort 6 two, cohort 7 one. Cohort 8 nearly disappears, and some of its
# customers are "first seen" in week 9, which grows from 73 to 84. In a table that is read row by row, each cohort dips once, at another age. So
# count the days before the cohorts.

# %% [markdown] name="task-4-text"
# ### Task 14.4 · Days with a hole (6 minutes)
#
# Write `holes(counts)`. `counts` is a list of whole numbers, maybe empty: the customers of each day, without gaps. Day `i` has the
# weekday `i % 7`. Return the list of all days `i`, rising, on which `counts[i]` is **less than half** of the median of all counts of the same
# weekday, day `i` and zeros included. The median of an even number of counts is the mean of the middle two.
#
# `holes([10, 20, 10, 20, 10, 20, 10, 20, 10, 20, 10, 20, 10, 20, 4, 10])` is `[14]`: day 14 has the weekday 0, whose
# counts are 10, 20 and 4; half of their median is 5. Day 15 (20, 10, 10) is not.


# %% name="task-4"
def holes(counts):
    ### BEGIN SOLUTION
    return [day for day, n in enumerate(counts) if n < np.median(counts[day % 7 :: 7]) / 2]
    ### END SOLUTION


check("14.4", holes)

# %% [markdown] name="five"
# ## Five other shops
#
# Other customers, other products, 200,000 impressions each. Lesson 00 explains the words of the verdicts. The
# December rows include the shop of the RFM table, so for them only four are new.


# %% name="five-run"
nights = 1_735_689_600 + 86_400 * np.arange(36, 66, 3)


def errors(clicks, pace=1.0):
    """Mean error of ten nights' CVRs. pace: the last week's delays, times what they were."""
    rows = []
    for now in nights:
        seen = clicks[clicks["timestamp"] < now]
        times = np.where(seen["timestamp"] > now - 7 * 86_400, pace, 1.0)
        seen = seen.assign(hours_to_purchase=seen["hours_to_purchase"] * times)
        # The rival that waits: what is known of the clicks of 7 to 30 days ago.
        older = conversion(seen, now, 30, 7)["known"]
        rows.append(conversion(seen, now) | {"older": older})
    rows = pd.DataFrame(rows)
    names = ["known", "corrected", "older"]
    return {name: (rows[name] - rows["became"]).abs().mean() for name in names}


shops = [first] + [Shop(seed) for seed in range(2, 6)]
clicks_of = [log[log["click"] == 1] for log in (shop.log(200_000) for shop in shops)]
cvrs = pd.DataFrame([errors(clicks) for clicks in clicks_of])
mailing = pd.DataFrame([december(shop) for shop in shops])
full_year = pd.DataFrame([december(shop, all_year=True) for shop in shops])
print("error of the CVR of the last 3 days:", cvrs.mean().round(3).to_dict())
(100 * pd.DataFrame({"all customers": mailing.mean(), "there all year": full_year.mean()})).round(1)

# %% name="five-verdict" tags=["folded"]
# The verdicts: the correction against two rivals, then the mailing.
for id, text, rival in [
    (
        "delay",
        "Corrected, the CVR of the last three days is nearer to the final one than as known",
        "known",
    ),
    (
        "delay-older",
        "Corrected, it is nearer than the known CVR of the clicks of 7 to 30 days ago",
        "older",
    ),
]:
    evidence(
        f"14.{id}",
        text,
        list(cvrs["corrected"]),
        list(cvrs[rival]),
        pairs="shops",
        unit="absolute error",
        higher_is_better=False,
    )


def reaches(id, text, table, method, rival, pairs="shops"):
    return claim(
        f"14.{id}", text, list(table[method]), list(table[rival]), pairs=pairs, unit="share"
    )


SUM, DAY = "R + F + M", "money a day"
forest(
    "The mailing's share of December's spending",
    [
        reaches(
            "recency", "All customers: R + F + M reaches more than F + M", mailing, SUM, "F + M"
        ),
        reaches(
            "recency-full-year",
            "There all year: R + F + M reaches more than F + M",
            full_year,
            SUM,
            "F + M",
        ),
        reaches(
            "money-a-day",
            "All customers: money a day reaches more than R + F + M",
            mailing,
            DAY,
            SUM,
        ),
        reaches(
            "money-full-year",
            "There all year: money alone reaches more than R + F + M",
            full_year,
            "money",
            SUM,
        ),
    ],
)

# %% [markdown] name="five-why"
# The correction takes four fifths of the error away. Its plain rival waits: it shows the CVR of the clicks of 7 to 30 days ago. Most of the
# gain comes from not reading young clicks at all; the correction halves what is left. Among all customers no difference of recency is
# shown; among those of a full year recency loses, and money alone reaches more than the sum of points.
#
# Two things were told to the simulator, and each may decide a verdict. The delay never changes (nor does the CVR, which helps the rival that waits). And
# nobody ever leaves this shop. Both can be changed in the tables.
#
# ## If the delay changes
#
# The arrival curve comes from clicks older than 30 days. Let the buyers of the last week take a quarter of the time, half, twice or four times as long.
#
# **Predict first.** They take twice as long. Is the correction still nearer than waiting?

# %% name="pace-run" tags=["after-guess"]
paces = {
    pace: pd.DataFrame([errors(clicks, pace) for clicks in clicks_of])
    for pace in (0.25, 0.5, 1.0, 2.0, 4.0)
}
table = pd.DataFrame({f"delay x {pace:g}": rows.mean() for pace, rows in paces.items()}).T
table.round(4)

# %% name="pace-verdict" tags=["after-guess", "folded"]
# The verdicts: the correction against waiting, at four other delays.
forest(
    "Error of the last three days' CVR",
    [
        claim(
            f"14.pace-{100 * pace:.0f}",
            f"Delay x {pace:g}: corrected is nearer than waiting",
            list(paces[pace]["corrected"]),
            list(paces[pace]["older"]),
            pairs="shops",
            unit="absolute error",
            higher_is_better=False,
        )
        for pace in (0.25, 0.5, 2.0, 4.0)
    ],
)

# %% [markdown] name="pace-why" tags=["after-guess"]
# No. At half and at twice the delay no difference is shown; at four times the correction is worse than waiting, and at a quarter too (a verdict that falls when the four are corrected). The correction
# trusts last month's curve, the rival trusts last month's CVR: ask which of the two moves less in your shop. Both beat what is known tonight, but not
# at a quarter of the delay, where nearly everything is known.

# %% [markdown] name="leave"
# ## If customers leave
#
# Recency can only tell something where people stop coming. Take the customers of the full year; let a share of them
# buy nothing more from a random day of 2024 on, and score them as before.
#
# **Predict first.** From which share on does R + F + M reach more than F + M: 10 %, 30 %, 50 %, never?


# %% name="leave-run" tags=["after-guess"]
def december_if(shop, shares):
    """Each score's share of December's spending, if so many of the full-year customers leave."""
    days = shop.users.set_index("user_id")["tenure_days"]
    days = days[days >= 365].clip(upper=365)
    bought = shop.purchases.merge(shop.products[["product_id", "price"]], on="product_id")
    bought = bought[bought["user_id"].isin(set(days.index))]
    rng = np.random.default_rng(14)
    chance, day = rng.random(len(days)), rng.uniform(0, 366, len(days))
    for share in shares:
        last = np.where(chance < share, 1_704_067_200 + 86_400 * day, np.inf)
        stays = bought["timestamp"] < bought["user_id"].map(pd.Series(last, days.index))
        yield share, rfm(bought[stays], 1_733_011_200, days - 30)


rows = [row for shop in shops for row in december_if(shop, [0.1, 0.3, 0.5])]
leaving = {
    share: pd.DataFrame([row for at, row in rows if at == share]) for share in (0.1, 0.3, 0.5)
}
table = pd.DataFrame(
    {"nobody": full_year.mean()} | {f"{s:.0%}": t.mean() for s, t in leaving.items()}
)
(100 * table.loc[["R", "F + M", "money", "R + F + M", "oracle"]]).round(1)

# %% name="leave-verdict" tags=["after-guess", "folded"]
# The verdicts: recency at three shares of leavers.
forest(
    "December's spending, if some leave",
    [
        reaches(
            f"leave-{100 * share:.0f}{short}",
            f"{share:.0%} leave: R + F + M reaches more than {rival}",
            leaving[share],
            SUM,
            rival,
        )
        for rival, short in [("F + M", ""), ("money", "-money")]
        for share in (0.1, 0.3, 0.5)
    ],
)

# %% [markdown] name="leave-why" tags=["after-guess"]
# Of these shares from 30 % on. **That recency loses was built in here**: where nobody leaves and no rate changes, the day of the last purchase repeats the frequency, with
# more noise. With 30 % gone R + F + M reaches two points more than F + M, and more than money alone; with 50 % five points. At 10 % it still loses a point (a verdict that falls when the six are corrected). So before you choose a score, count how many of last year's customers
# returned at all.

# %% [markdown] name="multi-task"
# ## Does multi-task learning help here?
#
# No: nothing in this lesson is predicted by a network. But it hands three things to those that do. The funnel is a chain of tasks: a
# purchase needs a click (lesson 24). Tonight's labels are wrong for young clicks (*Headline 2*), for every task that waits for a
# purchase. And scenarios differ in their rates (*Headline 1*), so one average over all of them can hide what each does (lesson 21).

# %% [markdown] name="cut-2"
# **End of sitting 2.** You know what a cohort, a mailing and a cut file hide, and which results hang on the simulator. Sitting 3: a real grocery.

# %% [markdown] name="real"
# ## Sitting 3 · Does it hold on real data?
#
# This sitting uses functions of the first two: after a break, run all cells above first.
#
# **Ta Feng** is a real grocery: purchases of four months, no clicks. Cohorts first, with the same meaning of
# "first seen".
#
# **Predict first.** Do newer cohorts look worse here too? And is there something else in the picture?

# %% name="real-cohorts" tags=["after-guess", "real-data"]
groceries = load("ta_feng")
visits = groceries[["user_id", "date"]].drop_duplicates()
visits = visits.assign(day=(visits["date"] - visits["date"].min()).dt.days)
real = cohort_table(
    visits.assign(week=visits["day"] // 7)[["user_id", "week"]].drop_duplicates(), 0, 16
)
real_retention = real.div(real[0], axis=0)
shown = real_retention.loc[[0, 1, 2, 4, 8, 12], [1, 2, 3, 4, 5]].round(2)
print(shown.assign(customers=real.loc[shown.index, 0].astype(int)).to_string(na_rep=""))

# %% name="real-cohorts-picture" tags=["after-guess", "folded", "real-data"]
# The picture: retention of cohorts 0 to 11, each cohort divided by its own median.
fig, axes = figure(height=3.6)
seen = real_retention.loc[:11, 1:16]
seen = seen.div(seen.median(axis=1), axis=0).to_numpy(float)
image = axes.imshow(
    seen, cmap="coolwarm", vmin=0, vmax=2, aspect="auto", extent=(0.5, 16.5, 11.5, -0.5)
)
axes.grid(False)
axes.set(
    title="Ta Feng: retention beside each cohort's own median",
    xlabel="weeks later",
    ylabel="first seen in week",
    xticks=[1, 4, 7, 9, 11, 13, 16],
    yticks=range(0, 12, 2),
)
fig.colorbar(image, ax=axes, label="times the median")
show(
    fig,
    alt="Heat map of retention in Ta Feng, cohorts 0 to 11 by weeks later, each row divided by its median. Two dark blue diagonals run from "
    "the top row, at 7 and 9 weeks later, down to the left, and a red one starts at 11 weeks later: the calendar weeks 7, 9 and 11.",
)

# %% [markdown] name="real-cohorts-why" tags=["after-guess"]
# Newer cohorts look worse here too. That proves nothing yet: the file begins in November 2000, its
# customers perhaps long before, and no column says who joined when. But two diagonals are blue, weeks 7 and 9 of the calendar: cohort 4 dips after three weeks, cohort 8 after one.
# You know what makes a diagonal. (A red one is week 11: the rush before the Lunar New Year.)

# %% name="real-holes" tags=["real-data"]
daily = (
    visits.groupby("day")["user_id"].nunique().reindex(range(visits["day"].max() + 1), fill_value=0)
)
usual = daily.groupby(daily.index % 7).transform("median")
dates = pd.Timestamp(visits["date"].min()) + pd.to_timedelta(daily.index, unit="D")
low = pd.DataFrame(
    {"customers": daily.to_numpy(), "of usual": (daily / usual).to_numpy()}, index=dates
)
low["day before"] = low["customers"].shift(1, fill_value=0)
low["day after"] = low["customers"].shift(-1, fill_value=0)
print(low[low["of usual"] < 0.5].round(2).to_string())

# %% [markdown] name="real-holes-why"
# Three kinds of low days. The first is 1 November, where the file begins. 24 and 25 January are the Lunar New Year of 2001; a rush stands before it.
# But 19 to 25 December and 3 to 7 January start from one day to the next (1,022 customers, then 73), without a rush before, and end as they
# began. The file has no note on it.
#
# **Predict first.** Was the shop half closed on these twelve days, or did the file lose rows? Which column could tell?

# %% name="real-ids" tags=["after-guess", "real-data"]
number = visits["user_id"].astype(int)  # all but one are below three million
largest = number[number < 10_000_000].groupby(visits["date"]).max()
print("largest customer number of the day")
for days in ["2000-11-01 2000-12-18 2000-12-19 2000-12-25 2000-12-26",
             "2001-01-02 2001-01-03 2001-01-07 2001-01-08 2001-02-28"]:  # fmt: skip
    print("\n".join(f"  {day}  {largest[day]:>9,}" for day in days.split()))
cut_off = largest[largest < 2_000_000]
print("days below two million:", len(cut_off), " above:", len(largest) - len(cut_off))
print("largest on 19 to 25 December:", f"{cut_off[:7].min():,} to {cut_off[:7].max():,}")
print("largest on 3 to 7 January:   ", f"{cut_off[7:].min():,} to {cut_off[7:].max():,}")

# %% name="real-ids-usual" tags=["after-guess", "real-data"]
LAST = {"19 to 25 December": 355_322, "3 to 7 January": 1_371_116}
for (name, last), span in zip(LAST.items(), [cut_off.index[:7], cut_off.index[7:]], strict=True):
    for side, some in [("up to", number <= last), ("above", number > last)]:
        dates = visits["date"][some]
        a_day = [
            round(dates.isin(span + pd.Timedelta(days=7 * k)).sum() / len(span)) for k in (-1, 0, 1)
        ]
        print(
            f"{name}, numbers {side} {last:,}: {a_day[1]} visits a day; "
            f"the same weekdays a week before {a_day[0]}, a week after {a_day[2]}"
        )


def dip(some):
    """Retention in weeks 7 and 9, over the cohort's own median; mean of cohorts 0 to 5."""
    weeks = some.assign(week=some["day"] // 7)[["user_id", "week"]].drop_duplicates()
    table = cohort_table(weeks, 0, 16)
    table = table.div(table[0], axis=0).loc[:5, 1:16]
    table = table.div(table.median(axis=1), axis=0)
    return {f"week {w}": np.mean([table.loc[c, w - c] for c in range(6)]) for w in (7, 9)}


groups = {"all customers": visits} | {f"up to {n:,}": visits[number <= n] for n in LAST.values()}
pd.DataFrame({name: dip(some) for name, some in groups.items()}).T.round(2)

# %% [markdown] name="real-ids-why" tags=["after-guess"]
# Rows are lost, and the column is the customer's number. On these twelve days, and on no other, the high numbers are missing, from a cut on; customers with low
# numbers came as usual. The shop was open: the files of these days were **cut off in order of the customer number**, seven days near
# 360,000, five near 1,380,000. The last table shows that this, and nothing else, made the two diagonals: among the lowest numbers neither week dips, and up to 1,371,116 only week 7, where they were cut off too.
#
# So this log lies twice. A model learns that nobody shops before Christmas. And **customers with high numbers only look lapsed**, while those with low numbers do
# not: no count of rows shows that. Leave the twelve days out, for everybody.

# %% [markdown] name="real-joined-text"
# The numbers tell one more thing. The largest grows by about 200 a day, so they seem to be given in order of joining: who has a higher number than the first day's largest
# **joined** while the log ran, on the day when the largest passed it.
#
# **Predict first.** Make cohorts of these customers alone, by the week in which they joined. Do newer ones still look worse?

# %% name="real-joined" tags=["after-guess", "real-data"]
new = (number > largest.iloc[0]) & (number < 10_000_000)
first_seen = visits.groupby("user_id")["day"].transform("min") // 7
joined = pd.Series(np.searchsorted(largest.cummax(), number) // 7, visits.index)


def back_in_a_month(cohort, some):
    """Share back in a week, one to four weeks later; the torn weeks 7 and 9 left out."""
    rows = visits.assign(cohort=cohort, week=visits["day"] // 7)[some]
    size = rows.groupby("cohort")["user_id"].nunique()
    later = rows[(rows["week"] - rows["cohort"]).between(1, 4) & ~rows["week"].isin([7, 9])]
    back = later.drop_duplicates(["user_id", "week"]).groupby("cohort").size()
    asked = size * [4 - sum(c < week <= c + 4 for week in (7, 9)) for c in size.index]
    groups = {f"weeks {a} to {b}": slice(a, b) for a, b in [(0, 3), (4, 8), (9, 12)]}
    return {
        name: f"{back.loc[g].sum() / asked.loc[g].sum():.2f} of {size.loc[g].sum():,}"
        for name, g in groups.items()
    }


pd.DataFrame(
    {
        "all, by first seen": back_in_a_month(first_seen, number > 0),
        "new numbers, by first seen": back_in_a_month(first_seen, new),
        "new numbers, by joining": back_in_a_month(joined, new),
    }
)

# %% [markdown] name="real-joined-why" tags=["after-guess"]
# No. By first seen the share falls from 0.25 to 0.09; by joining it stays near 0.15. The fall came with the customers who had joined before the file began: leave them out, and little of it
# is left even by first seen. It was *Headline 3* again: among them "first seen" sorts by how often they come. (The groups are small, a few hundred; and a customer who joined and did
# not come before the file ends is in no row.)

# %% [markdown] name="real-rfm-text"
# Next: what share of visits is followed by another within 14 days? The last 14 days are too young. And the mailing: who spends in February, by
# the purchases before?

# %% name="real-rfm" tags=["real-data"]
visits = visits.sort_values(["user_id", "day"])
visits["back"] = visits.groupby("user_id")["day"].shift(-1) - visits["day"] <= 14
for name, some in [
    ("all visits", visits),
    ("14 days old", visits[visits["day"] <= visits["day"].max() - 14]),
]:
    print(f"back within 14 days, {name}: {some['back'].mean():.3f}")

day = (groceries["date"] - groceries["date"].min()).dt.days
lines = groceries.assign(timestamp=day, price=groceries["revenue"])
lines = lines.groupby(["user_id", "timestamp"], as_index=False)["price"].sum()  # one line a visit
february = (pd.Timestamp("2001-02-01") - groceries["date"].min()).days
parts = np.array_split(np.random.default_rng(0).permutation(np.sort(lines["user_id"].unique())), 5)
table = []
for part in parts:
    some = lines[lines["user_id"].isin(set(part))]
    seen_for = february - some.groupby("user_id")["timestamp"].min()
    table.append(rfm(some, february, seen_for))
table = pd.DataFrame(table)
(100 * table.mean().to_frame("share, %").T).round(1)

# %% name="real-rfm-verdict" tags=["folded", "real-data"]
# The verdicts on fifths of the customers.
forest(
    "Ta Feng: the mailing's share of February's spending",
    [
        reaches(f"real-{id}", text, table, method, rival, pairs="fifths of the customers")
        for id, text, method, rival in [
            ("recency", "R + F + M reaches more than F + M", SUM, "F + M"),
            ("money", "Money alone reaches more than R + F + M", "money", SUM),
            ("a-day", "Money a day since first seen reaches more than money", DAY, "money"),
        ]
    ],
)

# %% [markdown] name="real-target"
# That was one target, February's spending, and one budget, a fifth of the customers. There are others: visits, or customers who come at all;
# and a mailing to a twentieth.
#
# **Predict first.** Which score is best for visits? And does recency lose at each target and budget?

# %% name="real-target-run" tags=["after-guess", "real-data"]
past, future = (
    lines[side] for side in (lines["timestamp"] < february, lines["timestamp"] >= february)
)
of, then = past.groupby("user_id"), future.groupby("user_id")["price"]
money, times = of["price"].sum(), of.size()
r, f, m = fifths(of["timestamp"].max()), fifths(times), fifths(money)
scores = {"F + M": f + m, "R + F + M": r + f + m}
by_money = money.rank(pct=True) / 2  # less than a point
scores |= {
    "F + M, ties by money": f + m + by_money,
    "R + F + M, ties by money": r + f + m + by_money,
    "visits": times,
    "money": money,
}
targets = {"spending": then.sum(), "visits": then.size(), "buyers": then.size().clip(upper=1)}
rows = {}
for part, budget in [(5, "a fifth"), (20, "a twentieth")]:
    for target, values in targets.items():
        values = values.reindex(money.index, fill_value=0)
        rows[budget, target] = {
            name: reached(score, values, part) for name, score in scores.items()
        }
print("customers with the highest F + M:", f"{(f + m == 10).mean():.0%}")
pd.DataFrame(rows).T.round(2)

# %% [markdown] name="real-rfm-why" tags=["after-guess"]
# With the young visits in, the rate was too low, as in *Headline 2*. For **spending, a fifth**, the sum R + F + M loses to F + M and to money alone: recency
# costs two points. The simulator's winner, money a day, loses eight; its divisor is here the days since *first seen*, not since joining.
#
# At other targets another score is best. For visits and for buyers recency costs nothing, and the plain number of visits is ahead of every sum or level with it (no verdict, one file). At a twentieth R + F + M seems to gain, but
# points tie: one customer in nine has the highest F + M, so chance draws the twentieth. With ties broken by money F + M has 0.24 of the spending, R + F + M 0.19.
# Name target and budget first; then the plain count of that very thing is hard to beat.

# %% [markdown] name="interviews"
# ## Interview, with follow-up questions
#
# <!-- bank: me-17 me-18 me-19 -->

# %% [markdown] name="recap"
# ## Recap
#
# The follow-up questions stand above.
#
# - One SQL query serves ten thousand rows and a million. Say what it counts: impressions or customers.
# - Young clicks have not bought *yet*. Wait for a window, or correct.
# - A total mixes rates with shares. Compare at the same mix.
# - "First seen" is not "joined": cohorts of a log sort customers by how often they come.
# - Count the days before you count cohorts, and look at who is missing, not only at how many.
# - Recency pays where customers leave. Name target and budget before you choose a score.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | E5 | lists user behaviour as a challenge, answers with a prediction only | count first: funnel, delay, mix, cohorts, holes; then test (lesson 16) |
# | E85 | does not say which exercise serves which challenge | this one: lesson 52, coding exercise 3 |
#
# **Not here, read this:** bots, events sent twice or late, attribution, one person on several devices, clocks of several zones: chapters 3 and 13 of Kohavi, Tang and Xu. Survival curves and lifetime value: Fader, Hardie and Lee.
#
# **References**
#
# - R. Kohavi, D. Tang, Y. Xu: Trustworthy Online Controlled Experiments. Cambridge University Press, 2020.
# - O. Chapelle: Modeling Delayed Feedback in Display Advertising. KDD 2014.
# - P. J. Bickel, E. A. Hammel, J. W. O'Connell: Sex Bias in Graduate Admissions: Data from Berkeley. Science
#   187, 1975.
# - E. M. Kitagawa: Components of a Difference Between Two Rates. Journal of the American Statistical Association 50, 1955.
# - P. S. Fader, B. G. S. Hardie, K. L. Lee: RFM and CLV: Using Iso-Value Curves for Customer Base Analysis.
#   Journal of Marketing Research 42(4), 2005.
