"""Modernisation (pillar 3): reviews of the infrastructure of bureaus and posts, and the projects that follow."""
