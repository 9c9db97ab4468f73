"""Intelligence: hypotheses, networks, taskings."""
