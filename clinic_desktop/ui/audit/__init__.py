"""The audit log on the screen: filtered, sorted, exported; who opened a record."""
