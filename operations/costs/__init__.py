"""What an operation costs: each direct cost by kind, currency and day, and whether all of them are in."""
