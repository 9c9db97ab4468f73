"""Technical infrastructure (pillar 3): equipment and links with their lifecycles, and the queries made with them."""
