"""Assignment of teams to needs."""
