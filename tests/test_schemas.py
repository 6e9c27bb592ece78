"""A table that is not what it should be is refused in one sentence; cards say what is right."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from course_utils import paths
from course_utils.datasets import DataError, load, read
from course_utils.datasets.schemas import SCHEMAS, card_table, conform
from course_utils.shop.catalogue import CATEGORIES
from course_utils.shop.labels import LABELS


@pytest.fixture(scope="module")
def impressions() -> pd.DataFrame:
    return load("impressions").head(200)


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_card_documents_every_column(name: str) -> None:
    card = (paths.DATASETS / f"{name}.md").read_text(encoding="utf-8")
    assert card_table(name) in card
    for part in (
        "One row",
        "Licence",
        "May I redistribute it?",
        "Source",
        "True here, never known in real life",
        'size="full"',
    ):
        assert part in card, f"{name}: {part}"


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_column_is_described_and_lies_in_its_range(name: str) -> None:
    table = load(name)
    assert list(table) == list(SCHEMAS[name])
    for column in SCHEMAS[name].values():
        assert column.description and column.metadata["must"]


RANGE = re.compile(r"(-?[\d.,]+) to (-?[\d.,]+)")


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_range_on_the_card_is_that_of_the_data(name: str) -> None:
    """Not that of the validator, which lets your own table differ."""
    for column, values in load(name).select_dtypes("number").items():
        found = RANGE.match(SCHEMAS[name][str(column)].metadata["shown"])
        if found:
            least, most = (float(number.replace(",", "")) for number in found.groups())
            # Printed bounds are rounded.
            near = 0.005 * (most - least)
            assert least - near <= values.min() and values.max() <= most + near, column
            assert values.max() - values.min() > 0.6 * (most - least), column


def test_neighbours_of_which_the_same_is_said_share_a_line() -> None:
    whose = "| `category`, `brand`, `price` | of the product | as in `products` |"
    assert whose in card_table("impressions")


def test_missing_values_are_named_and_explained() -> None:
    for name, columns in SCHEMAS.items():
        for column, values in load(name).items():
            shown = columns[str(column)].metadata["shown"]
            assert ("missing (`NaN`)" in shown) == values.isna().any(), f"{name}: {column}"


def test_the_card_of_listings_names_every_category_and_label() -> None:
    card = (paths.DATASETS / "listings.md").read_text(encoding="utf-8")
    text = card.split("**Categories.**")[1]
    assert all(f"`{name}`" in text for name in [*CATEGORIES, *(label.en for label in LABELS)])


def keys(name: str) -> list[list[str]]:
    """Sets of columns that are unique, as the card says."""
    return {
        "products": [["product_id"]],
        "users": [["user_id"]],
        "listings": [["product_id"]],
        "queries": [["query_id"]],
        "judgements": [["query_id", "product_id"]],
        "impressions": [["impression"], ["request", "position"], ["request", "product_id"]],
        "events": [],
    }.get(name, [["user_id", "product_id"]])


@pytest.mark.parametrize("name", SCHEMAS)
def test_keys_are_unique_and_lead_somewhere(name: str) -> None:
    table = load(name)
    for key in keys(name):
        assert not table.duplicated(key).any(), key
    for column, other in (
        ("user_id", "users"),
        ("product_id", "products"),
        ("product_id", "listings"),
        ("query_id", "queries"),
        ("anchor_id", "products"),
    ):
        if column in table:
            there = load(other)[column.replace("anchor", "product")]
            assert table[column].dropna().isin(there).all(), f"{column} in {other}"


def test_events_lead_to_one_row_of_impressions() -> None:
    shown, events = load("impressions"), load("events")
    key = ["session", "product_id", "scenario", "timestamp"]
    at = shown["timestamp"] + 5 * shown["position"]
    for action, seconds in (("click", 0), ("cart", 20)):
        done = shown.assign(timestamp=at + seconds)[shown[action] == 1]
        said = events[events["action"] == action]
        both = said.merge(done, on=key, how="outer", indicator=True, validate="1:1")
        assert (both["_merge"] == "both").all(), action


def broken(table: pd.DataFrame, column: str, value: object) -> pd.DataFrame:
    new = table.copy()
    new[column] = new[column].astype(object)
    new.loc[3, column] = value
    return new.infer_objects()


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("click", 2, "column 'click' holds 2 in row 3, but must be 0 or 1."),
        ("position", 11, "column 'position' holds 11 in row 3, but must be 1 to 10."),
        ("p_click", 1.5, "column 'p_click' holds 1.5 in row 3, but must be 0 to 1."),
        ("device", "fridge", "'device' holds 'fridge' in row 3, but must be one of 3: phone"),
        ("user_id", "u7", "'user_id' holds 'u7' in row 3, but must be text, digits, from"),
        ("user_id", None, "'user_id' holds nothing in row 3, but must be text, digits"),
        ("click", 0.5, "'click' holds float64, but must hold whole numbers, 0 or 1."),
        ("price", "cheap", "column 'price' holds "),
    ],
)
def test_a_wrong_value_is_named(
    impressions: pd.DataFrame, column: str, value: object, says: str
) -> None:
    with pytest.raises(DataError, match=re.escape(says)) as caught:
        try:
            conform("impressions", broken(impressions, column, value), "mine.csv")
        except Exception as error:
            raise DataError(str(error)) from None
    message = str(caught.value)
    assert message.startswith("mine.csv is not a table of impressions: ")
    assert "\n" not in message and len(message) < 250


def test_columns_that_are_missing_or_foreign(impressions: pd.DataFrame, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    impressions.drop(columns="session").to_csv(file, index=False)
    with pytest.raises(DataError, match=r"impressions: it has no column 'session'\."):
        read("impressions", str(file))
    impressions.assign(age=1).to_csv(file, index=False)
    with pytest.raises(DataError, match=r"has a column that does not belong there: 'age'\."):
        read("impressions", str(file))


def test_your_own_file_is_read_as_the_table(impressions: pd.DataFrame, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    impressions[impressions.columns[::-1]].to_csv(file, index=False)
    pd.testing.assert_frame_equal(read("impressions", str(file)), impressions)


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"a,b\n1,2\n3,4,5\n"])
def test_a_file_that_is_no_table(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "mine.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(
        DataError, match=r"mine\.csv cannot be read as a CSV table: .*\.$"
    ) as caught:
        read("users", str(file))
    assert "\n" not in str(caught.value)


def test_an_unknown_table_lists_what_there_is() -> None:
    with pytest.raises(DataError, match="There is no table 'sales': there are ratings, products"):
        read("sales", "mine.csv")
