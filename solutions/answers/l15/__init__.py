"""Lesson 15: what proves its checks, one file a task."""
