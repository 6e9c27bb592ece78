"""Lesson 30: what proves its checks, one file a task."""
