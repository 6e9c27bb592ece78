"""Lesson 31: what proves its checks, one file a task."""
