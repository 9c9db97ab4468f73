"""The interface for programs: API tokens of national systems, and what the interface takes and tells."""
