"""The runner: llama.cpp in this process, one thread, the likeliest token each time.

It is no requirement of the course: it is imported when an answer has to be written, not before.
"""

from __future__ import annotations

import importlib
import importlib.util
import math
import time
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from course_utils.errors import CourseError
from course_utils.generator.pretrained import Generator, fetch

PACKAGE = "xllamacpp"
LIKELY = 1_000
"""Tokens whose probabilities are asked for first; all of them take half a second."""
ALL = 10**6
"""More tokens than a vocabulary has."""

Message = Mapping[str, str]
"""``role``: system, user or assistant; ``content``: a text."""


class Answer(NamedTuple):
    """What the model wrote.

    text: the answer. whole: it ended by itself, not at the most tokens allowed. read, written:
    tokens of the prompt and of the answer. seconds: of one core; what a prompt begins with is not
    read twice in a row, so an answer alone may take longer.
    """

    text: str
    whole: bool
    read: int
    written: int
    seconds: float


class Settings(NamedTuple):
    """most: tokens of the answer. At a temperature of 0 the seed does nothing."""

    most: int
    temperature: float
    seed: int


def is_installed() -> bool:
    """Whether the optional runner is there."""
    return importlib.util.find_spec(PACKAGE) is not None


class Runner:
    """A loaded model. It also listens on a port of this machine, for this machine alone.

    Raises:
        ImportError: if the runner is not installed; ``is_installed`` tells.
        DataError: if the weights have to be fetched and cannot be.
    """

    def __init__(self, model: Generator) -> None:
        fetch(model)
        runner = importlib.import_module(PACKAGE)
        settings = runner.CommonParams()
        settings.model.path = str(model.files[0])
        settings.n_ctx, settings.n_parallel, settings.verbosity = model.context, 1, 1
        settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
        self.version = f"{PACKAGE} {runner.__version__}"
        self._server = runner.Server(settings)

    def write(self, messages: Sequence[Message], schema: Any, settings: Settings) -> Answer:
        """Answer one prompt.

        Args:
            messages: the prompt.
            schema: a JSON schema that the answer follows, or None. settings: see there.

        Raises:
            CourseError: if the prompt is too long, or the schema is none.
        """
        asked: dict[str, Any] = {"max_tokens": settings.most}
        asked |= {"temperature": settings.temperature, "seed": settings.seed}
        if schema is not None:
            asked["response_format"] = {"type": "json_schema", "json_schema": {"schema": schema}}
        before = time.process_time()
        said = self._said(messages, asked)
        [choice], usage = said["choices"], said["usage"]
        return Answer(
            text=choice["message"]["content"] or "",
            whole=choice["finish_reason"] == "stop",
            read=usage["prompt_tokens"],
            written=usage["completion_tokens"],
            seconds=round(time.process_time() - before, 3),
        )

    def next_token(self, messages: Sequence[Message], words: Sequence[str]) -> list[float]:
        """The chance that the answer's first token is each word; case and space do not count.

        Raises:
            CourseError: if a word is not one token, or the prompt is too long.
        """
        for most in (LIKELY, ALL):
            asked = {"max_tokens": 1, "temperature": 0, "logprobs": True, "top_logprobs": most}
            said = self._said(messages, asked)
            found: dict[str, float] = {}
            for one in said["choices"][0]["logprobs"]["content"][0]["top_logprobs"]:
                word = one["token"].strip().lower()
                found[word] = found.get(word, 0.0) + math.exp(one["logprob"])
            if all(word in found for word in words):
                break
        missing = [word for word in words if word not in found]
        if missing:
            raise CourseError(
                f"{missing[0]!r} is not one token of the model: ask for another word."
            )
        return [found[word] for word in words]

    def _said(self, messages: Sequence[Message], asked: Mapping[str, Any]) -> Any:
        try:
            said = self._server.handle_chat_completions({"messages": [*messages], **asked})
        except ValueError as error:
            raise CourseError(f"The model does not take this schema: {error}.") from error
        if "error" in said:
            raise CourseError(f"The model does not take this prompt: {said['error']['message']}.")
        return said


@cache
def opened(model: Generator) -> Runner:
    """A model is loaded once."""
    return Runner(model)
