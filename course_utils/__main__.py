"""The commands of the course. Standard library only until the environment stands."""

from __future__ import annotations

import os
import sys

from course_utils.desk import environment
from course_utils.errors import CourseError

HELP = """\
python -m course_utils COMMAND

  lab [NN] [...]   open JupyterLab on lesson NN, or on the first; the rest goes to JupyterLab
  test [...]       run the tests; the rest goes to pytest
  setup            only make the environment in .venv (lab, test and build do it as needed)
  status           what you have done and what comes next
  find WORDS       where a subject is taught: words or a question, in English or Chinese
  interview [...]  be asked, with a clock: --mock, --topic, --level, --minutes, --language, --cards
  doctor           check every requirement and say how to mend what is missing
  build [...]      for authors: make the lessons from their sources
"""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    Raises ``CourseError`` for what the reader can mend.
    """
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(HELP, end="")
        return 0
    command, rest = arguments[0], arguments[1:]
    asks = {"-h", "--help"} & set(rest)
    if asks and (command == "find" or environment.state() != "ready"):
        print(HELP, end="")  # JupyterLab and pytest, whose help it would be, are not there yet
        return 0
    if command == "lab":
        from course_utils.desk import lab

        return lab.main(rest)
    if command == "doctor":
        from course_utils.desk import doctor

        return doctor.main()
    if command == "find":
        if problem := environment.python_problem():
            raise CourseError(problem)
        from course_utils.find import find

        print(find(" ".join(rest)))
        return 0
    if command not in ("test", "setup", "status", "interview", "build"):
        print(f"There is no command {command!r}.\n\n{HELP}", end="", file=sys.stderr)
        return 2
    if command == "status":
        environment.require()
    else:
        environment.ensure()
    if command == "setup":
        print("The environment is ready. Next: python -m course_utils lab")
        return 0
    if command == "test":
        return environment.hand_over(["-m", "pytest", *rest], environment.run_environment())
    if not environment.inside():
        return environment.hand_over(
            ["-m", "course_utils", *arguments], environment.run_environment()
        )
    if command == "interview":
        from course_utils.mock import command as interview

        return interview.main(rest)
    if command == "build":
        from course_utils import authoring

        return authoring.main(rest)
    from course_utils.desk import status

    print(status.status_report())
    return 0


def run(arguments: list[str] | None = None) -> int:
    """``main``, with the reader's errors as one line and exit code 1."""
    try:
        return main(sys.argv[1:] if arguments is None else arguments)
    except CourseError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read the output has had enough, as `head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command starts over.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(run())
