"""The challenge of many labels a product (lesson 12): thresholds, and what a title can tell."""

from course_utils.labels.thresholds import best_thresholds
from course_utils.labels.truth import LABEL_NAMES, label_posterior, named_labels

__all__ = ["LABEL_NAMES", "best_thresholds", "label_posterior", "named_labels"]
