"""Lesson 22: what proves its checks, one file a task."""
