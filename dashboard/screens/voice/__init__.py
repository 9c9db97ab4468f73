"""Reports by voice: the coordination keys what an officer says."""
