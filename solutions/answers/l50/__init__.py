"""Lesson 50: what proves its checks, one file a task."""
