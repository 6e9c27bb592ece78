"""Cards of the second family: ids, types, shapes and padding."""

from course_utils.bugs.card import Card, Peer

CARDS = [
    Card(
        name="unknown-customer",
        look="example",
        title="Ask a trained recommender for a customer's stars",
        code="""
def stars(algo, customer, product):
    return algo.predict(customer, product).est
""",
        shows="""
draw = np.random.default_rng(0)
rows = pd.DataFrame(draw.integers(0, 20, (200, 2)).astype(str), columns=["customer", "product"])
rows["stars"] = draw.integers(1, 6, 200)
data = Dataset.load_from_df(rows, Reader(rating_scale=(1, 5)))
algo = SVD(n_epochs=5, random_state=0).fit(data.build_full_trainset())
for what, ids in {"numbers": range(20), "text": map(str, range(20))}.items():
    try:
        answers = {stars(algo, one, "3") for one in ids}
        print(f"20 customers, ids as {what}: {len(answers)} different answers")
    except KeyError as error:
        print(f"20 customers, ids as {what}: KeyError {error}")
""",
        question="What does the library do with an id that it never met? Why are these unknown?",
        cause=(
            "Ids read from a file are text, and 7 is not '7'. The library answers for an unknown "
            "customer with the mean of all stars plus the product's own offset, without a word "
            "and with `was_impossible` False. So all of them, real new customers too, get one "
            "and the same list."
        ),
        fix="""
def stars(algo, customer, product):
    try:
        algo.trainset.to_inner_uid(customer), algo.trainset.to_inner_iid(product)
    except ValueError as unknown:
        raise KeyError(f"{unknown} Recommend what is popular, and say so") from None
    return algo.predict(customer, product).est
""",
        test="""
for pair in (("nobody", "3"), ("7", 3)):
    try:
        stars(algo, *pair)
    except KeyError:
        continue
    raise AssertionError(f"{pair} gets stars: the one or the other does not exist")
""",
        errata=("E52", "E62"),
        peers=(
            Peer(
                "Surprise #140",
                "2018-02-02",
                "https://github.com/NicolasHug/Surprise/issues/140",
                "one prediction for all pairs: inner ids were given where raw ids are asked for.",
                stood=False,
            ),
        ),
    ),
    Card(
        name="top-n",
        look="example",
        title="The three best products for a customer",
        code="""
def recommend(algo, customer, n):
    return algo.predict(customer, str(n))
""",
        shows="""
draw = np.random.default_rng(0)
rows = pd.DataFrame(draw.integers(0, 20, (200, 2)).astype(str), columns=["customer", "product"])
rows["stars"] = draw.integers(1, 6, 200)
data = Dataset.load_from_df(rows, Reader(rating_scale=(1, 5)))
algo = SVD(n_epochs=5, random_state=0).fit(data.build_full_trainset())
got = recommend(algo, "7", 3)
print(type(got).__name__, "of length", len(got), "that begins with", list(got)[:2])
""",
        question="Three products were asked for. What are the five things that came?",
        cause=(
            "The second argument of `predict` is a product, so this is the guess for product 3. "
            "The five are the fields of one prediction. The library has no list: score all, "
            "sort, cut."
        ),
        fix="""
def recommend(algo, customer, n):
    products = [algo.trainset.to_raw_iid(one) for one in algo.trainset.all_items()]
    scores = {one: algo.predict(customer, one, clip=False).est for one in products}
    return sorted(scores, key=scores.get, reverse=True)[:n]
""",
        test="""
assert len(got) == 3 and set(got) <= set(rows["product"]), "three products were asked for"
best = max(set(rows["product"]), key=lambda one: algo.predict("7", one, clip=False).est)
assert got[0] == best, "the best product does not come first"
""",
        errata=("E53",),
    ),
    Card(
        name="owned",
        look="example",
        title="Ten products that the customer may want",
        code="""
def ten(scores, owned):
    return np.argsort(-scores)[:10]
""",
        shows="""
draw = np.random.default_rng(0)
scores = draw.normal(size=(200, 100))
owned = draw.random(scores.shape) < 1 / (1 + np.exp(3 - scores))  # we buy what we prefer
lists = np.array([ten(*one) for one in zip(scores, owned)])
had = np.take_along_axis(owned, lists, axis=1)
print(f"owned already: {had.mean():.0%} of what is recommended")
""",
        question="The scores are the true preferences. What is wrong with the best ten?",
        cause=(
            "A good model gives the highest scores to what the customer has bought: that is what"
            " it learnt from. Owned products leave the contest before the ten best are cut, not "
            "after; who has all but five gets a list of five. That is for what is bought once: "
            "tea is bought again, and the shop says which."
        ),
        fix="""
def ten(scores, owned):
    free = np.flatnonzero(~owned)
    return free[np.argsort(-scores[free])][:10]
""",
        test="""
assert not had.any(), "the list holds what the customer has"
most = np.arange(100) < 95
assert not most[ten(scores[0], most)].any(), "five are left, and the list has owned ones"
""",
        errata=("E54",),
    ),
    Card(
        name="reader",
        look="example",
        title="Read a file of ratings, then guess a customer's stars",
        code="""
def read(lines, scale=(1, 5)):
    rows = [line.split(",") for line in lines]
    return [(user, product, float(stars)) for user, product, stars, *_ in rows]


def guess(rows, user, scale=(1, 5)):
    return np.clip(np.mean([stars for one, _, stars in rows if one == user]), *scale)
""",
        shows="""
lines = ["ann,tea,10,1700000000", "ann,mug,8,1700000100", "bob,tea,2,1700000200"]
try:
    rows = read(lines)
    print(f"the file has 4 columns, a row has {len(rows[0])}; ann gave 10 and 8")
    print(f"guess for ann: {guess(rows, 'ann'):.1f}")
except ValueError as error:
    print(f"ValueError: {error}")
""",
        question="Two things went wrong while reading. Could a later step have noticed them?",
        cause=(
            "The scale is believed and never compared with the data: all above 5 is cut to 5. "
            "And `*_` drops every further column: the time, without which no split by time is "
            "possible. In the article both are done by the library's Reader."
        ),
        fix="""
def read(lines, scale=(1, 5)):
    rows = [line.split(",") for line in lines]
    rows = [(user, product, float(stars), int(time)) for user, product, stars, time in rows]
    found = [row[2] for row in rows]
    if min(found) < scale[0] or max(found) > scale[1]:
        raise ValueError(f"the scale is {scale}, the stars run from {min(found)} to {max(found)}")
    return rows


def guess(rows, user, scale=(1, 5)):
    return np.clip(np.mean([stars for one, _, stars, _ in rows if one == user]), *scale)
""",
        test="""
right = read(["ann,tea,5,1700000000"])
assert right[0][-1] == 1700000000, "the time is gone"
for stars in (10, 0):
    try:
        read([f"ann,tea,{stars},1700000000"])
    except ValueError:
        continue
    raise AssertionError(f"a {stars} passes on a scale from 1 to 5")
""",
        errata=("E47", "E60"),
    ),
    Card(
        name="no-spaces",
        look="example",
        title="Cut titles in two languages into tokens",
        code="""
def tokens(title):
    return title.lower().split()
""",
        shows="""
for one, other in [("red cotton shirt", "blue cotton shirt"), ("红色纯棉衬衫", "蓝色纯棉衬衫")]:
    print(one, "|", other, "| tokens in common:", len(set(tokens(one)) & set(tokens(other))))
""",
        question="Both pairs differ in colour alone. What does a classifier know of the second?",
        cause=(
            "Chinese is written without spaces, so a title is one token, and no other title has "
            "it. Characters, or runs of two of them, are shared; a segmenter does it too."
        ),
        fix="""
import re


def tokens(title):  # each Chinese character, and each run of other signs
    return re.findall(r"[\\u4e00-\\u9fff]|[^\\s\\u4e00-\\u9fff]+", title.lower())
""",
        test="""
shared = set(tokens("红色纯棉衬衫")) & set(tokens("蓝色纯棉衬衫"))
assert len(shared) == 5, f"five characters are the same, {len(shared)} tokens are"
assert tokens("iPhone手机壳")[0] == "iphone", "a word of another alphabet is taken apart"
""",
        errata=("E40",),
    ),
    Card(
        name="pooled-padding",
        look="invariance",
        title="Pool the tokens of a title",
        code="""
def pool(ids):
    return np.maximum(TABLE[ids] + BIAS, 0).max(axis=0)


TABLE, BIAS = np.random.default_rng(0).normal(size=(50, 4)), 0.7
TABLE[0] = 0  # number 0 fills up short titles
""",
        shows="""
title = np.array([7, 8, 9])
for length in (3, 10, 50):
    print(f"filled up to {length:>2}:", pool(np.pad(title, (0, length - 3))).round(2))
""",
        question="The title is the same three times. Where do its features come from?",
        cause=(
            "The padding is a token like all others: after the bias it has a value, and the "
            "maximum takes it. A zero row is no mask. Put -inf at padding before the maximum; "
            "multiplying by the mask is right only where no feature is negative, as after relu."
        ),
        fix="""
def pool(ids):
    return np.maximum(TABLE[ids] + BIAS, 0)[ids > 0].max(axis=0, initial=0)


TABLE, BIAS = np.random.default_rng(0).normal(size=(50, 4)), 0.7
TABLE[0] = 0
""",
        test="""
assert np.allclose(pool(title), pool(np.pad(title, (0, 47)))), "more padding, other features"
""",
        errata=("E37",),
    ),
    Card(
        name="read-padding",
        look="invariance",
        title="A recurrent state of a customer's visit",
        code="""
def state(steps, mask):
    h = np.zeros(3)
    for x in steps:
        h = np.tanh(x @ IN + h @ BACK)
    return h


IN, BACK = np.random.default_rng(0).normal(size=(2, 3, 3))
""",
        shows="""
visit = np.random.default_rng(1).normal(size=(3, 3))
for length in (3, 5, 10):
    filled, mask = np.pad(visit, [(0, length - 3), (0, 0)]), np.arange(length) < 3
    print(f"three steps, filled up to {length:>2}:", state(filled, mask).round(2))
""",
        question="The added steps are zeros. Why do they change the state?",
        cause=(
            "A step of zeros still multiplies the state by its matrix and sends it through tanh."
            " A mask was given and never read. With the mask a padded step hands on the state as"
            " it is."
        ),
        fix="""
def state(steps, mask):
    h = np.zeros(3)
    for x, real in zip(steps, mask):
        h = np.tanh(x @ IN + h @ BACK) if real else h
    return h


IN, BACK = np.random.default_rng(0).normal(size=(2, 3, 3))
""",
        test="""
assert np.allclose(state(visit, np.ones(3)), state(filled, mask)), "padding changes the state"
filled[~mask] = 7
assert np.allclose(state(visit, np.ones(3)), state(filled, mask)), "what padding holds is read"
""",
        errata=("E72",),
    ),
    Card(
        name="ten-steps",
        look="example",
        title="Ask a network of ten steps",
        code="""
network = keras.Sequential([keras.Input((10, 5)), keras.layers.LSTM(4), keras.layers.Dense(1)])


def predict(x):
    return np.asarray(network(x))
""",
        shows="""
for steps in (10, 3, 25):
    try:
        print(f"{steps} steps given: answer of shape {predict(np.ones((1, steps, 5))).shape}")
    except ValueError as error:
        print(f"{steps} steps given: ValueError, {error}")
""",
        question="The network was declared for ten steps. Who checks that?",
        cause=(
            "A recurrent layer reads any number of steps, and in a `Sequential` network the "
            "declared ten are a hint. A functional model refuses when it is called, but its "
            "`predict` takes three steps once it has seen ten (Keras 3.15). Whoever asks checks "
            "the shape."
        ),
        fix="""
network = keras.Sequential([keras.Input((10, 5)), keras.layers.LSTM(4), keras.layers.Dense(1)])


def predict(x):
    if x.shape[1:] != (10, 5):
        raise ValueError(f"expected (n, 10, 5), got {x.shape}")
    return np.asarray(network(x))
""",
        test="""
try:
    predict(np.ones((1, 3, 5)))
except ValueError:
    pass
else:
    raise AssertionError("three steps are accepted for ten")
""",
        errata=("E66",),
    ),
    Card(
        name="cities",
        look="example",
        title="City and hour as features",
        code="""
CITIES = {"Beijing": 0, "Chengdu": 1, "Shanghai": 2}


def features(city, hour):
    return np.array([CITIES.get(city, 0), hour], dtype=float)
""",
        shows="""
def far(one, other):
    return np.linalg.norm(features(*one) - features(*other))


here = ("Beijing", 9)
to = {city: far(here, (city, 9)) for city in ("Chengdu", "Shanghai", "Atlantis")}
for city, distance in to.items():
    print(f"from Beijing to {city} {distance:.2f}")
night, morning = far(("Beijing", 23), ("Beijing", 0)), far(("Beijing", 0), ("Beijing", 1))
print(f"from 23 to 0 o'clock {night:.2f}, from 0 to 1 o'clock {morning:.2f}")
""",
        question="Training never saw Atlantis. Which of these five distances make sense?",
        cause=(
            "Codes are names, and numbers have an order and a distance. An unknown city became "
            "Beijing by default. The day is a circle. So: a column or an embedding for each "
            "city, one more for the unknown, sine and cosine of the hour."
        ),
        fix="""
CITIES = ["Beijing", "Chengdu", "Shanghai", "unknown"]


def features(city, hour):
    code = CITIES.index(city) if city in CITIES else 3
    angle = 2 * np.pi * hour / 24
    return np.array([*np.eye(4)[code], np.sin(angle), np.cos(angle)])
""",
        test="""
assert to["Chengdu"] == to["Shanghai"], "the cities have an order"
assert to["Atlantis"] > 0, "a city that training never saw is Beijing"
assert np.isclose(night, morning), "midnight is far from 23 o'clock"
""",
        errata=("E69", "E79"),
    ),
    Card(
        name="table-of-errors",
        look="example",
        title="The mean squared error, by hand",
        code="""
def error(y, p):
    return np.mean((y - p) ** 2)
""",
        shows="""
y = np.array([0.0, 1.0, 2.0, 3.0])
p = y[:, None]  # what a network with one output returns; every prediction is right
try:
    print(f"labels {y.shape}, predictions {p.shape}, error {error(y, p):.2f}")
except ValueError as problem:
    print(f"ValueError: {problem}")
""",
        question="Every prediction is right. What was subtracted from what?",
        cause=(
            "(4,) minus (4, 1) is a table of four by four: every label against every prediction."
            " Broadcasting is silent. A metric compares shapes before numbers."
        ),
        fix="""
def error(y, p):
    if y.shape != p.shape:
        raise ValueError(f"labels {y.shape}, predictions {p.shape}")
    return np.mean((y - p) ** 2)
""",
        test="""
try:
    found = error(y, p)
except ValueError:
    found = 0.0
assert found == 0, f"right predictions have an error of {found}"
""",
        errata=("E76",),
    ),
    Card(
        name="length",
        look="change",
        title="What a customer's past says about a product (DIN)",
        code="""
def interest(past, product, length):
    real = np.arange(len(past)) < np.ones_like(length)
    weight = np.exp(past @ product) * real
    return weight @ past / weight.sum()
""",
        shows="""
draw = np.random.default_rng(0)
past, product = draw.normal(size=(6, 3)), draw.normal(size=3)
for length in (1, 3, 6):
    print(f"a past of {length} steps: interest", interest(past, product, length).round(2))
""",
        question="Three customers with longer and longer pasts. What does the attention read?",
        cause=(
            "The mask is made of ones of the length's shape, not of the length: one step is "
            "real, whatever the past holds. Training works, the loss falls, the layer is a very "
            "expensive 'first step'."
        ),
        fix="""
def interest(past, product, length):
    real = np.arange(len(past)) < length
    weight = np.exp(past @ product) * real
    return weight @ past / max(weight.sum(), 1e-9)  # 0 for who has no past
""",
        test="""
other = past.copy()
other[2] += 1
same = np.allclose(interest(past, product, 6), interest(other, product, 6))
assert not same, "a real step is changed, and the answer stays"
same = np.allclose(interest(past, product, 2), interest(other, product, 2))
assert same, "a step behind the end is read"
assert np.isfinite(interest(past, product, 0)).all(), "a customer without a past gets nan"
""",
        peers=(
            Peer(
                "DeepCTR-Torch #128",
                "2020-10-22",
                "https://github.com/shenweichen/DeepCTR-Torch/issues/128",
                (
                    "the length of the past was the constant 1 in DIN; repaired the day after on "
                    "a branch, in December 2020 in master (2e42ff6)."
                ),
            ),
        ),
    ),
    Card(
        name="padded-loss",
        look="invariance",
        title="The loss of next steps, padded to one length",
        code="""
def loss(y, p, mask):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
""",
        shows="""
y, p = np.array([[1, 0, 1]]), np.array([[0.6, 0.4, 0.7]])
for length in (3, 10, 100):
    more = length - 3
    filled = [np.pad(y, [(0, 0), (0, more)]), np.pad(p, [(0, 0), (0, more)], constant_values=0.01)]
    print(f"filled up to {length:>3}: loss {loss(*filled, np.arange(length)[None] < 3):.3f}")
""",
        question="The three real steps are predicted the same way. Why does the loss fall?",
        cause=(
            "Padded steps are easy: label 0, and the network soon says 0. They enter the mean "
            "and hide the real ones; with longer padding the task's gradient shrinks. Sum over "
            "real steps, divide by their count."
        ),
        fix="""
def loss(y, p, mask):
    each = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return (each * mask).sum() / mask.sum()
""",
        test="""
real = loss(y, p, np.ones((1, 3)))
assert np.isclose(real, loss(*filled, np.arange(100)[None] < 3)), "padding changes the loss"
""",
        peers=(
            Peer(
                "RecBole #1483",
                "2022-10-11",
                "https://github.com/RUCAIBox/RecBole/issues/1483",
                (
                    "DIEN's auxiliary loss counted padding (and its attention had no softmax); "
                    "repaired the day after (commit 958e17c); only the issue stayed open."
                ),
            ),
        ),
    ),
    Card(
        name="orientation",
        look="example",
        title="How often was each product bought?",
        code="""
def bought(matrix):
    return matrix.sum(axis=1)
""",
        shows="""
draw = np.random.default_rng(0)
popular = np.linspace(0.9, 0.1, 50)
user_items = (draw.random((50, 50)) < popular).astype(int)  # 50 customers, 50 products
print("the five most bought:", np.argsort(-bought(user_items), kind="stable")[:5].tolist())
print("the first product is in", f"{user_items[:, 0].mean():.0%}", "of the baskets")
""",
        question="Products are sorted by popularity. Why is the first one not in the list?",
        cause=(
            "The sums run along the wrong side: these are the customers who bought most. With as"
            " many customers as products nothing can crash. Test with unequal sides, and name "
            "the axes."
        ),
        fix="""
def bought(user_items):
    return user_items.sum(axis=0)
""",
        test="""
assert len(bought(np.ones((3, 5)))) == 5, "five products, and one number for each customer"
""",
        peers=(
            Peer(
                "implicit PR #484, v0.5.0",
                "2021-10-16",
                "https://github.com/benfred/implicit/pull/484",
                (
                    "`fit` had asked for items x users, `recommend` for users x items; since "
                    "0.5.0 both ask for users x items, and old calls train on the transposed "
                    "matrix (#567, #608)."
                ),
                stood=False,
            ),
        ),
    ),
]
