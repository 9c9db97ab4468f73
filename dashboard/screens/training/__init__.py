"""Training of an operation: its runs, the trained people and their posts, and the STOP loop as a picture."""
