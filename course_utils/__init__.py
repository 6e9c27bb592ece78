"""Helpers of the course. Importing this package loads nothing heavy.

It fixes the settings under which the committed outputs were made, before NumPy or
TensorFlow can read them: one thread, no GPU, no oneDNN kernels, no start-up log. A value
that is already set in the environment wins.
"""

import os

__version__ = "0.1.0"

FIXED_SETTINGS = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}

for _name, _value in FIXED_SETTINGS.items():
    os.environ.setdefault(_name, _value)
