"""Today: the board of the day."""
