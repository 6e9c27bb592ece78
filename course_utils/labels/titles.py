"""A network that reads a product's title: tokens, padding that leaves no trace, labels.

Lesson 50 writes it line by line; this is what runs in production. It stands apart from the rest
of the room, since it needs TensorFlow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from course_utils.backend import keras, tf
from course_utils.errors import CourseError

ops = keras.ops

Pooling = Literal["max", "mean", "attention"]

POOLINGS = ("max", "mean", "attention")
HAN = r"\x{4e00}-\x{9fff}"
NOTHING = -1e9
"""Below every score: the softmax gives such a token a weight of exactly 0."""


@keras.saving.register_keras_serializable(package="course")
def spaced(titles: Any) -> Any:
    """Lower case, a space around each Chinese character, nothing but tokens and single spaces."""
    lower = tf.strings.lower(titles)
    apart = tf.strings.regex_replace(lower, f"([{HAN}])", r" \1 ")
    return tf.strings.strip(tf.strings.regex_replace(apart, f"[^a-z0-9{HAN}-]+", " "))


def title_vectorizer(titles: Iterable[str], at_most: int | None = None) -> Any:
    """A layer from titles to numbers of tokens: 0 is padding, 1 a token not met here.

    A token is a longest run of letters a to z, digits and hyphens, in lower case, or one Chinese
    character.

    Args:
        titles: of the rows to train on, and of no others.
        at_most: so many numbers at most, padding and unknown among them; the most frequent
            tokens are kept.

    Returns:
        A ``TextVectorization``; called with ``[n]`` titles it gives whole numbers ``[n, T]``,
        T the tokens of the longest of them.

    Raises:
        CourseError: if there is no title.
    """
    known = list(titles)
    if not known:
        raise CourseError("A vocabulary needs at least one title to learn from, got none.")
    layer = keras.layers.TextVectorization(at_most, standardize=spaced, split="whitespace")
    layer.adapt(known)
    return layer


@keras.saving.register_keras_serializable(package="course")
class MaskedPooling(keras.layers.Layer):
    """From tokens ``[n, T, width]`` and their mask ``[n, T, 1]`` to one row a title ``[n, width]``.

    ``max`` and ``mean`` over the tokens that are there. ``attention`` weighs them, a = softmax
    over t of v . h_t with one learnt vector v, and returns sum_t a_t h_t (Yang et al.,
    Hierarchical Attention Networks for Document Classification, NAACL 2016, who score
    tanh(W h_t + b) in the place of h_t). A title without a token gives zeros.
    """

    def __init__(self, how: Pooling = "max", **settings: Any) -> None:
        super().__init__(**settings)
        if how not in POOLINGS:
            raise CourseError(f"pooling must be one of {', '.join(POOLINGS)}, got {how!r}.")
        self.how = how

    def build(self, shapes: Sequence[Any]) -> None:
        """The vector v of ``attention``: the other two have no weights."""
        if self.how == "attention":
            self.query = self.add_weight(shape=(shapes[0][-1], 1), name="query")
        super().build(shapes)

    def weights_of(self, tokens: Any, mask: Any) -> Any:
        """How much each token counts: ``[n, T, 1]``, 0 for padding."""
        return ops.softmax(ops.where(mask > 0, tokens @ self.query, NOTHING), axis=1) * mask

    def call(self, inputs: tuple[Any, Any]) -> Any:
        """One row a title."""
        tokens, mask = inputs
        if self.how == "attention":
            return ops.sum(self.weights_of(tokens, mask) * tokens, axis=1)
        if self.how == "mean":
            return ops.sum(tokens * mask, axis=1) / ops.maximum(ops.sum(mask, axis=1), 1.0)
        best = ops.max(ops.where(mask > 0, tokens, NOTHING), axis=1)
        return best * ops.cast(ops.any(mask > 0, axis=1), best.dtype)

    def get_config(self) -> dict[str, Any]:
        """What rebuilds the layer."""
        return {**super().get_config(), "how": self.how}


def title_network(
    n_tokens: int,
    n_labels: int,
    *,
    pooling: Pooling = "max",
    width: int = 32,
    kernel: int = 3,
    dropout: float = 0.0,
) -> Any:
    """From numbers of tokens ``[n, T]``, any T, to a log-odds for each label ``[n, n_labels]``.

    Embedding, one convolution (Kim, Convolutional Neural Networks for Sentence Classification,
    EMNLP 2014, who joins three kernel sizes), pooling, one layer to the labels. Padding is
    multiplied by 0 before the convolution and left out of the pooling, so a title says the same
    however far it is padded. Without a convolution (``kernel`` 0) the tokens are pooled as they
    are. The mean of tokens **and pairs** (``title_criteria.pair_vectorizer``) is the network of
    Joulin et al. (Bag of Tricks for Efficient Text Classification, EACL 2017), whose fastText
    hashes the pairs into buckets and ends in a softmax; of single tokens it is what fastText is
    with pairs turned off.

    Args:
        n_tokens: how many numbers there are: ``vectorizer.vocabulary_size()``.
        n_labels: labels of a title, each for itself.
        pooling: from tokens to one row; see ``MaskedPooling``.
        width: numbers of an embedding, and filters.
        kernel: tokens that a filter reads at once; 0 for no convolution.
        dropout: share of the pooled numbers set to 0 in training.

    Returns:
        A ``keras.Model``. Its outputs are log-odds: train with
        ``BinaryCrossentropy(from_logits=True)``.

    Raises:
        CourseError: if one of the numbers makes no network.
    """
    if min(n_tokens - 1, n_labels, width) < 1 or kernel < 0:
        raise CourseError(
            "A network needs two tokens or more, a label, a width of 1 or more and a kernel of 0 "
            f"or more: got n_tokens={n_tokens}, n_labels={n_labels}, width={width}, "
            f"kernel={kernel}."
        )
    ids = keras.Input((None,), dtype="int32")
    mask = ops.cast(ops.expand_dims(ids, -1) > 0, "float32")
    tokens = keras.layers.Embedding(n_tokens, width)(ids) * mask
    if kernel:
        conv = keras.layers.Conv1D(width, kernel, padding="same", activation="relu")
        tokens = conv(tokens) * mask
    pooled = MaskedPooling(pooling)((tokens, mask))
    pooled = keras.layers.Dropout(dropout)(pooled)
    return keras.Model(ids, keras.layers.Dense(n_labels)(pooled))


def restart(network: Any, seed: int) -> None:
    """Draw the weights of a network anew, so that one traced graph serves all seeds.

    A weight of two dimensions or more is drawn as by Glorot and Bengio (2010), an embedding as by
    Keras (uniform, -0.05 to 0.05); a bias becomes 0, and dropout begins its draws again.
    """
    draw = np.random.default_rng(seed)
    for variable in network.trainable_variables:
        *others, last = variable.shape
        if not others:
            variable.assign(np.zeros(variable.shape, "float32"))
            continue
        bound = 0.05
        if not variable.path.endswith("embeddings"):
            bound = np.sqrt(6 / (np.prod(others[:-1]) * (others[-1] + last)))
        variable.assign(draw.uniform(-bound, bound, variable.shape).astype("float32"))
    for state in network.non_trainable_variables:
        state.assign(draw.integers(2**31, size=state.shape).astype(state.dtype))


class TitleTrainer:
    """Adam on ``known_loss``, an epoch a call of one traced graph; stops early.

    Args:
        network: of ``title_network``.
        batch: titles a step; what is left over at the end of an epoch waits for the next one,
            which takes the titles in another order.
    """

    def __init__(self, network: Any, batch: int = 32) -> None:
        self.network = network
        self._adam = adam = keras.optimizers.Adam(1.0)
        adam.build(network.trainable_variables)

        @tf.function(reduce_retracing=True)
        def epoch(x: Any, y: Any, order: Any) -> None:
            for start in tf.range(0, tf.size(order) - batch + 1, batch):
                rows = order[start : start + batch]
                with tf.GradientTape() as tape:
                    loss = known_loss(
                        tf.gather(y, rows), network(tf.gather(x, rows), training=True)
                    )
                variables = network.trainable_variables
                adam.apply(tape.gradient(loss, variables), variables)

        @tf.function(reduce_retracing=True)
        def loss_on(x: Any, y: Any) -> Any:
            return known_loss(y, network(x, training=False))

        self._epoch, self._loss_on = epoch, loss_on

    def fit(
        self,
        train: tuple[npt.ArrayLike, npt.ArrayLike],
        valid: tuple[npt.ArrayLike, npt.ArrayLike],
        *,
        seed: int,
        learning_rate: float = 0.003,
        epochs: int = 40,
        patience: int = 3,
    ) -> list[float]:
        """Draw the weights anew, train, and keep those with the lowest validation loss.

        Args:
            train: numbers of tokens ``[n, T]`` and labels ``[n, labels]``, 0 or 1; nan where
                nobody looked, which counts for nothing. ``valid``: the same, of other titles.
            seed: of the weights, the order of the titles and the dropout.
            learning_rate: of Adam.
            epochs: at most; patience: so many in a row without a lower loss end it.

        Returns:
            The validation loss after each epoch.

        Raises:
            CourseError: if titles are missing, or a title its row of labels.
        """
        tables = [np.asarray(one) for pair in (train, valid) for one in pair]
        sizes = [len(one) for one in tables]
        if min(sizes) == 0 or sizes[::2] != sizes[1::2]:
            raise CourseError(
                "Training and validation need titles, and a row of labels for each: got "
                f"{sizes[0]} and {sizes[1]}, {sizes[2]} and {sizes[3]}."
            )
        x, y, x_valid, y_valid = (
            tf.constant(one.astype(kind))
            for one, kind in zip(tables, ("int32", "float32") * 2, strict=True)
        )
        restart(self.network, seed)
        for variable in self._adam.variables:
            variable.assign(tf.zeros_like(variable))
        self._adam.learning_rate.assign(learning_rate)
        draw, losses, best = np.random.default_rng(seed), [], self.network.get_weights()  # type: np.random.Generator, list[float], Any
        while len(losses) < epochs and len(losses) - _first_lowest(losses) < patience:
            self._epoch(x, y, tf.constant(draw.permutation(len(y)), tf.int32))
            losses.append(float(self._loss_on(x_valid, y_valid)))
            if _first_lowest(losses) == len(losses):
                best = self.network.get_weights()
        self.network.set_weights(best)
        return losses


def _first_lowest(losses: Sequence[float]) -> int:
    """The epoch with the lowest loss, from 1; 0 before there is one."""
    return int(np.argmin(losses)) + 1 if losses else 0


def known_loss(labels: Any, log_odds: Any) -> Any:
    """Mean binary cross-entropy of the cells that somebody looked at.

    Args:
        labels: 0 or 1, or nan where nobody looked, ``[n, labels]``; log_odds: the same shape.

    Returns:
        One number in nats a cell; 0 where no cell is known.
    """
    known = ops.logical_not(ops.isnan(labels))
    y = ops.where(known, labels, 0.0)
    # max(z, 0) - z y + log(1 + exp(-|z|)): no exponent of a large number.
    each = ops.maximum(log_odds, 0.0) - log_odds * y + ops.log1p(ops.exp(-ops.abs(log_odds)))
    known = ops.cast(known, each.dtype)
    return ops.sum(each * known) / ops.maximum(ops.sum(known), 1.0)


def probabilities(network: Any, ids: npt.ArrayLike) -> np.ndarray:
    """The probability of each label.

    Args:
        network: of ``title_network``.
        ids: numbers of tokens, ``[n, T]``, n 1 or more.

    Returns:
        From 0 to 1, ``[n, labels]``.
    """
    x = np.asarray(ids, "int32")
    scores = [np.asarray(network(x[at : at + 1_000])) for at in range(0, len(x), 1_000)]
    return np.asarray(expit(np.concatenate(scores).astype(float)))
