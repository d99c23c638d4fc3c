"""Outside systems: one small adapter each."""
