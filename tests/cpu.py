"""The settings of a CPU under which the committed outputs hold, beside the reference ones."""

from __future__ import annotations

import platform

import numpy as np

from course_utils import FIXED_SETTINGS

IS_X86 = platform.machine() in ("x86_64", "AMD64")


def _beyond_avx2() -> str:
    """What NumPy dispatches to on this CPU beyond AVX2."""
    umath = np._core._multiarray_umath
    beyond = [
        name
        for name in umath.__cpu_dispatch__
        if umath.__cpu_features__.get(name) and ("AVX512" in name or name == "X86_V4")
    ]
    return " ".join(beyond)


REFERENCE = dict(FIXED_SETTINGS)
AVX2_ONE_THREAD = {
    **FIXED_SETTINGS,
    "NPY_DISABLE_CPU_FEATURES": _beyond_avx2(),
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
}
TWO_THREADS_ONEDNN = {
    **FIXED_SETTINGS,
    "OMP_NUM_THREADS": "2",
    "OPENBLAS_NUM_THREADS": "2",
    "TF_NUM_INTRAOP_THREADS": "2",
    "TF_NUM_INTEROP_THREADS": "2",
    "TF_ENABLE_ONEDNN_OPTS": "1",
}
