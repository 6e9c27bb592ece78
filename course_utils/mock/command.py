"""The command ``interview``."""

from __future__ import annotations

import argparse
from pathlib import Path

from course_utils.interview.terminal import drill


def main(arguments: list[str]) -> int:
    """Ask questions with a clock, hold a mock interview, or write the cards; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m course_utils interview",
        description="A question, sixty seconds with a clock, the answer and its rubric; what was "
        "answered comes again when it is due.",
    )
    parser.add_argument("--topic", help="a part of a topic's name, in English or Chinese")
    parser.add_argument("--level", help="entry, mid, senior or staff")
    parser.add_argument("--minutes", type=float, default=20.0, help="20 unless told")
    parser.add_argument("--language", choices=("en", "zh"), default="en")
    parser.add_argument(
        "--mock",
        action="store_true",
        help="an interview of up to 45 minutes, and what to read then",
    )
    parser.add_argument("--cards", type=Path, metavar="FILE.apkg", help="write cards for Anki")
    asked = parser.parse_args(arguments)
    if asked.cards is not None:
        from course_utils.interview import cards

        print(f"{cards.write(asked.cards)} cards are in {asked.cards}.")
        return 0
    if asked.mock:
        from course_utils.mock.play import mock

        mock(asked.topic, asked.level, asked.language)
        return 0
    drill(asked.topic, asked.level, asked.minutes, asked.language)
    return 0
