"""The one map: its component, what stands on it, and the routes it asks."""
