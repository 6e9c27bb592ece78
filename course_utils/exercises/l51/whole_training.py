"""Task 51.2: models, trained as they should be or with a mistake that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from surprise import SVD

from course_utils.exercises.l51.shared import Row, data_of

Trained = Callable[[list[Row]], SVD]


def sorted_by_time(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row[3])


def latest_of_pair(rows: list[Row], by: Callable[[Row], Any] = lambda row: row[3]) -> list[Row]:
    """The latest row of each pair, by time."""
    last = {row[:2]: row for row in sorted(rows, key=by)}
    return sorted(last.values(), key=by)


def model_of(rows: Iterable[Row], **settings: Any) -> SVD:
    data = data_of([row[:3] for row in rows])
    return SVD(**{"n_epochs": 100, "random_state": 0, **settings}).fit(data.build_full_trainset())


def last_of_pair(rows: list[Row]) -> list[Row]:
    """The last row of each pair, where its first stood: that is how a dictionary keeps them."""
    return list({row[:2]: row for row in rows}.values())


def first_of_pair(rows: list[Row]) -> list[Row]:
    kept: dict[tuple[str, str], Row] = {}
    for row in rows:
        kept.setdefault(row[:2], row)
    return list(kept.values())


def _earliest(rows: list[Row]) -> list[Row]:
    """By time."""
    return first_of_pair(sorted_by_time(rows))


def _trained(*settings: dict[str, Any]) -> list[Trained]:
    """Right but for one setting."""

    def train(rows: list[Row], one: dict[str, Any]) -> SVD:
        return model_of(latest_of_pair(rows), **one)

    return [partial(train, one=one) for one in settings]


def _without_biases(rows: list[Row]) -> SVD:
    algo = model_of(latest_of_pair(rows))
    algo.bu, algo.bi = 0 * algo.bu, 0 * algo.bi
    return algo


def _mean_of_pair(rows: list[Row]) -> SVD:
    ratings: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        ratings.setdefault(row[:2], []).append(row[2])
    return model_of(
        (*row[:2], sum(ratings[row[:2]]) / len(ratings[row[:2]]), row[3])
        for row in latest_of_pair(rows)
    )


MISTAKES: dict[str, list[Trained]] = {
    "You train on all rows; of a pair only its latest counts.": [
        lambda rows: model_of(sorted_by_time(rows)),
        model_of,
    ],
    "Of a repeated pair you keep the earliest row.": [
        lambda rows: model_of(_earliest(rows)),
        lambda rows: model_of(_earliest(rows)[::-1]),
    ],
    "The right rows in the wrong order: sort by time after you kept the latest.": [
        lambda rows: model_of(last_of_pair(sorted_by_time(rows)))
    ],
    "Of a repeated pair you keep the last in the file, not the latest: sort by time first.": [
        lambda rows: model_of(sorted_by_time(last_of_pair(rows))),
        lambda rows: model_of(last_of_pair(rows)),
        lambda rows: model_of(first_of_pair(rows[::-1])[::-1]),
    ],
    "Of a repeated pair you keep the first in the file; look at the times.": [
        lambda rows: model_of(sorted_by_time(first_of_pair(rows))),
        lambda rows: model_of(first_of_pair(rows)),
    ],
    "The times are compared as text, where 950 comes after 1000.": [
        lambda rows: model_of(latest_of_pair(rows, by=lambda row: str(row[3])))
    ],
    "The rows are trained in the order of the file, not of their time.": [
        lambda rows: model_of(sorted(latest_of_pair(rows), key=rows.index))
    ],
    "The rows are trained latest first; the earliest comes first.": [
        lambda rows: model_of(latest_of_pair(rows)[::-1])
    ],
    "The number of epochs is another than 100.": _trained({"n_epochs": 20}, {"n_epochs": 200}),
    "Your scores or your model are without the biases; biased=True is how SVD comes.": [
        *_trained({"biased": False}),
        _without_biases,
    ],
    "You give a repeated pair the mean of its ratings; only its latest row counts.": [
        _mean_of_pair
    ],
    "random_state is another than 0.": _trained({"random_state": 1}, {"random_state": 42}),
}
ERRATA = {next(iter(MISTAKES)): "E58"}
