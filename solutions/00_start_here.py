# %% [markdown] name="title"
# # 00 · Start here
#
# **After this lesson you can** run and check a lesson, say what the course is about in the field's own words,
# and plan your evenings.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 40 | entry | Python | "What is multi-task learning, and what is MMoE?" |
#
# Run each cell with Shift+Enter. The first one takes some seconds.

# %% name="imports"
from importlib.util import find_spec

import pandas as pd

from course_utils.desk import course_map, glossary
from course_utils.datasets import load, verify
from course_utils.desk.doctor import PACKAGES
from course_utils.exercises import check, hint, solution
from course_utils.notebook import figure, show

# %% [markdown] name="ready-text"
# ## Is everything there?

# %% name="ready"
missing = [f"the library {name} is missing" for name in PACKAGES if find_spec(name) is None]
print("\n".join([*missing, *verify()]) or "Everything is there.")

# %% [markdown] name="how"
# If something is missing, `python -m course_utils doctor` in a terminal says what to do.
#
# ## How a lesson works
#
# The same six steps, again and again: a question from a shop; *Predict first*, your guess; a short experiment;
# a picture; three sentences that explain it; a task. The guess matters: what surprised you stays with you.
#
# The shop is simulated. That is its use: we know the truth behind every click, so each lesson can show what no
# model can beat, and what no real shop ever sees. Real data stand beside it at the end.
#
# Here is the first experiment. The shop shows products in three places, its **scenarios**: the home feed, the
# results of a search, and a widget of recommendations beside the cart. 20,000 times a product was shown to a
# customer (an **impression**).
#
# **Predict first.** Where is a product clicked most often when it is shown: home, search or cart? And bought?

# %% name="first"
shown = load("impressions")
counts = shown.groupby("scenario", observed=True)[["click", "purchase"]].agg(["size", "sum"])
table = pd.DataFrame(
    {
        "impressions": counts[("click", "size")],
        "clicks": counts[("click", "sum")],
        "purchases": counts[("purchase", "sum")],
    }
)
table

# %% [markdown] name="first-why"
# Counts do not answer it: the home feed has the most clicks, because it shows the most; and search has the most
# purchases, though it shows less than half as much. You need rates.
#
# ### Task 00.1 · Rates (5 minutes)
#
# Write `rates(shown, happened)`. Both are dictionaries, scenario -> count: how often something was shown, and
# how often something happened.
#
# - Return a dictionary with one entry for each scenario in `shown`: what happened, divided by how often it was
#   shown.
# - A scenario that is missing in `happened` has the rate 0.0. A scenario that was shown 0 times has the rate
#   `None`.
#
# `rates({"home": 200, "cart": 0}, {"home": 10})` is `{"home": 0.05, "cart": None}`.
#
# Replace the dots, run the cell, read the verdict. Try a wrong answer too: divide the other way round, and see
# what it says.


# %% name="task-1"
def rates(shown, happened):
    ### BEGIN SOLUTION
    return {
        scenario: happened.get(scenario, 0) / count if count else None
        for scenario, count in shown.items()
    }
    ### END SOLUTION


check("00.1", rates)

# %% [markdown] name="help"
# Stuck? `hint("00.1", 1)` gives a nudge, 2 and 3 give more. `solution("00.1")` opens once you solved it or
# after three tries. What you solved is remembered in `my/progress.json`; `python -m course_utils status` lists
# it.

# %% name="first-picture" tags=["folded"]
fig, axes = figure(ncols=2, height=2.2)
for panel, (column, title) in zip(
    axes, [("clicks", "clicked, of 100 shown"), ("purchases", "bought, of 100 shown")], strict=True
):
    values = 100 * table[column] / table["impressions"]
    panel.barh(table.index.astype(str), values, color=["C0", "C1", "C2"])
    for place, value in enumerate(values):
        panel.text(value, place, f" {value:.1f}", va="center")
    panel.set(title=title, xlim=(0, 1.25 * values.max()))
    panel.invert_yaxis()
    panel.grid(axis="y", visible=False)
show(
    fig,
    alt="Rates by scenario. Of 100 impressions 10.4 are clicked in the home feed, 14.6 in search, 10.4 in the cart widget; "
    "0.6, 2.2 and 1.8 end in a purchase.",
)

# %% [markdown] name="first-lesson"
# That is the subject of this course in one picture. *Click* and *purchase* are two **tasks**: two questions
# about the same impression. *Home*, *search* and *cart* are three **scenarios**: the same questions in three
# places where people behave differently. A model that answers all of them together is **multi-task** and
# **multi-scenario**. Whether that is better than six small models is not a matter of taste. It is measured,
# lesson by lesson, and sometimes the answer is no.

# %% [markdown] name="article"
# ## The article, and what it leaves out
#
# The course grew from a Chinese article of interview questions. We follow its order and put its mistakes right;
# they are numbered E1 to E85. It lists five challenges of a shop, then two questions and three coding
# exercises:
#
# | the article's challenge | lesson | its own exercise |
# |---|---|---|
# | 1 personalised recommendation | 10 | coding exercise 2, lesson 51 |
# | 2 product search | 11 | none |
# | 3 multi-label classification of products | 12 | coding exercise 1, lesson 50 |
# | 4 reviews and feedback | 13 | none |
# | 5 analysis of customers' behaviour | 14 | coding exercise 3, lesson 52 |
#
# Interview question 1, conflicts between tasks, belongs to all five: each asks for clicks and purchases at once
# (lesson 40). Question 2, resources, belongs to challenges 1 and 2, which have the most rows (lesson 41).
# Lessons 21, 40, 41, 50 and 52 are still to come. **E85.** The article itself ties none of its questions and
# exercises to a challenge.
#
# **E5.** Search and reviews are named once and never used again; product classification turns into texts in
# general. **E6.** And the list leaves out what makes the work hard. Here they are, all but the last with a
# number from our shop.
#
# **Predict first.** How many of 1,000 impressions end in a purchase? How much more often is position 1 looked
# at than position 10?

# %% name="left-out"
bought = shown[shown["purchase"] == 1]
by_position = shown.groupby("position")["p_examine"].mean()
products = load("products")
hard = pd.DataFrame(
    [
        ("sparse purchases", f"{1000 * shown['purchase'].mean():.0f} of 1,000 impressions"),
        ("late purchases", f"{(bought['hours_to_purchase'] > 24).mean():.0%} come after a day"),
        (
            "position bias",
            f"position 1 is looked at {by_position[1] / by_position[10]:.0f} times as often as 10",
        ),
        (
            "unequal scenarios",
            f"{(shown['scenario'] == 'cart').mean():.0%} of impressions in the cart",
        ),
        (
            "cold start",
            f"{(~products['product_id'].isin(bought['product_id'])).mean():.0%} of products without a purchase here",
        ),
        (
            "a changing catalogue",
            f"{(products['release_day'] > 0).mean():.0%} of products came within the year",
        ),
        ("latency", "the list must be there while the page loads; not in the log"),
    ],
    columns=["what is hard", "in this shop"],
).set_index("what is hard")
hard

# %% [markdown] name="words"
# ## The field's words
#
# The article's title and terms would puzzle an interviewer.
#
# - **E1.** It opens with "主题标题", *topic title*: a template's placeholder that nobody replaced.
# - **E2.** It calls the field "Mixture of Multi-Task Learning". The scenarios are lost and a mixture is added.
#   The usual name is *multi-scenario* (or *multi-domain*) *multi-task learning*.
# - **E3.** It shortens that to "MMoML". The letters cannot be had from the words, and it looks like **MMoE**,
#   *Multi-gate Mixture-of-Experts* (Ma et al., 2018). That is one network, not the field.
# - **E4.** "Multi-Scene Learning": a scene is in a picture. A place in a shop is a *scenario* or a *domain*.
#
# Here are the words that you will meet first; `glossary.table(first=False)` shows all, and `docs/glossary.toml`
# holds them.

# %% name="words-table"
glossary.table()

# %% [markdown] name="task-2-text"
# ### Task 00.2 · The right word (5 minutes)
#
# Fill in the letters. What should stand in place of each phrase? Four are the article's; by "MMoML" it means
# the whole field. One is a description that needs a name.
#
# - `A` MMoE · `B` multi-scenario multi-task learning · `C` multi-scenario (multi-domain) learning · `D`
#   nothing: leave it out · `E` single-task learning
# - A letter may serve once, twice or never.

# %% name="task-2"
### BEGIN SOLUTION
words = {
    "Mixture of Multi-Task Learning": "B",
    "MMoML, the technique": "B",
    "a network with common experts and one gate a task": "A",
    "Multi-Scene Learning": "C",
    "主题标题": "D",
}
### END SOLUTION

check("00.2", words)

# %% [markdown] name="map-text"
# ## The map
#
# Every lesson says how long it takes; the picture is drawn from that. What you should know before stands in
# each lesson's first table. Lessons 10 to 14 are the five challenges, 20 and above the models, 50 and above the
# coding exercises.

# %% name="map"
lessons = course_map.lessons()
show(
    course_map.draw_map(lessons),
    alt="The lessons of this course in order, a bar each, as long as the lesson takes.",
)

# %% [markdown] name="paths"
# ## Two paths
#
# **An evening before the interview.** This lesson; the recap and the three follow-up questions of each lesson
# you expect to be asked about; then lesson 51, sitting 1, with a clock.
#
# **Two weeks.** All lessons in order, 90 minutes an evening, all tasks done:

# %% name="timetable"
show(
    course_map.draw_evenings(lessons, 90),
    alt="A timetable: one row for each evening of 90 minutes, with the numbers of the lessons that fill it, in order.",
)

# %% [markdown] name="task-3-text"
# If your evenings are shorter, say so: `course_map.draw_evenings(lessons, 45)`.
#
# ### Task 00.3 · Which question is it? (10 minutes)
#
# Write `kind(rows)`. `rows` is a list of tuples `(scenario, asks)`: which scenario each training row of a model
# comes from, and which questions it answers, a set such as `{"click", "purchase"}`; at least one row, no set is
# empty.
#
# - Return a pair of booleans `(multi_scenario, multi_task)`.
# - A model is multi-scenario if its rows come from two scenarios or more.
# - It is multi-task if there are two questions or more, whether or not one row answers both.
#
# `kind([("home", {"click"}), ("home", {"purchase"})])` is `(False, True)`.


# %% name="task-3"
def kind(rows):
    ### BEGIN SOLUTION
    scenarios = {scenario for scenario, _ in rows}
    questions = set().union(*(asks for _, asks in rows))
    return len(scenarios) > 1, len(questions) > 1
    ### END SOLUTION


check("00.3", kind)

# %% [markdown] name="recap"
# ## Recap
#
# - Guess, run, look, explain, write. A check answers at once and names the article's mistake if you repeat it.
# - A task is a question about a row; a scenario is a place where rows come from.
# - Rates, not counts; and the truth of a simulated shop beside every estimate.
#
# **Three follow-up questions**
#
# 1. *What is MMoE, in one sentence?* A multi-task network of common experts, in which each task weighs the
#    experts by a gate of its own.
# 2. *Is a model of clicks in three places multi-task?* No: one question, three scenarios.
# 3. *Why not one model for each scenario and task?* Sometimes that is best. Lessons 20 and above measure when
#    not.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | E1 | 主题标题 | a title |
# | E2 | Mixture of Multi-Task Learning | multi-scenario multi-task learning |
# | E3 | MMoML | no such word: multi-scenario multi-task learning; MMoE is one network |
# | E4 | Multi-Scene Learning | multi-scenario, multi-domain |
# | E5 | search and reviews named, then forgotten | lessons 11 and 13 |
# | E6 | five challenges "not limited to" | sparse and late purchases, position, scenarios, cold start, change, latency |
#
# **References**
#
# - J. Ma, Z. Zhao, X. Yi, J. Chen, L. Hong, E. H. Chi: Modeling Task Relationships in Multi-task Learning with
#   Multi-gate Mixture-of-Experts. KDD 2018.
# - X.-R. Sheng et al.: One Model to Serve All: Star Topology Adaptive Recommender for Multi-Domain CTR
#   Prediction. CIKM 2021.
# - R. Caruana: Multitask Learning. Machine Learning 28, 1997.
