"""Equipment, connections, projects and reviews of posts, each through its lifecycle."""
