"""The timetable: what happens by the clock, in a process of its own, each effect once. Jobs are plain functions."""
