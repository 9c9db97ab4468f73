"""Policing operations: plan, places, reports of results and their verification."""
