"""Equipment and links of posts, each through its life."""
