"""Support (pillar 1): teams and what they can do, requests for assistance, offers of countries, deployments."""
