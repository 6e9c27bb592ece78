"""Which lessons a change touches, and since when."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import grimp
import pytest
import touched
from lessons import SOURCES

ALL = {source.name[:2] for source in SOURCES}


@pytest.fixture
def graph() -> grimp.ImportGraph:
    """``p.a`` imports ``p.b.c``; ``p.b`` imports ``p.d``, which imports ``p.e``."""
    made = grimp.ImportGraph()
    for module in ("p", "p.a", "p.b", "p.b.c", "p.d", "p.e", "p.other"):
        made.add_module(module)
    for importer, imported in (("p.a", "p.b.c"), ("p.b", "p.d"), ("p.d", "p.e"), ("p.e", "p.d")):
        made.add_import(importer=importer, imported=imported)
    return made


def test_what_is_needed_includes_packages_and_what_those_import(graph: grimp.ImportGraph) -> None:
    assert touched.needed_by({"p.a", "numpy"}, graph) == {"p", "p.a", "p.b", "p.b.c", "p.d", "p.e"}
    assert touched.needed_by({"p.other"}, graph) == {"p", "p.other"}


def test_what_a_lesson_imports(tmp_path: Path) -> None:
    source = tmp_path / "90_a.py"
    source.write_text(
        "# %%\nimport numpy as np\nfrom course_utils import search\n"
        "from course_utils.metrics import auc\n# %%\ndef f():\n    import course_utils.paths\n"
    )
    assert touched.imported_by(source) == {
        *("numpy", "course_utils", "course_utils.search"),
        *("course_utils.metrics", "course_utils.metrics.auc", "course_utils.paths"),
    }


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("course_utils/search/words.py", "course_utils.search.words"),
        ("course_utils/search/__init__.py", "course_utils.search"),
        ("course_utils/paths.py", "course_utils.paths"),
        ("course_utils/notebook/course.mplstyle", "course_utils.notebook"),
        ("datasets/reviews.csv", "course_utils.datasets"),
    ],
)
def test_the_module_of_a_file(file: str, module: str) -> None:
    assert touched.modules_of(file) == {module}


@pytest.mark.parametrize(
    "file", ["README.md", "tests/touched.py", "solutions/11_product_search.py"]
)
def test_other_files_are_no_modules(file: str) -> None:
    assert touched.modules_of(file) == set()


@pytest.mark.parametrize(
    "file",
    [
        *("solutions/11_product_search.py", "solutions/11_product_search.ipynb"),
        *("notebooks/11_product_search.ipynb", "course_utils/exercises/l11.py"),
        *("course_utils/exercises/l11/bm25.py", "solutions/answers/l11/bm25.py"),
        "results/lessons/11.json",
    ],
)
def test_what_belongs_to_a_lesson_touches_it_alone(file: str) -> None:
    assert touched.lessons({file}) == {"11"}


@pytest.mark.parametrize("file", ["requirements.lock", "course_utils/errors.py"])
def test_what_all_need_touches_all(file: str) -> None:
    assert touched.lessons({file}) == ALL


def test_what_none_needs_touches_none() -> None:
    assert (
        touched.lessons({"docs/teaching.md", "tests/touched.py", "solutions/99_gone.py"}) == set()
    )
    assert touched.lessons(set()) == set()


def test_a_room_touches_the_lessons_that_import_it() -> None:
    found = touched.lessons({"course_utils/search/words.py"})
    assert "11" in found and "20" not in found
    found = touched.lessons({"course_utils/models/shared_bottom.py"})
    assert "20" in found and "14" not in found


NOON = 1_750_000_000


def _commit(clone: Path, name: str, hours: float) -> str:
    """A commit of one new file, so many hours after noon; its hash."""
    (clone / name).write_text(name)
    when = f"@{int(NOON + hours * 3600)} +0000"
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        **{"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when},
    }
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for arguments in (["add", name], [*who, "commit", "-qm", name]):
        subprocess.run(["git", *arguments], cwd=clone, env=variables, check=True)
    return (touched.git(clone, "rev-parse", "HEAD") or "").strip()


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    return tmp_path


def test_the_base_is_the_newest_commit_more_than_a_day_older(clone: Path) -> None:
    _commit(clone, "a", 0)
    second = _commit(clone, "b", 5)
    assert touched.base(clone) is None
    # Exactly a day is not more than a day.
    _commit(clone, "c", 29)
    assert touched.base(clone) != second
    _commit(clone, "d", 29.5)
    assert touched.base(clone) == second


def test_without_git_or_history_there_is_no_base(tmp_path: Path) -> None:
    assert touched.base(tmp_path / "missing") is None


def test_changes_are_found_committed_or_not(clone: Path) -> None:
    for name in ("kept", "old", "gone"):
        start = _commit(clone, name, 0)
    subprocess.run(["git", "mv", "kept", "renamed"], cwd=clone, check=True)
    _commit(clone, "committed", 1)
    (clone / "old").write_text("new")
    (clone / "gone").rename(clone / "moved")
    (clone / "名字").write_text("not added")
    found = {"committed", "kept", "renamed", "old", "gone", "moved", "名字"}
    assert touched.changed_since(clone, start) == found
    assert touched.changed_since(clone, "no-such-commit") is None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.setattr(touched, "lessons_since", lambda since: {"11"} if since == "x" else None)
    return SimpleNamespace(option=SimpleNamespace(touched=True, since="x"))


def test_only_notebooks_of_other_lessons_are_left_out(asked: SimpleNamespace) -> None:
    left_out = [Path(name) for name in ("a/12_labels.ipynb", "12_labels.ipynb")]
    kept = [Path(name) for name in ("11_search.ipynb", "test_a.py", "12_labels.py", "a.ipynb")]
    assert all(touched.pytest_ignore_collect(one, asked) for one in left_out)
    assert not any(touched.pytest_ignore_collect(one, asked) for one in kept)
    asked.option.since = None
    assert not any(touched.pytest_ignore_collect(one, asked) for one in left_out)
    asked.option.since, asked.option.touched = "x", False
    assert not any(touched.pytest_ignore_collect(one, asked) for one in left_out)


def test_no_lesson_touched_is_no_failure(asked: SimpleNamespace) -> None:
    for status, after in ((5, 0), (1, 1), (0, 0)):
        session = SimpleNamespace(config=asked, exitstatus=status)
        touched.pytest_sessionfinish(session)
        assert session.exitstatus == after


def test_an_unknown_commit_is_one_sentence() -> None:
    with pytest.raises(pytest.UsageError, match="--since no-such: git knows no such commit here"):
        touched.lessons_since("no-such")
