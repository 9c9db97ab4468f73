"""One person and their account."""
