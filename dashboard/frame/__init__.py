"""Around every screen: shell, policy of callbacks, sign-in, what is not there."""
