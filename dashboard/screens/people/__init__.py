"""People: who has an account, invited, confirmed, changed and closed by those who keep accounts."""
