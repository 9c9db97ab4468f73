"""Training (pillar 4): courses, their runs, who took part, certificates, and who is trained where."""
