"""Data protection: the register of processing, requests of data subjects, and the fate of each copy."""
