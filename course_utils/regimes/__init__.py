"""Planted regimes: one file a family of methods, with dials between where it wins and loses.

Every family is a made-up market whose rows are drawn from an equation that stands in the
file's docstring, with the boundary that was predicted before anything was measured. So the
truth is known, and a gain can be traced to the one thing that a dial turns. ``FAMILY`` in the same
file says what is tried on which cells, beside the zoo of ``comparison/rivals``;
``benchmarks/matrix.py`` measures it, ``results/matrix/`` keeps what was found, and docs/when.md
shows it. *Found by measuring* in a docstring is of the first measuring, with fewer rivals.
"""
