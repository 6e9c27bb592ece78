"""Lesson 11: what proves its checks, one file a task."""
