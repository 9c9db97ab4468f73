"""What the pillars of the strategy make together, seen at one post."""
