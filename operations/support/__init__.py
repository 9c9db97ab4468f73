"""Support (pillar 1): teams and their skills, requests for assistance, offers of countries, deployments."""
