"""The frame around every screen: shell, callback policy, sign-in, the page for an unknown address."""
