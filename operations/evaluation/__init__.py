"""Evaluation (pillar 6): debriefs, evaluations, and their recommendations with the follow-up of each."""
