"""What a lesson's cells need to show something: figures with alt text, code that must fail."""

from course_utils.notebook.drawing import described, draw
from course_utils.notebook.failures import failing
from course_utils.notebook.figures import figure, show
from course_utils.notebook.forest import forest

__all__ = ["described", "draw", "failing", "figure", "forest", "show"]
