"""The coverage file: nothing forgotten, nothing that only claims to be covered."""

from __future__ import annotations

import ast
import builtins
import copy
import functools
import html
import itertools
import json
import re
import subprocess
import tomllib
import warnings
from typing import Any

import nbformat
import numpy as np
import pytest
from answers import proofs
from nbformat import NotebookNode
from surprise import SVD

from course_utils import paths
from course_utils.authoring import guesses
from course_utils.backend import keras, tf
from course_utils.evidence import record, word_for
from course_utils.exercises import sources, task

FILE = paths.ROOT / "docs" / "coverage.toml"
COVERAGE = tomllib.loads(FILE.read_text(encoding="utf-8"))
ERRATA: dict[str, dict[str, Any]] = COVERAGE["errata"]
ROWS: dict[str, dict[str, Any]] = COVERAGE["rows"]
PROOFS = proofs()


@functools.cache
def _cells(edition: str) -> dict[str, NotebookNode]:
    files = sorted((paths.ROOT / edition).glob("*.ipynb"))
    return {cell.id: cell for file in files for cell in nbformat.read(file, as_version=4).cells}


def test_every_row_and_erratum_stands_once() -> None:
    rows = [*COVERAGE["pending"]["rows"], *(int(name[1:]) for name in ROWS)]
    errata = [*COVERAGE["pending"]["errata"], *(int(name[1:]) for name in ERRATA)]
    assert sorted(rows) == list(range(1, 37))
    assert sorted(errata) == list(range(1, 86))


def test_pending_only_shrinks() -> None:
    """Each version of the file on the main line leaves no more pending than the one before."""
    name = FILE.relative_to(paths.ROOT).as_posix()
    log = subprocess.run(
        ["git", "log", "--first-parent", "--format=%H", "--", name],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    )
    assert log.returncode == 0, log.stderr
    pending = [COVERAGE["pending"]]
    for commit in log.stdout.split():
        text = subprocess.check_output(["git", "show", f"{commit}:{name}"], cwd=paths.ROOT)
        pending.append(tomllib.loads(text.decode())["pending"])
    for newer, older in itertools.pairwise(pending):
        for kind in ("rows", "errata"):
            assert set(newer[kind]) <= set(older[kind])


@pytest.mark.parametrize("name", [*ROWS, *ERRATA])
@pytest.mark.parametrize("edition", ["solutions", "notebooks"])
def test_cells_exist_and_name_what_they_teach(name: str, edition: str) -> None:
    cells = _cells(edition)
    mapped = (ROWS | ERRATA)[name]["cells"]
    assert set(mapped) <= set(cells)
    if name.startswith("E"):
        assert any(f"**{name}" in cells[one].source for one in mapped)
        assert any(cells[one].cell_type == "code" for one in mapped)


@pytest.mark.parametrize("name", ERRATA)
def test_putting_the_defect_back_fails(name: str, request: pytest.FixtureRequest) -> None:
    """The mapped task rejects the defect by name, or the mapped test is one that runs."""
    entry = ERRATA[name]
    if "task" in entry:
        one = task(entry["task"])
        defects = [wrong for wrong in PROOFS[one.id].wrong if wrong.erratum == name]
        assert defects
        for defect in defects:
            verdict = one.check(defect.answer)
            assert verdict.status == defect.status and verdict.erratum == name
    else:
        file, _, function = entry["test"].partition("::")
        assert callable(getattr(request.module, function)), file


CHALLENGES = {4: "10", 5: "11", 6: "12", 7: "13", 8: "14"}
"""The article's five challenges: row of the checklist -> lesson."""


def _taken_up(row: int, rows: dict[str, dict[str, Any]]) -> bool:
    """Whether a challenge has a cell of code that ran, in the lesson that is its own."""
    cells = _cells("notebooks")
    mapped = [cells[one] for one in rows.get(f"R{row}", {"cells": []})["cells"]]
    return any(
        cell.cell_type == "code" and cell.outputs and cell.id.startswith(CHALLENGES[row])
        for cell in mapped
    )


@pytest.mark.parametrize("row", CHALLENGES)
def test_e5(row: int) -> None:
    """E5: challenges that are named once. One whose lesson is not mapped, or only text, fails."""
    assert _taken_up(row, ROWS)
    only_text = {f"R{row}": {"cells": [f"{CHALLENGES[row]}-title"]}}
    assert not _taken_up(row, {}) and not _taken_up(row, only_text)


def _tied(text: str) -> set[str]:
    """What a text ties to a challenge: exercises in rows of its table, questions in words."""
    rows = [line for line in text.splitlines() if re.match(r"\| \d ", line)]
    exercises = {found for row in rows for found in re.findall(r"exercise \d", row)}
    questions = re.findall(r"[Qq]uestion \d(?=[^.]*belongs to)", text)
    return exercises | {one.lower() for one in questions}


ASKED = {"exercise 1", "exercise 2", "exercise 3", "question 1", "question 2"}


def test_e85() -> None:
    """E85: exercises and questions that belong to no challenge. Each, untied, fails."""
    text = " ".join(_cells("notebooks")["00-article"].source.split(" "))
    assert _tied(text) == ASKED
    for one in ASKED:
        assert _tied(re.sub(one, "", text, flags=re.IGNORECASE)) == ASKED - {one}


LEFT_OUT = ("sparse", "late", "position", "scenarios", "cold start", "catalogue", "latency")
"""What makes a shop hard, and the article's list of challenges leaves out."""


def _says_what_is_left_out(text: str) -> bool:
    return all(word in text for word in LEFT_OUT)


def test_e6() -> None:
    """E6: the list ends at five challenges. Without one of what is hard, the table fails."""
    [_, output] = _cells("notebooks")["00-left-out"].outputs  # the first one covers it
    text = output.data["text/plain"]
    assert _says_what_is_left_out(text)
    for word in LEFT_OUT:
        assert not _says_what_is_left_out(text.replace(word, ""))


BASELINES = {
    "recommendation": "10.logq-knn",
    "search": "11.bigrams",
    "labels": "12.titles",
    "reviews": "13.order-sales",
    "behaviour": "14.money-a-day",
}
"""The article's challenges, and what is recorded over a single-task baseline of each."""


def _has_baseline(table: str) -> set[str]:
    """The challenges whose row of the table has an interval over its baseline, as recorded."""
    rows, found = table.splitlines(), set()
    for challenge, name in BASELINES.items():
        one = record.read(name[:2])[name]
        span = f"{one['low']:+.3f} to {one['high']:+.3f}"
        if any(f"| {challenge} |" in row and span in row for row in rows):
            found.add(challenge)
    return found


def test_e7() -> None:
    """E7: a need without a baseline. A challenge without its row, or its numbers, fails."""
    page = (paths.ROOT / "docs" / "studies" / "22.md").read_text(encoding="utf-8")
    table = page.split("\n## Was a multi-task model needed?\n")[1]
    assert _has_baseline(table) == set(BASELINES)
    [output] = _cells("notebooks")["22-need-table"].outputs
    told = output.data["text/html"]
    for challenge, name in BASELINES.items():
        one = record.read(name[:2])[name]
        [row] = re.findall(rf"<th>{challenge}</th>(.*?)</tr>", html.unescape(told), re.S)
        assert row.split("</td>")[1].endswith(f": {word_for(one['low'], one['high'])}")
        left = set(BASELINES) - {challenge}
        assert _has_baseline(table.replace(f"| {challenge} |", "")) == left
        low = f"{record.read(name[:2])[name]['low']:+.3f} to "
        assert _has_baseline(table.replace(low, "")) == left


def _shares(build: str) -> bool:
    """Does what lesson 20 builds share a trunk, which the loss of each task trains?"""
    scope: dict[str, Any] = {"keras": keras}
    exec(build, scope)
    network = scope["OurSharedBottom"]((4, 3), ("click", "purchase"))
    with tf.GradientTape(persistent=True) as tape:
        p = network(np.array([[1, 2], [3, 0]]))
    trunk = network.f.trainable_variables
    return bool(trunk) and all(
        one is not None for task in p for one in tape.gradient(p[task], trunk)
    )


def test_e10() -> None:
    """E10: tasks without a sharing mechanism. Towers that start from the input share no trunk."""
    build = _cells("solutions")["20-build"].source
    assert _shares(build)
    assert not _shares(build.replace("h(shared)", "h(x)"))
    task_1, task_2 = (sources.solution_text(f"20.{n}") for n in (1, 2))
    assert "mask" in task_1 and "weights" in task_1 and "shared" in task_2


def _has_conditions(claims: dict[str, Any]) -> bool:
    """Sharing helps in one market and hurts in another; helps one of a pair and not the other."""
    words = {name: word_for(one["low"], one["high"]) for name, one in claims.items()}
    helps = {words["20.rho-one-twin"], words["20.rho-save-purchase"]}
    hurts = {words["20.rho-zero-twin"], words["20.weight-low"]}
    return helps == {"better"} and hurts == {"worse"} and words["20.rho-save-save"] != "better"


def test_e11() -> None:
    """E11: related, *hence* better. A record in which sharing helps wherever it is tried fails."""
    claims = record.read("20")
    assert _has_conditions(claims)
    assert not _has_conditions({name: {"low": 0.1, "high": 0.2} for name in claims})


LINKS = ("pre-ranking model", "small encoder", "multi-task model")
"""Who learns from a teacher in a shop: what the article leaves out of its key concept."""


def _links(text: str) -> set[str]:
    """The students that stand in the table of teachers and students."""
    students = [line.split("|")[2] for line in text.splitlines() if line.count("|") > 3]
    return {link for link in LINKS if any(link in one for one in students)}


def test_e12() -> None:
    """E12: distillation without its links. Each link that is left out fails."""
    text = _cells("notebooks")["23-links"].source
    assert _links(text) == set(LINKS)
    for link in LINKS:
        assert _links(text.replace(link, "")) == set(LINKS) - {link}
    assert "not a kind of multi-task learning" in " ".join(
        _cells("notebooks")["23-question"].source.split()
    )


LEFT_OUT_OF_LEARNING = {
    "label dependence": "24",
    "selection bias": "24",
    "delayed feedback": "25",
    "metrics by task and by scenario": "25",
    "fusing scores": "25",
    "scenario imbalance": "21",
}
"""What the article's chapter on tasks and scenarios leaves out, and a lesson that teaches it."""


def _left_out_of_learning(text: str) -> set[str]:
    """What stands in the table with a place where it is taught."""
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.count("|") == 3]
    left_out = " ".join(left for left, lesson in rows if "lesson" in lesson or "here" in lesson)
    return {one for one in LEFT_OUT_OF_LEARNING if one in left_out}


def test_e13() -> None:
    """E13: six things that are left out. Each row that is removed fails; so do missing verdicts."""
    text = _cells("notebooks")["25-recap"].source
    assert _left_out_of_learning(text) == set(LEFT_OUT_OF_LEARNING)
    for one in LEFT_OUT_OF_LEARNING:
        assert _left_out_of_learning(text.replace(one, "")) == set(LEFT_OUT_OF_LEARNING) - {one}
    cells = ERRATA["E13"]["cells"]
    assert {cell[:2] for cell in cells} >= set(LEFT_OUT_OF_LEARNING.values())
    claims = record.read("25")
    words = {name: word_for(one["low"], one["high"], False) for name, one in claims.items()}
    assert words["25.delay-1-0-own-delays-ignore"] == "better"
    assert words["25.delay-0-0-own-delays-ignore"] == "no difference shown"
    assert words["25.learned-weighted-sum"] == "better"


def test_e48() -> None:
    """E48: "Scikit-Learn". What the lesson imports as SVD is not to be had from there."""
    cell = _cells("notebooks")["51-hunt-crashes"]
    text = "".join(output.text for output in cell.outputs if output != guesses.COVER)
    assert f"SVD comes from the package {SVD.__module__.split('.')[0]}\n" in text
    article = _cells("notebooks")["51-article"].source
    theirs = next(line for line in article.splitlines() if "import SVD" in line)
    exec(theirs, {})
    with pytest.raises(ImportError, match="SVD"):
        exec(theirs.replace("surprise", "sklearn.decomposition"), {})


KEEPS = {
    "KNNBasic, user-based": ("2,000 x 2,000", "-"),
    "KNNBasic, item-based": ("997 x 997", "-"),
    "KNNBaseline, user-based": ("2,000 x 2,000", "-"),
    "KNNBaseline, item-based": ("997 x 997", "-"),
    "SVD(), defaults": ("-", "997 x 100"),
}
"""Method -> its table of similarity, and its table of factors."""


def _two_methods(text: str) -> bool:
    """User- and item-based stand apart, keep a table of similarity, and factorise nothing."""
    rows = [line.split("  ") for line in text.splitlines()]
    found = {row[0]: tuple(one.strip() for one in row[1:] if one.strip())[-2:] for row in rows}
    return KEEPS.items() <= found.items()


def test_e50() -> None:
    """E50: one method, and a factorisation. A table that says either of the two fails."""
    cell = _cells("notebooks")["51-e50-run"]
    shown = [output.data["text/plain"] for output in cell.outputs if output != guesses.COVER]
    [text] = shown
    assert _two_methods(text)
    for defect in ("user-based", "item-based", "2,000 x 2,000", "997 x 997", "997 x 100"):
        assert not _two_methods(text.replace(defect, "user-based item-based"))


def _judges_a_ranking(cell: NotebookNode) -> bool:
    """A table with a ranking metric beside RMSE, and popularity among its rows."""
    shown = [output.data for output in cell.outputs if output != guesses.COVER]
    text = "".join(data["text/plain"] for data in shown)
    return all(word in text for word in ("RMSE", "NDCG@10", "hit rate@10", "popularity"))


def _unmade(cells: list[NotebookNode], at: str) -> set[str]:
    """Names that a code cell reads, and that neither it nor a cell before it makes."""
    made = set(dir(builtins))
    for cell in cells:
        nodes = list(ast.walk(ast.parse(cell.source)))
        names = [one for one in nodes if isinstance(one, ast.Name)]
        made |= {one.id for one in names if isinstance(one.ctx, ast.Store)}
        for one in nodes:
            if isinstance(one, ast.Import | ast.ImportFrom):
                made |= {(alias.asname or alias.name).split(".")[0] for alias in one.names}
            elif isinstance(one, ast.FunctionDef | ast.ClassDef):
                made.add(one.name)
        if cell.id == at:
            return {one.id for one in names if isinstance(one.ctx, ast.Load)} - made
    raise AssertionError(at)


def test_e32() -> None:
    """E32: data that are never made. The article's code, or ours without its data, fails."""
    cells = _cells("notebooks")
    ours = [cells[id] for id in cells if id.startswith("50-") and cells[id].cell_type == "code"]
    assert _unmade(ours, "50-train-run") == set()
    without = [cell for cell in ours if cell.id != "50-hunt-silent"]
    assert {"y", "TRAIN"} <= _unmade(without, "50-train-run")
    (code,) = re.findall(r"```python\n(.*?)```", cells["50-article"].source, re.DOTALL)
    article = NotebookNode(id="article", source=code)
    assert _unmade([article], "article") == {"x_train", "y_train"}


def _defined(cell: str, name: str) -> Any:
    """What a cell of lesson 50 defines first, by itself."""
    scope: dict[str, Any] = {"keras": keras, "layers": keras.layers, "ops": keras.ops}
    exec(str(ast.get_source_segment(cell, ast.parse(cell).body[0])), scope)
    return scope[name]


def _pools_tokens_only(cell: str) -> bool:
    """Does attention leave out what stands in the padding, also where a title has no token?"""
    h = np.random.default_rng(0).normal(size=(2, 4, 3)).astype("float32")
    mask = np.array([[1, 1, 0, 0], [0, 0, 0, 0]], "float32")[:, :, None]
    pool = _defined(cell, "AttentionPooling")()
    before = np.asarray(pool((h, mask)))
    h[0, 2:] = 5.0
    return bool(np.allclose(before, pool((h, mask)), atol=1e-6) and np.all(before[1] == 0))


def test_r29() -> None:
    """Row 29: attention over a text. Without a mask in its scores or weights, it fails."""
    cell = _cells("solutions")["50-attention-build"].source
    assert _pools_tokens_only(cell)
    for right, defect in (("ops.where(mask > 0, h @ self.v, -1e9)", "h @ self.v"), (" * mask", "")):
        assert right in cell
        assert not _pools_tokens_only(cell.replace(right, defect))


def _reads_titles(cell: str, tokens: int) -> bool:
    """Is a title the same however far it is padded? Its bias is above what the tokens give."""
    network = _defined(cell, "text_cnn")(9, 4)
    shapes, draw = [one.shape for one in network.get_weights()], np.random.default_rng(0)
    weights = [np.full(one, 0.7) if len(one) == 1 else draw.normal(0, 0.1, one) for one in shapes]
    weights[0] = draw.normal(size=shapes[0])
    network.set_weights(weights)
    title = np.arange(1, tokens + 1)[None]
    padded = np.pad(title, [(0, 0), (0, 20)])
    return bool(np.allclose(network(title), network(padded), atol=1e-5))


def test_r30() -> None:
    """Row 30: the article's network. Each mask that is left out fails; so does a short title."""
    cell = _cells("solutions")["50-build"].source
    assert _reads_titles(cell, 5) and _reads_titles(cell, 1)
    for right, defect in (("(ids) * mask", "(ids)"), ("ops.max(h * mask", "ops.max(h")):
        assert right in cell
        assert not _reads_titles(cell.replace(right, defect), 5)
    with pytest.raises(Exception, match=r"output size would be (zero or )?negative"):
        _reads_titles(cell.replace('padding="same", ', ""), 1)


RIVALS = ("base rates", "word lookup", "linear, TF-IDF", "linear, same tokens")
RIVALS += ("linear, named labels", "Bayes-optimal")


def test_e42() -> None:
    """E42: a network without a baseline beside it. The table without one of its rows fails."""
    cell = _cells("notebooks")["50-contest-table"]
    text = "".join(output.data["text/plain"] for output in cell.outputs if output != guesses.COVER)

    def has_rivals(shown: str) -> bool:
        return "CNN, max" in shown and all(f"{one} " in shown for one in RIVALS)

    assert has_rivals(text)
    for one in RIVALS:
        assert not has_rivals(text.replace(one, ""))


def test_e57() -> None:
    """E57: RMSE alone. The table without its ranking columns, or without popularity, fails."""
    cell = _cells("notebooks")["51-compare-table"]
    assert _judges_a_ranking(cell)
    for defect in ("NDCG@10", "hit rate@10", "popularity"):
        broken = copy.deepcopy(cell)
        for output in broken.outputs:
            if output != guesses.COVER:
                output.data["text/plain"] = output.data["text/plain"].replace(defect, "")
        assert not _judges_a_ranking(broken)


def _lstm(source: str) -> keras.layers.LSTM:
    """The LSTM of lesson 52's network, built without a warning."""
    scope: dict[str, Any] = {"keras": keras}
    exec(source[source.index("def sequence_model") : source.index("when, who")], scope)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        model = scope["sequence_model"](10, [4, 4], 2, 5)
    return next(one for one in model.layers if isinstance(one, keras.layers.LSTM))


def test_e70() -> None:
    """E70: relu in an LSTM. The network with it fails; so does a record without its cost."""
    source = _cells("solutions")["52-network-run"].source
    assert _lstm(source).activation is keras.activations.tanh
    defect = source.replace("LSTM(units)", "LSTM(units, activation='relu')")
    assert _lstm(defect).activation is not keras.activations.tanh
    claims = record.read("52")
    words = {name: word_for(one["low"], one["high"], False) for name, one in claims.items()}
    assert words["52.bug-raw-relu"] == "worse" and words["52.bug-relu"] != "worse"


def _context_and_history(words: dict[str, str]) -> bool:
    """Do the recorded verdicts say that what was done counts, and on real panels context too?"""
    return words["52.bug-actions"] == "worse" and (
        words["52.panel-catsup-context"] == words["52.panel-catsup-history"] == "better"
    )


def test_row_33() -> None:
    """Row 33: from context to the next action. A record in which either does not count fails."""
    claims = record.read("52")
    words = {
        name: word_for(one["low"], one["high"], name.startswith("52.order"))
        for name, one in claims.items()
        if name.startswith(("52.bug", "52.panel"))
    }
    assert _context_and_history(words)
    for name in ("52.bug-actions", "52.panel-catsup-context", "52.panel-catsup-history"):
        assert not _context_and_history(words | {name: "no difference shown"})


def _gives_probabilities(source: str) -> bool:
    """Are the answers of lesson 52's network to two windows of ten steps probabilities of five?"""
    scope: dict[str, Any] = {"keras": keras}
    exec(source[source.index("def sequence_model") : source.index("when, who")], scope)
    p = np.asarray(scope["sequence_model"](10, [4, 4], 2, 5)([np.ones((2, 10, 2), int)] * 2))
    return p.shape == (2, 5) and bool(np.allclose(p.sum(axis=1), 1, atol=1e-5))


def test_row_34() -> None:
    """Row 34: the article's code stops where the lesson says; the lesson's gives probabilities."""
    text = _cells("notebooks")["52-article"].source
    code = text.split("```python")[1].split("```")[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with pytest.raises(NameError, match="x_train"):
            exec(code, {})
        with pytest.raises(NameError, match="np"):
            exec(
                code.replace("model.fit(", "print("), {"x_train": 0, "y_train": 0, "print": _silent}
            )
    source = _cells("solutions")["52-network-run"].source
    assert _gives_probabilities(source)
    assert not _gives_probabilities(source.replace('end="softmax"', 'end="sigmoid"'))


def _silent(*said: Any, **more: Any) -> None:
    """In place of what would train or print."""


RIVALS_OF_A_SEQUENCE = ("majority", "Markov", "logistic regression", "gradient boosting")


def test_e75() -> None:
    """E75: no baseline. The contest's table without one of its rivals fails."""
    outputs = _cells("notebooks")["52-contest-table"].outputs
    [text] = [one.data["text/plain"] for one in outputs if one != guesses.COVER]
    rows = [line.split("  ")[0] for line in text.splitlines()]
    assert set(RIVALS_OF_A_SEQUENCE) <= set(rows)
    for rival in RIVALS_OF_A_SEQUENCE:
        left = [line for line in rows if line != rival]
        assert not set(RIVALS_OF_A_SEQUENCE) <= set(left)


def test_e77() -> None:
    """E77: input_shape in a layer. Keras warns; the lesson's network is built without a warning."""
    source = _cells("solutions")["52-network-run"].source
    assert _lstm(source)
    with pytest.raises(UserWarning, match="input_shape"):
        _lstm(source.replace("LSTM(units)", "LSTM(units, input_shape=(10, 5))"))


def _says_what_an_lstm_is(text: str) -> bool:
    plain = " ".join(text.split())
    return "LSTM **is** a recurrent network" in plain and "is no model's name" in plain


def test_e78() -> None:
    """E78: "RNN or LSTM". A text that leaves the two side by side fails."""
    text = _cells("notebooks")["52-article"].source
    assert _says_what_an_lstm_is(text)
    for said in ("LSTM **is** a recurrent", "is no model's name"):
        assert not _says_what_an_lstm_is(" ".join(text.split()).replace(said, ""))


def _costs(found: dict[str, Any]) -> bool:
    """Each way of asking a model has seconds and tokens, and what is invented is counted."""
    ways = {name: one for name, one in found["ways"].items() if "three" not in name}
    return (
        all(one["seconds"] > 0.1 and one["tokens read"] > 20 for one in ways.values())
        and found["ways"]["list"]["not in the list"] > 0
    )


def test_e19() -> None:
    """E19: advantages without a cost. A result whose cost, or whose invented part, is 0 fails."""
    file = paths.RESULTS / "generator_retrieval.json"
    found = json.loads(file.read_text(encoding="utf-8"))
    assert _costs(found)
    for way, what in (
        ("alone", "seconds"),
        ("list", "tokens read"),
        ("list", "not in the list"),
    ):
        free = copy.deepcopy(found)
        free["ways"][way][what] = 0
        assert not _costs(free)
    assert all(one.outputs for one in map(_cells("notebooks").get, ["33-listed-run"]))


APPLIES = {
    "multi-task": re.compile(r"SharedBottom\(|task_losses|\[\[j\]\]|TASKS\b"),
    "multi-scenario": re.compile(r"scenario=|head_per_scenario|network_per_scenario|STAR\("),
    "large model": re.compile(
        r"course_utils\.(encoder|generator)|MINILM|STATIC|answers\(\"lesson_33"
    ),
}
"""What the article says that it has shown -> how code looks that does it."""


def _applied(sources: list[str]) -> set[str]:
    return {what for what, form in APPLIES.items() if any(map(form.search, sources))}


def test_e81() -> None:
    """E81: "we have seen how to apply" all three. The samples show none, the mapped cells all."""
    cells = _cells("solutions")
    samples = [cells[f"{lesson}-article"].source for lesson in ("50", "51", "52")]
    code = [re.search(r"```python\n(.*?)```", one, re.DOTALL) for one in samples]
    assert all(code) and not _applied([one.group(1) for one in code if one])
    mapped = [cells[one] for one in ERRATA["E81"]["cells"] if cells[one].cell_type == "code"]
    assert all(cell.outputs or cell.id in ("20-build", "21-ways") for cell in mapped)
    assert _applied([cell.source for cell in mapped]) == set(APPLIES)
    assert {one.id[:2] for one in mapped} >= {"20", "21", "23", "33", "50", "52"}


STANDS_FOR = {
    "code": re.compile(r'"[0-9a-f]{64}"'),
    "versions": re.compile(r"Python 3\.\d+"),
    "seeds": re.compile(r'"[^"]*(?:seed|draw|fold|shops|starts|split)[^"]*": '),
}
"""What a stored result says of its making -> how it looks in the file."""

SEEDS_IN_THE_SCRIPT = {"networks", "workers"}


def _stored() -> dict[str, str]:
    """The stored results by name; the records of claims and the model's answers are others."""
    files = sorted(paths.RESULTS.rglob("*.json"))
    apart = ("lessons", "generated")
    return {
        one.stem: one.read_text(encoding="utf-8") for one in files if one.parent.name not in apart
    }


def _reproducible(
    results: dict[str, str], manifest: list[dict[str, Any]], lock: str, references: dict[str, str]
) -> bool:
    """Data with origin and hash, libraries with version and hash, results with what made them."""
    said = all(
        form.search(text) or (what == "seeds" and name in SEEDS_IN_THE_SCRIPT)
        for name, text in results.items()
        for what, form in STANDS_FOR.items()
    )
    data = all(
        one.get(key) for one in manifest for key in ("rows", "sha256", "licence", "source", "made")
    )
    pins = re.split(r"\n(?=\S)", lock.strip())
    locked = all("==" in pin and "--hash=sha256:" in pin for pin in pins if pin[0] != "#")
    cited = all("References" in text for text in references.values())
    return bool(results) and bool(manifest) and said and data and locked and cited


def test_e84() -> None:
    """E84: no data, versions, expected output or references. Each, left out once, fails."""
    results = _stored()
    manifest = json.loads((paths.DATASETS / "manifest.json").read_text(encoding="utf-8"))
    lock = (paths.ROOT / "requirements.lock").read_text(encoding="utf-8")
    lessons = {
        one.stem: one.read_text(encoding="utf-8") for one in paths.SOLUTIONS.glob("[1-7]*.py")
    }
    lessons = {name: text for name, text in lessons.items() if name[:2] not in ("53", "54")}
    assert _reproducible(results, manifest, lock, lessons)
    for name in ("allocation", "next_product"):
        for form in STANDS_FOR.values():
            without = results | {name: form.sub('"": ', results[name])}
            assert not _reproducible(without, manifest, lock, lessons)
    for key in ("sha256", "licence", "source"):
        bare = [{**manifest[0], key: ""}, *manifest[1:]]
        assert not _reproducible(results, bare, lock, lessons)
    assert not _reproducible(results, manifest, re.sub("==", ">=", lock, count=1), lessons)
    assert not _reproducible(results, manifest, lock, lessons | {"70": "no sources"})
    outputs = [
        cell.outputs
        for cell in _cells("solutions").values()
        if cell.id == "71-outlook-repeat-table"
    ]
    assert outputs and all(outputs)
