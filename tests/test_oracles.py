"""The balancing methods against what torchjd gave, which is committed as small vectors."""

import json
import re

import numpy as np
import pytest
from oracles import torchjd_vectors as oracle

CONTENT = json.loads(oracle.FILE.read_text(encoding="utf-8"))
CASES = CONTENT["aggregators"]


def found(method):
    """Per case its name, J, our weights and torchjd's."""
    for case in CASES:
        jacobian = np.array(case["jacobian"])
        ours = oracle.our_weights(jacobian, case["orders"])[method]
        yield case["name"], jacobian, ours, np.array(case[method])


def test_the_vectors_are_whole_and_say_what_made_them():
    assert CONTENT["versions"] == {"torch": "2.13.0+cpu", "torchjd": "0.18.0"}
    assert len(CASES) >= 40
    assert {len(case["jacobian"]) for case in CASES} == {2, 3, 4, 5}
    text = oracle.FILE.read_text(encoding="utf-8")
    assert len(text) < 100_000
    assert not re.search(r"nan|inf|/", text, re.IGNORECASE)


def test_the_vectors_are_of_the_scripts_jacobians():
    made = [j.tolist() for seed in (0, 1) for _, j in oracle.jacobians(seed)]
    assert [case["jacobian"] for case in CASES] == made
    assert CONTENT["weightings"]["losses"] == oracle.loss_steps(0)


@pytest.mark.parametrize("method", ["Mean", "PCGrad", "AlignedMTL"])
def test_closed_forms_agree(method):
    """The file holds 10 digits."""
    for name, jacobian, ours, theirs in found(method):
        assert oracle.direction_gap(jacobian, ours, theirs) < 1e-8, name


def test_upgrad_agrees():
    """torchjd's quadratic program adds 1e-15 of the trace to G's diagonal.

    That moves a task whose squared norm is 1e-12 of the longest by up to 1e-3.
    """
    for name, jacobian, ours, theirs in found("UPGrad"):
        tolerance = 2e-3 if name.startswith("scales") else 1e-8
        assert oracle.direction_gap(jacobian, ours, theirs) < tolerance, name


def test_imtl_g_agrees_where_the_gradients_are_independent():
    """Elsewhere torchjd's shadows are not equal, or both give 0."""
    for name, jacobian, ours, theirs in found("IMTLG"):
        if np.linalg.matrix_rank(jacobian) == len(jacobian):
            assert oracle.direction_gap(jacobian, ours, theirs) < 1e-8, name
        elif jacobian.all():
            shadows = jacobian @ (theirs @ jacobian) / np.linalg.norm(jacobian, axis=1)
            equal = np.ptp(shadows) < 1e-8
            assert not equal or oracle.direction_gap(jacobian, ours, theirs) < 1e-8, name


def test_mgda_is_at_least_as_short():
    """torchjd's Frank-Wolfe stops early: its vector is longer, by under 6 % of the longest."""
    longer = 0.0
    for name, jacobian, ours, theirs in found("MGDA"):
        longest = max(np.linalg.norm(jacobian, axis=1).max(), 1e-100)
        mine, other = (np.linalg.norm(w @ jacobian) / longest for w in (ours, theirs))
        assert mine <= other + 1e-9, name
        assert other - mine < 0.06, name
        longer = max(longer, other - mine)
    assert longer > 1e-3  # it does stop early


def test_cagrad_is_at_least_as_good_for_the_worst_task():
    """torchjd's cone solver is good to about 1e-4 of the squared longest gradient."""
    for name, jacobian, ours, theirs in found("CAGrad"):
        longest = max(np.linalg.norm(jacobian, axis=1).max(), 1e-100)
        mean = jacobian.mean(axis=0)
        radius = oracle.C * np.linalg.norm(mean)
        assert np.linalg.norm(ours @ jacobian - mean) <= radius + 1e-9 * longest, name
        if np.linalg.norm(theirs @ jacobian - mean) > radius + 1e-9 * longest:
            continue  # outside the ball, so no standard
        mine, other = ((jacobian @ (w @ jacobian)).min() / longest**2 for w in (ours, theirs))
        assert mine >= other - 1e-9, name
        assert mine <= other + 3e-3, name


@pytest.fixture(scope="module")
def totals():
    return oracle.our_totals(CONTENT["weightings"]["losses"])


@pytest.mark.parametrize("method", ["Uncertainty", "DWA", "FAMO"])
def test_totals_and_weights_agree_over_steps(method, totals):
    """float32; Keras' Adam adds its epsilon before the bias correction, torch's after."""
    theirs = np.array(CONTENT["weightings"][method])
    assert theirs.shape == (8, 4)
    assert np.ptp(theirs[:, 1:], axis=0).min() > 0.01  # the weights move
    assert np.array(totals[method]) == pytest.approx(theirs, rel=1e-4, abs=2e-5)
