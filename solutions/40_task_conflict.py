# %% [markdown] name="title" question_zh="购买涨了，点击跌了（跷跷板现象）：是任务冲突吗，是哪一种，怎么治？" interview_zh="怎么解决任务冲突？"
# # 40 · Interview question 1: how do you resolve task conflict?
#
# > Purchases improve and clicks fall: is it conflict, of which kind, and what cures it?
#
# **After this lesson you can** prove that tasks conflict, find out which of three causes it is, choose the remedy by what it cures and
# costs, and give the answer aloud at three levels, with the rule by which you launch and roll back.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 40 + 40 + 30 + 45 | senior | lessons 20, 22, 23 and 24 | "How do you resolve task conflict?", "purchases improve and clicks fall: what now?", "PCGrad or loss weights?" |
#
# Run each cell with Shift+Enter. Eight cells wait for your code: replace the dots, run, read the verdict. `hint("40.1", 1)`
# helps, and so do levels 2 and 3. What follows a *Predict first* is closed until you run it.

# %% name="imports"
import json
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from course_utils import paths
from course_utils.backend import keras, tf
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.mgda import MGDA
from course_utils.comparison.judging import measures
from course_utils.evidence import claim, equivalence, evidence, still_standing
from course_utils.exercises import check, hint, solution
from course_utils.metrics import paired_interval
from course_utils.models import MMoE, SharedBottom
from course_utils.notebook import figure, forest, show
from course_utils.notebook.playground import playground
from course_utils.regimes import capacity, direction, scale
from course_utils.training import Trainer

# %% [markdown] name="question"
# ## Sitting 1 · Three markets, one symptom
#
# An interviewer asks: *"How do you resolve task conflict?"* The article that this course takes apart answers with four remedies: task weights, a weighted loss, separate
# models, distillation. It never says how one knows that there is a conflict, or of which kind. What the question tests is the order of the two: **diagnose, then treat.**
#
# Three teams report one and the same thing: *"our worst task is below its twin"*, the network of the same kind that learns this task alone. Each has one Shared-Bottom (lesson 20) with
# one trunk for all its tasks and equal weights. We planted one trouble in each market, a different one each time; the teams do not know which:
#
# - **P**: six tasks, a trunk of 64 units;
# - **Q**: four tasks, a trunk of 1 unit, since serving had no room for more;
# - **R**: six tasks, a trunk of 8 units.

# %% name="markets" tags=["folded"]
# The three markets, one trainer for each, and what is known of them.
MARKETS = {
    "P": {"make": scale.make, "units": 64, "batch": 187, "rate": 1e-2, "epochs": 40},
    "Q": {"make": direction.make, "units": 1, "batch": 1000, "rate": 3e-2, "epochs": 100},
    "R": {"make": capacity.make, "units": 8, "batch": 250, "rate": 1e-2, "epochs": 60},
}
CAUSE = {"P": "scale", "Q": "direction", "R": "capacity"}
REPORTED = {"P": tuple(scale.units(4.0)), "Q": (1.0,) * 4, "R": (1.0,) * 6}
SEEDS = range(7000, 7005)
CASES = {name: {seed: one["make"](seed) for seed in SEEDS} for name, one in MARKETS.items()}
TASKS = {name: tuple(of[7000].split.train.labels) for name, of in CASES.items()}
GRID = json.loads((paths.RESULTS / "conflict_grid.json").read_text(encoding="utf-8"))
EQUAL, APART, NORMALISED = "equal weights", "network per task", "losses in one unit"


def trainer_of(market, tasks=None, units=None, weights=None, record=False):
    """A Shared-Bottom in this market: one trunk, one output a task."""
    one, tasks = MARKETS[market], tasks or TASKS[market]
    columns = CASES[market][7000].split.train.columns

    def build():
        return SharedBottom(columns, tasks, trunk=(units or one["units"],), tower=())

    return Trainer(build, Fixed(weights), one["batch"], record_gradients=record)


def trained(market, trainer, learns=None, rate=None):
    """``[2, seeds, tasks]``: AUC and log loss by the true probabilities; and history and weights.

    All tasks have the weights of one epoch, that of the least sum of validation losses.
    A trainer of the one task "twin" learns the task that ``learns`` names: one graph for all twins.
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


pd.DataFrame.from_dict(
    {
        name: {
            "tasks": len(TASKS[name]),
            "training rows": len(of[7000].split.train),
            "units of the trunk": MARKETS[name]["units"],
            "Bayes limit of the AUC, worst task": round(
                min(measures(of[7000].truth[t], of[7000].truth[t])["auc"] for t in TASKS[name]), 2
            ),
        }
        for name, of in CASES.items()
    },
    orient="index",
).astype(object).T

# %% [markdown] name="predict-symptom"
# **Predict first.** The twin has the same trunk, for its one task alone; both were tuned over six settings (`benchmarks/conflict_grid.py`), and ten other seeds judge. How far below its twin is the worst task: by .03, .1 or .4 of AUC? And in which market most?


# %% name="symptom" tags=["after-guess"]
def each_task(market, remedy):
    """Task -> AUC of ten seeds, as stored."""
    return dict(zip(TASKS[market], np.transpose(GRID[CAUSE[market]][remedy]["auc"]), strict=True))


forest(
    "Each task in one network for all, over its twin",
    [
        claim(
            f"40.symptom-{market}-{task[-1]}".lower(),
            f"{market}: {task}",
            auc,
            each_task(market, APART)[task],
        )
        for market in CAUSE
        for task, auc in each_task(market, EQUAL).items()
    ],
)

# %% [markdown] name="symptom-why" tags=["after-guess"]
# One symptom, three times: P's last three markets lose .03 each, with intervals from .01 to .06, and C .01; R's six lose .07 to .12 each, from .02 to .16; and Q's last market is no better than guessing (.39), where its twin is near the Bayes limit, while its other three lose .006.
# So the tasks do conflict in all three; "no task below its twin" has failed (lesson 20). **From the symptom alone nobody can say which remedy to take.** Three colleagues each have one:
#
# - *"Normalise the losses"*: divide each by what the best constant costs;
# - *"Correct the gradients"*: MGDA, the shortest vector between the tasks' gradients, so that, to first order, a plain step along it makes no task worse;
# - *"Make the trunk wider"*: 256 units in P, 8 in Q, 64 in R.
#
# From here on *the worst task* is the one with the lowest AUC in a seed, whichever task that is.

# %% [markdown] name="cures-guess"
# **Predict first.** Who is right in P, who in Q, who in R? (In Q serving has no room for more units: there the third is not on offer.)

# %% name="cures" tags=["after-guess"]
# Three remedies in three markets; one of the nine changes nothing and has no interval.
TUNED = "tuned fixed weights"
NAMES = {
    NORMALISED: "normalised losses",
    TUNED: "weights and settings tuned together",
    "IMTLG": "IMTL-G",
    "AlignedMTL": "Aligned-MTL",
}


def worst(cause, remedy):
    """AUC of the worst task in each seed, as stored."""
    return np.min(GRID[cause][remedy]["auc"], axis=1)


def over_equal(cause, remedy, text, where=""):
    """A claim: what a remedy gains for the worst task over equal weights."""
    name = f"40.{where}{cause}-{remedy.replace(',', '').replace(' ', '-').lower()}"
    return claim(name, text, worst(cause, remedy), worst(cause, EQUAL))


def moves(cause, remedy):
    """Whether a remedy changes anything: where all losses are on one scale, normalising does not."""
    return np.ptp(worst(cause, remedy) - worst(cause, EQUAL)) > 0


THREE = (NORMALISED, "MGDA", "wider trunk")
forest(
    "Three remedies in three markets: the worst task's AUC over equal weights",
    [
        over_equal(cause, remedy, f"{market}: {NAMES.get(remedy, remedy)}", "first-")
        for market, cause in CAUSE.items()
        for remedy in THREE
        if moves(cause, remedy)
    ],
)

# %% [markdown] name="cures-why" tags=["after-guess"]
# Each colleague is right in one market, given what serving allows:
#
# - **P is scale.** By construction its six losses are multiplied by factors from 1 to 1/10,000, so the trunk serves the first markets. Normalised losses gain .04 to .09 and reach what the same rows give where no factor was planted (.82, *none* in sitting 2). MGDA (.01 to .05) and a wider trunk (.02 to .05) come a part of the way.
# - **Q is direction.** One market wants another direction than the other three, and one unit can point one way. MGDA lifts the worst market by .12 to .19; width would gain .38 to .39, but it is not on offer. Its losses are on one scale already, so normalising changes nothing that five digits show, and has no interval.
# - **R is capacity.** Sixteen units would hold what the six tasks want; it has eight. Width gains .19 to .24; MGDA .02 to .07, a fifth of it, where in Q it had two fifths.
#
# So the symptom says *that* there is a conflict, and how much each remedy gains says *which*: **scale, direction, capacity.** Width helps in all three, and in Q and R it brings the worst task nearly to the Bayes limit. The last two are told apart by what is left when width is *refused*: MGDA's part of width's gain is twice as large in Q as in R. That is a thin line; sitting 2 has a better one, the number of units that are needed.

# %% [markdown] name="live-text"
# **Live.** Stored numbers are only as good as the code that made them. Here the plain network of each market, with one setting in the place of six, is trained now on five of the ten seeds. R's wider trunk is trained as well, as one row of the picture. The gradients of the three are recorded for the next heading.

# %% name="live" tags=["after-guess"]
joint, runs = {}, {}
for name in MARKETS:
    trainer = trainer_of(name, weights=REPORTED[name], record=True)
    joint[name], runs[name] = trained(name, trainer)
widened, _ = trained("R", trainer_of("R", units=64))
evidence(
    "40.live-r",
    "R: a wider trunk, trained here, over the plain one",
    widened[0].min(axis=1),
    joint["R"][0].min(axis=1),
)

# %% [markdown] name="gradients"
# ## What the gradients say
#
# The usual diagnosis is to log two numbers over the training: the **norm ratio**, the shortest task gradient on the shared weights over the longest one, and the **cosine** of each pair
# (lesson 20 writes it, lesson 22 asks what it foretells). Both here on the first batch of each epoch, of the losses as they are reported, five seeds.
#
# **Predict first.** In which market is the norm ratio tiny? And in which markets is more than half of the pairs in conflict (cosine below 0): only in the one where one market's taste turns away?

# %% name="gradients-picture" tags=["after-guess", "folded"]
# The picture: norm ratio and share of pairs in conflict, epoch by epoch.
COLOUR = {"P": "C0", "Q": "C1", "R": "C2"}
fig, axes = figure(ncols=2, height=3.2)
for name, kept in runs.items():
    factors = np.array(REPORTED[name])
    epochs = min(len(history.valid_loss) for history, _ in kept)
    pairs = np.triu_indices(len(factors), 1)
    norms = np.mean([history.norms()[:epochs] * factors for history, _ in kept], axis=0)
    low = np.mean(
        [(history.cosines()[:epochs, pairs[0], pairs[1]] < 0).mean(axis=1) for history, _ in kept],
        axis=0,
    )
    x = np.arange(1, epochs + 1)
    axes[0].plot(x, norms.min(axis=1) / norms.max(axis=1), color=COLOUR[name], label=name)
    smooth = np.convolve(low, np.ones(5) / 5, "valid")
    axes[1].plot(x[2 : len(smooth) + 2], smooth, color=COLOUR[name], label=name)
axes[0].set(yscale="log", xlabel="epoch", title="shortest over longest gradient")
axes[1].set(xlabel="epoch", ylim=(0, 1), title="pairs in conflict, mean of 5 epochs")
axes[1].axhline(0.5, color="0.5", linewidth=1, linestyle=":")
axes[0].legend()
show(
    fig,
    alt="Left: in P the shortest gradient is less than a thousandth of the longest one all along, in R more than half, in Q it rises to about .7 by epoch 12 and falls to a tenth. "
    "Right: share of pairs in conflict. In P near .45 all along; in Q and R it rises from about a half to between .7 and .8.",
)

# %% [markdown] name="gradients-why" tags=["after-guess"]
# The norm ratio finds P at once: below a thousandth, where Q and R stay above a twentieth. (A task that is learned already has a short gradient as well: look at the losses too.)
#
# The cosines do not tell Q from R. In both, where direction is the trouble and where room is, nearly eight pairs of ten are in conflict at the end; and in P, whose only trouble is scale, nearly half are, on one batch. In part that has
# to be so: at rest the weighted gradients add to 0, so some must point against others. Near one half may also be chance: the next heading asks.

# %% [markdown] name="sign-text"
# ### Full batch or mini-batch?
#
# A gradient on a mini-batch is the gradient over all rows plus noise. For a trunk of one layer, with $z_i$ its values before the ReLU, $h_k$ the weights of task $k$'s output and $p_{ik}$ its probability, the gradient of row $i$ and task $k$ is
# $(p_{ik}-y_{ik})\,(h_k \odot 1[z_i>0])\,x_i^\top$, so all of them fit into one array.
#
# **Predict first.** R with the weights of the kept epoch, all pairs of its six tasks. Of mini-batches of 16 rows, how many show the *opposite* sign of the pair's inner product over all 2,000 rows: 5 %, 20 %, nearly half?


# %% name="sign" tags=["after-guess"]
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
noise = opposite["R"]
for name, text, of, over in (
    ("40.sign", "R: opposite signs at 16 rows, against those at 256", noise[16], noise[256]),
    ("40.sign-half", "R: opposite signs at 16 rows, against one half", noise[16], [0.5] * 5),
    ("40.sign-all", "over all rows: pairs in conflict in P against R", whole["P"], whole["R"]),
    ("40.sign-qr", "over all rows: pairs in conflict in Q against R", whole["Q"], whole["R"]),
):
    evidence(name, text, of, over, unit="of pairs", higher_is_better=False)

# %% name="sign-picture" tags=["after-guess", "folded"]
# The picture: share of mini-batches with the opposite sign, against their size, in three markets.
fig, axes = figure(height=2.8)
for name, of in opposite.items():
    shares = list(of.values())
    axes.errorbar(
        list(of), np.mean(shares, 1), stats.t.ppf(0.975, 4) * stats.sem(shares, axis=1),
        color=COLOUR[name], marker="o", capsize=3,
        label=f"{name}: {np.mean(whole[name]):.2f} of its pairs conflict over all rows",
    )  # fmt: skip
axes.axhline(0.5, color="0.5", linewidth=1, linestyle=":")
axes.set(
    xscale="log",
    ylim=(0, 0.75),
    xlabel="rows of the mini-batch",
    title="opposite sign to that over all rows",
)
axes.minorticks_off()
axes.set_xticks(SIZES["Q"], SIZES["Q"])
axes.legend(fontsize=8)
show(
    fig,
    alt="Share of mini-batches whose inner product has the opposite sign to that over all rows, against 16, 64, 256 and, in Q, 1,000 rows, five seeds each. "
    "In P it stays near one half at all sizes; in R it falls from about .44 to .30, in Q to about .36 at 256 and .2 at 1,000. Over all rows .29 of the pairs conflict in P, .87 in Q, .81 in R.",
)

# %% [markdown] name="sign-why" tags=["after-guess"]
# At 16 rows more than two in five of R's mini-batches show the opposite sign, not far from guessing; at 256 rows .10 to .18 of all pairs fewer. In P it is near a half at each of these sizes: no such batch tells the sign over all rows. The batches of the training had 187 rows (P), 1,000 (Q) and 250 (R); at about these sizes a half, a fifth and three in ten are opposite.
#
# So the "nearly half" of P was chance. Over all rows .29 of its pairs conflict, .87 in Q and .81 in R: P is below R by .29 to .75, and between Q and R no difference is shown (-.11 to +.21). "The cosine is negative" on a batch says little of *any* market; over all rows it sets P apart here, and still not Q from R.
# A gradient method that asks for the sign on every mini-batch corrects noise to a good part. Report a cosine with the number of rows behind it.

# %% [markdown] name="task-1-text"
# ### Task 40.1 · When is the sign noise? (7 minutes)
#
# Write `opposite_share(g, h)`.
#
# - `g`, `h`: arrays `[B, n]`, the gradients of two tasks on B mini-batches of the same size, B and n at least 1; numbers, also short
#   integers such as `int8`, whose products overflow: `np.asarray(g, float)` helps.
# - The gradient over all rows is the mean over the mini-batches. Return the share (0 to 1, not rounded) of mini-batches whose inner product $g_b \cdot h_b$ has
#   the opposite sign to the inner product of the two mean gradients. A mini-batch whose product is exactly 0 is not opposite.
# - If the inner product of the mean gradients is exactly 0, there is no sign to compare with: return `np.nan`. Leave the arguments as they are.
#
# With `g = np.array([[1, 0], [1, 0], [1, 2.0]])` and `h = np.array([[1, 0], [1, 1], [-3, 1.0]])` the products are 1, 1 and -1; the mean gradients (1, 2/3) and (-1/3, 2/3) have the product
# 1/9, above 0, so one of three is opposite: 0.333. With `-h` all these signs turn together, and it is 0.333 again.


# %% name="task-1"
def opposite_share(g, h):
    ### BEGIN SOLUTION
    per_batch = np.sign((np.asarray(g, float) * np.asarray(h, float)).sum(axis=1))
    of_all = np.sign(np.mean(g, axis=0) @ np.mean(h, axis=0))
    return float((per_batch == -of_all).mean()) if of_all else np.nan
    ### END SOLUTION


check("40.1", opposite_share)

# %% [markdown] name="cut-1"
# **End of sitting 1.** Next: the whole grid of remedies and causes, and what each remedy costs.

# %% [markdown] name="grid"
# ## Sitting 2 · Remedies against causes
#
# Twenty remedies against equal weights, and two plain rivals: a logistic regression for each task, with and without products of the columns. Three markets with a planted cause, and a fourth, *none*: P's rows with all losses on one scale. Each has up to six settings, chosen on two seeds by validation loss: the mean over tasks, in *direction* the worst's, for networks apart each task's own. Ten other seeds judge the worst task by the true probabilities (`benchmarks/conflict_grid.py`). In *direction* all have 400 epochs: after 100, at a small rate, some methods are still on their way, and look like a cure.
#
# - *Weights of the losses*: equal; tuned, in the same six trials as the settings; normalised; learned by uncertainty, DWA, GradNorm, FAMO; the smooth maximum, its temperature tuned in the same six trials.
# - *Corrected gradients*: PCGrad, CAGrad, MGDA, UPGrad, IMTL-G, Aligned-MTL.
# - *More room*: a wider trunk, MMoE with four experts as wide as the trunk, PLE with one expert of its own for each task (lesson 24).
# - *Teachers*: a teacher for each task and one student for all; one teacher for all and a student for each task (lesson 23).
# - *Apart*: a network for each task, as wide as the trunk, and as wide as the wider one.

# %% [markdown] name="methods"
# **In one line each** (formulas and papers: `course_utils/balancing/`). Four look at the losses, GradNorm at both, six at the gradients.
#
# - **Uncertainty** learns one noise a task with the network, $\sum_k e^{-s_k}L_k+s_k/2$; at rest the weight is $1/(2L_k)$. **DWA**: more weight to the task whose loss fell least from one epoch to the next, in proportion.
# - **FAMO**: after each step more weight to the task whose *log* loss fell less than the others'; a factor of the loss drops out. **GradNorm**: weights that bring the tasks' gradients on the last shared layer to one length, longer for a task that has come less far.
# - **Smooth maximum** (smooth Tchebycheff): $t \ln \sum_k e^{L_k/t}$ in the place of the sum. A task's weight is the softmax of $L_k/t$: at a small t the worst loss alone is learned, at a large t the plain mean.
# - **PCGrad** takes from each gradient its part against each other one, and adds. **UPGrad** moves each gradient to the nearest direction that harms no task, and takes the mean. **MGDA**: the shortest vector between the gradients as they come (the authors' code can first bring them to length 1; then lengths drop out).
# - **CAGrad**: of all directions in a ball round the mean, the one best for the worst task. **IMTL-G**: the direction with the same projection on each gradient *scaled to length 1*, so lengths drop out. **Aligned-MTL** makes the gradients orthogonal and as long as their weakest component, and takes the mean.
# - Beside these **fixed** and **random weights**, and the plain **mean** of the gradients: what a method has to beat.
#
# **Predict first.** Where nothing is planted, how many of the twenty gain more than .005 for the worst task? And which single column will hold the most that help: scale, direction or capacity?

# %% name="grid-picture" tags=["after-guess", "folded"]
# The picture: gain of each remedy for the worst task over equal weights, cause by cause; bold if the interval leaves 0 out.
COLUMNS = ["none", *CAUSE.values()]
PLAIN = ("logistic regression", "crossed logistic regression")
ROWS = [one for one in GRID["direction"] if one not in (EQUAL, "Bayes limit")]
gains = {(r, c): worst(c, r) - worst(c, EQUAL) for r in ROWS for c in COLUMNS}
table = np.array([[gains[r, c].mean() for c in COLUMNS] for r in ROWS])
fig, axes = figure(height=0.29 * len(ROWS) + 1.0, width=8.4)
axes.imshow(np.cbrt(table), cmap="PuOr", vmin=-1.4, vmax=1.4, aspect="auto")
for (r, c), gain in gains.items():
    low, high = paired_interval(gain) if moves(c, r) else (0, 0)
    axes.text(
        COLUMNS.index(c), ROWS.index(r), f"{gain.mean():+.3f}", ha="center", va="center", fontsize=8,
        fontweight="bold" if low > 0 or high < 0 else "normal",
    )  # fmt: skip
named = {
    c: f"{c}\nequal {worst(c, EQUAL).mean():.3f}\nBayes limit {worst(c, 'Bayes limit').mean():.3f}"
    for c in COLUMNS
}
axes.set_xticks(range(len(COLUMNS)), [named[c] for c in COLUMNS], fontsize=8)
axes.set_yticks(range(len(ROWS)), [NAMES.get(r, r) for r in ROWS], fontsize=8)
axes.set_title("Gain in the worst task's AUC over equal weights (bold: shown)")
axes.grid(visible=False)
told = {c: ", ".join(f"{NAMES.get(r, r)} {gains[r, c].mean():+.3f}" for r in ROWS) for c in COLUMNS}
show(
    fig,
    alt="Heat picture of remedies and causes, mean gain in the worst task's AUC over ten seeds. "
    + " ".join(f"{c}: {text}." for c, text in told.items()),
)

# %% name="grid-verdict" tags=["after-guess", "folded"]
# The verdicts, a family for all causes together, and how many are better, worse or open.
words = [
    over_equal(c, r, f"{c}: {NAMES.get(r, r)}")
    for c in COLUMNS
    for r in ROWS
    if r not in PLAIN and moves(c, r)
]
counted = pd.DataFrame(
    {
        c: pd.Series([one.word for one in words if one.text.startswith(c)]).value_counts()
        for c in COLUMNS
    }
)
differ = [one.word != "no difference shown" for one in words]
print(
    f"corrected for {len(words)} verdicts (Holm), {sum(still_standing(words))} of {sum(differ)} differences stand"
)
counted.fillna(0).astype(int)

# %% [markdown] name="grid-why" tags=["after-guess"]
# **None.** Not one remedy is shown to be better than equal weights; eleven of twenty are worse: networks per task by .02, MMoE and PLE, with four and seven experts as wide as the trunk, by .02 to .03; the other seven, a wider trunk (.002) among them, do not stand the correction. (The decay of MMoE and PLE was tuned ten times as high as the others': with the same they lost .04 to .05.)
#
# **Scale.** GradNorm, IMTL-G, FAMO and normalised losses gain .06 to .07 and come to .82 to .83, where equal weights of *none* are. Uncertainty gains half of that, the other gradient methods and a wider trunk a part. Tuned weights show no gain, but their six trials mix weights and settings: four drawn weightings and equal weights; in *scale* and *none* the choice fell on equal weights at another setting. So that cell says little of tuned weights: with other draws they have .840 against .821 in the mean over tasks (the first measuring of `docs/when.md`, *Scale*).
#
# **Direction.** Room cures it altogether. Within one unit the smooth maximum gains most, .24; MGDA and IMTL-G gain .16, GradNorm .06, UPGrad .03, CAGrad and Aligned-MTL .01, PCGrad .006. (After 100 epochs at its smallest rate PCGrad seemed to gain .11: its runs were on their way to where equal weights are.) Tuned weights, 1 to 10 on that market, gain .01, which does not stand, and cost the mean .11. The plainest rival is at the top: a logistic regression for each market gains as much as the networks apart (.39).
#
# **Capacity.** Room again: a wider trunk (.21), networks apart and wide (.20), MMoE and PLE (.19). MGDA gains .04 and GradNorm .03 for the worst task, with no change of the mean shown; of the rest with one trunk of eight no gain is shown. A logistic regression with crosses for each task gains .20: keep it in the table.
#
# **Corrected for all verdicts of the grid** there stand: all room in direction and capacity; GradNorm, FAMO, IMTL-G, normalised losses and CAGrad in scale; in direction all that gain but PCGrad and tuned weights; in *none* the harm by networks apart, MMoE and PLE. MGDA's gain in capacity does not.
#
# In Q the other markets pay: A to C have .89 with equal weights, .84 with MGDA and .79 with the smooth maximum. Which of these three points is right is for their owners to say. MGDA's ten runs and IMTL-G's lie between .58 and .70, those of the smooth maximum between .73 and .75.

# %% name="grid-forest" tags=["after-guess", "folded"]
# Ten verdicts that the answer to the interviewer rests on.
shown = {one.text: one for one in words}
KEY = [
    ("scale", NORMALISED), ("scale", "Uncertainty"), ("scale", "GradNorm"), ("scale", "FAMO"), ("scale", "wider trunk"),
    ("direction", "smooth maximum"), ("direction", "MGDA"), ("direction", "wider trunk"),
    ("capacity", TUNED), ("capacity", "MGDA"),
]  # fmt: skip
forest(
    "Ten cells of the grid: the worst task's AUC over equal weights",
    [shown[f"{c}: {NAMES.get(r, r)}"] for c, r in KEY],
)
over_mgda = evidence(
    "40.direction-smooth-mgda",
    "direction: the smooth maximum over MGDA, the worst task",
    worst("direction", "smooth maximum"),
    worst("direction", "MGDA"),
)

# %% [markdown] name="room"
# ## The cell that surprises: direction and room
#
# "Direction" was planted: one market wants another direction than the rest. Yet the largest gains in that column are a wider trunk and networks of their own.
#
# **Predict first.** The four tastes in Q span two directions and a little more. How many units does the plain sum of the losses need before the worst market is within .02 of its network of its own: 2, 4 or 8? And does MGDA, in one unit, pass a rule that allows each market .01 of log loss over its twin?

# %% name="room-run" tags=["after-guess"]
two, _ = trained("Q", trainer_of("Q", units=2))
protected, _ = trained("Q", Trainer(trainer_of("Q").build, MGDA(), 1000), rate=0.1)
apart = worst("direction", APART)[:5]
equivalence(
    "Q: 2 units and the plain sum, against networks of their own", two[0].min(1), apart, 0.02
)
for part, at in (("markets A to C", slice(0, 3)), ("market D", slice(3, 4))):
    evidence(
        f"40.room-{part[-1].lower()}",
        f"Q, 1 unit, {part}: MGDA against equal weights",
        protected[1][:, at].mean(axis=1),
        joint["Q"][1][:, at].mean(axis=1),
        unit="log loss",
        higher_is_better=False,
    )
for k, task in ((0, "market A"), (3, "market D")):
    alone = trained("Q", trainer_of("Q", ("twin",)), task)[0][1][:, 0]
    for name, found in (("equal weights", joint["Q"]), ("MGDA", protected)):
        low, high = paired_interval(found[1][:, k] - alone)
        print(f"{task}, {name}: log loss over its twin {low:+.2f} to {high:+.2f}")
nine, sixteen = (trained("R", trainer_of("R", units=u))[0][0].min(axis=1) for u in (9, 16))
evidence("40.room-nine", "R: 9 units over 8", nine, joint["R"][0].min(axis=1))
evidence("40.room-sixteen", "R: 16 units over 9", sixteen, nine)

# %% [markdown] name="room-why" tags=["after-guess"]
# Two, without any method. One unit has room for one direction; two have room for both, and the sum of the losses no longer has anything to give up. So **a conflict of direction is a conflict for room**: it exists where the shared
# layer is too small for what the tasks want *differently*, and with room it is gone. In R one unit more is not enough: sixteen gain .10 to .20 over nine.
#
# Within one unit MGDA lifts the worst market from guessing to .66, and the other three pay for it: at the rate that the grid chose, its log loss falls by .02 to .09, and theirs rises by .05 to .12. A rule of .01 over the *twin* passes neither equal weights (D harmed by .28) nor MGDA (D by .20 to .26, A by .05 to .13). MGDA chooses another point on the trade-off, and whether that is better is not for the method to say. Nor is its gain a law: where the minority's taste is half akin to the majority's (`docs/when.md`, *Direction*, in its first measuring, kinship .5) MGDA has .70, a fixed weight of 3 on that market .85, and no difference is shown after the correction.
#
# *First order, and Adam.* A plain step along MGDA's d makes, to first order, no task of the batch worse. Adam makes its step *from* d: it adds momentum and rescales each weight, so under Adam, as here and nearly everywhere, that is a heuristic and no promise. The same holds for PCGrad with two tasks and for UPGrad.

# %% [markdown] name="price"
# ## What each remedy costs
#
# The price has three parts: work in training, weights, and work for each row that is served. Here for R, six tasks, eight numbers a row.

# %% name="price-run"
d, u, wide, K = 8, 8, 64, 6
one = d * u + u * K


def price(backward, served, weights, also=""):
    return {
        "backward passes a step": backward,
        "multiplications a served row": served,
        "weights": weights,
        "also": also,
    }


def weights_of(units, tasks=None):
    return trainer_of("R", tasks, units=units).network.count_params()


columns = CASES["R"][7000].split.train.columns
gated = MMoE(columns, TASKS["R"], experts=4, expert=(u,), tower=())
prices = {
    "equal, tuned or normalised": price("1", one, weights_of(u), "tuned: a training a weighting"),
    "uncertainty, DWA, smooth maximum": price("1", one, weights_of(u), "K numbers"),
    "FAMO": price("1", one, weights_of(u), "one more forward pass"),
    "GradNorm": price("1", one, weights_of(u), "K gradients of the last shared layer"),
    "PCGrad, CAGrad, MGDA, UPGrad, IMTL-G, Aligned-MTL": price(
        f"K = {K}", one, weights_of(u), "K x K inner products, a small problem"
    ),
    "wider trunk": price("1", d * wide + wide * K, weights_of(wide)),
    "MMoE, four experts": price(
        "1", 4 * d * u + K * (4 * d + 4 * u + u), gated.count_params(), "a gate a task"
    ),
    "network per task": price("1 each", K * (d * u + u), K * weights_of(u, ("market A",))),
    "network per task, wide": price(
        "1 each", K * (d * wide + wide), K * weights_of(wide, ("market A",))
    ),
    "teacher per task, one student": price(
        "1, and the teachers'", one, weights_of(u), "K teachers trained before"
    ),
    "one teacher, student per task": price(
        "1 each, and the teacher's", K * (d * u + u), K * weights_of(u, ("market A",))
    ),
}
pd.DataFrame(prices).T

# %% [markdown] name="price-why"
# Weights and corrected gradients cost nothing when serving. A trunk of 64 costs 8 times the multiplications of one of 8, and still fewer than six networks of 64; six of 8 cost half of it, and gain .17 where it gains .21. With real embedding tables, which are shared or copied K times,
# the trunk is the small part of the *memory*: there a wider trunk is nearly free and K networks are not. Of the multiplications it stays the large part (lesson 41 has the serving budget).
#
# The K backward passes go through the trunk. Taken on the representation they are a single one (MGDA-UB in Sener and Koltun's paper), with another direction: its cosine to that of MGDA is .89 to .94 (`docs/claims.md`).
#
# One price is hidden: in P and R the grid judges each task by the weights of its own best epoch. One network for serving needs one epoch for all, as all networks have that are trained live here.

# %% [markdown] name="task-2-text"
# ### Task 40.2 · From what helps to the cause (7 minutes)
#
# Write `causes(gains)`.
#
# - `gains`: a dictionary with exactly the keys `"normalised"`, `"gradients"` and `"wider"`, each a pair `(low, high)`, the 95 % interval for the worst task: what normalised losses gained over equal weights, and what MGDA and a wider trunk gained *with normalised losses*.
# - A remedy **helps** if its interval lies above 0: `low > 0`. The **middle** of an interval is (low + high) / 2.
# - Return the list of causes shown, in this order: first `"scale"`, if normalised losses help. Then at most one more: `"direction"` if gradients help and either width does not, or the gradients' middle is at least a quarter of width's middle;
#   if it is not direction, `"capacity"` if width helps. If nothing helps, return `[]`. Leave `gains` as it is.
#
# `causes({"normalised": (-0.01, 0.02), "gradients": (0.1, 0.2), "wider": (0.3, 0.4)})` is `["direction"]`.
#
# The quarter is a convention, drawn between two markets: MGDA had .40 of width's gain in Q and .21 in R, and single seeds overlap (.17 to .51, -.01 to .40); settings were chosen by the worst task in Q, by the mean in R. The number of units that are needed tells them apart more safely: one more is enough in Q; in R nine are still .10 to .20 below sixteen. Why with normalised losses? Because in P, as it is, MGDA and width gain too: both undo a part of the scale, and in *none*, the same rows without the factors, neither does. And a gradient method without a gain does not rule direction out: at kinship .5 (the first measuring of `docs/when.md`) the cause is direction, and none is shown for MGDA.


# %% name="task-2"
def causes(gains):
    ### BEGIN SOLUTION
    shown = {remedy: low > 0 for remedy, (low, high) in gains.items()}
    middle = {remedy: (low + high) / 2 for remedy, (low, high) in gains.items()}
    answer = ["scale"] if shown["normalised"] else []
    large = not shown["wider"] or 4 * middle["gradients"] >= middle["wider"]
    if shown["gradients"] and large:
        answer.append("direction")
    elif shown["wider"]:
        answer.append("capacity")
    return answer
    ### END SOLUTION


check("40.2", causes)

# %% [markdown] name="task-3-text"
# ### Task 40.3 · Normalise the losses (7 minutes)
#
# The cheapest remedy against scale needs no method: divide each loss by what the best constant costs. Write `normalising_weights(labels)`.
#
# - `labels`: array `[n, K]`, n and K at least 1, of 0 and 1, of any number type. Leave it as it is.
# - The constant of task k is $p_k = (\text{ones} + 1)/(n + 2)$: one label of each kind is added, so that it is never 0 or 1.
# - Its cost is the **mean log loss of the labels**, $-\frac1n\sum_i\big[y_{ik}\ln p_k + (1-y_{ik})\ln(1-p_k)\big]$. Return the array `[K]` of 1 over the cost, not scaled, not rounded.
#
# `normalising_weights(np.array([[1, 0], [0, 0], [1, 0], [0, 1.0]]))`: the first column has p = 0.5 and costs ln 2 = 0.6931, the second p = 1/3 and costs 0.5788; the result is `[1.4427, 1.7279]`.


# %% name="task-3"
def normalising_weights(labels):
    ### BEGIN SOLUTION
    y = np.asarray(labels, float)
    p = (y.sum(axis=0) + 1) / (len(y) + 2)
    cost = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(axis=0)
    return 1 / cost
    ### END SOLUTION


check("40.3", normalising_weights)

# %% [markdown] name="cut-2"
# **End of sitting 2.** Next: what a weight can do and what it cannot, and two of the methods by hand.

# %% [markdown] name="weights"
# ## Sitting 3 · Weights and gradients, by hand
#
# The article's first two remedies are *"task weights: assign each task its own weight"* and *"combination of loss functions: use a weighted loss function"*. Are these two?
#
# Keras has both: `loss_weights=` multiplies each loss, and a loss function may multiply itself. Weights .5 and .25 are powers of two, so no rounding can blur the comparison.

# %% name="same"
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

# %% [markdown] name="same-why"
# 0.0: it is one method, $L = \sum_k w_k L_k$, written in two places.
#
# ## Why (1, 1) and (1000, 1000) are the same
#
# **Predict first.** All six weights of R are multiplied by 1,000. What becomes of the training under SGD? Under Adam? And if all are multiplied by a hundred-millionth?

# %% name="thousand" tags=["after-guess"]
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
# Adam divides by the size of the gradient: $\hat m/(\sqrt{\hat v}+\epsilon)$, so a factor common to all weights cancels. SGD multiplies its step by it. So under Adam only the **ratio** of the weights counts (lesson 20 shows what a ratio does: it turns the trunk's direction).
# Three things bring the size back: $\epsilon$, once gradients are as small as it (the dotted line); a penalty inside the loss; and clipping by a fixed norm *before* Adam, which cuts every step at 1,000 and none at 1 (hence the printed *False*).

# %% [markdown] name="playground-text"
# ## Thirteen methods, two gradients
#
# Turn three dials: the angle between two task gradients, how many times longer the second one is because its loss is counted on a larger scale, and whose path the toy of CAGrad's paper shows. (Arrow keys work.) The arrows are directions d, as plain SGD would step against them; the shorter gradient is drawn by the root of its length.
#
# **Predict first.** At 120 degrees and a length of 10: which of Mean, PCGrad, CAGrad, MGDA, GradNorm make the *short* task worse? Which directions would not move at all if the scale of a loss changed?

# %% name="playground" tags=["after-guess", "folded"]
# Three dials: the angle, the length of the second gradient, and whose path is drawn.
playground(120, 10, "CAGrad")

# %% [markdown] name="playground-why" tags=["after-guess"]
# - **At this dial all thirteen stay between the two arrows**: each is $w_1g_1+w_2g_2$ with $w\ge0$, MGDA and PCGrad too. (At 15 and 30 degrees Aligned-MTL can leave them: it takes from the long one.) What differs is who chooses w: you, once, or the losses, or the gradients, at each step anew. Fixed weights, DWA and random ones follow the long gradient, and harm the short task.
# - **Four do not see the scale**: uncertainty, FAMO, GradNorm and IMTL-G, drawn where their weights have settled, point the same way at length 1 and 100. They correct *scale*, if training is long enough for them to settle.
# - **PCGrad and UPGrad harm neither, and keep the lengths**: the longer $g_2$, the nearer they come to the edge of the shaded half-plane. They see the angle, not the scale.
# - **MGDA** favours the short one. **CAGrad** looks for the best worst case in a ball round the mean, c times as wide as the mean is long. At c = .5, as here, it harms the short task from 150 degrees on, once $g_2$ is twice as long; at c = .2 sooner, and near c = 1 nowhere on these dials. Aligned-MTL harms it at 150 degrees once $g_2$ is 5 times as long, at 165 once it is twice.
# - At 60 degrees no *step* raises a loss, at any length. Yet a task with a short gradient is learned last (P): harm against the twin needs no angle. Look at the norm ratio, not at the cosine.
#
# On the right: the mean is stuck in the toy's cracks from two of its three starts; MGDA, PCGrad, UPGrad and IMTL-G stop at the first compromise they meet; CAGrad and Aligned-MTL go on to the best mean. That is so at the paper's learning rate; at ten times that rate the plain mean gets there from all three (`docs/claims.md`). On two numbers, with exact gradients: the grid of sitting 2 is the same question with noise.

# %% [markdown] name="task-4-text"
# ### Task 40.4 · MGDA for two tasks (8 minutes)
#
# Write `mgda(g, h)`: the shortest of all vectors $w\,g+(1-w)\,h$ with $0\le w\le1$.
#
# - `g`, `h`: arrays `[n]`, n at least 1, also of short integers (`np.asarray(g, float)`, as in 40.1). They may be equal, opposite, or 0. Leave them as they are.
# - Return that vector, array `[n]`, not rounded: the direction d, not the step −d. If `g` and `h` are equal, it is `g`. `np.clip(w, 0, 1)` may help.
#
# For `g = np.array([1.0, 0])` and `h = np.array([0, 10.0])`: $\|wg+(1-w)h\|^2 = w^2 + 100(1-w)^2$ is least at w = 100/101, and the result is `[0.990, 0.099]`.


# %% name="task-4"
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


check("40.4", mgda)

# %% [markdown] name="task-5-text"
# ### Task 40.5 · PCGrad for two tasks (7 minutes)
#
# Write `pcgrad(g, h)`. If the gradients do not conflict ($g\cdot h\ge0$), return $g+h$. Else each loses its part along the other, as that one *came*: $g' = g-\frac{g\cdot h}{\|h\|^2}h$, and $h'$ likewise; return $g'+h'$ (the paper adds; it does not take the mean).
#
# - `g`, `h`: arrays `[n]`, n at least 1, also of short integers; either may be 0. Return an array `[n]`, not rounded. Leave the arguments as they are.
#
# `pcgrad(np.array([1.0, 0]), np.array([-1.0, 2]))`: the inner product is -1, g' = (0.8, 0.4), h' = (0, 2), and the result is `[0.8, 2.4]`.


# %% name="task-5"
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


check("40.5", pcgrad)

# %% [markdown] name="cut-3"
# **End of sitting 3.** Next: the article's four remedies judged, the rule for launch and rollback, and the interview.

# %% [markdown] name="four"
# ## Sitting 4 · The article's four, the rule, the interview
#
# The article's four remedies, each run where each cause is planted. The first two are one (sitting 3). *Separate models* are a network for each task, at equal width. *Distillation* is run both ways: the article's, "pass the knowledge of one complex
# model on to several simple ones", a wide teacher for all tasks and a narrow student for each; and the other way round, a teacher for each task, whose soft labels one student learns (Clark et al.).
#
# **Predict first.** The article's distillation lets each task have a network of its own. Compare it with a network per task without a teacher: where does the teacher add something?

# %% name="four-verdict" tags=["after-guess", "folded"]
# Thirteen verdicts: the article's remedies over equal weights, and its students over networks without a teacher.
SPLIT, TAUGHT = "one teacher, student per task", "teacher per task, one student"
forest(
    "The article's remedies: the worst task's AUC",
    [
        *(over_equal(c, TUNED, f"{c}: weights and settings tuned, over equal", "four-") for c in CAUSE.values()),
        *(over_equal(c, APART, f"{c}: separate models over one", "four-") for c in CAUSE.values()),
        *(
            claim(f"40.{c}-split-apart", f"{c}: student per task over separate models", worst(c, SPLIT), worst(c, APART))
            for c in ("none", *CAUSE.values())
        ),
        *(over_equal(c, TAUGHT, f"{c}: teacher per task, one student, over equal", "four-") for c in CAUSE.values()),
    ],
)  # fmt: skip

# %% [markdown] name="four-why" tags=["after-guess"]
# - **Weights** (methods one and two): with six trials for weights and settings together no gain stands the correction in any of the three. Normalised losses are weights too, and undo *scale*. No weighting makes room.
# - **Separate models**: better in all three; the grid's column *none* says what is given up: .02 of the worst task's AUC, at K times the trunk. They are the baseline.
# - **The article's distillation**: its students are separate models, so they must be compared with these. In scale and direction no gain over them is shown, in capacity one of .002 to .020 that does not stand the correction. In *none* they stand .01 to .02 above separate models: a wide teacher that learned all tasks hands on some of what sharing gives. The conflict is avoided because nothing is shared.
# - **The other way round**, teachers for each task and one student, keeps the narrow student: no gain over equal weights is shown in any of the three.

# %% [markdown] name="missing"
# ## What the answer leaves out: when to use which, and how to verify
#
# | What you see | Cause | First remedy | Verify by | Price |
# |---|---|---|---|---|
# | shortest over longest gradient below a hundredth; the tasks with short gradients are below their twins | **scale** | normalised losses; else GradNorm, FAMO, IMTL-G; uncertainty perhaps half of the way | the norm ratio afterwards, and the twins | nothing when serving |
# | one task far below its twin (in Q .39), the rest by little (.006); one or two more units cure it | **direction** (misaligned tasks: Wu et al.) | room for one more direction: a few units, a gate, PLE; where serving forbids it, the smooth maximum of the losses, its temperature tuned; then MGDA | log loss of *each* task against its twin: the others pay | nothing when serving; MGDA K backward passes a step |
# | most are below their twins (in R all six, by .07 to .12), and no weighting or gradient method tried has, in the mean, more than about a fifth of what width gains | **capacity** | a wider trunk; then MMoE or PLE, then groups of tasks (lessons 22, 24; Standley et al., Fifty et al.) | twins of the same trunk, and the sum of their weights | multiplications of the wider layer |
# | one task with few labels below its twin, at weight 1 | an overfitted trunk (lesson 20) | its weight, by decades; a best epoch for each task | validation loss by weight | some trainings |
# | nothing above, seeds differ | **none shown** | leave it | more seeds | none |
#
# Tasks that belong to different rows (purchase after click) are another matter: ESMM and its kin (lesson 24). Kurin et al. (2022) found that the plain sum with the usual regularisation matches or improves on the methods they tried, and Xin et al. (2022) no gain over tuned weights; Hu et al. (2023) show which trade-offs no weighting of an underparametrised network reaches. Keep both in every table.

# %% [markdown] name="task-6-text"
# ### Task 40.6 · The article's answer, part by part (4 minutes)
#
# Six parts of the article's answer, six remarks. Return a dictionary with these six keys exactly and one letter each, as text; each letter is used once.
#
# `"a separate model for each task"` · `"four remedies, and the first word is a remedy"` · `"nothing on gates, gradients, grouping or how to verify"` · `"give each task a weight, to balance what matters"` ·
# `"one complex model teaches several simple ones"` · `"task weights, and a weighted loss"`
#
# **A** one method, counted twice · **B** a cure without a diagnosis · **C** changes whose loss is given up; only the ratio counts under Adam · **D** the baseline that sharing must beat, at K times the
# trunk · **E** separate models once more, with other labels; the usual form runs the other way round · **F** what is missing

# %% name="task-6"
### BEGIN SOLUTION
remarks = {
    "a separate model for each task": "D",
    "four remedies, and the first word is a remedy": "B",
    "nothing on gates, gradients, grouping or how to verify": "F",
    "give each task a weight, to balance what matters": "C",
    "one complex model teaches several simple ones": "E",
    "task weights, and a weighted loss": "A",
}
### END SOLUTION

check("40.6", remarks)

# %% [markdown] name="rule"
# ## The rule, before the launch
#
# "No task below its twin by more than x" needs a measure that punishes wrong probabilities, since what is served is a probability: the **log loss** (or calibration error and AUC together). The **harm** of a
# task is its loss in the joint model minus its twin's, in pairs over seeds; x is what the owner of the task accepts. Three answers: the interval may end below x, begin above it, or hold it.
#
# Here each seed is a new market. On your data seeds change start and order only, so the interval leaves out the chance of the rows: bootstrap users as well, in pairs.
#
# **Predict first.** Market R. A wider trunk is proposed, x = .01. The twins have 64 units for both. Does it pass for C and E? Does the narrow one?

# %% name="rule-run" tags=["after-guess"]
judged = ("market C", "market E")
pair = [TASKS["R"].index(task) for task in judged]
losses = {"narrow": joint["R"][1][:, pair], "wide": widened[1][:, pair]}
wide_twin = trainer_of("R", ("twin",), 64)
twin = np.concatenate([trained("R", wide_twin, task)[0][1] for task in judged], axis=1)
for size, found in losses.items():
    for k, task in enumerate(judged):
        low, high = paired_interval(found[:, k] - twin[:, k])
        word = "accept" if high <= 0.01 else "roll back" if low > 0.01 else "measure more"
        print(f"{size:<6} {task}: {word}")
evidence(
    "40.rule-wide",
    "R, C and E: the wide trunk over wide twins",
    losses["wide"].mean(axis=1),
    twin.mean(axis=1),
    unit="log loss",
    higher_is_better=False,
)

# %% [markdown] name="rule-why" tags=["after-guess"]
# Both joint networks serve all tasks by one epoch's weights. The wide trunk does more than no harm: C and E, in the mean, are better in it than in twins as wide.

# %% [markdown] name="task-7-text"
# ### Task 40.7 · Accept, measure more, roll back (8 minutes)
#
# Write `launch(joint, twin, x)`.
#
# - `joint`, `twin`: dictionaries task → list of log losses, one a seed, in the same order of seeds; the same tasks in both, in any order, one or more; 3 seeds or more. Lower is better. `x`: a number, 0 or more.
# - The harm of a task is joint minus twin, seed by seed, with the interval mean ± t · s/√n: s has n − 1 in its denominator, and `stats.t.ppf(0.975, n - 1)` is t. (All harms equal: both ends are their mean.)
# - Return a dictionary task → `"accept"` if the interval's upper end is at most x, `"roll back"` if its lower end is above x, else `"measure more"`. Leave the arguments as they are.
#
# `launch({"click": [0.30, 0.31, 0.32], "buy": [0.11, 0.13, 0.12]}, {"click": [0.31, 0.33, 0.33], "buy": [0.08, 0.09, 0.10]}, 0.005)`: the harms are -.01, -.02, -.01 and .03, .04, .02, with intervals -.028 to .001 and .005 to .055;
# the lower end of the second is .00516, above x, so the result is `{"click": "accept", "buy": "roll back"}`.


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
# After the launch the twins score a random share of the served rows as well, *in shadow*: logged, and shown to nobody. So each day brings an interval of each task's harm, in pairs on the same rows. The rule, written before: roll back when **one and the same task's** lower end is above x on **two days in a row**. (With K tasks and daily looks one lower end passes x by chance now and then; two days make that rarer.) Write `rollback_day(days, x)`.
#
# - `days`: list, one dictionary a day, task → `(low, high)`; it may be empty, and so may a day; a task that is missing on a day is not shown to be harmed on it. `x`: a number, 0 or more. Leave `days` as it is.
# - Return the index (the first day is 0) of the **second** of the first such two days, as an integer; -1 if there are none.
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

# %% [markdown] name="interview"
# ## The interview
#
# **EN** How do you resolve task conflict in multi-task learning? **中文** 多任务学习中的任务冲突（跷跷板现象）如何解决？
#
# **Sixty seconds (senior).** "First I prove it: each task against its own twin, tuned as long, several seeds, in pairs, on log loss as well as AUC. Then the cause, since three look alike. Scale: the norm ratio of the gradients is tiny; I normalise the losses, or take GradNorm, FAMO or IMTL-G.
# Direction: two tasks want one narrow layer for different things; a little width or a gate cures it. Where there is no room I put the smooth maximum of the losses in the place of their sum, its temperature tuned, then try MGDA, and judge every task: the others pay. Capacity: little at this width helps, so width, MMoE or PLE.
# Under Adam weights set only a ratio, and they make no room. On one batch a cosine's sign tells little: a fifth to a half of ours are the opposite over all rows. Tuned weights and a wider trunk stay in the table: a method must beat them. Separate models are the baseline. I launch by a rule: no task's harm above x, with a rollback written before."

# %% [markdown] name="interview-levels"
# ### At three levels · 三个级别的口头回答
#
# **Mid.** "I compare each task with a single-task model on the same data. If one is worse, I check whether the losses have different scales and normalise them, then I tune the loss weights. If one task wants another direction than the rest and there is no room, I minimise the smooth maximum of the losses; if the model is too small, a wider trunk or MMoE. I report each task, not the mean."
#
# **中级.** “我会先用同样的数据给每个任务单独训练一个模型做对照，看是哪个任务掉了。先查各任务 loss 的量级是否一致，不一致就先归一化，再调 loss 权重；如果某个任务和其他任务方向冲突、又加不了宽度，就改成最小化 loss 的平滑最大值；如果是模型容量不够，就加宽共享层，或者上 MMoE。最后每个任务的指标分开看，不看平均。”
#
# **Senior.** As above.
#
# **高级.** “先证明有冲突：每个任务都和同等调参的单任务模型比，多个随机种子、成对比较，AUC 和 log loss 都看。然后定位原因，因为三种原因从外面看是一样的：量级问题看各任务梯度范数之比，把 loss 归一化到同一量级，或者用 GradNorm、FAMO、IMTL-G；方向问题是共享层装不下两个方向，加几个单元或者加门控就能解决，加不了就把总和换成 loss 的平滑最大值（smooth maximum，温度要调），再试 MGDA，并且逐任务检查，因为别的任务要付代价；容量问题在原宽度下调权重、改梯度作用都很小，要加宽，或者上 MMoE、PLE。loss 权重只定比例，不增加容量；Adam 下
# 所有权重同乘一个常数没有任何变化。单个 batch 上余弦的符号说明不了多少：我们的 batch 上有两成到五成与全量相反。对照表里一直保留调过的权重和加宽的共享层：打不过它们的方法就不需要。单任务模型是基线，不是解法。上线前先写好规则：任何任务相对单任务的损失不超过 x，超过就回滚。”
#
# **Staff.** "Before the method I ask what a conflict costs: which task loses for which other's gain, who owns the margin x, and what serving allows. I look for scale and room first: both are cheaper to fix than gradients. So the table always has tuned weights, normalised losses, a wider trunk, and networks apart, at equal tuning. A negative cosine does not move me: at rest the gradients must cancel, and
# on small batches the sign is mostly noise. The promise of MGDA, no task worse to first order, is one of plain SGD, and PCGrad has it for two tasks only; Adam rescales each weight. If room is bounded by latency, the choice is a business choice of which point on the trade-off we serve. Then the twins score a share of the same rows in shadow, the rollback is automatic, and a small holdback watches the orders."
#
# **专家.** “先问冲突的代价：谁替谁买单，容忍度 x 由谁定，线上延迟给多少预算。先查量级和容量，这两样都比改梯度便宜，所以对照表里永远有：调过的固定权重、归一化的 loss、加宽共享层、单任务模型，调参次数一样。余弦为负不说明问题：收敛时各任务梯度本来就要互相抵消，小 batch 上的符号大半是噪声。MGDA“一阶不伤任何任务”只对普通 SGD 成立，PCGrad 更是只在两个任务时才有这条保证；Adam 会逐权重缩放。如果容量被延迟卡死，那就是在帕累托前沿上选点，这是业务决策。上线后让单任务模型对同一批流量影子打分，逐任务成对比较，触发规则自动回滚；订单再留一小股 holdback 来看。”

# %% [markdown] name="rubric"
# ### Score your own answer · 自评表
#
# | Points | EN | 中文 |
# |---|---|---|
# | 25 | proves it first: twins, equal tuning, seeds, pairs, each task | 先证明：单任务对照、同等调参、多种子成对、逐任务看 |
# | 20 | separates scale, direction, capacity, and names a test of each | 区分量级、方向、容量，并说出各自怎么验证 |
# | 15 | a remedy for each cause, with plain rivals (tuned weights, width) | 一因一药，并带上朴素对手（调权重、加宽） |
# | 10 | what weights cannot do; the ratio under Adam | 权重的局限；Adam 下只有比例有效 |
# | 10 | price: backward passes, weights, serving | 代价：反向次数、参数量、线上开销 |
# | 10 | noise of mini-batch gradients; cosine at rest | 小 batch 梯度的噪声；收敛时的余弦 |
# | 10 | rule of acceptance on a calibrated measure, and rollback | 校准指标上的验收规则和回滚 |
#
# 80 and more: senior. Below 45: say the table's first line first.
#
# ### Wrong answers that sound right · 听起来对的错误答案
#
# - *"The purchase matters most, so it gets the greatest weight."* 业务上最重要，所以权重最大。 Weight is not importance: it shapes the trunk; in lesson 20 a related purchase is best with next to none.
# - *"The cosine is negative, so I use PCGrad."* 余弦为负，所以上 PCGrad。 On a batch half of the pairs are, in a market whose only trouble is scale.
# - *"Train them separately, then there is no conflict."* 拆成单任务就没有冲突了。 True, and the answer to another question.
# - *"Multiply all weights by ten, to learn faster."* 所有权重乘十，学得更快。 Not under Adam.
# - *"Distil one big model into small ones; that lowers the conflict."* 大模型蒸馏成多个小模型，冲突就小了。 The students share nothing; compare with separate models.
# - *"The mean AUC rose."* 平均 AUC 涨了。 Whose fell?

# %% [markdown] name="follow-ups"
# ### Eight follow-up questions · 八个追问
#
# 1. *"How do you know it is a conflict and not a weak task?"* 怎么知道是冲突而不是任务本身难？ Its twin has the same rows and is above it: the first forest of sitting 1.
# 2. *"You multiply all weights by 1000. What changes?"* 所有权重乘 1000 会怎样？ Under SGD everything, under Adam nothing above epsilon: the figure under *Why (1, 1) and (1000, 1000) are the same*.
# 3. *"Half of the pairs have negative cosines. What do you do?"* 一半任务对的余弦为负，怎么办？ Ask on how many rows: the figure under *Full batch or mini-batch?*
# 4. *"Why not just a wider trunk?"* 为什么不直接加宽？ Do, if serving allows: *The cell that surprises*, and the table of prices. Against scale it gains a part (.04, normalised losses .06) and does not touch the cause: the grid's column.
# 5. *"PCGrad or MGDA?"* 选 PCGrad 还是 MGDA？ Turn the playground to 120 degrees and length 10: PCGrad keeps lengths, MGDA favours the short one. In the column *direction* PCGrad, trained to rest, is where equal weights are; MGDA gains, the smooth maximum more.
# 6. *"PCGrad or loss weights?"* 用 PCGrad 还是调权重？ They answer different causes: weights can undo a scale and make no room; PCGrad keeps the lengths. Tiny norm ratio: weights. Two tasks in one narrow layer: room first.
# 7. *"Purchases improve and clicks fall: what now?"* 购买涨了点击掉了，怎么办？ First ask whether it is harm: clicks against their own twin, in log loss. Above x roll back, across x measure more. Then the cause. Only when scale and room are settled is it a trade, and then the owner of clicks decides, not the method.
# 8. *"One task's interval holds x. Launch?"* 区间跨过 x，上不上？ Neither: measure more; the cell under *The rule, before the launch*, and Task 40.7.
#
# **The sentence that sinks you:** "We gave each task a weight and tuned it until the total went down." 给每个任务配个权重，调到总 loss 下降为止。

# %% [markdown] name="recap"
# ## Recap
#
# The follow-up questions stand above.
#
# - **Diagnose, then treat**: twins, norm ratio of the losses as reported, cosines over enough rows; then change one thing at a time.
# - **Scale** is corrected by normalised losses; **direction** by room, and where there is none by the smooth maximum of the losses or MGDA, at the other tasks' cost; **capacity** by width. One symptom for all three.
# - **Weights** (= a weighted loss) set a ratio: they can undo a scale and make no room. A common factor cancels under Adam, without clipping.
# - **Separate models** are the baseline. **Distillation** by soft labels lowers no conflict by itself.
# - **Rule**: harm in log loss against the twin, an interval, a margin x, three answers, and a rollback.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | **E20** | "task weights" and "combination of loss functions" are two methods | one: trained weights differ by **0.0** (*Weights and gradients, by hand*) |
# | **E21** | four remedies, no diagnosis | twins, norm ratio, cosine, mini-batch noise: sitting 1. Three causes show **one** symptom |
# | **E22** | give each task a weight | only the ratio counts under Adam: (1, 1) and (1000, 1000) are the same; a ratio chooses whose loss is given up |
# | **E23** | separate models avoid interference | the baseline, at K times the trunk; partial separation (MMoE, PLE) and groups lie between |
# | **E24** | one complex model taught to several simple ones lowers conflict | the students share nothing; over separate models of their size, see the forest of sitting 4. The form with papers: K teachers, one student (lesson 23) |
# | **E25** | (nothing) | gates, gradient methods, learned weights, grouping, when to use which, how to verify, cost: the table of sitting 4 |
#
# **References**
#
# - T. Yu et al.: Gradient Surgery for Multi-Task Learning (PCGrad). NeurIPS 2020. https://arxiv.org/abs/2001.06782
# - B. Liu et al.: Conflict-Averse Gradient Descent for Multi-task Learning (CAGrad, and its toy). NeurIPS 2021. https://arxiv.org/abs/2110.14048
# - J.-A. Désidéri: Multiple-gradient descent algorithm (MGDA) for multiobjective optimization. Comptes Rendus Mathématique 350, 2012. https://doi.org/10.1016/j.crma.2012.03.014
# - O. Sener, V. Koltun: Multi-Task Learning as Multi-Objective Optimization (MGDA for networks). NeurIPS 2018. https://arxiv.org/abs/1810.04650
# - X. Lin et al.: Smooth Tchebycheff Scalarization for Multi-Objective Optimization (the smooth maximum). ICML 2024. https://arxiv.org/abs/2402.19078
# - Z. Chen et al.: GradNorm. ICML 2018. https://arxiv.org/abs/1711.02257
# - A. Kendall, Y. Gal, R. Cipolla: Multi-Task Learning Using Uncertainty to Weigh Losses. CVPR 2018. https://arxiv.org/abs/1705.07115
# - S. Liu, E. Johns, A. Davison: End-to-End Multi-Task Learning with Attention (DWA). CVPR 2019. https://arxiv.org/abs/1803.10704
# - B. Liu, Y. Feng, P. Stone, Q. Liu: FAMO. NeurIPS 2023. https://arxiv.org/abs/2306.03792
# - L. Liu et al.: Towards Impartial Multi-task Learning (IMTL). ICLR 2021. https://openreview.net/forum?id=IMPnRXEWpvr
# - D. Senushkin et al.: Independent Component Alignment for Multi-Task Learning (Aligned-MTL). CVPR 2023. https://arxiv.org/abs/2305.19000
# - P. Quinton, V. Rey: Jacobian Descent for Multi-Objective Optimization (UPGrad). 2024. https://arxiv.org/abs/2406.16232
# - V. Kurin et al.: In Defense of the Unitary Scalarization for Deep Multi-Task Learning. NeurIPS 2022. https://arxiv.org/abs/2201.04122
# - D. Xin et al.: Do Current Multi-Task Optimization Methods in Deep Learning Even Help? NeurIPS 2022. https://arxiv.org/abs/2209.11379
# - T. Standley et al.: Which Tasks Should Be Learned Together in Multi-task Learning? ICML 2020. https://proceedings.mlr.press/v119/standley20a.html
# - C. Fifty et al.: Efficiently Identifying Task Groupings for Multi-Task Learning. NeurIPS 2021. https://arxiv.org/abs/2109.04617
# - S. Wu, H. Zhang, C. Ré: Understanding and Improving Information Transfer in Multi-Task Learning. ICLR 2020: misaligned task data cause negative transfer. https://arxiv.org/abs/2005.00944
# - W.-H. Li, H. Bilen: Knowledge Distillation for Multi-task Learning. 2020: a teacher for each task, whose features the network matches. https://arxiv.org/abs/2007.06889
# - K. Clark et al.: BAM! Born-Again Multi-Task Networks for Natural Language Understanding. ACL 2019: a teacher for each task, soft labels. https://arxiv.org/abs/1907.04829
# - Y. Hu et al.: Revisiting Scalarization in Multi-Task Learning: A Theoretical Perspective. NeurIPS 2023. https://arxiv.org/abs/2308.13985
