"""A network's drawing: complete, true to the gradients, readable."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from networks import BUILDS
from test_shared import COLUMNS, PAIRS, THREE, TWO, Silent, made

from course_utils import models
from course_utils.backend import keras
from course_utils.columns import Columns
from course_utils.errors import CourseError
from course_utils.layers import ParallelDense, mix
from course_utils.notebook.architectures import PLANS, plan
from course_utils.notebook.attributes import by_attributes
from course_utils.notebook.drawing import described, draw
from course_utils.notebook.parts import Plan
from course_utils.notebook.picture import Picture
from course_utils.notebook.reach import Reach
from course_utils.training.gradients import shared_weights

CASES = [(name, TWO) for name in BUILDS]
CASES += [(name, THREE) for name in BUILDS if name not in PAIRS]
CASES += [("deep PLE", THREE), ("ESCM2 without its product", TWO)]
SCENARIO_PARTS = {
    "STAR": {"norm_p", "e_p", "W_{p}", "W_{p1}", "W_{p2}"},
    "PEPNet": {"e_p"},
    "HMoE": {"g_p", "tower_p", "W_p", "S_{p,1}", "S_{p,2}"},
    "M2M": {"e_p"},
    # Of M3oE's f_p each also trains on the rows of the other scenarios.
    "M3oE": {"W_{p}", "g_{p1}", "g_{p2}", "tower_{p1}", "tower_{p2}"},
}


class Generous(models.Network):
    """A reader's own, in lists and mappings; it does not say what is shared."""

    def __init__(self, columns, tasks):
        super().__init__(columns, tasks)
        self.embed = models.mmoe.Embed(columns, 3)
        self.many = [models.mmoe.ParallelMLP(20, (4,), self.drop)]
        self.gates = {"all": ParallelDense(len(tasks), 20, "softmax")}
        self.scale = self.add_weight((4,), "ones", name="scale")
        self.towers = models.mmoe.Towers(tasks, (), self.drop)
        self.make_weights()

    def call(self, inputs, training=False):
        x = self.embed(*inputs[:2])
        return self.towers(mix(self.gates["all"](x), self.many[0](x)) * self.scale)


OWN = {"Generous": Generous, "Silent": Silent}


def planned(network):
    reach = Reach(network)
    return plan(network, reach), reach


@cache
def case(name, tasks):
    """A network, its plan, its reach and its picture: made once."""
    network = OWN[name](COLUMNS, tasks) if name in OWN else made(name, tasks)
    drawing, reach = planned(network)
    fig = Picture(name, network, drawing, reach).fig  # what ``draw`` returns
    plt.close(fig)
    return network, drawing, reach, fig


def trained_by(plan: Plan, nodes):
    """The tasks whose losses are reached from a part along the arrows; sg lets none through."""
    above = {node.name: {node.name} for node in nodes}
    for node in nodes:  # from the inputs up
        for name in (*node.reads, *node.far):
            assert name in above, f"{node.name} reads {name!r}, which is no part"
    grown = True
    while grown:
        grown = False
        for node in nodes:
            for name in (*node.reads, *node.far):
                if not above[node.name] <= above[name]:
                    above[name] |= above[node.name]
                    grown = True
    return {
        node.name: tuple(t for t, ends in plan.losses.items() if above[node.name] & set(ends))
        for node in nodes
    }


def patches(fig):
    """The boxes by name."""
    return {one.get_gid(): one for one in fig.axes[0].patches if one.get_gid()}


def words(fig):
    return "\n".join(text.get_text() for text in fig.axes[0].texts)


@pytest.mark.parametrize(("name", "tasks"), CASES)
def test_every_weight_stands_in_one_box(name, tasks):
    network, drawing, *_ = case(name, tasks)
    nodes = list(drawing)
    assert len({node.name for node in nodes}) == len(nodes)
    assert any(node.name != "inputs" and not node.shown for node in nodes)
    assert drawing.holds(network.trainable_variables)
    total = sum(int(np.prod(weight.shape)) for weight in network.trainable_variables)
    assert sum(node.count for node in nodes) == total


def matrices(node):
    """Rows and columns of a part's matrices."""
    kernels = [(w, at) for w, at in node.pieces if w.name.endswith("kernel")]
    return [np.empty(tuple(w.shape))[at].shape[-2:] for w, at in kernels]


def side_by_side(node):
    """How many layers, experts for example, a part stands for."""
    weight, at = node.pieces[0]
    return math.prod(np.empty(tuple(weight.shape))[at].shape[:-2])


def width(node, by_name):
    """Of what a part hands on; 0 for what has none."""
    if node.reads == ("inputs",):
        return int(node.says[0].split("→ ")[1])
    if node.pieces and node.pieces[0][0].name == "embeddings":
        return node.pieces[0][0].shape[1]
    if node.kind == "box" and matrices(node):
        return matrices(node)[-1][1]
    return width(by_name[node.reads[-1]], by_name) if node.reads else 0


def with_node(drawing, other):
    """The plan with another part in the place of the one of its name."""
    rows = [
        [[other if node.name == other.name else node for node in column] for column in row]
        for row in drawing.rows
    ]
    return Plan(rows, drawing.losses)


# What gradients and widths cannot tell: a second way to the same loss, or a division that the
# loss undoes.
MISSED = {
    "DCN": {("x_0", "x_1"), ("x_1", "x_2")},
    "ESCM2": {("pCVR", "pCTCVR")},
    "AITM": {("y_1", "out_1"), ("y_1", "out_2"), ("y_2", "out_2")},
    "PEPNet": {("e", "O")},
    "M2M": {("x", "s")},
}
# These read some columns of the embeddings, or are several layers with others between.
IN_PARTS = {("M2M", "s"), ("PEPNet", "GateNU"), *(("PEPNet", f"d_{k}") for k in (1, 2, 3))}


def faults(name, drawing, reach):
    """The parts whose arrows cannot be right: by the gradients, or by the widths."""
    by_name = {node.name: node for node in drawing}
    by_arrows, found = trained_by(drawing, list(drawing)), set()
    for node in drawing:
        if node.pieces and by_arrows[node.name] != reach.tasks(node.pieces):
            found.add(node.name)
        arrows = [by_name[one] for one in node.reads]
        beside = [by_name[one] for one in (*node.far, *node.stopped)]
        read = [*arrows, *beside]
        if node.name.startswith("star"):  # the weights stand beside the product
            firsts = {matrices(one)[0][0] for one in arrows if one.name.startswith("W")}
            if len(arrows) != 3 or firsts != {width(arrows[0], by_name)}:
                found.add(node.name)
        if node.kind == "gate" and beside:
            # It weights what its arrows bring, and computes from what stands beside it.
            read = beside
            mixed = [one for one in arrows if name != "M3oE" or one.name.startswith("f_{i")]
            if matrices(node)[0][1] != sum(map(side_by_side, mixed)):
                found.add(node.name)
        widths = [width(one, by_name) for one in read]
        if matrices(node) and (name, node.name) not in IN_PARTS:
            stands_beside = name in ("STAR", "M3oE") and node.name.startswith("W")
            if not stands_beside and matrices(node)[0][0] not in (*widths, sum(widths)):
                found.add(node.name)
    return found


@pytest.mark.parametrize(("name", "tasks"), CASES)
def test_arrows_agree_with_gradients_and_widths(name, tasks):
    _, drawing, reach, _ = case(name, tasks)
    assert faults(name, drawing, reach) == set()


@pytest.mark.parametrize("name", BUILDS)
def test_a_missing_arrow_is_noticed(name):
    _, drawing, reach, _ = case(name, TWO)
    missed = set()
    for node in drawing:
        for one in node.reads:
            less = replace(node, reads=tuple(each for each in node.reads if each != one))
            if one not in ("inputs", "scenario") and not faults(
                name, with_node(drawing, less), reach
            ):
                missed.add((one, node.name))
    assert missed == MISSED.get(name, set())


@pytest.mark.parametrize(("name", "tasks"), CASES)
def test_what_the_network_says_is_shared_is_drawn_as_shared(name, tasks):
    network, drawing, _, fig = case(name, tasks)
    boxes = patches(fig)
    at = {id(weight): i for i, weight in enumerate(network.trainable_variables)}
    masks = shared_weights(network)
    shared, *colours = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    by_arrows = trained_by(drawing, list(drawing))
    for node in drawing:
        if not node.pieces:
            continue
        said = False
        for weight, index in node.pieces:
            said |= bool(np.broadcast_to(masks[at[id(weight)]], weight.shape)[index].any())
        face = boxes[node.name].get_facecolor()
        assert (face == plt.matplotlib.colors.to_rgba(shared)) == said, node.name
        if not said:
            (task,) = by_arrows[node.name]
            edge = plt.matplotlib.colors.to_rgba(colours[tasks.index(task)])
            assert boxes[node.name].get_edgecolor() == edge, node.name


@pytest.mark.parametrize("name", BUILDS)
def test_every_class_has_a_plan_of_its_own(name):
    network, drawing, reach, _ = case(name, TWO)
    own = {node.name for node in PLANS[type(network)](network)}
    assert {node.name for node in drawing} == own
    assert own != {node.name for node in by_attributes(network, reach)}
    assert set(PLANS) == {type(case(one, TWO)[0]) for one in BUILDS}


@pytest.mark.parametrize("name", BUILDS)
def test_parts_of_a_scenario_are_marked(name):
    _, drawing, reach, _ = case(name, TWO)
    marked = {node.name for node in drawing if reach.by_scenario(node.pieces)}
    assert marked == SCENARIO_PARTS.get(name, set())


@pytest.mark.parametrize(("name", "tasks"), [*CASES, ("Generous", THREE), ("Silent", TWO)])
def test_words_stand_in_their_boxes_and_nothing_overlaps(name, tasks):
    *_, fig = case(name, tasks)
    width, height = fig.get_size_inches()
    assert 6 < width <= 8.5 and (height < 10 or name == "deep PLE")
    page = fig.bbox
    texts = [(one, one.get_window_extent()) for one in fig.axes[0].texts]
    for text, box in texts:
        assert text.get_fontsize() >= 8
        assert page.x0 <= box.x0 and box.x1 <= page.x1, text.get_text()
        assert page.y0 <= box.y0 and box.y1 <= page.y1, text.get_text()
    for (one, a), (other, b) in combinations(texts, 2):
        assert not a.padded(-1).overlaps(b.padded(-1)), (one.get_text(), other.get_text())
    boxes = {gid: one.get_window_extent() for gid, one in patches(fig).items()}
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        assert not a.overlaps(b), (one, other)
    for text, a in texts:
        for gid, b in boxes.items():
            inside = b.x0 <= a.x0 and a.x1 <= b.x1 and b.y0 - 2 <= a.y0 and a.y1 <= b.y1 + 2
            assert inside or not a.padded(-1).overlaps(b), (text.get_text(), gid)


@pytest.mark.parametrize(("name", "tasks"), CASES)
def test_no_arrow_runs_behind_a_box(name, tasks):
    *_, fig = case(name, tasks)
    boxes = {gid: one.get_window_extent() for gid, one in patches(fig).items()}
    arrows = [one for one in fig.axes[0].patches if hasattr(one, "get_mutation_scale")]
    arrows = [one for one in arrows if type(one).__name__ == "FancyArrowPatch"]
    assert len(arrows) > 3
    for arrow in arrows:
        path = arrow._path_original
        at = fig.axes[0].transData.transform(path.vertices)
        line = plt.matplotlib.path.Path(at)
        for gid, box in boxes.items():
            assert not line.intersects_bbox(box.padded(-3), filled=False), gid


def test_all_names_stand_in_the_picture():
    fig = draw(models.MMoE(COLUMNS, THREE, 8, (12,), (6,), 4))
    said = words(fig)
    for task in THREE:
        assert task in said
    for i in range(1, 9):
        assert f"$f_{{{i}}}$" in said
    for column in ("user, item, words", "price, age", "3 × 4 + 2 → 14", "14→12", "12→6→1", "14→8"):
        assert column in said, column
    assert "8 \\ldots" not in said
    plt.close(fig)
    rest = words(draw(models.MMoE(COLUMNS, TWO, 11, (12,), (6,), 4)))
    assert "$f_{7}$" in rest and r"f_{8}\ \ldots\ f_{11}" in rest and "$f_{8}$" not in rest
    assert f"{4 * (14 * 12 + 12)}" in rest
    plt.close("all")


def test_another_network_is_another_picture():
    def texts(*widths):
        fig = draw(models.SharedBottom(COLUMNS, TWO, *widths))
        plt.close(fig)
        return words(fig)

    base = texts((12, 10), (6,), 4)
    assert base == texts((12, 10), (6,), 4)
    for other in [((12, 9), (6,), 4), ((12, 10), (5,), 4), ((12, 10), (6,), 3), ((), (6,), 4)]:
        assert texts(*other) != base


def test_drawing_changes_nothing_and_depends_on_no_weights():
    """Twice the same picture, also of a network that is trained, or whose units are all dead."""
    network = made("STAR", TWO)
    network.dropout = 0.3
    before = [weight.numpy() for weight in network.weights]
    state = network.drop.draw.numpy().tolist()
    first = described(network)
    for one, weight in zip(before, network.weights, strict=True):
        assert np.array_equal(one, weight.numpy()), weight.path
    assert network.dropout == 0.3 and network.drop.draw.numpy().tolist() == state
    for weight in network.trainable_variables:
        weight.assign(np.zeros(weight.shape))
    assert described(network) == first


def test_the_sentences_have_what_the_picture_has():
    network, drawing, *_ = case("PLE", TWO)
    said = described(network)
    for node in drawing:
        name = node.name.replace("{", "").replace("}", "")
        assert f" {name}" in said
    assert "f_s,1,1, f_2,1,1 and f_2,1,2, each: 14→10, 150 weights, trained by click and" in said
    assert "h_1: 10→6→1, 73 weights, trained by click, reads g_1,2." in said
    assert "one for each scenario" in described(made("STAR", TWO))


def test_a_readers_own_network_is_drawn_from_its_attributes():
    network, drawing, reach, _ = case("Generous", THREE)
    assert drawing.holds(network.trainable_variables)
    names = [node.name for node in drawing]
    assert names[:3] == ["inputs", "embed", "many 1 1"]
    assert "many 1 8 … many 1 20" in names and "gates all 3" in names and "scale" in names
    assert trained_by(drawing, list(drawing)) == {
        node.name: reach.tasks(node.pieces)
        if node.pieces
        else (THREE if node.kind == "input" else node.says)
        for node in drawing
    }
    tower = next(node for node in drawing if node.name == "towers 2")
    assert reach.tasks(tower.pieces) == ("cart",)


def test_a_subclass_that_computes_otherwise_loses_the_plan_of_its_parent():
    class Same(models.SharedBottom):
        """Nothing new."""

    class Other(models.SharedBottom):
        """Another ``call``, with the same weights."""

        def call(self, inputs, training=False):
            return self.towers(-self.trunk(self.embed(*inputs[:2])))

    class More(models.SharedBottom):
        """The parent's ``call``, and a layer that the plan does not know."""

        def make_weights(self):
            self.extra = keras.layers.Dense(4)
            self.extra.build((None, 3))
            super().make_weights()

    assert "f" in {node.name for node in planned(Same(COLUMNS, TWO, (4,), (), 2))[0]}
    for cls in (Other, More):
        network = cls(COLUMNS, TWO, (4,), (), 2)
        names = {node.name for node in planned(network)[0]}
        assert "f" not in names and "trunk" in names
        plt.close(draw(network))


def test_a_model_that_knows_no_tasks_is_refused():
    with pytest.raises(CourseError, match=r"a Network of course_utils\.models .* got Dense"):
        draw(keras.layers.Dense(3))


def test_other_lessons_need_no_tensorflow():
    code = (
        "import sys, course_utils.notebook; print({'tensorflow', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_columns_of_any_number():
    many = Columns(
        {f"c{i}": ("a", "b") for i in range(30)}, {}, {f"n{i}": (0.0, 1.0) for i in range(9)}
    )
    numbers = Columns({}, numbers={"price": (0.0, 1.0)})
    for columns, says in [
        (many, "30 columns: c0, c1, c2, c3, c4, 25 more"),
        (numbers, "1 number: price"),
    ]:
        fig = draw(models.MMoE(columns, TWO, 2, (4,), (), 2))
        assert says in words(fig)
        plt.close(fig)
    plt.close(draw(models.SharedBottom(COLUMNS, ("click",), (), (), 2)))
