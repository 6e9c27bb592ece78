"""The study page of lesson 22: helpers, measures of relatedness and groups of tasks.

    python benchmarks/study_22.py

writes docs/studies/22.md from results/relatedness.json, results/relatedness_more.json,
results/matrix/shared_bottom.json and results/lessons/.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from scipy import stats
from verdicts import stored, word, write

from course_utils import paths
from course_utils.evidence import Claim, compared, span_text, still_standing
from course_utils.evidence.record import read
from course_utils.metrics import paired_interval

PAGE = paths.ROOT / "docs" / "studies" / "22.md"

TARGET = "purchase"
HELPERS = ("click", "return", "rate", "save", "view", "read", "random")
WEIGHTS = ("0.01", "0.03", "0.1", "0.3", "1")
USUAL = {"64": "pair 0.1", "4": "pair 0.3"}
"""The weight of the purchase that validation chose for all pairs, by units of the trunk."""

MEASURES = {
    "label correlation": "label correlation",
    "its absolute value": "size of the label correlation",
    "cosine, batch": "cosine on batches",
    "cosine, all rows": "cosine on all rows",
    "lookahead": "lookahead on the batch",
    "lookahead, valid": "lookahead on validation rows",
    "leave one out": "leave one out",
    "probe": "probe",
    "pair": "train the pair",
}

FIVE = ("purchase", "return", "view", "follow", "read")
ALL = (FIVE,)
WORLDS = (("purchase", "return", "view"), ("follow", "read"))
SINGLES = tuple((task,) for task in FIVE)
PARTITIONS = [ALL] + [
    (tuple(task for task in FIVE if task not in part), part)
    for size in range(1, 5)
    for part in combinations(FIVE, size)
    if FIVE[0] not in part
]

TRAININGS = {"31 subsets": 31, "pairs": 15, "probe": 5, "size of the label correlation": 0}

CHALLENGES = {
    "10": ("recommendation", "item KNN on purchases", "10.logq-knn", "10.log-two-tasks"),
    "11": ("search", "BM25 of words", "11.bigrams", ""),
    "12": ("labels", "one model a label", "12.titles", "12.chain"),
    "13": ("reviews", "Wilson's bound", "13.order-sales", ""),
    "14": ("behaviour", "recency, frequency, money", "14.money-a-day", ""),
}
"""Lesson -> challenge, single-task baseline, what beat it, what used a second kind of label."""

LIVE = ("opening", "real-five", "real-helpful", "real-all", "real-rival", "real-rival-alone")
"""Claims that the lesson measures when it runs."""

HEAD = """\
# Study page of lesson 22: which tasks help each other

Made by `python benchmarks/study_22.py` from `results/relatedness.json`,
`results/relatedness_more.json`, `results/matrix/shared_bottom.json` and the lessons' records;
change none by hand. The lesson: `notebooks/22_relatedness.ipynb`.

**How it was measured** (`benchmarks/relatedness.py`, `benchmarks/relatedness_more.py`). Ten
made-up markets judge, three others choose the settings. A gain is the AUC of the purchase with a
helper minus that of the purchase alone, in pairs over the markets, by the true probabilities of
the test rows, the mean of two trainings that no measure has seen. The purchase alone chose among
three pairs of batch and rate; the pairs chose one weight of the purchase for all helpers among
three, 0.1 with 64 units and 0.3 with 4. Two lower weights were tried later, with 64 units. The
helpers alone were not tuned. A *measure* sees one training seed, training rows and 400 labelled
validation rows.

An interval is the 95 % interval of the mean difference. A verdict in brackets falls when the
{count} verdicts of this page are corrected together (Holm); {differ} of them show a difference, and
{stand} stand. The lesson shows a part of them and corrects each picture by itself, so a
verdict can stand there and fall here: the probe against the cosine is one.

{machine}
"""

RIVALS = """\
*As it stands*: the helper's own network orders the purchases, turned where 400 validation purchases
say so; *rate* and *random* were not measured. *Frozen*: the helper's own network of 64 units, and a
logistic regression for the purchase on its trunk's outputs; *with codes*, on the row's three codes,
one-hot, as well. *Fine-tuned*: the same network; its head begins as the frozen trunk's regression,
then all weights learn the 400 purchases at a smaller rate. *Together*: the pair, the purchase at
the weight that validation chose for this helper. The penalty of a regression, the rate of the
second training and the weight of a pair are each one of five, chosen on the three tuning markets.

The mean AUC of the purchase in ten markets. The purchase alone has {alone:.3f}, a logistic
regression of the three codes {plain:.3f}. A *probe* below is the frozen trunk in the training that
the measures saw.

"""

MATRIX = """\
`results/matrix/shared_bottom.json`: another market, with the search and the rivals of
[When does it pay?](../when.md): 24 settings for each. Three frequent tasks show all that the
purchase needs. Shared-Bottom minus two ways that train the purchase apart. Where Shared-Bottom
should lose, they were not tried.

"""

BREAK = """\
Three reasons why gradients mislead came to mind. *The cosine does not know the sign of the labels*:
no, *return* is above 0, as the derivation says. On batches it is below *click*: two trained towers
are not one tower turned. *It does not know the number of rows*: not shown. The mean lookahead
puts *rate* at twice *click*, but the markets scatter, and without *rate* no better agreement is
shown. *It looks at training rows, where few labels overfit*: not shown. For the cosine 0 is no
border: *view* helps, and its cosine is about 0. The lookahead on validation rows is above 0 for
*view*, below for *read*, and above 0 for *random*, for which no gain is shown.

"""

GROUPS = """\
Five tasks; *purchase*, *return* and *follow* have 400 labels. Trunks of 8 units, if nothing else is
said; the weight of a starved task was tuned on one market. Of 16 partitions into one or two groups
each way chooses one in each market. The sum of five true AUCs in another training judges, minus
that of one network of all tasks. A measure never leaves a task alone, as in TAG's code.

"""

REAL = """\
Women's clothing reviews: *recommended* with 400 labels, *five stars* and *found helpful* with
5,000. Five splits by product; the splits share reviews, so the intervals of the live claims are
those of Nadeau and Bengio. Cosine and lookahead were watched in one training of all three tasks,
the mean of three weight initialisations a split; their intervals do not count the overlap.

"""

SIZE = 1e5
"""The lookahead is told in 1e-5."""


class Page:
    """What is stored, and the claims that its sections make."""

    def __init__(self) -> None:
        self.first = stored("relatedness")
        self.more = stored("relatedness_more")
        self.pairs, self.low = self.first["pairs"], self.more["low weights"]
        self.groups, self.widths = self.first["groups"], self.more["widths"]
        tuning = self.low["tuning"]
        self.own = {helper: min(of, key=lambda w, of=of: of[w]) for helper, of in tuning.items()}
        self.claims: list[Claim] = []

    def claim(self, text: str, a: Any, b: Any = 0.0, unit: str = "AUC") -> int:
        """The place of a claim: a is better than b, over ten markets."""
        difference = (np.asarray(a, float) - np.asarray(b, float)).tolist()
        low, high = paired_interval(difference)
        self.claims.append(Claim("22.study", text, low, high, len(difference), "markets", unit))
        return len(self.claims) - 1

    def recorded(self, name: str) -> int:
        """The place of a claim of the lesson."""
        one = read("22")[f"22.{name}"]
        self.claims.append(Claim(f"22.{name}", **one))
        return len(self.claims) - 1

    # What the sections read.

    def alone(self, width: str = "64") -> list[float]:
        """The purchase alone."""
        found: list[float] = self.pairs[width]["alone"][TARGET]
        return found

    def at(self, helper: str, weight: str, width: str = "64") -> list[float]:
        """The purchase with this helper, at this weight of the purchase."""
        known = self.low.get(weight) if width == "64" else None
        found: list[float] = (known or self.pairs[width][f"pair {weight}"])[helper]
        return found

    def measure(self, width: str, name: str) -> Mapping[str, Sequence[float]]:
        """Helper -> what a measure says in each market."""
        if name == "pair":
            found: dict[str, Sequence[float]] = self.pairs[width]["valid"]
            return found
        if name == "its absolute value":
            of = self.first["affinities"][width]["label correlation"]
            return {helper: np.abs(x).tolist() for helper, x in of.items()}
        found = self.first["affinities"][width][name]
        return found

    def agreement(
        self, width: str, name: str, weight: str = "", left_out: Sequence[str] = ()
    ) -> list[float]:
        """Spearman's correlation of a measure with the gain, in each market."""
        gain = self.pairs[width][f"pair {weight}" if weight else USUAL[width]]
        found = self.measure(width, name)
        helpers = [helper for helper in HELPERS if helper not in left_out]
        return [
            float(stats.spearmanr(*([x[h][m] for h in helpers] for x in (found, gain)))[0])
            for m in range(10)
        ]

    def total(self, kind: str, partition: Any, market: int) -> float:
        """Sum over five tasks: of minus the validation loss, or of true AUC."""
        of = self.groups[kind]
        return float(sum(of[" ".join(g)][task][market] for g in partition for task in g))

    def served(self, name: str, units: int) -> np.ndarray:
        """Sum of five AUCs, each trunk of this width."""
        return np.asarray(np.sum([*self.widths[name][str(units)].values()], axis=0))

    def fresh(self, partition: Any) -> np.ndarray:
        """The same with 8 units."""
        return np.array([self.total("fresh", partition, m) for m in range(10)])

    def chosen(self) -> dict[str, list[Any]]:
        """way -> the partition that it chooses in each market."""
        affinities = {
            **self.groups["affinity"],
            "size of the label correlation": np.abs(self.groups["affinity"]["label correlation"]),
            "probe": np.negative(self.more["probes"]["loss"]),
        }

        def by_affinity(name: str, partition: Any, m: int) -> float:
            matrix, score = np.array(affinities[name][m]), 0.0
            for group in partition:
                at = [FIVE.index(task) for task in group]
                for j in at:
                    others = [i for i in at if i != j]
                    score += matrix[others, j].mean() if others else -1e6
            return score

        def by_pairs(partition: Any, m: int) -> float:
            score = 0.0
            for group in partition:
                for task in group:
                    mates = [one for one in group if one != task]
                    pairs = [" ".join(t for t in FIVE if t in (task, mate)) for mate in mates]
                    names = pairs or [task]
                    score += np.mean([self.groups["valid"][name][task][m] for name in names])
            return score

        def by(name: str, partition: Any, m: int) -> float:
            if name == "31 subsets":
                return self.total("valid", partition, m)
            return by_pairs(partition, m) if name == "pairs" else by_affinity(name, partition, m)

        ways = (*TRAININGS, "lookahead", "lookahead, valid", "cosine, all rows")
        return {
            way: [max(PARTITIONS, key=lambda one: by(way, one, m)) for m in range(10)]
            for way in ways
        }


def page() -> str:
    """The page, in Markdown."""
    one = Page()
    sections = [[*section(one)] for section in SECTIONS]
    standing = still_standing(one.claims)
    differ = sum(claim.word != "no difference shown" for claim in one.claims)
    machines = dict.fromkeys([*one.first["machine"].values(), *one.more["machine"].values()])
    text = HEAD.format(
        count=len(one.claims), differ=differ, stand=sum(standing), machine="\n".join(machines)
    )
    for lines in sections:
        text += "\n" + "\n".join(
            _row(one.claims[line], standing[line]) if isinstance(line, int) else line
            for line in lines
        )
    return text + "\n"


def _row(claim: Claim, stands: bool) -> str:
    span = span_text(claim.low, claim.high)
    return f"| {compared(claim.text)} | {span} | {claim.unit} | {word(claim, stands)} |"


Lines = Iterator[str | int]
"""Of a section: text, or the place of a claim."""

CLAIMS = ("| claim | interval | unit | verdict |", "|---|---|---|---|")


def _helpers(one: Page) -> Lines:
    yield "\n## The gain of each helper\n"
    yield "Mean gain of the purchase by its weight, 64 units, then 4 units.\n"
    yield f"| helper | {' | '.join(WEIGHTS)} | 4 units: 0.1 | 0.3 | 1 | chosen, 64 units |"
    yield "|---" * 10 + "|"
    for helper in HELPERS:
        wide = [np.mean(np.subtract(one.at(helper, w), one.alone())) for w in WEIGHTS]
        narrow = [np.mean(np.subtract(one.at(helper, w, "4"), one.alone("4"))) for w in WEIGHTS[2:]]
        told = " | ".join(f"{gain:+.3f}" for gain in (*wide, *narrow))
        yield f"| {helper} | {told} | {one.own[helper]} |"
    yield ""
    yield from CLAIMS
    for width, weights in (("64", WEIGHTS), ("4", WEIGHTS[2:])):
        for weight in weights:
            for helper in HELPERS:
                text = f"{width} units, {helper} at weight {weight} over alone"
                yield one.claim(text, one.at(helper, weight, width), one.alone(width))
    together = one.first["affinities"]["64"]["all together"][TARGET]
    yield one.claim(
        "64 units, all seven at weight 0.1, one training, over alone", together, one.alone()
    )
    text = "no helper, a logistic regression of the three codes, over alone"
    yield one.claim(text, one.more["plain"]["one-hot"], one.alone())
    for weight in ("0.1", "1"):
        text = f"64 units, weight {weight}: view over save"
        yield one.claim(text, one.at("view", weight), one.at("save", weight))
    for weight in ("0.1", "0.01"):
        text = f"64 units, weight {weight}: click over return"
        yield one.claim(text, one.at("click", weight), one.at("return", weight))
    theirs = one.pairs["64"]
    for helper in HELPERS[:-1]:
        text = f"what the helper gets back: {helper}, with the purchase over alone"
        yield one.claim(text, theirs["theirs"][helper], theirs["theirs alone"][helper])


def _rivals(one: Page) -> Lines:
    plain, stands = one.more["plain"]["one-hot"], one.more["as it stands"]
    yield "\n## Ways without joint training\n"
    yield RIVALS.format(alone=np.mean(one.alone()), plain=np.mean(plain)).rstrip() + "\n"
    ways = {
        "frozen": one.more["frozen"]["trunk"],
        "frozen, with codes": one.more["frozen"]["trunk and codes"],
        "fine-tuned": one.more["fine-tuned"]["tower"],
        "fine-tuned, with codes": one.more["fine-tuned"]["trunk and codes"],
        "together": {helper: one.at(helper, one.own[helper]) for helper in HELPERS},
        "together, with codes": one.more["joint"]["trunk and codes"],
    }
    yield f"| helper | weight | rate | as it stands | {' | '.join(ways)} |"
    yield "|---" * (4 + len(ways)) + "|"
    for helper in HELPERS:
        told = " | ".join(f"{np.mean(of[helper]):.3f}" for of in ways.values())
        own = f"{np.mean(stands[helper]):.3f}" if helper in stands else ""
        slower = one.more["fine-tuned"]["slower"][helper]
        yield f"| {helper} | {one.own[helper]} | {slower:g} of the first | {own} | {told} |"
    yield ""
    yield from CLAIMS
    for helper in HELPERS:
        if helper in stands:
            text = f"{helper}: as it stands, over together at weight 0.1"
            yield one.claim(text, stands[helper], one.at(helper, "0.1"))
            if one.own[helper] != "0.1":
                text = f"{helper}: as it stands, over together"
                yield one.claim(text, stands[helper], ways["together"][helper])
        text = f"{helper}: frozen, with codes, over together at weight 0.1"
        yield one.claim(text, ways["frozen, with codes"][helper], one.at(helper, "0.1"))
        for a, b in (
            ("frozen, with codes", "together"),
            ("fine-tuned", "together"),
            ("fine-tuned", "frozen"),
            ("fine-tuned, with codes", "frozen, with codes"),
            ("together, with codes", "frozen, with codes"),
            ("together, with codes", "fine-tuned, with codes"),
        ):
            if (a, b, one.own[helper]) == ("frozen, with codes", "together", "0.1"):
                continue
            yield one.claim(f"{helper}: {a}, over {b}", ways[a][helper], ways[b][helper])
    probes = one.first["affinities"]["64"]["probe, true AUC"]
    joint = one.pairs["64"][USUAL["64"]]
    codes = ways["frozen, with codes"]["view"]
    for text, a, b in (
        ("click: probe over together at weight 0.1", probes["click"], joint["click"]),
        ("click: probe over together at weight 0.01", probes["click"], one.at("click", "0.01")),
        ("click: probe over alone", probes["click"], one.alone()),
        ("probe: click over return", probes["click"], probes["return"]),
        ("view: probe over together at weight 0.1", probes["view"], joint["view"]),
        ("view: frozen, codes added, over frozen", codes, ways["frozen"]["view"]),
        ("view: frozen, with codes, over alone", codes, one.alone()),
    ):
        yield one.claim(text, a, b)


def _matrix(one: Page) -> Lines:
    yield "\n## Frozen and fine-tuned in another market\n"
    yield MATRIX.rstrip() + "\n"
    yield from CLAIMS
    found = stored("matrix/shared_bottom")
    for where in ("wins", "elsewhere"):
        end = found["ends"][where]
        rows = end["dials"].get("n_train", 10_000)
        dials = f"{rows:,} rows, {end['dials']['few']:,} labelled purchases"
        for rival in ("frozen trunk, logistic regression", "pretrained, then fine-tuned"):
            a, b = (end["contenders"][name]["values"] for name in ("Shared-Bottom", rival))
            yield one.claim(f"{dials}: Shared-Bottom over {rival}", a, b)


def _dial(one: Page) -> Lines:
    yield "\n## The dial of relatedness\n"
    yield "*Save* with every relatedness to the purchase, at weight 0.1, over the purchase alone.\n"
    yield from CLAIMS
    for rows, of in one.first["dial"].items():
        for rho, auc in of.items():
            yield one.claim(
                f"{int(rows):,} labels, relatedness {rho}, over alone", auc, one.alone()
            )


def _measures(one: Page) -> Lines:
    yield "\n## Which measure ranks the helpers as the gain does?\n"
    yield "Spearman's correlation with the gain over seven helpers, mean of ten markets.\n"
    yield "| measure | 64 units | 4 units |"
    yield "|---|---|---|"
    ranks = {w: {name: one.agreement(w, name) for name in MEASURES} for w in USUAL}
    for name, words in MEASURES.items():
        yield f"| {words} | {' | '.join(f'{np.mean(of[name]):.2f}' for of in ranks.values())} |"
    four = {name: _four(one, name) for name in one.more["four trainings"]}
    for name, (mean, each) in four.items():
        told = f"{np.mean(each):.2f}, averaged {np.mean(mean):.2f}"
        yield f"| {MEASURES[name]}, each of four trainings | {told} | |"
    yield ""
    yield from CLAIMS
    for width, a, b in (
        *((w, name, "") for w in USUAL for name in ("cosine, batch", "lookahead", "probe", "pair")),
        ("64", "cosine, batch", "lookahead"),
        ("64", "probe", "cosine, batch"),
        ("64", "probe", "lookahead"),
        ("64", "pair", "probe"),
        *((w, "probe", "its absolute value") for w in USUAL),
        ("64", "lookahead, valid", "lookahead"),
    ):
        text = f"{width} units: {MEASURES[a]} above {MEASURES[b] if b else 'no agreement'}"
        yield one.claim(text, ranks[width][a], ranks[width][b] if b else 0.0, "Spearman")
    at_one = (one.agreement("64", name, "1") for name in ("probe", "cosine, batch"))
    yield one.claim("64 units, weight 1: probe above cosine on batches", *at_one, unit="Spearman")
    for name, (mean, each) in four.items():
        text = f"64 units: {MEASURES[name]}, the mean of four trainings over one"
        yield one.claim(text, mean, each, "Spearman")


def _four(one: Page, name: str) -> tuple[list[float], list[float]]:
    """Agreement of the mean of four trainings of a market, and the mean of theirs."""
    gain = np.array([one.pairs["64"][USUAL["64"]][helper] for helper in HELPERS])
    seen = np.array([one.more["four trainings"][name][helper] for helper in HELPERS])
    mean = [stats.spearmanr(seen[:, m].mean(axis=1), gain[:, m])[0] for m in range(10)]
    each = [
        np.mean([stats.spearmanr(seen[:, m, k], gain[:, m])[0] for k in range(4)])
        for m in range(10)
    ]
    return mean, each


def _broken(one: Page) -> Lines:
    yield "\n## Why do gradients mislead?\n"
    yield BREAK.rstrip() + "\n"
    names = ("label correlation", "cosine, all rows", "lookahead", "lookahead, valid", "probe")
    heads = [f"{MEASURES[n]}{', 1e-5' if n.startswith('look') else ''}" for n in names]
    yield f"| helper | gain | {' | '.join(heads)} |"
    yield "|---" * (2 + len(names)) + "|"
    for helper in HELPERS:
        gain = np.mean(np.subtract(one.at(helper, "0.1"), one.alone()))
        told = [
            f"{np.mean(one.measure('64', n)[helper]) * (SIZE if n.startswith('look') else 1):.3f}"
            for n in names
        ]
        yield f"| {helper} | {gain:+.3f} | {' | '.join(told)} |"
    yield ""
    yield from CLAIMS
    batch, ahead = (one.measure("64", name) for name in ("cosine, batch", "lookahead"))
    yield one.claim(
        "cosine on batches, click over return", batch["click"], batch["return"], "cosine"
    )
    a, b = (np.multiply(ahead[helper], SIZE) for helper in ("rate", "click"))
    yield one.claim("lookahead on the batch, rate over click", a, b, "1e-5")
    without = one.agreement("64", "lookahead", left_out=("rate",))
    text = "agreement of the lookahead, without rate over with rate"
    yield one.claim(text, without, one.agreement("64", "lookahead"), "Spearman")
    for helper in ("return", "view", "read"):
        of = one.measure("64", "cosine, all rows")[helper]
        yield one.claim(f"cosine on all rows, {helper}, over 0", of, 0.0, "cosine")
    for helper in ("view", "read", "random"):
        of = np.multiply(one.measure("64", "lookahead, valid")[helper], SIZE)
        yield one.claim(f"lookahead on validation rows, {helper}, over 0", of, 0.0, "1e-5")


def _groups(one: Page) -> Lines:
    yield "\n## Groups of tasks\n"
    yield GROUPS.rstrip() + "\n"
    chosen, together = one.chosen(), one.fresh(ALL)

    def judged(partitions: Sequence[Any]) -> np.ndarray:
        return np.array([one.total("fresh", p, m) for m, p in enumerate(partitions)]) - together

    gains = {way: judged(each) for way, each in chosen.items()}
    gains["the two worlds"] = judged([WORLDS] * 10)
    gains["five networks"] = judged([SINGLES] * 10)
    every = [judged([partition] * 10) for partition in PARTITIONS]
    gains["the mean of all partitions"] = np.mean(every, axis=0)
    gains["the best in hindsight"] = np.max(every, axis=0)
    yield "| chosen by | gain over all together | trainings to choose | found the two worlds |"
    yield "|---|---|---|---|"
    worlds = {*map(frozenset, WORLDS)}
    for way, gain in gains.items():
        price = TRAININGS.get(way, 1) if way in chosen else ""
        found = sum({*map(frozenset, p)} == worlds for p in chosen.get(way, []))
        told = f"{found} of 10" if way in chosen else ""
        yield f"| {way} | {gain.mean():+.3f} | {price} | {told} |"
    yield ""
    yield from CLAIMS
    for a, b in (
        ("the two worlds", ""),
        ("the two worlds", "five networks"),
        ("31 subsets", ""),
        ("pairs", "31 subsets"),
        ("lookahead", "the mean of all partitions"),
        ("lookahead", "31 subsets"),
        ("probe", ""),
        ("probe", "31 subsets"),
        ("size of the label correlation", "the mean of all partitions"),
        ("cosine, all rows", "the mean of all partitions"),
    ):
        text = f"{a} over {b or 'all together'}"
        yield one.claim(text, gains[a], gains[b] if b else 0.0, "sum of AUCs")
    fresh, units = one.groups["fresh"], one.widths
    for group in WORLDS:
        for task in group:
            text = f"{task}, 8 units: the two worlds over five networks"
            yield one.claim(text, fresh[" ".join(group)][task], fresh[task][task])
    for group in WORLDS:
        for task in group:
            text = f"{task}, 64 units: the two worlds over five networks"
            a, b = (units[name]["64"][task] for name in ("the two worlds", "each alone"))
            yield one.claim(text, a, b)
    names = {
        "two worlds": "the two worlds",
        "one trunk": "all together",
        "five networks": "each alone",
    }
    eights = {"two worlds": WORLDS, "five networks": SINGLES}
    for a, wide, b, narrow in (
        ("two worlds", 64, "five networks", 64),
        ("two worlds", 64, "one trunk", 64),
        ("two worlds", 20, "one trunk", 40),
        ("one trunk", 16, "two worlds", 8),
        ("one trunk", 40, "two worlds", 8),
        ("one trunk", 40, "five networks", 8),
    ):
        other = one.fresh(eights[b]) if narrow == 8 else one.served(names[b], narrow)
        text = f"{a} of {wide} units over {b} of {narrow}"
        yield one.claim(text, one.served(names[a], wide), other, "sum of AUCs")
    best = [max(PARTITIONS, key=lambda p: one.total("true", p, m)) for m in range(10)]
    lead = {
        kind: [
            one.total(kind, p, m) - np.mean([one.total(kind, q, m) for q in PARTITIONS])
            for m, p in enumerate(best)
        ]
        for kind in ("true", "fresh")
    }
    text = "lead of the best of 16 partitions, in the training that chose it over another training"
    yield one.claim(text, lead["true"], lead["fresh"], "sum of AUCs")


def _real(one: Page) -> Lines:
    yield "\n## Real reviews\n"
    yield REAL.rstrip() + "\n"
    yield from CLAIMS
    for name in LIVE[1:]:
        yield one.recorded(name)
    yield one.recorded("real-pair")
    for epochs, of in one.more["real"].items():
        for name, unit in (("cosine, all rows", "cosine"), ("lookahead", "1e-5")):
            size = SIZE if unit == "1e-5" else 1.0
            five, helpful = (
                size * np.mean([*of[name][task].values()], axis=1) for task in ("five", "helpful")
            )
            text = f"{epochs} epochs, {name.split(',')[0]}"
            yield one.claim(f"{text}: five stars over helpful", five, helpful, unit)
            if unit == "cosine":
                yield one.claim(f"{text}: five stars over 0", five, 0.0, unit)


def _needed(one: Page) -> Lines:
    yield "\n## Was a multi-task model needed?\n"
    yield "The five challenges of the article, as their lessons recorded them.\n"
    yield "| lesson | challenge | single-task baseline | against it | a second kind of label |"
    yield "|---|---|---|---|---|"
    for lesson, (challenge, baseline, plain, both) in CHALLENGES.items():
        yield f"| {lesson} | {challenge} | {baseline} | {_said(plain)} | {_said(both)} |"
    yield "\nThe joint factorisation of lesson 10 stands against popularity, not against item KNN."


def _said(name: str) -> str:
    if not name:
        return "not tried"
    one = read(name[:2])[name]
    return f"{one['text']}: {span_text(one['low'], one['high'])} {one['unit']}"


SECTIONS = (_helpers, _rivals, _matrix, _dial, _measures, _broken, _groups, _real, _needed)


if __name__ == "__main__":
    write(PAGE, page())
