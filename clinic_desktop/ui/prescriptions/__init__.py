"""Prescribing for a patient."""
