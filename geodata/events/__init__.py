"""Events in space and time: points, cells, hotspots, trends, forecasts."""
