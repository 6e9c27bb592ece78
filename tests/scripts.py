"""The scripts of ``benchmarks/`` as modules, so that tests can run a small part of them again."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

import pytest

from course_utils import paths

FOLDER = paths.ROOT / "benchmarks"


def script_of(name: str) -> ModuleType:
    """The script ``benchmarks/{name}.py``, imported as its neighbours import it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        return importlib.import_module(name)


def stored_by(name: str) -> dict[str, Any]:
    """What the script has stored."""
    found: dict[str, Any] = script_of(name).STORED.load()
    return found
