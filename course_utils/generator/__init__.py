"""A small pretrained language model that writes text: what it wrote is stored by what it was asked.

``SMOLLM2`` has 135 million parameters and reads English. It shows how prompts, schemas and costs
work, not how good a large model is. Nothing of it is committed but its answers: a stored one is
found by the hash of everything it depends on, so lessons run with and without the model, and a
changed prompt is never served an old answer. What is not stored needs the optional runner:
``python -m course_utils.generator`` installs it and fetches the weights.
"""

from course_utils.generator.ask import answers, probabilities
from course_utils.generator.pretrained import SMOLLM2, Generator, fetch
from course_utils.generator.runner import Answer, is_installed

__all__ = ["SMOLLM2", "Answer", "Generator", "answers", "fetch", "is_installed", "probabilities"]
