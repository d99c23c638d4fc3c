"""Clinical notes: written, signed, amended."""
