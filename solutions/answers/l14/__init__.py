"""Lesson 14: what proves its checks, one file a task."""
