"""Lesson 54: what checks its tasks, and what proves the checks."""
