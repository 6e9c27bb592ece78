# %% [markdown] name="title" question_zh="给一个空函数，写得出来吗？别人写的，测得出错吗？" interview_zh="请在白板上写出来"
# # 53 · Fifteen whiteboard exercises
#
# > Can I write it from an empty function, and find what is wrong in somebody else's?
#
# **After this lesson you can** write fifteen methods of recommendation and ranking from an empty function, each within its minutes, and write the test that finds out whether somebody
# else's version is wrong.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 15 + 60 + 60 + 60 + 60 + 55 + 60 + 15 | senior | Python, NumPy; lessons 20 and 51 | "Write it on the whiteboard", "How would you test it?", "What does it cost?", "What would you do in production?" |
#
# Fifteen exercises, NumPy or pandas alone (and `heapq` for a heap), at most twenty lines each. Every function starts empty, and its text is a contract. `hint("53.1", 1)` helps, and so do levels 2 and 3; with a clock
# running, use none. `solution("53.1")` shows an answer. Where another lesson derives the formula, the exercise names it. What follows a *Predict first* is closed until you run it. Exercises do not need each other: begin where you like.

# %% name="imports"
import copy
import heapq

import numpy as np
import pandas as pd

from course_utils.exercises import check, grade_check, hint, solution

# %% [markdown] name="box"
# ## Sitting 1 · How to use a box
#
# A **box** is the time that an interviewer leaves you, here in each heading. It is lost in two ways: by code written before the question is clear, and by a test that is asked for when no minute is left. A box of fifteen minutes:
#
# | minutes | what you do | what you say |
# |---|---|---|
# | 0 to 2 | write the signature, types, shapes | "So `score` is any float, larger is better; may two be equal?" |
# | 2 to 4 | write one example with its result, then the list of edges | "Empty: I return None. Shall I?" |
# | 4 to 11 | name the plain way and its cost; code the one that you can finish | "All pairs are P times N, ranks n log n. I write ranks" |
# | 11 to 13 | run the example by hand, then each edge | "Ties: the mean of their ranks, so this is a half" |
# | 13 to 15 | cost, and what production does | "scikit-learn for one log; per user I group once" |

# %% [markdown] name="edges"
# ### The list of edges
#
# Write these eight words in a corner, and go through them before you say "done":
#
# | word | ask |
# |---|---|
# | empty | no row, no user, no positive, k = 0 |
# | one | one row, one task, one user |
# | ties | equal scores: by position, by chance, shared? |
# | twice | the same id twice in a list or in a batch |
# | types | whole numbers in 8 bits, lists, NumPy numbers |
# | mask | what stands at padding: 0, a number, nan? Left or right? |
# | size | a logit of 1,000, a probability of 1, k above n |
# | mine? | may I change what I was given? |
#
# "How would you test it?" is then the same list, read again as inputs.

# %% [markdown] name="test-text"
# ### How good is a test?
#
# A test that passes says little; the question is what it would have caught. So we run a test on answers that are wrong, each in another way, and count those that **escape** (*mutation testing*). The contract here: `rates(clicks, views)`,
# two lists, returns the list of clicks / views, `None` where there was no view. Three tests: one good example; one input with two edges, a rate of 1/3 and no view; and the same with an exact comparison added.
#
# **Predict first.** There are six wrong answers below. How many of them does the one good example let through?


# %% name="test-answers"
def each(rule):
    return lambda clicks, views: [rule(c, v) for c, v in zip(clicks, views, strict=True)]


right = each(lambda c, v: c / v if v else None)
ANSWERS = {
    "right": right,
    "right, multiplies by 1 / views": each(lambda c, v: c * (1 / v) if v else None),
    "divides by the clicks": each(lambda c, v: v / c),
    "adds 1 to the views": each(lambda c, v: c / (v + 1)),
    "rounds to two digits": each(lambda c, v: round(c / v, 2) if v else None),
    "gives 0 without a view": each(lambda c, v: c / v if v else 0),
    "drops what has no view": lambda c, v: [one for one in right(c, v) if one is not None],
    "fails without a view": each(lambda c, v: c / v),
}


def one_example(rates):
    return rates([1, 1], [2, 4]) == [0.5, 0.25]


def with_edges(rates):
    got = rates([1, 1, 0], [3, 2, 0])
    return len(got) == 3 and abs(got[0] - 1 / 3) < 1e-6 and got[2] is None


def exact(rates):
    return with_edges(rates) and rates([3], [10]) == [0.3]


def says(test, answer):
    try:
        return "passes" if test(answer) else "refused"
    except ArithmeticError:
        return "refused"


# %% name="test-table" tags=["after-guess"]
from course_utils.notebook import figure, show

tests = (one_example, with_edges, exact)
table = [[says(test, one) for test in tests] for one in ANSWERS.values()]
good = [[(one == "passes") == (row < 2) for one in line] for row, line in enumerate(table)]
fig, ax = figure(height=3.4, width=7.5)
ax.imshow(good, cmap="RdYlGn", vmin=-1, vmax=2, aspect="auto")
for row, line in enumerate(table):
    for column, one in enumerate(line):
        ax.text(column, row, one, ha="center", va="center")
ax.set_xticks(range(3), [test.__name__ for test in tests])
ax.set_yticks(range(len(table)), list(ANSWERS))
ax.axhline(1.5, color="0.2")
ax.set(title="Green is good: a right answer passes, a wrong one is refused")
ax.grid(False)
show(
    fig,
    alt="Three tests on two right answers and six wrong ones. The one example passes both right answers and four of six wrong ones; the test with edges passes the right ones and refuses all six; the exact test refuses all six and one of the two right answers, which multiplies by 1 / views.",
)  # fmt: skip

# %% [markdown] name="test-why" tags=["after-guess"]
# Four of six pass the good example, since its views are never 0 and its results have two digits. The input with a rate of 1/3 and no view lets none through. The exact test refuses a right answer as well: the contract leaves the last digits open. A test can fail in both directions,
# and two numbers say how it does: the share of wrong answers that it catches, and the share of right ones that it refuses.
#
# Five exercises below have a second cell. There you write the test, and `grade_check` runs it on right answers, written differently, and on wrong ones, and names each that escapes. `hint("53.1 check", 1)` helps there.
#
# **Rules for your tests.** A test is a function of the answer. It refuses by a failing `assert` or by returning False, and accepts by returning True or None. An error, in the answer or in your test, refuses too: do not catch it. `grade_check` names the line.
# Compare numbers within 1e-6, take a list as well as a tuple or an array, make inputs anew in each call (an answer may change them), and give random numbers a seed. Results by hand fit into a test's minutes, in two runs: the first names what escapes. A second way, on random inputs, is what you add with more time.
#
# **End of sitting 1.** Take a clock from here on.

# %% [markdown] name="task-1-text"
# ## Sitting 2 · Is the order any good?
#
# ### Task 53.1 · AUC and GAUC (15 minutes)
#
# *"Write AUC, then GAUC. Scores may tie."* GAUC is AUC grouped by user (lesson 25; Zhu et al. 2017), weighed by rows. With ranks $r$ from 1, $P$ positives and $N$ negatives:
#
# $$\text{AUC} = \frac{\sum_{i: y_i = 1} r_i - P (P + 1) / 2}{P N}, \qquad \text{GAUC} = \frac{\sum_u n_u \text{AUC}_u}{\sum_u n_u}.$$
#
# Write `auc_gauc(user, label, score)`.
#
# - Three lists (or arrays) of n entries: ids (texts), labels 0 or 1, scores (any finite floats). Rows stand in any order; n may be 0.
# - Return the pair `(AUC of all rows, GAUC)`. A tie of a positive with a negative counts one half. $n_u$ is a user's number of rows.
# - Users with one label have no AUC: leave them out of both sums. `None` for the AUC without a positive or without a negative, `None` for the GAUC if no user is left.
# - Leave the arguments as they are.
#
# `auc_gauc(["a", "a", "b", "b", "b"], [1, 0, 1, 0, 0], [.2, .2, .9, .7, .8])` is `(0.5833, 0.8)`, exactly 3.5 / 6 and .8: user a has .5, user b 1. Useful: `pd.Series(...).rank()` gives ties their mean rank.


# %% name="task-1"
def auc_gauc(user, label, score):
    ### BEGIN SOLUTION
    def auc(rows):
        positive = rows["label"] == 1
        p, n = positive.sum(), (~positive).sum()
        if p == 0 or n == 0:
            return None
        return (rows["score"].rank()[positive].sum() - p * (p + 1) / 2) / (p * n)

    table = pd.DataFrame({"user": user, "label": label, "score": score})
    parts = [(len(rows), auc(rows)) for _, rows in table.groupby("user")]
    parts = [(size, value) for size, value in parts if value is not None]
    if not parts:
        return auc(table), None
    sizes, values = zip(*parts, strict=True)
    return auc(table), np.average(values, weights=sizes)
    ### END SOLUTION


check("53.1", auc_gauc)

# %% [markdown] name="check-1-text"
# ### Task 53.1 check · How would you test it? (8 minutes)
#
# Write `test_auc_gauc(auc_gauc)` by the rules of sitting 1. Three right answers and eleven wrong ones wait for it.
#
# Useful: `a, g = auc_gauc(...)` takes a pair of any kind; `copy.deepcopy(x)` before the call.


# %% name="check-1"
def test_auc_gauc(auc_gauc):
    ### BEGIN SOLUTION
    known = [
        (["a", "a", "b", "b", "b"], [1, 0, 1, 0, 0], [0.2, 0.2, 0.9, 0.7, 0.8], 3.5 / 6, 0.8),
        (["a", "b", "a", "c"], [1, 0, 0, 1], [0.4, 0.6, 0.3, 0.9], 0.75, 1.0),
        (["a", "a"], [1, 1], [0.2, 0.1], None, None),
        ([], [], [], None, None),
    ]
    for user, label, score, *wants in known:
        before = copy.deepcopy((user, label, score))
        for got, want in zip(auc_gauc(user, label, score), wants, strict=True):
            assert got is None if want is None else abs(got - want) < 1e-6
        assert (user, label, score) == before
    return True
    ### END SOLUTION


grade_check("53.1", test_auc_gauc)

# %% [markdown] name="next-1-text"
# **The next question.** *"Your model says .3 for every row. What is its AUC?"* A rank of equal scores in the order of the rows, as `argsort` gives it, is the classic slip.
#
# **Predict first.** 70 negatives stand first in the file, then 30 positives. Which AUC does the slip report for the constant score? And for the file in reversed order?


# %% name="next-1" tags=["after-guess"]
def slip(label, score):
    rank = np.empty(len(label))
    rank[np.argsort(score, kind="stable")] = np.arange(1, len(label) + 1)
    p = label.sum()
    return (rank[label == 1].sum() - p * (p + 1) / 2) / (p * (len(label) - p))


label, constant = np.repeat([0, 1], [70, 30]), np.full(100, 0.3)
print(f"sorted by label {slip(label, constant)}, reversed {slip(label[::-1], constant)}")

# %% [markdown] name="next-1-why" tags=["after-guess"]
# 1.0 and 0.0, where .5 is right. Trees and rounded scores tie as well.
#
# **Say:** "n log n for the sort. Ties get their mean rank. Users with one label drop out, so I report how many are left."

# %% [markdown] name="task-2-text"
# ### Task 53.2 · NDCG for a batch (18 minutes)
#
# *"Write NDCG@k for a batch of requests. Then tell me what you do with ties."* Lessons 11 and 51 derive it (Järvelin and Kekäläinen 2002; this discount: Burges et al. 2005). With gains $g$ in the order shown, and $g^*$ in the best order:
#
# $$\text{NDCG@}k = \frac{\sum_{i=1}^{k} g_i / \log_2(i + 1)}{\sum_{i=1}^{k} g^*_i / \log_2(i + 1)}.$$
#
# Write `ndcg(lists, k)`.
#
# - `lists`: a list of pairs `(gains, scores)`, two lists of equal length, which may be empty and differ from pair to pair. Gains are 0 or more, scores any floats; the highest score stands first. `k` is 1 or more and may be above a length.
# - Products with equal scores share the mean of their gains, also where k cuts the tie.
# - Return the mean over the lists that have a gain above 0, `None` if there is none. Leave the arguments as they are.
#
# `ndcg([([0, 2, 1], [.5, .5, .1]), ([], [])], 2)`: the tie gives 1 and 1, so it is (1 + .6309) / (2 + .6309) = 0.6199; `ndcg([([1, 0], [1, 1])], 1)` is 0.5. Useful: `np.unique(x, return_inverse=True)` numbers equal values, smallest first;
# `np.bincount(group, weights)` sums by group.


# %% name="task-2"
def ndcg(lists, k):
    ### BEGIN SOLUTION
    values = []
    for gains, scores in lists:
        gains = np.array(gains, float)
        best = np.sort(gains)[::-1][:k]
        if best.sum() == 0:
            continue
        group = np.unique(-np.array(scores, float), return_inverse=True)[1]
        mean = np.bincount(group, gains) / np.bincount(group)
        shown = mean[np.sort(group)][:k]
        discount = 1 / np.log2(np.arange(len(best)) + 2)
        values.append(shown @ discount / (best @ discount))
    return np.mean(values) if values else None
    ### END SOLUTION


check("53.2", ndcg)

# %% [markdown] name="check-2-text"
# ### Task 53.2 check · How would you test it? (10 minutes)
#
# Write `test_ndcg(ndcg)`. Three right answers and thirteen wrong ones wait for it. Useful: the first three discounts are 1, `1 / np.log2(3)` and .5.


# %% name="check-2"
def test_ndcg(ndcg):
    ### BEGIN SOLUTION
    second = 1 / np.log2(3)
    known = [
        ([([0, 2, 1], [0.5, 0.5, 0.1])], 2, (1 + second) / (2 + second)),
        ([([3, 1, 1], [0.1, 0.9, 0.7])], 2, (1 + second) / (3 + second)),
        ([([1, 0], [0.1, 0.9]), ([0, 0], [1.0, 2.0]), ([], [])], 5, second),
        ([([2, 1, 0], [0.5, 0.5, 0.5])], 1, 0.5),
        ([([3, 0], [2.0, 1.0]), ([0, 1], [2.0, 1.0])], 2, (1 + second) / 2),
        ([([0, 0], [1.0, 2.0])], 2, None),
        ([], 3, None),
    ]
    for lists, k, want in known:
        before = copy.deepcopy(lists)
        got = ndcg(lists, k)
        assert got is None if want is None else abs(got - want) < 1e-6
        assert lists == before
    return True
    ### END SOLUTION


grade_check("53.2", test_ndcg)

# %% [markdown] name="next-2-text"
# **The next question.** *"Our NDCG@10 is .75. Good?"*
#
# **Predict first.** Ten products in random order, five of them bought. What is the expected NDCG@10?

# %% name="next-2" tags=["after-guess"]
discount = 1 / np.log2(np.arange(10) + 2)
for bought in (1, 3, 5):
    floor = bought / 10 * discount.sum() / discount[:bought].sum()
    print(f"{bought} of 10 bought, shuffled: NDCG@10 {floor:.2f}")

# %% [markdown] name="next-2-why" tags=["after-guess"]
# Chance has .45 where one of ten is bought and .77 where half are: there .75 is below chance.
#
# **Say:** "n log n a list. Ties are shared. Lists without a gain are left out, and I say how many. I report the floor, a shuffled list's or popularity's, beside it. The gain may be 2^g - 1: I ask."
#
# **End of sitting 2.**

# %% [markdown] name="task-3-text"
# ## Sitting 3 · Factors
#
# ### Task 53.3 · Matrix factorisation by SGD (15 minutes)
#
# *"Code a matrix factorisation with biases. No library."* Lesson 51 derives one epoch (Koren, Bell and Volinsky 2009); here it is whole, from ratings to predictions. For each rating in turn, all four moves from the values before it:
#
# $$e = r - (\mu + b_u + c_i + p_u \cdot q_i), \quad b_u \mathrel{+}= \eta (e - \lambda b_u), \; c_i \mathrel{+}= \eta (e - \lambda c_i), \; p_u \mathrel{+}= \eta (e\, q_i - \lambda p_u), \; q_i \mathrel{+}= \eta (e\, p_u - \lambda q_i).$$
#
# Write `mf(ratings, p, q, epochs, lr, reg)`.
#
# - `ratings`: a list of triples `(u, i, r)`, at least one; `u`, `i` are row numbers, r a number. A pair may stand twice. `p`: array `[users, f]` of floats, `q`: `[items, f]`, the starting factors; leave them as they are.
# - $\mu$ is the mean of the ratings and stays; both biases start at 0. `epochs` (0 or more) times through the ratings, in their order. `lr` is $\eta$, `reg` is $\lambda$.
# - Return the table `[users, items]` of the predictions, also for who has no rating; neither clipped nor rounded.
#
# `mf([(0, 0, 5), (0, 1, 3)], np.array([[.5]]), np.array([[1.], [2.]]), 1, .1, 0.)` is `[[4.008, 3.8458]]`: the errors are .5 and -2.15.


# %% name="task-3"
def mf(ratings, p, q, epochs, lr, reg):
    ### BEGIN SOLUTION
    p, q = p.astype(float), q.astype(float)  # astype copies
    b, c = np.zeros(len(p)), np.zeros(len(q))
    mu = np.mean([r for _, _, r in ratings])
    for _ in range(epochs):
        for u, i, r in ratings:
            e = r - (mu + b[u] + c[i] + p[u] @ q[i])
            b[u] += lr * (e - reg * b[u])
            c[i] += lr * (e - reg * c[i])
            old = p[u].copy()
            p[u] += lr * (e * q[i] - reg * old)
            q[i] += lr * (e * old - reg * q[i])
    return mu + b[:, None] + c + p @ q.T
    ### END SOLUTION


check("53.3", mf)

# %% [markdown] name="next-3-text"
# **The next question.** *"You wrote `old = p[u]`. Is that a bug?"* It is another algorithm than the formula: a row of an array is a view, so q then moves by the new p. Below both versions learn the same 1,000 ratings (made from factors and noise) and are judged on 1,000 others.
#
# **Predict first.** The learning rate is .05, .1, .15 or .2. At which of these is the RMSE with the view worse, and how much: nothing to speak of, a tenth, or is it no number at all?


# %% name="next-3" tags=["after-guess"]
def rmse(keep, seed, epochs=10, lr=0.05, reg=0.05):
    draw = np.random.default_rng(seed)
    u, i = draw.integers(60, size=2_000), draw.integers(40, size=2_000)
    p, q = draw.normal(0, 0.6, (60, 4)), draw.normal(0, 0.6, (40, 4))
    r = 3.5 + (p[u] * q[i]).sum(axis=1) + draw.normal(0, 0.5, 2_000)
    p, q = draw.normal(0, 0.1, (60, 4)), draw.normal(0, 0.1, (40, 4))
    for _ in range(epochs):
        for a, b, value in zip(u[:1_000], i[:1_000], r[:1_000], strict=True):
            e = value - 3.5 - p[a] @ q[b]
            old = p[a].copy() if keep else p[a]
            p[a] += lr * (e * q[b] - reg * p[a])
            q[b] += lr * (e * old - reg * q[b])
    return np.sqrt(((r - 3.5 - (p[u] * q[i]).sum(axis=1))[1_000:] ** 2).mean())


for lr in (0.05, 0.1, 0.15, 0.2):
    for title, keep in (("with a copy", True), ("with the view", False)):
        with np.errstate(all="ignore"):  # some runs leave the range of floats
            print(lr, title, *(f"{rmse(keep, seed, lr=lr):.2f}" for seed in range(3)))

# %% [markdown] name="next-3-why" tags=["after-guess"]
# At .05 nothing to speak of: .01 in two of three draws, and one of them in favour of the view. But the right code is better with larger steps, and at .2 the view diverges in all three draws (nan). Beside the penalty q moves by
# $\eta e (p + \eta e q)$, so it is multiplied by $1 + \eta^2 e^2$ in passing, whatever the sign of the error. Who tunes the step settles for a smaller one and a worse model, and sees no bug; the example of the contract finds it: 3.8569 in place of 3.8458.
#
# **Say:** "ratings times factors an epoch, nothing for what nobody rated. What is not rated is not 0. I shuffle each epoch, stop on later ratings, and judge a list by NDCG and not by RMSE. For clicks I take ALS with confidence, or BPR."

# %% [markdown] name="task-4-text"
# ### Task 53.4 · BPR on a mini-batch (18 minutes)
#
# *"Now clicks only. Write one step of BPR."* Lesson 51 has an epoch, triple by triple (Rendle et al. 2009); a whiteboard wants a batch. User $u$ bought $i$ and not $j$; $d = x_u \cdot (y_i - y_j)$. Over the B triples of a batch:
#
# $$L = \frac{1}{B} \sum \Big[-\ln \sigma(d) + \frac{\lambda}{2} \big(\lVert x_u \rVert^2 + \lVert y_i \rVert^2 + \lVert y_j \rVert^2\big)\Big].$$
#
# Write `bpr_step(x, y, u, i, j, lr, reg)`.
#
# - `x`: array `[users, f]`, `y`: `[items, f]`; leave them as they are. `u`, `i`, `j`: arrays of B row numbers, B at least 1. A row may stand several times in a batch, an item as i here and as j there; its penalty counts as often.
# - Return `(loss, new x, new y)`: L before the step, and both tables after **one** step of gradient descent on L, all triples from the same values. `lr` is the step, `reg` is $\lambda$.
# - $d$ may be in the thousands, of either sign.
#
# `bpr_step(np.array([[1., 0]]), np.array([[1., 1], [2, 0]]), np.array([0]), np.array([0]), np.array([1]), .5, 0)`: d = -1, the loss is 1.3133, the new x `[[.6345, .3655]]`, the new y
# `[[1.3655, 1], [1.6345, 0]]`. Useful: `np.logaddexp(0, -d)` is $-\ln\sigma(d)$ and never overflows.


# %% name="task-4"
def bpr_step(x, y, u, i, j, lr, reg):
    ### BEGIN SOLUTION
    xu, yi, yj = x[u], y[i], y[j]
    d = (xu * (yi - yj)).sum(axis=1)
    squares = (xu**2 + yi**2 + yj**2).sum(axis=1)
    loss = (np.logaddexp(0, -d) + reg / 2 * squares).mean()
    s = np.exp(-np.logaddexp(0, d))[:, None] / len(u)  # sigma(-d) / B
    pull = reg / len(u)
    x, y = x.astype(float), y.astype(float)
    np.add.at(x, u, lr * (s * (yi - yj) - pull * xu))
    np.add.at(y, i, lr * (s * xu - pull * yi))
    np.add.at(y, j, lr * (-s * xu - pull * yj))
    return loss, x, y
    ### END SOLUTION


check("53.4", bpr_step)

# %% [markdown] name="next-4-text"
# **The next question.** *"Why not `x[u] += ...`?"* A shop of 1,000 products, popularity as 1 / rank, and batches of 256 bought products.
#
# **Predict first.** What does `x[[0, 0, 0, 1]] += 1` make of three zeros? And which share of the moves of the rows `y[i]` does it lose?

# %% name="next-4" tags=["after-guess"]
three = np.zeros(3)
three[[0, 0, 0, 1]] += 1
popular = 1 / np.arange(1, 1_001)
batches = np.random.default_rng(0).choice(1_000, (200, 256), p=popular / popular.sum())
lost = np.array(
    [
        [len(rows) - len(np.unique(rows)) for rows in (batch, batch[batch < 100])]
        for batch in batches
    ]
).sum(axis=0)
print(three, f"moves lost: {lost[0] / batches.size:.0%}")
print(
    f"the 100 most popular have {(batches < 100).mean():.0%} of the moves, {lost[1] / lost[0]:.0%} of the lost ones"
)

# %% [markdown] name="next-4-why" tags=["after-guess"]
# Each row moves once however often it stands there. Half of the moves are gone with this popularity and batch, and nearly all of these, 96 %, are of the hundred products that are bought most. Nothing fails.
#
# **Say:** "Batch times factors for the moves of a step; new tables cost a copy of both, which production avoids by moving rows in place. Repeated rows need a sum: `np.add.at`, or `bincount`; a framework's sparse gradient does it for me. I draw j anew each epoch and never from what u bought; popular negatives are harder, and I ask for which list we judge."

# %% [markdown] name="task-5-text"
# ### Task 53.5 · A factorisation machine (10 minutes)
#
# *"FM's second-order term, not in d²."* With n variables, $v_i$ the factors of variable i (Rendle 2010):
#
# $$\hat y = w_0 + \sum_i w_i x_i + \sum_{i < j} \langle v_i, v_j \rangle x_i x_j, \qquad \sum_{i<j} \langle v_i, v_j \rangle x_i x_j = \text{?}$$
#
# The second formula is the exercise: each factor by itself, start from $(\sum_i v_{if} x_i)^2$. Write `fm(x, w0, w, v)`.
#
# - `x`: array `[rows, d]`, floats or whole numbers, also in 8 bits, whose squares do not fit; rows may be 0. `w0`: a number, `w`: array `[d]`, `v`: array `[d, k]`.
# - Return an array `[rows]` of scores (no sigmoid), without a loop or a table over pairs of variables. (The check sees results only.)
#
# `fm(np.array([[1., 2., 0.]]), .5, np.array([1., -1., 3.]), np.array([[1., 0], [2, 1], [5, 5]]))` is `[3.5]`: .5 + 1 - 2 + (1 · 2 + 0 · 1) · 1 · 2.


# %% name="task-5"
def fm(x, w0, w, v):
    ### BEGIN SOLUTION
    x = x.astype(float)
    pairs = (x @ v) ** 2 - x**2 @ v**2
    return w0 + x @ w + pairs.sum(axis=1) / 2
    ### END SOLUTION


check("53.5", fm)

# %% [markdown] name="next-5-text"
# **The next question.** *"A colleague forgot the 1/2, in training and in serving. What does it cost?"*
#
# **Predict first.** Is there an FM with the 1/2 that gives the same scores as theirs? With which factors?

# %% name="next-5" tags=["after-guess"]
draw = np.random.default_rng(0)
x, theirs = draw.normal(size=(5, 6)), draw.normal(size=(6, 3))
without_half = ((x @ theirs) ** 2 - x**2 @ theirs**2).sum(axis=1)
ours = theirs * np.sqrt(2)
gram = np.triu(ours @ ours.T, k=1)  # every pair once
print(np.allclose(np.einsum("nd,de,ne->n", x, gram, x), without_half))
print(f"pairs of 1,000 variables: {1_000 * 999 // 2:,}; the two sums: {2 * 1_000:,} a factor")

# %% [markdown] name="next-5-why" tags=["after-guess"]
# There is: factors times √2. Training finds them; the penalty on v is another, and so is the step (twice as long for u = √2 v under SGD). It breaks when one side has the 1/2 and the other has not, such as weights that move from one library to another: then pairs count double and no error says so.
#
# **Say:** "O(d k), and with sparse rows only the variables that are not 0. It equals the double loop, which is my test."
#
# **End of sitting 3.** Three models, each a few lines.

# %% [markdown] name="task-6-text"
# ## Sitting 4 · Attention
#
# ### Task 53.6 · DIN's attention, with its mask (18 minutes)
#
# *"Write DIN's pooling for a batch. Histories differ in length."* Lesson 52 derives it for one customer (Zhou et al. 2018). For a candidate c and the steps $e_t$ of a history:
#
# $$v = \sum_{t} a(e_t, c)\, e_t, \qquad a(e, c) = w_2 \cdot \sigma\big([\,e,\; c,\; e - c,\; e \odot c\,]\, W_1 + b_1\big).$$
#
# The paper leaves a softmax out: the weights need not sum to 1. Its network reads both embeddings and their outer product; the authors' code, with σ and two layers, reads their difference and e ⊙ c too. Write `din(e, c, mask, w1, b1, w2)`.
#
# - `e`: array `[B, T, d]` of floats, `c`: `[B, d]`, `mask`: `[B, T]` of bools, True where there is a step. `w1`: `[4 d, h]`, `b1`, `w2`: `[h]`. Inputs in the order of the formula.
# - Padding may stand on the left, on the right, between steps, or everywhere, and **anything may stand there, nan and infinity too**. B and T are 1 or more. A customer without a step gets zeros.
# - Return an array `[B, d]`; leave the arguments as they are.
#
# With `e = [[[1.], [-1.], [nan]]]`, `c = [[2.]]`, mask True, True, False, `w1 = [[0.], [0.], [0.], [1.]]`, `b1 = [0.]`, `w2 = [1.]` the weights are σ(2) and σ(-2), the result `[[.7616]]`. Useful: `np.broadcast_to(c[:, None], e.shape)`, `np.concatenate(..., axis=2)`.


# %% name="task-6"
def din(e, c, mask, w1, b1, w2):
    ### BEGIN SOLUTION
    e = np.where(mask[:, :, None], e, 0.0)  # 0 * nan would be nan
    wide = np.broadcast_to(c[:, None], e.shape)
    inputs = np.concatenate([e, wide, e - wide, e * wide], axis=2)
    weight = 1 / (1 + np.exp(-(inputs @ w1 + b1))) @ w2  # [B, T]
    return (weight[:, :, None] * e).sum(axis=1)
    ### END SOLUTION


check("53.6", din)

# %% [markdown] name="check-6-text"
# ### Task 53.6 check · How would you test it? (10 minutes)
#
# Write `test_din(din)`. Three right answers and eleven wrong ones wait for it. Ask what must **not** move the result. Useful: for one step s and its candidate the weight is `1 / (1 + np.exp(-(np.concatenate([s, c, s - c, s * c]) @ w1 + b1))) @ w2`; `np.allclose(got, want)`, `np.array_equal(a, b, equal_nan=True)`.


# %% name="check-6"
def test_din(din):
    ### BEGIN SOLUTION
    draw = np.random.default_rng(1)
    mask = np.array([[1, 1, 1], [0, 1, 1], [1, 0, 0], [0, 0, 0]], bool)
    c, w1, b1, w2 = (draw.normal(size=shape) for shape in ((4, 2), (8, 4), 4, 4))
    want = np.zeros((4, 2))
    e = draw.normal(size=(4, 3, 2))
    for row, t in np.argwhere(mask):
        s, k = e[row, t], c[row]
        inner = np.concatenate([s, k, s - k, s * k]) @ w1 + b1
        want[row] += 1 / (1 + np.exp(-inner)) @ w2 * s
    for padding in (0.0, 7.0, np.nan, np.inf):
        e[~mask] = padding
        given = copy.deepcopy((e, c, mask, w1, b1, w2))
        assert np.allclose(din(*given), want)
        for mine, before in zip(given, (e, c, mask, w1, b1, w2), strict=True):
            assert np.array_equal(mine, before, equal_nan=mine.dtype == float)
    return True
    ### END SOLUTION


grade_check("53.6", test_din)

# %% [markdown] name="next-6-text"
# **The next question.** *"Why no softmax?"* One customer looked at one phone and one book, another at four phones and one book. The weight of a step is its inner product with the candidate.
#
# **Predict first.** A phone of a history is `[2, 0]`, a book `[0, 1]`; the candidate, another phone, is `[1, 0]`. What is the first number of the pooled vector, with and without a softmax, for one phone and for four?

# %% name="next-6" tags=["after-guess"]
for phones in (1, 4):
    steps = np.array([[2.0, 0.0]] * phones + [[0.0, 1.0]])
    weights = steps @ [1.0, 0.0]
    shares = np.exp(weights) / np.exp(weights).sum()
    print(f"phones {phones}: sum {(weights @ steps)[0]:.1f}, softmax {(shares @ steps)[0]:.2f}")

# %% [markdown] name="next-6-why" tags=["after-guess"]
# Without a softmax four phones say four times as much, 16 against 4. With it 1.93 against 1.76: how strong an interest is has been divided away, and that is the paper's reason to leave it out (its public code has one all the same).
#
# **Say:** "B T d h for the small network, no T². The mask goes in before anything is summed. I test that padding, with nan in it, moves nothing. Histories of thousands: first retrieve the steps like the candidate, by category or by hashed vectors, then attend to a hundred."

# %% [markdown] name="task-7-text"
# ### Task 53.7 · Causal self-attention, several heads (20 minutes)
#
# *"Self-attention for a sequence model. Nobody sees the future, nor padding."* Lesson 52 derives one head for one customer (Vaswani et al. 2017; Kang and McAuley 2018). With $Q = x W_q$, $K = x W_k$, $V = x W_v$, H heads of width $d / H$, a head having $d / H$ neighbouring columns of each:
#
# $$\text{out}_t = \sum_{s \le t,\; s \text{ no padding}} A_{ts} V_s, \qquad A_{t \cdot} = \text{softmax over these } s \text{ of } \frac{Q_t \cdot K_s}{\sqrt{d / H}}.$$
#
# Write `causal_attention(x, mask, wq, wk, wv, heads)`.
#
# - `x`: array `[B, T, d]`, B and T 1 or more, the oldest step first; `mask`: `[B, T]` of bools, True where there is a step; padding may stand anywhere, and holds finite numbers. `wq`, `wk`, `wv`: `[d, d]`; `heads` divides d.
# - Return `[B, T, d]`: the heads side by side, no output projection. Rows of padding are 0, also where nothing may be read. Scores may be in the hundred thousands, of either sign.
#
# With `x = [[[1.], [3.], [7.]]]`, mask True, True, False, `wq = wk = [[0.]]`, `wv = [[1.]]` and one head: `[[[1.], [2.], [0.]]]`. Useful: `np.tri(T, dtype=bool)`; `y.reshape(B, T, H, -1).swapaxes(1, 2)`; `@` multiplies the last two axes.


# %% name="task-7"
def causal_attention(x, mask, wq, wk, wv, heads):
    ### BEGIN SOLUTION
    n, steps, d = x.shape
    q, k, v = (
        (x @ w).reshape(n, steps, heads, d // heads).swapaxes(1, 2) for w in (wq, wk, wv)
    )  # [B, H, T, d / H]
    seen = np.tri(steps, dtype=bool) & mask[:, None, None, :]
    scores = np.where(seen, q @ k.swapaxes(2, 3) / np.sqrt(d // heads), -1e30)
    share = np.exp(scores - scores.max(axis=3, keepdims=True))
    share /= share.sum(axis=3, keepdims=True)
    out = (share @ v).swapaxes(1, 2).reshape(n, steps, d)
    return np.where(mask[:, :, None], out, 0.0)
    ### END SOLUTION


check("53.7", causal_attention)

# %% [markdown] name="next-7-text"
# **The next question.** *"I set the weights of later steps to 0 after the softmax. Same thing?"* Six steps; we change the last one and look at which outputs move. (One head; rows of x are drawn.)
#
# **Predict first.** With the zeros after the softmax: which of the first five outputs move?

# %% name="next-7" tags=["after-guess"]
draw = np.random.default_rng(0)
x, w = draw.normal(size=(6, 4)), draw.normal(size=(3, 4, 4))
changed = x + np.eye(6)[:, [5]]  # 1 added to the last step
past = np.tri(6, dtype=bool)


def attend(x, zeros_after):
    q, k, v = (x @ one for one in w)
    scores = q @ k.T / 2
    if not zeros_after:
        scores = np.where(past, scores, -np.inf)
    share = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.where(past, share / share.sum(axis=1, keepdims=True), 0) @ v


for late, name in ((False, "before the softmax"), (True, "after the softmax")):
    moved = np.abs(attend(changed, late) - attend(x, late)).max(axis=1)
    print(f"mask {name:<19}", moved[:5].round(4))

# %% [markdown] name="next-7-why" tags=["after-guess"]
# All five move, the first the most (.07), the fifth the least (.001). No weight stands on the future, but the softmax has already divided by it. That is a leak: in training the divisor knows what is to be predicted, in serving nothing later is there.
#
# **Say:** "T d² for the projections, T² d for scores and sums, memory H T²; so T² hurts where T is above d. The mask before the softmax, as the smallest finite number of the type, or as -inf: -1e4 lies above some scores, and in half precision -1e30 is -inf. Rows without anything to read must not be nan. My test: change a later step, and no earlier output moves. In production: a fused kernel, one GPU program from scores to sums that never stores the T × T table, and a cache of keys and values."
#
# **End of sitting 4.** Two attentions; the mask decided both.

# %% [markdown] name="task-8-text"
# ## Sitting 5 · Many tasks, many products
#
# ### Task 53.8 · MMoE, forward (15 minutes)
#
# *"MMoE's forward pass. Vectorised, please."* Lesson 24 derives it (Ma et al. 2018); here weights are stacked. For task k, with m experts:
#
# $$f_i(x) = \text{relu}(x E_i + b_i), \qquad g_k(x) = \text{softmax}(x G_k), \qquad y_k = \sigma\Big(t_k \cdot \sum_{i=1}^{m} g_k(x)_i\, f_i(x) + u_k\Big).$$
#
# Write `mmoe(x, w_e, b_e, w_g, w_t, b_t)`.
#
# - `x`: `[n, d]`, n may be 0. Experts: `w_e` `[m, d, h]`, `b_e` `[m, h]`. Gates: `w_g` `[K, d, m]`, no bias. Towers: `w_t` `[K, h]`, `b_t` `[K]`.
# - Scores of a gate may be in the thousands, of either sign. Return the probabilities `[n, K]`, neither clipped nor rounded.
#
# `x = [[1., 2.]]`, experts relu(x₁) and relu(2 x₂ - 1), so f = 1 and 3. Gate 1 has the scores 2 and 0, mixture 1.238; with tower `([1.], 0)` that is .7753. Gate 2 has weights 0, mixture 2; with `([1.], -2)` it is .5. The result is `[[.7753, .5]]`. Useful: `np.einsum("nd,mdh->mnh", x, w_e)`.


# %% name="task-8"
def mmoe(x, w_e, b_e, w_g, w_t, b_t):
    ### BEGIN SOLUTION
    f = np.maximum(np.einsum("nd,mdh->mnh", x, w_e) + b_e[:, None], 0)
    g = np.einsum("nd,kdm->knm", x, w_g)
    g = np.exp(g - g.max(axis=2, keepdims=True))
    g /= g.sum(axis=2, keepdims=True)
    mixed = np.einsum("knm,mnh->nkh", g, f)
    return 1 / (1 + np.exp(-(mixed * w_t).sum(axis=2) - b_t))
    ### END SOLUTION


check("53.8", mmoe)

# %% [markdown] name="next-8-text"
# **The next question.** *"We forgot to normalise two columns. Does MMoE care?"* At the start, scores of a gate are random, and their spread grows with the spread of the inputs. Eight experts; 10,000 rows.
#
# **Predict first.** With a spread of 1 the largest of the eight weights is .36 in the mean. What is it at 10?

# %% name="next-8" tags=["after-guess"]
scores = np.random.default_rng(0).normal(size=(10_000, 8))
for spread in (1, 3, 10):
    share = np.exp(spread * scores - (spread * scores).max(axis=1, keepdims=True))
    largest = (share / share.sum(axis=1, keepdims=True)).max(axis=1).mean()
    print(f"spread {spread:>2}: largest weight {largest:.2f}")

# %% [markdown] name="next-8-why" tags=["after-guess"]
# .90: before the first step a row reads nearly one expert alone, and the other seven share the other tenth. What looks like specialisation may be the scale of a column.
#
# **Say:** "n m d h for the experts, shared by all tasks; a gate is n d m. One gate a task, softmax over experts, row by row. I normalise inputs, watch how even the weights of a row are (entropy), and ablate an expert before I say that it specialises. The rival is Shared-Bottom with as many weights."

# %% [markdown] name="task-9-text"
# ### Task 53.9 · PLE's loss over sample spaces (10 minutes)
#
# *"Clicks are known for all rows, purchases for clicked ones. Write the loss."* Lesson 20 has masks; PLE (Tang et al. 2020) trains on the union of the spaces, with $\delta_k^i = 1$ if row i lies in task k's space:
#
# $$L = \sum_k \omega_k^{(t)} \frac{1}{\sum_i \delta_k^i} \sum_i \delta_k^i\, \ell(y_k^i, \hat y_k^i), \qquad \omega_k^{(t)} = \omega_{k,0}\, \gamma_k^{\,t}, \quad t \text{ the epoch.}$$
#
# Write `ple_loss(z, y, space, w, ratio, epoch)`.
#
# - `z`: logits `[n, K]`, may be in the thousands; $\hat y = \sigma(z)$, $\ell$ the log loss. `y`: labels `[n, K]`, 0.0 or 1.0, **nan outside the space**. `space`: bools `[n, K]`, $\delta$.
# - `w`, `ratio`: arrays `[K]`, $\omega_{k,0}$ and $\gamma_k$; `epoch`: a whole number, 0 or more. A task without a row in its space adds 0; n may be 0.
# - Return one number; leave the arguments as they are.
#
# With all z 0, task 1 in both rows, task 2 in the second only, `w = [1, 2]`, `ratio = [1, .5]`, epoch 1: both means are log 2, and the loss is 1 log 2 + 2 · .5 log 2 = 1.3863. Useful: the log loss is `np.logaddexp(0, z) - y * z`.


# %% name="task-9"
def ple_loss(z, y, space, w, ratio, epoch):
    ### BEGIN SOLUTION
    known = np.where(space, y, 0.0)  # 0 * nan would be nan
    losses = np.where(space, np.logaddexp(0, z) - known * z, 0.0)
    means = losses.sum(axis=0) / np.maximum(space.sum(axis=0), 1)
    return (w * ratio**epoch * means).sum()
    ### END SOLUTION


check("53.9", ple_loss)

# %% [markdown] name="next-9-text"
# **The next question.** *"The dashboard shows the mean of the batches' losses. What do you see?"* A space of 3 in 1,000 rows, batches of 256, a loss of .50 on its rows. A batch without a row of the space adds 0.
#
# **Predict first.** In which share of the batches is there no row? What does the dashboard show?

# %% name="next-9" tags=["after-guess"]
draw = np.random.default_rng(0)
inside = draw.random((2_000, 256)) < 0.003
losses = -np.log(np.where(draw.random(inside.shape) < 0.2, 0.2, 0.8))
rows = inside.sum(axis=1)
shown = (losses * inside).sum(axis=1) / np.maximum(rows, 1)
print(f"without a row {np.mean(rows == 0):.0%}; formula {0.997**256:.0%}, for 64 {0.997**64:.0%}")
print(f"loss of the rows {losses[inside].mean():.2f}; mean of the batches {shown.mean():.2f}")

# %% [markdown] name="next-9-why" tags=["after-guess"]
# In nearly half of them, so the dashboard shows .27 for a loss of .50, and less with smaller batches: of those with 64 rows 83 % have none.
#
# **Say:** "n K. Masks before sums, since unknown labels are nan. Each task divides by its own rows; I log sum and count, and divide at the end. Small spaces: larger batches, or a sampler by space."

# %% [markdown] name="task-10-text"
# ### Task 53.10 · Two towers with logQ (18 minutes)
#
# *"In-batch softmax for retrieval, with the bias of its negatives corrected."* Lesson 10 derives the correction (Bengio and Senécal 2008; Yi et al. 2019). With cosine $s$, temperature $\tau$, and $q_j$ the probability that one row of the log is product j, its share of purchases (the expected count in a batch is $B q_j$, and the constant B cancels):
#
# $$s^c_{ij} = \frac{s(x_i, y_j)}{\tau} - \log q_j, \qquad L = -\frac{1}{B} \sum_i \log \frac{e^{s^c_{ii}}}{e^{s^c_{ii}} + \sum_{j:\, \text{id}_j \ne \text{id}_i} e^{s^c_{ij}}}.$$
#
# Write `two_tower_loss(user, item, ids, q, tau)`.
#
# - `user`, `item`: arrays `[B, d]`, what the towers gave, row i a customer and the product bought; not yet of length 1, no row is 0. B is 1 or more.
# - `ids`: array `[B]`, the products' ids; one may stand several times (an *accidental hit* is no negative). Two ids may have equal vectors. `q`: array `[B]`, above 0; `tau` may be .001.
# - Return one number; leave the arguments as they are.
#
# With `user = [[3., 4.], [0., 2.]]`, `item = [[1., 0.], [0., 5.]]`, ids 7, 8, q = .5, .25 and τ = 1 the table is [[.6 + .6931, .8 + 1.3863], [.6931, 1 + 1.3863]], the loss 0.7026. Useful: subtract each row's maximum before `np.exp`.


# %% name="task-10"
def two_tower_loss(user, item, ids, q, tau):
    ### BEGIN SOLUTION
    user = user / np.linalg.norm(user, axis=1, keepdims=True)
    item = item / np.linalg.norm(item, axis=1, keepdims=True)
    logits = user @ item.T / tau - np.log(q)  # q of the columns
    twice = (ids[:, None] == ids) & ~np.eye(len(ids), dtype=bool)
    logits = np.where(twice, -np.inf, logits)
    logits -= logits.max(axis=1, keepdims=True)
    return (np.log(np.exp(logits).sum(axis=1)) - np.diag(logits)).mean()
    ### END SOLUTION


check("53.10", two_tower_loss)

# %% [markdown] name="next-10-text"
# **The next question.** *"What does the model learn without log q?"* A shop without taste: all customers buy by popularity, 1 / rank over 1,000 products. So the best score of a product is its log popularity. The loss judges two sets of scores.
#
# **Predict first.** Which scores does the loss without the correction prefer: log popularity, or all alike?

# %% name="next-10" tags=["after-guess"]
popular = 1 / np.arange(1, 1_001)
popular /= popular.sum()


def mean_loss(score, correct):
    draw, values = np.random.default_rng(0), []
    for _ in range(200):
        ids = draw.choice(1_000, 64, p=popular)
        logits = np.tile(score[ids] - correct * np.log(popular[ids]), (64, 1))
        logits[(ids[:, None] == ids) & ~np.eye(64, dtype=bool)] = -np.inf
        values.append((np.log(np.exp(logits).sum(axis=1)) - np.diag(logits)).mean())
    return round(float(np.mean(values)), 2)


known = {"all alike": np.zeros(1_000), "log popularity": np.log(popular)}
pd.DataFrame(
    {
        name: {title: mean_loss(score, way) for title, score in known.items()}
        for name, way in (("without log q", 0), ("with log q", 1))
    }
)

# %% [markdown] name="next-10-why" tags=["after-guess"]
# All alike, 4.13 against 5.68: a popular product is as often a negative as it is a positive, so its popularity cancels and only taste is left. With log q it is the other way round. For a list *of things to discover* the uncorrected loss may even be what you want; say so.
#
# q is the share of purchases, not the probability of standing in the batch at all: that one is near 1 for whatever stands in every batch, and corrects too little.
#
# **Say:** "B² d a step, no extra rows. log q on the columns, the positive too, as Yi et al. write it; Khrylchenko et al. (2025) object, as their abstract says, that the positive is in the sum with probability 1 and was not drawn, and derive a weight for the row. Accidental hits out; what else the customer bought is a false negative and stays in. q from counts, or streamed from the steps between two sightings of an id, as Yi et al. do. In serving no correction: the index searches the plain scores."
#
# **End of sitting 5.** A forward pass and two losses.

# %% [markdown] name="task-11-text"
# ## Sitting 6 · Gradients and the funnel
#
# ### Task 53.11 · PCGrad for any number of tasks (15 minutes)
#
# *"Tasks conflict. Write PCGrad."* Lesson 40 derives two tasks (Yu et al. 2020). Task i starts with $g_i' = g_i$ and meets the others one by one:
#
# $$\text{if } g_i' \cdot g_j < 0: \quad g_i' \leftarrow g_i' - \frac{g_i' \cdot g_j}{\lVert g_j \rVert^2}\, g_j, \qquad d = \sum_i g_i'.$$
#
# $g_j$ is the gradient as it came, not projected. Write `pcgrad(grads, orders)`.
#
# - `grads`: array `[K, n]`, a row a task, K at least 1; floats or whole numbers, also in 8 bits, whose products do not fit. A row may be 0. `orders`: a list of K lists; `orders[i]` holds all others, in the order in which task i meets them. (The paper draws them; given, the result can be tested.)
# - Return d, array `[n]`: the sum, as in the paper. Leave the arguments as they are.
#
# `pcgrad(np.array([[1., 0.], [-1., 2.]]), [[1], [0]])` is `[.8, 2.4]`: (.8, .4) + (0, 2).


# %% name="task-11"
def pcgrad(grads, orders):
    ### BEGIN SOLUTION
    grads = grads.astype(float)
    total = np.zeros(grads.shape[1])
    for i, order in enumerate(orders):
        g = grads[i].copy()
        for j in order:
            inner = g @ grads[j]
            if inner < 0:
                g -= inner / (grads[j] @ grads[j]) * grads[j]
        total += g
    return total
    ### END SOLUTION


check("53.11", pcgrad)

# %% [markdown] name="check-11-text"
# ### Task 53.11 check · How would you test it? (10 minutes)
#
# Write `test_pcgrad(pcgrad)`. Three right answers and eleven wrong ones wait for it.


# %% name="check-11"
def test_pcgrad(pcgrad):
    ### BEGIN SOLUTION
    three = [[1.0, 0.0], [-1.0, 1.0], [-1.0, -2.0]]
    known = [
        ([[1.0, 0.0], [-1.0, 2.0]], [[1], [0]], [0.8, 2.4]),
        ([[2.0, 1.0], [1.0, 3.0]], [[1], [0]], [3, 4]),
        (three, [[1, 2], [2, 0], [0, 1]], [-0.8, -0.5]),
        (three, [[2, 1], [0, 2], [1, 0]], [-0.2, -1.1]),
        ([[0.0, 0.0], [1.0, 2.0]], [[1], [0]], [1, 2]),
        (np.array([[100, 0], [-100, 50]], np.int8), [[1], [0]], [20, 90]),
    ]
    for rows, orders, want in known:
        grads, given = np.array(rows), copy.deepcopy(orders)
        assert np.allclose(pcgrad(grads, given), want)
        assert (grads == np.array(rows)).all() and given == orders
    return True
    ### END SOLUTION


grade_check("53.11", test_pcgrad)

# %% [markdown] name="next-11-text"
# **The next question.** *"The paper draws the order. Does it matter? And is a task still harmed?"* Three tasks, the gradients (1, 0), (-1, 1), (-1, -2), and all eight choices of orders. A task is harmed, to first order, if $g_i \cdot d < 0$.
#
# **Predict first.** How many different directions come out? In how many of the eight is no task harmed?

# %% name="next-11" tags=["after-guess"]
g = np.array([[1.0, 0.0], [-1.0, 1.0], [-1.0, -2.0]])
found = set()
for turn in range(8):
    d = np.zeros(2)
    for i in range(3):
        mine, others = g[i], [j for j in range(3) if j != i]
        for j in others[:: -1 if turn >> i & 1 else 1]:
            mine = mine - min(mine @ g[j], 0) / (g[j] @ g[j]) * g[j]
        d += mine
    found.add((*d.round(2).tolist(), bool((g @ d < 0).any())))
print(len(found), "directions;", sum(not harmed for *_, harmed in found), "of them harm no task")

# %% [markdown] name="next-11-why" tags=["after-guess"]
# Eight directions, and each harms a task: a projection may bring back a conflict that an earlier one removed, and the sum adds others. With two tasks nobody is harmed, to first order; with three somebody may be (of random triples in two dimensions one in four).
#
# **Say:** "K² n, memory K n, and K backward passes, which is the larger bill. With two tasks no order; with three it is random. I first measure whether gradients conflict on all rows, not in one batch. Adam divides by a running scale afterwards, so the direction is not kept anyway. The rival is tuned fixed weights."

# %% [markdown] name="task-12-text"
# ### Task 53.12 · ESMM's loss, from logits (20 minutes)
#
# *"Here is an impression log. Write ESMM's loss, stable."* Lesson 24 derives it from probabilities (Ma et al. 2018). With $p = \sigma(z_\text{click})$, $q = \sigma(z_\text{buy})$, over **all** impressions:
#
# $$L = \frac{1}{n} \sum_i \Big[\ell(\text{click}_i,\; p_i) + \ell(\text{click}_i \text{ and } \text{buy}_i,\; p_i q_i)\Big], \qquad \ell(y, p) = -y \log p - (1 - y) \log(1 - p).$$
#
# Write `esmm_loss(click, buy, z_click, z_buy)`.
#
# - Four arrays of n floats, n at least 1. `click`: 0.0 or 1.0. `buy`: 0.0 or 1.0, and **nan where there was no click**.
# - Logits of any size: 900 is possible, and so are two of 40, for which $p q$ rounds to 1. Neither $\log p$ nor $\log(1 - pq)$ may become infinite; nothing is clipped.
# - Return one number; leave the arguments as they are.
#
# `esmm_loss([1., 0.], [1., nan], [0., 0.], [0., 0.])` (as arrays) is 1.5301: log 2 twice, log 4 and -log .75, halved. Useful: `np.logaddexp(a, b)` is $\log(e^a + e^b)$, and $\log \sigma(z)$ = `-np.logaddexp(0, -z)`; "not bought" happens in two ways, which add.


# %% name="task-12"
def esmm_loss(click, buy, z_click, z_buy):
    ### BEGIN SOLUTION
    p, not_p = -np.logaddexp(0, -z_click), -np.logaddexp(0, z_click)  # logarithms
    q, not_q = -np.logaddexp(0, -z_buy), -np.logaddexp(0, z_buy)
    not_both = np.logaddexp(not_p, p + not_q)  # 1 - pq = (1 - p) + p (1 - q)
    bought = (click == 1) & (buy == 1)  # nan == 1 is False
    first = np.where(click == 1, p, not_p)
    second = np.where(bought, p + q, not_both)
    return -(first + second).mean()
    ### END SOLUTION


check("53.12", esmm_loss)

# %% [markdown] name="next-12-text"
# **The next question.** *"Why so careful? Nobody has logits of 900."* In 32 bits, as networks compute.
#
# **Predict first.** From which whole logit on is $1 - \sigma(z)$ exactly 0 in 32 bits: 17, 45 or 100?

# %% name="next-12" tags=["after-guess"]
one = np.float32(1)
for z in (16, 17):
    print(f"z = {z}: 1 - sigmoid(z) = {one - one / (one + np.exp(np.float32(-z))):.1e}")

# %% [markdown] name="next-12-why" tags=["after-guess"]
# From 17 on. One unclicked row with such a logit has the loss infinity, and its gradient, infinity times 0, is nan. A clip at 1e-7 hides it: a clipped row has no gradient, so the model is never told that it is wrong.
#
# **Say:** "O(n), all impressions in both parts; q is never trained on clicked rows by itself, only through the product. It does not make q unbiased: clicks and purchases may share causes that the model does not see (lesson 24)."
#
# **End of sitting 6.** What several tasks do to one network, and to one log.

# %% [markdown] name="task-13-text"
# ## Sitting 7 · Serving and deciding
#
# ### Task 53.13 · The k best of a stream (10 minutes)
#
# *"The scores of ten million products arrive one by one. Give me the best k."* A heap of size k; Python's `heapq` has the smallest in front. Write `top_k(pairs, k)`.
#
# - `pairs`: anything that yields `(item, score)`, a list or a generator; it can be read once and has no length. Items are of any type, perhaps of several: they cannot always be compared, and one may come twice (both count). Scores are numbers without nan, NumPy's in 8 bits too. `k` is 0 or more.
# - Return a list of the k items with the highest scores, the best first; of equal scores the earlier first. Fewer if there are fewer. Leave a list as it is.
# - n log k steps, and memory for k pairs. (Both checks see results only.)
#
# `top_k([("c", .5), ("a", .9), ("b", .5), ("d", .1)], 3)` is `["a", "c", "b"]`. Useful: `heapq.heappush(heap, entry)`, `heapq.heappop(heap)`; tuples compare by their first difference.


# %% name="task-13"
def top_k(pairs, k):
    ### BEGIN SOLUTION
    heap = []
    for at, (item, score) in enumerate(pairs):
        heapq.heappush(heap, (score, -at, item))  # -at: no two alike, items never compared
        if len(heap) > k:
            heapq.heappop(heap)
    return [item for _, _, item in sorted(heap, reverse=True)]
    ### END SOLUTION


check("53.13", top_k)

# %% [markdown] name="check-13-text"
# ### Task 53.13 check · How would you test it? (8 minutes)
#
# Write `test_top_k(top_k)`. Three right answers (one returns a tuple, one sorts everything: only results count) and twelve wrong ones wait for it. Useful: `iter(a_list)` can be read once.


# %% name="check-13"
def test_top_k(top_k):
    ### BEGIN SOLUTION
    rows = [(None, 0.5), ("a", 0.5), ("b", -1.0), ("a", 0.7), ("c", 0.5)]
    for pairs in (rows, rows[:1], []):
        for k in range(7):
            want = [item for item, _ in sorted(pairs, key=lambda pair: pair[1], reverse=True)][:k]
            given = list(pairs)
            assert list(top_k(given, k)) == want
            assert given == pairs
            assert list(top_k(iter(pairs), k)) == want
    return True
    ### END SOLUTION


grade_check("53.13", test_top_k)

# %% [markdown] name="next-13-text"
# **The next question.** *"How often does the heap change?"* A million scores in random order, k = 10. A score that is not above the smallest of the heap needs one comparison and no heap.
#
# **Predict first.** How many of the million ever enter the heap: about 100, 10,000 or 100,000?

# %% name="next-13" tags=["after-guess"]
stream = np.random.default_rng(0).random(1_000_000).tolist()
heap, entered = stream[:10], 10
heapq.heapify(heap)
for score in stream[10:]:
    if score > heap[0]:
        heapq.heapreplace(heap, score)
        entered += 1
print(f"entered {entered}; expected k (1 + ln(n / k)) = {10 * (1 + np.log(1_000_000 / 10)):.0f}")

# %% [markdown] name="next-13-why" tags=["after-guess"]
# 121. The n-th score is among the best ten so far with probability 10 / n, and the sum of these grows with the logarithm. So asking `heap[0]` first makes it nearly n comparisons; pushing every pair, as the solution does, costs n log k. Sorted upwards, all million enter: the order of the stream is the worst case.
#
# **Say:** "n log k, memory k. Ties by arrival, so pages are stable. If all scores are in memory, `np.argpartition` is linear; it keeps no order among equals, so I sort all that reach the k-th score. Several machines: each sends its k, and the k best of those are right. For a dot product I do not score all: an index of approximate nearest neighbours does."

# %% [markdown] name="task-14-text"
# ### Task 53.14 · Calibration error (10 minutes)
#
# *"Are the probabilities right? Write ECE."* Lesson 23 has bins of equal size; the usual one has bins of equal width (Guo et al. 2017: there of the predicted class's confidence; for a CTR one takes the probability of the positive, as here), and adverts also ask for predicted over observed. With M bins, $n_b$ rows in bin b:
#
# $$\text{ECE} = \sum_{b=1}^{M} \frac{n_b}{n} \big|\, \bar p_b - \bar y_b \,\big|, \qquad \text{ratio} = \frac{\sum_i p_i}{\sum_i y_i}.$$
#
# Write `calibration(y, p, bins)`.
#
# - `y`: array `[n]` of 0 and 1, of any type, also 8 bits; `p`: array `[n]` of floats from 0 to 1; n may be 0. Row i is in bin ⌊p · bins⌋ (the product in floats), counted from 0; p = 1 is in the last one. `bins` is 1 or more.
# - Return `(ECE, ratio)`. Without a positive the ratio is `None`; without a row both are. Leave the arguments as they are.
#
# `calibration(np.array([0, 1, 1, 0]), np.array([.1, .4, .9, .5]), 2)`: bin 0 has gap |.25 - .5|, bin 1 |.7 - .5|; the result is `(0.225, 0.95)`. Useful: `np.bincount(at, weights, minlength)`.


# %% name="task-14"
def calibration(y, p, bins):
    ### BEGIN SOLUTION
    y = y.astype(float)
    if len(y) == 0:
        return None, None
    at = np.minimum((p * bins).astype(int), bins - 1)
    gaps = np.bincount(at, p - y, bins)  # n_b times the difference of the means
    ratio = p.sum() / y.sum() if y.any() else None
    return np.abs(gaps).sum() / len(y), ratio
    ### END SOLUTION


check("53.14", calibration)

# %% [markdown] name="next-14-text"
# **The next question.** *"Model A has ECE 0, model B .02. Which one do you ship?"* 2,000 rows with click probabilities around 5 %, and labels drawn by them. One model says the **true probability** of each row, the other says to all the click rate of 2,000 earlier rows. The mean of 200 draws.
#
# **Predict first.** Which one has the smaller ECE? Does the number of bins count?


# %% name="next-14" tags=["after-guess"]
def ece(y, p, bins):
    return np.abs(np.bincount((p * bins).astype(int), p - y)).sum() / len(y)


found = {}
for seed in range(200):
    draw = np.random.default_rng(seed)
    true = draw.beta(1, 19, 4_000)
    y = draw.random(4_000) < true
    says = {"true probability": true[2_000:], "earlier rate": np.full(2_000, y[:2_000].mean())}
    for bins in (10, 100):
        for name, p in says.items():
            found.setdefault((bins, name), []).append(ece(y[2_000:], p, bins))
for (bins, name), values in found.items():
    print(f"{bins:>3} bins, {name:<17} mean ECE {np.mean(values):.3f}")

# %% [markdown] name="next-14-why" tags=["after-guess"]
# The rate that knows nothing of a row has .005. The truth has .006 with ten bins and .019 with a hundred: ECE of finite data is above 0 by chance, the more so with more bins in use. So ECE is never the only number.
#
# **Say:** "O(n). ECE beside log loss and AUC; the same bins for both models, and beside it the ECE of labels redrawn from p; a bootstrap's lies too high. CTRs lie in the first bin of equal widths, so I also cut by equal size. For an auction: predicted over observed by slice."

# %% [markdown] name="task-15-text"
# ### Task 53.15 · An A/B difference by the delta method (15 minutes)
#
# *"CTR in A and B, users randomised. Give me the difference and its standard error."* Lesson 16 derives one side (Deng, Knoblich and Lu 2018). For n users of a side with clicks $c$ and views $v$, $R = \bar c / \bar v$:
#
# $$\text{se}^2(R) = \frac{1}{n \bar v^2} \big(s_c^2 - 2 R\, s_{cv} + R^2 s_v^2\big), \qquad \text{se}^2(R_B - R_A) = \text{se}^2(R_A) + \text{se}^2(R_B).$$
#
# Write `ab_difference(user, side, click)`.
#
# - Three lists with one entry an impression: user id (text; "7" and "07" are two), `"A"` or `"B"`, click 0 or 1. Rows stand in any order; a user is on one side only. Each side has two users or more.
# - $s^2$ and $s_{cv}$ are variances and covariance over the users of a side, divided by n - 1.
# - Return `(R_B - R_A, standard error)`. Leave the arguments as they are.
#
# Users a, b on A with clicks 1, 0 and 0, 0; c, d on B with 1, 1 and 1, 0: rates .25 and .75, each with se² = .5 / (2 · 4), so `(0.5, 0.3536)`. Useful: `groupby(["side", "user"])`, `.agg(["sum", "size"])`.


# %% name="task-15"
def ab_difference(user, side, click):
    ### BEGIN SOLUTION
    table = pd.DataFrame({"user": user, "side": side, "click": click})
    users = table.groupby(["side", "user"])["click"].agg(["sum", "size"])

    def rate(name):
        c, v = users.loc[name, "sum"], users.loc[name, "size"]
        r = c.sum() / v.sum()
        return r, (c - r * v).var() / (len(c) * v.mean() ** 2)  # the three terms at once

    (a, var_a), (b, var_b) = rate("A"), rate("B")
    return b - a, np.sqrt(var_a + var_b)
    ### END SOLUTION


check("53.15", ab_difference)

# %% [markdown] name="next-15-text"
# **The next question.** *"What if I take each impression as independent?"* 1,000 A/A tests: 200 users a side, ten views each in the mean, click rates that differ from user to user around 10 %, no difference between the sides.
#
# **Predict first.** 50 of 1,000 should alarm at |z| > 1.96. How many do with the formula for independent impressions?

# %% name="next-15" tags=["after-guess"]
draw, alarms = np.random.default_rng(0), np.zeros(2, int)
for _ in range(1_000):
    v = draw.geometric(0.1, (2, 200))
    c = draw.binomial(v, draw.beta(1, 9, (2, 200)))
    r = c.sum(axis=1) / v.sum(axis=1)
    rows = r * (1 - r) / v.sum(axis=1)
    users = (c - r[:, None] * v).var(axis=1, ddof=1) / 200 / v.mean(axis=1) ** 2
    alarms += abs(r[1] - r[0]) > 1.96 * np.sqrt([rows.sum(), users.sum()])
print(f"alarms of 1,000: impressions independent {alarms[0]}, delta method {alarms[1]}")

# %% [markdown] name="next-15-why" tags=["after-guess"]
# 209 against 44. What was randomised is the user, so a user is the unit. (By construction here: rates differ among users; the more they do and the more views a user has, the worse.)
#
# **Say:** "One group-by, then means and variances: O(n), mergeable over machines by sums. It needs many users a side; with few I bootstrap users and compare. CUPED (lesson 16) on top for less noise."
#
# **End of sitting 7.** Fifteen boxes.

# %% [markdown] name="interview"
# ## Sitting 8 · Interview, with follow-up questions
#
# <!-- bank: me-02 sq-05 -->
#
# - *"Zeros after the softmax?"* The cell on six steps: the first output moves when the last input does.
# - *"DIN has no softmax. Does the mask still matter?"* With true zeros at padding a plain sum does not move. But padding is seldom zero: row 0 of an embedding table is drawn and trained unless it is masked, a bias fills it; and somebody adds a softmax or a mean later.

# %% [markdown] name="interview-more"
# <!-- bank: ba-06 -->
#
# - *"You return the mean in place of the sum?"* With plain SGD that is another learning rate; with Adam hardly anything.
# - *"How do you test something random?"* The order is an argument; the draw is tested by itself.
#
# ### In English and Chinese · 中英对照
#
# | English | 中文 |
# |---|---|
# | whiteboard coding; time box; contract; edge cases | 白板手撕；限时；函数约定；边界情况 |
# | ties count a half; users with one label are left out | 同分算一半；只有一种标签的用户不参与 |
# | mask before the softmax; padding | 先加掩码再做 softmax；填充位 |
# | logQ correction, accidental hits | logQ 纠偏，batch 内误伤的正样本 |
# | project the conflicting gradient | 把冲突的梯度投影掉 |
# | over all impressions, in the entire space | 在全部曝光样本空间上 |
# | heap of size k, n log k | 大小为 k 的小顶堆，n log k |
# | the unit of randomisation; delta method | 随机化单位；delta 方法 |
# | How would you test it? | 你怎么测它？ |

# %% [markdown] name="recap"
# ## Recap
#
# | exercise | the line that matters | the edge that sinks candidates | cost |
# |---|---|---|---|
# | 1 AUC, GAUC | (Σ r₊ - P(P+1)/2) / (P N) | ties; users with one label | n log n |
# | 2 NDCG | ideal from all, cut at k | ties across k; a list without a gain | n log n |
# | 3 MF | `old = p[u].copy()` | a view; unrated is not 0 | ratings · f an epoch; users · items · f for the table |
# | 4 BPR | `np.add.at(x, u, ...)` | a row twice in the batch | B f, and a copy of both tables |
# | 5 FM | ½ ((x v)² - x² v²) | the ½; 8-bit squares | d k |
# | 6 DIN | `np.where(mask[..., None], e, 0)` before the sum | nan at padding; no softmax | T d h |
# | 7 attention | mask before the softmax | a row with nothing to read; -1e4 above the scores; heads by reshape alone | T d² + T² d, memory H T² |
# | 8 MMoE | softmax over experts, one gate a task | overflow; the wrong axis | m d h, K m (d + h) for gates and mixing |
# | 9 PLE's loss | divide by own rows | nan labels; no row in the space | n K |
# | 10 two towers | minus log q on columns | the same id twice; its own positive stays | B² d, memory B² |
# | 11 PCGrad | project off $g_j$ as it came | three tasks, order; a gradient of 0 | K² n, memory K n |
# | 12 ESMM's loss | log((1 - p) + p (1 - q)) | nan purchases; p q rounds to 1 | n |
# | 13 top k | entries (score, -at, item) | ties; items that do not compare; k = 0; minus an 8-bit score | n log k |
# | 14 ECE | Σ_b abs(Σ(p - y)) / n | p = 1; .3 below 3 · .1; no positive | n |
# | 15 delta | var(c - R v) / (n v̄²) | rows taken for independent | n |
#
# "How would you test it?": empty, one, ties, twice, types, mask, size, mine; a second way for random inputs; an invariant; and the count of wrong answers that escape.
#
# **What the article said, and what is right.** No claim of the article is settled here: where one of these formulas is wrong in it, the lesson that the exercise names says so. Follow-up questions stand in sitting 8, and as *The next question* after each exercise.
#
# **Left out here:** training of these models (lessons 24, 51, 52), Swing and other neighbour methods, beam search, streaming quantiles.
#
# **References**
#
# - H. Zhu et al.: Optimized Cost per Click in Taobao Display Advertising. KDD 2017, https://arxiv.org/abs/1703.02091.
# - K. Järvelin, J. Kekäläinen: Cumulated Gain-Based Evaluation of IR Techniques. ACM TOIS 20(4), 2002.
# - C. Burges et al.: Learning to Rank using Gradient Descent. ICML 2005.
# - Y. Koren, R. Bell, C. Volinsky: Matrix Factorization Techniques for Recommender Systems. IEEE Computer 42(8), 2009.
# - S. Rendle, C. Freudenthaler, Z. Gantner, L. Schmidt-Thieme: BPR: Bayesian Personalized Ranking from Implicit Feedback. UAI 2009, https://arxiv.org/abs/1205.2618.
# - S. Rendle: Factorization Machines. ICDM 2010.
# - G. Zhou et al.: Deep Interest Network for Click-Through Rate Prediction. KDD 2018, https://arxiv.org/abs/1706.06978.
# - A. Vaswani et al.: Attention Is All You Need. NeurIPS 2017, https://arxiv.org/abs/1706.03762; W.-C. Kang, J. McAuley: Self-Attentive Sequential Recommendation. ICDM 2018, https://arxiv.org/abs/1808.09781.
# - J. Ma et al.: Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts. KDD 2018, https://doi.org/10.1145/3219819.3220007.
# - H. Tang et al.: Progressive Layered Extraction (PLE): A Novel Multi-Task Learning (MTL) Model for Personalized Recommendations. RecSys 2020, https://doi.org/10.1145/3383313.3412236.
# - Y. Bengio, J.-S. Senécal: Adaptive Importance Sampling to Accelerate Training of a Neural Probabilistic Language Model. IEEE TNN 19(4), 2008; X. Yi et al.: Sampling-Bias-Corrected Neural Modeling for Large Corpus Item Recommendations. RecSys 2019; K. Khrylchenko et al.: Correcting the LogQ Correction: Revisiting Sampled Softmax for Large-Scale Retrieval. 2025, https://arxiv.org/abs/2507.09331.
# - T. Yu et al.: Gradient Surgery for Multi-Task Learning. NeurIPS 2020, https://arxiv.org/abs/2001.06782.
# - X. Ma et al.: Entire Space Multi-Task Model: An Effective Approach for Estimating Post-Click Conversion Rate. SIGIR 2018, https://arxiv.org/abs/1804.07931.
# - C. Guo et al.: On Calibration of Modern Neural Networks. ICML 2017, https://arxiv.org/abs/1706.04599.
# - A. Deng, U. Knoblich, J. Lu: Applying the Delta Method in Metric Analytics. KDD 2018, https://arxiv.org/abs/1803.06336.
