"""The operation itself: its plan of action, membership, targets."""
