"""Cards of the fourth family: losses, balance and networks of published code."""

from course_utils.bugs.card import Card, Peer

CARDS = [
    Card(
        name="log-q",
        look="example",
        title="Correct sampled negatives for how often they are drawn",
        code="""
def corrected(scores, q):
    return scores + np.log(q)
""",
        shows="""
draw = np.random.default_rng(0)
scores = draw.normal(size=1000)
q = 1 / np.arange(1, 1001)
q /= q.sum()  # popular products are drawn more often
whole = np.exp(scores).sum()  # what the softmax over all products divides by
print(f"over all products {whole:.0f}; the mean over draws {q @ np.exp(corrected(scores, q)):.2f}")
""",
        question="The mean over draws should estimate the sum over all products. Does it?",
        cause=(
            "A product drawn with probability q stands for 1/q products, so its exponential is "
            "divided by q: the score minus log q. Without a correction the scores that are learnt "
            "lack log q once; with plus they lack it twice."
        ),
        fix="""
def corrected(scores, q):
    return scores - np.log(q)
""",
        test="""
assert np.isclose(q @ np.exp(corrected(scores, q)), whole), "the estimate misses the sum"
""",
        peers=(
            Peer(
                "TensorFlow Recommenders #219",
                "2021-01-21",
                "https://github.com/tensorflow/recommenders/issues/219",
                (
                    "the logarithm was added; repaired by #220 in three days, while version "
                    "0.4.0 on PyPI still had it in April (#257)."
                ),
            ),
        ),
    ),
    Card(
        name="clamped",
        look="example",
        title="Uncertainty weights for two losses",
        code="""
def learn(losses, rate=0.05, epochs=400):
    s = np.zeros(len(losses))  # log of the variance of each task
    for _ in range(epochs):
        used = np.maximum(s, 0)
        slope = (1 - 2 * losses * np.exp(-used)) * (s >= 0)  # of 2 L exp(-s) + s
        s = s - rate * slope
    return np.exp(-np.maximum(s, 0))
""",
        shows="""
losses = np.array([0.10, 2.00])
print("weights learnt:", learn(losses).round(2), " best:", (1 / (2 * losses)).round(2))
""",
        question="Which of the two weights moves, and which does not? At what loss is the border?",
        cause=(
            "s is cut at 0, perhaps to keep the loss positive. Below 0 the cut has slope 0: the "
            "first step there is the last. Every task with a loss under 0.5, as most log losses "
            "are, keeps the weight 1. s may be negative, and the total loss too."
        ),
        fix="""
def learn(losses, rate=0.05, epochs=400):
    s = np.zeros(len(losses))
    for _ in range(epochs):
        slope = 1 - 2 * losses * np.exp(-s)
        s = s - rate * np.clip(slope, -1, 1)  # a loss of 1,000 would jump over its optimum
    return np.exp(-s)
""",
        test="""
assert np.allclose(learn(losses), 1 / (2 * losses), rtol=0.01), "a weight has not moved"
""",
        peers=(
            Peer(
                "torch-rechub, trainers/mtl_trainer.py",
                "2026-06-30",
                (
                    "https://github.com/datawhalechina/torch-rechub/blob/5a73b2eebc3a/torch_rechub/"
                    "trainers/mtl_trainer.py"
                ),
                "`torch.clamp(w_i, min=0)` before the loss; read by us.",
            ),
        ),
    ),
    Card(
        name="one-target",
        look="example",
        title="GradNorm: how long should each task's gradient be?",
        code="""
def targets(norms, losses, first, alpha=1.5):
    speed = losses / first  # 1: nothing learnt yet
    return np.full(len(norms), norms.mean() * speed.mean() ** alpha)
""",
        shows="""
norms, first = np.array([1.0, 1.0]), np.array([1.0, 1.0])
losses = np.array([0.2, 0.9])  # one task is nearly learnt, the other has hardly begun
print("targets:", targets(norms, losses, first).round(2))
""",
        question="Which of the two tasks should get the longer gradient?",
        cause=(
            "The rate of each task is divided by the mean rate, so that who lags gets more. Here"
            " the mean itself is used, one target for all: the method equalises lengths and "
            "forgets that anybody lags."
        ),
        fix="""
def targets(norms, losses, first, alpha=1.5):
    speed = losses / first
    return norms.mean() * (speed / speed.mean()) ** alpha
""",
        test="""
fast, slow = targets(norms, losses, first)
assert slow > fast, "the task that lags gets no more than the other"
assert np.allclose(targets(norms, 0.3 * first, first), 1), "nobody lags, and lengths change"
""",
        peers=(
            Peer(
                "torch-rechub, utils/mtl.py",
                "2026-06-30",
                (
                    "https://github.com/datawhalechina/torch-rechub/blob/5a73b2eebc3a/torch_rechub/"
                    "utils/mtl.py"
                ),
                (
                    "the mean loss ratio stands in the target of every task; and the 'last shared "
                    "layer' is searched from index -0, the first. Read by us."
                ),
            ),
        ),
    ),
    Card(
        name="sum-and-mean",
        look="invariance",
        title="Retrieval and rating in one loss, weights 1 and 1",
        code="""
def parts(scores, bought, stars, guess):
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    retrieval = -logs[np.arange(len(bought)), bought].sum()
    rating = np.mean((stars - guess) ** 2)
    return retrieval, rating
""",
        shows="""
draw = np.random.default_rng(0)
scores, bought = draw.normal(size=(100, 50)), draw.integers(0, 50, 100)
stars, guess = draw.normal(size=100), draw.normal(size=100)
share = []
for times in (1, 10, 100):  # the same rows, in a batch 1, 10 and 100 times as large
    batch = [np.concatenate([one] * times) for one in (scores, bought, stars, guess)]
    retrieval, rating = parts(*batch)
    share.append(retrieval / (retrieval + rating))
    print(f"batch of {100 * times:>6,}: retrieval is {share[-1]:.2%} of the loss")
""",
        question="The weights are 1 and 1. Who has set the weight of the ratings?",
        cause=(
            "One loss is a sum over the batch, the other a mean, so the batch size is a task "
            "weight. Give both one reduction. That is needed, not enough: with negatives from "
            "the batch a larger one still makes retrieval harder."
        ),
        fix="""
def parts(scores, bought, stars, guess):
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    retrieval = -logs[np.arange(len(bought)), bought].mean()
    rating = np.mean((stars - guess) ** 2)
    return retrieval, rating
""",
        test="""
assert np.isclose(share[0], share[-1]), "the batch size changes the balance of the tasks"
""",
        peers=(
            Peer(
                "keras-rs, examples/multi_task.py",
                "2026-05-29",
                "https://github.com/keras-team/keras-rs/blob/812d35bf0cb2/examples/multi_task.py",
                (
                    'cross-entropy with `reduction="sum"` beside a mean squared error, weights '
                    "1.0 and 1.0; read by us."
                ),
            ),
        ),
    ),
    Card(
        name="constant-balance",
        look="change",
        title="A loss that punishes unequal experts",
        code="""
def imbalance(expert, p, n):
    load = np.bincount(expert.ravel(), minlength=n) / expert.size  # (experts,)
    mean = p.mean(axis=0)  # (experts that a row chose,)
    return n * (load[:, None] * mean).sum()
""",
        shows="""
draw = np.random.default_rng(0)
even = np.stack([draw.permutation(8)[:2] for _ in range(1000)])  # 2 of 8 experts for each row
same = np.tile([0, 1], (1000, 1))  # all rows choose experts 0 and 1
p = np.tile([0.6, 0.4], (1000, 1))  # how strongly
print(f"all experts share the work: {imbalance(even, p, 8):.2f}")
print(f"two do it all: {imbalance(same, p, 8):.2f}")
""",
        question="What can this loss teach the router?",
        cause=(
            "(experts, 1) times (chosen,) is a table of all pairs, and its sum is the sum of the"
            " loads times the sum of the probabilities: a constant. The probability has to be "
            "added up by expert, as the load is."
        ),
        fix="""
def imbalance(expert, p, n):
    load = np.bincount(expert.ravel(), minlength=n) / expert.size
    mean = np.bincount(expert.ravel(), weights=p.ravel(), minlength=n) / len(p)
    return n * (load * mean).sum()
""",
        test="""
even_cost, same_cost = imbalance(even, p, 8), imbalance(same, p, 8)
assert same_cost > 1.5 * even_cost, "two experts do all, and it costs nothing"
some = np.where(np.arange(1000)[:, None] % 2, [0, 1], [0, 2])  # expert 0 is in every pair
less = imbalance(some, p[:, ::-1], 8)
assert less < imbalance(some, p, 8), "the probabilities change, and the loss does not"
""",
        peers=(
            Peer(
                "hyper-parallel #752",
                "2026-09-15",
                "https://github.com/mindspore-ai/hyper-parallel/issues/752",
                (
                    "a broadcast made the load-balance loss nearly constant; a copy of gitcode "
                    "issue 95, which already names the repair."
                ),
            ),
        ),
    ),
    Card(
        name="bias-sign",
        look="rival",
        title="Balance experts without a loss: move a bias",
        code="""
def step(bias, load, rate=0.02):
    return bias + rate * np.sign(load - load.mean())
""",
        shows="""
def worst(step):
    draw, bias = np.random.default_rng(0), np.zeros(16)
    taste = np.linspace(0, 1, 16)  # later experts are preferred
    for _ in range(300):
        scores = draw.normal(size=(400, 16)) + taste
        chosen = (scores + bias).argmax(axis=1)
        load = np.bincount(chosen, minlength=16)
        bias = step(bias, load)
    return load.max() / load.mean() - 1, (load == 0).sum()


none = worst(lambda bias, load: bias)
print("no update: the fullest expert is {:.1f} above the mean, {} are idle".format(*none))
print("this update: {:.1f} above the mean, {} are idle".format(*worst(step)))
""",
        question="Better than doing nothing? What must happen to a full expert's bias?",
        cause=(
            "A full expert must become less attractive: mean minus load. With the sign turned "
            "round, experts above the mean rise step by step until a few have everything, 5 of 16 "
            "here. Compare with no update at all: a correction that is worse than none may have "
            "its sign wrong."
        ),
        fix="""
def step(bias, load, rate=0.02):
    return bias + rate * np.sign(load.mean() - load)
""",
        test="""
assert worst(step)[0] < none[0], "worse than no balancing at all"
""",
        peers=(
            Peer(
                "torchtitan #1506, with the paper's rule",
                "2025-07-31",
                "https://github.com/pytorch/torchtitan/issues/1506",
                (
                    "nothing is wrong there: it quotes the rule of arXiv 2408.15664. The card is "
                    "made up from a summary that we read, with the sign turned round; we know of "
                    "no code with it."
                ),
                stood=False,
            ),
        ),
    ),
    Card(
        name="twins",
        look="example",
        title="Four experts for a mixture",
        code="""
def experts(n, shape, seed=1024):
    return [np.random.default_rng(seed).normal(0, 0.1, shape) for _ in range(n)]
""",
        shows="""
first = experts(4, (8, 4))
apart = [np.abs(first[0] - one).max() for one in first[1:]]
print("largest difference of expert 0 to the others:", np.round(apart, 2).tolist())
""",
        question="Four experts, three zeros. How many experts does the mixture have?",
        cause=(
            "Each expert begins with the same seed, so all begin as one function, and what the "
            "gates mix begins as one output. Training pulls them apart as far as the gates "
            "differ, so look before training: alike experts early on are no proof of this bug. "
            "Give each its own draw."
        ),
        fix="""
def experts(n, shape, seed=1024):
    draw = np.random.default_rng(seed)
    return [draw.normal(0, 0.1, shape) for _ in range(n)]
""",
        test="""
pairs = [np.abs(a - b).max() for k, a in enumerate(first) for b in first[:k]]
assert min(pairs) > 0, "two experts are the same function"
""",
        peers=(
            Peer(
                "DeepCTR, models/multitask/mmoe.py",
                "version 0.9.4",
                (
                    "https://github.com/shenweichen/DeepCTR/blob/1b5fe40e158d/deepctr/models/multit"
                    "ask/mmoe.py"
                ),
                (
                    "one `seed` for every expert. Lesson 24 measured it: AUC equal within .003, "
                    "experts much alike after one epoch and less later. Say 'capacity at risk, "
                    "check it', not 'broken'."
                ),
            ),
            Peer(
                "PaddleRec #721",
                "2022-03-08",
                "https://github.com/PaddlePaddle/PaddleRec/issues/721",
                (
                    "a constant initialiser: the experts' weights were printed after training "
                    "and were equal, and so were the columns within each expert, which leaves it "
                    "one hidden unit; the initialisers were changed by #724 and #775."
                ),
            ),
            Peer(
                "FastMoE PR #4",
                "2021-02-20",
                "https://github.com/laekov/fastmoe/pull/4",
                "each worker had the same seed; repaired.",
            ),
        ),
    ),
    Card(
        name="inner-loop",
        look="change",
        title="A gate for each scenario",
        code="""
def towers(x, gates):
    inputs = []
    for gate in gates:
        mixed = x * gate
        for _ in gates:
            inputs.append(mixed)
    return [inputs[i] for i in range(len(gates))]
""",
        shows="""
x, gates = np.ones(3), [np.array([1, 0, 0]), np.array([0, 1, 0]), np.array([0, 0, 1])]
for scenario, one in enumerate(towers(x, gates)):
    print(f"scenario {scenario} reads", one.astype(int).tolist())
""",
        question="Three gates were made. How many are in the graph?",
        cause=(
            "The append stands in an inner loop, so the first three entries are all the first "
            "gate's. The others are computed and never used: they get no gradient, and nobody "
            "counts them."
        ),
        fix="""
def towers(x, gates):
    return [x * gate for gate in gates]
""",
        test="""
for i, gate in enumerate(gates):
    others = [gate * 5 if j == i else one for j, one in enumerate(gates)]
    same = np.allclose(towers(x, gates)[i], towers(x, others)[i])
    assert not same, f"gate {i} does not reach scenario {i}"
""",
        peers=(
            Peer(
                "fun-rec, models/hmoe.py",
                "2025-09-08",
                (
                    "https://github.com/datawhalechina/fun-rec/blob/0abc4996375e/src/funrec/models/"
                    "hmoe.py"
                ),
                "all towers read the gate of scenario 0; read by us.",
            ),
        ),
    ),
    Card(
        name="regrouped",
        look="invariance",
        title="Send each row through the tower of its scenario",
        code="""
def predict(x, scenario, towers):
    parts = [x[scenario == i] @ tower for i, tower in enumerate(towers)]
    return np.concatenate(parts)
""",
        shows="""
draw = np.random.default_rng(0)
x, scenario = draw.normal(size=(2000, 4)), draw.integers(0, 3, 2000)
towers = draw.normal(size=(3, 4))
p = predict(x, scenario, towers)
y = np.einsum("nd,nd->n", x, towers[scenario])  # what each row should get
print(f"correlation with the right answers {np.corrcoef(p, y)[0, 1]:.2f}")
print(f"means {p.mean():.3f} and {y.mean():.3f}")
""",
        question="The right numbers came out, their mean is exact. What is wrong?",
        cause=(
            "The rows return grouped by scenario, the labels in the order of the batch. Loss and"
            " metric compare a row with another row's label. Write each part back to where its "
            "rows came from."
        ),
        fix="""
def predict(x, scenario, towers):
    result = np.full(len(x), np.nan)  # who has no tower is seen
    for i, tower in enumerate(towers):
        result[scenario == i] = x[scenario == i] @ tower
    return result
""",
        test="""
mixed = draw.permutation(2000)
again = predict(x[mixed], scenario[mixed], towers)
assert np.allclose(again, p[mixed]), "other order of the rows, other answers"
assert np.allclose(p, y), "a row gets another tower"
""",
        peers=(
            Peer(
                "fun-rec, models/hmoe.py",
                "2025-09-08",
                (
                    "https://github.com/datawhalechina/fun-rec/blob/0abc4996375e/src/funrec/models/"
                    "hmoe.py"
                ),
                (
                    "`boolean_mask` for each scenario, then `Concatenate(axis=0)`; the linear part "
                    "that is added stays in the order of the batch. Read by us."
                ),
            ),
        ),
    ),
    Card(
        name="batch-mean",
        look="invariance",
        title="Normalise by scenario and serve (STAR)",
        code="""
def serve(x, mean, spread):
    return (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-6) @ WEIGHT


WEIGHT = np.array([0.5, -1.0, 2.0])
""",
        shows="""
draw = np.random.default_rng(0)
train = draw.normal([3, 50, 0.1], [1, 9, 0.05], size=(5000, 3))
mean, spread = train.mean(axis=0), train.std(axis=0)
batch = draw.normal([3, 50, 0.1], [1, 9, 0.05], size=(64, 3))
print(f"a customer among 64: {serve(batch, mean, spread)[0]:.2f}")
print(f"the same customer alone: {serve(batch[:1], mean, spread)[0]:.2f}")
""",
        question="Offline the metric was fine. What will every single customer get?",
        cause=(
            "The statistics are those of the batch, at serving too. One row minus its own mean "
            "is zero, so a customer alone gets the same score as everybody alone. Keep the "
            "statistics of training, for each scenario."
        ),
        fix="""
def serve(x, mean, spread):
    return (x - mean) / (spread + 1e-6) @ WEIGHT


WEIGHT = np.array([0.5, -1.0, 2.0])
""",
        test="""
alone = serve(batch[:1], mean, spread)[0]
assert np.isclose(alone, serve(batch, mean, spread)[0]), "the neighbours in the batch decide"
""",
        peers=(
            Peer(
                "Scenario-Wise-Rec, multi_domain/star.py",
                "2024-12-27",
                (
                    "https://github.com/Xiaopengli1/Scenario-Wise-Rec/blob/167ea862b523/scenario_wi"
                    "se_rec/models/multi_domain/star.py"
                ),
                (
                    "the mean of the whole batch, the same for all scenarios, also when "
                    "evaluating (its auxiliary network still reads the row); and relu on the last "
                    "layer of width 1. Read by us."
                ),
            ),
        ),
    ),
    Card(
        name="frozen",
        look="change",
        title="A gate by personal features (PPNet)",
        code="""
def loss(ids, about):
    gate = tf.sigmoid(tf.concat([ids, tf.stop_gradient(about)], axis=1) @ GATE)
    return tf.reduce_mean((gate * 2 - 1) ** 2)


GATE = tf.Variable([[1.0], [0.5], [-1.0], [2.0]])
""",
        shows="""
tables = {"ids": tf.Variable([[0.1, 0.2]]), "about": tf.Variable([[0.3, -0.4]])}
with tf.GradientTape() as tape:
    value = loss(**tables)
slopes = tape.gradient(value, tables)
for name, slope in slopes.items():
    print(f"embeddings of {name}: {'no gradient' if slope is None else 'gradient'}")
""",
        question=(
            "The paper stops this gradient on purpose: in its network `about` feeds the tower too. "
            "Where is that tower here?"
        ),
        cause=(
            "The gradient is stopped on the way into the gate, as in the paper; but here the "
            "tower does not read `about`, so its table is never trained. A random table still "
            "carries information, and the loss falls. Deleting the stop would give a gradient "
            "too, and another network than the paper's."
        ),
        fix="""
def loss(ids, about):
    gate = tf.sigmoid(tf.concat([ids, tf.stop_gradient(about)], axis=1) @ GATE)
    return tf.reduce_mean((gate * tf.reduce_sum(about, axis=1, keepdims=True) - 1) ** 2)


GATE = tf.Variable([[1.0], [0.5], [-1.0], [2.0]])
""",
        test="""
silent = [name for name, slope in slopes.items() if slope is None]
assert not silent, f"no gradient reaches {silent}"
one, other = np.asarray(slopes["about"])[0]  # this tower adds the two up; the gate would not
assert np.isclose(one, other), "the gate changes a table that it should only read"
""",
        peers=(
            Peer(
                "Scenario-Wise-Rec, multi_domain/ppnet.py",
                "2024-12-27",
                (
                    "https://github.com/Xiaopengli1/Scenario-Wise-Rec/blob/167ea862b523/scenario_wi"
                    "se_rec/models/multi_domain/ppnet.py"
                ),
                (
                    "the features' embeddings enter detached, and the tower never reads its first "
                    "argument. Read by us."
                ),
            ),
        ),
    ),
    Card(
        name="dead-dial",
        look="change",
        title="Weigh the commitment of three codebooks",
        code="""
class Codebook:
    def __init__(self, commitment=0.25):
        self.commitment = commitment


class Quantizer:
    def __init__(self, commitment, levels=3):
        self.commitment = commitment
        self.levels = [Codebook() for _ in range(levels)]
""",
        shows="""
def loss(quantizer, error=1.0):
    return sum((1 + one.commitment) * error for one in quantizer.levels)


for commitment in (0.25, 1.0, 10.0):
    print(f"commitment {commitment:>5}: loss {loss(Quantizer(commitment)):.2f}")
""",
        question="Three settings were tuned, and the best one was reported. Best of what?",
        cause=(
            "The argument is stored and never handed on, so every codebook has the default. "
            "Settings that change nothing are tuned by chance. Turn each dial to its ends before"
            " you tune it: something must move."
        ),
        fix="""
class Codebook:
    def __init__(self, commitment=0.25):
        self.commitment = commitment


class Quantizer:
    def __init__(self, commitment, levels=3):
        self.commitment = commitment
        self.levels = [Codebook(commitment) for _ in range(levels)]
""",
        test="""
assert loss(Quantizer(0.25)) != loss(Quantizer(10.0)), "the dial moves nothing"
assert len(set(map(id, Quantizer(1.0).levels))) == 3, "three levels are one codebook"
""",
        peers=(
            Peer(
                "RQ-VAE-Recommender #31",
                "2025-03-12",
                "https://github.com/EdoardoBotta/RQ-VAE-Recommender/issues/31",
                (
                    "`commitment_weight` never reached the loss; repaired by commit a9e1d97 the "
                    "same day."
                ),
            ),
            Peer(
                "RPG_KDD2025, commit 2898fa4",
                "2025-07-10",
                "https://github.com/facebookresearch/RPG_KDD2025",
                (
                    "the number of beams was read from the config, not from the model, so "
                    "setting it on the model had no effect."
                ),
            ),
        ),
    ),
]
