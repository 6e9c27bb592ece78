"""Lesson 54: what proves its checks."""
