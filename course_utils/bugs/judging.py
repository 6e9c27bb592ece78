"""Cards of the first family: the wrong number judges."""

from course_utils.bugs.card import Card, Peer

CARDS = [
    Card(
        name="ten-labels",
        look="example",
        title="Judge a network of ten labels by its accuracy",
        code="""
def judge(y, p):
    inputs = keras.Input((10,))
    network = keras.Model(inputs, keras.layers.Identity()(inputs))
    network.compile(loss="binary_crossentropy", metrics=["accuracy"])
    return network.evaluate(p, y, verbose=0)[1]
""",
        shows="""
y = np.isin(np.arange(10), [3, 7]) * np.ones((4, 1))  # each row has the labels 3 and 7
both = np.where(y > 0, 0.8, 0.1)
both[:, 7] = 0.9
one = np.where(np.arange(10) == 3, 0.9, 0.1) * np.ones((4, 1))
print(f"finds 3 and 7, 7 first: {judge(y, both):.2f}")
print(f"says 3, whatever comes: {judge(y, one):.2f}")
""",
        question="Who of the two finds more labels? What was compared to give these numbers?",
        cause=(
            "`accuracy` is a word for several metrics, and Keras 3 chooses by the shape of the "
            "output, not by the loss (older versions asked the loss too, and so do old posts). "
            "Ten columns look like one class of ten: the largest of y is compared with the "
            "largest of p."
        ),
        fix="""
def judge(y, p):
    given, true = p >= 0.5, y > 0
    return 2 * (given & true).sum() / (given.sum() + true.sum())  # micro F1
""",
        test="""
assert judge(y, both) > judge(y, one), "who finds all labels scores below who finds half"
""",
        errata=("E34",),
    ),
    Card(
        name="nothing",
        look="rival",
        title="Count the cells that are right",
        code="""
def judge(y, p):
    return np.mean((p >= 0.5) == y)
""",
        shows="""
draw = np.random.default_rng(0)
y = draw.random((2000, 10)) < 0.02  # a label is rare
found = y & (draw.random(y.shape) < 0.6)  # 6 of 10 labels are found,
alarm = ~y & (draw.random(y.shape) < 0.02)  # and 2 of 100 empty cells get one
finder, nothing = 0.9 * (found | alarm), np.zeros(y.shape)
print(f"finds 6 labels of 10: {judge(y, finder):.3f}")
print(f"finds nothing, ever:  {judge(y, nothing):.3f}")
""",
        question="Why does the one that finds nothing win? Which number ranks the two rightly?",
        cause=(
            "98 of 100 cells are empty, and each empty cell that stays empty counts as a "
            "success. The same holds for 'the next action is a purchase'. A rare label is judged"
            " by what is found among what is called positive: average precision, F1."
        ),
        fix="""
from sklearn.metrics import average_precision_score


def judge(y, p):
    return average_precision_score(y, p, average="macro")
""",
        test="""
assert judge(y, finder) > judge(y, nothing), "a model that says nothing wins"
assert judge(y, finder) > judge(y, np.ones(y.shape)), "a model that says everything wins"
""",
        errata=("E35", "E68"),
    ),
    Card(
        name="half",
        look="rival",
        title="From probabilities to labels",
        code="""
def threshold(y, p):
    return 0.5
""",
        shows="""
draw = np.random.default_rng(0)
p = draw.beta(1, 8, size=4000)  # calibrated: of the rows at 20 %, 20 of 100 have the label
y = draw.random(4000) < p


def f1(y, given):
    return 2 * (y & given).sum() / (y.sum() + given.sum())


cut = threshold(y[:2000], p[:2000])
given = p[2000:] >= cut
print(f"{y[2000:].sum()} rows have the label, {given.sum()} get it, F1 {f1(y[2000:], given):.2f}")
print(f"the label for every row: F1 {f1(y[2000:], np.ones(2000, bool)):.2f}")
""",
        question="The probabilities are right. Why does the label for every row beat them?",
        cause=(
            "A probability is no decision. For a rare label a calibrated probability hardly ever"
            " reaches one half, so the label is never given. The threshold is chosen for the "
            "metric, on validation rows, for each label; a label that no validation row has needs "
            "another rule. With calibrated probabilities the best cut for F1 is half the best F1 "
            "(Lipton and others, 2014)."
        ),
        fix="""
def threshold(y, p):
    cuts = np.unique(p)
    scores = [2 * (y & (p >= cut)).sum() / (y.sum() + (p >= cut).sum()) for cut in cuts]
    return cuts[np.argmax(scores)]
""",
        test="""
assert f1(y[2000:], given) > f1(y[2000:], np.ones(2000, bool)), "the label for all rows wins"
""",
        errata=("E36",),
    ),
    Card(
        name="nearest-stars",
        look="rival",
        title="Choose the recommender to serve",
        code="""
def choose(models, stars, bought):
    known = stars > 0
    error = {m: np.sqrt(np.mean((s - stars)[known] ** 2)) for m, s in models.items()}
    return min(error, key=error.get)
""",
        shows="""
draw = np.random.default_rng(0)
share = 1 / np.arange(1, 101)
share /= share.sum()
before, bought = draw.choice(100, size=(2, 500), p=share)  # each buys twice; the shop has no taste
stars = np.where(draw.random((500, 100)) < 0.1, draw.normal(4, 0.5, (500, 100)), 0)
models = {
    "mean": 4 + draw.normal(0, 0.01, (500, 100)),
    "popularity": np.tile(share, (500, 1)),
}


def hits(scores, bought):
    best = np.argsort(-scores, axis=1)[:, :10]
    return np.mean([b in row for b, row in zip(bought, best)])


chosen = choose(models, stars, before)
print(f"chosen: {chosen}")
for name, scores in models.items():
    print(f"{name}: hit rate of its ten best {hits(scores, bought):.2f}")
""",
        question="What will the customer see of it? Which number did the choice look at?",
        cause=(
            "RMSE asks how near the stars are for products that somebody chose to rate. A list "
            "asks which ten of all products come first. A model may be good at one and at chance"
            " in the other; popularity has no stars at all and wins the list."
        ),
        fix="""
def choose(models, stars, bought):
    found = {}
    for name, scores in models.items():
        best = np.argsort(-scores, axis=1)[:, :10]
        found[name] = np.mean([b in row for b, row in zip(bought, best)])
    return max(found, key=found.get)
""",
        test="""
assert hits(models[chosen], bought) >= hits(models["popularity"], bought), "popularity wins"
""",
        errata=("E57",),
    ),
    Card(
        name="one-output",
        look="invariance",
        title="The next action from one output, rounded",
        code="""
def predict(last, action):
    x = np.eye(4)[last]  # which of four actions came last
    weights = np.linalg.lstsq(x, action, rcond=None)[0]
    return np.rint(x @ weights).astype(int)
""",
        shows="""
draw = np.random.default_rng(0)
last = draw.integers(0, 4, 1000)
# 0 click, 1 search, 2 cart, 3 purchase; after each, 6 times in 10 the first of two:
after = {0: [0, 3], 1: [1, 3], 2: [0, 2], 3: [3, 1]}
action = np.array([after[one][int(draw.random() < 0.4)] for one in last])
renamed = np.array([2, 0, 3, 1])
accuracy = np.mean(predict(last, action) == action)
again = np.mean(predict(last, renamed[action]) == renamed[action])
print(f"right {accuracy:.2f}; with the four actions numbered in another order {again:.2f}")
""",
        question="Only the numbers of the actions changed. Why does the accuracy?",
        cause=(
            "Squared error on a class number predicts a mean. After a click, .6 times 0 and .4 "
            "times 3 is 1.2, rounded 1: 'search', which never follows. The order of the numbers "
            "is ours, not the shop's. A class needs one output each, and a softmax with "
            "cross-entropy."
        ),
        fix="""
def predict(last, action):
    counts = np.zeros((4, 4))
    np.add.at(counts, (last, action), 1)
    return counts.argmax(axis=1)[last]
""",
        test="""
same = renamed[predict(last, action)] == predict(last, renamed[action])
assert same.all(), f"renaming the actions changes {np.mean(~same):.0%} of the predictions"
assert accuracy > 0.5, "nothing is learnt of the last action"
""",
        errata=("E67",),
    ),
    Card(
        name="alone",
        look="rival",
        title="Report a network",
        code="""
def report(x, y, x_new, y_new):
    distance = ((x_new[:, None] - x) ** 2).sum(axis=2)
    guess = y[distance.argmin(axis=1)]  # the "network": what the nearest row did
    return {"network": np.mean(guess == y_new)}
""",
        shows="""
draw = np.random.default_rng(0)
x = draw.normal(size=(800, 5))
x[:, 0] = draw.integers(0, 3, 800)  # the last action; the other four columns are noise
y = np.where(draw.random(800) < 0.8, x[:, 0] > 0, x[:, 0] == 0).astype(int)
for name, score in report(x[:400], y[:400], x[400:], y[400:]).items():
    print(f"{name}: {score:.2f}")
""",
        question="Is this a good network?",
        cause=(
            "A number without a neighbour is neither good nor bad. The most frequent answer and "
            "a table of the last action take a line each, and here the table wins: four of the "
            "network's five columns are noise."
        ),
        fix="""
def report(x, y, x_new, y_new):
    distance = ((x_new[:, None] - x) ** 2).sum(axis=2)
    guess = {"network": y[distance.argmin(axis=1)], "majority": np.bincount(y).argmax()}
    last, last_new = x[:, 0].astype(int), x_new[:, 0].astype(int)
    table = np.array([np.bincount(y[last == one], minlength=2).argmax() for one in range(3)])
    guess["table of the last action"] = table[last_new]
    return {name: np.mean(one == y_new) for name, one in guess.items()}
""",
        test="""
rivals = set(report(x[:400], y[:400], x[400:], y[400:])) - {"network"}
assert "majority" in rivals, "no rival stands beside the network"
""",
        errata=("E42", "E75"),
    ),
    Card(
        name="five-stars",
        look="invariance",
        title="The ten best products for a customer",
        code="""
def ten_best(mean, customer, products):
    stars = np.clip(mean + products @ customer, 1, 5)
    return np.argsort(-stars, kind="stable")[:10]
""",
        shows="""
draw = np.random.default_rng(0)
customer, products = np.array([0.6, 0.8]), draw.normal(size=(200, 2))
rank = np.argsort(np.argsort(-(products @ customer))) + 1
best = ten_best(3.6, customer, products)
print("true ranks of the list:", rank[best].tolist())
generous = ten_best(4.1, customer, products)  # a customer who gives half a star more
print("the same list for a generous customer:", set(best.tolist()) == set(generous.tolist()))
""",
        question="Both customers prefer the same products. Where does the difference come from?",
        cause=(
            "Stars are cut to the scale before they are sorted. Everything above 5 becomes 5, "
            "and among equals the order of the file decides. Cut what you show, sort what you "
            "predicted."
        ),
        fix="""
def ten_best(mean, customer, products):
    stars = mean + products @ customer
    return np.argsort(-stars, kind="stable")[:10]
""",
        test="""
assert set(best.tolist()) == set(generous.tolist()), "half a star for all changes the list"
""",
        errata=("E59",),
    ),
    Card(
        name="batch-auc",
        look="invariance",
        title="The AUC of a large test file, part by part",
        code="""
from sklearn.metrics import roc_auc_score


def auc(y, p, size=500):
    parts = [slice(at, at + size) for at in range(0, len(y), size)]
    return np.mean([roc_auc_score(y[part], p[part]) for part in parts])
""",
        shows="""
draw = np.random.default_rng(0)
rate = np.repeat([0.1, 0.3, 0.5, 0.7], 1000)  # the file is sorted by scenario
y = draw.random(4000) < rate
p = rate + draw.normal(0, 0.01, 4000)  # the model knows the scenario and nothing else
mixed = draw.permutation(4000)
print(f"as the file stands {auc(y, p):.2f}")
print(f"its rows in another order {auc(y[mixed], p[mixed]):.2f}")
""",
        question="The rows are the same. Is either of the two numbers the AUC?",
        cause=(
            "AUC compares each positive with each negative of the whole set. A mean over batches"
            " compares within batches only, and depends on the order of the rows. Any metric "
            "that is no mean over rows has this: precision, recall, F1, NDCG of groups that are "
            "cut. A mean over groups that mean something, as GAUC over users, is another metric "
            "on purpose."
        ),
        fix="""
from sklearn.metrics import roc_auc_score


def auc(y, p):
    return roc_auc_score(y, p)
""",
        test="""
assert np.isclose(auc(y, p), auc(y[mixed], p[mixed])), "the order of the rows changes the AUC"
""",
        peers=(
            Peer(
                "KGCN #22",
                "2020-12-24",
                "https://github.com/hwwang55/KGCN/issues/22",
                "AUC and F1 are means over batches; the issue is open.",
            ),
            Peer(
                "Keras #4592, #5794",
                "2016-12-04",
                "https://github.com/keras-team/keras/issues/5794",
                (
                    "precision, recall and F1 were means over batches; Keras 2.0 removed them in"
                    " March 2017."
                ),
            ),
        ),
    ),
    Card(
        name="short-list",
        look="example",
        title="NDCG@k of a list that may be short",
        code="""
def ndcg(found, relevant, k):  # found has no repeats, relevant is not empty
    gain = [float(one in relevant) / np.log2(i + 2) for i, one in enumerate(found[:k])]
    ideal = 1 / np.log2(np.arange(min(len(found), len(relevant), k)) + 2)
    return sum(gain) / sum(ideal)
""",
        shows="""
relevant = set("abcde")
print(f"one hit, and nothing after it: {ndcg('a', relevant, 10):.2f}")
print(f"all five, at positions 1 to 5: {ndcg('abcde', relevant, 10):.2f}")
print(f"all five, at positions 6 to 10: {ndcg('-----abcde', relevant, 10):.2f}")
""",
        question="Which of these three lists would you serve? What does the metric say?",
        cause=(
            "The ideal list is as long as what was returned. Who returns one sure hit and stops "
            "gets the full mark. The ideal list has the relevant products, at most k, however "
            "many were returned."
        ),
        fix="""
def ndcg(found, relevant, k):  # found has no repeats, relevant is not empty
    gain = [float(one in relevant) / np.log2(i + 2) for i, one in enumerate(found[:k])]
    ideal = 1 / np.log2(np.arange(min(len(relevant), k)) + 2)
    return sum(gain) / sum(ideal)
""",
        test="""
one, five = ndcg("a", relevant, 10), ndcg("abcde", relevant, 10)
assert one < five, "four more hits are worth nothing"
assert np.isclose(five, 1), f"a perfect list gets {five:.2f}"
""",
        peers=(
            Peer(
                "Elasticsearch PR #154362",
                "2026-07-19",
                "https://github.com/elastic/elasticsearch/pull/154362",
                "`rank_eval` with normalised DCG; the repair was open when we read it.",
            ),
            Peer(
                "MLflow #24541",
                "2026-07-20",
                "https://github.com/mlflow/mlflow/issues/24541",
                (
                    "`ndcg_at_k` with fewer retrieved texts than k; several repairs were closed "
                    "unmerged, and the issue was open when we read it."
                ),
            ),
        ),
    ),
    Card(
        name="map",
        look="example",
        title="Mean average precision of ten products",
        code="""
def average_precision(found, relevant, k=10):  # found has no repeats, relevant is not empty
    hits, total = 0, 0.0
    for position, product in enumerate(found[:k], start=1):
        if product in relevant:
            hits += 1
            total += hits / position
    return total / len(relevant)
""",
        shows="""
for owned in (5, 10, 40):  # how many products a customer buys in the test weeks
    score = average_precision(list(range(10)), set(range(owned)))
    print(f"buys {owned}, a perfect list of ten: {score:.2f}")
""",
        question="All three lists are perfect. Why do eager customers look badly served?",
        cause=(
            "Ten products can hold ten hits at most, and the sum is divided by forty. So the "
            "metric falls with what a customer buys, not with the list. MAP@k divides by min(k, "
            "relevant). Search also divides by all relevant (trec_eval's map_cut): say which one, "
            "and never print one under the other's name."
        ),
        fix="""
def average_precision(found, relevant, k=10):  # found has no repeats, relevant is not empty
    hits, total = 0, 0.0
    for position, product in enumerate(found[:k], start=1):
        if product in relevant:
            hits += 1
            total += hits / position
    return total / min(k, len(relevant))
""",
        test="""
for owned in (5, 40):
    perfect = average_precision(list(range(10)), set(range(owned)))
    assert np.isclose(perfect, 1), f"a perfect list gets {perfect:.2f}"
assert average_precision([0], set(range(5))) < 1, "four more hits are worth nothing"
""",
        peers=(
            Peer(
                "Recommenders #2309",
                "2026-04-23",
                "https://github.com/recommenders-team/recommenders/issues/2309",
                (
                    "notebooks printed `map()`, which divides by all relevant, as MAP@k; the "
                    "library has a `map_at_k()` beside it. Repaired by #2323 in May 2026, the "
                    "tests followed in #2372."
                ),
            ),
        ),
    ),
    Card(
        name="ties",
        look="rival",
        title="Is what was bought among the first ten?",
        code="""
def hit(scores, k=10):
    order = np.argsort(-scores, kind="stable")  # what was bought is candidate 0
    return float(np.flatnonzero(order == 0)[0] < k)
""",
        shows="""
draw = np.random.default_rng(0)
chance, constant = draw.random((500, 101)), np.ones((500, 101))  # 500 lists of 101 candidates
for name, lists in {"chance": chance, "one score for all": constant}.items():
    print(f"{name}: hit rate of ten {np.mean([hit(one) for one in lists]):.2f}")
""",
        question="A model that has learnt nothing is perfect. What decides among equal scores?",
        cause=(
            "A stable sort leaves equal scores in the order of the list, and what was bought "
            "stands first in it. A collapsed network gives everybody one score and looks "
            "perfect. Each order of equals is as likely: a tie shares its hits, or the "
            "candidates are shuffled. The mean rank would not do: 51 of 101 is never among ten."
        ),
        fix="""
def hit(scores, k=10):
    above, equal = (scores > scores[0]).sum(), (scores == scores[0]).sum()
    return float(np.clip((k - above) / equal, 0, 1))  # the share of orders with it among k
""",
        test="""
assert np.isclose(np.mean([hit(one) for one in constant]), 10 / 101), "a constant is not at chance"
assert np.isclose(hit(np.repeat([1, 0], [25, 76])), 0.4), "10 places for 25 equals: 4 in 10"
assert np.isclose(hit(np.repeat([1, 2, 0], [10, 5, 86])), 0.5), "5 places for 10 equals: 5 in 10"
""",
        peers=(
            Peer(
                "visdial PR #36",
                "2018-07-25",
                "https://github.com/batra-mlp-lab/visdial/pull/36",
                "the true answer won every tie, so the metrics were too high; repaired.",
            ),
            Peer(
                "StellarGraph PR #1223",
                "2020-04-08",
                "https://github.com/stellargraph/stellargraph/pull/1223",
                (
                    "the true edge stood before all ties, so one score for all edges gave rank 1; "
                    "ties are now broken at random."
                ),
            ),
        ),
    ),
]
