"""Titles, labels and queries: words alone find what they name, and miss what they do not."""

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, ndcg_score
from sklearn.multiclass import OneVsRestClassifier

from course_utils.shop import Shop
from course_utils.shop.labels import LABELS
from course_utils.shop.words import KINDS


@pytest.fixture(scope="module")
def shop():
    return Shop()


@pytest.fixture(scope="module")
def has(shop):
    """Which product has which label."""
    labels = shop.listings["labels"].str.get_dummies("|")
    return labels[[label.en for label in LABELS]].to_numpy().astype(bool)


@pytest.fixture(scope="module")
def large():
    return Shop(n_users=20, n_products=10_000)


def test_the_category_tree_is_a_tree(large):
    listings = large.listings
    assert listings["product_id"].equals(large.products["product_id"])
    assert listings["category"].equals(large.products["category"])
    for child, parent, nodes in (("kind", "category", 120), ("category", "department", 24)):
        assert listings[child].nunique() == nodes
        assert (listings.groupby(child, observed=True)[parent].nunique() == 1).all()
    assert listings["department"].nunique() == 6


def test_titles_name_kind_and_brand_and_no_label_that_is_not_there(shop, has):
    titles = shop.listings[["title_en", "title_zh"]].assign(kind=shop.listings["kind"])
    zh = {kind.en: kind.zh for kind in KINDS}
    for (en, chinese, kind), brand in zip(
        titles.itertuples(index=False), shop.products["brand"], strict=True
    ):
        assert kind.lower() in en.lower() and zh[kind] in chinese
        assert brand in en and brand.replace("Brand ", "品牌") in chinese
    for column, word in (("title_en", "en"), ("title_zh", "zh")):
        for place, label in enumerate(LABELS):
            name = label.zh if word == "zh" else rf"\b{label.en}\b"
            named = titles[column].str.lower().str.contains(name)
            assert not (named & ~has[:, place]).any(), label
    named = titles["title_en"].str.lower().str.contains("portable", regex=False)
    assert named[has[:, 2]].mean() == pytest.approx(0.75, abs=0.08)
    assert titles["title_en"].nunique() > 990


def test_products_have_several_labels_some_rare_some_common(large):
    labels = large.listings["labels"].str.get_dummies("|")
    assert 2 < labels.sum(axis=1).mean() < 4 and labels.sum(axis=1).min() == 1
    assert labels.shape[1] == len(LABELS)
    assert labels.mean().min() < 0.03 and labels.mean().max() > 0.25


def test_labels_of_a_theme_come_together(large):
    labels = large.listings["labels"].str.get_dummies("|")
    theme = np.array([{label.en: label.theme for label in LABELS}[name] for name in labels])
    corr = labels.corr().to_numpy()
    same = (theme[:, None] == theme) & ~np.eye(len(theme), dtype=bool)
    assert corr[same].mean() > 0.1 > 0.02 > abs(corr[theme[:, None] != theme].mean())


def test_label_chances_are_the_chances(large):
    labels = large.listings["labels"].str.get_dummies("|")
    chances = large.label_chances
    assert list(chances.index) == list(large.products["product_id"])
    for label in LABELS:
        chance = chances[label.en]
        high = chance > chance.mean()
        for some in (high, ~high):
            mean = chance[some].mean()
            error = labels.loc[some.to_numpy(), label.en].mean() - mean
            assert abs(error) < 4 * np.sqrt(mean / some.sum()), label.en


@pytest.mark.parametrize(
    ("column", "how"),
    [("title_en", {"analyzer": "word"}), ("title_zh", {"analyzer": "char", "ngram_range": (1, 3)})],
)
def test_labels_can_be_told_from_titles_not_perfectly(large, column, how):
    labels = large.listings["labels"].str.get_dummies("|").to_numpy()
    x = TfidfVectorizer(**how).fit_transform(large.listings[column])
    model = OneVsRestClassifier(LogisticRegression(C=10.0)).fit(x[:3000], labels[:3000])
    micro = f1_score(labels[3000:6000], model.predict(x[3000:6000]), average="micro")
    assert 0.7 < micro < 0.95


# ---------------------------------------------------------------- queries


def test_there_are_600_distinct_queries_and_each_can_be_met(shop, large):
    for one in (shop, large):
        queries = one.queries
        assert len(queries) == 600 == queries["text"].nunique()
        assert set(queries["language"]) == {"en", "zh"}
        assert queries["share"].sum() == pytest.approx(1.0, abs=1e-3)
        best = one.judgements.groupby("query_id")["relevance"].max()
        assert len(best) == 600 and (best == 3).all()
        assert (one.judgements.groupby("query_id").size() > 5).all()


def test_grades_follow_the_meaning(shop, has):
    queries, listings = shop.queries, shop.listings
    grades = shop.judgements.pivot(
        index="query_id", columns="product_id", values="relevance"
    ).reindex(index=queries["query_id"], columns=listings["product_id"])
    grades = grades.fillna(0).to_numpy()
    category = dict(zip(listings["kind"], listings["category"], strict=True))
    same_kind = queries["kind"].to_numpy()[:, None] == listings["kind"].to_numpy()
    of_query = np.array([category[kind] for kind in queries["kind"]])
    same_category = of_query[:, None] == listings["category"].astype(str).to_numpy()
    assert ((grades >= 2) == same_kind).all()
    assert ((grades >= 1) == same_category).all()
    plain = queries["type"].isin(["kind", "synonym"]).to_numpy()
    assert (grades[plain] != 2).all()
    for place, label in enumerate(LABELS):
        asked = (queries["type"] == "label") & queries["text"].str.startswith(label.en + " ")
        needed = queries["text"].str.endswith(" " + label.need_en)
        for row in np.flatnonzero(asked | needed):
            assert ((grades[row] == 3) == (same_kind[row] & has[:, place])).all(), label.en


def lexical_ndcg(shop: Shop, language: str, types: list[str]) -> float:
    """Mean NDCG@10 of a ranking by the words (or characters) that query and title share."""
    listings, queries = shop.listings, shop.queries
    asked = queries[(queries["language"] == language) & queries["type"].isin(types)]
    how = {"analyzer": "word"} if language == "en" else {"analyzer": "char", "ngram_range": (2, 3)}
    vectorizer = TfidfVectorizer(**how)
    titles = vectorizer.fit_transform(listings[f"title_{language}"])
    scores = (vectorizer.transform(asked["text"]) @ titles.T).toarray()
    grades = (
        shop.judgements.pivot(index="query_id", columns="product_id", values="relevance")
        .reindex(index=asked["query_id"], columns=listings["product_id"])
        .fillna(0)
        .to_numpy()
    )
    return float(ndcg_score(grades, scores, k=10, ignore_ties=False))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_search_by_words_finds_names_and_fails_on_synonyms(shop, large, language):
    assert lexical_ndcg(shop, language, ["kind"]) > 0.9
    assert lexical_ndcg(shop, language, ["synonym"]) < 0.25
    assert lexical_ndcg(shop, language, ["kind", "colour", "label"]) > 0.8
    # Where a kind has more than ten products, a need is harder than a label.
    needed, named = (lexical_ndcg(large, language, [one]) for one in ("need", "label"))
    assert needed < named - 0.08


def test_no_title_contains_a_synonym_or_a_need():
    titles = pd.concat([Shop(seed=s, n_users=20, n_products=3000).listings for s in (0, 1)])
    for column, words in (
        ("title_en", [k.other_en for k in KINDS] + [x.need_en for x in LABELS]),
        ("title_zh", [k.other_zh for k in KINDS] + [x.need_zh for x in LABELS]),
    ):
        text = "\n".join(titles[column]).lower()
        padded = " " + text.replace("\n", " \n ") + " "
        for word in words:
            wanted = f" {word.lower()} " if column == "title_en" else word
            assert wanted not in padded, word
