"""Messages between countries."""
