"""Lesson 32: sharing and size, adapters, students, rounding: made by today's code, and bounded."""

from __future__ import annotations

import ast
import json
from itertools import combinations

import numpy as np
import pytest
from cached import needs
from scipy import stats
from scripts import script_of, stored_by

from checks.l32.t2_encoder_cost import right as right_encoder
from checks.l32.t3_training_bytes import right as right_memory
from course_utils import paths
from course_utils.encoder import MINILM

SCRIPTS = (
    "sharing_or_size",
    "one_snapshot",
    "one_snapshot_widths",
    "adapted_reviews",
    "adapted_full",
    "distilled_reviews",
    "rounded_encoder",
    "rounded_outliers",
    "students_rivals",
    "students_both",
    "text_latency",
    "generator_speed",
)

SMALL = {  # what a small part of it needs
    "sharing_or_size": (),
    "one_snapshot": (),
    "one_snapshot_widths": (),
    "adapted_reviews": ("clothing_reviews",),
    "adapted_full": ("clothing_reviews",),
    "distilled_reviews": ("clothing_reviews",),
    "students_rivals": ("clothing_reviews",),
    "students_both": ("clothing_reviews",),
    "text_latency": ("clothing_reviews",),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_small_part_is_recomputed(name: str) -> None:
    if SMALL[name]:
        needs(*SMALL[name])
    assert script_of(name).small() == pytest.approx(stored_by(name)["small"], abs=0.005)


def test_the_outliers_are_recomputed() -> None:
    needs("MINILM")
    script, kept = script_of("rounded_outliers"), stored_by("rounded_outliers")
    assert script.ratios() == kept["ratios"] and len(kept["ratios"]) == 36
    above = [name for name, ratio in kept["ratios"].items() if ratio > script.ABOVE]
    for part in list(script.PARTS)[1:]:
        assert kept[part]["matrices"] == len(above)


def test_the_runner_reads_faster_than_it_writes() -> None:
    """The runner is no requirement: what is stored is held against itself."""
    kept = stored_by("generator_speed")["speeds"]
    least, median, most = kept["written"]
    assert least <= median <= most < kept["read"]


def test_the_chosen_trial_has_the_least_validation_loss() -> None:
    script, kept = script_of("adapted_reviews"), stored_by("adapted_reviews")
    for way, rates in script.RATES.items():
        one = kept[way]
        assert list(one["tried"]) == [f"{rate:g}" for rate in rates]
        assert one["chosen"] == min(one["tried"], key=lambda rate: one["tried"][rate][0])


@pytest.mark.parametrize(
    ("name", "way"), [("one_snapshot", "one trunk"), ("one_snapshot_widths", "one trunk, wide")]
)
def test_one_trunk_keeps_one_snapshot_and_has_every_rate(name: str, way: str) -> None:
    """The served trunk: ten trials, the least loss chosen, a single epoch a shop."""
    script, kept = script_of("one_snapshot"), stored_by(name)
    (tasks,) = kept[way]["tried"]
    tried = kept[way]["tried"][tasks]
    assert [tuple(one[:2]) for one in tried] == script.trials(True)
    assert kept[way]["chosen"][tasks] == min(tried, key=lambda one: one[2])[:2]
    epochs = kept[way]["epoch"].values()
    assert len({tuple(of) for of in epochs}) == 1
    assert all(epoch < script.EPOCHS - 1 for of in epochs for epoch in of)


@pytest.mark.parametrize(
    ("name", "way"),
    [("one_snapshot", "three networks"), ("one_snapshot_widths", "three networks, narrow")],
)
def test_every_width_has_the_same_rates_and_epochs(name: str, way: str) -> None:
    """No network of one task is stopped by the most epochs allowed, and each has five trials."""
    script, kept = script_of("one_snapshot"), stored_by(name)
    for task, tried in kept[way]["tried"].items():
        assert [tuple(one[:2]) for one in tried] == script.trials(False)
        assert kept[way]["chosen"][task] == min(tried, key=lambda one: one[2])[:2]
        assert max(kept[way]["epoch"][task]) + script.base.PATIENCE < script.EPOCHS


@pytest.mark.parametrize("name", ["adapted_reviews", "adapted_full"])
def test_every_training_ended_by_its_validation(name: str) -> None:
    """None was stopped at the most epochs allowed: the best is ``PATIENCE`` checks before."""
    script, base, kept = script_of(name), script_of("adapted_reviews"), stored_by(name)
    check = base.EVERY * base.BATCH / script.LABELS
    runs = [one for part, one in kept.items() if part.rpartition(" ")[0].endswith("split")]
    assert len(runs) in (5, 10, 15)
    for one in runs:
        assert one["epochs"] - one["epoch"] == pytest.approx(base.PATIENCE * check)
        assert one["epochs"] < base.MOST * check
        assert one["valid"] <= one["valid at the start"]


def test_the_same_teacher_teaches_the_same() -> None:
    """Arms that two scripts have in common agree."""
    other, first = stored_by("students_rivals"), stored_by("distilled_reviews")
    for m in script_of("students_rivals").LABELS:
        for name, known in (
            ("TF-IDF", "TF-IDF"),
            ("MiniLM", "teacher"),
            ("TF-IDF taught by MiniLM, soft", "TF-IDF, distilled"),
            ("TF-IDF taught by MiniLM, hard", "TF-IDF, rounded teacher"),
            ("TF-IDF taught by TF-IDF, hard", "TF-IDF, self-trained"),
            ("static taught by MiniLM, soft", "static, distilled"),
        ):
            now, then = (of[f"{m} labels"] for of in (other, first))
            assert now[name]["auc"] == pytest.approx(then[known]["auc"], abs=0.002)


def test_reviews_do_not_repeat() -> None:
    needs("clothing_reviews")
    texts = script_of("distilled_reviews").reviews()[0]
    assert (len(texts), len(texts) - len(set(texts))) == (22_641, 5)


def test_the_median_review_is_filled_up_to_128_tokens() -> None:
    needs("MINILM", "clothing_reviews")
    from course_utils.encoder.vectors import LENGTHS, _opened

    script = script_of("distilled_reviews")
    rows = script.split(0, 1_024)
    short = np.random.default_rng(1).permutation(rows.test)[:200]
    many = float(np.median([len(_opened(MINILM)[1](script.reviews()[0][k], 256)) for k in short]))
    assert 70 < many < 85 and next(one for one in LENGTHS if one >= many) == 128


def test_test_products_are_unseen() -> None:
    needs("clothing_reviews")
    script = script_of("adapted_reviews")
    product, judged = script.pool()[2], []
    for seed in (*script.SEEDS, script.TUNING_SEED):
        rows = script.split(seed, script.LABELS)
        learnt = set(product[np.concatenate([rows.train, rows.valid])])
        assert not learnt & set(product[rows.test]) and len(rows.train) == script.LABELS
        judged.append(rows.test)
    # The five splits judge by different reviews, and by all of them.
    assert sorted(np.concatenate(judged[:5])) == list(range(script.POOL))
    other = script_of("distilled_reviews")
    product = other.reviews()[2]
    for seed in other.SEEDS:
        rows = other.split(seed, 1_024)
        learnt = set(product[np.concatenate([rows.train, rows.valid, rows.bare])])
        assert not learnt & set(product[rows.test])
        assert len(rows.train) + len(rows.valid) == 1_024


OVERLAP = {"reviews": 1 / 4, "student": 0.16, "rival": 0.16, "bits": 1.0}
"""Test reviews for each other review, by the first word of a claim's name."""


def _pair(name: str) -> tuple[list[float], list[float]]:
    adapted, rounded = stored_by("adapted_reviews"), stored_by("rounded_encoder")
    distilled, both = stored_by("distilled_reviews"), stored_by("students_both")
    alone = stored_by("students_rivals")["256 labels"]["TF-IDF"]
    heads = adapted["heads"]
    losses = (of["log_loss"] for of in (heads["TF-IDF"], heads["head, 256 tokens"]))
    few = distilled["256 labels"]
    pairs = {
        "reviews-lora-head": (adapted["LoRA"]["auc"], heads["head, 32 tokens"]["auc"]),
        "reviews-loss-head": tuple(losses),
        "student-self-256": (few["TF-IDF, self-trained"]["auc"], few["TF-IDF"]["auc"]),
        "student-loss-256": (few["teacher"]["log_loss"], few["TF-IDF"]["log_loss"]),
        "rival-both-256": (both["256 labels"]["both"]["auc"], alone["auc"]),
        "bits-8-bits-a-matrix": (rounded["8 bits, a matrix"]["auc"], rounded["32 bits"]["auc"]),
        "bits-five": (
            stored_by("rounded_outliers")["outliers by unit, others by matrix"]["auc"],
            rounded["8 bits, a matrix"]["auc"],
        ),
    }
    found: tuple[list[float], list[float]] = pairs[name]
    return found


@pytest.mark.parametrize(
    "name",
    [
        "reviews-lora-head",
        "reviews-loss-head",
        "student-self-256",
        "student-loss-256",
        "rival-both-256",
        "bits-8-bits-a-matrix",
        "bits-five",
    ],
)
def test_splits_of_the_same_reviews_have_nadeau_and_bengios_interval(name: str) -> None:
    """Five of them: the root of 1 + 5 overlap times as wide as five independent results have."""
    found = json.loads((paths.RESULTS / "lessons" / "32.json").read_text("utf-8"))[f"32.{name}"]
    method, baseline = _pair(name)
    low, high = stats.ttest_1samp(np.subtract(method, baseline), 0).confidence_interval(0.95)
    wider = (1 + 5 * OVERLAP[name.partition("-")[0]]) ** 0.5
    assert found["high"] - found["low"] == pytest.approx(wider * (high - low), rel=2e-3)
    assert found["high"] + found["low"] == pytest.approx(high + low, abs=1e-4)


def test_no_claim_over_splits_or_folds_forgets_what_they_share() -> None:
    source = (paths.ROOT / "solutions" / "32_resource_efficiency.py").read_text("utf-8")
    seen = set()
    for call in ast.walk(ast.parse(source)):
        given = {one.arg: one.value for one in getattr(call, "keywords", ())}
        pairs = getattr(given.get("pairs"), "value", "")
        if pairs in ("splits", "folds"):
            assert isinstance(call, ast.Call)
            name = ast.unparse(call.args[0]).split("32.")[1].partition("-")[0]
            assert float(eval(ast.unparse(given["overlap"]))) == OVERLAP[name], ast.unparse(call)
            seen.add(name)
    assert seen == set(OVERLAP)
    records = json.loads((paths.RESULTS / "lessons" / "32.json").read_text("utf-8"))
    for name, of in records.items():
        assert (name[3:].partition("-")[0] in OVERLAP) == (of["pairs"] != "shops")


def test_what_splits_share_is_what_the_lesson_says() -> None:
    """The shares of common rows that the text prints, and test reviews for each other one."""
    needs("clothing_reviews")

    def common(rows: list[np.ndarray]) -> tuple[float, float]:
        shares = [
            len(np.intersect1d(a, b)) / len(one) for a, b in combinations(rows, 2) for one in (a, b)
        ]
        return round(min(shares), 2), round(max(shares), 2)

    adapted = script_of("adapted_reviews")
    folds = [adapted.split(seed, adapted.LABELS) for seed in adapted.SEEDS]
    assert common([of.test for of in folds]) == (0, 0)
    assert common([of.train for of in folds]) == (0.06, 0.1)
    assert {len(of.test) / (adapted.POOL - len(of.test)) for of in folds} == {OVERLAP["reviews"]}

    students = script_of("distilled_reviews")
    tests = [students.split(seed, 256).test for seed in students.SEEDS]
    assert common(tests) == (0.02, 0.22)
    many = len(students.reviews()[0])
    ratio = np.mean([len(of) / (many - len(of)) for of in tests])
    assert ratio == pytest.approx(OVERLAP["student"], abs=0.005)
    for other in ("students_rivals", "students_both"):
        assert script_of(other).base is students

    bits = script_of("rounded_encoder")
    product = bits.reviews()[2]
    names, code = np.unique(product, return_inverse=True)
    halves = []
    for seed in bits.SEEDS:  # as in ``aucs``
        order = np.random.default_rng(seed).permutation(len(names))
        cut = int(np.searchsorted(np.cumsum(np.bincount(code)[order]), bits.REVIEWS // 2))
        halves.append(np.flatnonzero(~np.isin(code, order[:cut])))
    assert common(halves) == (0.42, 0.66)
    ratio = np.mean([len(of) / (bits.REVIEWS - len(of)) for of in halves])
    assert ratio == pytest.approx(OVERLAP["bits"], abs=0.03)


def test_what_was_trained_is_what_the_formula_counts() -> None:
    kept = stored_by("adapted_reviews")
    d, h = 384, 1_536
    head = d + 1
    assert kept["LoRA"]["trained"] == 2 * 8 * 2 * d + head
    block = right_encoder(1, d, h, 1, 1)[0] - d - 2 * d
    assert kept["full"]["trained"] == block + head
    assert kept["biases"]["trained"] == 9 * d + h + head


def _sharing_saves_and_size_costs(counted: dict[str, int]) -> bool:
    """One trunk costs less than three networks, at both sizes; what is wide costs more."""
    shared, apart = counted["one trunk"], counted["three networks"]
    wide, wide_apart = counted["one trunk, wide"], counted["three networks, wide"]
    return shared < apart and wide < wide_apart and wide > shared and wide > apart


def test_e17() -> None:
    """E17: the saving credited to size. Counts in which the wide trunk is the cheap one fail."""
    kept = stored_by("sharing_or_size")
    for what in ("multiply_adds", "dense"):
        counted = {way: kept[way][what] for way in script_of("sharing_or_size").WAYS}
        assert _sharing_saves_and_size_costs(counted)
        swapped = counted | {
            "one trunk": counted["one trunk, wide"],
            "one trunk, wide": counted["one trunk"],
        }
        assert not _sharing_saves_and_size_costs(swapped)


def test_the_counts_are_those_of_the_objects() -> None:
    script, kept = script_of("sharing_or_size"), stored_by("sharing_or_size")
    inputs = len(script.CATEGORICAL) * script.EMBEDDING + len(script.NUMERIC)
    for way, (trunk, shared) in script.WAYS.items():
        parts = [script.by_formula(inputs, trunk, len(of)) for of in script.groups(shared)]
        assert kept[way]["dense"] == sum(one for one, _ in parts)
        assert kept[way]["multiply_adds"] == sum(one for _, one in parts)


@pytest.mark.parametrize("share", ["matrix", "unit", "group"])
@pytest.mark.parametrize("bits", [4, 8])
def test_half_a_step_bounds_every_error(bits: int, share: str) -> None:
    script, draw = script_of("rounded_encoder"), np.random.default_rng(bits)
    for axis in (0, 1):
        w = (draw.normal(size=(64, 96)) * 10.0 ** draw.integers(-3, 2, (64, 1))).astype("float32")
        w[:, 5] = 0.0
        back = script.rounded(w, bits, share, axis)
        bound = np.abs(w).max() / (2 ** (bits - 1) - 1) / 2
        assert np.abs(back - w).max() <= bound * 1.001
        # Rounding what is rounded changes nothing, and no weight changes its sign.
        np.testing.assert_allclose(script.rounded(back, bits, share, axis), back, rtol=1e-5)
        assert (back * w >= 0).all() and (back[:, 5] == 0).all()


def test_fewer_share_a_scale_less_is_lost() -> None:
    script, draw = script_of("rounded_encoder"), np.random.default_rng(3)
    w = draw.normal(size=(64, 96)).astype("float32")
    w[3, 4] = 100.0
    lost = [
        float(((script.rounded(w, 8, share, 0) - w) ** 2).sum())
        for share in ("matrix", "unit", "group")
    ]
    assert lost[0] > 10 * lost[1] > lost[1] > lost[2]


def test_an_adapter_starts_as_the_layer_it_adapts() -> None:
    script = script_of("adapted_reviews")
    keras = script.keras
    layer = keras.layers.Dense(6)
    x = np.random.default_rng(0).normal(size=(5, 8)).astype("float32")
    before = np.asarray(layer(x))
    adapter = script.LoRA(layer, 2, 8.0)
    adapter.start(0)
    np.testing.assert_array_equal(np.asarray(adapter(x)), before)
    assert np.abs(np.asarray(adapter.down)).min() > 0
    adapter.up.assign(np.ones((2, 6)))
    wanted = before + 8.0 * (x @ np.asarray(adapter.down) @ np.ones((2, 6)))
    np.testing.assert_allclose(np.asarray(adapter(x)), wanted, rtol=1e-4, atol=1e-4)


def test_memory_agrees_with_the_lesson() -> None:
    """LoRA on all six blocks, and none: what is saved are gradients and moments."""
    d, frozen = 384, 22_565_376
    whole = right_memory(0, [(1, frozen - 1)], 1, 0)
    lora = right_memory(frozen, [(d, d)] * 12, 8, 0)
    assert whole == 16 * frozen and lora == 4 * frozen + 16 * 12 * 8 * 2 * d


def test_the_formula_counts_the_encoder() -> None:
    needs("MINILM")
    script = script_of("rounded_encoder")
    encoder = script.load_encoder(MINILM)
    assert right_encoder(1, 384, 1_536, 6, 31_036)[0] == encoder.count_params()
    assert script.size(32, "none") == 4 * encoder.count_params()


def test_the_stored_files_are_small() -> None:
    for name in SCRIPTS:
        file = paths.RESULTS / f"{name}.json"
        assert file.stat().st_size < 1_000_000
        json.loads(file.read_text(encoding="utf-8"))
