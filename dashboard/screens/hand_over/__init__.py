"""What is handed over: figures, lists, and the whole operation."""
