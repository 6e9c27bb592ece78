"""From the files of a carrier to one table a set: course names, ids as text.

Ids and texts are columns of type ``object`` that hold ``str``; what is missing is ``NaN``.
The hash of every file was checked before it comes here.
"""

from __future__ import annotations

import bz2
import json
from pathlib import Path

import pandas as pd


def movielens(file: Path) -> pd.DataFrame:
    """One row: one person rated one film."""
    raw = _pickle(file)
    return pd.DataFrame(
        {
            "user_id": _id(raw["userId"]),
            "product_id": _id(raw["movieId"]),
            "rating": raw["rating"].astype(float),
            "timestamp": raw["timestamp"].astype("int64"),
            "title": _text(raw["title"]),
            "genres": _text(raw["genres"]),
        }
    )


def films(file: Path) -> pd.DataFrame:
    """One row: one film of MovieLens, with its genres."""
    raw = _pickle(file).drop_duplicates("movieId").sort_values("movieId", ignore_index=True)
    return pd.DataFrame(
        {
            "product_id": _id(raw["movieId"]),
            "title": _text(raw["title"]),
            "year": raw["year"].astype(float),
            "genres": _text(raw["genres"].where(raw["genres"] != "(no genres listed)")),
        }
    )


def clothing_reviews(file: Path) -> pd.DataFrame:
    """One row: one review of one piece of clothing."""
    raw = pd.read_parquet(file)
    return pd.DataFrame(
        {
            "product_id": _id(raw["Clothing ID"]),
            "age": raw["Age"],
            "title": _text(raw["Title"]),
            "text": _text(raw["Review Text"]),
            "rating": raw["Rating"],
            "recommended": raw["Recommended IND"],
            "positive_feedback": raw["Positive Feedback Count"],
            "division": _text(raw["Division Name"]),
            "department": _text(raw["Department Name"]),
            "class": _text(raw["Class Name"]),
        }
    )


def ta_feng(file: Path) -> pd.DataFrame:
    """One row: one product in one basket."""
    names = {
        "TRANSACTION_DT": "date",
        "CUSTOMER_ID": "user_id",
        "AGE_GROUP": "age_group",
        "PIN_CODE": "area",
        "PRODUCT_SUBCLASS": "subclass_id",
        "PRODUCT_ID": "product_id",
        "AMOUNT": "quantity",
        "ASSET": "cost",
        "SALES_PRICE": "revenue",
    }
    numbers = {"AMOUNT": "int64", "ASSET": "int64", "SALES_PRICE": "int64"}
    # Read as text, or the customer ids lose their leading zeros.
    kinds = {column: numbers.get(column, object) for column in names}
    table = pd.read_csv(file, dtype=kinds, compression="zip").rename(columns=names)
    days = pd.to_datetime(table["date"], format="%m/%d/%Y")
    return table.assign(date=days.astype("datetime64[ns]"))


def product_taxonomy(file: Path) -> pd.DataFrame:
    """One row: one brick, the finest of GS1's product classes."""
    entries = json.loads(bz2.decompress(file.read_bytes()))
    raw = pd.DataFrame([entry for entry in entries if entry["level"] == "brick"])
    return pd.DataFrame(
        {
            "brick_id": _id(raw["code"]),
            "title": _text(raw["brick"]),
            "definition": _text(raw["definition"].where(raw["definition"] != "")),
            "full_definition": _text(raw["original definition"]),
            "family": _text(raw["family"]),
            "segment": _text(raw["segment"]),
        }
    )


def scanner_panels(catsup: Path, cracker: Path, tuna: Path, yogurt: Path) -> pd.DataFrame:
    """One row: one brand on the shelf at one purchase of one household."""
    files = {"catsup": catsup, "cracker": cracker, "tuna": tuna, "yogurt": yogurt}
    panels = [_panel(name, _pickle(file)) for name, file in files.items()]
    return pd.concat(panels, ignore_index=True)


def _panel(name: str, wide: pd.DataFrame) -> pd.DataFrame:
    wide = wide.rename(columns={"Tuna.hid": "id", "Tuna.choice": "choice"})
    purchase = wide.groupby("id").cumcount() + 1
    brands = [column.removeprefix("price.") for column in wide if column.startswith("price.")]
    missing = pd.Series(float("nan"), index=wide.index)
    rows = [
        pd.DataFrame(
            {
                "panel": name,
                "user_id": f"{name}-" + _id(wide["id"]),
                "purchase": purchase,
                "brand": brand,
                # The prices went through four bytes: 98.000002 was 98.
                "price": wide[f"price.{brand}"].astype(float).round(2),
                "display": wide.get(f"disp.{brand}", missing).astype(float),
                "feature": wide.get(f"feat.{brand}", missing).astype(float),
                "chosen": (wide["choice"] == brand).astype("int64"),
            }
        )
        for brand in brands
    ]
    # Stable: the brands of a purchase stay together, in the order of the file.
    table = pd.concat(rows).sort_index(kind="stable")
    return table.assign(**{one: _text(table[one]) for one in ("panel", "user_id", "brand")})


def open_bandit(*files: Path) -> pd.DataFrame:
    """One row: one recommendation shown.

    Args:
        files: for each policy (random, bts) and campaign (all, men, women) the log; after
            these, for each campaign the table of its items.
    """
    logs = iter(files[:6])
    items = dict(zip(_CAMPAIGNS, files[6:], strict=True))
    parts = [
        _bandit_log(next(logs), policy, campaign, items[campaign])
        for policy in ("random", "bts")
        for campaign in _CAMPAIGNS
    ]
    return pd.concat(parts, ignore_index=True)


_CAMPAIGNS = ("all", "men", "women")


def _bandit_log(log: Path, policy: str, campaign: str, items: Path) -> pd.DataFrame:
    raw = pd.read_csv(log, index_col=0)
    shown = pd.read_csv(items, index_col=0).set_index("item_id").loc[raw["item_id"]]
    shown = shown.set_axis(raw.index)
    affinity = raw.filter(like="user-item_affinity_").to_numpy()
    table = pd.DataFrame(
        {
            "campaign": _text(pd.Series(campaign, index=raw.index)),
            "policy": _text(pd.Series(policy, index=raw.index)),
            "time": pd.to_datetime(raw["timestamp"]).astype("datetime64[ns, UTC]"),
            "product_id": f"{campaign}-" + _id(raw["item_id"]),
            "position": raw["position"],
            "click": raw["click"],
            "propensity": raw["propensity_score"],
            "affinity": affinity[range(len(raw)), raw["item_id"]].astype("int64"),
        }
    )
    for number in range(4):
        table[f"user_feature_{number}"] = _text(raw[f"user_feature_{number}"])
    table["item_feature_0"] = shown["item_feature_0"]
    for number in range(1, 4):
        table[f"item_feature_{number}"] = _text(shown[f"item_feature_{number}"])
    return table


def chinese_reviews(negative: Path, positive: Path) -> pd.DataFrame:
    """One row: one line of a review, in Chinese, with its label."""
    parts = []
    for label, file in ((0, negative), (1, positive)):
        lines = [line.strip() for line in file.read_text(encoding="utf-8").split("\n")]
        texts = pd.Series([line for line in lines if line], dtype=object)
        parts.append(pd.DataFrame({"text": texts, "positive": label}))
    return pd.concat(parts, ignore_index=True)


def _pickle(file: Path) -> pd.DataFrame:
    # A pickle runs code when it is read: this one's hash was checked first.
    return pd.read_pickle(file, compression="xz")


def _id(numbers: pd.Series) -> pd.Series:
    return numbers.astype(str).astype(object)


def _text(texts: pd.Series) -> pd.Series:
    return texts.astype(object).where(texts.notna())
