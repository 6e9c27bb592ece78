"""The study page of lesson 20: all that is stored of sharing, weights, epochs and launches.

    python benchmarks/study_20.py

writes docs/studies/20.md from results/multi_task*.json and results/lessons/20.json.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from verdicts import recorded, stored, word, write

from course_utils import paths
from course_utils.evidence import Claim, claim, span_text, still_standing

PAGE = paths.ROOT / "docs" / "studies" / "20.md"

TASKS, STARVED = ("view", "click", "save", "purchase"), "purchase"
RICH = TASKS[:3]
WEIGHTS = ("0.001", "0.01", "0.1", "1", "3", "10")
KINDS = {"1": "related", "0": "unrelated"}
TENTH, ONE = "Shared-Bottom, 0.1", "Shared-Bottom, 1"
LARGE, SMALL = "network per task", "network per task, batches of 32"
PLAIN = ("logistic regression", "crossed logistic regression")
MARGIN = 0.005
"""What the launch rule of the lesson accepts."""

HEAD = """\
# Study page of lesson 20: one starved task beside rich ones

Made by `python benchmarks/study_20.py` from `results/multi_task.json`,
`results/multi_task_weights.json`, `results/multi_task_shop.json`, `results/multi_task_reviews.json`
and `results/lessons/20.json`; change none by hand. The lesson:
`notebooks/20_multi_task_learning.ipynb`. All rivals of Shared-Bottom on its ground stand in
[When does it pay?](../when.md#shared-bottom).

**Grounds.** *Related* market: a row is a customer, a category and a brand, 15 values each. Views,
clicks, saves and purchases are four mixtures of four hidden preferences, with weights at right
angles (`course_utils/regimes/shared_bottom.py`, rho 1). *Unrelated*: the purchase follows a habit
of its own, a sum over the three columns, so a logistic regression is the true model (rho 0).
Three tasks have labels on 10,000 training rows, the purchase on 400. *Shop*: the simulated home
feed, 12,000 rows, where purchases are learned and judged on clicked rows. *Reviews*: a real set.

**Rules.** *Sum*: one epoch is kept for all tasks, that of the least sum of validation losses.
*Each*: each task keeps its own best epoch, as its twin does. A *twin* is the same network for one
task. *Rich* is the mean of view, click and save. Gains are in AUC, in pairs, with 95 % intervals.
A verdict in brackets falls when the verdicts of its table are corrected for their number (Holm).

{machines}
"""

SHOP = """\
`benchmarks/multi_task_shop.py`: twenty shops, two settings a contender, chosen on two other shops.
*Patient* has more epochs and more patience, on both sides. *Two steps* is a regression of clicks
whose score is one more column of a regression of purchases.

"""

WEIGHT = """\
`benchmarks/multi_task_weights.py`: ten markets of each kind, one learning rate for all, at most 40
epochs. The purchase's rival is the stronger of its twins with batches of 32 and of 256. *Frozen*: a
trunk learned from the rich tasks alone, and a logistic regression for the purchase on its 64
outputs; *with ids*: and on the row's three codes, one-hot.

"""

FOUR = """\
`benchmarks/multi_task_weights.py`: the dial rho turns two things, what the rich tasks show and how
hard the purchase is to learn from its own 400 labels. Four kinds of market turn one at a time, the
rich tasks being those of the related market. A preference is the absolute value of a sum over the
three columns, a *place*. *Needed, hard* is the related market. *Needed, easy*: the purchase mixes
the same four places without the absolute values. *Own, hard*: four preferences of its own, made in
the same way. *Own, easy* is the unrelated market. Ten markets of each kind, one learning rate, rule
*sum*; the rival is the stronger of the twins with batches of 32 and of 256. No market in which
*all* tasks are plain sums stands here: there the purchase's mixture, at right angles to the other
three, is a habit that no rich task needs.

"""

CHOSEN = """\
*Least loss*: the least validation loss of the purchase in any epoch, the mean of ten markets.
*Markets choosing it*: in how many of the ten markets this weight, or the twin, has a lower least
loss than all other rows of the same kind of market. *Rise* and *fall*: from the best epoch on, how
far the validation loss rises and the training loss falls. *Best epoch* of the purchase, the mean.

"""

LAUNCH = """\
Five markets choose, ten others judge, at most 40 epochs, each point with three learning rates
(`benchmarks/multi_task_knobs.py`), rule *sum*. A setting passes if no task's lower end is below
-{margin}.

"""

REVIEWS = """\
`benchmarks/multi_task_reviews.py`: *recommended?* has 400 labels, *five stars?* and *found
helpful?* have all. Ten splits by product. They draw from the same reviews, so the intervals are
those of Nadeau and Bengio (2003), with {overlap:.2f} test rows for each training row: they are
wider by a factor of {wider:.1f}. The setting is the weight of *recommended*, a learning rate, or C.

"""


LIVE = ("20.opening", "20.stopping-live")


def gain(text: str, method: Any, baseline: Any, pairs: str = "markets", **more: Any) -> Claim:
    return claim("20.study", text, np.asarray(method).tolist(), np.asarray(baseline).tolist(),
                 pairs=pairs, **more)  # fmt: skip


def rich(scores: Any) -> np.ndarray:
    return np.asarray(np.mean([scores[task] for task in RICH], axis=0))


def told(one: Claim) -> str:
    """Mean and interval."""
    return f"{(one.low + one.high) / 2:+.4f} ({span_text(one.low, one.high)})"


def verdicts(claims: Sequence[Claim]) -> Iterator[str]:
    """A table of claims; in brackets what falls when they are corrected."""
    yield "| claim | gain | verdict | pairs |"
    yield "|---|---|---|---|"
    for one, stands in zip(claims, still_standing(claims), strict=True):
        yield f"| {one.text} | {told(one)} | {word(one, stands)} | {one.n} {one.pairs} |"


def shops() -> Iterator[str]:
    found = stored("multi_task_shop")
    names = [name for name, of in found.items() if isinstance(of, dict) and "click" in of]
    yield "| contender | clicks | purchases |"
    yield "|---|---|---|"
    for name in names:
        click, purchase = (np.mean(found[name][task]) for task in ("click", STARVED))
        yield f"| {name} | {click:.4f} | {purchase:.4f} |"
    yield ""
    claims = []
    for task in (STARVED, "click"):
        best = max(PLAIN, key=lambda one: np.mean(found[one][task]))
        for name in names[names.index("twin") + 1 :]:
            rivals = ["twin", best, *(["two steps"] if task == STARVED else [])]
            if name.endswith("patient"):
                rivals = ["twin, patient"]
            if not name.startswith("Shared"):
                continue
            claims += [
                gain(f"{task}: {name} over {rival}", found[name][task], found[rival][task], "shops")
                for rival in rivals
            ]
        for rule in ("sum", "each"):
            low, high = (found[f"Shared-Bottom 1 : {w}, {rule}"][task] for w in ("0.1", "1"))
            claims.append(gain(f"{task}: 1 : 0.1 over 1 : 1, {rule}", low, high, "shops"))
        each, kept = (found[f"Shared-Bottom 1 : 1, {rule}"][task] for rule in ("each", "sum"))
        claims.append(gain(f"{task}: 1 : 1, each over sum", each, kept, "shops"))
    yield from verdicts(claims)


def strongest(found: Any, rho: str) -> list[float]:
    """The purchase's stronger twin."""
    both = [found["twins"][rho][f"batch {size}"][STARVED] for size in (32, 256)]
    best: list[float] = max(both, key=np.mean)
    return best


def weights() -> Iterator[str]:
    found = stored("multi_task_weights")
    plain = rich(found["twins"]["1"]["batch 256"])
    yield "| market | weight | purchase, sum | purchase, each | rich, sum | rich, each |"
    yield "|---|---|---|---|---|---|"
    for rho, kind in KINDS.items():
        for w in WEIGHTS:
            both = [found["weight"][rho][f"{w}, {rule}"] for rule in ("sum", "each")]
            cells = [told(gain("", one[STARVED], strongest(found, rho))) for one in both]
            cells += [told(gain("", rich(one), plain)) for one in both]
            yield f"| {kind} | {w} | {' | '.join(cells)} |"
    yield ""
    claims = []
    for rho, kind in KINDS.items():
        frozen, twin = found["frozen"][rho], strongest(found, rho)
        purchase = f"{kind}: purchase"
        claims += [
            gain(f"{purchase}, frozen over the twin", frozen[STARVED], twin),
            gain(f"{purchase}, frozen with ids over the twin", frozen["codes"], twin),
            gain(f"{purchase}, frozen with ids over frozen", frozen["codes"], frozen[STARVED]),
        ]
        for rule in ("sum", "each"):
            joint = found["weight"][rho][f"0.01, {rule}"][STARVED]
            claims.append(
                gain(f"{purchase}, weight 0.01, {rule}, over frozen", joint, frozen[STARVED])
            )
    one = found["weight"]["0"]["1, each"][STARVED]
    claims += [
        gain("unrelated: purchase, weight 1, each, over a twin of equal batches", one,
             found["twins"]["0"]["batch 256"][STARVED]),
        *(
            gain(f"{kind}: rich, weight 10, 400 epochs, over twins with as many",
                 rich(found["long"][rho]["all"]), rich(found["long"]["1"]["twins"]))
            for rho, kind in KINDS.items()
        ),
    ]  # fmt: skip
    yield from verdicts(claims)
    yield ""
    ten, long = found["weight"]["1"]["10, course"]["frequent"], found["long"]["1"]["all"]["epochs"]
    yield (
        f"Related, weight 10: the rich tasks are best in epoch {np.mean(ten):.0f} of 40, "
        f"the mean; of 400, in epochs {np.min(long)} to {np.max(long)}."
    )


def chosen() -> Iterator[str]:
    found = stored("multi_task_weights")
    yield "| market | weight | least loss | markets choosing it | rise | fall | best epoch |"
    yield "|---|---|---|---|---|---|---|"
    claims = []
    for rho, kind in KINDS.items():
        courses = {w: found["weight"][rho][f"{w}, course"] for w in WEIGHTS}
        courses["twin, batches of 32"] = found["twins"][rho]["batch 32, course"]
        least = np.array([one["least"] for one in courses.values()])
        best = np.argmin(least, axis=0)
        for at, (w, one) in enumerate(courses.items()):
            yield (
                f"| {kind} | {w} | {np.mean(one['least']):.3f} | {int(np.sum(best == at))} "
                f"| {np.mean(one['rise']):.2f} | {np.mean(one['fall']):.2f} "
                f"| {np.mean(one['epoch']):.0f} |"
            )
        twin = found["twins"][rho]["batch 32"][STARVED]
        scores = [found["weight"][rho][f"{w}, each"][STARVED] for w in WEIGHTS]
        picked = np.array([*scores, twin])[best, np.arange(len(twin))]
        claims.append(
            gain(f"{kind}: purchase, chosen by the least loss, over the twin", picked, twin)
        )
    yield ""
    yield from verdicts(claims)


def dial() -> Iterator[str]:
    found = stored("multi_task")
    rivals = (SMALL, LARGE, *PLAIN)
    yield "| rho | weight | AUC | " + " | ".join(f"over {one}" for one in rivals) + " |"
    yield "|---" * (3 + len(rivals)) + "|"
    for rho, of in found["rho"].items():
        for name in (TENTH, ONE):
            mine = of[name][STARVED]
            cells = [told(gain("", mine, of[one][STARVED])) for one in rivals]
            weight = name.split(", ")[1]
            yield f"| {rho} | {weight} | {np.mean(mine):.3f} | {' | '.join(cells)} |"


def kinds() -> Iterator[str]:
    yield "| purchase | weight | Bayes limit | twin | Shared-Bottom | gain |"
    yield "|---|---|---|---|---|---|"
    claims = []
    for kind, of in stored("multi_task_weights")["kinds"].items():
        twin = max((of[f"batch {size}"] for size in (32, 256)), key=np.mean)
        for w in ("0.01", "0.1", "1"):
            one = gain(f"{kind}: weight {w} over the twin", of[w], twin)
            claims.append(one)
            yield (
                f"| {kind} | {w} | {np.mean(of['Bayes limit']):.3f} | {np.mean(twin):.3f} "
                f"| {np.mean(of[w]):.3f} | {told(one)} |"
            )
    yield ""
    yield from verdicts(claims)


def partners() -> Iterator[str]:
    found, weighed = stored("multi_task"), stored("multi_task_weights")
    twins, alone = found["weight"]["judged"][LARGE], found["rows"]["400"][SMALL][STARVED]
    yield "| partners | purchase over its twin | partners over their twins |"
    yield "|---|---|---|"
    for name, of in found["partners"].items():
        tasks = name.split("+")
        own = gain("", *(np.mean([s[t] for t in tasks], axis=0) for s in (of[TENTH], twins)))
        yield (
            f"| {name.replace('+', ', ')} | {told(gain('', of[TENTH][STARVED], alone))} "
            f"| {told(own)} |"
        )
    yield ""
    saves, plain = weighed["partner"], weighed["twins"]["1"]
    yield from verdicts(
        [
            gain("one learning rate for both sides: purchase with saves over its twin",
                 saves[STARVED], plain["batch 32"][STARVED][:5]),
            gain("one learning rate for both sides: save with purchases over its twin",
                 saves["save"], plain["batch 256"]["save"][:5]),
        ]
    )  # fmt: skip


def width_and_rows() -> Iterator[str]:
    found = stored("multi_task")
    yield "| units of the trunk | contender | purchase | rich |"
    yield "|---|---|---|---|"
    for width, of in found["width"].items():
        for name, one in of.items():
            yield f"| {width} | {name} | {np.mean(one[STARVED]):.3f} | {np.mean(rich(one)):.3f} |"
    yield ""
    names = (TENTH, ONE, SMALL, LARGE, *PLAIN)
    yield "| rows with a purchase label | " + " | ".join(names) + " | weight 0.1 over the twin |"
    yield "|---" * (2 + len(names)) + "|"
    for rows, of in found["rows"].items():
        cells = [f"{np.mean(of[one][STARVED]):.3f}" for one in names]
        over = told(gain("", of[TENTH][STARVED], of[SMALL][STARVED]))
        yield f"| {int(rows):,} | {' | '.join(cells)} | {over} |"


def few() -> Iterator[str]:
    found = stored("multi_task_weights")["few"]
    yield "| weight | purchase over its twin |"
    yield "|---|---|"
    for w, one in found.items():
        if w != "twin":
            yield f"| {w} | {told(gain('', one[STARVED], found['twin'][STARVED]))} |"


def cosines() -> Iterator[str]:
    found = stored("multi_task")
    yield "| the purchase with | after epoch | mean | least | most |"
    yield "|---|---|---|---|---|"
    for rho, kind in KINDS.items():
        for epoch, values in found["cosine"][rho].items():
            yield (
                f"| the rich tasks, {kind} | {epoch} | {np.mean(values):+.3f} "
                f"| {np.min(values):+.3f} | {np.max(values):+.3f} |"
            )
    copy = found["copy"]["cosine"]
    yield (
        f"| a task with its own probabilities | 5, 15, 30 | {np.mean(copy):+.3f} "
        f"| {np.min(copy):+.3f} | {np.max(copy):+.3f} |"
    )
    yield ""
    later = {
        rho: np.mean([found["cosine"][rho][epoch] for epoch in ("5", "15", "30")], axis=0)
        for rho in KINDS
    }
    yield from verdicts(
        [
            gain("related over unrelated, mean of epochs 5, 15, 30", later["1"], later["0"],
                 unit="cosine"),
            gain("a task with its own probabilities over related", copy, later["1"], unit="cosine"),
        ]
    )  # fmt: skip


def launch() -> Iterator[str]:
    found = stored("multi_task")["weight"]
    yield "| markets | weight | " + " | ".join(TASKS) + " | passes |"
    yield "|---" * (3 + len(TASKS)) + "|"
    for which in ("choosing", "judged"):
        twins = found[which][LARGE]
        for name, of in found[which].items():
            if name == LARGE:
                continue
            claims = [gain(task, of[task], twins[task]) for task in TASKS]
            passes = "yes" if min(one.low for one in claims) >= -MARGIN else "no"
            cells = " | ".join(map(told, claims))
            yield f"| {which} | {name.split(', ')[1]} | {cells} | {passes} |"


def reviews() -> Iterator[str]:
    found = stored("multi_task_reviews")
    scores = {}
    yield "| contender | setting | AUC |"
    yield "|---|---|---|"
    for part, one in found.items():
        if not isinstance(one, dict) or "auc" not in one:
            continue
        for name, values in one["auc"].items():
            name += ", 0.3" if part.endswith("0.3") else ""
            scores[name] = values
            yield f"| {name} | {one['setting']:g} | {np.mean(values):.3f} |"
    yield ""
    yield from verdicts(
        [
            gain(f"{method} over the {name}", scores[method], scores[name], "splits",
                 overlap=found["overlap"])
            for method, name in [
                ("Shared-Bottom", "twin"),
                ("Shared-Bottom", "logistic regression"),
                ("Shared-Bottom", "five-star tower"),
                ("Shared-Bottom", "five-star score"),
                ("five-star score", "five-star tower"),
                ("Shared-Bottom, 0.3", "five-star score"),
                ("Shared-Bottom, 0.3", "five-star tower, 0.3"),
            ]
        ]
    )  # fmt: skip


def page() -> str:
    """The page, in Markdown."""
    machines: dict[str, None] = {}
    for name in ("multi_task", "multi_task_weights", "multi_task_shop", "multi_task_reviews"):
        machines |= dict.fromkeys(stored(name)["machine"].values())
    overlap = stored("multi_task_reviews")["overlap"]
    parts = {
        "The home feed: clicks and purchases": (SHOP, shops()),
        "The weight of the purchase": (WEIGHT, weights()),
        "Which weight has the least validation loss?": (CHOSEN, chosen()),
        "A hundred labels in place of 400, related": ("Rule *sum*.\n\n", few()),
        "How much of the purchase do the rich tasks show?": (
            "The AUC of the purchase in ten markets along the dial rho, and what Shared-Bottom "
            "adds to each rival.\n\n",
            dial(),
        ),
        "Needed by the rich tasks, or hard?": (FOUR, kinds()),
        "One, two or three partners": ("Related, weight 0.1.\n\n", partners()),
        "Width of the trunk, and labels of the purchase": (
            "Related, ten markets, mean AUC. A twin has the width of the trunk.\n\n",
            width_and_rows(),
        ),
        "Cosines of gradients": (
            "Over 6,000 test rows that all have a purchase label, ten markets, weight 0.1.\n\n",
            cosines(),
        ),
        "Launch": (LAUNCH.format(margin=MARGIN), launch()),
        "Reviews of clothing": (
            REVIEWS.format(overlap=overlap, wider=np.sqrt(1 + 10 * overlap)),
            reviews(),
        ),
        "What the lesson measures when it runs": ("", recorded("20", lambda name, _: name in LIVE)),
    }
    text = HEAD.format(machines="\n".join(machines))
    for title, (about, lines) in parts.items():
        text += f"\n## {title}\n\n{about}" + "\n".join(lines) + "\n"
    return text


if __name__ == "__main__":
    write(PAGE, page())
