"""Networks on the shop: made by today's code, recomputed in a small version, shown as they are."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from scripts import script_of

from course_utils import models
from course_utils.comparison import ALL_ROWS, BAYES_LIMIT, Contender, logistic_regression
from course_utils.evidence import span_text
from course_utils.metrics import paired_interval


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("networks_on_shop")


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    return script_of("networks_page")


@pytest.fixture(scope="module")
def contenders() -> ModuleType:
    return script_of("shop_contenders")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    return script.load()


def test_todays_code_made_them(script: ModuleType, kept: dict[str, Any]) -> None:
    missing = script.missing(kept)
    stale = [one for one in missing if one[0] in script.MODULES and one[1] in kept[one[0]]]
    for setting in script.SETTINGS:
        done = kept["settings"].get(setting.name, {}).get("contenders", {})
        stale += [(place, name) for place, name in missing if place == setting and name in done]
    assert not stale, "run python benchmarks/networks_on_shop.py"


def test_todays_shop_gave_the_rows(script: ModuleType, kept: dict[str, Any]) -> None:
    assert kept["origin"]["rows"] == script.rows_hash()


def test_a_change_of_one_network_leaves_the_others_alone(script: ModuleType) -> None:
    """And the shop's code is not followed: its rows have a hash of their own."""
    setting, seen = script.SETTINGS[0], {}
    for name in script.names(setting):
        found = script.followed().definitions(script.of_contender(name, setting))
        seen[name] = {one.name for one in found if one.file.parent.name == "models"}
        shop = {one.name for one in found if one.file.parent.name == "shop"}
        assert shop == {"Shop", "true_chances"}
    assert {"STAR", "Network", "log_losses"} <= seen["STAR"]
    assert [name for name, models in seen.items() if "STAR" in models] == ["STAR"]


def test_a_small_version_is_recomputed(script: ModuleType, kept: dict[str, Any]) -> None:
    again = script.small()
    assert list(again) == list(kept["small"])
    np.testing.assert_allclose(list(again.values()), list(kept["small"].values()), atol=0.01)


def test_the_page_shows_them(script: ModuleType, pages: ModuleType, kept: dict[str, Any]) -> None:
    text = pages.PAGE.read_text(encoding="utf-8")
    assert text == pages.page(kept)
    for name in kept["pictures"]:
        assert (script.PICTURES / f"{name}.svg").exists()
        assert f"(networks/{name}.svg)" in text.split(pages.MARKER)[0]


def test_nothing_orders_better_than_the_truth(pages: ModuleType, kept: dict[str, Any]) -> None:
    for setting in pages.whole_settings(kept):
        results = pages.comparison_of(kept, setting).results
        results = results[results["rows"] == ALL_ROWS]
        places = ["task", "scenario", "seed"]
        best = results[results["contender"] == BAYES_LIMIT].set_index(places)["auc"]
        others = results.set_index(places)["auc"]
        assert (others <= best.reindex(others.index) + 1e-5).all()


def test_settings_share_their_test_rows_and_train_on_the_latest(contenders: ModuleType) -> None:
    settings = contenders.SETTINGS[0], contenders.SETTINGS[2]
    assert [one.n_train for one in settings] == [20_000, 80_000]
    few, many = (contenders.rows_of(0, one) for one in settings)
    assert list(few.index) == list(many.index[-len(few) :])
    small, large = (contenders.case(0, one) for one in settings)
    np.testing.assert_array_equal(small.truth["click"], large.truth["click"])
    clicked = few["click"].to_numpy() == 1
    np.testing.assert_array_equal(small.split.train.mask("purchase"), clicked[:20_000])


def test_crosses_are_columns_and_unseen_pairs_unknown(contenders: ModuleType) -> None:
    setting = contenders.Setting(4_000, False)
    split = contenders.case(0, setting).split
    wide = contenders.with_crosses(split)
    at = list(wide.train.columns.vocabulary).index("segment x brand")
    rows = contenders.rows_of(0, setting)
    pairs = (rows["segment"].astype(str) + "|" + rows["brand"].astype(str)).to_numpy()
    train, test = pairs[:4_000], pairs[-40_000:]
    codes = wide.train.codes[:, at]
    assert len(set(zip(codes, train, strict=True))) == len(set(codes)) == len(set(train))
    unseen = ~np.isin(test, train)
    assert unseen.any()
    np.testing.assert_array_equal(wide.test.codes[:, at] == 0, unseen)
    price, minds = (list(split.train.columns.numbers).index(n) for n in contenders.PRODUCTS[0])
    numbers = split.test.numbers
    np.testing.assert_allclose(wide.test.numbers[:, -2], numbers[:, price] * numbers[:, minds])


def test_fewer_known_purchases_change_nothing_else(script: ModuleType) -> None:
    one = script.case(0, script.Setting(4_000, False))
    fewer = script.pictures.thinned(one, 0.5, seed=0).split
    before, after = (split.train.mask("purchase") for split in (one.split, fewer))
    assert 0.4 < after.sum() / before.sum() < 0.6 and not (after & ~before).any()
    assert fewer.train.labels is one.split.train.labels and fewer.test is one.split.test


def quick(_: object) -> Contender:
    """Under the network's name: the parts do not depend on what is inside."""
    return logistic_regression([0.001], name="PEPNet")


def test_a_stopped_measurement_goes_on(
    script: ModuleType,
    pages: ModuleType,
    contenders: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {"N_VALID": 2_000, "N_TEST": 2_000, "MOST": 7_000}.items():
        monkeypatch.setattr(contenders, name, value)
    tiny = script.Setting(3_000, False)
    rivals = ["logistic regression", pages.CROSSED]
    of_both = {"SETTINGS": (tiny,), "SEEDS": (0, 1, 2)}
    of_script = {
        "TUNING_SEEDS": (100,),
        "TRIALS": 1,
        "RESULTS": tmp_path / "networks.json",
        "FITS": tmp_path,
        "small": dict,
    }
    of_page = {
        "CLASSES": {"PEPNet": models.PEPNet},
        "TWIN": rivals[0],
        "NAMED": (pages.CROSSED, rivals[0]),
        "plain": lambda setting: rivals,
    }
    for module, values in ((script, of_both | of_script), (pages, of_both | of_page)):
        for name, value in values.items():
            monkeypatch.setattr(module, name, value)
    for module in script.MODULES.values():
        monkeypatch.setattr(module, "MEASURED", {})
    monkeypatch.setattr(script, "CONTENDERS", {**script.CONTENDERS, "PEPNet": quick})
    assert not script.measure(0.0)
    assert not script.RESULTS.exists()
    assert script.measure(9.0)
    kept = script.load()
    assert script.missing(kept) == [] and pages.whole_settings(kept) == [tiny]
    kept["settings"][tiny.name]["contenders"]["PEPNet"]["code"] = "other"
    assert script.missing(kept) == [(tiny, "PEPNet")]
    # What is stored gives the verdicts that a comparison of all at once would give.
    whole = script.compare_all(
        lambda seed: script.case(seed, tiny),
        [*(script.CONTENDERS[name](tiny) for name in rivals), quick(tiny)],
        script.SEEDS,
        script.TUNING_SEEDS,
        script.TRIALS,
    )
    found = pages.verdicts(kept, tiny)
    for task in script.TASKS:
        wanted = whole.verdict("PEPNet", task, rows=ALL_ROWS)
        again = found["PEPNet", task]
        assert (again.word, again.strongest) == (wanted.word, wanted.strongest)
        for rival in rivals:
            assert abs(again.claims[rival].low - wanted.claims[rival].low) < 1e-4
    assert "3,000 rows, without ids" in pages.page(kept)
    assert json.loads(script.RESULTS.read_text(encoding="utf-8"))["origin"] == kept["origin"]


@pytest.mark.parametrize(("n_train", "said"), [(20_000, 0.47), (80_000, 0.15)])
def test_judged_rows_of_unknown_customers(
    contenders: ModuleType, n_train: int, said: float
) -> None:
    """The page says: nearly half with 20,000 rows, one in seven with 80,000."""
    split = contenders.case(0, contenders.Setting(n_train, True)).split
    at = list(split.train.columns.vocabulary).index("user_id")
    known = np.isin(split.test.codes[:, at], split.train.codes[:, at])
    assert abs((~known).mean() - said) < 0.01


def test_what_the_page_says_of_single_differences(kept: dict[str, Any]) -> None:
    """The intervals that the page quotes and its tables do not hold."""

    def gain(setting: str, task: str, one: str, other: str) -> str:
        found = []
        for name in (one, other):
            [line] = [
                each["auc"]
                for each in kept["settings"][setting]["contenders"][name]["results"]
                if (each["task"], each["scenario"], each["rows"]) == (task, "all", ALL_ROWS)
            ]
            found.append(np.array(line))
        return span_text(*paired_interval((found[0] - found[1]).tolist()))

    few, many = "20,000 rows, without ids", "80,000 rows, without ids"
    assert gain(few, "purchase", "PLE", "Shared-Bottom") == "+0.001 to +0.010"
    assert gain(few, "purchase", "PLE", "stacking").startswith("-")
    assert gain(many, "click", "DCN per task", "Shared-Bottom") == "+0.002 to +0.005"
    assert gain(many, "click", "PEPNet", "Shared-Bottom") == "+0.002 to +0.005"
    assert gain(many, "click and purchase", "PEPNet", "Shared-Bottom") == "+0.0001 to +0.0083"
    curve = kept["pictures"]["curves"]["found"]["Shared-Bottom, penalties"]
    first, best = curve["purchase"][0], min(curve["purchase"])
    then = curve["purchase"][int(np.argmin(curve["click"]))]
    assert 0 < first - then < 0.05 * (first - best)
