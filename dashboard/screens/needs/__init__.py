"""Needs: assessments with scores, the investment ranking, connection plans, and stakeholders."""
