"""Teams, requests for assistance, deployments."""
