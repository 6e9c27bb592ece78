"""Many verdicts at once: what is left of them after a correction for their number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from course_utils.errors import CourseError
from course_utils.evidence.claim import Claim
from course_utils.metrics.intervals import CONFIDENCE

LONGEST = 145
"""Characters of the names of what falls; where they are longer, they are counted."""

FALLS = ", falls after the correction"
"""Behind a verdict's word in the text of a picture: what a hollow dot says."""

_VERB = (
    "agrees?|brings?|decides?|ends?|fills?|finds?|gets?|gives?|guess(es)?|has|have|is|are|judges?|"
    "keeps?|labels?|leaves?|loses?|moves?|orders?|predicts?|puts?|ranks?|reach(es)?|says?|treats?|"
    "weighs?"
)
_MORE = "better|earlier|fewer|higher|larger|less|lower|more|nearer|smaller"
_COMPARISONS = (
    re.compile(r"(?P<where>.*?)less is lost by (?P<a>.+?),? than by (?P<b>.+)"),
    re.compile(
        rf"(?P<where>)(?P<a>.+?)[,:]?( ({_VERB})( (?!({_VERB})\b)[^ ,:]+)*)?"
        rf" (?<!the )(an? )?({_MORE})( (?!by|to|with)\w+){{0,2}} than (?P<b>.+?)( do)?"
    ),
    re.compile(r"(?P<where>)(?P<a>.+?)[,:]? (over|above|against) (?P<b>.+)"),
)
"""How the claims' texts say that A is better than B."""

_JUDGES = re.compile(r"\b(against|than)\b|\(better")
"""What a side's name must not hold: it compares by itself, or says what *better* means."""


def still_standing(claims: Sequence[Claim]) -> list[bool]:
    """Which differences are still shown when all claims are judged together.

    Holm, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of
    Statistics 6, 1979: sort the m p-values; the k-th smallest, from k = 0, must be at most
    0.05 / (m - k), and the first that is not ends it. The chance of one false word or more among
    all is then at most 5 %, however the claims depend on each other.
    """
    standing = [False] * len(claims)
    order = sorted(range(len(claims)), key=lambda k: claims[k].p_value)
    for rank, k in enumerate(order):
        if claims[k].p_value > (1 - CONFIDENCE) / (len(claims) - rank):
            break
        standing[k] = True
    return standing


def family_sentence(claims: Sequence[Claim]) -> str:
    """How many verdicts were looked at, of which kind; and, in a second line, which differences
    the correction leaves.

    A difference that falls is named as what is compared, with the verdict's word behind it: the
    claim's own text says *better* also where the verdict is *worse*.

    Raises:
        CourseError: if there are fewer than two.
    """
    if len(claims) < 2:
        raise CourseError(f"A family of claims has two or more, got {len(claims)}.")
    shown = [one for one in claims if one.word != "no difference shown"]
    said = f"{len(claims)} verdicts: {_by_word(claims)}."
    if not shown:
        return said
    lost = [
        one
        for one, stands in zip(claims, still_standing(claims), strict=True)
        if one in shown and not stands
    ]
    names = "; ".join(f"{compared(one.text).replace(': ', ', ')} ({one.word})" for one in lost)
    said += f"\nAfter Holm's correction for {len(claims)} verdicts "
    if len(shown) == 1:
        return said + f"the one difference {f'falls: {names}' if lost else 'stands'}."
    stand = len(shown) - len(lost)
    said += f"{stand} of the {len(shown)} differences stand{'s' if stand == 1 else ''}."
    if not lost:
        return said
    if len(names) > LONGEST:
        return said + f" {len(lost)} fall, the hollow dots ({_by_word(lost)})."
    return said + (f" These fall: {names}." if lost[1:] else f" This one falls: {names}.")


def compared(text: str) -> str:
    """What a claim compares, without saying which is better: ``"A against B"``.

    A text that compares in other words comes back in quotation marks.
    """
    for form in _COMPARISONS:
        if (found := form.fullmatch(text)) and not _JUDGES.search(found["a"] + " " + found["b"]):
            return f"{found['where']}{found['a']} against {found['b']}"
    return f'"{text}"'


def _by_word(claims: Sequence[Claim]) -> str:
    """So many of each word, as text: ``2 better, 1 worse``."""
    words = [one.word for one in claims]
    counts = {word: words.count(word) for word in ("better", "worse", "no difference shown")}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)
