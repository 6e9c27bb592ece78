"""Code that must fail, without a traceback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from course_utils.errors import CourseError


@contextmanager
def failing(exception: type[BaseException] = Exception) -> Iterator[None]:
    """Run code that must fail, and print what it says in one line, without a traceback.

    Raises:
        CourseError: if the code does not fail.
    """
    try:
        yield
    except exception as error:
        first_line = next((line for line in str(error).splitlines() if line.strip()), "")
        # Addresses of objects change from run to run.
        print(f"{type(error).__name__}: {re.sub(r' at 0x[0-9a-f]+', '', first_line)}")
    else:
        raise CourseError(f"This cell should have failed with {exception.__name__}; it did not.")
