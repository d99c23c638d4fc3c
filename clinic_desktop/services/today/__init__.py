"""The day at a glance: who is where, and what needs somebody."""
