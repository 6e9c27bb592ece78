"""Users and products as a table: who interacted with what, and every pair for a lookup."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def interaction_table(
    users: npt.ArrayLike, products: npt.ArrayLike, shape: tuple[int, int]
) -> np.ndarray:
    """True where a user interacted with a product, once or more.

    Args:
        users, products: row and column numbers of the interactions, equally many; none is legal.
        shape: how many users and products there are.

    Returns:
        Booleans of this shape.
    """
    table = np.zeros(shape, dtype=bool)
    table[np.asarray(users, dtype=np.intp), np.asarray(products, dtype=np.intp)] = True
    return table


def all_pairs(user_ids: npt.ArrayLike, product_ids: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Ids so that a function of a pair gives a table: ``shop.affinity(*all_pairs(u, p))``.

    Returns:
        Objects of shape (users, 1) and (1, products), which broadcast to (users, products).
    """
    return np.asarray(user_ids, dtype=object)[:, None], np.asarray(product_ids, dtype=object)[None]
