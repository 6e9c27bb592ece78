"""The network that reads titles: held to formulas, to lesson 50's whiteboard, to its results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from lessons import answer_of
from scipy.special import softmax
from scripts import script_of
from sklearn.metrics import average_precision_score

from course_utils.backend import keras, tf
from course_utils.errors import CourseError
from course_utils.exercises import sources, tasks_of
from course_utils.exercises.markers import without_markers
from course_utils.labels.title_criteria import (
    StoppedTrainer,
    choice_loss,
    known_pr_auc,
    pair_vectorizer,
)
from course_utils.labels.titles import (
    POOLINGS,
    MaskedPooling,
    TitleTrainer,
    known_loss,
    probabilities,
    restart,
    title_network,
    title_vectorizer,
)
from course_utils.shop import Shop

IDS = [task.id for task in tasks_of("50")]


def _answer(id: str) -> Callable[..., Any]:
    cell = without_markers(sources.answer_cell(id))
    return answer_of(cell, sources.code_cells("50")[0])


@pytest.fixture(scope="module")
def titles() -> list[str]:
    table = Shop(0, n_products=60).listings
    return [f"{en} {zh}" for en, zh in zip(table["title_en"], table["title_zh"], strict=True)]


@pytest.fixture(scope="module")
def table(titles: list[str]) -> tuple[np.ndarray, np.ndarray, int]:
    """Numbers of tokens, labels that the titles name, and how many numbers there are."""
    vectorizer = title_vectorizer(titles)
    named = ["soft", "vegan", "防水"]
    labels = np.array([[float(one in title) for one in named] for title in titles])
    return np.asarray(vectorizer(titles)), labels, vectorizer.vocabulary_size()


@pytest.mark.parametrize("id", IDS)
def test_fits_on_a_whiteboard(id: str) -> None:
    lines = [line for line in sources.solution_text(id).splitlines() if line.strip()]
    assert 1 < len(lines) <= 20


# The vectoriser.


def test_tokens_and_numbers_equal_the_whiteboards(titles: list[str]) -> None:
    vectorizer = title_vectorizer(titles[:40])
    vocabulary = {str(one): at for at, one in enumerate(vectorizer.get_vocabulary()) if at > 1}
    odd = ["café 防 a-b", "", "一龥鿿 NEW", "x" * 30]
    for some in (titles[40:], odd):
        mine = _answer("50.2")([_answer("50.1")(one) for one in some], vocabulary, 1)
        np.testing.assert_array_equal(np.asarray(vectorizer(some)), mine)


def test_two_chinese_titles_share_their_characters() -> None:
    ids = np.asarray(title_vectorizer(["红色纯棉衬衫"])(["红色纯棉衬衫", "蓝色纯棉衬衫"]))
    assert len(set(ids[0]) & set(ids[1])) == 5
    assert (ids[1] == 1).sum() == 1


def test_a_vocabulary_is_of_training_titles_and_has_a_limit(titles: list[str]) -> None:
    assert title_vectorizer(titles, at_most=20).vocabulary_size() == 20
    assert np.asarray(title_vectorizer(["mug"])(["mug cup"])).tolist() == [[2, 1]]
    with pytest.raises(CourseError, match="at least one title"):
        title_vectorizer([])


def test_pairs_follow_the_single_tokens() -> None:
    vectorizer = pair_vectorizer(["soft mug", "soft mug 防水"], at_most=50)
    names = vectorizer.get_vocabulary()
    said = [names[at] for at in np.asarray(vectorizer(["non soft mug 防水"]))[0]]
    assert said == ["[UNK]", "soft", "mug", "防", "水", "[UNK]", "soft mug", "mug 防", "防 水"]
    assert pair_vectorizer(["soft mug", "soft mug 防水"], at_most=4).vocabulary_size() == 4
    with pytest.raises(CourseError, match="at least one title"):
        pair_vectorizer([], at_most=4)


# The network.


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("kernel", [0, 1, 3, 4])
def test_padding_leaves_no_trace(
    pooling: Any, kernel: int, table: tuple[np.ndarray, np.ndarray, int]
) -> None:
    ids, _, n = table
    network = title_network(n, 3, pooling=pooling, kernel=kernel, width=8)
    restart(network, 3)
    for variable in network.trainable_variables:  # a bias is what betrays padding
        if len(variable.shape) == 1:
            variable.assign(np.full(variable.shape, 0.7, "float32"))
    short = probabilities(network, ids)
    padded = probabilities(network, np.pad(ids, [(0, 0), (0, 20)]))
    np.testing.assert_allclose(padded, short, atol=1e-6)
    alone = probabilities(network, ids[:1, : (ids[0] > 0).sum()])
    np.testing.assert_allclose(alone, short[:1], atol=1e-6)
    assert np.isfinite(probabilities(network, np.zeros((2, 4)))).all()


def test_the_articles_padding_leaves_a_trace(table: tuple[np.ndarray, np.ndarray, int]) -> None:
    """The same measure finds the defect: no mask before the convolution, none in the pooling."""
    ids, _, n = table
    layers = keras.layers
    inputs = keras.Input((None,))
    x = layers.Conv1D(8, 3, padding="same", activation="relu")(layers.Embedding(n, 8)(inputs))
    network = keras.Model(inputs, layers.Dense(3)(layers.GlobalMaxPooling1D()(x)))
    restart(network, 3)
    padded = probabilities(network, np.pad(ids, [(0, 0), (0, 20)]))
    assert abs(padded - probabilities(network, ids[:, : (ids > 0).sum(axis=1).min()])).max() > 1e-3


def test_convolution_and_maximum_equal_the_whiteboard(
    table: tuple[np.ndarray, np.ndarray, int],
) -> None:
    ids, _, n = table
    network = title_network(n, 3, width=6, kernel=3)
    restart(network, 1)
    E, W, b, V, c = (np.asarray(one) for one in network.get_weights())
    b = b + 0.1
    network.set_weights([E, W, b, V, c])
    for row in range(0, 60, 7):
        u = _answer("50.6")(ids[row], E, W, b)
        z = np.asarray(network(ids[row : row + 1]))[0]
        np.testing.assert_allclose(z, u @ V + c, atol=1e-5)


def test_attention_equals_the_whiteboard_and_without_a_vector_the_mean() -> None:
    draw = np.random.default_rng(0)
    h = draw.normal(size=(4, 6, 5)).astype("float32")
    there = np.arange(6) < np.array([6, 1, 3, 0])[:, None]
    mask = there[:, :, None].astype("float32")
    pool = MaskedPooling("attention")
    got = np.asarray(pool((h, mask)))
    want = _answer("50.8")(h, there, np.asarray(pool.query)[:, 0])
    np.testing.assert_allclose(got, want, atol=1e-5)
    weights = np.asarray(pool.weights_of(h, mask))[:, :, 0]
    assert (weights[~there] == 0).all()
    np.testing.assert_allclose(weights.sum(axis=1), [1, 1, 1, 0], atol=1e-6)
    pool.query.assign(np.zeros((5, 1)))
    np.testing.assert_allclose(pool((h, mask)), MaskedPooling("mean")((h, mask)), atol=1e-6)


def test_a_network_survives_the_disk(
    tmp_path: Path, table: tuple[np.ndarray, np.ndarray, int]
) -> None:
    ids, _, n = table
    network = title_network(n, 3, pooling="attention", width=4)
    network.save(tmp_path / "titles.keras")
    again = keras.models.load_model(tmp_path / "titles.keras")
    np.testing.assert_allclose(probabilities(again, ids), probabilities(network, ids), atol=1e-6)


@pytest.mark.parametrize("wrong", [{"n_tokens": 1}, {"n_labels": 0}, {"width": 0}, {"kernel": -1}])
def test_sizes_that_make_no_network_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CourseError, match="A network needs"):
        title_network(**({"n_tokens": 9, "n_labels": 2} | wrong))
    with pytest.raises(CourseError, match="one of max, mean, attention"):
        title_network(9, 2, pooling="median")  # type: ignore[arg-type]


# The loss and the training.


def test_the_loss_equals_the_whiteboard_and_leaves_gaps_out() -> None:
    draw = np.random.default_rng(0)
    z = (draw.normal(size=(5, 4)) * 30).astype("float32")
    y = (draw.random((5, 4)) < 0.5).astype("float32")
    assert float(known_loss(y, z)) == pytest.approx(_answer("50.3")(y, z)[0], rel=1e-5)
    gaps = np.where(draw.random((5, 4)) < 0.5, np.nan, y).astype("float32")
    known = ~np.isnan(gaps)
    want = _answer("50.3")(y[known][None], z[known][None])[0]
    assert float(known_loss(gaps, z)) == pytest.approx(want, rel=1e-5)
    assert float(known_loss(np.full((2, 2), np.nan, "float32"), z[:2, :2])) == 0.0


def test_training_learns_stops_and_keeps_the_best(
    table: tuple[np.ndarray, np.ndarray, int],
) -> None:
    ids, labels, n = table
    trainer = TitleTrainer(title_network(n, 3, pooling="mean", kernel=0, width=8), batch=8)
    parts = (ids[:40], labels[:40]), (ids[40:], labels[40:])
    longer = trainer.fit(*parts, seed=1, learning_rate=0.1, epochs=25, patience=25)
    assert len(longer) == 25 and min(longer) < 0.95 * longer[0]
    losses = trainer.fit(*parts, seed=1, learning_rate=0.1, epochs=25, patience=2)
    ran, kept = _answer("50.7")(longer, 2)
    assert len(losses) == ran and int(np.argmin(losses)) + 1 == kept
    np.testing.assert_allclose(losses, longer[:ran], atol=1e-5)
    now = float(known_loss(labels[40:].astype("float32"), trainer.network(ids[40:])))
    assert now == pytest.approx(min(losses), abs=1e-5)


def test_pr_auc_equals_sklearns_with_ties_and_gaps() -> None:
    draw = np.random.default_rng(0)
    y = (draw.random((60, 5)) < 0.2).astype(float)
    p = draw.integers(8, size=y.shape) / 8.0
    assert known_pr_auc(y, p) == pytest.approx(average_precision_score(y, p, average="macro"))
    assert known_pr_auc(y, p) == pytest.approx(_answer("50.4")(y.astype(int), p))
    gaps = np.where(draw.random(y.shape) < 0.5, np.nan, y)
    gaps[:, 4] = np.nan
    known = [~np.isnan(one) for one in gaps.T[:4]]
    each = [average_precision_score(y[k, j], p[k, j]) for j, k in enumerate(known)]
    assert known_pr_auc(gaps, p) == pytest.approx(np.mean(each))
    assert known_pr_auc(np.zeros((3, 2)), p[:3, :2]) == 0.0


def test_a_choice_is_a_softmax_for_each_question() -> None:
    z = np.random.default_rng(0).normal(size=(4, 5)).astype("float32")
    y = np.array([[1, 0, 0, 0, 1], [0, 1, 1, 0, 0], [1, 0, 0, 1, 0], [0, 1, 0, 0, 1]], "float32")
    y[3, 2:] = np.nan  # nobody was asked the second question
    p = [softmax(part, axis=1) for part in (z[:, :2], z[:, 2:])]
    first = -np.log(p[0][range(4), [0, 1, 0, 1]]).mean()
    second = -np.log(p[1][range(3), [2, 0, 1]]).mean()
    assert float(choice_loss([2, 3])(y, z)) == pytest.approx((first + second) / 2, rel=1e-5)
    unknown = np.full_like(y[:, :2], np.nan)
    assert float(choice_loss([2])(unknown, z[:, :2])) == 0.0


def test_labels_of_one_network_are_tasks_with_one_trunk(
    table: tuple[np.ndarray, np.ndarray, int],
) -> None:
    """Lesson 20's Shared-Bottom; without a common embedding no task moves another one's."""
    ids, labels, n = table
    y = labels.astype("float32")
    network = title_network(n, 3, pooling="mean", kernel=0, width=4)
    with tf.GradientTape(persistent=True) as tape:
        z = network(ids)
        whole = known_loss(y, z)
        tasks = [known_loss(y[:, [j]], z[:, j : j + 1]) for j in range(3)]
    E, V, _ = network.trainable_variables
    trunk = np.array([tf.convert_to_tensor(tape.gradient(one, E)) for one in tasks])
    both = tf.convert_to_tensor(tape.gradient(whole, E))
    np.testing.assert_allclose(both, trunk.mean(axis=0), atol=1e-7)
    assert trunk.any(axis=(1, 2)).all()
    towers = [np.asarray(tape.gradient(one, V)).any(axis=0) for one in tasks]
    np.testing.assert_array_equal(towers, np.eye(3, dtype=bool))


def test_a_criterion_stops_and_chooses(table: tuple[np.ndarray, np.ndarray, int]) -> None:
    ids, labels, n = table
    network = title_network(n, 3, pooling="mean", kernel=0, width=8)
    trainer = StoppedTrainer(network, known_pr_auc, batch=8)
    parts = (ids[:40], labels[:40]), (ids[40:], labels[40:])
    longer = trainer.fit(*parts, seed=1, learning_rate=0.02, epochs=12, patience=12)
    said = trainer.fit(*parts, seed=1, learning_rate=0.02, epochs=12, patience=2)
    ran, _ = _answer("50.7")(longer, 2)
    assert len(said) == ran
    now = known_pr_auc(labels[40:], probabilities(network, ids[40:]))
    assert now == pytest.approx(-min(said), abs=1e-6)


def test_another_loss_is_the_one_that_is_learnt(
    table: tuple[np.ndarray, np.ndarray, int],
) -> None:
    """The loss of one choice falls; a loss that asks for nothing moves nothing."""
    ids, labels, n = table
    y = np.stack([labels[:, 0], 1 - labels[:, 0]], axis=1).astype("float32")
    network, loss = title_network(n, 2, pooling="mean", kernel=0, width=8), choice_loss([2])

    def kept(truth: np.ndarray, z: np.ndarray) -> float:
        return -float(loss(truth, z))

    said = {
        learnt: StoppedTrainer(network, kept, learnt, batch=8).fit(
            (ids, y), (ids, y), seed=1, learning_rate=0.1, epochs=20, patience=20
        )
        for learnt in (loss, lambda y, z: 0 * tf.reduce_sum(z))
    }
    falls, stays = said.values()
    assert min(falls) < 0.3 * falls[0] and len(set(stays)) == 1


def test_a_seed_says_all(table: tuple[np.ndarray, np.ndarray, int]) -> None:
    ids, labels, n = table
    trainer = TitleTrainer(title_network(n, 3, width=4, dropout=0.5), batch=8)
    parts = (ids[:40], labels[:40]), (ids[40:], labels[40:])
    runs = [trainer.fit(*parts, seed=seed, epochs=2) for seed in (0, 1, 0)]
    assert runs[0] == runs[2] != runs[1]


def test_titles_without_labels_are_refused(table: tuple[np.ndarray, np.ndarray, int]) -> None:
    ids, labels, n = table
    trainer = TitleTrainer(title_network(n, 3, width=4))
    for train in ((ids, labels[:-1]), (ids[:0], labels[:0])):
        with pytest.raises(CourseError, match="a row of labels for each"):
            trainer.fit(train, (ids, labels), seed=0)


# What lesson 50 shows of them.


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return script_of("title_networks")


@pytest.fixture(scope="module")
def kept(script: ModuleType) -> dict[str, Any]:
    found: dict[str, Any] = script.STORED.load()
    return found


@pytest.mark.parametrize("name", ["ranked", "encoder", "english"])
def test_a_small_version_of_the_others_is_recomputed(script: ModuleType, name: str) -> None:
    one = script_of(f"title_networks_{name}")
    kept = one.STORED.load()
    if name == "ranked":
        assert one.small()["mean"] == pytest.approx(kept["small"]["mean"], abs=0.02)
    if name == "encoder":
        assert one.small() == pytest.approx(kept["small"], abs=1e-3)
    if name == "english":
        again = script.on_shops(kept["chosen"], one.WAYS, one.titles, [0])[one.ENGLISH]
        assert again["PR-AUC"] == pytest.approx(
            kept["contest"][one.ENGLISH]["PR-AUC"][:1], abs=1e-3
        )


def test_a_small_version_is_recomputed(script: ModuleType, kept: dict[str, Any]) -> None:
    again = script.small()
    assert list(again) == list(kept["small"])
    np.testing.assert_allclose(list(again.values()), list(kept["small"].values()), atol=0.02)


def test_parts_of_a_shop_share_no_title(script: ModuleType) -> None:
    text = script.titles(0)
    parts = [set(part.tolist()) for part in (text.train, text.valid, text.test)]
    assert [len(part) for part in parts] == [script.TRAIN, script.VALID, script.JUDGED]
    assert len(set.union(*parts)) == sum(map(len, parts))


def test_nothing_ranks_much_better_than_the_truth(kept: dict[str, Any]) -> None:
    best = np.mean(kept["contest"]["Bayes-optimal"]["PR-AUC"])
    for name, scores in kept["contest"].items():
        assert np.mean(scores["PR-AUC"]) <= best + 0.005, name


def test_an_absent_label_is_named_with_non_and_a_true_one_is_not(script: ModuleType) -> None:
    text = script.negated(0)
    soft = script.LABEL_NAMES.index("soft")
    false = [t for t, has in zip(text.texts, text.y[:, soft], strict=True) if not has]
    true = [t for t, has in zip(text.texts, text.y[:, soft], strict=True) if has]
    assert any("non soft" in one.lower() for one in false)
    assert not any("non soft" in one.lower() for one in true)


def test_where_order_counts_the_rule_never_errs_and_nothing_beats_the_truth(
    script: ModuleType,
) -> None:
    rivals = script_of("title_networks_rivals")
    text = script.negated(0)
    assert (text.y[rivals.AFFIRMED(text)] == 1).all() and (text.y[rivals.DENIED(text)] == 0).all()
    p = rivals.truth(text)
    parts = [(p >= low) & (p < low + 0.05) for low in np.arange(0.0, 1.0, 0.05)]
    parts = [cells for cells in parts if cells.sum() >= 500]
    assert len(parts) > 3
    for cells in parts:  # calibrated: it is the truth of the shop
        assert text.y[cells].mean() == pytest.approx(p[cells].mean(), abs=0.03)
    stored = rivals.STORED.load()
    kept = stored["negated"] | stored["negated, pairs"]
    best = np.mean(kept["Bayes-optimal"]["PR-AUC"])
    assert all(np.mean(one["PR-AUC"]) <= best for one in kept.values())


def test_the_plain_rivals_read_what_the_networks_read(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mean network's columns are shares: ten times one a title, and no padding among them."""
    rivals = script_of("title_networks_rivals")
    seen: list[Any] = []
    monkeypatch.setattr(rivals, "regressions", lambda text, columns, C: seen.append(columns))
    text = script.titles(script.SIXTH)
    rivals.token_shares(text, 1.0)
    rivals.same_tokens(text, 1.0)
    text_of_order = script.negated(script.SIXTH)
    for norm in (None, "l2"):
        rivals.present(norm, text_of_order, 1.0)
    shares, tokens, ones, short = seen
    assert set(ones.data) == {1.0} and ones.shape == short.shape
    length = np.sqrt(short.multiply(short).sum(axis=1))
    assert np.allclose(length[ones.sum(axis=1) > 0], 1.0)
    words = script.tf_idf(text_of_order.texts, text_of_order.train).shape[1]
    assert ones.shape[1] > 1.5 * words  # pairs beside them
    np.testing.assert_allclose(shares.sum(axis=1), 10.0)
    assert shares[:, 0].sum() == 0
    known = len(np.unique(text.ids[text.train])) - 1  # without padding
    assert tokens.shape[1] >= known and tokens.shape[0] == len(text.texts)


def test_without_idf_a_title_is_its_counts_made_one_long(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    rivals = script_of("title_networks_rivals")
    seen: list[Any] = []
    monkeypatch.setattr(rivals, "regressions", lambda text, columns, C: seen.append(columns))
    text = script.titles(script.SIXTH)
    for way in (rivals.same_tokens, rivals.tokens_plain):
        way(text, 1.0)
    weighed, plain = seen
    assert (weighed != 0).nnz == (plain != 0).nnz  # the same columns in the same titles
    english = script.tf_idf(
        text.table["title_en"].tolist(), text.train, min_df=1, token_pattern="[a-z0-9-]+"
    ).shape[1]
    row = plain[0, :english].toarray().ravel()
    counts = row / row[row > 0].min()
    np.testing.assert_allclose(counts, counts.round(), atol=1e-9)
    assert row @ row == pytest.approx(1.0)


@pytest.mark.filterwarnings("ignore:Label not")  # among 150 titles some labels are absent
def test_the_rows_without_idf_or_with_l1_are_recomputed_and_all_have_equal_trials(
    script: ModuleType,
) -> None:
    rivals, films = script_of("title_networks_rivals"), script_of("title_networks_films")
    kept = rivals.STORED.load()
    for part, choice, ways, make in [
        ("contest, no idf", "chosen, no idf", rivals.WITHOUT, script.titles),
        ("few", "chosen, few", rivals.FEW, rivals.few),
        ("contest, L1", "chosen, L1", rivals.SPARSE, script.titles),
        ("few, L1", "chosen, few, L1", rivals.SPARSE_FEW, rivals.few),
        ("negated, L1", "chosen, pairs, L1", rivals.SPARSE_ORDER, script.negated),
    ]:
        for name, scores in script.on_shops(kept[choice], ways, make, [0]).items():
            assert scores["PR-AUC"] == pytest.approx(kept[part][name]["PR-AUC"][:1], abs=1e-3)
    ways = films.WAYS | rivals.WITHOUT | rivals.SPARSE | rivals.SPARSE_SHARES | rivals.SPARSE_ORDER
    assert {len(settings) for _, settings in ways.values()} == {1, 3}
