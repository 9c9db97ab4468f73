"""Data protection at work: what is kept and why, what people ask of data about them, and what becomes of each copy."""
