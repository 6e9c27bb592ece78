"""The method of comparison: planted winners, equal trials, a choice that sees no test row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit
from sklearn.preprocessing import TargetEncoder

from course_utils import metrics
from course_utils.balancing.famo import FAMO
from course_utils.columns import Split
from course_utils.comparison import (
    MEAN,
    WORST,
    Contender,
    Verdict,
    compare_all,
    crossed_logistic_regression,
    gradient_boosting,
    head_per_scenario,
    inverse_propensity,
    logistic_regression,
    network,
    network_per_scenario,
    rates,
    shared_bottom,
    smoothed_rates,
    stacking,
    standardised_column_network,
    standardised_within,
)
from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.comparison.choice import counting_rows
from course_utils.comparison.judging import measures
from course_utils.comparison.logistic import crossed, main_effects
from course_utils.comparison.plain import cross_fitted
from course_utils.comparison.trainers import weights_of
from course_utils.errors import CourseError
from course_utils.evidence import Claim
from course_utils.models import SharedBottom
from course_utils.training import DivergedError

FRESH, TUNING = range(4), (100,)
STRENGTHS = (0.01, 0.1, 1.0)
TREES = {"max_iter": (40,), "learning_rate": (0.1,), "max_leaf_nodes": (7,)}
SMALL = {"trunk": ((8,),), "tower": ((),), "embedding_dim": (4,), "batch_size": (64,),
         "epochs": (4,), "learning_rate": (1e-2, 3e-2), "patience": (2,), "dropout": (0.0,),
         "weight_decay": (1e-4,), "embedding_l2": (1e-6,)}  # fmt: skip
COLUMNS = columns_of({"segment": 6, "category": 5}, ("price",))
N = (1200, 500, 1200)


def case(seed, crossed=0.0, n=N, columns=COLUMNS, sizes=(6, 5), purchases=True):
    """Main effects, in their place as far as ``crossed`` says effects of pairs alone."""
    draw = np.random.default_rng([7, seed])
    total = sum(n)
    codes = np.stack([draw.integers(size, size=total) for size in sizes], 1)
    price = draw.normal(size=(total, 1))
    pairs = (-1.0) ** np.add.outer(*map(np.arange, sizes))
    effects = [np.linspace(-1, 1, size) for size in sizes]
    main = effects[0][codes[:, 0]] + effects[1][codes[:, 1]] + price[:, 0]
    score = (1 - crossed) * main + crossed * 2 * pairs[codes[:, 0], codes[:, 1]]
    chances = {"click": expit(1.5 * score)}
    labels = {"click": draw.random(total) < chances["click"]}
    masks = {}
    if purchases:
        chances["purchase"] = expit(1.5 * score - 0.5)
        labels["purchase"] = labels["click"] & (draw.random(total) < chances["purchase"])
        masks = {"purchase": labels["click"]}
    return Rows(codes, price, chances, labels, masks).cut(columns, *n[:2])


def plain(crosses=None):
    return [
        logistic_regression(STRENGTHS),
        crossed_logistic_regression(crosses, STRENGTHS),
        gradient_boosting(TREES),
    ]


# ---------------------------------------------------------------- planted winners


def test_main_effects_are_won_by_the_logistic_regression():
    found = compare_all(case, plain(), FRESH, TUNING, trials=3)
    verdict = found.verdict("logistic regression", "click", "log_loss")
    assert verdict.word == "wins" and verdict.beats_all and not verdict.loses_to
    assert "wins" in str(verdict) and verdict.strongest in str(verdict)
    other = found.verdict("gradient boosting", "click", "log_loss")
    assert other.word == "loses" and "logistic regression" in other.loses_to
    assert other.strongest == "logistic regression"


def test_a_planted_interaction_is_lost_by_main_effects():
    found = compare_all(lambda seed: case(seed, crossed=1.0), plain(), FRESH, TUNING, trials=3)
    won = found.verdict("crossed logistic regression", metric="log_loss")
    assert won.word == "wins" and won.task == MEAN
    lost = found.verdict("logistic regression", "click")
    assert lost.word == "loses"
    assert set(lost.loses_to) == {"crossed logistic regression", "gradient boosting"}
    table = found.table()
    assert table.loc["Bayes limit", "click"] == table.loc["visible limit", "click"]
    assert table["click"].max() == pytest.approx(table.loc["Bayes limit", "click"])


def test_stacking_learns_who_follows_another_task_and_who_does_the_reverse():
    def turned(seed):
        draw, n = np.random.default_rng([8, seed]), sum(N)
        codes = np.stack([draw.integers(6, size=n), draw.integers(5, size=n)], 1)
        price = draw.normal(size=(n, 1))
        main = np.linspace(-2, 2, 5)[codes[:, 1]] + price[:, 0]
        sign = np.where(codes[:, 0] % 2, 1.0, -1.0)
        chances = {"click": expit(1.5 * main), "save": expit(1.5 * sign * main)}
        labels = {task: draw.random(n) < p for task, p in chances.items()}
        few = np.ones(n, bool)
        few[80 : N[0]] = False
        rows = Rows(codes, price, chances, labels, {"save": few})
        return rows.cut(COLUMNS, *N[:2])

    grid = {**SMALL, "learning_rate": (1e-2,), "epochs": (8,), "task_weights": (0.0,)}
    contenders = [stacking(grid, (0.1,)), shared_bottom(grid), logistic_regression(STRENGTHS)]
    found = compare_all(turned, contenders, range(3), TUNING, trials=3)
    table = found.table().loc[:, "save"]
    assert table["stacking"] > table[["Shared-Bottom", "logistic regression"]].max() + 0.05


# ---------------------------------------------------------------- equal trials, honest choice


def markets(seed, n=N, scenarios=3):
    """Price scales that differ by market; the small last market is judged."""
    draw = np.random.default_rng([8, seed])
    total = sum(n)
    where = draw.choice(scenarios, size=total, p=[0.5, 0.3, 0.2])
    u = draw.normal(size=(total, 1))
    p = expit(2 * u[:, 0])
    price = u * np.array([0.1, 1.0, 10.0])[where, None] + 5.0 * where[:, None]
    return Rows(
        np.zeros((total, 0), int), price, {"click": p}, {"click": draw.random(total) < p}, {},
        where, judged={"click": where == 2},
    ).cut(columns_of({}, ("price",), scenarios), *n[:2])  # fmt: skip


class Recorder(Contender):
    """Says one number, and remembers how it was asked."""

    def __init__(self, name="recorder", grid=None, diverges=()):
        super().__init__(name, {"chance": (0.1, 0.3, 0.5, 0.7, 0.9)} if grid is None else grid)
        self.diverges, self.asked = diverges, []

    def fit(self, split, seed, trial, tasks, asked):
        self.asked.append((seed, trial["chance"]))
        if trial["chance"] in self.diverges:
            raise DivergedError("too much")
        n = len(getattr(split, asked))
        return {task: np.full(n, trial["chance"]) for task in tasks}


def small(seed):
    return case(seed, n=(200, 200, 200))


def test_all_get_the_same_number_of_different_trials():
    few, many = Recorder("few", {"chance": (0.4, 0.6)}), Recorder("many")
    compare_all(small, [few, many], FRESH, (100, 101), trials=3)
    for one, number in ((few, 2), (many, 3)):
        tried = one.asked[: -len(FRESH)]
        assert len(set(tried)) == len(tried) == 2 * number
        assert {seed for seed, _ in tried} == {100, 101}
    assert [trial for trial in many.trials(3, 1)] == Recorder("other").trials(3, 1)
    assert len(network("x", SharedBottom, {}).trials(999, 2)) == 3 * len(
        network("x", SharedBottom, {}).trials(999, 1)
    )  # one task has no weights to tune


def test_a_diverged_trial_is_never_chosen_and_a_diverged_run_says_the_rate():
    one = Recorder(diverges=(0.5,))
    found = compare_all(small, [one], FRESH, TUNING, trials=5)
    assert found.choice["recorder"]["click"] != {"chance": 0.5}
    assert np.isinf(found.tuning["loss"]).sum() == 2
    with pytest.raises(CourseError, match="Every trial of 'recorder' diverged"):
        compare_all(small, [Recorder(diverges=(0.1, 0.3, 0.5, 0.7, 0.9))], FRESH, TUNING)

    class Unlucky(Recorder):
        def fit(self, split, seed, trial, tasks, asked):
            if seed == 0:
                raise DivergedError("too much")
            return super().fit(split, seed, trial, tasks, asked)

    late = compare_all(small, [Unlucky()], FRESH, TUNING)
    rate = small(0).split.train.labels["click"].mean()
    assert late.chances["recorder"][0]["click"] == pytest.approx(rate)


def poisoned(made):
    """The same case with turned test labels and truth."""
    test = made.split.test
    labels = {task: 1 - y for task, y in test.labels.items()}
    split = replace(made.split, test=replace(test, labels=labels))
    truth = {task: 1 - p for task, p in made.truth.items()}
    return Case(split, truth, truth, made.judged)


def test_the_choice_sees_no_test_row_and_seeds_repeat():
    contenders = [logistic_regression(STRENGTHS), gradient_boosting(TREES), shared_bottom(SMALL)]
    found = compare_all(small, contenders, range(3), TUNING, trials=2)
    again = compare_all(lambda seed: poisoned(small(seed)), contenders, range(3), TUNING, 2)
    assert found.choice == again.choice
    assert found.tuning.equals(again.tuning)
    for name, runs in found.chances.items():
        for seed, said in runs.items():
            for task, chances in said.items():
                assert np.array_equal(chances, again.chances[name][seed][task])
    assert not found.results["auc"].equals(again.results["auc"])


def test_the_choice_looks_at_the_scenarios_that_are_judged():
    made = markets(0)
    rows = counting_rows(made, "click")
    assert rows.any() and np.array_equal(rows, made.split.valid.scenario == 2)
    nobody = replace(made, split=replace(made.split, valid=made.split.valid.take(~rows)))
    assert counting_rows(nobody, "click").all()


def test_tasks_learned_apart_choose_apart():
    class Apart(Recorder):
        each_task = True

    made = compare_all(small, [Apart("apart"), Recorder()], range(3), TUNING, trials=5)
    losses = made.tuning.pivot_table(index=("contender", "trial"), columns="task", values="loss")
    for name in ("apart", "recorder"):
        best = losses.loc[name]
        best = best if name == "apart" else best.assign(**dict.fromkeys(best, best.mean(axis=1)))
        trials = Recorder().trials(5, 2)
        assert made.choice[name] == {task: trials[best[task].argmin()] for task in best}
    assert made.choice["apart"]["click"] != made.choice["apart"]["purchase"]


def test_a_stopped_comparison_resumes_with_the_same_result(tmp_path):
    def run(contender, cache):
        return compare_all(small, [contender], range(3), TUNING, trials=4, cache=cache)

    class Stopped(Recorder):
        def fit(self, split, seed, trial, tasks, asked):
            if len(self.asked) == 5:
                raise KeyboardInterrupt
            return super().fit(split, seed, trial, tasks, asked)

    first, then, whole = Stopped(), Recorder(), Recorder()
    with pytest.raises(KeyboardInterrupt):
        run(first, tmp_path)
    found, plain_found = run(then, tmp_path), run(whole, None)
    assert first.asked + then.asked == whole.asked
    assert found.results.equals(plain_found.results) and found.choice == plain_found.choice
    nothing = Recorder()
    assert run(nothing, tmp_path).tuning.equals(found.tuning) and nothing.asked == []
    other = Recorder()
    compare_all(lambda seed: poisoned(small(seed)), [other], range(3), TUNING, 4, tmp_path)
    assert len(other.asked) == len(whole.asked)


# ---------------------------------------------------------------- contenders


def test_smoothed_rates_borrow_from_the_other_task():
    """Clicks know what a product's few purchases cannot tell: effects are the same."""
    columns = columns_of({"product": 300})

    def shop(seed):
        draw = np.random.default_rng([9, seed])
        n = (8000, 3000, 3000)
        effect, product = 1.5 * draw.normal(size=300), draw.integers(300, size=sum(n))
        p = {"click": expit(effect[product] - 1), "buy": expit(effect[product] - 1)}
        click = draw.random(sum(n)) < p["click"]
        buy = click & (draw.random(sum(n)) < p["buy"])
        rows = Rows(product[:, None], np.zeros((sum(n), 0)), p, {"click": click, "buy": buy},
                    {"buy": click}, judged={"click": np.zeros(sum(n), bool),
                                            "buy": np.ones(sum(n), bool)})  # fmt: skip
        return rows.cut(columns, *n[:2])

    rivals = [smoothed_rates(strengths=STRENGTHS), logistic_regression(STRENGTHS),
              gradient_boosting(TREES)]  # fmt: skip
    found = compare_all(shop, rivals, FRESH, TUNING, trials=4)
    assert found.tasks == ["buy"]
    verdict = found.verdict("logistic regression with smoothed rates", "buy")
    assert verdict.word == "wins" and all(one.low > 0.005 for one in verdict.claims.values())
    with pytest.raises(CourseError, match="needs another task and a column"):
        compare_all(small, [smoothed_rates()], range(3), TUNING)


def test_rates_are_those_of_the_other_tasks(monkeypatch):
    asked_for, made = [], small(0).split

    def recorded(train, asked, task, *more):
        asked_for.append(task)
        return found(train, asked, task, *more)

    found = rates.rates
    monkeypatch.setattr(rates, "rates", recorded)
    one = smoothed_rates(["segment", ("segment", "category")])
    one.fit(made, 0, one.trials(1, 2)[0], ["purchase"], "test")
    assert asked_for == ["click", "click"]


def test_inverse_propensities_undo_what_clicks_select():
    """Clicked rows lie where the conversion rises with x; over most rows it falls."""

    def shop(seed):
        draw = np.random.default_rng([10, seed])
        n = (6000, 1500, 2000)
        x = draw.normal(size=(sum(n), 1))
        bend = np.where(x[:, 0] < 1, 1 - x[:, 0], 2 * (x[:, 0] - 1))
        p = {"click": expit(2 * x[:, 0] - 1.5), "buy": expit(bend - 1.5)}
        click = draw.random(sum(n)) < p["click"]
        labels = {"click": click, "buy": click & (draw.random(sum(n)) < p["buy"])}
        rows = Rows(np.zeros((sum(n), 0), int), x, p, labels, {"buy": click})
        return rows.cut(columns_of({}, ("x",)), *n[:2])

    found = compare_all(shop, [inverse_propensity(), logistic_regression()], FRESH, TUNING, 4)
    verdict = found.verdict("logistic regression with inverse propensities", "buy")
    assert verdict.word == "wins" and verdict.claims["logistic regression"].low > 0.1


def test_cross_fitted_rates_do_not_hold_their_own_label():
    draw = np.random.default_rng(2)
    x, y = draw.integers(300, size=(900, 1)), draw.integers(2, size=900)
    encoder = TargetEncoder(smooth=1.0, target_type="binary")
    said = cross_fitted(encoder, x, y, 0)[:, 0]
    assert np.corrcoef(encoder.transform(x)[:, 0], y)[0, 1] > 0.3  # its own labels show
    assert abs(np.corrcoef(said, y)[0, 1]) < 0.1


def test_crosses_by_hand_are_the_only_ones():
    made = small(0).split
    hand = crossed(made.train, made.test, [("segment", "category"), ("price", "price")])
    main = main_effects(made.train, made.test)
    pairs = len(np.unique(made.train.codes, axis=0))
    assert hand[1].shape == (200, main[1].shape[1] + pairs + 1)
    assert hand[0].toarray()[:, -1] == pytest.approx(made.train.numbers[:, 0] ** 2, rel=1e-5)
    every = crossed(made.train, made.test)
    assert every[0].shape[1] == hand[0].shape[1] + 6 + 5  # each value times the price
    with pytest.raises(CourseError, match="no categorical column 'colour'"):
        crossed(made.train, made.test, [("segment", "colour")])


def test_a_scenario_that_never_trained_gets_the_rate_of_all():
    made = markets(0).split
    rows = made.train.scenario < 2
    split = replace(made, train=made.train.take(rows))
    one = network_per_scenario(SMALL)
    said = one.fit(split, 0, one.trials(1, 1)[0], ["click"], "test")["click"]
    rate = split.train.labels["click"].mean()
    assert said[made.test.scenario == 2] == pytest.approx(rate)
    assert np.ptp(said[made.test.scenario == 0]) > 0.1


def test_plain_models_refuse_bags_in_one_sentence():
    columns = replace(COLUMNS, vocabulary={"words": ("red", "blue")}, widths={"words": 2})
    table = small(0).split.train
    table = replace(table, columns=columns, codes=table.codes % 3)
    split = Split(table, replace(table), replace(table))
    for one in (*plain(), smoothed_rates(["words"]), inverse_propensity()):
        with pytest.raises(CourseError, match="'words' holds several values a row"):
            one.fit(split, 0, one.trials(1, 1)[0], ["click"], "valid")


def test_a_method_of_balancing_takes_the_place_of_task_weights():
    one = network("FAMO", SharedBottom, SMALL, balance=FAMO)
    assert all("task_weights" not in trial for trial in one.trials(2, 2))
    said = one.fit(small(0).split, 0, one.trials(1, 2)[0], ["click"], "test")["click"]
    assert len(said) == 200 and type(one.trainers.made[0][3].balancing) is FAMO


def test_standardising_within_scenarios_uses_training_rows():
    made = markets(1).split
    there = standardised_within(made)
    assert list(there.train.columns.vocabulary) == ["scenario"]
    for code in range(3):
        rows = made.train.scenario == code
        mean, spread = made.train.numbers[rows].mean(), made.train.numbers[rows].std()
        test = made.test.scenario == code
        want = (made.test.numbers[test] - mean) / spread
        assert there.test.numbers[test] == pytest.approx(want, abs=1e-5)
        assert (there.test.codes[test] == code + 1).all()


def test_scenarios_have_their_own_rivals():
    rivals = [network_per_scenario(SMALL), standardised_column_network(SMALL)]
    found = compare_all(markets, rivals, range(1), TUNING, trials=1)
    table = found.table(scenario=2)
    assert (table["click"] > 0.8).all() and len(table) == 4
    assert list(found.results["scenario"].unique()) == ["all", 2, MEAN]


def test_networks_of_one_shape_share_a_trainer():
    grid = {**SMALL, "task_weights": (0.0, (1.0, 0.1))}
    one, made, train = shared_bottom(grid), small(0).split, small(0).split.train
    said = [one.fit(made, 0, trial, ["click"], "valid")["click"] for trial in one.trials(4, 2)]
    assert len(one.trainers.made) == 1 and len({chances[0] for chances in said}) == 4
    assert weights_of(0.0, train, ["click", "purchase"]).tolist() == [1, 1]
    clicks, buys = (train.labels[task][train.mask(task)] for task in ("click", "purchase"))
    ratio = min(buys.sum(), (1 - buys).sum()) / min(clicks.sum(), (1 - clicks).sum())
    assert weights_of(1.0, train, ["click", "purchase"]) == pytest.approx([1, ratio])
    assert weights_of((1.0, 0.1), train, ["click", "purchase"]) == pytest.approx([1, 0.1])


def test_penalties_reach_the_trainer_and_share_its_graphs():
    made = small(0).split
    grid = {**SMALL, "learning_rate": (1e-2,), "task_weights": (0.0,), "dropout": (0.1, 0.5),
            "weight_decay": (1e-4, 1.0), "embedding_l2": (1e-6, 1.0)}  # fmt: skip
    one = shared_bottom(grid)
    trials = one.trials(8, 2)
    said = [one.fit(made, 0, trial, ["click"], "test")["click"] for trial in trials]
    assert len({chances[0] for chances in said}) == len(trials) == 8
    assert len(one.trainers.made) == 1
    trainer = one.trainers.made[0][3]
    assert (trainer.network.dropout, trainer.weight_decay, trainer.embedding_l2) == tuple(
        trials[-1][name] for name in ("dropout", "weight_decay", "embedding_l2")
    )


def test_each_task_keeps_its_own_best_epoch():
    made = small(0).split
    alone = {}
    for keep in ("sum", "each"):
        one = shared_bottom({**SMALL, "epochs": (12,), "patience": (12,), "keep": (keep,)})
        valid = one.fit(made, 0, one.trials(1, 2)[0], ["click", "purchase"], "valid")
        alone[keep] = [
            metrics.log_loss(made.valid.labels[task][rows], valid[task][rows])
            for task in ("click", "purchase")
            for rows in [made.valid.mask(task)]
        ]
    assert all(np.array(alone["each"]) <= np.array(alone["sum"])) and alone["each"] != alone["sum"]


# ---------------------------------------------------------------- judging


def test_what_float32_cannot_tell_apart_is_no_difference():
    p = np.random.default_rng(1).random(100_000)
    assert len(np.unique(p.astype("float32"))) < len(p)
    assert measures(p, p)["auc"] == measures(p, p.astype("float32"))["auc"]


def test_against_labels_measures_are_the_metrics_of_the_course():
    draw = np.random.default_rng(0)
    y, said = draw.integers(2, size=200), draw.integers(1, 9, size=200) / 10
    found = measures(y, said)
    assert found["auc"] == pytest.approx(metrics.auc(y, said))
    assert found["log_loss"] == pytest.approx(metrics.log_loss(y, said))
    assert found["calibration"] == pytest.approx(metrics.calibration_ratio(y, said))
    p = draw.random(200)
    drawn = [measures(draw.random(200) < p, said) for _ in range(1000)]
    for metric, value in measures(p, said).items():
        assert np.mean([one[metric] for one in drawn]) == pytest.approx(value, abs=0.01)


def test_a_split_without_truth_is_judged_on_its_sample_space():
    found = compare_all(lambda seed: small(seed).split, [Recorder(), logistic_regression()],
                        range(3), TUNING, 2)  # fmt: skip
    assert set(found.results["rows"]) == {"sample space"}
    assert len(found.table()) == 2
    with pytest.raises(CourseError, match="no contender 'MMoE'"):
        found.verdict("MMoE")
    with pytest.raises(CourseError, match="Nothing was judged on 'all rows'"):
        found.table(rows="all rows")


def test_calibration_is_as_bad_above_as_below():
    high, low = Recorder("high", {"chance": (0.9,)}), Recorder("low", {"chance": (0.25,)})
    found = compare_all(small, [high, low], range(3), TUNING)
    ratios = found.table("calibration")["click"]
    claim = found.verdict("high", "click", "calibration").claims["low"]
    want = np.log(ratios["high"]) + np.log(ratios["low"])
    assert (claim.low + claim.high) / 2 == pytest.approx(want, abs=0.01)


def test_the_worst_task_and_the_weakest_claim():
    found = compare_all(small, plain(), range(3), TUNING, 1)
    auc = found.results[found.results["scenario"].eq("all") & found.results["rows"].eq("all rows")]
    auc = auc.pivot(index=("contender", "seed"), columns="task", values="auc")
    both = auc[["click", "purchase"]]
    assert np.allclose(auc["worst"], both.min(axis=1)) and np.allclose(auc[MEAN], both.mean(axis=1))
    verdict = found.verdict("gradient boosting", WORST)
    assert verdict.weakest.p_value == max(one.p_value for one in verdict.claims.values())


def test_a_loss_is_corrected_for_the_number_of_rivals():
    def rival(name, half, n=6):
        return Claim(name, name, -1 - half, -1 + half, n)

    near = {name: rival(name, 0.99) for name in "abcde"}  # p just below .05
    assert all(one.word == "worse" for one in near.values())
    assert Verdict("x", "click", near, {}, "a").word == "open"
    far = Verdict("x", "click", {**near, "f": rival("f", 0.2)}, {}, "a")
    assert far.word == "loses" and far.loses_to == ["f"]


def test_two_that_say_the_same_are_not_told_apart():
    same = [Recorder("one", {"chance": (0.5,)}), Recorder("two", {"chance": (0.5,)})]
    verdict = compare_all(small, same, range(3), TUNING).verdict("one", "click")
    assert verdict.word == "open" and verdict.weakest.p_value == 1


def test_impossible_comparisons_are_refused_in_one_sentence():
    for match, contenders, seeds, tuning in [
        ("among both", [Recorder()], (0, 1), (1,)),
        ("different names", [Recorder(), Recorder()], (0, 1), (2,)),
    ]:
        with pytest.raises(CourseError, match=match):
            compare_all(small, contenders, seeds, tuning)
    with pytest.raises(CourseError, match="3 seeds or more"):
        compare_all(small, [Recorder(), logistic_regression()], (0, 1), (2,)).verdict("recorder")
    with pytest.raises(CourseError, match="must list one value"):
        Recorder(grid={"chance": ()})


def test_each_scenario_has_a_head_of_its_own():
    """What is clicked in one market is left in the other: one head cannot say both."""
    draw = np.random.default_rng(0)
    n = 1_200
    code, scenario = draw.integers(2, size=(2, n))
    wanted = (code == 1) ^ (scenario == 1)
    chances = np.where(wanted, 0.9, 0.1)
    labels = {"click": draw.random(n) < chances}
    rows = Rows(
        code[:, None], np.zeros((n, 0)), {"click": chances}, labels, masks={}, scenario=scenario
    )
    split = rows.cut(columns_of({"product": 2}, scenarios=2), 600, 300).split
    grid = {"trunk": ((8,),), "tower": ((),), "learning_rate": (1e-2,), "batch_size": (64,)}
    one = head_per_scenario(grid, "heads")
    said = one.fit(split, 0, one.trials(1, 1)[0], ["click"], "test")["click"]
    np.testing.assert_allclose(said, chances[900:], atol=0.1)
