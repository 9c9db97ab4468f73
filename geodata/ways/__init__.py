"""Ways: the road and sea network, routes, reach and travel times."""
