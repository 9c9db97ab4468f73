"""Teams, requests, deployments."""
