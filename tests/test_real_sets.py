"""Each real set, where it is cached: rows, columns, ids, ranges and known counts."""

from __future__ import annotations

import pandas as pd
import pytest
from cached import needs

from course_utils import paths
from course_utils.datasets import load, real

NAMES = list(real.REAL_SETS)
BINDER_MB = 60


def real_set(name: str) -> pd.DataFrame:
    """The set; without it a test is skipped, and fails where CI is set."""
    needs(name)
    return load(name)


def card(name: str) -> str:
    return (paths.DATASETS / f"{name}.md").read_text(encoding="utf-8")


def ranges(table: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Least and greatest value of each column of numbers."""
    numbers = table.select_dtypes("number")
    return {column: (numbers[column].min(), numbers[column].max()) for column in numbers}


def missing(table: pd.DataFrame) -> dict[str, int]:
    """Number of missing values of the columns that have any."""
    counts = table.isna().sum()
    return counts[counts > 0].to_dict()


def example(name: str) -> dict[str, pd.DataFrame]:
    """What the Python code on the card makes, by name."""
    names: dict[str, pd.DataFrame] = {"load": load}
    exec(card(name).split("```python\n")[1].split("```")[0], names)
    return names


def counts(column: pd.Series) -> dict[object, int]:
    return column.value_counts().to_dict()


@pytest.mark.parametrize("name", NAMES)
def test_the_card_says_where_it_comes_from(name: str) -> None:
    carrier = real.REAL_SETS[name].carrier
    assert f"{carrier.package} {carrier.version}" in card(name)
    assert f"{carrier.megabytes} MB" in card(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_card_names_rows_and_columns(name: str) -> None:
    table = real_set(name)
    assert "`from course_utils.datasets import load`" in card(name)
    assert f'- `load("{name}")`: {len(table):,} rows.\n' in card(name)
    rows = [line.split("|")[1] for line in card(name).splitlines() if line.startswith("|")]
    named = " ".join(rows)
    assert all(f"`{column}`" in named for column in table), "a line for each column"
    assert named.count("`") == 2 * len(table.columns), "and for no other"


@pytest.mark.parametrize("name", NAMES)
def test_texts_and_ids_are_python_text(name: str) -> None:
    table = real_set(name)
    assert table.index.equals(pd.RangeIndex(len(table)))
    texts = table.select_dtypes(exclude=["number", "datetime", "datetimetz"])
    assert [str(kind) for kind in texts.dtypes] == ["object"] * texts.shape[1]
    for column in texts:
        present = texts[column].dropna()
        assert present.map(type).eq(str).all(), column
        assert not present.str.contains("\ufffd|\ufeff").any(), "no sign of a wrong encoding"
        assert present.str.strip().ne("").all(), "what is missing is not an empty text"
    ids = [column for column in table if str(column).endswith("_id")]
    assert set(ids) <= set(texts) and not missing(table[ids])


@pytest.mark.parametrize("name", NAMES)
def test_binder_may_fetch_it(name: str) -> None:
    """postBuild fetches every set of the registry: one of 60 MB or more needs another way."""
    assert real.REAL_SETS[name].carrier.megabytes < BINDER_MB


def test_movielens() -> None:
    table = real_set("movielens")
    assert table.shape == (100_004, 6)
    assert (table["user_id"].nunique(), table["product_id"].nunique()) == (671, 9066)
    assert ranges(table)["rating"] == (0.5, 5)
    assert table["user_id"].value_counts().agg(["min", "max"]).to_list() == [20, 2391]
    assert ranges(table)["timestamp"] == (789_652_009, 1_476_640_644)
    assert not table.duplicated(["user_id", "product_id"]).any()
    assert (table["genres"] == "(no genres listed)").sum() == 18
    assert missing(table) == {"title": 7}


def test_films() -> None:
    table = real_set("films")
    assert list(table) == ["product_id", "title", "year", "genres"]
    assert len(table) == table["product_id"].nunique() == 9066
    assert set(table["product_id"]) == set(real_set("movielens")["product_id"])
    assert table.iloc[0].to_dict() == {
        "product_id": "1",
        "title": "Toy Story",
        "year": 1995,
        "genres": "Adventure|Animation|Children|Comedy|Fantasy",
    }
    assert missing(table) == {"title": 5, "year": 5, "genres": 17}
    assert ranges(table) == {"year": (1902, 2016)}
    genres = table["genres"].dropna().str.split("|").explode()
    assert genres.nunique() == 19
    assert counts(genres)["Drama"] == 4328 and counts(genres)["Film-Noir"] == 121


def test_scanner_panels() -> None:
    table = real_set("scanner_panels")
    assert table.shape == (102_533, 8)
    purchases = table[table["chosen"] == 1]
    assert counts(purchases["panel"]) == {
        "tuna": 13705,
        "cracker": 3292,
        "catsup": 2798,
        "yogurt": 2412,
    }
    assert table.groupby("panel")["user_id"].nunique().to_dict() == {
        "tuna": 3093,
        "cracker": 136,
        "catsup": 300,
        "yogurt": 100,
    }
    # One brand is chosen at each purchase; the purchases of a household are numbered from 1.
    one = table.groupby(["user_id", "purchase"], sort=False)["chosen"]
    assert one.sum().eq(1).all() and len(one) == len(purchases)
    assert (purchases.groupby("user_id").cumcount() + 1).equals(purchases["purchase"])
    catsup = purchases[purchases["panel"] == "catsup"]
    assert counts(catsup["brand"]) == {
        "heinz32": 1458,
        "heinz28": 851,
        "hunts32": 307,
        "heinz41": 182,
    }
    first = table.head(4).set_index("brand")
    assert first["price"].to_dict() == {
        "heinz41": 4.6,
        "heinz32": 3.7,
        "heinz28": 5.2,
        "hunts32": 3.4,
    }
    assert first["chosen"].idxmax() == "heinz28"
    prices = table.groupby("panel")["price"].agg(["min", "max"])
    assert prices.T.to_dict("list") == {
        "catsup": [0.1, 12],
        "cracker": [0, 169],
        "tuna": [0.17, 0.99],
        "yogurt": [0.3, 19.3],
    }
    assert (table["price"] == 0).sum() == 3
    known = table.groupby("panel")[["display", "feature"]].agg(lambda one: one.notna().mean())
    assert known.T.to_dict("list") == {
        "catsup": [1, 1],
        "cracker": [1, 1],
        "tuna": [0, 0],
        "yogurt": [0, 1],
    }
    assert set(table["feature"].dropna()) == set(table["display"].dropna()) == {0, 1}
    wide = example("scanner_panels")["wide"]
    assert wide.loc[("catsup-1", 1)].to_dict() == {**first["price"], "chosen": "heinz28"}
    assert len(wide) == 2798 and not missing(wide)


def test_clothing_reviews() -> None:
    table = real_set("clothing_reviews")
    assert table.shape == (23_486, 10)
    assert counts(table["rating"]) == {5: 13131, 4: 5077, 3: 2871, 2: 1565, 1: 842}
    assert counts(table["recommended"]) == {1: 19314, 0: 4172}
    assert table["product_id"].nunique() == 1206
    assert ranges(table) == {
        "age": (18, 99),
        "rating": (1, 5),
        "recommended": (0, 1),
        "positive_feedback": (0, 122),
    }
    assert missing(table) == {
        "title": 3810,
        "text": 845,
        "division": 14,
        "department": 14,
        "class": 14,
    }
    assert table["text"].nunique() == 22_634
    assert counts(table["department"])["Tops"] == 10468 and table["class"].nunique() == 20
    assert table.loc[2, "title"] == "Some major design flaws"


def test_ta_feng() -> None:
    table = real_set("ta_feng")
    assert table.shape == (817_741, 9)
    days = table["date"]
    assert (days.min(), days.max()) == (pd.Timestamp("2000-11-01"), pd.Timestamp("2001-02-28"))
    assert days.nunique() == 120
    assert [table[one].nunique() for one in ("user_id", "product_id", "subclass_id")] == [
        32266,
        23812,
        2012,
    ]
    assert table["user_id"].str.len().eq(8).all() and table.loc[0, "user_id"] == "01104905"
    assert len(table.drop_duplicates(["date", "user_id"])) == 119_578
    assert missing(table) == {"age_group": 22362}
    assert counts(table["area"])["115"] == 312_501 and table["area"].nunique() == 8
    assert ranges(table) == {
        "quantity": (1, 1200),
        "cost": (0, 432_000),
        "revenue": (1, 444_000),
    }
    # Money is per line, not per piece: two pieces cost twice what one does.
    single = table[table["quantity"] == 1].groupby("product_id")["revenue"].median()
    pairs = table[table["quantity"] == 2]
    assert (pairs["revenue"] / pairs["product_id"].map(single)).median() == 2


def test_product_taxonomy() -> None:
    table = real_set("product_taxonomy")
    assert table.shape == (4867, 6)
    assert table["brick_id"].is_unique and table["brick_id"].str.len().eq(8).all()
    assert (table["family"].nunique(), table["segment"].nunique()) == (139, 39)
    assert table.groupby("family")["segment"].nunique().max() == 1
    assert counts(table["segment"])["Crops"] == 860
    assert missing(table) == {"definition": 10}
    assert table["full_definition"].str.contains("xclude").sum() == 4785
    assert not table["definition"].str.contains("xcludes", na=False).any()
    canvas = table.set_index("title").loc["Artists Canvas/Pre-primed Boards"]
    assert canvas["segment"] == "Arts/Crafts/Needlework"


def test_open_bandit() -> None:
    table = real_set("open_bandit")
    assert table.shape == (60_000, 16)
    logs = table.groupby(["policy", "campaign"])
    assert logs.size().eq(10_000).all()
    assert logs["click"].sum().to_dict() == {
        ("random", "all"): 38,
        ("random", "men"): 46,
        ("random", "women"): 46,
        ("bts", "all"): 42,
        ("bts", "men"): 69,
        ("bts", "women"): 46,
    }
    items = table.groupby("campaign")["product_id"].nunique()
    assert items.to_dict() == {"all": 80, "men": 34, "women": 46}
    random = table[table["policy"] == "random"]
    assert random["propensity"].mul(random["campaign"].map(items)).round(9).eq(1).all()
    assert ranges(table)["propensity"] == (1e-6, 0.9628)
    assert set(table["position"]) == {1, 2, 3} and not missing(table)
    assert ranges(table)["affinity"] == (0, 2) and table["affinity"].sum() == 82
    assert str(table["time"].min())[:10] == "2019-11-24"
    assert str(table["time"].max())[:10] == "2019-11-30"
    users = [table[f"user_feature_{number}"].nunique() for number in range(4)]
    assert users == [3, 5, 9, 10]
    # The items' features are those of the item shown, under either policy.
    described = table.groupby("product_id")[[f"item_feature_{n}" for n in range(4)]].nunique()
    assert described.eq(1).all(axis=None)


def test_chinese_reviews() -> None:
    table = real_set("chinese_reviews")
    assert table.shape == (35_123, 2)
    assert counts(table["positive"]) == {0: 18575, 1: 16548}
    assert table.groupby("positive")["text"].nunique().to_dict() == {0: 9078, 1: 8379}
    assert table["text"].nunique() == 17_410
    assert table.loc[2, "text"] == "质量还不错，内容只适合边上厕所便消遣了"
    assert table["text"].str.contains("[\u4e00-\u9fff]").mean() > 0.99
    clean = example("chinese_reviews")["table"]
    assert counts(clean["positive"]) == {0: 9031, 1: 8332} and clean["text"].is_unique
