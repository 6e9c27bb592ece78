"""Lesson 21: what proves its checks, one file a task."""
