"""Gradient aggregators: what the papers prove, by name, and what they do not promise."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from oracles.torchjd_vectors import jacobians

import course_utils.balancing
from course_utils.balancing.aligned_mtl import AlignedMTL
from course_utils.balancing.cagrad import CAGrad
from course_utils.balancing.geometry import unit_gradients
from course_utils.balancing.imtl_g import IMTLG
from course_utils.balancing.mean import Mean
from course_utils.balancing.mgda import MGDA
from course_utils.balancing.pcgrad import PCGrad, surgery
from course_utils.balancing.upgrad import UPGrad
from course_utils.errors import CourseError

EVERY = {
    "Mean": Mean,
    "PCGrad": PCGrad,
    "CAGrad": CAGrad,
    "CAGrad(1)": lambda: CAGrad(1.0),
    "MGDA": MGDA,
    "UPGrad": UPGrad,
    "IMTLG": IMTLG,
    "AlignedMTL": AlignedMTL,
}
CASES = {f"{seed}, {name}": j for seed in (7, 8) for name, j in jacobians(seed)}
# Common descent direction (-2, -1, -5); tasks 1 and 2, and 1 and 3, conflict.
CYCLE = np.array([[-1.0, 1, 0], [0, -1, 0], [2, 0, -1]])


def methods(*names):
    return pytest.mark.parametrize("make", [pytest.param(EVERY[n], id=n) for n in names or EVERY])


cases = pytest.mark.parametrize("jacobian", [pytest.param(j, id=n) for n, j in CASES.items()])


def lengths(jacobian):
    return np.linalg.norm(jacobian, axis=1)


def size(method, jacobian):
    """The longest w_k g_k: what rounding in the direction is measured against."""
    parts = np.abs(method.weights(jacobian @ jacobian.T)) * lengths(jacobian)
    return max(parts.max(), 1e-8 * lengths(jacobian).max(), 1e-300)


def shadows(jacobian, direction):
    """<d, g_k> / ||g_k||; 0 where g_k is 0."""
    norms = lengths(jacobian)
    return jacobian @ direction / np.where(norms > 0, norms, 1.0)


def full_rank(jacobian):
    return np.linalg.matrix_rank(jacobian) == len(jacobian)


# What holds for every method.


@methods()
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_finite_float64_for_every_gramian(make, dtype, recwarn):
    method = make()
    method.reset(3, seed=0)
    far_apart = [j * 10.0 ** np.linspace(-6, 6, len(j))[:, None] for j in CASES.values()]
    for jacobian in [*CASES.values(), *far_apart, np.array([[3.0, 4.0]]), np.array([[0.0]])]:
        for scale in (1e-6, 1.0, 1e6):
            rows = (jacobian * scale).astype(dtype)
            weights = method.weights(rows @ rows.T)
            assert weights.shape == (len(rows),)
            assert weights.dtype == np.float64
            assert np.isfinite(weights).all()
    assert not recwarn.list


@methods("Mean", "CAGrad", "CAGrad(1)", "MGDA", "UPGrad", "IMTLG", "AlignedMTL")
@cases
def test_permutation_invariant(make, jacobian):
    method = make()
    direction = method(jacobian)
    for order in (np.arange(len(jacobian))[::-1], np.roll(np.arange(len(jacobian)), 1)):
        assert np.abs(method(jacobian[order]) - direction).max() <= 1e-6 * size(method, jacobian)


@methods()
@cases
def test_scale_covariant(make, jacobian):
    """All gradients s times as long: the direction too."""
    for scale in (1e-6, 1e6):
        method, again = make(), make()
        tolerance = 1e-6 * size(make(), jacobian)
        assert np.abs(again(scale * jacobian) / scale - method(jacobian)).max() <= tolerance


@methods()
def test_single_precision_is_enough(make):
    """The trainer hands over a float32 Gramian; K <= P, so no task depends on the others."""
    for jacobian in CASES.values():
        if not full_rank(jacobian) or np.linalg.cond(jacobian) > 30:
            continue
        rows = jacobian.astype("float32")
        single, double = make(), make()
        gap = (single.weights(rows @ rows.T) - double.weights(jacobian @ jacobian.T)) @ jacobian
        assert np.abs(gap).max() <= 1e-3 * size(make(), jacobian)


@methods("CAGrad", "CAGrad(1)", "MGDA", "UPGrad")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_opposite_gradients_do_not_blow_weights_up(make, dtype):
    """Their difference in angle from 180 degrees is rounding; weights must not fit it."""
    rng = np.random.default_rng(5)
    for _ in range(20):
        a, b, c = rng.normal(size=(3, 6))
        for rows in ([a, 1000 * b, -b], [a, b, -b], [a, b, -b, c], [a, b, -3 * b, c, -c]):
            jacobian = np.array(rows, dtype)
            weights = make().weights(jacobian @ jacobian.T)
            assert np.max(np.abs(weights) * lengths(jacobian)) < 30 * lengths(jacobian).max()


def test_unit_gradients_are_the_gradients_shape():
    jacobian = np.array([[3.0, 4.0], [0.0, 0.0], [-6.0, -8.0], [1.0, 0.0]])
    norms, inverse, units = unit_gradients(jacobian @ jacobian.T)
    assert norms == pytest.approx([5, 0, 10, 1])
    assert inverse == pytest.approx([0.2, 0, 0.1, 1])
    assert not units[:, 1].any()
    assert (units * norms).T @ (units * norms) == pytest.approx(jacobian @ jacobian.T)


def test_call_is_weights_times_gradients():
    jacobian = CASES["7, random 3 x 5"]
    for make in EVERY.values():
        expected = make().weights(jacobian @ jacobian.T) @ jacobian
        assert make()(jacobian) == pytest.approx(expected)
        assert make()(CYCLE.astype(int)) == pytest.approx(make()(CYCLE))


@methods()
@pytest.mark.parametrize(
    ("jacobian", "says"),
    [
        (np.ones(3), "one row per task"),
        (np.ones((2, 2, 2)), "one row per task"),
        (np.ones((0, 3)), "one row per task"),
        ([[1.0, np.nan]], "nan or infinite"),
        ([[1.0, np.inf]], "nan or infinite"),
        ([["a", "b"]], "real numbers"),
        ([[1j, 2j]], "real numbers"),
        ([[True, False]], "real numbers"),
    ],
)
def test_bad_input_is_one_clear_sentence(make, jacobian, says):
    with pytest.raises(CourseError, match=says):
        make()(jacobian)


def test_aggregators_load_no_tensorflow():
    folder = Path(course_utils.balancing.__file__).parent
    weightings = re.compile("backend|balancing.weighting")
    modules = [f.stem for f in folder.glob("*.py") if not weightings.search(f.read_text("utf-8"))]
    assert {"pcgrad", "upgrad", "mgda", "cagrad", "imtl_g", "aligned_mtl"} < set(modules)
    imports = "; ".join(f"import course_utils.balancing.{m}" for m in modules if m != "__init__")
    heavy = "assert not {'tensorflow', 'keras', 'torch'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", f"import sys; {imports}; {heavy}"], check=True)


# Conflict: who is safe from it, and who is not.


@methods("CAGrad(1)", "MGDA", "UPGrad")
@cases
def test_non_conflicting(make, jacobian):
    method = make()
    assert shadows(jacobian, method(jacobian)).min() >= -1e-9 * size(method, jacobian)


def test_mean_can_conflict():
    jacobian = np.array([[10.0, 0.0], [-1.0, 1.0]])
    assert jacobian[1] @ Mean()(jacobian) < 0 < jacobian[1] @ UPGrad()(jacobian)


def test_pcgrad_can_conflict_with_three_tasks():
    orders = itertools.product([(1, 2), (2, 1)], [(0, 2), (2, 0)], [(0, 1), (1, 0)])
    gramian = CYCLE @ CYCLE.T
    directions = [surgery(gramian, [np.array(o) for o in order]) @ CYCLE for order in orders]
    assert len({tuple(d.round(9)) for d in directions}) == 4
    assert min(CYCLE[0] @ d for d in directions) == pytest.approx(-1.2)
    assert (CYCLE @ UPGrad()(CYCLE) > 0).all()  # so it could be avoided


def test_aligned_mtl_can_conflict():
    jacobian = np.array([[10.0, 0.0], [-0.9, np.sqrt(0.19)]])
    assert jacobian[1] @ AlignedMTL()(jacobian) < 0


def test_cagrad_can_conflict_below_c_1():
    jacobian = np.array([[1.0, 0.0], [-3.0, 0.1]])
    assert jacobian[0] @ CAGrad(0.5)(jacobian) < 0 < jacobian[0] @ CAGrad(1.0)(jacobian)


def test_imtl_g_can_go_uphill_for_every_task():
    jacobian = np.array([[-3.0, -1, 2], [-1, 0, 0], [-3, 0, -1]])
    assert full_rank(jacobian)
    assert shadows(jacobian, IMTLG()(jacobian)) == pytest.approx([-0.1747692] * 3, abs=1e-6)


# Scaling one task: who is linear in it.


@methods("Mean", "PCGrad", "UPGrad")
@cases
def test_linear_under_scaling(make, jacobian):
    """d of diag(a + b) J is d of diag(a) J plus d of diag(b) J, for positive a and b."""
    rng = np.random.default_rng(0)
    a, b = rng.uniform(0.1, 10.0, size=(2, len(jacobian), 1))
    parts = [make()(scale * jacobian) for scale in (a, b, a + b)]  # one order each for PCGrad
    tolerance = 1e-6 * size(make(), (a + b) * jacobian)
    assert np.abs(parts[0] + parts[1] - parts[2]).max() <= tolerance


@methods("CAGrad", "MGDA", "IMTLG", "AlignedMTL")
def test_not_linear_under_scaling(make):
    jacobian = np.array([[1.0, 0.0], [1.0, 2.0]])
    a, b = np.array([[1.0], [5.0]]), np.array([[5.0], [1.0]])
    gap = make()(a * jacobian) + make()(b * jacobian) - make()((a + b) * jacobian)
    assert np.abs(gap).max() > 0.05


# Stationary points.

STATIONARY = [n for n in CASES if n.split(", ")[1] in ("stationary", "two opposite", "all zero")]


@methods("CAGrad(1)", "MGDA", "UPGrad", "IMTLG")
@pytest.mark.parametrize("name", STATIONARY)
def test_strongly_stationary_gives_0(make, name):
    """Positive weights w with sum_k w_k g_k = 0 exist."""
    jacobian = CASES[name]
    for scale in (1e-6, 1.0, 1e6):
        longest = lengths(jacobian).max() * scale
        assert np.abs(make()(scale * jacobian)).max() <= 1e-7 * longest


@cases
def test_mgda_gives_0_just_where_pareto_stationary(jacobian):
    """Weakly is enough: some w >= 0, not all 0. Looked for by linear programming."""
    from scipy.optimize import linprog

    unit = jacobian / np.where(lengths(jacobian) > 0, lengths(jacobian), 1.0)[:, None]
    equal = np.vstack([unit.T, np.ones(len(unit))])
    right = np.append(np.zeros(unit.shape[1]), 1.0)
    stationary = linprog(np.zeros(len(unit)), A_eq=equal, b_eq=right).status == 0
    assert (np.linalg.norm(MGDA()(jacobian)) <= 1e-7 * lengths(jacobian).min()) == stationary


def test_mgda_stops_for_one_task_at_rest_and_upgrad_goes_on():
    jacobian = np.array([[1.0, 2.0], [0.0, 0.0]])
    assert MGDA()(jacobian) == pytest.approx([0, 0])
    assert UPGrad()(jacobian) == pytest.approx([0.5, 1.0])
    between = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]])
    assert MGDA()(between) == pytest.approx([0, 0], abs=1e-7)
    assert UPGrad()(between) == pytest.approx([0, 1 / 3], abs=1e-7)


def test_cagrad_leaves_a_stationary_point_for_c_below_1():
    jacobian = np.array([[1.0, 0.0], [-2.0, 0.0]])
    assert CAGrad(0.5)(jacobian) == pytest.approx([-0.25, 0.0])
    assert CAGrad(1.0)(jacobian) == pytest.approx([0.0, 0.0], abs=1e-7)


# PCGrad.


def algorithm_1(jacobian, orders):
    """The paper's, on vectors."""
    projected = jacobian.copy()
    for i, order in enumerate(orders):
        for j in order:
            product = projected[i] @ jacobian[j]
            if j != i and product < 0:
                projected[i] -= product / (jacobian[j] @ jacobian[j]) * jacobian[j]
    return projected.sum(axis=0)


@cases
def test_pcgrad_projects_against_the_original_gradients(jacobian):
    rng = np.random.default_rng(1)
    for _ in range(5):
        orders = [rng.permutation(len(jacobian)) for _ in jacobian]
        weights = surgery(jacobian @ jacobian.T, orders)
        expected = algorithm_1(jacobian, orders)
        longest = np.max(np.abs(weights) * lengths(jacobian))
        assert np.abs(weights @ jacobian - expected).max() <= 1e-9 * longest


@pytest.mark.parametrize("name", [n for n, j in CASES.items() if len(j) == 2])
def test_pcgrad_of_two_tasks_is_upgrad_but_for_the_mean(name):
    jacobian = CASES[name]
    assert PCGrad()(jacobian) == pytest.approx(2 * UPGrad()(jacobian), abs=1e-7)
    assert PCGrad()(jacobian[::-1]) == pytest.approx(PCGrad()(jacobian))  # order-free


def test_pcgrad_leaves_gradients_without_conflict_alone():
    jacobian = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    assert PCGrad()(jacobian) == pytest.approx([2.0, 2.0])


def test_pcgrad_order_comes_from_the_seed():
    method = PCGrad()

    def run(seed):
        method.reset(3, seed)
        return [method(CYCLE).round(9).tolist() for _ in range(20)]

    assert run(0) == run(0) != run(1)
    assert len({tuple(d) for d in run(0)}) == 4


# MGDA.


@cases
def test_mgda_is_the_shortest_vector_on_the_simplex(jacobian):
    """The conditions that hold there alone: <g_k, d> >= ||d||^2 for every k."""
    weights = MGDA().weights(jacobian @ jacobian.T)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1)
    direction = weights @ jacobian
    slack = shadows(jacobian, direction) * lengths(jacobian) - direction @ direction
    assert (slack >= -1e-7 * lengths(jacobian) * max(lengths(jacobian).min(), 1e-9)).all()


def test_mgda_favours_the_short_gradient():
    jacobian = np.array([[10.0, 0.0], [0.0, 1.0]])
    weights = MGDA().weights(jacobian @ jacobian.T)
    assert weights == pytest.approx([1 / 101, 100 / 101])  # 0.0099 and 0.9901


# CAGrad.


@pytest.mark.parametrize("c", [0.0, 0.1, 0.5, 1.0, 3.0])
@cases
def test_cagrad_stays_in_its_ball_and_is_best_for_the_worst_task(jacobian, c):
    method = CAGrad(c)
    direction = method(jacobian)
    mean = jacobian.mean(axis=0)
    radius = c * np.linalg.norm(mean)
    longest = max(lengths(jacobian).max(), 1e-300)
    assert np.linalg.norm(direction - mean) <= radius + 1e-8 * longest
    # No dual value lies below the best min_k <g_k, d>; the smallest equals it.
    w = simplex_grid(len(jacobian))
    g = w @ jacobian
    dual = (g @ mean + radius * np.linalg.norm(g, axis=1)).min()
    best = (jacobian @ direction).min()
    assert best <= dual + 1e-8 * longest**2
    # The optimum may be a kink, where the grid is off by its step.
    assert best >= dual - 0.03 * (1 + c) * longest**2
    if len(jacobian) == 2:
        assert best >= dual - 1e-3 * (1 + c) * longest**2
    # Where the ball's rim is reached, the push gives the dual's w, and then the two are equal.
    push = method.weights(jacobian @ jacobian.T) - 1 / len(jacobian)
    if radius > 0 and np.linalg.norm(push @ jacobian) >= radius * (1 - 1e-9):
        g = push @ jacobian / push.sum()
        value = g @ mean + radius * np.linalg.norm(g)
        assert best == pytest.approx(value, abs=1e-7 * longest**2)


def simplex_grid(n_tasks):
    steps = {1: 1, 2: 4000, 3: 120, 4: 30, 5: 20}[n_tasks]
    cuts = itertools.combinations(range(steps + n_tasks - 1), n_tasks - 1)
    bars = np.array(list(cuts)).reshape(-1, n_tasks - 1)
    edges = np.pad(bars, ((0, 0), (1, 1)), constant_values=((0, 0), (-1, steps + n_tasks - 1)))
    return (np.diff(edges, axis=1) - 1) / steps


def test_simplex_grid_is_the_simplex():
    assert sorted(map(tuple, simplex_grid(2)))[:2] == [(0.0, 1.0), (1 / 4000, 3999 / 4000)]
    for n_tasks in (3, 4, 5):
        grid = simplex_grid(n_tasks)
        assert (grid >= 0).all()
        assert grid.sum(axis=1) == pytest.approx(1)


def test_cagrad_without_a_ball_is_the_mean():
    assert CAGrad(0.0)(CYCLE) == pytest.approx(Mean()(CYCLE))
    for c in (-0.1, np.nan):
        with pytest.raises(CourseError, match="0 or more"):
            CAGrad(c)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_cagrad_does_not_push_along_the_rounding_of_a_stationary_point(dtype):
    """The shortest vector between the gradients is 0, so the dual's g_w / ||g_w|| is rounding."""
    rows = np.array([[0.0, 3.3], [1.0, 0.0], [0.0, -3.2]], dtype)
    for c in (0.5, 1.0):
        weights = CAGrad(c).weights(rows @ rows.T)
        assert weights == pytest.approx([1 / 3, 1 / 3, 1 / 3 + 0.1 / 3 / 3.2], rel=1e-4)


# IMTL-G, Aligned-MTL, UPGrad.


@cases
def test_imtl_g_has_equal_shadows(jacobian):
    method = IMTLG()
    norms = lengths(jacobian)
    found = shadows(jacobian, method(jacobian))[norms > 0]
    if found.size:
        assert np.ptp(found) <= 1e-6 * size(method, jacobian)
        assert method.weights(jacobian @ jacobian.T).sum() == pytest.approx(1)


@cases
def test_aligned_mtl_is_the_mean_of_rows_with_condition_number_1(jacobian):
    """U S V^T = J: the aligned rows are s_min U V^T, over the directions that are not 0."""
    if not jacobian.any():
        assert AlignedMTL()(jacobian) == pytest.approx(0)
        return
    u, s, v = np.linalg.svd(jacobian, full_matrices=False)
    rank = np.linalg.matrix_rank(jacobian)
    aligned = s[rank - 1] * u[:, :rank] @ v[:rank]
    assert np.ptp(np.linalg.svd(aligned)[1][:rank]) <= 1e-12 * s[0]
    gap = AlignedMTL()(jacobian) - aligned.mean(axis=0)
    assert np.abs(gap).max() <= 1e-7 * size(AlignedMTL(), jacobian)


@cases
def test_upgrad_is_the_mean_of_projections_on_the_dual_cone(jacobian):
    """By another road: Dykstra's alternating projections on the half-spaces <g_k, d> >= 0."""
    units = [g / np.linalg.norm(g) for g in jacobian if g.any()]
    projected = []
    for d in jacobian:
        corrections = [np.zeros_like(d) for _ in units]
        for _ in range(400):
            for k, u in enumerate(units):
                before = d + corrections[k]
                d = before - min(u @ before, 0.0) * u
                corrections[k] = before - d
        projected.append(d)
    gap = UPGrad()(jacobian) - np.mean(projected, axis=0)
    assert np.abs(gap).max() <= 1e-3 * max(lengths(jacobian).max(), 1e-300)


def test_upgrad_without_conflict_is_the_mean():
    jacobian = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    assert UPGrad().weights(jacobian @ jacobian.T) == pytest.approx([1 / 3] * 3)


def test_pcgrad_of_two_tasks_is_twice_upgrad():
    for angle in (0.3, 1.4, 2.0, 3.0):
        jacobian = np.array([[2.0, 0.0], [np.cos(angle), np.sin(angle)]])
        pcgrad = PCGrad()
        pcgrad.reset(2, 0)
        np.testing.assert_allclose(pcgrad(jacobian), 2 * UPGrad()(jacobian), atol=1e-6)


def test_mgdas_promise_is_of_first_order():
    """<g_k, d> > 0, and yet a step of length 1 makes a task worse: its loss is curved."""
    point = np.array([0.1, 0.0])
    losses = [lambda x: 10 * x[0] ** 2, lambda x: x[0] + 0.0 * x[1]]
    jacobian = np.array([[20 * point[0], 0.0], [1.0, 0.0]])
    d = MGDA()(jacobian)
    assert (jacobian @ d > 0).all()
    assert losses[0](point - 1e-3 * d) < losses[0](point) < losses[0](point - d)
