"""Files of the safetensors format: a length, a table in JSON, the numbers."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np

from course_utils.errors import CourseError

DTYPES: dict[str, str] = {"F16": "<f2", "F32": "<f4", "I64": "<i8"}
"""Of the format's names for types, those that the pinned files use."""


def read_safetensors(file: Path) -> dict[str, np.ndarray]:
    """Name -> array.

    Raises:
        CourseError: if the file is cut off, or holds a type that is not known here.
    """
    content = file.read_bytes()
    if len(content) < 8 or len(content) < 8 + (size := struct.unpack("<Q", content[:8])[0]):
        raise CourseError(f"{file.name} is cut off: {len(content)} bytes.")
    table, body = json.loads(content[8 : 8 + size]), content[8 + size :]
    found: dict[str, np.ndarray] = {}
    for name, one in table.items():
        if name == "__metadata__":
            continue
        if one["dtype"] not in DTYPES:
            raise CourseError(f"{file.name}: {name} holds {one['dtype']}, not {[*DTYPES]}.")
        start, end = one["data_offsets"]
        if end > len(body):
            raise CourseError(f"{file.name} is cut off: {name} ends beyond it.")
        numbers = np.frombuffer(body[start:end], np.dtype(DTYPES[one["dtype"]]))
        found[name] = numbers.reshape(one["shape"])
    return found
