"""The playground: thirteen right steps, one still picture in tests, three dials for a reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course_utils.backend import tf
from course_utils.balancing.dwa import DWA
from course_utils.balancing.famo import FAMO
from course_utils.balancing.fixed import Fixed
from course_utils.balancing.gradnorm import GradNorm
from course_utils.balancing.uncertainty import Uncertainty
from course_utils.errors import CourseError
from course_utils.notebook import playground as ground
from course_utils.notebook import slider

WIDGET = "application/vnd.jupyter.widget-view+json"
CASES = [(15, 1), (60, 10), (90, 2), (120, 10), (165, 100)]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []

    def look(thing: Any) -> None:
        bundle = thing._repr_mimebundle_()
        shown.append(bundle[0] if isinstance(bundle, tuple) else bundle)

    monkeypatch.setattr("IPython.display.display", look)
    return shown


def same_direction(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(a @ b > (1 - 1e-6) * np.linalg.norm(a) * np.linalg.norm(b))


@pytest.mark.parametrize(("angle", "ratio"), CASES)
def test_what_the_papers_prove_of_the_steps(angle: int, ratio: int) -> None:
    rows, found = ground.gradients(angle, ratio), ground.steps(angle, ratio)
    assert len(found) == 13
    inner = rows @ rows.T
    assert inner[0, 1] == pytest.approx(ratio * np.cos(np.deg2rad(angle)))
    for name in ("MGDA", "UPGrad", "PCGrad"):  # with two tasks PCGrad is twice UPGrad
        assert (rows @ found[name] >= -1e-9).all()
    along = rows @ found["IMTLG"] / np.linalg.norm(rows, axis=1)
    assert along[0] == pytest.approx(along[1])
    np.testing.assert_allclose(found["PCGrad"], 2 * found["UPGrad"], atol=1e-6)
    np.testing.assert_allclose(found["Fixed"], 2 * found["Mean"])


def first_weights(method: Any, losses: tuple[float, float], norms: Any, rounds: int) -> np.ndarray:
    """d total / d losses after so many rounds in which losses and gradients stand still."""
    method.reset(2, 0)
    values, adam = tf.constant(losses, tf.float32), tf.keras.optimizers.Adam(0.05)
    for _ in range(rounds):
        with tf.GradientTape() as tape:
            total = method.total(values)
        learned = method.trainable_variables
        if learned:
            adam.apply_gradients(zip(tape.gradient(total, learned), learned, strict=True))
        method.after_step(values, lambda: tf.constant(norms, tf.float32), lambda: values)
    with tf.GradientTape() as tape:
        tape.watch(values)
        total = method.total(values)
    return tape.gradient(total, values).numpy()


@pytest.mark.parametrize(
    ("name", "make", "rounds"),
    [
        ("Fixed", Fixed, 0),
        ("DWA", DWA, 0),
        ("FAMO", FAMO, 0),
        ("Uncertainty", Uncertainty, 600),
        ("GradNorm", GradNorm, 600),
    ],
)
def test_weightings_go_where_the_course_s_own_come_to_rest(
    name: str, make: Callable[[], Any], rounds: int
) -> None:
    rows = ground.gradients(120, 2)
    weights = first_weights(make(), (1.0, 2.0), np.linalg.norm(rows, axis=1), rounds)
    wanted, got = ground.steps(120, 2)[name], weights @ rows
    assert wanted @ got > 0.9995 * np.linalg.norm(wanted) * np.linalg.norm(got)


def test_the_units_of_a_loss_move_only_those_who_see_lengths() -> None:
    one, hundred = ground.steps(120, 1), ground.steps(120, 100)
    unmoved = {name for name in one if same_direction(one[name], hundred[name])}
    assert unmoved == {"Uncertainty", "FAMO", "GradNorm", "IMTLG"}
    assert ground.harmed(120, 100)["Mean"] == [1] and ground.harmed(120, 1)["Mean"] == []
    assert not any(ground.harmed(60, 100).values())


def test_it_is_a_still_picture_in_tests(
    seen: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    ground.playground()
    picture, words = seen
    assert (
        "image/png" in picture
        and picture["text/plain"] == f"Figure: {ground.told(120, 10, 'CAGrad')}"
    )
    assert "thirteen methods" in words["text/html"]
    said = capsys.readouterr().out
    assert said.startswith("Run this cell in JupyterLab to turn three dials.")
    assert said.endswith("Here: 120, 10, CAGrad.\n")


def test_before_a_reader_three_dials_turn_it(
    seen: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ipywidgets.widgets.widget import _instances

    monkeypatch.setenv(slider.SLIDERS, "on")
    ground.playground(60, 1, "PCGrad")
    still, _, live = seen
    assert "image/png" in still
    *dials, shown = _instances[live[WIDGET]["model_id"]].children
    assert [one.description for one in dials] == [
        "angle, degrees",
        "length of gradient 2",
        "path of",
    ]
    dials[0].index = len(ground.ANGLES) - 1
    dials[2].index = 0
    assert (
        ground.told(165, 1, "Mean").split(",")[0] in shown.value and "Mean on CAGrad" in shown.value
    )
    monkeypatch.setattr(ground, "picture_of", lambda *_: 1 / 0)
    dials[1].index = 1
    assert "ZeroDivisionError" in shown.value


@pytest.mark.parametrize("wrong", [{"angle": 121}, {"ratio": 3}, {"method": "DWA"}])
def test_a_value_that_no_dial_has_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CourseError, match="The playground's"):
        ground.playground(**wrong)


def test_no_gradient_and_the_opposite_are_refused() -> None:
    for angle, ratio in [(0, 1), (180, 1), (90, 0)]:
        with pytest.raises(CourseError, match="between 0 and 180"):
            ground.steps(angle, ratio)
