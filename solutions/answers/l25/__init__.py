"""Lesson 25: what proves its checks, one file a task."""
