"""What a country's reports say of themselves."""
