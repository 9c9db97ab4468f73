"""The live situation board."""
