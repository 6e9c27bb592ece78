"""A layer that only calls other layers."""

from __future__ import annotations

from typing import Any

from course_utils.backend import keras


class Container(keras.layers.Layer):
    """Has no weights of its own: its parts make theirs when they are first called.

    Keras would find their shapes by tracing ``call`` once more, which doubles the time to build.
    """

    def build(self, *_: Any) -> None:
        self.built = True
