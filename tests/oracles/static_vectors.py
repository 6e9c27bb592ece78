"""What WordLlama's own package gives for the 200 texts of ``minilm_vectors``: token codes, vectors.

The package is in no lock. To write ``static.npz`` anew, in an environment apart that has it:

    ORACLE/bin/python tests/oracles/static_vectors.py
"""

from __future__ import annotations

import importlib.metadata
import importlib.resources
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("static.npz")


def main() -> None:
    from minilm_vectors import texts
    from safetensors.numpy import load_file
    from tokenizers import Tokenizer
    from wordllama.inference import WordLlamaInference

    # Its own load() looks for the tokens in a folder that the wheel names otherwise.
    package = importlib.resources.files("wordllama")
    (table,) = load_file(str(package / "weights" / "l2_supercat_256.safetensors")).values()
    tokens = Tokenizer.from_file(str(package / "tokenizers" / "l2_supercat_tokenizer_config.json"))
    engine = WordLlamaInference(table, tokens)
    codes = [tokens.encode(text, add_special_tokens=False).ids for text in texts()]
    vectors = np.concatenate([engine.embed([text]) for text in texts()])
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    versions = [f"{one} {importlib.metadata.version(one)}" for one in ("wordllama", "tokenizers")]
    np.savez_compressed(
        FILE,
        vectors=(vectors / np.where(length, length, 1.0)).astype("float32"),
        codes=np.concatenate(codes).astype("int32"),
        lengths=np.array([len(one) for one in codes], "int32"),
        versions=np.array(versions),
    )


if __name__ == "__main__":
    main()
