"""Lesson 70: what proves its checks, one file a task."""
