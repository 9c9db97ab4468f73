"""Key figures: what is counted, how, at which level, and who may see how much of it."""
