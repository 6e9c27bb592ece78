"""The committed outputs hold on another CPU's kernels and with another number of threads."""

from __future__ import annotations

import platform

import numpy as np
import pytest
from lessons import SOURCES, code_cells, read, run_nbval

from course_utils import paths

STEMS = [source.stem for source in SOURCES]


def _beyond_avx2() -> str:
    """What NumPy dispatches to on this CPU beyond AVX2."""
    umath = np._core._multiarray_umath
    beyond = [
        name
        for name in umath.__cpu_dispatch__
        if umath.__cpu_features__.get(name) and ("AVX512" in name or name == "X86_V4")
    ]
    return " ".join(beyond)


AVX2_ONE_THREAD = {
    "NPY_DISABLE_CPU_FEATURES": _beyond_avx2(),
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
TWO_THREADS_ONEDNN = {
    "OMP_NUM_THREADS": "2",
    "OPENBLAS_NUM_THREADS": "2",
    "TF_NUM_INTRAOP_THREADS": "2",
    "TF_NUM_INTEROP_THREADS": "2",
    "TF_ENABLE_ONEDNN_OPTS": "1",
}


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="AVX2 is x86's")
@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize(
    "environment",
    [AVX2_ONE_THREAD, TWO_THREADS_ONEDNN],
    ids=["AVX2-one-thread", "two-threads-oneDNN"],
)
def test_same_outputs(stem: str, environment: dict[str, str]) -> None:
    file = paths.SOLUTIONS / f"{stem}.ipynb"
    passed, failed, said = run_nbval(file, environment)
    assert not failed, said
    assert len(passed) >= len(code_cells(read(file))) - said.count("SKIPPED")
