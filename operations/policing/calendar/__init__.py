"""Timeline, tasks, dependencies."""
