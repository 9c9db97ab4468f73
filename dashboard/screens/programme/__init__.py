"""The programme: all operations and posts, for leadership."""
