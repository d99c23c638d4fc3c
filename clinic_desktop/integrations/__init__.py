"""Outside systems, one adapter each."""
