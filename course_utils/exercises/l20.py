"""Lesson 20: the checks of its three tasks, their hints, and the answers that prove them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import stats
from scipy.special import expit, softmax, xlogy

from course_utils.exercises.engine import Task, Wrong, as_array, as_number, reject, shorten

# ------------------------------------------------------------ 20.1 the multi-task loss


def _log_losses(p: Any, y: Any) -> np.ndarray:
    return -xlogy(y, p) - xlogy(1 - np.asarray(y), 1 - np.asarray(p))


def _loss(p: Any, y: Any, mask: Any, weights: Any) -> float:
    losses = np.ma.array(_log_losses(p, y), mask=~np.asarray(mask))
    return float(np.dot(losses.mean(axis=0).filled(0.0), weights))


def _random_batch(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    n, k = int(draw.integers(6, 12)), 3
    mask = draw.random((n, k)) < [1.0, 0.6, 0.3]
    mask[0], mask[1, 1:] = True, False
    y = (draw.random((n, k)) < 0.4).astype(float)
    return draw.uniform(0.05, 0.95, (n, k)), y, mask, draw.uniform(0.3, 3.0, k)


_EXAMPLE = (
    np.array([[0.5, 0.25], [0.5, 0.9]]),
    np.array([[1.0, 0.0], [0.0, 0.0]]),
    np.array([[True, True], [True, False]]),
    np.array([1.0, 2.0]),
)


def check_loss(answer: Any) -> None:
    batches = {"the example of the task": _EXAMPLE}
    for seed in (1, 2):
        batches[f"a random batch of shape {_random_batch(seed)[0].shape}"] = _random_batch(seed)
    for name, batch in batches.items():
        want = _loss(*batch)
        got = as_number(answer(*batch), f"The loss of {name}")
        if abs(got - want) > 1e-6:
            # On the small example several mistakes give one number, on a random batch none do.
            told = _random_batch(1)
            why = _loss_mistake(as_number(answer(*told), "The loss"), *told)
            reject(f"On {name} the loss is {want:.4f}, got {got:.4f}.{why}")
    p, y, mask, weights = _random_batch(3)
    mask[:, 2] = False
    want = _loss(p, y, mask, weights)
    result = np.asarray(answer(p, y, mask, weights), dtype=float).reshape(-1)
    if result.size != 1 or not abs(result[0] - want) <= 1e-6:
        reject(
            f"Where the mask of one task is False in every row, the loss is {want:.4f}, got "
            f"{shorten(result.tolist())}. A task without any row adds 0."
        )


def _loss_mistake(got: float, p: Any, y: Any, mask: Any, weights: Any) -> str:
    """What a wrong number looks like, by what known mistakes would give."""
    losses = _log_losses(p, y)
    rows = mask.sum(axis=0)
    means = (losses * mask).sum(axis=0) / rows
    known = {
        "the mask is not used: rows outside a task's sample space count too": (
            losses.mean(axis=0) @ weights
        ),
        "the sum is divided by all rows, not by the rows that count for the task": (
            (losses * mask).mean(axis=0) @ weights
        ),
        "the losses of the rows are summed, not averaged": (losses * mask).sum(axis=0) @ weights,
        "the weights are not used": means.sum(),
        "the sum over tasks is divided by their number": means @ weights / len(weights),
        "the weights are scaled to a sum of 1": means @ weights / weights.sum(),
        "all tasks are pooled into one mean, so the task with more rows counts more": (
            (losses * mask * weights).sum() / mask.sum()
        ),
        "the logarithm has base 2, the log loss takes the natural one": (
            means @ weights / np.log(2)
        ),
        "only label 1 is scored, the half for label 0 is missing": (
            (-xlogy(y, p) * mask).sum(axis=0) / rows @ weights
        ),
        "the squared error is taken, not the log loss": (
            ((p - y) ** 2 * mask).sum(axis=0) / rows @ weights
        ),
        "the sign is wrong": -(means @ weights),
    }
    return _named(got, known)


def _named(got: Any, known: Mapping[str, Any]) -> str:
    for mistake, value in known.items():
        if np.allclose(got, value, rtol=0, atol=1e-6):
            return f" It looks as if {mistake}."
    return ""


def _loss_by_loops(p: Any, y: Any, mask: Any, weights: Any) -> Any:
    total = 0.0
    for k, weight in enumerate(weights):
        chosen = [i for i in range(len(p)) if mask[i][k]]
        chances = [p[i][k] if y[i][k] == 1 else 1 - p[i][k] for i in chosen]
        if chances:
            total += weight * sum(-np.log(chance) for chance in chances) / len(chances)
    return np.array([total])


def _loss_by_average(p: Any, y: Any, mask: Any, weights: Any) -> np.float64:
    each = [
        np.average(_log_losses(p[:, k], y[:, k]), weights=mask[:, k]) if mask[:, k].any() else 0.0
        for k in range(p.shape[1])
    ]
    return np.sum(np.multiply(each, weights))


def _no_mask(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float(_log_losses(p, y).mean(axis=0) @ weights)


def _all_rows_below(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float((_log_losses(p, y) * mask).mean(axis=0) @ weights)


def _summed(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float((_log_losses(p, y) * mask).sum(axis=0) @ weights)


def _no_weights(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, mask, np.ones(len(weights)))


def _mean_over_tasks(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, mask, weights) / len(weights)


def _weights_to_one(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, mask, weights / weights.sum())


def _pooled(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float((_log_losses(p, y) * mask * weights).sum() / mask.sum())


def _base_two(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return _loss(p, y, mask, weights) / float(np.log(2))


def _label_one_only(p: Any, y: Any, mask: Any, weights: Any) -> float:
    return float((-y * np.log(p) * mask).sum(axis=0) / np.maximum(mask.sum(axis=0), 1) @ weights)


def _nan_for_empty(p: Any, y: Any, mask: Any, weights: Any) -> float:
    with np.errstate(invalid="ignore"):
        return float((_log_losses(p, y) * mask).sum(axis=0) / mask.sum(axis=0) @ weights)


# ------------------------------------------------------------------ 20.2 the forward pass

Layers = Sequence[tuple[np.ndarray, np.ndarray]]
Towers = Mapping[str, Layers]
Network = tuple[np.ndarray, Layers, Towers]


def _chain(x: Any, layers: Layers, last_relu: bool, relu: bool = True) -> np.ndarray:
    for place, (w, b) in enumerate(layers):
        x = np.einsum("nd,de->ne", x, w) + b
        if relu and (last_relu or place < len(layers) - 1):
            x = np.where(x > 0, x, 0.0)
    return x


def _logits(x: Any, trunk: Layers, towers: Towers) -> dict[str, np.ndarray]:
    shared = _chain(x, trunk, last_relu=True)
    return {task: _chain(shared, tower, last_relu=False)[:, 0] for task, tower in towers.items()}


def _random_network(seed: int) -> Network:
    """7 rows, two trunk layers, three towers of different depth; every ReLU matters."""
    draw = np.random.default_rng(seed)

    def layers(*widths: int) -> list[tuple[np.ndarray, np.ndarray]]:
        return [
            (draw.normal(size=(i, o)) / np.sqrt(i), 0.5 * draw.normal(size=o))
            for i, o in pairwise(widths)
        ]

    towers = {"click": layers(5, 4, 1), "purchase": layers(5, 1), "return": layers(5, 3, 3, 1)}
    return draw.normal(size=(7, 6)), layers(6, 8, 5), towers


_SMALL: Network = (
    np.array([[1.0, 2.0]]),
    [(np.eye(2), np.array([0.0, -3.0]))],
    {"click": [(np.array([[2.0], [5.0]]), np.array([-1.0]))]},
)


def check_forward(answer: Any) -> None:
    networks: dict[str, Network] = {"the example of the task": _SMALL}
    for seed in (1, 2):
        networks[f"random network {seed} (two trunk layers, three towers)"] = _random_network(seed)
    for name, (x, trunk, towers) in networks.items():
        got = _checked_forward(answer, name, x, trunk, towers)
        for task, logit in _logits(x, trunk, towers).items():
            want = expit(logit)
            row = int(np.abs(got[task] - want).argmax())
            if abs(got[task][row] - want[row]) > 1e-6:
                # On the small example several mistakes give one number, on a large one none do.
                told = _random_network(1)
                seen = _checked_forward(answer, "random network 1", *told)
                why = next(filter(None, (_forward_mistake(seen, k, *told) for k in seen)), "")
                reject(
                    f"On {name}, row {row} of {task!r} is {want[row]:.4f}, got "
                    f"{got[task][row]:.4f}.{why}"
                )


def _checked_forward(
    answer: Any, name: str, x: np.ndarray, trunk: Layers, towers: Towers
) -> dict[str, np.ndarray]:
    got = answer(x, trunk, towers)
    if not isinstance(got, dict) or set(got) != set(towers):
        reject(f"On {name}: expected a dict with the keys {sorted(towers)}, got {shorten(got)}.")
    return {
        task: as_array(got[task], f"On {name}, the result of {task!r}", (len(x),))
        for task in towers
    }


def _forward_mistake(got: dict[str, np.ndarray], task: str, x: Any, trunk: Any, towers: Any) -> str:
    logits = _logits(x, trunk, towers)
    shared = _chain(x, trunk, last_relu=True)
    no_bias = [(w, np.zeros_like(b)) for w, b in trunk]
    towers_no_bias = {k: [(w, 0 * b) for w, b in layers] for k, layers in towers.items()}
    tower = towers[task]
    others = {
        f"the tower of {other!r} is used for {task!r}": expit(logits[other])
        for other in towers
        if other != task
    }
    together = softmax(np.stack(list(logits.values())), axis=0)[list(logits).index(task)]
    known = {
        "the last layer is returned without its sigmoid": logits[task],
        "a ReLU stands before the sigmoid: no chance can be below 0.5": (
            expit(np.maximum(logits[task], 0))
        ),
        "the trunk has no ReLU": (
            expit(_chain(_chain(x, trunk, True, relu=False), tower, False)[:, 0])
        ),
        "the last layer of the trunk has no ReLU": (
            expit(_chain(_chain(x, trunk, False), tower, False)[:, 0])
        ),
        "the inner layers of the tower have no ReLU": (
            expit(_chain(shared, tower, False, relu=False)[:, 0])
        ),
        "the biases are not added": expit(_logits(x, no_bias, towers_no_bias)[task]),
        "a softmax over the tasks is taken: the chances of one row sum to 1": together,
        "all rows are averaged": np.full(len(x), expit(logits[task]).mean()),
        **others,
    }
    return _named(got[task], known)


def _forward_with_ones(x: Any, trunk: Layers, towers: Towers) -> dict[str, list[float]]:
    """Biases as one more row of the weights."""

    def layer(h: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.c_[h, np.ones(len(h))] @ np.vstack([w, b])

    for w, b in trunk:
        x = layer(x, w, b).clip(min=0)
    result = {}
    for task, (*inner, (w, b)) in towers.items():
        h = x
        for inner_w, inner_b in inner:
            h = layer(h, inner_w, inner_b).clip(min=0)
        result[task] = expit(layer(h, w, b)).ravel().tolist()
    return result


def _forward_row_by_row(x: Any, trunk: Layers, towers: Towers) -> dict[str, np.ndarray]:
    out: dict[str, list[float]] = {task: [] for task in towers}
    for row in x:
        h = row
        for w, b in trunk:
            h = np.array([max(0.0, float(h @ w[:, j] + b[j])) for j in range(len(b))])
        for task, layers in towers.items():
            z = h
            for place, (w, b) in enumerate(layers, start=1):
                z = b + w.T @ z
                z = z if place == len(layers) else (np.abs(z) + z) / 2
            out[task].append(float(np.tanh(z[0] / 2) / 2 + 0.5))
    return {task: np.array(values) for task, values in out.items()}


def _variant(
    last_relu: bool = True, trunk_relu: bool = True, tower_relu: bool = True, bias: bool = True
) -> Any:
    def forward(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
        if not bias:
            trunk = [(w, 0 * b) for w, b in trunk]
            towers = {k: [(w, 0 * b) for w, b in layers] for k, layers in towers.items()}
        h = _chain(x, trunk, last_relu, relu=trunk_relu)
        return {
            k: expit(_chain(h, layers, False, relu=tower_relu)[:, 0])
            for k, layers in towers.items()
        }

    return forward


def _no_sigmoid(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return _logits(x, trunk, towers)


def _relu_before_sigmoid(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: expit(np.maximum(z, 0)) for k, z in _logits(x, trunk, towers).items()}


def _softmax_of_tasks(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    logits = _logits(x, trunk, towers)
    if len(logits) == 1:  # a softmax over one task would be 1 everywhere
        return {k: expit(z) for k, z in logits.items()}
    return dict(zip(logits, softmax(np.stack(list(logits.values())), axis=0), strict=True))


def _last_tower_for_all(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    logits = _logits(x, trunk, towers)
    return {k: expit(list(logits.values())[-1]) for k in logits}


def _column_vectors(x: Any, trunk: Any, towers: Any) -> dict[str, np.ndarray]:
    return {k: expit(z)[:, None] for k, z in _logits(x, trunk, towers).items()}


# ------------------------------------------------------------------- 20.3 your own verdict


def _interval(gains: np.ndarray, quantile: float | None = None) -> tuple[float, float]:
    n = len(gains)
    t = stats.t.ppf(0.975, n - 1) if quantile is None else quantile
    half = float(t * stats.sem(gains))
    return float(gains.mean()) - half, float(gains.mean()) + half


def _word(low: float, high: float) -> str:
    if low <= 0 <= high:
        return "not separated"
    return "holds" if low > 0 else "does not hold"


def _random_results() -> list[tuple[list[float], list[float]]]:
    """Seeds differ much, gains little: pairing matters. A gain, a loss, and ties both ways."""
    cases = []
    for seed, (n, gain) in enumerate([(5, 0.02), (4, -0.02), (6, 0.001), (5, -0.001)]):
        draw = np.random.default_rng(seed)
        baseline = 0.7 + 0.03 * draw.normal(size=n)
        noise = draw.normal(size=n)
        gains = gain + 0.004 * (noise - noise.mean()) / noise.std()
        cases.append(((baseline + gains).tolist(), baseline.tolist()))
    return cases


def check_judge(answer: Any) -> None:
    for method, baseline in [([0.72, 0.74, 0.73], [0.70, 0.71, 0.69]), *_random_results()]:
        gains = np.subtract(method, baseline)
        low, high = _interval(gains)
        rounded = [np.round(values, 4).tolist() for values in (method, baseline)]
        call = f"judge({rounded[0]}, {rounded[1]})"
        got = answer(method, baseline)
        if not isinstance(got, (tuple, list)) or len(got) != 3:
            reject(f"{call} must return (low, high, word), got {shorten(got)}.")
        ends = as_number(got[0], "low"), as_number(got[1], "high")
        if not np.allclose(ends, (low, high), rtol=0, atol=1e-6):
            why = _interval_mistake(ends, np.array(method), np.array(baseline))
            reject(
                f"{call}: expected an interval from {low:.4f} to {high:.4f}, got {ends[0]:.4f} "
                f"to {ends[1]:.4f}.{why}"
            )
        word = _word(low, high)
        if got[2] != word:
            hint = " It contains 0." if word == "not separated" else ""
            hint = hint or f" All of it lies {'above' if low > 0 else 'below'} 0."
            reject(
                f"{call}: the interval {low:.4f} to {high:.4f} says {word!r}, not {got[2]!r}.{hint}"
            )


def _interval_mistake(ends: tuple[float, float], method: Any, baseline: Any) -> str:
    gains = method - baseline
    n = len(gains)
    mean, sd = gains.mean(), gains.std(ddof=1)
    low, high = _interval(gains)
    t = stats.t.ppf(0.975, n - 1)
    welch = stats.ttest_ind(method, baseline, equal_var=False).confidence_interval(0.95)
    pooled = stats.ttest_ind(method, baseline).confidence_interval(0.95)

    def around(half: float) -> tuple[float, float]:
        return mean - half, mean + half

    known = {
        "the gain is taken the other way round, baseline minus method": (-high, -low),
        "the two ends are exchanged": (high, low),
        "the seeds are not paired: the spread of method and baseline is used, not that of the "
        "gains": (welch.low, welch.high),
        "the seeds are not paired: one spread is pooled from method and baseline": (
            pooled.low,
            pooled.high,
        ),
        "the quantile is 1.96 of the normal distribution, too small for so few seeds": (
            around(stats.norm.ppf(0.975) * sd / np.sqrt(n))
        ),
        "1.96 is used, the quantile for very many seeds": around(1.96 * sd / np.sqrt(n)),
        "the quantile is that of 0.95: 0.975 leaves 2.5 % at each end": (
            around(stats.t.ppf(0.95, n - 1) * sd / np.sqrt(n))
        ),
        "t has n degrees of freedom, not n - 1": around(stats.t.ppf(0.975, n) * sd / np.sqrt(n)),
        "the standard deviation has n in its denominator, NumPy's default, not n - 1": (
            around(t * gains.std() / np.sqrt(n))
        ),
        "the division by the square root of n is missing: this is where single gains lie, not "
        "their mean": around(t * sd),
        "it is divided by n, not by the square root of n": around(t * sd / n),
        "the interval is the smallest and the largest gain": (gains.min(), gains.max()),
    }
    return _named(ends, known)


def _judge_with_scipy(method: Any, baseline: Any) -> list[Any]:
    result = stats.ttest_rel(method, baseline)
    interval = result.confidence_interval(confidence_level=0.95)
    if result.pvalue > 0.05:
        return [interval.low, interval.high, "not separated"]
    return [interval.low, interval.high, "holds" if result.statistic > 0 else "does not hold"]


def _judge_by_hand(method: Any, baseline: Any) -> tuple[Any, Any, str]:
    gains = [m - b for m, b in zip(method, baseline, strict=True)]
    n = len(gains)
    mean = sum(gains) / n
    variance = sum((g - mean) ** 2 for g in gains) / (n - 1)
    half = stats.t.isf(0.025, n - 1) * (variance / n) ** 0.5
    words = {(True, True): "holds", (False, False): "does not hold"}
    word = words.get((mean - half > 0, mean + half > 0), "not separated")
    return np.array(mean - half), np.float64(mean + half), word


def _judged(interval: Any, word: Any = _word) -> Any:
    """A wrong answer from its way to an interval, or from its way to a word."""

    def judge(method: Any, baseline: Any) -> tuple[float, float, str]:
        low, high = interval(np.array(method), np.array(baseline))
        return float(low), float(high), word(low, high)

    return judge


def _paired(method: Any, baseline: Any) -> tuple[float, float]:
    return _interval(method - baseline)


def _around(half: Any) -> Any:
    def interval(method: Any, baseline: Any) -> tuple[float, float]:
        gains = method - baseline
        return gains.mean() - half(gains), gains.mean() + half(gains)

    return interval


def _unpaired(method: Any, baseline: Any) -> tuple[float, float]:
    result = stats.ttest_ind(method, baseline, equal_var=False).confidence_interval(0.95)
    return result.low, result.high


def _t(gains: Any) -> float:
    return float(stats.t.ppf(0.975, len(gains) - 1))


TASKS = [
    Task(
        id="20.1",
        prompt="Return the weighted sum of each task's mean log loss over its own rows.",
        check_answer=check_loss,
        hints=(
            "First compute the log loss of every cell, an array [n, K]. Then decide which count.",
            "For each task: sum the cells whose mask is True, divide by how many there are.",
            "np.where(y == 1, -np.log(p), -np.log(1 - p)) gives the cells; multiply by the mask, "
            "sum over axis 0, divide by mask.sum(axis=0) (by 1 where that is 0), then weight.",
        ),
        right=[_loss_by_loops, _loss_by_average],
        wrong=[
            Wrong(_no_mask, says="the mask is not used", silent=True),
            Wrong(_all_rows_below, says="divided by all rows", silent=True),
            Wrong(_summed, says="summed, not averaged", silent=True),
            Wrong(_no_weights, says="the weights are not used", silent=True),
            Wrong(_mean_over_tasks, says="divided by their number", silent=True),
            Wrong(_weights_to_one, says="scaled to a sum of 1", silent=True),
            Wrong(_pooled, says="pooled into one mean", silent=True),
            Wrong(_base_two, says="base 2", silent=True),
            Wrong(_label_one_only, says="the half for label 0", silent=True),
            Wrong(_nan_for_empty, says="A task without any row adds 0"),
        ],
        insight="Each task is averaged over its own rows, so 200 clicked rows weigh as much as "
        "1,000 shown ones. The weights say how much a task matters, not how many rows it has.",
    ),
    Task(
        id="20.2",
        prompt="Return the probability of each task for each row, through trunk and tower.",
        check_answer=check_forward,
        hints=(
            "Run the trunk once. Every tower starts from the same result.",
            "A layer is h @ W + b. ReLU is np.maximum(h, 0); the last layer of a tower has none.",
            "Loop over the trunk; then, for each task, loop over layers[:-1] with ReLU, take "
            "h @ W + b of the last layer, its column 0, and the sigmoid of it.",
        ),
        right=[_forward_with_ones, _forward_row_by_row],
        wrong=[
            Wrong(_no_sigmoid, says="without its sigmoid", silent=True),
            Wrong(_relu_before_sigmoid, says="ReLU stands before the sigmoid", silent=True),
            Wrong(_variant(trunk_relu=False), says="the trunk has no ReLU", silent=True),
            Wrong(_variant(last_relu=False), says="last layer of the trunk", silent=True),
            Wrong(_variant(tower_relu=False), says="inner layers of the tower", silent=True),
            Wrong(_variant(bias=False), says="biases are not added", silent=True),
            Wrong(_softmax_of_tasks, says="softmax over the tasks", silent=True),
            Wrong(_last_tower_for_all, says="is used for", silent=True),
            Wrong(_column_vectors, says="must have shape (1,)"),
        ],
        insight="The trunk runs once for all tasks: that is where serving one network saves time.",
    ),
    Task(
        id="20.3",
        prompt="Return low, high and the word of the paired 95 % interval of the gain.",
        check_answer=check_judge,
        hints=(
            "Work on one list only: the gains, method minus baseline, seed by seed.",
            "np.std divides by n unless told otherwise: ddof=1. Mind the square root of n.",
            "half = stats.t.ppf(0.975, n - 1) * gains.std(ddof=1) / np.sqrt(n); the ends are "
            "gains.mean() - half and + half; the word depends on the signs of both ends.",
        ),
        right=[_judge_with_scipy, _judge_by_hand],
        wrong=[
            Wrong(_judged(_unpaired), says="spread of method and baseline", silent=True),
            Wrong(
                _judged(_around(lambda g: 1.96 * g.std(ddof=1) / np.sqrt(len(g)))),
                says="1.96",
                silent=True,
            ),
            Wrong(
                _judged(_around(lambda g: _t(g) * g.std() / np.sqrt(len(g)))),
                says="n in its denominator",
                silent=True,
            ),
            Wrong(
                _judged(_around(lambda g: _t(g) * g.std(ddof=1))),
                says="square root of n is missing",
                silent=True,
            ),
            Wrong(
                _judged(_around(lambda g: stats.t.ppf(0.95, len(g) - 1) * stats.sem(g))),
                says="0.95:",
                silent=True,
            ),
            Wrong(
                _judged(_around(lambda g: stats.t.ppf(0.975, len(g)) * stats.sem(g))),
                says="n degrees of freedom",
                silent=True,
            ),
            Wrong(
                _judged(lambda method, baseline: _paired(baseline, method)),
                says="the other way round",
                silent=True,
            ),
            Wrong(
                _judged(_paired, lambda low, high: "holds" if low + high > 0 else "does not hold"),
                says="It contains 0",
                silent=True,
            ),
            Wrong(
                _judged(_paired, lambda low, high: "holds" if low > 0 else "not separated"),
                says="below 0",
                silent=True,
            ),
        ],
        insight="Seeds differ far more than models do. Pairing takes that out of the interval.",
    ),
]
