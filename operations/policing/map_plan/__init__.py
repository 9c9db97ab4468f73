"""What is planned on the map, in versions."""
