"""Lesson 53: the whiteboard."""
