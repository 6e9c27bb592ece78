"""The study page of lesson 21: all that is stored of its small markets and STAR's parts.

    python benchmarks/study_21.py

writes docs/studies/21.md from results/star_rows.json, results/scenario_more.json,
results/matrix/star.json and results/lessons/21.json.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from verdicts import recorded, stored, table, write

from course_utils import paths
from course_utils.evidence import Claim, claim, span_text
from course_utils.regimes import hmoe, m2m, m3oe, pepnet, star
from course_utils.regimes.family import on_page
from course_utils.regimes.family import stored as measured_of

PAGE = paths.ROOT / "docs" / "studies" / "21.md"

GROUNDS = (star, pepnet, m2m, hmoe, m3oe)
SIZES = (150, 500, 1_500, 5_000, 15_000)
MACHINE = "factorisation machine, heads"
OTHERS = {
    "head per scenario": "head per scenario, each market alike",
    "logistic regression per scenario": "logistic regression × market",
    "logistic regression": "logistic regression with the market",
}
"""Names on the page, where they say more."""

SETTINGS = {
    "learning_rate": "rate",
    "batch_size": "batch",
    "weight_decay": "decay",
    "embedding_dim": "embedding",
    "C": "C",
    "max_leaf_nodes": "leaves",
    "min_samples_leaf": "rows a leaf",
    "max_iter": "trees",
    "l2_regularization": "penalty",
    "crosses": "crosses",
}

HEAD = """\
# Study page of lesson 21: small markets, STAR's parts, and plain rivals

Made by `python benchmarks/study_21.py` from `results/star_rows.json`, `results/scenario_more.json`,
`results/matrix/star.json` and `results/lessons/21.json`; change none by hand. The lesson:
`notebooks/21_multi_scenario_learning.ipynb`.

All verdicts are 95 % intervals of paired differences. A verdict in brackets falls when all verdicts
of its table are corrected (Holm). Shops are simulated: each has other customers and products, and
the true probabilities judge.

## The small market by its rows

`benchmarks/scenario_rows.py`: four markets that have .8 of one click score in common. M03 has 150
to 15,000 training rows, the other three 9,000 together. Each contender has up to six settings,
chosen on two other shops by the log loss on validation rows; dropout is 0 and the hidden layer has
32 units for every network. Ten shops judge by M03's 8,000 test rows. The *crossed regression* has
market × each column, segment × category, segment × brand and price × price sensitivity. The truth
is nearly a sum of these crosses, by construction. *Logistic regression × market* has market × each
column alone. The factorisation machine (`benchmarks/scenario_more.py`) was added later, with as
many settings.

{machine}

Mean AUC on M03:

"""

VERDICTS = """
The lesson asks six of these questions. Its correction is for its six; here it is for all of a
table.

### A market alone, a head, and sharing

"""

PARTS = """
### STAR without a part

Each contender has chosen a setting of its own. So what is compared is a part *and* its setting.

"""

WAYS = """
## Seven ways on the lesson's markets

`ways` in `benchmarks/scenario_more.py`: M03 with 150 rows, M01 with some 5,000, eight shops, one
setting each, not tuned: rate .01, batch 256, decay 1, 30 epochs, stopped by the validation loss.
*Head* weighs each row the same, *head, equal* each market. The separate network is starved twice:
it also stops by 50 rows. The lesson trains four of the seven again.

"""

LEVEL = """
Calibration in M03, mean prediction over mean truth, least and most of eight shops:

"""

BIAS = """
## A bias for each market, smoothed

`bias` in `benchmarks/scenario_more.py`, twenty shops. To the mixed network's logit one number is
added for each market. It moves the mean prediction on the market's training rows to (clicks + k m)
/ (rows + k), where m is the network's own mean prediction there. k = 0 is the raw bias. Five other
shops chose k = {k} among 0, 30, 100, 300 and 1,000 by the log loss in M03. No difference is shown
between the raw and the smoothed bias.

"""

TEMPERATURE = """
## Sampling at a temperature

`temperature` in `benchmarks/scenario_more.py`: logistic regressions on the lesson's markets, in
expectation the same as sampling: rows of market s weigh n_s^(1/T - 1). For each T five other shops
choose the penalty C, by the mean log loss over markets; the one penalty holds for shared and own
weights. Twenty shops judge. With one penalty for all T and eight shops an earlier edition of the
lesson showed no gain at any temperature.

"""

AREAS = """
## Real data: who comes back, by area

Ta Feng, a Taiwanese grocery shop: does a customer who bought from November 2000 to January 2001
come back in February? The scenario is the area where the customer lives. The columns are days with
a purchase, days since the last, lines, products, subclasses and money, as logarithms, and the age
group. Each fifth of the customers is judged once. One setting each, so that nothing is tuned;
crosses are many weights, so their penalty is ten times as strong. The training rows of two folds
overlap, so the intervals are Nadeau and Bengio's.

"""

GROUND = """
## A market built for STAR

From `results/matrix/star.json`; [when does it pay](../when.md#star) tells the ground. Where STAR
should win: STAR minus each rival, ten draws of the shop.

"""

FAMILIES = """
## The other networks

Each has a made-up market. A plain model has the form of {plain} of the {every} truths. What is not
on [the page](../when.md) yet is being measured with all rivals.

"""

RECORDED = """
## What the lesson records

"""


def by_rows() -> dict[int, dict[str, list[float]]]:
    """Rows of M03 -> contender -> AUC, one value a seed; the machine among them."""
    kept = {part["rows"]: dict(part["auc"]) for part in stored("star_rows")["parts"]}
    for n, values in stored("scenario_more")["products"].items():
        kept[int(n)][MACHINE] = values
    return kept


def judged(
    text: str,
    method: Sequence[float],
    baseline: Sequence[float],
    *,
    higher_is_better: bool = True,
    overlap: float = 0.0,
) -> Claim:
    """A claim of this page, which is recorded nowhere."""
    return claim(
        "21.study", text, method, baseline, higher_is_better=higher_is_better, overlap=overlap
    )


def page() -> str:
    """The page, in Markdown."""
    of, kept = by_rows(), stored("scenario_more")
    text = HEAD.format(machine=stored("star_rows")["machine"])
    text += "\n".join(_means(of)) + "\n"
    text += "\nChosen settings:\n\n" + "\n".join(_choices()) + "\n"
    text += VERDICTS + "\n".join(table(_sharing(of))) + "\n"
    text += "\n### A row weighs the same, or a market does: two heads\n\n"
    text += "\n".join(table(_heads(of))) + "\n"
    text += "\n### STAR against mixed, separate and plain rivals\n\n"
    text += "\n".join(table(_star(of))) + "\n"
    text += "\n### The factorisation machine with heads\n\n"
    text += "\n".join(table(_machine(of))) + "\n"
    text += PARTS + "\n".join(table(_parts(of))) + "\n"
    text += WAYS + "\n".join(_ways(kept["ways"])) + "\n"
    text += "\n" + "\n".join(table(_ways_claims(kept["ways"]["auc"]))) + "\n"
    text += LEVEL + "\n".join(_calibration(kept["ways"]["calibration"])) + "\n"
    text += BIAS.format(k=kept["bias"]["chosen"]) + "\n".join(_bias(kept["bias"]["forms"])) + "\n"
    text += TEMPERATURE + "\n".join(_temperature(kept["temperature"])) + "\n"
    text += "\n" + "\n".join(table(_alike(kept["temperature"]))) + "\n"
    text += AREAS + "\n".join(_areas(kept["areas"])) + "\n"
    text += "\n" + "\n".join(table(_area_claims(kept["areas"]["auc"]))) + "\n"
    text += GROUND + "\n".join(_ground()) + "\n"
    plain = sum(bool(one.FAMILY.matches) for one in GROUNDS)
    text += FAMILIES.format(plain=plain, every=len(GROUNDS)) + "\n".join(_families()) + "\n"
    return text + RECORDED + "\n".join(recorded("21")) + "\n"


def _means(of: Mapping[int, Mapping[str, Sequence[float]]]) -> Iterator[str]:
    yield f"| contender | {' | '.join(f'{n:,} rows' for n in SIZES)} |"
    yield "|---" * (1 + len(SIZES)) + "|"
    names = [name for name in of[150] if not name.endswith("limit")] + ["Bayes limit"]
    for name in names:
        cells = " | ".join(f"{np.mean(of[n][name]):.3f}" for n in SIZES)
        yield f"| {OTHERS.get(name, name)} | {cells} |"


def _choices() -> Iterator[str]:
    yield f"| contender | {' | '.join(f'{n:,} rows' for n in SIZES)} |"
    yield "|---" * (1 + len(SIZES)) + "|"
    parts = {part["rows"]: part["choice"] for part in stored("star_rows")["parts"]}
    for name in parts[150]:
        cells = [
            ", ".join(f"{told} {of[key]}" for key, told in SETTINGS.items() if key in of)
            for of in (parts[n][name] for n in SIZES)
        ]
        yield f"| {OTHERS.get(name, name)} | {' | '.join(cells)} |"


Of = Mapping[int, Mapping[str, Sequence[float]]]


def _pairs(of: Of, pairs: Sequence[tuple[str, str]], sizes: Sequence[int]) -> list[Claim]:
    """A verdict for each pair and each number of rows."""
    return [
        judged(f"{n:,} rows: {OTHERS.get(a, a)} over {OTHERS.get(b, b)}", of[n][a], of[n][b])
        for a, b in pairs
        for n in sizes
    ]


ASKED = (150, 1_500, 15_000)


def _sharing(of: Of) -> list[Claim]:
    alone = "logistic regression, one for each scenario"
    return _pairs(
        of,
        [
            ("network per scenario", "mixed"),
            ("head per scenario, by rows", "mixed"),
            ("logistic regression per scenario", alone),
        ],
        ASKED,
    )


def _heads(of: Of) -> list[Claim]:
    return _pairs(of, [("head per scenario, by rows", "head per scenario")], SIZES)


def _star(of: Of) -> list[Claim]:
    rivals = (
        "mixed", "network per scenario", "scenario as a column", "DCN per task",
        "logistic regression per scenario", "crossed logistic regression",
    )  # fmt: skip
    return _pairs(of, [("STAR", one) for one in rivals], ASKED)


def _machine(of: Of) -> list[Claim]:
    rivals = ("mixed", "STAR", "crossed logistic regression")
    return _pairs(of, [(MACHINE, one) for one in rivals], ASKED)


def _parts(of: Of) -> list[Claim]:
    parts = ("STAR, W_p = 1", "STAR without normalisation", "STAR without auxiliary network")
    return _pairs(of, [("STAR", one) for one in parts], SIZES)


def _ways(kept: Mapping[str, Any]) -> Iterator[str]:
    markets = [*(f"M0{s}" for s in range(1, 5)), "mean", "all"]
    yield f"| way | {' | '.join(markets[:4])} | mean over markets | pooled |"
    yield "|---" * 7 + "|"
    for way, of in kept["auc"].items():
        yield f"| {way} | {' | '.join(f'{np.mean(of[one]):.3f}' for one in markets)} |"


def _ways_claims(auc: Mapping[str, Any]) -> list[Claim]:
    asked = [
        ("separate", "mixed", "M03"), ("column", "mixed", "M03"), ("head", "mixed", "M03"),
        ("STAR", "mixed", "M03"), ("STAR", "crossed LR", "M03"), ("head", "mixed", "M01"),
        ("head", "head, equal", "M01"),
    ]  # fmt: skip
    return [judged(f"{m}: {a} over {b}", auc[a][m], auc[b][m]) for a, b, m in asked]


def _calibration(kept: Mapping[str, Any]) -> Iterator[str]:
    markets = [*(f"M0{s}" for s in range(1, 5)), "all"]
    yield f"| way | {' | '.join([*markets[:4], 'pooled'])} |"
    yield "|---" * 6 + "|"
    for way in ("mixed", "column"):
        cells = [f"{min(kept[way][one]):.2f} to {max(kept[way][one]):.2f}" for one in markets]
        yield f"| {way} | {' | '.join(cells)} |"


def _bias(forms: Mapping[str, Any]) -> Iterator[str]:
    yield "| | pooled AUC | log loss in M03 | calibration in M03 | loss over mixed | verdict |"
    yield "|---|---|---|---|---|---|"
    for name, of in forms.items():
        ratio, loss = of["M03 calibration"], of["M03 log loss"]
        against = word = ""
        if name != "mixed":
            one = judged(name, loss, forms["mixed"]["M03 log loss"], higher_is_better=False)
            against, word = span_text(one.low, one.high), one.word
        yield (
            f"| {name} | {np.mean(of['pooled AUC']):.3f} | {np.mean(loss):.4f} "
            f"| {min(ratio):.2f} to {max(ratio):.2f} | {against} | {word} |"
        )


def _temperature(kept: Mapping[str, Any]) -> Iterator[str]:
    yield "| model | T | C | M01 | M02 | M03 | M04 |"
    yield "|---|---|---|---|---|---|---|"
    for model, of in kept.items():
        for T, one in of.items():
            means = " | ".join(f"{np.mean(auc):.3f}" for auc in one["auc"].values())
            yield f"| {_model(model)} | {_t(T)} | {one['C']} | {means} |"


def _model(name: str) -> str:
    return {"mixed": "mixed", "crossed": "with own weights"}[name]


def _t(T: str) -> str:
    return "∞" if T == "inf" else T


def _alike(kept: Mapping[str, Any]) -> list[Claim]:
    return [
        judged(
            f"{market}, {_model(model)}: T = {_t(T)} over T = 1",
            of[T]["auc"][market],
            of["1"]["auc"][market],
        )
        for model, of in kept.items()
        for T in ("2", "inf")
        for market in ("M01", "M02", "M03", "M04")
    ]


def _areas(kept: Mapping[str, Any]) -> Iterator[str]:
    yield f"| | {' | '.join(kept['customers'])} | mean over areas | pooled |"
    yield "|---" * (3 + len(kept["customers"])) + "|"
    yield f"| customers | {' | '.join(f'{n:,}' for n in kept['customers'].values())} | | |"
    yield f"| share that comes back | {' | '.join(f'{x:.2f}' for x in kept['back'].values())} | | |"
    for name, of in kept["auc"].items():
        cells = [f"{np.mean(of[area]):.3f}" for area in [*kept["customers"], "mean", "all"]]
        yield f"| {name}, AUC | {' | '.join(cells)} |"


def _area_claims(auc: Mapping[str, Any]) -> list[Claim]:
    asked = [
        ("LR, column", "LR, mixed", "all"), ("LR, column", "LR, mixed", "mean"),
        ("LR, crossed with the area", "LR, mixed", "mean"),
        ("gradient boosting", "LR, mixed", "mean"), ("network, mixed", "LR, mixed", "mean"),
        ("STAR", "network, mixed", "mean"), ("STAR", "LR, mixed", "mean"),
    ]  # fmt: skip
    where = {"all": "pooled", "mean": "mean over areas"}
    return [
        judged(f"{where[at]}: {a} over {b}", auc[a][at], auc[b][at], overlap=1 / 3)
        for a, b, at in asked
    ]


def _ground() -> Iterator[str]:
    found = measured_of("star")["wins"]
    yield "| rival | mean AUC | STAR minus it |"
    yield "|---|---|---|"
    yield f"| **STAR** | {found['means']['STAR']:.3f} | |"
    for name, (low, high) in found["spans"].items():
        yield f"| {name} | {found['means'][name]:.3f} | {span_text(low, high)} |"


def _families() -> Iterator[str]:
    yield "| family | the truth is | plain model of that form | on the page |"
    yield "|---|---|---|---|"
    measured = on_page()
    for one in GROUNDS:
        family = one.FAMILY
        told = "yes" if one.NAME in measured else "being measured"
        yield f"| {one.NAME} | {family.truth} | {family.matches or 'none'} | {told} |"


if __name__ == "__main__":
    write(PAGE, page())
