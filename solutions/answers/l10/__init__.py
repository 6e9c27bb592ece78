"""Lesson 10: what proves its checks, one file a task."""
