"""Which part reads which, architecture by architecture; shapes and numbers are the object's.

A plan is declared here for each class of ``course_utils.models``, with the letters of its formula.
It serves a network only as long as it holds every weight exactly once and the class computes by
the same ``call``; for any other network, a reader's own too, the attributes tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from course_utils import models
from course_utils.models import Network
from course_utils.models.ple import SHARED
from course_utils.notebook.attributes import by_attributes
from course_utils.notebook.parts import (
    MOST,
    Node,
    Plan,
    Row,
    embedding,
    inputs_of,
    names,
    of,
    several,
    widths,
)
from course_utils.notebook.reach import Reach


def plan(network: Network, reach: Reach) -> Plan:
    """The class's own plan if it still fits the object, else what its attributes say."""
    for cls, make in PLANS.items():
        if isinstance(network, cls) and type(network).call is cls.call:
            made = make(network)
            if made.holds(network.trainable_variables):
                return made
    return by_attributes(network, reach)


def _base(n: Any, name: str) -> list[Row]:
    return [[inputs_of(n)], [[embedding(n.embed, name)]]]


def _scenario(n: Any, name: str) -> tuple[Node, Node, Node, Node]:
    """Inputs, scenario, and the embeddings of both."""
    inputs, scenario = inputs_of(n, scenario=True)
    return inputs, scenario, embedding(n.embed, name), Node("e_p", of(n.scenario), ("scenario",))


def _ks(n: Any) -> range:
    """k = 1, 2, ... of the tasks."""
    return range(1, len(n.tasks) + 1)


def _apart(nodes: Iterable[Node]) -> Row:
    """Each in a column of its own."""
    return [[node] for node in nodes]


def _op(name: str, shown: str, *reads: str, far: tuple[str, ...] = ()) -> Node:
    return Node(name, (), reads, far, kind="op", shown=shown)


def _top(n: Any, rows: Sequence[Row], below: str, far: str = "") -> Plan:
    """The rows, and above them for each task its output, which its loss reads."""
    ends = [
        Node(f"y_{k}", (), (below % k,), (far % k,) if far else (), kind="output", says=(task,))
        for k, task in zip(_ks(n), n.tasks, strict=True)
    ]
    return Plan([*rows, _apart(ends)], {one.says[0]: (one.name,) for one in ends})


def _with_towers(n: Any, rows: Sequence[Row], below: str) -> Plan:
    reads = [below % k if "%" in below else below for k in _ks(n)]
    towers = [Node(f"h_{k}", of(n.towers, at=k - 1), (reads[k - 1],)) for k in _ks(n)]
    return _top(n, [*rows, _apart(towers)], "h_%d")


def _single_task(n: Any) -> Plan:
    e, f, h = zip(*n.parts.values(), strict=True)
    rows = [
        _apart(embedding(e[k - 1], f"e_{k}") for k in _ks(n)),
        _apart(Node(f"f_{k}", of(f[k - 1]), (f"e_{k}",)) for k in _ks(n)),
        _apart(Node(f"h_{k}", of(h[k - 1]), (f"f_{k}",)) for k in _ks(n)),
    ]
    return _top(n, [[inputs_of(n)], *rows], "h_%d")


def _shared_bottom(n: Any) -> Plan:
    return _with_towers(n, [*_base(n, "e"), [[Node("f", of(n.trunk), ("e",))]]], "f")


def _dcn(n: Any) -> Plan:
    rows = _base(n, "x_0")
    for at, cross in enumerate(n.crosses):
        x, far = f"x_{at}", ("x_0",) * bool(at)
        linear = Node(f"W_{at}, b_{at}", of(cross), (x,))
        shown = f"x_{at + 1} = x_0 * (W_{at} {x} + b_{at}) + {x}"
        rows += [[[linear], []], [[_op(f"x_{at + 1}", shown, linear.name, x, far=far)]]]
    rows.append([[Node("f", of(n.trunk), (f"x_{len(n.crosses)}",))]])
    return _with_towers(n, rows, "f")


def _mixture(n: Any) -> list[Row]:
    experts = several("f_{%d}", [n.experts], range(n.experts.n), MOST, "x")
    seen = names(experts)
    gates = (Node(f"g_{k}", of(n.gates, at=k - 1), seen, ("x",), kind="gate") for k in _ks(n))
    return [*_base(n, "x"), [experts], _apart(gates)]


def _mmoe(n: Any) -> Plan:
    return _with_towers(n, _mixture(n), "g_%d")


def _ple(n: Any) -> Plan:
    half = (len(n.tasks) + 1) // 2
    order = [*n.tasks[:half], SHARED, *n.tasks[half:]]
    letters = dict(zip(n.tasks, map(str, _ks(n)), strict=True)) | {SHARED: "s"}
    rows, below = _base(n, "x"), dict.fromkeys(order, "x")
    for j, level in enumerate(n.levels, start=1):
        made = {}
        for part in order:
            experts, letter = level.experts[part], f"f_{{{letters[part]},{j},%d}}"
            most = max(1, MOST // len(order))
            made[part] = several(letter, [experts], range(experts.n), most, below[part])
        gates: dict[str, list[Node]] = {part: [] for part in order}
        for part, gate in level.gates.items():
            groups = order if part == SHARED else [part, SHARED]
            seen = tuple(name for one in groups for name in names(made[one]))
            name, far = f"g_{{{letters[part]},{j}}}", (below[part],)
            gates[part] = [Node(name, of(gate), seen, far, kind="gate")]
        rows += [list(made.values()), list(gates.values())]
        below = {part: nodes[0].name for part, nodes in gates.items() if nodes}
    whole = _with_towers(n, rows, f"g_{{%d,{len(n.levels)}}}")
    # The tasks' columns, with an empty one between them for what is shared.
    above = [[*row[:half], [], *row[half:]] for row in whole.rows[-2:]]
    return Plan([*rows, *above], whole.losses)


def _product(n: Any, rows: Sequence[Row], below: str, in_loss: bool, alone: bool) -> Plan:
    """pCTR and pCVR, and above them their product, which the second task's loss reads."""
    click, conversion = n.tasks
    ends = [
        Node(name, (), (below % k,), kind="output", says=(task,))
        for k, name, task in zip(_ks(n), ("pCTR", "pCVR"), n.tasks, strict=True)
    ]
    product = replace(
        _op("pCTCVR", "pCTR * pCVR", *names(ends)), says=(f"{click} and {conversion}",)
    )
    reads = ["pCTCVR"] * in_loss + ["pCVR"] * alone
    return Plan(
        [*rows, _apart(ends), *[[[product]]] * in_loss], {click: ["pCTR"], conversion: reads}
    )


def _esmm(n: Any) -> Plan:
    towers = _apart(Node(f"f_{k}", of(n.towers, at=k - 1), ("e",)) for k in _ks(n))
    return _product(n, [*_base(n, "e"), towers], "f_%d", in_loss=True, alone=False)


def _escm2(n: Any) -> Plan:
    rows = _with_towers(n, _mixture(n), "g_%d").rows[:-1]
    return _product(n, rows, "h_%d", in_loss=n.ctcvr > 0, alone=n.cvr > 0)


def _aitm(n: Any) -> Plan:
    rows = _base(n, "e")
    rows.append(_apart(Node(f"q_{t}", of(n.towers, at=t - 1), ("e",)) for t in _ks(n)))
    z, losses = ["q_1"], {}
    for t, (handed_on, transfer) in enumerate(zip(n.handed_on, n.transfers, strict=True), start=2):
        before = Node(f"W_{t}", of(handed_on), (z[-1],), shown=f"relu(W z_{t - 1})")
        says = ("h1, h2, h3:", *widths(of(transfer.h1)))
        mixed = Node(f"z_{t}", of(transfer), (before.name, f"q_{t}"), kind="gate", says=says)
        rows.append([[before, mixed] if k == t else [] for k in _ks(n)])
        z.append(mixed.name)
    heads, ends = [], []
    for t, task in enumerate(n.tasks, start=1):
        y, before_it = f"y_{t}", (f"y_{t - 1}",) * (t > 1)
        heads.append(Node(y, of(n.heads[t - 1]), (z[t - 1],), shown=f"{y} = sigmoid(w z_{t})"))
        shown = " / ".join([y, *before_it])
        ends.append(Node(f"out_{t}", (), (y, *before_it), kind="output", shown=shown, says=(task,)))
        # The loss undoes the division; its calibrator compares a step with the one before.
        losses[task] = [y, *before_it] if n.alpha else [y]
    return Plan([*rows, _apart(heads), _apart(ends)], losses)


def _star(k: str, layers: Sequence[Any], below: str) -> list[Node]:
    """Star layers: the weights for all, a product, the weights of the row's scenario."""
    shared, own = (
        of(*(getattr(layer, whose + kind) for layer in layers for kind in ("kernel", "bias")))
        for whose in ("", "own_")
    )
    w, w_p = Node(f"W_{{{k}}}" if k else "W", shared), Node(f"W_{{p{k}}}", own)
    return [w, _op(f"star_{{{k}}}", "*", below, w.name, w_p.name), w_p]


def _star_network(n: Any) -> Plan:
    inputs, scenario, e, e_p = _scenario(n, "e")
    norm = Node("norm_p", of(n.norm), ("e",), says=(str(n.norm.gamma.shape[0]),))
    aux = Node("aux", of(n.aux[0]), ("e", "e_p"))
    sides = [Node(f"aux_{k}", of(n.aux[1], at=np.s_[..., k - 1 : k]), ("aux",)) for k in _ks(n)]
    trunk = _star("", n.trunk, "norm_p") if n.trunk else []
    below = "star_{}" if n.trunk else "norm_p"
    rows: list[Row] = [
        [[], [inputs], [scenario]],
        [[], [e], [e_p]],
        [[], [norm], [aux]],
        [[], trunk, sides],
        [_star(str(k), n.towers[task], below) for k, task in enumerate(n.tasks, start=1)],
    ]
    return _top(n, rows, "star_{%d}", far="aux_%d")


def _pepnet(n: Any) -> Plan:
    inputs, scenario, e, e_p = _scenario(n, "e")
    d_p = Node("d_p", of(n.epnet), ("e_p",), stopped=("e",))
    hidden = of(*(gate.hidden for gate in n.ppnet))
    prior = Node("GateNU", hidden, far=("e",), stopped=("O",))
    gates, layers = [gate.gates for gate in n.ppnet], [*n.dense, n.last]
    towers = [
        [
            Node(f"d_{k}", of(*gates, at=k - 1), ("GateNU",)),
            Node(f"H_{k}", of(*layers, at=k - 1), ("O", f"d_{k}")),
        ]
        for k in _ks(n)
    ]
    rows: list[Row] = [
        [[scenario], [inputs], []],
        [[e_p], [e], []],
        [[d_p], [_op("O", "O = d_p * e", "e", "d_p")], []],
        [[prior], [], []],
        towers,
    ]
    return _top(n, rows, "H_%d")


def _hmoe(n: Any) -> Plan:
    experts = several("f_{%d}", [n.experts], range(n.experts.n), MOST, "x")
    gate = Node("g_p", of(n.gates), names(experts), ("x",), kind="gate")
    tower = Node("tower_p", of(n.towers), ("g_p",))
    weights = Node("W_p", of(n.weights_of), far=("x",), shown="W_p = softmax(U_p x)")
    scores = [
        Node(f"S_{{p,{k}}}", of(n.logits, at=np.s_[..., k - 1 : k]), ("tower_p",)) for k in _ks(n)
    ]
    shown = r"W_{pp} S_p + \sum_{j \neq p} W_{pj} sg(S_j)"
    sums = (_op(f"sum_{k}", shown, scores[k - 1].name, far=("W_p",)) for k in _ks(n))
    above = [[[], [tower], [weights]], _apart(scores), _apart(sums)]
    return _top(n, [*_base(n, "x"), [experts], [[gate]], *above], "sum_%d")


def _m2m(n: Any) -> Plan:
    inputs, scenario, x, e_p = _scenario(n, "x")
    experts = several("E_{%d}", [n.experts], range(n.experts.n), MOST // 2, "x")
    s = Node("s", of(n.knowledge), ("x", "e_p"))
    meta = Node("Meta", of(n.attention, n.score), far=("s",), shown="Meta, v")
    later = [Node(f"Meta_{d}", of(one), far=("s",)) for d, one in enumerate(n.residual, start=1)]
    rows: list[Row] = [[[inputs, scenario]], [[x, e_p]], [[*experts, s, meta, *later]], []]
    for k in _ks(n):
        view = Node(f"T_{k}", of(n.task_views, at=np.s_[k - 1 : k]))
        shown = rf"R_{k} = \sum_i a_{{{k}i}} E_i"
        attended = _op(f"R_{k}", shown, *names([*experts, view]), far=("Meta",))
        rows[-1] = [*rows[-1], [view, attended]]
    below = "R_%d"
    for d, layer in enumerate(later, start=1):
        shown, name = f"leaky({layer.name}(L) + L)", f"L_{{%d,{d}}}"
        rows.append(_apart(_op(name % k, shown, below % k, far=(layer.name,)) for k in _ks(n)))
        below = name
    rows.append(_apart(Node(f"dense_{k}", of(n.last, at=k - 1), (below % k,)) for k in _ks(n)))
    return _top(n, rows, "dense_%d")


def _m3oe(n: Any) -> Plan:
    beside, after = (
        Node("f", of(n.beside), ("x",)),
        Node("f_{star}", of(n.after_star), ("star_{}",)),
    )
    h = _op("h", "h = f_{star} + f", "f_{star}", "f")
    fusion = Node("a, b", of(n.fusion), shown="a_d, a_t, b_d, b_t")
    firsts = (0, n.n, n.n + n.s, n.experts.n)
    experts = [
        several(letter, [n.experts], range(first, end), MOST // 3 + 1, "h")
        for letter, (first, end) in zip(
            ("f_{i=%d}", "f_{p=%d}", "f_{k=%d}"), pairwise(firsts), strict=True
        )
    ]
    seen = tuple(name for group in experts for name in names(group))
    gates, towers = [], []
    for k in _ks(n):
        # Of scenarios and tasks together, those of task k.
        at, name = np.s_[k - 1 :: n.k], f"g_{{p{k}}}"
        shown = f"{name} f + a_d D + a_t T"
        gates.append(Node(name, of(n.gates, at=at), seen, ("a, b",), ("h",), "gate", shown))
        towers.append(Node(f"tower_{{p{k}}}", of(n.towers, n.last, at=at), (name,)))
    rows: list[Row] = [*_base(n, "x"), [[*_star("", [n.star], "x"), beside]], [[after]]]
    rows += [[[h, fusion]], experts, _apart(gates), _apart(towers)]
    return _top(n, rows, "tower_{p%d}")


PLANS: dict[type[Network], Callable[[Any], Plan]] = {
    models.SingleTask: _single_task,
    models.SharedBottom: _shared_bottom,
    models.DCN: _dcn,
    models.MMoE: _mmoe,
    models.PLE: _ple,
    models.ESMM: _esmm,
    models.ESCM2: _escm2,
    models.AITM: _aitm,
    models.STAR: _star_network,
    models.PEPNet: _pepnet,
    models.HMoE: _hmoe,
    models.M2M: _m2m,
    models.M3oE: _m3oe,
}
