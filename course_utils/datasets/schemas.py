"""What each table of the shop must look like: the one source of checks and of data cards."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from copy import copy
from itertools import groupby
from typing import Any

import pandas as pd
import pandera.pandas as pa

from course_utils.errors import CourseError
from course_utils.shop.catalogue import CATEGORIES, N_BRANDS
from course_utils.shop.events import ACTIONS
from course_utils.shop.people import N_CITIES, SEGMENTS
from course_utils.shop.queries import TYPES
from course_utils.shop.returns import REASONS
from course_utils.shop.sessions import DEVICES, SCENARIOS, WEATHER
from course_utils.shop.words import DEPARTMENTS, KINDS, LANGUAGES

_WORDS = {"int64": "whole numbers", "float64": "numbers", "str": "text", "category": "text"}


def _column(
    dtype: Any, what: str, must: str, shown: str, missing: str, checks: pa.Check | None = None
) -> pa.Column:
    """A column with its words: ``must`` on a wrong value, ``shown`` (or ``must``) on the card.

    ``missing`` says where there is no value; without it there always is one.
    """
    shown = shown or must
    return pa.Column(
        dtype,
        checks,
        nullable=bool(missing),
        coerce=dtype not in ("int64", "float64"),
        description=what,
        metadata={
            "must": f"{must} or nothing" if missing else must,
            "shown": f"{shown}; missing (`NaN`) {missing}" if missing else shown,
        },
    )


def _text(
    what: str, like: str = "", pattern: str = "", shown: str = "", missing: str = ""
) -> pa.Column:
    checks = pa.Check.str_matches(pattern) if pattern else None
    must = f"text, {like}" if like else "text"
    return _column("str", what, must, shown, missing, checks)


def _number(
    dtype: str, what: str, least: float, most: float, unit: str, shown: str, missing: str
) -> pa.Column:
    if dtype == "int64" and (least, most) == (0, 1):
        must = "0 or 1"
    else:
        must = f"{least:,} to {most:,}{' ' + unit if unit else ''}"
    return _column(dtype, what, must, shown, missing, pa.Check.in_range(least, most))


def _whole(what: str, least: int, most: int, unit: str = "", shown: str = "") -> pa.Column:
    return _number("int64", what, least, most, unit, shown, missing="")


def _real(
    what: str, least: float, most: float, unit: str = "", shown: str = "", missing: str = ""
) -> pa.Column:
    return _number("float64", what, least, most, unit, shown, missing)


def _one_of(what: str, names: Sequence[str], missing: str = "") -> pa.Column:
    must, shown = (f"one of {len(names)}: {_few(some)}" for some in (names, _quoted(names)))
    return _column(pd.CategoricalDtype(list(names)), what, must, shown, missing)


def _few(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 8 else f"{names[0]}, {names[1]} ... {names[-1]}"


def _quoted(names: Sequence[str]) -> list[str]:
    return [f"`{name}`" for name in names]


def _chance(what: str, shown: str = "") -> pa.Column:
    return _real(f"truth: {what}", 0, 1, shown=shown)


def _time(what: str, shown: str) -> pa.Column:
    return _whole(f"{what}, unix seconds, UTC", 1_704_067_200, 4_102_444_800, shown=shown)


def _count(what: str) -> pa.Column:
    return _whole(what, 0, 10**9, shown="whole number from 0")


def _as_in(table: str, whose: str, columns: dict[str, pa.Column]) -> dict[str, pa.Column]:
    """Columns copied from another table; the card sends its reader there."""
    copies = {name: copy(column) for name, column in columns.items()}
    for column in copies.values():
        column.description = f"of the {whose}"
        column.metadata = {**column.metadata, "shown": f"as in `{table}`"}
    return copies


_DIGITS, _QUERY_ID = r"^\d+$", r"^q\d+$"
_USER = _text("customer", 'digits, from "1001"', _DIGITS, 'text: `"1001"`, `"1002"` ...')
_PRODUCT = _text("product", 'digits, from "1"', _DIGITS, 'text: `"1"`, `"2"` ...')
_QUERY_WORDS = ('"q1" and so on', _QUERY_ID, 'text: `"q1"`, `"q2"` ...')
_QUERY = _text("query", *_QUERY_WORDS)
_YEAR, _LOG = "from 1,704,067,200 (1 January 2024)", "from 1,735,689,600 (1 January 2025)"
_CATEGORY = _one_of("second level of the category tree", CATEGORIES)
_KIND = _one_of("third level of the category tree", [kind.en for kind in KINDS])
_LANGUAGE = _one_of("language of the text", LANGUAGES)
_STARS = _whole("stars", 1, 5)
_GIVEN = "given here; a real shop would have to estimate it"
_OF_USER = {
    "segment": _one_of(f"segment of customers: {_GIVEN}", SEGMENTS),
    "city": _one_of("home", [f"City {i:02d}" for i in range(1, N_CITIES + 1)]),
    "price_sensitivity": _real(f"how much prices matter, 0: not at all; {_GIVEN}", 0, 1),
    "tenure_days": _whole("days from joining to the end of 2024", 30, 2000, "days"),
}
_OF_PRODUCT = {
    "category": _CATEGORY,
    "brand": _one_of("brand", [f"Brand {i:02d}" for i in range(1, N_BRANDS + 1)]),
    "price": _real("the shop's money, two decimals", 2, 900, shown="2 to 523"),
}

SCHEMAS: dict[str, dict[str, pa.Column]] = {
    "ratings": {
        "user_id": _USER,
        "product_id": _PRODUCT,
        "rating": _STARS,
        "timestamp": _time("when it was rated", _YEAR),
    },
    "products": {
        "product_id": _PRODUCT,
        **_OF_PRODUCT,
        "release_day": _whole("days since 1 January 2024; negative before", -1500, 330, "days"),
    },
    "users": {"user_id": _USER, **_OF_USER},
    "listings": {
        "product_id": _PRODUCT,
        "department": _one_of("first level of the category tree", DEPARTMENTS),
        "category": _CATEGORY,
        "kind": _KIND,
        "title_en": _text("English title"),
        "title_zh": _text("Chinese title"),
        "labels": _text(
            "1 to 12 of 24 labels, by alphabet", shown=r"text, joined by a bar: `durable\|portable`"
        ),
        "quality": _real(
            "truth: stars above the average product", -3, 3, "stars", shown="-1.5 to 1.4 stars"
        ),
    },
    "queries": {
        "query_id": _QUERY,
        "text": _text("what was typed"),
        "language": _LANGUAGE,
        "type": _one_of("truth: which words it uses for what it means", TYPES),
        "kind": _one_of("truth: the kind of product that is meant", [kind.en for kind in KINDS]),
        "share": _real("of all searches", 0, 1, shown="0.0003 to 0.061; the sum is 1"),
    },
    "judgements": {
        "query_id": _QUERY,
        "product_id": _PRODUCT,
        "relevance": _whole("truth: grade; a pair that is not listed has grade 0", 1, 3),
    },
    "purchases": {
        "user_id": _USER,
        "product_id": _PRODUCT,
        "timestamp": _time("when it was bought", _YEAR),
        "returned": _whole("1: the product was returned", 0, 1),
        "days_to_return": _real(
            "from purchase to return", 2, 21, "days", missing="where nothing was returned"
        ),
        "return_reason": _one_of(
            "what the customer ticked", REASONS, missing="where nothing was returned"
        ),
        "p_return": _chance("p(returned)"),
    },
    "reviews": {
        "user_id": _USER,
        "product_id": _PRODUCT,
        "rating": _STARS,
        "timestamp": _time("when it was written", _YEAR),
        "language": _LANGUAGE,
        "text": _text("the review"),
        "helpful_votes": _whole(
            "votes counted at the end of 2024", 0, 1000, "votes", shown="whole number from 0"
        ),
        "aspects": _text(
            "truth: 1 to 3 aspects that are praised (+) or blamed (-)",
            shown=r"text, joined by a bar: `looks+\|value-`",
        ),
        "mean_votes": _real(
            "truth: the votes are a Poisson draw with this mean", 0, 1000, shown="number from 0"
        ),
    },
    "impressions": {
        "impression": _count("number of the row"),
        "session": _count("number of the visit; a visit has one or more lists"),
        "request": _count("number of the list that the product stood in"),
        "timestamp": _time("when the list was shown", _LOG),
        "scenario": _one_of("home feed, search results or cart recommendations", SCENARIOS),
        "position": _whole("place in the list, from the top; at most 5 in `cart`", 1, 10),
        "user_id": _USER,
        "product_id": _PRODUCT,
        "query_id": _text(
            "query that the list answers", *_QUERY_WORDS, missing="outside scenario `search`"
        ),
        "anchor_id": _text(
            "product just put in the cart, which brought the list",
            "digits",
            _DIGITS,
            "text, a `product_id`",
            missing="outside scenario `cart`",
        ),
        "hour": _whole("when the visit began, hour of the day, UTC", 0, 23),
        "weekday": _whole("when the visit began, UTC", 0, 6, shown="0 (Monday) to 6 (Sunday)"),
        "weather": _one_of("in the customer's city on that day", WEATHER),
        "device": _one_of("of the visit", DEVICES),
        **_as_in("users", "customer", _OF_USER),
        **_as_in("products", "product", _OF_PRODUCT),
        "click": _whole("1: clicked", 0, 1),
        "cart": _whole("1: put in the cart, which needs a click", 0, 1),
        "purchase": _whole("1: bought within 30 days, which needs the cart", 0, 1),
        "hours_to_purchase": _real(
            "from the click to the purchase", 0, 720, "hours", missing="where nothing was bought"
        ),
        "p_examine": _chance("p(the customer looks at this position)", "0.19 to 1"),
        "p_click": _chance("p(click); divide by p_examine for p(click, if looked at)"),
        "p_cart_given_click": _chance("p(cart, if clicked), also where nobody clicked"),
        "p_purchase_given_click": _chance("p(purchase, if clicked), also where nobody clicked"),
        "relevance": _real(
            "truth: grade for the query, as in `judgements`; 0 for a pair not listed there",
            0,
            3,
            missing="outside scenario `search`",
        ),
    },
    "events": {
        "session": _count("number of the visit, as in `impressions`"),
        "user_id": _USER,
        "timestamp": _time("when it was done", _LOG),
        "action": _one_of("what the customer did", ACTIONS),
        "scenario": _one_of("where the list stood, as in `impressions`", SCENARIOS),
        "product_id": _text(
            "product", "digits", _DIGITS, 'text: `"1"`, `"2"` ...', missing="for a search"
        ),
        "query_id": _text(
            "query typed, or query whose results the product stood in",
            *_QUERY_WORDS,
            missing="outside scenario `search`",
        ),
    },
}


def conform(name: str, table: pd.DataFrame, where: str) -> pd.DataFrame:
    """The table with text and categories in their types, if it is what ``name`` must be.

    Args:
        name: a key of ``SCHEMAS``; table: columns in any order; where: how to call it.

    Raises:
        CourseError: one sentence on the first thing that is wrong.
    """
    columns = SCHEMAS[name]
    for there, here, what in (
        (table.columns, columns, "has no column"),
        (columns, table.columns, "has a column that does not belong there:"),
    ):
        extra = [column for column in here if column not in there]
        if extra:
            raise CourseError(f"{where} is not a table of {name}: it {what} {extra[0]!r}.")
    try:
        with warnings.catch_warnings():
            # pandas warns of a word outside the categories; pandera makes a failure of it.
            warnings.filterwarnings("ignore", "Constructing a Categorical")
            return pa.DataFrameSchema(columns).validate(table[list(columns)], lazy=True)
    except pa.errors.SchemaErrors as error:
        raise CourseError(f"{where} is not a table of {name}: {_said(columns, error)}") from None


def _said(columns: dict[str, pa.Column], error: pa.errors.SchemaErrors) -> str:
    cases = error.failure_cases.to_dict("records")
    # A wrong type comes first: what else is wrong with the column follows from it.
    case: dict[str, Any] = min(cases, key=lambda one: "dtype" not in str(one["check"]))
    name = case["column"]
    must = columns[name].metadata["must"]
    if case["index"] is None or pd.isna(case["index"]):
        kind = _WORDS.get(str(columns[name].dtype), str(columns[name].dtype))
        return f"column {name!r} holds {case['failure_case']}, but must hold {kind}, {must}."
    held = "nothing" if pd.isna(case["failure_case"]) else repr(case["failure_case"])
    return f"column {name!r} holds {held} in row {case['index']}, but must be {must}."


def card_table(name: str) -> str:
    """The columns of a table as the Markdown table of its data card.

    Neighbours of which the same is said share a line.
    """
    lines = ["| column | what | values |", "|---|---|---|"]
    said = {
        column: f"{one.description} | {one.metadata['shown']}"
        for column, one in SCHEMAS[name].items()
    }
    for words, columns in groupby(said, key=lambda column: said[column]):
        lines.append(f"| {', '.join(_quoted(list(columns)))} | {words} |")
    return "\n".join(lines) + "\n"
