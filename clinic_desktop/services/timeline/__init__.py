"""Everything that happened with a patient, in one line of time."""
