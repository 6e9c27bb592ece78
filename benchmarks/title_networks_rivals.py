"""Plain rivals that lesson 50's networks had not met: rules by hand, and the networks' own tokens.

    python benchmarks/title_networks_rivals.py

makes results/title_networks_rivals.json, about three CPU minutes. The titles, the judge and the
choice on a sixth shop are those of title_networks.py.

- Titles with "non" before an absent label: a lookup that does not know "non", one that skips
  what stands behind it, a logistic regression of both kinds of names, and the truth of the shop.
- Words and pairs of neighbours in the same titles without TF-IDF's idf: 1 where a title has them,
  as they are and made one long, as TF-IDF makes its own.
- The contest: the labels that titles name without the department, which no other way reads there.
- TF-IDF of the networks' tokens, words and single characters, with 1,500 titles and with 6,000; and
  the shares of these tokens in a title, of which the mean network is a linear function.
- The same tokens, and the contest's words and runs, without idf; with 150 titles, too.
- TF-IDF with three penalties: what each does to the order and to decisions at 0.5; and without idf.
- L1 in the place of L2, on the columns of these rows: in the contest, with 6,000 titles, with 150
  and where order counts; and the networks' tokens as 1, by either penalty.
- Half of the cells known, asked at random, by an older model of the same titles, or by the answer.
"""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import title_networks as first
import title_networks_encoder as encoders
from parts import Stored
from scipy import sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from course_utils import paths
from course_utils.labels import LABEL_NAMES, named_labels
from course_utils.shop.labels import LABELS, THEME_CHANCE, THEME_LIFT, THEMES
from course_utils.shop.listings import LABEL_SHOWN

MENTIONS = 0.1
"""The dial of ``title_networks.negated``."""


def said(text: first.Text, before: str) -> np.ndarray:
    """Which labels the titles name with this pattern before them."""
    patterns = [re.compile(rf"{before}\b{re.escape(one)}\b", re.I) for one in LABEL_NAMES]
    return np.array([[bool(one.search(title)) for one in patterns] for title in text.texts])


AFFIRMED, DENIED = partial(said, before="(?<!non )"), partial(said, before=r"\bnon ")


def blind(text: first.Text, C: float = 0) -> np.ndarray:
    return np.asarray(said(text, "") * 1.0)


def skips(text: first.Text, C: float = 0) -> np.ndarray:
    return np.asarray(AFFIRMED(text) * 1.0)


def linear(text: first.Text, C: float) -> np.ndarray:
    """One logistic regression a label, of the labels named with "non" and without it."""
    return regressions(text, np.hstack([AFFIRMED(text), DENIED(text)]).astype(float), C)


def truth(text: first.Text, C: float = 0) -> np.ndarray:
    """The shop's truth given department and title: ``label_posterior``, where "non" is heard."""
    sets = np.array(list(itertools.product([False, True], repeat=len(THEMES))))
    theme_of = [THEMES.index(label.theme) for label in LABELS]
    chance = expit(np.array([label.logit for label in LABELS]) + THEME_LIFT * sets[:, theme_of])
    of_theme = np.array([THEME_CHANCE[one] for one in text.table["department"]])
    prior = np.where(sets, of_theme[:, None], 1.0 - of_theme[:, None]).prod(axis=2)
    prior /= 1.0 - (1.0 - chance).prod(axis=1)  # products without a label are drawn again
    kind = AFFIRMED(text) + 2 * DENIED(text)  # 0: not named
    has = [chance * one for one in (1.0 - LABEL_SHOWN, LABEL_SHOWN, 0.0)]
    absent = [(1.0 - chance) * one for one in (1.0 - MENTIONS, 0.0, MENTIONS)]
    result = np.empty(kind.shape)
    for row, (kinds, weight) in enumerate(zip(kind, prior, strict=True)):
        labels = range(len(kinds))
        no = np.stack([absent[k][:, j] for j, k in zip(labels, kinds, strict=True)], axis=1)
        yes = np.stack([has[k][:, j] for j, k in zip(labels, kinds, strict=True)], axis=1)
        seen = no + yes
        none = weight @ no.prod(axis=1)
        posterior = weight * seen.prod(axis=1)
        without = posterior @ (no / seen) - none
        result[row] = 1.0 - without / (posterior.sum() - none)
    return np.clip(result, 0.0, 1.0)


def regressions(text: first.Text, columns: Any, C: float) -> np.ndarray:
    """One logistic regression a label, of these columns."""
    return first.logistic("these", replace(text, columns={"these": columns}), C)


def named_alone(text: first.Text, C: float) -> np.ndarray:
    """The contest's named labels without the department."""
    named = [named_labels(text.table, one) for one in ("en", "zh")]
    return regressions(text, np.hstack(named).astype(float), C)


def same_tokens(text: first.Text, C: float) -> np.ndarray:
    """TF-IDF of each of the two titles, of the tokens that the networks read."""
    tokens = {"min_df": 1, "token_pattern": "[a-z0-9-]+|[\u4e00-\u9fff]"}
    parts = [text.table[f"title_{one}"].tolist() for one in ("en", "zh")]
    columns = [first.tf_idf(part, text.train, **tokens) for part in parts]
    return regressions(text, sparse.hstack(columns).tocsr(), C)


def token_shares(text: first.Text, C: float) -> np.ndarray:
    """The columns of the mean network: each token's share of the tokens of a title, times ten."""
    ids = text.ids
    rows, at = np.nonzero(ids)
    share = 10.0 / np.maximum((ids > 0).sum(axis=1), 1)
    shape = len(ids), int(ids.max()) + 1
    return regressions(text, sparse.csr_matrix((share[rows], (rows, ids[rows, at])), shape), C)


def present(norm: str | None, text: first.Text, C: float) -> np.ndarray:
    """1 where a title has the word or the pair; ``CountVectorizer(binary=True)`` without a norm."""
    settings = {"ngram_range": (1, 2), "binary": True, "use_idf": False, "norm": norm}
    return regressions(text, first.tf_idf(text.texts, text.train, **settings), C)


PLAIN = {"use_idf": False}
"""A title's counts, made one long."""


def tokens_plain(text: first.Text, C: float) -> np.ndarray:
    """``same_tokens`` without idf."""
    tokens = {"min_df": 1, "token_pattern": "[a-z0-9-]+|[\u4e00-\u9fff]", **PLAIN}
    parts = [text.table[f"title_{one}"].tolist() for one in ("en", "zh")]
    columns = [first.tf_idf(part, text.train, **tokens) for part in parts]
    return regressions(text, sparse.hstack(columns).tocsr(), C)


def runs_plain(text: first.Text, C: float) -> np.ndarray:
    """The contest's TF-IDF, English words and Chinese runs, without idf."""
    en, zh = (text.table[f"title_{one}"].tolist() for one in ("en", "zh"))
    runs = first.tf_idf(zh, text.train, analyzer="char", ngram_range=(1, 3), **PLAIN)
    columns = [first.tf_idf(en, text.train, **PLAIN), runs]
    return regressions(text, sparse.hstack(columns).tocsr(), C)


def sparse_regressions(text: first.Text, columns: Any, C: float) -> np.ndarray:
    """One logistic regression a label with an L1 penalty, which sets most weights to 0."""
    settings: dict[str, Any] = {"l1_ratio": 1, "max_iter": 1_000, "random_state": 0}
    one = LogisticRegression(C=C, solver="liblinear", **settings)
    model = OneVsRestClassifier(one).fit(columns[text.train], text.y[text.train])
    return np.asarray(model.predict_proba(columns))


ONES = {"binary": True, "use_idf": False, "norm": None}
"""1 where a title has the token."""


def token_columns(text: first.Text, settings: Mapping[str, Any]) -> Any:
    """The columns of ``same_tokens`` with other settings."""
    tokens = {"min_df": 1, "token_pattern": "[a-z0-9-]+|[\u4e00-\u9fff]"} | dict(settings)
    parts = [text.table[f"title_{one}"].tolist() for one in ("en", "zh")]
    return sparse.hstack([first.tf_idf(one, text.train, **tokens) for one in parts]).tocsr()


def tokens_sparse(settings: Mapping[str, Any], text: first.Text, C: float) -> np.ndarray:
    return sparse_regressions(text, token_columns(text, settings), C)


def tokens_ones(text: first.Text, C: float) -> np.ndarray:
    """The same columns as 1, with L2."""
    return regressions(text, token_columns(text, ONES), C)


def pairs_sparse(settings: Mapping[str, Any], text: first.Text, C: float) -> np.ndarray:
    columns = first.tf_idf(text.texts, text.train, ngram_range=(1, 2), **settings)
    return sparse_regressions(text, columns, C)


def shares_sparse(text: first.Text, C: float) -> np.ndarray:
    """The columns of ``token_shares``, with L1."""
    rows, at = np.nonzero(text.ids)
    share = 10.0 / np.maximum((text.ids > 0).sum(axis=1), 1)
    shape = len(text.ids), int(text.ids.max()) + 1
    columns = sparse.csr_matrix((share[rows], (rows, text.ids[rows, at])), shape)
    return sparse_regressions(text, columns, C)


def named_sparse(text: first.Text, C: float) -> np.ndarray:
    """The contest's named labels and the department."""
    return sparse_regressions(text, text.columns["named"], C)


def alone_sparse(text: first.Text, C: float) -> np.ndarray:
    named = [named_labels(text.table, one) for one in ("en", "zh")]
    return sparse_regressions(text, np.hstack(named).astype(float), C)


def rule_sparse(text: first.Text, C: float) -> np.ndarray:
    columns = np.hstack([AFFIRMED(text), DENIED(text)]).astype(float)
    return sparse_regressions(text, columns, C)


def few(seed: int) -> first.Text:
    """The contest with as few labels as the encoders are given."""
    text = first.titles(seed)
    return replace(text, train=text.train[: encoders.FEW[0]], valid=text.valid[: encoders.FEW[1]])


def penalties_plain() -> dict[str, Any]:
    """C -> metric -> one number a shop, of the same tokens without idf."""
    ways = {f"C {C:g}": (partial(tokens_plain, C=C), [{}]) for C in (1, 3, 10)}
    return first.on_shops({name: {"setting": {}} for name in ways}, ways, first.titles)


def penalties() -> dict[str, Any]:
    """C -> metric -> one number a shop, of the contest's TF-IDF."""
    ways = {f"C {C:g}": (partial(first.logistic, "tf-idf", C=C), [{}]) for C in (1, 3, 10)}
    return first.on_shops({name: {"setting": {}} for name in ways}, ways, first.titles)


def asked_of(text: first.Text, seed: int) -> dict[str, np.ndarray]:
    """Who is asked -> which cells, about half of them in each way."""
    draw = np.random.default_rng(seed).random(text.y.shape)
    older = replace(text, train=text.valid)  # a model of 500 other products
    p = first.logistic("tf-idf", older, 1.0)
    above = p > np.median(p, axis=0)
    yes = 0.9
    no = (0.5 - yes * text.y.mean()) / (1 - text.y.mean())
    return {
        "at random": draw < 0.5,
        "by a model": draw < np.where(above, 0.9, 0.1),
        "by the answer": draw < np.where(text.y == 1, yes, no),
    }


def asked() -> dict[str, Any]:
    """Who is asked -> metric -> one number a shop: TF-IDF, two penalties, judged on all cells."""
    result: dict[str, Any] = {}
    for seed in first.SHOPS:
        text = first.titles(seed)
        for how, seen in asked_of(text, seed).items():
            y, rows = np.where(seen, text.y, np.nan), text.test
            for C in (1, 10):
                p = first.logistic("tf-idf", text, C, y=y)
                scores = first.judged(text, p)
                scores["calibration"] = round(float(p[rows].sum() / text.y[rows].sum()), 5)
                scores["yes among the known"] = round(float(np.nanmean(y[text.train])), 5)
                for metric, value in scores.items():
                    where = result.setdefault(f"{how}, C {C}", {})
                    where.setdefault(metric, []).append(value)
    return result


NEGATED: dict[str, first.Way] = {
    "lookup": (blind, first.ONE),
    "lookup that skips non": (skips, first.ONE),
    "linear, named and non": (linear, first.STRENGTHS),
    "Bayes-optimal": (truth, first.ONE),
}
PRESENT: dict[str, first.Way] = {
    "linear, pairs there": (partial(present, None), first.STRENGTHS),
    "linear, pairs there, length 1": (partial(present, "l2"), first.STRENGTHS),
}
SHARED: dict[str, first.Way] = {
    "linear, same tokens": (same_tokens, first.STRENGTHS),
    "linear, token shares": (token_shares, first.STRENGTHS),
}
CONTEST: dict[str, first.Way] = {
    "linear, named alone": (named_alone, first.STRENGTHS),
    **SHARED,
}
WITHOUT: dict[str, first.Way] = {
    "linear, same tokens, no idf": (tokens_plain, first.STRENGTHS),
    "linear, runs, no idf": (runs_plain, first.STRENGTHS),
}
FEW: dict[str, first.Way] = {"linear, same tokens, no idf": (tokens_plain, encoders.STRENGTHS)}
THREE = [{"C": C} for C in (0.3, 1, 3)]
TOKENS_L1 = "linear, same tokens as 1, L1"
SPARSE: dict[str, first.Way] = {
    "linear, same tokens, L1": (partial(tokens_sparse, {}), THREE),
    "linear, same tokens, no idf, L1": (partial(tokens_sparse, PLAIN), THREE),
    TOKENS_L1: (partial(tokens_sparse, ONES), THREE),
    "linear, same tokens as 1": (tokens_ones, [{"C": C} for C in (0.03, 0.1, 0.3)]),
    "linear, named labels, L1": (named_sparse, THREE),
    "linear, named alone, L1": (alone_sparse, THREE),
}
SPARSE_SHARES: dict[str, first.Way] = {"linear, token shares, L1": (shares_sparse, THREE)}
SPARSE_FEW: dict[str, first.Way] = {
    **SPARSE,
    "linear, same tokens as 1": (tokens_ones, encoders.STRENGTHS),
}
SPARSE_LARGE = {name: SPARSE[name] for name in (TOKENS_L1, "linear, named labels, L1")}
SPARSE_ORDER: dict[str, first.Way] = {
    "linear, TF-IDF of pairs, L1": (partial(pairs_sparse, {}), THREE),
    "linear, pairs there, length 1, L1": (
        partial(pairs_sparse, {"binary": True, "use_idf": False}),
        THREE,
    ),
    "linear, pairs there, L1": (partial(pairs_sparse, ONES), THREE),
    "linear, named and non, L1": (rule_sparse, THREE),
}
LARGE = partial(first.titles, labelled=first.LARGE)

STORED: Stored = Stored(
    paths.RESULTS / "title_networks_rivals.json",
    first.STORED.seeds,
)
PARTS: Mapping[str, Callable[[], Any]] = {
    "chosen": lambda: {
        **first.chosen(NEGATED, first.negated),
        **first.chosen(CONTEST, first.titles),
    },
    "negated": partial(first.on_shops, STORED.earlier("chosen"), NEGATED, first.negated),
    "contest": partial(first.on_shops, STORED.earlier("chosen"), CONTEST, first.titles),
    "more rows": partial(first.on_shops, STORED.earlier("chosen"), SHARED, LARGE, range(3)),
    "chosen, pairs": partial(first.chosen, PRESENT, first.negated),
    "negated, pairs": partial(
        first.on_shops, STORED.earlier("chosen, pairs"), PRESENT, first.negated
    ),
    "chosen, no idf": partial(first.chosen, WITHOUT, first.titles),
    "contest, no idf": partial(
        first.on_shops, STORED.earlier("chosen, no idf"), WITHOUT, first.titles
    ),
    "chosen, few": partial(first.chosen, FEW, few),
    "few": partial(first.on_shops, STORED.earlier("chosen, few"), FEW, few),
    "chosen, L1": partial(first.chosen, SPARSE, first.titles),
    "contest, L1": partial(first.on_shops, STORED.earlier("chosen, L1"), SPARSE, first.titles),
    "chosen, shares, L1": partial(first.chosen, SPARSE_SHARES, first.titles),
    "shares, L1": partial(
        first.on_shops, STORED.earlier("chosen, shares, L1"), SPARSE_SHARES, first.titles
    ),
    "more rows, L1": partial(
        first.on_shops, STORED.earlier("chosen, L1"), SPARSE_LARGE, LARGE, range(3)
    ),
    "chosen, few, L1": partial(first.chosen, SPARSE_FEW, few),
    "few, L1": partial(first.on_shops, STORED.earlier("chosen, few, L1"), SPARSE_FEW, few),
    "chosen, pairs, L1": partial(first.chosen, SPARSE_ORDER, first.negated),
    "negated, L1": partial(
        first.on_shops, STORED.earlier("chosen, pairs, L1"), SPARSE_ORDER, first.negated
    ),
    "penalties": penalties,
    "penalties, no idf": penalties_plain,
    "asked": asked,
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
