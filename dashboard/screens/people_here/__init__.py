"""Staff of an operation."""
