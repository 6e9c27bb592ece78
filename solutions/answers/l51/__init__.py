"""Lesson 51: what proves its checks, one file a task."""
