"""A bug's card in a notebook: its front before the guess, its back after it."""

from __future__ import annotations

import functools
import textwrap

from course_utils.bugs import Card, Look, Peer, card, run

_WIDTH = 96
_LOOKS: dict[Look, str] = {
    "rival": "a rival that cannot be good",
    "invariance": "an invariance: the same in another dress",
    "planted": "planted data: the answer is known; with the dial at zero it is 'nothing'",
    "change": "one thing changed alone",
    "example": "an example worked by hand",
}

_run = functools.cache(run)


def front(*numbers: int) -> None:
    """Show code, symptom and question of cards; the symptom is what the code prints now."""
    for at, which in enumerate(numbers):
        one = card(which)
        print("\n" * (at > 0) + _title(which, one))
        print(_block(one.code))
        print("\nIt is used so:")
        print(_block(one.shows))
        print("\nWhat it prints:")
        print(_block(_run(one).symptom))
        print(f"\n{_filled(one.question)}")


def back(*numbers: int) -> None:
    """Turn cards: cause, fix, what it prints then, the test on both versions, and the source."""
    for at, which in enumerate(numbers):
        one = card(which)
        found = _run(one)
        print("\n" * (at > 0) + _title(which, one))
        print(_filled(one.cause))
        print("\nThe fix:")
        print(_block(one.fix))
        print("\nWhat it prints now:")
        print(_block(found.gone))
        print(f"\nThe test that would have seen it ({_LOOKS[one.look]}):")
        print(_block(one.test))
        print(f"\nOn the broken code: {found.caught}\nOn the fixed code: passes")
        if one.errata:
            print(f"The article: {', '.join(one.errata)}")
        for peer in one.peers:
            print(_filled(_source(peer)))
            print(f"    {peer.url}")


def _title(number: int, one: Card) -> str:
    head = f"Card {number} · {one.title}"
    return f"{head}\n{'─' * len(head)}"


def _block(code: str) -> str:
    return textwrap.indent(code.strip("\n"), "    ")


def _filled(text: str) -> str:
    return textwrap.fill(text, _WIDTH)


def _source(peer: Peer) -> str:
    kind = "Published code" if peer.stood else "Background"
    return f"{kind}: {peer.name} ({peer.date}): {peer.what}"
