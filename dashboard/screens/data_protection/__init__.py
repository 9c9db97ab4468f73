"""Data protection: requests of data subjects up to their answer, the register of purposes, and retention."""
