# %% [markdown] name="title" question_zh="多个任务争梯度、样本、参数和时延：怎么分？" interview_zh="怎么平衡多任务之间的资源？"
# # 41 · Interview question 2: how do you balance resources among tasks?
#
# > Several tasks want the same gradient, rows, parameters and milliseconds: who gets how much?
#
# **After this lesson you can** ask "which resource?" and mean it; judge balance by a metric; test an adaptive weight against a
# tuned one; train one network with several processes and say what that changes; and fill the budget table of a ranker.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 60 + 50 + 40 + 40 | senior | lessons 20 and 21; 22 to 24 help | "How do you balance resources among tasks?", "which task weights do you trust?", "how do you serve it within the budget?", "what does parallel training change?" |
#
# Run each cell with Shift+Enter. Nine cells wait for your code: replace the dots, run, read the verdict. `hint("41.1", 1)`
# helps, and so do levels 2 and 3. What follows a *Predict first* is closed until you run it.

# %% name="imports"
import json
import sys
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.evidence import claim, equivalence
from course_utils.exercises import check, hint, solution
from course_utils.metrics import auc, paired_interval
from course_utils.notebook import figure, forest, show
from course_utils.shop import Shop
from course_utils.workers.job import Job, greatest_difference
from course_utils.workers.launch import train

# %% [markdown] name="question"
# ## Sitting 1 · Which resource?
#
# The interviewer asks: *"How do you balance resources among the tasks of a multi-task model?"* The article that this course takes apart answers with four lines:
#
# 1. **自适应资源分配**: adjust resources dynamically, by each task's importance and execution time;
# 2. **任务共享**: give resources to several related tasks, to use them better;
# 3. **任务优先级**: set priorities, so that key tasks get the resources they need;
# 4. **并行处理**: split tasks into subtasks and run them in parallel, which is faster.
#
# What is tested is whether you hear that *resource* was never defined. These lines would answer a question on an operating system. In a multi-task network
# four things are scarce that tasks compete for, and each has an owner of its own:
#
# | budget | who competes | what you can turn | where it stands |
# |---|---|---|---|
# | **gradient** | tasks, for the trunk's next step | weights of losses, rules that combine gradients, stop-gradient, guardrails | here; lessons 20 and 40 |
# | **data** | tasks and scenarios, for rows of a batch | sampling at a temperature, more labels | lesson 21 |
# | **capacity** | tasks, for units | width, experts, towers, embedding sizes, groups of tasks | lessons 22 and 24 |
# | **serving** | products and tasks, for milliseconds and bytes | one trunk, a cascade, distillation, small integers | here; lesson 23 |
#
# A fifth is spent by all tasks together: **training**, hours of machines. A grid of four values is four trainings, GradNorm needs each task's gradient length at each step, PCGrad (lesson 40) a backward pass a task; several workers make it shorter (sitting 2).
# All heads come out of one forward computation, and one step trains them all.

# %% [markdown] name="first"
# ### A result first: who should get the gradient?
#
# The market of lesson 20: *view*, *click* and *save* have labels on 10,000 rows, the *purchase* on 400. By construction all four are mixtures of the same four preferences. A network for the purchase alone, its *twin*, has
# an AUC near .62; the best possible is .86. One Shared-Bottom for all four tasks has to divide the trunk's gradient. Each loss is a mean over the task's own labels in the batch; the purchase's is weighed in six ways:
#
# - *equal weights*: 1, as the others; *equal labels*: 400/10,000 = 0.04; or one *tuned fixed weight*: 0.01, 0.1, 1 or 10;
# - **adaptive**: DWA by learning speed, GradNorm by gradient length, uncertainty by learned noise (formulas: lessons 20 and 40, `course_utils.balancing`);
# - (two with a *priority* come later: guardrails, and a stop-gradient).
#
# Equal trials, four settings each: the four weights at a learning rate of .003; or four learning rates; or two of them with two values of the rule's own dial; for a twin, pairs of batch and rate. Two other markets choose: the greatest gain of the purchase, if no frequent task loses more than .005 of AUC. Each task keeps the epoch of its least validation loss. Six markets judge (stored, `benchmarks/allocation.py`).
#
# **Predict first.** For the purchase: order the six. By how much do the two best differ, and where do equal weights stand?

# %% name="first-forest" tags=["after-guess"]
STORED = json.loads((paths.RESULTS / "allocation.json").read_text(encoding="utf-8"))
FREQUENT, MAIN = ("view", "click", "save"), "purchase"
TASKS, ADAPTIVE = (*FREQUENT, MAIN), ("DWA", "GradNorm", "uncertainty")
SIX = ("equal weights", "equal labels", "tuned fixed weight", *ADAPTIVE)
TWIN, TUNED = STORED["twins"]["auc"], STORED["tuned fixed weight"]["auc"]


def over(way, rival, task, key, text):
    """A claim: one way over another on a task, six markets."""
    return claim(f"41.{key}", text, way[task], rival[task], pairs="markets")


LABELS = STORED["equal labels"]["auc"]
forest(
    "The purchase: ways to give the gradient away",
    [over(TUNED, TWIN, MAIN, "tuned-twin", "tuned fixed weight over the twin")]
    + [
        over(STORED[way]["auc"], TUNED, MAIN, f"{way.lower().replace(' ', '-')}-tuned", f"{way} over the tuned fixed weight")
        for way in SIX if way != "tuned fixed weight"
    ]
    + [
        over(LABELS, STORED["equal weights"]["auc"], MAIN, "labels-equal", "equal labels over equal weights"),
        over(LABELS, STORED["GradNorm"]["auc"], MAIN, "labels-gradnorm", "equal labels over GradNorm"),
    ],
)  # fmt: skip

# %% name="stopping" tags=["after-guess", "folded"]
# Is it the stopping? The purchase at the best of all epochs, chosen on the test rows; and with one snapshot for all tasks.
MORE = json.loads((paths.RESULTS / "allocation_more.json").read_text(encoding="utf-8"))
for way in ("equal weights", *ADAPTIVE):
    least, *_, most = sorted(np.subtract(MORE["best epoch"][way], TUNED[MAIN]))
    print(
        f"{way:<13} at its best epoch: {least:+.3f} to {most:+.3f} of the tuned weight, in six markets"
    )
print("one snapshot for all tasks, mean AUC of the purchase:")
print(", ".join(f"{way} {np.mean(STORED[way]['auc at one epoch'][MAIN]):.3f}" for way in SIX))

# %% [markdown] name="first-why" tags=["after-guess"]
# *Equal weights* are equal **tasks**: one of the purchase's 400 labels then pulls like 25 labels of a click. *Equal labels* takes that back, and needs no search for a weight: on average .032 to .122 above equal weights (95 %), and no difference to the tuned weight of **0.01** is shown (-.007 to +.005; at the *same* learning rate 0.01 is .001 to .005 above, as the next section prints). GradNorm, the best of the rules, is .016 to .039 below that weight; DWA .028 to .120, uncertainty .028 to .194.
# So the first question is not *"which rule?"* but *"what does my loss divide by?"* A mean over each task's labels or a sum over the batch is the first weight that anybody sets, often unknowingly.
#
# Part of the long intervals comes from early stopping: equal weights, DWA and uncertainty are soon too sure of 400 labels, their validation loss rises, and an early epoch is kept. Even at the best of all epochs, chosen on the test, all four stay below in each market.
# (That each task keeps its own epoch has a price: up to four snapshots, so four trunks to serve. With one for all the order of the *purchase* stays: the last line. What that costs the frequent tasks stands in the next table.) What lies beyond 0.01, the edge of the grid, is in sitting 2: no gradient at all.

# %% [markdown] name="task-1-text"
# ### Task 41.1 · Which budget? (6 minutes)
#
# For each sentence, which budget does it give away? `"G"` gradient, `"D"` data, `"C"` capacity, `"S"` serving, `"N"` none of the four: it names no mechanism, or one that gives no task more.
# Make `letters` a dictionary, number of a sentence to letter.
#
# 1. the purchase's loss counts 0.1; 2. no gradient flows from the save's head into the trunk; 3. scenarios are drawn in proportion to the root of their rows;
# 4. the purchase gets two experts of its own; 5. user ids get 32 numbers, cities 4; 6. weights are served as 8-bit integers;
# 7. the pre-ranking stage passes on 200 of 5,000 products; 8. a scheduler gives the more important task more CPU time;
# 9. each head gets its share by its execution time; 10. the resources are assigned to several related tasks;
# 11. the purchase has priority; 12. the work is cut into parts that run in parallel.

# %% name="task-1"
### BEGIN SOLUTION
letters = {
    **{1: "G", 2: "G", 3: "D", 4: "C", 5: "C", 6: "S", 7: "S"},
    **dict.fromkeys(range(8, 13), "N"),
}
### END SOLUTION

check("41.1", letters)

# %% [markdown] name="metric"
# ## Balanced? By which metric?
#
# The article names none. A sum of losses is none: it adds a log loss of .1 to one of .6, and falls when the large task gains. A mean of AUCs is none: it lets one task's gain hide another one's loss.
# Each task has an owner, and the owner has an alternative: the twin. So the metric is a **gain over the twin**, task by task, in one unit. A random order has an AUC of .5, so count what lies above it:
#
# $$g_k = \frac{s_k - t_k}{t_k - .5}\ \text{(for an error } \frac{t_k - s_k}{t_k}),\qquad \text{report}\quad \min_k g_k \ \text{ and } \ \frac{1}{K}\sum_k g_k .$$
#
# For an AUC that is the RelaImpr of click models (Zhou et al. 2018); the mean is the $\Delta_m$ of Maninis et al. (2019). A twin near .5 makes the unit explode: show the difference of AUC beside it. The worst decides, the mean ranks those that pass. With scenarios the minimum runs over all pairs of task and scenario (lesson 21's report), and it needs an interval, as in task 20.6.
#
# **Predict first.** Equal weights, mean over six markets: is some task below its twin? And whose worst gain is greatest: the tuned weight's or GradNorm's?


# %% name="metric-table" tags=["after-guess"]
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
        "95 %": f"{low:+.1%} to {high:+.1%}",
        "least in any market": f"{min(map(min, found.values())):+.1%}",
        "mean gain": f"{np.mean([*found.values()]):+.0%}",
    }


by_purchase = {way: {"chosen": STORED[way]["chosen"], **balance(STORED[way]["auc"])} for way in SIX}
for way in SIX:  # the worst task, with one snapshot for all tasks
    once = balance(STORED[way]["auc at one epoch"])
    by_purchase[way]["one snapshot"] = " ".join(list(once.values())[:2])
    by_purchase[way]["its 95 %"] = once["95 %"]
pd.DataFrame(by_purchase).T

# %% [markdown] name="metric-why" tags=["after-guess"]
# Under equal weights and under uncertainty the click is on average below its twin, by .2 % and less than .1 %: with a mean gain of more than 20 % that hides easily. But both intervals hold 0: the owner of the click has a question, not yet a claim. And a mean over markets hides a market: in one of six uncertainty left the *purchase* 31 % below its twin. With one snapshot for all tasks (last columns) equal weights, DWA and uncertainty have a worst task some 2 % below its twin on average (the intervals hold 0); the other three keep +1.3 % or more.
#
# The tuned weight and GradNorm have the same worst gain, +2.4 % and +2.3 %; equal labels less, at a learning rate that was chosen for the purchase. So choose by the metric that you report. The same trials, chosen on the tuning markets by the greatest worst gain:

# %% name="metric-worst" tags=["after-guess", "folded"]
# The same table, each way at the setting with the greatest worst gain on the tuning markets.
by_worst = {
    way: {
        "chosen": STORED[way]["chosen for the worst"],
        **balance(STORED[way]["auc for the worst"]),
    }
    for way in SIX
}
leading = {
    way: gains(STORED[way]["auc for the worst"])
    for way in ("tuned fixed weight", "equal labels", "GradNorm")
}
for way, rival in combinations(leading, 2):
    said = []
    for task in FREQUENT:
        low, high = paired_interval(leading[rival][task] - leading[way][task])
        said.append(f"{task} {low:+.3%} to {high:+.3%}")
    print(f"gain, {rival} minus {way}: {', '.join(said)}")
low, high = paired_interval(
    np.subtract(
        STORED["tuned fixed weight"]["auc for the worst"][MAIN],
        STORED["equal labels"]["auc for the worst"][MAIN],
    )
)
print(
    f"AUC of the purchase, weight 0.01 minus equal labels, both at rate 0.003: {low:+.3f} to {high:+.3f}"
)
pd.DataFrame(by_worst).T

# %% [markdown] name="metric-worst-why" tags=["after-guess"]
# Now three lead: the tuned weight, equal labels and GradNorm, each with the click as its worst task at +2.2 to +2.4 %. For view, click and save no difference among the three is shown, and no interval leaves more than half a percent. So the worst gain does not decide between them, the mean does: +48, +47 and +41 %, nearly all of it the purchase. An owner of the frequent tasks has no reason to prefer one.

# %% [markdown] name="task-2-text"
# ### Task 41.2 · Is it balanced? (8 minutes)
#
# Write `balanced(scores, twins, errors, margin)`.
#
# - `scores`, `twins`: dictionaries, task to a number; both have the same one or more tasks, maybe in another order. `errors`: the set of tasks whose number is an error, where less is better; the others are AUCs. `margin`: a number, 0 or more.
# - The twin's error is above 0, its AUC above .5. The gain of a task is as above: for an AUC a share of what the twin has above .5, for an error of the twin's error; above 0 for better.
# - Return `(task, worst, mean, passes)`: the task with the least gain (of equal ones the first in `twins`), its gain, the mean gain of all tasks, and whether the worst gain is at or above `-margin`. Do not round.
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

# %% [markdown] name="adaptive"
# ## Adaptive: by what?
#
# *"By importance and execution time"* (line 1). Take importance first. It is a decision of the business, not a measurement: it enters as a value, and no rule can find it in the losses.
#
# Execution time: of what? One forward computation gives all four heads. Count the multiply-adds of the network above, a row of three ids with 12 numbers each.

# %% name="heads"
inputs, trunk, heads = 3 * 12, 64, 4
shared, each = inputs * trunk, trunk
print(
    f"trunk {shared:,} multiply-adds a row, one head {each}: {each / (shared + heads * each):.1%} of all"
)
large = 512 * 256 + 256 * 128
for name, one in [("one head", 128), ("with towers of 32, one tower", 128 * 32 + 32)]:
    print(f"a ranker of 512 inputs, trunk 256 and 128: {name} is {one / (large + heads * one):.2%}")

# %% [markdown] name="heads-why"
# There is nothing to schedule: a head that is dropped saves two or three percent here, a thousandth there; a tower two percent. What differs between tasks is **how fast their losses fall**, and that a weight can answer to.
# Three rules, each in one line ($L_k$ the loss of task $k$, $w_k$ its weight, $K$ tasks):
#
# - **DWA** (Liu, Johns and Davison 2019): $r_k = L_k(t-1)/L_k(t-2)$, $w_k = K\,\mathrm{softmax}_k(r_k/T)$. The slow task gets more.
# - **GradNorm** (Chen et al. 2018): move $w_k$ until $w_k\|\nabla L_k\|$ is the mean length times (relative loss left)$^\alpha$.
# - **Uncertainty** (Kendall et al. 2018): learn $s_k$ in $\sum_k e^{-s_k}L_k + s_k/2$. At rest $w_k = 1/(2L_k)$: small losses get much.
#
# (Under Adam, whose step is a gradient over its own recent length, a tower's own steps hardly depend on its weight. What the weight decides is the mix on the trunk.)
#
# None of the three is told that the purchase has 400 labels, which this network learns by heart. **Predict first.** The purchase's share of all weights along the training: which rule goes towards the tuned one, which away from it? And does one of them find out how many labels there are?

# %% name="adaptive-picture" tags=["after-guess", "folded"]
# The picture: the purchase's share of the weights by epoch, six markets.
fig, ax = figure(height=2.9)
tuned = float(STORED["tuned fixed weight"]["chosen"].split()[1].rstrip(","))
ends = {}
for at, name in enumerate((*ADAPTIVE, "guardrails")):
    for k, run in enumerate(STORED[name]["weights"]):
        share = [one[-1] / sum(one) for one in run]
        ax.plot(
            range(1, len(share) + 1),
            share,
            color=f"C{at}",
            alpha=0.5,
            linewidth=1,
            label=None if k else name,
        )
        ends.setdefault(name, []).append(share[-1])
ax.axhline(
    tuned / (3 + tuned), color="0.2", linestyle="--", linewidth=1, label=f"tuned weight, {tuned:g}"
)
ax.axhline(0.04 / 3.04, color="0.2", linestyle=":", linewidth=1, label="equal labels, 0.04")
ax.axhline(0.25, color="0.6", linestyle=":", linewidth=1, label="equal weights")
ax.set(yscale="log", xlabel="epoch", title="The purchase's share of all weights")
ax.legend(fontsize=7, ncols=2)
show(
    fig,
    alt="The purchase's share of all weights by epoch, on a log scale, six markets for each rule. Equal weights are .25, equal labels .013, the tuned weight .003. DWA swings between "
    ".14 and .42, uncertainty rises from .24 to .37 or more, GradNorm stays between .05 and .11, guardrails fall to .0003 within three epochs and rise late to between .04 and .35.",
)  # fmt: skip

# %% name="adaptive-shares" tags=["after-guess", "folded"]
# GradNorm's share, by the number of the purchase's labels.
for labels, shares in MORE["shares"].items():
    print(
        f"{int(labels):>6,} labels: GradNorm's share {min(shares):.2f} to {max(shares):.2f} in six markets"
    )

# %% [markdown] name="adaptive-why" tags=["after-guess"]
# **Away from it**: uncertainty, since the purchase's training loss falls and its weight is one over the loss; it ends above a third. **Nowhere**: DWA swings around a quarter. **Towards it**: GradNorm, near .08, since the purchase's gradients are the longest, and equal lengths mean a low weight.
# Why are they long? A mean over some ten labels in a batch is noisy, and noise is length. So GradNorm reads the number of labels, indirectly: its share is .08 with 400 labels, .18 to .19 with 4,000, and .24 to .27, as equal weights, with all 10,000. With 400 that is not enough: equal labels would be .013. What no rule reads is what a task is worth, and whether the other tasks teach what its few labels lack.

# %% [markdown] name="frozen-text"
# Is it the moving that helps, or the mix where it moves to? Freeze each rule: train once more with its own mean weights of that market, fixed.
#
# **Predict first.** Which rule loses by being frozen?

# %% name="frozen-forest" tags=["after-guess", "folded"]
# Verdicts: does it matter that the weights move? Each rule against its own mean weights, fixed.
FROZEN = STORED["frozen"]
forest(
    "The purchase: weights that move over their own mean, fixed",
    [
        over(
            STORED[way]["auc"],
            FROZEN[way],
            MAIN,
            f"{way.lower()}-frozen",
            f"{way}, moving over frozen",
        )
        for way in ADAPTIVE
    ],
)

# %% [markdown] name="frozen-why" tags=["after-guess"]
# For none a difference is shown, and much is left open: .015 for GradNorm, more than .03 for DWA and uncertainty; six markets cannot say. Where the mix is all that helps, a grid of fixed weights (0.01, 0.1, 1, 10) finds mixes too.

# %% [markdown] name="labels-text"
# Is it the *few labels* that make 0.01 right? The settings chosen above, not tuned again: with labels of the purchase on 4,000 rows (equal labels then weigh 0.4), and with 400 again, in markets where the purchase follows a taste of its own, which no other task shows.
#
# **Predict first.** Which of the ways is below 0.01 in the first kind of market, which is above it in the second? And which is above the purchase's own twin there?

# %% name="many-forest" tags=["after-guess", "folded"]
# Verdicts: ten times the labels, over the weight 0.01 of the first market.
MANY, OWN = MORE["4,000 labels"], MORE["own taste"]
TWINS = json.loads((paths.RESULTS / "allocation_twins.json").read_text(encoding="utf-8"))


def elsewhere(market, key, ways):
    """Claims over the tuned weight in another kind of market, nothing tuned again."""
    return [
        over(
            market[way],
            market["tuned fixed weight"],
            MAIN,
            f"{key}-{way.lower().replace(' ', '-')}",
            f"{way} over 0.01",
        )
        for way in ways
    ]


REST = [way for way in SIX if way != "tuned fixed weight"]
forest("The purchase with 4,000 labels", elsewhere(MANY, "many", [*REST, "stop-gradient"]))  # fmt: skip
means = [np.mean(np.subtract(auc[MAIN], TWINS["4,000 labels"])) for auc in MANY.values()]
print(
    f"All ways over the purchase's twin there, on average: {min(means):+.3f} to {max(means):+.3f}"
)

# %% name="own-forest" tags=["after-guess", "folded"]
# Verdicts: 400 labels, and a taste of its own; over 0.01, over equal weights, and over the twin.
forest(
    "The purchase with 400 labels and a taste of its own",
    [
        *elsewhere(OWN, "own", [*REST, "stop-gradient"]),
        over(OWN["equal labels"], OWN["equal weights"], MAIN, "own-labels-equal", "equal labels over equal weights"),
        *[
            over(OWN[way], OWN["equal weights"], MAIN, f"own-{way.lower()}-equal", f"{way} over equal weights")
            for way in ADAPTIVE
        ],
        over(OWN["stop-gradient"], OWN["equal weights"], MAIN, "own-stop-equal", "stop-gradient over equal weights"),
    ],
)  # fmt: skip
ALONE = {MAIN: TWINS["own taste"]}
print(f"mean AUC of the purchase's own twin there: {np.mean(ALONE[MAIN]):.3f}")
forest(
    "The same markets: each way over the purchase's own twin",
    [
        over(OWN[way], ALONE, MAIN, f"own-{way.lower().replace(' ', '-')}-twin", f"{way} over the twin")
        for way in [*SIX, "stop-gradient"]
    ],
)  # fmt: skip

# %% [markdown] name="labels-why" tags=["after-guess"]
# With 4,000 labels little is left to win: on average all ways are .024 to .029 above the twin. GradNorm and uncertainty cannot be told from 0.01 (within .003), nor can equal labels once six verdicts are counted together; equal weights and DWA are .002 to .008 below.
#
# With 400 labels and a taste of its own everything turns round: 0.01 is .07 to .18 *below* equal weights and below each rule, and no rule is shown above equal weights. But the purchase's own **twin** (its setting, too, from the first market) has .828 there, and **no way is above it**: GradNorm is .006 to .026 below, uncertainty .003 to .014, equal labels .03 to .07, 0.01 .09 to .19; for equal weights and DWA no difference is shown. Nothing that was tried helps a task which learns nothing from the others: before you balance it, ask its twin.
#
# A small weight pays if the others teach what the labels lack, most if these are few; with a taste of its own it was the worst of six. Rules and equal weights are a middling mix: there up to .026 below the twin (95 %), in the first market up to .194 below 0.01. Tune in your own market, beside the twin, and again when it moves.

# %% [markdown] name="task-3-text"
# ### Task 41.3 · Weights by value and learning speed (7 minutes)
#
# Write `weights(before, now, values, milliseconds, temperature)`. A colleague's table has four columns; not all are needed.
#
# - `before`, `now`: lists of $K$ losses above 0, of the last epoch but one and of the last. `values`: a list of $K$ numbers above 0: what each task is worth. `milliseconds`: a list, how long each head takes. `temperature`: a number above 0.
# - With $r_k$ = now over before, return an array of $K$ weights in proportion to $\text{value}_k\,e^{r_k/T}$ that sum to $K$. It must not overflow when a loss explodes: subtract the greatest exponent from all (`np.exp`, `np.max`). Leave the arguments as they are.
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

# %% [markdown] name="cut-1"
# **End of sitting 1.** You can name four budgets, judge a balance, and say what an adaptive weight answers to. Next: priorities that do something, and two processes.

# %% [markdown] name="priority"
# ## Sitting 2 · Priority, and work in parallel
#
# *"Set priorities for tasks"* (line 3). Written in a configuration file a priority changes no gradient. The first mechanism that does is a **stop-gradient**: the head of an auxiliary task reads the trunk, and its gradient ends there. (An **auxiliary task** is the opposite of a priority: it is trained only because it helps another.)
#
# **Predict first.** A trunk of 8 units, main task A, head B behind a stop-gradient, 200 steps. Does B's head learn at all, on a trunk that is not made for it?

# %% name="stop" tags=["after-guess"]
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
# Identical to the last bit: B takes no part of the gradient. It is the strongest guardrail there is, and expensive for B where B needs what A does not. (In a larger program early stopping, a clip by the common length or one schedule of the learning rate may still tie B to A.) Three mechanisms:
#
# | mechanism | what it promises | what it costs |
# |---|---|---|
# | **stop-gradient** from an auxiliary head | the main tasks learn as if it were not there | the auxiliary task lives on what the others need |
# | **guardrail**: minimise A subject to $L_B \le$ its bound | B is held, A gets what is left | a speed to choose, and a bound that somebody must own |
# | **sampling** at a temperature (small scenarios) | a share of each batch | the rows of a small one are used again and again |

# %% [markdown] name="guard-text"
# ### A guardrail: the multiplier finds the weight
#
# Minimise $L_A(\theta)$ subject to $L_B(\theta) \le c$. Put a price $\lambda \ge 0$ on the bound, the *Lagrangian* $L_A + \lambda\,(L_B - c)$: for a fixed $\lambda$ it *is* a weighted loss. Raise $\lambda$ while the bound is broken, and lower it while there is room. (Dual ascent adds; this is its multiplicative form.)
#
# $$\lambda \leftarrow \lambda\, e^{\,\eta\,(L_B - c)} .$$
#
# Two tasks, two quadratics, both bowls with one lowest point (*convex*), so a weight for every bound exists (Boyd and Vandenberghe 2004, chapter 5; a network gives no such guarantee): $L_A = \tfrac12|\theta - a|^2$, $L_B = \tfrac12|\theta - b|^2$. For a given $\lambda$ the best $\theta$ is $(a + \lambda b)/(1+\lambda)$, so $L_B = \tfrac12|a-b|^2/(1+\lambda)^2$, and the bound holds with equality at $\lambda^* = |a-b|/\sqrt{2c} - 1$.
#
# **Predict first.** $|a - b| = 5$, $c = 0.5$, start at $\lambda = 1$. Which fixed weight would have been right? And how high does $\lambda$ climb on its way, if $\theta$ follows slowly?

# %% name="dual" tags=["after-guess"]
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
for name, path in paths_of.items():
    print(
        f"{name:<21} ends at {path[-1, 0]:.2f} (formula {best:.2f}), highest {path[:, 0].max():.0f}"
    )

# %% name="dual-picture" tags=["after-guess", "folded"]
# The picture: the multiplier and B's loss along the steps, on log scales.
fig, axes = figure(ncols=2, height=2.6)
for ax, at, line, title in [(axes[0], 0, best, "multiplier"), (axes[1], 1, c, "loss of B")]:
    for k, (name, path) in enumerate(paths_of.items()):
        ax.plot(path[:, at], color=f"C{k}", label=name)
    ax.axhline(line, color="0.3", linestyle="--", linewidth=1)
    ax.set(title=title, xlabel="step", yscale="log")
axes[0].legend(fontsize=7)
show(
    fig,
    alt="Two panels over 400 steps, log scales. Where theta follows fast, the multiplier rises from 1 to 6 and comes to rest at 4, B's loss at its bound of 0.5. "
    "Where it follows slowly, the multiplier overshoots to about 300, B's loss falls below a hundredth of its bound, and both come back after 250 steps.",
)

# %% [markdown] name="dual-why" tags=["after-guess"]
# It finds the weight 4 by itself. Where $\theta$ follows slowly the multiplier runs away to 300 meanwhile, and A gets nothing until it is back: the speed must fit the learner's. And $c$ has replaced the weight as what somebody must choose. That is the gain. An owner
# can agree to "no more than .01 above your twin's loss"; nobody can agree to "weight 4".

# %% [markdown] name="market-priority"
# ### In the market: the purchase, and three owners with a promise
#
# Guardrails as above: each frequent task's *training* loss may be at most its twin's (at the twin's best epoch) plus a slack of 0 or .02, two learning rates: four settings; the speed 20 and the ends 0.001 and 1,000 were set by hand. Stop-gradient: the purchase reads the trunk of the three.
#
# **Predict first.** Against the tuned fixed weight: who wins the purchase? And at the end of training, is the multiplier at rest?

# %% name="priority-forest" tags=["after-guess", "folded"]
# Verdicts: priorities with a mechanism, for the purchase and for the click.
forest(
    "Priorities with a mechanism",
    [
        over(STORED[way]["auc"], rival, task, f"{way.split('-')[0]}-{task}-{key}", f"{task}: {way} over {words}")
        for way in ("guardrails", "stop-gradient")
        for task, rival, key, words in [
            (MAIN, TWIN, "twin", "its twin"),
            (MAIN, TUNED, "tuned", "the tuned weight"),
            ("click", TWIN, "twin", "its twin"),
            ("click", TUNED, "tuned", "the tuned weight"),
        ]
    ]
    + [over(STORED["guardrails"]["auc"], FROZEN["guardrails"], MAIN, "guardrails-frozen", "purchase: guardrails, moving over frozen")],
)  # fmt: skip

# %% name="bounds-table" tags=["after-guess", "folded"]
# Where the guardrails stood: the purchase's share of all weights; losses over their bounds, and on new rows over the twin's.
guard = STORED["guardrails"]
slack = float(guard["chosen"].split()[1].rstrip(","))
rows, beyond = {}, []
for k, seed in enumerate(STORED["seeds"]):
    share = [one[-1] / sum(one) for one in guard["weights"][k]]
    bound = np.array(STORED["twins"]["limits"][str(seed)]) + slack
    twin = np.array([TWINS["valid"][task]["validation"][k] for task in FREQUENT])
    held_out = np.array(guard["valid"][k][:3]) - twin
    beyond.append(twin - bound)
    rows[f"market {k + 1}"] = {
        "share at its lower end until epoch": 1
        + max(at for at, one in enumerate(share) if one < 4e-4),
        "share at the end": f"{share[-1]:.2f}",
        "times the epoch before": f"{share[-1] / share[-2]:.1f}",
        "training, highest": f"{(np.array(guard['ends'][k][:3]) - bound).max():+.3f}",
        "new rows, over the twin": f"{held_out.min():+.3f} to {held_out.max():+.3f}",
        "promise kept": "yes" if held_out.max() <= slack else "no",
    }
print(
    f"The twins themselves, on new rows, over the training bounds: {np.min(beyond):+.3f} to "
    f"{np.max(beyond):+.3f}, beyond in {np.sum(np.array(beyond) > 0)} of {np.size(beyond)}"
)
pd.DataFrame(rows).T

# %% [markdown] name="priority-why" tags=["after-guess"]
# Nobody loses: click, and view and save, not drawn, are above their twins. For the purchase neither is shown above the tuned weight, or below: guardrails -.008 to +.004, the stop-gradient, which gives the purchase **nothing** of the trunk's gradient, -.002 to +.012. Here three tasks teach all that the purchase needs; with a taste of its own (sitting 1) the stop-gradient is .09 to .15 below equal weights.
# The guardrails' multipliers never rested: the purchase's share stood at its lower end until epoch 12 to 19 of 30; at the end every training loss was .016 or more below its bound, and the share still grew by 30 % or more an epoch. They moved like a schedule, three tasks first, then the purchase; that moving helps is not shown (over frozen -.011 to +.016).
#
# Is the promise kept on *new* rows? There every guarded task is below its twin's own loss, by .006 to .020, in all six markets (each at its best epoch on these rows). The bound was a training loss, which says little about new rows: there the twins themselves are beyond it in 13 of 18 cases, by up to .026. Set it with the twin's *validation* loss, and report whether it was kept.

# %% [markdown] name="task-4-text"
# ### Task 41.4 · Guardrails with multipliers (8 minutes)
#
# Write `guarded(multipliers, losses, bounds, speed)`, one update after an epoch.
#
# - `multipliers`, `losses`, `bounds`: lists of $K-1$ numbers, one for each guarded task; also none. `speed`: a number above 0.
# - Each multiplier is multiplied by $e^{\text{speed}\cdot(\text{loss} - \text{bound})}$, then held between 0.001 and 1,000 (`np.clip`). The main task has the weight 1.
# - Return an array of the $K$ weights, the main task last, scaled to sum $K$. Leave the arguments as they are.
#
# `guarded([1., 1.], [.50, .40], [.45, .45], 10.)` has the multipliers 1.6487 and 0.6065; it returns about `[1.5194, 0.5589, 0.9216]`.


# %% name="task-4"
def guarded(multipliers, losses, bounds, speed):
    ### BEGIN SOLUTION
    grown = np.array(multipliers) * np.exp(speed * np.subtract(losses, bounds))
    raw = np.append(np.clip(grown, 1e-3, 1e3), 1.0)
    return len(raw) * raw / raw.sum()
    ### END SOLUTION


check("41.4", guarded)

# %% [markdown] name="small"
# ### The scenario that nobody mentioned
#
# The article balances tasks and forgets scenarios. A small one drowns: with 900,000, 90,000 and 10,000 rows a batch of 256 holds two or three rows of the smallest. Sampling at a temperature, shares in proportion to $n_s^{1/T}$, gives it a share of the **data** budget. What it costs, counted:

# %% name="small-table"
n = np.array([900_000, 90_000, 10_000])
table = {}
for T in (1, 2, 5, np.inf):
    share = n ** (1 / T) / (n ** (1 / T)).sum()
    table[f"T = {T:g}"] = [
        f"{256 * one:.0f} rows a batch, each {one * n.sum() / of:.2g} times"
        for one, of in zip(share, n, strict=True)
    ]
pd.DataFrame(table, index=["900,000", "90,000", "10,000"]).T

# %% [markdown] name="small-why"
# At $T = \infty$ each of the 10,000 rows comes 33 times an epoch: the gradient has more of the small scenario, and not more information on it. In lesson 21 ("The small scenario drowns", and task 21.5 for the shares) equal shares did not help the small market, and no gain was shown for its own weights either.
# So: a twin for each scenario, $T$ tuned like any weight, and the worst pair of task and scenario reported.

# %% [markdown] name="parallel"
# ## In parallel, for real
#
# *"Split tasks into subtasks and run them in parallel"* (line 4). Two ways exist, and we run both.
#
# **Data-parallel**: every worker holds a copy of the whole network, gets its part of each batch, and the gradients are summed. Worker $w$ has the rows $R_w$; task $k$ has a label on $n_{wk}$ of them:
#
# $$\nabla L_k = \frac{\sum_w \sum_{i \in R_w} \nabla \ell_{ik}}{\sum_w n_{wk}} ,\qquad\text{which is not}\qquad \frac1W\sum_w \frac{\sum_{i \in R_w}\nabla \ell_{ik}}{n_{wk}} .$$
#
# A sum may be cut anywhere: the left side is what one process has. The right side, the mean of the workers' own means, is the same only where all $n_{wk}$ are equal, and with missing labels they are not.
#
# **Predict first.** Two workers of 128 rows, 2,000 batches; a row's gradient is one number of deviation 1. First rows are dealt at random: 4 % have a label of the purchase, mean .3. Then each worker has a scenario of its own: one 1 % labels, mean .6, the other 7 %, mean .2. In which case is the mean of means wrong in a batch, and in which is it wrong on average?

# %% name="means" tags=["after-guess"]
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
        "labels a worker": f"{counts.min()} to {counts.max()}",
        "a worker has none": f"{(counts == 0).any(1).mean():.0%}",
        "one process, mean": f"{right.mean():.2f}",
        "mean of means, mean": f"{means.mean():.2f}",
        "apart in a batch": f"{np.sqrt(np.mean((means - right) ** 2) / np.mean(right**2)):.0%}",
    }
pd.DataFrame(table).T

# %% [markdown] name="means-why" tags=["after-guess"]
# And nothing crashes. With rows dealt at random a batch differs by a quarter of the gradient, but both are right on average: it is noise. With a scenario on each worker it is another **objective**: a label of the sparse scenario counts five times as much (in 27 % of the batches it has none, and half the weight is lost). The mean gradient is .31, not .24 (the true value is .25).
# So workers send **sums and counts**: then the weights are those of one process but for the order in which numbers of 32 bits are added.

# %% [markdown] name="task-5-text"
# ### Task 41.5 · One gradient out of many workers (8 minutes)
#
# Write `gradient(sums, counts, weights)`.
#
# - `sums`: array `[W, K, d]`, the sum of the gradients over worker $w$'s rows with a label of task $k$; 0 where it has none. `counts`: integer array `[W, K]`, how many rows these are; it may be of a small integer type. `weights`: array `[K]`, of the losses.
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
# `course_utils.workers` starts processes on this machine. Each builds Shared-Bottom under TensorFlow's `MultiWorkerMirroredStrategy`, takes its half of every batch, and the strategy sums the gradients over the machine's own network. This notebook
# imports no TensorFlow: it starts them, and ends all when one dies.
#
# Keras's own `fit` fails here on two workers (Keras 3.15.1, TensorFlow 2.21; its message stands below, issue 20585 is open since 2024). So the loop is our own: one step inside `strategy.run`, one `optimizer.apply`, which sums the workers' gradients.
#
# **Predict first.** 100 steps of Adam, 256 rows each. After them: the greatest difference between a weight of one process and of two? And is a step of two workers faster, at 256 rows, at 4,096?

# %% name="workers-same" tags=["after-guess"]
# Stored: what benchmarks/workers.py measured. Weights, sentence and bytes are the same anywhere.
W = json.loads((paths.RESULTS / "workers.json").read_text(encoding="utf-8"))
same = W["same"]
print("between the two workers:", same["between the two workers"])
print("one process and two, less than 1e-6:", same["one process and two"] < 1e-6)
print("while training moved a weight by more than .1:", same["moved in training"] > 0.1)
print(f"summed each step: {same['bytes summed a step']:,} bytes of gradients a worker")
print("fit, under the strategy:", W["fit"][:57], "...", W["fit"][-86:])
print("a worker killed in the middle:", W["killed"])

# %% name="workers-speed" tags=["after-guess", "folded"]
# Stored, in milliseconds a step: medians, and the median ratio of neighbouring runs.
rows = {}
for name, run in W["speed"]["runs"].items():
    one, two = np.array(run["one"]), np.array(run["two"])
    rows[name] = {
        "one process": f"{np.median(one):.1f}",
        "two": f"{np.median(two):.1f}",
        "two over one": f"{np.median(two / one):.1f} ({(two / one).min():.1f} to {(two / one).max():.1f})",
        "summed a step": f"{run['bytes summed a step'] / 1e3:,.0f} kB",
        "load of the machine": f"{run['load']:.0f}",
    }
pd.DataFrame(rows).T

# %% [markdown] name="speedwhy" tags=["after-guess"]
# The weights are those of one process within 1e-6: the same numbers of 32 bits, added in another order. So far the theory. The speed, on two quiet cores, a thread a process: two were **slower** in every pair of three of four settings, with 256 rows and a small trunk three to six times. In these a step takes 4 to 5 ms longer: summing costs more than half the work saves.
# With 4,096 rows *and* a trunk of 2,048 two cores take half the time of one (one process on both was not timed). The bytes a step are those of the dense weights and do not grow with the batch, the work does; so heavy steps favour several workers. (Embedding tables are another matter: the rows that a batch looks up are sent, so large tables are split over the workers, not copied.) Another machine: `python benchmarks/workers.py --speed`.

# %% [markdown] name="live-text"
# Run it yourself: two processes, ten steps (half a minute; the tests leave it out).

# %% name="live" tags=["live"]
job = Job(steps=10, batch_size=256)
(alone_,), pair = train(job, 1), train(job, 2)
print("workers apart:", greatest_difference(*pair))
print("one and two apart, less than 1e-6:", greatest_difference(alone_, pair[0]) < 1e-6)
print("TensorFlow in this kernel:", "tensorflow" in sys.modules)

# %% [markdown] name="by-task"
# **Task-parallel**: a network a task, each in a process of its own.
#
# **Predict first.** Four networks in four processes at once, and one after the other: how far are their weights apart? How many bytes are summed a step? And how many times the parameters of one network for all?

# %% name="by-task-run" tags=["after-guess"]
apart = W["by task"]
print("at once and one after the other differ by", apart["greatest difference"])
print("bytes summed:", apart["bytes summed a step"])
print(
    f"parameters: {sum(apart['parameters']):,}, one network for all {apart['parameters of one network']:,}"
)

# %% [markdown] name="by-task-why" tags=["after-guess"]
# Equal to the last bit: nothing is summed, and nothing is shared. It is four twins, sooner. **Parallel work is a matter of time**; all four budgets stand where they stood.
#
# What does change something is what people change *with* it: twice the workers with a batch each is twice the **batch**, so half the steps an epoch, and another learning rate. That wants its own twins.

# %% [markdown] name="cut-2"
# **End of sitting 2.** You can say what a priority does to a gradient, and what two processes do not do. Next: what a request costs.

# %% [markdown] name="sharing"
# ## Sitting 3 · Sharing and serving, counted
#
# *"Give resources to several related tasks"* (line 2). That is the question once more. Sharing becomes an answer when it says **what** is shared, and the amounts are counted. Three numbers do not depend on a machine: parameters, multiply-adds a row, bytes.

# %% [markdown] name="task-6-text"
# ### Task 41.6 · What a network costs (8 minutes)
#
# Write `cost(inputs, trunk, tower, tasks)`: dense layers behind the looked-up embeddings.
#
# - `inputs`: numbers of a row after the lookup. `trunk`: list of widths, may be empty. `tower`: list of widths of **one** task's tower before its last layer, which has one unit; may be empty. `tasks`: how many towers, 1 or more.
# - A layer from a numbers to b has a·b weights and b biases, and a·b multiply-adds a row; count a multiply-add as one, and no activation.
# - Return `(parameters, multiply_adds)`: the trunk once, and a tower for each task, which reads the trunk (the inputs, where there is no trunk). Leave the arguments as they are.
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

# %% [markdown] name="sharing-predict"
# **Predict first.** 512 inputs, trunk 256 and 128, a tower of 32 a task. One trunk with four towers against four networks: how many times fewer multiply-adds? And with eight tasks?


# %% name="sharing-table" tags=["after-guess"]
def counted(inputs, trunk, tower, tasks):
    """As in task 41.6, so that this table needs no answer of yours."""
    layers = [inputs, *trunk]
    head = [layers[-1], *tower, 1]
    pairs = [*pairwise(layers), *tasks * [*pairwise(head)]]
    return sum(p * q + q for p, q in pairs), sum(p * q for p, q in pairs)


def row(tasks, trunk, tower, narrow=None):
    """One network for all tasks beside one a task, of the same widths or of a narrower trunk."""
    one, single = counted(512, trunk, tower, tasks), counted(512, narrow or trunk, tower, 1)
    return {
        "parameters, together": f"{one[0]:,}",
        "separate networks": f"{tasks * single[0]:,}",
        "multiply-adds, times fewer": round(tasks * single[1] / one[1], 2),
    }


table = {f"wide trunk, small towers, {k} tasks": row(k, [256, 128], [32]) for k in (2, 4, 8)}
table |= {f"no trunk, {k} tasks": row(k, [], [256, 128]) for k in (2, 8)}
table["4 tasks, each trunk of half the widths"] = row(4, [256, 128], [32], [128, 64])
table["4 tasks, each trunk of a quarter"] = row(4, [256, 128], [32], [64, 32])
pd.DataFrame(table).T

# %% [markdown] name="sharing-why" tags=["after-guess"]
# Sharing saves the trunk, $K - 1$ times, and nothing else: with all layers in the towers it saves nothing. And 3.7 times is at **equal width**: a network for one task may do with less. Four with trunks of half the widths cost 1.7 times as much as the one network, of a quarter 0.8 times. The number to sign is multiply-adds at equal *quality*. (The embeddings, most of a real model's bytes, are shared in both halves or in none: count them, too.) What sharing does to quality is lesson 22's question, and lesson 24 gives tasks units of their own where one trunk is too narrow.

# %% [markdown] name="request"
# ## The request: why the mean lies
#
# A page asks for scores, and waits for the slowest answer. Simulated: 20,000 requests come at random, 360 a second; a server takes what waits, at most B requests at once, and needs 2 ms a batch and 0.5 ms a request.
#
# **Predict first.** B = 1 against B = 8: what happens to the mean, and to the **p99**, which 99 of 100 requests do not exceed? (p50 is the median.)


# %% name="queue" tags=["after-guess"]
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
for most in (1, 2, 4, 8, 32):
    ms = served(most)
    table[f"at most {most}"] = {
        "mean": ms.mean(),
        "p50": np.median(ms),
        "p99": np.quantile(ms, 0.99),
        "over 20 ms, %": 100 * np.mean(ms > 20),
    }
pd.DataFrame(table).T.round(1)

# %% [markdown] name="queue-why" tags=["after-guess"]
# One at a time the server is busy for nine tenths of the time, and requests queue: p99 is four times the mean here (3 to 8 times in forty runs with other seeds). With two in a batch the 2 ms are shared, and the queue nearly goes; at this rate more are seldom waiting (try `rate=1.2`). Here larger batches are better for the mean *and* for p99. (Where a server waits until a batch is full, p50 rises instead: then the batch size is a trade.)
# A mean of 13 ms would pass a budget of 20 that one request in five breaks. What a customer meets is a percentile, at the real rate of requests; a benchmark that sends one request after the other has no queue.

# %% [markdown] name="fan-out-text"
# One trunk for four tasks is one call. Four models are four calls, at once. Simulated: each call has the same skewed latency, independent of the others; the page waits for the slowest.
#
# **Predict first.** What share of pages waits longer than one model's p99?

# %% name="fan-out" tags=["after-guess"]
one = np.random.default_rng(1).lognormal(1.0, 0.8, (4, 200_000))
slowest = one.max(axis=0)
for name, ms in [("one model", one[0]), ("slowest of four", slowest)]:
    print(
        f"{name:<16} mean {ms.mean():.1f} ms, p50 {np.median(ms):.1f}, p99 {np.quantile(ms, 0.99):.1f}"
    )
print(
    f"pages that wait beyond one model's p99: {(slowest > np.quantile(one[0], 0.99)).mean():.1%}, 1 - .99^4 = {1 - 0.99**4:.1%}"
)

# %% [markdown] name="fan-out-why" tags=["after-guess"]
# Four models *in parallel* do not take the time of one: the page waits for the slowest of four, and four times as many pages meet a slow answer (Dean and Barroso 2013; between one and four times where calls are slow together). Remedies are theirs, too: a second copy of a late request, a deadline with a default score. Measured times of one trunk against four networks stand in `docs/benchmarks.md`, "One trunk or four models", with the machine's name.

# %% [markdown] name="bytes"
# ## Bytes: weights as small integers
#
# $w \approx s\,q$ with $q$ an integer from -127 to 127 and a scale $s = \max|w|/127$. A product then reads a quarter of the bytes. The rounding error of a weight is at most $s/2$, so one large weight makes it coarse for all that share its scale: **one scale a column** (a unit's incoming weights) is the usual answer (Krishnamoorthi 2018). Jacob et al. (2018) round the *activations*, too, so that all products are of integers, and train with the rounding.

# %% [markdown] name="task-7-text"
# ### Task 41.7 · Eight bits (8 minutes)
#
# Write `quantise(weights)`.
#
# - `weights`: array `[d, h]` of floats, one row or more. For each **column** the scale is its greatest absolute value over 127; for a column of zeros it is 1.
# - Return `(integers, scales)`: an array `[d, h]` of type `np.int8`, weights over scale rounded to the nearest, halves to the even number (`np.rint`, `.astype(np.int8)`), and an array `[h]`. Leave the argument as it is.
#
# `quantise(np.array([[1., .02], [-.5, .01]]))`: scales 1/127 and 0.02/127, integers `[[127, 127], [-64, 64]]` (-63.5 and 63.5 go to the even -64 and 64).


# %% name="task-7"
def quantise(weights):
    ### BEGIN SOLUTION
    top = np.abs(weights).max(axis=0)
    scales = np.where(top > 0, top / 127, 1.0)
    return np.rint(weights / scales).astype(np.int8), scales
    ### END SOLUTION


check("41.7", quantise)

# %% [markdown] name="bits"
# How much AUC does it cost? One trunk of 64 units with two heads, click and purchase, on the shop's home feed: five shops, 12,000 training rows. Its weights in 8, 4, 3 and 2 bits, one scale for a whole matrix or one a column; and a *fitted* scale a column, below max$|w|$, that makes the squared rounding error least and clips the largest weights. (scikit-learn's `MLPClassifier` with two labels *is* a Shared-Bottom with plain heads.)
#
# **Predict first.** At how many bits is the loss first visible?


# %% name="bits-round" tags=["after-guess"]
def in_bits(w, bits, how):
    """The weights after rounding to so many bits, as floats again; how: matrix, column or fitted."""
    steps = 2 ** (bits - 1) - 1
    full = np.abs(w).max(axis=None if how == "matrix" else 0, keepdims=True) / steps
    best, least = w, np.inf
    for share in np.linspace(0.2, 1, 17) if how == "fitted" else [1.0]:
        tried = np.clip(np.rint(w / (share * full)), -steps, steps) * share * full
        error = ((tried - w) ** 2).sum(0)
        best, least = np.where(error < least, tried, best), np.minimum(error, least)
    return best


# %% name="bits-run" tags=["after-guess", "folded"]
# Trains the five networks, and takes the AUC of each after rounding.
def shop_network(seed):
    """A trained network, the test rows and their labels."""
    feed = Shop(seed, relatedness=0.8).home_feed(32_000)
    names, numbers = ["segment", "city", "category", "brand"], ["price_sensitivity", "tenure_days"]
    x = OneHotEncoder(sparse_output=False, handle_unknown="ignore").fit(feed[names][:12_000])
    x = np.hstack(
        [
            x.transform(feed[names]),
            np.log(feed[["price"]]),
            feed[numbers] / feed[numbers][:12_000].std(),
        ]
    )
    y = feed[["click", "purchase"]].to_numpy()
    model = MLPClassifier((64,), alpha=0.003, batch_size=256, random_state=seed)
    for _ in range(6):
        model.partial_fit(x[:12_000], y[:12_000], classes=[0, 1])
    return model, x[12_000:], y[12_000:]


def aucs(model, x, y, bits=None, how="column"):
    first, last = (in_bits(w, bits, how) if bits else w for w in model.coefs_)
    z = np.maximum(x @ first + model.intercepts_[0], 0) @ last + model.intercepts_[1]
    return [auc(y[:, k], z[:, k]) for k in range(2)]


loss, zeros = {}, []
for seed in range(5):
    network = shop_network(seed)
    full = aucs(*network)
    zeros.append(np.mean(in_bits(network[0].coefs_[0], 2, "column") == 0))
    for bits in (8, 4, 3, 2):
        for how in ("matrix", "column", "fitted"):
            loss.setdefault((bits, how), []).append(np.subtract(aucs(*network, bits, how), full))
print(
    "2 bits: more than two thirds of the first matrix become 0, in each shop:", min(zeros) > 2 / 3
)

# %% name="bits-verdict" tags=["after-guess", "folded"]
# Verdicts: what rounding costs, by bits and by scale, five shops.
zero = [0.0] * 5


def lost(task, bits, how="column"):
    return [one[("click", "purchase").index(task)] for one in loss[bits, how]]


for task, bits in [("click", 8), ("purchase", 8), ("click", 4), ("purchase", 4)]:
    equivalence(
        f"{task}: {bits} bits, a scale a column, against 32",
        lost(task, bits),
        zero,
        within=0.003,
        pairs="shops",
    )
forest(
    "AUC after rounding, minus AUC before",
    [
        claim("41.bits-click-3", "click: 3 bits, a scale a column", lost("click", 3), zero, pairs="shops"),
        claim("41.bits-click-2-column", "click: 2 bits, a scale a column", lost("click", 2), zero, pairs="shops"),
        claim("41.bits-click-2-whole", "click: 2 bits, one scale a matrix", lost("click", 2, "matrix"), zero, pairs="shops"),
        claim("41.bits-scale", "click, 2 bits: a scale a column over one", lost("click", 2), lost("click", 2, "matrix"), pairs="shops"),
        claim("41.bits-purchase-2", "purchase: 2 bits, a scale a column", lost("purchase", 2), zero, pairs="shops"),
    ],
)  # fmt: skip
below = [one < 0 for one in lost("click", 3)]
print(f"click, 3 bits: below in {sum(below)} of 5 shops")
column, fitted = lost("click", 2), lost("click", 2, "fitted")
print(
    f"click, 2 bits: a fitted scale loses less in {np.sum(np.greater(fitted, column))} of 5 shops,"
)
print(f"on average {np.mean(fitted) / np.mean(column):.1f} times as much")

# %% [markdown] name="bits-why" tags=["after-guess"]
# Eight bits cost nothing that could be seen: for both tasks the difference lies within .003. So it does for the clicks at four bits; for the purchases, some 200 of them in training, four bits are not shown to be harmless. At three bits no loss of the clicks is shown, nor .005 excluded: all five shops are below. At two bits the clicks lose .007 to .028 with a scale a column,
# and .034 to .064 with one for the matrix. That is a matter of the *scale*: with three levels, -1, 0 and 1 times the greatest, more than two thirds of the first matrix become 0. A fitted scale loses 0.4 times as much, less in each shop.
#
# It was a *small, dense* network: after training check the AUC **and** the calibration of yours, by task. Fewer bytes are fewer milliseconds where reading weights is what takes the time: one row and large matrices, or a language model that generates text. With a thousand rows the multiply-adds take it; then weights *and* activations must be integers, and NumPy has no fast product of these (`docs/benchmarks.md`).

# %% [markdown] name="cut-3"
# **End of sitting 3.** You can count what a request costs. Last: the union of experts, the budget table, and the words for it.

# %% [markdown] name="experts"
# ## Sitting 4 · The union, the table, the interview
#
# ### Sparse experts when every task routes alone
#
# A sparse mixture (Shazeer et al. 2017) of 32 experts uses two for a row: the multiply-adds of two, the capacity of 32. With a gate for each task, every task picks its own two; all tasks read the same row, so an expert that several want is computed once: what is computed is the **union**.
#
# **Predict first.** Two tasks use about four. How many do eight tasks use? And how many do 64 rows with one task need in memory?

# %% name="experts-run" tags=["after-guess"]
draw = np.random.default_rng(8)
popular = 1 / np.arange(1, 33)
popular = np.log(popular / popular.sum())
lines = {}
for m in (1, 2, 4, 8, 64):
    found = []
    for logits in (np.zeros(32), popular):  # the two largest of noisy logits: different experts
        noise = draw.gumbel(size=(4_000, m, 32)) if m < 64 else draw.gumbel(size=(500, m, 32))
        chosen = np.argpartition(-(logits + noise), 2, axis=2)[:, :, :2]
        found.append(np.mean([len(np.unique(one)) for one in chosen]))
    lines[m] = found
names = ["all experts alike", "some popular"]
pd.DataFrame(lines, names).T.round(1).rename_axis("choices a step")

# %% [markdown] name="experts-why" tags=["after-guess"]
# A row computes the union: 2 experts' multiply-adds with one task, 3.9, 7.3 and 12.9 with two, four and eight. That is less than separate pairs (16), but no longer "the multiply-adds of two", at any number of rows. Which experts must be *read* is another count: 64 rows touch nearly all 32 with a single task, and a request of 1,000 products does anyway.
# Popular experts make the union smaller (last column), but then most experts lie idle (*collapse*, lesson 24). What helps: one gate for the tasks that go together, or a first choice by scenario, which all tasks of a request share. (That tasks choose independently is the assumption here: measure your own union.)

# %% [markdown] name="task-8-text"
# ### Task 41.8 · Experts that are used (5 minutes)
#
# Write `loaded(experts, active, tasks)`: the mean number of experts that at least one task uses for a row. Each of `tasks` tasks (0 or more) picks `active` **different** experts of `experts`, at random and on its own; `active` is 1 to `experts`. Look at one expert, and ask how likely it is that nobody uses it. Return a float, not rounded. `loaded(32, 2, 2)` is 3.875.


# %% name="task-8"
def loaded(experts, active, tasks):
    ### BEGIN SOLUTION
    return experts * (1 - (1 - active / experts) ** tasks)
    ### END SOLUTION


check("41.8", loaded)

# %% [markdown] name="budget-text"
# ### The budget table
#
# A request ranks 1,000 products. The large network: 512 inputs, trunk 256 and 128, a tower of 32, four tasks. Budget: **100 million multiply-adds a request, 800 kB of dense weights** (1 kB is 1,000 bytes; embeddings are counted elsewhere).
#
# ### Task 41.9 · Fill the table (10 minutes)
#
# Make `table` a dictionary. Each way has a pair (million multiply-adds a request, kilobytes); `"fits"` has the list of the ways within both budgets. Within 0.24 % is right: whole kilobytes will do.
#
# - `"four models"`: four of the large network, each with one tower. `"one trunk, four towers"`: the large network.
# - `"the same, weights of one byte"`: its weights in one byte, its biases in four; scales are not counted. Multiply-adds count as before.
# - `"a small one first"`: a network with trunk 32, no tower layers and four tasks scores all 1,000; the large one scores the best 100. Both are kept, at 4 bytes.


# %% name="task-9"
### BEGIN SOLUTION
table = {
    # A trunk of 163,840 products and 384 biases, a tower of 4,128 and 33; the small one 16,512 and 36.
    "four models": (4 * (163_840 + 4_128) / 1e3, 4 * 4 * (164_224 + 4_161) / 1e3),
    "one trunk, four towers": (180_352 / 1e3, 4 * 180_868 / 1e3),
    "the same, weights of one byte": (180_352 / 1e3, (180_352 + 4 * 516) / 1e3),
    "a small one first": (16_512 / 1e3 + 180_352 / 1e4, 4 * (16_548 + 180_868) / 1e3),
    "fits": ["a small one first"],
}
### END SOLUTION

check("41.9", table)

# %% [markdown] name="budget-why"
# Read the table as an interviewer does: four models cost 3.7 times one trunk; bytes do not buy multiply-adds; and the largest saving is not in the network at all, it is in **how many products it sees**. And half of the 512 inputs are perhaps the user's, the same for all 1,000: their part of the first layer, computed once, leaves 115 million of 180, at no loss.
#
# A column is missing, that of quality: how many of the large one's best 10 are among the 100 passed on? That is lesson 23's subject: the small one may be distilled, and the small multi-task model, tuned as long, is its rival.

# %% [markdown] name="interview"
# ## The interview, with follow-up questions
#
# Set a clock to 60 seconds, say your answer aloud, then read on and score it.
#
# ### "How do you balance resources among tasks?"
#
# **Mid.** "I would first ask which resource. For the gradient I put a weight on each task's loss, after asking what the loss divides by, and tune it: 0.01, 0.1, 1, 10, chosen on validation by a rule over all tasks. For data I sample small scenarios at a temperature. For
# capacity I widen the trunk or give a task its own tower. For serving I use one trunk for all tasks. Then I compare every task with its own single-task model, tuned as long, and look at the worst."
#
# **Senior, sixty seconds.** "Four budgets: gradient, data, capacity, serving. Before I divide any of them I write the metric: each task's gain over its twin, for an AUC over what it has above .5, worst and mean, with an interval, by scenario. Gradient: equal tasks or equal labels is the first choice, and a tuned
# fixed weight the baseline that a rule has to beat with equal trials. In a market whose truth I knew none did: GradNorm came within half a percent by the worst gain, and was .02 to .04 of AUC below a weight of 0.01 for the task with few labels. Where the purchase had a taste of its own, that weight lost to all rules and to plain equal weights, and none was above the purchase's own twin. Value comes from the business; heads have no execution time. A priority needs a
# mechanism: a stop-gradient, or a guardrail with a multiplier. Capacity: first width, then experts or groups. Serving: I count multiply-adds and bytes before I time; one trunk saves the trunk K minus one times, and a small
# model in front saves more, since it cuts the products. More workers may make training faster; they allocate nothing. Training hours are a fifth budget: the choice of a rule spends it."
#
# **Staff.** "Who owns the budgets? Each task's owner signs a bound against the twin, on new rows; where the multiplier rests it is arithmetic, and a broken bound rolls back. Capacity and serving are decided once a quarter with the table of multiply-adds and bytes, gradient
# and data weights are configuration with a version. I ask what the next task costs: a tower, or a trunk. I keep the twins alive, since without them nobody can say who pays for whom. And where two owners cannot agree on a bound, I split the model and show them its price."
#
# - *"You double the workers. Which task gains?"* None: *Two processes, one network*: the same weights to 1e-6. Ask whether the batch has doubled too.
# - *"One guarded task breaks its bound after a retraining."* Its multiplier rises (*A guardrail*), the others give; if it does not rest, its speed is too high, training is too short, or this trunk cannot meet the bound: a capacity question.
#
# **The sentence that sinks you:** "I give more CPU to the more important task."

# %% [markdown] name="interview-weights"
# ### "Which task weights do you trust?"
#
# **Sixty seconds.** "None that I have not compared. The loss weight decides the mix on the shared trunk; under Adam a tower's own steps hardly depend on it. First I ask what the loss divides by: with a mean over each task's own labels, one of 400 purchase labels pulls like 25 clicks. Uncertainty makes all losses the same size, DWA looks at the last two epochs, GradNorm at gradient lengths, so indirectly at how many labels there are:
# none knows what a task is worth, or whether the others teach it. With 400 labels equal labels, without a search for the weight, came within .007 of a tuned weight of 0.01, and that beat all three, by .02 to .19 of AUC. Carried over to a market where the purchase had a taste of its own, it lost to all three and to equal weights, and no way was above the purchase's twin. So I tune where I serve, with as many trials as each rule gets, and freeze
# a rule at its mean weights to see whether moving helps. I judge each task against its twin, and let the worst decide. Kurin et al. (2022) found a plain sum hard to beat once regularised; ours, stopped early, with a little decay, lost to a tuned one. Xin et al. (2022) found the same of sums with tuned weights, and that agrees."
#
# - *"Your heads have different latencies. Weigh by them?"* No: the count under *Adaptive: by what?*; a head or tower is two or three percent of the forward computation, or less.
# - *"Your data scientist wants the weights to adapt online."* The verdicts on frozen weights, and the picture of shares: where would it have gone?
#
# **The sentence that sinks you:** "Adaptive, so it needs no tuning."

# %% [markdown] name="interview-parallel"
# ### "What does parallel training change?"
#
# **Thirty seconds.** "Time, perhaps. If workers send sums and counts, two processes have the weights of one to 1e-6. The mean of their means has not: where a worker holds one scenario it is another objective. If somebody doubles the batch with the workers, that is another training, and wants its own twins. A network a task in parallel is the twins, sooner. And large embedding tables are split, not copied."
#
# **The sentence that sinks you:** "More workers for the more important task."

# %% [markdown] name="interview-serving"
# ### "How do you serve it within the budget?"
#
# **Sixty seconds.** "I fill a table: million multiply-adds a request, kilobytes of weights, p99. Four separate rankers cost nearly four trunks, 672 million for a thousand products against 180 with one trunk and four towers of the same widths; then I ask what widths each needs for its quality. Eight-bit weights cut bytes by four and no multiply-adds; I check
# AUC and calibration after rounding, with a scale for each column. The large saving is the number of products: a small model scores a thousand, the large one the best hundred, 35 million. I may distil it, with the small multi-task model as rival. Latency I report as p50 and p99, at the real rate of requests: a server near
# its capacity has a queue, and a page that calls four models waits for the slowest. And with sparse experts I count the union: a row computes two of 32 for one task, 13 for eight."
#
# - *"The mean latency is fine, yet people complain."* *The request: why the mean lies*: at one request a batch p99 is four times the mean; and of pages that wait for four models 4 % meet one's p99.
# - *"The sparse model was cheap in training. Why is it slow in serving?"* The table of experts: every task routes alone, so a row of eight tasks computes 13 of 32, not two; and a request of many rows reads all 32.
#
# - *"A language model stands beside the ranker. Do small integers help it?"* Where each generated token reads all weights, fewer bytes are less time, even with products of floats; next is the cache of keys and values, which grows with rows and length. Its one trunk with many towers is one base with an adapter a task (Hu et al. 2022).
#
# **The sentence that sinks you:** "We call the four models in parallel, so it takes the time of one."

# %% [markdown] name="wrong"
# ### Wrong answers that sound right
#
# | they say | what is wrong | shown under |
# |---|---|---|
# | "dynamic allocation by importance and execution time" | importance is an input; heads have no time of their own | *Adaptive: by what?* |
# | "share resources among related tasks" | which, and how much? It is the question | *Sharing and serving, counted* |
# | "key tasks get a higher priority" | by which mechanism? | *Priority* |
# | "subtasks in parallel" | faster or slower, the same weights to 1e-6 | *In parallel, for real* |
# | "all weights are 1, so all are alike" | a mean over 400 labels, or over 10,000? | *A result first* |
# | "the sum of the losses fell, so it is balanced" | a sum hides who loses | *Balanced? By which metric?* |
# | "oversample the small scenario until all are equal" | rows repeated are not information | *The scenario that nobody mentioned* |
# | "int8 makes it four times faster" | four times smaller; faster where reading weights is what takes the time, or with routines that multiply 8-bit integers | *Bytes*; `docs/benchmarks.md` |

# %% [markdown] name="bilingual"
# ### In English and Chinese · 中英对照
#
# | English | 中文 |
# |---|---|
# | **Question**: how do you balance resources among the tasks of one model? | **题目**：多任务模型里，怎么平衡各任务之间的资源分配？ |
# | **Mid**: ask which resource; tune one weight a task; one trunk for serving; every task against its single-task model | **中级**：先问是哪种资源；每个任务的 loss 权重按对数网格调；线上共用一个底座；每个任务都跟自己的单任务模型比 |
# | **Senior**: four budgets (gradient, data, capacity, serving); a metric first, worst and mean gain over the twin; equal tasks or equal labels; adaptive rules must beat a tuned fixed weight at equal trials, in your own market; priority needs a mechanism; parallel allocates nothing | **高级**：分四本账：梯度、数据、容量、线上算力；先定指标：各任务相对单任务基线的增益，看最差的也看平均的；先问 loss 是按任务平均还是按标签平均；DWA、GradNorm 这类自适应方法要在同样的调参次数下赢过调好的固定权重，而且换了市场要重调；"优先级"得有机制：停梯度、带乘子的护栏约束；多机并行只影响训练快慢，不分配任何资源 |
# | **Staff**: owners sign bounds, the multiplier is arithmetic, a broken bound rolls back; the table of multiply-adds and bytes decides capacity; what does the next task cost? | **专家**：每个任务的负责人认领"不得低于单任务基线多少"的护栏，乘子自动算，破线就回滚；容量和线上预算看一张表：每次请求的乘加次数、参数字节数、p99；再接一个任务要多花多少，说得出来 |
#
# **Rubric · 评分表** (one point each; 5 is a pass, 7 is senior)
#
# | point | 得分点 |
# |---|---|
# | asks "which resource?" before any method | 先问"哪种资源"，再谈方法 |
# | names four budgets, one example each | 说出四本账，各举一例 |
# | a metric: worst and mean gain over tuned twins, interval, scenarios | 有指标：相对调好的单任务基线，最差与平均增益，带置信区间，分场景看 |
# | tuned fixed weights as the baseline, equal trials | 以调好的固定权重为基线，调参次数相同 |
# | a priority with a mechanism, and its price | 优先级有机制，并说出代价 |
# | says what parallel training does not change | 说清并行训练不改变什么 |
# | counts multiply-adds and bytes; p99, not the mean | 会数乘加次数和字节；看 p99，不看均值 |
# | names who owns a bound, and the rollback | 说清护栏归谁负责、怎么回滚 |

# %% [markdown] name="recap"
# ## Recap
#
# The follow-up questions stand above.
#
# - **Which resource?** Gradient, data, capacity, serving; training hours are spent by all together. What gives none of the four away allocates nothing.
# - **Balanced**: each task's gain over its tuned twin, an AUC's over what the twin has above .5; the worst decides, the mean ranks; with an interval.
# - **Equal tasks or equal labels?** A mean over each task's own labels makes few labels loud. Ask first.
# - **Adaptive rules** answer to losses or gradients, not to worth (GradNorm, indirectly, to the number of labels). A tuned fixed weight is the rival, at equal trials, and wins *where it was tuned*; freeze a rule at its mean to see whether moving matters.
# - **Priority**: a stop-gradient leaves the main tasks' trunk untouched, bit by bit; a guardrail's multiplier finds the weight that keeps a bound, if its speed fits: it did on two quadratics, in the market it was still moving at the end.
# - **Parallel**: send sums and counts, since the mean of means is another objective. Then two processes have the weights of one; the speed is a measurement, not a promise.
# - **Serving**: count first. One trunk saves $K-1$ trunks; fewer products save more; eight bits save bytes; $m$ tasks of $k$ experts use $32(1-(1-k/32)^m)$ for a row.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | **E26** | *"resource allocation"*, never defined, answered as for an operating system | four budgets: gradient, data, capacity, serving |
# | **E27** | adaptive *"by importance and execution time"* | heads of one forward computation have no time to schedule (a head is **0.08 %** of a ranker, a tower of 32 units **2.3 %**); value is an input; loss ratios and gradient lengths are what a rule can see; equal labels and a tuned fixed weight (within **.007**, 400 labels) are its rivals |
# | **E28** | *"task sharing: give resources to several related tasks"* | the question once more; say what is shared and count it: one trunk with four towers has **3.7 times** fewer multiply-adds than four networks of its widths, **1.7** where their trunks have half the widths |
# | **E29** | *"priorities, so that key tasks get what they need"* | mechanisms: stop-gradient (**identical** trunk), a guardrail (its multiplier found **4.00** on two quadratics), auxiliary tasks, sampling |
# | **E30** | *"parallel, to be faster"* | the same weights within **1e-6**; it allocates nothing; two processes, a core each, were slower than one in three settings of four, twice as fast with much work |
# | **E31** | no metric of "balanced"; no scenario; overlaps question 1 unnoticed | worst and mean gain over the twin, by task and scenario (**+2.4 %** and **+48 %** for the tuned weight); the gradient is one budget of four, and question 1 (lesson 40) is about that one |
#
# **Left out here:** pipeline and tensor parallelism, parameter servers and asynchronous updates, training with rounded weights, caches of user towers, GPUs, load above capacity, and who may bid for capacity in a company.
#
# **References**
#
# - S. Liu, E. Johns, A. Davison: End-to-End Multi-Task Learning with Attention (DWA). CVPR 2019. https://arxiv.org/abs/1803.10704
# - Z. Chen et al.: GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask Networks. ICML 2018. https://arxiv.org/abs/1711.02257
# - A. Kendall, Y. Gal, R. Cipolla: Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and Semantics. CVPR 2018. https://arxiv.org/abs/1705.07115
# - V. Kurin et al.: In Defense of the Unitary Scalarization for Deep Multi-Task Learning. NeurIPS 2022. https://arxiv.org/abs/2201.04122
# - D. Xin et al.: Do Current Multi-Task Optimization Methods in Deep Learning Even Help? NeurIPS 2022. https://arxiv.org/abs/2209.11379
# - G. Zhou et al.: Deep Interest Network for Click-Through Rate Prediction. KDD 2018: RelaImpr. https://arxiv.org/abs/1706.06978
# - K. Maninis, I. Radosavovic, I. Kokkinos: Attentive Single-Tasking of Multiple Tasks. CVPR 2019: the mean relative gain. https://arxiv.org/abs/1904.08918
# - J. Dean, L. Barroso: The Tail at Scale. Communications of the ACM 56, 2013: the slowest of many.
# - Keras, issue 20585: does Keras 3 work with `MultiWorkerMirroredStrategy`? Open since 2024. https://github.com/keras-team/keras/issues/20585
# - R. Krishnamoorthi: Quantizing deep convolutional networks for efficient inference: A whitepaper. 2018. https://arxiv.org/abs/1806.08342
# - B. Jacob et al.: Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference. CVPR 2018. https://arxiv.org/abs/1712.05877
# - N. Shazeer et al.: Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts Layer. ICLR 2017. https://arxiv.org/abs/1701.06538
# - E. Hu et al.: LoRA: Low-Rank Adaptation of Large Language Models. ICLR 2022. https://arxiv.org/abs/2106.09685
# - S. Boyd, L. Vandenberghe: Convex Optimization. Cambridge University Press, 2004: duality (chapter 5).
