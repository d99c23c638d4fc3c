"""Appointments that repeat: planned date by date, written as one act, taken back as one act."""
