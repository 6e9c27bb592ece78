"""Lesson 20: what proves its checks, one file a task."""
