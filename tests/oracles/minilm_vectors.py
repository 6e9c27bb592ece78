"""What Sentence-Transformers gives for 200 texts: token codes and vectors.

Sentence-Transformers and torch are in no lock. To write ``minilm.npz`` anew, in an environment
apart that has them, with the model's folder (``model.safetensors`` and its neighbours) at MODEL:

    ORACLE/bin/python tests/oracles/minilm_vectors.py MODEL

The texts are of three kinds: titles as shops write them, texts that are hard to take apart, and
long ones, the longest beyond what the model reads.
"""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("minilm.npz")
VERSIONS = ("sentence-transformers", "transformers", "tokenizers")

KINDS = (
    "Running shoes", "Garden hose", "Rice cooker", "Phone case", "Wool scarf", "Desk lamp",
    "Tea set", "Yoga mat", "Rain jacket", "Power bank", "Travel mug",
)  # fmt: skip
ENDS = (
    "for kids", "waterproof, size 42", "(pack of 3)", "50% off!", "non-slip & foldable",
    "with USB-C", "BPA-free", "gift-wrapped", "12V/24V", "since 1987",
)  # fmt: skip
CHINESE = (
    "跑步鞋 男款", "电饭煲 5L 家用", "手机壳 iPhone 15", "羊毛围巾（灰色）", "防水，防滑；可折叠",
)  # fmt: skip
HARD = (
    "", " ", "\t\n", "a", "A", "?", "...", "a.b.c", "don't", "C++ & C#", "100%", "$9.99", "€9,99",
    "Café crème brûlée", "naïve façade", "Ångström", "İstanbul", "straße STRASSE", "ﬁne ﬂour",
    "e\u0301te\u0301", "zero\u200bwidth", "soft\u00adhyphen", "non\u00a0breaking",
    "line\u2028end", "tab\tand\nnew line", "\ufffd replacement", "control \x07 bell",
    "emoji 😀 shoes", "👟👟", "½ price", "x²", "№ 5", "日本語のタイトル", "かばん", "가방",
    "Ελληνικά", "Привет мир", "עברית", "हिन्दी", "ไทย", "㐀𠀀豈", "上海hanzi混合text", "——",
    "“quoted” ‘text’", "<b>bold</b>", "[CLS] [SEP] [MASK]", "a[SEP]b[sep]", "[UNK]x", "[ MASK ]",
    "##ing", "supercalifragilisticexpialidocious", "x" * 100, "x" * 101, "pneumono" * 14,
    "http://a.b/c?d=e#f", "mail@shop.example", "1234567890", "3.14159", "1e-7", "IV", "ǅ", "ŉ",
    "ÀÉÎÕÜ", "\u1e9bx", "Ⅷ", "①②③", "ＦＵＬＬ　ＷＩＤＴＨ", "a\u0300\u0316b", "\u0301alone",
    "_under_score_", "back\\slash", "^caret^", "`tick`", "~tilde~", "|pipe|", "new-born",
    "e-mail", "T-shirt", "R&B",
)  # fmt: skip


def texts() -> list[str]:
    """Two hundred, each once."""
    titles = [f"{kind} {end}" for kind in KINDS for end in ENDS]
    long = [", ".join(titles[:n]) for n in (2, 5, 10, 20, 30, 40, 60, 80, 100)]
    found = list(dict.fromkeys([*HARD, *CHINESE, *long, *titles]))
    return found[:200]


def main(folder: str) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(folder, device="cpu")
    vectors = model.encode(texts(), normalize_embeddings=False)
    codes = [model.tokenize([text])["input_ids"][0].tolist() for text in texts()]
    versions = [f"{name} {importlib.metadata.version(name)}" for name in VERSIONS]
    np.savez_compressed(
        FILE,
        vectors=vectors.astype("float32"),
        codes=np.concatenate(codes).astype("int32"),
        lengths=np.array([len(one) for one in codes], "int32"),
        versions=np.array([*versions, f"torch {torch.__version__}"]),
    )


if __name__ == "__main__":
    main(sys.argv[1])
