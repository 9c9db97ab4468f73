"""What the pillars of the strategy make together: the timeline of a post, and which posts to connect next."""
