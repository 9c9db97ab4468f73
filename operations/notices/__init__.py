"""Notices: what waits for a person, told in the inbox and by mail with a number and a link, never with content."""
