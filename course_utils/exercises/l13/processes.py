"""Does a function give the same in another process, where ``hash`` of a text is another?"""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from typing import Any

import cloudpickle

from course_utils.exercises.comparing import Case

_CHILD = """
import pickle, sys
function, cases = pickle.load(sys.stdin.buffer)
result = [[bool(one) for one in function(*case)] for case in cases]
sys.stdout.buffer.write(b"<result>" + pickle.dumps(result))
"""


def elsewhere(answer: Any, cases: list[Case]) -> list[list[bool]] | None:
    """What the learner's function gives in a process of its own; None where it cannot go there.

    Args:
        answer: as a check gets it, or a plain function.
        cases: arguments of its calls.
    """
    function = getattr(answer, "_function", answer)
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    home = sys.modules.get(function.__module__) if inspect.isfunction(function) else None
    if home is not None:
        # The function alone goes there: its file may import what takes seconds to load.
        cloudpickle.register_pickle_by_value(home)
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD],
            input=cloudpickle.dumps((function, cases)),
            capture_output=True,
            env=environment,
            timeout=8,  # before the limit of the whole check
        )
        return list(cloudpickle.loads(done.stdout.partition(b"<result>")[2]))
    except Exception:  # what cannot be pickled, or only works here
        return None
    finally:
        if home is not None:
            cloudpickle.unregister_pickle_by_value(home)
