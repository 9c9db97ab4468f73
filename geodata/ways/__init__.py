"""Ways: the network, routes, reach, transit."""
