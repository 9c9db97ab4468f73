"""Border posts: the register of a programme, and each post in full."""
