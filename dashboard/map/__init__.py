"""The map: its component, the data it shows, and its HTTP routes."""
