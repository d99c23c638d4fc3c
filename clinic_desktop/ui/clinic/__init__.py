"""The settings of the clinic: its card, services, rooms, providers, hours."""
