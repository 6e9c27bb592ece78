"""What the small language model reads out of titles and searches of the shop, beside plain rivals.

For lesson 33.

    python benchmarks/generator_titles.py            # from the stored answers
    python benchmarks/generator_titles.py --ask      # asks for those that are missing

A title names its colour or does not, and stands in one of six departments; a search asks for a
colour or does not, in words of titles or in others.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from generator_intervals import mean, share
from parts import Stored
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from course_utils import paths
from course_utils.datasets import load
from course_utils.encoder import MINILM, encode
from course_utils.generator import Answer, answers
from course_utils.shop.words import COLOURS, DEPARTMENT_OF, KINDS

DRAWS = range(5)
STORED = Stored(
    file=paths.RESULTS / "generator_titles.json",
    seeds={"draws of labelled titles": DRAWS},
)
TITLES, SEARCHES, MOST = 60, 36, 60
LABELS = (20, 100, 500)
NONE = "none"
NAMES = tuple(english for english, _ in COLOURS)
DEPARTMENTS = tuple(sorted(set(DEPARTMENT_OF.values())))


def schema(colours: Sequence[str] | None) -> dict[str, Any]:
    """A product's name, its colour (of a list, or free text) and one of six departments."""
    colour = {"enum": [*colours, NONE]} if colours else {"type": "string", "maxLength": 16}
    fields = {
        "product": {"type": "string", "maxLength": 24},
        "colour": colour,
        "department": {"enum": [*DEPARTMENTS]},
    }
    return {
        "type": "object",
        "properties": fields,
        "required": [*fields],
        "additionalProperties": False,
    }


def plain(title: str) -> Any:
    """The task in words, no example."""
    return (
        f"Title: {title}\n\nGive the kind of product, its colour (or none) and the department as "
        "JSON with the keys product, colour, department. The department is one of "
        f"{', '.join(DEPARTMENTS)}."
    )


EXAMPLES = (
    ("Nova red set of two kettle Brand 07", ("kettle", "red", "Kitchen")),
    ("Brand 15 Willow wireless headset", ("headset", NONE, "Electronics")),
    ("Harbour garden chair by Brand 03 washable green", ("garden chair", "green", "Home")),
)


def shown(title: str) -> Any:
    """The task in one sentence, and three examples."""
    said = "You read product titles of a shop. Give the kind of product, its colour or none, and "
    talk = [{"role": "system", "content": f"{said}the department as JSON."}]
    for text, (product, colour, department) in EXAMPLES:
        given = {"product": product, "colour": colour, "department": department}
        talk += [
            {"role": "user", "content": text},
            {"role": "assistant", "content": json.dumps(given)},
        ]
    return [*talk, {"role": "user", "content": title}]


WAYS: dict[str, tuple[Callable[[str], Any], Any]] = {
    "no schema": (plain, None),
    "schema": (plain, schema(None)),
    "schema, examples": (shown, schema(None)),
    "schema, examples, colours listed": (shown, schema(NAMES)),
}


def titles() -> pd.DataFrame:
    """Asked titles: ``text``, ``colour`` that the title names or none, ``department``, ``kind``."""
    table = load("listings").sample(TITLES, random_state=33)
    return pd.DataFrame(
        {
            "text": table["title_en"],
            "kind": table["kind"].astype(str),
            "colour": [
                named(title, kind)
                for title, kind in zip(table["title_en"], table["kind"].astype(str), strict=True)
            ],
            "department": table["department"].astype(str),
        }
    ).reset_index(drop=True)


def named(title: str, kind: str) -> str:
    """The colour that a title names: a word of its own, not part of the kind's name."""
    rest = re.sub(re.escape(kind), " ", title.lower(), count=1)
    return next((name for name in NAMES if re.search(rf"\b{name}\b", rest)), NONE)


def searches() -> pd.DataFrame:
    """English searches: ``text``, ``colour``, ``department``, ``type``; a third of three types."""
    table = load("queries")
    table = table[table["language"] == "en"]
    department = {kind.en: DEPARTMENT_OF[kind.category] for kind in KINDS}
    parts = [
        table[table["type"] == one].sample(SEARCHES // 3, random_state=33)
        for one in ("kind", "colour", "synonym")
    ]
    found = pd.concat(parts).reset_index(drop=True)
    colour = [
        next((name for name in NAMES if text.lower().split()[0] == name), NONE)
        if type_ == "colour"
        else NONE
        for text, type_ in zip(found["text"], found["type"], strict=True)
    ]
    return pd.DataFrame(
        {
            "text": found["text"],
            "type": found["type"].astype(str),
            "colour": colour,
            "department": found["kind"].astype(str).map(department),
        }
    )


def asked(texts: Sequence[str], way: str, record: bool) -> list[Answer]:
    """Answers of one way."""
    prompt, one = WAYS[way]
    return answers(
        "titles", [prompt(text) for text in texts], schema=one, most_tokens=MOST, record=record
    )


def read(text: str) -> dict[str, str] | None:
    """The three fields, lower case but the department; None if it is not the JSON asked for."""
    try:
        got = json.loads(text)
    except ValueError:
        return None
    if not isinstance(got, dict) or not {"product", "colour", "department"} <= set(got):
        return None
    if not all(isinstance(got[key], str) for key in ("product", "colour", "department")):
        return None
    return {**got, "colour": got["colour"].lower(), "product": got["product"].lower()}


def graded(table: pd.DataFrame, said: Sequence[Answer]) -> dict[str, Any]:
    """What is valid, right and invented, with intervals; an answer that is not valid is right in
    nothing. ``over lookup``: colours right, less those of the lookup on the same texts.
    """
    got = [read(one.text) for one in said]
    texts, rows = table["text"].str.lower(), range(len(table))
    colour = [(one or {}).get("colour", "") for one in got]
    right = np.array(colour) == table["colour"].to_numpy()
    by_lookup = np.array([*map(looked_up, table["text"])]) == table["colour"].to_numpy()
    better = right.astype(float) - by_lookup
    found: dict[str, Any] = {
        "valid": share([one is not None for one in got]),
        "colour right": share(right),
        "colour right, over lookup": mean(better),
        # Of the answers that name a colour: it is no word of the text.
        "colour invented": share(
            [c not in text for c, text in zip(colour, texts, strict=True) if c not in ("", NONE)]
        ),
        "none, where there is none": share(
            [colour[k] == NONE for k in rows if table["colour"][k] == NONE]
        ),
        "department right": share(
            [
                (one or {}).get("department") == t
                for one, t in zip(got, table["department"], strict=True)
            ]
        ),
        "tokens read": round(float(np.mean([one.read for one in said])), 1),
        "tokens written": round(float(np.mean([one.written for one in said])), 1),
        "seconds": round(float(np.mean([one.seconds for one in said])), 3),
    }
    if "kind" in table:
        products = [(one or {}).get("product", "") for one in got]
        found["product right"] = share(
            [p == k.lower() for p, k in zip(products, table["kind"], strict=True)]
        )
        found["product not in the title"] = share(
            [p not in text for p, text in zip(products, texts, strict=True) if p]
        )
    return found


def of_titles() -> dict[str, Any]:
    """The four ways on titles."""
    return {way: graded(titles(), asked(titles()["text"], way, False)) for way in WAYS}


def of_searches() -> dict[str, Any]:
    """Two ways on searches, all of them and by type."""
    table, found = searches(), {}
    for way in ("schema", "schema, examples"):
        said = asked(table["text"], way, False)
        found[way] = {"all": graded(table, said)}
        for one in table["type"].unique():
            rows = np.flatnonzero(table["type"] == one)
            part = table.iloc[rows].reset_index(drop=True)
            found[way][one] = graded(part, [said[k] for k in rows])
    return found


def looked_up(text: str) -> str:
    """The first word of a text that is a colour, or none: no model."""
    return next((word for word in text.lower().split() if word in NAMES), NONE)


def rivals() -> dict[str, Any]:
    """The lookup; MiniLM's nearest department; linear models of n labelled titles, a draw each."""
    table, searched = titles(), searches()
    shop = load("listings")
    rest = shop[~shop["title_en"].isin(table["text"])]
    found: dict[str, Any] = {
        "lookup": {
            name: share(
                [looked_up(text) == c for text, c in zip(t["text"], t["colour"], strict=True)]
            )
            for name, t in (("titles", table), ("searches", searched))
        }
    }
    of = encode([*DEPARTMENTS], MINILM)
    found["nearest name, MiniLM"] = {
        name: share(
            np.array(DEPARTMENTS)[(encode([*t["text"]], MINILM) @ of.T).argmax(axis=1)]
            == t["department"].to_numpy()
        )
        for name, t in (("titles", table), ("searches", searched))
    }
    by_type = searched["type"].to_numpy()
    for draw in DRAWS:
        order = np.random.default_rng(draw).permutation(len(rest))
        for n in LABELS:
            part = rest.iloc[order[:n]]
            target = part["department"].astype(str)
            words = TfidfVectorizer(sublinear_tf=True).fit(part["title_en"])
            readers = {
                "TF-IDF": words.transform,
                "MiniLM": lambda texts: encode([*texts], MINILM),
            }
            for reader, to_numbers in readers.items():
                # Weak shrinkage: some departments have three titles of twenty.
                model = LogisticRegression(C=10.0, max_iter=1_000)
                model.fit(to_numbers(part["title_en"]), target)
                kept = found.setdefault(f"{reader}, {n} labels", {"titles": [], "searches": {}})
                right = (model.predict(to_numbers(table["text"])) == table["department"]).to_numpy()
                kept["titles"].append(round(float(right.mean()), 4))
                if draw == DRAWS[0]:  # one linear model: an interval over the asked titles
                    kept["titles, first draw"] = share(right)
                right = (
                    model.predict(to_numbers(searched["text"])) == searched["department"]
                ).to_numpy()
                for one in ("kind", "colour", "synonym"):
                    kept["searches"].setdefault(one, []).append(
                        round(float(right[by_type == one].mean()), 4)
                    )
    return found


PARTS: dict[str, Callable[[], Any]] = {
    "titles": of_titles,
    "searches": of_searches,
    "rivals": rivals,
}

if __name__ == "__main__":
    if "--ask" in sys.argv:
        for way in WAYS:
            asked(titles()["text"], way, True)
        for way in ("schema", "schema, examples"):
            asked(searches()["text"], way, True)
    else:
        STORED.measure(PARTS)
