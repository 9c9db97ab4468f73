"""What was learned: recommendations of an evaluation, and what became of them."""
