"""Prompts to answers, and to the probabilities of the next token; each prompt once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course_utils.errors import CourseError
from course_utils.generator.pretrained import SMOLLM2, Generator
from course_utils.generator.runner import Answer, Message, Runner, Settings, is_installed, opened
from course_utils.generator.store import Store, key_of
from course_utils.training.bar import Bar

Prompt = str | Sequence[Message]
"""What the user says, or a whole conversation: messages with ``role`` and ``content``."""

EACH = 20
"""New answers are stored after so many."""

Ask = tuple[str, Callable[[Runner], Any]]
"""The key of what is asked, and how it is asked."""


def answers(
    name: str,
    prompts: Sequence[Prompt],
    *,
    schema: Any = None,
    most_tokens: int = 64,
    temperature: float = 0.0,
    seed: int = 0,
    model: Generator = SMOLLM2,
    record: bool = False,
) -> list[Answer]:
    """What the model writes, stored or written now, in the order of the prompts.

    Args:
        name: of the file that stores them; two experiments may share one.
        prompts: texts, or conversations.
        schema: a JSON schema that every answer follows, a list of them, one a prompt, or None. It
            bounds what may be written, and does not make it true; an answer that is not ``whole``
            was cut off and is no valid JSON.
        most_tokens: of an answer. temperature, seed: at 0 the likeliest token is taken.
        model: which one.
        record: keep new answers among the committed ones, not among the reader's own.

    Raises:
        CourseError: if an answer is missing and the optional runner is not installed, or if the
            model does not take a prompt or a schema.
        DataError: if the weights have to be fetched and cannot be.
    """
    settings = Settings(most_tokens, float(temperature), seed)
    talks = _talks(prompts)
    schemas = list(schema) if isinstance(schema, list | tuple) else [schema] * len(talks)
    if len(schemas) != len(talks):
        raise CourseError(f"answers got {len(schemas)} schemas for {len(talks)} prompts.")

    def ask(talk: list[Message], one: Any) -> Ask:
        key = key_of("answer", model.key, talk, one, settings)
        return key, lambda runner: [*runner.write(talk, one, settings)]

    asked = [ask(talk, one) for talk, one in zip(talks, schemas, strict=True)]
    return [Answer(*found) for found in _found(name, asked, model, record)]


def probabilities(
    name: str,
    prompts: Sequence[Prompt],
    words: Sequence[str] = ("yes", "no"),
    *,
    model: Generator = SMOLLM2,
    record: bool = False,
) -> np.ndarray:
    """``[n, words]``: how likely each word is as the answer's first token.

    They need not sum to 1: the model may have liked to begin with another word. Divide by their
    sum for the probabilities among these words. Spaces and capitals do not count: " Yes" is "yes".

    Args:
        name: of the file that stores them.
        prompts: texts, or conversations.
        words: in lower case, each one token of the model.
        model: which one.
        record: as in ``answers``.

    Raises:
        CourseError, DataError: as ``answers`` does.
    """
    if isinstance(words, str) or not words or any(one != one.strip().lower() for one in words):
        raise CourseError(f"probabilities takes words in lower case, got {words!r}.")

    def ask(talk: list[Message]) -> Ask:
        key = key_of("probabilities", model.key, talk, [*words])
        return key, lambda runner: [float(f"{c:.5g}") for c in runner.next_token(talk, words)]

    asked = [ask(talk) for talk in _talks(prompts)]
    return np.array(_found(name, asked, model, record), float).reshape(len(asked), len(words))


def _talks(prompts: Sequence[Prompt]) -> list[list[Message]]:
    if isinstance(prompts, str):
        raise CourseError("Prompts are a list, got one text: put it into a list.")
    talks: list[list[Message]] = []
    for prompt in prompts:
        talk = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
        if not isinstance(talk, list | tuple) or not talk or not all(map(_is_message, talk)):
            raise CourseError(
                "A prompt is a text, or messages with role and content, both texts; "
                f"got {prompt!r}."
            )
        talks.append([{"role": one["role"], "content": one["content"]} for one in talk])
    return talks


def _is_message(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and set(one) == {"role", "content"}
        and all(isinstance(part, str) for part in one.values())
    )


def _found(name: str, asked: Sequence[Ask], model: Generator, record: bool) -> list[Any]:
    store = Store(name, record)
    missing = {key: ask for key, ask in asked if store.find(key) is None}
    if missing:
        _write(name, store, missing, model)
    return [store.find(key) for key, _ in asked]


def _write(
    name: str, store: Store, missing: dict[str, Callable[[Runner], Any]], model: Generator
) -> None:
    if not is_installed():
        raise CourseError(
            f"{len(missing)} of the answers asked of {name!r} are not stored, and the runner that "
            f"would write them is not installed. To install it, and the weights: "
            f"{sys.executable} -m course_utils.generator"
        )
    runner, bar = opened(model), Bar()
    new: dict[str, Any] = {}
    try:
        for done, (key, ask) in enumerate(missing.items()):
            bar.show(f"{done:,} of {len(missing):,} answers", done / len(missing))
            new[key] = ask(runner)
            if len(new) == EACH:
                store.keep(new, runner.version)
                new = {}
    finally:
        bar.close()
        if new:
            store.keep(new, runner.version)
