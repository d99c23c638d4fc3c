"""For how long papers and records are kept, and who was erased."""
