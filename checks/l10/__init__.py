"""Lesson 10: recommendation."""
