"""Lesson 00: what proves its checks, one file a task."""
