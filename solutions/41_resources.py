# %% [markdown] name="title" question_zh="多个任务共用一个网络：梯度、样本、参数和时延该怎么分？" interview_zh="怎么平衡多任务之间的资源？"
# # 41 · Interview question 2: how do you balance resources among tasks?
#
# > Several tasks share one network, its training rows, its units and its milliseconds. Who gets how much?
#
# **After this lesson you can** name the scarce resource before the method, say what a loss divides by, and judge a balance of tasks.
#
# | Essential | Deeper | Level | Before this | In interviews |
# |---|---|---|---|---|
# | 55 | 15 + 25 + 15 | senior | lessons 20 and 21; lesson 40 helps | "How do you balance resources among tasks?", "which task weights do you trust?", "how do you serve it within the budget?", "what does parallel training change?" |

# %% [markdown] name="minute"
# ## In one minute
#
# **First ask which resource is scarce.**
#
# - *Labels*: all rows have a click label, but few rows have a purchase label.
# - *Capacity*: the shared layers, the *trunk*, have too few units for all tasks (lesson 40).
# - *Serving time*: customers wait too long for a page.
# - *Training time and memory*: training takes too long, or the tables of ids do not fit into one machine.
# - *People*: the owners of two tasks cannot agree.
#
# **If labels are scarce, ask what the loss divides by.** Suppose each task's loss is a mean over its own labels. Then all *tasks* count alike, so one purchase label counts as much as many click labels. Or divide each task's sum of losses by the number of all rows. Then all *labels* count alike.
#
# **Then compare each task with its twin.** The *twin* is a network for this task alone, tuned with as many trials. In one simulated market the other tasks teach what the purchase needs, and a small weight for the purchase is best. In another market the purchase follows a taste of its own. There, with the same settings, the small weight is worst, and no shared network is shown to beat the twin.
#
# In the picture, DWA, GradNorm and uncertainty are rules that change the weights during training. Equal labels give the purchase a small weight without any search.

# %% name="imports" tags=["folded"]
# What this lesson imports.
import json
import sys
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from course_utils import paths
from course_utils.evidence import claim
from course_utils.exercises import check, hint, solution
from course_utils.metrics import paired_interval
from course_utils.notebook import figure, forest, show
from course_utils.workers.job import Job, greatest_difference
from course_utils.workers.launch import train

# %% name="minute-picture" tags=["folded"]
# The purchase's AUC in two kinds of market, way by way, mean of six markets.
STORED = json.loads((paths.RESULTS / "allocation.json").read_text(encoding="utf-8"))
MORE = json.loads((paths.RESULTS / "allocation_more.json").read_text(encoding="utf-8"))
TWINS = json.loads((paths.RESULTS / "allocation_twins.json").read_text(encoding="utf-8"))
FREQUENT, MAIN = ("view", "click", "save"), "purchase"
TASKS, ADAPTIVE = (*FREQUENT, MAIN), ("DWA", "GradNorm", "uncertainty")
SIX = ("equal weights", "equal labels", "tuned fixed weight", *ADAPTIVE)
TWIN, OWN = STORED["twins"]["auc"], MORE["own taste"]
MARKETS = {
    "the other tasks teach": ({way: STORED[way]["auc"][MAIN] for way in SIX}, TWIN[MAIN]),
    "a taste of its own": ({way: OWN[way][MAIN] for way in SIX}, TWINS["own taste"]),
}
SHOWN = ("tuned fixed weight", "equal labels", "GradNorm", "equal weights", "DWA", "uncertainty")
fig, axes = figure(ncols=2, height=2.6, width=9.0)
alts = []
for ax, (name, (ways, twin)) in zip(axes, MARKETS.items(), strict=True):
    start, said = np.mean(twin), []
    ax.axvline(start, color="0.3", linestyle="--", linewidth=1)
    ax.text(start + 0.004, -0.85, "twin", fontsize=9, color="0.3", ha="left")
    for row, way in enumerate(SHOWN):
        auc = np.mean(ways[way])
        colour = "C0" if row < 2 else "0.6"
        ax.plot([start, auc], [row, row], color=colour, linewidth=3)
        ax.plot(auc, row, "o", color=colour, markersize=9)
        said.append(f"{way} {auc:.2f}")
    ax.set(title=name, ylim=(5.5, -1.3), xlim=(0.58, 0.9), yticks=[], xticks=(0.6, 0.7, 0.8))
    alts.append(f"{name}: twin {start:.2f}, {', '.join(said)}.")
axes[0].set_yticks(range(6), SHOWN)
fig.supxlabel(
    "AUC of the purchase: right is better. Blue: a small weight for the purchase", fontsize=9
)
show(fig, alt="AUC of the purchase in two kinds of market, mean of six markets each. " + " ".join(alts))  # fmt: skip

# %% [markdown] name="decision"
# The *gain* of a task says how much better the shared network predicts this task than the twin does. The *p99* of a service is a time: of 100 requests, 99 take no longer.
#
# | You see | What is scarce | Do | It costs | Check |
# |---|---|---|---|---|
# | A task has few labels, and the other tasks teach it. | labels | Try equal labels, then tune a fixed weight. | one training for each weight | the worst and the mean gain, with intervals |
# | A task has few labels, and no weight brings it above its twin. | labels, and help from other tasks | Serve a model for this task alone, perhaps a plain one. Collect labels. | one more model to serve | the twin again, with more labels |
# | More units improve the tasks. | capacity | Widen the trunk, then try gates (lesson 40). | multiplications for each row | twins with as many units |
# | The p99 is too long. | serving time | Share one trunk. Let a small network choose products for the large one. | The large one never sees some products. | the p99 at the real rate of requests |
# | Training takes too long. | training time | Try fewer settings, or use several processes (*workers*). | Workers send sums in each step. | Are the trained weights those of one process? |
# | The tables do not fit. | memory | Split the tables over workers. | Workers send rows in each step. | the busiest worker |
# | Two owners both want the larger weight. | agreement | Give each task a bound, and each bound an owner. | weights that follow the bounds, or two networks | the bound on new rows |
#
# The [study page](../docs/studies/41.md) shows all settings and intervals.

# %% [markdown] name="essential"
# ## The essential hour
#
# `hint("41.2", 1)` gives a hint. The cells after a *Predict first* are folded: guess, then run them.

# %% [markdown] name="question"
# ### Which resource?
#
# The article of this course (lesson 00) answers with four lines:
#
# | | |
# |---|---|
# | **自适应资源分配** | adjust resources dynamically, by each task's importance and execution time |
# | **任务共享** | give resources to several related tasks, to use them better |
# | **任务优先级** | set priorities, so that key tasks get the resources they need |
# | **并行处理** | split tasks into subtasks and run them in parallel, which is faster |
#
# These lines fit an operating system. In a multi-task network the tasks, here view, click, save and purchase, compete for four budgets:
#
# | budget | who competes for what | what you can change | where |
# |---|---|---|---|
# | **gradient** | tasks, for the trunk's next step | weights and bounds of the losses; which gradients reach the trunk | here |
# | **data** | tasks and scenarios, for rows of a batch | sampling, more labels | here; lesson 21 |
# | **capacity** | tasks, for units | width, experts, embedding sizes | lessons 24 and 40 |
# | **serving** | tasks and products, for milliseconds | one trunk, fewer products, fewer bytes | third *Deeper* |
#
# Training time and memory are spent for all tasks together (second *Deeper*).

# %% [markdown] name="task-1-text"
# ### Task 41.1 · Which budget? (6 minutes)
#
# Which budget does each sentence change? Make `letters` a dictionary from the number of a sentence to its letter: `"G"` gradient, `"D"` data, `"C"` capacity, `"S"` serving, or `"N"` none. Choose `"N"` if the sentence does not say what changes, or if only the time of the same training step changes. A *head* is the output layer of a task.
#
# | | | | |
# |---|---|---|---|
# | 1 | the purchase's loss has the weight 0.1 | 2 | no gradient flows from the save's head into the trunk |
# | 3 | scenarios are drawn in proportion to the square root of their rows | 4 | the purchase gets two experts of its own |
# | 5 | user ids get 32 numbers, cities 4 | 6 | weights are served as 8-bit integers |
# | 7 | a first stage passes on 200 of 5,000 products | 8 | a scheduler gives the more important task more CPU time |
# | 9 | each head gets its share by its execution time | 10 | the resources are assigned to several related tasks |
# | 11 | the purchase has priority | 12 | the work is cut into parts that run in parallel |

# %% name="task-1"
### BEGIN SOLUTION
letters = {
    **{1: "G", 2: "G", 3: "D", 4: "C", 5: "C", 6: "S", 7: "S"},
    **dict.fromkeys(range(8, 13), "N"),
}
### END SOLUTION

check("41.1", letters)

# %% [markdown] name="first"
# ### What does the loss divide by?
#
# Task k has labels on $n_k$ of the $n$ rows, and its loss has the weight $w_k$. Let $\ell_{ik}$ be the loss of task k on row i. The inner sums run over the rows with a label of task k:
#
# $$L=\sum_k w_k\,\frac1{n_k}\sum_{i}\ell_{ik}, \qquad \nabla L=\sum_k \frac{w_k}{n_k}\sum_{i}\nabla\ell_{ik}$$
#
# So one label of task k counts $w_k/n_k$ in the gradient.
#
# - **Equal tasks**: $w_k=1$. A label counts $1/n_k$. The fewer labels a task has, the more each label counts.
# - **Equal labels**: $w_k=n_k/n$. Each label of each task counts $1/n$.


# %% name="divide"
def pull(labelled, equal):
    """How much one label of each task counts in the trunk's gradient; labelled: [rows, tasks]."""
    rows, labels = len(labelled), labelled.sum(axis=0)
    weights = np.ones(len(labels)) if equal == "tasks" else labels / rows
    return weights / labels


labelled = np.ones((10_000, 4), bool)
labelled[400:, 3] = False  # view, click and save are known for all rows, the purchase for 400
for equal in ("tasks", "labels"):
    one = pull(labelled, equal)
    print(f"equal {equal}: a purchase label counts {one[3] / one[1]:.0f} times a click label")

# %% [markdown] name="market"
# We simulated six markets with the labels of the cell above, each with other customers and products. Each of the four tasks mixes the same four preferences. One Shared-Bottom learns the tasks in six ways:
#
# | way | weight of the purchase |
# |---|---|
# | **equal weights** | 1, as for the other tasks |
# | **equal labels** | 400/10,000, so .04 |
# | **tuned fixed weight** | the best of .01, .1, 1 and 10 |
# | **DWA** | large while the loss falls slowly |
# | **GradNorm** | small if the gradient on the trunk is long |
# | **uncertainty** | learned; large if the loss is small |
#
# For each way we tried four settings in other simulated markets, and took the best. For each task we use the network of its own best epoch on validation rows.
#
# **Predict first.** For each of the five other ways, take its AUC of the purchase minus that of the tuned weight. How many of the five 95 % intervals lie wholly below zero?

# %% name="first-forest" tags=["after-guess", "folded"]
# The purchase, way by way, over the tuned weight.
TUNED = STORED["tuned fixed weight"]["auc"]


def over(way, rival, task, key, text):
    """A claim: one way over another on a task, six markets."""
    return claim(f"41.{key}", text, way[task], rival[task], pairs="markets")


forest(
    "The purchase: six ways to set its weight",
    [over(TUNED, TWIN, MAIN, "tuned-twin", "tuned fixed weight over the twin")]
    + [
        over(STORED[way]["auc"], TUNED, MAIN, f"{way.lower().replace(' ', '-')}-tuned", f"{way} over the tuned fixed weight")
        for way in SIX if way != "tuned fixed weight"
    ],
)  # fmt: skip
print("the tuned weight:", STORED["tuned fixed weight"]["chosen"])

# %% [markdown] name="first-why" tags=["after-guess"]
# **In this market the divisor of the loss matters more than the rule that changes the weights.** Equal labels need no search for a weight, and no difference to the tuned weight is shown. Equal weights, DWA and uncertainty are far below these two ways. GradNorm lies in between.
#
# *Did early stopping choose a bad epoch?* We also gave the three rules and equal weights their best epoch on the *test* rows. They stay below the tuned weight in every market (study page).
#
# The tuned weight is the smallest that we tried (see also the first *Deeper*).

# %% [markdown] name="labels-text"
# ### When the other tasks teach nothing
#
# Now the purchase follows a taste of its own, and no other task shows this taste. The labels are as few as before. We tune nothing again.
#
# **Predict first.** For each way, take its AUC of the purchase minus that of the twin. How many of the six intervals lie wholly below zero?

# %% name="own-forest" tags=["after-guess", "folded"]
# The same six ways where the purchase has a taste of its own, each over the twin.
ALONE = {MAIN: TWINS["own taste"]}
forest(
    "The purchase with a taste of its own: each way over its twin",
    [
        over(OWN[way], ALONE, MAIN, f"own-{way.lower().replace(' ', '-')}-twin", f"{way} over the twin")
        for way in SIX
    ],
)  # fmt: skip

# %% [markdown] name="labels-why" tags=["after-guess"]
# **No way is shown above the twin.** The small weight is now the worst way, equal labels the second worst. For equal weights and for DWA no difference to the twin is shown.
#
# With a small weight the other tasks build the trunk. This helps if the other tasks teach what the few labels cannot. With equal weights and the three rules the purchase shapes the trunk, too. So these ways lose less than the small weight here, and gain less in the first market.
#
# The twin tells the two markets apart. In the second market the taste is a plain sum of columns, so try a logistic regression, too.

# %% [markdown] name="metric"
# ### Balanced? By which metric?
#
# A mean AUC can hide the harm to one task.
#
# The owner of a task has an alternative: the twin. So report each task's **gain over the twin**. Let $s_k$ be the AUC of task k in the shared network, and $t_k$ the AUC of the twin. Guessing has an AUC of one half. So we divide by what the twin has above one half, and for an error by the twin's error:
#
# $$g_k = \frac{s_k - t_k}{t_k - .5}\ \text{(for an error } \frac{t_k - s_k}{t_k}),\qquad \text{report}\quad \min_k g_k \ \text{ and } \ \frac{1}{K}\sum_k g_k$$
#
# For AUC this is RelaImpr (Zhou et al.); the mean is $\Delta_m$ (Maninis et al.). If a twin hardly beats guessing, the divisor is tiny. Then show differences of AUC.
#
# **Predict first.** Take the first market. With equal weights, is some task below its twin? For which of the six ways is the worst gain largest?


# %% name="metric-table" tags=["after-guess", "folded"]
# Worst and mean gain of the six ways, six markets.
def gains(auc):
    """Task -> its gains over the twin, one a market, as a share of what the twin has above .5."""
    return {
        task: np.subtract(auc[task], TWIN[task]) / np.subtract(TWIN[task], 0.5) for task in TASKS
    }


def balance(auc):
    """One row of the table."""
    found = gains(auc)
    worst = min(found, key=lambda task: found[task].mean())
    low, high = paired_interval(found[worst])
    return {
        "worst task": worst,
        "its gain": f"{found[worst].mean():+.1%}",
        "95 % interval": f"{low:+.1%} to {high:+.1%}",
        "least, any task and market": f"{min(map(min, found.values())):+.1%}",
        "mean gain": f"{np.mean([*found.values()]):+.0%}",
    }


pd.DataFrame({way: balance(STORED[way]["auc"]) for way in SIX}).T

# %% [markdown] name="metric-why" tags=["after-guess"]
# With equal weights and with uncertainty the click is a little below its twin on average. Both intervals contain zero, so no harm is shown.
#
# The tuned weight and GradNorm have nearly the same worst gain. Their mean gains differ, mostly because of the purchase. **The worst gain rules out ways. The mean gain ranks the others.** For a launch, compare with today's system (lesson 40). A mean can hide a bad market: with uncertainty the purchase is far below its twin in one market.
#
# With scenarios, take the worst pair of task and scenario.

# %% [markdown] name="task-2-text"
# ### Task 41.2 · Is it balanced? (8 minutes)
#
# Write `balanced(scores, twins, errors, margin)`.
#
# - `scores`, `twins`: dictionaries from task to number. Both have the same tasks, one or more, maybe in another order. `errors`: the set of tasks whose number is an error, where less is better; the other numbers are AUCs. `margin`: a number, 0 or more.
# - The twin's error is above 0, its AUC above .5. The gain of a task is $g_k$ as above.
# - Return `(task, worst, mean, passes)`: the task with the least gain (if several are equal, the first in `twins`), its gain, the mean gain of all tasks, and whether the least gain is at or above `-margin`. Do not round.
#
# `balanced({"click": .76, "spend": 18.}, {"click": .75, "spend": 20.}, {"spend"}, 0.)` has the gains 0.04 and 0.1: it returns `("click", 0.04, 0.07, True)`.


# %% name="task-2"
def balanced(scores, twins, errors, margin):
    ### BEGIN SOLUTION
    gain = {}
    for task, twin in twins.items():
        more = scores[task] - twin
        gain[task] = -more / twin if task in errors else more / (twin - 0.5)
    worst = min(gain, key=gain.get)
    return worst, gain[worst], sum(gain.values()) / len(gain), gain[worst] >= -margin
    ### END SOLUTION


check("41.2", balanced)

# %% [markdown] name="small"
# ### The data budget: a small scenario
#
# Scenario s has $n_s$ rows. Sampling *at a temperature* T draws scenario s in proportion to $n_s^{1/T}$. A larger T gives a small scenario a larger share, so its rows are repeated more often:

# %% name="small-table" tags=["folded"]
# Rows of a batch of 256, and how often a row comes in an epoch, by temperature.
n = np.array([900_000, 90_000, 10_000])
table = {}
for T in (1, 2, 5, np.inf):
    share = n ** (1 / T) / (n ** (1 / T)).sum()
    table[f"T = {T:g}"] = [
        f"{256 * one:.0f} rows a batch, each {one * n.sum() / of:.2g} times an epoch"
        for one, of in zip(share, n, strict=True)
    ]
pd.DataFrame(table, index=["900,000", "90,000", "10,000"]).T

# %% [markdown] name="small-why"
# A repeated row brings no new information. So tune T as you tune a loss weight.

# %% [markdown] name="adaptive"
# ### Adaptive: by what?
#
# *"By importance and execution time"*, says the article. The business decides importance: no rule reads importance from the losses. And execution time? One forward computation runs all heads. Count its *multiply-adds*: each multiplies two numbers and adds the product to a sum.

# %% name="heads" tags=["folded"]
# Multiply-adds of a row: the network above, and a larger ranker.
inputs, trunk, heads = 3 * 12, 64, 4
shared, each = inputs * trunk, trunk
print(
    f"trunk {shared:,} multiply-adds a row, one head {each}: {each / (shared + heads * each):.1%} of all"
)
large = 512 * 256 + 256 * 128
for name, one in [("one head", 128), ("with towers of 32, one tower", 128 * 32 + 32)]:
    print(f"a ranker of 512 inputs, trunk 256 and 128: {name} is {one / (large + heads * one):.2%}")

# %% [markdown] name="heads-why"
# In these networks a head or a small tower costs a few percent at most, so there is no execution time to schedule. Three rules set the weight $w_k$ of task k of K tasks. Here $L_k(t)$ is the loss in epoch t, $T_D$ is a temperature, and the arrow means *moves towards*:
#
# | rule | formula | in words |
# |---|---|---|
# | **DWA** | $w_k = K\,\mathrm{softmax}_k\frac{L_k(t-1)}{T_D\,L_k(t-2)}$ | A loss that falls slowly gets a large weight. |
# | **GradNorm** | $w_k\lVert\nabla L_k\rVert \to \bar G\, r_k^{\alpha}$ | A long gradient gets a small weight. $\bar G$ is the mean length of the weighted gradients. $r_k$ is the task's loss over its first loss, divided by the mean of this ratio over tasks. $\alpha\ge0$ is a setting. |
# | **uncertainty** | $w_k\to\frac1{2L_k}$ | A small loss gets a large weight. |
#
# **Predict first.** Take the purchase's share of all weights. Which rule moves this share towards the small tuned weight, which moves it away, and which does neither?

# %% name="adaptive-picture" tags=["after-guess", "folded"]
# The purchase's share of the weights under three rules, six markets.
fig, ax = figure(height=2.6, width=7.6)
tuned = float(STORED["tuned fixed weight"]["chosen"].split()[1].rstrip(","))
for row, name in enumerate(ADAPTIVE):
    runs = [[one[-1] / sum(one) for one in run] for run in STORED[name]["weights"]]
    all_epochs = [share for run in runs for share in run]
    ax.barh(
        row, max(all_epochs) - min(all_epochs), 0.3, min(all_epochs), color=f"C{row}", alpha=0.3
    )
    ax.plot([run[-1] for run in runs], [row] * len(runs), "o", color=f"C{row}", markersize=5)
for share, text in ((tuned / (3 + tuned), "tuned weight"), (0.04 / 3.04, "equal labels"), (0.25, "equal weights")):  # fmt: skip
    ax.axvline(share, color="0.4", linestyle="--", linewidth=1)
    ax.text(1.05 * share, -0.6, text, color="0.4", fontsize=9)
ax.set(xscale="log", xlim=(0.002, 0.8), ylim=(2.5, -1.0))
ax.set_yticks(range(3), ADAPTIVE)
ax.set_xticks((0.003, 0.01, 0.03, 0.1, 0.3), ("0.003", "0.01", "0.03", "0.1", "0.3"))
ax.minorticks_off()
ax.grid(visible=False)
ax.set_title("GradNorm moves towards the tuned weight")
ax.set_xlabel("purchase's share of all weights, log scale (band: all epochs, dots: the last)")
show(
    fig,
    alt="The purchase's share of all weights, on a log scale, six markets for each rule: band of all epochs, dots of the last. Equal weights are .25, equal labels .013, the tuned weight .003. DWA swings between "
    ".14 and .42, uncertainty rises from .24 to .37 or more, GradNorm stays between .05 and .11.",
)  # fmt: skip
for labels, shares in MORE["shares"].items():
    print(
        f"{int(labels):>6,} purchase labels: GradNorm gives the purchase {min(shares):.2f} to {max(shares):.2f} of all weights"
    )

# %% [markdown] name="adaptive-why" tags=["after-guess"]
# **Uncertainty moves away from the tuned weight.** The network learns the few labels by heart, so the training loss of the purchase falls. A small loss gets a large weight. **DWA does neither:** the purchase's share swings.
#
# **GradNorm moves towards the tuned weight.** A batch holds few labels of the purchase, so the purchase's gradient is noisy. Noise makes a gradient long, and a long gradient gets a small weight. With more labels the share is larger.
#
# No rule knows what a task is worth, or whether the other tasks teach it. *Does it help that the weights move?* We trained again with each rule's mean weights, held fixed. For no rule is a difference shown, but the intervals are wide (study page).

# %% [markdown] name="task-3-text"
# ### Task 41.3 · Weights by value and learning speed (7 minutes)
#
# Write `weights(before, now, values, milliseconds, temperature)`. Not all arguments are needed.
#
# - `before`, `now`: lists of $K$ losses above 0; `now` is from the last epoch, `before` from the epoch before it. `values`: a list of $K$ numbers above 0, what each task is worth. `milliseconds`: a list, how long each head takes. `temperature`: a number above 0, called $T_D$ here.
# - Let $r_k$ be now divided by before. Return an array of $K$ weights. They are in proportion to $\text{value}_k\,e^{r_k/T_D}$ and sum to $K$. The result must not overflow when a loss explodes: subtract the greatest exponent from all exponents (`np.exp`, `np.max`). Leave the arguments as they are.
#
# `weights([.6, .6], [.3, .58], [1, 1], [.02, .02], 2.0)` has the ratios .5 and .967 and returns about `[0.884, 1.116]`.


# %% name="task-3"
def weights(before, now, values, milliseconds, temperature):
    ### BEGIN SOLUTION
    exponent = np.divide(now, before) / temperature
    raw = np.array(values) * np.exp(exponent - exponent.max())
    return len(raw) * raw / raw.sum()
    ### END SOLUTION


check("41.3", weights)

# %% [markdown] name="interview"
# ### Say it aloud
#
# <!-- bank: ba-02 -->

# %% [markdown] name="wrong"
# **Asked next · 追问**
#
# | | |
# |---|---|
# | *Which task weights do you trust?* 信哪种权重 | I trust no weight before a test. Each rule must beat a tuned fixed weight in my own market, with as many trials. Tuned or regularised sums of losses are hard to beat (Kurin et al.; Xin et al.). |
# | *The weights shall adapt online.* 在线自适应 | I train again with the rule's mean weights, held fixed. If nothing is lost, the fixed weights go into production. Otherwise the rule stays, with an alarm on its weights. |
# | *A bounded task breaks its bound.* 护栏破了 | If its weight still changes, training may be too short or the speed too high. If the weight rests at its upper end, the trunk may lack room. Otherwise only new rows break the bound: I bound the validation loss (first *Deeper*). |
#
# **Wrong answers that sound right · 听起来对的错误答案**
#
# | they say | what is wrong |
# |---|---|
# | *priority for key tasks, subtasks in parallel* 关键任务优先，子任务并行 | Which mechanism gives priority? Parallel work gives the same weights: no task gets more. |
# | *all weights are 1, so all are alike* 权重都是 1 所以一视同仁 | A label counts 1/400 in one mean, and 1/10,000 in another. |

# %% [markdown] name="priority"
# ## Deeper: how does a task get priority? (15 minutes)
#
# A priority in a configuration file changes no gradient. With a **stop-gradient** a head reads the trunk, but sends no gradient into the trunk. So the task *behind* the stop-gradient no longer shapes the trunk, and all *other* tasks get priority.
#
# **Predict first.** A small network has the tasks A and B, and B is behind a stop-gradient. How far does B move the trunk? Does B's head learn?

# %% name="stop" tags=["after-guess", "folded"]
# A trunk of 8 units and two heads, with and without a stop-gradient behind B.
draw = np.random.default_rng(41)
X = draw.normal(size=(400, 6))
y = {"A": np.sin(X[:, 0]) + X[:, 1], "B": np.cos(X[:, 2]) - X[:, 3]}


def trained(tasks, stopped=(), steps=200, rate=0.05):
    """A trunk of 8 units (tanh) and a linear head a task, squared error; gradients by hand."""
    start = np.random.default_rng(0)
    trunk = start.normal(size=(6, 8)) / 3
    heads = {task: start.normal(size=8) / 3 for task in ("A", "B")}
    for _ in range(steps):
        shared, pull = np.tanh(X @ trunk), 0.0
        for task in tasks:
            error = (shared @ heads[task] - y[task]) / len(X)
            if task not in stopped:  # what this task sends down into the trunk
                pull = pull + X.T @ (np.outer(error, heads[task]) * (1 - shared**2))
            heads[task] = heads[task] - rate * shared.T @ error
        trunk = trunk - rate * pull
    return trunk, heads


alone, together, behind = trained("A"), trained("AB"), trained("AB", stopped="B")
print("trunk with B moved by more than .01:", np.abs(together[0] - alone[0]).max() > 0.01)
print("trunk with B behind a stop-gradient: identical", np.array_equal(behind[0], alone[0]))
print("and B's head has learned:", np.abs(behind[1]["B"] - trained("A")[1]["B"]).max() > 0.01)

# %% [markdown] name="stop-why" tags=["after-guess"]
# B does not move the trunk. B's head learns from a trunk that only A shapes. In a larger program early stopping, clipping by a common norm or one learning-rate schedule may still tie the two tasks.

# %% [markdown] name="guard-text"
# ### A guardrail
#
# With a *guardrail* both tasks shape the trunk: training minimises $L_A$ and keeps $L_B$ at or below a bound $c$. The bound has a price $\lambda\ge0$, the *multiplier*. The price rises while $L_B$ is above $c$, and falls while $L_B$ is below $c$. The *speed* $\eta$ says how fast:
#
# $$L_A+\lambda\,(L_B-c), \qquad \lambda \leftarrow \lambda\, e^{\,\eta\,(L_B - c)}$$
#
# At a fixed price the left expression is a weighted loss. At the *right price* the solution with the bound minimises this loss. A right price exists if both losses are convex in the parameters $\theta$, and some $\theta$ has $L_B<c$ (Boyd and Vandenberghe). For a network none is guaranteed. Test the rule on two bowls, $L_A = \tfrac12|\theta - a|^2$ and $L_B = \tfrac12|\theta - b|^2$, with $|a-b|=5$ and $c=\tfrac12$. The right price is $|a-b|/\sqrt{2c}-1 = 4$.
#
# **Predict first.** Start at $\lambda=1$. How high does $\lambda$ climb if $\theta$ follows the price slowly?

# %% name="dual" tags=["after-guess", "folded"]
# The multiplier and B's loss along the steps, with a fast and with a slow learner.
a, b, c = np.array([0.0, 0.0]), np.array([3.0, 4.0]), 0.5


def ascent(rate, speed=0.05, steps=400):
    """The multiplier and B's loss after each step; rate is that of theta."""
    multiplier, theta, path = 1.0, a.copy(), []
    for _ in range(steps):
        theta = theta - rate * ((theta - a) + multiplier * (theta - b)) / (1 + multiplier)
        loss_b = 0.5 * (theta - b) @ (theta - b)
        multiplier *= np.exp(speed * (loss_b - c))
        path.append((multiplier, loss_b))
    return np.array(path)


paths_of = {"theta follows fast": ascent(0.2), "theta follows slowly": ascent(0.05)}
best = np.linalg.norm(a - b) / np.sqrt(2 * c) - 1
fig, axes = figure(ncols=2, height=2.6)
for ax, at, line, title in [(axes[0], 0, best, "multiplier"), (axes[1], 1, c, "loss of B")]:
    for k, (name, path) in enumerate(paths_of.items()):
        ax.plot(path[:, at], color=f"C{k}")
        if at == 0:
            ax.text((60, 140)[k], (2.3, 120)[k], name, color=f"C{k}", fontsize=9)
    ax.axhline(line, color="0.3", linestyle="--", linewidth=1)
    ax.text(400, line, ("right price", "bound")[at], fontsize=8, color="0.3", ha="right", va=("top", "bottom")[at])  # fmt: skip
    ax.set(title=title, xlabel="step", yscale="log")
show(
    fig,
    alt="Two panels over 400 steps, log scales. Where theta follows fast, the multiplier rises from 1 to 6 and comes to rest at 4, B's loss at its bound of 0.5. "
    "Where it follows slowly, the multiplier overshoots to about 300, B's loss falls below a hundredth of its bound, and both come back after 250 steps.",
)
print(*(f"{name} ends at {path[-1, 0]:.2f}" for name, path in paths_of.items()), sep="; ")

# %% [markdown] name="dual-why" tags=["after-guess"]
# Both runs end at the right price. If $\theta$ follows slowly, the price overshoots, and A hardly counts until the price is back. So fit the speed to how fast $\theta$ learns. An owner can agree to a bound, but hardly to "weight four".

# %% name="priority-forest" tags=["folded"]
# In the market: guardrails for the frequent tasks, and the purchase behind a stop-gradient.
forest(
    "Priorities with a mechanism",
    [
        over(STORED[way]["auc"], rival, task, f"{way.split('-')[0]}-{task}-{key}", f"{task}: {way} over {words}")
        for way in ("guardrails", "stop-gradient")
        for task, rival, key, words in [
            (MAIN, TUNED, "tuned", "the tuned weight"),
            ("click", TWIN, "twin", "its twin"),
            ("click", TUNED, "tuned", "the tuned weight"),
        ]
    ],
)  # fmt: skip

# %% [markdown] name="priority-why"
# In the first market we bounded the losses of view, click and save. In another training the *purchase* was behind a stop-gradient. Both trainings put the click above its twin. For the purchase neither way is shown to differ from the tuned weight. In the second market the purchase behind a stop-gradient is far below its twin (study page).
#
# The guardrails' prices were still changing at the end of training. No gain over fixed prices is shown. The bounds were on training losses, which say little about new rows. So bound validation losses, and check the bounds on new rows.

# %% [markdown] name="task-4-text"
# ### Task 41.4 · Guardrails with multipliers (7 minutes)
#
# Write `guarded(multipliers, losses, bounds, speed)`, one update after an epoch.
#
# - `multipliers`, `losses`, `bounds`: lists of $K-1$ numbers, one for each guarded task; they may be empty. `speed`: a number above 0.
# - Each multiplier is multiplied by $e^{\text{speed}\cdot(\text{loss} - \text{bound})}$, then held between `0.001` and `1000` (`np.clip`). If the exponent reaches `1000`, `np.exp` gives `inf`, which `np.clip` sets to `1000`; `math.exp` fails. The main task has the weight `1`.
# - Return an array of the $K$ weights, the main task last, scaled so that they sum to $K$. Leave the arguments as they are.
#
# `guarded([1., 1.], [.50, .40], [.45, .45], 10.)` has the multipliers `1.6487` and `0.6065`; it returns about `[1.5194, 0.5589, 0.9216]`.


# %% name="task-4"
def guarded(multipliers, losses, bounds, speed):
    ### BEGIN SOLUTION
    grown = np.array(multipliers) * np.exp(speed * np.subtract(losses, bounds))
    raw = np.append(np.clip(grown, 1e-3, 1e3), 1.0)
    return len(raw) * raw / raw.sum()
    ### END SOLUTION


check("41.4", guarded)

# %% [markdown] name="parallel"
# ## Deeper: what do many machines change? (25 minutes)
#
# *"Run them in parallel"*: in **data-parallel** training every worker holds a copy of the network and gets a part of each batch. The gradients are summed. Again ask what the loss divides by. Worker v of W workers has the rows $R_v$, and $n_{vk}$ of these rows have a label of task k:
#
# $$\nabla L_k = \frac{\sum_v \sum_{i \in R_v} \nabla \ell_{ik}}{\sum_v n_{vk}} ,\qquad\text{which is not}\qquad \frac1W\sum_v \frac{\sum_{i \in R_v}\nabla \ell_{ik}}{n_{vk}}$$
#
# The left side is the gradient of one process, the right side a mean of the workers' means.
#
# **Predict first.** First, two workers get their rows at random. Then each worker gets one scenario, and one scenario has seven times the labels of the other. In which case is the mean of means wrong *on average*?

# %% name="means" tags=["after-guess", "folded"]
# 2,000 batches of two workers with 128 rows each: the mean gradient, and how far a batch is off.
cases = {
    "dealt at random": [(0.04, 0.3), (0.04, 0.3)],
    "a scenario each": [(0.01, 0.6), (0.07, 0.2)],
}
table = {}
for name, case in cases.items():
    draw = np.random.default_rng(7)
    rate, slope = np.array(case).T[:, :, None]
    labelled = draw.random((2_000, 2, 128)) < rate
    slopes = slope + draw.normal(size=labelled.shape)  # one number a row: its gradient
    counts, sums = labelled.sum(2), (labelled * slopes).sum(2)
    right = sums.sum(1) / np.maximum(counts.sum(1), 1)
    means = (sums / np.maximum(counts, 1)).mean(1)
    table[name] = {
        "labels of a worker in a batch": f"{counts.min()} to {counts.max()}",
        "batches in which a worker has none": f"{(counts == 0).any(1).mean():.0%}",
        "one process: mean gradient": f"{right.mean():.2f}",
        "mean of means: mean gradient": f"{means.mean():.2f}",
        "typical gap in one batch": f"{np.sqrt(np.mean((means - right) ** 2) / np.mean(right**2)):.0%}",
    }
pd.DataFrame(table).T

# %% [markdown] name="means-why" tags=["after-guess"]
# With random rows the mean of means is off in single batches, but nearly right on average. If each worker holds one scenario, the mean of means is wrong on average. There a label of the scenario with few labels counts several times as much as a label of the other scenario. So training follows another **objective**, without any error message. Therefore workers send **sums and counts**.

# %% [markdown] name="task-5-text"
# ### Task 41.5 · One gradient out of many workers (7 minutes)
#
# Write `gradient(sums, counts, weights)`.
#
# - `sums`: array `[W, K, d]`, the sum of the gradients over the rows of worker $w$ with a label of task $k$; 0 if there are none. `counts`: integer array `[W, K]`, the number of these rows, maybe of a small integer type. `weights`: array `[K]`, the weights of the losses.
# - Return array `[d]`: the gradient of $\sum_k w_k L_k$, with $L_k$ the mean over all rows of the batch with a label of task $k$. A task without a label on any worker adds nothing. Leave the arguments as they are.
#
# `gradient(np.array([[[6.]], [[4.]]]), np.array([[1], [9]]), np.array([1.]))` is `[1.0]`; the mean of means would be 3.2.


# %% name="task-5"
def gradient(sums, counts, weights):
    ### BEGIN SOLUTION
    labelled = np.maximum(counts.sum(axis=0), 1)
    return weights @ (sums.sum(axis=0) / labelled[:, None])
    ### END SOLUTION


check("41.5", gradient)

# %% [markdown] name="workers"
# ### Two processes, one network
#
# `course_utils.workers` starts two TensorFlow processes that train one Shared-Bottom and send sums and counts.

# %% name="workers-same" tags=["folded"]
# Stored: what benchmarks/workers.py measured. Weights, sentence and bytes are the same anywhere.
W = json.loads((paths.RESULTS / "workers.json").read_text(encoding="utf-8"))
same = W["same"]
print("between the two workers:", same["between the two workers"])
print("one process and two, less than 1e-6:", same["one process and two"] < 1e-6)
print("while training moved a weight by more than .1:", same["moved in training"] > 0.1)
print("a worker killed in the middle:", W["killed"])

# %% name="live" tags=["live", "folded"]
# Run it yourself: two processes, ten steps; a minute or two on a busy machine.
job = Job(steps=10, batch_size=256)
(alone_,), pair = train(job, 1), train(job, 2)
print("workers apart:", greatest_difference(*pair))
print("one and two apart, less than 1e-6:", greatest_difference(alone_, pair[0]) < 1e-6)
print("TensorFlow in this kernel:", "tensorflow" in sys.modules)

# %% [markdown] name="speedwhy"
# **Parallel work gives no task more**: the trained weights are those of one process. In our timing (study page) two processes were slower than one where a step was short. One process on both cores, the fair rival for long steps, was not timed. If the batch doubles with the workers, the training is not the same.

# %% [markdown] name="tables-text"
# ### Tables that do not fit
#
# Dense layers are copied to every worker. Tables of ids are **sharded**: each worker holds some rows. In each step an **all-to-all** exchange sends ids to the workers that hold their rows, and sends the vectors back. The gradients return the same way.
#
# **Predict first.** Sixteen workers hold three tables. A batch of all workers has 65,536 rows with eight ids each, and an id's vector takes 256 bytes. How many megabytes does one worker send in a step? Now the rows are sorted by popularity, and the first worker holds the first sixteenth. How many times the mean load does this worker carry?

# %% name="tables" tags=["after-guess"]
WORKERS, BATCH, IDS, D, BYTES = 16, 65_536, 8, 64, 4
TABLES = {"customers": 100_000_000, "queries": 50_000_000, "products": 20_000_000}
for name, rows in TABLES.items():
    size = rows * D * BYTES / 1e9
    print(f"{name}: {size:.1f} GB, with Adam {3 * size:.1f} GB, with one number a row {size * (D + 1) / D:.1f} GB")  # fmt: skip
away = 1 - 1 / WORKERS  # of the rows that a worker needs, another worker has so many
lookups = BATCH // WORKERS * IDS
vectors = lookups * D * BYTES * away
print(f"all-to-all, a worker: {(lookups * 8 * away + 2 * vectors) / 1e6:.0f} MB a step")
whole = sum(TABLES.values()) * D * BYTES
print(f"tables summed whole: {2 * away * whole / 1e9:.0f} GB a step")

# %% name="shards" tags=["after-guess", "folded"]
# The busiest of sixteen workers: a million products, the r-th asked for in proportion to 1/r.
asked = 1 / np.arange(1, 1_000_001)
asked /= asked.sum()
once = 1 - (1 - asked) ** (BATCH // WORKERS)  # one worker asks for this row at least once
loads = {
    "whole ranges of rows": asked.reshape(WORKERS, -1).sum(1),
    "every sixteenth row": asked.reshape(-1, WORKERS).sum(0),
    "the same, each id sent once a worker": once.reshape(-1, WORKERS).sum(0),
}
print(f"look-ups left after each id is sent once: {once.sum() / (BATCH // WORKERS):.0%}")
pd.DataFrame({name: {"busiest over mean": f"{load.max() / load.mean():.1f}"} for name, load in loads.items()}).T  # fmt: skip

# %% [markdown] name="tables-why" tags=["after-guess"]
# Workers with copies of all tables would sum whole tables in each step. The exchange sends far less. Or they would sum only the rows that the batch touched, but each worker would still need room for all tables. So memory is the first reason to split tables.
#
# **The busiest worker sets the speed.** If the rows are sorted by popularity and each worker holds a range, one worker answers most look-ups. If each worker holds every sixteenth row, the load is far more even. If each worker also sends each id only once, the load is even. So balance by traffic, not by size.
#
# Adam keeps two extra numbers for each weight, so a table needs three times the memory. An optimiser with one extra number a row needs little more than the table.

# %% [markdown] name="stragglers-text"
# ### Wait for the slowest, or not?
#
# A step takes `100` ms on a worker, but `500` ms one time in a hundred. *Synchronous* training waits for the slowest worker, the *straggler*. With two *spare* workers, the step ends when all but the two slowest workers have answered. *Asynchronous* training does not wait: each worker applies its gradient at once. With n workers, $n-1$ other updates come while a worker computes. So its gradient is *stale*: computed at older weights. Take the loss $\frac a2\theta^2$ of one parameter, and gradients that are $\tau$ updates old. The update $\theta_{t+1}=\theta_t-\eta\,a\,\theta_{t-\tau}$ is stable for
#
# $$\eta\, a < 2\sin\frac{\pi}{2(2\tau+1)}, \qquad\text{so } 2 \text{ without delay, and about } \frac{\pi}{2\tau+1} \text{ for a long one.}$$
#
# **Predict first.** Take sixteen workers. How much does the mean synchronous step grow? How much must the learning rate fall if no worker waits?


# %% name="stragglers" tags=["after-guess"]
def stable(rate, delay, steps=4_000):
    """Does the delayed update come nearer to 0? For a = 1."""
    theta = [1.0] * (delay + 1)
    for _ in range(steps):
        theta.append(theta[-1] - rate * theta[-1 - delay])
    return np.abs(theta[-500:]).max() < 1


table = {}
for n in (1, 4, 16, 64):
    slow = [stats.binom.sf(spare, n + spare, 0.01) for spare in (0, 2)]  # more slow than spares
    largest = 2 * np.sin(np.pi / (2 * (2 * n - 1)))  # the delay is n - 1
    assert stable(0.97 * largest, n - 1) and not stable(1.03 * largest, n - 1)
    table[f"{n} workers"] = {
        "ms a step, all": f"{100 + 400 * slow[0]:.0f}",
        "ms, two spare": f"{100 + 400 * slow[1]:.0f}",
        "largest stable rate, stale": f"{largest:.3f}",
        "rate times workers": f"{n * largest:.2f}",
    }
pd.DataFrame(table).T

# %% [markdown] name="stragglers-why" tags=["after-guess"]
# **Waiting costs more with more workers.** Two spare workers save nearly all this time (Chen et al.). But the rows of the slow workers are dropped.
#
# **Without waiting, a learning rate near the largest synchronous rate diverges.** The largest stable rate is nearly in proportion to $1/n$. But equally fast workers make n stale updates during one synchronous step. So training may progress as fast with the smaller rate. This loss has no noise and one parameter. In a network stale gradients can also act like extra momentum (Mitliagkas et al.). So tune rate and momentum again, and compare at equal time.

# %% [markdown] name="sharing"
# ## Deeper: what does a request cost? (15 minutes)
#
# *"Give resources to several related tasks"* repeats the question. So say **what** is shared, and count parameters, multiply-adds a row, and bytes.

# %% [markdown] name="task-6-text"
# ### Task 41.6 · What a network costs (7 minutes)
#
# Write `cost(inputs, trunk, tower, tasks)`: dense layers behind the looked-up embeddings.
#
# - `inputs`: how many numbers a row has after the lookup. `trunk`: list of widths, may be empty. `tower`: list of widths of **one** task's tower without its last layer of one unit, may be empty. `tasks`: how many towers, 1 or more.
# - A layer from p numbers to q has p·q weights, q biases, and p·q multiply-adds a row. Count a multiply-add as one, and no activation.
# - Return `(parameters, multiply_adds)`: of the trunk once, and of a tower for each task. A tower reads the trunk, or the inputs if there is no trunk. Leave the arguments as they are.
#
# `cost(10, [4], [], 2)`: trunk 44 parameters, each tower 5; it returns `(54, 48)`.


# %% name="task-6"
def cost(inputs, trunk, tower, tasks):
    ### BEGIN SOLUTION
    def dense(widths):
        products = sum(a * b for a, b in pairwise(widths))
        return np.array([products + sum(widths[1:]), products])

    body = [inputs, *trunk]
    return tuple(dense(body) + tasks * dense([body[-1], *tower, 1]))
    ### END SOLUTION


check("41.6", cost)

# %% [markdown] name="budget-text"
# ### The budget table
#
# A request ranks a thousand products for four tasks.
#
# | | inputs | trunk | tower |
# |---|---|---|---|
# | large network | 512 | 256, 128 | 32 |
# | small network | 512 | 32 | none |
#
# The budget is `100` million multiply-adds a request and `800` kilobytes of weights.
#
# **Predict first.** Which ways keep both bounds: four models, four models of half the widths, one trunk with four towers, this network with weights of one byte, or a small network first? In the last way the small network scores all products, and the large one the best hundred.


# %% name="sharing-table" tags=["after-guess", "folded"]
# Million multiply-adds a request and kilobytes of weights, way by way.
def counted(inputs, trunk, tower, tasks):
    """As in task 41.6, so that this table needs no answer of yours."""
    layers = [inputs, *trunk]
    head = [layers[-1], *tower, 1]
    pairs = [*pairwise(layers), *tasks * [*pairwise(head)]]
    return np.array([sum(p * q + q for p, q in pairs), sum(p * q for p, q in pairs)])


one, small = counted(512, [256, 128], [32], 4), counted(512, [32], [], 4)
single, half = counted(512, [256, 128], [32], 1), counted(512, [128, 64], [32], 1)
ways = {
    "four models": (4 * single[1] / 1e3, 16 * single[0] / 1e3),
    "four models of half the widths": (4 * half[1] / 1e3, 16 * half[0] / 1e3),
    "one trunk, four towers": (one[1] / 1e3, 4 * one[0] / 1e3),
    "the same, weights of one byte": (one[1] / 1e3, (one[1] + 4 * (one[0] - one[1])) / 1e3),
    "a small one first": (small[1] / 1e3 + one[1] / 1e4, 4 * (small[0] + one[0]) / 1e3),
}
pd.DataFrame(
    {
        name: [f"{work:.0f}", f"{size:,.0f}", "yes" if work <= 100 and size <= 800 else "no"]
        for name, (work, size) in ways.items()
    },
    ["million multiply-adds", "kB", "within both bounds"],
).T

# %% [markdown] name="sharing-why" tags=["after-guess"]
# One trunk in place of four saves three trunks, and nothing else. Four narrow models cost less than four wide models, but may predict worse. So compare costs at equal *quality* (lessons 22 and 40).

# %% [markdown] name="budget-why" tags=["after-guess"]
# Fewer bytes save no multiply-adds. **Most is saved if the large network sees fewer products.** Lesson 23 asks what this first stage loses. If half of the inputs belong to the customer, compute their part of the first layer once for all products. This saves a third of the work.

# %% [markdown] name="request"
# ### Why the mean lies
#
# Simulated requests come at random. A server takes the waiting requests, at most `B` at once. A batch takes `2` ms, and `.5` ms more for each request. With `B = 1` the server is busy nine tenths of the time. A page may call four models at once, and wait for the slowest.
#
# **Predict first.** At `B = 1`, how many times as long as the mean is the p99? On what share of the pages does at least one model exceed its p99?


# %% name="queue" tags=["after-guess", "folded"]
# Milliseconds from arrival to answer, 20,000 requests; and pages that call four models.
def served(most, rate=0.36, n=20_000, seed=0):
    """Milliseconds from arrival to answer, for each request."""
    at = np.cumsum(np.random.default_rng(seed).exponential(1 / rate, n))
    waited, free, done = np.empty(n), 0.0, 0
    while done < n:
        start = max(free, at[done])
        last = min(np.searchsorted(at, start, side="right"), done + most)
        free = start + 2.0 + 0.5 * (last - done)
        waited[done:last] = free - at[done:last]
        done = last
    return waited


table = {}
for most in (1, 2, 8):
    ms = served(most)
    table[f"at most {most}"] = {
        "mean": ms.mean(),
        "p50": np.median(ms),
        "p99": np.quantile(ms, 0.99),
        "over 20 ms, %": 100 * np.mean(ms > 20),
    }
print(f"pages with a call beyond p99, four independent calls: {1 - 0.99**4:.1%}")
pd.DataFrame(table).T.round(1)

# %% [markdown] name="queue-why" tags=["after-guess"]
# With one request at a time, the p99 is about four times the mean. The mean is within a budget of `20` ms, but one request in five is not. Two requests at a time share the fixed cost, and the queue nearly disappears.
#
# With four calls on a page, nearly four times as many pages meet a slow call as with one call. If the calls of a page are slow together, fewer pages meet a slow call (Dean and Barroso). One trunk for four tasks is one call.

# %% [markdown] name="recap"
# ## Recap
#
# - Ask which resource is scarce, and what the loss divides by.
# - If the loss is a mean over a task's own labels, each label counts more the fewer there are.
# - A small weight helps if the other tasks teach what the few labels cannot, and harms if they do not. Compare with the twin.
# - Balance is the gain over the twin. The worst gain rules out ways. The mean gain ranks the others.
# - Adaptive rules do not know what a task is worth. They must beat a tuned fixed weight, with as many trials.
# - A priority needs a mechanism: a bound with an owner, or a stop-gradient, which favours the *other* tasks.
# - Fewer products for the large network save most. Judge the p99, not the mean.
# - Workers that send sums and counts change only the time, if the batch is the same.
# - If tables are split over workers, the busiest worker sets the speed.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | **E26** | *"resource allocation"*, never defined | There are four budgets: gradient, data, capacity, serving. |
# | **E27** | adaptive *"by importance and execution time"* | All heads run in one forward computation, so there is no time to schedule. Importance is an input. A rule must beat equal labels and a tuned weight. |
# | **E28** | *"task sharing: give resources to several related tasks"* | This repeats the question. Say what is shared, and count it. |
# | **E29** | *"priorities, so that key tasks get what they need"* | Name the mechanism: a stop-gradient (the trunk is **identical** without this task), a guardrail, or sampling. |
# | **E30** | *"parallel, to be faster"* | The weights are the same within **1e-6**, so no task gets more. Measure whether training is faster. |
# | **E31** | no metric of "balanced"; no scenario | Report the worst and the mean gain over the twin, by task and scenario. |
#
# **References**
#
# | | |
# |---|---|
# | DWA, GradNorm, uncertainty | https://arxiv.org/abs/1803.10704, https://arxiv.org/abs/1711.02257, https://arxiv.org/abs/1705.07115 |
# | sums are hard to beat | V. Kurin et al., 2022, https://arxiv.org/abs/2201.04122; D. Xin et al., 2022, https://arxiv.org/abs/2209.11379 |
# | RelaImpr; the mean relative gain | G. Zhou et al., https://arxiv.org/abs/1706.06978; K. Maninis et al., https://arxiv.org/abs/1904.08918 |
# | duality | S. Boyd, L. Vandenberghe: Convex Optimization, chapter 5 |
# | the slowest of many | J. Dean, L. Barroso: The Tail at Scale. CACM 56, 2013 |
# | backup workers | J. Chen et al., 2016, https://arxiv.org/abs/1604.00981 |
# | staleness as momentum | I. Mitliagkas et al., 2016, https://arxiv.org/abs/1605.09774 |
# | sharded tables | D. Mudigere et al., ISCA 2022, https://arxiv.org/abs/2104.05158 |
