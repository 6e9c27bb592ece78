"""TensorFlow and Keras without their start-up log lines.

TensorFlow writes some lines to the file descriptor itself, before any log level is read;
in a notebook they would become stderr outputs with time stamps. Import ``tf`` and
``keras`` from here instead.
"""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any


def _import_quietly() -> tuple[Any, Any]:
    """Import both with file descriptor 2 held back; replay what it said if that fails."""
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            import keras
            import tensorflow as tf

            # The first look at the devices logs once more.
            tf.config.list_physical_devices()
        except BaseException:
            held.seek(0)
            os.write(saved, held.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)
    return tf, keras


tf, keras = _import_quietly()
