"""Lesson 40: what proves its checks, one file a task."""
