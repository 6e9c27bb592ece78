"""The zoo: one file a rival, each with its formula, the truth that it matches and its source.

A file has a ``NAME`` and a function ``contender(ground)``, which gives None where the rival means
nothing: nothing to share, no number, no second scenario. Nobody lists the files: a new one is tried
on every family by ``python benchmarks/matrix.py``, and what is stored of all others stays.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules

from course_utils.comparison.contender import Contender
from course_utils.comparison.ground import Ground

Make = Callable[[Ground], Contender | None]


def zoo() -> dict[str, Make]:
    """Name -> what makes it for a ground, by the names of their files."""
    modules = [import_module(f"{__name__}.{one.name}") for one in iter_modules(__path__)]
    return {module.NAME: module.contender for module in modules}
