"""Task 51.11: scores of products that nobody has rated, from their attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.preprocessing import StandardScaler
from surprise import SVD

from course_utils.exercises.asking import reject
from course_utils.exercises.engine import Task
from course_utils.exercises.l51.shared import ERRATA, data_of, small_model
from course_utils.exercises.reading import as_array
from course_utils.exercises.tolerance import apart, rounded_to, same

Attributes = dict[str, np.ndarray]


@dataclass(frozen=True)
class Case:
    """One call; the name says in a message which model it was."""

    name: str
    algo: SVD
    attributes: Attributes
    new: list[str]
    reg: float

    @property
    def arguments(self) -> tuple[SVD, Attributes, list[str], float]:
        return self.algo, self.attributes, self.new, self.reg

    @property
    def shown(self) -> str:
        return f"cold_scores({self.name}, attributes, {self.new}, {self.reg:g})"


def _other_model() -> SVD:
    """9 users, 15 products, 3 factors; ids come in no order, some are rated once, some often."""
    draw = np.random.default_rng(5111)
    users = ["u-9", "0042", "42", "7", "007", "zoe", "1001", "b", "A"]
    products = ["p-7", "50", "0050", "B12", "9", "10", "x", "00x1", "c", "21", "3", "d", "a", "8"]
    rows = [(users[k % 9], product, float(k % 5 + 1)) for k, product in enumerate(products)]
    for user in users:
        for product in draw.permutation(products[:6])[: draw.integers(2, 6)]:
            rows.append((user, str(product), float(draw.integers(1, 6))))
    rows.append((users[0], "one more", 5.0))
    trainset = data_of(rows).build_full_trainset()
    return SVD(n_factors=3, n_epochs=80, lr_all=0.02, random_state=1).fit(trainset)


def _one_user() -> SVD:
    trainset = data_of([("u", "7", 5.0), ("u", "007", 1.0), ("u", "x", 4.0)]).build_full_trainset()
    return SVD(n_factors=2, n_epochs=80, random_state=2).fit(trainset)


def _attributes(algo: SVD, new: Sequence[str], size: int, seed: int) -> Attributes:
    """Numbers for all known and new products, known and new mixed; the new ones lie far out."""
    draw = np.random.default_rng(seed)
    known = [algo.trainset.to_raw_iid(item) for item in algo.trainset.all_items()]
    ids = [str(one) for one in draw.permutation(sorted({*known, *new}))]
    return {one: draw.normal(0.5, 3.0 if one in new else 1.0, size=size).round(2) for one in ids}


def _cases() -> list[Case]:
    small, other = small_model(), _other_model()
    drawn: list[tuple[str, SVD, list[str], int, float]] = [
        ("model", small, ["n-2", "020", "new"], 3, 1.0),
        ("model", small, ["0n1"], 3, 0.1),
        ("other_model", other, ["z", "07", "5", "k-3", "0x1"], 2, 5.0),
        ("other_model", other, ["5", "z", "5"], 4, 0.5),
        ("model_of_one_user", _one_user(), ["70", "0007"], 1, 0.5),
    ]
    return [
        Case(name, algo, _attributes(algo, new, size, seed), new, reg)
        for seed, (name, algo, new, size, reg) in enumerate(drawn)
    ]


def _rows(attributes: Attributes, ids: Sequence[str]) -> np.ndarray:
    return np.array([attributes[one] for one in ids])


def known_ids(algo: SVD) -> list[str]:
    """Raw ids of the products, by inner id."""
    return [algo.trainset.to_raw_iid(item) for item in algo.trainset.all_items()]


def counts_of(algo: SVD) -> np.ndarray:
    return np.array([len(algo.trainset.ir[item]) for item in algo.trainset.all_items()], float)


def _guess(case: Case, known: np.ndarray, weight: Any, regression: Any) -> np.ndarray:
    """Bias and factors of the new products, one row for each."""
    learnt = np.column_stack([case.algo.bi, case.algo.qi])
    regression.fit(known, learnt, sample_weight=weight)
    return regression.predict(_rows(case.attributes, case.new))


def _scores(algo: SVD, guessed: np.ndarray) -> np.ndarray:
    mean = algo.trainset.global_mean
    return mean + algo.bu[:, None] + guessed[:, 0] + algo.pu @ guessed[:, 1:].T


def _want(case: Case) -> np.ndarray:
    known = _rows(case.attributes, known_ids(case.algo))
    return _scores(case.algo, _guess(case, known, counts_of(case.algo), Ridge(alpha=case.reg)))


def _mistakes(case: Case) -> dict[str, np.ndarray]:
    """What the mistakes we know would return."""
    algo, attributes, ridge = case.algo, case.attributes, Ridge(alpha=case.reg)
    ids, counts = known_ids(algo), counts_of(algo)
    known = _rows(attributes, ids)
    want = _want(case)
    guessed = _guess(case, known, counts, ridge)
    factors = algo.pu @ guessed[:, 1:].T
    stars = [sum(rating for _, rating in algo.trainset.ir[item]) for item in range(len(ids))]
    means = np.array(stars) / counts - algo.trainset.global_mean

    def of(rows: np.ndarray, weight: Any = counts, regression: Any = ridge) -> np.ndarray:
        return _scores(algo, _guess(case, rows, weight, regression))

    scaler = StandardScaler().fit(known)
    scaled = {one: scaler.transform([row])[0] for one, row in attributes.items()}
    return {
        "Your regression counts every product once; give it sample_weight.": of(known, None),
        "Your weight is the sum of a product's stars; it is how many rated it.": of(known, stars),
        "Your weight is the root of how many rated the product; it is their number.": (
            of(known, np.sqrt(counts))
        ),
        "Your attributes stand in the order of the dictionary, bi and qi in that of inner ids.": (
            of(_rows(attributes, [one for one in attributes if one not in case.new]))
        ),
        "Your attributes stand in the order of the sorted ids, bi and qi in that of inner ids.": (
            of(_rows(attributes, sorted(ids)))
        ),
        "Your attributes are the first of the dictionary, new products among them.": (
            of(np.array(list(attributes.values())[: len(ids)]))
        ),
        "The mean of all ratings is left out.": want - algo.trainset.global_mean,
        "The bias of the user is left out.": want - algo.bu[:, None],
        "The bias of the product is left out.": want - guessed[:, 0],
        "Both biases are left out.": want - guessed[:, 0] - algo.bu[:, None],
        "Only the factors are multiplied; mean and biases are left out.": factors,
        "The factors are left out.": want - factors,
        "All users get the same: their bias and their factors are left out.": (
            want - factors - algo.bu[:, None]
        ),
        "Your regression has no intercept; Ridge has one as it comes.": (
            of(known, counts, Ridge(alpha=case.reg, fit_intercept=False))
        ),
        "reg changes nothing in yours: that is Ridge() with its own alpha.": (
            of(known, counts, Ridge())
        ),
        "That is a regression without the pull of reg.": of(known, counts, LinearRegression()),
        "You scale the attributes before the regression; it takes them as they come.": (
            _want(replace(case, attributes=scaled))
        ),
        "Your product bias is learnt from mean ratings; learn it from algo.bi.": (
            want
            - guessed[:, 0]
            + Ridge(alpha=case.reg)
            .fit(known, means, sample_weight=counts)
            .predict(_rows(attributes, case.new))
        ),
    }


def check_cold_scores(answer: Any) -> None:
    cases = _cases()
    want = [_want(case) for case in cases]
    got = [_table(answer(*case.arguments), case, w) for case, w in zip(cases, want, strict=True)]
    wrong = [at for at in range(len(cases)) if not same(want[at], got[at])]
    if not wrong:
        return

    def explains(change: Callable[[np.ndarray], Any]) -> bool:
        return all(same(change(w), change(g)) for w, g in zip(want, got, strict=True))

    several = [g for g, case in zip(got, cases, strict=True) if len(set(case.new)) > 1]
    if all(np.ptp(one, axis=1).max() < 1e-9 for one in several):
        strangers = [c.algo.trainset.global_mean + c.algo.bu for c in cases]
        clipped = [one.clip(1, 5) for one in strangers]
        library = any(
            all(same(s, g[:, 0]) for s, g in zip(scores, got, strict=True))
            for scores in (strangers, clipped)
        )
        why = " You score as the library scores any stranger: mean + bias of the user."
        reject(
            f"{cases[0].shown}: for each user all new products score the same, "
            f"{got[0][0, 0]:.3f} for the first. Their attributes change nothing."
            + (why if library else ""),
            "E55",
        )
    at = wrong[0]
    user, column = np.unravel_index(np.abs(want[at] - got[at]).argmax(), want[at].shape)
    texts = apart(float(want[at][user, column]), float(got[at][user, column]))
    said = (
        f"{cases[at].shown}: user {user} (inner id) and {cases[at].new[column]!r} must score "
        f"{texts[0]}, got {texts[1]}."
    )
    if rounded_to(got, want) is not None:
        reject(f"{said} Do not round.")
    for low, high, why, erratum in [
        (1, 5, "It was clipped at the end of the scale.", "E59"),
        (-np.inf, 5, "It was cut off at the upper end of the scale.", "E59"),
        (1, np.inf, "It was cut off at the lower end of the scale.", None),
    ]:
        if all(same(w.clip(low, high), g) for w, g in zip(want, got, strict=True)):
            reject(f"{said} {why}", erratum)
    if explains(lambda scores: np.sort(scores, axis=1)):
        reject(f"{said} The scores are right, their columns are not: column k is of new[k].")
    if explains(lambda scores: np.sort(scores, axis=0)):
        reject(f"{said} The scores are right, their rows are not: row u is of inner user u.")
    known = [_mistakes(case) for case in cases]
    for why in known[0]:
        if all(same(mine[why], g) for mine, g in zip(known, got, strict=True)):
            reject(f"{said} {why}")
    reject(said)


def _table(raw: Any, case: Case, want: np.ndarray) -> np.ndarray:
    got = as_array(raw, case.shown)
    if got.shape == want.T.shape != want.shape:
        reject(
            f"{case.shown} must have a row for each of {want.shape[0]} users and a column for each "
            f"of {want.shape[1]} new ids; yours is turned: {got.shape}."
        )
    return as_array(got, case.shown, want.shape)


TASK = Task(
    id="51.11",
    prompt="Score products without ratings: guess their bias and factors from attributes.",
    check_answer=check_cold_scores,
    hints=(
        "The model's bi and qi are the targets of a regression, the attributes its inputs. Row i "
        "of both must be the same product: inner id i, raw id trainset.to_raw_iid(i).",
        "Y = np.column_stack([algo.bi, algo.qi]) has one row for each known product, the bias in "
        "its first column. The weights are len(trainset.ir[i]).",
        "guessed = Ridge(alpha=reg).fit(X, Y, sample_weight=counts).predict(X_new). Then "
        "global_mean + algo.bu[:, None] + guessed[:, 0] + algo.pu @ guessed[:, 1:].T",
    ),
    insight="A model of ids knows nothing of a new product; its attributes say what the learnt "
    "numbers would be.",
    errata=ERRATA,
)
