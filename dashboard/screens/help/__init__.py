"""Help: the documentation of the project, read inside Muster."""
