# %% [markdown] name="title" question_zh="小模型能从大的精排模型那里学到多少，靠什么学（蒸馏）？" interview_zh="大的精排模型怎么降成本？"
# # 23 · Distillation
#
# > The large ranker is too slow. How much of it can a small model learn, and from what?
#
# **After this lesson you can** write the loss by which a small model learns from a large one, say when this is worth its cost, and check what the small model copies.
#
# | Essential | Deeper | Level | Before this | In interviews |
# |---|---|---|---|---|
# | 60 | 15 + 20 + 15 | middle | lesson 20 | "How do you make the big ranker cheap?", "Why multiply by T squared?", "Your teacher reads dwell time: is that leakage?" |

# %% [markdown] name="minute"
# ## In one minute
#
# A large *ranker* scores a few hundred products for each request. The stage before it, *pre-ranking*, scores thousands in the same time. So pre-ranking needs a small model. In **distillation** a small model, the *student*, learns from the probabilities of a large model, the *teacher*. These probabilities are called *soft labels*.
#
# **A student can gain from two sources.** The first is *more rows*: the teacher gives a probability to rows that have no label yet. In our first simulation these rows brought most of the gain, and the labelled rows little. The second is *better labels*: a teacher that read one more column helped its student on labelled rows, too.
#
# **The teacher must know what the student's labels do not tell.** From many clicks our teacher had learned what a few purchases cannot show. Where clicks say nothing about purchases, no gain was shown, and with few labels the student became worse.
#
# **First train the small model well without a teacher.** Let it learn all tasks, clicks too, with as much tuning as the student and several *starts*: draws of the initial weights. We call it the *plain rival*. Only in the narrowest network was the student ahead of the plain rival.
#
# **The student copies the teacher's errors, too.** If the teacher's probabilities are too high on average, so are the student's. So judge teacher and student on true labels. AUC judges the order. The *calibration ratio* judges the level: it is the mean prediction divided by the share of ones.

# %% name="imports" tags=["folded"]
# What this lesson imports, and the stored results.
import json
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import expit
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.backend import keras
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Columns
from course_utils.comparison import Rows, columns_of
from course_utils.datasets import load
from course_utils.evidence import claim, evidence
from course_utils.exercises import check, hint, solution
from course_utils.metrics import auc, calibration_ratio, paired_interval
from course_utils.models import SharedBottom
from course_utils.models.losses import log_losses, masked_mean
from course_utils.notebook import figure, forest, show
from course_utils.regimes import shared_bottom
from course_utils.regimes.draws import chance, happens, starved
from course_utils.regimes.tastes import added_tastes
from course_utils.training import Trainer

ops = keras.ops


def cells(file):
    return json.loads((paths.RESULTS / file).read_text(encoding="utf-8"))["cells"]


STORED, LATER = cells("distillation.json"), cells("distillation_rivals.json")
STORED |= {f"{name}, doubts": found for name, found in LATER.items()}
STORED |= cells("distillation_starts.json")
TWENTY = cells("distillation_seeds.json")


def stored(cell, *names, metric="auc"):
    """The mean over six seeds of each contender; made by benchmarks/distillation*.py."""
    names = names or [name for name in STORED[cell] if name != "Bayes limit"]  # it reads no column
    return pd.Series({name: np.mean(STORED[cell][name][metric]) for name in names})


def from_store(name, text, cell, method, baseline, metric="auc", other_cell=None, **settings):
    """A claim on stored results, paired over their six seeds."""
    one, other = STORED[cell][method], STORED[other_cell or cell][baseline]
    return claim(f"23.{name}", text, one[metric], other[metric], **settings)


SOFT, ALONE = "soft labels, all rows", "student alone"
LABELS, OWN = "stopped by labels", "stopped by its own loss"
DOUBTS = "unlabelled, doubts"

# %% name="minute-picture" tags=["folded"]
# The student alone, the best plain rival and the student of the teacher, at three widths.
PLAIN = {
    4: [("longer, width 4, doubts", "Shared-Bottom, longer, three starts"), ("starts, width 4", "fine-tuned")],
    8: [("longer, doubts", "Shared-Bottom, longer, three starts"), ("starts, width 8", "fine-tuned")],
    16: [("unlabelled, width 16", "Shared-Bottom of 16")],
}  # fmt: skip
WIDTHS = {4: "unlabelled, width 4", 8: "unlabelled", 16: "unlabelled, width 16"}
TAUGHT = {4: ("longer, width 4, doubts", "soft, longer"), 8: ("longer, doubts", "soft, longer"), 16: ("unlabelled, width 16", SOFT)}  # fmt: skip
teacher_auc = stored("unlabelled", "teacher").item()
fig, axes = figure(ncols=3, height=2.2, width=9.0)
alts = []
for ax, width in zip(axes, WIDTHS, strict=True):
    values = {
        "alone, 400 labels": stored(WIDTHS[width], ALONE).item(),
        "best plain rival, no teacher": max(stored(*one).item() for one in PLAIN[width]),
        "student of the teacher": stored(*TAUGHT[width]).item(),
    }
    ax.axvline(teacher_auc, color="0.4", linestyle="--", linewidth=1)
    ax.text(teacher_auc - 0.005, -0.6, "teacher", fontsize=8, color="0.4", ha="right")
    for row, value in enumerate(values.values()):
        ax.plot(value, row, "o", color="C0" if row == 2 else "0.5", markersize=9)
    ax.set(
        title=f"{width} units",
        ylim=(2.5, -1.0),
        xlim=(0.58, 0.88),
        yticks=[],
        xticks=(0.6, 0.7, 0.8),
    )
    told = ", ".join(f"{text} {value:.2f}" for text, value in values.items())
    alts.append(f"{width} units: {told}.")
axes[0].set_yticks(range(3), values)
fig.supxlabel("AUC of the purchase: right is better", fontsize=9)
show(fig, alt=f"AUC of the purchase at three widths of the trunk, mean of six seeds; the teacher has {teacher_auc:.2f}. " + " ".join(alts))  # fmt: skip

# %% [markdown] name="decision"
# | You see, on true labels | It means | Do | It costs | Check |
# |---|---|---|---|---|
# | The small model, trained on labels alone, is as good as the large model. | The large model has nothing to teach. | Launch the small model. | nothing | Train both on several seeds, and take the difference in AUC seed by seed. |
# | The plain rival is as good as the student. | The gain comes from the labels of all tasks and from tuning. | Launch the plain rival, without a teacher. | a few trainings | Does the interval of the difference in AUC contain 0? |
# | The teacher is better than the small model, and many rows have no label. | Soft labels may pay. | Train the student on all rows. | The teacher must predict for all logged rows. | Compare the student with the plain rival. |
# | The teacher is no better than the small model. | Expect no gain from its soft labels: they may harm. | Improve the teacher, or collect labels. | time | Compare teacher and small model on several seeds. |
# | The teacher reads a column that serving lacks. | The column is *privileged*. | Compare the student with two regressions: the first predicts this column, the second predicts the purchase from the first prediction. | two regressions | the AUC of both (first *Deeper* part) |
# | The student's mean prediction is too high or too low. | The teacher may have the same error. | Correct the teacher's level, then calibrate the student. | one regression | Are both calibration ratios near 1? |
#
# The [study page](../docs/studies/23.md) has all tables, settings and intervals. Among many differences some look real by chance. A difference *stands* if it passes *Holm's correction* for the number of verdicts. Else it *falls*.

# %% [markdown] name="essential"
# ## The essential hour
#
# `hint("23.1", 1)` gives a hint. This hour has the tasks 23.1, 23.3 and 23.6. The cells after a *Predict first* are folded: guess, then run them.

# %% [markdown] name="question"
# ### Who teaches whom
#
# Distillation is not a kind of multi-task learning: teacher and student may have one task or ten. In each use ask which model is smaller, which learns from more rows, and which reads more columns.

# %% [markdown] name="links"
# The numbers are the papers' own.
#
# | teacher | student | what the student lacks | source |
# |---|---|---|---|
# | a model that also reads *interacted* columns: they are computed for a customer and a product together | pre-ranking model | the time to compute such columns for thousands of products | Xu et al. 2020: clicks +5.0 % in an A/B test |
# | a model that also reads the dwell time, the time on the product's page | ranking model | the dwell time: it is not known yet when the model serves | Xu et al. 2020: conversions +2.3 % |
# | a language model | a small encoder | half of the layers | DistilBERT (Sanh et al. 2019) |
# | K networks, one for each task | one multi-task model for all K tasks | the weights of K networks | Clark et al. 2019, Li and Bilen 2020 |
# | several models | a single model of the same kind | the average over several models | Hinton et al. 2015, for speech |

# %% name="rows" tags=["folded"]
# The simulated rows: five seeds, each with its own customers and products.
SEEDS, PURCHASE = range(5), ("purchase",)
TASKS = (*shared_bottom.FREQUENT, "purchase")
cases = [shared_bottom.make(seed) for seed in SEEDS]
train = cases[0].split.train
for task in TASKS:
    known = train.mask(task)
    print(
        f"{task:<9} {known.sum():>6,} rows with a label, {train.labels[task][known].mean():.0%} of them 1"
    )

# %% [markdown] name="first-text"
# ### Many clicks, few purchases
#
# We simulated customers and products, so the truth is known. The labels of *view*, *click* and *save* are known for all 10,000 training rows. The *purchase* is known for 400 rows only. The other rows are too recent: their purchases may still come. All four tasks are mixtures of the same four preferences, as in lesson 20.
#
# The teacher is a Shared-Bottom network for all four tasks. Its *trunk*, the layer that all tasks share, is wide. The student predicts only the purchase, and its trunk has eight units. We train four students, and two plain methods without a teacher:
#
# | method | what it learns from | purchase rows |
# |---|---|---|
# | the student *alone* | labels | 400 |
# | soft labels, labelled rows | the teacher's probabilities | the same 400 |
# | soft labels, all rows | the teacher's probabilities | all 10,000 |
# | true labels, all rows | labels that the shop does not have yet | all 10,000 |
# | *stacking* | labels: a network predicts all tasks, and a regression of purchases reads its predictions | 400 |
# | *crossed* logistic regression | labels: it reads pairs of columns | 400 |
#
# **Predict first.** The student alone has an AUC near .62, the teacher near .84. Where are the other three students?

# %% name="first" tags=["after-guess", "folded"]
# AUC of the purchase: students, two plain methods and the teacher of TASKS, mean of six seeds.
FIRST = ("crossed logistic regression", "soft labels, labelled rows", "stacking", "true labels, all rows", "teacher")  # fmt: skip
stored("unlabelled", ALONE, SOFT, *FIRST).sort_values().rename("AUC of the purchase").to_frame().round(3)  # fmt: skip

# %% name="first-verdict" tags=["after-guess", "folded"]
# Six verdicts: the student of soft labels against other ways, and on the labelled rows alone.
RIVALS = {1: "stacking", 2: "crossed logistic regression", 6: "true labels, all rows", 7: "soft labels, labelled rows"}  # fmt: skip
forest(
    "Soft labels, a trunk of 8 units",
    [
        from_store(
            "soft-alone",
            "soft labels on all rows, over the student alone",
            "unlabelled",
            SOFT,
            ALONE,
        ),
        *(
            from_store(f"first-{i}", f"soft labels on all rows, over {name}", "unlabelled", SOFT, name)
            for i, name in RIVALS.items()
        ),
        from_store(
            "labelled",
            "soft labels on the 400 labelled rows, over the student alone",
            "unlabelled",
            "soft labels, labelled rows",
            ALONE,
        ),
    ],
)  # fmt: skip

# %% name="first-twenty" tags=["after-guess", "folded"]
# Two of these verdicts again, on twenty further simulations with the same settings.
twenty = [
    evidence(
        f"23.twenty-{name}",
        f"Twenty further simulations: {text}",
        TWENTY["unlabelled"][method]["auc"],
        TWENTY["unlabelled"][baseline]["auc"],
    )
    for name, text, method, baseline in [
        ("labelled", "soft labels on the 400 labelled rows, over the student alone", "soft labels, labelled rows", ALONE),
        ("true", "soft labels on all rows, over true labels on all rows", SOFT, "true labels, all rows"),
    ]
]  # fmt: skip

# %% [markdown] name="first-why" tags=["after-guess"]
# **Most of the gain comes from the rows without a label.** With soft labels on all rows the student is far above the student alone, and above both plain methods.
#
# Two comparisons show no difference on six seeds: soft labels on the 400 labelled rows against the student alone, and soft labels against true labels on all rows. Both intervals are wide, so we ran twenty more simulations. **The twenty show a small gain over the student alone, and a small loss against true labels.** So *no difference shown* did not mean *no difference*.

# %% [markdown] name="loss-text"
# ### The loss
#
# $z$ is the student's logit, $p = \sigma(z)$ its probability, $z_t$ the teacher's logit, $y$ the label. Write $H(q, p) = -q \ln p - (1-q)\ln(1-p)$ for the log loss of $p$ if the target is $q$. The *Kullback-Leibler divergence* KL says how far $p$ is from $q$. The loss of a row is (Hinton et al., here for labels 0 and 1)
#
# $$L = (1-a)\,H(y, \sigma(z)) \;+\; a\,T^2\,\mathrm{KL}\big(\sigma(z_t/T)\,\big\|\,\sigma(z/T)\big), \qquad
# \mathrm{KL}(q\|p) = H(q,p) - H(q,q)$$
#
# $a$ is the weight of the teacher. The **temperature** $T$ divides both logits: above 1 it pulls both probabilities towards one half.
#
# **Why $T^2$?** For a large $T$ the slope of KL takes a simple form:
#
# $$\frac{\partial}{\partial z}\mathrm{KL} = \frac{1}{T}\big(\sigma(z/T) - \sigma(z_t/T)\big) \;\longrightarrow\; \frac{z - z_t}{4\,T^2}$$
#
# One factor $1/T$ comes from the chain rule. The second comes from the bracket: divided logits give probabilities that lie closer together. $T^2$ makes up for both factors.
#
# **At $T = 1$**, with $q = \sigma(z_t)$, the loss is
#
# $$L = H\big((1-a)\,y + a\,q,\; p\big) - a\,H(q, q)$$
#
# The last term does not depend on the student. So distillation at $T=1$ is the log loss on the mixture $(1-a)\,y + a\,q$, also called a **soft label**.

# %% name="loss-numbers"
z, z_t = 1.0, 3.0
slopes = pd.DataFrame({"T": [1, 2, 5, 20]})
slopes["slope of KL"] = (expit(z / slopes["T"]) - expit(z_t / slopes["T"])) / slopes["T"]
slopes["times T squared"] = slopes["slope of KL"] * slopes["T"] ** 2
slopes.round(4)

# %% [markdown] name="task-1-text"
# As $T$ grows, the last column goes to $(z - z_t)/4$. At $T = 1$ it is about $p(1-p)(z - z_t)$, if both probabilities are near $p$. The ratio of the two is $1/(4p(1-p))$. For a rare event $p$ is small, so this ratio is large: in spite of $T^2$ a high $T$ gives the teacher more weight. So tune $a$ again when you change $T$.
#
# ### Task 23.1 · The student's loss (8 minutes)
#
# Write `student_loss(y, z, z_t, a, T)`.
#
# - `y`, `z`, `z_t`: arrays `[n]`, one row or more: labels `0.0` or `1.0`, the student's and the teacher's logits, between `-8` and `8`.
# - `a`: from `0` to `1`, the teacher's weight. `T`: `0.5` or more. Only the teacher's part of the loss has a temperature.
# - Return the mean of $L$ over the rows, as in the formula, KL included. Use NumPy in double precision; do not round, do not clip.
#
# For one row with `y = [1]`, `z = [0]`, `z_t = [2]`, `a = 0.5`, `T = 1` the result is `0.511`: the labels' part is `0.5 * 0.693`, the teacher's part `0.5 * (0.693 - 0.365)`. `expit` of SciPy is the sigmoid.


# %% name="task-1"
def student_loss(y, z, z_t, a, T):
    ### BEGIN SOLUTION
    def cross_entropy(target, said):
        return -(target * np.log(said) + (1 - target) * np.log(1 - said))

    q, soft, hard = expit(z_t / T), expit(z / T), expit(z)
    divergence = cross_entropy(q, soft) - cross_entropy(q, q)
    return np.mean((1 - a) * cross_entropy(y, hard) + a * T**2 * divergence)
    ### END SOLUTION


check("23.1", student_loss)

# %% [markdown] name="student-text"
# ### The student in code
#
# The trainer of this course wants labels `0` and `1`. So the teacher's logits, $a$ and $T$ become numeric columns of each row, the last columns of `numbers`. The student cuts these columns off before it predicts. Only its loss reads them.
#
# `task_losses` takes $H(q, p)$ in place of KL: $H(q, q)$ does not depend on the student.
#
# $a$ and $T$ may differ from row to row. On training rows $a = 1$ for soft labels, and $a = 0$ for the student alone. On validation rows $a = 0$. So the log loss on true labels decides when training stops.


# %% name="student"
class Student(SharedBottom):
    """Shared-Bottom that learns from labels and teachers; it reads the columns alone.

    The last K + 2 numbers of a row are for its loss: z_t of each task, then a and T.
    """

    def call(self, inputs, training=False):
        codes, numbers, scenario = inputs
        n = len(self.tasks) + 2
        predicted = super().call((codes, numbers[:, :-n], scenario), training)
        return predicted | {"teaching": numbers[:, -n:]}

    def task_losses(self, predicted, labels, counts):
        *z_t, a, T = ops.unstack(ops.transpose(predicted["teaching"]))
        p = ops.stack([predicted[task] for task in self.tasks])
        p = ops.clip(p, 1e-6, 1 - 1e-6)
        z = ops.log(p) - ops.log(1 - p)
        soft_label = ops.sigmoid(ops.stack(z_t) / T)
        soft = log_losses(soft_label, ops.sigmoid(z / T))
        return masked_mean((1 - a) * log_losses(labels, p) + a * T**2 * soft, counts)


# %% name="teaching" tags=["folded"]
# The rows as the student's loss wants them: teacher's logits, a and T as further numbers.
def logit(p):
    """ln(p / (1 - p)), with p kept a millionth from 0 and 1."""
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p) - np.log1p(-p)


def teaching(table, tasks, p_teacher=0.5, a=0.0, T=1.0, rows=None):
    """The table with what a student's loss needs; a, T and rows may differ from row to row."""
    n = len(table)
    p_teacher = p_teacher if isinstance(p_teacher, dict) else dict.fromkeys(tasks, p_teacher)
    said = {f"z_t of {task}": logit(p_teacher[task]) for task in tasks} | {"a": a, "T": T}
    numbers = np.stack([*table.numbers.T, *(np.full(n, one) for one in said.values())], axis=1)
    return replace(
        table,
        columns=replace(
            table.columns, numbers={**table.columns.numbers, **dict.fromkeys(said, (0, 1))}
        ),
        numbers=numbers.astype("float32"),
        labels={task: table.labels[task] * table.mask(task) for task in tasks},
        masks={task: table.mask(task) if rows is None else rows for task in tasks},
    )


# %% name="live" tags=["folded"]
# Teacher and two students, trained here on five seeds; the student as it serves.
teacher = Trainer(
    lambda: SharedBottom(train.columns, TASKS, (128,), (), 12),
    balancing=Fixed([1.0, 1.0, 1.0, 0.04]),  # the purchase: by its share of known labels
    weight_decay=1e-4,
)
wide = teaching(train, PURCHASE).columns
student = Trainer(lambda: Student(wide, PURCHASE, (8,), (), 12), weight_decay=1e-4)
served = SharedBottom(train.columns, PURCHASE, (8,), (), 12)
FIT = dict(epochs=40, patience=6, keep="each")


def learn(trainer, rows, split, seed, rate=1e-2, batch_size=256):
    """Train a student on prepared rows; its probabilities of the test rows' purchase."""
    trainer.batch_size = batch_size
    trainer.fit(rows, teaching(split.valid, PURCHASE), seed, rate, **FIT)
    return trainer.predict(teaching(split.test, PURCHASE))["purchase"]


said = {"teacher": [], "alone": [], "soft": []}
for seed, split in enumerate(case.split for case in cases):
    teacher.fit(split.train, split.valid, seed, 3e-3, **FIT)
    q = {"purchase": teacher.predict(split.train)["purchase"]}
    known, every = split.train.mask("purchase"), np.full(len(split.train), True)
    said["teacher"].append(teacher.predict(split.test)["purchase"])
    labelled = teaching(split.train, PURCHASE).take(known)
    said["alone"].append(learn(student, labelled, split, seed, 3e-3, batch_size=32))
    rows = teaching(split.train, PURCHASE, q, a=1.0, rows=every)
    said["soft"].append(learn(student, rows, split, seed))

served.set_weights(student.network.get_weights())
one, other = served.predict(train), student.network.predict(teaching(train, PURCHASE))
same = np.allclose(one["purchase"], other["purchase"], atol=1e-6)
print("a plain network with the student's weights says the same:", same)
print(f"weights: teacher {teacher.network.count_params():,}, student {served.count_params():,}")


def aucs(probabilities):
    return [
        auc(case.split.test.labels["purchase"], p)
        for case, p in zip(cases, probabilities, strict=True)
    ]


# %% name="live-figure" tags=["folded"]
# AUC of the teacher and of two students, one dot a seed.
def dots(values, title, alt):
    fig, axes = figure(height=0.5 + 0.42 * len(values))
    for row, one in enumerate(values.values()):
        axes.plot(one, [row] * len(one), "o", color=f"C{row}", alpha=0.7)
    axes.set(title=title, yticks=range(len(values)), ylim=(-0.6, len(values) - 0.4))
    axes.set_yticklabels(list(values))
    axes.invert_yaxis()
    show(fig, alt=alt)


dots(
    {
        "teacher": aucs(said["teacher"]),
        "student alone": aucs(said["alone"]),
        "student, soft labels": aucs(said["soft"]),
    },
    "AUC of the purchase, one dot a seed: right is better",
    "AUC of the purchase, one dot for each of five seeds: teacher near 0.84, student alone near 0.62, with soft labels near 0.82.",
)

# %% [markdown] name="live-text"
# A teacher with dropout must predict without it. `predict` does so.

# %% [markdown] name="task-3-text"
# ### Task 23.3 · Labels from people and teachers (8 minutes)
#
# In a shop some labels are missing, and some teachers must not be asked on some rows. Example: the teacher of the purchase was trained on clicked rows, and nobody has checked this teacher on other rows. So each cell of the student's label table needs a target, and a flag that says whether the cell counts. Write `student_targets(y, known, q, speaks, a)`.
#
# - All arrays are `[n, K]`: rows and tasks. `y`: labels `0.0` or `1.0`; where `known` is `False`, `y` is `0.0` and means nothing. `q`: the teachers' probabilities, **nan** where `speaks` is `False`. `known` and `speaks`: booleans.
# - `a`: the teacher's weight, from `0` to `1`.
# - Return a pair: the targets and the flags. The target is $(1-a)\,y + a\,q$ where the label is known and the teacher speaks, `y` where only the label is known, `q` where only the teacher speaks, and `0.0` elsewhere. The flags are booleans, or `0` and `1`.
#
# With `y = [[1, 0, 0]]`, `known = [[True, False, False]]`, `q = [[0.6, 0.2, nan]]`, `speaks = [[True, True, False]]` and `a = 0.5` the target is `[[0.8, 0.2, 0.0]]`, and `[[True, True, False]]` count.


# %% name="task-3"
def student_targets(y, known, q, speaks, a):
    ### BEGIN SOLUTION
    teacher = np.where(speaks, q, 0.0)
    one = np.where(known, y, teacher)
    target = np.where(known & speaks, (1 - a) * y + a * teacher, one)
    return target, known | speaks
    ### END SOLUTION


check("23.3", student_targets)

# %% [markdown] name="width-text"
# ### The plain rival: the small network, trained well
#
# A small Shared-Bottom can learn all four tasks from the labels, with a trunk as narrow as the student's. Only its purchase output is served. So this rival costs as much to serve as the student.
#
# | search | settings | epochs | starts |
# |---|---|---|---|
# | *usual*, for student and rival | four | up to 40 | one |
# | *longer*, at 4 and 8 units | four, with a higher learning rate | up to 120 | student: one; rival: the best of three by validation loss |
#
# A second rival is *fine-tuned*: its network learns view, click and save first, then the few purchases.
#
# **Predict first.** In the usual search, how far is the rival behind the student with four, eight and sixteen units?

# %% name="width" tags=["after-guess", "folded"]
# AUC by width: the student, the rival after the usual and the longer search, the fine-tuned rival.
LONGER = {4: "longer, width 4, doubts", 8: "longer, doubts"}
BEST = "Shared-Bottom, longer, three starts"
lines = {
    "usual search: wide gaps at 4 and 8 units": {
        "student": [stored(cell, SOFT).item() for cell in WIDTHS.values()],
        "rival": [stored(cell, f"Shared-Bottom of {width}").item() for width, cell in WIDTHS.items()],
        "student alone": [stored(cell, ALONE).item() for cell in WIDTHS.values()],
    },
    "longer search: a gap at 4 units": {
        "student": [stored(LONGER[width], "soft, longer").item() for width in LONGER],
        "rival": [stored(LONGER[width], BEST).item() for width in LONGER],
        "fine-tuned": [stored(f"starts, width {width}", "fine-tuned").item() for width in LONGER],
    },
}  # fmt: skip
LOOKS = {"student": ("C0o-", 0, 0.812), "rival": ("C1s-", 0.55, 0.653), "fine-tuned": ("C2^-", -0.1, 0.75), "student alone": ("k.:", 1.1, 0.63)}  # fmt: skip
fig, axes = figure(2, height=3.0, width=8.6)
alts = []
for ax, (title, of) in zip(axes, lines.items(), strict=True):
    for name, values in of.items():
        style, *place = LOOKS[name]
        ax.plot(range(len(values)), values, style)
        ax.text(*place, name, color=style[:-2])
        alts.append(f"{title.split(':')[0]}, {name}: {', '.join(f'{x:.2f}' for x in values)}.")
    ax.axhline(teacher_auc, color="0.4", linestyle="--", linewidth=1)
    ax.text(0, teacher_auc + 0.005, "teacher", fontsize=9, color="0.4")
    ax.set(title=title, xlabel="units of the trunk", xlim=(-0.15, 2.1), ylim=(0.6, 0.87))
    ax.set_xticks(range(3), WIDTHS)
axes[0].set_ylabel("AUC of the purchase: up is better")
show(fig, alt="AUC of the purchase by units of the trunk, 4, 8, 16. " + " ".join(alts))

# %% name="width-verdict" tags=["after-guess", "folded"]
# Six verdicts on stored results: the student against the plain rivals.
forest(
    "The student of soft labels against plain rivals",
    [
        *(
            from_store(
                f"width-{width}",
                f"{width} units, usual search: the student over the rival",
                WIDTHS[width],
                SOFT,
                f"Shared-Bottom of {width}",
            )
            for width in (8, 16)
        ),
        *(
            from_store(
                f"longer-starts-{width}",
                f"{width} units, longer search: the student over the rival, best of three starts",
                LONGER[width],
                "soft, longer",
                BEST,
            )
            for width in (8, 4)
        ),
        *(
            from_store(
                f"tuned-{width}",
                f"{width} units, longer search: the student over the fine-tuned rival",
                LONGER[width],
                "soft, longer",
                "fine-tuned",
                other_cell=f"starts, width {width}",
            )
            for width in (8, 4)
        ),
    ],
)

# %% [markdown] name="width-why" tags=["after-guess"]
# **At eight units the student's lead came from the rival's settings and single start.** After the usual search the student is far ahead. After the longer search no difference between the student and either rival is shown. At sixteen units no difference is shown even after the usual search.
#
# **At four units the student stays ahead of both rivals.**

# %% [markdown] name="zero-text"
# ### What must the teacher know?
#
# Now we change the simulation: what makes a customer purchase has nothing to do with view, click and save. Teacher and student stay the same. We train them with 1,200 labels of the purchase, then with 400.
#
# **Predict first.** In each case, is the teacher better than the student alone? And the student of this teacher?

# %% name="zero" tags=["after-guess", "folded"]
# AUC of the purchase where the other tasks say nothing about it, mean of six seeds.
zero = [ALONE, "teacher", SOFT, "logistic regression"]
few = stored("few_labels, doubts").rename("400 labels, one setting each")
pd.concat([stored("no better teacher", *zero).rename("1,200 labels"), few], axis=1).round(3).astype(
    object
).fillna("not tried")

# %% name="zero-verdict" tags=["after-guess", "folded"]
# Six verdicts: five where the other tasks show nothing of the purchase, one where they do.
FEW = "few_labels, doubts"
forest(
    "A teacher that knows no more",
    [
        from_store(
            "zero", "1,200 labels: soft labels over the student alone", "no better teacher", SOFT, ALONE
        ),
        from_store(
            "zero-logistic",
            "1,200 labels: soft labels over logistic regression",
            "no better teacher",
            SOFT,
            "logistic regression",
        ),
        from_store("zero-teacher", "400 labels: the teacher over the student alone", FEW, "teacher", ALONE),
        from_store("zero-few", "400 labels: soft labels over the student alone", FEW, SOFT, ALONE),
        from_store("zero-student", "400 labels: soft labels over the teacher", FEW, SOFT, "teacher"),
        from_store("one-five", "First simulation, five students as the teacher: soft labels over the student alone", "unlabelled", "soft labels of the five, all rows", ALONE),
    ],
)  # fmt: skip
twenty_few = evidence(
    "23.twenty-few",
    "Twenty further simulations, 400 labels: soft labels over the student alone",
    TWENTY["few_labels"][SOFT]["auc"],
    TWENTY["few_labels"][ALONE]["auc"],
)

# %% [markdown] name="zero-why" tags=["after-guess"]
# With 1,200 labels teacher, student and logistic regression are nearly equal, and no gain is shown. With 400 labels the teacher is *below* the student alone. The teacher's student is above the teacher, and below the student alone. On six seeds the difference between these two students does not stand. Twenty further seeds show it: **a bad teacher harms.**
#
# The first simulation had a second teacher: the mean of five students that learned alone. This teacher knows no more than its student, and no gain is shown.

# %% [markdown] name="task-6-text"
# ### Task 23.6 · Which model is served? (8 minutes)
#
# Write `launch(results, budget)`.
#
# `results` is a list of dictionaries, one for each model. The list may be empty.
#
# | key | value |
# |---|---|
# | `"name"` | a string, another for each model |
# | `"cost"` | a number, another for each model |
# | `"calibration"` | the calibration ratio |
# | `"auc"` | a list of the AUC on each seed: three seeds or more, the same for all models |
#
# - Leave out each model that costs more than `budget`, or has a ratio below `0.9` or above `1.1`.
# - Keep the cheapest model that is left. Then go up by cost. Compare each model with **the kept model**: its gains are its AUC minus the AUC of the kept model, seed by seed. `paired_interval(gains)` gives the 95 % interval `(low, high)`. If the whole interval is above zero, keep this model instead.
# - Return the name of the model that is kept at the end, or `"nobody"` if no model was left.
#
# With gains of `[.01, .02, .015]` the interval is `(.0026, .0274)`, so this model becomes the kept model.


# %% name="task-6"
def launch(results, budget):
    ### BEGIN SOLUTION
    left = [one for one in results if one["cost"] <= budget and 0.9 <= one["calibration"] <= 1.1]
    kept = None
    for one in sorted(left, key=lambda one: one["cost"]):
        if kept is None or paired_interval(np.subtract(one["auc"], kept["auc"]))[0] > 0:
            kept = one
    return kept["name"] if kept else "nobody"
    ### END SOLUTION


check("23.6", launch)

# %% [markdown] name="interview"
# ### Say it aloud
#
# <!-- bank: mt-10 -->
#
# **Asked next.** *"How else do you make the ranker cheap?"* Read fewer columns, store the weights with fewer bits (lesson 32), keep scores for a while, or rank fewer candidates.
#
# **What production has and our simulation has not:** most rows of a pre-ranker are products that nobody was shown. There somebody must check the teacher's guesses.

# %% [markdown] name="privileged-text"
# ## Deeper: may a teacher read what serving cannot? (15 minutes)
#
# When a purchase is predicted, the customer has not visited the product's page yet. Later the log has the **dwell time**, the time on the page. A column that training has and serving lacks is called **privileged** (Xu et al.).
#
# We simulated visits. The *interest* of a visit has two parts of equal size: a taste, which the columns show, and a mood, which no column shows. Interest makes the purchase more likely and the visit longer. The purchase is known for 500 of 8,000 visits.


# %% name="visits" tags=["folded"]
# The simulated visits, and a teacher: a logistic regression that reads one privileged column.
def visits(seed, noise=1.0):
    """Visits to product pages, the purchase known for 500; and privileged columns of training."""
    n, n_train, n_valid, few = 16_000, 8_000, 2_000, 500
    rng = np.random.default_rng(seed)
    codes, (taste,) = added_tastes(rng, tastes=1, columns=3, groups=30, n=n)
    interest = taste + rng.normal(size=n)  # of this visit: half of it stands in no column
    p_purchase = chance(interest - 2)
    mood, weight = np.polynomial.hermite_e.hermegauss(20)
    visible = chance(taste[:, None] + mood - 2) @ weight / weight.sum()  # the mean over moods
    purchase = happens(rng, p_purchase)
    privileged = {
        "dwell": interest + noise * rng.normal(size=n),  # seconds on the page, as a logarithm
        "receipt": purchase + 0.3 * rng.normal(size=n),  # what only a buyer's next page shows
        "noise": rng.normal(size=n),
    }
    longer = privileged["dwell"] > np.median(privileged["dwell"][:n_train])
    case = Rows(
        codes,
        np.zeros((n, 0)),
        {"purchase": p_purchase, "long": p_purchase},
        {"purchase": purchase, "long": longer},
        masks={"purchase": starved(n, n_train, n_valid, few)},
        visible={"purchase": visible, "long": visible},
        judged={"purchase": np.full(n, True), "long": np.full(n, False)},
    ).cut(columns_of(dict.fromkeys(["customer", "category", "brand"], 30)), n_train, n_valid)
    return case, {name: column[:n_train] for name, column in privileged.items()}


def privileged_teacher(train, column):
    """A logistic regression on the columns and one more, by the labelled rows: all rows' p."""
    one_hot = OneHotEncoder().fit_transform(train.codes).toarray()
    x, known = np.column_stack([one_hot, column, column**2]), train.mask("purchase")
    model = LogisticRegression(C=0.1, max_iter=500)
    return model.fit(x[known], train.labels["purchase"][known]).predict_proba(x)[:, 1]


# %% [markdown] name="privileged-guess"
# One teacher reads the dwell time. The other reads the receipt page, which shows with little noise who bought.
#
# **Predict first.** Which teacher has the higher AUC on visits without a label? And which has the better *student*, if students learn from labelled visits alone?

# %% name="privileged" tags=["after-guess", "folded"]
# Two teachers and five students, trained here on five seeds; settings are not tuned.
shops = [visits(seed) for seed in SEEDS]
pupil = Trainer(
    lambda: Student(teaching(shops[0][0].split.train, PURCHASE).columns, PURCHASE, (16,), (), 12),
    weight_decay=1e-4,
)
found = {
    name: {"teacher": [], "labelled rows": [], "all rows": []} for name in ("dwell", "receipt")
}
alone = []
for seed, (case, columns) in enumerate(shops):
    split, y = case.split, case.split.test.labels["purchase"]
    known, every = split.train.mask("purchase"), np.full(len(split.train), True)
    labelled = teaching(split.train, PURCHASE).take(known)
    alone.append(auc(y, learn(pupil, labelled, split, seed, 3e-3, batch_size=32)))
    for name, results in found.items():
        q = privileged_teacher(split.train, columns[name])
        results["teacher"].append(auc(split.train.labels["purchase"][~known], q[~known]))
        rows = teaching(split.train, PURCHASE, {"purchase": q}, a=1.0, rows=every)
        few = learn(pupil, rows.take(known), split, seed, batch_size=32)
        results["labelled rows"].append(auc(y, few))
        results["all rows"].append(auc(y, learn(pupil, rows, split, seed)))

# %% name="privileged-figure" tags=["after-guess", "folded"]
# AUC of two teachers and five students, one dot a seed.
dots(
    {f"{name}: {who}": one for name, results in found.items() for who, one in results.items()}
    | {"student alone": alone},
    "AUC of the purchase: right is better",
    "AUC of the purchase, one dot for each of five seeds. Dwell time: teacher near 0.75, student on labelled rows near 0.67, on "
    "all rows near 0.70. Receipt page: teacher near 0.99, student on labelled rows near 0.62, on all rows near 0.70. Student "
    "alone: near 0.62.",
)

# %% name="privileged-verdict" tags=["after-guess", "folded"]
# Two verdicts over five seeds: the same 500 rows, other labels.
privileged_live = [
    evidence(
        f"23.privileged-{name}",
        f"500 labelled rows: the student of the {what}, over the student alone",
        found[name]["labelled rows"],
        alone,
    )
    for name, what in [("dwell", "dwell time"), ("receipt", "receipt page")]
]

# %% [markdown] name="privileged-why" tags=["after-guess"]
# **On labelled visits the teacher with the higher AUC has the worse student.** The teacher with the receipt nearly repeats the labels, and its student shows no gain there. The teacher with the dwell time says how near a visit was to a purchase. Its probabilities are labels with less noise. Yang et al. saw better teachers with worse students, and prove such a case for linear models.
#
# On all visits the receipt helps, by construction: it shows the purchase. So the receipt *is* the label. If you have it earlier than the label, use it as the label.

# %% [markdown] name="rivals-guess"
# ### Is there a plainer way?
#
# Two rivals need no teacher. The first is one network with a second task, *long visit*: a dwell time above its median. The second rival is two regressions: ridge regression predicts the dwell time on all visits, and from this prediction a logistic regression predicts the purchase.
#
# **Predict first.** Which is best: the student of all visits, the network with two tasks, or the two regressions?


# %% name="ridge"
def dwell_then_purchase(split, dwell):
    """Ridge regression of the dwell time, then logistic regression on that number: test p."""
    encoder = OneHotEncoder().fit(split.train.codes)
    x, known = encoder.transform(split.train.codes).toarray(), split.train.mask("purchase")
    ridge = RidgeCV(np.logspace(-1, 3, 9)).fit(x, dwell)
    y = split.train.labels["purchase"][known]
    model = LogisticRegression(C=1).fit(ridge.predict(x[known])[:, None], y)
    expected = ridge.predict(encoder.transform(split.test.codes).toarray())
    return model.predict_proba(expected[:, None])[:, 1]


# %% name="privileged-table" tags=["after-guess", "folded"]
# AUC of the purchase, mean of six seeds; up to four settings each.
RIDGE, LONG = "ridge of dwell time, noise 1", "Shared-Bottom, long visit as a task"
WORLD = (ALONE, "receipt, labelled rows", "dwell time, labelled rows", "dwell time, all rows", LONG, "true labels, all rows", "visible limit")  # fmt: skip
pd.concat([stored("privileged", *WORLD), stored("privileged, doubts", RIDGE)]).sort_values().rename({RIDGE: "two regressions", LONG: "network with two tasks"}).rename("AUC of the purchase").to_frame().round(3)  # fmt: skip

# %% name="privileged-forest" tags=["after-guess", "folded"]
# Six verdicts on stored results.
JOINT = "joint network: tower of the purchase"
forest(
    "Dwell time, read by a teacher",
    [
        *(
            from_store(f"dwell-{name}", text, "privileged", method, baseline)
            for name, text, method, baseline in [
                ("labelled", "student on labelled rows, over the student alone", "dwell time, labelled rows", ALONE),
                ("all", "student on all rows, over the student alone", "dwell time, all rows", ALONE),
                ("noise", "the teacher reads noise: student on labelled rows, over the student alone", "noise, labelled rows", ALONE),
            ]
        ),
        from_store("ridge-student", "two regressions, over the student on all rows", "privileged, doubts", RIDGE, "dwell time, all rows", other_cell="privileged"),
        from_store("ridge-task", "two regressions, over the network with two tasks", "privileged, doubts", RIDGE, LONG, other_cell="privileged"),
        from_store("towers-trunk", "a regression on that network's trunk, over its purchase output", "towers, doubts", "joint network: regression on its trunk", JOINT),
    ],
)  # fmt: skip

# %% [markdown] name="privileged-rivals" tags=["after-guess"]
# **In this simulation the two regressions are best.** The simulation favours them, because its true model is linear. *Visible limit* is the best AUC that the columns allow.

# %% [markdown] name="towers-why" tags=["after-guess"]
# Why is the network with two tasks below the two regressions? Not because of its trunk: a regression on this trunk orders purchases better than the network's own purchase output. Nor because of the cut at the median: a regression of *long visit* orders purchases almost as well as the two regressions. **The weak part is the purchase output.** The output for *long visit* orders purchases well, but its level is that of long visits.

# %% [markdown] name="task-4-text"
# ### Task 23.4 · Who reads what? (4 minutes)
#
# Write `who_reads(known_at, label_at)`.
#
# - `known_at`: a dictionary from the name of a column to the minute at which its value is known. The request is at minute `0`; earlier minutes are negative. The dictionary may be empty.
# - `label_at`: the minute at which the label is written, above `0`.
# - Return a dictionary from name to `"both"` if the column is known at the request or before; `"teacher"` if it is known later, but before the label; `"nobody"` from the label on.
#
# `who_reads({"price": -60, "position": 0.1, "receipt page": 30}, 30)` is `{"price": "both", "position": "teacher", "receipt page": "nobody"}`. The position is known once the list is made: too late for the model that makes the list.


# %% name="task-4"
def who_reads(known_at, label_at):
    ### BEGIN SOLUTION
    def reader(at):
        if at <= 0:
            return "both"
        return "teacher" if at < label_at else "nobody"

    return {name: reader(at) for name, at in known_at.items()}
    ### END SOLUTION


check("23.4", who_reads)

# %% [markdown] name="interview-privileged"
# <!-- bank: mt-11 -->

# %% [markdown] name="calibration-text"
# ## Deeper: what does a student copy besides the order? (20 minutes)
#
# Take a student that sees no column, and so has one logit $z$ for all rows. At the $z$ with the least loss the slope is zero: $\sigma(z/T) = \text{mean}\,\sigma(z_t/T)$.
#
# **Predict first.** The teacher's mean prediction is 9.6 %, the true rate. What does this student predict at $T = 1$, and at $T = 8$?

# %% name="constant" tags=["after-guess"]
z_t = np.random.default_rng(0).normal(-3, 1.5, 100_000)
print(f"mean of the teacher: {expit(z_t).mean():.1%}")
for T in (1, 2, 8):
    one = expit(z_t / T).mean()
    print(f"T = {T}: student {expit(T * logit(one)):.1%}")
print(f"sigmoid of the mean logit: {expit(z_t.mean()):.1%}")

# %% [markdown] name="constant-why" tags=["after-guess"]
# At $T = 1$ the student keeps the teacher's mean. At a high $T$ the student copies the mean *logit*. For a rare event the sigmoid of the mean logit lies below the mean probability.

# %% [markdown] name="temperature-text"
# ### A teacher that says too much
#
# We train networks on the visits of the first *Deeper* part. If you skipped that part, choose *Run*, *Run All Above Selected Cell*.
#
# Rows without a purchase are often *thinned*: most are left out of training. One teacher learned from all labelled purchases and from one in four of the other labelled visits. The known correction subtracts $\ln 4$ from this teacher's logit. *Smoothed* labels are pulled towards one half.
#
# **Predict first.** What is the calibration ratio of this teacher's student, with the correction and without?

# %% name="temperature" tags=["after-guess", "folded"]
# Six students, trained here on five seeds.
THINNED, CORRECTED = "teacher on 1 in 4", "the same, corrected"
ratios = {name: [] for name in ["alone", "T = 1", "T = 8", "smoothed labels", THINNED, CORRECTED]}
orders = {name: [] for name in ratios}
for seed in SEEDS:
    case, columns = visits(seed, noise=0.3)
    split, y = case.split, case.split.test.labels["purchase"]
    known, every = split.train.mask("purchase"), np.full(len(split.train), True)
    q = {"purchase": privileged_teacher(split.train, columns["dwell"])}
    dropped = known & (split.train.labels["purchase"] == 0) & (np.arange(len(known)) % 4 > 0)
    fewer = replace(split.train, masks={**split.train.masks, "purchase": known & ~dropped})
    too_high = {"purchase": privileged_teacher(fewer, columns["dwell"])}
    corrected = {"purchase": expit(logit(too_high["purchase"]) - np.log(4))}
    labelled = teaching(split.train, PURCHASE).take(known)
    smooth = teaching(split.train, PURCHASE, 0.5, a=0.2).take(known)
    for name, rows, size in [
        ("alone", labelled, 32),
        ("T = 1", teaching(split.train, PURCHASE, q, 1.0, rows=every), 256),
        ("T = 8", teaching(split.train, PURCHASE, q, 1.0, 8.0, every), 256),
        ("smoothed labels", smooth, 32),
        (THINNED, teaching(split.train, PURCHASE, too_high, 1.0, rows=every), 256),
        (CORRECTED, teaching(split.train, PURCHASE, corrected, 1.0, rows=every), 256),
    ]:
        p = learn(pupil, rows, split, seed, batch_size=size)
        ratios[name].append(calibration_ratio(y, p))
        orders[name].append(auc(y, p))

# %% name="temperature-figure" tags=["after-guess", "folded"]
# Mean prediction over purchase rate, and AUC, one dot a seed.
fig, axes = figure(2, height=2.8, width=8.4)
for panel, values, title in [
    (axes[0], ratios, "Calibration ratio: 1 is right"),
    (axes[1], orders, "AUC: right is better"),
]:
    for row, one in enumerate(values.values()):
        panel.plot(one, [row] * len(one), "o", color=f"C{row}", alpha=0.7)
    panel.set(title=title, yticks=range(len(values)))
    panel.invert_yaxis()
axes[0].axvline(1, color="0.4", linewidth=1)
axes[0].set_yticklabels(list(ratios))
axes[1].set_yticklabels([])
show(
    fig,
    alt="Calibration ratio and AUC of six students, one dot for each of five seeds. Ratios: alone from 0.66 to 1.05, T = 1 near 1, "
    "T = 8 a little lower, smoothed labels from 0.85 to 1.25, a teacher trained on one in four negatives above 2, corrected near 1. "
    "AUC: from 0.58 to 0.64 alone and with smoothed labels, from 0.69 to 0.73 for the other four.",
)

# %% name="temperature-verdict" tags=["after-guess", "folded"]
# Four verdicts on the mean prediction over the purchase rate, one on AUC.
temperature_verdicts = [
    evidence(
        f"23.{name}",
        text,
        ratios[method],
        ratios[baseline],
        unit="calibration ratio",
        higher_is_better=up,
    )
    for name, text, method, baseline, up in [
        (
            "temperature",
            "Mean prediction: T = 8 over T = 1 (better: lower)",
            "T = 8",
            "T = 1",
            False,
        ),
        (
            "smoothing",
            "Mean prediction: smoothed labels over alone (better: higher)",
            "smoothed labels",
            "alone",
            True,
        ),
    ]
]
from_one = {name: np.abs(np.subtract(one, 1)).tolist() for name, one in ratios.items()}
temperature_verdicts += [
    evidence(
        "23.thinned",
        "Student of the teacher on 1 in 4, over the student at T = 1",
        from_one[THINNED],
        from_one["T = 1"],
        unit="distance of the ratio from 1",
        higher_is_better=False,
    ),
    evidence(
        "23.temperature-zero",
        "First simulation, mean prediction: T = 8 over T = 1 (better: lower)",
        STORED[DOUBTS]["soft, T = 8"]["calibration"],
        STORED[DOUBTS][f"soft, {LABELS}"]["calibration"],
        unit="calibration ratio",
        higher_is_better=False,
    ),
]
temperature_auc = evidence(
    "23.temperature-auc",
    "The student at T = 8, over the student at T = 1",
    orders["T = 8"],
    orders["T = 1"],
)

# %% [markdown] name="temperature-why" tags=["after-guess"]
# **The student repeats its teacher's level.** By construction the teacher of thinned rows predicts too much. Its student predicts about twice as much as it should. The corrected teacher's student is nearly right on average.
#
# $T = 8$ lowers the mean a little, and no difference in AUC is shown. In the first simulation the student sees all that its teacher sees, and with $T = 8$ no change is shown. Smoothed labels raise the mean, because purchases are rarer than one half.

# %% [markdown] name="task-5-text"
# ### Task 23.5 · Calibration error (8 minutes)
#
# A ratio of 1 can hide errors: too high on some rows, too low on others. So compare the mean prediction with the share of ones in parts of the rows. Write `calibration_error(y, p, bins)`.
#
# - `y`: array `[n]` of `0.0` and `1.0`. `p`: array `[n]` of probabilities, no two equal. `bins`: a whole number from `1` to `n`.
# - Sort the rows by `p` and cut them into `bins` parts of equal size. If `bins` does not divide `n`, the first parts have one row more, as in `np.array_split`.
# - Return the mean over the parts of |mean p - mean y|, each part weighted by its number of rows. Do not round.
#
# `calibration_error(np.array([0, 1, 1, 0]), np.array([0.1, 0.9, 0.3, 0.2]), 2)` is `0.275`, from the parts `|0.15 - 0|` and `|0.6 - 1|`.


# %% name="task-5"
def calibration_error(y, p, bins):
    ### BEGIN SOLUTION
    parts = np.array_split(np.argsort(p), bins)
    gaps = [len(part) * abs(p[part].mean() - y[part].mean()) for part in parts]
    return sum(gaps) / len(p)
    ### END SOLUTION


check("23.5", calibration_error)

# %% [markdown] name="interview-temperature"
# <!-- bank: mt-19 -->

# %% [markdown] name="stopping-guess"
# ## Deeper: does it hold for rounded labels, four teachers and real reviews? (15 minutes)
#
# Back to the first simulation. A *rounded* label is the teacher's probability, rounded to `0` or `1`. A *drawn* label is `1` with the teacher's probability. So far one rule chose the epoch: the log loss on true labels. The other rule is the student's *own* loss: validation rows, too, get the teacher's labels.
#
# **Predict first.** How much AUC does rounding cost under each rule?

# %% name="stopping" tags=["after-guess", "folded"]
# Students of soft, rounded and drawn labels under two rules of stopping, mean of six seeds.
pd.DataFrame(
    {
        f"{metric}, {rule}": {
            kind: stored(DOUBTS, f"{kind}, {rule}", metric=metric).item()
            for kind in ("soft", "rounded", "drawn")
        }
        for metric in ("auc", "calibration")
        for rule in (LABELS, OWN)
    }
).T.round(3)

# %% name="stopping-verdict" tags=["after-guess", "folded"]
# Five verdicts on stored results.
forest(
    "The cost of rounding under two rules of stopping",
    [
        from_store(f"stopping-{name}", text, DOUBTS, method, baseline)
        for name, text, method, baseline in [
            ("labels", "stopped by true labels: soft over rounded", f"soft, {LABELS}", f"rounded, {LABELS}"),
            ("own", "stopped by its own loss: soft over rounded", f"soft, {OWN}", f"rounded, {OWN}"),
            ("rounded", "rounded: stopped by its own loss, over by true labels", f"rounded, {OWN}", f"rounded, {LABELS}"),
            ("soft", "soft: stopped by its own loss, over by true labels", f"soft, {OWN}", f"soft, {LABELS}"),
            ("drawn", "stopped by its own loss: drawn over rounded", f"drawn, {OWN}", f"rounded, {OWN}"),
        ]
    ],
)  # fmt: skip

# %% [markdown] name="drawn-why" tags=["after-guess"]
# **Most of what rounding costs in AUC came from stopping by true labels.** Stopped by its own loss, a student of rounded labels has mostly extreme probabilities. The log loss on true labels punishes extreme probabilities, so it stops the training when the AUC is still lower.
#
# Rounding also changes the level: all probabilities below one half become `0`, and the mean stays too low. Drawn labels keep the level. Stopped by their own loss, students of rounded and drawn labels stay slightly below students of soft labels.

# %% [markdown] name="many-text"
# ### Four teachers, one student
#
# The multi-task form of distillation has **K single-task teachers and one student for all tasks**. Clark et al. take the teachers' soft labels. Li and Bilen take the teachers' *features*, what their trunks put out: a linear *adaptor* $A_k$ for each task pulls the shared trunk $f$ towards the teacher's trunk $f_k$,
#
# $$L = \sum_k L_k + \lambda \sum_k \Big\| \frac{A_k f}{\|A_k f\|} - \frac{f_k}{\|f_k\|} \Big\|^2$$
#
# Their reason is *imbalance*: the tasks' losses differ in difficulty, size and kind. Our four log losses are alike, so we cannot test this reason. We tried both forms on the first simulation, with all labels and four wide teachers.

# %% [markdown] name="many-guess"
# At sixteen units, with one learning rate for all methods, soft labels were nearly .02 above labels in mean AUC.
#
# **Predict first.** Then each method got four settings. What is left of this gain?

# %% name="many" tags=["after-guess", "folded"]
# Mean AUC of four tasks by width, tuned, mean of six seeds.
names = ["labels", "soft labels", "features", "a network per task", "labels, twice the rows"]
many = {width: stored(f"tasks, width {width}", *names) for width in (4, 16, 64)}
pd.DataFrame(many).rename_axis(columns="units of the trunk").round(3)

# %% name="many-verdict" tags=["after-guess", "folded"]
# Six verdicts: one before tuning, five after.
forest(
    "What the teachers add to labels: mean AUC of four tasks",
    [
        from_store("untuned", "soft labels over labels, 16 units, untuned", "tasks, one trial", "soft labels", "labels"),
        *(
            from_store(f"many-{width}-{method.split()[0]}", f"{method} over labels, {width} units, tuned", f"tasks, width {width}", method, "labels")
            for width, method in [(4, "soft labels"), (16, "soft labels"), (64, "soft labels"), (16, "features"), (64, "features")]
        ),
    ],
)  # fmt: skip

# %% [markdown] name="many-why" tags=["after-guess"]
# **After tuning no gain by soft labels is shown at any width.** At sixteen units the mean AUC of labels alone is as high as that of soft labels. In the two wider trunks features gain very little over labels. There labels on twice the rows gain at least as much in the mean.

# %% [markdown] name="real-text"
# ### Real reviews
#
# Does a reviewer of women's clothing recommend the garment? A thousand texts have a label, and many more have none. The teacher is a logistic regression on all words. The student knows only **50 words**. A second teacher reads these 50 words and the stars. A reviewer gives the stars together with the label: stars are a second label.
#
# For soft labels, give the model each text twice: as a `1` with weight $q$ and as a `0` with weight $1 - q$.
#
# **Predict first.** Stars can be used without any teacher: *four stars or more* is the label. Is this plain way below the student of the teacher with stars?

# %% name="real" tags=["real-data", "after-guess", "folded"]
# Five splits by product: teachers, students and plain ways.
reviews = load("clothing_reviews").dropna(subset=["text"]).drop_duplicates("text")
reviews = reviews.sample(frac=1, random_state=0).reset_index(drop=True)
y = reviews["recommended"].to_numpy()


def H(q, p):
    return -q * np.log(p) - (1 - q) * np.log(1 - p)


def soft_fit(x, q, C):
    weights = np.concatenate([q, 1 - q])
    labels = np.repeat([1, 0], len(q))
    return LogisticRegression(C=C, max_iter=300).fit(sparse.vstack([x, x]), labels, weights)


def on_split(k):
    """AUC and calibration ratio of each, on the products of one fifth."""
    test = reviews["product_id"].astype(int).to_numpy() % 5 == k
    pool = np.flatnonzero(~test)
    known, valid = pool[:1_000], pool[1_000:1_500]
    texts = reviews["text"]
    words = TfidfVectorizer(min_df=3, sublinear_tf=True).fit(texts[pool]).transform(texts)
    few = TfidfVectorizer(max_features=50, stop_words="english").fit(texts[pool]).transform(texts)
    stars = sparse.hstack([few, pd.get_dummies(reviews["rating"]).to_numpy(float)]).tocsr()

    def chosen(x, rows, label, strengths):
        """The strength with the least log loss on validation labels, four for each."""
        fits = [soft_fit(x[rows], label[rows], C) for C in strengths]
        p = [fit.predict_proba(x)[:, 1] for fit in fits]
        return min(p, key=lambda one: H(y[valid], one[valid]).mean())

    C, rows = (0.1, 1, 3, 10), np.setdiff1d(pool, valid)
    liked = (reviews["rating"].to_numpy() >= 4).astype(float)
    big, rated = chosen(words, known, y, (1, 3, 10, 30)), chosen(stars, known, y, C)
    said = {
        "teacher, all words": big,
        "student alone": chosen(few, known, y, C),
        "soft labels, all rows": chosen(few, rows, big, C),
        "teacher, with stars": rated,
        "stars, labelled rows": chosen(few, known, rated, C),
        "stars, all rows": chosen(few, rows, rated, C),
        "four stars or more, no teacher": chosen(few, rows, liked, C),
        "true labels, all rows": chosen(few, rows, y, C),
    }
    return pd.DataFrame(
        {
            name: {
                "AUC": auc(y[test], p[test]),
                "calibration ratio": calibration_ratio(y[test], p[test]),
            }
            for name, p in said.items()
        }
    ).T


splits = [on_split(k) for k in range(5)]

# %% name="real-table" tags=["real-data", "after-guess", "folded"]
# AUC and calibration ratio, mean of five splits.
(sum(splits) / len(splits)).round(2)

# %% name="real-verdict" tags=["real-data", "after-guess", "folded"]
# Six verdicts over five splits: five on AUC, one on calibration.
real_verdicts = forest(
    "50 words, reviews of clothing",
    [
        claim(
            f"23.real-{name}",
            text,
            *[[one.loc[row, "AUC"] for one in splits] for row in (method, baseline)],
            pairs="splits",
        )
        for name, text, method, baseline in [
            (
                "soft",
                "soft labels on all rows, over the student alone",
                "soft labels, all rows",
                "student alone",
            ),
            (
                "stars-labelled",
                "stars' soft labels on labelled rows, over the student alone",
                "stars, labelled rows",
                "student alone",
            ),
            (
                "stars",
                "stars' soft labels on all rows, over the student alone",
                "stars, all rows",
                "student alone",
            ),
            (
                "truth",
                "true labels on all rows, over the student alone",
                "true labels, all rows",
                "student alone",
            ),
            (
                "plain",
                "four stars or more as the label, no teacher, over stars' soft labels on all rows",
                "four stars or more, no teacher",
                "stars, all rows",
            ),
        ]
    ],
)

real_calibration = evidence(
    "23.real-calibration",
    "Mean prediction: soft labels of all words, over the student alone (better: higher)",
    *[
        [one.loc[name, "calibration ratio"] for one in splits]
        for name in ("soft labels, all rows", "student alone")
    ],
    pairs="splits",
    unit="calibration ratio",
)

# %% [markdown] name="real-why" tags=["after-guess"]
# With soft labels on all texts the student is better than the student alone. With the stars' soft labels on the labelled texts a gain, if any, is tiny. Between the plain way and the stars' student no difference in AUC is shown. But the plain way predicts too little on average: *four stars or more* is another event than *recommended*. The teacher of all words predicts too much on average, and so does its student.
#
# The five splits share most of their training texts, so the intervals are too narrow.

# %% [markdown] name="recap"
# ## Recap
#
# - Distillation trains a small model on a large model's probabilities. At $T = 1$ the loss is the log loss on the soft label $(1-a)\,y + a\,q$.
# - $T^2$ makes up for the smaller slope, but only roughly. Tune $a$ again for each $T$.
# - A student can gain from more rows, or from better labels.
# - A teacher that knew no more than the student showed no gain. A worse teacher harmed.
# - The plain rival is the small network with all tasks, a long search and several starts. Only in the narrowest trunk was the student better than the plain rival.
# - A student repeats its teacher's level. Correct the teacher, then calibrate the student.
# - Our ground: simulations, and one set of real reviews.

# %% [markdown] name="article"
# **What the article said, and what is right**
#
# | | the article | right |
# |---|---|---|
# | **Row 13** | a complex model hands its knowledge to a simpler one and improves it | The simpler model improves under conditions: the teacher knows more, it labels more rows or labels them better, and no plain rival is as good |
# | **E12** | distillation is a key concept of multi-scenario multi-task learning | Distillation needs neither several tasks nor several scenarios. The table in *Who teaches whom* shows where distillation meets multi-task learning |
# | interview question 1 | one complex model distilled into *several* simple ones lowers task conflict | The article names no mechanism. The multi-task form goes the other way: several teachers, one student. With four teachers no gain by soft labels was shown (see lesson 40) |
#
# **References**
#
# | | |
# |---|---|
# | the loss | Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural Network, 2015, [arXiv 1503.02531](https://arxiv.org/abs/1503.02531), section 2 |
# | privileged columns | Xu et al.: Privileged Features Distillation at Taobao Recommendations, KDD 2020, [arXiv 1907.05171](https://arxiv.org/abs/1907.05171) |
# | why a better teacher can teach less | Yang et al.: Toward Understanding Privileged Features Distillation in Learning-to-Rank, NeurIPS 2022, [arXiv 2209.08754](https://arxiv.org/abs/2209.08754) |
# | features of several teachers | Li, Bilen: Knowledge Distillation for Multi-task Learning, ECCV Workshops 2020, [arXiv 2007.06889](https://arxiv.org/abs/2007.06889) |
# | many teachers, one student | Clark et al.: BAM! Born-Again Multi-Task Networks for Natural Language Understanding, ACL 2019, [arXiv 1907.04829](https://arxiv.org/abs/1907.04829) |
# | a small encoder | Sanh et al.: DistilBERT, a distilled version of BERT, 2019, [arXiv 1910.01108](https://arxiv.org/abs/1910.01108) |
