"""Deconfliction: countries that work on the same learn that they should talk, and nothing else."""
