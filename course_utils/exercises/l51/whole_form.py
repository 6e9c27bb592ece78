"""Task 51.2: the form of what comes back, and lists that nobody may get."""

from __future__ import annotations

import tempfile
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.l51.ranking import refuse_element
from course_utils.exercises.l51.shared import count, ratings_file, refuse_predictions
from course_utils.exercises.l51.whole_popular import call_of, check_popular
from course_utils.exercises.l51.whole_shops import ONE_ROW, Lists, Shop, shops
from course_utils.exercises.l51.whole_training import sorted_by_time
from course_utils.exercises.reading import as_list
from course_utils.exercises.theirs import shorten


def read_lists(shop: Shop, value: Any, users: list[str]) -> Lists:
    """The products for each user; rejects what has not the right form."""
    if not isinstance(value, dict):
        reject(
            f"{call_of(shop)}: return a dictionary, user -> (products, personal), got "
            f"{shorten(value)}."
        )
    for user in users:
        if user not in value:
            is_number = user.isdigit() and int(user) in value
            reject(
                f"{call_of(shop)}: the result has no key {user!r}, which was asked for.",
                "E52" if is_number else None,
            )
    more = [key for key in value if key not in users]
    if more:
        reject(f"{call_of(shop)}: the result holds {more[0]!r}, which was not asked for.")
    pairs = {user: _pair(shop, user, value[user]) for user in users}
    _check_flags(shop, pairs)
    return {user: _list(shop, user, *pairs[user]) for user in users}


def _pair(shop: Shop, user: str, value: Any) -> tuple[list[Any], bool]:
    said = _said(shop, user)
    refuse_predictions(said, value, shop.n)
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        reject(f"{said} must be a pair (products, personal), got {shorten(value)}.")
    products, personal = value
    refuse_predictions(said, products, shop.n)
    if not isinstance(personal, (bool, np.bool_)):
        reject(f"{said}: personal must be True or False, got {shorten(personal)}.")
    return as_list(products, said), bool(personal)


def _said(shop: Shop, user: str) -> str:
    return f"{call_of(shop)}: the result of user {user!r}"


def _check_flags(shop: Shop, pairs: dict[str, tuple[list[Any], bool]]) -> None:
    """Reject users of the file who get what others get."""
    known = [user for user in pairs if user in shop.rated]
    refused = [user for user in known if not pairs[user][1]]
    if not refused:
        return
    said = _said(shop, refused[0])
    numbers = all(isinstance(one, (int, np.integer)) for user in known for one in pairs[user][0])
    if refused == known and all(map(str.isdigit, known)) and numbers:
        reject(
            f"{said} is that of a user who is not in the file: the id was read as a number, and "
            "is text.",
            "E52",
        )
    why = ""
    if set(refused) <= {"NA", "None"}:
        why = " keep_default_na=False keeps such an id when the file is read."
    elif refused == known and all(map(str.isdigit, known)):
        why = " Do you ask trainset.knows_user? It wants an inner id."
    reject(f"{said} says False, but the user is in the file.{why}")


def _list(shop: Shop, user: str, products: list[Any], personal: bool) -> list[str]:
    said, is_known = _said(shop, user), user in shop.rated
    _check_products(said, shop, products)
    again = sorted(set(products) & shop.rated.get(user, set()))
    if is_known and again:
        said += f" holds {again[0]!r}, which the user has rated already."
        for at, what in [(0, "user"), (1, "product")]:
            if _keeps_one_row_each(shop, user, at, set(products)):
                reject(f"{said} You keep one row for each {what}; keep one for each pair.")
        reject(said, "E54")
    if len(set(products)) != len(products):
        reject(f"{said} holds a product twice.")
    if len(products) > shop.n:
        reject(f"{said} must hold at most {count(shop.n, 'product')}, got {len(products)}.")
    if not is_known and personal:
        twin = [one for one in shop.rated if one.lstrip("0") == user.lstrip("0")]
        if twin:
            reject(
                f"{said} says True. In the file is {twin[0]!r}; leading zeros are part of an id."
            )
        check_popular(shop, {user: products})
        reject(f"{said} says True, but the user is not in the file.")
    return products


def _keeps_one_row_each(shop: Shop, user: str, at: int, products: set[Any]) -> bool:
    """Whether the products are what is left where each user (0) or product (1) kept one row."""
    for rows in (sorted_by_time(shop.rows), shop.rows):
        for ordered in (rows, rows[::-1]):
            kept = {row[at]: row for row in ordered}.values()
            left = {row[1] for row in kept} - {row[1] for row in kept if row[0] == user}
            if products == left:
                return True
    return False


def _check_products(said: str, shop: Shop, products: list[Any]) -> None:
    numbers = {int(one) for one in shop.counts if one.isdigit()}
    bare = {one.lstrip("0") for one in shop.counts}
    for one in products:
        if isinstance(one, str) and one in shop.counts:
            continue
        text = f"{said} must hold product ids of the file, as text; it holds {shorten(one)}."
        if isinstance(one, (int, np.integer)) and int(one) in numbers:
            reject(f"{text} It was read as a number.", "E52")
        if isinstance(one, str) and one in bare:
            reject(f"{text} Leading zeros are part of an id.")
        refuse_element(text, one)


def check_types(answer: Any) -> None:
    """Reject an answer that takes ids for users that are not strings, or fails without users."""
    with tempfile.TemporaryDirectory() as folder:
        file = ratings_file(folder, ONE_ROW.rows)
        got = answer(file, [], ONE_ROW.n)
        if got != {}:
            reject(f"recommend_from(file, [], 2) must be an empty dictionary, got {shorten(got)}.")
        for users in ([7], ["7", 7], ["b", np.int64(7), "7"], [None], [8], ["7", ("7",)], [b"7"]):
            raised = answer.raised(file, users, ONE_ROW.n)
            if isinstance(raised, TypeError):
                continue
            number = next(one for one in users if not isinstance(one, str))
            said = f"recommend_from(file, {users!r}, 2) must raise a TypeError"
            if raised is not None:
                reject(f"{said}; yours raised {type(raised).__name__}.")
            said += f": {number!r} is not a string."
            if number not in answer(file, users, ONE_ROW.n):
                reject(f"{said} Yours left it out.")
            reject(
                f"{said} Yours returned a list for it.",
                "E52" if isinstance(number, (int, np.integer)) else None,
            )


def check_scale(answer: Any) -> None:
    """Reject an answer that takes ratings outside the scale."""
    rows = shops()[0].rows
    for bad in (0.0, 0.5, 5.5, 6.0, 0.99, 5.01, -1.0):
        for place in (0, len(rows) // 2, len(rows)):
            with tempfile.TemporaryDirectory() as folder:
                row = ("u-9", "p-8", bad, 10**9 + 7 + place)
                file = ratings_file(folder, [*rows[:place], row, *rows[place:]])
                raised = answer.raised(file, [], 2)
            if isinstance(raised, ValueError):
                continue
            said = (
                f"A file in which row {place + 1} of {len(rows) + 1} has a rating of {bad:g} must "
                "raise a ValueError, since the scale is 1 to 5; yours"
            )
            if raised is not None:
                reject(f"{said} raised {type(raised).__name__}.")
            reject(f"{said} gave a result.", "E60")
