"""Deconfliction: countries that work on the same target learn that they should talk, and nothing else."""
