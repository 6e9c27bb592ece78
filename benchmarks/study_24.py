"""The study page of lesson 24: its markets, its controls, MMoE's own experiment, and prices.

    python benchmarks/study_24.py

writes docs/studies/24.md from results/matrix/mmoe.json, results/matrix/ple.json,
results/one_gate.json, results/mmoe_synthetic.json, results/mmoe_synthetic_long.json,
results/experts_alike.json and results/lessons/24.json.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from scipy.special import expit
from verdicts import judged, recorded, stored, write

from course_utils import paths
from course_utils.evidence import claim

PAGE = paths.ROOT / "docs" / "studies" / "24.md"

HEAD = """\
# Study page of lesson 24: gates, own experts, and the product of click and purchase

Made by `python benchmarks/study_24.py` from what is stored; change nothing by hand. The lesson:
`notebooks/24_who_listens_to_whom.ipynb`. Intervals are 95 %, paired by seeds. A word in brackets
does not pass Holm's correction within its table.

"""

GROUND = """\
## Form and sharing

MMoE's market of [when.md](../when.md#mmoe): the occasion chooses one of four tastes, each task in
its own way; ten seeds, rules and grids of that page, all contenders on [its study page](when.md).
OMoE was measured by the same rules and on the same seeds (`benchmarks/one_gate.py`). Mean AUC of
three tasks, and each task alone.

The form within one task, MMoE per task over a network per task, is more than half of what MMoE
gains over a network per task. MMoE per task chose the most experts of its grid for one of three
tasks, so more experts might give it more. Shared-Bottom is level with a network per task in the
mean, though MMoE is far above both: that no task is far below its twin says nothing of gates.

"""

ALIKE = """\
### The same market, all tasks choosing alike

One truth, three labels (`benchmarks/one_gate.py`): five seeds, eight settings for each network.
Each row teaches the truth three times, so sharing is worth most here, and one gate is enough.

"""

PLE = """\
## PLE beside MMoE

PLE's market of [when.md](../when.md#ple): MMoE's market, and a taste of its own for each task. The
seesaw would be a task that MMoE orders worse than the task's own network. There is none. PLE has
one level there (CGC) and chose two own experts a task and four shared ones, of 16 units. Its means
spread less over the seeds than those of MMoE, which is not tested.

"""

SYNTHETIC = """\
## MMoE's own experiment

Ma et al. draw two regression tasks as sums of sines, with a dial: the cosine p of the two tasks.
The paper does not print the sines. Two kinds were drawn: four slow ones, and ten fast ones as in a
generator that Google Research published. Sizes of the paper, 5,000 batches of 64, eight seeds
(`benchmarks/mmoe_synthetic.py`); one rate for each kind and network. Squared error over variance.

After 5,000 batches at p = 0 MMoE is nearer than Shared-Bottom with slow sines, and farther with
fast ones. That OMoE falls off more than MMoE from p = 1 to p = 0 is shown for slow sines alone. The
paper also says that Shared-Bottom varies more over its 200 runs: so it is with slow sines, and the
other way round with fast ones; eight seeds are few for that.

"""

LONG = """\
### The same, fast sines at p = 0, with more training

Four seeds, a training of its own for each number of batches (`benchmarks/mmoe_synthetic_long.py`).
The order turns: a ranking of networks holds for one training budget. Not run: slow sines or another
p with 20,000 batches, and a rate chosen again for them.

"""

BEGUN = """\
## Experts that begin as one function

The lesson's first market, an MMoE of three experts, five seeds (`benchmarks/experts_alike.py`).
What would each expert alone make the purchase's tower say? The mean correlation of two experts.
DeepCTR 0.9.4 makes all experts with one seed. Such experts part if the gates differ from the start,
since then they get different gradients. With equal gates they stay one function. And experts drawn
one by one are nearly one function after the first epoch, and part after it.

"""

KEPT = """\
## What the product keeps of the clicked rows' information

If effects of customers and products add up, the errors of click and purchase cancel in part. Share
of the precision of clicked rows about the logit of p(purchase | click), many rows, no penalty, by
the sandwich variance, mean of eight draws (`tests/test_esmm_information.py` proves it by draws).
Last line: one p(purchase | click) for all rows, so the weights of the product are nearly equal.

"""

PRICE = """\
## What each network costs

Multiplications of a served row: d numbers enter, K tasks, experts of u units, one linear output for
each task, gates without bias. PLE with one level.

"""

LIVE = """\
## What the lesson measures when it runs

"""

ALIKE_PAIRS = [("OMoE", "Shared-Bottom"), ("MMoE", "OMoE"), ("MMoE", "MMoE per task")]
LADDER = ("network per task", "Shared-Bottom", "OMoE", "MMoE per task", "MMoE")


def page() -> str:
    """The page, in Markdown."""
    gate = stored("one_gate")
    ground = {**stored("matrix/mmoe")["ends"]["wins"]["contenders"], **gate["apart"]}
    own = stored("matrix/ple")["ends"]["wins"]["contenders"]
    text = HEAD + GROUND + _joined(_means(ground, LADDER))
    pairs = [("MMoE per task", "network per task"), ("MMoE", "MMoE per task"), ("MMoE", "OMoE")]
    pairs += [("OMoE", "Shared-Bottom"), ("Shared-Bottom", "network per task")]
    text += _joined(_against(ground, pairs))
    text += ALIKE + _joined(_means(gate["agree"], LADDER))
    text += _joined(_against(gate["agree"], ALIKE_PAIRS))
    text += PLE + _joined(_means(own, ("network per task", "Shared-Bottom", "MMoE", "PLE")))
    pairs = [("PLE", "MMoE"), ("PLE", "network per task"), ("MMoE", "network per task")]
    text += _joined(_against(own, pairs))
    short, long = stored("mmoe_synthetic"), stored("mmoe_synthetic_long")
    text += SYNTHETIC + _joined(_errors(short["errors"])) + _joined(_sines(short["errors"]))
    text += LONG + _joined(_longer(short["errors"], long["errors"]["0.0"]))
    text += BEGUN + _joined(_begun(stored("experts_alike")))
    text += KEPT + _joined(_kept()) + PRICE + _joined(_prices())
    return text + LIVE + _joined(recorded("24")).rstrip("\n") + "\n"


def _joined(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n\n"


def _claims(rows: Sequence[tuple[str, Sequence[float], Sequence[float]]], **how: Any) -> list[str]:
    """Interval and word of each, in brackets where it falls."""
    return judged([claim("24.study", text, list(a), list(b), **how) for text, a, b in rows])


def _means(found: Mapping[str, Any], names: Sequence[str]) -> Iterator[str]:
    there = [name for name in names if name in found]
    tasks = list(found[there[0]]["by_task"])
    yield f"| network | mean | least seed | most | {' | '.join(tasks)} |"
    yield "|---" * (4 + len(tasks)) + "|"
    for name in there:
        values, by_task = found[name]["values"], found[name]["by_task"]
        each = " | ".join(f"{np.mean(by_task[task]):.3f}" for task in tasks)
        yield (
            f"| {name} | {np.mean(values):.3f} | {min(values):.3f} | {max(values):.3f} | {each} |"
        )


def _against(found: Mapping[str, Any], pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    rows = []
    for a, b in pairs:
        rows.append((f"{a} over {b}, mean", found[a]["values"], found[b]["values"]))
        for task, of in found[a]["by_task"].items():
            rows.append((f"{a} over {b}, {task}", of, found[b]["by_task"][task]))
    yield "| AUC | interval | verdict |"
    yield "|---|---|---|"
    for (text, *_), told in zip(rows, _claims(rows), strict=True):
        yield f"| {text} | {told} |"


def _errors(errors: Mapping[str, Any]) -> Iterator[str]:
    cosines = list(errors["slow"])
    yield f"| sines | network | {' | '.join(f'p = {p}' for p in cosines)} | deviation at p = 0 |"
    yield "|---" * (3 + len(cosines)) + "|"
    for kind, of in errors.items():
        for name in of[cosines[0]]:
            each = " | ".join(f"{np.mean(of[p][name]):.4f}" for p in cosines)
            yield f"| {kind} | {name} | {each} | {np.std(of['0.0'][name], ddof=1):.4f} |"


def _sines(errors: Mapping[str, Any]) -> Iterator[str]:
    rows = []
    for kind, of in errors.items():
        log = {p: {name: np.log(one) for name, one in by.items()} for p, by in of.items()}
        for p, rival in [("0.0", name) for name in of["0.0"] if name != "MMoE"] + [("1.0", "OMoE")]:
            rows.append((f"{kind}, p = {p}: MMoE over {rival}", log[p]["MMoE"], log[p][rival]))
        falls = [log["0.0"][name] - log["1.0"][name] for name in ("MMoE", "OMoE")]
        rows.append((f"{kind}, what p = 0 costs: MMoE over OMoE", falls[0], falls[1]))
    yield "| log error, less is better | interval | verdict |"
    yield "|---|---|---|"
    told = _claims(rows, unit="log error", higher_is_better=False)
    for (text, *_), one in zip(rows, told, strict=True):
        yield f"| {text} | {one} |"


def _longer(short: Mapping[str, Any], long: Mapping[str, Any]) -> Iterator[str]:
    names = list(short["fast"]["0.0"])
    at = {5_000: {name: short["fast"]["0.0"][name][:4] for name in names}}
    at |= {int(steps): of for steps, of in long.items()}
    steps_told = " | ".join(f"{steps:,} batches" for steps in at)
    yield f"| network | {steps_told} | MMoE over it | verdict |"
    yield "|---" * (3 + len(at)) + "|"
    last = at[max(at)]
    rivals = [name for name in names if name != "MMoE"]
    rows = [(name, np.log(last["MMoE"]), np.log(last[name])) for name in rivals]
    told = dict(zip(rivals, _claims(rows, unit="log error", higher_is_better=False), strict=True))
    for name in names:
        each = " | ".join(f"{np.mean(of[name]):.4f}" for of in at.values())
        yield f"| {name} | {each} | {told.get(name, ' | ')} |"


def _begun(found: Mapping[str, Any]) -> Iterator[str]:
    starts = [name for name in found if "correlation" in found[name]]
    yield (
        "| experts | untrained | after one epoch | best of eight | AUC "
        "| correlation over one by one | verdict |"
    )
    yield "|---|---|---|---|---|---|---|"
    ends = {name: [one[-1] for one in found[name]["correlation"]] for name in starts}
    rows = [(name, ends[name], ends[starts[0]]) for name in starts[1:]]
    told = dict(zip(starts[1:], _claims(rows, unit="correlation"), strict=True))
    for name in starts:
        each = " | ".join(f"{one:.2f}" for one in np.mean(found[name]["correlation"], axis=0))
        words = told.get(name, " | ").replace("better", "more").replace("worse", "less")
        yield f"| {name} | {each} | {np.mean(found[name]['auc']):.4f} | {words} |"


def precision_kept(c: np.ndarray, v: np.ndarray) -> dict[str, float]:
    """Variance of the logit by clicked rows over that by each product, mean over pairs, many rows.

    An estimate that solves sum of scores = 0 has the variance H^-1 J H^-T, H the mean slope of the
    scores and J their covariance (the sandwich).

    Args:
        c, v: p(click) and p(purchase | click) of each pair of 30 customers and 30 products.
    """
    first, second = np.indices((30, 30)).reshape(2, -1)
    x = np.hstack([np.ones((900, 1)), np.eye(30)[first][:, 1:], np.eye(30)[second][:, 1:]])

    def gram(weight: np.ndarray) -> np.ndarray:
        return np.asarray(x.T @ (weight[:, None] * x))

    q = c * v
    a, s = (1 - c) / (1 - q), (1 - v) / (1 - q)  # the product's scores: (y - q) a and (y - q) s
    of = {
        "clicked rows": np.linalg.inv(gram(c * v * (1 - v))),
        "p_click known": np.linalg.inv(gram(s**2 * q * (1 - q))),
    }
    for name, joint in (("learned from the click alone", 0), ("trained by the product too", 1)):
        slope = np.block(
            [
                [gram(c * (1 - c) + joint * a * q * (1 - c)), joint * gram(a * q * (1 - v))],
                [gram(s * q * (1 - c)), gram(s * q * (1 - v))],
            ]
        )
        mixed = gram(s * q * (1 - c) + joint * a * s * q * (1 - q))
        own = gram(c * (1 - c) + joint * (2 * a * q * (1 - c) + a**2 * q * (1 - q)))
        spread = np.block([[own, mixed], [mixed.T, gram(s**2 * q * (1 - q))]])
        bread = np.linalg.inv(slope)
        of[name] = (bread @ spread @ bread.T)[59:, 59:]
    variance = {name: np.einsum("ij,jk,ik->i", x, one, x).mean() for name, one in of.items()}
    return {name: float(variance["clicked rows"] / one) for name, one in variance.items()}


def _kept() -> Iterator[str]:
    first, second = np.indices((30, 30)).reshape(2, -1)
    rows = {"rare": -3.0, "a third": -1.0, "likely": 2.0, "likely, the same for all": 2.0}
    found = {}
    for kind, base in rows.items():
        each = []
        for seed in range(8):
            effects = np.random.default_rng(seed).normal(size=(2, 2, 30))
            effects -= effects.mean(axis=2, keepdims=True)
            preference, habit = (effects[:, 0, first] + effects[:, 1, second]) / np.sqrt(2)
            wish = 1.2 * (0.3 * preference + 0.95 * habit) * (not kind.endswith("all"))
            each.append(precision_kept(expit(-1.5 + 1.2 * preference), expit(base + wish)))
        found[kind] = {name: np.mean([one[name] for one in each]) for name in each[0]}
    names = list(found["rare"])
    yield f"| purchases after a click | {' | '.join(names)} |"
    yield "|---" * (1 + len(names)) + "|"
    for kind, of in found.items():
        yield f"| {kind} | {' | '.join(f'{of[name]:.2f}' for name in names)} |"


def _prices() -> Iterator[str]:
    def experts(n: int, d: int, u: int) -> int:
        return n * d * u

    def gates(heads: int, n: int, d: int, u: int) -> int:
        return heads * (n * d + n * u)

    yield "| network | formula | d = 48, u = 32, K = 3 | K = 6 |"
    yield "|---|---|---|---|"
    forms = {
        "Shared-Bottom, a trunk of u units": (
            "d u + K u",
            lambda d, u, k: experts(1, d, u) + k * u,
        ),
        "MMoE, 4 experts": (
            "4 d u + K (4 d + 4 u + u)",
            lambda d, u, k: experts(4, d, u) + gates(k, 4, d, u) + k * u,
        ),
        "PLE, 2 own experts a task and 2 shared": (
            "(2 K + 2) d u + K (4 d + 4 u + u)",
            lambda d, u, k: experts(2 * k + 2, d, u) + gates(k, 4, d, u) + k * u,
        ),
        "MMoE per task, 4 experts": (
            "K (4 d u + 4 d + 4 u + u)",
            lambda d, u, k: k * (experts(4, d, u) + gates(1, 4, d, u) + u),
        ),
    }
    for name, (formula, cost) in forms.items():
        yield f"| {name} | {formula} | {cost(48, 32, 3):,} | {cost(48, 32, 6):,} |"


if __name__ == "__main__":
    write(PAGE, page())
