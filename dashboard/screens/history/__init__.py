"""Past operations with their published figures: one by one, by series, and beside a running operation."""
