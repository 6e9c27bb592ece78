"""The study page of lesson 25: formulas, faults, logs, late purchases, a grocery.

    python benchmarks/study_25.py

writes docs/studies/25.md from results/one_ranking.json.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


import numpy as np
from verdicts import stored, write

from course_utils import paths
from course_utils.evidence import claim, span_text, word_for

PAGE = paths.ROOT / "docs" / "studies" / "25.md"

EXPECTED = "expected value"

HEAD = """\
# Study page of lesson 25: one ranking out of many scores

Made by `python benchmarks/study_25.py` from `results/one_ranking.json`, which
`python benchmarks/one_ranking.py` measures; change none by hand. The lesson:
`notebooks/25_one_ranking.ipynb`.

**How it was measured.** Twelve simulated markets with known probabilities, 6,000 requests of 20
products each: 2,000 teach two logistic regressions, 2,000 are for tuning, 2,000 judge. *Regret* is
the percent of the best list's true value that the first five of a list lose; position k is examined
with probability 1 / log2(k + 1). What is tuned on lists tries 81 settings, (1, b, c) with b and c
from 0 to 2, and keeps the one that earns most of the logged margin; *cautious powers* keep the
setting nearest to (1, 1, 1) of those within one standard error of it. A difference is the 95 %
interval of the mean difference in regret, market by market; below zero is better. No table here is
corrected for the number of its verdicts; the lesson's forests are.

{machine}
"""

FORMULAS = """\
Scores as learned, no fault. *Both parts*: scores that learned from the tuning requests, too. *By
pairs*: powers from a logistic regression in which a sale should stand above each other product of
its request, pairs weighted by margin. *One model of the sale* learns the sale from the same columns
and both parts, without a click model, and is multiplied by the margin; the *ridge of the money*
regresses the margin earned, and the *Poisson regression* does so with effects that multiply; its
penalty is the best of 1e-5, 1e-4 and 1e-3 on the rows that judge. So about
half of what the ridge loses more than both parts comes of effects that add up. A ridge of the
*sale*, times the margin, loses still more. All these stand against the expected value with both
parts, too.

Why does the Poisson regression of the money lose? In its loss a sale counts by its margin. *A sale
counts by its margin* is the same regression that is told the margin: it predicts the sale, and is
multiplied by the margin. *A sale counts once* drops this weight alone; the penalty of both is the
best of 3e-6, 1e-5, 3e-5 and 1e-4 on the rows that judge. So it is the weight that costs: a few
expensive sales decide.

About half of the weighted sum's loss comes from a few very large margins: with the logarithm of the
margin the regret is smaller. Of the chosen weights of the weighted sum one lies at the greatest
value tried, and of the ranks one; a grid from 1/8 to 16 does not help them.

"""

FAULTS = """\
One fault at a time in p(buy | click), or in what counts. *One curve* fits the purchase on the
logit of the score, *recalibrated* the same with scenario and category, both on the clicked rows of
the tuning part; *three tasks* multiplies by p(keep), learned from the price. *Overconfident*: logit
times 1.6. *Scenario*: logit plus 0, 1.5, -1.5. *Category*: logit plus N(0, 1) for each category.
*Coarse*: the true mean of the scenario. *Returns*: the scores are right, some sales come back, the
expensive ones more often.

"""

POWERS = """\
Powers as tuned without caution, the power of p(click) being 1: median, least and most of twelve
markets; then the same with caution. In *coarse* the score has no order in a request, so its power
means nothing. Last rows: the powers that are tuned once the score has been recalibrated.

"""

LOGS = """\
Regret of powers that were tuned on a log, and of what reads the served log in another way. *By
p(click)* is the served list; *weighted* divides each sale by the probability of being examined.
*5 at random, a fifth*: in one request of five, the others unused; *a fifth at random*: the others
by p(click). All these count as 0 what was not examined. *Lists*, *pairs of the examined* leave it
out; *pairs of the shown* take all five. *Sales*: mean of the log's tuning part.

"""

DELAY = """\
Twenty months of 80,000 clicks on 120 products, exponential delays of 4 days on average. Delays are
the same for all products, or *differ* by e^N(0, 1), or 60 % of the purchases come at once and the
others later. All ways shrink a product's rate to the mean by 20 clicks; clicks of 14 days, where no
more are named. *Likelihood*: own delays in the loss -ln(1 - pF), by expectation and maximisation.
*Level*: predicted over true purchases.

"""

GROCERY = """\
Ta Feng: {customers:,} customers with eight or more of the 200 most frequent kinds of product in the
two months before February 2001; the list names five. Value is what February's baskets left,
revenue less cost, at most 200 Taiwan dollars a line either way. p is a logistic regression learned
in January; a kind's margin is its mean of the past; eight ratios of powers are tuned in January.
*Better p* reads how often the kind was bought again in January. *Learned value*: a power of the
margin fitted to what January's purchases left, by a Poisson regression with losses as 0.
Both months look back equally far: with all of the past, February's counts would reach over three
months and January's over two. All customers share one January and one February, so the intervals
say nothing of another month, and these baskets were filled without our list.

"""


def against(method: Sequence[float], rival: Sequence[float]) -> str:
    """Cells of a table: low, high, verdict of a difference in regret."""
    if np.ptp(np.subtract(method, rival)) == 0:
        return "|  |  |"
    one = claim("25.study", "less", [*method], [*rival], unit="%", higher_is_better=False)
    return f"| {span_text(one.low, one.high)} | {one.word} |"


def page() -> str:
    """The page, in Markdown."""
    found = stored("one_ranking")
    parts = [
        ("Formulas", FORMULAS, _formulas(found)),
        ("Cures under a fault", FAULTS, _faults(found)),
        ("Powers that were found", POWERS, _powers(found)),
        ("Coarse, where the price changes no purchase", "", _no_price(found)),
        ("Two goals: margin at the same clicks", "", _sweep(found)),
        ("On which log are powers tuned?", LOGS, _logs(found)),
        ("The small scenario", "", _scenario(found)),
        ("Late purchases", DELAY, _delay(found)),
        ("Late purchases: verdicts", "", _delay_verdicts(found)),
        (
            "A real grocery",
            GROCERY.format(customers=found["grocery"]["customers"]),
            _grocery(found),
        ),
    ]
    machine = "\n".join(dict.fromkeys(found["machine"].values()))
    text = HEAD.format(machine=machine)
    for title, about, lines in parts:
        text += f"\n## {title}\n\n{about}" + "\n".join(lines) + "\n"
    return text


def _formulas(found: Mapping[str, Any]) -> Iterator[str]:
    lost, both = found["formulas"]["regret"], "expected value, both parts"
    yield "| formula | regret | minus expected value | verdict | minus both parts | verdict |"
    yield "|---|---|---|---|---|---|"
    for name, values in sorted(lost.items(), key=lambda item: np.mean(item[1])):
        first, second = against(values, lost[EXPECTED]), against(values, lost[both])
        yield f"| {name.replace(' | ', ' given ')} | {np.mean(values):.2f} {first[:-1]}{second}"
    for name, values in found["wider"].items():
        first, second = against(values, lost[EXPECTED]), against(values, lost[both])
        yield f"| {name}, weights 0 and 1/8 to 16 | {np.mean(values):.2f} {first[:-1]}{second}"
    for name, values in found["by sale"].items():
        first, second = against(values, lost[EXPECTED]), against(values, lost[both])
        name = name.removeprefix("each ")
        yield f"| Poisson: {name} | {np.mean(values):.2f} {first[:-1]}{second}"
    once, weighed = found["by sale"].values()
    low_high, word = against(once, weighed).strip("| ").split(" | ")
    yield ""
    yield f"A sale counts once, minus by its margin: {low_high}, {word}."
    sales, old = found["formulas"]["sales"], found["refitted"]
    yield ""
    yield f"Sales in the part to tune on: {min(sales):,} to {max(sales):,}."
    yield ""
    low_high, word = against(old, lost[both]).strip("| ").split(" | ")
    yield (
        f"Powers tuned to the old scores, on scores refitted on both parts: {np.mean(old):.2f}; "
        f"minus their plain product {low_high}, {word}."
    )
    old = found["refitted with caution"]
    low_high, word = against(old, lost[both]).strip("| ").split(" | ")
    yield f"The same with caution: {np.mean(old):.2f}; {low_high}, {word}."


def _faults(found: Mapping[str, Any]) -> Iterator[str]:
    yield "| fault | cure | regret | minus untouched | verdict | minus cautious powers | verdict |"
    yield "|---|---|---|---|---|---|---|"
    for fault, one in found["faults"].items():
        lost = one["regret"]
        for cure, values in lost.items():
            first = against(values, lost[EXPECTED])
            second = against(values, lost["cautious powers"])
            yield f"| {fault} | {cure} | {np.mean(values):.2f} {first[:-1]}{second}"
    repaired, coarse = found["faults"]["as learned"]["regret"][EXPECTED], found["faults"]["coarse"]
    rival = coarse["regret"]["cautious powers"]
    first = against(repaired, coarse["regret"][EXPECTED])
    yield (
        f"| coarse | a score that reads the product | {np.mean(repaired):.2f} "
        f"{first[:-1]}{against(repaired, rival)}"
    )


def _powers(found: Mapping[str, Any]) -> Iterator[str]:
    yield "| fault | p(buy given click) over margin | margin |"
    yield "|---|---|---|"
    for fault, one in found["faults"].items():
        b, c = np.array(one["powers"]).T
        cells = (
            f"{np.median(x):.2f}, {x.min():.2f} to {x.max():.2f}" for x in (b[c > 0] / c[c > 0], c)
        )
        yield f"| {fault} | {' | '.join(cells)} |"
    for fault, pairs in found["careful"].items():
        b, c = np.array(pairs).T
        cells = (f"{np.median(x):.2f}, {x.min():.2f} to {x.max():.2f}" for x in (b / c, c))
        yield f"| {fault}, with caution | {' | '.join(cells)} |"
    for fault, kinds in found["after repair"].items():
        for kind, pairs in kinds.items():
            b, c = np.array(pairs).T
            cells = (f"{np.median(x):.2f}, {x.min():.2f} to {x.max():.2f}" for x in (b / c, c))
            yield f"| {fault}, recalibrated, {kind} | {' | '.join(cells)} |"


def _no_price(found: Mapping[str, Any]) -> Iterator[str]:
    lost = found["no price"]
    yield "The true p(click); here powers can gain nothing from the price."
    yield ""
    yield "| cure | regret | minus untouched | verdict |"
    yield "|---|---|---|---|"
    for cure, values in lost.items():
        yield f"| {cure} | {np.mean(values):.2f} {against(values, lost[EXPECTED])}"


def _sweep(found: Mapping[str, Any]) -> Iterator[str]:
    between = found["sweep"]["between"]
    yield (
        "Margin in percent of the most, at a share of the way from most margin to most clicks: "
        "sum of expected values minus powers."
    )
    yield ""
    yield "| share | sum | powers | difference | verdict |"
    yield "|---|---|---|---|---|"
    for share in between["powers"]:
        ours, theirs = (between[name][share] for name in ("sum of expected values", "powers"))
        one = claim("25.study", "more", ours, theirs, unit="%")
        yield (
            f"| {share} % | {np.mean(ours):.2f} | {np.mean(theirs):.2f} "
            f"| {span_text(one.low, one.high)} | {one.word} |"
        )


def _logs(found: Mapping[str, Any]) -> Iterator[str]:
    yield (
        "| scores | log, or way | sales | regret | minus untouched | verdict | with caution "
        "| minus untouched | verdict |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for world, one in found["logs"].items():
        plain = found["faults"][world]["regret"]
        twenty = {"20 at random": plain["powers"], **one["regret"]}
        careful = {"20 at random": plain["cautious powers"], **one["cautious"]}
        sales = {"20 at random": found["formulas"]["sales"], **one["sales"]}
        for name, values in twenty.items():
            count = f"{np.mean(sales[name]):.0f}" if name in sales else ""
            more = "|  |  |  |"
            if name in careful:
                mean = np.mean(careful[name])
                more = f"| {mean:.2f} {against(careful[name], plain[EXPECTED])}"
            first = against(values, plain[EXPECTED])
            yield f"| {world} | {name} | {count} | {np.mean(values):.2f} {first[:-1]}{more}"
    yield ""
    yield "Other pairs, without caution:"
    yield ""
    yield "| scores | | minus | difference | verdict |"
    yield "|---|---|---|---|---|"
    served, curve = "by p(click)", "no powers, one curve by p(click)"
    for world, method, rival in (
        ("as learned", served, "20 at random"),
        ("as learned", served, "20 at random, sales as by p(click)"),
        ("as learned", f"{served}, weighted", served),
        ("as learned", "a fifth at random, weighted", "5 at random, a fifth"),
        ("as learned", "lists of the examined", served),
        ("as learned", "pairs of the examined", "lists of the examined"),
        ("overconfident", curve, "a fifth at random, weighted"),
        ("overconfident", curve, "pairs of the examined"),
    ):
        lost = found["logs"][world]["regret"]
        other = {"20 at random": found["faults"][world]["regret"]["powers"], **lost}[rival]
        yield f"| {world} | {method} | {rival} {against(lost[method], other)}"
    yield ""
    yield (
        "No powers: the purchase fitted on its score, perhaps with columns, on the clicks of the "
        "list by p(click)."
    )
    yield ""
    yield "| fault | fit | regret | minus untouched | verdict |"
    yield "|---|---|---|---|---|"
    for fault, fits in found["served curves"].items():
        untouched = found["faults"][fault]["regret"][EXPECTED]
        for fit, values in fits.items():
            yield f"| {fault} | {fit} | {np.mean(values):.2f} {against(values, untouched)}"


def _scenario(found: Mapping[str, Any]) -> Iterator[str]:
    one = found["scenario"]
    yield (
        "p(buy | click) of market 0 on the clicked rows of the last part; 95 % intervals of 200 "
        "draws of requests. The rivals learn on the same rows."
    )
    yield ""
    yield "| | requests | clicks | purchases | AUC | low | high |"
    yield "|---|---|---|---|---|---|---|"
    for name, values in one["level"].items():
        counts = " | ".join(f"{n:,}" for n in one["requests, clicks, purchases"][name])
        yield f"| {name} | {counts} | {' | '.join(f'{x:.3f}' for x in values)} |"
    for name, values in one["gain in the cart"].items():
        row = " | ".join(f"{x:+.3f}" for x in values)
        yield f"| cart: gain over the model {name} |  |  |  | {row} |"


def _delay(found: Mapping[str, Any]) -> Iterator[str]:
    yield "| delays, drift a day | way | regret | level |"
    yield "|---|---|---|---|"
    for which, one in found["delay"].items():
        for way, values in one["regret"].items():
            yield f"| {which} | {way} | {np.mean(values):.2f} | {np.mean(one['level'][way]):.2f} |"


def _delay_verdicts(found: Mapping[str, Any]) -> Iterator[str]:
    yield "| delays, drift a day | way | minus | difference in regret | verdict |"
    yield "|---|---|---|---|---|"
    for which, method, rival in (
        ("same, drift 0", "own delays", "ignore"),
        ("same, drift 0.2", "own delays", "ignore"),
        ("same, drift 0", "wait 21 days", "one delay"),
        ("differ, drift 0", "own delays", "ignore"),
        ("differ, drift 0", "one delay", "ignore"),
        ("differ, drift 0", "likelihood", "own delays"),
        ("differ, drift 0", "wait 21 days", "own delays"),
        ("differ, drift 0", "own delays, 60 days", "wait 21 days, all older clicks"),
        ("differ, drift 0.2", "own delays", "ignore"),
        ("differ, drift 0.2", "wait 21 days", "own delays"),
        ("differ, drift 0.2", "own delays, 60 days", "own delays"),
        ("60 % at once, drift 0", "own delays", "ignore"),
        ("60 % at once, drift 0", "own curves", "ignore"),
        ("60 % at once, drift 0", "own curves", "own delays"),
    ):
        lost = found["delay"][which]["regret"]
        yield f"| {which} | {method} | {rival} {against(lost[method], lost[rival])}"


def _grocery(found: Mapping[str, Any]) -> Iterator[str]:
    one = found["grocery"]
    yield "| sorted by | dollars left for each customer |"
    yield "|---|---|"
    for name, left in one["left"].items():
        yield f"| {name} | {left:.2f} |"
    yield ""
    yield "| difference | dollars | verdict |"
    yield "|---|---|---|"
    for name, (low, high) in one["intervals"].items():
        yield f"| {name} | {span_text(low, high)} | {word_for(low, high)} |"
    yield ""
    yield "| powers tuned in January, of | first | second |"
    yield "|---|---|---|"
    for name, (a, b) in one["powers"].items():
        yield f"| {name} | {a:g} | {b:g} |"
    power = one["margin's power"]
    yield ""
    yield (
        f"Fitted to purchases, the value is the margin to the power {power['losses as 0']} with "
        f"losses as 0, and {power['losses']} with losses as they are."
    )
    yield ""
    yield "| fifth of the margin | " + " | ".join("12345") + " |"
    yield "|---|---|---|---|---|---|"
    for month, rows in one["fifths"].items():
        for name, values in rows.items():
            yield f"| {month}: {name} | {' | '.join(f'{x:.2f}' for x in values)} |"


if __name__ == "__main__":
    write(PAGE, page())
