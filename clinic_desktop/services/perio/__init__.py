"""Periodontal exams: begun, typed cell by cell, decided upon, signed."""
