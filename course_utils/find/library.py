"""All that can be found, and its index, kept in ``.cache`` until a file changes."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from course_utils import paths
from course_utils.find import sections
from course_utils.find.bm25 import Index
from course_utils.find.sections import Line, Section
from course_utils.find.words import runs, words, words_of
from course_utils.interview.bank import PAGES

K1, B = 1.5, 0.75
"""As lesson 11 has them."""

FIELDS = {"heading": 5.0, "asked": 3.0, "title": 1.0, "prose": 1.0, "code": 0.25}
"""``asked``: questions that a cell answers, in other words than its own. Nogueira and others,
Document Expansion by Query Prediction, 2019; here people wrote them."""

QUESTIONS = "questions.toml"
"""In ``docs``: id of a cell or of a question, or ``page#heading``, -> the questions."""

STORE = "find.json"
"""In ``.cache``: a hash, and below it what it is the hash of."""


@dataclass(frozen=True)
class Library:
    """What can be found.

    Attributes:
        sections: of all lessons and pages.
        section_of: of each text of the index, its section.
        rows: of each text of the index, its lines, as rows of ``Line``.
        index: its texts are the parts of sections that stand in one cell.
        spelled: each English word -> as one of the texts writes it.
    """

    sections: list[Section]
    section_of: list[int]
    rows: list[list[list[str]]]
    index: Index
    spelled: dict[str, str]

    def lines(self, at: int) -> list[Line]:
        """The lines of a text of the index."""
        return [Line._make(row) for row in self.rows[at]]


def current() -> Library:
    """The library of the files as they are now.

    Raises:
        CourseError: if a file of the course is damaged.
    """
    lessons = sorted(paths.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    # Made of the bank, which is searched itself.
    made = {paths.ROOT / page for page in PAGES.values()}
    pages = set((paths.ROOT / "docs").glob("*.md")) - made
    topics = sorted((paths.ROOT / "interview").glob("*.md"))
    files = [paths.ROOT / "docs" / QUESTIONS, *lessons, *sorted(pages), *topics]
    return _of(tuple(_state(file) for file in files), paths.CACHE / STORE)


def _state(file: Path) -> tuple[str, int, int]:
    stat = file.stat()
    return str(file), stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=1)
def _of(states: tuple[tuple[str, int, int], ...], store: Path) -> Library:
    code = [_state(file) for file in sorted(Path(__file__).parent.glob("*.py"))]
    salt = repr((states, code)).encode()
    with contextlib.suppress(OSError, ValueError):
        digest, body = store.read_bytes().split(b"\n", 1)
        if digest.decode() == hashlib.sha256(salt + body).hexdigest():
            return _unpacked(body)
    questions, *files = (Path(name) for name, _, _ in states)
    built = _built(files, tomllib.loads(questions.read_text(encoding="utf-8")))
    body = _packed(built)
    digest = hashlib.sha256(salt + body).hexdigest().encode()
    # Where nothing can be written, every call builds it.
    with contextlib.suppress(OSError):
        store.parent.mkdir(exist_ok=True)
        temporary = store.with_name(f"{store.name}.{os.getpid()}")
        temporary.write_bytes(digest + b"\n" + body)
        temporary.replace(store)
    return built


def _built(files: list[Path], questions: dict[str, list[str]]) -> Library:
    found = [one for file in files for one in _read(file)]
    section_of: list[int] = []
    rows: list[list[list[str]]] = []
    texts: list[dict[str, list[str]]] = []
    spelled: dict[str, str] = {}
    for number, (section, lines) in enumerate(found):
        heading, title = words(section.heading), words(section.title)
        for part in _by_cell(lines):
            cell = part[0].cell if part else ""
            name = cell or section.question or f"{section.file}#{section.heading}"
            asked = words("\n".join(questions.get(name, [])))
            text = {"heading": heading, "title": title, "asked": asked, "prose": [], "code": []}
            for kind in ("asked", "prose", "code"):
                joined = "\n".join(line.text for line in part if line.kind == kind)
                for run in runs(joined):
                    text[kind] += words_of(run)
                    if run.isalpha() and len(words_of(run)) == 1:
                        spelled.setdefault(words_of(run)[0], run)
            texts.append(text)
            section_of.append(number)
            rows.append([list(line) for line in part])
    its = [section for section, _ in found]
    return Library(its, section_of, rows, Index.of(texts, FIELDS, b=B, k1=K1), spelled)


def _read(file: Path) -> sections.Read:
    if file.suffix == ".ipynb":
        return sections.of_lesson(file)
    if file.parent.name == "interview":
        return sections.of_bank(file)
    return sections.of_page(file, file.relative_to(paths.ROOT).as_posix())


def _by_cell(lines: list[Line]) -> list[list[Line]]:
    """The lines of each cell; none, once, where a heading stands alone."""
    return [list(part) for _, part in groupby(lines, key=lambda line: line.cell)] or [[]]


def _packed(library: Library) -> bytes:
    kept = {
        "sections": [list(vars(one).values()) for one in library.sections],
        "section_of": library.section_of,
        "rows": library.rows,
        "postings": library.index.postings,
        "spelled": library.spelled,
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _unpacked(body: bytes) -> Library:
    kept = json.loads(body)
    index = Index(kept["postings"], len(kept["rows"]), K1)
    found = [Section(*one) for one in kept["sections"]]
    return Library(found, kept["section_of"], kept["rows"], index, kept["spelled"])
