"""Balancing of tasks, one idea a file: formula, shapes, limits and paper in the docstring.

Two families. An ``Aggregator`` combines the tasks' gradients; it is NumPy alone, so
``from course_utils.balancing.pcgrad import PCGrad`` loads no TensorFlow. A ``Weighting``
combines the tasks' losses, inside the TensorFlow graph. This file imports neither.
"""
