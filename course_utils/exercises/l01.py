"""Lesson 01: the checks of its three tasks, their hints, and the answers that prove them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from sklearn.metrics import accuracy_score, roc_auc_score

from course_utils.exercises.engine import Task, Wrong, as_list, as_number, reject, shorten

TOLERANCE = 1e-9


def _same(one: Sequence[float], other: Sequence[float]) -> bool:
    return bool(np.allclose(one, other, rtol=0, atol=TOLERANCE))


def _rounded(want: Sequence[float], got: Sequence[float]) -> bool:
    return any(_same(np.round(want, digits).tolist(), got) for digits in range(6))


def _apart(want: float, got: float) -> tuple[str, str]:
    """Both as text, with as many digits as it takes to see that they differ."""
    digits = next((d for d in range(3, 12) if round(want, d) != round(got, d)), 12)
    return f"{want:.{digits}f}", f"{got:.{digits}f}"


def _call(name: str, log: pd.DataFrame) -> str:
    """A call as text: a short table in full, of a long one the number of rows."""
    if len(log) > 6:
        return f"{name}(<table of {len(log)} rows>)"
    columns = ", ".join(f"{column}: {log[column].tolist()}" for column in log)
    return f"{name}(<table of {columns}>)"


def _mixed(log: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    """The same rows in any order, under any index."""
    log = log.take(draw.permutation(len(log)))
    return log.set_index(pd.Index(draw.permutation(5 * len(log))[: len(log)]))


def _as_dict(value: Any, what: str, keys: Sequence[Any], key_name: str) -> list[float]:
    """The numbers under these keys, from a dictionary or a Series, else reject."""
    if isinstance(value, pd.Series):
        value = value.to_dict()
    if value is None:
        reject(f"{what} must be a dictionary, got None. Did you forget a return?")
    if not isinstance(value, Mapping):
        reject(f"{what} must be a dictionary, got {shorten(value)}.")
    missing = [key for key in keys if key not in value]
    if missing:
        reject(f"{what} lacks the {key_name} {missing[0]!r}; it has {list(value)}.")
    more = [key for key in value if key not in keys]
    if more:
        reject(f"{what} has the key {more[0]!r}, which is no {key_name} of the table.")
    return [as_number(value[key], f"{what}[{key!r}]") for key in keys]


Mistakes = Mapping[str, Callable[[pd.DataFrame], Sequence[float]]]


def _judge(
    calls: Sequence[str],
    logs: Sequence[pd.DataFrame],
    names: Sequence[Sequence[str]],
    wants: Sequence[Sequence[float]],
    gots: Sequence[Sequence[float]],
    mistakes: Mistakes,
) -> None:
    """Reject at the first call whose numbers differ; name the mistake that explains all."""
    pairs = list(zip(wants, gots, strict=True))
    at = next((k for k, (want, got) in enumerate(pairs) if not _same(want, got)), None)
    if at is None:
        return
    want, got = pairs[at]
    place = next(i for i in range(len(want)) if abs(want[i] - got[i]) > TOLERANCE)
    texts = _apart(want[place], got[place])
    said = f"{calls[at]}{names[at][place]} must be {texts[0]}, got {texts[1]}."
    if all(_rounded(want, got) for want, got in pairs):
        reject(f"{said} Do not round.")
    for why, way in mistakes.items():
        if all(_same(way(log), got) for log, got in zip(logs, gots, strict=True)):
            reject(f"{said} {why}")
    reject(said)


# 01.1: click rates by position, corrected by the chance of a look


def _position_logs() -> list[pd.DataFrame]:
    """Two short tables to be shown, then longer ones; chances differ within a position."""
    short = pd.DataFrame(
        {"position": [2, 2, 2, 2], "click": [1, 0, 0, 0], "p_examine": [0.5, 0.25, 0.25, 0.5]}
    )
    two = pd.DataFrame(
        {
            "position": [1, 3, 1, 3, 3],
            "click": [1, 1, 0, 0, 1],
            "p_examine": [1.0, 0.25, 1.0, 0.8, 0.5],
        }
    )
    logs = [short, two]
    for seed, places in [(11, [1, 2, 3, 4, 5]), (12, [7, 1, 10]), (13, [4])]:
        draw = np.random.default_rng(seed)
        position = np.repeat(places, draw.integers(40, 90, size=len(places)))
        decay = draw.choice([0.2, 0.5, 0.9], size=len(position))
        p = np.round((position + 0.3) ** -decay, 6)
        click = (draw.random(len(p)) < 0.5 * p).astype(np.int64)
        click[np.unique(position, return_index=True)[1]] = 1
        logs.append(
            _mixed(pd.DataFrame({"position": position, "click": click, "p_examine": p}), draw)
        )
    return logs


def _by_position(one: Callable[[np.ndarray, np.ndarray], float]) -> Callable[..., dict[int, float]]:
    """An answer that takes one number of the clicks and chances of each position."""

    def answer(log: pd.DataFrame) -> dict[int, float]:
        return {
            int(position): float(one(rows["click"].to_numpy(), rows["p_examine"].to_numpy()))
            for position, rows in log.groupby("position")
        }

    return answer


def _values(answer: Callable[..., Mapping[Any, float]]) -> Callable[..., list[float]]:
    """The numbers of an answer, by key."""

    def values(log: pd.DataFrame) -> list[float]:
        result = answer(log)
        return [result[key] for key in sorted(result)]

    return values


_clicked_only = _by_position(lambda click, p: float(np.mean(1 / p[click == 1])))
_ratio_of_sums = _by_position(lambda click, p: click.sum() / p.sum())
_over_all_weights = _by_position(lambda click, p: (click / p).sum() / (1 / p).sum())
_mean_of_weights = _by_position(lambda click, p: click.mean() * np.mean(1 / p))
_over_clicked_mean = _by_position(lambda click, p: click.mean() / p[click == 1].mean())
_cut_mean = _by_position(lambda click, p: min(1.0, np.mean(click / p)))
_ips = _by_position(lambda click, p: np.mean(click / p))


def _wrong_relative(log: pd.DataFrame) -> dict[int, float]:
    result = _ips(log)
    return {position: rate / result[min(result)] for position, rate in result.items()}


def _wrong_over_all_rows(log: pd.DataFrame) -> dict[Any, float]:
    weighted = (log["click"] / log["p_examine"]).groupby(log["position"]).sum()
    return (weighted / len(log)).to_dict()


def _wrong_one_number(log: pd.DataFrame) -> dict[Any, float]:
    mean = float((log["click"] / log["p_examine"]).mean())
    return dict.fromkeys(log["position"].unique(), mean)


RATE_MISTAKES: Mistakes = {
    why: _values(way)
    for why, way in {
        "That is the click rate as it was logged: the chance of a look has no part in it.": (
            _by_position(lambda click, p: click.mean())
        ),
        "You multiply by the chance of a look. A click that was unlikely stands for more.": (
            _by_position(lambda click, p: np.mean(click * p))
        ),
        "You divide the sum of the clicks by the sum of the chances; each click is to be divided "
        "by the chance of its own row.": _ratio_of_sums,
        "You divide by the sum of 1 / p; divide by the number of rows.": _over_all_weights,
        "You take the mean over the clicked rows; rows without a click count too, as 0.": (
            _clicked_only
        ),
        "You add up and never divide by the number of rows.": (
            _by_position(lambda click, p: np.sum(click / p))
        ),
        "The click rate times the mean of 1 / p mixes the rows; divide row by row.": (
            _mean_of_weights
        ),
        "You divide by the mean chance of the clicked rows; divide row by row.": (
            _over_clicked_mean
        ),
        "You cut the result at 1; with few rows it may lie above.": _cut_mean,
        "You divide by the result of the first position.": _wrong_relative,
        "You divide by the rows of the whole table, not of the position.": _wrong_over_all_rows,
        "You return the mean of the whole table for every position.": _wrong_one_number,
    }.items()
}


def check_corrected_rates(answer: Any) -> None:
    logs = _position_logs()
    calls = [_call("corrected_rates", log) for log in logs]
    keys = [sorted(log["position"].unique().tolist()) for log in logs]
    gots = [
        _as_dict(answer(log), call, key, "position")
        for log, call, key in zip(logs, calls, keys, strict=True)
    ]
    names = [[f"[{position}]" for position in key] for key in keys]
    _judge(calls, logs, names, [_values(_ips)(log) for log in logs], gots, RATE_MISTAKES)


def _rates_with_loops(log: pd.DataFrame) -> dict[int, float]:
    sums: dict[int, float] = {}
    counts: dict[int, int] = {}
    rows = zip(log["position"], log["click"], log["p_examine"], strict=True)
    for position, click, p in rows:
        sums[position] = sums.get(position, 0.0) + click / p
        counts[position] = counts.get(position, 0) + 1
    return {position: sums[position] / counts[position] for position in sums}


def _rates_with_bincount(log: pd.DataFrame) -> dict[int, float]:
    position = log["position"].to_numpy()
    total = np.bincount(position, weights=log["click"].to_numpy() / log["p_examine"].to_numpy())
    rows = np.bincount(position)
    return {int(one): total[one] / rows[one] for one in np.unique(position)}


def _rates_as_series(log: pd.DataFrame) -> pd.Series:
    """A Series is a dictionary to whoever reads it by key."""
    return log.assign(w=log["click"].div(log["p_examine"])).groupby("position")["w"].mean()


def _wrong_from_zero(log: pd.DataFrame) -> dict[int, float]:
    return {position - 1: rate for position, rate in _ips(log).items()}


CORRECTED_RATES = Task(
    id="01.1",
    prompt="The click rate of each position, each click divided by its chance of a look.",
    check_answer=check_corrected_rates,
    hints=(
        "A click at chance 0.25 stands for four customers who would have clicked, had they "
        "looked. What does a row without a click stand for?",
        "First a new column: click / p_examine, row by row. Rows without a click give 0. Then the "
        "mean of this column for each position.",
        'Group the new Series by log["position"], take .mean(), then .to_dict().',
    ),
    right=[_rates_with_loops, _rates_with_bincount, _rates_as_series],
    wrong=[
        Wrong(_by_position(lambda click, p: click.mean()), "as it was logged", silent=True),
        Wrong(_by_position(lambda click, p: np.mean(click * p)), "You multiply", silent=True),
        Wrong(_ratio_of_sums, "sum of the clicks", silent=True),
        Wrong(_over_all_weights, "by the sum of 1 / p", silent=True),
        Wrong(_clicked_only, "mean over the clicked rows", silent=True),
        Wrong(_by_position(lambda click, p: np.sum(click / p)), "never divide", silent=True),
        Wrong(_mean_of_weights, "mixes the rows", silent=True),
        Wrong(_over_clicked_mean, "mean chance of the clicked", silent=True),
        Wrong(_cut_mean, "cut the result", silent=True),
        Wrong(_wrong_relative, "result of the first position", silent=True),
        Wrong(_wrong_over_all_rows, "rows of the whole table", silent=True),
        Wrong(_wrong_one_number, "mean of the whole table", silent=True),
        Wrong(lambda log: {k: round(v, 3) for k, v in _ips(log).items()}, "not round", silent=True),
        Wrong(_wrong_from_zero, "lacks the position 2"),
        Wrong(lambda log: list(_ips(log).values()), "must be a dictionary, got list"),
    ],
    insight="Inverse propensity weighting: unbiased, at the price of large weights far down.",
)


# 01.2: the Bayes limit of purchases, by scenario


def _limit_logs() -> list[pd.DataFrame]:
    """A short table to be shown, then longer ones, with ties and scenarios of unlike size."""
    short = pd.DataFrame(
        {
            "scenario": ["home"] * 5,
            "click": [1, 1, 1, 0, 0],
            "purchase": [1, 0, 0, 0, 0],
            "p_click": [0.2, 0.1, 0.6, 0.3, 0.1],
            "p_purchase_given_click": [0.3, 0.1, 0.5, 0.9, 0.2],
        }
    )
    logs = [short]
    sizes = [{"home": 300, "search": 120}, {"cart": 90}, {"home": 200, "search": 150, "cart": 80}]
    for seed, size in enumerate(sizes, start=21):
        draw = np.random.default_rng(seed)
        scenario = np.repeat(list(size), list(size.values()))
        n = len(scenario)
        lift = np.repeat(np.linspace(0.6, 1.6, len(size)), list(size.values()))
        p_click = np.round(draw.beta(2, 3, size=n), 2)
        # Two decimals: some rows are tied.
        p_buy = np.round(np.clip(lift * (0.3 * p_click + 0.4 * draw.beta(1, 2, size=n)), 0, 1), 2)
        click = draw.random(n) < p_click
        buys = click & (draw.random(n) < p_buy)
        log = pd.DataFrame(
            {
                "scenario": scenario,
                "click": click.astype(np.int64),
                "purchase": buys.astype(np.int64),
                "p_click": p_click,
                "p_purchase_given_click": p_buy,
            }
        )
        logs.append(_mixed(log, draw))
    return logs


def _by_scenario(one: Callable[[pd.DataFrame], float]) -> Callable[..., dict[Any, float]]:
    """An answer that takes one number of the rows of each scenario."""

    def answer(log: pd.DataFrame) -> dict[Any, float]:
        return {scenario: float(one(rows)) for scenario, rows in log.groupby("scenario")}

    return answer


def _clicked(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["click"] == 1]


def _auc_of(
    label: str, score: Callable[[pd.DataFrame], Any], of_clicked: bool = True
) -> Callable[..., dict[Any, float]]:
    def one(rows: pd.DataFrame) -> float:
        rows = _clicked(rows) if of_clicked else rows
        return float(roc_auc_score(rows[label], score(rows)))

    return _by_scenario(one)


def _buys(rows: pd.DataFrame) -> pd.Series:
    return rows["p_purchase_given_click"]


def _both(rows: pd.DataFrame) -> pd.Series:
    return rows["p_click"] * rows["p_purchase_given_click"]


def _above(rows: pd.DataFrame, tie: float) -> float:
    """Share of pairs in which the buyer's chance is higher; ties count ``tie``."""
    clicked = _clicked(rows)
    buyers = _buys(clicked)[clicked["purchase"] == 1].to_numpy()[:, None]
    others = _buys(clicked)[clicked["purchase"] == 0].to_numpy()[None, :]
    return float(np.mean((buyers > others) + tie * (buyers == others)))


_limit = _auc_of("purchase", _buys)
_of_all_rows = _auc_of("purchase", _buys, of_clicked=False)
_of_both = _auc_of("purchase", _both)
_of_both_all_rows = _auc_of("purchase", _both, of_clicked=False)
_by_click_chance = _auc_of("purchase", lambda rows: rows["p_click"])
_click_limit = _auc_of("click", lambda rows: rows["p_click"], of_clicked=False)
_upside_down = _auc_of("purchase", lambda rows: -_buys(rows))


def _wrong_pooled(log: pd.DataFrame) -> dict[Any, float]:
    clicked = _clicked(log)
    pooled = float(roc_auc_score(clicked["purchase"], _buys(clicked)))
    return dict.fromkeys(log["scenario"].unique(), pooled)


_ties_lose = _by_scenario(lambda rows: _above(rows, 0.0))
_ties_win = _by_scenario(lambda rows: _above(rows, 1.0))
_accuracy = _by_scenario(
    lambda rows: accuracy_score(_clicked(rows)["purchase"], _buys(_clicked(rows)) >= 0.5)
)
_cut_scores = _auc_of("purchase", lambda rows: _buys(rows) >= 0.5)

LIMIT_MISTAKES: Mistakes = {
    why: _values(way)
    for why, way in {
        "You rank all rows; only those who clicked could buy.": _of_all_rows,
        "You rank by p(click) times p(purchase, if clicked), over all rows: that is the limit of "
        "buying per impression.": _of_both_all_rows,
        "Among those who clicked, p(click) has done its work: rank by "
        "p_purchase_given_click alone.": _of_both,
        "You rank by p_click; asked is who buys.": _by_click_chance,
        "That is the limit of clicks.": _click_limit,
        "You put all scenarios together; each has a limit of its own.": _wrong_pooled,
        "Your order is upside down: the higher chance should buy.": _upside_down,
        "You count ties as lost; they count half.": _ties_lose,
        "You count ties as won; they count half.": _ties_win,
        "That is accuracy at 0.5, not AUC.": _accuracy,
        "You cut the chances at 0.5 first; AUC needs the chances themselves.": _cut_scores,
    }.items()
}


def check_purchase_limits(answer: Any) -> None:
    logs = _limit_logs()
    calls = [_call("purchase_limits", log) for log in logs]
    keys = [sorted(log["scenario"].unique().tolist()) for log in logs]
    gots = [
        _as_dict(answer(log), call, key, "scenario")
        for log, call, key in zip(logs, calls, keys, strict=True)
    ]
    names = [[f"[{scenario!r}]" for scenario in key] for key in keys]
    _judge(calls, logs, names, [_values(_limit)(log) for log in logs], gots, LIMIT_MISTAKES)


def _limits_by_ranks(log: pd.DataFrame) -> dict[Any, float]:
    """Mann and Whitney: the rank sum of the buyers."""
    result = {}
    for scenario in set(log["scenario"]):
        rows = log[(log["scenario"] == scenario) & (log["click"] == 1)]
        bought = rows["purchase"].to_numpy() == 1
        ranks = rankdata(rows["p_purchase_given_click"])
        n = bought.sum()
        result[scenario] = (ranks[bought].sum() - n * (n + 1) / 2) / (n * (~bought).sum())
    return result


def _limits_by_pairs(log: pd.DataFrame) -> dict[Any, float]:
    return _by_scenario(lambda rows: _above(rows, 0.5))(log)


def _limits_as_series(log: pd.DataFrame) -> pd.Series:
    clicked = log.query("click == 1")
    return pd.Series(
        {
            name: roc_auc_score(rows["purchase"], rows["p_purchase_given_click"])
            for name, rows in clicked.groupby("scenario")
        }
    )


PURCHASE_LIMITS = Task(
    id="01.2",
    prompt="The AUC of the true chance of a purchase among the clicked rows, by scenario.",
    check_answer=check_purchase_limits,
    hints=(
        "Who could buy at all? Keep those rows, then look at one scenario at a time.",
        "For each scenario: the labels are purchase, the scores are p_purchase_given_click, both "
        "of the clicked rows only.",
        'log[log["click"] == 1].groupby("scenario") gives pairs (name, rows); put '
        'auc(rows["purchase"], ...) under each name.',
    ),
    right=[_limits_by_ranks, _limits_by_pairs, _limits_as_series],
    wrong=[
        Wrong(_of_all_rows, "You rank all rows", silent=True),
        Wrong(_of_both_all_rows, "buying per impression", silent=True),
        Wrong(_of_both, "has done its work", silent=True),
        Wrong(_by_click_chance, "rank by p_click; asked", silent=True),
        Wrong(_click_limit, "limit of clicks", silent=True),
        Wrong(_wrong_pooled, "all scenarios together", silent=True),
        Wrong(_upside_down, "upside down", silent=True),
        Wrong(_ties_lose, "ties as lost", silent=True),
        Wrong(_ties_win, "ties as won", silent=True),
        Wrong(_accuracy, "accuracy at 0.5", silent=True),
        Wrong(_cut_scores, "cut the chances", silent=True),
        Wrong(
            lambda log: {name: round(one, 2) for name, one in _limit(log).items()},
            "Do not round",
            silent=True,
        ),
        Wrong(lambda log: float(np.mean(list(_limit(log).values()))), "must be a dictionary"),
    ],
    insight="No model of these rows can do better, however large: the rest is chance.",
)


# 01.3: naive and true conversion


def _conversion_logs() -> list[pd.DataFrame]:
    """A short table to be shown, then longer ones; those who click buy more readily."""
    short = pd.DataFrame(
        {
            "click": [1, 1, 0, 0],
            "purchase": [1, 0, 0, 0],
            "p_purchase_given_click": [0.4, 0.2, 0.1, 0.1],
        }
    )
    logs = [short]
    for seed, n in [(31, 60), (32, 250), (33, 400)]:
        draw = np.random.default_rng(seed)
        liking = draw.beta(2, 4, size=n)
        click = (draw.random(n) < 0.7 * liking).astype(np.int64)
        p = np.round(0.6 * liking + 0.1 * draw.random(n), 6)
        purchase = click * (draw.random(n) < p)
        log = pd.DataFrame({"click": click, "purchase": purchase, "p_purchase_given_click": p})
        logs.append(_mixed(log, draw))
    return logs


def _conversion(log: pd.DataFrame) -> list[float]:
    p = log["p_purchase_given_click"]
    naive = log["purchase"].sum() / log["click"].sum()
    return [float(naive), float(p.mean()), float(p[log["click"] == 0].mean())]


def _with(place: int, one: Callable[[pd.DataFrame], float]) -> Callable[..., list[float]]:
    """The right answer, but for one of the three numbers."""

    def answer(log: pd.DataFrame) -> list[float]:
        result = _conversion(log)
        result[place] = float(one(log))
        return result

    return answer


def _chance_of(click: int) -> Callable[[pd.DataFrame], float]:
    return lambda log: float(log.loc[log["click"] == click, "p_purchase_given_click"].mean())


_per_impression = _with(0, lambda log: log["purchase"].mean())
_true_of_clicked = _with(0, _chance_of(1))
_everyone_clicked = _with(1, _chance_of(1))
_everyone_half = _with(1, lambda log: (_chance_of(0)(log) + _chance_of(1)(log)) / 2)
_everyone_bought = _with(1, lambda log: (log["click"] * log["p_purchase_given_click"]).mean())
_unclicked_nil = _with(2, lambda log: log.loc[log["click"] == 0, "purchase"].mean())
_unclicked_clicked = _with(2, _chance_of(1))
_not_bought = _with(2, lambda log: log.loc[log["purchase"] == 0, "p_purchase_given_click"].mean())
_unclicked_over_all = _with(
    2, lambda log: ((1 - log["click"]) * log["p_purchase_given_click"]).mean()
)


def _wrong_exchanged(log: pd.DataFrame) -> list[float]:
    naive, everyone, unclicked = _conversion(log)
    return [naive, unclicked, everyone]


def _wrong_percent(log: pd.DataFrame) -> list[float]:
    return [100 * one for one in _conversion(log)]


CONVERSION_MISTAKES: Mistakes = {
    "The naive rate divides by clicks; you divide by all rows.": _per_impression,
    "The naive rate is counted from what happened, purchases over clicks; you return the true "
    "chance of the clicked rows.": _true_of_clicked,
    "Everyone means all rows; you take those who clicked.": _everyone_clicked,
    "You take the mean of two means; the two groups are not of one size.": _everyone_half,
    "Unclicked rows have a chance too; you count them as 0.": _everyone_bought,
    "Among the unclicked nobody bought: what counts is their chance, not the outcome.": (
        _unclicked_nil
    ),
    "The third number is of the rows without a click; you take those with one.": (
        _unclicked_clicked
    ),
    "You take all who did not buy; some of them clicked.": _not_bought,
    "You divide the sum over the unclicked rows by the number of all rows.": _unclicked_over_all,
    "The last two are exchanged: everyone first, then the unclicked.": _wrong_exchanged,
    "Return shares, not percent.": _wrong_percent,
}
PARTS = ("naive", "everyone", "unclicked")


def check_conversion_rates(answer: Any) -> None:
    logs = _conversion_logs()
    calls = [_call("conversion_rates", log) for log in logs]
    gots = []
    for log, call in zip(logs, calls, strict=True):
        got = as_list(answer(log), call)
        if len(got) != len(PARTS):
            reject(f"{call} must give three numbers, got {len(got)}.")
        gots.append(
            [as_number(one, f"{name} of {call}") for name, one in zip(PARTS, got, strict=True)]
        )
    names = [[f", {name}," for name in PARTS]] * len(logs)
    wants = [_conversion(log) for log in logs]
    _judge(calls, logs, names, wants, gots, CONVERSION_MISTAKES)


def _conversion_with_arrays(log: pd.DataFrame) -> np.ndarray:
    click, purchase, p = log[["click", "purchase", "p_purchase_given_click"]].to_numpy().T
    return np.array([purchase[click == 1].mean(), p.mean(), np.average(p, weights=1 - click)])


def _conversion_with_loops(log: pd.DataFrame) -> tuple[float, float, float]:
    clicks = purchases = 0
    everyone: list[float] = []
    unclicked: list[float] = []
    for _, row in log.iterrows():
        clicks += row["click"]
        purchases += row["purchase"]
        everyone.append(row["p_purchase_given_click"])
        if row["click"] == 0:
            unclicked.append(row["p_purchase_given_click"])
    return (
        purchases / clicks,
        sum(everyone) / len(everyone),
        sum(unclicked) / len(unclicked),
    )


CONVERSION_RATES = Task(
    id="01.3",
    prompt="Purchases per click, and the true conversion of all rows and of the unclicked.",
    check_answer=check_conversion_rates,
    hints=(
        "Two of the three numbers are means of one column, over different rows. Only the first "
        "looks at what happened.",
        "naive: the sum of purchase over the sum of click. everyone: the mean of "
        "p_purchase_given_click. unclicked: the same mean over fewer rows.",
        'The rows without a click are log[log["click"] == 0]. Return the three in the order '
        "(naive, everyone, unclicked).",
    ),
    right=[_conversion_with_arrays, _conversion_with_loops],
    wrong=[
        Wrong(_per_impression, "you divide by all rows", silent=True),
        Wrong(_true_of_clicked, "counted from what happened", silent=True),
        Wrong(_everyone_clicked, "Everyone means all rows", silent=True),
        Wrong(_everyone_half, "mean of two means", silent=True),
        Wrong(_everyone_bought, "have a chance too", silent=True),
        Wrong(_unclicked_nil, "nobody bought", silent=True),
        Wrong(_unclicked_clicked, "those with one", silent=True),
        Wrong(_not_bought, "some of them clicked", silent=True),
        Wrong(_unclicked_over_all, "number of all rows", silent=True),
        Wrong(_wrong_exchanged, "are exchanged", silent=True),
        Wrong(_wrong_percent, "not percent", silent=True),
        Wrong(lambda log: [round(one, 3) for one in _conversion(log)], "Do not round", silent=True),
        Wrong(lambda log: _conversion(log)[:2], "three numbers, got 2"),
    ],
    insight="The clicked rows promise more than everybody would keep: selection bias.",
)

TASKS = [CORRECTED_RATES, PURCHASE_LIMITS, CONVERSION_RATES]
