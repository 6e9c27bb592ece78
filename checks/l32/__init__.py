"""Lesson 32: what checks its tasks, and what proves the checks."""
