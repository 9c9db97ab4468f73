"""Installation: whether this Muster works, for administrators."""
