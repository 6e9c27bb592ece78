"""The whiteboard: a task of lesson 53 in a file of the learner's own, judged by its check."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from course_utils import mine, paths
from course_utils.exercises import Verdict, task, tasks_of
from course_utils.interview import FollowUp

LESSON = "53"
LONGEST = 18
"""Minutes of a task that fits into the interview."""

COSTS = "What does it cost, and what would you do in production?"

_MINUTES = re.compile(r"^### Task .*\((\d+) minutes\)$", re.MULTILINE)
_IMPORT = re.compile(r"^import .*?(\w+)$", re.MULTILINE)
_SAY = re.compile(r'\*\*Say:\*\* "(.+)"')
_CHECK = re.compile(r'^check\("(.+)", (\w+)\)$', re.MULTILINE)


@dataclass(frozen=True)
class Board:
    """A task as the lesson asks it.

    Attributes:
        id: of the task.
        minutes: that its heading leaves.
        text: Python, the task as a comment above the imports that it names and the empty function.
        name: of the function.
        follow_up: what is asked next, with the lesson's answer.
    """

    id: str
    minutes: int
    text: str
    name: str
    follow_up: FollowUp

    def lay_out(self) -> Path:
        """Write the text to a file of its own in ``my/``; no file is overwritten."""
        paths.MY.mkdir(exist_ok=True)
        file = mine.free_name(paths.MY / f"mock_{self.id.replace('.', '_')}.py")
        file.write_text(self.text, encoding="utf-8")
        return file

    def judged(self, file: Path) -> Verdict:
        """What the check says of the function in the file, which is run."""
        scope = {"__name__": file.stem}
        try:
            exec(compile(file.read_text(encoding="utf-8"), file, "exec"), scope)
        except (Exception, SystemExit) as error:  # whatever a learner's file does
            return Verdict("error", f"The file does not run: {type(error).__name__}: {error}")
        if self.name not in scope:
            return Verdict("error", f"The file has no function {self.name}.")
        return task(self.id).check(scope[self.name])


def boards() -> dict[str, Board]:
    """The tasks that fit into the interview, by id."""
    [notebook] = paths.NOTEBOOKS.glob(f"{LESSON}_*.ipynb")
    cells = {
        cell["id"]: "".join(cell["source"])
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    }
    found = {}
    for one in tasks_of(LESSON):
        number = one.id.removeprefix(f"{LESSON}.")
        if not number.isdecimal():  # a task whose answer is a test
            continue
        asked, code = (cells[f"{LESSON}-task-{number}{part}"] for part in ("-text", ""))
        minutes, check = _MINUTES.search(asked), _CHECK.search(code)
        say = _SAY.search(cells[f"{LESSON}-next-{number}-why"])
        assert minutes and check and say, one.id
        if int(minutes[1]) <= LONGEST:
            lines = asked[minutes.start() :].splitlines()
            comment = "\n".join(f"# {line}".rstrip() for line in lines)
            empty = code.replace(check[0], "").strip()
            imports = "\n".join(
                found[0]
                for found in _IMPORT.finditer(cells[f"{LESSON}-imports"])
                if re.search(rf"\b{found[1]}\.", asked + empty)
            )
            text = f"{comment}\n\n{imports}".rstrip() + f"\n\n\n{empty}\n"
            follow_up = FollowUp(COSTS, say[1])
            found[one.id] = Board(one.id, int(minutes[1]), text, check[2], follow_up)
    return found
