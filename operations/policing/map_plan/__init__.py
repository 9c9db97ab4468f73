"""What is planned on the map, in versions."""

from operations.policing.map_plan import seen as seen  # whoever imports the plan knows who may see what
