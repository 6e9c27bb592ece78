"""Lesson 53's answers fit on a whiteboard, and equal what runs in production."""

from __future__ import annotations

import copy
import heapq
import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import networks as small
import numpy as np
import pandas as pd
import pytest
from answers import proofs
from lessons import answer_of, read
from sklearn.calibration import calibration_curve
from sklearn.metrics import ndcg_score, roc_auc_score
from sklearn.preprocessing import PolynomialFeatures
from surprise import SVD, Dataset, Reader

from checks.l53 import t1_auc, t2_ndcg, t6_din, t11_pcgrad, t13_top_k
from course_utils import metrics, models, paths, recommend
from course_utils.backend import keras, tf
from course_utils.balancing.pcgrad import PCGrad, surgery
from course_utils.behaviour.attention import TargetAttention
from course_utils.behaviour.experiments import ratio_difference
from course_utils.exercises import sources, task, tasks_of
from course_utils.exercises.asking import Answer
from course_utils.exercises.grading import Answers, grade
from course_utils.exercises.markers import GRADED, without_markers
from course_utils.models.losses import log_losses, masked_mean

TASKS = [one.id for one in tasks_of("53")]
NOTEBOOK = paths.NOTEBOOKS / "53_whiteboard.ipynb"
GRADES = [id for id in TASKS if id.endswith(GRADED)]


def _answer(id: str) -> Callable[..., Any]:
    cell = without_markers(sources.answer_cell(id))
    return answer_of(cell, sources.code_cells(id.split(".")[0])[0])


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(z, float)))


def test_there_are_fifteen_and_five() -> None:
    assert [id for id in TASKS if id not in GRADES] == [f"53.{k}" for k in range(1, 16)]
    assert len(GRADES) == 5


@pytest.mark.parametrize("id", TASKS)
def test_fits_on_a_whiteboard(id: str) -> None:
    lines = [line for line in sources.solution_text(id).splitlines() if line.strip()]
    assert 2 < len(lines) <= 20


def test_the_lesson_begins_without_tensorflow() -> None:
    """Its first cell, and all its checks: NumPy and pandas are there, TensorFlow is not."""
    code = sources.code_cells("53")[0] + (
        "\nimport sys\nfrom course_utils.exercises import tasks_of\ntasks_of('53')\n"
        "print({'tensorflow', 'keras', 'matplotlib', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=paths.ROOT, capture_output=True, text=True
    )
    assert done.stdout.strip() == "set()", done.stdout + done.stderr


POOLS: dict[str, tuple[Answers, Answers]] = {
    one.CHECK.id: (one.RIGHT, one.WRONG) for one in (t1_auc, t2_ndcg, t6_din, t11_pcgrad, t13_top_k)
}
"""Task -> the right and the wrong answers on which a learner's check is graded."""


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return [leaf for one in value for leaf in _leaves(one)]
    return np.asarray(value).ravel().tolist()


@pytest.mark.parametrize("k", range(1, 16))
def test_the_example_in_the_text_is_right(k: int) -> None:
    """Each number of the result stands in the task's text, to the digits that it shows."""
    example = task(f"53.{k}").cases[0]
    texts = {cell.id: cell.source for cell in read(NOTEBOOK).cells}
    numbers = re.findall(r"-?\d*\.?\d+", texts[f"53-task-{k}-text"])
    for leaf in _leaves(_answer(f"53.{k}")(*example)):
        if isinstance(leaf, str):
            assert f'"{leaf}"' in texts[f"53-task-{k}-text"]
        else:
            shown = [(float(one), len(one.partition(".")[2])) for one in numbers]
            assert any(
                abs(one - leaf) < 1e-9 or (digits > 2 and abs(one - leaf) <= 0.5001 * 10.0**-digits)
                for one, digits in shown
            ), leaf


def _outcome(answer: Callable[..., Any], *case: Any, **named: Any) -> str:
    """What an answer returns or raises, as text."""
    try:
        return repr(answer(*case, **named))
    except Exception as error:
        return repr(error)


@pytest.mark.parametrize("id", GRADES)
def test_each_answer_of_a_pool_takes_the_names_of_the_text(id: str) -> None:
    """A learner's test may call by name: that refuses no right answer, and catches no wrong one."""
    exercise = task(id.removesuffix(GRADED))
    names = list(inspect.signature(_answer(exercise.id)).parameters)
    for name, one in {**POOLS[id][0], **POOLS[id][1]}.items():
        in_order, by_name = (copy.deepcopy(exercise.cases[0]) for _ in range(2))
        named = dict(zip(names, by_name, strict=True))
        assert _outcome(one, **named) == _outcome(one, *in_order), name


@pytest.mark.parametrize("id", GRADES)
def test_the_text_counts_the_answers_of_a_pool(id: str) -> None:
    k = int(id.split(".")[1].removesuffix(GRADED))
    text = next(cell.source for cell in read(NOTEBOOK).cells if cell.id == f"53-check-{k}-text")
    words = {3: "three", 11: "eleven", 12: "twelve", 13: "thirteen"}
    right, wrong = (words[len(answers)] for answers in POOLS[id])
    assert re.search(rf"{right} right answers .*{wrong} wrong ones", text, re.I | re.S)


def test_scores_that_tie_at_infinity_and_scores_in_8_bits() -> None:
    """What the texts allow and a reader found: the right answers of the pools hold it."""
    for auc in (_answer("53.1"), *t1_auc.RIGHT.values()):
        got = auc(["a", "a"], [1, 0], [-np.inf, -np.inf])
        np.testing.assert_allclose(np.array(got, float), 0.5)
    for best in (_answer("53.13"), *t13_top_k.RIGHT.values()):
        for kind, low in ((np.int8, -128), (np.uint8, 0)):
            rows = [("a", kind(low)), ("b", kind(100)), ("c", kind(3))]
            assert list(best(rows, 2)) == ["b", "c"]


def test_exercises_do_not_need_each_other() -> None:
    """What follows an exercise runs after the first cell alone."""
    cells = {cell.id: cell for cell in read(NOTEBOOK).cells}
    alone = [id for id in cells if re.fullmatch(r"53-next-\d+", id)]
    assert len(alone) == 15
    for id in alone:
        space: dict[str, Any] = {}
        exec(cells["53-imports"].source, space)
        exec(cells[id].source, space)


@pytest.mark.parametrize("id", GRADES)
def test_checks_are_ranked(id: str) -> None:
    """A thorough check, lazy ones, and those that accept or refuse everything."""
    right, wrong = POOLS[id]

    def score(check: Callable[..., Any]) -> float:
        return grade(Answer(check), right, wrong).score

    silent = [one.answer for one in proofs()[id].wrong if one.silent]
    assert score(_answer(id)) == 1.0
    assert all(0 < score(lazy) < 1 for lazy in silent)
    assert score(lambda answer: True) == 0 == score(lambda answer: False)


@pytest.mark.parametrize("id", GRADES)
def test_the_exercise_itself_tells_them_apart(id: str) -> None:
    """What a learner's check must accept passes the exercise's own, what it must refuse fails."""
    right, wrong = POOLS[id]
    exercise = task(id.removesuffix(GRADED))
    assert {name: exercise.check(one).status for name, one in right.items()} == dict.fromkeys(
        right, "correct"
    )
    for name, one in wrong.items():
        verdict = exercise.check(one)
        assert verdict.status != "correct" or "besides" in verdict.message, name


def test_auc_and_gauc() -> None:
    draw = np.random.default_rng(0)
    for levels in (4, 1_000):
        user = draw.choice(list("abcdefgh"), 200)
        label, score = draw.integers(2, size=200), draw.integers(levels, size=200)
        whole, inside = _answer("53.1")(user.tolist(), label.tolist(), score.tolist())
        assert whole == pytest.approx(roc_auc_score(label, score), abs=1e-12)
        assert whole == pytest.approx(metrics.auc(label, score), abs=1e-12)
        assert inside == pytest.approx(metrics.gauc(label, score, user), abs=1e-12)


def test_ndcg() -> None:
    draw = np.random.default_rng(0)
    for levels in (3, 1_000):
        gains, scores = draw.integers(4, size=(12, 8)), draw.integers(levels, size=(12, 8))
        lists = list(zip(gains.tolist(), scores.tolist(), strict=True))
        for k in (1, 5, 8):
            assert _answer("53.2")(lists, k) == pytest.approx(ndcg_score(gains, scores, k=k))
    ranked = [draw.permutation(9).tolist() for _ in range(5)]
    relevant = [set(draw.permutation(9)[:3].tolist()) for _ in range(5)]
    lists = [
        ([int(one in wanted) for one in row], range(9, 0, -1))
        for row, wanted in zip(ranked, relevant, strict=True)
    ]
    want = metrics.ndcg_at_k(ranked, relevant, 4)
    assert _answer("53.2")(lists, 4) == pytest.approx(want, abs=1e-12)


def test_mf() -> None:
    """The library draws p, then q, from RandomState(seed).normal(0, 0.1), users as they come."""
    draw = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "u": draw.integers(8, size=60),
            "i": draw.integers(6, size=60),
            "r": draw.integers(1, 6, size=60),
        }
    ).drop_duplicates(["u", "i"])
    trainset = Dataset.load_from_df(table, Reader(rating_scale=(1, 5))).build_full_trainset()
    library = SVD(n_factors=3, n_epochs=4, lr_all=0.02, reg_all=0.1, random_state=7).fit(trainset)
    start = np.random.RandomState(7)
    p = start.normal(0, 0.1, (trainset.n_users, 3))
    q = start.normal(0, 0.1, (trainset.n_items, 3))
    ratings = [(u, i, r) for u, i, r in trainset.all_ratings()]
    got = _answer("53.3")(ratings, p, q, 4, 0.02, 0.1)
    want = trainset.global_mean + library.bu[:, None] + library.bi + library.pu @ library.qi.T
    np.testing.assert_allclose(got, want, atol=1e-9)


def test_bpr() -> None:
    """The library sums where the whiteboard has a mean; the loss's slope is by TensorFlow."""
    draw = np.random.default_rng(0)
    x, y = draw.normal(size=(4, 3)), draw.normal(size=(6, 3))
    u, i = draw.integers(4, size=9), draw.integers(6, size=9)
    j = (i + draw.integers(1, 6, size=9)) % 6
    loss, new_x, new_y = _answer("53.4")(x, y, u, i, j, 0.3, 0.2)
    library = recommend.ImplicitBPR(3, lr=0.3 / 9, reg=0.2, n_epochs=1)
    library.users, library.products = x.copy(), y.copy()
    library._step(u, i, j)
    np.testing.assert_allclose(new_x, library.users, atol=1e-12)
    np.testing.assert_allclose(new_y, library.products, atol=1e-12)

    a, b = tf.Variable(x), tf.Variable(y)
    with tf.GradientTape() as tape:
        rows = [tf.gather(a, u), tf.gather(b, i), tf.gather(b, j)]
        d = tf.reduce_sum(rows[0] * (rows[1] - rows[2]), axis=1)
        squares = tf.add_n([tf.reduce_sum(one**2, axis=1) for one in rows])
        value = tf.reduce_mean(tf.math.softplus(-d) + 0.1 * squares)
    slopes = [tf.convert_to_tensor(one).numpy() for one in tape.gradient(value, [a, b])]
    assert loss == pytest.approx(float(value), abs=1e-12)
    np.testing.assert_allclose(new_x, x - 0.3 * slopes[0], atol=1e-12)
    np.testing.assert_allclose(new_y, y - 0.3 * slopes[1], atol=1e-12)


def test_fm() -> None:
    """scikit-learn's crosses, each with the inner product of its two rows of factors."""
    draw = np.random.default_rng(0)
    x, w, v = draw.normal(size=(7, 6)), draw.normal(size=6), draw.normal(size=(6, 3))
    crosses = PolynomialFeatures(2, interaction_only=True, include_bias=False).fit(x)
    pairs = crosses.powers_[6:].astype(bool)
    weights = [*w, *(float(np.prod(v[pair], axis=0).sum()) for pair in pairs)]
    np.testing.assert_allclose(_answer("53.5")(x, 0.3, w, v), 0.3 + crosses.transform(x) @ weights)


def test_din() -> None:
    draw = np.random.default_rng(0)
    layer = TargetAttention(hidden=5)
    e, c = draw.normal(size=(4, 6, 3)), draw.normal(size=(4, 3))
    mask = draw.random((4, 6)) < 0.6
    layer(c[:, None].astype("float32"), e.astype("float32"), mask)
    weights = [draw.normal(size=shape) for shape in ((12, 5), (5,), (5, 1))]
    layer.first.set_weights(weights[:2])
    layer.second.set_weights([weights[2], np.zeros(1)])
    want = layer(c[:, None].astype("float32"), e.astype("float32"), mask).numpy()[:, 0]
    e[~mask] = np.nan
    got = _answer("53.6")(e, c, mask, weights[0], weights[1], weights[2][:, 0])
    np.testing.assert_allclose(got, want, atol=1e-4)


def test_attention() -> None:
    """Keras, without biases and with an output projection that changes nothing."""
    draw = np.random.default_rng(0)
    x = draw.normal(size=(3, 5, 6)).astype("float32")
    mask = np.array([[1, 1, 1, 1, 1], [0, 0, 1, 1, 1], [1, 0, 1, 1, 0]], bool)
    wq, wk, wv = draw.normal(size=(3, 6, 6)).astype("float32")
    layer = keras.layers.MultiHeadAttention(num_heads=2, key_dim=3, use_bias=False)
    seen = np.broadcast_to(mask[:, None, :], (3, 5, 5))
    layer(x, x, attention_mask=seen, use_causal_mask=True)
    layer.set_weights([*(w.reshape(6, 2, 3) for w in (wq, wk, wv)), np.eye(6).reshape(2, 3, 6)])
    want = layer(x, x, attention_mask=seen, use_causal_mask=True).numpy()
    got = _answer("53.7")(x.astype(float), mask, wq, wk, wv, 2)
    np.testing.assert_allclose(got[mask], want[mask], atol=1e-5)
    assert not got[~mask].any()


def test_a_hidden_step_moves_nothing_and_nan_only_where_padding_is_replaced() -> None:
    """The invariant of the interview: a number for any mask, nan for DIN and not for attention."""
    draw = np.random.default_rng(0)
    x, w, seen = draw.normal(size=(1, 4, 2)), draw.normal(size=(3, 2, 2)), np.ones((1, 4), bool)
    attend = _answer("53.7")
    for value, moved in ((1_000.0, False), (np.nan, True)):
        other = x.copy()
        other[0, 3] = value
        before, after = attend(x, seen, *w, 1), attend(other, seen, *w, 1)
        assert (not np.allclose(before[0, :3], after[0, :3])) == moved
        mask, weights = seen & (np.arange(4) < 3), draw.normal(size=(8, 3))
        case = (x[:, 0], mask, weights, draw.normal(size=3), draw.normal(size=3))
        np.testing.assert_allclose(_answer("53.6")(other, *case), _answer("53.6")(x, *case))


def test_mmoe() -> None:
    """The course's network, its experts and towers of one layer."""
    frame = small.frame(25, seed=3)
    columns = small.fit_columns(frame)
    codes, numbers, scenario = small.encode(columns, frame).inputs
    network = models.MMoE(columns, small.TASKS, 3, (10,), (), 4)
    draw = np.random.default_rng(0)
    for variable in network.trainable_variables:
        variable.assign(draw.normal(0, 0.5, variable.shape))
    want = network((codes, numbers, scenario))
    w_e, b_e = network.experts.layers[0].get_weights()
    w_t, b_t = network.towers.last.get_weights()
    (w_g,) = network.gates.get_weights()
    x = network.embed(codes, numbers).numpy().astype(float)
    got = _answer("53.8")(x, w_e, b_e[:, 0], w_g, w_t[:, :, 0], b_t[:, 0, 0])
    for k, name in enumerate(small.TASKS):
        np.testing.assert_allclose(got[:, k], want[name].numpy(), atol=1e-5)


def test_ple_loss() -> None:
    draw = np.random.default_rng(0)
    z, space = draw.normal(size=(30, 3)), draw.random((30, 3)) < 0.5
    space[:, 2] = False
    label = draw.integers(2, size=(30, 3)).astype(float)
    w, ratio = np.array([1.0, 2.0, 3.0]), np.array([0.9, 1.1, 1.0])
    each = masked_mean(log_losses(label.T, _sigmoid(z).T), space.T.astype(float)).numpy()
    want = (w * ratio**4 * each).sum()
    got = _answer("53.9")(z, np.where(space, label, np.nan), space, w, ratio, 4)
    assert got == pytest.approx(want, rel=1e-6)


def test_two_towers() -> None:
    """Lesson 10's logits, which are those of the course's model, under Keras' cross-entropy."""
    draw = np.random.default_rng(0)
    user, item = draw.normal(size=(12, 4)), draw.normal(size=(6, 4))
    ids, counts, tau = draw.integers(6, size=12), draw.integers(1, 50, size=6), 0.2
    unit = [one / np.linalg.norm(one, axis=1, keepdims=True) for one in (user, item[ids])]
    logits = _answer("10.4")(unit[0] / tau, unit[1], ids.tolist(), counts)
    logits = np.maximum(logits, -1e9)
    want = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(np.arange(12), logits)
    got = _answer("53.10")(user, item[ids], ids, counts[ids] / counts.sum(), tau)
    assert got == pytest.approx(float(want), rel=1e-6)


def test_pcgrad() -> None:
    """In the order that the course's aggregator draws, and in orders of our own."""
    draw = np.random.default_rng(0)
    for n in (2, 3, 5):
        grads = draw.normal(size=(n, 4))
        same = np.random.Generator(np.random.PCG64(3))
        orders = [same.permutation(np.arange(n)) for _ in range(n)]
        others = [[int(j) for j in order if j != i] for i, order in enumerate(orders)]
        got = _answer("53.11")(grads, others)
        np.testing.assert_allclose(got, surgery(grads @ grads.T, orders) @ grads, atol=1e-12)
        library = PCGrad()
        library.reset(n, seed=3)
        np.testing.assert_allclose(got, library(grads), atol=1e-12)


def test_of_random_triples_in_two_dimensions_one_in_four_harms_a_task() -> None:
    """What the text says after the eight orders, and that it is rare in many dimensions."""
    draw, pcgrad = np.random.default_rng(0), _answer("53.11")
    harmed = {2: 0, 10: 0}
    for n in harmed:
        for _ in range(2_000):
            grads = draw.normal(size=(3, n))
            orders = [draw.permutation([j for j in range(3) if j != i]).tolist() for i in range(3)]
            harmed[n] += bool((grads @ pcgrad(grads, orders) < -1e-12).any())
    assert 0.22 < harmed[2] / 2_000 < 0.28
    assert harmed[10] / 2_000 < 0.01


def test_esmm() -> None:
    frame = small.frame(25, seed=3)
    network = models.ESMM(small.fit_columns(frame), small.TASKS, (6,), 4)
    draw = np.random.default_rng(0)
    z_click, z_buy = draw.normal(size=(2, 25))
    click, buy = frame["click"].to_numpy(float), frame["purchase"].to_numpy(float)
    predicted = dict(zip(small.TASKS, (_sigmoid(z_click), _sigmoid(z_buy)), strict=True))
    counts = np.stack([np.ones(25), click])
    want = network.task_losses(predicted, np.stack([click, buy]), counts).numpy().sum()
    got = _answer("53.12")(click, np.where(click == 1, buy, np.nan), z_click, z_buy)
    assert got == pytest.approx(want, rel=1e-6)


def test_top_k() -> None:
    """nlargest documents itself as sorted(..., reverse=True)[:k], which keeps ties in order."""
    draw = np.random.default_rng(0)
    pairs = list(zip(range(300), draw.integers(20, size=300).tolist(), strict=True))
    for k in (0, 1, 7, 400):
        want = [item for item, _ in heapq.nlargest(k, pairs, key=lambda pair: pair[1])]
        assert _answer("53.13")(iter(pairs), k) == want


def test_calibration() -> None:
    draw = np.random.default_rng(0)
    p = draw.beta(2, 5, 400)
    y = (draw.random(400) < p).astype(int)
    error, ratio = _answer("53.14")(y, p, 8)
    observed, said = calibration_curve(y, p, n_bins=8)
    sizes = np.histogram(p, np.linspace(0, 1, 9))[0]
    want = (np.abs(observed - said) * sizes[sizes > 0]).sum() / 400
    assert error == pytest.approx(want, abs=1e-12)
    assert ratio == pytest.approx(metrics.calibration_ratio(y, p))


def test_delta() -> None:
    """The course's function, and a bootstrap over users."""
    draw = np.random.default_rng(0)
    views = draw.geometric(0.2, 300)
    clicks = draw.binomial(views, draw.beta(1, 5, 300))
    treated = np.arange(300) % 2 == 1
    rows = [
        (f"u{one}", "AB"[int(treated[one])], int(view < clicks[one]))
        for one in range(300)
        for view in range(views[one])
    ]
    user, side, click = map(list, zip(*rows, strict=True))
    got = _answer("53.15")(user, side, click)
    want = ratio_difference(views, clicks, treated[:, None])
    assert got == pytest.approx([float(one[0]) for one in want], abs=1e-12)

    drawn = []
    for _ in range(2_000):
        again = [draw.choice(np.flatnonzero(treated == one), 150) for one in (False, True)]
        low, high = (clicks[at].sum() / views[at].sum() for at in again)
        drawn.append(high - low)
    assert got[1] == pytest.approx(np.std(drawn), rel=0.1)


def test_log_q_wants_the_share_of_purchases_not_the_chance_to_stand_in_a_batch() -> None:
    """In the shop without taste true scores have the smallest loss with the one, not the other."""
    popular = 1 / np.arange(1, 1_001)
    popular /= popular.sum()
    loss = _answer("53.10")

    def mean_loss(power: float, q: Any) -> float:
        draw, values = np.random.default_rng(0), []
        for _ in range(40):
            ids = draw.choice(1_000, 64, p=popular)
            angle = 0.05 * power * np.log(popular[ids])  # its cosine with the customer, by tau
            item = np.column_stack([angle, np.sqrt(1 - angle**2)])
            values.append(loss(np.tile([1.0, 0.0], (64, 1)), item, ids, q[ids], 0.05))
        return float(np.mean(values))

    share = {power: mean_loss(power, popular) for power in (0.7, 1.0, 1.2)}
    assert min(share, key=lambda power: share[power]) == 1.0
    stands = 1 - (1 - popular) ** 64
    assert mean_loss(0.7, stands) < mean_loss(1.0, stands) - 0.1
