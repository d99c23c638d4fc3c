"""Appointments: the day by provider, booking, moving, and the life of a visit."""
