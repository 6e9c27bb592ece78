"""Task 51.12: the form of what comes back, and lists that nobody may get."""

from __future__ import annotations

import tempfile
from typing import Any

import numpy as np

from course_utils.exercises.asking import reject
from course_utils.exercises.l51.shared import count, ratings_file, refuse_predictions
from course_utils.exercises.l51.whole_popular import call_of, check_popular
from course_utils.exercises.l51.whole_shops import ONE_ROW, Lists, Shop
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
    """Reject users of the file who get what others get.

    If the ids were read as numbers, that is so for all, and the lists hold numbers, or what is
    rated.
    """
    known = [user for user in pairs if user in shop.rated]
    refused = [user for user in known if not pairs[user][1]]
    if not refused:
        return
    said = _said(shop, refused[0])
    odd = any(one not in shop.scores(user) for user in known for one in pairs[user][0])
    if len(known) > 1 and refused == known and all(map(str.isdigit, known)) and odd:
        reject(
            f"{said} is that of a user who is not in the file: the id was read as a number, and "
            "is text.",
            "E52",
        )
    reject(f"{said} says False, but the user is in the file.")


def _list(shop: Shop, user: str, products: list[Any], personal: bool) -> list[str]:
    said, is_known = _said(shop, user), user in shop.rated
    _check_products(said, shop, products)
    again = sorted(set(products) & shop.rated.get(user, set()))
    if is_known and again:
        reject(f"{said} holds {again[0]!r}, which the user has rated already.", "E54")
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


def _check_products(said: str, shop: Shop, products: list[Any]) -> None:
    numbers = {int(one) for one in shop.counts if one.isdigit()}
    bare = {one.lstrip("0") for one in shop.counts}
    for one in products:
        if isinstance(one, str) and one in shop.counts:
            continue
        text = f"{said} must hold product ids of the file, as text; it holds {shorten(one)}."
        if isinstance(one, (int, np.integer)):
            if int(one) in numbers:
                reject(f"{text} It was read as a number.", "E52")
            reject(f"{text} Is it an inner id? trainset.to_raw_iid turns it back.")
        if isinstance(one, (tuple, list)) and len(one) == 2:
            reject(f"{text} Return the ids alone, without what you sorted by.")
        if isinstance(one, str) and one in bare:
            reject(f"{text} Leading zeros are part of an id.")
        reject(text)


def check_types(answer: Any) -> None:
    """Reject an answer that takes ids for users that are not strings, or fails without users."""
    with tempfile.TemporaryDirectory() as folder:
        file = ratings_file(folder, ONE_ROW.rows)
        got = answer(file, [], ONE_ROW.n)
        if got != {}:
            reject(f"recommend_from(file, [], 2) must be an empty dictionary, got {shorten(got)}.")
        for users in ([7], ["7", 7], ["b", np.int64(7), "7"], [None], [8], ["7", ("7",)]):
            raised = answer.raised(file, users, ONE_ROW.n)
            if isinstance(raised, TypeError):
                continue
            number = next(one for one in users if not isinstance(one, str))
            said = f"recommend_from(file, {users!r}, 2) must raise a TypeError"
            if raised is not None:
                reject(f"{said}; yours raised {type(raised).__name__}.")
            reject(
                f"{said}: {number!r} is not a string. Yours returned a list for it.",
                "E52" if isinstance(number, (int, np.integer)) else None,
            )
