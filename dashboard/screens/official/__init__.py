"""The official board."""
