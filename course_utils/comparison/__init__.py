"""One method of comparison for every table: plain rivals, equal trials, the same verdict.

    found = compare_all(make, [network("MMoE", MMoE, grid), logistic_regression()],
                        seeds=range(10), tuning_seeds=(100, 101), cache=folder)
    print(found.table(), found.verdict("MMoE", "purchase"))

1. ``make(seed)`` gives rows and, in a regime, their true chances; a contender sees no truth.
2. Every contender gets the same number of trials, drawn from its own grid with one seed. A
   grid that holds fewer is tried completely.
3. The trial with the least mean log loss on validation rows, over the tuning seeds, is chosen:
   by each task where tasks are learned apart, else by the mean over tasks. The rows are those
   of the sample space, in the scenarios that are judged. A diverged trial is never chosen.
4. It runs on fresh seeds. A seed brings all contenders the same rows: results are paired.
5. AUC, log loss and calibration ratio are taken on the sample space against labels, and on
   all rows against the truth; per task and scenario, pooled and as means.
6. A method wins if it beats *every* rival by its 95 % interval, and loses if it does not and a
   rival is better after Holm's correction (``Verdict``).
"""

from course_utils.comparison.boosting import gradient_boosting
from course_utils.comparison.case import Case, Rows, columns_of
from course_utils.comparison.compare import BAYES_LIMIT, VISIBLE_LIMIT, compare_all
from course_utils.comparison.contender import Asked, Chances, Contender, PerTask, Trial
from course_utils.comparison.heads import head_per_scenario
from course_utils.comparison.inputs import as_given, scenario_column, standardised_within
from course_utils.comparison.judging import ALL_ROWS, MEAN, SAMPLE_SPACE, WORST
from course_utils.comparison.logistic import crossed_logistic_regression, logistic_regression
from course_utils.comparison.networks import (
    TRAINING,
    WIDTHS,
    dcn_per_task,
    network,
    network_per_scenario,
    network_per_task,
    shared_bottom,
    standardised_column_network,
)
from course_utils.comparison.propensity import inverse_propensity
from course_utils.comparison.rates import smoothed_rates
from course_utils.comparison.result import Comparison
from course_utils.comparison.stacking import stacking
from course_utils.comparison.verdict import Verdict

__all__ = [
    "ALL_ROWS",
    "BAYES_LIMIT",
    "MEAN",
    "SAMPLE_SPACE",
    "TRAINING",
    "VISIBLE_LIMIT",
    "WIDTHS",
    "WORST",
    "Asked",
    "Case",
    "Chances",
    "Comparison",
    "Contender",
    "PerTask",
    "Rows",
    "Trial",
    "Verdict",
    "as_given",
    "columns_of",
    "compare_all",
    "crossed_logistic_regression",
    "dcn_per_task",
    "gradient_boosting",
    "head_per_scenario",
    "inverse_propensity",
    "logistic_regression",
    "network",
    "network_per_scenario",
    "network_per_task",
    "scenario_column",
    "shared_bottom",
    "smoothed_rates",
    "stacking",
    "standardised_column_network",
    "standardised_within",
]
