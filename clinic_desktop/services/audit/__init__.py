"""The audit log: who changed and who opened what, filtered, sorted, put into a report."""
