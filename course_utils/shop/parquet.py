"""The log as a Parquet file of any length, in memory that does not grow with it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from course_utils.errors import CourseError


def write_parquet(frames: Iterable[pd.DataFrame], file: Path) -> None:
    """Write frames of equal columns one after the other; the file appears when it is whole.

    Each page carries a checksum, so that a reader can tell damage.

    Args:
        frames: one or more; only one is in memory at a time.
        file: its folder is made if need be; an older file is replaced.

    Raises:
        CourseError: if the disk is full or may not be written; no broken file is left.
    """
    part = file.with_name(f"{file.name}.part-{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        writer: pq.ParquetWriter | None = None
        try:
            for frame in frames:
                table = pa.Table.from_pandas(frame, preserve_index=False)
                if writer is None:
                    writer = pq.ParquetWriter(part, table.schema, write_page_checksum=True)
                writer.write_table(table)
        finally:
            if writer is not None:
                writer.close()
        os.replace(part, file)
    except OSError as error:
        raise CourseError(
            f"{file.name} could not be written: {error}. Free some space, then try again."
        ) from error
    finally:
        part.unlink(missing_ok=True)
