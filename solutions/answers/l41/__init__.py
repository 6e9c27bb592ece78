"""Lesson 41: what proves its checks, one file a task."""
