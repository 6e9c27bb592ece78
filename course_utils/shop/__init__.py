"""The simulated marketplace of the course. Its truth is known, so claims can be tested."""

from course_utils.shop.marketplace import Shop

__all__ = ["Shop"]
