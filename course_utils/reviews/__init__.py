"""The challenge of reviews and feedback (lesson 13): averages that know how much they know."""

from course_utils.reviews.averages import Prior, estimate_prior, wilson_lower

__all__ = ["Prior", "estimate_prior", "wilson_lower"]
