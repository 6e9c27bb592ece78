"""Lesson 31: what checks its tasks, and what proves the checks."""
