"""Lesson 23: what proves its checks, one file a task."""
