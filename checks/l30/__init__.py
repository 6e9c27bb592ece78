"""Lesson 30: what checks its tasks, and what proves the checks."""
