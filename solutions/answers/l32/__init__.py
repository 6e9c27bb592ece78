"""Lesson 32: what proves its checks, one file a task."""
