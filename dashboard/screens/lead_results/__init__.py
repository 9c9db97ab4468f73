"""What leads led to."""
