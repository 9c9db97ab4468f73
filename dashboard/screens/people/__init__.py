"""People: accounts, invited, confirmed, changed and closed by their administrators."""
