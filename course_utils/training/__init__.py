"""Training: one trainer for all networks, several seeds in one call, metrics per scenario."""

from course_utils.training.history import History
from course_utils.training.report import report
from course_utils.training.seeds import Runs, compare, run_seeds
from course_utils.training.trainer import DivergedError, Trainer

__all__ = ["DivergedError", "History", "Runs", "Trainer", "compare", "report", "run_seeds"]
