"""Shows: everything that a browser or a machine talks to."""
