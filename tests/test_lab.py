"""The learner's copies, and how JupyterLab is started."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import small_clone
from jupyterlab_server.workspaces_handler import slugify

from course_utils.desk import lab
from course_utils.errors import CourseError

SHOW = """
import json, os, sys
print(json.dumps([sys.argv[1:], os.environ["JUPYTER_CONFIG_PATH"], os.environ["PYTHONPATH"]]))
sys.exit(4)
"""


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Empty ``notebooks/`` and a ``my/`` that is not there yet."""
    notebooks, mine = tmp_path / "notebooks", tmp_path / "my"
    notebooks.mkdir()
    monkeypatch.setattr(lab, "NOTEBOOKS", notebooks)
    monkeypatch.setattr(lab, "MY", mine)
    monkeypatch.setattr(lab, "EDITIONS", mine / ".editions.json")
    (notebooks / "20_mtl.ipynb").write_text("twenty, one")
    (notebooks / "51_recommend.ipynb").write_text("fifty-one, one")
    return notebooks, mine


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.glob("*.ipynb")}


def test_all_lessons_are_copied_and_nothing_else(rooms: tuple[Path, Path]) -> None:
    notebooks, mine = rooms
    (notebooks / "scratch.ipynb").write_text("no lesson")
    assert lab.copy_lessons() == []
    assert texts(mine) == {"20_mtl.ipynb": "twenty, one", "51_recommend.ipynb": "fifty-one, one"}
    assert sorted(path.name for path in mine.iterdir())[0] == ".editions.json"
    assert not list(mine.glob("*.tmp"))


def test_a_changed_copy_is_never_touched(rooms: tuple[Path, Path]) -> None:
    notebooks, mine = rooms
    lab.copy_lessons()
    (mine / "51_recommend.ipynb").write_text("my work")
    assert lab.copy_lessons() == []
    (notebooks / "51_recommend.ipynb").write_text("fifty-one, two")
    for _ in range(2):  # it is said at every start, until the learner decides
        [line] = lab.copy_lessons()
        assert "notebooks/51_recommend.ipynb has a newer edition" in line
        assert texts(mine)["51_recommend.ipynb"] == "my work"


def test_an_untouched_copy_follows_the_newer_edition(rooms: tuple[Path, Path]) -> None:
    notebooks, mine = rooms
    lab.copy_lessons()
    for edition in ("twenty, two", "twenty, three"):
        (notebooks / "20_mtl.ipynb").write_text(edition)
        assert lab.copy_lessons() == []
        assert texts(mine)["20_mtl.ipynb"] == edition


def test_a_renamed_copy_makes_room_for_the_newer_edition(rooms: tuple[Path, Path]) -> None:
    notebooks, mine = rooms
    lab.copy_lessons()
    (mine / "20_mtl.ipynb").write_text("my work")
    (notebooks / "20_mtl.ipynb").write_text("twenty, two")
    lab.copy_lessons()
    (mine / "20_mtl.ipynb").rename(mine / "20_mtl-mine.ipynb")
    assert lab.copy_lessons() == []
    assert texts(mine)["20_mtl.ipynb"] == "twenty, two"
    assert texts(mine)["20_mtl-mine.ipynb"] == "my work"


def test_an_edition_the_learner_fetched_alone_is_followed(rooms: tuple[Path, Path]) -> None:
    notebooks, mine = rooms
    lab.copy_lessons()
    for room in rooms:
        (room / "20_mtl.ipynb").write_text("twenty, two")
    assert lab.copy_lessons() == []
    (notebooks / "20_mtl.ipynb").write_text("twenty, three")
    assert lab.copy_lessons() == []
    assert texts(mine)["20_mtl.ipynb"] == "twenty, three"


@pytest.mark.parametrize("damage", ["{not json", "[]", '{"20_mtl.ipynb": 3}', "\udcff"])
def test_a_damaged_record_costs_no_work(rooms: tuple[Path, Path], damage: str) -> None:
    notebooks, mine = rooms
    lab.copy_lessons()
    (mine / "20_mtl.ipynb").write_text("my work")
    (mine / ".editions.json").write_bytes(damage.encode(errors="surrogateescape"))
    (notebooks / "20_mtl.ipynb").write_text("twenty, two")
    [line] = lab.copy_lessons()
    assert "could not be read" in line
    assert texts(mine)["20_mtl.ipynb"] == "my work"
    assert lab.copy_lessons() == []
    # The record works again: the other copy still follows its lesson.
    (notebooks / "51_recommend.ipynb").write_text("fifty-one, two")
    lab.copy_lessons()
    assert texts(mine) == {"20_mtl.ipynb": "my work", "51_recommend.ipynb": "fifty-one, two"}


def test_a_copy_cut_off_leaves_the_old_file(
    rooms: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    notebooks, mine = rooms
    lab.copy_lessons()
    (notebooks / "20_mtl.ipynb").write_text("twenty, two")

    def cut_off(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:3])
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", cut_off)
        with pytest.raises(OSError, match="disk full"):
            lab.copy_lessons()
    assert texts(mine)["20_mtl.ipynb"] == "twenty, one"
    lab.copy_lessons()
    assert texts(mine)["20_mtl.ipynb"] == "twenty, two"


def test_the_first_lesson_or_the_one_asked_for(rooms: tuple[Path, Path]) -> None:
    assert lab.choose(None) == "20_mtl.ipynb"
    assert lab.choose("51") == "51_recommend.ipynb"
    with pytest.raises(CourseError, match=r"no lesson 52.*20_mtl, 51_recommend$"):
        lab.choose("52")


def test_jupyterlab_gets_the_lesson_and_the_arguments(tmp_path: Path) -> None:
    clone = small_clone.make(tmp_path / "a clone")
    packages = small_clone.give_environment(clone)
    (packages / "jupyterlab.py").write_text(SHOW)
    done = small_clone.run(clone, "lab", "51", "--no-browser", JUPYTER_CONFIG_PATH="theirs")
    assert done.returncode == 4, done.stderr
    arguments, config, python_path = json.loads(done.stdout.splitlines()[-1])
    assert f"--ServerApp.root_dir={clone}" in arguments
    assert "--LabApp.default_url=/lab/tree/my/51_recommend.ipynb" in arguments
    assert f"--LabApp.workspaces_dir={clone / 'my' / '.workspaces'}" in arguments
    assert arguments[-1] == "--no-browser"
    assert config.split(os.pathsep) == [str(clone / ".jupyter"), "theirs"]
    assert python_path == str(clone)
    assert texts(clone / "my") == texts(clone / "notebooks")
    first = small_clone.run(clone, "lab")
    assert "--LabApp.default_url=/lab/tree/my/00_start.ipynb" in first.stdout


def test_the_first_layout_is_ours_and_then_the_learners(tmp_path: Path) -> None:
    clone = small_clone.make(tmp_path)
    packages = small_clone.give_environment(clone)
    (packages / "jupyterlab.py").write_text(SHOW)
    small_clone.run(clone, "lab")
    [layout] = (clone / "my" / ".workspaces").iterdir()
    # JupyterLab opens this file for the workspace of its usual address.
    assert layout.name == f"{slugify('default')}.jupyterlab-workspace"
    assert json.loads(layout.read_text())["metadata"]["id"] == "default"
    layout.write_text("theirs")
    small_clone.run(clone, "lab")
    assert layout.read_text() == "theirs"


@pytest.mark.skipif(os.name == "nt", reason="Binder is a Linux")
def test_on_binder_jupyterlab_reads_the_layout_itself() -> None:
    """There the clone is the home, and nobody runs ``lab``."""
    show = "from jupyterlab.commands import get_workspaces_dir; print(get_workspaces_dir())"
    variables = small_clone.environment(HOME=str(lab.ROOT))
    command = [sys.executable, "-c", show]
    said = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    assert Path(said.stdout.strip()) == lab.LAYOUT.parent


@pytest.mark.parametrize("form", ["--port {}", "--port={}", "--ServerApp.port={}"])
def test_a_port_in_use_is_named_with_the_next_free_one(tmp_path: Path, form: str) -> None:
    clone = small_clone.make(tmp_path)
    packages = small_clone.give_environment(clone)
    (packages / "jupyterlab.py").write_text(SHOW)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        arguments = form.format(port).split()
        done = small_clone.run(clone, "lab", *arguments)
        assert done.returncode == 1
        [line] = done.stderr.splitlines()
        assert f"port {port} is in use" in line
        free = int(line.rsplit(" ", 1)[1])
        assert free > port and lab.port_problem(free) is None
    freed = small_clone.run(clone, "lab", *arguments)
    assert freed.returncode == 4
    # Should another program take it meanwhile, JupyterLab must not go elsewhere silently.
    asked = json.loads(freed.stdout.splitlines()[-1])[0]
    assert asked[-len(arguments) - 1 :] == [*arguments, "--ServerApp.port_retries=0"]


def test_an_unknown_lesson_and_no_lessons_get_one_line(tmp_path: Path) -> None:
    clone = small_clone.make(tmp_path)
    done = small_clone.run(clone, "lab", "99")
    assert done.returncode == 1
    assert done.stderr == (
        "Error: there is no lesson 99; the lessons are: 00_start, 51_recommend\n"
    )
    for lesson in (clone / "notebooks").iterdir():
        lesson.unlink()
    done = small_clone.run(clone, "lab")
    assert done.returncode == 1
    assert "git checkout -- notebooks" in done.stderr
    assert not (clone / ".venv").exists()


def test_the_settings_file_names_settings_that_jupyterlab_has() -> None:
    schemas = Path(sys.prefix, "share", "jupyter", "lab", "schemas")
    file = lab.ROOT / ".jupyter" / "labconfig" / "default_setting_overrides.json"
    overrides = json.loads(file.read_text(encoding="utf-8"))
    # No default viewer: a text source must open as text.
    assert not [plugin for plugin in overrides if "docmanager" in plugin]
    for plugin, settings in overrides.items():
        package, name = plugin.split(":")
        known = json.loads((schemas / package / f"{name}.json").read_text())["properties"]
        for setting, value in settings.items():
            assert setting in known
            assert value != known[setting]["default"]


def _notebook(source: str, **metadata: object) -> str:
    cells = [{"cell_type": "code", "source": [source], "outputs": [], "metadata": {}}]
    return json.dumps({"cells": cells, "metadata": metadata})


def test_saving_without_an_edit_leaves_the_copy_untouched(rooms: tuple[Path, Path]) -> None:
    """JupyterLab writes the kernel's Python into a notebook that was only opened."""
    notebooks, mine = rooms
    (notebooks / "20_mtl.ipynb").write_text(_notebook("one"))
    lab.copy_lessons()
    (mine / "20_mtl.ipynb").write_text(_notebook("one", language_info={"version": "3.12.1"}))
    (notebooks / "20_mtl.ipynb").write_text(_notebook("two"))
    assert lab.copy_lessons() == []
    assert "two" in texts(mine)["20_mtl.ipynb"]
    (mine / "20_mtl.ipynb").write_text(_notebook("my work"))
    (notebooks / "20_mtl.ipynb").write_text(_notebook("three"))
    assert len(lab.copy_lessons()) == 1
    assert "my work" in texts(mine)["20_mtl.ipynb"]
