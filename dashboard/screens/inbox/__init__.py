"""Inbox of messages."""
