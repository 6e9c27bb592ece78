"""Rivals that were found after a family's file had made stored numbers elsewhere.

One file a family. It completes the family's ``DIAGRAM``: the contenders of the file above and the
rivals that it lacked, with the two cells that are judged since then. What is measured of a family
(benchmarks/when.py) is measured of the completed one.
"""
