"""What ESMM's product knows of p(purchase | click): the numbers of regimes/esmm.py's docstring.

c is p(click), v is p(purchase | click), a and s are their logits, y is click and purchase.
"""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from course_utils.regimes.draws import FAMILIES, centred, stream

CELLS = [(0.05, 0.2), (0.5, 0.1), (0.83, 0.2), (0.9, 0.5)]
"""v and c."""


def outcomes(v: float, c: float) -> list[tuple[float, int, int]]:
    """Probability, click, purchase."""
    return [(c * v, 1, 1), (c * (1 - v), 1, 0), (1 - c, 0, 0)]


@pytest.mark.parametrize(("v", "c"), CELLS)
def test_both_labels_know_of_v_what_clicked_rows_know(v: float, c: float) -> None:
    scores = [(p, np.array([k - c, k * (b - v)])) for p, k, b in outcomes(v, c)]
    fisher = sum(p * np.outer(score, score) for p, score in scores)
    np.testing.assert_allclose(fisher, np.diag([c * (1 - c), c * v * (1 - v)]), atol=1e-12)


@pytest.mark.parametrize(("v", "c"), CELLS)
def test_the_purchase_alone_knows_less_if_the_click_is_known(v: float, c: float) -> None:
    """The share (1 - v) / (1 - c v), from the losses' own curvature."""

    def mean_loss(logit: float) -> tuple[float, float]:
        q = expit(logit)
        on_clicks = -c * (v * np.log(q) + (1 - v) * np.log1p(-q))
        product = -(c * v * np.log(c * q) + (1 - c * v) * np.log1p(-c * q))
        return on_clicks, product

    at, step = np.log(v / (1 - v)), 1e-3
    below, here, above = (np.array(mean_loss(at + k * step)) for k in (-1, 0, 1))
    on_clicks, product = (below - 2 * here + above) / step**2
    assert on_clicks == pytest.approx(c * v * (1 - v), rel=1e-3)
    assert product / on_clicks == pytest.approx((1 - v) / (1 - c * v), rel=1e-3)


@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize(("n", "clicks", "bought"), [(500, 97, 88), (40, 12, 3)])
def test_with_free_parameters_the_errors_cancel(
    joint: bool, n: int, clicks: int, bought: int
) -> None:
    """ESMM's loss is least at v = purchases / clicks, trained by the product too or not."""
    x, rows = np.ones((1, 1)), np.array([float(n)])
    found = fitted(x, rows, np.array([float(clicks)]), np.array([float(bought)]), joint)
    np.testing.assert_allclose(expit(found), [bought / clicks], rtol=1e-4)


def fitted(
    x: np.ndarray, n: np.ndarray, clicks: np.ndarray, bought: np.ndarray, joint: bool
) -> np.ndarray:
    """The weights of logit v by ESMM's loss on counts, without a penalty."""
    d = x.shape[1]

    def loss(a: np.ndarray, s: np.ndarray) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
        c, v = (np.clip(expit(x @ one), 1e-12, 1 - 1e-12) for one in (a, s))
        q = c * v
        of_click = -(clicks * np.log(c) + (n - clicks) * np.log1p(-c)).sum()
        of_both = -(bought * np.log(q) + (n - bought) * np.log1p(-q)).sum()
        error = (n * q - bought) / (1 - q)
        slopes = (x.T @ (n * c - clicks), x.T @ (error * (1 - c)), x.T @ (error * (1 - v)))
        return float(of_click + of_both), *slopes

    def together(w: np.ndarray) -> tuple[float, np.ndarray]:
        value, click, both, purchase = loss(w[:d], w[d:])
        return value, np.concatenate([click + both, purchase])

    def least(of: object, start: np.ndarray) -> np.ndarray:
        options = {"maxiter": 2000, "ftol": 1e-15, "gtol": 1e-7}
        return np.asarray(minimize(of, start, jac=True, method="L-BFGS-B", options=options).x)

    if joint:
        return least(together, np.zeros(2 * d))[d:]

    def click_alone(a: np.ndarray) -> tuple[float, np.ndarray]:
        c = np.clip(expit(x @ a), 1e-12, 1 - 1e-12)
        value = -(clicks * np.log(c) + (n - clicks) * np.log1p(-c)).sum()
        return float(value), x.T @ (n * c - clicks)

    a = least(click_alone, np.zeros(d))

    def purchase_alone(s: np.ndarray) -> tuple[float, np.ndarray]:
        value, *_, slope = loss(a, s)
        return value, slope

    return least(purchase_alone, np.zeros(d))


def variances(x: np.ndarray, c: np.ndarray, v: np.ndarray) -> dict[str, np.ndarray]:
    """Covariance of the weights of logit v times the rows of a cell, by the sandwich."""

    def gram(weight: np.ndarray) -> np.ndarray:
        return np.asarray(x.T @ (weight[:, None] * x))

    q, d = c * v, x.shape[1]
    a, s = (1 - c) / (1 - q), (1 - v) / (1 - q)
    found = {
        "clicked rows": np.linalg.inv(gram(c * v * (1 - v))),
        "known": np.linalg.inv(gram(s**2 * q * (1 - q))),
    }
    for name, j in (("click alone", 0), ("ESMM", 1)):
        slope = np.block(
            [
                [gram(c * (1 - c) + j * a * q * (1 - c)), j * gram(a * q * (1 - v))],
                [gram(s * q * (1 - c)), gram(s * q * (1 - v))],
            ]
        )
        own = gram(c * (1 - c) + j * (2 * a * q * (1 - c) + a**2 * q * (1 - q)))
        mixed = gram(s * q * (1 - c) + j * a * s * q * (1 - q))
        spread = np.block([[own, mixed], [mixed.T, gram(s**2 * q * (1 - q))]])
        bread = np.linalg.inv(slope)
        found[name] = (bread @ spread @ bread.T)[d:, d:]
    return found


def precision_kept(x: np.ndarray, c: np.ndarray, v: np.ndarray) -> dict[str, float]:
    mean = {
        name: float(np.einsum("ij,jk,ik->i", x, one, x).mean())
        for name, one in variances(x, c, v).items()
    }
    return {name: mean["clicked rows"] / one for name, one in mean.items()}


def added_up(groups: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One column a group, all pairs of a customer's and a product's."""
    customer, product = np.indices((groups, groups)).reshape(2, -1)
    ones, each = np.ones((groups**2, 1)), np.eye(groups)[:, 1:]
    return np.hstack([ones, each[customer], each[product]]), customer, product


def test_a_cell_of_its_own_keeps_all() -> None:
    kept = precision_kept(np.eye(3), np.array([0.2, 0.2, 0.5]), np.array([0.9, 0.35, 0.8]))
    assert kept["click alone"] == pytest.approx(1.0) and kept["ESMM"] == pytest.approx(1.0)
    assert kept["known"] < 0.5


@pytest.mark.parametrize(
    ("base", "esmm", "known", "alone"),
    [(-3.0, 0.98, 0.95, 0.98), (0.0, 0.74, 0.52, 0.86), (2.0, 0.20, 0.15, 0.35)],
)
def test_where_effects_add_up_the_errors_cancel_in_part(
    base: float, esmm: float, known: float, alone: float
) -> None:
    x, customer, product = added_up(30)
    found = []
    for seed in range(8):
        draw = stream(seed, FAMILIES["esmm"])
        likes, habits = (centred(draw.normal(size=(2, 30))) for _ in range(2))
        like, habit = ((of[0][customer] + of[1][product]) / np.sqrt(2) for of in (likes, habits))
        wish = 0.3 * like + np.sqrt(1 - 0.3**2) * habit
        found.append(precision_kept(x, expit(-1.5 + 1.2 * like), expit(base + 1.2 * wish)))
    for name, want in (("ESMM", esmm), ("known", known), ("click alone", alone)):
        assert np.mean([one[name] for one in found]) == pytest.approx(want, abs=0.0051)


@pytest.mark.parametrize("joint", [False, True])
def test_the_sandwich_is_what_draws_show(joint: bool) -> None:
    x, customer, product = added_up(5)
    draw, rows = np.random.default_rng(3), 4_000
    like, habit = draw.normal(size=(2, 5)), draw.normal(size=(2, 5))
    c = expit(-1 + 0.8 * (like[0][customer] + like[1][product]))
    v = expit(1 + 0.8 * (habit[0][customer] + habit[1][product]))
    said = []
    for _ in range(150):
        clicks = draw.binomial(rows, c).astype(float)
        bought = draw.binomial(clicks.astype(int), v).astype(float)
        said.append(x @ fitted(x, np.full(25, float(rows)), clicks, bought, joint))
    want = variances(x, c, v)["ESMM" if joint else "click alone"] / rows
    wanted = np.einsum("ij,jk,ik->i", x, want, x).mean()
    assert np.var(said, axis=0, ddof=1).mean() == pytest.approx(wanted, rel=0.15)
    assert np.abs(np.mean(said, axis=0) - np.log(v / (1 - v))).max() < 0.1
