"""Does a method win? It must beat every rival by an interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from course_utils.evidence import Claim, still_standing


@dataclass(frozen=True)
class Verdict:
    """A method against each rival, paired over seeds.

    *wins*: better than every rival, each by a 95 % interval. To claim that all of several
    differences hold needs no correction for their number (Berger, Multiparameter Hypothesis
    Testing and Acceptance Sampling, Technometrics 24, 1982). Nor is a best rival picked first,
    whose luck would then count: ``strongest`` only names the one with the best mean.
    *loses*: not a win, and worse than a rival, which can still be told from chance after Holm's
    correction for the number of rivals. Otherwise *open*.

    Attributes:
        claims: rival -> the interval of method minus rival.
        means: contender -> mean of the metric over seeds.
        strongest: the rival with the best mean.
    """

    method: str
    task: str
    claims: Mapping[str, Claim]
    means: Mapping[str, float]
    strongest: str

    @property
    def beats_all(self) -> bool:
        return all(one.word == "better" for one in self.claims.values())

    @property
    def weakest(self) -> Claim:
        """The claim with the largest p-value, on which a win hangs.

        Of a page's many verdicts hand these to ``evidence.still_standing``.
        """
        return max(self.claims.values(), key=lambda one: one.p_value)

    @property
    def loses_to(self) -> list[str]:
        """Rivals that are better, corrected for their number."""
        standing = still_standing(list(self.claims.values()))
        pairs = zip(self.claims.items(), standing, strict=True)
        return [rival for (rival, one), stands in pairs if stands and one.word == "worse"]

    @property
    def word(self) -> Literal["wins", "loses", "open"]:
        return "wins" if self.beats_all else "loses" if self.loses_to else "open"

    def __str__(self) -> str:
        one = self.claims[self.strongest]
        said = (
            f"{self.method}, {self.task}: {self.word}; {one.span} against the strongest rival, "
            f"{self.strongest}"
        )
        worse = f"; loses to {', '.join(self.loses_to)}" if self.loses_to else ""
        return f"{said}{worse} ({one.over})."
