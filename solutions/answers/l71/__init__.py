"""Lesson 71: what proves its checks, one file a task."""
