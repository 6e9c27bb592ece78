# %% [markdown] name="title" question_zh="购买涨了，点击跌了（跷跷板现象）：是任务冲突吗，是哪一种，怎么治？" interview_zh="怎么解决任务冲突？"
# # 40 · Interview question 1: how do you resolve task conflict?
#
# > Purchases improve and clicks fall. Is this task conflict? Which kind? What is the cure?
#
# **After this lesson you can** show that tasks harm each other, find the cause, choose the remedy, and say all this in a minute.
#
# | Essential | Deeper | Level | Before this | In interviews |
# |---|---|---|---|---|
# | 60 | 15 + 15 + 20 | senior | lessons 20, 22, 23 and 24 | "How do you resolve task conflict?", "purchases improve and clicks fall: what now?", "PCGrad or loss weights?" |

# %% [markdown] name="minute"
# ## In one minute
#
# A *joint* network learns clicks and purchases together. After a change, purchases improve and clicks fall.
#
# **First ask: worse than what?** For the launch, compare with today's system. Undo only the change. Do the clicks return?
#
# **Then ask whether sharing is to blame.** Train a baseline for clicks alone, on the same rows and with as much tuning: the *twin* of clicks. More rows or more tuning for the twin would look like harm. The *harm* to clicks says how much worse the joint network predicts clicks than the twin, in log loss or AUC, over several seeds.
#
# **Rule out two training faults (lesson 20).** One epoch for all tasks may be bad for one task: let each task keep its own best epoch. The loss weight of a task with few labels may be wrong: multiply it by powers of ten, up and down.
#
# **Then find the cause.** All tasks read the same shared layers, the *trunk*. The trunk turns each row into a few numbers, its *units*. This lesson plants three causes.
#
# - *Scale*: one task's loss is tiny beside the others. An example: the click team sums its loss over the rows, and the purchase team takes the mean.
# - *Direction*: the trunk lacks a unit for one task. An example: the trunk learns a product's price, but returns depend on its size.
# - *Capacity*: the trunk has too few units for every task.
#
# **Then treat this cause.** Against scale, *normalise* the losses: divide each loss by the loss of its *best constant*. This constant is one probability for all rows, such as the share of rows with a purchase. Against direction and capacity, make *room*: *widen* the trunk by more units. If serving allows no more units, some task must accept a harm. Then let training work most for the task furthest behind its twin. Methods that correct gradients, such as MGDA, come last.

# %% name="imports" tags=["folded"]
# What this lesson imports.
import json
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from course_utils import paths
from course_utils.backend import keras, tf
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.mgda import MGDA
from course_utils.balancing.smooth_maximum import SmoothMaximum
from course_utils.comparison.judging import measures
from course_utils.evidence import claim, equivalence, evidence
from course_utils.exercises import check, hint, solution
from course_utils.metrics import paired_interval
from course_utils.models import SharedBottom
from course_utils.notebook import figure, forest, show
from course_utils.notebook.playground import playground
from course_utils.regimes import capacity, direction, scale
from course_utils.training import Trainer

# %% name="minute-picture" tags=["folded"]
# Three remedies in three markets, each market with one cause of conflict.
GRID = json.loads((paths.RESULTS / "conflict_grid.json").read_text(encoding="utf-8"))
EQUAL, APART, NORMALISED = "equal weights", "network per task", "losses in one unit"
CAUSES = ("scale", "direction", "capacity")


def worst(cause, remedy):
    """AUC of the worst task in each of ten seeds, as stored."""
    return np.min(GRID[cause][remedy]["auc"], axis=1)


THREE = {
    "normalised losses": NORMALISED,
    "a gradient method (MGDA)": "MGDA",
    "wider trunk": "wider trunk",
}
BEST = {"scale": "normalised losses", "direction": "wider trunk", "capacity": "wider trunk"}
fig, axes = figure(ncols=3, height=2.2, width=9.0)
alts = []
for ax, cause in zip(axes, CAUSES, strict=True):
    start, said = worst(cause, EQUAL).mean(), []
    ax.axvline(start, color="0.4", linestyle="--", linewidth=1)
    ax.text(start, -0.75, "no remedy", fontsize=8, color="0.4", ha="center")
    for row, (text, remedy) in enumerate(THREE.items()):
        auc = worst(cause, remedy).mean()
        colour = "C0" if text == BEST[cause] else "0.6"
        ax.plot([start, auc], [row, row], color=colour, linewidth=3)
        ax.plot(auc, row, "o", color=colour, markersize=9)
        said.append(f"{text} {auc:.2f}")
    ax.set(
        title=f"cause: {cause}",
        ylim=(2.5, -1.0),
        xlim=(0.42, 0.95),
        yticks=[],
        xticks=(0.5, 0.7, 0.9),
    )
    alts.append(f"{cause}: no remedy {start:.2f}, {', '.join(said)}.")
axes[0].set_yticks(range(3), THREE)
fig.supxlabel(
    "AUC of the worst task: right is better, 0.5 is guessing. Blue: the first remedy", fontsize=9
)
show(fig, alt="AUC of the worst task in three markets, mean of ten seeds. " + " ".join(alts))

# %% [markdown] name="missing"
# The owner of a task writes x before the launch: the largest harm to accept, here .01 of AUC. A task *suffers* if the whole 95 % interval of its harm lies above x. Go down the rows until no task suffers.
#
# | You see | It means | Do | It costs | Check |
# |---|---|---|---|---|
# | No task suffers. | No harm above x is shown. | Normalising the losses may still help. | nothing in serving | Do more seeds show a harm? |
# | All tasks keep one epoch. | This epoch may be bad for one task. | Keep **each task's own epoch**. | a set of weights for each task | Does the task still suffer? |
# | A **rare task**, one with few labels, suffers. | Its loss weight may be wrong. | Try powers of ten, up and down. | one training for each try | Does the task still suffer? |
# | The tasks with tiny gradients suffer. | The cause is probably **scale**. | Normalise the losses. | nothing in serving | Now no task suffers. |
# | The losses are normalised, and tasks still suffer. More units cure them. | The trunk lacks **room**: *direction* if these tasks are fewer than half of all, else *capacity*. With two tasks you cannot tell. | Add one unit, then many. | multiplications for each served row | Give each twin as many units as the wider trunk has. Measure the harm again. |
# | More units do not cure a task. | It has **another cause**. | Purchases learned from clicked rows alone: see lesson 24. | time | Look at the task's labels and rows. |
#
# The table may fail. We tried every choice of five of our ten seeds ([study page](../docs/studies/40.md)). Half of the choices miss *scale*. Two in five take *capacity* for *direction*. At x = 0 no choice finds *direction*.

# %% [markdown] name="essential"
# ## The essential hour
#
# `hint("40.2", 1)` gives a hint. The cells after a *Predict first* are folded: guess, then run them.

# %% [markdown] name="question"
# ### Three markets, one complaint
#
# Three teams, each in a simulated market, complain: *"our worst task is below its twin"*. This is **negative transfer**: a task trained with others is worse than trained alone.
#
# | market | cause | tasks | trunk | what we planted |
# |---|---|---|---|---|
# | **P** | scale | A to F | wide | A factor multiplies the loss of each task. The factor falls from 1 for A to 1/10,000 for F. |
# | **Q** | direction | A to D | one unit | A, B and C need nearly the same unit. D needs a different unit. |
# | **R** | capacity | A to F | eight units | Perfect predictions need sixteen units. All tasks need the same sixteen. |
#
# A twin has as many units as the joint network, all for its one task.
#
# **Predict first.** Which tasks of P are below their twins by more than .01 of AUC? Does F, with the smallest factor, lose most?

# %% name="symptom" tags=["after-guess", "folded"]
# Each task trained together with the others and alone, in three markets.
MARKETS = {
    "P": {"make": scale.make, "units": 64, "batch": 187, "rate": 1e-2, "epochs": 40},
    "Q": {"make": direction.make, "units": 1, "batch": 1000, "rate": 3e-2, "epochs": 100},
    "R": {"make": capacity.make, "units": 8, "batch": 250, "rate": 1e-2, "epochs": 60},
}
CAUSE = dict(zip(MARKETS, CAUSES, strict=True))
REPORTED = {"P": tuple(scale.units(4.0)), "Q": (1.0,) * 4, "R": (1.0,) * 6}
SEEDS = range(7000, 7005)
CASES = {name: {seed: one["make"](seed) for seed in SEEDS} for name, one in MARKETS.items()}
TASKS = {name: tuple(of[7000].split.train.labels) for name, of in CASES.items()}
fig, axes = figure(ncols=3, height=2.7, width=9.0)
alts, below = [], 0
for ax, (name, cause) in zip(axes, CAUSE.items(), strict=True):
    joint, alone = (np.array(GRID[cause][one]["auc"]) for one in (EQUAL, APART))
    x = np.arange(len(TASKS[name]))
    ax.vlines(x, joint.mean(0), alone.mean(0), color="0.7", linewidth=2)
    ax.plot(x, alone.mean(0), "o", markerfacecolor="white", color="0.3", markersize=8)
    ax.plot(x, joint.mean(0), "o", color="C0", markersize=8)
    ax.set(title=f"{name}: {cause}", ylim=(0.45, 0.95))
    ax.set_xticks(x, [task[-1] for task in TASKS[name]])
    below += int((joint.mean(0) < alone.mean(0) - 0.01).sum())
    pairs = zip(TASKS[name], joint.mean(0), alone.mean(0), strict=True)
    alts.append(f"{name}: " + ", ".join(f"{t[-1]} {a:.2f} and {b:.2f}" for t, a, b in pairs) + ".")
axes[0].set_ylabel("AUC: higher is better")
axes[0].text(0.03, 0.06, "filled: trained together\nhollow: the task alone", transform=axes[0].transAxes, fontsize=8)  # fmt: skip
show(
    fig,
    alt="AUC of each task, trained together and alone, mean of ten seeds. " + " ".join(alts),
)
print("tasks below their twins by more than .01:", below, "of", sum(map(len, TASKS.values())))

# %% [markdown] name="symptom-why" tags=["after-guess"]
# The tasks far below their twins are the *symptom*: in P the four tasks with small losses (C to F), in Q one task (D), in R all six. F loses about as much as D and E.
#
# We drew each market ten times, and each draw is a *seed*. Look at the 95 % interval of a task's mean harm. The cells below train on five of these seeds, with one epoch for all tasks.
#
# | Where is the interval? | What do the seeds show? |
# |---|---|
# | all above x | The task suffers. |
# | x is inside | The harm may be above or below x. Measure more. |
# | all below x | The owner accepts the harm, if there is any. |
# | all below zero | The task gains from the other tasks. |

# %% [markdown] name="gradients"
# ### Read the gradients, and count the rows
#
# A task's gradient says how a small change of the trunk changes the loss of this task. Teams log two numbers.
#
# - The **norm ratio** is the length of the shortest gradient divided by the length of the longest gradient.
# - The **cosine** of two gradients is negative if the angle between them is wider than 90 degrees. Then the two gradients *conflict*: a small step for clicks alone raises the loss of purchases. A conflict is not yet a harm.
#
# Teams measure the cosine on one mini-batch. If all training rows give the other sign, the mini-batch shows the *wrong sign*.
#
# **Predict first.** Take the trained networks of R, and mini-batches of 16 rows. How often does a mini-batch show the wrong sign: hardly ever, one time in five, or nearly one time in two?

# %% name="live" tags=["after-guess", "folded"]
# The plain network of each market, trained here on five seeds, with its gradients recorded.


def trainer_of(market, tasks=None, units=None, weights=None, record=False):
    """A Shared-Bottom in this market: one trunk, one output a task."""
    one, tasks = MARKETS[market], tasks or TASKS[market]
    columns = CASES[market][7000].split.train.columns

    def build():
        return SharedBottom(columns, tasks, trunk=(units or one["units"],), tower=())

    return Trainer(build, Fixed(weights), one["batch"], record_gradients=record)


def trained(market, trainer, learns=None, rate=None):
    """``[2, seeds, tasks]``: AUC and log loss by the true probabilities; and history and weights.

    The network is kept as it was after its best epoch, the one with the least sum of validation
    losses. A trainer of the one task "twin" learns the task that ``learns`` names.
    """
    one, rows, kept = MARKETS[market], [], []
    wait = one["epochs"] if market == "Q" else 8
    for seed, case in CASES[market].items():
        tables = [case.split.train, case.split.valid, case.split.test]
        if learns:
            tables = [replace(table, labels={"twin": table.labels[learns]}) for table in tables]
        history = trainer.fit(*tables[:2], seed, rate or one["rate"], one["epochs"], patience=wait)
        kept.append((history, trainer.network.get_weights()))
        said = trainer.predict(tables[2])
        found = [measures(case.truth[learns or task], p) for task, p in said.items()]
        rows.append([[one["auc"], one["log_loss"]] for one in found])
    return np.moveaxis(np.array(rows), 2, 0), kept


joint, runs = {}, {}
for name in MARKETS:
    trainer = trainer_of(name, weights=REPORTED[name], record=True)
    joint[name], runs[name] = trained(name, trainer)


# %% name="sign" tags=["after-guess", "folded"]
# How often a mini-batch shows the opposite sign to that over all rows.
def row_gradients(network, table):
    """``[K, n, units * (d + 1)]``: of each row's loss on the trunk's matrix and bias."""
    (layer,), heads = network.trunk.layers, network.towers.last.kernel.numpy()[:, :, 0]
    x = np.c_[table.inputs[1], np.ones(len(table))].astype("float32")
    on = x @ np.r_[layer.kernel.numpy()[0], layer.bias.numpy().reshape(1, -1)] > 0
    return np.stack(
        [
            np.einsum("n,nu,nd->nud", p - table.labels[task], on * head, x).reshape(len(x), -1)
            for head, (task, p) in zip(heads, network.predict(table).items(), strict=True)
        ]
    )


def signs(market, sizes):
    """Share of pairs in conflict over all rows, per seed; and size -> share of opposite signs."""
    network, whole, opposite = trainer_of(market).network, [], {size: [] for size in sizes}
    for case, (_, weights) in zip(CASES[market].values(), runs[market], strict=True):
        network.set_weights(weights)
        rows = row_gradients(network, case.split.train)
        total, pairs = rows.mean(axis=1), np.triu_indices(len(rows), 1)
        whole.append(((total @ total.T)[pairs] < 0).mean())
        for size in sizes:
            batches = rows[:, : rows.shape[1] // size * size]
            batches = batches.reshape(len(rows), -1, size, rows.shape[2]).mean(axis=2)
            products = np.einsum("abp,cbp->bac", batches, batches)[:, pairs[0], pairs[1]]
            opposite[size].append((products * (total @ total.T)[pairs] < 0).mean())
    return whole, opposite


SIZES = {"P": (16, 64, 256), "Q": (16, 64, 256, 1000), "R": (16, 64, 256)}
whole, opposite = zip(*(signs(name, sizes) for name, sizes in SIZES.items()), strict=True)
whole, opposite = (dict(zip(SIZES, one, strict=True)) for one in (whole, opposite))
evidence(
    "40.sign",
    "R: share of wrong signs at 16 rows, against that at 256 rows",
    opposite["R"][16],
    opposite["R"][256],
    unit="of the signs",
    higher_is_better=False,
)
most = {name: "most" if np.mean(of) > 0.5 else "at most half" for name, of in whole.items()}
print("pairs in conflict over all rows:", ", ".join(f"in {k} {v}" for k, v in most.items()))

# %% name="gradients-picture" tags=["after-guess", "folded"]
# Left the norm ratio in training; right how often a mini-batch has the opposite sign.
COLOUR = {"P": "C0", "Q": "C1", "R": "C2"}
fig, axes = figure(ncols=2, height=3.0)
for name, kept in runs.items():
    epochs = min(len(history.valid_loss) for history, _ in kept)
    norms = np.mean([h.norms()[:epochs] * np.array(REPORTED[name]) for h, _ in kept], axis=0)
    ratio, shares = norms.min(axis=1) / norms.max(axis=1), list(opposite[name].values())
    axes[0].plot(np.arange(1, epochs + 1), ratio, color=COLOUR[name])
    axes[0].text(epochs + 1, ratio[-1], name, color=COLOUR[name], va="center")
    axes[1].plot(SIZES[name], np.mean(shares, axis=1), "o-", color=COLOUR[name])
    axes[1].text(SIZES[name][-1] * 1.15, np.mean(shares[-1]), name, color=COLOUR[name], va="center")
axes[0].set(yscale="log", xlabel="epoch", title="shortest over longest gradient")
axes[1].axhline(0.5, color="0.5", linewidth=1, linestyle=":")
axes[1].text(16, 0.52, "guessing", fontsize=8, color="0.5")
axes[1].set(xscale="log", ylim=(0, 0.65), xlim=(13, 1700), xlabel="rows of the mini-batch")
axes[1].set_title("share of wrong signs: lower is better")
axes[1].minorticks_off()
axes[1].set_xticks(SIZES["Q"], SIZES["Q"])
show(
    fig,
    alt="Left: in P the shortest gradient is less than a thousandth of the longest one all along, in R more than half, in Q it rises to about .7 by epoch 12 and falls to a tenth. "
    "Right: share of mini-batches whose sign is the opposite one. In P it stays near one half at all sizes; in R it falls from about .44 to .30, in Q to about .36 at 256 rows and .2 at 1,000.",
)

# %% [markdown] name="gradients-why" tags=["after-guess"]
# **A tiny norm ratio points to scale.** In P the shortest gradient stays below a thousandth of the longest. Rare labels shorten a gradient, too. So normalise the losses and look again.
#
# **At the end of training a small batch often shows the wrong sign:** in R with 16 rows nearly one time in two.
#
# **A negative cosine names no cause.** Most pairs of tasks conflict in Q and in R, and the causes differ. Where the training loss can fall no further, the weighted gradients sum to zero. So some gradients must point against others.

# %% [markdown] name="room"
# ### Change one thing at a time
#
# In the opening picture more units help in Q and R, and perhaps in P. So a gain from more units does not name the cause.
#
# MMoE and PLE make room with several small trunks, the *experts*. Each task has a *gate* that mixes the experts.
#
# **Predict first.** In R, MMoE costs about as much as a trunk of 48 units. Which of the two serves the worst task better?

# %% name="room-run" tags=["after-guess", "folded"]
# A little more width in Q and in R, trained here.
two, _ = trained("Q", trainer_of("Q", units=2))
nine, sixteen, equal, wide = (
    trained("R", trainer_of("R", units=units))[0] for units in (9, 16, 48, 64)
)
equivalence(
    "Q: 2 units, worst task against its twin",
    two[0].min(axis=1), worst("direction", APART)[: len(SEEDS)], 0.02,
)  # fmt: skip
evidence("40.room-nine", "R: 9 units over 8", nine[0].min(axis=1), joint["R"][0].min(axis=1))
evidence("40.room-sixteen", "R: 16 units over 9", sixteen[0].min(axis=1), nine[0].min(axis=1))
more = evidence("40.live-r", "R: 64 units over 8", wide[0].min(axis=1), joint["R"][0].min(axis=1))
over_equal_price = evidence(
    "40.gates-equal",
    "R: MMoE over 48 units",
    worst("capacity", "MMoE")[: len(SEEDS)],
    equal[0].min(axis=1),
)
over_none = evidence(
    "40.gates-none",
    "no conflict planted: MMoE over one network",
    worst("none", "MMoE"),
    worst("none", EQUAL),
)
price = {f"{units} units": 8 * units + units * 6 for units in (8, 16, 48, 64)}
price["MMoE with four experts of 8 units"] = 4 * 8 * 8 + 6 * (4 * 8 + 4 * 8 + 8)  # and six gates
price["six twins of 8 units"] = 6 * (8 * 8 + 8)
print("multiplications a row in R:", ", ".join(f"{name} {n}" for name, n in price.items()))

# %% [markdown] name="room-why" tags=["after-guess"]
# In Q one more unit brings the worst task within .02 of its twin. In R one more unit shows no gain, and sixteen units gain much. In direction few tasks suffer; in capacity most tasks suffer.
#
# **With two tasks you cannot tell direction from capacity.** One suffering task is already half of the tasks.
#
# In R a trunk of 48 units costs about as much as MMoE, and is better. Without planted conflict, MMoE is worse than one network. So try more units first. Gates pay if the best mix of experts changes from row to row (lesson 24).

# %% [markdown] name="task-2-text"
# ### Task 40.2 · From who suffers to the cause (7 minutes)
#
# Three joint networks were trained: with *equal weights* (all losses count alike), with normalised losses, and with normalised losses and more units. Write `cause(equal, normalised, wider, x)`.
#
# - `equal`, `normalised`, `wider`: one dictionary for each network, task → `(low, high)`, the 95 % interval of the task's harm. All three have the same tasks, one or more, in any order.
# - `x`: a number, 0 or more. A task **suffers** if `low > x`.
# - Return the text of the first row that fits. Leave the arguments as they are.
#
# | row | if | return |
# |---|---|---|
# | 1 | no task suffers in `equal` | `"no harm shown"` |
# | 2 | no task suffers in `normalised` | `"scale"` |
# | 3 | a task suffers in `wider` | `"not cured"` |
# | 4 | there are fewer than three tasks | `"room"` |
# | 5 | fewer than half of the tasks suffer in `normalised` (*half* is our convention) | `"direction"` |
# | 6 | no row above fits | `"capacity"` |
#
# For `harms = {"click": (-0.01, 0.01), "like": (0.0, 0.02), "buy": (0.2, 0.3)}` and `cured = {"click": (-0.02, 0.0), "like": (-0.01, 0.01), "buy": (-0.01, 0.01)}`, the call `cause(harms, harms, cured, 0.01)` returns `"direction"`.


# %% name="task-2"
def cause(equal, normalised, wider, x):
    ### BEGIN SOLUTION
    first, left, after = (
        [task for task, (low, high) in harms.items() if low > x]
        for harms in (equal, normalised, wider)
    )
    if not first:
        return "no harm shown"
    if not left:
        return "scale"
    if after:
        return "not cured"
    if len(equal) < 3:
        return "room"
    return "direction" if 2 * len(left) < len(normalised) else "capacity"
    ### END SOLUTION


check("40.2", cause)

# %% [markdown] name="methods"
# ### Scale: choose the weights
#
# A weight multiplies the loss of a task: $L=\sum_k w_k L_k$. Weights can undo a difference of scale, but make no room.
#
# Let $c_k$ be the loss of the best constant of task k. The **normalised** loss is $L_k/c_k$. It is 1 for a task that has learned nothing.
#
# | | weight of task k | price |
# |---|---|---|
# | **fixed, tuned** | the best of several tries on validation rows | one training for each try |
# | **normalised** | $1/c_k$ | nothing |
# | **uncertainty** | learned with the network; large for a small loss | one learned number for each task |
# | **GradNorm** | large if the task's gradient on the trunk is short, and if its loss has fallen little | one gradient for each task |
# | **DWA** | large for a loss that falls slowly | nothing |
# | **FAMO** | large for a small loss, and for a loss that falls slowly | one more forward pass |
#
# Uncertainty weighting learns a number $s_k$ for each task. Training minimises the sum on the left. At the minimum its derivative in $s_k$ is zero (middle). This gives the weight on the right:
#
# $$\sum_k\big(e^{-s_k}L_k+\tfrac{1}{2}s_k\big), \qquad -e^{-s_k}L_k+\tfrac12=0, \qquad w_k=e^{-s_k}=\frac{1}{2L_k}$$
#
# Among six comparisons one gain may be luck. *Holm's correction* asks for stronger evidence. Gains without this evidence *fall*.
#
# **Predict first.** Normalised losses lift the worst task of P. Which of the other five lift it above equal weights and pass the correction?

# %% name="weights-forest" tags=["after-guess", "folded"]
# Six ways to choose the weights in market P, each against equal weights.
TUNED = "tuned fixed weights"
SIX = {
    NORMALISED: "normalised losses",
    "GradNorm": "GradNorm",
    "FAMO": "FAMO",
    "Uncertainty": "uncertainty weighting",
    "DWA": "DWA",
    TUNED: "fixed weights, tuned",
}


def over_equal(cause, remedy, text):
    """A claim: what a remedy gains for the worst task over equal weights."""
    name = f"40.{cause}-{remedy.replace(',', '').replace(' ', '-').lower()}"
    return claim(name, text, worst(cause, remedy), worst(cause, EQUAL))


forest(
    "Market P: the worst task's AUC over equal weights",
    [over_equal("scale", remedy, text) for remedy, text in SIX.items()],
)

# %% [markdown] name="weights-why" tags=["after-guess"]
# | | the worst task in P | why |
# |---|---|---|
# | **normalised, GradNorm, FAMO** | gains much over equal weights | These methods undo the difference of scale. |
# | **uncertainty** | gains half as much, and the gain does not pass the correction | We do not know. |
# | **DWA** | shows no gain | DWA looks at how fast a loss falls, not at its size. |
# | **fixed, tuned** | shows no gain | We drew a few weightings at random. On validation rows equal weights were the best of them. The normalised weights were not among them. |
#
# Begin with normalised losses, then try tuned fixed weights. In two papers no method beats a tuned or regularised sum (Xin et al.; Kurin et al.).

# %% [markdown] name="task-3-text"
# ### Task 40.3 · Normalise the losses (6 minutes)
#
# Write `normalising_weights(labels, factors)`: the weight $1/c_k$ of each task.
#
# - `labels`: array `[n, K]` of 0 and 1, of any number type; n and K are at least 1.
# - `factors`: array `[K]` of numbers above 0. The loss of task k is its factor times its mean log loss. Leave both arguments as they are.
# - The constant of task k is $p_k = (\text{ones} + 1)/(n + 2)$. Here *ones* counts the labels 1 of task k.
# - The mean log loss of this constant is $m_k=-\frac1n\sum_i\big[y_{ik}\ln p_k + (1-y_{ik})\ln(1-p_k)\big]$, and $c_k=\text{factor}_k\,m_k$. Return the array `[K]` of $1/c_k$, not scaled, not rounded.
#
# For `np.array([[1, 0], [0, 0], [1, 0], [0, 1.0]])` and `np.array([1, 0.01])` the result is `[1.4427, 172.79]`. First task: $p = 0.5$ and $m = \ln 2$. Second task: $p = 1/3$, $m = 0.57875$ and $c = 0.0057875$.


# %% name="task-3"
def normalising_weights(labels, factors):
    ### BEGIN SOLUTION
    y = np.asarray(labels, float)
    p = (y.sum(axis=0) + 1) / (len(y) + 2)
    cost = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(axis=0)
    return 1 / (np.asarray(factors, float) * cost)
    ### END SOLUTION


check("40.3", normalising_weights)

# %% [markdown] name="trade"
# ### No room: choose which task gives way
#
# Suppose serving allows one unit in Q. Training on the sum of the losses serves A, B and C, and gives up D.
#
# Take purchases. The best constant has the loss .11, and the twin has .08. A joint network with the loss .095 has learned half as much as the twin.
#
# The lost share is the **relative harm** $h_k$. It is 0 for a task as good as its twin, and 1 for a task that has learned nothing. The twin has the loss $z_k$:
#
# $$h_k=\frac{L_k-z_k}{c_k-z_k}, \qquad \text{purchases: } \frac{.095-.08}{.11-.08}=\frac12$$
#
# The **smooth maximum** $S_t$ of K tasks lies a little above the largest $h_k$. Training minimises $S_t$. The number $t>0$ is the *temperature*:
#
# $$S_t = t\,\ln\sum_k e^{h_k/t}, \qquad \max_k h_k \;\le\; S_t \;\le\; \max_k h_k + t\ln K$$
#
# The gradient of $S_t$ gives each task a share $a_k$, and so each loss a weight $w_k$:
#
# $$\nabla S_t = \sum_k a_k\,\nabla h_k = \sum_k w_k\,\nabla L_k, \qquad a_k = \frac{e^{h_k/t}}{\sum_j e^{h_j/t}}, \qquad w_k=\frac{a_k}{c_k-z_k}$$
#
# At a small $t$ the task with the largest $h_k$ gets most of the share. At a large $t$ the shares are nearly equal. Measure $L_k$, $z_k$ and $c_k$ on the same rows.


# %% name="smooth"
def smooth_maximum(harms, t):
    """The value, and the weight of each task's gradient. The largest harm is taken out first."""
    top = tf.reduce_max(harms)
    powers = tf.exp((harms - top) / t)  # nothing overflows: no power is above 1
    return top + t * tf.math.log(tf.reduce_sum(powers)), powers / tf.reduce_sum(powers)


# Clicks are as good as their twin. Purchases have the loss of their best constant: they have learned nothing.
losses, twin, constant = (tf.constant(x) for x in ([0.42, 0.11], [0.42, 0.08], [0.69, 0.11]))
for told, of in (("raw losses", losses), ("relative harms", (losses - twin) / (constant - twin))):
    for t in (0.02, 0.1, 0.5):
        with tf.GradientTape() as tape:
            tape.watch(of)
            value, weights = smooth_maximum(of, t)
        np.testing.assert_allclose(tape.gradient(value, of), weights, atol=1e-6)
        np.testing.assert_allclose(SmoothMaximum(t).total(of), value, atol=1e-6)
        print(f"{told}, t = {t}: clicks and purchases weigh {weights.numpy().round(2)}")

# %% [markdown] name="trade-guess"
# **PCGrad** removes from each task's gradient the part that conflicts with another task. **MGDA** takes the shortest of all weighted means of the gradients.
#
# **Predict first.** Take Q with one unit. We tuned all methods except the smooth maximum. Does a larger weight on D find a compromise? Does PCGrad? How much do A, B and C lose with the smooth maximum?

# %% name="trade-picture" tags=["after-guess", "folded"]
# Market Q in one unit: the fourth task against the other three, method by method.
FORMS = json.loads((paths.RESULTS / "smooth_excess.json").read_text(encoding="utf-8"))


def smooth_auc(labels, form):
    """``[seeds, tasks]``: AUC with the smooth maximum in Q at t = .1, chosen where D is rare."""
    return np.array(FORMS[f"{labels}, joint"][form]["auc"][FORMS["temperatures"].index(0.1)])


def behind(form):
    """The worst task's AUC minus its twin's, in each seed of Q with few labels of D."""
    twins = np.array(FORMS["rare, twins"]["test"])[-len(FORMS["seeds"]) :]
    return (smooth_auc("rare", form) - twins).min(axis=1)


SMOOTH = "smooth maximum"
SHOWN = {
    EQUAL: ("equal weights, PCGrad", "0.35", (0.875, 0.47), "right"),
    "GradNorm": ("GradNorm", "0.55", (0.87, 0.575), "right"),
    "MGDA": ("MGDA", "C4", (0.80, 0.655), "right"),
    TUNED: (
        "larger weight on D: some seeds here,\nthe others at the lower right",
        "C1",
        (0.50, 0.83),
        "left",
    ),
    SMOOTH: ("smooth maximum of\nrelative harms", "C0", (0.77, 0.745), "right"),
    "wider trunk": ("eight units in place of one", "C2", (0.875, 0.91), "right"),
}
fig, axes = figure(height=3.5)
said = []
for remedy, (text, colour, (at, up), side) in SHOWN.items():
    auc = np.array(GRID["direction"][remedy]["auc"])
    if remedy == SMOOTH:
        auc = smooth_auc("equal", "relative harm")
    x, y = auc[:, :3].mean(axis=1), auc[:, 3]
    axes.plot(x, y, "o", color=colour, markersize=5, alpha=0.8)
    axes.text(at, up, text, color=colour, ha=side, va="center", fontsize=9)
    said.append(
        f"{text.replace(chr(10), ' ')}: {x.min():.2f} to {x.max():.2f} and {y.min():.2f} to {y.max():.2f}"
    )
axes.set(xlim=(0.46, 0.93), ylim=(0.44, 0.94), xlabel="AUC of A, B and C (mean)", ylabel="AUC of D")
axes.set_title("Market Q, ten seeds each: the upper right corner is best")
show(
    fig,
    alt="Mean AUC of tasks A to C and AUC of task D, a dot a seed. " + "; ".join(said) + ".",
)
over_mgda = evidence(
    "40.direction-smooth-mgda",
    "Q, worst task: smooth maximum of relative harms, t = .1, over MGDA",
    smooth_auc("equal", "relative harm").min(axis=1),
    worst("direction", "MGDA"),
)
for name, form in (("raw", "losses"), ("normalised", "normalised losses")):
    evidence(
        f"40.direction-{name}",
        f"Q with rare labels of D, worst task against its twin: relative harms over {name} losses",
        behind("relative harm"),
        behind(form),
    )

# %% [markdown] name="trade-why" tags=["after-guess"]
# **Without room, a method chooses which task gives way.**
#
# | method | in Q with one unit |
# |---|---|
# | **smooth maximum** (smooth Tchebycheff, Lin et al.) | At the temperature .1, D rises from .50 to .74 of AUC, and A, B and C fall from .89 to .79. |
# | **MGDA** | D rises less than with the smooth maximum, and A, B and C fall less. |
# | **PCGrad** | The result stays close to equal weights. |
# | **larger weight on D** | There is no compromise: in each seed the unit serves either D or the other three tasks (compare Hu et al.). |
#
# Only more room reaches the upper right corner.
#
# Why *relative* harms? A task with rare labels has a small loss. We made the labels of D rare: relative harms bring the worst task closer to its twin than raw or normalised losses do.

# %% [markdown] name="pcgrad"
# ### What PCGrad promises
#
# Take the gradients $g$ of clicks and $h$ of purchases. They conflict if $g\cdot h<0$. Then PCGrad subtracts from $g$ its part along $h$, and from $h$ its part along $g$. The sum of the results is $d$. The network steps along $-d$:
#
# $$g' = g-\frac{g\cdot h}{\lVert h\rVert^2}\,h, \qquad h' = h-\frac{g\cdot h}{\lVert g\rVert^2}\,g, \qquad d=g'+h'$$
#
# $$h'\cdot g=0, \qquad\text{so}\qquad d\cdot g=g'\cdot g=\lVert g\rVert^2-\frac{(g\cdot h)^2}{\lVert h\rVert^2}\;\ge\;0$$
#
# The same holds for $d\cdot h$. So **to first order, a small step of PCGrad raises neither loss.**
#
# | The promise needs | In practice |
# |---|---|
# | two tasks | With three tasks, a later correction may undo an earlier one. PCGrad takes the other tasks in random order. |
# | a plain gradient step | Adam rescales each number of the step, so the direction changes. |
# | gradients over all rows | A mini-batch may show the wrong sign. |
#
# PCGrad does not correct the lengths, so it does not cure scale. It costs one backward pass and one stored gradient for each task.

# %% [markdown] name="task-4-text"
# ### Task 40.4 · PCGrad for two tasks (7 minutes)
#
# Write `pcgrad(g, h)`. If $g\cdot h\ge0$, return $g+h$, else $d$ as above. Both subtractions use the *original* gradients.
#
# - `g`, `h`: arrays `[n]`, n at least 1. Either may be all zeros. They may hold short integers such as `int8`, whose products overflow: `np.asarray(g, float)` helps.
# - Return an array `[n]`, not rounded. Leave the arguments as they are.
#
# `pcgrad(np.array([1.0, 0]), np.array([-1.0, 2]))`: the inner product is $-1$, $g' = (0.8, 0.4)$, $h' = (0, 2)$, and the result is `[0.8, 2.4]`.


# %% name="task-4"
def pcgrad(g, h):
    ### BEGIN SOLUTION
    g, h = np.asarray(g, float), np.asarray(h, float)
    inner = float(g @ h)
    if inner >= 0:
        return g + h
    less_g = g - inner / float(h @ h) * h
    less_h = h - inner / float(g @ g) * g
    return less_g + less_h
    ### END SOLUTION


check("40.4", pcgrad)

# %% [markdown] name="interview"
# ### Say it aloud
#
# <!-- bank: ba-01 -->

# %% [markdown] name="follow-ups"
# **Asked next · 追问**
#
# | | |
# |---|---|
# | *Compare the loss weights.* 比较各种 loss 权重 | Tuned fixed weights are hard to beat, but each try costs a training. Uncertainty weighting brings the weighted losses to one size, and GradNorm the weighted gradients to similar lengths. DWA favours slowly falling losses. None of them makes room. I normalise first, then tune. |
# | *PCGrad or loss weights?* 用 PCGrad 还是调 loss 权重 | Weights undo a difference of scale. PCGrad reacts to the angle and does not correct the length. Neither makes room. PCGrad's promise does not hold with Adam, more than two tasks or small batches. I try PCGrad after scale and room. |
# | *MGDA?* | To first order a small step of MGDA raises no loss, for any number of tasks (Désidéri). MGDA stops where no step helps all tasks, at a *Pareto-stationary* point. It favours short gradients. |
# | *Negative transfer or noise? Launch?* 负迁移还是噪声，能不能上线 | If the whole 95 % interval of the harm is above x, I treat the harm or roll back. If it is below x, I accept. Otherwise I measure more. I judge the chosen network on rows that did not choose it, then in an A/B test on money. |
# | *Half of the cosines are negative. What do you do?* 一半余弦为负 | I ask when in the training, and on how many rows. Where the loss can fall no further, the weighted gradients sum to zero, so some cosines must be negative. |
# | *Purchases improve and clicks fall.* 购买涨点击掉 | I ask what changed, and whether clicks also fell offline. For the launch I compare with today's system. The twin says whether sharing is to blame. With two tasks I cannot tell direction from capacity, and more units cure both. |
# | *Why not a wider trunk at once?* 为什么不直接加宽 | I widen the trunk, if serving allows. Against scale a wider trunk perhaps helps, but the cause stays. |
# | *Clicks fall live, and not offline?* 线上掉、离线不掉 | I undo one change at a time in an A/B test: first the weights of the ranking score, then the calibration. Then I compare the products shown: offline rows hold the products of the old ranking. |
# | *Twenty tasks?* 二十个任务怎么办 | A gradient method needs twenty backward passes through the trunk. With gradients on the trunk's output, one is enough (Sener and Koltun). Or I serve one network for each group of tasks (Standley et al., Fifty et al.). |
# | *Are reweighted probabilities right?* 加权后概率还准吗 | A task's weight multiplies the loss of all its rows alike. So the true probability still has the least loss. But a weight of 5 on the *rows with a purchase* makes the odds five times too high. I divide the odds by 5, and check the calibration. |
#
# **Wrong answers that sound right · 听起来对的错误答案**
#
# | | |
# |---|---|
# | *The purchase matters most, so it gets the greatest weight.* 最重要所以权重最大 | A weight says how much a task shapes the trunk. What a purchase is worth belongs in the ranking score (lesson 25). |
# | *The cosine is negative, so I use PCGrad.* 余弦为负就上 PCGrad | In P nearly half of the batches show a wrong sign, and the cause is scale. |
# | *Train them separately, then there is no conflict.* 拆成单任务 | But then no task gains from the others. |
# | *The mean AUC rose.* 平均 AUC 涨了 | The mean hides the task that fell. Show each task. |

# %% [markdown] name="playground-text"
# ## Deeper: which way do the gradient methods step? (15 minutes)
#
# Two tasks have two gradients, and each of thirteen methods makes one direction $d$ from them. In the left picture each arrow is the direction of a method. Plain gradient descent then steps against $d$. Two dials set the angle between the gradients and the length of the second gradient. The right picture shows a small problem from CAGrad's paper. It draws the paths of one method from three starts, and the third dial chooses this method. You may skip the right picture.
#
# - **Mean** is the plain mean of the gradients.
# - **UPGrad** moves each gradient to the nearest direction that raises no loss. Then it takes the mean of the results.
# - **CAGrad** searches near the mean gradient for the step that is best for the worst task. A setting limits how far CAGrad may move away: here, by at most half of the length of the mean gradient.
# - **IMTL-G** takes a direction that makes the same angle with each gradient. In market P IMTL-G is about level with normalised losses, but it costs a backward pass for each task.
# - **Aligned-MTL** first makes the gradients equally long and puts them at right angles. Then it takes the mean.
#
# **Predict first.** Set 120 degrees, and a second gradient ten times as long as the first. With a small step, which of Mean, PCGrad, CAGrad, MGDA and GradNorm raise the loss of the task with the *short* gradient?

# %% name="playground" tags=["after-guess", "folded"]
# Three dials: the angle, the length of the second gradient, and whose path is drawn.
playground(120, 10, "CAGrad")

# %% [markdown] name="playground-why" tags=["after-guess"]
# Of the five methods in the question, only Mean raises the loss of the task with the short gradient.
#
# - **Who chooses the weights?** Each direction is a weighted sum of the two gradients. With fixed weights you choose the weights once, and Mean gives all gradients the same weight. Random weights are drawn at each step. In uncertainty weighting, DWA and FAMO the losses set the weights at each step. In the other methods the gradients set the weights at each step.
# - **The direction lies close to the long gradient** with fixed weights, DWA, random weights and Mean.
# - **The length does not matter** to GradNorm and IMTL-G. The dial multiplies the loss of the second task by a factor, so the gradient of this task gets longer. Uncertainty weighting and FAMO undo this factor, too, once their weights hardly change any more.
# - **PCGrad and UPGrad raise neither loss.** They react to the angle and do not correct the length.
# - **MGDA's direction lies close to the short gradient.**
# - **CAGrad's result depends on its setting.** At 150 degrees CAGrad with the setting one half raises the loss of the task with the short gradient. At 150 degrees Aligned-MTL raises this loss, too, if the long gradient is at least five times as long as the short one.

# %% [markdown] name="task-5-text"
# ### Task 40.5 · MGDA for two tasks (8 minutes)
#
# Write `mgda(g, h)`: the shortest of all vectors $w\,g+(1-w)\,h$ with $0\le w\le1$.
#
# - `g`, `h`: arrays `[n]`, n at least 1, also of short integers (`np.asarray(g, float)` helps). They may be equal, opposite, or all zeros. Leave them as they are.
# - Return the shortest vector, array `[n]`, not rounded: the direction $d$, not the step $-d$. If `g` and `h` are equal, return `g`. `np.clip(w, 0, 1)` may help.
#
# For `g = np.array([1.0, 0])` and `h = np.array([0, 10.0])`: $\|wg+(1-w)h\|^2 = w^2 + 100(1-w)^2$ is least at $w = 100/101$, and the result is `[0.990, 0.099]`.


# %% name="task-5"
def mgda(g, h):
    ### BEGIN SOLUTION
    g, h = np.asarray(g, float), np.asarray(h, float)
    difference = h - g
    square = float(difference @ difference)
    if square == 0:
        return g.copy()
    w = min(max(float(difference @ h) / square, 0.0), 1.0)
    return w * g + (1 - w) * h
    ### END SOLUTION


check("40.5", mgda)

# %% [markdown] name="weights"
# ## Deeper: are the article's four remedies four? (15 minutes)
#
# This course comments on an article (lesson 00). The article names four remedies: *task weights*, *a weighted loss*, *separate models*, *distillation*. Are the first two remedies different? Keras has both: the argument `loss_weights=` multiplies each loss, or the loss function itself holds the factor.
#
# **Predict first.** What happens to training if *all* task weights are multiplied by a thousand, under SGD and under Adam?

# %% name="same" tags=["after-guess", "folded"]
# Task weights, and a weighted loss function: the trained weights of both.
train = CASES["R"][7000].split.train
numbers, two = train.inputs[1], [train.labels[task].astype("float32") for task in TASKS["R"][:2]]
bce = keras.losses.binary_crossentropy


def fitted(**how):
    x = keras.Input((8,))
    shared = keras.layers.Dense(8, "relu")(x)
    model = keras.Model(x, [keras.layers.Dense(1, "sigmoid")(shared) for _ in two])
    model.set_weights([np.sin(np.arange(w.size)).reshape(w.shape) / 2 for w in model.get_weights()])
    model.compile(keras.optimizers.Adam(1e-2), **how)
    model.fit(numbers, two, batch_size=250, epochs=2, shuffle=False, verbose=0)
    return model.get_weights()


first = fitted(loss=[bce, bce], loss_weights=[0.5, 0.25])
second = fitted(loss=[lambda y, p: 0.5 * bce(y, p), lambda y, p: 0.25 * bce(y, p)])
print("largest difference of a trained weight:", max(np.abs(a - b).max() for a, b in zip(first, second, strict=True)))  # fmt: skip

# %% name="thousand" tags=["after-guess", "folded"]
# All weights 1, 1000 and a hundred-millionth, under SGD and under Adam.
network = trainer_of("R").network
start = [np.sin(1 + np.arange(w.size)).reshape(w.shape) / 3 for w in network.get_weights()]
labels = tf.constant(np.stack([train.labels[t] for t in TASKS["R"]]), tf.float32)


@tf.function
def slopes(factor):
    """The sum of the six losses on R's rows, and the gradients of ``factor`` times it."""
    with tf.GradientTape() as tape:
        losses = network.task_losses(network(train.inputs), labels, tf.ones_like(labels))
        total = factor * tf.reduce_sum(losses)
    found = tape.gradient(total, network.trainable_variables)
    return tf.reduce_sum(losses), [tf.convert_to_tensor(g) for g in found]


def walk(optimizer, factor, steps=30):
    """Sum of the losses, step by step, all weights being ``factor``."""
    network.set_weights(start)
    curve = []
    for _ in range(steps):
        loss, gradients = slopes(tf.constant(factor))
        optimizer.apply(gradients, network.trainable_variables)
        curve.append(float(loss))
    return np.array(curve)


FACTORS = {"1": 1.0, "1000": 1e3, "1e-8": 1e-8}
curves = {
    name: {key: walk(make(), factor) for key, factor in FACTORS.items()}
    for name, make in {
        "SGD": lambda: keras.optimizers.SGD(0.02),
        "Adam": lambda: keras.optimizers.Adam(0.02),
    }.items()
}
for name, of in curves.items():
    same = np.allclose(of["1"], of["1000"], rtol=1e-2)
    print(f"{name}: the same losses at 1 and at 1000? {same}")
clipped = [walk(keras.optimizers.Adam(0.02, global_clipnorm=1.0), one) for one in (1.0, 1e3)]
print(f"Adam, gradients clipped to norm 1: the same? {np.allclose(*clipped, rtol=1e-2)}")
small = np.ptp(curves["Adam"]["1e-8"]) < np.ptp(curves["Adam"]["1"]) / 2
print(f"Adam at a hundred-millionth: less than half of the way? {small}")

# %% name="thousand-picture" tags=["after-guess", "folded"]
# The picture: the six losses' sum step by step, under SGD and Adam, with all weights 1, 1000 and 1e-8.
fig, axes = figure(ncols=2, height=2.9)
for ax, (name, of) in zip(axes, curves.items(), strict=True):
    for (key, curve), style in zip(of.items(), ("-", "--", ":"), strict=True):
        ax.plot(np.minimum(curve, 12), style, label=f"all weights {key}", linewidth=2)
    ax.set(title=name, xlabel="step", ylim=(3.4, 6.4))
axes[0].legend(fontsize=8)
show(
    fig,
    alt="Sum of six losses over 30 steps. SGD: at weights 1 it falls slowly, at 1000 it leaves the picture, at 1e-8 it stands still. "
    "Adam: 1 and 1000 lie on one line; 1e-8 hardly moves.",
)

# %% [markdown] name="thousand-why" tags=["after-guess"]
# Task weights and a weighted loss are one method, written in two places. The two trained networks are exactly equal.
#
# Adam divides each step by the size of the gradient. So a factor common to all task weights cancels. **Under Adam only the ratio of the task weights counts, and only on the trunk.** The output layer of a task gets the gradient of this task alone. So there the weight of the task cancels, too. Three things bring the common factor back: Adam's small constant $\epsilon$, a penalty inside the loss, and clipping the gradients before Adam.

# %% [markdown] name="four"
# ### Separate models, and their teacher
#
# *Separate models* are one network for each task. The article's *distillation* has one complex model, the teacher, and one simple student for each task. A student is as narrow as the trunk. Students share nothing, like separate models. So compare the students with separate models. There is a fourth market, in which no conflict is planted. The picture calls it *none*.
#
# **Predict first.** How much AUC does the worst task lose or gain with separate models in *none*? In which markets are the students better than separate models?

# %% name="four-verdict" tags=["after-guess", "folded"]
# Separate models over one network, and students of one teacher over separate models.
SPLIT = "one teacher, student per task"
MARKET = {"none": "none"} | {cause: market for market, cause in CAUSE.items()}
forest(
    "Separate models and their teacher: the worst task's AUC",
    [
        *(over_equal(c, APART, f"{MARKET[c]}: separate models over one network") for c in ("none", "capacity")),
        *(
            claim(f"40.{c}-split-apart", f"{MARKET[c]}: students over separate models", worst(c, SPLIT), worst(c, APART))
            for c in ("none", *CAUSES)
        ),
    ],
)  # fmt: skip

# %% [markdown] name="four-why" tags=["after-guess"]
# Separate models share nothing. So nothing conflicts, and no task gains from another task. In *none* separate models are worse than one network. In R, where one network lacks room, separate models are better. They are the baseline that sharing must beat, and they need one trunk for each task.
#
# Students are separate models with a teacher. So if students are better than separate models, this is due to the teacher. In *none* students are better: a wide teacher of all tasks adds something. In R the students' gain does not pass Holm's correction. In P and Q no gain is shown. The papers do the opposite: each task has a teacher, and one student learns all tasks (Clark et al.). In our markets one student of many teachers shows no gain over equal weights.

# %% [markdown] name="task-6-text"
# ### Task 40.6 · The article's answer, part by part (4 minutes)
#
# Here are six parts of the article's answer, and six remarks. Return a dictionary with exactly these six keys. The value of a key is one letter, as text. Each letter is used once.
#
# `"a separate model for each task"` · `"four remedies, and no diagnosis"` · `"nothing on gates, gradients, grouping or how to verify"` · `"give each task a weight, to balance what matters"` ·
# `"one complex model teaches several simple ones"` · `"task weights, and a weighted loss"`
#
# - **A** This is one method, counted twice.
# - **B** This is a cure without a diagnosis.
# - **C** Under Adam only the ratio counts. The ratio chooses which task is given up.
# - **D** This is the baseline that sharing must beat. It needs K times the trunk.
# - **E** These students share nothing. In papers many teachers teach one student.
# - **F** This is what the answer leaves out.

# %% name="task-6"
### BEGIN SOLUTION
remarks = {
    "a separate model for each task": "D",
    "four remedies, and no diagnosis": "B",
    "nothing on gates, gradients, grouping or how to verify": "F",
    "give each task a weight, to balance what matters": "C",
    "one complex model teaches several simple ones": "E",
    "task weights, and a weighted loss": "A",
}
### END SOLUTION

check("40.6", remarks)

# %% [markdown] name="rule"
# ## Deeper: when do you launch, and when do you roll back? (20 minutes)
#
# A *launch rule* is written before the launch: *no task may have a harm above its owner's x.* Log loss punishes wrong probabilities, and the shop serves probabilities. So here we measure the harm in log loss. There are three answers: accept, roll back, measure more.
#
# **Against which network?** In practice, against today's system: customers lose what the new network does worse. Our markets have no system of today, so here we measure the harm against twins.
#
# Here each seed draws new products and labels. On your own data a seed changes only the initial weights and the order of the rows, and the users stay the same. But the harm also depends on the users, so an interval over seeds is too narrow. There are two better ways.
#
# | | how | interval of the harm |
# |---|---|---|
# | **groups** | Split the users into n groups without overlap. In each group train and judge both networks. | Use the formula of task 40.7. But each network learns from fewer users. |
# | **bootstrap** | Split the users into training and test users. Hundreds of times, draw users from each part with replacement. Train both networks on the drawn training users, and judge them on the drawn test users. | Take the 2.5 and the 97.5 percentile of the harms. |
#
# The spread of the bootstrap's harms already is the uncertainty. Divided by the root of the number of draws, this spread would be far too small: more draws bring no new user. The formula also fails for repeated random splits: these splits overlap, so their harms are not independent (Nadeau and Bengio).
#
# **Predict first.** Market R may get a wider trunk, and the owners accept a harm of .01 in log loss. The twins have the same wide trunk. Does the wide joint network pass for tasks C and E? Does the narrow joint network pass against these wide twins?

# %% name="rule-run" tags=["after-guess", "folded"]
# The rule for two tasks of market R, narrow and wide; and MGDA in market Q.
judged = ("market C", "market E")
pair = [TASKS["R"].index(task) for task in judged]
losses = {"narrow": joint["R"][1][:, pair], "wide": wide[1][:, pair]}
wide_twin = trainer_of("R", ("twin",), 64)
twin = np.concatenate([trained("R", wide_twin, task)[0][1] for task in judged], axis=1)
for size, found in losses.items():
    for k, task in enumerate(judged):
        low, high = paired_interval(found[:, k] - twin[:, k])
        word = "accept" if high <= 0.01 else "roll back" if low > 0.01 else "measure more"
        print(f"{size:<6} task {task[-1]}: {word}")
for k, task in enumerate(judged):
    evidence(
        f"40.rule-wide-{task[-1].lower()}",
        f"R, task {task[-1]}: the wide trunk over a wide twin",
        losses["wide"][:, k],
        twin[:, k],
        unit="log loss",
        higher_is_better=False,
    )

protected, _ = trained("Q", Trainer(trainer_of("Q").build, MGDA(), 1000), rate=0.1)
for part, at in (("tasks A to C", slice(0, 3)), ("task D", slice(3, 4))):
    evidence(
        f"40.room-{part[-1].lower()}",
        f"Q, 1 unit, {part}: MGDA against equal weights",
        protected[1][:, at].mean(axis=1),
        joint["Q"][1][:, at].mean(axis=1),
        unit="log loss",
        higher_is_better=False,
    )

# %% [markdown] name="rule-why" tags=["after-guess"]
# The wide network passes for both tasks. It is even better than the twins. The narrow network is rolled back for both tasks. All its tasks keep one epoch: this may cause part of the harm.
#
# In Q we compare MGDA with equal weights. MGDA lowers the loss of D, and raises the mean loss of A, B and C by more than $x$. The owners of A, B and C must agree to this trade.

# %% [markdown] name="task-7-text"
# ### Task 40.7 · Accept, measure more, roll back (8 minutes)
#
# Write `launch(joint, twin, x)`.
#
# - `joint`, `twin`: dictionaries task → list of log losses, one for each group of users, in the same order of groups. No user is in two groups. Both dictionaries have the same tasks, one or more, in any order. There are 3 groups or more. `x`: a number, 0 or more.
# - The harm of a task is joint minus twin, group by group. Its interval is mean ± t · s/√n. Here n is the number of groups, s is the standard deviation with n − 1 in its denominator, and t is `stats.t.ppf(0.975, n - 1)`. If all harms are equal, both ends of the interval are their mean.
# - Return a dictionary task → `"accept"` if the interval's upper end is at most x, `"roll back"` if its lower end is above x, else `"measure more"`. Leave the arguments as they are.
#
# `launch({"click": [0.30, 0.31, 0.32], "buy": [0.11, 0.13, 0.12]}, {"click": [0.31, 0.33, 0.33], "buy": [0.08, 0.09, 0.10]}, 0.005)`: the harms are `-.01, -.02, -.01` and `.03, .04, .02`, with the intervals `-.028` to `.001` and `.00516` to `.055`,
# so the result is `{"click": "accept", "buy": "roll back"}`.


# %% name="task-7"
def launch(joint, twin, x):
    ### BEGIN SOLUTION
    answer = {}
    for task, values in joint.items():
        harms = np.array(values, float) - np.array(twin[task], float)
        n = len(harms)
        reach = stats.t.ppf(0.975, n - 1) * harms.std(ddof=1) / np.sqrt(n)
        if harms.mean() + reach <= x:
            answer[task] = "accept"
        else:
            answer[task] = "roll back" if harms.mean() - reach > x else "measure more"
    return answer
    ### END SOLUTION


check("40.7", launch)

# %% [markdown] name="task-8-text"
# ### Task 40.8 · The day of the rollback (5 minutes)
#
# After the launch a small share of the requests gets a random ranking. The new network and the old system score these rows, and no customer sees the scores. Both are retrained equally often. So each day brings an interval of each task's harm against the old system. The rule was written before the launch: roll back when the lower end of the interval of **one and the same task** is above x on **two days in a row**. One day alone may be chance. Write `rollback_day(days, x)`.
#
# - `days`: a list, one dictionary for each day, task → `(low, high)`. The list may be empty, and so may a day's dictionary. A task that is missing on a day does not suffer on that day. `x`: a number, 0 or more. Leave `days` as it is.
# - Return the index of the day on which the rule first asks for the rollback, as an integer. This is the second of the two days. The first day of the list is 0. Return -1 if the rule never asks for the rollback.
#
# `rollback_day([{"buy": (0.02, 0.05)}, {"buy": (0.0, 0.02)}, {"buy": (0.02, 0.06)}, {"buy": (0.03, 0.06)}], 0.01)` is 3.


# %% name="task-8"
def rollback_day(days, x):
    ### BEGIN SOLUTION
    yesterday = set()
    for index, day in enumerate(days):
        today = {task for task, (low, high) in day.items() if low > x}
        if today & yesterday:
            return index
        yesterday = today
    return -1
    ### END SOLUTION


check("40.8", rollback_day)

# %% [markdown] name="recap"
# ## Recap
#
# - For the launch, compare with today's system. The twin says whether sharing is to blame.
# - First keep each task's own epoch, and try the weight of a rare task. Then look for scale, direction or capacity.
# - A tiny norm ratio points to scale. A negative cosine names no cause.
# - Against scale, normalise the losses. Weights undo scale, but make no room.
# - In direction the trunk lacks room for one task, in capacity for all tasks. Add units first, then gates.
# - Without room a method chooses which task gives way. The smooth maximum serves the task furthest behind its twin.
# - Write the launch rule before the launch.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | **E20** | "task weights" and "combination of loss functions" are two methods | They are one method: the weights trained in both ways differ by **0.0**. |
# | **E21** | four remedies, no diagnosis | Several causes bring **one** complaint. Compare with twins, read the norm ratio, change one thing at a time. |
# | **E22** | give each task a weight | Under Adam only the ratio of the weights counts, and only on the trunk. Without room this ratio chooses which task gives way. |
# | **E23** | separate models avoid interference | This is true, but K tasks then need K trunks. MMoE and PLE share a part. |
# | **E24** | one complex model teaches several simple ones; this lowers conflict | The simple models share nothing, so compare them with separate models. In papers many teachers teach one student (lesson 23). |
# | **E25** | four remedies, nothing else | The hour adds gates, gradient methods and learned weights. *Asked next* adds groups of tasks. The last *Deeper* says how to verify. The study page shows costs. |
#
# **References**
#
# | | |
# |---|---|
# | smooth maximum | X. Lin et al.: Smooth Tchebycheff Scalarization. ICML 2024. https://arxiv.org/abs/2402.19078 |
# | PCGrad | T. Yu et al.: Gradient Surgery. NeurIPS 2020. https://arxiv.org/abs/2001.06782 |
# | MGDA | J.-A. Désidéri, Comptes Rendus Mathématique 350, 2012, https://doi.org/10.1016/j.crma.2012.03.014; for networks O. Sener, V. Koltun, NeurIPS 2018, https://arxiv.org/abs/1810.04650 |
# | GradNorm, uncertainty, DWA, FAMO | https://arxiv.org/abs/1711.02257, https://arxiv.org/abs/1705.07115, https://arxiv.org/abs/1803.10704, https://arxiv.org/abs/2306.03792 |
# | trade-offs that no weighted sum reaches | Y. Hu et al., 2023, https://arxiv.org/abs/2308.13985 |
# | weighted sums are hard to beat | V. Kurin et al., 2022, https://arxiv.org/abs/2201.04122; D. Xin et al., 2022, https://arxiv.org/abs/2209.11379 |
# | CAGrad, IMTL-G, Aligned-MTL, UPGrad | https://arxiv.org/abs/2110.14048, https://openreview.net/forum?id=IMPnRXEWpvr, https://arxiv.org/abs/2305.19000, https://arxiv.org/abs/2406.16232 |
# | one student of many teachers | K. Clark et al.: BAM! ACL 2019. https://arxiv.org/abs/1907.04829 |
# | groups of tasks | T. Standley et al., ICML 2020, https://proceedings.mlr.press/v119/standley20a.html; C. Fifty et al., NeurIPS 2021, https://arxiv.org/abs/2109.04617 |
# | samples that overlap | C. Nadeau, Y. Bengio, Machine Learning, 2003 |
