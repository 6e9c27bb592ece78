"""From a frame to codes: vocabularies, bags, unknown values, scenarios; and every refusal."""

from __future__ import annotations

import networks as small
import numpy as np
import pandas as pd
import pytest

from course_utils.columns import UNKNOWN, Columns, Table
from course_utils.errors import CourseError

ROWS = pd.DataFrame(
    {
        "colour": ["red", "blue", "red", "green"],
        "tags": [["new", "warm"], [], ["warm"], ["warm", "cheap", "new"]],
        "price": [1.0, 2.0, 3.0, 6.0],
        "flat": [5.0, 5.0, 5.0, 5.0],
        "scenario": ["home", "search", "home", "home"],
        "user": ["u1", "u2", "u1", "u3"],
        "click": [1, 0, 1, 0],
    }
)


def fit(**changes):
    settings = {
        "categorical": ["colour"],
        "numeric": ["price", "flat"],
        "bags": {"tags": 2},
        "scenario": "scenario",
    } | changes
    return Columns.fit(ROWS, **settings)


def changed(column, values, **settings):
    return fit(**settings).table(ROWS.assign(**{column: values}), ["click"])


def test_vocabularies_sizes_and_places():
    columns = fit()
    assert columns.vocabulary == {
        "colour": ("blue", "green", "red"),
        "tags": ("cheap", "new", "warm"),
    }
    assert columns.sizes == (4, 4) and columns.places == (1, 2)
    assert columns.scenarios == ("home", "search")


def test_codes_are_one_and_the_place_in_the_vocabulary():
    table = fit().table(ROWS, ["click"])
    # Colour; then the first two tags, 0 where there is none.
    assert table.codes.tolist() == [[3, 2, 3], [1, 0, 0], [3, 3, 0], [2, 3, 1]]
    assert table.codes.dtype == np.int32
    assert table.scenario.tolist() == [0, 1, 0, 0]
    assert table.labels["click"].tolist() == [1.0, 0.0, 1.0, 0.0]
    assert table.mask("click").all() and len(table) == 4


def test_numbers_are_standardised_by_the_training_rows():
    columns = fit()
    table = columns.table(ROWS.assign(price=[3.0, 3.0, 3.0, 3.0 + np.sqrt(3.5)]))
    np.testing.assert_allclose(table.numbers[:, 0], [0, 0, 0, 1], atol=1e-6)
    assert (table.numbers[:, 1] == 0).all()  # a column that never varied


def test_values_that_training_never_saw_are_unknown():
    rows = ROWS.assign(colour=["pink", None, "red", "red"])
    rows["tags"] = [["odd"], ["odd", "new"], [], ["new"]]
    table = fit().table(rows)
    assert table.codes.tolist() == [[UNKNOWN, 0, 0], [UNKNOWN, 0, 2], [3, 0, 0], [3, 2, 0]]


def test_a_categorical_type_declares_its_values():
    colours = pd.Categorical(ROWS.colour, ["red", "blue", "green", "black"])
    columns = Columns.fit(ROWS.assign(colour=colours), ["colour"])
    assert columns.vocabulary["colour"] == ("red", "blue", "green", "black")


def test_bags_with_missing_values_and_rows_out_of_order():
    rows = ROWS.iloc[[3, 0]].assign(tags=[["new", None, "warm"], []])
    assert fit().table(rows).codes[:, 1:].tolist() == [[2, 3], [0, 0]]


def test_numbers_can_be_categories():
    columns = Columns.fit(ROWS.assign(hour=[9, 22, 9, 1]), ["hour"])
    assert columns.vocabulary["hour"] == (1, 9, 22)
    assert columns.table(ROWS.assign(hour=[22, 23, 1, 9])).codes[:, 0].tolist() == [3, 0, 1, 2]


def test_one_scenario_without_a_column_of_them():
    columns = fit(scenario=None)
    assert columns.scenarios == ("all",)
    assert columns.table(ROWS).scenario.tolist() == [0, 0, 0, 0]


def test_an_unseen_scenario_is_refused_or_mapped_openly():
    rows = ROWS.assign(scenario=["home", "flash sale", "search", "home"])
    with pytest.raises(CourseError, match="'flash sale' was not among the training rows, which"):
        fit().table(rows)
    mapped = fit().table(rows, unseen_scenario="search")
    assert mapped.scenario.tolist() == [0, 1, 1, 0]
    with pytest.raises(CourseError, match="must be one of the scenarios home, search, got 'cart'"):
        fit().table(rows, unseen_scenario="cart")


def test_take_keeps_everything_in_step():
    rows = small.frame(20)
    table = small.encode(small.fit_columns(rows), rows)
    some = table.take(np.array([4, 1, 9]))
    for name in ("codes", "numbers", "scenario", "groups"):
        assert np.array_equal(getattr(some, name), getattr(table, name)[[4, 1, 9]])
    assert np.array_equal(some.mask("purchase"), table.mask("purchase")[[4, 1, 9]])
    assert np.array_equal(some.labels["click"], table.labels["click"][[4, 1, 9]])


def test_same_codes():
    one = fit()
    assert one.same_codes(fit())
    assert one.same_codes(
        Columns(
            one.vocabulary,
            one.widths,
            {"price": (0, 1), "flat": (0, 1)},
            one.scenario,
            one.scenarios,
        )
    )
    for other in (
        fit(categorical=["user"]),
        fit(bags={"tags": 3}),
        fit(numeric=["price"]),
        fit(scenario=None),
    ):
        assert not one.same_codes(other)


@pytest.mark.parametrize(
    ("run", "says"),
    [
        (lambda: fit(categorical=["size"]), "no column 'size'; it has colour, tags"),
        (lambda: Columns.fit(ROWS.head(0), ["colour"]), "no rows: nothing can be learned"),
        (lambda: fit().table(ROWS.head(0)), "no rows: there is nothing to encode"),
        (lambda: fit(numeric=["colour"]), "'colour' must hold numbers, got"),
        (lambda: fit(bags={"colour": 2}), "must hold a list of values in each row, got 'red'"),
        (lambda: fit(bags={"tags": 0}), "'tags' must be 1 value wide or more, got 0"),
        (lambda: fit(categorical=["mixed"]), "no column 'mixed'"),
        (lambda: changed("price", [1.0, np.nan, 2.0, 3.0]), "'price' is nan or infinite in 1 row"),
        (lambda: changed("price", [1.0, np.inf, 2.0, np.nan]), "infinite in 2 rows"),
        (lambda: changed("price", list("abcd")), "'price' must hold numbers"),
        (lambda: changed("click", [1, 0, np.nan, 1]), "labels of 'click' must be 0 or 1, without"),
        (lambda: changed("click", [1, 0, 2, 1]), "must be 0 or 1, without nan: where a label is"),
        (lambda: changed("click", ["yes", "no", "no", "no"]), "must be numbers, 0 or 1, got"),
        (lambda: changed("colour", [1, 2, 3, 4]), "holds 1, but in the training rows it held 'bl"),
        (lambda: changed("tags", [[1], [2], [], []]), "'tags' holds 1, but in the training rows"),
        (lambda: fit().table(ROWS, ["purchase"]), "no column 'purchase'"),
        (lambda: fit().table(ROWS, groups="shopper"), "no column 'shopper'"),
        (lambda: changed("tags", ["new", [], [], []]), "list of values in each row, got 'new'"),
        (lambda: changed("scenario", [None, "home", "home", "home"]), "Scenario nan was not"),
    ],
)
def test_bad_input_is_one_clear_sentence(run, says):
    with pytest.raises(CourseError, match=says):
        run()


def test_mixed_types_and_scenarios_that_are_missing_are_refused():
    with pytest.raises(CourseError, match="'colour' must hold text or numbers alone, got 'red' of"):
        Columns.fit(ROWS.assign(colour=["red", 1, "red", 2]), ["colour"])
    with pytest.raises(CourseError, match="'scenario' has rows without a scenario"):
        rows = ROWS.assign(scenario=["home", None, "home", "home"])
        Columns.fit(rows, ["colour"], scenario="scenario")


def test_a_declared_scenario_that_training_never_saw_is_refused_too():
    rows = ROWS.assign(scenario=pd.Categorical(ROWS.scenario, ["cart", "home", "search"]))
    columns = Columns.fit(rows, ["colour"], scenario="scenario")
    assert columns.scenarios == ("home", "search")
    rows.loc[0, "scenario"] = "cart"
    with pytest.raises(CourseError, match="'cart' was not among the training rows"):
        columns.table(rows)


def test_a_constant_column_stays_zero_whatever_rounding_says():
    columns = Columns.fit(pd.DataFrame({"a": [0.1] * 1000}), numeric=["a"])
    got = columns.table(pd.DataFrame({"a": [0.1, 0.2]})).numbers
    np.testing.assert_allclose(got[:, 0], [0.0, 0.1], atol=1e-6)


def test_a_mask_of_other_rows_is_refused():
    rows = ROWS.sort_values("price", ascending=False)
    with pytest.raises(CourseError, match="mask of 'click' has other rows, or another order"):
        fit().table(rows, ["click"], {"click": ROWS.click == 1})
    assert fit().table(rows, ["click"], {"click": rows.click == 1}).mask("click").tolist() == [
        False,
        True,
        False,
        True,
    ]


def test_changing_a_mask_later_changes_no_table():
    mask = np.array([True, True, False, False])
    table = fit().table(ROWS, ["click"], {"click": mask})
    mask[:] = False
    assert table.mask("click").tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("run", "says"),
    [
        (lambda: fit().table(ROWS.assign(user=[None, "a", "b", "c"]), groups="user"), "no user in"),
        (lambda: fit().table(pd.concat([ROWS, ROWS[["colour"]]], axis=1)), "2 columns named 'colo"),
        (lambda: fit(numeric=["price", "click"]).table(ROWS, ["click"]), "is an input and a label"),
        (lambda: fit().table(ROWS, "click"), r"labels must be a list .* write \['click'\]"),
        (lambda: fit(categorical="colour"), "categorical must be a list of column names"),
        (lambda: fit(categorical=[3]), "name of a column must be text, got 3"),
        (lambda: changed("colour", ["red", 1, "blue", "red"]), "holds 1, but in the training"),
        (
            lambda: Columns.fit(ROWS.assign(day=pd.Timestamp("2025-01-01")), ["day"]),
            "'day' must hold text or numbers alone, got .* of type Timestamp",
        ),
        (lambda: Columns.fit(ROWS.assign(scenario="all"), scenario="scenario"), "not be called 'a"),
        (lambda: Columns.fit(ROWS.assign(a=[1e300, -1e300, 0, 0]), numeric=["a"]), "too large"),
        (lambda: fit(scenario=None).table(ROWS, unseen_scenario="home"), "scenarios all, got 'h"),
        (lambda: fit(bags={"tags": 2.0}), "1 value wide or more, got 2.0"),
    ],
)
def test_what_would_be_silently_wrong_is_refused(run, says):
    with pytest.raises(CourseError, match=says):
        run()


def by_hand(**parts):
    """A table made without ``Columns.table``, as a reader might."""
    table = fit().table(ROWS, ["click"])
    return Table(**{**vars(table), **parts})


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"labels": {"click": np.full(4, np.nan, "float32")}}, "without nan"),
        ({"labels": {"click": np.ones(4, int)}}, "must hold floating values, got int64"),
        ({"labels": {"click": np.ones(3, "float32")}}, r"must have shape \(4,\), got \(3,\)"),
        ({"masks": {"refund": np.ones(4, bool)}}, "mask for 'refund', but no such task"),
        ({"masks": {"click": np.ones(4)}}, "mask of 'click' must hold bool"),
        ({"numbers": np.full((4, 2), np.inf, "float32")}, "nan or infinite"),
        ({"codes": np.full((4, 3), 0.5)}, "codes must hold integer values"),
        ({"codes": np.full((4, 3), 4, "int32")}, "place 0 must lie from 0 to 3, got 4 to 4"),
        ({"codes": np.full((4, 3), -1, "int32")}, "from 0 to 3, got -1 to -1"),
        ({"codes": np.zeros((4, 2), "int32")}, r"must have shape \(4, 3\), got \(4, 2\)"),
        ({"codes": np.zeros((0, 3), "int32")}, "no rows"),
        ({"scenario": np.full(4, 2, "int32")}, "must lie from 0 to 1"),
    ],
)
def test_a_bad_table_is_one_clear_sentence(parts, says):
    with pytest.raises(CourseError, match=says):
        by_hand(**parts)
