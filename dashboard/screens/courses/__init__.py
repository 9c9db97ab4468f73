"""Training: courses, runs, certificates, trainers, and trained officers."""
