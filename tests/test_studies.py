"""Study pages are what their scripts make from the stored results, and a lesson points to each."""

from __future__ import annotations

import ast
import pickle

import numpy as np
import pytest
from scripts import FOLDER, script_of

from course_utils import paths
from course_utils.exercises.l40.cause import right_cause
from course_utils.metrics import paired_interval
from course_utils.models import PLE, MMoE, SharedBottom
from course_utils.regimes import capacity

STUDIES = sorted(file.stem for file in FOLDER.glob("study_*.py"))


@pytest.mark.parametrize("name", STUDIES)
def test_a_page_is_what_its_script_makes(name: str) -> None:
    script = script_of(name)
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), (
        f"run python benchmarks/{name}.py"
    )


@pytest.mark.parametrize("name", STUDIES)
def test_its_lesson_points_to_it(name: str) -> None:
    number = name.removeprefix("study_")
    assert script_of(name).PAGE.relative_to(paths.ROOT).as_posix() == f"docs/studies/{number}.md"
    [source] = paths.SOLUTIONS.glob(f"{number}_*.py")
    assert f"(../docs/studies/{number}.md)" in source.read_text(encoding="utf-8")


def test_no_page_is_without_its_script() -> None:
    pages = {file.stem for file in (paths.ROOT / "docs" / "studies").glob("*.md")}
    # when.md is no lesson's: benchmarks/when.py writes it.
    assert pages == {"when", *(name.removeprefix("study_") for name in STUDIES)}


def test_every_remedy_of_lesson_40_stands_on_its_page_in_every_market() -> None:
    script = script_of("study_40")
    text, found = script.page(), script.stored("conflict_grid")
    for cause in script.CAUSES:
        table = text.split(f"\n## {cause.capitalize()}\n")[1].split("\n## ")[0]
        for remedy, one in found[cause].items():
            name = script.NAMES.get(remedy, remedy)
            [row] = [line for line in table.splitlines() if line.startswith(f"| {name} |")]
            assert f"| {script.worst(one).mean():.3f} |" in row
            assert f"| {np.mean(one['auc']):.3f} |" in row


def test_the_cause_on_the_page_is_named_by_the_rule_of_task_40_2() -> None:
    script, rng = script_of("study_40"), np.random.default_rng(0)
    for _ in range(50):
        harms = [rng.normal(middle, 0.05, (5, 4)) for middle in (0.08, 0.06, 0.0)]
        equal, normalised, wider = (
            {str(k): paired_interval(harm[:, k].tolist()) for k in range(4)} for harm in harms
        )
        assert script._cause(harms, 0.01) == right_cause(equal, normalised, wider, 0.01)


@pytest.mark.parametrize("ground", ["equal", "rare"])
def test_what_a_task_can_lose_is_above_zero(ground: str) -> None:
    twins = script_of("study_40").stored("smooth_excess")[f"{ground}, twins"]
    assert (np.array(twins["constant"]) > np.array(twins["loss"])).all()


def test_the_smooth_maximum_follows_the_largest_harm() -> None:
    script = script_of("study_40")
    found = script.stored("smooth_excess")
    rare, table = found["rare, joint"], "\n".join(script._excess())
    at = found["temperatures"].index(0.02)
    for form, lifted in (("losses", False), ("relative harm", True)):
        minority = np.mean(rare[form]["auc"][at], axis=0)[3]
        assert (minority > 0.55) == lifted
        assert f"{minority:.3f} |" in table


def test_its_weights_are_those_of_the_networks() -> None:
    case = capacity.make(7_000)
    columns, tasks = case.split.train.columns, tuple(case.split.train.labels)
    plain, wide = (SharedBottom(columns, tasks, trunk=(u,), tower=()) for u in (8, 64))
    alone = SharedBottom(columns, tasks[:1], trunk=(8,), tower=())
    experts = MMoE(columns, tasks, experts=4, expert=(8,), tower=())
    selective = PLE(columns, tasks, levels=1, own=1, shared=1, expert=(8,), tower=())
    wanted = {
        "equal, tuned or normalised": plain.count_params(),
        "wider trunk": wide.count_params(),
        "MMoE, four experts": experts.count_params(),
        "PLE, one expert for each task and one for all": selective.count_params(),
        "network per task": len(tasks) * alone.count_params(),
    }
    prices = script_of("study_40").page().split("## What each remedy costs")[1]
    for name, count in wanted.items():
        [row] = [line for line in prices.splitlines() if line.startswith(f"| {name} |")]
        assert f"| {count:,} |" in row


def test_every_contender_and_weight_of_lesson_20_stands_on_its_page() -> None:
    script = script_of("study_20")
    parts = dict(one.split("\n", 1) for one in script.page().split("\n## ")[1:])
    shops = script.stored("multi_task_shop")
    for name, of in shops.items():
        if isinstance(of, dict) and "click" in of:
            row = f"| {name} | {np.mean(of['click']):.4f} | {np.mean(of['purchase']):.4f} |"
            assert row in parts["The home feed: clicks and purchases"]
    for kind in script.KINDS.values():
        for weight in script.WEIGHTS:
            assert f"\n| {kind} | {weight} | " in parts["The weight of the purchase"]
    reviews = script.stored("multi_task_reviews")
    assert parts["Reviews of clothing"].count("| 10 splits |") == 7
    for name, setting in script_of("multi_task_reviews").SETTINGS.items():
        assert reviews[name]["setting"] in setting
        assert f"\n| {name} | {reviews[name]['setting']:g} | " in parts["Reviews of clothing"]


def test_every_way_of_lesson_41_stands_on_its_page_against_the_twin() -> None:
    script = script_of("study_41")
    text = script.page()
    for market in ("4,000 labels", "own taste"):
        table = text.split(f"\n**{market}.**")[1].split("\n**")[0].split("\n## ")[0]
        for way in (*script.SIX, script.STOP):
            assert table.count(f"\n| {way} over the twin | ") == 1


def test_experts_of_lesson_41_are_used_as_often_as_the_formula_says() -> None:
    rows = [line.split(" | ") for line in script_of("study_41")._experts()]
    alike = {int(row[1]): float(row[2]) for row in rows if row[0] == "| all alike"}
    for choices, used in alike.items():
        assert abs(used - 32 * (1 - (1 - 2 / 32) ** choices)) < 0.1
    # Popular ones do not leave the others idle: nearly all are touched, unevenly.
    [popular] = [row for row in rows if row[:2] == ["| some popular", "64"]]
    assert float(popular[2]) > 27 and popular[4].startswith("0.8%")


@pytest.mark.parametrize(("name", "lesson"), [("one_ranking", "25"), ("experts_alike", "24")])
def test_a_study_measures_on_the_market_that_its_lesson_shows(name: str, lesson: str) -> None:
    script = script_of(name)
    [source] = paths.SOLUTIONS.glob(f"{lesson}_*.py")
    tree = ast.parse(source.read_text(encoding="utf-8"))
    [shown] = [one for one in tree.body if getattr(one, "name", "") == "market"]
    names = dict(vars(script))
    exec(compile(ast.Module([shown], []), str(source), "exec"), names)
    theirs, ours = (pickle.dumps(market(3)) for market in (names["market"], script.market))
    other = pickle.dumps(script.market(4))
    assert theirs == ours != other
