"""Task 40.2: from what helps to the cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

from course_utils.exercises.asking import reject
from course_utils.exercises.calls import call_of
from course_utils.exercises.comparing import explain, leaving
from course_utils.exercises.engine import Task
from course_utils.exercises.reading import among, as_list
from course_utils.exercises.theirs import short_repr

Gains = Mapping[str, tuple[float, float]]
Case = tuple[Gains]
Slip = Callable[[Gains], list[str]]

KEYS = ("normalised", "gradients", "wider")
CAUSES = ("scale", "direction", "capacity")

_SPANS = [(-0.03, 0.02), (0.004, 0.02), (-0.03, -0.01), (-0.001, 0.09)]

CASES: list[Case] = [
    ({"normalised": (-0.01, 0.02), "gradients": (0.1, 0.2), "wider": (0.3, 0.4)},),
    *(
        (dict(zip(KEYS, (_SPANS[a], _SPANS[b], _SPANS[c]), strict=True)),)
        for a, b, c in product(range(4), repeat=3)
    ),
    ({"wider": (0.0, 0.1), "gradients": (-0.2, 0.0), "normalised": (0.0, 0.3)},),
    ({"wider": (1e-6, 0.1), "gradients": (-0.2, 0.5), "normalised": (0, 0.3)},),
    ({"normalised": (-0.1, 0.1), "gradients": (0.007, 0.029), "wider": (0.16, 0.218)},),
    ({"normalised": (0.006, 0.18), "gradients": (0.007, 0.029), "wider": (0.16, 0.218)},),
    # Exactly a quarter; by the lower ends enough, and by the middles not; the other way round.
    ({"normalised": (-1, 1), "gradients": (0.03125, 0.09375), "wider": (0.125, 0.375)},),
    ({"normalised": (-1, 1), "gradients": (0.02, 0.03), "wider": (0.05, 0.4)},),
    ({"normalised": (-1, 1), "gradients": (0.002, 0.2), "wider": (0.1, 0.2)},),
    # By the upper ends enough, and by the middles not.
    ({"normalised": (-1, 1), "gradients": (0.001, 0.06), "wider": (0.1, 0.2)},),
    # A large gain of width that is not shown does not count.
    ({"normalised": (-1, 1), "gradients": (0.002, 0.004), "wider": (-0.01, 0.4)},),
]


def causes(
    helps: Callable[[float, float], bool],
    enough: Callable[[tuple[float, float], tuple[float, float]], bool] | None = None,
) -> Slip:
    """The rule, with another idea of what helps, or of what is enough of width's gain."""

    def found(gains: Gains) -> list[str]:
        unit, gradients, wider = (helps(*gains[key]) for key in KEYS)
        share = (enough or a_quarter)(gains["gradients"], gains["wider"])
        if gradients and (share or not wider):
            return ["scale"] * unit + ["direction"]
        return ["scale"] * unit + ["capacity"] * wider

    return found


def a_quarter(gradients: tuple[float, float], wider: tuple[float, float]) -> bool:
    return 4 * sum(gradients) >= sum(wider)


def _shown(low: float, high: float) -> bool:
    return low > 0


right_causes = causes(_shown)


def _first_only(gains: Gains) -> list[str]:
    return right_causes(gains)[:1]


def _each_alone(gains: Gains) -> list[str]:
    return [cause for key, cause in zip(KEYS, CAUSES, strict=True) if gains[key][0] > 0]


def _strongest(gains: Gains) -> list[str]:
    best = max(KEYS, key=lambda key: sum(gains[key]))
    return [CAUSES[KEYS.index(best)]] if gains[best][0] > 0 else []


def _needs_both(gains: Gains) -> list[str]:
    found = right_causes(gains)
    return [one for one in found if one != "direction" or gains["wider"][0] > 0]


def _unshown_width(gains: Gains) -> list[str]:
    found = right_causes(gains)
    quarter = a_quarter(gains["gradients"], gains["wider"])
    return [one for one in found if one != "direction" or quarter]


MISTAKES: dict[str, Slip] = {
    "the middle of the interval decides; a gain is shown where its lower end is above 0": causes(
        lambda low, high: low + high > 0
    ),
    "the upper end of the interval decides; a gain is shown where its lower end is above 0": causes(
        lambda low, high: high > 0
    ),
    "an interval that begins at 0 counts as a gain": causes(lambda low, high: low >= 0),
    "a harm that is shown counts as a gain": causes(lambda low, high: not low <= 0 <= high),
    "direction is named wherever gradients help, however little of width's gain that is": causes(
        _shown, lambda gradients, wider: True
    ),
    "the lower ends are compared for the quarter, not the middles": causes(
        _shown, lambda gradients, wider: 4 * gradients[0] >= wider[0]
    ),
    "the upper ends are compared for the quarter, not the middles": causes(
        _shown, lambda gradients, wider: 4 * gradients[1] >= wider[1]
    ),
    "half of width's gain is asked for, not a quarter": causes(
        _shown, lambda gradients, wider: 2 * sum(gradients) >= sum(wider)
    ),
    "exactly a quarter is not enough for you; 'at least a quarter' is asked for": causes(
        _shown, lambda gradients, wider: 4 * sum(gradients) > sum(wider)
    ),
    "width's gain is compared where it is not shown": _unshown_width,
    "only the first cause is returned; a market may have two": _first_only,
    "capacity is named beside direction: width cures both, so it says nothing more": _each_alone,
    "only what gains most is looked at; a market may have two causes": _strongest,
    "direction is named only where width helps too": _needs_both,
}


def _told(case: Case) -> str:
    return call_of("causes", case)


def check_cause(answer: Any) -> None:
    asked = leaving(answer, ("gains",), _told)
    gots = []
    for case in CASES:
        got = as_list(asked(*case), _told(case))
        strange = [one for one in got if not among(one, CAUSES)]
        if strange:
            reject(
                f"{_told(case)} holds {short_repr(strange[0])}; the causes are {', '.join(CAUSES)}."
            )
        gots.append([str(one) for one in got])
    for at, case in enumerate(CASES):
        want = right_causes(*case)
        if gots[at] != want:
            why = explain(CASES, gots, right_causes, MISTAKES, at)
            if not why and sorted(gots[at]) == sorted(want):
                why = " The order is scale, then direction or capacity."
            reject(f"{_told(case)} must be {want}, got {gots[at]}.{why}")


TASK = Task(
    id="40.2",
    prompt="Return the causes that the gains of three remedies show, scale first.",
    check_answer=check_cause,
    hints=(
        "A remedy helps where the lower end of its interval is above 0. Ask this three times.",
        "Normalised losses have a cause of their own. For the rest: gradients help, and either "
        "width does not, or the middle of the gradients' interval is at least a quarter of that of "
        "width's.",
        "found = ['scale'] if 'normalised' helps, else []; then 'direction' if gradients help and "
        "(not wide or 4 * middle_g >= middle_w), or else 'capacity' if width helps.",
    ),
    insight="Several remedies help: a cause is named by how much each gains, with one thing "
    "changed at a time.",
)
