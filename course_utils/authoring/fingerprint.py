"""The hash of code that made a result: comments, docstrings and layout do not count."""

from __future__ import annotations

import ast
import hashlib
import io
import tokenize
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path


def code_hash(files: Iterable[Path], instead: Mapping[Path, Path] | None = None) -> str:
    """SHA-256 of the files' code in this order, the same on every Python we promise.

    It is taken over the text itself: how a syntax tree is written down, and how an f-string
    is cut into tokens, changes from one Python to the next.

    Args:
        files: Python files; their names do not count.
        instead: files to read in the place of others.
    """
    digest = hashlib.sha256()
    for file in files:
        digest.update(_bare((instead or {}).get(file, file).read_text(encoding="utf-8")).encode())
    return digest.hexdigest()


@cache
def _bare(text: str) -> str:
    """The code without comments, docstrings and white space."""
    lines = text.splitlines(keepends=True)
    for begin, end in sorted([*_comments(text), *_docstrings(text)], reverse=True):
        (first, start), (last, stop) = begin, end
        lines[first : last + 1] = [lines[first][:start] + lines[last][stop:]]
    return " ".join("".join(lines).split())


Place = tuple[int, int]
"""A line and a column, both from 0."""


def _comments(text: str) -> Iterable[tuple[Place, Place]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield (token.start[0] - 1, token.start[1]), (token.end[0] - 1, token.end[1])


def _docstrings(text: str) -> Iterable[tuple[Place, Place]]:
    lines = text.splitlines(keepends=True)
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            assert node.end_lineno is not None and node.end_col_offset is not None
            yield (
                _place(lines, node.lineno, node.col_offset),
                _place(lines, node.end_lineno, node.end_col_offset),
            )


def _place(lines: list[str], line: int, column: int) -> Place:
    """From the tree's count, lines from 1 and columns in bytes."""
    return line - 1, len(lines[line - 1].encode()[:column].decode())
