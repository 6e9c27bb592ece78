"""A bias that is pulled towards zero, sampling at a temperature, and the page of lesson 21."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from scipy.special import expit
from scripts import script_of, stored_by


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("scenario_more")


def test_a_raw_bias_meets_the_rate_and_a_smoothed_one_goes_part_of_the_way(
    script: ModuleType,
) -> None:
    split = script.case(0).split
    z = np.random.default_rng(0).normal(-2, 1, len(split.train))
    # Training rows in the place of test rows: what is moved is what is judged.
    asked = SimpleNamespace(train=split.train, test=split.train)
    small = split.train.scenario == script.SMALL
    rate, own = split.train.labels["click"][small].mean(), expit(z[small]).mean()
    raw, smoothed, left = (
        expit(script.shifted(z, z, asked, k)[small]).mean() for k in (0, 150, 1e9)
    )
    np.testing.assert_allclose([raw, left], [rate, own], atol=1e-6)
    np.testing.assert_allclose(smoothed, (rate + own) / 2, atol=1e-6)  # M03 has 150 rows


@pytest.mark.parametrize("model", ["mixed", "crossed"])
def test_a_temperature_is_measured_again(script: ModuleType, model: str) -> None:
    kept = stored_by("scenario_more")["temperature"][model]["2"]
    again = script.at_temperature(0, 2.0, model == "crossed", kept["C"])
    stored = [of[0] for of in kept["auc"].values()]
    np.testing.assert_allclose([one["auc"] for one in again], stored, atol=2e-3)


def test_the_page_has_every_contender_and_corrects_each_table() -> None:
    script = script_of("study_21")
    text, of = script.page(), script.by_rows()
    means = text.split("Mean AUC on M03:")[1].split("Chosen settings:")[0]
    for name, values in of[1_500].items():
        if name != "visible limit":
            [row] = [
                line
                for line in means.splitlines()
                if line.startswith(f"| {script.OTHERS.get(name, name)} |")
            ]
            assert row.split("|")[4].strip() == f"{np.mean(values):.3f}"
    parts = text.split("### STAR without a part")[1].split("## ")[0]
    assert "| better |" not in parts and "| worse |" not in parts  # none of the fifteen stands
