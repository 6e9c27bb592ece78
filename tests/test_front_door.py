"""What CI does with README's two commands, and how it knows that a lesson has answered."""

from __future__ import annotations

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest

from course_utils import paths

README = (paths.ROOT / "README.md").read_text(encoding="utf-8")
SCRIPT = paths.ROOT / ".ci" / "front_door.py"


@pytest.fixture(scope="module")
def door() -> ModuleType:
    module = ModuleType("front_door")
    module.__dict__.update(__file__=str(SCRIPT))
    exec(compile(SCRIPT.read_text(encoding="utf-8"), SCRIPT, "exec"), module.__dict__)
    return module


class Server(http.server.BaseHTTPRequestHandler):
    """Gives one notebook to whoever knows the token."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        known = (url.path, url.query) == ("/api/contents/my/00_a.ipynb", "token=abc")
        body = {"content": {"cells": [{}, {}]}} if known else {"message": "who are you?"}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *said: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with http.server.HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_commands_are_those_of_the_readme(door: ModuleType) -> None:
    lab, test = door.commands(README)
    assert lab == [sys.executable, "-m", "course_utils", "lab"]
    assert test == [sys.executable, "-m", "course_utils", "test"]
    with pytest.raises(ValueError, match="unpack"):
        door.commands(README.replace("python -m course_utils test\n", "pytest\n"))


def test_a_lesson_has_answered_once_its_cells_are_there(door: ModuleType, address: str) -> None:
    opening = "Set-up took 9 s.\nOpening my/00_a.ipynb; Ctrl-C here stops JupyterLab.\n"
    at = f"    {address}/lab/tree/my/00_a.ipynb?token="
    assert door.answer("") is None and door.answer(opening) is None
    assert door.answer(f"{opening}{at}other") is None
    assert door.answer(f"{opening}{at}abc") == "my/00_a.ipynb is there, with 2 cells"


def test_a_clone_that_was_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".cache").mkdir()
    script = tmp_path / ".ci" / "front_door.py"
    script.write_text(SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "Already here: .cache. Run this on a fresh clone.\n"
