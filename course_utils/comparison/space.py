"""The settings among which every network searches, whether it is the method or a rival."""

from __future__ import annotations

from typing import Any

from course_utils.comparison.ground import Ground

Space = dict[str, tuple[Any, ...]]
"""Setting -> its values, from the least to the greatest: the search goes from one to the next."""

TRUNKS = ((8,), (16,), (32,), (64,), (128,), (64, 32), (128, 64))

LEAST_BATCH, LEAST_STEPS = 8, 1_500

MANY_ROWS = 4_000
"""From so many training rows on, batches are larger: small ones cost time."""


def training(ground: Ground, alone: bool = False) -> Space:
    """Rate, batch, embeddings and penalties; every task keeps its own best epoch.

    An epoch has eight steps or more, and a training 1,500 or more, however few the rows. A deep
    truth keeps a network waiting on a plateau, so a third of the epochs may pass without a gain.
    Weights of the losses are tuned where several tasks are learned together and have different
    numbers of labels.

    Args:
        alone: the network learns one task at a time, from the rows of its sample space.
    """
    rows = ground.fewest if alone else ground.rows
    batches = (128, 256) if rows >= MANY_ROWS else (32, 128)
    sizes = tuple(dict.fromkeys(min(one, max(LEAST_BATCH, rows // 8)) for one in batches))
    epochs = max(60, LEAST_STEPS * max(sizes) // rows)
    found: Space = {
        "learning_rate": (3e-4, 1e-3, 3e-3, 1e-2, 3e-2),
        "batch_size": sizes,
        "epochs": (epochs,),
        "patience": (epochs // 3,),
        "keep": ("each",),
        "dropout": (0.0, 0.1, 0.3, 0.5),
        "weight_decay": (0.0, 0.03, 0.1, 0.3, 1.0, 3.0),
    }
    embedded = bool(ground.split.train.columns.sizes)
    if embedded:
        found["embedding_dim"] = (2, 4, 8, 16, 32, 64)
    found["embedding_l2"] = (0.0, 1e-4, 1e-3, 1e-2) if embedded else (0.0,)
    found["task_weights"] = (0.0, 0.5, 1.0) if not alone and differs(ground) else (0.0,)
    return found


def network_space(ground: Ground, alone: bool = False) -> Space:
    """``training`` and the widths of an MLP; each task's head is linear."""
    return {**training(ground, alone), "trunk": TRUNKS, "tower": ((),)}


def differs(ground: Ground) -> bool:
    """Has one task more than twice the examples of another, counted by the rarer label?"""
    train = ground.split.train
    examples = []
    for task in ground.tasks:
        y = train.labels[task][train.mask(task)]
        examples.append(max(1.0, float(min(y.sum(), len(y) - y.sum()))))
    return max(examples) > 2 * min(examples)
