"""Needs assessment: each with its scores, where to invest next, and the stakeholders."""
