"""Lesson 12: what proves its checks, one file a task."""
