"""Lesson 13: what proves its checks, one file a task."""
