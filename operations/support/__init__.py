"""Pillar 1, police support: teams, what countries ask them for, and where they are sent.

`fit` says everything that speaks against sending a team somewhere: pure facts in, sentences out, no store.
"""
