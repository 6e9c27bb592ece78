"""Lesson 71: what checks its tasks, and what proves the checks."""
