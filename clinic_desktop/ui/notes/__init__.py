"""Clinical notes of a patient."""
