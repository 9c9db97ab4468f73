"""An operation at a glance, and its lifecycle."""
