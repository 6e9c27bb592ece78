"""Lesson 15: what checks its tasks, and what proves the checks."""
