"""Lesson 01: the shop."""
