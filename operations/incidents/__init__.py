"""Serious incidents (story 6.10): the channel outside the verification chain, and who handles, reads and audits it."""
