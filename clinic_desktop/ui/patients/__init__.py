"""Patients: list and search, registering, the record with its tabs."""
