"""Lesson 52: what proves its checks."""
