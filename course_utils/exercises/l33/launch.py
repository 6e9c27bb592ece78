"""Task 33.5: does the extension ship?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import with_lines
from course_utils.exercises.comparing import compare
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import among, refuse_none
from course_utils.exercises.theirs import shorten

Span = tuple[float, float]
Case = tuple[Span, dict[str, Span], float]
Found = tuple[str, str]

WORDS = ("launch", "stop", "wait")

_CASES: list[Case] = [
    ((0.01, 0.05), {"click, home": (-0.001, 0.002), "click, mail": (-0.004, 0.001)}, 0.005),
    ((0.01, 0.05), {"click, home": (0.001, 0.02), "click, mail": (-0.009, 0.001)}, 0.005),
    ((0.01, 0.05), {"click, home": (0.01, 0.02), "click, mail": (-0.020, -0.006)}, 0.005),
    ((-0.01, 0.05), {"click, home": (-0.001, 0.002)}, 0.005),
    ((-0.05, -0.01), {"click, home": (-0.001, 0.002), "save, home": (0.0, 0.001)}, 0.005),
    # The bounds themselves.
    ((0.0, 0.05), {"a": (-0.001, 0.002)}, 0.005),
    ((-0.05, 0.0), {"a": (-0.001, 0.002)}, 0.005),
    ((0.01, 0.05), {"a": (-0.005, 0.002)}, 0.005),
    ((0.01, 0.05), {"a": (-0.010, -0.005)}, 0.005),
    # A frozen trunk: nothing has changed, and nothing may.
    ((0.01, 0.05), {"a": (0.0, 0.0), "b": (0.0, 0.0)}, 0.0),
    ((0.01, 0.05), {"b": (0.0, 0.0), "a": (0.0, 0.0)}, 0.0),
    ((0.01, 0.05), {"a": (0.0, 0.0), "b": (-0.001, 0.0)}, 0.0),
    # Shown to lose, but less than the margin.
    ((0.01, 0.05), {"a": (-0.004, -0.002), "b": (-0.001, 0.003)}, 0.005),
    # One is surely hurt, another only has the longer interval.
    ((0.01, 0.05), {"a": (-0.030, 0.030), "b": (-0.012, -0.008)}, 0.005),
    ((-0.01, 0.05), {"a": (-0.030, 0.030), "b": (-0.012, -0.008)}, 0.005),
    # Equal low ends: the first, whatever the high ends; and a gain is held against 0.
    ((0.0004, 0.05), {"a": (0.0, 0.010), "b": (0.0, 0.005)}, 0.005),
    # Rounded to three decimals it would pass.
    ((0.01, 0.05), {"a": (-0.0052, 0.001)}, 0.005),
    # Many equal ones: a set has no first.
    ((0.01, 0.05), {f"o{(k * 7 + 3) % 40}": (0.0, 0.01) for k in range(40)}, 0.005),
]


def right_launch(new: Any, old: Any, margin: float) -> Found:
    worst = min(old, key=lambda one: old[one][0])
    if new[1] <= 0 or any(high < -margin for _, high in old.values()):
        return "stop", worst
    if new[0] > 0 and all(low >= -margin for low, _ in old.values()):
        return "launch", worst
    return "wait", worst


def _word(decide: Callable[[Any, Any, float], str]) -> Callable[..., Found]:
    return lambda new, old, margin: (decide(new, old, margin), right_launch(new, old, margin)[1])


def _middle(span: Any) -> float:
    return (span[0] + span[1]) / 2


def by_means(new: Any, old: Any, margin: float) -> str:
    lost = min(_middle(span) for span in old.values())
    return "launch" if _middle(new) > 0 and lost >= -margin else "stop"


def by_mean_of_old(new: Any, old: Any, margin: float) -> str:
    low, high = (sum(span[k] for span in old.values()) / len(old) for k in (0, 1))
    return right_launch(new, {"mean": (low, high)}, margin)[0]


def significant_loss(new: Any, old: Any, margin: float) -> str:
    """No shown loss is taken for no loss."""
    if new[1] <= 0 or any(high < -margin for _, high in old.values()):
        return "stop"
    return "launch" if new[0] > 0 else "wait"


def any_loss_stops(new: Any, old: Any, margin: float) -> str:
    return right_launch(new, old, 0.0)[0]


def no_wait(new: Any, old: Any, margin: float) -> str:
    word = right_launch(new, old, margin)[0]
    return "stop" if word == "wait" else word


def new_alone(new: Any, old: Any, margin: float) -> str:
    return right_launch(new, {"none": (0.0, 0.0)}, margin)[0]


def old_alone(new: Any, old: Any, margin: float) -> str:
    return right_launch((1.0, 1.0), old, margin)[0]


def wait_first(new: Any, old: Any, margin: float) -> str:
    """Waits where the new one is open, though an old one is surely hurt."""
    return "wait" if new[0] <= 0 < new[1] else right_launch(new, old, margin)[0]


def strict(new: Any, old: Any, margin: float) -> str:
    word = right_launch(new, old, margin)[0]
    at_bound = any(low == -margin for low, _ in old.values())
    return "wait" if word == "launch" and at_bound else word


def lowest_high(new: Any, old: Any, margin: float) -> Found:
    return right_launch(new, old, margin)[0], min(old, key=lambda one: old[one][1])


def by_both_ends(new: Any, old: Any, margin: float) -> Found:
    return right_launch(new, old, margin)[0], min(old, key=lambda one: tuple(old[one]))


def named_alone_stops(new: Any, old: Any, margin: float) -> str:
    word, worst = right_launch(new, old, margin)
    return "wait" if word == "stop" and new[1] > 0 and old[worst][1] >= -margin else word


def zero_gain_waits(new: Any, old: Any, margin: float) -> str:
    return right_launch((new[0], new[1] or 1.0), old, margin)[0]


def zero_gain_passes(new: Any, old: Any, margin: float) -> str:
    return right_launch((new[0] or 1.0, new[1]), old, margin)[0]


def gain_over_margin(new: Any, old: Any, margin: float) -> str:
    word = right_launch(new, old, margin)[0]
    return "wait" if word == "launch" and new[0] <= margin else word


def in_thousandths(new: Any, old: Any, margin: float) -> str:
    spans = {name: (round(low, 3), round(high, 3)) for name, (low, high) in old.items()}
    return right_launch((round(new[0], 3), round(new[1], 3)), spans, margin)[0]


MISTAKES: dict[str, Callable[..., Any]] = {
    "the middles of the intervals decide; their ends must": _word(by_means),
    "the mean of the old ones decides; each has an owner, so each must pass": _word(by_mean_of_old),
    "an old one passes where no loss is shown: a long interval that holds a loss beyond the margin "
    "is no proof, so wait": _word(significant_loss),
    "the margin is not used: a loss within it passes": _word(any_loss_stops),
    "what is open is stopped: more rows may decide it, so wait": _word(no_wait),
    "only the new one is looked at": _word(new_alone),
    "only the old ones are looked at: what is added must pay, too": _word(old_alone),
    "you wait for the new one although an old one is surely hurt: stop": _word(wait_first),
    "only the old one that is named may stop it; any that is shown to lose too much does": _word(
        named_alone_stops
    ),
    "a gain whose high end is exactly 0 waits; the text stops it": _word(zero_gain_waits),
    "a gain whose low end is exactly 0 passes; it must be above 0": _word(zero_gain_passes),
    "a low end at exactly minus the margin does not pass; the text lets it": _word(strict),
    "the one with the lowest high end is named; the text asks for the lowest low end": lowest_high,
    "equal low ends are told apart by their high ends; the text asks for the first": by_both_ends,
    "the gain is held against the margin; it must be above 0": _word(gain_over_margin),
    "the ends are rounded; compare them as they are": _word(in_thousandths),
}


def check_launch(answer: Any) -> None:
    compare(answer, _CASES, right_launch, _read, lambda case: f"{_told(case)}the result", MISTAKES)


def _told(case: Any) -> str:
    return with_lines(new=case[0], old=case[1], margin=case[2])


def _read(got: Any, case: Any) -> Found:
    told = _told(case)
    refuse_none(got, f"{told}the result", "a tuple of two")
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        reject(f"{told}the result must be (word, key), got {shorten(got)}.")
    word, key = got
    if not among(word, WORDS):
        reject(f"{told}the word must be one of {', '.join(WORDS)}, got {shorten(word)}.")
    if not among(key, case[1]):
        reject(f"{told}the key must be one of {list(case[1])}, got {shorten(key)}.")
    return str(word), str(key)


TASK = Task(
    id="33.5",
    prompt="Return launch, stop or wait, and the old one with the lowest low end.",
    check_answer=check_launch,
    hints=(
        "Stop where harm is shown, launch where its absence is shown; all else is open.",
        "Stop: new's high end <= 0, or a high end below -margin. Launch: new's low end > 0 and "
        "each low end >= -margin.",
        "worst = min(old, key=lambda one: old[one][0]); ask for stop first, then for launch, then "
        "it is wait.",
    ),
    insight="That no loss is shown does not show that there is none. Ask where the interval ends.",
)
