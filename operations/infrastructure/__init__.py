"""Technical infrastructure, pillar 3: equipment and links through their lives, and what is asked with them."""
