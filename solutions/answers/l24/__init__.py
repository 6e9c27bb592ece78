"""Lesson 24: what proves its checks, one file a task."""
