"""Reports, as several screens show them."""
