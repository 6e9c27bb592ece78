"""What a lesson's cells need to show something: figures, sliders, code that must fail.

Drawings of networks are imported from ``course_utils.notebook.drawing``: they know every network,
and a change of one shall not run every lesson again.
"""

from course_utils.notebook.failures import failing
from course_utils.notebook.figures import figure, show
from course_utils.notebook.forest import forest
from course_utils.notebook.slider import slide

__all__ = ["failing", "figure", "forest", "show", "slide"]
