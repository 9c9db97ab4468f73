"""The plan on the map."""
