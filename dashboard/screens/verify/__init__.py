"""Reports to verify."""
