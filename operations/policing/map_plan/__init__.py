"""The plan on the map: sites and drawn objects, in versions."""

from operations.policing.map_plan import visibility as visibility  # registers the visibility of journal entries
