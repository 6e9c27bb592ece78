# %% [markdown] name="title" question_zh="哪些任务互相促进，哪些会负迁移？训练之前看得出来吗？" interview_zh="哪些任务放在一起训练？"
# # 22 · Relatedness and negative transfer
#
# > Which tasks help each other, which cause negative transfer, and can it be known before training?
#
# **After this lesson you can** measure which task helps which, name three ways to try before joint training, write the cosine of two gradients, and choose groups of tasks.
#
# | Essential | Deeper | Level | Before this | In interviews |
# |---|---|---|---|---|
# | 50 | 25 + 25 | senior | lesson 20 | "Which tasks do you train together?", "how do you detect that multi-task learning hurts a task?", "gradients conflict: so?" |

# %% [markdown] name="minute"
# ## In one minute
#
# Purchases have few labels. Clicks, saves and returns have many. Should one of these tasks be trained with the purchase?
#
# The task that you want to improve is the *target*. A task that is trained with the target is its *helper*. Both share the first layers, the *trunk*. Each task has its own last layers, the *tower*. The **gain** of a helper is the AUC of the target with this helper, minus the AUC of the target alone. A gain below zero is **negative transfer**.
#
# - **Do not judge a helper by its name or by the sign of its correlation with the target.** A return is the opposite of a purchase, and returns can help nearly as much as clicks. A tower can reverse the sign.
# - **Four things decide.** Does the helper need the same information as the target? Does the helper have many labels? How much does the target count in the loss? Is the trunk wide enough?
# - **Measure the gain.** Train the target with and without the helper, over several seeds.
# - **First try three ways without joint training.** Rank by the helper's own prediction. Fit a regression for the target on the outputs of the helper's frozen trunk, together with the row's codes: customer, category, brand. Fine-tune the helper's network on the target.
# - **To rank many helpers**, use the *probe*: for each helper, a regression for the target on the outputs of the frozen trunk alone. The best helper has the lowest loss on validation rows.
# - **To group tasks**, first try one wider trunk. Then compare groupings with the same total number of units, task by task.
#
# All this was measured in simulated markets.


# %% name="imports" tags=["folded"]
# What this lesson imports.
import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import expit
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.backend import tf
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Columns
from course_utils.comparison import Rows, columns_of
from course_utils.comparison.judging import measures
from course_utils.datasets import load
from course_utils.evidence import claim, evidence, word_for
from course_utils.evidence.record import read
from course_utils.exercises import check, hint, solution
from course_utils.metrics import auc
from course_utils.models import SharedBottom
from course_utils.notebook import figure, forest, show
from course_utils.training import Trainer

# %% name="dial-picture" tags=["folded"]
# The gain of the purchase along the relatedness of its helper, in ten markets.
kept, more = (
    json.loads((paths.RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("relatedness", "relatedness_more")
)
pairs, affinities, low = kept["pairs"], kept["affinities"], more["low weights"]
PURCHASE = "purchase"
ALONE = pairs["64"]["alone"][PURCHASE]
dial, RHOS = kept["dial"], [float(rho) for rho in kept["dial"]["400"]]
fig, axes = figure(height=3.2, width=7.6)
told = []
for rows, colour, at in (("6000", "C0", (-0.05, 0.008)), ("400", "C1", (-0.05, -0.047))):
    gain = np.array([np.subtract(one, ALONE) for one in dial[rows].values()])
    half = stats.t.ppf(0.975, 9) * stats.sem(gain, axis=1)
    axes.fill_between(
        RHOS, gain.mean(1) - half, gain.mean(1) + half, color=colour, alpha=0.2, linewidth=0
    )
    axes.plot(RHOS, gain.mean(1), "o-", color=colour)
    axes.text(*at, f"helper with {int(rows):,} labels", color=colour, ha="center")
    told.append(
        f"With {int(rows):,} labels of the helper: "
        + ", ".join(f"{g:+.2f} at {rho:g}" for rho, g in zip(RHOS, gain.mean(1), strict=True))
    )
axes.axhline(0, color="0.3", linewidth=1)
axes.set_xticks(
    (-1, 0, 1), ("the opposite\nof the purchase", "unrelated", "the same as\nthe purchase")
)
axes.set(ylim=(-0.06, 0.085), ylabel="gain of the purchase (AUC)")
axes.set_title("What does a helper do? Above 0 it helps, below 0 it harms")
show(
    fig,
    alt="Gain of the purchase over the purchase alone along the helper's relatedness from -1 to 1, ten markets. "
    + ". ".join(told)
    + ".",
)

# %% [markdown] name="missing"
# | You see | It means | Do | It costs | Check |
# |---|---|---|---|---|
# | The helper's own prediction orders the target well. | The helper is nearly the target. | Rank by this prediction, reversed if needed. | The target needs no training. | its AUC on labelled rows of the target |
# | The target has few labels, the helper has many, and both need the same information. | The helper's trunk may hold what the target needs. | Fit one regression on the frozen trunk's outputs and the row's codes. Then fine-tune. | a regression, then a short training | Compare with the target alone, over several seeds. |
# | Joint training is better than all three ways without it. | The trunk needs the labels of both tasks at once. | Train together. Try weights of the target from a hundredth to one. | The two tasks must be released together. | Compare each task with its own network. |
# | The target is worse with the helper than alone. | This is negative transfer *at this weight and width*. | Leave the helper out, or change the weight, or widen the trunk. | nothing, or one training for each try | Is the whole interval of the gain below 0? |
# | Serving allows two networks for many tasks. | You must choose groups of tasks. | First try one wider trunk. Then group by the probe, or by all pairs. | for K tasks: K trainings with the probe, K(K + 1)/2 with pairs and single tasks | Judge each task in another training, with the same total number of units. |
#
# The [study page](../docs/studies/22.md) has all tables and intervals.

# %% [markdown] name="essential"
# ## The essential hour
#
# `hint("22.1", 1)` helps. After each *Predict first*, guess, then run the folded cells.

# %% [markdown] name="question"
# ### Which task helps the purchase?
#
# In a simulated market, purchases have labels on 400 rows. Seven other tasks could be trained with the purchase.
#
# A row has three *codes*: customer, category and brand. Each code brings a hidden number. The sum of the three numbers is a *habit*. A *preference* is the absolute value of another sum of three hidden numbers. So a strongly negative sum counts like a strongly positive sum. A task's *score* sets the probability of its label.
#
# | task | what its score is made of | labels | correlation with the purchase's score |
# |---|---|---|---|
# | *purchase* | preferences 1 to 4, and habit 1 | 400 | |
# | *click* | the purchase's score | 6,000 | 1 |
# | *return* | the purchase's score with a minus sign | 6,000 | -1 |
# | *rate* | the purchase's score | 400 | 1 |
# | *save* | 0.6 of the purchase's score plus 0.8 of read's score | 6,000 | 0.6 |
# | *view* | preferences 1 to 4 in another mixture, no habit | 6,000 | about 0 |
# | *read* | preferences 5 to 8, and habit 2 | 6,000 | about 0 |
# | *random* | no score: the label is chance | 6,000 | none |
#
# *Purchase* and *rate* have few labels: they are *starved*. The other tasks are *rich*: every row has a label. In a real shop only purchases have a return label.
#
# A *pair* is the purchase with one helper in a Shared-Bottom (lesson 20). In the loss the purchase has the *weight* a tenth, and the helper the weight one. Three other markets chose this weight, for all pairs together, from three weights. They also chose the setting of the purchase alone, from three settings.
#
# **Predict first.** Click and return help. Order the other five helpers by their gain. Does one of the five harm?


# %% name="market" tags=["folded"]
# The market: nine tasks about a row. The ninth, follow, is the opposite of read.
SIZES = {"customer": 15, "category": 15, "brand": 15}
COLUMNS = columns_of(SIZES)
HELPERS = ("click", "save", "return", "view", "read", "rate", "random")


def standard(x):
    return (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True)


def market(seed, few=None, rho=0.6, n_train=6_000, n_valid=2_000, n_test=6_000):
    """Nine tasks about a row. few: task -> its labelled rows; all others are labelled everywhere."""
    draw, n = np.random.default_rng(seed), n_train + n_valid + n_test
    codes = draw.integers(15, size=(3, n))
    effects = draw.normal(size=(10, 3, 15))
    effects -= effects.mean(-1, keepdims=True)
    sums = standard(np.sum([effects[:, column, codes[column]] for column in range(3)], axis=0))
    likes, habits = standard(np.abs(sums[:8])), sums[8:]
    mixture = np.array([1, -1, -1, 1]) / 2
    wish = standard(mixture @ likes[:4] + habits[0])
    other = standard(mixture @ likes[4:] + habits[1])
    scores = {
        **{"purchase": wish, "click": wish, "save": rho * wish + np.sqrt(1 - rho**2) * other},
        **{"return": -wish, "view": likes[:4].sum(0) / 2, "read": other, "rate": wish},
        **{"random": 0 * wish, "follow": -other},
    }
    p = {task: expit(2 * score - 1) for task, score in scores.items()}
    labels, masks = {task: draw.random(n) < of for task, of in p.items()}, {}
    for task, rows in (few or {"purchase": 400, "rate": 400}).items():
        at = np.arange(n) if task == "purchase" else draw.permutation(n_train)
        masks[task] = np.ones(n, bool)
        masks[task][:n_train] = at[:n_train] < rows
        masks[task][n_train + rows : n_train + n_valid] = False
    return Rows(codes.T, np.zeros((n, 0)), p, labels, masks).cut(COLUMNS, n_train, n_valid)


# %% name="pairs" tags=["after-guess", "folded"]
# Trained here in five markets: the purchase alone, and together with returns.
def trainer_of(*tasks, width=64, batch_size=256):
    def build():
        return SharedBottom(COLUMNS, tasks, trunk=(width,), tower=(), embedding_dim=12)

    return Trainer(build, Fixed(), batch_size, weight_decay=1e-4)


def purchase_auc(trainer, seed, weights=None):
    """Trained in this market; the AUC of the purchase, judged by its true probabilities."""
    case = market(seed)
    train, valid = case.split.train, case.split.valid
    if len(trainer.network.tasks) == 1:  # a network of one task reads that task's rows alone
        train, valid = (table.take(table.mask(PURCHASE)) for table in (train, valid))
    trainer.balancing.weights = weights
    trainer.fit(train, valid, seed + 1_000, 3e-3, epochs=30, patience=5, keep="each")
    return measures(case.truth[PURCHASE], trainer.predict(case.split.test)[PURCHASE])["auc"]


alone, with_returns = trainer_of(PURCHASE, batch_size=32), trainer_of(PURCHASE, "return")
live = {
    "alone": [purchase_auc(alone, seed) for seed in range(5)],
    "return": [purchase_auc(with_returns, seed, (0.1, 1)) for seed in range(5)],
}
opening = evidence(
    "22.opening",
    "The purchase, learned with returns, over the purchase alone",
    live["return"],
    live["alone"],
    pairs="markets",
)

# %% name="gains" tags=["after-guess", "folded"]
# Six helpers at weight 0.1 in ten markets (stored, the mean of two trainings each).
forest(
    "The purchase with a helper, over the purchase alone",
    [
        claim(f"22.gain-{helper}", f"with {helper}", pairs["64"]["pair 0.1"][helper], ALONE, pairs="markets")
        for helper in ("click", "return", "view", "rate", "save", "read")
    ],
)  # fmt: skip

# %% name="dial-verdict" tags=["after-guess", "folded"]
# And save with few labels.
verdict = evidence(
    "22.dial-harm",
    "Save with 400 labels, over the purchase alone",
    dial["400"]["0.6"],
    ALONE,
    pairs="markets",
)

# %% [markdown] name="gains-why" tags=["after-guess"]
# Each line of the picture is a 95 % interval over ten markets. Among many differences some look real by chance, so *Holm's correction* asks for stronger evidence. A difference that passes *stands*. A difference that does not pass *falls*, and could be chance: its dot is hollow.
#
# Here the correction counts the verdicts of one picture; on the study page, all verdicts of the page. There three of these differences fall: the gain of *rate*, the harm of *read*, and the harm of *save* with 400 labels. At lower weights (next section) the harm of *read* stands there, too.
#
# | helper | what is shown | by construction |
# |---|---|---|
# | *view* | *View* helps, though its correlation with the purchase is about zero. | *View* and the purchase need the same four preferences. |
# | *rate* | *Rate* helps less than *click*. | *Rate* has the purchase's score, but few labels. |
# | *save* | No gain of *save* is shown. *Save* with 400 labels harms. | With few or many labels, *save* has the same correlation with the purchase. |
# | *read* | *Read* harms: this is **negative transfer**. | *Read* needs other preferences. |
# | *random* | No difference is shown (study page). | |


# %% [markdown] name="task-1-text"
# ### Task 22.1 · Does the helper help? (7 minutes)
#
# Write `transfer_gain(with_helper, alone)`.
#
# - Both are arrays `[n]` of the target's AUC, with one entry for each seed. A failed run is `nan`. Leave out each seed with `nan` in one array
#   or in both. At least three seeds are left.
# - Return `(mean, low, high, word)`. The gain of a seed is `with_helper` minus `alone`. `mean` is the mean of the gains. `low` and `high` are
#   mean ± t · s / √n. Here n is the number of gains left, s is their standard deviation with n - 1 in the denominator, and t is
#   `stats.t.ppf(0.975, n - 1)`.
# - `word` is `"helps"` if the whole interval is above 0, and `"harms"` if the whole interval is below 0. Otherwise `word` is `"open"`, also if
#   an end is exactly 0. Round nothing. Leave the arguments as they are.
#
# `transfer_gain(np.array([.74, .73, .78, np.nan]), np.array([.72, .70, .74, .69]))` has the gains `.02`, `.03` and `.04`. The result is about
# `(.03, .0052, .0548, "helps")`.


# %% name="task-1"
def transfer_gain(with_helper, alone):
    ### BEGIN SOLUTION
    gains = with_helper - alone
    gains = gains[~np.isnan(gains)]
    n, mean = len(gains), gains.mean()
    half = stats.t.ppf(0.975, n - 1) * gains.std(ddof=1) / np.sqrt(n)
    low, high = mean - half, mean + half
    return mean, low, high, "helps" if low > 0 else "harms" if high < 0 else "open"
    ### END SOLUTION


check("22.1", transfer_gain)

# %% [markdown] name="cure"
# ### Is the helper bad, or badly used?
#
# The *weight* of the purchase says how much the purchase may shape the trunk. The *width* is the number of the trunk's units.
#
# **Predict first.** Raise the weight from a tenth to one. Does *read* still harm? Is *view* still better than *save*? At the weight a tenth, which helper helps with a trunk of 64 units and harms with a trunk of 4?

# %% name="cure-picture" tags=["after-guess", "folded"]
# The gain of four helpers along the weight of the purchase, for a trunk of 64 units and one of 4.
COLOURS = {"click": "C0", "view": "C2", "save": "C1", "read": "C3"}
WEIGHTS = {"64": ("0.01", "0.03", "0.1", "0.3", "1"), "4": ("0.1", "0.3", "1")}


def at_weight(width, helper, weight):
    """The purchase's AUC with this helper in ten markets, at a weight of the purchase."""
    return (low.get(weight) if width == "64" else None) or pairs[width][f"pair {weight}"]


PLACES = {
    "64": {"click": (0.011, 0.062), "view": (0.045, 0.034), "save": (0.011, -0.014), "read": (0.033, -0.075)},
    "4": {"click": (0.05, 0.049), "view": (0.05, -0.043), "save": (0.05, -0.016), "read": (0.05, -0.064)},
}  # fmt: skip
fig, axes = figure(ncols=2, height=3.4, width=9.0)
told = []
for panel, (width, weights) in zip(axes, WEIGHTS.items(), strict=True):
    base = pairs[width]["alone"][PURCHASE]
    for helper, colour in COLOURS.items():
        gain = [np.subtract(at_weight(width, helper, w)[helper], base) for w in weights]
        half = stats.t.ppf(0.975, 9) * stats.sem(gain, axis=1)
        panel.errorbar([*map(float, weights)], np.mean(gain, axis=1), half, color=colour, marker="o", markersize=4, capsize=2)  # fmt: skip
        panel.text(*PLACES[width][helper], helper, color=colour, fontsize=9)
        means = ", ".join(f"{np.mean(g):+.3f} at {w}" for g, w in zip(gain, weights, strict=True))
        told.append(f"{width} units, {helper}: {means}")
    panel.axhline(0, color="0.3", linewidth=1)
    panel.set(xscale="log", xlabel="weight of the purchase", ylim=(-0.15, 0.11), xlim=(8e-3, 1.3))
    panel.minorticks_off()
    panel.set_xticks([*map(float, WEIGHTS["64"])], WEIGHTS["64"])
    panel.set_title(f"a trunk of {width} units: above 0 is a gain")
show(
    fig,
    alt="Gain of the purchase over the purchase alone, ten markets. " + "; ".join(told) + ".",
)

# %% name="cure-verdict" tags=["after-guess", "folded"]
# Six verdicts on the two dials.
forest(
    "Read and view can harm; at a higher weight no harm is shown",
    [
        claim(f"22.cure-{key}", text, at_weight(width, a, weight)[a], at_weight(width, b, weight)[b] if b else pairs[width]["alone"][PURCHASE], pairs="markets")
        for key, text, width, weight, a, b in [
            ("read-low", "64 units, read at weight 0.01, over alone", "64", "0.01", "read", ""),
            ("read-one", "64 units, read at weight 1, over alone", "64", "1", "read", ""),
            ("view-narrow", "4 units, view at weight 0.1, over alone", "4", "0.1", "view", ""),
            ("view-chosen", "4 units, view at weight 0.3, over alone", "4", "0.3", "view", ""),
            ("click-low", "64 units, click at weight 0.01, over alone", "64", "0.01", "click", ""),
            ("view-save-one", "64 units, view over save, at weight 1", "64", "1", "view", "save"),
        ]
    ],
)  # fmt: skip

# %% [markdown] name="cure-why" tags=["after-guess"]
# **The order of the helpers depends on the weight.** At weight one no harm of *read* is shown, and *save* is better than *view*. At a low weight mostly the helper shapes the trunk. There the gain of *click* and the harm of *read* are largest.
#
# **The width decides, too.** At the weight a tenth, *view* helps with a trunk of 64 units and harms with a trunk of 4. For the narrow trunk, validation chose a higher weight. At this weight no harm of *view* is shown. On the study page the harm of *view* and the lead of *save* over *view* fall.
#
# So negative transfer is not a property of two tasks alone: labels, weight and width decide, too (compare Wu, Zhang and Ré).


# %% [markdown] name="back"
# ### Does the helper gain as well?
#
# **Predict first.** The purchase gains from *return*. Does *return* gain from the purchase? Does *rate* gain, which has few labels, too?

# %% name="back-verdict" tags=["after-guess", "folded"]
# Two verdicts: the helper with the purchase, over the helper alone.
for helper in ("return", "rate"):
    evidence(
        f"22.back-{helper}",
        f"{helper}, learned with the purchase, over {helper} alone",
        pairs["64"]["theirs"][helper],
        pairs["64"]["theirs alone"][helper],
        pairs="markets",
    )

# %% [markdown] name="back-why" tags=["after-guess"]
# With the purchase *return* loses a little, and *rate* gains a little. On the study page both differences fall. **The purchase's gain from *return* stands, and no gain of *return* is shown.** By construction the two tasks differ only in sign, labels and weight. A correlation or a cosine of gradients is the same number in both directions. So these numbers cannot show which of the two tasks gains.


# %% [markdown] name="rivals"
# ### What if you train nothing together?
#
# | way | first | then |
# |---|---|---|
# | **as it stands** | Train the helper alone. | Rank by the helper's prediction. Reverse the order if the labelled purchases show a negative relation. |
# | **frozen, with codes** | Train the helper alone, and freeze its trunk. | Fit one logistic regression for the purchase on the trunk's outputs and the three codes. |
# | **fine-tuned** (Yosinski et al.; Kumar et al.) | Train the helper alone. A regression on its trunk becomes the purchase's tower. | Train the whole network on the purchases, at a tuned rate. |
# | **together** | | Train both tasks at once. The purchase's weight was chosen for each helper. |
#
# For each of the last three ways we tried five settings on three other markets, and kept the best.
#
# **Predict first.** Which way is best with *click*, and which with *view*? With how many of the six helpers (all but *random*) is *together* the best way?


# %% name="proxy" tags=["after-guess", "folded"]
# Four ways to use each of six helpers: the gain over the purchase alone, mean of ten markets.
SIX = ("click", "return", "view", "rate", "save", "read")
own = {helper: min(losses, key=losses.get) for helper, losses in low["tuning"].items()}
frozen, tuned, joint = (more[name]["trunk and codes"] for name in ("frozen", "fine-tuned", "joint"))
WAYS = {
    "as it stands": (more["as it stands"], "C1"),
    "frozen, with codes": (frozen, "C2"),
    "fine-tuned": (more["fine-tuned"]["tower"], "C4"),
    "together": ({h: at_weight("64", h, own[h])[h] for h in SIX}, "C0"),
}
gains = {
    way: {h: np.mean(np.subtract(of[h], ALONE)) for h in SIX if h in of}
    for way, (of, _) in WAYS.items()
}
furthest = {h: max(found.get(h, -1) for found in gains.values()) for h in SIX}
fig, axes = figure(ncols=4, height=3.3, width=9.0)
for panel, (way, (_, colour)) in zip(axes, WAYS.items(), strict=True):
    for h, gain in gains[way].items():
        best = gain == furthest[h] > 0
        panel.plot(gain, SIX.index(h), "o", color=colour, mfc=colour if best else "white", markersize=9)  # fmt: skip
    panel.axvline(0, color="0.3", linewidth=1)
    panel.set(xlim=(-0.23, 0.14), xticks=(-0.2, -0.1, 0, 0.1), ylim=(5.5, -0.5), title=way)
    panel.set_xticklabels(("−.2", "−.1", "alone", "+.1"))
    panel.set_yticks(range(6), [])
axes[0].set_yticks(range(6), SIX)
axes[0].text(-0.21, SIX.index("rate"), "not measured", color="0.4", va="center", fontsize=9)
fig.supxlabel(
    "gain over the purchase alone (AUC). Filled: furthest right in its row, if above 0", fontsize=9
)
said = (
    f"{way}: " + ", ".join(f"{h} {gain:+.3f}" for h, gain in found.items())
    for way, found in gains.items()
)
show(fig, alt="Gain of the purchase over alone, mean of ten markets. " + "; ".join(said) + ".")

# %% name="proxy-verdict" tags=["after-guess", "folded"]
# Six verdicts on the four ways. "Trunk with codes": one regression on the trunk and the codes.
stands, pair_of = WAYS["as it stands"][0], WAYS["together"][0]
forest(
    "With and without joint training",
    [
        claim(f"22.{key}", text, a, b, pairs="markets")
        for key, text, a, b in [
            ("own-proxy-click", "click: as it stands, over together", stands["click"], pair_of["click"]),
            ("own-fine-click", "click: fine-tuned, over together", WAYS["fine-tuned"][0]["click"], pair_of["click"]),
            ("codes-view", "view: frozen, with codes, over together", frozen["view"], pair_of["view"]),
            ("fine-codes-view", "view: fine-tuned trunk with codes, over frozen trunk with codes", tuned["view"], frozen["view"]),
            ("own-trunk-view", "view: joint trunk with codes, over frozen trunk with codes", joint["view"], frozen["view"]),
            ("fine-trunk-rate", "rate: joint trunk with codes, over fine-tuned trunk with codes", joint["rate"], tuned["rate"]),
        ]
    ],
)  # fmt: skip

# %% [markdown] name="proxy-why" tags=["after-guess"]
# **Where the helper is nearly the target, compare with the helper's own prediction.**
#
# | helper | what is shown | by construction |
# |---|---|---|
# | *click*, *return* | *As it stands* is furthest right in the picture, and better than *together*. | *Click* has the odds of the purchase, and *return* the opposite odds. |
# | *view*, *save* | *Frozen, with codes* is better than *together*. On the study page both differences fall. | *View* lacks the habit. The codes can give the habit. |
# | *view* | With codes, no gain of the fine-tuned trunk over the frozen trunk is shown. | |
# | *rate* | With codes, the jointly trained trunk is better than the frozen and the fine-tuned trunk. Only for *rate* is *together* furthest right in the picture. | *Rate* is as starved as the purchase. |
#
# *Frozen, with codes* reads the codes, and the tower of *together* does not. So these two ways differ in more than the trunk.
#
# In [another market](../docs/when.md), with a larger search, Shared-Bottom beat the frozen trunk, and no difference between Shared-Bottom and fine-tuning was shown. With fewer rows but more labelled purchases, fine-tuning beat Shared-Bottom.


# %% [markdown] name="cosine-text"
# ### Can it be known before training?
#
# All pairs of $K$ tasks take $K(K-1)/2$ trainings. The **cosine** of two gradients needs one training of all tasks. Let $\theta_s$ be the shared parameters, $L_k$ the loss of task $k$, and $g_k$ its gradient:
#
# $$g_k = \frac{\partial L_k}{\partial \theta_s}, \qquad \cos(g_i, g_j) = \frac{g_i \cdot g_j}{\|g_i\|\,\|g_j\|}$$
#
# A cosine below zero is **gradient conflict**: a small step for task $i$ alone raises the loss of task $j$. The *lookahead* of TAG (Fifty et al.) makes this step, and measures by what share the loss of $j$ drops. For a small step the share is about $\eta\, g_i \cdot g_j / L_j$, with the learning rate $\eta$.
#
# The **probe** trains no pair. It freezes the trunk $f$ of the helper's own network, and fits a logistic regression for the target ($\sigma$ is the logistic function):
#
# $$p = \sigma\big(w \cdot f_{\text{helper}}(x) + b\big), \qquad \text{probe of the helper} = -\,L_{\text{target}}(p) \text{ on validation rows}$$


# %% name="probe"
def probe(helper, case, strength=1.0):
    """Minus the purchase's validation loss by a regression on the helper's frozen trunk."""
    train, valid = case.split.train, case.split.valid
    trainer = trainer_of(helper)
    trainer.fit(train, valid, 0, 3e-3, epochs=30, patience=5)
    network, rows = trainer.network, [part.take(part.mask(PURCHASE)) for part in (train, valid)]
    x, seen = (network.trunk(network.embed(*part.inputs[:2]))[0][:, :] for part in rows)
    y, true = (part.labels[PURCHASE] for part in rows)
    x, seen = (np.asarray(of).reshape(len(of), -1) for of in (x, seen))
    model = LogisticRegression(C=strength, max_iter=3_000).fit(x, y)
    return -measures(true, model.predict_proba(seen)[:, 1])["log_loss"]


found = {helper: probe(helper, market(0)) for helper in ("click", "view", "random")}
print("helpers by the probe, best first:", *sorted(found, key=found.get, reverse=True))

# %% [markdown] name="task-2-text"
# ### Task 22.2 · The cosine of two gradients (6 minutes)
#
# Write `cosine(g_i, g_j)`.
#
# - `g_i` and `g_j` are lists of the same length, with one or more positions. Each position belongs to one shared parameter array. An entry is an array of any shape
#   (`()` too), or `None` if the loss of that task does not reach these parameters. `None` counts as zeros of the *other* entry's shape. If both are `None`,
#   leave out this position. At one position the two shapes agree. From position to position shapes may differ.
# - Return the cosine of the two *whole* gradients: all entries of a list form one vector. Return `0.0` if one of the vectors is 0
#   everywhere. Gradients may be as tiny as `1e-9`, so add no small number. Do not round. Leave the arguments as they are.
#
# In `cosine([np.array([1., 2.]), None], [np.array([2., 0.]), np.array([[1.]])])` the inner product is `2`, and each gradient has the length `√5`. The cosine
# is `.4`.


# %% name="task-2"
def cosine(g_i, g_j):
    ### BEGIN SOLUTION
    dot = sum(
        np.sum(a * b) for a, b in zip(g_i, g_j, strict=True) if a is not None and b is not None
    )
    size_i, size_j = (sum(np.sum(a**2) for a in g if a is not None) for g in (g_i, g_j))
    return dot / np.sqrt(size_i * size_j) if size_i > 0 and size_j > 0 else 0.0
    ### END SOLUTION


check("22.2", cosine)

# %% [markdown] name="contest-text"
# ### Which measure ranks the helpers?
#
# Six measures rank the seven helpers:
#
# | measure | how | trainings for one target |
# |---|---|---|
# | size of the label correlation | its absolute value, on rows that have both labels | none |
# | cosine, lookahead | the mean over one training of all tasks | 1 |
# | leave one out | how much the target's validation loss rises if the helper is left out of the training of all tasks | K |
# | **probe** | as above; Taskonomy: small networks on frozen encoders | K - 1 |
# | train the pair | the target's validation loss alone, minus its loss in the pair | K |
#
# The gain comes from two trainings that no measure has seen, at the weight that validation chose. In each market, the *agreement* of a measure is Spearman's rank correlation with the gain over the seven helpers.
#
# **Predict first.** With 64 units, is the agreement of the size of the label correlation near .2, .5 or .9? And of the cosine? And of the cosine with 4 units?


# %% name="contest-picture" tags=["after-guess", "folded"]
# Agreement of six measures with the gain, for two widths of the trunk.
NAMES = {
    "size of the label correlation": "|label correlation|",
    "cosine, batch": "cosine",
    "lookahead": "lookahead",
    "leave one out": "leave one out",
    "probe": "probe",
    "pair": "train the pair",
}
CHOSEN = {"64": "pair 0.1", "4": "pair 0.3"}


def agreement(width, name):
    """Spearman's correlation of a measure with the gain, in each of ten markets."""
    of = pairs[width]["valid"] if name == "pair" else affinities[width].get(name)
    if name == "size of the label correlation":
        of = {h: np.abs(x) for h, x in affinities[width]["label correlation"].items()}
    found, gain = (np.array([x[h] for h in HELPERS]) for x in (of, pairs[width][CHOSEN[width]]))
    return [stats.spearmanr(found[:, m], gain[:, m])[0] for m in range(10)]


ranks = {width: {name: agreement(width, name) for name in NAMES} for width in ("64", "4")}
TITLES = {
    "64": "64 units: furthest right are\npair and probe",
    "4": "4 units: furthest right are\nprobe and |label correlation|",
}
ORDER = sorted(NAMES, key=lambda name: -np.mean(ranks["64"][name]))
fig, axes = figure(ncols=2, height=3.0, width=9.0)
said = []
for panel, (width, of) in zip(axes, ranks.items(), strict=True):
    for row, name in enumerate(ORDER):
        mean, half = np.mean(of[name]), stats.t.ppf(0.975, 9) * stats.sem(of[name])
        panel.errorbar(mean, row, xerr=half, fmt="o", color="C0", capsize=2)
        said.append(f"{NAMES[name].strip('|')}, {width} units: {mean:.2f}")
    panel.axvline(0, color="0.3", linewidth=1)
    panel.set(xlim=(-0.25, 1.05), ylim=(5.5, -0.5), title=TITLES[width])
    panel.set_yticks(range(6), [])
axes[0].set_yticks(range(6), map(NAMES.get, ORDER))
fig.supxlabel(
    "agreement with the gain (Spearman): right is better, 1 is the same order", fontsize=9
)
show(fig, alt="Agreement with the gain, mean of ten markets. " + "; ".join(said) + ".")

# %% name="contest-verdict" tags=["after-guess", "folded"]
# Six verdicts on agreement.
forest(
    "Agreement of measures with the gain",
    [
        claim(f"22.rank-{key}", text, ranks[width][a], ranks[width][b] if b else [0] * 10, pairs="markets", unit="Spearman")
        for key, text, width, a, b in [
            ("cosine", "64 units: cosine above no agreement", "64", "cosine, batch", ""),
            ("probe-cosine", "64 units: probe above the cosine", "64", "probe", "cosine, batch"),
            ("probe-labels", "64 units: probe above |label correlation|", "64", "probe", "size of the label correlation"),
            ("pair-probe", "64 units: train the pair above the probe", "64", "pair", "probe"),
            ("cosine-narrow", "4 units: cosine above no agreement", "4", "cosine, batch", ""),
            ("probe-labels-narrow", "4 units: probe above |label correlation|", "4", "probe", "size of the label correlation"),
        ]
    ],
)  # fmt: skip

# %% [markdown] name="contest-why" tags=["after-guess"]
# With 64 units the probe and the pair rank the helpers nearly as the gain does. The cosine and the size of the label correlation agree less. With 4 units no agreement of the cosine is shown. Between the probe and the size of the label correlation no difference is shown.
#
# **The sign of the cosine does not separate help from harm.** *View* helps, and its cosine is about zero. *Read* harms, and its cosine is not shown to be below zero.
#
# A part of the cosine's error may be noise: the cosine's mean over four trainings agrees a little better. On the study page this difference and the probe's lead over the cosine fall. The probe's lead over the lookahead stands.
#
# Here the target has few labels and a weight of a tenth, so mostly the helper shapes the trunk. The probe measures a trunk that the helper alone has shaped. At weight one no difference between probe and cosine is shown. On image tasks measures of this kind, *affinity scores*, do not correlate well with the gain (Azorin et al.).


# %% [markdown] name="interview"
# ### Say it aloud
#
# <!-- bank: mt-08 -->
#
# **Asked next · 追问**
#
# | | |
# |---|---|
# | *Why not pretrain on clicks, then fine-tune?* 为什么不先用点击预训练再微调 | I try that first. In my simulated market, with clicks, no difference between fine-tuning and joint training was shown. |
# | *The cosines turn negative late in training.* 训练后期余弦为负 | That is no proof of harm. Training moves towards a point where the weighted gradients add up to zero. At this point some gradients must point against others, unless all are zero. |

# %% [markdown] name="groups"
# ## Deeper: how do you group tasks, and what does a group cost? (25 minutes)
#
# Serving allows two networks for five tasks. Here *purchase*, *return* and *follow* have 400 labels. *View* and *read* have labels on all rows. *Follow* is the opposite of *read*. Each trunk has 8 units.
#
# A **partition** puts each task into exactly one group. Which partition is best? There are several ways to choose:
#
# | way | trainings for K tasks | how |
# |---|---|---|
# | all subsets (Standley et al.) | $2^K - 1$ | Train each subset of the tasks. The score of a partition is the sum of the validation losses of its tasks: lower is better. |
# | pairs (Standley's higher-order approximation) | $K(K+1)/2$ | Train all pairs and single tasks. The loss of a task in a group is estimated by its mean loss in the pairs with the other members. |
# | the probe | K | Train each task alone and freeze its trunk. Fit a regression for each other task on this trunk. The probe is minus the regression's validation loss. For each task, take the mean probe from the other tasks of its group. |
# | the lookahead (TAG) | 1 | For each task, take the mean lookahead from the other tasks of its group. |
# | size of the label correlation | none | For each task, take the mean size of its label correlation with the other tasks of its group. |
#
# In the papers of Standley and of TAG a task may join a second group as a helper only. Here each task has one group. Each of the last three ways adds up these means over the tasks, and chooses the partition with the greatest sum. Each chosen partition is judged by the sum of its five true AUCs in *another* training. The true AUC uses the true probabilities.
#
# **Predict first.** By construction there are two *worlds*. One world is purchase, return and view. The other world is follow and read. Which ways find these worlds? Does each task gain over a network of its own?

# %% name="groups-run" tags=["after-guess", "folded"]
# Each way chooses one of 16 partitions in each of ten markets (stored); another training judges.
grouped, wide = kept["groups"], more["widths"]
FIVE = ("purchase", "return", "view", "follow", "read")
WORLDS = (("purchase", "return", "view"), ("follow", "read"))
SINGLES = tuple((task,) for task in FIVE)
PARTITIONS = [((*FIVE,),)] + [
    (tuple(t for t in FIVE if t not in part), part)
    for size in range(1, 5)
    for part in combinations(FIVE, size)
    if FIVE[0] not in part
]


def total(kind, partition, m):
    """Sum over tasks in market m: of minus the validation loss ("valid"), or of true AUC."""
    return sum(grouped[kind][" ".join(group)][task][m] for group in partition for task in group)


AFFINITIES = {
    **grouped["affinity"],
    "size of the label correlation": np.abs(grouped["affinity"]["label correlation"]),
    "probe": np.negative(more["probes"]["loss"]),
}


def by_affinity(name, partition, m):
    """Sum over tasks of the mean affinity of the others onto it; alone is last, as in TAG's code."""
    matrix, score = np.array(AFFINITIES[name][m]), 0
    for group in partition:
        at = [FIVE.index(task) for task in group]
        for j in at:
            others = [i for i in at if i != j]
            score += matrix[others, j].mean() if others else -1e6
    return score


def by_pairs(partition, m):
    """As above, from the validation losses of pairs alone."""
    score = 0
    for group in partition:
        for task in group:
            mates = [one for one in group if one != task]
            names = [" ".join(t for t in FIVE if t in (task, mate)) for mate in mates] or [task]
            score += np.mean([grouped["valid"][name][task][m] for name in names])
    return score


CHOICES = {
    "31 subsets": lambda one, m: total("valid", one, m),
    "pairs": by_pairs,
    "probe": lambda one, m: by_affinity("probe", one, m),
    "lookahead": lambda one, m: by_affinity("lookahead", one, m),
    "size of the label correlation": lambda one, m: by_affinity("size of the label correlation", one, m),
}  # fmt: skip
chosen = {
    name: [max(PARTITIONS, key=lambda one: of(one, m)) for m in range(10)]
    for name, of in CHOICES.items()
}


def gain_of(partitions):
    """Of the partition of each market, in the other training: over all together."""
    return [total("fresh", one, m) - total("fresh", PARTITIONS[0], m) for m, one in enumerate(partitions)]  # fmt: skip


judged = {name: gain_of(each) for name, each in chosen.items()}
blind = np.mean([gain_of([one] * 10) for one in PARTITIONS], axis=0).tolist()
PRICE = {"31 subsets": 31, "pairs": 15, "probe": 5, "lookahead": 1}
found = {name: sum({*map(frozenset, one)} == {*map(frozenset, WORLDS)} for one in each) for name, each in chosen.items()}  # fmt: skip
pd.DataFrame(
    {
        "trainings": {name: PRICE.get(name, 0) for name in CHOICES},
        "markets of ten in which it found the two worlds": found,
        "sum of AUCs, over all together": {
            name: round(np.mean(of), 2) for name, of in judged.items()
        },
    }
)


# %% name="groups-verdict" tags=["after-guess", "folded"]
# Six verdicts on the sum of five AUCs.
def of_width(name, units):
    """Sum of five AUCs in each of ten markets, each trunk of this width."""
    return np.sum([*wide[name][str(units)].values()], axis=0).tolist()


def of_eight(partition):
    return [total("fresh", partition, m) for m in range(10)]


forest(
    "Two networks for five tasks: sum of five AUCs",
    [
        claim(f"22.{key}", text, list(a), list(b), pairs="markets", unit="sum of AUCs")
        for key, text, a, b in [
            ("groups-worlds", "the two worlds over all together, 8 units a trunk", of_eight(WORLDS), of_eight(PARTITIONS[0])),
            ("groups-alone", "the two worlds over five networks, 8 units a trunk", of_eight(WORLDS), of_eight(SINGLES)),
            ("groups-lookahead", "chosen by the lookahead over a blind draw", judged["lookahead"], blind),
            ("groups-probe-subsets", "chosen by the probe over 31 subsets", judged["probe"], judged["31 subsets"]),
            ("width-together-forty", "one trunk of 40 units over two worlds of 8", of_width("all together", 40), of_eight(WORLDS)),
            ("width-worlds-equal", "two worlds of 20 units over one trunk of 40", of_width("the two worlds", 20), of_width("all together", 40)),
        ]
    ],
)  # fmt: skip

# %% [markdown] name="groups-why" tags=["after-guess"]
# - **Two networks, one for each world**, beat one network of all tasks. Between these two and five single networks no difference is shown *in the sum of AUCs*. But a sum hides what happens to each task. With 8 units *follow* gains over its single network, and *view* and *read* may lose. With 64 units all three starved tasks gain, and no loss is shown (study page).
# - **The probe** finds the two worlds in all markets. By construction the two worlds share no preference and no habit. Do not expect such clear worlds in a shop.
# - **The lookahead** is not shown to choose better than a random draw. In the TAG paper, on image tasks (the Taskonomy data), TAG's groups had a clearly lower test loss than all tasks together. Our market has five small tasks.
# - **First widen the trunk.** One trunk of 40 units beats two trunks of 8. But at 40 units in total two trunks, one for each world, beat one trunk. On the study page both differences fall, and at 16 units in total no difference is shown. So compare groupings at the same total number of units.
#
# With fifty tasks nobody trains all pairs. A cheap measure first shortens the list. In serving each group costs a trunk and a forward pass, and each group needs an owner.

# %% [markdown] name="curse-predict"
# **Predict first.** In one training, take the best of 16 partitions by the sum of *true* AUCs. Its *lead* is this sum minus the mean sum of all 16 partitions. Now train all again. How much of the lead is left: all, most, or half?

# %% name="curse" tags=["after-guess", "folded"]
# The lead of the best partition, where it was chosen and in another training.
best = [max(PARTITIONS, key=lambda one: total("true", one, m)) for m in range(10)]
above = {
    kind: [
        total(kind, one, m) - np.mean([total(kind, other, m) for other in PARTITIONS])
        for m, one in enumerate(best)
    ]
    for kind in ("true", "fresh")
}
curse = evidence(
    "22.curse",
    "Lead of the best of 16 partitions: in the training that chose, over another training",
    above["true"],
    above["fresh"],
    pairs="markets",
    unit="sum of AUCs",
)
print(
    f"mean lead: {np.mean(above['true']):.3f} in the training that chose, {np.mean(above['fresh']):.3f} in another training"
)

# %% [markdown] name="curse-why" tags=["after-guess"]
# This choice used the true AUC, which no shop knows. Even so the best partition looked better than it is: on average a fifth of its lead was luck. This is the **winner's curse**. The interval is wide, and on the study page this difference falls. So judge a chosen partition in a training, or on data, that had no part in the choice.

# %% [markdown] name="task-4-text"
# ### Task 22.4 · The best groups (12 minutes)
#
# Task 22.3 stands in the next part. Here write `best_groups(score, tasks, most)`: which tasks should share a network, if you serve at most `most` networks?
#
# - `score` is a dict. A key is a `frozenset` of task names. A value is a dict from each of these tasks to its score when these tasks train
#   together. Higher is better. Every non-empty subset of `tasks` is a key. There may be further keys, with tasks that are not in `tasks`.
# - `tasks` is a list of one to six different names, in any order. `most` is 1 or more. It may be larger than the number of tasks.
# - Each task stands in exactly one group. Return the partition into one to `most` groups with the greatest **sum over tasks**, as a sorted tuple
#   of sorted tuples.
# - If partitions have equal sums, take the partition with fewer groups. If the numbers of groups are equal too, take the smallest tuple in Python's order. The check's
#   scores are multiples of 1/8, so that equal sums are exactly equal. Leave the arguments as they are.
#
# Alone, `buy` has the score `.60` and `click` has `.70`. Together, `buy` has `.64` and `click` has `.69`. Then `best_groups(score, ["click", "buy"], 2)` is
# `(("buy", "click"),)`, since `1.33` is more than `1.30`. `combinations(names, 2)` gives all pairs.


# %% name="task-4"
def best_groups(score, tasks, most):
    ### BEGIN SOLUTION
    def splits(names):
        if not names:
            yield ()
        for n in range(len(names)):
            for others in combinations(names[1:], n):
                left = [one for one in names[1:] if one not in others]
                for rest in splits(left):
                    yield ((names[0], *others), *rest)

    def order(groups):
        total = sum(score[frozenset(group)][task] for group in groups for task in group)
        return -total, len(groups), groups

    return min((one for one in splits(sorted(tasks)) if len(one) <= most), key=order)
    ### END SOLUTION


check("22.4", best_groups)

# %% [markdown] name="lookahead-text"
# ## Deeper: what do gradients miss, and what do real reviews say? (25 minutes)
#
# TAG (Fifty et al.) makes a step on task $i$ alone. Its **lookahead** is the share by which this step lowers the loss of $j$, on the same rows $X$:
#
# $$Z_{i \to j} = 1 - \frac{L_j(X, \theta_s - \eta\, g_i)}{L_j(X, \theta_s)} \;\approx\; \eta\, \frac{g_i \cdot g_j}{L_j} = \eta\, \frac{\|g_i\|\,\|g_j\|}{L_j} \cos(g_i, g_j)$$
#
# The approximation is the first order of Taylor's series. The right side says: for a small plain step, the lookahead is the cosine, times the lengths of both gradients, divided by a loss. All these numbers are known from the $K$ losses and their gradients. So a plain step needs no second forward pass. (TAG's own steps are those of an optimiser with momentum.)
#
# Can the lookahead say which of two tasks helps the other? Hardly. Exchange $i$ and $j$: only the loss in the denominator changes, so $Z_{i \to j} / Z_{j \to i} \approx L_i / L_j$. This ratio of two losses does not say which task needs the other.


# %% name="look"
def look(network, rows, eta):
    """Losses [K]; losses after a step on each task alone [K, K]; the gradients [K, weights]."""
    *inputs, labels, counts = rows
    shared = [w for part in network.shared() for w in part.trainable_variables]
    with tf.GradientTape(persistent=True) as tape:
        before = network.task_losses(network(inputs), labels, counts)
        each = tf.unstack(before)
    gradients = [[tf.convert_to_tensor(tape.gradient(L, w)) for w in shared] for L in each]
    after = []
    for one in gradients:
        for w, g in zip(shared, one, strict=True):
            w.assign_sub(eta * g)
        after.append(network.task_losses(network(inputs), labels, counts))
        for w, g in zip(shared, one, strict=True):
            w.assign_add(eta * g)
    flat = [tf.concat([tf.reshape(g, [-1]) for g in one], 0) for one in gradients]
    return before.numpy(), np.stack(after), np.stack(flat)


TASKS, table = (PURCHASE, *HELPERS), market(0).split.train
trainer = trainer_of(*TASKS)
trainer.balancing.weights = (0.1, *[1] * 7)
trainer.fit(table, market(0).split.valid, 0, 3e-3, epochs=6, patience=6)
labels, counts = (
    np.stack([part(task) for task in TASKS]).astype("float32")
    for part in (table.labels.get, table.mask)
)
before, after, g = look(trainer.network, (*table.inputs, labels, counts), 3e-3)
Z, first_order = 1 - after / before, 3e-3 * g @ g.T / before  # [i, j]
agree = np.corrcoef(Z.ravel(), first_order.ravel())[0, 1] > 0.98
print("lookahead and first order, correlation above .98:", agree)

# %% [markdown] name="sign-text"
# **Opposite labels, same gradient.** Why can returns help? One row's part of the gradient $g_k$ is $(p_k - y_k)\, w_k\, \partial f / \partial \theta_s$. Here $f$ is the trunk's output, $w_k$ are the tower's coefficients, $y_k$ is the label and $p_k$ the prediction. Now replace every label $y_k$ by $1 - y_k$. Change the sign of $w_k$ and of the tower's bias, too. Then $p_k$ becomes $1 - p_k$. So both $p_k - y_k$ and $w_k$ change their sign. Their product stays the same, and with it the gradient.

# %% name="sign"
# Turn the labels of return and its tower: is the gradient on the shared weights the same?
k, last = TASKS.index("return"), trainer.network.towers.last
turn = np.where(np.arange(8) == k, -1.0, 1.0).astype("float32")
for weight in (last.kernel, last.bias):
    weight.assign(weight.numpy() * turn[:, None, None])
labels[k] = 1 - labels[k]
turned = look(trainer.network, (*table.inputs, labels, counts), 3e-3)[2]
print("the gradient of return is the same:", np.allclose(turned[k], g[k], atol=1e-6))

# %% [markdown] name="task-3-text"
# ### Task 22.3 · The lookahead (8 minutes)
#
# Write `lookahead(before, after)` for $K$ tasks and $T$ steps of the training. $K$ and $T$ are one or more.
# $Z_{ij} = \text{mean}_t \left[\, 1 - L_j^t(\text{after a step on } i \text{ alone}) / L_j^t(\text{before}) \,\right]$.
#
# - `before` is an array of floats `[T, K]`: `before[t, j]` is the loss of task j before step t. `after` is an array `[T, K, K]`: `after[t, i, j]` is
#   the loss of task j after a step on task i alone. Losses are 0 or more, and may be as small as `1e-9`.
# - Return the array `[K, K]` with $Z_{ij}$ in row i, column j. Above 0 it says that a step on i lowers the loss of j.
# - Where `before[t, j]` is exactly 0, leave step t out of the means of target j, but not of other targets. If a target j has no step left, its column is nan.
# - Leave the arguments as they are. Do not round. `np.nanmean` leaves nan out of a mean.
#
# `lookahead(np.array([[.5, .8]]), np.array([[[.4, .72], [.55, .6]]]))` is `[[.2, .1], [-.1, .25]]`. The second task's step raises
# the first task's loss from `.5` to `.55`.


# %% name="task-3"
def lookahead(before, after):
    ### BEGIN SOLUTION
    base = np.where(before == 0, np.nan, before)[:, None, :]  # [T, 1, K]
    return np.nanmean(1 - after / base, axis=0)
    ### END SOLUTION


check("22.3", lookahead)

# %% [markdown] name="break-why"
# ### Why do gradients rank poorly?
#
# Three reasons come to mind. We tested each reason, and confirmed none (study page).
#
# - *Do reversed labels mislead the cosine?* No. They leave the gradient as it is, and *return* has a cosine above zero.
# - *Does the number of labelled rows mislead the lookahead?* On average the lookahead puts *rate* above *click*, but the markets differ much. Without *rate* no better agreement with the gain is shown.
# - *Do cosine and lookahead mislead because they look at training rows, where few labels overfit?* For the lookahead on validation rows no better agreement is shown. There the lookahead is above zero even for *random*.

# %% [markdown] name="real"
# ### Do real reviews agree?
#
# The data are women's clothing reviews (`datasets/clothing_reviews.md`). Each text has three labels. The target is *recommended*, and the networks learn from 400 of its labels. The helpers *five stars* and *found helpful* have 5,000 labels each. We split the products five times into training, validation and test. All networks use one setting, and nothing is tuned here.
#
# The plain rival needs no label of the target. It is a logistic regression of *five stars* on the words, and its score orders *recommended*.
#
# **Predict first.** Which helper gives the larger gain? Does the pair beat the plain rival? The next cell takes about a minute.

# %% name="real-run" tags=["real-data", "after-guess", "folded"]
# Five splits by product: the networks with one, two and three tasks, and the plain rival.
reviews = load("clothing_reviews").dropna(subset=["text"]).drop_duplicates("text")
reviews = reviews.assign(
    five=(reviews.rating == 5).astype(int), helpful=(reviews.positive_feedback > 0).astype(int)
)
counts = CountVectorizer(min_df=20, binary=True).fit(reviews.text)
analyse, known = counts.build_analyzer(), counts.vocabulary_
reviews["words"] = [tuple(word for word in analyse(text) if word in known) for text in reviews.text]
word_columns = Columns.fit(reviews, bags={"words": 60})
QUESTIONS = ("recommended", "five", "helpful")
every_row, products = word_columns.table(reviews, QUESTIONS), reviews.product_id.to_numpy()


def split_by_product(seed):
    codes, which = np.unique(products, return_inverse=True)
    draw = np.random.default_rng(seed)
    side = draw.choice(3, len(codes), p=(0.5, 0.2, 0.3))[which]
    rows = [draw.permutation(np.flatnonzero(side == s)) for s in range(3)]
    train, valid, test = map(every_row.take, (rows[0][:5_000], rows[1][:2_000], rows[2]))
    few = [{"recommended": np.arange(len(table)) < 400} for table in (train, valid)]
    return replace(train, masks=few[0]), replace(valid, masks=few[1]), test, rows


word_counts, rival = counts.transform(reviews.text), []
for seed in range(5):  # five stars by a regression, as they stand, for recommended
    *_, rows = split_by_product(seed)
    model = LogisticRegression(C=0.03, max_iter=1_000)
    model.fit(word_counts[rows[0][:5_000]], every_row.labels["five"][rows[0][:5_000]])
    score = model.decision_function(word_counts[rows[2]])
    rival.append(auc(every_row.labels["recommended"][rows[2]], score))


def words_network(tasks):
    return SharedBottom(word_columns, tasks, trunk=(32,), tower=(), embedding_dim=16)


real, on_valid = {}, {}
for tasks in (QUESTIONS[:1], QUESTIONS[:2], QUESTIONS[::2], QUESTIONS):
    batch = 32 if len(tasks) == 1 else 256
    trainer = Trainer(lambda tasks=tasks: words_network(tasks), Fixed(), batch, weight_decay=1e-2)
    trainer.balancing.weights = None if len(tasks) == 1 else (0.1, *[1] * (len(tasks) - 1))
    real[tasks], on_valid[tasks] = [], []
    for seed in range(5):
        train, valid, test, _ = split_by_product(seed)
        if len(tasks) == 1:
            train, valid = (table.take(table.mask(*tasks)) for table in (train, valid))
        trainer.fit(train, valid, seed, 3e-3, 15, 3, "each")
        known = valid.take(valid.mask("recommended"))
        for table, found in ((test, real), (known, on_valid)):
            p = trainer.predict(table)["recommended"]
            found[tasks].append(auc(table.labels["recommended"], p))
with_five, with_helpful = (np.array(real[tasks]) for tasks in (QUESTIONS[:2], QUESTIONS[::2]))

# %% name="real-verdict" tags=["real-data", "after-guess", "folded"]
# Six verdicts: the helpers, the plain rival, and the pair on validation.
overlap = np.mean([len(split_by_product(seed)[2]) / 5_000 for seed in range(5)])
forest(
    "Recommended, with helpers: no gain of a helper is shown",
    [
        claim(f"22.real-{key}", text, list(a), list(b), pairs="splits", overlap=overlap)
        for key, text, a, b in [
            ("five", "five-star pair over alone", with_five, real[QUESTIONS[:1]]),
            ("helpful", "helpful pair over alone", with_helpful, real[QUESTIONS[:1]]),
            ("all", "all three tasks over the five-star pair", real[QUESTIONS], with_five),
            ("rival", "five-star regression over the five-star pair", rival, with_five),
            ("rival-alone", "five-star regression over alone", rival, real[QUESTIONS[:1]]),
        ]
    ],
)  # fmt: skip
chosen_pair = evidence(
    "22.real-pair", "pair on validation: five stars over helpful", on_valid[QUESTIONS[:2]], on_valid[QUESTIONS[::2]], pairs="splits",
    overlap=400 / 5_000,
)  # fmt: skip
ahead = np.sum(np.greater(on_valid[QUESTIONS[:2]], on_valid[QUESTIONS[::2]]))
print(f"on validation the five-star pair is ahead of the helpful pair in {ahead} of 5 splits")
print(f"AUC of the helpful pair in its worst split: {with_helpful.min():.2f}")

# %% [markdown] name="real-why" tags=["real-data", "after-guess"]
# The five splits draw from the same reviews. So we use the intervals of Nadeau and Bengio, which are nearly three times as wide as usual. With these intervals no gain of either helper is shown.
#
# **The plain rival** reads no label of *recommended*, and no difference between this rival and the pair is shown. The rival may be ahead of the network alone, but this difference falls after the correction. So on this data, too, the plainest use of a helper is its prediction.
#
# Is *five stars* the better helper? Cosine and lookahead do not show this. Over four epochs the cosine of *five stars* may be below zero, and over twelve no sign is shown (study page). On validation rows the pair with *five stars* is ahead of the pair with *found helpful* in all five splits, but no difference is shown. This is one data set, with three tasks and nothing tuned.

# %% [markdown] name="need"
# ### Was a multi-task model needed at all?
#
# **E7.** The article of lesson 00 says that *"to solve these challenges, platforms often need"* multi-scenario multi-task learning. Is such a model needed? To find out, take a **single-task baseline**: one plain model for one question. How good is this model already?
#
# The article has five challenges. Each challenge has a lesson with such a baseline. The table shows what these lessons recorded: after the colon stands the verdict. The intervals stand on the study page.

# %% name="need-table" tags=["folded"]
# The five challenges: what was compared with a single-task baseline, and with what result.
CHALLENGES = {
    "recommendation": ("10.logq-knn", "two towers with logQ, over item KNN", "10.log-two-tasks", "clicks and purchases factored together, over popularity"),
    "search": ("11.bigrams", "BM25 of bigrams, over BM25 of words", "", ""),
    "labels": ("12.titles", "both titles, over one title", "12.chain", "a chain of labels, over one model for each label"),
    "reviews": ("13.order-sales", "ratings a day, over Wilson's bound", "", ""),
    "behaviour": ("14.money-a-day", "money a day, over recency, frequency and money", "", ""),
}  # fmt: skip


def said(name, text):
    if not name:
        return "not tried"
    one = read(name[:2])[name]
    return f"{text}: {word_for(one['low'], one['high'])}"


pd.set_option("display.max_colwidth", None)
pd.DataFrame(
    [
        {"challenge": challenge, "lesson": plain[:2], "one task: a better answer, over the baseline": said(plain, better), "with a second kind of label": said(both, joint)}
        for challenge, (plain, better, both, joint) in CHALLENGES.items()
    ]
).set_index("challenge")  # fmt: skip

# %% [markdown] name="need-why"
# **In all five challenges a better answer to the same single task beat the baseline.** Two lessons also used a second kind of label. In lesson 12 a chain of labels was worse than one model for each label. In lesson 10 clicks and purchases were factored together, and this was worse than sorting by popularity. But lesson 10 measured recall on a log, and recall on a log also rewards products because they were shown. So this measure cannot judge the question.
#
# None of the five lessons tried a multi-task network. So the table is no proof against such a network. In lesson 20 one task gains much from the labels of rich tasks, and a frozen trunk gives this task the gain as well. So for each challenge a baseline must show whether a multi-task model is needed.

# %% [markdown] name="recap"
# ## Recap
#
# - **The gain** of a helper is the target's AUC with the helper, minus its AUC alone. Below zero it is negative transfer.
# - **Relatedness is not correlation.** The sign does not matter. A helper with a correlation of zero can help, and a helper with few labels gives little.
# - **Harm depends on the target's weight and the trunk's width, too.** Change both before you give up a helper.
# - **Help can go one way.** The starved purchase gained from *return*, and no gain of *return* was shown.
# - **First try the ways without joint training**: the helper's own prediction, a regression on its frozen trunk and the row's codes, fine-tuning.
# - **The cosine** is $g_i \cdot g_j / \|g_i\|\|g_j\|$. **The lookahead** is about $\eta\, g_i \cdot g_j / L_j$. Both are cheap and noisy.
# - **The probe** ranked helpers better than the lookahead here. The probe's lead over the cosine could be chance.
# - **To group tasks**, first try one wider trunk, then compare groupings at the same number of units, task by task. Judge in another training: the best of many choices looks better than it is.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | **E7** | *"to solve these challenges, platforms often need"* multi-scenario multi-task learning | Compare with a single-task baseline before you say so. In lessons 10 to 14 a plain idea beat such a baseline. Another task's labels can help where the target has few and both need the same information. |
#
# **References**
#
# | | |
# |---|---|
# | TAG, the lookahead | C. Fifty et al.: Efficiently Identifying Task Groupings for Multi-Task Learning. NeurIPS 2021. https://arxiv.org/abs/2109.04617 |
# | which tasks together; pairs | T. Standley et al.: Which Tasks Should Be Learned Together in Multi-task Learning? ICML 2020. https://proceedings.mlr.press/v119/standley20a.html |
# | affinity scores and gains | R. Azorin et al.: "It's a Match!" A Benchmark of Task Affinity Scores for Joint Learning. 2023. https://arxiv.org/abs/2301.02873 |
# | frozen encoders, small readouts | A. Zamir et al.: Taskonomy: Disentangling Task Transfer Learning. CVPR 2018. https://arxiv.org/abs/1804.08328 |
# | causes of negative transfer | S. Wu, H. Zhang, C. Ré: Understanding and Improving Information Transfer in Multi-Task Learning. ICLR 2020. https://arxiv.org/abs/2005.00944 |
# | fine-tuning | J. Yosinski et al., NeurIPS 2014, https://arxiv.org/abs/1411.1792; A. Kumar et al., ICLR 2022, https://arxiv.org/abs/2202.10054 |
# | splits that overlap | C. Nadeau, Y. Bengio: Inference for the Generalization Error. Machine Learning 52, 2003 |
