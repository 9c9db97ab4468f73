"""Intelligence products: what is asked for, what is written, and who has it."""
