"""Lesson 33: what proves its checks, one file a task."""
