"""Notices: messages to people in the inbox and by mail, with a number and a link, never with content."""
