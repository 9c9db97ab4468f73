"""User interface of Muster: everything that a browser or another program talks to."""
