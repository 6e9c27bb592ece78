"""Fit one compiled network again and again: other weights, other data, one traced graph."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_utils.backend import keras


def restart(model: Any, seed: int) -> None:
    """Draw the matrices of a compiled model anew (uniform, X. Glorot and Y. Bengio, AISTATS 2010).

    Biases and scales, whose start is a constant, go back to it, and so does the optimiser.

    Args:
        model: a compiled Keras model; seed: of the draw.
    """
    draw = np.random.default_rng(seed)
    if not hasattr(model, "constants"):
        model.constants = {one.path: one.numpy() for one in model.trainable_weights if one.ndim < 2}
    for one in model.trainable_weights:
        if one.ndim < 2:
            one.assign(model.constants[one.path])
            continue
        limit = np.sqrt(6 / (one.shape[-2] + one.shape[-1]))
        one.assign(draw.uniform(-limit, limit, one.shape))
    for one in model.optimizer.variables:
        if "learning_rate" not in one.path:
            one.assign(np.zeros(one.shape))


def fit(
    model: Any,
    train: tuple[Any, ...],
    valid: tuple[Any, ...],
    seed: int,
    epochs: int = 20,
    patience: int = 3,
    batch: int = 128,
) -> list[float]:
    """Train from the start; the weights of the best epoch on the validation rows stay.

    Args:
        model: a compiled Keras model; it is changed.
        train, valid: inputs, labels and, if given, weights of the labels.
        seed: of the first weights and the order of the rows. Dropout goes on where the model's
            last fit ended: for the same numbers again, build the model anew.
        epochs: at most; patience: epochs without a gain after which it ends.
        batch: rows a step.

    Returns:
        The validation loss after each epoch.
    """
    if not getattr(model.optimizer, "built", False):
        model.optimizer.build(model.trainable_variables)
    restart(model, seed)
    keras.utils.set_random_seed(seed)
    stop = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    history = model.fit(
        train[0],
        train[1],
        sample_weight=train[2] if len(train) > 2 else None,
        validation_data=valid,
        validation_batch_size=2048,
        epochs=epochs,
        batch_size=batch,
        callbacks=[stop],
        verbose=0,
    )
    return list(history.history["val_loss"])
