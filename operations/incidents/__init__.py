"""Serious incidents (story 6.10): a channel outside the verification chain; its handlers, readers and auditors."""
