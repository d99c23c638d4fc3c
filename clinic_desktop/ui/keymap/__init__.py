"""Which key does what: the table of all acts, and what one person made of it."""
