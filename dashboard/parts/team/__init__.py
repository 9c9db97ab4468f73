"""Teams, as several screens show them."""
