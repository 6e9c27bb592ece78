"""Each network against its formula, written out in NumPy."""

from __future__ import annotations

import random
from itertools import combinations
from typing import Any

import networks as small
import numpy as np
import pytest
from networks import TASKS

from course_utils.backend import tf
from course_utils.columns import Columns
from course_utils.models.factorisation_machine import FactorisationMachine

ROWS = small.frame(25, seed=3)
COLUMNS = small.fit_columns(ROWS)
TABLE = small.encode(COLUMNS, ROWS)
CODES, NUMBERS, SCENARIO = TABLE.inputs


def relu(x):
    return np.maximum(x, 0)


def leaky(x):
    return np.where(x > 0, x, 0.2 * x)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def embedded(layer: Any) -> np.ndarray:
    """``[B, d]``: user, item, mean of the known words, price, age; one table below the other."""
    (table,) = layer.get_weights()
    users, items, _ = COLUMNS.sizes
    words = table[users + items :]
    rows = []
    for code, number in zip(CODES, NUMBERS, strict=True):
        known = [words[c] for c in code[2:] if c > 0]
        bag = np.mean(known, axis=0) if known else np.zeros(table.shape[1])
        rows.append(np.concatenate([table[code[0]], table[users + code[1]], bag, number]))
    return np.array(rows)


def layer_of(parallel: Any, i: int) -> tuple[np.ndarray, np.ndarray]:
    """Kernel and bias of the i-th layer of those side by side."""
    kernel, *bias = parallel.get_weights()
    return kernel[i], bias[0][i] if bias else 0.0


def mlp(parallel: Any, i: int, x: np.ndarray) -> np.ndarray:
    """The i-th of some ReLU networks side by side."""
    for layer in parallel.layers:
        w, b = layer_of(layer, i)
        x = relu(x @ w + b)
    return x


def tower(towers: Any, i: int, x: np.ndarray) -> np.ndarray:
    w, b = layer_of(towers.last, i)
    return sigmoid(mlp(towers.hidden, i, x) @ w + b)[:, 0]


def gate(parallel: Any, i: int, x: np.ndarray) -> np.ndarray:
    """``[B, n]``: softmax of a linear map."""
    return softmax(x @ layer_of(parallel, i)[0])


def dense(layer: Any, x: np.ndarray) -> np.ndarray:
    kernel, *bias = layer.get_weights()
    return x @ kernel + (bias[0] if bias else 0)


def of_each_row(outputs: np.ndarray) -> np.ndarray:
    """``[S, B, ...]`` to ``[B, ...]``: what the row's own scenario gives."""
    return np.array([outputs[s, row] for row, s in enumerate(SCENARIO)])


def star(layer: Any, x: np.ndarray) -> np.ndarray:
    w, b, own_w, own_b = layer.get_weights()
    return np.array([x[i] @ (own_w[p] * w) + own_b[p] + b for i, p in enumerate(SCENARIO)])


def agree(network: Any, want: dict[str, np.ndarray]) -> None:
    got = small.predict(network, TABLE)
    assert tuple(got) == tuple(want) == TASKS
    for task in TASKS:
        np.testing.assert_allclose(got[task], want[task], atol=2e-5)


def losses(network: Any, training: bool = False) -> np.ndarray:
    labels = np.stack([TABLE.labels[task] for task in TASKS])
    counts = np.stack([TABLE.mask(task) for task in TASKS]).astype("float32")
    predicted = network(TABLE.inputs, training=training)
    return network.task_losses(predicted, tf.constant(labels), tf.constant(counts)).numpy()


def cross_entropy(y: np.ndarray, p: np.ndarray) -> np.ndarray:
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


# ---------------------------------------------------------------- shared by tasks


def test_single_task():
    network, want = small.make("SingleTask", COLUMNS), {}
    for task in TASKS:
        embed, trunk, towers = network.parts[task]
        want[task] = tower(towers, 0, mlp(trunk, 0, embedded(embed)))
    agree(network, want)


def test_shared_bottom():
    network = small.make("SharedBottom", COLUMNS)
    f = mlp(network.trunk, 0, embedded(network.embed))
    agree(network, {task: tower(network.towers, k, f) for k, task in enumerate(TASKS)})


def test_dcn():
    network = small.make("DCN", COLUMNS)
    x = start = embedded(network.embed)
    for cross in network.crosses:
        w, b = layer_of(cross, 0)
        x = start * (x @ w + b) + x
    f = mlp(network.trunk, 0, x)
    agree(network, {task: tower(network.towers, k, f) for k, task in enumerate(TASKS)})


@pytest.mark.parametrize("trunk", [(), (12, 10)])
def test_factorisation_machine(trunk):
    random.seed(0)
    network = FactorisationMachine(COLUMNS, TASKS, trunk, 4)
    draw = np.random.default_rng(0)
    network.set_weights([w + draw.normal(0.0, 0.3, w.shape) for w in network.get_weights()])
    x, numbers = embedded(network.embed), TABLE.numbers
    columns = len(COLUMNS.sizes)
    vectors = [x[:, 4 * c : 4 * c + 4] for c in range(columns)]
    vectors += [numbers[:, [d]] * network.factors.numpy()[d] for d in range(numbers.shape[1])]
    products = [(a * b).sum(1) for a, b in combinations(vectors, 2)]
    f = mlp(network.trunk, 0, np.column_stack([x, *products]))
    w, b = network.heads.get_weights()
    logits = of_each_row(f @ w + b)
    agree(network, {task: sigmoid(logits[:, k]) for k, task in enumerate(TASKS)})


def test_a_factorisation_machine_of_numbers_alone():
    columns = Columns.fit(ROWS, numeric=["price", "age"], scenario="scenario")
    table = small.encode(columns, ROWS)
    network = FactorisationMachine(columns, TASKS, (), 4)
    [w, b] = network.heads.get_weights()
    one, other = network.factors.numpy()
    product = table.numbers.prod(1) * (one * other).sum()
    inputs = np.column_stack([table.numbers, product])
    logits = (inputs @ w + b)[table.scenario, np.arange(len(ROWS))]
    said = network(table.inputs)
    for k, task in enumerate(TASKS):
        assert said[task].numpy() == pytest.approx(sigmoid(logits[:, k]), abs=1e-6)


def test_mmoe():
    network, want = small.make("MMoE", COLUMNS), {}
    x = embedded(network.embed)
    experts = [mlp(network.experts, i, x) for i in range(3)]
    for k, task in enumerate(TASKS):
        g = gate(network.gates, k, x)
        mixed = sum(g[:, [i]] * experts[i] for i in range(3))
        want[task] = tower(network.towers, k, mixed)
    agree(network, want)


def test_ple():
    network = small.make("PLE", COLUMNS)
    now = dict.fromkeys((*TASKS, "(shared)"), embedded(network.embed))
    for level in network.levels:
        experts = {
            part: [mlp(own, i, now[part]) for i in range(own.layers[0].n)]
            for part, own in level.experts.items()
        }
        assert [len(one) for one in experts.values()] == [2, 2, 1]
        seen = {task: experts[task] + experts["(shared)"] for task in TASKS}
        seen["(shared)"] = [f for part in experts.values() for f in part]
        now = {
            part: sum(gate(g, 0, now[part])[:, [i]] * f for i, f in enumerate(seen[part]))
            for part, g in level.gates.items()
        }
    agree(network, {task: tower(network.towers, k, now[task]) for k, task in enumerate(TASKS)})


def test_default_loss_is_the_mean_log_loss_of_each_sample_space():
    network = small.make("MMoE", COLUMNS)
    p = small.predict(network, TABLE)
    want = [cross_entropy(TABLE.labels[task], p[task])[TABLE.mask(task)].mean() for task in TASKS]
    np.testing.assert_allclose(losses(network), want, atol=1e-5)


# ---------------------------------------------------------------- chained tasks


def test_esmm():
    network = small.make("ESMM", COLUMNS)
    x = embedded(network.embed)
    agree(network, {task: tower(network.towers, k, x) for k, task in enumerate(TASKS)})
    ctr, cvr = small.predict(network, TABLE).values()
    click, both = TABLE.labels["click"], TABLE.labels["click"] * TABLE.labels["purchase"]
    want = [cross_entropy(click, ctr).mean(), cross_entropy(both, ctr * cvr).mean()]
    np.testing.assert_allclose(losses(network), want, atol=1e-5)


def test_escm2():
    network = small.make("ESCM2", COLUMNS)
    plain = small.make("MMoE", COLUMNS)
    plain.set_weights(network.get_weights())
    agree(network, small.predict(plain, TABLE))
    ctr, cvr = small.predict(network, TABLE).values()
    click, purchase = TABLE.labels["click"], TABLE.labels["purchase"]
    propensity = np.maximum(ctr, 0.1)
    ips = np.sum(click * cross_entropy(purchase, cvr) / propensity) / len(click)
    entire = cross_entropy(click * purchase, ctr * cvr).mean()
    want = [cross_entropy(click, ctr).mean(), 0.5 * ips + 0.5 * entire]
    np.testing.assert_allclose(losses(network), want, atol=1e-5)


def test_escm2_clips_the_propensity():
    network = small.make("ESCM2", COLUMNS)
    network.clip = 0.99  # more than any prediction here
    ctr, cvr = small.predict(network, TABLE).values()
    assert ctr.max() < 0.99
    click, purchase = TABLE.labels["click"], TABLE.labels["purchase"]
    ips = np.mean(click * cross_entropy(purchase, cvr) / 0.99)
    entire = cross_entropy(click * purchase, ctr * cvr).mean()
    assert losses(network)[1] == pytest.approx(0.5 * ips + 0.5 * entire, abs=1e-5)


def test_escm2_without_the_ips_term_has_esmms_losses():
    network = small.make("ESCM2", COLUMNS)
    network.cvr, network.ctcvr = 0.0, 1.0
    ctr, cvr = small.predict(network, TABLE).values()
    click, both = TABLE.labels["click"], TABLE.labels["click"] * TABLE.labels["purchase"]
    want = [cross_entropy(click, ctr).mean(), cross_entropy(both, ctr * cvr).mean()]
    np.testing.assert_allclose(losses(network), want, atol=1e-5)


def aitm_steps(network: Any) -> list[np.ndarray]:
    """y_1, y_2: the chances of a click, and of click and purchase."""
    x = embedded(network.embed)
    q = [mlp(network.towers, k, x) for k in range(2)]
    p = relu(dense(network.handed_on[0], q[0]))
    transfer, scores, values = network.transfers[0], [], []
    for u in (p, q[1]):
        key = np.sum(dense(transfer.h2, u) * dense(transfer.h3, u), axis=1)
        scores.append(key / np.sqrt(q[0].shape[1]))
        values.append(dense(transfer.h1, u))
    w = softmax(np.stack(scores, axis=1))
    z = w[:, [0]] * values[0] + w[:, [1]] * values[1]
    return [
        sigmoid(dense(head, one))[:, 0] for head, one in zip(network.heads, (q[0], z), strict=True)
    ]


def test_aitm():
    network = small.make("AITM", COLUMNS)
    bias = network.heads[0].bias
    bias.assign(bias - 0.8)  # so that the second step is likelier than the first in some rows
    first, second = aitm_steps(network)
    agree(network, {"click": first, "purchase": np.minimum(second / first, 1)})
    assert (second > first).any() and (second < first).any()
    happened = TABLE.labels["click"] * TABLE.labels["purchase"]
    above = 0.6 * np.maximum(second - first, 0)
    want = [
        cross_entropy(TABLE.labels["click"], first).mean(),
        (cross_entropy(happened, second) + above).mean(),
    ]
    np.testing.assert_allclose(losses(network, training=True), want, atol=1e-5)


# ---------------------------------------------------------------- scenarios


def star_net(network: Any, h: np.ndarray) -> dict[str, np.ndarray]:
    x = embedded(network.embed)
    for layer in network.trunk:
        h = relu(star(layer, h))
    scenario = network.scenario.get_weights()[0][SCENARIO]
    aux = dense(network.aux[1], relu(dense(network.aux[0], np.hstack([scenario, x]))))
    want = {}
    for k, task in enumerate(TASKS):
        *tower, last = network.towers[task]
        own = h
        for layer in tower:
            own = relu(star(layer, own))
        want[task] = sigmoid(star(last, own)[:, 0] + aux[:, k])
    return want


def normed(norm: Any, x: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    gamma, beta, own_gamma, own_beta = norm.get_weights()[:4]
    scaled = (x - mean[SCENARIO]) / np.sqrt(variance[SCENARIO] + 1e-3)
    return own_gamma[SCENARIO] * gamma * scaled + own_beta[SCENARIO] + beta


def test_star():
    network = small.make("STAR", COLUMNS)
    x = embedded(network.embed)
    mean, variance = network.norm.get_weights()[4:]
    agree(network, star_net(network, normed(network.norm, x, mean, variance)))


def test_star_in_training_uses_each_scenarios_rows_of_the_batch():
    network = small.make("STAR", COLUMNS)
    x = embedded(network.embed)
    each = [x[p == SCENARIO] for p in range(3)]
    mean, variance = (np.array([f(rows, axis=0) for rows in each]) for f in (np.mean, np.var))
    want = star_net(network, normed(network.norm, x, mean, variance))
    got = small.predict(network, TABLE, training=True)
    for task in TASKS:
        np.testing.assert_allclose(got[task], want[task], atol=5e-5)


def gate_nu(layer: Any, i: int, z: np.ndarray) -> np.ndarray:
    w, b = layer_of(layer.gates, i)
    return 2 * sigmoid(relu(dense(layer.hidden, z)) @ w + b)


def test_pepnet():
    network, want = small.make("PEPNet", COLUMNS), {}
    x = embedded(network.embed)
    scenario = network.scenario.get_weights()[0][SCENARIO]
    o = gate_nu(network.epnet, 0, np.hstack([scenario, x])) * x
    person = np.hstack([x[:, :8], o])  # user and item, four numbers each
    for k, task in enumerate(TASKS):
        h = o
        for gates, layer in zip(network.ppnet[:-1], network.dense, strict=True):
            w, b = layer_of(layer, k)
            h = relu((gate_nu(gates, k, person) * h) @ w + b)
        w, b = layer_of(network.last, k)
        want[task] = sigmoid((gate_nu(network.ppnet[-1], k, person) * h) @ w + b)[:, 0]
    agree(network, want)


def test_pepnet_gates_of_one_are_plain_towers():
    network, want = small.make("PEPNet", COLUMNS), {}
    for layer in (network.epnet, *network.ppnet):
        layer.gates.set_weights([0 * w for w in layer.gates.get_weights()])
    for k, task in enumerate(TASKS):
        h = embedded(network.embed)
        for layer in network.dense:
            w, b = layer_of(layer, k)
            h = relu(h @ w + b)
        w, b = layer_of(network.last, k)
        want[task] = sigmoid(h @ w + b)[:, 0]
    agree(network, want)


def test_pepnet_no_gradient_through_what_a_gate_reads():
    """d O / d x passes through the product alone: the Jacobian is the diagonal of the gate."""
    network = small.make("PEPNet", COLUMNS)
    scenario = network.scenario.get_weights()[0][SCENARIO[:1]]
    x = tf.constant(embedded(network.embed)[:1].astype("float32"))
    want = gate_nu(network.epnet, 0, np.hstack([scenario, x.numpy()]))[0]
    seen = []

    def note(h):
        seen.append(h)
        return h

    with tf.GradientTape() as tape:
        tape.watch(x)
        network.embed.call = lambda codes, numbers: x
        layer = network.dense[0]
        plain, layer.call = layer.call, lambda h: plain(note(h))
        network(TABLE.take(np.array([0])).inputs)
        # What enters the first layer is gate * O; that gate is a constant too.
        first = tf.reduce_sum(seen[0][0, 0])
    gradient = tape.gradient(first, x).numpy()[0]
    person = np.hstack([x.numpy()[:, :8], (want * x.numpy())])
    second = gate_nu(network.ppnet[0], 0, person)[0]
    # The person's own embeddings (the first eight) also reach the gate, and may.
    np.testing.assert_allclose(gradient[8:], (want * second)[8:], atol=1e-5)


def test_hmoe():
    network = small.make("HMoE", COLUMNS)
    x = embedded(network.embed)
    experts = [mlp(network.experts, i, x) for i in range(3)]
    scores = []
    for s in range(3):
        g = gate(network.gates, s, x)
        features = sum(g[:, [i]] * experts[i] for i in range(3))
        w, b = layer_of(network.logits, s)
        scores.append(mlp(network.towers, s, features) @ w + b)
    weights = of_each_row(np.array([gate(network.weights_of, s, x) for s in range(3)]))
    p = sigmoid(sum(weights[:, [s]] * scores[s] for s in range(3)))
    agree(network, {task: p[:, k] for k, task in enumerate(TASKS)})


def test_m2m():
    network, want = small.make("M2M", COLUMNS), {}
    x = embedded(network.embed)
    scenario = network.scenario.get_weights()[0][SCENARIO]
    s = relu(dense(network.knowledge, np.hstack([scenario, x[:, :4]])))

    def meta(unit, h):
        kernels = dense(unit.to_kernel, s).reshape(len(s), unit.width, unit.width)
        return np.array([kernel @ one for kernel, one in zip(kernels, h, strict=True)]) + dense(
            unit.to_bias, s
        )

    experts = [mlp(network.experts, i, x) for i in range(3)]
    for k, task in enumerate(TASKS):
        view = np.tile(network.task_views.get_weights()[0][k], (len(x), 1))
        pairs = [np.hstack([expert, view]) for expert in experts]
        a = [dense(network.score, leaky(meta(network.attention, one)))[:, 0] for one in pairs]
        a = softmax(np.stack(a, axis=1))
        h = sum(a[:, [i]] * experts[i] for i in range(3))
        h = leaky(meta(network.residual[0], h) + h)
        w, b = layer_of(network.last, k)
        want[task] = sigmoid(h @ w + b)[:, 0]
    agree(network, want)


def test_m3oe():
    network, want = small.make("M3oE", COLUMNS), {}
    assert len(network.gates.get_weights()) == 2  # gates have biases; layer_of reads none as 0
    x = embedded(network.embed)

    def normed_layer(parallel, i, x):
        w, b = layer_of(parallel.layers[0], i)
        gamma, beta = (one[i] for one in parallel.norms[0].get_weights())
        z = x @ w + b
        z = (z - z.mean(axis=1, keepdims=True)) / np.sqrt(z.var(axis=1, keepdims=True) + 1e-5)
        return relu(z * gamma + beta)

    h = normed_layer(network.after_star, 0, star(network.star, x))
    h = h + normed_layer(network.beside, 0, x)

    def expert(i):
        return normed_layer(network.experts, i, h)

    shared, scenarios, tasks = ([expert(i) for i in ids] for ids in ((0, 1), (2, 3, 4), (5, 6)))
    a_d, a_t, b_d, b_t = sigmoid(network.fusion.numpy())
    own, others = [], []
    for row, p in enumerate(SCENARIO):
        own.append(scenarios[p][row])
        others.append(np.mean([scenarios[j][row] for j in range(3) if j != p], axis=0))
    d = b_d * np.array(own) + (1 - b_d) * np.array(others)
    for k, task in enumerate(TASKS):
        t = b_t * tasks[k] + (1 - b_t) * tasks[1 - k]
        each = []
        for p in range(3):
            w, b = layer_of(network.gates, p * 2 + k)
            g = softmax(h @ w + b)
            fused = sum(g[:, [i]] * shared[i] for i in range(2)) + a_d * d + a_t * t
            w, b = layer_of(network.last, p * 2 + k)
            hidden = normed_layer(network.towers, p * 2 + k, fused)
            each.append(sigmoid(hidden @ w + b)[:, 0])
        want[task] = of_each_row(np.array(each))
    agree(network, want)
