"""Exchange: export and import in the formats of others, and messages between countries and partners."""
