"""Networks of the course, one idea a file: formula, shapes and paper in the docstring."""
