"""Lesson 16: what proves its checks, one file a task."""
