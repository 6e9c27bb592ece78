# %% [markdown] name="title" question_zh="大模型到底有多贵？怎样才能便宜到可以上线（LoRA、蒸馏、量化、缓存）？" interview_zh="怎么让大模型又快又省？"
# # 32 · Large models, claim 3: do they use resources more efficiently?
#
# > What does a large model cost, and how does it become cheap enough to serve?
#
# **After this lesson you can** tell what sharing saves from what size costs; count an encoder's parameters, multiply-adds and memory; build LoRA, a text
# student and a product of 8-bit integers; foretell a cache's hit rate; and fill a price per thousand requests.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 40 + 45 + 30 + 30 + 35 + 35 | senior | lessons 20 and 23; 41 helps | "Make the large model fast and cheap", "What does LoRA save?", "What does a thousand requests cost?" |
#
# Run each cell with Shift+Enter. Eight cells wait for your code: replace the dots, run, read the verdict. `hint("32.1", 1)`
# helps, and so do levels 2 and 3. What follows a *Predict first* is closed until you run it.

# %% name="imports"
import json
from collections import Counter, OrderedDict

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import log_softmax, softmax

from course_utils import paths
from course_utils.backend import keras
from course_utils.encoder import MINILM, load
from course_utils.evidence import claim, evidence
from course_utils.exercises import check, hint, solution
from course_utils.notebook import figure, forest, show
from course_utils.shop import Shop

# %% [markdown] name="question"
# ## Sitting 1 · Sharing or size?
#
# The article that this course takes apart names four advantages of large models. The third:
#
# > **更高效的资源利用**：大模型可以在多个任务间共享参数，降低计算资源消耗。
# > (*More efficient use of resources*: a large model can share parameters among tasks, which lowers the use of computation.)
#
# Two things stand in one sentence. *Sharing*: several tasks read one trunk. *Size*: the trunk has many weights. Which of the two saves something? And the article names no cost at all: no milliseconds, no tokens, no price.
# "Large" is not defined there either. Here the largest whose quality is measured is MiniLM, a text encoder of 22.6 million parameters (without its pooler, with which model cards count 22.7; the recipe is Wang et al. 2020), small as such models go today; what is said of larger ones is cited.

# %% [markdown] name="first"
# ### A result first: what sharing saves, what size costs
#
# The shop's log has three tasks: *click* on every row, *cart* and *purchase* on the clicked ones. Three networks of one task each, or one trunk with three towers; widths 64 and 32, or four times as wide. *Narrow* networks have widths 24 and 16: the three together have about the one trunk's multiply-adds. All is counted on the objects, for a row with its three answers. Stored: `benchmarks/sharing_or_size.py`.
#
# **Predict first.** Four times the width: how many times the multiply-adds? (Inputs and towers keep their widths.) And does sharing save as much in *training* as in serving?

# %% name="first-table" tags=["after-guess"]
# What a row costs in serving, all three answered; then an epoch of training.
SHARED = json.loads((paths.RESULTS / "sharing_or_size.json").read_text(encoding="utf-8"))
WAYS = ("three networks, narrow", "three networks", "one trunk", "three networks, wide", "one trunk, wide")  # fmt: skip
TASKS = ("click", "cart", "purchase")
click, rest = 40_000, 2 * 4_640  # rows of an epoch: all, and the clicked ones, twice
counted = {way: SHARED[way]["multiply_adds"] for way in WAYS}
for width in ("", ", wide"):
    apart, shared = counted[f"three networks{width}"] / 3 * (click + rest), counted[f"one trunk{width}"] * click  # fmt: skip
    print(f"an epoch{width}: {apart / 1e6:,.0f} million multiply-adds through three networks, {shared / 1e6:,.0f} through one trunk: {apart / shared:.2f} times fewer")  # fmt: skip
print("latency of dense layers, one thread, on", SHARED["machine"]["latency"])
pd.DataFrame(
    {
        way: {
            "parameters: dense": f"{SHARED[way]['dense']:,}",
            "tables": f"{SHARED[way]['tables']:,}",
            "multiply-adds": f"{counted[way]:,}",
            "ms, 100 rows": f"{SHARED['latency'][way]:.2f}",
        }
        for way in WAYS
    }
).T

# %% [markdown] name="first-why" tags=["after-guess"]
# In serving, sharing divides the multiply-adds by 2.7 to 2.8 at **either** size (26,736 to 9,968; 180,528 to 64,304) and the tables by three. Four times the width multiplies them by 6.5 to 6.8 (not 16: inputs and towers keep their widths), shared or not. So sharing saves and size costs, and neither needs the other. In *training* less is saved: cart and purchase learn on clicked rows only, so an epoch needs 1.1 to 1.2 times fewer.

# %% [markdown] name="snapshot"
# ### And the quality, as it is served?
#
# The rows are in the order of time: 40,000 to learn from, 10,000 to stop by, 30,000 to judge. The AUC is the expected one: each row counts as a yes with its true probability, which the shop knows. All three tasks are judged on all rows, clicked or not. A server keeps **one** snapshot of a network: here the epoch, of 40 at most, with the least sum of its tasks' validation losses.
# Chosen on two other shops: networks of one task have five learning rates (.0001 to .01), trunks the same five with each of two weights of the losses; a logistic regression and gradient boosting for each task have four trials. Stored: `benchmarks/one_snapshot.py`, `benchmarks/one_snapshot_widths.py`.
#
# **Predict first.** The purchase is rare and the click frequent. Whose AUC falls when they must share an epoch? And which of these ways has the best AUC of the purchase?

# %% name="snapshot-forest" tags=["after-guess", "folded"]
# Mean AUC of five shops, then the verdicts.
ONE, WIDTHS = (json.loads((paths.RESULTS / f"one_snapshot{name}.json").read_text(encoding="utf-8")) for name in ("", "_widths"))  # fmt: skip
SNAPSHOTS = {
    "one trunk": ONE["one trunk"],
    "one trunk, an epoch for each task": ONE["one trunk, each"],
    "one trunk, wide": WIDTHS["one trunk, wide"],
    "one trunk, wide, an epoch for each task": WIDTHS["one trunk, wide, each"],
    "the same at rate .003": SHARED["one trunk, wide"],
    "three networks": ONE["three networks"],
    "three networks, narrow": WIDTHS["three networks, narrow"],
    "logistic regression": SHARED["logistic regression"],
    "gradient boosting": SHARED["gradient boosting"],
}
for way in ("one trunk", "one trunk, wide"):
    (tried,) = SNAPSHOTS[way]["tried"].values()
    best = sorted(tried, key=lambda one: one[2])[:2]
    print(f"{way}: the two best trials (rate, weight, validation loss) {best}; epochs kept, 0 is the first of training: {SNAPSHOTS[way]['epoch']['click']}")  # fmt: skip
print(pd.DataFrame({way: {f"{task}{rows}": f"{np.mean(one[key][task]):.3f}" for key, rows in (("auc", ""), ("clicked", ", clicked")) if key in one for task in TASKS} for way, one in SNAPSHOTS.items()}).T.fillna("").to_string())  # fmt: skip


def served(way, rival, task, key, text, rows="auc"):
    return claim(f"32.{key}-{task}", f"{task}: {text}", SNAPSHOTS[way][rows][task], SNAPSHOTS[rival][rows][task], pairs="shops")  # fmt: skip


forest(
    "One snapshot of each network: AUC on the shop",
    [
        served(*pair, task, key, text)
        for *pair, key, text in (
            ("one trunk", "three networks", "served-rates", "one trunk over three networks"),
            ("one trunk", "three networks, narrow", "served", "one trunk over three narrow networks"),
            ("one trunk", "logistic regression", "served-logistic", "one trunk over logistic regressions"),
            ("one trunk", "gradient boosting", "served-boosting", "one trunk over boosting"),
            ("one trunk, wide", "one trunk", "size", "the wide trunk over one trunk"),
            ("one trunk, wide", "logistic regression", "wide-logistic", "the wide trunk over logistic regressions"),
        )
        for task in TASKS
    ],
)  # fmt: skip
for rival, key, text in (("three networks", "", "three networks"), ("three networks, narrow", "-narrow", "three narrow networks")):  # fmt: skip
    evidence(f"32.clicked{key}", f"purchase, on clicked rows alone: one trunk over {text}", ONE["one trunk"]["clicked"]["purchase"], SNAPSHOTS[rival]["clicked"]["purchase"], pairs="shops")  # fmt: skip

# %% [markdown] name="snapshot-why" tags=["after-guess"]
# (A *hint*, here and below: a difference whose interval leaves out zero, but which does not stand after Holm's correction for the number of verdicts; its mark in the figure is hollow.)
#
# **Sharing.** At about equal cost the trunk is ahead of three narrow networks by .028 to .060 on the purchase, after Holm's correction, too; on the cart by .003 to .028, a hint; on the click no difference is shown. Over three networks of its own width, at 2.7 times its cost, the purchase is a hint. On the clicked rows alone, which cart and purchase learn on, the purchase is ahead of both as well (two verdicts, not corrected).
#
# **Plain rivals.** Over a logistic regression for each task nothing is shown. Boosting is behind on the purchase (.022 to .049) and, a hint, on the cart; on the click it is ahead, a hint.
#
# **Size.** At its rate, .0001, the wide trunk's click falls when the tasks share an epoch, from .716 to .705 in the mean: .019 to .040 behind logistic regressions, after Holm's correction, too. On the purchase it is ahead of them by .003 to .016, a hint. This rate, the least of five, was a close choice: .003 is level in validation, and there it has, with an epoch for each task, .719, .733 and .746. So size may buy something for rare tasks, at 6.5 times the multiply-adds. (The small trunk's rate is the highest of five.)

# %% [markdown] name="task-1-text"
# ### Task 32.1 · Sharing, size, or another lever? (4 minutes)
#
# For each sentence: `"S"` if it names a saving that sharing brings, `"Z"` if it names a cost that size brings, `"N"` for neither.
# Make `letters` a dictionary, number of a sentence to letter.
#
# 1. four towers read one trunk: one forward computation in the place of four; 2. the widths of the trunk are doubled: its multiply-adds more than double;
# 3. one vector of a product serves search, ranking and the filter of duplicates; 4. weights in 8 bits: a quarter of the bytes;
# 5. Adam keeps two numbers for each trained weight: a wider trunk needs more memory; 6. a repeated query is answered from a cache;
# 7. one base model in memory for all tasks, and for each a few weights of its own (an *adapter*); 8. the text is twice as long: the scores of attention need four times the multiply-adds;
# 9. a student answers in the teacher's place; 10. large models share parameters among tasks, which lowers the use of resources.

# %% name="task-1"
### BEGIN SOLUTION
letters = dict(enumerate("SZSNZNSNNS", start=1))
### END SOLUTION

check("32.1", letters)

# %% [markdown] name="count"
# ## What does one text cost?
#
# Three numbers do not depend on a machine: parameters, multiply-adds, bytes. For a text of $n$ tokens, a block of width $d$ with an inner width $h$ (BERT's kind, as in `course_utils.encoder`):
#
# $$\underbrace{n\,(4d^2 + 2dh)}_{\text{query, key, value, output; two layers}} \;+\; \underbrace{n^2 d}_{\text{scores } QK'} \;+\; \underbrace{n^2 d}_{\text{shares times } V}$$
#
# A layer from $a$ to $b$ numbers multiplies each token by a matrix: $ab$ multiply-adds. A score is one inner product of $d$ numbers (over all heads), and there are $n^2$. The softmax of the scores gives each token's *shares* (the attention weights); mixing by them costs as much as the scores. A look-up in a table of words reads a row and multiplies nothing. Counted as one: a multiply and an add. Not counted: softmax, normalisations, activations. (Papers differ: FLOPs may be this number or twice it. Ask.)
#
# **Predict first.** MiniLM: $d = 384$, $h = 1{,}536$, six blocks, a table of 30,522 words. From how many tokens on do the two squares cost more than all layers? And what share of its parameters are tables, with no multiply-adds at all?

# %% name="count-run" tags=["after-guess"]
d, h, blocks, rows = 384, 1_536, 6, 30_522 + 512 + 2  # words, positions, kinds of segment
tokens = np.array([16, 64, 256, 1_024, 2_304, 8_192])
layers, squares = tokens * (4 * d * d + 2 * d * h), 2 * tokens**2 * d
block = 4 * (d * d + d) + 2 * d * h + h + d + 4 * d
tables = rows * d
print(
    f"{blocks * block + tables + 2 * d:,} parameters, {tables / (blocks * block + tables):.0%} of them in tables"
)
print(f"2 n n d = n (4 d d + 2 d h) at n = 2 d + h = {2 * d + h:,} tokens")
pd.DataFrame(
    {"million multiply-adds": blocks * (layers + squares) / 1e6, "share of the squares": squares / (layers + squares)},
    index=pd.Index(tokens, name="tokens"),
).round(2)  # fmt: skip

# %% [markdown] name="count-why" tags=["after-guess"]
# More than half of MiniLM's parameters are tables: they take memory and no computation. So "parameters" says little about milliseconds. The squares cross the layers at $n = 2d + h = 2{,}304$ tokens; for a review of 64 tokens they are 3 %. Attention is expensive for long texts only: for a title or a query the layers are everything, and cutting the text in half halves the cost.

# %% [markdown] name="task-2-text"
# ### Task 32.2 · Count an encoder (10 minutes)
#
# Write `encoder_cost(tokens, width, inner, blocks, rows)`; all are whole numbers, 1 or more.
#
# - `rows`: of all tables together, each of `width` numbers. A block has four layers from `width` to `width`, one to `inner` and one back, each with biases, and two normalisations with $2 \cdot$ `width` numbers each. One more normalisation stands behind the embeddings.
# - Return `(parameters, multiply_adds)`: of the whole encoder, and for one text of `tokens` tokens. A multiply-add counts as one; a look-up and a bias count as none; the blocks' layers and the two products of attention are all that counts.
#
# `encoder_cost(3, 4, 8, 1, 10)` is `(220, 456)`: 40 numbers in tables, 8 in the first normalisation, 172 in the block; 3 · 128 + 2 · 9 · 4 multiply-adds.


# %% name="task-2"
def encoder_cost(tokens, width, inner, blocks, rows):
    ### BEGIN SOLUTION
    layers = 4 * width * width + 2 * width * inner
    numbers = layers + 5 * width + inner + 4 * width
    products = tokens * layers + 2 * tokens**2 * width
    return rows * width + 2 * width + blocks * numbers, blocks * products
    ### END SOLUTION


check("32.2", encoder_cost)

# %% [markdown] name="object-text"
# A formula is a claim about an object. Held against the real one (skipped where MiniLM is not cached):

# %% name="object" tags=["real-data"]
encoder = load(MINILM)
dense = [w for w in encoder.weights if w.path.endswith("kernel")]
print(f"parameters of the object: {encoder.count_params():,}")
print(f"multiply-adds of its layers, one token: {sum(w.shape[0] * w.shape[1] for w in dense):,}")
print(f"by the formula: {blocks * (4 * d * d + 2 * d * h):,}")

# %% [markdown] name="cut-1"
# **End of sitting 1.** You can count what a text costs, and say which half of the article's sentence saves it. Next: the memory of training.

# %% [markdown] name="memory"
# ## Sitting 2 · The memory of training, and LoRA
#
# What stands in memory while Adam trains, 4 bytes a number?
#
# $$4\,\big(\underbrace{P}_{\text{weights}} + \underbrace{P_t}_{\text{gradients}} + \underbrace{2 P_t}_{\text{Adam's two moments}} + \underbrace{a}_{\text{activations}}\big)$$
#
# $P$ counts all weights, $P_t$ those that are trained: a frozen weight has no gradient and no moments. The *activations* are what the forward computation keeps for the backward one; they grow with the batch and the length of the texts. Here for each token and block: $8d + 2h$ numbers ($x$; query, key, value; their mix; the first normalisation's input and output, the second's input; before and after the GELU) and its shares, heads · $n$. A layer's input is kept for the gradient of its own weights, $x^{\top} G$; what goes on down, $G W^{\top}$, does not need it. So a **frozen** layer need not keep its input (a count; libraries differ in what they keep).
#
# *LoRA*, derived below, freezes every matrix and trains a small addition to some of them: two narrow matrices for each, an *adapter*.
#
# **Predict first.** A batch of 32 texts of 64 tokens, all six blocks of MiniLM. Full fine-tuning needs how many megabytes? LoRA trains a third of a percent of the weights: does the memory fall to a hundredth?

# %% name="memory-run" tags=["after-guess"]
n_texts, n, heads = 32, 64, 12
P = blocks * block + tables + 2 * d
held = n_texts * n * blocks * (8 * d + 2 * h + heads * n)
# Frozen: the output's, the widening and the narrowing layer need not keep their inputs.
needed = held - n_texts * n * blocks * (2 * d + h)
adapters, biases = 2 * blocks * 8 * 2 * d, blocks * (9 * d + h) + 2 * d
ways = {
    "full fine-tuning": (P, held),
    "LoRA, all inputs kept": (adapters, held),
    "LoRA, needed inputs kept": (adapters, needed),
    "biases, all inputs kept": (biases, held),
    "biases, needed inputs kept": (biases, held - n_texts * n * blocks * (3 * d + h)),
    "linear head": (d + 1, 0),
}
memory = {}
for way, (trained, kept) in ways.items():
    extra = trained if way.startswith("LoRA") else 0
    memory[way] = [P + extra, trained, 2 * trained, kept]
memory = pd.DataFrame(memory, ["weights", "gradients", "moments", "activations"]).T * 4 / 1e6
memory.assign(total=memory.sum(axis=1), trained=[f"{one:,}" for one, _ in ways.values()]).round(1)

# %% name="memory-picture" tags=["after-guess", "folded"]
# The same as bars: what LoRA takes away, and what stays.
fig, ax = figure(height=2.9)
left = np.zeros(len(memory))
for part, colour in zip(memory, ("0.45", "C1", "C3", "C0"), strict=True):
    ax.barh(memory.index, memory[part], left=left, color=colour)
    ax.text(left[0] + memory[part].iloc[0] / 2, -0.62 if part != "gradients" else -0.95, part, ha="center", color=colour, fontsize=8)  # fmt: skip
    left += memory[part].to_numpy()
for k, total in enumerate(left):
    ax.text(total + 6, k, f"{total:.0f}", va="center")
ax.invert_yaxis()
ax.set_xlabel("MB, 32 texts of 64 tokens")
ax.set_xlim(0, left.max() * 1.1)
ax.set_title("Memory of training (fewer MB is better)", pad=22)
show(fig, alt="Bars of memory in MB, by weights, gradients, moments and activations: " + "; ".join(f"{way} {total:.0f}" for way, total in zip(memory.index, left, strict=True)))  # fmt: skip

# %% [markdown] name="memory-why" tags=["after-guess"]
# Freezing all but the adapters (rank 8, query and value) takes away 270 of 701 MB: gradients and moments. Weights stay, and most of the activations: to reach an adapter in the first block the backward computation goes through all six. A third of a percent of the weights is trained, and 62 % of the memory is still needed where every input is kept; 45 % where frozen layers keep none, and 43 % where only biases and normalisations are trained: they need no layer's input at all.
# The head alone has no use for activations; then the vectors can be computed once and kept. (Of GPT-3 Hu et al. report a third of the memory and 10,000 times fewer trained weights, as their abstract says: the larger the model beside the batch, the more there is to save.)

# %% [markdown] name="task-3-text"
# ### Task 32.3 · The memory of training with adapters (8 minutes)
#
# An adapter of rank $r$ for a matrix of $d \times h$ has two matrices, $d \times r$ and $r \times h$. Only adapters are trained. Write `training_bytes(frozen, matrices, rank, activations)`.
#
# - `frozen`: how many weights stay as they are. `matrices`: a list of pairs `(d, h)`, each with an adapter of its own; may be empty. `rank`: 0 or more. `activations`: how many numbers are kept for the backward computation.
# - Return the bytes: all weights, the adapters' among them, gradients and Adam's two moments of what is trained, activations; 4 bytes a number. Leave the arguments as they are.
#
# `training_bytes(1_000, [(10, 20)], 2, 50)`: the adapter has 60 weights; 4 · (1,060 + 60 + 120 + 50) is 5160.


# %% name="task-3"
def training_bytes(frozen, matrices, rank, activations):
    ### BEGIN SOLUTION
    trained = sum(rank * (a + b) for a, b in matrices)
    return 4 * (frozen + trained + 3 * trained + activations)
    ### END SOLUTION


check("32.3", training_bytes)

# %% [markdown] name="lora"
# ## LoRA: a change of low rank
#
# Fine-tuning turns a matrix $W$ into $W + \Delta$. LoRA (Hu et al. 2022) freezes $W$ and writes the change as a product of two narrow matrices. With examples in rows, as everywhere here ($x$ is a row; the paper writes $BAx$ with columns):
#
# $$y = xW + b + s\,(xA)B,\qquad s = \frac{\alpha}{r},\quad A \in \mathbb{R}^{d\times r},\; B \in \mathbb{R}^{r\times h}$$
#
# With $G = \partial L/\partial y$ the chain rule gives the gradients of both:
#
# $$\frac{\partial L}{\partial B} = s\,(xA)^{\top} G,\qquad \frac{\partial L}{\partial A} = s\,x^{\top}\,(G B^{\top})$$
#
# $A$ starts at random and $B$ at zero, so the network starts as it was.
#
# **Predict first.** Why not both at zero? And both at random?


# %% name="lora-build"
class LoRA:
    """A frozen dense layer with an adapter; ``step`` is one step of gradient descent on it."""

    def __init__(self, W, b, rank, alpha, seed=0):
        self.W, self.b, self.s = W, b, alpha / rank
        self.A = np.random.default_rng(seed).normal(0, len(W) ** -0.5, (len(W), rank))
        self.B = np.zeros((rank, W.shape[1]))

    def __call__(self, x):
        return x @ self.W + self.b + self.s * ((x @ self.A) @ self.B)

    def merged(self):
        return self.W + self.s * self.A @ self.B

    def step(self, x, target, rate):
        G = 2 * (self(x) - target) / len(x)  # of the squared error, summed over the outputs
        to_B, to_A = self.s * (x @ self.A).T @ G, self.s * x.T @ (G @ self.B.T)
        self.A, self.B = self.A - rate * to_A, self.B - rate * to_B


# %% name="lora-start" tags=["after-guess"]
draw = np.random.default_rng(1)
W, b, x = draw.normal(size=(32, 16)) / 6, draw.normal(size=16), draw.normal(size=(200, 32))
target = x @ (W + draw.normal(size=(32, 2)) @ draw.normal(size=(2, 16)) / 6) + b
for start in ("A random, B zero", "both zero", "both random"):
    one = LoRA(W, b, rank=4, alpha=4)
    if start == "both zero":
        one.A = np.zeros_like(one.A)
    if start == "both random":
        one.B = draw.normal(0, 0.3, one.B.shape)
    before = np.mean((one(x) - target) ** 2)
    for _ in range(500):
        one.step(x, target, 0.05)
    print(f"{start:<17} error at the start {before:.2f}, after 500 steps {np.mean((one(x) - target) ** 2):.2f}")  # fmt: skip

# %% [markdown] name="lora-start-why" tags=["after-guess"]
# With both at zero both gradients are products with a zero: nothing ever moves, and nothing complains. With both at random the network starts with a change that nobody asked for; here it unlearns it in 500 steps. (By construction the true change here has rank 2, so rank 4 can say it.) Merged, the adapter is a matrix as before, and Keras has the same layer: `enable_lora`.

# %% name="lora-keras"
layer = keras.layers.Dense(16)
layer.build((None, 32))
layer.set_weights([W, b])
layer.enable_lora(rank=4, lora_alpha=8)
ours = LoRA(W, b, rank=4, alpha=8)
ours.B = draw.normal(size=ours.B.shape)
layer.lora_kernel_a.assign(ours.A)
layer.lora_kernel_b.assign(ours.B)
print("equal to Keras's within 1e-5:", np.allclose(layer(x.astype("float32")), ours(x), atol=1e-5))
print("merged, equal within 1e-12:", np.allclose(x @ ours.merged() + b, ours(x), atol=1e-12))
print(
    "Keras trains",
    [tuple(w.shape) for w in layer.trainable_weights],
    "- the bias, too; ours does not",
)

# %% [markdown] name="task-4-text"
# ### Task 32.4 · The adapter and the merged matrix (8 minutes)
#
# Write `adapted(x, W, b, A, B, alpha)`.
#
# - Arrays `x` `[n, d]`, `W` `[d, h]`, `b` `[h]`, `A` `[d, r]`, `B` `[r, h]`, of floats or of integers of 64 bits; $r$ is 1 or more. `alpha`: a number above 0.
# - Return `(y, merged)`: the layer's output `[n, h]` with the adapter, and the one matrix `[d, h]` that gives the same output with `b`. Leave the arguments as they are.
#
# `adapted` of `x = [[1., 2.]]`, `W = [[1.], [.5]]`, `b = [10.]`, `A = [[1.], [1.]]`, `B = [[2.]]`, `alpha = 3.` (as arrays): $s = 3$, so `y` is `[[30.]]` and `merged` is `[[7.], [6.5]]`.


# %% name="task-4"
def adapted(x, W, b, A, B, alpha):
    ### BEGIN SOLUTION
    s = alpha / A.shape[1]
    return x @ W + b + s * ((x @ A) @ B), W + s * (A @ B)
    ### END SOLUTION


check("32.4", adapted)

# %% [markdown] name="rank"
# ## What a low rank cannot say
#
# The best change of rank $r$ is known without training: the first $r$ terms of the singular value decomposition (Eckart and Young 1936). What is left over is the sum of the squares of the other singular values.
#
# **Predict first.** A change of 384 by 384 numbers at random, all directions alike: what share of it (in squares) can rank 8 say? And where the change has falling singular values, $1/k$?

# %% name="rank-run" tags=["after-guess"]
square = np.random.default_rng(2).normal(size=(384, 384))
alike = np.linalg.svd(square, compute_uv=False) ** 2
falling = 1 / np.arange(1, 385) ** 2
said = {
    name: [of[:r].sum() / of.sum() for r in (1, 4, 8, 32, 128)]
    for name, of in (("at random", alike), ("falling as 1/k", falling))
}
pd.DataFrame(said, index=pd.Index([1, 4, 8, 32, 128], name="rank")).T.round(2)

# %% [markdown] name="rank-why" tags=["after-guess"]
# So LoRA is a bet: that what a task asks of a pretrained network lies in few directions. Hu et al. test it on their models and find small ranks enough there; here it is tested on reviews.

# %% [markdown] name="reviews"
# ## On real reviews: who needs to train what?
#
# Does the customer recommend the product? 6,000 reviews of women's clothing; 512 labels to learn from, and 384 more to stop by. Blocks 1 to 5 of MiniLM are frozen, so what comes out of them is computed once, from 32 tokens a review. The sixth is trained in three ways: *full* (1.8 million weights); *LoRA* (rank 8, query and value); *biases*: these and the normalisations (BitFit, Ben Zaken et al. 2022, leaves the normalisations' factors as they are).
# Rivals: a linear *head* on frozen vectors, reading 32 tokens like the three; the same reading 256; and TF-IDF without any encoder, on whole reviews and on those 32 tokens. The three start from that head (Kumar et al. 2022), have four learning rates each, chosen on one further split (four of the folds judge its validation reviews later), and train until the log loss of the 384 has not fallen for three epochs (epoch 0 is the start, before any step). Five folds of products: each review is judged once, by models that saw no review of its product. Two folds share no test review, but 6 to 10 % of their 512 labels, so they are no independent results: every interval here is 1.5 times as wide as if they shared nothing ($n_2/n_1 = 1/4$; Nadeau and Bengio 2003; lesson 30, sitting 3, *What the intervals cover*). Stored: `benchmarks/adapted_reviews.py`, `benchmarks/adapted_full.py`.
#
# **Predict first.** Order them by AUC. And how much does training a block bring over the head that it starts from?

# %% name="reviews-table" tags=["after-guess", "folded"]
# Five folds: quality, and what training costs.
ADAPTED = json.loads((paths.RESULTS / "adapted_reviews.json").read_text(encoding="utf-8"))
SECOND = json.loads((paths.RESULTS / "adapted_full.json").read_text(encoding="utf-8"))
ADAPTED["heads"]["TF-IDF, 32 tokens"] = SECOND["TF-IDF, 32 tokens"]
TRAINED, PLAINLY = (
    ("full", "LoRA", "biases"),
    ("head, 32 tokens", "TF-IDF, 32 tokens", "head, 256 tokens", "TF-IDF"),
)


def of(way, key="auc"):
    return (ADAPTED["heads"] if way in PLAINLY else ADAPTED)[way][key]


table = {}
for way in (*TRAINED, *PLAINLY):
    table[way] = {
        "AUC": f"{np.mean(of(way)):.3f}",
        "log loss": f"{np.mean(of(way, 'log_loss')):.3f}",
    }
    if way in TRAINED:
        trained, step = ADAPTED[way]["trained"], ADAPTED["times"][way.split(",")[0]]
        table[way] |= {
            "best epochs": " ".join(f"{one:.0f}" for one in of(way, "epoch")),
            "trained": f"{trained:,}",
            "kB to store": f"{4 * trained / 1e3:,.0f}",
            "moments, kB": f"{8 * trained / 1e3:,.0f}",
            "ms a step of 32": f"{step:.0f}",
            "s an epoch": f"{16 * step / 1e3:.1f}",
        }
print("CPU of one thread, steps of the three in turn;", ADAPTED["machine"]["times"])
print("full fine-tuning at 1e-5, best epochs:", *(f"{SECOND[f'split {k}']['epoch']:.0f}," for k in range(5)), "AUC minus the head's:", *(f"{SECOND[f'split {k}']['auc'] - of('head, 32 tokens')[k]:+.4f}" for k in range(5)))  # fmt: skip
for way in ("full", "LoRA", "biases"):
    print(f"{way}: learning rate {ADAPTED[way]['chosen']} of", *ADAPTED[way]["tried"])
pd.DataFrame(table).T.fillna("")


# %% name="reviews-forest" tags=["after-guess", "folded"]
# Verdicts, five folds; then what the probabilities are worth.
forest(
    "AUC on reviews of unseen products, 512 labels",
    [
        claim(f"32.reviews-{key}", text, of(way), of(rival), pairs="folds", overlap=1 / 4)
        for way, rival, key, text in (
            ("biases", "LoRA", "biases-lora", "biases over LoRA"),
            ("LoRA", "head, 32 tokens", "lora-head", "LoRA over the head (its start, and where full fine-tuning stayed)"),
            ("biases", "head, 32 tokens", "biases-head", "biases over that head"),
            ("head, 256 tokens", "head, 32 tokens", "tokens", "a head on 256 tokens over one on 32"),
            ("head, 256 tokens", "LoRA", "head-lora", "a head on 256 tokens over LoRA on 32"),
            ("TF-IDF", "head, 256 tokens", "words-head", "TF-IDF over the head on 256 tokens"),
            ("TF-IDF, 32 tokens", "head, 32 tokens", "words-cut", "TF-IDF on 32 tokens over the head on 32"),
        )
    ],
)  # fmt: skip
for way, rival, key in (("LoRA", "head, 32 tokens", "lora-head"), ("TF-IDF", "head, 256 tokens", "head")):  # fmt: skip
    evidence(f"32.reviews-loss-{key}", f"{way}'s probabilities against those of {rival}", of(way, "log_loss"), of(rival, "log_loss"), unit="log loss", pairs="folds", higher_is_better=False, overlap=1 / 4)  # fmt: skip

# %% name="reviews-ranks" tags=["after-guess"]
# On the split that chose: LoRA by rank; the rate is that of rank 8, and alpha / r stays 2.
full = ADAPTED[f"full, rate {ADAPTED['full']['chosen']}"]
print(f"full fine-tuning: validation log loss {full['valid']:.3f}, at the start {full['valid at the start']:.3f}")  # fmt: skip
ranks = {8: ADAPTED[f"LoRA, rate {ADAPTED['LoRA']['chosen']}"]}
ranks |= {rank: ADAPTED[f"LoRA, rank {rank}"] for rank in (1, 2, 32)}
pd.DataFrame(
    {rank: {"validation log loss": one["valid"], "at the start": one["valid at the start"], "best epoch": f"{one['epoch']:.0f}", "trained, with the head": f"{one['trained']:,}"} for rank, one in sorted(ranks.items())}
).T.rename_axis("rank")  # fmt: skip

# %% [markdown] name="reviews-why" tags=["after-guess"]
# **No gain of training the block is shown.** Full fine-tuning kept its start, the head, in all five folds, and at a second rate, 1e-5, in three, moving by less than .002 in the others; the biases kept theirs in three; LoRA's best epochs were 1 to 4. Over that head LoRA has -.006 to +.012 of AUC, biases -.002 to +.003. So LoRA is not shown to differ from full fine-tuning, in the weak sense: with 512 labels and one block neither is shown to learn more than the head. (On the split that chose the rates full fine-tuning did gain, .005 of log loss; more labels are not measured here.)
#
# What may count is the **length of the text**, but of it nothing is shown: the head that reads 256 tokens has -.005 to +.054 over the one on 32, -.002 to +.045 over LoRA on 32, and TF-IDF, which reads whole reviews, -.004 to +.035 over that head. Two hints are in the encoder's favour: cut to the same 32 tokens, 24 words, TF-IDF is behind the head by .004 to .061, and on whole reviews its *probabilities* are behind by .003 to .047 of log loss. So with few words the encoder may be the better reader; who reads whole reviews better is open with 512 labels.

# %% [markdown] name="reviews-cost" tags=["after-guess"]
# What is shown is the cost, of this one block: 140 times fewer trained weights, 51 kB to store a task in the place of 7 MB, two thirds of the time of a step (94 of 143 ms). LoRA needed more steps: 27 epochs in all five folds up to the stop (the best and three more each) against 15, 41 s against 34. Of the gain in log loss on the split that chose, rank 1 has .003, rank 2 .004, rank 8 .008, all at the rate of rank 8, at which 32 never left its start: rate and rank are tuned together. (Larger models: see Hu, Ben Zaken and Biderman in the references.)

# %% [markdown] name="cut-2"
# **End of sitting 2.** You can write LoRA, and say which memory it saves. Next: a student that needs no encoder at all.

# %% [markdown] name="students"
# ## Sitting 3 · A student of a millisecond
#
# The encoder's answer costs tens of milliseconds a review. A linear model on words costs about one. Can it learn from the encoder? Lesson 23 derives distillation for one yes or no and tests it on rankings; new here are several classes, text, and time.
#
# A review has five stars: $c$ classes, $p = \mathrm{softmax}(z/T)$ of the student, $q = \mathrm{softmax}(z_t/T)$ of the teacher. As $\partial \ln p_k/\partial z_j = (\mathbb{1}_{j=k} - p_j)/T$,
#
# $$\frac{\partial}{\partial z_j}\,\mathrm{KL}(q\,\|\,p) = -\sum_k q_k\,\frac{\mathbb{1}_{j=k} - p_j}{T} = \frac{p_j - q_j}{T}$$
#
# For a large $T$ all $p_j$ and $q_j$ come close to $1/c$ and their difference shrinks as $1/T$, so the slope as $1/T^2$. Hinton et al. (2015) multiply by $T^2$: the teacher's pull keeps its size beside that of the labels,
#
# $$L = (1-a)\,\big(-\ln \mathrm{softmax}(z)_y\big) + a\,T^2\,\mathrm{KL}(q\,\|\,p)$$

# %% name="slope-run"
z, z_t = np.array([1.0, 0.0, -1.0, 0.5, 0.2]), np.array([3.0, 0.5, -2.0, 0.0, 0.1])
small, lines = 1e-6, {}
for T in (1, 2, 5, 20):

    def divergence(z, T=T):
        p, q = log_softmax(z / T), log_softmax(z_t / T)
        return np.exp(q) @ (q - p)

    bumped = (divergence(z + small * np.eye(5)[0]) - divergence(z - small * np.eye(5)[0])) / (
        2 * small
    )
    derived = (softmax(z / T) - softmax(z_t / T))[0] / T
    lines[T] = {
        "by the formula": derived,
        "by small steps": bumped,
        "times T squared": T**2 * derived,
    }
pd.DataFrame(lines).T.rename_axis("T").round(4)

# %% [markdown] name="task-5-text"
# ### Task 32.5 · The loss with classes (10 minutes)
#
# Write `class_loss(y, z, z_t, a, T)`.
#
# - `y`: array `[n]` of classes, 0 to $c - 1$, of any integer type. `z`, `z_t`: arrays `[n, c]`, the student's and the teacher's logits; they may be near 1,000 (`scipy.special.log_softmax` is imported; give it `axis=1`). `a`: 0 to 1, the teacher's weight. `T`: above 0; the labels' half has no temperature.
# - Return the mean of $L$ over the rows, with the divergence as it stands: the teacher's own entropy is subtracted. Do not round, do not clip. Leave the arguments as they are.
#
# `class_loss(np.array([0]), np.array([[0., 0.]]), np.array([[2., 0.]]), 0.5, 1.)` is 0.5105: two classes are lesson 23's yes or no.


# %% name="task-5"
def class_loss(y, z, z_t, a, T):
    ### BEGIN SOLUTION
    hard = -log_softmax(z, axis=1)[np.arange(len(y)), y]
    p, q = log_softmax(z / T, axis=1), log_softmax(z_t / T, axis=1)
    return np.mean((1 - a) * hard + a * T**2 * (np.exp(q) * (q - p)).sum(axis=1))
    ### END SOLUTION


check("32.5", class_loss)

# %% [markdown] name="fuel"
# ### The fuel: reviews without labels
#
# The question is one yes or no: does the customer recommend the product? ($c = 2$ and $T = 1$, so distillation is the log loss on a soft label; lesson 23 turns the dial $T$.) The teacher: a linear head on MiniLM's vectors of up to 256 tokens, fitted on $m$ labels. Students: TF-IDF (words and pairs of words), and static vectors (WordLlama: a table of 256 numbers a token, read and averaged). A student learns from the $m$ labels alone; or *distilled*, from these and the teacher's probabilities of the other reviews, 8,000 in all; or *self-trained*: the others get what the student itself says, rounded to 0 and 1 so that the share of ones is that of the $m$ labels (*cut at the labels' share*); or *rounded teacher*: the teacher's answers, rounded in the same way. So *distilled* is soft, the last two are hard. (Words are counted on all 8,000 reviews, labels or not, for "labels alone" as well.)
# Four strengths of regularisation for every one, chosen on a fifth of its labels (51 reviews where there are 256; some choices are the least or the greatest tried); test products are unseen. Five splits of the same reviews: two of them share 2 to 22 % of their test reviews, so each interval is widened as in sitting 2, here with $n_2/n_1$ = .16 test reviews for each other one, to 1.3 times. Stored: `benchmarks/distilled_reviews.py`.
#
# **Predict first.** With 256 labels: order teacher, TF-IDF on labels alone, distilled, self-trained, and taught by the rounded teacher.

# %% name="students-picture" tags=["after-guess", "folded"]
# AUC by the number of labels.
DISTILLED = json.loads((paths.RESULTS / "distilled_reviews.json").read_text(encoding="utf-8"))
LABELS = (256, 1_024, 4_096)


def auc_of(way, m, key="auc"):
    return DISTILLED[f"{m} labels"][way][key]


PANELS = {
    "TF-IDF": (
        "teacher",
        "TF-IDF",
        "TF-IDF, distilled",
        "TF-IDF, self-trained",
        "TF-IDF, rounded teacher",
    ),
    "static": ("teacher", "static", "static, distilled"),
}
fig, axes = figure(2, height=3.4)
for ax, (student, shown) in zip(axes, PANELS.items(), strict=True):
    ends = []
    for way, colour in zip(shown, ("0.45", "C0", "C1", "C2", "C3"), strict=False):
        mean = [np.mean(auc_of(way, m)) for m in LABELS]
        ax.plot(LABELS, mean, "-", color=colour, marker="o", markersize=3)
        ends.append((mean[0], way.replace(f"{student}, ", "") if way != student else "labels alone", colour))  # fmt: skip
    at = 0.0
    for value, name, colour in sorted(ends):
        at = max(value, at + 0.009)
        ax.text(230, at, name, ha="right", va="center", fontsize=8, color=colour)
    ax.set_xscale("log")
    ax.set_xlim(60, 5_000)
    ax.set_ylim(0.81, 0.955)
    ax.set_xticks(LABELS, [f"{m:,}" for m in LABELS])
    ax.minorticks_off()
    ax.set_xlabel("labels")
    ax.set_title(f"student: {student}")
axes[0].set_ylabel("AUC (higher is better)")
show(fig, alt="Mean AUC by 256, 1,024 and 4,096 labels: " + "; ".join(f"{way} " + ", ".join(f"{np.mean(auc_of(way, m)):.3f}" for m in LABELS) for way in dict.fromkeys(sum(PANELS.values(), ()))))  # fmt: skip

# %% name="students-forest" tags=["after-guess", "folded"]
# Verdicts, five splits each; then the log loss of the teacher.
forest(
    "AUC of students on reviews of unseen products",
    [
        claim(f"32.student-{key}-{m}", f"{m:,} labels: {text}", auc_of(way, m), auc_of(rival, m), pairs="splits", overlap=0.16)
        for m in (256, 4_096)
        for way, rival, key, text in (
            ("teacher", "TF-IDF", "teacher", "the teacher over TF-IDF"),
            ("TF-IDF, distilled", "TF-IDF", "words", "TF-IDF distilled over labels alone"),
            ("TF-IDF, self-trained", "TF-IDF", "self", "TF-IDF self-trained over labels alone"),
            ("TF-IDF, rounded teacher", "TF-IDF", "rounded", "TF-IDF of the rounded teacher over labels alone"),
            ("TF-IDF, rounded teacher", "TF-IDF, self-trained", "rounded-self", "hard: rounded teacher over self-trained"),
            ("static, distilled", "static", "static", "static distilled over labels alone"),
        )
    ],
)  # fmt: skip
for m in (256, 4_096):
    evidence(f"32.student-loss-{m}", f"{m:,} labels: the teacher's probabilities against TF-IDF's", auc_of("teacher", m, "log_loss"), auc_of("TF-IDF", m, "log_loss"), unit="log loss", pairs="splits", higher_is_better=False, overlap=0.16)  # fmt: skip

# %% [markdown] name="rivals-text"
# ### Both together, and like with like
#
# Two rivals are missing so far. First *both together*: the logits of TF-IDF and of MiniLM, each divided by its standard deviation (its *spread*) on the reviews without labels, added. Nothing is tuned, and no label is needed. Both together can answer, and can teach. Second, self-training with *soft* answers: hard against soft compares two things at once. The same splits, grids and fits; stored: `benchmarks/students_rivals.py`, `benchmarks/students_both.py`.
#
# **Predict first.** With 4,096 labels, where MiniLM is behind TF-IDF: do both together lose against TF-IDF? And self-trained on its own soft answers, what does TF-IDF gain with 256?

# %% name="rivals-table" tags=["after-guess", "folded"]
# Means of five splits.
RIVALS = json.loads((paths.RESULTS / "students_rivals.json").read_text(encoding="utf-8"))
TOGETHER = json.loads((paths.RESULTS / "students_both.json").read_text(encoding="utf-8"))
RIVALS["256 labels"] |= TOGETHER["256 labels"]
for way in ("", "TF-IDF taught by ", "static taught by "):  # with 4,096 the plain mean
    end = ", hard" if way else ""
    RIVALS["4096 labels"][f"{way}both{end}"] = RIVALS["4096 labels"][f"{way}TF-IDF + MiniLM{end}"]
TAUGHT = ("TF-IDF, soft", "TF-IDF, hard", "MiniLM, soft", "MiniLM, hard", "both, hard")
RIVAL = ("TF-IDF", "MiniLM", "TF-IDF + MiniLM", "both", *(f"TF-IDF taught by {by}" for by in TAUGHT), "static taught by both, hard", *(f"TF-IDF taught by TF-IDF, {how}" for how in ("cut at one half", "soft, spread and share set")))  # fmt: skip
pd.DataFrame(
    {
        way: {
            f"{key}, {m:,} labels": np.mean(RIVALS[f"{m} labels"][way][name])
            for name, key in (("auc", "AUC"), ("log_loss", "log loss"))
            for m in (256, 4_096)
            if way in RIVALS[f"{m} labels"]
        }
        for way in RIVAL
    }
).T.map(lambda v: "" if np.isnan(v) else f"{v:.3f}")

# %% [markdown] name="rivals-note" tags=["after-guess"]
# With 4,096 labels only the plain mean of the two logits was measured; it stands in the row *both*. With 256 the plain mean has its own row, *TF-IDF + MiniLM*: it is mostly MiniLM, since TF-IDF's logits spread less. (The log loss of *both* is that of the mean probability with 256, of the mean logit with 4,096.)

# %% name="rivals-forest" tags=["after-guess", "folded"]
# Verdicts, five splits each.
forest(
    "Both together; hard with hard, soft with soft (AUC)",
    [
        claim(f"32.rival-{key}-{m}", f"{m:,} labels: {text}", RIVALS[f"{m} labels"][way]["auc"], RIVALS[f"{m} labels"][rival]["auc"], pairs="splits", overlap=0.16)
        for m in (256, 4_096)
        for way, rival, key, text in (
            ("both", "TF-IDF", "both", "both together over TF-IDF"),
            ("TF-IDF taught by TF-IDF, soft", "TF-IDF", "self-soft", "TF-IDF of its own soft answers over labels alone"),
            ("TF-IDF taught by TF-IDF, soft, spread and share set", "TF-IDF", "self-set", "TF-IDF of its own, spread and share set, over labels alone"),
            ("TF-IDF taught by TF-IDF, cut at one half", "TF-IDF", "self-half", "TF-IDF of its own, cut at one half, over labels alone"),
            ("TF-IDF taught by MiniLM, soft", "TF-IDF taught by TF-IDF, soft", "soft", "soft: MiniLM's answers over its own"),
            ("TF-IDF taught by MiniLM, hard", "TF-IDF taught by TF-IDF, hard", "hard", "hard: MiniLM's answers over its own"),
            ("TF-IDF taught by both, hard", "TF-IDF taught by TF-IDF, hard", "both-hard", "hard: the answers of both over its own"),
            ("TF-IDF taught by both, hard", "TF-IDF", "both-alone", "TF-IDF taught by both over labels alone"),
            ("static taught by both, hard", "TF-IDF", "both-static", "static taught by both over TF-IDF on labels alone"),
        )
        if m == 256 or "both" in key
    ],
)  # fmt: skip

# %% name="students-time" tags=["after-guess"]
# One review a call, the ways in turn, CPU of one thread.
LATENCY = json.loads((paths.RESULTS / "text_latency.json").read_text(encoding="utf-8"))
latency, lengths = LATENCY["latency"]["ms"], LATENCY["latency"]["tokens"]
BOTH = "taught by both, hard"
times = {way: latency[of] for way, of in (("TF-IDF", "TF-IDF"), (f"TF-IDF {BOTH}", "TF-IDF"), ("static", "static"), (f"static {BOTH}", "static"), ("MiniLM", "MiniLM"))}  # fmt: skip
times["both"] = {key: latency["TF-IDF"][key] + latency["MiniLM"][key] for key in ("p50", "p99")}  # fmt: skip
print("on", LATENCY["machine"]["latency"])
print("a text in a batch of many, ms:", LATENCY["batches"])
print("each alone, not in turns, ms:", {way: DISTILLED["latency"][way]["p50"] for way in ("TF-IDF", "static")})  # fmt: skip
pd.DataFrame(
    {
        way: {
            "times TF-IDF's milliseconds": f"{one['p50'] / latency['TF-IDF']['p50']:.1f}",
            **{f"{key}, ms": f"{one[key]:.1f}" for key in ("p50", "p99")},
            **{f"AUC, {m:,} labels": f"{np.mean(auc_of(way, m) if way == 'static' else RIVALS[f'{m} labels'][way]['auc']):.3f}" for m in (256, 4_096)},
        }
        for way, one in times.items()
    }
).T  # fmt: skip

# %% [markdown] name="students-why" tags=["after-guess"]
# **Together, not in its place.** By AUC MiniLM's head is not shown to differ from TF-IDF with 256 labels (by log loss it is ahead by .031 to .118), and with 4,096 it is behind by .009 to .029, a hint, at more than twenty times the milliseconds. Both together are ahead of TF-IDF by .033 to .041 with 256 labels and, a hint, by .002 to .018 with 4,096.
#
# **The teacher.** With 256 labels MiniLM's hard answers bring TF-IDF .013 to .060 over labels alone, its own hard answers .016 to .046: two hints, and no difference between the two is shown. Here who knew more taught more: the answers of both are ahead of its own by .010 to .029, after Holm's correction, too, and of labels alone by .043 to .057. With 4,096 no gain of TF-IDF over labels alone is shown, whoever teaches; the answers of both are ahead of its own by up to .006, a hint.
#
# **Why may a student teach itself?** "Hard" does two things: it sharpens the answers, and it cuts them at the labels' share. Answers cut at one half show no gain; nor do soft ones left as they are: they are what the student says already. Soft, with MiniLM's spread and the labels' share as their mean, they bring .001 to .034, a hint. So an answer taught to oneself should perhaps differ from what one said: sharper, and with the right mean. *Hard* answers, cut at the labels' share, use only the teacher's order, and AUC measures that; for *soft* ones look at the teacher's log loss, spread and mean as well. (That MiniLM's soft answers teach better than its own is not shown: -.007 to +.069.) Compare either kind with self-training.

# %% [markdown] name="students-fastest" tags=["after-guess"]
# **The fastest student** is static, at under half of TF-IDF's time, one a call. Taught by both it is not shown to differ from the plain rival, TF-IDF on the same labels, with 256, and with 4,096 it is **behind it by .041 to .048**. So the student of a millisecond is TF-IDF itself, taught where labels are few. (After Holm's correction three gains of both stand, with 256 labels, and static's loss with 4,096. Tang et al. (2019), whose teacher BERT is far ahead of a BiLSTM, report results comparable with ELMo's for it, as their abstract says.)

# %% [markdown] name="cut-3"
# **End of sitting 3.** You can write the loss and say what fuels a student. Next: fewer bits.

# %% [markdown] name="bits"
# ## Sitting 4 · Fewer bits a weight
#
# The [study page of lesson 41](../docs/studies/41.md) rounds a small ranker's weights, one scale a column. New here: the bound of the error, an outlier, activations as integers too, and a pretrained encoder.
#
# *Symmetric* quantisation writes $w \approx s\,q$ with whole numbers $q$ from $-m$ to $m$, $m = 2^{\text{bits}-1} - 1$ (127 for eight bits):
#
# $$s = \frac{\max |w|}{m},\qquad q = \mathrm{round}\Big(\frac{w}{s}\Big),\qquad |w - s\,q| \le \frac{s}{2}$$
#
# Nothing is clipped, since $|w|/s \le m$; so half a step bounds each error. (Krishnamoorthi 2018 compares the choices. *Asymmetric* quantisation adds a *zero point* $o$, $w \approx s\,(q - o)$, for numbers that are not around zero, such as what comes out of a ReLU.) The bound is in units of $s$, and $s$ is set by the **largest** weight of all that share it.
#
# **Predict first.** A matrix of 384 by 1,536 normal weights; one of them becomes 100 times a standard deviation. By how much does the relative error of the layer's output grow, with one scale for the matrix, and with one for each output unit?


# %% name="bits-build" tags=["after-guess"]
def rounded(w, bits, axis):
    """The weights as s q; axis None: one scale for the matrix, 0: one for each column."""
    m = 2 ** (bits - 1) - 1
    top = np.abs(w).max(axis=axis, keepdims=True)
    s = np.where(top > 0, top / m, 1.0)
    q = np.rint(w / s)
    return s * q, s, q


draw = np.random.default_rng(3)
normal, x = draw.normal(size=(384, 1_536)), draw.normal(size=(64, 384))
lines = {}
for times in (0, 10, 100):
    w = normal.copy()
    w[7, 5] = times or w[7, 5]
    for share, axis in (("one scale", None), ("one for each unit", 0)):
        back, s, _ = rounded(w, 8, axis)
        assert (np.abs(back - w) <= s / 2 + 1e-12).all()  # the bound
        off = np.linalg.norm(x @ back - x @ w) / np.linalg.norm(x @ w)
        lines[f"outlier of {times}" if times else "none", share] = off
pd.Series(lines).unstack().loc[["none", "outlier of 10", "outlier of 100"]].map("{:.1%}".format)

# %% [markdown] name="bits-why" tags=["after-guess"]
# One weight of 590,000 makes the output twenty times as wrong: the step of *all* grew with it. With a scale for each unit the outlier spoils its own column of 384 weights only. So "int8" says little until it says **what shares a scale**. (That the outlier is there is by construction; how large the real ones are stands below.) Keras rounds the same way, with a scale for each unit:

# %% name="bits-keras"
q_keras, by = keras.quantizers.abs_max_quantize(keras.ops.cast(w, "float32"), axis=0)
_, s, q = rounded(w.astype("float32"), 8, 0)
print("integers that differ from Keras's:", int((np.asarray(q_keras) != q).sum()), "of", q.size)
print("its scale is our 1 / s, within 1e-4:", np.allclose(np.asarray(by) * s, 1, atol=1e-4))
eight = np.array([[100, 100]], np.int8) @ np.array([[1], [1]], np.int8)
print("int8 @ int8 in NumPy, 100 + 100 =", eight[0, 0])

# %% [markdown] name="bits-keras-why"
# The last line is silent and wrong: NumPy keeps the type of its arguments. A product of integers needs a wider sum: two of 8 bits make 16, and 384 of them, 384 · 127 · 127 at most, need 24 with the sign. So hardware for int8 sums in 32. Then two scales come out of the sum, one for the row of $x$ and one for the column of $W$:
#
# $$y_{ij} \approx s^x_i\, s^W_j \sum_k q^x_{ik}\, q^W_{kj}$$

# %% [markdown] name="task-6-text"
# ### Task 32.6 · A product of integers (10 minutes)
#
# Write `product(x, q, scales)`.
#
# - `x`: array `[n, d]` of floats, each row rounded here, on the fly: its scale is its largest absolute value over 127; for a row of zeros it is 1. Halves go to the even number (`np.rint`: 62.5 to 62, 63.5 to 64). `q`: array `[d, h]` of `np.int8`. `scales`: array `[h]`, of q's columns.
# - Return the array `[n, h]` of the formula above, as floats. $d$ may be 1,000. Leave the arguments as they are.
#
# `product(np.array([[1., -.5]]), np.array([[100], [50]], np.int8), np.array([.01]))`: the row becomes 127 and -64 (-63.5 goes to the even), the sum is 9,500, and 9,500 · .01 / 127 is 0.7480.


# %% name="task-6"
def product(x, q, scales):
    ### BEGIN SOLUTION
    top = np.abs(x).max(axis=1, keepdims=True)
    s = np.where(top > 0, top / 127, 1.0)
    return (np.rint(x / s).astype(np.int32) @ q.astype(np.int32)) * s * scales
    ### END SOLUTION


check("32.6", product)

# %% [markdown] name="rounded-text"
# ### MiniLM in eight and in four bits
#
# The outlier above was planted. Now all matrices of the encoder are rounded, its tables too; biases and normalisations stay. One scale for each matrix, for each unit (of a table: each word), or for each 32 weights of a unit, as files of language models do it. Judged on 1,000 reviews of 32 tokens: the cosine of a vector with that of 32 bits; AUC of a head that was fitted on vectors of 32 bits, five splits by product into halves; and how many of a review's ten nearest reviews stay. Two splits share 42 to 66 % of their test reviews, so each interval is widened as in sitting 2, here with $n_2/n_1 = 1$, to 2.4 times. Stored: `benchmarks/rounded_encoder.py`.
#
# **Predict first.** Eight bits with one scale for each matrix: does the AUC fall? And which is better, these or 4 bits with a scale for each 32 weights?

# %% name="rounded-table" tags=["after-guess"]
BITS = json.loads((paths.RESULTS / "rounded_encoder.json").read_text(encoding="utf-8"))
SETTINGS = ("8 bits, a matrix", "8 bits, a unit", "4 bits, a matrix", "4 bits, a unit", "4 bits, 32 weights")  # fmt: skip
table = {}


def told(name):
    return name.replace(", ", ", one scale for each ").replace("each a ", "each ")


for name in ("32 bits", *SETTINGS):
    one = BITS[name]
    table[told(name)] = {
        "MB": f"{one['bytes'] / 1e6:.1f}",
        "cosine, mean": f"{one.get('cosine', [1, 1])[0]:.3f}",
        "least": f"{one.get('cosine', [1, 1])[1]:.3f}",
        "AUC": f"{np.mean(one['auc']):.3f}",
        "same of ten": f"{one.get('same of ten', 1):.0%}",
    }
out = BITS["outliers"]
print(f"largest weight over the standard deviation, {out['n']} matrices: {out['least']:.0f} to {out['most']:.0f}")  # fmt: skip
pd.DataFrame(table).T

# %% name="rounded-forest" tags=["after-guess", "folded"]
# Verdicts: each setting against 32 bits, five splits.
forest(
    "AUC after rounding, minus before",
    [
        claim(
            f"32.bits-{name.replace(' ', '-').replace(',', '')}",
            told(name),
            BITS[name]["auc"],
            BITS["32 bits"]["auc"],
            pairs="splits",
            overlap=1,
        )
        for name in SETTINGS
    ]
    + [
        claim("32.bits-four-over-eight", "4 bits, scale for 32 weights, over 8 bits, scale for a matrix", BITS["4 bits, 32 weights"]["auc"], BITS["8 bits, a matrix"]["auc"], pairs="splits", overlap=1)
    ],
)  # fmt: skip

# %% name="rounded-outliers" tags=["after-guess"]
# How far the largest weight of each of 36 matrices is from zero; then a scale for each unit in the five worst alone.
FAR = json.loads((paths.RESULTS / "rounded_outliers.json").read_text(encoding="utf-8"))
far = pd.Series(FAR["ratios"])
print("largest weight over the deviation, median of 36:", far.median(), "- the eight largest:")
print(far.head(8).to_string())
for name in ("outliers by unit, others by matrix", "outliers by matrix, others by unit"):
    print(f"{FAR[name]['matrices']} {name}: AUC {np.mean(FAR[name]['auc']):.3f}, mean cosine {FAR[name]['cosine']:.3f}")  # fmt: skip
_ = evidence("32.bits-five", "A scale for each unit in the five alone over one for each matrix in all", FAR["outliers by unit, others by matrix"]["auc"], BITS["8 bits, a matrix"]["auc"], pairs="splits", overlap=1)  # fmt: skip

# %% [markdown] name="speed-text"
# And the time? A product of $n$ rows with a matrix of 384 by 1,536, five ways: 32 bits in NumPy; weights of 8 bits that are widened at each call; integers on both sides with a sum of 32 bits; Keras, and Keras after `quantize("int8")`.
#
# **Predict first.** Which is the fastest for 1,024 rows, and which the slowest?

# %% name="speed-table" tags=["after-guess"]
print("x [n, 384] times W [384, 1536], CPU milliseconds of one thread;", BITS["machine"]["speed"])
pd.DataFrame(BITS["speed"]).rename_axis("n =", axis=1)

# %% [markdown] name="rounded-why" tags=["after-guess"]
# Eight bits with one scale for each matrix lose .009 to .038 of AUC, a hint, and a quarter of the nearest reviews; with a scale for each unit no loss of AUC is shown (-.005 to +.002), and 3 % of the nearest go, at one percent more bytes. The real outliers have a place: of 36 matrices the largest weight stands 7 deviations from zero in the median, in five 40 to 175, and all five are *narrowing* layers, which lead from the inner width back. A scale for each unit in these five alone brings .003 to .037 over one for each matrix in all (one verdict, corrected for no other): .842 in the mean, of .845.
# Four bits with one scale for each matrix lose .093 to .263, after Holm's correction, too. With a scale for 32 weights (14.2 MB with scales of 32 bits, as here; 12.8 with 16) no loss against 32 bits is shown (-.036 to +.022), and no lead over eight bits with a scale for each matrix (-.017 to +.050). Look at the task's metric beside the cosine: of these two the 4 bits have the lower cosine, .944 against .957, and the higher AUC in the mean, .838 against .822.
#
# Eight bits are a quarter of the bytes; the time depends on the rows. Widening costs a copy at each call; NumPy multiplies integers without the library of fast products (BLAS), nearly seventy times slower for 1,024 rows. Keras's int8 against its own 32 bits: .76 against .87 ms for one row, 1.8 times slower for 64, three times for 1,024. What is missing here is a **kernel** that multiplies integers (this CPU has instructions for it; no library with such a kernel was tried).

# %% [markdown] name="cut-4"
# **End of sitting 4.** You can bound a rounding error and multiply integers. Next: requests that need no model.

# %% [markdown] name="cache"
# ## Sitting 5 · The cheapest request is the one that was asked before
#
# A vector depends on the text and on the model, so it can be kept: `encode` stores each vector under the hash of its text, in a file named after the hash of the model. How often does a query come again? Two things hold by construction here. The shop's queries follow Zipf's law: the query at rank $k$, from 0, is asked in proportion to $1/(k+2)$. And each request is drawn **independently** of those before.
#
# A cache of $C$ queries. *LRU* forgets the query that was not asked for longest. *Frequent* keeps the $C$ most frequent of an earlier log and never changes. Can the hit rate be foretold? With independent requests, a query of probability $p$ is still there if it was asked within the time $t$ in which $C$ *different* queries are asked (Che et al. 2002):
#
# $$\text{hit rate} \approx \sum_i p_i\,\big(1 - e^{-p_i t}\big),\qquad t \text{ from } \sum_i \big(1 - e^{-p_i t}\big) = C$$
#
# **Predict first.** 600 distinct queries. A cache for 30 of them, 5 %: what share of requests does LRU answer, what share the 30 most frequent of an earlier log?


# %% name="cache-ways" tags=["after-guess", "folded"]
# The two policies, replayed on a log.
def lru(earlier, asked, size):
    """The hit rate on ``asked``, the cache filled by ``earlier`` before."""
    kept, hits = OrderedDict(), 0
    for at, query in enumerate([*earlier, *asked]):
        if query in kept:
            hits += at >= len(earlier)
            kept.move_to_end(query)
            continue
        kept[query] = None
        if len(kept) > size:
            kept.popitem(last=False)
    return hits / len(asked)


def frequent(earlier, asked, size):
    top = {query for query, _ in Counter(earlier).most_common(size)}
    return np.mean([query in top for query in asked])


# %% name="cache-run" tags=["after-guess"]
def foretold(p, size):
    """Che's formula."""
    t = brentq(lambda t: (1 - np.exp(-p * t)).sum() - size, 0, 1e9)
    return p @ (1 - np.exp(-p * t))


SIZES, rates = (6, 15, 30, 60, 150, 300), []
for seed in range(5):
    shop = Shop(seed)
    log = shop.log(150_000)
    asked = log[log["query_id"].notna()].drop_duplicates("request")["query_id"].to_numpy()
    p = shop.queries["share"].to_numpy() / shop.queries["share"].sum()
    early, late = asked[: len(asked) // 2], asked[len(asked) // 2 :]
    rates.append([[lru(early, late, c), frequent(early, late, c), foretold(p, c), np.sort(p)[-c:].sum()] for c in SIZES])  # fmt: skip
rates = np.array(rates)  # [shop, size, way]
pd.DataFrame(rates.mean(0), pd.Index(SIZES, name="size"), ["LRU", "frequent", "LRU by the formula", "the best fixed list"]).round(2)  # fmt: skip

# %% name="cache-verdict" tags=["after-guess", "folded"]
# Five shops, a cache of 30.
evidence("32.cache", "A cache of 30: the most frequent of an earlier log over LRU", rates[:, 2, 1], rates[:, 2, 0], unit="hit rate", pairs="shops")  # fmt: skip
print("LRU off the formula, largest in five shops and six sizes, below .03:", np.abs(rates[..., 0] - rates[..., 2]).max() < 0.03)  # fmt: skip

# %% name="cache-picture" tags=["after-guess", "folded"]
# Hit rate by the size of the cache.
fig, ax = figure(height=3)
mean = rates.mean(0)
for k, (name, colour, style, up) in enumerate((("LRU", "C0", "o", -14), ("frequent", "C1", "o-", 12), ("formula", "C0", "--", 0))):  # fmt: skip
    ax.plot(SIZES, mean[:, k], style, color=colour, markersize=4)
    if name != "formula":
        ax.annotate(name, (SIZES[2], mean[2, k]), xytext=(0, up), textcoords="offset points", ha="center", color=colour)  # fmt: skip
ax.annotate("LRU by the formula", (SIZES[4], mean[4, 2]), xytext=(4, -14), textcoords="offset points", color="C0")  # fmt: skip
ax.set_xscale("log")
ax.set_xticks(SIZES, SIZES)
ax.set_xlabel("queries in the cache, of 600")
ax.set_ylabel("hit rate")
ax.set_title("On a steady log the frequent ones win (higher is better)")
show(fig, alt="Hit rate by cache size 6, 15, 30, 60, 150, 300: " + "; ".join(f"{name} " + ", ".join(f"{one:.2f}" for one in mean[:, k]) for k, name in enumerate(("LRU", "frequent", "LRU by the formula"))))  # fmt: skip

# %% [markdown] name="cache-why" tags=["after-guess"]
# A twentieth of the queries answers more than a quarter of the requests with LRU, and nearly half when the frequent ones are kept. The formula foretells LRU without a simulation. (*The best fixed list*: the most probable queries, which only the simulator knows.) LRU is behind since a rare query pushes out a frequent one each time it comes. Breslau et al. (1999) replayed real logs of web requests: there, too, the policy by frequency did best, though requests close in time were not quite independent (abstract). But this log is steady, and what was asked a moment ago says nothing of what comes next. Both are turned now.

# %% [markdown] name="drift-predict"
# ### When the season changes
#
# A third way: *recounted* keeps the most frequent of the last 1,000 requests, and chooses them anew after every 250.
#
# **Predict first.** From the middle of the later log on, a share of the queries changes its popularity with others (a new season). At which share is LRU the best of the three?


# %% name="drift-run" tags=["after-guess"]
def recounted(earlier, asked, size, every=250, last=1_000):
    """The most frequent of the last 1,000 requests, chosen anew after every 250."""
    whole, hits = [*earlier, *asked], 0
    for at in range(len(earlier), len(whole), every):
        top = {query for query, _ in Counter(whole[at - last : at]).most_common(size)}
        hits += sum(query in top for query in whole[at : at + every])
    return hits / len(asked)


drifts, found = (0.0, 0.25, 0.5, 0.75, 1.0), []
for seed in range(5):
    draw, shop = np.random.default_rng(seed), Shop(seed)
    p = shop.queries["share"].to_numpy() / shop.queries["share"].sum()
    early = draw.choice(len(p), 4_000, p=p)
    row = []
    for share in drifts:
        moved = draw.permutation(len(p))[: round(share * len(p))]
        other = p.copy()
        other[moved] = p[draw.permutation(moved)]
        late = draw.choice(len(p), 4_000, p=other)
        row.append([way(early, late, 30) for way in (frequent, lru, recounted)])
    found.append(row)
found = np.array(found)  # [shop, share, way]
print("LRU minus frequent, least and most of five:", *(f"{a:+.2f} to {b:+.2f};" for a, b in zip((found[..., 1] - found[..., 0]).min(0), (found[..., 1] - found[..., 0]).max(0), strict=True)))  # fmt: skip
pd.DataFrame(found.mean(0), pd.Index(drifts, name="share that changes"), ["frequent", "LRU", "recounted"]).T.round(2)  # fmt: skip

# %% [markdown] name="drift-why" tags=["after-guess"]
# The list that never changes falls from .46 to .06; LRU stays at .27 to .29 whatever happens, since it forgets. Between them the lead turns at about half. But the plain rival that counts the last 1,000 requests anew is ahead of both at every share above 0 (at 0 it is .01 behind the list that never changes): for **one** change in 4,000 **independent** requests. So *LRU adapts* is not enough of a reason: counting adapts, too. Its window of 1,000 was chosen on nothing, and independent draws are the case in which counting has to win.

# %% [markdown] name="repeat-predict"
# ### The same query again, at once
#
# People turn pages, go back, ask again. With probability $g$ a request now repeats one of the last 20 (or 100); else it is drawn as before. And the other dial of the season: *all* queries change, after every $N$ requests. Two more rivals: *recounted, short* counts the last 250 requests, after every 50; *both* gives 20 of the 30 places to the most frequent of the last 1,000, and 10 to LRU.
#
# **Predict first.** From which $g$ on is LRU ahead of counting the last 1,000? And which of the five would you build?


# %% name="repeat-logs" tags=["after-guess", "folded"]
# The two kinds of log, and the shorter count.
def repeating(draw, p, g, last=20, n=8_000):
    """With probability g one of the last requests again."""
    fresh, again, back = draw.choice(len(p), n, p=p), draw.random(n) < g, draw.integers(1, last + 1, n)  # fmt: skip
    for at in range(last, n):
        if again[at]:
            fresh[at] = fresh[at - back[at]]
    return fresh[: n // 2], fresh[n // 2 :]


def seasons(draw, p, every, n=8_000):
    whole = [draw.choice(len(p), every, p=p[draw.permutation(len(p))]) for _ in range(n // every)]
    return np.split(np.concatenate(whole), 2)


def counted_shortly(earlier, asked, size):
    return recounted(earlier, asked, size, every=50, last=250)


# %% name="repeat-run" tags=["after-guess"]
def both(earlier, asked, size):
    """Two thirds for the most frequent of the last 1,000, counted after every 250; LRU has the rest."""
    whole, kept, hits, fixed = [*earlier, *asked], OrderedDict(), 0, 2 * size // 3
    for at, query in enumerate(whole):
        if at % 250 == 0:
            top = {one for one, _ in Counter(whole[max(at - 1_000, 0) : at]).most_common(fixed)}
        hits += at >= len(earlier) and (query in top or query in kept)
        if query not in top:
            kept[query] = None
            kept.move_to_end(query)
            if len(kept) > size - fixed:
                kept.popitem(last=False)
    return hits / len(asked)


NAMES = ["frequent", "LRU", "recounted", "recounted, short", "both"]
POLICIES = (frequent, lru, recounted, counted_shortly, both)
AGAIN = ((0.0, 20), (0.1, 20), (0.2, 20), (0.3, 20), (0.5, 20), (0.3, 100))
CHANGE, short, fast, law = (4_000, 1_000, 500), [], [], []
for seed in range(5):
    draw, p = np.random.default_rng(seed), Shop(seed).queries["share"].to_numpy()
    p = p / p.sum()
    short.append([[way(*logs, 30) for way in POLICIES] for logs in (repeating(draw, p, *one) for one in AGAIN)])  # fmt: skip
    fast.append([[way(*logs, 30) for way in POLICIES] for logs in (seasons(draw, p, one) for one in CHANGE)])  # fmt: skip
    law.append(foretold(p, 30))
short, fast = np.array(short), np.array(fast)  # [shop, dial, way]
table = pd.DataFrame(short.mean(0).T, NAMES, [f"g {g:g}, last {last}" for g, last in AGAIN])
table.loc["g + (1 - g) Che"] = [g + (1 - g) * np.mean(law) for g, _ in AGAIN]
table[[f"new every {one:,}" for one in CHANGE]] = pd.DataFrame(fast.mean(0).T, NAMES)
table.map(lambda v: "" if np.isnan(v) else f"{v:.2f}")

# %% name="repeat-verdict" tags=["after-guess", "folded"]
# Five shops, a cache of 30.
forest(
    "Hit rate, a cache of 30 of 600 queries",
    [
        claim(f"32.{key}", text, rates[:, at, NAMES.index(way)], rates[:, at, NAMES.index(rival)], unit="hit rate", pairs="shops")
        for key, rates, at, way, rival, text in (
            ("repeat-both-1", short, 1, "both", "LRU", "g = .1, last 20: both over LRU"),
            ("repeat-count-1", short, 1, "both", "recounted", "g = .1, last 20: both over recounted"),
            ("repeat-3", short, 3, "LRU", "recounted", "g = .3, last 20: LRU over recounted"),
            ("repeat-100", short, 5, "LRU", "recounted", "g = .3, last 100: LRU over recounted"),
            ("repeat-both", short, 3, "both", "LRU", "g = .3, last 20: both over LRU"),
            ("repeat-both-0", short, 0, "both", "recounted", "g = 0: both over recounted"),
            ("seasons-1000", fast, 1, "LRU", "recounted", "new every 1,000: LRU over recounted"),
            ("seasons-short", fast, 1, "LRU", "recounted, short", "new every 1,000: LRU over recounted, short"),
        )
    ],
)  # fmt: skip

# %% [markdown] name="repeat-why" tags=["after-guess"]
# A repeat is one of the last 20, and the cache has 30 places: LRU always holds it, **by construction**. So its rate is about $g + (1-g)$ times Che's, and it passes counting where $g + (1-g)\,.28 = .45$, at $g = .24$. Where repeats reach back 100 requests LRU stays behind, by .031 to .052. With the last 20 *both* is ahead of LRU and of counting from $g = .1$ on, and of the list that never changes from $.2$ on: .065 to .074 over LRU at .3. Where repeats reach back 100 that list has .45 and *both* .44 in the mean; where nobody repeats counting is ahead of *both*, by .030 to .039: LRU's ten places bring less than ten more counted queries would. (ARC, Megiddo and Modha 2003, and W-TinyLFU, Einziger et al. 2017, combine the two.)
#
# The season's speed is a matter of the window. All new after every 1,000 requests: counting the last 1,000 loses to LRU by .008 to .031, counting the last 250 wins by .062 to .087; after every 500, *both* is behind LRU, .20 against .27. LRU has no window to choose; who counts needs one shorter than the season. Which is right for a shop is read from its own log: replay it, in its order, with each policy. (Martina et al. 2014 extend the formula to such repeats, as their abstract says.)

# %% [markdown] name="stale"
# **And when the model changes?** A cache by text alone then returns vectors of the old model, and mixes them with those of the new one.
#
# **Predict first.** Half of 1,000 products were encoded before the change, half after it. Search by cosine, exact copies as queries, encoded by the new model: for how many of the old half is the copy found first?

# %% name="stale-run" tags=["after-guess"]
draw = np.random.default_rng(4)
texts, change = draw.normal(size=(1_000, 64)), draw.normal(size=(64, 64))


def vectors(texts, model):
    """Two models: the second turns what the first says."""
    v = texts if model == "old" else texts @ change
    return v / np.linalg.norm(v, axis=1, keepdims=True)


old, new = vectors(texts, "old"), vectors(texts, "new")
by_text = np.where(np.arange(1_000)[:, None] < 500, old, new)
for name, index in (("keyed by text alone", by_text), ("by text and the model's hash", new)):
    hit = (new @ index.T).argmax(1) == np.arange(1_000)
    print(
        f"{name:<29} found first, old half: {hit[:500].mean():.0%}, new half: {hit[500:].mean():.0%}"
    )

# %% [markdown] name="stale-why" tags=["after-guess"]
# The old half of the shop cannot be found, and no line of code fails. (The second model is another one altogether, by construction; a model trained a little further differs by less.) So the key of a vector is the text **and the hash of everything that the vector depends on**: weights, tokenizer, greatest length, prefix, pooling, bits. (`MINILM.key` here is the hash of the weights alone: enough while the rest stands still in the code.) What a cache cannot know is a price or a stock that has changed: keep vectors, not answers.

# %% [markdown] name="task-7-text"
# ### Task 32.7 · The hit rate of a cache (8 minutes)
#
# Write `hit_rate(queries, size)` for a cache that starts empty and forgets the query that was not asked for longest.
#
# - `queries`: a list of texts in the order in which they were asked; may be empty, any alphabet, the empty text is a query too. Two are the same query if they are equal: `"Tea"` and `"tea"` are two. `size`: how many queries fit, 0 or more.
# - Each query is a request. It is a hit if it is in the cache at that moment. Hit or not, it is then the one that was asked last.
# - Return hits over requests; 0 where there are none. Leave the list as it is.
#
# `hit_rate(["a", "b", "a", "c", "a", "b"], 2)` is 1/3: the third and the fifth are hits; "b" was pushed out by "c".


# %% name="task-7"
def hit_rate(queries, size):
    ### BEGIN SOLUTION
    cache, hits = OrderedDict(), 0
    for query in queries:
        hits += query in cache
        cache[query] = None
        cache.move_to_end(query)
        if len(cache) > size:
            cache.popitem(last=False)
    return hits / len(queries) if queries else 0.0
    ### END SOLUTION


check("32.7", hit_rate)

# %% [markdown] name="cut-5"
# **End of sitting 5.** You can foretell a cache's hit rate, and say which log makes the formula wrong. Last: the price, and the verdict.

# %% [markdown] name="price"
# ## Sitting 6 · What do a thousand requests cost?
#
# Of a thousand requests $1{,}000 \cdot f\,(1 - c)$ reach the model: $f$ the share that needs it at all, $c$ the cache's hit rate. Each *reads* tokens (all at once, like a batch) and *writes* tokens (one after the other: each needs the one before it, and reads all weights):
#
# $$\text{price} = 1{,}000\, f\,(1-c)\,\Big(\frac{\text{tokens in}}{\text{read a second}} + \frac{\text{tokens out}}{\text{written a second}}\Big)\,\frac{\text{price of an hour}}{3{,}600}$$
#
# All six are **inputs**: measure the speeds on your machine, ask for the hour's price. No vendor's price stands here: they differ by vendor and month. A machine that waits is paid as well: divide by its utilisation.

# %% [markdown] name="task-8-text"
# ### Task 32.8 · The price of a thousand requests (6 minutes)
#
# Write `price(tokens_in, tokens_out, read, write, hour, hits, share)`.
#
# - `tokens_in`, `tokens_out`: of a request that reaches the model, 0 or more. `read`, `write`: tokens a second, above 0. `hour`: price of an hour of the machine. `hits`, `share`: 0 to 1; `hits`: of the requests that need the model, the part that the cache answers.
# - Return the price of 1,000 requests by the formula above (utilisation is no argument here); do not round.
#
# `price(1_000, 0, 1_000., 20., 3.6, 0., 1.)` is 1.0: a second each, a thousand seconds, at 0.001 a second.


# %% name="task-8"
def price(tokens_in, tokens_out, read, write, hour, hits, share):
    ### BEGIN SOLUTION
    seconds = tokens_in / read + tokens_out / write
    return share * (1 - hits) * 1_000 * seconds * hour / 3_600
    ### END SOLUTION


check("32.8", price)

# %% [markdown] name="price-predict"
# Nine ways to judge a review, at an hour that costs 1. All speeds are measured, on one thread of one machine: the first three are means of the latencies measured for sitting 3 (`encode` fills a text up to the next of 16, 32, 64, 128, 256 tokens; here it is also read as long as it is). The generator is SmolLM2 with 135 million parameters and about five bits a weight, asked about a review; its two speeds are printed (the fixed words around the question, some 30 tokens, are charged at each request; a server that keeps them saves a fifth; `benchmarks/generator_speed.py`). Put in yours.
#
# **Predict first.** How many times the linear model's price is the generator's with 20 tokens out? And by how much does it fall if the answer is one token in the place of twenty?


# %% name="price-run" tags=["after-guess"]
def bill(seconds, hits=0.0, share=1.0, hour=1.0):
    """Of a thousand requests; as in task 32.8, so that this table needs no answer of yours."""
    return 1_000 * share * (1 - hits) * seconds * hour / 3_600


def products(tokens):
    """Multiply-adds of the encoder for one text."""
    return blocks * (tokens * (4 * d * d + 2 * d * h) + 2 * tokens**2 * d)


SPEED = json.loads((paths.RESULTS / "generator_speed.json").read_text(encoding="utf-8"))["speeds"]
read, write, asked = SPEED["read"], SPEED["written"][1], SPEED["tokens of a prompt"][1]
print(f"the generator reads {read:.0f} tokens a second and writes {write:.0f}; review, question and fixed words: {asked:.0f} tokens")  # fmt: skip
print(f"a review has {lengths['mean']:.0f} tokens, filled up {lengths['filled up']:.0f}, in the mean")  # fmt: skip
linear, encoded = (latency[way]["mean"] / 1e3 for way in ("TF-IDF", "MiniLM"))
generated = asked / read + 20 / write
ways = {
    "linear on words": bill(linear),
    "encoder": bill(encoded),
    "encoder, filled up": bill(latency["MiniLM, filled up"]["mean"] / 1e3),
    "generator": bill(generated),
    "generator, one token out": bill(asked / read + 1 / write),
    "generator, cache (5 of 22,641 reviews repeat)": bill(generated, hits=5 / 22_641),
    "linear; generator for the 5 % in doubt": bill(linear) + bill(generated, share=0.05),
    "linear and encoder, both together": bill(linear + encoded),
    "encoder, one vector for ten questions": bill(encoded) / 10,
}
pd.DataFrame({"price of 1,000": ways, "times the linear model": {way: of / ways["linear on words"] for way, of in ways.items()}}).map("{:.3g}".format)  # fmt: skip

# %% [markdown] name="price-why" tags=["after-guess"]
# One review a call, in turns, the encoder costs 23 times as much in the mean as the linear model (alone, .6 ms, some 50 times; in a batch 185), and 29 times where texts are filled up: **padding** is a lever of 1.3 here; one graph for any length takes it away, and in batches texts sorted by length. Sitting 3 found its AUC no better *in the place of* the linear model, and better beside it. One vector that ten questions read costs each a tenth: that is *sharing*, the article's own lever (but ten linear heads share TF-IDF's columns as well).
# The generator costs 700 to 900 times as much. With 20 tokens out those that it *reads* are about three quarters of the price: on one core it reads only twice as fast as it writes, so a one-word answer saves a fifth to a quarter, and a shorter question may save more. (An accelerator reads many tokens at once: there writing is what costs. So the two speeds are inputs.)
# A cache saves what it answers, and reviews do not repeat: nothing. The largest lever is the share: if the linear model keeps what it is sure of, and 5 % go on, the price falls to a twentieth. (Whether the generator is right on these 5 % is another measurement.)

# %% [markdown] name="funnel-text"
# The same arithmetic for a page of the shop. A *funnel* asks a larger model about fewer products: **retrieval** by vectors, **ranking** by lesson 41's network, **re-ranking** by the encoder that reads query and product together.
#
# **Predict first.** Which stage is the most expensive? And what would it cost to re-rank 100 in the place of ten?

# %% name="funnel-run" tags=["after-guess"]
one_text, rate = (
    products(64),
    products(lengths["mean"]) / encoded / 1e9,
)  # million in a millisecond
first = "retrieval: 100,000 products, 384 numbers"
stages = {
    first: 100_000 * 384,
    "ranking: 1,000 products, 180,352 each": 1_000 * 180_352,
    "re-ranking: 10 texts of 64 tokens": 10 * one_text,
    "re-ranking 100": 100 * one_text,
    "the encoder for all 100,000": 100_000 * one_text,
}
pd.DataFrame({"million multiply-adds": stages}).div(1e6).assign(ms=lambda t: (t.iloc[:, 0] / rate).where(t.index != first)).map("{:,.0f}".format).replace("nan", "").rename(columns={"ms": f"ms at {rate:.0f} million a millisecond"})  # fmt: skip

# %% [markdown] name="funnel-why" tags=["after-guess"]
# Ten texts through the encoder cost 39 times the multiply-adds of ranking a thousand products. For 100 the page would wait more than two seconds. And the encoder for all 100,000 products, 42 minutes of this machine, is no part of a request: a product's vector is computed once, when the product changes, and read a million times.
# (28 million multiply-adds a millisecond is what the encoder reached above, at the mean length of a review. Retrieval has no time here: one vector against a table of 154 MB waits for the memory, longer than the count says; an index, lesson 11, reads less.) A budget is written stage by stage: say 20 ms for ranking and 100 for re-ranking. At 25 ms a text the encoder may then see **four** products, not ten.

# %% [markdown] name="costs"
# ## The side that the article leaves out
#
# Four advantages, and no cost: the course counts this as mistake **E19** of the article. What stands on the other side of the table, and where this course shows it:
#
# | cost | what it is | where |
# |---|---|---|
# | latency | milliseconds a request, p50 and p99 | sittings 3 and 6; queues in lesson 41 |
# | tokens | read and written, each with a price | sitting 6 |
# | invented products | a generator names what the shop does not sell | lesson 33 |
# | freshness | price, stock and catalogue change, weights do not | lesson 33; the stale cache above |
# | privacy | customers' words leave the house, and training texts can be drawn out of a model again (Carlini et al. 2021) | named only: nothing is measured here |
# | evaluation | an answer in free text has no AUC; a judge has to be judged | lesson 11 for relevance, 16 for experiments |

# %% [markdown] name="verdict"
# ## The verdict on "more efficient use of resources"
#
# | claim | verdict | numbers |
# |---|---|---|
# | "shares parameters among tasks, which lowers the use of computation" | **holds in serving, for sharing, at any size**; in training less | three tasks: 2.7 times fewer multiply-adds a row; an epoch of training 1.1 to 1.2 times fewer. At equal cost purchase +.028 to +.060 of AUC over three narrow networks; over logistic regressions nothing is shown |
# | "large" makes it efficient | **does not hold**: size costs, and may buy quality | four times the width: 6.5 to 6.8 times the multiply-adds; over logistic regressions purchase +.003 to +.016 (a hint), click -.040 to -.019 (at rate .003, level in validation, .719 against .735) |
# | a large encoder can be adapted cheaply | **holds for training's memory and the time of a step**; of its quality **nothing is shown**: with 512 labels no way of training the last block is shown ahead of the head | one block: LoRA 140 times fewer trained weights, two thirds of the time a step, and more steps; all six: 38 to 55 % less memory |
# | its knowledge fits into a model of a millisecond | **holds with few labels** where both models teach; **not shown** for MiniLM alone over self-training, nor with many labels | TF-IDF, 256 labels: taught by both +.043 to +.057 over labels alone, +.010 to +.029 over its own answers. With 4,096 -.001 to +.008 over labels alone, and static taught by both, under half the time, is behind TF-IDF on the same labels by .041 to .048 |
# | fewer bits make it cheap | **holds for bytes, with a scale for each unit**; for time it depends on rows and kernel | 90 MB become 23; AUC -.005 to +.002, with a scale for each matrix -.038 to -.009 (a hint); int8 in Keras three times slower for 1,024 rows |
# | a cache makes it cheap | **holds when** queries repeat; on the shop's log of 600 queries | room for 5 % of the queries: 28 % of requests with LRU, 45 % with the frequent ones; where three of ten repeat one of the last 20, 57 % with both. Reviews do not repeat: 0 % |
#
# Qualities are of models of at most 23 million parameters, times of one core: what is said of larger ones is cited, not measured.

# %% [markdown] name="interview"
# ## The interview, with follow-up questions
#
# Set a clock to 60 seconds, say your answer aloud, then read on and score it.
#
# <!-- bank: lm-05 -->
#
# - *"We rounded to int8 and it became slower."* The table of speeds: without a kernel for integers the sum runs in plain loops, or weights are widened at each call.
# - *"After the new encoder half of the catalogue is gone."* *And when the model changes?*: keys without the model's hash.

# %% [markdown] name="interview-lora"
# <!-- bank: lm-02 -->
#
# - *"Both factors start at zero, to be safe?"* The cell on starts: all gradients are zero, for ever.
# - *"Which rank?"* The two tables of ranks: a bet on few directions, tuned together with the rate.

# %% [markdown] name="interview-price"
# <!-- bank: lm-11 -->

# %% [markdown] name="recap"
# ## Recap
#
# The follow-up questions stand above.
#
# - **Sharing or size?** In serving, with $K$ tasks sharing saves $K-1$ trunks, at any width; size costs at any number of tasks. Ask which of the two a sentence means.
# - **Count**: layers grow with the tokens, the two products of attention with their square; they meet at $n = 2d + h$. Tables are parameters without multiply-adds.
# - **Training memory**: a trained weight is four numbers, a frozen one is one; activations come on top, and only a trained layer needs its own input. LoRA takes away gradients and moments; merged, it serves like any matrix.
# - **A teacher** that is not ahead of its student may still help, as may the student itself (hints here). Compare with self-training, hard with hard (there the order counts) and soft with soft (there spread and mean, too); cut at the share of the labels; let both models teach.
# - **int8**: half a step bounds the error, the largest weight sets the step; say what shares a scale. Sum integers in 32 bits.
# - **Cache**: key by text and by all that the vector depends on. Che's formula foretells LRU where requests are independent. Room for the frequent ones, some for the last ones, and a window shorter than the season: replay the log.
# - **Padding** to the next length costs 1.3 times here: read a text as long as it is; sort batches by length.
#
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | **E17** | *"a large model can share parameters among tasks, which lowers the use of computation"* | the saving comes from sharing: **2.7** to **2.8** times fewer multiply-adds in serving, at either width; size multiplies them by **6.5** to **6.8** |
# | **E19** | four advantages and no cost | latency (an encoder **23 to 185 times** a linear model's, by call or by batch; a generator **700 to 900 times**), tokens and their price in sitting 6; invented products and freshness in lesson 33; privacy and evaluation are named with their sources |
#
# **Left out here:** GPUs and their memory, speculative decoding, caches of keys and values, pruning, mixtures of experts (lesson 41), quantised training (QLoRA), batching of requests (lesson 41), energy.
#
# **References**
#
# - E. Hu et al.: LoRA: Low-Rank Adaptation of Large Language Models. ICLR 2022: on a par or better from RoBERTa to GPT-3 (abstract). https://arxiv.org/abs/2106.09685
# - E. Ben Zaken, S. Ravfogel, Y. Goldberg: BitFit: Simple Parameter-efficient Fine-tuning for Transformer-based Masked Language-models. ACL 2022: with small and medium data biases compete with full fine-tuning of BERT (abstract). https://arxiv.org/abs/2106.10199
# - D. Biderman et al.: LoRA Learns Less and Forgets Less. TMLR 2024: behind full fine-tuning on code and mathematics, and forgets less (abstract). https://arxiv.org/abs/2405.09673
# - A. Kumar et al.: Fine-Tuning can Distort Pretrained Features and Underperform Out-of-Distribution. ICLR 2022: first the head, then the rest. https://arxiv.org/abs/2202.10054
# - C. Nadeau, Y. Bengio: Inference for the Generalization Error. Machine Learning 52, 2003: splits that share rows.
# - W. Wang et al.: MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of Pre-Trained Transformers. NeurIPS 2020. https://arxiv.org/abs/2002.10957
# - G. Hinton, O. Vinyals, J. Dean: Distilling the Knowledge in a Neural Network. 2015. https://arxiv.org/abs/1503.02531
# - R. Tang et al.: Distilling Task-Specific Knowledge from BERT into Simple Neural Networks. 2019. https://arxiv.org/abs/1903.12136
# - R. Krishnamoorthi: Quantizing deep convolutional networks for efficient inference: A whitepaper. 2018: symmetric and asymmetric, a scale for each matrix or unit. https://arxiv.org/abs/1806.08342
# - C. Eckart, G. Young: The Approximation of One Matrix by Another of Lower Rank. Psychometrika 1, 1936.
# - H. Che, Y. Tung, Z. Wang: Hierarchical Web Caching Systems: Modeling, Design and Experimental Results. IEEE JSAC 20, 2002.
# - V. Martina, M. Garetto, E. Leonardi: A Unified Approach to the Performance Analysis of Caching Systems. INFOCOM 2014: beyond independent requests. https://arxiv.org/abs/1307.6702
# - N. Megiddo, D. Modha: ARC: A Self-Tuning, Low Overhead Replacement Cache. FAST 2003.
# - G. Einziger, R. Friedman, B. Manes: TinyLFU: A Highly Efficient Cache Admission Policy. ACM TOS 2017. https://arxiv.org/abs/1512.00727
# - L. Breslau et al.: Web Caching and Zipf-like Distributions: Evidence and Implications. INFOCOM 1999.
# - N. Carlini et al.: Extracting Training Data from Large Language Models. USENIX Security 2021. https://arxiv.org/abs/2012.07805
