"""A trained network as one file, and back."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from course_utils.backend import keras
from course_utils.errors import CourseError
from course_utils.models.network import Network

SUFFIX = ".keras"


def save(network: Network, file: str | Path) -> None:
    """Write network, weights and columns; an older file is replaced only by a whole new one.

    Args:
        file: its name ends in ``.keras``.

    Raises:
        CourseError: if the name has another ending, or the file cannot be written.
    """
    path = Path(file)
    if path.suffix != SUFFIX:
        raise CourseError(f"The file of a network ends in {SUFFIX}, got {path.name!r}.")
    whole = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        keras.saving.save_model(network, whole)
        os.replace(whole, path)
    except OSError as error:
        raise CourseError(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        whole.unlink(missing_ok=True)


def load(file: str | Path) -> Network:
    """The network that ``save`` wrote; its ``columns`` encode new rows.

    Raises:
        CourseError: if there is no such file, it is damaged, or holds something else.
    """
    path = Path(file)
    if not path.is_file():
        raise CourseError(f"There is no file {path}: save a network there first.")
    if not zipfile.is_zipfile(path):
        raise CourseError(f"{path} is no saved network, or it is cut off: save it again.")
    try:
        network = keras.saving.load_model(path)
    except Exception as error:  # Keras raises whatever the damaged part makes it stumble over
        said = " ".join(str(error).split())[:200]
        raise CourseError(f"{path} cannot be read as a network of this course: {said}") from None
    if not isinstance(network, Network):
        raise CourseError(f"{path} holds a {type(network).__name__}, no network of this course.")
    return network
