# %% [markdown] name="title" question_zh="小场景要不要跟大场景一起学？要不要有自己的参数？" interview_zh="一个统一模型，还是一个场景一个模型？"
# # 21 · Multi-scenario learning
#
# > May a small scenario learn from a large one, and does it need weights of its own?
#
# **After this lesson you can** choose between one model for all scenarios, one for each, and what lies between; write a layer of STAR; say what PEPNet's gates do; judge inside each scenario; serve a new scenario.
#
# | Essential | Deeper | Level | Before this | In interviews |
# |---|---|---|---|---|
# | 60 | 20 + 15 + 15 | middle | lesson 20 | "One model or one for each scenario?", "explain STAR", "PEPNet: what do EPNet and PPNet do?", "a new scenario starts tomorrow, what do you do?" |

# %% [markdown] name="minute"
# ## In one minute
#
# A shop shows its products in several *scenarios*, such as search, cart or countries. All scenarios have the same label, such as the click. One scenario is small.
#
# **First share.** A small scenario has too few rows for a model of its own. Begin with one *mixed* model for all scenarios. A mixed model fails where scenarios want opposite things.
#
# **Then give each scenario some weights of its own, and measure.** Try few weights before many: a bias, the scenario as a column, *crosses* (products of scenario and column), a *head* (a last layer of its own), a network such as STAR or PEPNet.
#
# **Rows decide.** A scenario with many rows gains less from other scenarios than a small scenario does.
#
# **The kind of difference decides, too.** Scenarios may differ in how often people click, in what a column does, or in what two columns do together. Choose the plainest model that can express this. In our shop this is a regression with crosses. In shops built for STAR, STAR is better than separate networks, and a *factorisation machine* with heads is better than STAR. The machine multiplies the embeddings of each pair of columns.
#
# **Judge inside each scenario.** The AUC over all scenarios rewards a model that only knows in which scenario clicks are frequent.
#
# **A new scenario has no rows to train its weights.** Before it starts, hold out whole scenarios, and compare models on them.

# %% name="imports" tags=["folded"]
# What this lesson imports.
import json
from functools import cache

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit

from course_utils import paths
from course_utils.backend import keras, tf
from course_utils.columns import Columns, Split
from course_utils.comparison import (
    ALL_ROWS,
    Case,
    as_given,
    compare_all,
    crossed_logistic_regression,
    head_per_scenario,
    logistic_regression,
    network_per_task,
)
from course_utils.evidence import claim, evidence
from course_utils.exercises import check, hint, solution
from course_utils.layers import PartitionedNorm
from course_utils.metrics import auc, calibration_ratio, paired_interval
from course_utils.models import STAR
from course_utils.notebook import figure, forest, show, slide
from course_utils.notebook.drawing import described, draw
from course_utils.regimes.family import stored
from course_utils.shop import Shop

ops = keras.ops

# %% name="minute-picture" tags=["folded"]
# Four models in three places: a small market, the same market grown, and a shop built for STAR.
ROWS = json.loads((paths.RESULTS / "star_rows.json").read_text(encoding="utf-8"))
PARTS = {part["rows"]: part["auc"] for part in ROWS["parts"]}
GROUND = stored("star")["wins"]["contenders"]
NAMES = {
    "mixed": "mixed",
    "column": "scenario as a column",
    "head": "head per scenario, by rows",
    "STAR": "STAR",
    "separate": "network per scenario",
    "crosses": "crossed logistic regression",
}


def stored_auc(way, rows):
    """AUC on the small market, one value a seed."""
    return np.array(PARTS[rows][NAMES[way]])


def on_ground(contender):
    """Mean AUC over the twelve markets of a shop built for STAR, one value a seed."""
    return np.array(GROUND[contender]["values"])


SHOWN = {
    "separate networks": ("separate", "network per scenario", "C0"),
    "mixed network": ("mixed", "network without the scenario", "C1"),
    "STAR": ("STAR", "STAR", "C2"),
    "crosses or factorisation machine": ("crosses", "factorisation machine, heads", "C3"),
}
PANELS = {
    "a small market": (150, "separate is lowest"),
    "the same market, grown": (15_000, "crosses lead"),
    "shops built for STAR": (None, "the machine leads"),
}
fig, axes = figure(ncols=3, height=2.6, width=9.0)
alts = []
for ax, (title, (rows, seen)) in zip(axes, PANELS.items(), strict=True):
    said = []
    for place, (text, (way, contender, colour)) in enumerate(SHOWN.items()):
        auc_here = (on_ground(contender) if rows is None else stored_auc(way, rows)).mean()
        ax.barh(place, auc_here - 0.5, left=0.5, height=0.4, color=colour)
        ax.text(auc_here + 0.015, place, f"{auc_here:.2f}", color=colour, va="center")
        if way == "crosses":
            plain = "factorisation machine, heads" if rows is None else "crossed regression"
            ax.text(0.505, place + 0.42, plain, color=colour, va="center", fontsize=8)
        said.append(f"{text} {auc_here:.2f}")
    ax.set(title=f"{title}:\n{seen}", xlim=(0.5, 1.03), ylim=(3.8, -0.6), yticks=[])
    ax.set_xticks((0.5, 0.7, 0.9))
    ax.grid(axis="y", visible=False)
    alts.append(f"{title}: {', '.join(said)}.")
axes[0].set_yticks(range(4), [text.replace(" or ", " or\n") for text in SHOWN])
fig.supxlabel("AUC inside the market: right is better, 0.5 is guessing", fontsize=9)
show(fig, alt="AUC of four models in three places, mean of ten seeds. " + " ".join(alts))

# %% [markdown] name="minute-table"
# | You see | It means | Do | It costs | Check |
# |---|---|---|---|---|
# | the order inside the scenario is fine, but its predictions are too high or too low | only its level differs | add a bias for the scenario | one number | calibration next week |
# | few rows, and own weights show no gain | the rows cannot tell what differs | share everything | nothing | compare again with twice the rows |
# | crosses with the scenario gain inside it | the effects of single columns differ | a regression with crosses and a penalty | a few weights for each scenario | the AUC inside each scenario, over several weeks |
# | STAR, PEPNet or a factorisation machine with heads gains over the crosses | products of columns count | the best of the three | a head, a matrix or a gate, and its upkeep | does a row scored alone get the same score as in a batch? |
# | the scenario's own model is as good as the shared one | it has enough rows | choose by upkeep | one more model to train and monitor | compare both again at each release |
# | a scenario starts tomorrow | it has no rows | the mixed model, or weights made from attributes | nothing | hold out whole scenarios |
#
# The [study page](../docs/studies/21.md) has all tables and settings, and the verdicts that no cell shows.

# %% [markdown] name="essential"
# ## The essential hour
#
# `hint("21.1", 1)` gives a hint. The cells after a *Predict first* are folded: guess, then run them.

# %% [markdown] name="question"
# ### One label, four markets
#
# Our shop has four *markets*, sites with the same customers and products. A row is a product shown to a customer. Market M03 has few rows. The markets are simulated, so we know the true probability of each click.

# %% name="rows" tags=["folded"]
# Rows of four markets: to learn from, to choose by and to judge.
EMBEDDED = ["segment", "city", "category", "brand"]
NUMBERS = ["price", "price_sensitivity", "tenure_days"]


@cache
def markets(seed):
    """Rows to learn from, to choose by and to judge. M03 has few to learn from."""
    rows = Shop(seed, similarity=0.8).markets(80_000, scenarios=4)
    rows = rows[["market", *EMBEDDED, *NUMBERS, "click", "cart", "purchase", "p_click"]]
    rows = rows.assign(price=np.log(rows["price"]))
    before, test = rows[:50_000], rows[50_000:]
    small, others = before[before["market"] == "M03"], before[before["market"] != "M03"]
    train = pd.concat([small[:150], others[:9_000]]).sort_index()
    valid = pd.concat([small[150:200], others[9_000:12_000]]).sort_index()
    return train, valid, test


train, valid, test = markets(0)

# %% name="schema"
LABELS, SCENARIO = ["click", "cart", "purchase"], "market"

by_market = train.groupby(SCENARIO, observed=True)
schema = by_market[LABELS].mean()
schema.insert(0, "rows", by_market.size())
schema.round(3)

# %% [markdown] name="schema-text"
# In this table each label is a task, and each line is a scenario.
#
# - **Multi-task learning**: several labels $y_1, y_2, \dots$ of **one row**. The labels here are `click`, `cart` and `purchase`.
# - **Multi-scenario learning**, also *multi-domain*: **one label from several distributions** $p(x, y \mid s)$. Here the label is `click`, and `market` is the scenario $s$. Both who comes, $p(x \mid s)$, and what they click, $p(y \mid x, s)$, may differ.

# %% [markdown] name="task-1-text"
# ### Task 21.1 · Sort six examples (5 minutes)
#
# Make `kinds` a dictionary with the keys `"A"` to `"F"`. Each value is one of `"multi-task"`, `"multi-scenario"`, `"both"` and `"neither"`. Each letter is a data set, in which each row has all labels:
#
# - `A`: home feed; labels click and purchase.
# - `B`: home feed, searches and cart; label click.
# - `C`: home feed and searches; labels click and purchase.
# - `D`: fifty partners' sites; label click. The site is a column.
# - `E`: home feed; label click. The network has one tower for the customer and one for the product.
# - `F`: texts of reviews; two labels: more than three stars or not, product recommended or not.

# %% name="task-1"
### BEGIN SOLUTION
kinds = {
    "A": "multi-task",
    "B": "multi-scenario",
    "C": "both",
    "D": "multi-scenario",
    "E": "neither",
    "F": "multi-task",
}
### END SOLUTION

check("21.1", kinds)

# %% [markdown] name="ways-text"
# ### What may a market own?
#
# | way | what a market has of its own |
# |---|---|
# | **mixed** | nothing: the network does not see the market |
# | **bias** | one number, added to the logit; a *smoothed bias* is pulled towards zero |
# | **column** | an embedding: the market is one more column of the network |
# | **crosses** | a weight for each value of each column: a logistic regression with market × column |
# | **head** | a last layer: Shared-Bottom with markets in the place of tasks |
# | **STAR** | a factor for each weight of the network |
# | **separate** | a whole network |
#
# The **crossed regression** is the plain rival. Its crosses are market × column, segment × category, segment × brand, and price × price sensitivity. By construction, the rule behind the simulated clicks is nearly a sum of these crosses.
#
# Now M03 grows from 150 to 15,000 training rows. The other markets keep their 9,000 rows. A *shop* is one draw of the simulation. Ten shops compare the models. On other shops we chose each model's setting among at most six.
#
# **Predict first.** With 150 rows the separate network is far below the mixed network. Near how many rows of M03 does the separate network catch up: 300, 1,500 or 5,000?

# %% name="shrink" tags=["after-guess", "folded"]
# Gain over the mixed network as the small market grows. Turn the rows of M03.
COLOURS = {"separate": "C0", "STAR": "C2", "crosses": "C3"}


def over_mixed(way, rows):
    """Mean and 95 % interval of the gain in AUC over the mixed network."""
    gains = stored_auc(way, rows) - stored_auc("mixed", rows)
    return gains.mean(), *paired_interval(gains)


def shrink_picture(dial):
    fig, axes = figure(height=3.6, width=8.4)
    axes.axvline(dial, color="0.9", linewidth=12, zorder=0)
    for way, colour in COLOURS.items():
        mean, low, high = np.transpose([over_mixed(way, rows) for rows in PARTS])
        axes.plot(list(PARTS), mean, "o-", color=colour)
        axes.fill_between(list(PARTS), low, high, color=colour, alpha=0.12, linewidth=0)
        lower = {"separate": -0.013}.get(way, 0.003)
        axes.text(17_000, mean[-1] + lower, way, color=colour)
        at = mean[list(PARTS).index(dial)]
        axes.text(dial, at + 2 * lower + 0.003, f"{at:+.3f}", color=colour, ha="center", fontsize=8)
    axes.axhline(0, color="0.3", linewidth=1)
    axes.set(xscale="log", ylim=(-0.15, 0.06), xlim=(130, 34_000), ylabel="AUC minus that of mixed")
    axes.set_xticks(list(PARTS), [f"{rows:,}" for rows in PARTS])
    axes.minorticks_off()
    axes.set(xlabel="training rows of M03", title="Gain over the mixed network: higher is better")
    return fig


def shrink_words(dial):
    here = ", ".join(f"{way} {over_mixed(way, dial)[0]:+.3f}" for way in COLOURS)
    return (
        "Gain in AUC over the mixed network against the training rows of M03, with 95 % intervals over ten shops. "
        "The separate network starts 0.13 below zero at 150 rows, reaches zero near 1,500 and stays a little above. "
        "STAR starts near zero and rises to 0.02. The crossed regression is above all others from 500 rows on. "
        f"At {dial:,} rows: {here}."
    )


slide(
    shrink_picture, dial="training rows of M03", values=list(PARTS), start=1_500, alt=shrink_words
)

# %% name="shrink-verdict" tags=["after-guess", "folded"]
# Six verdicts over ten shops: a market alone, STAR, and the plain rival.
JUDGED = [
    ("separate-150", "separate", "mixed", 150),
    ("paper-mixed-150", "STAR", "mixed", 150),
    ("paper-mixed-15000", "STAR", "mixed", 15_000),
    ("paper-separate-15000", "STAR", "separate", 15_000),
    ("paper-crossed-1500", "STAR", "crosses", 1_500),
    ("paper-crossed-15000", "STAR", "crosses", 15_000),
]
forest(
    "Alone, shared, or both",
    [
        claim(
            f"21.{name}",
            f"{rows:,} rows: {one} over {other}",
            stored_auc(one, rows),
            stored_auc(other, rows),
            pairs="shops",
        )
        for name, one, other, rows in JUDGED
    ],
)

# %% [markdown] name="paper-why" tags=["after-guess"]
# - **A small market alone has too few rows.** On average the separate network catches up near 1,500 rows; the intervals leave the number open.
# - **STAR gains over the mixed network where M03 has many rows.** With few rows no gain is shown. With many rows no difference from separate networks is shown, so choose by upkeep.
# - **With enough rows the crossed regression is better than STAR.** The regression has the form of the truth.


# %% name="ways" tags=["folded"]
# Four of the ways, trained here on eight shops; M03 has 150 training rows.
@cache
def case(seed):
    parts = markets(seed)
    columns = Columns.fit(parts[0], EMBEDDED, NUMBERS, scenario=SCENARIO)
    tables = [columns.table(part, ["click"]) for part in parts]
    p = {"click": parts[2]["p_click"].to_numpy()}
    return Case(Split(*tables), truth=p, visible=p, judged={"click": np.ones(len(parts[2]), bool)})


SETTINGS = {
    "trunk": ((32,),),
    "tower": ((),),
    "learning_rate": (1e-2,),
    "batch_size": (256,),
    "epochs": (30,),
    "patience": (4,),
    "dropout": (0.0,),
    "weight_decay": (1.0,),
    "embedding_l2": (1e-4,),
}


def head(name, weight):
    """Weight of a market's mean loss: its share of rows (1), or equal (0)."""
    made = head_per_scenario(SETTINGS, name)
    made.grid["task_weights"] = [weight]
    return made


WAYS = {
    "mixed": network_per_task(SETTINGS, as_given, "mixed"),
    "column": network_per_task(SETTINGS, name="column"),
    "head": head("head", 1.0),
    "equal heads": head("equal heads", 0.0),
}
SEEDS = range(8)
found = compare_all(case, list(WAYS.values()), SEEDS, tuning_seeds=(100,), trials=1)


def of(way, market, metric="auc"):
    """A metric of a way in a market, one value a seed."""
    lines = found.results.query("rows == @ALL_ROWS and scenario == @market")
    return lines[lines["contender"] == WAYS[way].name][metric].tolist()


weighed = evidence(
    "21.m01-head-head",
    "M01: head over equal heads",
    of("head", "M01"),
    of("equal heads", "M01"),
    pairs="shops",
)

# %% [markdown] name="ways-why"
# **With heads, look at the loss.** Much code adds up the markets' mean losses. Then a small market weighs as much as a large one: these are *equal heads*. In *head* each row weighs the same, and the large market M01 does better. For M03 with up to 1,500 rows no difference is shown. So compare both losses in each market.

# %% [markdown] name="star-text"
# ### STAR: shared weights times own weights
#
# **STAR** (*Star Topology Adaptive Recommender*, Sheng et al.) gives each layer a shared matrix $W$, and for each scenario $s$ a matrix $W_s$ of the same shape. The paper and our drawing write $p$ for $s$. The product $\otimes$ goes **entry by entry**. Biases are added:
#
# $$z = x W^\star_s + b^\star_s, \qquad W^\star_s = W_s \otimes W, \qquad b^\star_s = b_s + b$$
#
# Let $\delta_i = \partial L / \partial z_i$ for row $i$. The rows of scenario $s$ give the product $W^\star_s$ the gradient $G_s = \sum_{i \in s} x_i^\top \delta_i$. The product rule gives STAR's two gradients:
#
# $$\frac{\partial L}{\partial W} = \sum_s W_s \otimes G_s, \qquad \frac{\partial L}{\partial W_s} = W \otimes G_s$$
#
# So $W$ learns from the rows of all scenarios, and $W_s$ from the rows of scenario $s$ alone. A factor of 0 switches a shared weight off, a factor of -1 turns its sign. Where $W$ is not 0, the product can become **any** matrix. So only the common start and the training keep the scenarios alike.
#
# A **partitioned normalisation** $\mathrm{norm}_s$ (`PartitionedNorm`) uses the scenario's own mean and variance. A small **auxiliary network** reads the scenario's embedding $e_s$ and the embedded row $e(x)$, and adds its logit:
#
# $$y = \sigma\big(\mathrm{star}(\mathrm{norm}_s(e(x))) + \mathrm{aux}([e_s, e(x)])\big)$$


# %% name="star-code"
class StarLayer(keras.layers.Layer):
    """a(x (W_s * W) + b_s + b) for a row of scenario s."""

    def __init__(self, S, d, h, a=None):
        super().__init__()
        self.W = self.add_weight((d, h), "glorot_uniform", name="W")
        self.b = self.add_weight((h,), "zeros", name="b")
        self.W_s = self.add_weight((S, d, h), "ones", name="W_s")
        self.b_s = self.add_weight((S, h), "zeros", name="b_s")
        self.a = keras.activations.get(a)

    def call(self, x, s):
        W = ops.take(self.W_s, s, axis=0) * self.W  # [B, d, h], a matrix for each row
        b = ops.take(self.b_s, s, axis=0) + self.b  # [B, h]
        return self.a(ops.einsum("bd,bdh->bh", x, W) + b)


class Star(keras.layers.Layer):
    """sigmoid(star(norm_s(x)) + aux([e_s, x])) for an embedded row x of scenario s."""

    def __init__(self, S, d):
        super().__init__()
        self.norm, self.e_s = PartitionedNorm(S), keras.layers.Embedding(S, 8)
        self.star = [StarLayer(S, d, 32, "relu"), StarLayer(S, 32, 1)]
        self.aux = [keras.layers.Dense(16, "relu"), keras.layers.Dense(1)]

    def call(self, x, s):
        main, side = self.norm(x, s), ops.concatenate([self.e_s(s), x], axis=1)
        for layer, beside in zip(self.star, self.aux, strict=True):
            main, side = layer(main, s), beside(side)
        return ops.sigmoid(main + side)[:, 0]


# %% [markdown] name="star-equal-text"
# Here $W_s$ starts at 1 and $b_s$ at 0, so STAR begins with shared layers. The folded cells test this and both gradients.

# %% name="star-equal" tags=["folded"]
# At the start a shared layer; the outputs of the course's STAR, after all weights are moved.
course = STAR(case(0).split.train.columns, ["click"], trunk=(32,), tower=())
draws = np.random.default_rng(0)
course.set_weights([one + 0.1 * draws.normal(size=one.shape) for one in course.get_weights()])
codes, numbers, scenario = (part[:512] for part in case(0).split.test.inputs)
x = course.embed(codes, numbers)

start = StarLayer(4, x.shape[1], 32)
shared = ops.matmul(x, start.W) + start.b
print("at its start a shared layer:", np.allclose(start(x, scenario), shared, atol=1e-5))

mine = Star(S=4, d=x.shape[1])
mine(x, scenario)  # makes the weights
layers = zip(mine.star, [*course.trunk, *course.towers["click"]], strict=True)
for own, theirs in [*layers, *zip(mine.aux, course.aux, strict=True)]:
    own.set_weights(theirs.get_weights())
mine.norm.set_weights(course.norm.get_weights())
mine.e_s.set_weights(course.scenario.get_weights())
theirs = course((codes, numbers, scenario))["click"]
print("the same outputs as the course's STAR:", np.allclose(mine(x, scenario), theirs, atol=1e-5))
print("these outputs differ from row to row:", np.ptp(theirs) > 0.1)

# %% name="star-gradient" tags=["folded"]
# Both gradients, for three scenarios of which the last has no row; the loss is the sum of z squared.
layer, rows, s = StarLayer(3, 5, 4), draws.normal(size=(64, 5)), draws.integers(0, 2, size=64)
layer.W_s.assign(draws.normal(size=(3, 5, 4)))
with tf.GradientTape() as tape:
    z = layer(rows, s)
    loss = ops.sum(z**2)
gradients = tape.gradient(loss, [layer.W, layer.W_s])
of_W, of_W_s = (np.asarray(tf.convert_to_tensor(one)) for one in gradients)
W, W_s, delta = np.asarray(layer.W), np.asarray(layer.W_s), 2 * np.asarray(z)
G = np.array([rows[s == one].T @ delta[s == one] for one in range(3)])
print("dL/dW is the sum of W_s * G_s:", np.allclose(of_W, (W_s * G).sum(axis=0), atol=1e-3))
print("dL/dW_s is W * G_s:           ", np.allclose(of_W_s, W * G, atol=1e-3))
print("the scenario without a row:   ", np.abs(of_W_s[2]).max())

# %% name="star-drawing" tags=["folded"]
# The drawing of the network.
show(draw(course), alt=described(course))

# %% [markdown] name="star-parts"
# All products $W_s \otimes W$ are computed before serving. So fifty scenarios cost **memory, not latency**.

# %% [markdown] name="task-2-text"
# ### Task 21.2 · One layer of STAR (8 minutes)
#
# Write `star_layer(x, s, W, b, W_s, b_s)` in NumPy.
#
# - `x`: array `[n, d]`, one or more rows. `s`: array `[n]` of whole numbers, the scenario of each row, in no order.
# - `W` `[d, h]` and `b` `[h]` are shared; `W_s` `[S, d, h]` and `b_s` `[S, h]` hold one entry for each scenario. Some scenarios may have no row.
# - Return an array `[n, h]`: row i is the output for `x[i]` with the weights of scenario `s[i]`. Use no activation. Do not round.
#
# With `x = [[1, 2], [1, 2]]`, `s = [1, 0]`, `W = [[3], [1]]`, `b = [0.5]`, `W_s = [[[1], [1]], [[2], [-1]]]` and `b_s = [[0], [2]]`, row 0 is `1·6 + 2·(-1) + 2 + 0.5 = 6.5`, and row 1 is `3 + 2 + 0 + 0.5 = 5.5`.


# %% name="task-2"
def star_layer(x, s, W, b, W_s, b_s):
    ### BEGIN SOLUTION
    return np.einsum("nd,ndh->nh", x, W_s[s] * W) + b_s[s] + b
    ### END SOLUTION


check("21.2", star_layer)

# %% [markdown] name="verdicts-text"
# ### Where does the product pay?
#
# We built shops of twelve markets for STAR ([page](../docs/when.md#star)). Customers and products have places on three rings, such as a ring of colours. In each market one ring counts. In most markets customers click products near their place on this ring. In the other markets they click distant products. So all markets need the same places, but in some nearness has the opposite sign.
#
# The inner product of two embeddings can say how near two places are. A **factorisation machine** (Rendle) computes these inner products, and a linear head for each market weighs them. A *DCN* has layers that multiply columns. All models have the same columns, trials and stopping rule.
#
# **Predict first.** How many of the eighteen rivals are better than STAR?

# %% name="verdicts" tags=["after-guess", "folded"]
# STAR against six of the eighteen rivals, in ten shops built for STAR.
RIVALS = {
    "machine": ("factorisation machine with heads", "factorisation machine, heads"),
    "dcn": ("DCN with heads", "DCN, heads"),
    "tuned": ("one trunk, fine-tuned by market", "pretrained, then fine-tuned"),
    "heads": ("Shared-Bottom with heads", "Shared-Bottom, head per scenario"),
    "column": ("the market as a column", "network per task"),
    "apart": ("separate networks", "network per scenario"),
}
forest(
    "Built for STAR: STAR against six rivals",
    [
        claim(
            f"21.ground-{name}",
            f"STAR over {text}",
            on_ground("STAR"),
            on_ground(contender),
            pairs="shops",
        )
        for name, (text, contender) in RIVALS.items()
    ],
)
lost = stored("star")["wins"]["loses_to"]
print("better than STAR:", len(lost), "of", len(GROUND) - 1)

# %% [markdown] name="verdicts-why" tags=["after-guess"]
# **Seven rivals are better than STAR.** Five of them combine columns, and each market uses the combinations its own way: two factorisation machines with heads, two DCNs, and boosted trees on embeddings. The other two have one trunk for all markets, fine-tuned for each market or frozen below a regression.
#
# **Here STAR is better than separate networks, and than a network with the market as a column.** The gain over Shared-Bottom with heads is small.
#
# Where M03 grows, we removed the factors, the normalisation or the auxiliary network. After Holm's correction **no part is shown to help**.

# %% [markdown] name="families-text"
# ### PEPNet: two gates in the place of matrices
#
# **PEPNet** (Chang et al.) scales what one shared network computes. Its building block is the *gate* $g$, with values between 0 and 2:
#
# $$g(u) = 2\,\sigma\big(W'\,\mathrm{relu}(W u + b) + b'\big)$$
#
# **EPNet** gates the embeddings. **PPNet** gates each layer $H_l$ of each task's tower:
#
# $$\text{EPNet: } O = g\big([e_s, \mathrm{sg}(e(x))]\big) \otimes e(x), \qquad \text{PPNet: } H_{l+1} = \mathrm{relu}\Big(\big(g_l([\mathrm{prior}, \mathrm{sg}(O)]) \otimes H_l\big) W_l + b_l\Big), \quad H_1 = O$$
#
# | | its gate reads | so the network adapts to |
# |---|---|---|
# | **EPNet** | the scenario's embedding $e_s$, in the paper also how often user and item occur in it | the scenario |
# | **PPNet** | the *prior*: embeddings of ids, in the paper of user, item and author | the customer and the product |
#
# - sg is the **stop-gradient**: a gate reads $e(x)$ and $O$ but does not train them. It trains $e_s$ or the prior, which are not inside sg.
# - A gate weakens an entry, amplifies it or switches it off. **A gate cannot turn a sign.** For opposite tastes some units must raise the click, and other units lower it. The gates choose among these units.
#
# In shops [built for PEPNet](../docs/when.md#pepnet) a factorisation machine with heads is better than PEPNet.

# %% [markdown] name="m2m-text"
# **Three more networks.** M2M loses to Shared-Bottom with heads even in shops [built for M2M](../docs/when.md#m2m). HMoE and M3oE we judged only where we expected them to lose. They lose.
#
# | | formula | what belongs to the market | the plain rival |
# |---|---|---|---|
# | **M2M** | $h' = \mathrm{reshape}(V t + v)\, h + b$ | a layer's weights, made from a vector $t$ that describes the market | a regression with attributes × columns |
# | **HMoE** | $y_s = \sigma\big(\sum_j W_{sj} z_j\big)$, with the gradient stopped in $z_j$ for $j \ne s$ | a tower for its logit $z_s$, trained by its rows alone; its weights $W_{sj}$ on all logits | stacking: the scores of large markets as columns |
# | **M3oE** | $y_{sk} = \sigma\big(\mathrm{tower}_{sk}(\mathrm{shared} + a\,\mathrm{domain}_s + c\,\mathrm{task}_k)\big)$, with learned $a$ and $c$ | towers, and an expert: $\mathrm{domain}_s$ mixes it with the mean of the other markets' experts by one learned number | a regression for each task, with crosses |

# %% [markdown] name="pooled-text"
# ### Judge inside each market
#
# Two markets have equally many rows. In one market 5.5 % of the rows are clicked, in the other 40 %. A model predicts for each row its market's share.
#
# **Predict first.** What is the model's AUC in each market? What is its *pooled* AUC, over the rows of both markets?

# %% name="pooled" tags=["after-guess"]
draws = np.random.default_rng(0)
rate = np.repeat([0.055, 0.40], 20_000)
y = (draws.random(40_000) < rate).astype(int)
for name, rows in [("market 1", slice(0, 20_000)), ("market 2", slice(20_000, None)), ("pooled", slice(None))]:  # fmt: skip
    print(f"{name:<9} AUC {auc(y[rows], rate[rows]):.3f}")

# %% [markdown] name="pooled-why" tags=["after-guess"]
# The model orders nothing inside a market. No request ranks rows of one market against rows of the other. **The pooled AUC rewards an order that no customer sees.**

# %% [markdown] name="pooled-predict"
# **Predict first.** The network with the market as a column gains over the mixed network. Does the AUC rise inside the markets, pooled, or both? How much of the pooled gain does a bias for each market bring?


# %% name="pooled-real" tags=["after-guess", "folded"]
# Four verdicts: the same two networks, and mixed with a bias for each market.
def soft_auc(p, z):
    """The AUC that labels drawn from the probabilities p would have on average."""
    order = np.argsort(z)
    p, q = p[order], 1 - p[order]
    return (p * (np.cumsum(q) - q / 2)).sum() / (p.sum() * q.sum())


def too_high(bias, z, rate):
    return expit(z + bias).mean() - rate


def pooled_with_bias(seed):
    """Pooled AUC of mixed with a bias for each market."""
    split, mixed = case(seed).split, WAYS["mixed"]
    trial = {name: values[0] for name, values in mixed.grid.items()}
    learned, z = (
        logit(mixed.fit(split, seed, trial, ["click"], asked)["click"])
        for asked in ("train", "test")
    )
    for s in range(4):
        rows = split.train.scenario == s
        rate = split.train.labels["click"][rows].mean()
        z[split.test.scenario == s] += brentq(too_high, -5, 5, args=(learned[rows], rate))
    return soft_auc(case(seed).truth["click"], z)


with_bias = [pooled_with_bias(seed) for seed in SEEDS]
POOLED = [
    ("column-mean", "inside the markets: column over mixed", of("column", "mean"), of("mixed", "mean")),
    ("column-pooled", "pooled: column over mixed", of("column", "all"), of("mixed", "all")),
    ("bias-pooled", "pooled: mixed + bias over mixed", with_bias, of("mixed", "all")),
    ("column-bias", "pooled: column over mixed + bias", of("column", "all"), with_bias),
]  # fmt: skip
forest(
    "One gain, judged twice",
    [claim(f"21.{name}", words, *both, pairs="shops") for name, words, *both in POOLED],
)

# %% name="calibration" tags=["after-guess", "folded"]
# The level in M03, from twenty stored shops: a bias that is pulled towards zero, and the column.
MORE = json.loads((paths.RESULTS / "scenario_more.json").read_text(encoding="utf-8"))
BIAS = MORE["bias"]["forms"]
level = evidence(
    "21.bias-m03",
    "Log loss in M03: mixed + smoothed bias over mixed",
    BIAS["smoothed bias"]["M03 log loss"],
    BIAS["mixed"]["M03 log loss"],
    unit="log loss",
    pairs="shops",
    higher_is_better=False,
)
for name in ("mixed", "smoothed bias", "column"):
    ratio = np.array(BIAS[name]["M03 calibration"])
    print(f"{name:<13} mean prediction over mean truth in M03: {ratio.min():.1f} to {ratio.max():.1f}")  # fmt: skip

# %% [markdown] name="calibration-why" tags=["after-guess"]
# Inside the markets no gain of the column is shown. Most of the pooled gain comes from *base rates*, the markets' shares of clicks: a bias brings it. **Calibration**, mean prediction over mean truth, judges the level.
#
# With few rows the market's own share of clicks is noisy. So pull the bias towards zero: add imaginary rows, clicked as often as the mixed network predicts. In M03 this *smoothed bias* lowers the log loss of the mixed network. No gain over an unsmoothed bias is shown.

# %% [markdown] name="task-4-text"
# ### Task 21.4 · A report by scenario (10 minutes)
#
# Write `report(y, p, s)`.
#
# - `y`: array `[n]` of 0 and 1, both occur. `p`: array `[n]` of probabilities; some may be equal. `s`: array `[n]` of text, the scenario of each row, in no order; no scenario is called `"all"`.
# - Return a dictionary. Its keys are the scenarios in `s`, and `"all"` for all rows together. Its values are `(AUC, calibration)`.
# - `auc(y, p)` from the imports gives the AUC of rows in which both labels occur. Calibration is the mean of `p` over the mean of `y`.
# - If a scenario has only one label, its AUC is `None`. If it has no positive, its calibration is `None`.
#
# For `y = [1, 0, 1, 0, 0, 0]`, `p = [.6, .2, .6, .6, .1, .2]` and `s = [home, home, cart, cart, mail, mail]` it returns `home`: `(1.0, 0.8)`, `cart`: `(0.5, 1.2)`, `mail`: `(None, None)`, `all`: `(0.875, 1.15)`.


# %% name="task-4"
def report(y, p, s):
    ### BEGIN SOLUTION
    def pair(y, p):
        both = 0 < y.sum() < len(y)
        return auc(y, p) if both else None, p.mean() / y.mean() if y.any() else None

    return {"all": pair(y, p)} | {one: pair(y[s == one], p[s == one]) for one in set(s.tolist())}
    ### END SOLUTION


check("21.4", report)

# %% [markdown] name="real-text"
# **On real data?** Ta Feng is a grocery shop. Which customers come back in February? The customer's area is the scenario. One of two logistic regressions has the area as a column.

# %% name="real" tags=["folded"]
# Stored: five folds of the customers. The training rows of two folds overlap, so the intervals are wider.
AREAS = MORE["areas"]["auc"]
for name, where, words in [("column-pooled", "all", "pooled"), ("column", "mean", "inside the areas")]:  # fmt: skip
    real = evidence(
        f"21.areas-{name}",
        f"{words}: the area as a column over no area",
        AREAS["LR, column"][where],
        AREAS["LR, mixed"][where],
        pairs="folds",
        overlap=1 / 3,
    )

# %% [markdown] name="real-why"
# The area tells how *many* customers come back, but is not shown to tell *who*. In a regression the column adds the same number to all customers of an area. Crosses and STAR can change the order inside an area, but show no gain over the mixed regression.

# %% [markdown] name="interviews"
# ### Say it aloud
#
# <!-- bank: ms-01 -->

# %% [markdown] name="follow-ups"
# **Asked next**
#
# | | |
# |---|---|
# | *Explain STAR.* | Each layer multiplies shared weights by the scenario's, entry by entry, and adds both biases. Each scenario has its own mean and variance. An auxiliary network adds a logit. Serving costs memory: the products are computed before. In simulated shops built for STAR, a factorisation machine with heads was ahead. |
# | *PEPNet?* | EPNet gates embeddings by the scenario, PPNet gates tower layers by ids. A gate cannot turn a sign. |
# | *Pooled AUC rose. Launch?* | Not yet: base rates may have raised it. I ask for AUC and calibration in each scenario. |
# | *A new scenario starts tomorrow?* | A model that needs its id cannot serve. I hold out whole scenarios to choose between the mixed model and weights made from attributes. After the start I log, and correct its bias first. |

# %% [markdown] name="norm-text"
# ## Deeper: STAR aloud, and which bugs hide? (20 minutes)
#
# ### How good is the mean of four rows?
#
# Batch normalisation subtracts the batch's mean and divides by its standard deviation. If the rows of markets differ, the mean of a mixed batch fits no market. STAR's **partitioned normalisation** keeps a mean $m_s$ and a variance $v_s$ for each scenario. $\gamma$ and $\beta$ are shared:
#
# $$\mathrm{norm}_s(z) = \gamma \gamma_s \, \frac{z - m_s}{\sqrt{v_s + \epsilon}} + \beta + \beta_s$$
#
# In training $m_s$ and $v_s$ come from the scenario's rows in the batch. In serving they are moving averages. In the paper a batch holds one scenario. In a mixed batch of 256 rows M03 has about four. The mean $m$ and the variance $v$ of $n$ normal rows with deviation $\sigma$ are noisy:
#
# $$\mathrm{sd}(m) = \frac{\sigma}{\sqrt{n}}, \qquad \mathrm{E}(v) = \frac{n-1}{n}\sigma^2, \qquad \mathrm{sd}(v) = \frac{\sqrt{2(n-1)}}{n}\,\sigma^2$$
#
# **Predict first.** A row outside the batch, one standard deviation above its market's mean, should become `1.0`. Between which values does the result lie in nine of ten batches: with thirteen rows of the market in a batch, and with four?

# %% name="norm-errors" tags=["after-guess", "folded"]
# What a value of 1.0 becomes, by the rows of its market in the batch.
draws = np.random.default_rng(0)
lines = {}
for n in (4, 13, 52, 256):
    batches = draws.normal(size=(20_000, n))
    m, v = batches.mean(axis=1), batches.var(axis=1)
    low, high = np.quantile((1.0 - m) / np.sqrt(v + 1e-3), [0.05, 0.95])
    lines[n] = {"sd of m": m.std(), "mean of v": v.mean(), "sd of v": v.std(), "1.0 becomes, 5 %": low, "95 %": high}  # fmt: skip
pd.DataFrame(lines).T.rename_axis("rows").round(2)

# %% [markdown] name="norm-why" tags=["after-guess"]
# Moving averages reduce this noise. **They keep the bias of the variance**: they settle at $\frac{n-1}{n}\sigma^2$. If a training batch has one row of a scenario, $z - m = 0$, so the input is lost. Keras and the course's `PartitionedNorm` have these faults. Yet without the normalisation no gain is shown.
#
# **For serving**, average $v\,n/(n-1)$, and leave out batches with one row of the scenario. **For training**, put one scenario in a batch, as in the paper.
#
# What if code also *serves* with the batch's statistics?

# %% name="norm-bug" tags=["folded"]
# One row alone, and the same row in a batch, with both kinds of statistics.
alone = (codes[:1], numbers[:1], scenario[:1])
before = course.get_weights()
for training, name in [(False, "moving averages"), (True, "statistics of the batch at hand")]:
    together = np.asarray(course((codes, numbers, scenario), training=training)["click"])[0]
    by_itself = np.asarray(course(alone, training=training)["click"])[0]
    same = np.isclose(together, by_itself, atol=1e-5)
    print(f"served with {name}: does a row get the same score alone and in a batch? {same}")
    course.set_weights(before)  # training=True moves the averages

z = np.linspace(-4, 4, 9)
print("If the auxiliary network gives the logit -2, and the main part any number from -4 to 4,")
print(f"the lowest prediction is {expit(np.maximum(z, 0) - 2).min():.3f} with a ReLU after the main part, {expit(z - 2).min():.3f} without")  # fmt: skip

# %% [markdown] name="norm-bug-why"
# STAR in [Scenario-Wise-Rec](https://github.com/Xiaopengli1/Scenario-Wise-Rec) (`scenario_wise_rec/models/multi_domain/star.py`, commit `24c0e2d`) serves with the batch's own statistics. The code has two more bugs: one mean for all scenarios, and a ReLU on the last layer. With the ReLU the main part cannot lower the logit of the auxiliary network.

# %% [markdown] name="hmoe-bug-text"
# ### The order of the rows
#
# HMoE in [fun-rec](https://github.com/datawhalechina/fun-rec) (`src/funrec/models/hmoe.py`, commit `0abc499`) computes its predictions scenario by scenario, and joins these parts one below the other. No error is raised, but the labels keep the old order.
#
# **Predict first.** Which AUC do a perfect model's predictions have in this wrong order?

# %% name="hmoe-bug" tags=["after-guess", "folded"]
# A perfect model, with the rows in three orders.
p, s, y = test["p_click"].to_numpy(), test["market"].cat.codes.to_numpy(), test["click"].to_numpy()
joined = np.concatenate([p[s == one] for one in range(4)])
print(f"each prediction beside its own label:             AUC {auc(y, p):.2f}")
print(f"predictions market by market, labels as before:   AUC {auc(y, joined):.2f}")

written = np.empty_like(p)
for one in range(4):
    written[s == one] = p[s == one]
print(f"each prediction written back to its row:          AUC {auc(y, written):.2f}")

# %% [markdown] name="m3oe-text" tags=["after-guess"]
# Two tests find such bugs: score one row alone and in a batch, and score a batch in another order. No row's output may change.

# %% [markdown] name="task-3-text"
# ### Task 21.3 · Partitioned normalisation, as it serves (8 minutes)
#
# Write `partitioned_norm(z, s, mean, variance, gamma, beta, gamma_s, beta_s)`.
#
# - `z`: array `[n, d]`; `s`: array `[n]`, the scenario of each row. One row alone is a batch too.
# - `mean`, `variance`: arrays `[S, d]`, the moving averages of each scenario; `gamma`, `beta`: arrays `[d]`; `gamma_s`, `beta_s`: arrays `[S, d]`.
# - Return an array `[n, d]` by the formula above, with `epsilon = 0.001`. Do not round.
#
# With `z = [[3], [3]]`, `s = [0, 1]`, `mean = [[1], [2]]`, `variance = [[3.999], [0.249]]`, `gamma = [2]`, `beta = [0.5]`, `gamma_s = [[1], [3]]` and `beta_s = [[0], [1]]` the result is `[[2.5], [13.5]]`.


# %% name="task-3"
def partitioned_norm(z, s, mean, variance, gamma, beta, gamma_s, beta_s):
    ### BEGIN SOLUTION
    unit = (z - mean[s]) / np.sqrt(variance[s] + 0.001)
    return gamma * gamma_s[s] * unit + beta + beta_s[s]
    ### END SOLUTION


check("21.3", partitioned_norm)

# %% [markdown] name="star-interview"
# <!-- bank: ms-02 -->

# %% [markdown] name="new-text"
# ## Deeper: what serves a new scenario? (15 minutes)
#
# Tomorrow the shop opens markets without any training row. A network with a column, a head or a matrix for each market has **no trained weights** for new markets. Each market has four known *traits* $t$, such as its language. Three models need no id:
#
# - **mixed** does not see the market.
# - **traits as columns**: each trait has one weight.
# - **attributes**: a logistic regression with products trait × column. A market with traits $t$ has the weights $w + V t$ and the bias $b + c \cdot t$.
#
# Training leaves out the smallest ten of fifty simulated markets. The dial `explained` is the share of the markets' differences that the traits tell.
#
# **Predict first.** How much AUC does *attributes* gain over *mixed* in the new markets: with `explained=0.9`, and with `explained=0`?


# %% name="new" tags=["after-guess", "folded"]
# Three models on ten markets that training never saw.
TRAITS = ["trait_1", "trait_2", "trait_3", "trait_4"]


@cache
def parts_of(seed, explained):
    """Rows to learn from and to choose by of forty markets; rows to judge of ten others."""
    rows = Shop(seed, similarity=0.5).markets(80_000, scenarios=50, explained=explained)
    rows["price"] = np.log(rows["price"])
    is_new = rows["market"].cat.codes >= 40
    seen, new = rows[~is_new], rows[is_new]
    return seen[:25_000], seen[25_000:28_000], new


def day_one_auc(explained, contender, numbers):
    """The mean AUC over the ten markets, one value a seed."""
    found = []
    for seed in range(NEW_SEEDS):
        parts = parts_of(seed, explained)
        columns = Columns.fit(parts[0], EMBEDDED, numbers)
        split = Split(*(columns.table(part, ["click"]) for part in parts))
        said = contender.fit(split, seed, {"C": 0.03}, ["click"], "test")["click"]
        p, market = (parts[2][name].to_numpy() for name in ("p_click", "market"))
        each = [market == one for one in np.unique(market)]
        found.append(np.mean([soft_auc(p[rows], said[rows]) for rows in each]))
    return found


NEW_SEEDS = 10
PRODUCTS = [(trait, name) for trait in TRAITS for name in [*EMBEDDED, *NUMBERS]]
day_one = {}
for explained in (0.9, 0.0):
    mixed = logistic_regression((0.03,), name="mixed")
    attributes = crossed_logistic_regression(PRODUCTS, (0.03,), name="attributes")
    day_one[explained] = {
        "mixed": day_one_auc(explained, mixed, NUMBERS),
        "traits as columns": day_one_auc(explained, mixed, [*NUMBERS, *TRAITS]),
        "attributes": day_one_auc(explained, attributes, [*NUMBERS, *TRAITS]),
    }

# %% name="new-verdict" tags=["after-guess", "folded"]
# Four verdicts on ten markets that training never saw.
forest(
    "Markets of day one",
    [
        claim(
            f"21.{start}-{round(100 * explained)}",
            f"traits tell {explained:.0%}: {way} over mixed",
            found[way],
            found["mixed"],
            pairs="shops",
        )
        for explained, found in day_one.items()
        for start, way in [("new", "attributes"), ("traits", "traits as columns")]
    ],
)

# %% [markdown] name="new-why" tags=["after-guess"]
# Where traits tell nearly everything, *attributes* gains much over *mixed*. *Traits as columns* shows no gain: it adds one number to all rows of a market, which alone changes no order. Where traits tell nothing, *attributes* is **worse** than *mixed*. So **hold out whole markets**, not rows, before you choose.
#
# *A tenth market* in [lesson 33](33_scalability.ipynb) also tries a trained id for "unknown".

# %% [markdown] name="task-6-text"
# ### Task 21.6 · Day one (8 minutes)
#
# Write `day_one_probabilities(x, t, w, V, b, c)`: the click probabilities of a market that training never saw.
#
# - `x`: array `[n, d]`, its rows. `t`: array `[k]`, its attributes.
# - Shared: weights `w`, array `[d]`, perhaps of whole numbers, and bias `b`, a number. Added by attributes: `V`, array `[d, k]`, to the weights; `c`, array `[k]`, to the bias.
# - Return an array `[n]`: sigmoid of $x \cdot (w + V t) + b + c \cdot t$, not rounded. The sigmoid's argument may be as large as `±800`; do not clip it.
#
# With `x = [[1, 0], [1, 2]]`, `t = [1, -1]`, `w = [0.5, 1]`, `V = [[1, 0.5], [0, 1]]`, `b = -1` and `c = [0.5, 0.5]` the weights are `[1, 0]`, the bias is `-1`, and both rows have `sigmoid(0) = 0.5`.


# %% name="task-6"
def day_one_probabilities(x, t, w, V, b, c):
    ### BEGIN SOLUTION
    z = x @ (w + V @ t) + b + c @ t
    return 1 / (1 + np.exp(-z))
    ### END SOLUTION


check("21.6", day_one_probabilities)

# %% [markdown] name="new-interview"
# <!-- bank: ms-08 -->

# %% [markdown] name="imbalance-text"
# ## Deeper: what repairs a small scenario? (15 minutes)
#
# One training row in sixty is from M03. The usual answer is **sampling at a temperature** $T$: draw scenario $s$ in proportion to $n_s^{1/T}$, where $n_s$ is its number of rows. $T = 1$ keeps the logged shares, $T = \infty$ makes all shares equal. A weight on each row's loss does the same on average.
#
# We try three temperatures on two logistic regressions: *mixed*, and a regression that adds each market's own weights.
#
# **Predict first.** With own weights and $T = \infty$: how much AUC does M03 gain over $T = 1$?

# %% name="imbalance" tags=["after-guess", "folded"]
# Stored: the gain in AUC over T = 1, at T = 2 and at T = infinity.
SHARES = MORE["temperature"]
WEIGHTS = {"mixed": "mixed", "crossed": "own weights"}
forest(
    "Small markets drawn more often than at T = 1: one small gain",
    [
        claim(
            f"21.{start}-{model}-{market.lower()}",
            f"{size} market, {words}: {told} over T = 1",
            SHARES[model][T]["auc"][market],
            SHARES[model]["1"]["auc"][market],
            pairs="shops",
        )
        for model, words in WEIGHTS.items()
        for start, T, told, market, size in [
            ("warm", "2", "T = 2", "M03", "small"),
            ("alike", "inf", "T = ∞", "M03", "small"),
            ("alike", "inf", "T = ∞", "M01", "large"),
        ]
    ],
)

# %% [markdown] name="imbalance-why" tags=["after-guess"]
# - **Without own weights $T = 2$ helps M03 a little.** Equal shares show no gain.
# - **With own weights, more copies of M03's rows make M03 worse.**
# - **The large market gets worse** at both temperatures, in both regressions.

# %% [markdown] name="task-5-text"
# ### Task 21.5 · Shares at a temperature (6 minutes)
#
# Write `shares(rows, temperature)`.
#
# - `rows`: a dictionary, scenario → number of training rows. The number may be zero, but not in all scenarios. `temperature`: a number, at least one; it may be `float("inf")`.
# - Return a dictionary, scenario → `(share, times)`. `share`: its share of the drawn rows. `times`: how often each of its rows is drawn on average, in as many draws as there are rows. A scenario without rows has `(0.0, 0.0)`.
# - Do not round.
#
# `shares({"home": 900, "cart": 100}, 2.0)`: the weights are `30` and `10`, so `home` has `(0.75, 0.8333)` and `cart` `(0.25, 2.5)`.


# %% name="task-5"
def shares(rows, temperature):
    ### BEGIN SOLUTION
    weights = {name: n ** (1 / temperature) if n else 0.0 for name, n in rows.items()}
    total, drawn = sum(weights.values()), sum(rows.values())
    return {
        name: (weights[name] / total, weights[name] / total * drawn / n if n else 0.0)
        for name, n in rows.items()
    }
    ### END SOLUTION


check("21.5", shares)

# %% [markdown] name="drift-text"
# ### The market that drifts
#
# From its third week on, clicks in M03 become more likely: their log odds rise by 0.7. The model still predicts the true probabilities of the first two weeks.
#
# **Predict first.** How far is the pooled calibration from 1? How does the AUC in M03 change?

# %% name="drift" tags=["after-guess", "folded"]
# Six weeks of M03: calibration pooled and by market, the AUC, and a bias from last week's gap.
rows = Shop(0, similarity=0.8).markets(240_000, scenarios=4)
p, s = rows["p_click"].to_numpy(), rows["market"].cat.codes.to_numpy()
week = np.arange(len(p)) * 6 // len(p) + 1
now = np.where((s == 2) & (week >= 3), expit(logit(p) + 0.7), p)
draws = np.random.default_rng(1)
clicks = (draws.random(len(p)) < now).astype(int)


def missing(shift, rows):
    """Clicks that the predictions lack once their logit is shifted."""
    return clicks[rows].mean() - expit(logit(p[rows]) + shift).mean()


lines = {}
for one in range(1, 7):
    rows, small = week == one, (week == one) & (s == 2)
    before = (week == one - 1) & (s == 2)
    gap = abs(clicks[before].sum() - p[before].sum())
    clear = gap > 2 * np.sqrt(clicks[before].sum())
    shift = brentq(missing, -3, 3, args=(before,)) if clear else 0.0
    lines[one] = {
        "calibration, pooled": calibration_ratio(clicks[rows], p[rows]),
        "in M03": calibration_ratio(clicks[small], p[small]),
        "in M03, with bias": calibration_ratio(clicks[small], expit(logit(p[small]) + shift)),
        "AUC in M03": auc(clicks[small], p[small]),
    }
pd.DataFrame(lines).T.rename_axis("week").round(2)

# %% [markdown] name="drift-why" tags=["after-guess"]
# From week three on the model predicts only six tenths of the clicks in M03. Over all markets less than a tenth is missing. The AUC in M03 shows no drift: if all log odds rise alike, the order stays.
#
# A bias on the logit of M03 makes last week's mean prediction equal to last week's share of clicks. So it repairs the level one week late. One week's clicks are noisy, so we set the bias only if clicks and predicted clicks differ by more than twice the square root of the clicks, which chance rarely explains. **Watch calibration by scenario, and keep a bias that can be set without training.**

# %% [markdown] name="small-interview"
# <!-- bank: ms-09 -->

# %% [markdown] name="recap"
# ## Recap
#
# - A task is a column of labels. A scenario is a value of the column that says where a row comes from.
# - A small scenario alone has too few rows. Share first. Add own weights where a gain inside the scenario is shown.
# - STAR has weights $W_s \otimes W$, biases $b_s + b$, a mean and a variance for each scenario, and an auxiliary network.
# - In shops built for STAR, STAR beats separate networks, and a factorisation machine with heads beats STAR.
# - Report AUC and calibration for each scenario. The pooled AUC rewards knowing the base rates.
# - A new scenario has no trained weights. Hold out whole scenarios.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | **E9** | multi-scene learning is "learning different forms of the same task in different scenes" | several labels of one row are tasks; **one label from several distributions** $p(x, y \mid s)$ is multi-scenario |
# | multi-scene learning, as a topic | has one line, and nothing to run | seven ways, STAR among them; PEPNet, M2M, HMoE and M3oE; plain rivals |
# | E13 (a part) | has no metric by scenario, and no unequal scenarios | AUC and calibration by scenario; sampling at a temperature |
#
# **References**
#
# | | |
# |---|---|
# | STAR | X.-R. Sheng et al.: One Model to Serve All. CIKM 2021. https://arxiv.org/abs/2101.11427 |
# | PEPNet | J. Chang et al.: Parameter and Embedding Personalized Network. KDD 2023. https://arxiv.org/abs/2302.01115 |
# | factorisation machine | S. Rendle: Factorization Machines. ICDM 2010. https://doi.org/10.1109/ICDM.2010.127 |
# | M2M | Q. Zhang et al.: Leaving No One Behind. WSDM 2022. https://arxiv.org/abs/2201.06814 |
# | HMoE | P. Li et al.: Improving Multi-Scenario Learning to Rank in E-commerce. CIKM 2020. https://doi.org/10.1145/3340531.3412713; gates and softmax as in the benchmark MMLRec, github.com/alipay. To add logits is our reading |
# | M3oE | Z. Zhang et al.: Multi-Domain Multi-Task Mixture-of-Experts. SIGIR 2024. https://arxiv.org/abs/2404.18465; one learned number as in the authors' code, github.com/Applied-Machine-Learning-Lab/M3oE |
