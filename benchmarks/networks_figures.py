"""The three pictures of docs/networks.md, drawn from stored numbers."""

from __future__ import annotations

from typing import Any

import matplotlib

matplotlib.use("svg")

import numpy as np
from networks_pictures import SHARES, WEIGHTS, Numbers
from shop_contenders import TASKS

from course_utils.metrics import paired_interval
from course_utils.notebook.figures import figure


def drawn(name: str, found: Numbers) -> Any:
    """The figure of what was measured."""
    return {"curves": _curves, "weight": _by_weight, "rows": _by_rows}[name](found)


def _curves(found: Numbers) -> Any:
    fig, axes = figure(ncols=2, height=3.6, width=9.0)
    for task, ax in zip(TASKS, axes, strict=True):
        for name, losses in found.items():
            epochs = np.arange(1, len(losses[task]) + 1)
            (line,) = ax.plot(epochs, losses[task], label=name)
            best = int(np.argmin(losses[task]))
            ax.plot(best + 1, losses[task][best], "o", color=line.get_color())
        # A network that learns its rows by heart leaves the picture.
        least = min(min(losses[task]) for losses in found.values())
        ax.set(
            title=task,
            xlabel="epoch; the dot is the best",
            ylabel="validation loss (nats)",
            ylim=(0.98 * least, 1.2 * least),
        )
    handles, labels = axes[0].get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=2)
    return fig


def _by_weight(found: Numbers) -> Any:
    fig, ax = figure()
    for task in TASKS:
        gains = [np.subtract(found[f"{w:g}"][task], _alone(found)[task]) for w in WEIGHTS]
        _band(ax, WEIGHTS, gains, task)
    ax.axhline(0.0, color="0.4", linewidth=1.0)
    ax.set(
        xscale="log",
        xlabel="weight of the purchase beside 1 for the click",
        ylabel="AUC, gain over network per task",
    )
    ax.set_xticks(WEIGHTS, [f"{w:g}" for w in WEIGHTS])
    ax.minorticks_off()
    ax.legend()
    return fig


def _alone(found: Numbers) -> dict[str, list[float]]:
    return found["network per task"]


def _by_rows(found: Numbers) -> Any:
    fig, ax = figure()
    rows = [float(np.mean(found[f"{share:g}"]["clicked rows"])) for share in SHARES]
    for rival in ("network per task", "crossed logistic regression"):
        gains = []
        for share in SHARES:
            line = found[f"{share:g}"]
            gains.append(np.subtract(line["Shared-Bottom"]["purchase"], line[rival]["purchase"]))
        _band(ax, rows, gains, f"over {rival}")
    ax.axhline(0.0, color="0.4", linewidth=1.0)
    ax.set(
        xscale="log",
        xlabel="clicked rows that tell of a purchase",
        ylabel="purchase AUC,\ngain of Shared-Bottom",
    )
    ax.set_xticks(rows, [f"{n:.0f}" for n in rows])
    ax.minorticks_off()
    ax.legend()
    return fig


def _band(ax: Any, x: Any, gains: list[np.ndarray], label: str) -> None:
    """The mean over shops and its 95 % interval."""
    spans = np.array([paired_interval(one.tolist()) for one in gains])
    (line,) = ax.plot(x, [one.mean() for one in gains], "o-", label=label)
    ax.fill_between(x, spans[:, 0], spans[:, 1], color=line.get_color(), alpha=0.2)
