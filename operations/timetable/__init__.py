"""The timetable: scheduled jobs in a process of their own, each effect exactly once. Jobs are plain functions."""
