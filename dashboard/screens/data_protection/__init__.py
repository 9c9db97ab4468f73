"""Data protection: requests of persons about their data to their answer, and what is kept, why and how long."""
