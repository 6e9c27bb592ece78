"""Static vectors: a text is the mean of its tokens' vectors, which know no neighbours.

vector = m / ||m||,   m = (1/n) sum over the text's n tokens of table[token]
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np


def means(
    texts: Sequence[str], table: np.ndarray, tokens: Callable[[str], list[int]]
) -> np.ndarray:
    """``[n, width]``, float32, each row of length 1.

    Args:
        texts: to be read.
        table: ``[tokens, width]``.
        tokens: a text -> codes, rows of the table; a text without any has a row of zeros.
    """
    found = np.zeros((len(texts), table.shape[1]), "float32")
    for row, text in enumerate(texts):
        codes = tokens(text)
        if codes:
            mean = table[codes].astype("float32").mean(axis=0)
            found[row] = mean / np.linalg.norm(mean)
    return found
