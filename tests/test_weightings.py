"""Loss weightings: values by hand, inside one graph that outlives a run."""

import numpy as np
import pytest

from course_utils.backend import keras, tf
from course_utils.balancing.dwa import DWA
from course_utils.balancing.famo import FAMO
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.gradnorm import GradNorm
from course_utils.balancing.random_weights import RandomWeights
from course_utils.balancing.smooth_maximum import SmoothMaximum
from course_utils.balancing.uncertainty import Uncertainty
from course_utils.errors import CourseError

EVERY = {
    "Fixed": lambda: Fixed([1.0, 2.0, 0.5]),
    "Uncertainty": Uncertainty,
    "DWA": DWA,
    "GradNorm": GradNorm,
    "RandomWeights": RandomWeights,
    "FAMO": FAMO,
    "SmoothMaximum": SmoothMaximum,
}
every = pytest.mark.parametrize(
    "make", [pytest.param(make, id=name) for name, make in EVERY.items()]
)


class Run:
    """One traced step around a weighting: what a trainer does, with made-up losses."""

    def __init__(self, method, n_tasks, rate=0.2):
        self.method, self.n_tasks = method, n_tasks
        method.reset(n_tasks, seed=0)
        self.optimizer = keras.optimizers.SGD(rate)
        self.optimizer.build(method.trainable_variables)
        vector = tf.TensorSpec([n_tasks], tf.float32)
        self.graph = tf.function(self._step).get_concrete_function(vector, vector, vector)

    def _step(self, losses, norms, after):
        learned = self.method.trainable_variables
        with tf.GradientTape() as tape:
            tape.watch(losses)
            total = self.method.total(losses)
        slopes, *gradients = tape.gradient(total, [losses, *learned])
        if learned:
            self.optimizer.apply_gradients(zip(gradients, learned, strict=True))
        self.method.after_step(losses, lambda: norms, lambda: after)
        return total, slopes

    def step(self, losses, norms=None, after=None):
        """The total and its slope in each loss, which is the weight that the task gets."""
        values = (losses, [1.0] * self.n_tasks if norms is None else norms, after or losses)
        total, slopes = self.graph(*(tf.constant(v, tf.float32) for v in values))
        return float(total), slopes.numpy()


# What holds for every method.


@every
def test_one_graph_outlives_reset(make):
    run = Run(make(), 3)
    rng = np.random.default_rng(0)
    steps = rng.uniform(0.1, 2.0, size=(6, 3, 3))

    def whole_run(seed):
        run.method.reset(3, seed)
        seen = []
        for losses, norms, after in steps.tolist():
            total, slopes = run.step(losses, norms, after)
            run.method.after_epoch(np.array(losses))
            seen.append([total, *slopes.tolist(), *run.method.current().tolist()])
        return seen

    first = whole_run(0)
    variables = [id(v) for v in run.method.state.values()]
    assert whole_run(0) == first
    assert [id(v) for v in run.method.state.values()] == variables
    moved = not np.allclose(first[0], first[-1])
    assert moved
    fresh = make()
    fresh.reset(3, 0)
    run.method.reset(3, 0)
    assert (run.method.current() == fresh.current()).all()


@every
def test_current_is_k_numbers_in_the_order_of_the_tasks(make):
    run = Run(make(), 3)
    for _ in range(3):
        run.step([0.5, 1.0, 2.0], [3.0, 2.0, 1.0], [0.4, 0.9, 1.9])
        weights = run.method.current()
        assert weights.shape == (3,)
        assert isinstance(weights, np.ndarray)
        assert (weights > 0).all()


@every
def test_another_number_of_tasks_is_an_error(make):
    method = make()
    method.reset(3, seed=0)
    before = method.current()
    with pytest.raises(CourseError, match="weighs 3 tasks, got 2"):
        method.reset(2, seed=0)
    assert (method.current() == before).all()


@pytest.mark.parametrize(
    ("name", "asks"),
    [(n, {"GradNorm": ["norms"], "FAMO": ["again"]}.get(n, [])) for n in EVERY],
)
def test_only_what_is_needed_is_computed(name, asks):
    method, asked = EVERY[name](), []
    method.reset(3, seed=0)

    def give(what):
        asked.append(what)
        return tf.ones(3)

    method.after_step(tf.ones(3), lambda: give("norms"), lambda: give("again"))
    assert asked == asks


@every
def test_only_uncertainty_learns_with_the_network(make):
    method = make()
    method.reset(3, seed=0)
    assert len(method.trainable_variables) == isinstance(method, Uncertainty)
    assert all(v.trainable for v in method.trainable_variables)


# Fixed.


def test_fixed_weighs_the_sum():
    total, slopes = Run(Fixed([1.0, 2.0, 0.0]), 3).step([0.5, 0.25, 3.0])
    assert total == pytest.approx(1.0)
    assert slopes == pytest.approx([1, 2, 0])
    assert Run(Fixed(), 3).step([0.5, 0.25, 3.0])[0] == pytest.approx(3.75)


@pytest.mark.parametrize("weights", [[1.0, -0.1], [1.0, np.nan], [1.0, np.inf]])
def test_fixed_weights_are_finite_and_not_negative(weights):
    with pytest.raises(CourseError, match="finite and 0 or more"):
        Fixed(weights)


def test_fixed_has_one_weight_a_task():
    with pytest.raises(CourseError, match="3 tasks, but 2 weights"):
        Fixed([1.0, 2.0]).reset(3, seed=0)


# Uncertainty.


@pytest.mark.parametrize("kind", ["classification", "regression"])
def test_uncertainty_goes_to_half_the_inverse_loss(kind):
    losses = [0.05, 0.5, 3.0]
    run = Run(Uncertainty([kind] * 3), 3)
    for _ in range(400):
        total, slopes = run.step(losses)
    factor = 1.0 if kind == "classification" else 0.5
    s = run.method.state["log_variance"].numpy()
    assert s == pytest.approx(np.log(2 * factor * np.array(losses)), abs=1e-4)
    assert s[0] < 0  # no clamp: a loss under 0.5 would be stuck at weight 1
    assert run.method.current() == pytest.approx(1 / (2 * np.array(losses)), rel=1e-4)
    assert slopes == pytest.approx(run.method.current(), rel=1e-4)
    assert total == pytest.approx(1.5 + s.sum() / 2, rel=1e-4)


def test_uncertainty_starts_at_s_0():
    total, slopes = Run(Uncertainty(["classification", "regression"]), 2).step([0.5, 3.0])
    assert total == pytest.approx(0.5 + 1.5)
    assert slopes == pytest.approx([1.0, 0.5])
    assert Run(Uncertainty(), 2).step([0.5, 3.0])[0] == pytest.approx(3.5)


def test_uncertainty_total_may_be_negative():
    run = Run(Uncertainty(), 2)
    for _ in range(400):
        total, _ = run.step([0.01, 0.02])
    assert total == pytest.approx(1.0 + 0.5 * np.log(0.02 * 0.04), rel=1e-3)
    assert total < 0


def test_uncertainty_knows_two_kinds():
    with pytest.raises(CourseError, match="one of classification, regression, got 'ranking'"):
        Uncertainty(["ranking"])
    with pytest.raises(CourseError, match="3 tasks, but 2 kinds"):
        Uncertainty(["regression", "regression"]).reset(3, seed=0)


# DWA.


def test_dwa_gives_the_slower_task_more_weight():
    run = Run(DWA(temperature=2.0), 2)
    for epoch in ([1.0, 1.0], [0.50, 0.967]):
        assert run.step([1.0, 1.0])[1] == pytest.approx([1, 1])  # two epochs without
        run.method.after_epoch(np.array(epoch))
    assert run.step([1.0, 1.0])[1] == pytest.approx([0.884, 1.116], abs=5e-4)
    run.method.after_epoch(np.array([0.25, 0.967 * 0.5]))  # now both halve
    assert run.method.current() == pytest.approx([1, 1])


def test_dwa_temperature():
    weights = {}
    for t in (0.5, 2.0, 1e6):
        method = DWA(t)
        method.reset(2, seed=0)
        for epoch in ([1.0, 1.0], [0.5, 1.0]):
            method.after_epoch(np.array(epoch))
        weights[t] = method.current()
        assert weights[t].sum() == pytest.approx(2)
    assert weights[0.5][0] == pytest.approx(2 / (1 + np.exp(1.0)))
    assert weights[1e6] == pytest.approx([1, 1], abs=1e-5)


def test_dwa_survives_a_loss_of_0_and_a_leap():
    method = DWA()
    method.reset(2, seed=0)
    for epoch in ([0.0, 1.0], [1.0, 1.0], [1e6, 1.0]):
        method.after_epoch(np.array(epoch))
        assert np.isfinite(method.current()).all()
    assert method.current() == pytest.approx([2, 0])


# GradNorm.


def test_gradnorm_is_the_papers_algorithm():
    """By another road: the slope of L_grad by differences, the target frozen; Adam by hand."""
    alpha, rate = 1.5, 0.025
    run = Run(GradNorm(alpha, rate), 3)
    rng = np.random.default_rng(3)
    w, m, v, first = np.ones(3), np.zeros(3), np.zeros(3), None
    for t in range(1, 30):
        losses, norms = rng.uniform(0.2, 2.0, 3), rng.uniform(0.1, 3.0, 3)
        _, slopes = run.step(losses.tolist(), norms.tolist())
        assert slopes == pytest.approx(w, rel=1e-3)
        first = losses if first is None else first
        rate_k = (losses / first) / np.mean(losses / first)
        target = np.mean(w * norms) * rate_k**alpha

        def gap(w, norms=norms, target=target):
            return np.abs(w * norms - target).sum()

        h = 1e-6 * np.eye(3)
        g = np.array([(gap(w + h[k]) - gap(w - h[k])) / 2e-6 for k in range(3)])
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        w = w - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        w = 3 * w / w.sum()
    assert run.method.current() == pytest.approx(w, rel=1e-3)
    assert np.ptp(w) > 0.1


def test_gradnorm_moves_weight_to_the_shorter_gradient():
    run = Run(GradNorm(alpha=0.0), 2)
    for _ in range(200):
        run.step([1.0, 1.0], norms=[3.0, 1.0])
        assert run.method.current().sum() == pytest.approx(2, rel=1e-5)
    assert run.method.current() * [3, 1] == pytest.approx([1.5, 1.5], rel=0.05)


def test_gradnorm_moves_weight_to_the_slower_task():
    run = Run(GradNorm(alpha=1.0), 2)
    run.step([2.0, 0.5])
    assert run.method.current() == pytest.approx([1, 1])  # r = 1 at the first step
    run.step([1.8, 0.1])  # now .9 and .2 of the first losses
    assert run.method.current()[0] > 1.01


def test_gradnorm_does_not_look_at_the_size_of_a_loss():
    run = Run(GradNorm(alpha=1.0), 2)
    for share in (1.0, 0.7, 0.4):
        run.step([100.0 * share, 0.01 * share])
    assert run.method.current() == pytest.approx([1, 1], abs=1e-3)


def test_gradnorm_holds_the_target_constant():
    """r = (2.94, .03, .03). Were the target to move with w, task 0 would lose weight."""
    run = Run(GradNorm(alpha=1.5), 3)
    run.step([1.0, 1.0, 1.0])
    run.step([1.0, 0.01, 0.01])
    assert run.method.current()[0] > 1


def test_gradnorm_weights_stay_positive():
    run = Run(GradNorm(alpha=0.0, learning_rate=0.5), 2)
    for _ in range(20):
        run.step([1.0, 1.0], norms=[1e6, 1e-6])
        assert (run.method.current() > 0).all()
        assert run.method.current().sum() == pytest.approx(2, rel=1e-5)


def test_gradnorm_takes_the_first_positive_loss_and_survives_zeros():
    run = Run(GradNorm(), 2)
    run.step([0.0, 0.0], norms=[0.0, 0.0])  # a batch without rows of either task
    assert run.method.current() == pytest.approx([1, 1])
    run.step([0.0, 4.0], norms=[0.0, 1.0])
    run.step([2.0, 3.0])
    run.step([1.0, 1.0])
    assert run.method.state["first_losses"].numpy() == pytest.approx([2, 4])
    assert np.isfinite(run.method.current()).all()


# Random weights.


def test_random_weights_sum_to_1_and_average_1_over_k():
    run = Run(RandomWeights(), 3)
    drawn = np.array([run.step([1.0, 1.0, 1.0])[1] for _ in range(2000)])
    assert drawn.sum(axis=1) == pytest.approx(1, rel=1e-5)
    assert (drawn > 0).all()
    assert drawn.mean(axis=0) == pytest.approx([1 / 3] * 3, abs=0.02)
    # Softmax of standard normals: the logs differ by a normal of variance 2.
    logs = np.log(drawn[:, 0] / drawn[:, 1])
    assert logs.std() == pytest.approx(np.sqrt(2), rel=0.06)


def test_random_weights_come_from_seed_and_step():
    run = Run(RandomWeights(), 2)

    def weights(seed):
        run.method.reset(2, seed)
        return [tuple(run.step([1.0, 1.0])[1]) for _ in range(10)]

    assert weights(1) == weights(1)
    assert len({*weights(1), *weights(2)}) == 20


def test_random_weights_total_is_the_same_within_a_step():
    method = RandomWeights()
    method.reset(2, seed=0)
    losses = tf.constant([1.0, 3.0])
    shown = method.current()
    assert float(method.total(losses)) == float(method.total(losses))
    assert float(method.total(losses)) == pytest.approx(shown @ [1, 3])
    method.after_step(losses, None, None)
    assert not np.allclose(method.current(), shown)


# The smooth maximum.


@pytest.mark.parametrize("t", [0.02, 0.5, 100.0])
def test_the_smooth_maximum_is_the_papers_formula(t):
    losses = np.array([0.3, 0.7, 0.65])
    run = Run(SmoothMaximum(t), 3)
    total, slopes = run.step(losses.tolist())
    assert total == pytest.approx(t * np.log(np.exp(losses / t).sum()), rel=1e-5)
    weights = np.exp(losses / t) / np.exp(losses / t).sum()
    assert slopes == pytest.approx(weights, rel=1e-3, abs=1e-7)
    assert losses.max() - 1e-6 <= total <= losses.max() + t * np.log(3) + 1e-4
    assert run.method.current() == pytest.approx([1 / 3] * 3)
    run.method.after_epoch(losses)
    assert run.method.current() == pytest.approx(weights, rel=1e-3, abs=1e-7)


def test_the_smooth_maximum_at_its_two_ends():
    losses = [0.3, 0.7, 0.65]
    assert Run(SmoothMaximum(1e-3), 3).step(losses)[1] == pytest.approx([0, 1, 0], abs=1e-6)
    assert Run(SmoothMaximum(1e3), 3).step(losses)[1] == pytest.approx([1 / 3] * 3, abs=1e-3)


@pytest.mark.parametrize("t", [0.0, -0.1, np.nan, np.inf])
def test_a_temperature_is_finite_and_above_0(t):
    with pytest.raises(CourseError, match="finite and above 0"):
        SmoothMaximum(t)


# FAMO.


def test_famo_is_the_papers_algorithm():
    gamma, rate = 0.01, 0.1
    run = Run(FAMO(gamma, rate), 3)
    rng = np.random.default_rng(4)
    xi, m, v = np.zeros(3), np.zeros(3), np.zeros(3)
    for t in range(1, 30):
        losses, after = rng.uniform(0.2, 2.0, size=(2, 3))
        total, slopes = run.step(losses.tolist(), after=after.tolist())
        z = np.exp(xi) / np.exp(xi).sum()
        c = 1 / np.sum(z / losses)
        assert total == pytest.approx(c * np.sum(z * np.log(losses)), rel=1e-3, abs=1e-4)
        assert slopes == pytest.approx(c * z / losses, rel=1e-3)
        assert slopes.sum() == pytest.approx(1, rel=1e-5)  # a weighted mean of gradients
        jacobian = np.diag(z) - np.outer(z, z)
        g = jacobian @ np.log(losses / after) + gamma * xi
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        xi = xi - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    assert run.method.current() == pytest.approx(np.exp(xi) / np.exp(xi).sum(), rel=1e-3)
    assert np.ptp(run.method.current()) > 0.1


def test_famo_gives_more_weight_to_the_loss_that_falls_less():
    run = Run(FAMO(), 2)
    for _ in range(20):
        run.step([1.0, 1.0], after=[0.9, 0.5])
    assert run.method.current()[0] > 0.6


def test_famo_gamma_pulls_the_weights_together():
    pulled = []
    for gamma in (0.0, 0.5):
        run = Run(FAMO(gamma), 2)
        for _ in range(100):
            run.step([1.0, 1.0], after=[0.9, 0.8])
        pulled.append(np.ptp(run.method.current()))
    assert pulled[1] < pulled[0] / 2


@pytest.mark.parametrize(("kind", "rest"), [("classification", 0.5), ("regression", 1.0)])
def test_uncertainty_falls_below_zero_under_another_loss_for_each_kind(kind, rest):
    for loss, falls in ((0.9 * rest, True), (1.1 * rest, False)):
        weighting = Uncertainty([kind])
        weighting.reset(1, seed=0)
        with tf.GradientTape() as tape:
            total = weighting.total(tf.constant([loss]))
        (slope,) = tape.gradient(total, weighting.trainable_variables)
        assert (slope.numpy()[0] > 0) == falls
