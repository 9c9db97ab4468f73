"""Training (pillar 4): courses, their runs, trainees, certificates, and the trained officers of each post."""
