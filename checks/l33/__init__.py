"""Lesson 33: what checks its tasks, and what proves the checks."""
