"""How many tokens a second the small language model reads and writes on one core (lesson 32).

    python benchmarks/generator_speed.py

measures what is missing or stale, kept in results/generator_speed.json; it needs the runner, which
is no requirement of the course (``python -m course_utils.generator`` installs it). A prompt is a
review of women's clothing and an instruction behind it. Asked for one token it is read; asked again
at once, what was read is kept, and the time goes to the tokens written. All prompts begin with the
same few words of the model's file, which are read once: so the speed of reading is the slope of the
seconds over the tokens. SmolLM2-135M, about five bits a weight, one thread, one request at a time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from parts import Stored

from course_utils import paths
from course_utils.datasets import load
from course_utils.generator.pretrained import SMOLLM2
from course_utils.generator.runner import Settings, opened

SEEDS, TEXTS, WRITTEN = range(1), 24, 21
ASK = "\n\nDoes this customer recommend the product? Say why, in two sentences."


def speeds() -> dict[str, Any]:
    """Tokens a CPU second, read and written; of writing the median and the middle half."""
    d = load("clothing_reviews").dropna(subset=["text"])
    text = (d["title"].fillna("") + " " + d["text"]).str.strip().to_numpy()
    rows = np.random.default_rng(32).permutation(len(text))[: TEXTS + 2]
    runner = opened(SMOLLM2)
    many, seconds, write = [], [], []
    for number, one in enumerate(text[rows]):
        prompt = [{"role": "user", "content": one + ASK}]
        first = runner.write(prompt, None, Settings(1, 0.0, 0))
        again = runner.write(prompt, None, Settings(WRITTEN, 0.0, 0))
        once = again.seconds / again.written
        if number < 2:  # warming up
            continue
        many.append(first.read)
        seconds.append(first.seconds - once)
        write.append(1 / once)
    slope, start = np.polyfit(many, seconds, 1)
    return {
        "read": round(1 / float(slope), 1),
        "seconds at no token": round(float(start), 3),
        "written": [round(float(np.quantile(write, q)), 1) for q in (0.25, 0.5, 0.75)],
        "tokens of a prompt": [int(min(many)), float(np.median(many)), int(max(many))],
        "runner": runner.version,
    }


STORED = Stored(
    paths.RESULTS / "generator_speed.json",
    {"seeds": SEEDS},
)

PARTS: dict[str, Callable[[], Any]] = {"speeds": speeds}


def main() -> None:
    STORED.measure(PARTS)


if __name__ == "__main__":
    main()
