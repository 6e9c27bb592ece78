"""What a search is tested on: texts, queries, and the grade of every pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Catalogue:
    """A shop's products and queries as arrays.

    Attributes:
        product_ids, query_ids: the ids behind columns and rows.
        texts: of each product, both titles.
        queries: what was typed.
        types: of each query, such as "synonym" (truth).
        grades: shape (queries, products), 0 to 3 (truth).
        titles: language, "en" or "zh" -> the title of each product in it.
        shares: of each query, its share of all searches; they add up to 1.
    """

    product_ids: pd.Index
    query_ids: pd.Index
    texts: list[str]
    queries: list[str]
    types: np.ndarray
    grades: np.ndarray
    titles: dict[str, list[str]]
    shares: np.ndarray

    @classmethod
    def of(
        cls, listings: pd.DataFrame, queries: pd.DataFrame, judgements: pd.DataFrame
    ) -> Catalogue:
        """From the three tables of the shop."""
        product_ids = pd.Index(listings["product_id"].astype(object))
        query_ids = pd.Index(queries["query_id"].astype(object))
        grades = np.zeros((len(query_ids), len(product_ids)), dtype=np.int8)
        row = query_ids.get_indexer(judgements["query_id"].astype(object))
        column = product_ids.get_indexer(judgements["product_id"].astype(object))
        grades[row, column] = judgements["relevance"]
        return cls(
            product_ids=product_ids,
            query_ids=query_ids,
            texts=(listings["title_en"] + " " + listings["title_zh"]).tolist(),
            queries=queries["text"].tolist(),
            types=queries["type"].astype(str).to_numpy(),
            grades=grades,
            titles={one: listings[f"title_{one}"].tolist() for one in ("en", "zh")},
            shares=(queries["share"] / queries["share"].sum()).to_numpy(),
        )
