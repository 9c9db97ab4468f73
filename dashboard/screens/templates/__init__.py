"""Templates of operations."""
