"""Lesson 22 broken: lower weights, wider trunks, a probe that groups, plain rivals, equal heads,
and a network that is pretrained and then fine-tuned.

    python benchmarks/relatedness_more.py

asks of benchmarks/relatedness.py what its readers asked. Same markets, same networks, same fresh
seeds; only the dials are turned further. Kept in results/relatedness_more.json, part by part.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import relatedness as first
from parts import Stored
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder

from course_utils import paths
from course_utils.balancing.fixed import Fixed
from course_utils.columns import Columns, Table
from course_utils.comparison.case import Case
from course_utils.comparison.judging import measures
from course_utils.datasets import load
from course_utils.models import SharedBottom
from course_utils.training import Trainer

LOW = (0.01, 0.03)
"""Weights of the purchase below those of the first benchmark."""

FEW = tuple(first.GROUP_FEW)
TOGETHER = (first.GROUPED,)
WORLDS = (("purchase", "return", "view"), ("follow", "read"))
ALONE = tuple((task,) for task in first.GROUPED)
WIDER = {
    "all together": (TOGETHER, (16, 40, 64)),
    "the two worlds": (WORLDS, (20, 64)),
    "each alone": (ALONE, (64,)),
}
"""What is served, and the units of each trunk; 8 units are in the first benchmark."""

STRENGTHS = (0.03, 0.1, 0.3, 1.0, 3.0)
"""Penalties of a regression on a frozen trunk: as many as a pair has weights."""

Settings = Mapping[str, Any]


def low_weights() -> dict[str, Any]:
    """weight -> helper -> true AUC of the purchase a market, mean of the fresh seeds; 64 units.

    "tuning": the validation loss of the purchase on the tuning seeds, at all five weights.
    """
    result: dict[str, Any] = {}
    for weight in LOW:
        for helper in first.HELPERS:
            for seed in first.SEEDS:
                one = first.market(seed)
                found = []
                for fresh in first.FRESH:
                    trainer = first.fitted((first.TARGET, helper), 64, one, seed + fresh, weight)
                    said = trainer.predict(one.split.test)[first.TARGET]
                    found.append(first.true_auc(one, first.TARGET, said))
                first.add(result, (f"{weight:g}", helper), float(np.mean(found)))
    for helper in first.HELPERS:
        for weight in (*LOW, *first.WEIGHTS):
            loss = 0.0
            for seed in first.TUNING_SEEDS:
                one = first.market(seed)
                trainer = first.fitted((first.TARGET, helper), 64, one, seed, weight)
                loss += first.on_valid(trainer, one, first.TARGET, "log_loss")
            mean = round(loss / len(first.TUNING_SEEDS), 5)
            result.setdefault("tuning", {}).setdefault(helper, {})[f"{weight:g}"] = mean
    return result


def served(one: Case, partition: Any, width: int, seed: int, weight: float, alone: Any) -> Any:
    """Task -> true AUC, where each group of this partition has a trunk of this width."""
    found = {}
    for tasks in partition:
        few = len(tasks) == 1 and tasks[0] in FEW
        batch, rate = alone if few else (first.BATCH, first.RATE)
        trainer = first.fitted(tasks, width, one, seed, weight, batch, rate, FEW)
        said = trainer.predict(one.split.test)
        found |= {task: first.true_auc(one, task, said[task]) for task in tasks}
    return found


def widths(settings: Settings) -> dict[str, Any]:
    """what is served -> units of each trunk -> task -> true AUC a market, in the fresh training."""
    result: dict[str, Any] = {}
    weight, alone = settings["groups"], settings["4"]["alone"]
    for name, (partition, units) in WIDER.items():
        for width in units:
            for seed in first.SEEDS:
                one = first.market(seed, first.GROUP_FEW)
                found = served(one, partition, width, seed + first.FRESH[0], weight, alone)
                for task, value in found.items():
                    first.add(result, (name, str(width), task), value)
    return result


def probes(settings: Settings) -> dict[str, Any]:
    """The key loss: for each market [i, j], the validation loss of j by a regression on i's trunk.

    On the diagonal the loss of the network of that task itself.
    """
    alone = settings["4"]["alone"]
    result: dict[str, Any] = {}
    for seed in first.SEEDS:
        one = first.market(seed, first.GROUP_FEW)
        train, valid = one.split.train, one.split.valid
        losses = np.zeros((len(first.GROUPED), len(first.GROUPED)))
        for i, helper in enumerate(first.GROUPED):
            trainer = first.grouped(one, (helper,), seed, 1.0, alone)
            x, seen = first.outputs(trainer, train), first.outputs(trainer, valid)
            for j, task in enumerate(first.GROUPED):
                if i == j:
                    losses[i, i] = first.on_valid(trainer, one, task, "log_loss")
                    continue
                known, rows = train.mask(task), valid.mask(task)
                losses[i, j] = min(
                    measures(
                        valid.labels[task][rows],
                        LogisticRegression(C=strength, max_iter=1_000)
                        .fit(x[known], train.labels[task][known])
                        .predict_proba(seen[rows])[:, 1],
                    )["log_loss"]
                    for strength in first.STRENGTHS
                )
        first.add(result, ("loss",), np.round(losses, 5).tolist())
    return result


def plain() -> dict[str, Any]:
    """True AUC of the purchase a market, by a logistic regression on the three codes, one-hot."""
    result: dict[str, Any] = {}
    for seed in first.SEEDS:
        one = first.market(seed)
        train, valid, test = one.split.train, one.split.valid, one.split.test
        known, rows = train.mask(first.TARGET), valid.mask(first.TARGET)
        code = OneHotEncoder(handle_unknown="ignore").fit(train.inputs[0])
        x, seen = code.transform(train.inputs[0][known]), code.transform(valid.inputs[0][rows])
        tried = []
        for strength in first.STRENGTHS:
            model = LogisticRegression(C=strength, max_iter=2_000)
            model.fit(x, train.labels[first.TARGET][known])
            p = model.predict_proba(seen)[:, 1]
            loss = measures(valid.labels[first.TARGET][rows], p)["log_loss"]
            tried.append((float(loss), model))
        model = min(tried, key=lambda pair: pair[0])[1]
        said = model.decision_function(code.transform(test.inputs[0]))
        first.add(result, ("one-hot",), first.true_auc(one, first.TARGET, said))
    return result


WAYS = ("trunk", "trunk and codes")
"""What a regression for the purchase reads."""


def read(way: str, trainer: Any, table: Table) -> np.ndarray:
    """``[n, h]`` or ``[n, h + c]``: the trunk's outputs, or these and the codes, one-hot."""
    x, codes = first.outputs(trainer, table), table.inputs[0].T
    ids = [np.eye(size)[code] for size, code in zip(table.columns.sizes, codes, strict=True)]
    return x if way == "trunk" else np.hstack([x, *ids])


def regression(way: str, trainer: Any, one: Case, strength: float) -> LogisticRegression:
    """For the purchase, on its labelled training rows."""
    rows = one.split.train.take(one.split.train.mask(first.TARGET))
    model = LogisticRegression(C=strength, max_iter=3_000)
    return model.fit(read(way, trainer, rows), rows.labels[first.TARGET])


def by_regression(trained: Callable[[str, Case, int], Any]) -> dict[str, Any]:
    """what is read -> helper -> true AUC of the purchase a market, mean of the fresh seeds.

    "C" has each regression's penalty, chosen as a pair's weight is: by the validation loss on the
    tuning seeds.

    Args:
        trained: helper, market, seed -> the trainer whose trunk is read.
    """
    result: dict[str, Any] = {"C": {way: {} for way in WAYS}}
    for helper in first.HELPERS:
        losses = {(way, strength): 0.0 for way in WAYS for strength in STRENGTHS}
        for seed in first.TUNING_SEEDS:
            one = first.market(seed)
            trainer = trained(helper, one, seed)
            valid = one.split.valid.take(one.split.valid.mask(first.TARGET))
            for way, strength in losses:
                model = regression(way, trainer, one, strength)
                p = model.predict_proba(read(way, trainer, valid))[:, 1]
                losses[way, strength] += measures(valid.labels[first.TARGET], p)["log_loss"]
        for way in WAYS:
            best = min(STRENGTHS, key=lambda strength: losses[way, strength])
            result["C"][way][helper] = best
        for seed in first.SEEDS:
            one, found = first.market(seed), {way: [] for way in WAYS}
            for fresh in first.FRESH:
                trainer = trained(helper, one, seed + fresh)
                for way in WAYS:
                    model = regression(way, trainer, one, result["C"][way][helper])
                    said = model.decision_function(read(way, trainer, one.split.test))
                    found[way].append(first.true_auc(one, first.TARGET, said))
            for way in WAYS:
                first.add(result, (way, helper), float(np.mean(found[way])))
    return result


def frozen(settings: Settings) -> dict[str, Any]:
    """``by_regression`` on the trunk of the helper's own network of 64 units."""
    few = (1.0, *settings["64"]["alone"])

    def trained(helper: str, one: Case, seed: int) -> Any:
        return first.fitted((helper,), 64, one, seed, *(few if helper == "rate" else ()))

    return by_regression(trained)


def joint(tuning: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """``by_regression`` on the trunk of the pair, the purchase at the weight of that helper.

    Args:
        tuning: helper -> weight -> validation loss on the tuning seeds, as ``low_weights`` has it.
    """
    weights = {helper: float(min(of, key=lambda w: of[w])) for helper, of in tuning.items()}

    def trained(helper: str, one: Case, seed: int) -> Any:
        return first.fitted((first.TARGET, helper), 64, one, seed, weights[helper])

    return by_regression(trained)


SLOWER = (0.01, 0.03, 0.1, 0.3, 1.0)
"""Rates of the second training, as parts of the first one's: as many as a pair has weights."""


class Begun:
    """Networks of the purchase that go on from a helper's network; each is trained once.

    Args:
        few: weight, batch and rate of a network of few labels.
        strengths: helper -> the penalty of the regression that a head begins as.
    """

    def __init__(self, few: tuple[float, int, float], strengths: Mapping[str, float]) -> None:
        self.few, self.strengths = few, strengths
        self.start: list[np.ndarray] = []
        self.trainer = Trainer(self.build, Fixed(), few[1], weight_decay=1e-4)
        self.before: dict[tuple[str, int], list[np.ndarray]] = {}
        self.after: dict[tuple[str, int, float], list[np.ndarray]] = {}

    def build(self) -> SharedBottom:
        made = SharedBottom(first.COLUMNS, (first.TARGET,), trunk=(64,), tower=(), embedding_dim=12)
        if self.start:
            made.set_weights(self.start)
        return made

    def begun(self, helper: str, one: Case, seed: int) -> list[np.ndarray]:
        """The helper's network, its head a regression for the purchase on the frozen trunk."""
        if (helper, seed) not in self.before:
            few = self.few if helper == "rate" else ()
            trainer = first.fitted((helper,), 64, one, seed, *few)
            head = regression("trunk", trainer, one, self.strengths[helper])
            new = head.coef_.reshape(1, -1, 1), head.intercept_.reshape(1, 1, 1)
            kept = trainer.network.get_weights()[:-2]
            self.before[helper, seed] = [*kept, *(x.astype("float32") for x in new)]
        return self.before[helper, seed]

    def fitted(self, helper: str, one: Case, seed: int, slower: float) -> Trainer:
        """All weights trained on with the purchase's rows, at this part of the rate."""
        key = helper, seed, slower
        if key not in self.after:
            self.start = self.begun(helper, one, seed)
            tables = (one.split.train, one.split.valid)
            rows = [table.take(table.mask(first.TARGET)) for table in tables]
            rate = self.few[2] * slower
            self.trainer.fit(*rows, seed, rate, first.EPOCHS, first.PATIENCE, "each")
            self.after[key] = self.trainer.network.get_weights()
        self.trainer.network.set_weights(self.after[key])
        return self.trainer


def fine_tuned(settings: Settings, strengths: Mapping[str, float]) -> dict[str, Any]:
    """The helper's network, then trained on with the purchase's rows.

    "tower": helper -> true AUC of the purchase a market, mean of the fresh seeds. Beside it
    ``by_regression`` on its trunk, as for the frozen one. "slower" has the rate of the second
    training, as a part of the first one's, chosen on the tuning seeds.
    """
    batch, rate = settings["64"]["alone"]
    begun, slower = Begun((1.0, batch, rate), strengths), dict[str, float]()
    result: dict[str, Any] = {"slower": slower}
    for helper in first.HELPERS:
        losses = dict.fromkeys(SLOWER, 0.0)
        for seed in first.TUNING_SEEDS:
            one = first.market(seed)
            for part in SLOWER:
                trainer = begun.fitted(helper, one, seed, part)
                losses[part] += first.on_valid(trainer, one, first.TARGET, "log_loss")
        slower[helper] = min(SLOWER, key=lambda part: losses[part])
        for seed in first.SEEDS:
            one, found = first.market(seed), []
            for fresh in first.FRESH:
                trainer = begun.fitted(helper, one, seed + fresh, slower[helper])
                said = trainer.predict(one.split.test)[first.TARGET]
                found.append(first.true_auc(one, first.TARGET, said))
            first.add(result, ("tower", helper), float(np.mean(found)))
        print("fine-tuned", helper, slower[helper], np.mean(result["tower"][helper]), flush=True)
    return result | by_regression(
        lambda helper, one, seed: begun.fitted(helper, one, seed, slower[helper])
    )


AGAIN = (0, 5_000, 6_000, 7_000)
"""Added to a market's number: four trainings of all tasks. The first is that of ``first``."""


def four_trainings(settings: Settings) -> dict[str, Any]:
    """measure -> helper -> for each market what each of four trainings of all tasks says of it.

    As many epochs each as the market's first training lasts.
    """
    weight, result = settings["64"]["weight"], dict[str, Any]()
    watched = first.Watched(first.TASKS, 64, weight)
    for seed in first.SEEDS:
        one = first.market(seed)
        first.fitted(first.TASKS, 64, one, seed, weight)
        runs = [watched.run(one, seed + more, first.LASTED[0]) for more in AGAIN]
        ahead = [first.affinity(run["before valid"], run["after valid"]) for run in runs]
        for k, helper in enumerate(first.HELPERS, start=1):
            found = {
                "cosine, batch": [run["cosine"][:, 0, k].mean() for run in runs],
                "lookahead, valid": [z[k, 0] for z in ahead],
            }
            for name, values in found.items():
                first.add(result, (name, helper), [round(float(x), 7) for x in values])
    return result


def as_it_stands() -> dict[str, Any]:
    """helper -> true AUC of the purchase a market, ordered by the helper's own network.

    Mean of the fresh seeds; the sign is that of the AUC on the labelled validation purchases.
    """
    result: dict[str, Any] = {}
    for helper in (one for one in first.HELPERS if one not in ("random", "rate")):
        for seed in first.SEEDS:
            one, found = first.market(seed), []
            for fresh in first.FRESH:
                trainer = first.fitted((helper,), 64, one, seed + fresh)
                rows = one.split.valid.mask(first.TARGET)
                p = trainer.predict(one.split.valid)[helper][rows]
                known = one.split.valid.labels[first.TARGET][rows]
                sign = 1 if measures(known, p)["auc"] >= 0.5 else -1
                said = trainer.predict(one.split.test)[helper]
                found.append(first.true_auc(one, first.TARGET, said if sign > 0 else 1 - said))
            first.add(result, (helper,), float(np.mean(found)))
    return result


QUESTIONS = ("recommended", "five", "helpful")
SPLITS, FIRST_WEIGHTS, REAL_EPOCHS = range(5), range(3), (4, 12)


def reviews() -> tuple[Columns, Table, np.ndarray]:
    """Women's reviews as in the lesson: their words' columns, the table, the products."""
    frame = load("clothing_reviews").dropna(subset=["text"]).drop_duplicates("text")
    frame = frame.assign(
        five=(frame.rating == 5).astype(int), helpful=(frame.positive_feedback > 0).astype(int)
    )
    counts = CountVectorizer(min_df=20, binary=True).fit(frame.text)
    analyse, known = counts.build_analyzer(), counts.vocabulary_
    frame["words"] = [tuple(word for word in analyse(text) if word in known) for text in frame.text]
    columns = Columns.fit(frame, bags={"words": 60})
    return columns, columns.table(frame, QUESTIONS), frame.product_id.to_numpy()


def reviews_train(table: Table, products: np.ndarray, seed: int) -> Table:
    """The training rows of a split by product: 5,000, of which 400 say whether recommended."""
    codes, which = np.unique(products, return_inverse=True)
    draw = np.random.default_rng(seed)
    side = draw.choice(3, len(codes), p=(0.5, 0.2, 0.3))[which]
    rows = draw.permutation(np.flatnonzero(side == 0))[:5_000]
    return replace(table.take(rows), masks={"recommended": np.arange(5_000) < 400})


class WatchedWords(first.Watched):
    """The network of the reviews, watched; its ``columns`` are set before it is built."""

    columns: Columns

    def fresh(self, seed: int) -> SharedBottom:
        random.seed(seed)
        return SharedBottom(
            self.columns, self.tasks, trunk=(self.width,), tower=(), embedding_dim=16
        )


def real() -> dict[str, Any]:
    """epochs -> measure -> helper -> split -> a number for each of three first weights."""
    columns, table, products = reviews()
    WatchedWords.columns = columns
    watched = WatchedWords(QUESTIONS, 32, 0.1, QUESTIONS[:1])
    result: dict[str, Any] = {}
    for split in SPLITS:
        train = reviews_train(table, products, split)
        case: Any = SimpleNamespace(
            split=SimpleNamespace(train=train, valid=train.take(np.arange(50)))
        )
        for weights in FIRST_WEIGHTS:
            run = watched.run(case, 100 * weights + split, max(REAL_EPOCHS))
            looks = len(run["before"])
            for epochs in REAL_EPOCHS:
                some = slice(looks * epochs // max(REAL_EPOCHS))
                z = first.affinity(run["before"][some], run["after"][some])
                for k, helper in enumerate(QUESTIONS[1:], start=1):
                    found = {
                        "cosine, all rows": run["whole"][some, 0, k].mean(),
                        "lookahead": z[k, 0],
                    }
                    for name, value in found.items():
                        where = (str(epochs), name, helper, str(split))
                        first.add(result, where, round(float(value), 7))
    return result


def small() -> dict[str, float]:
    """What a test can recompute in seconds."""
    one = first.market(first.TUNING_SEEDS[0], first.GROUP_FEW)
    found = served(one, WORLDS[1:], 20, 0, 0.1, (32, 3e-3))
    return {task: round(value, 4) for task, value in found.items()}


STORED = Stored(
    paths.RESULTS / "relatedness_more.json",
    first.STORED.seeds,
)

SETTINGS = {
    "4": first.STORED.earlier("chosen", "4"),
    "64": first.STORED.earlier("chosen", "64"),
    "groups": first.STORED.earlier("groups", "weight"),
}
"""Those of the first benchmark."""

PARTS: Mapping[str, Callable[[], Any]] = {
    "small": small,
    "plain": plain,
    "frozen": partial(frozen, SETTINGS),
    "widths": partial(widths, SETTINGS),
    "probes": partial(probes, SETTINGS),
    "as it stands": as_it_stands,
    "real": real,
    "low weights": low_weights,
    "joint": partial(joint, STORED.earlier("low weights", "tuning")),
    "fine-tuned": partial(fine_tuned, SETTINGS, STORED.earlier("frozen", "C", "trunk")),
    "four trainings": partial(four_trainings, SETTINGS),
}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
