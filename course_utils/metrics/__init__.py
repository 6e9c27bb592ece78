"""Metrics of the course, and intervals of their paired differences."""

from course_utils.metrics.intervals import paired_interval
from course_utils.metrics.probabilities import calibration_ratio, log_loss
from course_utils.metrics.ranking import auc, gauc, hit_rate_at_k, ndcg_at_k, recall_at_k, user_auc

__all__ = [
    "auc",
    "calibration_ratio",
    "gauc",
    "hit_rate_at_k",
    "log_loss",
    "ndcg_at_k",
    "paired_interval",
    "recall_at_k",
    "user_auc",
]
