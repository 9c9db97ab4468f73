"""A team leader's phone page."""
