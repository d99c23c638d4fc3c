"""Prescriptions: the formulary and what was issued."""
