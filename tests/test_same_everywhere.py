"""The committed outputs hold on another CPU's kernels and with another number of threads."""

from __future__ import annotations

import platform
from concurrent.futures import ThreadPoolExecutor

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


ENVIRONMENTS = {
    "AVX2, one thread": AVX2_ONE_THREAD,
    "two threads, oneDNN": TWO_THREADS_ONEDNN,
}


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="AVX2 is x86's")
@pytest.mark.parametrize("stem", STEMS)
def test_same_outputs(stem: str) -> None:
    file = paths.SOLUTIONS / f"{stem}.ipynb"
    cells = len(code_cells(read(file)))
    # Side by side: each run is a process of its own that mostly uses one core.
    with ThreadPoolExecutor(len(ENVIRONMENTS)) as pool:
        runs = pool.map(lambda environment: run_nbval(file, environment), ENVIRONMENTS.values())
        for name, (passed, failed, said) in zip(ENVIRONMENTS, runs, strict=True):
            assert not failed, f"{name}: {said}"
            assert len(passed) >= cells - said.count("SKIPPED"), name
