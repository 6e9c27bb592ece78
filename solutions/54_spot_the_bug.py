# %% [markdown] name="title" question_zh="代码能跑，数却不对：先看哪里？" interview_zh="同事的 40 行排序代码，你先看什么？"
# # 54 · Spot the bug
#
# > It runs and the number is wrong: where do I look first?
#
# **After this lesson you can** find a bug that raises no error from what it prints, say in one line which test would have seen it,
# write that test, and read a colleague's ranking code in the right order.
#
# | Minutes | Level | Before this | In interviews |
# |---|---|---|---|
# | 60 + 60 + 50 + 60 + 30 | middle | Python, NumPy; lessons 50 to 52 for the article's code, 20, 21 and 24 for sitting 4 | "You get 40 lines of a colleague's ranking code: what do you look at first?", "How do you test a network whose right answer you do not know?", "Offline AUC is up, online nothing moved: where do you look?" |
#
# Five sittings, and each stands alone: run the imports, then begin where you like. 46 cards: all silent mistakes of the article, and mistakes
# of published libraries, made again in a few lines of our own. Every card runs here, and so does the test that sees its bug. Eight tasks wait for your
# answer: `hint("54.1", 1)` helps, and so do levels 2 and 3.

# %% name="imports"
from collections import Counter

import numpy as np

from course_utils.bugs import CARDS
from course_utils.bugs.encoders import ENCODERS
from course_utils.exercises import check, grade_check, hint, solution
from course_utils.notebook.cards import back, front

# %% [markdown] name="first"
# ## Sitting 1 · The wrong number judges
#
# How do you play? Read the code and what it prints. Then say aloud, or write down, one line for each card: **what is wrong, and which
# test would have seen it?** Only then run the cell below, which turns the cards. **Named it? Then read only the test on its back.** Not named?
# Read cause, fix and test; the card gets a cross, and you return to it tomorrow. The sources at the end can wait: *The article: E34* is the
# number of a mistake in the article that this course follows ([the list](../docs/errata.md)), *Published code* is where it stood elsewhere.
#
# ### Task · Cards 1 to 3 (9 minutes)

# %% name="cards-1"
front(1, 2, 3)

# %% [markdown] name="cards-1-guess"
# **Predict first.** One line for each of the three: what is wrong, and which test would have seen it?

# %% name="cards-1-back" tags=["after-guess"]
back(1, 2, 3)

# %% [markdown] name="cards-1-why" tags=["after-guess"]
# The code of all three is without a mistake; the number does not say what the shop wants to know (**E34**, **E35**, **E68**, **E36**).
# What finds them is a **rival that cannot be good**: nothing for everybody, everything for everybody, half of the labels.
# Where such a rival wins, look at the metric before you look at the network.

# %% [markdown] name="cards-2-title"
# ### Task · Cards 4 to 6 (8 minutes)

# %% name="cards-2"
front(4, 5, 6)

# %% [markdown] name="cards-2-guess"
# **Predict first.** Which second number would have told you, for each of the three?

# %% name="cards-2-back" tags=["after-guess"]
back(4, 5, 6)

# %% [markdown] name="cards-2-why" tags=["after-guess"]
# Popularity, the majority and a table of the last action are rivals again (**E57**, **E42**, **E75**). Card 5 (**E67**) shows the second look, an
# **invariance**: the same thing in another dress must give the same answer. New numbers for the actions are another dress.

# %% [markdown] name="cards-3-title"
# ### Task · Cards 7 and 8 (6 minutes)

# %% name="cards-3"
front(7, 8)

# %% [markdown] name="cards-3-guess"
# **Predict first.** Both cards print two answers that should agree. What is wrong?

# %% name="cards-3-back" tags=["after-guess"]
back(7, 8)

# %% [markdown] name="cards-3-why" tags=["after-guess"]
# Half a star for everybody and another order of the rows are dresses (**E59** is the first). You do not need the right list or the right AUC to
# see that two answers to one question differ.

# %% [markdown] name="cards-4-title"
# ### Task · Cards 9 to 11 (8 minutes)
#
# Three ranking metrics of published code, two of them from 2026.

# %% name="cards-4"
front(9, 10, 11)

# %% [markdown] name="cards-4-guess"
# **Predict first.** Which list, which customers and which model does each of the three metrics judge wrongly?

# %% name="cards-4-back" tags=["after-guess"]
back(9, 10, 11)

# %% [markdown] name="cards-4-why" tags=["after-guess"]
# A metric is code, so it gets tests of its own: a perfect list has the best value, more hits are never worse, a constant is at chance.
# Three examples by hand would have seen all three. Print the metric of the constant beside every table.

# %% [markdown] name="task-1-text"
# ### Task 54.1 · Which look finds it? (8 minutes)
#
# Four looks that need no idea of where the bug is:
#
# - **R**, a rival that cannot be good: a constant, the majority, popularity.
# - **I**, an invariance, the same question in another dress: more padding, another order of rows, new names for ids, one row alone. Nothing may change.
# - **Z**, planted data with the dial at zero: labels drawn by chance in the raw log, no effect planted. Nothing may be found.
# - **C**, one input of that row or one setting really changed, not its dress: what depends on it must move, and nothing else.
#
# The fifth, an example worked by hand, begins every test; it needs a right output.
# Set `looks` to a dictionary: number of a symptom -> the letter of a look that finds its bug. For two of them more than one letter is right.
#
# 1. 98 of 100 cells are right, and hardly a label is ever given
# 2. the same title has another probability when its batch holds a longer one
# 3. the next action is predicted in 99 of 100 windows
# 4. numbering the actions in another order changes the accuracy
# 5. log loss 0.41 on the test weeks, says the report, and no more
# 6. tuning the commitment weight from 0.1 to 10 moved nothing
# 7. a customer scored alone gets another score than among 64
# 8. new products of all categories get one score
# 9. a model with one score for all products has a hit rate of 1
# 10. with the labels drawn by chance the test AUC is still .8

# %% name="task-1"
### BEGIN SOLUTION
looks = {1: "R", 2: "I", 3: "Z", 4: "I", 5: "R", 6: "C", 7: "I", 8: "C", 9: "R", 10: "Z"}
### END SOLUTION

check("54.1", looks)

# %% [markdown] name="task-2-text"
# ### Task 54.2 · F1 of a file that comes in batches (8 minutes)
#
# Write `f1(batches)`. `batches` is a list, maybe empty, of pairs `(y, given)`: two arrays of one length (maybe 0), of 0 and 1 or of bools, in any integer
# type. Return the F1 of **all rows together**, one number: `2 * true / (labels + labels given)`, where `true` counts the rows with both. Return
# 0.0 where there is no label and none given. Leave the arguments as they are.
#
# `f1([(np.array([1, 0, 1]), np.array([1, 0, 0])), (np.array([0, 0]), np.array([0, 1]))])` is `0.5`: one true, two labels, two given.


# %% name="task-2"
def f1(batches):
    ### BEGIN SOLUTION
    true = labels = given = 0
    for y, g in batches:
        y, g = np.asarray(y, bool), np.asarray(g, bool)
        true += (y & g).sum()
        labels += y.sum()
        given += g.sum()
    return 2 * true / (labels + given) if labels + given else 0.0
    ### END SOLUTION


check("54.2", f1)

# %% [markdown] name="sitting-1-end"
# **End of sitting 1.** A rival that cannot be good, and the same thing in another dress. Next: what goes in before any network reads it.

# %% [markdown] name="ids"
# ## Sitting 2 · Ids, shapes, padding
#
# A product is called `343`, `"343"` or row 17; a title of three words fills fifty columns. None of it raises an error. What would you print first?
#
# ### Task · Cards 12 to 14 (8 minutes)

# %% name="cards-5"
front(12, 13, 14)

# %% [markdown] name="cards-5-guess"
# **Predict first.** Which call, with an answer that you know, shows each of the three?

# %% name="cards-5-back" tags=["after-guess"]
back(12, 13, 14)

# %% [markdown] name="cards-5-why" tags=["after-guess"]
# **E52**, **E62**, **E53**, **E54**. What tells is a **worked example**, with which every test begins: a customer who
# does not exist, a list of length 3, a customer who owns the best product.

# %% [markdown] name="cards-6-title"
# ### Task · Cards 15 and 16 (5 minutes)

# %% name="cards-6"
front(15, 16)

# %% [markdown] name="cards-6-guess"
# **Predict first.** One line for each: what was lost on the way in?

# %% name="cards-6-back" tags=["after-guess"]
back(15, 16)

# %% [markdown] name="cards-6-why" tags=["after-guess"]
# Ask data for smallest and largest value, for columns, and for what two rows share, before anything learns from them (**E47**, **E60**, **E40**).

# %% [markdown] name="cards-7-title"
# ### Task · Cards 17 to 19 (8 minutes)

# %% name="cards-7"
front(17, 18, 19)

# %% [markdown] name="cards-7-guess"
# **Predict first.** The same title and the same visit, longer and longer. What should change, and what does?

# %% name="cards-7-back" tags=["after-guess"]
back(17, 18, 19)

# %% [markdown] name="cards-7-why" tags=["after-guess"]
# **E37**, **E72** and **E66**. One test for every layer that reads a sequence: more padding, the same output. Two lines.

# %% [markdown] name="cards-8-title"
# ### Task · Cards 20 and 21 (5 minutes)

# %% name="cards-8"
front(20, 21)

# %% [markdown] name="cards-8-guess"
# **Predict first.** One line for each: which number is nonsense, and why does nothing complain?

# %% name="cards-8-back" tags=["after-guess"]
back(20, 21)

# %% [markdown] name="cards-8-why" tags=["after-guess"]
# Codes are names (**E69**), the unknown needs one too (**E79**), and shapes are compared before numbers (**E76**).

# %% [markdown] name="cards-9-title"
# ### Task · Cards 22 to 24 (8 minutes)

# %% name="cards-9"
front(22, 23, 24)

# %% [markdown] name="cards-9-guess"
# **Predict first.** What does each of the three read: too little, too much, or something else?

# %% name="cards-9-back" tags=["after-guess"]
back(22, 23, 24)

# %% [markdown] name="cards-9-why" tags=["after-guess"]
# Card 22 shows the fourth look: **change one thing alone**, here a step of the past, and something must move. Card 24 hides as long as both sides are equal: test with 3 by 5.

# %% [markdown] name="task-3-text"
# ### Task 54.3 · Pool tokens, not padding (8 minutes)
#
# Write `pool(ids, table)`. `ids` is an integer array (titles, length), maybe without titles; 0 is padding and may stand behind, in front or
# between. `table` is a float array (tokens, features); its row 0 means nothing and may hold anything, nan too. Return an array (titles, features): for each title
# the largest value of each feature over its tokens, and 0.0 for a title without a token. Leave the arguments as they are.
#
# With `table = np.array([[9., 9.], [-1., 2.], [-3., 1.]])`, `pool(np.array([[1, 2, 0], [2, 0, 0]]), table)` is `[[-1, 2], [-3, 1]]`.


# %% name="task-3"
def pool(ids, table):
    ### BEGIN SOLUTION
    values = np.where((ids > 0)[..., None], table[ids], -np.inf)
    some = (ids > 0).any(axis=1)[:, None]
    return np.where(some, values.max(axis=1), 0.0)
    ### END SOLUTION


check("54.3", pool)

# %% [markdown] name="task-3-check-text"
# ### Task 54.3 check · Now write the test (8 minutes)
#
# Write `my_check(pool)`: it gets somebody's answer to task 54.3, and calls it. A failing `assert` or `return False` refuses it; `return True` or no return accepts it.
# It is graded on three right answers, one of which returns lists and one 32-bit numbers, and on six wrong ones that run and
# look right, each of them twice: keep it short. Compare with `np.allclose`; give `pool` arrays, and numbers that 32 bits hold.


# %% name="task-3-check"
def my_check(pool):
    ### BEGIN SOLUTION
    table = np.array([[9.0, 9.0], [-1.0, -5.0], [-3.0, -2.0]])
    for ids in ([[1, 2]], [[1, 2, 0, 0]], [[0, 1, 2]]):
        assert np.allclose(pool(np.array(ids), table), [[-1, -2]]), ids
    return bool(np.allclose(pool(np.array([[0, 0]]), table), 0))
    ### END SOLUTION


grade_check("54.3", my_check)

# %% [markdown] name="sitting-2-end"
# **End of sitting 2.** Print types, shapes, smallest and largest, and how many different answers come. Next: what the model could not have known.

# %% [markdown] name="time"
# ## Sitting 3 · Time, leaks, seeds
#
# A score that is too good, a rerun that differs, a model that was never kept: none of it stands in the loss curve. How do you find out
# what a model knew?
#
# ### Task · Cards 25 and 26 (6 minutes)

# %% name="cards-10"
front(25, 26)

# %% [markdown] name="cards-10-guess"
# **Predict first.** What did the model see that it will not see when it serves? Which test needs no knowledge of the code?

# %% name="cards-10-back" tags=["after-guess"]
back(25, 26)

# %% [markdown] name="cards-10-why" tags=["after-guess"]
# **E58**, **E73** and **E74**. Card 26 shows the third look, **planted data**: where we drew the labels by chance, the best possible score is known, and whoever beats it reads them.
# On your own data shuffle the labels **in the raw log, before any feature or window is made**, and run the whole pipeline again: a feature that holds the label still predicts it. Shuffled
# after the windows are cut, card 26's bug is not seen. A split that lets neighbours or the future through (card 25) is not seen either way: compare the latest training day with the first test day.

# %% [markdown] name="cards-11-title"
# ### Task · Cards 27 and 28 (6 minutes)

# %% name="cards-11"
front(27, 28)

# %% [markdown] name="cards-11-guess"
# **Predict first.** What do these two models know of a customer?

# %% name="cards-11-back" tags=["after-guess"]
back(27, 28)

# %% [markdown] name="cards-11-why" tags=["after-guess"]
# The article asks for product attributes (**E55**), for a past of actions (**E71**) and for behaviour (**E56**), and its code reads none of them. For card 28 we planted two kinds of customers: a
# method that does not find what was planted finds nothing.

# %% [markdown] name="cards-12-title"
# ### Task · Cards 29 to 31 (8 minutes)

# %% name="cards-12"
front(29, 30, 31)

# %% [markdown] name="cards-12-guess"
# **Predict first.** Which model is served, what will tomorrow's run give, and what does card 31 do after forty steps?

# %% name="cards-12-back" tags=["after-guess"]
back(29, 30, 31)

# %% [markdown] name="cards-12-why" tags=["after-guess"]
# No seed and the last epoch (**E41**, **E61**, **E80**), the last fold (**E51**), a layer without a bound on inputs without a scale (**E70**). Ask of every script: which object is saved, when was it fitted, on how many rows?

# %% [markdown] name="cards-13-title"
# ### Task · Cards 32 to 34 (8 minutes)
#
# Three of published code, of 2018, 2025 and 2023.

# %% name="cards-13"
front(32, 33, 34)

# %% [markdown] name="cards-13-guess"
# **Predict first.** One line for each: what is wrong, and which test would have seen it?

# %% name="cards-13-back" tags=["after-guess"]
back(32, 33, 34)

# %% [markdown] name="cards-13-why" tags=["after-guess"]
# Old numbers hang on a metric: TensorFlow's model garden had a switch to compute hit rate and NDCG "in a slightly incorrect way to match the MLPerf reference" ([#5161](https://github.com/tensorflow/models/pull/5161), 2018). And a metric on sampled candidates may rank models otherwise than one on all (Krichene and Rendle, 2020). Card 33 is a leak *inside* a network, and the test is the one of causal attention: change the
# last step, and look at the earlier states.

# %% [markdown] name="task-4-text"
# ### Task 54.4 · Five encoders that you may not read (13 minutes)
#
# `ENCODERS[1]` to `ENCODERS[5]` are functions `encode(x, real)`: `x` is an array (visits, steps, features), `real` a bool array (visits, steps), False where a visit is
# filled up **in front**. Each returns a state for each step, of what was done up to it. One is right. Find out by calling them, and set `found` to a dictionary:
# number of an encoder -> letter.
#
# - **R** right
# - **B** reads the other visits of the batch
# - **F** reads the future
# - **P** lets padding count: with more padded steps in front, or other finite numbers in them, the states of the real steps move
# - **N** never reads the past

# %% name="task-4"
### BEGIN SOLUTION
x, real = np.random.default_rng(1).normal(size=(6, 5, 3)), np.ones((6, 5), bool)
last, first = x.copy(), x.copy()
last[:, -1] += 1
first[:, 0] += 1
longer = np.pad(x, [(0, 0), (2, 0), (0, 0)]), np.pad(real, [(0, 0), (2, 0)])
for which, encode in ENCODERS.items():
    states = encode(x, real)
    print(
        which,
        "alone",
        np.allclose(encode(x[:1], real[:1]), states[:1]),
        "past only",
        np.allclose(encode(last, real)[:, :-1], states[:, :-1]),
        "padding",
        np.allclose(encode(*longer)[:, 2:], states),
        "reads the past",
        not np.allclose(encode(first, real)[:, 1:], states[:, 1:]),
    )
found = {1: "B", 2: "F", 3: "R", 4: "P", 5: "N"}
### END SOLUTION

check("54.4", found)

# %% [markdown] name="sitting-3-end"
# **End of sitting 3.** Planted data and one change alone tell what a model knows. Next: the field's own code.

# %% [markdown] name="peers"
# ## Sitting 4 · The field's own code
#
# Twelve cards: eleven from losses and networks that people train with, and one, card 40, made up from a summary. *Read by us* means that we read the code in the state named, not that we ran it.
# Open source shows its bugs, which is why we know them. Several are years old, some are open as we write (November 2026): look before you rely on
# either. What do you expect of a network with such a bug: that its loss stays high?
#
# ### Task · Cards 35 to 37 (8 minutes)

# %% name="cards-14"
front(35, 36, 37)

# %% [markdown] name="cards-14-guess"
# **Predict first.** Three lines of formulas. Which sign, which cut, which mean is wrong?

# %% name="cards-14-back" tags=["after-guess"]
back(35, 36, 37)

# %% [markdown] name="cards-14-why" tags=["after-guess"]
# A formula has a case whose answer is known: an expectation that must come out, an optimum that can be computed, two tasks of which one lags. Test that case before the network trains. The formulas are those of Yi and others (2019), Kendall and others (2018) and Chen and others (2018), below.

# %% [markdown] name="cards-15-title"
# ### Task · Cards 38 to 40 (8 minutes)

# %% name="cards-15"
front(38, 39, 40)

# %% [markdown] name="cards-15-guess"
# **Predict first.** Each of the three is meant to balance something. What does it really do?

# %% name="cards-15-back" tags=["after-guess"]
back(38, 39, 40)

# %% [markdown] name="cards-15-why" tags=["after-guess"]
# Write each batch twice, collapse the routing by hand, compare with no balancing at all: three looks that need no training. Card 38 has a large relative: trainers of language models that accumulate
# gradients took a mean of means over unequal numbers of tokens ([transformers #34191](https://github.com/huggingface/transformers/pull/34191), October 2024). Texts turn signs too: the abstract of Meituan's [MTGR](https://arxiv.org/abs/2505.18654) says that
# it *needs* 65 times the FLOPs of the network before it; two summaries that we read ([one](https://tomesphere.com/paper/2505.18654)) say that it *saves* them.

# %% [markdown] name="cards-16-title"
# ### Task · Cards 41 to 43 (8 minutes)

# %% name="cards-16"
front(41, 42, 43)

# %% [markdown] name="cards-16-guess"
# **Predict first.** Experts, gates, towers: which are one and the same, which are never used, which answer somebody else?

# %% name="cards-16-back" tags=["after-guess"]
back(41, 42, 43)

# %% [markdown] name="cards-16-why" tags=["after-guess"]
# None of these raises an error, and with each the loss falls. Two invariances for every network with scenarios: rows in another order, and one row alone; `tests/test_networks.py` holds all networks of this course to them.

# %% [markdown] name="cards-17-title"
# ### Task · Cards 44 to 46 (9 minutes)

# %% name="cards-17"
front(44, 45, 46)

# %% [markdown] name="cards-17-guess"
# **Predict first.** With all three the loss falls. What would you print to see what is wrong?

# %% name="cards-17-back" tags=["after-guess"]
back(44, 45, 46)

# %% [markdown] name="cards-17-why" tags=["after-guess"]
# In RQ-VAE-Recommender the dead dial was one of three troubles. Results lagged behind the paper's ([#23](https://github.com/EdoardoBotta/RQ-VAE-Recommender/issues/23)) until the transformer was replaced ([#63](https://github.com/EdoardoBotta/RQ-VAE-Recommender/pull/63)). Codebooks collapsed until
# a mean in the reconstruction error became a sum ([#66](https://github.com/EdoardoBotta/RQ-VAE-Recommender/pull/66)), which weighs it by the length of the vector (card 38 again). Print the share of codes in use, and the number of different ids.

# %% [markdown] name="task-5-text"
# ### Task 54.5 · Frozen weights and twins (8 minutes)
#
# Write `suspects(before, after)`. Both are dictionaries with the same names: name of a weight -> array, before and after training. Return a dictionary with two lists:
# `"frozen"`, the names, sorted, of weights in which **no number** moved, not even by 1e-9; and `"twins"`, the pairs `(name, other)` of weights whose arrays are equal **after** training in shape and in every number, each
# pair once, `name < other`, pairs sorted. Both may be empty. Leave the arguments as they are. `np.array_equal(a, b)` compares shape and numbers.
#
# With `before = {"e0": np.zeros(2), "e1": np.zeros(2), "table": np.ones(3)}` and `after = {"e0": np.ones(2), "e1": np.ones(2), "table": np.ones(3)}` it is `{"frozen": ["table"], "twins": [("e0", "e1")]}`.


# %% name="task-5"
def suspects(before, after):
    ### BEGIN SOLUTION
    names = sorted(after)
    frozen = [name for name in names if np.array_equal(before[name], after[name])]
    twins = [
        (name, other)
        for k, name in enumerate(names)
        for other in names[k + 1 :]
        if np.array_equal(after[name], after[other])
    ]
    return {"frozen": frozen, "twins": twins}
    ### END SOLUTION


check("54.5", suspects)

# %% [markdown] name="task-6-text"
# ### Task 54.6 · Each row back to where it came from (8 minutes)
#
# Write `route(x, scenario, towers)`. `x` is an array (rows, features), maybe without rows; `scenario` an integer array (rows,), of any integer type; `towers` an array (scenarios, features). Return an array (rows,): for
# each row its product with the tower of its scenario, in the order of `x`. Raise `ValueError` if a scenario has no tower: one that is too large, or below 0. Leave the arguments as they are.
#
# `route(np.array([[1., 2.], [3., 4.]]), np.array([1, 0]), np.array([[1., 0.], [0., 10.]]))` is `[20, 3]`.


# %% name="task-6"
def route(x, scenario, towers):
    ### BEGIN SOLUTION
    if len(scenario) and not (scenario.min() >= 0 and scenario.max() < len(towers)):
        raise ValueError(f"there are {len(towers)} towers")
    result = np.empty(len(x))
    for k, own in enumerate(towers):
        mine = scenario == k
        result[mine] = x[mine] @ own
    return result
    ### END SOLUTION


check("54.6", route)

# %% [markdown] name="sitting-4-end"
# **End of sitting 4.** A loss that falls proves little. Next: a page of a colleague's code, with a clock.

# %% [markdown] name="review"
# ## Sitting 5 · A colleague's page, and the interview
#
# Which of the five looks found how many of the cards? The kind of each card's test was set when it was written: read this as what we reached for, not as a law.
#
# **Predict first.** 46 cards: how many needed an example worked by hand, and how many one of the four looks for which nobody works out a right output?

# %% name="looks-count" tags=["after-guess", "folded"]
from course_utils.notebook import figure, show

used = Counter((one.look, bool(one.errata)) for one in CARDS)
order = [look for look, _ in Counter(one.look for one in CARDS).most_common()][::-1]
fig, ax = figure(height=2.8)
left = np.zeros(len(order))
for title, article, colour in (
    ("of the article", True, "C0"),
    ("with links to published code", False, "C1"),
):
    counts = np.array([used[look, article] for look in order])
    bars = ax.barh(order, counts, left=left, color=colour, label=title)
    ax.bar_label(bars, [count or "" for count in counts], label_type="center", color="white")
    left += counts
ax.set(xlabel="cards", title="A worked example sees 21 of 46 cards, four looks see 25")
ax.legend(loc="lower right")
show(
    fig,
    alt="Cards seen by the five looks, of the article and with links to published code alone: worked example 12 and 9, invariance 5 and 5, one change 1 and 6, rival 4 and 2, planted data 2 and 0. Together 21 of 46 by a worked example and 25 by the other four looks.",
)
both = [k for k, one in enumerate(CARDS, start=1) if one.errata and one.peers]
print(
    f"cards of the article {sum(bool(one.errata) for one in CARDS)}, with links to published code {sum(bool(one.peers) for one in CARDS)}; both: card {both[0]}"
)

# %% [markdown] name="looks-why" tags=["after-guess"]
# More than half need no output worked out by hand. A rival and planted data need labels; an invariance and one change not even those: they run on a network whose output nobody can check.
# A test that sees a bug does not yet prove the fix: readers looked for other wrong fixes, and about half of the 46 tests accepted one; 17 of them have grown since.

# %% [markdown] name="task-7-text"
# ### Task 54.7 · Twelve lines (12 minutes)
#
# A colleague predicts clicks and purchases, orders the products of a page, and asks you to look over it. Set `lines` to a dictionary: number of a line -> **L** a leak, **M** the wrong number to
# judge by, **S** another thing when serving than in training, **T** training that does another thing than it says, **F** fine. How the network is built and how a metric is computed inside is right, unless the line shows otherwise.
#
# 1. `rows = read_log("clicks.csv").drop_duplicates("impression_id")`
# 2. `rows["ctr"] = rows.groupby("product")["click"].transform("mean")`
# 3. `train, test = train_test_split(rows, test_size=0.2, random_state=0)`
# 4. `scaler = StandardScaler().fit(train[NUMBERS])`
# 5. `city = batch.city.map(CODES).fillna(0)  # in predict()` (`CODES`: the training cities from 0 on)
# 6. `model = SharedBottom(tasks=2, seed=0)`
# 7. `loss = log_loss(click).sum() + log_loss(purchase).mean()`
# 8. `if valid_loss < best: best, weights = valid_loss, model.weights` (training changes the arrays in place)
# 9. `x = (batch - batch.mean(0)) / batch.std(0)  # in predict()`
# 10. `auc = test.groupby("batch").apply(batch_auc).mean()`
# 11. `rmse = root_mean_squared_error(test.click, p)  # to choose the ranker`
# 12. `report({"ours": ndcg(p), "popularity": ndcg(train_counts)})`

# %% name="task-7"
### BEGIN SOLUTION
lines = dict(zip(range(1, 13), "FLLFSFTTSMMF", strict=True))
### END SOLUTION

check("54.7", lines)

# %% [markdown] name="interview"
# ## Interview, with follow-up questions
#
# <!-- bank: sv-10 sv-11 me-07 -->
#
# - *"Your model file?"* Cards 30 and 34: the last fold and the last epoch.
#
# **Words in Chinese.** Leakage 数据泄漏 · training-serving skew 训练与服务不一致 · invariance test 不变性测试 · padding mask 填充掩码 · baseline 基线 · sanity check 合理性检查.

# %% [markdown] name="recap"
# ## Recap
#
# The follow-up questions stand above. Five looks: a rival that cannot be good, an invariance, planted data, one thing changed alone, and an example worked by hand. A test that sees a bug does not yet prove the fix.
#
# **Tomorrow, mixed.** `front(*np.random.default_rng(1).permutation(46)[:8] + 1)` deals eight cards of all families; `back` with the same numbers turns them. Another seed, other cards.
#
# **What the article said in code that fails in silence, and what sees it**
#
# | family | symptom | the test in one line | errata |
# |---|---|---|---|
# | the wrong number | half of the labels beat all | the better of two models scores higher | **E34** |
# | | who says nothing wins | nothing, and everything, for everybody stand beside it | **E35**, **E36**, **E68** |
# | | a good error, a list at chance | popularity in the same table, judged as a list | **E57** |
# | | other numbers for classes, other answers | rename the classes | **E67** |
# | | one number and no neighbour | majority, word or last action in the report | **E42**, **E75** |
# | | the best products in the order of the file | half a star for all changes nothing | **E59** |
# | ids and types | one answer for all customers | a customer who does not exist is refused | **E52**, **E62** |
# | | five fields in place of three products | the list has length n | **E53** |
# | | owned products are recommended | the list and the basket share nothing | **E54** |
# | | a 10 becomes a 5, the time is gone | smallest and largest against the scale; count the columns | **E47**, **E60** |
# | | Chinese titles share no token | two titles that share five characters | **E40** |
# | | distances between cities | all cities are equally far, the unknown is one of them | **E69**, **E79** |
# | shapes and padding | another answer with more padding | pad, and compare | **E37**, **E72** |
# | | three steps pass for ten | a wrong shape is refused | **E66** |
# | | right predictions with an error | compare shapes before numbers | **E76** |
# | time and leaks | neighbours and repeats on both sides | latest training day < first test day | **E58**, **E73** |
# | | noise is predicted | labels drawn by chance | **E74** |
# | inputs | one score for all new products, and for all pasts | change one input alone | **E55**, **E71** |
# | | an error of zero on purchases | planted kinds of customers are found | **E56** |
# | seeds and stopping | two runs differ; the best epoch is thrown away | run twice; loss of what is kept = best loss | **E41**, **E61**, **E80** |
# | | a fifth of the rows is missing | rows that the served model knows | **E51** |
# | scale | a state with ten digits | a bound on the state, and states that differ where visits do | **E70** |
#
# **Published code**: 23 cards with links. In 20 the defect stood in published code; card 12 is a caller's mistake, card 24 is an interface changed on purpose, card 40 is made up from a summary. Every card runs in the tests: its test fails on the broken code and passes on the fixed.
#
# **References**
#
# - Z. Lipton, C. Elkan, B. Naryanaswamy: Optimal Thresholding of Classifiers to Maximize F1 Measure. ECML PKDD 2014. arXiv 1402.1892.
# - G. Zhou and others: Deep Interest Network for Click-Through Rate Prediction. KDD 2018. arXiv 1706.06978.
# - X.-R. Sheng and others: One Model to Serve All: Star Topology Adaptive Recommender for Multi-Domain CTR Prediction. CIKM 2021. arXiv 2101.11427.
# - J. Chang and others: PEPNet (PPNet is its half for personal features): Parameter and Embedding Personalized Network. KDD 2023. arXiv 2302.01115.
# - W. Krichene, S. Rendle: On Sampled Metrics for Item Recommendation. KDD 2020.
# - X. Yi and others: Sampling-Bias-Corrected Neural Modeling for Large Corpus Item Recommendations. RecSys 2019.
# - A. Kendall, Y. Gal, R. Cipolla: Multi-Task Learning Using Uncertainty to Weigh Losses for Scene Geometry and Semantics. CVPR 2018.
# - Z. Chen and others: GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask Networks. ICML 2018.
# - L. Wang and others: Auxiliary-Loss-Free Load Balancing Strategy for Mixture-of-Experts. arXiv 2408.15664, 2024.
# - R. Han and others: MTGR: Industrial-Scale Generative Recommendation Framework in Meituan. arXiv 2505.18654, 2025.
