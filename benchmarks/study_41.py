"""The study page of lesson 41: who gets the gradient, priorities, workers, bits and experts.

    python benchmarks/study_41.py

writes docs/studies/41.md from results/allocation.json, results/allocation_more.json,
results/allocation_twins.json, results/workers.json and results/rounded_ranker.json.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from verdicts import stored, table, write

from course_utils import paths
from course_utils.evidence import Claim, claim
from course_utils.metrics import paired_interval

PAGE = paths.ROOT / "docs" / "studies" / "41.md"

FREQUENT, MAIN = ("view", "click", "save"), "purchase"
TASKS, ADAPTIVE = (*FREQUENT, MAIN), ("DWA", "GradNorm", "uncertainty")
TUNED, STOP = "tuned fixed weight", "stop-gradient"
SIX = ("equal weights", "equal labels", TUNED, *ADAPTIVE)
MECHANISMS = ("guardrails", STOP)

HEAD = """\
# Study page of lesson 41: how to balance resources among tasks

Made by `python benchmarks/study_41.py` from `results/allocation.json`,
`results/allocation_more.json`, `results/allocation_twins.json`, `results/workers.json` and
`results/rounded_ranker.json`; change none by hand. The lesson: `notebooks/41_resources.ipynb`.

**How it was measured** (`benchmarks/allocation.py`). The market of lesson 20
(`regimes.shared_bottom`): three frequent tasks with labels on 10,000 rows, the purchase with labels
on 400, all four mixtures of the same four preferences. Every way has four settings: the four
weights at a learning rate of .003; four learning rates; or two of them with two values of the
rule's own dial; for a twin, pairs of batch and rate. Two markets choose: the greatest gain of the
purchase, if no frequent task loses more than .005 of AUC. Each task keeps the epoch of its least
validation loss. Six other markets judge. An interval is the 95 % interval of the mean of paired
differences. A verdict in brackets does not stand when all verdicts of its table are corrected
together (Holm).

{machines}
"""

MORE_TEXT = """\
`benchmarks/allocation_more.py` and `benchmarks/allocation_twins.py`: six markets each, nothing is
tuned again. With *4,000 labels* equal labels weigh the purchase .4. With *a taste of its own* the
purchase follows a sum of single columns that no other task shows: a logistic regression has the
true form there (`docs/when.md`, Shared-Bottom at rho = 0).

"""

FROZEN = """\
Each rule against a training with its own mean weights of that market, fixed.

"""

STOPPING = """\
Is it the stopping? The purchase at the best of all epochs, chosen on the *test* rows, minus the
tuned weight at its own validation epoch: least and most in six markets. And the mean AUC of the
purchase where one epoch serves all tasks, so that one trunk is served and not four.

"""

METRIC = """\
A gain is (s - t) / (t - .5) with s the AUC of the joint network and t that of the twin. The lesson
shows the first table. *For the worst* are the same trials, chosen on the tuning markets by the
greatest worst gain. *One epoch* keeps one epoch for all tasks.

"""

GUARD = """\
Guardrails: the training loss of each frequent task may be at most its twin's, at the twin's best
epoch, plus the slack that was chosen; the speed 20 and the ends .001 and 1,000 of the multipliers
were set by hand. *Stop-gradient*: the purchase reads the trunk of the three, so the frequent tasks
have the trunk for themselves. The second table says where the guardrails stood in each market:
until which epoch the purchase's share of all weights was at its lower end, and how it still grew
at the end; the largest training loss over its bound; the losses on new rows over the twin's own.

"""

WORKERS = """\
`benchmarks/workers.py`: Shared-Bottom under `MultiWorkerMirroredStrategy`, sums and counts, a
thread a process. Milliseconds a step: medians of three runs that alternate, and the ratio of
neighbouring runs. **A rival is missing**: one process with two threads was not timed, so these
times do not say that two processes beat one on the same two cores. Where a step is short, two are
slower than one of a single thread. The bytes are those of the dense weights, for any batch.

"""

BITS = """\
`benchmarks/rounded_ranker.py`: one trunk of 64 units with two heads on the home feed of five
simulated shops, 12,000 training rows, some 200 of them purchases. AUC after rounding minus AUC
before. A scale for the whole matrix, for each column, or *fitted*: below the largest absolute
weight of the column, so that the squared error is least. Eight bits lose nothing that could be
seen. At two bits more than two thirds of the first matrix become 0, in each shop. Only a small
dense network was tried, with float activations, and no table. Lesson 32 rounds an encoder.

"""

EXPERTS = """\
A sparse mixture of 32 experts uses two for a row. With a gate for each task every task picks its
own two, here at random and independently. A row then computes the union: with m tasks
32 (1 - (1 - 2/32)^m) experts on average. 64 rows of one task *touch* as many as 64 tasks of one row
would. In *some popular* an expert's gate follows 1/rank. Popular experts make the union smaller,
and most of the 32 are still touched: the load is uneven, the experts do not lie idle.

"""


def page() -> str:
    """The page, in Markdown."""
    kept, more, twins = (stored(f"allocation{end}") for end in ("", "_more", "_twins"))
    machines = dict.fromkeys(one for of in (kept, more, twins) for one in of["machine"].values())
    parts: list[tuple[str, str, Iterator[str]]] = [
        ("Settings that were chosen", "", _settings(kept)),
        ("The purchase, over the tuned weight and the twin", "", _first(kept)),
        ("Is it the stopping?", STOPPING, _stopping(kept, more)),
        ("Other markets", MORE_TEXT, _elsewhere(more, twins)),
        ("Does it matter that weights move?", FROZEN, _frozen(kept)),
        ("GradNorm's share of the weights, by labels of the purchase", "", _shares(more)),
        ("Worst and mean gain", METRIC, _metric(kept)),
        ("Priorities with a mechanism", GUARD, _priority(kept, more, twins)),
        ("Two workers", WORKERS, _workers()),
        ("Weights in few bits", BITS, _bits()),
        ("Experts that are used", EXPERTS, _experts()),
    ]
    text = HEAD.format(machines="\n".join(machines))
    for title, about, lines in parts:
        text += f"\n## {title}\n\n{about}" + "\n".join(lines) + "\n"
    return text


def _claim(text: str, way: Sequence[float], rival: Sequence[float]) -> Claim:
    return claim("41.study", text, list(way), list(rival))


def _settings(kept: Mapping[str, Any]) -> Iterator[str]:
    yield "| way | chosen for the purchase | chosen for the worst gain |"
    yield "|---|---|---|"
    for way in (*SIX, *MECHANISMS):
        yield f"| {way} | {kept[way]['chosen']} | {kept[way]['chosen for the worst']} |"


def _first(kept: Mapping[str, Any]) -> Iterator[str]:
    auc = {way: kept[way]["auc"][MAIN] for way in SIX}
    claims = [_claim(f"{TUNED} over the twin", auc[TUNED], kept["twins"]["auc"][MAIN])]
    claims += [_claim(f"{w} over the {TUNED}", auc[w], auc[TUNED]) for w in SIX if w != TUNED]
    claims += [
        _claim(f"equal labels over {rival}", auc["equal labels"], auc[rival])
        for rival in ("equal weights", "GradNorm")
    ]
    same = {way: kept[way]["auc for the worst"][MAIN] for way in (TUNED, "equal labels")}
    claims.append(
        _claim("weight 0.01 over equal labels, both at rate .003", *(same[w] for w in same))
    )
    yield from table(claims)


def _stopping(kept: Mapping[str, Any], more: Mapping[str, Any]) -> Iterator[str]:
    yield "| way | best epoch, over the tuned weight | mean AUC with one epoch for all tasks |"
    yield "|---|---|---|"
    for way in SIX:
        told = ""
        if way in more["best epoch"]:
            gap = np.subtract(more["best epoch"][way], kept[TUNED]["auc"][MAIN])
            told = f"{gap.min():+.3f} to {gap.max():+.3f}"
        yield f"| {way} | {told} | {np.mean(kept[way]['auc at one epoch'][MAIN]):.3f} |"


def _elsewhere(more: Mapping[str, Any], twins: Mapping[str, Any]) -> Iterator[str]:
    for market in ("4,000 labels", "own taste"):
        auc = {way: more[market][way][MAIN] for way in (*SIX, STOP)}
        yield f"**{market}.** Mean AUC of the twin {np.mean(twins[market]):.3f}."
        yield ""
        claims = [_claim(f"{w} over 0.01", auc[w], auc[TUNED]) for w in auc if w != TUNED]
        claims += [
            _claim(f"{w} over equal weights", auc[w], auc["equal weights"])
            for w in ("equal labels", *ADAPTIVE, STOP)
        ]
        claims += [_claim(f"{w} over the twin", auc[w], twins[market]) for w in auc]
        yield from table(claims)
        yield ""


def _frozen(kept: Mapping[str, Any]) -> Iterator[str]:
    yield from table(
        [
            _claim(f"{w}, moving over fixed", kept[w]["auc"][MAIN], kept["frozen"][w][MAIN])
            for w in (*ADAPTIVE, "guardrails")
        ]
    )


def _shares(more: Mapping[str, Any]) -> Iterator[str]:
    yield "| labels | least share | largest share |"
    yield "|---|---|---|"
    for labels, shares in more["shares"].items():
        yield f"| {int(labels):,} | {min(shares):.2f} | {max(shares):.2f} |"


def _gains(kept: Mapping[str, Any], auc: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Task -> its gains over the twin, one a market."""
    twin = kept["twins"]["auc"]
    return {t: np.subtract(auc[t], twin[t]) / np.subtract(twin[t], 0.5) for t in TASKS}


def _metric(kept: Mapping[str, Any]) -> Iterator[str]:
    for title, key in (
        ("For the purchase", "auc"),
        ("For the worst", "auc for the worst"),
        ("One epoch", "auc at one epoch"),
    ):
        yield f"**{title}.**"
        yield ""
        yield "| way | worst task | its gain | interval | least in any market | mean gain |"
        yield "|---|---|---|---|---|---|"
        for way in SIX:
            found = _gains(kept, kept[way][key])
            worst = min(found, key=lambda task: float(found[task].mean()))
            low, high = paired_interval(found[worst].tolist())
            yield (
                f"| {way} | {worst} | {found[worst].mean():+.1%} | {low:+.1%} to {high:+.1%} "
                f"| {min(float(of.min()) for of in found.values()):+.1%} "
                f"| {np.mean([*found.values()]):+.0%} |"
            )
        yield ""
    yield "Differences of gain between the three that lead when the worst gain chooses:"
    yield ""
    yield "| | view | click | save |"
    yield "|---|---|---|---|"
    for way, rival in combinations((TUNED, "equal labels", "GradNorm"), 2):
        one, other = (_gains(kept, kept[w]["auc for the worst"]) for w in (rival, way))
        spans = [paired_interval((one[t] - other[t]).tolist()) for t in FREQUENT]
        told = " | ".join(f"{low:+.3%} to {high:+.3%}" for low, high in spans)
        yield f"| {rival} minus {way} | {told} |"


def _priority(
    kept: Mapping[str, Any], more: Mapping[str, Any], twins: Mapping[str, Any]
) -> Iterator[str]:
    yield from table(
        [
            _claim(f"{task}: {way} over {words}", kept[way]["auc"][task], rival[task])
            for way in MECHANISMS
            for task in TASKS
            for rival, words in (
                (kept["twins"]["auc"], "its twin"),
                (kept[TUNED]["auc"], "the tuned weight"),
            )
        ]
    )
    yield ""
    yield (
        "| market | lower end until epoch | share at the end | times the epoch before "
        "| training, highest | new rows, over the twin | twins on new rows, over the bounds |"
    )
    yield "|---|---|---|---|---|---|---|"
    guard, beyond = kept["guardrails"], []
    slack = float(guard["chosen"].split()[1].rstrip(","))
    for k, seed in enumerate(kept["seeds"]):
        share = [one[-1] / sum(one) for one in guard["weights"][k]]
        bound = np.array(kept["twins"]["limits"][str(seed)]) + slack
        twin = np.array([twins["valid"][task]["validation"][k] for task in FREQUENT])
        held = np.array(guard["valid"][k][:3]) - twin
        beyond.append(twin - bound)
        yield (
            f"| {k + 1} | {1 + max(at for at, one in enumerate(share) if one < 4e-4)} "
            f"| {share[-1]:.2f} | {share[-1] / share[-2]:.1f} "
            f"| {(np.array(guard['ends'][k][:3]) - bound).max():+.3f} "
            f"| {held.min():+.3f} to {held.max():+.3f} "
            f"| {beyond[-1].min():+.3f} to {beyond[-1].max():+.3f} |"
        )
    over = np.array(beyond) > 0
    yield ""
    yield f"On new rows the twins are beyond a bound in {over.sum()} of {over.size} cases."


def _workers() -> Iterator[str]:
    found = stored("workers")
    yield "| step | one process | two | two over one | kB summed a step | load |"
    yield "|---|---|---|---|---|---|"
    for name, run in found["speed"]["runs"].items():
        one, two = np.array(run["one"]), np.array(run["two"])
        ratio = two / one
        yield (
            f"| {name} | {np.median(one):.1f} | {np.median(two):.1f} "
            f"| {np.median(ratio):.1f} ({ratio.min():.1f} to {ratio.max():.1f}) "
            f"| {run['bytes summed a step'] / 1e3:,.0f} | {run['load']:.0f} |"
        )
    same, apart = found["same"], found["by task"]
    yield ""
    yield (
        f"After {same['steps']} steps no weight of one process and of two differs by 1e-6. Four "
        "networks, one for each task, trained at once or one after the other differ by "
        f"{apart['greatest difference']}, and sum {apart['bytes summed a step']} bytes; they have "
        f"{sum(apart['parameters']):,} parameters, one network for all "
        f"{apart['parameters of one network']:,}."
    )
    yield ""
    yield "Keras's own `fit` fails under the strategy (Keras 3.15.1, TensorFlow 2.21, issue 20585):"
    yield f"`{found['fit'].split(' to Tensor')[0].split('{')[0].strip()} ...`."


def _bits() -> Iterator[str]:
    shops = stored("rounded_ranker")["shops"]
    claims, zero = [], [0.0] * len(shops)
    for bits in (8, 4, 3, 2):
        for scale in ("matrix", "column", "fitted"):
            for k, task in enumerate(("click", "purchase")):
                lost = [one[f"{bits}, {scale}"][k] - one["32"][k] for one in shops.values()]
                claims.append(_claim(f"{task}: {bits} bits, scale {scale}", lost, zero))
    whole, column = (
        [one[f"2, {scale}"][0] for one in shops.values()] for scale in ("matrix", "column")
    )
    claims.append(_claim("click, 2 bits: a scale a column over one a matrix", column, whole))
    yield from table(claims)


def _experts() -> Iterator[str]:
    popular = 1 / np.arange(1, 33)
    logits = {"all alike": np.zeros(32), "some popular": np.log(popular / popular.sum())}
    yield "| gates | choices | experts used, on average | busiest expert | idlest expert |"
    yield "|---|---|---|---|---|"
    for name, of in logits.items():
        for m in (1, 2, 4, 8, 64):
            draw = np.random.default_rng(8)
            noisy = of + draw.gumbel(size=(1_000, m, 32))
            chosen = np.argpartition(-noisy, 2, axis=2)[:, :, :2]
            used = np.mean([len(np.unique(one)) for one in chosen])
            load = np.bincount(chosen.ravel(), minlength=32) / chosen.size
            yield f"| {name} | {m} | {used:.1f} | {load.max():.1%} | {load.min():.1%} |"


if __name__ == "__main__":
    write(PAGE, page())
