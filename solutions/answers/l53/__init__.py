"""Lesson 53: what proves its checks, one file a task."""
