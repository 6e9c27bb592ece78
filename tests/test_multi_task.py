"""What lesson 20 shows of the knobs: made by today's code, recomputed in a small version."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from course_utils import paths
from course_utils.authoring.fingerprint import code_hash


@pytest.fixture(scope="module")
def script() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(paths.ROOT / "benchmarks"))
        return importlib.import_module("multi_task_knobs")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    return script.load()


def test_todays_code_made_it(script: ModuleType, kept: dict[str, Any]) -> None:
    assert set(script.KNOBS) <= set(kept), "run python benchmarks/multi_task_knobs.py"


def test_a_changed_line_is_noticed(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    files = script.code_files()
    file = paths.ROOT / "course_utils" / "regimes" / "shared_bottom.py"
    changed = tmp_path / file.name
    changed.write_text(file.read_text(encoding="utf-8") + "\nMORE = 1\n", encoding="utf-8")
    assert code_hash(files, {file: changed}) != code_hash(files)
    monkeypatch.setattr(script, "code_files", lambda: [changed])
    assert set(script.load()) == {"code"}


def test_a_small_version_is_recomputed(script: ModuleType, kept: dict[str, Any]) -> None:
    again = script.small()
    assert list(again) == list(kept["small"])
    np.testing.assert_allclose(list(again.values()), list(kept["small"].values()), atol=0.01)


def test_every_point_has_every_market(script: ModuleType, kept: dict[str, Any]) -> None:
    knobs = [kept["weight"]["judged"], *(one for k in ("width", "rows", "rho", "partners")
                                         for one in kept[k].values())]  # fmt: skip
    for point in knobs:
        for scores in point.values():
            for values in scores.values():
                assert len(values) == len(script.SEEDS)
                assert all(0.4 < one < 0.9 for one in values)


def test_a_market_of_some_tasks_is_the_same_market(script: ModuleType) -> None:
    whole, part = script.case(0), script.case(0, ("click", "purchase"))
    assert list(part.truth) == list(part.split.train.labels) == ["click", "purchase"]
    for task in part.truth:
        np.testing.assert_array_equal(part.split.test.labels[task], whole.split.test.labels[task])
    np.testing.assert_array_equal(part.split.train.codes, whole.split.train.codes)
    assert part.split.train.mask("purchase").sum() == 400 and part.split.train.mask("click").all()


def test_its_gradients_are_the_trainers(script: ModuleType) -> None:
    """The cosines over all rows against the Gramian that the trainer records of one batch."""
    one = script.case(0)
    trainer = script.Trainer(
        lambda: script.SharedBottom(one.split.train.columns, list(one.truth), trunk=(8,)),
        batch_size=len(one.split.train),
        record_gradients=True,
    )
    history = trainer.fit(one.split.train, one.split.valid, 0, 1e-12, epochs=1)
    rows = script.gradients(trainer.network, one.split.train)
    np.testing.assert_allclose(rows @ rows.T, history.gramians[0], rtol=1e-3, atol=1e-7)
