"""All operations for leadership."""
