"""Lesson 01: what proves its checks, one file a task."""
