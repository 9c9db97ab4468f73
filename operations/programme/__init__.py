"""Programme across the pillars: post timelines, connection plans, figures, and the five-year view."""
