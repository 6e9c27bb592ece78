"""The hash of the code behind a result: of the definitions that its function reaches.

    reach().of(partial(measure, fit, 0.1))

A definition is a top-level statement of a file: a function, a class, an assignment. From the
function's own definition names are followed through every definition of the clone, also through
imports; a class is taken whole, with its decorators and bases, and a module that stands alone, as
in ``getattr(module, name)``, with all that it defines. A table is followed whole where it is named
alone, and one entry of it where that is named: ``RIVALS["boosting"]``. Comments, docstrings,
layout, the place of a definition and the order of definitions do not count.

What is not seen, and what to do about it:

- *Which* entry of a table a name picks at run time: whoever reaches the table reaches all of it.
  A part of a result is therefore handed its function, not a name: ``partial(rival, boosting)``.
- Methods of a value are found by its class: where it was made, the class was named.
- What a decorator puts into a registry, or another file alters in a module: name it.
- Names made of text: ``importlib.import_module(f"...{name}")``. Hand in the module's function.
- Files that are read. Data and weights have hashes of their own, and are pinned (``PINNED``).
- Versions of packages: they stand beside the result.

The hash is taken over the text, so it is the same on every Python that we promise: how a syntax
tree is written down, and how an f-string is cut into tokens, changes from one to the next.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import inspect
import io
import sys
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, cached_property
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from course_utils import paths
from course_utils.errors import CourseError

PINNED = (
    ("course_utils/datasets/loading.py", "load"),
    ("course_utils/datasets/real/cache.py", "fetch_parcel"),
    ("course_utils/datasets/real/carrier.py", "Carrier"),
)
"""What fetches and reads data and weights: what comes out has a hash of its own, and how it is
fetched makes no number."""

Chain = tuple[str, ...]
"""A name and the attributes that are taken from it: ``("np", "random", "default_rng")``."""


WHOLE, LAMBDA = "*", "<lambda>"
"""In the place of a name: all names of a file; a function without a name."""


@dataclass(frozen=True)
class Definition:
    """A statement, or one entry of a table: its code, and the names that it uses."""

    code: str
    uses: tuple[Chain, ...]


@dataclass(frozen=True)
class Key:
    """Where a definition stands: file, name, and the entry of a table."""

    file: Path
    name: str
    entry: str | None = None


Edges = dict[str, tuple[Key, ...]]
"""A name that a definition uses -> the definitions that it means."""


class Source:
    """The top-level names of one file.

    own: name -> the statements that bind it, or alter it. imports: name -> what it is short for,
    ``("package.module", "name")``, where "name" is empty for the module itself. tables: name ->
    entry -> the value of that entry.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        tree = ast.parse(text)
        self.own: dict[str, list[ast.stmt]] = {}
        self.imports: dict[str, list[tuple[str, str]]] = {}
        self.tables: dict[str, dict[str, ast.expr]] = {}
        for node in ast.walk(tree):  # also those in functions
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._imported(node)
        for node in tree.body:
            if not isinstance(node, (ast.Import, ast.ImportFrom)) and not _runs_alone(node):
                self._defined(node)
        self.lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]

    def _imported(self, node: ast.Import | ast.ImportFrom) -> None:
        for one in node.names:
            if isinstance(node, ast.ImportFrom):
                if node.level or one.name == "*":
                    raise CourseError(f"Name what is imported: `{ast.unparse(node)}`.")
                name, meant = one.asname or one.name, (str(node.module), one.name)
            elif one.asname:
                name, meant = one.asname, (one.name, "")
            else:
                name = one.name.split(".")[0]
                meant = (name, "")
            self.imports.setdefault(name, []).append(meant)

    def _defined(self, node: ast.stmt) -> None:
        names = _bound([node]) | _altered(node)
        for name in names or {chain[0] for chain in _uses(node)} & self.own.keys():
            self.own.setdefault(name, []).append(node)
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict):
            keys = [one.value if isinstance(one, ast.Constant) else None for one in node.value.keys]
            if all(isinstance(key, str) for key in keys) and len(names) == 1:
                self.tables[min(names)] = dict(zip(map(str, keys), node.value.values, strict=True))

    @cached_property
    def _lines(self) -> list[tuple[int, str]]:
        return list(_bare_lines(self.text))

    def definition(self, name: str, entry: str | None = None) -> Definition:
        """What stands under a name, with what it is imported as; under an entry of a table; under
        ``LAMBDA``, the lambda of this number; under ``WHOLE``, every name."""
        if name == WHOLE:
            return Definition("", tuple((one,) for one in sorted({*self.own, *self.imports})))
        if name == LAMBDA:
            return self._expression(self.lambdas[int(entry or 0)])
        if entry is not None:
            return self._expression(self.tables[name][entry])
        nodes = self.own.get(name, [])
        spans = [(_first_line(node), node.end_lineno or 0) for node in nodes]
        code = [
            line for row, line in self._lines if any(first <= row <= last for first, last in spans)
        ]
        code += map(" ".join, sorted(self.imports.get(name, [])))
        uses = {chain for node in nodes for chain in _uses(node)}
        return Definition("\n".join(code), tuple(sorted(uses)))

    def _expression(self, node: ast.expr) -> Definition:
        segment = ast.get_source_segment(self.text, node)
        code = "\n".join(line for _, line in _bare_lines(f"({segment})\n"))
        return Definition(code, tuple(sorted(_uses(node))))


class Reach:
    """What functions reach in a clone.

    Args:
        root: the clone's folder; what stands outside is not followed.
        instead: file -> text to read in its place, to ask what a change would do.
        known: functions that are not followed, since what they give has a hash of its own.
    """

    def __init__(
        self, root: Path, instead: Mapping[Path, str] | None = None, known: Iterable[Any] = ()
    ) -> None:
        self.root, self.instead = root, dict(instead or {})
        self._sources: dict[Path, Source] = {}
        self._edges: dict[Key, tuple[str, Edges]] = {}
        self._walks: dict[Key, list[Key]] = {}
        self._hashes: dict[Key, str] = {}
        self.known = {Key(root / file, name) for file, name in PINNED}
        keys: list[Key] = []
        for one in known:
            Reach(root)._described(one, keys)
        self.known |= {*keys}

    def of(self, value: Any) -> str:
        """The hash of a function with all that it is called with.

        Args:
            value: a function, a class, a ``partial``, or plain data that hold such.

        Raises:
            CourseError: if something cannot be written down, or a name is not found.
        """
        return hashlib.sha256(self._described(value).encode()).hexdigest()

    def definitions(self, value: Any) -> set[Key]:
        """Every definition that it reaches."""
        found: list[Key] = []
        self._described(value, found)
        return {key for start in found for key in self.definitions_of(start)}

    def _described(self, value: Any, roots: list[Key] | None = None) -> str:
        say = functools.partial(self._described, roots=roots)
        if isinstance(value, float):
            return float.__repr__(value)  # NumPy's numbers, too
        if value is None or isinstance(value, (bool, int, str, bytes, range)):
            return repr(value)
        if isinstance(value, functools.partial):
            return f"partial({say(value.func)}, {say(value.args)}, {say(value.keywords)})"
        if isinstance(value, MethodType):
            return f"{say(value.__self__)}.{value.__name__}"
        if isinstance(value, Mapping):
            return f"{{{', '.join(f'{say(k)}: {say(v)}' for k, v in value.items())}}}"
        if isinstance(value, (list, tuple)):
            kind = type(value)
            named = kind.__name__ if kind in (list, tuple) else say(kind)
            return f"{named}({', '.join(map(say, value))})"
        if isinstance(value, (set, frozenset)):
            return f"set({', '.join(sorted(map(say, value)))})"
        if is_dataclass(value) and not isinstance(value, type):
            held = {one.name: getattr(value, one.name) for one in fields(value)}
            return f"{say(type(value))}({say(held)})"
        if isinstance(value, (type, BuiltinFunctionType)) or hasattr(value, "__qualname__"):
            return self._function(value, roots)
        if isinstance(value, ModuleType):
            raise CourseError(f"Hand in what you need of the module {value.__name__}, not all.")
        raise CourseError(
            f"A {type(value).__name__} has no hash of its own here: hand in the function that "
            f"makes it, or plain data."
        )

    def _function(self, value: Any, roots: list[Key] | None) -> str:
        """Of a function or a class: the hash of what it reaches, and of what it closes over."""
        inner = inspect.unwrap(value)
        code = getattr(inner, "__code__", None)
        module = sys.modules.get(value.__module__ or "")
        found = code.co_filename if code else getattr(module, "__file__", None)
        file = Path(found).resolve() if found else None
        if file is None or self._outside(file):
            return f"{value.__module__}.{value.__qualname__}"
        held = ""
        if isinstance(inner, FunctionType) and inner.__closure__:
            cells = [cell.cell_contents for cell in inner.__closure__]
            held = self._described(cells, roots)
        name = value.__qualname__.split(".")[0]
        if not name.startswith("<"):
            if name not in self.source(file).own:
                raise CourseError(f"{file.name} does not define {name} in a statement of its own.")
            keys = [Key(file, name)]
        else:  # a lambda; of several on its line all
            known = enumerate(self.source(file).lambdas)
            row = inner.__code__.co_firstlineno
            keys = [Key(file, LAMBDA, str(at)) for at, one in known if one.lineno == row]
        if roots is not None:
            roots += keys
        return "+".join(map(self.hash_of, keys)) + held

    def hash_of(self, start: Key) -> str:
        """Of all that a definition reaches. Definitions are numbered as they are met, so where
        they stand does not count, but which of two of the same name is meant does."""
        if start not in self._hashes:
            order = self.definitions_of(start)
            number = {key: str(at) for at, key in enumerate(order)}
            lines = []
            for key in order:
                code, edges = self._edges_of(key)
                ends = (
                    f"{name}={' '.join(number[one] for one in keys)}"
                    for name, keys in edges.items()
                )
                lines.append("\n".join([code, *ends]))
            self._hashes[start] = hashlib.sha256("\n\n".join(lines).encode()).hexdigest()
        return self._hashes[start]

    def definitions_of(self, start: Key) -> list[Key]:
        """All that a definition reaches, in the order in which it is met."""
        if start not in self._walks:
            todo, met = [start], {start}
            for key in todo:  # grows as it goes
                for _, keys in self._edges_of(key)[1].items():
                    todo += [one for one in keys if one not in met]
                    met |= {*keys}
            self._walks[start] = todo
        return self._walks[start]

    def _edges_of(self, key: Key) -> tuple[str, Edges]:
        """The code of a definition, and what the names in it mean."""
        if key in self.known:
            return key.name, {}
        if key not in self._edges:
            found, edges = self.source(key.file).definition(key.name, key.entry), {}
            for chain in found.uses:
                if keys := tuple(dict.fromkeys(self._meant(key.file, chain))):
                    edges[".".join(chain)] = keys
            self._edges[key] = found.code, edges
        return self._edges[key]

    def _meant(self, file: Path, chain: Chain) -> Iterator[Key]:
        """The definitions that a name means in a file; none where it is nothing of ours."""
        source, (name, *rest) = self.source(file), chain
        if name in source.own:
            entry = rest[0][1:-1] if rest and rest[0].startswith("[") else None
            alone = len(source.own[name]) == 1
            whole = entry is None or not alone or entry not in source.tables.get(name, {})
            yield Key(file, name, None if whole else entry)
        for module, wanted in source.imports.get(name, []):
            home = self._file_of(module, file)
            if home is None:
                yield Key(file, name)  # its line says from where
            elif wanted:
                yield from self._attribute(home, module, (wanted, *rest), file)
            else:
                yield from self._attribute(home, module, tuple(rest), file)

    def _attribute(self, home: Path, module: str, chain: Chain, file: Path) -> Iterator[Key]:
        """What an attribute of one of our modules means."""
        source = self.source(home)
        if not chain or chain[0].startswith("["):
            yield Key(home, WHOLE)
        elif chain[0] in source.own or (chain[0] in source.imports and home != file):
            yield from self._meant(home, chain)
        elif (inner := self._file_of(f"{module}.{chain[0]}", file)) is not None:
            yield from self._attribute(inner, f"{module}.{chain[0]}", chain[1:], file)
        elif not chain[0].startswith("__"):
            raise CourseError(f"{file.name} names {module}.{chain[0]}, which is not defined there.")

    def _file_of(self, module: str, beside: Path) -> Path | None:
        """The file of a module of this clone; scripts also see their neighbours."""
        neighbours = not (beside.parent / "__init__.py").exists()
        for folder in (self.root, *([beside.parent] if neighbours else [])):
            for end in (".py", "/__init__.py"):
                file = folder / (module.replace(".", "/") + end)
                if file in self._sources or file in self.instead or file.exists():
                    return file
        return None

    def _outside(self, file: Path) -> bool:
        inside = file.is_relative_to(self.root) and file.suffix == ".py"
        return not inside or file.relative_to(self.root).parts[0].startswith(".")

    def source(self, file: Path) -> Source:
        if file not in self._sources:
            text = self.instead.get(file) or file.read_text(encoding="utf-8")
            self._sources[file] = _source(text)
        return self._sources[file]


@cache
def reach(*known: Any) -> Reach:
    """That of this clone, as it is when it is first asked."""
    return Reach(paths.ROOT, known=known)


@cache
def _source(text: str) -> Source:
    return Source(text)


def _runs_alone(node: ast.stmt) -> bool:
    """A docstring, or what a file does only as a script."""
    return (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) or (
        isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)
    )


def _first_line(node: ast.stmt) -> int:
    return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])


SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _bound(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that statements bind where they stand: not those of functions inside them."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, COMPREHENSIONS):
            inside = (one for one in ast.walk(node) if isinstance(one, ast.NamedExpr))
            found |= {one.target.id for one in inside}
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        for field in ("name", "rest"):  # of an except clause, or of a pattern
            if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping)):
                found |= {getattr(node, field, None) or ""} - {""}
        found |= _bound(ast.iter_child_nodes(node))
    return found


def _altered(node: ast.stmt) -> set[str]:
    """The names of which a statement sets an attribute or an entry."""
    return {
        chain[0]
        for one in ast.walk(node)
        if isinstance(one, (ast.Attribute, ast.Subscript)) and isinstance(one.ctx, ast.Store)
        for chain in _uses(one)
    }


def _uses(node: ast.AST, local: frozenset[str] = frozenset()) -> Iterator[Chain]:
    """The names that code takes from its file, each with the attributes taken from it."""
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        chain: list[str] = []
        inner: ast.AST = node
        while isinstance(inner, (ast.Attribute, ast.Subscript)):
            if isinstance(inner, ast.Attribute):
                chain.append(inner.attr)
            elif isinstance(inner.slice, ast.Constant) and isinstance(inner.slice.value, str):
                chain.append(f"[{inner.slice.value}]")
            else:
                yield from _uses(inner.slice, local)
                chain = []
            inner = inner.value
        if not isinstance(inner, ast.Name):
            yield from _uses(inner, local)
        elif inner.id not in local:
            yield (inner.id, *reversed(chain))
        return
    inside = local
    if isinstance(node, SCOPES):
        body = node.body if isinstance(node.body, list) else [node.body]
        inside = frozenset((local | _bound(body) | _arguments(node.args)) - _taken(body))
        outside = [child for child in ast.iter_child_nodes(node) if child not in body]
        for child in outside:  # decorators, defaults
            yield from _uses(child, local)
        for child in body:
            yield from _uses(child, inside)
        return
    if isinstance(node, COMPREHENSIONS):
        yield from _uses(node.generators[0].iter, local)
        inside = local | _bound(one.target for one in node.generators)
    for child in ast.iter_child_nodes(node):
        yield from _uses(child, inside)


def _arguments(of: ast.arguments) -> set[str]:
    every = [*of.posonlyargs, *of.args, *of.kwonlyargs, of.vararg, of.kwarg]
    return {one.arg for one in every if one}


def _taken(body: list[Any]) -> set[str]:
    """The names that a function takes from its file, or imports, though it binds them."""
    found: set[str] = set()
    for one in (one for each in body for one in ast.walk(each)):
        if isinstance(one, ast.Global):
            found |= {*one.names}
        elif isinstance(one, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name.split(".")[0] for alias in one.names}
    return found


def _bare_lines(text: str) -> Iterator[tuple[int, str]]:
    """Line number and code of each logical line: no comments, docstrings or layout, but depth."""
    parts: list[str] = []
    depth, first, plain = 0, 0, True
    lines, nested, start = io.StringIO(text).readlines(), 0, (0, 0)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind, name = token.type, tokenize.tok_name[token.type]
        if name in ("FSTRING_START", "FSTRING_END"):  # from 3.12 on; before, it is one token
            if name == "FSTRING_START":
                start = start if nested else token.start
                nested += 1
                continue
            nested -= 1
        elif nested or kind in (tokenize.COMMENT, tokenize.NL):
            continue
        if kind in (tokenize.INDENT, tokenize.DEDENT):
            depth += 1 if kind == tokenize.INDENT else -1
        elif kind in (tokenize.NEWLINE, tokenize.ENDMARKER):
            if parts and not plain:
                yield first, "\t" * depth + " ".join(parts)
            parts, plain = [], True
        elif not nested:
            first = first if parts else token.start[0]
            string = token.string
            if name == "FSTRING_END":
                first = first if parts else start[0]
                string = _between(lines, start, token.end)
            plain = plain and kind == tokenize.STRING and "f" not in string[:2].lower()
            parts.append(string)


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    rows = lines[start[0] - 1 : end[0]]
    rows[-1] = rows[-1][: end[1]]
    return "".join(rows)[start[1] :]
